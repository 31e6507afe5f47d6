/* A tree of cells: boxes of data, halved again and again, with what is said of each.
 *
 * The lines of the tree, in preorder, are read first; tree_prove() then visits the cells in the
 * same order and proves what each of them says, with the arithmetic of curve.h.  The volume of a
 * cell is 2^-depth of the whole, as every split halves it.
 *
 * Memory: memory.h.  Errors: rejections, which name the line of the cell. */
#ifndef CHECKER_TREE_H
#define CHECKER_TREE_H

#include "checker/crossing.h"
#include "checker/curve.h"
#include "checker/text.h"

enum tree_word { TREE_SPLIT, TREE_LEAF, TREE_NEAR, TREE_AWAY, TREE_OPEN };

struct tree_node {
    enum tree_word word;
    size_t line;
    size_t coordinate;         /* split: from 0 */
    struct tree_node *half[2]; /* split: the lower one, the upper one */
    const char *signs;         /* leaf, near: signs[unknowns] of + - ?, inside the file */
    struct crossing crossing;  /* leaf; away: without a bracket */
    mpq_t *width;              /* near: width[unknowns] */
};

/* What all leaves have to prove besides: NULL where there is nothing. */
struct tree_demand {
    struct crossing_box *box; /* the state at the limit */
    mpq_t *rate;              /* -dG/ds is above it */
};

/* The volume of the cells with one word of signs, over that of the box. */
struct tree_share {
    const char *signs;
    mpq_t volume;
};

struct tree {
    const struct premise *premise;
    size_t unknowns, intervals;
    size_t *number; /* number[intervals] of the data that are intervals, as in curve.h */
    struct tree_node *root;
    struct tree_demand demand;
    struct curve_data cell;
    struct curve *narrow[CURVE_PRECISIONS]; /* with the derivatives in the intervals */
    struct curve *wide[CURVE_PRECISIONS];   /* with those in all unknowns as well */
    size_t shares, room;
    struct tree_share *share; /* [shares], in ASCII order */
    mpq_t away;
};

/* The line `tree` and the lines after it.  Whether `away` and `open` may be among them: */
enum tree_words { TREE_WORDS_ALL, TREE_WORDS_SETTLED };
void tree_read(struct text *text, const struct premise *premise, enum tree_words words,
               struct tree *tree);

/* Rejects unless every cell is proved; fills in the shares. */
void tree_prove(struct tree *tree, const struct tree_demand *demand);

/* The parts of the proof of one cell: NULL, or what is not proved. */
const char *tree_cell_leaf(struct tree *tree, struct tree_node *node, struct curve *curve);
const char *tree_cell_near(struct tree *tree, struct tree_node *node, size_t precision);
const char *tree_cell_away(struct tree *tree, struct tree_node *node, size_t precision);

/* The curve of this precision, for the data of the cell, made when it is first asked for. */
struct curve *tree_narrow(struct tree *tree, size_t precision);
/* The same for other data, whose unknowns are all intervals. */
struct curve *tree_wide(struct tree *tree, size_t precision, const struct curve_data *data);

#endif
