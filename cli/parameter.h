/* The parameters of a problem by name, so that a command can vary one of them.
 *
 *   c1, c2, ...  feedback weights, as --c counts them      alpha, beta, lambda
 *   mu, mu1, ... exponents (parameters) of activations     A, rho   of the teacher
 *   sigma        of Gaussian inputs                         k0, k1, ... of a polynomial
 *
 * Shapes: scalars.  Memory: a parameter points into its problem.
 * Errors: UNKNOWN_NAME with the nearest name; BAD_ARGUMENT where the problem has none of them. */
#ifndef CLI_PARAMETER_H
#define CLI_PARAMETER_H

#include "cli/problem_from_options.h"

/* Where the number stands; feedback weights that were not given become what they default to. */
enum status parameter_named(struct problem_given *given, const char *name,
                            double **place) MUST_CHECK;

/* The problem's flow is made again, after a parameter was changed; the start stays.  What points
 * into the old flow, names and claims, is gone. */
enum status parameter_changed(struct problem_given *given) MUST_CHECK;

/* problem_parameters() with "varied" in the place of this one; text[size]. */
const char *parameter_varied_text(struct problem_given *given, double *place, size_t size,
                                  char *text);

/* "c1=1/2,3/4,1": the name in name[UNKNOWN_NAME_MAX], and numbers in value[most]. */
enum status parameter_list_read(const char *text, char *name, size_t most, double *value,
                                size_t *count) MUST_CHECK;

#endif
