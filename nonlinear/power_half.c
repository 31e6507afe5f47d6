/* The next zero of F(y) = A - beta y^mu (w y^r + Q), decided by signs, (X11).
 *
 * Nothing is searched for that the signs do not prove to be there: a zero is bracketed by F > 0
 * below and F < 0 above, with one sign change between; bisection in doubles, two steps of Newton's
 * method in balls, and a last look at both ends of the ball that is returned.  Whether the graph
 * touches zero at its turning point is asked without roots, of whole powers only:
 *     (beta |Q| r)^r (mu |Q|)^mu   against   |A|^r (mu + r)^(mu+r) w^mu,
 * which balls decide exactly for short numbers. */
#include "nonlinear/power_half.h"

#include "nonlinear/power_data.h"

#include <float.h>
#include <math.h>

/* w y^r + Q */
static struct ball bracket_at(const struct power_half *half, struct ball y)
{
    return ball_add(ball_mul(half->w, ball_power(y, half->r)), half->Q);
}

struct ball power_half_value(const struct power_half *half, struct ball y)
{
    const struct ball scale = ball_mul(half->beta, ball_power(y, half->mu));
    return ball_sub(half->A, ball_mul(scale, bracket_at(half, y)));
}

struct ball power_half_slope(const struct power_half *half, struct ball y)
{
    const struct ball w = ball_mul(ball_add(half->mu, half->r), half->w);
    const struct ball sum =
        ball_add(ball_mul(w, ball_power(y, half->r)), ball_mul(half->mu, half->Q));
    const struct ball scale = ball_div(ball_mul(half->beta, ball_power(y, half->mu)), y);
    return ball_negated(ball_mul(scale, sum));
}

static int sign_at(const struct power_half *half, double y)
{
    return ball_sign(power_half_value(half, ball_of(y)));
}

/* y_m where Q < 0 */
static struct ball turning_point(const struct power_half *half)
{
    const struct ball w = ball_mul(ball_add(half->mu, half->r), half->w);
    const struct ball power = ball_div(ball_negated(ball_mul(half->mu, half->Q)), w);
    return ball_power(power, ball_div(ball_of(1), half->r));
}

/* The sign of F(y_m) where A, Q < 0, and whether it is proved to be zero. */
static int sign_at_turning_point(const struct power_half *half, bool *touches)
{
    *touches = false;
    if (power_data_whole(half->mu) == 0 || power_data_whole(half->r) == 0)
        return ball_sign(power_half_value(half, turning_point(half)));
    const struct ball Q = ball_negated(half->Q), A = ball_negated(half->A);
    const struct ball sum = ball_add(half->mu, half->r);
    const struct ball left =
        ball_mul(ball_power(ball_mul(ball_mul(half->beta, Q), half->r), half->r),
                 ball_power(ball_mul(half->mu, Q), half->mu));
    const struct ball right = ball_mul(ball_mul(ball_power(A, half->r), ball_power(sum, sum)),
                                       ball_power(half->w, half->mu));
    const struct ball difference = ball_sub(left, right);
    *touches = ball_is_zero(difference);
    return ball_sign(difference);
}

/* Shrinks the bracket F(low) > 0 > F(high) to neighbours, or to a point that cannot be told from a
 * zero. */
static void bisect(const struct power_half *half, double *low, double *high)
{
    enum { HALVINGS = 1200 }; /* the exponents of doubles, and their digits */
    for (int k = 0; k < HALVINGS; k++) {
        const double middle = *low + (*high - *low) / 2;
        const int sign = middle > *low && middle < *high ? sign_at(half, middle) : 0;
        if (sign == 0)
            return;
        *(sign > 0 ? low : high) = middle;
    }
}

