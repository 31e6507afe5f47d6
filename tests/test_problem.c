/* Problems: what is refused and in which words, defaults, names, and the two readings of feedback
 * weights.
 *
 * A refusal is a part of the interface: its sentence must name the option, what was given and what
 * was expected, so the words are tested and not the status alone. */
#include "tests/chains.h"

#include <float.h>
#include <stdlib.h>

enum { SEED = 2018, TRIALS = 500, DEPTH_MOST = 6 };

/* ---- refusals ----------------------------------------------------------------------------- */

/* The words that must be in the message, separated by '|'. */
static void assert_message_has(const char *words)
{
    char word[64];
    while (*words) {
        const size_t length = strcspn(words, "|");
        snprintf(word, sizeof word, "%.*s", (int)length, words);
        if (!strstr(status_message(), word))
            fail_msg("\"%s\" does not say \"%s\"", status_message(), word);
        words += length + (words[length] == '|');
    }
}

static void assert_refused(const struct problem *problem, const char *words)
{
    struct flow untouched = {.dim = 0}, *flow = &untouched;
    struct prediction prediction = prediction_none("nothing", NULL);
    double limit[DEPTH_MOST] = {0}, start[DEPTH_MOST] = {0};
    assert_int_equal(problem_flow(problem, &flow), BAD_ARGUMENT);
    assert_message_has(words);
    assert_ptr_equal(flow, &untouched); /* results are untouched on failure */
    assert_null(strchr(status_message(), '\n'));
    if (problem->system == &system_chain)
        assert_int_equal(problem_predict(problem, start, limit, &prediction), BAD_ARGUMENT);
}

static void wrong_lists_are_refused_with_their_numbers(void **state)
{
    (void)state;
    struct problem p = chain_with("srbp", 4, LIST(1, 2));
    assert_refused(&p, "2|srbp|depth 4|c1..c3|c1..c4");
    p = chain_with("srbp", 2, LIST(1, 2, 3));
    assert_refused(&p, "3|srbp|depth 2|c1..c1|c1..c2");
    p = chain_with("rbp", 5, LIST(1));
    assert_refused(&p, "1|rbp|depth 5|c1..c4");
    p = chain_with("bp", 3, LIST(1, 2));
    assert_refused(&p, "bp|2");
    p = chain_of("srbp", 3);
    p.rate_count = 2;
    assert_refused(&p, "--rates|2|depth 3|3");
    p = chain_of("bp", 3);
    p.rate_count = 4;
    assert_refused(&p, "--rates|4|depth 3|3");
    p = chain_of("srbp", 0);
    assert_refused(&p, "depth|0|256");
    p = chain_of("srbp", PROBLEM_LIST_MAX + 1);
    assert_refused(&p, "depth|257|256");
    p = problem_defaults(&system_polynomial, NULL);
    assert_refused(&p, "polynomial|coefficients|--q");
}

static void wrong_plans_are_refused_with_their_numbers(void **state)
{
    (void)state;
    const struct problem problem = chain_of("srbp", 2);
    struct flow *flow = flow_of(&problem);
    struct outcome *outcome = outcome_create(flow);
    const double start[2] = {1, 2}, bad[2] = {1, NAN}, far[2] = {INFINITY, 1};
    struct plan plan = plan_defaults();
    plan.rtol = 0;
    assert_int_equal(trajectory_run(flow, &plan, start, outcome), BAD_ARGUMENT);
    assert_message_has("rtol = 0");
    plan = plan_defaults();
    plan.rtol = NAN;
    assert_int_equal(trajectory_run(flow, &plan, start, outcome), BAD_ARGUMENT);
    plan = plan_defaults();
    plan.atol = -1e-9;
    assert_int_equal(trajectory_run(flow, &plan, start, outcome), BAD_ARGUMENT);
    assert_message_has("atol = -1e-09");
    plan = plan_defaults();
    plan.horizon = -2.385;
    assert_int_equal(trajectory_run(flow, &plan, start, outcome), BAD_ARGUMENT);
    assert_message_has("horizon = -2.385");
    plan = plan_defaults();
    assert_int_equal(trajectory_run(flow, &plan, bad, outcome), BAD_ARGUMENT);
    assert_message_has("a2 = |nan");
    assert_int_equal(trajectory_run(flow, &plan, far, outcome), BAD_ARGUMENT);
    assert_message_has("a1 = inf");
    outcome_free(outcome);
    flow_free(flow);
}

