/* Balls against exact rationals, and against themselves.
 *
 * First way: FLINT computes the same operation on rational points of the operands, their ends
 * included, and the exact result must lie in the ball.  Second way, without any other arithmetic:
 * an algebraic identity evaluated in balls must never be refuted, and equal integers must come out
 * equal. Operands are drawn from populations that break careless code: cancelling to the last bit,
 * subnormal products, near overflow, wide balls.  Each property also says when it must *not* give
 * up, since the whole line would contain everything. */
#include "base/ball.h"
#include "base/stream.h"

#include <flint/fmpq.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum {
    TRIALS = 20000,     /* per population and operation: each takes a few microseconds */
    MANTISSA_BITS = 53, /* of a double */
    SHORT_BITS = 50,    /* two factors of 50 bits have a product of 100, which a ball holds */
    SEED = 2018
};

static const double CENTRE_RELATIVE = 0x1p-100; /* 106 bits less what a few roundings may lose */
static const double RADIUS_RELATIVE = 0x1p-10;  /* radii are bounds: 0.1 % too large is well made */
static const double LEAST_MANY = 0x1p-1066;     /* 256 units of the smallest double */
static const double NARROW_MOST = 0x1p-60;    /* exponentials of wider balls are made in doubles */
static const double NEAR_OVERFLOW = 0x1p1018; /* below this no operation may give up */

/* ---- random operands ---------------------------------------------------------------------- */

static double random_double(struct stream *stream, int least_exponent, int most_exponent)
{
    const int range = most_exponent - least_exponent + 1;
    const int exponent = least_exponent + (int)stream_below(stream, (uint64_t)range);
    const double mantissa = 1 + stream_uniform(stream);
    return ldexp(stream_below(stream, 2) ? mantissa : -mantissa, exponent);
}

/* A centre of 106 bits, or 53, and a radius that is 0, tiny, or as large as the centre. */
static struct ball random_ball(struct stream *stream, int least_exponent, int most_exponent)
{
    struct ball b = ball_of(random_double(stream, least_exponent, most_exponent));
    if (stream_below(stream, 3) > 0)
        b = ball_add(b, ball_of(ldexp(b.hi, -MANTISSA_BITS) * stream_uniform(stream)));
    const int shrink[] = {0, 0, 2, 20, 39, 41, 70, 104}; /* 0: no radius; 39, 41: about "wide" */
    const int by = shrink[stream_below(stream, sizeof shrink / sizeof *shrink)];
    b.radius = by > 0 ? ldexp(fabs(b.hi) * stream_uniform(stream), -by) : 0;
    return b;
}

struct operands {
    struct ball a, b;
};

static struct operands ordinary(struct stream *stream)
{
    return (struct operands){random_ball(stream, -3, 3), random_ball(stream, -3, 3)};
}

static struct operands spread(struct stream *stream)
{
    return (struct operands){random_ball(stream, -60, 60), random_ball(stream, -60, 60)};
}

static struct operands extreme(struct stream *stream)
{
    return (struct operands){random_ball(stream, -1074, 1023), random_ball(stream, -1074, 1023)};
}

/* The product of the two is about 2^-1022, where its error is not a double. */
static struct operands subnormal_products(struct stream *stream)
{
    const int split = (int)stream_below(stream, 500);
    return (struct operands){random_ball(stream, -540 - split, -480 - split),
                             random_ball(stream, -540 + split, -480 + split)};
}

/* b = -a but for the last few of its 106 bits. */
static struct operands cancelling(struct stream *stream)
{
    struct operands o = {.a = random_ball(stream, -30, 30)};
    o.b = ball_negated(o.a);
    const int bits = MANTISSA_BITS - (int)stream_below(stream, 8);
    o.b.lo += ldexp(o.b.lo, -bits) * (double)stream_below(stream, 3);
    return o;
}

typedef struct operands population(struct stream *stream);
static population *const populations[] = {ordinary, spread, extreme, subnormal_products,
                                          cancelling};
enum { POPULATIONS = sizeof populations / sizeof *populations };

/* ---- exact rationals ---------------------------------------------------------------------- */

