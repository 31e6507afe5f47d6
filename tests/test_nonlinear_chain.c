/* Chains with activations, as flows: every activation under every rule, in the weights and in the
 * unknowns that are integrated.
 *
 * The field is held to its definition, sample by sample in long double, written down again here:
 * that is also what tests the moments of homogeneous activations and the bound on rounding.  Its
 * derivatives are held to differences, claims to the field, lanes to one another, and the identity
 * to linear chains.  Trajectories end where closed forms say. */
#include "nonlinear/nonlinear_chain.h"

#include "nonlinear/activation.h"
#include "nonlinear/data.h"
#include "nonlinear/response.h"
#include "nonlinear/system.h"
#include "tests/chains.h"
#include "tests/flow_checks.h"

#include <float.h>

enum { SEED = 2018, INSTANCES = 24, STATES = 4, DEPTH_MOST = 4, DIM_MOST = 2 * DEPTH_MOST };

/* ---- random instances --------------------------------------------------------------------- */

/* Parameters on both sides of the borders 1 and 2 of powers. */
static struct neurons draw_neurons(struct stream *stream, const struct activation *activation)
{
    static const double exponents[] = {1.0 / 3, 0.7, 1, 1.5, 2, 2.385, 3};
    struct neurons neurons = {.activation = activation, .parameter = activation->standard};
    if (activation->parameter && strcmp(activation->parameter, "mu") == 0)
        neurons.parameter = exponents[stream_below(stream, COUNT(exponents))];
    else if (activation->parameter)
        neurons.parameter = stream_between(stream, activation->least,
                                           fmin(activation->most, activation->least + 3));
    return neurons;
}

static const struct activation *draw_activation(struct stream *stream)
{
    size_t count = 0;
    while (activation_registry[count])
        count++;
    const struct activation *activation = activation_registry[stream_below(stream, count)];
    return activation->teacher_only ? &activation_tanh : activation;
}

/* Samples of both signs, none of them small, one of them zero now and then. */
static void draw_samples(struct stream *stream, struct problem *problem)
{
    const size_t count = 1 + stream_below(stream, 5);
    problem->inputs.count = problem->targets.count = count;
    problem->sample_weights.count = stream_below(stream, 2) ? count : 0;
    for (size_t k = 0; k < count; k++) {
        const double z = stream_normal(stream);
        problem->inputs.near[k] = stream_below(stream, 10) ? z + copysign(0.4, z) : 0;
        problem->targets.near[k] = 1.3 * stream_normal(stream);
        problem->sample_weights.near[k] = stream_between(stream, 0.1, 1.1);
    }
}

static void draw_lists(struct stream *stream, struct problem *problem)
{
    const struct rule *rule = problem->rule;
    const size_t L = problem->depth, most = problem_feedback_learns(rule) ? 2 * L - 1 : L;
    problem->lambda = stream_below(stream, 2) ? 0 : stream_between(stream, 0, 0.7);
    problem->lambda += rule->needs_decay ? 0.385 : 0;
    problem->mirror = stream_between(stream, 0.3, 2.385);
    problem->rate_count = stream_below(stream, 2) ? most : 0;
    problem->decay_count = problem->lambda != 0 && stream_below(stream, 2) ? most : 0;
    for (size_t k = 0; k < most; k++) {
        problem->rates[k] = stream_between(stream, 0.2, 2.1);
        problem->decays[k] = stream_between(stream, 0.1, 1.1);
    }
    problem->c_count = rule->direct ? L - stream_below(stream, 2) : 0;
    for (size_t k = 0; k < problem->c_count; k++)
        problem->c[k] = stream_below(stream, 6) ? 1.385 * stream_normal(stream) : 0;
}

/* Of the output in its weights: differences see no polynomial of a high degree. */
static double degree_of(const struct problem *problem)
{
    double degree = 1;
    for (size_t i = 0; i + 1 < problem->depth; i++) {
        const struct neurons f = problem->neurons[problem->neuron_count > 1 ? i : 0];
        degree *= f.activation->degree ? f.activation->degree(f.parameter) : 1;
    }
    return degree;
}

static struct problem draw_problem(struct stream *stream, const struct rule *rule,
                                   const struct activation *activation)
{
    static const double DEGREE_MOST = 6;
    struct problem problem = problem_defaults(&system_nonlinear_chain, rule);
    problem.depth = 1 + stream_below(stream, DEPTH_MOST);
    problem.neuron_count = 1;
    if (problem.depth > 2 && stream_below(stream, 2))
        problem.neuron_count = problem.depth - 1;
    for (size_t i = 0; i < problem.neuron_count; i++)
        problem.neurons[i] = draw_neurons(stream, i ? draw_activation(stream) : activation);
    if (degree_of(&problem) > DEGREE_MOST) {
        problem.depth = 2;
        problem.neuron_count = 1;
    }
    problem.no_derivative = stream_below(stream, 4) == 0;
    draw_lists(stream, &problem);
    if (stream_below(stream, 5))
        draw_samples(stream, &problem);
    else {
        problem.alpha = stream_between(stream, -2.385, 2.385);
        problem.beta = stream_between(stream, 0.3, 2.385);
    }
    return problem;
}

/* Away from zero, where powers have derivatives that no difference sees. */
static void draw_weights(struct stream *stream, size_t dim, double *w)
{
    for (size_t i = 0; i < dim; i++) {
        const double z = 0.6 * stream_normal(stream);
        w[i] = z + copysign(0.5, z);
    }
}

