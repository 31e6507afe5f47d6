/* Figures of a verification.
 *
 * limits: one line per theorem, one dot per trial, the bound as a bar; the axis is logarithmic
 * because deviations differ by decades, and an exact zero is drawn at the left border.  rates and
 * exponents: agreement is shown twice, since the identity line in the upper panel can hide a factor
 * of 1.05 that the difference in the lower panel cannot. */
#include "plots/verification.h"

#include "plots/figure.h"
#include "plots/fraction.h"
#include "plots/sheet.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

enum { COLOURS = 7, STYLE = 64, VALUES_ABREAST = 6 /* labels that fit beside each other */ };

/* The canvas, in cm. */
static const double TOP = 0.65, CAPTION = 0.45, AXIS_BELOW = 1.05, RIGHT = 0.45;
static const double TITLE_BELOW = 0.32, MARGIN = 0.2;
static const double LIMITS_WIDTH = 12, NAMES = 4.6, LINE = 0.36; /* limits: distance of theorems */
static const double SAMPLE_GAP = 0.2, TRIAL_AT = 8.1, BOUND_AT = 9.2;
static const double SQUARE = 5.0, STRIP = 2.8; /* panels of pairs */
static const double SAME_VALUE = 1e-9;         /* of exponents, which are fractions */
static const char IDENTITY[] = "lw 0.8 lc rgb '#777777'";
/* Zero is drawn here, below the rounding of any limit */
static const double DEVIATION_LEAST = 1e-18;
const double verification_difference_least = 1e-16;

static void margins_add(struct script *script, double width, double left)
{
    script_add(script, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n", left / width,
               1 - RIGHT / width);
}

static void texts_add(struct script *script, const struct verification_figure *figure, double width,
                      double height)
{
    char label[SCRIPT_LABEL_MAX];
    script_add(script, "set label 1 \"%s\" at screen %.5f,%.5f left font ',9'\n",
               script_formula(figure->title, label), MARGIN / width, 1 - TITLE_BELOW / height);
    script_add(script, "set label 2 \"%s\" at screen %.5f,%.5f left font ',7.5'\n",
               script_formula(figure->caption, label), MARGIN / width, CAPTION / 2 / height);
}

/* --- limits ---------------------------------------------------------------------------- */

static void names_add(struct script *script, const struct verification_figure *figure)
{
    char label[SCRIPT_LABEL_MAX];
    script_add(script, "set ytics scale 0 font ',7.5' (");
    for (size_t k = 0; k < figure->theorems; k++)
        script_add(script, "%s\"%s\" %zu", k ? ", " : "", script_label(figure->theorem[k], label),
                   k + 1);
    script_add(script, ")\nset yrange [%zu.6:0.4]\n", figure->theorems);
}

/* In the line of the title: what a dot and a bar are. */
static void samples_add(struct script *script, double width, double height)
{
    double y = 1 - TITLE_BELOW / height;
    script_add(script, "set label 'trial' at screen %.5f,%.5f left font ',8'\n",
               (TRIAL_AT + SAMPLE_GAP) / width, y);
    script_add(script, "set label '' at screen %.5f,%.5f point pt 7 ps 0.3 lc rgb blue\n",
               TRIAL_AT / width, y);
    script_add(script, "set label 'allowed at most' at screen %.5f,%.5f left font ',8'\n",
               (BOUND_AT + SAMPLE_GAP) / width, y);
    script_add(script,
               "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead lw 1.6 "
               "lc rgb vermillion\n",
               BOUND_AT / width, y - LINE / 3 / height, BOUND_AT / width, y + LINE / 3 / height);
}

/* Dots of one line are spread by the fractional parts of k times the square root of 2. */
enum status verification_limits_draw(const struct verification_figure *figure)
{
    double height = TOP + LINE * (double)(figure->theorems + 1) + AXIS_BELOW + CAPTION;
    struct figure whole = {.directory = figure->directory,
                           .name = "limits",
                           .title = "Deviations of all trials",
                           .width = LIMITS_WIDTH,
                           .height = height};
    struct script *settings = script_create(), *plot = script_create();
    script_add(settings, "set datafile separator tab\n");
    margins_add(settings, LIMITS_WIDTH, NAMES);
    script_add(settings, "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
               1 - TOP / height, (AXIS_BELOW + CAPTION) / height);
    texts_add(settings, figure, LIMITS_WIDTH, height);
    samples_add(settings, LIMITS_WIDTH, height);
    names_add(settings, figure);
    script_add(
        settings,
        "set logscale x\nset format x '10^{%%T}'\nset xtics 1e-16,1e4\nset tics font ',8'\n"
        "set mxtics 1\nset xrange [%g:*]\nset grid y lw 0.4 lc rgb '#E4E4E4'\nunset key\n"
        "set xlabel 'deviation (exact zeros stand at the left border)' font ',8' offset 0,0.4\n"
        "spread(k) = 0.6 * (k * 0.4142135624 - floor(k * 0.4142135624) - 0.5)\n",
        DEVIATION_LEAST / 2);
    script_add(
        plot,
        "plot 'limits.tsv' using ($5 == 1 ? ($3 > %g ? $3 : %g) : NaN):"
        "($1 + spread($0)) with points pt 7 ps 0.16 lc rgb blue, \\\n"
        "     '' using ($4 > 0 ? $4 : NaN):($1 - 0.36):(0):(0.72) with vectors nohead lw 1.6 "
        "lc rgb vermillion\n",
        DEVIATION_LEAST, DEVIATION_LEAST);
    return figure_of_scripts(&whole, settings, plot);
}

