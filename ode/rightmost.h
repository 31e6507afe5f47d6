/* Has a matrix that is known by its products an eigenvalue to the right?
 *
 * Krylov proposes, a filter disposes.  Ritz values of a random start say where the spectrum lies
 * and how slow its slowest part is; a positive one of a symmetric matrix, with its residual, proves
 * an unstable direction.  That there is none is tested on independent random vectors u: Chebyshev
 * polynomials g with |g| >= c in the right half-plane make g(J) u small, and then the left
 * eigenvector of an eigenvalue there would be orthogonal to u by an accident of known probability,
 * whether J is normal or not, notes/endings.md, (E41).  Where J has a kernel, g(J) u tends to its
 * part in it, J g(J) u to zero, and the vectors are there for whoever can tell whether the kernel
 * is tangent to fixed points.
 *
 * Shapes: vectors [n].  Memory: one block, some hundred vectors.  Errors: those of the products;
 * "unknown" is an answer. */
#ifndef ODE_RIGHTMOST_H
#define ODE_RIGHTMOST_H

#include "ode/ritz.h"

enum rightmost_verdict {
    RIGHTMOST_UNKNOWN,
    RIGHTMOST_STABLE,  /* no eigenvalue to the right, but for the kernel and by the probability */
    RIGHTMOST_UNSTABLE /* proved: symmetric, or with the whole range spanned */
};

enum { RIGHTMOST_STARTS = 4 };

struct rightmost {
    enum rightmost_verdict verdict;
    bool symmetric;
    double rate, residual; /* the rightmost Ritz value that is not neutral, and its residual */
    double size;           /* largest modulus of a Ritz value */
    size_t rank;           /* of J where the range was spanned; else 0 */
    bool kernel;           /* the starts have parts that J takes to zero */
    double kernel_size;    /* its dimension: n - rank, or an estimate */
    /* Stable: an eigenvalue with a real part above -slow, of modulus above `neutral`, has been
     * missed with this probability at most */
    double slow, neutral, probability;
    size_t products;
    const char *doubt; /* unknown: why */
};

struct rightmost_search; /* opaque */

struct rightmost_search *rightmost_create(const struct ritz_matrix *J); /* NULL: out of memory */
void rightmost_free(struct rightmost_search *search);                   /* NULL is allowed */

enum status rightmost_find(struct rightmost_search *search, struct rightmost *found) MUST_CHECK;

/* After it: the Ritz values but for the neutral ones, by decreasing real part. */
size_t rightmost_count(const struct rightmost_search *search);
double rightmost_real_part(const struct rightmost_search *search, size_t which);

/* The part of start number `which` in the kernel: v[n], not normalised. */
const double *rightmost_kernel_vector(const struct rightmost_search *search, size_t which);

/* After the verdict `unstable`: the part of v[n] along unstable directions, at least: the largest
 * |y'v|/|y| over left eigenvectors y of positive real part, or more. */
enum status rightmost_unstable_part(struct rightmost_search *search, const double *v,
                                    double *part) MUST_CHECK;

#endif
