/* The phase portrait.
 *
 * Conventions of the field (Strogatz; Izhikevich): filled marks attract, open marks repel,
 * half-filled ones do both; curves of fixed points are solid where they attract and dashed where
 * they repel.  The direction field has arrows of one length, so that slow regions stay legible, and
 * the speed is their colour.  Leaves of a first integral are thin and grey, since every trajectory
 * stays on one.
 *
 * Everything that is drawn is explained in the legend (legend.h). */
#include "plots/portrait_parts.h"

#include "plots/figure.h"
#include "plots/legend.h"
#include "plots/ticks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_HERE = 160, SPEED_TICKS = 6, LABEL_SHORT = 18 };

/* The canvas, in cm; the figure is one column wide. */
static const double LEFT = 1.05, PLOT = 6.2, AXIS_BELOW = 1.0;
static const double TITLE_ABOVE = 0.14;          /* above the title */
static const double TITLE_GAP = 0.55;            /* from the title to the plot */
static const double SPEED_ABOVE = 0.36;          /* the name of the colours, above the bar */
static const double BAR_GAP = 0.15, BAR = 0.2;   /* colour bar: distance and width */
static const double Y_NAME = 0.3, X_NAME = 0.72; /* names of the axes: above and below the plot */
static const double FIELD_HEAD = 0.095, TRACK_HEAD = 0.17; /* lengths of arrowheads */
static const double BOTTOM = 0.12;
static const double ASPECT_LEAST = 0.5, ASPECT_MOST = 1.5;

/* Sizes of this figure in cm, and its texts. */
struct canvas {
    struct portrait_frame frame;
    struct lines title, caption;
};

static const char ATTRACTING[] = "lw 2.2 lc rgb ink";
static const char REPELLING[] = "lw 2.2 lc rgb ink";
static const char DASHES[] = "dt (4,3)";
static const char NEUTRAL[] = "lw 2.2 lc rgb purple";
static const char CRITICAL[] = "lw 1.2 lc rgb blue";
static const char SLIDES[] = "lw 3 lc rgb green", PARTS[] = "lw 3 lc rgb purple";
static const char LEAVES[] = "lw 0.5 lc rgb grey";
static const char TRAJECTORIES[] = "lw 1.1 lc rgb vermillion";
static const char LIMITS[] = "pt 7 ps 0.35 lc rgb vermillion";
/* Dashed, since trajectories are solid; sky blue and orange on either side of their vermillion. */
static const char NULLCLINE_0[] = "lw 1.5 lc rgb sky";
static const char NULLCLINE_1[] = "lw 1.5 lc rgb orange";
static const char NULLCLINE_DASHES[] = "dt (5,2)";

/* How an invariant curve is drawn: tables, styles, legend. */
static const struct curve_style {
    const char *table, *style;
    enum legend_sample sample;
    const char *text;
} curve_styles[PORTRAIT_CURVES] = {
    [PORTRAIT_STABLE_MANIFOLD] = {"portrait-separatrices.tsv", "lw 2 lc rgb green", LEGEND_LINE,
                                  "separatrices (stable)"},
    [PORTRAIT_UNSTABLE_MANIFOLD] = {"portrait-unstable.tsv", "lw 2 lc rgb purple", LEGEND_LINE,
                                    "unstable manifolds"},
    [PORTRAIT_STABLE_CYCLE] = {"portrait-cycles.tsv", "lw 2.2 lc rgb ink", LEGEND_LINE,
                               "attracting limit cycle"},
    [PORTRAIT_UNSTABLE_CYCLE] = {"portrait-unstable-cycles.tsv", "lw 2.2 lc rgb ink", LEGEND_DASHED,
                                 "repelling limit cycle"},
};

const char *portrait_curve_table(enum portrait_curve curve)
{
    return curve_styles[curve].table;
}

