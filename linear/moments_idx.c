/* Images in IDX and their labels, summed.
 *
 * Images are read one by one, so that nothing is allocated by what a header says beyond one image
 * and its moments.  Sums of bytes are whole numbers below 2^53 (65025 times 10^11 images): exact;
 * [0, 1] comes in at the end. */
#include "linear/moments_sum.h"

#include "base/idx.h"

#include <stdlib.h>
#include <string.h>

enum { INPUTS_MOST = 10000 }; /* whose covariance has 10^8 numbers */

/* Two files being read. */
struct reading {
    const struct moments_source *source;
    struct data_file *images, *labels; /* labels: NULL if there are none */
    struct idx_images header;
    size_t block;         /* side of a block of pixels */
    unsigned char *pixel; /* [rows*columns] */
    double *scaled;       /* [inputs]: an image on [0, 1], for visits */
};

/* Do the images fit the network, and the request the images? */
static enum status request_check(const struct reading *reading, size_t inputs)
{
    const struct moments_source *source = reading->source;
    if (reading->header.rows % reading->block || reading->header.columns % reading->block)
        return status_fail(
            BAD_ARGUMENT, "--downsample %zu does not divide the images of %s, %zu x %zu",
            reading->block, source->data, reading->header.rows, reading->header.columns);
    if (inputs > INPUTS_MOST)
        return status_fail(BAD_ARGUMENT,
                           "the images of %s are %zu inputs; at most %d are possible: --downsample",
                           source->data, inputs, INPUTS_MOST);
    if (source->samples > reading->header.count)
        return status_fail(BAD_ARGUMENT, "%s has %zu images, --samples asks for %zu", source->data,
                           reading->header.count, source->samples);
    if (!source->principal && inputs != source->inputs)
        return status_fail(
            BAD_ARGUMENT, "the images of %s, %zu x %zu%s, are %zu inputs; --sizes has %zu",
            source->data, reading->header.rows, reading->header.columns,
            reading->block > 1 ? " before --downsample" : "", inputs, source->inputs);
    if (!source->labels && source->inputs != source->outputs)
        return status_fail(BAD_ARGUMENT,
                           "without --labels the targets are the %zu inputs; --sizes ends in %zu",
                           source->inputs, source->outputs);
    return OK;
}

static enum status image_read(const struct reading *reading, size_t index, struct moments_sum *sum)
{
    const size_t columns = reading->header.columns;
    TRY(idx_image(reading->images, &reading->header, index, reading->pixel));
    const size_t across = columns / reading->block;
    memset(sum->input, 0, sum->inputs * sizeof *sum->input);
    for (size_t i = 0; i < reading->header.rows; i++)
        for (size_t j = 0; j < columns; j++)
            sum->input[i / reading->block * across + j / reading->block] +=
                reading->pixel[i * columns + j];
    return OK;
}

static enum status label_read(const struct reading *reading, size_t index, struct moments_sum *sum)
{
    unsigned char label = 0;
    if (!reading->labels)
        return OK;
    TRY(idx_label(reading->labels, &reading->header, index, &label));
    if (label >= sum->outputs)
        return status_fail(BAD_DATA, "%s: label %zu is %d; --sizes ends in %zu: labels 0 to %zu",
                           reading->source->labels, index + 1, label, sum->outputs,
                           sum->outputs - 1);
    memset(sum->target, 0, sum->outputs * sizeof *sum->target);
    sum->target[label] = 1;
    return OK;
}

static enum status item_visit(const struct reading *reading, const struct moments_sum *sum)
{
    const struct moments_source *source = reading->source;
    if (!source->visit)
        return OK;
    for (size_t i = 0; i < sum->inputs; i++)
        reading->scaled[i] = sum->scale * sum->input[i];
    return source->visit(source->context, reading->scaled,
                         reading->labels ? sum->target : reading->scaled);
}

static enum status items_read(const struct reading *reading, struct moments_sum *sum)
{
    const size_t asked = reading->source->samples, count = asked ? asked : reading->header.count;
    for (size_t k = 0; k < count; k++) {
        TRY(image_read(reading, k, sum));
        TRY(label_read(reading, k, sum));
        TRY(item_visit(reading, sum));
        moments_sum_add_whole(sum);
    }
    if (count < reading->header.count)
        return OK;
    TRY(idx_end(reading->images));
    return reading->labels ? idx_end(reading->labels) : OK;
}

static enum status files_read(struct reading *reading, struct moments_sum **out)
{
    TRY(idx_images_header(reading->images, &reading->header));
    if (reading->labels)
        TRY(idx_labels_header(reading->labels, &reading->header, reading->images));
    const size_t block = reading->block;
    const size_t inputs = (reading->header.rows / block) * (reading->header.columns / block);
    TRY(request_check(reading, inputs));
    struct moments_sum *sum = NULL;
    TRY(moments_sum_create(inputs, reading->labels ? reading->source->outputs : 0, &sum));
    sum->scale = 1 / ((double)IDX_BYTE_MOST * (double)(block * block));
    sum->rows = reading->header.rows;
    sum->columns = reading->header.columns;
    enum status status = status_fail(NO_MEMORY, "%s: an image", reading->source->data);
    reading->pixel = malloc(reading->header.rows * reading->header.columns);
    reading->scaled = calloc(inputs + 1, sizeof *reading->scaled);
    if (reading->pixel && reading->scaled)
        status = items_read(reading, sum);
    free(reading->pixel);
    free(reading->scaled);
    if (status == OK)
        *out = sum;
    else
        free(sum);
    return status;
}

enum status moments_idx_read(const struct moments_source *source, struct data_file *file,
                             struct moments_sum **sum)
{
    struct reading reading = {
        .source = source, .images = file, .block = source->downsample ? source->downsample : 1};
    if (source->labels)
        TRY(data_file_open(source->labels, &reading.labels));
    const enum status status = files_read(&reading, sum);
    data_file_close(reading.labels);
    return status;
}
