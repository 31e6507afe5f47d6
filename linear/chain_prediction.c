/* Where a linear chain goes, without integrating it.
 *
 *   direct feedback, no decay    next real root of the clock polynomial, notes/chains.md, (C1),
 * (L1), (L3)
 *   gradient descent, no decay   the weight of smallest modulus decides, (B1), (B2)
 *   decay, L <= 2                the unique equilibrium, (D1);  L >= 3: a conjecture, so
 * inconclusive
 *
 * The paper's reduction to a polynomial in a_1 was not used: it divides by c_1, and expanding it to
 * degree 2^L - 1 destroys its conditioning. */
#include "linear/chain.h"

#include "linear/adaptive.h"
#include "linear/channel_neurons.h"
#include "linear/prediction_clock.h"

#include <float.h>
#include <math.h>

/* ---- fixed direct feedback ---- */

/* The loss at the limit; exactly zero where alpha = beta P. */
static void note_limit(const struct flow *flow, const double *limit, bool error_is_zero,
                       struct prediction *out)
{
    out->global_minimum = error_is_zero ? 1 : 0;
    if (flow->loss)
        out->loss = error_is_zero ? 0 : flow->loss(flow, limit);
}

static void predict_rest(const struct flow *flow, const double *a0, const struct clock_root *root,
                         double *limit, struct prediction *out)
{
    for (size_t i = 0; i < flow->dim; i++)
        limit[i] = a0[i];
    prediction_of_rest(root, out);
}

static void predict_root(const struct chain_clock *clock, const struct clock_root *root,
                         double *limit, struct prediction *out)
{
    chain_at_clock(clock, root->s, limit, &out->error);
    prediction_of_root(root, ball_centre(root->derivative), out);
    out->clock = ball_centre(root->s);
}

/* Do all starts rest, (E26)? */
static bool never_moves(const struct flow *flow)
{
    const double *c = chain_direct_weights(flow);
    for (size_t i = 0; i < flow->dim; i++)
        if (c[i] != 0)
            return false;
    return true;
}

static void predict_frozen(const struct flow *flow, const double *a0, double *limit,
                           struct prediction *out)
{
    for (size_t i = 0; i < flow->dim; i++)
        limit[i] = a0[i];
    prediction_of_frozen(0, out);
    if (never_moves(flow)) {
        out->ending = ENDING_SETTLED;
        out->rate = NAN;
        out->reason = "all feedback vanishes: nothing moves, here and nearby";
    }
    note_limit(flow, limit, false, out);
}

/* No root: blow-up, growth, or a direction V that vanishes so that nothing ever moves. */
static enum status predict_no_root(const struct flow *flow, const struct chain_clock *clock,
                                   const struct clock_root *root, const double *a0, double *limit,
                                   struct prediction *out)
{
    if (clock->fastest == 0) {
        predict_frozen(flow, a0, limit, out);
        return OK;
    }
    out->clock = root->direction * INFINITY;
    prediction_of_growth(&clock->clock, root->direction, clock->fastest, out);
    return OK;
}

static enum status predict_direct(const struct problem *problem, const struct flow *flow,
                                  const double *a0, double *limit, struct prediction *out)
{
    struct chain_clock clock;
    struct clock_root root;
    chain_clock_init(&clock, problem, flow, a0);
    clock_first_root(&clock.clock, &root);
    *out = prediction_none(
        "Baldi, Sadowski, Lu (2018), Theorems 2-4; notes/chains.md, (C1), (L1), (L3)", NULL);
    switch (root.verdict) {
    case CLOCK_REST:
        predict_rest(flow, a0, &root, limit, out);
        return OK;
    case CLOCK_ROOT:
        predict_root(&clock, &root, limit, out);
        return OK;
    case CLOCK_NO_ROOT:
        return predict_no_root(flow, &clock, &root, a0, limit, out);
    case CLOCK_INCONCLUSIVE:
        break;
    }
    out->reason =
        "a double root, a near pair or a very deep chain: double-double balls cannot decide";
    return OK;
}

