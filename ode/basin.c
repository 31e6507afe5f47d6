/* Cells and tiles: numbers to starts, and back to nothing else.
 *
 * A start depends on its number and on the grid alone, so that any thread, rank or later run makes
 * the same one, to the last bit. */
#include "ode/basin.h"

#include "base/stream.h"

#include <stdlib.h>
#include <string.h>

static const char STREAM[] = "start"; /* as of --init random:SEED:SCALE, which is cell 0 */

size_t basin_grid_cells(const struct basin_grid *grid)
{
    size_t cells = 1;
    for (size_t d = 0; d < BASIN_AXES_MOST; d++)
        cells *= grid->size[d];
    return cells;
}

size_t basin_grid_tiles(const struct basin_grid *grid)
{
    return (basin_grid_cells(grid) + BASIN_TILE_CELLS - 1) / BASIN_TILE_CELLS;
}

size_t basin_tile_first(size_t tile)
{
    return tile * BASIN_TILE_CELLS;
}

size_t basin_tile_count(const struct basin_grid *grid, size_t tile)
{
    const size_t rest = basin_grid_cells(grid) - basin_tile_first(tile);
    return rest < BASIN_TILE_CELLS ? rest : BASIN_TILE_CELLS;
}

double basin_grid_middle(const struct basin_grid *grid, size_t axis, size_t i)
{
    const double low = grid->window[2 * axis], high = grid->window[2 * axis + 1];
    const double after = (double)(2 * i + 1), before = (double)(2 * (grid->size[axis] - i) - 1);
    return (low * before + high * after) / (double)(2 * grid->size[axis]); /* of -r, r: +-, and 0 */
}

void basin_grid_start(const struct basin_grid *grid, size_t number, double *x0)
{
    memcpy(x0, grid->base, grid->dim * sizeof *x0);
    for (size_t d = 0; d < grid->axes; d++) {
        x0[grid->axis[d]] = basin_grid_middle(grid, d, number % grid->size[d]);
        number /= grid->size[d];
    }
    if (grid->axes > 0)
        return;
    struct stream stream = stream_at(grid->seed, stream_key(STREAM), number);
    for (size_t i = 0; i < grid->dim; i++)
        x0[i] += grid->scale * stream_normal(&stream);
}

void basin_grid_place(const struct basin_grid *grid, const double *point, double *x0)
{
    memcpy(x0, grid->base, grid->dim * sizeof *x0);
    for (size_t d = 0; d < grid->axes; d++)
        x0[grid->axis[d]] = point[d];
}

enum status basin_read(const struct basin *basin, size_t tile, struct basin_tile *cells)
{
    return basin->read(basin->context, tile, cells);
}

struct basin_tile *basin_tile_create(size_t values)
{
    struct basin_tile *cells =
        calloc(1, sizeof *cells + values * BASIN_TILE_CELLS * sizeof(double));
    if (cells)
        cells->value = (double *)(cells + 1);
    return cells;
}

void basin_tile_free(struct basin_tile *cells)
{
    free(cells);
}
