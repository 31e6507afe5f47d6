/* The rules of sums, products and the exponential function for the first coefficients.
 *
 * The order of the coefficients makes the sums of a product dot products with even strides, which are
 * several times as fast as single steps.  Second derivatives in the data alone are not needed: over a box
 * they would be of the second order. */
#include "exact/jet.h"

void jet_init(struct jet *f)
{
    for (int k = 0; k < JET_LENGTH; k++)
        arb_init(f->c + k);
}

void jet_clear(struct jet *f)
{
    for (int k = 0; k < JET_LENGTH; k++)
        arb_clear(f->c + k);
}

void jet_set(const struct jet *f, struct jet *to)
{
    for (int k = 0; k < JET_LENGTH; k++)
        arb_set(to->c + k, f->c + k);
}

void jet_constant(const arb_t value, struct jet *f)
{
    for (int k = 0; k < JET_LENGTH; k++)
        arb_zero(f->c + k);
    arb_set(f->c + JET_V, value);
}

void jet_variable(const arb_t value, int which, struct jet *f)
{
    jet_constant(value, f);
    arb_one(f->c + which);
}

void jet_add(const struct jet_parts *parts, const struct jet *g, const struct jet *h, struct jet *f)
{
    for (slong k = 0; k < parts->count; k++)
        arb_add(f->c + k, g->c + k, h->c + k, parts->prec);
}

void jet_sub(const struct jet_parts *parts, const struct jet *g, const struct jet *h, struct jet *f)
{
    for (slong k = 0; k < parts->count; k++)
        arb_sub(f->c + k, g->c + k, h->c + k, parts->prec);
}

void jet_scale(const struct jet_parts *parts, const struct jet *g, const arb_t by, struct jet *f)
{
    for (slong k = 0; k < parts->count; k++)
        arb_mul(f->c + k, g->c + k, by, parts->prec);
}

void jet_half(const struct jet *g, struct jet *f)
{
    for (int k = 0; k < JET_LENGTH; k++)
        arb_mul_2exp_si(f->c + k, g->c + k, -1);
}

/* g_k h_0 + g_0 h_k */
static void product_of_two(const struct jet_parts *parts, const struct jet *g, const struct jet *h,
                           slong k, struct jet *f)
{
    arb_dot(f->c + k, NULL, 0, g->c + k, -k, h->c, k, 2, parts->prec);
}

/* f_sx += g_x h_s + g_s h_x: the outer two of the four terms are there. */
static void inner_two(const struct jet_parts *parts, const struct jet *g, const struct jet *h,
                      slong x, struct jet *f)
{
    const slong step = x - JET_S;
    arb_dot(f->c + x + 1, f->c + x + 1, 0, g->c + x, -step, h->c + JET_S, step, 2, parts->prec);
}

void jet_mul(const struct jet_parts *parts, const struct jet *g, const struct jet *h, struct jet *f)
{
    enum { THREE_TERMS = 3 };
    arb_mul(f->c + JET_V, g->c + JET_V, h->c + JET_V, parts->prec);
    product_of_two(parts, g, h, JET_S, f);
    if (parts->count == JET_POINT)
        return;
    arb_dot(f->c + JET_SS, NULL, 0, g->c + JET_SS, -1, h->c, 1, THREE_TERMS, parts->prec);
    for (slong x = JET_X; x <= JET_Y; x += JET_Y - JET_X) {
        product_of_two(parts, g, h, x, f);
        product_of_two(parts, g, h, x + 1, f);
        inner_two(parts, g, h, x, f);
    }
}

/* (exp g)_s = g_s exp g, (exp g)_ss/2 = (g_ss/2 + g_s^2/2) exp g, (exp g)_sx = (g_sx + g_s g_x) exp g */
void jet_exp(const struct jet_parts *parts, const struct jet *g, struct jet *f)
{
    struct jet inner; /* exp(g - value) */
    jet_init(&inner);
    jet_set(g, &inner);
    arb_one(inner.c + JET_V);
    arb_sqr(inner.c + JET_SS, g->c + JET_S, parts->prec);
    arb_mul_2exp_si(inner.c + JET_SS, inner.c + JET_SS, -1);
    arb_add(inner.c + JET_SS, inner.c + JET_SS, g->c + JET_SS, parts->prec);
    arb_addmul(inner.c + JET_SX, g->c + JET_S, g->c + JET_X, parts->prec);
    arb_addmul(inner.c + JET_SY, g->c + JET_S, g->c + JET_Y, parts->prec);
    arb_t value;
    arb_init(value);
    arb_exp(value, g->c + JET_V, parts->prec);
    jet_scale(parts, &inner, value, f);
    arb_clear(value);
    jet_clear(&inner);
}
