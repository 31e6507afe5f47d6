/* Right-hand sides that jump, with crossings and sliding known in closed form, for all integrators.
 *
 * A jump inside a step costs an integrator its order, and what it reports as an error is then
 * none.  So each crossing must be found, the step must end there, and the far side must begin with
 * the new field; where both sides push onto the surface, the solution must slide with Filippov's
 * velocity and leave where a side lets go: limits and times are compared with closed forms. */
#include "linear/network.h"
#include "ode/slide.h"
#include "ode/switch.h"
#include "ode/vector.h"
#include "tests/chains.h"
#include "tests/pieces.h"

#include <float.h>

static void second(const double *x, double *g)
{
    g[0] = x[1];
}

/* ---- crossings ------------------------------------------------------------------------------- */

/* x' = y, y' = -sgn x: arcs of parabolas; |x| + y^2/2 is conserved, the period of (1, 0) 4 sqrt
 * 2 */
static void parabolas(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = x[1];
    f[1] = -side[0];
    J[1] = 1;
}

static double parabola_energy(const struct flow *flow, size_t claim, const double *x)
{
    (void)claim;
    return flow->side[0] * x[0] + x[1] * x[1] / 2;
}

static void parabola_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    (void)claim;
    g[0] = flow->side[0];
    g[1] = x[1];
}

static const struct claim energy = {.kind = CLAIM_CONSERVED, .name = "|x| + y^2/2", .label = "E16"};

static struct flow parabola_flow(struct pieces *p)
{
    *p = (struct pieces){.at = parabolas, .g = first, .dim = 2, .switches = 1};
    struct flow flow = pieces_flow(p);
    flow.claims = flow.conserved = 1;
    flow.claim = &energy;
    flow.observe = parabola_energy;
    flow.gradient = parabola_gradient;
    return flow;
}

static void crossings_are_on_time(void **state)
{
    (void)state;
    enum { PERIODS = 25 };
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p;
        const struct flow flow = parabola_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.no_endings = true;
        plan.horizon = PERIODS * 4 * sqrt(2);
        const double start[2] = {1, 0};
        struct outcome *outcome = outcome_of(&flow, &plan, start);
        const double off = matrix_distance(2, outcome->last, start);
        print_message("# %s: %zu crossings, off by %.2g after %d periods, energy by %.2g\n",
                      method_name(methods[m]), outcome->crossings, off, PERIODS, outcome->drift[0]);
        assert_int_equal(outcome->crossings, 2 * PERIODS);
        assert_true(off <= 1e-6); /* without location of the crossings: 1e-2 */
        assert_true(outcome->drift[0] <= 1e-8);
        outcome_free(outcome);
    }
}

static void periods_are_found_across_switches(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p;
        const struct flow flow = parabola_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1, 0});
        assert_ending(outcome, ENDING_CYCLING, "parabolas, %s", method_name(methods[m]));
        assert_true(fabs(outcome->period - 4 * sqrt(2)) <= 1e-7);
        outcome_free(outcome);
    }
}

/* x' = y' = 1, z' = sgn x + 2 sgn y: both cross at t = 1. */
static void together(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = f[1] = 1;
    f[2] = side[0] + 2 * side[1];
}

static void crossings_at_once_are_two(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = together, .g = both, .dim = 3, .switches = 2};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.no_endings = true;
        plan.horizon = 3;
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){-1, -1, 0});
        assert_int_equal(outcome->crossings, 2);
        if (!(fabs(outcome->last[2] - 3) <= 1e-9)) /* -3 + 6 */
            fail_msg("%s: z = %.12g", method_name(methods[m]), outcome->last[2]);
        outcome_free(outcome);
    }
}

/* ---- where it ends --------------------------------------------------------------------------- */

/* x' = -x + sgn(y)/2, y' = 1 - y: crosses at t = log 2, ends at (1/2, 1) */
static void settling(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = -x[0] + side[0] / 2.0;
    f[1] = 1 - x[1];
    J[0] = J[3] = -1;
}

static void runs_settle_on_the_last_piece(void **state)
{
    (void)state;
    const double starts[][2] = {{0, -1}, {0.3, 0}, {2.385, 0.4}}; /* the second on the switch */
    const double limit[2] = {0.5, 1};
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(starts); k++) {
            struct pieces p = {.at = settling, .g = second, .dim = 2, .switches = 1};
            const struct flow flow = pieces_flow(&p);
            struct plan plan = plan_defaults();
            plan.method = methods[m];
            struct outcome *outcome = outcome_of(&flow, &plan, starts[k]);
            assert_ending(outcome, ENDING_SETTLED, "start %zu, %s", k, method_name(methods[m]));
            assert_int_equal(outcome->crossings, k == 0);
            assert_true(matrix_largest_difference(2, outcome->limit, limit) <= 1e-14);
            outcome_free(outcome);
        }
}

/* x' = 1 - x below the switch, 2 - x above it, which is 1e-7 before the zero of the lower piece:
 * the root that polishing finds from below is none. */
static const double VIRTUAL = 1e-7;

static void virtual_root(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = (side[0] < 0 ? 1 : 2) - x[0];
    J[0] = -1;
}

static void before_one(const double *x, double *g)
{
    g[0] = x[0] - (1 - VIRTUAL);
}

static void roots_beyond_a_switch_are_none(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = virtual_root, .g = before_one, .dim = 1, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0});
        assert_ending(outcome, ENDING_SETTLED, "virtual root, %s", method_name(methods[m]));
        assert_true(fabs(outcome->limit[0] - 2) <= 1e-14);
        outcome_free(outcome);
    }
}

/* ---- sliding --------------------------------------------------------------------------------- */

/* Longer than any integrator needs for these; chattering takes a step per local error. */
static const size_t STEPS_SMOOTH = 2000;

/* x' = y - sgn x, y' = w, z' = sgn x, w' = 0.  On x = 0 with |y| < 1 it slides with z' = y; at
 * y = +-1 it leaves to that side. */
static void let_go(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = x[1] - side[0];
    f[1] = x[3];
    f[2] = side[0];
    f[3] = 0;
    J[1] = J[7] = 1;
}

