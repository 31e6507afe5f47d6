/* Fixed points and Hopf points of A[1,1,1] with an activation (notes/equilibria.md).
 *
 * The reduced functions M1 and M2 (nonlinear/response.h) say where the fixed points are, what they
 * are, and where in c1 a pair of eigenvalues crosses the imaginary axis; the flow, which sums over
 * samples and knows none of this, is the other side of every record: its field, its Jacobian, GSL's
 * eigenvalues of that, its trajectories.  Lyapunov coefficients come from the planar formula with
 * derivatives of M1 and M2, and from differences of the flow's Jacobian.
 *
 * Data are drawn: inputs and targets normal with standard deviation 2, three to five samples, equal
 * weights.  Where a record needs a fixed point of a kind, data are drawn until there is one. */
#include "linear/matrix.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/equilibria.h"
#include "nonlinear/response.h"
#include "nonlinear/system.h"
#include "ode/branch.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { PLANAR = 2, CELLS = 300, DRAWS_MOST = 400 };

static const double SPREAD = 2;                 /* of inputs and targets */
static const double INTERVAL[PLANAR] = {-8, 8}; /* of a1 */
static const double FORMULA_BOUND = 1e-9;       /* sums of five terms, cancelling to some digits */
static const double CLEAR = 1e-3;               /* det and trace beside which types are asked for */
static const double TIGHT_RTOL = 1e-12, TIGHT_ATOL = 1e-14;
static const double HOPF_BOUND = 1e-8; /* of c1*, relative */

/* ---- instances ---- */

static struct instance instance_of(const char *activation, size_t count, const double *inputs,
                                   const double *targets)
{
    struct instance instance = {
        .problem = problem_defaults(system_with_activation(&system_chain), &rule_rbp)};
    struct problem *problem = &instance.problem;
    problem->neuron_count = 1;
    problem->neurons[0].activation = activation_named(activation);
    problem->inputs.count = problem->targets.count = count;
    memcpy(problem->inputs.near, inputs, count * sizeof *inputs);
    memcpy(problem->targets.near, targets, count * sizeof *targets);
    problem->c_count = 1;
    problem->c[0] = 1;
    instance.dim = PLANAR;
    return instance;
}

static struct instance drawn(struct stream *stream, size_t count)
{
    enum { SAMPLES_MOST = 8 };
    double inputs[SAMPLES_MOST], targets[SAMPLES_MOST];
    stream_normals(stream, count, SPREAD, inputs);
    stream_normals(stream, count, SPREAD, targets);
    struct instance instance = instance_of("tanh", count, inputs, targets);
    instance.problem.c[0] = sample_nonzero(stream);
    for (size_t k = 0; k < PLANAR; k++)
        instance.x0[k] = stream_normal(stream);
    return instance;
}

static enum status found(const struct problem *problem, struct equilibria **equilibria)
{
    return equilibria_find(problem, INTERVAL, CELLS, equilibria);
}

/* Which fixed point a record is about. */
typedef bool is_wanted(const struct equilibria_point *point);

static bool is_minimum(const struct equilibria_point *point)
{
    return point->curvature > CLEAR;
}

static bool has_hopf(const struct equilibria_point *point)
{
    return point->hopf.exists;
}

/* ... at rates that a trajectory can follow to its end. */
static bool has_moderate_hopf(const struct equilibria_point *point)
{
    static const double SLOW = 0.05, FAST = 50;
    const double c = fabs(point->hopf.c);
    return point->hopf.exists && c > SLOW && c < FAST && point->curvature > CLEAR;
}

/* The first point of the problem that is wanted. */
static enum status wanted_point(const struct problem *problem, is_wanted *wanted,
                                struct equilibria_point *point, bool *there)
{
    struct equilibria *equilibria = NULL;
    *there = false;
    TRY(found(problem, &equilibria));
    for (size_t k = 0; k < equilibria->count && !*there; k++)
        if (wanted(&equilibria->point[k])) {
            *point = equilibria->point[k];
            *there = true;
        }
    equilibria_free(equilibria);
    return OK;
}

