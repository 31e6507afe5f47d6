/* The polynomial field against the flows of doubles.
 *
 * Both are made from the same problem by different code.  Weights, data and rates are quarters of
 * small integers, so that every sum and product of the fields in doubles is exact: they must agree to
 * the last bit, at random points, for every system under every rule. */
#include "exact/field.h"

#include "linear/registry.h"
#include "tests/chains.h"

enum { SEED = 4711, TRIALS = 4, DIM_MAX = 64, SIZES_MAX = 5, QUARTERS = 6 };

struct network {
    const char *system, *sizes; /* digits; of a chain as many as it has layers */
};

static const struct network networks[] = {
    {"chain", "1"},         {"chain", "11"},        {"chain", "111"},       {"chain", "1111"},
    {"fan", "111"},         {"fan", "121"},         {"fan", "131"},         {"autoencoder", "111"},
    {"autoencoder", "212"}, {"autoencoder", "313"}, {"autoencoder", "213"}, {"hidden", "111"},
    {"hidden", "222"},      {"hidden", "231"},      {"hidden", "123"},      {"hidden", "323"},
    {"deep", "22"},         {"deep", "1111"},       {"deep", "222"},        {"deep", "1221"},
    {"deep", "2312"},       {"deep", "12121"}};

static const char *const rules[] = {"bp", "rbp", "srbp", "arbp", "asrbp"};

static double quarters(struct stream *stream)
{
    return ((double)stream_below(stream, 2 * QUARTERS + 1) - QUARTERS) / 4;
}

static void fill(struct stream *stream, double *list, size_t count)
{
    for (size_t k = 0; k < count; k++)
        list[k] = quarters(stream);
}

/* Symmetric, with a diagonal that makes it a covariance. */
static void draw_moments(struct stream *stream, struct problem *problem)
{
    const size_t inputs = problem->sizes[0], outputs = problem->sizes[problem->size_count - 1];
    problem->sigma_ii.count = inputs * inputs;
    problem->sigma_ti.count = outputs * inputs;
    fill(stream, problem->sigma_ti.near, outputs * inputs);
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = 0; j <= i; j++) {
            const double entry = i == j ? 2 + quarters(stream) / 2 : quarters(stream) / 2;
            problem->sigma_ii.near[i * inputs + j] = problem->sigma_ii.near[j * inputs + i] = entry;
        }
}

/* How many numbers of feedback the premise says there are. */
static size_t feedback_count(const struct problem *problem)
{
    struct premise *premise = NULL;
    const char *why = NULL;
    assert_int_equal(premise_of_problem(problem, NULL, &premise, &why), OK);
    assert_non_null(premise);
    const size_t count = premise->feedback_count;
    premise_free(premise);
    return count;
}

static struct problem draw_problem(struct stream *stream, const struct network *network,
                                   const char *rule)
{
    struct problem problem =
        problem_defaults(registry_system(network->system), registry_rule(rule));
    const size_t digits = strlen(network->sizes);
    size_t dim = 0;
    if (strcmp(network->system, "chain") == 0) {
        problem.depth = digits;
    } else {
        problem.size_count = digits;
        for (size_t i = 0; i < digits; i++)
            problem.sizes[i] = (size_t)(network->sizes[i] - '0');
    }
    problem.alpha = quarters(stream);
    problem.beta = 2 + quarters(stream) / 2;
    if (strcmp(network->system, "chain") != 0 && strcmp(network->system, "fan") != 0)
        draw_moments(stream, &problem);
    assert_int_equal(problem_dim(&problem, &dim), OK);
    problem.c_count = feedback_count(&problem);
    fill(stream, problem.c, problem.c_count);
    problem.rate_count = problem.size_count ? problem.size_count - 1 : problem.depth;
    fill(stream, problem.rates, problem.rate_count);
    return problem;
}

static void take_point(const double *x, size_t n, fmpq *point)
{
    for (size_t i = 0; i < n; i++)
        fmpq_set_si(point + i, (slong)(4 * x[i]), 4);
}

