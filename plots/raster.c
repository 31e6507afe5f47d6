/* Cells to points to pixels.
 *
 * Majority and median, not means: a mean of two classes is a third colour, and the mean of a short
 * and a long time is neither.  Small maps are magnified in the file, point by point, since viewers
 * of PDF and SVG blur what they magnify themselves.
 * The room that a class has is found by the distance transform of Rosenfeld and Pfaltz (1966) in
 * the chessboard metric, which two passes over the points make exactly. */
#include "plots/raster.h"

#include "base/draft.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PIXELS_LEAST = 900, BYTES = 3 }; /* along the longer side of a file; of a pixel */

/* --- blocks -------------------------------------------------------------------------------- */

struct blocks {
    const struct raster_source *source;
    struct raster *raster;
    struct raster_cell *row; /* [block * width of the source]: a row of blocks */
    float *value;            /* [block * block] */
    size_t count[RASTER_CLASSES_MOST];
};

/* Some cells of the row of blocks that is held. */
struct patch {
    size_t left, width, height;
};

static const struct raster_cell *cell_at(const struct blocks *blocks, size_t column, size_t row)
{
    return &blocks->row[row * blocks->source->width + column];
}

static int by_value(const void *first, const void *second)
{
    const float a = *(const float *)first, b = *(const float *)second;
    return (a > b) - (a < b);
}

static uint16_t majority(struct blocks *blocks, const struct patch *patch)
{
    uint16_t best = cell_at(blocks, patch->left, 0)->class;
    for (size_t j = 0; j < patch->height; j++)
        for (size_t i = 0; i < patch->width; i++)
            blocks->count[cell_at(blocks, patch->left + i, j)->class]++;
    for (size_t j = 0; j < patch->height; j++)
        for (size_t i = 0; i < patch->width; i++) {
            const uint16_t class = cell_at(blocks, patch->left + i, j)->class;
            if (blocks->count[class] > blocks->count[best] ||
                (blocks->count[class] == blocks->count[best] && class < best))
                best = class;
        }
    for (size_t j = 0; j < patch->height; j++)
        for (size_t i = 0; i < patch->width; i++)
            blocks->count[cell_at(blocks, patch->left + i, j)->class] = 0;
    return best;
}