static size_t checked; /* of one test: zero trials is not a pass */

typedef void check(struct stream *stream, const struct problem *problem, const struct flow *flow);

static bool has_flow(const struct rule *rule)
{
    return !rule->product && !rule->no_targets;
}

static void for_every_flow(check *look)
{
    checked = 0;
    for (size_t f = 0; activation_registry[f]; f++)
        for (size_t r = 0; registry_rules[r] && !activation_registry[f]->teacher_only; r++)
            for (uint64_t i = 0; i < INSTANCES && has_flow(registry_rules[r]); i++) {
                struct stream stream =
                    stream_at(SEED, stream_key(activation_registry[f]->name) + r, i);
                const struct problem problem =
                    draw_problem(&stream, registry_rules[r], activation_registry[f]);
                struct flow *flow = flow_of(&problem);
                look(&stream, &problem, flow);
                flow_free(flow);
            }
    assert_true(checked > 1000);
}

/* The state of a flow that is one of the weights w. */
static const double *state_of(const struct flow *outer, const struct flow *flow, const double *w,
                              double *x)
{
    if (flow == outer)
        return w;
    outer->unknowns(outer, w, x);
    return x;
}

/* ---- the field, once more ----------------------------------------------------------------- */

/* f and f' in long double, as their definitions have them */
static long double value_of(const struct neurons *neurons, long double u)
{
    const char *name = neurons->activation->name;
    const long double p = neurons->parameter, size = fabsl(u);
    if (strcmp(name, "tanh") == 0)
        return tanhl(u);
    if (strcmp(name, "erf") == 0)
        return erfl(u / sqrtl(2));
    if (strcmp(name, "logistic") == 0)
        return 1 / (1 + expl(-u));
    if (strcmp(name, "relu") == 0)
        return u > 0 ? u : 0;
    if (strcmp(name, "leaky-relu") == 0)
        return u > 0 ? u : p * u;
    if (strcmp(name, "odd-power") == 0)
        return copysignl(powl(size, p), u);
    if (strcmp(name, "odd-root") == 0)
        return copysignl(powl(size, 1 / p), u);
    if (strcmp(name, "power") == 0 && p == floorl(p))
        return powl(u, p);
    if (strcmp(name, "power") == 0)
        return u > 0 ? powl(u, p) : 0;
    assert_string_equal(name, "identity"); /* an activation without a second definition */
    return u;
}

static long double slope_of(const struct neurons *neurons, long double u)
{
    const char *name = neurons->activation->name;
    const long double f = value_of(neurons, u), PI_L = 3.14159265358979323846264338327950288L;
    if (strcmp(name, "tanh") == 0)
        return 1 / (coshl(u) * coshl(u));
    if (strcmp(name, "erf") == 0)
        return sqrtl(2 / PI_L) * expl(-u * u / 2);
    if (strcmp(name, "logistic") == 0)
        return 1 / ((1 + expl(u)) * (1 + expl(-u)));
    if (u == 0) /* it is multiplied with zero */
        return 0;
    if (strcmp(name, "odd-root") == 0)
        return f / u / neurons->parameter;
    if (strstr(name, "power"))
        return neurons->parameter * f / u;
    return f / u;
}

static long double feedback_of(const struct problem *problem, const double *w, size_t i)
{
    switch (problem->rule->feedback) {
    case FEEDBACK_TRANSPOSED:
        return w[i + 1];
    case FEEDBACK_SIGNS:
        return w[i + 1] > 0 ? 1 : -1;
    case FEEDBACK_ADAPTIVE:
    case FEEDBACK_MIRROR:
        return w[problem->depth + i];
    default:
        return i < problem->c_count ? problem->c[i] : 1;
    }
}

static struct neurons neurons_of(const struct problem *problem, size_t layer)
{
    return problem->neurons[problem->neuron_count > 1 ? layer : 0];
}

/* Adds what one sample of weight `share` does to the change of every weight. */
static void add_sample(const struct problem *problem, const double *w, const long double sample[3],
                       long double *change)
{
    const size_t L = problem->depth;
    long double h[DEPTH_MOST + 1] = {0}, slope[DEPTH_MOST] = {0}, s[DEPTH_MOST] = {0};
    const bool skips = problem->rule->channel == CHANNEL_SKIPPED;
    const bool fixed = problem->rule->direct != NULL;
    h[0] = sample[0];
    for (size_t i = 0; i + 1 < L; i++) {
        const struct neurons neurons = neurons_of(problem, i);
        h[i + 1] = value_of(&neurons, w[i] * h[i]);
        slope[i] = problem->no_derivative ? 1 : slope_of(&neurons, w[i] * h[i]);
    }
    const long double e = sample[1] - w[L - 1] * h[L - 1];
    s[L - 1] = e * (fixed && problem->c_count == L ? problem->c[L - 1] : 1);
    for (size_t i = L - 1; i-- > 0;) {
        s[i] = slope[i] * feedback_of(problem, w, i) * (skips ? e : s[i + 1]);
        if (skips && problem->rule->feedback == FEEDBACK_TRANSPOSED)
            for (size_t j = i + 2; j < L; j++)
                s[i] *= w[j];
    }
    for (size_t i = 0; i < L; i++)
        change[i] += sample[2] * s[i] * h[i];
    for (size_t i = 0; i + 1 < L && problem->rule->feedback == FEEDBACK_ADAPTIVE; i++)
        change[L + i] += sample[2] * h[i + 1] * (skips ? e : s[i + 1]);
}

