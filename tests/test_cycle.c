/* Limit cycles, return maps and separatrices against what is known of them exactly.
 *
 * Van der Pol's oscillator with mu = 1 has one cycle, which attracts; run backwards, the same cycle
 * repels.  Its period, 6.66328685932313018970, is from the literature (Andersen and Geer, SIAM J.
 * Appl. Math. 42 (1982), and Taylor series of high order since).  The saddle of x' = x, y' = -y +
 * x^2 has the unstable manifold y = x^2/3 and the stable one x = 0. */
#include "ode/cycle.h"
#include "ode/planar.h"
#include "ode/reverse.h"
#include "ode/section.h"
#include "ode/separatrix.h"
#include "ode/trajectory.h"
#include "tests/planar_flows.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const double VAN_DER_POL = 6.66328685932313018970;
static const double PERIOD_BOUND = 1e-10;   /* rtol 1e-13 over some 400 steps of a period */
static const double SEEN_BOUND = 1e-6;      /* the referee at rtol 1e-10 */
static const double LIOUVILLE_BOUND = 1e-4; /* difference quotient over the bracket */

static const struct oscillator van_der_pol = {.constant = 1, .square = -1};

static void check_cycle(const struct cycle *cycle)
{
    assert_true(cycle->found);
    assert_true(cycle->certified);
    assert_true(fabs(cycle->period - VAN_DER_POL) <= PERIOD_BOUND);
    assert_true(fabs(cycle->seen - VAN_DER_POL) <= SEEN_BOUND);
    assert_true(fabs(log(cycle->multiplier) - log(cycle->liouville)) <=
                LIOUVILLE_BOUND * (1 + fabs(log(cycle->liouville))));
}

static void test_attracting_cycle(void **state)
{
    (void)state;
    const struct flow flow = oscillator_flow(&van_der_pol, 0);
    const struct plan plan = plan_defaults();
    struct cycle cycle;
    const double start[2] = {.1, 0};
    assert_int_equal(cycle_ahead(&flow, &plan, start, &cycle), OK);
    check_cycle(&cycle);
    assert_true(cycle.attracts);
    assert_true(cycle.liouville < 1e-2); /* strongly: exp of minus some seven */
}

static void test_repelling_cycle(void **state)
{
    (void)state;
    const struct flow forward = oscillator_flow(&van_der_pol, 0);
    struct flow *flow = reverse_create(&forward);
    const struct plan plan = plan_defaults();
    struct cycle cycle;
    const double start[2] = {.1, 0};
    assert_int_equal(cycle_behind(flow, &plan, start, &cycle), OK);
    check_cycle(&cycle);
    assert_false(cycle.attracts);
    flow_free(flow);
}

/* A focus has no cycle, and a centre none that is isolated. */
/* mu = 5: backwards nothing stays beside the cycle for a turn, and it is bracketed where it
 * attracts. */
static void test_cycle_that_repels_strongly(void **state)
{
    (void)state;
    static const struct oscillator stiff = {.constant = 5, .square = -5};
    const struct flow forward = oscillator_flow(&stiff, 0);
    struct flow *flow = reverse_create(&forward);
    const struct plan plan = plan_defaults();
    struct cycle ahead, behind;
    const double start[2] = {.1, 0};
    assert_int_equal(cycle_ahead(&forward, &plan, start, &ahead), OK);
    assert_int_equal(cycle_behind(flow, &plan, start, &behind), OK);
    assert_true(ahead.certified && behind.certified && ahead.attracts && !behind.attracts);
    assert_true(behind.liouville > 1e9);
    assert_true(fabs(behind.period - 11.6122306677) <= 1e-8); /* Andersen and Geer */
    assert_true(fabs(behind.period - ahead.period) <= PERIOD_BOUND);
    assert_true(behind.multiplier == behind.liouville);
    assert_true(fabs(log(behind.liouville) + log(ahead.liouville)) <= 1e-8);
    flow_free(flow);
}

static void test_no_cycle(void **state)
{
    (void)state;
    const struct plan plan = plan_defaults();
    const double start[2] = {.5, .25};
    struct cycle cycle;
    const struct oscillator focus = {.constant = -.5}, centre = {.constant = 0};
    struct flow flow = oscillator_flow(&focus, 0);
    assert_int_equal(cycle_ahead(&flow, &plan, start, &cycle), OK);
    assert_false(cycle.found);
    flow = oscillator_flow(&centre, 1);
    assert_int_equal(cycle_ahead(&flow, &plan, start, &cycle), OK);
    assert_false(cycle.certified);
}

