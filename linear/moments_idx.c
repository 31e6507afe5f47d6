/* Images in IDX, the format of the MNIST files (LeCun, Cortes, Burges 1998).
 *
 *     images: 00 00 08 03, count, rows, columns, then rows*columns bytes an image
 *     labels: 00 00 08 01, count, then a byte a label;        numbers of 32 bits, big-endian
 *
 * A header is believed only as far as the bytes that follow: images are read one by one, so that
 * nothing is allocated by what a header says beyond one image.  Sums of bytes are whole numbers
 * below 2^53 (65025 times 10^11 images): exact; [0, 1] comes in at the end. */
#include "linear/moments_sum.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    IDX_NUMBER = 4, /* bytes */
    IDX_BYTE_BITS = 8,
    IDX_BYTE_MOST = 255,
    PIXELS_MOST = 1 << 20, /* of an image: a header that says more is taken for damage */
    INPUTS_MOST = 10000    /* whose covariance has 10^8 numbers */
};
static const uint32_t MAGIC_IMAGES = 0x00000803, MAGIC_LABELS = 0x00000801;

/* Two files being read. */
struct reading {
    const struct moments_source *source;
    struct moments_file *images, *labels; /* labels: NULL if there are none */
    size_t count, rows, columns, block;   /* block: side of a block of pixels */
    unsigned char *pixel;                 /* [rows*columns] */
    double *scaled;                       /* [inputs]: an image on [0, 1], for visits */
};

static enum status number_read(struct moments_file *file, const char *what, uint32_t *number)
{
    unsigned char byte[IDX_NUMBER];
    if (moments_file_bytes(file, IDX_NUMBER, byte) != IDX_NUMBER) {
        TRY(moments_file_check(file));
        return status_fail(BAD_DATA, "%s: the file ends in its header, before the %s",
                           moments_file_path(file), what);
    }
    *number = 0;
    for (size_t k = 0; k < IDX_NUMBER; k++)
        *number = *number << IDX_BYTE_BITS | byte[k];
    return OK;
}

static enum status magic_read(struct moments_file *file, uint32_t expected, const char *what)
{
    uint32_t magic = 0;
    TRY(number_read(file, "magic number", &magic));
    if (magic == expected)
        return OK;
    const char *hint = "";
    if (magic == MAGIC_LABELS)
        hint = "; these are labels";
    else if (magic == MAGIC_IMAGES)
        hint = "; these are images";
    return status_fail(
        BAD_DATA, "%s: magic number 0x%08" PRIx32 "; %s of unsigned bytes have 0x%08" PRIx32 "%s",
        moments_file_path(file), magic, what, expected, hint);
}

static enum status images_header(struct reading *reading)
{
    uint32_t count = 0, rows = 0, columns = 0;
    TRY(magic_read(reading->images, MAGIC_IMAGES, "images"));
    TRY(number_read(reading->images, "number of images", &count));
    TRY(number_read(reading->images, "number of rows", &rows));
    TRY(number_read(reading->images, "number of columns", &columns));
    if (count == 0 || rows == 0 || columns == 0 || (uint64_t)rows * columns > PIXELS_MOST)
        return status_fail(BAD_DATA,
                           "%s: the header says %" PRIu32 " images of %" PRIu32 " x %" PRIu32
                           " pixels; at least one and at most %d pixels are possible",
                           reading->source->data, count, rows, columns, PIXELS_MOST);
    reading->count = count;
    reading->rows = rows;
    reading->columns = columns;
    return OK;
}

static enum status labels_header(const struct reading *reading)
{
    uint32_t count = 0;
    if (!reading->labels)
        return OK;
    TRY(magic_read(reading->labels, MAGIC_LABELS, "labels"));
    TRY(number_read(reading->labels, "number of labels", &count));
    if (count != reading->count)
        return status_fail(BAD_DATA, "%s has %" PRIu32 " labels for the %zu images of %s",
                           reading->source->labels, count, reading->count, reading->source->data);
    return OK;
}

