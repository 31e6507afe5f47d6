/* Equations of one's own, as an .ode file states them: names, numbers, formulas, and what is made of
 * them for a flow: the Jacobian, surfaces, claims.
 *
 * Shapes: right[unknowns] the right-hand sides, jacobian[i*unknowns + j], nodes of the arena.
 * Names are as first written; upper and lower case are the same, as in XPP.
 * Memory: one create (ode_file.h), equations_free(); what is const here is shared by threads.
 * Errors: see each function. */
#ifndef EQUATIONS_EQUATIONS_H
#define EQUATIONS_EQUATIONS_H

#include "equations/expression.h"
#include "linear/problem.h"

struct settle_plugin;

enum {
    EQUATIONS_UNKNOWNS_MOST = FLOW_DENSE_MOST,
    EQUATIONS_PARAMETERS_MOST = PROBLEM_PARAMETERS_MOST,
    EQUATIONS_NAMES_MOST = 1024,  /* of fixed quantities, functions and auxiliaries */
    EQUATIONS_SURFACES_MOST = 256 /* where formulas are not smooth */
};

/* A number by name. */
struct equations_number {
    char name[UNKNOWN_NAME_MAX];
    double value;
    const char *text; /* as written: what exact arithmetic reads; owned by the equations */
    bool replaced;    /* by equations_set(): it is not that of the file */
};

struct code;

/* A quantity that is not integrated: `aux`, or a fixed one, z = f(x). */
struct equations_quantity {
    char name[UNKNOWN_NAME_MAX];
    uint32_t node;
};

/* A first integral, proved elsewhere. */
struct equations_claim {
    char name[CLAIM_NAME_MAX];
    uint32_t node;
    uint32_t *gradient; /* [unknowns] */
    bool for_all;       /* whatever the parameters are, or only for claims_at[] */
};

/* Where the right-hand sides are not smooth, before the parameters are known: g = 0. */
struct equations_surface {
    uint32_t g;
    uint32_t *gradient; /* [unknowns] */
    bool jumps;         /* SWITCH_JUMPS, else a singularity: SWITCH_NOT_UNIQUE */
};

struct equations {
    char *path;           /* as given */
    struct system system; /* its record: name is the path */
    struct expressions *arena;
    size_t unknowns, parameters, auxiliaries, fixed, claims, surfaces, notes;
    struct equations_number *unknown;   /* [unknowns]: names, and the values at t = 0 */
    struct equations_number *parameter; /* [parameters] */
    struct equations_quantity *auxiliary, *fixed_quantity;
    uint32_t *right, *jacobian;
    struct equations_claim *claim;
    struct equations_surface *surface;
    double claims_at[EQUATIONS_PARAMETERS_MOST]; /* the parameters at which claims were proved */
    char **note;                                 /* [notes] what was ignored, and where */
    char *equation, *names;                      /* "x' = ..., y' = ...", "x, y" */
    /* Of a plug-in, plugin_file.h, which has no formulas: right, jacobian, claims are empty; or NULL. */
    const struct settle_plugin *plugin;
    void *library;
    void (*library_close)(void *library);
};

void equations_free(struct equations *equations); /* NULL is allowed */

/* Of unknowns and parameters; SIZE_MAX: there is none.  Upper and lower case are the same. */
size_t equations_unknown(const struct equations *equations, const char *name);
size_t equations_parameter(const struct equations *equations, const char *name);

/* A problem: parameters as in the file. */
struct problem equations_problem(const struct equations *equations);

/* "a=1/2,b=2": replaces numbers, and their texts.  BAD_ARGUMENT, NOT_A_NUMBER; UNKNOWN_NAME with the
 * nearest one. */
enum status equations_set(struct equations *equations, const char *list) MUST_CHECK;

/* The auxiliary quantities as functions of the state, at the parameters of the problem, for code_run()
 * (code.h), which fills out[auxiliaries]; code_free().  NULL: there are none.  NO_MEMORY. */
enum status equations_auxiliaries(const struct problem *problem, struct code **code) MUST_CHECK;

/* A conserved quantity in the names of the unknowns and parameters, which the caller has proved. */
enum status equations_claim_add(struct equations *equations, const char *text,
                                bool for_all) MUST_CHECK;

/* Is the word on a command line a file, and not the name of a system?  It ends in .ode, or has a
 * slash. */
bool equations_is_file(const char *word);

/* The formula of a node, in the names of the file; the caller frees it.  NULL: no memory. */
char *equations_text(const struct equations *equations, uint32_t node);

/* The style that writes .ode; its context is the equations. */
struct expression_style equations_style(const struct equations *equations);

#endif
