/* One trajectory against time.
 *
 * Two panels share the time axis.  The loss is drawn as its excess over the global minimum on a
 * logarithmic axis, where exponential settling is a straight line and a plateau cannot hide; where
 * dynamics spread over decades the time axis is logarithmic too.  Up to eight unknowns have their
 * own colour; more of them run through the palette from the first to the last layer. */
#include "plots/trajectory.h"

#include "plots/figure.h"
#include "plots/legend.h"

#include <math.h>
#include <stdio.h>

enum { COLOURS = 8 };

/* The canvas, in cm. */
static const double LEFT = 1.55, RIGHT = 0.35, PANEL = 3.6, PANEL_GAP = 0.3;
static const double TITLE_ABOVE = 0.1; /* from the top to the first line */
static const double KEY_ROW = 0.55;    /* between title and plot */
static const double NAME_LEFT = 0.3;   /* names of the vertical axes */
static const double AXIS_BELOW = 1.0, BOTTOM = 0.05;
static const double LOSS_LEAST = 1e-18; /* an error of 1e-9, below what the tolerances resolve */

struct panels {
    double width, height; /* cm */
    double key;           /* from the top to its middle, cm */
    struct lines title, caption;
    double top[2], bottom[2]; /* of the unknowns and of the loss, fractions of the height */
};

static void panels_compose(const struct trajectory_figure *figure, struct panels *panels)
{
    *panels = (struct panels){.width = FIGURE_COLUMN};
    lines_add(&panels->title, figure->title, legend_title_width);
    for (size_t k = 0; k < TRAJECTORY_CAPTIONS; k++)
        lines_add(&panels->caption, figure->caption[k], legend_caption_width);
    const double above = TITLE_ABOVE + legend_title_height(&panels->title) + KEY_ROW;
    const double below = AXIS_BELOW + legend_caption_height(&panels->caption) + BOTTOM;
    panels->height = above + PANEL + below + (figure->has_loss ? PANEL + PANEL_GAP : 0);
    panels->key = above - KEY_ROW / 2;
    panels->top[0] = 1 - above / panels->height;
    panels->bottom[0] = panels->top[0] - PANEL / panels->height;
    panels->bottom[1] = below / panels->height;
    panels->top[1] = panels->bottom[1] + PANEL / panels->height;
}

static void settings_add(struct script *script, const struct trajectory_figure *figure,
                         const struct panels *panels)
{
    script_add(script, "set datafile separator tab\n");
    script_add(script, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n",
               LEFT / panels->width, 1 - RIGHT / panels->width);
    if (figure->log_time)
        script_add(script, "set logscale x\nset xrange [%.17g:%.17g]\n", figure->first_time,
                   figure->end_time);
    else
        script_add(script, "set xrange [0:%.17g]\n", figure->end_time);
    script_add(
        script,
        "unset colorbox\nset mytics 1\nset tics font ',8'\nset grid x y lw 0.4 lc rgb '#E4E4E4'\n");
}

/* Title and small print, drawn with the first panel only. */
static void texts_add(struct script *script, const struct panels *panels)
{
    struct legend_place place = {
        .width = panels->width, .height = panels->height, .top = panels->height - TITLE_ABOVE};
    legend_title_add(script, &panels->title, &place);
    place.top = legend_caption_height(&panels->caption) + BOTTOM;
    legend_caption_add(script, &panels->caption, &place);
}

static void time_axis_add(struct script *script, const struct trajectory_figure *figure)
{
    script_add(script, "set xlabel \"time {/:Italic t}\" offset 0,0.4\nset format x '%s'\n",
               figure->log_time ? "10^{%T}" : "%g");
}

static void range_add(struct script *script, const struct trajectory_figure *figure)
{
    if (isfinite(figure->y[0]) && isfinite(figure->y[1]))
        script_add(script, "set yrange [%.10g:%.10g]\n", figure->y[0], figure->y[1]);
    else
        script_add(script, "set autoscale y\n");
}

static void limits_add(struct script *script, const struct trajectory_figure *figure)
{
    bool drawn = figure->limit && figure->unknowns <= COLOURS;
    for (size_t k = 0; drawn && k < figure->unknowns; k++)
        script_add(script,
                   "set arrow %zu from graph 0,first %.17g to graph 1,first %.17g nohead "
                   "back lw 0.5 dt (4,3) lc rgb colour[%zu]\n",
                   k + 1, figure->limit[k], figure->limit[k], k + 1);
    if (isfinite(figure->blowup_time))
        script_add(script,
                   "set arrow %d from first %.17g,graph 0 to first %.17g,graph 1 nohead "
                   "lw 0.8 dt (2,2) lc rgb ink\n",
                   COLOURS + 1, figure->blowup_time, figure->blowup_time);
}

