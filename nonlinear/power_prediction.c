/* Theorem 11 and its corrections: A[1,1,1] with homogeneous neurons under fixed feedback.
 *
 *     a1' = b1 mu |a1|^(mu-1) (...),   a2' = b2 |a1|^mu (alpha_s - beta_s P),   s = sgn a1,
 *
 * conserve Q = 2 mu b1 a2 - b2 a1^2 on the whole line, so that y = |a1| obeys
 *     y' = y^(mu-1) F(y)/2,   F(y) = 2 mu b1 alpha_s - beta_s y^mu (b2 y^2 + Q):        (X13)
 * the limit is the next zero of F, or a1 = 0, where power_zero.h says what follows.  Powers of both
 * parities, roots, ReLUs and the identity differ by their alpha_s and beta_s alone.
 * The paper's polynomial of degree 2 mu + 1 was not used: it has the spurious root 0, of
 * multiplicity mu - 1, for whole mu only, and no meaning for the others. */
#include "nonlinear/power_prediction.h"

#include "nonlinear/power_leaf.h"

#include <math.h>

static const char SOURCE[] =
    "Baldi, Sadowski, Lu (2018), Theorem 11, corrected; notes/nonlinear.md, (X12), (X13)";

static void set_halves(struct power_leaf *leaf, const struct ball b[POWER_SIDES])
{
    const struct power_data *d = &leaf->data;
    const struct ball a1 = ball_of(leaf->a0[0]), a2 = ball_of(leaf->a0[1]);
    const struct ball lift = ball_mul(ball_of(2), ball_mul(d->mu, b[0]));
    const struct ball Q = ball_sub(ball_mul(lift, a2), ball_mul(b[1], ball_mul(a1, a1)));
    leaf->q = ball_sub(d->mu, ball_of(1));
    leaf->scale = ball_half(ball_of(1));
    for (int s = 0; s < POWER_SIDES; s++) {
        leaf->lift[s] = lift;
        leaf->half[s] = (struct power_half){.mu = d->mu,
                                            .r = ball_of(2),
                                            .A = ball_mul(lift, d->alpha[s]),
                                            .beta = d->beta[s],
                                            .w = b[1],
                                            .Q = Q};
    }
}

enum status power_predict(const struct problem *problem, const double *a0, double *limit,
                          struct prediction *prediction)
{
    struct ball b[POWER_SIDES];
    struct power_leaf leaf = {.a0 = a0, .limit = limit, .out = prediction};
    TRY(power_data_read(problem, &leaf.data));
    TRY(power_data_direct(problem, b));
    *prediction = prediction_none(SOURCE, NULL);
    if (!(ball_sign(b[1]) > 0 && power_data_is_real(&leaf.data))) {
        prediction->reason = "needs beta > 0 and a top layer that learns towards the targets";
        return OK;
    }
    if (ball_is_zero(b[0])) {
        power_leaf_predict_top(&leaf, b[1]);
        return OK;
    }
    set_halves(&leaf, b);
    power_leaf_predict(&leaf);
    return OK;
}
