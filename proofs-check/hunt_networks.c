/* Spaces of the statements about matrices: single hidden layers, deep networks, autoencoders.
 *
 * Inputs are white (Sigma_II = I), so that the target map W = Sigma_TI, the feedback matrices and the
 * start are what is free. */
#include "linear/registry.h"
#include "proofs-check/hunt_claim.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct hunt_architecture hidden[] = {
    {.rule = &rule_rbp, .size_count = 3, .sizes = {2, 1, 1}, .feedback = 1},
    {.rule = &rule_rbp, .size_count = 3, .sizes = {2, 2, 2}, .feedback = 4},
    {.rule = &rule_rbp, .size_count = 3, .sizes = {2, 3, 2}, .feedback = 6}};
static const struct hunt_architecture square_pair[] = {
    {.rule = &rule_rbp, .size_count = 3, .sizes = {2, 2, 2}, .feedback = 4}};
static const struct hunt_architecture deep[] = {
    {.rule = &rule_rbp, .size_count = 3, .sizes = {2, 2, 2}, .feedback = 4},
    {.rule = &rule_rbp, .size_count = 4, .sizes = {2, 2, 2, 2}, .feedback = 8}};
static const struct hunt_architecture autoencoders[] = {
    {.rule = &rule_rbp, .size_count = 3, .sizes = {2, 1, 2}, .feedback = 2},
    {.rule = &rule_rbp, .size_count = 3, .sizes = {3, 1, 3}, .feedback = 3}};
static const struct hunt_architecture adaptive_hidden[] = {
    {.rule = &rule_arbp, .size_count = 3, .sizes = {2, 1, 1}},
    {.rule = &rule_arbp, .size_count = 3, .sizes = {2, 2, 2}}};
static const struct hunt_architecture adaptive_deep[] = {
    {.rule = &rule_arbp, .size_count = 3, .sizes = {2, 2, 2}},
    {.rule = &rule_arbp, .size_count = 4, .sizes = {2, 2, 2, 2}}};
static const struct hunt_architecture gradient_hidden[] = {
    {.rule = &rule_bp, .size_count = 3, .sizes = {2, 1, 2}},
    {.rule = &rule_bp, .size_count = 3, .sizes = {2, 2, 2}}};

/* Every 2 x 2 block of the feedback of a network of width 2 is far from singular. */
static bool invertible(const struct instance *instance)
{
    enum { BLOCK = 4 };
    static const double LEAST = 0.01; /* of |det|: below it learning takes 1e4 times longer */
    const double *c = instance->problem.c;
    for (size_t k = 0; k + BLOCK <= instance->problem.c_count; k += BLOCK)
        if (!(fabs(c[k] * c[k + 3] - c[k + 1] * c[k + 2]) > LEAST))
            return false;
    return true;
}

/* The target map of a network of width 2 has rank 2. */
static bool full_target(const struct instance *instance)
{
    static const double LEAST = 0.01;
    const double *W = instance->problem.sigma_ti.near;
    return fabs(W[0] * W[3] - W[1] * W[2]) > LEAST;
}

static bool some_feedback(const struct instance *instance)
{
    double most = 0;
    for (size_t i = 0; i < instance->problem.c_count; i++)
        most = fmax(most, fabs(instance->problem.c[i]));
    return most > 0;
}

static const struct hunt_hypothesis regular[] = {
    {.says = "all C_i invertible, |det| > 1/100", .meets = invertible}};
static const struct hunt_hypothesis regular_target[] = {
    {.says = "C1 invertible, |det| > 1/100", .meets = invertible},
    {.says = "W invertible, |det| > 1/100", .meets = full_target}};
static const struct hunt_hypothesis driven[] = {{.says = "C != 0", .meets = some_feedback}};

#define SPACE(of, where, given)                                                                    \
    {                                                                                              \
        .system = &system_##of, .architecture = (where), .architectures = COUNT(where),            \
        .varies = {[HUNT_FEEDBACK] = true, [HUNT_MAP] = true, [HUNT_START] = true},                \
        .hypothesis = (given), .hypotheses = COUNT(given)                                          \
    }
#define FREE_SPACE(of, where)                                                                      \
    {                                                                                              \
        .system = &system_##of, .architecture = (where), .architectures = COUNT(where),            \
        .varies = {                                                                                \
            [HUNT_FEEDBACK] = true,                                                                \
            [HUNT_MAP] = true,                                                                     \
            [HUNT_START] = true                                                                    \
        }                                                                                          \
    }
#define CODING_SPACE                                                                               \
    {                                                                                              \
        .system = &system_autoencoder, .architecture = autoencoders,                               \
        .architectures = COUNT(autoencoders),                                                      \
        .varies = {[HUNT_FEEDBACK] = true, [HUNT_START] = true}, .hypothesis = driven,             \
        .hypotheses = COUNT(driven)                                                                \
    }

static const struct hunt_claim claims[] = {
    {.id = "t6-map", .space = CODING_SPACE, .margin = &hunt_margin_convergence},
    {.id = "t6-positive-root", .space = CODING_SPACE, .margin = &hunt_margin_convergence},
    {.id = "t8-partial", .space = FREE_SPACE(hidden, hidden), .margin = &hunt_margin_convergence},
    {.id = "t8-descent", .space = FREE_SPACE(hidden, hidden)},
    {.id = "t8-no-cycle", .space = FREE_SPACE(hidden, hidden), .margin = &hunt_margin_convergence},
    {.id = "t10-converges",
     .space = SPACE(hidden, square_pair, regular_target),
     .margin = &hunt_margin_convergence},
    {.id = "deep-learns", .space = SPACE(deep, deep, regular), .margin = &hunt_margin_convergence},
    {.id = "deep-weights-converge",
     .space = SPACE(deep, deep, regular),
     .margin = &hunt_margin_convergence},
    {.id = "networks-bp-hidden",
     .space = FREE_SPACE(deep, gradient_hidden),
     .margin = &hunt_margin_convergence,
     .almost = true},
    {.id = "networks-arbp-optimum-published",
     .space = FREE_SPACE(deep, adaptive_hidden),
     .margin = &hunt_margin_convergence,
     .almost = true},
    {.id = "networks-arbp-converges-published",
     .space = FREE_SPACE(deep, adaptive_deep),
     .margin = &hunt_margin_convergence,
     .almost = true},
};

const struct hunt_chapter hunt_chapter_networks = {
    .kind = HUNT_THEOREM, .claim = claims, .claims = COUNT(claims)};
