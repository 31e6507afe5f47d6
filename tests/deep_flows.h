/* Deep linear networks A[N0,...,NL] as flows, written for the tests alone: plain loops, any sizes.
 *
 *   A_i' = B_i E Q_(i-1)',  E = (W - Q_L) Sigma,  Q_i = A_i ... A_1,  B_L = 1,  Sigma diagonal
 *   rbp:  B_i = C_i B_(i+1), C fixed         arbp: the same with C_i' = (A_(i+1)')'
 *   bp:   B_i = A_(i+1)' B_(i+1)
 *
 * Claims: rbp C_i A_(i+1) + (C_i A_(i+1))' - A_i A_i', bp the balances A_(i+1)'A_(i+1) - A_i A_i',
 * arbp A_(i+1)' - C_i and A_i A_i' - C_i C_i': all of them, dependent or not.
 * Shapes: matrices row by row, A_1..A_L then C_1..C_(L-1).  Memory: the caller's struct. */
#ifndef TESTS_DEEP_FLOWS_H
#define TESTS_DEEP_FLOWS_H

#include "ode/flow.h"

#include <stdlib.h>
#include <string.h>

enum { DEEP_SIDE = 24, DEEP_LAYERS = 4, DEEP_CLAIMS = 2000, DEEP_DIM = 2400 };
enum deep_rule { DEEP_BP, DEEP_RBP, DEEP_ARBP };

typedef double deep_matrix[DEEP_SIDE * DEEP_SIDE];

struct deep {
    enum deep_rule rule;
    size_t L, N[DEEP_LAYERS + 1];
    deep_matrix W, C[DEEP_LAYERS]; /* C[i] of layer i + 1 */
    double sigma[DEEP_SIDE];
};

static const char deep_names[DEEP_DIM][UNKNOWN_NAME_MAX];
static struct claim deep_claims[DEEP_CLAIMS];

/* C[m*n] += s A B with A[m*k] (transposed: A[k*m]), B[k*n] (B[n*k]). */
static inline void deep_add(size_t m, size_t k, size_t n, double s, const double *A, size_t a_row,
                            size_t a_col, const double *B, size_t b_row, size_t b_col, double *C)
{
    for (size_t i = 0; i < m; i++)
        for (size_t l = 0; l < k; l++)
            for (size_t j = 0; j < n; j++)
                C[i * n + j] += s * A[i * a_row + l * a_col] * B[l * b_row + j * b_col];
}

static inline size_t deep_offset(const struct deep *p, size_t layer) /* of A_(layer+1) */
{
    size_t at = 0;
    for (size_t i = 0; i < layer; i++)
        at += p->N[i] * p->N[i + 1];
    return at;
}

static inline size_t deep_offset_c(const struct deep *p, size_t layer) /* of C_(layer+1) */
{
    size_t at = deep_offset(p, p->L);
    for (size_t i = 0; i < layer; i++)
        at += p->N[i + 1] * p->N[i + 2];
    return at;
}

/* C_(i+1)[N_(i+1)*N_(i+2)] at the state x (or its tangent, with fixed C giving nothing). */
static inline void deep_feedback(const struct deep *p, const double *x, bool tangent, size_t i,
                                 double *C)
{
    const size_t rows = p->N[i + 1], columns = p->N[i + 2];
    for (size_t a = 0; a < rows; a++)
        for (size_t b = 0; b < columns; b++)
            C[a * columns + b] = p->rule == DEEP_BP     ? x[deep_offset(p, i + 1) + b * rows + a]
                                 : p->rule == DEEP_ARBP ? x[deep_offset_c(p, i) + a * columns + b]
                                 : tangent              ? 0
                                                        : p->C[i][a * columns + b];
}

