/* Fans, adaptive feedback and Kolen-Pollack decay against limits and periods known to 16 digits and
 * more.
 *
 * Limits: 40-digit arithmetic, next root of the cubic or quartic (or the closed form of the
 * equilibrium) with exact rational data; each confirmed by an explicit method of order 8 at rtol
 * 1e-13.  Every case is decided once by algebra and three times by integration.  Periods: mpmath's
 * quadrature of the formulas of (G5) and (G12), 30 digits. */
#include "tests/chains.h"

#include "linear/fan.h"

enum { DIM_MOST = 9, SEED = 2018 };

static const double PREDICTION = 1e-14; /* relative: an exact limit but for a few roundings */
static const double INTEGRATED = 1e-9;  /* of a settled limit, polished on its leaf */
static const double UNPOLISHED = 1e-6;  /* of a creeping one, times what is still to go */

struct known {
    const char *id, *system, *rule;
    size_t size, c_count, dim; /* size: L of a chain, N of a fan */
    double c[3], lambda, alpha;
    double init[DIM_MOST];
    enum ending ending;
    double limit[DIM_MOST];
    double rate; /* NAN: not known to the source */
};

static const struct known cases[] = {
    {"A1N1-1",
     "fan",
     "rbp",
     3,
     3,
     6,
     {1, -1, 0.5},
     0,
     1,
     {0.5, -0.25, 0.25, 0.125, 0.75, -0.5},
     ENDING_SETTLED,
     {1.358519569249751817687594, -1.108519569249751817687594, 0.679259784624875908843797,
      0.9227877100172656122531047, 0.1668421822951723421687938, -0.1011061449913671938734476},
     -4.2411773656792290194},
    {"A1N1-2",
     "fan",
     "rbp",
     3,
     3,
     6,
     {1, 0, 0},
     0,
     1,
     {0.5, -0.25, 0.25, 0.125, 0.75, -0.5},
     ENDING_SETTLED,
     {1.341576427385521969841127, -0.25, 0.25, 0.8999136552582503514037742,
      0.5396058931536195075397183, -0.2896058931536195075397183},
     -2.8247409657747510542},
    {"A1N1-3",
     "fan",
     "rbp",
     3,
     3,
     6,
     {0, 0, 0},
     0,
     1,
     {0.5, -0.25, 0.25, 0.125, 0.75, -0.5},
     ENDING_SETTLED,
     {0.5, -0.25, 0.25, 1.791666666666666666666667, -0.08333333333333333333333333,
      0.3333333333333333333333333},
     -0.375},
    {"A1N1-4",
     "fan",
     "rbp",
     2,
     2,
     4,
     {1, 0.5},
     0,
     1,
     {-1, 0.5, -3, -2},
     ENDING_SETTLED,
     {-2.592883417980412175310864, -0.2964417089902060876554321, -0.1384777903811075838309594,
      -2.162122313170965967226344},
     -5.5913831591002282977},
    {"A1N1-5",
     "fan",
     "rbp",
     2,
     2,
     4,
     {1, 0},
     0,
     1,
     {1.5, 1, -1.375, 3.5},
     ENDING_CREEPING,
     {1, 1, -2, 3},
     0},
    {"ARBP-1",
     "chain",
     "arbp",
     2,
     0,
     3,
     {0},
     0,
     1,
     {0.5, 0.25, -0.125},
     ENDING_SETTLED,
     {0.8907279445949291393225841, 1.122677250745471828912276, 0.7476772507454718289122761},
     -1.6327965115941662449},
    {"ARBP-2",
     "chain",
     "asrbp",
     2,
     0,
     3,
     {0},
     0,
     1,
     {1.0 / 64, -1.0 / 32, 3.0 / 128},
     ENDING_SETTLED,
     {1.027641257642369962872957, 0.9731022305334597482987487, 1.027789730533459748298749},
     -2.0561910337102850233},
    {"ARBP-3",
     "chain",
     "arbp",
     2,
     0,
     3,
     {0},
     0,
     1,
     {0.5, 0.25, -0.5},
     ENDING_SADDLE,
     {0, 0.75, 0},
     1},
    {"ARBP-4",
     "chain",
     "arbp",
     2,
     0,
     3,
     {0},
     0,
     1,
     {-4, -1, 4},
     ENDING_SETTLED,
     {-4.791287847477920003294024, -0.2087121525220799967059764, 4.791287847477920003294024},
     -21.956439237389600016},
    {"ARBP-5",
     "chain",
     "arbp",
     2,
     0,
     3,
     {0},
     0,
     1.0 / 16,
     {0.125, -4, 0.25},
     ENDING_SETTLED,
     {4.259174927464695176706962, 0.01467420358740785017091071, 4.264674203587407850170911},
     -18.203151760241299477},
    {"ARBP-fan",
     "fan",
     "arbp",
     3,
     0,
     9,
     {0},
     0,
     1,
     {0.5, -0.25, 0.125, 0.25, 0.5, -0.5, -0.125, 0.375, 0.25},
     ENDING_SETTLED,
     {0.84185964302020979, 0.1785352167524774, 0.74998344519137651, 1.063732646638821,
      0.4566622131338662, 0.030608844467654274, 0.688732646638821, 0.3316622131338662,
      0.780608844467654274},
     NAN},
    {"ASRBP",
     "chain",
     "asrbp",
     3,
     0,
     5,
     {0},
     0,
     1,
     {0.4, -0.3, 0.6, 0.2, -0.5},
     ENDING_SETTLED,
     {1.5643394096376528, -1.4790635439421328, -0.43219743082236682, 1.5255024708421419,
      -1.5321974308223667},
     NAN},
    {"KP-1",
     "chain",
     "kolen-pollack",
     2,
     0,
     3,
     {0},
     0.125,
     1,
     {0.5, 0.25, -0.125},
     ENDING_SETTLED,
     {0.9354143466934853463959372, 0.9354143466934853463959372, 0.9354143466934853463959372},
     -0.125},
    {"KP-2",
     "chain",
     "kolen-pollack",
     2,
     0,
     3,
     {0},
     0.125,
     1,
     {-0.5, 0.25, -0.125},
     ENDING_SETTLED,
     {-0.9354143466934853463959372, -0.9354143466934853463959372, -0.9354143466934853463959372},
     -0.125},
    {"KP-3",
     "chain",
     "kolen-pollack",
     2,
     0,
     3,
     {0},
     1.5,
     1,
     {0.5, 0.25, -0.125},
     ENDING_SETTLED,
     {0, 0, 0},
     -0.5},
    {"KP-4",
     "chain",
     "kolen-pollack",
     3,
     0,
     5,
     {0},
     0.25,
     1,
     {0.5, 0.5, 0.5, 0.5, 0.5},
     ENDING_SETTLED,
     {0.8967902127644274271865972, 0.8967902127644274271865972, 0.8967902127644274271865972,
      0.8967902127644274271865972, 0.8967902127644274271865972},
     -0.25},
    {"KP-5",
     "chain",
     "kolen-pollack",
     3,
     0,
     5,
     {0},
     0.25,
     1,
     {0.125, 0.125, 0.125, 0.125, 0.125},
     ENDING_SETTLED,
     {0, 0, 0, 0, 0},
     -0.25},
};

