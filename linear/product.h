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

enum { PRODUCT_TILE_ROWS = 4, PRODUCT_TILE_COLUMNS = 8 }; /* 4 AVX-512 accumulators */

/* The strides between rows are those of the whole matrices. */
static inline void product_tile(size_t inner, size_t columns, const double *A, const double *B,
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
static inline void product_border(size_t height, size_t inner, size_t width, size_t columns,
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

static inline void product_one(size_t rows, size_t inner, size_t columns, const double *A,
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
static inline const double *product_transposed(size_t lanes, size_t rows, size_t columns,
                                               const double *M, double *T)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            for (size_t k = 0; k < lanes; k++)
                T[(j * rows + i) * lanes + k] = M[(i * columns + j) * lanes + k];
    return T;
}

static inline void product_lanes(size_t rows, size_t inner, size_t columns, const double *A,
                                 const double *B, double *C)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum[LANES_BLOCK] = {0};
            for (size_t l = 0; l < inner; l++)
                for (size_t k = 0; k < LANES_BLOCK; k++)
                    sum[k] += A[(i * inner + l) * LANES_BLOCK + k] *
                              B[(l * columns + j) * LANES_BLOCK + k];
            for (size_t k = 0; k < LANES_BLOCK; k++)
                C[(i * columns + j) * LANES_BLOCK + k] = sum[k];
        }
}

/* A[rows*inner] is common to all lanes. */
static inline void product_lanes_first_common(size_t rows, size_t inner, size_t columns,
                                              const double *A, const double *B, double *C)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum[LANES_BLOCK] = {0};
            for (size_t l = 0; l < inner; l++)
                for (size_t k = 0; k < LANES_BLOCK; k++)
                    sum[k] += A[i * inner + l] * B[(l * columns + j) * LANES_BLOCK + k];
            for (size_t k = 0; k < LANES_BLOCK; k++)
                C[(i * columns + j) * LANES_BLOCK + k] = sum[k];
        }
}

/* B[inner*columns] is common to all lanes. */
static inline void product_lanes_second_common(size_t rows, size_t inner, size_t columns,
                                               const double *A, const double *B, double *C)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum[LANES_BLOCK] = {0};
            for (size_t l = 0; l < inner; l++)
                for (size_t k = 0; k < LANES_BLOCK; k++)
                    sum[k] += A[(i * inner + l) * LANES_BLOCK + k] * B[l * columns + j];
            for (size_t k = 0; k < LANES_BLOCK; k++)
                C[(i * columns + j) * LANES_BLOCK + k] = sum[k];
        }
}

#endif
