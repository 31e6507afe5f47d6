/* Theorem 11: O = a2 (a1 I)^mu under rbp with the derivative,
 *
 *     a1' = c1 mu a1^(mu-1) e,  a2' = a1^mu e,  e = alpha - beta a2 a1^mu.
 *
 * On a leaf 2 mu c1 a2 - a1^2 = Q it is one-dimensional, x' = x^(mu-1) F(x)/2 (notes/nonlinear.md,
 * (X13)); the published statement fails on the line a1 = 0, and is stronger than it says elsewhere.
 * Under bp and adaptive feedback the line stops open sets of starts, too (X17).
 *
 * Powers run from 1/3 to 7, with moments given or made by samples.  Laws of approach are measured
 * by the referee's own fit; the time of an arrival at zero is integrated by GSL in a variable in
 * which it is regular. */
#include "linear/registry.h"
#include "nonlinear/power_data.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"
#include "proofs-check/sample_neurons.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_poly.h>
#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double LIMIT_BOUND = 1e-10; /* the promise of the project for limits */
static const double LOSS_BOUND = 1e-9;   /* of sqrt(2 excess): slope at a limit times LIMIT_BOUND */
static const double RATE_BOUND = 5e-3;   /* the tail is linear to 1e-3 where the rate is measured */
static const double EXPONENT_BOUND = 0.02; /* of a fitted power: its corrections fall like 1/t */

/* ---- samples ---- */

struct power_case {
    const struct activation *f;
    double mu, c1, alpha, beta, x0[2];
};

static struct instance instance_of(const struct power_case *k)
{
    struct instance instance = sample_neurons(k->f, k->mu, k->c1, k->x0);
    instance.problem.alpha = k->alpha;
    instance.problem.beta = k->beta;
    return instance;
}

/* Small starts, a2 < 0, powers from 1/3 to 7. */
static const struct power_case corners[] = {
    {&activation_power, 2, 1, 1, 1, {0.5, 0.5}},
    {&activation_power, 3, 1.5, 2, 0.5, {0.25, -1}},
    {&activation_odd_power, 2.5, 1, 1, 1, {0.375, 0.125}},
    {&activation_odd_root, 3, 1, 1, 1, {0.375, 0.125}},
    {&activation_power, 4, 0.75, 1.25, 0.875, {1.5, -0.375}},
    {&activation_power, 2, 1, 1, 1, {1e-6, -0.5}},
    {&activation_odd_power, 1.5, 1, 1, 1, {1e-9, 0.5}},
    {&activation_power, 7, 1, 1, 1, {0.5, 1}},
    {&activation_power, 1, -2, -1, 1, {0.5, 3}},
    {&activation_odd_root, 2, 1, 1, 1, {1e-4, -2}},
    {&activation_power, 2, -1, -1, 1, {0.5, -0.5}},
};

static const struct {
    const struct activation *f;
    double mu;
} powers[] = {
    {&activation_odd_root, 3},    {&activation_odd_root, 2},    {&activation_odd_power, 0.75},
    {&activation_power, 1},       {&activation_odd_power, 1.5}, {&activation_power, 2},
    {&activation_odd_power, 2.5}, {&activation_power, 3},       {&activation_power, 4},
    {&activation_power, 7},
};

/* alpha of the problem, whatever it is made from. */
static double alpha_of(const struct problem *problem)
{
    struct power_data data;
    return power_data_read(problem, &data) == OK ? ball_centre(data.alpha[0]) : NAN;
}

/* A power, a start with a1 > 0, data; c1 alpha of the sign asked, neither within 1/20 of zero. */
static struct instance drawn(struct stream *stream, size_t power, double sign)
{
    const struct power_case k = {.f = powers[power].f,
                                 .mu = powers[power].mu,
                                 .c1 = 1,
                                 .alpha = sample_nonzero(stream),
                                 .beta = sample_positive(stream),
                                 .x0 = {sample_positive(stream), stream_normal(stream)}};
    struct instance instance = instance_of(&k);
    const double size = sample_positive(stream);
    do {
        if (stream_below(stream, 2))
            sample_neurons_drawn_data(stream, &instance.problem);
    } while (!(fabs(alpha_of(&instance.problem)) >= sample_least));
    instance.problem.c[0] = copysign(size, sign * alpha_of(&instance.problem));
    return instance;
}

static bool sample_right(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index < COUNT(corners) ? instance_of(&corners[index])
                                       : drawn(stream, stream_below(stream, COUNT(powers)), 1);
    return true;
}

/* The first whole power from 2 on among `powers`. */
static size_t whole_power(struct stream *stream)
{
    static const size_t whole[] = {5, 7, 8};
    return whole[stream_below(stream, COUNT(whole))];
}

/* alpha and c1 positive, which the published statements assume: O -> -O, T -> -T, if they are not. */
static struct instance drawn_positive(struct stream *stream)
{
    struct instance instance = drawn(stream, whole_power(stream), 1);
    struct problem *p = &instance.problem;
    if (alpha_of(p) > 0)
        return instance;
    p->c[0] = -p->c[0];
    p->alpha = fabs(p->alpha);
    for (size_t k = 0; k < p->targets.count; k++)
        p->targets.near[k] = -p->targets.near[k];
    return instance;
}

