/* The names of one file: what each stands for, found in any case of its letters.
 *
 * Shapes: entry[count].  Memory: names_create(), names_free().
 * Errors: NO_MEMORY; what is defined twice is the caller's to refuse. */
#ifndef EQUATIONS_NAMES_H
#define EQUATIONS_NAMES_H

#include "base/nearest.h"
#include "base/status.h"
#include "ode/flow.h"

#include <stdint.h>

enum name_kind { NAME_UNKNOWN, NAME_PARAMETER, NAME_QUANTITY, NAME_FUNCTION };

struct name {
    char text[UNKNOWN_NAME_MAX];
    enum name_kind kind;
    size_t index; /* of the unknown or parameter */
    size_t line;  /* where it is defined */
    bool ready;   /* a quantity or function whose formula has been read: */
    uint32_t node;
    uint32_t first;   /* of a function: the node of its first argument, ... */
    size_t arguments; /* ... and how many it has */
};

struct names; /* opaque */

enum status names_create(struct names **names) MUST_CHECK;
void names_free(struct names *names); /* NULL is allowed */

/* The entry, which stays where it is until the next one is added; NULL: there is none. */
struct name *names_find(const struct names *names, const char *text);
enum status names_add(struct names *names, const struct name *name) MUST_CHECK;

/* All of them, to a search for the nearest. */
void names_offer(const struct names *names, struct nearest *nearest);

/* A name of as many letters that begins alike, for words too short to be near to anything: b2 for
 * b3; NULL: there is none. */
const char *names_alike(const struct names *names, const char *text);

#endif
