/* settle prove SYSTEM --within SHARE: the same for all data near those that are given.
 *
 * Memory: none is kept.  Errors: those of options and files. */
#ifndef CLI_PROVE_BOX_H
#define CLI_PROVE_BOX_H

#include "cli/command.h"
#include "cli/problem_from_options.h"

enum status prove_box_run(const struct options *options, const struct problem_given *given,
                          enum exit_code *exit_code) MUST_CHECK;

#endif
