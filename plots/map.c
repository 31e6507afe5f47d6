/* Maps of basins.
 *
 * The picture is a raster that gnuplot reads as bytes (raster.h), with axes, curves, marks and a
 * legend in the manner of portraits; so a million cells are three megabytes, and a picture of any
 * map is as large as that of another.  Colours alone do not tell classes apart for everybody, nor
 * in every print: each class that is wide somewhere has its number there.
 * Curves run on a wider line of the opposite brightness, legible on any colour. */
#include "plots/map.h"

#include "plots/figure.h"
#include "plots/legend.h"
#include "plots/map_bar.h"
#include "plots/portrait_parts.h"
#include "plots/ticks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_MAX = 512,
    FRACTION_MAX = 96,
    FILE_MAX = 128,
    STRIPES = 36,
    LEGEND_CLASSES_MOST = 12,
    ONE_DIGIT = 10
};

/* The canvas, in cm; the figure is one column wide, as a portrait. */
static const double LEFT = 1.15, PLOT = 6.1, AXIS_BELOW = 1.0, BOTTOM = 0.12;
static const double TITLE_ABOVE = 0.14, TITLE_GAP = 0.55;
static const double NAME_LINE = 0.38; /* more, for a long name of the values */
static const double DIGIT = 0.17;     /* of a label of the axis on the left */
enum { NAME_SHORT = 36, DIGITS_SHORT = 5, TICKS = 5 };
static const double NUMBER_WIDER = 1.35;  /* for numbers of more than one digit */
static const double NUMBER_RADIUS = 0.16; /* of the disc behind the number of a class */
static const double NUMBER_ROOM = 0.22;   /* from its centre to other classes */

static const double QUANTILES[2] = {0.01, 0.99}; /* one cell beside a separatrix takes for ever */
static const double PERCENT = 100, TEN = 10;
static const int DECIMALS_MOST = 4;

/* The wider line below, and the line. */
static const struct line_style {
    const char *styles[2], *dashes;
    enum legend_sample sample;
    const char *text;
} line_styles[MAP_LINES] = {
    [MAP_ATTRACTING] = {{"lw 3.6 lc rgb 'white'", "lw 2 lc rgb ink"},
                        "",
                        LEGEND_LINE,
                        "attracting fixed points"},
    [MAP_REPELLING] = {{"lw 3.6 lc rgb 'white'", "lw 2 lc rgb ink"},
                       "dt (4,3)",
                       LEGEND_DASHED,
                       "repelling fixed points"},
    [MAP_NEUTRAL] = {{"lw 3.6 lc rgb 'white'", "lw 2 lc rgb purple"},
                     "",
                     LEGEND_LINE,
                     "neutral fixed points"},
    [MAP_SEPARATRIX] = {{"lw 2.4 lc rgb ink", "lw 1.1 lc rgb 'white'"},
                        "",
                        LEGEND_LINE,
                        "separatrices"},
    [MAP_CELLS] = {{"lw 0.5 lc rgb '#b0000000'", "lw 0.3 lc rgb '#b0000000'"},
                   "",
                   LEGEND_LINE,
                   "cells proved whole"},
};

/* What is in work: the figure, its picture and how each class is painted. */
struct work {
    const struct map_figure *figure;
    const struct raster *raster;
    bool by_value;              /* else by class */
    struct colour *colour;      /* [classes] */
    bool *is_own;               /* [classes] of its own, and so the number of the class shows */
    bool *is_shaded;            /* [classes] do values show? */
    struct raster_place *place; /* [classes] */
    struct map_bar bar;         /* of the values */
    bool others;                /* are there classes without a colour of their own? */
    double least, most;         /* of the values that show */
    bool all_zero;              /* within their errors */
    bool by_quantiles;          /* colours end there, else at the least value and the largest */
    bool has_value, has_absent; /* do values differ; is one missing where values show? */
};

/* --- colours ------------------------------------------------------------------------------- */

static bool is_coloured(const struct map_class *class)
{
    return class->paint == MAP_COLOUR || class->paint == MAP_HATCHED;
}

/* How many coloured classes are larger; of equals the first counts. */
static size_t rank_of(const struct map_figure *figure, size_t k)
{
    size_t rank = 0;
    for (size_t m = 0; m < figure->source.classes; m++)
        if (m != k && is_coloured(&figure->class[m]) &&
            (figure->class[m].fraction > figure->class[k].fraction ||
             (figure->class[m].fraction == figure->class[k].fraction && m < k)))
            rank++;
    return rank;
}

