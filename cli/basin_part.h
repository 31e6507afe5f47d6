/* A part of a map: --part K/N, for the tasks of a job array.
 *
 * Pieces are dealt out to the parts in blocks, in turn, so that each part has some of every region
 * of the map, and costs about the same; BLOCKS of them each, if there are so many pieces.  Parts
 * are disjoint, and together they are the map.  Each has a ledger of its own in --out; the run that
 * makes the results, `--resume` without --part, takes their tiles over.
 *
 * Shapes: pieces are numbered from 0.  Memory: plain data.  Errors: BAD_ARGUMENT; of joining those
 * of the ledger. */
#ifndef CLI_BASIN_PART_H
#define CLI_BASIN_PART_H

#include "cli/basin_ledger.h"
#include "cli/ranks.h"

#include <stddef.h>

enum { BASIN_PART_NAME_MAX = 64 };

struct basin_part {
    size_t number, parts; /* of 0, ..., parts - 1; the whole map: 0 of 1 */
    size_t pieces, block;
};

/* Of so many pieces; number and parts are from `text`, "K/N" with 1 <= K <= N, or NULL. */
enum status basin_part_read(const char *text, size_t pieces, struct basin_part *part) MUST_CHECK;

/* How many pieces it has. */
size_t basin_part_count(const struct basin_part *part);

/* Cuts a run down to the first pieces of it that the part has, in one piece; first = end: none. */
void basin_part_cut(const struct basin_part *part, struct ranks_run *run);

/* The name of its ledger: that of the map, if it is the whole. */
const char *basin_part_file(const struct basin_part *part, char name[BASIN_PART_NAME_MAX]);

/* The ledgers of parts that are in the folder: do all have these parameters?  Takes over their
 * tiles.  Removes them, after their tiles are safe. */
enum status basin_part_compare(const char *directory, json_t *parameters) MUST_CHECK;
enum status basin_part_join(const char *directory, json_t *parameters,
                            struct basin_ledger *ledger) MUST_CHECK;
enum status basin_part_clear(const char *directory) MUST_CHECK;

#endif
