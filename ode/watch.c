/* Endings.
 *
 * Approach.  Whenever |f| has fallen by ATTEMPT, a fixed point is sought by Gauss-Newton on the
 * leaf of the start.  If one is found within the capture radius, its spectrum decides: all
 * negative, certified against rounding and with the Jacobian nearly constant on the way there:
 * settled.  A certified positive entry: saddle (the fixed point lies on the leaf to rounding,
 * which a passing orbit's never does). Neither: the root is degenerate as far as doubles can tell,
 * and creeping is declared once the algebraic law 1/nu = (t + t0)/q has held for doublings of its
 * own time.
 *
 * Doubt.  Where the error of a step could have carried the state across a fixed point, (E9), a
 * trajectory that goes on from there is given up: what follows may belong to another one.  On
 * leaves of more than one dimension the errors gathered are followed instead, (E17).
 *
 * The capture radius never sits below the integrator's noise: a threshold below the local error
 * would never trigger, since |f| then stops falling at the noise floor. */
#include "ode/watch.h"

#include "ode/creep.h"
#include "ode/doubt.h"
#include "ode/escape.h"
#include "ode/escape_stiff.h"
#include "ode/fixed_point.h"
#include "ode/global_error.h"
#include "ode/growth.h"
#include "ode/large.h"
#include "ode/manifold.h"
#include "ode/switch.h"
#include "ode/tail.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ATTEMPT = 0.25;     /* fall of |f| between two attempts */
static const double CAPTURE = 1e-6;     /* radius relative to 1 + |x|: sqrt(eps) with room, (E5) */
static const double NOISE = 1e3;        /* capture radius in units of the local error, (E6) */
static const double CONTRACTION = 0.25; /* lipschitz * distance <= CONTRACTION * |rate|, (E1) */
/* The same where the leaf is no curve and J not normal */
static const double CONTRACTION_PLANE = 0.01;
static const double LIPSCHITZ_STEP = 1e-4; /* smallest radius of sampling, relative */
static const double POLISH_ERROR = 2; /* error of a polished simple root: this times floor/|rate| */
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

static const double TIME_KNOWN = 0.1;  /* relative error of a blow-up time worth reporting */
static const double DRIFT_MOST = 1e-2; /* of a first integral, relative: no run is of use beyond */
/* Of a blow-up time, in units of the local errors: measured at most 1.3 */
static const double TIME_ERROR = 10;

static const double LAW_DISTANCE = 4; /* factor between law and polish in the distance to go */

enum { SECTION_AFTER = 300, RETURNS = 16 };
enum { LOOKS = 16 }; /* steps of a large flow between two looks at its norm and its integrals */
enum { DOUBT_PATIENCE = 3000 };       /* steps: creeping needs a thousand to show its law */
static const double CYCLE_SIZE = 1e3; /* of a cycle, in units of what counts as a return */

static const char ASTRAY[] = "its errors have grown to where they decide; try smaller tolerances";
static const char LOST[] = "lost in its error near a fixed point; try smaller tolerances";

/* Returns to a section through `anchor` with normal f(anchor). */
struct section {
    size_t steps, anchored; /* steps in all, and when the anchor was set */
    size_t events, wait, returns;
    double t, first_return, last_return, worst;
    bool armed; /* has been far from the anchor */
};

struct watch {
    const struct flow *flow;
    const struct plan *plan;
    struct fixed_point_work *work;
    struct manifold_search *search; /* NULL until needed */
    struct large *large;            /* of a large flow, without work and search; else NULL */
    double J_size;                  /* Frobenius norm of J, */
    size_t looks;                   /* for large flows every LOOKS steps, with the drift */
    struct growth growth;
    struct creep creep;
    struct section section;
    struct fixed_point point;  /* the last one found, ... */
    struct manifold manifold;  /* ... and the manifold through it; kernel 0: none */
    double t, h, next_attempt; /* h: the last step */
    double time_error; /* the local errors so far, as errors of the time: sum of error/|f| */
    struct global_error *error; /* where the leaf is no curve; else NULL */
    size_t doubtful; /* steps since the state was first in doubt, last at `doubt`, (E9) */
    double *x, *f, *J, *Jf, *candidate, *spectrum, *gradient, *I0, *anchor, *normal, *doubt, *probe;
    struct tail tail;
    double storage[];
};

