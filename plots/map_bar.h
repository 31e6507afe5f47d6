/* The scale beside a map: numbers to heights, and columns of colour with ticks.
 *
 * Shapes: a bar has `columns` of equal width.  Units: cm on the canvas; heights from 0 to 1.
 * Memory: none kept.  Errors: those of the script. */
#ifndef PLOTS_MAP_BAR_H
#define PLOTS_MAP_BAR_H

#include "plots/colour.h"
#include "plots/portrait_parts.h"

struct map_bar {
    double low, high; /* low < high */
    bool logarithmic;
    size_t
        counts; /* of whole numbers how many; they stand in the middles of steps; 0: any numbers */
};

/* A scale from range[0] to range[1], logarithmic where that is positive and spans a decade. */
struct map_bar map_bar_from(const double range[2]);

/* A scale of the whole numbers from range[0] to range[1], a colour each. */
struct map_bar map_bar_of_counts(const double range[2]);

/* The place on a scale of colours, from 0 to 1, that belongs to a height. */
double map_bar_colour(const struct map_bar *bar, double height);

/* Where a number stands; 0 below the bar, 1 above. */
double map_bar_height(const struct map_bar *bar, double value);

struct map_bar_look {
    const char *name;
    double raised; /* the name, beyond its usual place */
    size_t columns;
    struct colour (*colour)(const void *context, size_t column, double height);
    const void *context;
};
/* The name alone, with its unit. */
void map_bar_name_add(struct script *script, const struct map_bar_look *look, const char *unit,
                      const struct portrait_frame *frame);
void map_bar_add(struct script *script, const struct map_bar *bar, const struct map_bar_look *look,
                 const struct portrait_frame *frame);

#endif