/* As published: alpha, c1 > 0, a1(0) >= 0, a2(0) >= 0. */
static bool sample_published(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct power_case witness = {&activation_power, 2, 1, 1, 1, {0, 0.5}};
    *instance = index == 0 ? instance_of(&witness) : drawn_positive(stream);
    instance->x0[1] = fabs(instance->x0[1]);
    return true;
}

static bool sample_on_line(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct power_case first = {&activation_power, 2, 1, 1, 1, {0, 0.5}};
    *instance = index == 0 ? instance_of(&first) : drawn(stream, whole_power(stream), 1);
    instance->x0[0] = 0;
    return true;
}

static bool sample_off_line(struct stream *stream, size_t index, struct instance *instance)
{
    static const double OFF = 0.25;
    const bool sampled = sample_on_line(stream, index, instance);
    instance->x0[0] = OFF;
    return sampled;
}

/* mu = 2, c1 alpha < 0: three worked starts, and drawn ones on both sides of the separatrix. */
static bool sample_wrong_sign(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct power_case first[] = {
        {&activation_power, 2, -1, 1, 1, {0.5, 0.5}},
        {&activation_power, 2, -1, 1, 1, {0.5, 5}},
        {&activation_power, 2, 1, -1, 1, {1, 0}},
    };
    static const double WIDE = 4; /* so that a third of the starts are beyond the separatrix */
    const size_t square = 5;
    *instance = index < COUNT(first) ? instance_of(&first[index]) : drawn(stream, square, -1);
    if (index >= COUNT(first))
        instance->x0[1] *= WIDE;
    return true;
}

static bool sample_wrong_sign_stuck(struct stream *stream, size_t index, struct instance *instance)
{
    return index == 0 && sample_wrong_sign(stream, 0, instance);
}

/* Odd mu, a1(0) < 0, c1 alpha > 0. */
static bool sample_odd_negative(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct power_case first[] = {
        {&activation_power, 3, 1, 1, 1, {-0.5, 0.2}},
        {&activation_power, 3, 1, 1, 1, {-1.5, -2}},
    };
    const size_t cube = 7;
    *instance = index < COUNT(first) ? instance_of(&first[index]) : drawn(stream, cube, 1);
    instance->x0[0] = -fabs(instance->x0[0]);
    return true;
}

static bool sample_odd_stuck(struct stream *stream, size_t index, struct instance *instance)
{
    return index == 0 && sample_odd_negative(stream, 0, instance);
}

/* c1 alpha < 0 and a start that is predicted to fall to zero, not beyond the separatrix. */
static bool falls_to_zero(const struct instance *instance)
{
    struct prediction prediction;
    double limit[2] = {0};
    return problem_predict(&instance->problem, instance->x0, limit, &prediction) == OK &&
           prediction.ending != ENDING_SETTLED;
}

static struct instance draw_falling(struct stream *stream, const struct activation *f, double mu)
{
    for (;;) {
        const struct power_case k = {.f = f,
                                     .mu = mu,
                                     .c1 = sample_positive(stream),
                                     .alpha = -sample_positive(stream),
                                     .beta = 1,
                                     .x0 = {stream_between(stream, 0.25, 1), 0}};
        const struct instance instance = instance_of(&k);
        if (falls_to_zero(&instance))
            return instance;
    }
}

static bool sample_creeping(struct stream *stream, size_t index, struct instance *instance)
{
    static const double from[] = {3, 4, 5};
    *instance = draw_falling(stream, &activation_power, from[index % COUNT(from)]);
    return true;
}

static bool sample_exponential(struct stream *stream, size_t index, struct instance *instance)
{
    const bool sampled = sample_creeping(stream, index, instance);
    instance->problem.neurons[0].parameter = 2;
    return sampled;
}

/* mu < 1, odd: from the wrong side of zero. */
static bool sample_crossing(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct power_case first = {&activation_odd_root, 3, 1, 1, 1, {-0.5, 0.2}};
    enum { SINGULAR = 3 }; /* the first of `powers` */
    *instance = index == 0 ? instance_of(&first) : drawn(stream, stream_below(stream, SINGULAR), 1);
    instance->x0[0] = -fabs(instance->x0[0]);
    return true;
}

/* 1 < mu < 2 and a start that falls to zero. */
static bool sample_extinct(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct power_case first = {&activation_odd_power, 1.5, 1, -1, 1, {0.5, 0}};
    *instance = index == 0 ? instance_of(&first)
                           : draw_falling(stream, &activation_odd_power,
                                          stream_between(stream, 1.25, 1.75));
    return true;
}

static bool sample_branch(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct power_case first = {&activation_odd_power, 1.5, 1, 1, 1, {1e-12, 0.5}};
    (void)stream;
    *instance = instance_of(&first);
    return index == 0;
}

