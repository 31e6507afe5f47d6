/* Chains, LANES_BLOCK states at a time.
 *
 * Each loop over k runs over neighbouring states and is one instruction of a wide register, or a
 * few; the order of operations is that of chain.c for one state, and of the last few states here, so
 * that the bits are the same, notes/sweeper.md, (J3).  `restrict` throughout: else the compiler
 * keeps to one state at a time.  Functions that are cloned are not static: the compiler's resolvers
 * for local clones would need relocations in the text segment. */
#include "linear/chain_lanes.h"

#include "ode/lanes.h"

#include <math.h>
#include <string.h>

typedef double block[LANES_BLOCK];

/* ---- the field ---- */

/* For LANES_BLOCK lanes: dx[i] = prod_{k<i} a_k, and e.  `restrict` throughout: else the
 * compiler keeps to one lane at a time. */
LANES_INLINE void prefix_lanes(const struct chain_data *p, size_t n, const double *restrict x,
                               double *restrict dx, double *restrict e)
{
    const double alpha = p->alpha, beta = p->beta;
    double prefix[LANES_BLOCK];
    for (size_t k = 0; k < LANES_BLOCK; k++)
        prefix[k] = 1;
    for (size_t i = 0; i < p->depth; i++) {
        for (size_t k = 0; k < LANES_BLOCK; k++)
            dx[i * n + k] = prefix[k];
        for (size_t k = 0; k < LANES_BLOCK; k++)
            prefix[k] *= x[i * n + k];
    }
    for (size_t k = 0; k < LANES_BLOCK; k++)
        e[k] = alpha - beta * prefix[k];
}

/* (D) */
LANES_INLINE void direct_lanes(const struct chain_data *p, size_t n, const double *restrict x,
                               double *restrict dx)
{
    double e[LANES_BLOCK];
    const double lambda = p->lambda;
    prefix_lanes(p, n, x, dx, e);
    for (size_t i = 0; i < p->depth; i++) {
        const double c = p->c[i];
        const double *restrict row = x + i * n;
        double *restrict to = dx + i * n;
        for (size_t k = 0; k < LANES_BLOCK; k++)
            to[k] = c * to[k] * e[k] - lambda * row[k];
    }
}

/* (B): the suffix products are made on the way back. */
LANES_INLINE void gradient_lanes(const struct chain_data *p, size_t n, const double *restrict x,
                                 double *restrict dx)
{
    double e[LANES_BLOCK], suffix[LANES_BLOCK];
    const double lambda = p->lambda;
    prefix_lanes(p, n, x, dx, e);
    for (size_t k = 0; k < LANES_BLOCK; k++)
        suffix[k] = 1;
    for (size_t i = p->depth; i-- > 0;) {
        const double c = p->c[i];
        const double *restrict row = x + i * n;
        double *restrict to = dx + i * n;
        for (size_t k = 0; k < LANES_BLOCK; k++)
            to[k] = c * (to[k] * suffix[k]) * e[k] - lambda * row[k];
        for (size_t k = 0; k < LANES_BLOCK; k++)
            suffix[k] *= row[k];
    }
}

/* One lane out of n, in the same order of operations. */
LANES_INLINE void direct_lane(const struct chain_data *p, size_t n, const double *restrict x,
                              double *restrict dx)
{
    double prefix = 1;
    for (size_t i = 0; i < p->depth; i++) {
        dx[i * n] = prefix;
        prefix *= x[i * n];
    }
    const double e = p->alpha - p->beta * prefix;
    for (size_t i = 0; i < p->depth; i++)
        dx[i * n] = p->c[i] * dx[i * n] * e - p->lambda * x[i * n];
}

LANES_INLINE void gradient_lane(const struct chain_data *p, size_t n, const double *restrict x,
                                double *restrict dx)
{
    double prefix = 1, suffix = 1;
    for (size_t i = 0; i < p->depth; i++) {
        dx[i * n] = prefix;
        prefix *= x[i * n];
    }
    const double e = p->alpha - p->beta * prefix;
    for (size_t i = p->depth; i-- > 0;) {
        dx[i * n] = p->c[i] * (dx[i * n] * suffix) * e - p->lambda * x[i * n];
        suffix *= x[i * n];
    }
}

LANES_CLONES
void chain_direct_lanes(const struct chain_data *p, size_t n, const double *x, double *dx)
{
    size_t k = 0;
    for (; k + LANES_BLOCK <= n; k += LANES_BLOCK)
        direct_lanes(p, n, x + k, dx + k);
    for (; k < n; k++)
        direct_lane(p, n, x + k, dx + k);
}

