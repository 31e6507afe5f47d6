/* A figure: one gnuplot script beside its tables, drawn as PNG, PDF and SVG in print size.
 *
 * Widths and heights are in centimetres; a column of a two-column journal is FIGURE_COLUMN wide.
 * The script NAME.gp is complete: `gnuplot NAME.gp` in its directory draws the figure again.
 * Memory: none kept; a NULL text means that memory ran out while it was made.  Errors:
 * CANNOT_WRITE, NO_MEMORY, NO_PROGRAM; with NO_PROGRAM (gnuplot is not installed) the script has
 * been written. */
#ifndef PLOTS_FIGURE_H
#define PLOTS_FIGURE_H

#include "base/status.h"
#include "plots/script.h"

enum { FIGURE_FORMATS = 3, FIGURE_NAME_MAX = 64 };

static const double FIGURE_COLUMN = 8.6; /* cm; as in Physical Review and many others */

struct figure {
    const char *directory, *name;
    const char *title;    /* first line of the script, a comment */
    double width, height; /* cm */
    const char *settings; /* commands that stay in force */
    const char *plot;     /* commands that draw, done once for each format */
};

enum status figure_draw(const struct figure *figure) MUST_CHECK;

/* The same with the texts of two scripts, which it frees. */
enum status figure_of_scripts(const struct figure *figure, struct script *settings,
                              struct script *plot) MUST_CHECK;

/* The names of the files of a figure: the script and its pictures; file[FIGURE_FORMATS + 1]. */
void figure_files(const char *name, char file[FIGURE_FORMATS + 1][FIGURE_NAME_MAX]);

/* The settings that all figures share: fonts, line widths, colours, palettes. */
const char *figure_style(void);

#endif
