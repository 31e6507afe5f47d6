/* Jets: Taylor coefficients in residual time s, and their derivatives in the data, in balls.
 *
 * A jet of f(s, y) in a space of `orders` orders and K parameters holds enclosures of
 *
 *     f_j = (d/ds)^j f / j!,  j < orders,    and    d f_j / d y_k,  j < mixed,  k < K,
 *
 * for all s and y of some boxes.  mixed is one less than orders, but at least 1: this is what mean
 * value forms of f_0, ..., f_(orders - 2) need.
 *
 * Shapes:  a jet is ball[size]: f_0, f_1, ...; then for each k the mixed ones.
 * Memory:  ball.h.  Results may be operands.
 * Errors:  unbounded balls; the work is counted, reject.h. */
#ifndef CHECKER_JET_H
#define CHECKER_JET_H

#include "checker/ball.h"

struct jet_space {
    struct ball_context *c;
    size_t orders, parameters, mixed, size;
    struct ball *scratch; /* [size] */
};

void jet_space_init(struct jet_space *space, struct ball_context *c, size_t orders,
                    size_t parameters);
void jet_space_clear(struct jet_space *space);

/* count jets, all 0. */
struct ball *jet_vector(const struct jet_space *space, size_t count);

void jet_set_zero(const struct jet_space *space, struct ball *z);
/* A number that depends on nothing, or on parameter k alone, as that parameter. */
void jet_set_constant(const struct jet_space *space, struct ball *z, const struct ball *value);
void jet_set_parameter(const struct jet_space *space, struct ball *z, const struct ball *value,
                       size_t k);
/* s itself, in the ball `value`; the space has two orders at least. */
void jet_set_time(const struct jet_space *space, struct ball *z, const struct ball *value);
/* The jet x of another space with as many parameters; what that one lacks is 0: for what does not
 * depend on s. */
void jet_lift(const struct jet_space *space, struct ball *z, const struct jet_space *from,
              const struct ball *x);

struct ball *jet_mixed(const struct jet_space *space, struct ball *x, size_t k, size_t j);

void jet_set(const struct jet_space *space, struct ball *z, const struct ball *x);
void jet_add(const struct jet_space *space, struct ball *z, const struct ball *x,
             const struct ball *y);
void jet_sub(const struct jet_space *space, struct ball *z, const struct ball *x,
             const struct ball *y);
void jet_mul(const struct jet_space *space, struct ball *z, const struct ball *x,
             const struct ball *y);
void jet_half(const struct jet_space *space, struct ball *z, const struct ball *x);
/* z = 1/x and z = x^n, in a space without parameters; z is not x. */
void jet_inverse(const struct jet_space *space, struct ball *z, const struct ball *x);
void jet_power(const struct jet_space *space, struct ball *z, const struct ball *x,
               unsigned long n);

#endif