static const char *const mark_texts[PORTRAIT_MARKS] = {
    [PORTRAIT_ATTRACTOR] = "attracting fixed point",
    [PORTRAIT_REPELLER] = "repelling fixed point",
    [PORTRAIT_SADDLE] = "saddle",
    [PORTRAIT_SEMISTABLE] = "semistable fixed point",
    [PORTRAIT_CENTRE] = "centre",
    [PORTRAIT_DEGENERATE] = "degenerate fixed point",
    [PORTRAIT_CHANGE] = "stability changes",
    [PORTRAIT_START] = "start given",
};

double portrait_aspect(const double window[4])
{
    return fmin(fmax((window[3] - window[2]) / (window[1] - window[0]), ASPECT_LEAST), ASPECT_MOST);
}

/* --- legend ---------------------------------------------------------------------------- */

static const enum legend_mark discs[PORTRAIT_MARKS] = {
    [PORTRAIT_ATTRACTOR] = LEGEND_FULL, [PORTRAIT_REPELLER] = LEGEND_OPEN,
    [PORTRAIT_SADDLE] = LEGEND_LOWER,   [PORTRAIT_SEMISTABLE] = LEGEND_LEFT,
    [PORTRAIT_CENTRE] = LEGEND_DOT,     [PORTRAIT_DEGENERATE] = LEGEND_LEFT,
    [PORTRAIT_CHANGE] = LEGEND_LEFT,    [PORTRAIT_START] = LEGEND_SQUARE};

static void nullcline_entry(struct legend *legend, const char *style, const char *name)
{
    char text[NAME_MAX_HERE];
    snprintf(text, sizeof text, "nullcline of %s", name);
    legend_line(legend, LEGEND_DASHED, style, text);
}

void portrait_marks_legend(struct legend *legend, const struct portrait_figure *figure)
{
    for (int mark = 0; mark < PORTRAIT_MARKS; mark++)
        for (size_t k = 0; k < figure->points; k++)
            if ((int)figure->point[k].mark == mark) {
                legend_disc(legend, discs[mark], mark_texts[mark]);
                break;
            }
}

static void fixed_entries(struct legend *legend, const struct portrait_figure *figure)
{
    if (figure->attracting)
        legend_line(legend, LEGEND_LINE, ATTRACTING, "attracting fixed points");
    if (figure->repelling)
        legend_line(legend, LEGEND_DASHED, REPELLING, "repelling fixed points");
    if (figure->neutral)
        legend_line(legend, LEGEND_LINE, NEUTRAL, "neutral fixed points");
    portrait_marks_legend(legend, figure);
}

void portrait_legend(struct legend *legend, const struct portrait_figure *figure)
{
    fixed_entries(legend, figure);
    if (figure->critical)
        legend_line(legend, LEGEND_LINE, CRITICAL, "P-critical: S = 0");
    if (figure->nullcline[0])
        nullcline_entry(legend, NULLCLINE_0, figure->axis[0]);
    if (figure->nullcline[1])
        nullcline_entry(legend, NULLCLINE_1, figure->axis[1]);
    legend_line(legend, LEGEND_ARROW, TRAJECTORIES,
                figure->projected ? "projected trajectories" : "trajectories");
    if (figure->projected || figure->limits)
        legend_line(legend, LEGEND_POINT, LIMITS,
                    figure->projected ? "their limits, projected" : "their limits");
    if (figure->slides)
        legend_line(legend, LEGEND_LINE, SLIDES, "both sides push onto it");
    if (figure->parts)
        legend_line(legend, LEGEND_LINE, PARTS, "both sides push away");
    for (int k = 0; k < PORTRAIT_CURVES; k++)
        if (figure->curve[k])
            legend_line(legend, curve_styles[k].sample, curve_styles[k].style,
                        curve_styles[k].text);
    if (figure->leaf)
        legend_line(legend, LEGEND_LINE, LEAVES, figure->leaf);
}

/* --- the plot -------------------------------------------------------------------------- */

