/* What is exported against what is computed: graphs of formulas against fields, for every system, rule
 * and activation of the registries, and the texts in all languages.
 *
 * The graph is made from the problem alone, the field by other code, and the graph is evaluated
 * in long double by tests/graph_values.h.  A combination that the system itself refuses is counted; one
 * that has a flow and no formula fails the test, but for Gaussian inputs, which are named. */
#include "equations/ode_file.h"
#include "export/export.h"
#include "export/language.h"
#include "linear/channel_activation.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "tests/graph_values.h"

#include <stdlib.h>

/* Of the largest right-hand side; where one cancels, the field's own bound on its rounding comes on top. */
static const double AGREE = 1e-13;
enum { STATES = 4, SEED = 4711, SAMPLES = 3 };

/* ---- the graph ---- */

/* Each node once, upwards. */
static void graph_field(const struct equations *e, const double *x, double *f)
{
    const size_t nodes = expression_count(e->arena);
    long double *value = calloc(nodes, sizeof *value);
    bool *reached = calloc(nodes, sizeof *reached);
    assert_non_null(value);
    assert_non_null(reached);
    expression_reach(e->arena, e->unknowns, e->right, reached);
    for (uint32_t k = 1; k < nodes; k++)
        if (reached[k]) {
            const struct expression *n = expression_at(e->arena, k);
            value[k] = graph_node_value(e, n, value[n->left], value[n->right], x);
        }
    for (size_t i = 0; i < e->unknowns; i++)
        f[i] = (double)value[e->right[i]];
    free(value);
    free(reached);
}

/* ---- problems ---- */

/* What is set beside a system, a rule and an activation. */
enum with {
    WITH_DEFAULTS,
    WITH_NUMBERS, /* feedback, rates, decay, moments or samples that are drawn */
    WITH_SAMPLE_WEIGHTS,
    WITH_BIASES,
    WITH_NO_DERIVATIVE,
    WITH_CHANNEL,
    WITH_KINDS
};

static const char *const with_name[] = {"defaults", "numbers",       "sample weights",
                                        "biases",   "no derivative", "channel neurons"};

static void draw(struct stream *stream, size_t count, double *to)
{
    for (size_t k = 0; k < count; k++)
        to[k] = 2 * stream_uniform(stream) - 1;
}

static void set_samples(struct stream *stream, const struct problem *shape, struct problem *problem)
{
    size_t count = 2, sizes[PROBLEM_SIZES_MAX] = {1, 1};
    if (shape->system->sizes && problem_sizes(shape, &count, sizes) != OK)
        return;
    problem->inputs.count = SAMPLES * sizes[0];
    problem->targets.count = SAMPLES * sizes[count - 1];
    draw(stream, problem->inputs.count, problem->inputs.near);
    draw(stream, problem->targets.count, problem->targets.near);
}

static void set_moments(struct stream *stream, struct problem *problem)
{
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    if (problem_sizes(problem, &count, sizes) != OK || (sizes[0] == 1 && sizes[count - 1] == 1))
        return;
    const size_t n = sizes[0];
    problem->sigma_ii.count = n * n;
    problem->sigma_ti.count = sizes[count - 1] * n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            problem->sigma_ii.near[i * n + j] = i == j ? 1.5 + (double)i / 3 : 0.31 / (double)n;
    draw(stream, problem->sigma_ti.count, problem->sigma_ti.near);
}

/* One input and one output: alpha and beta may take the place of samples. */
static bool is_scalar(const struct problem *problem)
{
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    return problem_sizes(problem, &count, sizes) == OK && sizes[0] == 1 && sizes[count - 1] == 1;
}

/* How many feedback weights are given: tried out, since each system has its own shapes. */
static void set_feedback(struct stream *stream, struct problem *problem)
{
    struct flow *flow = NULL;
    enum { FEEDBACK_MOST = 12 };
    for (size_t count = FEEDBACK_MOST; count > 0; count--) {
        problem->c_count = count;
        if (problem_flow(problem, &flow) == OK) {
            flow_free(flow);
            draw(stream, count, problem->c);
            return;
        }
    }
    problem->c_count = 0;
}

static void set_numbers(struct stream *stream, struct problem *problem, size_t layers)
{
    problem->alpha = 1.37;
    problem->beta = 0.81;
    problem->lambda = problem->lambda > 0 ? 0.29 : 0;
    if (problem->neuron_count == 0)
        set_moments(stream, problem);
    problem->rate_count = layers;
    for (size_t k = 0; k < layers; k++)
        problem->rates[k] = 0.5 + stream_uniform(stream);
    set_feedback(stream, problem);
}

