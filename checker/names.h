/* Names of unknowns and parameters, and polynomials in them as a certificate writes them.
 *
 * Memory: memory.h.  Errors: rejections. */
#ifndef CHECKER_NAMES_H
#define CHECKER_NAMES_H

#include "checker/polynomial.h"
#include "checker/premise.h"

struct names {
    size_t count;                   /* premise_variables() */
    char (*name)[PREMISE_NAME_MAX]; /* name[count] */
    size_t *order;                  /* order[count]: the variables sorted by name */
};

void names_make(const struct premise *premise, struct names *names);

/* The rest of the line, a sum of terms 2/3*a1^2*c2, each canonical; p is of names->count variables. */
void names_read_polynomial(const struct names *names, struct text *text, struct polynomial *p);

#endif
