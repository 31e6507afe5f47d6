/* What a network conserves under each rule, notes/networks.md.
 *
 *   fixed feedback    K_i = eta_i (R_i A_(i+1) + its transpose) - eta_(i+1) A_i A_i'  (M2), and the
 *                     part of A_i outside the range of C_i                           (M3)
 *   gradient descent  eta_i A_(i+1)' A_(i+1) - eta_(i+1) A_i A_i'                      (M4)
 *   adaptive          eta_(i+1) C_i - rho_i A_(i+1)',  rho_i A_i A_i' - eta_i C_i C_i'  (M5)
 *   signs             eta_(i+1) |row of A_i|^2/2 - eta_i |column of A_(i+1)|_1         (M6)
 *
 * K_i is taken in a basis of range C_i and its complement, without the entries that the frozen part
 * fixes already, so that the claims are independent at a general point.  Weight decay ends them
 * all.  Every claim is a polynomial in two layers; its gradient is written beside it. */
#include "linear/network_data.h"

#include "linear/matrix.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Frozen entries that are claimed: more would cost more than the flow itself. */
enum { FROZEN_MOST = 4096 };
static const double NESTED = 1e-12; /* |C_i - R_i C_(i+1)| relative to |C_i|: rounding */

/* ---- which claims there are ---- */

static void add_claim(struct network_claims *claims, struct network_claim claim)
{
    if (claims->claim)
        claims->claim[claims->count] = claim;
    claims->count++;
}

/* Room for `count` numbers of the basis, or NULL while counting. */
static double *take(struct network_claims *claims, size_t count)
{
    double *at = claims->basis ? claims->basis + claims->basis_count : NULL;
    claims->basis_count += count;
    return at;
}

/* A symmetric matrix X X' - Y Y' of N_i rows; X and Y have `rank` columns together.  Entries
 * farther than that from the diagonal follow from the others, for almost all weights. */
static void add_symmetric(const struct network_data *d, struct network_claims *claims,
                          enum network_claim_kind kind, size_t i, size_t rank)
{
    for (size_t p = 0; p < d->shape.sizes[i]; p++)
        for (size_t q = p; q < d->shape.sizes[i] && q < p + rank; q++)
            add_claim(claims, (struct network_claim){.kind = kind, .layer = i, .p = p, .q = q});
}

enum status network_nesting(const struct network_data *d, size_t i, double *R, bool *nested)
{
    const struct network_shape *shape = &d->shape;
    const size_t rows = shape->sizes[i], columns = shape->sizes[i + 1], outputs = shape->columns[i];
    const double *C = d->c + shape->channel[i];
    *nested = true;
    if (d->rule->channel == CHANNEL_LAYERED || i + 1 == shape->layers) {
        memcpy(R, C, rows * columns * sizeof *R);
        return OK;
    }
    double *work = malloc((columns + rows) * outputs * sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "first integrals of layer %zu", i);
    const double *above = d->c + shape->channel[i + 1];
    double *inverse = work, *back = work + columns * outputs, off = 0, size = 0;
    size_t rank = 0;
    enum status status = matrix_pseudo_inverse(columns, outputs, above, inverse, &rank);
    if (status == OK) {
        matrix_multiply(rows, outputs, columns, C, inverse, R);
        matrix_multiply(rows, columns, outputs, R, above, back);
        for (size_t k = 0; k < rows * outputs; k++) {
            off = fmax(off, fabs(back[k] - C[k]));
            size = fmax(size, fabs(C[k]));
        }
        *nested = off <= NESTED * size;
    }
    free(work);
    return status;
}

