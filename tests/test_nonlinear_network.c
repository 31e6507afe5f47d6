/* Networks with activations: their field against plain formulas in long double, one sample after
 * another, with its rounding bounds; derivatives, lanes, claims; the linear network that they are
 * with f(x) = x; the transverse spectrum in closed form; kinks; and endings. */
#include "nonlinear/nonlinear_network.h"

#include "linear/network.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "tests/chains.h"
#include "tests/flow_checks.h"

#include <float.h>

enum {
    SEED = 2018,
    INSTANCES = 40,
    STATES = 3,
    DIM_MOST = FLOW_DENSE_MOST,
    UNITS_MOST = 4,
    SAMPLES_MOST = 5
};

/* ---- random instances --------------------------------------------------------------------- */

static struct neurons neurons_of(const char *name, double parameter)
{
    const struct neurons neurons = {activation_named(name), parameter};
    assert_non_null(neurons.activation);
    return neurons;
}

static struct neurons draw_neurons(struct stream *stream)
{
    static const struct {
        const char *name;
        double parameter;
    } all[] = {{"tanh", 0},  {"logistic", 0}, {"erf", 0},           {"identity", 0}, {"power", 2},
               {"power", 3}, {"relu", 0},     {"leaky-relu", 0.25}, {"odd-power", 3}};
    const size_t k = stream_below(stream, COUNT(all));
    return neurons_of(all[k].name, all[k].parameter);
}

static void draw_list(struct stream *stream, struct entries *entries, size_t count)
{
    assert_true(count <= PROBLEM_LIST_MAX);
    entries->count = count;
    for (size_t k = 0; k < count; k++)
        entries->near[k] = 0.6 * stream_normal(stream);
}

static void draw_sizes(struct stream *stream, struct problem *problem, size_t layers_most)
{
    size_t dim = DIM_MOST + 1;
    while (dim > DIM_MOST) {
        problem->size_count = 2 + stream_below(stream, layers_most);
        for (size_t i = 0; i < problem->size_count; i++)
            problem->sizes[i] = 1 + stream_below(stream, UNITS_MOST);
        assert_int_equal(problem_dim(problem, &dim), OK);
    }
}

static void draw_samples(struct stream *stream, struct problem *problem)
{
    const size_t m = 1 + stream_below(stream, SAMPLES_MOST);
    draw_list(stream, &problem->inputs, m * problem->sizes[0]);
    draw_list(stream, &problem->targets, m * problem->sizes[problem->size_count - 1]);
    problem->sample_weights.count = stream_below(stream, 2) ? m : 0;
    for (size_t k = 0; k < m; k++)
        problem->sample_weights.near[k] = stream_between(stream, 0.1, 1.3);
}

static void draw_rates(struct stream *stream, struct problem *problem)
{
    struct network_shape shape;
    assert_int_equal(network_shape_of(problem, &shape), OK);
    problem->rate_count = stream_below(stream, 2) ? shape.layers : 0;
    if (problem->rate_count && problem_feedback_learns(problem->rule))
        problem->rate_count = 2 * shape.layers - 1;
    for (size_t i = 0; i < problem->rate_count; i++)
        problem->rates[i] = stream_between(stream, 0.3, 2.3);
    if (problem->rule->feedback == FEEDBACK_FIXED)
        problem->c_count = shape.channel_count;
    if (problem->rule->product)
        problem->c_count = 2 * shape.sizes[shape.layers];
    for (size_t k = 0; k < problem->c_count; k++)
        problem->c[k] = stream_normal(stream);
}

static struct problem draw_problem(struct stream *stream, const struct rule *rule)
{
    struct problem problem = problem_defaults(&system_nonlinear_deep, rule);
    problem.neuron_count = 1;
    problem.biases = stream_below(stream, 2);
    draw_sizes(stream, &problem, 3); /* more powers of powers no difference resolves */
    problem.neuron_count =
        stream_below(stream, 2) || problem.size_count < 3 ? 1 : problem.size_count - 2;
    for (size_t i = 0; i < problem.neuron_count; i++)
        problem.neurons[i] = draw_neurons(stream);
    problem.no_derivative = stream_below(stream, 4) == 0;
    problem.lambda = rule->needs_decay || stream_below(stream, 4) == 0 ? 0.37 : 0;
    problem.mirror = 1.7;
    draw_samples(stream, &problem);
    draw_rates(stream, &problem);
    return problem;
}

static void draw_state(struct stream *stream, size_t dim, double *x)
{
    for (size_t i = 0; i < dim; i++) {
        const double z = 0.5 * stream_normal(stream);
        x[i] = z + copysign(0.05, z);
    }
}

