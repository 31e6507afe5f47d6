/* Files of equations with known ends, made to look like another one: what may not be said of them.
 *
 * Each must not be called what it is not; those that are called what they are keep caution from being
 * silence.  A limit has to be the right one. */
#include "equations/ode_file.h"
#include "ode/trajectory.h"
#include "proofs-check/equations_claims.h"
#include "tests/chains.h"

#include <stdlib.h>

/* A file, and how it ends: `known`, which must be decided or may be left open. */
struct known_end {
    const char *name, *text;
    enum ending known;
    enum { DECIDED, OPEN } must;
    double limit; /* of the first unknown, if it settles */
};

enum { STEPS_HERE = 20000 };
static const double LIMIT_ERROR = 1e-6;

static void check_end(const struct known_end *c, enum method method)
{
    struct equations *equations = NULL;
    if (ode_file_parse("known.ode", c->text, strlen(c->text), &equations) != OK)
        fail_msg("%s: %s", c->name, status_message());
    assert_int_equal(equations_claims_find(equations), OK);
    const struct problem problem = equations_problem(equations);
    double start[EQUATIONS_UNKNOWNS_MOST];
    for (size_t i = 0; i < equations->unknowns; i++)
        start[i] = equations->unknown[i].value;
    struct flow *flow = flow_of(&problem);
    struct plan plan = plan_defaults();
    plan.method = method;
    plan.steps_most = STEPS_HERE;
    struct outcome *outcome = outcome_create(flow);
    assert_non_null(outcome);
    assert_int_equal(trajectory_run(flow, &plan, start, outcome), OK);
    const bool open = outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED;
    if (outcome->ending != c->known && !(open && c->must == OPEN))
        fail_msg("%s, %s: %s at t = %g, and it is %s", c->name, method_name(method),
                 ending_name(outcome->ending), outcome->t, ending_name(c->known));
    if (outcome->ending == ENDING_SETTLED && !(fabs(outcome->limit[0] - c->limit) <= LIMIT_ERROR))
        fail_msg("%s, %s: limit %.17g, and it is %.17g", c->name, method_name(method),
                 outcome->limit[0], c->limit);
    outcome_free(outcome);
    flow_free(flow);
    equations_free(equations);
}

static void check_ends(size_t count, const struct known_end *cases)
{
    static const enum method methods[] = {METHOD_BDF, METHOD_RK8PD};
    for (size_t k = 0; k < count; k++)
        for (size_t m = 0; m < COUNT(methods); m++)
            check_end(&cases[k], methods[m]);
}

/* Between two returns they move less than the tolerance. */
static void what_drifts_is_no_cycle(void **state)
{
    (void)state;
    static const struct known_end cases[] = {
        {"a weak focus", "x'=-y-x*(x^2+y^2)\ny'=x-y*(x^2+y^2)\ninit x=1e-4\n", ENDING_CREEPING,
         OPEN, 0},
        {"a weak focus that repels", "x'=-y+x*(x^2+y^2)\ny'=x+y*(x^2+y^2)\ninit x=1e-5\n",
         ENDING_ESCAPED, OPEN, 0},
        {"slow damping", "x'=y\ny'=-x-1e-12*y\ninit x=1\n", ENDING_SETTLED, OPEN, 0},
        {"a semistable cycle, from beyond",
         "x'=x*(1-x^2-y^2)^2-y\ny'=y*(1-x^2-y^2)^2+x\ninit x=1.00001\n", ENDING_ESCAPED, OPEN, 0},
        {"two frequencies", "x'=y\ny'=-x\nu'=1.0000000001*v\nv'=-1.0000000001*u\ninit x=1,u=1\n",
         ENDING_HORIZON, OPEN, 0},
        {"a thin torus", "x'=y\ny'=-x\nu'=1.4142135623*v\nv'=-1.4142135623*u\ninit x=1,u=1e-8\n",
         ENDING_HORIZON, OPEN, 0},
        {"a drift", "x'=y\ny'=-x+y*(1-x^2)\nz'=1e-10\ninit x=1\n", ENDING_UNBOUNDED, OPEN, 0},
        {"bangs, damped", "x'=y\ny'=-sign(x)-1e-11*y\ninit x=1\n", ENDING_SETTLED, OPEN, 0},
    };
    check_ends(COUNT(cases), cases);
}

/* The controls. */
static void what_closes_is_a_cycle(void **state)
{
    (void)state;
    static const struct known_end cases[] = {
        {"a pendulum", "x'=y\ny'=-sin(x)\ninit x=1\n", ENDING_CYCLING, DECIDED, 0},
        {"prey", "x'=x*(1-y)\ny'=y*(x-1)\ninit x=2,y=1\n", ENDING_CYCLING, DECIDED, 0},
        {"van der Pol", "x'=y\ny'=-x+y*(1-x^2)\ninit x=1\n", ENDING_CYCLING, DECIDED, 0},
        {"far away",
         "x'=-(y-1e6)+(x-1e6)*(1e4-(x-1e6)^2-(y-1e6)^2)*1e-4\n"
         "y'=(x-1e6)+(y-1e6)*(1e4-(x-1e6)^2-(y-1e6)^2)*1e-4\ninit x=1000050,y=1e6\n",
         ENDING_CYCLING, DECIDED, 0},
        {"a kink", "x'=y\ny'=-x-0.2*abs(y)\ninit x=1\n", ENDING_CYCLING, DECIDED, 0},
    };
    check_ends(COUNT(cases), cases);
}