static void exact_of(fmpq_t q, double x)
{
    int exponent;
    const double mantissa = frexp(x, &exponent);
    fmpq_set_si(q, (slong)ldexp(mantissa, MANTISSA_BITS), 1);
    exponent -= MANTISSA_BITS;
    if (exponent >= 0)
        fmpq_mul_2exp(q, q, (ulong)exponent);
    else
        fmpq_div_2exp(q, q, (ulong)-exponent);
}

/* q += factor x */
static void exact_add(fmpq_t q, int factor, double x)
{
    fmpq_t term;
    fmpq_init(term);
    exact_of(term, x);
    fmpq_mul_si(term, term, factor);
    fmpq_add(q, q, term);
    fmpq_clear(term);
}

/* centre + (quarters/4) radius */
static void exact_point(fmpq_t q, struct ball a, int quarters)
{
    exact_of(q, a.radius);
    fmpq_mul_si(q, q, quarters);
    fmpq_div_2exp(q, q, 2);
    exact_add(q, 1, a.hi);
    exact_add(q, 1, a.lo);
}

static bool is_whole_line(struct ball a)
{
    return a.radius == INFINITY;
}

static bool contains(struct ball a, const fmpq_t q)
{
    fmpq_t low, high;
    if (is_whole_line(a))
        return true;
    fmpq_init(low);
    fmpq_init(high);
    exact_point(low, a, -4);
    exact_point(high, a, 4);
    const bool inside = fmpq_cmp(low, q) <= 0 && fmpq_cmp(q, high) <= 0;
    fmpq_clear(low);
    fmpq_clear(high);
    return inside;
}

/* ---- operations --------------------------------------------------------------------------- */

struct operation {
    const char *name;
    struct ball (*ball)(struct ball, struct ball);
    void (*exact)(fmpq_t, const fmpq_t, const fmpq_t);
    double (*size)(struct ball, struct ball);   /* what the result's digits are relative to */
    double (*spread)(struct ball, struct ball); /* the radius that the operands' radii make */
};

static double sum_size(struct ball a, struct ball b)
{
    return fmax(fabs(a.hi), fabs(b.hi));
}

static double sum_spread(struct ball a, struct ball b)
{
    return a.radius + b.radius;
}

static double product_size(struct ball a, struct ball b)
{
    return fabs(a.hi * b.hi);
}

static double product_spread(struct ball a, struct ball b)
{
    return fabs(a.hi) * b.radius + fabs(b.hi) * a.radius + a.radius * b.radius;
}

static const struct operation operations[] = {
    {"add", ball_add, fmpq_add, sum_size, sum_spread},
    {"sub", ball_sub, fmpq_sub, sum_size, sum_spread},
    {"mul", ball_mul, fmpq_mul, product_size, product_spread},
};
enum { OPERATIONS = sizeof operations / sizeof *operations };

#define BALL_FORMAT      "(%a, %a, %a)"
#define BALL_NUMBERS(b_) (b_).hi, (b_).lo, (b_).radius

static void complain(const struct operation *op, struct operands o, struct ball c, const char *what)
{
    fail_msg("%s of " BALL_FORMAT " and " BALL_FORMAT " = " BALL_FORMAT ": %s", op->name,
             BALL_NUMBERS(o.a), BALL_NUMBERS(o.b), BALL_NUMBERS(c), what);
}

static void check_containment(const struct operation *op, struct operands o, struct ball c)
{
    fmpq_t x, y, z;
    fmpq_init(x);
    fmpq_init(y);
    fmpq_init(z);
    for (int i = -4; i <= 4; i += 2)
        for (int j = -4; j <= 4; j += 4) {
            exact_point(x, o.a, i);
            exact_point(y, o.b, j);
            op->exact(z, x, y);
            if (!contains(c, z))
                complain(op, o, c, "the exact result is outside");
        }
    fmpq_clear(x);
    fmpq_clear(y);
    fmpq_clear(z);
}

static void check_tightness(const struct operation *op, struct operands o, struct ball c)
{
    const double size = op->size(o.a, o.b), spread_ = op->spread(o.a, o.b);
    if (!(size < NEAR_OVERFLOW && spread_ < NEAR_OVERFLOW))
        return;
    const double most = spread_ * (1 + RADIUS_RELATIVE) + size * CENTRE_RELATIVE + LEAST_MANY;
    if (!(c.radius <= most))
        complain(op, o, c, "the ball is wider than need be");
    if (c.hi + c.lo != c.hi)
        complain(op, o, c, "the centre is not normalised");
}

