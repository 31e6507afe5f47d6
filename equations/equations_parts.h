/* What ode_file.c, and export/ for the built-in systems, fill and equations.c finishes.  Internal to both.
 *
 * Memory: equations_begin() makes an object with room for `rooms`, equations_free() frees it.
 * Errors: NO_MEMORY; BAD_DATA where derivatives are too large. */
#ifndef EQUATIONS_EQUATIONS_PARTS_H
#define EQUATIONS_EQUATIONS_PARTS_H

#include "equations/equations.h"

struct equations_room {
    size_t quantities, notes; /* at most so many of each kind */
};

enum status equations_begin(const char *path, const struct equations_room *room,
                            struct equations **equations) MUST_CHECK;

/* Once right[], auxiliaries and start are there: derivatives, surfaces, texts, the record. */
enum status equations_finish(struct equations *equations) MUST_CHECK;

/* A number as it was written; the text is copied. */
enum status equations_number_set(struct equations *equations, struct equations_number *number,
                                 const char *text) MUST_CHECK;

/* The callbacks of its record; equations_flow.c. */
enum status equations_dim(const struct problem *problem, size_t *dim) MUST_CHECK;
enum status equations_flow(const struct problem *problem, struct flow **flow) MUST_CHECK;
enum status equations_predict(const struct problem *problem, const double *x0, double *limit,
                              struct prediction *prediction) MUST_CHECK;

#endif