/* The largest classes have colours of their own, in the order of the classes. */
static void colours_choose(struct work *work)
{
    size_t next = 0;
    for (size_t k = 0; k < work->figure->source.classes; k++) {
        const struct map_class *class = &work->figure->class[k];
        work->is_shaded[k] = class->paint == MAP_COLOUR;
        if (class->paint == MAP_GREY)
            work->colour[k] = colour_undecided;
        else if (class->paint == MAP_WHITE)
            work->colour[k] = colour_unbounded;
        else if (work->by_value && class->paint == MAP_HATCHED)
            work->colour[k] = colour_others; /* no colour of the scale */
        else if (rank_of(work->figure, k) < COLOUR_CLASSES) {
            work->colour[k] = colour_of_class(next++);
            work->is_own[k] = true;
        } else {
            work->colour[k] = colour_others;
            work->others = work->others || work->is_shaded[k];
        }
    }
}

static bool is_stripe(const struct work *work, size_t column, size_t row)
{
    const struct raster *raster = work->raster;
    const size_t longer = raster->width > raster->height ? raster->width : raster->height;
    const size_t stripe = longer * raster->zoom / (2 * STRIPES);
    /* rising to the right, as in the legend */
    return (column + raster->height * raster->zoom - row) / (stripe > 0 ? stripe : 1) % 2 == 0;
}

static double place_on_scale(const struct work *work, double value)
{
    return map_bar_colour(&work->bar, map_bar_height(&work->bar, value));
}

static struct colour pixel_colour(const void *context, const struct raster_cell *cell,
                                  size_t column, size_t row)
{
    const struct work *work = context;
    const struct map_class *class = &work->figure->class[cell->class];
    const struct colour colour = work->colour[cell->class];
    if (class->paint == MAP_GREY || class->paint == MAP_WHITE)
        return colour;
    if (class->paint == MAP_HATCHED)
        return is_stripe(work, column, row) ? colour_stripe(colour) : colour;
    if (work->by_value)
        return isnan(cell->value)
                   ? colour_others
                   : colour_on_scale(work->has_value ? place_on_scale(work, cell->value) : 0);
    if (!work->is_own[cell->class])
        return colour;
    /* a class whose cells have no value is as bright as the middle of the others */
    const double u =
        work->has_value && !isnan(cell->value) ? place_on_scale(work, cell->value) : 1.0 / 2;
    return colour_shade(colour, u);
}

/* --- legend -------------------------------------------------------------------------------- */

/* "62.14 % (62.03 to 62.25)": two digits of the width of the interval, bounds rounded outwards. */
static void fraction_text(const struct map_class *class, size_t size, char *text)
{
    const double width = PERCENT * (class->high - class->low);
    int decimals = 2;
    if (width > 0)
        decimals = (int)fmin(fmax(1 - floor(log10(width)), 0), DECIMALS_MOST);
    const double unit = pow(TEN, decimals);
    if (class->is_proved)
        snprintf(text, size, "%.*f to %.*f %%", decimals, floor(PERCENT * class->low * unit) / unit,
                 decimals, ceil(PERCENT * class->high * unit) / unit);
    else if (isnan(class->low) || isnan(class->high))
        snprintf(text, size, "%.*f %%", decimals, PERCENT * class->fraction);
    else
        snprintf(text, size, "%.*f %% (%.*f to %.*f)", decimals, PERCENT * class->fraction,
                 decimals, floor(PERCENT * class->low * unit) / unit, decimals,
                 ceil(PERCENT * class->high * unit) / unit);
}

static void class_entry(struct legend *legend, const struct work *work, size_t k)
{
    const struct map_class *class = &work->figure->class[k];
    char text[TEXT_MAX], fraction[FRACTION_MAX], number[FRACTION_MAX] = "";
    fraction_text(class, sizeof fraction, fraction);
    if (work->is_own[k] && !work->by_value)
        snprintf(number, sizeof number, "%zu. ", k);
    snprintf(text, sizeof text, "%s%s: %s", number, class->label, fraction);
    legend_box(legend, class->paint == MAP_HATCHED ? LEGEND_HATCHED : LEGEND_BOX, work->colour[k],
               text);
}

/* Classes without a colour of their own, as one. */
static void others_entry(struct legend *legend, const struct work *work)
{
    char text[TEXT_MAX];
    size_t count = 0;
    double fraction = 0;
    for (size_t k = 0; k < work->figure->source.classes; k++)
        if (work->is_shaded[k] && !work->is_own[k]) {
            fraction += work->figure->class[k].fraction;
            count++;
        }
    snprintf(text, sizeof text, "%zu other classes: %.2f %%", count, PERCENT * fraction);
    legend_box(legend, LEGEND_BOX, colour_others, text);
}

