/* A claim to hunt about equations of one's own: from every start the unknowns converge.
 *
 * Free are the starts, each unknown within an interval, and the parameters that are named; what is
 * drawn is even in this box.  A start refutes the claim if its trajectory surely does not converge: it
 * cycles, escapes in finite time, or grows without bound.  One that is only not seen to settle, as in
 * chaos, is undecided.  notes/hunter.md, (HU10).
 *
 * Shapes: x0[dim].  Memory: plain data, which its claim points into: it must not be moved once
 * hunt_equations_state() was called, and must outlive the hunt; equations are borrowed.
 * Errors: BAD_ARGUMENT, UNKNOWN_NAME. */
#ifndef PROOFS_CHECK_HUNT_EQUATIONS_H
#define PROOFS_CHECK_HUNT_EQUATIONS_H

#include "proofs-check/hunt_claim.h"

enum { HUNT_EQUATIONS_TEXT_MAX = 1024 };

struct hunt_equations {
    struct hunt_claim claim;
    struct hunt_box box;
    char hypotheses[HUNT_EQUATIONS_TEXT_MAX]; /* "x in [-3, 3], a in [0, 1]" */
};

/* All unknowns are free, within x0 -+ 3 max(1, |x0|), which contains 0. */
enum status hunt_equations_init(const struct problem *problem, const double *x0, size_t dim,
                                struct hunt_equations *own) MUST_CHECK;

/* The interval of unknown number i. */
void hunt_equations_window(struct hunt_equations *own, size_t i, double from, double to);

/* The interval of an unknown, or of a parameter, which is free from now on. */
enum status hunt_equations_over(struct hunt_equations *own, const char *name, double from,
                                double to) MUST_CHECK;

/* Once all is said: the claim. */
void hunt_equations_state(struct hunt_equations *own);

#endif
