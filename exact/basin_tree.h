/* A plane of starts cut into cells, each of which is proved whole or left undecided.
 *
 * The window is a closed rectangle with rational corners; a cell is a piece of it, halved in both
 * directions again and again, and every start of a closed cell that is proved ends in the way that its
 * class says: (EX20)-(EX24) of notes/exact.md.  Areas are therefore rational, too: the share of a
 * class is at least what is proved for it, and at most what is not proved for another.
 *
 * Shapes: window[4] = x0, x1, y0, y1; axis[2], unknowns of the statement; cell i, j of level l is
 *     [x0 + i (x1 - x0)/2^l, x0 + (i + 1) (x1 - x0)/2^l], the same of y.
 * Memory: basin_tree_create(), basin_tree_free().  Errors: BAD_ARGUMENT, NO_MEMORY, INTERRUPTED; a
 * system that no proof covers gives *tree = NULL and says why.  The result does not depend on the
 * threads. */
#ifndef EXACT_BASIN_TREE_H
#define EXACT_BASIN_TREE_H

#include "base/progress.h"
#include "exact/statement.h"
#include "ode/ending.h"

#include <signal.h>
#include <stdint.h>

enum { BASIN_TREE_LEVELS_MOST = 14, BASIN_TREE_UNDECIDED = UINT16_MAX };

struct basin_tree_question {
    const struct statement *statement; /* its x0 is the start but for the plane */
    size_t axis[2];
    const fmpq *window;                /* [4] */
    unsigned levels;                   /* the smallest cells are 2^-levels of the window wide */
    size_t threads;                    /* at least 1 */
    const volatile sig_atomic_t *stop; /* not 0 once the work is to end; NULL: it goes on */
    struct progress *progress;         /* is told of it, level by level; may be NULL */
};

/* What is proved alike of cells: the ending and, where it tells branches apart, the signs of the
 * first `signs` unknowns at the limit. */
struct basin_tree_class {
    enum ending ending;
    uint64_t positive, negative; /* bit i: unknown i; neither: it is 0 */
    fmpq area;                   /* that is proved, as a share of the window */
    size_t leaves;
};

struct basin_tree_leaf {
    uint32_t i, j;
    unsigned level;
    uint16_t class;             /* BASIN_TREE_UNDECIDED */
    int direction;              /* of residual time; 0: both */
    size_t breaks, first_break; /* moduli of residual time, in tree->at, as in tube.h */
    double near, far;           /* and where the zeros lie */
};

struct basin_tree_node {
    size_t child; /* the first of four, (i, j) by bits 1, 2; 0: a leaf */
    size_t leaf;
};

struct basin_tree {
    unsigned levels;
    size_t signs;
    fmpq window[4];
    size_t classes, leaves, undecided, nodes, cells, looks, breaks; /* cells: how many were tried */
    struct basin_tree_class *class;                                 /* [classes] */
    struct basin_tree_leaf *leaf; /* [leaves], level by level, by rows from below */
    struct basin_tree_node *node; /* [nodes], node[0] is the window */
    double *at;                   /* [breaks], as in tube.h: dyadic */
    size_t *undecided_at;         /* [levels + 1] cells of each level that were not proved */
};

enum status basin_tree_create(const struct basin_tree_question *question, struct basin_tree **tree,
                              const char **why_not) MUST_CHECK;
void basin_tree_free(struct basin_tree *tree);

/* Which column (axis 0) or row (axis 1) of the smallest cells has this coordinate; it must lie in the
 * window.  On a line between two cells it is the upper one, but for the end of the window. */
uint32_t basin_tree_index(const struct basin_tree *tree, size_t axis, const fmpq_t coordinate);
uint32_t basin_tree_index_of_double(const struct basin_tree *tree, size_t axis, double coordinate);

/* The leaf that has the smallest cell i, j. */
const struct basin_tree_leaf *basin_tree_find(const struct basin_tree *tree, uint32_t i,
                                              uint32_t j);

/* x0, x1, y0, y1 of a leaf: box[4], initialised. */
void basin_tree_box(const struct basin_tree *tree, const struct basin_tree_leaf *leaf, fmpq *box);

/* The share of the window that is not proved, and that of a class at most. */
void basin_tree_undecided(const struct basin_tree *tree, fmpq_t area);
void basin_tree_most(const struct basin_tree *tree, size_t class, fmpq_t area);

#endif
