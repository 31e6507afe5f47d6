/* The first zero of the error ahead of the start, (CT1): break points up to which the error keeps
 * its sign, and a bracket in which it changes it, falling.
 *
 * Units: places t >= 0, moduli of residual time in the direction.
 * Memory: memory.h.  Errors: what is not well formed is rejected; crossing_fault() returns what is
 * not proved, NULL if all is. */
#ifndef CHECKER_CROSSING_H
#define CHECKER_CROSSING_H

#include "checker/curve.h"
#include "checker/text.h"

struct crossing {
    enum curve_direction direction;
    size_t count;
    mpq_t *t;      /* [count], increasing, positive: the error keeps its sign up to the last one */
    mpq_t ends[2]; /* the bracket [u, v]; u is the last t, or 0 */
};

enum curve_direction crossing_read_direction(struct text *text);       /* + or - */
void crossing_read_free(struct text *text, struct crossing *crossing); /* the line `free` */
void crossing_read_bracket(struct text *text, struct crossing *crossing);
/* The rest of a line of a tree: t_1 ... t_m u v, or t_1 ... t_m. */
void crossing_read_leaf(struct text *text, struct crossing *crossing);
void crossing_read_away(struct text *text, struct crossing *crossing);

/* delta G > 0 at 0 and up to t_m. */
const char *crossing_fault_before(struct curve *curve, struct crossing *crossing);
/* That, and exactly one zero in [0, v], which is simple and in (u, v). */
const char *crossing_fault(struct curve *curve, struct crossing *crossing);

/* The limit box of the claim, one interval for each unknown. */
struct crossing_box {
    size_t count;
    mpq_t *lo, *hi;
};
struct crossing_box crossing_read_box(struct text *text, size_t count);
curve_statement crossing_is_in_box; /* data: a struct crossing_box; the state is in it */
curve_statement crossing_is_faster; /* data: an mpq_t; -dG/ds is above it */

#endif
