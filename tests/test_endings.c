/* Traps: trajectories that look as if they had ended, or ended otherwise.
 *
 * The promise is zero false `settled`.  Every trap has an answer that does not come from the
 * integrator: a prediction by algebra, a closed form, or a theorem.  Undecided (`horizon`) is
 * allowed where a method cannot know; a wrong word never is. */
#include "selftest/selftest_escapes.h"
#include "tests/chains.h"
#include "tests/deep_flows.h"
#include "tests/planar_flows.h"

enum { METHODS = 3 };

static struct plan plan_for(enum method method)
{
    struct plan plan = plan_defaults();
    plan.method = method;
    return plan;
}

/* ---- ghosts of the double root (-1, -1), c = alpha = beta = 1 ------------------------------- */

enum { GHOST_FIRST = 2, GHOST_LAST = 12 }; /* d = 10^-2 ... 10^-12 */

/* Follows (-2, 1/2 + d); tells how it ended. */
static enum ending follow_near_double_root(enum method method, double d)
{
    char name[64];
    snprintf(name, sizeof name, "start (-2, 1/2 %+g), %s", d, method_name(method));
    const struct problem problem = chain_of("srbp", 2);
    const double start[2] = {-2, 0.5 + d};
    const struct plan plan = plan_for(method);
    double limit[2];
    struct trial trial = trial_run(&problem, &plan, start);
    const struct prediction prediction = prediction_of(&problem, start, limit);
    assert_int_equal(prediction.ending, ENDING_SETTLED);
    assert_true(d > 0 ? limit[0] > 1.9 : limit[0] < -1); /* beyond the ghost, or before it */
    check_not_false_settled(name, trial.flow, trial.outcome, &prediction, limit);
    const enum ending ending = trial.outcome->ending;
    if (ending != ENDING_SETTLED && ending != ENDING_CREEPING && ending != ENDING_HORIZON)
        fail_msg("%s: %s", name, ending_name(ending));
    trial_free(&trial);
    return ending;
}

/* The leaf is kept to 1e-15 by the referee's projection; the others drift by about 1e3 rtol. */
static void ghosts_are_passed_and_never_settled_on(void **state)
{
    (void)state;
    const int passed_by[METHODS] = {[METHOD_BDF] = 12, [METHOD_ADAMS] = 8, [METHOD_RK8PD] = 9};
    for (int m = 0; m < METHODS; m++)
        for (int k = GHOST_FIRST; k <= GHOST_LAST; k++) {
            const enum ending ending = follow_near_double_root(m, pow(10, -k));
            if (k <= passed_by[m] && ending != ENDING_SETTLED)
                fail_msg("%s stays at the ghost d = 1e-%d: %s", method_name(m), k,
                         ending_name(ending));
        }
}

static void roots_before_the_double_root_are_not_passed(void **state)
{
    (void)state;
    const int found_by[METHODS] = {[METHOD_BDF] = 12, [METHOD_ADAMS] = 7, [METHOD_RK8PD] = 9};
    for (int m = 0; m < METHODS; m++)
        for (int k = GHOST_FIRST; k <= GHOST_LAST; k++) {
            const enum ending ending = follow_near_double_root(m, -pow(10, -k));
            if (k <= found_by[m] && ending != ENDING_SETTLED)
                fail_msg("%s misses the root d = -1e-%d: %s", method_name(m), k,
                         ending_name(ending));
        }
}

/* The time from a1 = -2 to a1 = 0, by the clock. */
static double passage_time(double d)
{
    const struct problem problem = chain_of("srbp", 2);
    const double start[2] = {-2, 0.5 + d};
    struct flow *flow = flow_of(&problem);
    struct chain_clock clock;
    double t = NAN;
    chain_clock_init(&clock, &problem, flow, start);
    assert_int_equal(clock_time(&clock.clock, 2, &t), OK);
    flow_free(flow);
    return t;
}

/* pi / sqrt(3/2 d) up to a constant: both ends of the passage; 2563.9206 at d = 1e-6 (16-digit
 * quadrature) */
static void ghost_passages_take_their_time(void **state)
{
    (void)state;
    static const double ENDS = 1.5, PI = 3.14159265358979323846;
    for (int k = GHOST_FIRST; k <= GHOST_LAST; k++) {
        const double d = (0.5 + pow(10, -k)) - 0.5,
                     law = PI / sqrt(1.5 * d); /* d as it is stored */
        if (!(fabs(passage_time(d) - law) <= ENDS))
            fail_msg("d = 1e-%d: %.10g, law %.10g", k, passage_time(d), law);
    }
    assert_true(fabs(passage_time(1e-6) - 2563.9206) <= 1e-4);
}

/* The integrators are at a1 = 0 at that very time; there a1' = e = 1, so a1 is the error in time.
 */
static void integrators_pass_the_ghost_on_time(void **state)
{
    (void)state;
    static const double TIME_RELATIVE =
        1e-6; /* a drift of 1e-12 changes d by 1e-6, T by half of that */
    const struct problem problem = chain_of("srbp", 2);
    const double start[2] = {-2, 0.5 + 1e-6};
    for (int m = 0; m < METHODS; m++) {
        struct plan plan = plan_for(m);
        plan.rtol = 1e-13;
        plan.atol = 1e-15;
        plan.no_endings = true;
        plan.horizon = passage_time(1e-6);
        struct trial trial = trial_run(&problem, &plan, start);
        if (!(fabs(trial.outcome->last[0]) <= TIME_RELATIVE * plan.horizon))
            fail_msg("%s: a1 = %g", method_name(m), trial.outcome->last[0]);
        print_message("# ghost passage at d = 1e-6: %.4f by the clock, %s off by %.1g\n",
                      plan.horizon, method_name(m), trial.outcome->last[0]);
        trial_free(&trial);
    }
}

