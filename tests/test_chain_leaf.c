/* Counts on the leaf of a chain: fixed points beside a scan of the leaf and beside leaves whose
 * roots are known, turns beside the proofs in balls. */
#include "linear/chain_leaf.h"
#include "tests/chains.h"

enum { DEPTH_MOST = 6, LAME = 7 };

/* A leaf that is drawn at random, from a start whose limit is predicted. */
struct draw {
    struct problem problem;
    struct flow *flow;
    double a0[DEPTH_MOST], limit[DEPTH_MOST];
    struct prediction prediction;
};

static struct draw draw_of(size_t depth, uint64_t number)
{
    struct stream stream = stream_at(1, stream_key("chain leaf"), number);
    struct draw draw = {.problem = chain_of("srbp", depth)};
    draw.problem.c_count = depth;
    for (size_t i = 0; i < depth; i++) {
        draw.problem.c[i] = stream_normal(&stream);
        draw.a0[i] = 2.385 * stream_normal(&stream);
    }
    if (number % LAME == 0)
        draw.problem.c[0] = 0; /* the second weight tells the clock */
    draw.problem.alpha = 2 * stream_normal(&stream);
    draw.flow = flow_of(&draw.problem);
    draw.prediction = prediction_of(&draw.problem, draw.a0, draw.limit);
    return draw;
}

static void turns_are_those_of_the_balls(void **state)
{
    (void)state;
    enum { DRAWS = 3000 };
    size_t known = 0, settled = 0, with[4] = {0};
    for (uint64_t k = 0; k < DRAWS; k++) {
        struct draw draw = draw_of(2 + k % 3, k);
        if (draw.prediction.ending == ENDING_SETTLED && draw.prediction.clock != 0) {
            struct chain_clock clock;
            chain_clock_init(&clock, &draw.problem, draw.flow, draw.a0);
            const int proved = clock_turning_points(&clock.clock, draw.prediction.clock);
            const int turns = chain_leaf_turns(&draw.problem, draw.flow, draw.a0, draw.limit);
            settled++;
            known += turns != CHAIN_LEAF_UNKNOWN;
            if (turns != CHAIN_LEAF_UNKNOWN && proved >= 0)
                assert_int_equal(turns, proved);
            with[turns < 0 || turns > 3 ? 3 : turns]++;
        }
        flow_free(draw.flow);
    }
    assert_true(settled > DRAWS / 2 && known == settled);
    assert_true(with[0] > 100 && with[1] > 100 && with[2] > 50);
}

/* Sign changes of e along the leaf, at so many places on either side of `limit`: a lower bound of
 * the number of roots, mostly it. */
static void scan(const struct draw *draw, int found[2])
{
    enum { PLACES = 4000 };
    struct chain_clock clock;
    chain_clock_init(&clock, &draw->problem, draw->flow, draw->limit);
    for (int side = 0; side < 2; side++) {
        const double direction = side == 0 ? -1 : 1;
        double last = 0;
        found[side] = 0;
        for (int k = 1; k < PLACES; k++) { /* u/(1 - u): all of the half-line */
            double a[DEPTH_MOST], error;
            const double u = (double)k / PLACES;
            chain_at_clock(&clock, ball_of(direction * 10 * u / (1 - u)), a, &error);
            const double e = chain_error(draw->flow, a);
            found[side] += e * last < 0;
            last = e;
        }
    }
}

static void roots_are_those_of_a_scan(void **state)
{
    (void)state;
    enum { DRAWS = 600 };
    size_t settled = 0, known = 0, equal = 0, several = 0;
    for (uint64_t k = 0; k < DRAWS; k++) {
        struct draw draw = draw_of(2 + k % 2, k);
        if (draw.prediction.ending == ENDING_SETTLED) {
            int found[2];
            const struct chain_leaf_root root =
                chain_leaf_root(&draw.problem, draw.flow, draw.limit);
            scan(&draw, found);
            settled++;
            if (root.count != CHAIN_LEAF_UNKNOWN) {
                const int before = root.index - 1, after = root.count - root.index;
                known++;
                several += root.count > 1;
                equal += before == found[0] && after == found[1];
                assert_true(before >= found[0] && (before - found[0]) % 2 == 0);
                assert_true(after >= found[1] && (after - found[1]) % 2 == 0);
            }
        }
        flow_free(draw.flow);
    }
    assert_true(settled > DRAWS / 2 && known == settled && several > settled / 10);
    assert_true(equal * 100 > known * 97); /* a scan misses pairs that are close */
}

