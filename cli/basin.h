/* A run of `settle basin`: from the options to the tiles of a map, and what is made of them.
 *
 *   basin_options.c    the grid, the values, the parameters
 *   basin_record.h     a tile as the ledger has it
 *   basin_part.h       the share of a task of a job array
 *   basin_cells.c      trajectories and predictions of the tiles that the ledger has not
 *   basin_values.c     numbers of one cell
 *   basin_map.c        classes, and tiles as struct basin gives them out
 *   basin_finer.h      --refine: cells at the boundaries, cut again and again
 *   basin_measure.c    shares, entropy, dimension of the boundary
 *   basin_certified.h  --certified: cells that are proved whole
 *   basin_check.c      every cell beside its prediction
 *   basin_output.c     the HDF5 file and the figures
 *   basin_files.c      tables and the manifest;  basin_print.c: the summary
 *
 * Files and summary are made from the ledger alone, tile by tile in their order, so that they are
 * the same after any number of interruptions.
 * Memory: basin_map_free().  Errors: BAD_ARGUMENT, UNKNOWN_NAME, NO_MEMORY, STORE_FAILED,
 * INTERRUPTED, and those of files. */
#ifndef CLI_BASIN_H
#define CLI_BASIN_H

#include "cli/basin_ledger.h"
#include "cli/basin_part.h"
#include "cli/basin_record.h"
#include "cli/manifest.h"
#include "ode/basin_classes.h"
#include "ode/basin_statistics.h"
#include "ode/sweep.h"

enum { BASIN_FIGURES_MOST = 6 }; /* of values: a wide network has hundreds */

/* What a column of a tile holds. */
enum basin_quantity {
    BASIN_TIME,      /* settling time; of a prediction NAN */
    BASIN_LIMIT,     /* a coordinate of the limit */
    BASIN_LOSS,      /* excess loss at the limit, or the loss where the excess is not known */
    BASIN_SHARPNESS, /* largest eigenvalue of the loss's Hessian at the limit */
    BASIN_RATE,      /* at which the flow nears its limit; of a saddle negative */
    BASIN_PATH,      /* length of the trajectory up to its limit */
    BASIN_TURNS,     /* sign changes of dP/dt */
    BASIN_ALIGNMENT, /* cosine between feedback weights and forward ones, at the limit */
    BASIN_TIME_ERROR,
    BASIN_PATH_ERROR, /* estimates */
    BASIN_BOUND,      /* distance bound; not given out */
    BASIN_QUANTITIES
};

struct basin_column {
    enum basin_quantity quantity;
    size_t unknown; /* of BASIN_LIMIT */
};

/* What the cells of this run, and those before it, came to. */
struct basin_tally {
    size_t cells, by_referee;
    size_t endings[ENDING_COUNT];
};

struct basin_agreement {
    size_t compared, agree, disagree, nothing; /* nothing to compare */
};

struct basin_finer;     /* cli/basin_finer.h */
struct basin_certified; /* cli/basin_certified.h */

struct basin_map {
    const struct options *options;
    struct problem_given given;
    struct plan plan; /* of the referee; stop: NULL, or what is asked in place of interrupts */
    enum basin_colouring colouring;
    bool predicts, checks;
    struct basin basin;
    const char **name;           /* [dim] of the unknowns */
    double *base;                /* [dim] */
    size_t columns;              /* the first basin.values of them are given out */
    struct basin_column *column; /* [columns] */
    struct basin_value *value;   /* [values] */
    size_t limit_at, bound_at;   /* where these columns are */
    json_t *parameters;          /* what the cells depend on */
    struct basin_ledger *ledger;
    struct basin_classes *classes;
    struct basin_part own_part;  /* that this run computes */
    size_t piece;                /* cells of a row of the ledger; divides BASIN_TILE_CELLS */
    struct basin_record *record; /* of the tile that is read */
    struct basin_record *part;   /* of the piece that is read */
    struct progress *progress;
    struct basin_tally tally;
    struct basin_agreement agreement;
    struct basin_finer *finer;                     /* what --refine has found; NULL */
    struct basin_certified *certified;             /* what --certified has proved; NULL */
    struct basin_exponent probed, probed_with_all; /* by random starts, with --probe */
    struct basin_share *share; /* [basin.classes]; no bounds on undecided cells */
    struct basin_summary summary;
    size_t trajectories;                 /* of this run */
    double seconds;                      /* that they took */
    double finer_seconds, files_seconds; /* starts at boundaries; tables and figures */
    bool interrupted;
};