/* ---- saddles of gradient descent ------------------------------------------------------------- */

struct tie {
    size_t depth;
    double alpha, rates[4], start[4];
    enum ending ending;
    double exponent; /* of creeping */
};

/* Ties |a_i|/sqrt(eta_i) with P(0) rho < 0: exact symmetries, which rounding preserves. */
static const struct tie ties[] = {
    {.depth = 2, .alpha = 1, .start = {0.5, -0.5}, .ending = ENDING_SADDLE},
    {.depth = 2, .alpha = 2.385, .start = {-1.3125, 1.3125}, .ending = ENDING_SADDLE},
    {.depth = 2, .alpha = 1, .rates = {1, 4}, .start = {0.5, -1}, .ending = ENDING_SADDLE},
    {.depth = 2, .alpha = -0.7, .rates = {4, 0.25}, .start = {2.5, 0.625}, .ending = ENDING_SADDLE},
    {.depth = 3, .alpha = 1, .start = {0.5, -0.5, 1.5}, .ending = ENDING_SADDLE},
    {.depth = 3, .alpha = 1, .start = {1.5, 0.5, -0.5}, .ending = ENDING_SADDLE},
    {.depth = 3, .alpha = 1, .start = {1.5, -0.5, -2}, .ending = ENDING_SETTLED}, /* no tie */
    {.depth = 3, .alpha = 1, .rates = {1, 4, 2}, .start = {0.5, -1, 1.5}, .ending = ENDING_SADDLE},
    {.depth = 4, .alpha = -1.5, .start = {0.75, 1.25, 0.75, 2}, .ending = ENDING_SADDLE},
    {.depth = 2, .alpha = 1, .start = {0.5, 0.5}, .ending = ENDING_SETTLED}, /* P(0) rho > 0 */
    {.depth = 3, .alpha = -1, .start = {0.5, 0.5, 0.5}, .ending = ENDING_CREEPING, .exponent = -1},
    {.depth = 4,
     .alpha = -1,
     .start = {0.5, 0.5, 0.5, 0.5},
     .ending = ENDING_CREEPING,
     .exponent = -0.5},
    {.depth = 4,
     .alpha = -1,
     .start = {0.5, 0.5, 2, 0.5},
     .ending = ENDING_CREEPING,
     .exponent = -1},
    {.depth = 2, .alpha = 0, .start = {0.5, -0.5}, .ending = ENDING_CREEPING, .exponent = -0.5},
    {.depth = 3,
     .alpha = 0,
     .start = {0.5, -0.5, 1.5},
     .ending = ENDING_CREEPING,
     .exponent = -0.5},
    {.depth = 3,
     .alpha = 0,
     .start = {0.5, -0.5, 0.5},
     .ending = ENDING_CREEPING,
     .exponent = -0.25},
};

static struct problem problem_of_tie(const struct tie *tie)
{
    struct problem problem = chain_of("bp", tie->depth);
    problem.alpha = tie->alpha;
    memcpy(problem.rates, tie->rates, sizeof tie->rates);
    problem.rate_count = tie->rates[0] > 0 ? tie->depth : 0;
    return problem;
}

static const double LAW_AGREES = 0.02; /* of an exponent, relative: what the watch asks of itself */

static void check_tie(const struct tie *tie, enum method method)
{
    const struct problem problem = problem_of_tie(tie);
    const struct plan plan = plan_for(method);
    double limit[4];
    struct trial trial = trial_run(&problem, &plan, tie->start);
    const struct outcome *outcome = trial.outcome;
    const struct prediction prediction = prediction_of(&problem, tie->start, limit);
    assert_int_equal(prediction.ending, tie->ending);
    assert_ending(outcome, tie->ending, "tie %td, %s", tie - ties, method_name(method));
    check_not_false_settled("tie", trial.flow, outcome, &prediction, limit);
    if (tie->ending == ENDING_CREEPING) {
        assert_true(fabs(prediction.exponent - tie->exponent) <= 1e-15);
        if (!(fabs(outcome->exponent - tie->exponent) <= LAW_AGREES * fabs(tie->exponent)))
            fail_msg("tie %td: exponent %g", tie - ties, outcome->exponent);
        assert_true(matrix_distance(tie->depth, outcome->last, limit) <= outcome->distance_bound);
    } else {
        assert_true(matrix_distance(tie->depth, outcome->limit, limit) <= SELFTEST_LIMIT_AGREES);
        if (!(fabs(outcome->transverse_rate - prediction.rate) <= 1e-9 * fabs(prediction.rate)))
            fail_msg("tie %td: rate %.12g, predicted %.12g", tie - ties, outcome->transverse_rate,
                     prediction.rate);
    }
    trial_free(&trial);
}

static void ties_end_as_predicted(void **state)
{
    (void)state;
    for (int m = 0; m < METHODS; m++)
        for (size_t k = 0; k < COUNT(ties); k++)
            check_tie(&ties[k], m);
}

/* One weight longer by 2^-k: the orbit passes the saddle at a distance of about 2^(-k/2) and goes
 * on.  The integral knows the tie to a few 2^-53; nearer than that undecided is an answer, saddle
 * is none. */
