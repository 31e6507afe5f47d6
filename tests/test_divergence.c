/* Slow and stiff divergence of non-linear learning: laws known by theory, and traps beside them.
 *
 * A trajectory that diverges has no limit: `settled`, `creeping` or `saddle` is the one forbidden
 * word, by any method at any tolerance; and where a limit exists, however far, `unbounded` is.
 * Undecided is allowed, and its share is counted.  Laws: notes/endings.md, (E32) and (E33). */
#include "tests/chains.h"
#include "tests/divergent_flows.h"

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};
static const double tolerances[] = {1e-6, 1e-8, 1e-10, 1e-12};
enum { SEED = 1611, STEPS = 20000 };

static struct plan plan_with(enum method method, double rtol)
{
    struct plan plan = plan_defaults();
    plan.method = method;
    plan.rtol = rtol;
    plan.atol = rtol / 100;
    plan.steps_most = STEPS; /* explicit methods are not waited for */
    return plan;
}

static double between(struct stream *stream, double low, double high)
{
    return low + (high - low) * stream_uniform(stream);
}

static bool claims_rest(const struct outcome *outcome)
{
    return outcome->ending == ENDING_SETTLED || outcome->ending == ENDING_CREEPING ||
           outcome->ending == ENDING_SADDLE || outcome->ending == ENDING_CYCLING;
}

/* +-1/2, +-1, +-2 with T = sgn I */
static struct tanh_chain sign_chain(enum slope slope)
{
    return (struct tanh_chain){.c1 = 1,
                               .count = 6,
                               .I = {.5, -.5, 1, -1, 2, -2},
                               .T = {1, -1, 1, -1, 1, -1},
                               .slope = slope};
}

/* ---- the flows themselves ---- */

static void check_jacobian(const struct flow *flow, struct stream *stream)
{
    static const double AGREES = 1e-7; /* differences with Richardson: O(h^4) */
    double x[DIVERGENT_MOST], J[DIVERGENT_MOST * DIVERGENT_MOST],
        D[DIVERGENT_MOST * DIVERGENT_MOST], work[3 * DIVERGENT_MOST];
    for (size_t i = 0; i < flow->dim; i++)
        x[i] = between(stream, .3, 1.4);
    assert_int_equal(flow->jacobian(flow, x, J), OK);
    assert_int_equal(flow_jacobian_by_differences(flow, x, D, work), OK);
    for (size_t k = 0; k < flow->dim * flow->dim; k++)
        if (!(fabs(J[k] - D[k]) <= AGREES * (1 + fabs(J[k]))))
            fail_msg("%s: entry %zu is %.12g, not %.12g", flow->title, k, J[k], D[k]);
}

static void jacobians_are_derivatives(void **state)
{
    (void)state;
    struct tanh_chain tanh_chain = sign_chain(SLOPE_EXACT), cancels = sign_chain(SLOPE_CANCELS);
    struct erf_chain fixed = {.c1 = -.7, .rho = 1.3}, own = {.rho = .8, .feedback = ERF_OWN};
    struct square_chain squares;
    struct power_chain powers = {.c1 = .7, .c2 = 1.3, .mu1 = 3, .mu2 = 2};
    const struct flow flows[] = {tanh_chain_flow(&tanh_chain),
                                 tanh_chain_flow(&cancels),
                                 erf_chain_flow(&fixed),
                                 erf_chain_flow(&own),
                                 square_chain_flow(1.2, 3, 1, &squares),
                                 power_chain_flow(1, 3, &powers)};
    for (size_t k = 0; k < COUNT(flows); k++) {
        struct stream stream = stream_at(SEED, stream_key("jacobians"), k);
        check_jacobian(&flows[k], &stream);
    }
}

/* ---- laws ---- */

struct tally {
    size_t runs, decided;
};

static void report(const char *family, const struct tally *tally, double least_share)
{
    print_message("# %s: %zu of %zu decided\n", family, tally->decided, tally->runs);
    assert_true(tally->runs > 0);
    assert_true((double)tally->decided >= least_share * (double)tally->runs);
}

