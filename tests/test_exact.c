/* Exact limits against everything else that knows them.
 *
 * The engine of exact/ shares no code with linear/: predictions in double-double balls are a second
 * way, zeros isolated by Descartes' rule on the expanded polynomial a third, and what is conserved
 * along a trajectory a fourth.  Double zeros are planted: G(a*) = G'(a*) = 0 is linear in a_L, so
 * that rational examples exist for every depth. */
#include "exact/limit.h"
#include "exact/rational.h"
#include "exact/root.h"
#include "exact/statement_problem.h"
#include "exact/taylor.h"
#include "selftest/selftest_chains.h"
#include "selftest/selftest_reference.h"
#include "tests/chains.h"
#include "tests/planted_zeros.h"

#include "linear/fan.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"

enum { SEED = 2026, DIGITS = 40, DIM_MAX = 3 * 64, TEXT_MAX = 256 };

/* ---- in a line ------------------------------------------------------------------------------ */

struct decided {
    struct statement *statement;
    struct limit *limit;
};

static void decide(struct decided *d)
{
    d->limit = limit_create(d->statement);
    assert_non_null(d->limit);
    assert_int_equal(limit_decide(d->statement, DIGITS, d->limit), OK);
}

static void forget(struct decided *d)
{
    limit_free(d->limit);
    statement_free(d->statement);
}

static struct statement *statement_of(const struct problem *problem, const double *x0)
{
    struct statement_numbers numbers;
    struct statement *statement = NULL;
    const char *why = NULL;
    size_t dim = 0;
    assert_int_equal(problem_dim(problem, &dim), OK);
    statement_problem_numbers(problem, x0, dim, &numbers);
    assert_int_equal(statement_problem_make(problem, &numbers, &statement, &why), OK);
    statement_problem_free(&numbers);
    return statement;
}

/* c, alpha, beta, start as text, of a chain with direct weights. */
static struct decided chain_text(const char *c, const char *alpha, const char *beta,
                                 const char *start)
{
    struct decided d;
    fmpq *list = NULL;
    size_t count = 0;
    assert_int_equal(rational_read_list(start, DIM_MAX, &list, &count), OK);
    assert_int_equal(statement_create(STATEMENT_CHAIN, STATEMENT_DIRECT, count, &d.statement), OK);
    statement_problem_replace(&d.statement->x0, &count, list, count);
    assert_int_equal(rational_read_list(c, DIM_MAX, &list, &count), OK);
    assert_int_equal(count, d.statement->size);
    statement_problem_replace(&d.statement->c, &count, list, count);
    assert_int_equal(rational_read(alpha, &d.statement->alpha), OK);
    assert_int_equal(rational_read(beta, &d.statement->beta), OK);
    decide(&d);
    return d;
}

static double middle(const arb_t x)
{
    return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

static bool contains(const arb_t ball, const char *value)
{
    fmpq_t exact;
    fmpq_init(exact);
    assert_int_equal(rational_read(value, exact), OK);
    const bool inside = arb_contains_fmpq(ball, exact);
    fmpq_clear(exact);
    return inside;
}

#define assert_exact_ending(d, expected)                                                           \
    do {                                                                                           \
        if ((d)->limit->ending != (expected))                                                      \
            fail_msg("%s (%s), expected %s", ending_name((d)->limit->ending),                      \
                     (d)->limit->reason ? (d)->limit->reason : "", ending_name(expected));         \
    } while (0)

/* ---- texts ---------------------------------------------------------------------------------- */

static void texts_are_rationals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
    } good[] = {{"-1/2", "-1/2"},   {"0.1", "1/10"},    {"1e-3", "1/1000"}, {"+2.50e1", "25"},
                {".5/1.25", "2/5"}, {"-0.125", "-1/8"}, {"3.", "3"},        {"1E+2", "100"},
                {"0", "0"},         {"6/4", "3/2"}};
    static const char *const bad[] = {"",    "-",   "1/0", "1/2e3",   "1e",   "0x10",
                                      "inf", "nan", " 1",  "1 ",      "1,2",  "--1",
                                      "1/",  "/2",  ".",   "1e99999", "1..2", "1/-2"};
    fmpq_t value;
    fmpq_init(value);
    for (size_t k = 0; k < COUNT(good); k++) {
        assert_int_equal(rational_read(good[k].text, value), OK);
        char *text = fmpq_get_str(NULL, 10, value);
        assert_string_equal(text, good[k].value);
        flint_free(text);
    }
    assert_int_equal(rational_read("1e-40", value), OK);
    assert_int_equal(fmpz_sizeinbase(fmpq_denref(value), 10), 41);
    for (size_t k = 0; k < COUNT(bad); k++) {
        fmpq_set_si(value, 7, 3);
        if (rational_read(bad[k], value) == OK)
            fail_msg("'%s' was read", bad[k]);
        assert_true(fmpz_equal_si(fmpq_numref(value), 7)); /* untouched on failure */
    }
    fmpq_clear(value);
}

/* ---- against the predictions ---------------------------------------------------------------- */

struct tally {
    size_t both, only_exact, only_predicted, neither;
};

/* Numbers of both, relative to 1 + |x|: a few roundings of doubles. */
static const double ROUNDING = 1e-13;

static void compare_numbers(const char *what, double exact, double predicted, double allowed)
{
    if (!(fabs(exact - predicted) <= allowed + ROUNDING * (1 + fabs(exact))))
        fail_msg("%s: %.17g exactly, %.17g predicted, %.3g allowed", what, exact, predicted,
                 allowed);
}

static void compare_limits(const struct decided *d, const struct prediction *prediction,
                           const double *limit)
{
    if (!d->limit->has_limit || prediction->about != PREDICTION_STATE)
        return;
    for (size_t i = 0; i < d->limit->dim; i++)
        compare_numbers("limit", middle(d->limit->x + i), limit[i], prediction->error);
    if (!isnan(prediction->global_minimum) && prediction->global_minimum == 1)
        assert_true(d->limit->minimum || d->statement->family == STATEMENT_AUTOENCODER);
    if (prediction->global_minimum == 0)
        assert_false(d->limit->minimum);
}

