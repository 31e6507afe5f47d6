/* A figure one column wide, laid out from the bottom upwards.
 *
 * Texts stand at places of the canvas and not of a panel, so that they are drawn with the first panel
 * only.  Logarithmic axes of more than two decades are labelled at powers of ten, at most six of them;
 * shorter ones at 1, 2 and 5 times these: gnuplot leaves an axis within one decade without a label.
 * Rejected: gnuplot's own layout of multiplots, which gives panels with long labels less room. */
#include "plots/sheet.h"

#include "plots/figure.h"
#include "plots/ticks.h"

#include <math.h>
#include <stdbool.h>

/* The canvas, in cm. */
static const double LEFT = 1.55, RIGHT = 0.4, PANEL_GAP = 0.3, NAME_LEFT = 0.3;
static const double LABEL_ROW = 0.36;  /* of further rows of labels */
static const double NAME_RAISED = 0.4; /* the name of the axis, in lines of text */
static const double TITLE_ABOVE = 0.12, TITLE_GAP = 0.28, AXIS_BELOW = 1.05, BOTTOM = 0.12;

enum { LABELS_MOST = 6, STEPS_MOST = 6 };
static const double TEN = 10;
static const double DECADES_FULL = 2.2; /* beyond which powers of ten are enough */
static const double ROOM = 0.06;        /* beside the values, in parts of the axis */
static const int DECADES_ALL = 600;  /* more than there are between doubles: keeps sums positive */
static const double ROUNDING = 1e-9; /* of ends of axes written as decimals */
static const double FLAT = 1e-3,
                    SOME = 0.5; /* an axis of one value reaches so much of it to both sides */
static const double PLAIN_LEAST = 1e-3, PLAIN_MOST = 1e4; /* between them numbers are written out */

static double legend_top(const struct sheet *sheet)
{
    return BOTTOM + legend_caption_height(&sheet->caption) + legend_height(&sheet->legend);
}

static double below_of(const struct sheet *sheet)
{
    return legend_top(sheet) + AXIS_BELOW + LABEL_ROW * (double)sheet->more_rows;
}

static double bottom_of(const struct sheet *sheet, size_t panel)
{
    double bottom = below_of(sheet);
    for (size_t k = sheet->panels; --k > panel;)
        bottom += sheet->panel[k] + PANEL_GAP;
    return bottom;
}

double sheet_height(const struct sheet *sheet)
{
    return bottom_of(sheet, 0) + sheet->panel[0] + TITLE_GAP + legend_title_height(&sheet->title) +
           TITLE_ABOVE;
}

void sheet_settings_add(struct script *script, const struct sheet *sheet)
{
    (void)sheet;
    script_add(
        script,
        "set datafile separator tab\nset lmargin at screen %.5f\nset rmargin at screen %.5f\n"
        "unset key\nunset colorbox\nset tics font ',8'\nset grid x y lw 0.4 lc rgb '#E4E4E4'\n",
        LEFT / FIGURE_COLUMN, 1 - RIGHT / FIGURE_COLUMN);
}

/* --- axes -------------------------------------------------------------------------------- */

/* Labels at steps[k] times powers of ten, k < count, of every so many decades. */
struct labels {
    size_t count, every;
    const char *format;
};

/* Ticks without labels between powers of ten, where there is room for them. */
static void minor_add(struct script *script, double power, double low, double high)
{
    for (int k = 2; k < TEN; k++)
        if (k * power > low && k * power < high)
            script_add(script, ", \"\" %.10g 1", k * power);
}

static void labels_add(struct script *script, char axis, const double range[2],
                       const struct labels *labels)
{
    static const double steps[] = {1, 2, 5, 3, 7};
    const double low = range[0], high = range[1];
    const char *separator = "";
    const int first = (int)floor(log10(low) + ROUNDING), every = (int)labels->every;
    const int whole = (first + DECADES_ALL) / every * every - DECADES_ALL / every * every;
    script_add(script, "set format %c '%s'\nset m%ctics default\nset %ctics (", axis,
               labels->format, axis, axis);
    for (int decade = every > 1 ? whole : first; pow(TEN, decade) <= high; decade += every)
        for (size_t k = 0; k < labels->count; k++) {
            const double power = pow(TEN, decade), value = steps[k] * power;
            if (value >= low * (1 - ROUNDING) && value <= high * (1 + ROUNDING)) {
                script_add(script, "%s%.10g", separator, value);
                separator = ", ";
            }
            if (labels->count == 1 && every == 1 && *separator)
                minor_add(script, power, low, high);
        }
    script_add(script, ")\n");
}

