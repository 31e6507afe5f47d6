/* The cells of a tile as the ledger keeps them: one block, array by array.
 *
 *   column[columns * count]   doubles, column by column
 *   ending[count], flags[count], minimum[count], root[count], roots[count]   a byte each
 *
 * Shapes: as above, count <= BASIN_TILE_CELLS.  Memory: one block.  Errors: none. */
#ifndef CLI_BASIN_RECORD_H
#define CLI_BASIN_RECORD_H

#include <stdbool.h>
#include <stddef.h>

enum basin_flag { BASIN_BY_REFEREE = 1, BASIN_HAS_LIMIT = 2 };

struct basin_record {
    size_t columns, count;
    double *column;                          /* [columns * count] */
    unsigned char *ending, *flags, *minimum; /* [count] */
    unsigned char *root, *roots; /* [count] the limit is root 1, ..., roots; 0: unknown */
};

struct basin_record *basin_record_create(size_t columns); /* NULL: out of memory */
void basin_record_free(struct basin_record *record);      /* NULL is allowed */

/* Room for `count` cells, in the block that is there. */
void basin_record_lay(struct basin_record *record, size_t count);
size_t basin_record_size(const struct basin_record *record);
void *basin_record_bytes(struct basin_record *record);

/* Cells from, from + 1, ... of one record as cells to, to + 1, ... of another with as many columns. */
void basin_record_copy(const struct basin_record *source, size_t from, struct basin_record *record,
                       size_t to, size_t count);

double *basin_record_at(const struct basin_record *record, size_t column, size_t cell);

#endif
