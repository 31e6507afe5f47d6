/* Theorem 3, A[1,1,1,1] under srbp: a1' = c1 e, a2' = c2 a1 e, a3' = a1 a2 e.
 *
 * The published remark calls c2 = 0 a trivial case; it is not: with a2(0) = 0 as well the weights
 * diverge linearly (notes/chains.md, (L3)).  With c2 = 0 and a2(0) != 0 the chain is a shorter one
 * with unequal rates, and converges. */
#include "linear/registry.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

static const double LIMIT_BOUND = 1e-10; /* the promise of the project for limits */
static const double ERROR_BOUND = 1e-10; /* of alpha - beta P at a limit */

enum { CORNERS = 4 };

/* Ordinary, seven roots, six sign changes, alpha = 0 on K = 0 (creeping like t^(-1/6)). */
static bool sample_nonzero_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    static const double start[CORNERS][3] = {
        {0.5, 0.5, 0.5}, {-3, 1.5, -1.375}, {-3.3, 2.445, 0.4890125}, {1, 0.5, 0.125}};
    static const double alpha[CORNERS] = {1, 0.1, 7, 0};
    if (index < CORNERS) {
        *instance = sample_chain(&rule_srbp, 3, (double[]){1, 1, 1}, start[index]);
        instance->problem.alpha = alpha[index];
    } else {
        *instance = sample_drawn_chain(stream, 3);
    }
    return true;
}

/* As published: c2 may be zero.  The first instance has c2 = a2(0) = 0. */
static bool sample_any_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    if (index == 0)
        *instance = sample_chain(&rule_srbp, 3, (double[]){1, 0, 1}, (double[]){0.5, 0, 0.5});
    else
        *instance = sample_drawn_chain(stream, 3);
    return true;
}

static bool sample_diverging(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 3);
    instance->problem.alpha = sample_nonzero(stream);
    instance->problem.c[1] = instance->x0[1] = 0;
    return true;
}

/* c2 = 0 with a2(0) != 0; the first instance is the worked one of (L3). */
static bool sample_reduced(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index == 0
                    ? sample_chain(&rule_srbp, 3, (double[]){1, 0, 1}, (double[]){0.5, -0.75, 0.5})
                    : sample_drawn_chain(stream, 3);
    instance->problem.c[1] = 0;
    if (index > 0)
        instance->x0[1] = sample_nonzero(stream);
    return true;
}

static bool sample_wrong_top(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 3);
    instance->problem.c[2] = -1;
    return true;
}

/* ---- the records ---- */

static const struct theorem records[] = {
    {
        .id = "t3-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 3",
        .hypotheses = "A[1,1,1,1] under srbp, beta > 0; any start, c2 = 0 being a trivial case",
        .statement = "From every start the weights converge to a global minimum",
        .label = "L3",
        .recorded = VERDICT_REFUTED,
        .trials = 200,
        .corners = 1,
        .bound = ERROR_BOUND,
        .sample = sample_any_feedback,
        .conclude = conclude_global_minimum,
        .control = {.what = "c2 = 0 = a2(0), alpha c1 != 0", .sample = sample_diverging},
        .proof = &proof_witness_dead_layer,
    },
    {
        .id = "t3-converges",
        .source = "corrects Baldi, Sadowski, Lu (2018); notes/chains.md",
        .hypotheses = "A[1,1,1,1] under srbp, beta > 0, c1 c2 != 0; any start",
        .statement = "From every start the weights converge to a global minimum",
        .label = "L1",
        .recorded = VERDICT_PROVED,
        .trials = 1000,
        .corners = CORNERS,
        .sweep = 40,
        .bound = ERROR_BOUND,
        .sample = sample_nonzero_feedback,
        .conclude = conclude_global_minimum,
        .control = {.what = "c2 = 0 = a2(0), alpha c1 != 0", .sample = sample_diverging},
        .proof = &proof_chain_converges,
    },
    {
        .id = "t3-limit",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 3, Eq. 42",
        .hypotheses = "A[1,1,1,1] under srbp, beta > 0, c1 c2 != 0; any start",
        .statement = "the limit is the next real root of a polynomial of degree 7 in the direction "
                     "of motion",
        .label = "L1",
        .recorded = VERDICT_PROVED,
        .trials = 1000,
        .corners = CORNERS,
        .sweep = 10,
        .bound = LIMIT_BOUND,
        .sample = sample_nonzero_feedback,
        .conclude = conclude_predicted_limit,
        .control = {.what = "the top layer learns with the wrong sign, judged by convergence",
                    .sample = sample_wrong_top,
                    .conclude = conclude_converges},
        .proof = &proof_chain_zero_ahead,
    },
    {
        .id = "t3-reduced",
        .source = "notes/chains.md",
        .hypotheses = "A[1,1,1,1] under srbp, beta > 0, c1 != 0, c2 = 0; any start with a2 != 0",
        .statement = "a2 stays, and the weights converge to a global minimum",
        .label = "L3",
        .recorded = VERDICT_PROVED,
        .trials = 500,
        .corners = 1,
        .sweep = 20,
        .bound = ERROR_BOUND,
        .sample = sample_reduced,
        .conclude = conclude_global_minimum,
        .control = {.what = "c2 = 0 = a2(0), alpha c1 != 0", .sample = sample_diverging},
        .proof = &proof_chain_zeros,
    },
};

const struct chapter chapter_theorem_3 = {
    .title = "Theorem 3: A[1,1,1,1]",
    .theorem = records,
    .theorems = sizeof records / sizeof *records,
};
