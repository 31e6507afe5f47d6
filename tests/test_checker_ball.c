/* The checker's balls against exact rationals.
 *
 * An operand is a ball together with a rational point inside it, often an end; the operation on the
 * points, done by mpq, must lie in the operation on the balls.  Millions of operations in chains,
 * so that results become operands, at a precision so low that nearly all of them round.  Second:
 * a ball must not be too wide either, for the whole line contains everything: operations that are
 * exact must have no radius, and the ends of a square and of an absolute value are known.
 * Predicates are held against all corners.  Matrices: pivots against random matrices B'B and
 * indefinite ones, norms against |Ax|/|x|. */
#include "checker/ball.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum {
    CHAINS = 12000,  /* of operations, each on its own set of operands */
    STEPS = 60,      /* operations in a chain: rationals grow, so chains are short */
    OPERANDS = 6,    /* of a chain */
    LOW_BITS = 24,   /* a precision at which everything rounds */
    HIGH_BITS = 384, /* the precision of use */
    MOST_BITS = 600, /* of a rational; larger ones are drawn anew */
    SEED = 1966,
    ORDER = 5, /* of the largest matrix */
    MATRICES = 3000,
    SCALES = 9 /* powers of two, from 2^-SCALES to 2^SCALES */
};

struct operand {
    struct ball x;
    mpq_t point;
};

struct trial {
    gmp_randstate_t random;
    struct ball_context c;
    struct operand o[OPERANDS];
    mpq_t q[4];
};

static unsigned long below(struct trial *t, unsigned long n)
{
    return gmp_urandomm_ui(t->random, n);
}

/* A random rational of either sign, of many sizes; sometimes an integer or 0. */
static void draw(struct trial *t, mpq_t q)
{
    static const unsigned long SMALL = 20, LARGE = 40;
    mpz_urandomb(mpq_numref(q), t->random, below(t, LARGE));
    mpz_urandomb(mpq_denref(q), t->random, below(t, 2) ? 0 : below(t, SMALL));
    mpz_add_ui(mpq_denref(q), mpq_denref(q), 1);
    mpq_canonicalize(q);
    mpq_div_2exp(q, q, below(t, LARGE));
    if (below(t, 2))
        mpq_neg(q, q);
}

/* A ball around [lo, hi] and a point of it: an end, or between. */
static void draw_operand(struct trial *t, struct operand *o)
{
    draw(t, t->q[0]);
    draw(t, t->q[1]);
    if (below(t, 2)) { /* a narrow one */
        mpq_div_2exp(t->q[1], t->q[1], LOW_BITS / 2);
        mpq_add(t->q[1], t->q[1], t->q[0]);
    }
    if (below(t, 4) == 0)
        mpq_set(t->q[1], t->q[0]);
    if (mpq_cmp(t->q[0], t->q[1]) > 0)
        mpq_swap(t->q[0], t->q[1]);
    ball_set_interval(&t->c, &o->x, t->q[0], t->q[1]);
    mpq_set(o->point, t->q[below(t, 2)]);
    if (below(t, 3) == 0) {
        mpq_add(o->point, t->q[0], t->q[1]);
        mpq_div_2exp(o->point, o->point, 1);
    }
    assert_true(ball_contains(&t->c, &o->x, t->q[0]));
    assert_true(ball_contains(&t->c, &o->x, t->q[1]));
}

enum operation { ADD, SUB, MUL, DIV, SQUARE, POWER, ABS, NEG, INTEGER, SCALE, ADDMUL, OPERATIONS };

static void power_of_point(struct trial *t, mpq_t z, const mpq_t x, unsigned long n)
{
    mpq_set_ui(t->q[0], 1, 1);
    for (unsigned long k = 0; k < n; k++)
        mpq_mul(t->q[0], t->q[0], x);
    mpq_set(z, t->q[0]);
}

