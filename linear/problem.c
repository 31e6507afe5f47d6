/* Problems: defaults, moments filled in and checked, and dispatch to their system.
 *
 * A problem is plain data that says what was asked; nothing is derived from it before a system
 * does.  Moments that are not given are identities, so that every system has a question to answer
 * with no data at all. */
#include "linear/problem.h"

#include "linear/matrix.h"

#include <math.h>
#include <string.h>

bool problem_feedback_learns(const struct rule *rule)
{
    return rule->feedback == FEEDBACK_ADAPTIVE || rule->feedback == FEEDBACK_MIRROR;
}

struct problem problem_defaults(const struct system *system, const struct rule *rule)
{
    return (struct problem){
        .system = system, .rule = rule, .depth = 2, .alpha = 1, .beta = 1, .mirror = 1};
}

enum status problem_dim(const struct problem *problem, size_t *dim)
{
    return problem->system->dim(problem, dim);
}

enum status problem_flow(const struct problem *problem, struct flow **flow)
{
    return problem->system->flow(problem, flow);
}

enum status problem_predict(const struct problem *problem, const double *x0, double *limit,
                            struct prediction *prediction)
{
    return problem->system->predict(problem, x0, limit, prediction);
}

const double *problem_entries(const struct entries *entries)
{
    return entries->far ? entries->far : entries->near;
}

const double *problem_feedback(const struct problem *problem)
{
    return problem->c_far ? problem->c_far : problem->c;
}

enum status problem_sizes(const struct problem *problem, size_t *count,
                          size_t sizes[PROBLEM_SIZES_MAX])
{
    if (!problem->system->sizes)
        return status_fail(BAD_ARGUMENT, "%s is no network", problem->system->name);
    return problem->system->sizes(problem, count, sizes);
}

/* ---- moments ---- */

static const double ASYMMETRY_MOST = 1e-12; /* of Sigma_II, relative: rounding of data */

static enum status given_matrix(const char *name, const struct entries *entries, size_t rows,
                                size_t columns, double *matrix)
{
    if (entries->count != rows * columns)
        return status_fail(BAD_ARGUMENT, "%s has %zu numbers; here it is %zu x %zu = %zu", name,
                           entries->count, rows, columns, rows * columns);
    memcpy(matrix, problem_entries(entries), rows * columns * sizeof *matrix);
    for (size_t i = 0; i < rows * columns; i++)
        if (!isfinite(matrix[i]))
            return status_fail(BAD_ARGUMENT, "%s: entry %zu is not finite", name, i + 1);
    return OK;
}

/* Symmetric, with no negative entry on the diagonal and none beyond Cauchy and Schwarz. */
static enum status check_covariance(size_t n, const double *sigma)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double bound = sqrt(sigma[i * n + i] * sigma[j * n + j]);
            const double entry = sigma[i * n + j], mirrored = sigma[j * n + i];
            const double size = fmax(fabs(entry), fabs(mirrored));
            if (!(fabs(entry - mirrored) <= ASYMMETRY_MOST * size))
                return status_fail(BAD_ARGUMENT,
                                   "--sigma-ii is not symmetric: %.17g at (%zu, %zu), %.17g at "
                                   "(%zu, %zu)",
                                   entry, i + 1, j + 1, mirrored, j + 1, i + 1);
            if (i == j && !(entry >= 0))
                return status_fail(BAD_ARGUMENT,
                                   "--sigma-ii is no covariance: %.6g at (%zu, %zu), a variance",
                                   entry, i + 1, i + 1);
            if (i != j && sigma[j * n + j] >= 0 && sigma[i * n + i] >= 0 &&
                !(fabs(entry) <= bound * (1 + ASYMMETRY_MOST)))
                return status_fail(BAD_ARGUMENT,
                                   "--sigma-ii is no covariance: |%.6g| at (%zu, %zu) is above "
                                   "%.6g, the geometric mean of the variances",
                                   entry, i + 1, j + 1, bound);
        }
    return OK;
}

/* Sigma_TI of the targets T = W I with W the (rectangular) identity. */
static void set_standard_targets(size_t outputs, size_t inputs, const double *sigma_ii,
                                 double *sigma_ti)
{
    memset(sigma_ti, 0, outputs * inputs * sizeof *sigma_ti);
    for (size_t i = 0; i < outputs && i < inputs; i++)
        memcpy(sigma_ti + i * inputs, sigma_ii + i * inputs, inputs * sizeof *sigma_ti);
}

enum status problem_moments(const struct problem *problem, double *sigma_ii, double *sigma_ti)
{
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    TRY(problem_sizes(problem, &count, sizes));
    const size_t inputs = sizes[0], outputs = sizes[count - 1];
    const bool scalar = inputs == 1 && outputs == 1;
    if (scalar && problem->sigma_ii.count == 0)
        sigma_ii[0] = problem->beta;
    else if (problem->sigma_ii.count == 0)
        matrix_identity(inputs, inputs, sigma_ii);
    else
        TRY(given_matrix("--sigma-ii", &problem->sigma_ii, inputs, inputs, sigma_ii));
    if (!scalar)
        TRY(check_covariance(inputs, sigma_ii));
    if (problem->rule && problem->rule->no_targets)
        memset(sigma_ti, 0, outputs * inputs * sizeof *sigma_ti);
    else if (scalar && problem->sigma_ti.count == 0)
        sigma_ti[0] = problem->alpha;
    else if (problem->sigma_ti.count == 0)
        set_standard_targets(outputs, inputs, sigma_ii, sigma_ti);
    else
        TRY(given_matrix("--sigma-ti", &problem->sigma_ti, outputs, inputs, sigma_ti));
    return OK;
}
