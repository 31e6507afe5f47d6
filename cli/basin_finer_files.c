/* What a refinement has found, as a table and as a group of the HDF5 file.
 *
 *   refined.tsv   low and high on each axis, level, ending, class, referee, boundary, values
 *   /refined/...  the same, a data set a column
 *
 * Leaves come in the order of their starts, which is that of the batches in the ledger, so that
 * one batch at a time is in memory.  The data sets are written a block of leaves at a time. */
#include "cli/basin_finer.h"

#include "base/table.h"
#include "cli/basin_hdf5_parts.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER_ROOM = 512, BLOCK = 4096, BYTES = 4 };

/* Leaves and the batch that the current one is in. */
struct reading {
    struct basin_finer *finer;
    size_t batch; /* in finer->record; batches: none yet */
    enum status (*take)(struct reading *reading, const struct basin_leaf *leaf, size_t at);
    struct table *table;
    struct columns_set *columns;
};

static enum status leaf_visit(void *context, const struct basin_leaf *leaf)
{
    struct reading *reading = context;
    const struct basin_finer *finer = reading->finer;
    size_t b = reading->batch < finer->batches ? reading->batch : 0;
    while (b + 1 < finer->batches && finer->begin[b + 1] <= leaf->start)
        b++;
    if (b != reading->batch)
        TRY(basin_finer_load(reading->finer, b));
    reading->batch = b;
    return reading->take(reading, leaf, leaf->start - finer->begin[b]);
}

static enum status leaves_read(struct reading *reading)
{
    reading->batch = reading->finer->batches;
    return basin_refine_each(reading->finer->refine, leaf_visit, reading);
}

/* ---- the table ---- */

static enum status table_begin(const struct basin_map *map, const char *directory,
                               struct table **table)
{
    const struct basin *basin = &map->basin;
    const size_t room = HEADER_ROOM + basin->values * (BASIN_NAME_MAX + 1);
    char *header = calloc(1, room);
    if (!header)
        return status_fail(NO_MEMORY, "no memory for the header of a table");
    size_t length = 0;
    for (size_t d = 0; d < basin->grid.axes; d++) {
        const char *name = map->name[basin->grid.axis[d]];
        length += (size_t)snprintf(header + length, room - length, "%s_low %s_high ", name, name);
    }
    length +=
        (size_t)snprintf(header + length, room - length, "level ending class referee boundary");
    for (size_t v = 0; v < basin->values; v++)
        length += (size_t)snprintf(header + length, room - length, " %s", basin->value[v].name);
    const enum status status = table_open(directory, BASIN_FINER_FILE, header, table);
    free(header);
    return status;
}

static enum status leaf_write(struct reading *reading, const struct basin_leaf *leaf, size_t at)
{
    const struct basin_finer *finer = reading->finer;
    const struct basin *basin = &finer->map->basin;
    struct table *table = reading->table;
    for (size_t d = 0; d < basin->grid.axes; d++) {
        table_number(table, leaf->low[d]);
        table_number(table, leaf->high[d]);
    }
    table_number(table, (double)leaf->level);
    table_text(table, ending_name((enum ending)finer->record->ending[at]));
    table_number(table, leaf->label);
    table_number(table, finer->record->flags[at] & BASIN_BY_REFEREE ? 1 : 0);
    table_number(table, leaf->boundary);
    for (size_t v = 0; v < basin->values; v++)
        table_number(table, *basin_record_at(finer->record, v, at));
    table_end_row(table);
    return OK;
}

enum status basin_finer_table(struct basin_finer *finer, const char *directory)
{
    struct reading reading = {.finer = finer, .take = leaf_write};
    TRY(table_begin(finer->map, directory, &reading.table));
    const enum status status = leaves_read(&reading);
    if (status == OK)
        return table_close(reading.table);
    table_discard(reading.table);
    return status;
}

/* ---- HDF5 ---- */

/* The data sets, and a block of leaves before it is written. */
struct columns_set {
    size_t axes, values, first, count;
    int64_t group, corner[2], class, small[BYTES], *value; /* value[values] */
    double low[BLOCK * BASIN_AXES_MOST], high[BLOCK * BASIN_AXES_MOST];
    uint16_t label[BLOCK];
    unsigned char byte[BYTES][BLOCK]; /* level, ending, referee, boundary */
    double *number;                   /* [values][BLOCK] */
};

static const char *const byte_names[BYTES] = {"level", "ending", "referee", "boundary"};

