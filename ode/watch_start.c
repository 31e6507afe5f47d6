/* At rest from the start, (E8): there is no approach to judge.
 *
 * The spectrum decides where it is certified; at a degenerate point of a curve the field on both
 * sides along the leaf does.  Where nothing moves nearby either, as with dead neurons, the start is
 * its own limit, (E26); where only the neighbours off a set of fixed points move, along it, the start
 * is unstable, (E47). */
#include "ode/watch_work.h"

#include "ode/switch.h"
#include "ode/vector.h"

#include <fenv.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* What a start at rest is on a leaf that is a curve, or on another one: unknown. */
enum surroundings { REPELS_ON_A_SIDE, ATTRACTS_FROM_BOTH, RESTS_ON_A_SIDE };

/* Where the field points beside x0 along the leaf: back, away, or nowhere, as where a neuron is
 * dead in a whole neighbourhood. */
static enum status look_beside(struct watch *watch, const double *x0, enum surroundings *found)
{
    const size_t n = watch->flow->dim;
    bool curve;
    *found = REPELS_ON_A_SIDE;
    TRY(fixed_point_along_leaf(watch->work, x0, watch->normal, &curve));
    if (!curve)
        return OK;
    const double step =
        sqrt(CAPTURE) * (1 + vector_norm(n, x0)); /* far enough to see a cube above rounding */
    bool back[2], rests[2];
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < n; i++)
            watch->anchor[i] = x0[i] + (side ? step : -step) * watch->normal[i];
        TRY(fixed_point_to_leaf(watch->work, watch->anchor));
        TRY(watch->flow->field(watch->flow, 1, watch->anchor, watch->f));
        const double along = vector_dot(n, watch->f, watch->normal);
        back[side] = side ? along < 0 : along > 0;
        rests[side] = !(vector_norm(n, watch->f) > 0);
    }
    if (back[0] && back[1])
        *found = ATTRACTS_FROM_BOTH;
    else if ((rests[0] || back[0]) && (rests[1] || back[1]))
        *found = RESTS_ON_A_SIDE;
    return OK;
}

/* Is x0 + step v a fixed point? */
static enum status rests_at(struct watch *watch, const double *x0, double step, const double *v,
                            bool *rests)
{
    double residual = INFINITY, floor_of_f = 0;
    for (size_t j = 0; j < watch->flow->dim; j++)
        watch->anchor[j] = x0[j] + step * v[j];
    TRY(fixed_point_residual(watch->work, watch->anchor, &residual, &floor_of_f));
    *rests = residual <= floor_of_f;
    return OK;
}

/* On the leaf alone would not be enough: where it is all fixed points, its neighbours may leave. */
static enum status rests_nearby(struct watch *watch, const double *x0, bool *rests)
{
    const size_t n = watch->flow->dim;
    const double size = 1 + vector_norm(n, x0);
    *rests = true;
    for (size_t i = 0; i < VECTOR_PROBES && *rests; i++) {
        vector_direction(n, i, watch->normal);
        TRY(rests_at(watch, x0, vector_probe_size[i] * size, watch->normal, rests));
    }
    return OK;
}

/* A field that is analytic in its piece and vanishes on an open set vanishes in all of the piece.
 * Does this one, which was zero near x0, so far as it can be evaluated?  (E31) */
static enum status rests_everywhere(struct watch *watch, const double *x0, bool *rests)
{
    static const double FARTHER = 4;
    enum { SIZES = 12 }; /* 4^12 is 10^7 */
    const size_t n = watch->flow->dim;
    double size = 1 + vector_norm(n, x0);
    *rests = true;
    for (size_t i = 0; i < SIZES && *rests; i++, size *= FARTHER) {
        vector_direction(n, i, watch->normal);
        for (int side = -1; side <= 1 && *rests; side += 2) {
            const enum status status = rests_at(watch, x0, side * size, watch->normal, rests);
            *rests = *rests || !switch_holds(watch->flow, watch->anchor);
            if (status == RETRY_SHORTER || status == NOT_FINITE)
                *rests = true; /* nothing is known of the field there */
            else
                TRY(status);
        }
    }
    return OK;
}

