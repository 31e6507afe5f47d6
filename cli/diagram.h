/* A diagram of branches: the fixed points of a flow while one parameter of its problem varies.
 *
 * Parts of `settle sweep`: diagram_seeds.c finds where branches begin, diagram_cycles.c follows the limit
 * cycles of planar flows, diagram_result.c prints, diagram_files.c writes tables and the figure.
 * Memory: diagram_free() frees what diagram_compute() made.
 * Errors: BAD_ARGUMENT (no isolated fixed points, an empty interval), UNKNOWN_NAME, NO_MEMORY, those
 * of the problem at either end of the interval. */
#ifndef CLI_DIAGRAM_H
#define CLI_DIAGRAM_H

#include "base/progress.h"
#include "cli/manifest.h"
#include "cli/problem_from_options.h"
#include "ode/branch.h"
#include "ode/outcome.h"

/* A limit cycle of a planar flow: the extent of the ordinate on it. */
struct diagram_cycle {
    double value, low, high;
    double period, multiplier; /* below 1: it attracts */
    bool attracts;
    bool joins;  /* the cycle before it is the one at the value before */
    size_t hopf; /* the special point of the set that it begins at */
};

/* Why the cycles of a Hopf point are not followed farther. */
enum diagram_cycles_end {
    DIAGRAM_CYCLES_INTERVAL,  /* the parameter left its interval */
    DIAGRAM_CYCLES_STOPPED,   /* interrupted */
    DIAGRAM_CYCLES_POINT,     /* the fixed point inside was lost */
    DIAGRAM_CYCLES_UNSEEN,    /* a start inside did not come to any */
    DIAGRAM_CYCLES_UNCERTAIN, /* one was seen, and could not be bracketed */
    DIAGRAM_CYCLES_DISAGREE,  /* its multiplier, measured in two ways, is not one */
    DIAGRAM_CYCLES_ELSEWHERE, /* what was found does not go round the fixed point */
    DIAGRAM_CYCLES_ENDS
};

struct diagram_cycles {
    size_t hopf, count; /* the special point, and the certified cycles */
    enum diagram_cycles_end end;
    double tried;            /* the nearest value without one */
    char search[REASON_MAX]; /* DIAGRAM_CYCLES_UNSEEN: how the search there ended */
};

struct diagram {
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
    struct diagram_cycle *cycle; /* cycle[cycles], by Hopf points, away from these */
    size_t families;
    struct diagram_cycles *family_of_cycles; /* [families] in the same order */
    /* seeds tried, and what became of them */
    size_t seeds, continua, alone, doubts;
    bool scanned; /* the fixed points of A[1,1,1] were searched for on the interval */
    struct progress *progress;
    double seconds;
};

/* Options to a plan of work; nothing is computed, but the flow at both ends is made once. */
enum status diagram_prepare(const struct options *options, struct diagram *diagram) MUST_CHECK;
enum status diagram_compute(struct diagram *diagram) MUST_CHECK;
void diagram_free(struct diagram *diagram);

/* Fixed points at several values of the parameter, each given to the set. */
enum status diagram_seeds(struct diagram *diagram) MUST_CHECK;

/* The spectrum at point k of a branch; at one that happens to stand on a special point, where alone an
 * eigenvalue is zero, that of its neighbour. */
const struct branch_spectrum *diagram_spectrum(const struct branch *branch, size_t k);

/* The cycles that begin at the Hopf points of a planar flow. */
enum status diagram_trace_cycles(struct diagram *diagram) MUST_CHECK;

/* The parameters of the problem, "varied" in the place of the one that is; text[size]. */
const char *diagram_parameters(const struct diagram *diagram, size_t size, char *text);

/* One clause. */
const char *diagram_cycles_reason(enum diagram_cycles_end end);

/* "subcritical", "supercritical", or "undecided" where the coefficient is in doubt. */
const char *diagram_hopf_kind(const struct branch_special *special);

enum status diagram_print(const struct diagram *diagram, FILE *file) MUST_CHECK;
enum status diagram_print_json(const struct diagram *diagram, FILE *file) MUST_CHECK;
enum status diagram_save(const struct diagram *diagram, struct manifest *manifest) MUST_CHECK;

#endif
