/* Learning curves and alignment angles.
 *
 * Errors of working and failing rules lie decades apart, so they have a logarithmic axis; so have
 * the epochs of the angles, because most of the alignment happens within the first one.  A rule has
 * a colour, and after seven of them dashes: every curve is told apart without colours that look
 * alike, and the legend shows the same line.  Two panels share the horizontal axis.  Rejected: one
 * panel a rule (curves are drawn to be compared). */
#include "plots/learning.h"

#include "plots/figure.h"
#include "plots/legend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLOURS = 7, DASHES = 3, STYLE = 64, SYMBOL = 64, HEADING = 160 };

/* The canvas, in cm. */
static const double LEFT = 1.45, RIGHT = 0.45, PANEL = 3.3, PANEL_GAP = 0.35, ANGLE_GAP = 0.75;
static const double TITLE_ABOVE = 0.1, TITLE_GAP = 0.3, HEADING_GAP = 0.62;
static const double NAME_LEFT = 0.3; /* names of the vertical axes */
static const double AXIS_BELOW = 1.05, LEGEND_BELOW = 0.1, BOTTOM = 0.05;
static const double HEADING_ABOVE = 0.2; /* of a panel, to its middle */
static const double ROOM = 1.12;         /* factor above and below curves */
static const double DECADES_FULL = 2.2;  /* decades beyond which only powers of ten are labelled */
static const double BARE_MOST = 1.5; /* factor from the lower end of an axis to its first label */
static const double TEN = 10;
static const double RIGHT_ANGLE = 90, ANGLE_TOP = 100, ANGLE_MOST = 180, ANGLE_ROOM = 5;
static const double LOG_LEAST = 1e-9; /* of a loss: below that it is rounding */

static const char *const colours[COLOURS] = {"blue",   "vermillion", "green", "orange",
                                             "purple", "sky",        "ink"};
static const char *const dashes[DASHES] = {"1", "(8,4)", "(2,3)"};
static const enum legend_sample samples[DASHES] = {LEGEND_LINE, LEGEND_DASHED, LEGEND_DOTTED};

struct canvas {
    double width, height;
    double bottom[LEARNING_PANELS]; /* of the panels, cm; the first is above */
    size_t panels;
    double legend_top, caption_top;
    struct lines title, caption;
    struct legend legend;
    char style[LEARNING_CURVES_MAX][STYLE]; /* of the samples */
};

static void style_write(size_t k, char style[STYLE])
{
    snprintf(style, STYLE, "lw 1.6 lc rgb %s", colours[k % COLOURS]);
}

/* From the bottom upwards, once the legend is known. */
static void canvas_compose(struct canvas *canvas, const char *title, const char *const *caption,
                           double gap)
{
    canvas->width = FIGURE_COLUMN;
    lines_add(&canvas->title, title, legend_title_width);
    for (size_t k = 0; k < LEARNING_CAPTIONS; k++)
        lines_add(&canvas->caption, caption[k], legend_caption_width);
    canvas->caption_top = BOTTOM + legend_caption_height(&canvas->caption);
    canvas->legend_top = canvas->caption_top + LEGEND_BELOW + legend_height(&canvas->legend);
    double bottom = canvas->legend_top + AXIS_BELOW;
    for (size_t k = canvas->panels; k-- > 0;) {
        canvas->bottom[k] = bottom;
        bottom += PANEL + (k > 0 ? gap : 0);
    }
    canvas->height = bottom + TITLE_GAP + legend_title_height(&canvas->title) + TITLE_ABOVE;
}

static void settings_add(struct script *script, const struct canvas *canvas)
{
    script_add(script,
               "set datafile separator tab\nset lmargin at screen %.5f\nset rmargin at screen "
               "%.5f\nunset key\nunset colorbox\nset tics font ',8'\n"
               "set grid x y lw 0.4 lc rgb '#E4E4E4'\n",
               LEFT / canvas->width, 1 - RIGHT / canvas->width);
}