/* (M2) and (M3) of layer i: Q holds the range of C_i and its complement, one vector a row. */
static void add_fixed(const struct network_data *d, struct network_claims *claims, size_t i,
                      size_t rank, const double *Q, const double *R)
{
    const size_t n = d->shape.sizes[i], below = d->shape.sizes[i - 1];
    const bool few = (n - rank) * below <= FROZEN_MOST;
    for (size_t p = rank; p < n && few; p++)
        for (size_t q = 0; q < below; q++)
            add_claim(claims, (struct network_claim){.kind = NETWORK_FROZEN,
                                                     .layer = i,
                                                     .p = p - rank,
                                                     .q = q,
                                                     .u = Q ? Q + p * n : NULL});
    for (size_t p = 0; p < rank && R; p++)
        for (size_t q = p; q < n; q++)
            add_claim(claims, (struct network_claim){.kind = NETWORK_COUPLED,
                                                     .layer = i,
                                                     .p = p,
                                                     .q = q,
                                                     .u = Q ? Q + p * n : NULL,
                                                     .v = Q ? Q + q * n : NULL,
                                                     .R = R});
}

/* The range of C_i and its complement as rows Q[N_i*N_i]; the unit vectors where it is all. */
static enum status range_of_feedback(const struct network_data *d, size_t i, double *Q,
                                     size_t *rank)
{
    const size_t n = d->shape.sizes[i];
    TRY(matrix_range(n, d->shape.columns[i], d->c + d->shape.channel[i], Q, rank));
    for (size_t p = 0; p < n; p++)
        for (size_t q = 0; q < p; q++) {
            const double entry = Q[p * n + q];
            Q[p * n + q] = Q[q * n + p];
            Q[q * n + p] = entry;
        }
    if (*rank == n) {
        memset(Q, 0, n * n * sizeof *Q);
        for (size_t p = 0; p < n; p++)
            Q[p * n + p] = 1;
    }
    return OK;
}

static enum status add_fixed_layer(const struct network_data *d, struct network_claims *claims,
                                   size_t i)
{
    const size_t n = d->shape.sizes[i], above = d->shape.sizes[i + 1];
    double *Q = take(claims, n * n), *R = take(claims, n * above);
    double *work = malloc((n * n + n * above) * sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "first integrals of layer %zu", i);
    size_t rank = 0;
    bool nested = false;
    enum status status = range_of_feedback(d, i, work, &rank);
    if (status == OK)
        status = network_nesting(d, i, work + n * n, &nested);
    if (status == OK && Q)
        memcpy(Q, work, (n * n + n * above) * sizeof *work);
    if (status == OK) /* while counting, R only tells that there is one */
        add_fixed(d, claims, i, rank, Q, nested ? Q ? R : work : NULL);
    free(work);
    return status;
}

static void add_adaptive(const struct network_data *d, struct network_claims *claims, size_t i)
{
    const struct network_shape *shape = &d->shape;
    const bool skips = d->rule->channel == CHANNEL_SKIPPED, top = i + 1 == shape->layers;
    for (size_t p = 0; p < shape->sizes[i] && (!skips || top); p++)
        for (size_t q = 0; q < shape->columns[i]; q++)
            add_claim(claims, (struct network_claim){
                                  .kind = NETWORK_DIFFERENCE, .layer = i, .p = p, .q = q});
    const bool exponential = skips && network_is_chain(shape) && network_has_unit_rates(d);
    if (!exponential || i == 1) /* else the product of the two exponentials below */
        add_symmetric(d, claims, NETWORK_GRAM, i, shape->sizes[i - 1] + shape->columns[i]);
    for (size_t q = 0; q < 2 && exponential && !top; q++)
        add_claim(claims, (struct network_claim){.kind = NETWORK_EXPONENTIAL, .layer = i, .q = q});
}

static void add_signed(const struct network_data *d, struct network_claims *claims, size_t i)
{
    for (size_t p = 0; p < d->shape.sizes[i]; p++)
        add_claim(claims, (struct network_claim){.kind = NETWORK_SIGNED, .layer = i, .p = p});
}

