/* Labels for the refinement of a map, and what becomes of them.
 *
 * The refinement asks for starts batch by batch, in an order that depends on the labels alone.  Of
 * each batch the ledger keeps the points and the record: on resumption the same points are asked
 * for again, and found.  With another --class they differ, and are computed anew in their place.
 * Rejected: a row for each start by its place in the tree, ten times as slow and large. */
#include "cli/basin_finer.h"

#include "base/progress.h"
#include "cli/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Distances of random starts, in sides of the window: nine, each half of the next. */
static const double PROBE_LOW = 1.0 / 4096, PROBE_HIGH = 1.0 / 16;
static const double PROBE_CONFIDENCE = 0.95;

enum { PROBE_SCALES = 9, PROBE_TRIPLE = 3 /* a start and its neighbours */ };
enum { CLASSES_ROOM = BASIN_CLASSES_MOST + 1, ROOM_FIRST = 1024, NOTE_MAX = 80 };

/* ---- batches ---- */

static size_t points_size(const struct basin_finer *finer, size_t count)
{
    return count * finer->map->basin.grid.axes * sizeof(double);
}

static struct basin_ledger_batch batch_of(const struct basin_finer *finer, size_t number,
                                          size_t count)
{
    basin_record_lay(finer->record, count);
    return (struct basin_ledger_batch){.list = finer->list,
                                       .number = number,
                                       .size = points_size(finer, count) +
                                               basin_record_size(finer->record)};
}

static enum status batch_load(struct basin_finer *finer, size_t number, size_t count, bool *found)
{
    const struct basin_ledger_batch batch = batch_of(finer, number, count);
    TRY(basin_ledger_batch_load(finer->map->ledger, &batch, finer->block, found));
    if (*found)
        memcpy(basin_record_bytes(finer->record),
               (const char *)finer->block + points_size(finer, count),
               basin_record_size(finer->record));
    return OK;
}

static size_t batch_count(const struct basin_finer *finer, size_t number)
{
    const size_t end = number + 1 < finer->batches ? finer->begin[number + 1] : finer->starts;
    return end - finer->begin[number];
}

enum status basin_finer_load(struct basin_finer *finer, size_t number)
{
    bool found = false;
    TRY(batch_load(finer, number, batch_count(finer, number), &found));
    if (!found || !basin_map_is_sound(finer->record))
        return status_fail(BAD_DATA, "batch %zu of the ledger is damaged", number);
    return OK;
}

/* The record of the starts: the one in the ledger, or a new one. */
static enum status batch_make(struct basin_finer *finer, size_t count, const double *point)
{
    bool found;
    const size_t size = points_size(finer, count), number = finer->batches;
    TRY(batch_load(finer, number, count, &found));
    if (found && memcmp(finer->block, point, size) == 0 && basin_map_is_sound(finer->record))
        return OK;
    TRY(basin_cells_at(finer->map, count, point, finer->record));
    memcpy(finer->block, point, size);
    memcpy((char *)finer->block + size, basin_record_bytes(finer->record),
           basin_record_size(finer->record));
    const struct basin_ledger_batch batch = batch_of(finer, number, count);
    return basin_ledger_batch_save(finer->map->ledger, &batch, finer->block);
}

/* ---- labels ---- */

static enum status room_make(struct basin_finer *finer, size_t count)
{
    size_t room = finer->room > 0 ? finer->room : ROOM_FIRST;
    while (room < finer->starts + count)
        room *= 2;
    uint16_t *class = realloc(finer->class, room * sizeof *class);
    if (class) {
        finer->class = class;
        finer->room = room;
    }
    const size_t begins = finer->begins > finer->batches ? finer->begins : 2 * finer->batches + 1;
    size_t *begin = realloc(finer->begin, begins * sizeof *begin);
    if (begin) {
        finer->begin = begin;
        finer->begins = begins;
    }
    return class && begin ? OK : status_fail(NO_MEMORY, "%zu starts at boundaries", room);
}

static void undecided_note(struct basin_finer *finer)
{
    const struct basin_class *class = basin_classes_list(finer->map->classes);
    for (size_t k = 0; k < basin_classes_count(finer->map->classes); k++)
        finer->undecided[k] = class[k].paint == BASIN_PAINT_GREY;
}