/* ---- names -------------------------------------------------------------------------------- */

static void names_are_found(void **state)
{
    (void)state;
    assert_ptr_equal(registry_rule("rbp"), &rule_rbp);
    assert_ptr_equal(registry_rule("fa"), &rule_rbp);
    assert_ptr_equal(registry_rule("dfa"), &rule_srbp);
    assert_ptr_equal(registry_rule("srbp"), &rule_srbp);
    assert_ptr_equal(registry_rule("bp"), &rule_bp);
    assert_ptr_equal(registry_system("chain"), &system_chain);
    const char *const unknown[] = {"", "b", "bpp", "f", "fa ", "df", "SRBP", "rbp srbp", " "};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        assert_null(registry_rule(unknown[i]));
        assert_null(registry_system(unknown[i]));
    }
}

/* Alphabetical, and every record says what it is and where it comes from. */
static void records_are_complete(void **state)
{
    (void)state;
    size_t systems = 0, rules = 0;
    const char *before = "";
    for (; registry_systems[systems]; systems++) {
        const struct system *s = registry_systems[systems];
        assert_true(s->name && s->title && s->equation && s->unknowns && s->options && s->source &&
                    s->label && s->dim && s->flow && s->predict);
        assert_true(s->name && strcmp(before, s->name) < 0);
        before = s->name ? s->name : "";
        assert_ptr_equal(registry_system(s->name), s);
    }
    before = "";
    for (; registry_rules[rules]; rules++) {
        const struct rule *r = registry_rules[rules];
        assert_true(r->name && r->title && r->equation && r->source && r->label);
        assert_true(r->name && strcmp(before, r->name) < 0);
        before = r->name ? r->name : "";
        assert_ptr_equal(registry_rule(r->name), r);
    }
    assert_true(systems >= 2 && rules >= 3);
}

/* ---- feedback weights --------------------------------------------------------------------- */

static void assert_same_field(const struct problem *p, const struct problem *q,
                              struct stream *stream, double rounding)
{
    struct flow *f = flow_of(p), *g = flow_of(q);
    double x[DEPTH_MOST], u[DEPTH_MOST], v[DEPTH_MOST];
    assert_int_equal(f->dim, g->dim);
    for (size_t i = 0; i < f->dim; i++)
        x[i] = 1.3 * stream_normal(stream);
    assert_int_equal(f->field(f, 1, x, u), OK);
    assert_int_equal(g->field(g, 1, x, v), OK);
    for (size_t i = 0; i < f->dim; i++)
        if (!(fabs(u[i] - v[i]) <= rounding * fabs(u[i])))
            fail_msg("%s against %s: f[%zu] = %.17g, %.17g", f->title, g->title, i, u[i], v[i]);
    flow_free(f);
    flow_free(g);
}

