/* Eigenvalues of a matrix in the complex plane over time, and the entries of the weights below.
 *
 * Tables in the directory, tab-separated, trajectories separated by blank lines:
 *   eigenvalues-spectrum.tsv  t re1 im1 re2 im2 ...       each column pair follows one eigenvalue
 *   eigenvalues-starts.tsv    re im                       at t = 0
 *   eigenvalues-limits.tsv    re im                       at the limit, where there is one
 *   eigenvalues-entries.tsv   t A1_1_1 ... A2_1_1 ...     of the trajectory of --init
 * Errors: as figure_draw(). */
#ifndef PLOTS_SPECTRUM_H
#define PLOTS_SPECTRUM_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { SPECTRUM_CAPTIONS = 3, SPECTRUM_PANELS = 2 };

/* The entries of one matrix against time. */
struct spectrum_panel {
    size_t rows, columns;
    const char *name; /* A1 */
    double range[2];  /* of the entries, with room */
    size_t first;     /* its first column in eigenvalues-entries.tsv, from 1 */
};

struct spectrum_figure {
    const char *directory;
    const char *title, *caption[SPECTRUM_CAPTIONS]; /* plain text; may be NULL */
    const char *matrix;                             /* what the eigenvalues are of: "A1" */
    size_t count;                                   /* of eigenvalues */
    double time[2];                                 /* of the colours and axes, logarithmic */
    double real[2], imaginary;                      /* the eigenvalues lie in this box */
    bool limits;
    size_t panels;
    struct spectrum_panel panel[SPECTRUM_PANELS];
};

enum status spectrum_draw(const struct spectrum_figure *figure) MUST_CHECK;

#endif
