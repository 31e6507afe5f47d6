/* Arrival at, and rest on, the line a1 = 0: (X12).
 *
 * The branch points are where published statements go wrong: for mu > 1 the whole line consists of
 * fixed points, which attract where y' < 0 beside them; between 1 and 2 they are reached in finite
 * time and may be left at any time; and a field that jumps towards zero from both sides holds what
 * arrives (a dead neuron).  A point that attracts from one side only, without creeping, is left
 * open: it is neither settled nor a saddle. */
#include "nonlinear/power_zero.h"

#include <math.h>

static const char BRANCHES[] =
    "a1 = 0, where solutions are not unique: they may stay or leave at any time";
static const char ONE_SIDE[] = "a1 = 0 attracts from one side only";
static const char ROUNDING[] = "what happens at a1 = 0 is hidden by rounding";
static const char SLIDES[] = "the field points at a1 = 0 from both sides: it slides on the line";

struct power_germ power_zero_germ(const struct power_half *half, struct ball scale, struct ball q)
{
    const struct ball falling = ball_negated(ball_mul(scale, half->beta));
    const struct ball second = ball_add(q, half->mu);
    struct power_germ germ = {.decided = true, .k = ball_mul(scale, half->A), .e = q};
    germ.direction = ball_sign(half->A);
    if (germ.direction != 0)
        return germ;
    germ.decided = ball_is_zero(half->A);
    if (ball_is_zero(half->beta))
        return germ;
    germ.direction = -ball_sign(half->Q);
    germ.k = ball_mul(falling, half->Q);
    germ.e = second;
    if (germ.direction != 0)
        return germ;
    germ.decided = germ.decided && ball_is_zero(half->Q);
    germ.direction = -1;
    germ.k = ball_mul(falling, half->w);
    germ.e = ball_add(second, half->r);
    return germ;
}

/* The sign of e - 1. */
static int beyond_one(const struct power_germ *germ)
{
    return ball_sign(ball_sub(germ->e, ball_of(1)));
}

static bool is_one(const struct power_germ *germ)
{
    return ball_is_zero(ball_sub(germ->e, ball_of(1)));
}

static bool jumps(const struct power_germ *germ)
{
    return germ->direction != 0 && ball_sign(germ->e) <= 0;
}

static enum power_fate stays(enum ending ending, double rate, struct prediction *out)
{
    out->ending = ending;
    out->rate = rate;
    out->multiplicity = 1;
    return POWER_STAYS;
}

static enum power_fate open(const char *why, struct prediction *out)
{
    out->reason = why;
    return POWER_OPEN;
}

static enum power_fate creeps(const struct power_germ *germ, struct prediction *out)
{
    stays(ENDING_CREEPING, 0, out);
    out->exponent = -1 / (ball_centre(germ->e) - 1);
    out->multiplicity = (unsigned)lround(ball_centre(germ->e));
    return POWER_STAYS;
}

enum power_fate power_zero_arrival(const struct power_germ germ[POWER_SIDES], int side,
                                   struct prediction *out)
{
    const struct power_germ *here = &germ[side], *there = &germ[1 - side];
    if (!here->decided || !there->decided)
        return open(ROUNDING, out);
    if (beyond_one(here) > 0)
        return creeps(here, out);
    if (is_one(here))
        return there->direction < 0 && beyond_one(there) <= 0
                   ? stays(ENDING_SETTLED, ball_centre(here->k), out)
                   : open(ONE_SIDE, out);
    if (there->direction > 0 && jumps(here) && jumps(there))
        return POWER_LEAVES;
    if (there->direction > 0)
        return open(beyond_one(there) < 0 ? BRANCHES : ONE_SIDE, out);
    out->reason = there->direction < 0 ? SLIDES : "it arrives at a dead neuron in finite time";
    return stays(ENDING_SETTLED, NAN, out);
}

/* Both sides fall to zero. */
static enum power_fate rests_attracted(const struct power_germ germ[POWER_SIDES],
                                       struct prediction *out)
{
    const struct power_germ *slow =
        ball_sign(ball_sub(germ[0].e, germ[1].e)) >= 0 ? germ : germ + 1;
    out->reason = "starts on a fixed point";
    if (beyond_one(slow) > 0) {
        creeps(slow, out);
        out->exponent = NAN;
        return POWER_STAYS;
    }
    if (jumps(slow))
        out->reason = SLIDES;
    return stays(ENDING_SETTLED, is_one(slow) ? ball_centre(slow->k) : NAN, out);
}

enum power_fate power_zero_rest(const struct power_germ germ[POWER_SIDES], int *side,
                                struct prediction *out)
{
    if (!germ[0].decided || !germ[1].decided)
        return open(ROUNDING, out);
    const int rising = germ[0].direction > 0 ? 0 : 1;
    const struct power_germ *up = &germ[rising], *other = &germ[1 - rising];
    if (up->direction > 0 && beyond_one(up) < 0) {
        *side = rising;
        return jumps(up) && jumps(other) && other->direction < 0 ? POWER_LEAVES
                                                                 : open(BRANCHES, out);
    }
    if (up->direction > 0) {
        if (other->direction > 0 && beyond_one(other) < 0)
            return open(BRANCHES, out);
        out->reason = "starts on a fixed point";
        return stays(ENDING_SADDLE, is_one(up) ? ball_centre(up->k) : 0, out);
    }
    if (up->direction < 0 && other->direction < 0)
        return rests_attracted(germ, out);
    if (up->direction == 0 && other->direction == 0) {
        out->reason = "a dead neuron: nothing moves, here and nearby";
        return stays(ENDING_SETTLED, NAN, out);
    }
    return open("starts at the border of a dead neuron", out);
}
