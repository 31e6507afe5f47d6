/* Deep linear networks under fixed random feedback, A[N0,...,NL].
 *
 *   A_i' = eta_i B_i E Q_(i-1)',  E = Sigma_TI - P Sigma_II,
 *   B_i = C_i ... C_(L-1) (rbp) or C_i (srbp, direct feedback alignment).
 *
 * Couplings of neighbouring layers hold for all sizes under rbp and for nested channels under srbp
 * (M2), (M3).  They carry the proof that rbp learns every target from every start as soon as B_1
 * is injective (M10), at any depth: Baldi, Sadowski and Lu leave that case open.  With a narrow
 * layer rbp projects obliquely (M11), and a skipped channel that is not nested drives the weights
 * to infinity (M12).  From zero weights the limit is known in closed form (M13), (M14).
 * Quantities are computed here from the problem, not by the flow's own claims. */
#include "linear/matrix.h"
#include "linear/registry.h"
#include "proofs-check/conclude_network.h"
#include "proofs-check/sample_network.h"

#include <math.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define NOTES       "notes/networks.md "

static const double DRIFT_BOUND = 1e-9;   /* a thousand local errors of the explicit integrator */
static const double LIMIT_BOUND = 1e-9;   /* P at a polished limit: rounding times conditions */
static const double SHORT = 5, LONG = 20; /* learning times; the slowest rates drawn are near 0.1 */

typedef struct sample_network_sizes shape;

static const shape coupled_shapes[] = {
    {4, {2, 2, 2, 2}}, {4, {3, 4, 2, 3}}, {4, {4, 3, 3, 2}}, {5, {2, 3, 1, 2, 2}}, {3, {3, 2, 3}}};

/* ---- couplings, (M2), (M3) ---- */