/* Follows by every method at every tolerance; `unbounded` must have this exponent. */
static void follow_growth(const char *name, const struct flow *flow, const double *start,
                          double exponent, double slope, struct tally *tally)
{
    static const double AGREES = 1e-3;
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(tolerances); k++) {
            const struct plan plan = plan_with(methods[m], tolerances[k]);
            struct outcome *outcome = outcome_of(flow, &plan, start);
            tally->runs++;
            if (claims_rest(outcome) || outcome->ending == ENDING_ESCAPED)
                fail_msg("%s, %s at %g: FALSE %s at t = %g", name, method_name(methods[m]),
                         tolerances[k], ending_name(outcome->ending), outcome->t);
            if (outcome->ending == ENDING_UNBOUNDED) {
                const double found = slope > 0 ? outcome->log_slope : outcome->exponent;
                const double right = slope > 0 ? slope : exponent;
                tally->decided++;
                if (!(found == right || fabs(found / right - 1) <= AGREES))
                    fail_msg("%s, %s at %g: %.6g, not %.6g", name, method_name(methods[m]),
                             tolerances[k], found, right);
                assert_true(slope > 0 ? outcome->exponent == 0 : isnan(outcome->log_slope));
            }
            outcome_free(outcome);
        }
}

/* Separable data: |x| ~ ln t/(4 min |I|), whatever the rate and the start. */
static void saturating_chains_diverge_logarithmically(void **state)
{
    (void)state;
    enum { DRAWS = 3 };
    static const double ALL = 0.9; /* the share with a bound on rounding; measured: all */
    struct tally known = {0}, unknown = {0};
    for (size_t k = 0; k < DRAWS; k++) {
        struct stream stream = stream_at(SEED, stream_key("logarithms"), k);
        struct tanh_chain chain = sign_chain(k % 2 ? SLOPE_CANCELS : SLOPE_EXACT);
        chain.c1 = between(&stream, .5, 2);
        const double least = between(&stream, .4, .8);
        for (size_t i = 0; i < chain.count; i++)
            chain.I[i] *= 2 * least;
        const double start[2] = {between(&stream, .3, 1), between(&stream, .3, 1)};
        struct flow flow = tanh_chain_flow(&chain);
        flow.rounding = tanh_chain_rounding;
        follow_growth("tanh", &flow, start, 0, 1 / (4 * least), &known);
        flow.rounding = NULL;
        follow_growth("tanh, rounding unknown", &flow, start, 0, 1 / (4 * least), &unknown);
    }
    report("logarithms", &known, ALL);
    report("logarithms, rounding unknown", &unknown, 0);
}

static void erf_chains_diverge_by_small_powers(void **state)
{
    (void)state;
    enum { DRAWS = 2 };
    static const double MOST = 0.9; /* measured: all */
    struct tally tally = {0};
    for (size_t k = 0; k < DRAWS; k++) {
        struct stream stream = stream_at(SEED, stream_key("powers"), k);
        struct erf_chain chain = {.c1 = between(&stream, .5, 2), .rho = between(&stream, .5, 2)};
        struct flow flow = erf_chain_flow(&chain);
        const double start[2] = {between(&stream, .3, .8), between(&stream, .3, .8)};
        follow_growth("erf, c1 > 0", &flow, start, 1.0 / 6, 0, &tally);
        chain.feedback = ERF_OWN;
        follow_growth("erf, gradient descent", &flow, start, 1.0 / 6, 0, &tally);
    }
    struct erf_chain wrong = {.c1 = -1, .rho = 1};
    struct flow flow = erf_chain_flow(&wrong);
    follow_growth("erf, c1 < 0", &flow, (const double[]){1.5, .8}, 1.0 / 3, 0, &tally);
    report("small powers", &tally, MOST);
}

