/* Foresight: fixed points by Newton's method, and Nelder and Mead's simplex over all free numbers.
 *
 * The numbers of the start are those from which Newton's method begins, so that they choose the fixed
 * point.  Points where it does not converge, or where J is singular as on continua of fixed points,
 * count as worse than all others.  Rejected: following a fixed point while one number varies, which
 * needs a fold or a Hopf point on that line; the simplex moves all numbers at once. */
#include "proofs-check/hunt_foresight.h"

#include "linear/matrix.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <string.h>

enum { LOOKS_MOST = 4000, LOOKS_PER_NUMBER = 40, NEWTON_MOST = 40 };

static const double OUTSIDE = 3;       /* more than any margin of a fixed point */
static const double FIRST_STEP = 0.25; /* of the simplex, relative to 1 + |x| */
static const double SMALL = 1e-7;      /* of the simplex, where it has converged */
static const double STEP_MOST = 0.5;   /* of Newton's method, relative to 1 + |x| */
static const double CONVERGED = 1e-10; /* ... and its last one */
static const double BESIDE = 0.001;    /* of the start, relative to 1 + |x| */
static const double GAIN = 1e-3;       /* of one simplex, at least, for another one */
static const double FOUND = 1e-6;
static const double FAR = 1e4;      /* from there Newton's method does not come back */
static const double HOPELESS = 0.5; /* no pair of complex eigenvalues */
static const double WORTH = 0.05;   /* to begin there: l1 < 0 is near */

struct foresight {
    const struct hunt_margin *margin;
    struct hunt_point now, best;
    struct hunt_number number[HUNT_NUMBERS_MOST];
    size_t looks;
    double least;
    double fixed[INSTANCE_DIM_MAX]; /* of the best */
};

/* Newton's method from x[dim], in place. */
static bool newton(const struct flow *flow, double *x)
{
    double J[INSTANCE_DIM_MAX * INSTANCE_DIM_MAX], f[INSTANCE_DIM_MAX], step[INSTANCE_DIM_MAX];
    for (int k = 0; k < NEWTON_MOST; k++) {
        if (flow->field(flow, 1, x, f) != OK || flow->jacobian(flow, x, J) != OK ||
            matrix_solve(flow->dim, 1, J, f, step) != OK)
            return false;
        const double size = 1 + matrix_norm(flow->dim, x), length = matrix_norm(flow->dim, step);
        if (!(length < INFINITY && size < FAR))
            return false;
        const double part = fmin(1, STEP_MOST * size / length);
        for (size_t i = 0; i < flow->dim; i++)
            x[i] -= part * step[i];
        if (length < CONVERGED * size)
            return true;
    }
    return false;
}

/* From the start, or from multiples of it, since Newton's method is lost where neurons saturate. */
static bool fixed_point_near(const struct flow *flow, const double *x0, double *x)
{
    static const double MULTIPLES[] = {1, 0.5, 0.25, -0.5, -1, 0.125, 2};
    for (size_t k = 0; k < sizeof MULTIPLES / sizeof *MULTIPLES; k++) {
        for (size_t i = 0; i < flow->dim; i++)
            x[i] = MULTIPLES[k] * x0[i];
        if (newton(flow, x))
            return true;
    }
    return false;
}

static double look(struct foresight *f, const struct instance *instance)
{
    struct flow *flow = NULL;
    double x[INSTANCE_DIM_MAX], value = OUTSIDE;
    if (problem_flow(&instance->problem, &flow) != OK)
        return OUTSIDE;
    if (flow->jacobian && flow->dim <= INSTANCE_DIM_MAX && fixed_point_near(flow, instance->x0, x))
        value = f->margin->at(flow, x);
    flow_free(flow);
    if (!(value < f->least))
        return isfinite(value) ? value : OUTSIDE;
    f->least = value;
    f->best = f->now;
    memcpy(f->fixed, x, instance->dim * sizeof *x);
    return value;
}

