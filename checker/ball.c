/* Balls (m +- r) 2^-P over GMP's integers.
 *
 * With x = m1 + d1, y = m2 + d2, |d| <= r, in units of 2^-P:
 *
 *     x y  = m1 m2 + m1 d2 + m2 d1 + d1 d2,    r = |m1| r2 + |m2| r1 + r1 r2,
 *     x/y  = m1/m2 + (d1 m2 - m1 d2) / (m2 y), r = (r1 |m2| + |m1| r2) / (|m2| (|m2| - r2)),
 *     x^2  in [(|m1| - r1)^2, (|m1| + r1)^2] if 0 is not inside, so m = m1^2 + r1^2, r = 2 |m1| r1;
 *          in [0, (|m1| + r1)^2] else.
 *
 * The product of two integers has the unit 2^-2P: its middle is rounded down, which costs at most
 * one unit, added to the radius unless nothing was lost; radii are rounded up.  Sums, differences
 * and products with integers are exact.  The last proof of containment is the test: it compares
 * with rational arithmetic. */
#include "checker/ball.h"

#include "checker/memory.h"

/* Beyond this many bits a number before the point counts as unbounded: bounds the cost of an
 * operation, far above all that systems which are proved to converge meet on their way. */
static const mp_bitcnt_t BALL_INTEGER_BITS = 8192;

void ball_context_init(struct ball_context *c, mp_bitcnt_t bits)
{
    c->bits = bits;
    for (size_t k = 0; k < BALL_WORK; k++)
        mpz_init(c->work[k]);
}

void ball_context_clear(struct ball_context *c)
{
    for (size_t k = 0; k < BALL_WORK; k++)
        mpz_clear(c->work[k]);
}

void ball_init(struct ball *x)
{
    mpz_init(x->m);
    mpz_init(x->r);
}

void ball_clear(struct ball *x)
{
    mpz_clear(x->m);
    mpz_clear(x->r);
}

struct ball *ball_vector(size_t n)
{
    struct ball *x = memory_new(n, sizeof *x);
    for (size_t i = 0; i < n; i++)
        ball_init(&x[i]);
    return x;
}

void ball_vector_clear(struct ball *x, size_t n)
{
    if (!x)
        return;
    for (size_t i = 0; i < n; i++)
        ball_clear(&x[i]);
    memory_free(x);
}

void ball_set(struct ball *z, const struct ball *x)
{
    mpz_set(z->m, x->m);
    mpz_set(z->r, x->r);
}

void ball_swap(struct ball *x, struct ball *y)
{
    mpz_swap(x->m, y->m);
    mpz_swap(x->r, y->r);
}

void ball_set_unbounded(struct ball *z)
{
    mpz_set_ui(z->m, 0);
    mpz_set_si(z->r, -1);
}

bool ball_is_bounded(const struct ball *x)
{
    return mpz_sgn(x->r) >= 0;
}

/* Is x or y unbounded?  Then z is made so. */
static bool unbounded(struct ball *z, const struct ball *x, const struct ball *y)
{
    if (ball_is_bounded(x) && ball_is_bounded(y))
        return false;
    ball_set_unbounded(z);
    return true;
}

/* What is too large to go on with is given up. */
static void confine(struct ball_context *c, struct ball *z)
{
    mp_bitcnt_t most = c->bits + BALL_INTEGER_BITS;
    if (mpz_sizeinbase(z->m, 2) > most || mpz_sizeinbase(z->r, 2) > most)
        ball_set_unbounded(z);
}

void ball_set_integer(struct ball_context *c, struct ball *z, long n)
{
    mpz_set_si(z->m, n);
    mpz_mul_2exp(z->m, z->m, c->bits);
    mpz_set_ui(z->r, 0);
}

/* floor(q 2^P) and ceil(q 2^P) */
static void floor_of(struct ball_context *c, mpz_t z, const mpq_t q)
{
    mpz_mul_2exp(z, mpq_numref(q), c->bits);
    mpz_fdiv_q(z, z, mpq_denref(q));
}

static void ceiling_of(struct ball_context *c, mpz_t z, const mpq_t q)
{
    mpz_mul_2exp(z, mpq_numref(q), c->bits);
    mpz_cdiv_q(z, z, mpq_denref(q));
}