static enum status add_layer(const struct network_data *d, struct network_claims *claims, size_t i)
{
    switch (d->rule->feedback) {
    case FEEDBACK_FIXED:
        return add_fixed_layer(d, claims, i);
    case FEEDBACK_TRANSPOSED:
        add_symmetric(d, claims, NETWORK_BALANCED, i,
                      d->shape.sizes[i - 1] + d->shape.sizes[i + 1]);
        return OK;
    case FEEDBACK_SIGNS:
        add_signed(d, claims, i);
        return OK;
    case FEEDBACK_ADAPTIVE:
        add_adaptive(d, claims, i);
        return OK;
    case FEEDBACK_DIRECT:
    case FEEDBACK_MIRROR:
        break;
    }
    return OK;
}

/* Gradient descent never raises the loss, nor does the signs' channel of one output, (M8). */
static bool descends(const struct network_data *d)
{
    const size_t L = d->shape.layers;
    bool forwards = d->inverse != NULL;
    for (size_t k = 1; k <= L; k++)
        forwards = forwards && d->rate[k] >= 0;
    return forwards && (d->rule->feedback == FEEDBACK_TRANSPOSED ||
                        (d->rule->feedback == FEEDBACK_SIGNS && L == 2 && d->shape.sizes[L] == 1));
}

enum status network_claims_make(const struct network_data *d, struct network_claims *claims)
{
    claims->count = claims->conserved = claims->basis_count = 0;
    if (d->decays)
        return OK;
    for (size_t i = 1; i < d->shape.layers; i++)
        TRY(add_layer(d, claims, i));
    claims->conserved = claims->count;
    if (descends(d))
        add_claim(claims, (struct network_claim){.kind = NETWORK_LOSS});
    return OK;
}

/* ---- their names ---- */

static const char *const labels[] = {
    [NETWORK_FROZEN] = "M3",      [NETWORK_COUPLED] = "M2", [NETWORK_BALANCED] = "M4",
    [NETWORK_DIFFERENCE] = "M5",  [NETWORK_GRAM] = "M5",    [NETWORK_SIGNED] = "M6",
    [NETWORK_EXPONENTIAL] = "M9", [NETWORK_LOSS] = "M8"};

void network_claims_name(const struct network_data *d, const struct network_claim *claim,
                         struct claim *out)
{
    const size_t i = claim->layer, j = i + 1, p = claim->p + 1, q = claim->q + 1;
    const bool loss = claim->kind == NETWORK_LOSS;
    *out = (struct claim){.kind = loss ? CLAIM_NEVER_INCREASES : CLAIM_CONSERVED,
                          .label = labels[claim->kind]};
    char *name = out->name;
    const size_t size = sizeof out->name;
    switch (claim->kind) {
    case NETWORK_FROZEN:
        snprintf(name, size, "A%zu outside range C%zu [%zu,%zu]", i, i, p, q);
        break;
    case NETWORK_COUPLED:
        snprintf(name, size, "C%zu A%zu + (C%zu A%zu)' - A%zu A%zu' [%zu,%zu]", i, j, i, j, i, i, p,
                 q);
        break;
    case NETWORK_BALANCED:
        snprintf(name, size, "A%zu' A%zu - A%zu A%zu' [%zu,%zu]", j, j, i, i, p, q);
        break;
    case NETWORK_DIFFERENCE:
        snprintf(name, size, "C%zu - (%sA%zu)' [%zu,%zu]", i,
                 d->R && j == d->shape.layers ? "R " : "", j, p, q);
        break;
    case NETWORK_GRAM:
        snprintf(name, size, "A%zu A%zu' - C%zu C%zu' [%zu,%zu]", i, i, i, i, p, q);
        break;
    case NETWORK_SIGNED:
        snprintf(name, size, "|row %zu of A%zu|^2/2 - |column %zu of A%zu|_1", p, i, p, j);
        break;
    case NETWORK_EXPONENTIAL:
        snprintf(name, size, "(a%zu %c c%zu) exp(%sc%zu)", j, q == 1 ? '+' : '-', j,
                 q == 1 ? "-" : "", i);
        break;
    case NETWORK_LOSS:
        snprintf(name, size, "excess loss");
        break;
    }
}

/* ---- their values ---- */

