/* Spaces of the statements about chains whose feedback learns: adaptive, mirrored, signs, decay. */
#include "linear/registry.h"
#include "proofs-check/hunt_claim.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define LAYERS(name, layers)                                                                       \
    {                                                                                              \
        .rule = &rule_##name, .depth = (layers)                                                    \
    }
static const struct hunt_architecture adaptive_pair[] = {LAYERS(arbp, 2)};
static const struct hunt_architecture adaptive_three[] = {LAYERS(arbp, 3)};
static const struct hunt_architecture adaptive_deep[] = {LAYERS(arbp, 3), LAYERS(arbp, 4),
                                                         LAYERS(arbp, 5)};
static const struct hunt_architecture skipped[] = {LAYERS(asrbp, 2), LAYERS(asrbp, 3),
                                                   LAYERS(asrbp, 4)};
static const struct hunt_architecture mirrors[] = {LAYERS(weight_mirror, 2),
                                                   LAYERS(weight_mirror, 3)};
static const struct hunt_architecture signs_pair[] = {LAYERS(sign_symmetry, 2)};
static const struct hunt_architecture signs[] = {LAYERS(sign_symmetry, 2), LAYERS(sign_symmetry, 3),
                                                 LAYERS(sign_symmetry, 4)};
static const struct hunt_architecture decaying[] = {LAYERS(kolen_pollack, 3),
                                                    LAYERS(kolen_pollack, 4)};

/* ---- hypotheses ---- */

/* |a1| < |c1|, |c2| < |a2|, c1 a2 < 0 */
static bool off_trap(const struct instance *instance)
{
    const double *a = instance->x0, *c = a + instance->problem.depth;
    return !(fabs(a[0]) <= fabs(c[0]) && fabs(c[1]) <= fabs(a[1]) && c[0] * a[1] <= 0);
}

/* "Off null sets": no number is zero, no two of a pair have one modulus. */
static bool off_null_sets(const struct instance *instance)
{
    const size_t L = instance->problem.depth;
    for (size_t i = 0; i < instance->dim; i++)
        for (size_t j = 0; j < i; j++)
            if (instance->x0[i] == 0 || fabs(instance->x0[i]) == fabs(instance->x0[j]))
                return false;
    return instance->x0[0] != 0 && L > 0;
}

/* a_i^2 != c_i^2 for all i < L. */
static bool unequal_squares(const struct instance *instance)
{
    const size_t L = instance->problem.depth;
    for (size_t i = 0; i + 1 < L; i++)
        if (fabs(instance->x0[i]) == fabs(instance->x0[L + i]))
            return false;
    return true;
}

/* Two layers: |a2| != a1^2/2, where the origin is reached, (R15). */
static bool off_origin(const struct instance *instance)
{
    const double *a = instance->x0;
    return fabs(a[1]) != a[0] * a[0] / 2;
}

/* lambda > lambda_c = L |alpha| m^(L-2)/(2L-2), m^L = (L-2) |alpha|/((2L-2) beta) */
static bool beyond_fold(const struct instance *instance)
{
    const double L = (double)instance->problem.depth, alpha = fabs(instance->problem.alpha);
    const double m = pow((L - 2) * alpha / ((2 * L - 2) * instance->problem.beta), 1 / L);
    return instance->problem.lambda > L * alpha * pow(m, L - 2) / (2 * L - 2);
}

/* All moduli at most M with M^(L-2) (|alpha| + beta M^L) < lambda. */
static bool small_start(const struct instance *instance)
{
    const double L = (double)instance->problem.depth;
    double M = 0;
    for (size_t i = 0; i < instance->dim; i++)
        M = fmax(M, fabs(instance->x0[i]));
    return pow(M, L - 2) * (fabs(instance->problem.alpha) + instance->problem.beta * pow(M, L)) <
           instance->problem.lambda;
}

#define BETA_POSITIVE                                                                              \
    {                                                                                              \
        .says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE       \
    }