/* z = [lo, hi], both in units of 2^-P; either may be part of z. */
static void set_ends(struct ball_context *c, struct ball *z, mpz_t lo, mpz_t hi)
{
    mpz_t *middle = &c->work[BALL_WORK - 1];
    mpz_add(*middle, lo, hi);
    mpz_fdiv_q_2exp(*middle, *middle, 1);
    mpz_sub(z->r, hi, *middle); /* middle <= (lo + hi)/2: the upper half is the longer one */
    mpz_swap(z->m, *middle);
    confine(c, z);
}

void ball_set_interval(struct ball_context *c, struct ball *z, const mpq_t lo, const mpq_t hi)
{
    if (mpq_cmp(lo, hi) > 0) {
        ball_set_unbounded(z);
        return;
    }
    floor_of(c, c->work[0], lo);
    ceiling_of(c, c->work[1], hi);
    set_ends(c, z, c->work[0], c->work[1]);
}

void ball_set_rational(struct ball_context *c, struct ball *z, const mpq_t q)
{
    ball_set_interval(c, z, q, q);
}

void ball_add(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y)
{
    if (unbounded(z, x, y))
        return;
    mpz_add(z->m, x->m, y->m);
    mpz_add(z->r, x->r, y->r);
    confine(c, z);
}

void ball_sub(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y)
{
    if (unbounded(z, x, y))
        return;
    mpz_sub(z->m, x->m, y->m);
    mpz_add(z->r, x->r, y->r);
    confine(c, z);
}

void ball_neg(struct ball *z, const struct ball *x)
{
    if (unbounded(z, x, x))
        return;
    mpz_neg(z->m, x->m);
    mpz_set(z->r, x->r);
}

/* z = (m +- r) 2^-2P, rounded to the unit 2^-P; r is one up if m has lost anything. */
static void round_product(struct ball_context *c, struct ball *z, mpz_t m, mpz_t r)
{
    bool exact = mpz_divisible_2exp_p(m, c->bits) != 0;
    mpz_fdiv_q_2exp(z->m, m, c->bits);
    mpz_cdiv_q_2exp(z->r, r, c->bits);
    if (!exact)
        mpz_add_ui(z->r, z->r, 1);
    confine(c, z);
}

/* m and r of the product of bounded balls, in units of 2^-2P. */
static void product(struct ball_context *c, mpz_t m, mpz_t r, const struct ball *x,
                    const struct ball *y)
{
    mpz_t *modulus = &c->work[2];
    mpz_abs(*modulus, y->m);
    mpz_add(*modulus, *modulus, y->r);
    mpz_mul(r, x->r, *modulus);
    mpz_abs(*modulus, x->m);
    mpz_addmul(r, *modulus, y->r);
    mpz_mul(m, x->m, y->m);
}

void ball_mul(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y)
{
    if (unbounded(z, x, y))
        return;
    product(c, c->work[0], c->work[1], x, y);
    round_product(c, z, c->work[0], c->work[1]);
}

void ball_addmul(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y)
{
    if (unbounded(z, x, y) || !ball_is_bounded(z))
        return;
    product(c, c->work[0], c->work[1], x, y);
    bool exact = mpz_divisible_2exp_p(c->work[0], c->bits) != 0;
    mpz_fdiv_q_2exp(c->work[0], c->work[0], c->bits);
    mpz_cdiv_q_2exp(c->work[1], c->work[1], c->bits);
    if (!exact)
        mpz_add_ui(c->work[1], c->work[1], 1);
    mpz_add(z->m, z->m, c->work[0]);
    mpz_add(z->r, z->r, c->work[1]);
    confine(c, z);
}

void ball_square(struct ball_context *c, struct ball *z, const struct ball *x)
{
    if (unbounded(z, x, x))
        return;
    mpz_t *m = &c->work[0], *r = &c->work[1];
    if (mpz_cmpabs(x->m, x->r) >= 0) {
        mpz_mul(*r, x->m, x->r);
        mpz_abs(*r, *r);
        mpz_mul_2exp(*r, *r, 1);
        mpz_mul(*m, x->m, x->m);
        mpz_addmul(*m, x->r, x->r);
    } else { /* [0, b], b = (|m| + r)^2, with the middle b/2 rounded down */
        mpz_abs(*m, x->m);
        mpz_add(*m, *m, x->r);
        mpz_mul(*r, *m, *m);
        mpz_fdiv_q_2exp(*m, *r, 1);
        mpz_sub(*r, *r, *m);
    }
    round_product(c, z, *m, *r);
}