/* A rate is a derivative at the limit: the error of the limit, times what it may be multiplied by. */
static void compare_laws(const struct decided *d, const struct prediction *prediction)
{
    static const double CONDITION = 1e4, TIME = 1e-9;
    const struct limit *limit = d->limit;
    if (limit->has_rate && isfinite(prediction->rate) && limit->multiplicity == 1)
        compare_numbers("rate", middle(limit->rate), prediction->rate,
                        CONDITION * prediction->error * (1 + fabs(prediction->rate)) +
                            ROUNDING * CONDITION);
    const bool counted = limit->direction != 0 || d->statement->family != STATEMENT_POWER;
    if (limit->multiplicity > 0 && prediction->multiplicity > 0 && counted &&
        limit->multiplicity != prediction->multiplicity)
        fail_msg("%s: multiplicity %lu exactly (%s), %u predicted (%s)", ending_name(limit->ending),
                 (unsigned long)limit->multiplicity, limit->reason ? limit->reason : "",
                 prediction->multiplicity, prediction->reason ? prediction->reason : "");
    if (limit->exponent.denominator && isfinite(prediction->exponent))
        compare_numbers("exponent",
                        (double)limit->exponent.numerator / (double)limit->exponent.denominator,
                        prediction->exponent, 0);
    if (limit->has_time && isfinite(prediction->escape_time))
        compare_numbers("blow-up time", middle(limit->time), prediction->escape_time,
                        TIME * prediction->escape_time);
}

static void check_against_prediction(const struct problem *problem, const double *x0,
                                     struct tally *tally)
{
    double limit[DIM_MAX];
    const struct prediction prediction = prediction_of(problem, x0, limit);
    struct decided d = {.statement = statement_of(problem, x0)};
    assert_non_null(d.statement);
    decide(&d);
    const bool exact = d.limit->ending != ENDING_HORIZON;
    const bool predicted = prediction.ending != ENDING_HORIZON;
    tally->both += exact && predicted;
    tally->only_exact += exact && !predicted;
    tally->only_predicted += !exact && predicted;
    tally->neither += !exact && !predicted;
    if (exact && predicted) {
        if (d.limit->ending != prediction.ending)
            fail_msg("%s depth %zu: %s exactly (%s), %s predicted (%s)", problem->rule->name,
                     problem->depth, ending_name(d.limit->ending),
                     d.limit->reason ? d.limit->reason : "", ending_name(prediction.ending),
                     prediction.reason ? prediction.reason : "");
        compare_limits(&d, &prediction, limit);
        compare_laws(&d, &prediction);
    }
    forget(&d);
}

/* Zeros are drawn often: they are where theorems have their exceptions. */
static double draw(struct stream *stream)
{
    enum { MOST = 12, ZERO_IN = 9 };
    return stream_below(stream, ZERO_IN) == 0 ? 0 : selftest_chains_eighths(stream, MOST);
}

static void draw_moments(struct stream *stream, struct problem *problem)
{
    enum { FORMAL_IN = 12 };
    problem->alpha = draw(stream);
    problem->beta = (1 + (double)stream_below(stream, 16)) / 8;
    if (stream_below(stream, FORMAL_IN) == 0)
        problem->beta = -problem->beta;
    else if (stream_below(stream, FORMAL_IN) == 0)
        problem->beta = 0;
}

static void chains_agree(void **state)
{
    enum { TRIALS = 150, DEPTH_MOST = 10 };
    static const char *const rules[] = {"rbp", "srbp", "bp", "arbp", "asrbp"};
    (void)state;
    for (size_t r = 0; r < COUNT(rules); r++) {
        struct tally tally = {0};
        for (uint64_t i = 0; i < TRIALS; i++) {
            struct stream stream = stream_at(SEED, stream_key(rules[r]), i);
            const bool adapts = rules[r][0] == 'a';
            const size_t L = 1 + stream_below(&stream, adapts ? 3 : DEPTH_MOST);
            struct problem problem = chain_of(rules[r], L);
            double x0[2 * DEPTH_MOST];
            draw_moments(&stream, &problem);
            problem.c_count = adapts || r == 2 ? 0 : L - 1;
            for (size_t k = 0; k < problem.c_count; k++)
                problem.c[k] = draw(&stream);
            if (!adapts && stream_below(&stream, 2)) {
                problem.rate_count = L;
                for (size_t k = 0; k < L; k++)
                    problem.rates[k] = (1 + (double)stream_below(&stream, 16)) / 8;
            }
            for (size_t k = 0; k < 2 * L - 1; k++)
                x0[k] = draw(&stream);
            check_against_prediction(&problem, x0, &tally);
        }
        print_message("# %s: both decide %zu, exact alone %zu, predicted alone %zu, neither %zu\n",
                      rules[r], tally.both, tally.only_exact, tally.only_predicted, tally.neither);
        assert_true(tally.both > TRIALS / 3);
        assert_true(tally.only_predicted <= TRIALS / 20);
    }
}

static void fans_agree(void **state)
{
    enum { TRIALS = 150, WIDTH_MOST = 5 };
    static const char *const rules[] = {"rbp", "srbp", "bp", "arbp", "asrbp"};
    (void)state;
    for (size_t r = 0; r < COUNT(rules); r++) {
        struct tally tally = {0};
        for (uint64_t i = 0; i < TRIALS; i++) {
            struct stream stream = stream_at(SEED + 1, stream_key(rules[r]), i);
            const size_t N = 1 + stream_below(&stream, WIDTH_MOST);
            struct problem problem = problem_defaults(&system_fan, registry_rule(rules[r]));
            double x0[3 * WIDTH_MOST];
            problem.size_count = 3;
            problem.sizes[0] = problem.sizes[2] = 1;
            problem.sizes[1] = N;
            draw_moments(&stream, &problem);
            problem.c_count = r < 2 ? N : 0;
            for (size_t k = 0; k < problem.c_count; k++)
                problem.c[k] = draw(&stream);
            for (size_t k = 0; k < 3 * N; k++)
                x0[k] = draw(&stream);
            if (i % 5 == 0) /* the excluded sets: a = c or a = -c, with bp: a = b */
                for (size_t k = 0; k < N; k++)
                    x0[r == 2 ? N + k : 2 * N + k] = i % 2 ? x0[k] : -x0[k];
            check_against_prediction(&problem, x0, &tally);
        }
        print_message("# fan %s: both %zu, exact alone %zu, predicted alone %zu, neither %zu\n",
                      rules[r], tally.both, tally.only_exact, tally.only_predicted, tally.neither);
        assert_true(tally.both > TRIALS / 2);
        assert_true(tally.only_predicted <= TRIALS / 20);
    }
}

static void autoencoders_agree(void **state)
{
    enum { TRIALS = 300, WIDTH_MOST = 6 };
    struct tally tally = {0};
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("autoencoders"), i);
        const size_t N = 1 + stream_below(&stream, WIDTH_MOST);
        struct problem problem =
            problem_defaults(registry_system("autoencoder"), registry_rule(i % 2 ? "rbp" : "srbp"));
        double x0[2 * WIDTH_MOST];
        const double on_line =
            stream_below(&stream, 3) == 0 ? selftest_chains_eighths(&stream, 24) : 0;
        problem.size_count = 3;
        problem.sizes[0] = problem.sizes[2] = N;
        problem.sizes[1] = 1;
        problem.c_count = N;
        for (size_t k = 0; k < N; k++)
            problem.c[k] = draw(&stream);
        for (size_t k = 0; k < 2 * N; k++)
            x0[k] = draw(&stream);
        for (size_t k = 0; k < N && on_line != 0; k++)
            x0[k] = on_line * problem.c[k];
        check_against_prediction(&problem, x0, &tally);
    }
    print_message("# autoencoder: both %zu, exact alone %zu, predicted alone %zu, neither %zu\n",
                  tally.both, tally.only_exact, tally.only_predicted, tally.neither);
    assert_true(tally.both > TRIALS / 2);
}

