/* Memory of one check: all of it, GMP's included, is in one list and is freed at its end.
 *
 * So a rejection, which jumps out of the middle of anything but GMP (reject.h), leaves nothing
 * behind, and what a check computes with need not be freed one by one; loops that run long free what
 * they can.
 * Errors: a check that wants more than 2^30 bytes, numbers included, is rejected, reject_later()
 * where it is GMP that wants them; at 2^31, and where the machine has no more, the program ends with
 * exit status 2: GMP takes no answer but memory. */
#ifndef CHECKER_MEMORY_H
#define CHECKER_MEMORY_H

#include <gmp.h>
#include <stddef.h>

/* Makes GMP use this list; once, before its first use. */
void memory_take_over(void);

/* count * size bytes, zero; count and size may be 0.  Too many are rejected at once. */
void *memory_new(size_t count, size_t size);
void memory_free(void *memory); /* NULL is allowed */

/* Initialised numbers, all 0. */
mpq_t *memory_numbers(size_t count);
mpz_t *memory_integers(size_t count);
void memory_free_numbers(size_t count, mpq_t *numbers);

/* Frees everything: the end of a check. */
void memory_release(void);

#endif