static void lines_entries(struct legend *legend, const struct map_figure *figure)
{
    for (size_t k = 0; k < figure->curves; k++) {
        const struct line_style *style = &line_styles[figure->curve[k].line];
        legend_cased(legend, style->sample, style->styles, style->text);
    }
}

static void legend_compose(struct legend *legend, const struct work *work)
{
    const struct map_figure *figure = work->figure;
    *legend = (struct legend){.count = 0};
    for (size_t k = 0; k < figure->source.classes; k++)
        if ((!work->by_value && work->is_own[k]) || figure->class[k].paint == MAP_HATCHED)
            class_entry(legend, work, k);
    if (work->others && !work->by_value)
        others_entry(legend, work);
    if (work->by_value && work->has_absent)
        legend_box(legend, LEGEND_BOX, colour_others, "no value");
    for (size_t k = 0; k < figure->source.classes && legend->count < LEGEND_CLASSES_MOST; k++)
        if (!is_coloured(&figure->class[k]))
            class_entry(legend, work, k);
    lines_entries(legend, figure);
    portrait_marks_legend(
        legend, &(struct portrait_figure){.points = figure->points, .point = figure->point});
}

/* --- canvas -------------------------------------------------------------------------------- */

struct canvas {
    struct portrait_frame frame;
    struct lines title, caption;
    struct legend legend;
};

/* What the reader must know of the picture itself. */
static void notes_add(struct lines *caption, const struct work *work)
{
    char text[TEXT_MAX] = "";
    const size_t block = work->raster->block;
    size_t length = 0;
    if (work->has_value && work->by_quantiles)
        length = (size_t)snprintf(text, sizeof text, "%s end at the 1 %% and 99 %% quantiles%s",
                                  work->by_value ? "colours" : "shades", block > 1 ? "; " : "");
    if (work->by_value && !work->has_value && work->least <= work->most)
        length =
            (size_t)snprintf(text, sizeof text,
                             work->all_zero ? "0 to rounding, at most %.1e%s" : "everywhere %.6g%s",
                             work->most, block > 1 ? "; " : "");
    if (block > 1)
        snprintf(text + length, sizeof text - length, "each point is the majority of %zu×%zu cells",
                 block, block);
    lines_add(caption, text, legend_caption_width);
}

/* A name that would run into that of the axis stands above it. */
static double name_line(const struct work *work)
{
    const char *name = work->figure->value;
    const bool shown = name && (work->has_value || work->by_value);
    return shown && lines_width(name) > NAME_SHORT ? NAME_LINE : 0;
}

/* More characters than usual in the labels of the axis on the left: "−0.995". */
static double digits_more(const double *w)
{
    const double size = fmax(fabs(w[2]), fabs(w[3])), step = ticks_step(w[3] - w[2], TICKS);
    const double before = fmax(floor(log10(size)), 0) + 1 + (w[2] < 0 ? 1 : 0);
    const double behind = fmax(-floor(log10(step)), 0);
    return fmax(before + behind + (behind > 0 ? 1 : 0) - DIGITS_SHORT, 0);
}

static void canvas_compose(struct canvas *canvas, const struct work *work)
{
    const struct map_figure *figure = work->figure;
    const double more = fmin(digits_more(figure->window), DIGITS_SHORT) * DIGIT;
    *canvas = (struct canvas){
        .frame = {.canvas_width = FIGURE_COLUMN, .left = LEFT + more, .width = PLOT - more}};
    legend_compose(&canvas->legend, work);
    lines_add(&canvas->title, figure->title, legend_title_width);
    for (size_t k = 0; k < MAP_CAPTIONS; k++)
        lines_add(&canvas->caption, figure->caption[k], legend_caption_width);
    notes_add(&canvas->caption, work);
    struct portrait_frame *frame = &canvas->frame;
    frame->height = frame->width * portrait_aspect(figure->window);
    frame->bottom = AXIS_BELOW + legend_height(&canvas->legend) +
                    legend_caption_height(&canvas->caption) + BOTTOM;
    frame->canvas_height = frame->bottom + frame->height + TITLE_GAP + name_line(work) +
                           legend_title_height(&canvas->title) + TITLE_ABOVE;
}

/* --- script -------------------------------------------------------------------------------- */