static double decay_of(const struct problem *problem, size_t i)
{
    if (problem->decay_count)
        return problem->decays[i];
    return problem->rule->channel_decays && i < problem->depth ? 0 : problem->lambda;
}

static void field_of(const struct problem *problem, size_t dim, const double *w,
                     long double *change)
{
    const size_t L = problem->depth, count = problem->inputs.count;
    long double total = problem->sample_weights.count ? 1 : (long double)count;
    memset(change, 0, dim * sizeof *change);
    for (size_t k = 0; k < count; k++)
        add_sample(problem, w,
                   (long double[]){problem->inputs.near[k], problem->targets.near[k],
                                   problem->sample_weights.count
                                       ? (long double)problem->sample_weights.near[k]
                                       : 1 / total},
                   change);
    if (count == 0)
        add_sample(problem, w,
                   (long double[]){1, (long double)problem->alpha / problem->beta, problem->beta},
                   change);
    for (size_t i = 0; i < dim; i++) {
        if (i >= L && problem->rule->feedback == FEEDBACK_MIRROR)
            change[i] = problem->mirror * w[i - L + 1];
        change[i] *= problem->rate_count ? problem->rates[i] : 1;
        change[i] -= decay_of(problem, i) * w[i];
    }
}

static double worst_share; /* of the bound on rounding that is ever used */

static void check_field(struct stream *stream, const struct problem *problem,
                        const struct flow *flow)
{
    double w[DIM_MOST], x[DIM_MOST], f[DIM_MOST], bound[DIM_MOST];
    long double g[DIM_MOST];
    for (int k = 0; k < STATES; k++) {
        draw_weights(stream, flow->dim, w);
        field_of(problem, flow->dim, w, g);
        assert_int_equal(flow->field(flow, 1, w, f), OK);
        flow->rounding(flow, w, bound);
        for (size_t i = 0; i < flow->dim; i++) {
            const double off = (double)fabsl(f[i] - g[i]);
            if (!(off <= DBL_EPSILON * bound[i]))
                fail_msg("%s: f[%zu] = %.17g, by definition %.17g; rounding at most %.2g",
                         flow->title, i, f[i], (double)g[i], DBL_EPSILON * bound[i]);
            if (off > 0)
                worst_share = fmax(worst_share, off / (DBL_EPSILON * bound[i]));
            checked++;
        }
        if (!flow->regular) /* y' = |a|^(1 - mu) a' */
            continue;
        const struct flow *regular = flow->regular;
        flow->unknowns(flow, w, x);
        assert_int_equal(regular->field(regular, 1, x, f), OK);
        regular->rounding(regular, x, bound);
        for (size_t i = 0; i < flow->dim; i++) {
            double nearby[DIM_MOST];
            memcpy(nearby, x, sizeof nearby);
            nearby[i] *= 1 + 1e-7;
            flow->weights(flow, nearby, nearby);
            const double slope = (nearby[i] - w[i]) / (1e-7 * x[i]); /* da/dy, to 1e-6 */
            if (!(fabs(f[i] * slope - (double)g[i]) <=
                  1e-6 * fabs((double)g[i]) + DBL_EPSILON * bound[i] * fabs(slope)))
                fail_msg("%s: in the chart f[%zu] = %.10g, a' = %.10g", flow->title, i,
                         f[i] * slope, (double)g[i]);
        }
    }
}

static void fields_are_their_definition(void **state)
{
    (void)state;
    worst_share = 0;
    for_every_flow(check_field);
    print_message("# rounding: at most %.2g of its bound\n", worst_share);
}

/* ---- derivatives -------------------------------------------------------------------------- */

/* eps^(4/5) = 3e-13 of the terms, times fifth derivatives: of powers at 0.2, 5! 5^5 = 4e5 */
static const double DIFFERENCES = 1e-7;

static void compare_jacobian(const struct flow *flow, const double *x)
{
    flow_checks_jacobian(flow, x, DIFFERENCES);
    checked++;
}

static void check_jacobian(struct stream *stream, const struct problem *problem,
                           const struct flow *flow)
{
    (void)problem;
    double w[DIM_MOST], x[DIM_MOST];
    for (int k = 0; k < STATES; k++) {
        draw_weights(stream, flow->dim, w);
        compare_jacobian(flow, w);
        if (flow->regular)
            compare_jacobian(flow->regular, state_of(flow, flow->regular, w, x));
    }
}

static void jacobians_agree_with_differences(void **state)
{
    (void)state;
    for_every_flow(check_jacobian);
}

static size_t continued; /* pieces looked at across their end */

/* With the sides held, the field is one smooth function across every a_i = 0 where it jumps. */
static void check_continuation(struct stream *stream, const struct problem *problem,
                               const struct flow *flow)
{
    double w[DIM_MOST];
    for (size_t i = 0; i + 1 < problem->depth; i++) {
        const struct neurons f = neurons_of(problem, i);
        const enum activation_regularity at_zero = f.activation->at_zero(f.parameter);
        if (at_zero != ACTIVATION_KINK && at_zero != ACTIVATION_SMOOTH)
            return; /* powers below have no derivatives at zero */
    }
    if (degree_of(problem) > 2)
        return; /* differences around zero are off by what the fifth derivative is there */
    for (size_t k = 0; k < flow->switches; k++) {
        double at[DIM_MOST];
        draw_weights(stream, flow->dim, w);
        flow->switching(flow, w, at);
        for (size_t j = 0; j < flow->switches; j++)
            flow->side[j] = at[j] > 0 ? 1 : -1;
        size_t layer = 0;
        while (w[layer] != at[k])
            layer++;
        w[layer] = 0;
        compare_jacobian(flow, w);
        continued++;
    }
    memset(flow->side, 0, flow->switches);
}

