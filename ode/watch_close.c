/* How a run is closed: the ending, its reason, its evidence.
 *
 * Where the errors that integration has gathered decide, (E17), an ending that rests on the way
 * there is replaced by `horizon`. */
#include "ode/watch_work.h"

#include "ode/vector.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double POLISH_ERROR = 2; /* error of a polished simple root: this times floor/|rate| */

double watch_local_error(const struct watch *watch, double size)
{
    return watch->plan->rtol * size + watch->plan->atol;
}

double watch_capture_radius(const struct watch *watch, double size)
{
    return fmax(CAPTURE * (1 + size), NOISE * watch_local_error(watch, size));
}

/* The neutral directions where a fixed point was last found, by what explains them. */
static void count_neutral(const struct watch *watch, struct outcome *outcome)
{
    const struct fixed_point *point = &watch->point;
    const struct manifold *manifold = &watch->manifold;
    if (!point->found)
        return;
    const bool on_manifold = manifold->kernel > 0;
    outcome->neutral_integrals = on_manifold ? manifold->integrals : watch->flow->dim - point->leaf;
    outcome->neutral_fixed = manifold->fixed;
    outcome->neutral_unexplained =
        on_manifold ? manifold->kernel - manifold->integrals - manifold->fixed : !point->simple;
}

/* Of the decided endings only a saddle, whose evidence is its own, survives an error that decides,
 * (E17); and a fixed point that had been reached by then: near it all is error.  What is undecided
 * anyway keeps its reason. */
static bool is_decided_by_error(const struct watch *watch, enum ending ending)
{
    const bool spared =
        ending == ENDING_SADDLE || ending == ENDING_FAILED || ending == ENDING_HORIZON;
    if (spared || !watch->error || !global_error_decides(watch->error))
        return false;
    const size_t n = watch->flow->dim;
    const double size = vector_norm(n, watch->candidate);
    const bool at_point = ending == ENDING_SETTLED || ending == ENDING_CREEPING;
    return !at_point || vector_distance(n, global_error_place(watch->error), watch->candidate) >
                            CAPTURE * (1 + size);
}

void watch_close(struct watch *watch, enum ending ending, const char *reason,
                 struct outcome *outcome)
{
    if (is_decided_by_error(watch, ending)) {
        ending = ENDING_HORIZON;
        reason = ASTRAY;
    }
    outcome->ending = ending;
    if (watch->error)
        outcome->integration_error = global_error_size(watch->error);
    outcome->t = watch->t;
    memcpy(outcome->last, watch->x, watch->flow->dim * sizeof(double));
    count_neutral(watch, outcome);
    snprintf(outcome->reason, sizeof outcome->reason, "%s", reason);
}

void watch_close_at(struct watch *watch, enum ending ending, const struct fixed_point *point,
                    const char *reason, struct outcome *outcome)
{
    const size_t n = watch->flow->dim;
    watch_close(watch, ending, reason, outcome);
    if (outcome->ending != ending)
        return;
    outcome->has_limit = true;
    memcpy(outcome->limit, watch->candidate, n * sizeof(double));
    memcpy(outcome->spectrum, watch->spectrum, n * sizeof(double));
    outcome->transverse_count = point->count;
    outcome->transverse_rate = point->rate;
    outcome->residual = point->residual;
    outcome->residual_floor = point->residual_floor;
    outcome->distance_bound = vector_distance(n, watch->x, watch->candidate);
    outcome->distance_bound += POLISH_ERROR * point->position_error;
    outcome->distance_bound += watch->manifold.reached ? watch->manifold.phase_error : 0;
    if (point->simple)
        outcome->distance_bound += POLISH_ERROR * point->residual_floor / fabs(point->rate);
}