static void powers_agree(void **state)
{
    enum { TRIALS = 300, DEPTH_MOST = 4 };
    struct tally tally = {0};
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("powers"), i);
        const size_t L = 2 + stream_below(&stream, DEPTH_MOST - 1);
        struct problem problem = problem_defaults(registry_system("chain"), registry_rule("rbp"));
        double x0[DEPTH_MOST];
        problem.system = &system_nonlinear_chain;
        problem.depth = L;
        problem.neuron_count = L - 1;
        for (size_t k = 0; k + 1 < L; k++)
            problem.neurons[k] =
                (struct neurons){activation_named("power"), 1 + (double)stream_below(&stream, 3)};
        problem.alpha = draw(&stream);
        problem.beta = (1 + (double)stream_below(&stream, 16)) / 8;
        problem.c_count = L - 1;
        for (size_t k = 0; k + 1 < L; k++)
            problem.c[k] = selftest_chains_eighths(&stream, 12);
        for (size_t k = 0; k < L; k++)
            x0[k] = draw(&stream);
        check_against_prediction(&problem, x0, &tally);
    }
    print_message("# powers: both %zu, exact alone %zu, predicted alone %zu, neither %zu\n",
                  tally.both, tally.only_exact, tally.only_predicted, tally.neither);
    assert_true(tally.both > TRIALS / 3);
}

/* ---- against reference cases ---------------------------------------------------------------- */

static void reference_cases_agree(void **state)
{
    size_t checked = 0;
    (void)state;
    for (size_t k = 0; k < selftest_reference_count(); k++) {
        struct selftest_finding finding = {.judged = false};
        assert_int_equal(selftest_reference_decide(selftest_reference_at(k), &finding), OK);
        if (finding.failed)
            fail_msg("%s", finding.what);
        checked += finding.judged;
    }
    print_message("# %zu reference cases\n", checked);
    assert_true(checked >= 25);
}

/* ---- all random chains are decided ---------------------------------------------------------- */

static void draw_rational(struct stream *stream, fmpq_t x)
{
    enum { NUMERATOR = 12, DENOMINATORS = 11 };
    const slong p = (slong)stream_below(stream, 2 * NUMERATOR + 1) - NUMERATOR;
    fmpq_set_si(x, p, 1 + stream_below(stream, DENOMINATORS));
}

static struct statement *draw_chain(struct stream *stream, size_t L)
{
    struct statement *s = NULL;
    assert_int_equal(statement_create(STATEMENT_CHAIN, STATEMENT_DIRECT, L, &s), OK);
    for (size_t i = 0; i < L; i++) {
        draw_rational(stream, s->x0 + i);
        do
            draw_rational(stream, s->c + i);
        while (fmpq_is_zero(s->c + i));
    }
    fmpq_one(s->c + L - 1);
    draw_rational(stream, &s->alpha);
    draw_rational(stream, &s->beta);
    fmpq_abs(&s->beta, &s->beta);
    fmpq_add_si(&s->beta, &s->beta, 1);
    return s;
}

/* c_i a_(i+1) - c_(i+1) a_i^2/2 at the limit contains that at the start, (F1). */
static void check_integrals(const struct decided *d)
{
    const struct statement *s = d->statement;
    const slong prec = 512;
    arb_t factor, left, right;
    fmpq_t start, square;
    arb_init(factor);
    arb_init(left);
    arb_init(right);
    fmpq_init(start);
    fmpq_init(square);
    for (size_t i = 0; i + 1 < s->size; i++) {
        fmpq_mul(start, s->c + i, s->x0 + i + 1);
        fmpq_mul(square, s->x0 + i, s->x0 + i);
        fmpq_mul(square, square, s->c + i + 1);
        fmpq_div_2exp(square, square, 1);
        fmpq_sub(start, start, square);
        arb_set_fmpq(left, s->c + i, prec);
        arb_mul(left, left, d->limit->x + i + 1, prec);
        arb_sqr(right, d->limit->x + i, prec);
        arb_mul_2exp_si(right, right, -1);
        arb_set_fmpq(factor, s->c + i + 1, prec);
        arb_mul(right, right, factor, prec);
        arb_sub(left, left, right, prec);
        assert_true(arb_contains_fmpq(left, start));
    }
    arb_clear(factor);
    arb_clear(left);
    arb_clear(right);
    fmpq_clear(start);
    fmpq_clear(square);
}

static void check_error_vanishes(const struct decided *d)
{
    const struct statement *s = d->statement;
    const slong prec = 512;
    arb_t P, alpha;
    arb_init(P);
    arb_init(alpha);
    arb_set_fmpq(P, &s->beta, prec);
    for (size_t i = 0; i < s->size; i++)
        arb_mul(P, P, d->limit->x + i, prec);
    arb_set_fmpq(alpha, &s->alpha, prec);
    arb_sub(P, alpha, P, prec);
    assert_true(arb_contains_zero(P));
    arb_clear(P);
    arb_clear(alpha);
}

static void random_chains_are_decided(void **state)
{
    enum { TRIALS = 1000 };
    (void)state;
    for (size_t L = 2; L <= 10; L += 2)
        for (uint64_t i = 0; i < TRIALS; i++) {
            struct stream stream = stream_at(SEED, stream_key("decided"), L * TRIALS + i);
            struct decided d = {.statement = draw_chain(&stream, L)};
            decide(&d);
            if (d.limit->ending != ENDING_SETTLED && d.limit->direction != 0)
                fail_msg("L = %zu, trial %u: %s, %s", L, (unsigned)i, ending_name(d.limit->ending),
                         d.limit->reason ? d.limit->reason : "");
            assert_true(d.limit->has_limit);
            check_integrals(&d);
            check_error_vanishes(&d);
            assert_true(arb_is_negative(d.limit->rate) || d.limit->direction == 0);
            forget(&d);
        }
}

/* ---- against Descartes on the expanded polynomial ------------------------------------------- */

/* alpha - beta P(direction t), by products of expanded polynomials: another way than the recursion of
 * the engine, a_i = a_i(0) + c_i int a_1 ... a_(i-1). */
