/* G' scaled = Q R: the independent gradients are the first columns, their pseudo-inverse Q R^-T. */
#include "ode/leaf.h"

#include "ode/vector.h"

#include <float.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A pivot below this share of its gradient's size is dependence: rounding leaves 1e-15, and a step
 * along anything nearer would be a thousand times as long as the offset it mends */
static const double DEPENDENT = 1e-6;
/* Entries of the inverse below this share of their row are zeros of the algebra: a weight that is
 * frozen at zero has to stay there */
static const double ROUNDING = 16 * DBL_EPSILON;
/* The generic point is x0 plus this times 1 + |x0|, in a direction without symmetry */
static const double GENERIC = 0.5;
static const double GOLDEN =
    0.6180339887498949; /* fractional parts of its multiples: no symmetry */

struct leaf_block {
    struct leaf leaf;
    const struct flow *flow;
    double *tall, *tau, *norms, *probe, *gradient;
    size_t *pick;
    gsl_permutation *order;
    double storage[];
};

static struct leaf_block *block_of(struct leaf *leaf)
{
    return (struct leaf_block *)leaf;
}

struct leaf *leaf_create(const struct flow *flow)
{
    const size_t n = flow->dim, r = flow->conserved;
    struct leaf_block *block = calloc(
        1, sizeof *block + (4 * r + 3 * r * n + 2 * n) * sizeof(double) + r * sizeof(size_t));
    if (!block)
        return NULL;
    double *next = block->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&block->leaf.scale, r},
        {&block->norms, r},
        {&block->tall, n * r},
        {&block->gradient, r * n},
        {&block->leaf.inverse, r * n},
        {&block->tau, n},
        {&block->probe, n},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    block->pick = (size_t *)(void *)next;
    block->flow = flow;
    block->leaf.n = n;
    block->leaf.r = r;
    block->leaf.pick = block->pick;
    block->order = gsl_permutation_alloc(r > 0 ? r : 1);
    if (block->order)
        return &block->leaf;
    free(block);
    return NULL;
}

void leaf_free(struct leaf *leaf)
{
    if (!leaf)
        return;
    gsl_permutation_free(block_of(leaf)->order);
    free(block_of(leaf));
}

/* Pivoted QR of the scaled gradients; returns the rank. */
static size_t factor(struct leaf_block *block, const double *gradient)
{
    const size_t n = block->leaf.n, r = block->leaf.r, most = r < n ? r : n;
    for (size_t k = 0; k < r; k++)
        for (size_t j = 0; j < n; j++) {
            block->tall[j * r + k] = gradient[k * n + j] / block->leaf.scale[k];
            if (!isfinite(block->tall[j * r + k]))
                return 0;
        }
    int sign;
    gsl_matrix_view A = gsl_matrix_view_array(block->tall, n, r);
    gsl_vector_view tau = gsl_vector_view_array(block->tau, most);
    gsl_vector_view norms = gsl_vector_view_array(block->norms, r);
    if (gsl_linalg_QRPT_decomp(&A.matrix, &tau.vector, block->order, &sign, &norms.vector))
        return 0;
    size_t rank = 0;
    while (rank < most && fabs(block->tall[rank * r + rank]) > DEPENDENT)
        rank++;
    return rank;
}

/* Row k of the inverse: Q R^-T e_k / scale, R the leading block. */
static void fill_inverse(struct leaf_block *block, size_t k)
{
    const size_t n = block->leaf.n, r = block->leaf.r, rank = block->leaf.rank;
    double *row = block->leaf.inverse + k * n;
    memset(row, 0, n * sizeof *row);
    for (size_t i = k; i < rank; i++) { /* R' y = e_k, forwards */
        double sum = i == k;
        for (size_t a = k; a < i; a++)
            sum -= block->tall[a * r + i] * row[a];
        row[i] = sum / block->tall[i * r + i];
    }
    gsl_matrix_view A = gsl_matrix_view_array(block->tall, n, r);
    gsl_vector_view y = gsl_vector_view_array(row, n);
    for (size_t i = rank; i-- > 0;) { /* Q = H_1 ... H_rank */
        gsl_vector_view v = gsl_matrix_subcolumn(&A.matrix, i, i, n - i);
        gsl_vector_view tail = gsl_vector_subvector(&y.vector, i, n - i);
        gsl_linalg_householder_hv(block->tau[i], &v.vector, &tail.vector);
    }
    const double rounding = ROUNDING * vector_norm(n, row);
    for (size_t j = 0; j < n; j++)
        row[j] = fabs(row[j]) <= rounding ? 0 : row[j] / block->leaf.scale[block->pick[k]];
}

void leaf_reduce(struct leaf *leaf, size_t rank)
{
    leaf->rank = rank;
    for (size_t k = 0; k < rank; k++)
        fill_inverse(block_of(leaf), k);
}

void leaf_factor(struct leaf *leaf, const double *gradient)
{
    struct leaf_block *block = block_of(leaf);
    leaf->rank = factor(block, gradient);
    for (size_t k = 0; k < leaf->rank; k++)
        block->pick[k] = gsl_permutation_get(block->order, k);
    leaf_reduce(leaf, leaf->rank);
}

void leaf_set(struct leaf *leaf, const double *x0)
{
    struct leaf_block *block = block_of(leaf);
    const size_t n = leaf->n, r = leaf->r;
    const double size = GENERIC * (1 + vector_norm(n, x0));
    for (size_t j = 0; j < n; j++) {
        const double turn = GOLDEN * (double)(j + 1);
        block->probe[j] = x0[j] + size * (2 * (turn - floor(turn)) - 1);
    }
    for (size_t k = 0; k < r; k++) {
        double *g = block->gradient + k * n;
        block->flow->gradient(block->flow, k, block->probe, g);
        const double norm = vector_norm(n, g);
        block->leaf.scale[k] = norm > 0 ? norm : 1;
    }
    if (r == 1) /* factor() would say the same */
        leaf->generic = vector_norm(n, block->gradient) > 0 && isfinite(leaf->scale[0]);
    else
        leaf->generic = r > 0 ? factor(block, block->gradient) : 0;
    leaf->redundant = r > 0 && (n > r + 1 || leaf->generic < r);
}