static bool sample_first_rise(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct power_case first = {&activation_power, 2, 1, 1, 1, {0.1, 0.1}};
    (void)stream;
    *instance = instance_of(&first);
    return index == 0;
}

/* e = alpha - beta a2 a1^mu of a whole power, a1 > 0 */
static double error_of(const struct instance *instance)
{
    struct power_data data;
    const double *x = instance->x0;
    return power_data_read(&instance->problem, &data) == OK
               ? ball_centre(data.alpha[0]) -
                     ball_centre(data.beta[0]) * x[1] * pow(x[0], ball_centre(data.mu))
               : NAN;
}

static bool sample_rise(struct stream *stream, size_t index, struct instance *instance)
{
    static const double SMALL = 0.1;
    if (index == 0)
        return sample_first_rise(stream, index, instance);
    do {
        *instance = drawn_positive(stream);
        instance->x0[0] = instance->x0[1] = SMALL;
    } while (!(error_of(instance) > 0));
    return true;
}

/* Any signs, whole powers. */
static bool sample_whole(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = drawn(stream, whole_power(stream), stream_below(stream, 2) ? 1 : -1);
    instance->x0[0] *= stream_below(stream, 2) ? 1 : -1;
    return true;
}

static bool sample_cycling(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_cycling_chain();
    return index == 0;
}

/* ---- gradient descent, adaptive feedback ---- */

static bool sample_gradient(struct stream *stream, size_t index, struct instance *instance)
{
    static const struct power_case first = {&activation_power, 2, 1, 1, 1, {1, -1}};
    if (index == 0)
        *instance = instance_of(&first);
    else
        sample_whole(stream, index, instance);
    instance->problem.rule = &rule_bp;
    instance->problem.c_count = 0;
    return true;
}

static bool sample_gradient_stuck(struct stream *stream, size_t index, struct instance *instance)
{
    return index == 0 && sample_gradient(stream, 0, instance);
}

static void adapt(double c1, struct instance *instance)
{
    instance->problem.rule = &rule_arbp;
    instance->problem.c_count = 0;
    instance->x0[2] = c1;
    instance->dim = 2 + 1;
}

static bool sample_adaptive(struct stream *stream, size_t index, struct instance *instance)
{
    static const double worked[] = {-0.3, -0.4};
    static const struct power_case first = {&activation_power, 2, 1, 1, 1, {0.5, 0.1}};
    if (index < COUNT(worked))
        *instance = instance_of(&first);
    else
        sample_whole(stream, index, instance);
    adapt(index < COUNT(worked) ? worked[index] : stream_normal(stream), instance);
    return true;
}

/* alpha = beta = 1, 0 < a1, |a2|, -c1 <= 1/2: P < rho all the way down to a1 = 0. */
static bool sample_repair(struct stream *stream, size_t index, struct instance *instance)
{
    static const double HALF = 0.5, CLEAR = 0.02; /* of a1^2 = mu c1^2 */
    enum { WHOLE = 3 };
    if (index < 2)
        return sample_adaptive(stream, index, instance);
    for (;;) {
        const struct power_case k = {.f = &activation_power,
                                     .mu = 2 + (double)stream_below(stream, WHOLE),
                                     .c1 = 1,
                                     .alpha = 1,
                                     .beta = 1,
                                     .x0 = {stream_between(stream, sample_least, HALF),
                                            stream_between(stream, -HALF, HALF)}};
        const double c1 = stream_between(stream, -HALF, -sample_least);
        *instance = instance_of(&k);
        adapt(c1, instance);
        if (fabs(k.x0[0] * k.x0[0] - k.mu * c1 * c1) > CLEAR)
            return true;
    }
}

/* ---- conclusions ---- */

/* False on purpose: the limit that belongs to twice the feedback weight. */
static enum status limit_of_doubled_feedback(struct trial *trial, enum finding *finding)
{
    struct problem doubled = trial->instance->problem;
    doubled.c[0] *= 2;
    TRY(problem_predict(&doubled, trial->instance->x0, trial->limit, &trial->prediction));
    trial->predicted = true;
    return conclude_predicted_limit(trial, finding);
}

/* False on purpose: the limit under rbp with c1 = 1. */
static enum status limit_of_fixed_feedback(struct trial *trial, enum finding *finding)
{
    struct problem fixed = trial->instance->problem;
    fixed.rule = &rule_rbp;
    TRY(problem_predict(&fixed, trial->instance->x0, trial->limit, &trial->prediction));
    trial->limit[2] = trial->limit[1];
    trial->predicted = true;
    return conclude_predicted_limit(trial, finding);
}

/* False on purpose: beta a1^(2 mu), the rate without the lower layer. */
static enum status rate_of_top_layer(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    struct power_data data;
    TRY(trial_prediction(trial, &prediction));
    TRY(power_data_read(&trial->instance->problem, &data));
    const double power = pow(fabs(trial->limit[0]), 2 * ball_centre(data.mu));
    trial->prediction.rate = -ball_centre(data.beta[0]) * power;
    return conclude_predicted_rate(trial, finding);
}