#define ALPHA_NOT_ZERO                                                                             \
    {                                                                                              \
        .says = "alpha != 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO    \
    }
#define DECAY_POSITIVE                                                                             \
    {                                                                                              \
        .says = "lambda > 0", .group = HUNT_DECAY, .index = HUNT_EVERY, .domain = HUNT_POSITIVE    \
    }
#define PREDICATE(words, function)                                                                 \
    {                                                                                              \
        .says = (words), .meets = (function)                                                       \
    }
static const struct hunt_hypothesis only_beta[] = {BETA_POSITIVE};
static const struct hunt_hypothesis signal[] = {BETA_POSITIVE, ALPHA_NOT_ZERO};
static const struct hunt_hypothesis free_three[] = {
    BETA_POSITIVE, ALPHA_NOT_ZERO, PREDICATE("off the trap", off_trap),
    PREDICATE("off null sets: no zeros, no equal moduli", off_null_sets)};
static const struct hunt_hypothesis unequal[] = {BETA_POSITIVE, ALPHA_NOT_ZERO,
                                                 PREDICATE("a_i^2 != c_i^2", unequal_squares)};
static const struct hunt_hypothesis mirrored[] = {
    BETA_POSITIVE,
    ALPHA_NOT_ZERO,
    DECAY_POSITIVE,
    {.says = "sigma^2 > 0", .group = HUNT_MIRROR, .index = HUNT_EVERY, .domain = HUNT_POSITIVE}};
static const struct hunt_hypothesis signed_pair[] = {BETA_POSITIVE, ALPHA_NOT_ZERO,
                                                     PREDICATE("|a2| != a1^2/2", off_origin)};
static const struct hunt_hypothesis fold[] = {BETA_POSITIVE, DECAY_POSITIVE,
                                              PREDICATE("lambda > lambda_c", beyond_fold)};
static const struct hunt_hypothesis small[] = {
    BETA_POSITIVE, DECAY_POSITIVE, PREDICATE("M^(L-2) (|alpha| + beta M^L) < lambda", small_start)};

#define SPACE(where, given, ...)                                                                   \
    {                                                                                              \
        .system = &system_chain, .architecture = (where), .architectures = COUNT(where),           \
        .varies = {[HUNT_ALPHA] = true, [HUNT_BETA] = true, [HUNT_START] = true, __VA_ARGS__},     \
        .hypothesis = (given), .hypotheses = COUNT(given)                                          \
    }
#define NOTHING_ELSE [HUNT_DECAY] = false

static const struct hunt_claim claims[] = {
    {.id = "sym-converges",
     .space = SPACE(adaptive_pair, only_beta, NOTHING_ELSE),
     .margin = &hunt_margin_convergence,
     .swept = true},
    {.id = "sym-limit",
     .space = SPACE(adaptive_pair, signal, NOTHING_ELSE),
     .margin = &hunt_margin_convergence,
     .swept = true,
     .almost = true},
    {.id = "arbp-deep-published",
     .space = SPACE(adaptive_deep, only_beta, NOTHING_ELSE),
     .margin = &hunt_margin_convergence,
     .swept = true,
     .almost = true},
    {.id = "arbp-free",
     .space = SPACE(adaptive_three, free_three, NOTHING_ELSE),
     .margin = &hunt_margin_convergence,
     .swept = true,
     .almost = true},
    {.id = "asrbp-limit",
     .space = SPACE(skipped, unequal, NOTHING_ELSE),
     .margin = &hunt_margin_convergence},
    {.id = "asrbp-any-start",
     .space = SPACE(skipped, only_beta, NOTHING_ELSE),
     .margin = &hunt_margin_convergence},
    {.id = "mirror-converges",
     .space = SPACE(mirrors, mirrored, [HUNT_DECAY] = true, [HUNT_MIRROR] = true),
     .margin = &hunt_margin_convergence,
     .almost = true},
    {.id = "signs-limit",
     .space = SPACE(signs_pair, signed_pair, NOTHING_ELSE),
     .margin = &hunt_margin_convergence},
    {.id = "signs-deep",
     .space = SPACE(signs, signal, NOTHING_ELSE),
     .margin = &hunt_margin_convergence,
     .almost = true},
    {.id = "signs-loss", .space = SPACE(signs, only_beta, NOTHING_ELSE)},
    {.id = "kp-beyond-fold",
     .space = SPACE(decaying, fold, [HUNT_DECAY] = true),
     .margin = &hunt_margin_convergence},
    {.id = "kp-small-starts",
     .space = SPACE(decaying, small, [HUNT_DECAY] = true),
     .margin = &hunt_margin_convergence},
};

const struct hunt_chapter hunt_chapter_adaptive = {
    .kind = HUNT_THEOREM, .claim = claims, .claims = COUNT(claims)};
