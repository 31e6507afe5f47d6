/* Extrapolation of Gragg's midpoint method.
 *
 *   z_0 = x,  z_1 = z_0 + h f(z_0),  z_(m+1) = z_(m-1) + 2 h f(z_m),        m = 1..k,  h = H/k,
 *   S_k = (z_(k-1) + 2 z_k + z_(k+1))/4 = x(t + H) + c_1 h^2 + c_2 h^4 + ...        (k even)
 *
 * so that the polynomial in h^2 through k = 2, 4, ..., 12, taken at 0 by Aitken and Neville, has
 * order 12, and the last two entries of its tableau differ by the local error of the worse one.
 * Where that is small enough before, the rows that are left are not computed.
 * One grid step of training is one step here unless the field is stiff on it: a Runge-Kutta pair
 * with step control would land on the same times only by being restarted at each of them. */
#include "proofs-check/comparison_path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 6, COLUMNS_LEAST = 3, HALVINGS_MOST = 14 };

static const double MEAN = 0.25; /* of z_(k-1) + 2 z_k + z_(k+1) */

/* Scratch, [dim] each. */
struct extrapolation {
    const struct flow *flow;
    double tolerance, error;
    double *before, *here, *f, *column[COLUMNS];
};

/* S_k into column; k = 2 (row + 1). */
static enum status gragg(struct extrapolation *e, const double *x, double H, size_t row)
{
    const size_t dim = e->flow->dim, k = 2 * (row + 1);
    const double h = H / (double)k;
    double *before = e->before, *here = e->here, *S = e->column[row];
    memcpy(before, x, dim * sizeof *x);
    TRY(e->flow->field(e->flow, 1, x, e->f));
    for (size_t i = 0; i < dim; i++)
        here[i] = x[i] + h * e->f[i];
    for (size_t m = 1; m <= k; m++) {
        TRY(e->flow->field(e->flow, 1, here, e->f));
        for (size_t i = 0; i < dim; i++) {
            const double next = before[i] + 2 * h * e->f[i];
            if (m == k)
                S[i] = MEAN * (before[i] + 2 * here[i] + next);
            before[i] = here[i];
            here[i] = next;
        }
    }
    return OK;
}

/* Neville's tableau in place: column[r] of row r becomes T_(row, row - r); the newest best entry
 * ends in column[0]; returns the size of the last correction. */
static double extrapolate(struct extrapolation *e, size_t row)
{
    double last = 0;
    for (size_t r = row; r-- > 0;) {
        const double ratio = (double)(row + 1) / (double)(r + 1);
        last = 0;
        for (size_t i = 0; i < e->flow->dim; i++) {
            const double correction = (e->column[r + 1][i] - e->column[r][i]) / (ratio * ratio - 1);
            e->column[r][i] = e->column[r + 1][i] + correction;
            last = fmax(last, fabs(correction));
            if (!isfinite(correction))
                return INFINITY;
        }
    }
    return last;
}

static double scale_of(size_t dim, const double *x)
{
    double scale = 1;
    for (size_t i = 0; i < dim; i++)
        scale = fmax(scale, fabs(x[i]));
    return scale;
}

/* One step of length H from x, in place, where it is good enough. */
static enum status try_step(struct extrapolation *e, double H, double *x, bool *done)
{
    const size_t dim = e->flow->dim;
    const double enough = e->tolerance * scale_of(dim, x);
    double error = INFINITY;
    for (size_t row = 0; row < COLUMNS && !(row >= COLUMNS_LEAST && error <= enough); row++) {
        TRY(gragg(e, x, H, row));
        error = extrapolate(e, row);
    }
    *done = error <= enough;
    if (*done) {
        memcpy(x, e->column[0], dim * sizeof *x);
        e->error += error;
    }
    return OK;
}

/* Over H in 2^halvings parts, each as long as it can be. */
static enum status advance(struct extrapolation *e, double H, double *x)
{
    const size_t parts = (size_t)1 << HALVINGS_MOST; /* the shortest step is H / parts */
    size_t at = 0, length = parts;
    while (at < parts) {
        bool done = false;
        TRY(try_step(e, H * (double)length / (double)parts, x, &done));
        if (done) {
            at += length;
            while (length < parts && at % (2 * length) == 0 && at + 2 * length <= parts)
                length *= 2;
        } else if (length == 1) {
            return status_fail(SOLVER_FAILED,
                               "no step of %g is accurate to %g: the flow blows up, has a "
                               "kink, or changes faster than that",
                               H / (double)parts, e->tolerance);
        } else {
            length /= 2;
        }
    }
    return OK;
}

static struct comparison_path *path_create(size_t steps, size_t dim)
{
    struct comparison_path *path =
        malloc(sizeof *path + (steps + 1 + COLUMNS + 3) * dim * sizeof(double));
    if (path)
        *path =
            (struct comparison_path){.steps = steps, .dim = dim, .x = (double *)(void *)(path + 1)};
    return path;
}

void comparison_path_free(struct comparison_path *path)
{
    free(path);
}

static enum status follow(struct extrapolation *e, struct comparison_path *path)
{
    const double H = path->horizon / (double)path->steps;
    for (size_t n = 0; n < path->steps; n++) {
        double *x = path->x + n * path->dim, *next = x + path->dim;
        memcpy(next, x, path->dim * sizeof *x);
        TRY(advance(e, H, next));
    }
    path->error = e->error;
    return OK;
}

enum status comparison_path_follow(const struct flow *flow, const struct comparison_path_plan *plan,
                                   const double *x0, struct comparison_path **path)
{
    struct comparison_path *made = path_create(plan->steps, flow->dim);
    if (!made)
        return status_fail(NO_MEMORY, "a path of %zu states of %zu numbers", plan->steps,
                           flow->dim);
    double *scratch = made->x + (plan->steps + 1) * flow->dim;
    struct extrapolation e = {.flow = flow,
                              .tolerance = plan->tolerance,
                              .before = scratch,
                              .here = scratch + flow->dim,
                              .f = scratch + 2 * flow->dim};
    for (size_t k = 0; k < COLUMNS; k++)
        e.column[k] = scratch + (3 + k) * flow->dim;
    made->horizon = plan->horizon;
    memcpy(made->x, x0, flow->dim * sizeof *x0);
    const enum status status = follow(&e, made);
    if (status == OK)
        *path = made;
    else
        comparison_path_free(made);
    return status;
}