/* ---- weak foci: r' = sign r^3, theta' = 1 ---- */

static enum status weak_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const double sign = *(const double *)flow->data;
    for (size_t k = 0; k < n; k++) {
        const double square = x[k] * x[k] + x[n + k] * x[n + k];
        dx[k] = -x[n + k] + sign * x[k] * square;
        dx[n + k] = x[k] + sign * x[n + k] * square;
    }
    return OK;
}

static enum status weak_jacobian(const struct flow *flow, const double *x, double *J)
{
    const double sign = *(const double *)flow->data, u = x[0], v = x[1];
    J[0] = sign * (3 * u * u + v * v), J[1] = -1 + 2 * sign * u * v;
    J[2] = 1 + 2 * sign * u * v, J[3] = sign * (u * u + 3 * v * v);
    return OK;
}

static struct flow weak_flow(const double *sign)
{
    return (struct flow){.dim = 2,
                         .title = "weak focus",
                         .names = oscillator_names,
                         .field = weak_field,
                         .jacobian = weak_jacobian,
                         .data = sign};
}

/* A bracket that holds the focus itself has opposite signs at its ends, and there is no cycle. */
static void test_weak_focus_is_no_cycle(void **state)
{
    (void)state;
    static const double signs[] = {-1, 1}, places[] = {1e-7, 5e-6, 1e-5, 1e-4, 1e-2};
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        for (size_t j = 0; j < sizeof places / sizeof *places; j++) {
            const struct flow flow = weak_flow(&signs[k]);
            const double point[2] = {places[j], 0};
            struct cycle cycle;
            assert_int_equal(cycle_near(&flow, point, 2 * acos(-1), &cycle), OK);
            assert_false(cycle.certified);
        }
}

static enum planar_kind kind_of(const struct flow *flow, double x, double y, double away)
{
    const double at[2] = {x, y};
    enum planar_kind kind = PLANAR_SADDLE;
    assert_int_equal(planar_kind(flow, at, away, &kind), OK);
    return kind;
}

/* Weak foci are undecided, real parts of 1e-12 are seen, and a claim makes a centre; where the
 * fixed point is known to 1e-3 only, real parts of 1e-7 are not. */
static void test_kinds(void **state)
{
    (void)state;
    static const double signs[] = {-1, 1};
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++) {
        const struct flow flow = weak_flow(&signs[k]);
        assert_int_equal(kind_of(&flow, 0, 0, 0), PLANAR_UNDECIDED);
        assert_int_equal(kind_of(&flow, 1e-9, -1e-9, 1e-8), PLANAR_UNDECIDED);
    }
    static const struct oscillator kinds[] = {{1e-12, 1}, {-1e-12, 1}, {0, 0}, {1e-7, 1}};
    struct flow flow = oscillator_flow(&kinds[0], 0);
    assert_int_equal(kind_of(&flow, 0, 0, 0), PLANAR_REPELS);
    flow = oscillator_flow(&kinds[1], 0);
    assert_int_equal(kind_of(&flow, 0, 0, 0), PLANAR_ATTRACTS);
    flow = oscillator_flow(&kinds[2], 0);
    assert_int_equal(kind_of(&flow, 0, 0, 0), PLANAR_UNDECIDED);
    flow = oscillator_flow(&kinds[2], 1);
    assert_int_equal(kind_of(&flow, 0, 0, 0), PLANAR_CENTRE);
    flow = oscillator_flow(&kinds[3], 0);
    assert_int_equal(kind_of(&flow, 0, 0, 1e-5), PLANAR_REPELS);
    assert_int_equal(kind_of(&flow, 0, 0, 1e-3), PLANAR_UNDECIDED);
}

static enum status cycle_count(void *context, const struct cycle *cycle)
{
    assert_true(cycle->certified && fabs(cycle->period - VAN_DER_POL) <= PERIOD_BOUND);
    ++*(size_t *)context;
    return OK;
}

/* Van der Pol's cycle crosses the axis at 2.0086; a shorter segment, or a centre, has none. */
static void test_section(void **state)
{
    (void)state;
    static const struct oscillator centre = {.constant = 0};
    const struct flow flow = oscillator_flow(&van_der_pol, 0), round = oscillator_flow(&centre, 0);
    size_t count = 0;
    struct section section = {.flow = &flow, .to = {3, 0}};
    assert_int_equal(section_cycles(&section, cycle_count, &count), OK);
    assert_int_equal(count, 1);
    struct flow *backwards = reverse_create(&flow);
    section.flow = backwards;
    assert_int_equal(section_cycles(&section, cycle_count, &count), OK);
    assert_int_equal(count, 2); /* what repels is seen backwards */
    flow_free(backwards);
    section.flow = &flow;
    count = 0;
    section.to[0] = 1.9;
    assert_int_equal(section_cycles(&section, cycle_count, &count), OK);
    assert_int_equal(count, 0);
    section.flow = &round;
    assert_int_equal(section_cycles(&section, cycle_count, &count), OK);
    assert_int_equal(count, 0);
}