static void sliding_ends_where_a_side_lets_go(void **state)
{
    (void)state;
    /* x = 0.5 - 1.9 t + t^2/2 up to the surface; y = t - 0.9 throughout; mirrored for w = -1 */
    const double hit = 1.9 - sqrt(1.9 * 1.9 - 1), y_hit = hit - 0.9, slid = 1.1;
    const double exact[3] = {slid * slid / 2, 1 + slid, hit + (1 - y_hit * y_hit) / 2 + slid};
    for (size_t m = 0; m < COUNT(methods); m++)
        for (int mirror = 1; mirror >= -1; mirror -= 2) {
            struct pieces p = {.at = let_go, .g = first, .dim = 4, .switches = 1};
            const struct flow flow = pieces_flow(&p);
            struct plan plan = plan_defaults();
            plan.method = methods[m];
            plan.no_endings = true;
            plan.horizon = 3;
            const double start[4] = {0.5 * mirror, -0.9 * mirror, 0, mirror};
            struct outcome *outcome = outcome_of(&flow, &plan, start);
            double off = 0;
            for (size_t i = 0; i < 3; i++)
                off = fmax(off, fabs(outcome->last[i] - mirror * exact[i]));
            print_message("# %s: off by %.2g after sliding and leaving, %zu steps\n",
                          method_name(methods[m]), off, outcome->steps);
            assert_true(off <= 1e-8); /* a hundred tolerances */
            assert_int_equal(outcome->slides, 1);
            assert_int_equal(outcome->crossings, 0);
            assert_int_equal(outcome->sliding, SWITCH_NONE);
            assert_true(fabs(outcome->t - 3) <= 1e-12);
            assert_true(outcome->steps < STEPS_SMOOTH);
            outcome_free(outcome);
        }
}

/* On the circle r = 1: f = (-y, x) + (x, y)(2 y - sgn(r - 1)); in polar coordinates phi' = 1,
 * r' = r (2 r sin phi - sgn(r - 1)), so that it slides with phi = t and leaves outwards at 30
 * degrees. */
static void round_and_round(const signed char *side, const double *x, double *f, double *J)
{
    const double push = 2 * x[1] - side[0];
    f[0] = -x[1] + x[0] * push;
    f[1] = x[0] + x[1] * push;
    J[0] = push;
    J[1] = -1 + 2 * x[0];
    J[2] = 1;
    J[3] = push + 2 * x[1];
}

static void circle(const double *x, double *g)
{
    g[0] = (x[0] * x[0] + x[1] * x[1] - 1) / 2;
}

/* Of r outside, from r = 1 at phi0 to phi1, by the classical method of order four. */
static double radius_after(double phi0, double phi1)
{
    enum { STEPS = 4000 };
    const double h = (phi1 - phi0) / STEPS;
    double r = 1;
    for (int i = 0; i < STEPS; i++) {
        const double phi = phi0 + i * h;
        const double k1 = r * (2 * r * sin(phi) - 1), r2 = r + h / 2 * k1;
        const double k2 = r2 * (2 * r2 * sin(phi + h / 2) - 1), r3 = r + h / 2 * k2;
        const double k3 = r3 * (2 * r3 * sin(phi + h / 2) - 1), r4 = r + h * k3;
        r += h / 6 * (k1 + 2 * k2 + 2 * k3 + r4 * (2 * r4 * sin(phi + h) - 1));
    }
    return r;
}

static void curved_surfaces_are_kept(void **state)
{
    (void)state;
    const double leaves = acos(-1) / 6, r = radius_after(leaves, 1);
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = round_and_round, .g = circle, .dim = 2, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.no_endings = true;
        plan.horizon = 0.5;
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1, 0});
        const double on[2] = {cos(0.5), sin(0.5)}, off[2] = {r * cos(1), r * sin(1)};
        const double first = matrix_distance(2, outcome->last, on);
        assert_int_equal(outcome->sliding, 0);
        outcome_free(outcome);
        plan.horizon = 1;
        outcome = outcome_of(&flow, &plan, (const double[]){1, 0});
        const double second = matrix_distance(2, outcome->last, off);
        print_message("# %s: off by %.2g on the circle, %.2g beyond\n", method_name(methods[m]),
                      first, second);
        assert_true(first <= 1e-8 && second <= 1e-7); /* a hundred tolerances, and a thousand */
        assert_int_equal(outcome->sliding, SWITCH_NONE);
        outcome_free(outcome);
    }
}

/* Two linear fields in space with a curved surface between them. */
static void two_linear(const signed char *side, const double *x, double *f, double *J)
{
    static const double A[2][9] = {
        {0.656, -0.188, -0.2, -0.906, 0.565, -0.154, -0.94, 0.587, 0.944},
        {0.81, 0.67, 0.018, -0.072, -0.055, -0.113, -0.491, -0.528, 0.174}};
    static const double b[2][3] = {{-0.044, 0.716, 0.61}, {0.739, -0.267, 0.148}};
    const int piece = side[0] > 0 ? 0 : 1;
    for (int i = 0; i < 3; i++) {
        f[i] = b[piece][i];
        for (int j = 0; j < 3; j++) {
            f[i] += A[piece][3 * i + j] * x[j];
            J[3 * i + j] = A[piece][3 * i + j];
        }
    }
}

static void bent(const double *x, double *g)
{
    g[0] = x[0] + 0.3 * x[1] * x[1] - 0.2 * sin(x[2]);
}

/* A solution leaves along a tangent of the surface, where the error of a step is enough to throw it
 * back: CVODE then finds a root where it has just begun, and gives up in most of these. */
static void tangents_are_left(void **state)
{
    (void)state;
    enum { STARTS = 32 };
    size_t slides = 0;
    for (int k = 0; k < STARTS; k++) {
        const double start[3] = {-0.546 + 0.002 * k, 0.51, -0.22 - 0.002 * k};
        double last[COUNT(methods)][3];
        for (size_t m = 0; m < COUNT(methods); m++) {
            struct pieces p = {.at = two_linear, .g = bent, .dim = 3, .switches = 1};
            const struct flow flow = pieces_flow(&p);
            struct plan plan = plan_defaults();
            plan.method = methods[m];
            plan.no_endings = true;
            plan.horizon = 2;
            struct outcome *outcome = outcome_of(&flow, &plan, start);
            if (!(fabs(outcome->t - plan.horizon) <= 1e-12))
                fail_msg("%s, start %d: t = %.12g: %s", method_name(methods[m]), k, outcome->t,
                         outcome->reason);
            memcpy(last[m], outcome->last, sizeof last[m]);
            slides += outcome->slides > 0 && outcome->sliding == SWITCH_NONE;
            outcome_free(outcome);
            assert_true(matrix_distance(3, last[m], last[0]) <= 1e-6); /* of size 10 */
        }
    }
    print_message("# %zu of %d runs slid, and left\n", slides, STARTS * (int)COUNT(methods));
    assert_true(slides == STARTS * COUNT(methods));
}