static void check_sides(struct stream *stream, const struct problem *problem,
                        const struct flow *flow)
{
    checked++;
    if (flow->switches > 0)
        check_continuation(stream, problem, flow);
}

static void pieces_go_on_across_their_end(void **state)
{
    (void)state;
    continued = 0;
    for_every_flow(check_sides);
    assert_true(continued > 200);
}

/* ---- claims ------------------------------------------------------------------------------- */

static size_t kinds_seen[2];

static void compare_claims(const struct flow *flow, const double *x)
{
    static const double ROUNDINGS = 64; /* of the gradient and of the sum */
    double f[DIM_MOST], bound[DIM_MOST];
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    flow->rounding(flow, x, bound);
    for (size_t c = 0; c < flow->claims; c++) {
        flow_checks_claim(flow, c, x, &(struct flow_checks_claim){f, bound, ROUNDINGS});
        flow_checks_gradient(flow, c, x, DIFFERENCES);
        kinds_seen[flow->claim[c].kind == CLAIM_CONSERVED]++;
        checked++;
    }
}

static void check_claims(struct stream *stream, const struct problem *problem,
                         const struct flow *flow)
{
    (void)problem;
    double w[DIM_MOST], x[DIM_MOST];
    for (int k = 0; k < STATES; k++) {
        draw_weights(stream, flow->dim, w);
        compare_claims(flow, w);
        if (flow->regular)
            compare_claims(flow->regular, state_of(flow, flow->regular, w, x));
    }
}

static void claims_hold_at_every_state(void **state)
{
    (void)state;
    memset(kinds_seen, 0, sizeof kinds_seen);
    for_every_flow(check_claims);
    assert_true(kinds_seen[0] > 100 && kinds_seen[1] > 1000);
}

/* The claims there must be: a chain that forgets to make them has none that fail. */
static size_t claims_expected(const struct problem *problem)
{
    const size_t hidden = problem->depth - 1;
    if (problem->rule->feedback == FEEDBACK_ADAPTIVE)
        return problem->rule->channel == CHANNEL_LAYERED ? 2 * hidden : hidden + (hidden > 0);
    if (problem->rule->feedback == FEEDBACK_MIRROR)
        return 0;
    return problem->rule->channel == CHANNEL_LAYERED ? hidden : hidden > 0;
}

static void homogeneous_chains_have_all_their_claims(void **state)
{
    (void)state;
    for (size_t r = 0; registry_rules[r]; r++)
        for (size_t depth = 1; depth <= DEPTH_MOST && has_flow(registry_rules[r]); depth++) {
            struct problem problem = problem_defaults(&system_nonlinear_chain, registry_rules[r]);
            if (problem.rule->needs_decay)
                continue;
            problem.depth = depth;
            problem.neuron_count = 1;
            problem.neurons[0] = (struct neurons){&activation_power, 3};
            struct flow *flow = flow_of(&problem);
            assert_int_equal(flow->conserved, claims_expected(&problem));
            assert_int_equal(flow->claims, flow->conserved + (problem.rule == &rule_bp));
            flow_free(flow);
        }
}

/* T = rho f(I) without derivatives keeps one quantity; other targets none. */
static void realizable_targets_conserve_without_derivatives(void **state)
{
    (void)state;
    static const double I[] = {0.5, 1.25, -2, -0.75};
    for (size_t f = 0; activation_registry[f]; f++) {
        const struct activation *activation = activation_registry[f];
        struct problem problem = problem_defaults(&system_nonlinear_chain, &rule_rbp);
        problem.neuron_count = 1;
        problem.neurons[0] = (struct neurons){activation, activation->standard};
        if (!activation->degree || !activation->odd || activation->teacher_only)
            continue;
        problem.no_derivative = true;
        problem.inputs.count = problem.targets.count = COUNT(I);
        for (size_t k = 0; k < COUNT(I); k++) {
            problem.inputs.near[k] = I[k];
            problem.targets.near[k] = 1.75 * activation_value(&problem.neurons[0], I[k]);
        }
        struct flow *flow = flow_of(&problem);
        assert_int_equal(flow->conserved, 1);
        compare_claims(flow, (const double[]){0.7, -0.4});
        compare_claims(flow, (const double[]){-0.7, 0.9});
        flow_free(flow);
        problem.targets.near[1] += 0.01;
        flow = flow_of(&problem);
        if (activation != &activation_identity) /* linear chains have (F1) for all targets */
            assert_int_equal(flow->conserved, 0);
        flow_free(flow);
    }
}

/* ---- lanes -------------------------------------------------------------------------------- */

static void check_lanes(struct stream *stream, const struct problem *problem,
                        const struct flow *flow)
{
    (void)problem;
    flow_checks_lanes(stream, flow);
    if (flow->regular)
        flow_checks_lanes(stream, flow->regular);
    checked++;
}

static void lanes_give_the_bits_of_one(void **state)
{
    (void)state;
    for_every_flow(check_lanes);
}

/* ---- linear chains and responses ----------------------------------------------------------- */