static enum status batch_made(struct basin_finer *finer, size_t count, const double *point)
{
    const enum status status = *interrupt_flag() ? OK : batch_make(finer, count, point);
    if (*interrupt_flag())
        return status_fail(
            INTERRUPTED, "interrupted after %zu starts at boundaries%s", finer->starts,
            options_given(finer->map->options, OPTION_out) ? "; --resume goes on" : "");
    return status;
}

/* struct basin_labeller's `label`. */
static enum status batch_label(void *context, size_t count, const double *point, uint16_t *label)
{
    struct basin_finer *finer = context;
    struct basin_map *map = finer->map;
    char note[NOTE_MAX];
    TRY(room_make(finer, count));
    TRY(batch_made(finer, count, point));
    TRY(basin_map_classes(map, finer->record, basin_grid_cells(&map->basin.grid) + finer->starts,
                          label));
    undecided_note(finer);
    memcpy(finer->class + finer->starts, label, count * sizeof *label);
    finer->begin[finer->batches++] = finer->starts;
    finer->starts += count;
    snprintf(note, sizeof note, "%zu starts at boundaries", finer->starts);
    progress_note(map->progress, note);
    return OK;
}

/* ---- the coarse map ---- */

/* In a file that has no name: pages that are not in use need not be in memory. */
static enum status labels_map(struct basin_finer *finer)
{
    const size_t size = basin_grid_cells(&finer->map->basin.grid) * sizeof *finer->label;
    FILE *file = tmpfile();
    if (!file)
        return status_fail(CANNOT_WRITE, "a temporary file: %s", strerror(errno));
    const int failed = posix_fallocate(fileno(file), 0, (off_t)size);
    void *mapped =
        failed ? MAP_FAILED : mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
    const int reason = failed ? failed : errno;
    fclose(file); /* the mapping stays */
    if (mapped == MAP_FAILED)
        return status_fail(CANNOT_WRITE, "a temporary file of %zu bytes: %s", size,
                           strerror(reason));
    finer->label = mapped;
    return OK;
}

static enum status tiles_read(struct basin_finer *finer, struct basin_tile *cells)
{
    const struct basin *basin = &finer->map->basin;
    for (size_t tile = 0; tile < basin_grid_tiles(&basin->grid); tile++) {
        TRY(basin_read(basin, tile, cells));
        memcpy(finer->label + cells->first, cells->class, cells->count * sizeof *cells->class);
    }
    return OK;
}

static enum status labels_read(struct basin_finer *finer)
{
    TRY(labels_map(finer));
    struct basin_tile *cells = basin_tile_create(finer->map->basin.values);
    if (!cells)
        return status_fail(NO_MEMORY, "a tile of %zu values", finer->map->basin.values);
    const enum status status = tiles_read(finer, cells);
    basin_tile_free(cells);
    return status;
}

/* ---- the refinement ---- */

static enum status leaf_count(void *context, const struct basin_leaf *leaf)
{
    struct basin_finer *finer = context;
    (void)leaf;
    finer->leaves++;
    return OK;
}

static enum status boundary_refine(struct basin_finer *finer)
{
    const struct basin_map *map = finer->map;
    const struct basin_grid *grid = &map->basin.grid;
    struct basin_refine_plan plan = {.axes = grid->axes,
                                     .label = finer->label,
                                     .classes = CLASSES_ROOM,
                                     .undecided = finer->undecided,
                                     .depth = (size_t)map->options->refine,
                                     .batch = map->piece};
    const struct basin_labeller labeller = {.label = batch_label, .context = finer};
    memcpy(plan.size, grid->size, sizeof plan.size);
    memcpy(plan.window, grid->window, sizeof plan.window);
    undecided_note(finer);
    TRY(basin_refine_create(&plan, &labeller, &finer->refine));
    finer->whole = basin_refine_areas(finer->refine, finer->area);
    return basin_refine_each(finer->refine, leaf_count, finer);
}

