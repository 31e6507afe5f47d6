/* Learning channels that learn, decay or follow, on networks with matrices.
 *
 *   arbp, asrbp      feedback adapts by the same products of signals: invariants (M5), bounded
 *                    weights (M18), but neither optimal nor convergent in general: traps with one
 *                    hidden unit, and a stable limit cycle of A[2,2,2,2] (M19)
 *   kolen-pollack    decay in both channels makes them symmetric: soft thresholds (M20)
 *   pfa              the same in the coordinates of a fixed matrix (M21)
 *   weight mirror    exact while the forward weights stand still (M22)
 *   sign symmetry    an invariant for each hidden unit (M6)
 *   noise            pretraining without targets aligns only what K has positive (M23)
 * Statements without a proof say that they are conjectures. */
#include "linear/matrix.h"
#include "linear/registry.h"
#include "proofs-check/conclude_network.h"
#include "proofs-check/sample_network.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define NOTES       "notes/networks.md "

static const double DRIFT_BOUND = 1e-9; /* a thousand local errors of the explicit integrator */
static const double LIMIT_BOUND = 1e-9; /* P at a polished limit: rounding times conditions */
static const double SHORT = 5;

typedef struct sample_network_sizes shape;

/* M[n*n] = left left' / `of_left` - right right' / `of_right`, ... as rho A A' - eta C C' */
static void gram_difference(const struct conclude_matrices *m, size_t i, double *G)
{
    const size_t n = m->shape.sizes[i];
    double right[INSTANCE_DIM_MAX];
    matrix_multiply_second_transposed(n, m->shape.sizes[i - 1], n, m->A[i], m->A[i], G);
    matrix_multiply_second_transposed(n, m->shape.columns[i], n, m->C[i], m->C[i], right);
    for (size_t k = 0; k < n * n; k++)
        G[k] = m->channel_rate[i] * G[k] - m->rate[i] * right[k];
}

/* D[N_i * columns] = eta_(i+1) C_i - rho_i (R A_(i+1))', R = I unless given */
static void channel_difference(const struct conclude_matrices *m, size_t i, const double *R,
                               double *D)
{
    const size_t n = m->shape.sizes[i], columns = m->shape.columns[i];
    double product[INSTANCE_DIM_MAX];
    if (R)
        matrix_multiply(columns, m->outputs, n, R, m->A[i + 1], product);
    else
        memcpy(product, m->A[i + 1], columns * n * sizeof *product);
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < columns; q++)
            D[p * columns + q] =
                m->rate[i + 1] * m->C[i][p * columns + q] - m->channel_rate[i] * product[q * n + p];
}

/* |now e^(decay t) - start|, relative */
static double decayed_distance(size_t count, double *now, const double *start, double decay,
                               double t)
{
    const double back = exp(decay * t);
    for (size_t k = 0; k < count; k++)
        now[k] *= back;
    return conclude_network_distance(count, now, start);
}

/* (M5), (M20), (M21): differences decay with lambda, Gram matrices with 2 lambda; constant without
 * decay.  A skipped channel has the difference next to the top only. */
static double adaptive_offset(const struct trial *trial, double t, const double *x)
{
    struct conclude_matrices now, start;
    double at_now[INSTANCE_DIM_MAX], at_start[INSTANCE_DIM_MAX], worst = 0;
    const struct problem *p = &trial->instance->problem;
    if (conclude_matrices_at(trial->instance, x, &now) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK)
        return NAN;
    for (size_t i = 1; i < now.layers; i++) {
        const size_t n = now.shape.sizes[i];
        const bool top = i + 1 == now.layers;
        const double *R = p->rule->product && top ? problem_feedback(p) : NULL;
        gram_difference(&now, i, at_now);
        gram_difference(&start, i, at_start);
        worst = fmax(worst, decayed_distance(n * n, at_now, at_start, 2 * p->lambda, t));
        if (p->rule->channel == CHANNEL_SKIPPED && !top)
            continue;
        channel_difference(&now, i, R, at_now);
        channel_difference(&start, i, R, at_start);
        worst =
            fmax(worst, decayed_distance(n * now.shape.columns[i], at_now, at_start, p->lambda, t));
    }
    return worst;
}

static enum status conclude_adaptive(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, SHORT, adaptive_offset, "difference of channels", finding);
}

/* ---- arbp, asrbp ---- */

