/* The legend of a figure: samples and what they mean, in columns below the plot.
 *
 * gnuplot's own key cannot show half-filled marks, and everything that is drawn must be explained.
 * Lengths are centimetres on the canvas.  Texts are plain; mathematics in them is set.  A text that
 * is too long for its column has a row of its own, or several.
 * Memory: plain data; styles are borrowed.  Errors: those of the script. */
#ifndef PLOTS_LEGEND_H
#define PLOTS_LEGEND_H

#include "plots/colour.h"
#include "plots/lines.h"
#include "plots/script.h"

#include <stdbool.h>

enum legend_mark {
    LEGEND_FULL,  /* filled: attracts */
    LEGEND_OPEN,  /* repels */
    LEGEND_LOWER, /* lower half filled: saddle */
    LEGEND_LEFT,  /* left half filled: attracts from one side, or undecided */
    LEGEND_DOT,   /* a dot inside: orbits close round it */
    LEGEND_SQUARE /* small, in the colour of trajectories: a start */
};

enum { LEGEND_MAX = 24 };

enum legend_sample {
    LEGEND_LINE,
    LEGEND_DASHED,
    LEGEND_DOTTED,
    LEGEND_ARROW,
    LEGEND_POINT,
    LEGEND_DISC,
    LEGEND_BOX,    /* filled with a colour */
    LEGEND_HATCHED /* the same with stripes */
};

struct legend_entry {
    enum legend_sample sample;
    const char *style;     /* gnuplot: of a line or a point */
    const char *ground;    /* of a wider line below it; NULL: none */
    struct colour colour;  /* of a box */
    enum legend_mark mark; /* of a disc */
    struct lines text;
    bool plain;
    char whole[LINES_LENGTH]; /* the text in one line */
};

struct legend {
    size_t count;
    size_t columns; /* 0: two, as on the canvas of one column */
    bool plain;     /* names, in which nothing is mathematics */
    struct legend_entry entry[LEGEND_MAX];
};

/* An entry that stands there already is not repeated. */
void legend_line(struct legend *legend, enum legend_sample sample, const char *style,
                 const char *text);
void legend_box(struct legend *legend, enum legend_sample sample, struct colour colour,
                const char *text);
/* A line on a wider one, legible on any colour. */
void legend_cased(struct legend *legend, enum legend_sample sample, const char *const styles[2],
                  const char *text);
void legend_disc(struct legend *legend, enum legend_mark mark, const char *text);

double legend_height(const struct legend *legend); /* cm */

/* Where the legend stands: its top, on a canvas of this size. */
struct legend_place {
    double width, height, top;
};
void legend_add(struct script *script, const struct legend *legend,
                const struct legend_place *place);

/* Lines of small print from the top downwards, and the height of one. */
double legend_caption_height(const struct lines *caption);
void legend_caption_add(struct script *script, const struct lines *caption,
                        const struct legend_place *place);

/* Characters of small print that fit on the canvas of one column. */
extern const size_t legend_caption_width;

/* The title at the top of the canvas, 9 points; its lines and their height. */
extern const size_t legend_title_width;
double legend_title_height(const struct lines *title);
void legend_title_add(struct script *script, const struct lines *title,
                      const struct legend_place *place);

/* One mark at a point of the coordinate system "first" or "screen".  The script must have set the
 * variable `radius`: legend_radius_add(). */
void legend_mark_add(struct script *script, const char *system, double x, double y,
                     enum legend_mark mark);
void legend_radius_add(struct script *script, double width);

#endif