/* sum_l M[p*columns + l] N[q*columns + l] */
static double row_dot(size_t columns, const double *M, size_t p, const double *N, size_t q)
{
    double sum = 0;
    for (size_t l = 0; l < columns; l++)
        sum += M[p * columns + l] * N[q * columns + l];
    return sum;
}

/* sum_l M[l*columns + p] N[l*columns + q] */
static double column_dot(size_t rows, size_t columns, const double *M, size_t p, size_t q)
{
    double sum = 0;
    for (size_t l = 0; l < rows; l++)
        sum += M[l * columns + p] * M[l * columns + q];
    return sum;
}

/* (u' M)_l for M[rows*columns] */
static double left_entry(size_t rows, size_t columns, const double *u, const double *M, size_t l)
{
    double sum = 0;
    for (size_t r = 0; r < rows; r++)
        sum += u[r] * M[r * columns + l];
    return sum;
}

/* u' R A v for R[n*above], A[above*n] */
static double form(size_t n, size_t above, const struct network_claim *claim, const double *u,
                   const double *v, const double *A)
{
    double sum = 0;
    for (size_t l = 0; l < above; l++) {
        double Av = 0;
        for (size_t q = 0; q < n; q++)
            Av += A[l * n + q] * v[q];
        sum += left_entry(n, above, u, claim->R, l) * Av;
    }
    return sum;
}

static double observe_coupled(const struct network_data *d, const struct network_claim *claim,
                              const double *x)
{
    const size_t i = claim->layer, n = d->shape.sizes[i], below = d->shape.sizes[i - 1];
    const double *A = x + d->shape.forward[i], *above = x + d->shape.forward[i + 1];
    double square = 0;
    for (size_t l = 0; l < below; l++)
        square += left_entry(n, below, claim->u, A, l) * left_entry(n, below, claim->v, A, l);
    const double linear = form(n, d->shape.sizes[i + 1], claim, claim->u, claim->v, above) +
                          form(n, d->shape.sizes[i + 1], claim, claim->v, claim->u, above);
    return d->rate[i] * linear - d->rate[i + 1] * square;
}

/* Entry p q of (R A_(i+1))', or of A_(i+1)'. */
static double turned_entry(const struct network_data *d, const struct network_claim *claim,
                           const double *above)
{
    const size_t i = claim->layer, n = d->shape.sizes[i], rows = d->shape.sizes[i + 1];
    if (!d->R || i + 1 < d->shape.layers)
        return above[claim->q * n + claim->p];
    double sum = 0;
    for (size_t l = 0; l < rows; l++)
        sum += d->R[claim->q * rows + l] * above[l * n + claim->p];
    return sum;
}

/* The sign that weight `at` of A_(i+1) has on the piece that is held; without one, that at x. */
static double held_sign(const struct network_data *d, size_t i, size_t at, double weight)
{
    const signed char held = d->side[d->shape.forward[i + 1] - d->shape.forward[2] + at];
    return held ? held : (weight > 0) - (weight < 0);
}

/* With the signs held: smooth across the switch, as an integrator that looks beyond it needs. */
static double observe_signed(const struct network_data *d, const struct network_claim *claim,
                             const double *x)
{
    const size_t i = claim->layer, n = d->shape.sizes[i], p = claim->p;
    const double *A = x + d->shape.forward[i], *above = x + d->shape.forward[i + 1];
    double sum = 0;
    for (size_t l = 0; l < d->shape.sizes[i + 1]; l++)
        sum += held_sign(d, i, l * n + p, above[l * n + p]) * above[l * n + p];
    return d->rate[i + 1] * row_dot(d->shape.sizes[i - 1], A, p, A, p) / 2 - d->rate[i] * sum;
}