/* ---- gradient descent ---- */

/* Scaled weights b_i = a_i / sqrt(eta_i), (B4): b_i' = r e prod_{k!=i} b_k, r = prod sqrt(eta_k).
 * */
struct scaled {
    size_t L, tied;             /* tied: how many share the smallest modulus */
    size_t smallest;            /* one of them */
    double k[PROBLEM_LIST_MAX]; /* b_j^2 - min b^2 >= 0 */
    double target;              /* (rho / r)^2 = prod b_j^2 at the global minimum */
    double scale;               /* r */
};

/* eta_j a_i^2 - eta_i a_j^2 as a ball: its sign compares |b_i| and |b_j|. */
static struct ball compare_moduli(const double *a, const double *eta, size_t i, size_t j)
{
    const struct ball a_i = ball_of(a[i]), a_j = ball_of(a[j]);
    return ball_sub(ball_mul(ball_of(eta[j]), ball_mul(a_i, a_i)),
                    ball_mul(ball_of(eta[i]), ball_mul(a_j, a_j)));
}

/* Finds the smallest modulus and its ties; false if rounding hides whether two are equal. */
static bool scale_weights(const struct problem *problem, const double *a, const double *eta,
                          size_t L, struct scaled *scaled)
{
    size_t m = 0;
    for (size_t i = 1; i < L; i++)
        m = ball_sign(compare_moduli(a, eta, i, m)) < 0 ? i : m;
    *scaled = (struct scaled){.L = L, .smallest = m, .scale = 1};
    for (size_t i = 0; i < L; i++) {
        const struct ball difference = compare_moduli(a, eta, i, m);
        scaled->scale *= sqrt(eta[i]);
        scaled->k[i] = ball_centre(difference) / (eta[i] * eta[m]);
        if (i != m && ball_sign(difference) == 0 && !ball_is_zero(difference))
            return false;
        scaled->tied += i == m || ball_is_zero(difference);
    }
    const double rho = problem->alpha / problem->beta / scaled->scale;
    scaled->target = rho * rho;
    return true;
}

/* The solution y >= 0 of prod_j (y + k_j) = target: monotone; Newton on the logarithm,
 * safeguarded. */
static double smallest_square(const struct scaled *scaled)
{
    enum { NEWTON_MOST = 200 };
    double low = 0, high = pow(scaled->target, 1.0 / (double)scaled->L);
    double y = high;
    for (int n = 0; n < NEWTON_MOST && high > 0; n++) {
        double logarithm = -log(scaled->target), slope = 0;
        for (size_t j = 0; j < scaled->L; j++) {
            logarithm += log(y + scaled->k[j]);
            slope += 1 / (y + scaled->k[j]);
        }
        if (logarithm > 0)
            high = y;
        else
            low = y;
        double next = y - logarithm / slope;
        if (!(next > low && next < high))
            next = low + (high - low) / 2;
        if (fabs(next - y) <= DBL_EPSILON * y)
            return next;
        y = next;
    }
    return y;
}

/* The transverse eigenvalue -beta sum eta_i (prod_{k!=i} a_k)^2 at the global minimum. */
static double gradient_rate(const struct problem *problem, const struct flow *flow,
                            const double *limit)
{
    return -problem->beta * chain_sensitivity(flow, limit);
}

