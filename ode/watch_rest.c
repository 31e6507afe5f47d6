/* Evidence of rest: a fixed point on the leaf, its spectrum, and whether the state stays there.
 *
 * Whenever |f| has fallen by some factor, a fixed point is sought by Gauss-Newton on the leaf of the
 * start.  If one is found within the capture radius, its spectrum decides: all negative, certified
 * against rounding and with the Jacobian nearly constant on the way there: settled.  A certified
 * positive entry: saddle (the fixed point lies on the leaf to rounding, which a passing orbit's
 * never does).  Neither: the root is degenerate as far as doubles can tell, and creeping is declared
 * once the algebraic law 1/nu = (t + t0)/q has held for doublings of its own time. */
#include "ode/watch_work.h"

#include "ode/switch.h"
#include "ode/transient.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double CONTRACTION = 0.25; /* lipschitz * distance <= CONTRACTION * |rate|, (E1) */
/* The same where the leaf is no curve and J not normal */
static const double CONTRACTION_PLANE = 0.01;
/* The share of the rate that J may change by where a transient may lead, in its norm, (J6) */
static const double REMAINS = 0.5;
static const double DIRECT = 4; /* a detour, over the distance: within it samples of J hold */
/* Error of the phase on a manifold of fixed points, relative to 1 + |x|, (E12) */
static const double PHASE_MOST = 1e-10;
/* (E13): a passage nearer to a saddle than this, in local errors, cannot be told from an arrival */
static const double PASSES = 10;
/* An unstable part that symmetry holds at zero is rounding, this many epsilons of the state */
static const double SYMMETRIC = 64;
/* Distance to a fixed point, relative, at which a large flow without a spectrum has arrived */
static const double ARRIVED = 1e-8;
static const double REACH = 1e3;   /* of Newton's iteration in a large flow, in capture radii */
static const double LINEAR = 1e-3; /* relative error of the linear law where the rate is measured */
static const double RATE_NOISE = 1e3; /* smallest |f| used, in units of local error times rate */
static const double LAW_DISTANCE = 4; /* factor between law and polish in the distance to go */

/* The exponential rate of |f|, between the noise of the integrator and the size up to which the
 * field is linear to LINEAR: |f| <= LINEAR rate^2 / lipschitz. */
static double measured_rate(const struct watch *watch, const struct fixed_point *point)
{
    const double rate = fabs(point->rate);
    const double size = vector_norm(watch->flow->dim, watch->candidate);
    return tail_rate(&watch->tail, RATE_NOISE * watch_local_error(watch, size) * rate,
                     LINEAR * rate * rate / point->lipschitz);
}

/* Newton's iteration, or a probe round its result, left the domain of the field: nothing was
 * found. */
static bool left_domain(enum status status)
{
    return status == RETRY_SHORTER || status == NOT_FINITE;
}

/* May this flow have continua of fixed points within a leaf? */
static bool may_have_manifolds(const struct watch *watch)
{
    const size_t leaf = fixed_point_leaf_dimension(watch->work);
    return leaf > 1 || watch->flow->conserved + leaf > watch->flow->dim;
}

enum status watch_seek_manifold(struct watch *watch, struct fixed_point *point)
{
    watch->manifold = (struct manifold){0};
    if (!may_have_manifolds(watch))
        return OK;
    if (!watch->search)
        watch->search = manifold_search_create(watch->work, watch->flow);
    if (!watch->search)
        return status_fail(NO_MEMORY, "manifolds of %s", watch->flow->title);
    return manifold_seek(watch->search, watch->x, watch->candidate, watch->spectrum, point,
                         &watch->manifold);
}

/* An isolated fixed point: polishes from the present state and takes the spectrum there. */
static enum status seek_isolated(struct watch *watch, struct fixed_point *point)
{
    const size_t n = watch->flow->dim;
    memcpy(watch->candidate, watch->x, n * sizeof(double));
    enum status status = fixed_point_polish(watch->work, watch->candidate, point);
    const double away = vector_distance(n, watch->x, watch->candidate);
    if (status == OK && point->found) {
        const double radius = fmax(away, LIPSCHITZ_STEP * (1 + vector_norm(n, watch->candidate)));
        status =
            fixed_point_spectrum(watch->work, watch->candidate, radius, watch->spectrum, point);
    }
    if (left_domain(status)) {
        point->found = point->simple = false;
        return OK;
    }
    return status;
}

enum status watch_seek_large(struct watch *watch, struct fixed_point *point, double *away)
{
    const size_t n = watch->flow->dim;
    watch->manifold = (struct manifold){0};
    const double reach = REACH * watch_capture_radius(watch, vector_norm(n, watch->x));
    enum status status = large_polish(watch->large, watch->x, reach, watch->candidate, point);
    *away = vector_distance(n, watch->x, watch->candidate);
    if (status == OK && point->found &&
        *away <= watch_capture_radius(watch, vector_norm(n, watch->candidate)))
        status = large_spectrum(watch->large, watch->x, watch->candidate, watch->spectrum, point,
                                &watch->manifold);
    if (left_domain(status) || status == SOLVER_FAILED) {
        point->found = point->simple = false;
        status = OK;
    }
    watch->point = *point;
    return status;
}

