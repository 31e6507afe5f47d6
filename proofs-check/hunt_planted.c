/* Statements that are false on purpose: can the hunter find why?
 *
 * They are subtle: false on a thousandth of the instances, for one sign of one number, and only from
 * four layers on.  They are no theorems, and no list shows them. */
#include "linear/registry.h"
#include "proofs-check/hunt_claim.h"
#include "proofs-check/hunt_conclude.h"
#include "proofs-check/sample_neurons.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct hunt_architecture two_layers[] = {
    {.rule = &rule_rbp, .depth = 2, .feedback = 1}};
static const struct hunt_architecture squares[] = {{.rule = &rule_rbp,
                                                    .depth = 2,
                                                    .feedback = 1,
                                                    .activation = &activation_power,
                                                    .parameter = 2}};
static const struct hunt_architecture chains[] = {{.rule = &rule_srbp, .depth = 2, .feedback = 1},
                                                  {.rule = &rule_srbp, .depth = 3, .feedback = 2},
                                                  {.rule = &rule_srbp, .depth = 4, .feedback = 3},
                                                  {.rule = &rule_srbp, .depth = 5, .feedback = 4}};

static const struct hunt_hypothesis driven[] = {
    {.says = "c1 != 0", .group = HUNT_FEEDBACK, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO}};
static const struct hunt_hypothesis beta_positive[] = {
    {.says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE}};
static const struct hunt_hypothesis of_squares[] = {
    {.says = "beta > 0", .group = HUNT_BETA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "alpha > 0", .group = HUNT_ALPHA, .index = HUNT_EVERY, .domain = HUNT_POSITIVE},
    {.says = "a1(0) > 0", .group = HUNT_START, .index = 0, .domain = HUNT_POSITIVE},
    {.says = "c1 != 0", .group = HUNT_FEEDBACK, .index = HUNT_EVERY, .domain = HUNT_NOT_ZERO}};

#define VARIES                                                                                     \
    .varies = {[HUNT_ALPHA] = true, [HUNT_BETA] = true, [HUNT_FEEDBACK] = true, [HUNT_START] = true}

static const struct hunt_claim claims[] = {
    {.id = "planted-window",
     .source = "planted",
     .statement =
         "A[1,1,1] under rbp, alpha = beta = 1, c1 != 0: no limit has |a1 - 17/16| < 0.045 "
         "while |c1 + 3/4| < 0.045 (false on about a thousandth of all instances)",
     .label = "HU5",
     .bound = 1,
     .conclude = hunt_conclude_off_window,
     .space = {.system = &system_chain,
               .architecture = two_layers,
               .architectures = COUNT(two_layers),
               .varies = {[HUNT_FEEDBACK] = true, [HUNT_START] = true},
               .hypothesis = driven,
               .hypotheses = COUNT(driven)}},
    {.id = "planted-sign",
     .source = "planted",
     .statement = "A[1,1,1] with quadratic neurons under rbp, alpha, beta > 0, c1 != 0, a1(0) > 0: "
                  "converges to a global minimum (false for c1 < 0)",
     .label = "HU5",
     .bound = 1e-9, /* of sqrt(2 excess loss), as in Theorem 11 */
     .conclude = sample_neurons_learns,
     .space = {.system = &system_chain,
               .architecture = squares,
               .architectures = COUNT(squares),
               VARIES,
               .hypothesis = of_squares,
               .hypotheses = COUNT(of_squares)},
     .margin = &hunt_margin_convergence},
    {.id = "planted-depth",
     .source = "planted",
     .statement =
         "A[1,...,1] under srbp, beta > 0: what grows for ever grows at most linearly (true "
         "for two and three layers, false from four on)",
     .label = "HU5",
     .bound = 1.5, /* between the exponents 1 and 2 */
     .conclude = hunt_conclude_linear_growth,
     .space = {.system = &system_chain,
               .architecture = chains,
               .architectures = COUNT(chains),
               VARIES,
               .hypothesis = beta_positive,
               .hypotheses = COUNT(beta_positive)},
     .swept = true},
};

const struct hunt_chapter hunt_chapter_planted = {
    .kind = HUNT_PLANTED, .claim = claims, .claims = COUNT(claims)};
