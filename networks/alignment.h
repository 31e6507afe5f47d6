/* Angles between a rule's learning channel and backpropagation's, at the state at hand.
 *
 * weight angle      C_l and W_(l+1)' (layered), the path and (W_L ... W_(l+1))' (skipped)
 * delta angle       D_l of the rule and D_l of backpropagation, flattened over the batch
 * gradient angle    F(W_l) of both, each layer and all together
 * One-step angles (C_l and W_(l+1)' applied to the same signal above) understate nothing but say less
 * where there are several hidden layers; they are not given.
 * Units: degrees, in [0, 180]; NAN where a vector is zero.  Interfaces l = 1..L-1 belong to the pair
 * (C_l, W_(l+1)); there is none below the first layer.
 * Memory: alignment_create() makes scratch, freed by alignment_free() (NULL is allowed).
 * Source: Baldi, Sadowski, Lu (2018); Lillicrap et al. (2016); notes/minibatch.md. */
#ifndef NETWORKS_ALIGNMENT_H
#define NETWORKS_ALIGNMENT_H

#include "networks/learner.h"

struct alignment; /* opaque scratch */

struct alignment_layer {
    double weight_angle, delta_angle, gradient_angle;
    double norm_ratio;       /* |C_l| / |W_(l+1)| */
    double sign_concordance; /* share of entries of equal sign */
    double saturated;        /* share of |x| > 0.97 among the outputs X_l */
};

/* samples: most in one measurement, at most learner->plan.batch. */
enum status alignment_create(const struct learner *learner, size_t samples,
                             struct alignment **alignment) MUST_CHECK;
void alignment_free(struct alignment *alignment);

/* layer[1..L]; returns the angle of the whole fields of W. */
double alignment_measure(struct alignment *alignment, struct learner *learner,
                         const struct array *inputs, const struct array *targets,
                         struct alignment_layer *layer);

#endif
