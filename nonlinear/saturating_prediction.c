/* O = a2 f(a1 I) with f = tanh or erf(x/sqrt 2), where R = M1^2/M2 is monotone in a1 > 0: its
 * supremum lies at a1 = 0 or at infinity, and no finite weights are best.
 *
 *   T = rho I,     R falls    derivative, b1 rho a > 0    a1 ~ t^(-1/6), a2 ~ t^(1/6)    (X20)
 *                             ... b1 rho a < 0, |a2| beyond the nullcline of a1:
 *                             a1 ~ t^(1/3) for Gaussian inputs, log t for finite data
 *                             no derivative               a1 ~ t                         (X21)
 *   T = rho sgn I, R rises    derivative, b1 rho a > 0    a1 ~ log t, or slower          (X20)
 *
 * Signs are those of the normal form rho > 0, a1 >= 0, which the reflections (T, a2, b1) -> - and
 * (a1, a2, b1) -> - reach.  Under bp a2 takes the place of b1, so the first line and the last hold
 * where rho a1 a2 >= 0.  Two different |I| are needed: with one only, the data are those of a
 * linear chain. */
#include "nonlinear/saturating_prediction.h"

#include "base/ball.h"
#include "nonlinear/activation.h"
#include "nonlinear/data.h"
#include "nonlinear/power_data.h"

#include <math.h>

static const char SOURCE[] = "notes/nonlinear.md, (X19)-(X21)";

enum targets { TARGETS_OTHER, TARGETS_LINEAR, TARGETS_SIGN };

/* A problem in its normal form. */
struct growth {
    const struct samples *samples; /* as given */
    struct neurons f;
    enum targets targets;
    bool gaussian, varied; /* two different |I| > 0 */
    bool gradient;         /* bp */
    int rho, b1;           /* signs; rho as given, b1 of the normal form */
    double a1, a2;         /* of the normal form */
};

bool saturating_covers(const struct neurons *neurons)
{
    return neurons->activation == &activation_tanh || neurons->activation == &activation_erf;
}

/* ---- the data ---- */

static int sign_of(double x)
{
    return (x > 0) - (x < 0);
}

/* T_k g(I_n) = T_n g(I_k) for all samples k and the first n with I_n != 0, exactly, where g is the
 * identity or the sign. */
static bool are_proportional(const struct samples *samples, enum targets kind)
{
    size_t n = 0;
    while (n < samples->count && samples->input[n] == 0)
        n++;
    bool same = n < samples->count;
    for (size_t k = 0; k < samples->count && same; k++) {
        const double I_n = samples->input[n], I_k = samples->input[k];
        const bool linear = kind == TARGETS_LINEAR;
        const struct ball g_n = ball_of(linear ? I_n : sign_of(I_n));
        const struct ball g_k = ball_of(linear ? I_k : sign_of(I_k));
        same = ball_is_zero(ball_sub(ball_mul(ball_of(samples->target[k]), g_n),
                                     ball_mul(ball_of(samples->target[n]), g_k)));
    }
    return same;
}

static enum targets targets_of(const struct problem *problem, const struct samples *samples)
{
    const struct activation *teacher = problem->teacher.neurons.activation;
    if (teacher == &activation_identity)
        return TARGETS_LINEAR;
    if (teacher == &activation_sign)
        return TARGETS_SIGN;
    if (teacher)
        return TARGETS_OTHER;
    if (are_proportional(samples, TARGETS_LINEAR))
        return TARGETS_LINEAR;
    return are_proportional(samples, TARGETS_SIGN) ? TARGETS_SIGN : TARGETS_OTHER;
}

static void read_samples(struct growth *g)
{
    double size = 0;
    g->varied = g->gaussian;
    g->rho = 0;
    for (size_t k = 0; k < g->samples->count; k++) {
        const double I = g->samples->input[k];
        g->varied = g->varied || (I != 0 && size != 0 && fabs(I) != size);
        size = I != 0 ? fabs(I) : size;
        g->rho = I != 0 ? sign_of(g->samples->target[k] * I) : g->rho;
    }
}

