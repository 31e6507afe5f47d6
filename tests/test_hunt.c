/* The hunter: does it find what is false, and nothing where nothing is?
 *
 * Statements that are false on purpose stand beside published ones and corrected ones.  Methods that
 * err are put in the place of conclusions, to see that a candidate on which they differ is none. */
#include "cli/command.h"
#include "linear/registry.h"
#include "proofs-check/conclude.h"
#include "proofs-check/hunt.h"
#include "proofs-check/hunt_search.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- a space of our own ---- */

static const struct hunt_architecture chains[] = {{.rule = &rule_rbp, .depth = 2, .feedback = 1},
                                                  {.rule = &rule_srbp, .depth = 3, .feedback = 2},
                                                  {.rule = &rule_srbp, .depth = 4, .feedback = 3}};

static bool first_is_larger(const struct instance *instance)
{
    return instance->x0[0] > instance->x0[1];
}

static const struct hunt_hypothesis given[] = {
    {.says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "c1 < 0", .group = HUNT_FEEDBACK, .index = 0, .domain = HUNT_NEGATIVE},
    {.says = "the last weight is 1", .group = HUNT_START, .index = HUNT_LAST, .domain = HUNT_ONE},
    {.says = "a1 > a2", .meets = first_is_larger},
};

static const struct hunt_space space = {
    .system = &system_chain,
    .architecture = chains,
    .architectures = COUNT(chains),
    .varies =
        {[HUNT_ALPHA] = true, [HUNT_BETA] = true, [HUNT_FEEDBACK] = true, [HUNT_START] = true},
    .hypothesis = given,
    .hypotheses = COUNT(given)};

static struct hunt_claim claim_of(conclusion *conclude, double bound)
{
    return (struct hunt_claim){.id = "of-this-test",
                               .source = "here",
                               .statement = "planted",
                               .label = "HU5",
                               .bound = bound,
                               .conclude = conclude,
                               .space = space};
}

static struct hunt_question question_of(const struct hunt_claim *claim)
{
    return (struct hunt_question){.claim = claim, .theorem = hunt_claim_question(claim)};
}

/* A start that settles in no time. */
static struct instance quiet_instance(void)
{
    struct instance instance;
    const struct hunt_place place = {.space = &space, .dropped = HUNT_NONE_DROPPED};
    const double value[] = {2, 1.5, -1, 0.75, 1};
    assert_int_equal(hunt_space_instance(&place, value, &instance), OK);
    return instance;
}

/* ---- spaces ---- */

static void test_numbers_go_where_they_belong(void **state)
{
    (void)state;
    struct hunt_number number[HUNT_NUMBERS_MOST];
    struct instance instance;
    size_t count = 0;
    const struct hunt_place place = {.space = &space, .architecture = 1, .dropped = -1};
    const double value[] = {2.5, 1.25, -3, 0.375, 4.5, -0.125, 1};
    assert_int_equal(hunt_space_numbers(&place, &count, number), OK);
    assert_int_equal(count, COUNT(value));
    assert_int_equal(hunt_space_instance(&place, value, &instance), OK);
    assert_ptr_equal(instance.problem.rule, &rule_srbp);
    assert_int_equal(instance.problem.depth, 3);
    assert_true(instance.problem.alpha == 2.5 && instance.problem.beta == 1.25);
    assert_memory_equal(instance.problem.c, value + 2, 2 * sizeof *value);
    assert_memory_equal(instance.x0, value + 4, 3 * sizeof *value);
    assert_true(hunt_space_meets(&place, &instance));
}

static void test_hypotheses_fold_and_drop(void **state)
{
    (void)state;
    struct hunt_number number[HUNT_NUMBERS_MOST];
    struct instance instance;
    size_t count = 0;
    struct hunt_place place = {.space = &space, .architecture = 0, .dropped = HUNT_NONE_DROPPED};
    double value[] = {-2, -1.5, 3, 0.75, -0.25};
    assert_int_equal(hunt_space_numbers(&place, &count, number), OK);
    hunt_space_fold(&place, count, number, value);
    const double folded[] = {-2, 1.5, -3, 0.75, 1};
    assert_memory_equal(value, folded, sizeof folded);
    assert_int_equal(hunt_space_instance(&place, value, &instance), OK);
    assert_false(hunt_space_meets(&place, &instance)); /* a1 < a2 */
    place.dropped = 3;
    assert_true(hunt_space_meets(&place, &instance));
    assert_false(hunt_space_holds(&given[3], &instance));
    instance.problem.beta = 0;
    assert_false(hunt_space_meets(&place, &instance));
}