struct watch *watch_create(const struct flow *flow, const struct plan *plan)
{
    const bool large = flow_is_large(flow);
    const size_t n = flow->dim, r = flow->conserved, matrix = large ? 4 * n : n * n;
    struct watch *watch = calloc(1, sizeof *watch + (2 * matrix + 11 * n + r) * sizeof(double));
    if (!watch)
        return NULL;
    double *next = watch->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&watch->x, n},        {&watch->f, n},         {&watch->J, matrix},
        {&watch->Jf, n},       {&watch->candidate, n}, {&watch->spectrum, n},
        {&watch->gradient, n}, {&watch->I0, r},        {&watch->anchor, n},
        {&watch->normal, n},   {&watch->doubt, n},     {&watch->probe, matrix + n},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    watch->flow = flow;
    watch->plan = plan;
    if (large)
        watch->large = large_create(flow);
    else
        watch->work = fixed_point_work_create(flow);
    if (watch->work || watch->large)
        return watch;
    free(watch);
    return NULL;
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    global_error_free(watch->error);
    fixed_point_work_free(watch->work);
    manifold_search_free(watch->search);
    large_free(watch->large);
    free(watch);
}

/* Of one step, at a state of norm `size`. */
static double local_error(const struct watch *watch, double size)
{
    return watch->plan->rtol * size + watch->plan->atol;
}

/* How near counts as "there": never below the integrator's own noise. */
static double capture_radius(const struct watch *watch, double size)
{
    return fmax(CAPTURE * (1 + size), NOISE * local_error(watch, size));
}

/* ---- closing ---- */

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

