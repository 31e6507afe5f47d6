/* Proofs of first integrals, for networks of every size: one path of the error stands for all.
 *
 * An entry of a conserved matrix is a sum over inputs q and errors k; its derivative is the sum
 * over all pairs of what one q and one k contribute, since the equations are sums over them.  So
 * an identity for one q and one k, with letters for the entries that occur, is about every size,
 * (UN10). */
#include "proofs-check/theorem.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- fans: two neurons i, j ---- */

static const struct identity_field two_neurons = {
    .letters = "ai aj bi bj e ci cj", .unknowns = 4, .rate = {"ci*e", "cj*e", "ai*e", "aj*e"}};
static const struct identity_field two_neurons_against = {
    .letters = "ai aj bi bj e ci cj", .unknowns = 4, .rate = {"ci*e", "cj*e", "-ai*e", "-aj*e"}};

static const struct proof_fact fan_facts[] = {
    {"every pair of neurons: b_i c_j + c_i b_j - a_i a_j is conserved", NULL, &two_neurons,
     "bi*cj + ci*bj - ai*aj", "0"},
    {"every pair of neurons: a_i c_j - c_i a_j is conserved", NULL, &two_neurons, "ai*cj - ci*aj",
     "0"},
};
static const struct proof_fact fan_false[] = {
    {"b_i c_j + c_i b_j - a_i a_j is conserved, the top layer learning against the error", NULL,
     &two_neurons_against, "bi*cj + ci*bj - ai*aj", "0"},
};

const struct proof_method proof_conserved_fan = {
    .gives = VERDICT_PROVED,
    .label = "UN10",
    .scope = "every N, all data, c_(N+1) = 1",
    .prove = proof_by_facts,
    .without = "the top layer learns against the error",
    .control = proof_without_facts,
    .fact = fan_facts,
    .facts = COUNT(fan_facts),
    .without_fact = fan_false,
    .without_facts = COUNT(fan_false),
};

/* ---- A[N0,1,N2]: input j, output k ---- */

static const struct identity_field one_unit = {
    .letters = "a b E c", .unknowns = 2, .rate = {"c*E", "E*a"}};
static const struct identity_field one_unit_with_decay = {
    .letters = "a b E c lambda", .unknowns = 2, .rate = {"c*E - lambda*a", "E*a - lambda*b"}};

static const struct proof_fact unit_facts[] = {
    {"every entry E_kj of the error moves C B and |A|^2/2 alike", NULL, &one_unit, "c*b - 1/2*a^2",
     "0"},
};
static const struct proof_fact unit_false[] = {
    {"with decay: every entry E_kj of the error moves C B and |A|^2/2 alike", NULL,
     &one_unit_with_decay, "c*b - 1/2*a^2", "0"},
};

const struct proof_method proof_conserved_unit = {
    .gives = VERDICT_PROVED,
    .label = "UN10",
    .scope = "all sizes N0, N2 and all data, without decay",
    .prove = proof_by_facts,
    .without = "weight decay",
    .control = proof_without_facts,
    .fact = unit_facts,
    .facts = COUNT(unit_facts),
    .without_fact = unit_false,
    .without_facts = COUNT(unit_false),
};

/* ---- networks: S = S_k of layer i + 1, Q = an entry of Q_(i-1)' ---- */

/* up, ur: entries k,p and k,r of A_(i+1); wp, wr: p,q and r,q of A_i; r1, r2: rates. */
static const struct identity_field gradient = {
    .letters = "up ur wp wr S Q r1 r2 cp cr",
    .unknowns = 4,
    .rate = {"r2*S*Q*wp", "r2*S*Q*wr", "r1*up*S*Q", "r1*ur*S*Q"}};
static const struct identity_field feedback = {
    .letters = "up ur wp wr S Q r1 r2 cp cr",
    .unknowns = 4,
    .rate = {"r2*S*Q*wp", "r2*S*Q*wr", "r1*cp*S*Q", "r1*cr*S*Q"}};

static const struct proof_fact balance_facts[] = {
    {"bp: every path of the error moves r_i A_(i+1)'A_(i+1) and r_(i+1) A_i A_i' alike", NULL,
     &gradient, "r1*up*ur - r2*wp*wr", "0"},
};
static const struct proof_fact balance_false[] = {
    {"random feedback: every path moves r_i A_(i+1)'A_(i+1) and r_(i+1) A_i A_i' alike", NULL,
     &feedback, "r1*up*ur - r2*wp*wr", "0"},
};

const struct proof_method proof_conserved_balance = {
    .gives = VERDICT_PROVED,
    .label = "UN10",
    .scope = "all sizes, depths, rates and data, without decay",
    .prove = proof_by_facts,
    .without = "bp: random feedback",
    .control = proof_without_facts,
    .fact = balance_facts,
    .facts = COUNT(balance_facts),
    .without_fact = balance_false,
    .without_facts = COUNT(balance_false),
};

