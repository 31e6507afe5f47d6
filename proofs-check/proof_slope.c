/* Proofs about the sign of dP/dt where the feedback is congruent, or small.
 *
 * dP/dt = e S with S = sum_i c_i (prod_(k<i) a_k)^2 prod_(k>i) a_k, (H2).  One term stands for any
 * layer of any chain: A is the product of the weights below, B of those above.  A hypothesis on a
 * sign becomes a substitution by letters that are positive, after which the term is one of them
 * times a square; a bound |u| < v makes u + v positive.  Statements: notes/universal.md, (UN6). */
#include "proofs-check/theorem.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* One weight moves at c A; e is taken out. */
static const struct identity_field one_weight = {
    .letters = "a A B c", .unknowns = 1, .rate = {"c*A"}};

static const struct proof_fact direct_facts[] = {
    {"every layer: a_i contributes c_i A^2 B to S, A the product below, B above", NULL, &one_weight,
     "A*a*B", "c*A^2*B"},
    {"c_i = p B with p > 0: the contribution is p (A B)^2, and p B^2 > 0 in the first layer",
     "A B p", NULL, "(p*B)*A^2*B", "p*(A*B)^2"},
};
static const struct proof_fact direct_false[] = {
    {"c_i = -p B with p > 0: the contribution is p (A B)^2", "A B p", NULL, "(-p*B)*A^2*B",
     "p*(A*B)^2"},
};

const struct proof_method proof_slope_direct = {
    .gives = VERDICT_PROVED,
    .label = "UN6",
    .scope = "all data and every L with the signs of the statement, c_L = 1",
    .prove = proof_by_facts,
    .without = "the signs: incongruent feedback",
    .control = proof_without_facts,
    .fact = direct_facts,
    .facts = COUNT(direct_facts),
    .without_fact = direct_false,
    .without_facts = COUNT(direct_false),
};

/* b_i = c_i c_(i+1) ... c_(L-1), and B = a_(i+1) ... a_L: q = b_(i+1) prod_(k>i+1) a_k. */
static const struct proof_fact layered_facts[] = {
    {"every layer: a_i contributes b_i A^2 B to S, b_i its direct weight", NULL, &one_weight,
     "A*a*B", "c*A^2*B"},
    {"b_i B of a layer is c_i a_(i+1) times that of the next one", "c d a D", NULL, "(c*d)*(a*D)",
     "(c*a)*(d*D)"},
    {"a_(i+1) = p c_i with p > 0: c_i a_(i+1) = p c_i^2 > 0", "c p", NULL, "c*(p*c)", "p*c^2"},
};
static const struct proof_fact layered_false[] = {
    {"a_(i+1) = -p c_i with p > 0: c_i a_(i+1) = p c_i^2", "c p", NULL, "c*(-p*c)", "p*c^2"},
};

const struct proof_method proof_slope_layered = {
    .gives = VERDICT_PROVED,
    .label = "UN6",
    .scope = "all data and every L with the signs of the statement",
    .prove = proof_by_facts,
    .without = "the signs: incongruent feedback",
    .control = proof_without_facts,
    .fact = layered_facts,
    .facts = COUNT(layered_facts),
    .without_fact = layered_false,
    .without_facts = COUNT(layered_false),
};

/* ---- three layers, c_3 = 1 ---- */

static const struct identity_field three = {
    .letters = "a1 a2 a3 c1 c2", .unknowns = 3, .rate = {"c1", "c2*a1", "a1*a2"}};
static const struct identity_field three_against = {
    .letters = "a1 a2 a3 c1 c2", .unknowns = 3, .rate = {"c1", "c2*a1", "-a1*a2"}};

static const struct proof_fact small_facts[] = {
    {"S = u + v with u = c1 a2 a3 and v = a1^2 (a2^2 + c2 a3): positive where |u| < v", NULL,
     &three, "a1*a2*a3", "c1*a2*a3 + a1^2*(a2^2 + c2*a3)"},
};
static const struct proof_fact small_false[] = {
    {"S = c1 a2 a3 + a1^2 (a2^2 + c2 a3), the top layer learning against the error", NULL,
     &three_against, "a1*a2*a3", "c1*a2*a3 + a1^2*(a2^2 + c2*a3)"},
};

