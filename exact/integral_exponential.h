/* First integrals p exp(q), with p of degree one and q one of the unknowns or its negative.
 *
 * L_V p = -p L_V q for every field V is a search for Darboux polynomials with the cofactor -L_V q,
 * (FI2); adaptive skipped channels have them wherever a layer is one neuron wide.  Only those are
 * kept that are independent of known polynomials and of each other.
 *
 * Shapes: p[count], q[count], in the ring of the fields.  Memory: integral_exponentials_create(),
 * integral_exponentials_free(); fields are borrowed.  Errors: NO_MEMORY, INTERRUPTED. */
#ifndef EXACT_INTEGRAL_EXPONENTIAL_H
#define EXACT_INTEGRAL_EXPONENTIAL_H

#include "exact/integral_search.h"

struct integral_exponentials {
    const fmpq_mpoly_ctx_struct *ring;
    size_t count;
    fmpq_mpoly_struct *p, *q;
    size_t rank; /* of the gradients of the known ones and of these */
};

enum status integral_exponentials_create(const struct integral_fields *fields,
                                         const struct integral_list *known,
                                         struct integral_exponentials **exponentials) MUST_CHECK;
void integral_exponentials_free(struct integral_exponentials *exponentials);

#endif
