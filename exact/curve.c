/* Curves that are given by their coefficients, and zeros at the start.
 *
 * Low degrees only: the cubic of a fan and the quartics of two adaptive layers.  Beyond s nothing
 * happens as soon as all Taylor coefficients at s, from the first on, have one sign (in the outward
 * direction): then e is monotone from s to infinity. */
#include "exact/curve.h"

#include <stdlib.h>

/* All Taylor coefficients of e at s, [degree + 1]; first in the middle of s, which is sharper. */
static void coefficients_at(const fmpq_poly_struct *p, const arb_t s, slong prec, arb_poly_t e)
{
    arb_t part;
    arb_init(part);
    arb_poly_set_fmpq_poly(e, p, prec);
    arb_get_mid_arb(part, s);
    arb_poly_taylor_shift(e, e, part, prec);
    arb_sub(part, s, part, prec);
    arb_poly_taylor_shift(e, e, part, prec);
    arb_clear(part);
}

static void polynomial_jet(const void *self, const arb_t s, slong order, slong prec, arb_ptr e)
{
    arb_poly_t shifted;
    arb_poly_init(shifted);
    coefficients_at(self, s, prec, shifted);
    for (slong k = 0; k <= order; k++)
        arb_poly_get_coeff_arb(e + k, shifted, k);
    arb_poly_clear(shifted);
}

/* The sign of coefficient k in the outward direction; 0: not decided. */
static int outward_sign(const arb_poly_t e, slong k, int direction)
{
    arb_srcptr c = e->coeffs + k;
    const int sign = arb_is_positive(c) ? 1 : arb_is_negative(c) ? -1 : 0;
    return direction < 0 && k % 2 ? -sign : sign;
}

static enum curve_fate polynomial_beyond(const void *self, const arb_t s, slong prec)
{
    arb_poly_t e;
    arb_poly_init(e);
    coefficients_at(self, s, prec, e);
    const slong length = arb_poly_length(e);
    const int direction = arb_is_negative(s) ? -1 : 1;
    const int first = length > 1 ? outward_sign(e, length - 1, direction) : 0;
    bool same = first != 0;
    for (slong k = 1; k < length; k++)
        same = same && outward_sign(e, k, direction) == first;
    arb_poly_clear(e);
    if (length <= 1)
        return CURVE_FREE; /* a constant, which is not zero where anybody asks */
    if (!same)
        return CURVE_UNKNOWN;
    return first > 0 ? CURVE_RISES : CURVE_FALLS;
}

static void polynomial_expand(const void *self, slong length, fmpq_poly_t e)
{
    fmpq_poly_set(e, self);
    fmpq_poly_truncate(e, length);
}

/* sum of e_k (direction (1 - u))^k u^(degree - k), by Horner from the top */
static void polynomial_inverted(const void *self, const acb_t u, slong direction, slong prec,
                                acb_t R)
{
    const fmpq_poly_struct *p = self;
    fmpq_t coefficient;
    acb_t w, power, term;
    fmpq_init(coefficient);
    acb_init(w);
    acb_init(power);
    acb_init(term);
    acb_sub_ui(w, u, 1, prec);
    acb_mul_si(w, w, -direction, prec);
    acb_zero(R);
    acb_one(power);
    for (slong k = fmpq_poly_degree(p); k >= 0; k--) {
        fmpq_poly_get_coeff_fmpq(coefficient, p, k);
        arb_set_fmpq(acb_realref(term), coefficient, prec);
        arb_zero(acb_imagref(term));
        acb_mul(term, term, power, prec);
        acb_mul(R, R, w, prec);
        acb_add(R, R, term, prec);
        acb_mul(power, power, u, prec);
    }
    fmpq_clear(coefficient);
    acb_clear(w);
    acb_clear(power);
    acb_clear(term);
}

void curve_of_polynomial(const fmpq_poly_struct *e, struct curve *curve)
{
    *curve = (struct curve){.jet = polynomial_jet,
                            .beyond = polynomial_beyond,
                            .expand = polynomial_expand,
                            .inverted = polynomial_inverted,
                            .degree = fmpq_poly_degree(e),
                            .self = e};
}

slong curve_order_at_start(const struct curve *curve, slong most, int *sign)
{
    fmpq_t coefficient;
    fmpq_poly_t e;
    slong order = -1;
    if (!curve->expand)
        return -1;
    fmpq_init(coefficient);
    fmpq_poly_init(e);
    for (slong length = 2; order < 0 && length <= 2 * most; length *= 2) {
        curve->expand(curve->self, length, e);
        for (slong k = 0; order < 0 && k < fmpq_poly_length(e); k++) {
            fmpq_poly_get_coeff_fmpq(coefficient, e, k);
            *sign = fmpq_sgn(coefficient);
            order = *sign ? k : order;
        }
    }
    fmpq_clear(coefficient);
    fmpq_poly_clear(e);
    return order;
}
