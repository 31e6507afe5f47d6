/* Several surfaces at once, (E27)-(E29): what slides, rests and lets go is compared with closed forms,
 * and random flows with themselves where a ramp stands for each step.
 *
 * The flows that have no one answer, or one that the state at the start cannot tell, are controls:
 * they must not settle where the program would like them to.  Each of these was found settled there,
 * or is what such a one would look like. */
#include "ode/corner.h"
#include "ode/vector.h"
#include "tests/chains.h"
#include "tests/pieces.h"

/* x_i' = [i = 1] z - sum_j B_ij c_j sgn x_j, z = x_m: with B symmetric and positive definite and c > 0
 * it slides on all m surfaces with sgn replaced by s, c s = B^(-1) (z, 0, ...), as long as |s| < 1.
 * z' = 1; or z' = 1/2 - z - 0.42 s_1, of which z = 1/3 is the rest, at m = 2. */
struct coupling {
    size_t m;
    double B[PIECES_MOST * PIECES_MOST], c[PIECES_MOST];
};

static void coupled(const struct coupling *p, const signed char *side, const double *x, double *f,
                    double *J)
{
    const size_t m = p->m;
    for (size_t i = 0; i < m; i++) {
        f[i] = i == 0 ? x[m] : 0;
        for (size_t j = 0; j < m; j++)
            f[i] -= p->B[i * m + j] * p->c[j] * side[j];
    }
    f[m] = 1;
    J[m] = 1;
}

static void two_coupled(const signed char *side, const double *x, double *f, double *J)
{
    coupled(&(const struct coupling){2, {1, 0.4, 0.4, 1}, {1, 1.7}}, side, x, f, J);
}

static void three_coupled(const signed char *side, const double *x, double *f, double *J)
{
    coupled(&(const struct coupling){3, {1, 0.4, 0, 0.4, 1, 0.4, 0, 0.4, 1}, {1, 1.7, 0.9}}, side,
            x, f, J);
}

static void two_at_rest(const signed char *side, const double *x, double *f, double *J)
{
    two_coupled(side, x, f, J);
    f[2] = 0.5 - x[2] - 0.42 * side[0];
    J[8] = -1;
}

/* Off the diagonal more than on it: several velocities. */
static void two_indefinite(const signed char *side, const double *x, double *f, double *J)
{
    coupled(&(const struct coupling){2, {1, 1.5, 1.5, 1}, {1, 1}}, side, x, f, J);
}

/* All principal minors are positive (1; 1; 65), the velocity is unique, and solutions are not:
 * one spirals out of the origin. */
static void three_in_a_ring(const signed char *side, const double *x, double *f, double *J)
{
    coupled(&(const struct coupling){3, {1, 0, 4, 4, 1, 0, 0, 4, 1}, {1, 1, 1}}, side, x, f, J);
    f[0] -= x[3];
    f[3] = J[3] = 0;
}

/* No C makes it symmetric: whatever solutions do, (E27) says nothing. */
static void three_without_symmetry(const signed char *side, const double *x, double *f, double *J)
{
    coupled(&(const struct coupling){3, {1, 0.3, 0.25, 0.25, 1, 0.3, 0.3, 0.25, 1}, {1, 1, 1}},
            side, x, f, J);
}

static void all_three(const double *x, double *g)
{
    both(x, g);
    g[2] = x[2];
}

/* Wherever it arrives, the end depends on z alone: x1 lets go where s_1 = 1, at z = z1 = 1 - b^2 or
 * (1 - 2 b^2)/(1 - b^2), and x1 = (z - z1)^2/2 from then on. */
