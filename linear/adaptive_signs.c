/* Sign symmetry on A[1,1,1]: a1' = sgn(a2) e, a2' = a1 e, beta > 0.
 *
 * I = |a2| - a1^2/2 is conserved through the jumps, and the loss never rises.  So the limit has
 * |a1| = y, the one root of y^3/2 + I y = |rho| with y^2/2 + I > 0; which signs the weights take is
 * decided by I where the start has the wrong one, notes/rules.md, (R15).  With I = 0 such a start
 * comes to the origin in finite time, where solutions are not unique. The root is found in doubles,
 * from above where the cubic is convex and increasing. */
#include "linear/adaptive.h"

#include "base/ball.h"

#include <float.h>
#include <math.h>

/* The root of y^3/2 + I y = r, r > 0, with y^2/2 + I > 0. */
static double modulus(double I, double r)
{
    enum { NEWTON_MOST = 200 };
    double y = cbrt(2 * r) + sqrt(2 * fabs(I)); /* beyond it: y^3/2 - |I| y >= r there */
    for (int i = 0; i < NEWTON_MOST; i++) {
        const double step = (y * y * y / 2 + I * y - r) / (3 * y * y / 2 + I);
        y -= step;
        if (fabs(step) <= DBL_EPSILON * y)
            break;
    }
    return y;
}

/* |a2| - a1^2/2 exactly, for its sign. */
static struct ball invariant(const double *x)
{
    const struct ball a1 = ball_of(x[0]);
    return ball_sub(ball_of(fabs(x[1])), ball_half(ball_mul(a1, a1)));
}

static void put_limit(const struct problem *problem, double I, double sign1, double sign2,
                      double *limit, struct prediction *out)
{
    static const double RELATIVE_ERROR = 16 * DBL_EPSILON;
    const double rho = problem->alpha / problem->beta;
    const double y = rho != 0 ? modulus(I, fabs(rho)) : sqrt(fmax(-2 * I, 0));
    limit[0] = sign1 * y;
    limit[1] = sign2 * (rho != 0 ? fabs(rho) / y : fmax(I, 0));
    out->ending = ENDING_SETTLED;
    out->multiplicity = 1;
    out->rate = -problem->beta * (y * y + fabs(limit[1]));
    out->error = RELATIVE_ERROR * (1 + y * y) * fmax(y, fabs(limit[1]));
    out->global_minimum = 1;
    out->loss = 0;
}

/* P alpha <= 0 and e != 0 at the start: one weight has to change its sign. */
static void predict_crossing(const struct problem *problem, const double *x0, double *limit,
                             struct prediction *out)
{
    const struct ball exact = invariant(x0);
    const double I = ball_centre(exact), turn = problem->alpha > 0 ? 1 : -1;
    const int side = ball_sign(exact);
    if (side == 0) {
        out->reason =
            "a2 = +-a1^2/2 with the wrong sign: the origin is reached in finite time, and "
            "the solution is not unique there";
        return;
    }
    const double kept = side > 0 ? copysign(1, x0[1]) : copysign(1, x0[0]);
    if (side > 0)
        put_limit(problem, I, turn * kept, kept, limit, out);
    else
        put_limit(problem, I, kept, turn * kept, limit, out);
}

enum status adaptive_predict_signs(const struct adaptive_network *network, const double *x0,
                                   double *limit, struct prediction *prediction)
{
    const struct problem *problem = network->problem;
    const double P = x0[0] * x0[1], e = problem->alpha - problem->beta * P;
    *prediction = prediction_none("notes/rules.md, (R15)", NULL);
    limit[0] = x0[0];
    limit[1] = x0[1];
    if (!(problem->beta > 0) || problem->alpha == 0)
        prediction->reason = "the limit rule for sign symmetry needs beta > 0 and alpha != 0";
    else if (x0[0] == 0 && x0[1] == 0)
        prediction->reason = "starts at the origin, where the signs are not defined";
    else if (P * problem->alpha > 0 && e != 0)
        put_limit(problem, ball_centre(invariant(x0)), copysign(1, x0[0]), copysign(1, x0[1]),
                  limit, prediction);
    else if (e != 0)
        predict_crossing(problem, x0, limit, prediction);
    else
        prediction->reason = "starts on a fixed point";
    return OK;
}