static void operations_contain_the_exact_result(void **state)
{
    (void)state;
    for (size_t p = 0; p < POPULATIONS; p++)
        for (uint64_t trial = 0; trial < TRIALS; trial++) {
            struct stream stream = stream_at(SEED, p, trial);
            const struct operands o = populations[p](&stream);
            const struct operation *op = &operations[trial % OPERATIONS];
            const struct ball c = op->ball(o.a, o.b);
            check_containment(op, o, c);
            check_tightness(op, o, c);
        }
}

/* ---- exactness ---------------------------------------------------------------------------- */

/* An integer of at most SHORT_BITS bits times 2^exponent. */
static struct ball short_ball(struct stream *stream, int exponent)
{
    const uint64_t k = stream_below(stream, (uint64_t)1 << SHORT_BITS);
    return ball_of(ldexp((double)k, exponent));
}

static void exact_results_have_radius_zero(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, POPULATIONS, trial);
        const int exponent = (int)stream_below(&stream, 900) - 500; /* products from 2^-1000 on */
        const struct ball a = short_ball(&stream, exponent), b = short_ball(&stream, exponent);
        const struct ball c = ball_mul(a, b);
        assert_true(c.radius == 0);
        assert_true(ball_add(a, b).radius == 0);
        assert_true(ball_half(c).radius == 0);
        assert_true(ball_is_zero(ball_sub(c, ball_mul(b, a))));
        /* a b = c, so c/b - a is exactly zero, wherever c is a double */
        if (c.lo == 0 && b.hi != 0)
            assert_true(ball_is_zero(ball_sub(ball_ratio_small(c.hi, b.hi), a)));
    }
}

/* (a + b)(a - b) - (a^2 - b^2) with a, b of 50 bits: every step fits in 106. */
static void integers_obey_algebra_exactly(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, POPULATIONS + 1, trial);
        const struct ball a = short_ball(&stream, -7), b = short_ball(&stream, -7);
        const struct ball left = ball_mul(ball_add(a, b), ball_sub(a, b));
        const struct ball right = ball_sub(ball_mul(a, a), ball_mul(b, b));
        assert_true(ball_is_zero(ball_sub(left, right)));
    }
}

/* (a + b)^2 - a^2 - 2ab - b^2 contains 0 whatever the operands, and b times it as well. */
static void identities_are_never_refuted(void **state)
{
    (void)state;
    for (size_t p = 0; p < POPULATIONS; p++)
        for (uint64_t trial = 0; trial < TRIALS; trial++) {
            struct stream stream = stream_at(SEED, POPULATIONS + 2 + p, trial);
            struct operands o = populations[p](&stream);
            o.a.radius = o.b.radius = 0; /* of one point: else each occurrence is another point */
            const struct ball s = ball_add(o.a, o.b), ab = ball_mul(o.a, o.b);
            struct ball d = ball_sub(ball_mul(s, s), ball_mul(o.a, o.a));
            d = ball_sub(ball_sub(d, ball_add(ab, ab)), ball_mul(o.b, o.b));
            assert_int_equal(ball_sign(d), 0);
            assert_int_equal(ball_sign(ball_mul(d, o.b)), 0);
        }
}

/* ---- the other functions ------------------------------------------------------------------ */

static void quotients_contain_the_exact_result(void **state)
{
    (void)state;
    fmpq_t n, d;
    fmpq_init(n);
    fmpq_init(d);
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, POPULATIONS * 3, trial);
        const int reach = trial % 2 ? 30 : 1020;
        const double x = random_double(&stream, -reach, reach);
        const double y = random_double(&stream, -reach, reach);
        const struct ball q = ball_ratio_small(x, y);
        exact_of(n, x);
        exact_of(d, y);
        fmpq_div(n, n, d);
        assert_true(contains(q, n));
        if (fabs(x / y) < NEAR_OVERFLOW)
            assert_true(q.radius <= fabs(x / y) * CENTRE_RELATIVE + LEAST_MANY);
    }
    fmpq_clear(n);
    fmpq_clear(d);
}

