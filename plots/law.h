/* The law by which a trajectory approaches its limit or leaves every bound, against what is predicted.
 *
 * The upper panel has its distance or size, and dashed the predicted law through the last point; the lower
 * one the local exponent or rate, read off the field without differences, and dashed the predicted one.
 * A law is seen where the solid lines come to lie on the dashed ones.
 * Table law.tsv: time (before blow-up: time to go), distance or size, local exponent.
 * Shapes: row[rows].  Memory: borrowed.  Errors: as figure_draw(). */
#ifndef PLOTS_LAW_H
#define PLOTS_LAW_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum law_kind {
    LAW_POWER,       /* y ~ t^p: logarithmic axes */
    LAW_EXPONENTIAL, /* y ~ exp(p t): logarithmic y */
    LAW_LOGARITHM,   /* y ~ p ln t: logarithmic t */
    LAW_BLOW_UP      /* y ~ (T - t)^p: logarithmic axes, the one of T - t reversed */
};

struct law_row {
    double time, size, local; /* positive, positive */
};

enum { LAW_CAPTIONS = 3 };

struct law_figure {
    const char *directory;
    const char *title, *caption[LAW_CAPTIONS]; /* plain text, broken into lines; may be NULL */
    enum law_kind kind;
    const char *size;      /* name of the size: "distance to the limit" */
    const char *local;     /* "local exponent" */
    const char *legend[2]; /* of the two lines: what is measured, what is expected */
    double expected;       /* p; NAN: nothing is */
    size_t rows;           /* 2 or more, in the order of the trajectory */
    const struct law_row *row;
    bool points; /* show the rows themselves: they are few and far between */
};

enum status law_draw(const struct law_figure *figure) MUST_CHECK;

#endif