/* Data with such a point, from which the start is not far. */
static bool draw_until(struct stream *stream, size_t count, is_wanted *wanted,
                       struct instance *instance, struct equilibria_point *point)
{
    static const double BESIDE = 1e-4;
    bool there = false;
    for (size_t k = 0; k < DRAWS_MOST && !there; k++) {
        *instance = drawn(stream, count);
        if (wanted_point(&instance->problem, wanted, point, &there) != OK)
            return false;
    }
    instance->x0[0] = point->a1 * (1 + BESIDE);
    instance->x0[1] = point->a2;
    return there;
}

/* ---- samplers ---- */

static size_t samples_of(size_t index)
{
    enum { LEAST = 3, KINDS = 3 };
    return LEAST + index % KINDS;
}

static bool sample_any(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = drawn(stream, samples_of(index));
    return true;
}

/* c1 between two shares of the Hopf value of a fixed point. */
static bool sample_beside_hopf(struct stream *stream, size_t index, const double share[2],
                               struct instance *instance)
{
    struct equilibria_point point;
    if (!draw_until(stream, samples_of(index), has_moderate_hopf, instance, &point))
        return false;
    instance->problem.c[0] = point.hopf.c * stream_between(stream, share[0], share[1]);
    return true;
}

static bool sample_before_hopf(struct stream *stream, size_t index, struct instance *instance)
{
    static const double share[2] = {0.1, 0.8};
    return sample_beside_hopf(stream, index, share, instance);
}

static bool sample_beyond_hopf(struct stream *stream, size_t index, struct instance *instance)
{
    static const double share[2] = {1.1, 2};
    return sample_beside_hopf(stream, index, share, instance);
}

static bool sample_hopf(struct stream *stream, size_t index, struct instance *instance)
{
    struct equilibria_point point;
    return draw_until(stream, 3 + index % 2, has_hopf, instance, &point);
}

static bool sample_two(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = drawn(stream, 2);
    return true;
}

static bool sample_minimum(struct stream *stream, size_t index, struct instance *instance)
{
    struct equilibria_point point;
    (void)index;
    return draw_until(stream, 3, is_minimum, instance, &point);
}

/* ---- fixed points ---- */

/* f1 of the flow where f2, which is affine in a2, vanishes; its own terms in *size. */
static enum status along_nullcline(const struct flow *flow, double a1, double *f1, double *size)
{
    double f[PLANAR], low[PLANAR], high[PLANAR];
    TRY(flow->field(flow, 1, (const double[]){a1, 0}, low));
    TRY(flow->field(flow, 1, (const double[]){a1, 1}, high));
    const double a2 = low[1] / (low[1] - high[1]);
    TRY(flow->field(flow, 1, (const double[]){a1, a2}, f));
    *f1 = f[0];
    *size = fabs(low[0]) + fabs(a2) * (fabs(low[0]) + fabs(high[0]));
    return OK;
}

/* Is a fixed point listed between low and high? */
static bool is_listed(const struct equilibria *equilibria, double low, double high)
{
    for (size_t k = 0; k < equilibria->count; k++)
        if (equilibria->point[k].a1 >= low && equilibria->point[k].a1 <= high)
            return true;
    return false;
}

/* Along the nullcline of a2, f1 changes sign in the cells where a fixed point is listed, and in no
 * others; the cells at zero, where the nullcline is at infinity, are left out. */
static enum status compare_signs(struct trial *trial, const struct equilibria *equilibria,
                                 enum finding *finding)
{
    enum { STEPS = 2000, LEFT_OUT = 2 };
    static const double CERTAIN = 1e-12; /* of the terms of f1 */
    double before = 0, a_before = INTERVAL[0];
    const double width = (INTERVAL[1] - INTERVAL[0]) / STEPS;
    trial->deviation = 0;
    for (int k = 0; k <= STEPS; k++) {
        const double a1 = INTERVAL[0] + width * k;
        double f1 = 0, size = 0;
        if (abs(k - STEPS / 2) <= LEFT_OUT) {
            before = 0;
            continue;
        }
        TRY(along_nullcline(trial->flow, a1, &f1, &size));
        if (!(fabs(f1) > CERTAIN * size))
            continue;
        const bool changes = before * f1 < 0;
        if (changes && !is_listed(equilibria, a_before, a1))
            return conclude_fails(trial, finding, "a fixed point near a1 = %.9g is missing", a1);
        if (!changes && before != 0 && is_listed(equilibria, a_before, a1))
            return conclude_fails(trial, finding, "no fixed point near a1 = %.9g", a1);
        before = f1;
        a_before = a1;
    }
    return conclude_holds(finding);
}

