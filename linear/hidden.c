/* A[N0,N1,N2] under fixed feedback as a flow.
 *
 *   X = A1 Sigma_II,  E = Sigma_TI - A2 X,  A1' = C E - lambda_1 A1,
 *   A2' = eta_2 E A1' - lambda_2 A2,
 *
 * in this order, so that E is formed once and K is conserved to the rounding of E.  Products are
 * those of product.h; A1 is turned first.  Several states are gathered in blocks of LANES_BLOCK
 * where that scratch is small, and one by one where it is not.
 *
 * Claims, notes/hidden.md, (S1), (S2): the parts of A1 outside the range of C and on the kernel of
 * Sigma_II; K = C A2 + (C A2)' - eta_2 A1 A1' without what these fix already; and
 * |C A2|^2/2 - eta_2 <A1, C W>, which never increases. */
#include "linear/hidden.h"

#include "linear/matrix.h"
#include "linear/network.h"
#include "linear/product.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LANES_DIM_MOST = 4096, /* unknowns up to which LANES_BLOCK states have scratch */
    FROZEN_MOST = 4096     /* frozen entries that are claimed: more would cost more than the flow */
};
/* |f| at a fixed point, in units of its rounding bound: a polished point is off by a few */
static const double ZERO = 64;

enum claimed {
    CLAIMED_FROZEN,  /* u_p' A1 e_q, u_p outside the range of C */
    CLAIMED_KERNEL,  /* u_p' A1 n_q, n_q in the kernel of Sigma_II */
    CLAIMED_COUPLED, /* u_p' K u_q, u_p in the range */
    CLAIMED_LYAPUNOV
};

struct hidden_claim {
    enum claimed kind;
    size_t p, q;
};

/* Numbers of one state or of LANES_BLOCK states side by side. */
struct scratch {
    double *x, *dx, *turned, *X;
    double *E;
};

struct hidden_data {
    struct hidden_terms terms;
    size_t lanes;
    struct scratch at, along;
    double *product; /* [N1*N1]: C A2 */
    double *CT;      /* [2*N0]: C Sigma_TI of one hidden unit, and |C| |Sigma_TI| */
    double *moduli;  /* constants and state of the rounding bound */
    const struct hidden_claim *claim;
};

struct hidden_block {
    struct flow flow;
    struct hidden_data data;
    char title[CLAIM_NAME_MAX];
};

static const struct hidden_data *data_of(const struct flow *flow)
{
    return flow->data;
}

const struct hidden_terms *hidden_terms_of_flow(const struct flow *flow)
{
    return &data_of(flow)->terms;
}

/* ---- the field ---- */

/* The constants of one evaluation: those of the flow, or their moduli. */
struct constants {
    const double *sigma, *targets, *C, *CT; /* CT[N0] = C Sigma_TI, of one hidden unit */
    double eta_2, decay[2], sign;           /* sign of P Sigma_II in E */
};

static struct constants constants_of(const struct hidden_data *d)
{
    const struct hidden_terms *t = &d->terms;
    return (struct constants){.sigma = t->sigma,
                              .targets = t->targets,
                              .C = t->C,
                              .CT = d->CT,
                              .eta_2 = t->eta_2,
                              .decay = {-t->decay[0], -t->decay[1]},
                              .sign = -1};
}

/* f = factor f + linear x */
LANES_INLINE void combine(size_t count, double factor, double linear, const double *x, double *f)
{
    for (size_t i = 0; i < count; i++)
        f[i] = factor * f[i] + linear * x[i];
}

/* E = target + sign E, of `lanes` states */
LANES_INLINE void subtract_from_target(size_t lanes, double target, double sign, double *restrict E)
{
    for (size_t k = 0; k < lanes; k++)
        E[k] = target + sign * E[k];
}

LANES_INLINE void error_from(size_t lanes, size_t count, const struct constants *c, double *E)
{
    for (size_t j = 0; j < count; j++)
        subtract_from_target(lanes, c->targets[j], c->sign, E + j * lanes);
}

/* The same as combine(), where vectors of lanes follow each other. */
LANES_INLINE void combine_vector(double factor, double linear, const double *restrict x,
                                 double *restrict f)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        f[k] = factor * f[k] + linear * x[k];
}

LANES_INLINE void combine_lanes(size_t count, double factor, double linear, const double *x,
                                double *f)
{
    for (size_t i = 0; i < count; i++)
        combine_vector(factor, linear, x + i * LANES_BLOCK, f + i * LANES_BLOCK);
}

/* States `stride` apart, the room for X, and where their changes go. */
struct unit_states {
    size_t stride;
    const double *x;
    double *X, *dx;
};

/* Not static: the compiler's resolvers for local clones would need relocations in the text
 * segment. */
void hidden_field_one(const struct hidden_terms *t, const struct constants *c,
                      const struct scratch *s, const double *x, double *dx);
void hidden_field_lanes(const struct hidden_terms *t, const struct constants *c,
                        const struct scratch *s, const double *x, double *dx);
void hidden_unit_one(const struct hidden_terms *t, const struct constants *c, double *X,
                     const double *x, double *dx);
void hidden_unit_lanes(const struct hidden_terms *t, const struct constants *c,
                       const struct unit_states *states);
void hidden_multiply(size_t rows, size_t inner, size_t columns, const double *A, const double *B,
                     double *C);

