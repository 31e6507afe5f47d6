/* Formulas as text, from one line of a file to a node.
 *
 *     formula = ["-"] term {("+" | "-") term}        term  = power {("*" | "/") power}
 *     power   = atom ["^" atom]                      atom  = number | name | name "(" formula
 *                                                            {"," formula} ")" | "(" formula ")"
 *
 * This is what XPP reads alike: a second "^" and a sign behind an operator are refused, with words
 * (notes/own-flows.md, (OD2)).
 *
 * Shapes: text[length], place[length + 1], the last one being the end.
 * Memory: none is kept.  Errors: BAD_DATA, UNKNOWN_NAME, NOT_A_NUMBER, with file, line and column in
 * front; what the arena says. */
#ifndef EQUATIONS_SOURCE_H
#define EQUATIONS_SOURCE_H

#include "equations/expression.h"
#include "equations/names.h"

enum { SOURCE_ARGUMENTS_MOST = 20 }; /* of a function that a file defines */

/* Where a character stands in the file, from 1. */
struct source_place {
    uint32_t line, column;
};

/* A line being read. */
struct source {
    const char *file;
    const char *text;
    const struct source_place *place;
    size_t length, at;
    struct expressions *arena;
    const struct names *names;
    /* Of the function that is being defined: names[arguments], the first of which is node `first`. */
    size_t arguments;
    const char (*argument)[UNKNOWN_NAME_MAX];
    uint32_t first;
    size_t depth; /* of parentheses */
    size_t *work; /* of all calls of user functions */
};

/* A formula up to the end of the line, or up to where none goes on. */
enum status source_formula(struct source *formula, uint32_t *node) MUST_CHECK;

/* Fails with the place of character number `at` in front. */
enum status source_fail(const struct source *formula, size_t at, enum status status,
                        const char *format, ...) MUST_CHECK PRINTF_LIKE(4, 5);

/* "'x'", or "the end of the line", or "byte 0xe9": what stands there, with a word on what is typed in
 * its place by mistake; text[SOURCE_HERE_MAX]. */
enum { SOURCE_HERE_MAX = 80 };
const char *source_here(const struct source *formula, char text[SOURCE_HERE_MAX]);

void source_skip_blanks(struct source *formula);

/* Is the next character, after blanks, this one?  It is taken then. */
bool source_takes(struct source *formula, char c);

/* Letters, digits and underscores, not beginning with a digit, into name[UNKNOWN_NAME_MAX]; false:
 * there is none, and nothing is taken.  BAD_DATA: it is too long. */
enum status source_name(struct source *formula, char *name, bool *found) MUST_CHECK;

/* A decimal number without a sign, into text[SOURCE_NUMBER_MAX]. */
enum { SOURCE_NUMBER_MAX = 64 };
enum status source_number(struct source *formula, char *text, bool *found) MUST_CHECK;

#endif