static void near_ties_are_not_saddles(void **state)
{
    (void)state;
    enum { CLOSEST = 50, DECIDED = 44 }; /* bits */
    for (int m = 0; m < METHODS; m++)
        for (int k = 2; k <= CLOSEST; k++) {
            const struct problem problem = chain_of("bp", 2);
            const double start[2] = {0.5, -0.5 - ldexp(1, -k)};
            const struct plan plan = plan_for(m);
            double limit[2];
            struct trial trial = trial_run(&problem, &plan, start);
            const struct prediction prediction = prediction_of(&problem, start, limit);
            assert_int_equal(prediction.ending, ENDING_SETTLED);
            if (k <= DECIDED || trial.outcome->ending != ENDING_HORIZON)
                assert_ending(trial.outcome, ENDING_SETTLED, "near tie 2^-%d, %s", k,
                              method_name(m));
            check_not_false_settled("near tie", trial.flow, trial.outcome, &prediction, limit);
            trial_free(&trial);
        }
}

/* ---- algebraic approach ------------------------------------------------------------------- */

/* x' = +-(x - 1/2)^m expanded exactly, from a side that is attracted. */
static struct problem power_of_degree(int m)
{
    struct problem problem = polynomial_of(LIST(0));
    problem.q_count = (size_t)m + 1;
    double binomial = 1;
    for (int k = 0; k <= m; k++) { /* -(x - 1/2)^m = -sum binom(m,k) x^k (-1/2)^(m-k) */
        problem.q[k] = -binomial * pow(-0.5, m - k);
        binomial = binomial * (m - k) / (k + 1);
    }
    return problem;
}

static void multiple_roots_creep_with_their_exponent(void **state)
{
    (void)state;
    enum { MULTIPLICITY_MOST = 7 };
    const double start[1] = {
        2.375}; /* a short dyadic number: the root is one of the end points tried */
    for (int m = 2; m <= MULTIPLICITY_MOST; m++)
        for (int method = 0; method < METHODS; method++) {
            const struct problem problem = power_of_degree(m);
            const struct plan plan = plan_for(method);
            double limit[1];
            struct trial trial = trial_run(&problem, &plan, start);
            const struct prediction prediction = prediction_of(&problem, start, limit);
            assert_int_equal(prediction.ending, ENDING_CREEPING);
            assert_int_equal(prediction.multiplicity, m);
            assert_ending(trial.outcome, ENDING_CREEPING, "multiplicity %d, %s", m,
                          method_name(method));
            const double expected = -1.0 / (m - 1);
            if (!(fabs(trial.outcome->exponent / expected - 1) <= LAW_AGREES))
                fail_msg("multiplicity %d: exponent %g", m, trial.outcome->exponent);
            assert_true(fabs(trial.outcome->last[0] - 0.5) <= trial.outcome->distance_bound);
            trial_free(&trial);
        }
}

/* alpha = 0, all integrals 0: the most degenerate leaf, multiplicity 2^L - 1. */
static void the_most_degenerate_leaf_creeps(void **state)
{
    (void)state;
    const double start[4] = {1, 1.0 / 2, 1.0 / 8, 1.0 / 128};
    for (int m = 0; m < METHODS; m++)
        for (size_t L = 2; L <= 4; L++) {
            struct problem problem = chain_of("srbp", L);
            problem.alpha = 0;
            const struct plan plan = plan_for(m);
            double limit[4];
            struct trial trial = trial_run(&problem, &plan, start);
            const struct prediction prediction = prediction_of(&problem, start, limit);
            assert_int_equal(prediction.ending, ENDING_CREEPING);
            assert_int_equal(prediction.multiplicity, (1 << L) - 1);
            assert_ending(trial.outcome, ENDING_CREEPING, "L = %zu, %s", L, method_name(m));
            /* L = 4: t^(-1/14) has come down by a factor of 4 only, and the next order is seen */
            const double expected = -1.0 / ((1 << L) - 2), allowed = L < 4 ? LAW_AGREES : 0.1;
            if (!(fabs(trial.outcome->exponent / expected - 1) <= allowed))
                fail_msg("L = %zu: exponent %g", L, trial.outcome->exponent);
            assert_true(matrix_norm(L, trial.outcome->last) <= trial.outcome->distance_bound);
            trial_free(&trial);
        }
}

/* ---- blow-up ------------------------------------------------------------------------------ */

static void blowups_are_escapes_at_the_right_time(void **state)
{
    (void)state;
    for (int m = 0; m < METHODS; m++) {
        double worst = 0;
        const struct plan plan = plan_for(m);
        for (size_t k = 0; k < selftest_escapes_count(); k++) {
            struct selftest_finding finding = {.failed = false};
            assert_int_equal(selftest_escapes_try(k, &plan, &finding), OK);
            if (finding.failed)
                fail_msg("%s: %s", method_name(m), finding.what);
            worst = fmax(worst, finding.worst);
        }
        print_message("# blow-up times, %s: worst relative error %.2g\n", method_name(m), worst);
    }
}

/* ---- growth that saturates, and growth that does not -------------------------------------- */

