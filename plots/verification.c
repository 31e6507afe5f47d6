/* Figures of a verification.
 *
 * limits: one line per theorem, one dot per trial, the bound as a bar; the axis is logarithmic
 * because deviations differ by decades, and an exact zero is drawn at the left border. rates:
 * agreement over decades is shown twice, since the identity line in the upper panel can hide a
 * factor of 1.05 that the relative difference in the lower panel cannot. */
#include "plots/verification.h"

#include "plots/figure.h"

#include <stdio.h>

enum { COLOURS = 7 };

/* The canvas, in cm. */
static const double TOP = 0.65, CAPTION = 0.45, AXIS_BELOW = 1.05, RIGHT = 0.45;
static const double TITLE_BELOW = 0.32, MARGIN = 0.2;
static const double LIMITS_WIDTH = 12, NAMES = 4.6, LINE = 0.36; /* limits: distance of theorems */
static const double SAMPLE_GAP = 0.2, TRIAL_AT = 8.3, BOUND_AT = 9.4;
static const double LEFT = 1.55, SQUARE = 4.6, STRIP = 2.6, GAP = 0.3; /* rates */
static const double NAME_LEFT = 0.3;                                   /* of the vertical axes */
static const double LEGEND_LINE = 0.4;
/* Zero is drawn here, below the rounding of any limit */
static const double DEVIATION_LEAST = 1e-18;
static const double DIFFERENCE_LEAST = 1e-16;

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
        "set logscale x\nset format x '10^{%%T}'\nset xtics 1e-16,1e4 font ',8'\n"
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

/* --- rates ----------------------------------------------------------------------------- */

static void rates_curves_add(struct script *script, const struct verification_figure *figure,
                             const char *columns, const char *before)
{
    char label[SCRIPT_LABEL_MAX];
    for (size_t k = 0; k < figure->theorems; k++)
        script_add(script,
                   "%s'rates.tsv' index %zu using %s with points pt %s ps 0.25 lw 0.7 "
                   "lc rgb colour[%zu] title \"%s\"",
                   k ? ", \\\n     " : before, k, columns, k / COLOURS % 2 ? "4" : "6",
                   k % COLOURS + 1, script_label(figure->theorem[k], label));
    script_add(script, "\n");
}

static void panel_add(struct script *script, const char *name, double width, double height,
                      double top, double bottom)
{
    script_add(script, "set tmargin at screen %.5f\nset bmargin at screen %.5f\n", top / height,
               bottom / height);
    script_add(script, "set label 3 \"%s\" at screen %.5f,%.5f center rotate by 90 font ',8'\n",
               name, NAME_LEFT / width, (top + bottom) / 2 / height);
}

static void rates_upper_add(struct script *script, const struct verification_figure *figure,
                            double height, double below)
{
    panel_add(script, "measured exponential rate", FIGURE_COLUMN, height, height - TOP,
              below + STRIP + GAP);
    script_add(script,
               "set logscale xy\nset format x ''\nset format y '10^{%%T}'\nunset xlabel\n"
               "set key at screen %.5f,%.5f left top vertical maxrows %zu font ',8' samplen 0.5 "
               "width 1 Left reverse\n",
               MARGIN / FIGURE_COLUMN, (below - AXIS_BELOW) / height, (figure->theorems + 1) / 2);
    script_add(script, "plot ");
    rates_curves_add(script, figure, "($4 == 1 ? abs($2) : NaN):(abs($3))",
                     "x with lines lw 0.8 lc rgb grey notitle, \\\n     ");
}

static void rates_lower_add(struct script *script, const struct verification_figure *figure,
                            double height, double below)
{
    char columns[SCRIPT_LABEL_MAX];
    panel_add(script, "relative difference", FIGURE_COLUMN, height, below + STRIP, below);
    script_add(script,
               "set format x '10^{%%T}'\nset xlabel 'predicted transverse eigenvalue "
               "(modulus)' font ',8' offset 0,0.4\nunset key\nunset label 1\nunset label 2\n"
               "plot ");
    snprintf(columns, sizeof columns,
             "($4 == 1 ? abs($2) : NaN):(abs($3/$2-1) > %g ? abs($3/$2-1) : %g)", DIFFERENCE_LEAST,
             DIFFERENCE_LEAST);
    rates_curves_add(script, figure, columns, "");
}

enum status verification_rates_draw(const struct verification_figure *figure)
{
    size_t rows = (figure->theorems + 1) / 2; /* two columns */
    double below = CAPTION + LEGEND_LINE * (double)rows + AXIS_BELOW;
    double height = TOP + SQUARE + GAP + STRIP + below;
    struct figure whole = {.directory = figure->directory,
                           .name = "rates",
                           .title = "Measured against predicted rates",
                           .width = FIGURE_COLUMN,
                           .height = height};
    struct script *settings = script_create(), *plot = script_create();
    script_add(settings, "set datafile separator tab\nset tics font ',8'\n"
                         "set mxtics 1\nset mytics 1\n");
    margins_add(settings, FIGURE_COLUMN, LEFT);
    script_add(settings, "stats 'rates.tsv' using ($4 == 1 ? abs($2) : NaN) nooutput\n"
                         "set xrange [STATS_min/2:STATS_max*2]\n");
    script_add(plot, "set multiplot\n");
    texts_add(plot, figure, FIGURE_COLUMN, height);
    rates_upper_add(plot, figure, height, below);
    rates_lower_add(plot, figure, height, below);
    script_add(plot, "unset multiplot\n");
    return figure_of_scripts(&whole, settings, plot);
}