/* n: a vector with n C_i = 0, two rows of it written out. */
static const struct proof_fact coupling_facts[] = {
    {"rbp: every path moves r_i (C_i A_(i+1) + its transpose) and r_(i+1) A_i A_i' alike", NULL,
     &feedback, "r1*(cp*ur + cr*up) - r2*wp*wr", "0"},
    {"rbp: A_i moves in the range of C_i, n A_i' = r_i (n C_i) S Q", "np nr cp cr S Q r1", NULL,
     "np*(r1*cp*S*Q) + nr*(r1*cr*S*Q)", "r1*(np*cp + nr*cr)*S*Q"},
};
static const struct proof_fact coupling_false[] = {
    {"bp: every path moves r_i (C_i A_(i+1) + its transpose) and r_(i+1) A_i A_i' alike", NULL,
     &gradient, "r1*(cp*ur + cr*up) - r2*wp*wr", "0"},
};

const struct proof_method proof_conserved_coupling = {
    .gives = VERDICT_PROVED,
    .label = "UN10",
    .scope = "all sizes, depths, rates and data, without decay",
    .prove = proof_by_facts,
    .without = "fixed feedback: bp",
    .control = proof_without_facts,
    .fact = coupling_facts,
    .facts = COUNT(coupling_facts),
    .without_fact = coupling_false,
    .without_facts = COUNT(coupling_false),
};

/* ---- chains whose feedback learns: A, B products below and above ---- */

static const struct identity_field layered_pair = {
    .letters = "a c A B e", .unknowns = 2, .rate = {"A*(c*B)*e", "(A*a)*B*e"}};
/* c_i and a_(i+1): both move at A_i B e, B the weights of the channel above i. */
static const struct identity_field layered_neighbours = {
    .letters = "c b A B e", .unknowns = 2, .rate = {"A*B*e", "A*B*e"}};
static const struct identity_field skipped_pair = {
    .letters = "a c A e", .unknowns = 2, .rate = {"A*c*e", "A*a*e"}};
static const struct identity_field skipped_top = {
    .letters = "c b A e", .unknowns = 2, .rate = {"A*e", "A*e"}};
static const struct identity_field skipped_clock = {
    .letters = "c A e", .unknowns = 1, .rate = {"A*e"}};
static const struct identity_field decaying_pair = {
    .letters = "a c A B e lambda",
    .unknowns = 2,
    .rate = {"A*(c*B)*e - lambda*a", "(A*a)*B*e - lambda*c"}};

enum { FIRST_EXPONENTIAL = 4 }; /* of adaptive_facts */

static const struct proof_fact adaptive_facts[] = {
    {"arbp, every layer: a_i^2 - c_i^2 is conserved", NULL, &layered_pair, "a^2 - c^2", "0"},
    {"arbp, every pair of neighbours: c_i - a_(i+1) is conserved", NULL, &layered_neighbours,
     "c - b", "0"},
    {"asrbp, every layer: a_i^2 - c_i^2 is conserved", NULL, &skipped_pair, "a^2 - c^2", "0"},
    {"asrbp, at the top: c_(L-1) - a_L is conserved", NULL, &skipped_top, "c - b", "0"},
    {"asrbp: (a + c)' = c_i' (a + c), a and c of layer i + 1 < L, A the product to i", NULL,
     &skipped_pair, "a + c", "A*e*(a + c)"},
    {"asrbp: (a - c)' = -c_i' (a - c)", NULL, &skipped_pair, "a - c", "-A*e*(a - c)"},
    {"asrbp: c_i' = A e, so that (a + c) exp(-c_i) and (a - c) exp(c_i) are conserved", NULL,
     &skipped_clock, "c", "A*e"},
};
static const struct proof_fact adaptive_false[] = {
    {"with decay: a_i^2 - c_i^2 is conserved", NULL, &decaying_pair, "a^2 - c^2", "0"},
};

const struct proof_method proof_conserved_adaptive = {
    .gives = VERDICT_PROVED,
    .label = "UN10",
    .scope = "every L, unit rates, all data, without decay",
    .prove = proof_by_facts,
    .without = "weight decay",
    .control = proof_without_facts,
    .fact = adaptive_facts,
    .facts = COUNT(adaptive_facts),
    .without_fact = adaptive_false,
    .without_facts = COUNT(adaptive_false),
};

static const struct proof_fact exponential_false[] = {
    {"arbp: (a + c)' = A e (a + c), although the channel above has a product of its own", NULL,
     &layered_pair, "a + c", "A*e*(a + c)"},
};

const struct proof_method proof_conserved_exponentials = {
    .gives = VERDICT_PROVED,
    .label = "UN10",
    .scope = "every L, unit rates, all data, without decay",
    .prove = proof_by_facts,
    .without = "asrbp: arbp",
    .control = proof_without_facts,
    .fact = adaptive_facts + FIRST_EXPONENTIAL,
    .facts = COUNT(adaptive_facts) - FIRST_EXPONENTIAL,
    .without_fact = exponential_false,
    .without_facts = COUNT(exponential_false),
};
