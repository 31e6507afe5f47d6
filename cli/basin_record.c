/* The cells of a tile in one block. */
#include "cli/basin_record.h"

#include "ode/basin.h"

#include <stdlib.h>

enum { BYTES = 5 }; /* of a cell, beside its columns */

struct basin_record *basin_record_create(size_t columns)
{
    const size_t cell = columns * sizeof(double) + BYTES;
    struct basin_record *record = calloc(1, sizeof *record + BASIN_TILE_CELLS * cell);
    if (record) {
        record->columns = columns;
        record->column = (double *)(record + 1);
    }
    return record;
}

void basin_record_free(struct basin_record *record)
{
    free(record);
}

void basin_record_lay(struct basin_record *record, size_t count)
{
    record->count = count;
    record->ending = (unsigned char *)(record->column + record->columns * count);
    record->flags = record->ending + count;
    record->minimum = record->flags + count;
    record->root = record->minimum + count;
    record->roots = record->root + count;
}

size_t basin_record_size(const struct basin_record *record)
{
    return record->count * (record->columns * sizeof(double) + BYTES);
}

void *basin_record_bytes(struct basin_record *record)
{
    return record->column;
}

double *basin_record_at(const struct basin_record *record, size_t column, size_t cell)
{
    return record->column + column * record->count + cell;
}
