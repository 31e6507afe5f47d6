/* Sparse polynomials over Q: terms in lexicographic order of exponents, no zero coefficients, so that the zero
 * polynomial is the one without terms.
 *
 * Shapes: exponents[terms * variables], numbers[terms].  Exponents are at most 255.
 * Memory: memory.h; polynomial_clear() for what a loop makes.  Arguments that are results must not
 * be operands too, unless it says so.
 * Errors: rejections, of more terms, higher exponents or more work than is allowed. */
#ifndef CHECKER_POLYNOMIAL_H
#define CHECKER_POLYNOMIAL_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

enum { POLYNOMIAL_EXPONENT_MAX = 255 };

struct polynomial {
    size_t variables, terms, room;
    unsigned char *exponents;
    mpq_t *numbers;
};

void polynomial_init(struct polynomial *p, size_t variables); /* 0 */
void polynomial_clear(struct polynomial *p);

void polynomial_set_number(struct polynomial *p, const mpq_t number);
void polynomial_set_variable(struct polynomial *p, size_t variable);

/* Appends number * x^exponents[variables]; after the last one polynomial_collect(). */
void polynomial_append(struct polynomial *p, const mpq_t number, const unsigned char *exponents);
void polynomial_collect(struct polynomial *p);

/* sum += number a; sum += number a b. */
void polynomial_add(struct polynomial *sum, const mpq_t number, const struct polynomial *a);
void polynomial_add_product(struct polynomial *sum, const mpq_t number, const struct polynomial *a,
                            const struct polynomial *b);

void polynomial_derivative(const struct polynomial *p, size_t variable,
                           struct polynomial *derivative);
bool polynomial_is_zero(const struct polynomial *p);
size_t polynomial_degree(const struct polynomial *p); /* of 0: 0 */

/* p(x), x[variables]. */
void polynomial_value(const struct polynomial *p, mpq_t *x, mpq_t value);

#endif