/* Title, legend and small print, drawn with the first panel only. */
static void texts_add(struct script *script, const struct canvas *canvas)
{
    struct legend_place place = {
        .width = canvas->width, .height = canvas->height, .top = canvas->height - TITLE_ABOVE};
    legend_title_add(script, &canvas->title, &place);
    place.top = canvas->legend_top;
    legend_add(script, &canvas->legend, &place);
    place.top = canvas->caption_top;
    legend_caption_add(script, &canvas->caption, &place);
}

static void panel_begin(struct script *script, const struct canvas *canvas, size_t panel,
                        const char *name)
{
    const double bottom = canvas->bottom[panel];
    script_add(script, "set bmargin at screen %.5f\nset tmargin at screen %.5f\n",
               bottom / canvas->height, (bottom + PANEL) / canvas->height);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f center rotate by 90 font ',8'\n", name,
               NAME_LEFT / canvas->width, (bottom + PANEL / 2) / canvas->height);
    if (panel + 1 < canvas->panels)
        script_add(script, "set format x ''\nunset xlabel\n");
}

/* --- learning curves ----------------------------------------------------------------------- */

/* What times a power of ten is labelled: more within one decade. */
struct ticks {
    size_t count;
    double step[5];
};
static const struct ticks TICKS_ONE = {5, {1, 2, 3, 5, 7}}, TICKS_FEW = {3, {1, 2, 5}},
                          TICKS_FULL = {1, {1}};

static const struct ticks *ticks_of(double decades)
{
    if (decades > DECADES_FULL)
        return &TICKS_FULL;
    return decades > 1 ? &TICKS_FEW : &TICKS_ONE;
}

/* The least label at or above a number, or the largest at or below it. */
static double tick_above(const struct ticks *ticks, double low)
{
    for (int decade = (int)floor(log10(low));; decade++)
        for (size_t k = 0; k < ticks->count; k++)
            if (ticks->step[k] * pow(TEN, decade) >= low)
                return ticks->step[k] * pow(TEN, decade);
}

static double tick_below(const struct ticks *ticks, double low)
{
    double tick = pow(TEN, floor(log10(low)));
    for (size_t k = 0; k < ticks->count; k++)
        if (ticks->step[k] * pow(TEN, floor(log10(low))) <= low)
            tick = ticks->step[k] * pow(TEN, floor(log10(low)));
    return tick;
}

/* The lower end of an axis: where the first label would be far above it, the axis begins at one. */
static double low_labelled(double low, double high)
{
    const struct ticks *ticks = ticks_of(log10(high / low));
    const bool bare = ticks != &TICKS_FULL && tick_above(ticks, low) > BARE_MOST * low;
    return bare ? tick_below(ticks, low) : low;
}

static void log_ticks_add(struct script *script, double from, double high)
{
    const double low = low_labelled(from, high);
    const struct ticks *ticks = ticks_of(log10(high / from));
    const char *gap = "";
    script_add(script,
               "set logscale y\nset yrange [%.6g:%.6g]\nset mytics 1\nset format y '%s'\n"
               "set ytics (",
               low, high, ticks == &TICKS_FULL ? "10^{%T}" : "%g");
    for (int decade = (int)floor(log10(low)); decade <= (int)ceil(log10(high)); decade++)
        for (size_t k = 0; k < ticks->count; k++) {
            const double tick = ticks->step[k] * pow(TEN, decade);
            if (tick < low || tick > high)
                continue;
            script_add(script, "%s%.6g", gap, tick);
            gap = ", ";
        }
    script_add(script, ")\n");
}

