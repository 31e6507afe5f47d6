/* What can be verified of equations of one's own without a theory: that this program treats them as
 * it should.
 *
 * Each check is a statement tried at states or starts drawn around that of the file (which is the
 * first), with a control that must fail, notes/own-flows.md, (OD7): the derivatives, what is claimed to
 * be conserved, two integrators on the way and at the end, limits as fixed points.
 *
 * Shapes: state[dim].  Memory: plain data; the flow is borrowed.
 * Errors: NO_MEMORY; INTERRUPTED. */
#ifndef PROOFS_CHECK_EQUATIONS_CHECK_H
#define PROOFS_CHECK_EQUATIONS_CHECK_H

#include "proofs-check/theorem.h"

#include <signal.h>

enum { EQUATIONS_CHECKS = 5 };

struct equations_check_plan {
    const struct flow *flow;
    const double *x0; /* [dim] */
    struct plan plan; /* of both integrators; its method is not read */
    uint64_t seed;
    size_t trials;
    double confidence;
    const volatile sig_atomic_t *stop;        /* NULL: nobody */
    void (*advance)(void *context, size_t n); /* progress; may be NULL */
    void *context;
};

struct equations_check {
    const struct theorem *theorem; /* id, statement, bound, control: nothing is sampled by it */
    bool asked;                    /* false: there is nothing to check */
    enum verdict verdict, control;
    size_t trials, failures, undecided, trajectories;
    double worst, failure_measure_below, seconds;
    bool has_witness;
    double witness[INSTANCE_DIM_MAX]; /* the first state that fails */
    char reason[REASON_MAX], control_reason[REASON_MAX];
};

enum status equations_check_run(const struct equations_check_plan *plan,
                                struct equations_check check[EQUATIONS_CHECKS]) MUST_CHECK;

#endif