/* --- pairs ----------------------------------------------------------------------------- */

/* How a kind of pairs is drawn. */
struct pairs_style {
    const char *name, *title; /* of the files */
    const char *predicted, *measured, *difference;
    enum sheet_scale scale; /* of what is predicted; logarithmic: its modulus */
    /* gnuplot, of columns 2 and 3 */
    const char *x, *y, *z;
};

static const struct pairs_style rates_style = {.name = "rates",
                                               .title = "Measured against predicted rates",
                                               .predicted =
                                                   "predicted transverse eigenvalue (modulus)",
                                               .measured = "measured exponential rate",
                                               .difference = "relative difference",
                                               .scale = SHEET_LOGARITHMIC,
                                               .x = "abs($2)",
                                               .y = "abs($3)",
                                               .z = "abs($3/$2 - 1)"};

static void point_write(size_t k, char style[STYLE])
{
    static const int marks[] = {6, 4, 8, 12}; /* open circles, squares, triangles, diamonds */
    static const size_t kinds = sizeof marks / sizeof *marks;
    snprintf(style, STYLE, "pt %d ps 0.3 lw 0.8 lc rgb colour[%zu]", marks[k / COLOURS % kinds],
             k % COLOURS + 1);
}

static void pairs_curves_add(struct script *script, const struct verification_pairs *pairs,
                             const struct pairs_style *style, const char *y)
{
    char point[STYLE];
    for (size_t k = 0; k < pairs->figure.theorems; k++) {
        point_write(k, point);
        script_add(script, "%s'%s.tsv' index %zu using ($4 == 1 ? %s : NaN):(%s) with points %s",
                   k ? ", \\\n     " : "", style->name, k, style->x, y, point);
    }
    script_add(script, "\n");
}

/* The axis of differences. */
static struct sheet_axis difference_axis(const struct verification_pairs *pairs, const char *name)
{
    struct sheet_axis axis = {.name = name, .scale = SHEET_LOGARITHMIC};
    const double least = verification_difference_least;
    const bool differ = pairs->difference[1] > 0;
    sheet_axis_fit(&axis, differ ? fmax(pairs->difference[0], least) : least,
                   differ ? fmax(pairs->difference[1], least) : least);
    return axis;
}

static void pairs_add(struct script *script, const struct verification_pairs *pairs,
                      const struct pairs_style *style, const struct sheet *sheet)
{
    char z[SCRIPT_LABEL_MAX];
    struct sheet_axis measured = sheet->x;
    const struct sheet_axis difference = difference_axis(pairs, style->difference);
    const double least = verification_difference_least;
    measured.name = style->measured;
    script_add(script, "set multiplot\n");
    sheet_panel_add(script, sheet, 0, &measured);
    script_add(script, "plot x with lines %s, \\\n     ", IDENTITY);
    pairs_curves_add(script, pairs, style, style->y);
    sheet_panel_add(script, sheet, 1, &difference);
    snprintf(z, sizeof z, "%s > %g ? %s : %g", style->z, least, style->z, least);
    script_add(script, "plot ");
    pairs_curves_add(script, pairs, style, z);
    script_add(script, "unset multiplot\n");
}

static void legend_fill(const struct verification_figure *figure, char point[LEGEND_MAX][STYLE],
                        struct legend *legend)
{
    legend->plain = true;
    for (size_t k = 0; k < figure->theorems && k + 1 < LEGEND_MAX; k++) {
        point_write(k, point[k]);
        legend_line(legend, LEGEND_POINT, point[k], figure->theorem[k]);
    }
}

