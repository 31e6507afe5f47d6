/* What one hidden layer conserves, and what never increases; notes/hidden.md, (S1), (S2).
 *
 * The parts of A1 outside the range of C and on the kernel of Sigma_II; K = C A2 + (C A2)' -
 * eta_2 A1 A1' without what these fix already; and |C A2|^2/2 - eta_2 <A1, C W>, which never
 * increases.  Weight decay ends them all. */
#include "linear/hidden_data.h"

#include <stdio.h>
#include <string.h>

/* Frozen entries that are claimed: more would cost more than the flow. */
enum { FROZEN_MOST = 4096 };

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

double hidden_observe(const struct flow *flow, size_t claim, const double *x)
{
    const struct hidden_data *d = hidden_data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const struct hidden_claim *c = &d->claim[claim];
    double *row = d->along.X, sum = 0;
    switch (c->kind) {
    case HIDDEN_FROZEN:
        row_along(t, x, c->p, row);
        return row[c->q];
    case HIDDEN_KERNEL:
        row_along(t, x, c->p, row);
        for (size_t j = 0; j < t->N0; j++)
            sum += row[j] * t->F[j * t->N0 + c->q];
        return sum;
    case HIDDEN_COUPLED:
        return observe_coupled(d, c->p, c->q, x);
    case HIDDEN_LYAPUNOV:
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

void hidden_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    const struct hidden_data *d = hidden_data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const struct hidden_claim *c = &d->claim[claim];
    memset(g, 0, t->dim * sizeof *g);
    switch (c->kind) {
    case HIDDEN_FROZEN:
        for (size_t i = 0; i < t->N1; i++)
            g[i * t->N0 + c->q] = t->Q[i * t->N1 + c->p];
        return;
    case HIDDEN_KERNEL:
        for (size_t i = 0; i < t->N1; i++)
            for (size_t j = 0; j < t->N0; j++)
                g[i * t->N0 + j] = t->Q[i * t->N1 + c->p] * t->F[j * t->N0 + c->q];
        return;
    case HIDDEN_COUPLED:
        gradient_coupled(d, c->p, c->q, x, g);
        return;
    case HIDDEN_LYAPUNOV:
        gradient_lyapunov(d, x, g);
    }
}

void hidden_claim_name(const struct hidden_terms *t, const struct hidden_claim *c,
                       struct claim *claim)
{
    static const char *const labels[] = {[HIDDEN_FROZEN] = "S1",
                                         [HIDDEN_KERNEL] = "S1",
                                         [HIDDEN_COUPLED] = "S1",
                                         [HIDDEN_LYAPUNOV] = "S2"};
    static const char *const forms[] = {[HIDDEN_FROZEN] = "(U'A1)[%zu,%zu], U outside range C1",
                                        [HIDDEN_KERNEL] = "(Q'A1)[%zu,%zu] on the kernel of Sigma",
                                        [HIDDEN_COUPLED] = "(Q'KQ)[%zu,%zu], Q of range C1",
                                        [HIDDEN_LYAPUNOV] = "|C1 A2|^2/2 - <A1, C1 W>"};
    const char *form = forms[c->kind];
    if (c->kind == HIDDEN_COUPLED && t->rank == t->N1)
        form = "(C1 A2 + (C1 A2)' - A1 A1')[%zu,%zu]";
    *claim =
        (struct claim){.kind = c->kind == HIDDEN_LYAPUNOV ? CLAIM_NEVER_INCREASES : CLAIM_CONSERVED,
                       .label = labels[c->kind]};
    snprintf(claim->name, sizeof claim->name, form, c->p + 1, c->q + 1);
}

size_t hidden_claims_list(const struct hidden_terms *t, struct hidden_claim *claim)
{
    const size_t N0 = t->N0, N1 = t->N1;
    size_t count = 0;
    if (!t->decomposed || t->decay[0] != 0 || t->decay[1] != 0)
        return 0;
    const bool few = (N1 - t->rank) * N0 + t->rank * (N0 - t->inputs) <= FROZEN_MOST;
    struct hidden_claim nowhere = {HIDDEN_FROZEN, 0, 0}, *at = claim ? claim : &nowhere;
    const size_t step = claim ? 1 : 0;
    for (size_t p = t->rank; p < N1 && few; p++)
        for (size_t q = 0; q < N0; q++, count++, at += step)
            *at = (struct hidden_claim){HIDDEN_FROZEN, p, q};
    for (size_t p = 0; p < t->rank && few && t->kernel_frozen; p++)
        for (size_t q = t->inputs; q < N0; q++, count++, at += step)
            *at = (struct hidden_claim){HIDDEN_KERNEL, p, q};
    for (size_t p = 0; p < t->rank; p++)
        for (size_t q = p; q < N1; q++, count++, at += step)
            *at = (struct hidden_claim){HIDDEN_COUPLED, p, q};
    if (t->consistent && t->eta_2 >= 0 && t->rank > 0) {
        *at = (struct hidden_claim){HIDDEN_LYAPUNOV, 0, 0};
        count++;
    }
    return count;
}
