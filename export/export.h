/* A system as a graph of formulas, for those who want it in another program: notes/own-flows.md, (OD40).
 *
 * Equations of one's own are such a graph already.  Those of the built-in systems are made here from
 * the problem alone, in the words of notes/conventions.md, by way of no field: that the graph and the
 * field of the flow agree is a check of both.
 *
 * Shapes: x0[flow->dim].  Memory: equations_free() frees what is made.
 * Errors: BAD_ARGUMENT for what has no formula (Gaussian inputs, activations that export_neurons.c does not know)
 * or more than EQUATIONS_UNKNOWNS_MOST unknowns; BAD_DATA where formulas get too large; NO_MEMORY. */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include "equations/equations.h"

/* A number as it was typed, 1/3, beside the double that computes with it. */
struct export_number {
    double value;
    const char *text;
};

struct export_source {
    const struct problem *problem;
    const struct flow *flow; /* of the problem: the names of the unknowns */
    const double *x0;
    size_t typed; /* numbers of the problem that have a text of their own */
    const struct export_number *number;
};

/* Of a built-in system. */
enum status export_equations(const struct export_source *source,
                             struct equations **equations) MUST_CHECK;

/* The start x0 of the source into equations of one's own, where it is another one than theirs. */
enum status export_start(const struct export_source *source,
                         struct equations *equations) MUST_CHECK;

#endif