static void intervals_contain_their_ends(void **state)
{
    (void)state;
    fmpq_t end;
    fmpq_init(end);
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, POPULATIONS * 3 + 1, trial);
        const int least = trial % 3 == 0 ? -1074 : -10, most = trial % 3 == 1 ? 1000 : 10;
        const double x = random_double(&stream, least, most);
        const double y = trial % 5 ? random_double(&stream, least, most) : nextafter(x, INFINITY);
        const struct ball b = ball_between(fmin(x, y), fmax(x, y));
        exact_of(end, x);
        assert_true(contains(b, end));
        exact_of(end, y);
        assert_true(contains(b, end));
        assert_true(b.radius <= fabs(x / 2 - y / 2) * (1 + RADIUS_RELATIVE) +
                                    ldexp(fmax(fabs(x), fabs(y)), 1 - MANTISSA_BITS) + LEAST_MANY);
    }
    fmpq_clear(end);
    assert_true(ball_between(2.385, 2.385).radius == 0);
    assert_true(is_whole_line(ball_between(1, -1)));
    assert_true(is_whole_line(ball_between(NAN, 1)));
    assert_true(is_whole_line(ball_between(0, INFINITY)));
}

static void signs_and_magnitudes_are_proved(void **state)
{
    (void)state;
    fmpq_t low, high, most;
    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(most);
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, POPULATIONS * 3 + 2, trial);
        const int exponent = (int)stream_below(&stream, 2000) - 1060;
        struct ball a = random_ball(&stream, exponent, exponent);
        if (trial % 2) /* the radius within a few units of the centre, on either side */
            a.radius =
                fabs(a.hi) * (1 + ldexp((double)stream_below(&stream, 9) - 4, -MANTISSA_BITS));
        exact_point(low, a, -4);
        exact_point(high, a, 4);
        const int exact_sign = fmpq_sgn(low) > 0 ? 1 : fmpq_sgn(high) < 0 ? -1 : 0;
        const int sign = ball_sign(a);
        assert_true(sign == 0 || sign == exact_sign);
        if (a.radius < fabs(a.hi) * (1 - 4 * DBL_EPSILON))
            assert_int_equal(sign, exact_sign);
        exact_of(most, ball_magnitude(a));
        assert_true(fmpq_cmp(most, high) >= 0);
        fmpq_neg(low, low);
        assert_true(fmpq_cmp(most, low) >= 0);
    }
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(most);
    assert_int_equal(ball_sign(ball_of(DBL_TRUE_MIN)), 1);
    assert_int_equal(ball_sign(ball_of(-DBL_TRUE_MIN)), -1);
    assert_int_equal(ball_sign(ball_of(0)), 0);
}

static void halves_and_negatives_are_exact(void **state)
{
    (void)state;
    fmpq_t x;
    fmpq_init(x);
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, POPULATIONS * 3 + 3, trial);
        const int exponent = trial % 2 ? -1070 : (int)stream_below(&stream, 1900) - 900;
        const struct ball a = random_ball(&stream, exponent, exponent);
        exact_point(x, a, 4);
        fmpq_neg(x, x);
        assert_true(contains(ball_negated(a), x));
        fmpq_div_2exp(x, x, 1);
        const struct ball h = ball_half(ball_negated(a));
        assert_true(contains(h, x));
        assert_true(h.radius <= a.radius / 2 * (1 + RADIUS_RELATIVE) + LEAST_MANY);
    }
    fmpq_clear(x);
}

/* ---- endings of the number line ----------------------------------------------------------- */

static void assert_undecided(struct ball a)
{
    assert_int_equal(ball_sign(a), 0);
    assert_false(ball_is_zero(a));
    assert_true(ball_magnitude(a) == INFINITY);
}