static void the_identity_gives_linear_chains(void **state)
{
    (void)state;
    for (size_t r = 0; registry_rules[r]; r++)
        for (uint64_t i = 0; i < INSTANCES && has_flow(registry_rules[r]); i++) {
            struct stream stream = stream_at(SEED, stream_key("linear") + r, i);
            struct problem problem = draw_problem(&stream, registry_rules[r], &activation_identity);
            double w[DIM_MOST], f[DIM_MOST], g[DIM_MOST], bound[DIM_MOST];
            problem.inputs.count = problem.targets.count = problem.sample_weights.count = 0;
            problem.neuron_count = 1;
            problem.neurons[0] = (struct neurons){.activation = &activation_identity};
            if (chain_is_special(problem.rule))
                problem.decay_count = 0; /* linear/chain.h takes one lambda */
            struct flow *flow = flow_of(&problem);
            problem.system = &system_chain;
            struct flow *linear = flow_of(&problem);
            assert_int_equal(flow->dim, linear->dim);
            draw_weights(&stream, flow->dim, w);
            assert_int_equal(flow->field(flow, 1, w, f), OK);
            assert_int_equal(linear->field(linear, 1, w, g), OK);
            flow->rounding(flow, w, bound);
            for (size_t k = 0; k < flow->dim; k++)
                if (!(fabs(f[k] - g[k]) <= DBL_EPSILON * bound[k]))
                    fail_msg("%s: f[%zu] = %.17g, linear %.17g", flow->title, k, f[k], g[k]);
            assert_true(fabs(flow->loss(flow, w) - linear->loss(linear, w)) <=
                        1e-14 * (1 + linear->loss(linear, w)));
            flow_free(linear);
            flow_free(flow);
        }
}

/* Gaussian inputs have moments that are known, and quadrature where they are not. */
static void one_hidden_neuron_follows_its_response(void **state)
{
    (void)state;
    size_t compared = 0;
    for (size_t f = 0; activation_registry[f]; f++)
        for (uint64_t i = 0; i < INSTANCES && !activation_registry[f]->teacher_only; i++) {
            struct stream stream = stream_at(SEED, stream_key("response") + f, i);
            struct problem problem = draw_problem(&stream, &rule_rbp, activation_registry[f]);
            struct response *response = NULL;
            struct response_values m;
            double w[DIM_MOST], dw[DIM_MOST], bound[DIM_MOST];
            problem.depth = 2;
            problem.neuron_count = 1;
            problem.no_derivative = false;
            problem.lambda = 0;
            problem.rate_count = problem.decay_count = 0;
            problem.c_count = 1;
            problem.c[0] = 1.385;
            if (i % 2) {
                problem.inputs.count = problem.targets.count = problem.sample_weights.count = 0;
                problem.gaussian = 0.8;
                problem.teacher = (struct teacher){
                    .neurons = {.activation = i % 3 ? &activation_tanh : &activation_identity},
                    .argument = 1.2,
                    .scale = 0.7};
            }
            if (response_create(&problem, &response) != OK)
                fail_msg("%s", status_message());
            struct flow *flow = flow_of(&problem);
            draw_weights(&stream, 2, w);
            w[0] *= i % 4 == 3 ? 40 : 1; /* steep neurons: more nodes of a Gaussian */
            response_at(response, w[0], &m);
            assert_int_equal(flow->field(flow, 1, w, dw), OK);
            flow->rounding(flow, w, bound);
            const double a1 = problem.c[0] * (m.m1[1] - w[1] * m.m2[1] / 2);
            const double a2 = m.m1[0] - w[1] * m.m2[0];
            /* the bounds of both: quadrature is good to 1e-15 of its terms */
            static const double SAME = 1e-13;
            if (!(fabs(dw[0] - a1) <= SAME * (1 + fabs(a1)) + DBL_EPSILON * bound[0]) ||
                !(fabs(dw[1] - a2) <= SAME * (1 + fabs(a2)) + DBL_EPSILON * bound[1]))
                fail_msg("%s: (%.17g, %.17g), by its response (%.17g, %.17g)", flow->title, dw[0],
                         dw[1], a1, a2);
            flow_free(flow);
            response_free(response);
            compared++;
        }
    assert_true(compared > 100);
}

/* ---- the loss ------------------------------------------------------------------------------ */

/* E[(T - O)^2]/2 by definition; its excess differs by one constant, and has the infimum 0. */
static void check_loss(struct stream *stream, const struct problem *problem,
                       const struct flow *flow)
{
    double w[DIM_MOST] = {0}, least = NAN, most = 1;
    bool homogeneous = true;
    for (size_t i = 0; i + 1 < problem->depth; i++)
        homogeneous = homogeneous && neurons_of(problem, i).activation->degree;
    assert_true(flow->whole_loss == !homogeneous);
    if (problem->inputs.count == 0)
        return;
    for (int k = 0; k < STATES; k++) {
        long double sum = 0;
        draw_weights(stream, flow->dim, w);
        for (size_t j = 0; j < problem->inputs.count; j++) {
            long double h = problem->inputs.near[j];
            for (size_t i = 0; i + 1 < problem->depth; i++) {
                const struct neurons f = neurons_of(problem, i);
                h = value_of(&f, w[i] * h);
            }
            const long double e = problem->targets.near[j] - w[problem->depth - 1] * h;
            sum += (problem->sample_weights.count ? (long double)problem->sample_weights.near[j]
                                                  : 1 / (long double)problem->inputs.count) *
                   e * e / 2;
        }
        const double loss = flow->loss(flow, w), offset = (double)sum - loss;
        assert_true(loss >= 0);
        most = fmax(most, (double)sum);
        if (k > 0 && !(fabs(offset - least) <= 1e-12 * most))
            fail_msg("%s: the loss is %.15g more than its excess, and then %.15g", flow->title,
                     least, offset);
        if (flow->whole_loss && !(fabs(offset) <= 1e-12 * most))
            fail_msg("%s: the loss is off by %g", flow->title, offset);
        least = k ? least : offset;
        checked++;
    }
}

