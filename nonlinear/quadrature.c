/* Trapezoid rules for Gaussian averages, in three variables.
 *
 * For G analytic in |Im u| < angle with integrals of |G| over the lines bounded by N,
 *
 *     | step sum_j G(j step) - integral of G | <= 2 N/(exp(2 pi angle/step) - 1)          (I1)
 *
 * so the step is 2 pi angle/EXPONENT, and everything is in the angle: the poles of tanh stand on the
 * imaginary axis, and as neurons grow steep they come to zero.  In t they leave a strip; in u, with
 * t = kappa sinh u, an angle that does not depend on how steep the neurons are (I4), because sectors
 * are mapped into themselves by tanh and by erf, and only the nodes' number, about log(steepness),
 * does.  Half lines use kappa exp(u - exp(-u)), which besides kills the end at zero twice
 * exponentially (I5).
 *
 * Gauss-Hermite rules, the usual choice, see all of that as a function with poles at distance
 * pi/(2a): they converge like exp(-c sqrt(n)), and not at all in practice for a = 5 (I9).
 * Nodes and weights are made in extended precision: a weight belongs to its exact node. */
#include "nonlinear/quadrature.h"

#include <float.h>
#include <math.h>

static const double PI = 3.14159265358979323846;

/* exp(-42) = 6e-19: a hundredth of a rounding, which leaves room for the constants of (I4). */
static const double EXPONENT = 42;

/* Beyond MARGIN + sqrt(p) the integral of |t|^p exp(-t^2/2) has exp(-MARGIN^2/2) = 3e-18 (I2). */
static const double MARGIN = 9;
static const double DERIVATIVES = 3; /* of a moment: each brings one more power of t */

/* The end at zero: exp(-u) = 40 leaves kappa exp(-40), 4e-18 of the scale on which g changes. */
static const double END_AT_ZERO = 40;

/* The sector's tangent squared is split: 1/8 for its truncation by the disc, 7/8 for the angle. */
static const double SPLIT = 8;
static const double SECTOR = 0.78539816339744830962; /* pi/4: beyond, exp(-t^2/2) grows */
static const double HALVES_ANGLE = 0.75;             /* of the sector: the rest is for the disc */
static const double STEEPEST_UNIFORM = 128; /* some 20000 nodes; more would be slow and large */
static const double STEEPEST = 1e9;         /* exp(-u) and the like stay far from overflow */
/* |f(z)|^2 at most, in the sector and the disc: tanh 1.31, logistic 1.15, erf 1.81 (I3). */
static const double BOUND_OF_TWO = 2;

double quadrature_radius(size_t nested)
{
    double radius = SECTOR; /* |tanh z| <= tan|z| <= 1 */
    for (size_t k = 1; k < nested; k++)
        radius = atan(radius);
    return radius;
}

static double reach(const struct quadrature_need *need)
{
    return MARGIN + sqrt(2 * need->degree + DERIVATIVES);
}

/* (I1) and (I2) */
double quadrature_error(const struct quadrature *rule)
{
    if (!rule->bears)
        return INFINITY;
    const double exponent = 2 * PI * rule->angle / rule->step;
    return 2 * rule->lines * BOUND_OF_TWO / expm1(exponent) + exp(-MARGIN * MARGIN / 2);
}

static struct quadrature rule_uniform(const struct quadrature_need *need)
{
    const double steepness = fmin(need->steepness, STEEPEST_UNIFORM);
    struct quadrature rule = {.map = QUADRATURE_UNIFORM, .kappa = 1};
    rule.angle = fmin(1, quadrature_radius(need->nested) / steepness);
    rule.step = 2 * PI * rule.angle / EXPONENT;
    rule.last = (long)ceil(reach(need) / rule.step);
    rule.first = -rule.last;
    rule.lines = exp(rule.angle * rule.angle / 2 + rule.angle * 2 * need->degree);
    rule.bears = need->steepness <= STEEPEST_UNIFORM;
    return rule;
}