struct variant {
    const struct system *system;
    const struct rule *rule;
    const struct activation *activation;
    enum with with;
};

static size_t set_shape(const struct variant *v, struct problem *problem)
{
    static const size_t shapes[][4] = {{2, 3, 2, 0}, {3, 1, 3, 0}, {1, 3, 1, 0}, {2, 3, 2, 3}};
    const char *const names[] = {"hidden", "autoencoder", "fan", "deep"};
    problem->depth = 3;
    for (size_t k = 0; k < COUNT(names); k++)
        if (strcmp(v->system->name, names[k]) == 0) {
            problem->size_count = shapes[k][3] ? 4 : 3;
            memcpy(problem->sizes, shapes[k], sizeof shapes[k]);
            return problem->size_count - 1;
        }
    return problem->depth;
}

static struct problem problem_of(const struct variant *v)
{
    struct stream stream = stream_at(SEED, stream_key("export"), (uint64_t)v->with);
    struct problem problem = problem_defaults(v->system, v->rule);
    const size_t layers = set_shape(v, &problem);
    if (v->activation) {
        problem.neuron_count = 1;
        problem.neurons[0] = (struct neurons){v->activation, v->activation->standard};
        problem.biases = v->with == WITH_BIASES;
        problem.no_derivative = v->with == WITH_NO_DERIVATIVE;
    }
    if (v->rule && v->rule->needs_decay)
        problem.lambda = 0.17;
    if (v->rule && v->rule->feedback == FEEDBACK_MIRROR)
        problem.mirror = 0.7;
    if (!v->rule) {
        problem.q_count = 4;
        draw(&stream, problem.q_count, problem.q);
    }
    if (v->with == WITH_CHANNEL)
        problem.channel_activation = channel_activations[2]; /* softsign */
    const bool moments = v->with == WITH_DEFAULTS && is_scalar(&problem);
    if ((v->activation && !moments) || v->with == WITH_CHANNEL)
        set_samples(&stream, &problem, &problem);
    if (v->with == WITH_SAMPLE_WEIGHTS) {
        problem.sample_weights.count = SAMPLES;
        for (size_t k = 0; k < SAMPLES; k++)
            problem.sample_weights.near[k] = 1 + (double)k;
    }
    if (v->with == WITH_NUMBERS && v->rule)
        set_numbers(&stream, &problem, layers);
    return problem;
}

/* ---- agreement ---- */

/* Returns the size of the field there: dead neurons make it 0. */
static double agree_at(const struct flow *flow, const struct equations *e, const double *x)
{
    double f[FLOW_DENSE_MOST] = {0}, g[FLOW_DENSE_MOST] = {0}, bound[FLOW_DENSE_MOST] = {0};
    double largest = 0;
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    graph_field(e, x, g);
    if (flow->rounding)
        flow->rounding(flow, x, bound);
    for (size_t i = 0; i < flow->dim; i++)
        largest = fmax(largest, fabs(f[i]));
    for (size_t i = 0; i < flow->dim; i++)
        if (!(fabs(f[i] - g[i]) <= AGREE * largest + DBL_EPSILON * bound[i]))
            fail_msg("%s: %s' is %.17g, exported %.17g", flow->title, flow->names[i], f[i], g[i]);
    return largest;
}

static void agree(const struct problem *problem, const struct flow *flow, const char *what)
{
    double x[FLOW_DENSE_MOST], largest = 0;
    struct equations *e = NULL;
    struct stream stream = stream_at(SEED, stream_key("state"), flow->dim);
    draw(&stream, flow->dim, x);
    for (size_t i = 0; i < flow->dim; i++) /* positive weights first: not all neurons are dead */
        x[i] = fabs(x[i]);
    const struct export_source source = {.problem = problem, .flow = flow, .x0 = x};
    if (export_equations(&source, &e) != OK)
        fail_msg("%s with %s is not exported: %s", flow->title, what, status_message());
    assert_int_equal(e->unknowns, flow->dim);
    for (size_t k = 0; k < STATES; k++) {
        largest = fmax(largest, agree_at(flow, e, x));
        draw(&stream, flow->dim, x);
        for (size_t i = 0; i < flow->dim; i++)
            x[i] *= 1.5;
    }
    if (!(largest > 0))
        fail_msg("%s with %s: nothing moves anywhere", flow->title,
                 what); /* something was compared */
    equations_free(e);
}

struct tally {
    size_t exported, refused;
};

