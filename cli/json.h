/* JSON as the contract wants it: absent numbers are null, doubles have 17 significant digits.
 *
 * Built on jansson.  Memory: every function returns a new reference, NULL if out of memory; pass
 * them on with the *_new functions of jansson, which accept NULL and fail, and let json_print()
 * report it. Errors: CANNOT_WRITE, NO_MEMORY. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include "base/status.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

json_t *json_finite(double value);                       /* null for NAN and infinities */
json_t *json_vector(size_t count, const double *values); /* [...]; absent components are null */
json_t *json_seed(uint64_t seed);    /* above 2^63 - 1, where JSON has no integers, a string */
json_t *json_text(const char *text); /* null for NULL; what is not UTF-8 becomes ? */

/* Prints and frees `value`; NULL means that memory ran out while it was built. */
enum status json_print(json_t *value, FILE *file) MUST_CHECK;

/* The same into a file of a directory, beside and renamed. */
enum status json_save(json_t *value, const char *directory, const char *name) MUST_CHECK;

#endif