/* Every point of every phase meets all hypotheses, or violates the one that is dropped. */
static void check_points(int dropped)
{
    struct hunt_points *points = NULL;
    size_t existing = 0;
    assert_int_equal(hunt_points_create(&space, dropped, 7, &points), OK);
    for (int k = 0; k < 2000; k++) {
        struct hunt_point point;
        struct instance instance;
        bool exists = false;
        assert_int_equal(k % 2 ? hunt_points_sweep(points, &point, &exists)
                               : hunt_points_boundary(points, &point, &exists),
                         OK);
        if (!exists)
            continue;
        existing++;
        assert_int_equal(hunt_space_instance(&point.place, point.value, &instance), OK);
        for (size_t h = 0; h < COUNT(given); h++)
            assert_int_equal(hunt_space_holds(&given[h], &instance), (int)h != dropped);
    }
    assert_true(existing > 100);
    hunt_points_free(points);
}

static void test_points_meet_hypotheses(void **state)
{
    (void)state;
    for (int dropped = HUNT_NONE_DROPPED; dropped < (int)COUNT(given); dropped++)
        check_points(dropped);
}

/* Half of the sweep is drawn independently, and its numbers have the law that is stated. */
static void test_sweep_has_its_law(void **state)
{
    (void)state;
    enum { POINTS = 6000 };
    struct hunt_points *points = NULL;
    size_t independent = 0, below[2] = {0};
    const double quartile = hunt_space_quantile(&space, 0.75);
    assert_true(fabs(quartile - 0.764892) < 1e-5); /* Student's law, three degrees of freedom */
    assert_int_equal(hunt_points_create(&space, 3, 7, &points), OK);
    for (int k = 0; k < POINTS; k++) {
        struct hunt_point point;
        bool exists = false;
        assert_int_equal(hunt_points_sweep(points, &point, &exists), OK);
        independent += point.independent;
        below[point.independent] += point.value[0] < quartile; /* alpha is free */
    }
    assert_int_equal(independent, POINTS / 2);
    for (int kind = 0; kind < 2; kind++) /* four standard deviations of 3000 draws */
        assert_true(fabs((double)below[kind] - 2250) < 4 * 23.7);
    assert_true(fabs((double)below[0] - 2250) < 23); /* quasi-random: much less than one */
    hunt_points_free(points);
}

/* ---- claims ---- */

static void check_claim(const struct hunt_claim *claim, enum hunt_kind kind)
{
    struct hunt_claim made;
    enum hunt_kind found;
    assert_ptr_equal(hunt_claim_named(claim->id, &made, &found), claim); /* so no name twice */
    assert_int_equal(found, kind);
    const struct theorem *record = theorem_by_id(claim->id);
    assert_int_equal(record != NULL, kind == HUNT_THEOREM);
    const struct theorem question = hunt_claim_question(claim);
    assert_true(question.statement && question.label && question.source && question.conclude);
    for (size_t k = 0; k < claim->space.architectures; k++) {
        struct hunt_number number[HUNT_NUMBERS_MOST];
        double value[HUNT_NUMBERS_MOST];
        struct instance instance;
        size_t count = 0;
        const struct hunt_place place = {
            .space = &claim->space, .architecture = k, .dropped = HUNT_NONE_DROPPED};
        assert_int_equal(hunt_space_numbers(&place, &count, number), OK);
        assert_true(count > 0);
        for (size_t i = 0; i < count; i++)
            value[i] = 0.5;
        hunt_space_fold(&place, count, number, value);
        assert_int_equal(hunt_space_instance(&place, value, &instance), OK);
        struct flow *flow = NULL;
        assert_int_equal(problem_flow(&instance.problem, &flow), OK);
        assert_int_equal(flow->dim, instance.dim);
        flow_free(flow);
    }
}

static void test_all_claims(void **state)
{
    (void)state;
    size_t claims = 0;
    for (size_t k = 0; hunt_claim_chapters[k]; k++)
        for (size_t j = 0; j < hunt_claim_chapters[k]->claims; j++, claims++)
            check_claim(&hunt_claim_chapters[k]->claim[j], hunt_claim_chapters[k]->kind);
    assert_true(claims > 70);
}

