/* The field of one hidden layer, and what a state says.
 *
 *   X = A1 Sigma_II,  E = Sigma_TI - A2 X,  A1' = C E - lambda_1 A1,
 *   A2' = eta_2 E A1' - lambda_2 A2,
 *
 * in this order, so that E is formed once and K is conserved to the rounding of E.  Products are
 * those of product.h; A1 is turned first.  Several states are gathered in blocks of LANES_BLOCK
 * where that scratch is small, and one by one where it is not.  Rounding bounds come from the same
 * field on moduli. */
#include "linear/hidden_data.h"

#include "linear/matrix.h"
#include "linear/product.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* |f| at a fixed point, in units of its rounding bound: a polished point is off by a few */
static const double ZERO = 64;

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

/* The same as hidden_combine(), where vectors of lanes follow each other. */
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
                      const struct hidden_scratch *s, const double *x, double *dx);
void hidden_field_lanes(const struct hidden_terms *t, const struct constants *c,
                        const struct hidden_scratch *s, const double *x, double *dx);
void hidden_unit_one(const struct hidden_terms *t, const struct constants *c, double *X,
                     const double *x, double *dx);
void hidden_unit_lanes(const struct hidden_terms *t, const struct constants *c,
                       const struct unit_states *states);

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
                      const struct hidden_scratch *s, const double *x, double *dx)
{
    const size_t N0 = t->N0, N1 = t->N1, N2 = t->N2, first = N1 * N0;
    const double *A1 = x, *A2 = x + first;
    product_transposed(1, N1, N0, A1, s->turned);
    product_one(N1, N0, N0, A1, c->sigma, s->X);
    product_one(N2, N1, N0, A2, s->X, s->E);
    error_from(1, N2 * N0, c, s->E);
    product_one(N1, N2, N0, c->C, s->E, dx);
    product_one(N2, N0, N1, s->E, s->turned, dx + first);
    hidden_combine(first, 1, c->decay[0], A1, dx);
    hidden_combine(N2 * N1, c->eta_2, c->decay[1], A2, dx + first);
}

/* LANES_BLOCK states, x[dim*LANES_BLOCK]. */
LANES_CLONES
void hidden_field_lanes(const struct hidden_terms *t, const struct constants *c,
                        const struct hidden_scratch *s, const double *x, double *dx)
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

enum status hidden_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct hidden_data *d = hidden_data_of(flow);
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

/* ---- at one state ---- */

const double *hidden_error_at(const struct hidden_data *d, const double *x)
{
    const struct hidden_terms *t = &d->terms;
    const struct constants c = constants_of(d);
    product_transposed(1, t->N1, t->N0, x, d->at.turned);
    hidden_multiply(t->N1, t->N0, t->N0, x, t->sigma, d->at.X);
    hidden_multiply(t->N2, t->N1, t->N0, x + t->N1 * t->N0, d->at.X, d->at.E);
    error_from(1, t->N2 * t->N0, &c, d->at.E);
    return d->at.turned;
}

/* The field on moduli, all terms added: each product of two sums of m and n terms carries at most
 * m + n half epsilons; N0 + N1 + N2 in all, and a few for the rest. */
void hidden_rounding(const struct flow *flow, const double *x, double *bound)
{
    static const size_t REST = 6;
    const struct hidden_data *d = hidden_data_of(flow);
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

void hidden_output(const struct flow *flow, const double *x, double *P)
{
    const struct hidden_terms *t = &hidden_data_of(flow)->terms;
    hidden_multiply(t->N2, t->N1, t->N0, x + t->N1 * t->N0, x, P);
}

double hidden_loss(const struct flow *flow, const double *x)
{
    const struct hidden_data *d = hidden_data_of(flow);
    hidden_output(flow, x, d->along.E);
    return hidden_loss_of(&d->terms, d->along.E);
}

size_t hidden_transverse(const struct flow *flow, const double *x, double *lambda)
{
    const struct hidden_data *d = hidden_data_of(flow);
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
