/* A middle weight below zero kills a deep chain of ReLUs: h_(i-1) >= 0 makes a_i h_(i-1) <= 0 for
 * every sample, so nothing passes upwards, and its slope 0 lets nothing pass downwards: an open set
 * of fixed points, (X22).  Skipped feedback still reaches the layers below, which then grow;
 * nothing is said of that here. */
#include "nonlinear/relu_prediction.h"

#include <string.h>

enum status relu_predict(const struct problem *problem, const double *a0, double *limit,
                         struct prediction *prediction)
{
    bool dead = false, passes = a0[0] != 0;
    for (size_t i = 1; i + 1 < problem->depth && passes; i++) {
        dead = dead || a0[i] < 0;
        passes = a0[i] > 0; /* at 0 the slope is that of the right, and signals pass downwards */
    }
    *prediction = prediction_none("notes/nonlinear.md, (X22)", "no theorem for this start");
    if (!dead || problem->rule->channel != CHANNEL_LAYERED)
        return OK;
    memcpy(limit, a0, problem->depth * sizeof *limit);
    prediction->ending = ENDING_SETTLED;
    prediction->multiplicity = 1;
    prediction->error = 0;
    prediction->reason = "a dead neuron: nothing moves, here and nearby";
    return OK;
}
