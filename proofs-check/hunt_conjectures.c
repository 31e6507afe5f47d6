/* Open questions, put as statements that one instance could refute.
 *
 * What is known of each, and what hunts have found: notes/open-questions.md, (HU7). */
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "proofs-check/hunt_claim.h"
#include "proofs-check/hunt_conclude.h"
#include "proofs-check/hunt_steps.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- architectures ---- */

#define TANH(name, layers, weights, data)                                                          \
    {                                                                                              \
        .rule = &rule_##name, .depth = (layers), .feedback = (weights),                            \
        .activation = &activation_tanh, .samples = (data)                                          \
    }
static const struct hunt_architecture pairs[] = {{.rule = &rule_rbp, .depth = 2, .feedback = 1}};
static const struct hunt_architecture saturating[] = {TANH(rbp, 2, 1, 3), TANH(rbp, 2, 1, 4)};
static const struct hunt_architecture saturating_two[] = {TANH(rbp, 2, 1, 2)};
static const struct hunt_architecture saturating_deep[] = {TANH(srbp, 3, 2, 3)};

#define NETWORK(name, count, ...)                                                                  \
    {                                                                                              \
        .rule = &rule_##name, .size_count = (count), .sizes = { __VA_ARGS__ }                      \
    }
static const struct hunt_architecture wide_traps[] = {NETWORK(arbp, 4, 1, 2, 2, 1),
                                                      NETWORK(arbp, 4, 1, 3, 3, 1)};
static const struct hunt_architecture adaptive_hidden[] = {
    NETWORK(arbp, 3, 2, 1, 2), NETWORK(arbp, 3, 2, 2, 2), NETWORK(arbp, 3, 2, 3, 2)};
static const struct hunt_architecture mirrors[] = {NETWORK(weight_mirror, 3, 2, 1, 2),
                                                   NETWORK(weight_mirror, 3, 2, 2, 2)};
static const struct hunt_architecture signs[] = {NETWORK(sign_symmetry, 3, 2, 2, 1),
                                                 NETWORK(sign_symmetry, 3, 2, 2, 2)};
static const struct hunt_architecture hidden_three[] = {
    {.rule = &rule_rbp, .size_count = 3, .sizes = {3, 3, 3}, .feedback = 9}};
static const struct hunt_architecture adaptive_deep[] = {{.rule = &rule_arbp, .depth = 4},
                                                         {.rule = &rule_arbp, .depth = 5}};
static const struct hunt_architecture adaptive_decaying[] = {{.rule = &rule_arbp, .depth = 3}};
static const struct hunt_architecture decaying[] = {
    {.rule = &rule_rbp, .depth = 10, .feedback = 9}};

/* ---- hypotheses ---- */

static const struct hunt_hypothesis beta_positive[] = {
    {.says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE}};
static const struct hunt_hypothesis driven[] = {
    {.says = "c1 != 0", .group = HUNT_FEEDBACK, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO}};