/* sum[lanes] += factor v[lanes] */
LANES_INLINE void add_scaled(size_t lanes, double factor, const double *restrict v,
                             double *restrict sum)
{
    for (size_t k = 0; k < lanes; k++)
        sum[k] += factor * v[k];
}

/* sum[lanes] += v[lanes] w[lanes] */
LANES_INLINE void add_products(size_t lanes, const double *restrict v, const double *restrict w,
                               double *restrict sum)
{
    for (size_t k = 0; k < lanes; k++)
        sum[k] += v[k] * w[k];
}

/* What the unknowns of one hidden unit change by: rate (known + sign scale by) + decay x. */
struct unit_change {
    double rate, sign, decay;
};

/* The vectors of lanes that an entry of a' is made of. */
struct unit_entry {
    double known;
    const double *scale, *by, *x;
};

LANES_INLINE void change_first(size_t lanes, const struct unit_change *change,
                               const struct unit_entry *entry, double *restrict dx)
{
    const double rate = change->rate, sign = change->sign, decay = change->decay;
    const double *restrict scale = entry->scale, *restrict by = entry->by, *restrict x = entry->x;
    const double known = entry->known;
    for (size_t k = 0; k < lanes; k++)
        dx[k] = rate * (known + sign * (scale[k] * by[k])) + decay * x[k];
}

LANES_INLINE void change_second(size_t lanes, const struct unit_change *change,
                                const double *restrict known, const double *restrict scale,
                                const double *restrict y, double *restrict dy)
{
    const double rate = change->rate, sign = change->sign, decay = change->decay;
    for (size_t k = 0; k < lanes; k++)
        dy[k] = rate * (known[k] + sign * (scale[k] * y[k])) + decay * y[k];
}

/* X = a Sigma_II, its column j */
LANES_INLINE void drive_input(size_t lanes, size_t N0, size_t stride, const double *sigma,
                              const double *restrict a, double *restrict X)
{
    double sum[LANES_BLOCK] = {0};
    for (size_t l = 0; l < N0; l++)
        add_scaled(lanes, sigma[l * N0], a + l * stride, sum);
    memcpy(X, sum, lanes * sizeof *X);
}

/* One hidden unit, A1 = a, A2 = y: E is of rank one but for Sigma_TI, and need not be formed,
 *   a' = C Sigma_TI - (C y) a Sigma_II,   y' = Sigma_TI a' - (a Sigma_II a') y,
 * for `lanes` states, unknowns `stride` apart. */
LANES_INLINE void field_of_unit(const struct hidden_terms *t, const struct constants *c,
                                size_t lanes, const struct unit_states *states)
{
    const size_t stride = states->stride;
    const double *a = states->x;
    double *X = states->X, *da = states->dx;
    const size_t N0 = t->N0, N2 = t->N2;
    const double *y = a + N0 * stride;
    const struct unit_change first = {1, c->sign, c->decay[0]};
    const struct unit_change second = {c->eta_2, c->sign, c->decay[1]};
    double Cy[LANES_BLOCK] = {0}, aXa[LANES_BLOCK] = {0};
    const bool white = t->spherical && t->sphere == 1; /* X is a to the last bit */
    for (size_t o = 0; o < N2; o++)
        add_scaled(lanes, c->C[o], y + o * stride, Cy);
    for (size_t j = 0; j < N0; j++) {
        const double *at = a + j * stride, *driven = white ? at : X + j * lanes;
        if (!white)
            drive_input(lanes, N0, stride, c->sigma + j, a, X + j * lanes);
        change_first(lanes, &first, &(struct unit_entry){c->CT[j], Cy, driven, at},
                     da + j * stride);
        add_products(lanes, driven, at, aXa);
    }
    for (size_t o = 0; o < N2; o++) {
        double sum[LANES_BLOCK] = {0};
        for (size_t j = 0; j < N0; j++)
            add_scaled(lanes, c->targets[o * N0 + j], a + j * stride, sum);
        change_second(lanes, &second, sum, aXa, y + o * stride, da + (N0 + o) * stride);
    }
}

LANES_CLONES
void hidden_unit_one(const struct hidden_terms *t, const struct constants *c, double *X,
                     const double *x, double *dx)
{
    field_of_unit(t, c, 1, &(struct unit_states){1, x, X, dx});
}

/* LANES_BLOCK states, unknowns `stride` apart */
LANES_CLONES
void hidden_unit_lanes(const struct hidden_terms *t, const struct constants *c,
                       const struct unit_states *states)
{
    field_of_unit(t, c, LANES_BLOCK, states);
}

LANES_CLONES
void hidden_field_one(const struct hidden_terms *t, const struct constants *c,
                      const struct scratch *s, const double *x, double *dx)
{
    const size_t N0 = t->N0, N1 = t->N1, N2 = t->N2, first = N1 * N0;
    const double *A1 = x, *A2 = x + first;
    product_transposed(1, N1, N0, A1, s->turned);
    product_one(N1, N0, N0, A1, c->sigma, s->X);
    product_one(N2, N1, N0, A2, s->X, s->E);
    error_from(1, N2 * N0, c, s->E);
    product_one(N1, N2, N0, c->C, s->E, dx);
    product_one(N2, N0, N1, s->E, s->turned, dx + first);
    combine(first, 1, c->decay[0], A1, dx);
    combine(N2 * N1, c->eta_2, c->decay[1], A2, dx + first);
}