/* J v, with v in watch->normal, over its own length into w; its length. */
static enum status image_of(struct watch *watch, const double *x0, double *w, double *length)
{
    const size_t n = watch->flow->dim;
    TRY(watch->flow->jacobian ? watch->flow->jacobian(watch->flow, x0, watch->J)
                              : flow_jacobian_by_columns(watch->flow, x0, watch->J));
    for (size_t i = 0; i < n; i++)
        w[i] = vector_dot(n, watch->J + i * n, watch->normal);
    *length = vector_norm(n, w);
    for (size_t i = 0; i < n; i++)
        w[i] = *length > 0 ? w[i] / *length : 0;
    return OK;
}

/* (E47): is the range of J made of directions along which nothing moves?  Then neighbours drift
 * along them, and the start is unstable. */
static enum status neighbours_drift(struct watch *watch, const double *x0, bool *drift)
{
    static const double NILPOTENT = 1e-12; /* |J w| over |J v|: rounding */
    const size_t n = watch->flow->dim;
    const double size = 1 + vector_norm(n, x0);
    *drift = true;
    for (size_t i = 0; i < VECTOR_PROBES && *drift; i++) {
        double length = 0, again = 0;
        double *w = watch->f;
        vector_direction(n, i, watch->normal);
        TRY(image_of(watch, x0, w, &length));
        memcpy(watch->normal, w, n * sizeof *w);
        *drift = length > 0;
        for (int side = -1; side <= 1 && *drift; side += 2)
            TRY(rests_at(watch, x0, side * vector_probe_size[i] * size, watch->normal, drift));
        if (*drift)
            TRY(image_of(watch, x0, w, &again));
        *drift = *drift && again <= NILPOTENT * length;
    }
    return OK;
}

static void close_where_nothing_moves(struct watch *watch, const struct fixed_point *point,
                                      struct outcome *outcome)
{
    const size_t n = watch->flow->dim;
    struct fixed_point rest = *point;
    rest.count = 0;
    rest.rate = -INFINITY; /* there is no transverse direction */
    watch->manifold =
        (struct manifold){.kernel = n, .integrals = n - point->leaf, .fixed = point->leaf};
    memcpy(watch->candidate, watch->x, n * sizeof(double));
    watch_close_at(watch, ENDING_SETTLED, &rest, "starts where nothing moves, here and nearby",
                   outcome);
}

/* A rest that is not known to be an isolated point: is it on a manifold of fixed points? */
static enum status rest_on_manifold(struct watch *watch, struct fixed_point *point, bool *confirmed)
{
    struct fixed_point reached;
    TRY(watch_seek_manifold(watch, &reached));
    *confirmed = !watch->manifold.reached;
    if (*confirmed) {
        const double size = vector_norm(watch->flow->dim, watch->x);
        memcpy(watch->candidate, watch->x, watch->flow->dim * sizeof(double));
        return fixed_point_spectrum(watch->work, watch->x, LIPSCHITZ_STEP * (1 + size),
                                    watch->spectrum, point);
    }
    *point = reached;
    return manifold_confirm(watch->search, watch->candidate, point, &watch->manifold, confirmed);
}

