/* The flow along a switching surface: Filippov's convex combination as a flow of its own.
 *
 * Where the fields f+ and f- on the two sides of g = 0 push onto it, with normal speeds
 * v+ = n.f+ < 0 < v- = n.f-, n = grad g, the solution slides with
 *     f_s = theta f+ + (1 - theta) f-,    theta = v-/(v- - v+),    so that n.f_s = 0;
 * notes/endings.md, (E20).  The formula holds near the surface, too, and there g is a first
 * integral of f_s: so the sliding flow is a flow like any other, with g as one more conserved claim
 * that polishing, spectra and projections know how to use.  It ends where v+ or v- vanishes, or at
 * another switch of the flow; these are its own switches, SWITCH_HANDS_OVER.  Of the claims of the
 * flow it keeps those whose gradients agree on both sides.
 *
 * Shapes: x[dim], gradient[dim].  Memory: one block, flow_free(); the flow below must outlive it,
 * and its sides are those of the pieces along which it slides.  Errors: those of the field;
 * RETRY_SHORTER where v- <= v+. */
#ifndef ODE_SLIDE_H
#define ODE_SLIDE_H

#include "ode/flow.h"

/* The flow on the surface of switch k, near x; NULL: out of memory. */
struct flow *slide_create(const struct flow *flow, size_t k, const double *x);

/* What holds a state on the surface. */
struct slide_grip {
    double plus, minus;             /* the normal speeds v+ and v- over |n|, */
    double plus_slope, minus_slope; /* a bound on their gradients, sampled, */
    double plus_speed, minus_speed; /* and the speeds |f+| and |f-| themselves */
};

enum status slide_grip_at(const struct flow *slide, const double *x,
                          struct slide_grip *grip) MUST_CHECK;

/* Do both sides push onto the surface wherever within `radius` of x?  To first order, with a factor
 * of two in hand, (E22). */
bool slide_holds(const struct slide_grip *grip, double radius);

/* d(v+)/dt and d(v-)/dt over |n| along the sliding flow. */
enum status slide_letting_go(const struct flow *slide, const double *x, double *plus,
                             double *minus) MUST_CHECK;

/* The switch of the flow on whose surface this one slides; the index of the sliding flow's own
 * switch where v+ vanishes, and the solution leaves to the positive side.  (Where v- does: that of
 * the surface itself.) */
size_t slide_surface(const struct flow *slide);
size_t slide_exit_to_plus(const struct flow *slide);

/* The claim of the flow that is conserved claim `claim` of the sliding one; SIZE_MAX: the surface.
 */
size_t slide_claim(const struct flow *slide, size_t claim);

/* Moves x[dim] onto the surface along its normal; gradient[dim]: work. */
void slide_to_surface(const struct flow *slide, double *x, double *gradient);

#endif