static void overflow_and_nan_are_undecided(void **state)
{
    (void)state;
    const struct ball most = ball_of(DBL_MAX), one = ball_of(1), nan = ball_of(NAN);
    assert_undecided(nan);
    assert_undecided(ball_of(INFINITY));
    assert_undecided(ball_add(most, most));
    assert_undecided(ball_mul(most, ball_of(2.385)));
    assert_undecided(ball_mul(ball_of(0), nan));
    assert_undecided(ball_add(one, nan));
    assert_undecided(ball_sub(ball_of(-INFINITY), one));
    assert_undecided(ball_half(nan));
    assert_undecided(ball_negated(ball_of(INFINITY)));
    assert_undecided(ball_ratio_small(2.385, 0));
    assert_undecided(ball_ratio_small(DBL_MAX, DBL_TRUE_MIN));
    assert_undecided((struct ball){.hi = 2.385, .radius = NAN});
    assert_undecided(ball_mul((struct ball){.hi = 2.385, .radius = NAN}, one));
    assert_undecided(ball_mul((struct ball){.hi = 2.385, .radius = DBL_MAX}, most));
    assert_undecided((struct ball){.hi = INFINITY});
    assert_int_equal(ball_sign((struct ball){.hi = 2.385, .radius = -1}), 0);
    assert_true(isnan(ball_centre(nan)));
}

static void underflow_is_never_called_zero(void **state)
{
    (void)state;
    const double tiny[] = {DBL_TRUE_MIN, 0x1.8p-600, 0x1.fffffffffffffp-538};
    fmpq_t x;
    fmpq_init(x);
    for (size_t i = 0; i < sizeof tiny / sizeof *tiny; i++) {
        const struct ball wide = {.hi = tiny[i], .radius = tiny[i] / 2};
        const struct ball square = ball_mul(ball_of(tiny[i]), ball_of(tiny[i]));
        exact_of(x, tiny[i]);
        fmpq_mul(x, x, x);
        assert_true(contains(square, x));
        assert_true(contains(ball_mul(wide, wide), x));
        assert_false(ball_is_zero(square));
        assert_false(ball_is_zero(ball_half(ball_of(DBL_TRUE_MIN))));
    }
    fmpq_clear(x);
    assert_true(ball_mul(ball_of(0x1p-500), ball_of(0x3p-500)).radius == 0);
    assert_true(ball_is_zero(ball_mul(ball_of(0), ball_of(DBL_TRUE_MIN))));
    assert_false(ball_is_zero(ball_ratio_small(DBL_TRUE_MIN, 2.385e10)));
}

/* ---- quotients, roots, exponentials --------------------------------------------------------- */

static struct ball quarter_point(struct ball a, int quarters)
{
    return ball_add((struct ball){.hi = a.hi, .lo = a.lo}, ball_of(quarters * a.radius / 4));
}

static void divisions_contain_the_exact_result(void **state)
{
    (void)state;
    fmpq_t n, d;
    fmpq_init(n);
    fmpq_init(d);
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("divisions"), i);
        const struct operands o = ordinary(&stream);
        const struct ball q = ball_div(o.a, o.b);
        if (o.b.radius <= fabs(o.b.hi) / 2 && o.a.radius <= fabs(o.a.hi))
            assert_false(is_whole_line(q));
        for (int k = -4; k <= 4 && !is_whole_line(q); k += 2) {
            exact_point(n, o.a, k);
            exact_point(d, o.b, -k);
            fmpq_div(n, n, d);
            assert_true(contains(q, n));
        }
        if (o.a.radius == 0 && o.b.radius == 0)
            assert_true(q.radius <= CENTRE_RELATIVE * fabs(q.hi));
    }
    fmpq_clear(n);
    fmpq_clear(d);
    assert_undecided(ball_div(ball_of(1), ball_of(0)));
    assert_undecided(ball_div(ball_of(1), ball_between(-1, 2)));
}

static void roots_contain_the_exact_result(void **state)
{
    (void)state;
    fmpq_t low, high, x;
    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(x);
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("roots"), i);
        struct ball a = random_ball(&stream, -60, 60);
        if (a.hi < 0)
            a = ball_negated(a);
        const struct ball r = ball_sqrt(a);
        if (is_whole_line(r))
            continue;
        exact_point(low, r, -4);
        exact_point(high, r, 4);
        fmpq_mul(low, low, low);
        fmpq_mul(high, high, high);
        for (int k = -4; k <= 4; k += 4) {
            exact_point(x, a, k);
            assert_true(fmpq_cmp(low, x) <= 0 && fmpq_cmp(x, high) <= 0);
        }
        if (a.radius == 0)
            assert_true(r.radius <= CENTRE_RELATIVE * r.hi);
    }
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(x);
    assert_true(ball_is_zero(ball_sub(ball_sqrt(ball_of(2.25)), ball_of(1.5))));
    assert_true(ball_is_zero(ball_sqrt(ball_of(0))));
    assert_undecided(ball_sqrt(ball_between(-1, 3)));
}