static void corners_slide_and_let_go(void **state)
{
    (void)state;
    const struct {
        struct pieces pieces;
        double x0[4], z1;
    } cases[] = {
        {{.at = two_coupled, .g = both, .dim = 3, .switches = 2}, {0, 0, 0}, 0.84},
        {{.at = two_coupled, .g = both, .dim = 3, .switches = 2}, {0.2, -0.1, -0.9}, 0.84},
        {{.at = two_coupled, .g = both, .dim = 3, .switches = 2}, {0.1, 0.3, -0.8}, 0.84},
        {{.at = three_coupled, .g = all_three, .dim = 4, .switches = 3}, {0, 0, 0, 0}, 0.68 / 0.84},
        {{.at = three_coupled, .g = all_three, .dim = 4, .switches = 3},
         {0.1, -0.15, 0.2, -0.9},
         0.68 / 0.84},
    };
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(cases); k++) {
            struct pieces p = cases[k].pieces;
            const struct flow flow = pieces_flow(&p);
            const size_t z = p.dim - 1;
            struct plan plan = plan_defaults();
            plan.method = methods[m];
            plan.no_endings = true;
            plan.horizon = 2 - cases[k].x0[z];
            struct outcome *outcome = outcome_of(&flow, &plan, cases[k].x0);
            assert_ending(outcome, ENDING_HORIZON, "case %zu, %s", k, method_name(methods[m]));
            assert_true(fabs(outcome->t - plan.horizon) <= 1e-12);
            const double beyond = 2 - cases[k].z1;
            if (!(fabs(outcome->last[0] - beyond * beyond / 2) <= 1e-8)) /* 100 tolerances */
                fail_msg("case %zu: x1 = %.12g", k, outcome->last[0]);
            for (size_t i = 1; i < z; i++)
                assert_true(fabs(outcome->last[i]) <= 1e-12);
            outcome_free(outcome);
        }
}

static void corners_settle(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = two_at_rest, .g = both, .dim = 3, .switches = 2};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.3, -0.2, 0.1});
        assert_ending(outcome, ENDING_SETTLED, "corner, %s", method_name(methods[m]));
        const double limit[] = {0, 0, 1.0 / 3};
        assert_true(matrix_distance(3, outcome->limit, limit) <= 1e-9);
        assert_true(fabs(outcome->transverse_rate + 1.5) <= 1e-9); /* 1 + 0.42/0.84 */
        assert_int_equal(outcome->neutral_integrals + outcome->neutral_fixed, 0);
        assert_non_null(strstr(outcome->reason, "and 1 more"));
        outcome_free(outcome);
    }
}

/* Controls: with several velocities, and with one velocity but several solutions. */
static void corners_without_uniqueness_are_undecided(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces two = {.at = two_indefinite, .g = both, .dim = 3, .switches = 2};
        struct pieces ring = {.at = three_in_a_ring, .g = all_three, .dim = 4, .switches = 3};
        struct flow flow = pieces_flow(&two);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0, 0, 0.1});
        assert_ending(outcome, ENDING_HORIZON, "indefinite, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "not proved unique"));
        assert_true(outcome->t == 0);
        outcome_free(outcome);
        struct pieces skew = {
            .at = three_without_symmetry, .g = all_three, .dim = 4, .switches = 3};
        flow = pieces_flow(&skew);
        outcome = outcome_of(&flow, &plan, (const double[]){0, 0, 0, 0.1});
        assert_ending(outcome, ENDING_HORIZON, "no symmetry, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "not proved unique"));
        outcome_free(outcome);
        flow = pieces_flow(&ring);
        outcome = outcome_of(&flow, &plan, (const double[]){0, 0, 0, 0});
        assert_ending(outcome, ENDING_HORIZON, "ring, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "not proved unique"));
        outcome_free(outcome);
        plan.no_endings = true; /* out it spirals, from however near */
        plan.horizon = 1;
        const double start[] = {1e-4, -2e-4, 1.5e-4, 0};
        outcome = outcome_of(&flow, &plan, start);
        print_message("# ring: |x| from %.2g to %.2g, %zu crossings\n", vector_norm(4, start),
                      vector_norm(4, outcome->last), outcome->crossings);
        assert_true(vector_norm(4, outcome->last) >= 0.1);
        outcome_free(outcome);
    }
}

/* One side never moves x, and y = t passes: it stays, and solutions part where y = 1. */
static void half_still(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = side[0] > 0 ? x[1] - 1 : 0;
    f[1] = 1;
    J[1] = side[0] > 0;
}

static void a_still_side_holds_until_the_other_lets_go(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = half_still, .g = first, .dim = 2, .switches = 1};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0, 0.2385});
        assert_ending(outcome, ENDING_HORIZON, "still, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "no longer pushes"));
        assert_true(fabs(outcome->t - (1 - 0.2385)) <= 1e-9);
        assert_true(fabs(outcome->last[0]) <= 1e-12);
        outcome_free(outcome);
    }
}

