/* Data moments of a regression problem.
 *
 *     Sigma_TI = (1/n) sum_k t_k x_k',      Sigma_II = (1/n) sum_k x_k x_k'
 *
 * Every linear network sees its data through these matrices only (notes/conventions.md), so a file
 * of any length is read in one pass and nothing of it is kept.  Principal components are taken of
 * Sigma_II itself, not of the covariance about the mean, since these networks have no bias: with
 * its leading eigenvectors V the inputs become V'x, and the moments V' Sigma_II V (diagonal) and
 * Sigma_TI V, which needs no second pass. */
#include "linear/moments.h"

#include "linear/matrix.h"
#include "linear/moments_sum.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sigma_II[inputs*inputs] and Sigma_TI[outputs*inputs] in one block. */
static enum status moments_create(size_t inputs, size_t outputs, struct moments *moments)
{
    double *block = calloc(inputs * (inputs + outputs), sizeof *block);
    if (!block)
        return status_fail(NO_MEMORY, "moments of %zu inputs and %zu targets", inputs, outputs);
    *moments = (struct moments){.inputs = inputs,
                                .outputs = outputs,
                                .kept = 1,
                                .sigma_ii = block,
                                .sigma_ti = block + inputs * inputs};
    return OK;
}

void moments_free(struct moments *moments)
{
    free(moments->sigma_ii);
    *moments = (struct moments){.count = 0};
}

static enum status from_sum(const struct moments_sum *sum, struct moments *moments)
{
    assert(sum && sum->count > 0); /* the readers fail without samples */
    const size_t n = sum->inputs, outputs = sum->outputs ? sum->outputs : n;
    const double samples = (double)sum->count;
    TRY(moments_create(n, outputs, moments));
    assert(moments->sigma_ii && moments->sigma_ti);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double total = sum->ii[i * n + j] + sum->ii_lost[i * n + j];
            moments->sigma_ii[i * n + j] = total / samples * sum->scale * sum->scale;
            moments->sigma_ii[j * n + i] = moments->sigma_ii[i * n + j];
        }
    for (size_t i = 0; i < sum->outputs * n; i++)
        moments->sigma_ti[i] = (sum->ti[i] + sum->ti_lost[i]) / samples * sum->scale;
    if (sum->outputs == 0)
        memcpy(moments->sigma_ti, moments->sigma_ii, n * n * sizeof *moments->sigma_ti);
    moments->count = sum->count;
    moments->rows = sum->rows;
    moments->columns = sum->columns;
    moments->raw_inputs = n;
    moments->own_targets = sum->outputs == 0;
    return OK;
}

/* ---- principal components ---- */

/* V[n*k]: the eigenvectors of the k largest eigenvalues, the largest first, each with its largest
 * component positive (the sign of an eigenvector is arbitrary; results should not be). */
static void leading_vectors(size_t n, size_t k, const double *all, double *V)
{
    for (size_t l = 0; l < k; l++) {
        const size_t from = n - 1 - l;
        double largest = 0;
        for (size_t i = 0; i < n; i++)
            if (fabs(all[i * n + from]) > fabs(largest))
                largest = all[i * n + from];
        for (size_t i = 0; i < n; i++)
            V[i * k + l] = largest < 0 ? -all[i * n + from] : all[i * n + from];
    }
}

/* The moments of V'x (and, where the targets are the inputs, of the same targets). */
static enum status reduce_with(const struct moments *full, size_t k, double *work,
                               struct moments *reduced)
{
    const size_t n = full->inputs;
    double *values = work, *all = values + n, *V = all + n * n;
    TRY(matrix_symmetric_eigenvalues(n, full->sigma_ii, values, all));
    leading_vectors(n, k, all, V);
    TRY(moments_create(k, full->own_targets ? k : full->outputs, reduced));
    assert(reduced->sigma_ii && reduced->sigma_ti);
    double trace = 0, kept = 0;
    for (size_t i = 0; i < n; i++)
        trace += full->sigma_ii[i * n + i];
    for (size_t l = 0; l < k; l++) {
        reduced->sigma_ii[l * k + l] = fmax(values[n - 1 - l], 0);
        kept += reduced->sigma_ii[l * k + l];
    }
    if (full->own_targets)
        memcpy(reduced->sigma_ti, reduced->sigma_ii, k * k * sizeof *V);
    else
        matrix_multiply(full->outputs, n, k, full->sigma_ti, V, reduced->sigma_ti);
    reduced->count = full->count;
    reduced->rows = full->rows;
    reduced->columns = full->columns;
    reduced->raw_inputs = n;
    reduced->own_targets = full->own_targets;
    reduced->kept = trace > 0 ? fmin(kept / trace, 1) : 1;
    return OK;
}

