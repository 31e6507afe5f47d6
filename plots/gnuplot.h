/* Runs gnuplot on a script, without a shell.
 *
 * Errors: NO_PROGRAM (gnuplot is not installed), CANNOT_WRITE (gnuplot failed; its own first line
 * of complaint is in the message), NO_MEMORY. */
#ifndef PLOTS_GNUPLOT_H
#define PLOTS_GNUPLOT_H

#include "base/status.h"

/* Runs `gnuplot script` inside the directory. */
enum status gnuplot_run(const char *directory, const char *script) MUST_CHECK;

#endif
