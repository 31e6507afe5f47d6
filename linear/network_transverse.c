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

/* The change of E by the change of weights that a unit error makes. */
static void fill_map(const struct flow *flow, const double *x, double *change, double *map)
{
    const size_t m = flow->outputs;
    for (size_t j = 0; j < m; j++) {
        network_change_by_error(flow, x, j, change);
        const double *column = network_error_change(flow, x, change);
        for (size_t i = 0; i < m; i++)
            map[i * m + j] = column[i];
    }
}

size_t network_transverse(const struct flow *flow, const double *x, double *lambda)
{
    const struct network_data *d = network_data_of(flow);
    const size_t m = flow->outputs;
    if (d->decays || m > ORDER_MOST || m > flow->dim || is_narrow(&d->shape) ||
        !has_no_error(flow, x))
        return 0;
    double *work = malloc((flow->dim + m * m) * sizeof *work);
    if (!work)
        return 0;
    double *map = work + flow->dim;
    fill_map(flow, x, work, map);
    const enum status status = matrix_eigenvalues(m, map, lambda, NULL);
    free(work);
    return status == OK ? m : 0;
}