static enum status conclude_critical(struct trial *trial, enum finding *finding)
{
    struct equilibria *equilibria = NULL;
    TRY(found(&trial->instance->problem, &equilibria));
    const enum status status = compare_signs(trial, equilibria, finding);
    equilibria_free(equilibria);
    return status;
}

/* False on purpose: the critical points for targets of which the first has the other sign. */
static enum status conclude_other_data(struct trial *trial, enum finding *finding)
{
    struct equilibria *equilibria = NULL;
    struct problem other = trial->instance->problem;
    other.targets.near[0] = -other.targets.near[0];
    TRY(found(&other, &equilibria));
    const enum status status = compare_signs(trial, equilibria, finding);
    equilibria_free(equilibria);
    return status;
}

/* ---- (7.2) ---- */

/* det and trace in terms of R, times the flow's own: |J| and products of its entries. */
static enum status compare_formula(struct trial *trial, double half,
                                   const struct equilibria_point *point,
                                   const struct response *response)
{
    const double x[PLANAR] = {point->a1, point->a2}, c = trial->instance->problem.c[0];
    double J[PLANAR * PLANAR];
    struct response_values m;
    TRY(trial->flow->jacobian(trial->flow, x, J));
    response_at(response, point->a1, &m);
    const double slope = m.m2[1] / m.m2[0], K = point->curvature;
    const double det = -c * point->a2 * m.m2[0] * m.m2[0] * K / 2;
    const double trace = c * m.m1[0] / 2 * (K - half * slope * slope) - m.m2[0];
    const double size = matrix_norm(COUNT(J), J);
    const double off = fmax(fabs(J[0] * J[3] - J[1] * J[2] - det) / (size * size),
                            fabs(J[0] + J[3] - trace) / size);
    trial->deviation = fmax(trial->deviation, off);
    return OK;
}

static enum status formula_over_points(struct trial *trial, double half,
                                       const struct equilibria *equilibria)
{
    struct response *response;
    TRY(response_create(&trial->instance->problem, &response));
    enum status status = OK;
    trial->deviation = 0;
    for (size_t k = 0; k < equilibria->count && status == OK; k++)
        status = compare_formula(trial, half, &equilibria->point[k], response);
    response_free(response);
    return status;
}

static enum status formula_with(struct trial *trial, double half, enum finding *finding)
{
    struct equilibria *equilibria = NULL;
    TRY(found(&trial->instance->problem, &equilibria));
    const enum status status = formula_over_points(trial, half, equilibria);
    equilibria_free(equilibria);
    TRY(status);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "trace or det is off by %.3g", trial->deviation);
    return conclude_holds(finding);
}

static enum status conclude_formula(struct trial *trial, enum finding *finding)
{
    return formula_with(trial, 1.0 / 2, finding);
}

/* False on purpose. */
static enum status conclude_formula_without_half(struct trial *trial, enum finding *finding)
{
    return formula_with(trial, 1, finding);
}

/* ---- types ---- */

/* Real parts of the eigenvalues of the flow's Jacobian, decreasing. */
static enum status real_parts(const struct flow *flow, const double *x, double re[PLANAR])
{
    double J[PLANAR * PLANAR];
    TRY(flow->jacobian(flow, x, J));
    return matrix_eigenvalues(PLANAR, J, re, NULL);
}

enum side { SIDE_CONGRUENT, SIDE_OPPOSED }; /* c1 a2 > 0, < 0 */

