/* Cycling, (E7): returns to a section through an anchor on the trajectory.
 *
 * The anchor moves on after waiting times that double, so that transients are left behind; the
 * integrator finds the crossings. */
#include "ode/watch_work.h"

#include "ode/vector.h"

#include <math.h>
#include <string.h>

enum { SECTION_AFTER = 300, RETURNS = 16 };
static const double CYCLE_SIZE = 1e3; /* of a cycle, in units of what counts as a return */

/* A new anchor here: waiting times double (Brent), so that transients are left behind. */
static void move_anchor(struct watch *watch)
{
    struct section *section = &watch->section;
    memcpy(watch->anchor, watch->x, watch->flow->dim * sizeof(double));
    memcpy(watch->normal, watch->f, watch->flow->dim * sizeof(double));
    *section = (struct section){.steps = section->steps,
                                .anchored = section->steps,
                                .wait = 2 * section->wait,
                                .first_return = watch->t};
}

/* How near a crossing must be to the anchor to count as a return. */
static double return_radius(const struct watch *watch)
{
    return NOISE * watch_local_error(watch, vector_norm(watch->flow->dim, watch->x));
}

/* The section function is zero at the anchor, and a root finder that starts on a zero, or follows
 * a state at rest, fails: the section exists only once the trajectory has gone far from it. */
static void arm_section(struct watch *watch)
{
    struct section *section = &watch->section;
    section->armed =
        section->armed ||
        (section->anchored > 0 && vector_distance(watch->flow->dim, watch->x, watch->anchor) >=
                                      CYCLE_SIZE * return_radius(watch));
}

/* A section through the transient may never be crossed again: then steps count in place of
 * crossings. */
static bool anchor_is_old(const struct section *section)
{
    const size_t patience = section->returns > 0 ? RETURNS : 1;
    return section->steps >= SECTION_AFTER && section->steps >= (1 + patience) * section->anchored;
}

void watch_section_step(struct watch *watch)
{
    watch->section.steps++;
    if (anchor_is_old(&watch->section))
        move_anchor(watch);
    arm_section(watch);
}

bool watch_wants_section(const struct watch *watch)
{
    return !watch->plan->no_endings && watch->section.armed;
}

double watch_section(const struct watch *watch, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < watch->flow->dim; i++)
        sum += (x[i] - watch->anchor[i]) * watch->normal[i];
    return sum;
}

enum status watch_crossing(struct watch *watch, double t, const double *x, struct outcome *outcome,
                           bool *ended)
{
    const size_t n = watch->flow->dim;
    struct section *section = &watch->section;
    *ended = false;
    if (!section->armed) /* a sign change that the anchor made by moving */
        return OK;
    memcpy(watch->x, x, n * sizeof(double));
    watch->t = t;
    TRY(watch_look(watch, outcome));
    const double off = vector_distance(n, x, watch->anchor);
    section->events++;
    if (off <= return_radius(watch) && vector_dot(n, watch->f, watch->normal) > 0) {
        section->returns++;
        section->last_return = t;
        section->worst = fmax(section->worst, off);
    }
    if (section->returns >= RETURNS) {
        watch_close(watch, ENDING_CYCLING, "returns to its own section again and again", outcome);
        *ended = true;
        if (outcome->ending != ENDING_CYCLING)
            return OK;
        outcome->period = (section->last_return - section->first_return) / (double)section->returns;
        outcome->return_distance = section->worst;
    } else if (section->events > section->wait + 2 * RETURNS * (section->returns > 0)) {
        move_anchor(watch);
    }
    return OK;
}
