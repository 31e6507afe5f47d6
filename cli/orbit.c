/* An orbit: the states that an integrator visited.
 *
 * The integrator's own steps are kept: they are dense where the solution bends and sparse where
 * nothing happens, which is what a table and a picture need. */
#include "cli/orbit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

static bool has_room(struct orbit *orbit)
{
    if (orbit->count < orbit->capacity)
        return true;
    size_t capacity = orbit->capacity ? 2 * orbit->capacity : FIRST_CAPACITY;
    double *t = realloc(orbit->t, capacity * sizeof *t);
    if (t)
        orbit->t = t;
    double *x = realloc(orbit->x, capacity * orbit->dim * sizeof *x);
    if (x)
        orbit->x = x;
    if (!t || !x)
        return false;
    orbit->capacity = capacity;
    return true;
}

void orbit_visit(void *context, double t, const double *x)
{
    struct orbit *orbit = context;
    if (orbit->failed || !has_room(orbit)) {
        orbit->failed = true;
        return;
    }
    orbit->t[orbit->count] = t;
    memcpy(orbit->x + orbit->count * orbit->dim, x, orbit->dim * sizeof *x);
    orbit->count++;
}

enum status orbit_check(const struct orbit *orbit)
{
    if (orbit->failed)
        return status_fail(NO_MEMORY, "no memory for a trajectory of more than %zu steps",
                           orbit->count);
    return OK;
}

void orbit_free(struct orbit *orbit)
{
    free(orbit->t);
    free(orbit->x);
    *orbit = (struct orbit){.dim = orbit->dim};
}

/* |x(k) - x(k-1)|, Euclidean. */
static double step_length(const struct orbit *orbit, size_t unknowns, size_t k)
{
    double sum = 0;
    for (size_t i = 0; i < unknowns; i++) {
        double dx = orbit->x[k * orbit->dim + i] - orbit->x[(k - 1) * orbit->dim + i];
        sum += dx * dx;
    }
    return sqrt(sum);
}

double orbit_share_time(const struct orbit *orbit, size_t unknowns, double share)
{
    double length = 0, passed = 0;
    for (size_t k = 1; k < orbit->count; k++)
        length += step_length(orbit, unknowns, k);
    for (size_t k = 1; k < orbit->count; k++) {
        passed += step_length(orbit, unknowns, k);
        if (passed >= share * length)
            return orbit->t[k];
    }
    return 0;
}

/* A plan has one context, and orbit_run() needs it: what the plan asks keeps its own. */
struct kept {
    struct orbit *orbit;
    const struct plan *plan;
};

static void kept_visit(void *context, double t, const double *x)
{
    const struct kept *kept = context;
    orbit_visit(kept->orbit, t, x);
}

static double kept_event(const void *context, const double *x)
{
    const struct kept *kept = context;
    return kept->plan->event(kept->plan->context, x);
}

static bool kept_stop(void *context, double t)
{
    const struct kept *kept = context;
    return kept->plan->stop(kept->plan->context, t);
}

enum status orbit_run(const struct flow *flow, const struct plan *plan, const double *start,
                      struct orbit *orbit, struct outcome *outcome)
{
    struct kept kept = {.orbit = orbit, .plan = plan};
    struct plan visiting = *plan;
    *orbit = (struct orbit){.dim = flow->dim};
    visiting.visit = kept_visit;
    visiting.event = plan->event ? kept_event : NULL;
    visiting.stop = plan->stop ? kept_stop : NULL;
    visiting.context = &kept;
    enum status status = trajectory_run(flow, &visiting, start, outcome);
    if (status == OK)
        status = orbit_check(orbit);
    if (status != OK)
        orbit_free(orbit);
    return status;
}
