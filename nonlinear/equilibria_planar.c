/* The type of a planar fixed point, and its Hopf point.
 *
 * Trace and determinant are those of (7.2) in the form that holds with and without the derivative of
 * the neuron: J = [k (u' - a2 v'), -k v; M1' - a2 M2', -M2] at a fixed point, notes/equilibria.md,
 * (B12).  The trace is affine in c1, so that the Hopf value is a quotient, (B14); there
 *
 *     l1 = Re(i g20 g11 + omega g21) / (2 omega^2)
 *
 * with g20 = <p, B(q,q)>, g11 = <p, B(q,q*)>, g21 = <p, C(q,q,q*)> (Kuznetsov 2004, (3.20)). */
#include "nonlinear/equilibria_planar.h"

#include <complex.h>
#include <math.h>

/* Of trace and det where M1 = 0, whose relative error says nothing there: sums of thousands. */
static const double CROSSING_ERROR = 1e-12;

/* ---- the Lyapunov coefficient ---- */

typedef double derivatives[EQUILIBRIA_ORDERS][EQUILIBRIA_ORDERS];

/* sum over the second derivatives, B(s, t). */
static double complex bilinear(derivatives D, const double complex s[2], const double complex t[2])
{
    return D[2][0] * s[0] * t[0] + D[1][1] * (s[0] * t[1] + s[1] * t[0]) + D[0][2] * s[1] * t[1];
}

/* C(q, q, q*) */
static double complex cubic(derivatives D, const double complex q[2])
{
    const double complex x = q[0], y = q[1];
    return D[3][0] * x * x * conj(x) + D[2][1] * (2 * x * conj(x) * y + x * x * conj(y)) +
           D[1][2] * (2 * x * y * conj(y) + y * y * conj(x)) + D[0][3] * y * y * conj(y);
}

double equilibria_planar_lyapunov(const struct equilibria_derivatives *d)
{
    struct equilibria_derivatives s = *d;
    const double Fa = s.F[1][0], Fb = s.F[0][1], Ga = s.G[1][0], Gb = s.G[0][1];
    const double omega = sqrt(Fa * Gb - Fb * Ga);
    double complex q[2] = {Fb, I * omega - Fa}, p[2] = {Ga, I * omega - Fa};
    const double norm = sqrt(creal(q[0] * conj(q[0]) + q[1] * conj(q[1])));
    q[0] /= norm;
    q[1] /= norm;
    const double complex pairing = p[0] * q[0] + p[1] * q[1];
    p[0] /= pairing; /* the conjugate of Kuznetsov's p */
    p[1] /= pairing;
    const double complex other[2] = {conj(q[0]), conj(q[1])};
    const double complex g20 = p[0] * bilinear(s.F, q, q) + p[1] * bilinear(s.G, q, q);
    const double complex g11 = p[0] * bilinear(s.F, q, other) + p[1] * bilinear(s.G, q, other);
    const double complex g21 = p[0] * cubic(s.F, q) + p[1] * cubic(s.G, q);
    return creal(I * g20 * g11 + omega * g21) / (2 * omega * omega);
}

/* ---- the Hopf point ---- */

/* trace = c T - M2 with T from c = 1: zero at c = M2/T. */
static struct equilibria_hopf hopf_of(const struct equilibria_field *field, double a, double b)
{
    struct equilibria_hopf hopf = {.exists = false, .c = NAN, .omega = NAN, .lyapunov = NAN};
    struct equilibria_values values;
    struct equilibria_derivatives d;
    if (equilibria_field_is_gradient(field))
        return hopf; /* real eigenvalues, (B12) */
    equilibria_field_all(field, a, &values);
    equilibria_field_derivatives(field, &values, b, 1, &d);
    const double c = -d.G[0][1] / d.F[1][0];
    equilibria_field_derivatives(field, &values, b, c, &d);
    const double det = d.F[1][0] * d.G[0][1] - d.F[0][1] * d.G[1][0];
    if (!(det > 0) || !isfinite(c))
        return hopf;
    hopf.exists = true;
    hopf.c = c;
    hopf.omega = sqrt(det);
    hopf.lyapunov = equilibria_planar_lyapunov(&d);
    return hopf;
}