struct growth_case {
    const char *name;
    size_t count;
    double q[4];
    enum ending ending;
    double limit, exponent;
};
static const struct growth_case growths[] = {
    {.name = "x' = x^2 (1 - x/1e3)", .count = 4, .q = {0, 0, 1, -1e-3}, .limit = 1e3},
    {.name = "x' = x^2 (1 - x/1e4)", .count = 4, .q = {0, 0, 1, -1e-4}, .limit = 1e4},
    {.name = "x' = x^2 (1 - x/1e5)", .count = 4, .q = {0, 0, 1, -1e-5}, .limit = 1e5},
    {.name = "x' = x^2 (1 - x/1e6)", .count = 4, .q = {0, 0, 1, -1e-6}, .limit = 1e6},
    {.name = "x' = x (1 - x/1e3)", .count = 3, .q = {0, 1, -1e-3}, .limit = 1e3},
    {.name = "x' = x (1 - x/1e6)", .count = 3, .q = {0, 1, -1e-6}, .limit = 1e6},
    {.name = "x' = x (1 - x/1e8)", .count = 3, .q = {0, 1, -1e-8}, .limit = 1e8},
    {.name = "x' = 2.385", .count = 1, .q = {2.385}, .ending = ENDING_UNBOUNDED, .exponent = 1},
    {.name = "x' = 0.01", .count = 1, .q = {0.01}, .ending = ENDING_UNBOUNDED, .exponent = 1},
    {.name = "x' = x", .count = 2, .q = {0, 1}, .ending = ENDING_UNBOUNDED, .exponent = INFINITY},
    {.name = "x' = x/1000 + 1",
     .count = 2,
     .q = {1, 1e-3},
     .ending = ENDING_UNBOUNDED,
     .exponent = INFINITY},
    {.name = "x' = 1 - x/1e6", .count = 2, .q = {1, -1e-6}, .limit = 1e6},
};

static void growth_is_told_from_saturation(void **state)
{
    (void)state;
    const double start[1] = {0.5};
    for (int m = 0; m < METHODS; m++)
        for (size_t k = 0; k < COUNT(growths); k++) {
            const struct growth_case *growth = &growths[k];
            const struct problem problem = polynomial_of(growth->q, growth->count);
            const struct plan plan = plan_for(m);
            struct trial trial = trial_run(&problem, &plan, start);
            assert_ending(trial.outcome, growth->ending, "%s, %s", growth->name, method_name(m));
            if (growth->ending == ENDING_SETTLED) /* 1/K is known to 1e-16 only */
                assert_true(fabs(trial.outcome->limit[0] / growth->limit - 1) <= 1e-14);
            else if (isinf(growth->exponent))
                assert_true(isinf(trial.outcome->exponent));
            else
                assert_true(fabs(trial.outcome->exponent - growth->exponent) <= 1e-6);
            trial_free(&trial);
        }
}

/* (L4): a dead layer, a_j ~ t^(2^(j-1)); and the formal beta = 0. */
static void polynomial_divergence_has_its_exponent(void **state)
{
    (void)state;
    for (int m = 0; m < METHODS; m++) {
        const struct plan plan = plan_for(m);
        const struct {
            struct problem problem;
            double start[4], exponent;
        } cases[] = {
            {chain_with("srbp", 3, LIST(1, 0, 1)), {0.5, 0, 0.5}, 1},
            {chain_with("srbp", 4, LIST(1, 1, 0, 1)), {0.5, 0.5, 0, 0.7}, 2},
            {chain_with("srbp", 4, LIST(1.5, -1, 2, 0)), {0.5, 0.5, 0.3, 0}, 4},
        };
        for (size_t k = 0; k < COUNT(cases); k++) {
            double limit[4];
            struct trial trial = trial_run(&cases[k].problem, &plan, cases[k].start);
            const struct prediction prediction =
                prediction_of(&cases[k].problem, cases[k].start, limit);
            assert_int_equal(prediction.ending, ENDING_UNBOUNDED);
            assert_true(prediction.exponent == cases[k].exponent);
            assert_ending(trial.outcome, ENDING_UNBOUNDED, "divergence %zu, %s", k, method_name(m));
            if (!(fabs(trial.outcome->exponent / cases[k].exponent - 1) <= 0.01))
                fail_msg("divergence %zu: exponent %g", k, trial.outcome->exponent);
            trial_free(&trial);
        }
    }
}

/* ---- starts on a fixed point -------------------------------------------------------------- */

static void check_rest(const char *name, const struct problem *problem, const double *start,
                       enum ending expected, bool predicted)
{
    for (int m = 0; m < METHODS; m++) {
        const struct plan plan = plan_for(m);
        double limit[10];
        struct trial trial = trial_run(problem, &plan, start);
        const struct prediction prediction = prediction_of(problem, start, limit);
        assert_ending(trial.outcome, expected, "%s, %s", name, method_name(m));
        assert_true(trial.outcome->t == 0 && trial.outcome->steps == 0);
        for (size_t i = 0; i < trial.flow->dim; i++)
            assert_true(trial.outcome->limit[i] == start[i]);
        if (predicted && prediction.ending != expected)
            fail_msg("%s: predicted %s", name, ending_name(prediction.ending));
        trial_free(&trial);
    }
}

