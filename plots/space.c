/* A phase portrait in a box of three unknowns.
 *
 * Surfaces of fixed points are drawn as light grids, so that what is behind them stays visible and
 * no hidden-surface removal is needed; their colour says whether they attract.  Trajectories are
 * the leaves of the first integrals where these are curves.  The box is drawn with all its edges,
 * which gives the eye the depth. */
#include "plots/space.h"

#include "plots/figure.h"
#include "plots/legend.h"
#include "plots/ticks.h"

#include <stdio.h>

/* The canvas, in cm. */
static const double TITLE_ABOVE = 0.14, BOX = 6.7, BOX_BELOW = -0.15, BOTTOM = 0.12;

const char *const space_tables[SPACE_TABLES] = {
    [SPACE_ATTRACTING] = "space-attracting.tsv",
    [SPACE_REPELLING] = "space-repelling.tsv",
    [SPACE_SADDLES] = "space-saddles.tsv",
    [SPACE_NEUTRAL] = "space-neutral.tsv",
    [SPACE_TRAJECTORIES] = "space-trajectories.tsv",
    [SPACE_HEADS] = "space-heads.tsv",
    [SPACE_LIMITS] = "space-limits.tsv",
    [SPACE_SADDLE_LIMITS] = "space-saddle-limits.tsv",
    [SPACE_STARTS] = "space-starts.tsv",
};

/* How a table is drawn and what it is; drawn in this order. */
struct layer {
    enum space_table table;
    const char *columns, *kind, *style;
    enum legend_sample sample;
    const char *text; /* NULL: explained by another layer */
};

static const struct layer layers[] = {
    {SPACE_ATTRACTING, "1:2:3", "lines", "lw 1.0 lc rgb sky", LEGEND_LINE,
     "attracting fixed points"},
    {SPACE_REPELLING, "1:2:3", "lines", "lw 1.0 lc rgb purple", LEGEND_LINE,
     "repelling fixed points"},
    {SPACE_NEUTRAL, "1:2:3", "lines", "lw 1.0 lc rgb grey", LEGEND_LINE, "neutral fixed points"},
    {SPACE_SADDLES, "1:2:3", "lines", "lw 2.2 lc rgb ink", LEGEND_LINE, "saddles"},
    {SPACE_TRAJECTORIES, "2:3:4", "lines", "lw 1.1 lc rgb vermillion", LEGEND_ARROW,
     "trajectories"},
    {SPACE_HEADS, "1:2:3:4:5:6", "vectors filled size screen 0.018,18,60 fixed",
     "lw 1.1 lc rgb vermillion", LEGEND_ARROW, NULL},
    {SPACE_LIMITS, "1:2:3", "points", "pt 7 ps 0.4 lc rgb blue", LEGEND_POINT, "their limits"},
    {SPACE_SADDLE_LIMITS, "1:2:3", "points", "pt 9 ps 0.7 lc rgb ink", LEGEND_POINT,
     "limits at saddles"},
    {SPACE_STARTS, "1:2:3", "points", "pt 5 ps 0.55 lc rgb vermillion", LEGEND_POINT,
     "start given"},
};
enum { LAYERS = sizeof layers / sizeof *layers };
enum { TICKS_WANTED = 6 }; /* steps of an axis: labels of more would meet on the short one */

struct canvas {
    double width, height, box_bottom;
    struct lines title, caption;
    struct legend legend;
};

static void canvas_compose(const struct space_figure *figure, struct canvas *canvas)
{
    *canvas = (struct canvas){.width = FIGURE_COLUMN};
    lines_add(&canvas->title, figure->title, legend_title_width);
    for (size_t k = 0; k < SPACE_CAPTIONS; k++)
        lines_add(&canvas->caption, figure->caption[k], legend_caption_width);
    for (size_t k = 0; k < LAYERS; k++)
        if (figure->has[layers[k].table] && layers[k].text)
            legend_line(&canvas->legend, layers[k].sample, layers[k].style,
                        figure->projected && layers[k].table == SPACE_TRAJECTORIES
                            ? "projected trajectories"
                            : layers[k].text);
    canvas->box_bottom =
        legend_height(&canvas->legend) + legend_caption_height(&canvas->caption) + BOTTOM;
    canvas->height = canvas->box_bottom + BOX + legend_title_height(&canvas->title) + TITLE_ABOVE;
}

