/* Spaces of the statements about chains and fans with fixed feedback, and under gradient descent.
 *
 * Each space says what the statement says: its architectures, its free numbers and its hypotheses.
 * Here is no witness, and nothing that was drawn: compare with the samplers of theorem_2.c to
 * theorem_5.c, which this file does not see. */
#include "linear/registry.h"
#include "proofs-check/hunt_claim.h"
#include "proofs-check/hunt_conclude.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- architectures ---- */

#define CHAIN(name, layers)                                                                        \
    {                                                                                              \
        .rule = &rule_##name, .depth = (layers), .feedback = (layers)-1                            \
    }
static const struct hunt_architecture two_layers[] = {CHAIN(rbp, 2)};
static const struct hunt_architecture three_layers[] = {CHAIN(srbp, 3)};
static const struct hunt_architecture any_depth[] = {CHAIN(rbp, 2), CHAIN(rbp, 3),  CHAIN(srbp, 3),
                                                     CHAIN(rbp, 4), CHAIN(srbp, 4), CHAIN(srbp, 5)};
static const struct hunt_architecture layered[] = {CHAIN(rbp, 2), CHAIN(rbp, 3), CHAIN(rbp, 4)};
static const struct hunt_architecture skipped[] = {CHAIN(srbp, 2), CHAIN(srbp, 3), CHAIN(srbp, 4)};
static const struct hunt_architecture decaying[] = {CHAIN(rbp, 3), CHAIN(rbp, 4), CHAIN(rbp, 5),
                                                    CHAIN(rbp, 6), CHAIN(rbp, 9)};

#define GRADIENT(layers)                                                                           \
    {                                                                                              \
        .rule = &rule_bp, .depth = (layers)                                                        \
    }
static const struct hunt_architecture gradient[] = {GRADIENT(2), GRADIENT(3), GRADIENT(4)};

#define FAN(name, units, weights)                                                                  \
    {                                                                                              \
        .rule = &rule_##name, .size_count = 3, .sizes = {1, units, 1}, .feedback = (weights)       \
    }
static const struct hunt_architecture fans[] = {FAN(rbp, 1, 1), FAN(rbp, 2, 2), FAN(rbp, 3, 3)};
static const struct hunt_architecture gradient_fans[] = {FAN(bp, 1, 0), FAN(bp, 2, 0)};

/* ---- hypotheses ---- */

#define BETA_POSITIVE                                                                              \
    {                                                                                              \
        .says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE       \
    }
#define FEEDBACK_NOT_ZERO                                                                          \
    {                                                                                              \
        .says = "all c_i != 0", .group = HUNT_FEEDBACK, .index = HUNT_EVERY,                       \
        .domain = HUNT_NOT_ZERO                                                                    \
    }
#define PREDICATE(words, function)                                                                 \
    {                                                                                              \
        .says = (words), .meets = (function)                                                       \
    }

static double c_of(const struct instance *instance, size_t i)
{
    return instance->problem.c[i];
}

static bool first_congruent(const struct instance *instance)
{
    return c_of(instance, 0) * instance->x0[1] > 0;
}

/* K = c1 a2 - a1^2/2 */
static bool upper_leaf(const struct instance *instance)
{
    const double *a = instance->x0;
    return c_of(instance, 0) * a[1] - a[0] * a[0] / 2 >= 0;
}

static bool is_small(const struct instance *instance)
{
    return fabs(c_of(instance, 0) * instance->x0[1]) < instance->x0[0] * instance->x0[0];
}

static bool second_quadrant(const struct instance *instance)
{
    return instance->x0[0] < 0 && instance->x0[1] > 0 && c_of(instance, 0) > 0;
}

/* The published word is "small"; a tenth of the weights is. */
static bool small_feedback(const struct instance *instance)
{
    static const double SMALL = 0.1;
    for (size_t i = 0; i < instance->dim; i++)
        if (!(fabs(c_of(instance, 0)) <= SMALL * fabs(instance->x0[i])))
            return false;
    return instance->dim > 0;
}