static void corners_have_their_jacobian(void **state)
{
    (void)state;
    struct pieces p = {.at = two_at_rest, .g = both, .dim = 3, .switches = 2};
    const struct flow flow = pieces_flow(&p);
    const double x[] = {0, 0, 0.2385};
    const int at_zero[] = {1, 1};
    double f[3], J[9], D[9], work[9];
    enum corner_verdict verdict = CORNER_HARDLY;
    struct flow *corner = corner_create(&flow, at_zero, x);
    assert_non_null(corner);
    assert_int_equal(corner_decide(corner, x, &verdict), OK);
    assert_int_equal(verdict, CORNER_GOES_ON);
    assert_int_equal(corner_slides(corner), 2);
    assert_int_equal(corner->field(corner, 1, x, f), OK);
    assert_true(fabs(f[0]) <= 1e-15 && fabs(f[1]) <= 1e-15);
    assert_true(fabs(f[2] - (0.5 - 0.2385 * 1.5)) <= 1e-15);
    assert_int_equal(corner->jacobian(corner, x, J), OK);
    assert_int_equal(flow_jacobian_by_differences(corner, x, D, work), OK);
    assert_true(matrix_largest_difference(9, J, D) <= 1e-11); /* of differences */
    flow_free(corner);
}

/* ---- conditions that end along the way ------------------------------------------------------- */

static double cubic_beyond_one(double z)
{
    return z > 1 ? (z - 1) * (z - 1) * (z - 1) : 0;
}

/* y' = 0.999 - z - y - 2 theta (1 - z) on a surface y = 0 that attracts while z < 1, z' = 2 - z: theta
 * leaves through 0 at z = 0.999, runs through a pole, and is back between 0 and 1 soon.  In truth y
 * goes to -1.001. */
static void through_a_pole(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = -side[0];
    f[1] = 0.999 - x[2] - x[1] - (1 + side[1]) * (1 - x[2]);
    f[2] = 2 - x[2];
    J[4] = -1;
    J[5] = -1 + (1 + side[1]);
    J[8] = -1;
}

static void surfaces_that_begin_to_repel_do_not_hold(void **state)
{
    (void)state;
    const double limit[] = {0, -1.001, 2};
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces p = {.at = through_a_pole, .g = both, .dim = 3, .switches = 2};
        const struct flow flow = pieces_flow(&p);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0, 0, -3});
        print_message("# pole, %s: %s (%s)\n", method_name(methods[m]),
                      ending_name(outcome->ending), outcome->reason);
        if (outcome->ending == ENDING_SETTLED)
            assert_true(matrix_distance(3, outcome->limit, limit) <= 1e-7);
        else
            assert_int_equal(outcome->ending, ENDING_HORIZON);
        if (methods[m] == METHOD_BDF)
            assert_ending(outcome, ENDING_SETTLED, "pole");
        outcome_free(outcome);
        double f[3];
        int at_zero[] = {1, 1};
        enum corner_verdict verdict = CORNER_HARDLY;
        const double before[] = {0, 0, 0.5}, after[] = {0, 0, 1.5};
        struct flow *corner = corner_create(&flow, at_zero, before);
        assert_non_null(corner);
        assert_int_equal(corner_decide(corner, before, &verdict), OK);
        assert_int_equal(verdict, CORNER_GOES_ON);
        assert_int_equal(corner->field(corner, 1, before, f), OK);
        assert_int_equal(corner->field(corner, 1, after, f), RETRY_SHORTER);
        assert_int_equal(corner_goes_on(corner, after, &verdict), OK);
        assert_int_equal(verdict, CORNER_NOT_UNIQUE);
        flow_free(corner);
    }
}

