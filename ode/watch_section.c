/* Cycling, (E7): returns to a section through an anchor on the trajectory.
 *
 * The anchor moves on after waiting times that double, so that transients are left behind; the
 * integrator finds the crossings.  Returns within its tolerance are a suspicion: off a leaf that is
 * a curve, where a return is exact, returns.h follows some more, to see whether they close. */
#include "ode/watch_work.h"

#include "ode/returns.h"
#include "ode/vector.h"

#include <math.h>
#include <string.h>

enum { SECTION_AFTER = 300, RETURNS = 16 };
static const double CYCLE_SIZE = 1e3; /* of a cycle, in units of what counts as a return */
/* The share of the way from return to return that scattered ones may lead away */
static const double SCATTER = 0.5;
static const double STRAYS = 10; /* of a return that is followed on, in the same units */

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
    if (section->anchored == 0)
        return;
    section->extent =
        fmax(section->extent, vector_distance(watch->flow->dim, watch->x, watch->anchor));
    section->armed = section->armed || section->extent >= CYCLE_SIZE * return_radius(watch);
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

/* The way from return to return, and where it has led. */
static void note_return(struct watch *watch, double t, const double *x, double off)
{
    const size_t n = watch->flow->dim;
    struct section *section = &watch->section;
    if (section->returns++ == 0)
        memcpy(watch->first, x, n * sizeof *x);
    else
        section->way += vector_distance(n, x, watch->previous);
    memcpy(watch->previous, x, n * sizeof *x);
    section->last_return = t;
    section->worst = fmax(section->worst, off);
}

/* Returns of a stiff flow, which only its own integrator follows: on a cycle that attracts they
 * scatter, by errors; under a drift each goes on from the last. */
static bool drifts(const struct watch *watch, const double *x)
{
    return vector_distance(watch->flow->dim, x, watch->first) > SCATTER * watch->section.way;
}

/* Do the returns close?  Where the leaf is a curve they do; flows of many unknowns are left to the
 * tolerance. */
static enum status see_closing(struct watch *watch, const double *x, double period, bool *closes)
{
    *closes = watch->large || fixed_point_leaf_dimension(watch->work) == 1;
    if (*closes)
        return OK;
    struct returns returns;
    const struct returns_plan plan = {.flow = watch->flow,
                                      .anchor = watch->anchor,
                                      .normal = watch->normal,
                                      .period = period,
                                      .radius = STRAYS * return_radius(watch),
                                      .extent = watch->section.extent};
    TRY(returns_follow(&plan, x, &returns));
    *closes = returns.stiff ? !drifts(watch, x) : returns_close(&returns, return_radius(watch));
    return OK;
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
    if (off <= return_radius(watch) && vector_dot(n, watch->f, watch->normal) > 0)
        note_return(watch, t, x, off);
    const bool repeats = section->returns >= RETURNS;
    const double period = (section->last_return - section->first_return) / (double)section->returns;
    bool closes = repeats;
    if (repeats)
        TRY(see_closing(watch, x, period, &closes));
    if (closes) {
        watch_close(watch, ENDING_CYCLING, "returns to its own section again and again", outcome);
        *ended = true;
        if (outcome->ending != ENDING_CYCLING)
            return OK;
        outcome->period = period;
        outcome->return_distance = section->worst;
    } else if (repeats || section->events > section->wait + 2 * RETURNS * (section->returns > 0)) {
        move_anchor(watch);
    }
    return OK;
}
