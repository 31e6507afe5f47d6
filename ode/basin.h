/* Basins: a map from starts to how their trajectories end.
 *
 * A *cell* is one start.  Cells are numbered 0, 1, 2, ..., row by row: of a grid with sizes W, H, D
 * the cell at column i, row j, layer k has the number i + W (j + H k), and its start is the middle
 * of its piece of the window, low + (i + 1/2) (high - low) / W, on each axis; the other unknowns
 * are those of `base`.  Cells of a random ensemble are drawn by their number: `base` + `scale`
 * times standard normal numbers of the stream (seed, number).
 * A *tile* is a run of consecutive cells, the last one maybe shorter; maps are written and read a
 * tile at a time, so that memory does not grow with their size.  A *class* is what cells are
 * coloured by.
 *
 * Shapes: base[dim], x0[dim]; in a tile value[v * BASIN_TILE_CELLS + k], value v of its cell k.
 * Units: times are learning times.  Memory: plain data; what pointers name outlives them.
 * Errors: those of the reader.  */
#ifndef ODE_BASIN_H
#define ODE_BASIN_H

#include "base/status.h"
#include "ode/ending.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BASIN_AXES_MOST = 3,
    BASIN_SIDE_MOST = 100000,  /* cells along an axis */
    BASIN_TILE_CELLS = 4096,   /* of every tile but the last */
    BASIN_NAME_MAX = 64,       /* of a value: also a name of a column and of a data set */
    BASIN_LABEL_MAX = 160,     /* of a class */
    BASIN_CLASSES_MOST = 1024, /* further ones are one class, "others" */
};

/* A random ensemble has no axes: axes = 0, and size[0] cells. */
struct basin_grid {
    size_t axes;                        /* 1: a line, 2: a plane, 3: a box; 0: random */
    size_t axis[BASIN_AXES_MOST];       /* which unknowns vary */
    size_t size[BASIN_AXES_MOST];       /* W, H, D; 1 beyond `axes` */
    double window[2 * BASIN_AXES_MOST]; /* low, high of each axis */
    size_t dim;
    const double *base; /* [dim] */
    uint64_t seed;      /* of random starts */
    double scale;       /* their standard deviation */
};

size_t basin_grid_cells(const struct basin_grid *grid);
size_t basin_grid_tiles(const struct basin_grid *grid);

/* Where the cells of a tile begin, and how many they are. */
size_t basin_tile_first(size_t tile);
size_t basin_tile_count(const struct basin_grid *grid, size_t tile);

/* The start of cell `number`: x0[dim]. */
void basin_grid_start(const struct basin_grid *grid, size_t number, double *x0);

/* The start at point[axes] of the plane or box of the grid: x0[dim]. */
void basin_grid_place(const struct basin_grid *grid, const double *point, double *x0);

/* The middle of piece `i` along an axis, the same double as in basin_grid_start(). */
double basin_grid_middle(const struct basin_grid *grid, size_t axis, size_t i);

/* A number that every cell has; NAN where it has none. */
struct basin_value {
    char name[BASIN_NAME_MAX];   /* "time", "limit_a1", ... */
    char title[BASIN_LABEL_MAX]; /* what it is, in words */
};

/* How a class is drawn.  Grey and white are never mixed. */
enum basin_paint {
    BASIN_PAINT_COLOUR,  /* a colour of its own */
    BASIN_PAINT_GREY,    /* undecided: horizon, failed */
    BASIN_PAINT_WHITE,   /* unbounded, escaped */
    BASIN_PAINT_HATCHED, /* decided, and not settled: saddle, creeping, cycling */
};

struct basin_class {
    char label[BASIN_LABEL_MAX]; /* "a1 > 0, a2 > 0", "unbounded", ... */
    enum basin_paint paint;
    enum ending ending; /* of its cells; ENDING_COUNT: of several endings */
    size_t first;       /* its first cell */
    size_t cells;       /* how many it has */
};

/* The cells of a tile, array by array. */
struct basin_tile {
    size_t first, count;
    unsigned char ending[BASIN_TILE_CELLS];  /* enum ending */
    unsigned char referee[BASIN_TILE_CELLS]; /* 1: the referee decided */
    uint16_t class[BASIN_TILE_CELLS];
    double *value; /* [values * BASIN_TILE_CELLS], the caller's */
};

/* A whole map.  Classes are in the order of what they are, basin_classes.h. */
struct basin {
    struct basin_grid grid;
    const char *title;       /* of the flow: "chain L=2, rbp" */
    const char *const *name; /* name[grid.dim] of the unknowns */
    size_t values;
    const struct basin_value *value; /* [values] */
    const char *colouring;           /* "ending", "branch" or "minimum" */
    size_t classes;
    const struct basin_class *class; /* [classes] */

    /* Fills a tile, whose `value` has the room; any order, one thread at a time. */
    enum status (*read)(void *context, size_t tile, struct basin_tile *cells);
    void *context;
};

enum status basin_read(const struct basin *basin, size_t tile, struct basin_tile *cells) MUST_CHECK;

/* Room for the cells of a tile with so many values, in one block; NULL: out of memory. */
struct basin_tile *basin_tile_create(size_t values);
void basin_tile_free(struct basin_tile *cells); /* NULL is allowed */

#endif