/* The ring, from nothing at z = 1 to what spirals out at z = 2, to which z tends. */
static void ring_beyond_one(const signed char *side, const double *x, double *f, double *J)
{
    const double b = 4 * cubic_beyond_one(x[3]);
    const double slope = x[3] > 1 ? 12 * (x[3] - 1) * (x[3] - 1) : 0;
    for (size_t i = 0; i < 3; i++) {
        f[i] = -side[i] - b * side[(i + 2) % 3];
        J[4 * i + 3] = -slope * side[(i + 2) % 3];
    }
    f[3] = 2 - x[3];
    J[15] = -1;
}

/* Beyond z = 1 the low side of x = 0, which was still, leads off to x = -1. */
static void stirring(const signed char *side, const double *x, double *f, double *J)
{
    const double b = cubic_beyond_one(x[1]);
    f[0] = side[0] > 0 ? -1 : -b * (1 + x[0]);
    f[1] = 2 - x[1];
    J[0] = side[0] > 0 ? 0 : -b;
    J[1] = side[0] > 0 || x[1] < 1 ? 0 : -3 * (x[1] - 1) * (x[1] - 1) * (1 + x[0]);
    J[3] = -1;
}

static void conditions_are_asked_along_the_way(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces ring = {.at = ring_beyond_one, .g = all_three, .dim = 4, .switches = 3};
        struct pieces stirs = {.at = stirring, .g = first, .dim = 2, .switches = 1};
        struct flow flow = pieces_flow(&ring);
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0, 0, 0, 0});
        assert_ending(outcome, ENDING_HORIZON, "ring beyond, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "not proved unique"));
        assert_true(outcome->last[3] > 1);
        outcome_free(outcome);
        flow = pieces_flow(&stirs);
        outcome = outcome_of(&flow, &plan, (const double[]){0, 0});
        assert_ending(outcome, ENDING_HORIZON, "stirs, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "begins to"));
        outcome_free(outcome);
    }
}

/* On x = y = 0 it is affine; beyond, where z grows, x' and y' have the product of both sides. */
static void entangled_beyond(const signed char *side, const double *x, double *f, double *J)
{
    for (size_t i = 0; i < 2; i++) {
        f[i] = -side[i] + 0.3 * x[2] * side[0] * side[1];
        J[3 * i + 2] = 0.3 * side[0] * side[1];
    }
    f[2] = side[2] > 0 ? 1 : 1.5;
}

/* z crosses, x and y slide: on the corner of all three it is affine in its switches, on that of two
 * it is not. */
static void fewer_surfaces_have_conditions_of_their_own(void **state)
{
    (void)state;
    struct pieces p = {.at = entangled_beyond, .g = all_three, .dim = 3, .switches = 3};
    const struct flow flow = pieces_flow(&p);
    const double x[] = {0, 0, 0};
    const int at_zero[] = {1, 1, 1};
    enum corner_verdict verdict = CORNER_HARDLY;
    struct flow *corner = corner_create(&flow, at_zero, x);
    assert_non_null(corner);
    assert_int_equal(corner_is_unique(corner, x, &verdict), OK);
    assert_int_equal(verdict, CORNER_GOES_ON);
    assert_int_equal(corner_decide(corner, x, &verdict), OK);
    assert_int_equal(verdict, CORNER_ENTANGLED);
    flow_free(corner);
}

/* x slides; y is still below zero, but there z drifts. */
static void drifting_beyond(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = -side[0];
    f[1] = side[1] > 0 ? -1 : 0;
    f[2] = side[1] > 0 ? 0 : x[1];
    J[7] = side[1] < 0;
}