/* From the options: problem, grid, columns, parameters; checks everything. */
enum status basin_map_prepare(const struct options *options, struct basin_map *map) MUST_CHECK;
void basin_map_free(struct basin_map *map);

/* Computes the pieces that the ledger has not, on all ranks; an interrupt sets map->interrupted.
 * Helpers have no ledger. */
enum status basin_cells_compute(struct basin_map *map) MUST_CHECK;

/* Cells that begin at point[count*axes] of the plane or box, count <= BASIN_TILE_CELLS, into a
 * record of map->columns; the ledger does not learn of them. */
enum status basin_cells_at(struct basin_map *map, size_t count, const double *point,
                           struct basin_record *record) MUST_CHECK;

/* The columns of a cell, as its record has them: column[columns]. */
struct basin_cell {
    const double *x0;
    const struct sweep_result *result; /* of a trajectory, or with what a prediction says */
};
void basin_values_fill(const struct basin_map *map, const struct basin_cell *cell, double *column);
/* Are times or lengths among them, for which the way is observed? */
bool basin_values_observe(const struct basin_map *map);
/* Which root of the leaf the limit is, and of how many; both 0 where that is not known. */
void basin_values_root(const struct basin_map *map, const struct sweep_result *result,
                       unsigned char *root, unsigned char *roots);
/* BAD_ARGUMENT for a quantity that this system does not have. */
enum status basin_values_fit(const struct basin_map *map, enum basin_quantity quantity) MUST_CHECK;
const char *basin_values_name(enum basin_quantity quantity);

/* Pieces of the ledger: how many there are, and the cells of one. */
size_t basin_map_pieces(const struct basin_map *map);
size_t basin_map_piece_count(const struct basin_map *map, size_t piece);

/* The records of a tile, all of whose pieces are there, into map->record. */
enum status basin_map_load(struct basin_map *map, size_t tile) MUST_CHECK;

/* Class k of the cell k of a record, whose cells are number first, first + 1, ...: class[count].
 * A cell that fits none of the classes makes a new one; basin_map_list() tells map->basin. */
enum status basin_map_classes(const struct basin_map *map, const struct basin_record *record,
                              size_t first, uint16_t *class) MUST_CHECK;
void basin_map_list(struct basin_map *map);
bool basin_map_is_sound(const struct basin_record *record); /* can this program have made it? */

/* All tiles are there: finds the classes, counts, and opens map->basin for reading. */
enum status basin_map_classify(struct basin_map *map) MUST_CHECK;

/* After that: shares of the classes, entropy, dimension. */
enum status basin_measure(struct basin_map *map) MUST_CHECK;
double basin_measure_undecided(const struct basin_map *map);   /* share */
const char *basin_measure_bounds(const struct basin_map *map); /* what they mean, in words */

/* The unknowns that do not vary, "a3 = 1, a4 = 0", text[size]; of many the first.  Empty: none. */
const char *basin_map_fixed(const struct basin_map *map, size_t size, char *text);

/* Every cell beside its prediction; manifest NULL: no list. */
enum status basin_check(struct basin_map *map, struct manifest *manifest) MUST_CHECK;

/* Removes the results of an earlier run, and what a kill has left of them; not the ledger. */
void basin_files_clear(const char *directory);
enum status basin_output_save(const struct basin_map *map, struct manifest *manifest) MUST_CHECK;
enum status basin_files_save(struct basin_map *map, struct manifest *manifest) MUST_CHECK;
/* The summary of a part. */
enum status basin_print_part(const struct basin_map *map, FILE *file) MUST_CHECK;
enum status basin_print(const struct basin_map *map, FILE *file) MUST_CHECK;
enum status basin_print_json(const struct basin_map *map, const struct manifest *manifest,
                             FILE *file) MUST_CHECK;

#endif
