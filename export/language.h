/* The languages that systems are exported to, one record each: notes/own-flows.md, (OD41).
 *
 * What differs between them is a table: how powers, functions and numbers are written, which names are
 * taken, and one function that lays out the text.  Formulas come from listing.h.
 *
 * Shapes: language_table[] is NULL-terminated.  Memory: constants.
 * Errors: BAD_ARGUMENT for what a language cannot say; NO_MEMORY; CANNOT_WRITE. */
#ifndef EXPORT_LANGUAGE_H
#define EXPORT_LANGUAGE_H

#include "equations/equations.h"

struct listing;

/* What stands at the head of every text. */
struct language_head {
    const char *title, *equation, *command; /* the system; how it moves; what made the text */
};

/* How a function is called: a name, or all of the call with $1 and $2; NULL: it cannot be said. */
struct language_call {
    const struct function *function;
    const char *text;
};

struct language {
    const char *name, *title; /* "ode"; "XPPAUT, and settle itself" */
    const char *power;
    const char *const *reserved; /* NULL-terminated: names that mean something else */
    const struct language_call
        *call;        /* those that differ from function.h; ends with a NULL function */
    size_t name_most; /* letters of a name */
    bool lower_case;  /* letters are the same in both cases */
    /* How numbers in formulas are written; NULL: as they were typed. */
    void (*number)(const void *context, const struct expression *number, FILE *file);
    enum status (*write)(struct listing *listing, const struct language_head *head, FILE *file);
};

extern const struct language language_julia, language_ode, language_python, language_vf;
extern const struct language *const language_table[]; /* by name */

/* UNKNOWN_NAME with the nearest one. */
enum status language_named(const char *name, const struct language **language) MUST_CHECK;

enum status language_write(const struct language *language, const struct equations *equations,
                           const struct language_head *head, FILE *file) MUST_CHECK;

/* ---- for the writers ---- */

/* The head, each line behind `mark`, "# ". */
void language_comment(const struct listing *listing, const struct language_head *head,
                      const char *mark, FILE *file);

/* A number as a quotient of doubles, each with the fewest digits that read back. */
void language_fraction(const void *context, const struct expression *number, FILE *file);

/* The same, and whole numbers as 2.0, where 2 would be an integer. */
void language_real(const void *context, const struct expression *number, FILE *file);

#endif