/* The same, so slow that no Jacobian at the surface shows it, while z is on its way to rest. */
static void drifting_late(const signed char *side, const double *x, double *f, double *J)
{
    f[0] = side[0] > 0 ? -1 : 0;
    f[1] = side[0] > 0 ? 0 : x[0] * x[0];
    f[2] = 0.5 - x[2];
    J[3] = side[0] > 0 ? 0 : 2 * x[0];
    J[8] = -1;
}

/* The control of these: nothing drifts. */
static void resting_late(const signed char *side, const double *x, double *f, double *J)
{
    drifting_late(side, x, f, J);
    f[1] = side[0] > 0 ? 0 : x[0] * x[0] - x[1];
    J[4] = -(side[0] < 0);
}

static void neighbours_beyond_must_rest(void **state)
{
    (void)state;
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct pieces at_once = {.at = drifting_beyond, .g = both, .dim = 3, .switches = 2};
        struct pieces late = {.at = drifting_late, .g = first, .dim = 3, .switches = 1};
        struct pieces rests = {.at = resting_late, .g = first, .dim = 3, .switches = 1};
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct flow flow = pieces_flow(&at_once);
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0.1, 0.3, 0.2});
        assert_true(outcome->ending != ENDING_SETTLED);
        outcome_free(outcome);
        flow = pieces_flow(&late);
        outcome = outcome_of(&flow, &plan, (const double[]){0.3, 0.2, 0.1});
        assert_true(outcome->ending != ENDING_SETTLED);
        outcome_free(outcome);
        flow = pieces_flow(&rests);
        outcome = outcome_of(&flow, &plan, (const double[]){0.3, 0.2, 0.1});
        assert_ending(outcome, ENDING_SETTLED, "control, %s", method_name(methods[m]));
        const double limit[] = {0, 0, 0.5};
        assert_true(matrix_distance(3, outcome->limit, limit) <= 1e-9);
        assert_int_equal(outcome->neutral_fixed, 1);
        outcome_free(outcome);
    }
}

/* ---- surfaces that the error reaches ---------------------------------------------------------- */

/* On x = y = 0 solutions are unique, and z = 1e-9 is another surface, with which they are not proved
 * to be: who knows which is met first? */
static void the_order_of_surfaces_is_asked(void **state)
{
    (void)state;
    struct pieces p = {.at = three_without_symmetry, .g = all_three, .dim = 4, .switches = 3};
    const struct flow flow = pieces_flow(&p);
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0, 0, 1e-9, 0});
        assert_ending(outcome, ENDING_HORIZON, "order, %s", method_name(methods[m]));
        assert_non_null(strstr(outcome->reason, "another surface before"));
        assert_true(outcome->t == 0);
        outcome_free(outcome);
    }
}

/* ---- random flows, and ramps in place of their steps ------------------------------------------- */

enum { SEED = 2018, RELAYS = 3, TRIALS = 90 };

/* f = A x + b + sum_k theta_k (1 + e_k.x) d_k, d_k = -c_k P n_k with P symmetric and positive
 * definite, so that (E27) holds as long as 1 + e_k.x > 0.  theta is a step of n_k.x, or, if `ramp`
 * > 0, a ramp of that half-width. */
struct relays {
    size_t n, m;
    double A[MODEL_MOST * MODEL_MOST], b[MODEL_MOST];
    double normal[RELAYS][MODEL_MOST], d[RELAYS][MODEL_MOST], e[RELAYS][MODEL_MOST];
    double ramp;
    signed char side[RELAYS];
};

static void relays_switching(const struct flow *flow, const double *x, double *g)
{
    const struct relays *r = flow->data;
    for (size_t k = 0; k < r->m; k++)
        g[k] = vector_dot(r->n, r->normal[k], x);
}

static double relay_weight(const struct relays *r, size_t k, double g)
{
    if (r->ramp > 0)
        return fmax(0, fmin(1, (g / r->ramp + 1) / 2));
    return r->side[k] != 0 ? r->side[k] > 0 : g >= 0;
}