/* (N3): layer-to-layer weights c are the direct weights b_i = c_i c_{i+1} ... c_{L-1}. */
static void layer_to_layer_weights_are_products(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("products"), i);
        const size_t L = 1 + stream_below(&stream, DEPTH_MOST);
        struct problem rbp = chain_of("rbp", L), srbp = chain_of("srbp", L);
        rbp.alpha = srbp.alpha = stream_between(&stream, -2, 2);
        rbp.c_count = srbp.c_count = L - 1;
        double product = 1;
        for (size_t k = L - 1; k-- > 0;) {
            rbp.c[k] = 2.385 * stream_normal(&stream);
            srbp.c[k] = product *= rbp.c[k];
        }
        assert_same_field(&rbp, &srbp, &stream, 0); /* the same products in the same order */
        if (L == 2)                                 /* the readings coincide */
            assert_true(rbp.c[0] == srbp.c[0]);
        /* a last entry c_L of rbp multiplies all of them, one of srbp only its own */
        rbp.c_count = srbp.c_count = L;
        rbp.c[L - 1] = srbp.c[L - 1] = 1;
        assert_same_field(&rbp, &srbp, &stream, 0);
        rbp.c[L - 1] = 0.385;
        for (size_t k = 0; k < L; k++)
            srbp.c[k] = k + 1 < L ? srbp.c[k] * 0.385 : 0.385;
        assert_same_field(&rbp, &srbp, &stream, 8 * DBL_EPSILON);
    }
}

/* The defaults are ones, and unequal rates fold into the direct weights: (L11). */
static void rates_fold_into_the_weights(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("rates"), i);
        const size_t L = 1 + stream_below(&stream, DEPTH_MOST);
        struct problem given = chain_of("srbp", L), folded = given, ones = given;
        ones.c_count = ones.rate_count = L;
        given.c_count = L - 1;
        given.rate_count = folded.c_count = L;
        for (size_t k = 0; k < L; k++) {
            ones.c[k] = ones.rates[k] = 1;
            given.c[k] = stream_normal(&stream);
            given.rates[k] = stream_between(&stream, 0.1, 4);
            folded.c[k] = (k + 1 < L ? given.c[k] : 1) * given.rates[k];
        }
        const struct problem plain = chain_of("srbp", L);
        assert_same_field(&plain, &ones, &stream, 0);
        assert_same_field(&given, &folded, &stream, 0);
        double start[DEPTH_MOST], a[DEPTH_MOST], b[DEPTH_MOST];
        for (size_t k = 0; k < L; k++)
            start[k] = stream_normal(&stream);
        const struct prediction p = prediction_of(&given, start, a),
                                q = prediction_of(&folded, start, b);
        assert_int_equal(p.ending, q.ending);
        if (p.ending == ENDING_SETTLED)
            assert_memory_equal(a, b, L * sizeof *a);
    }
}

/* For L = 2, time eta_2 t and the weight eta_1 c_1 / eta_2 bring back c_2 = 1: the same limit,
 * another rate. */
static void two_layers_with_rates_are_two_layers(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("two layers"), i);
        const double eta1 = stream_between(&stream, 0.2, 3), eta2 = stream_between(&stream, 0.2, 3);
        const double c1 = stream_normal(&stream);
        struct problem given = chain_with("srbp", 2, LIST(c1));
        given.rates[0] = eta1;
        given.rates[1] = eta2;
        given.rate_count = 2;
        const struct problem unit = chain_with("srbp", 2, LIST(eta1 * c1 / eta2));
        const double start[2] = {stream_normal(&stream), stream_normal(&stream)};
        double a[2], b[2];
        const struct prediction p = prediction_of(&given, start, a),
                                q = prediction_of(&unit, start, b);
        assert_int_equal(p.ending, q.ending);
        if (p.ending != ENDING_SETTLED || p.rate > -0.05)
            continue;
        /* eta1 c1 / eta2 is rounded: the limit moves by that, over the rate */
        assert_true(matrix_largest_difference(2, a, b) <=
                    1e-13 * (1 + 1 / fabs(p.rate)) * (1 + fabs(a[0]) + fabs(a[1])));
        assert_true(fabs(p.rate - eta2 * q.rate) <= 1e-11 * (1 + fabs(p.rate)));
    }
}

/* ---- vanishing feedback weights, (L3) ----------------------------------------------------- */

struct vanishing {
    const char *rule;
    size_t depth, count;
    double c[4], alpha, start[4];
    enum ending ending;
    double limit[4], global_minimum;
};

