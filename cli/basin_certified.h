/* --certified: cells of the plane that are proved whole, beside the numerical map.
 *
 *   basin_certified.c          the tree, its classes by the names of the map, cells beside their proofs
 *   basin_certified_files.c    certified.tsv, contradictions.tsv
 *   basin_certified_picture.c  proved area in colour, the rest in grey
 *   basin_certified_print.c    lines of the summary, and JSON
 *
 * A class of the map has two-sided bounds: what is proved for it, and what is not proved for others.
 * Memory: basin_certified_free().  Errors: BAD_ARGUMENT for systems and options without proofs. */
#ifndef CLI_BASIN_CERTIFIED_H
#define CLI_BASIN_CERTIFIED_H

#include "cli/basin.h"
#include "cli/columns.h"
#include "exact/basin_tree.h"

/* Of cells that the map calls by one name. */
struct basin_certified_class {
    char label[BASIN_LABEL_MAX];
    enum ending ending;
    fmpq low, high; /* shares of the window */
    size_t leaves;
};

struct basin_certified {
    struct statement *statement;
    fmpq *window; /* [4] as typed */
    unsigned levels;
    struct basin_tree *tree;
    double seconds;
    size_t classes;
    struct basin_certified_class *class;   /* [classes] */
    size_t *of_tree;                       /* [tree->classes] which of them */
    uint32_t *column, *row;                /* smallest cells in which the starts of the map lie */
    size_t agree, disagree, nothing, open; /* starts: as proved, not, undecided, not proved */
};

/* Checks options and system before anything is computed; *certified NULL: not asked for. */
enum status basin_certified_open(const struct basin_map *map,
                                 struct basin_certified **certified) MUST_CHECK;
void basin_certified_free(struct basin_certified *certified); /* NULL is allowed */

/* After basin_measure(): the proofs, and every start of the map beside them; manifest NULL: no list. */
enum status basin_certified_make(struct basin_map *map, struct manifest *manifest) MUST_CHECK;

/* The leaf in which the start at column i, row j lies. */
const struct basin_tree_leaf *basin_certified_leaf(const struct basin_certified *certified,
                                                   size_t i, size_t j);
/* The one with this name; NULL: nothing is proved of it. */
const struct basin_certified_class *basin_certified_named(const struct basin_certified *certified,
                                                          const char *label);
double basin_certified_number(const fmpq_t share); /* to the nearest */

enum status basin_certified_save(const struct basin_map *map, struct manifest *manifest) MUST_CHECK;
enum status basin_certified_picture(const struct basin_map *map, const char *const caption[],
                                    struct manifest *manifest) MUST_CHECK;
void basin_certified_lines(const struct basin_map *map, struct columns *columns);
json_t *basin_certified_json(const struct basin_map *map);

#endif
