/* A problem: one system under one rule with its data moments, as the user or a theorem's sampler
 * states it.  Systems and rules are registered in registry.h.
 *
 * Shapes: c[c_count], rates[rate_count], q[q_count]; counts 0 mean "not given" and take the
 * defaults of the system (all ones).  Memory: plain data, copied freely.
 * Errors: problem_flow() and problem_predict() return BAD_ARGUMENT with what was expected. */
#ifndef LINEAR_PROBLEM_H
#define LINEAR_PROBLEM_H

#include "linear/prediction.h"
#include "ode/flow.h"

enum { PROBLEM_LIST_MAX = 256 }; /* longest list of coefficients; bounds the depth of a chain */

struct rule;
struct system;

struct problem {
    const struct system *system;
    const struct rule *rule; /* NULL where the system takes none */
    size_t depth;            /* L, chains */
    double alpha, beta;      /* E[TI], E[I^2] */
    double lambda;           /* weight decay */
    size_t c_count, rate_count, q_count;
    double c[PROBLEM_LIST_MAX];     /* feedback weights as given */
    double rates[PROBLEM_LIST_MAX]; /* per-layer learning rates */
    double q[PROBLEM_LIST_MAX];     /* polynomial: k0, k1, ... */
};

struct system {
    const char *name, *title;
    const char *equation; /* one line of plain mathematics */
    const char *unknowns; /* the order of the state vector, e.g. "a1..aL" */
    const char *options;  /* the command-line options that it reads */
    const char *source, *label;
    bool takes_rule;
    enum status (*dim)(const struct problem *problem, size_t *dim);
    enum status (*flow)(const struct problem *problem, struct flow **flow);
    enum status (*predict)(const struct problem *problem, const double *x0, double *limit,
                           struct prediction *prediction);
};

/* How the learning channel feeds the error back.  On a chain a rule either keeps fixed *direct*
 * weights (direct != NULL: fills c_direct[L] from the given c) or is gradient descent. */
struct rule {
    const char *name, *title;
    const char *equation;
    const char *source, *label;
    const char *also; /* other names, separated by spaces, or NULL */
    enum status (*direct)(const struct problem *problem, double *c_direct);
};

struct problem problem_defaults(const struct system *system, const struct rule *rule);
enum status problem_dim(const struct problem *problem, size_t *dim) MUST_CHECK;
enum status problem_flow(const struct problem *problem, struct flow **flow) MUST_CHECK;
enum status problem_predict(const struct problem *problem, const double *x0, double *limit,
                            struct prediction *prediction) MUST_CHECK;

#endif