/* The hunter is not told where to look: its question has neither sampler nor corners. */
static void test_question_is_stripped(void **state)
{
    (void)state;
    for (size_t k = 0; hunt_claim_chapters[k]; k++)
        for (size_t j = 0; j < hunt_claim_chapters[k]->claims; j++) {
            const struct hunt_claim *claim = &hunt_claim_chapters[k]->claim[j];
            const struct theorem question = hunt_claim_question(claim);
            size_t corners = 0;
            assert_null(question.sample);
            assert_null(question.control.sample);
            assert_null(question.control.what);
            assert_null(question.proof);
            assert_int_equal(question.corners + question.trials + question.sweep, 0);
            assert_null(hunt_claim_sampler(claim, &corners));
        }
}

/* What is in no list of theorems is in the help. */
static void test_help_names_them(void **state)
{
    (void)state;
    for (size_t k = 0; hunt_claim_chapters[k]; k++)
        for (size_t j = 0; j < hunt_claim_chapters[k]->claims; j++)
            if (hunt_claim_chapters[k]->kind != HUNT_THEOREM)
                assert_non_null(strstr(command_hunt.help, hunt_claim_chapters[k]->claim[j].id));
}

/* A record without a space is drawn past its boundary cases. */
static void test_sampler_past_corners(void **state)
{
    (void)state;
    struct hunt_claim made;
    enum hunt_kind kind;
    size_t corners = 0;
    const struct theorem *record = theorem_by_id("t4-sign-changes-sharp");
    const struct hunt_claim *claim = hunt_claim_named(record->id, &made, &kind);
    assert_ptr_equal(claim, &made);
    assert_ptr_equal(hunt_claim_sampler(claim, &corners), record->sample);
    assert_int_equal(corners, record->corners);
    assert_null(hunt_claim_named("no-such-claim", &made, &kind));
}

/* ---- confirmation ---- */

static enum status always_fails(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    return conclude_fails(trial, finding, "planted");
}

/* For one method only. */
static enum status fails_for_bdf(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    return trial->plan.method == METHOD_BDF ? conclude_fails(trial, finding, "planted")
                                            : conclude_holds(finding);
}

static enum status methods_measure_differently(struct trial *trial, enum finding *finding)
{
    TRY(always_fails(trial, finding));
    trial->deviation = trial->plan.method == METHOD_BDF ? 2 : 2.5;
    return OK;
}

static enum status fails_by_rounding(struct trial *trial, enum finding *finding)
{
    TRY(always_fails(trial, finding));
    trial->deviation = trial->theorem->bound + 1e-9;
    return OK;
}

static enum status fails_by_much(struct trial *trial, enum finding *finding)
{
    TRY(always_fails(trial, finding));
    trial->deviation = trial->theorem->bound + 1e-3;
    return OK;
}

static enum status fails_at_one_start(struct trial *trial, enum finding *finding)
{
    TRY(always_fails(trial, finding));
    return trial->instance->x0[1] == 1 ? OK : conclude_holds(finding);
}

static enum hunt_doubt doubt_of(const struct hunt_claim *claim, const struct plan *plan)
{
    const struct hunt_question question = question_of(claim);
    const struct instance instance = quiet_instance();
    struct hunt_confirmation confirmation;
    assert_int_equal(hunt_score_confirm(&question, &instance, plan, 1, &confirmation), OK);
    return confirmation.doubt;
}

static void test_confirmation_needs_both_methods(void **state)
{
    (void)state;
    const struct plan plan = plan_defaults();
    const struct hunt_claim fails = claim_of(always_fails, 1), one = claim_of(fails_for_bdf, 1),
                            differ = claim_of(methods_measure_differently, 1),
                            rounding = claim_of(fails_by_rounding, 1),
                            much = claim_of(fails_by_much, 1);
    assert_int_equal(doubt_of(&fails, &plan), HUNT_CONFIRMED);
    assert_int_equal(doubt_of(&one, &plan), HUNT_HOLDS_AFTER_ALL);
    assert_int_equal(doubt_of(&differ, &plan), HUNT_METHODS_DIFFER);
    assert_int_equal(doubt_of(&rounding, &plan), HUNT_TOO_SMALL);
    assert_int_equal(doubt_of(&much, &plan), HUNT_CONFIRMED);
}