static void for_every_rule(void (*check)(struct stream *stream, const struct problem *problem,
                                         const struct flow *flow))
{
    for (size_t r = 0; registry_rules[r]; r++)
        for (uint64_t i = 0; i < INSTANCES; i++) {
            struct stream stream = stream_at(SEED, stream_key(registry_rules[r]->name), i);
            const struct problem problem = draw_problem(&stream, registry_rules[r]);
            struct flow *flow = flow_of(&problem);
            check(&stream, &problem, flow);
            flow_free(flow);
        }
}

/* ---- the field, by plain formulas ---------------------------------------------------------- */

enum { LAYERS_HERE = 6, WIDTH = 8 };

/* One sample: h, u, f', the returned and the backward signals of each layer. */
struct plain {
    long double h[LAYERS_HERE][WIDTH], u[LAYERS_HERE][WIDTH], slope[LAYERS_HERE][WIDTH];
    long double R[LAYERS_HERE][WIDTH], S[LAYERS_HERE][WIDTH], top[WIDTH];
};

static long double plain_value(const struct neurons *f, long double u)
{
    const char *name = f->activation->name;
    if (strcmp(name, "tanh") == 0)
        return tanhl(u);
    if (strcmp(name, "erf") == 0)
        return erfl(u / sqrtl(2));
    if (strcmp(name, "logistic") == 0)
        return 1 / (1 + expl(-u));
    if (strcmp(name, "relu") == 0)
        return u > 0 ? u : 0;
    if (strcmp(name, "leaky-relu") == 0)
        return u > 0 ? u : f->parameter * u;
    return strcmp(name, "identity") == 0 ? u : powl(u, f->parameter);
}

static long double plain_slope(const struct neurons *f, long double u)
{
    const char *name = f->activation->name;
    const long double v = plain_value(f, u);
    if (strcmp(name, "tanh") == 0)
        return 1 / (coshl(u) * coshl(u));
    if (strcmp(name, "erf") == 0)
        return sqrtl(2 / acosl(-1)) * expl(-u * u / 2);
    if (strcmp(name, "logistic") == 0)
        return v * (1 - v);
    if (strcmp(name, "relu") == 0)
        return u > 0;
    if (strcmp(name, "leaky-relu") == 0)
        return u > 0 ? 1 : f->parameter;
    return strcmp(name, "identity") == 0 ? 1 : f->parameter * powl(u, f->parameter - 1);
}

static void plain_forward(const struct problem *problem, const struct network_shape *shape,
                          const double *x, size_t k, struct plain *s)
{
    const size_t L = shape->layers;
    for (size_t j = 0; j < shape->sizes[0]; j++)
        s->h[0][j] = problem->inputs.near[k * shape->sizes[0] + j];
    for (size_t i = 1; i <= L; i++) {
        const size_t width = shape->sizes[i - 1] + shape->bias;
        s->h[i - 1][width - shape->bias] = 1;
        for (size_t p = 0; p < shape->sizes[i]; p++) {
            s->u[i][p] = 0;
            for (size_t q = 0; q < width; q++)
                s->u[i][p] += x[shape->forward[i] + p * width + q] * s->h[i - 1][q];
            if (i == L)
                continue;
            const struct neurons f = activation_of_layer(problem, i - 1);
            s->h[i][p] = plain_value(&f, s->u[i][p]);
            s->slope[i][p] = problem->no_derivative ? 1 : plain_slope(&f, s->u[i][p]);
        }
    }
}

/* Entry p q of the matrix by which layer i gets what it carries. */
static long double plain_feedback(const struct problem *problem, const struct network_shape *shape,
                                  const double *x, size_t i, size_t at[2])
{
    const size_t p = at[0], q = at[1], width = shape->sizes[i] + shape->bias;
    const double above = x[shape->forward[i + 1] + q * width + p];
    switch (problem->rule->feedback) {
    case FEEDBACK_TRANSPOSED:
        return above;
    case FEEDBACK_SIGNS:
        return (above > 0) - (above < 0);
    case FEEDBACK_ADAPTIVE:
    case FEEDBACK_MIRROR:
        return x[shape->channel[i] + p * shape->columns[i] + q];
    case FEEDBACK_FIXED:
    case FEEDBACK_DIRECT:
        break;
    }
    return problem->c[shape->channel[i] + p * shape->columns[i] + q];
}

