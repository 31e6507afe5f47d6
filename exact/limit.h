/* Where a trajectory goes, decided exactly.
 *
 * Nothing is integrated and nothing is estimated: the limit is the first zero of the error along an
 * orbit that does not depend on the data, found in exact algebra and rigorous balls, (EX1)-(EX11) of
 * notes/exact.md.  What cannot be proved within bounded precision and effort is undecided, with the
 * reason: ending = ENDING_HORIZON.
 *
 * Shapes: x[dim].  Units: rate 1/time.  Memory: limit_create(), limit_free(); texts are static.
 * Errors: NO_MEMORY, BAD_ARGUMENT.  Balls are never touched by doubles. */
#ifndef EXACT_LIMIT_H
#define EXACT_LIMIT_H

#include "exact/statement.h"
#include "ode/ending.h"

#include <stdio.h>

enum { LIMIT_DIGITS_MOST = 10000 };

/* An algebraic law, t^(numerator/denominator); denominator 0: none. */
struct limit_exponent {
    slong numerator, denominator;
    bool exponential; /* growth like exp(rate t) */
};

struct limit {
    enum ending ending;
    int direction; /* of residual time; 0: at rest */
    bool has_limit;
    size_t dim;
    arb_ptr x;          /* [dim] */
    arb_t clock;        /* the zero, in residual time or in the variable that `theorem` names */
    ulong multiplicity; /* of the zero; 0: there is none */
    bool has_rate;
    arb_t rate; /* transverse eigenvalue at the limit, 1/time */
    bool has_time;
    arb_t time; /* of a blow-up */
    struct limit_exponent exponent;
    bool minimum;        /* e = 0 in the limit: a global minimum of the loss */
    const char *theorem; /* the label in notes/exact.md */
    const char *reason;  /* why it is undecided, or a remark; NULL */
};

struct limit *limit_create(const struct statement *statement);
void limit_free(struct limit *limit);

/* Decides `statement`, numbers to `digits` significant digits, 1..LIMIT_DIGITS_MOST. */
enum status limit_decide(const struct statement *statement, slong digits,
                         struct limit *limit) MUST_CHECK;

/* Is it decided by a formula for the orbit, in about a millisecond, not by a validated integration? */
bool limit_has_formula(const struct statement *statement);

/* Which of the zeros on its leaf the limit is, counted by growing residual time, each once, (EX6).
 * 0: it is none, or they were not all isolated within bounded effort. */
slong limit_index(const struct statement *statement, const struct limit *limit);

/* The largest radius of a component of the limit, rounded up. */
double limit_radius(const struct limit *limit);

/* "1.7692..." with `digits` digits, the last one possibly off by one; free with flint_free(). */
char *limit_text(const arb_t value, slong digits);

#endif