LANES_CLONES
void chain_gradient_lanes(const struct chain_data *p, size_t n, const double *x, double *dx)
{
    size_t k = 0;
    for (; k + LANES_BLOCK <= n; k += LANES_BLOCK)
        gradient_lanes(p, n, x + k, dx + k);
    for (; k < n; k++)
        gradient_lane(p, n, x + k, dx + k);
}

/* ---- products of weights ---- */

LANES_INLINE void fill(double *restrict v, double value)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        v[k] = value;
}

LANES_INLINE void multiply(double *restrict v, const double *restrict by)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        v[k] *= by[k];
}

/* prod of a_k over low <= k < high without k = i and k = j */
LANES_INLINE void product_without(size_t n, const double *restrict a, size_t low, size_t high,
                                  const size_t without[2], double *restrict product)
{
    fill(product, 1);
    for (size_t m = low; m < high; m++)
        if (m != without[0] && m != without[1])
            multiply(product, a + m * n);
}

/* without[j] = prod of a_k over k < high, k != skip, k != j, for all j < high */
LANES_INLINE void products_without_each(size_t n, const double *restrict a, size_t high,
                                        size_t skip, block *restrict without)
{
    block prefix, suffix;
    fill(prefix, 1);
    fill(suffix, 1);
    for (size_t j = 0; j < high; j++) {
        memcpy(without[j], prefix, sizeof prefix);
        if (j != skip)
            multiply(prefix, a + j * n);
    }
    for (size_t j = high; j-- > 0;) {
        multiply(without[j], suffix);
        if (j != skip)
            multiply(suffix, a + j * n);
    }
}

/* V_i of a_i' = V_i e */
LANES_INLINE void direction_of(const struct chain_data *p, size_t n, const double *restrict a,
                               size_t i, double *restrict V)
{
    const size_t without[2] = {i, i};
    product_without(n, a, 0, p->gradient ? p->depth : i, without, V);
    for (size_t k = 0; k < LANES_BLOCK; k++)
        V[k] = p->c[i] * V[k];
}

/* ---- the Jacobian ---- */

/* to = rise V - fall P */
LANES_INLINE void rise_and_fall(const double *restrict rise, const double *restrict V,
                                const double *restrict fall, const double *restrict P,
                                double *restrict to)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        to[k] = rise[k] * V[k] - fall[k] * P[k];
}

LANES_INLINE void only_fall(const double *restrict fall, const double *restrict P,
                            double *restrict to)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        to[k] = -fall[k] * P[k];
}

LANES_INLINE void only_fall_and_decay(const double *restrict fall, const double *restrict P,
                                      double lambda, double *restrict to)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        to[k] = -fall[k] * P[k] - lambda;
}

/* fall = beta V_i and rise = e c_i, for V_i = c_i prefix */
LANES_INLINE void scales_of_row(const struct chain_data *p, size_t i, const double *restrict prefix,
                                const double *restrict e, double *restrict fall,
                                double *restrict rise)
{
    const double c = p->c[i], beta = p->beta;
    for (size_t k = 0; k < LANES_BLOCK; k++) {
        fall[k] = beta * (c * prefix[k]);
        rise[k] = e[k] * c;
    }
}

LANES_INLINE void error_of(const struct chain_data *p, const double *restrict product,
                           double *restrict e)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        e[k] = p->alpha - p->beta * product[k];
}

/* (D): dP[j] = dP/da_j, and e */
LANES_INLINE void direct_products(const struct chain_data *p, size_t n, const double *restrict a,
                                  block *restrict dP, double *restrict e)
{
    block prefix, suffix;
    fill(prefix, 1);
    fill(suffix, 1);
    for (size_t j = 0; j < p->depth; j++) {
        memcpy(dP[j], prefix, sizeof prefix);
        multiply(prefix, a + j * n);
    }
    error_of(p, prefix, e);
    for (size_t j = p->depth; j-- > 0;) {
        multiply(dP[j], suffix);
        multiply(suffix, a + j * n);
    }
}

/* (D): dV[j] = prod of a_k over k < i, k != j, follows i upwards. */
LANES_INLINE void direct_rows(const struct chain_data *p, size_t n, const double *restrict a,
                              double *restrict J)
{
    const size_t L = p->depth;
    block dP[FLOW_DENSE_MOST], dV[FLOW_DENSE_MOST], e, prefix, fall, rise;
    direct_products(p, n, a, dP, e);
    fill(prefix, 1);
    for (size_t i = 0; i < L; i++) {
        double *row = J + i * L * n;
        scales_of_row(p, i, prefix, e, fall, rise);
        for (size_t j = 0; j < i; j++) {
            rise_and_fall(rise, dV[j], fall, dP[j], row + j * n);
            multiply(dV[j], a + i * n);
        }
        only_fall_and_decay(fall, dP[i], p->lambda, row + i * n);
        for (size_t j = i + 1; j < L; j++)
            only_fall(fall, dP[j], row + j * n);
        memcpy(dV[i], prefix, sizeof prefix);
        multiply(prefix, a + i * n);
    }
}