/* What layer i gets from above. */
static const long double *plain_carried(const struct problem *problem,
                                        const struct network_shape *shape, const struct plain *s,
                                        size_t i)
{
    if (i + 1 == shape->layers)
        return s->top;
    if (problem->rule->channel == CHANNEL_LAYERED)
        return s->S[i + 1];
    return problem->rule->feedback == FEEDBACK_TRANSPOSED ? s->R[i + 1] : s->top;
}

static void plain_backward(const struct problem *problem, const struct network_shape *shape,
                           const double *x, size_t k, struct plain *s)
{
    const size_t L = shape->layers, outputs = shape->sizes[L];
    for (size_t o = 0; o < outputs; o++) {
        const double target =
            problem->rule->no_targets ? 0 : problem->targets.near[k * outputs + o];
        s->S[L][o] = target - s->u[L][o];
        s->top[o] = s->S[L][o];
    }
    for (size_t r = 0; r < shape->product; r++) {
        s->top[r] = 0;
        for (size_t o = 0; o < outputs; o++)
            s->top[r] += problem->c[r * outputs + o] * s->S[L][o];
    }
    for (size_t i = L - 1; i > 0; i--)
        for (size_t p = 0; p < shape->sizes[i]; p++) {
            const long double *carried = plain_carried(problem, shape, s, i);
            s->R[i][p] = 0;
            for (size_t q = 0; q < shape->columns[i]; q++)
                s->R[i][p] += plain_feedback(problem, shape, x, i, (size_t[]){p, q}) * carried[q];
            s->S[i][p] = s->slope[i][p] * s->R[i][p];
        }
}

/* dx[dim] in long double */
static void plain_field(const struct problem *problem, const double *x, long double *dx)
{
    struct network_shape shape;
    assert_int_equal(network_shape_of(problem, &shape), OK);
    const size_t L = shape.layers, m = problem->inputs.count / shape.sizes[0];
    const bool learns = problem_feedback_learns(problem->rule);
    for (size_t j = 0; j < shape.dim; j++)
        dx[j] =
            problem->rule->channel_decays && j < shape.forward_count ? 0 : -problem->lambda * x[j];
    for (size_t k = 0; k < m; k++) {
        struct plain s;
        const long double w =
            problem->sample_weights.count ? problem->sample_weights.near[k] : 1 / (long double)m;
        plain_forward(problem, &shape, x, k, &s);
        plain_backward(problem, &shape, x, k, &s);
        for (size_t i = 1; i <= L; i++) {
            const size_t width = shape.sizes[i - 1] + shape.bias;
            const double rate = problem->rate_count ? problem->rates[i - 1] : 1;
            for (size_t j = 0; j < shape.sizes[i] * width; j++)
                dx[shape.forward[i] + j] += rate * w * s.S[i][j / width] * s.h[i - 1][j % width];
        }
        for (size_t i = 1; i < L && problem->rule->feedback == FEEDBACK_ADAPTIVE; i++) {
            const size_t width = shape.columns[i];
            const double rate = problem->rate_count ? problem->rates[L + i - 1] : 1;
            for (size_t j = 0; j < shape.sizes[i] * width; j++)
                dx[shape.channel[i] + j] +=
                    rate * w * s.h[i][j / width] * plain_carried(problem, &shape, &s, i)[j % width];
        }
    }
    for (size_t i = 1; i < L && learns && problem->rule->feedback == FEEDBACK_MIRROR; i++)
        for (size_t j = 0; j < shape.sizes[i] * shape.columns[i]; j++)
            dx[shape.channel[i] + j] +=
                (problem->rate_count ? problem->rates[L + i - 1] : 1) * problem->mirror *
                x[shape.forward[i + 1] + j % shape.columns[i] * (shape.sizes[i] + shape.bias) +
                  j / shape.columns[i]];
}

static double largest_share; /* of an error in its bound */

static void check_field(struct stream *stream, const struct problem *problem,
                        const struct flow *flow)
{
    double x[DIM_MOST], f[DIM_MOST], bound[DIM_MOST];
    long double exact[DIM_MOST] = {0};
    for (int k = 0; k < STATES; k++) {
        draw_state(stream, flow->dim, x);
        plain_field(problem, x, exact);
        assert_int_equal(flow->field(flow, 1, x, f), OK);
        flow->rounding(flow, x, bound);
        for (size_t j = 0; j < flow->dim; j++) {
            const double error = (double)fabsl(f[j] - exact[j]);
            if (!(error <= DBL_EPSILON * bound[j]))
                fail_msg("%s: f[%zu] = %.17g, plain formulas %.17Lg; off by %g, bound %g",
                         flow->title, j, f[j], exact[j], error, DBL_EPSILON * bound[j]);
            if (error > 0)
                largest_share = fmax(largest_share, error / (DBL_EPSILON * bound[j]));
        }
    }
}