static struct canvas canvas_of(const struct portrait_figure *figure, const struct legend *legend)
{
    struct canvas canvas = {.frame = {.canvas_width = FIGURE_COLUMN, .left = LEFT, .width = PLOT}};
    lines_add(&canvas.title, figure->title, legend_title_width);
    for (size_t k = 0; k < PORTRAIT_CAPTIONS; k++)
        lines_add(&canvas.caption, figure->caption[k], legend_caption_width);
    struct portrait_frame *frame = &canvas.frame;
    frame->height = PLOT * portrait_aspect(figure->window);
    frame->bottom =
        AXIS_BELOW + legend_height(legend) + legend_caption_height(&canvas.caption) + BOTTOM;
    frame->canvas_height = frame->bottom + frame->height + TITLE_GAP +
                           legend_title_height(&canvas.title) + TITLE_ABOVE;
    return canvas;
}

/* A name that is one word is a symbol; others are text. */
static const char *axis_name(const char *name, char *label)
{
    return strchr(name, ' ') ? script_formula(name, label) : script_symbol(name, label);
}

static void axes_add(struct script *script, const struct portrait_figure *figure,
                     const struct portrait_frame *frame)
{
    char x[SCRIPT_LABEL_MAX], y[SCRIPT_LABEL_MAX];
    const double *w = figure->window;
    axis_name(figure->axis[0], x);
    axis_name(figure->axis[1], y);
    script_add(script, "set tics font ',8'\nset xtics offset 0,0.3\nset ytics offset 0.4,0\n");
    ticks_add(script, 'x', w[0], w[1], x);
    ticks_add(script, 'y', w[2], w[3], y);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f center font ',10'\n", x,
               (frame->left + frame->width / 2) / frame->canvas_width,
               (frame->bottom - X_NAME) / frame->canvas_height);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f %s font ',10'\n", y,
               frame->left / frame->canvas_width,
               (frame->bottom + frame->height + Y_NAME) / frame->canvas_height,
               strlen(y) > LABEL_SHORT ? "left" : "center");
}

void portrait_frame_add(struct script *script, const struct portrait_figure *figure,
                        const struct portrait_frame *frame)
{
    const double *w = figure->window;
    script_add(script, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n",
               frame->left / frame->canvas_width,
               (frame->left + frame->width) / frame->canvas_width);
    script_add(script, "set bmargin at screen %.5f\nset tmargin at screen %.5f\n",
               frame->bottom / frame->canvas_height,
               (frame->bottom + frame->height) / frame->canvas_height);
    script_add(script, "set xrange [%.17g:%.17g]\nset yrange [%.17g:%.17g]\n", w[0], w[1], w[2],
               w[3]);
    axes_add(script, figure, frame);
    script_add(script, "unset key\n");
    legend_radius_add(script, frame->canvas_width);
    script_add(script, "field_head = %.5f\ntrack_head = %.5f\n", FIELD_HEAD / frame->canvas_width,
               TRACK_HEAD / frame->canvas_width);
    for (size_t k = 0; k < figure->points; k++)
        legend_mark_add(script, "first", figure->point[k].x, figure->point[k].y,
                        discs[figure->point[k].mark]);
}

void portrait_bar_add(struct script *script, const struct portrait_figure *figure,
                      const struct portrait_frame *frame)
{
    script_add(script,
               "set cbrange [%.4f:%.4f]\nset format cb '10^{%%g}'\n"
               "set cbtics %g font ',8' offset -0.7,0\n",
               figure->speed[0], figure->speed[1],
               fmax(1, ceil((figure->speed[1] - figure->speed[0]) / SPEED_TICKS)));
    script_add(script,
               "set colorbox user origin screen %.5f,%.5f size screen %.5f,%.5f "
               "noborder\n",
               (frame->left + frame->width + BAR_GAP) / frame->canvas_width,
               frame->bottom / frame->canvas_height, BAR / frame->canvas_width,
               frame->height / frame->canvas_height);
    script_add(script, "set label \"speed\" at screen %.5f,%.5f left font ',8'\n",
               (frame->left + frame->width + BAR_GAP) / frame->canvas_width,
               (frame->bottom + frame->height + SPEED_ABOVE) / frame->canvas_height);
}

