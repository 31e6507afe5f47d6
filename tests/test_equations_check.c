/* The checks of `settle verify FILE.ode` on equations that are right, and on flows that are made wrong:
 * a check that cannot fail is none. */
#include "equations/ode_file.h"
#include "proofs-check/equations_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct equations *read_text(const char *text)
{
    struct equations *equations = NULL;
    assert_int_equal(ode_file_parse("my.ode", text, strlen(text), &equations), OK);
    return equations;
}

static struct flow *flow_of_equations(const struct equations *equations)
{
    const struct problem problem = equations_problem(equations);
    struct flow *flow = NULL;
    assert_int_equal(problem_flow(&problem, &flow), OK);
    return flow;
}

/* A flow whose Jacobian, or whose claim, is wrong must not pass. */
static enum status wrong_jacobian(const struct flow *flow, const double *x, double *J)
{
    (void)flow;
    J[0] = 0;
    J[1] = 1;
    J[2] = -1;
    J[3] = 1e-4 * x[0];
    return OK;
}

static void checks_find_what_is_wrong(void **state)
{
    (void)state;
    struct equations *e = read_text("x'=y\ny'=-x\nx(0)=1\n");
    assert_int_equal(equations_claim_add(e, "x^2+y^2", true), OK);
    struct flow *flow = flow_of_equations(e);
    struct equations_check check[EQUATIONS_CHECKS];
    const double x0[2] = {1, 0};
    const struct equations_check_plan plan = {.flow = flow,
                                              .x0 = x0,
                                              .plan = plan_defaults(),
                                              .seed = 1,
                                              .trials = 3,
                                              .confidence = 0.95};
    assert_int_equal(equations_check_run(&plan, check), OK);
    for (size_t k = 0; k < EQUATIONS_CHECKS; k++)
        assert_true(!check[k].asked || check[k].verdict == VERDICT_SUPPORTED);
    assert_false(check[4].asked); /* nothing settles */
    flow->jacobian = wrong_jacobian;
    assert_int_equal(equations_check_run(&plan, check), OK);
    assert_int_equal(check[0].verdict, VERDICT_REFUTED);
    flow_free(flow);
    equations_free(e);
    e = read_text("x'=y\ny'=-x-1e-3*y\n");
    assert_int_equal(equations_claim_add(e, "x^2+y^2", true), OK);
    flow = flow_of_equations(e);
    struct equations_check_plan wrong = plan;
    wrong.flow = flow;
    assert_int_equal(equations_check_run(&wrong, check), OK);
    assert_int_equal(check[1].verdict, VERDICT_REFUTED);
    flow_free(flow);
    equations_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(checks_find_what_is_wrong)};
    return cmocka_run_group_tests_name("equations check", tests, NULL, NULL);
}
