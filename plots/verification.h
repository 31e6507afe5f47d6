/* Figures of a verification, from tables that its caller has written.
 *
 *   limits.tsv     order theorem deviation bound shown: one row per trial with a deviation; rows with
 *                  shown = 1 are drawn; order counts theorems from 1
 *   rates.tsv      theorem predicted measured shown: transverse eigenvalue and exponential rate, one
 *                  block per theorem that measures rates, separated by two blank lines
 *   exponents.tsv  the same of exponents of algebraic approach and growth
 * Errors: as figure_draw(). */
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

enum { VERIFICATION_VALUES_MOST = 16 };

/* What is drawn of pairs: the range of what is predicted, in moduli for rates, and of the differences,
 * relative ones of rates, that are not zero; 0, 0: all are. */
struct verification_pairs {
    struct verification_figure figure;
    double predicted[2], difference[2];
    size_t values; /* distinct values of exponents, increasing; 0: too many to be told apart */
    double value[VERIFICATION_VALUES_MOST];
};

/* Measured against predicted rates, and their relative difference: rates.{gp,png,pdf,svg}. */
enum status verification_rates_draw(const struct verification_pairs *pairs) MUST_CHECK;

/* The same of exponents, and their difference: exponents.{gp,png,pdf,svg}. */
enum status verification_exponents_draw(const struct verification_pairs *pairs) MUST_CHECK;

/* Differences below are drawn as this. */
extern const double verification_difference_least;

#endif
