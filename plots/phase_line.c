/* A flow on a line as textbooks draw it (Strogatz, chapter 2): the rate over the position.
 *
 * Where the rate crosses zero there are fixed points, filled, open or half filled; arrowheads on the
 * axis point where the flow goes.  A band at the bottom has one colour for each zero that attracts, from
 * where its starts begin to where they end, and the number of the zero among all. */
#include "plots/phase_line.h"

#include "plots/canvas.h"
#include "plots/figure.h"

#include <math.h>
#include <stdio.h>

/* cm */
static const double PLOT_HEIGHT = 5.2;
static const double BAND = 0.42, BAND_GAP = 0.1;  /* of the intervals, inside the plot */
static const double HEAD = 0.24, HEAD_ANGLE = 22; /* arrowheads: cm, degrees */
static const double ROOM_FOR_HEAD = 0.62;         /* cm between two fixed points */
static const double ROOM_FOR_NUMBER = 0.3;        /* cm of a band */
static const double PALE = 0.85; /* shade of a band: black digits are legible on it */

static const char RATE[] = "lw 1.8 lc rgb blue", AXIS[] = "lw 0.8 lc rgb '#666666'",
                  MOTION[] = "lw 1.4 lc rgb vermillion";

static bool attracts(const struct phase_zero *zero)
{
    return zero->before > 0 && zero->after < 0;
}

/* Starts to the left of it go there, and those to the right. */
static bool takes_from_left(const struct phase_zero *zero)
{
    return zero->before > 0;
}
static bool takes_from_right(const struct phase_zero *zero)
{
    return zero->after < 0;
}

static enum legend_mark mark_of(const struct phase_zero *zero)
{
    if (attracts(zero))
        return LEGEND_FULL;
    return takes_from_left(zero) || takes_from_right(zero) ? LEGEND_LEFT : LEGEND_OPEN;
}

static struct colour colour_of(size_t zero)
{
    return colour_shade(colour_of_class(zero % COLOUR_CLASSES), PALE);
}

static void legend_compose(const struct phase_line_figure *figure, struct legend *legend)
{
    static const char *const texts[] = {[LEGEND_FULL] = "attracting fixed point",
                                        [LEGEND_OPEN] = "repelling fixed point",
                                        [LEGEND_LEFT] = "semistable fixed point"};
    static const enum legend_mark marks[] = {LEGEND_FULL, LEGEND_OPEN, LEGEND_LEFT};
    *legend = (struct legend){.count = 0};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        for (size_t k = 0; k < figure->zeros; k++)
            if (mark_of(&figure->zero[k]) == marks[i]) {
                legend_disc(legend, marks[i], texts[marks[i]]);
                break;
            }
    legend_line(legend, LEGEND_LINE, RATE, figure->axis[1]);
    legend_line(legend, LEGEND_ARROW, MOTION, "direction of the flow");
    if (figure->has_start)
        legend_disc(legend, LEGEND_SQUARE, "start given");
    if (figure->zeros > 0)
        legend_box(legend, LEGEND_BOX, colour_of(0), "band k: the starts that go to fixed point k");
}

static struct canvas canvas_of(const struct phase_line_figure *figure)
{
    struct canvas canvas = {.plot = PLOT_HEIGHT, .window = figure->window, .axis = figure->axis};
    legend_compose(figure, &canvas.legend);
    lines_add(&canvas.title, figure->title, legend_title_width);
    for (size_t k = 0; k < PHASE_CAPTIONS; k++)
        lines_add(&canvas.caption, figure->caption[k], legend_caption_width);
    canvas_compose(&canvas);
    return canvas;
}

/* cm on the canvas that so much of the abscissa has */
static double centimetres(const struct phase_line_figure *figure, double width)
{
    return width / (figure->window[1] - figure->window[0]) *
           (FIGURE_COLUMN - canvas_left - canvas_right);
}