static enum status relays_field(const struct flow *flow, size_t lanes, const double *x, double *f)
{
    const struct relays *r = flow->data;
    double g[RELAYS];
    (void)lanes; /* one */
    relays_switching(flow, x, g);
    for (size_t i = 0; i < r->n; i++)
        f[i] = r->b[i] + vector_dot(r->n, r->A + i * r->n, x);
    for (size_t k = 0; k < r->m; k++)
        for (size_t i = 0; i < r->n; i++)
            f[i] += relay_weight(r, k, g[k]) * (1 + vector_dot(r->n, r->e[k], x)) * r->d[k][i];
    return OK;
}

static enum status relays_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct relays *r = flow->data;
    const size_t n = r->n;
    double g[RELAYS];
    relays_switching(flow, x, g);
    memcpy(J, r->A, n * n * sizeof *J);
    for (size_t k = 0; k < r->m; k++) {
        const double size = 1 + vector_dot(n, r->e[k], x);
        const double slope = r->ramp > 0 && fabs(g[k]) < r->ramp ? size / (2 * r->ramp) : 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                J[i * n + j] +=
                    r->d[k][i] * (relay_weight(r, k, g[k]) * r->e[k][j] + slope * r->normal[k][j]);
    }
    return OK;
}

static struct flow relays_flow(struct relays *r)
{
    return (struct flow){.dim = r->n,
                         .title = "relays",
                         .names = model_names,
                         .field = relays_field,
                         .jacobian = relays_jacobian,
                         .switches = r->ramp > 0 ? 0 : r->m,
                         .switching = relays_switching,
                         .side = r->side,
                         .data = r};
}

/* n_k of length 1, and P n_k with P = 0.3 + B B'. */
static void draw_normal(struct stream *stream, const struct relays *r, const double *B, double *n_k,
                        double *P_n)
{
    double turned[MODEL_MOST] = {0};
    for (size_t j = 0; j < r->n; j++)
        n_k[j] = stream_normal(stream);
    const double size = vector_norm(r->n, n_k);
    for (size_t j = 0; j < r->n; j++)
        n_k[j] /= size;
    for (size_t i = 0; i < r->n; i++)
        for (size_t j = 0; j < r->n; j++)
            turned[j] += B[i * r->n + j] * n_k[i];
    for (size_t i = 0; i < r->n; i++)
        P_n[i] = 0.3 * n_k[i] + vector_dot(r->n, B + i * r->n, turned);
}

static void draw_relays(struct stream *stream, struct relays *r, double *x0)
{
    double B[MODEL_MOST * MODEL_MOST] = {0}, P_n[MODEL_MOST] = {0};
    *r = (struct relays){.n = 2 + stream_below(stream, MODEL_MOST - 1)};
    r->m = 2 + (r->n > 2 ? stream_below(stream, 2) : 0);
    for (size_t i = 0; i < r->n * r->n; i++) {
        B[i] = stream_between(stream, -1, 1);
        r->A[i] =
            stream_between(stream, -0.6, 0.6) - (i % (r->n + 1) ? 0 : stream_between(stream, 0, 2));
    }
    const double varies = stream_below(stream, 2) ? 0.5 : 0;
    for (size_t k = 0; k < r->m; k++) {
        draw_normal(stream, r, B, r->normal[k], P_n);
        const double c = stream_between(stream, 0.3, 3), half = stream_between(stream, 0.3, 0.7);
        for (size_t i = 0; i < r->n; i++) {
            r->e[k][i] = varies * stream_between(stream, -1, 1);
            r->d[k][i] = -c * P_n[i];
            r->b[i] += half * c * P_n[i] + stream_between(stream, -0.2, 0.2);
        }
    }
    for (size_t j = 0; j < r->n; j++)
        x0[j] = stream_between(stream, -1, 1);
}

/* Does a ramp instead of each step lead to `limit`, long after the run has settled?  Within a multiple
 * of its half-width, or, where planes are nearly parallel, nearer as it shrinks. */
