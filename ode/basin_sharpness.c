/* The Hessian of the loss by central differences, (T9).
 *
 * With D_i D_j the product of central differences over 2h along two unknowns,
 *     H_ij = (4 D_i D_j(h) - D_i D_j(2h)) / 3 + O(h^4),
 * and likewise with the second difference for i = j.  At a global minimum the loss is 0, so that
 * the losses around it are of size h^2 and rounding costs about 1e-16/h; elsewhere 1e-16/h^2.
 * Rejected: -J, the Hessian under gradient descent with rates 1 alone; other rules descend along
 * something else, and their rate is no curvature. */
#include "ode/basin_sharpness.h"

#include "ode/dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double STEP = 1e-3; /* relative to 1 + |x|: errors near 1e-12 of both kinds */
static const double COARSE = 4, THREE = 3; /* of Richardson's extrapolation */

/* A place that moves from x. */
struct place {
    const struct flow *flow;
    const double *x;
    double *at; /* [dim], x between two calls */
};

static double step_of(const struct place *place, size_t i)
{
    return STEP * (1 + fabs(place->x[i]));
}

/* The loss at x + di e_i + dj e_j. */
static double loss_beside(const struct place *place, size_t i, double di, size_t j, double dj)
{
    place->at[i] += di;
    place->at[j] += dj;
    const double loss = place->flow->loss(place->flow, place->at);
    place->at[i] = place->x[i];
    place->at[j] = place->x[j];
    return loss;
}

static double second_difference(const struct place *place, size_t i, size_t j, double scale)
{
    const double h = scale * step_of(place, i), k = scale * step_of(place, j);
    if (i == j)
        return (loss_beside(place, i, h, i, 0) - 2 * place->flow->loss(place->flow, place->x) +
                loss_beside(place, i, -h, i, 0)) /
               (h * h);
    return (loss_beside(place, i, h, j, k) - loss_beside(place, i, h, j, -k) -
            loss_beside(place, i, -h, j, k) + loss_beside(place, i, -h, j, -k)) /
           (2 * h * 2 * k);
}

/* H[dim*dim], and its largest entry. */
static double hessian(const struct place *place, double *H)
{
    const size_t n = place->flow->dim;
    double size = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double entry =
                (COARSE * second_difference(place, i, j, 1) - second_difference(place, i, j, 2)) /
                THREE;
            H[i * n + j] = H[j * n + i] = entry;
            size = isfinite(entry) ? fmax(size, fabs(entry)) : NAN;
            if (isnan(size))
                return NAN;
        }
    return size;
}

static enum status largest_eigenvalue(const struct place *place, double *H, double *spectrum,
                                      double *sharpness)
{
    const double size = hessian(place, H);
    spectrum[0] = size; /* NAN, or 0 of a zero matrix */
    if (size > 0)
        TRY(dense_real_parts(place->flow->dim, H, size, spectrum));
    *sharpness = spectrum[0];
    return OK;
}

enum status basin_sharpness(const struct flow *flow, const double *x, double *sharpness)
{
    const size_t n = flow->dim;
    double *block = calloc(n * n + 2 * n, sizeof *block);
    if (!block)
        return status_fail(NO_MEMORY, "the Hessian of %zu unknowns", n);
    const struct place place = {.flow = flow, .x = x, .at = block + n * n};
    memcpy(place.at, x, n * sizeof *x);
    const enum status status = largest_eigenvalue(&place, block, block + n * n + n, sharpness);
    free(block);
    return status;
}
