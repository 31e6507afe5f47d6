/* Counts for histograms: two passes over the tiles, for the range of a value and for its counts. */
#include "cli/basin_histogram.h"

#include "cli/basin.h"
#include "cli/drawing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = 40, OWN_MOST = 6, GROUPS_MOST = OWN_MOST + 3 };
enum { LABEL_MAX = 256, FILE_MAX = 128 };

static const char NAME[] = "basin";
static const double PERCENT = 100;
static const double DECADE = 10; /* positive values that span one have a logarithmic axis */

/* Of one value; groups: the first OWN_MOST coloured classes, others, undecided, unbounded. */
struct work {
    const struct basin *basin;
    const struct basin_histogram *histogram;
    struct basin_tile *tile;
    size_t value;
    double low, high;
    bool whole;       /* all values are whole numbers */
    size_t *group_of; /* [classes] */
    size_t cells[GROUPS_MOST];
    struct histogram_group group[GROUPS_MOST];
    char label[GROUPS_MOST][LABEL_MAX];
    struct histogram_figure figure;
    size_t count[BINS * GROUPS_MOST];
};

/* --- groups --------------------------------------------------------------------------------- */

static void group_label(struct work *work, size_t g, const char *name,
                        const struct basin_share *share)
{
    const double all = (double)basin_grid_cells(&work->basin->grid);
    const double percent = PERCENT * (double)work->cells[g] / all;
    if (share && !isnan(share->low))
        snprintf(work->label[g], LABEL_MAX, "%s: %.3g %% (%.3g to %.3g)", name, percent,
                 PERCENT * share->low, PERCENT * share->high);
    else
        snprintf(work->label[g], LABEL_MAX, "%s: %.3g %%", name, percent);
    work->group[g].label = work->label[g];
}

static size_t group_add(struct work *work, struct colour colour, bool drawn)
{
    work->group[work->figure.groups] = (struct histogram_group){.colour = colour, .drawn = drawn};
    return work->figure.groups++;
}

/* Classes of one paint as one group; without the coloured ones that have their own. */
static void group_of_paint(struct work *work, enum basin_paint paint, struct colour colour,
                           const char *name)
{
    size_t g = GROUPS_MOST;
    for (size_t k = 0; k < work->basin->classes; k++) {
        const struct basin_class *class = &work->basin->class[k];
        const bool coloured =
            class->paint == BASIN_PAINT_COLOUR || class->paint == BASIN_PAINT_HATCHED;
        if (work->group_of[k] != GROUPS_MOST ||
            (paint == BASIN_PAINT_COLOUR ? !coloured : class->paint != paint))
            continue;
        if (g == GROUPS_MOST)
            g = group_add(work, colour, paint == BASIN_PAINT_COLOUR);
        work->group_of[k] = g;
        work->cells[g] += class->cells;
    }
    if (g != GROUPS_MOST)
        group_label(work, g, name, NULL);
}

static void groups_make(struct work *work)
{
    for (size_t k = 0; k < work->basin->classes; k++) {
        const struct basin_class *class = &work->basin->class[k];
        work->group_of[k] = GROUPS_MOST;
        if (work->figure.groups == OWN_MOST ||
            (class->paint != BASIN_PAINT_COLOUR && class->paint != BASIN_PAINT_HATCHED))
            continue;
        const size_t g = group_add(work, colour_of_class(work->figure.groups), true);
        work->group_of[k] = g;
        work->cells[g] = class->cells;
        group_label(work, g, class->label, &work->histogram->share[k]);
    }
    group_of_paint(work, BASIN_PAINT_COLOUR, colour_others, "other classes");
    group_of_paint(work, BASIN_PAINT_GREY, colour_undecided, "undecided, without a value");
    group_of_paint(work, BASIN_PAINT_WHITE, colour_unbounded, "unbounded, without a value");
}

/* --- counts --------------------------------------------------------------------------------- */