/* (I4): |Im u| < angle is mapped into a disc of radius lambda kappa sin(angle) and a sector. */
static struct quadrature rule_sinh(const struct quadrature_need *need)
{
    const double tangent = tan(SECTOR / need->degree), square = tangent * tangent;
    const double slope = (SPLIT - 1) * square / (square + SPLIT); /* tan^2(angle) */
    const double lambda = sqrt(1 + SPLIT / square);
    struct quadrature rule = {.map = QUADRATURE_SINH, .angle = atan(sqrt(slope))};
    rule.kappa = fmin(1, quadrature_radius(need->nested) /
                             (lambda * sin(rule.angle) * fmin(need->steepness, STEEPEST)));
    rule.step = 2 * PI * rule.angle / EXPONENT;
    rule.last = (long)ceil(asinh(reach(need) / rule.kappa) / rule.step);
    rule.first = -rule.last;
    const double height = rule.kappa * sin(rule.angle);
    rule.lines =
        exp(height * height / 2) * pow(1 - slope, -need->degree - 1 / 2.) / cos(rule.angle);
    rule.bears = need->steepness <= STEEPEST;
    return rule;
}

/* (I5): the line Im u = angle turns by more than the sector only where |t| < kappa disc. */
static struct quadrature rule_halves(const struct quadrature_need *need)
{
    const double sector = SECTOR / need->degree;
    struct quadrature rule = {.map = QUADRATURE_HALVES, .angle = HALVES_ANGLE * sector};
    const double turn = (sector - rule.angle) / sin(rule.angle);
    const double disc = exp(-turn * cos(rule.angle)) / turn;
    rule.kappa =
        fmin(1, quadrature_radius(need->nested) / (disc * fmin(need->steepness, STEEPEST)));
    rule.step = 2 * PI * rule.angle / EXPONENT;
    const double far = log(reach(need) / rule.kappa);
    rule.last = (long)ceil((far + exp(-far)) / rule.step);
    rule.first = -(long)ceil(log(END_AT_ZERO) / rule.step);
    rule.lines =
        pow(cos(2 * rule.angle), -need->degree - 1 / 2.) / cos(rule.angle) * exp(disc * disc / 2);
    rule.bears = need->steepness <= STEEPEST;
    return rule;
}

struct quadrature quadrature_rule(const struct quadrature_need *need)
{
    if (need->map == QUADRATURE_UNIFORM)
        return rule_uniform(need);
    return need->map == QUADRATURE_SINH ? rule_sinh(need) : rule_halves(need);
}

size_t quadrature_count(const struct quadrature *rule)
{
    const size_t count = (size_t)(rule->last - rule->first + 1);
    return rule->map == QUADRATURE_HALVES ? 2 * count : count;
}

/* t(u) and t'(u) */
static long double place(const struct quadrature *rule, long j, long double *slope)
{
    const long double u = (long double)rule->step * j, kappa = rule->kappa;
    if (rule->map == QUADRATURE_UNIFORM) {
        *slope = 1;
        return u;
    }
    if (rule->map == QUADRATURE_SINH) {
        *slope = kappa * coshl(u);
        return kappa * sinhl(u);
    }
    const long double fall = expl(-u), t = kappa * expl(u - fall);
    *slope = t * (1 + fall);
    return t;
}

void quadrature_fill(const struct quadrature *rule, double *node, double *weight)
{
    const size_t count = quadrature_count(rule);
    const long double density = 1 / sqrtl(2 * (long double)PI);
    for (size_t k = 0; k < (count + 1) / 2; k++) {
        long double slope, t = place(rule, rule->last - (long)k, &slope);
        node[k] = (double)t;
        weight[k] = (double)(rule->step * slope * density * expl(-t * t / 2));
        node[count - 1 - k] = -node[k];
        weight[count - 1 - k] = weight[k];
    }
}
