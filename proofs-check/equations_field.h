/* Equations of one's own as a polynomial vector field over Q, for proofs about what is conserved.
 *
 * Right-hand sides that are polynomials or quotients of polynomials with rational coefficients enter
 * exact/; numbers are read from their text.  With quotients, f = F/q, the field is F: where q is not
 * zero both have the same orbits and so the same first integrals, notes/own-flows.md, (OD6).
 *
 * Shapes: field->n unknowns, field->m parameters, in the order of the file; values[m].
 * Memory: one create, one free.  Errors: NO_MEMORY; what is no such field is no error: `field` is NULL
 * and `reason` says why. */
#ifndef PROOFS_CHECK_EQUATIONS_FIELD_H
#define PROOFS_CHECK_EQUATIONS_FIELD_H

#include "equations/equations.h"
#include "exact/field.h"

enum { EQUATIONS_REASON_MAX = 200 };

struct equations_field {
    struct field *field; /* symbolic in all parameters; k = 0 */
    fmpq *values;        /* [m] the parameters */
    bool divided;        /* q is not 1 */
    char reason[EQUATIONS_REASON_MAX];
};

enum status equations_field_create(const struct equations *equations,
                                   struct equations_field **field) MUST_CHECK;
void equations_field_free(struct equations_field *field); /* NULL is allowed */

#endif
