/* Orders of agreement as a log-log figure.
 *
 * Lines are drawn by their formula over the range of the points they were fitted to, so that a point
 * that was left out is seen to be left out; the expected slope is a line of its own, since two slopes
 * are compared by eye only where they start from one point. */
#include "plots/orders.h"

#include "base/table.h"
#include "plots/figure.h"
#include "plots/legend.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

/* The canvas, in cm; one column wide. */
static const double LEFT = 1.55, RIGHT = 0.35, HEIGHT = 6.4, AXIS_BELOW = 1.15, BOTTOM = 0.12;
static const double TITLE_ABOVE = 0.14, TITLE_GAP = 0.25, NAME_LEFT = 0.3;
static const double ROOM = 1.5;   /* factor beside the points */
static const double SLACK = 1e-9; /* so that the ends of a line are on it */

enum { FILE_MAX = 128, STYLE_MAX = 96, HEADER_MAX = 512, TICKS = 4 };

static const char *const colours[ORDERS_SERIES_MOST] = {"blue", "vermillion", "green", "purple",
                                                        "orange"};
static const char *const points[ORDERS_SERIES_MOST] = {/* the legend borrows them */
                                                       "pt 7 ps 0.55 lw 0.9 lc rgb blue",
                                                       "pt 5 ps 0.5 lw 0.9 lc rgb vermillion",
                                                       "pt 9 ps 0.6 lw 0.9 lc rgb green",
                                                       "pt 13 ps 0.65 lw 0.9 lc rgb purple",
                                                       "pt 11 ps 0.6 lw 0.9 lc rgb orange"};

static bool is_drawn(double value)
{
    return value > 0 && isfinite(value);
}

/* --- table ---------------------------------------------------------------------------------- */

static bool has_points(const struct orders_figure *figure, size_t s)
{
    for (size_t k = 0; k < figure->count; k++)
        if (is_drawn(figure->list[s].value[k]))
            return true;
    return false;
}

static enum status table_make(const struct orders_figure *figure)
{
    char file[FILE_MAX], header[HEADER_MAX];
    struct table *table = NULL;
    size_t length = (size_t)snprintf(header, sizeof header, "eta");
    for (size_t s = 0; s < figure->series && length < sizeof header; s++)
        length += (size_t)snprintf(header + length, sizeof header - length, " %s %s_error",
                                   figure->list[s].column, figure->list[s].column);
    snprintf(file, sizeof file, "%s.tsv", figure->name);
    TRY(table_open(figure->directory, file, header, &table));
    for (size_t k = 0; k < figure->count; k++) {
        table_number(table, figure->eta[k]);
        for (size_t s = 0; s < figure->series; s++) {
            const struct orders_series *series = &figure->list[s];
            const double value = series->value[k];
            table_number(table, is_drawn(value) ? value : NAN);
            table_number(table, series->error ? series->error[k] : 0);
        }
        table_end_row(table);
    }
    return table_close(table);
}

/* --- figure --------------------------------------------------------------------------------- */

struct canvas {
    double bottom, height, low, high; /* of the values */
    struct lines title, caption;
    struct legend legend;
};

static void values_range(const struct orders_figure *figure, struct canvas *canvas)
{
    canvas->low = INFINITY;
    canvas->high = 0;
    for (size_t s = 0; s < figure->series; s++)
        for (size_t k = 0; k < figure->count; k++)
            if (is_drawn(figure->list[s].value[k])) {
                canvas->low = fmin(canvas->low, figure->list[s].value[k]);
                canvas->high = fmax(canvas->high, figure->list[s].value[k]);
            }
    if (!(canvas->high > 0))
        canvas->low = canvas->high = 1;
    canvas->low /= ROOM;
    canvas->high *= ROOM;
}

static void canvas_compose(struct canvas *canvas, const struct orders_figure *figure)
{
    *canvas = (struct canvas){.bottom = AXIS_BELOW + BOTTOM, .legend = {.columns = 1}};
    bool fitted = false;
    for (size_t s = 0; s < figure->series; s++)
        if (has_points(figure, s)) {
            legend_line(&canvas->legend, LEGEND_POINT, points[s], figure->list[s].label);
            fitted |= !isnan(figure->list[s].slope);
        }
    if (fitted) {
        legend_line(&canvas->legend, LEGEND_LINE, "lw 1.2 lc rgb '#555555'",
                    "fitted slope, as above");
        legend_line(&canvas->legend, LEGEND_DASHED, "lw 0.9 lc rgb ink",
                    "expected slope, in brackets, through the smallest eta");
    }
    lines_add(&canvas->title, figure->title, legend_title_width);
    for (size_t k = 0; k < ORDERS_CAPTIONS; k++)
        lines_add(&canvas->caption, figure->caption[k], legend_caption_width);
    canvas->bottom += legend_height(&canvas->legend) + legend_caption_height(&canvas->caption);
    canvas->height =
        canvas->bottom + HEIGHT + TITLE_GAP + legend_title_height(&canvas->title) + TITLE_ABOVE;
    values_range(figure, canvas);
}

