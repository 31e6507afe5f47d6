/* Proofs about A[1,1,1], c_2 = 1, for all parameters: elimination, the discriminant, reflections.
 *
 * Letters: a1, a2, c1, alpha, beta; K = c1 a2 - a1^2/2 is conserved.  Statements: (K1), (K2), (K6),
 * (K8) of notes/chains.md and notes/universal.md, (UN5). */
#include "exact/discriminant.h"
#include "proofs-check/theorem.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define LETTERS      "a1 a2 c1 alpha beta h"

static const struct identity_field pair = {
    .letters = LETTERS,
    .unknowns = 2,
    .rate = {"c1*(alpha - beta*a1*a2)", "a1*(alpha - beta*a1*a2)"}};
static const struct identity_field faster = {
    .letters = LETTERS,
    .unknowns = 2,
    .rate = {"c1*(alpha - beta*a1*a2)", "2*a1*(alpha - beta*a1*a2)"}};

static const struct proof_fact unequal[] = {
    {"c1 a2 - a1^2/2 is conserved, the top layer learning twice as fast", NULL, &faster,
     "c1*a2 - 1/2*a1^2", "0"},
};

/* ---- equilibria on a leaf ---- */

/* Closed form against isolated zeros, on a grid of rational parameters with the critical ones. */
static size_t count_disagreements(size_t *points)
{
    enum { REACH = 4, DENOMINATOR = 2 };
    struct discriminant_point at;
    size_t disagreements = 0;
    discriminant_point_init(&at);
    fmpq_set_si(at.beta, 1, DENOMINATOR);
    *points = 0;
    for (slong K = -3 * REACH; K <= REACH; K++)
        for (slong alpha = -REACH; alpha <= REACH; alpha++)
            for (slong c1 = 1; c1 <= 2; c1++) {
                fmpq_set_si(at.K, K, DENOMINATOR);
                fmpq_set_si(at.alpha, alpha, DENOMINATOR);
                fmpq_set_si(at.c1, c1, 1);
                disagreements +=
                    discriminant_equilibria(&at) != discriminant_equilibria_by_zeros(&at);
                ++*points;
            }
    discriminant_point_clear(&at);
    return disagreements;
}

static enum status leaf(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    struct discriminant_step step[DISCRIMINANT_STEPS];
    size_t points;
    discriminant_prove(step);
    for (size_t i = 0; i < DISCRIMINANT_STEPS; i++)
        proof_step(proof, step[i].holds, "%s", step[i].claim);
    const size_t disagreements = count_disagreements(&points);
    proof_step(
        proof, disagreements == 0,
        "at %zu rational parameters the zeros of Q, isolated, are as many as its discriminant "
        "says",
        points);
    return OK;
}

const struct proof_method proof_pair_leaf = {
    .gives = VERDICT_PROVED,
    .label = "UN5",
    .scope = "all K, all alpha, c1 != 0, beta != 0",
    .prove = leaf,
    .without = "equal rates: the top layer learns twice as fast",
    .control = proof_without_facts,
    .without_fact = unequal,
    .without_facts = COUNT(unequal),
};

static const struct proof_fact limit_facts[] = {
    {"K = c1 a2 - a1^2/2 is conserved", NULL, &pair, "c1*a2 - 1/2*a1^2", "0"},
    {"-2 c1 e = beta (a1^3 + 2 K a1) - 2 c1 alpha: e vanishes with the cubic, which is odd",
     LETTERS, NULL, "-2*c1*(alpha - beta*a1*a2)",
     "beta*(a1^3 + 2*(c1*a2 - 1/2*a1^2)*a1) - 2*c1*alpha"},
};

const struct proof_method proof_pair_limit = {
    .gives = VERDICT_PROVED,
    .label = "UN5",
    .scope = "all alpha, all starts, c1 != 0, beta > 0",
    .prove = proof_by_facts,
    .without = "equal rates: the top layer learns twice as fast",
    .control = proof_without_facts,
    .fact = limit_facts,
    .facts = COUNT(limit_facts),
    .without_fact = unequal,
    .without_facts = COUNT(unequal),
};

/* ---- the parabola S = 0 ---- */

/* c1 = g: on the parabola c1 a2 = -a1^2, so c1 (alpha - beta a1 a2) = c1 alpha + beta a1^3. */
static const struct proof_fact parabola_facts[] = {
    {"on the parabola, a2 = -a1^2/c1, c1 e = c1 alpha + beta a1^3, which has one real zero",
     LETTERS, NULL, "c1*alpha - beta*a1*(-a1^2)", "c1*alpha + beta*a1^3"},
    {"it is a1 = -h with beta h^3 = c1 alpha", LETTERS, NULL, "beta*h^3 + beta*(-h)^3", "0"},
    {"there c1 a2 = -h^2, so that beta^2 c1 (c1^2 a2^3) = -(beta h^3)^2 = -c1^2 alpha^2", LETTERS,
     NULL, "beta^2*(-h^2)^3", "-(beta*h^3)^2"},
};
static const struct proof_fact parabola_false[] = {
    {"on the parabola a2 = a1^2/c1, c1 e = c1 alpha + beta a1^3", LETTERS, NULL,
     "c1*alpha - beta*a1*a1^2", "c1*alpha + beta*a1^3"},
};

const struct proof_method proof_pair_parabola = {
    .gives = VERDICT_PROVED,
    .label = "UN5",
    .scope = "all c1 != 0, alpha != 0, beta != 0",
    .prove = proof_by_facts,
    .without = "the parabola of the other sign",
    .control = proof_without_facts,
    .fact = parabola_facts,
    .facts = COUNT(parabola_facts),
    .without_fact = parabola_false,
    .without_facts = COUNT(parabola_false),
};

/* ---- reflections ---- */

/* Each right side at the reflected point, with the reflected parameter, is the reflected right
 * side. */
static const struct proof_fact reflection_facts[] = {
    {"a1 -> -a1, alpha -> -alpha: -a1' is the field at the reflected point", LETTERS, NULL,
     "c1*(-alpha - beta*(-a1)*a2)", "-c1*(alpha - beta*a1*a2)"},
    {"and a2' is", LETTERS, NULL, "(-a1)*(-alpha - beta*(-a1)*a2)", "a1*(alpha - beta*a1*a2)"},
    {"a -> -a, c1 -> -c1: -a1' is the field at the reflected point", LETTERS, NULL,
     "(-c1)*(alpha - beta*(-a1)*(-a2))", "-c1*(alpha - beta*a1*a2)"},
    {"and -a2' is", LETTERS, NULL, "(-a1)*(alpha - beta*(-a1)*(-a2))", "-a1*(alpha - beta*a1*a2)"},
};
static const struct proof_fact reflection_false[] = {
    {"a1 -> -a1 with the same alpha: -a1' is the field at the reflected point", LETTERS, NULL,
     "c1*(alpha - beta*(-a1)*a2)", "-c1*(alpha - beta*a1*a2)"},
};

const struct proof_method proof_pair_reflections = {
    .gives = VERDICT_PROVED,
    .label = "UN5",
    .scope = "all data",
    .prove = proof_by_facts,
    .without = "alpha keeps its sign",
    .control = proof_without_facts,
    .fact = reflection_facts,
    .facts = COUNT(reflection_facts),
    .without_fact = reflection_false,
    .without_facts = COUNT(reflection_false),
};
