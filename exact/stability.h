/* Stability of fixed points, certified on the transverse matrix K; (TR6)-(TR7) of notes/trap.md.
 *
 * At a zero of y the spectrum of Df is that of -K, besides zeros along the zeros of y.  On a box a norm
 * in which K contracts is the proof; at a rational point the characteristic polynomial over Q and
 * Routh's array decide, and exactly so whether the point repels.
 *
 * Shapes: eigenvalues[count], in no order.  Units: 1/time.  Memory: stability_free().
 * Errors: NO_MEMORY. */
#ifndef EXACT_STABILITY_H
#define EXACT_STABILITY_H

#include "exact/program.h"

#include <stdbool.h>

enum stability_verdict {
    STABILITY_UNDECIDED,
    STABILITY_ATTRACTS, /* y decays exponentially near by, at the rate mu or faster in some norm */
    STABILITY_REPELS    /* an eigenvalue has a positive real part */
};

struct stability {
    enum stability_verdict verdict;
    bool exact;    /* decided over Q */
    bool on_zeros; /* y = 0 there; else only Df is known */
    double mu;     /* NAN: not known */
    size_t count;  /* 0: not enclosed */
    acb_ptr eigenvalues;
};

/* Everywhere in the ball x[n], which contains a zero of y: of -K. */
enum status stability_at_limit(const struct program *program, arb_srcptr x,
                               struct stability **stability) MUST_CHECK;

/* At the start of the premise, if f vanishes there; else *stability is NULL.  Of -K where y vanishes,
 * else of Df. */
enum status stability_at_start(const struct premise *premise, const struct program *program,
                               struct stability **stability) MUST_CHECK;
void stability_free(struct stability *stability);

#endif