static void losses_are_excesses_where_they_say_so(void **state)
{
    (void)state;
    for_every_flow(check_loss);
}

/* ---- where trajectories end ----------------------------------------------------------------- */

struct ending_case {
    const char *name, *rule;
    struct neurons f;
    double c, alpha, beta, start[3];
    enum ending ending;
    double limit[3], rate, t; /* rate, t: NAN where they are not looked at */
};

static void check_case(const struct ending_case *known)
{
    /* of limits that are polished on their leaf: rounding of the closed form's own digits */
    static const double DIGITS = 3e-14, RATE_DIGITS = 1e-9, TIME_DIGITS = 1e-8;
    struct problem problem = problem_defaults(&system_nonlinear_chain, registry_rule(known->rule));
    problem.neuron_count = 1;
    problem.neurons[0] = known->f;
    problem.alpha = known->alpha;
    problem.beta = known->beta;
    problem.c_count = problem.rule->direct ? 1 : 0;
    problem.c[0] = known->c;
    for (int method = METHOD_BDF; method <= METHOD_RK8PD; method += METHOD_RK8PD - METHOD_BDF) {
        struct plan plan = plan_defaults();
        plan.method = (enum method)method;
        struct trial trial = trial_run(&problem, &plan, known->start);
        const struct outcome *outcome = trial.outcome;
        assert_ending(outcome, known->ending, "%s by %s", known->name, method_name(plan.method));
        const double *at = outcome->has_limit ? outcome->limit : outcome->last;
        const double digits = outcome->has_limit ? DIGITS : TIME_DIGITS;
        for (size_t i = 0; i < trial.flow->dim; i++)
            if (!isnan(known->limit[i]) &&
                !(fabs(at[i] - known->limit[i]) <= digits * (1 + fabs(known->limit[i]))))
                fail_msg("%s by %s: a%zu = %.17g, expected %.17g", known->name,
                         method_name(plan.method), i + 1, at[i], known->limit[i]);
        if (!isnan(known->rate) &&
            !(fabs(outcome->transverse_rate - known->rate) <= RATE_DIGITS * fabs(known->rate)))
            fail_msg("%s: rate %.15g, expected %.15g", known->name, outcome->transverse_rate,
                     known->rate);
        if (!isnan(known->t) && !(fabs(outcome->t - known->t) <= TIME_DIGITS * known->t))
            fail_msg("%s: at t = %.15g, expected %.15g", known->name, outcome->t, known->t);
        trial_free(&trial);
    }
}

/* Limits: roots of x^mu (x^2/(2 c mu) + K) = alpha/beta to 24 digits by interval bisection in exact
 * rational arithmetic; the time by quadrature of dx/|Q|. */
static const struct ending_case known_endings[] = {
    {"mu = 2",
     "rbp",
     {&activation_power, 2},
     1,
     1,
     1,
     {0.5, 0.5},
     ENDING_SETTLED,
     {1.143691894511639258, 0.7645077873929056452},
     -5.7109454882496604836,
     NAN},
    {"mu = 3",
     "rbp",
     {&activation_power, 3},
     1.5,
     2,
     0.5,
     {0.25, -1},
     ENDING_SETTLED,
     {3.189379905335590240, 0.1232937978398287289},
     -612.38193943885314156,
     NAN},
    {"mu = 5/2",
     "rbp",
     {&activation_power, 2.5},
     1,
     1,
     1,
     {0.375, 0.125},
     ENDING_SETTLED,
     {1.357722139427237662, 0.4655568815781750771},
     -11.896338089064272776,
     NAN},
    {"mu = 1/3",
     "rbp",
     {&activation_power, 1.0 / 3},
     1,
     1,
     1,
     {0.375, 0.125},
     ENDING_SETTLED,
     {0.8693697247895600543, 1.047768077571013084},
     -1.051206126193763969,
     NAN},
    {"mu = 4",
     "rbp",
     {&activation_power, 4},
     0.75,
     1.25,
     0.875,
     {1.5, -0.375},
     ENDING_SETTLED,
     {2.205111984725586617, 0.06041981086340326241},
     -562.10038909066852392,
     NAN},
    {"cube root",
     "rbp",
     {&activation_odd_root, 3},
     1,
     1,
     1,
     {-0.5, 0.2},
     ENDING_SETTLED,
     {0.898619102085180, 1.036274435948563},
     NAN,
     NAN},
    {"odd power 1/3",
     "rbp",
     {&activation_odd_power, 1.0 / 3},
     1,
     1,
     1,
     {-0.5, 0.2},
     ENDING_SETTLED,
     {0.898619102085180, 1.036274435948563},
     NAN,
     NAN},
    {"extinction",
     "rbp",
     {&activation_odd_power, 1.5},
     1,
     -1,
     1,
     {0.5, 0},
     ENDING_HORIZON,
     {0, -1.0 / 12},
     NAN,
     0.946304106706},
    {"semistable",
     "rbp",
     {&activation_power, 3},
     1,
     1,
     1,
     {-0.5, 0.2},
     ENDING_CREEPING,
     {0, 0.2 - 0.25 / 6},
     NAN,
     NAN},
    {"adaptive, learns",
     "arbp",
     {&activation_power, 2},
     1,
     1,
     1,
     {0.5, 0.3, -0.3},
     ENDING_SETTLED,
     {NAN, NAN, NAN},
     NAN,
     NAN},
    {"adaptive, dies",
     "arbp",
     {&activation_power, 2},
     1,
     1,
     1,
     {0.5, 0.3, -0.4},
     ENDING_SETTLED,
     {0, NAN, NAN},
     NAN,
     NAN},
};