static float median(struct blocks *blocks, const struct patch *patch, uint16_t class)
{
    size_t count = 0;
    for (size_t j = 0; j < patch->height; j++)
        for (size_t i = 0; i < patch->width; i++) {
            const struct raster_cell *cell = cell_at(blocks, patch->left + i, j);
            if (cell->class == class && !isnan(cell->value))
                blocks->value[count++] = cell->value;
        }
    if (count == 0)
        return NAN;
    if (count > 1)
        qsort(blocks->value, count, sizeof *blocks->value, by_value);
    return blocks->value[count / 2];
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static enum status row_read(struct blocks *blocks, size_t first_row, size_t height)
{
    const struct raster_source *source = blocks->source;
    const size_t count = height * source->width;
    TRY(source->read(source->context, first_row * source->width, count, blocks->row));
    for (size_t k = 0; k < count; k++)
        if (blocks->row[k].class >= source->classes)
            return status_fail(BAD_DATA, "cell %zu has class %u of %zu",
                               first_row * source->width + k, blocks->row[k].class,
                               source->classes);
    return OK;
}

static enum status blocks_reduce(struct blocks *blocks)
{
    struct raster *raster = blocks->raster;
    const size_t width = blocks->source->width, height = blocks->source->height;
    for (size_t j = 0; j < raster->height; j++) {
        struct patch patch = {.height = least(raster->block, height - j * raster->block)};
        TRY(row_read(blocks, j * raster->block, patch.height));
        for (size_t i = 0; i < raster->width; i++) {
            struct raster_cell *cell = &raster->cell[j * raster->width + i];
            patch.left = i * raster->block;
            patch.width = least(raster->block, width - patch.left);
            cell->class = majority(blocks, &patch);
            cell->value = median(blocks, &patch, cell->class);
        }
    }
    return OK;
}

static struct raster *raster_room(const struct raster_source *source)
{
    const size_t longer = source->width > source->height ? source->width : source->height;
    const size_t block = (longer + RASTER_MOST - 1) / RASTER_MOST;
    const size_t width = (source->width + block - 1) / block;
    const size_t height = (source->height + block - 1) / block;
    const size_t most = width > height ? width : height;
    struct raster *raster = calloc(1, sizeof *raster + width * height * sizeof *raster->cell);
    if (!raster)
        return NULL;
    *raster = (struct raster){.width = width,
                              .height = height,
                              .block = block,
                              .zoom = (PIXELS_LEAST + most - 1) / most,
                              .cell = (struct raster_cell *)(raster + 1)};
    return raster;
}

enum status raster_create(const struct raster_source *source, struct raster **raster)
{
    if (source->width == 0 || source->height == 0 || source->classes > RASTER_CLASSES_MOST)
        return status_fail(BAD_ARGUMENT, "a map of %zu by %zu cells, %zu classes", source->width,
                           source->height, source->classes);
    struct blocks *blocks = calloc(1, sizeof *blocks);
    struct raster *made = raster_room(source);
    enum status status = status_fail(NO_MEMORY, "no memory for a picture of %zu by %zu cells",
                                     source->width, source->height);
    if (blocks && made) {
        *blocks =
            (struct blocks){.source = source,
                            .raster = made,
                            .row = calloc(made->block * source->width, sizeof *blocks->row),
                            .value = calloc(made->block * made->block, sizeof *blocks->value)};
        if (blocks->row && blocks->value)
            status = blocks_reduce(blocks);
        free(blocks->row);
        free(blocks->value);
    }
    free(blocks);
    if (status == OK)
        *raster = made;
    else
        raster_free(made);
    return status;
}

void raster_free(struct raster *raster)
{
    free(raster);
}

/* --- quantiles ----------------------------------------------------------------------------- */

static void range_take(const float *value, size_t count, const struct raster_quantiles *quantiles,
                       double range[2])
{
    size_t first = 0;
    if (value[0] == 0 && value[lround(quantiles->share[0] * (double)(count - 1))] == 0)
        while (first + 1 < count && value[first] == 0)
            first++;
    for (size_t side = 0; side < 2; side++)
        range[side] =
            value[first + (size_t)lround(quantiles->share[side] * (double)(count - 1 - first))];
}

enum status raster_range(const struct raster *raster, const struct raster_quantiles *quantiles,
                         double range[2])
{
    size_t count = 0;
    const size_t points = raster->width * raster->height;
    float *value = calloc(points, sizeof *value);
    if (!value)
        return status_fail(NO_MEMORY, "no memory for the values of %zu points", points);
    for (size_t k = 0; k < points; k++)
        if (quantiles->is_in[raster->cell[k].class] && isfinite(raster->cell[k].value))
            value[count++] = raster->cell[k].value;
    if (count > 0) {
        qsort(value, count, sizeof *value, by_value);
        range_take(value, count, quantiles, range);
    }
    free(value);
    return OK;
}

bool raster_counts(const struct raster *raster, const bool *is_in, double range[2])
{
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < raster->width * raster->height; k++) {
        const float value = raster->cell[k].value;
        if (!is_in[raster->cell[k].class] || isnan(value))
            continue;
        if (!isfinite(value) || value != floorf(value))
            return false;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (!(high - low <= RASTER_COUNTS))
        return false;
    range[0] = low;
    range[1] = high;
    return true;
}

/* --- places -------------------------------------------------------------------------------- */

/* The distance of a point from `beside` it: 1 if that is another class, one more than its own. */
static uint16_t distance_by(const struct raster *raster, const uint16_t *distance, size_t k,
                            size_t beside)
{
    return raster->cell[k].class == raster->cell[beside].class ? (uint16_t)(distance[beside] + 1)
                                                               : 1;
}

/* The three neighbours in the next row, and the one in this row, that a pass has been at. */
static void point_relax(const struct raster *raster, uint16_t *distance, size_t k, ptrdiff_t step)
{
    const ptrdiff_t width = (ptrdiff_t)raster->width;
    const ptrdiff_t back[] = {-1, -width - 1, -width, -width + 1};
    for (size_t n = 0; n < sizeof back / sizeof *back; n++) {
        const uint16_t by =
            distance_by(raster, distance, k, (size_t)((ptrdiff_t)k + step * back[n]));
        distance[k] = by < distance[k] ? by : distance[k];
    }
}

static void distances_fill(const struct raster *raster, uint16_t *distance)
{
    const size_t width = raster->width, height = raster->height;
    for (size_t k = 0; k < width * height; k++) {
        const size_t i = k % width, j = k / width;
        const bool border = i == 0 || j == 0 || i + 1 == width || j + 1 == height;
        distance[k] = border ? 1 : UINT16_MAX;
    }
    for (size_t k = 0; k < width * height; k++)
        if (distance[k] > 1)
            point_relax(raster, distance, k, 1);
    for (size_t k = width * height; k-- > 0;)
        if (distance[k] > 1)
            point_relax(raster, distance, k, -1);
}

/* How far a place is from the upper left corner, in rows and columns. */
static size_t corner_distance(const struct raster *raster, const struct raster_place *place)
{
    return place->column + raster->height - place->row;
}

/* needed[classes]: the distances that places have at least. */
static void places_find(const struct raster *raster, const uint16_t *distance, const size_t *needed,
                        struct raster_place *place)
{
    for (size_t k = 0; k < raster->width * raster->height; k++) {
        const uint16_t class = raster->cell[k].class;
        struct raster_place *best = &place[class];
        const struct raster_place here = {
            .column = k % raster->width, .row = k / raster->width, .depth = distance[k]};
        if (distance[k] >= needed[class] &&
            (best->depth == 0 || corner_distance(raster, &here) < corner_distance(raster, best)))
            *best = here;
    }
}

/* In the place of the widest distance the least that will do. */
static void distances_need(size_t classes, size_t room, size_t *widest)
{
    for (size_t k = 0; k < classes; k++) {
        const size_t half = (widest[k] + 1) / 2;
        widest[k] = least(widest[k], half > room ? half : room);
    }
}

enum status raster_roomy(const struct raster *raster, size_t classes, size_t room,
                         struct raster_place *place)
{
    const size_t points = raster->width * raster->height;
    uint16_t *distance = calloc(points, sizeof *distance);
    size_t *widest = calloc(classes + 1, sizeof *widest);
    enum status status = OK;
    if (distance && widest) {
        distances_fill(raster, distance);
        for (size_t k = 0; k < points; k++)
            if (distance[k] > widest[raster->cell[k].class])
                widest[raster->cell[k].class] = distance[k];
        distances_need(classes, room, widest);
        memset(place, 0, classes * sizeof *place);
        places_find(raster, distance, widest, place);
    } else {
        status = status_fail(NO_MEMORY, "no memory for the distances of %zu points", points);
    }
    free(distance);
    free(widest);
    return status;
}

/* --- pixels -------------------------------------------------------------------------------- */

static void row_paint(const struct raster *raster, const struct raster_painter *painter, size_t row,
                      unsigned char *bytes)
{
    for (size_t column = 0; column < raster->width * raster->zoom; column++) {
        const struct raster_cell *cell =
            &raster->cell[row / raster->zoom * raster->width + column / raster->zoom];
        const struct colour colour = painter->colour(painter->context, cell, column, row);
        bytes[BYTES * column] = colour.red;
        bytes[BYTES * column + 1] = colour.green;
        bytes[BYTES * column + 2] = colour.blue;
    }
}

enum status raster_save(const struct raster *raster, const struct raster_painter *painter,
                        const char *directory, const char *name)
{
    struct draft *draft;
    const size_t width = raster->width * raster->zoom;
    TRY(draft_open(directory, name, &draft));
    unsigned char *bytes = calloc(width, BYTES);
    if (!bytes) {
        draft_discard(draft);
        return status_fail(NO_MEMORY, "no memory for a row of %zu pixels", width);
    }
    for (size_t row = 0; row < raster->height * raster->zoom; row++) {
        row_paint(raster, painter, row, bytes);
        if (fwrite(bytes, BYTES, width, draft_file(draft)) != width)
            draft_failed(draft);
    }
    free(bytes);
    return draft_keep(draft);
}