/* ---- the type ---- */

/* The sums behind trace and det, for their rounding. */
struct invariants {
    double trace, det, trace_terms, det_terms;
};

static struct invariants invariants_of(const struct equilibria_derivatives *d)
{
    const double first = d->F[1][0] * d->G[0][1], second = d->F[0][1] * d->G[1][0];
    return (struct invariants){d->F[1][0] + d->G[0][1], first - second,
                               fabs(d->F[1][0]) + fabs(d->G[0][1]), fabs(first) + fabs(second)};
}

static enum equilibria_kind kind_of(const struct invariants *J, double error)
{
    const bool turns = J->trace * J->trace < 4 * J->det;
    if (fabs(J->det) <= error * J->det_terms)
        return EQUILIBRIA_UNDECIDED;
    if (J->det < 0)
        return EQUILIBRIA_SADDLE;
    if (fabs(J->trace) <= error * J->trace_terms)
        return EQUILIBRIA_UNDECIDED;
    if (J->trace < 0)
        return turns ? EQUILIBRIA_STABLE_FOCUS : EQUILIBRIA_STABLE_NODE;
    return turns ? EQUILIBRIA_UNSTABLE_FOCUS : EQUILIBRIA_UNSTABLE_NODE;
}

static void type_fill(const struct equilibria_derivatives *d, double error,
                      struct equilibria_point *point)
{
    const struct invariants J = invariants_of(d);
    const double square = J.trace * J.trace / 4 - J.det;
    point->trace = J.trace;
    point->det = J.det;
    point->frequency = square < 0 ? sqrt(-square) : 0;
    /* the larger root; for a negative trace from the product of the roots, without cancellation */
    const double root = square > 0 ? sqrt(square) : 0, half = J.trace / 2;
    point->rate = half >= 0 || root == 0 ? half + root : J.det / (half - root);
    point->kind = kind_of(&J, error);
}

struct equilibria_point equilibria_planar_point(const struct equilibria_field *field,
                                                const struct equilibria_root *root)
{
    struct equilibria_values s;
    struct equilibria_derivatives d;
    equilibria_field_at(field, root->a, &s);
    const double b = root->crossing ? 0 : s.m1[0] / s.m2[0];
    struct equilibria_point point = {
        .a1 = root->a, .a2 = b, .low = root->low, .high = root->high, .curvature = NAN};
    equilibria_field_derivatives(field, &s, b, equilibria_field_feedback(field), &d);
    const double error = root->crossing ? CROSSING_ERROR : s.error;
    /* the position is uncertain, too: by the enclosure over its size */
    type_fill(&d, error + (root->high - root->low) / (1 + fabs(root->a)), &point);
    const double slope = s.m2[1] / s.m2[0], growth = s.m1[1] / s.m1[0];
    if (!root->crossing)
        point.curvature =
            2 * (s.m1[2] / s.m1[0] - growth * growth) - s.m2[2] / s.m2[0] + slope * slope;
    point.loss = (equilibria_field_target_square(field) - b * (2 * s.m1[0] - b * s.m2[0])) / 2;
    point.hopf = hopf_of(field, root->a, b);
    return point;
}

const char *equilibria_kind_name(enum equilibria_kind kind)
{
    static const char *const names[EQUILIBRIA_KINDS] = {
        [EQUILIBRIA_STABLE_NODE] = "stable node",
        [EQUILIBRIA_STABLE_FOCUS] = "stable focus",
        [EQUILIBRIA_SADDLE] = "saddle",
        [EQUILIBRIA_UNSTABLE_NODE] = "unstable node",
        [EQUILIBRIA_UNSTABLE_FOCUS] = "unstable focus",
        [EQUILIBRIA_UNDECIDED] = "undecided"};
    return names[kind];
}