static void fields_agree_with_plain_formulas(void **state)
{
    (void)state;
    largest_share = 0;
    for_every_rule(check_field);
    assert_true(largest_share > 0.01); /* no bound that anything would pass */
}

/* ---- derivatives -------------------------------------------------------------------------- */

/* Differences with h = eps^(1/5): 3e-13 of the terms times fifth derivatives, of up to 1e4 here. */
static const double DIFFERENCES = 1e-8;
/* A column of J and J times a unit vector: the same sums, in the same order. */
static const double KINK_CLEAR = 0.02; /* nearest kink to a state where differences are taken */

/* Is the state clear of kinks, so that differences see one piece? */
static bool is_clear(const struct flow *flow, const double *x)
{
    double switching[SAMPLES_MOST * UNITS_MOST * 4 + UNITS_MOST * UNITS_MOST * 4];
    assert_true(flow->switches <= COUNT(switching));
    if (flow->switches)
        flow->switching(flow, x, switching);
    for (size_t k = 0; k < flow->switches; k++)
        if (fabs(switching[k]) < KINK_CLEAR)
            return false;
    return true;
}

static size_t jacobians_checked;

static void check_jacobian(struct stream *stream, const struct problem *problem,
                           const struct flow *flow)
{
    (void)problem;
    const size_t n = flow->dim;
    static double J[DIM_MOST * DIM_MOST];
    double x[DIM_MOST] = {0}, v[DIM_MOST], Jv[DIM_MOST];
    draw_state(stream, n, x);
    if (!is_clear(flow, x))
        return;
    flow_checks_jacobian(flow, x, DIFFERENCES);
    draw_state(stream, n, v);
    assert_int_equal(flow->jacobian(flow, x, J), OK);
    assert_int_equal(flow->jacobian_times(flow, x, v, Jv), OK);
    for (size_t i = 0; i < n; i++) {
        double sum = 0, terms = 0;
        for (size_t j = 0; j < n; j++) {
            sum += J[i * n + j] * v[j];
            terms += fabs(J[i * n + j] * v[j]);
        }
        /* the entries of J cancel inside: up to 100 terms of a few layers each */
        if (!(fabs(sum - Jv[i]) <= 1000 * DBL_EPSILON * (1 + terms)))
            fail_msg("%s: (J v)[%zu] = %.17g, by columns %.17g", flow->title, i, Jv[i], sum);
    }
    jacobians_checked++;
}

static void jacobians_agree_with_differences(void **state)
{
    (void)state;
    jacobians_checked = 0;
    for_every_rule(check_jacobian);
    assert_true(jacobians_checked > 200);
}

static size_t claims_checked, claims_falling;

static void check_claims(struct stream *stream, const struct problem *problem,
                         const struct flow *flow)
{
    (void)problem;
    double x[DIM_MOST], f[DIM_MOST], bound[DIM_MOST];
    for (size_t c = 0; c < flow->claims; c++) {
        draw_state(stream, flow->dim, x);
        if (!is_clear(flow, x))
            continue;
        assert_int_equal(flow->field(flow, 1, x, f), OK);
        flow->rounding(flow, x, bound);
        /* the sum itself, and a slope times its argument for the value: a few ulp of each term */
        flow_checks_claim(flow, c, x, &(struct flow_checks_claim){f, bound, (double)flow->dim + 8});
        flow_checks_gradient(flow, c, x, DIFFERENCES);
        claims_checked++;
        claims_falling += flow->claim[c].kind != CLAIM_CONSERVED;
    }
}

static void claims_hold_at_every_state(void **state)
{
    (void)state;
    claims_checked = claims_falling = 0;
    for_every_rule(check_claims);
    assert_true(claims_checked > 200 && claims_falling > 10);
}

/* ---- lanes -------------------------------------------------------------------------------- */

static void check_lanes(struct stream *stream, const struct problem *problem,
                        const struct flow *flow)
{
    (void)problem;
    flow_checks_lanes(stream, flow);
}

static void lanes_do_not_see_each_other(void **state)
{
    (void)state;
    for_every_rule(check_lanes);
}

/* ---- the linear network ------------------------------------------------------------------- */