static void test_reverse(void **state)
{
    (void)state;
    const struct flow forward = oscillator_flow(&van_der_pol, 0);
    struct flow *flow = reverse_create(&forward);
    const double x[2] = {.7, -.3};
    double f[2], g[2], J[4], K[4];
    assert_int_equal(forward.field(&forward, 1, x, f), OK);
    assert_int_equal(flow->field(flow, 1, x, g), OK);
    assert_int_equal(forward.jacobian(&forward, x, J), OK);
    assert_int_equal(flow->jacobian(flow, x, K), OK);
    for (int i = 0; i < 2; i++)
        assert_true(f[i] == -g[i]);
    for (int i = 0; i < 4; i++)
        assert_true(J[i] == -K[i]);
    flow_free(flow);
}

/* ---- separatrices ---- */

static enum status saddle_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    (void)flow;
    for (size_t k = 0; k < n; k++) {
        dx[k] = x[k];
        dx[n + k] = -x[n + k] + x[k] * x[k];
    }
    return OK;
}

static enum status saddle_jacobian(const struct flow *flow, const double *x, double *J)
{
    (void)flow;
    J[0] = 1, J[1] = 0, J[2] = 2 * x[0], J[3] = -1;
    return OK;
}

static const struct flow saddle = {.dim = 2,
                                   .title = "saddle",
                                   .names = oscillator_names,
                                   .field = saddle_field,
                                   .jacobian = saddle_jacobian};

struct worst {
    double off, far;
};

static void see_unstable(void *context, double t, const double *x)
{
    (void)t;
    struct worst *worst = context;
    const double off = fabs(x[1] - x[0] * x[0] / 3);
    worst->off = fabs(x[0]) > 1e-3 && off > worst->off ? off : worst->off;
    worst->far = fmax(worst->far, fabs(x[0]));
}

static void see_stable(void *context, double t, const double *x)
{
    (void)t;
    struct worst *worst = context;
    worst->off = fmax(worst->off, fabs(x[0]));
    worst->far = fmax(worst->far, fabs(x[1]));
}

static void trace(const struct flow *flow, const double *start,
                  void (*see)(void *, double, const double *), struct worst *worst)
{
    struct plan plan = plan_defaults();
    struct outcome *outcome = outcome_create(flow);
    plan.no_endings = true;
    plan.horizon = 16;
    plan.visit = see;
    plan.context = worst;
    assert_int_equal(trajectory_run(flow, &plan, start, outcome), OK);
    outcome_free(outcome);
}

static void test_separatrix(void **state)
{
    (void)state;
    static const double STEP = 1e-6, OFF = 1e-9; /* local errors of 1e-10 where x is some 5 */
    const double origin[2] = {0, 0};
    struct separatrix *s;
    assert_int_equal(separatrix_create(&saddle, origin, STEP, &s), OK);
    assert_true(s->has[SEPARATRIX_STABLE] && s->has[SEPARATRIX_UNSTABLE]);
    assert_true(s->rate[SEPARATRIX_STABLE] == -1 && s->rate[SEPARATRIX_UNSTABLE] == 1);
    struct flow *backwards = reverse_create(&saddle);
    for (int side = 0; side < 2; side++) {
        struct worst worst = {0, 0};
        trace(&saddle, s->start[SEPARATRIX_UNSTABLE] + 2 * side, see_unstable, &worst);
        assert_true(worst.far > 2 && worst.off < OFF * worst.far * worst.far);
        worst = (struct worst){0, 0};
        trace(backwards, s->start[SEPARATRIX_STABLE] + 2 * side, see_stable, &worst);
        assert_true(worst.far > 2 && worst.off < OFF);
    }
    flow_free(backwards);
    separatrix_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_attracting_cycle),
        cmocka_unit_test(test_repelling_cycle),
        cmocka_unit_test(test_cycle_that_repels_strongly),
        cmocka_unit_test(test_no_cycle),
        cmocka_unit_test(test_weak_focus_is_no_cycle),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_section),
        cmocka_unit_test(test_reverse),
        cmocka_unit_test(test_separatrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