static void curve_add(struct script *script, const struct trajectory_figure *figure, size_t k)
{
    char symbol[SCRIPT_LABEL_MAX];
    script_symbol(figure->name[k], symbol);
    script_add(script, "%s'trajectory.tsv' using 1:", k ? ", \\\n     " : "");
    script_add(script, figure->log_size ? "($%zu != 0 ? abs($%zu) : NaN)" : "%zu", k + 2, k + 2);
    script_add(script, " with %s lw 1.4 ", figure->points ? "linespoints pt 7 ps 0.35" : "lines");
    if (figure->unknowns <= COLOURS)
        script_add(script, "lc rgb colour[%zu] title \"%s\"", k + 1, symbol);
    else if (k == 0 || k + 1 == figure->unknowns)
        script_add(script, "lc palette frac %.4f title \"%s\"",
                   (double)k / (double)(figure->unknowns - 1), symbol);
    else
        script_add(script, "lc palette frac %.4f notitle",
                   (double)k / (double)(figure->unknowns - 1));
}

static void unknowns_add(struct script *script, const struct trajectory_figure *figure,
                         const struct panels *panels)
{
    char symbol[SCRIPT_LABEL_MAX];
    script_add(script, "set tmargin at screen %.5f\nset bmargin at screen %.5f\n", panels->top[0],
               panels->bottom[0]);
    texts_add(script, panels);
    range_add(script, figure);
    limits_add(script, figure);
    const char *name = figure->unknowns == 1 ? script_symbol(figure->name[0], symbol) : "weights";
    const char *bar = figure->log_size ? "|" : "";
    script_add(script, "%s logscale y\nset format y '%s'\n", figure->log_size ? "set" : "unset",
               figure->log_size ? "10^{%T}" : "%g");
    script_add(script, "set label \"%s%s%s\" at screen %.5f,%.5f center rotate by 90 font ',8'\n",
               bar, name, bar, NAME_LEFT / panels->width, (panels->top[0] + panels->bottom[0]) / 2);
    script_add(script,
               "set key at screen %.5f,%.5f right center horizontal font ',8' "
               "samplen 1.2 width 0.5\nplot ",
               1 - RIGHT / panels->width, 1 - panels->key / panels->height);
    for (size_t k = 0; k < figure->unknowns; k++)
        curve_add(script, figure, k);
    script_add(script, "\nunset label\n");
}

static void loss_add(struct script *script, const struct trajectory_figure *figure,
                     const struct panels *panels)
{
    script_add(script, "set tmargin at screen %.5f\nset bmargin at screen %.5f\n", panels->top[1],
               panels->bottom[1]);
    script_add(script, "unset arrow\nset logscale y\nset yrange [*:*]\nset format y '10^{%%T}'\n");
    script_add(script,
               "set label \"%s\" at screen %.5f,%.5f center rotate by 90 "
               "font ',8'\nunset key\n",
               figure->whole_loss ? "loss" : "excess loss", NAME_LEFT / panels->width,
               (panels->top[1] + panels->bottom[1]) / 2);
    script_add(script,
               "plot 'trajectory.tsv' using 1:(($%zu) > %g ? $%zu : NaN) with lines "
               "lw 1.4 lc rgb ink\n",
               figure->unknowns + 2, LOSS_LEAST, figure->unknowns + 2);
}

static void plot_add(struct script *script, const struct trajectory_figure *figure,
                     const struct panels *panels)
{
    if (!figure->has_loss) {
        time_axis_add(script, figure);
        unknowns_add(script, figure, panels);
        return;
    }
    script_add(script, "set multiplot\nunset xlabel\nset format x ''\n");
    unknowns_add(script, figure, panels);
    time_axis_add(script, figure);
    loss_add(script, figure, panels);
    script_add(script, "unset multiplot\n");
}

enum status trajectory_draw(const struct trajectory_figure *figure)
{
    struct panels panels;
    panels_compose(figure, &panels);
    const struct figure whole = {.directory = figure->directory,
                                 .name = "trajectory",
                                 .title = "One trajectory against time",
                                 .width = panels.width,
                                 .height = panels.height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, figure, &panels);
    plot_add(plot, figure, &panels);
    return figure_of_scripts(&whole, settings, plot);
}