static void range_extend(struct work *work, size_t group, double value)
{
    (void)group;
    work->low = fmin(work->low, value);
    work->high = fmax(work->high, value);
    work->whole = work->whole && value == floor(value);
}

static void count_add(struct work *work, size_t group, double value)
{
    const struct histogram_figure *figure = &work->figure;
    const double share = figure->logarithmic ? log(value / work->low) / log(work->high / work->low)
                                             : (value - work->low) / (work->high - work->low);
    const size_t bin =
        (size_t)fmin(fmax(share, 0) * (double)figure->bins, (double)(figure->bins - 1));
    work->count[bin * figure->groups + group]++;
}

static enum status values_each(struct work *work, void (*take)(struct work *, size_t, double))
{
    for (size_t tile = 0; tile < basin_grid_tiles(&work->basin->grid); tile++) {
        TRY(basin_read(work->basin, tile, work->tile));
        for (size_t k = 0; k < work->tile->count; k++) {
            const double value = work->tile->value[work->value * BASIN_TILE_CELLS + k];
            const size_t group = work->group_of[work->tile->class[k]];
            if (isfinite(value) && work->group[group].drawn)
                take(work, group, value);
        }
    }
    return OK;
}

/* --- figures -------------------------------------------------------------------------------- */

/* A step for each whole number, if these are few. */
static void steps_choose(struct work *work)
{
    const double half = 1.0 / 2;
    struct histogram_figure *figure = &work->figure;
    figure->bins = BINS;
    figure->whole = false;
    if (work->whole && work->high - work->low < BINS) {
        figure->whole = true;
        figure->bins = (size_t)(work->high - work->low) + 1;
        work->low -= half;
        work->high += half;
    }
    figure->low = work->low;
    figure->high = work->high;
    figure->logarithmic = !work->whole && work->low > 0 && work->high >= DECADE * work->low;
}

static enum status value_draw(struct work *work, struct manifest *manifest)
{
    char name[FILE_MAX], table[FILE_MAX + sizeof ".tsv"];
    const struct basin_value *value = &work->basin->value[work->value];
    struct histogram_figure *figure = &work->figure;
    work->low = INFINITY;
    work->high = -INFINITY;
    work->whole = true;
    TRY(values_each(work, range_extend));
    if (!(work->low < work->high))
        return OK;
    snprintf(name, sizeof name, "%s-%s", NAME, value->name);
    snprintf(table, sizeof table, "%s.tsv", name);
    steps_choose(work);
    figure->name = name;
    figure->value = value->title;
    memset(work->count, 0, sizeof work->count);
    TRY(values_each(work, count_add));
    TRY(drawing_finish(manifest, name, histogram_draw(figure)));
    manifest_output(manifest, table);
    return OK;
}

static enum status figures_draw(struct work *work, struct manifest *manifest)
{
    work->figure = (struct histogram_figure){.directory = manifest_directory(manifest),
                                             .title = work->basin->title,
                                             .count = work->count,
                                             .group = work->group};
    memcpy(work->figure.caption, work->histogram->caption, sizeof work->figure.caption);
    groups_make(work);
    for (work->value = 0; work->value < work->basin->values && work->value < BASIN_FIGURES_MOST;
         work->value++)
        TRY(value_draw(work, manifest));
    return OK;
}

enum status basin_histogram_save(const struct basin *basin, const struct basin_histogram *histogram,
                                 struct manifest *manifest)
{
    if (basin->grid.axes > 0)
        return OK;
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "no memory for histograms");
    work->basin = basin;
    work->histogram = histogram;
    work->tile = basin_tile_create(basin->values);
    work->group_of = calloc(basin->classes + 1, sizeof *work->group_of);
    const enum status status = work->tile && work->group_of
                                   ? figures_draw(work, manifest)
                                   : status_fail(NO_MEMORY, "no memory for histograms");
    basin_tile_free(work->tile);
    free(work->group_of);
    free(work);
    return status;
}
