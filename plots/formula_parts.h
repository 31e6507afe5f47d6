/* The parts of a text with formulas: tokens, and nodes, which are what a formula is typeset from.
 *
 * Shapes: token[tokens + 1], the last one FORMULA_END; node[1..nodes], 0 is no node.  Lists of nodes
 * are chained by `next`.  Memory: one block, formula_read() .. formula_free(). */
#ifndef PLOTS_FORMULA_PARTS_H
#define PLOTS_FORMULA_PARTS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum formula_kind {
    FORMULA_WORD, /* and whatever else is no mathematics */
    FORMULA_NUMBER,
    FORMULA_NAME,     /* a letter, or a Greek letter's name, and digits */
    FORMULA_FUNCTION, /* exp, sgn, tr */
    FORMULA_BIG,      /* sum, prod, int */
    FORMULA_ROOT,
    FORMULA_SIGN, /* + - * / and relations */
    FORMULA_OPEN,
    FORMULA_CLOSE,
    FORMULA_BAR,
    FORMULA_COMMA, /* and the semicolon */
    FORMULA_DOTS,
    FORMULA_PRIME,
    FORMULA_POWER, /* ^ */
    FORMULA_INDEX, /* _ */
    FORMULA_END
};

/* How it is written in the two languages. */
struct formula_symbol {
    const char *word, *mathml, *latex;
    enum formula_kind kind;
    bool relation; /* a line may break before it */
};

struct formula_token {
    enum formula_kind kind;
    size_t start, length;
    size_t digits; /* of a name, at its end */
    bool spaced;   /* a blank stands before it */
    const struct formula_symbol *symbol;
};

struct formula_node {
    enum formula_kind kind;
    size_t token, end;   /* its tokens are [token, end) */
    size_t next;         /* in its list */
    size_t inside;       /* of brackets and roots: the first node */
    size_t closes;       /* of brackets: the token */
    size_t above, below; /* exponent and index: the first node */
    size_t primes;
    bool starred; /* a star as an exponent */
};

struct formula {
    const char *text;
    size_t tokens, nodes, room;
    struct formula_token *token;
    struct formula_node *node; /* [room] */
};

/* Lexes the text, which is borrowed. */
enum status formula_read(const char *text, struct formula *formula) MUST_CHECK;
void formula_free(struct formula *formula);

/* The symbol of that word or sign, or NULL. */
const struct formula_symbol *formula_symbol(const char *text, size_t length);

/* How long the number is before its exponent: 3 of "2.5e-3". */
size_t formula_factor(const char *text, size_t length);

/* Parses a formula that begins at the token; 0 if none does.  *end is the token behind it. */
size_t formula_parse(struct formula *formula, size_t token, size_t *end);

/* Does a blank separate the node from an operand before it? */
bool formula_is_apart(const struct formula *formula, size_t before, size_t node);

/* Is the sign one of one operand: the first of its list, or behind another sign? */
bool formula_is_prefix(const struct formula *formula, size_t before);

void formula_mathml(FILE *file, const struct formula *formula, size_t first);
void formula_tex(FILE *file, const struct formula *formula, size_t first);

#endif