static void starts_on_fixed_points_stay(void **state)
{
    (void)state;
    struct problem p = polynomial_of(LIST(0, 2, 0, -1)); /* 2x - x^3 */
    check_rest("unstable root", &p, (const double[]){0}, ENDING_SADDLE, true);
    p = polynomial_of(LIST(6, -5, -2, 1)); /* (x+2)(x-1)(x-3) */
    check_rest("stable root", &p, (const double[]){1}, ENDING_SETTLED, true);
    p = polynomial_of(LIST(0, 0, -1, 1));
    check_rest("semistable root", &p, (const double[]){0}, ENDING_SADDLE, true);
    p = polynomial_of(LIST(0, 0, 0, -1));
    check_rest("attracting triple root", &p, (const double[]){0}, ENDING_CREEPING, true);
    p = polynomial_of(LIST(0, 0, 0, 1));
    check_rest("repelling triple root", &p, (const double[]){0}, ENDING_SADDLE, true);
    p = chain_of("srbp", 2);
    check_rest("stable point", &p, (const double[]){2, 0.5}, ENDING_SETTLED, true);
    check_rest("unstable point", &p, (const double[]){-0.5, -2}, ENDING_SADDLE, true);
    check_rest("semistable point", &p, (const double[]){-1, -1}, ENDING_SADDLE, true);
    p.alpha = 0;
    check_rest("triple root", &p, (const double[]){0, 0}, ENDING_CREEPING, true);
    p = chain_of("bp", 2);
    check_rest("saddle of bp", &p, (const double[]){0, 0}, ENDING_SADDLE, true);
    check_rest("minimum of bp", &p, (const double[]){2, 0.5}, ENDING_SETTLED, true);
    p = chain_of("bp", 3);
    check_rest("saddle of bp", &p, (const double[]){0, 2.385, 0}, ENDING_SADDLE, true);
    p = chain_of("rbp", 10); /* the unstable equilibrium of (D2) */
    p.lambda = 30;
    p.alpha = 31;
    check_rest("decay", &p, (const double[]){1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, ENDING_SADDLE, false);
}

/* c1 = 0 = a1: nothing moves although the error does not vanish, (K9); never called settled. */
static void frozen_chains_are_not_settled(void **state)
{
    (void)state;
    const double start[2] = {0, 2.385};
    for (int m = 0; m < METHODS; m++) {
        const struct problem problem = chain_with("srbp", 2, LIST(0));
        const struct plan plan = plan_for(m);
        struct trial trial = trial_run(&problem, &plan, start);
        assert_true(trial.outcome->ending != ENDING_SETTLED);
        assert_true(trial.outcome->t == 0);
        trial_free(&trial);
    }
}

/* The same in the middle of a chain, where J is not zero but its part along the leaf is: computed, it
 * is some 1e-17 of either sign. */
static void rounding_of_a_rate_settles_nothing(void **state)
{
    (void)state;
    static const double starts[][4] = {{0, -1.0717507489198563, 0, 1.280288695533644},
                                       {0, 1.0717507489198563, 0, 1.280288695533644},
                                       {0, 0.3, 0, -2.385},
                                       {0, -0.7, 0, 0.1},
                                       {0, 2.1, 0, 1.7}};
    struct problem problem = chain_with("srbp", 4, LIST(0, 0.40873934554131874, 0, 1));
    problem.alpha = -1.812877044266079;
    problem.beta = 0.49947955451540393;
    for (size_t k = 0; k < sizeof starts / sizeof *starts; k++) {
        const struct plan plan = plan_for(0);
        struct trial trial = trial_run(&problem, &plan, starts[k]);
        assert_true(trial.outcome->ending != ENDING_SETTLED);
        trial_free(&trial);
    }
}

/* x' = y, y' = pull(x, y): drift along the fixed points y = 0 or not, (E47). */
struct drift_field {
    double (*pull)(double x, double y, double *by_x, double *by_y);
};

static double pull_of(const struct flow *flow, const double *x, size_t n, double *by_x,
                      double *by_y)
{
    const struct drift_field *drift = flow->data;
    return drift->pull(x[0], x[n], by_x, by_y);
}

static enum status drift_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    for (size_t k = 0; k < n; k++) {
        double by_x, by_y;
        dx[k] = x[n + k];
        dx[n + k] = pull_of(flow, x + k, n, &by_x, &by_y);
    }
    return OK;
}

static enum status drift_jacobian(const struct flow *flow, const double *x, double *J)
{
    J[0] = 0;
    J[1] = 1;
    pull_of(flow, x, 1, &J[2], &J[3]);
    return OK;
}

static double pull_nowhere(double x, double y, double *by_x, double *by_y)
{
    (void)x, (void)y;
    *by_x = *by_y = 0;
    return 0;
}

static double pull_slowly(double x, double y, double *by_x, double *by_y)
{
    (void)x;
    *by_x = 0;
    *by_y = -2 * y;
    return -y * y;
}

static double pull_back(double x, double y, double *by_x, double *by_y)
{
    (void)x;
    *by_x = 0;
    *by_y = -1;
    return -y;
}

static double pull_round(double x, double y, double *by_x, double *by_y)
{
    (void)y;
    *by_x = -3 * x * x;
    *by_y = 0;
    return -x * x * x;
}

static double pull_weakly_round(double x, double y, double *by_x, double *by_y)
{
    (void)y;
    *by_x = -11 * pow(x, 10);
    *by_y = 0;
    return -pow(x, 11);
}

/* Fixed points along which neighbours drift away are unstable; stable ones, whether their
 * linearisation is as degenerate or not, are never called so. */
static void drift_along_fixed_points_is_a_saddle(void **state)
{
    (void)state;
    static const struct {
        struct drift_field field;
        bool saddle;
    } cases[] = {{{pull_nowhere}, true},
                 {{pull_slowly}, true}, /* y ~ 1/t, x ~ log t */
                 {{pull_back}, false},
                 {{pull_round}, false}, /* x'' = -x^3: an oscillator */
                 {{pull_weakly_round}, false}};
    static const char names[2][UNKNOWN_NAME_MAX] = {"x", "y"};
    for (size_t k = 0; k < COUNT(cases); k++) {
        const struct flow flow = {.dim = 2,
                                  .title = "drift",
                                  .names = names,
                                  .field = drift_field,
                                  .jacobian = drift_jacobian,
                                  .data = &cases[k].field};
        for (int m = 0; m < METHODS; m++) {
            const struct plan plan = plan_for(m);
            struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){0, 0});
            if ((outcome->ending == ENDING_SADDLE) != cases[k].saddle)
                fail_msg("case %zu, %s: %s, %s", k, method_name(m), ending_name(outcome->ending),
                         outcome->reason);
            outcome_free(outcome);
        }
    }
    const struct problem frozen = chain_with("srbp", 2, LIST(0));
    check_rest("frozen weight", &frozen, (const double[]){0, 0.5}, ENDING_SADDLE, true);
}