/* An ending `horizon` is never a violation, whatever a conclusion makes of it. */
static void test_horizon_is_no_violation(void **state)
{
    (void)state;
    struct plan plan = plan_defaults();
    const struct hunt_claim fails = claim_of(always_fails, 1);
    plan.horizon = 1e-3;
    assert_int_equal(doubt_of(&fails, &plan), HUNT_STILL_UNDECIDED);
    plan = plan_defaults();
    plan.steps_most = 3;
    assert_int_equal(doubt_of(&fails, &plan), HUNT_STILL_UNDECIDED);
}

static void test_almost_every_start(void **state)
{
    (void)state;
    const struct plan plan = plan_defaults();
    struct hunt_claim claim = claim_of(fails_at_one_start, 1);
    assert_int_equal(doubt_of(&claim, &plan), HUNT_CONFIRMED);
    claim.almost = true;
    assert_int_equal(doubt_of(&claim, &plan), HUNT_NEIGHBOURS_DIFFER);
    claim.conclude = always_fails;
    assert_int_equal(doubt_of(&claim, &plan), HUNT_CONFIRMED);
}

/* ---- margins ---- */

static void test_recurrence(void **state)
{
    (void)state;
    struct hunt_recurrence circle = {.dim = 2, .least = 1}, line = {.dim = 2, .least = 1};
    for (int k = 0; k < 500; k++) {
        const double t = 0.05 * k;
        hunt_margin_watch(&circle, t, (const double[]){3 + cos(t), sin(t)});
        hunt_margin_watch(&line, t, (const double[]){t, 1 - exp(-t)});
    }
    assert_true(circle.least < 0.03); /* half a step of the circle over its diameter */
    assert_true(line.least == 1);
}

/* ---- whole hunts ---- */

static struct hunted *hunt_for(const char *id, size_t evaluations, int threads)
{
    struct hunted *hunted = hunt_create();
    struct hunt_plan plan = hunt_defaults();
    plan.evaluations = evaluations;
    plan.threads = threads;
    assert_non_null(hunted);
    assert_int_equal(hunt(id, &plan, hunted), OK);
    return hunted;
}

static void check_refuted(const struct hunted *hunted, enum ending ending)
{
    assert_int_equal(hunted->verdict, HUNT_FOUND);
    assert_int_equal(hunted->violation.confirmation.doubt, HUNT_CONFIRMED);
    assert_int_equal(hunted->violation.confirmation.bdf.ending, ending);
    assert_int_equal(hunted->violation.confirmation.rk.ending, ending);
    double first = 0, last = 0;
    for (size_t k = 0; k < hunted->first.point.count; k++)
        first += hunt_shrink_cost(hunted->first.point.value[k]);
    for (size_t k = 0; k < hunted->violation.point.count; k++)
        last += hunt_shrink_cost(hunted->violation.point.value[k]);
    assert_true(last <= first);
}

static void test_finds_the_dead_layer(void **state)
{
    (void)state;
    struct hunted *hunted = hunt_for("t3-published", 2000, 2);
    check_refuted(hunted, ENDING_UNBOUNDED);
    const struct instance *at = &hunted->violation.instance;
    assert_true(at->problem.c[1] == 0 && at->x0[1] == 0 && at->problem.c[0] != 0);
    assert_int_equal(hunted->violation.confirmation.exact, ORACLE_AGREES);
    hunt_free(hunted);
}

static void test_finds_two_sign_changes(void **state)
{
    (void)state;
    struct hunted *hunted = hunt_for("t2-sign-change-published", 500, 2);
    check_refuted(hunted, ENDING_SETTLED);
    assert_true(hunted->violation.confirmation.bdf.deviation == 2);
    hunt_free(hunted);
}

static void test_finds_the_line_of_powers(void **state)
{
    (void)state;
    struct hunted *hunted = hunt_for("t11-published", 1000, 2);
    check_refuted(hunted, ENDING_SADDLE);
    assert_true(hunted->violation.instance.x0[0] == 0);
    assert_true(hunted->violation.instance.problem.neurons[0].parameter == 2);
    hunt_free(hunted);
}

static void test_finds_cycles(void **state)
{
    (void)state;
    struct hunted *hunted = hunt_for("arbp-deep-published", 200, 2);
    check_refuted(hunted, ENDING_CYCLING);
    assert_int_equal(hunted->violation.instance.problem.depth, 3); /* shrunk from more */
    const double *a = hunted->violation.instance.x0, *c = a + 3;
    assert_true(fabs(a[0]) < fabs(c[0]) && fabs(c[1]) < fabs(a[1]) && c[0] * a[1] < 0);
    hunt_free(hunted);
}