/* The same problem without activations, by the moments of the samples. */
static struct problem linear_of(const struct problem *problem)
{
    struct problem linear = *problem;
    const size_t n = problem->sizes[0], outputs = problem->sizes[problem->size_count - 1];
    const size_t m = problem->inputs.count / n;
    linear.system = &system_deep;
    linear.neuron_count = linear.inputs.count = linear.targets.count = 0;
    linear.sigma_ii.count = n * n;
    linear.sigma_ti.count = outputs * n;
    memset(linear.sigma_ii.near, 0, sizeof linear.sigma_ii.near);
    memset(linear.sigma_ti.near, 0, sizeof linear.sigma_ti.near);
    for (size_t k = 0; k < m; k++) {
        const double w =
            problem->sample_weights.count ? problem->sample_weights.near[k] : 1 / (double)m;
        const double *I = problem->inputs.near + k * n, *T = problem->targets.near + k * outputs;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                linear.sigma_ii.near[i * n + j] += w * I[i] * I[j];
        for (size_t o = 0; o < outputs; o++)
            for (size_t j = 0; j < n; j++)
                linear.sigma_ti.near[o * n + j] += w * T[o] * I[j];
    }
    linear.alpha = linear.sigma_ti.near[0];
    linear.beta = linear.sigma_ii.near[0];
    if (n == 1 && outputs == 1)
        linear.sigma_ii.count = linear.sigma_ti.count = 0;
    return linear;
}

static void identity_is_the_linear_network(void **state)
{
    (void)state;
    size_t compared = 0;
    for (size_t r = 0; registry_rules[r]; r++)
        for (uint64_t i = 0; i < INSTANCES; i++) {
            struct stream stream = stream_at(SEED, stream_key("identity") + r, i);
            struct problem problem = draw_problem(&stream, registry_rules[r]);
            double x[DIM_MOST], f[DIM_MOST], g[DIM_MOST], bound[DIM_MOST], other[DIM_MOST];
            struct network_shape shape;
            problem.biases = false;
            problem.neuron_count = 1;
            problem.neurons[0] = neurons_of("identity", 0);
            problem.c_count = problem.rate_count = 0;
            assert_int_equal(network_shape_of(&problem, &shape), OK);
            if (shape.dim > DIM_MOST)
                continue;
            const struct problem linear = linear_of(&problem);
            struct flow *flow = flow_of(&problem), *same = flow_of(&linear);
            assert_int_equal(flow->dim, same->dim);
            draw_state(&stream, flow->dim, x);
            assert_int_equal(flow->field(flow, 1, x, f), OK);
            assert_int_equal(same->field(same, 1, x, g), OK);
            flow->rounding(flow, x, bound);
            same->rounding(same, x, other);
            for (size_t j = 0; j < flow->dim; j++) /* the moments have roundings of their own */
                if (!(fabs(f[j] - g[j]) <= DBL_EPSILON * (bound[j] + 2 * other[j])))
                    fail_msg("%s: f[%zu] = %.17g, linear %.17g", flow->title, j, f[j], g[j]);
            compared++;
            flow_free(flow);
            flow_free(same);
        }
    assert_true(compared > 300);
}

/* A[1,1,1], tanh: a1' = c E[e f'(a1 I) I], a2' = E[e f(a1 I)] */
static void one_neuron_has_the_chains_equations(void **state)
{
    (void)state;
    static const double I[] = {0.61, 3.21, -1.91}, T[] = {-1.47, 0.86, 1.63};
    const double a1 = 0.385, a2 = -1.21, c = 2.385;
    struct problem problem = problem_defaults(&system_nonlinear_hidden, registry_rule("rbp"));
    problem.size_count = 3;
    problem.sizes[0] = problem.sizes[1] = problem.sizes[2] = 1;
    problem.neuron_count = 1;
    problem.neurons[0] = neurons_of("tanh", 0);
    problem.c_count = 1;
    problem.c[0] = c;
    problem.inputs.count = problem.targets.count = COUNT(I);
    memcpy(problem.inputs.near, I, sizeof I);
    memcpy(problem.targets.near, T, sizeof T);
    struct flow *flow = flow_of(&problem);
    double f[2], expected[2] = {0, 0};
    for (size_t k = 0; k < COUNT(I); k++) {
        const double h = tanh(a1 * I[k]), e = T[k] - a2 * h;
        expected[0] += c * e * (1 - h * h) * I[k] / 3;
        expected[1] += e * h / 3;
    }
    assert_int_equal(flow->field(flow, 1, (const double[]){a1, a2}, f), OK);
    assert_true(fabs(f[0] - expected[0]) < 1e-14 && fabs(f[1] - expected[1]) < 1e-14);
    assert_string_equal(flow->names[1], "a2");
    flow_free(flow);
}

/* ---- the spectrum in closed form ------------------------------------------------------------ */

