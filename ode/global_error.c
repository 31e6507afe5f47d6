/* d is carried by (1 - h J + h^2 J^2/2)^-1, Pade's (0,2) approximation of exp(h J): of second
 * order, positive for every real eigenvalue, and it damps the fast directions of a stiff flow as
 * the flow does.  The errors added have one fixed direction, in general position to every symmetry,
 * so that they add up as systematic errors do.  Rejected: a second trajectory from a moved start,
 * which costs as much again and follows one random direction from one moment only. */
#include "ode/global_error.h"

#include "ode/vector.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of |f|: at one half the trajectory might go the other way, and the error is known to a factor */
static const double SHARE = 0.1;
/* Growth by the flow alone, without the errors that steps add: below are neutral directions, and
 * the transients of matrices that are not normal */
static const double AMPLIFIED = 10;
/* Angle between the weights of neighbours: the golden section of the circle, never periodic */
static const double TURN = 2.3999632297286533;

struct global_error {
    size_t n;
    bool decides;
    double size,
        growth; /* |d|; the factor by which the flow has stretched it since it last shrank */
    double *d, *weight, *matrix, *before, *Jd;
    double *place; /* the state that was judged last */
    gsl_permutation *order;
    double storage[];
};

struct global_error *global_error_create(size_t dim)
{
    struct global_error *error = calloc(1, sizeof *error + (5 * dim + dim * dim) * sizeof(double));
    if (!error)
        return NULL;
    error->n = dim;
    error->d = error->storage;
    error->weight = error->d + dim;
    error->before = error->weight + dim;
    error->Jd = error->before + dim;
    error->place = error->Jd + dim;
    error->matrix = error->place + dim;
    error->order = gsl_permutation_alloc(dim);
    if (!error->order) {
        free(error);
        return NULL;
    }
    for (size_t i = 0; i < dim; i++)
        error->weight[i] = sqrt(2) * cos(1 + TURN * (double)i);
    return error;
}

void global_error_free(struct global_error *error)
{
    if (!error)
        return;
    gsl_permutation_free(error->order);
    free(error);
}

/* matrix = 1 - h J + h^2 J^2/2 */
static void fill_matrix(struct global_error *error, const double *J, double h)
{
    const size_t n = error->n;
    memset(error->matrix, 0, n * n * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        double *row = error->matrix + i * n;
        for (size_t l = 0; l < n; l++) {
            const double factor = h * h / 2 * J[i * n + l];
            for (size_t j = 0; j < n; j++)
                row[j] += factor * J[l * n + j];
        }
        for (size_t j = 0; j < n; j++)
            row[j] -= h * J[i * n + j];
        row[i] += 1;
    }
}

static void carry(struct global_error *error, const struct global_error_state *state)
{
    const size_t n = error->n;
    fill_matrix(error, state->J, state->h);
    int sign;
    gsl_matrix_view A = gsl_matrix_view_array(error->matrix, n, n);
    gsl_vector_view d = gsl_vector_view_array(error->d, n);
    memcpy(error->before, error->d, n * sizeof(double));
    const double size = vector_norm(n, error->d);
    if (gsl_linalg_LU_decomp(&A.matrix, error->order, &sign) ||
        gsl_linalg_LU_svx(&A.matrix, error->order, &d.vector) ||
        !isfinite(vector_norm(n, error->d)))
        memcpy(error->d, error->before, n * sizeof(double));
    if (size > 0)
        error->growth = fmax(1, error->growth * vector_norm(n, error->d) / size);
}

/* Does |d| grow at a share of the speed of the state?  A shift in time along f counts as well:
 * where it is a share of the time in which f changes, x may be on either side of the point that it
 * leaves. */
static void judge(struct global_error *error, const struct global_error_state *state)
{
    const size_t n = error->n;
    for (size_t i = 0; i < n; i++)
        error->Jd[i] = vector_dot(n, state->J + i * n, error->d);
    error->size = vector_norm(n, error->d);
    const double speed = vector_dot(n, error->d, error->Jd); /* |d| |d|' */
    error->decides =
        error->growth > AMPLIFIED && speed > SHARE * vector_norm(n, state->f) * error->size;
    memcpy(error->place, state->x, n * sizeof(double));
}

void global_error_step(struct global_error *error, const struct global_error_state *state)
{
    if (error->decides) /* d has no meaning any more */
        return;
    carry(error, state);
    for (size_t i = 0; i < error->n; i++)
        error->d[i] += error->weight[i] * (state->rtol * fabs(state->x[i]) + state->atol);
    judge(error, state);
}

bool global_error_decides(const struct global_error *error)
{
    return error->decides;
}

const double *global_error_place(const struct global_error *error)
{
    return error->place;
}

double global_error_size(const struct global_error *error)
{
    return error->size;
}

const double *global_error_vector(const struct global_error *error)
{
    return error->d;
}

void global_error_start(struct global_error *error, const double *d)
{
    memcpy(error->d, d, error->n * sizeof *d);
    error->size = vector_norm(error->n, d);
}
