/* Identities between polynomials, proved by expansion over the rationals: for all values of all
 * letters.
 *
 * Polynomials are texts, "a1^2 + c1*a2", in letters that a list names, "a1 a2 c1"; both sides are
 * expanded into sorted monomials and compared, so that `true` is a proof and needs no tolerance.
 * Derivatives along a field, resultants and discriminants are those of FLINT.
 *
 * Memory: none is kept.  Errors: a text that cannot be read, or too many letters, is no identity:
 * false.  Source: notes/universal.md, (UN1). */
#ifndef EXACT_IDENTITY_H
#define EXACT_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

enum { IDENTITY_LETTERS_MOST = 24 };

/* left = right */
struct identity {
    const char *letters; /* separated by blanks */
    const char *left, *right;
};
bool identity_holds(const struct identity *identity);

/* A field: the first `unknowns` letters move, letter i at rate[i]; the others are parameters. */
struct identity_field {
    const char *letters;
    size_t unknowns;
    const char *rate[IDENTITY_LETTERS_MOST];
};

/* The derivative of `of` along the field is `is`. */
bool identity_along(const struct identity_field *field, const char *of, const char *is);

/* The resultant of left and right as polynomials in `letter` is `value`. */
bool identity_resultant(const struct identity *pair, const char *letter, const char *value);

/* The discriminant of `polynomial` in `letter` is `value`. */
struct identity_discriminant {
    const char *letters, *polynomial, *letter, *value;
};
bool identity_discriminant(const struct identity_discriminant *claim);

#endif