/* to = (e c) dV - (beta V) dP off the diagonal, 0 - (beta V) dP - lambda on it */
LANES_INLINE void gradient_entry(const double *restrict ec, const double *restrict dV,
                                 const double *restrict bV, const double *restrict dP,
                                 double *restrict to)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        to[k] = ec[k] * dV[k] - bV[k] * dP[k];
}

LANES_INLINE void gradient_diagonal(const double *restrict bV, const double *restrict dP,
                                    double lambda, double *restrict to)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        to[k] = 0 - bV[k] * dP[k] - lambda;
}

LANES_INLINE void gradient_scales(const struct chain_data *p, size_t i, const double *restrict e,
                                  const double *restrict V, double *restrict ec,
                                  double *restrict bV)
{
    for (size_t k = 0; k < LANES_BLOCK; k++) {
        ec[k] = e[k] * p->c[i];
        bV[k] = p->beta * V[k];
    }
}

/* (B): V_i is a product over all k != i. */
LANES_INLINE void gradient_rows(const struct chain_data *p, size_t n, const double *restrict a,
                                double *restrict J)
{
    const size_t L = p->depth, none[2] = {L, L};
    block dP[FLOW_DENSE_MOST], dV[FLOW_DENSE_MOST], product, e, V, ec, bV;
    products_without_each(n, a, L, L, dP);
    product_without(n, a, 0, L, none, product);
    error_of(p, product, e);
    for (size_t i = 0; i < L; i++) {
        direction_of(p, n, a, i, V);
        gradient_scales(p, i, e, V, ec, bV);
        products_without_each(n, a, L, i, dV);
        for (size_t j = 0; j < L; j++)
            if (j != i)
                gradient_entry(ec, dV[j], bV, dP[j], J + (i * L + j) * n);
        gradient_diagonal(bV, dP[i], p->lambda, J + (i * L + i) * n);
    }
}

/* ---- first integrals and rounding ---- */

/* c_i a_j - c_j (prod_{i<m<j} a_m) a_i^2 / 2, or a_j, and its gradient */
LANES_INLINE void direct_integral(const struct chain_data *p, size_t n,
                                  const struct coupling *coupling, const double *restrict a,
                                  double *restrict I, double *restrict G)
{
    const size_t i = coupling->from, j = coupling->to;
    const double ci = p->c[i], half = p->c[j] / 2, cj = p->c[j];
    const double *restrict from = a + i * n, *restrict to = a + j * n;
    const size_t none[2] = {j, j};
    block between;
    for (size_t m = 0; m < p->depth; m++)
        fill(G + m * n, 0);
    if (i == j) {
        memcpy(I, to, sizeof between);
        fill(G + j * n, 1);
        return;
    }
    product_without(n, a, i + 1, j, none, between);
    fill(G + j * n, ci);
    double *restrict Gi = G + i * n;
    for (size_t k = 0; k < LANES_BLOCK; k++) {
        I[k] = ci * to[k] - half * between[k] * from[k] * from[k];
        Gi[k] = -cj * between[k] * from[k];
    }
    for (size_t m = i + 1; m < j; m++) {
        const size_t without[2] = {m, m};
        double *restrict Gm = G + m * n;
        product_without(n, a, i + 1, j, without, between);
        for (size_t k = 0; k < LANES_BLOCK; k++)
            Gm[k] = -half * between[k] * from[k] * from[k];
    }
}

/* eta_i a_{i+1}^2 - eta_{i+1} a_i^2, and its gradient */
LANES_INLINE void gradient_integral(const struct chain_data *p, size_t n, size_t i,
                                    const double *restrict a, double *restrict I,
                                    double *restrict G)
{
    const double *restrict from = a + i * n, *restrict to = a + (i + 1) * n;
    const double rise = p->c[i], fall = p->c[i + 1];
    for (size_t m = 0; m < p->depth; m++)
        fill(G + m * n, 0);
    double *restrict G_from = G + i * n, *restrict G_to = G + (i + 1) * n;
    for (size_t k = 0; k < LANES_BLOCK; k++) {
        I[k] = rise * to[k] * to[k] - fall * from[k] * from[k];
        G_to[k] = 2 * rise * to[k];
        G_from[k] = -2 * fall * from[k];
    }
}