/* Bands first, then lines: column `first` of the table has the means, then the least and largest. */
static void curves_add(struct script *script, const struct learning_figure *figure, size_t first,
                       double floor_)
{
    const char *gap = "plot ";
    for (size_t k = 0; k < figure->curves && figure->bands; k++) {
        script_add(script,
                   "%s'learning.tsv' index %zu using 2:(($%zu) > %.6g ? $%zu : %.6g):(($%zu) > "
                   "%.6g ? $%zu : %.6g) with filledcurves fs transparent solid 0.22 noborder lc "
                   "rgb %s",
                   gap, k, first + 1, floor_, first + 1, floor_, first + 2, floor_, first + 2,
                   floor_, colours[k % COLOURS]);
        gap = ", \\\n     ";
    }
    for (size_t k = 0; k < figure->curves; k++) {
        script_add(script, "%s'learning.tsv' index %zu using 2:(($%zu) > %.6g ? $%zu : %.6g) ", gap,
                   k, first, floor_, first, floor_);
        if (figure->single[k])
            script_add(script, "with points pt 7 ps 0.5 lc rgb %s", colours[k % COLOURS]);
        else
            script_add(script, "with lines lw 1.6 lc rgb %s dt %s", colours[k % COLOURS],
                       dashes[k / COLOURS % DASHES]);
        gap = ", \\\n     ";
    }
    script_add(script, "\n");
}

static double range_low(const double range[2], double floor_)
{
    const double low = isfinite(range[0]) ? fmax(range[0], floor_) : floor_;
    return low / ROOM;
}

static double range_high(const double range[2], double low)
{
    return fmax(range[1], 2 * low) * ROOM;
}

static void curves_plot(struct script *script, const struct learning_figure *figure,
                        const struct canvas *canvas)
{
    const double floor_ = figure->errors ? figure->floor : LOG_LEAST;
    double low = range_low(figure->test, floor_);
    script_add(script, "set multiplot\nunset label\nunset arrow\nunset object\n");
    texts_add(script, canvas);
    panel_begin(script, canvas, 0, figure->errors ? "test error (%)" : "test loss");
    log_ticks_add(script, low, range_high(figure->test, low));
    curves_add(script, figure, 3, floor_);
    script_add(script, "unset label\nunset arrow\nunset object\n");
    panel_begin(script, canvas, 1, "training loss");
    script_add(script, "set format x '%%g'\nset xlabel 'epoch' offset 0,0.4\n");
    low = range_low(figure->loss, LOG_LEAST);
    log_ticks_add(script, low, range_high(figure->loss, low));
    curves_add(script, figure, 6, LOG_LEAST);
    script_add(script, "unset label\nunset multiplot\n");
}

static void curves_legend(const struct learning_figure *figure, struct canvas *canvas)
{
    for (size_t k = 0; k < figure->curves; k++) {
        style_write(k, canvas->style[k]);
        if (figure->single[k])
            snprintf(canvas->style[k], STYLE, "pt 7 ps 0.5 lc rgb %s", colours[k % COLOURS]);
        legend_line(&canvas->legend,
                    figure->single[k] ? LEGEND_POINT : samples[k / COLOURS % DASHES],
                    canvas->style[k], figure->name[k]);
    }
    if (figure->bands)
        legend_box(&canvas->legend, LEGEND_BOX, (struct colour){208, 208, 208},
                   "lines: means of the seeds; shaded: least to largest");
}

enum status learning_draw(const struct learning_figure *figure)
{
    struct canvas canvas = {.panels = 2};
    curves_legend(figure, &canvas);
    canvas_compose(&canvas, figure->title, figure->caption, PANEL_GAP);
    const struct figure whole = {.directory = figure->directory,
                                 .name = "learning",
                                 .title = "Learning curves",
                                 .width = canvas.width,
                                 .height = canvas.height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, &canvas);
    script_add(settings, "set xrange [0:%.17g]\n", figure->epochs);
    curves_plot(plot, figure, &canvas);
    return figure_of_scripts(&whole, settings, plot);
}

/* --- angles ---------------------------------------------------------------------------------- */