static void try_variant(const struct variant *v, struct tally *tally)
{
    struct flow *flow = NULL;
    const struct problem problem = problem_of(v);
    if (problem_flow(&problem, &flow) != OK) {
        tally->refused++;
        return;
    }
    agree(&problem, flow, with_name[v->with]);
    flow_free(flow);
    tally->exported++;
}

static void linear_systems(void **state)
{
    struct tally tally = {0};
    (void)state;
    for (size_t s = 0; registry_systems[s]; s++)
        for (size_t r = 0; r == 0 || registry_rules[r]; r++) {
            const bool takes = registry_systems[s]->takes_rule;
            struct variant v = {.system = registry_systems[s],
                                .rule = takes ? registry_rules[r] : NULL};
            for (v.with = WITH_DEFAULTS; v.with <= WITH_NUMBERS; v.with++)
                try_variant(&v, &tally);
            v.with = WITH_CHANNEL;
            if (v.system == &system_chain)
                try_variant(&v, &tally);
            if (!takes)
                break;
        }
    /* A channel with neurons needs fixed weights, under rbp or srbp: 9 rules are refused by the chain. */
    assert_int_equal(tally.refused, 9);
    assert_int_equal(tally.exported, 5 * 11 * 2 + 2 + 2);
}

static void systems_with_activations(void **state)
{
    struct tally tally = {0};
    (void)state;
    for (size_t s = 0; system_registry[s]; s++)
        for (size_t r = 0; registry_rules[r]; r++)
            for (size_t a = 0; activation_registry[a]; a++) {
                struct variant v = {.system = system_registry[s],
                                    .rule = registry_rules[r],
                                    .activation = activation_registry[a]};
                for (v.with = WITH_DEFAULTS; v.with < WITH_CHANNEL; v.with++)
                    try_variant(&v, &tally);
            }
    /* Refused by the systems: sign, which makes targets only, 275; powers below 2 but on chains, linear
     * rules on chains, biases of chains, ...  What has a flow has formulas. */
    assert_int_equal(tally.exported, 1868);
    assert_int_equal(tally.exported + tally.refused, 5 * 11 * 10 * 5);
}

/* ---- refused ---- */

static void is_refused(const struct problem *problem, const char *why)
{
    static double x[4 * FLOW_DENSE_MOST];
    struct equations *e = NULL;
    struct flow *flow = flow_of(problem);
    const struct export_source source = {.problem = problem, .flow = flow, .x0 = x};
    assert_int_equal(export_equations(&source, &e), BAD_ARGUMENT);
    assert_non_null(strstr(status_message(), why));
    flow_free(flow);
}

/* A system, or a rule, whose field is not what the generator would say. */
static enum status other_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    for (size_t k = 0; k < n * flow->dim; k++)
        dx[k] = x[k] * x[k];
    return OK;
}

static void another_field(void **state)
{
    (void)state;
    static const double x[2] = {0.5, -0.25};
    struct equations *e = NULL;
    struct problem problem = problem_defaults(&system_chain, &rule_bp);
    problem.depth = 2;
    struct flow *flow = flow_of(&problem);
    struct flow other = *flow;
    other.field = other_field;
    struct export_source source = {.problem = &problem, .flow = &other, .x0 = x};
    assert_int_equal(export_equations(&source, &e), BAD_ARGUMENT);
    assert_non_null(strstr(status_message(), "what would be exported is not its field"));
    struct system own = system_chain;
    own.name = "own";
    problem.system = &own;
    problem.size_count = 2;
    own.sizes = system_hidden.sizes;
    source.flow = flow;
    assert_int_equal(export_equations(&source, &e), BAD_ARGUMENT);
    problem.rule = NULL;
    assert_int_equal(export_equations(&source, &e), BAD_ARGUMENT);
    assert_non_null(strstr(status_message(), "no formula is known of the system own"));
    flow_free(flow);
}

static void what_has_no_formula(void **state)
{
    (void)state;
    struct variant v = {
        .system = &system_nonlinear_chain, .rule = &rule_rbp, .activation = &activation_tanh};
    struct problem problem = problem_of(&v);
    problem.gaussian = 1;
    problem.teacher =
        (struct teacher){.neurons = {.activation = &activation_tanh}, .argument = 1.5, .scale = 2};
    problem.inputs.count = problem.targets.count = 0;
    is_refused(&problem, "Gaussian inputs are integrals");

    struct activation own = activation_tanh;
    own.name = "own";
    v.activation = &own;
    problem = problem_of(&v);
    is_refused(&problem, "no formula is known of the activation own");

    problem = problem_defaults(&system_hidden, &rule_rbp);
    problem.size_count = 3;
    problem.sizes[0] = problem.sizes[1] = problem.sizes[2] = 6;
    is_refused(&problem, "72 unknowns; formulas are written for at most 64");
}