double network_observe(const struct flow *flow, size_t index, const double *x)
{
    const struct network_data *d = network_data_of(flow);
    const struct network_claim *claim = &d->claim[index];
    const struct network_shape *shape = &d->shape;
    const size_t i = claim->layer, p = claim->p, q = claim->q;
    if (claim->kind == NETWORK_LOSS)
        return network_loss(flow, x);
    const size_t n = shape->sizes[i], below = shape->sizes[i - 1];
    const double *A = x + shape->forward[i], *above = x + shape->forward[i + 1];
    const double *C = x + shape->channel[i];
    const double rho = d->rate[network_of_channel(shape, i)];
    switch (claim->kind) {
    case NETWORK_FROZEN:
        return left_entry(n, below, claim->u, A, q);
    case NETWORK_COUPLED:
        return observe_coupled(d, claim, x);
    case NETWORK_BALANCED:
        return d->rate[i] * column_dot(shape->sizes[i + 1], n, above, p, q) -
               d->rate[i + 1] * row_dot(below, A, p, A, q);
    case NETWORK_DIFFERENCE:
        return d->rate[i + 1] * C[p * shape->columns[i] + q] - rho * turned_entry(d, claim, above);
    case NETWORK_GRAM:
        return rho * row_dot(below, A, p, A, q) -
               d->rate[i] * row_dot(shape->columns[i], C, p, C, q);
    case NETWORK_SIGNED:
        return observe_signed(d, claim, x);
    case NETWORK_EXPONENTIAL: {
        const double w = q == 0 ? 1 : -1;
        return (above[0] + w * x[shape->channel[i + 1]]) * exp(-w * C[0]);
    }
    case NETWORK_LOSS:
        break;
    }
    return 0;
}

/* ---- their gradients ---- */

static void gradient_coupled(const struct network_data *d, const struct network_claim *claim,
                             const double *x, double *g)
{
    const size_t i = claim->layer, n = d->shape.sizes[i], below = d->shape.sizes[i - 1];
    const size_t above = d->shape.sizes[i + 1];
    const double *A = x + d->shape.forward[i], *u = claim->u, *v = claim->v;
    double *of_layer = g + d->shape.forward[i], *of_above = g + d->shape.forward[i + 1];
    for (size_t l = 0; l < above; l++) {
        const double Ru = left_entry(n, above, u, claim->R, l);
        const double Rv = left_entry(n, above, v, claim->R, l);
        for (size_t q = 0; q < n; q++)
            of_above[l * n + q] = d->rate[i] * (Ru * v[q] + Rv * u[q]);
    }
    for (size_t l = 0; l < below; l++) {
        const double uA = left_entry(n, below, u, A, l), vA = left_entry(n, below, v, A, l);
        for (size_t r = 0; r < n; r++)
            of_layer[r * below + l] = -d->rate[i + 1] * (u[r] * vA + v[r] * uA);
    }
}

/* M M' or M' M, entry p q, of M[rows*columns]. */
struct square {
    size_t rows, columns, p, q;
    const double *M;
};

/* g += factor grad (row p of M . row q of M) */
static void add_row_gradient(const struct square *of, double factor, double *g)
{
    for (size_t l = 0; l < of->columns; l++) {
        g[of->p * of->columns + l] += factor * of->M[of->q * of->columns + l];
        g[of->q * of->columns + l] += factor * of->M[of->p * of->columns + l];
    }
}

static void add_column_gradient(const struct square *of, double factor, double *g)
{
    for (size_t l = 0; l < of->rows; l++) {
        g[l * of->columns + of->p] += factor * of->M[l * of->columns + of->q];
        g[l * of->columns + of->q] += factor * of->M[l * of->columns + of->p];
    }
}

static void gradient_difference(const struct network_data *d, const struct network_claim *claim,
                                double rho, double *g)
{
    const struct network_shape *shape = &d->shape;
    const size_t i = claim->layer, n = shape->sizes[i], rows = shape->sizes[i + 1];
    double *of_above = g + shape->forward[i + 1];
    g[shape->channel[i] + claim->p * shape->columns[i] + claim->q] = d->rate[i + 1];
    if (!d->R || i + 1 < shape->layers) {
        of_above[claim->q * n + claim->p] = -rho;
        return;
    }
    for (size_t l = 0; l < rows; l++)
        of_above[l * n + claim->p] = -rho * d->R[claim->q * rows + l];
}