/* z = o(x) in balls and in rationals; z may be x. */
static void operate_on_one(struct trial *t, enum operation op, struct operand *z, struct operand *x)
{
    static const unsigned long POWERS = 6, FACTORS = 41;
    struct ball_context *c = &t->c;
    unsigned long n = below(t, POWERS);
    long factor = (long)below(t, FACTORS) - (long)(FACTORS / 2);
    long k = (long)below(t, 2 * SCALES + 1) - SCALES;
    if (op == SQUARE) {
        ball_square(c, &z->x, &x->x);
        mpq_mul(z->point, x->point, x->point);
    } else if (op == POWER) {
        ball_power(c, &z->x, &x->x, n);
        power_of_point(t, z->point, x->point, n);
    } else if (op == ABS) {
        ball_abs(c, &z->x, &x->x);
        mpq_abs(z->point, x->point);
    } else if (op == NEG) {
        ball_neg(&z->x, &x->x);
        mpq_neg(z->point, x->point);
    } else if (op == INTEGER) {
        ball_mul_integer(c, &z->x, &x->x, factor);
        mpq_set_si(t->q[0], factor, 1);
        mpq_mul(z->point, x->point, t->q[0]);
    } else { /* SCALE */
        ball_scale(c, &z->x, &x->x, k);
        mpq_mul_2exp(z->point, x->point, SCALES);
        mpq_div_2exp(z->point, z->point, (mp_bitcnt_t)(SCALES - k));
    }
}

/* z = x o y in balls and in rationals; z may be x or y.  False where division is not defined. */
static bool operate(struct trial *t, enum operation op, struct operand *z, struct operand *x,
                    struct operand *y)
{
    struct ball_context *c = &t->c;
    if (op == ADD) {
        ball_add(c, &z->x, &x->x, &y->x);
        mpq_add(z->point, x->point, y->point);
    } else if (op == SUB) {
        ball_sub(c, &z->x, &x->x, &y->x);
        mpq_sub(z->point, x->point, y->point);
    } else if (op == MUL) {
        ball_mul(c, &z->x, &x->x, &y->x);
        mpq_mul(z->point, x->point, y->point);
    } else if (op == DIV) {
        bool defined = !ball_contains_zero(&y->x);
        ball_div(c, &z->x, &x->x, &y->x);
        assert_int_equal(ball_is_bounded(&z->x), defined);
        if (!defined)
            return false;
        mpq_div(z->point, x->point, y->point);
    } else if (op == ADDMUL) {
        mpq_mul(t->q[0], x->point, y->point);
        ball_addmul(c, &z->x, &x->x, &y->x);
        mpq_add(z->point, t->q[0], z->point);
    } else {
        operate_on_one(t, op, z, x);
    }
    return true;
}

/* The rational ends of a ball. */
static void rational_ends(struct trial *t, mpq_t lo, mpq_t hi, const struct ball *x)
{
    mpz_sub(mpq_numref(lo), x->m, x->r);
    mpz_add(mpq_numref(hi), x->m, x->r);
    mpz_set_ui(mpq_denref(lo), 1);
    mpz_set_ui(mpq_denref(hi), 1);
    mpq_div_2exp(lo, lo, t->c.bits);
    mpq_div_2exp(hi, hi, t->c.bits);
}

/* What the predicates say of a ball is what its ends say. */
static void check_predicates(struct trial *t, const struct operand *o, const struct operand *other)
{
    mpq_t *lo = &t->q[0], *hi = &t->q[1];
    rational_ends(t, *lo, *hi, &o->x);
    const mpq_t *q = &other->point;
    assert_int_equal(ball_is_positive(&o->x), mpq_sgn(*lo) > 0);
    assert_int_equal(ball_is_negative(&o->x), mpq_sgn(*hi) < 0);
    assert_int_equal(ball_is_below(&t->c, &o->x, *q), mpq_cmp(*hi, *q) < 0);
    assert_int_equal(ball_is_above(&t->c, &o->x, *q), mpq_cmp(*lo, *q) > 0);
    assert_int_equal(ball_contains(&t->c, &o->x, *q),
                     mpq_cmp(*lo, *q) <= 0 && mpq_cmp(*hi, *q) >= 0);
    assert_false(ball_is_below(&t->c, &o->x, *hi));
    assert_false(ball_is_above(&t->c, &o->x, *lo));
    assert_true(ball_is_within(&t->c, &o->x, *lo, *hi));
    mpq_set_ui(t->q[2], 1, 1);
    mpq_div_2exp(t->q[2], t->q[2], t->c.bits + 1);
    mpq_sub(t->q[3], *hi, t->q[2]);
    assert_false(ball_is_within(&t->c, &o->x, *lo, t->q[3]));
    mpq_add(t->q[3], *lo, t->q[2]);
    assert_false(ball_is_within(&t->c, &o->x, t->q[3], *hi));
    rational_ends(t, t->q[2], t->q[3], &other->x);
    assert_int_equal(ball_is_less(&t->c, &o->x, &other->x), mpq_cmp(*hi, t->q[2]) < 0);
}

