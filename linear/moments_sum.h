/* Sums of products of samples, and the readers that fill them.  Internal to the files moments*.c.
 *
 * Shapes: ii[inputs*inputs], of which the lower triangle is summed; ti[outputs*inputs];
 * input[inputs] and target[outputs] of one sample.  The *_lost are the rounding errors of the sums.
 * Memory: one block from moments_sum_create(), freed by free().  Errors: NO_MEMORY. */
#ifndef LINEAR_MOMENTS_SUM_H
#define LINEAR_MOMENTS_SUM_H

#include "base/data_file.h"
#include "linear/moments.h"

struct moments_sum {
    size_t inputs, outputs; /* outputs = 0: the targets are the inputs */
    size_t count;
    double scale;         /* the inputs are `scale` times what was summed */
    size_t rows, columns; /* of an image, 0: none */
    double *ii, *ii_lost, *ti, *ti_lost, *input, *target;
};

enum status moments_sum_create(size_t inputs, size_t outputs, struct moments_sum **sum) MUST_CHECK;

/* Adds the products of input[] and target[]: compensated, or (`whole`: whole numbers with sums
 * below 2^53, which doubles hold exactly) as they are. */
void moments_sum_add(struct moments_sum *sum);
void moments_sum_add_whole(struct moments_sum *sum);
bool moments_sum_is_finite(const struct moments_sum *sum);

/* Reads all of a file; the sum is the caller's to free. */
enum status moments_csv_read(const struct moments_source *source, struct data_file *file,
                             struct moments_sum **sum) MUST_CHECK;
enum status moments_idx_read(const struct moments_source *source, struct data_file *file,
                             struct moments_sum **sum) MUST_CHECK;

#endif