static enum status seek_fixed_point(struct watch *watch, struct fixed_point *point, double *away)
{
    if (watch->large)
        return watch_seek_large(watch, point, away);
    TRY(watch_seek_manifold(watch, point));
    if (!watch->manifold.reached) {
        TRY(seek_isolated(watch, point));
        /* a closed form that leaves out directions speaks of a manifold */
        point->simple = point->simple && (point->count >= point->leaf || point->leaf < 2);
    }
    *away = vector_distance(watch->flow->dim, watch->x, watch->candidate);
    watch->point = *point;
    return OK;
}

/* The same where J is so far from normal that the way leads elsewhere first, (J6). */
static bool stays_near(const struct watch *watch, const struct fixed_point *point, double away)
{
    const size_t n = watch->flow->dim;
    double *way = watch->powers + 2 * n * n + n;
    for (size_t i = 0; i < n; i++)
        way[i] = watch->x[i] - watch->candidate[i];
    const struct transient transient =
        transient_of(n, watch->probe, way, fabs(point->rate), watch->powers);
    const double farthest = transient.detour * away, size = vector_norm(n, watch->candidate);
    if (!(transient.kappa * point->lipschitz * farthest <= REMAINS * fabs(point->rate)))
        return false;
    const double times = transient.detour > DIRECT ? transient.detour * transient.detour : 1;
    return !watch->manifold.reached ||
           times * watch->manifold.phase_error <=
               fmax(PHASE_MOST * (1 + size), watch_local_error(watch, size));
}

/* Is the state inside the region where the linearisation at the polished point governs?  Also by J
 * here, as (E1) has it: where J is no Lipschitz function, as of x^(5/2) at zero, it changes more on
 * the way than a sample farther away tells. */
static enum status see_contraction(struct watch *watch, const struct fixed_point *point,
                                   double away, bool *contracts)
{
    const size_t n = watch->flow->dim;
    const double share = point->count == 1 ? CONTRACTION : CONTRACTION_PLANE;
    *contracts = point->lipschitz * away <= share * fabs(point->rate);
    if (!*contracts || watch->large)
        return OK;
    TRY(watch->flow->jacobian(watch->flow, watch->candidate, watch->probe));
    *contracts = vector_distance(n * n, watch->probe, watch->J) <= share * fabs(point->rate) &&
                 (point->count == 1 || !(point->rate < 0) || stays_near(watch, point, away));
    return OK;
}

/* On a manifold of fixed points: has the limit been told to all the digits that the state has? */
static bool knows_phase(const struct watch *watch, double size)
{
    return !watch->manifold.reached ||
           watch->manifold.phase_error <=
               fmax(PHASE_MOST * (1 + size), watch_local_error(watch, size));
}

/* Of a state that approaches a fixed point with an unstable direction: it stays if its unstable
 * part is rounding, as symmetry keeps it; within its errors nobody can tell, (E13). */
enum passage { PASSAGE_GOES_ON, PASSAGE_UNKNOWN, PASSAGE_STAYS };

/* Neutral directions that neither first integrals nor fixed points explain: what lies along them may
 * lead away, more slowly than any exponential. */
static bool may_leave_slowly(const struct watch *watch)
{
    const struct manifold *manifold = &watch->manifold;
    return manifold->kernel > manifold->integrals + manifold->fixed;
}

/* The unstable part is rounding: the state stays, if what is neutral and unexplained is, too.  What
 * began tiny may be lost in it, and lead away; where first integrals are projected on, or the flow is
 * large, each unknown has rounding of the whole state, and the start alone can tell. */
static enum status see_rest(struct watch *watch, double size, enum passage *passage)
{
    static const double TINY = 1.5e-8; /* sqrt(eps) */
    double standing = 0, beyond = 0;
    if (watch->large || watch->flow->conserved > 0)
        beyond = watch->least_start < TINY * size ? watch->least_start : 0;
    else
        TRY(fixed_point_unstable_beyond(watch->work, watch->x, watch->candidate, watch->point.rate,
                                        &beyond));
    if (beyond > 0) { /* tiny, but there: it starts at 1e-30 off the stable manifold */
        *passage = PASSAGE_UNKNOWN;
        return OK;
    }
    if (!watch->large && may_leave_slowly(watch))
        TRY(fixed_point_standing_part(watch->work, watch->x, watch->candidate, &standing));
    *passage = standing <= SYMMETRIC * DBL_EPSILON * size ? PASSAGE_STAYS : PASSAGE_GOES_ON;
    return OK;
}

