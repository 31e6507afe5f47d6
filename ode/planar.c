/* The real part of a complex pair is half the trace, so its error is that of the trace: no condition
 * number of an eigenvalue comes in, as it would with a computed spectrum.  The trace is wrong by the
 * rounding of its entries and by what it changes over the distance to the true fixed point; terms
 * that cancel in the entries are seen by those of f, as far from the origin as x is.
 *
 * The Hessian of a claim is taken from its gradient by central differences, with two steps, whose
 * difference bounds the error.  Rejected: calling every pair +-i omega a centre, which a cubic term
 * makes a focus; and its first Lyapunov coefficient, which proves nothing where it is small. */
#include "ode/planar.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>

enum { PLANE = 2, ENTRIES = 4 };

static const double ROUNDINGS = 64;    /* of an entry of the Jacobian: dozens of operations */
static const double SAFETY = 2;        /* on changes seen in four directions */
static const double DIFFERENCE = 6e-6; /* DBL_EPSILON^(1/3): of central differences, over 1 + |x| */
static const double CLEARLY = 16;      /* a determinant over its error */

struct linear {
    double J[ENTRIES], norm, trace, determinant;
};

static enum status linear_at(const struct flow *flow, const double *x, struct linear *linear)
{
    TRY(flow->jacobian(flow, x, linear->J));
    const double *J = linear->J;
    linear->norm = vector_norm(ENTRIES, J);
    linear->trace = J[0] + J[ENTRIES - 1];
    linear->determinant = J[0] * J[ENTRIES - 1] - J[1] * J[2];
    return OK;
}

/* A bound on the rounding of f, over eps; at least what the Jacobian makes of that of x. */
static double terms_at(const struct flow *flow, const double *x, const struct linear *linear)
{
    double bound[PLANE] = {0, 0};
    if (flow->rounding)
        flow->rounding(flow, x, bound);
    return vector_norm(PLANE, bound) + linear->norm * vector_norm(PLANE, x);
}

/* How much trace and determinant may be off: by rounding, and since the fixed point is `away`. */
static enum status errors_at(const struct flow *flow, const double *x, double away,
                             const struct linear *at, double error[PLANE])
{
    const double size = vector_norm(PLANE, x), terms = terms_at(flow, x, at);
    const double entry = ROUNDINGS * DBL_EPSILON * (at->norm + (size > 0 ? terms / size : 0));
    away += DBL_EPSILON * (size + terms * at->norm / fabs(at->determinant));
    error[0] = entry;
    error[1] = entry * at->norm;
    for (int k = 0; k < ENTRIES; k++) {
        double beside[PLANE] = {x[0], x[1]};
        struct linear there;
        beside[k / 2] += k % 2 ? away : -away;
        TRY(linear_at(flow, beside, &there));
        error[0] = fmax(error[0], entry + SAFETY * fabs(there.trace - at->trace));
        error[1] =
            fmax(error[1], entry * at->norm + SAFETY * fabs(there.determinant - at->determinant));
    }
    return OK;
}

/* H[4] of a claim, from gradients h away. */
static void hessian_at(const struct flow *flow, size_t claim, const double *x, double h,
                       double H[ENTRIES])
{
    for (size_t j = 0; j < PLANE; j++) {
        double left[PLANE] = {x[0], x[1]}, right[PLANE] = {x[0], x[1]}, low[PLANE], high[PLANE];
        left[j] -= h;
        right[j] += h;
        flow->gradient(flow, claim, left, low);
        flow->gradient(flow, claim, right, high);
        for (size_t i = 0; i < PLANE; i++)
            H[i * PLANE + j] = (high[i] - low[i]) / (right[j] - left[j]);
    }
}

/* (Z4): is the Hessian definite, beyond its error? */
static bool is_definite(const struct flow *flow, size_t claim, const double *x)
{
    const double h = DIFFERENCE * (1 + vector_norm(PLANE, x));
    double near[ENTRIES], far[ENTRIES], gradient[PLANE], error = 0;
    hessian_at(flow, claim, x, h, near);
    hessian_at(flow, claim, x, 2 * h, far);
    flow->gradient(flow, claim, x, gradient); /* zero, but for rounding */
    for (int k = 0; k < ENTRIES; k++)
        error += fabs(near[k] - far[k]);
    const double rounding =
        ROUNDINGS * DBL_EPSILON * vector_norm(ENTRIES, near) * (1 + vector_norm(PLANE, x));
    error += (vector_norm(PLANE, gradient) + rounding) / h + fabs(near[1] - near[2]);
    const double determinant = near[0] * near[ENTRIES - 1] - near[1] * near[2];
    return determinant > CLEARLY * error * (error + vector_norm(ENTRIES, near));
}

static bool is_centre(const struct flow *flow, const double *x)
{
    for (size_t k = 0; k < flow->conserved; k++)
        if (is_definite(flow, k, x))
            return true;
    return false;
}

enum status planar_kind(const struct flow *flow, const double *x, double away,
                        enum planar_kind *kind)
{
    struct linear at;
    double error[PLANE];
    TRY(linear_at(flow, x, &at));
    TRY(errors_at(flow, x, away, &at, error));
    if (!(fabs(at.determinant) > error[1]))
        *kind = PLANAR_UNDECIDED;
    else if (at.determinant < 0)
        *kind = PLANAR_SADDLE;
    else if (fabs(at.trace) > error[0])
        *kind = at.trace < 0 ? PLANAR_ATTRACTS : PLANAR_REPELS;
    else
        *kind = is_centre(flow, x) ? PLANAR_CENTRE : PLANAR_UNDECIDED;
    return OK;
}
