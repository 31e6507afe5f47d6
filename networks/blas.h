/* OpenBLAS, loaded when it is needed.
 *
 * Only the networks need a fast product of matrices, so the library is opened by dlopen() and not
 * linked: GSL keeps its own BLAS and its bits, and no other command pays for OpenBLAS' threads.
 * blas_core() is what OpenBLAS takes this CPU for; 0.3.21 of Debian 12 does not know CPUs younger
 * than itself and takes them for a Prescott (SSE3), at a fifth of their speed.  blas_core_of_cpu()
 * is the name that the CPU's own features call for; where the two differ in width, the caller starts
 * the program again with OPENBLAS_CORETYPE set to it.
 * Shapes: row by row; leading dimensions are those of the arrays.  Memory: none of ours.
 * Errors: NO_PROGRAM with the Debian package where no OpenBLAS can be opened.
 * Source: OpenBLAS 0.3.21, interface CBLAS. */
#ifndef NETWORKS_BLAS_H
#define NETWORKS_BLAS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* C[m*n] = scale op(A) op(B) + keep C, where op(A) is m x k and op(B) is k x n. */
struct blas_product {
    bool transpose_a, transpose_b;
    size_t m, n, k;
    size_t row_a, row_b, row_c; /* numbers from one row to the next, as stored */
};

/* Opens the library once; later calls return OK at once.  Not to be called by two threads. */
enum status blas_open(void) MUST_CHECK;
void blas_threads(size_t threads);
const char *blas_core(void);    /* of the library that is open, e.g. "Prescott" */
const char *blas_version(void); /* e.g. "OpenBLAS 0.3.21 ..." */

/* "SKYLAKEX", "HASWELL", ... by the flags of /proc/cpuinfo; NULL: unknown, leave OpenBLAS alone. */
const char *blas_core_of_cpu(void);
bool blas_core_is_narrow(const char *core, const char *of_cpu); /* narrower than the CPU can? */

void blas_float(const struct blas_product *product, float scale, const float *a, const float *b,
                float keep, float *c);
void blas_double(const struct blas_product *product, double scale, const double *a, const double *b,
                 double keep, double *c);

#endif