/* On that side: attracts where R has a maximum, a saddle where it has a minimum. */
static enum status types_on(struct trial *trial, enum side side,
                            const struct equilibria *equilibria, enum finding *finding)
{
    const double c = trial->instance->problem.c[0];
    for (size_t k = 0; k < equilibria->count; k++) {
        const struct equilibria_point *point = &equilibria->point[k];
        const double x[PLANAR] = {point->a1, point->a2};
        double re[PLANAR] = {0};
        if ((c * point->a2 > 0) != (side == SIDE_CONGRUENT) || fabs(point->curvature) < CLEAR)
            continue;
        TRY(real_parts(trial->flow, x, re));
        const bool attracts = re[0]<0, saddle = re[0]> 0 && re[1] < 0;
        if (point->curvature < 0 ? !attracts : !saddle)
            return conclude_fails(trial, finding,
                                  "(log R)'' = %.6g, eigenvalues with real parts %.6g, %.6g",
                                  point->curvature, re[0], re[1]);
    }
    return conclude_holds(finding);
}

static enum status types_of(struct trial *trial, enum side side, enum finding *finding)
{
    struct equilibria *equilibria = NULL;
    TRY(found(&trial->instance->problem, &equilibria));
    trial->deviation = 0;
    const enum status status = types_on(trial, side, equilibria, finding);
    equilibria_free(equilibria);
    return status;
}

static enum status conclude_types(struct trial *trial, enum finding *finding)
{
    return types_of(trial, SIDE_CONGRUENT, finding);
}

/* False on purpose: the same where c1 a2 < 0. */
static enum status conclude_types_opposed(struct trial *trial, enum finding *finding)
{
    return types_of(trial, SIDE_OPPOSED, finding);
}

/* The trajectory from beside the minimum of R stays and settles there, a saddle of the loss. */
static enum status conclude_wrong_limit(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    struct equilibria_point point;
    bool there = false;
    TRY(wanted_point(&trial->instance->problem, has_moderate_hopf, &point, &there));
    trial->plan.rtol = TIGHT_RTOL; /* long spirals gather errors */
    trial->plan.atol = TIGHT_ATOL;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending != ENDING_SETTLED || !there)
        return conclude_fails(trial, finding, "ends %s", ending_name(outcome->ending));
    trial->deviation = hypot(outcome->limit[0] - point.a1, outcome->limit[1] - point.a2);
    if (!(trial->deviation <= trial->theorem->bound * (1 + hypot(point.a1, point.a2))))
        return conclude_fails(trial, finding, "settles %.3g away", trial->deviation);
    return conclude_holds(finding);
}

/* ---- Hopf points ---- */

static enum status growth_at(struct problem *problem, const double *x, double c, double *growth)
{
    struct flow *flow;
    double re[PLANAR] = {0};
    problem->c[0] = c;
    TRY(problem_flow(problem, &flow));
    const enum status status = real_parts(flow, x, re);
    flow_free(flow);
    *growth = re[0];
    return status;
}

/* Where the real part changes sign, by bisection. */
static enum status bisected(struct problem *problem, const struct equilibria_point *point,
                            double *c, bool *bracketed)
{
    enum { HALVINGS = 60 };
    const double x[PLANAR] = {point->a1, point->a2}, share[2] = {0.9, 1.1};
    double low = share[0] * point->hopf.c, high = share[1] * point->hopf.c, growth[2] = {0};
    TRY(growth_at(problem, x, low, &growth[0]));
    TRY(growth_at(problem, x, high, &growth[1]));
    *bracketed = growth[0] < 0 && growth[1] > 0;
    for (int k = 0; k < HALVINGS; k++) {
        *c = (low + high) / 2;
        TRY(growth_at(problem, x, *c, &growth[0]));
        *(growth[0] < 0 ? &low : &high) = *c;
    }
    return OK;
}

static enum status hopf_value(struct trial *trial, double factor, enum finding *finding)
{
    struct problem problem = trial->instance->problem;
    struct equilibria_point point;
    bool there = false, bracketed = false;
    double c = NAN;
    TRY(wanted_point(&problem, has_hopf, &point, &there));
    if (!there)
        return conclude_fails(trial, finding, "there is no Hopf point");
    TRY(bisected(&problem, &point, &c, &bracketed));
    if (!bracketed)
        return conclude_fails(trial, finding, "no eigenvalue crosses near c1 = %.9g", point.hopf.c);
    return conclude_ratio(trial, "c1*", c, factor * point.hopf.c, finding);
}

