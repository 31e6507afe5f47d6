/* A canvas with one plot. */
#include "plots/canvas.h"

#include "plots/figure.h"
#include "plots/ticks.h"

const double canvas_left = 1.2, canvas_right = 0.35;

static const double AXIS_BELOW = 1.05, BOTTOM = 0.12, TITLE_ABOVE = 0.14, TITLE_GAP = 0.6;
static const double X_NAME = 0.75;               /* below the plot */
static const double Y_NAME = 0.34, HANGS = 0.16; /* above it, and to the left of it */

void canvas_compose(struct canvas *canvas)
{
    canvas->width = FIGURE_COLUMN;
    canvas->bottom = AXIS_BELOW + legend_height(&canvas->legend) +
                     legend_caption_height(&canvas->caption) + BOTTOM;
    canvas->height = canvas->bottom + canvas->plot + TITLE_GAP +
                     legend_title_height(&canvas->title) + TITLE_ABOVE;
}

static void axes_add(struct script *script, const struct canvas *canvas)
{
    char x[SCRIPT_LABEL_MAX], y[SCRIPT_LABEL_MAX];
    const double *w = canvas->window;
    const double right = canvas->width - canvas_right, top = canvas->bottom + canvas->plot;
    script_formula(canvas->axis[0], x);
    script_formula(canvas->axis[1], y);
    script_add(script, "set tics font ',8'\nset xtics offset 0,0.3\nset ytics offset 0.4,0\n");
    ticks_add(script, 'x', w[0], w[1], x);
    ticks_add(script, 'y', w[2], w[3], y);
    script_add(script, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n",
               canvas_left / canvas->width, right / canvas->width);
    script_add(script, "set bmargin at screen %.5f\nset tmargin at screen %.5f\n",
               canvas->bottom / canvas->height, top / canvas->height);
    script_add(script, "set xrange [%.17g:%.17g]\nset yrange [%.17g:%.17g]\n", w[0], w[1], w[2],
               w[3]);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f center font ',10'\n", x,
               (canvas_left + right) / 2 / canvas->width,
               (canvas->bottom - X_NAME) / canvas->height);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f left font ',10'\n", y,
               (canvas_left - HANGS) / canvas->width, (top + Y_NAME) / canvas->height);
    script_add(script, "unset key\n");
}

void canvas_settings(struct script *script, const struct canvas *canvas)
{
    struct legend_place place = {
        .width = canvas->width, .height = canvas->height, .top = canvas->height - TITLE_ABOVE};
    script_add(script, "set datafile separator tab\n");
    axes_add(script, canvas);
    legend_radius_add(script, canvas->width);
    legend_title_add(script, &canvas->title, &place);
    place.top = canvas->bottom - AXIS_BELOW;
    legend_add(script, &canvas->legend, &place);
    place.top -= legend_height(&canvas->legend);
    legend_caption_add(script, &canvas->caption, &place);
}