static enum status finer_reserve(struct basin_finer *finer)
{
    const struct basin_map *map = finer->map;
    const size_t room = map->piece;
    finer->record = basin_record_create(map->columns);
    finer->area = calloc(CLASSES_ROOM, sizeof *finer->area);
    finer->undecided = calloc(CLASSES_ROOM, sizeof *finer->undecided);
    if (!finer->record || !finer->area || !finer->undecided)
        return status_fail(NO_MEMORY, "batches of %zu starts", room);
    basin_record_lay(finer->record, room);
    finer->block = calloc(1, points_size(finer, room) + basin_record_size(finer->record));
    if (!finer->block)
        return status_fail(NO_MEMORY, "batches of %zu starts", room);
    return OK;
}

static struct basin_finer *finer_create(struct basin_map *map, const char *list)
{
    struct basin_finer *made = calloc(1, sizeof *made);
    if (made)
        *made = (struct basin_finer){.map = map, .list = list};
    return made;
}

static enum status finer_fill(struct basin_finer *finer)
{
    TRY(finer_reserve(finer));
    TRY(labels_read(finer));
    return boundary_refine(finer);
}

/* ---- random starts ---- */

/* struct basin_labeller's `label`: classes that are not decided are no labels. */
static enum status probe_label(void *context, size_t count, const double *point, uint16_t *label)
{
    const struct basin_finer *finer = context;
    TRY(batch_label(context, count, point, label));
    for (size_t k = 0; k < count; k++)
        if (finer->undecided[label[k]])
            label[k] = BASIN_UNDECIDED;
    return OK;
}

static enum status probe(struct basin_finer *finer)
{
    struct basin_map *map = finer->map;
    const struct basin_grid *grid = &map->basin.grid;
    struct basin_probe probe = {.axes = grid->axes,
                                .scales = PROBE_SCALES,
                                .eps_low = PROBE_LOW,
                                .eps_high = PROBE_HIGH,
                                .starts = (size_t)map->options->probe,
                                .batch = map->piece / PROBE_TRIPLE,
                                .seed = map->options->seed,
                                .confidence = PROBE_CONFIDENCE};
    const struct basin_labeller labeller = {.label = probe_label, .context = finer};
    memcpy(probe.window, grid->window, sizeof probe.window);
    TRY(finer_reserve(finer));
    undecided_note(finer);
    return basin_exponent_sample(&probe, &labeller, &map->probed, &map->probed_with_all);
}

enum status basin_finer_probe(struct basin_map *map)
{
    if (!options_given(map->options, OPTION_probe))
        return OK;
    struct basin_finer *finer = finer_create(map, "probe");
    if (!finer)
        return status_fail(NO_MEMORY, "starts at boundaries");
    progress_begin(map->progress, "distances", 0);
    const enum status status = probe(finer);
    progress_end(map->progress);
    basin_finer_free(finer);
    basin_map_list(map);
    return status;
}

enum status basin_finer_make(struct basin_map *map)
{
    if (!options_given(map->options, OPTION_refine))
        return OK;
    map->finer = finer_create(map, "refine");
    if (!map->finer)
        return status_fail(NO_MEMORY, "starts at boundaries");
    map->finer->depth = (size_t)map->options->refine;
    const double begun = progress_clock();
    progress_begin(map->progress, "boundaries", 0);
    const enum status status = finer_fill(map->finer);
    progress_end(map->progress);
    map->finer_seconds = progress_clock() - begun;
    basin_map_list(map);
    return status;
}

void basin_finer_free(struct basin_finer *finer)
{
    if (!finer)
        return;
    if (finer->label)
        munmap(finer->label, basin_grid_cells(&finer->map->basin.grid) * sizeof *finer->label);
    basin_refine_free(finer->refine);
    basin_record_free(finer->record);
    free(finer->area);
    free(finer->class);
    free(finer->begin);
    free(finer->undecided);
    free(finer->block);
    free(finer);
}

enum status basin_finer_value(struct basin_finer *finer, size_t v, float *value)
{
    for (size_t b = 0; b < finer->batches; b++) {
        TRY(basin_finer_load(finer, b));
        for (size_t k = 0; k < finer->record->count; k++)
            value[finer->begin[b] + k] = (float)*basin_record_at(finer->record, v, k);
    }
    return OK;
}
