/* A chain of one layer is a gradient flow: it settles at alpha/beta. */
#include "linear/registry.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

static bool sample_one_layer(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 1);
    return true;
}

static bool sample_ascent(struct stream *stream, size_t index, struct instance *instance)
{
    (void)sample_one_layer(stream, index, instance);
    instance->problem.c[0] = -1; /* the hypothesis that is dropped: learning has the right sign */
    return true;
}

static const struct theorem records[] = {{
    .id = "one-layer",
    .source = "an example",
    .hypotheses = "A[1,1] under srbp, beta > 0; any start",
    .statement = "from every start the weight converges to alpha/beta",
    .label = "L1",
    .recorded = VERDICT_SUPPORTED,
    .trials = 200,
    .bound = 1e-10, /* of |alpha - beta a| at the limit: the promise of the project for limits */
    .sample = sample_one_layer,
    .conclude = conclude_global_minimum,
    .control = {.what = "the layer learns with the wrong sign", .sample = sample_ascent},
}};

const struct chapter chapter_one_layer = {
    .title = "One layer", .theorem = records, .theorems = 1};