static struct problem problem_of(const struct known *known)
{
    const bool fan = strcmp(known->system, "fan") == 0;
    struct problem problem =
        problem_defaults(registry_system(known->system), registry_rule(known->rule));
    problem.depth = fan ? problem.depth : known->size;
    problem.size_count = fan ? 3 : 0;
    problem.sizes[0] = problem.sizes[2] = 1;
    problem.sizes[1] = known->size;
    problem.alpha = known->alpha;
    problem.lambda = known->lambda;
    problem.c_count = known->c_count;
    memcpy(problem.c, known->c, sizeof known->c);
    return problem;
}

static double relative(size_t dim, const double *x, const double *y)
{
    double size = 1;
    for (size_t i = 0; i < dim; i++)
        size = fmax(size, fabs(y[i]));
    return matrix_largest_difference(dim, x, y) / size;
}

static void predictions_agree_with_the_references(void **state)
{
    (void)state;
    double worst = 0;
    for (size_t k = 0; k < COUNT(cases); k++) {
        const struct problem problem = problem_of(&cases[k]);
        double limit[DIM_MOST];
        const struct prediction p = prediction_of(&problem, cases[k].init, limit);
        if (p.ending != cases[k].ending)
            fail_msg("%s: predicted %s (%s)", cases[k].id, ending_name(p.ending),
                     p.reason ? p.reason : "");
        const double off = relative(cases[k].dim, limit, cases[k].limit);
        if (!(off <= PREDICTION))
            fail_msg("%s: the limit is off by %.3g", cases[k].id, off);
        if (!isnan(cases[k].rate) && !(fabs(p.rate - cases[k].rate) <= PREDICTION * 100))
            fail_msg("%s: rate %.17g", cases[k].id, p.rate);
        assert_true(p.error <= PREDICTION * 100);
        worst = fmax(worst, off);
    }
    print_message("# predictions: worst relative error %.2g\n", worst);
}

