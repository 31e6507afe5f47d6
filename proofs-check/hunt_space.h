/* Where to look for a counterexample: the hypotheses of a statement as a space to search.
 *
 * A space is made from what the statement says and from nothing else: the architectures it speaks of,
 * the numbers it leaves free, and its hypotheses, each a domain of some numbers or a predicate.  No
 * record of theorems, no sampler, no boundary case and no witness is visible from this header or from
 * hunt_space.c, which include neither theorem.h nor sample.h: what the hunter finds, it has found.
 *
 * The free numbers of one architecture stand in one list, value[numbers], in the order of the groups
 * below.  A hypothesis can be left out, to see what the statement needs it for.
 *
 * Shapes: value[numbers], numbers <= HUNT_NUMBERS_MOST.  Units: those of problem.h.  Memory: spaces
 * are constants; everything else is plain data.  Errors: none but BAD_ARGUMENT for a space that does
 * not fit. */
#ifndef PROOFS_CHECK_HUNT_SPACE_H
#define PROOFS_CHECK_HUNT_SPACE_H

#include "base/stream.h"
#include "nonlinear/activation.h"
#include "proofs-check/instance.h"

#include <stdbool.h>
#include <stddef.h>

enum { HUNT_NUMBERS_MOST = 96 };

/* The groups of numbers that an instance has. */
enum hunt_group {
    HUNT_ALPHA,    /* E[TI] of scalar data */
    HUNT_BETA,     /* E[I^2] of scalar data */
    HUNT_FEEDBACK, /* the fixed feedback weights, c or C_1, C_2, ... */
    HUNT_DECAY,    /* lambda */
    HUNT_DECAYS,   /* the decays of the unknowns, where they may differ */
    HUNT_MIRROR,   /* sigma^2 of the weight mirror */
    HUNT_INPUT,    /* samples: inputs ... */
    HUNT_TARGET,   /* ... and targets */
    HUNT_MAP,      /* Sigma_TI of a network, with white inputs */
    HUNT_START,    /* the unknowns at t = 0: forward weights, then adaptive feedback */
    HUNT_GROUPS,
    HUNT_PARAMETER = HUNT_GROUPS /* of equations of one's own, which no network has */
};

/* What a hypothesis says of a number. */
enum hunt_domain {
    HUNT_ANY,
    HUNT_NOT_ZERO,
    HUNT_POSITIVE,
    HUNT_NOT_NEGATIVE,
    HUNT_NEGATIVE,
    HUNT_ZERO,
    HUNT_ONE /* it is 1 */
};

/* Of a group: every number, or the last one. */
enum { HUNT_EVERY = -1, HUNT_LAST = -2 };

typedef bool hunt_predicate(const struct instance *instance);

struct hunt_hypothesis {
    const char *says; /* "beta > 0" */
    enum hunt_group group;
    int index; /* HUNT_EVERY, HUNT_LAST or that of one number */
    enum hunt_domain domain;
    hunt_predicate *meets; /* if not NULL, this is the hypothesis and the domain is not read */
};

/* A kind of network; those of a space stand with the simplest first. */
struct hunt_architecture {
    const struct rule *rule;
    size_t depth;                                /* of a chain */
    size_t size_count, sizes[PROBLEM_SIZES_MAX]; /* of a network: N0, ..., NL */
    const struct activation *activation;         /* NULL: linear */
    double parameter;                            /* of the activation */
    size_t samples;                              /* of data; 0: moments */
    size_t feedback;                             /* how many fixed feedback weights */
};

/* Which number of which group value[k] is. */
struct hunt_number {
    enum hunt_group group;
    size_t index;
};

/* Of equations of one's own: every free number is within an interval, and drawn evenly from it. */
struct hunt_box {
    struct instance origin; /* start and parameters of the file: what is not free keeps its value */
    size_t count;           /* numbers that are free */
    struct hunt_number number[HUNT_NUMBERS_MOST]; /* HUNT_START, HUNT_PARAMETER */
    double from[HUNT_NUMBERS_MOST], to[HUNT_NUMBERS_MOST];
};

struct hunt_space {
    const struct system *system;
    const struct hunt_architecture *architecture; /* architecture[architectures] */
    size_t architectures;
    bool varies[HUNT_GROUPS]; /* numbers that the statement leaves free; others keep defaults */
    double scale;             /* of the numbers that are tried; 0: 1 */
    const struct hunt_hypothesis *hypothesis; /* hypothesis[hypotheses] */
    size_t hypotheses;
    const struct hunt_box *box; /* NULL: networks; else only this and one blank architecture */
};

enum { HUNT_NONE_DROPPED = -1 };

/* A space with one architecture chosen, and one hypothesis left out or HUNT_NONE_DROPPED. */
struct hunt_place {
    const struct hunt_space *space;
    size_t architecture;
    int dropped;
};

/* number[HUNT_NUMBERS_MOST], how many in *count. */
enum status hunt_space_numbers(const struct hunt_place *place, size_t *count,
                               struct hunt_number *number) MUST_CHECK;

/* The instance with these numbers, as they are. */
enum status hunt_space_instance(const struct hunt_place *place, const double *value,
                                struct instance *instance) MUST_CHECK;

/* Brings numbers into their domains: by the sign, or to 1; zero stays zero. */
void hunt_space_fold(const struct hunt_place *place, size_t count, const struct hunt_number *number,
                     double *value);

/* Does it meet all hypotheses that are not dropped? */
bool hunt_space_meets(const struct hunt_place *place, const struct instance *instance);

/* Does it meet this one? */
bool hunt_space_holds(const struct hunt_hypothesis *hypothesis, const struct instance *instance);

/* From a point of the unit interval to a number: quantiles of Student's law with three degrees of
 * freedom, so that most numbers are about `scale` and some ten times that. */
double hunt_space_quantile(const struct hunt_space *space, double u);

/* Number k at the point u of the unit interval: by these quantiles, or within its interval of the box. */
double hunt_space_value(const struct hunt_space *space, size_t k, double u);

#endif
