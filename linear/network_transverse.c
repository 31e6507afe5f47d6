/* The spectrum transverse to the zero-error set of a network, notes/networks.md, (M7).
 *
 * Where E = 0 the field is V(x) E with V linear in E, so that the non-zero spectrum of the Jacobian
 * is that of the map of errors
 *     e -> - sum_i eta_i A_L ... A_(i+1) B_i e Q_(i-1)' Q_(i-1) Sigma_II,      S_i = B_i e,
 * a matrix of order N_0 N_L; the other eigenvalues are zeros, one for each direction in the set.
 * It is built by sending unit errors through the linearised passes.  Elsewhere, under decay, and
 * where a narrow layer makes the map of weights to P degenerate, it is silent. */
#include "linear/network_data.h"

#include "linear/matrix.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ORDER_MOST = 400 }; /* a dense spectrum of this order takes three seconds */
/* |E| at a zero, in units of its rounding error: a polished point is off by a few */
static const double ZERO = 64;

static bool is_narrow(const struct network_shape *shape)
{
    const size_t inputs = shape->sizes[0], outputs = shape->sizes[shape->layers];
    const size_t least = inputs < outputs ? inputs : outputs;
    for (size_t i = 1; i < shape->layers; i++)
        if (shape->sizes[i] < least)
            return true;
    return false;
}

/* Is E zero to rounding at x? */
static bool has_no_error(const struct flow *flow, const double *x)
{
    const struct network_data *d = network_data_of(flow);
    const struct network_shape *shape = &d->shape;
    const size_t L = shape->layers, count = shape->sizes[0] * shape->sizes[L];
    const double *E = network_error(flow, x);
    double error = 0, size = 0, weights = 1;
    for (size_t j = 0; j < count; j++) {
        error += E[j] * E[j];
        size += d->sigma_ti[j] * d->sigma_ti[j];
    }
    for (size_t i = 1; i <= L; i++) { /* |P| <= product of the norms */
        double square = 0;
        for (size_t j = 0; j < shape->sizes[i] * shape->sizes[i - 1]; j++)
            square += x[shape->forward[i] + j] * x[shape->forward[i] + j];
        weights *= sqrt(square);
    }
    double driven = 0;
    for (size_t j = 0; j < shape->sizes[0] * shape->sizes[0]; j++)
        driven += d->sigma_ii[j] * d->sigma_ii[j];
    return sqrt(error) <= ZERO * DBL_EPSILON * (sqrt(size) + weights * sqrt(driven));
}

/* The eigenvalues of M, which is often symmetric, as under gradient descent of white inputs. */
static enum status spectrum_of(size_t m, double *M, double *lambda)
{
    double skew = 0;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < i; j++)
            skew = fmax(skew, fabs(M[i * m + j] - M[j * m + i]));
    if (skew > ZERO * DBL_EPSILON * matrix_norm(m * m, M))
        return matrix_eigenvalues(m, M, lambda, NULL);
    TRY(matrix_symmetric_eigenvalues(m, M, lambda, NULL));
    for (size_t i = 0; i < m / 2; i++) { /* decreasing */
        const double kept = lambda[i];
        lambda[i] = lambda[m - 1 - i];
        lambda[m - 1 - i] = kept;
    }
    return OK;
}

size_t network_transverse(const struct flow *flow, const double *x, double *lambda)
{
    const struct network_data *d = network_data_of(flow);
    const size_t m = flow->outputs;
    if (d->decays || m > ORDER_MOST || m > flow->dim || is_narrow(&d->shape) ||
        !has_no_error(flow, x))
        return 0;
    double *map = malloc(m * m * sizeof *map);
    if (!map)
        return 0;
    network_map_errors(flow, x, map);
    const enum status status = spectrum_of(m, map, lambda);
    free(map);
    return status == OK ? m : 0;
}
