/* A branch diagram, in the manner of the field (AUTO; Kuznetsov; Strogatz).
 *
 * Solid curves attract, dashed ones do not: blue where some direction repels, vermillion where all
 * do.  A Hopf point is a diamond, filled where it is supercritical, since then the cycles beside it
 * attract, open where it is subcritical; folds are triangles, crossings discs.  Marks stand on
 * white, so that the curve does not run through them. */
#include "plots/branches.h"

#include "plots/canvas.h"
#include "plots/figure.h"

#include <stdio.h>
#include <string.h>

static const double PLOT_HEIGHT = 5.0; /* cm */

const char *const branches_tables[BRANCHES_CURVES] = {[BRANCHES_STABLE] = "sweep-stable.tsv",
                                                      [BRANCHES_SADDLE] = "sweep-saddle.tsv",
                                                      [BRANCHES_REPELLING] = "sweep-repelling.tsv",
                                                      [BRANCHES_NEUTRAL] = "sweep-neutral.tsv"};

struct curve_style {
    enum legend_sample sample;
    const char *style, *dashes, *text;
};

static const struct curve_style curves[BRANCHES_CURVES] = {
    [BRANCHES_STABLE] = {LEGEND_LINE, "lw 2.2 lc rgb ink", "", "stable"},
    [BRANCHES_SADDLE] = {LEGEND_DASHED, "lw 1.6 lc rgb blue", "dt (9,6)", "saddle"},
    [BRANCHES_REPELLING] = {LEGEND_DASHED, "lw 1.6 lc rgb vermillion", "dt (9,6)",
                            "repelling in all directions"},
    [BRANCHES_NEUTRAL] = {LEGEND_LINE, "lw 1.6 lc rgb purple", "", "an eigenvalue is zero"},
};

/* The least and the largest value on a limit cycle: those that repel, those that attract. */
static const char *const cycle_styles[2] = {"lw 1.4 lc rgb green", "lw 2.2 lc rgb green"};
static const char *const cycle_dashes[2] = {"dt (6,5)", ""};
static const char *const cycle_texts[2] = {"unstable cycle, extent", "stable cycle, extent"};

/* What covers the curve, and what is drawn on it. */
struct mark_style {
    const char *ground, *style, *text;
};

static const struct mark_style marks[BRANCHES_MARKS] = {
    [BRANCHES_FOLD] = {"pt 9 ps 0.85 lc rgb 'white'", "pt 8 ps 0.85 lw 1.2 lc rgb ink", "fold"},
    [BRANCHES_CROSSING] = {"pt 7 ps 0.7 lc rgb 'white'", "pt 6 ps 0.7 lw 1.2 lc rgb ink",
                           "branches cross"},
    [BRANCHES_SUBCRITICAL] = {"pt 13 ps 1.05 lc rgb 'white'", "pt 12 ps 1.05 lw 1.3 lc rgb ink",
                              "Hopf point, subcritical"},
    [BRANCHES_SUPERCRITICAL] = {"pt 13 ps 1.05 lc rgb 'white'", "pt 13 ps 1.05 lc rgb ink",
                                "Hopf point, supercritical"},
    [BRANCHES_HOPF] = {"pt 13 ps 1.05 lc rgb 'white'", "pt 12 ps 1.05 lw 1.3 lc rgb purple",
                       "Hopf point, criticality open"},
    [BRANCHES_UNRESOLVED] = {"pt 5 ps 0.5 lc rgb 'white'", "pt 2 ps 0.7 lw 1.3 lc rgb purple",
                             "stability changes, unresolved"},
    [BRANCHES_CONTINUUM] = {"pt 5 ps 0.7 lc rgb 'white'", "pt 4 ps 0.7 lw 1.2 lc rgb ink",
                            "not isolated at this value"},
};

static void legend_compose(const struct branches_figure *figure, struct legend *legend)
{
    static const char *const along[BRANCHES_CURVES] = {[BRANCHES_STABLE] = "attract along the leaf",
                                                       [BRANCHES_REPELLING] =
                                                           "repel along the leaf"};
    *legend = (struct legend){.count = 0};
    for (int k = 0; k < BRANCHES_CURVES; k++)
        if (figure->curve[k])
            legend_line(legend, curves[k].sample, curves[k].style,
                        figure->on_leaves && along[k] ? along[k] : curves[k].text);
    for (int k = 0; k < 2; k++)
        if (figure->cycles[k])
            legend_line(legend, k ? LEGEND_LINE : LEGEND_DASHED, cycle_styles[k], cycle_texts[k]);
    for (int mark = 0; mark < BRANCHES_MARKS; mark++)
        for (size_t k = 0; k < figure->points; k++)
            if ((int)figure->point[k].mark == mark) {
                legend_line(legend, LEGEND_POINT, marks[mark].style, marks[mark].text);
                break;
            }
}

static struct canvas canvas_of(const struct branches_figure *figure)
{
    struct canvas canvas = {.plot = PLOT_HEIGHT, .window = figure->window, .axis = figure->axis};
    legend_compose(figure, &canvas.legend);
    lines_add(&canvas.title, figure->title, legend_title_width);
    for (size_t k = 0; k < BRANCHES_CAPTIONS; k++)
        lines_add(&canvas.caption, figure->caption[k], legend_caption_width);
    canvas_compose(&canvas);
    return canvas;
}

static bool is_inside(const double window[4], const struct branches_point *point)
{
    return point->x >= window[0] && point->x <= window[1] && point->y >= window[2] &&
           point->y <= window[3];
}

static void marks_add(struct script *script, const struct branches_figure *figure)
{
    for (size_t k = 0; k < figure->points; k++) {
        const struct branches_point *point = &figure->point[k];
        if (is_inside(figure->window, point))
            script_add(script,
                       "set label '' at first %.17g,%.17g point %s front\n"
                       "set label '' at first %.17g,%.17g point %s front\n",
                       point->x, point->y, marks[point->mark].ground, point->x, point->y,
                       marks[point->mark].style);
    }
}

static void plot_add(struct script *script, const struct branches_figure *figure)
{
    const char *separator = "plot ";
    for (int k = BRANCHES_CURVES - 1; k >= 0; k--)
        if (figure->curve[k]) {
            script_add(script, "%s'%s' using 1:2 with lines %s %s", separator, branches_tables[k],
                       curves[k].style, curves[k].dashes);
            separator = ", \\\n     ";
        }
    for (int k = 0; k < 2; k++)
        for (int side = 2; side <= 3 && figure->cycles[k]; side++) {
            script_add(
                script,
                "%s'sweep-cycles.tsv' using 1:(($5 <= 1) == %d || $2 == $3 ? $%d : NaN) with "
                "lines %s %s",
                separator, k, side, cycle_styles[k], cycle_dashes[k]);
            separator = ", \\\n     ";
        }
    script_add(script, *separator == 'p' ? "plot NaN\n" : "\n");
}

enum status branches_draw(const struct branches_figure *figure)
{
    const struct canvas canvas = canvas_of(figure);
    const struct figure whole = {.directory = figure->directory,
                                 .name = "sweep",
                                 .title = "Branches of fixed points",
                                 .width = canvas.width,
                                 .height = canvas.height};
    struct script *settings = script_create(), *plot = script_create();
    canvas_settings(settings, &canvas);
    marks_add(settings, figure);
    plot_add(plot, figure);
    return figure_of_scripts(&whole, settings, plot);
}
