/* Data moments of a regression problem, read from files in one pass.
 *
 *     Sigma_II = E[I I'],   Sigma_TI = E[T I'];      alpha = Sigma_TI, beta = Sigma_II of one input
 *
 * Two formats, both plain or compressed by gzip, told apart by the first byte:
 *   CSV  text, one sample per line, the inputs and then the targets, as base/csv.h reads it; with
 *     N0 = NL > 1, lines of N0 columns are allowed: the targets are the inputs;
 *   IDX  images of unsigned bytes (magic number 0x00000803), read as vectors on [0, 1]; the targets
 *     are the inputs, or one-hot labels (0x00000801) of a second file.
 * Everything else is refused with the place where it was found.
 *
 * Shapes: sigma_ii[inputs*inputs], sigma_ti[outputs*inputs], row by row.  Units: those of the data.
 * Memory: independent of the number of samples; freed by moments_free() (NULL inside is allowed).
 * Errors: CANNOT_READ (no such file, a folder, no permission), BAD_DATA with the file and the
 * place, BAD_ARGUMENT where the file does not fit the request, NO_MEMORY. */
#ifndef LINEAR_MOMENTS_H
#define LINEAR_MOMENTS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* What is to be read. */
struct moments_source {
    const char *data;
    const char *labels;     /* IDX; NULL: the targets are in the data */
    size_t inputs, outputs; /* N0 and NL of the network, after reduction */
    size_t samples;         /* the first so many; 0: all */
    size_t downsample;      /* images: means of blocks of so many by so many pixels; 0: none */
    /* Called with each sample before it counts, if not NULL: the line of a CSV file, or an image on
     * [0, 1] and its one-hot label; where the targets are the inputs, target = input.  Principal
     * components are known when all samples are gone: not together with `principal`. */
    enum status (*visit)(void *context, const double *input, const double *target);
    void *context;
    size_t principal; /* leading principal components of the inputs; 0: all inputs */
};

struct moments {
    size_t inputs, outputs;
    size_t count;                /* samples */
    size_t rows, columns;        /* of an image as stored; 0: the file was CSV */
    size_t raw_inputs;           /* before the principal components were taken */
    bool own_targets;            /* the targets are the inputs */
    double kept;                 /* share of the trace in the principal components; 1: all */
    double *sigma_ii, *sigma_ti; /* one block, at sigma_ii */
};

enum status moments_read(const struct moments_source *source, struct moments *moments) MUST_CHECK;
void moments_free(struct moments *moments);

/* BAD_ARGUMENT if the symmetric sigma[n*n] has an eigenvalue below -1e-10 of its largest entry:
 * then it is no covariance. */
enum status moments_check_covariance(size_t n, const double *sigma) MUST_CHECK;

#endif