/* f(x) into dx, or J(x) v into dx if v is given. */
static inline void deep_apply(const struct deep *p, const double *x, const double *v, double *dx)
{
    static deep_matrix Q[DEEP_LAYERS + 1], dQ[DEEP_LAYERS + 1], B[DEEP_LAYERS + 1],
        dB[DEEP_LAYERS + 1], E, dE, C, dC, M, dM;
    const size_t L = p->L, *N = p->N, N0 = N[0], NL = N[L];
    for (size_t i = 0; i <= L; i++)
        for (size_t k = 0; k < N[i] * (N0 > NL ? N0 : NL); k++)
            Q[i][k] = dQ[i][k] = B[i][k] = dB[i][k] = 0;
    for (size_t i = 0; i < N0; i++)
        Q[0][i * N0 + i] = 1;
    for (size_t i = 0; i < L; i++) {
        const size_t at = deep_offset(p, i);
        deep_add(N[i + 1], N[i], N0, 1, x + at, N[i], 1, Q[i], N0, 1, Q[i + 1]);
        if (v) {
            deep_add(N[i + 1], N[i], N0, 1, v + at, N[i], 1, Q[i], N0, 1, dQ[i + 1]);
            deep_add(N[i + 1], N[i], N0, 1, x + at, N[i], 1, dQ[i], N0, 1, dQ[i + 1]);
        }
    }
    for (size_t i = 0; i < NL; i++) {
        B[L][i * NL + i] = 1;
        for (size_t j = 0; j < N0; j++) {
            E[i * N0 + j] = (p->W[i * N0 + j] - Q[L][i * N0 + j]) * p->sigma[j];
            dE[i * N0 + j] = -dQ[L][i * N0 + j] * p->sigma[j];
        }
    }
    memset(dx, 0,
           (p->rule == DEEP_ARBP ? deep_offset_c(p, L - 1) : deep_offset(p, L)) * sizeof *dx);
    for (size_t i = L; i-- > 0;) { /* layer i + 1, with its B */
        const size_t at = deep_offset(p, i), m = N[i + 1];
        if (i + 1 < L) {
            deep_feedback(p, x, false, i, C);
            deep_add(m, N[i + 2], NL, 1, C, N[i + 2], 1, B[i + 2], NL, 1, B[i + 1]);
            if (v) {
                deep_feedback(p, v, true, i, dC);
                deep_add(m, N[i + 2], NL, 1, C, N[i + 2], 1, dB[i + 2], NL, 1, dB[i + 1]);
                deep_add(m, N[i + 2], NL, 1, dC, N[i + 2], 1, B[i + 2], NL, 1, dB[i + 1]);
            }
        }
        for (size_t k = 0; k < m * N0; k++)
            M[k] = dM[k] = 0;
        deep_add(m, NL, N0, 1, B[i + 1], NL, 1, E, N0, 1, M);
        if (!v) {
            deep_add(m, N0, N[i], 1, M, N0, 1, Q[i], 1, N0, dx + at);
        } else {
            deep_add(m, NL, N0, 1, dB[i + 1], NL, 1, E, N0, 1, dM);
            deep_add(m, NL, N0, 1, B[i + 1], NL, 1, dE, N0, 1, dM);
            deep_add(m, N0, N[i], 1, dM, N0, 1, Q[i], 1, N0, dx + at);
            deep_add(m, N0, N[i], 1, M, N0, 1, dQ[i], 1, N0, dx + at);
        }
    }
    for (size_t i = 0; i + 1 < L && p->rule == DEEP_ARBP; i++)
        for (size_t a = 0; a < N[i + 1]; a++)
            for (size_t b = 0; b < N[i + 2]; b++)
                dx[deep_offset_c(p, i) + a * N[i + 2] + b] =
                    dx[deep_offset(p, i + 1) + b * N[i + 1] + a];
}

static inline enum status deep_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    (void)n;
    deep_apply(flow->data, x, NULL, dx);
    return OK;
}

static inline enum status deep_jacobian_times(const struct flow *flow, const double *x,
                                              const double *v, double *Jv)
{
    deep_apply(flow->data, x, v, Jv);
    return OK;
}

static inline enum status deep_jacobian(const struct flow *flow, const double *x, double *J)
{
    static double e[FLOW_DENSE_MOST], column[FLOW_DENSE_MOST];
    const size_t n = flow->dim;
    for (size_t j = 0; j < n; j++) {
        memset(e, 0, sizeof e);
        e[j] = 1;
        deep_apply(flow->data, x, e, column);
        for (size_t i = 0; i < n; i++)
            J[i * n + j] = column[i];
    }
    return OK;
}

/* Which claim: layer i (A_(i+1)), entry (a, b); `second`: of the two kinds of arbp. */
struct deep_claim {
    size_t i, a, b;
    bool second;
};