/* |c1 a2 a3| < a1^2 (a2^2 + c2 a3) */
static bool is_small_of_three(const struct instance *instance)
{
    const double *a = instance->x0, c1 = c_of(instance, 0), c2 = c_of(instance, 1);
    return fabs(c1 * a[1] * a[2]) < a[0] * a[0] * (a[1] * a[1] + c2 * a[2]);
}

static bool small_and_congruent(const struct instance *instance)
{
    static const double SMALL = 0.1;
    const double *a = instance->x0;
    return fabs(c_of(instance, 0)) <= SMALL * fmin(fabs(a[0]), fmin(fabs(a[1]), fabs(a[2]))) &&
           c_of(instance, 0) != 0 && c_of(instance, 1) * a[2] > 0;
}

/* sign c_i = sign a_(i+1) for all i. */
static bool signs_next(const struct instance *instance)
{
    for (size_t i = 0; i + 1 < instance->dim; i++)
        if (!(c_of(instance, i) * instance->x0[i + 1] > 0))
            return false;
    return true;
}

/* sign c_i = sign prod_(k>i) a_k for all i. */
static bool signs_above(const struct instance *instance)
{
    double product = 1;
    for (size_t i = instance->dim - 1; i > 0; i--) {
        product *= instance->x0[i];
        if (!(c_of(instance, i - 1) * product > 0))
            return false;
    }
    return true;
}

static bool all_positive(const struct instance *instance)
{
    return instance->x0[0] > 0 && instance->x0[1] > 0 && c_of(instance, 0) > 0;
}

static bool unique_smallest(const struct instance *instance)
{
    double least = INFINITY, next = INFINITY;
    for (size_t i = 0; i < instance->dim; i++) {
        const double size = fabs(instance->x0[i]);
        next = fmin(next, fmax(size, least));
        least = fmin(least, size);
    }
    return least < next;
}

static bool some_feedback(const struct instance *instance)
{
    for (size_t i = 0; i < instance->problem.c_count; i++)
        if (c_of(instance, i) != 0)
            return true;
    return false;
}

/* Fans: a1..aN, b1..bN. */
static bool fan_congruent(const struct instance *instance)
{
    const size_t N = instance->dim / 2;
    for (size_t i = 0; i < N; i++)
        if (!(c_of(instance, i) * instance->x0[N + i] >= 0))
            return false;
    return some_feedback(instance);
}

static const struct hunt_hypothesis only_beta[] = {BETA_POSITIVE};
/* Theorem 3 as published: c2 = 0 is called trivial. */
static const struct hunt_hypothesis first_not_zero[] = {
    BETA_POSITIVE,
    {.says = "c1 != 0", .group = HUNT_FEEDBACK, .index = 0, .domain = HUNT_NOT_ZERO}};
static const struct hunt_hypothesis standard[] = {BETA_POSITIVE, FEEDBACK_NOT_ZERO};
static const struct hunt_hypothesis congruent_pair[] = {BETA_POSITIVE,
                                                        PREDICATE("c1 a2 > 0", first_congruent)};
static const struct hunt_hypothesis leaf_above[] = {BETA_POSITIVE, FEEDBACK_NOT_ZERO,
                                                    PREDICATE("c1 a2 - a1^2/2 >= 0", upper_leaf)};
static const struct hunt_hypothesis dominated[] = {BETA_POSITIVE,
                                                   PREDICATE("|c1 a2| < a1^2", is_small)};
static const struct hunt_hypothesis quadrant[] = {
    BETA_POSITIVE, PREDICATE("a1 < 0 < a2, c1 > 0", second_quadrant)};
static const struct hunt_hypothesis weak[] = {BETA_POSITIVE, FEEDBACK_NOT_ZERO,
                                              PREDICATE("c1 small", small_feedback)};