const struct proof_method proof_slope_small = {
    .gives = VERDICT_PROVED,
    .label = "UN6",
    .scope = "A[1,1,1,1], c3 = 1, all data with the bound of the statement",
    .prove = proof_by_facts,
    .without = "c3 = -1",
    .control = proof_without_facts,
    .fact = small_facts,
    .facts = COUNT(small_facts),
    .without_fact = small_false,
    .without_facts = COUNT(small_false),
};

/* ---- two layers, c_2 = 1 ---- */

static const struct identity_field two = {
    .letters = "a1 a2 c1 p", .unknowns = 2, .rate = {"c1", "a1"}};
static const struct identity_field two_against = {
    .letters = "a1 a2 c1 p", .unknowns = 2, .rate = {"c1", "-a1"}};

static const struct proof_fact pair_facts[] = {
    {"S = a1^2 + c1 a2", NULL, &two, "a1*a2", "a1^2 + c1*a2"},
    {"a2 = p c1 with p > 0: S = a1^2 + p c1^2 > 0", "a1 c1 p", NULL, "a1^2 + c1*(p*c1)",
     "a1^2 + p*c1^2"},
};
static const struct proof_fact pair_false[] = {
    {"a2 = -p c1 with p > 0: S = a1^2 + p c1^2", "a1 c1 p", NULL, "a1^2 + c1*(-p*c1)",
     "a1^2 + p*c1^2"},
};

const struct proof_method proof_slope_pair = {
    .gives = VERDICT_PROVED,
    .label = "UN6",
    .scope = "A[1,1,1], all data with the signs of the statement",
    .prove = proof_by_facts,
    .without = "the signs: a2 and c1 opposite",
    .control = proof_without_facts,
    .fact = pair_facts,
    .facts = COUNT(pair_facts),
    .without_fact = pair_false,
    .without_facts = COUNT(pair_false),
};

static const struct proof_fact pair_small_facts[] = {
    {"S = a1^2 + c1 a2: positive where |c1 a2| < a1^2", NULL, &two, "a1*a2", "a1^2 + c1*a2"},
};
static const struct proof_fact pair_small_false[] = {
    {"S = a1^2 + c1 a2, the top layer learning against the error", NULL, &two_against, "a1*a2",
     "a1^2 + c1*a2"},
};

const struct proof_method proof_slope_pair_small = {
    .gives = VERDICT_PROVED,
    .label = "UN6",
    .scope = "A[1,1,1], all data with the bound of the statement",
    .prove = proof_by_facts,
    .without = "c2 = -1",
    .control = proof_without_facts,
    .fact = pair_small_facts,
    .facts = COUNT(pair_small_facts),
    .without_fact = pair_small_false,
    .without_facts = COUNT(pair_small_false),
};

/* ---- fans: one neuron stands for all ---- */

static const struct identity_field neuron = {.letters = "a b c", .unknowns = 2, .rate = {"c", "a"}};
static const struct identity_field neuron_against = {
    .letters = "a b c", .unknowns = 2, .rate = {"c", "-a"}};

static const struct proof_fact fan_facts[] = {
    {"every neuron contributes a_i^2 + c_i b_i: S = |a|^2 + c.b, positive where |c.b| < |a|^2",
     NULL, &neuron, "a*b", "a^2 + c*b"},
};
static const struct proof_fact fan_false[] = {
    {"S = |a|^2 + c.b, the top layer learning against the error", NULL, &neuron_against, "a*b",
     "a^2 + c*b"},
};

const struct proof_method proof_slope_fan_small = {
    .gives = VERDICT_PROVED,
    .label = "UN6",
    .scope = "A[1,N,1], every N, all data with the bound of the statement",
    .prove = proof_by_facts,
    .without = "the top layer learns against the error",
    .control = proof_without_facts,
    .fact = fan_facts,
    .facts = COUNT(fan_facts),
    .without_fact = fan_false,
    .without_facts = COUNT(fan_false),
};
