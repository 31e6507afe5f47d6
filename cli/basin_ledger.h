/* The ledger of a map: basin.sqlite in --out, or of a part of it (basin_part.h), or a temporary
 * file that nobody sees.
 *
 *   parameter  name, value        what the cells depend on, as JSON texts
 *   tile       number, cells, sum   the records of a run of cells, as in memory (basin_record.h)
 *   batch      list, number, cells, sum    starts beyond the grid, and their records: basin_finer.h
 *
 * sum is number * 2^32 + CRC-32 of cells: a byte that a disk has changed is seen when they are read.
 * Each tile and batch is one transaction, so that a kill at any moment loses at most those in work.
 * The ledger of a part is locked as long as it is open, so that nobody takes it over too early.
 * Memory: one object; at most one tile of SQLite's, notes/hardening.md, (HD10).
 * Errors: STORE_FAILED; BAD_ARGUMENT where another map is to be resumed, BAD_DATA for a tile that
 * is damaged, or of other tables, notes/hardening.md, (HD11). */
#ifndef CLI_BASIN_LEDGER_H
#define CLI_BASIN_LEDGER_H

#include "base/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define BASIN_LEDGER_FILE "basin.sqlite"

struct basin_ledger; /* opaque */

/* Is there a ledger that has a tile?  Not one that cannot be read. */
bool basin_ledger_has_cells(const char *directory, const char *file);

/* A new ledger, in the place of an old one.  directory NULL: a temporary file.  `parameters` is an
 * object whose values are compared as texts. */
enum status basin_ledger_create(const char *directory, const char *file, json_t *parameters,
                                struct basin_ledger **ledger) MUST_CHECK;

/* Goes on with a ledger, or begins one; BAD_ARGUMENT names what differs. */
enum status basin_ledger_resume(const char *directory, const char *file, json_t *parameters,
                                struct basin_ledger **ledger) MUST_CHECK;

/* Takes over the tiles of another ledger of the same parameters that it has not itself. */
enum status basin_ledger_join(struct basin_ledger *ledger, const char *directory, const char *file,
                              json_t *parameters) MUST_CHECK;

enum status basin_ledger_close(struct basin_ledger *ledger) MUST_CHECK; /* frees; NULL is allowed */

/* The first gap from tile *end on, of `tiles` in all: tiles *first, ..., *end - 1 are missing; both
 * are `tiles` if none is. */
enum status basin_ledger_gap(struct basin_ledger *ledger, size_t tiles, size_t *first,
                             size_t *end) MUST_CHECK;
enum status basin_ledger_count(struct basin_ledger *ledger, size_t *tiles) MUST_CHECK;
enum status basin_ledger_save(struct basin_ledger *ledger, size_t tile, size_t size,
                              const void *cells) MUST_CHECK;
enum status basin_ledger_load(struct basin_ledger *ledger, size_t tile, size_t size,
                              void *cells) MUST_CHECK;

/* Batches of starts, by the name of their list.  found: is there a sound one of this size? */
struct basin_ledger_batch {
    const char *list;
    size_t number, size;
};
enum status basin_ledger_batch_save(struct basin_ledger *ledger,
                                    const struct basin_ledger_batch *batch,
                                    const void *cells) MUST_CHECK;
enum status basin_ledger_batch_load(struct basin_ledger *ledger,
                                    const struct basin_ledger_batch *batch, void *cells,
                                    bool *found) MUST_CHECK;

#endif
