/* Formulas compiled to a straight line of operations, for many states at a time.
 *
 * Every distinct part of the roots is computed once; what holds no unknown is a constant.  Whole
 * powers are products.  Operations are done for CODE_WIDTH states together, then for the rest one by
 * one, in the same order, so that the bits of a state do not depend on its neighbours.
 *
 * Errors of rounding are followed with the values: the bound is first order, in units of DBL_EPSILON,
 * with a whole unit where IEEE arithmetic has half of one, and CALL_ROUNDINGS for a function of the
 * mathematical library.
 *
 * Shapes: x[i*n + k], out[r*n + k], r < roots; bound likewise.
 * Memory: one create, one free; a code has its work space inside and is used by one thread.
 * Errors: NO_MEMORY. */
#ifndef EQUATIONS_CODE_H
#define EQUATIONS_CODE_H

#include "equations/expression.h"

/* On which side of g = 0 a state is: of the surface `surface` of the flow, as it is or turned round,
 * or always the same. */
struct code_side {
    uint32_t g;
    size_t surface;
    signed char turn; /* +1, -1: the side is turn times that of the surface, ... */
    bool fixed;       /* ... or `turn` itself, or that of the number g */
};

struct code_plan {
    const struct expressions *arena;
    const double *parameters;
    size_t unknowns, sides;
    const struct code_side *side_of;
    const signed char *side; /* of each surface: +1, -1, or 0: by the sign of g */
    size_t roots;
    const uint32_t *root;
};

struct code; /* opaque */

enum status code_create(const struct code_plan *plan, struct code **code) MUST_CHECK;
void code_free(struct code *code); /* NULL is allowed */

void code_run(const struct code *code, size_t n, const double *x, double *out);
void code_bound(const struct code *code, size_t n, const double *x, double *bound);

/* The value of a formula without unknowns. */
enum status code_constant(const struct code_plan *plan, uint32_t node, double *value) MUST_CHECK;

size_t code_operations(const struct code *code);

#endif
