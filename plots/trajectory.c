/* One trajectory against time.
 *
 * Two panels share the time axis.  The loss is drawn as its excess over the global minimum on a
 * logarithmic axis, where exponential settling is a straight line and a plateau cannot hide; where
 * dynamics spread over decades the time axis is logarithmic too.  Up to eight unknowns have their
 * own colour; more of them run through the palette from the first to the last layer. */
#include "plots/trajectory.h"

#include "plots/figure.h"
#include "plots/sheet.h"

#include <math.h>
#include <stdio.h>

enum { COLOURS = TRAJECTORY_LIMITS_MOST };

/* The canvas, in cm. */
static const double LEFT = 1.55, RIGHT = 0.35, PANEL = 3.6, PANEL_GAP = 0.45;
static const double TITLE_ABOVE = 0.1; /* from the top to the first line */
static const double KEY_ROW = 0.55;    /* between title and plot */
static const double NAME_LEFT = 0.3;   /* names of the vertical axes */
static const double AXIS_BELOW = 1.0, BOTTOM = 0.12;
static const double TEN = 10;
static const double SIZE_LEAST = 1e-12; /* moduli below this part of the largest leave the view */

const double trajectory_loss_least = 1e-18;

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

static void settings_add(struct script *script, const struct panels *panels)
{
    script_add(script, "set datafile separator tab\n");
    script_add(script, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n",
               LEFT / panels->width, 1 - RIGHT / panels->width);
    script_add(script,
               "unset colorbox\nset tics font ',8'\nset grid x y lw 0.4 lc rgb '#E4E4E4'\n");
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

static struct sheet_axis time_axis(const struct trajectory_figure *figure)
{
    return (struct sheet_axis){.name = "time t",
                               .scale = figure->log_time ? SHEET_LOGARITHMIC : SHEET_LINEAR,
                               .from = figure->log_time ? figure->first_time : 0,
                               .to = figure->end_time};
}

static void time_axis_add(struct script *script, const struct trajectory_figure *figure)
{
    char label[SCRIPT_LABEL_MAX];
    const struct sheet_axis x = time_axis(figure);
    sheet_axis_add(script, 'x', &x, label);
    script_add(script, "set xlabel \"%s\" offset 0,0.4\n", label);
}

static void time_axis_bare(struct script *script, const struct trajectory_figure *figure)
{
    char label[SCRIPT_LABEL_MAX];
    const struct sheet_axis x = time_axis(figure);
    sheet_axis_add(script, 'x', &x, label);
    sheet_axis_bare(script, &x);
}

/* The axis and its name, left of it. */
static void value_axis_add(struct script *script, const struct sheet_axis *y,
                           const struct panels *panels, size_t panel)
{
    char label[SCRIPT_LABEL_MAX];
    sheet_axis_add(script, 'y', y, label);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f center rotate by 90 font ',8'\n",
               label, NAME_LEFT / panels->width, (panels->top[panel] + panels->bottom[panel]) / 2);
}

static void limits_add(struct script *script, const struct trajectory_figure *figure)
{
    bool drawn = figure->limit && figure->unknowns <= COLOURS;
    for (size_t k = 0; drawn && k < figure->unknowns; k++)
        script_add(script,
                   "set arrow %zu from graph 0,first %.17g to graph 1,first %.17g nohead "
                   "back lw 0.7 dt (24,14) lc rgb colour[%zu]\n",
                   k + 1, figure->limit[k], figure->limit[k], k + 1);
    if (isfinite(figure->blowup_time))
        script_add(script,
                   "set arrow %d from first %.17g,graph 0 to first %.17g,graph 1 nohead "
                   "lw 0.9 dt (20,12) lc rgb ink\n",
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
    char name[SCRIPT_LABEL_MAX];
    struct sheet_axis y = {.name = name,
                           .scale = figure->log_size ? SHEET_LOGARITHMIC : SHEET_LINEAR};
    const char *bar = figure->log_size ? "|" : "";
    snprintf(name, sizeof name, "%s%s%s", bar,
             figure->unknowns == 1 ? figure->name[0] : figure->what, bar);
    sheet_axis_fit(&y,
                   figure->log_size ? fmax(figure->y[0], SIZE_LEAST * figure->y[1]) : figure->y[0],
                   figure->y[1]);
    script_add(script, "set tmargin at screen %.5f\nset bmargin at screen %.5f\n", panels->top[0],
               panels->bottom[0]);
    texts_add(script, panels);
    limits_add(script, figure);
    value_axis_add(script, &y, panels, 0);
    script_add(script,
               "set key at screen %.5f,%.5f right center horizontal font ',8' "
               "samplen 1.2 width 0.5 Left reverse\nplot ",
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
    const bool is_drawn = figure->loss[1] > 0;
    struct sheet_axis y = {.name = figure->whole_loss ? "loss" : "excess loss",
                           .scale = is_drawn && figure->loss[1] > TEN * figure->loss[0]
                                        ? SHEET_LOGARITHMIC
                                        : SHEET_LINEAR};
    sheet_axis_fit(&y, y.scale == SHEET_LINEAR ? 0 : figure->loss[0], figure->loss[1]);
    script_add(script, "unset arrow\nunset key\n");
    value_axis_add(script, &y, panels, 1);
    script_add(script,
               "plot 'trajectory.tsv' using 1:(($%zu) > %g ? $%zu : NaN) with lines "
               "lw 1.4 lc rgb ink\n",
               figure->unknowns + 2, trajectory_loss_least, figure->unknowns + 2);
}

static void plot_add(struct script *script, const struct trajectory_figure *figure,
                     const struct panels *panels)
{
    if (!figure->has_loss) {
        time_axis_add(script, figure);
        unknowns_add(script, figure, panels);
        return;
    }
    script_add(script, "set multiplot\n");
    time_axis_bare(script, figure);
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
    settings_add(settings, &panels);
    plot_add(plot, figure, &panels);
    return figure_of_scripts(&whole, settings, plot);
}
