/* Fixed points of a whole flow in a plane slice.
 *
 * Every point that is found must make the whole field vanish, on random slices of random networks;
 * its kind must agree with the spectrum of a Jacobian made by differences, restricted to the leaf
 * by hand where its first integrals are known.  Curves must be whole: they end on the border, at
 * another piece, or are closed. */
#include "base/stream.h"
#include "cli/fixed_set.h"
#include "linear/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DIM_MOST = 16, TRIALS = 40, CELLS = 160, SEARCH = 40 };

static const double AT_REST = 1e-9; /* |f|: positions to 1e-11 of a window of 6, slopes below 50 */
static const double NOT_EXACT = 1e-9; /* of closed forms */

static struct flow *chain_flow(const char *rule, size_t depth, double alpha)
{
    struct problem problem = problem_defaults(registry_system("chain"), registry_rule(rule));
    struct flow *flow = NULL;
    problem.depth = depth;
    problem.alpha = alpha;
    assert_int_equal(problem_flow(&problem, &flow), OK);
    return flow;
}

static struct fixed_set *found(const struct flow *flow, size_t u, size_t v, const double *through)
{
    const struct fixed_set_plan plan = {.flow = flow,
                                        .axis = {u, v},
                                        .window = {-3, 3.1, -2.9, 3.2},
                                        .through = through,
                                        .cells = CELLS,
                                        .search_cells = SEARCH};
    struct fixed_set *set = NULL;
    assert_int_equal(fixed_set_find(&plan, &set), OK);
    return set;
}

/* Two competing species, counted from *shift, and a third that minds neither. */
static const double RIVALRY = .5;

static enum status rivals_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const double *shift = flow->data;
    for (size_t k = 0; k < n; k++) {
        const double u = x[k] - *shift, v = x[n + k] - *shift, w = x[2 * n + k];
        dx[k] = u * (1 - u - RIVALRY * v);
        dx[n + k] = v * (1 - RIVALRY * u - v);
        dx[2 * n + k] = w * (1 - w);
    }
    return OK;
}

static enum status rivals_jacobian(const struct flow *flow, const double *x, double *J)
{
    const double *shift = flow->data, u = x[0] - *shift, v = x[1] - *shift;
    memset(J, 0, flow->dim * flow->dim * sizeof *J);
    J[0] = 1 - 2 * u - RIVALRY * v, J[1] = -RIVALRY * u;
    J[3] = -RIVALRY * v, J[4] = 1 - RIVALRY * u - 2 * v;
    J[8] = 1 - 2 * x[2];
    return OK;
}

/* In the corners and on the sides of a window: no cell of it has them inside. */
static void test_points_on_the_border(void **state)
{
    (void)state;
    static const char names[3][UNKNOWN_NAME_MAX] = {"x", "y", "z"};
    static const double shifts[] = {.1, .237, .3, .511, .648, .785, .922, 1.059, 1.196, 1.333};
    const double through[3] = {.5, .5, 1};
    for (size_t k = 0; k < sizeof shifts / sizeof *shifts; k++) {
        const double shift = shifts[k];
        const struct flow rivals = {.dim = 3,
                                    .title = "rivals",
                                    .names = names,
                                    .field = rivals_field,
                                    .jacobian = rivals_jacobian,
                                    .data = &shift};
        const struct fixed_set_plan plan = {.flow = &rivals,
                                            .axis = {0, 1},
                                            .window = {shift, 1 + shift, shift, 1 + shift},
                                            .through = through,
                                            .cells = CELLS,
                                            .search_cells = SEARCH};
        struct fixed_set *set = NULL;
        assert_int_equal(fixed_set_find(&plan, &set), OK);
        assert_int_equal(set->isolated_count, 4);
        for (size_t i = 0; i < 4; i++) {
            assert_true(set->isolated[i].u >= shift && set->isolated[i].u <= 1 + shift);
            assert_true(set->isolated[i].v >= shift && set->isolated[i].v <= 1 + shift);
        }
        fixed_set_free(set);
    }
}