/* x' = -sgn x + 0.3 y, y' = 1 - y + sgn x/2; on x = 0: y' = 1 - 0.85 y.  z' = z. */
static void pinned(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = -side[0] + 0.3 * x[1];
    f[1] = 1 - x[1] + side[0] / 2.0;
    f[2] = x[2];
    J[1] = 0.3;
    J[4] = -1;
    J[8] = 1;
}

static void pinned_plane(const signed char *side, const double *x, double *f, double *J)
{
    double f3[3], J3[9] = {0};
    const double x3[3] = {x[0], x[1], 0};
    pinned(side, x3, f3, J3);
    memcpy(f, f3, 2 * sizeof *f);
    J[1] = 0.3;
    J[3] = -1;
}

static void sliding_settles_and_stops_at_saddles(void **state)
{
    (void)state;
    static const double rate = -0.85;
    const double limit[3] = {0, 1 / 0.85, 0};
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces plane = {.at = pinned_plane, .g = first, .dim = 2, .switches = 1};
        struct pieces space = {.at = pinned, .g = first, .dim = 3, .switches = 1};
        struct flow flow = pieces_flow(&plane);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.5, 2});
        assert_ending(outcome, ENDING_SETTLED, "pinned, %s", method_name(methods[m]));
        assert_true(matrix_largest_difference(2, outcome->limit, limit) <= 1e-14);
        assert_true(fabs(outcome->transverse_rate - rate) <= 1e-14);
        assert_int_equal(outcome->transverse_count, 1);
        assert_int_equal(outcome->neutral_integrals + outcome->neutral_fixed, 0);
        assert_int_equal(outcome->sliding, 0);
        assert_non_null(strstr(outcome->reason, "slides on switch 0"));
        assert_true(outcome->steps < STEPS_SMOOTH);
        outcome_free(outcome);
        flow = pieces_flow(&space);
        outcome = outcome_of(&flow, &plan, (const double[]){-0.5, 2, 0});
        assert_ending(outcome, ENDING_SADDLE, "pinned at a saddle, %s", method_name(methods[m]));
        assert_true(matrix_largest_difference(3, outcome->limit, limit) <= 1e-14);
        assert_true(fabs(outcome->transverse_rate - 1) <= 1e-14);
        assert_non_null(strstr(outcome->reason, "slides on switch 0"));
        outcome_free(outcome);
        outcome = outcome_of(&flow, &plan, (const double[]){-0.5, 2, 1e-3});
        assert_ending(outcome, ENDING_UNBOUNDED, "beside it, %s", method_name(methods[m]));
        outcome_free(outcome);
    }
}

/* On the cylinder r = 1: phi' = cos phi, r' = -r sgn(r - 1), z' = -2 z; to (0, 1, 0). */
static void round_to_rest(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = -x[0] * x[1] - side[0] * x[0];
    f[1] = x[0] * x[0] - side[0] * x[1];
    f[2] = -2 * x[2];
    J[0] = -x[1] - side[0];
    J[1] = -x[0];
    J[3] = 2 * x[0];
    J[4] = -side[0];
    J[8] = -2;
}

static void limits_lie_on_curved_surfaces(void **state)
{
    (void)state;
    const double limit[3] = {0, 1, 0};
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = round_to_rest, .g = circle, .dim = 3, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1.3, -0.7, 2.385});
        assert_ending(outcome, ENDING_SETTLED, "cylinder, %s", method_name(methods[m]));
        assert_true(matrix_largest_difference(3, outcome->limit, limit) <= 1e-13);
        assert_true(fabs(outcome->transverse_rate + 1) <= 1e-9); /* differences of differences */
        assert_int_equal(outcome->transverse_count, 2);
        outcome_free(outcome);
    }
}

/* x' = y - sgn x, y' = 1 - y: it slides towards y = 1, where the upper side just lets go. */
static void to_the_brink(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = x[1] - side[0];
    f[1] = 1 - x[1];
    J[1] = 1;
    J[3] = -1;
}

/* The same, but where it comes to rest that side pushes with 1e-8: less than errors of a state. */
static void near_the_brink(const signed char *side, const double *x, double *f, double *J)
{
    to_the_brink(side, x, f, J);
    f[1] -= 1e-8;
}

/* x' = -1 above; below x' = y - 0.7 + 1e-8, which is 1e-8 where it comes to x = 0; y' = 1. */
static void hardly_landing(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = side[0] > 0 ? -1 : x[1] - 0.7 + 1e-8;
    f[1] = 1;
    J[1] = side[0] < 0;
}

/* x' = -sgn x, y' = y: the origin is at rest, and nothing near it is. */
static void poised(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = -side[0];
    f[1] = x[1];
    J[3] = 1;
}

