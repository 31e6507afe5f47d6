/* Polynomials as text, in the names of a field.
 *
 *     a1^2*c2 - 2*a2*c1,   1/2*(A1_1_1 + A1_1_2)^2 - 0.1*alpha
 *
 * Names, numbers as in exact/rational.h, + - * ^ and parentheses; / by numbers.  A product with
 * exp(...) as one of the factors of the whole text is read in two parts, p exp(q).
 * Memory: what integral_write() returns is the caller's, freed by free(); NULL: no memory.
 * Errors: BAD_ARGUMENT with the place, UNKNOWN_NAME, NOT_A_NUMBER. */
#ifndef EXACT_INTEGRAL_TEXT_H
#define EXACT_INTEGRAL_TEXT_H

#include "exact/field.h"

enum {
    INTEGRAL_TEXT_MOST = 100000, /* characters */
    INTEGRAL_TERMS_MOST = 20000, /* of a polynomial while it is read */
    INTEGRAL_READ_DEGREE = 128   /* total degree: exponents of the kernel's equations are bytes */
};

enum status integral_read(const struct field *field, const char *text, fmpq_mpoly_t p) MUST_CHECK;

/* The text is p exp(q); q = 0 where there is no exp. */
enum status integral_read_exponential(const struct field *field, const char *text, fmpq_mpoly_t p,
                                      fmpq_mpoly_t q) MUST_CHECK;

/* "a1^2*c2 - 2*a2*c1" */
char *integral_write(const struct field *field, const fmpq_mpoly_t p);
char *integral_write_exponential(const struct field *field, const fmpq_mpoly_t p,
                                 const fmpq_mpoly_t q);

#endif