void ball_power(struct ball_context *c, struct ball *z, const struct ball *x, unsigned long n)
{
    struct ball base, power;
    ball_init(&base);
    ball_init(&power);
    ball_set(&base, x);
    ball_set_integer(c, &power, 1);
    for (; n; n >>= 1) {
        if (n & 1)
            ball_mul(c, &power, &power, &base);
        if (n > 1)
            ball_square(c, &base, &base);
    }
    ball_swap(z, &power);
    ball_clear(&base);
    ball_clear(&power);
}

void ball_div(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y)
{
    if (unbounded(z, x, y))
        return;
    mpz_t *r = &c->work[0], *divisor = &c->work[1], *modulus = &c->work[2];
    mpz_abs(*modulus, y->m);
    mpz_sub(*divisor, *modulus, y->r); /* |y| is at least this */
    if (mpz_sgn(*divisor) <= 0) {
        ball_set_unbounded(z);
        return;
    }
    mpz_mul(*r, x->r, *modulus);
    mpz_mul(*divisor, *divisor, *modulus);
    mpz_abs(*modulus, x->m);
    mpz_addmul(*r, *modulus, y->r);
    mpz_mul_2exp(*r, *r, c->bits);
    mpz_cdiv_q(*r, *r, *divisor);
    mpz_mul_2exp(*modulus, x->m, c->bits);
    mpz_fdiv_qr(z->m, *divisor, *modulus, y->m);
    mpz_add_ui(z->r, *r, mpz_sgn(*divisor) != 0);
    confine(c, z);
}

void ball_abs(struct ball_context *c, struct ball *z, const struct ball *x)
{
    if (unbounded(z, x, x))
        return;
    if (mpz_cmpabs(x->m, x->r) >= 0) {
        mpz_abs(z->m, x->m);
        mpz_set(z->r, x->r);
        return;
    }
    mpz_abs(c->work[1], x->m);
    mpz_add(c->work[1], c->work[1], x->r);
    mpz_set_ui(c->work[0], 0);
    set_ends(c, z, c->work[0], c->work[1]);
}

void ball_mul_integer(struct ball_context *c, struct ball *z, const struct ball *x, long n)
{
    if (unbounded(z, x, x))
        return;
    mpz_mul_si(z->m, x->m, n);
    mpz_mul_si(z->r, x->r, n);
    mpz_abs(z->r, z->r);
    confine(c, z);
}

void ball_scale(struct ball_context *c, struct ball *z, const struct ball *x, long k)
{
    if (unbounded(z, x, x))
        return;
    if (k >= 0) {
        mpz_mul_2exp(z->m, x->m, (mp_bitcnt_t)k);
        mpz_mul_2exp(z->r, x->r, (mp_bitcnt_t)k);
    } else {
        mp_bitcnt_t down = -(mp_bitcnt_t)k;
        bool exact = mpz_divisible_2exp_p(x->m, down) != 0;
        mpz_fdiv_q_2exp(z->m, x->m, down);
        mpz_cdiv_q_2exp(z->r, x->r, down);
        if (!exact)
            mpz_add_ui(z->r, z->r, 1);
    }
    confine(c, z);
}

void ball_upper(struct ball_context *c, struct ball *z, const struct ball *x)
{
    if (unbounded(z, x, x))
        return;
    mpz_add(z->m, x->m, x->r);
    mpz_set_ui(z->r, 0);
    confine(c, z);
}

void ball_lower(struct ball_context *c, struct ball *z, const struct ball *x)
{
    if (unbounded(z, x, x))
        return;
    mpz_sub(z->m, x->m, x->r);
    mpz_set_ui(z->r, 0);
    confine(c, z);
}

void ball_middle(struct ball *z, const struct ball *x)
{
    if (unbounded(z, x, x))
        return;
    mpz_set(z->m, x->m);
    mpz_set_ui(z->r, 0);
}

void ball_deviation(struct ball *z, const struct ball *x)
{
    mpz_set(z->r, x->r);
    mpz_set_ui(z->m, 0);
}

void ball_magnitude(struct ball_context *c, struct ball *z, const struct ball *x)
{
    if (unbounded(z, x, x))
        return;
    mpz_abs(z->m, x->m);
    mpz_add(z->m, z->m, x->r);
    mpz_set_ui(z->r, 0);
    confine(c, z);
}

