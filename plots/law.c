/* Two panels: the size, where decades look alike, and the slope, where a factor of 1.05 is seen.
 *
 * A straight line on logarithmic axes tells little of its slope, and a fit of the slope tells nothing of
 * whether it still changes; so the local slope is drawn beside it.  Its axis is cut at a few times what is
 * expected: early transients have slopes of any size. */
#include "plots/law.h"

#include "base/table.h"
#include "plots/figure.h"
#include "plots/sheet.h"

#include <math.h>

static const double UPPER = 4.2, LOWER = 2.6; /* panels, cm */
static const double LEAST = 0.25; /* and at least: smaller differences are seen to be small */
static const double CUT = 1.5; /* the lower axis reaches so many |p| to both sides of p at most */

static const char TABLE[] = "law.tsv";
static const char MEASURED[] = "lw 1.5 lc rgb blue", EXPECTED[] = "lw 1.1 lc rgb ink";

static bool is_log_time(enum law_kind kind)
{
    return kind != LAW_EXPONENTIAL;
}

static enum status table_make(const struct law_figure *figure)
{
    struct table *table = NULL;
    TRY(table_open(figure->directory, TABLE,
                   figure->kind == LAW_BLOW_UP ? "time_to_go size local" : "t size local", &table));
    for (size_t k = 0; k < figure->rows; k++) {
        table_number(table, figure->row[k].time);
        table_number(table, figure->row[k].size);
        table_number(table, figure->row[k].local);
        table_end_row(table);
    }
    return table_close(table);
}

/* --- axes ------------------------------------------------------------------------------------ */

static struct sheet_axis time_axis(const struct law_figure *figure)
{
    static const char *const names[] = {[LAW_POWER] = "time t",
                                        [LAW_EXPONENTIAL] = "time t",
                                        [LAW_LOGARITHM] = "time t",
                                        [LAW_BLOW_UP] = "time to blow-up T - t"};
    const struct law_row *row = figure->row;
    return (struct sheet_axis){.name = names[figure->kind],
                               .scale =
                                   is_log_time(figure->kind) ? SHEET_LOGARITHMIC : SHEET_LINEAR,
                               .from = row[0].time,
                               .to = row[figure->rows - 1].time};
}

static struct sheet_axis size_axis(const struct law_figure *figure)
{
    struct sheet_axis axis = {.name = figure->size,
                              .scale =
                                  figure->kind == LAW_LOGARITHM ? SHEET_LINEAR : SHEET_LOGARITHMIC};
    double low = INFINITY, high = 0;
    for (size_t k = 0; k < figure->rows; k++) {
        low = fmin(low, figure->row[k].size);
        high = fmax(high, figure->row[k].size);
    }
    sheet_axis_fit(&axis, low, high);
    return axis;
}

static struct sheet_axis local_axis(const struct law_figure *figure)
{
    struct sheet_axis axis = {.name = figure->local, .scale = SHEET_LINEAR};
    const bool known = isfinite(figure->expected);
    const double last = figure->row[figure->rows - 1].local,
                 centre = known ? figure->expected : last;
    double low = fmin(centre, last) - LEAST * fabs(centre),
           high = fmax(centre, last) + LEAST * fabs(centre);
    const double least = low - CUT * fabs(centre), most = high + CUT * fabs(centre);
    for (size_t k = 0; k < figure->rows; k++) {
        low = fmin(low, figure->row[k].local);
        high = fmax(high, figure->row[k].local);
    }
    sheet_axis_fit(&axis, centre == 0 ? low : fmax(low, least),
                   centre == 0 ? high : fmin(high, most));
    return axis;
}

/* --- curves ---------------------------------------------------------------------------------- */

/* The predicted law through the last row, as gnuplot writes it. */
static void law_curve_add(struct script *script, const struct law_figure *figure)
{
    const struct law_row *last = &figure->row[figure->rows - 1];
    const double p = figure->expected;
    if (figure->kind == LAW_EXPONENTIAL)
        script_add(script, "%.17g*exp(%.17g*(x - %.17g))", last->size, p, last->time);
    else if (figure->kind == LAW_LOGARITHM)
        script_add(script, "%.17g + %.17g*log(x/%.17g)", last->size, p, last->time);
    else
        script_add(script, "%.17g*(x/%.17g)**(%.17g)", last->size, last->time, p);
}

static void measured_add(struct script *script, const struct law_figure *figure, int column)
{
    script_add(script, "plot '%s' using 1:%d with %s %s", TABLE, column,
               figure->points ? "linespoints pt 7 ps 0.35" : "lines", MEASURED);
}

static void panels_add(struct script *script, const struct law_figure *figure,
                       const struct sheet *sheet)
{
    const bool known = isfinite(figure->expected);
    const struct sheet_axis size = size_axis(figure), local = local_axis(figure);
    script_add(script, "set multiplot\nset samples 400\n");
    sheet_panel_add(script, sheet, 0, &size);
    measured_add(script, figure, 2);
    if (known) {
        script_add(script, ", \\\n     ");
        law_curve_add(script, figure);
        script_add(script, " with lines %s dt (12,7)", EXPECTED);
    }
    script_add(script, "\n");
    sheet_panel_add(script, sheet, 1, &local);
    measured_add(script, figure, 3);
    if (known)
        script_add(script, ", \\\n     %.17g with lines %s dt (12,7)", figure->expected, EXPECTED);
    script_add(script, "\nunset multiplot\n");
}

enum status law_draw(const struct law_figure *figure)
{
    struct sheet sheet = {.panels = 2, .panel = {UPPER, LOWER}, .x = time_axis(figure)};
    TRY(table_make(figure));
    lines_add(&sheet.title, figure->title, legend_title_width);
    for (size_t k = 0; k < LAW_CAPTIONS; k++)
        lines_add(&sheet.caption, figure->caption[k], legend_caption_width);
    legend_line(&sheet.legend, LEGEND_LINE, MEASURED, figure->legend[0]);
    if (isfinite(figure->expected))
        legend_line(&sheet.legend, LEGEND_DASHED, EXPECTED, figure->legend[1]);
    const struct figure whole = {.directory = figure->directory,
                                 .name = "law",
                                 .title = "The law of a trajectory's approach or growth",
                                 .width = FIGURE_COLUMN,
                                 .height = sheet_height(&sheet)};
    struct script *settings = script_create(), *plot = script_create();
    sheet_settings_add(settings, &sheet);
    panels_add(plot, figure, &sheet);
    return figure_of_scripts(&whole, settings, plot);
}
