/* A sweep: the fixed points of a flow while one parameter of its problem varies.
 *
 * Parts of `settle sweep`: sweep_seeds.c finds where branches begin, sweep_cycles.c follows the limit
 * cycles of planar flows, sweep_result.c prints, sweep_files.c writes tables and the figure.
 * Memory: sweep_free() frees what sweep_compute() made.
 * Errors: BAD_ARGUMENT (no isolated fixed points, an empty interval), UNKNOWN_NAME, NO_MEMORY, those
 * of the problem at either end of the interval. */
#ifndef CLI_SWEEP_H
#define CLI_SWEEP_H

#include "base/progress.h"
#include "cli/manifest.h"
#include "cli/problem_from_options.h"
#include "ode/branch.h"

/* A limit cycle of a planar flow: the extent of the ordinate on it. */
struct sweep_cycle {
    double value, low, high;
    double period, multiplier; /* below 1: it attracts */
    bool attracts;
    bool joins;  /* the cycle before it is the one at the value before */
    size_t hopf; /* the special point of the set that it begins at */
};

struct sweep {
    const struct options *options;
    struct problem_given given; /* its own: the parameter is changed in it */
    const char *name;           /* of the parameter */
    double *place;              /* of the parameter */
    double standard;            /* what it was on the command line */
    size_t unknown;             /* the ordinate */
    double interval[2];         /* of a1, for fixed points of A[1,1,1] */
    struct plan plan;
    size_t starts;
    struct branch_family family;
    struct branch_set *set;
    size_t cycles;
    struct sweep_cycle *cycle; /* cycle[cycles], by Hopf points, away from these */
    /* seeds tried, and what became of them */
    size_t seeds, continua, doubts;
    bool scanned; /* the fixed points of A[1,1,1] were searched for on the interval */
    struct progress *progress;
    double seconds;
};

/* Options to a plan of work; nothing is computed, but the flow at both ends is made once. */
enum status sweep_prepare(const struct options *options, struct sweep *sweep) MUST_CHECK;
enum status sweep_compute(struct sweep *sweep) MUST_CHECK;
void sweep_free(struct sweep *sweep);

/* Fixed points at several values of the parameter, each given to the set. */
enum status sweep_seeds(struct sweep *sweep) MUST_CHECK;

/* The spectrum at point k of a branch; at one that happens to stand on a special point, where alone an
 * eigenvalue is zero, that of its neighbour. */
const struct branch_spectrum *sweep_spectrum(const struct branch *branch, size_t k);

/* The cycles that begin at the Hopf points of a planar flow. */
enum status sweep_trace_cycles(struct sweep *sweep) MUST_CHECK;

/* The parameters of the problem, "varied" in the place of the one that is; text[size]. */
const char *sweep_parameters(const struct sweep *sweep, size_t size, char *text);

/* "subcritical", "supercritical", or "undecided" where the coefficient is in doubt. */
const char *sweep_hopf_kind(const struct branch_special *special);

enum status sweep_print(const struct sweep *sweep, FILE *file) MUST_CHECK;
enum status sweep_print_json(const struct sweep *sweep, FILE *file) MUST_CHECK;
enum status sweep_save(const struct sweep *sweep, struct manifest *manifest) MUST_CHECK;

#endif
