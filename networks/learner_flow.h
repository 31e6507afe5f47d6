/* The learning equations of a network over a whole data set as a flow.
 *
 *   state' = field over all samples,     with the field of learner.h, in double
 *
 * It is the same learner_field() that training calls, so that comparing training with this flow
 * tests integrators; the moment-form flows of linear/ and the flows of nonlinear/ are the
 * independent way.
 * Shapes: the state of learner.h; inputs[count x N_0], targets[count x N_L], copied.
 * Memory: the flow owns its learner; freed by flow_free().
 * Errors: BAD_ARGUMENT for a rule whose steps follow no smooth equation; NO_MEMORY. */
#ifndef NETWORKS_LEARNER_FLOW_H
#define NETWORKS_LEARNER_FLOW_H

#include "networks/learner.h"
#include "ode/flow.h"

enum status learner_flow_create(const struct learner_plan *plan, size_t count, const double *inputs,
                                const double *targets, struct flow **flow) MUST_CHECK;

/* The learner of such a flow, as learner_initialise() made it: its state is a start, and fixed
 * feedback may be replaced before the flow is used. */
struct learner *learner_flow_network(const struct flow *flow);

#endif