/* LANES_BLOCK states, x[dim*LANES_BLOCK]. */
LANES_CLONES
void hidden_field_lanes(const struct hidden_terms *t, const struct constants *c,
                        const struct scratch *s, const double *x, double *dx)
{
    const size_t N0 = t->N0, N1 = t->N1, N2 = t->N2, first = N1 * N0 * LANES_BLOCK;
    const double *A1 = x, *A2 = x + first;
    const double *X = t->spherical && t->sphere == 1 ? A1 : s->X; /* the same bits */
    if (X == s->X)
        product_lanes_second_common(N1, N0, N0, A1, c->sigma, s->X);
    product_transposed(LANES_BLOCK, N1, N0, A1, s->turned);
    product_lanes(N2, N1, N0, A2, X, s->E);
    error_from(LANES_BLOCK, N2 * N0, c, s->E);
    product_lanes_first_common(N1, N2, N0, c->C, s->E, dx);
    product_lanes(N2, N0, N1, s->E, s->turned, dx + first);
    combine_lanes(N1 * N0, 1, c->decay[0], A1, dx);
    combine_lanes(N2 * N1, c->eta_2, c->decay[1], A2, dx + first);
}

LANES_CLONES
void hidden_multiply(size_t rows, size_t inner, size_t columns, const double *A, const double *B,
                     double *C)
{
    product_one(rows, inner, columns, A, B, C);
}

/* Lanes of each unknown: taken ones of n, in a block of `lanes`; lanes beyond are zero. */
static void gather(const struct hidden_data *d, size_t n, size_t taken, const double *x)
{
    for (size_t i = 0; i < d->terms.dim; i++) {
        double *to = d->at.x + i * d->lanes;
        if (taken == LANES_BLOCK) {
            memcpy(to, x + i * n, LANES_BLOCK * sizeof *to);
            continue;
        }
        for (size_t k = 0; k < d->lanes; k++)
            to[k] = k < taken ? x[i * n + k] : 0;
    }
}

static void scatter(const struct hidden_data *d, size_t n, size_t taken, double *dx)
{
    for (size_t i = 0; i < d->terms.dim; i++)
        if (taken == LANES_BLOCK)
            memcpy(dx + i * n, d->at.dx + i * d->lanes, LANES_BLOCK * sizeof *dx);
        else
            memcpy(dx + i * n, d->at.dx + i * d->lanes, taken * sizeof *dx);
}

/* One state. */
static void evaluate(const struct hidden_data *d, const struct constants *c, const double *x,
                     double *dx)
{
    if (d->terms.N1 == 1)
        hidden_unit_one(&d->terms, c, d->at.X, x, dx);
    else
        hidden_field_one(&d->terms, c, &d->at, x, dx);
}

/* One hidden unit, n states: blocks where they stand, the last few one by one. */
static void evaluate_unit(const struct hidden_data *d, const struct constants *c, size_t n,
                          const double *x, double *dx)
{
    size_t first = 0;
    for (; d->lanes == LANES_BLOCK && first + LANES_BLOCK <= n; first += LANES_BLOCK)
        hidden_unit_lanes(&d->terms, c, &(struct unit_states){n, x + first, d->at.X, dx + first});
    for (; first < n; first++) {
        for (size_t i = 0; i < d->terms.dim; i++)
            d->at.x[i] = x[i * n + first];
        hidden_unit_one(&d->terms, c, d->at.X, d->at.x, d->at.dx);
        for (size_t i = 0; i < d->terms.dim; i++)
            dx[i * n + first] = d->at.dx[i];
    }
}

static enum status hidden_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct hidden_data *d = data_of(flow);
    const struct constants c = constants_of(d);
    if (n == 1) {
        evaluate(d, &c, x, dx);
        return OK;
    }
    if (d->terms.N1 == 1) {
        evaluate_unit(d, &c, n, x, dx);
        return OK;
    }
    if (n == LANES_BLOCK && d->lanes == LANES_BLOCK) {
        hidden_field_lanes(&d->terms, &c, &d->at, x, dx);
        return OK;
    }
    for (size_t first = 0; first < n; first += d->lanes) {
        const size_t taken = n - first < d->lanes ? n - first : d->lanes;
        gather(d, n, taken, x + first);
        if (d->lanes == 1)
            hidden_field_one(&d->terms, &c, &d->at, d->at.x, d->at.dx);
        else
            hidden_field_lanes(&d->terms, &c, &d->at, d->at.x, d->at.dx);
        scatter(d, n, taken, dx + first);
    }
    return OK;
}

/* ---- derivatives ---- */

/* X = A1 Sigma_II and E at x, into the scratch; returns A1 turned. */
static const double *evaluate_error(const struct hidden_data *d, const double *x)
{
    const struct hidden_terms *t = &d->terms;
    const struct constants c = constants_of(d);
    product_transposed(1, t->N1, t->N0, x, d->at.turned);
    hidden_multiply(t->N1, t->N0, t->N0, x, t->sigma, d->at.X);
    hidden_multiply(t->N2, t->N1, t->N0, x + t->N1 * t->N0, d->at.X, d->at.E);
    error_from(1, t->N2 * t->N0, &c, d->at.E);
    return d->at.turned;
}

/* to -= other */
static void subtract(size_t count, const double *other, double *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] -= other[i];
}

