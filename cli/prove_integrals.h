/* settle prove SYSTEM --integrals, --integral, --cofactor, --laws: what is conserved, proved.
 *
 * Memory: none is kept.  Errors: BAD_ARGUMENT, UNKNOWN_NAME and NOT_A_NUMBER of polynomials as text,
 * BAD_ARGUMENT for a degree that needs too many monomials, INTERRUPTED, NO_MEMORY. */
#ifndef CLI_PROVE_INTEGRALS_H
#define CLI_PROVE_INTEGRALS_H

#include "cli/problem_from_options.h"

/* Is any of these options given? */
bool prove_integrals_is_asked(const struct options *options);

enum status prove_integrals_run(const struct options *options, const struct problem_given *given,
                                enum exit_code *exit_code) MUST_CHECK;

#endif
