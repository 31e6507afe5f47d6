/* What a certificate is about: a linear network of a named family under a learning rule, its data, and where it
 * starts, as notes/certificates.md has it under "The premise".
 *
 *     A_i' = r_i S_i Q_(i-1)',   Q_i = A_i ... A_1,   S_L = c_L E,   E = Sigma_TI - Q_L Sigma_II
 *
 * Shapes: sizes[layers + 1]; lists hold matrices row by row: sigma_ii N0*N0, sigma_ti NL*N0; feedback the
 * fixed C_1, C_2, ... one after the other and then, of chains, c_L; start[dim], the state: A_1, A_2, ...,
 * then the adaptive C_i; rates[layers], then those of the adaptive C_i.
 * Variables are numbered: the unknowns 0..dim-1, then each entry of a list that is `any`, in the
 * order sigma_ii (i <= j only), sigma_ti, feedback.
 * Memory: memory.h.  Errors: rejections. */
#ifndef CHECKER_PREMISE_H
#define CHECKER_PREMISE_H

#include "checker/text.h"

enum premise_family { FAMILY_CHAIN, FAMILY_FAN, FAMILY_AUTOENCODER, FAMILY_HIDDEN, FAMILY_DEEP };
enum premise_rule { RULE_BP, RULE_RBP, RULE_SRBP, RULE_ARBP, RULE_ASRBP };

/* The lists, as bits: `allowed` and `any` of a kind are unions of them. */
enum premise_data { DATA_SIGMA_II = 1, DATA_SIGMA_TI = 2, DATA_FEEDBACK = 4, DATA_START = 8 };

enum { PREMISE_SIZES_MAX = 33, PREMISE_SENTENCE_MAX = 512, PREMISE_NAME_MAX = 80 };

struct premise_list {
    bool any;       /* all real values: lo and hi are NULL */
    bool interval;  /* some lo < hi */
    size_t count;   /* of entries */
    mpq_t *lo, *hi; /* [count]; equal where the entry is a number */
    size_t line;    /* of the file */
};

struct premise {
    enum premise_family family;
    enum premise_rule rule;
    size_t layers, sizes[PREMISE_SIZES_MAX];
    size_t dim, rate_count;
    struct premise_list sigma_ii, sigma_ti, feedback, start;
    mpq_t *rates;
};

void premise_read(struct text *text, struct premise *premise);

/* Rejects lists that are `any` but not in `any`, have intervals but are not in `intervals`, or are not `any`
 * although they are in `must`. */
struct premise_freedom {
    unsigned any, must, intervals;
};
void premise_demand(const struct premise *premise, const struct premise_freedom *freedom);

bool premise_feedback_is_fixed(const struct premise *premise);    /* rbp, srbp */
bool premise_feedback_is_adaptive(const struct premise *premise); /* arbp, asrbp: unknowns */
bool premise_is_layered(const struct premise *premise);           /* S_i from S_(i+1) */

/* C_i, 1 <= i < layers, has N_i rows and so many columns; A_i has N_i rows and N_(i-1) columns.
 * Where the first entry stands in the state, or (fixed C_i) in the list of feedback. */
size_t premise_feedback_columns(const struct premise *premise, size_t i);
size_t premise_feedback_at(const struct premise *premise, size_t i);
size_t premise_weight_at(const struct premise *premise, size_t i);

size_t premise_variables(const struct premise *premise);
/* The number of the variable that is an entry of a list that is `any`. */
size_t premise_parameter(const struct premise *premise, enum premise_data list, size_t entry);

/* "FAMILY A[N0,...,NL] under RULE: " */
void premise_sentence(const struct premise *premise, char sentence[PREMISE_SENTENCE_MAX]);

#endif