/* The interval between zero k - 1 and zero k, cut to the window. */
static void gap_of(const struct phase_line_figure *figure, size_t k, double gap[2])
{
    const double *w = figure->window;
    gap[0] = k > 0 ? fmin(fmax(figure->zero[k - 1].s, w[0]), w[1]) : w[0];
    gap[1] = k < figure->zeros ? fmin(fmax(figure->zero[k].s, w[0]), w[1]) : w[1];
}

/* The wider part of a gap that the start is in. */
static void beside_start(const struct phase_line_figure *figure, double gap[2])
{
    if (!figure->has_start || figure->start <= gap[0] || figure->start >= gap[1])
        return;
    if (figure->start - gap[0] > gap[1] - figure->start)
        gap[1] = figure->start;
    else
        gap[0] = figure->start;
}

/* One arrowhead in the middle of each gap that has room for it. */
static void motion_add(struct script *script, const struct phase_line_figure *figure)
{
    for (size_t k = 0; k <= figure->zeros && figure->zeros > 0; k++) {
        double gap[2];
        const int sign = k > 0 ? figure->zero[k - 1].after : figure->zero[0].before;
        gap_of(figure, k, gap);
        beside_start(figure, gap);
        if (centimetres(figure, gap[1] - gap[0]) < ROOM_FOR_HEAD)
            continue;
        const double half = HEAD / 2 / centimetres(figure, 1), middle = (gap[0] + gap[1]) / 2;
        script_add(script,
                   "set arrow from first %.17g,0 to first %.17g,0 head filled size screen "
                   "%.5f,%g front %s\n",
                   middle - sign * half, middle + sign * half, HEAD / FIGURE_COLUMN, HEAD_ANGLE,
                   MOTION);
    }
}

/* The band of the starts that zero k takes, with its number. */
static void band_add(struct script *script, const struct phase_line_figure *figure, size_t k)
{
    const struct phase_zero *zero = &figure->zero[k];
    char colour[COLOUR_TEXT];
    double left[2], right[2];
    gap_of(figure, k, left);
    gap_of(figure, k + 1, right);
    const double from = takes_from_left(zero) ? left[0] : left[1];
    const double to = takes_from_right(zero) ? right[1] : right[0];
    const double low = BAND_GAP / PLOT_HEIGHT, high = (BAND_GAP + BAND) / PLOT_HEIGHT;
    if (!(to > from))
        return;
    script_add(script,
               "set object rectangle from first %.17g,graph %.5f to first %.17g,graph %.5f "
               "front fc rgb '%s' fs solid border lc rgb '#666666' lw 0.5\n",
               from, low, to, high, colour_text(colour_of(k), colour));
    if (centimetres(figure, to - from) > ROOM_FOR_NUMBER)
        script_add(script, "set label '%zu' at first %.17g,graph %.5f center font ',8' front\n",
                   k + 1, (from + to) / 2, (low + high) / 2);
}

static void marks_add(struct script *script, const struct phase_line_figure *figure)
{
    const double *w = figure->window;
    for (size_t k = 0; k < figure->zeros; k++) {
        const struct phase_zero *zero = &figure->zero[k];
        band_add(script, figure, k);
        if (zero->s >= w[0] && zero->s <= w[1])
            legend_mark_add(script, "first", zero->s, 0, mark_of(zero));
    }
    if (figure->has_start)
        legend_mark_add(script, "first", figure->start, 0, LEGEND_SQUARE);
}

enum status phase_line_draw(const struct phase_line_figure *figure)
{
    const struct canvas canvas = canvas_of(figure);
    const struct figure whole = {.directory = figure->directory,
                                 .name = figure->name,
                                 .title = "The flow on a line",
                                 .width = canvas.width,
                                 .height = canvas.height};
    struct script *settings = script_create(), *plot = script_create();
    canvas_settings(settings, &canvas);
    script_add(settings, "set arrow from graph 0,first 0 to graph 1,first 0 nohead back %s\n",
               AXIS);
    motion_add(settings, figure);
    marks_add(settings, figure);
    script_add(plot, "plot '%s.tsv' using 1:2 with lines %s\n", figure->name, RATE);
    return figure_of_scripts(&whole, settings, plot);
}
