/* settle verify FILE.ode: what can be verified of equations of one's own, as rows of the table of
 * verdicts; --out DIR saves them, as theorems.tsv and checks.json.  Exit status: 0 all supported, 1
 * one is refuted, 3 one is undecided.
 * Errors: those of problem_from_options() and equations_check_run(). */
#ifndef CLI_VERIFY_EQUATIONS_H
#define CLI_VERIFY_EQUATIONS_H

#include "cli/options.h"

bool verify_equations_is_asked(const struct options *options);
enum status verify_equations_run(const struct options *options,
                                 enum exit_code *exit_code) MUST_CHECK;

#endif
