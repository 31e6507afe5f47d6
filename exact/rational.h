/* Numbers of the command line as exact rationals: -1/2, 0.1 and 1e-3 are what they say.
 *
 * The grammar is that of base/number.h.  Nothing passes through a double: 0.1 is 1/10, and data that
 * differ by 1e-40 differ.  Memory: a list is an array of FLINT, freed by _fmpq_vec_clear().
 * Errors: NOT_A_NUMBER, as number_parse(); BAD_ARGUMENT for exponents beyond
 * RATIONAL_EXPONENT_MOST, whose powers of ten would fill the memory, and for lists of the wrong
 * length.  Source: none needed. */
#ifndef EXACT_RATIONAL_H
#define EXACT_RATIONAL_H

#include "base/status.h"
#include "exact/library.h"

#include <stddef.h>

enum { RATIONAL_EXPONENT_MOST = 10000, RATIONAL_LENGTH_MOST = 20000 };

enum status rational_read(const char *text, fmpq_t value) MUST_CHECK;

/* A comma-separated list of 1..most numbers; *values is a new array, initialised, [*count]. */
enum status rational_read_list(const char *text, size_t most, fmpq **values,
                               size_t *count) MUST_CHECK;

#endif
