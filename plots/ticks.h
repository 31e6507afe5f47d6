/* Tick marks of an axis whose numbers are too large, too small or too close for plain labels.
 *
 * Ordinary axes keep gnuplot's own ticks.  Else the labels are in units of a power of ten, or the
 * distances from the middle, and the name of the axis says so.
 * Memory: none kept.  Errors: those of the script. */
#ifndef PLOTS_TICKS_H
#define PLOTS_TICKS_H

#include "plots/script.h"

/* The least of 1, 2, 5 times a power of ten that makes at most `wanted` steps of the width. */
double ticks_step(double width, int wanted);

/* Adds "set xtics ..." for the axis 'x', 'y' or 'z' from low to high, low < high, if it needs it;
 * label[SCRIPT_LABEL_MAX], the axis's name in enhanced text, then says what its numbers mean. */
void ticks_add(struct script *script, char axis, double low, double high, char *label);

#endif