static void square_chains_diverge_stiffly(void **state)
{
    (void)state;
    static const double MOST = 0.9;
    struct tally tally = {0};
    const double starts[][2] = {{.5, .5}, {.9, .3}, {.4, 1.1}};
    struct square_chain chain;
    for (size_t k = 0; k < COUNT(starts); k++) {
        struct flow flow = square_chain_flow(1, 3, 1, &chain);
        follow_growth("squares, T = (3, 1)", &flow, starts[k], 1, 0, &tally);
        flow = square_chain_flow(1.3, 1, 8, &chain);
        follow_growth("squares, T = (1, 8)", &flow, starts[k], 1.0 / 2, 0, &tally);
    }
    report("squares", &tally, MOST);
}

static void power_chains_grow_exponentially(void **state)
{
    (void)state;
    static const double HALF = 0.5; /* at 1e-6 errors decide, (E17) */
    struct tally tally = {0};
    struct power_chain chain = {.c1 = 1, .c2 = 1, .mu1 = 2, .mu2 = 2};
    const struct flow flow = power_chain_flow(1, 3, &chain);
    follow_growth("powers 2, 2", &flow, (const double[]){.6, .7, .5}, INFINITY, 0, &tally);
    report("exponential", &tally, HALF);
}

/* ---- blow-up, with a bound that holds ---- */

/* mu = (3, 2), T = (1, 3), c = 1 from (.6, .7, .5): Radau IIA of order 5 in d tau = a1 dt, 80000
 * and 40000 steps in 64-bit-mantissa arithmetic to a1 = 227.7, then 1/(kappa a1); 13 digits agree */
static const double BLOW_UP = 1.564173291872;

static void stiff_blow_up_is_timed(void **state)
{
    (void)state;
    static const double FIVE_DIGITS = 1e-5, HALF = 0.5;
    struct tally tally = {0};
    double worst = 0;
    struct power_chain chain = {.c1 = 1, .c2 = 1, .mu1 = 3, .mu2 = 2};
    const struct flow flow = power_chain_flow(1, 3, &chain);
    assert_true(fabs(power_chain_kappa(&chain) - 1.250671) <= 1e-6);
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(tolerances); k++) {
            const struct plan plan = plan_with(methods[m], tolerances[k]);
            struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){.6, .7, .5});
            tally.runs++;
            if (outcome->ending == ENDING_ESCAPED) {
                const double off = fabs(outcome->blowup_time - BLOW_UP);
                tally.decided++;
                worst = fmax(worst, off);
                if (!(off <= outcome->blowup_error))
                    fail_msg("%s at %g: t* = %.12g, off by more than %g", method_name(methods[m]),
                             tolerances[k], outcome->blowup_time, outcome->blowup_error);
                assert_true(tolerances[k] > 1e-10 || outcome->blowup_error <= FIVE_DIGITS);
            } else if (outcome->ending != ENDING_HORIZON) {
                fail_msg("%s at %g: FALSE %s", method_name(methods[m]), tolerances[k],
                         ending_name(outcome->ending));
            }
            outcome_free(outcome);
        }
    print_message("# blow-up time: off by at most %.2g\n", worst);
    report("blow-up", &tally, HALF);
}

/* Random rates: each bound holds the finest answer. */
static void blow_up_times_agree(void **state)
{
    (void)state;
    enum { DRAWS = 2 };
    struct tally tally = {0};
    for (size_t d = 0; d < DRAWS; d++) {
        struct stream stream = stream_at(SEED, stream_key("blow-up"), d);
        struct power_chain chain = {
            .c1 = between(&stream, .7, 1.5), .c2 = between(&stream, .7, 1.5), .mu1 = 3, .mu2 = 2};
        const struct flow flow = power_chain_flow(1, between(&stream, 2.5, 4), &chain);
        double start[3], finest = NAN;
        for (size_t i = 0; i < 3; i++)
            start[i] = between(&stream, .4, .8);
        for (size_t k = COUNT(tolerances); k-- > 1;) {
            const struct plan plan = plan_with(METHOD_BDF, tolerances[k]);
            struct outcome *outcome = outcome_of(&flow, &plan, start);
            tally.runs++;
            assert_false(claims_rest(outcome));
            if (outcome->ending == ENDING_ESCAPED) {
                tally.decided++;
                finest = isnan(finest) ? outcome->blowup_time : finest;
                assert_true(fabs(outcome->blowup_time - finest) <= 2 * outcome->blowup_error);
            }
            outcome_free(outcome);
        }
    }
    report("blow-up, random", &tally, 0.5);
}