/* The sign of what stands in front of a1': b1, or a2, where it is or becomes other than zero. */
static int channel_sign(const struct growth *g, const double *a0, int b1)
{
    if (!g->gradient)
        return b1;
    return b1 * (a0[1] != 0 ? sign_of(a0[1]) : g->rho * sign_of(a0[0]));
}

static void normalise(struct growth *g, const double *a0, int b1)
{
    g->a2 = g->rho * a0[1];
    g->b1 = g->rho * b1;
    const bool turned = a0[0] < 0 || (a0[0] == 0 && g->b1 < 0);
    g->a1 = fabs(a0[0]);
    g->a2 = turned ? -g->a2 : g->a2;
    g->b1 = turned ? -g->b1 : g->b1;
}

/* ---- what follows ---- */

/* a2 on the nullcline of a1: E[T f' I]/E[f f' I], T in its normal form. */
static double nullcline(const struct growth *g)
{
    double wanted = 0, made = 0;
    for (size_t k = 0; k < g->samples->count; k++) {
        const double I = g->samples->input[k], w = g->samples->weight[k];
        const double slope = activation_slope(&g->f, g->a1 * I) * I;
        wanted += w * g->rho * g->samples->target[k] * slope;
        made += w * activation_value(&g->f, g->a1 * I) * slope;
    }
    return wanted / made;
}

static void grows(double exponent, double best, struct prediction *out)
{
    out->ending = ENDING_UNBOUNDED;
    out->exponent = exponent;
    out->global_minimum = best;
    out->reason = exponent == 0 ? "slower than every power of t" : NULL;
}

static void predict_without_derivative(const struct growth *g, struct prediction *out)
{
    static const double LINEAR = 1;
    if (g->targets == TARGETS_LINEAR)
        grows(LINEAR, 0, out);
    else
        out->reason = "no theorem without the derivative but for T = rho I";
}

static void predict_with_derivative(const struct growth *g, struct prediction *out)
{
    static const double SIXTH = 1.0 / 6, THIRD = 1.0 / 3;
    static const double CLEAR = 1 + 1e-9; /* beyond the rounding of both sums */
    if (g->b1 > 0 && g->targets == TARGETS_LINEAR)
        grows(SIXTH, NAN, out);
    else if (g->b1 > 0)
        grows(0, NAN, out);
    else if (!g->gradient && g->targets == TARGETS_LINEAR && g->a1 > 0 &&
             g->a2 > CLEAR * nullcline(g))
        grows(g->gaussian ? THIRD : 0, 0, out);
    else
        out->reason = "feedback of the wrong sign: the start decides, and theory does not say how";
}

static const char *why_not(const struct growth *g, int b1, int b2)
{
    if (b2 <= 0 || b1 == 0)
        return "needs a top layer that learns, and a channel that is not cut";
    if (g->targets == TARGETS_OTHER)
        return "no theorem for these data and neurons";
    if (g->rho == 0 || !g->varied)
        return "needs targets that do not vanish, and two different |I|";
    if (g->gaussian && g->targets == TARGETS_SIGN)
        return "no law for the sign of Gaussian inputs";
    return NULL;
}

static void predict(const struct problem *problem, const struct data *data,
                    const struct ball b[POWER_SIDES], const double *a0, struct prediction *out)
{
    struct growth g = {.samples = data_samples(data, fabs(a0[0])),
                       .f = activation_of_layer(problem, 0),
                       .gaussian = data_is_gaussian(data),
                       .gradient = problem->rule->direct == NULL};
    g.targets = targets_of(problem, g.samples);
    read_samples(&g);
    const int b1 = channel_sign(&g, a0, ball_sign(b[0]));
    out->reason = why_not(&g, b1, ball_sign(b[1]));
    if (out->reason)
        return;
    normalise(&g, a0, b1);
    if (problem->no_derivative)
        predict_without_derivative(&g, out);
    else
        predict_with_derivative(&g, out);
}

enum status saturating_predict(const struct problem *problem, const double *a0, double *limit,
                               struct prediction *prediction)
{
    struct ball b[POWER_SIDES];
    struct data *data;
    (void)limit; /* there is none */
    *prediction = prediction_none(SOURCE, NULL);
    TRY(power_data_direct(problem, b));
    TRY(data_create(problem, 1, 1, &data));
    predict(problem, data, b, a0, prediction);
    data_free(data);
    return OK;
}