static void gradient_signed(const struct network_data *d, const struct network_claim *claim,
                            const double *x, double *g)
{
    const size_t i = claim->layer, n = d->shape.sizes[i], p = claim->p;
    const double *A = x + d->shape.forward[i], *above = x + d->shape.forward[i + 1];
    double *of_above = g + d->shape.forward[i + 1];
    add_row_gradient(&(struct square){n, d->shape.sizes[i - 1], p, p, A}, d->rate[i + 1] / 2,
                     g + d->shape.forward[i]);
    for (size_t l = 0; l < d->shape.sizes[i + 1]; l++) {
        const size_t at = l * n + p;
        of_above[at] = -d->rate[i] * held_sign(d, i, at, above[at]);
    }
}

static void gradient_exponential(const struct network_data *d, const struct network_claim *claim,
                                 const double *x, double *g)
{
    const struct network_shape *shape = &d->shape;
    const size_t i = claim->layer, a = shape->forward[i + 1], c = shape->channel[i + 1];
    const double w = claim->q == 0 ? 1 : -1, factor = exp(-w * x[shape->channel[i]]);
    g[a] = factor;
    g[c] = w * factor;
    g[shape->channel[i]] = -w * (x[a] + w * x[c]) * factor;
}

void network_gradient(const struct flow *flow, size_t index, const double *x, double *g)
{
    const struct network_data *d = network_data_of(flow);
    const struct network_claim *claim = &d->claim[index];
    const struct network_shape *shape = &d->shape;
    const size_t i = claim->layer, p = claim->p, q = claim->q, n = shape->sizes[i];
    if (claim->kind == NETWORK_LOSS) {
        network_loss_gradient(flow, x, g);
        return;
    }
    const size_t below = shape->sizes[i - 1];
    const double *A = x + shape->forward[i], *above = x + shape->forward[i + 1];
    const double *C = x + shape->channel[i];
    const double rho = d->rate[network_of_channel(shape, i)];
    double *of_layer = g + shape->forward[i];
    memset(g, 0, flow->dim * sizeof *g);
    switch (claim->kind) {
    case NETWORK_FROZEN:
        for (size_t r = 0; r < n; r++)
            of_layer[r * below + q] = claim->u[r];
        break;
    case NETWORK_COUPLED:
        gradient_coupled(d, claim, x, g);
        break;
    case NETWORK_BALANCED:
        add_column_gradient(&(struct square){shape->sizes[i + 1], n, p, q, above}, d->rate[i],
                            g + shape->forward[i + 1]);
        add_row_gradient(&(struct square){n, below, p, q, A}, -d->rate[i + 1], of_layer);
        break;
    case NETWORK_DIFFERENCE:
        gradient_difference(d, claim, rho, g);
        break;
    case NETWORK_GRAM:
        add_row_gradient(&(struct square){n, below, p, q, A}, rho, of_layer);
        add_row_gradient(&(struct square){n, shape->columns[i], p, q, C}, -d->rate[i],
                         g + shape->channel[i]);
        break;
    case NETWORK_SIGNED:
        gradient_signed(d, claim, x, g);
        break;
    case NETWORK_EXPONENTIAL:
        gradient_exponential(d, claim, x, g);
        break;
    case NETWORK_LOSS:
        break;
    }
}

/* ---- the loss ---- */

/* tr E Sigma^+ E' / 2 without what the narrowest layer cannot reach, (M1) */
double network_loss(const struct flow *flow, const double *x)
{
    const struct network_data *d = network_data_of(flow);
    const size_t inputs = d->shape.sizes[0], outputs = d->shape.sizes[d->shape.layers];
    const double *E = network_error(flow, x);
    double sum = 0;
    for (size_t o = 0; o < outputs; o++)
        for (size_t p = 0; p < inputs; p++)
            sum += E[o * inputs + p] * row_dot(inputs, E, o, d->inverse, p);
    return sum / 2 - d->unreachable;
}