/* Do the images fit the network, and the request the images? */
static enum status request_check(const struct reading *reading, size_t inputs)
{
    const struct moments_source *source = reading->source;
    if (reading->rows % reading->block || reading->columns % reading->block)
        return status_fail(BAD_ARGUMENT,
                           "--downsample %zu does not divide the images of %s, %zu x %zu",
                           reading->block, source->data, reading->rows, reading->columns);
    if (inputs > INPUTS_MOST)
        return status_fail(BAD_ARGUMENT,
                           "the images of %s are %zu inputs; at most %d are possible: --downsample",
                           source->data, inputs, INPUTS_MOST);
    if (source->samples > reading->count)
        return status_fail(BAD_ARGUMENT, "%s has %zu images, --samples asks for %zu", source->data,
                           reading->count, source->samples);
    if (!source->principal && inputs != source->inputs)
        return status_fail(
            BAD_ARGUMENT, "the images of %s, %zu x %zu%s, are %zu inputs; --sizes has %zu",
            source->data, reading->rows, reading->columns,
            reading->block > 1 ? " before --downsample" : "", inputs, source->inputs);
    if (!source->labels && source->inputs != source->outputs)
        return status_fail(BAD_ARGUMENT,
                           "without --labels the targets are the %zu inputs; --sizes ends in %zu",
                           source->inputs, source->outputs);
    return OK;
}

static enum status image_read(const struct reading *reading, size_t index, struct moments_sum *sum)
{
    const size_t pixels = reading->rows * reading->columns;
    if (moments_file_bytes(reading->images, pixels, reading->pixel) != pixels) {
        TRY(moments_file_check(reading->images));
        return status_fail(BAD_DATA, "%s: the file ends in image %zu of %zu", reading->source->data,
                           index + 1, reading->count);
    }
    const size_t across = reading->columns / reading->block;
    memset(sum->input, 0, sum->inputs * sizeof *sum->input);
    for (size_t i = 0; i < reading->rows; i++)
        for (size_t j = 0; j < reading->columns; j++)
            sum->input[i / reading->block * across + j / reading->block] +=
                reading->pixel[i * reading->columns + j];
    return OK;
}

static enum status label_read(const struct reading *reading, size_t index, struct moments_sum *sum)
{
    unsigned char label = 0;
    if (!reading->labels)
        return OK;
    if (moments_file_bytes(reading->labels, 1, &label) != 1) {
        TRY(moments_file_check(reading->labels));
        return status_fail(BAD_DATA, "%s: the file ends before label %zu of %zu",
                           reading->source->labels, index + 1, reading->count);
    }
    if (label >= sum->outputs)
        return status_fail(BAD_DATA, "%s: label %zu is %d; --sizes ends in %zu: labels 0 to %zu",
                           reading->source->labels, index + 1, label, sum->outputs,
                           sum->outputs - 1);
    memset(sum->target, 0, sum->outputs * sizeof *sum->target);
    sum->target[label] = 1;
    return OK;
}

/* What follows the last item belongs to nothing. */
static enum status end_check(struct moments_file *file)
{
    if (!file || moments_file_byte(file) < 0)
        return file ? moments_file_check(file) : OK;
    return status_fail(BAD_DATA, "%s: bytes follow the last item that the header announces",
                       moments_file_path(file));
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
    const size_t asked = reading->source->samples, count = asked ? asked : reading->count;
    for (size_t k = 0; k < count; k++) {
        TRY(image_read(reading, k, sum));
        TRY(label_read(reading, k, sum));
        TRY(item_visit(reading, sum));
        moments_sum_add_whole(sum);
    }
    if (count < reading->count)
        return OK;
    TRY(end_check(reading->images));
    return end_check(reading->labels);
}

static enum status files_read(struct reading *reading, struct moments_sum **out)
{
    TRY(images_header(reading));
    TRY(labels_header(reading));
    const size_t block = reading->block;
    const size_t inputs = (reading->rows / block) * (reading->columns / block);
    TRY(request_check(reading, inputs));
    struct moments_sum *sum = NULL;
    TRY(moments_sum_create(inputs, reading->labels ? reading->source->outputs : 0, &sum));
    sum->scale = 1 / ((double)IDX_BYTE_MOST * (double)(block * block));
    sum->rows = reading->rows;
    sum->columns = reading->columns;
    enum status status = status_fail(NO_MEMORY, "%s: an image", reading->source->data);
    reading->pixel = malloc(reading->rows * reading->columns);
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

enum status moments_idx_read(const struct moments_source *source, struct moments_file *file,
                             struct moments_sum **sum)
{
    struct reading reading = {
        .source = source, .images = file, .block = source->downsample ? source->downsample : 1};
    if (source->labels)
        TRY(moments_file_open(source->labels, &reading.labels));
    const enum status status = files_read(&reading, sum);
    moments_file_close(reading.labels);
    return status;
}
