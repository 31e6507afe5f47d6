/* A row of portraits, two columns of a journal wide.
 *
 * gnuplot's multiplot; every panel has the whole set of marks and curves of a portrait of its own,
 * so that nothing is lost by the comparison.  What belongs to the figure as a whole is drawn with
 * the first panel. */
#include "plots/panels.h"

#include "plots/figure.h"
#include "plots/portrait_parts.h"

#include <math.h>
#include <string.h>

/* The canvas, in cm. */
static const double WIDE = 17.8; /* two columns and the gap between them */
static const double LEFT = 1.2, BETWEEN = 1.2, RIGHT = 1.3;
static const double TITLE_ABOVE = 0.14, PANEL_TITLE = 0.45, TITLE_GAP = 0.75;
static const double AXIS_BELOW = 1.0, BOTTOM = 0.12;
enum { COLUMNS = 4 };

struct canvas {
    struct portrait_frame frame; /* of the first panel */
    struct legend legend;
    struct lines title, caption;
};

static void canvas_set(const struct panels_figure *figure, struct canvas *canvas)
{
    *canvas = (struct canvas){.legend = {.columns = COLUMNS}};
    for (size_t k = 0; k < figure->count; k++)
        portrait_legend(&canvas->legend, &figure->panel[k]);
    lines_add(&canvas->title, figure->title, 2 * legend_title_width);
    for (size_t k = 0; k < PORTRAIT_CAPTIONS; k++)
        lines_add(&canvas->caption, figure->caption[k], 2 * legend_caption_width);
    struct portrait_frame *frame = &canvas->frame;
    const double count = (double)figure->count;
    frame->canvas_width = WIDE;
    frame->left = LEFT;
    frame->width = (WIDE - LEFT - RIGHT - (count - 1) * BETWEEN) / count;
    frame->height = frame->width * portrait_aspect(figure->panel[0].window);
    frame->bottom = AXIS_BELOW + legend_height(&canvas->legend) +
                    legend_caption_height(&canvas->caption) + BOTTOM;
    frame->canvas_height = frame->bottom + frame->height + TITLE_GAP +
                           legend_title_height(&canvas->title) + TITLE_ABOVE;
}

/* Title, legend and caption, once. */
static void common_add(struct script *script, const struct canvas *canvas)
{
    struct legend_place place = {.width = canvas->frame.canvas_width,
                                 .height = canvas->frame.canvas_height,
                                 .top = canvas->frame.canvas_height - TITLE_ABOVE};
    legend_title_add(script, &canvas->title, &place);
    place.top = canvas->frame.bottom - AXIS_BELOW;
    legend_add(script, &canvas->legend, &place);
    place.top -= legend_height(&canvas->legend);
    legend_caption_add(script, &canvas->caption, &place);
}

static void panel_add(struct script *script, const struct panels_figure *figure,
                      const struct canvas *canvas, size_t k)
{
    char title[SCRIPT_LABEL_MAX];
    const struct portrait_figure *panel = &figure->panel[k];
    struct portrait_frame frame = canvas->frame;
    frame.left += (double)k * (frame.width + BETWEEN);
    script_add(script, "name = '%s'\nunset label\nunset object\nunset arrow\nunset colorbox\n",
               panel->name);
    portrait_frame_add(script, panel, &frame);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f center font ',9'\n",
               script_formula(panel->title, title),
               (frame.left + frame.width / 2) / frame.canvas_width,
               (frame.bottom + frame.height + PANEL_TITLE) / frame.canvas_height);
    if (k == 0)
        common_add(script, canvas);
    if (k + 1 == figure->count)
        portrait_bar_add(script, panel, &frame);
    portrait_curves_add(script, panel);
}

/* The colours mean the same speeds in all panels. */
static void speeds_unite(struct panels_figure *figure)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t k = 0; k < figure->count; k++) {
        least = fmin(least, figure->panel[k].speed[0]);
        most = fmax(most, figure->panel[k].speed[1]);
    }
    for (size_t k = 0; k < figure->count; k++) {
        figure->panel[k].speed[0] = least;
        figure->panel[k].speed[1] = most;
    }
}

enum status panels_draw(const struct panels_figure *given)
{
    struct panels_figure figure = *given;
    struct canvas canvas;
    speeds_unite(&figure);
    canvas_set(&figure, &canvas);
    const struct figure whole = {.directory = figure.directory,
                                 .name = figure.name,
                                 .title = "Phase portraits side by side",
                                 .width = canvas.frame.canvas_width,
                                 .height = canvas.frame.canvas_height};
    struct script *settings = script_create(), *plot = script_create();
    script_add(settings, "set datafile separator tab\n");
    script_add(plot, "set multiplot\n");
    script_add(plot, "set cbrange [%.4f:%.4f]\n", figure.panel[0].speed[0],
               figure.panel[0].speed[1]);
    for (size_t k = 0; k < figure.count; k++)
        panel_add(plot, &figure, &canvas, k);
    script_add(plot, "unset multiplot\n");
    return figure_of_scripts(&whole, settings, plot);
}