/* dE = -(dA2 X + A2 dA1 Sigma),  dA1' = C dE - lambda_1 dA1,
 * dA2' = eta_2 (dE A1' + E dA1') - lambda_2 dA2 */
static enum status hidden_jacobian_times(const struct flow *flow, const double *x, const double *v,
                                         double *Jv)
{
    const struct hidden_data *d = data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1, N2 = t->N2, first = N1 * N0;
    const double *turned = evaluate_error(d, x);
    double *dE = d->along.E, *part = d->along.x;
    hidden_multiply(N1, N0, N0, v, t->sigma, d->along.X);
    hidden_multiply(N2, N1, N0, x + first, d->along.X, part);
    memset(dE, 0, N2 * N0 * sizeof *dE);
    subtract(N2 * N0, part, dE);
    hidden_multiply(N2, N1, N0, v + first, d->at.X, part);
    subtract(N2 * N0, part, dE);
    hidden_multiply(N1, N2, N0, t->C, dE, Jv);
    hidden_multiply(N2, N0, N1, dE, turned, Jv + first);
    product_transposed(1, N1, N0, v, d->along.turned);
    hidden_multiply(N2, N0, N1, d->at.E, d->along.turned, part);
    for (size_t k = 0; k < N2 * N1; k++)
        Jv[first + k] += part[k];
    combine(first, 1, -t->decay[0], v, Jv);
    combine(N2 * N1, t->eta_2, -t->decay[1], v + first, Jv + first);
    return OK;
}

/* Rows of A1' = C E - lambda_1 A1: d/dA1_pk of entry ij is -(C A2)_ip Sigma_kj - lambda_1,
 * d/dA2_oq is -C_io X_qj. */
static void fill_first_rows(const struct hidden_data *d, const double *CA2, double *J)
{
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1, n = t->dim;
    for (size_t i = 0; i < N1; i++)
        for (size_t j = 0; j < N0; j++) {
            double *row = J + (i * N0 + j) * n, *second = row + N1 * N0;
            for (size_t p = 0; p < N1; p++)
                for (size_t k = 0; k < N0; k++)
                    row[p * N0 + k] = -(CA2[i * N1 + p] * t->sigma[k * N0 + j]);
            row[i * N0 + j] -= t->decay[0];
            for (size_t o = 0; o < t->N2; o++)
                for (size_t q = 0; q < N1; q++)
                    second[o * N1 + q] = -(t->C[i * t->N2 + o] * d->at.X[q * N0 + j]);
        }
}

/* Rows of A2' = eta_2 E A1' - lambda_2 A2: d/dA1_pk of entry oi is
 * eta_2 (E_ok [i = p] - A2_op (Sigma A1')_ki), d/dA2_oq is -eta_2 (X A1')_qi - lambda_2. */
static void fill_second_rows(const struct hidden_data *d, const double *A2, const double *SA,
                             const double *XA, double *J)
{
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1, n = t->dim;
    for (size_t o = 0; o < t->N2; o++)
        for (size_t i = 0; i < N1; i++) {
            double *row = J + (N1 * N0 + o * N1 + i) * n, *second = row + N1 * N0;
            for (size_t p = 0; p < N1; p++)
                for (size_t k = 0; k < N0; k++)
                    row[p * N0 + k] = -t->eta_2 * (A2[o * N1 + p] * SA[k * N1 + i]);
            for (size_t k = 0; k < N0; k++)
                row[i * N0 + k] += t->eta_2 * d->at.E[o * N0 + k];
            memset(second, 0, t->N2 * N1 * sizeof *second);
            for (size_t q = 0; q < N1; q++)
                second[o * N1 + q] = -t->eta_2 * XA[q * N1 + i];
            second[o * N1 + i] -= t->decay[1];
        }
}

/* Up to FLOW_DENSE_MOST unknowns. */
static enum status hidden_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct hidden_data *d = data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1;
    const double *A2 = x + N1 * N0, *turned = evaluate_error(d, x);
    double *SA = d->along.X;
    hidden_multiply(N0, N0, N1, t->sigma, turned, SA);
    hidden_multiply(N1, t->N2, N1, t->C, A2, d->product);
    fill_first_rows(d, d->product, J);
    hidden_multiply(N1, N0, N1, d->at.X, turned, d->product);
    fill_second_rows(d, A2, SA, d->product, J);
    return OK;
}

/* The field on moduli, all terms added: each product of two sums of m and n terms carries at most
 * m + n half epsilons; N0 + N1 + N2 in all, and a few for the rest. */
static void hidden_rounding(const struct flow *flow, const double *x, double *bound)
{
    static const size_t REST = 6;
    const struct hidden_data *d = data_of(flow);
    const struct hidden_terms *t = &d->terms;
    double *sigma = d->moduli, *targets = sigma + t->N0 * t->N0;
    double *C = targets + t->N2 * t->N0, *state = C + t->N1 * t->N2;
    for (size_t i = 0; i < t->dim; i++)
        state[i] = fabs(x[i]);
    const struct constants c = {.sigma = sigma,
                                .targets = targets,
                                .C = C,
                                .CT = d->CT + t->N0,
                                .eta_2 = fabs(t->eta_2),
                                .decay = {fabs(t->decay[0]), fabs(t->decay[1])},
                                .sign = 1};
    evaluate(d, &c, state, bound);
    for (size_t i = 0; i < t->dim; i++)
        bound[i] *= (double)(t->N0 + t->N1 + t->N2 + REST);
}

