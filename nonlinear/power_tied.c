/* A[1,1,1] with homogeneous neurons where the feedback weight is the forward one, c = a2 (bp), or
 * follows it, c' = a2' (adaptive): unit rates.
 *
 *     a1' = c mu |a1|^(mu-1) (...),  c' = a2' = |a1|^mu (alpha_s - beta_s P)
 *
 * conserve D = c - a2 (0 under bp) and J = a1^2 - mu c^2, (X17).  With y = |a1|:
 *   J > 0    y = sqrt(mu c^2 + J) never vanishes; the clock is c, which runs to the next zero of
 *            e = alpha_s - beta_s y^mu (c - D): always a global minimum of this side
 *   J <= 0   c keeps its sign, c = +-sqrt((y^2 - J)/mu); the clock is y, which runs to the next
 *            zero of e or to y = 0, where the weights stop short of the minimum
 * Both are searched as clocks (clock.h).  The paper's list of critical points leaves out the line
 * a1 = 0.  What is not whole-powered is searched away from y = 0 only. */
#include "nonlinear/power_prediction.h"

#include "linear/clock.h"
#include "linear/prediction_clock.h"
#include "nonlinear/power_leaf.h"
#include "nonlinear/power_series.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

static const char SOURCE[] = "notes/nonlinear.md, (X12), (X17)";

/* The state on its leaf; e(clock) = alpha - beta y^mu (c - D). */
struct tied {
    struct ball mu, alpha, beta, D, J;
    int side, sign; /* of a1; of c where J <= 0 */
    double y0, c0;
    struct clock clock;
};

/* ---- clocks ---- */

/* e from the series of y^mu and of c */
static void error_series(const struct tied *t, int order, const struct ball *power,
                         const struct ball *c, struct ball *e)
{
    struct ball a2[CLOCK_ORDER_MAX + 1];
    a2[0] = ball_sub(c[0], t->D);
    for (int k = 1; k <= order; k++)
        a2[k] = c[k];
    power_series_product(order, power, a2, e);
    for (int k = 0; k <= order; k++)
        e[k] = ball_negated(ball_mul(t->beta, e[k]));
    e[0] = ball_add(t->alpha, e[0]);
}

/* z = z0 + s */
static void line_through(double z0, struct ball s, int order, struct ball *z)
{
    assert(order >= 0 && order <= CLOCK_ORDER_MAX);
    for (int k = 0; k <= order; k++)
        z[k] = ball_of(k == 1 ? 1 : 0);
    z[0] = ball_add(ball_of(z0), s);
}

/* p z^2 + q */
static void square_plus(const struct ball *z, struct ball p, struct ball q, int order,
                        struct ball *square)
{
    power_series_product(order, z, z, square);
    for (int k = 0; k <= order; k++)
        square[k] = ball_mul(p, square[k]);
    square[0] = ball_add(square[0], q);
}

/* J > 0: s = c - c0, y^mu = (mu c^2 + J)^(mu/2) */
static void jet_in_c(const void *self, struct ball s, int order, struct ball *e)
{
    const struct tied *t = self;
    struct ball c[CLOCK_ORDER_MAX + 1], power[CLOCK_ORDER_MAX + 1], square[CLOCK_ORDER_MAX + 1];
    line_through(t->c0, s, order, c);
    square_plus(c, t->mu, t->J, order, square);
    power_series_power(order, square, ball_half(t->mu), power);
    error_series(t, order, power, c, e);
}

/* J <= 0: s = y - y0, c = sign sqrt((y^2 - J)/mu); y' has the sign of c e. */
static void jet_in_y(const void *self, struct ball s, int order, struct ball *e)
{
    const struct tied *t = self;
    const struct ball part = ball_div(ball_of(1), t->mu);
    struct ball c[CLOCK_ORDER_MAX + 1] = {{0}}, y[CLOCK_ORDER_MAX + 1];
    struct ball square[CLOCK_ORDER_MAX + 1], power[CLOCK_ORDER_MAX + 1];
    line_through(t->y0, s, order, y);
    square_plus(y, part, ball_negated(ball_mul(part, t->J)), order, square);
    if (ball_is_zero(t->J))
        for (int k = 0; k <= order; k++)
            c[k] = ball_mul(ball_sqrt(part), y[k]);
    else
        power_series_power(order, square, ball_half(ball_of(1)), c);
    for (int k = 0; k <= order; k++)
        c[k] = ball_mul(ball_of(t->sign), c[k]);
    power_series_power(order, y, t->mu, power);
    error_series(t, order, power, c, e);
    for (int k = 0; k <= order; k++)
        e[k] = ball_mul(ball_of(t->sign), e[k]);
}

