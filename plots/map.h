/* Maps of basins: a plane of starts, coloured by class and shaded by a value, or by a value alone.
 *
 * Class map: each class has a colour and, where it is wide enough, its number in the picture;
 * values make it lighter (settling times as a rule: lighter is slower).  Grey cells are undecided,
 * white ones unbounded, hatched ones end otherwise; these are never shaded.
 * Value map: a perceptually uniform scale, logarithmic where the values are positive and span
 * decades; grey and white as before, hatched in black.  Values that do not differ, or not from 0,
 * have no scale: the caption says what they are.
 * The colours end at the quantiles 0.01 and 0.99 of the values.
 * Files: NAME.rgb, the picture as bytes, NAME.gp and its three pictures.  Curves are tables
 * (x y, curves separated by blank lines) beside them.
 * Shapes: cells as in raster.h; window x0, x1, y0, y1.  Errors: those of raster.h and
 * figure_draw(). */
#ifndef PLOTS_MAP_H
#define PLOTS_MAP_H

#include "plots/portrait.h"
#include "plots/raster.h"
#include <stdbool.h>

enum map_paint { MAP_COLOUR, MAP_GREY, MAP_WHITE, MAP_HATCHED };

struct map_class {
    const char *label;
    enum map_paint paint;
    double fraction;  /* of all cells */
    double low, high; /* confidence interval of the fraction; NAN: none */
    bool is_proved;   /* so are the bounds; the fraction, which may lie outside, is not shown */
};

enum map_line {
    MAP_ATTRACTING, /* fixed points */
    MAP_REPELLING,
    MAP_NEUTRAL,
    MAP_SEPARATRIX,
    MAP_CELLS, /* outlines */
    MAP_LINES
};

struct map_curve {
    enum map_line line;
    const char *table; /* file in the directory */
};

enum { MAP_CAPTIONS = 3 };

struct map_figure {
    const char *directory, *name;
    const char *title, *caption[MAP_CAPTIONS]; /* plain text, broken into lines; may be NULL */
    const char *axis[2];                       /* names of the two unknowns */
    double window[4];                          /* x0, x1, y0, y1 */
    struct raster_source source;               /* its classes are those of `class` */
    const char *value;                         /* what the values are; NULL: no values */
    double zero; /* values up to this are 0 within their errors; 0: none but 0 itself */
    const struct map_class *class; /* [source.classes] */
    size_t curves;
    const struct map_curve *curve; /* [curves] */
    size_t points;
    const struct portrait_point *point; /* [points] */
};

enum status map_draw_classes(const struct map_figure *figure) MUST_CHECK;
enum status map_draw_values(const struct map_figure *figure) MUST_CHECK;

#endif