/* ---- fields that fail --------------------------------------------------------------------- */

static enum status nan_beyond_two(double x, double *f, double *slope)
{
    *f = x < 2 ? 1 : NAN;
    *slope = x < 2 ? 0 : NAN;
    return OK;
}

static enum status nan_everywhere(double x, double *f, double *slope)
{
    (void)x;
    *f = *slope = NAN;
    return OK;
}

static enum status outside_beyond_two(double x, double *f, double *slope)
{
    *f = 1;
    *slope = 0;
    return x < 2 ? OK : status_fail(RETRY_SHORTER, "x = %g", x);
}

/* settles at 1.9375, just inside the domain x < 2 */
static enum status inside_of_two(double x, double *f, double *slope)
{
    *f = 1.9375 - x;
    *slope = -1;
    return x < 2 ? OK : status_fail(RETRY_SHORTER, "x = %g", x);
}

/* the same without a slope: nothing can be certified */
static enum status nan_slope(double x, double *f, double *slope)
{
    *f = 1.9375 - x;
    *slope = NAN;
    return OK;
}

static enum status fails_at_one(double x, double *f, double *slope)
{
    *f = 1;
    *slope = 0;
    return x < 1 ? OK : status_fail(NOT_FINITE, "x = %g", x);
}

/* `otherwise`: another ending that is as true. */
static void check_line(const struct line_field *line, enum ending expected, enum ending otherwise,
                       double most)
{
    const struct flow flow = line_flow(line);
    const double start[1] = {0.5};
    for (int m = 0; m < METHODS; m++) {
        struct plan plan = plan_for(m);
        plan.horizon = 100;
        struct outcome *outcome = outcome_of(&flow, &plan, start);
        if (outcome->ending != otherwise)
            assert_ending(outcome, expected, "%s", method_name(m));
        assert_true(outcome->last[0] <= most);
        assert_true(strlen(outcome->reason) > 0);
        outcome_free(outcome);
    }
}

static void failures_of_the_field_are_endings(void **state)
{
    (void)state;
    check_line(&(struct line_field){nan_beyond_two}, ENDING_FAILED, ENDING_FAILED, 2);
    check_line(&(struct line_field){nan_everywhere}, ENDING_FAILED, ENDING_FAILED, 0.5);
    check_line(&(struct line_field){outside_beyond_two}, ENDING_FAILED, ENDING_FAILED, 2);
    check_line(&(struct line_field){inside_of_two}, ENDING_SETTLED, ENDING_SETTLED, 2);
    check_line(&(struct line_field){nan_slope}, ENDING_FAILED, ENDING_HORIZON, 2);
    check_line(&(struct line_field){fails_at_one}, ENDING_FAILED, ENDING_FAILED, 1);
}

/* Weights whose product, or its square, overflows. */
static void overflow_is_never_an_arrival(void **state)
{
    (void)state;
    const double sizes[] = {1e60, 1e110, 1e160, 1e200, 1e307};
    for (int m = 0; m < METHODS; m++)
        for (size_t k = 0; k < COUNT(sizes); k++) {
            const struct problem problem = chain_of("srbp", 3);
            const double start[3] = {sizes[k], -sizes[k], sizes[k]};
            struct plan plan = plan_for(m);
            plan.steps_most = 20000;
            double limit[3];
            struct trial trial = trial_run(&problem, &plan, start);
            const struct prediction prediction = prediction_of(&problem, start, limit);
            check_not_false_settled("overflow", trial.flow, trial.outcome, &prediction, limit);
            trial_free(&trial);
        }
}

/* ---- cycles, and what looks like them ----------------------------------------------------- */

static void the_oscillator_has_its_period(void **state)
{
    (void)state;
    static const double PERIOD = 6.28318530717958647692, PERIOD_ERROR = 1e-8;
    const struct oscillator harmonic = {0};
    const double start[2] = {2.385, 0};
    for (size_t conserved = 0; conserved < 2; conserved++)
        for (int m = 0; m < METHODS; m++) {
            const struct flow flow = oscillator_flow(&harmonic, conserved);
            struct plan plan = plan_for(m);
            plan.rtol =
                1e-12; /* BDF damps by its error per step, which the returns must not show */
            plan.atol = 1e-14;
            struct outcome *outcome = outcome_of(&flow, &plan, start);
            if (m == METHOD_BDF && conserved == 0) { /* it damps: the returns do not agree */
                assert_true(outcome->ending == ENDING_CYCLING || outcome->ending == ENDING_HORIZON);
                outcome_free(outcome);
                continue;
            }
            assert_ending(outcome, ENDING_CYCLING, "oscillator, %zu integrals, %s", conserved,
                          method_name(m));
            print_message("# oscillator, %zu integrals, %s: period off by %.2g\n", conserved,
                          method_name(m), outcome->period - PERIOD);
            assert_true(fabs(outcome->period - PERIOD) <= PERIOD_ERROR);
            assert_true(outcome->return_distance <= 1e-8);
            outcome_free(outcome);
        }
}

/* Adaptive feedback on A[1,1,1,1]: the leaf is a closed curve without fixed points.  The period is
 * that of the quadrature of ds/e, twelve digits. */
