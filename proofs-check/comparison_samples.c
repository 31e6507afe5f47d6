/* Samples from orthogonal columns.
 *
 * Z is M x (N0 + NL) with orthonormal columns times sqrt(M), Z_1 its first N0 and Z_2 its last NL
 * columns; Sigma_II = V D V' is taken apart by eigenvectors, and
 *   I = Z_1 D^(1/2) V',   T = I W' + s Z_2,   W = Sigma_TI V D^+ V'.
 * Then I'I/M = Sigma_II and T'I/M = W Sigma_II, since Z_1'Z_2 = 0; and W Sigma_II = Sigma_TI if and
 * only if Sigma_TI vanishes on the null vectors of Sigma_II, as it does for all data: E[t v'I] = 0
 * where E[(v'I)^2] = 0.  Columns are normal random numbers, orthogonalised twice.
 * Rejected: Gaussian samples, whose moments are those asked for only in the mean. */
#include "proofs-check/comparison_samples.h"

#include "base/stream.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const double NULL_SHARE = 1e-12; /* eigenvalues below this share of the largest are zero */
static const double NULL_IMAGE = 1e-8;  /* of Sigma_TI on them, relative to its entries */
static const double NEGATIVE = 1e-10;   /* below minus this share: no covariance */

struct spectrum {
    gsl_matrix *sigma, *vector;
    gsl_vector *value;
    gsl_eigen_symmv_workspace *work;
};

/* ---- orthonormal columns ---- */

static double column_dot(size_t count, size_t width, const double *Z, const size_t pair[2])
{
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += Z[k * width + pair[0]] * Z[k * width + pair[1]];
    return sum;
}

/* Columns of length sqrt(count), each orthogonal to those before it; twice is enough. */
static void orthogonalise(size_t count, size_t width, double *Z)
{
    for (size_t j = 0; j < width; j++) {
        for (size_t pass = 0; pass < 2; pass++)
            for (size_t i = 0; i < j; i++) {
                const double share = column_dot(count, width, Z, (size_t[]){i, j}) / (double)count;
                for (size_t k = 0; k < count; k++)
                    Z[k * width + j] -= share * Z[k * width + i];
            }
        const double length = sqrt(column_dot(count, width, Z, (size_t[]){j, j}) / (double)count);
        for (size_t k = 0; k < count; k++)
            Z[k * width + j] /= length;
    }
}

/* ---- Sigma_II = V D V' ---- */

static void spectrum_free(struct spectrum *spectrum)
{
    gsl_matrix_free(spectrum->sigma);
    gsl_matrix_free(spectrum->vector);
    gsl_vector_free(spectrum->value);
    gsl_eigen_symmv_free(spectrum->work);
}

static enum status spectrum_compute(size_t n, const double *sigma, struct spectrum *spectrum)
{
    *spectrum = (struct spectrum){gsl_matrix_alloc(n, n), gsl_matrix_alloc(n, n),
                                  gsl_vector_alloc(n), gsl_eigen_symmv_alloc(n)};
    if (!spectrum->sigma || !spectrum->vector || !spectrum->value || !spectrum->work)
        return status_fail(NO_MEMORY, "a covariance of %zu inputs", n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            gsl_matrix_set(spectrum->sigma, i, j, sigma[i * n + j]);
    gsl_eigen_symmv(spectrum->sigma, spectrum->value, spectrum->vector, spectrum->work);
    return OK;
}

static double largest(const struct spectrum *spectrum)
{
    return fmax(gsl_vector_max(spectrum->value), 0);
}

static bool is_null(const struct spectrum *spectrum, size_t j)
{
    return !(gsl_vector_get(spectrum->value, j) > NULL_SHARE * largest(spectrum));
}

static enum status check_spectrum(const struct spectrum *spectrum)
{
    const double least = gsl_vector_min(spectrum->value);
    if (least < -NEGATIVE * fmax(largest(spectrum), 1))
        return status_fail(BAD_ARGUMENT,
                           "no data have these moments: E[I I'] has the eigenvalue %g", least);
    return OK;
}

/* ---- the samples ---- */

/* image[outputs] = Sigma_TI v_j */
static void image_of(const struct comparison_moments *moments, const struct spectrum *spectrum,
                     size_t j, double *image)
{
    for (size_t o = 0; o < moments->outputs; o++) {
        image[o] = 0;
        for (size_t i = 0; i < moments->inputs; i++)
            image[o] +=
                moments->sigma_ti[o * moments->inputs + i] * gsl_matrix_get(spectrum->vector, i, j);
    }
}

static double size_of(size_t count, const double *list)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += list[k] * list[k];
    return sqrt(sum);
}

