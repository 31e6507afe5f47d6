/* Integers modulo an odd prime below 2^62, and the rank of vectors over them.
 *
 * An echelon form takes one vector after the other and says of each whether it is independent of those before.  So
 * ranks are found without a matrix.  If p divides no denominator, vectors that are independent
 * modulo p are so over Q: the minor that shows it is not zero modulo p, hence not zero.
 *
 * Memory: memory.h.  Errors: rejections, of what is no such prime and of denominators that p divides. */
#ifndef CHECKER_MODULAR_H
#define CHECKER_MODULAR_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct modular {
    mpz_t prime;
    uint64_t p, inverse, square; /* -1/p and 2^128, modulo 2^64 and p */
};

void modular_init(struct modular *field, const mpz_t prime);

uint64_t modular_of(const struct modular *field, const mpq_t number);
uint64_t modular_add(const struct modular *field, uint64_t a, uint64_t b);
uint64_t modular_times(const struct modular *field, uint64_t a, uint64_t b);

struct modular_echelon {
    const struct modular *field;
    size_t columns, rank;
    uint64_t *
        *rows; /* rows[columns]: NULL, or the vector whose first entry, a 1, is in this column */
};

void modular_echelon_init(struct modular_echelon *echelon, const struct modular *field,
                          size_t columns);
/* Adds the vector, which is destroyed; was it independent? */
bool modular_echelon_add(struct modular_echelon *echelon, uint64_t *vector);

#endif
