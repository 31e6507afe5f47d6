/* What a proof starts from: a linear network under a rule, in exact rationals as they were typed.
 *
 *     A_i' = r_i S_i Q_(i-1)',   Q_i = A_i ... A_1,   S_L = E = Sigma_TI - Q_L Sigma_II,
 *
 * with S_i = A_(i+1)' S_(i+1) under bp, C_i S_(i+1) under rbp and arbp, C_i E under srbp and asrbp.
 * Adaptive C_i follow C_i' = r_(L+i) Q_i S_(i+1)' (arbp) or Q_i E' (asrbp), (R2).  Every system
 * whose neurons are linear is one: a chain has all sizes 1, a fan 1,N,1, an autoencoder N,1,N.
 *
 * Shapes: sizes[layers + 1]; matrices row by row: sigma_ii[N0*N0], sigma_ti[NL*N0]; feedback: the
 * fixed C_1, C_2, ... one after the other, C_i of N_i x N_(i+1) if layered, N_i x N_L if skipped, i
 * < L, and then, of a chain under rbp and srbp, the number c_L (1 unless given), S_L = c_L E;
 * rates[layers], then those of the adaptive C_i; x0[dim] and, for a box of starts |x - x0| <=
 * radius, radius[dim].  Units: as in notes/conventions.md. dim counts the A_i row by row, then the
 * adaptive C_i, as the state vector has them.
 * Memory: premise_of_problem(), premise_free().
 * Errors: NO_MEMORY; BAD_ARGUMENT for lists of a wrong length; what is no such network is a NULL
 * premise with a reason. */
#ifndef EXACT_PREMISE_H
#define EXACT_PREMISE_H

#include "base/status.h"
#include "exact/library.h"
#include "linear/problem.h"

#include <stdbool.h>
#include <stddef.h>

enum premise_rule { PREMISE_BP, PREMISE_RBP, PREMISE_SRBP, PREMISE_ARBP, PREMISE_ASRBP };

struct premise {
    const char *family; /* chain fan autoencoder hidden deep: the name of the system */
    enum premise_rule rule;
    size_t layers, sizes[PROBLEM_SIZES_MAX];
    size_t dim, feedback_count, rate_count;
    fmpq *sigma_ii, *sigma_ti, *feedback, *rates, *x0;
    fmpq *radius;          /* [dim]; NULL: a point */
    bool standard_targets; /* none were given: Sigma_TI = (rectangular identity) Sigma_II */
};

/* The lists of a premise that a user types. */
enum premise_list {
    PREMISE_SIGMA_II,
    PREMISE_SIGMA_TI,
    PREMISE_FEEDBACK,
    PREMISE_RATES,
    PREMISE_X0,
    PREMISE_RADIUS
};

/* What the problem says, and x0[dim], or NULL: zeros; doubles are taken exactly, lists that were
 * typed replace them (premise_replace).  *premise is NULL with *why_not for powers, activations,
 * decay, other rules, and chains of more than PROBLEM_SIZES_MAX - 1 layers. */
enum status premise_of_problem(const struct problem *problem, const double *x0,
                               struct premise **premise, const char **why_not) MUST_CHECK;
void premise_free(struct premise *premise);

/* Copies by[count] into a list; what is shorter than it by right (c without c_L, the rates of the
 * layers alone) is filled up with ones.  alpha is PREMISE_SIGMA_TI, beta PREMISE_SIGMA_II; standard
 * targets follow Sigma_II. */
enum status premise_replace(struct premise *premise, enum premise_list list, const fmpq *by,
                            size_t count) MUST_CHECK;

const char *premise_rule_name(enum premise_rule rule); /* "bp", "rbp", ... */
bool premise_rule_adapts(enum premise_rule rule);      /* arbp, asrbp */
bool premise_rule_skips(enum premise_rule rule);       /* srbp, asrbp */

/* Columns of C_i, 1 <= i < layers. */
size_t premise_feedback_columns(const struct premise *premise, size_t i);

/* Has it the number c_L? */
bool premise_has_top(const struct premise *premise);

/* The data of the scalar error e = alpha - beta P, where all of sizes[0] and sizes[layers] are
 * one. */
bool premise_is_scalar(const struct premise *premise);

#endif
