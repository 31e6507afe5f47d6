/* Ritz values of a matrix that is known by its products: Arnoldi's method.
 *
 * Started in the range of J it does not see the kernel, so that zeros do not hide what is next to
 * them; where the space is invariant it goes on from another random vector of the range, until the
 * range is exhausted: its dimension is then the rank.  For a symmetric J this is Lanczos' method
 * with full reorthogonalisation, and an eigenvalue lies within the residual of each Ritz value,
 * notes/endings.md, (E40).
 *
 * Shapes: start[n], vector[n].  Memory: one block of vectors * (n + 4 vectors) doubles.  Errors:
 * those of the products; SOLVER_FAILED where GSL's iteration fails. */
#ifndef ODE_RITZ_H
#define ODE_RITZ_H

#include "ode/krylov.h"

#include <stdbool.h>
#include <stdint.h>

struct ritz_value {
    double re, im, residual; /* |J x - (re + i im) x| of the Ritz vector x, |x| = 1 */
};

struct ritz; /* opaque */

/* The operator: Jv[n] = J v[n]. */
struct ritz_matrix {
    size_t n;
    krylov_apply *apply;
    void *data;
};

struct ritz *ritz_create(const struct ritz_matrix *J, size_t vectors); /* NULL: out of memory */
void ritz_free(struct ritz *ritz);                                     /* NULL is allowed */

/* A random unit vector, uniform on the sphere: the same for the same index. */
void ritz_draw(uint64_t index, size_t n, double *unit);

/* The Krylov space of start, not zero, of `most` vectors or fewer. */
enum status ritz_build(struct ritz *ritz, const double *start, size_t most) MUST_CHECK;

/* Its Ritz values by decreasing real part, or those that the first `leading` vectors gave. */
enum status ritz_diagonalise(struct ritz *ritz, size_t leading, bool symmetric) MUST_CHECK;

size_t ritz_count(const struct ritz *ritz);
const struct ritz_value *ritz_values(const struct ritz *ritz);

/* Is the range of J spanned, so that there is a Ritz value for each of its dimensions? */
bool ritz_is_exhausted(const struct ritz *ritz);

/* Then: the eigenvalues of J on its range are within this distance of Ritz values, (E45); beyond
 * rounding only where J is not symmetric. */
double ritz_error(const struct ritz *ritz);

/* Of a symmetric J: the unit Ritz vector of values[which]. */
void ritz_vector(const struct ritz *ritz, size_t which, double *vector);

/* H[m*m] = Q'JQ, m = ritz_count(), Q the basis. */
void ritz_restrict(const struct ritz *ritz, double *H);

/* w = Q c + what is left in w, c[m]; and w += Q c. */
void ritz_split(struct ritz *ritz, double *w, double *c);
void ritz_add(const struct ritz *ritz, const double *c, double *w);

#endif
