/* The random traps of chains, selftest/selftest_chains.h, written as .ode files: ties, double roots, starts on fixed
 * points, and near them by 2^-4 to 2^-51.  Both forms of a chain must not contradict each other, and
 * seldom may one decide what the other leaves open, as exact algebra does. */
#include "equations/ode_file.h"
#include "exact/limit.h"
#include "exact/statement_problem.h"
#include "proofs-check/equations_claims.h"
#include "selftest/selftest_chains.h"
#include "tests/chains.h"

#include <stdlib.h>

enum { TRAPS_HERE = 400, TEXT = 4096 };

/* a_i' = c_i (prefix, or all others) e, with the numbers of the built-in flow. */
static void write_chain(const struct selftest_chain *draw, const struct flow *flow, char text[TEXT])
{
    const double *c = chain_direct_weights(flow);
    const size_t L = flow->dim;
    size_t length = (size_t)snprintf(text, TEXT, "number alpha=%.17g, beta=%.17g\ne=alpha-beta*a1",
                                     draw->problem.alpha, draw->problem.beta);
    for (size_t i = 1; i < L; i++)
        length += (size_t)snprintf(text + length, TEXT - length, "*a%zu", i + 1);
    for (size_t i = 0; i < L; i++) {
        length += (size_t)snprintf(text + length, TEXT - length, "\nnumber c%zu=%.17g\na%zu'=c%zu",
                                   i + 1, c[i], i + 1, i + 1);
        for (size_t k = 0; k < (chain_is_gradient(flow) ? L : i); k++)
            if (k != i)
                length += (size_t)snprintf(text + length, TEXT - length, "*a%zu", k + 1);
        length += (size_t)snprintf(text + length, TEXT - length, "*e");
    }
    snprintf(text + length, TEXT - length, "\n");
}

static struct equations *own_chain(const struct selftest_chain *draw, const struct flow *flow)
{
    char text[TEXT];
    struct equations *equations = NULL;
    write_chain(draw, flow, text);
    if (ode_file_parse("trap.ode", text, strlen(text), &equations) != OK)
        fail_msg("%s: %s", text, status_message());
    assert_int_equal(equations_claims_find(equations), OK);
    return equations;
}

static struct outcome *run_to_end(const struct flow *flow, const double *start)
{
    struct outcome *outcome = outcome_create(flow);
    const struct plan plan = plan_defaults();
    assert_non_null(outcome);
    assert_int_equal(trajectory_run(flow, &plan, start, outcome), OK);
    return outcome;
}

static bool is_open(const struct outcome *outcome)
{
    return outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED;
}

struct tally {
    size_t agree, open, settled, resolved;
    double worst;
};

/* Where exact algebra settles the trap; NAN: elsewhere, or nowhere. */
static double exact_limit(const struct selftest_chain *draw)
{
    struct statement_numbers numbers;
    struct statement *statement = NULL;
    const char *why = NULL;
    statement_problem_numbers(&draw->problem, draw->start, draw->problem.depth, &numbers);
    assert_int_equal(statement_problem_make(&draw->problem, &numbers, &statement, &why), OK);
    statement_problem_free(&numbers);
    assert_non_null(statement);
    struct limit *limit = limit_create(statement);
    assert_non_null(limit);
    assert_int_equal(limit_decide(statement, 20, limit), OK);
    const double a1 =
        limit->ending == ENDING_SETTLED ? arf_get_d(arb_midref(limit->x), ARF_RND_NEAR) : NAN;
    limit_free(limit);
    statement_free(statement);
    return a1;
}

/* The bound on rounding of a file is closer than that of the chain, and tells a root from a double
 * one that is too near for the chain: only where exact algebra says the same. */
static void contradiction(const struct selftest_chain *draw, const struct outcome *a,
                          const struct outcome *b, struct tally *tally)
{
    const double exact = exact_limit(draw);
    if (a->ending == ENDING_CREEPING && b->ending == ENDING_SETTLED &&
        fabs(b->limit[0] - exact) <= 1e-6) /* rounding over a rate of 1e-8 */
        tally->resolved++;
    else
        fail_msg("kind %d, delta %g: %s built in, %s as a file, exactly to %.17g", draw->kind,
                 draw->delta, ending_name(a->ending), ending_name(b->ending), exact);
}

static void compare(const struct selftest_chain *draw, const struct outcome *a,
                    const struct outcome *b, struct tally *tally)
{
    const size_t L = draw->problem.depth;
    if (is_open(a) || is_open(b)) {
        tally->open += is_open(a) != is_open(b);
        return;
    }
    if (a->ending != b->ending) {
        contradiction(draw, a, b, tally);
        return;
    }
    tally->agree++;
    if (a->ending != ENDING_SETTLED)
        return;
    tally->settled++;
    for (size_t i = 0; i < L; i++)
        tally->worst =
            fmax(tally->worst, fabs(a->limit[i] - b->limit[i]) / (1 + fabs(a->limit[i])));
}

static void chains_as_files_end_as_chains(void **state)
{
    (void)state;
    struct tally tally = {.agree = 0};
    for (uint64_t index = 0; index < TRAPS_HERE; index++) {
        struct selftest_chain draw;
        assert_int_equal(selftest_chains_draw(index, &draw), OK);
        struct flow *flow = flow_of(&draw.problem);
        struct equations *equations = own_chain(&draw, flow);
        const struct problem problem = equations_problem(equations);
        struct flow *own = flow_of(&problem);
        struct outcome *a = run_to_end(flow, draw.start), *b = run_to_end(own, draw.start);
        compare(&draw, a, b, &tally);
        outcome_free(a);
        outcome_free(b);
        flow_free(own);
        flow_free(flow);
        equations_free(equations);
    }
    print_message("%zu end alike, %zu are open for one of both, %zu settle as a file alone and "
                  "exactly; %zu limits at most %.1e apart\n",
                  tally.agree, tally.open, tally.resolved, tally.settled, tally.worst);
    assert_true(tally.agree >= TRAPS_HERE / 2 && tally.open <= TRAPS_HERE / 20);
    assert_true(tally.settled > TRAPS_HERE / 4 && tally.worst <= 1e-8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(chains_as_files_end_as_chains)};
    return cmocka_run_group_tests_name("equations traps", tests, NULL, NULL);
}
