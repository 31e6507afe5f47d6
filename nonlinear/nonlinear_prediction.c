/* Which theory covers a chain with activations.
 *
 *   no hidden layer, or identities    the linear chain of the same moments     linear/chain.h
 *   homogeneous neurons, two layers   Theorem 11 and its relatives             power_prediction.h
 *   ... without the derivative        the remark beside it                 underived_prediction.h
 *   whole powers, deeper              layered feedback, all derivatives        power_prediction.h
 *   tanh, erf; two layers             data without best weights           saturating_prediction.h
 *   ReLUs, deeper                     dead starts                              relu_prediction.h
 *
 * Everything else, weight decay first of all, is inconclusive, and says why. */
#include "nonlinear/nonlinear_prediction.h"

#include "linear/chain.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "nonlinear/power_data.h"
#include "nonlinear/power_prediction.h"
#include "nonlinear/relu_prediction.h"
#include "nonlinear/saturating_prediction.h"
#include "nonlinear/underived_prediction.h"

#include <math.h>

typedef enum status predictor(const struct problem *problem, const double *a0, double *limit,
                              struct prediction *prediction);

/* Do all hidden layers satisfy this? */
static bool all_layers(const struct problem *problem, bool (*holds)(const struct neurons *))
{
    bool all = true;
    for (size_t i = 0; i + 1 < problem->depth && problem->neuron_count > 0; i++) {
        const struct neurons neurons = activation_of_layer(problem, i);
        all = all && holds(&neurons);
    }
    return all;
}

static bool is_identity(const struct neurons *neurons)
{
    return neurons->activation == &activation_identity;
}

static bool is_relu(const struct neurons *neurons)
{
    return neurons->activation == &activation_relu;
}

static bool is_homogeneous(const struct neurons *neurons)
{
    return neurons->activation->degree != NULL;
}

/* The linear chain with E[T I] and E[I^2] in the place of samples. */
static enum status predict_linear(const struct problem *problem, const double *a0, double *limit,
                                  struct prediction *prediction)
{
    struct problem linear = *problem;
    struct ball alpha, beta;
    linear.neuron_count = 1;
    linear.neurons[0] = (struct neurons){.activation = &activation_identity};
    TRY(power_data_deep(&linear, &alpha, &beta));
    linear.system = &system_chain;
    linear.alpha = ball_centre(alpha);
    linear.beta = ball_centre(beta);
    linear.neuron_count = 0;
    linear.gaussian = 0;
    linear.teacher = (struct teacher){.scale = 0};
    linear.inputs.count = linear.targets.count = linear.sample_weights.count = 0;
    return chain_predict(&linear, a0, limit, prediction);
}

static const char *why_not(const struct problem *problem)
{
    if (problem->lambda != 0 || problem->decay_count > 0)
        return "no theorem for non-linear chains with weight decay";
    if (problem->biases)
        return "no theorem for chains with biases";
    return NULL;
}

static enum status predict_nothing(const struct problem *problem, const double *a0, double *limit,
                                   struct prediction *prediction)
{
    (void)a0, (void)limit;
    const bool taught = problem->teacher.neurons.activation && problem->depth == 2 &&
                        problem->teacher.neurons.activation == problem->neurons[0].activation;
    *prediction = prediction_none(
        "notes/nonlinear.md, (X10)",
        taught ? "the teacher's own weights are fixed points, but their basins are not known"
               : "no theorem for this chain");
    return OK;
}

/* Two layers. */
static predictor *shallow_predictor(const struct problem *problem)
{
    const struct rule *rule = problem->rule;
    const struct neurons neurons = activation_of_layer(problem, 0);
    const bool fixed = rule->direct != NULL;
    const bool steady = fixed || rule->feedback == FEEDBACK_TRANSPOSED;
    const bool tied = !fixed && (steady || rule->feedback == FEEDBACK_ADAPTIVE);
    if (fixed && is_homogeneous(&neurons))
        return problem->no_derivative ? underived_predict : power_predict;
    if (tied && is_homogeneous(&neurons) && !problem->no_derivative)
        return power_tied_predict;
    const bool derived = fixed || !problem->no_derivative;
    return steady && derived && saturating_covers(&neurons) ? saturating_predict : predict_nothing;
}

static predictor *deep_predictor(const struct problem *problem)
{
    const struct rule *rule = problem->rule;
    const bool layered = rule->channel == CHANNEL_LAYERED && !problem->no_derivative;
    if (all_layers(problem, is_relu) && layered && !problem_feedback_learns(rule))
        return relu_predict;
    return all_layers(problem, is_homogeneous) && layered && rule->direct ? power_deep_predict
                                                                          : predict_nothing;
}

enum status nonlinear_chain_predict(const struct problem *problem, const double *a0, double *limit,
                                    struct prediction *prediction)
{
    const char *reason = why_not(problem);
    const bool plain = !problem->biases && problem->decay_count == 0;
    if (plain && (problem->depth < 2 || all_layers(problem, is_identity)))
        return predict_linear(problem, a0, limit, prediction);
    if (reason) {
        *prediction = prediction_none("notes/nonlinear.md", reason);
        return OK;
    }
    return (problem->depth == 2 ? shallow_predictor : deep_predictor)(problem)(problem, a0, limit,
                                                                               prediction);
}
