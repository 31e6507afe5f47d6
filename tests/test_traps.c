/* Random traps: chains with dyadic data at, and near, ties, double roots and fixed points.
 *
 * Every draw is a chain of depth 1 to 4 under bp, rbp or srbp, with unequal rates and vanishing
 * feedback weights among them, moved off a degenerate case by delta = 0 or +-2^-4 ... 2^-51.  The
 * prediction, which integrates nothing, is the judge: `settled` anywhere else is a false one, and
 * none is allowed, by any method at any tolerance.  A wrong word of another kind is allowed only
 * where delta is rounding. */
#include "tests/traps.h"

enum { TRIALS = 2000, GENERIC_TRIALS = 300 };

/* delta below this, relative to 1 + |alpha|: doubles cannot tell the case from delta = 0 */
static const double ROUNDING_DELTA = 0x1p-40;

/* ---- judgement ---------------------------------------------------------------------------- */

struct tally {
    size_t trials, agreed, undecided;
    size_t most_steps;
};

/* A word that the prediction contradicts. */
static bool is_wrong_word(const struct draw *draw, enum ending ending, enum ending predicted)
{
    if (ending == predicted || ending == ENDING_HORIZON || predicted == ENDING_HORIZON)
        return false;
    const bool rounding = draw->kind != KIND_GENERIC &&
                          fabs(draw->delta) <= ROUNDING_DELTA * (1 + fabs(draw->problem.alpha));
    return !(rounding && (ending == ENDING_SADDLE || ending == ENDING_CREEPING));
}

static void judge(const struct draw *draw, uint64_t index, const struct plan *plan,
                  struct tally *tally)
{
    char name[80];
    double limit[4];
    snprintf(name, sizeof name, "trap %d.%d (%s, rtol %g)", (int)draw->kind, (int)index,
             method_name(plan->method), plan->rtol);
    const struct prediction prediction = prediction_of(&draw->problem, draw->start, limit);
    struct trial trial = trial_run(&draw->problem, plan, draw->start);
    const enum ending ending = trial.outcome->ending;
    check_not_false_settled(name, trial.flow, trial.outcome, &prediction, limit);
    if (is_wrong_word(draw, ending, prediction.ending))
        fail_msg("%s: %s at t = %g (%s), predicted %s, delta %g", name, ending_name(ending),
                 trial.outcome->t, trial.outcome->reason, ending_name(prediction.ending),
                 draw->delta);
    tally->trials++;
    tally->agreed += ending == prediction.ending;
    tally->undecided += ending == ENDING_HORIZON;
    if (ending == ENDING_SETTLED && trial.outcome->steps > tally->most_steps)
        tally->most_steps = trial.outcome->steps;
    trial_free(&trial);
}

static struct plan plan_with(enum method method, double rtol)
{
    struct plan plan = plan_defaults();
    plan.method = method;
    plan.rtol = rtol;
    plan.atol = rtol / 100;
    return plan;
}

static void nothing_settles_where_it_should_not(void **state)
{
    (void)state;
    struct tally tally = {0};
    const struct plan plan = plan_defaults();
    for (uint64_t i = 0; i < TRIALS; i++) {
        const struct draw draw = draw_trap(i);
        judge(&draw, i, &plan, &tally);
    }
    print_message("# %zu traps, bdf: %zu agree, %zu undecided\n", tally.trials, tally.agreed,
                  tally.undecided);
    assert_true(tally.trials == TRIALS);
    assert_true(tally.agreed >= TRIALS * 9 / 10); /* caution must not be silence */
}

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};
static const double tolerances[] = {1e-4, 1e-6, 1e-8, 1e-10, 1e-12};

/* The same traps, another method and tolerance each. */
static void nor_by_any_method_at_any_tolerance(void **state)
{
    (void)state;
    struct tally tally = {0};
    for (uint64_t i = 0; i < TRIALS; i++) {
        const struct draw draw = draw_trap(i);
        const struct plan plan =
            plan_with(methods[i / KINDS % COUNT(methods)],
                      tolerances[i / KINDS / COUNT(methods) % COUNT(tolerances)]);
        judge(&draw, i, &plan, &tally);
    }
    print_message("# %zu traps, all methods and tolerances: %zu agree, %zu undecided\n",
                  tally.trials, tally.agreed, tally.undecided);
    assert_true(tally.agreed >= TRIALS * 8 / 10);
}

/* Chains that are no traps: every method at every tolerance finds where they end. */
static void generic_chains_end_as_predicted(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(tolerances); k++) {
            struct tally tally = {0};
            const struct plan plan = plan_with(methods[m], tolerances[k]);
            for (uint64_t i = 0; i < GENERIC_TRIALS; i++) {
                const struct draw draw = draw_trap(i * KINDS);
                judge(&draw, i, &plan, &tally);
            }
            if (tally.agreed < tally.trials * 98 / 100)
                fail_msg("%s, rtol %g: %zu of %zu agree", method_name(methods[m]), tolerances[k],
                         tally.agreed, tally.trials);
        }
}

/* A threshold below the integrator's noise would never be reached: 11,000 steps were seen. */
static void loose_tolerances_settle_soon(void **state)
{
    (void)state;
    enum { STEPS_FEW = 500 };
    const double loose[] = {1e-3, 1e-4};
    for (size_t k = 0; k < COUNT(loose); k++) {
        struct tally tally = {0};
        struct plan plan = plan_with(METHOD_ADAMS, loose[k]);
        for (uint64_t i = 0; i < GENERIC_TRIALS; i++) {
            const struct draw draw = draw_trap(i * KINDS);
            judge(&draw, i, &plan, &tally);
        }
        print_message("# adams, rtol %g: at most %zu steps\n", loose[k], tally.most_steps);
        assert_true(tally.most_steps > 0 && tally.most_steps <= STEPS_FEW);
        assert_true(tally.agreed >= tally.trials * 98 / 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_settles_where_it_should_not),
        cmocka_unit_test(nor_by_any_method_at_any_tolerance),
        cmocka_unit_test(generic_chains_end_as_predicted),
        cmocka_unit_test(loose_tolerances_settle_soon),
    };
    return cmocka_run_group_tests_name("traps", tests, NULL, NULL);
}