static bool ramps_lead_to(const struct relays *relays, const double *x0, double t,
                          const double *limit)
{
    static const double WIDTHS[] = {1e-2, 1e-3, 1e-4}, NEAR = 5, SHRINKS = 0.5, LONG = 60;
    double off[COUNT(WIDTHS)];
    struct relays r = *relays;
    for (size_t i = 0; i < COUNT(WIDTHS); i++) {
        r.ramp = WIDTHS[i];
        const struct flow flow = relays_flow(&r);
        struct plan plan = plan_defaults();
        plan.no_endings = true;
        plan.horizon = t + LONG;
        struct outcome *ramp = outcome_of(&flow, &plan, x0);
        off[i] = matrix_distance(r.n, ramp->last, limit);
        outcome_free(ramp);
        if (off[i] <= NEAR * WIDTHS[i] * (1 + matrix_norm(r.n, limit)))
            return true;
    }
    return off[2] <= SHRINKS * off[1];
}

/* With a control: a point that is not the limit. */
static void check_by_ramps(const struct relays *relays, const double *x0,
                           const struct outcome *outcome)
{
    static const double ELSEWHERE = 0.5;
    double other[MODEL_MOST];
    if (!ramps_lead_to(relays, x0, outcome->t, outcome->limit))
        fail_msg("FALSE SETTLED: ramps end elsewhere (%s)", outcome->reason);
    memcpy(other, outcome->limit, relays->n * sizeof(double));
    other[0] += ELSEWHERE * (1 + matrix_norm(relays->n, other));
    assert_false(ramps_lead_to(relays, x0, outcome->t, other));
}

/* A start moved by little settles near, or is undecided. */
static void check_moved_start(struct stream *stream, const struct flow *flow,
                              const struct plan *plan, const double *x0,
                              const struct outcome *outcome)
{
    static const double MOVED = 1e-6, GROWN = 1e-3;
    double x[MODEL_MOST];
    for (size_t j = 0; j < flow->dim; j++)
        x[j] = x0[j] + MOVED * stream_between(stream, -1, 1);
    struct outcome *moved = outcome_of(flow, plan, x);
    if (moved->ending != ENDING_HORIZON) {
        assert_ending(moved, ENDING_SETTLED, "a start moved by 1e-6");
        assert_true(matrix_distance(flow->dim, moved->limit, outcome->limit) <= GROWN);
    }
    outcome_free(moved);
}

static void random_corners_agree_with_ramps(void **state)
{
    (void)state;
    size_t settled = 0, at_corners = 0;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("relays"), i);
        struct relays r;
        double x0[MODEL_MOST];
        draw_relays(&stream, &r, x0);
        const struct flow flow = relays_flow(&r);
        struct plan plan = plan_defaults();
        plan.method = methods[i % COUNT(methods)];
        plan.horizon = 300;
        struct outcome *outcome = outcome_of(&flow, &plan, x0);
        if (outcome->ending == ENDING_SETTLED && outcome->slides > 0) {
            settled++;
            at_corners += strstr(outcome->reason, "more (share") != NULL;
            check_by_ramps(&r, x0, outcome);
            check_moved_start(&stream, &flow, &plan, x0, outcome);
        }
        outcome_free(outcome);
    }
    print_message("# %zu of %d settled after sliding, %zu at corners\n", settled, TRIALS,
                  at_corners);
    assert_true(at_corners >= TRIALS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corners_slide_and_let_go),
        cmocka_unit_test(corners_settle),
        cmocka_unit_test(corners_without_uniqueness_are_undecided),
        cmocka_unit_test(a_still_side_holds_until_the_other_lets_go),
        cmocka_unit_test(corners_have_their_jacobian),
        cmocka_unit_test(surfaces_that_begin_to_repel_do_not_hold),
        cmocka_unit_test(conditions_are_asked_along_the_way),
        cmocka_unit_test(fewer_surfaces_have_conditions_of_their_own),
        cmocka_unit_test(neighbours_beyond_must_rest),
        cmocka_unit_test(the_order_of_surfaces_is_asked),
        cmocka_unit_test(random_corners_agree_with_ramps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
