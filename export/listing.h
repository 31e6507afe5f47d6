/* Equations on their way into a text: names that the language allows, and parts with names of their own.
 *
 * A part of a formula that is used twice, or that is long, is computed first and has a name, q1, q2,
 * ...; so a text is as long as the graph, and not as long as the formulas written out.
 *
 * Shapes: root[roots].  Memory: listing_create(), listing_free().
 * Errors: NO_MEMORY; BAD_ARGUMENT for a function that the language does not have. */
#ifndef EXPORT_LISTING_H
#define EXPORT_LISTING_H

#include "export/language.h"

enum status listing_create(const struct equations *equations, const struct language *language,
                           struct listing **listing) MUST_CHECK;
void listing_free(struct listing *listing); /* NULL is allowed */

const struct equations *listing_equations(const struct listing *listing);
const char *listing_unknown(const struct listing *listing, size_t index);
const char *listing_parameter(const struct listing *listing, size_t index);

const char *listing_auxiliary(const struct listing *listing, size_t index);

/* Which parts of these formulas have names; replaces those of the last call. */
enum status listing_plan(struct listing *listing, size_t roots, const uint32_t *root) MUST_CHECK;
/* Of the equations and the auxiliary quantities. */
enum status listing_plan_all(struct listing *listing) MUST_CHECK;
size_t listing_parts(const struct listing *listing);
const char *listing_part(const struct listing *listing, size_t part); /* its name */
void listing_part_formula(const struct listing *listing, size_t part, FILE *file);
void listing_formula(const struct listing *listing, uint32_t node, FILE *file);

/* Is the function called in an equation, or in the Jacobian? */
bool listing_calls(const struct listing *listing, const struct function *function);

#endif
