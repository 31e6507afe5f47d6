/* Published statements that are false, refuted at one point in exact numbers.
 *
 * A witness needs no trial: the hypothesis and the failure of the conclusion are numbers, or the
 * exact limit of one trajectory.  The control is a point at which the statement holds, where the
 * same steps must fail.  c_L = alpha = beta = 1.  Statement: notes/universal.md, (UN11). */
#include "exact/limit.h"
#include "linear/registry.h"
#include "proofs-check/proof_instances.h"
#include "proofs-check/sample.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define NUMBER       "x" /* a ring for identities of numbers */
#define BY_FACTS(facts_, false_)                                                                   \
    .gives = VERDICT_REFUTED, .label = "UN11", .prove = proof_by_facts,                            \
    .control = proof_without_facts, .fact = (facts_), .facts = COUNT(facts_),                      \
    .without_fact = (false_), .without_facts = COUNT(false_)

/* ---- the sign of S, at a point ---- */

static const struct identity_field two = {
    .letters = "a1 a2 c1", .unknowns = 2, .rate = {"c1", "a1"}};
static const struct identity_field three = {
    .letters = "a1 a2 a3 c1 c2", .unknowns = 3, .rate = {"c1", "c2*a1", "a1*a2"}};
static const struct identity_field neuron = {.letters = "a b c", .unknowns = 2, .rate = {"c", "a"}};

static const struct proof_fact small_pair[] = {
    {"dP/dt = e S, S = a1^2 + c1 a2", NULL, &two, "a1*a2", "a1^2 + c1*a2"},
    {"c1 = 1/100, a = (1/20, -1): S = -3/400 < 0", NUMBER, NULL, "(1/20)^2 + 1/100*(-1)", "-3/400"},
    {"and e = 21/20", NUMBER, NULL, "1 - 1/20*(-1)", "21/20"},
};
static const struct proof_fact small_pair_false[] = {
    {"c1 = 1/100, a = (1/2, -1): S = -3/400 < 0", NUMBER, NULL, "(1/2)^2 + 1/100*(-1)", "-3/400"},
};
const struct proof_method proof_witness_small_pair = {
    BY_FACTS(small_pair, small_pair_false),
    .scope = "c1 = 1/100, a = (1/20, -1)",
    .without = "a1 small",
};

static const struct proof_fact small_chain[] = {
    {"dP/dt = e S, S = c1 a2 a3 + a1^2 (c2 a3 + a2^2)", NULL, &three, "a1*a2*a3",
     "c1*a2*a3 + a1^2*(c2*a3 + a2^2)"},
    {"c = (1/100, -1, 1), a = (1/100, 1, -1): c2 a3 = 1 > 0", NUMBER, NULL, "(-1)*(-1)", "1"},
    {"S = -49/5000 < 0", NUMBER, NULL, "-1/100 + (1/100)^2*(1 + 1)", "-49/5000"},
    {"and e = 101/100", NUMBER, NULL, "1 - 1/100*1*(-1)", "101/100"},
};
static const struct proof_fact small_chain_false[] = {
    {"c = (1/100, -1, 1), a = (1, 1, -1): S = -49/5000 < 0", NUMBER, NULL, "-1/100 + 1*(1 + 1)",
     "-49/5000"},
};
const struct proof_method proof_witness_small_chain = {
    BY_FACTS(small_chain, small_chain_false),
    .scope = "c = (1/100, -1, 1), a = (1/100, 1, -1)",
    .without = "a1 small",
};

static const struct proof_fact congruent_chain[] = {
    {"dP/dt = e S, S = c1 a2 a3 + a1^2 (c2 a3 + a2^2)", NULL, &three, "a1*a2*a3",
     "c1*a2*a3 + a1^2*(c2*a3 + a2^2)"},
    {"c = (1, -1, 1), a = (1/10, 1, -1): c1 a2 = 1 > 0", NUMBER, NULL, "1*1", "1"},
    {"c2 a3 = 1 > 0", NUMBER, NULL, "(-1)*(-1)", "1"},
    {"S = -49/50 < 0", NUMBER, NULL, "-1 + (1/10)^2*(1 + 1)", "-49/50"},
    {"and e = 11/10", NUMBER, NULL, "1 - 1/10*1*(-1)", "11/10"},
};
static const struct proof_fact congruent_chain_false[] = {
    {"c = (-1, -1, 1), a = (1/10, 1, -1): S = -49/50 < 0", NUMBER, NULL, "1 + (1/10)^2*(1 + 1)",
     "-49/50"},
};
const struct proof_method proof_witness_congruent_chain = {
    BY_FACTS(congruent_chain, congruent_chain_false),
    .scope = "c = (1, -1, 1), a = (1/10, 1, -1)",
    .without = "c1 congruent with a2 instead of a2 a3",
};