/* p at point[], as a double; exact where it is one. */
static double at(const struct field *f, const fmpq_mpoly_t p, fmpq *point)
{
    fmpq *refs[DIM_MAX];
    fmpq_t value;
    fmpq_init(value);
    for (size_t i = 0; i < f->n + f->m; i++)
        refs[i] = point + i;
    assert_true(fmpq_mpoly_evaluate_all_fmpq(value, p, refs, f->ring));
    const double d = fmpq_get_d(value);
    fmpq_clear(value);
    return d;
}

static void compare_fields(const struct flow *flow, const struct field *f, fmpq *point,
                           const double *x)
{
    double dx[DIM_MAX];
    assert_int_equal(flow->field(flow, 1, x, dx), OK);
    take_point(x, f->n, point);
    for (size_t i = 0; i < f->n; i++) {
        const double exact = at(f, f->f + i, point);
        if (!(exact == dx[i]))
            fail_msg("%s: %s' is %.17g, not %.17g", flow->title, f->names[i], dx[i], exact);
    }
}

/* y is the error, column by column. */
static void compare_errors(const struct flow *flow, const struct field *f, const struct premise *p,
                           fmpq *point, const double *x)
{
    double P[DIM_MAX];
    const size_t inputs = p->sizes[0], outputs = p->sizes[p->layers];
    if (!flow->output)
        return;
    flow->output(flow, x, P);
    for (size_t j = 0; j < inputs; j++)
        for (size_t i = 0; i < outputs; i++) {
            double e = fmpq_get_d(p->sigma_ti + i * inputs + j);
            for (size_t l = 0; l < inputs; l++)
                e -= P[i * inputs + l] * fmpq_get_d(p->sigma_ii + l * inputs + j);
            assert_true(at(f, f->y + i + outputs * j, point) == e);
        }
}

static void compare_names(const struct flow *flow, const struct field *f)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(flow->names[i], f->names[i]) != 0)
            fail_msg("%s: unknown %zu is %s, not %s", flow->title, i, flow->names[i], f->names[i]);
    for (size_t i = 0; i < f->n + f->m; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(f->names[i], f->names[j]);
}

static void check_at_points(struct stream *stream, const struct flow *flow,
                            const struct premise *premise, const struct field *f)
{
    enum { POINTS = 3 };
    double x[DIM_MAX];
    fmpq *point = _fmpq_vec_init((slong)(f->n + f->m));
    assert_true(f->n + f->m <= DIM_MAX);
    if (f->m > 0)
        field_parameters(premise, point + f->n);
    for (size_t k = 0; k < POINTS; k++) {
        fill(stream, x, f->n);
        compare_fields(flow, f, point, x);
        compare_errors(flow, f, premise, point, x);
    }
    _fmpq_vec_clear(point, (slong)(f->n + f->m));
}

static void check(struct stream *stream, const struct problem *problem)
{
    struct flow *flow = NULL;
    struct premise *premise = NULL;
    const char *why = NULL;
    assert_int_equal(problem_flow(problem, &flow), OK);
    assert_int_equal(premise_of_problem(problem, NULL, &premise, &why), OK);
    assert_non_null(premise);
    assert_int_equal(premise->dim, flow->dim);
    for (int data = FIELD_NUMBERS; data <= FIELD_SYMBOLIC; data++) {
        struct field *f = NULL;
        assert_int_equal(field_create(premise, (enum field_data)data, &f), OK);
        assert_true(field_identities_hold(f));
        compare_names(flow, f);
        check_at_points(stream, flow, premise, f);
        field_free(f);
    }
    premise_free(premise);
    free(flow);
}

static void fields_agree_with_flows(void **state)
{
    (void)state;
    for (size_t n = 0; n < COUNT(networks); n++)
        for (size_t r = 0; r < COUNT(rules); r++)
            for (size_t i = 0; i < TRIALS; i++) {
                struct stream stream =
                    stream_at(SEED, stream_key("field"), (n * COUNT(rules) + r) * TRIALS + i);
                const struct problem problem = draw_problem(&stream, &networks[n], rules[r]);
                check(&stream, &problem);
            }
}