static void expand_error(const struct statement *s, int direction, fmpq_poly_t e)
{
    fmpq_poly_t P, a, constant;
    fmpq_poly_init(P);
    fmpq_poly_init(a);
    fmpq_poly_init(constant);
    fmpq_poly_set_si(P, 1);
    for (size_t i = 0; i < s->size; i++) {
        fmpq_poly_integral(a, P);
        fmpq_poly_scalar_mul_fmpq(a, a, s->c + i);
        fmpq_poly_set_fmpq(constant, s->x0 + i);
        fmpq_poly_add(a, a, constant);
        fmpq_poly_mul(P, P, a);
    }
    fmpq_poly_scalar_mul_fmpq(e, P, &s->beta);
    fmpq_poly_neg(e, e);
    fmpq_poly_set_fmpq(constant, &s->alpha);
    fmpq_poly_add(e, e, constant);
    if (direction < 0) {
        fmpq_poly_zero(constant);
        fmpq_poly_set_coeff_si(constant, 1, -1);
        fmpq_poly_compose(e, e, constant);
    }
    fmpq_poly_clear(P);
    fmpq_poly_clear(a);
    fmpq_poly_clear(constant);
}

/* Sign variations of p between low and high: 0: no root; 1: exactly one (Descartes, Vincent). */
static int variations(const fmpq_poly_t p, const fmpq_t low, const fmpq_t high)
{
    fmpq_poly_t line, moved;
    fmpz_poly_t q;
    fmpq_t width;
    int changes = 0, sign = 0;
    fmpq_poly_init(line);
    fmpq_poly_init(moved);
    fmpz_poly_init(q);
    fmpq_init(width);
    fmpq_sub(width, high, low);
    fmpq_poly_set_coeff_fmpq(line, 0, low);
    fmpq_poly_set_coeff_fmpq(line, 1, width);
    fmpq_poly_compose(moved, p, line);
    fmpq_poly_get_numerator(q, moved);
    fmpz_poly_reverse(q, q, fmpz_poly_length(q));
    fmpz_t one;
    fmpz_init_set_ui(one, 1);
    fmpz_poly_taylor_shift(q, q, one);
    for (slong k = 0; k < fmpz_poly_length(q); k++) {
        const int now = fmpz_sgn(q->coeffs + k);
        changes += now * sign < 0;
        sign = now != 0 ? now : sign;
    }
    fmpz_clear(one);
    fmpq_poly_clear(line);
    fmpq_poly_clear(moved);
    fmpz_poly_clear(q);
    fmpq_clear(width);
    return changes;
}

/* The first root of p in (low, high) by bisection; false if there is none.  low and high then isolate it. */
static bool isolate(const fmpq_poly_t p, fmpq_t low, fmpq_t high, int depth)
{
    enum { CUT = 97, WHOLE = 211 }; /* never a root of these polynomials */
    const int changes = variations(p, low, high);
    if (changes <= 1 || depth == 0)
        return changes == 1;
    fmpq_t half, left;
    fmpq_init(half);
    fmpq_init(left);
    fmpq_sub(half, high, low);
    fmpq_set_si(left, CUT, WHOLE);
    fmpq_mul(half, half, left);
    fmpq_add(half, half, low);
    fmpq_set(left, half);
    bool found = isolate(p, low, left, depth - 1);
    if (found) {
        fmpq_set(high, left);
    } else {
        fmpq_set(low, half);
        found = isolate(p, low, high, depth - 1);
    }
    fmpq_clear(half);
    fmpq_clear(left);
    return found;
}

static void check_by_descartes(const struct decided *d)
{
    enum { DEPTH = 80 };
    fmpq_poly_t e;
    fmpq_t low, high, reach;
    arb_t clock, end;
    fmpq_poly_init(e);
    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(reach);
    arb_init(clock);
    arb_init(end);
    expand_error(d->statement, d->limit->direction, e);
    arb_abs(clock, d->limit->clock);
    bool found = false;
    fmpq_set_si(reach, 1, 1);
    for (int k = 0; k < DEPTH && !found; k++) { /* the engine says that there is a root */
        fmpq_zero(low);
        fmpq_set(high, reach);
        found = isolate(e, low, high, DEPTH);
        fmpq_mul_2exp(reach, reach, 1);
    }
    assert_true(found);
    arb_set_fmpq(end, low, 512);
    assert_true(arb_lt(end, clock));
    arb_set_fmpq(end, high, 512);
    assert_true(arb_lt(clock, end));
    fmpq_poly_clear(e);
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(reach);
    arb_clear(clock);
    arb_clear(end);
}

static void descartes_agrees(void **state)
{
    enum { TRIALS = 100, DEPTH_MOST = 7, SLOW = 6 };
    (void)state;
    for (size_t L = 1; L <= DEPTH_MOST; L++)
        for (uint64_t i = 0; i < (L < SLOW ? TRIALS : TRIALS / 5); i++) {
            struct stream stream = stream_at(SEED, stream_key("Descartes"), L * TRIALS + i);
            struct decided d = {.statement = draw_chain(&stream, L)};
            decide(&d);
            if (d.limit->direction != 0)
                check_by_descartes(&d);
            forget(&d);
        }
}

/* ---- planted double zeros ------------------------------------------------------------------- */

/* Does the limit contain the planted point? */
static bool is_at(const struct decided *d, const struct statement *planted)
{
    bool at = d->limit->has_limit;
    for (size_t i = 0; i < planted->size && at; i++)
        at = arb_contains_fmpq(d->limit->x + i, planted->x0 + i);
    return at;
}

static struct statement *copy_of(const struct statement *s)
{
    struct statement *copy = NULL;
    assert_int_equal(statement_create(s->family, s->rule, s->size, &copy), OK);
    for (size_t i = 0; i < s->dim; i++)
        fmpq_set(copy->x0 + i, s->x0 + i);
    for (size_t i = 0; i < s->c_count; i++)
        fmpq_set(copy->c + i, s->c + i);
    fmpq_set(&copy->alpha, &s->alpha);
    fmpq_set(&copy->beta, &s->beta);
    return copy;
}

/* alpha (1 + nudge) from the start at time `time` from the planted point. */
static struct decided from_beside(const struct statement *planted, const fmpq_t time,
                                  const char *nudge)
{
    struct decided d = {.statement = copy_of(planted)};
    assert_int_equal(planted_zeros_part(d.statement, nudge), OK);
    planted_zeros_move(d.statement, time);
    decide(&d);
    return d;
}

/* From the side where the orbit stops: the double zero itself; with alpha moved by 1e-40 one of two
 * simple zeros beside it, or the next one far away, both decided. */
static void check_stopping_side(const struct statement *planted, const fmpq_t time)
{
    static const double NEAR = 1e-10; /* the zeros part by about 1e-20 */
    struct decided up = from_beside(planted, time, "1e-40");
    struct decided down = from_beside(planted, time, "-1e-40");
    size_t near = 0;
    assert_exact_ending(&up, ENDING_SETTLED);
    assert_exact_ending(&down, ENDING_SETTLED);
    for (int k = 0; k < 2; k++) {
        const struct limit *limit = k ? up.limit : down.limit;
        double far = 0;
        for (size_t i = 0; i < planted->size; i++)
            far = fmax(far, fabs(middle(limit->x + i) - fmpq_get_d(planted->x0 + i)));
        near += far < NEAR;
        assert_false(is_at(k ? &up : &down, planted));
    }
    assert_int_equal(near, 1);
    forget(&up);
    forget(&down);
}

