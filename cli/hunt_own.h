/* settle hunt FILE.ode: the options as a claim about equations of one's own.
 *
 * --window FROM,TO is for all unknowns, x0,x1,y0,y1,... for each; --over NAME=FROM:TO,... for the
 * unknowns and parameters that it names.
 * Memory: freed by hunt_own_free(); options must outlive it.
 * Errors: those of problem_from_options(); BAD_ARGUMENT, NOT_A_NUMBER, UNKNOWN_NAME, NO_MEMORY. */
#ifndef CLI_HUNT_OWN_H
#define CLI_HUNT_OWN_H

#include "cli/problem_from_options.h"
#include "proofs-check/hunt_equations.h"

struct hunt_own {
    struct problem_given given;
    struct hunt_equations equations;
};

bool hunt_own_is_asked(const struct options *options);

/* BAD_ARGUMENT for options about files, where a theorem is named. */
enum status hunt_own_refuse(const struct options *options) MUST_CHECK;

enum status hunt_own_create(const struct options *options, struct hunt_own **own) MUST_CHECK;
void hunt_own_free(struct hunt_own *own); /* NULL is allowed */

#endif
