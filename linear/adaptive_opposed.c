/* Two layers whose feedback learns against the forward weights, rates eta1 and rho of opposite
 * signs:
 *
 *   a' = eta1 c e,  b' = eta2 a e,  c' = rho a e,  eta1 rho < 0.
 *
 * In the clock a and c turn on circles, x = a/p, y = c/q with p^2 = |eta1|, q^2 = |rho|:
 *     x = x0 cos psi + y0 sin psi,  y = y0 cos psi - x0 sin psi,  b = b0 + (eta2/rho)(c - c0),
 * so that the weights oscillate for ever if alpha = beta P nowhere on the circle, and stop at the
 * first such point otherwise: notes/adaptive.md, (G12). */
#include "linear/adaptive.h"
#include "linear/adaptive_loop.h"

#include <math.h>

struct circle {
    size_t N;
    double alpha, beta, p, q, ratio;
    const double *x0; /* a, b, c */
};

static void circle_weights(const struct circle *circle, size_t i, double psi, double w[3])
{
    const size_t N = circle->N;
    const double x = circle->x0[i] / circle->p, y = circle->x0[2 * N + i] / circle->q;
    w[0] = circle->p * (x * cos(psi) + y * sin(psi));
    w[2] = circle->q * (y * cos(psi) - x * sin(psi));
    w[1] = circle->x0[N + i] + circle->ratio * (w[2] - circle->x0[2 * N + i]);
}

static double circle_error(const void *self, double psi)
{
    const struct circle *circle = self;
    double P = 0;
    for (size_t i = 0; i < circle->N; i++) {
        double w[3];
        circle_weights(circle, i, psi, w);
        P += w[0] * w[1];
    }
    return circle->alpha - circle->beta * P;
}

static double circle_speed(const void *self, double psi)
{
    (void)psi;
    const struct circle *circle = self;
    return circle->p * circle->q;
}

static struct adaptive_loop loop_of(const struct circle *circle, double eta1)
{
    const size_t N = circle->N;
    struct adaptive_loop loop = {.error = circle_error,
                                 .speed = circle_speed,
                                 .size = fabs(circle->alpha),
                                 .turn = eta1 > 0 ? 1 : -1,
                                 .self = circle};
    for (size_t i = 0; i < N; i++) {
        const double c0 = circle->x0[2 * N + i];
        const double radius = hypot(circle->x0[i] / circle->p, c0 / circle->q);
        const double swing = fabs(circle->ratio) * circle->q * radius;
        const double fixed = fabs(circle->x0[N + i] - circle->ratio * c0);
        loop.size += fabs(circle->beta) * circle->p * radius * (fixed + swing);
        loop.slope += fabs(circle->beta) * circle->p * radius * (fixed + 2 * swing);
    }
    return loop;
}

static void predict_stop(const struct circle *circle, const struct adaptive_loop *loop, double psi,
                         double *limit, struct prediction *out)
{
    static const double STEP = 1e-5, RELATIVE_ERROR = 1e-11;
    double largest = 0;
    for (size_t i = 0; i < circle->N; i++) {
        double w[3];
        circle_weights(circle, i, psi, w);
        for (size_t j = 0; j < 3; j++) {
            limit[j * circle->N + i] = w[j];
            largest = fmax(largest, fabs(w[j]));
        }
    }
    const double slope =
        (circle_error(circle, psi + STEP) - circle_error(circle, psi - STEP)) / (2 * STEP);
    out->ending = ENDING_SETTLED;
    out->multiplicity = 1;
    out->rate = loop->turn * circle->p * circle->q * slope;
    out->error = RELATIVE_ERROR * largest;
    out->global_minimum = 1;
    out->loss = 0;
}

static bool is_at_rest(const struct circle *circle)
{
    for (size_t i = 0; i < circle->N; i++)
        if (circle->x0[i] != 0 || circle->x0[2 * circle->N + i] != 0)
            return circle_error(circle, 0) == 0;
    return true;
}

enum status adaptive_predict_opposed(const struct adaptive_network *network, const double *x0,
                                     double *limit, struct prediction *prediction)
{
    const struct problem *problem = network->problem;
    const double eta1 = adaptive_rate(problem, 0), rho = adaptive_rate(problem, 2);
    const struct circle circle = {.N = network->width,
                                  .alpha = problem->alpha,
                                  .beta = problem->beta,
                                  .p = sqrt(fabs(eta1)),
                                  .q = sqrt(fabs(rho)),
                                  .ratio = adaptive_rate(problem, 1) / rho,
                                  .x0 = x0};
    const struct adaptive_loop loop = loop_of(&circle, eta1);
    double psi = 0;
    *prediction = prediction_none("notes/adaptive.md, (G12)", NULL);
    if (is_at_rest(&circle)) {
        prediction->reason = "starts on a fixed point; its stability is not predicted";
        return OK;
    }
    switch (adaptive_loop_first_root(&loop, &psi)) {
    case ADAPTIVE_LOOP_PERIODIC:
        prediction->ending = ENDING_CYCLING;
        prediction->period = adaptive_loop_period(&loop);
        prediction->global_minimum = 0;
        break;
    case ADAPTIVE_LOOP_ROOT:
        predict_stop(&circle, &loop, psi, limit, prediction);
        break;
    case ADAPTIVE_LOOP_UNDECIDED:
        prediction->reason = "alpha - beta P almost vanishes on the circle";
    }
    return OK;
}
