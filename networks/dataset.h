/* Data sets of minibatch networks: inputs with one-hot or real targets, for training and for testing.
 *
 * From a folder of IDX files as MNIST has them (train-images-idx3-ubyte, train-labels-idx1-ubyte,
 * t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, or with a dot before idx), a folder of CIFAR-10
 * binary batches (data_batch_1.bin, ..., test_batch.bin), a CSV file (base/csv.h: inputs, then
 * targets; a share of the lines, drawn by the seed, is set apart for testing), each of them plain or
 * compressed by gzip; or digits that are drawn here: strokes under random affine maps with noise,
 * keyed by a seed, so that every command works without files.  Bytes of images are divided by 255.
 * All of each file is checked, whatever part of it is asked for, before anything is kept.
 *
 * Shapes: input[count*inputs], target[count*outputs], row by row; label[count] < outputs.
 * Memory: one block each, freed by dataset_free() (NULL inside is allowed).  What a header says is
 * believed only as far as the file is long, and no part has more than 2^30 numbers.
 * Errors: CANNOT_READ (no such file or folder), BAD_DATA with the file and the place (truncated,
 * wrong magic number, a label out of range, more bytes than the header says), BAD_ARGUMENT (shapes
 * that do not fit, more samples asked for than there are), NO_MEMORY. */
#ifndef NETWORKS_DATASET_H
#define NETWORKS_DATASET_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dataset {
    const char *format; /* "MNIST format", "CIFAR-10 format", "CSV", "generated digits" */
    size_t count, inputs, outputs;
    size_t rows, columns; /* of an image; 0: no images */
    float *input, *target;
    unsigned char *label; /* NULL: targets are real numbers, and accuracy has no meaning */
};

enum dataset_part { DATASET_TRAIN, DATASET_TEST };

struct dataset_source {
    const char *path; /* a folder or a file; NULL: digits drawn here */
    size_t most[2];   /* of each enum dataset_part, the first so many; 0: all (10000, 2000 drawn) */
    size_t outputs;   /* targets of a CSV file; 0: the last column holds labels 0, 1, ... */
    double test_share; /* of the lines of a CSV file, above 0 and below 1; 0: a fifth */
    uint64_t seed;     /* of what is drawn, and of the lines set apart */
};

enum status dataset_read(const struct dataset_source *source, struct dataset *train,
                         struct dataset *test) MUST_CHECK;
void dataset_free(struct dataset *dataset);

/* What it is, for titles: "MNIST format, 60000 + 10000 images 28 x 28", "CIFAR-10 format, 50000 +
 * 10000 images 3 x 32 x 32", "CSV, 120 + 30 samples, 4 inputs, 3 classes". */
const char *dataset_text(const struct dataset *train, const struct dataset *test, size_t size,
                         char *text);

#endif