static void check_planted(const struct statement *planted)
{
    size_t stops = 0;
    fmpq_t time;
    fmpq_init(time);
    struct decided at = {.statement = copy_of(planted)};
    decide(&at);
    assert_exact_ending(&at, ENDING_SADDLE); /* at rest: attracts from one side only */
    assert_int_equal(at.limit->multiplicity, 2);
    forget(&at);
    for (int side = -1; side <= 1; side += 2) {
        fmpq_set_si(time, side, 4096);
        struct decided d = from_beside(planted, time, "0");
        if (is_at(&d, planted)) {
            stops++;
            assert_exact_ending(&d, ENDING_CREEPING);
            assert_int_equal(d.limit->multiplicity, 2);
            check_stopping_side(planted, time);
        } else {
            assert_exact_ending(&d, ENDING_SETTLED);
        }
        forget(&d);
    }
    assert_int_equal(stops, 1);
    fmpq_clear(time);
}

/* Third and higher zeros are rarer than trials: the second derivative is not zero at the planted one. */
static void planted_double_zeros_are_found(void **state)
{
    enum { TRIALS = 10, DEPTH_MOST = 7 };
    size_t planted = 0;
    (void)state;
    for (size_t L = 2; L <= DEPTH_MOST; L++)
        for (uint64_t i = 0; i < TRIALS; i++) {
            struct stream stream = stream_at(SEED, stream_key("planted"), L * TRIALS + i);
            struct statement *s = draw_chain(&stream, L);
            if (planted_zeros_set(s) && !fmpq_is_zero(&s->alpha)) {
                check_planted(s);
                planted++;
            }
            statement_free(s);
        }
    assert_true(planted > TRIALS * (DEPTH_MOST - 1) / 2);
}

/* ---- polynomials with known zeros ------------------------------------------------------------ */

/* e times (s - root)^m */
static void multiply_root(fmpq_poly_t e, const fmpq_t root, ulong m)
{
    fmpq_poly_t factor;
    fmpq_t minus;
    fmpq_poly_init(factor);
    fmpq_init(minus);
    fmpq_neg(minus, root);
    fmpq_poly_set_coeff_fmpq(factor, 0, minus);
    fmpq_poly_set_coeff_si(factor, 1, 1);
    for (ulong k = 0; k < m; k++)
        fmpq_poly_mul(e, e, factor);
    fmpq_poly_clear(factor);
    fmpq_clear(minus);
}

/* The first zero of e, e(0) > 0, to the right is `expected`, of this multiplicity. */
static void check_first(const fmpq_poly_t e, const fmpq_t expected, ulong multiplicity)
{
    struct curve curve;
    struct root root;
    arb_t s;
    curve_of_polynomial(e, &curve);
    root_init(&root);
    arb_init(s);
    root_first(&curve, (struct root_start){1, 1}, &root);
    if (root.verdict != ROOT_FOUND)
        fail_msg("verdict %d: %s", (int)root.verdict, root.reason ? root.reason : "");
    assert_int_equal(root.multiplicity, multiplicity);
    assert_true(root_refine(&curve, &root, 300, s));
    assert_true(arb_contains_fmpq(s, expected));
    assert_true(arb_rel_accuracy_bits(s) >= 300);
    root_clear(&root);
    arb_clear(s);
}

static void zeros_have_their_multiplicity(void **state)
{
    enum { TRIALS = 300, ROOTS = 4, MULTIPLICITY = 4 };
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("known zeros"), i);
        fmpq_t root[ROOTS];
        ulong m[ROOTS];
        size_t first = ROOTS;
        fmpq_poly_t e;
        fmpq_poly_init(e);
        fmpq_poly_set_si(e, 1);
        for (size_t k = 0; k < ROOTS; k++) {
            fmpq_init(root[k]);
            fmpq_set_si(root[k], (slong)stream_below(&stream, 41) - 20, 7);
            if (fmpq_is_zero(root[k]))
                fmpq_set_si(root[k], 31, 7);
            m[k] = 1 + stream_below(&stream, MULTIPLICITY);
            multiply_root(e, root[k], m[k]);
            if (fmpq_sgn(root[k]) > 0 && (first == ROOTS || fmpq_cmp(root[k], root[first]) < 0))
                first = k;
        }
        fmpq_t start;
        fmpq_init(start);
        fmpq_poly_get_coeff_fmpq(start, e, 0);
        if (fmpq_sgn(start) < 0)
            fmpq_poly_neg(e, e);
        ulong multiplicity = 0;
        for (size_t k = 0; k < ROOTS && first < ROOTS; k++)
            multiplicity += fmpq_equal(root[k], root[first]) ? m[k] : 0;
        if (first < ROOTS)
            check_first(e, root[first], multiplicity);
        fmpq_clear(start);
        fmpq_poly_clear(e);
        for (size_t k = 0; k < ROOTS; k++)
            fmpq_clear(root[k]);
    }
}

/* Simple zeros 1e-60 before a double one, or as far from each other while a double one is elsewhere:
 * the algebra must not take one for the other. */
static void near_zeros_are_not_multiple(void **state)
{
    fmpq_t near, one, three;
    fmpq_poly_t e;
    (void)state;
    fmpq_init(near);
    fmpq_init(one);
    fmpq_init(three);
    fmpq_one(one);
    fmpq_set_si(three, 3, 1);
    assert_int_equal(rational_read("1e-60", near), OK);
    fmpq_sub(near, one, near);
    fmpq_poly_init(e);
    fmpq_poly_set_si(e, -1); /* (1 - 1e-60 - s)(s - 1)^2 */
    multiply_root(e, near, 1);
    multiply_root(e, one, 2);
    check_first(e, near, 1);
    fmpq_poly_set_si(e, 1); /* (s - 1 + 1e-60)(s - 1)(s - 3)^2 */
    multiply_root(e, near, 1);
    multiply_root(e, one, 1);
    multiply_root(e, three, 2);
    check_first(e, near, 1);
    fmpq_poly_set_si(e, 1); /* two double ones */
    multiply_root(e, near, 2);
    multiply_root(e, one, 2);
    check_first(e, near, 2);
    fmpq_poly_clear(e);
    fmpq_clear(near);
    fmpq_clear(one);
    fmpq_clear(three);
}

/* ---- exceptions ----------------------------------------------------------------------------- */