/* What stands above a panel, in gnuplot's enhanced text. */
static const char *heading(const struct learning_angles *figure, size_t panel)
{
    if (panel == 1)
        return "the error signal {/:Italic D_l} and that of backpropagation";
    return figure->skipped
               ? "feedback {/:Italic C_l} and forward path ({/:Italic W_L} ... {/:Italic W_{l+1}})'"
               : "feedback {/:Italic C_l} and forward weights {/:Italic W}_{/:Italic l+1}'";
}

static void angle_axis_add(struct script *script, const struct learning_angles *figure)
{
    const double top = fmin(ANGLE_MOST, fmax(ANGLE_TOP, figure->most + ANGLE_ROOM));
    script_add(script,
               "unset logscale y\nset format y '%%g'\nset yrange [0:%.6g]\nset ytics 30\n"
               "set arrow from graph 0,first %g to graph 1,first %g nohead lw 0.9 dt (14,9) lc rgb "
               "'#777777' back\n",
               top, RIGHT_ANGLE, RIGHT_ANGLE);
}

static void angles_of_panel(struct script *script, const struct learning_angles *figure,
                            size_t panel)
{
    for (size_t l = 0; l < figure->layers; l++)
        script_add(script, "%s'%s.tsv' using 1:%zu with lines lw 1.6 lc rgb %s dt %s",
                   l ? ", \\\n     " : "plot ", figure->name, 2 + panel * figure->layers + l,
                   colours[l % COLOURS], dashes[l / COLOURS % DASHES]);
    script_add(script, "\n");
}

static void angles_plot(struct script *script, const struct learning_angles *figure,
                        const struct canvas *canvas)
{
    size_t place = 0;
    script_add(script, "set multiplot\nunset label\nunset arrow\nunset object\n");
    texts_add(script, canvas);
    for (size_t panel = 0; panel < LEARNING_PANELS; panel++) {
        if (!figure->panel[panel])
            continue;
        const double top = canvas->bottom[place] + PANEL;
        panel_begin(script, canvas, place, "angle (degrees)");
        if (place + 1 == canvas->panels)
            script_add(script, "set format x '%%g'\nset xlabel 'epochs' offset 0,0.4\n");
        script_add(script, "set label \"%s\" at screen %.5f,%.5f left font ',8'\n",
                   heading(figure, panel), LEFT / canvas->width,
                   (top + HEADING_ABOVE) / canvas->height);
        angle_axis_add(script, figure);
        angles_of_panel(script, figure, panel);
        script_add(script, "unset label\nunset arrow\nunset object\n");
        place++;
    }
    script_add(script, "unset multiplot\n");
}

static void angles_legend(const struct learning_angles *figure, struct canvas *canvas)
{
    char text[SYMBOL];
    for (size_t l = 0; l < figure->layers && l < LEARNING_CURVES_MAX; l++) {
        style_write(l, canvas->style[l]);
        snprintf(text, sizeof text, "layer %zu", l + 1);
        legend_line(&canvas->legend, samples[l / COLOURS % DASHES], canvas->style[l], text);
    }
    legend_line(&canvas->legend, LEGEND_DASHED, "lw 0.9 lc rgb '#777777'", "90 degrees: unrelated");
}

enum status learning_angles_draw(const struct learning_angles *figure)
{
    struct canvas canvas = {.panels = (size_t)figure->panel[0] + figure->panel[1]};
    angles_legend(figure, &canvas);
    canvas_compose(&canvas, figure->title, figure->caption, ANGLE_GAP);
    canvas.height += HEADING_GAP - TITLE_GAP;
    const struct figure whole = {.directory = figure->directory,
                                 .name = figure->name,
                                 .title = "Alignment angles",
                                 .width = canvas.width,
                                 .height = canvas.height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, &canvas);
    script_add(settings, "set logscale x\nset xrange [%.6g:%.6g]\n", figure->first, figure->epochs);
    angles_plot(plot, figure, &canvas);
    return figure_of_scripts(&whole, settings, plot);
}