static enum status conclude_hopf_value(struct trial *trial, enum finding *finding)
{
    return hopf_value(trial, 1, finding);
}

/* False on purpose: a ten-millionth farther. */
static enum status conclude_other_value(struct trial *trial, enum finding *finding)
{
    return hopf_value(trial, 1 + 10 * HOPF_BOUND, finding);
}

/* The planar coefficient of the first Hopf point; the deviation is that of the other one. */
static enum status lyapunov_of(struct trial *trial, double *lyapunov)
{
    struct problem problem = trial->instance->problem;
    struct equilibria_point point = {.a1 = NAN};
    struct flow *flow;
    bool there = false;
    double omega = NAN, other = NAN, doubt = NAN;
    TRY(wanted_point(&problem, has_hopf, &point, &there));
    problem.c[0] = point.hopf.c;
    const double x[PLANAR] = {point.a1, point.a2};
    TRY(problem_flow(&problem, &flow));
    const enum status status = branch_lyapunov(flow, x, &omega, &other, &doubt);
    flow_free(flow);
    TRY(status);
    *lyapunov = point.hopf.lyapunov;
    trial->deviation = fabs(other / *lyapunov - 1);
    return OK;
}

static enum status criticality(struct trial *trial, double sign, enum finding *finding)
{
    static const double ALIKE = 1e-3; /* of two coefficients whose sign counts */
    double lyapunov = NAN;
    TRY(lyapunov_of(trial, &lyapunov));
    if (!(trial->deviation <= ALIKE))
        return conclude_undecided(trial, finding, "two Lyapunov coefficients differ by %.3g",
                                  trial->deviation);
    if (!(sign * lyapunov > 0))
        return conclude_fails(trial, finding, "the first Lyapunov coefficient is %.6g", lyapunov);
    return conclude_holds(finding);
}

static enum status conclude_one_coefficient(struct trial *trial, enum finding *finding)
{
    double lyapunov = NAN;
    TRY(lyapunov_of(trial, &lyapunov));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "two coefficients differ by %.3g", trial->deviation);
    return conclude_holds(finding);
}

/* False on purpose: the coefficient as if time ran backwards. */
static enum status conclude_opposite_coefficients(struct trial *trial, enum finding *finding)
{
    double lyapunov = NAN;
    TRY(lyapunov_of(trial, &lyapunov));
    trial->deviation = 2 - trial->deviation;
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "two coefficients differ by %.3g", trial->deviation);
    return conclude_holds(finding);
}

static enum status conclude_subcritical(struct trial *trial, enum finding *finding)
{
    return criticality(trial, 1, finding);
}

static enum status conclude_supercritical(struct trial *trial, enum finding *finding)
{
    return criticality(trial, -1, finding);
}

/* ---- a stable cycle ---- */

/* Data whose Hopf point is supercritical, c1 a little beyond it, and a start beside the fixed point
 * that it has left: three samples, c1* = -4.67159; six, c1* = 94.1737; three without the derivative,
 * c1* = -2.26635. */
enum { SAMPLES_SHOWN = 6, FAMILIES = 3 };

static const struct family {
    size_t count;
    double inputs[SAMPLES_SHOWN], targets[SAMPLES_SHOWN];
    bool no_derivative;
    double c, x0[PLANAR];
} families[FAMILIES] = {
    {3, {-12, 0.928, -2.08}, {6.4, -4.2, 3.1}, false, -4.75, {-0.912, 5.132}},
    {6,
     {-2.82, 1.3, -0.394, -1.66, 0.565, 0.51},
     {2.68, -1.08, 1.94, 0.021, 0.59, -1.26},
     false,
     96,
     {1.63, -1.247}},
    {3, {3.587, 0.509, 1.029}, {2.32, 3.78, -0.045}, true, -2.28, {1.31, 2.135}},
};

static struct instance instance_of_family(const struct family *family)
{
    struct instance instance = instance_of("tanh", family->count, family->inputs, family->targets);
    instance.problem.no_derivative = family->no_derivative;
    instance.problem.c[0] = family->c;
    memcpy(instance.x0, family->x0, sizeof family->x0);
    return instance;
}

static bool sample_stable_cycle(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = instance_of_family(&families[index % FAMILIES]);
    return true;
}