static double speed_at(const struct flow *flow, size_t u, size_t v, const double *through,
                       double at_u, double at_v)
{
    double x[DIM_MOST], f[DIM_MOST], sum = 0;
    memcpy(x, through, flow->dim * sizeof *x);
    x[u] = at_u;
    x[v] = at_v;
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    for (size_t k = 0; k < flow->dim; k++)
        sum += f[k] * f[k];
    return sqrt(sum);
}

static void draw(struct stream *stream, size_t dim, double *x)
{
    for (size_t k = 0; k < dim; k++)
        x[k] = stream_between(stream, -2, 2);
}

/* Adaptive A[1,1,1]: rho = alpha; attracts iff a1^2 + c1 a2 > 0. */
static void curves_of_an_adaptive_chain(void **state)
{
    (void)state;
    size_t points = 0, changes = 0, both[2] = {0, 0};
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(5, stream_key("adaptive slices"), trial);
        double x[DIM_MOST];
        struct flow *flow = chain_flow("arbp", 2, stream_between(&stream, 0.3, 1.5));
        draw(&stream, flow->dim, x);
        struct fixed_set *set = found(flow, 0, 1, x);
        for (size_t k = 0; k < set->pieces; k++)
            for (size_t i = set->start[k]; i < set->start[k + 1]; i++, points++) {
                const double S = set->u[i] * set->u[i] + x[2] * set->v[i];
                assert_true(speed_at(flow, 0, 1, x, set->u[i], set->v[i]) < AT_REST);
                assert_true(set->kind[k] == FIXED_SET_ATTRACTS || set->kind[k] == FIXED_SET_REPELS);
                assert_true(set->kind[k] == FIXED_SET_ATTRACTS ? S > -NOT_EXACT : S < NOT_EXACT);
                both[set->kind[k] == FIXED_SET_REPELS]++;
            }
        for (size_t k = 0; k < set->switch_count; k++, changes++)
            assert_true(fabs(set->change[k].u * set->change[k].u + x[2] * set->change[k].v) <
                        NOT_EXACT);
        fixed_set_free(set);
        flow_free(flow);
    }
    assert_true(points > 1000 && changes > 0 && both[0] > 100 && both[1] > 100);
}

/* The same flow across its saddles: a1 = c1 = 0 is one point of the plane (a1, c1). */
static void saddles_of_an_adaptive_chain(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(6, stream_key("across the saddles"), trial);
        double x[DIM_MOST];
        struct flow *flow = chain_flow("arbp", 2, stream_between(&stream, 0.3, 1.5));
        draw(&stream, flow->dim, x);
        struct fixed_set *set = found(flow, 0, 2, x);
        assert_int_equal(set->isolated_count, 1);
        assert_true(set->isolated[0].u == 0 && set->isolated[0].v == 0);
        assert_int_equal(set->isolated[0].kind, FIXED_SET_SADDLE);
        fixed_set_free(set);
        flow_free(flow);
    }
}

/* A curve of fixed points is whole: the hyperbola a1 a2 = rho has a point near each of its own. */
static void no_gaps(void **state)
{
    (void)state;
    const double STEP = 6.1 / CELLS * 3; /* the longest chord of a cell, with room */
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(7, stream_key("gaps"), trial);
        double x[DIM_MOST], alpha = stream_between(&stream, 0.3, 1.5);
        struct flow *flow = chain_flow("arbp", 2, alpha);
        draw(&stream, flow->dim, x);
        struct fixed_set *set = found(flow, 0, 1, x);
        for (int k = 0; alpha / 3 + k * STEP / 4 < 3; k++) {
            const double u = alpha / 3 + k * STEP / 4;
            double nearest = INFINITY;
            for (size_t i = 0; i < set->points; i++)
                nearest = fmin(nearest, hypot(set->u[i] - u, set->v[i] - alpha / u));
            assert_true(nearest < STEP);
        }
        fixed_set_free(set);
        flow_free(flow);
    }
}

/* Gradient descent with three layers, a3 = 0: the axes a1 = 0 and a2 = 0 are saddles, and at their
 * crossing the Jacobian vanishes. */
