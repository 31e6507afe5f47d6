/* One trajectory against time: unknowns above, excess loss below on a logarithmic axis.
 *
 * Table trajectory.tsv in the directory: column 1 is t, columns 2..unknowns+1 the unknowns, then,
 * if has_loss, the loss.  Errors: as figure_draw(). */
#ifndef PLOTS_TRAJECTORY_H
#define PLOTS_TRAJECTORY_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { TRAJECTORY_CAPTIONS = 3, TRAJECTORY_LIMITS_MOST = 8 /* unknowns whose limits are drawn */ };

struct trajectory_figure {
    const char *directory;
    const char *title, *caption[TRAJECTORY_CAPTIONS]; /* plain text, broken into lines */
    size_t unknowns;
    const char *const *name; /* name[unknowns] */
    const char *what;        /* all of them, beside the axis: "weights" */
    const double *limit;     /* limit[unknowns], dashed lines; NULL if there is none */
    bool has_loss, log_time;
    bool whole_loss;   /* it is no excess: the least one is not known */
    bool log_size;     /* moduli on a logarithmic axis: growth over decades */
    bool points;       /* show the rows themselves: they are few and far between */
    double first_time; /* of a logarithmic axis */
    double end_time;
    double y[2];        /* range of the unknowns; positive where log_size */
    double loss[2];     /* range of the loss, of what is drawn; 0, 0: nothing is */
    double blowup_time; /* drawn as a vertical line; NAN: none */
};

/* Losses below are not drawn: an error of 1e-9, below what the tolerances resolve. */
extern const double trajectory_loss_least;

enum status trajectory_draw(const struct trajectory_figure *figure) MUST_CHECK;

#endif