static bool sample_no_cycle(struct stream *stream, size_t index, struct instance *instance)
{
    static const double BEFORE = 0.95;
    sample_stable_cycle(stream, index, instance);
    instance->problem.c[0] *= BEFORE;
    return true;
}

/* The first is the witness. */
static bool sample_hopf_or_witness(struct stream *stream, size_t index, struct instance *instance)
{
    if (index > 0)
        return sample_hopf(stream, index, instance);
    *instance = instance_of_family(&families[0]);
    return true;
}

static enum status conclude_cycling(struct trial *trial, enum finding *finding)
{
    static const double HORIZON = 3e4; /* the fixed point repels by 1e-3 per unit of time */
    const struct outcome *outcome;
    trial->plan.horizon = HORIZON;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = outcome->return_distance;
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending != ENDING_CYCLING)
        return conclude_fails(trial, finding, "ends %s", ending_name(outcome->ending));
    return conclude_holds(finding);
}

/* ---- two samples ---- */

/* Every fixed point fits both samples. */
static enum status conclude_fits(struct trial *trial, enum finding *finding)
{
    struct equilibria *equilibria = NULL;
    double worst = 0;
    TRY(found(&trial->instance->problem, &equilibria));
    for (size_t k = 0; k < equilibria->count; k++)
        worst = fmax(worst, equilibria->point[k].loss);
    equilibria_free(equilibria);
    trial->deviation = worst;
    if (!(worst <= trial->theorem->bound))
        return conclude_fails(trial, finding, "a fixed point has the loss %.6g", worst);
    return conclude_holds(finding);
}

#define NOTES "notes/equilibria.md, "