static enum status sets_make(const struct basin_finer *finer, struct columns_set *set)
{
    static const char *const corners[2] = {"low", "high"};
    struct basin_hdf5_set made = {.type = BASIN_HDF5_DOUBLE, .rank = 2};
    made.size[0] = finer->leaves;
    made.size[1] = set->axes;
    for (size_t k = 0; k < 2; k++) {
        made.name = corners[k];
        TRY(basin_hdf5_set_add(set->group, &made, &set->corner[k]));
    }
    made.rank = 1;
    for (size_t v = 0; v < set->values; v++) {
        made.name = finer->map->basin.value[v].name;
        TRY(basin_hdf5_set_add(set->group, &made, &set->value[v]));
    }
    made.type = BASIN_HDF5_SHORT;
    made.name = "class";
    TRY(basin_hdf5_set_add(set->group, &made, &set->class));
    made.type = BASIN_HDF5_BYTE;
    for (size_t k = 0; k < BYTES; k++) {
        made.name = byte_names[k];
        TRY(basin_hdf5_set_add(set->group, &made, &set->small[k]));
    }
    return OK;
}

static enum status block_write(struct columns_set *set)
{
    struct basin_hdf5_block block = {.rank = 2,
                                     .from = {set->first},
                                     .count = {set->count, set->axes},
                                     .type = BASIN_HDF5_DOUBLE,
                                     .values = set->low};
    if (set->count == 0)
        return OK;
    TRY(basin_hdf5_block_write(set->corner[0], &block));
    block.values = set->high;
    TRY(basin_hdf5_block_write(set->corner[1], &block));
    block.rank = 1;
    for (size_t v = 0; v < set->values; v++) {
        block.values = set->number + v * BLOCK;
        TRY(basin_hdf5_block_write(set->value[v], &block));
    }
    block.type = BASIN_HDF5_SHORT;
    block.values = set->label;
    TRY(basin_hdf5_block_write(set->class, &block));
    block.type = BASIN_HDF5_BYTE;
    for (size_t k = 0; k < BYTES; k++) {
        block.values = set->byte[k];
        TRY(basin_hdf5_block_write(set->small[k], &block));
    }
    set->first += set->count;
    set->count = 0;
    return OK;
}

static enum status leaf_put(struct reading *reading, const struct basin_leaf *leaf, size_t at)
{
    struct columns_set *set = reading->columns;
    const struct basin_record *record = reading->finer->record;
    const unsigned char bytes[BYTES] = {(unsigned char)leaf->level, record->ending[at],
                                        record->flags[at] & BASIN_BY_REFEREE ? 1 : 0,
                                        leaf->boundary ? 1 : 0};
    for (size_t d = 0; d < set->axes; d++) {
        set->low[set->count * set->axes + d] = leaf->low[d];
        set->high[set->count * set->axes + d] = leaf->high[d];
    }
    set->label[set->count] = leaf->label;
    for (size_t k = 0; k < BYTES; k++)
        set->byte[k][set->count] = bytes[k];
    for (size_t v = 0; v < set->values; v++)
        set->number[v * BLOCK + set->count] = *basin_record_at(record, v, at);
    set->count++;
    return set->count == BLOCK ? block_write(set) : OK;
}

static enum status group_write(struct basin_finer *finer, struct columns_set *set, int64_t file)
{
    const double depth = (double)finer->map->options->refine;
    struct reading reading = {.finer = finer, .take = leaf_put, .columns = set};
    if (!set->number || !set->value)
        return status_fail(NO_MEMORY, "no memory for %d cells at boundaries", BLOCK);
    TRY(basin_hdf5_group_add(file, "refined", &set->group));
    TRY(basin_hdf5_numbers_set(set->group, "depth", 1, &depth));
    TRY(sets_make(finer, set));
    TRY(leaves_read(&reading));
    return block_write(set);
}

enum status basin_finer_hdf5(void *context, int64_t file)
{
    struct basin_finer *finer = context;
    struct columns_set *set = calloc(1, sizeof *set);
    if (!set)
        return status_fail(NO_MEMORY, "no memory for %d cells at boundaries", BLOCK);
    set->axes = finer->map->basin.grid.axes;
    set->values = finer->map->basin.values;
    set->number = calloc(set->values * BLOCK + 1, sizeof *set->number);
    set->value = calloc(set->values + 1, sizeof *set->value);
    const enum status status = group_write(finer, set, file);
    free(set->number);
    free(set->value);
    free(set);
    return status;
}
