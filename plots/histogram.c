/* Histograms: a table of counts, and boxes that gnuplot stacks from it.
 *
 * The boxes of group g reach from the sum of the groups before it to that with it, so that the
 * height of all of them is what the axis says: starts. */
#include "plots/histogram.h"

#include "base/table.h"
#include "plots/figure.h"
#include "plots/legend.h"
#include "plots/ticks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The canvas, in cm; one column wide. */
static const double LEFT = 1.6, RIGHT = 0.35, HEIGHT = 4.6, AXIS_BELOW = 1.15, BOTTOM = 0.12;
static const double TITLE_ABOVE = 0.14, TITLE_GAP = 0.25;
static const double NAME_LEFT = 0.3; /* of the axis of counts */

enum { TICKS = 8, FILE_MAX = 128, NAME_ROOM = 32, FIRST_COUNT = 3 /* column of the table */ };

double histogram_edge(const struct histogram_figure *figure, size_t k)
{
    const double share = (double)k / (double)figure->bins;
    if (figure->logarithmic)
        return figure->low * pow(figure->high / figure->low, share);
    return figure->low + share * (figure->high - figure->low);
}

/* --- table ---------------------------------------------------------------------------------- */

static enum status table_begin(const struct histogram_figure *figure, struct table **table)
{
    char file[FILE_MAX];
    const size_t room = NAME_ROOM * (figure->groups + 2);
    char *header = calloc(1, room);
    if (!header)
        return status_fail(NO_MEMORY, "no memory for the header of a table");
    size_t length = (size_t)snprintf(header, room, "low high");
    for (size_t g = 0; g < figure->groups; g++)
        length += (size_t)snprintf(header + length, room - length, " group_%zu", g);
    snprintf(file, sizeof file, "%s.tsv", figure->name);
    const enum status status = table_open(figure->directory, file, header, table);
    free(header);
    return status;
}

static enum status table_make(const struct histogram_figure *figure)
{
    struct table *table = NULL;
    TRY(table_begin(figure, &table));
    for (size_t k = 0; k < figure->bins; k++) {
        table_number(table, histogram_edge(figure, k));
        table_number(table, histogram_edge(figure, k + 1));
        for (size_t g = 0; g < figure->groups; g++)
            table_number(table, (double)figure->count[k * figure->groups + g]);
        table_end_row(table);
    }
    return table_close(table);
}

/* --- figure --------------------------------------------------------------------------------- */

struct canvas {
    double bottom, height;
    struct lines title, caption;
    struct legend legend;
};

static void canvas_compose(struct canvas *canvas, const struct histogram_figure *figure)
{
    *canvas = (struct canvas){.bottom = AXIS_BELOW + BOTTOM};
    for (size_t g = 0; g < figure->groups; g++)
        legend_box(&canvas->legend, LEGEND_BOX, figure->group[g].colour, figure->group[g].label);
    lines_add(&canvas->title, figure->title, legend_title_width);
    for (size_t k = 0; k < HISTOGRAM_CAPTIONS; k++)
        lines_add(&canvas->caption, figure->caption[k], legend_caption_width);
    canvas->bottom += legend_height(&canvas->legend) + legend_caption_height(&canvas->caption);
    canvas->height =
        canvas->bottom + HEIGHT + TITLE_GAP + legend_title_height(&canvas->title) + TITLE_ABOVE;
}

static void settings_add(struct script *script, const struct histogram_figure *figure,
                         const struct canvas *canvas)
{
    char label[SCRIPT_LABEL_MAX];
    const double width = FIGURE_COLUMN, height = canvas->height;
    struct legend_place place = {.width = width, .height = height, .top = height - TITLE_ABOVE};
    script_add(
        script,
        "set datafile separator tab\nset lmargin at screen %.5f\nset rmargin at screen %.5f\n"
        "set bmargin at screen %.5f\nset tmargin at screen %.5f\n",
        LEFT / width, 1 - RIGHT / width, canvas->bottom / height,
        (canvas->bottom + HEIGHT) / height);
    script_add(script,
               "set tics font ',8' out nomirror\nset xlabel \"%s\" font ',8' offset 0,0.4\n"
               "set label 'starts' at screen %.5f,%.5f center rotate font ',8'\n"
               "set yrange [0:*]\nunset key\nset format x '%%h'\n" /* without a blank before it */
               "set xrange [%.10g:%.10g]\nset style fill solid noborder\n",
               script_formula(figure->value, label), NAME_LEFT / width,
               (canvas->bottom + HEIGHT / 2) / height, figure->low, figure->high);
    if (figure->whole)
        script_add(script, "set xtics %g\n",
                   fmax(1, ticks_step(figure->high - figure->low, TICKS)));
    if (figure->logarithmic)
        script_add(script, "set logscale x\n");
    legend_title_add(script, &canvas->title, &place);
    place.top = canvas->bottom - AXIS_BELOW;
    legend_add(script, &canvas->legend, &place);
    place.top -= legend_height(&canvas->legend);
    legend_caption_add(script, &canvas->caption, &place);
}

static void plot_add(struct script *script, const struct histogram_figure *figure)
{
    char text[COLOUR_TEXT];
    bool first = true;
    for (size_t g = 0; g < figure->groups; g++) {
        if (!figure->group[g].drawn)
            continue;
        const size_t column = FIRST_COUNT + g;
        script_add(script,
                   "%s'%s.tsv' using (($1+$2)/2):(0):1:2:(sum [i=%d:%zu] column(i)):"
                   "(sum [i=%d:%zu] column(i)) with boxxyerror fc rgb '%s'",
                   first ? "plot " : ", \\\n     ", figure->name, FIRST_COUNT, column - 1,
                   FIRST_COUNT, column, colour_text(figure->group[g].colour, text));
        first = false;
    }
    script_add(script, "\n");
}

enum status histogram_draw(const struct histogram_figure *figure)
{
    struct canvas canvas;
    TRY(table_make(figure));
    canvas_compose(&canvas, figure);
    const struct figure whole = {.directory = figure->directory,
                                 .name = figure->name,
                                 .title = "Histogram of an ensemble",
                                 .width = FIGURE_COLUMN,
                                 .height = canvas.height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, figure, &canvas);
    plot_add(plot, figure);
    return figure_of_scripts(&whole, settings, plot);
}