/* (depth + 2) |V_i| (|alpha| + |beta P|) + |lambda a_i| */
LANES_INLINE void rounding_of(const struct chain_data *p, size_t n, const double *restrict a,
                              double *restrict bound)
{
    const size_t none[2] = {p->depth, p->depth};
    const double roundings = (double)(p->depth + 2), alpha = p->alpha, beta = p->beta;
    const double lambda = p->lambda;
    block product, V;
    product_without(n, a, 0, p->depth, none, product);
    for (size_t i = 0; i < p->depth; i++) {
        const double *restrict from = a + i * n;
        double *restrict to = bound + i * n;
        direction_of(p, n, a, i, V);
        for (size_t k = 0; k < LANES_BLOCK; k++)
            to[k] = roundings * fabs(V[k]) * (fabs(alpha) + fabs(beta * product[k])) +
                    fabs(lambda * from[k]);
    }
}

/* ---- any number of states ---- */

void chain_lanes_jacobian(const struct chain_data *p, size_t n, const double *x, double *J);
void chain_lanes_integrals(const struct flow *flow, size_t n, const double *x, double *I,
                           double *G);
void chain_lanes_rounding(const struct chain_data *p, size_t n, const double *x, double *bound);

LANES_CLONES
void chain_lanes_jacobian(const struct chain_data *p, size_t n, const double *x, double *J)
{
    for (size_t k = 0; k + LANES_BLOCK <= n; k += LANES_BLOCK)
        if (p->gradient)
            gradient_rows(p, n, x + k, J + k);
        else
            direct_rows(p, n, x + k, J + k);
}

LANES_CLONES
void chain_lanes_integrals(const struct flow *flow, size_t n, const double *x, double *I, double *G)
{
    const struct chain_data *p = flow->data;
    for (size_t c = 0; c < flow->conserved; c++)
        for (size_t k = 0; k + LANES_BLOCK <= n; k += LANES_BLOCK)
            if (p->gradient)
                gradient_integral(p, n, c, x + k, I + c * n + k, G + c * p->depth * n + k);
            else
                direct_integral(p, n, &p->coupling[c], x + k, I + c * n + k,
                                G + c * p->depth * n + k);
}

LANES_CLONES
void chain_lanes_rounding(const struct chain_data *p, size_t n, const double *x, double *bound)
{
    for (size_t k = 0; k + LANES_BLOCK <= n; k += LANES_BLOCK)
        rounding_of(p, n, x + k, bound + k);
}

/* The last few states, one by one: state k from or to column k. */
static size_t rest_begins(size_t n)
{
    return n / LANES_BLOCK * LANES_BLOCK;
}

static void take_column(size_t rows, size_t n, const double *from, double *column)
{
    for (size_t i = 0; i < rows; i++)
        column[i] = from[i * n];
}

static void put_column(size_t rows, size_t n, const double *column, double *to)
{
    for (size_t i = 0; i < rows; i++)
        to[i * n] = column[i];
}

static void jacobians(const struct flow *flow, size_t n, const double *x, double *J)
{
    double one[FLOW_DENSE_MOST], J_one[FLOW_DENSE_MOST * FLOW_DENSE_MOST];
    chain_lanes_jacobian(flow->data, n, x, J);
    for (size_t k = rest_begins(n); k < n; k++) {
        take_column(flow->dim, n, x + k, one);
        (void)flow->jacobian(flow, one, J_one);
        put_column(flow->dim * flow->dim, n, J_one, J + k);
    }
}

static void integrals(const struct flow *flow, size_t n, const double *x, double *I, double *G)
{
    double one[FLOW_DENSE_MOST], G_one[FLOW_DENSE_MOST];
    chain_lanes_integrals(flow, n, x, I, G);
    for (size_t k = rest_begins(n); k < n; k++) {
        take_column(flow->dim, n, x + k, one);
        for (size_t c = 0; c < flow->conserved; c++) {
            I[c * n + k] = flow->observe(flow, c, one);
            flow->gradient(flow, c, one, G_one);
            put_column(flow->dim, n, G_one, G + c * flow->dim * n + k);
        }
    }
}

static void roundings(const struct flow *flow, size_t n, const double *x, double *bound)
{
    double one[FLOW_DENSE_MOST], bound_one[FLOW_DENSE_MOST];
    chain_lanes_rounding(flow->data, n, x, bound);
    for (size_t k = rest_begins(n); k < n; k++) {
        take_column(flow->dim, n, x + k, one);
        flow->rounding(flow, one, bound_one);
        put_column(flow->dim, n, bound_one, bound + k);
    }
}

const struct flow_lanes chain_lanes = {
    .jacobian = jacobians, .integrals = integrals, .rounding = roundings};
