/* Paths in a plane.
 *
 * The first series is the thickest line and the lowest one: the others are compared with it, and thin
 * lines that lie on it are seen.  Steps are small circles joined by a thin line, so that each is seen and their order,
 * too.  Axes are thin grey lines where they pass through the window. */
#include "plots/path.h"

#include "plots/figure.h"
#include "plots/sheet.h"

#include <stdio.h>

static const double PANEL = 6.6; /* cm: the plot is square */

static const char *const lines[PATH_SERIES_MOST] = {
    "lw 2 lc rgb vermillion", "lw 1.0 lc rgb blue",   "lw 1.0 lc rgb green",
    "lw 1.0 lc rgb purple",   "lw 1.0 lc rgb orange", "lw 1.0 lc rgb ink"};
static const char *const points[PATH_SERIES_MOST] = {
    "pt 7 ps 0.35 lc rgb vermillion", "pt 7 ps 0.42 lc rgb blue",   "pt 5 ps 0.34 lc rgb green",
    "pt 9 ps 0.42 lc rgb purple",     "pt 13 ps 0.5 lc rgb orange", "pt 11 ps 0.42 lc rgb ink"};

static void legend_fill(const struct path_figure *figure, struct legend *legend)
{
    for (size_t k = 0; k < figure->count; k++) {
        const struct path_series *series = &figure->series[k];
        if (series->kind == PATH_STEPS)
            legend_line(legend, LEGEND_POINT, points[k], series->label);
        else
            legend_line(legend,
                        series->kind == PATH_DASHED ? LEGEND_DASHED
                        : figure->heads && k == 0   ? LEGEND_ARROW
                                                    : LEGEND_LINE,
                        lines[k], series->label);
    }
    for (size_t k = 0; k < figure->marks; k++)
        legend_disc(legend, figure->mark[k].mark, figure->mark[k].label);
}

static void sheet_compose(const struct path_figure *figure, struct sheet *sheet,
                          struct sheet_axis *y)
{
    *sheet = (struct sheet){.panels = 1, .panel = {PANEL}, .x = {.name = figure->axis[0]}};
    *y = (struct sheet_axis){.name = figure->axis[1]};
    sheet_axis_fit(&sheet->x, figure->low[0], figure->high[0]);
    sheet_axis_fit(y, figure->low[1], figure->high[1]);
    lines_add(&sheet->title, figure->title, legend_title_width);
    for (size_t k = 0; k < PATH_CAPTIONS; k++)
        lines_add(&sheet->caption, figure->caption[k], legend_caption_width);
    legend_fill(figure, &sheet->legend);
}

static void series_add(struct script *script, const struct path_figure *figure, size_t k)
{
    const struct path_series *series = &figure->series[k];
    script_add(script, "'%s' index %zu using %zu:%zu ", series->table, series->index,
               series->column[0], series->column[1]);
    if (series->kind == PATH_STEPS)
        script_add(script, "with linespoints lw 0.5 %s", points[k]);
    else
        script_add(script, "with lines %s dt %s", lines[k],
                   series->kind == PATH_DASHED ? "(6,4)" : "1");
}

static void plot_add(struct script *script, const struct path_figure *figure)
{
    for (size_t k = 0; k < figure->marks; k++)
        legend_mark_add(script, "first", figure->mark[k].at[0], figure->mark[k].at[1],
                        figure->mark[k].mark);
    script_add(script, "set xzeroaxis lw 0.6 lc rgb '#999999' dt 1\n"
                       "set yzeroaxis lw 0.6 lc rgb '#999999' dt 1\nplot ");
    for (size_t k = 0; k < figure->count; k++) {
        script_add(script, k > 0 ? ", \\\n     " : "");
        series_add(script, figure, k);
    }
    if (figure->heads)
        script_add(script,
                   ", \\\n     '%s-heads.tsv' using 1:2:3:4 with vectors filled size screen "
                   "0.02,18,60 fixed "
                   "%s dt 1",
                   figure->name, lines[0]);
    script_add(script, "\n");
}

enum status path_draw(const struct path_figure *figure)
{
    struct sheet sheet;
    struct sheet_axis y;
    sheet_compose(figure, &sheet, &y);
    const struct figure whole = {.directory = figure->directory,
                                 .name = figure->name,
                                 .title = "Paths in a plane",
                                 .width = FIGURE_COLUMN,
                                 .height = sheet_height(&sheet)};
    struct script *settings = script_create(), *plot = script_create();
    sheet_settings_add(settings, &sheet);
    sheet_panel_add(plot, &sheet, 0, &y);
    plot_add(plot, figure);
    return figure_of_scripts(&whole, settings, plot);
}
