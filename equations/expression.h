/* Formulas as a directed acyclic graph: equal parts are one node.
 *
 * A node is named by its number; parts have smaller numbers than what is made of them, so that every
 * pass is one loop upwards.  Numbers keep the text that was written, a rational of base/number.h,
 * beside the double nearest to it, so that exact arithmetic reads 0.1 as 1/10.
 *
 * What is simplified, and no more: 0 + u, u - 0, u - u, 0 u, 1 u, 0/u, u/1, u^0, u^1, -(-u), and sums,
 * products and powers of integers of at most 15 digits.  All of it is exact where u is defined.
 *
 * Shapes: node < count.  Memory: one arena, expression_arena_free().
 * Errors: sticky, so that formulas can be composed like formulas: once a node cannot be made
 * (NO_MEMORY; BAD_DATA: more than EXPRESSION_NODES_MOST, or deeper than EXPRESSION_DEPTH_MOST), all
 * later ones are node 0, and expression_arena_status() tells. */
#ifndef EQUATIONS_EXPRESSION_H
#define EQUATIONS_EXPRESSION_H

#include "base/status.h"
#include "equations/function.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    EXPRESSION_NODES_MOST = 200000,
    EXPRESSION_DEPTH_MOST = 4000 /* of nested operations: passes by recursion stay on the stack */
};

enum expression_kind {
    EXPRESSION_NONE,      /* node 0: what could not be made */
    EXPRESSION_NUMBER,    /* value, text */
    EXPRESSION_UNKNOWN,   /* index, from 0 */
    EXPRESSION_PARAMETER, /* index, from 0 */
    EXPRESSION_ARGUMENT,  /* of a function that is being defined; index */
    EXPRESSION_MINUS,     /* -left */
    EXPRESSION_SUM,       /* left + right, ... */
    EXPRESSION_DIFFERENCE,
    EXPRESSION_PRODUCT,
    EXPRESSION_QUOTIENT,
    EXPRESSION_POWER, /* left^right */
    EXPRESSION_CALL   /* function(left) or function(left, right) */
};

struct expression {
    enum expression_kind kind;
    uint32_t left, right; /* parts; 0: none */
    uint32_t index; /* of an unknown, a parameter, an argument; of max and min: left - right */
    const struct function *function;
    double value;     /* of a number */
    const char *text; /* of a number, as written; owned by the arena */
    uint32_t depth;
    double size; /* nodes, if it is written out: shared parts count each time */
    bool moves;  /* an unknown is in it */
    bool varies; /* an unknown or a parameter is in it */
    bool open;   /* an argument is in it */
};

struct expressions; /* the arena */

enum status expression_arena_create(struct expressions **arena) MUST_CHECK;
void expression_arena_free(struct expressions *arena); /* NULL is allowed */
enum status expression_arena_status(const struct expressions *arena) MUST_CHECK;
size_t expression_count(const struct expressions *arena); /* nodes, node 0 among them */
const struct expression *expression_at(const struct expressions *arena, uint32_t node);

/* ---- making nodes ---- */

uint32_t expression_number(struct expressions *arena, const char *text); /* must be a number */
uint32_t expression_whole(struct expressions *arena, long value);
uint32_t expression_unknown(struct expressions *arena, size_t index);
uint32_t expression_parameter(struct expressions *arena, size_t index);
uint32_t expression_argument(struct expressions *arena, size_t index);
uint32_t expression_minus(struct expressions *arena, uint32_t u);
uint32_t expression_sum(struct expressions *arena, uint32_t u, uint32_t v);
uint32_t expression_difference(struct expressions *arena, uint32_t u, uint32_t v);
uint32_t expression_product(struct expressions *arena, uint32_t u, uint32_t v);
uint32_t expression_quotient(struct expressions *arena, uint32_t u, uint32_t v);
uint32_t expression_power(struct expressions *arena, uint32_t u, uint32_t v);
/* v = 0 for functions of one argument. */
uint32_t expression_call(struct expressions *arena, const struct function *function, uint32_t u,
                         uint32_t v);

/* Is it the number `value`? */
bool expression_is(const struct expressions *arena, uint32_t node, double value);

/* Is the exponent of this power a whole number of at most so much?  *exponent. */
bool expression_whole_power(const struct expressions *arena, uint32_t node, long *exponent);

/* ---- passes ---- */

/* `body` with its arguments replaced; their nodes were made one after the other, beginning with
 * `first`, with indices that no other function has.  *work counts nodes looked at, for whoever bounds it. */
uint32_t expression_substitute(struct expressions *arena, uint32_t body, uint32_t first,
                               const uint32_t *argument, size_t *work);

/* derivative[count] of root[count] with respect to one unknown: exact; that of heav and sign is 0,
 * as it is off their jumps. */
enum status expression_derivatives(struct expressions *arena, size_t count, const uint32_t *root,
                                   size_t unknown, uint32_t *derivative) MUST_CHECK;

/* reached[node] = true for every part of root[count]; reached[expression_count()], all false. */
void expression_reach(const struct expressions *arena, size_t count, const uint32_t *root,
                      bool *reached);

/* ---- text ---- */

/* How a language writes formulas; expression_style_ode reads back to the same nodes. */
struct expression_style {
    const char *power; /* "^", "**" */
    /* Names of unknowns and parameters. */
    const char *(*unknown)(const void *context, size_t index);
    const char *(*parameter)(const void *context, size_t index);
    /* The name of a function; NULL: as in the table.  With a '$' in it, what is written for the whole
     * call, $1 and $2 standing for its arguments. */
    const char *(*function)(const void *context, const struct function *function);
    /* A name that stands for a part, so that it is not written out; NULL, or of NULL: there is none. */
    const char *(*part)(const void *context, uint32_t node);
    /* How a number is written; NULL: its text, in parentheses where it is a rational. */
    void (*number)(const void *context, const struct expression *number, FILE *file);
    const void *context;
};

/* Parts of more than EXPRESSION_PRINTED_MOST nodes, written out, become "...": ask `size` first. */
enum { EXPRESSION_PRINTED_MOST = 100000 };
void expression_print(const struct expressions *arena, uint32_t node,
                      const struct expression_style *style, FILE *file);

/* The same, but the node itself is written out whatever stands for it. */
void expression_print_meaning(const struct expressions *arena, uint32_t node,
                              const struct expression_style *style, FILE *file);

#endif
