/* --refine and --probe: starts beside the cells.
 *
 * The first cuts the cells at the boundaries of a map again and again (ode/basin_refine.h), the second
 * moves random starts by small distances (ode/basin_exponent.h).  The starts that they ask for are given trajectories, or predictions, and classes by the
 * rules of the cells, and are kept in the ledger batch by batch, so that a kill loses one batch.
 * Which starts these are depends on the classes: a batch is used again only if its starts are the
 * ones that are asked for.
 *
 * Shapes: class[starts], value[starts].  Memory: of the whole map two bytes a cell, in a temporary
 * file that is mapped into memory; beyond that it grows with the boundary.
 * Errors: INTERRUPTED, BAD_ARGUMENT (the boundary is too long), NO_MEMORY, CANNOT_WRITE, those of
 * trajectories and of the ledger.  notes/basins.md, (T6), (T7). */
#ifndef CLI_BASIN_FINER_H
#define CLI_BASIN_FINER_H

#include "cli/basin.h"
#include "ode/basin_refine.h"

#define BASIN_FINER_FILE "refined.tsv"

struct basin_finer {
    struct basin_map *map;
    const char *list; /* of the ledger, that its batches are in */
    struct basin_refine *refine;
    struct basin_refined whole;
    struct basin_area *area; /* [classes] */
    size_t depth;            /* halvings that were asked for */
    size_t leaves;           /* cells of level 1 and more that are not cut */
    size_t starts, room;     /* starts that have a class; room for */
    uint16_t *class;         /* [room] of each start */
    size_t batches, begins;  /* how many; room for */
    size_t *begin;           /* [begins] the first start of each batch */
    uint16_t *label;         /* [cells] of the coarse map; mapped */
    bool *undecided;         /* [classes] */
    struct basin_record *record;
    size_t block_room;
    double *block; /* of a batch as the ledger has it: its points, then its record */
};

/* After basin_map_classify(): refines, and map->finer has the result; nothing without --refine. */
enum status basin_finer_make(struct basin_map *map) MUST_CHECK;
void basin_finer_free(struct basin_finer *finer); /* NULL is allowed */

/* --probe N: the uncertainty exponent from N random starts at each of some distances, (T5), into
 * map->probed; nothing without it. */
enum status basin_finer_probe(struct basin_map *map) MUST_CHECK;

/* Batch `number` from the ledger into finer->record. */
enum status basin_finer_load(struct basin_finer *finer, size_t number) MUST_CHECK;

/* Value v of all starts: value[starts]. */
enum status basin_finer_value(struct basin_finer *finer, size_t v, float *value) MUST_CHECK;

/* refined.tsv: the leaves in the order of their starts. */
enum status basin_finer_table(struct basin_finer *finer, const char *directory) MUST_CHECK;

/* The group /refined of an HDF5 file; finer is a struct basin_finer. */
enum status basin_finer_hdf5(void *finer, int64_t file) MUST_CHECK;

#endif
