/* arbp on chains of three layers and more.
 *
 * Three layers, beta > 0: if |a1| < |c1|, |c2| < |a2| and c1 a2 < 0 the clock orbit is closed,
 * notes/adaptive.md, (G5).  With a1 = p sinh theta, c1 = p cosh theta, a2 = q cosh phi, c2 = q sinh
 * phi it is |p|(cosh theta - 1) + |q|(cosh phi - 1) = E, that is
 *     sqrt(2|p|) sinh(theta/2) = sqrt(E) cos psi,   sqrt(2|q|) sinh(phi/2) = sqrt(E) sin psi,
 * smooth in psi with ds = -dpsi / (sign(q) sqrt|pq| cosh(theta/2) cosh(phi/2)).  So the motion is
 * periodic if e has no zero on the curve, or it ends at the first zero.  Otherwise, off null sets,
 * the clock orbit is unbounded and the weights are not (G7): alpha = beta P in the limit (G6), and
 * that is all we know of it.  Four layers and more: nothing is known of the limit.
 * Rejected: the quadrature of the planar particle in tau, whose integrand is infinite at its two
 * turning points. */
#include "linear/adaptive.h"
#include "linear/adaptive_loop.h"
#include "linear/prediction_clock.h"

#include <float.h>
#include <math.h>

static const char *const SOURCE = "notes/adaptive.md, (G5), (G6)";

enum { THREE = 3, A1 = 0, A2, A3, C1, C2 };

/* ---- the closed curve ---- */

struct trap {
    double alpha, beta;
    double p, q;          /* signed */
    double width, height; /* sqrt(E/2|p|), sqrt(E/2|q|): of sinh(theta/2), sinh(phi/2) */
    double offset;        /* a3 - c2 */
    double psi;           /* where it starts */
};

/* sqrt(|x|^2 - |y|^2) for |x| > |y| without cancellation, with the sign of x. */
static double leg(double x, double y)
{
    return copysign(sqrt(fabs(x - y)) * sqrt(fabs(x + y)), x);
}

static bool is_trapped(const double *x)
{
    return fabs(x[A1]) < fabs(x[C1]) && fabs(x[C2]) < fabs(x[A2]) && x[C1] * x[A2] < 0;
}

static struct trap trap_of(const struct problem *problem, const double *x)
{
    struct trap trap = {.alpha = problem->alpha,
                        .beta = problem->beta,
                        .p = leg(x[C1], x[A1]),
                        .q = leg(x[A2], x[C2]),
                        .offset = x[A3] - x[C2]};
    const double across = sqrt(2 * fabs(trap.p)) * sinh(asinh(x[A1] / trap.p) / 2);
    const double along = sqrt(2 * fabs(trap.q)) * sinh(asinh(x[C2] / trap.q) / 2);
    const double amplitude = hypot(across, along);
    trap.width = amplitude / sqrt(2 * fabs(trap.p));
    trap.height = amplitude / sqrt(2 * fabs(trap.q));
    trap.psi = atan2(along, across);
    return trap;
}

static void trap_state(const struct trap *trap, double psi, double x[THREE + 2])
{
    const double theta = 2 * asinh(trap->width * cos(psi));
    const double phi = 2 * asinh(trap->height * sin(psi));
    x[A1] = trap->p * sinh(theta);
    x[C1] = trap->p * cosh(theta);
    x[A2] = trap->q * cosh(phi);
    x[C2] = trap->q * sinh(phi);
    x[A3] = trap->offset + x[C2];
}

static double trap_error(const void *self, double psi)
{
    const struct trap *trap = self;
    double x[THREE + 2];
    trap_state(trap, psi, x);
    return trap->alpha - trap->beta * (x[A1] * x[A2] * x[A3]);
}

static double trap_speed(const void *self, double psi)
{
    const struct trap *trap = self;
    return sqrt(fabs(trap->p * trap->q)) * hypot(1, trap->width * cos(psi)) *
           hypot(1, trap->height * sin(psi));
}

/* S = dP/ds = c1 c2 a2 a3 + a1^2 c2 a3 + a1^2 a2^2 */
static double sensitivity(const double *x)
{
    return x[C1] * x[C2] * x[A2] * x[A3] + x[A1] * x[A1] * (x[C2] * x[A3] + x[A2] * x[A2]);
}

/* |dG/dpsi| = beta |S| |ds/dpsi|, and |S| by the largest moduli on the curve. */
static struct adaptive_loop loop_of(const struct trap *trap)
{
    double across[THREE + 2], along[THREE + 2], most[THREE + 2];
    trap_state(trap, 0, across);
    trap_state(trap, asin(1), along);
    most[A1] = fabs(across[A1]);
    most[C1] = fabs(across[C1]);
    most[A2] = fabs(along[A2]);
    most[C2] = fabs(along[C2]);
    most[A3] = fabs(trap->offset) + most[C2];
    return (struct adaptive_loop){
        .error = trap_error,
        .speed = trap_speed,
        .slope = fabs(trap->beta) * sensitivity(most) / sqrt(fabs(trap->p * trap->q)),
        .size = fabs(trap->alpha) + fabs(trap->beta) * most[A1] * most[A2] * most[A3],
        .start = trap->psi,
        .turn = trap->q > 0 ? -1 : 1,
        .self = trap};
}