static void axes_of_backpropagation(void **state)
{
    (void)state;
    const double x[DIM_MOST] = {0.5, 0.5, 0};
    struct flow *flow = chain_flow("bp", 3, 1.2);
    struct fixed_set *set = found(flow, 0, 1, x);
    assert_true(set->points > CELLS);
    for (size_t k = 0; k < set->pieces; k++)
        for (size_t i = set->start[k]; i < set->start[k + 1]; i++) {
            assert_true(fmin(fabs(set->u[i]), fabs(set->v[i])) < NOT_EXACT);
            if (set->start[k + 1] - set->start[k] > 2 && fabs(set->u[i] + set->v[i]) > 0.1)
                assert_int_equal(set->kind[k], FIXED_SET_SADDLE);
        }
    fixed_set_free(set);
    flow_free(flow);
}

/* Frozen weights (c1 = 0): a1 = 0 is at rest and neutral, a1 a2 = rho attracts. */
static void frozen_lines_are_neutral(void **state)
{
    (void)state;
    const double x[DIM_MOST] = {0.5, 0.5};
    struct problem problem = problem_defaults(registry_system("chain"), registry_rule("rbp"));
    struct flow *flow = NULL;
    problem.depth = 2;
    problem.c_count = 1;
    problem.c[0] = 0;
    assert_int_equal(problem_flow(&problem, &flow), OK);
    struct fixed_set *set = found(flow, 0, 1, x);
    size_t kinds[FIXED_SET_KINDS] = {0};
    for (size_t k = 0; k < set->pieces; k++) {
        kinds[set->kind[k]]++;
        for (size_t i = set->start[k]; i < set->start[k + 1]; i++)
            assert_true(set->kind[k] == FIXED_SET_NEUTRAL
                            ? fabs(set->u[i]) < NOT_EXACT
                            : fabs(set->u[i] * set->v[i] - 1) < NOT_EXACT);
    }
    assert_int_equal(kinds[FIXED_SET_NEUTRAL], 1);
    assert_int_equal(kinds[FIXED_SET_ATTRACTS], 2);
    fixed_set_free(set);
    flow_free(flow);
}

/* A wide window makes the field large; what is not at rest is not found. */
static void wide_windows_invent_nothing(void **state)
{
    (void)state;
    struct flow *flow = chain_flow("bp", 3, 1);
    const double x[DIM_MOST] = {0.5, 0.25, 0.75};
    const struct fixed_set_plan plan = {.flow = flow,
                                        .axis = {0, 1},
                                        .window = {-1e6, 1e6, -1e-3, 1e-3},
                                        .through = x,
                                        .cells = CELLS,
                                        .search_cells = SEARCH};
    struct fixed_set *set = NULL;
    assert_int_equal(fixed_set_find(&plan, &set), OK);
    for (size_t i = 0; i < set->points; i++) /* e = 0, or nothing */
        assert_true(fabs(1 - 0.75 * set->u[i] * set->v[i]) < 1e-6);
    fixed_set_free(set);
    flow_free(flow);
}

/* A generic plane through a network with matrices meets no fixed point. */
static void generic_planes_are_empty(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(registry_system("deep"), registry_rule("rbp"));
    const size_t sizes[] = {2, 2, 2};
    struct flow *flow = NULL;
    problem.size_count = 3;
    memcpy(problem.sizes, sizes, sizeof sizes);
    assert_int_equal(problem_flow(&problem, &flow), OK);
    struct stream stream = stream_at(8, stream_key("generic planes"), 0);
    double x[DIM_MOST];
    draw(&stream, flow->dim, x);
    struct fixed_set *set = found(flow, 0, 3, x);
    assert_int_equal(set->points, 0);
    assert_int_equal(set->isolated_count, 0);
    fixed_set_free(set);
    fixed_set_free(NULL);
    flow_free(flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points_on_the_border),
        cmocka_unit_test(curves_of_an_adaptive_chain),
        cmocka_unit_test(saddles_of_an_adaptive_chain),
        cmocka_unit_test(no_gaps),
        cmocka_unit_test(axes_of_backpropagation),
        cmocka_unit_test(frozen_lines_are_neutral),
        cmocka_unit_test(wide_windows_invent_nothing),
        cmocka_unit_test(generic_planes_are_empty),
    };
    return cmocka_run_group_tests_name("fixed set", tests, NULL, NULL);
}