/* ---- traps ---- */

/* (E30), (E31): deep in saturation the field is zero to rounding, and there is no fixed point. */
static void saturated_starts_are_never_at_rest(void **state)
{
    (void)state;
    const double starts[] = {18, 40, 2000};
    size_t runs = 0;
    for (size_t k = 0; k < COUNT(starts); k++)
        for (int variant = 0; variant < 4; variant++)
            for (size_t m = 0; m < COUNT(methods); m++)
                for (size_t r = 0; r < COUNT(tolerances); r += 2) {
                    struct tanh_chain chain = sign_chain(variant % 2 ? SLOPE_CANCELS : SLOPE_EXACT);
                    struct flow flow = tanh_chain_flow(&chain);
                    flow.rounding = variant / 2 ? tanh_chain_rounding : NULL;
                    struct plan plan = plan_with(methods[m], tolerances[r]);
                    plan.steps_most = 2000; /* rest is claimed within a hundred */
                    struct outcome *outcome =
                        outcome_of(&flow, &plan, (const double[]){starts[k], .5});
                    runs++;
                    if (claims_rest(outcome))
                        fail_msg("a1 = %g, variant %d, %s: FALSE %s", starts[k], variant,
                                 method_name(methods[m]), ending_name(outcome->ending));
                    outcome_free(outcome);
                }
    /* at rest from the start, to rounding */
    struct tanh_chain chain = sign_chain(SLOPE_EXACT);
    const struct flow flow = tanh_chain_flow(&chain);
    const struct plan plan = plan_defaults();
    struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){100, 1});
    assert_false(claims_rest(outcome));
    outcome_free(outcome);
    print_message("# saturated: %zu runs, none at rest\n", runs);
}

/* Horizons beyond what the field resolves. */
static void late_horizons_are_no_rest(void **state)
{
    (void)state;
    const double horizons[] = {1e3, 1e16, 1e20, 1e40, 1e80};
    struct tanh_chain chain = sign_chain(SLOPE_EXACT);
    struct erf_chain erf_chain = {.c1 = 1, .rho = 1};
    const struct flow flows[] = {tanh_chain_flow(&chain), erf_chain_flow(&erf_chain)};
    for (size_t f = 0; f < COUNT(flows); f++)
        for (size_t h = 0; h < COUNT(horizons); h++)
            for (size_t k = 0; k < COUNT(tolerances); k++) {
                struct plan plan = plan_with(METHOD_BDF, tolerances[k]);
                plan.horizon = horizons[h];
                struct outcome *outcome = outcome_of(&flows[f], &plan, (const double[]){.5, .5});
                assert_false(claims_rest(outcome));
                outcome_free(outcome);
            }
}

/* A teacher T = rho tanh(A I) has its limit at (A, rho), after what looks like a logarithm for
 * decades: A min |I| from 1 to 12, that is t up to 10^20. */
static void distant_teachers_are_never_unbounded(void **state)
{
    (void)state;
    enum { FARTHEST = 24 };
    size_t settled = 0, runs = 0;
    for (int A = 2; A <= FARTHEST; A += 2)
        for (int variant = 0; variant < 4; variant++)
            for (size_t m = 0; m < COUNT(methods); m++) {
                struct tanh_chain chain = sign_chain(variant % 2 ? SLOPE_CANCELS : SLOPE_EXACT);
                for (size_t i = 0; i < chain.count; i++)
                    chain.T[i] = tanh(A * chain.I[i]);
                struct flow flow = tanh_chain_flow(&chain);
                flow.rounding = variant / 2 ? tanh_chain_rounding : NULL;
                struct plan plan = plan_with(methods[m], 1e-10);
                plan.horizon = 1e30;
                struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){.5, .5});
                runs++;
                if (outcome->ending == ENDING_UNBOUNDED || outcome->ending == ENDING_ESCAPED)
                    fail_msg("teacher at %d, variant %d, %s: FALSE %s", A, variant,
                             method_name(methods[m]), ending_name(outcome->ending));
                if (outcome->ending == ENDING_SETTLED) {
                    settled++;
                    if (!(fabs(outcome->limit[0] - A) <= 1e-3 * A))
                        fail_msg("teacher at %d, variant %d, %s: settled at %.10g", A, variant,
                                 method_name(methods[m]), outcome->limit[0]);
                }
                outcome_free(outcome);
            }
    print_message("# distant teachers: %zu of %zu settle there\n", settled, runs);
    assert_true(settled > 0);
}

