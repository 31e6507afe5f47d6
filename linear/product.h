/* Products of row-by-row matrices inside fields: C = A B, every element summed in the order of the
 * inner index, so that one state alone and eight states together give the same bits.
 *
 * product_one() takes one state and works on tiles of TILE_ROWS x TILE_COLUMNS accumulators that
 * stay in registers; product_lanes() takes LANES_BLOCK states, lane by lane beside each other,
 * X[(i*columns + j)*LANES_BLOCK + k].  Either factor may be common to all lanes.  Everything is
 * inline, to be compiled again in every clone of a field (ode/lanes.h).
 * Shapes: A[rows*inner], B[inner*columns], C[rows*columns]; C overlaps neither.
 * Rejected: cblas_dgemm, whose order of summation changes with the machine. */
#ifndef LINEAR_PRODUCT_H
#define LINEAR_PRODUCT_H

#include "ode/lanes.h"

#include <stddef.h>
#include <string.h>

enum { PRODUCT_TILE_ROWS = 4, PRODUCT_TILE_COLUMNS = 8 }; /* 4 AVX-512 accumulators */

/* The strides between rows are those of the whole matrices. */
LANES_INLINE void product_tile(size_t inner, size_t columns, const double *A, const double *B,
                               double *C)
{
    double sum[PRODUCT_TILE_ROWS][PRODUCT_TILE_COLUMNS] = {{0}};
    for (size_t l = 0; l < inner; l++)
        for (size_t i = 0; i < PRODUCT_TILE_ROWS; i++)
            for (size_t j = 0; j < PRODUCT_TILE_COLUMNS; j++)
                sum[i][j] += A[i * inner + l] * B[l * columns + j];
    for (size_t i = 0; i < PRODUCT_TILE_ROWS; i++)
        for (size_t j = 0; j < PRODUCT_TILE_COLUMNS; j++)
            C[i * columns + j] = sum[i][j];
}

/* What is left at the borders: any height and width. */
LANES_INLINE void product_border(size_t height, size_t inner, size_t width, size_t columns,
                                 const double *A, const double *B, double *C)
{
    for (size_t i = 0; i < height; i++)
        for (size_t j = 0; j < width; j++) {
            double sum = 0;
            for (size_t l = 0; l < inner; l++)
                sum += A[i * inner + l] * B[l * columns + j];
            C[i * columns + j] = sum;
        }
}

LANES_INLINE void product_one(size_t rows, size_t inner, size_t columns, const double *A,
                              const double *B, double *C)
{
    for (size_t j = 0; j < columns; j += PRODUCT_TILE_COLUMNS) {
        const size_t width =
            columns - j < PRODUCT_TILE_COLUMNS ? columns - j : PRODUCT_TILE_COLUMNS;
        for (size_t i = 0; i < rows; i += PRODUCT_TILE_ROWS) {
            const size_t height = rows - i < PRODUCT_TILE_ROWS ? rows - i : PRODUCT_TILE_ROWS;
            const double *a = A + i * inner;
            double *c = C + i * columns + j;
            if (height == PRODUCT_TILE_ROWS && width == PRODUCT_TILE_COLUMNS)
                product_tile(inner, columns, a, B + j, c);
            else
                product_border(height, inner, width, columns, a, B + j, c);
        }
    }
}

/* T[columns*rows] = M' for M[rows*columns] of `lanes` states beside each other; returns T. */
LANES_INLINE const double *product_transposed(size_t lanes, size_t rows, size_t columns,
                                              const double *M, double *T)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            memcpy(T + (j * rows + i) * lanes, M + (i * columns + j) * lanes, lanes * sizeof *T);
    return T;
}

/* One factor of a product of lanes: its first entry, the distance from one lane to the next (0: it
 * is common to all of them), and that from one term of the sum to the next. */
struct product_lanes_factor {
    const double *at;
    size_t lane, term;
};

/* sum += a b */
LANES_INLINE void product_term(const double *restrict a, size_t a_lane, const double *restrict b,
                               size_t b_lane, double *restrict sum)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        sum[k] += a[k * a_lane] * b[k * b_lane];
}

enum { PRODUCT_LANES_TILE = 4 }; /* entries of a row at a time: as many chains of additions */

/* C = C + A B for PRODUCT_LANES_TILE neighbours in a row; a_lane and b_lane are constants wherever
 * this is inlined. */
