/* The phase portrait.
 *
 * Conventions of the field (Strogatz; Izhikevich): filled marks attract, open marks repel,
 * half-filled ones do both; curves of fixed points are solid where they attract and dashed where
 * they repel.  The direction field has arrows of one length, so that slow regions stay legible, and
 * the speed is their colour.  Leaves of a first integral are thin and grey, since every trajectory
 * stays on one.
 *
 * The legend is laid out by hand on the canvas: gnuplot's own cannot show half-filled marks, and
 * everything that is drawn must be explained. */
#include "plots/portrait.h"

#include "plots/figure.h"

#include <math.h>
#include <stdio.h>

enum { LEGEND_MAX = 16, SAMPLE_DASHES = 4 };

/* The canvas, in cm; the figure is one column wide. */
static const double LEFT = 1.05, PLOT = 6.2, TOP = 1.05, AXIS_BELOW = 1.0;
static const double TITLE_BELOW = 0.32;          /* from the top to the middle of the title */
static const double SPEED_ABOVE = 0.36;          /* the name of the colours, above the bar */
static const double MARGIN = 0.2;                /* of texts */
static const double BAR_GAP = 0.15, BAR = 0.2;   /* colour bar: distance and width */
static const double Y_NAME = 0.3, X_NAME = 0.72; /* names of the axes: above and below the plot */
static const double ROW = 0.38;                  /* height of a line of the legend */
static const double SAMPLE = 0.5;                /* length of a sample line in the legend */
static const double DASH_GAP = 0.4;              /* of the period of a dashed sample */
static const double SECOND_COLUMN = 4.45;        /* of the legend */
static const double TEXT_GAP = 0.12;             /* between a sample and its text */
static const double CAPTION_ROW = 0.33, CAPTION_GAP = 0.1, BOTTOM = 0.12;
static const double RADIUS = 0.075; /* of a mark */
static const double ASPECT_LEAST = 0.5, ASPECT_MOST = 1.5;

/* One entry of the legend: a line, a mark or an arrow, and what it means. */
struct entry {
    const char *style; /* of a line; NULL for a mark */
    enum portrait_mark mark;
    bool wide; /* has a row of its own */
    char text[SCRIPT_LABEL_MAX];
};

struct legend {
    size_t count;
    struct entry entry[LEGEND_MAX];
};

/* Sizes of this figure in cm. */
struct canvas {
    double width, height, plot_height, plot_bottom;
    size_t rows, captions;
};

static const char ATTRACTING[] = "lw 2.2 lc rgb ink";
static const char REPELLING[] = "lw 2.2 lc rgb ink";
static const char DASHES[] = "dt (4,3)";
static const char CRITICAL[] = "lw 1.2 lc rgb blue";
static const char LEAVES[] = "lw 0.5 lc rgb grey";
static const char TRAJECTORIES[] = "lw 1.1 lc rgb vermillion";
static const char LIMITS[] = "pt 7 ps 0.35 lc rgb vermillion";
static const char NULLCLINE_0[] = "lw 1.2 lc rgb sky";
static const char NULLCLINE_1[] = "lw 1.2 lc rgb orange";

static const char *const mark_texts[PORTRAIT_MARKS] = {
    [PORTRAIT_ATTRACTOR] = "attracting fixed point",
    [PORTRAIT_REPELLER] = "repelling fixed point",
    [PORTRAIT_SADDLE] = "saddle",
    [PORTRAIT_SEMISTABLE] = "semistable fixed point",
    [PORTRAIT_DEGENERATE] = "degenerate fixed point",
    [PORTRAIT_START] = "start given",
};

double portrait_aspect(const double window[4])
{
    return fmin(fmax((window[3] - window[2]) / (window[1] - window[0]), ASPECT_LEAST), ASPECT_MOST);
}

/* --- legend ---------------------------------------------------------------------------- */

static struct entry *entry_next(struct legend *legend, const char *style)
{
    struct entry *entry =
        &legend->entry[legend->count < LEGEND_MAX - 1 ? legend->count++ : LEGEND_MAX - 1];
    *entry = (struct entry){.style = style};
    return entry;
}