/* sum_{k<=n} x^k/k! <= exp x <= the same + 2 |x|^(n+1)/(n+1)! for 0 <= x <= 1 */
static void exact_exp(fmpq_t low, fmpq_t high, const fmpq_t x)
{
    enum { TERMS = 36 }; /* 2/36! = 5e-42 */
    fmpq_t term, divisor;
    fmpq_init(term);
    fmpq_init(divisor);
    fmpq_set_si(term, 1, 1);
    fmpq_set_si(low, 1, 1);
    for (int k = 1; k < TERMS; k++) {
        fmpq_mul(term, term, x);
        fmpq_set_si(divisor, k, 1);
        fmpq_div(term, term, divisor);
        fmpq_add(low, low, term);
    }
    fmpq_mul_si(term, term, 2);
    fmpq_add(high, low, term);
    fmpq_clear(term);
    fmpq_clear(divisor);
}

static void check_exponential(struct stream *stream)
{
    fmpq_t x, low, high, end;
    fmpq_init(x);
    fmpq_init(low);
    fmpq_init(high);
    fmpq_init(end);
    struct ball a = random_ball(stream, -40, -1);
    if (a.hi < 0)
        a = ball_negated(a);
    a.radius = fmin(a.radius, a.hi / 2);
    const struct ball y = ball_exp(a);
    for (int k = -4; k <= 4; k += 4) {
        exact_point(x, a, k);
        exact_exp(low, high, x);
        exact_point(end, y, -4);
        assert_true(fmpq_cmp(end, high) <= 0);
        exact_point(end, y, 4);
        assert_true(fmpq_cmp(low, end) <= 0);
    }
    const double rounding = a.radius > NARROW_MOST ? 64 * DBL_EPSILON : CENTRE_RELATIVE;
    assert_true(y.radius <= (3 * a.radius + rounding) * y.hi);
    fmpq_clear(x);
    fmpq_clear(low);
    fmpq_clear(high);
    fmpq_clear(end);
}

static void exponentials_contain_the_exact_result(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < TRIALS / 10; i++) {
        struct stream stream = stream_at(SEED, stream_key("exponentials"), i);
        check_exponential(&stream);
    }
    assert_true(ball_is_zero(ball_sub(ball_exp(ball_of(0)), ball_of(1))));
    assert_undecided(ball_exp(ball_of(1e4)));
    assert_true(ball_magnitude(ball_exp(ball_of(-1e4))) <= 2 * DBL_MIN);
}

/* exp(a + b) = exp a exp b for arguments of any size and width; with narrow ones to 28 digits. */
static void exponentials_turn_sums_into_products(void **state)
{
    (void)state;
    static const double NARROW = 1e-28; /* relative: arguments up to 500 lose nine bits, and more */
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("exp sums"), i);
        const struct ball a = random_ball(&stream, -30, 7), b = random_ball(&stream, -30, 7);
        const struct ball sum = ball_exp(ball_add(a, b));
        const struct ball product = ball_mul(ball_exp(a), ball_exp(b));
        assert_int_equal(ball_sign(ball_sub(sum, product)), 0);
        const int corner = 4 * (int)stream_below(&stream, 3) - 4;
        const struct ball point = ball_exp(quarter_point(a, corner));
        assert_int_equal(ball_sign(ball_sub(ball_exp(a), point)), 0);
        if (a.radius == 0)
            assert_true(point.radius <= NARROW * point.hi);
    }
}

/* Is x the same number as y, as far as balls know, and is it known to so many digits? */
static void assert_same(struct ball x, struct ball y, double digits)
{
    const struct ball difference = ball_sub(x, y);
    assert_int_equal(ball_sign(difference), 0);
    assert_true(ball_magnitude(difference) <= digits * fmax(ball_magnitude(x), DBL_MIN));
}