static enum status see_passage(struct watch *watch, double away, double rate, enum passage *passage)
{
    const struct flow *flow = watch->flow;
    double unstable = 0;
    *passage = PASSAGE_GOES_ON;
    if (!(vector_dot(flow->dim, watch->f, watch->Jf) < 0))
        return OK;
    if (watch->plan->method != METHOD_RK8PD &&
        watch->h * rate > 1) { /* below atol a long implicit step damps what it should let grow */
        *passage = PASSAGE_UNKNOWN;
        return OK;
    }
    if (!watch->large && !may_have_manifolds(watch)) {
        *passage = PASSAGE_STAYS;
        return OK;
    }
    if (watch->large)
        TRY(large_unstable_part(watch->large, watch->x, watch->candidate, &unstable));
    else
        TRY(fixed_point_unstable_part(watch->work, watch->x, watch->candidate, &unstable));
    const double size = vector_norm(flow->dim, watch->x);
    if (unstable <= SYMMETRIC * DBL_EPSILON * size)
        return see_rest(watch, size, passage);
    if (sqrt(unstable * away) <= PASSES * watch_local_error(watch, size))
        *passage = PASSAGE_UNKNOWN;
    return OK;
}

/* A large flow that has arrived at a fixed point whose spectrum, or kernel, nobody knows. */
static enum status give_up_large(struct watch *watch, const struct fixed_point *point, double away,
                                 struct outcome *outcome, bool *ended)
{
    const size_t n = watch->flow->dim;
    if (!watch->large || !point->found || point->simple ||
        away > ARRIVED * (1 + vector_norm(n, watch->x)) ||
        large_has_spectrum(watch->large, watch->candidate))
        return OK;
    struct fixed_point unknown = *point;
    unknown.rate = unknown.norm = NAN;
    watch->point.leaf = n; /* nobody knows what explains its neutral directions */
    watch_close_at(watch, ENDING_HORIZON, &unknown, large_evidence(watch->large), outcome);
    *ended = true;
    return OK;
}

enum status watch_attempt(struct watch *watch, struct outcome *outcome, bool *ended)
{
    struct fixed_point point = {.found = false};
    double away = INFINITY;
    TRY(seek_fixed_point(watch, &point, &away));
    const double size = vector_norm(watch->flow->dim, watch->candidate);
    bool there = point.found && point.simple && away <= watch_capture_radius(watch, size) &&
                 knows_phase(watch, size);
    if (there)
        TRY(see_contraction(watch, &point, away, &there));
    bool confirmed = there && switch_holds_clear(watch->flow, watch->candidate,
                                                 watch_capture_radius(watch, size));
    if (confirmed && watch->manifold.reached && !watch->large)
        TRY(manifold_confirm(watch->search, watch->candidate, &point, &watch->manifold,
                             &confirmed));
    if (!confirmed)
        return give_up_large(watch, &point, away, outcome, ended);
    enum passage passage = PASSAGE_GOES_ON;
    if (point.rate >= 0)
        TRY(see_passage(watch, away, point.rate, &passage));
    if (point.rate < 0) {
        const bool estimated = watch->large && large_evidence(watch->large)[0];
        watch_close_at(watch, ENDING_SETTLED, &point,
                       estimated ? large_evidence(watch->large)
                                 : "inside the contraction region of a stable fixed point",
                       outcome);
        if (outcome->has_limit)
            outcome->measured_rate = measured_rate(watch, &point);
        *ended = true;
    } else if (passage == PASSAGE_UNKNOWN) {
        watch_close(watch, ENDING_HORIZON, NEAR_SADDLE, outcome);
        *ended = true;
    } else if (passage == PASSAGE_STAYS) {
        watch_close_at(watch, ENDING_SADDLE, &point,
                       "stopped at a fixed point of its own leaf with an unstable direction",
                       outcome);
        outcome->measured_rate = measured_rate(watch, &point);
        *ended = true;
    }
    return OK;
}

/* ---- algebraic approach, (E3) ---- */

enum status watch_attempt_creeping(struct watch *watch, double size_f, struct outcome *outcome,
                                   bool *ended)
{
    struct fixed_point point = {.found = false};
    double away = INFINITY;
    TRY(seek_fixed_point(watch, &point, &away));
    const double radius =
        watch_capture_radius(watch, vector_norm(watch->flow->dim, watch->candidate));
    if (!point.found || point.simple || !switch_holds_clear(watch->flow, watch->candidate, radius))
        return OK;
    const double by_law = creep_distance(&watch->creep, size_f);
    if (!(away <= LAW_DISTANCE * by_law && by_law <= LAW_DISTANCE * away))
        return OK;
    watch_close_at(
        watch, ENDING_CREEPING, &point,
        "algebraic approach to a fixed point whose transverse eigenvalue is zero to rounding",
        outcome);
    *ended = true;
    if (!outcome->has_limit)
        return OK;
    outcome->exponent = creep_exponent(&watch->creep);
    outcome->distance_bound = LAW_DISTANCE * by_law;
    return OK;
}
