/* Learning curves of one or several rules, and the angles of a rule's layers.
 *
 * Tables in the directory, tab-separated:
 *   learning.tsv       rule epoch test least most loss least most   a block for each rule, with two
 *                      empty lines between; means over trials, and their ranges
 *   NAME.tsv           epochs weights_1 ... updates_1 ...   degrees, of the hidden layers
 * Units: errors in percent, angles in degrees, time in epochs.  Memory: borrowed.
 * Errors: as figure_draw(). */
#ifndef PLOTS_LEARNING_H
#define PLOTS_LEARNING_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { LEARNING_CAPTIONS = 2, LEARNING_CURVES_MAX = 32, LEARNING_PANELS = 2, LEARNING_NAME = 48 };

/* Test error above, training loss below, both on logarithmic axes; drawn as learning.gp. */
struct learning_figure {
    const char *directory, *title, *caption[LEARNING_CAPTIONS]; /* plain text */
    size_t curves;
    const char *name[LEARNING_CURVES_MAX];
    bool single[LEARNING_CURVES_MAX]; /* of one point only, as of what diverges at once: a mark */
    bool bands;                       /* draw the ranges of the trials, of at most seven curves */
    bool errors;                      /* of labels, in percent; else the test loss is drawn */
    double epochs;                    /* end of the axis */
    double test[2], loss[2];          /* the least positive and the largest numbers */
    double floor;                     /* smaller errors are drawn there */
};

enum status learning_draw(const struct learning_figure *figure) MUST_CHECK;

/* Angles of the feedback above, of the updates below; drawn as NAME.gp. */
struct learning_angles {
    const char *directory, *name, *title, *caption[LEARNING_CAPTIONS];
    size_t layers;               /* hidden ones */
    bool skipped;                /* C_l belongs to all weights above, not to the next ones */
    bool panel[LEARNING_PANELS]; /* is there any number? */
    double first, epochs;        /* ends of the logarithmic axis */
    double most;                 /* the largest angle */
};

enum status learning_angles_draw(const struct learning_angles *figure) MUST_CHECK;

#endif