static void line_entry(struct legend *legend, const char *style, const char *text)
{
    script_formula(text, entry_next(legend, style)->text);
}

static void nullcline_entry(struct legend *legend, const char *style, const char *name)
{
    char text[SCRIPT_LABEL_MAX];
    snprintf(text, sizeof text, "nullcline of %s", name);
    line_entry(legend, style, text);
}

static void leaf_entry(struct legend *legend, const char *leaf)
{
    char text[SCRIPT_LABEL_MAX];
    snprintf(text, sizeof text, "leaves: %s const.", leaf);
    line_entry(legend, LEAVES, text);
    legend->entry[legend->count - 1].wide = true;
}

static void mark_entries(struct legend *legend, const struct portrait_figure *figure)
{
    for (int mark = 0; mark < PORTRAIT_MARKS; mark++)
        for (size_t k = 0; k < figure->points; k++)
            if ((int)figure->point[k].mark == mark) {
                struct entry *entry = entry_next(legend, NULL);
                entry->mark = (enum portrait_mark)mark;
                script_formula(mark_texts[mark], entry->text);
                break;
            }
}

static void legend_compose(struct legend *legend, const struct portrait_figure *figure)
{
    legend->count = 0;
    if (figure->attracting)
        line_entry(legend, ATTRACTING, "attracting fixed points");
    if (figure->repelling)
        line_entry(legend, REPELLING, "repelling fixed points");
    mark_entries(legend, figure);
    if (figure->critical)
        line_entry(legend, CRITICAL, "P-critical: S = 0");
    if (figure->nullclines) {
        nullcline_entry(legend, NULLCLINE_0, figure->axis[0]);
        nullcline_entry(legend, NULLCLINE_1, figure->axis[1]);
    }
    line_entry(legend, TRAJECTORIES, figure->projected ? "projected trajectories" : "trajectories");
    if (figure->projected)
        line_entry(legend, LIMITS, "their limits, projected");
    if (figure->leaf)
        leaf_entry(legend, figure->leaf);
}

/* A mark is a filled disc with half of it, or nothing, painted black, and an outline. */
static void mark_add(struct script *script, const char *system, double x, double y,
                     enum portrait_mark mark)
{
    static const char *const arcs[PORTRAIT_MARKS] = {[PORTRAIT_ATTRACTOR] = "[0:360]",
                                                     [PORTRAIT_SADDLE] = "[180:360]",
                                                     [PORTRAIT_SEMISTABLE] = "[90:270]",
                                                     [PORTRAIT_DEGENERATE] = "[90:270]"};
    if (mark == PORTRAIT_START) {
        script_add(script,
                   "set label '' at %s %.10g,%.10g point pt 5 ps 0.55 lc rgb vermillion "
                   "front\n",
                   system, x, y);
        return;
    }
    script_add(script,
               "set object circle at %s %.10g,%.10g size screen radius front noclip "
               "fc rgb 'white' fs solid noborder\n",
               system, x, y);
    if (arcs[mark])
        script_add(script,
                   "set object circle at %s %.10g,%.10g size screen radius arc %s "
                   "front noclip fc rgb ink fs solid noborder\n",
                   system, x, y, arcs[mark]);
    script_add(script,
               "set object circle at %s %.10g,%.10g size screen radius front noclip "
               "fc rgb ink fs empty border lc rgb ink lw 0.9\n",
               system, x, y);
}

/* A sample line from `left` to `right`; dashes one by one, since SVG arrows have none. */
static void sample_add(struct script *script, const char *style, double left, double right,
                       double y)
{
    size_t dashes = style == REPELLING ? SAMPLE_DASHES : 1;
    double period = (right - left) / ((double)dashes - DASH_GAP * (dashes > 1));
    double length = dashes > 1 ? period * (1 - DASH_GAP) : right - left;
    for (size_t k = 0; k < dashes; k++)
        script_add(script, "set arrow from screen %.5f,%.5f to screen %.5f,%.5f %s %s dt 1 front\n",
                   left + period * (double)k, y, left + period * (double)k + length, y,
                   style == TRAJECTORIES ? "filled size screen 0.018,18" : "nohead", style);
}