static void curves_add(struct script *script, const char *table, const char *columns,
                       const char *style)
{
    script_add(script, ", \\\n     name.'-%s.tsv' using %s with lines %s", table, columns, style);
}

void portrait_curves_add(struct script *script, const struct portrait_figure *figure)
{
    script_add(script, "plot name.'-field.tsv' using ($1-$3/2):($2-$4/2):3:4:5 with vectors "
                       "filled size screen field_head,22,60 lw 0.8 lc palette");
    if (figure->leaf)
        curves_add(script, "leaves", "1:2", LEAVES);
    if (figure->critical)
        curves_add(script, "critical", "1:2", CRITICAL);
    for (int k = 0; k < 2; k++)
        if (figure->nullcline[k]) {
            curves_add(script, k ? "nullclines-1" : "nullclines-0", "1:2",
                       k ? NULLCLINE_1 : NULLCLINE_0);
            script_add(script, " %s", NULLCLINE_DASHES);
        }
    if (figure->slides)
        curves_add(script, "slides", "1:2", SLIDES);
    if (figure->parts)
        curves_add(script, "parts", "1:2", PARTS);
    curves_add(script, "trajectories", "2:3", TRAJECTORIES);
    script_add(script,
               ", \\\n     name.'-heads.tsv' using 1:2:3:4 with vectors filled size "
               "screen track_head,18,60 fixed %s",
               TRAJECTORIES);
    if (figure->projected || figure->limits)
        script_add(script, ", \\\n     name.'-limits.tsv' using 1:2 with points %s", LIMITS);
    for (int k = 0; k < PORTRAIT_CURVES; k++)
        if (figure->curve[k])
            script_add(script, ", \\\n     name.'-%s' using 2:3 with lines %s %s",
                       curve_styles[k].table + strlen("portrait-"), curve_styles[k].style,
                       curve_styles[k].sample == LEGEND_DASHED ? DASHES : "");
    if (figure->neutral)
        curves_add(script, "neutral", "1:2", NEUTRAL);
    if (figure->attracting)
        curves_add(script, "attracting", "1:2", ATTRACTING);
    if (figure->repelling)
        curves_add(script, "repelling", "1:2", REPELLING);
    script_add(script, " %s\n", figure->repelling ? DASHES : "");
}

static void settings_add(struct script *script, const struct portrait_figure *figure,
                         const struct canvas *canvas, const struct legend *legend)
{
    const struct portrait_frame *frame = &canvas->frame;
    struct legend_place place = {.width = frame->canvas_width,
                                 .height = frame->canvas_height,
                                 .top = frame->canvas_height - TITLE_ABOVE};
    script_add(script, "set datafile separator tab\nname = '%s'\n", figure->name);
    portrait_frame_add(script, figure, frame);
    portrait_bar_add(script, figure, frame);
    legend_title_add(script, &canvas->title, &place);
    place.top = frame->bottom - AXIS_BELOW;
    legend_add(script, legend, &place);
    place.top -= legend_height(legend);
    legend_caption_add(script, &canvas->caption, &place);
}

enum status portrait_draw(const struct portrait_figure *figure)
{
    struct legend legend = {.count = 0};
    portrait_legend(&legend, figure);
    struct canvas canvas = canvas_of(figure, &legend);
    const struct figure whole = {.directory = figure->directory,
                                 .name = figure->name,
                                 .title = "Phase portrait",
                                 .width = canvas.frame.canvas_width,
                                 .height = canvas.frame.canvas_height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, figure, &canvas, &legend);
    portrait_curves_add(plot, figure);
    return figure_of_scripts(&whole, settings, plot);
}
