/* A frame in which errors grow less: a proposal, in short floating point; (TR9) of notes/trap.md.
 *
 * Shapes: J[n*n], B[n*n] row by row.  Units: growth 1/time.  Memory: none kept.
 * Errors: false where there is no better frame than the present one. */
#ifndef EXACT_TRAP_FRAME_H
#define EXACT_TRAP_FRAME_H

#include <stdbool.h>
#include <stddef.h>

struct trap_frame_question {
    size_t n;
    const double *J; /* Df at the end of the last piece */
    const double *B; /* the present frame; NULL: the identity */
    double growth;   /* in it */
};

/* Fills frame[n*n] and is true if changing there, and back, is paid for soon. */
bool trap_frame_propose(const struct trap_frame_question *question, double *frame);

#endif