static void close_outcome(struct watch *watch, enum ending ending, const char *reason,
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

static void close_at_point(struct watch *watch, enum ending ending, const struct fixed_point *point,
                           const char *reason, struct outcome *outcome)
{
    const size_t n = watch->flow->dim;
    close_outcome(watch, ending, reason, outcome);
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

/* The exponential rate of |f|, between the noise of the integrator and the size up to which the
 * field is linear to LINEAR: |f| <= LINEAR rate^2 / lipschitz. */
static double measured_rate(const struct watch *watch, const struct fixed_point *point)
{
    const double rate = fabs(point->rate);
    const double size = vector_norm(watch->flow->dim, watch->candidate);
    return tail_rate(&watch->tail, RATE_NOISE * local_error(watch, size) * rate,
                     LINEAR * rate * rate / point->lipschitz);
}

/* ---- approach to a fixed point ---- */

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

/* The manifold that the state would reach, if there is one: then watch->manifold.reached. */
static enum status seek_manifold(struct watch *watch, struct fixed_point *point)
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

/* The phase by GMRES, and its spectrum where that can be had. */
static enum status seek_large(struct watch *watch, struct fixed_point *point, double *away)
{
    const size_t n = watch->flow->dim;
    watch->manifold = (struct manifold){0};
    const double reach = REACH * capture_radius(watch, vector_norm(n, watch->x));
    enum status status = large_polish(watch->large, watch->x, reach, watch->candidate, point);
    *away = vector_distance(n, watch->x, watch->candidate);
    if (status == OK && point->found &&
        *away <= capture_radius(watch, vector_norm(n, watch->candidate)))
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
        return seek_large(watch, point, away);
    TRY(seek_manifold(watch, point));
    if (!watch->manifold.reached) {
        TRY(seek_isolated(watch, point));
        /* a closed form that leaves out directions speaks of a manifold */
        point->simple = point->simple && (point->count >= point->leaf || point->leaf < 2);
    }
    *away = vector_distance(watch->flow->dim, watch->x, watch->candidate);
    watch->point = *point;
    return OK;
}

/* Is the state inside the region where the linearisation at the polished point governs? */
static bool contracts(const struct fixed_point *point, double away)
{
    const double share = point->count == 1 ? CONTRACTION : CONTRACTION_PLANE;
    return point->lipschitz * away <= share * fabs(point->rate);
}

/* On a manifold of fixed points: has the limit been told to all the digits that the state has? */
static bool knows_phase(const struct watch *watch, double size)
{
    return !watch->manifold.reached ||
           watch->manifold.phase_error <= fmax(PHASE_MOST * (1 + size), local_error(watch, size));
}

/* Of a state that approaches a fixed point with an unstable direction: it stays if its unstable
 * part is rounding, as symmetry keeps it; within its errors nobody can tell, (E13). */
enum passage { PASSAGE_GOES_ON, PASSAGE_UNKNOWN, PASSAGE_STAYS };

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
        *passage = PASSAGE_STAYS;
    else if (sqrt(unstable * away) <= PASSES * local_error(watch, size))
        *passage = PASSAGE_UNKNOWN;
    return OK;
}

/* A large flow that has arrived at a fixed point whose spectrum nobody knows. */
static enum status give_up_large(struct watch *watch, const struct fixed_point *point, double away,
                                 struct outcome *outcome, bool *ended)
{
    const size_t n = watch->flow->dim;
    if (!watch->large || !point->found || point->simple ||
        away > ARRIVED * (1 + vector_norm(n, watch->x)) ||
        large_has_spectrum(watch->large, watch->candidate))
        return OK;
    char reason[REASON_MAX];
    snprintf(reason, sizeof reason,
             "at a fixed point; the spectrum of %zu unknowns is not available", n);
    struct fixed_point unknown = *point;
    unknown.rate = unknown.norm = NAN;
    watch->point.leaf = n; /* nobody knows what explains its neutral directions */
    close_at_point(watch, ENDING_HORIZON, &unknown, reason, outcome);
    *ended = true;
    return OK;
}

static enum status attempt(struct watch *watch, struct outcome *outcome, bool *ended)
{
    struct fixed_point point = {.found = false};
    double away = INFINITY;
    TRY(seek_fixed_point(watch, &point, &away));
    const double size = vector_norm(watch->flow->dim, watch->candidate);
    const bool there = point.found && point.simple && away <= capture_radius(watch, size) &&
                       contracts(&point, away) && knows_phase(watch, size);
    bool confirmed = there && switch_holds(watch->flow, watch->candidate);
    if (confirmed && watch->manifold.reached && !watch->large)
        TRY(manifold_confirm(watch->search, watch->candidate, &point, &watch->manifold,
                             &confirmed));
    if (!confirmed)
        return give_up_large(watch, &point, away, outcome, ended);
    enum passage passage = PASSAGE_GOES_ON;
    if (point.rate >= 0)
        TRY(see_passage(watch, away, point.rate, &passage));
    if (point.rate < 0) {
        close_at_point(watch, ENDING_SETTLED, &point,
                       "inside the contraction region of a stable fixed point", outcome);
        if (outcome->has_limit)
            outcome->measured_rate = measured_rate(watch, &point);
        *ended = true;
    } else if (passage == PASSAGE_UNKNOWN) {
        close_outcome(watch, ENDING_HORIZON, ASTRAY, outcome);
        *ended = true;
    } else if (passage == PASSAGE_STAYS) {
        close_at_point(watch, ENDING_SADDLE, &point,
                       "stopped at a fixed point of its own leaf with an unstable direction",
                       outcome);
        outcome->measured_rate = measured_rate(watch, &point);
        *ended = true;
    }
    return OK;
}

/* ---- algebraic approach, (E3) ---- */

static enum status attempt_creeping(struct watch *watch, double size_f, struct outcome *outcome,
                                    bool *ended)
{
    struct fixed_point point = {.found = false};
    double away = INFINITY;
    TRY(seek_fixed_point(watch, &point, &away));
    if (!point.found || point.simple || !switch_holds(watch->flow, watch->candidate))
        return OK;
    const double by_law = creep_distance(&watch->creep, size_f);
    if (!(away <= LAW_DISTANCE * by_law && by_law <= LAW_DISTANCE * away))
        return OK;
    close_at_point(
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

/* ---- at rest from the start, (E8) ---- */

/* Does the field point back to x0 from both sides along the leaf? */
static enum status attracts_both_sides(struct watch *watch, const double *x0, bool *attracts)
{
    const size_t n = watch->flow->dim;
    bool curve;
    *attracts = false;
    TRY(fixed_point_along_leaf(watch->work, x0, watch->normal, &curve));
    if (!curve)
        return OK;
    const double step =
        sqrt(CAPTURE) * (1 + vector_norm(n, x0)); /* far enough to see a cube above rounding */
    bool back[2];
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < n; i++)
            watch->anchor[i] = x0[i] + (side ? step : -step) * watch->normal[i];
        TRY(fixed_point_to_leaf(watch->work, watch->anchor));
        TRY(watch->flow->field(watch->flow, 1, watch->anchor, watch->f));
        const double along = vector_dot(n, watch->f, watch->normal);
        back[side] = side ? along < 0 : along > 0;
    }
    *attracts = back[0] && back[1];
    return OK;
}

/* A rest that is not known to be an isolated point: is it on a manifold of fixed points? */
static enum status rest_on_manifold(struct watch *watch, struct fixed_point *point, bool *confirmed)
{
    struct fixed_point reached;
    TRY(seek_manifold(watch, &reached));
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

static enum status end_at_rest(struct watch *watch, double residual, double floor,
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
        close_at_point(watch, point.rate < 0 ? ENDING_SETTLED : ENDING_SADDLE, &point,
                       "starts on a fixed point", outcome);
        return OK;
    }
    if (!(point.norm > 0) && point.count != 1) {
        close_at_point(watch, ENDING_HORIZON, &point,
                       "starts on a fixed point where the linearisation vanishes: undecided",
                       outcome);
        return OK;
    }
    if (point.leaf > 1) {
        close_at_point(watch, ENDING_HORIZON, &point,
                       "starts on a degenerate fixed point of a leaf of more dimensions: undecided",
                       outcome);
        return OK;
    }
    bool attracts;
    TRY(attracts_both_sides(watch, watch->candidate, &attracts));
    close_at_point(watch, attracts ? ENDING_CREEPING : ENDING_SADDLE, &point,
                   attracts ? "starts on a degenerate fixed point that attracts from both sides"
                            : "starts on a degenerate fixed point that repels on a side",
                   outcome);
    return OK;
}

/* ---- the steps ---- */

/* How far the conserved claims are from their start. */
static void look_at_integrals(struct watch *watch, struct outcome *outcome)
{
    const struct flow *flow = watch->flow;
    for (size_t k = 0; k < flow->conserved; k++) {
        flow->gradient(flow, k, watch->x, watch->gradient);
        double terms = 1;
        for (size_t i = 0; i < flow->dim; i++)
            terms = fmax(terms, fabs(watch->gradient[i] * watch->x[i]));
        const double offset = fabs(flow->observe(flow, k, watch->x) - watch->I0[k]);
        outcome->drift[k] = fmax(outcome->drift[k], offset / terms);
    }
}

/* f, J f and the drift of the conserved claims at the present state. */
static enum status look(struct watch *watch, struct outcome *outcome)
{
    const struct flow *flow = watch->flow;
    const size_t n = flow->dim;
    TRY(flow->field(flow, 1, watch->x, watch->f));
    if (watch->large) {
        TRY(flow_jacobian_times(flow, watch->x, watch->f, watch->Jf, watch->J));
        if (watch->looks++ % LOOKS == 0) {
            TRY(large_norm(watch->large, watch->x, &watch->J_size));
            look_at_integrals(watch, outcome);
        }
    } else {
        TRY(flow->jacobian(flow, watch->x, watch->J));
        for (size_t i = 0; i < n; i++)
            watch->Jf[i] = vector_dot(n, watch->J + i * n, watch->f);
        look_at_integrals(watch, outcome);
    }
    if (!isfinite(vector_norm(n, watch->f) + vector_norm(n, watch->x)))
        return status_fail(NOT_FINITE, "the field is not finite at t = %.6g", watch->t);
    return OK;
}

/* The leaf of the start, and |f| there with its rounding error. */
static enum status begin_leaf(struct watch *watch, const double *x0, double *residual,
                              double *floor)
{
    if (watch->large) {
        TRY(large_set_leaf(watch->large, x0));
        return large_residual(watch->large, x0, residual, floor);
    }
    fixed_point_set_leaf(watch->work, x0, watch->I0);
    if (fixed_point_leaf_dimension(watch->work) > 1 &&
        !(watch->error = global_error_create(watch->flow->dim)))
        return status_fail(NO_MEMORY, "watch: %s", watch->flow->title);
    return fixed_point_residual(watch->work, x0, residual, floor);
}

/* A large flow at rest: what its spectrum says, if there is one. */
static enum status end_large_at_rest(struct watch *watch, struct outcome *outcome)
{
    struct fixed_point point = {.found = false};
    double away = INFINITY;
    TRY(seek_large(watch, &point, &away));
    if (point.found && point.simple)
        close_at_point(watch, point.rate < 0 ? ENDING_SETTLED : ENDING_SADDLE, &point,
                       "starts on a fixed point", outcome);
    else
        close_outcome(watch, ENDING_HORIZON, "starts on a fixed point that is not decided",
                      outcome);
    return OK;
}

enum status watch_begin(struct watch *watch, const double *x0, struct outcome *outcome, bool *ended)
{
    const struct flow *flow = watch->flow;
    memcpy(watch->x, x0, flow->dim * sizeof(double));
    watch->t = 0;
    flow_integrals(flow, x0, watch->I0);
    growth_begin(&watch->growth,
                 vector_norm(flow->dim, x0)); /* first: a field that fails here did not blow up */
    TRY(look(watch, outcome));
    watch->section = (struct section){.wait = 1};
    *ended = false;
    if (watch->plan->no_endings)
        return OK;

    double residual = INFINITY, floor = 0;
    TRY(begin_leaf(watch, x0, &residual, &floor));
    if (residual <= floor) {
        TRY(watch->large ? end_large_at_rest(watch, outcome)
                         : end_at_rest(watch, residual, floor, outcome));
        *ended = true;
        return OK;
    }
    watch->next_attempt = residual;
    tail_step(&watch->tail, 0, residual);
    TRY(attempt(watch, outcome, ended));
    watch->next_attempt = ATTEMPT * residual;
    return OK;
}

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
    return NOISE * local_error(watch, vector_norm(watch->flow->dim, watch->x));
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

/* Notes where the error could have carried the state across a fixed point, and ends the run if the
 * trajectory goes on from there: what follows may belong to another one.  (E9) */
static bool leaves_doubt(struct watch *watch, struct outcome *outcome)
{
    if (watch->error) /* (E17) takes its place */
        return false;
    const size_t n = watch->flow->dim;
    const double size = vector_norm(n, watch->x);
    const struct doubt_state state = {.x = watch->x,
                                      .f = watch->f,
                                      .Jf = watch->Jf,
                                      .J_size = watch->large ? watch->J_size
                                                             : vector_norm(n * n, watch->J),
                                      .step_error = local_error(watch, size),
                                      .work = watch->work};
    if (doubt_applies(watch->flow, &state, watch->probe)) {
        watch->doubtful += watch->doubtful == 0;
        memcpy(watch->doubt, watch->x, n * sizeof(double));
    }
    if (watch->doubtful == 0)
        return false;
    const bool away = vector_distance(n, watch->x, watch->doubt) > capture_radius(watch, size);
    if (!away && ++watch->doubtful <= DOUBT_PATIENCE)
        return false;
    close_outcome(watch, ENDING_HORIZON,
                  away ? "passed within its error of a fixed point; try smaller tolerances" : LOST,
                  outcome);
    return true;
}

/* A blow-up whose time is not even known to this share is no blow-up to report. */
static bool time_is_known(const struct watch *watch, const struct escape *escape)
{
    return TIME_ERROR * watch->time_error + escape->error <=
           TIME_KNOWN * (watch->t + escape->time_to_go);
}

static void close_unbounded(struct watch *watch, double exponent, struct outcome *outcome)
{
    close_outcome(watch, ENDING_UNBOUNDED, "one growth law as far as it can be followed", outcome);
    outcome->exponent = outcome->ending == ENDING_UNBOUNDED ? exponent : NAN;
}

/* Follows growth, by an explicit method first: that is more exact. */
static enum status confirm_growth(const struct watch *watch, const struct escape_law *before,
                                  struct escape *escape)
{
    TRY(escape_confirm(watch->flow, watch->x, escape));
    if (escape->verdict != ESCAPE_NEITHER)
        return OK;
    return escape_stiff_confirm(watch->flow, watch->x, before, escape);
}

/* Follows growth that only its slope speaks of. */
static enum status check_stiff_growth(struct watch *watch, struct outcome *outcome, bool *ended)
{
    const struct escape_law by_slope = {watch->growth.slope.m, watch->growth.slope.steady_size};
    struct escape escape;
    TRY(confirm_growth(watch, &by_slope, &escape));
    *ended = escape.verdict == ESCAPE_GROWS;
    if (*ended)
        close_unbounded(watch, escape.exponent, outcome);
    else
        growth_dismiss_slope(&watch->growth);
    return OK;
}

/* Follows the suspicion of growth in its own time. */
static enum status check_escape(struct watch *watch, struct outcome *outcome, bool *ended)
{
    struct escape escape;
    const struct escape_law by_jacobian = {watch->growth.m, watch->growth.steady_size};
    TRY(confirm_growth(watch, &by_jacobian, &escape));
    *ended = true;
    if (escape.verdict == ESCAPE_GROWS) {
        close_unbounded(watch, escape.exponent, outcome);
    } else if (escape.verdict == ESCAPE_BLOWS_UP && time_is_known(watch, &escape)) {
        close_outcome(watch, ENDING_ESCAPED, "blow-up: one power law as far as it can be followed",
                      outcome);
        if (outcome->ending == ENDING_ESCAPED) {
            outcome->blowup_time = watch->t + escape.time_to_go;
            outcome->blowup_error = TIME_ERROR * watch->time_error + escape.error;
        }
    } else if (escape.verdict == ESCAPE_BLOWS_UP) {
        close_outcome(watch, ENDING_HORIZON,
                      "grows, but its error hides from where; try smaller tolerances", outcome);
    } else {
        growth_dismiss(&watch->growth);
        *ended = false;
    }
    return OK;
}

static enum status check_growth(struct watch *watch, struct outcome *outcome, bool *ended)
{
    const size_t n = watch->flow->dim;
    struct growth_state state = {.size = vector_norm(n, watch->x),
                                 .speed = vector_norm(n, watch->f)};
    for (size_t i = 0; i < n; i++) {
        const double unit = watch->x[i] / state.size;
        state.along += unit * (watch->f[i] / state.speed);
        state.stretch += unit * (watch->Jf[i] / state.speed);
    }
    const enum growth_verdict verdict = growth_step(&watch->growth, &state);
    if (verdict == GROWTH_SUSPICIOUS)
        return check_escape(watch, outcome, ended);
    return verdict == GROWTH_STIFF ? check_stiff_growth(watch, outcome, ended) : OK;
}

/* The integrator no longer knows its leaf: what it follows may belong to another start. */
static bool has_lost_its_leaf(struct watch *watch, struct outcome *outcome)
{
    for (size_t k = 0; k < watch->flow->conserved; k++)
        if (!(outcome->drift[k] <= DRIFT_MOST)) {
            close_outcome(watch, ENDING_HORIZON,
                          "has drifted off its first integrals; try smaller tolerances", outcome);
            return true;
        }
    return false;
}

enum status watch_step(struct watch *watch, double t, const double *x, struct outcome *outcome,
                       bool *ended)
{
    const size_t n = watch->flow->dim;
    watch->h = t - watch->t;
    memcpy(watch->x, x, n * sizeof(double));
    watch->t = t;
    *ended = false;
    TRY(look(watch, outcome));
    if (watch->error)
        global_error_step(watch->error, &(struct global_error_state){.x = x,
                                                                     .f = watch->f,
                                                                     .J = watch->J,
                                                                     .h = watch->h,
                                                                     .rtol = watch->plan->rtol,
                                                                     .atol = watch->plan->atol});
    watch->section.steps++;
    if (anchor_is_old(&watch->section))
        move_anchor(watch);
    arm_section(watch);
    watch->time_error += local_error(watch, vector_norm(n, x)) / vector_norm(n, watch->f);
    if (watch->plan->no_endings)
        return OK;
    *ended = has_lost_its_leaf(watch, outcome) || leaves_doubt(watch, outcome);
    if (!*ended)
        TRY(check_growth(watch, outcome, ended));
    const double ff = vector_dot(n, watch->f, watch->f), size_f = vector_norm(n, watch->f);
    if (*ended)
        return OK;
    if (size_f > 0)
        tail_step(&watch->tail, t, size_f);
    const bool affordable =
        !watch->large || large_is_affordable(watch->large, watch->section.steps);
    const bool fallen = affordable && size_f <= watch->next_attempt;
    /* raised again when |f| grows: the noise of |f| may lie above the |f| of the start */
    watch->next_attempt = fallen ? ATTEMPT * size_f : fmax(watch->next_attempt, ATTEMPT * size_f);
    if (fallen)
        TRY(attempt(watch, outcome, ended));
    const bool creeps =
        !*ended && creep_step(&watch->creep, t, -ff / vector_dot(n, watch->f, watch->Jf));
    if (creeps && affordable)
        TRY(attempt_creeping(watch, size_f, outcome, ended));
    return OK;
}

void watch_stuck(struct watch *watch, const char *reason, struct outcome *outcome)
{
    bool escapes = false;
    const bool checked =
        growth_is_steep(&watch->growth) && check_escape(watch, outcome, &escapes) == OK;
    if (checked && escapes)
        return;
    if (watch->doubtful > 0) /* CVODE gives up where it steps about in its own noise */
        close_outcome(watch, ENDING_HORIZON, LOST, outcome);
    else
        close_outcome(watch, ENDING_FAILED, reason, outcome);
}

enum status watch_switch(struct watch *watch, double t, const double *x, const int *at_zero,
                         struct outcome *outcome, bool *ended)
{
    long filippov;
    TRY(switch_cross(watch->flow, x, at_zero, &outcome->crossings, &filippov));
    *ended = filippov != SWITCH_NONE;
    if (!*ended)
        return OK;
    memcpy(watch->x, x, watch->flow->dim * sizeof(double));
    watch->t = t;
    char reason[REASON_MAX];
    snprintf(reason, sizeof reason,
             "Filippov point: across switch %ld the field does not keep its direction", filippov);
    close_outcome(watch, ENDING_HORIZON, reason, outcome);
    return OK;
}

void watch_horizon(struct watch *watch, const char *reason, struct outcome *outcome)
{
    close_outcome(watch, ENDING_HORIZON, reason, outcome);
}

/* ---- cycling ---- */

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
    TRY(look(watch, outcome));
    const double off = vector_distance(n, x, watch->anchor);
    section->events++;
    if (off <= return_radius(watch) && vector_dot(n, watch->f, watch->normal) > 0) {
        section->returns++;
        section->last_return = t;
        section->worst = fmax(section->worst, off);
    }
    if (section->returns >= RETURNS) {
        close_outcome(watch, ENDING_CYCLING, "returns to its own section again and again", outcome);
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