/* Few decades have few round numbers: ticks are at values of eta. */
static void ticks_at_etas(struct script *script, const struct orders_figure *figure)
{
    const size_t every = (figure->count + TICKS - 1) / TICKS;
    script_add(script, "set mxtics 1\nset xtics (");
    for (size_t k = 0; k < figure->count; k += every)
        script_add(script, "%s'%.3g' %.17g", k ? ", " : "", figure->eta[k], figure->eta[k]);
    script_add(script, ")\n");
}

static void settings_add(struct script *script, const struct orders_figure *figure,
                         const struct canvas *canvas)
{
    const double width = FIGURE_COLUMN, height = canvas->height;
    struct legend_place place = {.width = width, .height = height, .top = height - TITLE_ABOVE};
    script_add(
        script,
        "set datafile separator tab\nset lmargin at screen %.5f\nset rmargin at screen %.5f\n"
        "set bmargin at screen %.5f\nset tmargin at screen %.5f\n",
        LEFT / width, 1 - RIGHT / width, canvas->bottom / height,
        (canvas->bottom + HEIGHT) / height);
    script_add(script,
               "set logscale xy\nset tics font ',8' out nomirror\nunset key\n"
               "set xlabel 'learning rate {/:Italic \xce\xb7}' font ',8' offset 0,0.4\n"
               "set label 'distance' at screen %.5f,%.5f center rotate font ',8'\n"
               "set format y '10^{%%T}'\nset format x '%%h'\n"
               "set xrange [%.10g:%.10g]\nset yrange [%.10g:%.10g]\n"
               "set grid x y lw 0.4 lc rgb '#E4E4E4'\n",
               NAME_LEFT / width, (canvas->bottom + HEIGHT / 2) / height,
               figure->eta[figure->count - 1] / ROOM, figure->eta[0] * ROOM, canvas->low,
               canvas->high);
    ticks_at_etas(script, figure);
    legend_title_add(script, &canvas->title, &place);
    place.top = canvas->bottom - AXIS_BELOW;
    legend_add(script, &canvas->legend, &place);
    place.top -= legend_height(&canvas->legend);
    legend_caption_add(script, &canvas->caption, &place);
}

/* value = constant eta^slope between two values of eta, as parametric would need a mode of its own:
 * outside them the formula is undefined. */
static void line_add(struct script *script, const double eta[2], const double line[2],
                     const char *style)
{
    script_add(script, ", \\\n     (x >= %.10g && x <= %.10g) ? %.10g*x**%.10g : NaN with lines %s",
               eta[1] * (1 - SLACK), eta[0] * (1 + SLACK), line[0], line[1], style);
}

static void series_lines_add(struct script *script, const struct orders_figure *figure, size_t s)
{
    char style[STYLE_MAX];
    const struct orders_series *series = &figure->list[s];
    const size_t last = figure->count - 1;
    if (isnan(series->slope))
        return;
    const double fitted[2] = {series->constant, series->slope};
    const double range[2] = {figure->eta[series->first],
                             figure->eta[series->first + series->used - 1]};
    snprintf(style, sizeof style, "lw 1.2 lc rgb %s", colours[s]);
    line_add(script, range, fitted, style);
    const double all[2] = {figure->eta[0], figure->eta[last]};
    const double end = series->constant * pow(figure->eta[last], series->slope);
    const double expected[2] = {end / pow(figure->eta[last], series->expected), series->expected};
    line_add(script, all, expected, "lw 0.9 dt (10,8) lc rgb ink");
}

/* A bar that reaches zero ends at the axis. */
static void plot_add(struct script *script, const struct orders_figure *figure,
                     const struct canvas *canvas)
{
    enum { FIRST = 2 }; /* column of the first value */
    script_add(script, "set samples 1000\n");
    for (size_t s = 0; s < figure->series; s++) {
        const size_t value = FIRST + 2 * s, error = value + 1;
        script_add(script,
                   "%s'%s.tsv' using 1:%zu:($%zu > $%zu ? $%zu - $%zu : %.10g):($%zu + $%zu) with "
                   "yerrorbars pt -1 lw 0.5 lc rgb %s, \\\n     '' using 1:%zu with points %s",
                   s ? ", \\\n     " : "plot ", figure->name, value, value, error, value, error,
                   canvas->low, value, error, colours[s], value, points[s]);
    }
    for (size_t s = 0; s < figure->series; s++)
        series_lines_add(script, figure, s);
    script_add(script, "\n");
}

enum status orders_draw(const struct orders_figure *figure)
{
    struct canvas canvas;
    TRY(table_make(figure));
    canvas_compose(&canvas, figure);
    const struct figure whole = {.directory = figure->directory,
                                 .name = figure->name,
                                 .title = "Orders of agreement of steps with their flow",
                                 .width = FIGURE_COLUMN,
                                 .height = canvas.height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, figure, &canvas);
    plot_add(plot, figure, &canvas);
    return figure_of_scripts(&whole, settings, plot);
}