static void powers_end_where_closed_forms_say(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(known_endings); k++)
        check_case(&known_endings[k]);
}

/* A wrong-sign c_1 is repaired iff a_1^2 > mu c_1^2: then the limit is a minimum. */
static void adaptive_feedback_repairs_its_sign(void **state)
{
    (void)state;
    for (int dies = 0; dies < 2; dies++) {
        struct problem problem = problem_defaults(&system_nonlinear_chain, &rule_arbp);
        problem.neuron_count = 1;
        problem.neurons[0] = (struct neurons){&activation_power, 2};
        const struct plan plan = plan_defaults();
        struct trial trial =
            trial_run(&problem, &plan, (const double[]){0.5, 0.3, dies ? -0.4 : -0.3});
        assert_ending(trial.outcome, ENDING_SETTLED, "a1 = 0.5");
        const double loss = trial.flow->loss(trial.flow, trial.outcome->limit);
        assert_true(dies ? loss == 0.5 : loss < 1e-20);
        trial_free(&trial);
    }
}

/* ReLU: samples (1, 2, -1, -1/2) -> (1, 1, 0.8, -0.3); where c_1 < 0, a_1 = 0 attracts: a dead
 * neuron, a_2 = 0.2 - 0.5^2/(2 c_1) by the first integral. */
static void rectified_neurons_learn_or_die(void **state)
{
    (void)state;
    static const struct {
        double a1, c, limit;
    } known[] = {{0.5, 1, 1.01563887}, {-0.5, 1, -0.963849753}, {0.5, -1, 0}, {-0.5, -1, 0}};
    for (size_t k = 0; k < COUNT(known); k++) {
        struct problem problem = problem_defaults(&system_nonlinear_chain, &rule_rbp);
        problem.neuron_count = 1;
        problem.neurons[0] = (struct neurons){.activation = &activation_relu};
        problem.c_count = 1;
        problem.c[0] = known[k].c;
        problem.inputs = (struct entries){.count = 4, .near = {1, 2, -1, -0.5}};
        problem.targets = (struct entries){.count = 4, .near = {1, 1, 0.8, -0.3}};
        const struct plan plan = plan_defaults();
        struct trial trial = trial_run(&problem, &plan, (const double[]){known[k].a1, 0.2});
        assert_ending(trial.outcome, ENDING_SETTLED, "a1 = %g, c1 = %g", known[k].a1, known[k].c);
        assert_true(fabs(trial.outcome->limit[0] - known[k].limit) < 1e-8);
        if (known[k].limit == 0)
            assert_true(fabs(trial.outcome->limit[1] - 0.325) < 1e-12);
        trial_free(&trial);
    }
}

/* All inputs are positive, and a_1 < 0: nothing moves in the whole half-plane, (E26). */
static void dead_neurons_are_no_saddles(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_nonlinear_chain, &rule_rbp);
    problem.neuron_count = 1;
    problem.neurons[0] = (struct neurons){.activation = &activation_relu};
    problem.inputs = (struct entries){.count = 1, .near = {1.2}};
    problem.targets = (struct entries){.count = 1, .near = {-0.5}};
    const struct plan plan = plan_defaults();
    struct trial trial = trial_run(&problem, &plan, (const double[]){-1.96, 0.047});
    assert_ending(trial.outcome, ENDING_SETTLED, "dead from the start");
    assert_true(trial.outcome->limit[0] == -1.96 && trial.outcome->limit[1] == 0.047);
    assert_true(trial.flow->loss(trial.flow, trial.outcome->limit) > 0.1);
    trial_free(&trial);
}

/* tanh: T = 2 tanh(1.5 I) is learnt, with either sign; c_1 is no rate but decides which. */
static void a_teacher_is_learnt(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        struct problem problem = problem_defaults(&system_nonlinear_chain, &rule_rbp);
        problem.neuron_count = 1;
        problem.neurons[0] = (struct neurons){.activation = &activation_tanh};
        problem.teacher = (struct teacher){problem.neurons[0], 1.5, 2};
        problem.inputs = (struct entries){.count = 3, .near = {0.5, 1, 2}};
        problem.c_count = 1;
        problem.c[0] = sign;
        const struct plan plan = plan_defaults();
        struct trial trial = trial_run(&problem, &plan, (const double[]){0.5, 0.5});
        assert_ending(trial.outcome, ENDING_SETTLED, "teacher, c1 = %d", sign);
        assert_true(fabs(trial.outcome->limit[0] - sign * 1.5) < 1e-12);
        assert_true(fabs(trial.outcome->limit[1] - sign * 2) < 1e-12);
        trial_free(&trial);
    }
}

/* What a visitor sees are weights, also where the integrator has other unknowns. */
static void keep_first(void *context, double t, const double *x)
{
    if (t == 0)
        memcpy(context, x, 2 * sizeof *x);
}

