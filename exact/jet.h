/* Taylor coefficients in residual time s and two data x, y, on balls: what mean-value forms need.
 *
 *     f(s, x, y):  f, f_s, f_ss/2, f_x, f_sx, f_y, f_sy
 *
 * Forward differentiation through a straight-line program; a coefficient encloses that of every
 * point of the balls.  At a point only f and f_s are wanted: parts = JET_POINT.
 *
 * Shapes: c[JET_LENGTH].  Memory: jet_init(), jet_clear().  Errors: none; what cannot be computed is
 * not finite.  Source: notes/exact.md, (EX20). */
#ifndef EXACT_JET_H
#define EXACT_JET_H

#include "exact/library.h"

enum { JET_V, JET_S, JET_SS, JET_X, JET_SX, JET_Y, JET_SY, JET_LENGTH };
enum { JET_POINT = 2 };

struct jet {
    arb_struct c[JET_LENGTH];
};

/* How many of the coefficients are computed, JET_POINT or JET_LENGTH, and to how many bits. */
struct jet_parts {
    slong count, prec;
};

void jet_init(struct jet *f);
void jet_clear(struct jet *f);
void jet_set(const struct jet *f, struct jet *to);
void jet_constant(const arb_t value, struct jet *f);
/* One of s, x, y: `which` is JET_S, JET_X or JET_Y. */
void jet_variable(const arb_t value, int which, struct jet *f);

/* f may be the same as g or h, but for products. */
void jet_add(const struct jet_parts *parts, const struct jet *g, const struct jet *h,
             struct jet *f);
void jet_sub(const struct jet_parts *parts, const struct jet *g, const struct jet *h,
             struct jet *f);
void jet_scale(const struct jet_parts *parts, const struct jet *g, const arb_t by, struct jet *f);
void jet_half(const struct jet *g, struct jet *f);
void jet_mul(const struct jet_parts *parts, const struct jet *g, const struct jet *h,
             struct jet *f);
void jet_exp(const struct jet_parts *parts, const struct jet *g, struct jet *f);

#endif