static const struct vanishing vanishings[] = {
    /* no dead layer: a shorter chain (16 digits) */
    {.rule = "srbp",
     .depth = 3,
     .count = 3,
     .c = {1, 0, 1},
     .alpha = 1,
     .start = {0.5, -0.75, 0.5},
     .ending = ENDING_SETTLED,
     .limit = {1.867434593608712, -0.75, -0.7139919855274512},
     .global_minimum = 1},
    /* a dead layer: polynomial divergence, rest at a minimum, or frozen away from it */
    {.rule = "srbp",
     .depth = 3,
     .count = 3,
     .c = {1, 0, 1},
     .alpha = 1,
     .start = {0.5, 0, 0.5},
     .ending = ENDING_UNBOUNDED,
     .limit = {NAN},
     .global_minimum = NAN},
    {.rule = "srbp",
     .depth = 3,
     .count = 3,
     .c = {0, 0, 1},
     .alpha = 1,
     .start = {0.5, 0, 0.5},
     .ending = ENDING_SADDLE,
     .limit = {0.5, 0, 0.5},
     .global_minimum = 0},
    {.rule = "srbp",
     .depth = 2,
     .count = 1,
     .c = {0},
     .alpha = 1,
     .start = {2, -2.385},
     .ending = ENDING_SETTLED,
     .limit = {2, 0.5},
     .global_minimum = 1}, /* (K9) */
    {.rule = "srbp",
     .depth = 2,
     .count = 1,
     .c = {0},
     .alpha = 1,
     .start = {0, -2.385},
     .ending = ENDING_SADDLE,
     .limit = {0, -2.385},
     .global_minimum = 0},
    /* layer to layer, c2 = 0 silences layers 1 and 2: never diverges, freezes where a1 a2 = 0 */
    {.rule = "rbp",
     .depth = 3,
     .count = 2,
     .c = {1, 0},
     .alpha = 1,
     .start = {0.5, 0, 0.5},
     .ending = ENDING_SADDLE,
     .limit = {0.5, 0, 0.5},
     .global_minimum = 0},
    {.rule = "rbp",
     .depth = 3,
     .count = 2,
     .c = {1, 0},
     .alpha = 1,
     .start = {0.5, -2, 0.5},
     .ending = ENDING_SETTLED,
     .limit = {0.5, -2, -1},
     .global_minimum = 1},
};

static void vanishing_weights_end_as_the_theorem_says(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(vanishings); k++) {
        const struct vanishing *v = &vanishings[k];
        struct problem problem = chain_with(v->rule, v->depth, v->c, v->count);
        problem.alpha = v->alpha;
        double limit[4];
        const struct prediction p = prediction_of(&problem, v->start, limit);
        if (p.ending != v->ending)
            fail_msg("case %zu: predicted %s", k, ending_name(p.ending));
        assert_true(p.global_minimum == v->global_minimum ||
                    (isnan(p.global_minimum) && isnan(v->global_minimum)));
        if (!isnan(v->limit[0]))
            assert_true(matrix_largest_difference(v->depth, limit, v->limit) <= 2e-15);
        const struct plan plan = plan_defaults();
        struct trial trial = trial_run(&problem, &plan, v->start);
        if (v->ending == ENDING_SETTLED || v->ending == ENDING_UNBOUNDED)
            assert_ending(trial.outcome, v->ending, "case %zu", k);
        else /* frozen: nothing moves, whatever it is called */
            assert_true(trial.outcome->t == 0 && trial.outcome->ending != ENDING_SETTLED);
        check_not_false_settled("vanishing", trial.flow, trial.outcome, &p, limit);
        trial_free(&trial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_lists_are_refused_with_their_numbers),
        cmocka_unit_test(wrong_plans_are_refused_with_their_numbers),
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(records_are_complete),
        cmocka_unit_test(layer_to_layer_weights_are_products),
        cmocka_unit_test(rates_fold_into_the_weights),
        cmocka_unit_test(two_layers_with_rates_are_two_layers),
        cmocka_unit_test(vanishing_weights_end_as_the_theorem_says),
    };
    return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
