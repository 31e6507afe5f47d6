/* The evidence of a lane: that of the referee, with a quicker polish.
 *
 * Settled is a state within the capture radius of a fixed point on the leaf of its start, polished
 * until f and the first integrals vanish to their rounding floors, whose rate is certified against
 * rounding, (E2), and inside the region where the linearisation governs, (E1).  A state that is not
 * settled must not be in doubt, (E9); if it is, or stops at anything but a stable fixed point, the
 * referee decides.  Only leaves that are curves are judged: there the limit does not depend on
 * where on its way the lane is, and (E9) is a proof, not an estimate.  notes/sweeper.md, (J1). */
#include "ode/sweep_rest.h"

#include "ode/doubt.h"
#include "ode/fixed_point.h"
#include "ode/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double CAPTURE = 1e-6;      /* the referee's, relative to 1 + |x|, (E5), ... */
static const double NOISE = 1e3;         /* ... and in units of the local error, (E6) */
static const double CAPTURE_MOST = 3e-2; /* ... but never more */
static const double CONTRACTION = 0.25;  /* lipschitz * distance <= CONTRACTION * |rate|, (E1) */
/* Of the error of a step, beside the ten of doubt.c: measured 14 tolerances, in 60,000 lanes */
static const double STEP_ERROR = 2;
static const double POLISH_ERROR = 2; /* error of a polished simple root: this times floor/|rate| */
static const double DRIFT_MOST = 1e-2; /* of a first integral, relative to its terms */

struct sweep_rest {
    const struct flow *flow;
    struct sweep_tolerance tolerance;
    struct fixed_point_work *work;
    double *I0, *J, *Jf, *probe, *spectrum, *gradient;
    double storage[];
};

struct sweep_rest *sweep_rest_create(const struct flow *flow)
{
    const size_t n = flow->dim;
    struct sweep_rest *rest =
        calloc(1, sizeof *rest + (flow->conserved + 2 * n * n + 4 * n) * sizeof(double));
    if (!rest)
        return NULL;
    rest->flow = flow;
    rest->I0 = rest->storage;
    rest->J = rest->I0 + flow->conserved;
    rest->probe = rest->J + n * n;
    rest->Jf = rest->probe + n * n + n;
    rest->spectrum = rest->Jf + n;
    rest->gradient = rest->spectrum + n;
    rest->work = fixed_point_work_create(flow);
    if (rest->work)
        return rest;
    free(rest);
    return NULL;
}

void sweep_rest_free(struct sweep_rest *rest)
{
    if (!rest)
        return;
    fixed_point_work_free(rest->work);
    free(rest);
}

bool sweep_rest_begin(struct sweep_rest *rest, const double *x0)
{
    flow_integrals(rest->flow, x0, rest->I0);
    fixed_point_move_leaf(rest->work, x0, rest->I0);
    return fixed_point_has_curve(rest->work);
}

void sweep_rest_tolerate(struct sweep_rest *rest, const struct sweep_tolerance *tolerance)
{
    rest->tolerance = *tolerance;
}

static double local_error(const struct sweep_rest *rest, double size)
{
    return rest->tolerance.rtol * size + rest->tolerance.atol;
}

/* Newton's iteration left the domain of the field: nothing was found. */
static enum status forgive(enum status status, struct fixed_point *point)
{
    if (status == RETRY_SHORTER || status == NOT_FINITE) {
        point->found = false;
        return OK;
    }
    return status;
}

/* The fixed point within the capture radius, with its spectrum; else point->found is false. */
static enum status seek(struct sweep_rest *rest, const double *x, double *limit,
                        struct fixed_point *point, double *away)
{
    const size_t n = rest->flow->dim;
    const double size = vector_norm(n, x);
    const double radius = fmin(CAPTURE_MOST * (1 + size),
                               fmax(CAPTURE * (1 + size), NOISE * local_error(rest, size)));
    memcpy(limit, x, n * sizeof *x);
    TRY(forgive(fixed_point_polish_curve(rest->work, radius, limit, point), point));
    *away = vector_distance(n, x, limit);
    if (!point->found || !(*away <= radius)) {
        point->found = false;
        return OK;
    }
    return forgive(fixed_point_spectrum_curve(rest->work, limit, *away, rest->spectrum, point),
                   point);
}

/* The state has kept to its first integrals. */
static bool has_kept_leaf(struct sweep_rest *rest, const double *x)
{
    const struct flow *flow = rest->flow;
    for (size_t k = 0; k < flow->conserved; k++) {
        double terms = 1;
        flow->gradient(flow, k, x, rest->gradient);
        for (size_t i = 0; i < flow->dim; i++)
            terms = fmax(terms, fabs(rest->gradient[i] * x[i]));
        if (!(fabs(flow->observe(flow, k, x) - rest->I0[k]) <= DRIFT_MOST * terms))
            return false;
    }
    return true;
}

static bool is_settled(const struct fixed_point *point, double away)
{
    return point->found && point->simple && point->rate < 0 && point->count > 0 &&
           point->lipschitz * away <= CONTRACTION * fabs(point->rate);
}

/* (E9) at this state. */
static enum status look_for_doubt(struct sweep_rest *rest, const double *x, const double *f,
                                  bool *doubtful)
{
    const size_t n = rest->flow->dim;
    *doubtful = true;
    const enum status status = rest->flow->jacobian(rest->flow, x, rest->J);
    if (status != OK)
        return status == RETRY_SHORTER ? OK : status;
    for (size_t i = 0; i < n; i++)
        rest->Jf[i] = vector_dot(n, rest->J + i * n, f);
    const struct doubt_state state = {.x = x,
                                      .f = f,
                                      .Jf = rest->Jf,
                                      .J_size = vector_norm(n * n, rest->J),
                                      .step_error =
                                          STEP_ERROR * local_error(rest, vector_norm(n, x)),
                                      .work = rest->work};
    *doubtful = doubt_applies(rest->flow, &state, rest->probe);
    return OK;
}

enum status sweep_rest_judge(struct sweep_rest *rest, const double *x, const double *f,
                             struct sweep_result *result, double *limit,
                             enum sweep_verdict *verdict)
{
    struct fixed_point point;
    double away = INFINITY;
    bool doubtful = true;
    *verdict = SWEEP_DOUBTS;
    TRY(seek(rest, x, limit, &point, &away));
    if (is_settled(&point, away)) {
        *verdict = SWEEP_SETTLES;
        result->ending = ENDING_SETTLED;
        result->has_limit = true;
        result->transverse_rate = point.rate;
        result->distance_bound = away + POLISH_ERROR * point.position_error +
                                 POLISH_ERROR * point.residual_floor / fabs(point.rate);
        return OK;
    }
    if (has_kept_leaf(rest, x) && (!point.found || point.rate < 0))
        TRY(look_for_doubt(rest, x, f, &doubtful));
    *verdict = doubtful ? SWEEP_DOUBTS : SWEEP_GOES_ON;
    return OK;
}