static void exceptions_are_decided(void **state)
{
    static const struct {
        const char *c, *alpha, *beta, *start;
        enum ending ending;
        ulong multiplicity;
        slong numerator, denominator; /* of the exponent */
    } cases[] = {
        /* a dead layer: polynomial growth, (L4) */
        {"1,0,1", "1", "1", "1/2,0,1/2", ENDING_UNBOUNDED, 0, 1, 1},
        {"1,1,0,1", "1", "1", "1/2,1/2,0,1", ENDING_UNBOUNDED, 0, 2, 1},
        {"1,0,1", "0", "1", "1/2,0,1/2", ENDING_HORIZON, 0, 0, 0}, /* P = 0 = alpha: rest */
        {"1,0,1", "1", "1", "1/2,-3/4,1/2", ENDING_SETTLED, 1, 0, 0},
        {"0,1", "1", "1", "0,1/2", ENDING_SADDLE, 0, 0, 0},    /* frozen */
        {"0,0,0", "1", "1", "1,1,2", ENDING_SETTLED, 0, 0, 0}, /* nothing moves at all */
        /* formal beta = 0, and one layer */
        {"1,1", "1", "0", "1/2,1/4", ENDING_UNBOUNDED, 0, 2, 1},
        {"1", "3", "2", "7", ENDING_SETTLED, 1, 0, 0},
        {"15/8", "0", "3/8", "-3/4", ENDING_SETTLED, 1, 0, 0}, /* to 0 */
        {"-1", "3", "2", "7", ENDING_UNBOUNDED, 0, 0, 0},      /* exponentially */
        /* rest: attracting, repelling, semistable */
        {"1,1", "1", "1", "2,1/2", ENDING_SETTLED, 1, 0, 0},
        {"1,1", "1", "1", "-1/2,-2", ENDING_SADDLE, 1, 0, 0},
        {"1,1", "1", "1", "-1,-1", ENDING_SADDLE, 2, 0, 0},
        {"1,1", "0", "1", "0,0", ENDING_CREEPING, 3, 0, 0},
        /* alpha = 0: triple zero, and x^7 on three layers */
        {"1,1", "0", "1", "1,1/2", ENDING_CREEPING, 3, -1, 2},
        {"1,1,1", "0", "1", "1,1/2,1/8", ENDING_CREEPING, 7, -1, 6},
        {"1,1", "0", "1", "3/2,-1/2", ENDING_SETTLED, 1, 0, 0},
        /* no zero ahead */
        {"1,-1", "1", "1", "2,-1", ENDING_ESCAPED, 0, 0, 0},
        {"1,-1", "1", "1", "2,1", ENDING_SETTLED, 1, 0, 0}};
    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct decided d = chain_text(cases[k].c, cases[k].alpha, cases[k].beta, cases[k].start);
        assert_exact_ending(&d, cases[k].ending);
        assert_int_equal(d.limit->multiplicity, cases[k].multiplicity);
        if (cases[k].denominator) {
            assert_int_equal(d.limit->exponent.numerator, cases[k].numerator);
            assert_int_equal(d.limit->exponent.denominator, cases[k].denominator);
        }
        forget(&d);
    }
    struct decided d = chain_text("-1", "3", "2", "7");
    assert_true(d.limit->exponent.exponential);
    forget(&d);
}

/* On the leaf K = 0 with alpha = 0, beta = -1 and a_1 = 1: T = 1/((n - 1) kappa), n = 2^L - 1. */
static void blow_up_times_are_exact(void **state)
{
    (void)state;
    struct decided two = chain_text("1,1", "0", "-1", "1,1/2");
    struct decided three = chain_text("1,1,1", "0", "-1", "1,1/2,1/8");
    struct decided four = chain_text("1,1,1,1", "0", "-1", "1,1/2,1/8,1/128");
    struct decided top = chain_text("1,-1", "1", "1", "2,-1");
    assert_exact_ending(&two, ENDING_ESCAPED);
    assert_true(two.limit->has_time && contains(two.limit->time, "1"));
    assert_true(three.limit->has_time && contains(three.limit->time, "8/3"));
    assert_true(four.limit->has_time && contains(four.limit->time, "1024/7"));
    assert_true(arb_rel_accuracy_bits(four.limit->time) > DIGITS * 3);
    /* partial fractions, 18 digits */
    assert_true(fabs(middle(top.limit->time) - 0.296121920232544084) < 1e-15);
    forget(&two);
    forget(&three);
    forget(&four);
    forget(&top);
}

/* Seven zeros on one leaf, as many as there can be: where the start is says which one is reached. */
static void zeros_of_a_leaf_are_counted(void **state)
{
    (void)state;
    struct decided first = chain_text("1,1,1", "1/10", "1", "-3,3/2,-11/8");
    assert_int_equal(limit_index(first.statement, first.limit), 1);
    struct decided last = chain_text("1,1,1", "1/10", "1", "4,5,10");
    assert_int_equal(limit_index(last.statement, last.limit), 7);
    struct decided double_zero = chain_text("1,1", "1", "1", "-2,1/2");
    assert_int_equal(limit_index(double_zero.statement, double_zero.limit), 1);
    struct decided beyond = chain_text("1,1", "1", "1", "-7/8,-143/128");
    assert_int_equal(limit_index(beyond.statement, beyond.limit), 0); /* a double one behind */
    forget(&first);
    forget(&last);
    forget(&double_zero);
    forget(&beyond);
}

/* ---- other families ------------------------------------------------------------------------- */

static struct statement *statement_text(enum statement_family family, enum statement_rule rule,
                                        size_t size, const char *c, const char *start)
{
    struct statement *s = NULL;
    fmpq *list = NULL;
    size_t count = 0;
    assert_int_equal(statement_create(family, rule, size, &s), OK);
    assert_int_equal(rational_read_list(start, DIM_MAX, &list, &count), OK);
    assert_int_equal(count, s->dim);
    statement_problem_replace(&s->x0, &count, list, count);
    assert_int_equal(rational_read_list(c, DIM_MAX, &list, &count), OK);
    assert_int_equal(count, s->c_count);
    statement_problem_replace(&s->c, &count, list, count);
    fmpq_one(&s->alpha);
    fmpq_one(&s->beta);
    return s;
}

static void autoencoders_on_the_line(void **state)
{
    static const struct {
        size_t N;
        const char *c, *start;
        enum ending ending;
        double x; /* A -> x C */
    } cases[] = { /* the witness, and the same moved off the line by 1e-40 */
                 {2, "1,0", "-2,0,-1,7/10", ENDING_SADDLE, -2.2618022452599717},
                 {2, "1,0", "-2,1e-40,-1,7/10", ENDING_SETTLED, 2.601679131883154},
                 /* (x + 1)^2 (x - 2)/2: from below to the double zero, from above to 2 */
                 {1, "1", "-2,1/2", ENDING_CREEPING, -1},
                 {1, "1", "-1/2,-11/8", ENDING_SETTLED, 2},
                 {1, "1", "-1,-1", ENDING_SADDLE, -1},
                 {2, "1,0", "-2,0,1/2,3", ENDING_SADDLE, -1}};
    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct decided d = {.statement = statement_text(STATEMENT_AUTOENCODER, STATEMENT_DIRECT,
                                                        cases[k].N, cases[k].c, cases[k].start)};
        decide(&d);
        assert_exact_ending(&d, cases[k].ending);
        assert_true(fabs(middle(d.limit->x) - cases[k].x) < 1e-14);
        forget(&d);
    }
}

