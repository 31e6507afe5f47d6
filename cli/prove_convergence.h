/* settle prove SYSTEM where no exact limit covers the problem: convergence proved by an orbit with a
 * bounded defect and a trap at its end, for a point or a box of starts (--radius).
 *
 * Memory: the manifest, if there is one, is saved or freed.  Errors: those of the options; what is not
 * proved is no error, but EXIT_UNDECIDED with the reason. */
#ifndef CLI_PROVE_CONVERGENCE_H
#define CLI_PROVE_CONVERGENCE_H

#include "cli/command.h"
#include "cli/exact_result.h"
#include "cli/manifest.h"

struct prove_convergence {
    const struct options *options;
    const struct problem_given *given;
    const char *why_not_exact; /* NULL: a box of starts, which has no exact limit */
    struct manifest *manifest; /* NULL: no --out */
};

enum status prove_convergence_run(const struct prove_convergence *question,
                                  enum exit_code *exit_code) MUST_CHECK;

#endif
