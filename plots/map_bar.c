/* The scale beside a map, drawn by hand: gnuplot's own has one column, and belongs to a palette.
 *
 * A step of colour reaches under the next one, so that no seam shows between steps where a viewer
 * smooths edges. */
#include "plots/map_bar.h"

#include "plots/ticks.h"

#include <math.h>
#include <stdio.h>

enum {
    STEPS = 64,
    TICKS = 5,
    TICKS_MOST = 9,
    DIGITS = 4,
    DIGITS_MOST = 6,
    TEXT_MAX = 64,
    NAME_MAX_HERE = 256
};

static const double GAP = 0.15, WIDTH = 0.28, NAME_ABOVE = 0.36, TEXT_GAP = 0.07; /* cm */
static const double RIGHT = 0.1;
static const double DECADE = 10;
static const double MANY_DECADES = 3; /* from which on only powers of ten are marked */
static const double PLAIN_MOST = 1e4, PLAIN_LEAST = 1e-3; /* written without powers */

struct map_bar map_bar_from(const double range[2])
{
    return (struct map_bar){.low = range[0],
                            .high = range[1],
                            .logarithmic = range[0] > 0 && range[1] >= DECADE * range[0]};
}

struct map_bar map_bar_of_counts(const double range[2])
{
    const double half = 1.0 / 2;
    return (struct map_bar){.low = range[0] - half,
                            .high = range[1] + half,
                            .counts = (size_t)(range[1] - range[0]) + 1};
}

double map_bar_colour(const struct map_bar *bar, double height)
{
    if (bar->counts == 0)
        return height;
    const double last = (double)(bar->counts - 1);
    return last > 0 ? fmin(floor(height * (double)bar->counts), last) / last : 0;
}

double map_bar_height(const struct map_bar *bar, double value)
{
    double u = (value - bar->low) / (bar->high - bar->low);
    if (bar->logarithmic)
        u = value > 0 ? log(value / bar->low) / log(bar->high / bar->low) : 0;
    return fmin(fmax(u, 0), 1);
}

static bool has_many_decades(const struct map_bar *bar)
{
    return bar->logarithmic && log10(bar->high / bar->low) >= MANY_DECADES;
}

/* A scale of numbers in a narrow range needs more digits than others, and smaller ones. */
static int digits_of(const struct map_bar *bar)
{
    const double size = fmax(fabs(bar->low), fabs(bar->high));
    if (bar->logarithmic || bar->counts > 0)
        return DIGITS;
    const double step = ticks_step(bar->high - bar->low, TICKS);
    return (int)fmin(fmax(floor(log10(size)) - floor(log10(step)) + 1, DIGITS), DIGITS_MOST);
}

/* A power of ten in which the numbers are short: "5", not "5e-32", which has no room. */
static int power_of(const struct map_bar *bar)
{
    const double size = fmax(fabs(bar->low), fabs(bar->high));
    if (has_many_decades(bar) || (size < PLAIN_MOST && size > PLAIN_LEAST))
        return 0;
    return (int)floor(log10(size));
}

static void tick_add(struct script *script, const struct map_bar *bar,
                     const struct portrait_frame *frame, double value)
{
    char text[TEXT_MAX], label[SCRIPT_LABEL_MAX];
    const double u = map_bar_height(bar, value);
    const double left = frame->left + frame->width + GAP + WIDTH;
    const double y = (frame->bottom + u * frame->height) / frame->canvas_height;
    const double number = value * pow(DECADE, -power_of(bar)), size = fabs(number);
    const bool plain = size == 0 || (size < PLAIN_MOST && size > PLAIN_LEAST);
    snprintf(text, sizeof text, plain ? "%.*g" : "%.*e", plain ? digits_of(bar) : 0, number);
    script_add(script,
               "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead lw 0.6 lc rgb "
               "'#333333' front\n",
               left / frame->canvas_width, y, (left + TEXT_GAP) / frame->canvas_width, y);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f left font ',%s'\n",
               script_formula(text, label), (left + 2 * TEXT_GAP) / frame->canvas_width, y,
               !plain                    ? "7"
               : digits_of(bar) > DIGITS ? "6"
                                         : "8");
}