static void charts_stay_inside(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_nonlinear_chain, &rule_rbp);
    double first[2] = {0, 0};
    problem.neuron_count = 1;
    problem.neurons[0] = (struct neurons){&activation_odd_power, 1.5};
    struct plan plan = plan_defaults();
    plan.visit = keep_first;
    plan.context = first;
    struct trial trial = trial_run(&problem, &plan, (const double[]){0.3, 0.7});
    assert_non_null(trial.flow->regular);
    assert_true(fabs(first[0] - 0.3) < 1e-15 && first[1] == 0.7);
    assert_ending(trial.outcome, ENDING_SETTLED, "in the chart");
    assert_true(fabs(trial.outcome->limit[1] * pow(trial.outcome->limit[0], 1.5) - 1) < 1e-13);
    trial_free(&trial);
}

/* x^(3/2) of positive x, else 0: with the wrong sign of feedback a_1 = 0 is reached in finite time,
 * and nothing leads away from it; b_1 mu a_2 - a_1^2/2 says where.  The odd power goes on. */
static void powers_die_where_nothing_leads_away(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_nonlinear_chain, &rule_rbp);
    const struct plan plan = plan_defaults();
    const double start[] = {0.5, 0.5}, limit[] = {0, 0.5 - 0.25 / 3};
    problem.neuron_count = 1;
    problem.alpha = -1;
    problem.neurons[0] = (struct neurons){&activation_power, 1.5};
    struct trial trial = trial_run(&problem, &plan, start);
    assert_ending(trial.outcome, ENDING_SETTLED, "x^(3/2) dies");
    assert_true(matrix_distance(2, trial.outcome->limit, limit) <= 1e-14);
    assert_true(trial.outcome->distance_bound <= 1e-12);
    trial_free(&trial);
    problem.neurons[0] = (struct neurons){&activation_odd_power, 1.5};
    trial = trial_run(&problem, &plan, start);
    assert_ending(trial.outcome, ENDING_HORIZON, "odd x^(3/2) may go on");
    assert_non_null(strstr(trial.outcome->reason, "not unique where a1 = 0"));
    trial_free(&trial);
    problem.inputs = (struct entries){.count = 2, .near = {1, -1}}; /* alpha < 0 on both sides */
    problem.targets = (struct entries){.count = 2, .near = {-1, -1}};
    problem.neurons[0] = (struct neurons){&activation_power, 1.5};
    trial = trial_run(&problem, &plan, start);
    assert_ending(trial.outcome, ENDING_SETTLED, "both sides push");
    assert_true(matrix_distance(2, trial.outcome->limit, limit) <= 1e-14);
    trial_free(&trial);
}

/* ---- what there is not ----------------------------------------------------------------------- */

static void refuses(const struct problem *problem, const char *why)
{
    struct flow *flow = NULL;
    assert_int_equal(problem_flow(problem, &flow), BAD_ARGUMENT);
    if (!strstr(status_message(), why))
        fail_msg("expected '%s' in: %s", why, status_message());
}

static void problems_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    struct problem good = problem_defaults(&system_nonlinear_chain, &rule_rbp), bad = good;
    good.neuron_count = 1;
    good.neurons[0] = (struct neurons){.activation = &activation_tanh};
    bad = good;
    bad.rule = &rule_pfa;
    refuses(&bad, "pfa");
    bad = good;
    bad.rule = &rule_noise_pretraining;
    refuses(&bad, "noise-pretraining");
    bad = good;
    bad.depth = 0;
    refuses(&bad, "depth");
    bad = good;
    bad.depth = 5;
    bad.neuron_count = 3;
    bad.neurons[1] = bad.neurons[2] = bad.neurons[0];
    refuses(&bad, "3 activations");
    bad = good;
    bad.neurons[0] = (struct neurons){&activation_power, -1};
    refuses(&bad, "power");
    bad = good;
    bad.c_count = 5;
    refuses(&bad, "--c");
    bad = good;
    bad.rule = &rule_arbp;
    bad.c_count = 1;
    refuses(&bad, "--c");
    bad = good;
    bad.rate_count = 3;
    refuses(&bad, "--rates");
    bad = good;
    bad.rule = &rule_kolen_pollack;
    refuses(&bad, "decay");
    bad = good;
    bad.beta = 0;
    refuses(&bad, "beta");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_their_definition),
        cmocka_unit_test(jacobians_agree_with_differences),
        cmocka_unit_test(pieces_go_on_across_their_end),
        cmocka_unit_test(claims_hold_at_every_state),
        cmocka_unit_test(homogeneous_chains_have_all_their_claims),
        cmocka_unit_test(realizable_targets_conserve_without_derivatives),
        cmocka_unit_test(lanes_give_the_bits_of_one),
        cmocka_unit_test(the_identity_gives_linear_chains),
        cmocka_unit_test(one_hidden_neuron_follows_its_response),
        cmocka_unit_test(losses_are_excesses_where_they_say_so),
        cmocka_unit_test(powers_end_where_closed_forms_say),
        cmocka_unit_test(adaptive_feedback_repairs_its_sign),
        cmocka_unit_test(rectified_neurons_learn_or_die),
        cmocka_unit_test(dead_neurons_are_no_saddles),
        cmocka_unit_test(a_teacher_is_learnt),
        cmocka_unit_test(charts_stay_inside),
        cmocka_unit_test(powers_die_where_nothing_leads_away),
        cmocka_unit_test(problems_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests_name("nonlinear_chain", tests, NULL, NULL);
}