/* The direction j of the inputs, and what it explains of the targets; adds to the explained
 * variance. */
static void direction_add(const struct comparison_moments *moments, const struct spectrum *spectrum,
                          size_t j, const double *image, const double *Z,
                          const struct comparison_samples *samples)
{
    const size_t in = moments->inputs, out = moments->outputs, width = in + out;
    const double root = sqrt(gsl_vector_get(spectrum->value, j));
    for (size_t k = 0; k < samples->count; k++) {
        const double z = Z[k * width + j];
        for (size_t i = 0; i < in; i++)
            samples->input[k * in + i] += z * root * gsl_matrix_get(spectrum->vector, i, j);
        for (size_t o = 0; o < out; o++)
            samples->target[k * out + o] += z * image[o] / root;
    }
}

/* image[outputs] is scratch. */
static enum status directions_add(const struct comparison_moments *moments,
                                  const struct spectrum *spectrum, const double *Z, double *image,
                                  const struct comparison_samples *samples)
{
    const size_t out = moments->outputs;
    const double size = size_of(out * moments->inputs, moments->sigma_ti);
    double explained = 0;
    for (size_t j = 0; j < moments->inputs; j++) {
        image_of(moments, spectrum, j, image);
        const double length = size_of(out, image);
        if (!is_null(spectrum, j)) {
            direction_add(moments, spectrum, j, image, Z, samples);
            explained += length * length / gsl_vector_get(spectrum->value, j) / (double)out;
        } else if (length > NULL_IMAGE * size) {
            return status_fail(BAD_ARGUMENT,
                               "no data have these moments: E[T I'] = %g in a "
                               "direction in which the inputs are zero",
                               length);
        }
    }
    const double residual = explained > 0 ? sqrt(explained) : 1;
    const size_t width = moments->inputs + out;
    for (size_t k = 0; k < samples->count; k++)
        for (size_t o = 0; o < out; o++)
            samples->target[k * out + o] += residual * Z[k * width + moments->inputs + o];
    return OK;
}

/* Z[count*(inputs + outputs)], then image[outputs]. */
static enum status fill(const struct comparison_moments *moments, double *Z,
                        const struct comparison_samples *samples)
{
    const size_t width = moments->inputs + moments->outputs;
    struct stream stream = stream_at(samples->seed, stream_key("comparison samples"), 0);
    struct spectrum spectrum;
    stream_normals(&stream, samples->count * width, 1, Z);
    orthogonalise(samples->count, width, Z);
    memset(samples->input, 0, samples->count * moments->inputs * sizeof(double));
    memset(samples->target, 0, samples->count * moments->outputs * sizeof(double));
    enum status status = spectrum_compute(moments->inputs, moments->sigma_ii, &spectrum);
    if (status == OK)
        status = check_spectrum(&spectrum);
    if (status == OK)
        status = directions_add(moments, &spectrum, Z, Z + samples->count * width, samples);
    spectrum_free(&spectrum);
    return status;
}

enum status comparison_samples_fill(const struct comparison_moments *moments,
                                    const struct comparison_samples *samples)
{
    const size_t width = moments->inputs + moments->outputs;
    if (samples->count < width)
        return status_fail(BAD_ARGUMENT, "%zu samples cannot have %zu independent columns",
                           samples->count, width);
    double *Z = malloc((samples->count * width + moments->outputs) * sizeof *Z);
    if (!Z)
        return status_fail(NO_MEMORY, "%zu samples of %zu numbers", samples->count, width);
    const enum status status = fill(moments, Z, samples);
    free(Z);
    return status;
}