void ball_root_upper(struct ball_context *c, struct ball *z, const struct ball *x)
{
    ball_upper(c, z, x);
    if (!ball_is_bounded(z))
        return;
    if (mpz_sgn(z->m) <= 0) {
        mpz_set_ui(z->m, 0);
        return;
    }
    mpz_mul_2exp(z->m, z->m, c->bits);
    mpz_sqrtrem(z->m, c->work[0], z->m);
    if (mpz_sgn(c->work[0]) != 0)
        mpz_add_ui(z->m, z->m, 1);
}

/* The ends of a bounded ball, in units of 2^-P. */
static void ends(mpz_t lo, mpz_t hi, const struct ball *x)
{
    mpz_sub(lo, x->m, x->r);
    mpz_add(hi, x->m, x->r);
}

void ball_hull(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y)
{
    if (unbounded(z, x, y))
        return;
    mpz_t *w = c->work;
    ends(w[0], w[1], x);
    ends(w[2], w[BALL_WORK - 1], y);
    if (mpz_cmp(w[2], w[0]) < 0)
        mpz_swap(w[2], w[0]);
    if (mpz_cmp(w[BALL_WORK - 1], w[1]) > 0)
        mpz_swap(w[BALL_WORK - 1], w[1]);
    set_ends(c, z, w[0], w[1]);
}

void ball_meet(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y)
{
    if (!ball_is_bounded(x) || !ball_is_bounded(y)) {
        ball_set(z, ball_is_bounded(x) ? x : y);
        return;
    }
    mpz_t *w = c->work;
    ends(w[0], w[1], x);
    ends(w[2], w[BALL_WORK - 1], y);
    if (mpz_cmp(w[2], w[0]) > 0)
        mpz_swap(w[2], w[0]);
    if (mpz_cmp(w[BALL_WORK - 1], w[1]) < 0)
        mpz_swap(w[BALL_WORK - 1], w[1]);
    if (mpz_cmp(w[0], w[1]) > 0)
        ball_set_unbounded(z);
    else
        set_ends(c, z, w[0], w[1]);
}

bool ball_is_positive(const struct ball *x)
{
    return ball_is_bounded(x) && mpz_sgn(x->m) > 0 && mpz_cmpabs(x->m, x->r) > 0;
}

bool ball_is_negative(const struct ball *x)
{
    return ball_is_bounded(x) && mpz_sgn(x->m) < 0 && mpz_cmpabs(x->m, x->r) > 0;
}

bool ball_contains_zero(const struct ball *x)
{
    return !ball_is_positive(x) && !ball_is_negative(x);
}

/* The sign of (m + r) 2^-P - q and of (m - r) 2^-P - q, for bounded balls. */
static int compare_upper(struct ball_context *c, const struct ball *x, const mpq_t q)
{
    mpz_add(c->work[0], x->m, x->r);
    mpz_mul(c->work[0], c->work[0], mpq_denref(q));
    mpz_mul_2exp(c->work[1], mpq_numref(q), c->bits);
    return mpz_cmp(c->work[0], c->work[1]);
}

static int compare_lower(struct ball_context *c, const struct ball *x, const mpq_t q)
{
    mpz_sub(c->work[0], x->m, x->r);
    mpz_mul(c->work[0], c->work[0], mpq_denref(q));
    mpz_mul_2exp(c->work[1], mpq_numref(q), c->bits);
    return mpz_cmp(c->work[0], c->work[1]);
}

bool ball_is_below(struct ball_context *c, const struct ball *x, const mpq_t q)
{
    return ball_is_bounded(x) && compare_upper(c, x, q) < 0;
}

bool ball_is_above(struct ball_context *c, const struct ball *x, const mpq_t q)
{
    return ball_is_bounded(x) && compare_lower(c, x, q) > 0;
}

bool ball_is_within(struct ball_context *c, const struct ball *x, const mpq_t lo, const mpq_t hi)
{
    return ball_is_bounded(x) && compare_lower(c, x, lo) >= 0 && compare_upper(c, x, hi) <= 0;
}

bool ball_contains(struct ball_context *c, const struct ball *x, const mpq_t q)
{
    return ball_is_bounded(x) && compare_lower(c, x, q) <= 0 && compare_upper(c, x, q) >= 0;
}

bool ball_is_less(struct ball_context *c, const struct ball *x, const struct ball *y)
{
    if (!ball_is_bounded(x) || !ball_is_bounded(y))
        return false;
    mpz_add(c->work[0], x->m, x->r);
    mpz_sub(c->work[1], y->m, y->r);
    return mpz_cmp(c->work[0], c->work[1]) < 0;
}