static const struct hunt_hypothesis dominated_three[] = {
    BETA_POSITIVE, PREDICATE("|c1 a2 a3| < a1^2 (a2^2 + c2 a3)", is_small_of_three)};
static const struct hunt_hypothesis weak_three[] = {
    BETA_POSITIVE, PREDICATE("c1 small, c2 a3 > 0", small_and_congruent)};
static const struct hunt_hypothesis congruent_next[] = {
    BETA_POSITIVE, PREDICATE("sign c_i = sign a_(i+1)", signs_next)};
static const struct hunt_hypothesis congruent_above[] = {
    BETA_POSITIVE, PREDICATE("sign c_i = sign prod_(k>i) a_k", signs_above)};
static const struct hunt_hypothesis positive[] = {
    BETA_POSITIVE,
    {.says = "alpha > 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    PREDICATE("a1, a2, c1 > 0", all_positive)};
static const struct hunt_hypothesis smallest[] = {
    BETA_POSITIVE, PREDICATE("a unique smallest |a_i|", unique_smallest)};
static const struct hunt_hypothesis signal[] = {
    BETA_POSITIVE,
    {.says = "alpha != 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO}};
static const struct hunt_hypothesis fan_driven[] = {BETA_POSITIVE,
                                                    PREDICATE("c != 0", some_feedback)};
static const struct hunt_hypothesis fan_signs[] = {
    BETA_POSITIVE, PREDICATE("c_i b_i >= 0, c != 0", fan_congruent)};
static const struct hunt_hypothesis reduced[] = {
    BETA_POSITIVE,
    {.says = "c1 != 0", .group = HUNT_FEEDBACK, .index = 0, .domain = HUNT_NOT_ZERO},
    {.says = "c2 = 0", .group = HUNT_FEEDBACK, .index = 1, .domain = HUNT_ZERO},
    {.says = "a2(0) != 0", .group = HUNT_START, .index = 1, .domain = HUNT_NOT_ZERO}};
#define DECAY_POSITIVE                                                                             \
    {                                                                                              \
        .says = "lambda > 0", .group = HUNT_DECAY, .index = HUNT_EVERY, .domain = HUNT_POSITIVE    \
    }
#define ALPHA_NOT_ZERO                                                                             \
    {                                                                                              \
        .says = "alpha != 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO    \
    }
static const struct hunt_hypothesis decay[] = {BETA_POSITIVE, DECAY_POSITIVE, FEEDBACK_NOT_ZERO,
                                               ALPHA_NOT_ZERO};

/* ---- spaces ---- */

/* alpha, beta, c and the start. */
#define VARIES                                                                                     \
    .varies = {[HUNT_ALPHA] = true, [HUNT_BETA] = true, [HUNT_FEEDBACK] = true, [HUNT_START] = true}
#define VARIES_WITH_DECAY                                                                          \
    .varies = {[HUNT_ALPHA] = true,                                                                \
               [HUNT_BETA] = true,                                                                 \
               [HUNT_FEEDBACK] = true,                                                             \
               [HUNT_DECAY] = true,                                                                \
               [HUNT_START] = true}
#define SPACE(of, where, given)                                                                    \
    {                                                                                              \
        .system = &system_##of, .architecture = (where), .architectures = COUNT(where), VARIES,    \
        .hypothesis = (given), .hypotheses = COUNT(given)                                          \
    }
#define DECAY_SPACE(where, given)                                                                  \
    {                                                                                              \
        .system = &system_chain, .architecture = (where), .architectures = COUNT(where),           \
        VARIES_WITH_DECAY, .hypothesis = (given), .hypotheses = COUNT(given)                       \
    }

static const struct hunt_claim claims[] = {
    {.id = "t2-converges",
     .space = SPACE(chain, two_layers, standard),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t2-limit",
     .space = SPACE(chain, two_layers, standard),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t2-sign-change-published",
     .space = SPACE(chain, two_layers, standard),
     .conclude = hunt_conclude_turns,
     .margin = &hunt_margin_turns},
    {.id = "t2-sign-change",
     .space = SPACE(chain, two_layers, standard),
     .conclude = hunt_conclude_turns,
     .margin = &hunt_margin_turns},
    {.id = "t2-congruent-pointwise",
     .space = SPACE(chain, two_layers, congruent_pair),
     .margin = &hunt_margin_sensitivity},
    {.id = "t2-congruent-invariant-published",
     .space = SPACE(chain, two_layers, quadrant),
     .conclude = hunt_conclude_turns,
     .margin = &hunt_margin_turns},
    {.id = "t2-congruent-invariant",
     .space = SPACE(chain, two_layers, leaf_above),
     .conclude = hunt_conclude_turns,
     .margin = &hunt_margin_turns},
    {.id = "t2-small-feedback-published",
     .space = SPACE(chain, two_layers, weak),
     .margin = &hunt_margin_sensitivity},
    {.id = "t2-small-feedback",
     .space = SPACE(chain, two_layers, dominated),
     .margin = &hunt_margin_sensitivity},
    {.id = "t2-first-quadrant", .space = SPACE(chain, two_layers, positive)},
    {.id = "t2-no-limit-cycles",
     .space = SPACE(chain, two_layers, standard),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t3-published",
     .space = SPACE(chain, three_layers, first_not_zero),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t3-converges",
     .space = SPACE(chain, three_layers, standard),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t3-limit",
     .space = SPACE(chain, three_layers, standard),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t3-reduced",
     .space = SPACE(chain, three_layers, reduced),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t4-converges",
     .space = SPACE(chain, any_depth, standard),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t4-limit",
     .space = SPACE(chain, any_depth, standard),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t4-no-limit-cycles",
     .space = SPACE(chain, any_depth, standard),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t4-small-feedback-published",
     .space = SPACE(chain, three_layers, weak_three),
     .margin = &hunt_margin_sensitivity},
    {.id = "t4-small-feedback",
     .space = SPACE(chain, three_layers, dominated_three),
     .margin = &hunt_margin_sensitivity},
    {.id = "t4-congruent-published",
     .space = SPACE(chain, skipped, congruent_next),
     .margin = &hunt_margin_sensitivity},
    {.id = "t4-congruent-rbp",
     .space = SPACE(chain, layered, congruent_next),
     .margin = &hunt_margin_sensitivity},
    {.id = "t4-congruent-srbp",
     .space = SPACE(chain, skipped, congruent_above),
     .margin = &hunt_margin_sensitivity},
    {.id = "t5-converges",
     .space = SPACE(fan, fans, fan_driven),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t5-limit",
     .space = SPACE(fan, fans, fan_driven),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "t5-congruent", .space = SPACE(fan, fans, fan_signs)},
    {.id = "t5-bp-limit",
     .space = SPACE(fan, gradient_fans, signal),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "bp-every-start",
     .space = SPACE(chain, gradient, only_beta),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "bp-unique-minimum",
     .space = SPACE(chain, gradient, smallest),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "bp-limit",
     .space = SPACE(chain, gradient, smallest),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "bp-loss-monotone", .space = SPACE(chain, gradient, only_beta)},
    {.id = "rbp-loss-monotone", .space = SPACE(chain, two_layers, standard)},
    {.id = "decay-unique-equilibrium",
     .space = DECAY_SPACE(two_layers, decay),
     .margin = &hunt_margin_convergence},
    {.id = "decay-alignment",
     .space = DECAY_SPACE(two_layers, decay),
     .margin = &hunt_margin_convergence},
    {.id = "decay-long-chain", .space = DECAY_SPACE(decaying, decay), .margin = &hunt_margin_cycle},
};

const struct hunt_chapter hunt_chapter_chains = {
    .kind = HUNT_THEOREM, .claim = claims, .claims = COUNT(claims)};
