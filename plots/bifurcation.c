/* The region inside the curve is filled, and dots repeat what was counted: their size and colour
 * must change where the curve is, or one of the two is wrong.  The legend stands below, as
 * gnuplot's own key in columns. */
#include "plots/bifurcation.h"

#include "plots/figure.h"

/* The canvas, in cm; one column wide. */
static const double HEIGHT = 8.5, LEFT = 1.4, RIGHT = 0.35, TOP = 0.75, BELOW = 2.75;
static const double TITLE_BELOW = 0.34, MARGIN = 0.2, CAPTION = 0.28, KEY = 1.7;

static void settings_add(struct script *script, const struct bifurcation_figure *figure)
{
    char label[SCRIPT_LABEL_MAX];
    const double *w = figure->window;
    script_add(
        script,
        "set datafile separator tab\nset lmargin at screen %.5f\nset rmargin at screen %.5f\n"
        "set bmargin at screen %.5f\nset tmargin at screen %.5f\n",
        LEFT / FIGURE_COLUMN, 1 - RIGHT / FIGURE_COLUMN, BELOW / HEIGHT, 1 - TOP / HEIGHT);
    script_add(script, "set xrange [%g:%g]\nset yrange [%g:%g]\nset tics font ',8'\n", w[0], w[1],
               w[2], w[3]);
    script_add(script, "set xlabel \"%s\" font ',10' offset 0,0.25\n",
               script_formula(figure->axis[0], label));
    script_add(script, "set ylabel \"%s\" font ',10' rotate by 0 offset 1.6,0\n",
               script_formula(figure->axis[1], label));
    script_add(script, "set label 1 \"%s\" at screen %.5f,%.5f left font ',9'\n",
               script_formula(figure->title, label), MARGIN / FIGURE_COLUMN,
               1 - TITLE_BELOW / HEIGHT);
    script_add(script, "set label 2 \"%s\" at screen %.5f,%.5f left font ',7.5'\n",
               script_formula(figure->caption, label), MARGIN / FIGURE_COLUMN, CAPTION / HEIGHT);
    script_add(script,
               "set key at screen %.5f,%.5f left top vertical maxrows 3 width -2 font ',8' Left "
               "reverse samplen 1.2\n",
               MARGIN / FIGURE_COLUMN, KEY / HEIGHT);
}

static void plot_add(struct script *script)
{
    script_add(
        script,
        "plot 'discriminant.tsv' using 1:2:3 with filledcurves fc rgb '#DCEBF7' "
        "title 'discriminant > 0', \\\n"
        "     '' using 1:2 with lines lw 1.4 lc rgb blue title 'discriminant = 0', \\\n"
        "     '' using 1:3 with lines lw 1.4 lc rgb blue notitle, \\\n"
        "     'discriminant-points.tsv' using ($3 == 1 ? $1 : NaN):2 with points pt 7 ps 0.22 "
        "lc rgb grey title 'one equilibrium, counted', \\\n"
        "     '' using ($3 == 3 ? $1 : NaN):2 with points pt 7 ps 0.34 lc rgb vermillion title "
        "'three equilibria', \\\n"
        "     '' using ($3 == 2 ? $1 : NaN):2 with points pt 6 ps 0.8 lw 1.2 lc rgb ink title "
        "'two, on the curve'\n");
}

enum status bifurcation_draw(const struct bifurcation_figure *figure)
{
    struct script *settings = script_create(), *plot = script_create();
    const struct figure whole = {.directory = figure->directory,
                                 .name = "discriminant",
                                 .title = "Bifurcation curve",
                                 .width = FIGURE_COLUMN,
                                 .height = HEIGHT};
    settings_add(settings, figure);
    plot_add(plot);
    return figure_of_scripts(&whole, settings, plot);
}