/* Rates of the adaptive channel, c without c_L, standard feedback and targets. */
static void defaults_agree_with_flows(void **state)
{
    (void)state;
    for (size_t n = 0; n < COUNT(networks); n++)
        for (size_t r = 0; r < COUNT(rules); r++) {
            struct stream stream = stream_at(SEED, stream_key("defaults"), n * COUNT(rules) + r);
            struct problem problem = draw_problem(&stream, &networks[n], rules[r]);
            const bool adapts = strchr(rules[r], 'a') != NULL;
            const size_t layers = problem.rate_count;
            problem.sigma_ti.count = 0;
            problem.rate_count = adapts ? 2 * layers - 1 : 0;
            fill(&stream, problem.rates, problem.rate_count);
            if (problem.c_count > 0 && strcmp(networks[n].system, "chain") == 0 && layers > 1)
                problem.c_count--;
            else
                problem.c_count = 0;
            check(&stream, &problem);
        }
}

static void what_is_no_network_is_refused(void **state)
{
    (void)state;
    const char *why = NULL;
    struct premise *premise = NULL;
    struct problem decays = problem_defaults(&system_chain, &rule_rbp);
    struct problem deep = decays, mirror = problem_defaults(&system_chain, &rule_weight_mirror);
    struct problem polynomial = problem_defaults(&system_polynomial, NULL);
    decays.lambda = 0.125;
    deep.depth = PROBLEM_SIZES_MAX;
    const struct problem *const refused[] = {&decays, &deep, &mirror, &polynomial};
    for (size_t k = 0; k < COUNT(refused); k++) {
        assert_int_equal(premise_of_problem(refused[k], NULL, &premise, &why), OK);
        assert_null(premise);
        assert_non_null(why);
    }
}

/* What was typed replaces what was a double; standard targets follow. */
static void typed_lists_replace(void **state)
{
    (void)state;
    const char *why = NULL;
    struct premise *p = NULL;
    struct problem problem = problem_defaults(&system_hidden, &rule_arbp);
    problem.size_count = 3;
    problem.sizes[0] = problem.sizes[1] = 2;
    problem.sizes[2] = 1;
    assert_int_equal(premise_of_problem(&problem, NULL, &p, &why), OK);
    fmpq *list = _fmpq_vec_init(4);
    for (slong k = 0; k < 4; k++)
        fmpq_set_si(list + k, k == 1 ? 2 : k, 10); /* 0, 1/5, 1/5, 3/10 */
    assert_int_equal(premise_replace(p, PREMISE_SIGMA_II, list, 4), OK);
    assert_true(fmpq_equal(p->sigma_ti + 1, list + 1)); /* the first row */
    assert_int_equal(premise_replace(p, PREMISE_SIGMA_TI, list + 2, 2), OK);
    assert_int_equal(premise_replace(p, PREMISE_SIGMA_II, list, 4), OK);
    assert_true(fmpq_equal(p->sigma_ti + 1, list + 3)); /* given: no longer follows */
    assert_int_equal(premise_replace(p, PREMISE_RATES, list, 2), OK);
    assert_true(fmpq_equal(p->rates + 1, list + 1) && fmpq_is_one(p->rates + 2));
    assert_int_equal(premise_replace(p, PREMISE_RATES, list, 4), BAD_ARGUMENT);
    assert_int_equal(premise_replace(p, PREMISE_X0, list, 4), BAD_ARGUMENT);
    fmpq_set_si(list + 1, 7, 1);
    assert_int_equal(premise_replace(p, PREMISE_SIGMA_II, list, 4), BAD_ARGUMENT);
    assert_null(p->radius);
    fmpq *radius = _fmpq_vec_init((slong)p->dim);
    fmpq_set_si(radius + 2, 3, 7);
    assert_int_equal(premise_replace(p, PREMISE_RADIUS, radius, p->dim), OK);
    assert_true(fmpq_equal(p->radius + 2, radius + 2));
    _fmpq_vec_clear(radius, (slong)p->dim);
    _fmpq_vec_clear(list, 4);
    premise_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_agree_with_flows), cmocka_unit_test(defaults_agree_with_flows),
        cmocka_unit_test(what_is_no_network_is_refused), cmocka_unit_test(typed_lists_replace)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
