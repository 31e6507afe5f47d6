/* The parts of a phase portrait, for figures that hold one and for figures that hold several.
 * Internal to portrait.c, panels.c and map.c.
 *
 * Units: centimetres on the canvas.  Memory: none.  Errors: those of the script. */
#ifndef PLOTS_PORTRAIT_PARTS_H
#define PLOTS_PORTRAIT_PARTS_H

#include "plots/legend.h"
#include "plots/portrait.h"

/* Where the plot stands on its canvas. */
struct portrait_frame {
    double canvas_width, canvas_height;
    double left, bottom, width, height; /* of the plot */
};

/* Entries for all that is drawn; those that the legend has already are not repeated. */
void portrait_legend(struct legend *legend, const struct portrait_figure *figure);

/* Those of the marks alone. */
void portrait_marks_legend(struct legend *legend, const struct portrait_figure *figure);

/* Margins, ranges, axes and marks; the colour bar beside the plot. */
void portrait_frame_add(struct script *script, const struct portrait_figure *figure,
                        const struct portrait_frame *frame);
void portrait_bar_add(struct script *script, const struct portrait_figure *figure,
                      const struct portrait_frame *frame);

/* The plot command; the variable `name` of the script is that of the tables. */
void portrait_curves_add(struct script *script, const struct portrait_figure *figure);

#endif