static void rest_while_sliding_needs_evidence(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces brink = {.at = to_the_brink, .g = first, .dim = 2, .switches = 1};
        struct pieces near = {.at = near_the_brink, .g = first, .dim = 2, .switches = 1};
        struct pieces landing = {.at = hardly_landing, .g = first, .dim = 2, .switches = 1};
        struct pieces saddle = {.at = poised, .g = first, .dim = 2, .switches = 1};
        struct flow flow = pieces_flow(&brink);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.4, 0});
        assert_ending(outcome, ENDING_HORIZON, "brink, %s", method_name(methods[m]));
        assert_true(!outcome->has_limit);
        outcome_free(outcome);
        flow = pieces_flow(&near);
        outcome = outcome_of(&flow, &plan, (const double[]){0.4, 0});
        assert_ending(outcome, ENDING_HORIZON, "near the brink, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "near its limit a side hardly pushes"));
        assert_true(!outcome->has_limit);
        outcome_free(outcome);
        flow = pieces_flow(&landing);
        outcome = outcome_of(&flow, &plan, (const double[]){0.7, 0});
        assert_ending(outcome, ENDING_HORIZON, "landing, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "a side hardly pushes onto switch 0"));
        outcome_free(outcome);
        flow = pieces_flow(&saddle);
        outcome = outcome_of(&flow, &plan, (const double[]){0, 0});
        assert_ending(outcome, ENDING_SADDLE, "poised, %s", method_name(methods[m]));
        outcome_free(outcome);
        plan.horizon = 2;
        outcome = outcome_of(&flow, &plan, (const double[]){1, 0.1});
        assert_ending(outcome, ENDING_HORIZON, "on the way, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "slides on switch 0"));
        assert_non_null(strstr(outcome->reason, "horizon"));
        assert_int_equal(outcome->sliding, 0);
        outcome_free(outcome);
    }
}

/* x' = -sgn x, y' = 1, z' = sgn y + sgn(x)/2: slides on x = 0 across y = 0. */
static void across(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = -side[0];
    f[1] = 1;
    f[2] = side[1] + side[0] / 2.0;
}

/* x' = -(1 + 25 x^2)/100, y' = 1 above; x' = 1, y' = -100 below: it comes to the surface so flat
 * that its error in x is a hundred times that in y, where it rests. */
static void flat_landing(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = side[0] > 0 ? -(1 + 25 * x[0] * x[0]) / 100 : 1;
    f[1] = side[0] > 0 ? 1 : -100;
    J[0] = side[0] > 0 ? -x[0] / 2 : 0;
}

static void errors_are_carried_onto_the_surface(void **state)
{
    (void)state;
    const double limit[2] = {0, 20 * atan(5 * 0.9)};
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = flat_landing, .g = first, .dim = 2, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.9, 0});
        assert_ending(outcome, ENDING_SETTLED, "flat, %s", method_name(methods[m]));
        const double off = matrix_distance(2, outcome->limit, limit);
        print_message("# %s: lands off by %.2g, bound %.2g, %zu steps\n", method_name(methods[m]),
                      off, outcome->distance_bound, outcome->steps);
        assert_true(off <= outcome->distance_bound && outcome->distance_bound <= 1e-6);
        outcome_free(outcome);
    }
}

/* The error of a start is carried as the solution beside it goes: dy/dx(0) = 100/(1 + 25 x(0)^2) on
 * landing; (dx, dy, dz) = (0, 1, 2) dy(0) where it passes a surface on which z' changes by 2. */
static void errors_jump_as_solutions_do(void **state)
{
    (void)state;
    static const double error = 1e-5, share = 0.35; /* (E17) over the long steps of rk8pd: 0.31 */
    const double landed[2] = {error, 0}, passed[3] = {0, error, 0};
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces lands = {.at = flat_landing, .g = first, .dim = 2, .switches = 1};
        struct pieces passes = {.at = across, .g = both, .dim = 3, .switches = 2};
        struct flow flow = pieces_flow(&lands);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.start_error = landed;
        double exact = error * 100 / (1 + 25 * 0.9 * 0.9);
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.9, 0});
        assert_ending(outcome, ENDING_SETTLED, "lands, %s", method_name(methods[m]));
        if (!(fabs(outcome->integration_error - exact) <= share * exact))
            fail_msg("%s: error %.3g, not %.3g", method_name(methods[m]),
                     outcome->integration_error, exact);
        outcome_free(outcome);
        flow = pieces_flow(&passes);
        plan.start_error = passed;
        plan.horizon = 3;
        exact = error * sqrt(1 + 2 * 2);
        outcome = outcome_of(&flow, &plan, (const double[]){1, -2, 0});
        assert_ending(outcome, ENDING_HORIZON, "passes, %s", method_name(methods[m]));
        if (!(fabs(outcome->integration_error - exact) <= share * exact))
            fail_msg("%s: error %.3g, not %.3g", method_name(methods[m]),
                     outcome->integration_error, exact);
        outcome_free(outcome);
    }
}

/* x' = -sgn x, y' = y^2: slides from t = 1 on, to infinity at t = 1/y(0). */
static void off_to_infinity(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = -side[0];
    f[1] = x[1] * x[1];
    J[3] = 2 * x[1];
}

static void blow_up_while_sliding_is_on_time(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = off_to_infinity, .g = first, .dim = 2, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1, 0.5});
        assert_ending(outcome, ENDING_ESCAPED, "blow-up, %s", method_name(methods[m]));
        assert_true(fabs(outcome->blowup_time - 2) <= outcome->blowup_error);
        assert_true(outcome->blowup_error <= 1e-6);
        outcome_free(outcome);
    }
}

struct visits {
    size_t count;
    double t, first_x;
    bool in_order;
};

static void visit(void *context, double t, const double *x)
{
    struct visits *visits = context;
    if (visits->count++ == 0)
        visits->first_x = x[0];
    else
        visits->in_order = visits->in_order && t > visits->t;
    visits->t = t;
}

static void visits_are_in_order(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = let_go, .g = first, .dim = 4, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct visits visits = {.in_order = true};
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.no_endings = true;
        plan.horizon = 3;
        plan.visit = visit;
        plan.context = &visits;
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.5, -0.9, 0, 1});
        assert_true(visits.in_order && visits.first_x == 0.5 && visits.t == outcome->t);
        assert_true(visits.count >= outcome->steps);
        outcome_free(outcome);
    }
}

/* The oscillator x'' = -x - 0.3 sgn x' with dry friction: each half period takes 0.6 off the
 * amplitude, until it sticks within 0.3 of the origin. */
static void friction(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = x[1];
    f[1] = -x[0] - 0.3 * side[0];
    J[1] = 1;
    J[2] = -1;
}

static void dry_friction_sticks(void **state)
{
    (void)state;
    const double turns = 4 * acos(-1), limit[2] = {-0.015, 0}; /* 2.385 -1.785 1.185 -0.585 */
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = friction, .g = second, .dim = 2, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){2.385, 0});
        assert_ending(outcome, ENDING_SETTLED, "friction, %s", method_name(methods[m]));
        const double off = matrix_distance(2, outcome->limit, limit);
        print_message("# %s: sticks at %.12g, off by %.2g, bound %.2g; time off by %.2g\n",
                      method_name(methods[m]), outcome->limit[0], off, outcome->distance_bound,
                      fabs(outcome->t - turns));
        assert_int_equal(outcome->crossings, 3);
        assert_int_equal(outcome->slides, 1);
        assert_int_equal(outcome->neutral_fixed, 1);
        assert_true(off <= outcome->distance_bound && outcome->distance_bound <= 1e-7);
        assert_true(fabs(outcome->t - turns) <= 1e-8);
        assert_true(outcome->limit[1] == 0);
        outcome_free(outcome);
    }
}

