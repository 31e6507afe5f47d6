/* The tables of a map, made from the ledger tile by tile.
 *
 *   basin.tsv     number, the start on each axis (of a random ensemble all unknowns), ending,
 *                 class (number of its line in classes.tsv, from 0), referee (1: it decided), values
 *   classes.tsv   class, cells, fraction, bounds on it (nan: undecided), first cell, ending, paint,
 *                 label; of a refined map fraction and bounds are those of areas
 *   refined.tsv   cells at the boundaries, basin_finer.h */
#include "cli/basin_certified.h"
#include "cli/basin_finer.h"

#include "base/draft.h"
#include "base/folder.h"
#include "base/table.h"
#include "cli/json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char CELLS[] = "basin.tsv", CLASSES[] = "classes.tsv", CHECK[] = "check.tsv";
static const size_t ROWS_MOST = 1000000; /* a table of more is asked for by --tsv */

enum { HEADER_ROOM = 64 };

/* ---- cells ---- */

/* The unknowns that vary. */
static size_t axis_count(const struct basin_grid *grid)
{
    return grid->axes > 0 ? grid->axes : grid->dim;
}

static size_t axis_of(const struct basin_grid *grid, size_t d)
{
    return grid->axes > 0 ? grid->axis[d] : d;
}

static enum status cells_open(const struct basin_map *map, const char *directory,
                              struct table **table)
{
    const struct basin *basin = &map->basin;
    const size_t room = HEADER_ROOM + map->given.dim * (UNKNOWN_NAME_MAX + 1) +
                        basin->values * (BASIN_NAME_MAX + 1);
    char *header = calloc(1, room);
    if (!header)
        return status_fail(NO_MEMORY, "no memory for the header of a table");
    size_t length = (size_t)sprintf(header, "number");
    for (size_t d = 0; d < axis_count(&basin->grid); d++)
        length += (size_t)sprintf(header + length, " %s", map->name[axis_of(&basin->grid, d)]);
    length += (size_t)sprintf(header + length, " ending class referee");
    for (size_t v = 0; v < basin->values; v++)
        length += (size_t)sprintf(header + length, " %s", basin->value[v].name);
    const enum status status = table_open(directory, CELLS, header, table);
    free(header);
    return status;
}

static void cell_write(const struct basin_map *map, const struct basin_tile *cells, size_t k,
                       double *x0, struct table *table)
{
    const struct basin_grid *grid = &map->basin.grid;
    basin_grid_start(grid, cells->first + k, x0);
    table_number(table, (double)(cells->first + k));
    for (size_t d = 0; d < axis_count(grid); d++)
        table_number(table, x0[axis_of(grid, d)]);
    table_text(table, ending_name((enum ending)cells->ending[k]));
    table_number(table, cells->class[k]);
    table_number(table, cells->referee[k]);
    for (size_t v = 0; v < map->basin.values; v++)
        table_number(table, cells->value[v * BASIN_TILE_CELLS + k]);
    table_end_row(table);
}

static enum status cells_write(const struct basin_map *map, struct basin_tile *cells, double *x0,
                               struct table *table)
{
    for (size_t tile = 0; tile < basin_grid_tiles(&map->basin.grid); tile++) {
        TRY(basin_read(&map->basin, tile, cells));
        for (size_t k = 0; k < cells->count; k++)
            cell_write(map, cells, k, x0, table);
    }
    return OK;
}

static enum status cells_save(const struct basin_map *map, const char *directory)
{
    struct table *table = NULL;
    TRY(cells_open(map, directory, &table));
    struct basin_tile *cells = basin_tile_create(map->basin.values);
    double *x0 = calloc(map->given.dim, sizeof *x0);
    enum status status = OK;
    if (cells && x0)
        status = cells_write(map, cells, x0, table);
    else
        status = status_fail(NO_MEMORY, "a tile of %zu values", map->basin.values);
    basin_tile_free(cells);
    free(x0);
    if (status == OK)
        return table_close(table);
    table_discard(table);
    return status;
}

/* ---- classes ---- */

static enum status classes_save(const struct basin_map *map, const char *directory)
{
    static const char *const paints[] = {[BASIN_PAINT_COLOUR] = "colour",
                                         [BASIN_PAINT_GREY] = "grey",
                                         [BASIN_PAINT_WHITE] = "white",
                                         [BASIN_PAINT_HATCHED] = "hatched"};
    struct table *table = NULL;
    TRY(table_open(directory, CLASSES, "class cells fraction low high first ending paint label",
                   &table));
    for (size_t k = 0; k < map->basin.classes; k++) {
        const struct basin_class *class = &map->basin.class[k];
        table_number(table, (double)k);
        table_number(table, (double)class->cells);
        table_number(table, map->share[k].fraction);
        table_number(table, map->share[k].low);
        table_number(table, map->share[k].high);
        table_number(table, (double)class->first);
        table_text(table, ending_name(class->ending));
        table_text(table, paints[class->paint]);
        table_text(table, class->label);
        table_end_row(table);
    }
    return table_close(table);
}

/* An earlier run of the same ledger may have left files that this one does not make. */
void basin_files_clear(const char *directory)
{
    static const char *const names[] = {CELLS,
                                        CLASSES,
                                        CHECK,
                                        BASIN_FINER_FILE,
                                        "certified.tsv",
                                        "contradictions.tsv",
                                        "basin.certificate",
                                        "manifest.json"};
    static const char *const begins[] = {"basin",     CLASSES,          CHECK,     BASIN_FINER_FILE,
                                         "certified", "contradictions", "manifest"};
    char path[FOLDER_PATH_MAX];
    for (size_t k = 0; k < sizeof begins / sizeof *begins; k++)
        draft_clear(directory, begins[k]);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        if (folder_join(directory, names[k], sizeof path, path) == OK)
            unlink(path);
    }
}

enum status basin_files_save(struct basin_map *map, struct manifest *manifest)
{
    const char *directory = manifest_directory(manifest);
    TRY(classes_save(map, directory));
    manifest_output(manifest, CLASSES);
    TRY(basin_output_save(map, manifest));
    if (map->finer) {
        TRY(basin_finer_table(map->finer, directory));
        manifest_output(manifest, BASIN_FINER_FILE);
    }
    TRY(basin_certified_save(map, manifest));
    if (map->tally.cells > ROWS_MOST && !options_given(map->options, OPTION_tsv))
        return OK;
    TRY(cells_save(map, directory));
    manifest_output(manifest, CELLS);
    return OK;
}
