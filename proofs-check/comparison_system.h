/* One system twice: as a flow, and as a network that is trained on samples.
 *
 *   theta' = f(theta)        theta_(n+1) = theta_n + eta F(theta_n; batch n)
 *
 * where F over all samples is f: comparison_system_gap() asks this first, at random states, since
 * every order of agreement rests on it.  The flow comes from linear/ or nonlinear/, which know no
 * network; F is learner_field().
 * Shapes: states in the order of the flow, x[flow->dim]; unknown i is number place[i] of the
 * learner's state; inputs[count x N_0], targets[count x N_L]; feedback C_1, C_2, ... one after the
 * other, row by row.  Units: notes/conventions.md, (N2).
 * Memory: plain data that borrows; comparison_walker_create() makes one object, freed by
 * comparison_walker_free() (NULL is allowed).  A walker is used by one thread at a time.
 * Errors: BAD_ARGUMENT, NO_MEMORY, NO_PROGRAM.  Source: notes/minibatch.md, (MB71). */
#ifndef PROOFS_CHECK_COMPARISON_SYSTEM_H
#define PROOFS_CHECK_COMPARISON_SYSTEM_H

#include "networks/learner.h"
#include "ode/flow.h"

struct comparison_system {
    const struct flow *flow;
    struct learner_plan plan; /* in double; its batch is set by who makes learners */
    const size_t *place;      /* NULL: the same order */
    const double *feedback;   /* fixed; NULL: as learner_initialise() draws it */
    size_t count;             /* samples */
    const double *inputs, *targets;
};

/* A learner that takes steps. */
struct comparison_walker {
    const struct comparison_system *system;
    struct learner *learner;
    struct array inputs, targets; /* of a batch, [batch x N_0], [batch x N_L] */
};

/* For batches of at most so many samples; 0: for all samples at once, and nothing else. */
enum status comparison_walker_create(const struct comparison_system *system, size_t batch,
                                     struct comparison_walker **walker) MUST_CHECK;
void comparison_walker_free(struct comparison_walker *walker);

void comparison_walker_place(struct comparison_walker *walker, const double *x); /* x[dim] */
void comparison_walker_state(const struct comparison_walker *walker, double *x); /* x[dim] */

/* The field over all samples, or over those of sample[count <= batch], into the learner: as the
 * walker was made for. */
void comparison_walker_whole(struct comparison_walker *walker);
void comparison_walker_batch(struct comparison_walker *walker, size_t count, const size_t *sample);
void comparison_walker_field(const struct comparison_walker *walker, double *dx); /* dx[dim] */

/* How far the learner's field is from the flow's, at x0 and at states drawn round it. */
struct comparison_gap {
    size_t states;
    double worst; /* largest |F - f| over the largest |f| of these states */
    double bound; /* what rounding allows */
};
enum status comparison_system_gap(const struct comparison_system *system, const double *x0,
                                  uint64_t seed, struct comparison_gap *gap) MUST_CHECK;

#endif
