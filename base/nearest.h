/* The nearest known name to a mistyped one, for error messages.
 *
 * Distance: Damerau-Levenshtein (restricted): insertions, deletions, substitutions and swaps of
 * neighbours cost 1; upper and lower case are the same.  A name is near if its distance is at most a third of the longer length, or if
 * one of the two begins with the other.  Memory: none.  Errors: none. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *text; /* what was typed */
    const char *name; /* the nearest so far, NULL if none is near */
    size_t distance;  /* of name */
};

struct nearest nearest_to(const char *text);
void nearest_offer(struct nearest *nearest, const char *name);

/* "; did you mean chain?", or "" if nothing is near; hint[size]. */
const char *nearest_hint(const struct nearest *nearest, size_t size, char *hint);

#endif
