/* d is carried by (1 - h J + h^2 J^2/2)^-1, Pade's (0,2) approximation of exp(h J): of second order,
 * positive for every real eigenvalue, and it damps the fast directions of a stiff flow as the flow
 * does.  The errors added have one fixed direction, in general position to every symmetry, so that
 * they add up as systematic errors do.  Rejected: a second trajectory from a moved start, which costs
 * as much again and follows one random direction from one moment only. */
#include "ode/global_error.h"

#include "ode/vector.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the field: half of it would turn the trajectory round, and the error is known to a factor */
static const double SHARE = 0.1;
/* Growth beyond the sum of the errors made: without an expanding direction, the transients of matrices
 * that are not normal and neutral directions stay below */
static const double AMPLIFIED = 100;
/* Angle between the weights of neighbours: the golden section of the circle, never periodic */
static const double TURN = 2.3999632297286533;

struct global_error {
    size_t n;
    bool decides;
    double size, made; /* |d| across the trajectory; the sum of the errors of the steps */
    double *d, *weight, *matrix, *across, *Jd;
    gsl_permutation *order;
    double storage[];
};

struct global_error *global_error_create(size_t dim)
{
    struct global_error *error = calloc(1, sizeof *error + (4 * dim + dim * dim) * sizeof(double));
    if (!error)
        return NULL;
    error->n = dim;
    error->d = error->storage;
    error->weight = error->d + dim;
    error->across = error->weight + dim;
    error->Jd = error->across + dim;
    error->matrix = error->Jd + dim;
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
    memcpy(error->across, error->d, n * sizeof(double));
    if (gsl_linalg_LU_decomp(&A.matrix, error->order, &sign) ||
        gsl_linalg_LU_svx(&A.matrix, error->order, &d.vector) ||
        !isfinite(vector_norm(n, error->d)))
        memcpy(error->d, error->across, n * sizeof(double));
}

/* The part of d across the trajectory, and whether it grows and turns the field. */
static void judge(struct global_error *error, const struct global_error_state *state)
{
    const size_t n = error->n;
    const double ff = vector_dot(n, state->f, state->f);
    const double shift = ff > 0 ? vector_dot(n, error->d, state->f) / ff : 0;
    for (size_t i = 0; i < n; i++)
        error->across[i] = error->d[i] - shift * state->f[i];
    for (size_t i = 0; i < n; i++)
        error->Jd[i] = vector_dot(n, state->J + i * n, error->across);
    error->size = vector_norm(n, error->across);
    const bool grows = vector_dot(n, error->across, error->Jd) > 0;
    error->decides = grows && error->size > AMPLIFIED * error->made &&
                     vector_norm(n, error->Jd) > SHARE * sqrt(ff);
}

void global_error_step(struct global_error *error, const struct global_error_state *state)
{
    if (error->decides) /* d has no meaning any more */
        return;
    carry(error, state);
    double square = 0;
    for (size_t i = 0; i < error->n; i++) {
        const double made = error->weight[i] * (state->rtol * fabs(state->x[i]) + state->atol);
        error->d[i] += made;
        square += made * made;
    }
    error->made += sqrt(square);
    judge(error, state);
}

bool global_error_decides(const struct global_error *error)
{
    return error->decides;
}

double global_error_size(const struct global_error *error)
{
    return error->size;
}