static void check_integration(const struct known *known, enum method method, double *worst)
{
    const struct problem problem = problem_of(known);
    struct plan plan = plan_defaults();
    plan.method = method;
    struct trial trial = trial_run(&problem, &plan, known->init);
    const struct outcome *outcome = trial.outcome;
    if (outcome->ending != known->ending || !outcome->has_limit)
        fail_msg("%s: ends %s: %s", known->id, ending_name(outcome->ending), outcome->reason);
    const bool creeps = known->ending == ENDING_CREEPING;
    const double off = relative(known->dim, outcome->limit, known->limit);
    if (!(off <= (creeps ? fmax(UNPOLISHED, outcome->distance_bound) : INTEGRATED)))
        fail_msg("%s: the limit is off by %.3g", known->id, off);
    if (!isnan(known->rate) && !creeps &&
        !(fabs(outcome->transverse_rate - known->rate) <= INTEGRATED * 100))
        fail_msg("%s: transverse rate %.17g", known->id, outcome->transverse_rate);
    if (!creeps)
        *worst = fmax(*worst, off);
    trial_free(&trial);
}

static void integrations_agree_with_the_references(void **state)
{
    (void)state;
    static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};
    static const char *const names[] = {"bdf", "adams", "rk8pd"};
    for (size_t m = 0; m < COUNT(methods); m++) {
        double worst = 0;
        for (size_t k = 0; k < COUNT(cases); k++)
            check_integration(&cases[k], methods[m], &worst);
        print_message("# %s: worst limit %.2g\n", names[m], worst);
    }
}

/* ---- periods ------------------------------------------------------------------------------ */

static void periods_agree_with_the_references(void **state)
{
    (void)state;
    static const struct {
        size_t depth;
        double rho, init[5], period;
    } known[] = {
        {3, 1, {0, -0.5, 0.3, 0.5, 0.1}, 12.63156103197159203668197},
        {3, 1, {0.1, -0.4, 0.1, 0.3, 0.2}, 19.00978224577710837070115},
        {2, -2, {0.3, 0.2, 0.4}, 4.51330266627333078325186},
    };
    for (size_t k = 0; k < COUNT(known); k++) {
        struct problem problem = chain_of("arbp", known[k].depth);
        double limit[5];
        if (known[k].rho != 1) {
            problem.rate_count = 3;
            problem.rates[0] = problem.rates[1] = 1;
            problem.rates[2] = known[k].rho;
        }
        const struct prediction p = prediction_of(&problem, known[k].init, limit);
        assert_int_equal(p.ending, ENDING_CYCLING);
        if (!(fabs(p.period - known[k].period) <= PREDICTION * p.period))
            fail_msg("period %.16g, known %.16g", p.period, known[k].period);
    }
}

/* ---- what the balls decide ------------------------------------------------------------------ */

static enum ending predicted(const char *rule, size_t depth, double alpha, const double *x0)
{
    struct problem problem = chain_of(rule, depth);
    double limit[DIM_MOST];
    problem.alpha = alpha;
    return prediction_of(&problem, x0, limit).ending;
}