static const struct hunt_hypothesis regular[] = {
    {.says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "alpha != 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO},
    {.says = "c1 != 0", .group = HUNT_FEEDBACK, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO}};
static const struct hunt_hypothesis all_decay[] = {
    {.says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "all decays > 0", .group = HUNT_DECAYS, .index = HUNT_EVERY, .domain = HUNT_POSITIVE}};
static const struct hunt_hypothesis decay[] = {
    {.says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "lambda > 0", .group = HUNT_DECAY, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "all c_i != 0", .group = HUNT_FEEDBACK, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO}};
static const struct hunt_hypothesis mirrored[] = {
    {.says = "lambda > 0", .group = HUNT_DECAY, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "sigma^2 > 0", .group = HUNT_MIRROR, .index = HUNT_EVERY, .domain = HUNT_POSITIVE}};

/* ---- spaces ---- */

#define IN(of, where, given)                                                                       \
    .system = &system_##of, .architecture = (where), .architectures = COUNT(where),                \
    .hypothesis = (given), .hypotheses = COUNT(given)
#define FREE_IN(of, where)                                                                         \
    .system = &system_##of, .architecture = (where), .architectures = COUNT(where)
#define SAMPLES                                                                                    \
    .varies = {                                                                                    \
        [HUNT_FEEDBACK] = true, [HUNT_INPUT] = true, [HUNT_TARGET] = true, [HUNT_START] = true}
#define DATA_OF_CHAINS                                                                             \
    .varies = {[HUNT_ALPHA] = true, [HUNT_BETA] = true, [HUNT_FEEDBACK] = true, [HUNT_START] = true}
#define MATRICES .varies = {[HUNT_FEEDBACK] = true, [HUNT_MAP] = true, [HUNT_START] = true}

/* Twice the unit: saturation matters where |a1 I| is above one. */
static const double SPREAD_OF_DATA = 2;
static const double EXPONENT_BOUND =
    0.01;                            /* of estimated exponents; 1/4 - 1/6 is eight times that */
static const double NOT_FLAT = 1e-5; /* a direction of descent that is none of rounding */

static const struct hunt_claim claims[] = {
    {.id = "tanh-minimum",
     .source = "after Baldi, Sadowski, Lu (2018), section 7: what holds for linear chains",
     .statement = "A[1,1,1] with tanh neurons under rbp, three or four samples: a trajectory that "
                  "settles does not settle at a saddle of the loss",
     .label = "HU7",
     .bound = NOT_FLAT,
     .conclude = hunt_conclude_minimum,
     .space = {IN(chain, saturating, driven), SAMPLES, .scale = SPREAD_OF_DATA},
     .margin = &hunt_margin_curvature},
    {.id = "tanh-minimum-two",
     .source = "notes/equilibria.md, (B20)",
     .statement = "the same with two samples",
     .label = "HU7",
     .bound = NOT_FLAT,
     .conclude = hunt_conclude_minimum,
     .space = {IN(chain, saturating_two, driven), SAMPLES, .scale = SPREAD_OF_DATA},
     .margin = &hunt_margin_curvature},
    {.id = "o1-wide-arbp",
     .source = "open question 1",
     .statement = "A[1,n,n,1] under arbp, n > 1: almost every start converges",
     .label = "HU7",
     .bound = 1,
     .conclude = conclude_converges,
     .space = {FREE_IN(deep, wide_traps), MATRICES},
     .margin = &hunt_margin_convergence,
     .almost = true},
    {.id = "o2-only-bonds",
     .source = "open question 2",
     .statement =
         "A[1,...,1] under arbp, four or five layers: what cycles has a trapped bond at the "
         "start",
     .label = "HU7",
     .bound = 0,
     .conclude = hunt_conclude_bonded,
     .space = {IN(chain, adaptive_deep, beta_positive),
               .varies = {[HUNT_ALPHA] = true, [HUNT_BETA] = true, [HUNT_START] = true}},
     .margin = &hunt_margin_convergence,
     .almost = true},
    {.id = "o2-long-bonds",
     .source = "open question 2, after what o2-only-bonds found",
     .statement =
         "A[1,...,1] under arbp, four or five layers: what cycles has a bond at the start, "
         "|a_p| < |c_p|, |c_q| < |a_q|, prod_(p<=j<q) c_j a_(j+1) < 0 for some p < q < L",
     .label = "HU7",
     .bound = 0,
     .conclude = hunt_conclude_long_bonded,
     .space = {IN(chain, adaptive_deep, beta_positive),
               .varies = {[HUNT_ALPHA] = true, [HUNT_BETA] = true, [HUNT_START] = true}},
     .margin = &hunt_margin_convergence,
     .almost = true},
    {.id = "o3-no-stable-cycle",
     .source = "open question 3",
     .statement = "A[1,1,1] with tanh neurons under rbp: no trajectory ends on a cycle",
     .label = "HU7",
     .bound = 0,
     .conclude = conclude_no_cycle,
     .space = {IN(chain, saturating, driven), SAMPLES, .scale = SPREAD_OF_DATA},
     .margin = &hunt_margin_cycle},
    {.id = "o3-one-wrong",
     .source = "open question 3",
     .statement = "A[1,1,1] with tanh neurons under rbp: no data have two wrong fixed points that "
                  "attract",
     .label = "HU7",
     .bound = 1,
     .conclude = hunt_conclude_one_wrong,
     .space = {IN(chain, saturating, driven), SAMPLES, .scale = SPREAD_OF_DATA}},
    {.id = "o5-ten-layers",
     .source = "open question 5",
     .statement = "A[1,...,1] under rbp with decay, ten layers: no trajectory cycles",
     .label = "HU7",
     .bound = 0,
     .conclude = conclude_no_cycle,
     .space = {IN(chain, decaying, decay),
               .varies = {[HUNT_ALPHA] = true,
                          [HUNT_BETA] = true,
                          [HUNT_FEEDBACK] = true,
                          [HUNT_DECAY] = true,
                          [HUNT_START] = true}},
     .margin = &hunt_margin_cycle},
    {.id = "o6-unequal-decays",
     .source = "open question 6",
     .statement =
         "A[1,1,1,1] under arbp with decays of their own for all five weights: every start "
         "converges",
     .label = "HU7",
     .bound = 1,
     .conclude = conclude_converges,
     .space =
         {IN(chain, adaptive_decaying, all_decay),
          .varies =
              {[HUNT_ALPHA] = true, [HUNT_BETA] = true, [HUNT_DECAYS] = true, [HUNT_START] = true}},
     .margin = &hunt_margin_cycle},
    {.id = "o8-growth-laws",
     .source = "open question 8",
     .statement = "A[1,1,1] with tanh neurons under rbp: what grows for ever grows like log t, "
                  "t^(1/4) or t^(1/6)",
     .label = "HU8",
     .bound = EXPONENT_BOUND,
     .conclude = hunt_conclude_growth_laws,
     .space = {IN(chain, saturating, driven), SAMPLES, .scale = SPREAD_OF_DATA}},
    {.id = "o9-deep-tanh",
     .source = "open question 9",
     .statement = "A[1,1,1,1] with tanh neurons under srbp, three samples: every start converges",
     .label = "HU7",
     .bound = 1,
     .conclude = conclude_converges,
     .space = {IN(chain, saturating_deep, driven), SAMPLES, .scale = SPREAD_OF_DATA},
     .margin = &hunt_margin_convergence},
    {.id = "o11-same-branch",
     .source = "open question 11",
     .statement =
         "A[1,1,1] under rbp: explicit steps, a tenth of the stable ones, lead to the same "
         "branch of fixed points as the flow",
     .label = "HU9",
     .bound = 0,
     .conclude = hunt_steps_same_branch,
     .space = {IN(chain, pairs, regular), DATA_OF_CHAINS},
     .margin = &hunt_steps_margin},
    {.id = "o11-stay-far",
     .source = "open question 11, after what o11-same-branch found",
     .statement = "the same, where the flow leads beyond the semistable fixed point",
     .label = "HU9",
     .bound = 0,
     .conclude = hunt_steps_stay_far,
     .space = {IN(chain, pairs, regular), DATA_OF_CHAINS},
     .margin = &hunt_steps_margin},
    {.id = "m1-hidden-weights",
     .source = "open question (i) on matrices",
     .statement = "A[3,3,3] under rbp, any C1, W and start: the weights converge",
     .label = "HU7",
     .bound = 1,
     .conclude = conclude_converges,
     .space = {FREE_IN(hidden, hidden_three), MATRICES},
     .margin = &hunt_margin_convergence},
    {.id = "m2-adaptive-hidden",
     .source = "open question (ii) on matrices",
     .statement = "one hidden layer under arbp: every start converges",
     .label = "HU7",
     .bound = 1,
     .conclude = conclude_converges,
     .space = {FREE_IN(deep, adaptive_hidden), MATRICES},
     .margin = &hunt_margin_convergence},
    {.id = "m3-mirror",
     .source = "open question (iii) on matrices",
     .statement = "one hidden layer under the weight mirror: every start converges",
     .label = "HU7",
     .bound = 1,
     .conclude = conclude_converges,
     .space =
         {IN(deep, mirrors, mirrored),
          .varies =
              {[HUNT_DECAY] = true, [HUNT_MIRROR] = true, [HUNT_MAP] = true, [HUNT_START] = true}},
     .margin = &hunt_margin_convergence},
    {.id = "m3-signs",
     .source = "open question (iii) on matrices",
     .statement = "one hidden layer under sign symmetry: almost every start converges",
     .label = "HU7",
     .bound = 1,
     .conclude = conclude_converges,
     .space = {FREE_IN(deep, signs), MATRICES},
     .margin = &hunt_margin_convergence,
     .almost = true},
};

const struct hunt_chapter hunt_chapter_conjectures = {
    .kind = HUNT_CONJECTURE, .claim = claims, .claims = COUNT(claims)};