/* At the limit C - (CB) A = 0 and A' - B |A|^2 = 0, and CB - |A|^2/2 is what it was: (U1). */
static void wide_autoencoders_are_fixed_points(void **state)
{
    enum { N = 64, PREC = 512 };
    struct stream stream = stream_at(SEED, stream_key("wide"), 0);
    struct decided d = {.statement = NULL};
    (void)state;
    assert_int_equal(statement_create(STATEMENT_AUTOENCODER, STATEMENT_DIRECT, N, &d.statement),
                     OK);
    for (size_t k = 0; k < 2 * N; k++)
        draw_rational(&stream, d.statement->x0 + k);
    for (size_t k = 0; k < N; k++)
        draw_rational(&stream, d.statement->c + k);
    decide(&d);
    assert_exact_ending(&d, ENDING_SETTLED);
    arb_t CB, AA, residual, C;
    arb_init(CB);
    arb_init(AA);
    arb_init(residual);
    arb_init(C);
    for (size_t k = 0; k < N; k++) {
        arb_set_fmpq(C, d.statement->c + k, PREC);
        arb_addmul(CB, C, d.limit->x + N + k, PREC);
        arb_addmul(AA, d.limit->x + k, d.limit->x + k, PREC);
    }
    for (size_t k = 0; k < N; k++) {
        arb_set_fmpq(residual, d.statement->c + k, PREC);
        arb_submul(residual, CB, d.limit->x + k, PREC);
        assert_true(arb_contains_zero(residual));
        arb_mul(residual, AA, d.limit->x + N + k, PREC);
        arb_sub(residual, residual, d.limit->x + k, PREC);
        assert_true(arb_contains_zero(residual));
    }
    arb_mul_2exp_si(AA, AA, -1);
    arb_sub(CB, CB, AA, PREC);
    fmpq_t K, square;
    fmpq_init(K);
    fmpq_init(square);
    _fmpq_vec_dot(K, d.statement->c, d.statement->x0 + N, N);
    _fmpq_vec_dot(square, d.statement->x0, d.statement->x0, N);
    fmpq_div_2exp(square, square, 1);
    fmpq_sub(K, K, square);
    assert_true(arb_contains_fmpq(CB, K));
    fmpq_clear(K);
    fmpq_clear(square);
    arb_clear(CB);
    arb_clear(AA);
    arb_clear(residual);
    arb_clear(C);
    forget(&d);
}

/* Ties of gradient descent, (B2): three cases, and the same start moved by 1e-40. */
static void ties_of_descent_are_ties(void **state)
{
    static const struct {
        size_t L;
        const char *rates, *start, *alpha;
        enum ending ending;
        ulong multiplicity;
        double a1; /* in the limit */
    } cases[] = {
        {2, "1,1", "1/2,-1/2", "1", ENDING_SADDLE, 1, 0},
        {2, "1,1", "1/2,-.5000000000000000000000000000000000000001", "1", ENDING_SETTLED, 1, -1},
        {2, "1,1", "-.5000000000000000000000000000000000000001,1/2", "1", ENDING_SETTLED, 1, -1},
        {3, "1,1,1", "1/2,-1/2,1/2", "1", ENDING_CREEPING, 2, 0},
        {3, "4,1,1", "1,1/2,-1/2", "1", ENDING_CREEPING, 2, 0}, /* rates: b = (1/2, 1/2, -1/2) */
        {2, "1,1", "1/2,1/2", "0", ENDING_CREEPING, 3, 0},
        {3, "1,1,1", "1/2,1/2,-1/2", "0", ENDING_CREEPING, 5, 0},
        {2, "1,1", "1/2,0", "0", ENDING_SETTLED, 1, .5},
        {3, "1,1,1", "0,0,1", "1", ENDING_SADDLE, 1, 0}};
    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct decided d = {.statement = statement_text(STATEMENT_CHAIN, STATEMENT_BP, cases[k].L,
                                                        cases[k].rates, cases[k].start)};
        assert_int_equal(rational_read(cases[k].alpha, &d.statement->alpha), OK);
        decide(&d);
        assert_exact_ending(&d, cases[k].ending);
        assert_int_equal(d.limit->multiplicity, cases[k].multiplicity);
        assert_true(fabs(middle(d.limit->x) - cases[k].a1) < 1e-14);
        forget(&d);
    }
}

/* Limits with 16 digits or more from nested exponentials, (G9), and a closed orbit, (G5). */
static void adaptive_chains_are_decided(void **state)
{
    static const double limit[] = {1.5643394096376528, -1.4790635439421328, -.43219743082236682,
                                   1.5255024708421419, -1.5321974308223667};
    (void)state;
    struct decided skipped = {.statement = statement_text(STATEMENT_CHAIN, STATEMENT_ASRBP, 3,
                                                          "1,1,1", ".4,-.3,.6,.2,-.5")};
    decide(&skipped);
    assert_exact_ending(&skipped, ENDING_SETTLED);
    for (size_t i = 0; i < COUNT(limit); i++)
        assert_true(fabs(middle(skipped.limit->x + i) - limit[i]) < 1e-14);
    struct decided closed = {.statement = statement_text(STATEMENT_CHAIN, STATEMENT_ARBP, 3,
                                                         "1,1,1", "0,-1/2,3/10,1/2,1/10")};
    decide(&closed);
    assert_exact_ending(&closed, ENDING_CYCLING);
    forget(&skipped);
    forget(&closed);
}

/* A bond in four layers, (G8): a_1 goes to and fro for ever, but no theorem says that it is periodic. */
static void bonds_are_not_called_cycles(void **state)
{
    enum { FEW = 5 };
    struct statement *s =
        statement_text(STATEMENT_CHAIN, STATEMENT_ARBP, 4, "1,1,1,1", "0,-1/2,.3,1,1/2,.1,1");
    struct limit *limit = limit_create(s);
    (void)state;
    assert_int_equal(limit_decide(s, FEW, limit), OK);
    assert_int_equal(limit->ending, ENDING_HORIZON);
    assert_non_null(limit->reason);
    limit_free(limit);
    statement_free(s);
}

/* x' = n y^(n-1), y' = 1 from (0, 0): x = t^n.  With n one more than the order of the series all that
 * it has of x is the remainder. */
enum { POWER_PREC = 60, POWER_ROWS = 2, FEW_BITS = 30 };