static bool never_monotone(const void *self, double S, int direction)
{
    (void)self, (void)S, (void)direction;
    return false;
}

/* y = 0 ends the motion: what e does beyond is not asked. */
static bool beyond_the_line(const void *self, double S, int direction)
{
    const struct tied *t = self;
    return ball_sign(t->J) <= 0 && direction < 0 && S < -t->y0;
}

static void set_clock(struct tied *t)
{
    const bool in_c = ball_sign(t->J) > 0;
    t->clock = (struct clock){.jet = in_c ? jet_in_c : jet_in_y,
                              .monotone_beyond = never_monotone,
                              .rootless_beyond = beyond_the_line,
                              .degree = CLOCK_ORDER_MAX, /* no polynomial */
                              .self = t};
}

/* ---- endings ---- */

/* y and c at clock s. */
static void weights_at(const struct tied *t, struct ball s, struct ball *y, struct ball *c)
{
    if (ball_sign(t->J) > 0) {
        *c = ball_add(ball_of(t->c0), s);
        *y = ball_sqrt(ball_add(ball_mul(t->mu, ball_mul(*c, *c)), t->J));
        return;
    }
    *y = ball_add(ball_of(t->y0), s);
    const struct ball square = ball_div(ball_sub(ball_mul(*y, *y), t->J), t->mu);
    *c = ball_is_zero(square) ? square : ball_mul(ball_of(t->sign), ball_sqrt(square));
}

static void put(double *limit, struct ball value, struct prediction *out)
{
    const double error = value.radius + fabs(value.lo);
    *limit = ball_centre(value);
    out->error = isnan(out->error) ? error : fmax(out->error, error);
}

static void put_state(const struct tied *t, struct ball y, struct ball c, size_t dim, double *limit,
                      struct prediction *out)
{
    put(&limit[0], t->side == 0 ? y : ball_negated(y), out);
    put(&limit[1], ball_sub(c, t->D), out);
    if (dim > 2)
        put(&limit[2], c, out);
}

/* -dP/dt / e = -beta (y^(2 mu) + mu^2 c a2 y^(2 mu - 2)) at e = 0 */
static double rate_at(const struct tied *t, struct ball y, struct ball c)
{
    const struct ball power = ball_power(y, t->mu), slope = ball_div(ball_mul(t->mu, power), y);
    const struct ball below = ball_mul(ball_mul(c, ball_sub(c, t->D)), ball_mul(slope, slope));
    return -ball_centre(ball_mul(t->beta, ball_add(ball_mul(power, power), below)));
}

/* y' = 2 c mu y^(mu-1) alpha / 2 near the line: the germ of power_zero.h on one side. */
static struct power_germ germ_at(const struct tied *t, struct ball alpha, struct ball c)
{
    const struct ball k = ball_mul(t->mu, c);
    const struct power_half half = {.mu = t->mu,
                                    .r = ball_of(2),
                                    .A = ball_mul(k, alpha),
                                    .beta = t->beta,
                                    .w = ball_of(1),
                                    .Q = ball_mul(k, ball_sub(c, t->D))};
    return power_zero_germ(&half, ball_of(1), ball_sub(t->mu, ball_of(1)));
}

static void note_miss(const struct tied *t, struct prediction *out)
{
    const struct ball square = ball_mul(t->alpha, t->alpha);
    out->loss = ball_centre(ball_half(ball_div(square, t->beta)));
    out->global_minimum = ball_is_zero(t->alpha) ? 1 : 0;
}

static void germs_of(const struct tied *t, const struct power_data *data, struct ball c,
                     struct power_germ germ[POWER_SIDES])
{
    for (int s = 0; s < POWER_SIDES; s++)
        germ[s] = germ_at(t, data->alpha[s], c);
}

/* y falls to zero while c keeps its sign. */
static void end_on_line(const struct tied *t, const struct power_data *data, size_t dim,
                        double *limit, struct prediction *out)
{
    static const char CROSSES[] = "a1 crosses zero with mu <= 1: not covered under this rule";
    struct power_germ germ[POWER_SIDES];
    struct ball y, c;
    weights_at(t, ball_of(-t->y0), &y, &c);
    y = ball_of(0);
    germs_of(t, data, c, germ);
    if (ball_is_zero(t->J)) { /* c ~ y: one power more */
        germ[t->side] = (struct power_germ){
            .decided = ball_sign(t->alpha) != 0, .direction = -1, .k = ball_of(-1), .e = t->mu};
    }
    const enum power_fate fate = power_zero_arrival(germ, t->side, out);
    if (fate == POWER_LEAVES)
        out->reason = CROSSES;
    if (fate != POWER_STAYS)
        return;
    put_state(t, y, c, dim, limit, out);
    note_miss(t, out);
}