/* exp(log a) = a and log(a b) = log a + log b, a, b of any size and width. */
static void logarithms_undo_exponentials(void **state)
{
    (void)state;
    static const double NARROW = 1e-26; /* |log a| <= 700 in exp loses ten bits, and more */
    for (uint64_t i = 0; i < TRIALS; i++) {
        struct stream stream = stream_at(SEED, stream_key("logarithms"), i);
        struct ball a = random_ball(&stream, -900, 900), b = random_ball(&stream, -30, 30);
        a = a.hi < 0 ? ball_negated(a) : a;
        b = b.hi < 0 ? ball_negated(b) : b;
        if (ball_sign(a) <= 0 || ball_sign(b) <= 0)
            continue;
        const struct ball sum = ball_add(ball_log(a), ball_log(b));
        assert_int_equal(ball_sign(ball_sub(ball_log(ball_mul(a, b)), sum)), 0);
        assert_int_equal(ball_sign(ball_sub(ball_exp(ball_log(a)), a)), 0);
        a.radius = 0;
        assert_same(ball_exp(ball_log(a)), a, NARROW);
        const struct ball point = ball_log(quarter_point(b, 4 * (int)stream_below(&stream, 3) - 4));
        assert_int_equal(ball_sign(ball_sub(ball_log(b), point)), 0);
    }
    assert_true(ball_is_zero(ball_log(ball_of(1))));
    assert_undecided(ball_log(ball_of(0)));
    assert_undecided(ball_log(ball_of(-2.385)));
}

/* (a^(1/k))^k = a; a^7 multiplies; a^(p+q) = a^p a^q. */
static void powers_obey_their_laws(void **state)
{
    (void)state;
    static const double NARROW = 1e-27;
    for (uint64_t i = 0; i < TRIALS / 10; i++) {
        struct stream stream = stream_at(SEED, stream_key("powers"), i);
        const struct ball a = ball_of(fabs(random_double(&stream, -20, 20)));
        const struct ball p = ball_of(random_double(&stream, -3, 2));
        const struct ball q = ball_of(random_double(&stream, -3, 2));
        const double k = 2 + (double)stream_below(&stream, 5);
        const struct ball root = ball_power(a, ball_ratio_small(1, k));
        assert_same(ball_power(root, ball_of(k)), a, NARROW);
        assert_same(ball_mul(ball_power(a, p), ball_power(a, q)), ball_power(a, ball_add(p, q)),
                    NARROW);
        const struct ball square = ball_mul(a, a), cube = ball_mul(square, a);
        assert_same(ball_power(a, ball_of(7)), ball_mul(ball_mul(cube, cube), a), NARROW);
    }
    assert_true(ball_is_zero(ball_sub(ball_power(ball_of(-3), ball_of(5)), ball_of(-243))));
    assert_true(ball_is_zero(ball_power(ball_of(0), ball_of(0.5))));
    assert_undecided(ball_power(ball_of(-3), ball_of(0.5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_contain_the_exact_result),
        cmocka_unit_test(exact_results_have_radius_zero),
        cmocka_unit_test(integers_obey_algebra_exactly),
        cmocka_unit_test(identities_are_never_refuted),
        cmocka_unit_test(quotients_contain_the_exact_result),
        cmocka_unit_test(intervals_contain_their_ends),
        cmocka_unit_test(signs_and_magnitudes_are_proved),
        cmocka_unit_test(halves_and_negatives_are_exact),
        cmocka_unit_test(overflow_and_nan_are_undecided),
        cmocka_unit_test(underflow_is_never_called_zero),
        cmocka_unit_test(divisions_contain_the_exact_result),
        cmocka_unit_test(roots_contain_the_exact_result),
        cmocka_unit_test(exponentials_contain_the_exact_result),
        cmocka_unit_test(exponentials_turn_sums_into_products),
        cmocka_unit_test(logarithms_undo_exponentials),
        cmocka_unit_test(powers_obey_their_laws),
    };
    return cmocka_run_group_tests_name("ball", tests, NULL, NULL);
}