/* ---- the wrong equilibrium ---- */

static struct tanh_chain wrong_chain(double c1)
{
    return (struct tanh_chain){
        .c1 = c1, .count = 3, .I = {.61, 3.21, 3.91}, .T = {-1.47, .86, -1.63}};
}

/* A saddle of the loss that attracts for c1 < 0.98; at c1 = 0.8 inside an unstable cycle. */
static void saddles_of_the_loss_attract(void **state)
{
    (void)state;
    static const double LIMIT[2] = {.303618942742, -.759198639486}, DIGITS = 1e-11;
    for (size_t m = 0; m < COUNT(methods); m++)
        for (size_t k = 0; k < COUNT(tolerances); k++) {
            struct tanh_chain chain = wrong_chain(.5);
            const struct flow flow = tanh_chain_flow(&chain);
            const struct plan plan = plan_with(methods[m], tolerances[k]);
            struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){1, 0});
            assert_ending(outcome, ENDING_SETTLED, "wrong equilibrium");
            assert_true(matrix_distance(2, outcome->limit, LIMIT) <= DIGITS);
            assert_true(outcome->transverse_rate < 0);
            outcome_free(outcome);
        }
}

static void unstable_cycles_are_left(void **state)
{
    (void)state;
    static const double INSIDE = .3418, OUTSIDE = .36; /* the cycle reaches a1 in [.2515, .3418] */
    size_t settled = 0, left = 0;
    for (double a1 = .304; a1 < OUTSIDE; a1 += .002)
        for (size_t m = 0; m < COUNT(methods); m++)
            for (size_t k = 0; k < COUNT(tolerances); k += 2) {
                struct tanh_chain chain = wrong_chain(.8);
                const struct flow flow = tanh_chain_flow(&chain);
                const struct plan plan = plan_with(methods[m], tolerances[k]);
                struct outcome *outcome = outcome_of(&flow, &plan, (const double[]){a1, -.7592});
                if (outcome->ending == ENDING_CYCLING || outcome->ending == ENDING_CREEPING ||
                    (a1 > INSIDE && outcome->ending == ENDING_SETTLED))
                    fail_msg("from a1 = %g, %s: FALSE %s", a1, method_name(methods[m]),
                             ending_name(outcome->ending));
                settled += outcome->ending == ENDING_SETTLED;
                left += outcome->ending == ENDING_UNBOUNDED;
                outcome_free(outcome);
            }
    print_message("# round the unstable cycle: %zu settle inside, %zu leave\n", settled, left);
    assert_true(settled > 0 && left > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jacobians_are_derivatives),
        cmocka_unit_test(saturating_chains_diverge_logarithmically),
        cmocka_unit_test(erf_chains_diverge_by_small_powers),
        cmocka_unit_test(square_chains_diverge_stiffly),
        cmocka_unit_test(power_chains_grow_exponentially),
        cmocka_unit_test(stiff_blow_up_is_timed),
        cmocka_unit_test(blow_up_times_agree),
        cmocka_unit_test(saturated_starts_are_never_at_rest),
        cmocka_unit_test(late_horizons_are_no_rest),
        cmocka_unit_test(distant_teachers_are_never_unbounded),
        cmocka_unit_test(saddles_of_the_loss_attract),
        cmocka_unit_test(unstable_cycles_are_left),
    };
    return cmocka_run_group_tests_name("divergence", tests, NULL, NULL);
}
