/* The leading term of the product P of a chain in residual time, for all data at once.
 *
 *     U_1 = s,  a_i = a_i(0) + c_i U_i,  U_(i+1) = U_i (a_i(0) + c_i U_i/2),  P = a_1 ... a_L =
 * dU_(L+1)/ds
 *
 * over Q[c, a(0)], an integral domain: the leading term of a product is the product of the leading
 * terms, so that monomials are all that is needed, (UN2).  A layer is *moving* if c_i != 0,
 * *silent* if c_i = 0 != a_i(0), *dead* if c_i = 0 = a_i(0).
 *
 * Shapes: layer[L], exponent[L].  Memory: leading_create(), leading_free().  Errors: NO_MEMORY;
 * BAD_ARGUMENT for no layer.  Source: notes/universal.md. */
#ifndef EXACT_LEADING_H
#define EXACT_LEADING_H

#include "base/status.h"
#include "exact/library.h"

#include <stdbool.h>
#include <stddef.h>

enum leading_layer { LEADING_MOVES, LEADING_SILENT, LEADING_DEAD };

/* 2^-halvings prod_i v_i^exponent_i s^degree, v_i = c_i of a moving layer, a_i(0) of a silent one.
 * */
struct leading {
    size_t L;
    bool is_zero; /* P = 0 identically: a layer is dead */
    fmpz_t degree, halvings;
    fmpz *exponent; /* [L] */
};

enum status leading_create(size_t L, struct leading **leading) MUST_CHECK;
void leading_free(struct leading *leading);

/* The leading term of P, layer[L], as the product of those of the weights. */
enum status leading_of_weights(const enum leading_layer *layer, struct leading *P) MUST_CHECK;

/* The same as the derivative of U_(L+1). */
enum status leading_of_clock(const enum leading_layer *layer, struct leading *P) MUST_CHECK;

/* That of a_which, which < L. */
enum status leading_of_weight(const enum leading_layer *layer, size_t which,
                              struct leading *a) MUST_CHECK;

bool leading_equal(const struct leading *a, const struct leading *b);

/* Odd degree, and c_L times a positive rational times the square of a monomial, c_L of a moving
 * layer: then P changes its sign, and has the sign of c_L for s -> infinity. */
bool leading_is_top_times_square(const enum leading_layer *layer, const struct leading *P);

/* Is it c_1^(2^(L-1)) ... c_L / 2^(2^L - 1 - L) s^(2^L - 1)?  All layers moving. */
bool leading_is_closed_form(const struct leading *P);

/* The expansion of all of P over Q[c, a(0)][s], from the field and by integration: has it this
 * leading term, and no higher one?  For LEADING_EXPANDED_MOST layers or fewer, else false. */
enum { LEADING_EXPANDED_MOST = 5 };
bool leading_agrees_with_expansion(const enum leading_layer *layer, const struct leading *P);

/* "c1^4*c2^2*c3/16", or "0"; free with flint_free().  Powers of 2 above 2^64 stay powers. */
char *leading_text(const enum leading_layer *layer, const struct leading *P);

#endif