static void test_finds_what_is_planted(void **state)
{
    (void)state;
    struct hunted *sign = hunt_for("planted-sign", 200, 2);
    check_refuted(sign, ENDING_SETTLED);
    assert_true(sign->violation.instance.problem.c[0] < 0);
    hunt_free(sign);
    struct hunted *depth = hunt_for("planted-depth", 3000, 2);
    check_refuted(depth, ENDING_UNBOUNDED);
    assert_int_equal(depth->violation.instance.problem.depth, 4);
    hunt_free(depth);
    struct hunted *window = hunt_for("planted-window", 6000, 2);
    check_refuted(window, ENDING_SETTLED);
    assert_true(fabs(window->violation.instance.problem.c[0] + 0.75) < 0.045);
    hunt_free(window);
}

static void test_finds_nothing_where_nothing_is(void **state)
{
    (void)state;
    static const char *const ids[] = {"t2-converges", "t2-sign-change", "t3-converges",
                                      "t4-congruent-srbp", "t5-converges"};
    for (size_t k = 0; k < COUNT(ids); k++) {
        struct hunted *hunted = hunt_for(ids[k], 600, 2);
        assert_int_equal(hunted->verdict, HUNT_NOTHING);
        assert_int_equal(hunted->open, 0);
        assert_true(hunted->evaluations >= 500 && hunted->evaluations <= 600);
        /* 1 - 0.05^(1/n), Clopper and Pearson */
        const double bound = 1 - pow(0.05, 1 / (double)hunted->independent);
        assert_true(fabs(hunted->measure_below - bound) < 1e-9);
        hunt_free(hunted);
    }
}

/* A hypothesis that is needed: without it the statement fails, and is not refuted by that. */
static void test_drops_hypotheses(void **state)
{
    (void)state;
    struct hunted *hunted = hunt_for("t3-converges", 3000, 2);
    assert_int_equal(hunted->verdict, HUNT_NOTHING);
    assert_int_equal(hunted->drops, 2);
    const struct hunt_dropped *feedback = &hunted->drop[1];
    assert_true(feedback->found);
    const double *c = feedback->violation.instance.problem.c;
    assert_true(c[0] == 0 || c[1] == 0);
    hunt_free(hunted);
}

/* What a sweep does not see the optimiser finds: |alpha - 3.7| < 1e-3, some 2e-5 of all. */
static enum status off_needle(struct trial *trial, enum finding *finding)
{
    const double off = fabs(trial->instance->problem.alpha - 3.7) / 1e-3;
    trial->deviation = 1 / off;
    return off > 1 ? conclude_holds(finding) : conclude_fails(trial, finding, "the needle");
}

static void test_optimiser_finds_a_needle(void **state)
{
    (void)state;
    struct hunted *hunted = hunt_create();
    struct hunt_plan plan = hunt_defaults();
    const struct hunt_claim claim = claim_of(off_needle, 1);
    plan.evaluations = 10000;
    assert_int_equal(hunt_claim(&claim, &plan, hunted), OK);
    assert_int_equal(hunted->verdict, HUNT_FOUND);
    assert_int_equal(hunted->by, HUNT_OPTIMISE);
    assert_true(fabs(hunted->violation.instance.problem.alpha - 3.7) < 1e-3);
    hunt_free(hunted);
}

/* ... with a candidate that no method confirms: undecided, neither found nor nothing. */
static void test_candidates_stay_open(void **state)
{
    (void)state;
    struct hunted *hunted = hunt_create();
    struct hunt_plan plan = hunt_defaults();
    const struct hunt_claim claim = claim_of(methods_measure_differently, 1);
    plan.evaluations = 50;
    assert_int_equal(hunt_claim(&claim, &plan, hunted), OK);
    assert_int_equal(hunted->verdict, HUNT_ONLY_CANDIDATES);
    assert_true(hunted->open > 0 && hunted->listed_count > 0);
    assert_int_equal(hunted->listed[0].doubt, HUNT_METHODS_DIFFER);
    assert_int_equal(hunted->independent_open, hunted->independent);
    assert_true(hunted->measure_below == 1); /* nothing is known */
    hunt_free(hunted);
}

