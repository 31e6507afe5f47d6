/* Balls: intervals (m +- r) 2^-P with integers m and r, and arithmetic on them that rounds
 * outwards.
 *
 * An operation on balls gives a ball that contains the results of the operation for all points of
 * its operands.  So what a predicate says of a ball is true of the number that it stands for, and
 * every decision is one about integers.  Where nothing is known (a division by a ball with 0 in it,
 * a number beyond 2^BALL_INTEGER_BITS) the result is *unbounded*, all that is made of it is, too,
 * and every predicate is false of it: what overflows is never proved.
 *
 * Shapes:  a vector is ball[n], a matrix is row by row.  Results may be operands, too.
 * Units:   P is `bits` of the context: all balls of one computation belong to one context.
 * Memory:  ball_init() and ball_clear() as GMP's; a context holds the scratch of its operations and
 *          serves one thread.  Vectors as memory.h; when memory ends, GMP ends the program.
 * Errors:  none; unbounded results.
 * Source:  R. E. Moore, Interval Analysis, 1966; the midpoint and radius form of Arb (Johansson
 *          2017), here with a fixed point, so that sums are exact. */
#ifndef CHECKER_BALL_H
#define CHECKER_BALL_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

struct ball {
    mpz_t m, r; /* r < 0: unbounded */
};

enum { BALL_WORK = 4 };

struct ball_context {
    mp_bitcnt_t bits; /* P */
    mpz_t work[BALL_WORK];
};

void ball_context_init(struct ball_context *c, mp_bitcnt_t bits);
void ball_context_clear(struct ball_context *c);

void ball_init(struct ball *x); /* 0 */
void ball_clear(struct ball *x);
struct ball *ball_vector(size_t n); /* n zeros */
void ball_vector_clear(struct ball *x, size_t n);

void ball_set(struct ball *z, const struct ball *x);
void ball_swap(struct ball *x, struct ball *y);
void ball_set_unbounded(struct ball *z);
void ball_set_integer(struct ball_context *c, struct ball *z, long n);
void ball_set_rational(struct ball_context *c, struct ball *z, const mpq_t q);
/* Contains [lo, hi]; unbounded if lo > hi. */
void ball_set_interval(struct ball_context *c, struct ball *z, const mpq_t lo, const mpq_t hi);

void ball_add(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y);
void ball_sub(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y);
void ball_mul(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y);
void ball_div(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y);
void ball_square(struct ball_context *c, struct ball *z, const struct ball *x);
void ball_power(struct ball_context *c, struct ball *z, const struct ball *x, unsigned long n);
void ball_abs(struct ball_context *c, struct ball *z, const struct ball *x);
void ball_neg(struct ball *z, const struct ball *x);
void ball_mul_integer(struct ball_context *c, struct ball *z, const struct ball *x, long n);
/* z = x 2^k, for k < 0 rounded outwards. */
void ball_scale(struct ball_context *c, struct ball *z, const struct ball *x, long k);
/* z += x y. */
void ball_addmul(struct ball_context *c, struct ball *z, const struct ball *x,
                 const struct ball *y);

/* Points: the ends of x, its middle, and upper bounds of |x| and of the root of max(x, 0). */
void ball_upper(struct ball_context *c, struct ball *z, const struct ball *x);
void ball_lower(struct ball_context *c, struct ball *z, const struct ball *x);
void ball_middle(struct ball *z, const struct ball *x);
void ball_magnitude(struct ball_context *c, struct ball *z, const struct ball *x);
void ball_root_upper(struct ball_context *c, struct ball *z, const struct ball *x);

/* z = x - ball_middle(x), a ball around 0. */
void ball_deviation(struct ball *z, const struct ball *x);
/* The smallest ball around both. */
void ball_hull(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y);
/* The smallest ball around the points of both; both must hold the number that z stands for.
 * Unbounded if they have no point in common, which cannot be. */
void ball_meet(struct ball_context *c, struct ball *z, const struct ball *x, const struct ball *y);

/* Of all points of x; false if x is unbounded. */
bool ball_is_bounded(const struct ball *x);
bool ball_is_positive(const struct ball *x);
bool ball_is_negative(const struct ball *x);
bool ball_is_below(struct ball_context *c, const struct ball *x, const mpq_t q); /* x < q */
bool ball_is_above(struct ball_context *c, const struct ball *x, const mpq_t q); /* x > q */
bool ball_is_within(struct ball_context *c, const struct ball *x, const mpq_t lo, const mpq_t hi);
bool ball_is_less(struct ball_context *c, const struct ball *x, const struct ball *y);
bool ball_contains(struct ball_context *c, const struct ball *x, const mpq_t q);
bool ball_contains_zero(const struct ball *x); /* true if x is unbounded */

/* A matrix of balls, x[i*columns + j]. */
struct ball_matrix {
    size_t rows, columns;
    struct ball *x;
};

void ball_matrix_init(struct ball_matrix *A, size_t rows, size_t columns); /* zeros */
void ball_matrix_clear(struct ball_matrix *A);
struct ball *ball_matrix_entry(const struct ball_matrix *A, size_t row, size_t column);
/* Z = A B; Z is neither A nor B. */
void ball_matrix_multiply(struct ball_context *c, struct ball_matrix *Z,
                          const struct ball_matrix *A, const struct ball_matrix *B);
/* Z = A + A'; Z may be A. */
void ball_matrix_symmetric(struct ball_context *c, struct ball_matrix *Z,
                           const struct ball_matrix *A);
/* Is every symmetric matrix in A positive definite?  By the pivots of Gauss's elimination; only the
 * entries on and below the diagonal are read. */
bool ball_matrix_is_positive(struct ball_context *c, const struct ball_matrix *A);
/* z: a point not below the Frobenius norm of any matrix in A, or the norm |.|_2 of any: that is at
 * most the Frobenius norm and the root of the largest row sum times the largest column sum. */
void ball_matrix_frobenius(struct ball_context *c, struct ball *z, const struct ball_matrix *A);
void ball_matrix_norm(struct ball_context *c, struct ball *z, const struct ball_matrix *A);

#endif
