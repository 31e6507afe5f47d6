/* The exact proof of a record: what is shown step by step, in exact algebra and in balls.
 *
 * A method runs the steps of one proof.  `gives` says what stands if all of them hold: proved,
 * exact algebra for all parameters of the statement, or certified, a rigorous enclosure for every
 * instance of the record, or refuted, by a witness in exact numbers.  Every method has a control
 * of its own: with a hypothesis dropped, its proof must fail.
 *
 * Memory: a proof is plain data; claims are cut at their size.  Errors: a prover returns a status
 * only for failures of the machine; a step that does not hold is a result.  Source:
 * notes/universal.md. */
#ifndef PROOFS_CHECK_PROOF_H
#define PROOFS_CHECK_PROOF_H

#include "base/status.h"
#include "exact/identity.h"
#include "proofs-check/verdict.h"

#include <stdbool.h>
#include <stddef.h>

struct theorem;

enum { PROOF_STEPS_MOST = 96, PROOF_CLAIM_MAX = 256 };

struct proof_step {
    char claim[PROOF_CLAIM_MAX];
    bool holds;
};

struct proof {
    size_t steps, failed;
    struct proof_step step[PROOF_STEPS_MOST]; /* [steps] */
};

typedef enum status prover(const struct theorem *theorem, struct proof *proof);

/* An identity, or, along a field, the derivative of `left`, which is `right`. */
struct proof_fact {
    const char *claim; /* what it says, in words */
    const char *letters;
    const struct identity_field *field; /* NULL: an identity; else with letters of its own */
    const char *left, *right;
};

struct proof_method {
    enum verdict gives; /* VERDICT_PROVED, VERDICT_CERTIFIED, or VERDICT_REFUTED by a witness */
    const char *label;  /* of the argument in notes/ */
    const char *scope;  /* what is proved, for which parameters */
    prover *prove;
    const char *without; /* the hypothesis that the control drops */
    prover *control;
    const struct proof_fact *fact, *without_fact; /* of proof_by_facts and proof_without_facts */
    size_t facts, without_facts;
};

/* Provers that expand the facts of the record's method, one step each. */
prover proof_by_facts, proof_without_facts;

/* Adds a step; a step too many is one that fails. */
void proof_step(struct proof *proof, bool holds, const char *format, ...) PRINTF_LIKE(3, 4);

/* Expands facts[facts], a step each. */
void proof_facts(struct proof *proof, size_t facts, const struct proof_fact *fact);

/* Is there a step, and do all hold?  Nothing shown is nothing proved. */
bool proof_holds(const struct proof *proof);

/* The first step that does not hold, or NULL. */
const char *proof_gap(const struct proof *proof);

/* ---- methods, by file ---- */

/* proof_chain.c: A[1,...,1] of every depth, by leading terms and the clock. */
extern const struct proof_method proof_chain_converges, proof_chain_zero_ahead, proof_chain_zeros,
    proof_chain_degree, proof_chain_leading, proof_chain_growth, proof_chain_cycles;

/* proof_slope.c: the sign of dP/dt, by identities. */
extern const struct proof_method proof_slope_direct, proof_slope_layered, proof_slope_small,
    proof_slope_pair, proof_slope_pair_small, proof_slope_fan_small;

/* proof_pair.c: A[1,1,1] by identities and the discriminant. */
extern const struct proof_method proof_pair_leaf, proof_pair_limit, proof_pair_parabola,
    proof_pair_reflections;

/* proof_fan.c: A[1,N,1], every N. */
extern const struct proof_method proof_fan_converges;

/* proof_conserved.c: first integrals, every size. */
extern const struct proof_method proof_conserved_fan, proof_conserved_unit, proof_conserved_balance,
    proof_conserved_coupling, proof_conserved_adaptive, proof_conserved_exponentials;

/* proof_instances.c: every instance of the record, enclosed. */
extern const struct proof_method proof_instances_points, proof_instances_turns;

/* proof_witness.c: published statements that are false, at one point each. */
extern const struct proof_method proof_witness_small_pair, proof_witness_small_chain,
    proof_witness_congruent_chain, proof_witness_small_fan, proof_witness_update,
    proof_witness_semistable, proof_witness_turns, proof_witness_dead_layer;

#endif