/* a2 = K + a1^2/2 and a1 a2 = 1: three roots below K = -3/2, (K2), else one. */
static void parabola_has_one_root_or_three(void **state)
{
    (void)state;
    struct problem problem = chain_of("rbp", 2);
    struct flow *flow = flow_of(&problem);
    for (int k = 0; k < 400; k++) {
        const double a1 = -3.985 + 0.02 * k, a2 = 1 / a1, K = a2 - a1 * a1 / 2;
        if (fabs(a1 + 1) < 0.01)
            continue; /* the semistable one */
        const double a[2] = {a1, a2};
        const struct chain_leaf_root root = chain_leaf_root(&problem, flow, a);
        assert_int_equal(root.count, K < -1.5 ? 3 : 1);
        assert_int_equal(root.index, K >= -1.5 ? 1 : a1 < -1 ? 1 : a1 < 0 ? 2 : 3);
    }
    flow_free(flow);
}

/* (L6): the Chebyshev leaf has 2^L - 1 roots, as many as its degree. */
static void chebyshev_leaves_have_most_roots(void **state)
{
    (void)state;
    for (size_t L = 2; L <= 3; L++) {
        static const double start[DEPTH_MOST] = {-4, 4, 4, 4, 4, 4};
        struct draw draw = {.problem = chain_of("srbp", L)};
        draw.problem.alpha = 0.385;
        draw.flow = flow_of(&draw.problem);
        draw.prediction = prediction_of(&draw.problem, start, draw.limit);
        assert_true(draw.prediction.ending == ENDING_SETTLED);
        const struct chain_leaf_root root = chain_leaf_root(&draw.problem, draw.flow, draw.limit);
        int found[2];
        scan(&draw, found);
        assert_int_equal(root.count, found[0] + found[1] + 1);
        assert_int_equal(root.index, found[0] + 1);
        assert_int_equal(root.count, (1 << L) - 1);
        flow_free(draw.flow);
    }
}

/* What cannot be counted is not: a double root, a chain too deep; what never moves never turns. */
static void doubt_is_told(void **state)
{
    (void)state;
    struct problem problem = chain_of("rbp", 2);
    struct flow *flow = flow_of(&problem);
    const double fold[2] = {-1, -1};
    assert_int_equal(chain_leaf_root(&problem, flow, fold).count, CHAIN_LEAF_UNKNOWN);
    assert_int_equal(chain_leaf_turns(&problem, flow, fold, fold), 0);
    const double zero[2] = {0, 0}; /* S = 3 a1^2/2 is 0 at the start, and never negative */
    double limit[2];
    prediction_of(&problem, zero, limit);
    assert_int_equal(chain_leaf_turns(&problem, flow, zero, limit), 0);
    flow_free(flow);
    problem = chain_of("srbp", 4);
    flow = flow_of(&problem);
    const double one[4] = {1, 1, 1, 1};
    assert_int_equal(chain_leaf_root(&problem, flow, one).count, CHAIN_LEAF_UNKNOWN);
    flow_free(flow);
}

/* From (-2, 2) P' = (s - 2)^2 3/2 only touches zero; beside that start it has two zeros or none. */
static void what_touches_zero_does_not_turn(void **state)
{
    (void)state;
    const struct problem problem = chain_of("rbp", 2);
    struct flow *flow = flow_of(&problem);
    const double off = 0x1p-30;
    for (int side = -1; side <= 1; side++) {
        const double start[2] = {-2, 2 + side * off};
        double limit[2];
        assert_int_equal(prediction_of(&problem, start, limit).ending, ENDING_SETTLED);
        assert_int_equal(chain_leaf_turns(&problem, flow, start, limit), side < 0 ? 2 : 0);
    }
    flow_free(flow);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_are_those_of_the_balls),
        cmocka_unit_test(what_touches_zero_does_not_turn),
        cmocka_unit_test(roots_are_those_of_a_scan),
        cmocka_unit_test(parabola_has_one_root_or_three),
        cmocka_unit_test(chebyshev_leaves_have_most_roots),
        cmocka_unit_test(doubt_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