/* It stays where it is, with the loss of output zero. */
static enum status stays_on_line(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    struct power_data data;
    TRY(trial_outcome(trial, &outcome));
    TRY(power_data_read(&trial->instance->problem, &data));
    const double alpha = ball_centre(data.alpha[0]), beta = ball_centre(data.beta[0]);
    if (!sample_neurons_unmoved(trial, outcome->last))
        return conclude_fails(trial, finding, "moves to (%.6g, %.6g)", outcome->last[0],
                              outcome->last[1]);
    return conclude_close(trial, "excess loss", trial->flow->loss(trial->flow, outcome->last),
                          alpha * alpha / (2 * beta), finding);
}

/* The coefficients of beta (x^(mu+2) + Q x^mu) - 2 mu c1 alpha, whole mu, a1 > 0. */
static size_t count_positive_roots(const struct trial *trial, const struct power_data *data)
{
    enum { DEGREE_MOST = 16 };
    const struct problem *p = &trial->instance->problem;
    const int mu = power_data_whole(data->mu);
    double k[DEGREE_MOST] = {0}, z[2 * DEGREE_MOST] = {0};
    const double c1 = p->c[0], *x = trial->instance->x0;
    k[0] = -2 * mu * c1 * ball_centre(data->alpha[0]) / ball_centre(data->beta[0]);
    k[mu] = 2 * mu * c1 * x[1] - x[0] * x[0];
    k[mu + 2] = 1;
    gsl_poly_complex_workspace *workspace = gsl_poly_complex_workspace_alloc((size_t)mu + 2 + 1);
    size_t count = 0;
    const bool solved =
        workspace && gsl_poly_complex_solve(k, (size_t)mu + 2 + 1, workspace, z) == GSL_SUCCESS;
    static const double REAL = 1e-7; /* rounding of simple roots of these sizes is below */
    for (int i = 0; solved && i < mu + 2; i++)
        count += z[2 * i] > 0 && fabs(z[2 * i + 1]) < REAL * z[2 * i];
    gsl_poly_complex_workspace_free(workspace);
    return count;
}

static enum status one_positive_root(struct trial *trial, enum finding *finding)
{
    struct power_data data;
    TRY(power_data_read(&trial->instance->problem, &data));
    if (power_data_whole(data.mu) == 0)
        return conclude_holds(finding); /* no polynomial; t11-limit covers it */
    const size_t count = count_positive_roots(trial, &data);
    trial->deviation = (double)count - 1;
    return count == 1 ? conclude_holds(finding)
                      : conclude_fails(trial, finding, "%zu positive roots", count);
}

/* The largest fall of a1' between two steps, and the peak. */
struct rise_watch {
    const struct flow *flow;
    enum status status;
    double highest, when, fall;
};

static void watch_rise(void *context, double t, const double *x)
{
    struct rise_watch *watch = context;
    double speed[2] = {NAN, NAN};
    if (watch->status == OK)
        watch->status = watch->flow->field(watch->flow, 1, x, speed);
    watch->when = speed[0] > watch->highest ? t : watch->when;
    watch->highest = fmax(watch->highest, speed[0]);
    watch->fall = fmax(watch->fall, watch->highest - speed[0]);
}

static enum status follow_rise(struct trial *trial, struct rise_watch *watch)
{
    const struct outcome *outcome;
    *watch = (struct rise_watch){.flow = trial->flow, .highest = -INFINITY};
    trial->plan.visit = watch_rise;
    trial->plan.context = watch;
    TRY(trial_outcome(trial, &outcome));
    return watch->status;
}

static enum status derivative_never_falls(struct trial *trial, enum finding *finding)
{
    struct rise_watch watch;
    TRY(follow_rise(trial, &watch));
    trial->deviation = watch.fall;
    if (!(watch.fall <= trial->theorem->bound))
        return conclude_fails(trial, finding, "a1' rises to %.6g at t = %.5g, then falls",
                              watch.highest, watch.when);
    return conclude_holds(finding);
}

static enum status derivative_peaks(struct trial *trial, double when, double height,
                                    enum finding *finding)
{
    struct rise_watch watch;
    TRY(follow_rise(trial, &watch));
    TRY(conclude_close(trial, "largest a1'", watch.highest, height, finding));
    if (*finding == FINDING_HOLDS)
        TRY(conclude_close(trial, "when", watch.when, when, finding));
    return OK;
}

static const double PEAK_TIME = 1.134, PEAK = 1.363;

static enum status derivative_peaks_as_worked(struct trial *trial, enum finding *finding)
{
    return derivative_peaks(trial, PEAK_TIME, PEAK, finding);
}

static enum status derivative_peaks_late(struct trial *trial, enum finding *finding)
{
    return derivative_peaks(trial, 2 * PEAK_TIME, PEAK, finding);
}

/* From 1e-12 it follows the branch (c1 mu alpha (2 - mu) t)^(1/(2-mu)) that leaves zero at once,
 * and theory says at zero that it cannot know. */