/* The targets are what the network computes at x: for the reference, one sample after another. */
static void make_interpolating(struct problem *problem, const double *x)
{
    struct network_shape shape;
    assert_int_equal(network_shape_of(problem, &shape), OK);
    const size_t outputs = shape.sizes[shape.layers];
    for (size_t k = 0; k < problem->inputs.count / shape.sizes[0]; k++) {
        struct plain s = {0};
        plain_forward(problem, &shape, x, k, &s);
        for (size_t o = 0; o < outputs; o++)
            problem->targets.near[k * outputs + o] = (double)s.u[shape.layers][o];
    }
}

static void closed_spectra_are_those_of_the_jacobian(void **state)
{
    (void)state;
    static double J[DIM_MOST * DIM_MOST];
    size_t compared = 0;
    for (size_t r = 0; registry_rules[r]; r++)
        for (uint64_t i = 0; i < INSTANCES && !registry_rules[r]->no_targets; i++) {
            struct stream stream = stream_at(SEED, stream_key("spectrum") + r, i);
            struct problem problem = draw_problem(&stream, registry_rules[r]);
            double x[DIM_MOST], lambda[DIM_MOST], all[DIM_MOST];
            struct network_shape shape;
            assert_int_equal(network_shape_of(&problem, &shape), OK);
            draw_state(&stream, shape.dim, x);
            make_interpolating(&problem, x);
            struct flow *flow = flow_of(&problem);
            const size_t count = flow->transverse(flow, x, lambda);
            if (problem.lambda != 0 && (shape.layers > 1 || !problem.rule->channel_decays))
                assert_int_equal(count, 0);
            if (count > 0) {
                assert_int_equal(flow->jacobian(flow, x, J), OK);
                assert_int_equal(matrix_eigenvalues(flow->dim, J, all, NULL), OK);
                /* all = lambda and zeros, by decreasing real part; eigenvalues of matrices that
                 * are not normal, some of them double, are known to the square root of epsilon */
                const double close = 1e-6 * (1 + matrix_largest(flow->dim, all));
                size_t positive = 0;
                while (positive < count && lambda[positive] > 0)
                    positive++;
                for (size_t k = 0; k < count; k++) {
                    const size_t at = k < positive ? k : k + flow->dim - count;
                    if (!(fabs(lambda[k] - all[at]) <= close))
                        fail_msg("%s: eigenvalue %zu is %.12g, of J %.12g", flow->title, k,
                                 lambda[k], all[at]);
                }
                for (size_t k = positive; k < positive + flow->dim - count; k++)
                    assert_true(fabs(all[k]) <= close);
                compared++;
            }
            x[0] += 0.1;
            if (count > 0) { /* no longer a zero of E, unless that weight sees nothing */
                double f[DIM_MOST];
                assert_int_equal(flow->field(flow, 1, x, f), OK);
                assert_true(matrix_norm(flow->dim, f) < 1e-12 ||
                            flow->transverse(flow, x, lambda) == 0);
            }
            flow_free(flow);
        }
    assert_true(compared > 50);
}

/* ---- kinks ---------------------------------------------------------------------------------- */

static struct problem relu_problem(const char *name)
{
    static const double I[] = {1, 2, -1, -0.5}, T[] = {1, 1, 0.8, -0.3};
    struct problem problem = problem_defaults(&system_nonlinear_hidden, registry_rule("rbp"));
    problem.size_count = 3;
    problem.sizes[0] = problem.sizes[1] = problem.sizes[2] = 1;
    problem.neuron_count = 1;
    problem.neurons[0] = neurons_of(name, 0.25);
    problem.inputs.count = problem.targets.count = COUNT(I);
    memcpy(problem.inputs.near, I, sizeof I);
    memcpy(problem.targets.near, T, sizeof T);
    return problem;
}

/* A held piece goes on beyond its kink: linear in u there. */
static void held_pieces_go_on_beyond_their_kink(void **state)
{
    (void)state;
    const struct problem problem = relu_problem("leaky-relu");
    struct flow *flow = flow_of(&problem);
    const double left[] = {-0.3, 0.7}, right[] = {0.3, 0.7};
    double f[2], unheld[2], switching[4];
    assert_int_equal(flow->switches, 4);
    flow->switching(flow, right, switching);
    for (size_t k = 0; k < 4; k++) /* over the size of the input: |grad| = 1 */
        assert_true(fabs(switching[k] - (k < 2 ? 0.3 : -0.3)) < 1e-15);
    for (size_t k = 0; k < 4; k++)
        flow->side[k] = switching[k] > 0 ? 1 : -1;
    assert_int_equal(flow->field(flow, 1, left, f), OK);
    double expected = 0; /* a1' = c E[(T - a2 s u) s I], s = 1 for I > 0 and 1/4 for I < 0 */
    for (size_t k = 0; k < 4; k++) {
        const double I = problem.inputs.near[k], s = I > 0 ? 1 : 0.25;
        expected += (problem.targets.near[k] - left[1] * s * left[0] * I) * s * I / 4;
    }
    assert_true(fabs(f[0] - expected) < 1e-15);
    memset(flow->side, 0, 4);
    assert_int_equal(flow->field(flow, 1, left, unheld), OK);
    assert_true(fabs(unheld[0] - f[0]) > 0.01);
    flow_free(flow);
}

