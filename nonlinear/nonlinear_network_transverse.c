/* The spectrum transverse to the zero-error set of a network with activations, (Y5).
 *
 * Where E = 0 for every sample the field is V(x) e, e the list of errors, and J = -V(x) DO(x): its
 * non-zero spectrum is that of
 *     M = -DO V,     of order m N_L: the change of all outputs by what all unit errors make,
 * a Gram matrix (the tangent kernel) under backpropagation.  If M is regular, V is one-to-one and
 * DO onto: the fixed points near x are the zeros of O - T, a manifold, the kernel of J is its
 * tangent space, and the spectrum transverse to it is that of M.  Elsewhere, under decay, and where
 * M is singular to rounding the file is silent, and whoever asks falls back to J itself. */
#include "nonlinear/nonlinear_network_data.h"

#include "linear/matrix.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ORDER_MOST = 400 }; /* a dense spectrum of this order takes three seconds */
/* |E| at a zero, in units of its rounding bound.  A polished point has |f| = |V E| at its floor, and
 * E is that divided by singular values of V, of which the smallest are a thousandth of the largest
 * where a limit is found at all.  No other fixed point passes: V e = 0 with regular M has e = 0. */
static const double ZERO = 4096;

/* Are all errors zero to rounding at x? */
static bool has_no_error(const struct nonlinear_data *d, const double *x)
{
    const size_t L = d->shape.layers, count = d->shape.sizes[L] * d->samples;
    const double *bound = nonlinear_network_error_bound(d, x);
    for (size_t j = 0; j < count; j++)
        if (!(fabs(d->at.backward[L][j]) <= ZERO * DBL_EPSILON * bound[j]))
            return false;
    return true;
}

/* M, column by column; change[dim].  The forward pass at x stands in the scratch. */
static void fill_map(const struct nonlinear_data *d, const double *x, double *change, double *map)
{
    const size_t L = d->shape.layers, order = d->shape.sizes[L] * d->samples;
    const struct nonlinear_pass pass = nonlinear_network_pass(d, x);
    nonlinear_network_forward(&pass);
    for (size_t j = 0; j < order; j++) {
        memset(d->at.backward[L], 0, order * sizeof(double));
        d->at.backward[L][j] = d->weight[j % d->samples];
        nonlinear_network_backward(&pass);
        nonlinear_network_changes(&pass, change);
        const double *column = nonlinear_network_output_change(d, x, change);
        for (size_t i = 0; i < order; i++)
            map[i * order + j] = -column[i];
    }
}

/* Is the smallest singular value clear of rounding? */
static enum status is_regular(size_t order, const double *map, double *values, bool *regular)
{
    TRY(matrix_singular_values(order, order, map, values, NULL, NULL));
    *regular = values[order - 1] > matrix_rank_cut * values[0];
    return OK;
}

size_t nonlinear_network_transverse(const struct flow *flow, const double *x, double *lambda)
{
    const struct nonlinear_data *d = nonlinear_data_of(flow);
    const size_t order = d->shape.sizes[d->shape.layers] * d->samples;
    if (d->decays || order > ORDER_MOST || order > flow->dim || !has_no_error(d, x))
        return 0;
    double *work = malloc((flow->dim + order * order) * sizeof *work);
    if (!work)
        return 0;
    double *map = work + flow->dim;
    bool regular = false;
    fill_map(d, x, work, map);
    enum status status = is_regular(order, map, lambda, &regular);
    if (status == OK && regular)
        status = matrix_eigenvalues(order, map, lambda, NULL);
    free(work);
    return status == OK && regular ? order : 0;
}
