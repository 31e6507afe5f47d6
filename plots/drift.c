/* The drift of conserved quantities.
 *
 * Drawn as itself a conserved quantity is a straight line whatever happens to it; its drift, over sixteen
 * decades, tells rounding from errors that grow.  The largest so far is what a reader is to believe, single
 * values may pass zero by chance; gnuplot makes it from the table while it draws. */
#include "plots/drift.h"

#include "plots/figure.h"
#include "plots/sheet.h"

#include <math.h>
#include <stdio.h>

static const double PANEL = 4.6; /* cm */
static const double ROOM = 10;   /* factor above the largest drift, below the least */

const double drift_least = 1e-17;

enum { STYLE = 64 };

static const char *const colours[DRIFT_MOST] = {"blue",   "vermillion", "green", "orange",
                                                "purple", "sky",        "ink"};
static const char TOLERANCE[] = "lw 1 lc rgb '#777777'";

static void sheet_compose(const struct drift_figure *figure, char style[DRIFT_MOST][STYLE],
                          struct sheet *sheet)
{
    *sheet = (struct sheet){.panels = 1,
                            .panel = {PANEL},
                            .x = {.name = "time t",
                                  .scale = figure->time[0] > 0 ? SHEET_LOGARITHMIC : SHEET_LINEAR,
                                  .from = figure->time[0],
                                  .to = figure->time[1]}};
    lines_add(&sheet->title, figure->title, legend_title_width);
    for (size_t k = 0; k < DRIFT_CAPTIONS; k++)
        lines_add(&sheet->caption, figure->caption[k], legend_caption_width);
    for (size_t k = 0; k < figure->count; k++) {
        snprintf(style[k], STYLE, "lw 1.6 lc rgb %s", colours[k]);
        legend_line(&sheet->legend, LEGEND_LINE, style[k], figure->name[k]);
    }
    legend_line(&sheet->legend, LEGEND_POINT, "pt 7 ps 0.3 lc rgb '#777777'",
                "dots: at each step; lines: the largest so far");
    legend_line(&sheet->legend, LEGEND_DASHED, TOLERANCE, "relative tolerance of single steps");
}

/* Lines above the dots of all. */
static void plot_add(struct script *script, const struct drift_figure *figure)
{
    enum { FIRST = 2 }; /* column of the first drift */
    script_add(script, "seen(v) = abs(v) > %g ? abs(v) : %g\n", drift_least, drift_least);
    script_add(script, "plot %g with lines %s dt (12,7)", figure->tolerance, TOLERANCE);
    for (size_t k = 0; k < figure->count; k++)
        script_add(script,
                   ", \\\n     'drift.tsv' using 1:(seen($%zu)) with points pt 7 ps 0.12 lc rgb %s",
                   k + FIRST, colours[k]);
    for (size_t k = 0; k < figure->count; k++)
        script_add(script,
                   ", \\\n     m%zu = 0, 'drift.tsv' using 1:(m%zu = seen($%zu) > m%zu ? "
                   "seen($%zu) : m%zu) "
                   "with steps lw 1.6 lc rgb %s",
                   k, k, k + FIRST, k, k + FIRST, k, colours[k]);
    script_add(script, "\n");
}

enum status drift_draw(const struct drift_figure *figure)
{
    struct sheet sheet;
    char style[DRIFT_MOST][STYLE];
    sheet_compose(figure, style, &sheet);
    const struct sheet_axis drift = {.name = "drift of the first integrals",
                                     .scale = SHEET_LOGARITHMIC,
                                     .from = drift_least / ROOM,
                                     .to = ROOM * fmax(figure->largest, figure->tolerance)};
    const struct figure whole = {.directory = figure->directory,
                                 .name = "drift",
                                 .title = "Drift of first integrals along a trajectory",
                                 .width = FIGURE_COLUMN,
                                 .height = sheet_height(&sheet)};
    struct script *settings = script_create(), *plot = script_create();
    sheet_settings_add(settings, &sheet);
    sheet_panel_add(plot, &sheet, 0, &drift);
    plot_add(plot, figure);
    return figure_of_scripts(&whole, settings, plot);
}