/* 1, 2, 5 times powers of ten, or some of the powers. */
static void logarithmic_ticks_add(struct script *script, const struct map_bar *bar,
                                  const struct portrait_frame *frame)
{
    static const double nice[] = {1, 2, 5};
    const double decades = log10(bar->high / bar->low);
    const int every = (int)fmax(1, ceil(decades / TICKS_MOST));
    const size_t count = has_many_decades(bar) ? 1 : sizeof nice / sizeof *nice;
    for (int power = (int)floor(log10(bar->low)); power <= (int)ceil(log10(bar->high)); power++)
        for (size_t k = 0; k < count && power % every == 0; k++) {
            const double value = nice[k] * pow(DECADE, power);
            if (value >= bar->low && value <= bar->high)
                tick_add(script, bar, frame, value);
        }
}

static void linear_ticks_add(struct script *script, const struct map_bar *bar,
                             const struct portrait_frame *frame)
{
    double step = ticks_step(bar->high - bar->low, TICKS);
    if (bar->counts > 0)
        step = fmax(1, ceil(step));
    const double first = ceil(bar->low / step);
    const size_t count = (size_t)(floor(bar->high / step) - first + 1); /* at most 2 * TICKS */
    for (size_t k = 0; k < count; k++)
        tick_add(script, bar, frame, (first + (double)k) * step);
}

static void columns_add(struct script *script, const struct map_bar *bar,
                        const struct map_bar_look *look, const struct portrait_frame *frame)
{
    char text[COLOUR_TEXT];
    const double width = WIDTH / (double)look->columns;
    const size_t steps = bar->counts > 0 ? bar->counts : STEPS;
    const double top = frame->bottom + frame->height, rise = frame->height / (double)steps;
    for (size_t column = 0; column < look->columns; column++)
        for (size_t step = 0; step < steps; step++) {
            const double left = frame->left + frame->width + GAP + width * (double)column;
            const double y = frame->bottom + rise * (double)step;
            const double height = ((double)step + 1.0 / 2) / (double)steps;
            script_add(script,
                       "set object rectangle from screen %.5f,%.5f to screen %.5f,%.5f front "
                       "fc rgb '%s' fs solid noborder\n",
                       left / frame->canvas_width, y / frame->canvas_height,
                       (left + width) / frame->canvas_width,
                       fmin(y + 2 * rise, top) / frame->canvas_height,
                       colour_text(look->colour(look->context, column, map_bar_colour(bar, height)),
                                   text));
        }
}

void map_bar_name_add(struct script *script, const struct map_bar_look *look, const char *unit,
                      const struct portrait_frame *frame)
{
    char text[NAME_MAX_HERE], label[SCRIPT_LABEL_MAX];
    snprintf(text, sizeof text, "%s%s", look->name, unit);
    script_add(script, "set label \"%s\" at screen %.5f,%.5f right font ',8'\n",
               script_formula(text, label), (frame->canvas_width - RIGHT) / frame->canvas_width,
               (frame->bottom + frame->height + NAME_ABOVE + look->raised) / frame->canvas_height);
}

void map_bar_add(struct script *script, const struct map_bar *bar, const struct map_bar_look *look,
                 const struct portrait_frame *frame)
{
    char unit[TEXT_MAX] = "";
    columns_add(script, bar, look, frame);
    if (bar->logarithmic)
        logarithmic_ticks_add(script, bar, frame);
    else
        linear_ticks_add(script, bar, frame);
    if (power_of(bar) != 0)
        snprintf(unit, sizeof unit, " / 1e%d", power_of(bar));
    map_bar_name_add(script, look, unit, frame);
}