static void hidden_output(const struct flow *flow, const double *x, double *P)
{
    const struct hidden_terms *t = &data_of(flow)->terms;
    hidden_multiply(t->N2, t->N1, t->N0, x + t->N1 * t->N0, x, P);
}

static double hidden_loss(const struct flow *flow, const double *x)
{
    const struct hidden_data *d = data_of(flow);
    hidden_output(flow, x, d->along.E);
    return hidden_loss_of(&d->terms, d->along.E);
}

static size_t hidden_transverse(const struct flow *flow, const double *x, double *lambda)
{
    const struct hidden_data *d = data_of(flow);
    const struct hidden_terms *t = &d->terms;
    double *f = d->along.dx, *bound = d->along.x;
    const struct constants c = constants_of(d);
    evaluate(d, &c, x, f);
    hidden_rounding(flow, x, bound);
    if (!(matrix_norm(t->dim, f) <= ZERO * DBL_EPSILON * matrix_norm(t->dim, bound)))
        return 0;
    size_t count = 0;
    return hidden_spectrum(t, x, lambda, &count) == OK ? count : 0;
}

/* ---- what drives the flow: the errors E, notes/sweeper.md, (J6) ---- */

/* The sums of E round like those of the field. */
static double hidden_error(const struct flow *flow, const double *x, double *e)
{
    const struct hidden_data *d = data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t count = t->N2 * t->N0;
    evaluate_error(d, x);
    memcpy(e, d->at.E, count * sizeof *e);
    const double weights = matrix_norm(t->N1 * t->N0, x) *
                           matrix_norm(t->N2 * t->N1, x + t->N1 * t->N0) *
                           matrix_norm(t->N0 * t->N0, t->sigma);
    return DBL_EPSILON * (double)(t->N0 + t->N1) * (weights + matrix_norm(count, t->targets));
}

static void hidden_drive(const struct flow *flow, const double *x, const double *z, double *dx)
{
    const struct hidden_data *d = data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t first = t->N1 * t->N0;
    product_transposed(1, t->N1, t->N0, x, d->at.turned);
    hidden_multiply(t->N1, t->N2, t->N0, t->C, z, dx);
    hidden_multiply(t->N2, t->N0, t->N1, z, d->at.turned, dx + first);
    for (size_t k = 0; k < t->N2 * t->N1; k++)
        dx[first + k] *= t->eta_2;
}

/* E' = -(eta_2 E A1' A1 + A2 C E) Sigma_II; |B z|^2 <= (|C|^2 + |eta_2 A1|^2) |z|^2 */
static double hidden_response(const struct flow *flow, const double *x, double *M)
{
    const struct hidden_data *d = data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1, N2 = t->N2, m = N2 * N0;
    double *right = d->at.dx, *left = d->along.x;
    product_transposed(1, N1, N0, x, d->at.turned);
    hidden_multiply(N1, N0, N0, x, t->sigma, d->at.X);
    hidden_multiply(N0, N1, N0, d->at.turned, d->at.X, right);
    hidden_multiply(N2, N1, N2, x + N1 * N0, t->C, left);
    for (size_t o = 0; o < N2; o++)
        for (size_t j = 0; j < N0; j++) {
            double *row = M + (o * N0 + j) * m;
            for (size_t p = 0; p < N2; p++)
                for (size_t k = 0; k < N0; k++)
                    row[p * N0 + k] = -(left[o * N2 + p] * t->sigma[k * N0 + j]);
            for (size_t k = 0; k < N0; k++)
                row[o * N0 + k] -= t->eta_2 * right[k * N0 + j];
        }
    return hypot(matrix_norm(N1 * N2, t->C), t->eta_2 * matrix_norm(N1 * N0, x));
}

/* How many drive it; none where weights decay, where a narrow layer keeps E from vanishing, or where
 * the two factors of the response have no room in the scratch. */
static size_t errors_of(const struct hidden_terms *t)
{
    const size_t least = t->N0 < t->N2 ? t->N0 : t->N2, count = t->N2 * t->N0;
    const bool driven = t->decay[0] == 0 && t->decay[1] == 0 && t->N1 >= least;
    const bool fits = t->N0 * t->N0 <= t->dim && t->N2 * t->N2 <= t->dim && count <= t->dim;
    return driven && fits ? count : 0;
}

/* ---- claims ---- */

/* M = C A2 [N1*N1] */
static const double *coupling_of(const struct hidden_data *d, const double *x)
{
    const struct hidden_terms *t = &d->terms;
    hidden_multiply(t->N1, t->N2, t->N1, t->C, x + t->N1 * t->N0, d->product);
    return d->product;
}

/* u_p' A1 e_j for all j into row[N0] */
static void row_along(const struct hidden_terms *t, const double *A1, size_t p, double *row)
{
    memset(row, 0, t->N0 * sizeof *row);
    for (size_t i = 0; i < t->N1; i++)
        for (size_t j = 0; j < t->N0; j++)
            row[j] += t->Q[i * t->N1 + p] * A1[i * t->N0 + j];
}