/* A degenerate point of a curve, by the field on both sides of it. */
static enum status end_degenerate_at_rest(struct watch *watch, const struct fixed_point *point,
                                          struct outcome *outcome)
{
    if (!(point->norm > 0) && point->count != 1) {
        watch_close_at(watch, ENDING_HORIZON, point,
                       "starts on a fixed point where the linearisation vanishes: undecided",
                       outcome);
        return OK;
    }
    if (point->leaf > 1) {
        watch_close_at(watch, ENDING_HORIZON, point,
                       "starts on a degenerate fixed point of a leaf of more dimensions: undecided",
                       outcome);
        return OK;
    }
    static const struct {
        enum ending ending;
        const char *reason;
    } verdict[] = {
        [REPELS_ON_A_SIDE] = {ENDING_SADDLE, "starts on a degenerate fixed point that repels on a "
                                             "side"},
        [ATTRACTS_FROM_BOTH] = {ENDING_CREEPING, "starts on a degenerate fixed point that attracts "
                                                 "from both sides"},
        [RESTS_ON_A_SIDE] = {ENDING_HORIZON, "starts on a fixed point beside others, where nothing "
                                             "moves: undecided"},
    };
    enum surroundings found;
    TRY(look_beside(watch, watch->candidate, &found));
    watch_close_at(watch, verdict[found].ending, point, verdict[found].reason, outcome);
    return OK;
}

static enum status end_small_at_rest(struct watch *watch, double residual, double floor,
                                     struct outcome *outcome)
{
    const double size = vector_norm(watch->flow->dim, watch->x);
    struct fixed_point point = {.found = true,
                                .residual = residual,
                                .residual_floor = floor,
                                .position_error = DBL_EPSILON * size};
    memcpy(watch->candidate, watch->x, watch->flow->dim * sizeof(double));
    TRY(fixed_point_spectrum(watch->work, watch->x, LIPSCHITZ_STEP * (1 + size), watch->spectrum,
                             &point));
    bool confirmed = true;
    if (!point.simple || point.count < point.leaf || point.rate > 0)
        TRY(rest_on_manifold(watch, &point, &confirmed));
    watch->point = point;
    if (point.simple && confirmed) {
        watch_close_at(watch, point.rate < 0 ? ENDING_SETTLED : ENDING_SADDLE, &point,
                       "starts on a fixed point", outcome);
        return OK;
    }
    bool still;
    TRY(rests_nearby(watch, watch->x, &still));
    bool everywhere = true;
    if (still)
        TRY(rests_everywhere(watch, watch->x, &everywhere));
    if (still && !everywhere) {
        watch_close_at(watch, ENDING_HORIZON, &point,
                       "starts where the field is lost in its rounding: undecided", outcome);
        return OK;
    }
    if (still) {
        close_where_nothing_moves(watch, &point, outcome);
        return OK;
    }
    bool drift;
    TRY(neighbours_drift(watch, watch->x, &drift));
    if (drift) {
        watch_close_at(watch, ENDING_SADDLE, &point,
                       "starts among fixed points along which its neighbours drift away", outcome);
        return OK;
    }
    return end_degenerate_at_rest(watch, &point, outcome);
}

/* A large flow at rest: what its spectrum says, if there is one. */
static enum status end_large_at_rest(struct watch *watch, struct outcome *outcome)
{
    struct fixed_point point = {.found = false};
    double away = INFINITY;
    TRY(watch_seek_large(watch, &point, &away));
    if (point.found && point.simple)
        watch_close_at(watch, point.rate < 0 ? ENDING_SETTLED : ENDING_SADDLE, &point,
                       "starts on a fixed point", outcome);
    else
        watch_close(watch, ENDING_HORIZON, "starts on a fixed point that is not decided", outcome);
    return OK;
}

/* Is a product at the start below all numbers, so that the field may be zero by that alone?  At
 * 1e-170, x^2 is. */
static enum status underflows(struct watch *watch, bool *lost)
{
    feclearexcept(FE_UNDERFLOW);
    TRY(watch->flow->field(watch->flow, 1, watch->x, watch->f));
    *lost = fetestexcept(FE_UNDERFLOW) != 0;
    return OK;
}

enum status watch_end_at_rest(struct watch *watch, double residual, double floor,
                              struct outcome *outcome)
{
    bool lost = false;
    TRY(underflows(watch, &lost));
    if (lost) {
        watch_close(watch, ENDING_HORIZON, "the field underflows at the start: undecided", outcome);
        return OK;
    }
    return watch->large ? end_large_at_rest(watch, outcome)
                        : end_small_at_rest(watch, residual, floor, outcome);
}
