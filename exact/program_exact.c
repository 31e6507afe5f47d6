/* The sums and the product rule of program.c over Q. */
#include "exact/program_exact.h"

void program_exact_init(const struct program *p, const fmpq *x, struct program_exact *at)
{
    at->values = _fmpq_vec_init((slong)p->nodes);
    at->f = _fmpq_vec_init((slong)p->n);
    at->y = _fmpq_vec_init((slong)p->k);
    for (size_t i = 0; i < p->nodes; i++) {
        const struct program_node node = p->node[i];
        if (node.kind == PROGRAM_UNKNOWN)
            fmpq_set(at->values + i, x + i);
        if (node.kind == PROGRAM_CONSTANT)
            fmpq_set(at->values + i, p->constant + node.first);
        for (size_t q = node.first; node.kind == PROGRAM_SUM && q < node.first + node.count; q++)
            fmpq_addmul(at->values + i, at->values + p->product[q].a, at->values + p->product[q].b);
    }
    for (size_t i = 0; i < p->n; i++)
        fmpq_set(at->f + i, at->values + p->f[i]);
    for (size_t i = 0; i < p->k; i++)
        fmpq_set(at->y + i, at->values + p->y[i]);
}

void program_exact_clear(const struct program *p, struct program_exact *at)
{
    _fmpq_vec_clear(at->values, (slong)p->nodes);
    _fmpq_vec_clear(at->f, (slong)p->n);
    _fmpq_vec_clear(at->y, (slong)p->k);
}

/* slopes[field_nodes*n] */
static void slopes_of(const struct program *p, const struct program_exact *at, fmpq *slopes)
{
    for (size_t i = 0; i < p->field_nodes; i++) {
        const struct program_node node = p->node[i];
        fmpq *row = slopes + i * p->n;
        if (node.kind == PROGRAM_UNKNOWN)
            fmpq_one(row + i);
        for (size_t q = node.first; node.kind == PROGRAM_SUM && q < node.first + node.count; q++)
            for (size_t j = 0; j < p->n; j++) {
                const struct program_product product = p->product[q];
                fmpq_addmul(row + j, at->values + product.a, slopes + product.b * p->n + j);
                fmpq_addmul(row + j, at->values + product.b, slopes + product.a * p->n + j);
            }
    }
}

static void add_transverse(const struct program *p, const struct program_exact *at,
                           const fmpq *slopes, fmpq_mat_t A)
{
    for (size_t i = 0; i < p->k; i++)
        for (size_t j = 0; j < p->k; j++)
            for (size_t l = 0; l < p->n; l++)
                fmpq_addmul(fmpq_mat_entry(A, (slong)i, (slong)j), slopes + p->y[i] * p->n + l,
                            at->values + p->S[l * p->k + j]);
}

void program_exact_matrix(const struct program *p, const struct program_exact *at,
                          enum program_matrix which, fmpq_mat_t A)
{
    const size_t count = p->field_nodes * p->n;
    fmpq *slopes = _fmpq_vec_init((slong)count);
    slopes_of(p, at, slopes);
    fmpq_mat_zero(A);
    if (which == PROGRAM_MINUS_K)
        add_transverse(p, at, slopes, A);
    for (size_t i = 0; i < p->n && which == PROGRAM_DF; i++)
        for (size_t j = 0; j < p->n; j++)
            fmpq_set(fmpq_mat_entry(A, (slong)i, (slong)j), slopes + p->f[i] * p->n + j);
    _fmpq_vec_clear(slopes, (slong)count);
}