/* u_p' K u_q with M = C A2: M_pq + M_qp - eta_2 (A1' u_p) . (A1' u_q) */
static double observe_coupled(const struct hidden_data *d, size_t p, size_t q, const double *x)
{
    const struct hidden_terms *t = &d->terms;
    const double *M = coupling_of(d, x);
    double *const left = d->along.X, *const right = d->along.turned;
    double sum = 0, square = 0;
    for (size_t i = 0; i < t->N1; i++)
        for (size_t j = 0; j < t->N1; j++)
            sum += M[i * t->N1 + j] * (t->Q[i * t->N1 + p] * t->Q[j * t->N1 + q] +
                                       t->Q[i * t->N1 + q] * t->Q[j * t->N1 + p]);
    row_along(t, x, p, left);
    row_along(t, x, q, right);
    for (size_t j = 0; j < t->N0; j++)
        square += left[j] * right[j];
    return sum - t->eta_2 * square;
}

static double observe_lyapunov(const struct hidden_data *d, const double *x)
{
    const struct hidden_terms *t = &d->terms;
    const double *M = coupling_of(d, x);
    double square = 0, along = 0;
    for (size_t k = 0; k < t->N1 * t->N1; k++)
        square += M[k] * M[k];
    for (size_t k = 0; k < t->N1 * t->N0; k++)
        along += x[k] * t->G[k];
    return square / 2 - t->eta_2 * along;
}

static double hidden_observe(const struct flow *flow, size_t claim, const double *x)
{
    const struct hidden_data *d = data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const struct hidden_claim *c = &d->claim[claim];
    double *row = d->along.X, sum = 0;
    switch (c->kind) {
    case CLAIMED_FROZEN:
        row_along(t, x, c->p, row);
        return row[c->q];
    case CLAIMED_KERNEL:
        row_along(t, x, c->p, row);
        for (size_t j = 0; j < t->N0; j++)
            sum += row[j] * t->F[j * t->N0 + c->q];
        return sum;
    case CLAIMED_COUPLED:
        return observe_coupled(d, c->p, c->q, x);
    case CLAIMED_LYAPUNOV:
        break;
    }
    return observe_lyapunov(d, x);
}

/* d/dA2 of u' C A2 v + v' C A2 u: (C'u) v' + (C'v) u';  d/dA1: -eta_2 (u (A1'v)' + v (A1'u)') */
static void gradient_coupled(const struct hidden_data *d, size_t p, size_t q, const double *x,
                             double *g)
{
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1;
    double *const left = d->along.X, *const right = d->along.turned;
    row_along(t, x, p, left);
    row_along(t, x, q, right);
    for (size_t i = 0; i < N1; i++)
        for (size_t j = 0; j < N0; j++)
            g[i * N0 + j] = -t->eta_2 * (t->Q[i * N1 + p] * right[j] + t->Q[i * N1 + q] * left[j]);
    for (size_t o = 0; o < t->N2; o++) {
        double of_p = 0, of_q = 0;
        for (size_t i = 0; i < N1; i++) {
            of_p += t->C[i * t->N2 + o] * t->Q[i * N1 + p];
            of_q += t->C[i * t->N2 + o] * t->Q[i * N1 + q];
        }
        for (size_t i = 0; i < N1; i++)
            g[N1 * N0 + o * N1 + i] = of_p * t->Q[i * N1 + q] + of_q * t->Q[i * N1 + p];
    }
}

/* d/dA1 = -eta_2 G, d/dA2 = C' M */
static void gradient_lyapunov(const struct hidden_data *d, const double *x, double *g)
{
    const struct hidden_terms *t = &d->terms;
    const double *M = coupling_of(d, x);
    for (size_t k = 0; k < t->N1 * t->N0; k++)
        g[k] = -t->eta_2 * t->G[k];
    for (size_t o = 0; o < t->N2; o++)
        for (size_t j = 0; j < t->N1; j++) {
            double sum = 0;
            for (size_t i = 0; i < t->N1; i++)
                sum += t->C[i * t->N2 + o] * M[i * t->N1 + j];
            g[t->N1 * t->N0 + o * t->N1 + j] = sum;
        }
}

static void hidden_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    const struct hidden_data *d = data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const struct hidden_claim *c = &d->claim[claim];
    memset(g, 0, t->dim * sizeof *g);
    switch (c->kind) {
    case CLAIMED_FROZEN:
        for (size_t i = 0; i < t->N1; i++)
            g[i * t->N0 + c->q] = t->Q[i * t->N1 + c->p];
        return;
    case CLAIMED_KERNEL:
        for (size_t i = 0; i < t->N1; i++)
            for (size_t j = 0; j < t->N0; j++)
                g[i * t->N0 + j] = t->Q[i * t->N1 + c->p] * t->F[j * t->N0 + c->q];
        return;
    case CLAIMED_COUPLED:
        gradient_coupled(d, c->p, c->q, x, g);
        return;
    case CLAIMED_LYAPUNOV:
        gradient_lyapunov(d, x, g);
    }
}

