/* Which prediction belongs to which rule, for chains and fans whose channel is not simply given.
 *
 *   arbp, asrbp   two layers: (G2), against each other (G12); layered and skipped chains apart;
 *                 with decay: Kolen and Pollack's rule, notes/rules.md
 *   signs         A[1,1,1] without decay, (R14)
 *   mirror        nothing but starts at rest, (R13)
 *   bp on a fan   is arbp with c = b, (G2)
 *
 * Everything else goes to the generic network.  A question that no theorem answers gives an
 * inconclusive prediction that names the page it would belong to. */
#include "linear/adaptive.h"

#include "linear/network.h"

#include <math.h>

double adaptive_rate(const struct problem *problem, size_t i)
{
    return i < problem->rate_count ? problem->rates[i] : 1;
}

static bool all_rates_are_one(const struct problem *problem)
{
    for (size_t i = 0; i < problem->rate_count; i++)
        if (problem->rates[i] != 1)
            return false;
    return true;
}

static enum status inconclusive(const char *source, const char *reason, struct prediction *out)
{
    *out = prediction_none(source, reason);
    return OK;
}

static enum status predict_two_layers(const struct adaptive_network *network, const double *x0,
                                      double *limit, struct prediction *out)
{
    const struct problem *problem = network->problem;
    const bool gradient = problem->rule->feedback == FEEDBACK_TRANSPOSED;
    const double rho = adaptive_rate(problem, gradient ? 1 : 2);
    const double turn = adaptive_rate(problem, 0) * rho;
    if (turn > 0 && adaptive_rate(problem, 1) != 0)
        return adaptive_predict_pair(network, x0, limit, out);
    if (turn < 0 && !gradient)
        return adaptive_predict_opposed(network, x0, limit, out);
    return inconclusive("notes/adaptive.md, (G2)", "a rate vanishes", out);
}

static enum status predict_adaptive(const struct adaptive_network *network, const double *x0,
                                    double *limit, struct prediction *out)
{
    const struct problem *problem = network->problem;
    const bool skips = problem->rule->channel == CHANNEL_SKIPPED;
    if (problem->decay_count > 0)
        return inconclusive("notes/rules.md, (R16)", "decays that differ: no theorem", out);
    if (problem->lambda != 0 && skips && network->layers > 2)
        return inconclusive("notes/rules.md, (R10)", "asrbp with decay: no theorem", out);
    if ((problem->lambda != 0 || network->layers > 2) && !all_rates_are_one(problem))
        return inconclusive("notes/adaptive.md, (G1)", "rates that differ: no theorem", out);
    if (problem->lambda != 0)
        return adaptive_predict_decaying(network, x0, limit, out);
    if (network->layers == 2)
        return predict_two_layers(network, x0, limit, out);
    return skips ? adaptive_predict_skipped(network, x0, limit, out)
                 : adaptive_predict_layered(network, x0, limit, out);
}

/* (R13): where nothing moves, nothing is in doubt; else it is a conjecture. */
static enum status predict_mirror(const struct adaptive_network *network, const double *x0,
                                  double *limit, struct prediction *out)
{
    enum { DIM_MOST = 3 * PROBLEM_LIST_MAX };
    double f[DIM_MOST];
    struct flow *flow;
    *out = prediction_none("notes/rules.md, (R13)",
                           "that the weight mirror converges is a conjecture");
    TRY(problem_flow(network->problem, &flow));
    bool rests = flow->dim <= DIM_MOST && flow->field(flow, 1, x0, f) == OK;
    for (size_t i = 0; i < flow->dim && rests; i++)
        rests = f[i] == 0;
    for (size_t i = 0; i < flow->dim && rests; i++)
        limit[i] = x0[i];
    flow_free(flow);
    if (rests)
        out->reason = "starts on a fixed point; its stability is not predicted";
    return OK;
}

enum status adaptive_predict(const struct adaptive_network *network, const double *x0,
                             double *limit, struct prediction *prediction)
{
    const struct problem *problem = network->problem;
    const struct rule *rule = problem->rule;
    const bool decays = problem->lambda != 0 || problem->decay_count > 0;
    if (network->layers < 2 || rule->product)
        return network_predict(problem, x0, limit, prediction);
    switch (rule->feedback) {
    case FEEDBACK_ADAPTIVE:
        return predict_adaptive(network, x0, limit, prediction);
    case FEEDBACK_MIRROR:
        return predict_mirror(network, x0, limit, prediction);
    case FEEDBACK_SIGNS:
        if (network->layers == 2 && network->width == 1 && !decays && all_rates_are_one(problem))
            return adaptive_predict_signs(network, x0, limit, prediction);
        return inconclusive("notes/rules.md, (R14)",
                            "sign symmetry: the limit is known for A[1,1,1] without decay",
                            prediction);
    case FEEDBACK_TRANSPOSED:
        if (network->layers == 2 && !decays)
            return predict_two_layers(network, x0, limit, prediction);
        break;
    case FEEDBACK_DIRECT:
    case FEEDBACK_FIXED:
        break;
    }
    return network_predict(problem, x0, limit, prediction);
}
