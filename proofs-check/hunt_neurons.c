/* Spaces of the statements about A[1,1,1] with powers for neurons, Theorem 11. */
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "proofs-check/hunt_claim.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define POWER(name, weights, exponent)                                                             \
    {                                                                                              \
        .rule = &rule_##name, .depth = 2, .feedback = (weights), .activation = &activation_power,  \
        .parameter = (exponent)                                                                    \
    }
static const struct hunt_architecture powers[] = {POWER(rbp, 1, 1), POWER(rbp, 1, 2),
                                                  POWER(rbp, 1, 3), POWER(rbp, 1, 4)};
static const struct hunt_architecture gradient[] = {POWER(bp, 0, 2), POWER(bp, 0, 3)};
static const struct hunt_architecture adaptive[] = {POWER(arbp, 0, 2), POWER(arbp, 0, 3)};

static bool right_sign(const struct instance *instance)
{
    return instance->problem.c[0] * instance->problem.alpha > 0;
}

#define BETA_POSITIVE                                                                              \
    {                                                                                              \
        .says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE       \
    }
static const struct hunt_hypothesis published[] = {
    BETA_POSITIVE,
    {.says = "alpha > 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "c1 > 0", .group = HUNT_FEEDBACK, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "a1(0), a2(0) >= 0",
     .group = HUNT_START,
     .index = HUNT_EVERY,
     .domain = HUNT_NOT_NEGATIVE}};
static const struct hunt_hypothesis corrected[] = {
    BETA_POSITIVE,
    {.says = "c1 alpha > 0", .meets = right_sign},
    {.says = "a1(0) > 0", .group = HUNT_START, .index = 0, .domain = HUNT_POSITIVE}};
static const struct hunt_hypothesis driven[] = {
    BETA_POSITIVE,
    {.says = "alpha != 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO},
    {.says = "c1 != 0", .group = HUNT_FEEDBACK, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO}};
static const struct hunt_hypothesis with_alpha[] = {
    BETA_POSITIVE,
    {.says = "alpha != 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO}};
static const struct hunt_hypothesis signal[] = {
    BETA_POSITIVE,
    {.says = "alpha != 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO},
    {.says = "a1(0) != 0", .group = HUNT_START, .index = 0, .domain = HUNT_NOT_ZERO}};

#define SPACE(where, given)                                                                        \
    {                                                                                              \
        .system = &system_chain, .architecture = (where), .architectures = COUNT(where),           \
        .varies = {[HUNT_ALPHA] = true,                                                            \
                   [HUNT_BETA] = true,                                                             \
                   [HUNT_FEEDBACK] = true,                                                         \
                   [HUNT_START] = true},                                                           \
        .hypothesis = (given), .hypotheses = COUNT(given)                                          \
    }

static const struct hunt_claim claims[] = {
    {.id = "t11-published", .space = SPACE(powers, published), .margin = &hunt_margin_convergence},
    {.id = "t11-converges", .space = SPACE(powers, corrected), .margin = &hunt_margin_convergence},
    {.id = "t11-limit", .space = SPACE(powers, corrected), .margin = &hunt_margin_convergence},
    {.id = "t11-no-cycles", .space = SPACE(powers, driven), .margin = &hunt_margin_convergence},
    {.id = "t11-bp-published",
     .space = SPACE(gradient, with_alpha),
     .margin = &hunt_margin_convergence},
    {.id = "t11-bp", .space = SPACE(gradient, signal), .margin = &hunt_margin_convergence},
    {.id = "t11-arbp", .space = SPACE(adaptive, signal), .margin = &hunt_margin_convergence},
};

const struct hunt_chapter hunt_chapter_neurons = {
    .kind = HUNT_THEOREM, .claim = claims, .claims = COUNT(claims)};