static void entry_add(struct script *script, const struct canvas *canvas, const struct entry *entry,
                      double x, double y)
{
    double left = x / canvas->width, right = (x + SAMPLE) / canvas->width;
    double middle = y / canvas->height;
    if (entry->style == LIMITS)
        script_add(script, "set label '' at screen %.5f,%.5f point %s front\n", (left + right) / 2,
                   middle, LIMITS);
    else if (entry->style)
        sample_add(script, entry->style, left, right, middle);
    else
        mark_add(script, "screen", (left + right) / 2, middle, entry->mark);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f left font ',8' front\n", entry->text,
               right + TEXT_GAP / canvas->width, middle);
}

/* The place of each entry: two columns, filled row by row; returns the number of rows. */
static size_t legend_arrange(const struct legend *legend, size_t row[LEGEND_MAX],
                             size_t column[LEGEND_MAX])
{
    size_t rows = 0, next = 0;
    for (size_t k = 0; k < legend->count; k++) {
        if (legend->entry[k].wide)
            next = 0;
        rows += next == 0;
        row[k] = rows - 1;
        column[k] = next;
        next = legend->entry[k].wide ? 0 : 1 - next;
    }
    return rows;
}

static void legend_add(struct script *script, const struct canvas *canvas,
                       const struct legend *legend)
{
    size_t row[LEGEND_MAX], column[LEGEND_MAX];
    double top = canvas->plot_bottom - AXIS_BELOW - ROW / 2;
    legend_arrange(legend, row, column);
    for (size_t k = 0; k < legend->count; k++)
        entry_add(script, canvas, &legend->entry[k], column[k] ? SECOND_COLUMN : MARGIN,
                  top - ROW * (double)row[k]);
}

/* --- the plot -------------------------------------------------------------------------- */

static struct canvas canvas_of(const struct portrait_figure *figure, const struct legend *legend)
{
    size_t row[LEGEND_MAX], column[LEGEND_MAX];
    struct canvas canvas = {.width = FIGURE_COLUMN, .rows = legend_arrange(legend, row, column)};
    for (size_t k = 0; k < 2; k++)
        canvas.captions += figure->caption[k] != NULL;
    canvas.plot_height = PLOT * portrait_aspect(figure->window);
    canvas.plot_bottom = AXIS_BELOW + ROW * (double)canvas.rows + CAPTION_GAP +
                         CAPTION_ROW * (double)canvas.captions + BOTTOM;
    canvas.height = canvas.plot_bottom + canvas.plot_height + TOP;
    return canvas;
}

static void frame_add(struct script *script, const struct portrait_figure *figure,
                      const struct canvas *canvas)
{
    char x[SCRIPT_LABEL_MAX], y[SCRIPT_LABEL_MAX], title[SCRIPT_LABEL_MAX];
    const double *w = figure->window;
    script_add(script, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n",
               LEFT / canvas->width, (LEFT + PLOT) / canvas->width);
    script_add(script, "set bmargin at screen %.5f\nset tmargin at screen %.5f\n",
               canvas->plot_bottom / canvas->height,
               (canvas->plot_bottom + canvas->plot_height) / canvas->height);
    script_add(script, "set xrange [%.10g:%.10g]\nset yrange [%.10g:%.10g]\n", w[0], w[1], w[2],
               w[3]);
    script_add(script, "set tics font ',8'\nset xtics offset 0,0.3\nset ytics offset 0.4,0\n");
    script_add(script, "set label \"%s\" at screen %.5f,%.5f center font ',10'\n",
               script_symbol(figure->axis[0], x), (LEFT + PLOT / 2) / canvas->width,
               (canvas->plot_bottom - X_NAME) / canvas->height);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f center font ',10'\n",
               script_symbol(figure->axis[1], y), LEFT / canvas->width,
               (canvas->plot_bottom + canvas->plot_height + Y_NAME) / canvas->height);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f left font ',9'\n",
               script_formula(figure->title, title), MARGIN / canvas->width,
               (canvas->height - TITLE_BELOW) / canvas->height);
    script_add(script, "unset key\nradius = %.6f\n", RADIUS / canvas->width);
}