static bool sample_layered(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_network(&rule_rbp, &coupled_shapes[index % COUNT(coupled_shapes)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_feedback(stream, 1, instance);
    sample_network_draw_rates(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

static bool sample_nested(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_network(&rule_srbp, &coupled_shapes[index % COUNT(coupled_shapes)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_nested(stream, sample_network_spread, instance);
    sample_network_draw_rates(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

/* A skipped channel with C_1 outside the reach of C_2: A[3,4,2,3]. */
static bool sample_not_nested(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_network(&rule_srbp, &(shape){4, {3, 4, 2, 3}});
    sample_network_draw_data(stream, instance);
    sample_network_draw_feedback(stream, 1, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

/* R_i with C_i = R_i C_(i+1), as far as there is one; C_i itself in a layered channel. */
static enum status relation_of(const struct trial *trial, const struct conclude_matrices *m,
                               size_t i, double *R)
{
    const size_t n = m->shape.sizes[i], above = m->shape.sizes[i + 1];
    double inverse[INSTANCE_DIM_MAX];
    size_t rank;
    if (trial->instance->problem.rule->channel == CHANNEL_LAYERED || i + 1 == m->layers) {
        memcpy(R, m->C[i], n * above * sizeof *R);
        return OK;
    }
    TRY(matrix_pseudo_inverse(above, m->outputs, m->C[i + 1], inverse, &rank));
    matrix_multiply(n, m->outputs, above, m->C[i], inverse, R);
    return OK;
}

/* K[n*n] = eta_i (R A_(i+1) + its transpose) - eta_(i+1) A_i A_i' */
static enum status coupling_of(const struct trial *trial, const struct conclude_matrices *m,
                               size_t i, double *K)
{
    const size_t n = m->shape.sizes[i], above = m->shape.sizes[i + 1];
    double R[INSTANCE_DIM_MAX], product[INSTANCE_DIM_MAX];
    TRY(relation_of(trial, m, i, R));
    matrix_multiply(n, above, n, R, m->A[i + 1], product);
    matrix_multiply_second_transposed(n, m->shape.sizes[i - 1], n, m->A[i], m->A[i], K);
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++)
            K[p * n + q] = m->rate[i] * (product[p * n + q] + product[q * n + p]) -
                           m->rate[i + 1] * K[p * n + q];
    return OK;
}

/* F = (I - C_i C_i^+) A_i */
static enum status frozen_part(const struct conclude_matrices *m, size_t i, double *F)
{
    const size_t n = m->shape.sizes[i], columns = m->shape.columns[i],
                 below = m->shape.sizes[i - 1];
    double inverse[INSTANCE_DIM_MAX], projection[INSTANCE_DIM_MAX];
    size_t rank;
    TRY(matrix_pseudo_inverse(n, columns, m->C[i], inverse, &rank));
    matrix_multiply(n, columns, n, m->C[i], inverse, projection);
    for (size_t k = 0; k < n * n; k++)
        projection[k] = (k % (n + 1) == 0) - projection[k];
    matrix_multiply(n, n, below, projection, m->A[i], F);
    return OK;
}

static double coupling_drift(const struct trial *trial, double t, const double *x)
{
    (void)t;
    struct conclude_matrices now, start;
    double at_now[INSTANCE_DIM_MAX], at_start[INSTANCE_DIM_MAX], worst = 0;
    if (conclude_matrices_at(trial->instance, x, &now) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK)
        return NAN;
    for (size_t i = 1; i < now.layers; i++) {
        const size_t n = now.shape.sizes[i];
        if (coupling_of(trial, &now, i, at_now) != OK ||
            coupling_of(trial, &start, i, at_start) != OK)
            return NAN;
        worst = fmax(worst, conclude_network_distance(n * n, at_now, at_start));
        if (frozen_part(&now, i, at_now) != OK || frozen_part(&start, i, at_start) != OK)
            return NAN;
        worst =
            fmax(worst, conclude_network_distance(n * now.shape.sizes[i - 1], at_now, at_start));
    }
    return worst;
}

static enum status conclude_coupled(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, SHORT, coupling_drift, "coupling of layers", finding);
}

/* ---- srbp as rbp ---- */

static bool sample_equal_sizes(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape equal[] = {{4, {2, 2, 2, 2}}, {5, {2, 2, 2, 2, 2}}, {4, {3, 3, 3, 3}}};
    *instance = sample_network(&rule_srbp, &equal[index % COUNT(equal)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_feedback(stream, 1, instance);
    sample_network_draw_start(stream, 1, instance);
    return true;
}

/* The same field as rbp with C_i C_(i+1)^+ in the place of C_i? */
static enum status conclude_is_layered(struct trial *trial, enum finding *finding)
{
    struct instance layered = *trial->instance;
    struct conclude_matrices m;
    double f[INSTANCE_DIM_MAX], g[INSTANCE_DIM_MAX];
    struct flow *flow;
    TRY(conclude_matrices_at(trial->instance, trial->instance->x0, &m));
    layered.problem.rule = &rule_rbp;
    layered.problem.c_count = 0;
    for (size_t i = 1; i < m.layers; i++) {
        TRY(relation_of(trial, &m, i, layered.problem.c + layered.problem.c_count));
        layered.problem.c_count += m.shape.sizes[i] * m.shape.sizes[i + 1];
    }
    TRY(problem_flow(&layered.problem, &flow));
    enum status status = trial->flow->field(trial->flow, 1, trial->instance->x0, f);
    if (status == OK)
        status = flow->field(flow, 1, trial->instance->x0, g);
    trial->deviation = conclude_network_distance(flow->dim, f, g);
    flow_free(flow);
    TRY(status);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "the fields differ by %.3g (relative)",
                              trial->deviation);
    return conclude_holds(finding);
}

/* ---- injective feedback, (M10) ---- */

static const shape injective_shapes[] = {{4, {2, 2, 2, 2}}, {4, {4, 3, 3, 2}},
                                         {4, {2, 4, 3, 2}}, {5, {2, 2, 2, 2, 2}},
                                         {3, {3, 2, 1}},    {4, {3, 3, 3, 3}}};

/* First: identities from zero; two layers of one unit, c < 0; channel hardly injective. */
enum { INJECTIVE_CORNERS = 3 };

static void set_injective_corner(size_t index, struct instance *instance)
{
    static const double WEAK = 0.05;
    static const shape corner_shapes[INJECTIVE_CORNERS] = {
        {4, {2, 2, 2, 2}}, {3, {1, 1, 1}}, {4, {2, 2, 2, 2}}};
    *instance = sample_network(&rule_rbp, &corner_shapes[index]);
    if (index == 1) {
        instance->problem.c_count = 1;
        instance->problem.c[0] = -1;
        instance->x0[0] = instance->x0[1] = 1;
    } else if (index == 2) {
        const double c[] = {1, 1, 1, 1 + WEAK, 1, 0, 0, 1};
        instance->problem.c_count = COUNT(c);
        memcpy(instance->problem.c, c, sizeof c);
        instance->x0[0] = WEAK;
    }
}

static bool sample_injective(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < INJECTIVE_CORNERS) {
        set_injective_corner(index, instance);
        return true;
    }
    *instance = sample_network(index % 4 == 3 ? &rule_srbp : &rule_rbp,
                               &injective_shapes[index % COUNT(injective_shapes)]);
    sample_network_draw_data(stream, instance);
    if (instance->problem.rule == &rule_srbp)
        sample_network_draw_nested(stream, sample_network_spread / 2, instance);
    else
        sample_network_draw_feedback(stream, sample_network_spread / 2, instance);
    if (index % 3 == 0)
        sample_network_draw_rates(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

static bool sample_ascent(struct stream *stream, size_t index, struct instance *instance)
{
    sample_injective(stream, INJECTIVE_CORNERS + index, instance);
    instance->problem.rate_count = instance->problem.size_count - 1;
    for (size_t i = 0; i < instance->problem.rate_count; i++)
        instance->problem.rates[i] = -1;
    return true;
}

static enum status conclude_reaches_target(struct trial *trial, enum finding *finding)
{
    struct conclude_matrices m;
    TRY(conclude_matrices_at(trial->instance, trial->instance->x0, &m));
    return conclude_network_reaches(trial, m.W, finding);
}

/* ---- a narrow layer, (M11) ---- */

/* First: the nested control of (M12), rbp on A[2,2,1,2] in the disguise of srbp. */
static void set_grown(const double *c, struct instance *instance)
{
    static const double x0[] = {0.3, 0.1, -0.1, 0.2, 0.4, -0.2, 0.1, 0.3};
    static const double W[] = {2, 0, 0, 1};
    enum { CHANNEL = 6 };
    *instance = sample_network(&rule_srbp, &(shape){4, {2, 2, 1, 2}});
    sample_network_set_target(instance, W);
    instance->problem.c_count = CHANNEL;
    memcpy(instance->problem.c, c, CHANNEL * sizeof *c);
    memcpy(instance->x0, x0, sizeof x0);
}

static const double nested_feedback[] = {0.7, 0.3, -0.35, -0.15, 0.7, 0.3};
static const double open_feedback[] = {1, 0.5, -0.5, 1, 0.7, 0.3};

static bool sample_narrow(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape narrow[] = {{4, {2, 2, 1, 2}},
                                   {4, {3, 3, 2, 3}},
                                   {4, {3, 2, 3, 3}},
                                   {3, {3, 2, 3}},
                                   {5, {3, 3, 1, 2, 3}}};
    if (index == 0) {
        set_grown(nested_feedback, instance);
        return true;
    }
    *instance = sample_network(&rule_rbp, &narrow[index % COUNT(narrow)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_feedback(stream, sample_network_spread / 2, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

/* ---- growth, (M12) ---- */

static bool sample_open(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape open[] = {{4, {2, 2, 1, 2}}, {4, {3, 3, 2, 3}}, {4, {3, 3, 1, 3}}};
    if (index == 0) {
        set_grown(open_feedback, instance);
        return true;
    }
    *instance = sample_network(&rule_srbp, &open[index % COUNT(open)]);
    sample_network_draw_target(stream, instance);
    sample_network_draw_feedback(stream, sample_network_spread, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

static bool sample_reference_open(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    set_grown(open_feedback, instance);
    return index == 0;
}

static bool sample_reference_nested(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    set_grown(nested_feedback, instance);
    return index == 0;
}

/* <C_1 A_L, C_1 A_L>/2 and <C_1 W, A_1(t) - A_1(0)>, the two terms of f_1 */
static double growth_function(const struct trial *trial, const struct conclude_matrices *m,
                              double *CW)
{
    const size_t n = m->shape.sizes[1], below = m->shape.sizes[m->layers - 1];
    double CA[INSTANCE_DIM_MAX], moved[INSTANCE_DIM_MAX];
    matrix_multiply(n, m->outputs, below, m->C[1], m->A[m->layers], CA);
    matrix_multiply(n, m->outputs, m->inputs, m->C[1], m->W, CW);
    for (size_t k = 0; k < n * m->inputs; k++)
        moved[k] = m->A[1][k] - trial->instance->x0[k];
    return matrix_inner(n * below, CA, CA) / 2 - matrix_inner(n * m->inputs, CW, moved);
}

/* By how much f_1(t) <= f_1(0) - t sum of the `skipped`-th and later sigma_k^2(C_1 W) fails. */
static double growth_shortfall(const struct trial *trial, double t, const double *x, size_t skipped)
{
    struct conclude_matrices m, start;
    double CW[INSTANCE_DIM_MAX], s[INSTANCE_DIM_MAX], slope = 0;
    if (conclude_matrices_at(trial->instance, x, &m) != OK ||
        conclude_matrices_at(trial->instance, trial->instance->x0, &start) != OK)
        return NAN;
    const double f_start = growth_function(trial, &start, CW);
    const double f = growth_function(trial, &m, CW);
    if (matrix_singular_values(m.shape.sizes[1], m.inputs, CW, s, NULL, NULL) != OK)
        return NAN;
    for (size_t k = skipped; k < m.inputs && k < m.shape.sizes[1]; k++)
        slope += s[k] * s[k];
    return fmax(0, f - (f_start - slope * t)) / (1 + fabs(f));
}

static size_t narrowest(const struct problem *problem)
{
    size_t least = problem->sizes[0];
    for (size_t i = 0; i < problem->size_count; i++)
        least = problem->sizes[i] < least ? problem->sizes[i] : least;
    return least;
}

static double growth_offset(const struct trial *trial, double t, const double *x)
{
    return growth_shortfall(trial, t, x, narrowest(&trial->instance->problem));
}

/* False on purpose: as if no mode could be carried at all. */
static double growth_offset_of_all(const struct trial *trial, double t, const double *x)
{
    return growth_shortfall(trial, t, x, 0);
}

static enum status conclude_grows(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, LONG, growth_offset, "decrease of f_1", finding);
}

static enum status conclude_grows_too_fast(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, LONG, growth_offset_of_all, "decrease of f_1", finding);
}

/* d|A_1|/dt = |C_1 E| = 1.1893839356 and P at t = 1000; reference: DOP853, rtol 1e-13. */
static enum status conclude_reference_growth(struct trial *trial, enum finding *finding)
{
    static const double TIME = 1000, SLOPE = 1.1893839356;
    static const double P_LIMIT[] = {1.9121951217, 0.4097560975, 0.2048780488, 0.0439024390};
    double P[4], f[INSTANCE_DIM_MAX], along = 0, square = 0;
    const struct outcome *outcome;
    trial->plan.horizon = TIME;
    trial->plan.no_endings = true;
    TRY(trial_outcome(trial, &outcome));
    const double *x = outcome->last;
    TRY(trial->flow->field(trial->flow, 1, x, f));
    for (size_t k = 0; k < 4; k++) { /* the entries of A_1 */
        along += x[k] * f[k];
        square += x[k] * x[k];
    }
    TRY(conclude_close(trial, "d|A_1|/dt", along / sqrt(square), SLOPE, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    trial->flow->output(trial->flow, x, P);
    const double off = conclude_network_distance(COUNT(P), P, P_LIMIT);
    trial->deviation = fmax(trial->deviation, off);
    if (!(off <= trial->theorem->bound))
        return conclude_fails(trial, finding, "P is off by %.3g", off);
    return conclude_holds(finding);
}

/* ---- from zero weights, (M13), (M14) ---- */

static const shape falling_shapes[] = {
    {4, {2, 2, 2, 2}}, {3, {3, 3, 2}}, {4, {3, 4, 3, 2}}, {5, {2, 2, 2, 2, 2}}};

static bool sample_from_zero(struct stream *stream, size_t index, struct instance *instance)
{
    static const double W[] = {2, 0, 0, 0.5};
    *instance = sample_network(index % 2 ? &rule_srbp : &rule_rbp,
                               &falling_shapes[index % COUNT(falling_shapes)]);
    if (index == 0) { /* C_i = I, W = diag(2, 1/2) */
        sample_network_set_target(instance, W);
        return true;
    }
    sample_network_draw_target(stream, instance);
    sample_network_draw_orthonormal(stream, instance);
    return true;
}

static bool sample_near_zero(struct stream *stream, size_t index, struct instance *instance)
{
    sample_from_zero(stream, index + 1, instance);
    sample_network_draw_start(stream, 0.1, instance);
    return true;
}

/* The weights come to the limit from zero, whatever the start of this trial.  No ending is asked
 * for: the limit is compared with the state after ARRIVED of the slowest time constants. */
static enum status conclude_zero_start_limit(struct trial *trial, enum finding *finding)
{
    static const double ARRIVED = 200; /* room for the slow start of deep networks */
    struct prediction prediction;
    const struct outcome *outcome;
    double limit[INSTANCE_DIM_MAX], zero[INSTANCE_DIM_MAX] = {0};
    TRY(problem_predict(&trial->instance->problem, zero, limit, &prediction));
    if (prediction.about != PREDICTION_STATE || !(prediction.rate < 0))
        return conclude_undecided(trial, finding, "no closed form: %s", prediction.source);
    trial->plan.horizon = ARRIVED / -prediction.rate;
    trial->plan.no_endings = true;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = conclude_network_distance(trial->flow->dim, outcome->last, limit);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "the weights are off by %.3g", trial->deviation);
    return conclude_holds(finding);
}

/* C_i of any shape, skipped, from zero. */
static bool sample_skipped_from_zero(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape any[] = {{4, {3, 4, 3, 2}}, {4, {2, 3, 4, 2}}, {3, {3, 4, 2}}};
    *instance = sample_network(&rule_srbp, &any[index % COUNT(any)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_feedback(stream, sample_network_spread, instance);
    return true;
}

static bool sample_skipped(struct stream *stream, size_t index, struct instance *instance)
{
    sample_skipped_from_zero(stream, index, instance);
    sample_network_draw_start(stream, 0.1, instance);
    return true;
}

/* to = M (I - C C^+), the part of the rows of M[rows*n] outside the columns of C[n*m] */
static enum status outside_range(size_t rows, size_t n, size_t m, const double *M, const double *C,
                                 double *to)
{
    double inverse[INSTANCE_DIM_MAX], projection[INSTANCE_DIM_MAX];
    size_t rank;
    TRY(matrix_pseudo_inverse(n, m, C, inverse, &rank));
    matrix_multiply(n, m, n, C, inverse, projection);
    for (size_t k = 0; k < n * n; k++)
        projection[k] = (k % (n + 1) == 0) - projection[k];
    matrix_multiply(rows, n, n, M, projection, to);
    return OK;
}

/* The part of A_i, i > 1, whose rows are outside the columns of C_(i-1); range A_i in that of C_i
 * is (M3). */
static double weak_alignment_offset(const struct trial *trial, double t, const double *x)
{
    (void)t;
    struct conclude_matrices m;
    double outside[INSTANCE_DIM_MAX], frozen[INSTANCE_DIM_MAX], zero[INSTANCE_DIM_MAX] = {0};
    double worst = 0;
    if (conclude_matrices_at(trial->instance, x, &m) != OK)
        return NAN;
    for (size_t i = 1; i <= m.layers; i++) {
        const size_t rows = m.shape.sizes[i], below = m.shape.sizes[i - 1];
        if (i > 1 && outside_range(rows, below, m.outputs, m.A[i], m.C[i - 1], outside) != OK)
            return NAN;
        if (i < m.layers && frozen_part(&m, i, frozen) != OK)
            return NAN;
        worst = fmax(worst, i > 1 ? conclude_network_distance(rows * below, outside, zero) : 0);
        worst =
            fmax(worst, i < m.layers ? conclude_network_distance(rows * below, frozen, zero) : 0);
    }
    return worst;
}

static enum status conclude_weakly_aligned(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, SHORT, weak_alignment_offset, "alignment", finding);
}

/* ---- the pseudo-inverse, (M14) ---- */

static bool sample_one_hidden(struct stream *stream, size_t index, struct instance *instance)
{
    static const shape hidden[] = {{3, {3, 3, 2}}, {3, {2, 4, 2}}, {3, {3, 3, 3}}};
    *instance = sample_network(&rule_rbp, &hidden[index % COUNT(hidden)]);
    sample_network_draw_target(stream, instance);
    sample_network_draw_feedback(stream, sample_network_spread, instance);
    return true;
}

static bool sample_one_hidden_started(struct stream *stream, size_t index,
                                      struct instance *instance)
{
    sample_one_hidden(stream, index, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

/* Near the start A_2 is of second order in t and its inverse loses the digits of A_2. */
static const double FROM_HERE = 0.2;

/* |C_1 E - s A_2^+ E| / |C_1 E| for the best number s. */
static double inverse_offset(const struct trial *trial, double t, const double *x)
{
    struct conclude_matrices m;
    double E[INSTANCE_DIM_MAX], CE[INSTANCE_DIM_MAX], inverse[INSTANCE_DIM_MAX];
    double back[INSTANCE_DIM_MAX], off = 0;
    size_t rank;
    if (t < FROM_HERE)
        return 0;
    if (conclude_matrices_at(trial->instance, x, &m) != OK)
        return NAN;
    const size_t n = m.shape.sizes[1], count = n * m.inputs;
    conclude_network_error(&m, E, NULL);
    matrix_multiply(n, m.outputs, m.inputs, m.C[1], E, CE);
    if (matrix_pseudo_inverse(m.outputs, n, m.A[2], inverse, &rank) != OK)
        return NAN;
    matrix_multiply(n, m.outputs, m.inputs, inverse, E, back);
    const double share = matrix_inner(count, CE, back) / matrix_inner(count, back, back);
    for (size_t k = 0; k < count; k++)
        off += (CE[k] - share * back[k]) * (CE[k] - share * back[k]);
    return sqrt(off / matrix_inner(count, CE, CE));
}

/* How far M = C_1 A_2 is from a symmetric matrix without negative eigenvalues. */
static double semidefinite_offset(const struct trial *trial, double t, const double *x)
{
    (void)t;
    struct conclude_matrices m;
    double M[INSTANCE_DIM_MAX], turned[INSTANCE_DIM_MAX], value[INSTANCE_DIM_MAX];
    if (conclude_matrices_at(trial->instance, x, &m) != OK)
        return NAN;
    const size_t n = m.shape.sizes[1];
    matrix_multiply(n, m.outputs, n, m.C[1], m.A[2], M);
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < n; q++)
            turned[p * n + q] = M[q * n + p];
    const double skew = conclude_network_distance(n * n, M, turned);
    for (size_t k = 0; k < n * n; k++)
        M[k] = (M[k] + turned[k]) / 2;
    if (matrix_symmetric_eigenvalues(n, M, value, NULL) != OK)
        return NAN;
    return fmax(skew, -value[0]);
}

static enum status conclude_inverse(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, SHORT, semidefinite_offset, "M = M' >= 0", finding);
}

static enum status conclude_inverse_published(struct trial *trial, enum finding *finding)
{
    return conclude_network_along(trial, 1, inverse_offset, "C_1 E = s A_2^+ E", finding);
}

/* ---- the loss on the way, (M10) ---- */

/* |A_L|^2/(2 eta_L) - <W, Z>, Z = B_1^+ (A_1 - A_1(0))/eta_1 */
static enum status potential(const struct trial *trial, const struct conclude_matrices *m,
                             double *value)
{
    double B[INSTANCE_DIM_MAX], next[INSTANCE_DIM_MAX], inverse[INSTANCE_DIM_MAX];
    double moved[INSTANCE_DIM_MAX], Z[INSTANCE_DIM_MAX];
    const size_t L = m->layers, n = m->shape.sizes[1];
    size_t rank, columns = m->shape.sizes[2];
    memcpy(B, m->C[1], n * m->shape.columns[1] * sizeof *B);
    for (size_t i = 2; i < L; i++) {
        matrix_multiply(n, columns, m->shape.sizes[i + 1], B, m->C[i], next);
        columns = m->shape.sizes[i + 1];
        memcpy(B, next, n * columns * sizeof *B);
    }
    TRY(matrix_pseudo_inverse(n, m->outputs, B, inverse, &rank));
    for (size_t k = 0; k < n * m->inputs; k++)
        moved[k] = (m->A[1][k] - trial->instance->x0[k]) / m->rate[1];
    matrix_multiply(m->outputs, n, m->inputs, inverse, moved, Z);
    const size_t top = m->outputs * m->shape.sizes[L - 1];
    *value = matrix_inner(top, m->A[L], m->A[L]) / (2 * m->rate[L]) -
             matrix_inner(m->outputs * m->inputs, m->W, Z);
    return OK;
}

/* The running integral of the loss by the trapezoidal rule with end slopes, error O(h^4). */
struct integral {
    struct trial *trial;
    double t, loss, slope, sum, start, worst;
    size_t states;
    enum status status;
};

static void add_loss(void *context, double t, const double *x)
{
    struct integral *integral = context;
    struct trial *trial = integral->trial;
    const struct flow *flow = trial->flow;
    struct conclude_matrices m;
    double f[INSTANCE_DIM_MAX], E[INSTANCE_DIM_MAX], P[INSTANCE_DIM_MAX], now = NAN;
    double value = 0, slope = 0;
    static const double STEP = 1e-5; /* of the difference for the slope: error STEP^2 */
    static const double TWELVE = 12; /* Euler and Maclaurin's first correction */
    double y[INSTANCE_DIM_MAX];
    integral->status = flow->field(flow, 1, x, f);
    if (integral->status != OK ||
        (integral->status = conclude_matrices_at(trial->instance, x, &m)) != OK ||
        (integral->status = potential(trial, &m, &now)) != OK)
        return;
    conclude_network_error(&m, E, P);
    value = flow->loss(flow, x);
    for (int side = -1; side <= 1; side += 2) {
        for (size_t k = 0; k < flow->dim; k++)
            y[k] = x[k] + side * STEP * f[k];
        slope += side * flow->loss(flow, y) / (2 * STEP);
    }
    if (integral->states++ == 0) {
        integral->start = now;
    } else {
        const double h = t - integral->t;
        integral->sum +=
            h * (integral->loss + value) / 2 + h * h * (integral->slope - slope) / TWELVE;
        const double expected = (integral->start - now) / 2;
        integral->worst =
            fmax(integral->worst, fabs(integral->sum - expected) / (1 + fabs(expected)));
    }
    integral->t = t;
    integral->loss = value;
    integral->slope = slope;
}

static enum status conclude_loss_integral(struct trial *trial, enum finding *finding)
{
    struct integral integral = {.trial = trial, .status = OK};
    const struct outcome *outcome;
    trial->plan.visit = add_loss;
    trial->plan.context = &integral;
    trial->plan.horizon = LONG;
    trial->plan.no_endings = true;
    TRY(trial_outcome(trial, &outcome));
    TRY(integral.status);
    trial->deviation = integral.worst;
    if (!(integral.worst <= trial->theorem->bound) || integral.states < 2)
        return conclude_fails(trial, finding, "the integral of the loss is off by %.3g",
                              integral.worst);
    return conclude_holds(finding);
}

static bool sample_integral(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_network(&rule_rbp, &injective_shapes[index % COUNT(injective_shapes)]);
    sample_network_draw_data(stream, instance);
    sample_network_draw_feedback(stream, sample_network_spread / 2, instance);
    sample_network_draw_rates(stream, instance);
    sample_network_draw_start(stream, sample_network_spread, instance);
    return true;
}

static bool sample_integral_of_gradient(struct stream *stream, size_t index,
                                        struct instance *instance)
{
    sample_integral(stream, index, instance);
    instance->problem.rule = &rule_srbp;
    sample_network_draw_feedback(stream, sample_network_spread / 2, instance);
    return true;
}

/* ---- the records ---- */

static const struct theorem records[] = {
    {
        .id = "deep-couplings",
        .source = "Baldi, Sadowski, Lu (2018), section 6, the general case",
        .hypotheses =
            "A[N_0,...,N_L] under rbp, all sizes, rates eta_i > 0, no decay; any data, C_i "
            "and start; i < L",
        .statement = "eta_i (C_i A_(i+1) + its transpose) - eta_(i+1) A_i A_i' and the part of A_i "
                     "outside the range of C_i are conserved",
        .label = "M2, M3",
        .recorded = VERDICT_PROVED,
        .trials = 100,
        .bound = DRIFT_BOUND,
        .sample = sample_layered,
        .conclude = conclude_coupled,
        .control = {.what = "srbp on A[3,4,2,3], C_1 no multiple of C_2",
                    .sample = sample_not_nested},
        .proof = &proof_conserved_coupling,
    },
    {
        .id = "deep-couplings-skipped",
        .source = "Baldi, Sadowski, Lu (2018), section 6, the general case",
        .hypotheses = "A[N_0,...,N_L] under srbp with a nested channel, C_i = R_i C_(i+1), all "
                      "sizes, rates eta_i > 0, no decay; any data and start; i < L",
        .statement = "eta_i (R_i A_(i+1) + its transpose) - eta_(i+1) A_i A_i' and the part of A_i "
                     "outside the range of C_i are conserved, with C_(L-1) for the top R_i",
        .label = "M2, M3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .bound = DRIFT_BOUND,
        .sample = sample_nested,
        .conclude = conclude_coupled,
        .control = {.what = "srbp on A[3,4,2,3], C_1 no multiple of C_2",
                    .sample = sample_not_nested},
    },
    {
        .id = "deep-skipped-is-layered",
        .source = "Baldi, Sadowski, Lu (2018), section 6: srbp is equivalent to rbp",
        .hypotheses =
            "A[N,...,N] under srbp, all sizes equal, all C_i invertible; any data, any state",
        .statement = "srbp is rbp with C_i C_(i+1)^-1 for C_i",
        .label = "M2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 100,
        .bound = 1e-10, /* rounding times the condition of C_i; measured below 1e-11 */
        .sample = sample_equal_sizes,
        .conclude = conclude_is_layered,
        .control = {.what = "a narrow layer, A[3,4,2,3]", .sample = sample_not_nested},
    },
    {
        .id = "deep-learns",
        .source = NOTES "(M10); an open question of Baldi, Sadowski, Lu (2018), section 6",
        .hypotheses =
            "A[N_0,...,N_L] under rbp, or under srbp with a nested channel, any depth, positive "
            "rates, Sigma_II > 0, B_1 = C_1 ... C_(L-1) (srbp: C_1) injective; any start",
        .statement = "P -> W from every start",
        .label = "M10",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .corners = INJECTIVE_CORNERS,
        .bound = LIMIT_BOUND,
        .sample = sample_injective,
        .conclude = conclude_reaches_target,
        .control = {.what = "a layer narrower than the target", .sample = sample_narrow},
    },
    {
        .id = "deep-weights-converge",
        .source = NOTES "(M10), conjecture",
        .hypotheses =
            "A[N_0,...,N_L] under rbp, or under srbp with a nested channel, any depth, positive "
            "rates, Sigma_II > 0, B_1 = C_1 ... C_(L-1) (srbp: C_1) injective; any start",
        .statement = "Conjecture: the weights converge, too.",
        .label = "M10",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .corners = INJECTIVE_CORNERS,
        .bound = LIMIT_BOUND,
        .sample = sample_injective,
        .conclude = conclude_converges,
        .control = {.what = "learning with the wrong sign", .sample = sample_ascent},
    },
    {
        .id = "deep-narrow",
        .source = NOTES "(M11)",
        .hypotheses = "A[N_0,...,N_L] under rbp (or srbp with a nested channel), Sigma_II > 0, a "
                      "narrow layer, R = B_1 W of its rank; weights that converge",
        .statement = "P -> W Sigma R' (R Sigma R')^-1 R",
        .label = "M11",
        .recorded = VERDICT_SUPPORTED,
        .trials = 50,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_narrow,
        .conclude = conclude_network_output,
        .control = {.what = "false conclusion: the best P of that rank",
                    .sample = sample_narrow,
                    .conclude = conclude_network_optimum},
    },
    {
        .id = "deep-skipped-grows",
        .source = NOTES "(M12)",
        .hypotheses =
            "A[N_0,...,N_L] under srbp, Sigma_II = I, rank C_1 W > r = min N_i; any start",
        .statement = "|C_1 A_L|^2/2 - <C_1 W, A_1 - A_1(0)> falls at least at the rate sum_(k>r) "
                     "sigma_k(C_1 W)^2, so that |A_1| grows like t",
        .label = "M12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 20,
        .corners = 1,
        .bound = DRIFT_BOUND,
        .sample = sample_open,
        .conclude = conclude_grows,
        .control = {.what = "false conclusion: the sum over all k",
                    .sample = sample_open,
                    .conclude = conclude_grows_too_fast},
    },
    {
        .id = "deep-skipped-grows-reference",
        .source = NOTES "(M12), example",
        .hypotheses = "A[2,2,1,2] under srbp, Sigma_II = I, W = diag(2, 1), C_1 = (1 .5; -.5 1), "
                      "C_2 = (.7 .3); one start, that of the witness",
        .statement = "|A_1| grows with the speed 1.1893839356, and P tends to the projection of "
                     "(M11) with R = C_2 W",
        .label = "M12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = 2e-6, /* the speed at t = 1000 differs from its limit by about 1/t^2 */
        .sample = sample_reference_open,
        .conclude = conclude_reference_growth,
        .control = {.what = "a nested channel", .sample = sample_reference_nested},
    },
    {
        .id = "deep-zero-start",
        .source = NOTES "(M13)",
        .hypotheses =
            "A[N_0,...,N_L] under rbp or srbp, Sigma_II = I, B_i'B_i = I, W = U s V' (singular "
            "values), no layer narrower than the next; zero weights at the start",
        .statement = "A_1 -> B_1 U z V', A_(i+1) -> B_(i+1) U z^(2^i)/2^(2^i-1) (B_i U)', "
                     "z^(2^L-1) = 2^(2^L-1-L) s",
        .label = "M13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .corners = 1,
        .bound = 1e-8, /* the leaf's rounding times the condition of small modes */
        .sample = sample_from_zero,
        .conclude = conclude_zero_start_limit,
        .control = {.what = "weights that are not zero", .sample = sample_near_zero},
    },
    {
        .id = "deep-weak-alignment",
        .source = "Refinetti et al. (2021); " NOTES "(M14)",
        .hypotheses = "A[N_0,...,N_L] under srbp; any data and C_i; zero weights at the start",
        .statement = "A_1 = C_1 Y_1 and A_i = C_i Y_i C_(i-1)' for all t",
        .label = "M14",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = DRIFT_BOUND,
        .sample = sample_skipped_from_zero,
        .conclude = conclude_weakly_aligned,
        .control = {.what = "weights that are not zero", .sample = sample_skipped},
    },
    {
        .id = "deep-pseudo-inverse-published",
        .source = "after Lillicrap et al. (2016), supplement",
        .hypotheses = "A[N0,N1,N2] under rbp; zero weights at the start; tried: Sigma_II = I",
        .statement = "feedback acts as the pseudo-inverse of the forward weights, C_1 E = s A_2^+ "
                     "E with a number s > 0",
        .label = "M14",
        .recorded = VERDICT_REFUTED,
        .trials = 30,
        .bound = 1e-6,
        .sample = sample_one_hidden,
        .conclude = conclude_inverse_published,
        .control = {.what = "weights that are not zero", .sample = sample_one_hidden_started},
    },
    {
        .id = "deep-pseudo-inverse",
        .source = NOTES "(M14)",
        .hypotheses = "A[N0,N1,N2] under rbp, Sigma_II = I; zero weights at the start",
        .statement = "M = C_1 A_2 is symmetric and positive semi-definite, and C_1 E = M A_2^+ E "
                     "where A_2 is onto",
        .label = "M14",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = DRIFT_BOUND,
        .sample = sample_one_hidden,
        .conclude = conclude_inverse,
        .control = {.what = "weights that are not zero", .sample = sample_one_hidden_started},
    },
    {
        .id = "deep-loss-integral",
        .source = NOTES "(M10)",
        .hypotheses = "A[N_0,...,N_L] under rbp, Sigma_II > 0, rates eta_i > 0, B_1 = C_1 ... "
                      "C_(L-1) injective; any start",
        .statement = "the integral of the excess loss from 0 to t is half the fall of |A_L|^2/(2 "
                     "eta_L) - <W, B_1^+ (A_1 - A_1(0))>/eta_1",
        .label = "M10",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .bound = 3e-8, /* of the quadrature on the steps of the referee; measured 1e-9 */
        .sample = sample_integral,
        .conclude = conclude_loss_integral,
        .control = {.what = "srbp with the C_i of rbp", .sample = sample_integral_of_gradient},
    },
};

const struct chapter chapter_deep = {
    .title = "Deep networks under fixed feedback",
    .theorem = records,
    .theorems = COUNT(records),
};