static void check_points(struct trial *t, const struct operand *o)
{
    struct ball z;
    ball_init(&z);
    mpq_t *lo = &t->q[0], *hi = &t->q[1];
    rational_ends(t, *lo, *hi, &o->x);
    ball_upper(&t->c, &z, &o->x);
    assert_true(ball_is_within(&t->c, &z, *hi, *hi));
    ball_lower(&t->c, &z, &o->x);
    assert_true(ball_is_within(&t->c, &z, *lo, *lo));
    ball_magnitude(&t->c, &z, &o->x);
    mpq_abs(*lo, *lo);
    mpq_abs(t->q[2], *hi);
    if (mpq_cmp(*lo, t->q[2]) < 0)
        mpq_set(*lo, t->q[2]);
    assert_true(ball_is_within(&t->c, &z, *lo, *lo));
    /* the root r of the upper end h: r^2 >= h > (r - one unit)^2 where h is positive */
    ball_root_upper(&t->c, &z, &o->x);
    mpz_mul(mpq_numref(t->q[2]), z.m, z.m);
    mpz_set_ui(mpq_denref(t->q[2]), 1);
    mpq_div_2exp(t->q[2], t->q[2], 2 * t->c.bits);
    assert_true(mpq_cmp(t->q[2], *hi) >= 0);
    if (mpz_sgn(z.m) > 0) {
        mpz_sub_ui(z.m, z.m, 1);
        mpz_mul(mpq_numref(t->q[2]), z.m, z.m);
        mpz_set_ui(mpq_denref(t->q[2]), 1);
        mpq_div_2exp(t->q[2], t->q[2], 2 * t->c.bits);
        assert_true(mpq_cmp(t->q[2], *hi) < 0);
    }
    ball_clear(&z);
}

/* The hull holds both points, the meet of balls around one point holds it, the middle and the
 * deviation add up. */
static void check_sets(struct trial *t, const struct operand *x, const struct operand *y)
{
    struct ball z, w;
    ball_init(&z);
    ball_init(&w);
    ball_hull(&t->c, &z, &x->x, &y->x);
    assert_true(ball_contains(&t->c, &z, x->point) && ball_contains(&t->c, &z, y->point));
    ball_meet(&t->c, &w, &z, &x->x);
    assert_true(ball_contains(&t->c, &w, x->point));
    mpz_add_ui(w.r, x->x.r, 2); /* one unit for the half that a middle may lose */
    mpz_set(w.m, x->x.m);
    ball_meet(&t->c, &z, &z, &x->x);
    assert_true(mpz_cmp(z.r, w.r) <= 0);
    ball_middle(&z, &x->x);
    ball_deviation(&w, &x->x);
    assert_int_equal(mpz_sgn(z.r), 0);
    ball_add(&t->c, &z, &z, &w);
    assert_true(ball_contains(&t->c, &z, x->point));
    ball_clear(&z);
    ball_clear(&w);
}

static bool too_long(const struct operand *o)
{
    return !ball_is_bounded(&o->x) || mpz_sizeinbase(mpq_numref(o->point), 2) > MOST_BITS ||
           mpz_sizeinbase(mpq_denref(o->point), 2) > MOST_BITS;
}

static void start(struct trial *t, mp_bitcnt_t bits)
{
    gmp_randinit_default(t->random);
    gmp_randseed_ui(t->random, SEED);
    ball_context_init(&t->c, bits);
    for (size_t k = 0; k < OPERANDS; k++) {
        ball_init(&t->o[k].x);
        mpq_init(t->o[k].point);
    }
    for (size_t k = 0; k < sizeof t->q / sizeof *t->q; k++)
        mpq_init(t->q[k]);
}