static void power_series(const struct taylor_field *field, arb_srcptr x, slong order,
                         const struct taylor_rows *rows)
{
    const ulong n = *(const ulong *)field->self;
    arb_ptr at = rows->at, y = at + rows->stride, e = at + 2 * rows->stride;
    _arb_vec_zero(at, 3 * rows->stride);
    arb_set(y, x + 1);
    arb_one(y + 1);
    arb_t coefficient;
    arb_init(coefficient);
    arb_set(at, x);
    for (slong k = 1; k <= order && (ulong)k <= n; k++) { /* C(n, k) y^(n - k) */
        arb_bin_uiui(coefficient, n, (ulong)k, rows->prec);
        arb_pow_ui(at + k, x + 1, n - (ulong)k, rows->prec);
        arb_mul(at + k, at + k, coefficient, rows->prec);
    }
    _arb_vec_neg(e, at, order + 1); /* e = 1/2 - x */
    arb_set_d(coefficient, .5);
    arb_add(e, e, coefficient, rows->prec);
    arb_clear(coefficient);
}

static void remainders_are_not_forgotten(void **state)
{
    ulong n = 1;
    struct taylor *taylor;
    struct taylor_field field = {
        .n = POWER_ROWS, .series = power_series, .direction = 1, .self = &n};
    arb_ptr start = _arb_vec_init(POWER_ROWS), x = _arb_vec_init(POWER_ROWS);
    arb_t slope;
    (void)state;
    arb_init(slope);
    assert_int_equal(taylor_create(&field, POWER_PREC, 1, start, &taylor), OK);
    n = (ulong)taylor->order + 1;
    enum taylor_verdict verdict = TAYLOR_GOES_ON;
    for (int k = 0; k < 1000 && verdict == TAYLOR_GOES_ON; k++)
        verdict = taylor_step(taylor);
    assert_int_equal(verdict, TAYLOR_ZERO);
    assert_true(taylor_at_zero(taylor, FEW_BITS, x, slope));
    assert_true(contains(x, ".5") && fabs(middle(x) - .5) < 1e-6);
    assert_true(fabs(middle(x + 1) - pow(.5, 1 / (double)n)) < 1e-6);
    taylor_free(taylor);
    _arb_vec_clear(start, POWER_ROWS);
    _arb_vec_clear(x, POWER_ROWS);
    arb_clear(slope);
}

/* D_i = c_i - a_(i+1) and H_i = a_i^2 - c_i^2 at the limit of arbp contain those at the start, (G1). */
static void layered_limits_keep_their_integrals(void **state)
{
    enum { TRIALS = 12, PREC = 512, L = 3 };
    size_t settled = 0;
    (void)state;
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("layered"), i);
        struct decided d = {
            .statement = statement_text(STATEMENT_CHAIN, STATEMENT_ARBP, L, "1,1,1", "0,0,0,0,0")};
        arb_t left, right;
        fmpq_t start, square;
        for (size_t k = 0; k < 2 * L - 1; k++)
            draw_rational(&stream, d.statement->x0 + k);
        decide(&d);
        arb_init(left);
        arb_init(right);
        fmpq_init(start);
        fmpq_init(square);
        const fmpq *a = d.statement->x0, *c = a + L;
        for (size_t k = 0; k + 1 < L && d.limit->has_limit; k++) {
            arb_sub(left, d.limit->x + L + k, d.limit->x + k + 1, PREC);
            fmpq_sub(start, c + k, a + k + 1);
            assert_true(arb_contains_fmpq(left, start));
            arb_sqr(left, d.limit->x + k, PREC);
            arb_submul(left, d.limit->x + L + k, d.limit->x + L + k, PREC);
            fmpq_mul(start, a + k, a + k);
            fmpq_mul(square, c + k, c + k);
            fmpq_sub(start, start, square);
            assert_true(arb_contains_fmpq(left, start));
        }
        if (d.limit->ending == ENDING_SETTLED) {
            check_error_vanishes(&d);
            settled++;
        }
        arb_clear(left);
        arb_clear(right);
        fmpq_clear(start);
        fmpq_clear(square);
        forget(&d);
    }
    assert_true(settled > TRIALS / 2);
}

/* ---- digits --------------------------------------------------------------------------------- */

/* 2^(1/3) and 2^(-1/3) to 100 digits, from (0, 0): x^3 = 2. */
static void digits_are_right(void **state)
{
    enum { MANY = 1000, PREC = 4000 };
    struct statement *s = statement_text(STATEMENT_CHAIN, STATEMENT_DIRECT, 2, "1,1", "0,0");
    struct limit *limit = limit_create(s);
    arb_t root;
    (void)state;
    assert_int_equal(limit_decide(s, 0, limit), BAD_ARGUMENT);
    assert_int_equal(limit_decide(s, LIMIT_DIGITS_MOST + 1, limit), BAD_ARGUMENT);
    assert_int_equal(limit_decide(s, MANY, limit), OK);
    arb_init(root);
    arb_set_ui(root, 2);
    arb_root_ui(root, root, 3, PREC);
    assert_true(arb_overlaps(root, limit->x));
    assert_true(arb_rel_accuracy_bits(limit->x) >= MANY * 10 / 3);
    arb_pow_ui(root, limit->x, 3, PREC);
    assert_true(contains(root, "2"));
    char *text = limit_text(limit->x, 50);
    assert_string_equal(text, "1.2599210498948731647672106072782283505702514647015");
    flint_free(text);
    arb_clear(root);
    limit_free(limit);
    statement_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_rationals),
        cmocka_unit_test(digits_are_right),
        cmocka_unit_test(exceptions_are_decided),
        cmocka_unit_test(zeros_have_their_multiplicity),
        cmocka_unit_test(near_zeros_are_not_multiple),
        cmocka_unit_test(blow_up_times_are_exact),
        cmocka_unit_test(zeros_of_a_leaf_are_counted),
        cmocka_unit_test(reference_cases_agree),
        cmocka_unit_test(chains_agree),
        cmocka_unit_test(fans_agree),
        cmocka_unit_test(autoencoders_agree),
        cmocka_unit_test(powers_agree),
        cmocka_unit_test(random_chains_are_decided),
        cmocka_unit_test(descartes_agrees),
        cmocka_unit_test(planted_double_zeros_are_found),
        cmocka_unit_test(autoencoders_on_the_line),
        cmocka_unit_test(ties_of_descent_are_ties),
        cmocka_unit_test(wide_autoencoders_are_fixed_points),
        cmocka_unit_test(adaptive_chains_are_decided),
        cmocka_unit_test(bonds_are_not_called_cycles),
        cmocka_unit_test(remainders_are_not_forgotten),
        cmocka_unit_test(layered_limits_keep_their_integrals),
    };
    return cmocka_run_group_tests_name("exact", tests, NULL, NULL);
}