LANES_INLINE void product_lanes_tile(size_t inner, const struct product_lanes_factor *A,
                                     const struct product_lanes_factor *B, double *restrict C)
{
    const size_t next = B->lane > 0 ? LANES_BLOCK : 1;
    double one[LANES_BLOCK], two[LANES_BLOCK], three[LANES_BLOCK], four[LANES_BLOCK];
    const double *restrict a = A->at, *restrict b = B->at;
    memcpy(one, C, sizeof one);
    memcpy(two, C + LANES_BLOCK, sizeof two);
    memcpy(three, C + 2 * LANES_BLOCK, sizeof three);
    memcpy(four, C + (PRODUCT_LANES_TILE - 1) * LANES_BLOCK, sizeof four);
    for (size_t l = 0; l < inner; l++, a += A->term, b += B->term) {
        product_term(a, A->lane, b, B->lane, one);
        product_term(a, A->lane, b + next, B->lane, two);
        product_term(a, A->lane, b + 2 * next, B->lane, three);
        product_term(a, A->lane, b + (PRODUCT_LANES_TILE - 1) * next, B->lane, four);
    }
    memcpy(C, one, sizeof one);
    memcpy(C + LANES_BLOCK, two, sizeof two);
    memcpy(C + 2 * LANES_BLOCK, three, sizeof three);
    memcpy(C + (PRODUCT_LANES_TILE - 1) * LANES_BLOCK, four, sizeof four);
}

LANES_INLINE void product_lanes_entry(size_t inner, const struct product_lanes_factor *A,
                                      const struct product_lanes_factor *B, double *restrict C)
{
    const double *restrict a = A->at, *restrict b = B->at;
    double sum[LANES_BLOCK];
    for (size_t k = 0; k < LANES_BLOCK; k++)
        sum[k] = C[k];
    for (size_t l = 0; l < inner; l++, a += A->term, b += B->term)
        product_term(a, A->lane, b, B->lane, sum);
    for (size_t k = 0; k < LANES_BLOCK; k++)
        C[k] = sum[k];
}

/* C += A B; lanes of a factor are 1 apart, or 0 where it is common to all of them. */
LANES_INLINE void product_lanes_add(size_t rows, size_t inner, size_t columns,
                                    const struct product_lanes_factor *A,
                                    const struct product_lanes_factor *B, double *C)
{
    const size_t a_next = A->lane > 0 ? LANES_BLOCK : 1, b_next = B->lane > 0 ? LANES_BLOCK : 1;
    for (size_t i = 0; i < rows; i++) {
        const struct product_lanes_factor a = {A->at + i * inner * a_next, A->lane, a_next};
        double *row = C + i * columns * LANES_BLOCK;
        size_t j = 0;
        for (; j + PRODUCT_LANES_TILE <= columns; j += PRODUCT_LANES_TILE) {
            const struct product_lanes_factor b = {B->at + j * b_next, B->lane, columns * b_next};
            product_lanes_tile(inner, &a, &b, row + j * LANES_BLOCK);
        }
        for (; j < columns; j++) {
            const struct product_lanes_factor b = {B->at + j * b_next, B->lane, columns * b_next};
            product_lanes_entry(inner, &a, &b, row + j * LANES_BLOCK);
        }
    }
}

LANES_INLINE void product_lanes_clear(size_t count, double *C)
{
    memset(C, 0, count * LANES_BLOCK * sizeof *C);
}

LANES_INLINE void product_lanes(size_t rows, size_t inner, size_t columns, const double *A,
                                const double *B, double *C)
{
    product_lanes_clear(rows * columns, C);
    product_lanes_add(rows, inner, columns, &(struct product_lanes_factor){A, 1, 0},
                      &(struct product_lanes_factor){B, 1, 0}, C);
}

/* A[rows*inner] is common to all lanes. */
LANES_INLINE void product_lanes_first_common(size_t rows, size_t inner, size_t columns,
                                             const double *A, const double *B, double *C)
{
    product_lanes_clear(rows * columns, C);
    product_lanes_add(rows, inner, columns, &(struct product_lanes_factor){A, 0, 0},
                      &(struct product_lanes_factor){B, 1, 0}, C);
}

/* B[inner*columns] is common to all lanes. */
LANES_INLINE void product_lanes_second_common(size_t rows, size_t inner, size_t columns,
                                              const double *A, const double *B, double *C)
{
    product_lanes_clear(rows * columns, C);
    product_lanes_add(rows, inner, columns, &(struct product_lanes_factor){A, 1, 0},
                      &(struct product_lanes_factor){B, 0, 0}, C);
}

#endif