static enum status leaves_along_branch(struct trial *trial, double speed, enum finding *finding)
{
    static const double SOON = 0.1;
    const struct outcome *outcome;
    const double mu = trial->instance->problem.neurons[0].parameter;
    struct prediction at_zero;
    double limit[2];
    trial->plan.horizon = SOON;
    trial->plan.no_endings = true;
    TRY(trial_outcome(trial, &outcome));
    TRY(problem_predict(&trial->instance->problem, (double[]){0, trial->instance->x0[1]}, limit,
                        &at_zero));
    if (at_zero.ending != ENDING_HORIZON)
        return conclude_fails(trial, finding, "predicted at zero: %s", ending_name(at_zero.ending));
    const double law = pow(speed * mu * (2 - mu) * outcome->t, 1 / (2 - mu));
    return conclude_ratio(trial, "a1", outcome->last[0], law, finding);
}

static enum status leaves_as_branch(struct trial *trial, enum finding *finding)
{
    return leaves_along_branch(trial, 1, finding);
}

static enum status leaves_twice_as_fast(struct trial *trial, enum finding *finding)
{
    return leaves_along_branch(trial, 2, finding);
}

/* The limit of the start mirrored at a1 = 0 is the mirrored limit. */
static enum status mirrors(struct trial *trial, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    struct instance image = *trial->instance;
    struct trial other;
    image.x0[0] = -image.x0[0];
    TRY(trial_begin(&other, trial->theorem, &image, &trial->plan));
    const enum status status = conclude_came_to_rest(&other, &rests, finding);
    if (status == OK && rests) {
        const double *a = trial->outcome->limit, *b = other.outcome->limit;
        trial->deviation = fmax(fabs(a[0] + b[0]), fabs(a[1] - b[1])) / (1 + hypot(a[0], a[1]));
        *finding = trial->deviation <= trial->theorem->bound ? FINDING_HOLDS : FINDING_FAILS;
    }
    trial_end(&other);
    return status;
}

static bool sample_even(struct stream *stream, size_t index, struct instance *instance)
{
    static const size_t even[] = {5, 8};
    *instance = drawn(stream, even[index % COUNT(even)], 1);
    return true;
}

static bool sample_odd(struct stream *stream, size_t index, struct instance *instance)
{
    static const size_t odd[] = {7, 9};
    *instance = drawn(stream, odd[index % COUNT(odd)], 1);
    return true;
}

/* With finer steps: next to a1 = 0 the field is far from linear. */
static enum status crosses_to_limit(struct trial *trial, enum finding *finding)
{
    static const double FINE = 1e-12, FINEST = 1e-14;
    trial->plan.rtol = FINE;
    trial->plan.atol = FINEST;
    return conclude_predicted_limit(trial, finding);
}

/* False on purpose: a1 keeps its sign. */
static enum status keeps_its_sign(struct trial *trial, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    return trial->outcome->limit[0] * trial->instance->x0[0] > 0
               ? conclude_holds(finding)
               : conclude_fails(trial, finding, "a1 ends at %.6g", trial->outcome->limit[0]);
}

/* ---- arrival at zero ---- */

struct arrival {
    double mu, A, beta, Q;
};

/* dt/dz, z = x^(2-mu)/(2-mu): dz = x^(1-mu) dx, x' = x^(mu-1) F/2. */
static double slowness(double z, void *context)
{
    const struct arrival *k = context;
    const double x = pow((2 - k->mu) * z, 1 / (2 - k->mu));
    return -2 / (k->A - k->beta * pow(x, k->mu) * (x * x + k->Q));
}

static enum status time_to_zero(const struct instance *instance, double *t)
{
    enum { PIECES = 200 };
    static const double EXACT = 1e-12;
    const struct problem *p = &instance->problem;
    const double mu = p->neurons[0].parameter, *x = instance->x0;
    struct arrival k = {.mu = mu,
                        .A = 2 * mu * p->c[0] * p->alpha,
                        .beta = p->beta,
                        .Q = 2 * mu * p->c[0] * x[1] - x[0] * x[0]};
    gsl_function f = {.function = slowness, .params = &k};
    double error = 0;
    gsl_set_error_handler_off();
    gsl_integration_workspace *work = gsl_integration_workspace_alloc(PIECES);
    if (!work)
        return status_fail(NO_MEMORY, "time to zero");
    gsl_integration_qag(&f, 0, pow(x[0], 2 - mu) / (2 - mu), 0, EXACT, PIECES, GSL_INTEG_GAUSS61,
                        work, t, &error);
    gsl_integration_workspace_free(work);
    return OK;
}

static enum status arrives_after(struct trial *trial, double factor, enum finding *finding)
{
    const struct outcome *outcome;
    double t = NAN;
    TRY(time_to_zero(trial->instance, &t));
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending != ENDING_HORIZON || !(fabs(outcome->last[0]) <= trial->theorem->bound))
        return conclude_fails(trial, finding, "ends %s at a1 = %.6g", ending_name(outcome->ending),
                              outcome->last[0]);
    return conclude_ratio(trial, "time to a1 = 0", outcome->t, factor * t, finding);
}

static enum status arrives_in_time(struct trial *trial, enum finding *finding)
{
    return arrives_after(trial, 1, finding);
}