static void stop(struct trial *t)
{
    for (size_t k = 0; k < sizeof t->q / sizeof *t->q; k++)
        mpq_clear(t->q[k]);
    for (size_t k = 0; k < OPERANDS; k++) {
        ball_clear(&t->o[k].x);
        mpq_clear(t->o[k].point);
    }
    ball_context_clear(&t->c);
    gmp_randclear(t->random);
}

static void chains_of_operations(mp_bitcnt_t bits)
{
    struct trial t;
    start(&t, bits);
    unsigned long done[OPERATIONS] = {0};
    for (int chain = 0; chain < CHAINS; chain++) {
        for (size_t k = 0; k < OPERANDS; k++)
            draw_operand(&t, &t.o[k]);
        for (int step = 0; step < STEPS; step++) {
            enum operation op = (enum operation)below(&t, OPERATIONS);
            struct operand *z = &t.o[below(&t, OPERANDS)], *x = &t.o[below(&t, OPERANDS)],
                           *y = &t.o[below(&t, OPERANDS)];
            if (operate(&t, op, z, x, y)) {
                assert_true(!ball_is_bounded(&z->x) || ball_contains(&t.c, &z->x, z->point));
                done[op]++;
            }
            if (too_long(z))
                draw_operand(&t, z);
        }
        check_predicates(&t, &t.o[0], &t.o[1]);
        check_points(&t, &t.o[2]);
        check_sets(&t, &t.o[3], &t.o[4]);
    }
    static const unsigned long MANY = 10000;
    for (size_t op = 0; op < OPERATIONS; op++)
        assert_true(done[op] > MANY);
    stop(&t);
}

static void operations_contain_their_results(void **state)
{
    (void)state;
    chains_of_operations(LOW_BITS);
    chains_of_operations(HIGH_BITS);
}

/* Integers go through without a radius, and x - m is exact. */
static void exact_operations_have_no_radius(void **state)
{
    (void)state;
    static const long X = 12345, Y = -17, K = 5;
    struct ball_context c;
    ball_context_init(&c, HIGH_BITS);
    struct ball x, y, z;
    ball_init(&x);
    ball_init(&y);
    ball_init(&z);
    ball_set_integer(&c, &x, X);
    ball_set_integer(&c, &y, Y);
    ball_mul(&c, &z, &x, &y);
    ball_div(&c, &z, &z, &y);
    ball_square(&c, &z, &z);
    ball_scale(&c, &z, &z, -K);
    ball_scale(&c, &z, &z, K);
    ball_abs(&c, &z, &z);
    mpq_t q;
    mpq_init(q);
    mpq_set_si(q, X * X, 1);
    assert_true(ball_is_within(&c, &z, q, q));
    mpq_clear(q);
    ball_clear(&x);
    ball_clear(&y);
    ball_clear(&z);
    ball_context_clear(&c);
}

/* [-3, 2]^2 = [0, 9], |[-3, 2]| = [0, 3], [-3, -2]^2 = [4, 9], [-3, 2]^3 in [-27, 27]. */
static void wide_balls_have_known_ends(void **state)
{
    (void)state;
    struct trial t;
    start(&t, HIGH_BITS);
    static const long CASES[][6] = {
        /* lo, hi, of the square, of the modulus */
        {-3, 2, 0, 9, 0, 3},
        {-3, -2, 4, 9, 2, 3},
        {2, 7, 4, 49, 2, 7},
    };
    struct ball *x = &t.o[0].x, *z = &t.o[1].x;
    for (size_t k = 0; k < sizeof CASES / sizeof *CASES; k++) {
        mpq_set_si(t.q[0], CASES[k][0], 1);
        mpq_set_si(t.q[1], CASES[k][1], 1);
        ball_set_interval(&t.c, x, t.q[0], t.q[1]);
        ball_square(&t.c, z, x);
        mpq_set_si(t.q[0], CASES[k][2], 1);
        mpq_set_si(t.q[1], CASES[k][3], 1);
        assert_true(ball_is_within(&t.c, z, t.q[0], t.q[1]));
        ball_abs(&t.c, z, x);
        mpq_set_si(t.q[0], CASES[k][4], 1);
        mpq_set_si(t.q[1], CASES[k][5], 1);
        assert_true(ball_is_within(&t.c, z, t.q[0], t.q[1]));
    }
    stop(&t);
}

