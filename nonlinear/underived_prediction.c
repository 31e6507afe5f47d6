/* Without the derivative: a1' = b1 (gamma - delta P), a2' = b2 f(a1) (alpha - beta P),
 * P = a2 f(a1).
 *
 *   T = rho f(I)               both layers want the same: a leaf, as with the derivative, (X15)
 *   P_1 = gamma/delta and P_2 = alpha/beta differ: no fixed point unless gamma = 0, (X14), and in
 *   the positive quadrant of the normal form
 *     P_1 > P_2                a1 ~ t, P -> P_2, the least loss                           (X16)
 *     P_1 < P_2                a2 ~ sqrt t, a1 -> 0, P -> P_1, not the least
 *   other starts               inconclusive
 *
 * The normal form has P_1 > 0 and u = b1 delta > 0.  It is reached by the reflections
 *   (a2, P_1, P_2, u) -> -   and   (a1, u) -> - for even f, (a1, a2, u) -> - for odd f.
 * Only signs that balls prove count. */
#include "nonlinear/underived_prediction.h"

#include "nonlinear/activation.h"
#include "nonlinear/power_leaf.h"

#include <math.h>

static const char SOURCE[] =
    "Baldi, Sadowski, Lu (2018), section 7; notes/nonlinear.md, (X14)-(X16)";

/* f(-1): 1 for even f, -1 for odd ones; 0: neither. */
static int parity_of(const struct problem *problem)
{
    const struct neurons f = activation_of_layer(problem, 0);
    const double at_minus_one = activation_value(&f, -1);
    return at_minus_one == 1 ? 1 : at_minus_one == -1 ? -1 : 0;
}

/* ---- T = rho f(I) ---- */

static void set_halves(struct power_leaf *leaf, const struct ball b[POWER_SIDES], int parity)
{
    const struct power_data *d = &leaf->data;
    const struct ball one = ball_of(1), r = ball_add(d->mu, one);
    const struct ball y = ball_of(fabs(leaf->a0[0]));
    const int here = power_leaf_side(leaf->a0[0]);
    const struct ball w = ball_mul(b[1], d->beta[0]);
    leaf->q = ball_of(0);
    leaf->scale = ball_div(one, r);
    for (int s = 0; s < POWER_SIDES; s++) {
        const struct ball b1 = s == 0 ? b[0] : ball_negated(b[0]);
        leaf->lift[s] = ball_mul(r, ball_mul(b1, d->delta[s]));
        leaf->half[s] = (struct power_half){
            .mu = d->mu, .r = r, .A = ball_mul(r, ball_mul(b1, d->gamma)), .beta = one, .w = w};
    }
    const struct ball Q =
        ball_sub(ball_mul(leaf->lift[here], ball_of(leaf->a0[1])), ball_mul(w, ball_power(y, r)));
    leaf->half[here].Q = Q;
    leaf->half[1 - here].Q = parity < 0 ? Q : ball_negated(Q);
}

static void predict_realizable(struct power_leaf *leaf, const struct ball b[POWER_SIDES],
                               int parity)
{
    const struct ball u = ball_mul(b[0], leaf->data.delta[0]);
    if (ball_is_zero(u) && ball_is_zero(ball_mul(b[0], leaf->data.gamma))) {
        power_leaf_predict_top(leaf, b[1]);
        return;
    }
    if (ball_sign(u) == 0) {
        leaf->out->reason = "delta = E[I f(I)] vanishes, or rounding hides its sign";
        return;
    }
    set_halves(leaf, b, parity);
    power_leaf_predict(leaf);
}

/* ---- two layers that want different outputs ---- */

struct wants {
    struct ball P_1, P_2, b2_beta, u;
    int gap; /* the sign of |P_1| - |P_2| */
    bool covered;
};

static struct wants wants_of(const struct power_data *d, const struct ball b[POWER_SIDES],
                             int parity, const double *a0)
{
    struct wants w = {.P_1 = ball_div(d->gamma, d->delta[0]),
                      .P_2 = ball_div(d->alpha[0], d->beta[0]),
                      .b2_beta = ball_mul(b[1], d->beta[0]),
                      .u = ball_mul(b[0], d->delta[0])};
    const int first = ball_sign(w.P_1), second = ball_sign(w.P_2);
    const int u = ball_sign(w.u) * first; /* after P_1 has become positive */
    const double a2 = a0[1] * first * (u < 0 && parity < 0 ? -1 : 1);
    const double a1 = a0[0] * (u < 0 ? -1 : 1);
    w.gap = first * ball_sign(ball_sub(w.P_1, w.P_2));
    w.covered = parity != 0 && first != 0 && first == second && u != 0 && w.gap != 0 && a1 >= 0 &&
                a2 >= 0 && ball_sign(b[1]) > 0;
    return w;
}

static struct underived_law law_of(const struct wants *w)
{
    static const double LINEAR = 1, ROOT = 0.5;
    struct underived_law law = {.P_1 = ball_centre(w->P_1), .P_2 = ball_centre(w->P_2)};
    if (!w->covered)
        return law;
    law.exponent = w->gap > 0 ? LINEAR : ROOT;
    law.growth = w->gap > 0 ? ball_centre(w->u) * (law.P_1 - law.P_2)
                            : 2 * ball_centre(w->b2_beta) * law.P_1 * (law.P_2 - law.P_1);
    return law;
}

static void predict_growth(const struct wants *w, struct ball beta, struct prediction *out)
{
    const struct underived_law law = law_of(w);
    const struct ball miss = ball_sub(w->P_1, w->P_2);
    if (!w->covered) {
        out->reason = "the two layers want different outputs; growth is proved from one quadrant";
        return;
    }
    out->ending = ENDING_UNBOUNDED;
    out->exponent = law.exponent;
    out->global_minimum = w->gap > 0 ? 1 : 0;
    out->loss = w->gap > 0 ? 0 : ball_centre(ball_half(ball_mul(beta, ball_mul(miss, miss))));
}

enum status underived_law(const struct problem *problem, const double *a0,
                          struct underived_law *law)
{
    struct power_data data;
    struct ball b[POWER_SIDES];
    TRY(power_data_read(problem, &data));
    TRY(power_data_direct(problem, b));
    const struct wants w = wants_of(&data, b, parity_of(problem), a0);
    *law = law_of(&w);
    return OK;
}

enum status underived_predict(const struct problem *problem, const double *a0, double *limit,
                              struct prediction *prediction)
{
    struct ball b[POWER_SIDES];
    const int parity = parity_of(problem);
    struct power_leaf leaf = {.a0 = a0, .limit = limit, .out = prediction};
    TRY(power_data_read(problem, &leaf.data));
    TRY(power_data_direct(problem, b));
    *prediction = prediction_none(SOURCE, NULL);
    if (!(ball_sign(b[1]) > 0 && power_data_is_real(&leaf.data)) || parity == 0) {
        prediction->reason = "needs beta > 0, an even or odd f, and a top layer that learns";
        return OK;
    }
    if (leaf.data.realizable) {
        predict_realizable(&leaf, b, parity);
        return OK;
    }
    const struct wants w = wants_of(&leaf.data, b, parity, a0);
    predict_growth(&w, leaf.data.beta[0], prediction);
    return OK;
}