static void name_claim(const struct hidden_terms *t, const struct hidden_claim *c,
                       struct claim *claim)
{
    static const char *const labels[] = {[CLAIMED_FROZEN] = "S1",
                                         [CLAIMED_KERNEL] = "S1",
                                         [CLAIMED_COUPLED] = "S1",
                                         [CLAIMED_LYAPUNOV] = "S2"};
    static const char *const forms[] = {[CLAIMED_FROZEN] = "(U'A1)[%zu,%zu], U outside range C1",
                                        [CLAIMED_KERNEL] = "(Q'A1)[%zu,%zu] on the kernel of Sigma",
                                        [CLAIMED_COUPLED] = "(Q'KQ)[%zu,%zu], Q of range C1",
                                        [CLAIMED_LYAPUNOV] = "|C1 A2|^2/2 - <A1, C1 W>"};
    const char *form = forms[c->kind];
    if (c->kind == CLAIMED_COUPLED && t->rank == t->N1)
        form = "(C1 A2 + (C1 A2)' - A1 A1')[%zu,%zu]";
    *claim = (struct claim){.kind = c->kind == CLAIMED_LYAPUNOV ? CLAIM_NEVER_INCREASES
                                                                : CLAIM_CONSERVED,
                            .label = labels[c->kind]};
    snprintf(claim->name, sizeof claim->name, form, c->p + 1, c->q + 1);
}

/* Writes the claims, or only counts them where `claim` is NULL. */
static size_t list_claims(const struct hidden_terms *t, struct hidden_claim *claim)
{
    const size_t N0 = t->N0, N1 = t->N1;
    size_t count = 0;
    if (!t->decomposed || t->decay[0] != 0 || t->decay[1] != 0)
        return 0;
    const bool few = (N1 - t->rank) * N0 + t->rank * (N0 - t->inputs) <= FROZEN_MOST;
    struct hidden_claim nowhere = {CLAIMED_FROZEN, 0, 0}, *at = claim ? claim : &nowhere;
    const size_t step = claim ? 1 : 0;
    for (size_t p = t->rank; p < N1 && few; p++)
        for (size_t q = 0; q < N0; q++, count++, at += step)
            *at = (struct hidden_claim){CLAIMED_FROZEN, p, q};
    for (size_t p = 0; p < t->rank && few && t->kernel_frozen; p++)
        for (size_t q = t->inputs; q < N0; q++, count++, at += step)
            *at = (struct hidden_claim){CLAIMED_KERNEL, p, q};
    for (size_t p = 0; p < t->rank; p++)
        for (size_t q = p; q < N1; q++, count++, at += step)
            *at = (struct hidden_claim){CLAIMED_COUPLED, p, q};
    if (t->consistent && t->eta_2 >= 0 && t->rank > 0) {
        *at = (struct hidden_claim){CLAIMED_LYAPUNOV, 0, 0};
        count++;
    }
    return count;
}

/* ---- the block ---- */

static void name_unknowns(const struct problem *problem, const struct hidden_terms *t,
                          char (*names)[UNKNOWN_NAME_MAX])
{
    const char *letters = problem->system->letters;
    for (size_t k = 0; k < t->dim; k++) {
        const bool upper = k >= t->N1 * t->N0;
        const size_t at = upper ? k - t->N1 * t->N0 : k, columns = upper ? t->N1 : t->N0;
        if (letters)
            snprintf(names[k], UNKNOWN_NAME_MAX, "%c%u", letters[upper], (unsigned)(at + 1));
        else
            snprintf(names[k], UNKNOWN_NAME_MAX, "A%u_%u_%u", upper + 1u,
                     (unsigned)(at / columns + 1), (unsigned)(at % columns + 1));
    }
}

/* Numbers of one scratch. */
static size_t scratch_size(const struct hidden_terms *t)
{
    const size_t most = t->dim > t->N2 * t->N0 ? t->dim : t->N2 * t->N0;
    return most + t->dim + 2 * t->N1 * t->N0 + t->N1 * t->N1 + t->N2 * t->N0;
}

static struct scratch scratch_at(const struct hidden_terms *t, size_t lanes, double **next)
{
    const size_t most = t->dim > t->N2 * t->N0 ? t->dim : t->N2 * t->N0;
    struct scratch s = {.x = *next};
    s.dx = s.x + most * lanes;
    s.turned = s.dx + t->dim * lanes;
    s.X = s.turned + t->N1 * t->N0 * lanes;
    s.E = s.X + t->N1 * t->N0 * lanes;
    *next += scratch_size(t) * lanes;
    return s;
}

static struct hidden_block *block_create(const struct hidden_terms *t, size_t claims)
{
    const size_t lanes = t->dim <= LANES_DIM_MOST ? LANES_BLOCK : 1;
    const size_t matrices = hidden_terms_doubles(t);
    const size_t moduli = t->N0 * t->N0 + t->N2 * t->N0 + t->N1 * t->N2 + t->dim;
    const size_t doubles =
        matrices + (lanes + 1) * scratch_size(t) + t->N1 * t->N1 + moduli + 2 * t->N0;
    struct hidden_block *block =
        calloc(1, sizeof *block + doubles * sizeof(double) +
                      claims * (sizeof(struct hidden_claim) + sizeof(struct claim)) +
                      t->dim * UNKNOWN_NAME_MAX);
    if (!block)
        return NULL;
    double *next = (double *)(block + 1);
    struct hidden_data *d = &block->data;
    d->terms = *t;
    d->lanes = lanes;
    memcpy(next, t->sigma, matrices * sizeof *next); /* the first of the matrices */
    hidden_terms_place(&d->terms, next);
    next += matrices;
    d->at = scratch_at(t, lanes, &next);
    d->along = scratch_at(t, 1, &next);
    d->product = next;
    d->CT = next + t->N1 * t->N1;
    d->moduli = d->CT + 2 * t->N0;
    for (size_t o = 0; o < t->N2 && t->N1 == 1; o++)
        for (size_t j = 0; j < t->N0; j++) {
            const double term = t->C[o] * t->targets[o * t->N0 + j];
            d->CT[j] += term;
            d->CT[t->N0 + j] += fabs(term);
        }
    for (size_t k = 0; k < t->N0 * t->N0; k++)
        d->moduli[k] = fabs(t->sigma[k]);
    for (size_t k = 0; k < t->N2 * t->N0; k++)
        d->moduli[t->N0 * t->N0 + k] = fabs(t->targets[k]);
    for (size_t k = 0; k < t->N1 * t->N2; k++)
        d->moduli[t->N0 * t->N0 + t->N2 * t->N0 + k] = fabs(t->C[k]);
    return block;
}

