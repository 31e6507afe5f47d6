/* Traps for matrix systems, drawn and judged by selftest/selftest_networks.h, many of each family.
 *
 * In every family enough must come to a judgement: `settled`, or an ending of a start that cannot
 * settle.  The number of families is held to, so that none is lost. */
#include "selftest/selftest_networks.h"
#include "tests/chains.h"

enum { TRIALS = 60, FAMILIES = 11 };

static enum status try_one(const void *context, uint64_t index, struct selftest_finding *finding)
{
    return selftest_networks_try(context, index, finding);
}

static void run_family(const struct selftest_networks_family *family)
{
    const struct selftest_plan plan = {.trials = 0};
    const struct selftest_work work = {.count = TRIALS, .one = try_one, .context = family};
    struct selftest_tally tally = {.tried = 0};
    char endings[SELFTEST_TEXT_MAX];
    if (selftest_try(&plan, &work, &tally) != OK)
        fail_msg("%s", status_message());
    print_message("# %s: %s\n", family->name, selftest_endings(&tally, sizeof endings, endings));
    if (tally.failed > 0)
        fail_msg("%s: %zu of %zu: %s", family->name, tally.failed, tally.tried, tally.first);
    assert_true(tally.judged >= TRIALS / 10);
}

static void no_family_settles_falsely(void **state)
{
    (void)state;
    size_t families = 0;
    for (; selftest_networks_families[families].name; families++)
        run_family(&selftest_networks_families[families]);
    assert_int_equal(families, FAMILIES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_family_settles_falsely)};
    return cmocka_run_group_tests_name("network traps", tests, NULL, NULL);
}
