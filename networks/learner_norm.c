/* Weight normalisation: the weights that enter a neuron keep their length, or stay below it.
 *
 *   cap         w_i <- w_i min(1, rho |w_i(0)| / |w_i|)       projection  w_i <- w_i rho |w_i(0)| / |w_i|
 *
 * after every step, for each row w_i of every W_l; biases are left alone.  A row that starts as zero
 * stays zero.  Forward weights align with fixed feedback by what learning adds to them, and a random
 * part that may not grow hides less of it.
 * Source: Rahmansetayesh, Ghazizadeh, Marvasti, Neurocomputing (2024); (MB36). */
#include "networks/learner_parts.h"

#include <math.h>

void learner_keep_norms(struct learner *learner)
{
    double *norm = learner_parts_of(learner)->norm;
    for (size_t l = 1; l <= learner->plan.layers && norm; l++)
        for (size_t i = 0; i < learner->weight[l].rows; i++) {
            const struct array row = array_rows(&learner->weight[l], i, 1);
            *norm++ = array_norm(&row);
        }
}

void learner_normalise(struct learner *learner)
{
    const struct learner_plan *plan = &learner->plan;
    const double *norm = learner_parts_of(learner)->norm;
    for (size_t l = 1; l <= plan->layers && norm; l++)
        for (size_t i = 0; i < learner->weight[l].rows; i++) {
            struct array row = array_rows(&learner->weight[l], i, 1);
            const double most = plan->rho * *norm++, now = array_norm(&row);
            if (now > most || (now > 0 && plan->normalisation == NORMALISATION_PROJECTION))
                array_scale(most / now, &row);
        }
}