static void fill_claims(struct hidden_block *block, struct hidden_claim *kinds,
                        struct claim *claims)
{
    struct flow *flow = &block->flow;
    flow->claims = flow->conserved = list_claims(&block->data.terms, kinds);
    for (size_t k = 0; k < flow->claims; k++)
        name_claim(&block->data.terms, &kinds[k], &claims[k]);
    if (flow->claims > 0 && kinds[flow->claims - 1].kind == CLAIMED_LYAPUNOV)
        flow->conserved--;
    flow->claim = claims;
    block->data.claim = kinds;
}

static void fill_flow(const struct problem *problem, struct hidden_block *block)
{
    const struct hidden_terms *t = &block->data.terms;
    snprintf(block->title, sizeof block->title, "%s A[%zu,%zu,%zu], %s", problem->system->name,
             t->N0, t->N1, t->N2, problem->rule->name);
    block->flow = (struct flow){.dim = t->dim,
                                .title = block->title,
                                .field = hidden_field,
                                .jacobian = t->dim <= FLOW_DENSE_MOST ? hidden_jacobian : NULL,
                                .jacobian_times = hidden_jacobian_times,
                                .rounding = hidden_rounding,
                                .observe = hidden_observe,
                                .gradient = hidden_gradient,
                                .loss = t->decomposed && t->consistent ? hidden_loss : NULL,
                                .transverse = t->decomposed ? hidden_transverse : NULL,
                                .outputs = t->N2 * t->N0,
                                .output = hidden_output,
                                .errors = errors_of(t),
                                .error = hidden_error,
                                .drive = hidden_drive,
                                .response = hidden_response,
                                .data = &block->data};
}

enum status hidden_flow_of(const struct problem *problem, struct flow **flow)
{
    struct hidden_terms *terms;
    TRY(hidden_terms_of(problem, &terms));
    const size_t claims = list_claims(terms, NULL), dim = terms->dim;
    struct hidden_block *block = block_create(terms, claims);
    free(terms);
    if (!block)
        return status_fail(NO_MEMORY, "%s of %zu unknowns", problem->system->name, dim);
    fill_flow(problem, block);
    char *end = (char *)(block->data.moduli + block->data.terms.N0 * block->data.terms.N0 +
                         block->data.terms.N2 * block->data.terms.N0 +
                         block->data.terms.N1 * block->data.terms.N2 + dim);
    struct hidden_claim *kinds = (struct hidden_claim *)end;
    struct claim *named = (struct claim *)(kinds + claims);
    char(*names)[UNKNOWN_NAME_MAX] = (char(*)[UNKNOWN_NAME_MAX])(named + claims);
    fill_claims(block, kinds, named);
    name_unknowns(problem, &block->data.terms, names);
    block->flow.names = (const char(*)[UNKNOWN_NAME_MAX])names;
    *flow = &block->flow;
    return OK;
}

/* ---- the system ---- */

static enum status hidden_sizes(const struct problem *problem, size_t *count,
                                size_t sizes[PROBLEM_SIZES_MAX])
{
    enum { SIZES = 3 };
    if (problem->size_count != SIZES)
        return status_fail(BAD_ARGUMENT, "hidden needs --sizes N0,N1,N2: three sizes, not %zu",
                           problem->size_count);
    for (size_t i = 0; i < SIZES; i++) {
        if (problem->sizes[i] == 0)
            return status_fail(BAD_ARGUMENT, "--sizes: layer %zu has no units", i);
        sizes[i] = problem->sizes[i];
    }
    *count = SIZES;
    return OK;
}

static enum status hidden_flow(const struct problem *problem, struct flow **flow)
{
    return hidden_is_fixed(problem) ? hidden_flow_of(problem, flow) : network_flow(problem, flow);
}

const struct system system_hidden = {
    .name = "hidden",
    .title = "one hidden layer, A[N0,N1,N2]",
    .equation = "A1' = C1 E, A2' = E A1^t (rbp, srbp);  E = Sigma_TI - A2 A1 Sigma_II",
    .unknowns = "A1 row by row, A2 row by row, then the C1 that a rule adapts",
    .options = "--rule --sizes --sigma-ii --sigma-ti --c --rates --lambda --mirror --data --init",
    .source = "Baldi, Sadowski, Lu (2018), section 6",
    .label = "S1",
    .takes_rule = true,
    .sizes = hidden_sizes,
    .dim = network_dim,
    .flow = hidden_flow,
    .predict = hidden_predict,
};