static const struct proof_fact small_fan[] = {
    {"dP/dt = e S, S = |a|^2 + c.b", NULL, &neuron, "a*b", "a^2 + c*b"},
    {"c = (1/100, 1/100), a = (1/20, 0), b = (-1, -1): S = -7/400 < 0", NUMBER, NULL,
     "(1/20)^2 + 1/100*(-1) + 1/100*(-1)", "-7/400"},
    {"and e = 21/20", NUMBER, NULL, "1 - 1/20*(-1)", "21/20"},
};
static const struct proof_fact small_fan_false[] = {
    {"a = (1/2, 0): S = -7/400 < 0", NUMBER, NULL, "(1/2)^2 + 1/100*(-1) + 1/100*(-1)", "-7/400"},
};
const struct proof_method proof_witness_small_fan = {
    BY_FACTS(small_fan, small_fan_false),
    .scope = "c = (1/100, 1/100), a = (1/20, 0), b = (-1, -1)",
    .without = "a small",
};

/* ---- updates ---- */

static const struct proof_fact update[] = {
    {"a = (0, 0), c1 = 1: a2' = a1 e = 0", NUMBER, NULL, "0*(1 - 0*0)", "0"},
    {"a1' = c1 e = 1", NUMBER, NULL, "1*(1 - 0*0)", "1"},
};
static const struct proof_fact update_false[] = {
    {"a = (1, 1), c1 = 1: a2' = 0 and a1' = 1", NUMBER, NULL, "1*(1 - 1*1)", "1"},
};
const struct proof_method proof_witness_update = {
    BY_FACTS(update, update_false),
    .scope = "a = (0, 0), c1 = 1",
    .without = "an error",
};

/* ---- the semistable point (-1, -1) ---- */

static const struct proof_fact semistable[] = {
    {"(-1, -1) is a fixed point on the parabola a1^2 + a2 = 0", NUMBER, NULL, "(-1)^2 - 1", "0"},
    {"with e = 0", NUMBER, NULL, "1 - (-1)*(-1)", "0"},
    {"on its leaf, K = -3/2, a1' = (1/2) (a1 + 1)^2 (2 - a1): positive on both sides, so that "
     "starts "
     "from -1 < a1 < 2 leave it",
     NUMBER, NULL, "1 - x*(-3/2 + 1/2*x^2)", "1/2*(x + 1)^2*(2 - x)"},
};
static const struct proof_fact semistable_false[] = {
    {"on the leaf K = 0 a1' = (1/2) (a1 + 1)^2 (2 - a1)", NUMBER, NULL, "1 - x*(1/2*x^2)",
     "1/2*(x + 1)^2*(2 - x)"},
};
const struct proof_method proof_witness_semistable = {
    BY_FACTS(semistable, semistable_false),
    .scope = "c1 = 1, the fixed point (-1, -1)",
    .without = "the critical leaf",
};

/* ---- trajectories ---- */

static enum status turns(double alpha, struct proof *proof)
{
    struct instance instance = sample_chain(&rule_srbp, 2, (double[]){1, 1}, (double[]){-2, 1});
    instance.problem.alpha = alpha;
    long count = -1;
    TRY(proof_instances_count_turns(&instance, &count));
    proof_step(proof, count == 2,
               "c1 = beta = 1, alpha = %g, from (-2, 1): dP/dt changes its sign %ld times", alpha,
               count);
    return OK;
}

static enum status turns_twice(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    return turns(1, proof);
}

/* The limit comes before the turning points. */
static enum status turns_never(const struct theorem *theorem, struct proof *proof)
{
    static const double BEFORE = -3;
    (void)theorem;
    return turns(BEFORE, proof);
}

const struct proof_method proof_witness_turns = {
    .gives = VERDICT_REFUTED,
    .label = "UN11",
    .scope = "c1 = alpha = beta = 1, from (-2, 1)",
    .prove = turns_twice,
    .without = "alpha = -3",
    .control = turns_never,
};

static enum status diverges(double a2, struct proof *proof)
{
    const struct instance instance =
        sample_chain(&rule_srbp, 3, (double[]){1, 0, 1}, (double[]){0.5, a2, 0.5});
    enum ending ending;
    TRY(proof_instances_ending(&instance, &ending));
    proof_step(proof, ending == ENDING_UNBOUNDED,
               "c = (1, 0, 1), from (1/2, %g, 1/2): the trajectory is %s, exactly", a2,
               ending_name(ending));
    return OK;
}

static enum status dead_layer_diverges(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    return diverges(0, proof);
}

static enum status silent_layer_diverges(const struct theorem *theorem, struct proof *proof)
{
    static const double SILENT = -0.75;
    (void)theorem;
    return diverges(SILENT, proof);
}

const struct proof_method proof_witness_dead_layer = {
    .gives = VERDICT_REFUTED,
    .label = "UN11",
    .scope = "c = (1, 0, 1), alpha = beta = 1, from (1/2, 0, 1/2)",
    .prove = dead_layer_diverges,
    .without = "a2(0) = 0",
    .control = silent_layer_diverges,
};