static void closed_leaves_cycle(void **state)
{
    (void)state;
    enum { PERIODS = 100 };
    static const double PERIOD = 12.631561032;
    const struct deep deep = deep_network(DEEP_ARBP, 3, (const size_t[]){1, 1, 1, 1});
    const struct flow flow = deep_flow(&deep);
    const double start[5] = {0, -0.5, 0.3, 0.5, 0.1}, other[5] = {0, 0.5, 0.3, 0.5, 0.1};
    for (int m = 0; m < METHODS; m++) {
        const struct plan plan = plan_for(m);
        struct outcome *outcome = outcome_of(&flow, &plan, start);
        assert_ending(outcome, ENDING_CYCLING, "adaptive chain, %s", method_name(m));
        if (!(fabs(outcome->period - PERIOD) <= 1e-8))
            fail_msg("%s: period %.12g", method_name(m), outcome->period);
        outcome_free(outcome);
        outcome = outcome_of(&flow, &plan, other); /* the control: c_1 a_2 > 0 */
        assert_ending(outcome, ENDING_SETTLED, "adaptive chain that learns, %s", method_name(m));
        outcome_free(outcome);
    }
    struct plan plan = plan_for(METHOD_BDF);
    plan.no_endings = true;
    plan.horizon = PERIODS * PERIOD;
    struct outcome *outcome = outcome_of(&flow, &plan, start);
    for (size_t k = 0; k < flow.conserved; k++)
        assert_true(outcome->drift[k] <= 1e-11);
    outcome_free(outcome);
}

static void van_der_pol_has_its_period(void **state)
{
    (void)state;
    /* mu = 1: 28 digits, Taylor series of order 30 in 50-digit arithmetic */
    static const double PERIOD = 6.6632868593231301896996820305, PERIOD_ERROR = 1e-7;
    const struct oscillator limit_cycle = {.constant = 1, .square = -1};
    const double starts[][2] = {{2, 0}, {0.1, 0}, {-2.385, 4}};
    for (size_t k = 0; k < COUNT(starts); k++)
        for (int m = 0; m < METHODS; m++) {
            const struct flow flow = oscillator_flow(&limit_cycle, 0);
            const struct plan plan = plan_for(m);
            struct outcome *outcome = outcome_of(&flow, &plan, starts[k]);
            assert_ending(outcome, ENDING_CYCLING, "van der Pol, %s", method_name(m));
            print_message("# van der Pol, %s: period off by %.2g\n", method_name(m),
                          outcome->period - PERIOD);
            assert_true(fabs(outcome->period - PERIOD) <= PERIOD_ERROR);
            outcome_free(outcome);
        }
}

/* x'' + 2 eps x' + x = 0 goes to 0, however slowly; with eps < 0 it grows without bound. */
static void slow_foci_are_not_cycles(void **state)
{
    (void)state;
    const double decays[] = {1e-2, 1e-3, 1e-5, 1e-7, -1e-3, -1e-5};
    for (size_t k = 0; k < COUNT(decays); k++)
        for (int m = 0; m < METHODS; m++) {
            const struct oscillator focus = {.constant = -2 * decays[k]};
            const struct flow flow = oscillator_flow(&focus, 0);
            struct plan plan = plan_for(m);
            plan.steps_most =
                decays[k] == 1e-2 ? 100000 : 30000; /* a cycle is found within 10000 */
            struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){2.385, 0});
            if (outcome->ending == ENDING_CYCLING ||
                (decays[k] < 0 && outcome->ending == ENDING_SETTLED))
                fail_msg("eps = %g, %s: %s, returns agree to %g", decays[k], method_name(m),
                         ending_name(outcome->ending), outcome->return_distance);
            if (decays[k] == 1e-2) { /* 300 periods to go: within the allowed steps */
                assert_ending(outcome, ENDING_SETTLED, "eps = 1e-2, %s", method_name(m));
                assert_true(fabs(outcome->transverse_rate + 1e-2) <= 1e-12);
            }
            outcome_free(outcome);
        }
}

