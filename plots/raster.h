/* A map of cells reduced to a picture: at most RASTER_MOST points along a side.
 *
 * A point stands for a block of cells: its class is that of most of them (of equals the least), its
 * value the median of those that have this class and a value.  Where all cells fit, a block is a
 * cell.
 * Shapes: cells and points are numbered row by row from the bottom, number = column + width * row.
 * Memory: the picture and a row of blocks, whatever the number of cells.
 * Errors: NO_MEMORY, BAD_DATA (a class out of range), CANNOT_WRITE, those of the source. */
#ifndef PLOTS_RASTER_H
#define PLOTS_RASTER_H

#include "base/status.h"
#include "plots/colour.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RASTER_MOST = 1500, RASTER_CLASSES_MOST = 2048 };

struct raster_cell {
    uint16_t class;
    float value; /* NAN: none */
};

struct raster_source {
    size_t width, height; /* cells */
    size_t classes;       /* at most RASTER_CLASSES_MOST */
    /* Cells first, ..., first + count - 1; asked for in their order. */
    enum status (*read)(void *context, size_t first, size_t count, struct raster_cell *cells);
    void *context;
};

struct raster {
    size_t width, height;     /* points */
    size_t block;             /* cells along the side of a point */
    size_t zoom;              /* pixels along the side of a point, in the file */
    struct raster_cell *cell; /* [width * height] */
};

enum status raster_create(const struct raster_source *source, struct raster **raster) MUST_CHECK;
void raster_free(struct raster *raster); /* NULL is allowed */

/* Two quantiles of the values, in `range`, which stays as it is where there is no value; `is_in`
 * says which classes are asked.  Of values that are 0 or more, of which so many are 0 that the lower
 * quantile is, the quantiles are those of the positive ones: times of starts at rest.  NO_MEMORY. */
struct raster_quantiles {
    const bool *is_in; /* [classes] */
    double share[2];   /* 0.01, 0.99 */
};
enum status raster_range(const struct raster *raster, const struct raster_quantiles *quantiles,
                         double range[2]) MUST_CHECK;

/* Are all values of these classes whole numbers, at most RASTER_COUNTS apart?  Then `range` has the
 * least and the largest. */
enum { RASTER_COUNTS = 12 };
bool raster_counts(const struct raster *raster, const bool *is_in, double range[2]);

/* Where there is room to name a class.  Of the points that are at least `room` points from all other
 * classes, and at least half as far as its widest one (the widest ones, if all are nearer), the
 * nearest to the upper left corner. */
struct raster_place {
    size_t column, row, depth; /* depth: points to the nearest other class or border; 0: no point */
};
enum status raster_roomy(const struct raster *raster, size_t classes, size_t room,
                         struct raster_place *place) MUST_CHECK; /* place[classes] */

/* Three bytes for each pixel, row by row from the bottom: what gnuplot reads as a binary array. */
struct raster_painter {
    struct colour (*colour)(const void *context, const struct raster_cell *cell, size_t column,
                            size_t row); /* of a pixel */
    const void *context;
};
enum status raster_save(const struct raster *raster, const struct raster_painter *painter,
                        const char *directory, const char *name) MUST_CHECK;

#endif