static void end_at_zero_of_error(const struct tied *t, const struct clock_root *root, size_t dim,
                                 double *limit, struct prediction *out)
{
    struct ball y, c;
    weights_at(t, root->s, &y, &c);
    put_state(t, y, c, dim, limit, out);
    prediction_of_root(root, rate_at(t, y, c), out);
    out->clock = ball_centre(root->s);
}

/* e = 0 from the start. */
static void end_at_start(const struct tied *t, const struct clock_root *root, const double *a0,
                         size_t dim, double *limit, struct prediction *out)
{
    for (size_t i = 0; i < dim; i++)
        limit[i] = a0[i];
    prediction_of_rest(root, out);
    if (root->multiplicity == 1)
        out->rate = rate_at(t, ball_of(t->y0), ball_of(t->c0));
}

/* a1 = 0 at the start: nothing moves, or the field jumps. */
static void start_on_line(const struct tied *t, const struct power_data *data, const double *a0,
                          size_t dim, double *limit, struct prediction *out)
{
    struct power_germ germ[POWER_SIDES];
    int side = 0;
    if (t->c0 == 0) {
        out->reason = "a1 = 0 = c1: every update vanishes, and the order of the field is not known";
        return;
    }
    germs_of(t, data, ball_of(t->c0), germ);
    const enum power_fate fate = power_zero_rest(germ, &side, out);
    if (fate == POWER_LEAVES)
        out->reason = "a1 leaves zero with mu <= 1: not covered under this rule";
    if (fate != POWER_STAYS)
        return;
    for (size_t i = 0; i < dim; i++)
        limit[i] = a0[i];
    out->error = 0;
    note_miss(t, out);
}

/* Is the root of e within the half line y > 0? -1: not, 0: undecided. */
static int before_line(const struct tied *t, const struct clock_root *root)
{
    if (ball_sign(t->J) > 0)
        return 1;
    return ball_sign(ball_add(ball_of(t->y0), root->s));
}

static void follow(struct tied *t, const struct power_data *data, const double *a0, size_t dim,
                   double *limit, struct prediction *out)
{
    struct clock_root root;
    set_clock(t);
    clock_first_root(&t->clock, &root);
    const bool found = root.verdict == CLOCK_ROOT;
    const int where = found ? before_line(t, &root) : root.verdict == CLOCK_NO_ROOT ? -1 : 0;
    if (root.verdict == CLOCK_REST)
        end_at_start(t, &root, a0, dim, limit, out);
    else if (where > 0)
        end_at_zero_of_error(t, &root, dim, limit, out);
    else if (where < 0 && ball_sign(t->J) <= 0)
        end_on_line(t, data, dim, limit, out);
    else
        out->reason = prediction_undecided;
}

static bool rates_are_one(const struct problem *problem)
{
    bool one = true;
    for (size_t i = 0; i < problem->rate_count; i++)
        one = one && problem->rates[i] == 1;
    return one;
}

enum status power_tied_predict(const struct problem *problem, const double *a0, double *limit,
                               struct prediction *prediction)
{
    const bool adaptive = problem_feedback_learns(problem->rule);
    const double c0 = a0[adaptive ? 2 : 1];
    struct power_data data;
    TRY(power_data_read(problem, &data));
    const int side = power_leaf_side(a0[0]);
    struct tied t = {.mu = data.mu,
                     .alpha = data.alpha[side],
                     .beta = data.beta[side],
                     .D = ball_sub(ball_of(c0), ball_of(a0[1])),
                     .side = side,
                     .sign = c0 < 0 ? -1 : 1,
                     .y0 = fabs(a0[0]),
                     .c0 = c0};
    const struct ball y = ball_of(t.y0), c = ball_of(c0);
    t.J = ball_sub(ball_mul(y, y), ball_mul(t.mu, ball_mul(c, c)));
    *prediction = prediction_none(SOURCE, NULL);
    if (!rates_are_one(problem) || ball_sign(t.beta) <= 0)
        prediction->reason = "needs beta > 0 and unit rates";
    else if (a0[0] == 0)
        start_on_line(&t, &data, a0, adaptive ? 2 + 1 : 2, limit, prediction);
    else if (ball_sign(t.J) == 0 && !ball_is_zero(t.J))
        prediction->reason = "a1^2 - mu c^2 vanishes to rounding";
    else
        follow(&t, &data, a0, adaptive ? 2 + 1 : 2, limit, prediction);
    return OK;
}