/* Every weight keeps its sign but the smallest, which takes the one that makes P = rho. */
static void reach_minimum(const struct problem *problem, const struct flow *flow, const double *a0,
                          const struct scaled *scaled, double *limit, struct prediction *out)
{
    static const double RELATIVE_ERROR =
        16 * DBL_EPSILON; /* of smallest_square(), measured 2 ulp */
    const double *eta = chain_direct_weights(flow);
    const double y = scaled->target > 0 ? smallest_square(scaled) : 0;
    double sign = problem->alpha * problem->beta < 0 ? -1 : 1, largest = 0;
    for (size_t i = 0; i < scaled->L; i++) {
        limit[i] = copysign(sqrt(eta[i] * (y + scaled->k[i])), a0[i]);
        sign *= i == scaled->smallest || a0[i] > 0 ? 1 : -1;
        largest = fmax(largest, fabs(limit[i]));
    }
    limit[scaled->smallest] = copysign(limit[scaled->smallest], sign);
    const bool degenerate = scaled->target == 0 && scaled->tied > 1;
    out->ending = degenerate ? ENDING_CREEPING : ENDING_SETTLED;
    out->multiplicity = degenerate ? (unsigned)(2 * scaled->tied - 1) : 1;
    out->exponent = degenerate ? -1.0 / (2 * (double)scaled->tied - 2) : NAN;
    out->rate = degenerate ? 0 : gradient_rate(problem, flow, limit);
    out->error = RELATIVE_ERROR * largest;
    note_limit(flow, limit, true, out);
}

/* The tied weights go to zero together and the product with them. */
static void reach_saddle(const struct problem *problem, const struct flow *flow, const double *a0,
                         const struct scaled *scaled, double *limit, struct prediction *out)
{
    static const double RELATIVE_ERROR = 4 * DBL_EPSILON;
    const double *eta = chain_direct_weights(flow);
    double rest = fabs(problem->alpha), largest = 0; /* |alpha| r prod |b_rest| */
    for (size_t i = 0; i < scaled->L; i++) {
        limit[i] = copysign(sqrt(eta[i] * scaled->k[i]), a0[i]);
        rest *= scaled->k[i] > 0 ? sqrt(scaled->k[i] * eta[i]) : sqrt(eta[i]);
        largest = fmax(largest, fabs(limit[i]));
    }
    out->ending = scaled->tied == 2 ? ENDING_SADDLE : ENDING_CREEPING;
    out->multiplicity = (unsigned)(scaled->tied - 1);
    out->exponent = scaled->tied == 2 ? NAN : -1.0 / ((double)scaled->tied - 2);
    out->rate = scaled->tied == 2 ? rest : 0; /* the saddle's unstable eigenvalue */
    out->error = RELATIVE_ERROR * largest;
    note_limit(flow, limit, false, out);
}

/* Every update vanishes at the minimum itself. */
static void rest_at_minimum(const struct problem *problem, const struct flow *flow,
                            const double *a0, double *limit, struct prediction *out)
{
    for (size_t i = 0; i < flow->dim; i++)
        limit[i] = a0[i];
    out->error = 0;
    out->reason = "starts on a fixed point";
    out->rate = gradient_rate(problem, flow, a0);
    out->ending = out->rate < 0 ? ENDING_SETTLED : ENDING_HORIZON;
    out->multiplicity = 1;
    note_limit(flow, limit, true, out);
}

/* Two weights or more are zero, away from the minimum: at rest on the saddle. */
static void rest_at_saddle(const struct problem *problem, const struct flow *flow, const double *a0,
                           const struct scaled *scaled, double *limit, struct prediction *out)
{
    reach_saddle(problem, flow, a0, scaled, limit, out);
    for (size_t i = 0; i < flow->dim; i++)
        limit[i] = a0[i];
    out->error = 0;
    out->reason = "starts on a fixed point";
    out->ending = ENDING_SADDLE; /* with three zeros or more: left along a diagonal all the same */
}