static enum status arrives_in_twice_the_time(struct trial *trial, enum finding *finding)
{
    return arrives_after(trial, 2, finding);
}

/* ---- bp, arbp ---- */

/* As published, set (116): where it rests, alpha = beta a2 a1^mu. */
static enum status rests_without_error(struct trial *trial, enum finding *finding)
{
    return sample_neurons_learns(trial, finding);
}

/* It learns if and only if a1^2 > mu c1^2. */
static enum status repairs_if(struct trial *trial, double factor, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const double mu = trial->instance->problem.neurons[0].parameter, *x = trial->instance->x0;
    const bool learns = trial->flow->loss(trial->flow, trial->outcome->limit) < LOSS_BOUND;
    const bool expected = x[0] * x[0] > factor * mu * x[2] * x[2];
    trial->deviation = learns == expected ? 0 : 1;
    return learns == expected ? conclude_holds(finding)
                              : conclude_fails(trial, finding, "%s, a1^2 = %.6g, mu c1^2 = %.6g",
                                               learns ? "learns" : "does not learn", x[0] * x[0],
                                               mu * x[2] * x[2]);
}

static enum status repairs_as_said(struct trial *trial, enum finding *finding)
{
    return repairs_if(trial, 1, finding);
}

/* False on purpose: without the factor mu, as for a linear chain. */
static enum status repairs_as_if_linear(struct trial *trial, enum finding *finding)
{
    const double mu = trial->instance->problem.neurons[0].parameter;
    return repairs_if(trial, 1 / mu, finding);
}

/* ---- the records ---- */

static const char PAPER[] = "Baldi, Sadowski, Lu (2018), Theorem 11";
static const char CORRECTED[] =
    "corrects Baldi, Sadowski, Lu (2018), Theorem 11; notes/nonlinear.md";
static const char NOTE[] = "notes/nonlinear.md";
static const double WORKED_BOUND = 5e-3; /* three digits given; steps of 0.01 near the peak */
static const double BRANCH_BOUND = 0.01; /* corrections of order t at t = 0.1, measured 7e-5 */
static const double FALL_BOUND = 1e-6;   /* of a1' between two steps: rounding is below 1e-9 */
static const double TIME_BOUND = 1e-6;   /* the referee locates the zero to its tolerance */

