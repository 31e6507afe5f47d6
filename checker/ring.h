/* Where the learning equations are evaluated: anything that can be added and multiplied.
 *
 * Sparse polynomials (field.h), polynomials in time whose coefficients are balls (series.h), and balls with their
 * derivatives (dual.h) are such rings; network.h writes the equations once for all of them.
 *
 * Shapes: an element has `size` bytes and may be moved in memory only by its ring.
 * Memory: elements are initialised once; what they hold is memory.h's.  Errors: rejections. */
#ifndef CHECKER_RING_H
#define CHECKER_RING_H

#include <gmp.h>
#include <stddef.h>

struct ring {
    size_t size;
    void (*init)(void *context, void *z); /* 0 */
    void (*set_number)(void *context, void *z, const mpq_t number);
    void (*set_variable)(void *context, void *z, size_t variable); /* premise.h numbers them */
    void (*add_product)(void *context, void *z, const void *a, const void *b); /* z += a b */
    void *context;
};

#endif