/* Starts that differ from one another by the last bit, and end differently. */
static void null_sets_are_recognised_exactly(void **state)
{
    (void)state;
    const double off = nextafter(-0.5, 0);
    assert_int_equal(predicted("arbp", 2, 1, (double[]){0.5, 0.25, -0.5}), ENDING_SADDLE);
    assert_int_equal(predicted("arbp", 2, 1, (double[]){0.5, 0.25, off}), ENDING_SETTLED);
    assert_int_equal(predicted("arbp", 2, -1, (double[]){0.5, 0.25, -0.5}), ENDING_SETTLED);
    assert_int_equal(predicted("arbp", 2, -1, (double[]){0.5, 0.25, 0.5}), ENDING_SADDLE);
    /* alpha = 0: like 1/t with D.v > 0, like t^(-1/2) with D = 0 */
    assert_int_equal(predicted("arbp", 2, 0, (double[]){0.5, -1, -0.5}), ENDING_CREEPING);
    assert_int_equal(predicted("arbp", 2, 0, (double[]){0.5, -0.5, -0.5}), ENDING_CREEPING);
    assert_int_equal(predicted("arbp", 2, 1, (double[]){0, 2, 0}), ENDING_SADDLE);
    /* asrbp: layer 1 dies; layer 2 dies; neither */
    assert_int_equal(predicted("asrbp", 3, 1, (double[]){0.5, 0.3, 0.2, -0.5, 0.1}), ENDING_SADDLE);
    assert_int_equal(predicted("asrbp", 3, 1, (double[]){0.5, 0.5, -0.5, 0.5, -0.5}),
                     ENDING_UNBOUNDED);
    assert_int_equal(predicted("asrbp", 3, 1, (double[]){0.5, 0.5, -0.5, 0.5, off}),
                     ENDING_SETTLED);
    assert_int_equal(predicted("asrbp", 4, 1, (double[]){0.5, 0.3, 0.2, 0.7, -0.5, 0.1, -0.4}),
                     ENDING_SADDLE);
    /* c1 grows downwards in this one, so that a2 = -c2 is harmless */
    assert_int_equal(predicted("asrbp", 3, -1, (double[]){0.5, 0.5, -0.5, 0.4, -0.5}),
                     ENDING_SETTLED);
}

/* The saddle of a dying layer 1, with what is above it, by integration. */
static void dying_layers_end_where_predicted(void **state)
{
    (void)state;
    const double x0[] = {0.5, 0.3, 0.2, -0.5, 0.1};
    const struct problem problem = chain_of("asrbp", 3);
    double limit[DIM_MOST];
    const struct prediction p = prediction_of(&problem, x0, limit);
    struct plan plan = plan_defaults();
    plan.method = METHOD_RK8PD; /* keeps a1 + c1 = 0 to the last bit */
    plan.no_endings = true;
    plan.horizon = 30;
    struct trial trial = trial_run(&problem, &plan, x0);
    assert_true(matrix_largest_difference(5, trial.outcome->last, limit) <= INTEGRATED);
    assert_true(p.rate == 1 && limit[0] == 0 && limit[3] == 0 && limit[1] != x0[1]);
    trial_free(&trial);
}

/* Scales and rates that are squares must lead to what equal rates lead to, scaled. */
static void rates_only_scale(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < 200; k++) {
        struct stream stream = stream_at(SEED, stream_key("rates"), k);
        const double p = 0.5 + stream_uniform(&stream), q = 0.5 + stream_uniform(&stream);
        const double r = 0.5 + stream_uniform(&stream); /* sqrt of the rates of a, c and b */
        double x[3], y[3], plain[3], scaled[3];
        for (int i = 0; i < 3; i++)
            x[i] = stream_normal(&stream);
        /* a = p X, c = q Z, b = (r^2/q) Y: X' = p q Z e p^-1 ..., e in units of p r^2/q */
        y[0] = p * x[0];
        y[1] = r * r / q * x[1];
        y[2] = q * x[2];
        struct problem one = chain_of("arbp", 2), other = chain_of("arbp", 2);
        one.alpha = stream_normal(&stream);
        other.alpha = one.alpha;
        other.beta = one.beta / (p * r * r / q);
        other.rate_count = 3;
        other.rates[0] = p * p;
        other.rates[1] = r * r;
        other.rates[2] = q * q;
        const struct prediction a = prediction_of(&one, x, plain);
        const struct prediction b = prediction_of(&other, y, scaled);
        assert_int_equal(a.ending, b.ending);
        const double back[] = {scaled[0] / p, scaled[1] * q / (r * r), scaled[2] / q};
        if (!(relative(3, back, plain) <= 1e-12))
            fail_msg("limits differ by %.3g", relative(3, back, plain));
        assert_true(fabs(b.rate / (p * q) - a.rate) <= 1e-12 * fabs(a.rate));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predictions_agree_with_the_references),
        cmocka_unit_test(integrations_agree_with_the_references),
        cmocka_unit_test(periods_agree_with_the_references),
        cmocka_unit_test(null_sets_are_recognised_exactly),
        cmocka_unit_test(dying_layers_end_where_predicted),
        cmocka_unit_test(rates_only_scale),
    };
    return cmocka_run_group_tests_name("adaptive", tests, NULL, NULL);
}