static const struct theorem records[] = {
    {.id = "equilibria-critical",
     .source = NOTES "(B11)",
     .hypotheses = "A[1,1,1] of tanh under rbp, c1 != 0; any data; tried: three to five normal "
                   "samples, |a1| <= 8",
     .statement = "The fixed points are a2 = M1/M2 at the critical points of R = M1^2/M2 with M1 "
                  "not zero, and the flow has no others.",
     .label = "B11",
     .recorded = VERDICT_SUPPORTED,
     .trials = 100,
     .bound = 1, /* yes or no */
     .sample = sample_any,
     .conclude = conclude_critical,
     .control = {.what = "false conclusion: the critical points of other data",
                 .sample = sample_any,
                 .conclude = conclude_other_data}},
    {.id = "equilibria-jacobian",
     .source = NOTES "(B12)",
     .hypotheses =
         "A[1,1,1] of tanh under rbp, c1 != 0; a fixed point with a1 != 0, R = M1^2/M2; any data",
     .statement =
         "det J = -c1 a2 M2^2 (log R)''/2 and tr J = (c1 M1/2) ((log R)'' - (M2'/M2)^2/2) - M2.",
     .label = "B12",
     .recorded = VERDICT_SUPPORTED,
     .trials = 200,
     .bound = FORMULA_BOUND,
     .sample = sample_any,
     .conclude = conclude_formula,
     .control = {.what = "false conclusion: (M2'/M2)^2 without its half",
                 .sample = sample_any,
                 .conclude = conclude_formula_without_half}},
    {.id = "equilibria-types",
     .source = NOTES "(B13)",
     .hypotheses =
         "A[1,1,1] of tanh under rbp; a fixed point with c1 a2 > 0, R = M1^2/M2; any data",
     .statement = "A local maximum of R attracts and a local minimum is a saddle.",
     .label = "B13",
     .recorded = VERDICT_SUPPORTED,
     .trials = 200,
     .bound = 1, /* yes or no */
     .sample = sample_any,
     .conclude = conclude_types,
     .control = {.what = "c1 a2 < 0", .sample = sample_any, .conclude = conclude_types_opposed}},
    {.id = "equilibria-wrong",
     .source = NOTES "(B13), (B14)",
     .hypotheses =
         "A[1,1,1] of tanh under rbp; a fixed point at a local minimum of R = M1^2/M2 with c1 a2 < "
         "0, c1* of hopf-value, 0 < c1/c1* < 1; a start beside it; tried: 0.1 <= c1/c1* <= 0.8",
     .statement = "The point, a saddle of the loss, attracts.",
     .label = "B13, B14",
     .recorded = VERDICT_SUPPORTED,
     .trials = 40,
     .bound = 1e-8,
     .sample = sample_before_hopf,
     .conclude = conclude_wrong_limit,
     .control = {.what = "c1 beyond c1*", .sample = sample_beyond_hopf}},
    {.id = "hopf-value",
     .source = NOTES "(B14)",
     .hypotheses = "A[1,1,1] of tanh under rbp; a fixed point at a local minimum of R = M1^2/M2 "
                   "with c1 a2 < 0 and (M2'/M2)^2/2 > (log R)''",
     .statement = "The eigenvalues at the point cross the imaginary axis at c1* = -2 M2/(M1 "
                  "((M2'/M2)^2/2 - (log R)'')).",
     .label = "B14",
     .recorded = VERDICT_SUPPORTED,
     .trials = 60,
     .bound = HOPF_BOUND,
     .sample = sample_hopf,
     .conclude = conclude_hopf_value,
     .control = {.what = "false conclusion: 1e-7 farther",
                 .sample = sample_hopf,
                 .conclude = conclude_other_value}},
    {.id = "hopf-lyapunov",
     .source = "Kuznetsov (2004), (3.20) and (5.62); " NOTES "(B19)",
     .hypotheses = "A[1,1,1] of tanh under rbp, at the Hopf point of hopf-value; tried: three or "
                   "four samples",
     .statement = "The first Lyapunov coefficient by the planar formula from M1 and M2 is that of "
                  "the projection on eigenvectors of the flow.",
     .label = "B19",
     .recorded = VERDICT_SUPPORTED,
     .trials = 60,
     .bound = 1e-4, /* third derivatives by differences, and a difference of three terms */
     .sample = sample_hopf,
     .conclude = conclude_one_coefficient,
     .control = {.what = "false conclusion: they are opposite",
                 .sample = sample_hopf,
                 .conclude = conclude_opposite_coefficients}},
    {.id = "hopf-subcritical",
     .source = NOTES "(B15)",
     .hypotheses = "A[1,1,1] of tanh under rbp, three or four samples; a Hopf point",
     .statement = "It is subcritical, so that the cycles born there repel.",
     .label = "B15",
     .recorded = VERDICT_REFUTED,
     .trials = 240,
     .corners = 1,
     .bound = 1, /* a sign */
     .sample = sample_hopf_or_witness,
     .conclude = conclude_subcritical,
     .control = {.what = "false conclusion: supercritical",
                 .sample = sample_hopf_or_witness,
                 .conclude = conclude_supercritical}},
    {.id = "hopf-stable-cycle",
     .source = NOTES "(B16)",
     .hypotheses = "A[1,1,1] of tanh under rbp: three samples with c1 = -4.75, six with c1 = 96, "
                   "and three without the derivative with c1 = -2.28 (the witnesses hold the data)",
     .statement = "Stable limit cycles exist.",
     .label = "B16",
     .recorded = VERDICT_SUPPORTED,
     .trials = FAMILIES,
     .corners = FAMILIES,
     .bound = 1, /* cycles or not */
     .sample = sample_stable_cycle,
     .conclude = conclude_cycling,
     .control = {.what = "c1 five per cent smaller, before the Hopf point",
                 .sample = sample_no_cycle}},
    {.id = "equilibria-two-samples",
     .source = NOTES "(B20)",
     .hypotheses =
         "A[1,1,1] of tanh under rbp, c1 != 0, two samples with |I1| and |I2| not equal and not 0",
     .statement = "At every fixed point the loss is zero.",
     .label = "B20",
     .recorded = VERDICT_SUPPORTED,
     .trials = 400,
     .bound = 1e-12, /* a difference of terms of size 4, of which each has some roundings */
     .sample = sample_two,
     .conclude = conclude_fits,
     .control = {.what = "three samples", .sample = sample_minimum}},
};

const struct chapter chapter_hopf = {.title = "equilibria and Hopf points of A[1,1,1]",
                                     .theorem = records,
                                     .theorems = COUNT(records)};
