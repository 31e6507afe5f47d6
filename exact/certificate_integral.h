/* Certificates of first integrals, kind first-integral.
 *
 * Shapes: p[count] in the ring of the field, which is symbolic.  Polynomials of a claim for stated
 * numbers have no parameters in them.
 * Memory: *certificate is freed by certificate_free().  Errors: NO_MEMORY.
 * Source: notes/certificates.md. */
#ifndef EXACT_CERTIFICATE_INTEGRAL_H
#define EXACT_CERTIFICATE_INTEGRAL_H

#include "exact/certificate.h"
#include "exact/field.h"

struct certificate_integrals {
    const struct premise *premise;
    const struct field *field;
    const fmpq_mpoly_struct *p;
    size_t count;
    enum certificate_data data; /* any but CERTIFICATE_STATED: starts are any */
    size_t degree;              /* complete up to it, proved ... */
    ulong prime;                /* ... modulo this prime; 0: completeness is not claimed */
};

enum status certificate_integral(const struct certificate_integrals *integrals,
                                 struct certificate *certificate) MUST_CHECK;

#endif
