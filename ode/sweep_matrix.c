/* Products, factors and bounds of matrices of a few tens of rows.
 *
 * A lane's evidence is a dozen squarings of one matrix, (J7), and one factorisation, for which a
 * library is slow: its overhead is that of large matrices.  Here a product is made of tiles of
 * ROWS x TILE entries that stay in registers, and rows are padded to whole registers.  Sums go over
 * the inner index in its order, and none is fused, so that the bits do not depend on the registers.
 * Functions that are cloned are not static: see linear/chain_lanes.c. */
#include "ode/sweep_matrix.h"

#include "ode/lanes.h"

#include <math.h>
#include <string.h>

enum {
    TILE = LANES_BLOCK, /* orders are multiples */
    ROWS = 4            /* of a tile */
};

double sweep_matrix_sum_of_squares(size_t count, const double *v);
void sweep_matrix_sums(size_t order, const double *A, double *columns);

size_t sweep_matrix_order(size_t m)
{
    return (m + TILE - 1) / TILE * TILE;
}

void sweep_matrix_pad(size_t m, size_t order, const double *from, double *to)
{
    memset(to, 0, order * order * sizeof *to);
    for (size_t i = 0; i < m; i++)
        memcpy(to + i * order, from + i * m, m * sizeof *to);
}

/* ---- products ---- */

/* to[i] += left[i] right, a row of TILE entries */
LANES_INLINE void add_row(double left, const double *restrict right, double *restrict to)
{
    for (size_t j = 0; j < TILE; j++)
        to[j] += left * right[j];
}

/* to = rows columns, ROWS x TILE entries */
LANES_INLINE void tile(size_t order, const double *restrict rows, const double *restrict columns,
                       double *restrict to)
{
    double one[TILE] = {0}, two[TILE] = {0}, three[TILE] = {0}, four[TILE] = {0};
    for (size_t l = 0; l < order; l++) {
        const double *restrict right = columns + l * order;
        add_row(rows[l], right, one);
        add_row(rows[order + l], right, two);
        add_row(rows[2 * order + l], right, three);
        add_row(rows[(ROWS - 1) * order + l], right, four);
    }
    memcpy(to, one, sizeof one);
    memcpy(to + order, two, sizeof two);
    memcpy(to + 2 * order, three, sizeof three);
    memcpy(to + (ROWS - 1) * order, four, sizeof four);
}

LANES_CLONES
void sweep_matrix_square(size_t order, const double *A, double *B)
{
    for (size_t i = 0; i < order; i += ROWS)
        for (size_t j = 0; j < order; j += TILE)
            tile(order, A + i * order, A + j, B + i * order + j);
}

/* ---- factors ---- */

LANES_INLINE void subtract(double factor, const double *restrict from, double *restrict row)
{
    for (size_t k = 0; k < TILE; k++)
        row[k] -= factor * from[k];
}

static void exchange(size_t order, double *a, double *b)
{
    for (size_t j = 0; j < order; j++) {
        const double kept = a[j];
        a[j] = b[j];
        b[j] = kept;
    }
}

LANES_CLONES
bool sweep_matrix_factor(size_t order, double *A, size_t *pivot)
{
    for (size_t i = 0; i < order; i++) {
        size_t p = i;
        for (size_t k = i + 1; k < order; k++)
            p = fabs(A[k * order + i]) > fabs(A[p * order + i]) ? k : p;
        pivot[i] = p;
        if (p != i)
            exchange(order, A + i * order, A + p * order);
        if (!(fabs(A[i * order + i]) > 0))
            return false;
        const double inverse = 1 / A[i * order + i];
        for (size_t k = i + 1; k < order; k++) {
            double *row = A + k * order;
            const double factor = row[i] * inverse;
            for (size_t j = i / TILE * TILE; j < order; j += TILE)
                subtract(factor, A + i * order + j, row + j); /* also what stands left of i */
            for (size_t j = i / TILE * TILE; j < i; j++)
                row[j] += factor * A[i * order + j];
            row[i] = factor;
        }
    }
    return true;
}

void sweep_matrix_solve(size_t order, const double *LU, const size_t *pivot, double *b)
{
    for (size_t i = 0; i < order; i++) {
        const double kept = b[i];
        b[i] = b[pivot[i]];
        b[pivot[i]] = kept;
    }
    for (size_t i = 0; i < order; i++)
        for (size_t j = 0; j < i; j++)
            b[i] -= LU[i * order + j] * b[j];
    for (size_t i = order; i-- > 0;) {
        for (size_t j = i + 1; j < order; j++)
            b[i] -= LU[i * order + j] * b[j];
        b[i] /= LU[i * order + i];
    }
}

/* ---- norms ---- */

/* of v[count], a multiple of TILE */
LANES_CLONES
double sweep_matrix_sum_of_squares(size_t count, const double *v)
{
    double sum[TILE] = {0}, all = 0;
    for (size_t j = 0; j < count; j += TILE)
        for (size_t k = 0; k < TILE; k++)
            sum[k] += v[j + k] * v[j + k];
    for (size_t k = 0; k < TILE; k++)
        all += sum[k];
    return all;
}

/* columns[j] = sum over i of |A_ij| */
LANES_CLONES
void sweep_matrix_sums(size_t order, const double *A, double *columns)
{
    for (size_t j = 0; j < order; j += TILE) {
        double sum[TILE] = {0};
        for (size_t i = 0; i < order; i++)
            for (size_t k = 0; k < TILE; k++)
                sum[k] += fabs(A[i * order + j + k]);
        for (size_t k = 0; k < TILE; k++)
            columns[j + k] = sum[k];
    }
}

double sweep_matrix_bound(size_t order, const double *A, double *columns)
{
    double by_rows = 0, by_columns = 0, square = 0;
    sweep_matrix_sums(order, A, columns);
    for (size_t j = 0; j < order; j++)
        by_columns = fmax(by_columns, columns[j]);
    for (size_t i = 0; i < order; i++) {
        double sum = 0;
        for (size_t j = 0; j < order; j++) {
            sum += fabs(A[i * order + j]);
            square += A[i * order + j] * A[i * order + j];
        }
        by_rows = fmax(by_rows, sum);
    }
    /* of NaN the other, and that is NaN, too */
    return fmin(sqrt(by_rows * by_columns), sqrt(square));
}

double sweep_matrix_size(size_t order, const double *A)
{
    return sqrt(sweep_matrix_sum_of_squares(order * order, A));
}
