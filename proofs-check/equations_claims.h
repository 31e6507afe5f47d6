/* First integrals of equations of one's own, found and proved, as claims of their flow.
 *
 * Where leaves are known, fixed points on continua are polished to rounding, coordinates on which
 * nothing changes are told from slow ones, and sweeps follow many states at once; without them limits
 * carry the error of integration.  Polynomial ones up to a small degree are looked for, as deep as is
 * done in some milliseconds; what is found is proved, (FI1), and what is not found is not needed.
 *
 * Memory: claims are added to the equations.  Errors: NO_MEMORY; equations without a polynomial field
 * get no claims, and that is no error. */
#ifndef PROOFS_CHECK_EQUATIONS_CLAIMS_H
#define PROOFS_CHECK_EQUATIONS_CLAIMS_H

#include "equations/equations.h"

/* Up to which degree: the largest with few monomials in so many unknowns; 0: none. */
size_t equations_claims_degree(size_t unknowns);

enum status equations_claims_find(struct equations *equations) MUST_CHECK;

#endif
