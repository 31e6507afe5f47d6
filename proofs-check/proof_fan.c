/* The proof about A[1,N,1] for all data at once: one neuron of the sum stands for every N.
 *
 * In residual time a = a(0) + c s, b = b(0) + a(0) s + c s^2/2, and P is the sum of the products
 * a_i b_i: a cubic with the leading coefficient |c|^2/2, which is positive if one c_i is not zero.
 * Statement: notes/universal.md, (UN7). */
#include "proofs-check/theorem.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct identity_field residual_time = {
    .letters = "s a b c", .unknowns = 1, .rate = {"1"}};

static const struct proof_fact facts[] = {
    {"da/ds = c for a = a(0) + c s", NULL, &residual_time, "a + c*s", "c"},
    {"db/ds = a for b = b(0) + a(0) s + c s^2/2", NULL, &residual_time, "b + a*s + 1/2*c*s^2",
     "a + c*s"},
    {"a neuron adds c^2/2 to the coefficient of s^3 in P, and nothing of a higher power", "s a b c",
     NULL, "(a + c*s)*(b + a*s + 1/2*c*s^2)", "a*b + (a^2 + c*b)*s + 3/2*a*c*s^2 + 1/2*c^2*s^3"},
    {"dP/ds is a quadratic with the coefficient 3 |c|^2/2", NULL, &residual_time,
     "a*b + (a^2 + c*b)*s + 3/2*a*c*s^2 + 1/2*c^2*s^3", "a^2 + c*b + 3*a*c*s + 3/2*c^2*s^2"},
};

/* The top layer learns against the error: b = b(0) - a(0) s - c s^2/2. */
static const struct proof_fact false_facts[] = {
    {"a neuron adds c^2/2 to the coefficient of s^3 in P, the top layer learning against the error",
     "s a b c", NULL, "(a + c*s)*(b - a*s - 1/2*c*s^2)",
     "a*b + (c*b - a^2)*s - 3/2*a*c*s^2 + 1/2*c^2*s^3"},
};

const struct proof_method proof_fan_converges = {
    .gives = VERDICT_PROVED,
    .label = "UN7",
    .scope =
        "every N, all alpha, all starts, c != 0, beta > 0: alpha - beta P has the degree 3 and "
        "falls from infinity to -infinity",
    .prove = proof_by_facts,
    .without = "the top layer learns against the error",
    .control = proof_without_facts,
    .fact = facts,
    .facts = COUNT(facts),
    .without_fact = false_facts,
    .without_facts = COUNT(false_facts),
};