static double margin_at(const gsl_vector *x, void *foresight)
{
    struct foresight *f = foresight;
    struct instance instance;
    const struct hunt_place *place = &f->now.place;
    f->looks++;
    for (size_t k = 0; k < f->now.count; k++)
        f->now.value[k] = gsl_vector_get(x, k);
    hunt_space_fold(place, f->now.count, f->number, f->now.value);
    if (hunt_space_instance(place, f->now.value, &instance) != OK ||
        !hunt_space_meets(place, &instance))
        return OUTSIDE;
    return look(f, &instance);
}

/* Long enough, and no pair of eigenvalues in sight? */
static bool is_hopeless(const struct foresight *f)
{
    return f->looks > LOOKS_PER_NUMBER * (f->now.count + 1) && f->least > HOPELESS;
}

/* One simplex from the best place so far, or from the first one. */
static void descend(struct foresight *f, gsl_multimin_fminimizer *minimiser, gsl_vector *x,
                    gsl_vector *step)
{
    gsl_multimin_function margin = {.f = margin_at, .n = f->now.count, .params = f};
    const struct hunt_point from = f->least < OUTSIDE ? f->best : f->now;
    for (size_t k = 0; k < from.count; k++) {
        gsl_vector_set(x, k, from.value[k]);
        gsl_vector_set(step, k, FIRST_STEP * (1 + fabs(from.value[k])));
    }
    if (gsl_multimin_fminimizer_set(minimiser, &margin, x, step) != GSL_SUCCESS)
        return;
    while (f->looks < LOOKS_MOST && f->least < OUTSIDE && f->least > FOUND && !is_hopeless(f) &&
           gsl_multimin_fminimizer_iterate(minimiser) == GSL_SUCCESS &&
           gsl_multimin_fminimizer_size(minimiser) > SMALL)
        continue;
}

/* A simplex that follows a valley becomes flat; another one of full size goes on from there. */
static void minimise(struct foresight *f, gsl_multimin_fminimizer *minimiser, gsl_vector *x,
                     gsl_vector *step)
{
    double before = INFINITY;
    while (f->looks < LOOKS_MOST && f->least > FOUND && f->least < before - GAIN &&
           !is_hopeless(f)) {
        before = f->least;
        descend(f, minimiser, x, step);
    }
}

static enum status search(struct foresight *f)
{
    const size_t n = f->now.count;
    gsl_multimin_fminimizer *minimiser =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, n);
    gsl_vector *x = gsl_vector_alloc(n), *step = gsl_vector_alloc(n);
    const bool ready = minimiser && x && step;
    if (ready)
        minimise(f, minimiser, x, step);
    gsl_multimin_fminimizer_free(minimiser);
    gsl_vector_free(x);
    gsl_vector_free(step);
    return ready ? OK : status_fail(NO_MEMORY, "a simplex of %zu numbers", n);
}

/* The start beside the fixed point. */
static void place_start(const struct foresight *f, struct hunt_point *point)
{
    double size = 1;
    *point = f->best;
    for (size_t k = 0; k < point->count; k++)
        if (f->number[k].group == HUNT_START)
            size = fmax(size, 1 + fabs(f->fixed[f->number[k].index]));
    for (size_t k = 0; k < point->count; k++)
        if (f->number[k].group == HUNT_START)
            point->value[k] = f->fixed[f->number[k].index] + BESIDE * size;
}

enum status hunt_foresee(const struct hunt_margin *margin, struct hunt_point *point, bool *found)
{
    struct foresight f = {.margin = margin, .now = *point, .least = OUTSIDE};
    size_t count = 0;
    *found = false;
    TRY(hunt_space_numbers(&point->place, &count, f.number));
    if (count == 0)
        return OK;
    TRY(search(&f));
    *found = f.least < WORTH;
    if (*found)
        place_start(&f, point);
    return OK;
}