static enum status reduce(const struct moments_source *source, struct moments *moments)
{
    const size_t n = moments->inputs, k = source->principal;
    if (k > n)
        return status_fail(BAD_ARGUMENT, "--principal %zu: %s has %zu inputs", k, source->data, n);
    double *work = malloc((n + n * n + n * k) * sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "principal components of %zu inputs", n);
    struct moments reduced = {.count = 0};
    const enum status status = reduce_with(moments, k, work, &reduced);
    free(work);
    if (status == OK) {
        moments_free(moments);
        *moments = reduced;
    }
    return status;
}

/* ---- reading ---- */

static enum status request_check(const struct moments_source *source, bool images)
{
    if (!images && source->labels)
        return status_fail(BAD_ARGUMENT, "--labels goes with images; %s is no IDX file",
                           source->data);
    if (!images && source->downsample)
        return status_fail(BAD_ARGUMENT, "--downsample goes with images; %s is no IDX file",
                           source->data);
    if (source->principal && source->visit)
        return status_fail(BAD_ARGUMENT,
                           "--principal keeps moments, no samples, which neurons need; reduce the "
                           "inputs by --downsample, or before");
    if (source->principal && source->principal != source->inputs)
        return status_fail(BAD_ARGUMENT, "--principal %zu gives %zu inputs; --sizes has %zu",
                           source->principal, source->principal, source->inputs);
    return OK;
}

static enum status sum_read(const struct moments_source *source, struct data_file *file,
                            struct moments_sum **sum)
{
    const bool images = data_file_first(file) == 0; /* text has no zero byte */
    TRY(data_file_check(file));
    TRY(request_check(source, images));
    return images ? moments_idx_read(source, file, sum) : moments_csv_read(source, file, sum);
}

enum status moments_read(const struct moments_source *source, struct moments *moments)
{
    struct data_file *file = NULL;
    struct moments_sum *sum = NULL;
    struct moments made = {.count = 0};
    TRY(data_file_open(source->data, &file));
    enum status status = sum_read(source, file, &sum);
    data_file_close(file);
    if (status == OK)
        status = from_sum(sum, &made);
    free(sum);
    if (status == OK && source->principal)
        status = reduce(source, &made);
    if (status == OK)
        *moments = made;
    else
        moments_free(&made);
    return status;
}

/* ---- covariances ---- */

static const double LEAST_EIGENVALUE =
    1e-10; /* of the largest entry: matrices typed with 11 digits */

/* Cholesky's factor of A[n*n] in place; false if a pivot is not positive. */
static bool factorise(size_t n, double *A)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = A[i * n + j];
            for (size_t l = 0; l < j; l++)
                sum -= A[i * n + l] * A[j * n + l];
            if (i == j && !(sum > 0))
                return false;
            A[i * n + j] = i == j ? sqrt(sum) : sum / A[j * n + j];
        }
    return true;
}

/* Sigma + shift has a factor if and only if its eigenvalues are above -shift, up to rounding of
 * n eps, far below. */
enum status moments_check_covariance(size_t n, const double *sigma)
{
    double most = 0;
    double *A = malloc(n * n * sizeof *A);
    if (!A)
        return status_fail(NO_MEMORY, "a covariance of %zu inputs", n);
    memcpy(A, sigma, n * n * sizeof *A);
    for (size_t i = 0; i < n * n; i++)
        most = fmax(most, fabs(sigma[i]));
    for (size_t i = 0; i < n; i++)
        A[i * n + i] += LEAST_EIGENVALUE * most + DBL_MIN;
    const bool positive = factorise(n, A);
    free(A);
    return positive ? OK
                    : status_fail(BAD_ARGUMENT,
                                  "--sigma-ii is no covariance: it has a negative eigenvalue");
}