/* Nothing is known of what is divided by 0, too large, or made of either. */
static void unbounded_balls_decide_nothing(void **state)
{
    (void)state;
    struct trial t;
    start(&t, LOW_BITS);
    struct ball *x = &t.o[0].x, *y = &t.o[1].x, *z = &t.o[2].x;
    ball_set_integer(&t.c, x, 2);
    for (int k = 0; k < LOW_BITS; k++) /* 2^(2^24) */
        ball_square(&t.c, x, x);
    assert_false(ball_is_bounded(x));
    ball_set_integer(&t.c, y, 1);
    ball_set_integer(&t.c, z, 0);
    ball_div(&t.c, z, y, z);
    assert_false(ball_is_bounded(z));
    void (*const binary[])(struct ball_context *, struct ball *, const struct ball *,
                           const struct ball *) = {ball_add, ball_sub, ball_mul, ball_div,
                                                   ball_hull};
    for (size_t k = 0; k < sizeof binary / sizeof *binary; k++) {
        binary[k](&t.c, z, x, y);
        assert_false(ball_is_bounded(z));
        binary[k](&t.c, z, y, x);
        assert_false(ball_is_bounded(z));
    }
    void (*const unary[])(struct ball_context *, struct ball *, const struct ball *) = {
        ball_square, ball_abs, ball_upper, ball_lower, ball_magnitude, ball_root_upper};
    for (size_t k = 0; k < sizeof unary / sizeof *unary; k++) {
        ball_set_integer(&t.c, z, 1);
        unary[k](&t.c, z, x);
        assert_false(ball_is_bounded(z));
    }
    ball_set_integer(&t.c, z, 1);
    ball_addmul(&t.c, z, x, y);
    assert_false(ball_is_bounded(z));
    mpq_set_si(t.q[0], 0, 1);
    mpq_set_si(t.q[1], 1, 1);
    assert_false(ball_is_positive(x) || ball_is_negative(x) || ball_is_below(&t.c, x, t.q[0]) ||
                 ball_is_above(&t.c, x, t.q[0]) || ball_is_within(&t.c, x, t.q[0], t.q[1]) ||
                 ball_is_less(&t.c, x, y) || ball_is_less(&t.c, y, x) ||
                 ball_contains(&t.c, x, t.q[0]));
    assert_true(ball_contains_zero(x));
    ball_set_interval(&t.c, z, t.q[1], t.q[0]); /* ends in the wrong order */
    assert_false(ball_is_bounded(z));
    ball_meet(&t.c, z, x, y);
    assert_true(ball_is_bounded(z)); /* the meet knows what y knows */
    stop(&t);
}

/* ---- matrices ------------------------------------------------------------------------------ */

/* Sets A_ij to a ball of the given radius that holds `value`, not in its middle. */
static void set_entry(struct trial *t, struct ball *x, const mpq_t value, const mpq_t radius)
{
    mpq_div_2exp(t->q[0], radius, 2);
    mpq_sub(t->q[0], value, t->q[0]);
    mpq_add(t->q[1], t->q[0], radius);
    ball_set_interval(&t->c, x, t->q[0], t->q[1]);
}

struct exact_matrix {
    size_t n;
    mpq_t a[ORDER * ORDER];
};

static mpq_t *at(struct exact_matrix *A, size_t i, size_t j)
{
    return &A->a[i * ORDER + j];
}

/* A = B'B of a random integer B, less `shift` times the identity. */
static void draw_gram(struct trial *t, struct exact_matrix *A, const mpq_t shift)
{
    static const unsigned long ENTRIES = 19;
    long b[ORDER][ORDER] = {{0}};
    for (size_t i = 0; i < A->n; i++)
        for (size_t j = 0; j < A->n; j++)
            b[i][j] = (long)below(t, ENTRIES) - (long)(ENTRIES / 2);
    for (size_t i = 0; i < A->n; i++)
        for (size_t j = 0; j < A->n; j++) {
            long sum = 0;
            for (size_t k = 0; k < A->n; k++)
                sum += b[k][i] * b[k][j];
            mpq_set_si(*at(A, i, j), sum, 1);
            if (i == j)
                mpq_sub(*at(A, i, j), *at(A, i, j), shift);
        }
}