/* |x| + y with x' = -sgn x, y' = 1: conserved until it slides, and not beyond. */
static void running_off(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = -side[0];
    f[1] = 1;
}

static double running_sum(const struct flow *flow, size_t claim, const double *x)
{
    (void)claim;
    return flow->side[0] * x[0] + x[1];
}

static void running_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    (void)claim, (void)x;
    g[0] = flow->side[0];
    g[1] = 1;
}

static void claims_that_jump_are_not_kept(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = running_off, .g = first, .dim = 2, .switches = 1};
        struct flow flow = pieces_flow(&p);
        flow.claims = flow.conserved = 1;
        flow.claim = &energy;
        flow.observe = running_sum;
        flow.gradient = running_gradient;
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.horizon = 7;
        plan.no_endings = true;
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1, 0.5});
        assert_true(fabs(outcome->last[0]) <= 1e-14 && fabs(outcome->last[1] - 7.5) <= 1e-9);
        assert_true(outcome->drift[0] <= 1e-9);
        outcome_free(outcome);
        plan = plan_defaults();
        plan.method = methods[m];
        outcome = outcome_of(&flow, &plan, (const double[]){1, 0.5});
        assert_ending(outcome, ENDING_UNBOUNDED, "running off, %s", method_name(methods[m]));
        outcome_free(outcome);
    }
}

/* x' = -1 - y^2, y' = 1 - z, z' = -z above; below nothing moves, or nothing where y = 1/4. */
static void into_the_still(const signed char *side, const double *x, double *f, double *J)
{
    const double moves = side[0] > 0;
    f[0] = -moves * (1 + x[1] * x[1]);
    f[1] = moves * (1 - x[2]);
    f[2] = -moves * x[2];
    J[1] = -2 * moves * x[1];
    J[5] = J[8] = -moves;
}

static void into_the_nearly_still(const signed char *side, const double *x, double *f, double *J)
{
    into_the_still(side, x, f, J);
    if (side[0] < 0) {
        f[1] = 1e-3 * (x[1] - 0.25);
        J[4] = 1e-3;
    }
}

/* From (x, 0, 1/2) above: z = e^-t/2, y = t - (1 - e^-t)/2; where x = 0, by halving. */
static double time_to_still(double x)
{
    enum { PANELS = 400, ROUNDS = 60 };
    double low = 0, high = 2;
    for (int round = 0; round < ROUNDS; round++) {
        const double t = (low + high) / 2, h = t / (2 * PANELS);
        double sum = 0;
        for (int i = 0; i <= 2 * PANELS; i++) {
            const double s = i * h, y = s - (1 - exp(-s)) / 2;
            sum += (i % 2 ? 4 : i == 0 || i == 2 * PANELS ? 1 : 2) * (1 + y * y);
        }
        if (sum * h / 3 < x)
            low = t;
        else
            high = t;
    }
    return (low + high) / 2;
}

static void states_rest_where_nothing_moves_beyond(void **state)
{
    (void)state;
    const double t = time_to_still(0.7), limit[3] = {0, t - (1 - exp(-t)) / 2, exp(-t) / 2};
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces still = {.at = into_the_still, .g = first, .dim = 3, .switches = 1};
        struct pieces nearly = {.at = into_the_nearly_still, .g = first, .dim = 3, .switches = 1};
        struct flow flow = pieces_flow(&still);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.7, 0, 0.5});
        assert_ending(outcome, ENDING_SETTLED, "still, %s", method_name(methods[m]));
        const double off = matrix_distance(3, outcome->limit, limit);
        assert_true(off <= outcome->distance_bound && outcome->distance_bound <= 1e-6);
        assert_true(fabs(outcome->t - t) <= 1e-8);
        assert_int_equal(outcome->neutral_fixed, 3);
        assert_non_null(strstr(outcome->reason, "comes to switch 0"));
        outcome_free(outcome);
        outcome = outcome_of(&flow, &plan, (const double[]){-0.7, 0.3, 2.385}); /* amidst it */
        assert_ending(outcome, ENDING_SETTLED, "dead from the start, %s", method_name(methods[m]));
        assert_int_equal(outcome->neutral_fixed, 3);
        outcome_free(outcome);
        flow = pieces_flow(&nearly);
        outcome = outcome_of(&flow, &plan, (const double[]){0, 0.25, 0.5});
        assert_ending(outcome, ENDING_HORIZON, "nearly still, %s", method_name(methods[m]));
        outcome_free(outcome);
    }
}

/* ---- several surfaces ------------------------------------------------------------------------ */

/* x' = -sgn x below y = 0, 1 above; y' = 1: nothing holds it on x = 0 beyond. */
static void across_and_off(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = side[1] > 0 ? 1 : -side[0];
    f[1] = 1;
}

/* x' = -sgn x, y' = -sgn y: to the corner. */
static void cornered(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = -side[0];
    f[1] = -side[1];
}