static enum status predict_gradient(const struct problem *problem, const struct flow *flow,
                                    const double *a0, double *limit, struct prediction *out)
{
    const double *eta = chain_direct_weights(flow);
    struct scaled scaled;
    *out = prediction_none("notes/chains.md, (B1), (B2)", NULL);
    for (size_t i = 0; i < flow->dim; i++)
        if (!(eta[i] > 0) || !(problem->beta > 0)) {
            out->reason = "the prediction for bp needs beta > 0 and positive rates";
            return OK;
        }
    struct ball P = ball_of(1);
    for (size_t i = 0; i < flow->dim; i++)
        P = ball_mul(P, ball_of(a0[i]));
    const struct ball e = ball_sub(ball_of(problem->alpha), ball_mul(ball_of(problem->beta), P));
    if (!scale_weights(problem, a0, eta, flow->dim, &scaled) ||
        (ball_sign(e) == 0 && !ball_is_zero(e))) {
        out->reason = "two weights of almost equal modulus: rounding hides which is smaller";
        return OK;
    }
    const bool product_is_zero = ball_is_zero(P);
    if (ball_is_zero(e))
        rest_at_minimum(problem, flow, a0, limit, out);
    else if (product_is_zero && scaled.tied > 1)
        rest_at_saddle(problem, flow, a0, &scaled, limit, out);
    else if (scaled.tied > 1 && ball_sign(P) * problem->alpha < 0)
        reach_saddle(problem, flow, a0, &scaled, limit, out);
    else
        reach_minimum(problem, flow, a0, &scaled, limit, out);
    return OK;
}

/* ---- weight decay ---- */

/* The root of beta c2 x^3 + lambda x = c1 alpha, all of one sign: monotone in x. */
static double decay_root(double cubic, double linear, double constant)
{
    enum { NEWTON_MOST = 200 };
    double x = constant / linear; /* beyond the root, on the convex side */
    for (int i = 0; i < NEWTON_MOST; i++) {
        const double step =
            (cubic * x * x * x + linear * x - constant) / (3 * cubic * x * x + linear);
        x -= step;
        if (fabs(step) <= DBL_EPSILON * fabs(x))
            break;
    }
    return x;
}

static enum status predict_decay(const struct problem *problem, const struct flow *flow,
                                 double *limit, struct prediction *out)
{
    static const double RELATIVE_ERROR = 16 * DBL_EPSILON;
    const double *c = chain_direct_weights(flow), beta = problem->beta, lambda = problem->lambda;
    *out = prediction_none("notes/chains.md, (D1)",
                           "decay: proved for L <= 2 under rbp and srbp only, (D2)");
    const bool known = !chain_is_gradient(flow) && flow->dim <= 2 && lambda > 0 && beta > 0 &&
                       c[flow->dim - 1] > 0;
    if (!known)
        return OK;
    if (flow->dim == 1) {
        limit[0] = c[0] * problem->alpha / (c[0] * beta + lambda);
        out->rate = -(c[0] * beta + lambda);
    } else {
        if (c[0] == 0)
            return OK;
        limit[0] = decay_root(beta * c[1], lambda, c[0] * problem->alpha);
        limit[1] = c[1] / c[0] * limit[0] * limit[0];
        /* tr J = -2 lambda - 2 u, det J = lambda^2 + 3 lambda u, u = beta c2 a1^2 */
        const double u = beta * c[1] * limit[0] * limit[0];
        const double root = u * u - lambda * u;
        out->rate = -(lambda + u) + (root > 0 ? sqrt(root) : 0);
    }
    out->reason = NULL;
    out->ending = ENDING_SETTLED;
    out->multiplicity = 1;
    out->error = RELATIVE_ERROR * fmax(fabs(limit[0]), fabs(limit[flow->dim - 1]));
    note_limit(flow, limit, chain_error(flow, limit) == 0, out);
    return OK;
}

enum status chain_predict(const struct problem *problem, const double *a0, double *limit,
                          struct prediction *prediction)
{
    if (problem->channel_activation)
        return channel_neurons_predict(problem, a0, limit, prediction);
    if (!chain_is_special(problem->rule)) {
        const struct adaptive_network network = {problem, problem->depth, 1};
        return adaptive_predict(&network, a0, limit, prediction);
    }
    struct flow *flow;
    TRY(problem_flow(problem, &flow));
    enum status status;
    if (problem->lambda != 0)
        status = predict_decay(problem, flow, limit, prediction);
    else if (chain_is_gradient(flow))
        status = predict_gradient(problem, flow, a0, limit, prediction);
    else
        status = predict_direct(problem, flow, a0, limit, prediction);
    flow_free(flow);
    return status;
}