/* Growth that is faster than exponential blows up, or does not; and a law that ends far away. */
static void growth_is_followed_to_its_end(void **state)
{
    (void)state;
    static const struct known_end cases[] = {
        {"a power", "x'=x^1.04\ninit x=3\n", ENDING_ESCAPED, DECIDED, 0},
        {"a power near one", "x'=x^1.01\ninit x=3\n", ENDING_ESCAPED, DECIDED, 0},
        {"a logarithm squared", "x'=x*ln(x)^2\ninit x=3\n", ENDING_ESCAPED, OPEN, 0},
        {"a logarithm", "x'=x*ln(x)\ninit x=3\n", ENDING_UNBOUNDED, OPEN, 0},
        {"t^(1/21), to an end", "x'=1/(1+x^20)-1e-60\ninit x=1\n", ENDING_SETTLED, OPEN, 1000},
        {"t^(1/21)", "x'=1/(1+x^20)\ninit x=1\n", ENDING_UNBOUNDED, DECIDED, 0},
    };
    check_ends(COUNT(cases), cases);
}

/* Constant to rounding is not constant. */
static void saturation_is_no_rest(void **state)
{
    (void)state;
    static const struct known_end cases[] = {
        {"a start", "x'=1-tanh(x)\ninit x=30\n", ENDING_UNBOUNDED, OPEN, 0},
        {"a start, saturated at 0", "x'=1-tanh(x+1000)\ninit x=0\n", ENDING_UNBOUNDED, OPEN, 0},
        {"underflow", "x'=exp(-x^2)\ninit x=30\n", ENDING_UNBOUNDED, OPEN, 0},
        {"a line", "x'=1-tanh(x+1000)\ny'=-y\ninit y=1\n", ENDING_UNBOUNDED, OPEN, 0},
        {"an oblique line", "x'=y+1-tanh(x+1000)\ny'=-y\ninit y=1\n", ENDING_UNBOUNDED, OPEN, 0},
        {"a difference", "x'=tanh(x+21)-tanh(x+20)\ny'=-y\ninit y=1\n", ENDING_UNBOUNDED, OPEN, 0},
        {"a line that rests", "x'=y\ny'=-y\ninit y=1\n", ENDING_SETTLED, DECIDED, 1},
        {"a curve that rests", "x'=x*(1-x*y)\ny'=y*(1-x*y)\ninit x=1,y=2\n", ENDING_SETTLED,
         DECIDED, 0.70710678118654752},
        {"nothing moves", "x'=0.1+0.2-0.3\ninit x=1\n", ENDING_SETTLED, DECIDED, 1},
    };
    check_ends(COUNT(cases), cases);
}

/* What is tiny, and there, leads away from a saddle. */
static void tiny_is_not_zero(void **state)
{
    (void)state;
    static const struct known_end cases[] = {
        {"1e-30", "x'=-x\ny'=y-y^3\ninit x=1,y=1e-30\n", ENDING_SETTLED, OPEN, 0},
        {"0", "x'=-x\ny'=y-y^3\ninit x=1\n", ENDING_SADDLE, DECIDED, 0},
        {"as by symmetry", "x'=x*(1-x-2*y)\ny'=y*(1-y-2*x)\ninit x=0.3,y=0.3\n", ENDING_SADDLE,
         DECIDED, 0},
        {"a heteroclinic cycle",
         "par a=0.8,b=1.5\nx'=x*(1-x-a*y-b*z)\ny'=y*(1-b*x-y-a*z)\nz'=z*(1-a*x-b*y-z)\n"
         "init x=0.5,y=0.3,z=0.2\n",
         ENDING_HORIZON, OPEN, 0},
        {"1e-20, with first integrals",
         "x'=y*(2-x*y)\ny'=x*(2-x*y)\nu'=v*(1-u*v)\nv'=u*(1-u*v)\n"
         "init x=0.1,y=0.1,u=1e-20,v=1e-20\n",
         ENDING_SETTLED, OPEN, 1.4142135623730951},
        {"0, with first integrals",
         "x'=y*(2-x*y)\ny'=x*(2-x*y)\nu'=v*(1-u*v)\nv'=u*(1-u*v)\ninit x=0.1,y=0.1\n",
         ENDING_SADDLE, DECIDED, 0},
        {"below all numbers", "x'=x^2\ninit x=1e-170\n", ENDING_ESCAPED, OPEN, 0},
        {"zero", "x'=x^2\ninit x=0\n", ENDING_SADDLE, DECIDED, 0},
    };
    check_ends(COUNT(cases), cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_drifts_is_no_cycle),
        cmocka_unit_test(what_closes_is_a_cycle),
        cmocka_unit_test(growth_is_followed_to_its_end),
        cmocka_unit_test(saturation_is_no_rest),
        cmocka_unit_test(tiny_is_not_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