static void sliding_meets_other_surfaces(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces passes = {.at = across, .g = both, .dim = 3, .switches = 2};
        struct pieces off = {.at = across_and_off, .g = both, .dim = 2, .switches = 2};
        struct pieces corner = {.at = cornered, .g = both, .dim = 2, .switches = 2};
        struct flow flow = pieces_flow(&passes);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.no_endings = true;
        plan.horizon = 3;
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1, -2, 0});
        assert_int_equal(outcome->slides, 1);
        assert_int_equal(outcome->crossings, 1);
        assert_int_equal(outcome->sliding, 0);
        assert_true(fabs(outcome->last[2] + 0.5) <= 1e-9); /* -1/2 - 1 + 1 */
        outcome_free(outcome);
        flow = pieces_flow(&corner);
        plan = plan_defaults();
        plan.method = methods[m];
        outcome = outcome_of(&flow, &plan, (const double[]){1, 2.385});
        assert_ending(outcome, ENDING_SETTLED, "corner, %s", method_name(methods[m]));
        assert_true(fabs(outcome->limit[0]) + fabs(outcome->limit[1]) <= 1e-12);
        assert_true(fabs(outcome->t - 2.385) <= 1e-9);
        outcome_free(outcome);
        struct flow edge = pieces_flow(&off);
        struct outcome *let = outcome_of(&edge, &plan, (const double[]){0.5, -1});
        assert_ending(let, ENDING_HORIZON, "off, %s", method_name(methods[m]));
        assert_non_null(strstr(let->reason, "comes to switch 1"));
        outcome_free(let);
        outcome = outcome_of(&flow, &plan, (const double[]){1, 1});
        assert_ending(outcome, ENDING_SETTLED, "both at once, %s", method_name(methods[m]));
        assert_true(fabs(outcome->t - 1) <= 1e-9);
        outcome_free(outcome);
    }
}

/* ---- where solutions are not unique ---------------------------------------------------------- */

/* x' = sgn x, y' = 1: two solutions leave x = 0 */
static void leaving(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = side[0];
    f[1] = 1;
}

/* The side x < 0 does not push where it arrives. */
static void half_pushing(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = side[0] > 0 ? -1 : x[1] - 0.7;
    f[1] = 1;
    J[1] = side[0] < 0;
}

static void filippov_points_are_reported(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces half = {.at = half_pushing, .g = first, .dim = 2, .switches = 1};
        struct pieces leaves = {.at = leaving, .g = first, .dim = 2, .switches = 1};
        struct flow flow = pieces_flow(&half);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.7, 0});
        assert_ending(outcome, ENDING_HORIZON, "tangent, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "tangent"));
        assert_true(fabs(outcome->t - 0.7) <= 1e-9);
        outcome_free(outcome);
        flow = pieces_flow(&leaves);
        outcome = outcome_of(&flow, &plan, (const double[]){0, 0});
        assert_ending(outcome, ENDING_HORIZON, "not unique, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "not unique where switch 0"));
        assert_true(outcome->t == 0);
        outcome_free(outcome);
    }
}

/* x' = 2 sqrt |x| and x' = -2 sgn(x) sqrt |x|: continuous at 0, not Lipschitz. */
static void roots_up(const signed char *side, const double *x, double *f, double *J)
{
    (void)side;
    f[0] = 2 * sqrt(fabs(x[0]));
    J[0] = (x[0] < 0 ? -1 : 1) / sqrt(fabs(x[0]));
}

static void roots_in(const signed char *side, const double *x, double *f, double *J)
{
    (void)side;
    f[0] = (x[0] < 0 ? 2 : -2) * sqrt(fabs(x[0]));
    J[0] = -1 / sqrt(fabs(x[0]));
}

static const struct switch_surface root = {.kind = SWITCH_NOT_UNIQUE, .name = "x = 0"};

/* Near such a surface nothing is concluded; near another one only on the wrong side. */
static void clearance_is_of_declared_surfaces(void **state)
{
    (void)state;
    struct pieces p = {.at = roots_up, .g = first, .dim = 1, .switches = 1, .side = {1}};
    struct flow flow = pieces_flow(&p);
    const double near = 2.385e-7, beyond = -near, radius = 1e-6;
    assert_true(switch_holds_clear(&flow, &near, radius));
    assert_false(switch_holds_clear(&flow, &beyond, radius));
    flow.surface = &root;
    assert_false(switch_holds_clear(&flow, &near, radius));
    assert_true(switch_holds_clear(&flow, &near, near / 2));
}

static void rest_where_it_is_not_unique_is_no_ending(void **state)
{
    (void)state;
    void (*const fields[])(const signed char *, const double *, double *, double *) = {roots_up,
                                                                                       roots_in};
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(fields); k++)
            for (int from = 0; from < 2; from++) {
                struct pieces p = {.at = fields[k], .g = first, .dim = 1, .switches = 1};
                struct flow flow = pieces_flow(&p);
                flow.surface = &root;
                struct plan plan = plan_defaults();
                plan.method = methods[m];
                struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){-from});
                assert_ending(outcome, ENDING_HORIZON, "field %zu from %d, %s", k, -from,
                              method_name(methods[m]));
                assert_non_null(strstr(outcome->reason, "not unique where x = 0"));
                assert_true(fabs(outcome->t - from) <= 1e-4); /* sqrt of a local error, with room */
                outcome_free(outcome);
            }
}

/* x' = -x on the left, 1 on the right: from the left x = 0 is never reached, but for errors. */
static void one_sided(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = side[0] > 0 ? 1 : -x[0];
    J[0] = side[0] > 0 ? 0 : -1;
}

static void arrival_by_its_error_is_no_branching(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = one_sided, .g = first, .dim = 1, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){-0.7});
        assert_ending(outcome, ENDING_HORIZON, "one-sided, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "its error decides whether it stays"));
        assert_null(strstr(outcome->reason, "not unique"));
        outcome_free(outcome);
    }
}

/* Resting at x = 0 is a solution as well: it is the only one where nothing leads away. */
static const struct switch_surface may_rest = {.kind = SWITCH_MAY_REST, .name = "x = 0"};

/* x' = -1 on the right, 0 on the left; */
static void into_rest(const signed char *side, const double *x, double *f, double *J)
{
    (void)x, (void)J;
    f[0] = side[0] > 0 ? -1 : 0;
}

/* and -1 on both. */
static void through(const signed char *side, const double *x, double *f, double *J)
{
    (void)side, (void)x, (void)J;
    f[0] = -1;
}

