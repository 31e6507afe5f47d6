/* From a leaf and a start to a prediction: which zero of F is next, what a1 = 0 does, and the loss
 * there.  Steps and names are those of (X11) and (X12); nothing here depends on the rule. */
#include "nonlinear/power_leaf.h"

#include "linear/prediction_clock.h"

#include <math.h>

int power_leaf_side(double a1)
{
    return a1 < 0 ? 1 : 0;
}

static void set_limit(const struct power_leaf *leaf, int i, struct ball value)
{
    const double error = value.radius + fabs(value.lo);
    leaf->limit[i] = ball_centre(value) + 0; /* no -0 */
    leaf->out->error = isnan(leaf->out->error) ? error : fmax(leaf->out->error, error);
}

/* alpha_s^2/beta_s: twice what the best weights on this side take off E[T^2]/2. */
static struct ball gain_of(const struct power_leaf *leaf, int side)
{
    const struct power_data *d = &leaf->data;
    if (ball_is_zero(d->beta[side]))
        return ball_of(0);
    return ball_div(ball_mul(d->alpha[side], d->alpha[side]), d->beta[side]);
}

/* The excess loss where `gain` has been taken off, over the better of both sides. */
static void note_loss(const struct power_leaf *leaf, struct ball gain)
{
    double excess = 0;
    for (int s = 0; s < POWER_SIDES; s++) {
        const struct ball missing = ball_half(ball_sub(gain_of(leaf, s), gain));
        excess = ball_sign(missing) > 0 ? fmax(excess, ball_centre(missing)) : excess;
    }
    leaf->out->loss = excess;
    leaf->out->global_minimum = excess == 0 ? 1 : 0;
}

/* y' = scale y^q F(y): its slope at a zero of F. */
static double rate_at(const struct power_leaf *leaf, int side, struct ball y)
{
    const struct ball factor = ball_mul(leaf->scale, ball_power(y, leaf->q));
    return ball_centre(ball_mul(factor, power_half_slope(&leaf->half[side], y)));
}

/* a1 = s y, a2 = (Q + w y^r)/lift */
static void state_at(const struct power_leaf *leaf, int side, struct ball y)
{
    const struct power_half *half = &leaf->half[side];
    const struct ball grown = ball_mul(half->w, ball_power(y, half->r));
    set_limit(leaf, 0, side == 0 ? y : ball_negated(y));
    set_limit(leaf, 1, ball_div(ball_add(half->Q, grown), leaf->lift[side]));
}

static void stay_at_start(const struct power_leaf *leaf)
{
    leaf->limit[0] = leaf->a0[0];
    leaf->limit[1] = leaf->a0[1];
    leaf->out->error = 0;
}

static void end_at_rest(const struct power_leaf *leaf, int side, struct ball y)
{
    const struct ball slope = power_half_slope(&leaf->half[side], y);
    const int sign = ball_sign(slope);
    stay_at_start(leaf);
    if (sign == 0 && !ball_is_zero(slope)) {
        leaf->out->reason = prediction_undecided;
        return;
    }
    leaf->out->ending = sign < 0 ? ENDING_SETTLED : ENDING_SADDLE;
    leaf->out->rate = rate_at(leaf, side, y);
    leaf->out->multiplicity = sign == 0 ? 2 : 1;
    leaf->out->reason = "starts on a fixed point";
    note_loss(leaf, gain_of(leaf, side));
}

static void end_at_root(const struct power_leaf *leaf, int side, const struct power_stop *stop)
{
    const bool simple = stop->where == POWER_ROOT;
    state_at(leaf, side, stop->y);
    leaf->out->ending = simple ? ENDING_SETTLED : ENDING_CREEPING;
    leaf->out->multiplicity = simple ? 1 : 2;
    leaf->out->exponent = simple ? NAN : -1;
    leaf->out->rate = simple ? rate_at(leaf, side, stop->y) : 0;
    note_loss(leaf, gain_of(leaf, side));
}

static void end_dead(const struct power_leaf *leaf)
{
    stay_at_start(leaf);
    leaf->out->ending = ENDING_SETTLED;
    leaf->out->reason = "a dead neuron: nothing moves, here and nearby";
    note_loss(leaf, ball_of(0));
}

/* On one side from y0, as long as it stays there. */
static void follow(const struct power_leaf *leaf, int side, double y0);

static void arrive_at_zero(const struct power_leaf *leaf, int side)
{
    const enum power_fate fate = power_zero_arrival(leaf->germ, side, leaf->out);
    if (fate == POWER_LEAVES)
        follow(leaf, 1 - side, 0);
    if (fate != POWER_STAYS)
        return;
    state_at(leaf, side, ball_of(0));
    note_loss(leaf, ball_of(0));
}

static void follow(const struct power_leaf *leaf, int side, double y0)
{
    const struct power_stop stop = power_half_stop(&leaf->half[side], y0);
    switch (stop.where) {
    case POWER_REST:
        end_at_rest(leaf, side, stop.y);
        return;
    case POWER_ROOT:
    case POWER_TANGENT:
        end_at_root(leaf, side, &stop);
        return;
    case POWER_ZERO:
        arrive_at_zero(leaf, side);
        return;
    case POWER_DEAD:
        end_dead(leaf);
        return;
    case POWER_UNDECIDED:
        leaf->out->reason = prediction_undecided;
    }
}

static void start_at_zero(const struct power_leaf *leaf)
{
    int side = 0;
    const enum power_fate fate = power_zero_rest(leaf->germ, &side, leaf->out);
    if (fate == POWER_LEAVES)
        follow(leaf, side, 0);
    if (fate != POWER_STAYS)
        return;
    stay_at_start(leaf);
    note_loss(leaf, ball_of(0));
}

void power_leaf_predict(struct power_leaf *leaf)
{
    for (int s = 0; s < POWER_SIDES; s++)
        leaf->germ[s] = power_zero_germ(&leaf->half[s], leaf->scale, leaf->q);
    if (leaf->a0[0] == 0)
        start_at_zero(leaf);
    else
        follow(leaf, power_leaf_side(leaf->a0[0]), fabs(leaf->a0[0]));
}

void power_leaf_predict_top(const struct power_leaf *leaf, struct ball b2)
{
    const int side = power_leaf_side(leaf->a0[0]);
    const struct ball f = ball_power(ball_of(fabs(leaf->a0[0])), leaf->data.mu);
    const struct ball drive = ball_mul(leaf->data.beta[side], ball_mul(f, f));
    if (leaf->a0[0] == 0) {
        stay_at_start(leaf);
        prediction_of_frozen(0, leaf->out);
        note_loss(leaf, ball_of(0));
        return;
    }
    if (ball_sign(drive) <= 0) {
        end_dead(leaf);
        return;
    }
    set_limit(leaf, 0, ball_of(leaf->a0[0]));
    set_limit(leaf, 1, ball_div(leaf->data.alpha[side], ball_mul(leaf->data.beta[side], f)));
    leaf->out->ending = ENDING_SETTLED;
    leaf->out->multiplicity = 1;
    leaf->out->rate = -ball_centre(ball_mul(b2, drive));
    note_loss(leaf, gain_of(leaf, side));
}