static bool sample_adaptive(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {
        {3, {2, 3, 2}}, {4, {2, 2, 2, 2}}, {4, {3, 2, 3, 2}}, {3, {2, 1, 1}}};
    *instance = sample_network(index % 2 ? &rule_asrbp : &rule_arbp, &any[index / 2 % COUNT(any)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_rates(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

/* Decay on the forward weights only: neither law holds. */
static bool sample_unequal_decay(struct stream *stream, size_t index, struct instance *instance)
{
    static const double DECAY = 0.3;
    (void)index;
    *instance = sample_network(&rule_kolen_pollack, &(shape){3, {2, 3, 2}});
    sample_network_draw_data(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    instance->problem.decay_count = 3;
    instance->problem.decays[1] = DECAY;
    return true;
}

static bool sample_adaptive_layered(struct stream *stream, size_t index, struct instance *instance)
{
    return sample_adaptive(stream, 2 * index, instance);
}

static bool sample_open(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_network(&rule_srbp, &(shape){4, {2, 2, 1, 2}});
    sample_network_draw_target(stream, instance);
    sample_network_draw_feedback(stream, sample_network_spread, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

/* The largest |x| of the first third of the time, and of all. */
struct reach {
    size_t dim;
    double third, early, ever;
};

static void watch_reach(void *context, double t, const double *x)
{
    struct reach *reach = context;
    double square = 0;
    for (size_t k = 0; k < reach->dim; k++)
        square += x[k] * x[k];
    reach->ever = fmax(reach->ever, sqrt(square));
    if (t <= reach->third)
        reach->early = reach->ever;
}

/* |x| does not double after the first third of the time; linear growth triples it. */
static enum status conclude_bounded(struct trial *trial, enum finding *finding)
{
    static const double TIME = 600, THIRD = 200;
    struct reach reach = {.dim = trial->flow->dim, .third = THIRD};
    const struct outcome *outcome;
    trial->plan.horizon = TIME;
    trial->plan.no_endings = true;
    trial->plan.visit = watch_reach;
    trial->plan.context = &reach;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = reach.ever / reach.early;
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "|x| grows from %.4g to %.4g", reach.early,
                              reach.ever);
    return conclude_holds(finding);
}

/* A[2,2,2], reference limit by DOP853, rtol 1e-13. */
static bool sample_arbp_reference(struct stream *stream, size_t index, struct instance *instance)
{
    static const double W[] = {1, 0.5, -0.5, 2}, sigma[] = {1.5, 0.2, 0.2, 0.8};
    static const double x0[] = {0.3, -0.1, 0.2, 0.4, 0.1, 0.5, -0.2, 0.3, 0.6, -0.4, 0.1, 0.7};
    (void)stream;
    *instance = sample_network(&rule_arbp, &(shape){3, {2, 2, 2}});
    instance->problem.sigma_ii.count = COUNT(sigma);
    memcpy(instance->problem.sigma_ii.near, sigma, sizeof sigma);
    instance->problem.sigma_ti.count = COUNT(W);
    matrix_multiply(2, 2, 2, W, sigma, instance->problem.sigma_ti.near);
    memcpy(instance->x0, x0, sizeof x0);
    return index == 0;
}

static bool sample_arbp_elsewhere(struct stream *stream, size_t index, struct instance *instance)
{
    sample_arbp_reference(stream, 0, instance);
    instance->x0[0] *= -1;
    return index == 0;
}

static enum status conclude_arbp_reference(struct trial *trial, enum finding *finding)
{
    static const double limit[] = {1.171812065941568,   -0.6392073939290449, 0.20731689560827557,
                                   1.4295417914511992,  0.7334752917910446,  0.6777296302709837,
                                   -0.6247837988714224, 1.119682954165004};
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->deviation = conclude_network_distance(COUNT(limit), trial->outcome->limit, limit);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "the weights are off by %.3g", trial->deviation);
    return conclude_holds(finding);
}

/* A[2,1,1], Sigma_II = diag(1, 4), W = (1, 1), C_1 - A_2 = 1: C_1 = 0 on a curve of fixed points,
 * stable near A_1 = p. */
static void set_trap(double C, struct instance *instance)
{
    static const double p[] = {-1.437477254587, -0.804604824786};
    static const double sigma[] = {1, 0, 0, 4}, target[] = {1, 4};
    *instance = sample_network(&rule_arbp, &(shape){3, {2, 1, 1}});
    instance->problem.sigma_ii.count = COUNT(sigma);
    memcpy(instance->problem.sigma_ii.near, sigma, sizeof sigma);
    instance->problem.sigma_ti.count = COUNT(target);
    memcpy(instance->problem.sigma_ti.near, target, sizeof target);
    memcpy(instance->x0, p, sizeof p);
    instance->x0[2] = C - 1;
    instance->x0[3] = C;
}

static const double TRAPPED = 0.05; /* C_1 at the start */

static bool sample_trap(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    set_trap(TRAPPED, instance);
    return index == 0;
}

static bool sample_on_trap(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    set_trap(0, instance);
    return index == 0;
}

/* The same with Sigma_II = I, where the curve cannot be stable. */
static bool sample_white_trap(struct stream *stream, size_t index, struct instance *instance)
{
    sample_trap(stream, index, instance);
    instance->problem.sigma_ii.near[3] = instance->problem.sigma_ti.near[1] = 1;
    return index == 0;
}

/* Settled with |E| = 0.890853353649; reference: DOP853, rtol 1e-13. */
static enum status conclude_trapped(struct trial *trial, enum finding *finding)
{
    static const double ERROR = 0.890853353649;
    struct conclude_matrices m;
    double E[INSTANCE_DIM_MAX];
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    TRY(conclude_matrices_at(trial->instance, trial->outcome->limit, &m));
    conclude_network_error(&m, E, NULL);
    TRY(conclude_close(trial, "|E|", hypot(E[0], E[1]), ERROR, finding));
    if (*finding == FINDING_HOLDS && trial->outcome->ending != ENDING_SETTLED)
        return conclude_fails(trial, finding, "ends %s", ending_name(trial->outcome->ending));
    return OK;
}

/* The larger eigenvalue on the leaf of p is -0.245880287729. */
static enum status conclude_trap_rate(struct trial *trial, enum finding *finding)
{
    static const double RATE = -0.245880287729;
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    return rests ? conclude_close(trial, "rate", trial->outcome->transverse_rate, RATE, finding)
                 : OK;
}

/* A[2,2,2,2], arbp: a state on the cycle, after 1e5 units of time from the start below (explicit
 * integrator, rtol 1e-13): A_1 = (.2 .1; .2 .3), A_2 = (.4 -.4; -.2 -.6), A_3 = (.8 0; -.7 -.4),
 * C_1 = (-.2 -1.1; .5 -.8), C_2 = (-.5 -.1; .1 1). */
static bool sample_cycle(struct stream *stream, size_t index, struct instance *instance)
{
    static const double W[] = {-0.1, -1.6, 0.7, -1};
    static const double x0[] = {
        -0.43507115422991138, 0.77249698033311287,  -0.17854007486063561, 1.8257683418678259,
        0.81014502016134837,  0.61901629230206012,  -0.49351267104682567, -1.1482937737076726,
        0.45754734199457098,  0.946407569638823,    -1.1194127865653736,  -0.36213462076142011,
        0.21014502016142905,  -1.3935126710469108,  1.5190162923021289,   -1.3482937737076728,
        -0.84245265800538938, -0.51941278656567413, 1.0464075696388402,   1.0378653792385748};
    (void)stream;
    *instance = sample_network(&rule_arbp, &(shape){4, {2, 2, 2, 2}});
    sample_network_set_target(instance, W);
    memcpy(instance->x0, x0, sizeof x0);
    return index == 0;
}

/* The same with decay in both channels: Kolen and Pollack's rule. */
static bool sample_damped_cycle(struct stream *stream, size_t index, struct instance *instance)
{
    static const double DECAY = 0.05;
    sample_cycle(stream, index, instance);
    instance->problem.rule = &rule_kolen_pollack;
    instance->problem.lambda = DECAY;
    return index == 0;
}

/* The least and the largest |E| seen. */
struct error_range {
    const struct instance *instance;
    double least, most;
};

static void watch_error(void *context, double t, const double *x)
{
    struct error_range *range = context;
    struct conclude_matrices m;
    double E[INSTANCE_DIM_MAX], square = 0;
    (void)t;
    if (conclude_matrices_at(range->instance, x, &m) != OK)
        return;
    conclude_network_error(&m, E, NULL);
    for (size_t k = 0; k < m.outputs * m.inputs; k++)
        square += E[k] * E[k];
    range->least = fmin(range->least, sqrt(square));
    range->most = fmax(range->most, sqrt(square));
}

/* Cycles with the period 20.3434680735 and |E| from 0.3833097250 to 0.8984798609; the extremes are
 * met to second order in the steps only. */
static enum status conclude_cycle(struct trial *trial, enum finding *finding)
{
    static const double PERIOD = 20.3434680735, LEAST = 0.3833097250, MOST = 0.8984798609;
    static const double BETWEEN_STEPS = 1e-4, TIGHT = 1e-12;
    struct error_range range = {.instance = trial->instance, .least = INFINITY};
    const struct outcome *outcome;
    trial->plan.rtol = TIGHT;
    trial->plan.visit = watch_error;
    trial->plan.context = &range;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON)
        return conclude_undecided(trial, finding, "%s", outcome->reason);
    if (outcome->ending != ENDING_CYCLING)
        return conclude_fails(trial, finding, "ends %s", ending_name(outcome->ending));
    if (!(fabs(range.least - LEAST) <= BETWEEN_STEPS && fabs(range.most - MOST) <= BETWEEN_STEPS))
        return conclude_fails(trial, finding, "|E| from %.8g to %.8g", range.least, range.most);
    return conclude_close(trial, "period", outcome->period, PERIOD, finding);
}

/* x[n] after one period from the start moved by h along unknown j */
static enum status after_period(const struct trial *trial, double period, size_t j, double h,
                                double *x)
{
    static const double TIGHT = 1e-13;
    const size_t n = trial->flow->dim;
    double x0[INSTANCE_DIM_MAX];
    struct plan plan = trial->plan;
    struct outcome *outcome = outcome_create(trial->flow);
    if (!outcome)
        return status_fail(NO_MEMORY, "multipliers of %s", trial->theorem->id);
    plan.method = METHOD_RK8PD;
    plan.rtol = TIGHT;
    plan.atol = TIGHT;
    plan.horizon = period;
    plan.no_endings = true;
    memcpy(x0, trial->instance->x0, n * sizeof *x0);
    x0[j] += h;
    const enum status status = trajectory_run(trial->flow, &plan, x0, outcome);
    memcpy(x, outcome->last, n * sizeof *x);
    outcome_free(outcome);
    return status;
}

/* The monodromy matrix by central differences; its eigenvalues next to the two slowest multipliers
 * on record.  Fifteen ones belong to the invariants and to the phase. */
static enum status conclude_multipliers(struct trial *trial, enum finding *finding)
{
    static const double PERIOD = 20.3434680735, SLOW = 0.994958243913, NEXT = 0.975315312272;
    static const double STEP = 1e-4; /* error STEP^2, and 1e-13/STEP of the integrator */
    const size_t n = trial->flow->dim;
    double ahead[INSTANCE_DIM_MAX] = {0}, behind[INSTANCE_DIM_MAX] = {0};
    double M[INSTANCE_DIM_MAX * INSTANCE_DIM_MAX] = {0}, re[INSTANCE_DIM_MAX] = {0};
    double im[INSTANCE_DIM_MAX] = {0}, slow = INFINITY, next = INFINITY;
    for (size_t j = 0; j < n; j++) {
        TRY(after_period(trial, PERIOD, j, STEP, ahead));
        TRY(after_period(trial, PERIOD, j, -STEP, behind));
        for (size_t i = 0; i < n; i++)
            M[i * n + j] = (ahead[i] - behind[i]) / (2 * STEP);
    }
    TRY(matrix_eigenvalues(n, M, re, im));
    trial->measured = 0;
    for (size_t k = 0; k < n; k++) {
        slow = fmin(slow, hypot(re[k] - SLOW, im[k]));
        next = fmin(next, hypot(re[k] - NEXT, im[k]));
        trial->measured = fmax(trial->measured, hypot(re[k], im[k]));
    }
    trial->expected = 1;
    trial->deviation = fmax(fmax(slow, next), trial->measured - 1);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "off by %.3g and %.3g, largest %.6g", slow, next,
                              trial->measured);
    return conclude_holds(finding);
}

static bool sample_skipped_adaptive(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{4, {2, 2, 2, 2}}, {4, {1, 1, 1, 1}}, {3, {2, 2, 2}}};
    *instance = sample_network(&rule_asrbp, &any[index % COUNT(any)]);
    sample_network_draw_target(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

/* Chains, unit rates: (a + w c) e^(-w c_below) of (M9), w = 1 and -1, for layers below the top */
static double exponential_offset(const struct trial *trial, double t, const double *x)
{
    (void)t;
    struct conclude_matrices now, start;
    double worst = 0;
    if (conclude_matrices_at(trial->instance, x, &now) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK)
        return NAN;
    for (size_t i = 1; i + 1 < now.layers; i++)
        for (int w = -1; w <= 1; w += 2) {
            const double at_now = (now.A[i + 1][0] + w * now.C[i + 1][0]) * exp(-w * now.C[i][0]);
            const double at_start =
                (start.A[i + 1][0] + w * start.C[i + 1][0]) * exp(-w * start.C[i][0]);
            worst = fmax(worst, conclude_network_distance(1, &at_now, &at_start));
        }
    return worst;
}

static enum status conclude_exponentials(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, SHORT, exponential_offset, "exponentials", finding);
}

static bool sample_adaptive_chain(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{4, {1, 1, 1, 1}}, {5, {1, 1, 1, 1, 1}}};
    *instance = sample_network(&rule_asrbp, &any[index % COUNT(any)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_start(stream, 0.7, instance);
    return true;
}

static bool sample_layered_chain(struct stream *stream, size_t index, struct instance *instance)
{
    sample_adaptive_chain(stream, index, instance);
    instance->problem.rule = &rule_arbp;
    return true;
}

/* ---- decay in both channels, (M20), (M21) ---- */

static const double oracle_target[] = {2, 0.5, 0, -0.5, 1, 0.3, 0.2, 0, 0.4};
static const double oracle_product[] = {1, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1, 0};
static const double ORACLE_DECAY = 0.3;

static bool sample_decaying(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{3, {2, 3, 2}}, {3, {3, 2, 2}}, {4, {2, 2, 2, 2}}, {3, {2, 1, 3}}};
    *instance = sample_network(&rule_kolen_pollack, &any[index % COUNT(any)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    instance->problem.lambda = stream_between(stream, 0.1, 0.5);
    return true;
}

/* R decides the size of C_1, and so of the state. */
static size_t dim_of(const struct problem *problem)
{
    size_t dim = 0;
    const enum status status = problem_dim(problem, &dim);
    assert(status == OK && dim <= INSTANCE_DIM_MAX);
    (void)status;
    return dim;
}

static void draw_product(struct stream *stream, struct instance *instance)
{
    const struct problem *p = &instance->problem;
    const size_t outputs = p->sizes[p->size_count - 1], rows = outputs + 1;
    instance->problem.c_count = rows * outputs;
    for (size_t k = 0; k < rows * outputs; k++)
        instance->problem.c[k] = 0.5 * stream_normal(stream) + (k % (outputs + 1) == 0);
    instance->dim = dim_of(&instance->problem);
}

static bool sample_product(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{3, {2, 3, 2}}, {3, {3, 2, 2}}, {3, {2, 1, 2}}};
    *instance = sample_network(&rule_pfa, &any[index % COUNT(any)]);
    instance->problem.lambda = stream_between(stream, 0.1, 0.5);
    draw_product(stream, instance);
    sample_network_draw_data(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

/* First the oracle, a narrow layer, and decay above everything. */
enum { THRESHOLD_CORNERS = 3 };

static bool sample_threshold(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape corner[] = {{3, {3, 3, 3}}, {3, {3, 1, 3}}, {3, {3, 3, 3}}};
    static const shape any[] = {{3, {2, 3, 2}}, {3, {3, 2, 2}}, {3, {2, 1, 2}}, {3, {2, 2, 3}}};
    static const double STRONG = 3;
    const bool is_corner = index < THRESHOLD_CORNERS;
    *instance =
        sample_network(&rule_kolen_pollack, is_corner ? &corner[index] : &any[index % COUNT(any)]);
    instance->problem.lambda = index == 2 ? STRONG : ORACLE_DECAY;
    if (is_corner)
        sample_network_set_target(instance, oracle_target);
    else
        sample_network_draw_target(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

static bool sample_product_threshold(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{3, {2, 3, 2}}, {3, {3, 2, 2}}, {3, {2, 1, 2}}};
    if (index > 0) {
        *instance = sample_network(&rule_pfa, &any[index % COUNT(any)]);
        instance->problem.lambda = ORACLE_DECAY;
        draw_product(stream, instance);
        sample_network_draw_target(stream, instance);
    } else {
        *instance = sample_network(&rule_pfa, &(shape){3, {3, 3, 3}});
        instance->problem.lambda = ORACLE_DECAY;
        instance->problem.c_count = COUNT(oracle_product);
        memcpy(instance->problem.c, oracle_product, sizeof oracle_product);
        sample_network_set_target(instance, oracle_target);
        instance->dim = dim_of(&instance->problem);
    }
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

static bool sample_oracle(struct stream *stream, size_t index, struct instance *instance)
{
    sample_threshold(stream, 0, instance);
    return index == 0;
}

static bool sample_product_oracle(struct stream *stream, size_t index, struct instance *instance)
{
    sample_product_threshold(stream, 0, instance);
    return index == 0;
}

static enum status conclude_target(struct trial *trial, enum finding *finding)
{
    struct conclude_matrices m;
    TRY(conclude_matrices_at(trial->instance, trial->instance->x0, &m));
    return conclude_network_reaches(trial, m.W, finding);
}

/* Reference: numpy's SVD. */
static enum status conclude_oracle(struct trial *trial, enum finding *finding)
{
    static const double P[] = {1.7174835224729565, 0.4007151051551927,  0.018081747187895774,
                               -0.4070782443735,   0.7231087136441658,  0.2314670672486537,
                               0.1606301224665296, 0.05893831687338057, 0.10849307461548612};
    return conclude_network_reaches(trial, P, finding);
}

/* Reference: numpy's SVD and symmetric roots; the diagonal of P. */
static enum status conclude_product_oracle(struct trial *trial, enum finding *finding)
{
    static const double diagonal[] = {1.781084089254841, 0.880281306465444, 0.10997363634777628};
    double P[INSTANCE_DIM_MAX], seen[COUNT(diagonal)];
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->flow->output(trial->flow, trial->outcome->limit, P);
    for (size_t k = 0; k < COUNT(diagonal); k++)
        seen[k] = P[k * (COUNT(diagonal) + 1)];
    trial->deviation = conclude_network_distance(COUNT(diagonal), seen, diagonal);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "P is off by %.3g", trial->deviation);
    return conclude_holds(finding);
}

/* A[1,1,1] with decay on the top pair only. */
static bool sample_top_pair(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_network(&rule_kolen_pollack, &(shape){3, {1, 1, 1}});
    sample_network_set_target(instance, (double[]){stream_between(stream, 0.5, 2)});
    instance->problem.decay_count = 3;
    instance->problem.decays[1] = instance->problem.decays[2] = stream_between(stream, 0.1, 1);
    instance->x0[0] = stream_between(stream, 0.5, 1);
    instance->x0[1] = instance->x0[2] = stream_between(stream, 0.5, 1);
    return true;
}

static bool sample_both_pairs(struct stream *stream, size_t index, struct instance *instance)
{
    sample_top_pair(stream, index, instance);
    instance->problem.decays[0] = instance->problem.decays[1];
    return true;
}

/* a_1^4/(4 lambda s^2 t) -> 1 */
static enum status conclude_quarter_power(struct trial *trial, enum finding *finding)
{
    static const double TIME = 1e6, FOUR = 4;
    const struct problem *p = &trial->instance->problem;
    const struct outcome *outcome;
    trial->plan.horizon = TIME;
    trial->plan.no_endings = true;
    TRY(trial_outcome(trial, &outcome));
    const double a = outcome->last[0], s = p->sigma_ti.near[0];
    return conclude_close(trial, "a^4/(4 lambda s^2 t)",
                          pow(a, FOUR) / (FOUR * p->decays[1] * s * s * TIME), 1, finding);
}

/* ---- weight mirror, (M22) ---- */

static bool sample_frozen_mirror(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{3, {2, 3, 2}}, {4, {2, 2, 3, 2}}};
    *instance = sample_network(&rule_weight_mirror, &any[index % COUNT(any)]);
    const size_t L = instance->problem.size_count - 1;
    sample_network_draw_data(stream, instance);
    sample_network_draw_start(stream, 1, instance);
    instance->problem.lambda = stream_between(stream, 0.3, 1);
    instance->problem.mirror = stream_between(stream, 0.3, 2);
    instance->problem.rate_count = 2 * L - 1;
    for (size_t k = L; k < 2 * L - 1; k++)
        instance->problem.rates[k] = 1;
    return true;
}

static bool sample_learning_mirror(struct stream *stream, size_t index, struct instance *instance)
{
    sample_frozen_mirror(stream, index, instance);
    for (size_t k = 0; k < instance->problem.rate_count; k++)
        instance->problem.rates[k] = 1;
    return true;
}

/* C_i = k A_(i+1)' + (C_i(0) - k A_(i+1)') e^(-lambda t), k = sigma^2/lambda */
static double mirror_offset(const struct trial *trial, double t, const double *x)
{
    const struct problem *p = &trial->instance->problem;
    struct conclude_matrices now, start;
    double expected[INSTANCE_DIM_MAX], worst = 0;
    if (conclude_matrices_at(trial->instance, x, &now) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK)
        return NAN;
    for (size_t i = 1; i < now.layers; i++) {
        const size_t n = now.shape.sizes[i], columns = now.shape.columns[i];
        for (size_t r = 0; r < n; r++)
            for (size_t c = 0; c < columns; c++) {
                const double target = p->mirror / p->lambda * start.A[i + 1][c * n + r];
                expected[r * columns + c] =
                    target + (start.C[i][r * columns + c] - target) * exp(-p->lambda * t);
            }
        worst = fmax(worst, conclude_network_distance(n * columns, now.C[i], expected));
    }
    return worst;
}

static enum status conclude_mirrored(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, SHORT, mirror_offset, "C(t)", finding);
}

static bool sample_mirror(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{3, {2, 2, 2}}, {3, {3, 2, 3}}, {3, {2, 1, 2}}};
    *instance = sample_network(&rule_weight_mirror, &any[index % COUNT(any)]);
    sample_network_draw_target(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    instance->problem.lambda = instance->problem.mirror = 1;
    return true;
}

static bool sample_narrow_fixed(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_network(&rule_rbp, &(shape){3, {2, 1, 2}});
    sample_network_draw_target(stream, instance);
    sample_network_draw_feedback(stream, sample_network_spread, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

/* ---- sign symmetry, (M6), (M8) ---- */

static bool sample_signs(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{3, {2, 3, 2}}, {3, {3, 3, 3}}, {4, {2, 2, 3, 2}}};
    *instance = sample_network(&rule_sign_symmetry, &any[index % COUNT(any)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_rates(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

static bool sample_one_output(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{3, {2, 3, 1}}, {3, {3, 2, 1}}, {3, {1, 2, 1}}};
    *instance = sample_network(&rule_sign_symmetry, &any[index % COUNT(any)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

static bool sample_fixed_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    sample_signs(stream, index, instance);
    instance->problem.rule = &rule_rbp;
    sample_network_draw_feedback(stream, sample_network_spread, instance);
    return true;
}

static bool sample_opposed(struct stream *stream, size_t index, struct instance *instance)
{
    sample_one_output(stream, index, instance);
    instance->problem.rule = &rule_rbp;
    sample_network_draw_feedback(stream, sample_network_spread, instance);
    for (size_t k = 0; k < instance->problem.c_count; k++)
        instance->problem.c[k] *= -1;
    return true;
}

/* eta_(i+1) |row p of A_i|^2/2 - eta_i |column p of A_(i+1)|_1 */
static void signed_balance(const struct conclude_matrices *m, size_t i, double *balance)
{
    const size_t n = m->shape.sizes[i], below = m->shape.sizes[i - 1];
    for (size_t p = 0; p < n; p++) {
        balance[p] = 0;
        for (size_t q = 0; q < below; q++)
            balance[p] += m->rate[i + 1] * m->A[i][p * below + q] * m->A[i][p * below + q] / 2;
        for (size_t q = 0; q < m->shape.sizes[i + 1]; q++)
            balance[p] -= m->rate[i] * fabs(m->A[i + 1][q * n + p]);
    }
}

static double signed_offset(const struct trial *trial, double t, const double *x)
{
    (void)t;
    struct conclude_matrices now, start;
    double at_now[INSTANCE_DIM_MAX], at_start[INSTANCE_DIM_MAX], worst = 0;
    if (conclude_matrices_at(trial->instance, x, &now) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK)
        return NAN;
    for (size_t i = 1; i < now.layers; i++) {
        signed_balance(&now, i, at_now);
        signed_balance(&start, i, at_start);
        worst = fmax(worst, conclude_network_distance(now.shape.sizes[i], at_now, at_start));
    }
    return worst;
}

static enum status conclude_signed(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, SHORT, signed_offset, "balance of signs", finding);
}

/* The positive part of d(loss)/dt, by a central difference along the field. */
static double loss_rise(const struct trial *trial, double t, const double *x)
{
    static const double STEP = 1e-6; /* error STEP^2 times third derivatives, and rounding/STEP */
    const struct flow *flow = trial->flow;
    double f[INSTANCE_DIM_MAX], ahead[INSTANCE_DIM_MAX], behind[INSTANCE_DIM_MAX];
    (void)t;
    if (flow->field(flow, 1, x, f) != OK)
        return NAN;
    for (size_t k = 0; k < flow->dim; k++) {
        ahead[k] = x[k] + STEP * f[k];
        behind[k] = x[k] - STEP * f[k];
    }
    const double slope = (flow->loss(flow, ahead) - flow->loss(flow, behind)) / (2 * STEP);
    return fmax(0, slope);
}

static enum status conclude_loss_falls(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, SHORT, loss_rise, "the loss rises", finding);
}

/* ---- noise pretraining, (M23) ---- */

/* A_1 = U diag(a) V', A_2 = U diag(m) U', C_1 = I; K = U diag(2m - a^2) U' */
static bool sample_commuting_noise(struct stream *stream, size_t index, struct instance *instance)
{
    enum { ORDER = 3 };
    double U[ORDER * ORDER], V[ORDER * ORDER];
    *instance = sample_network(&rule_noise_pretraining, &(shape){3, {ORDER, ORDER, ORDER}});
    sample_network_orthonormal(stream, ORDER, ORDER, U);
    sample_network_orthonormal(stream, ORDER, ORDER, V);
    for (size_t k = 0; k < ORDER; k++) {
        const double a = stream_between(stream, 0.5, 1.5);
        const double k_sign = (index + k) % 2 ? 1 : -1;
        const double m = (a * a + k_sign * stream_between(stream, 0.3, 1)) / 2;
        for (size_t p = 0; p < ORDER; p++)
            for (size_t q = 0; q < ORDER; q++) {
                const size_t at = p * ORDER + q;
                instance->x0[at] += U[p * ORDER + k] * a * V[q * ORDER + k];
                instance->x0[ORDER * ORDER + at] += U[p * ORDER + k] * m * U[q * ORDER + k];
            }
    }
    return true;
}

static bool sample_noise(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_network(&rule_noise_pretraining, &(shape){3, {3, 3, 3}});
    sample_network_draw_feedback(stream, sample_network_spread, instance);
    sample_network_draw_start(stream, 1, instance);
    return true;
}

/* First: K has one positive eigenvalue, and C_1 A_2 ends with rank 2. */
static bool sample_noise_rank(struct stream *stream, size_t index, struct instance *instance)
{
    static const double c[] = {1.1, 0.2, 0.6, 0, 0.6, 0, -0.7, 0, 1.3};
    static const double x0[] = {-0.3, -1.1, -0.3, 0.1, -1.2, -1,   0, -1.2, -1.1,
                                -1.2, -0.1, -1.4, 0.2, -0.7, -1.1, 1, -0.4, 0.1};
    sample_noise(stream, index, instance);
    if (index == 0) {
        memcpy(instance->problem.c, c, sizeof c);
        memcpy(instance->x0, x0, sizeof x0);
    }
    return true;
}

/* K < 0: large A_1, small A_2 */
static bool sample_negative_noise(struct stream *stream, size_t index, struct instance *instance)
{
    enum { ORDER = 3 };
    static const double SMALL = 0.2;
    (void)index;
    *instance = sample_network(&rule_noise_pretraining, &(shape){3, {ORDER, ORDER, ORDER}});
    sample_network_draw_feedback(stream, SMALL, instance);
    sample_network_draw_start(stream, SMALL, instance);
    for (size_t k = 0; k < ORDER; k++)
        instance->x0[k * ORDER + k] += 2;
    return true;
}

static bool sample_resting_noise(struct stream *stream, size_t index, struct instance *instance)
{
    sample_noise(stream, index, instance);
    memset(instance->x0 + instance->dim / 2, 0, instance->dim / 2 * sizeof *instance->x0);
    return true;
}

/* First a start with K < 0, then any. */
static bool sample_every_noise(struct stream *stream, size_t index, struct instance *instance)
{
    return index == 0 ? sample_negative_noise(stream, index, instance)
                      : sample_noise(stream, index, instance);
}

static const double NOISE_TIME = 400; /* the slowest modes drawn fall like e^(-0.3 t) */

/* M = C_1 A_2 and S = A_1 A_1' of a state */
static enum status noise_matrices(const struct trial *trial, const double *x,
                                  struct conclude_matrices *m, double *M, double *S)
{
    TRY(conclude_matrices_at(trial->instance, x, m));
    const size_t n = m->shape.sizes[1];
    matrix_multiply(n, m->outputs, n, m->C[1], m->A[2], M);
    matrix_multiply_second_transposed(n, m->inputs, n, m->A[1], m->A[1], S);
    return OK;
}

/* K[n*n] at the start, its eigenvalues (increasing) and vectors */
static enum status noise_spectrum(const struct trial *trial, double *value, double *vector)
{
    struct conclude_matrices m;
    double M[INSTANCE_DIM_MAX] = {0}, S[INSTANCE_DIM_MAX] = {0};
    TRY(noise_matrices(trial, trial->instance->x0, &m, M, S));
    const size_t n = m.shape.sizes[1];
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++)
            S[p * n + q] = M[p * n + q] + M[q * n + p] - S[p * n + q];
    return matrix_symmetric_eigenvalues(n, S, value, vector);
}

static enum status run_noise(struct trial *trial, const struct outcome **outcome)
{
    trial->plan.horizon = NOISE_TIME;
    trial->plan.no_endings = true;
    return trial_outcome(trial, outcome);
}

/* M -> K_+/2 and A_1 A_1' -> K_- */
static enum status conclude_half_positive_part(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    struct conclude_matrices m;
    double value[INSTANCE_DIM_MAX], vector[INSTANCE_DIM_MAX], M[INSTANCE_DIM_MAX];
    double S[INSTANCE_DIM_MAX], half[INSTANCE_DIM_MAX] = {0}, minus[INSTANCE_DIM_MAX] = {0};
    TRY(run_noise(trial, &outcome));
    TRY(noise_spectrum(trial, value, vector));
    TRY(noise_matrices(trial, outcome->last, &m, M, S));
    const size_t n = m.shape.sizes[1];
    for (size_t k = 0; k < n; k++)
        for (size_t p = 0; p < n; p++)
            for (size_t q = 0; q < n; q++) {
                const double both = vector[p * n + k] * vector[q * n + k];
                half[p * n + q] += fmax(value[k], 0) / 2 * both;
                minus[p * n + q] += fmax(-value[k], 0) * both;
            }
    trial->deviation =
        fmax(conclude_network_distance(n * n, M, half), conclude_network_distance(n * n, S, minus));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "C_1 A_2 is off K_+/2 by %.3g", trial->deviation);
    return conclude_holds(finding);
}

static double trace(size_t n, const double *M)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += M[k * n + k];
    return sum;
}

/* A_2 -> 0 and |A_1|^2 -> |A_1(0)|^2 - 2 tr C_1 A_2(0) */
static enum status conclude_forgets(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    struct conclude_matrices now, start;
    double M[INSTANCE_DIM_MAX] = {0}, S[INSTANCE_DIM_MAX] = {0};
    double M0[INSTANCE_DIM_MAX] = {0}, S0[INSTANCE_DIM_MAX] = {0};
    double zero[INSTANCE_DIM_MAX] = {0};
    TRY(run_noise(trial, &outcome));
    TRY(noise_matrices(trial, trial->instance->x0, &start, M0, S0));
    TRY(noise_matrices(trial, outcome->last, &now, M, S));
    const size_t n = now.shape.sizes[1];
    const double off = conclude_network_distance(n * now.outputs, now.A[2], zero);
    TRY(conclude_close(trial, "|A_1|^2", trace(n, S), trace(n, S0) - 2 * trace(n, M0), finding));
    trial->deviation = fmax(trial->deviation, off);
    if (*finding == FINDING_HOLDS && !(off <= trial->theorem->bound))
        return conclude_fails(trial, finding, "A_2 is still %.3g", off);
    return OK;
}

static enum status conclude_at_rest(struct trial *trial, enum finding *finding)
{
    double f[INSTANCE_DIM_MAX];
    TRY(trial->flow->field(trial->flow, 1, trial->instance->x0, f));
    trial->deviation = 0;
    for (size_t k = 0; k < trial->flow->dim; k++)
        trial->deviation = fmax(trial->deviation, fabs(f[k]));
    if (trial->deviation > 0)
        return conclude_fails(trial, finding, "it moves with speed %.3g", trial->deviation);
    return conclude_holds(finding);
}

/* tr C_1 A_2 / (|C_1| |A_2|) above 0.1 at the end: more than chance in nine dimensions */
static enum status conclude_aligned(struct trial *trial, enum finding *finding)
{
    static const double ALIGNED = 0.1;
    const struct outcome *outcome;
    struct conclude_matrices m;
    double M[INSTANCE_DIM_MAX] = {0}, S[INSTANCE_DIM_MAX], A = 0, C = 0;
    TRY(run_noise(trial, &outcome));
    TRY(noise_matrices(trial, outcome->last, &m, M, S));
    const size_t n = m.shape.sizes[1], count = n * m.outputs;
    for (size_t k = 0; k < count; k++) {
        A += m.A[2][k] * m.A[2][k];
        C += m.C[1][k] * m.C[1][k];
    }
    trial->measured = trace(n, M) / sqrt(A * C);
    trial->deviation = sqrt(A);
    if (!(sqrt(A) > trial->theorem->bound))
        return conclude_fails(trial, finding, "A_2 has decayed to %.3g", sqrt(A));
    if (!(trial->measured > ALIGNED))
        return conclude_fails(trial, finding, "the cosine is %.4g", trial->measured);
    return conclude_holds(finding);
}

/* Singular values s[n] of M at the end; how many are not zero. */
static enum status rank_at_end(struct trial *trial, size_t *n, double *s, size_t *rank)
{
    const struct outcome *outcome;
    struct conclude_matrices m;
    double M[INSTANCE_DIM_MAX], S[INSTANCE_DIM_MAX];
    TRY(run_noise(trial, &outcome));
    TRY(noise_matrices(trial, outcome->last, &m, M, S));
    *n = m.shape.sizes[1];
    *rank = 0;
    TRY(matrix_singular_values(*n, *n, M, s, NULL, NULL));
    for (size_t k = 0; k < *n; k++)
        *rank += s[k] > trial->theorem->bound;
    trial->deviation = 0;
    return OK;
}

/* rank of M at the end = number of positive eigenvalues of K */
static enum status conclude_rank(struct trial *trial, enum finding *finding)
{
    double value[INSTANCE_DIM_MAX] = {0}, vector[INSTANCE_DIM_MAX], s[INSTANCE_DIM_MAX] = {0};
    size_t n = 0, rank = 0, positive = 0;
    TRY(rank_at_end(trial, &n, s, &rank));
    TRY(noise_spectrum(trial, value, vector));
    for (size_t k = 0; k < n; k++)
        positive += value[k] > 0;
    if (rank != positive)
        return conclude_fails(trial, finding,
                              "rank %zu (singular values %.3g, %.3g, %.3g), but K "
                              "has %zu positive eigenvalues",
                              rank, s[0], s[1], s[2], positive);
    return conclude_holds(finding);
}

/* False on purpose. */
static enum status conclude_full_rank(struct trial *trial, enum finding *finding)
{
    double s[INSTANCE_DIM_MAX] = {0};
    size_t n = 0, rank = 0;
    TRY(rank_at_end(trial, &n, s, &rank));
    return rank < n ? conclude_fails(trial, finding, "rank %zu", rank) : conclude_holds(finding);
}

/* ---- the records ---- */

static const struct theorem records[] = {
    {
        .id = "networks-adaptive-invariants",
        .source = "Baldi and Sadowski, arXiv 1712.08608; " NOTES "(M5)",
        .hypotheses =
            "A[N_0,...,N_L] under arbp or asrbp, all sizes, rates eta_i, rho_i, no decay; "
            "any data, any start",
        .statement = "arbp: eta_(i+1) C_i - rho_i A_(i+1)' and rho_i A_i A_i' - eta_i C_i C_i' are "
                     "conserved; asrbp: the first next to the top only",
        .label = "M5",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .bound = DRIFT_BOUND,
        .sample = sample_adaptive,
        .conclude = conclude_adaptive,
        .control = {.what = "decay of the upper layer only", .sample = sample_unequal_decay},
    },
    {
        .id = "networks-asrbp-exponentials",
        .source = NOTES "(M9)",
        .hypotheses = "A[1,...,1] under asrbp, unit rates, no decay; any start; i + 1 < L",
        .statement = "(a_(i+1) + c_(i+1)) e^(-c_i) and (a_(i+1) - c_(i+1)) e^(c_i) are conserved",
        .label = "M9",
        .recorded = VERDICT_PROVED,
        .trials = 60,
        .bound = DRIFT_BOUND,
        .sample = sample_adaptive_chain,
        .conclude = conclude_exponentials,
        .control = {.what = "arbp", .sample = sample_layered_chain},
        .proof = &proof_conserved_exponentials,
    },
    {
        .id = "networks-arbp-bounded",
        .source = NOTES "(M18)",
        .hypotheses = "A[N_0,...,N_L] under arbp, any depth, Sigma_II > 0, positive rates; any "
                      "start; tried: L = 2, 3",
        .statement = "the weights stay bounded",
        .label = "M18",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .bound = 2,
        .sample = sample_adaptive_layered,
        .conclude = conclude_bounded,
        .control = {.what = "srbp through a narrow layer", .sample = sample_open},
    },
    {
        .id = "networks-arbp-reference",
        .source = NOTES "(M18), example",
        .hypotheses = "A[2,2,2] under arbp, W = (1 .5; -.5 2), Sigma_II = (1.5 .2; .2 .8); one "
                      "start, that of the witness",
        .statement = "its limit to 15 digits",
        .label = "M18",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 1e-9, /* the limit depends on the leaf, known to 1e-10 */
        .sample = sample_arbp_reference,
        .conclude = conclude_arbp_reference,
        .control = {.what = "another start", .sample = sample_arbp_elsewhere},
    },
    {
        .id = "networks-arbp-optimum-published",
        .source = "after Baldi and Sadowski, arXiv 1712.08608",
        .hypotheses = "A[N0,N1,N2] under arbp, Sigma_II > 0; almost any start; tried: A[2,1,1], "
                      "Sigma_II = diag(1, 4), one of an open set of starts",
        .statement = "the weights converge to a global minimum",
        .label = "M19",
        .recorded = VERDICT_REFUTED,
        .trials = 1,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_trap,
        .conclude = conclude_network_optimum,
        .control = {.what = "two hidden layers, a start that cycles", .sample = sample_cycle},
    },
    {
        .id = "networks-arbp-trap",
        .source = NOTES "(M19)",
        .hypotheses = "A[2,1,1] under arbp, Sigma_II = diag(1, 4), W = (1, 1), C_1 - A_2 = 1 at "
                      "the start; tried: one start",
        .statement =
            "an open set of starts settles where C_1 = 0, with |E| = 0.890853353649 from one",
        .label = "M19",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 1e-8, /* of |E| along the curve, by the error of the leaf */
        .sample = sample_trap,
        .conclude = conclude_trapped,
        .control = {.what = "Sigma_II = I", .sample = sample_white_trap},
    },
    {
        .id = "networks-arbp-trap-rate",
        .source = NOTES "(M19)",
        .hypotheses = "A[2,1,1] under arbp, Sigma_II = diag(1, 4), W = (1, 1), C_1 - A_2 = 1; the "
                      "fixed point C_1 = 0, A_1 = (-1.437477254587, -0.804604824786)",
        .statement = "there the larger eigenvalue within the leaf is -0.245880287729",
        .label = "M19",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 1e-9, /* p is known to twelve digits */
        .sample = sample_on_trap,
        .conclude = conclude_trap_rate,
        .control = {.what = "further along the curve", .sample = sample_trap},
    },
    {
        .id = "networks-arbp-converges-published",
        .source = "after Baldi and Sadowski, arXiv 1712.08608, if depth is not restricted",
        .hypotheses =
            "A[N_0,...,N_L] under arbp, Sigma_II > 0, any depth; almost any start; tried: "
            "one of the basin of a cycle of A[2,2,2,2]",
        .statement = "the weights converge",
        .label = "M19",
        .recorded = VERDICT_REFUTED,
        .trials = 1,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_cycle,
        .conclude = conclude_converges,
        .control = {.what = "srbp through a narrow layer, judged by bounds",
                    .sample = sample_open,
                    .conclude = conclude_bounded},
    },
    {
        .id = "networks-arbp-cycle",
        .source = NOTES "(M19), measured",
        .hypotheses = "A[2,2,2,2] under arbp, Sigma_II = I, W = (-.1 -1.6; .7 -1); one leaf, that "
                      "of the witness",
        .statement = "there is a cycle of period 20.3434680735, |E| from 0.38330972 to 0.89847986",
        .label = "M19",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 1e-8, /* sixteen returns at the referee's tolerance */
        .sample = sample_cycle,
        .conclude = conclude_cycle,
        .control = {.what = "decay in both channels", .sample = sample_damped_cycle},
    },
    {
        .id = "networks-arbp-cycle-attracts",
        .source = NOTES "(M19), measured",
        .hypotheses = "A[2,2,2,2] under arbp, Sigma_II = I, W = (-.1 -1.6; .7 -1); the cycle of "
                      "networks-arbp-cycle",
        .statement = "its multipliers over a period are 1 for the invariants and the phase, "
                     "0.994958244, 0.975315312, and smaller ones",
        .label = "M19",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 1e-5, /* of differences with a step of 1e-4; measured 1.3e-7 */
        .sample = sample_cycle,
        .conclude = conclude_multipliers,
        .control = {.what = "decay in both channels", .sample = sample_damped_cycle},
    },
    {
        .id = "networks-asrbp-optimum",
        .source = NOTES "(M19), conjecture",
        .hypotheses =
            "A[N_0,...,N_L] under asrbp, Sigma_II > 0, no narrow layer; almost any start; "
            "tried: A[2,2,2,2], A[1,1,1,1], A[2,2,2], Sigma_II = I",
        .statement =
            "Conjecture: the weights converge to a global minimum from almost every start.",
        .label = "M19",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .bound = LIMIT_BOUND,
        .sample = sample_skipped_adaptive,
        .conclude = conclude_network_optimum,
        .control = {.what = "arbp", .sample = sample_cycle},
    },
    {
        .id = "networks-kolen-pollack-exponentials",
        .source = "Kolen and Pollack (1994); " NOTES "(M20)",
        .hypotheses = "A[N_0,...,N_L] under kolen-pollack, any depth, unit rates, decay lambda in "
                      "both channels; any data, any start",
        .statement =
            "(A_(i+1)' - C_i) e^(lambda t) and (A_i A_i' - C_i C_i') e^(2 lambda t) are constant",
        .label = "M20",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .bound = DRIFT_BOUND,
        .sample = sample_decaying,
        .conclude = conclude_adaptive,
        .control = {.what = "decay of the upper layer only", .sample = sample_unequal_decay},
    },
    {
        .id = "networks-kolen-pollack-threshold",
        .source = NOTES "(M20)",
        .hypotheses = "A[N0,N1,N2] under kolen-pollack, lambda > 0, Sigma_II = I, W = U s V' "
                      "(singular values); almost any start",
        .statement = "P -> U (s - lambda)_+ V', the first N_1 modes of them",
        .label = "M20",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .corners = THRESHOLD_CORNERS,
        .bound = LIMIT_BOUND,
        .sample = sample_threshold,
        .conclude = conclude_network_output,
        .control = {.what = "false conclusion: P -> W",
                    .sample = sample_threshold,
                    .conclude = conclude_target},
    },
    {
        .id = "networks-kolen-pollack-oracle",
        .source = NOTES "(M20), example",
        .hypotheses = "A[3,3,3] under kolen-pollack, Sigma_II = I, W = (2 .5 0; -.5 1 .3; .2 0 "
                      ".4), lambda = 0.3; a normal start",
        .statement = "P to 15 digits",
        .label = "M20",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 1e-12, /* rounding, twice */
        .sample = sample_oracle,
        .conclude = conclude_oracle,
        .control = {.what = "with a fixed matrix R (pfa)", .sample = sample_product_oracle},
    },
    {
        .id = "networks-kolen-pollack-top-pair",
        .source = NOTES "(M20)",
        .hypotheses = "A[1,1,1] under kolen-pollack with decay lambda > 0 on a_2 and c_1 only, W = "
                      "s > 0; a start with a_1 > 0, a_2 = c_1 > 0",
        .statement = "P -> W, but a_1^4 ~ 4 lambda s^2 t",
        .label = "M20",
        .recorded = VERDICT_SUPPORTED,
        .trials = 20,
        .bound = 0.01, /* the ratio differs from 1 like 1/sqrt(t); 0.0005 at 1e6 */
        .sample = sample_top_pair,
        .conclude = conclude_quarter_power,
        .control = {.what = "decay on all weights", .sample = sample_both_pairs},
    },
    {
        .id = "networks-pfa-exponentials",
        .source = "Ji-An and Benna, arXiv 2405.20594; " NOTES "(M21)",
        .hypotheses = "A[N0,N1,N2] under pfa, lambda > 0, any R, unit rates; any data, any start",
        .statement =
            "(C_1 - A_2'R') e^(lambda t) and (A_1 A_1' - C_1 C_1') e^(2 lambda t) are constant",
        .label = "M21",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = DRIFT_BOUND,
        .sample = sample_product,
        .conclude = conclude_adaptive,
        .control = {.what = "decay of the upper layer only", .sample = sample_unequal_decay},
    },
    {
        .id = "networks-pfa-threshold",
        .source = NOTES "(M21)",
        .hypotheses =
            "A[N0,N1,N2] under pfa, lambda > 0, Sigma_II = I, G = R'R > 0; almost any start",
        .statement = "P -> G^(-1/2) soft_lambda(G^(1/2) W)",
        .label = "M21",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_product_threshold,
        .conclude = conclude_network_output,
        .control = {.what = "false conclusion: P -> W",
                    .sample = sample_product_threshold,
                    .conclude = conclude_target},
    },
    {
        .id = "networks-pfa-oracle",
        .source = NOTES "(M21), example",
        .hypotheses = "A[3,3,3] under pfa, Sigma_II = I, W = (2 .5 0; -.5 1 .3; .2 0 .4), lambda = "
                      "0.3, R = (1 0 0; 0 2 0; 0 0 1; 1 1 0); a normal start",
        .statement = "the diagonal of P",
        .label = "M21",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 1e-12, /* rounding, twice */
        .sample = sample_product_oracle,
        .conclude = conclude_product_oracle,
        .control = {.what = "without R (kolen-pollack)", .sample = sample_oracle},
    },
    {
        .id = "networks-mirror-frozen",
        .source = "Akrout et al. (2019); " NOTES "(M22)",
        .hypotheses = "A[N_0,...,N_L] under the weight mirror, lambda > 0, forward weights that "
                      "stand still (their rates are 0); any start; tried: L = 2, 3",
        .statement = "C_i = k A_(i+1)' + (C_i(0) - k A_(i+1)') e^(-lambda t), k = sigma^2/lambda",
        .label = "M22",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = DRIFT_BOUND,
        .sample = sample_frozen_mirror,
        .conclude = conclude_mirrored,
        .control = {.what = "forward weights that learn", .sample = sample_learning_mirror},
    },
    {
        .id = "networks-mirror-optimum",
        .source = NOTES "(M22), conjecture",
        .hypotheses =
            "A[N0,N1,N2] under the weight mirror, lambda = sigma^2 = 1, Sigma_II = I, narrow "
            "layers included; almost any start; tried: A[2,2,2], A[3,2,3], A[2,1,2]",
        .statement = "Conjecture: the weights end at a global minimum from almost every start, "
                     "through a narrow layer, too.",
        .label = "M22",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .bound = LIMIT_BOUND,
        .sample = sample_mirror,
        .conclude = conclude_network_optimum,
        .control = {.what = "fixed feedback through a narrow layer", .sample = sample_narrow_fixed},
    },
    {
        .id = "networks-signs-invariants",
        .source = NOTES "(M6)",
        .hypotheses = "A[N_0,...,N_L] under sign symmetry, rates eta_i, no decay; any data, any "
                      "start; tried: L = 2, 3",
        .statement = "eta_(i+1) |row p of A_i|^2/2 - eta_i |column p of A_(i+1)|_1 is conserved, "
                     "through all changes of sign",
        .label = "M6",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = DRIFT_BOUND,
        .sample = sample_signs,
        .conclude = conclude_signed,
        .control = {.what = "fixed feedback", .sample = sample_fixed_feedback},
    },
    {
        .id = "networks-signs-loss",
        .source = NOTES "(M8)",
        .hypotheses = "A[N0,N1,1] under sign symmetry, one hidden layer, one output, unit rates; "
                      "any data, any start",
        .statement = "the loss never rises",
        .label = "M8",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .bound = 1e-7, /* of a difference of losses of order ten: rounding/STEP is 1e-9 */
        .sample = sample_one_output,
        .conclude = conclude_loss_falls,
        .control = {.what = "fixed feedback that opposes the forward weights",
                    .sample = sample_opposed},
    },
    {
        .id = "networks-noise-commuting",
        .source = NOTES "(M23)",
        .hypotheses =
            "A[n,n,n] under noise-pretraining, C_1 = I; a start with A_1 A_1' and a symmetric C_1 "
            "A_2 that commute; K = C_1 A_2 + (C_1 A_2)' - A_1 A_1' = K_+ - K_-; tried: n = 3",
        .statement = "C_1 A_2 -> K_+/2, A_1 A_1' -> K_-",
        .label = "M23",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .bound = 1e-8, /* the referee's error over the time of the run */
        .sample = sample_commuting_noise,
        .conclude = conclude_half_positive_part,
        .control = {.what = "matrices that do not commute", .sample = sample_noise},
    },
    {
        .id = "networks-noise-negative",
        .source = NOTES "(M23), conjecture in general",
        .hypotheses =
            "A[n,n,n] under noise-pretraining, K = C_1 A_2 + (C_1 A_2)' - A_1 A_1' negative "
            "definite at the start; almost any such start; tried: n = 3, C_1 near I",
        .statement = "Conjecture: it forgets, A_2 -> 0, from almost every start; then |A_1|^2 -> "
                     "|A_1(0)|^2 - 2 tr C_1 A_2(0).",
        .label = "M23",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .bound = 1e-8, /* the referee's error over the time of the run */
        .sample = sample_negative_noise,
        .conclude = conclude_forgets,
        .control = {.what = "K with positive eigenvalues", .sample = sample_commuting_noise},
    },
    {
        .id = "networks-noise-rest",
        .source = NOTES "(M23)",
        .hypotheses = "A[N0,N1,N2] under noise-pretraining; a start with A_2 = 0; tried: A[3,3,3]",
        .statement = "nothing moves",
        .label = "M23",
        .recorded = VERDICT_SUPPORTED,
        .trials = 20,
        .bound = 0,
        .sample = sample_resting_noise,
        .conclude = conclude_at_rest,
        .control = {.what = "A_2 not zero", .sample = sample_noise},
    },
    {
        .id = "networks-noise-aligns-published",
        .source = "after Cheon et al., arXiv 2405.16731, read for linear networks",
        .hypotheses = "A[N0,N1,N2] under noise-pretraining; almost any start; tried: A[3,3,3]",
        .statement = "the forward weights become aligned with the feedback weights",
        .label = "M23",
        .recorded = VERDICT_REFUTED,
        .trials = 20,
        .corners = 1,
        .bound = 1e-3, /* |A_2| below which there is nothing left to align */
        .sample = sample_every_noise,
        .conclude = conclude_aligned,
        .control = {.what = "A_2(0) = 0", .sample = sample_resting_noise},
    },
    {
        .id = "networks-noise-rank",
        .source = NOTES "(M23)",
        .hypotheses = "A[n,n,n] under noise-pretraining; K = C_1 A_2 + (C_1 A_2)' - A_1 A_1' at "
                      "the start; almost any start; tried: n = 3",
        .statement = "the rank of C_1 A_2 at the limit is the number of positive eigenvalues of K",
        .label = "M23",
        .recorded = VERDICT_REFUTED,
        .trials = 30,
        .corners = 1,
        .bound = 1e-3, /* singular values at the end of the run; the next ones are below 1e-6 */
        .sample = sample_noise_rank,
        .conclude = conclude_rank,
        .control = {.what = "false conclusion: full rank",
                    .sample = sample_noise,
                    .conclude = conclude_full_rank},
    },
};

const struct chapter chapter_matrix_channels = {
    .title = "Channels that adapt, decay and follow, on networks",
    .theorem = records,
    .theorems = COUNT(records),
};