/* The least pivot's sign, by elimination in rationals: positive definite or not. */
static bool exactly_positive(struct trial *t, struct exact_matrix *A)
{
    for (size_t k = 0; k < A->n; k++) {
        if (mpq_sgn(*at(A, k, k)) <= 0)
            return false;
        for (size_t i = k + 1; i < A->n; i++) {
            mpq_div(t->q[0], *at(A, i, k), *at(A, k, k));
            for (size_t j = k; j < A->n; j++) {
                mpq_mul(t->q[1], t->q[0], *at(A, k, j));
                mpq_sub(*at(A, i, j), *at(A, i, j), t->q[1]);
            }
        }
    }
    return true;
}

static void pivots_decide_definiteness(void **state)
{
    (void)state;
    static const unsigned long SHIFTS = 80;
    struct trial t;
    start(&t, HIGH_BITS);
    struct exact_matrix A;
    for (size_t k = 0; k < ORDER * ORDER; k++)
        mpq_init(A.a[k]);
    unsigned long definite = 0, wide_refused = 0;
    for (int trial = 0; trial < MATRICES; trial++) {
        A.n = 1 + below(&t, ORDER);
        mpq_set_ui(t.q[2], below(&t, SHIFTS), 1);
        draw_gram(&t, &A, t.q[2]);
        struct ball_matrix narrow, wide;
        ball_matrix_init(&narrow, A.n, A.n);
        ball_matrix_init(&wide, A.n, A.n);
        for (size_t i = 0; i < A.n; i++)
            for (size_t j = 0; j < A.n; j++) {
                mpq_set_ui(t.q[3], 0, 1);
                set_entry(&t, ball_matrix_entry(&narrow, i, j), *at(&A, i, j), t.q[3]);
                mpq_set_ui(t.q[3], 1 + (trial & 1), 1);
                set_entry(&t, ball_matrix_entry(&wide, i, j), *at(&A, i, j), t.q[3]);
            }
        bool says = ball_matrix_is_positive(&t.c, &narrow);
        bool says_wide = ball_matrix_is_positive(&t.c, &wide);
        bool is = exactly_positive(&t, &A);
        assert_int_equal(says, is); /* integers: nothing is lost */
        assert_true(!says_wide || is);
        definite += is;
        wide_refused += is && !says_wide;
        ball_matrix_clear(&narrow);
        ball_matrix_clear(&wide);
    }
    assert_true(definite > MATRICES / 10 && definite < MATRICES - MATRICES / 10);
    assert_true(wide_refused > 0 && wide_refused < definite);
    for (size_t k = 0; k < ORDER * ORDER; k++)
        mpq_clear(A.a[k]);
    stop(&t);
}

/* A of [[4, 2], [2, 1 + w]] with w in [-1/8, 1/8]: singular inside, so it must be refused. */
static void enclosures_of_singular_matrices_are_refused(void **state)
{
    (void)state;
    static const long ENTRIES[] = {4, 2, 2, 1}, EIGHTH = 3;
    struct trial t;
    start(&t, HIGH_BITS);
    struct ball_matrix A;
    ball_matrix_init(&A, 2, 2);
    for (size_t k = 0; k < 4; k++)
        ball_set_integer(&t.c, &A.x[k], ENTRIES[k]);
    ball_set_integer(&t.c, &t.o[0].x, 1);
    ball_scale(&t.c, &t.o[0].x, &t.o[0].x, -EIGHTH);
    assert_false(ball_matrix_is_positive(&t.c, &A)); /* the second pivot is 0 */
    ball_add(&t.c, &A.x[3], &A.x[3], &t.o[0].x);
    assert_true(ball_matrix_is_positive(&t.c, &A));
    mpz_mul_2exp(A.x[3].r, t.o[0].x.m, 1);
    assert_false(ball_matrix_is_positive(&t.c, &A));
    ball_matrix_clear(&A);
    ball_matrix_init(&A, 1, 2);
    assert_false(ball_matrix_is_positive(&t.c, &A));
    ball_matrix_clear(&A);
    stop(&t);
}

