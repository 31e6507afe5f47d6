/* From a problem to a network that learns it, beside the problem's own flow.
 *
 * The network has the same sizes, neurons, rule, feedback and decay; its samples are those of the
 * problem, or a set with its moments, comparison_samples.h.  Rules: arbp, asrbp, bp, kolen-pollack,
 * noise-pretraining, rbp, sbp, srbp: the others have no smooth flow, or a channel that the problem
 * does not hold.
 * Memory: one object, freed by comparison_problem_free() (NULL is allowed); it borrows the flow and
 * the problem's long lists.
 * Errors: BAD_ARGUMENT with what cannot be compared and why; NO_MEMORY. */
#ifndef PROOFS_CHECK_COMPARISON_PROBLEM_H
#define PROOFS_CHECK_COMPARISON_PROBLEM_H

#include "linear/problem.h"
#include "proofs-check/comparison_system.h"

struct comparison_problem {
    struct comparison_system system;
    bool made; /* the samples were made for the moments */
    void *memory[3];
    void *data; /* of nonlinear/, where it has the samples */
};

/* `samples`: how many are made where there are none; 0: a default. */
struct comparison_problem_plan {
    const struct problem *problem;
    const struct flow *flow;
    size_t samples;
    uint64_t seed;
};

/* BAD_ARGUMENT with those that can, if problems under the rule cannot be compared. */
enum status comparison_problem_rule(const struct rule *rule) MUST_CHECK;

enum status comparison_problem_create(const struct comparison_problem_plan *plan,
                                      struct comparison_problem **made) MUST_CHECK;
void comparison_problem_free(struct comparison_problem *made);

#endif