/* The zero near y, enclosed: F(y - radius) > 0 > F(y + radius); false if that cannot be shown. */
static bool enclose(const struct power_half *half, struct ball *y)
{
    enum { STEPS = 3, WIDENINGS = 12 };
    static const double LEAST = 0x1p-103, WIDER = 4; /* relative radius: the end of balls' digits */
    struct ball s = *y;
    for (int k = 0; k < STEPS; k++) {
        const struct ball step = ball_div(power_half_value(half, s), power_half_slope(half, s));
        s = ball_sub(s, step);
        s.radius = 0;
    }
    double radius = fabs(s.hi) * LEAST;
    for (int k = 0; k < WIDENINGS; k++, radius *= WIDER) {
        const struct ball below = ball_sub(s, ball_of(radius)),
                          above = ball_add(s, ball_of(radius));
        if (ball_sign(power_half_value(half, below)) > 0 &&
            ball_sign(power_half_value(half, above)) < 0) {
            s.radius = radius * (1 + LEAST + DBL_EPSILON);
            *y = s;
            return true;
        }
    }
    return false;
}

static struct power_stop root_between(const struct power_half *half, double low, double high)
{
    bisect(half, &low, &high);
    struct power_stop stop = {.where = POWER_ROOT, .y = ball_of(low + (high - low) / 2)};
    if (ball_is_zero(power_half_value(half, stop.y)))
        return stop;
    if (!enclose(half, &stop.y))
        stop.y = ball_between(low, high);
    if (ball_sign(power_half_slope(half, stop.y)) >= 0)
        stop.where = POWER_UNDECIDED;
    return stop;
}

static struct power_stop rise(const struct power_half *half, double y0)
{
    double high = fmax(2 * y0, 1);
    while (isfinite(high) && sign_at(half, high) > 0)
        high *= 2;
    if (sign_at(half, high) < 0)
        return root_between(half, y0, high);
    /* not on a power of two times the start by accident */
    if (isfinite(high) && sign_at(half, 2 * high) < 0)
        return root_between(half, y0, 2 * high);
    return (struct power_stop){.where = POWER_UNDECIDED};
}

/* A <= 0, Q < 0, F(y0) < 0: the zero, if there is one, is between y_m and y0. */
static struct power_stop fall_to_turning_point(const struct power_half *half, double y0)
{
    const struct ball y_m = turning_point(half);
    const int side = ball_sign(ball_sub(ball_of(y0), y_m));
    bool touches = false;
    const int sign = ball_is_zero(half->A) ? 1 : sign_at_turning_point(half, &touches);
    if (side < 0 || (sign < 0 && !touches))
        return (struct power_stop){.where = POWER_ZERO};
    if (touches && side > 0)
        return (struct power_stop){.where = POWER_TANGENT, .y = y_m};
    if (side > 0 && sign > 0 && sign_at(half, ball_centre(y_m)) > 0)
        return root_between(half, ball_centre(y_m), y0);
    return (struct power_stop){.where = POWER_UNDECIDED};
}

static struct power_stop fall(const struct power_half *half, double y0)
{
    const int at_zero = ball_sign(half->A), slope = ball_sign(half->Q);
    if (at_zero > 0)
        return root_between(half, 0, y0);
    if (at_zero == 0 && !ball_is_zero(half->A))
        return (struct power_stop){.where = POWER_UNDECIDED};
    if (slope > 0 || ball_is_zero(half->Q))
        return (struct power_stop){.where = POWER_ZERO};
    if (slope < 0)
        return fall_to_turning_point(half, y0);
    return (struct power_stop){.where = POWER_UNDECIDED};
}

struct power_stop power_half_stop(const struct power_half *half, double y0)
{
    if (ball_is_zero(half->beta) && ball_is_zero(half->A))
        return (struct power_stop){.where = POWER_DEAD, .y = ball_of(y0)};
    const struct ball F = power_half_value(half, ball_of(y0));
    if (ball_is_zero(F))
        return (struct power_stop){.where = POWER_REST, .y = ball_of(y0)};
    const int direction = ball_sign(F);
    if (direction == 0)
        return (struct power_stop){.where = POWER_UNDECIDED};
    return direction > 0 ? rise(half, y0) : fall(half, y0);
}