static inline bool deep_find(const struct deep *p, size_t claim, struct deep_claim *found)
{
    for (size_t i = 0; i + 1 < p->L; i++) {
        const size_t m = p->N[i + 1];
        for (size_t a = 0; a < m; a++)
            for (size_t b = 0; b < p->N[i + 2] && p->rule == DEEP_ARBP; b++)
                if (claim-- == 0) {
                    *found = (struct deep_claim){i, a, b, true};
                    return true;
                }
        for (size_t a = 0; a < m; a++)
            for (size_t b = a; b < m; b++)
                if (claim-- == 0) {
                    *found = (struct deep_claim){i, a, b, false};
                    return true;
                }
    }
    return false;
}

/* The value, and the gradient if g is given. */
static inline double deep_value(const struct flow *flow, size_t claim, const double *x, double *g)
{
    static deep_matrix C;
    const struct deep *p = flow->data;
    struct deep_claim c;
    if (g)
        memset(g, 0, flow->dim * sizeof *g);
    if (!deep_find(p, claim, &c))
        return 0;
    const size_t m = p->N[c.i + 1], above = p->N[c.i + 2], below = p->N[c.i];
    const size_t A = deep_offset(p, c.i), up = deep_offset(p, c.i + 1);
    if (c.second) {
        const size_t C_at = deep_offset_c(p, c.i) + c.a * above + c.b;
        if (g)
            g[up + c.b * m + c.a] = 1, g[C_at] = -1;
        return x[up + c.b * m + c.a] - x[C_at];
    }
    double value = 0;
    const double of_A = p->rule == DEEP_ARBP ? 1 : -1;
    for (size_t r = 0; r < below; r++) {
        value += of_A * x[A + c.a * below + r] * x[A + c.b * below + r];
        if (g) {
            g[A + c.a * below + r] += of_A * x[A + c.b * below + r];
            g[A + c.b * below + r] += of_A * x[A + c.a * below + r];
        }
    }
    deep_feedback(p, x, false, c.i, C);
    for (size_t r = 0; r < above; r++) {
        const size_t ua = up + r * m + c.a, ub = up + r * m + c.b;
        const size_t ca = p->rule == DEEP_ARBP ? deep_offset_c(p, c.i) + c.a * above + r : ua;
        const size_t cb = p->rule == DEEP_ARBP ? deep_offset_c(p, c.i) + c.b * above + r : ub;
        if (p->rule == DEEP_RBP) {
            value += C[c.a * above + r] * x[ub] + C[c.b * above + r] * x[ua];
            if (g)
                g[ub] += C[c.a * above + r], g[ua] += C[c.b * above + r];
        } else {
            value += -of_A * x[ca] * x[cb];
            if (g)
                g[ca] += -of_A * x[cb], g[cb] += -of_A * x[ca];
        }
    }
    return value;
}

static inline double deep_observe(const struct flow *flow, size_t claim, const double *x)
{
    return deep_value(flow, claim, x, NULL);
}

static inline void deep_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    (void)deep_value(flow, claim, x, g);
}

static inline struct flow deep_flow(const struct deep *p)
{
    struct deep_claim c;
    size_t claims = 0;
    while (deep_find(p, claims, &c))
        claims++;
    for (size_t k = 0; k < DEEP_CLAIMS; k++)
        deep_claims[k] = (struct claim){.name = "coupling", .label = "E1"};
    struct flow flow = {.dim = p->rule == DEEP_ARBP ? deep_offset_c(p, p->L - 1)
                                                    : deep_offset(p, p->L),
                        .title = "deep linear network",
                        .names = deep_names,
                        .field = deep_field,
                        .jacobian = deep_jacobian,
                        .jacobian_times = deep_jacobian_times,
                        .claims = claims,
                        .conserved = claims,
                        .claim = deep_claims,
                        .observe = deep_observe,
                        .gradient = deep_gradient,
                        .data = p};
    if (flow.dim > FLOW_DENSE_MOST)
        flow.jacobian = NULL;
    return flow;
}

/* The network with W = C = Sigma = 1 (rectangular: ones on the diagonal). */
static inline struct deep deep_network(enum deep_rule rule, size_t L, const size_t *N)
{
    struct deep p = {.rule = rule, .L = L};
    memcpy(p.N, N, (L + 1) * sizeof *N);
    for (size_t j = 0; j < N[0]; j++) {
        p.sigma[j] = 1;
        if (j < N[L])
            p.W[j * N[0] + j] = 1;
    }
    for (size_t i = 0; i + 1 < L; i++)
        for (size_t a = 0; a < N[i + 1] && a < N[i + 2]; a++)
            p.C[i][a * N[i + 2] + a] = 1;
    return p;
}

#endif
