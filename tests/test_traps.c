/* Random traps: chains with dyadic data at, and near, ties, double roots and fixed points, drawn and
 * judged by selftest/selftest_chains.h, many of them.
 *
 * `settled` where the prediction is another is a false ending, and none is allowed, by any method at
 * any tolerance.  Undecided ones are counted: caution must not be silence. */
#include "selftest/selftest_chains.h"
#include "selftest/selftest_run.h"
#include "tests/chains.h"

enum { TRIALS = 2000, GENERIC_TRIALS = 300 };

struct traps {
    size_t stride; /* 1: all kinds; CHAIN_KINDS: generic ones */
    bool by_turns; /* all methods and tolerances; else `plan` */
    struct plan plan;
};

static enum status try_trap(const void *context, uint64_t index, struct selftest_finding *finding)
{
    const struct traps *traps = context;
    const struct plan plan = traps->by_turns ? selftest_chains_plan(index) : traps->plan;
    return selftest_chains_try(index * traps->stride, &plan, finding);
}

/* None may fail. */
static struct selftest_tally tally_of(const struct traps *traps, size_t count)
{
    const struct selftest_plan plan = {.trials = 0};
    const struct selftest_work work = {.count = count, .one = try_trap, .context = traps};
    struct selftest_tally tally = {.tried = 0};
    if (selftest_try(&plan, &work, &tally) != OK)
        fail_msg("%s", status_message());
    if (tally.failed > 0)
        fail_msg("%zu of %zu: %s", tally.failed, tally.tried, tally.first);
    assert_true(tally.tried == count);
    return tally;
}

static void tell(const char *what, const struct selftest_tally *tally)
{
    print_message("# %zu traps, %s: %zu agree, %zu undecided\n", tally->tried, what, tally->agreed,
                  tally->endings[ENDING_HORIZON]);
}

static void nothing_settles_where_it_should_not(void **state)
{
    (void)state;
    const struct traps traps = {.stride = 1, .plan = plan_defaults()};
    const struct selftest_tally tally = tally_of(&traps, TRIALS);
    tell("bdf", &tally);
    assert_true(tally.agreed >= TRIALS * 9 / 10);
}

/* The same traps, another method and tolerance each. */
static void nor_by_any_method_at_any_tolerance(void **state)
{
    (void)state;
    const struct traps traps = {.stride = 1, .by_turns = true};
    const struct selftest_tally tally = tally_of(&traps, TRIALS);
    tell("all methods and tolerances", &tally);
    assert_true(tally.agreed >= TRIALS * 8 / 10);
}

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};
static const double tolerances[] = {1e-4, 1e-6, 1e-8, 1e-10, 1e-12};

/* Chains that are no traps: every method at every tolerance finds where they end. */
static void generic_chains_end_as_predicted(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(tolerances); k++) {
            const struct traps traps = {.stride = CHAIN_KINDS,
                                        .plan = selftest_run_plan(methods[m], tolerances[k])};
            const struct selftest_tally tally = tally_of(&traps, GENERIC_TRIALS);
            if (tally.agreed < tally.tried * 98 / 100)
                fail_msg("%s, rtol %g: %zu of %zu agree", method_name(methods[m]), tolerances[k],
                         tally.agreed, tally.tried);
        }
}

/* A threshold below the integrator's noise would never be reached: 11,000 steps were seen. */
static void loose_tolerances_settle_soon(void **state)
{
    (void)state;
    enum { STEPS_FEW = 500 };
    const double loose[] = {1e-3, 1e-4};
    for (size_t k = 0; k < COUNT(loose); k++) {
        const struct traps traps = {.stride = CHAIN_KINDS,
                                    .plan = selftest_run_plan(METHOD_ADAMS, loose[k])};
        const struct selftest_tally tally = tally_of(&traps, GENERIC_TRIALS);
        print_message("# adams, rtol %g: at most %zu steps\n", loose[k], tally.most_steps);
        assert_true(tally.most_steps > 0 && tally.most_steps <= STEPS_FEW);
        assert_true(tally.agreed >= tally.tried * 98 / 100);
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