/* 1, 2, 5 times powers of ten, and 3 and 7 times within one decade; powers alone beyond two of them. */
static void log_axis_add(struct script *script, char axis, double low, double high)
{
    enum { ONE = 5, FEW = 3 };
    const double range[2] = {low, high}, decades = log10(high / low);
    const bool plain = low >= PLAIN_LEAST && high <= PLAIN_MOST;
    struct labels labels = {
        .count = decades > 1 ? FEW : ONE, .every = 1, .format = plain ? "%g" : "%.0t·10^{%T}"};
    script_add(script, "set logscale %c\n", axis);
    if (decades > DECADES_FULL)
        labels = (struct labels){
            .count = 1, .every = (size_t)ceil(decades / LABELS_MOST), .format = "10^{%T}"};
    labels_add(script, axis, range, &labels);
}

static void linear_axis_add(struct script *script, char letter, const struct sheet_axis *axis,
                            char *label)
{
    const double low = fmin(axis->from, axis->to), high = fmax(axis->from, axis->to);
    script_add(script, "set %ctics %.10g\n", letter, ticks_step(high - low, STEPS_MOST));
    ticks_add(script, letter, low, high, label);
}

void sheet_axis_add(struct script *script, char letter, const struct sheet_axis *axis, char *label)
{
    const double low = fmin(axis->from, axis->to), high = fmax(axis->from, axis->to);
    script_formula(axis->name, label);
    script_add(script,
               "unset logscale %c\nset %ctics autofreq\nset m%ctics 1\nset format %c '%%g'\n",
               letter, letter, letter, letter);
    script_add(script, "set %crange [%.10g:%.10g]\n", letter, axis->from, axis->to);
    if (axis->scale == SHEET_LOGARITHMIC)
        log_axis_add(script, letter, low, high);
    else
        linear_axis_add(script, letter, axis, label);
}

void sheet_axis_fit(struct sheet_axis *axis, double low, double high)
{
    const bool is_log = axis->scale == SHEET_LOGARITHMIC;
    const double from = is_log ? log10(low) : low, to = is_log ? log10(high) : high;
    double room = ROOM * (to - from);
    if (!(to - from > FLAT * fmax(fabs(from), fabs(to))))
        room = is_log ? SOME : from == 0 ? 1 : SOME * fabs(from);
    axis->from = is_log ? pow(TEN, from - room) : from - room;
    axis->to = is_log ? pow(TEN, to + room) : to + room;
}

void sheet_axis_bare(struct script *script, const struct sheet_axis *x)
{
    if (x->scale == SHEET_LINEAR)
        script_add(script, "set xtics %.10g\n", ticks_step(fabs(x->to - x->from), STEPS_MOST));
    script_add(script, "set format x ''\nunset xlabel\n");
}

/* --- texts and panels ---------------------------------------------------------------------- */

static void texts_add(struct script *script, const struct sheet *sheet)
{
    const double height = sheet_height(sheet);
    struct legend_place place = {
        .width = FIGURE_COLUMN, .height = height, .top = height - TITLE_ABOVE};
    legend_title_add(script, &sheet->title, &place);
    place.top = legend_top(sheet);
    legend_radius_add(script, FIGURE_COLUMN);
    legend_add(script, &sheet->legend, &place);
    place.top -= legend_height(&sheet->legend);
    legend_caption_add(script, &sheet->caption, &place);
}

void sheet_panel_add(struct script *script, const struct sheet *sheet, size_t panel,
                     const struct sheet_axis *y)
{
    char label[SCRIPT_LABEL_MAX];
    const double height = sheet_height(sheet), bottom = bottom_of(sheet, panel),
                 top = bottom + sheet->panel[panel];
    script_add(script, "unset label\nunset object\nunset arrow\n");
    script_add(script, "set bmargin at screen %.5f\nset tmargin at screen %.5f\n", bottom / height,
               top / height);
    if (panel == 0)
        texts_add(script, sheet);
    sheet_axis_add(script, 'x', &sheet->x, label);
    if (panel + 1 == sheet->panels)
        script_add(script, "set xlabel \"%s\" font ',8' offset 0,%.2f\n", label,
                   NAME_RAISED - (double)sheet->more_rows);
    else
        sheet_axis_bare(script, &sheet->x);
    sheet_axis_add(script, 'y', y, label);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f center rotate by 90 font ',8'\n",
               label, NAME_LEFT / FIGURE_COLUMN, (top + bottom) / 2 / height);
}