static void rest_is_an_ending_where_nothing_leads_away(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces rests = {.at = into_rest, .g = first, .dim = 1, .switches = 1};
        struct pieces crosses = {.at = through, .g = first, .dim = 1, .switches = 1};
        struct pieces leaves = {.at = let_go, .g = first, .dim = 4, .switches = 1};
        struct flow flow = pieces_flow(&rests);
        flow.surface = &may_rest;
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.7});
        assert_ending(outcome, ENDING_SETTLED, "rests, %s", method_name(methods[m]));
        assert_true(outcome->limit[0] == 0 && fabs(outcome->t - 0.7) <= 1e-9);
        outcome_free(outcome);
        flow = pieces_flow(&crosses);
        flow.surface = &may_rest;
        outcome = outcome_of(&flow, &plan, (const double[]){0.7});
        assert_ending(outcome, ENDING_HORIZON, "may cross, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "not unique where x = 0"));
        outcome_free(outcome);
        flow = pieces_flow(&leaves); /* slides, and then may leave */
        flow.surface = &may_rest;
        outcome = outcome_of(&flow, &plan, (const double[]){0.5, -0.9, 0, 1});
        assert_ending(outcome, ENDING_HORIZON, "may leave, %s", method_name(methods[m]));
        assert_int_equal(outcome->slides, 1);
        assert_non_null(strstr(outcome->reason, "not unique where x = 0"));
        outcome_free(outcome);
    }
}

/* ---- a neuron that dies ---------------------------------------------------------------------- */

/* A[1,1,1] with O = a2 max(a1 I, 0), random backpropagation: a1' = c1 (alpha - beta a1 a2),
 * a2' = a1 (alpha - beta a1 a2), with alpha = E[T I], beta = E[I^2] over the samples with
 * a1 I > 0: I = (1, 2 | -1, -1/2), T = (1, 1 | .8, -.3).  c1 a2 - a1^2/2 is conserved. */
static const double ALPHA[2] = {(1 + 2) / 4.0, (-0.8 + 0.15) / 4.0};
static const double BETA[2] = {(1 + 4) / 4.0, (1 + 0.25) / 4.0};

static void relu(double c1, const signed char *side, const double *a, double *f, double *J)
{
    const int piece = side[0] > 0 ? 0 : 1;
    const double e = ALPHA[piece] - BETA[piece] * a[0] * a[1];
    f[0] = c1 * e;
    f[1] = a[0] * e;
    J[0] = -c1 * BETA[piece] * a[1];
    J[1] = -c1 * BETA[piece] * a[0];
    J[2] = e - a[0] * BETA[piece] * a[1];
    J[3] = -a[0] * BETA[piece] * a[0];
}

static void relu_learns(const signed char *side, const double *a, double *f, double *J)
{
    relu(1, side, a, f, J);
}

static void relu_dies(const signed char *side, const double *a, double *f, double *J)
{
    relu(-1, side, a, f, J);
}

static double relu_integral(const struct flow *flow, size_t claim, const double *a)
{
    (void)claim;
    const struct pieces *p = flow->data;
    return (p->at == relu_learns ? a[1] : -a[1]) - a[0] * a[0] / 2;
}

static void relu_gradient(const struct flow *flow, size_t claim, const double *a, double *g)
{
    (void)claim;
    const struct pieces *p = flow->data;
    g[0] = -a[0];
    g[1] = p->at == relu_learns ? 1 : -1;
}

static const struct claim relu_claim = {
    .kind = CLAIM_CONSERVED, .name = "c1 a2 - a1^2/2", .label = "E20"};
static const struct switch_surface relu_surface = {.kind = SWITCH_JUMPS, .name = "a1 = 0"};

static struct flow relu_flow(struct pieces *p)
{
    p->g = first;
    p->dim = 2;
    p->switches = 1;
    struct flow flow = pieces_flow(p);
    flow.surface = &relu_surface;
    flow.claims = flow.conserved = 1;
    flow.claim = &relu_claim;
    flow.observe = relu_integral;
    flow.gradient = relu_gradient;
    return flow;
}

static void neurons_learn(void **state)
{
    (void)state;
    /* roots of alpha = beta a1 (1/5 - 1/8 + a1^2/2), K = 3/40, to the digits of notes/endings.md */
    const double limits[] = {1.01563887, -0.963849753}, starts[] = {0.5, -0.5};
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(starts); k++) {
            struct pieces p = {.at = relu_learns};
            const struct flow flow = relu_flow(&p);
            struct plan plan = plan_defaults();
            plan.method = methods[m];
            struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){starts[k], 0.2});
            assert_ending(outcome, ENDING_SETTLED, "learns, %s", method_name(methods[m]));
            assert_true(fabs(outcome->limit[0] - limits[k]) <= 5e-9); /* digits given */
            assert_int_equal(outcome->sliding, SWITCH_NONE);
            outcome_free(outcome);
            /* between the two nobody can tell */
            outcome = outcome_of(&flow, &plan, (const double[]){0, 0.2});
            assert_ending(outcome, ENDING_HORIZON, "between, %s", method_name(methods[m]));
            assert_non_null(strstr(outcome->reason, "not unique where a1 = 0"));
            outcome_free(outcome);
        }
}

/* The time to a1 = 0 from a1 > 0 with c1 = -1, K = -a2 - a1^2/2: Simpson's rule for
 * dt = da/(alpha + beta a (K + a^2/2)). */
static double time_to_die(double a1, double K)
{
    enum { PANELS = 2000 };
    const double h = a1 / (2 * PANELS);
    double sum = 0;
    for (int i = 0; i <= 2 * PANELS; i++) {
        const double a = i * h, weight = i % 2 ? 4 : i == 0 || i == 2 * PANELS ? 1 : 2;
        sum += weight / (ALPHA[0] + BETA[0] * a * (K + a * a / 2));
    }
    return sum * h / 3;
}

static void neurons_die(void **state)
{
    (void)state;
    const double K = -0.2 - 0.125, limit[2] = {0, -K},
                 starts[][2] = {{0.5, 0.2}, {-0.5, 0.2}, {0, -K}};
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(starts); k++) {
            struct pieces p = {.at = relu_dies};
            struct flow flow = relu_flow(&p);
            struct plan plan = plan_defaults();
            plan.method = methods[m];
            struct outcome *outcome = outcome_of(&flow, &plan, starts[k]);
            assert_ending(outcome, ENDING_SETTLED, "dies, %s", method_name(methods[m]));
            assert_true(matrix_largest_difference(2, outcome->limit, limit) <= 1e-15);
            assert_true(outcome->distance_bound <= 1e-13);
            assert_int_equal(outcome->sliding, 0);
            assert_int_equal(outcome->neutral_integrals, 1);
            assert_int_equal(outcome->neutral_fixed + outcome->neutral_unexplained, 0);
            assert_non_null(strstr(outcome->reason, "slides on a1 = 0"));
            if (k == 0)
                assert_true(fabs(outcome->t - time_to_die(0.5, K)) <= 1e-9);
            outcome_free(outcome);
            flow.claims = flow.conserved = 0; /* the same without the claim that tells the place */
            outcome = outcome_of(&flow, &plan, starts[k]);
            const double off = matrix_distance(2, outcome->limit, limit);
            print_message("# %s: dies at %.12g, off by %.2g, bound %.2g\n", method_name(methods[m]),
                          outcome->limit[1], off, outcome->distance_bound);
            assert_ending(outcome, ENDING_SETTLED, "dies, %s", method_name(methods[m]));
            assert_true(off <= outcome->distance_bound && outcome->distance_bound <= 1e-6);
            assert_int_equal(outcome->neutral_fixed, 1);
            outcome_free(outcome);
        }
}