static void predict_trapped(const struct problem *problem, const double *x0, double *limit,
                            struct prediction *out)
{
    static const double RELATIVE_ERROR = 1e-12; /* of the state, against 25 digits: 2e-14 */
    const struct trap trap = trap_of(problem, x0);
    const struct adaptive_loop loop = loop_of(&trap);
    double psi = trap.psi;
    switch (adaptive_loop_first_root(&loop, &psi)) {
    case ADAPTIVE_LOOP_PERIODIC:
        out->ending = ENDING_CYCLING;
        out->period = adaptive_loop_period(&loop);
        out->global_minimum = 0;
        return;
    case ADAPTIVE_LOOP_ROOT:
        trap_state(&trap, psi, limit);
        out->ending = ENDING_SETTLED;
        out->multiplicity = 1;
        out->rate = -problem->beta * sensitivity(limit);
        out->error = RELATIVE_ERROR * (fabs(limit[A3]) + fabs(limit[C1]) + fabs(limit[A2]));
        out->global_minimum = 1;
        out->loss = 0;
        return;
    case ADAPTIVE_LOOP_UNDECIDED:
        out->reason = "trapped, and alpha - beta P almost vanishes on the closed orbit";
    }
}

/* ---- outside the trap ---- */

/* (G6): the three cases where the clock orbit is unbounded in both directions. */
static bool is_free(const double *x)
{
    static const double NULL_SET =
        1e-9; /* relative: what is nearer to the separatrix is left open */
    const bool above = fabs(x[C2]) > fabs(x[A2]);
    if (fabs(x[A1]) == fabs(x[C1]) || fabs(x[A2]) == fabs(x[C2]))
        return false;
    if (above || fabs(x[A1]) > fabs(x[C1]))
        return true;
    const double p = leg(x[C1], x[A1]), q = leg(x[A2], x[C2]);
    const double across = sqrt(fabs(p)) * fabs(sinh(asinh(x[A1] / p) / 2));
    const double along = sqrt(fabs(q)) * fabs(sinh(asinh(x[C2] / q) / 2));
    return x[C1] * x[A2] > 0 && fabs(across - along) > NULL_SET * (across + along);
}

static void predict_free(const struct problem *problem, double *limit, struct prediction *out)
{
    limit[0] = problem->alpha / problem->beta;
    out->about = PREDICTION_OUTPUT;
    out->ending = ENDING_SETTLED;
    out->error = DBL_EPSILON * fabs(limit[0]);
    out->global_minimum = 1;
    out->loss = 0;
    out->reason = "alpha = beta P in the limit; which of these points is not predicted";
}

/* ---- at rest ---- */

/* Does the start move?  If not, says why. */
static bool starts_moving(const struct adaptive_network *network, const double *x0,
                          struct prediction *out)
{
    const size_t L = network->layers;
    struct ball P = ball_of(1);
    size_t first_zero = L, last_zero = 0; /* the first a_p = 0; the last c_q = 0, counted from 1 */
    for (size_t i = 0; i < L; i++) {
        P = ball_mul(P, ball_of(x0[i]));
        first_zero = x0[i] == 0 && first_zero == L ? i : first_zero;
        last_zero = i + 1 < L && x0[L + i] == 0 ? i + 1 : last_zero;
    }
    const struct ball e =
        ball_sub(ball_of(network->problem->alpha), ball_mul(ball_of(network->problem->beta), P));
    if (ball_sign(e) == 0) {
        out->reason = ball_is_zero(e)
                          ? "starts where alpha = beta P: at rest, stability not predicted"
                          : prediction_undecided;
        return false;
    }
    if (first_zero < last_zero) { /* a_p = 0 = c_q, p <= q: every update vanishes, (G4) */
        out->reason = "starts at a fixed point with a_p = 0 = c_q, p <= q";
        return false;
    }
    return true;
}

enum status adaptive_predict_layered(const struct adaptive_network *network, const double *x0,
                                     double *limit, struct prediction *prediction)
{
    const struct problem *problem = network->problem;
    *prediction = prediction_none(SOURCE, NULL);
    for (size_t i = 0; i < 2 * network->layers - 1; i++)
        limit[i] = x0[i];
    if (!starts_moving(network, x0, prediction))
        return OK;
    if (network->layers > THREE)
        prediction->reason = "arbp with four layers or more: some starts cycle, some learn, (G8)";
    else if (!(problem->beta > 0))
        prediction->reason = "the theorem on three layers needs beta > 0";
    else if (is_trapped(x0))
        predict_trapped(problem, x0, limit, prediction);
    else if (is_free(x0))
        predict_free(problem, limit, prediction);
    else
        prediction->reason = "on a null set where the clock orbit may be bounded";
    return OK;
}