static void caption_add(struct script *script, const struct portrait_figure *figure,
                        const struct canvas *canvas)
{
    char label[SCRIPT_LABEL_MAX];
    size_t below = canvas->captions;
    for (size_t k = 0; k < 2; k++)
        if (figure->caption[k])
            script_add(script, "set label \"%s\" at screen %.5f,%.5f left font ',7.5'\n",
                       script_formula(figure->caption[k], label), MARGIN / canvas->width,
                       (BOTTOM + CAPTION_ROW * ((double)(below--) - 0.5)) / canvas->height);
}

static void bar_add(struct script *script, const struct portrait_figure *figure,
                    const struct canvas *canvas)
{
    script_add(script,
               "set cbrange [%.4f:%.4f]\nset format cb '10^{%%g}'\n"
               "set cbtics 1 font ',8' offset -0.7,0\n",
               figure->speed[0], figure->speed[1]);
    script_add(script,
               "set colorbox user origin screen %.5f,%.5f size screen %.5f,%.5f "
               "noborder\n",
               (LEFT + PLOT + BAR_GAP) / canvas->width, canvas->plot_bottom / canvas->height,
               BAR / canvas->width, canvas->plot_height / canvas->height);
    script_add(script, "set label \"speed\" at screen %.5f,%.5f left font ',8'\n",
               (LEFT + PLOT + BAR_GAP) / canvas->width,
               (canvas->plot_bottom + canvas->plot_height + SPEED_ABOVE) / canvas->height);
}

static void curves_add(struct script *script, const char *table, const char *columns,
                       const char *style)
{
    script_add(script, ", \\\n     'portrait-%s.tsv' using %s with lines %s", table, columns,
               style);
}

static void plots_add(struct script *script, const struct portrait_figure *figure)
{
    script_add(script, "plot 'portrait-field.tsv' using ($1-$3/2):($2-$4/2):3:4:5 with vectors "
                       "filled size screen 0.011,22,60 lw 0.8 lc palette");
    if (figure->leaf)
        curves_add(script, "leaves", "1:2", LEAVES);
    if (figure->critical)
        curves_add(script, "critical", "1:2", CRITICAL);
    if (figure->nullclines) {
        curves_add(script, "nullclines-0", "1:2", NULLCLINE_0);
        curves_add(script, "nullclines-1", "1:2", NULLCLINE_1);
    }
    curves_add(script, "trajectories", "2:3", TRAJECTORIES);
    script_add(script,
               ", \\\n     'portrait-heads.tsv' using 1:2:3:4 with vectors filled size "
               "screen 0.02,18,60 fixed %s",
               TRAJECTORIES);
    if (figure->projected)
        script_add(script, ", \\\n     'portrait-limits.tsv' using 1:2 with points %s", LIMITS);
    if (figure->attracting)
        curves_add(script, "attracting", "1:2", ATTRACTING);
    if (figure->repelling)
        curves_add(script, "repelling", "1:2", REPELLING);
    script_add(script, " %s\n", figure->repelling ? DASHES : "");
}

static void settings_add(struct script *script, const struct portrait_figure *figure,
                         const struct canvas *canvas, const struct legend *legend)
{
    script_add(script, "set datafile separator tab\n");
    frame_add(script, figure, canvas);
    bar_add(script, figure, canvas);
    legend_add(script, canvas, legend);
    caption_add(script, figure, canvas);
    for (size_t k = 0; k < figure->points; k++)
        mark_add(script, "first", figure->point[k].x, figure->point[k].y, figure->point[k].mark);
}

enum status portrait_draw(const struct portrait_figure *figure)
{
    struct legend legend;
    legend_compose(&legend, figure);
    struct canvas canvas = canvas_of(figure, &legend);
    struct figure whole = {.directory = figure->directory,
                           .name = "portrait",
                           .title = "Phase portrait",
                           .width = canvas.width,
                           .height = canvas.height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, figure, &canvas, &legend);
    plots_add(plot, figure);
    whole.settings = script_text(settings);
    whole.plot = script_text(plot);
    enum status status = figure_draw(&whole);
    script_free(settings);
    script_free(plot);
    return status;
}