/* The colours of the bar: those of the numbered classes side by side, or the scale. */
static struct colour class_bar_colour(const void *context, size_t column, double height)
{
    const struct work *work = context;
    size_t k = 0;
    while (!work->is_own[k] || !work->is_shaded[k] || column-- > 0)
        k++;
    return colour_shade(work->colour[k], height);
}

static struct colour value_bar_colour(const void *context, size_t column, double height)
{
    (void)context, (void)column;
    return colour_on_scale(height);
}

static size_t shaded_classes(const struct work *work)
{
    size_t count = 0;
    for (size_t k = 0; k < work->figure->source.classes; k++)
        count += work->is_own[k] && work->is_shaded[k];
    return count;
}

static void bar_add(struct script *script, const struct work *work,
                    const struct portrait_frame *frame)
{
    const size_t classes = shaded_classes(work);
    const struct map_bar_look look = {.name = work->figure->value,
                                      .columns = work->by_value ? 1 : classes,
                                      .raised = name_line(work),
                                      .colour =
                                          work->by_value ? value_bar_colour : class_bar_colour,
                                      .context = work};
    if (work->has_value && look.columns > 0)
        map_bar_add(script, &work->bar, &look, frame);
    else if (work->by_value && work->figure->value)
        map_bar_name_add(script, &look, "", frame);
}

/* The number of a class where it is widest, if it fits there. */
static void numbers_add(struct script *script, const struct work *work,
                        const struct portrait_frame *frame)
{
    const double *w = work->figure->window;
    const struct raster *raster = work->raster;
    const double point = frame->width / (double)raster->width; /* cm */
    const double dx = (w[1] - w[0]) * (double)raster->block / (double)work->figure->source.width;
    const double dy = (w[3] - w[2]) * (double)raster->block / (double)work->figure->source.height;
    for (size_t k = 0; k < work->figure->source.classes; k++) {
        const struct raster_place *place = &work->place[k];
        const double x = w[0] + dx * (double)(2 * place->column + 1) / 2;
        const double y = w[2] + dy * (double)(2 * place->row + 1) / 2;
        if (!work->is_own[k] || (double)place->depth * point < NUMBER_ROOM)
            continue;
        script_add(script,
                   "set object circle at first %.10g,%.10g size screen %.5f front fc rgb 'white' "
                   "fs solid border lc rgb ink lw 0.5\n"
                   "set label \"%zu\" at first %.10g,%.10g center font ',8' front\n",
                   x, y, NUMBER_RADIUS * (k < ONE_DIGIT ? 1 : NUMBER_WIDER) / frame->canvas_width,
                   k, x, y);
    }
}

static void settings_add(struct script *script, const struct work *work,
                         const struct canvas *canvas)
{
    const struct map_figure *figure = work->figure;
    const struct portrait_frame *frame = &canvas->frame;
    struct portrait_figure plane = {.points = figure->points, .point = figure->point};
    struct legend_place place = {.width = frame->canvas_width,
                                 .height = frame->canvas_height,
                                 .top = frame->canvas_height - TITLE_ABOVE};
    memcpy(plane.axis, figure->axis, sizeof plane.axis);
    memcpy(plane.window, figure->window, sizeof plane.window);
    script_add(script, "set datafile separator tab\nname = '%s'\n", figure->name);
    portrait_frame_add(script, &plane, frame);
    script_add(script, "set format x '%%h'\n"); /* without a blank before it */
    bar_add(script, work, frame);
    if (!work->by_value)
        numbers_add(script, work, frame);
    legend_title_add(script, &canvas->title, &place);
    place.top = frame->bottom - AXIS_BELOW;
    legend_add(script, &canvas->legend, &place);
    place.top -= legend_height(&canvas->legend);
    legend_caption_add(script, &canvas->caption, &place);
}

/* The raster covers whole blocks, which may reach beyond the window above and to the right. */
static void plot_add(struct script *script, const struct work *work)
{
    const struct map_figure *figure = work->figure;
    const struct raster *raster = work->raster;
    const double *w = figure->window, pixels = (double)raster->block / (double)raster->zoom;
    const double dx = (w[1] - w[0]) / (double)figure->source.width * pixels;
    const double dy = (w[3] - w[2]) / (double)figure->source.height * pixels;
    script_add(script,
               "plot name.'.rgb' binary array=(%zu,%zu) format='%%uchar' origin=(%.17g,%.17g) "
               "dx=%.17g dy=%.17g using 1:2:3 with rgbimage",
               raster->width * raster->zoom, raster->height * raster->zoom, w[0] + dx / 2,
               w[2] + dy / 2, dx, dy);
    for (size_t k = 0; k < figure->curves; k++) {
        const struct line_style *style = &line_styles[figure->curve[k].line];
        for (size_t layer = 0; layer < 2; layer++)
            script_add(script, ", \\\n     '%s' using 1:2 with lines %s %s", figure->curve[k].table,
                       style->styles[layer], layer ? style->dashes : "");
    }
    script_add(script, "\n");
}

