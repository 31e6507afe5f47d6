/* Where a chain with neurons in its channel goes, without integrating it.
 *
 *   T = rho I without noise, any depth   P -> rho; the weights converge                 (Q2)
 *   two layers, P_1 and P_2 differ       no fixed point with P != 0; the weights grow   (Q5)
 *     P_1 between 0 and P_2, and sigma a_1 >= 0 at the start:
 *                                        a_2 ~ sqrt t, P -> P_1, not the minimum
 *     P_1 not between 0 and P_2, or the start beyond P_1 with sigma a_1 < 0:
 *                                        a_1 ~ t, P -> P_2, the minimum
 *     else a separatrix decides (Q7):    inconclusive
 *   deeper, or P_1 within rounding of 0 or P_2: inconclusive
 *
 * P_1 is the root of m_1, P_2 = alpha/beta that of the top layer, and sigma the sign of
 * c_1 (P_2 - P_1).  The roots are enclosed by bisection, and a sign counts only beyond rounding. */
#include "linear/channel_neurons.h"

#include <float.h>
#include <math.h>

static const char SOURCE[] = "notes/channel-neurons.md, (Q2), (Q5)";

/* Rates and top weight positive, every layer driven, no decay: what the theorems ask for. */
static bool is_covered(const struct problem *problem)
{
    const double *c = problem_feedback(problem);
    bool covered = problem->lambda == 0;
    for (size_t i = 0; i < problem->rate_count; i++)
        covered = covered && problem->rates[i] > 0;
    for (size_t i = 0; i < problem->c_count; i++)
        covered = covered && (i + 1 == problem->depth ? c[i] > 0 : c[i] != 0);
    return covered;
}

/* A number that lies in [low, high]. */
struct range {
    double low, high;
};

static double centre(const struct range *range)
{
    return range->low + (range->high - range->low) / 2;
}

/* The sign of a - b where all their points agree, else 0. */
static int order(const struct range *a, const struct range *b)
{
    return a->low > b->high ? 1 : a->high < b->low ? -1 : 0;
}

static struct range product_at(const struct flow *flow, const double *a)
{
    double P;
    flow->output(flow, a, &P);
    const double error = (double)flow->dim * DBL_EPSILON * fabs(P);
    return (struct range){.low = P - error, .high = P + error};
}

static void state_limit(const struct range *P, double *limit, struct prediction *out)
{
    limit[0] = centre(P);
    out->about = PREDICTION_OUTPUT;
    out->error = P->high - P->low;
}

static void predict_realizable(const struct flow *flow, const struct range *rho, const double *a0,
                               double *limit, struct prediction *out)
{
    const struct range P0 = product_at(flow, a0);
    if (order(&P0, rho) == 0) {
        out->reason = "starts within rounding of a fixed point";
        return;
    }
    state_limit(rho, limit, out);
    out->ending = ENDING_SETTLED;
    out->global_minimum = 1;
    out->loss = 0;
    out->reason = "on a null set of starts it creeps instead";
}

static void predict_growth(const struct flow *flow, const struct range *P, double exponent,
                           double *limit, struct prediction *out)
{
    state_limit(P, limit, out);
    out->ending = ENDING_UNBOUNDED;
    out->exponent = exponent;
    out->global_minimum = exponent == 1 ? 1 : 0;
    out->loss = exponent == 1 ? 0 : flow->loss(flow, (double[]){1, limit[0]});
}

/* What two layers want, and c_1. */
struct two_layers {
    struct range P_1, P_2;
    double c_1;
};

static void predict_two_layers(const struct flow *flow, const struct two_layers *pair,
                               const double *a0, double *limit, struct prediction *out)
{
    static const double LINEAR = 1, ROOT = 0.5; /* exponents of the growth */
    const struct range zero = {.low = 0, .high = 0}, P0 = product_at(flow, a0);
    const int gap = order(&pair->P_2, &pair->P_1), side = order(&pair->P_1, &zero);
    const double from_zero = pair->c_1 * gap * a0[0]; /* the sign of sigma a_1 */
    if (gap == 0)
        out->reason = "P1 and P2 agree to rounding";
    else if (side == 0)
        out->reason = "P1 vanishes to rounding";
    else if (side != gap || (from_zero < 0 && order(&P0, &pair->P_1) == gap))
        predict_growth(flow, &pair->P_2, LINEAR, limit, out);
    else if (from_zero >= 0)
        predict_growth(flow, &pair->P_1, ROOT, limit, out);
    else
        out->reason = "a separatrix decides between growth like t and like sqrt t";
}

static enum status predict(const struct problem *problem, const struct flow *flow, const double *a0,
                           double *limit, struct prediction *out)
{
    const size_t L = problem->depth;
    struct two_layers pair = {.c_1 = problem->c_count ? problem_feedback(problem)[0] : 1};
    struct range *rho = &pair.P_2;
    *out = prediction_none(SOURCE, "no theorem covers this case");
    if (!is_covered(problem) || !flow->loss)
        return OK;
    TRY(channel_neurons_wanted(flow, L - 1, &rho->low, &rho->high));
    out->reason = NULL;
    if (L == 1 || channel_neurons_realizable(flow)) {
        predict_realizable(flow, rho, a0, limit, out);
        return OK;
    }
    if (L > 2) {
        out->reason = "noisy targets and more than two layers: no theorem";
        return OK;
    }
    TRY(channel_neurons_wanted(flow, 0, &pair.P_1.low, &pair.P_1.high));
    predict_two_layers(flow, &pair, a0, limit, out);
    return OK;
}

enum status channel_neurons_predict(const struct problem *problem, const double *a0, double *limit,
                                    struct prediction *prediction)
{
    struct flow *flow;
    TRY(channel_neurons_flow(problem, &flow));
    enum status status = predict(problem, flow, a0, limit, prediction);
    flow_free(flow);
    return status;
}