/* The names stand at fixed places on the canvas, where the view puts the axes. */
static void axes_add(struct script *script, const struct space_figure *figure,
                     const struct canvas *canvas)
{
    static const struct {
        double x, y; /* cm, from the left and from the bottom of the box */
        const char *adjust;
    } place[SPACE_AXES] = {{2.4, 0.72, "right"}, {8.4, 0.45, "right"}, {0.3, 5.3, "left"}};
    char name[SCRIPT_LABEL_MAX];
    for (size_t k = 0; k < SPACE_AXES; k++) {
        const char axis = (char)('x' + (int)k);
        const double *w = figure->window + 2 * k;
        script_symbol(figure->axis[k], name);
        script_add(script, "set %crange [%.17g:%.17g]\nset %ctics %.10g offset %s\n", axis, w[0],
                   w[1], axis, ticks_step(w[1] - w[0], TICKS_WANTED), k == 2 ? "0.5,0" : "0,-0.2");
        ticks_add(script, axis, w[0], w[1], name);
        script_add(script, "set label \"%s\" at screen %.5f,%.5f %s font ',10'\n", name,
                   place[k].x / canvas->width, (canvas->box_bottom + place[k].y) / canvas->height,
                   place[k].adjust);
    }
}

static void settings_add(struct script *script, const struct space_figure *figure,
                         const struct canvas *canvas)
{
    const struct legend_place title = {
        .width = canvas->width, .height = canvas->height, .top = canvas->height - TITLE_ABOVE};
    struct legend_place below = {
        .width = canvas->width, .height = canvas->height, .top = canvas->box_bottom};
    script_add(script, "set datafile separator tab\nunset key\nset tics font ',8'\n"
                       "set tics textcolor rgb ink\nset border 4095 lw 0.4 lc rgb '#888888'\n"
                       "set view 64,28,1.14,1.08\nset xyplane relative 0\n"
                       "set clip one\nset clip two\n");
    script_add(script, "set origin 0,%.5f\nset size 1,%.5f\n",
               (canvas->box_bottom - BOX_BELOW) / canvas->height,
               (BOX + BOX_BELOW) / canvas->height);
    axes_add(script, figure, canvas);
    legend_radius_add(script, canvas->width);
    legend_title_add(script, &canvas->title, &title);
    legend_add(script, &canvas->legend, &below);
    below.top -= legend_height(&canvas->legend);
    legend_caption_add(script, &canvas->caption, &below);
}

static void plots_add(struct script *script, const struct space_figure *figure)
{
    const char *between = "splot ";
    for (size_t k = 0; k < LAYERS; k++)
        if (figure->has[layers[k].table]) {
            script_add(script, "%s'%s' using %s with %s %s", between, space_tables[layers[k].table],
                       layers[k].columns, layers[k].kind, layers[k].style);
            between = ", \\\n      ";
        }
    if (*between == 's') /* nothing in the box: gnuplot still draws it */
        script_add(script, "splot NaN notitle");
    script_add(script, "\n");
}

enum status space_draw(const struct space_figure *figure)
{
    struct canvas canvas;
    canvas_compose(figure, &canvas);
    const struct figure whole = {.directory = figure->directory,
                                 .name = "space",
                                 .title = "Phase portrait in space",
                                 .width = canvas.width,
                                 .height = canvas.height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, figure, &canvas);
    plots_add(plot, figure);
    return figure_of_scripts(&whole, settings, plot);
}