/* --- acquire outside, work inside ---------------------------------------------------------- */

static enum status figure_make(const struct work *work)
{
    enum { TITLE_MAX = 160 };
    struct canvas canvas;
    char title[TITLE_MAX];
    canvas_compose(&canvas, work);
    snprintf(title, sizeof title, "Map of basins%s%s", work->figure->value ? ", shaded by " : "",
             work->figure->value ? work->figure->value : "");
    const struct figure whole = {.directory = work->figure->directory,
                                 .name = work->figure->name,
                                 .title = title,
                                 .width = canvas.frame.canvas_width,
                                 .height = canvas.frame.canvas_height};
    struct script *settings = script_create(), *plot = script_create();
    settings_add(settings, work, &canvas);
    plot_add(plot, work);
    return figure_of_scripts(&whole, settings, plot);
}

/* Where values show: the least, the largest, and is any missing? */
static void extremes_find(struct work *work)
{
    const struct raster *raster = work->raster;
    work->least = INFINITY;
    work->most = -INFINITY;
    for (size_t k = 0; k < raster->width * raster->height; k++) {
        const double value = raster->cell[k].value;
        if (!work->is_shaded[raster->cell[k].class])
            continue;
        work->has_absent = work->has_absent || isnan(value);
        work->least = fmin(work->least, value);
        work->most = fmax(work->most, value);
    }
}

/* The quantiles, unless nothing differs between them; of zeros there is no logarithm. */
static enum status scale_choose(struct work *work)
{
    const struct map_figure *figure = work->figure;
    const struct raster_quantiles quantiles = {.is_in = work->is_shaded,
                                               .share = {QUANTILES[0], QUANTILES[1]}};
    double range[2] = {0, 0};
    TRY(raster_range(work->raster, &quantiles, range));
    work->all_zero = figure->zero > 0 && work->most <= figure->zero && work->most > 0;
    work->by_quantiles = range[0] < range[1] && range[1] > figure->zero;
    if (!work->by_quantiles && work->least < work->most) {
        range[0] = work->least;
        range[1] = work->most;
    }
    if (figure->zero > 0)
        range[0] = fmax(range[0], figure->zero);
    work->has_value = range[0] < range[1];
    work->bar = map_bar_from(range);
    if (work->has_value && raster_counts(work->raster, work->is_shaded, range)) {
        work->bar = map_bar_of_counts(range);
        work->by_quantiles = false;
    }
    return OK;
}

static enum status picture_make(struct work *work)
{
    char file[FILE_MAX];
    const struct map_figure *figure = work->figure;
    colours_choose(work);
    extremes_find(work);
    if (figure->value)
        TRY(scale_choose(work));
    TRY(raster_roomy(work->raster, figure->source.classes,
                     (size_t)ceil(NUMBER_ROOM / PLOT * (double)work->raster->width), work->place));
    snprintf(file, sizeof file, "%s.rgb", figure->name);
    const struct raster_painter painter = {.colour = pixel_colour, .context = work};
    TRY(raster_save(work->raster, &painter, figure->directory, file));
    return figure_make(work);
}

static enum status map_make(struct work *work)
{
    const size_t classes = work->figure->source.classes;
    struct raster *raster = NULL;
    TRY(raster_create(&work->figure->source, &raster));
    work->raster = raster;
    work->colour = calloc(classes, sizeof *work->colour);
    work->is_own = calloc(classes, sizeof *work->is_own);
    work->is_shaded = calloc(classes, sizeof *work->is_shaded);
    work->place = calloc(classes, sizeof *work->place);
    enum status status = OK;
    if (work->colour && work->is_own && work->is_shaded && work->place)
        status = picture_make(work);
    else
        status = status_fail(NO_MEMORY, "no memory for %zu classes", classes);
    free(work->colour);
    free(work->is_own);
    free(work->is_shaded);
    free(work->place);
    raster_free(raster);
    return status;
}

enum status map_draw_classes(const struct map_figure *figure)
{
    return map_make(&(struct work){.figure = figure});
}

enum status map_draw_values(const struct map_figure *figure)
{
    return map_make(&(struct work){.figure = figure, .by_value = true});
}
