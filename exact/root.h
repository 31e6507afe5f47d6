/* The first zero of a curve in a direction: isolated, with its exact multiplicity, to any accuracy.
 *
 * The march decides all simple zeros.  Where it is stuck, more precision separates zeros that are
 * merely near each other; only where the polynomial is proved not to be squarefree is it factored, and
 * the factor that has the zero tells the multiplicity: notes/exact.md, (EX3).
 *
 * Memory: root_init(), root_clear().  Errors: none; ROOT_UNDECIDED has a reason. */
#ifndef EXACT_ROOT_H
#define EXACT_ROOT_H

#include "exact/march.h"

enum root_verdict { ROOT_FOUND, ROOT_NONE, ROOT_UNDECIDED };

struct root {
    enum root_verdict verdict;
    int direction;      /* of residual time */
    ulong multiplicity; /* exact */
    arf_t low, high;    /* moduli: it is the only zero in [low, high] */
    const char *reason;
};

void root_init(struct root *root);
void root_clear(struct root *root);

/* How a search begins: `sign` is that of the curve at s = 0, not 0. */
struct root_start {
    int direction, sign;
};

/* The first zero in the direction. */
void root_first(const struct curve *curve, struct root_start start, struct root *root);

/* s to about `bits` bits; false if that takes too much precision. */
bool root_refine(const struct curve *curve, const struct root *root, slong bits, arb_t s);

/* Which zero of the leaf the first one is, counted from s = -infinity or the end of the orbit, each
 * once; 0: not counted, for a multiple zero or too many steps in between. */
slong root_index(const struct curve *curve, struct root_start start);

#endif