static enum status pairs_draw(const struct verification_pairs *pairs,
                              const struct pairs_style *style)
{
    char point[LEGEND_MAX][STYLE];
    const struct verification_figure *figure = &pairs->figure;
    struct sheet sheet = {.panels = 2,
                          .panel = {SQUARE, STRIP},
                          .x = {.name = style->predicted, .scale = style->scale}};
    sheet_axis_fit(&sheet.x, pairs->predicted[0], pairs->predicted[1]);
    lines_add(&sheet.title, figure->title, legend_title_width);
    lines_add(&sheet.caption, figure->caption, legend_caption_width);
    legend_fill(figure, point, &sheet.legend);
    legend_line(&sheet.legend, LEGEND_LINE, IDENTITY, "measured = predicted");
    const struct figure whole = {.directory = figure->directory,
                                 .name = style->name,
                                 .title = style->title,
                                 .width = FIGURE_COLUMN,
                                 .height = sheet_height(&sheet)};
    struct script *settings = script_create(), *plot = script_create();
    sheet_settings_add(settings, &sheet);
    pairs_add(plot, pairs, style, &sheet);
    return figure_of_scripts(&whole, settings, plot);
}

enum status verification_rates_draw(const struct verification_pairs *pairs)
{
    return pairs_draw(pairs, &rates_style);
}

static const struct pairs_style exponents_style = {.name = "exponents",
                                                   .title = "Measured against predicted exponents",
                                                   .predicted = "predicted exponent of t",
                                                   .measured = "measured exponent",
                                                   .difference = "difference",
                                                   .scale = SHEET_LINEAR,
                                                   .x = "$2",
                                                   .y = "$3",
                                                   .z = "abs($3 - $2)"};

/* Few distinct exponents, which crowd about zero: each has a place of its own, and its name there. */
static void places_add(struct script *script, const struct verification_pairs *pairs)
{
    char fraction[FRACTION_TEXT];
    script_add(script, "place(p) = ");
    for (size_t k = 0; k < pairs->values; k++)
        script_add(script, "abs(p - (%.17g)) < %g ? %zu : ", pairs->value[k], SAME_VALUE, k + 1);
    script_add(script, "NaN\nset xtics scale 0 (");
    for (size_t k = 0; k < pairs->values; k++)
        script_add(script, "%s\"%s%s%s\" %zu", k ? ", " : "",
                   pairs->values > VALUES_ABREAST && k % 2 ? "\\n" : "",
                   pairs->value[k] < 0 ? "−" : "", fraction_write(fabs(pairs->value[k]), fraction),
                   k + 1);
    script_add(script, ")\nunset grid\nset grid y lw 0.4 lc rgb '#E4E4E4'\n");
    for (size_t k = 0; k + 1 < pairs->values; k++)
        script_add(script,
                   "set arrow from first %zu.5,graph 0 to first %zu.5,graph 1 nohead lw 0.5 lc rgb "
                   "'#CCCCCC' back\n",
                   k + 1, k + 1);
    script_add(script, "aside(k) = 0.7*(k*0.4142135624 - floor(k*0.4142135624) - 0.5)\n");
}

static enum status strips_draw(const struct verification_pairs *pairs)
{
    char point[LEGEND_MAX][STYLE], z[SCRIPT_LABEL_MAX];
    const double least = verification_difference_least;
    const struct verification_figure *figure = &pairs->figure;
    struct sheet sheet = {.panels = 1,
                          .panel = {SQUARE},
                          .more_rows = pairs->values > VALUES_ABREAST,
                          .x = {.name = exponents_style.predicted,
                                .from = 1.0 / 2,
                                .to = (double)pairs->values + 1.0 / 2}};
    const struct sheet_axis difference = difference_axis(pairs, "|measured - predicted exponent|");
    struct pairs_style style = exponents_style;
    style.x = "place($2) + aside($0)";
    lines_add(&sheet.title, figure->title, legend_title_width);
    lines_add(&sheet.caption, figure->caption, legend_caption_width);
    lines_add(&sheet.caption, "Differences below 1e-16 stand there.", legend_caption_width);
    legend_fill(figure, point, &sheet.legend);
    const struct figure whole = {.directory = figure->directory,
                                 .name = style.name,
                                 .title = style.title,
                                 .width = FIGURE_COLUMN,
                                 .height = sheet_height(&sheet)};
    struct script *settings = script_create(), *plot = script_create();
    sheet_settings_add(settings, &sheet);
    sheet_panel_add(plot, &sheet, 0, &difference);
    places_add(plot, pairs);
    snprintf(z, sizeof z, "%s > %g ? %s : %g", style.z, least, style.z, least);
    script_add(plot, "plot ");
    pairs_curves_add(plot, pairs, &style, z);
    return figure_of_scripts(&whole, settings, plot);
}

enum status verification_exponents_draw(const struct verification_pairs *pairs)
{
    return pairs->values ? strips_draw(pairs) : pairs_draw(pairs, &exponents_style);
}