static void check_same_violation(const struct hunt_violation *one, const struct hunt_violation *two)
{
    assert_int_equal(one->point.place.architecture, two->point.place.architecture);
    assert_int_equal(one->point.count, two->point.count);
    assert_memory_equal(one->point.value, two->point.value,
                        one->point.count * sizeof *one->point.value);
    assert_true(one->confirmation.bdf.t == two->confirmation.bdf.t);
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    static const char *const ids[] = {"planted-window", "t3-published", "t4-converges"};
    static const size_t evaluations[] = {6000, 1000, 400};
    for (size_t k = 0; k < COUNT(ids); k++) {
        struct hunted *one = hunt_for(ids[k], evaluations[k], 1);
        struct hunted *three = hunt_for(ids[k], evaluations[k], 3);
        assert_int_equal(one->verdict, three->verdict);
        assert_int_equal(one->evaluations, three->evaluations);
        assert_int_equal(one->by, three->by);
        assert_true(one->least_margin == three->least_margin);
        for (int p = 0; p < HUNT_PHASES; p++)
            assert_int_equal(one->phase[p].evaluations, three->phase[p].evaluations);
        if (one->verdict == HUNT_FOUND) {
            check_same_violation(&one->first, &three->first);
            check_same_violation(&one->violation, &three->violation);
        }
        for (size_t d = 0; d < one->drops; d++) {
            assert_int_equal(one->drop[d].found, three->drop[d].found);
            if (one->drop[d].found)
                check_same_violation(&one->drop[d].violation, &three->drop[d].violation);
        }
        hunt_free(one);
        hunt_free(three);
    }
}

/* A seed of its own, a search of its own. */
static void test_seed_matters(void **state)
{
    (void)state;
    struct hunted *hunted[2];
    for (int k = 0; k < 2; k++) {
        struct hunt_plan plan = hunt_defaults();
        plan.evaluations = 50;
        plan.seed = (uint64_t)k + 1;
        hunted[k] = hunt_create();
        assert_int_equal(hunt("planted-sign", &plan, hunted[k]), OK);
        assert_int_equal(hunted[k]->verdict, HUNT_FOUND);
    }
    assert_true(hunted[0]->first.point.value[0] != hunted[1]->first.point.value[0]);
    hunt_free(hunted[0]);
    hunt_free(hunted[1]);
}

/* ---- numbers ---- */

static void test_cost_of_numbers(void **state)
{
    (void)state;
    static const double order[] = {0, 1, -1, 2, 0.5, 1.5, 0.75, 0.3125, 0.3};
    for (size_t k = 0; k + 1 < COUNT(order); k++)
        assert_true(hunt_shrink_cost(order[k]) < hunt_shrink_cost(order[k + 1]));
}

static void test_unknown_and_unfit(void **state)
{
    (void)state;
    struct hunted *hunted = hunt_create();
    struct hunt_plan plan = hunt_defaults();
    plan.evaluations = 10;
    assert_int_equal(hunt("no-such-claim", &plan, hunted), UNKNOWN_NAME);
    assert_int_equal(hunt("tanh-wrong-equilibrium", &plan, hunted), BAD_ARGUMENT);
    hunt_free(hunted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_go_where_they_belong),
        cmocka_unit_test(test_hypotheses_fold_and_drop),
        cmocka_unit_test(test_points_meet_hypotheses),
        cmocka_unit_test(test_sweep_has_its_law),
        cmocka_unit_test(test_all_claims),
        cmocka_unit_test(test_question_is_stripped),
        cmocka_unit_test(test_help_names_them),
        cmocka_unit_test(test_sampler_past_corners),
        cmocka_unit_test(test_confirmation_needs_both_methods),
        cmocka_unit_test(test_horizon_is_no_violation),
        cmocka_unit_test(test_almost_every_start),
        cmocka_unit_test(test_recurrence),
        cmocka_unit_test(test_finds_the_dead_layer),
        cmocka_unit_test(test_finds_two_sign_changes),
        cmocka_unit_test(test_finds_the_line_of_powers),
        cmocka_unit_test(test_finds_cycles),
        cmocka_unit_test(test_finds_what_is_planted),
        cmocka_unit_test(test_finds_nothing_where_nothing_is),
        cmocka_unit_test(test_drops_hypotheses),
        cmocka_unit_test(test_optimiser_finds_a_needle),
        cmocka_unit_test(test_candidates_stay_open),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_seed_matters),
        cmocka_unit_test(test_cost_of_numbers),
        cmocka_unit_test(test_unknown_and_unfit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