/* (D2), L = 10: decay that destroys convergence; two starts, one cycle. */
static void deep_chains_with_decay_cycle(void **state)
{
    (void)state;
    static const double PERIOD = 0.16976, PERIOD_ERROR = 5e-6; /* five digits are known */
    struct problem problem = chain_of("rbp", 10);
    problem.lambda = 30;
    problem.alpha = 31;
    double start[10] = {0, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const double first[] = {1.001, 0.5};
    for (size_t k = 0; k < COUNT(first); k++)
        for (int m = 0; m < METHODS; m++) {
            const struct plan plan = plan_for(m);
            start[0] = first[k];
            struct trial trial = trial_run(&problem, &plan, start);
            assert_ending(trial.outcome, ENDING_CYCLING, "decay from a1 = %g, %s", first[k],
                          method_name(m));
            assert_true(fabs(trial.outcome->period - PERIOD) <= PERIOD_ERROR);
            trial_free(&trial);
        }
}

/* (D2) on both sides of its border 1/theta = 9.5334...: with beta = kappa = 1 and epsilon = 1,
 * lambda = 1/theta, alpha = lambda + 1, and the equilibrium is (1, ..., 1). */
static void weak_instability_is_seen(void **state)
{
    (void)state;
    const double lambdas[] = {8.0, 9.3, 9.57, 10.0};
    double start[10] = {1.0001, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    for (size_t k = 0; k < COUNT(lambdas); k++) {
        struct problem problem = chain_of("rbp", 10);
        problem.lambda = lambdas[k];
        problem.alpha = lambdas[k] + 1;
        struct plan plan = plan_for(METHOD_BDF);
        plan.steps_most = 50000;
        struct trial trial = trial_run(&problem, &plan, start);
        const enum ending ending = trial.outcome->ending;
        if (lambdas[k] < 9.5334)
            assert_ending(trial.outcome, ENDING_SETTLED, "lambda = %g", lambdas[k]);
        else if (ending != ENDING_CYCLING && ending != ENDING_HORIZON)
            fail_msg("lambda = %g: %s", lambdas[k], ending_name(ending));
        trial_free(&trial);
    }
}

/* ---- small eigenvalues -------------------------------------------------------------------- */

/* x' = -lambda x (1 + x): settled for every lambda, however slow; the scale of time must not
 * matter. */
static void small_eigenvalues_settle_with_their_rate(void **state)
{
    (void)state;
    for (int m = 0; m < METHODS; m++)
        for (int k = 0; k <= 9; k++) {
            const double lambda = pow(10, -k);
            const struct problem problem = polynomial_of(LIST(0, -lambda, -lambda));
            struct plan plan = plan_for(m);
            plan.horizon = 1e14;
            struct trial trial = trial_run(&problem, &plan, (const double[]){2.385});
            assert_ending(trial.outcome, ENDING_SETTLED, "lambda = 1e-%d, %s", k, method_name(m));
            assert_true(fabs(trial.outcome->transverse_rate / lambda + 1) <= 1e-12);
            assert_true(fabs(trial.outcome->last[0]) <= trial.outcome->distance_bound);
            trial_free(&trial);
        }
}

/* ---- what a new user found: extreme parameters and careless tolerances ---- */

static enum ending ending_of(const struct problem *problem, const struct plan *plan,
                             const double *start)
{
    struct trial trial = trial_run(problem, plan, start);
    const enum ending ending = trial.outcome->ending;
    trial_free(&trial);
    return ending;
}

/* A fixed point at 1e10 or 1e30 is not infinity. */
static void far_roots_are_not_infinity(void **state)
{
    (void)state;
    const struct plan plan = plan_for(METHOD_BDF);
    struct problem chain = chain_of("rbp", 2);
    chain.beta = 1e-16;
    assert_int_equal(ending_of(&chain, &plan, (double[]){0.5, 0.5}), ENDING_SETTLED);
    const struct problem saturating = polynomial_of((double[]){0, 0, 1, -1e-30}, 4);
    assert_int_not_equal(ending_of(&saturating, &plan, (double[]){1}), ENDING_ESCAPED);
}

/* beta = 0: no fixed point anywhere, so none may be found. */
static void no_fixed_point_is_invented(void **state)
{
    (void)state;
    struct plan plan = plan_for(METHOD_ADAMS);
    struct problem chain = chain_of("rbp", 2);
    chain.alpha = -2.875;
    chain.beta = 0;
    chain.c[0] = 3;
    chain.c_count = 1;
    plan.rtol = 1e-2;
    assert_int_equal(ending_of(&chain, &plan, (double[]){1, 4}), ENDING_UNBOUNDED);
}

/* A run that drifts off its first integrals knows nothing of its limit. */
static void drift_ends_as_undecided(void **state)
{
    (void)state;
    struct plan plan = plan_for(METHOD_ADAMS);
    struct problem chain = chain_of("srbp", 2);
    chain.alpha = chain.beta = 2;
    chain.c[0] = -1.5;
    chain.c_count = 1;
    plan.rtol = 1e-6;
    plan.atol = 0.1;
    assert_int_equal(ending_of(&chain, &plan, (double[]){2, -0x1p-10}), ENDING_HORIZON);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ghosts_are_passed_and_never_settled_on),
        cmocka_unit_test(roots_before_the_double_root_are_not_passed),
        cmocka_unit_test(ghost_passages_take_their_time),
        cmocka_unit_test(integrators_pass_the_ghost_on_time),
        cmocka_unit_test(ties_end_as_predicted),
        cmocka_unit_test(near_ties_are_not_saddles),
        cmocka_unit_test(multiple_roots_creep_with_their_exponent),
        cmocka_unit_test(the_most_degenerate_leaf_creeps),
        cmocka_unit_test(blowups_are_escapes_at_the_right_time),
        cmocka_unit_test(growth_is_told_from_saturation),
        cmocka_unit_test(far_roots_are_not_infinity),
        cmocka_unit_test(no_fixed_point_is_invented),
        cmocka_unit_test(drift_ends_as_undecided),
        cmocka_unit_test(polynomial_divergence_has_its_exponent),
        cmocka_unit_test(starts_on_fixed_points_stay),
        cmocka_unit_test(frozen_chains_are_not_settled),
        cmocka_unit_test(rounding_of_a_rate_settles_nothing),
        cmocka_unit_test(drift_along_fixed_points_is_a_saddle),
        cmocka_unit_test(failures_of_the_field_are_endings),
        cmocka_unit_test(overflow_is_never_an_arrival),
        cmocka_unit_test(the_oscillator_has_its_period),
        cmocka_unit_test(closed_leaves_cycle),
        cmocka_unit_test(van_der_pol_has_its_period),
        cmocka_unit_test(slow_foci_are_not_cycles),
        cmocka_unit_test(deep_chains_with_decay_cycle),
        cmocka_unit_test(weak_instability_is_seen),
        cmocka_unit_test(small_eigenvalues_settle_with_their_rate),
    };
    return cmocka_run_group_tests_name("endings", tests, NULL, NULL);
}
