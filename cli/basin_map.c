/* Tiles as struct basin gives them out: records of the ledger with their classes. */
#include "cli/basin.h"

#include "base/progress.h"
#include "cli/interrupt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIXED_SHOWN = 6 }; /* unknowns that do not vary; further ones are counted */

size_t basin_map_pieces(const struct basin_map *map)
{
    return (basin_grid_cells(&map->basin.grid) + map->piece - 1) / map->piece;
}

size_t basin_map_piece_count(const struct basin_map *map, size_t piece)
{
    const size_t rest = basin_grid_cells(&map->basin.grid) - piece * map->piece;
    return rest < map->piece ? rest : map->piece;
}

bool basin_map_is_sound(const struct basin_record *record)
{
    for (size_t k = 0; k < record->count; k++)
        if (record->ending[k] >= ENDING_COUNT || record->minimum[k] > BASIN_MINIMUM_WRONG ||
            record->root[k] > record->roots[k])
            return false;
    return true;
}

static enum status piece_load(struct basin_map *map, size_t piece, size_t first)
{
    struct basin_record *part = map->part;
    basin_record_lay(part, basin_map_piece_count(map, piece));
    TRY(basin_ledger_load(map->ledger, piece, basin_record_size(part), basin_record_bytes(part)));
    if (!basin_map_is_sound(part))
        return status_fail(BAD_DATA, "tile %zu of the ledger is damaged", piece);
    basin_record_copy(part, 0, map->record, first, part->count);
    return OK;
}

enum status basin_map_load(struct basin_map *map, size_t tile)
{
    const size_t count = basin_tile_count(&map->basin.grid, tile);
    basin_record_lay(map->record, count);
    for (size_t first = 0; first < count; first += map->piece)
        TRY(piece_load(map, (basin_tile_first(tile) + first) / map->piece, first));
    return OK;
}

/* The class of cell `at` of a record; limit[dim] is work space. */
static enum status class_find(const struct basin_map *map, const struct basin_record *record,
                              size_t number, size_t at, double *limit, uint16_t *class)
{
    const bool has_limit = record->flags[at] & BASIN_HAS_LIMIT;
    for (size_t i = 0; has_limit && i < map->given.dim; i++)
        limit[i] = *basin_record_at(record, map->limit_at + i, at);
    const struct basin_end end = {.ending = (enum ending)record->ending[at],
                                  .minimum = (enum basin_minimum)record->minimum[at],
                                  .distance_bound = *basin_record_at(record, map->bound_at, at),
                                  .root = record->root[at],
                                  .roots = record->roots[at],
                                  .limit = has_limit ? limit : NULL};
    return basin_classes_find(map->classes, number, &end, class);
}

enum status basin_map_classes(const struct basin_map *map, const struct basin_record *record,
                              size_t first, uint16_t *class)
{
    double *limit = calloc(map->given.dim, sizeof *limit);
    if (!limit)
        return status_fail(NO_MEMORY, "a limit of %zu unknowns", map->given.dim);
    enum status status = OK;
    for (size_t k = 0; status == OK && k < record->count; k++)
        status = class_find(map, record, first + k, k, limit, &class[k]);
    free(limit);
    return status;
}

/* struct basin's `read`. */
static enum status tile_read(void *context, size_t tile, struct basin_tile *cells)
{
    struct basin_map *map = context;
    if (*interrupt_flag()) /* on the way to a table or a figure */
        return status_fail(INTERRUPTED, "interrupted%s",
                           options_given(map->options, OPTION_out) ? "; --resume goes on" : "");
    TRY(basin_map_load(map, tile));
    TRY(basin_map_classes(map, map->record, basin_tile_first(tile), cells->class));
    const struct basin_record *record = map->record;
    cells->first = basin_tile_first(tile);
    cells->count = record->count;
    memcpy(cells->ending, record->ending, record->count);
    for (size_t k = 0; k < record->count; k++)
        cells->referee[k] = record->flags[k] & BASIN_BY_REFEREE ? 1 : 0;
    for (size_t v = 0; v < map->basin.values; v++)
        memcpy(cells->value + v * BASIN_TILE_CELLS, basin_record_at(record, v, 0),
               record->count * sizeof(double));
    return OK;
}

static enum status tiles_count(struct basin_map *map, struct basin_tile *cells)
{
    for (size_t tile = 0; tile < basin_grid_tiles(&map->basin.grid); tile++) {
        map->interrupted = map->interrupted || *interrupt_flag();
        if (map->interrupted)
            return OK;
        TRY(tile_read(map, tile, cells));
        progress_advance(map->progress, cells->count);
        for (size_t k = 0; k < cells->count; k++) {
            basin_classes_list(map->classes)[cells->class[k]].cells++;
            map->tally.endings[cells->ending[k]]++;
            map->tally.by_referee += cells->referee[k];
        }
        map->tally.cells += cells->count;
    }
    return OK;
}

static bool is_varied(const struct basin_grid *grid, size_t unknown)
{
    for (size_t d = 0; d < grid->axes; d++)
        if (grid->axis[d] == unknown)
            return true;
    return false;
}

const char *basin_map_fixed(const struct basin_map *map, size_t size, char *text)
{
    const struct basin_grid *grid = &map->basin.grid;
    size_t length = 0, shown = 0;
    text[0] = '\0';
    for (size_t i = 0; grid->axes > 0 && i < grid->dim && length < size; i++) {
        if (is_varied(grid, i))
            continue;
        if (shown++ == FIXED_SHOWN) {
            snprintf(text + length, size - length, ", ... (%zu in all)", grid->dim - grid->axes);
            return text;
        }
        length += (size_t)snprintf(text + length, size - length, "%s%s = %.6g", length ? ", " : "",
                                   map->name[i], map->base[i]);
    }
    return text;
}

void basin_map_list(struct basin_map *map)
{
    basin_classes_describe(map->classes);
    map->basin.classes = basin_classes_count(map->classes);
    map->basin.class = basin_classes_list(map->classes);
}

enum status basin_map_classify(struct basin_map *map)
{
    map->record = basin_record_create(map->columns);
    map->part = basin_record_create(map->columns);
    struct basin_tile *cells = basin_tile_create(map->basin.values);
    enum status status = OK;
    progress_begin(map->progress, "classes", basin_grid_cells(&map->basin.grid));
    if (map->record && map->part && cells)
        status = tiles_count(map, cells);
    else
        status = status_fail(NO_MEMORY, "tiles of %zu columns", map->columns);
    progress_end(map->progress);
    basin_tile_free(cells);
    if (status == OK && !map->interrupted)
        status = basin_classes_sort(map->classes);
    basin_map_list(map);
    map->basin.read = tile_read;
    map->basin.context = map;
    return status;
}
