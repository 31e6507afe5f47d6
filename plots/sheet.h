/* A figure one column wide: panels above each other on one horizontal axis, the title above them, legend
 * and small print below.
 *
 * A writer fills a sheet, asks for its height, and adds its panels in their order; each is followed by
 * the writer's own plot command.  Lengths are centimetres.
 * Shapes: the panels from the top.  Memory: plain data; styles of the legend are borrowed.
 * Errors: those of the script. */
#ifndef PLOTS_SHEET_H
#define PLOTS_SHEET_H

#include "plots/legend.h"

enum sheet_scale { SHEET_LINEAR, SHEET_LOGARITHMIC };

/* An axis runs from `from` to `to`, which is less on an axis that is reversed; positive if logarithmic. */
struct sheet_axis {
    const char *name; /* plain text, mathematics in it is set */
    enum sheet_scale scale;
    double from, to;
};

enum { SHEET_PANELS_MOST = 3 };

struct sheet {
    struct lines title, caption;
    struct legend legend;
    size_t panels;
    double panel[SHEET_PANELS_MOST]; /* heights */
    struct sheet_axis x;
    size_t more_rows; /* of labels below the axis, beside the first */
};

double sheet_height(const struct sheet *sheet);

/* What stays in force; for the settings of the figure. */
void sheet_settings_add(struct script *script, const struct sheet *sheet);

/* Begins a panel: its place, its axes and, with the first one, all texts. */
void sheet_panel_add(struct script *script, const struct sheet *sheet, size_t panel,
                     const struct sheet_axis *y);

/* An axis by itself, letter x or y, but for its name, which takes the unit of its numbers:
 * label[SCRIPT_LABEL_MAX].  Bare: then x keeps its ticks and has no labels and no name. */
void sheet_axis_add(struct script *script, char letter, const struct sheet_axis *axis, char *label);
void sheet_axis_bare(struct script *script, const struct sheet_axis *x);

/* The range of values with room beside them: all of a logarithmic axis are positive. */
void sheet_axis_fit(struct sheet_axis *axis, double low, double high);

#endif
