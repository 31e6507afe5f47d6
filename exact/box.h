/* Chains under fixed feedback for all data in a box: one branch of limits, a limit box, a uniform
 * rate.
 *
 * Data are beta, alpha, the feedback weights and the start, each a number or an interval of
 * rationals.  In residual time all members start at s = 0, so that one bracket holds the first
 * zero of e for a whole cell of the box: e has one sign before it, falls on it and has the other
 * sign behind, in enclosures of the mean value form in all data at once.  A cell that is not
 * decided is halved in the coordinate that matters most.  Doubles propose where to look and decide
 * nothing.
 *
 * Shapes: data[count], count = 2 + c_count + layers: beta, alpha, c_1.., a_1..; limit[layers].
 * Units: rate 1/time.  Memory: box_question_create(), box_decide() make what their free() frees.
 * Errors: NO_MEMORY, BAD_ARGUMENT.  What is not decided within the cells allowed is counted by its
 * share of the volume.  Source: notes/universal.md, (UN9). */
#ifndef EXACT_BOX_H
#define EXACT_BOX_H

#include "base/status.h"
#include "exact/premise.h"

#include <stdbool.h>
#include <stddef.h>

enum box_feedback {
    BOX_DIRECT, /* srbp: d_i = r_i c_i */
    BOX_LAYERED /* rbp: d_i = r_i c_i c_(i+1) ... */
};

enum { BOX_BETA, BOX_ALPHA, BOX_FEEDBACK }; /* places in data */

struct box_question {
    enum box_feedback feedback;
    size_t layers, c_count, count; /* c_count: layers, or one less: then c_L = 1 */
    fmpq *low, *high;              /* [count], low <= high */
    fmpq *rates;                   /* [layers], positive */
};

enum status box_question_create(enum box_feedback feedback, size_t layers, size_t c_count,
                                struct box_question **question) MUST_CHECK;
void box_question_free(struct box_question *question);

/* Every number of the premise, a chain under rbp or srbp, varied by the share `within` of itself,
 * rates not; c_L only if it is given.  *question = NULL, with *why_not, for other premises. */
struct box_variation {
    const struct premise *premise;
    const fmpq *within; /* 0 < within < 1 */
    bool top_is_given;
};
enum status box_question_of_premise(const struct box_variation *variation,
                                    struct box_question **question,
                                    const char **why_not) MUST_CHECK;

/* "beta", "alpha", "c1", "a1": name[BOX_NAME_MAX] */
enum { BOX_NAME_MAX = 24 };
const char *box_question_name(const struct box_question *question, size_t i, char *name);

/* How many data are intervals. */
size_t box_question_intervals(const struct box_question *question);

enum box_kind { BOX_SPLIT, BOX_LEAF, BOX_OPEN };

enum { BOX_BREAKS_MOST = 48 };

/* The tree of cells in preorder: a split is followed by its lower half and then its upper one. */
struct box_node {
    enum box_kind kind;
    size_t coordinate;            /* of a split */
    int direction;                /* of a leaf */
    size_t breaks;                /* of a leaf: 0 < t_1 < ... < t_breaks = u < v, or u = 0 */
    double t[BOX_BREAKS_MOST], v; /* moduli of residual time, exact */
    signed char *sign;            /* [layers] of the limit of a leaf, 0: not said */
};

struct box {
    size_t layers, nodes, leaves, open, cells; /* cells: looked at */
    struct box_node *node;                     /* [nodes] */
    bool complete;                             /* no cell is open */
    double open_share;                         /* of the volume, exact up to rounding */
    arb_ptr limit; /* [layers] holds the limits of all members that are decided */
    arf_t rate;    /* all of them are approached at least so fast */
};

/* At most cells_most cells are looked at. */
enum status box_decide(const struct box_question *question, size_t cells_most,
                       struct box **box) MUST_CHECK;
void box_free(struct box *box);

#endif