static const struct theorem records[] = {
    {
        .id = "t11-published",
        .source = PAPER,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, alpha > 0, beta > 0, c1 > 0; a start "
                      "with a1 >= 0, a2 >= 0; tried: mu = 2, 3, 4",
        .statement = "converges to a global minimum",
        .label = "X23",
        .recorded = VERDICT_REFUTED,
        .trials = 300,
        .corners = 1,
        .bound = LOSS_BOUND,
        .sample = sample_published,
        .conclude = sample_neurons_learns,
        .control = {.what = "c1 alpha < 0", .sample = sample_wrong_sign_stuck},
    },
    {
        .id = "t11-converges",
        .source = CORRECTED,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, mu > 0, beta > 0, c1 alpha > 0; a "
                      "start with a1 > 0, any a2; tried: mu = 1/3, ..., 7",
        .statement = "converges to a global minimum",
        .label = "X13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1500,
        .corners = COUNT(corners),
        .bound = LOSS_BOUND,
        .sample = sample_right,
        .conclude = sample_neurons_learns,
        .control = {.what = "c1 alpha < 0", .sample = sample_wrong_sign_stuck},
    },
    {
        .id = "t11-limit",
        .source = CORRECTED,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, mu > 0, beta > 0, c1 alpha > 0; a "
                      "start with a1 > 0, any a2; tried: mu = 1/3, ..., 7",
        .statement = "the limit is the positive root of beta x^mu (x^2 + Q) = 2 mu c1 alpha, Q = 2 "
                     "mu c1 a2 - a1^2 at the start",
        .label = "X13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1500,
        .corners = COUNT(corners),
        .bound = LIMIT_BOUND,
        .sample = sample_right,
        .conclude = conclude_predicted_limit,
        .control = {.what = "the limit of twice the feedback weight",
                    .sample = sample_right,
                    .conclude = limit_of_doubled_feedback},
    },
    {
        .id = "t11-one-root",
        .source = CORRECTED,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, mu > 0, beta > 0, c1 alpha > 0; a "
                      "leaf with a1 > 0; tried: mu = 1, 2, 3, 4, 7",
        .statement = "\"one of the positive roots\": there is exactly one",
        .label = "X11",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1000,
        .corners = COUNT(corners),
        .sample = sample_right,
        .conclude = one_positive_root,
        .control = {.what = "c1 alpha < 0: none or two", .sample = sample_wrong_sign},
    },
    {
        .id = "t11-rate",
        .source = NOTE,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, mu > 0, beta > 0, c1 alpha > 0; a "
                      "start with a1 > 0 that is no fixed point; tried: mu = 1/3, ..., 7",
        .statement = "the approach is exponential, never degenerate, with rate beta (a1^(2 mu) + "
                     "c1 mu^2 a2 a1^(2 mu - 2)) at the limit",
        .label = "X13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 600,
        .corners = COUNT(corners),
        .bound = RATE_BOUND,
        .sample = sample_right,
        .conclude = conclude_predicted_rate,
        .control = {.what = "the rate without the lower layer, beta a1^(2 mu)",
                    .sample = sample_right,
                    .conclude = rate_of_top_layer},
    },
    {
        .id = "t11-derivatives-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 11, proof",
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, alpha > 0, beta > 0, c1 > 0; a start "
                      "with a1 > 0, a2 > 0 and e > 0; tried: a1 = a2 = 0.1, mu = 2, 3, 4",
        .statement = "both derivatives are monotonically increasing",
        .label = "X23",
        .recorded = VERDICT_REFUTED,
        .trials = 40,
        .corners = 1,
        .bound = FALL_BOUND,
        .sample = sample_rise,
        .conclude = derivative_never_falls,
        .control = {.what = "the witness alone", .sample = sample_first_rise},
    },
    {
        .id = "t11-derivative-peak",
        .source = NOTE,
        .hypotheses =
            "A[1,1,1], O = a2 (a1 I)^2, under rbp, alpha = beta = 1, c1 = 1, from (0.1, 0.1)",
        .statement = "a1' rises to 1.363 at t = 1.134 and falls to zero",
        .label = "X23",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = WORKED_BOUND,
        .sample = sample_first_rise,
        .conclude = derivative_peaks_as_worked,
        .control = {.what = "twice the time",
                    .sample = sample_first_rise,
                    .conclude = derivative_peaks_late},
    },
    {
        .id = "t11-line",
        .source = CORRECTED,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, mu >= 2; a start with a1 = 0; tried: "
                      "mu = 2, 3, 4",
        .statement = "every point of the line a1 = 0 is fixed, with the loss of O = 0; the "
                     "published critical set leaves the line out",
        .label = "X12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_on_line,
        .conclude = stays_on_line,
        .control = {.what = "a1(0) = 1/4", .sample = sample_off_line},
    },
    {
        .id = "t11-branch",
        .source = NOTE,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, mu = 3/2 (odd power), alpha = beta = "
                      "1, c1 = 1, a2(0) = 1/2; a1(0) = 0, and 1e-12",
        .statement = "from a1(0) = 0 the solution is not unique: it may stay for any time and "
                     "leave like (c1 mu alpha (2 - mu) t)^(1/(2-mu)); a1(0) = 1e-12 follows it",
        .label = "X12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1,
        .corners = 1,
        .bound = BRANCH_BOUND,
        .sample = sample_branch,
        .conclude = leaves_as_branch,
        .control = {.what = "a branch of twice the speed",
                    .sample = sample_branch,
                    .conclude = leaves_twice_as_fast},
    },
    {
        .id = "t11-wrong-sign",
        .source = NOTE,
        .hypotheses =
            "A[1,1,1], O = a2 (a1 I)^2, under rbp, beta > 0, c1 alpha < 0; a start with a1 > 0",
        .statement = "settles on the line a1 = 0, short of the minimum, unless it starts beyond "
                     "the smaller of two roots; unlike linear chains, the sign of c1 matters",
        .label = "X13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 600,
        .corners = 3,
        .bound = LIMIT_BOUND,
        .sample = sample_wrong_sign,
        .conclude = conclude_predicted_limit,
        .control = {.what = "it is claimed that the limit is a global minimum",
                    .sample = sample_wrong_sign,
                    .conclude = sample_neurons_learns},
    },
    {
        .id = "t11-even",
        .source = NOTE,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, mu even, beta > 0, c1 alpha > 0; any "
                      "start with a1 != 0; tried: mu = 2, 4",
        .statement = "the starts (a1, a2) and (-a1, a2) have mirrored limits",
        .label = "X10",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .bound = LIMIT_BOUND,
        .sample = sample_even,
        .conclude = mirrors,
        .control = {.what = "odd mu", .sample = sample_odd},
    },
    {
        .id = "t11-odd-negative",
        .source = NOTE,
        .hypotheses =
            "A[1,1,1], O = a2 (a1 I)^3, under rbp, beta > 0, c1 alpha > 0; a start with a1 < 0",
        .statement = "creeps to the line a1 = 0 from an open set of starts, and reaches a minimum "
                     "with a1 < 0 from the others",
        .label = "X13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 2,
        .bound = LIMIT_BOUND,
        .sample = sample_odd_negative,
        .conclude = conclude_predicted_limit,
        .control = {.what = "it is claimed that (-.5, .2) reaches a global minimum",
                    .sample = sample_odd_stuck,
                    .conclude = sample_neurons_learns},
    },
    {
        .id = "t11-creeping",
        .source = NOTE,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, mu > 2, beta > 0, c1 alpha < 0; a "
                      "start that falls to a1 = 0; tried: mu = 3, 4, 5",
        .statement = "the line a1 = 0 is approached like t^(-1/(mu-2))",
        .label = "X12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .bound = EXPONENT_BOUND,
        .measures = THEOREM_MEASURES_EXPONENTS,
        .sample = sample_creeping,
        .conclude = conclude_predicted_exponent,
        .control = {.what = "mu = 2, where the approach is exponential",
                    .sample = sample_exponential},
    },
    {
        .id = "t11-crossing",
        .source = NOTE,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu (odd power), under rbp, 0 < mu < 1, beta > 0, c1 "
                      "alpha > 0; a start with a1 < 0; tried: mu = 1/3, 1/2, 3/4",
        .statement = "a1 crosses zero at infinite speed, in one way only, and reaches the global "
                     "minimum with a1 > 0, or one before it",
        .label = "X12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_crossing,
        .conclude = crosses_to_limit,
        .control = {.what = "it is claimed that a1 keeps its sign",
                    .sample = sample_crossing,
                    .conclude = keeps_its_sign},
    },
    {
        .id = "t11-extinction",
        .source = NOTE,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu (odd power), under rbp, 1 < mu < 2, beta > 0, c1 "
                      "alpha < 0; a start with a1 > 0 that falls to a1 = 0",
        .statement = "it arrives after the finite time int dx/|x'|, .946304106706 for mu = 3/2, "
                     "alpha = -1, from (1/2, 0); then it is undecided",
        .label = "X12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .corners = 1,
        .bound = TIME_BOUND,
        .sample = sample_extinct,
        .conclude = arrives_in_time,
        .control = {.what = "twice the time",
                    .sample = sample_extinct,
                    .conclude = arrives_in_twice_the_time},
    },
    {
        .id = "t11-no-cycles",
        .source = PAPER,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under rbp, whole mu, beta > 0, c1 alpha != 0; "
                      "any start; tried: mu = 2, 3, 4, any signs",
        .statement = "limit cycles are not possible",
        .label = "X13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 600,
        .sample = sample_whole,
        .conclude = conclude_no_cycle,
        .control = {.what = "ten linear layers with decay, which cycle", .sample = sample_cycling},
    },
    {
        .id = "t11-bp-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 11, Eqs. 116, 119",
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under bp, beta > 0, alpha != 0; any start; "
                      "tried: mu = 2, 3, 4",
        .statement = "the critical points are again those with alpha = beta a2 a1^mu, and the "
                     "weights always converge to one",
        .label = "X17",
        .recorded = VERDICT_REFUTED,
        .trials = 200,
        .corners = 1,
        .bound = LOSS_BOUND,
        .sample = sample_gradient,
        .conclude = rests_without_error,
        .control = {.what = "the witness alone: mu = 2, (1, -1)", .sample = sample_gradient_stuck},
    },
    {
        .id = "t11-bp",
        .source = CORRECTED,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under bp, beta > 0, alpha != 0; any start with "
                      "a1 != 0; tried: mu = 2, 3, 4",
        .statement = "a1^2 - mu a2^2 is conserved and the weights converge: to the next zero of e "
                     "on it, or to a1 = 0, which stops an open set of starts",
        .label = "X17",
        .recorded = VERDICT_SUPPORTED,
        .trials = 500,
        .corners = 1,
        .bound = LIMIT_BOUND,
        .sample = sample_gradient,
        .conclude = conclude_predicted_limit,
        .control = {.what = "the limit under rbp with c1 = 1",
                    .sample = sample_gradient,
                    .conclude = limit_of_fixed_feedback},
    },
    {
        .id = "t11-arbp",
        .source = NOTE,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under arbp, beta > 0, alpha != 0; any start "
                      "with a1 != 0; tried: mu = 2, 3, 4",
        .statement = "c1 - a2 and a1^2 - mu c1^2 are conserved, and the weights converge to the "
                     "next zero of e, or to a1 = 0",
        .label = "X17",
        .recorded = VERDICT_SUPPORTED,
        .trials = 500,
        .corners = 2,
        .bound = LIMIT_BOUND,
        .sample = sample_adaptive,
        .conclude = conclude_predicted_limit,
        .control = {.what = "the limit under rbp with c1 = 1",
                    .sample = sample_adaptive,
                    .conclude = limit_of_fixed_feedback},
    },
    {
        .id = "t11-arbp-repair",
        .source = NOTE,
        .hypotheses = "A[1,1,1], O = a2 (a1 I)^mu, under arbp, alpha = beta = 1; a small start "
                      "with feedback of the wrong sign, 0 < a1 <= 1/2, |a2| <= 1/2, -1/2 <= c1 < "
                      "0, a1^2 != mu c1^2; tried: mu = 2, 3, 4",
        .statement = "it learns if and only if a1^2 > mu c1^2; mu = 2, a1 = .5: c1 = -.3 learns, "
                     "-.4 does not",
        .label = "X17",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 2,
        .sample = sample_repair,
        .conclude = repairs_as_said,
        .control = {.what = "a1^2 > c1^2, as for a linear chain",
                    .sample = sample_repair,
                    .conclude = repairs_as_if_linear},
    },
};

const struct chapter chapter_theorem_11 = {
    .title = "Theorem 11, the power chain",
    .theorem = records,
    .theorems = COUNT(records),
};
