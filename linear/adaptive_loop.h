/* Motion on a closed curve: psi' = turn * speed(psi) * G(psi), where G and speed have the period 2
 * pi.
 *
 * Either G has a zero ahead, where the motion ends, or the motion is periodic with the period
 * int dpsi / (speed |G|); notes/adaptive.md, (G5).  Units: psi in radians.  Memory: none.
 * Errors: none. */
#ifndef LINEAR_ADAPTIVE_LOOP_H
#define LINEAR_ADAPTIVE_LOOP_H

#include <stdbool.h>

struct adaptive_loop {
    double (*error)(const void *self, double psi); /* G */
    double (*speed)(const void *self, double psi); /* > 0 */
    double slope;                                  /* |dG/dpsi| is at most this */
    double size; /* of the terms of G: its rounding error is some DBL_EPSILON of it */
    double start;
    int turn; /* +1 or -1: where psi goes if G > 0 */
    const void *self;
};

enum adaptive_loop_verdict { ADAPTIVE_LOOP_PERIODIC, ADAPTIVE_LOOP_ROOT, ADAPTIVE_LOOP_UNDECIDED };

/* The first zero of G in the direction of motion, if there is one: *psi. */
enum adaptive_loop_verdict adaptive_loop_first_root(const struct adaptive_loop *loop, double *psi);

/* The period, where G has no zero. */
double adaptive_loop_period(const struct adaptive_loop *loop);

#endif
