/* Shares of the classes with their bounds, basin entropy and boundary dimension of a map.
 *
 * One more pass over the tiles, once all classes are known: undecided cells (grey) are labels of no
 * class, and unbounded ones are a class like any other.  Of a refined map the shares are those of
 * areas; entropy and dimension are those of the grid.  What the numbers mean: notes/basins.md. */
#include "cli/basin_finer.h"

#include "base/progress.h"
#include "cli/interrupt.h"
#include "ode/basin_label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double CONFIDENCE = 0.95; /* of the bounds, as those of verify */

static void labels_of(const struct basin_map *map, const struct basin_tile *cells,
                      uint16_t label[BASIN_TILE_CELLS])
{
    for (size_t k = 0; k < cells->count; k++) {
        const struct basin_class *class = &map->basin.class[cells->class[k]];
        label[k] = class->paint == BASIN_PAINT_GREY ? BASIN_UNDECIDED : cells->class[k];
    }
}

/* Of all labels, and of those where what ends at saddles has the label of the cell before it: a set
 * of measure 0 is part of a boundary, and no basin, but a symmetric grid sees a cell of it in each
 * row, which would look like a basin as wide as a cell. */
struct statistics {
    struct basin_statistics *all, *open;
    uint16_t last; /* label of the cell before the tile */
};

static void saddles_leave(const struct basin_map *map, const struct basin_tile *cells,
                          struct statistics *statistics, uint16_t label[BASIN_TILE_CELLS])
{
    for (size_t k = 0; k < cells->count; k++) {
        const bool first = (cells->first + k) % map->basin.grid.size[0] == 0;
        if (cells->ending[k] == ENDING_SADDLE)
            label[k] = first ? BASIN_UNDECIDED : statistics->last;
        statistics->last = label[k];
    }
}

/* Entropy and dimension are those of basins alone. */
static enum status statistics_finish(struct basin_map *map, const struct statistics *statistics,
                                     struct basin_share *unused)
{
    struct basin_summary open;
    TRY(basin_statistics_finish(statistics->open, &open, unused));
    TRY(basin_statistics_finish(statistics->all, &map->summary, map->share));
    map->summary.entropy = open.entropy;
    map->summary.exponent = open.exponent;
    return OK;
}

static enum status tiles_add(struct basin_map *map, struct basin_tile *cells,
                             struct statistics *statistics)
{
    uint16_t label[BASIN_TILE_CELLS];
    for (size_t tile = 0; tile < basin_grid_tiles(&map->basin.grid); tile++) {
        map->interrupted = map->interrupted || *interrupt_flag();
        if (map->interrupted)
            return OK;
        TRY(basin_read(&map->basin, tile, cells));
        labels_of(map, cells, label);
        TRY(basin_statistics_add(statistics->all, cells->count, label));
        saddles_leave(map, cells, statistics, label);
        TRY(basin_statistics_add(statistics->open, cells->count, label));
        progress_advance(map->progress, cells->count);
    }
    return OK;
}

static enum status statistics_make(struct basin_map *map, struct statistics *statistics)
{
    struct basin_tile *cells = basin_tile_create(map->basin.values);
    struct basin_share *unused = calloc(map->basin.classes, sizeof *unused);
    enum status status = OK;
    progress_begin(map->progress, "shares", map->tally.cells);
    if (cells && unused)
        status = tiles_add(map, cells, statistics);
    else
        status = status_fail(NO_MEMORY, "a tile of %zu values", map->basin.values);
    progress_end(map->progress);
    if (status == OK && !map->interrupted)
        status = statistics_finish(map, statistics, unused);
    basin_tile_free(cells);
    free(unused);
    return status;
}

/* Bounds on the undecided cells would say nothing: they could be any class. */
static void shares_settle(struct basin_map *map)
{
    for (size_t k = 0; k < map->basin.classes; k++) {
        const struct basin_class *class = &map->basin.class[k];
        struct basin_share *share = &map->share[k];
        if (class->paint == BASIN_PAINT_GREY) {
            share->fraction = (double)class->cells / (double)map->tally.cells;
            share->low = share->high = NAN;
        }
        if (!map->finer)
            continue;
        share->fraction = map->finer->area[k].fraction;
        if (class->paint != BASIN_PAINT_GREY) {
            share->low = map->finer->area[k].low;
            share->high = map->finer->area[k].high;
        }
    }
}

const char *basin_measure_bounds(const struct basin_map *map)
{
    return map->basin.grid.axes == 0 ? "bounds of 95 % confidence, for each class"
           : map->finer              ? "bounds, if no basin is thinner than one cell of the grid"
                                     : "bounds, if no basin is thinner than one cell";
}

double basin_measure_undecided(const struct basin_map *map)
{
    double sum = 0;
    for (size_t k = 0; k < map->basin.classes; k++)
        if (map->basin.class[k].paint == BASIN_PAINT_GREY)
            sum += map->share[k].fraction;
    return sum;
}

enum status basin_measure(struct basin_map *map)
{
    const struct basin_grid *grid = &map->basin.grid;
    struct basin_lattice lattice = {.axes = grid->axes, .classes = map->basin.classes};
    struct statistics statistics = {.last = BASIN_UNDECIDED};
    memcpy(lattice.size, grid->size, sizeof lattice.size);
    map->share = calloc(map->basin.classes, sizeof *map->share);
    if (!map->share)
        return status_fail(NO_MEMORY, "shares of %zu classes", map->basin.classes);
    enum status status = basin_statistics_create(&lattice, CONFIDENCE, &statistics.all);
    if (status == OK)
        status = basin_statistics_create(&lattice, CONFIDENCE, &statistics.open);
    if (status == OK)
        status = statistics_make(map, &statistics);
    basin_statistics_free(statistics.all);
    basin_statistics_free(statistics.open);
    shares_settle(map);
    return status;
}