/* ReLU on A[1,1,1]: the limits of the cubic on each side, notes/nonlinear-networks.md, (Y6). */
static void one_relu_settles_where_its_cubic_says(void **state)
{
    (void)state;
    const struct problem problem = relu_problem("relu");
    const struct plan plan = plan_defaults();
    struct trial trial = trial_run(&problem, &plan, (const double[]){0.5, 0.2});
    assert_ending(trial.outcome, ENDING_SETTLED, "ReLU");
    /* alpha+ = (1 + 2)/4, beta+ = (1 + 4)/4, K = a2 - a1^2/2 = 0.075: a1 of
     * alpha+ = beta+ a1 (K + a1^2/2) */
    const double a1 = trial.outcome->limit[0];
    assert_true(fabs(0.75 - 1.25 * a1 * (0.075 + a1 * a1 / 2)) < 1e-12);
    assert_true(a1 > 0);
    trial_free(&trial);
}

/* What a run finds of the kinks of an upper layer must not depend on the pieces that an earlier run of
 * the same flow has left the lower ones on. */
static void runs_forget_the_pieces_of_earlier_ones(void **state)
{
    (void)state;
    enum { STARTS = 12 };
    size_t switched = 0;
    struct stream stream = stream_at(SEED, stream_key("runs_forget"), 0);
    struct problem problem = problem_defaults(&system_nonlinear_deep, registry_rule("bp"));
    problem.size_count = 4;
    for (size_t i = 0; i < problem.size_count; i++)
        problem.sizes[i] = i < 3 ? 2 : 1;
    problem.neuron_count = 1;
    problem.neurons[0] = neurons_of("leaky-relu", 0.25);
    draw_list(&stream, &problem.inputs, 4);
    draw_list(&stream, &problem.targets, 2);
    struct plan plan = plan_defaults();
    plan.horizon = 5;
    struct flow *used = flow_of(&problem);
    for (size_t i = 0; i < STARTS; i++) {
        double x0[DIM_MOST];
        struct flow *fresh = flow_of(&problem);
        for (size_t j = 0; j < fresh->dim; j++)
            x0[j] = stream_normal(&stream);
        struct outcome *expected = outcome_of(fresh, &plan, x0);
        memset(used->side, i % 2 ? -1 : 1, used->switches);
        struct outcome *outcome = outcome_of(used, &plan, x0);
        switched += expected->crossings;
        assert_int_equal(outcome->ending, expected->ending);
        assert_int_equal(outcome->crossings, expected->crossings);
        assert_memory_equal(outcome->last, expected->last, used->dim * sizeof(double));
        outcome_free(outcome);
        outcome_free(expected);
        flow_free(fresh);
    }
    assert_true(switched > 0);
    flow_free(used);
}

/* Products J v keep what they know of a state: not when the state or its pieces have changed. */
static void products_forget_what_has_changed(void **state)
{
    (void)state;
    const struct problem problem = relu_problem("leaky-relu");
    struct flow *flow = flow_of(&problem);
    const double x[] = {0.3, 0.7}, y[] = {-0.9, 0.2}, v[] = {1, -0.5}, w[] = {0.25, 2};
    double first[2], again[2], other[2], f[2], fresh[2];
    assert_int_equal(flow->jacobian_times(flow, x, v, first), OK);
    assert_int_equal(flow->jacobian_times(flow, x, w, other), OK);
    assert_int_equal(flow->jacobian_times(flow, x, v, again), OK);
    assert_memory_equal(first, again, sizeof first);
    assert_int_equal(flow->field(flow, 1, y, f), OK);
    assert_int_equal(flow->jacobian_times(flow, x, v, again), OK);
    assert_memory_equal(first, again, sizeof first);
    assert_int_equal(flow->jacobian_times(flow, y, v, again), OK);
    flow_free(flow);
    flow = flow_of(&problem);
    assert_int_equal(flow->jacobian_times(flow, y, v, fresh), OK);
    assert_memory_equal(fresh, again, sizeof fresh);
    assert_int_equal(flow->jacobian_times(flow, x, v, again), OK);
    for (size_t k = 0; k < flow->switches; k++)
        flow->side[k] = k < 2 ? -1 : 1; /* the pieces of the other side */
    assert_int_equal(flow->jacobian_times(flow, x, v, other), OK);
    assert_true(fabs(other[0] - again[0]) > 0.01);
    flow_free(flow);
}