/* A number that was typed stays what it was. */
static void typed_numbers(void **state)
{
    (void)state;
    struct equations *e = NULL;
    struct problem problem = problem_defaults(&system_chain, &rule_rbp);
    problem.depth = 2;
    problem.c_count = 1;
    problem.c[0] = 1.0 / 3;
    const double x[2] = {0.1, 1.0 / 3};
    struct flow *flow = flow_of(&problem);
    const struct export_number third = {1.0 / 3, "1/3"};
    const struct export_source source = {
        .problem = &problem, .flow = flow, .x0 = x, .typed = 1, .number = &third};
    assert_int_equal(export_equations(&source, &e), OK);
    assert_string_equal(e->unknown[0].text, "0.1");
    assert_string_equal(e->unknown[1].text, "1/3");
    assert_string_equal(e->parameter[equations_parameter(e, "c1")].text, "1/3");
    equations_free(e);
    flow_free(flow);
}

/* ---- texts ---- */

static char *text_in(const struct language *language, const char *ode)
{
    static const struct language_head head = {
        .title = "test", .equation = "x' = f", .command = "settle export"};
    char *text = NULL;
    size_t length = 0;
    struct equations *e = NULL;
    assert_int_equal(ode_file_parse("my.ode", ode, strlen(ode), &e), OK);
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    if (language_write(language, e, &head, file) != OK)
        fail_msg("%s", status_message());
    assert_int_equal(fclose(file), 0);
    equations_free(e);
    return text;
}

static void has(const struct language *language, const char *ode, const char *what)
{
    char *text = text_in(language, ode);
    if (!strstr(text, what))
        fail_msg("'%s' is not in\n%s", what, text);
    free(text);
}

/* Names that are cut, reserved, or taken; parts that must not have the name of something else. */
static void names(void **state)
{
    static const char long_names[] = "averylongname1'=averylongname2\naverylongname2'=x1\n"
                                     "x1'=x1_\nx1_'=x2*averylongname1\nx2'=-x2\n";
    static const char parts[] = "q1'=(q1+qa1)^2*(q1+qa1)\nqa1'=-(q1+qa1)\n";
    (void)state;
    has(&language_ode, long_names, "\nx1'=x2\n");
    has(&language_ode, long_names, "\nx2'=x1_\n");
    has(&language_ode, long_names, "\nx1_'=x1__\n");
    has(&language_ode, long_names, "\nx1__'=x2_*x1\n");
    has(&language_ode, long_names, "\nx2_'=-x2_\n");
    has(&language_ode, parts, "\naaa1=q1 + qa1\n");
    has(&language_ode, parts, "\nq1'=aaa1^2*aaa1\n");
    has(&language_python, "par lambda=1\nin'=-lambda*in\n", "return np.array([-lambda_*in_]");
}

/* What is looked at goes where a language has it. */
static void auxiliaries(void **state)
{
    static const char ode[] = "x'=-x*(x+1)\naux w=x*(x+1)\naux averylongname=2*w1\nw1'=-w1\n";
    (void)state;
    has(&language_ode, ode, "\nq1=x*(x + 1)\n");
    has(&language_ode, ode, "\naux w=q1\n");
    has(&language_ode, ode, "\naux w4=2*w1\n");
    has(&language_vf, ode, "\n<Function Name=\"w\" Formula=\"q1\"/>\n");
}

/* Precedence and words, language by language. */
static void words(void **state)
{
    (void)state;
    has(&language_python, "x'=-x^2+1/(x-2)\n", "-x**2 + 1/(x - 2)");
    has(&language_julia, "x'=-x^2+1/(x-2)\n", "change[1] = -x^2.0 + 1.0/(x - 2.0)\n");
    has(&language_vf, "x'=max(x,1)\n", "(((x) + (1) + abs((x) - (1)))/2)");
    has(&language_vf, "x'=log10(x)\n", "(log(x)/log(10))");
    has(&language_julia, "x'=heav(x)\n", "\nheav(u) = u >= 0 ? 1.0 : 0.0\n");
    has(&language_julia, "x'=ln(x)\n", "= log(x)\n");
    has(&language_python, "x'=heav(x)\n", "np.heaviside(x, 1.0)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_systems),      cmocka_unit_test(systems_with_activations),
        cmocka_unit_test(what_has_no_formula), cmocka_unit_test(another_field),
        cmocka_unit_test(typed_numbers),       cmocka_unit_test(names),
        cmocka_unit_test(auxiliaries),         cmocka_unit_test(words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