/* |Ax|_2 <= norm |x|_2 for integers A and x, and the norm is not above either bound. */
static void norms_are_upper_bounds(void **state)
{
    (void)state;
    static const unsigned long ENTRIES = 41;
    struct trial t;
    start(&t, HIGH_BITS);
    struct ball *norm = &t.o[0].x, *frobenius = &t.o[1].x, *sum = &t.o[2].x, *square = &t.o[3].x;
    unsigned long sharper = 0;
    for (int trial = 0; trial < MATRICES; trial++) {
        struct ball_matrix A, x, y, s;
        ball_matrix_init(&A, 1 + below(&t, ORDER), 1 + below(&t, ORDER));
        ball_matrix_init(&x, A.columns, 1);
        ball_matrix_init(&y, A.rows, 1);
        ball_matrix_init(&s, 1, 1);
        bool sparse = trial & 1;
        for (size_t k = 0; k < A.rows * A.columns; k++)
            if (!sparse || below(&t, 3) == 0)
                ball_set_integer(&t.c, &A.x[k], (long)below(&t, ENTRIES) - (long)(ENTRIES / 2));
        for (size_t k = 0; k < A.columns; k++)
            ball_set_integer(&t.c, &x.x[k], (long)below(&t, ENTRIES) - (long)(ENTRIES / 2));
        ball_matrix_multiply(&t.c, &y, &A, &x);
        ball_matrix_norm(&t.c, norm, &A);
        ball_matrix_frobenius(&t.c, frobenius, &A);
        assert_false(ball_is_less(&t.c, frobenius, norm));
        sharper += ball_is_less(&t.c, norm, frobenius);
        ball_square(&t.c, sum, norm);
        ball_set_integer(&t.c, square, 0);
        for (size_t k = 0; k < A.columns; k++)
            ball_addmul(&t.c, square, &x.x[k], &x.x[k]);
        ball_mul(&t.c, sum, sum, square);
        ball_set_integer(&t.c, square, 0);
        for (size_t k = 0; k < A.rows; k++)
            ball_addmul(&t.c, square, &y.x[k], &y.x[k]);
        assert_false(ball_is_less(&t.c, sum, square));
        ball_matrix_clear(&A);
        ball_matrix_clear(&x);
        ball_matrix_clear(&y);
        ball_matrix_clear(&s);
    }
    assert_true(sharper > MATRICES / 10);
    stop(&t);
}

/* [[1, 2], [3, 4]] [[5], [6]] = [[17], [39]]; the symmetric sum; the norms of the first. */
static void products_and_sums_of_matrices(void **state)
{
    (void)state;
    static const long A_ENTRIES[] = {1, 2, 3, 4}, B_ENTRIES[] = {5, 6}, PRODUCT[] = {17, 39},
                      SYMMETRIC[] = {2, 5, 5, 8};
    struct trial t;
    start(&t, HIGH_BITS);
    struct ball_matrix A, B, Z;
    ball_matrix_init(&A, 2, 2);
    ball_matrix_init(&B, 2, 1);
    ball_matrix_init(&Z, 2, 1);
    for (size_t k = 0; k < 4; k++)
        ball_set_integer(&t.c, &A.x[k], A_ENTRIES[k]);
    for (size_t k = 0; k < 2; k++)
        ball_set_integer(&t.c, &B.x[k], B_ENTRIES[k]);
    ball_matrix_multiply(&t.c, &Z, &A, &B);
    for (size_t k = 0; k < 2; k++) {
        mpq_set_si(t.q[0], PRODUCT[k], 1);
        assert_true(ball_is_within(&t.c, &Z.x[k], t.q[0], t.q[0]));
    }
    ball_matrix_symmetric(&t.c, &A, &A);
    for (size_t k = 0; k < 4; k++) {
        mpq_set_si(t.q[0], SYMMETRIC[k], 1);
        assert_true(ball_is_within(&t.c, &A.x[k], t.q[0], t.q[0]));
    }
    ball_matrix_clear(&A);
    ball_matrix_clear(&B);
    ball_matrix_clear(&Z);
    stop(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_contain_their_results),
        cmocka_unit_test(exact_operations_have_no_radius),
        cmocka_unit_test(wide_balls_have_known_ends),
        cmocka_unit_test(unbounded_balls_decide_nothing),
        cmocka_unit_test(pivots_decide_definiteness),
        cmocka_unit_test(enclosures_of_singular_matrices_are_refused),
        cmocka_unit_test(norms_are_upper_bounds),
        cmocka_unit_test(products_and_sums_of_matrices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
