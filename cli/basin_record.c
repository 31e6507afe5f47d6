/* The cells of a tile in one block. */
#include "cli/basin_record.h"

#include "ode/basin.h"

#include <stdlib.h>
#include <string.h>

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

void basin_record_copy(const struct basin_record *source, size_t from, struct basin_record *record,
                       size_t to, size_t count)
{
    for (size_t c = 0; c < record->columns; c++)
        memcpy(basin_record_at(record, c, to), basin_record_at(source, c, from),
               count * sizeof(double));
    memcpy(record->ending + to, source->ending + from, count);
    memcpy(record->flags + to, source->flags + from, count);
    memcpy(record->minimum + to, source->minimum + from, count);
    memcpy(record->root + to, source->root + from, count);
    memcpy(record->roots + to, source->roots + from, count);
}
