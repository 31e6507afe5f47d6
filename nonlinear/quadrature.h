/* Nodes and weights for expectations over a standard normal variable t,
 *
 *     E[g(t)] = sum_j weight_j g(node_j),
 *
 * of functions g that neurons make: analytic in a sector about each half of the real line, and in a
 * disc or a strip about zero that shrinks as the neurons grow steep.
 *
 * Three maps t(u) carry the trapezoid rule: t = kappa sinh u gathers the nodes where neurons switch,
 * at zero, and needs of the order of log(steepness) of them; t = kappa exp(u - exp(-u)) does the
 * same for each half of the line on its own, whatever happens at zero; t = u knows of no place, for
 * neurons that switch elsewhere, and needs as many nodes as the neurons are steep.
 *
 * Shapes: node[count], weight[count]; nodes fall and are symmetric, node[j] = -node[count-1-j].
 * Units: the standard deviation of the inputs.  Memory: none is allocated.  Errors: a rule that is
 * asked for more than it can give has the error INFINITY.  Source: notes/quadrature.md. */
#ifndef NONLINEAR_QUADRATURE_H
#define NONLINEAR_QUADRATURE_H

#include <stdbool.h>
#include <stddef.h>

enum quadrature_map {
    QUADRATURE_UNIFORM, /* t = u */
    QUADRATURE_SINH,    /* t = kappa sinh u */
    QUADRATURE_HALVES   /* t = +-kappa exp(u - exp(-u)) */
};

/* What the integrand is made of. */
struct quadrature_need {
    enum quadrature_map map;
    size_t nested;    /* layers of neurons one upon the other, at least 1 */
    double degree;    /* the network grows like |t|^degree, at least 1 */
    double steepness; /* |a_1 ... a_i| at most, the teacher's argument too, per unit of t */
};

struct quadrature {
    enum quadrature_map map;
    double kappa, step, angle; /* analytic for |Im u| < angle (u-plane) */
    long first, last;          /* u = j step for first <= j <= last */
    double lines;              /* bound on the integrals along Im u = angle, relative to E|g| */
    bool bears;                /* the steepness that was asked for */
};

struct quadrature quadrature_rule(const struct quadrature_need *need);

/* Bound on what the rule leaves out, relative to E|g|: discretisation and truncation; rounding comes
 * on top.  INFINITY where the rule does not bear the steepness. */
double quadrature_error(const struct quadrature *rule);

size_t quadrature_count(const struct quadrature *rule);
void quadrature_fill(const struct quadrature *rule, double *node, double *weight);

/* The half-width of the strip, or the radius of the disc, in which so many nested neurons of
 * steepness one are analytic and at most one in size (I3). */
double quadrature_radius(size_t nested);

#endif