/* ---- endings -------------------------------------------------------------------------------- */

static struct problem xor_problem(const char *rule, const char *activation)
{
    static const double I[] = {-1, -1, -1, 1, 1, -1, 1, 1}, T[] = {-1, 1, 1, -1};
    struct problem problem = problem_defaults(&system_nonlinear_hidden, registry_rule(rule));
    problem.size_count = 3;
    problem.sizes[0] = 2;
    problem.sizes[1] = 3;
    problem.sizes[2] = 1;
    problem.biases = true;
    problem.neuron_count = 1;
    problem.neurons[0] = neurons_of(activation, 0);
    problem.inputs.count = COUNT(I);
    problem.targets.count = COUNT(T);
    memcpy(problem.inputs.near, I, sizeof I);
    memcpy(problem.targets.near, T, sizeof T);
    return problem;
}

/* Four samples, one output: four eigenvalues, and thirteen unknowns: nine directions along. */
static void exclusive_or_settles_on_its_zero_set(void **state)
{
    (void)state;
    const struct problem problem = xor_problem("bp", "tanh");
    const struct plan plan = plan_defaults();
    struct stream stream = stream_at(SEED, stream_key("xor"), 1);
    double x0[13];
    stream_normals(&stream, COUNT(x0), 0.5, x0);
    struct trial trial = trial_run(&problem, &plan, x0);
    assert_ending(trial.outcome, ENDING_SETTLED, "XOR");
    assert_int_equal(trial.outcome->transverse_count, 4);
    assert_int_equal(trial.outcome->neutral_fixed + trial.outcome->neutral_integrals, 9);
    assert_int_equal(trial.outcome->neutral_unexplained, 0);
    assert_true(trial.flow->loss(trial.flow, trial.outcome->limit) < 1e-28);
    for (size_t j = 0; j < 4; j++)
        assert_true(trial.outcome->spectrum[j] < 0);
    trial_free(&trial);
}

/* ---- refusals ------------------------------------------------------------------------------- */

static void expect_refusal(const struct problem *problem, const char *part)
{
    struct flow *flow = NULL;
    assert_int_equal(problem_flow(problem, &flow), BAD_ARGUMENT);
    if (!strstr(status_message(), part))
        fail_msg("expected '%s' in: %s", part, status_message());
}

static void what_has_no_unique_solution_is_refused(void **state)
{
    (void)state;
    struct problem problem = xor_problem("bp", "tanh");
    problem.neurons[0] = neurons_of("power", 1.5);
    expect_refusal(&problem, "layer 1");
    problem.neurons[0] = neurons_of("power", 2.5);
    expect_refusal(&problem, "layer 1");
    problem.neurons[0] = neurons_of("sign", 0);
    expect_refusal(&problem, "targets only");
    problem = xor_problem("bp", "tanh");
    problem.neuron_count = 2;
    problem.neurons[1] = problem.neurons[0];
    expect_refusal(&problem, "1 hidden");
    problem = xor_problem("bp", "tanh");
    problem.inputs.count = problem.targets.count = 0;
    expect_refusal(&problem, "samples");
    problem.gaussian = 1;
    expect_refusal(&problem, "--gaussian");
    problem = xor_problem("bp", "tanh");
    problem.targets.count = 3;
    expect_refusal(&problem, "3 targets");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_agree_with_plain_formulas),
        cmocka_unit_test(jacobians_agree_with_differences),
        cmocka_unit_test(claims_hold_at_every_state),
        cmocka_unit_test(lanes_do_not_see_each_other),
        cmocka_unit_test(identity_is_the_linear_network),
        cmocka_unit_test(one_neuron_has_the_chains_equations),
        cmocka_unit_test(closed_spectra_are_those_of_the_jacobian),
        cmocka_unit_test(held_pieces_go_on_beyond_their_kink),
        cmocka_unit_test(products_forget_what_has_changed),
        cmocka_unit_test(runs_forget_the_pieces_of_earlier_ones),
        cmocka_unit_test(one_relu_settles_where_its_cubic_says),
        cmocka_unit_test(exclusive_or_settles_on_its_zero_set),
        cmocka_unit_test(what_has_no_unique_solution_is_refused),
    };
    return cmocka_run_group_tests_name("networks with activations", tests, NULL, NULL);
}
