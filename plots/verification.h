/* Figures of a verification, from tables that its caller has written.
 *
 *   limits.tsv  order theorem deviation bound shown    one row per trial with a deviation; rows
 * with shown = 1 are drawn; order counts theorems from 1 rates.tsv   theorem predicted measured
 * transverse eigenvalue and exponential rate, one block per theorem that measures rates, separated
 * by two blank lines Errors: as figure_draw(). */
#ifndef PLOTS_VERIFICATION_H
#define PLOTS_VERIFICATION_H

#include "base/status.h"

#include <stddef.h>

struct verification_figure {
    const char *directory;
    const char *title, *caption;
    size_t theorems;
    const char *const *theorem; /* theorem[theorems]: ids, in the order of the table's blocks */
};

/* Deviations of all trials against the bound of their theorem: limits.{gp,png,pdf,svg}. */
enum status verification_limits_draw(const struct verification_figure *figure) MUST_CHECK;

/* Measured against predicted rates, and their relative difference: rates.{gp,png,pdf,svg}. */
enum status verification_rates_draw(const struct verification_figure *figure) MUST_CHECK;

#endif