/* ---- the sliding flow itself ----------------------------------------------------------------- */

/* Its Jacobian against differences, on the surface and near it; its normal speed is zero. */
static void sliding_flows_have_their_jacobian(void **state)
{
    (void)state;
    const struct {
        struct pieces pieces;
        double x[3];
    } cases[] = {
        {{.at = round_and_round, .g = circle, .dim = 2, .switches = 1}, {0.8, 0.6 - 0.59}},
        {{.at = round_and_round, .g = circle, .dim = 2, .switches = 1}, {0.98, -0.2}},
        {{.at = pinned, .g = first, .dim = 3, .switches = 1}, {0, 2.385, -0.7}},
        {{.at = let_go, .g = first, .dim = 4, .switches = 1}, {0, 0.4, 0.3}},
        {{.at = relu_dies, .g = first, .dim = 2, .switches = 1}, {0.01, 0.325}},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct pieces p = cases[k].pieces;
        const struct flow flow = pieces_flow(&p);
        double x[MODEL_MOST] = {0}, f[MODEL_MOST], g[MODEL_MOST];
        double J[MODEL_MOST * MODEL_MOST], D[MODEL_MOST * MODEL_MOST], work[3 * MODEL_MOST];
        memcpy(x, cases[k].x, sizeof cases[k].x);
        struct flow *slide = slide_create(&flow, 0, x);
        assert_non_null(slide);
        assert_int_equal(slide->jacobian(slide, x, J), OK);
        assert_int_equal(flow_jacobian_by_differences(slide, x, D, work), OK);
        const double off = matrix_largest_difference(p.dim * p.dim, J, D);
        if (!(off <= 1e-8)) /* of differences of differences on the circle; 1e-12 else */
            fail_msg("case %zu: J off by %.2g", k, off);
        assert_int_equal(slide->field(slide, 1, x, f), OK);
        slide->gradient(slide, slide->conserved - 1, x, g);
        assert_true(fabs(vector_dot(p.dim, f, g)) <= 1e-11);
        flow_free(slide);
    }
}

/* ---- sign symmetry --------------------------------------------------------------------------- */

/* A weight changes its sign at t = 0.0096; the claims hold |weight|, and an integrator looks at
 * them on both sides of the switch before it turns back to it. */
static void claims_are_smooth_across_a_sign_change(void **state)
{
    (void)state;
    static const double AGREES = 1e-8; /* of limits: a hundred tolerances */
    const double start[] = {-0.6660662158935147, -0.5184437663790289, -0.3794367084692688,
                            -0.02092320460423764};
    struct problem problem = problem_defaults(&system_deep, registry_rule("sign-symmetry"));
    problem.size_count = 3;
    problem.sizes[0] = problem.sizes[2] = 1;
    problem.sizes[1] = 2;
    problem.sigma_ii = (struct entries){.count = 1, .near = {2.358036611688272}};
    problem.sigma_ti = (struct entries){.count = 1, .near = {-3.7200685052604636}};
    double limit[COUNT(methods)][4];
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct trial trial = trial_run(&problem, &plan, start);
        assert_ending(trial.outcome, ENDING_SETTLED, "sign symmetry, %s", method_name(methods[m]));
        assert_int_equal(trial.outcome->crossings, 1);
        for (size_t k = 0; k < trial.flow->conserved; k++)
            assert_true(trial.outcome->drift[k] <= 1e-9); /* at fabs in the claim: 1e-4 */
        memcpy(limit[m], trial.outcome->limit, sizeof limit[m]);
        assert_true(matrix_largest_difference(4, limit[m], limit[0]) <= AGREES);
        trial_free(&trial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crossings_are_on_time),
        cmocka_unit_test(periods_are_found_across_switches),
        cmocka_unit_test(crossings_at_once_are_two),
        cmocka_unit_test(runs_settle_on_the_last_piece),
        cmocka_unit_test(roots_beyond_a_switch_are_none),
        cmocka_unit_test(sliding_ends_where_a_side_lets_go),
        cmocka_unit_test(curved_surfaces_are_kept),
        cmocka_unit_test(tangents_are_left),
        cmocka_unit_test(sliding_settles_and_stops_at_saddles),
        cmocka_unit_test(limits_lie_on_curved_surfaces),
        cmocka_unit_test(rest_while_sliding_needs_evidence),
        cmocka_unit_test(errors_are_carried_onto_the_surface),
        cmocka_unit_test(errors_jump_as_solutions_do),
        cmocka_unit_test(blow_up_while_sliding_is_on_time),
        cmocka_unit_test(visits_are_in_order),
        cmocka_unit_test(dry_friction_sticks),
        cmocka_unit_test(claims_that_jump_are_not_kept),
        cmocka_unit_test(states_rest_where_nothing_moves_beyond),
        cmocka_unit_test(sliding_meets_other_surfaces),
        cmocka_unit_test(filippov_points_are_reported),
        cmocka_unit_test(clearance_is_of_declared_surfaces),
        cmocka_unit_test(rest_where_it_is_not_unique_is_no_ending),
        cmocka_unit_test(arrival_by_its_error_is_no_branching),
        cmocka_unit_test(rest_is_an_ending_where_nothing_leads_away),
        cmocka_unit_test(neurons_learn),
        cmocka_unit_test(neurons_die),
        cmocka_unit_test(sliding_flows_have_their_jacobian),
        cmocka_unit_test(claims_are_smooth_across_a_sign_change),
    };
    return cmocka_run_group_tests_name("switch", tests, NULL, NULL);
}
