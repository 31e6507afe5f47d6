/* The flow along several switching surfaces at once, where Filippov's solution is unique.
 *
 * Let the planes g_k = 0, k in K, meet at x, with normals n_k, and let the field near x be
 *     f = f0 + sum_k theta_k d_k,    theta_k = 1 where g_k > 0, 0 where g_k < 0,
 * each switch with a part of its own, as each kink of a first layer has, (Y7).  On the surfaces
 * theta_k may be anything between; w = q + G theta, G_kl = n_k.d_l, q = (n_k.f0), are the normal
 * speeds.  If C G is symmetric and negative definite for some diagonal C > 0, solutions are unique,
 * (E27); they leave, cross, slide or stay as the one theta with
 *     theta_k = 1 where w_k > 0,  0 where w_k < 0
 * tells, (E28): complementarity.h.
 * Rejected: that G be a P-matrix, which makes the velocity unique but not the solution, (E27).
 *
 * A surface slides while 0 < theta_k < 1, or is still: one neighbouring piece has w_k = 0 whatever
 * happens, and the other pushes.  A corner's own switches are SWITCH_HANDS_OVER.
 *
 * Shapes: x[dim].  Memory: one block, flow_free(); the flow below must outlive it, and needs a
 * Jacobian.  Errors: those of the field; RETRY_SHORTER where the
 * surfaces do not attract. */
#ifndef ODE_CORNER_H
#define ODE_CORNER_H

#include "ode/complementarity.h"
#include "ode/flow.h"

enum { CORNER_MOST = COMPLEMENTARITY_MOST }; /* surfaces at once */

enum corner_verdict {
    CORNER_GOES_ON,
    CORNER_MANY,       /* more surfaces than CORNER_MOST, or no Jacobian */
    CORNER_CURVED,     /* a surface is no plane, or solutions are not unique on it by themselves */
    CORNER_ENTANGLED,  /* the field is not affine in its switches */
    CORNER_NOT_UNIQUE, /* no C makes C G symmetric and negative definite */
    CORNER_PARALLEL,   /* the planes are nearly parallel */
    CORNER_HARDLY,     /* a theta or a normal speed is at the end of its range */
    CORNER_STIRS,      /* a side that was still moves the state */
};

/* Why not: one clause about a corner. */
const char *corner_reason(enum corner_verdict verdict);

/* The corner of the surfaces k with at_zero[k] != 0, near x, before it is decided what each of them
 * does; NULL: out of memory. */
struct flow *corner_create(const struct flow *flow, const int *at_zero, const double *x);

/* The conditions of (E27) on the surfaces that remain, near x: at x alone, as is asked along the way;
 * and round it, too. */
enum status corner_goes_on(const struct flow *corner, const double *x,
                           enum corner_verdict *verdict) MUST_CHECK;
enum status corner_is_unique(const struct flow *corner, const double *x,
                             enum corner_verdict *verdict) MUST_CHECK;

/* Decides: surfaces that are left have their sides set in the flow below, the others slide or are
 * still, and then the corner is a flow.  None may remain. */
enum status corner_decide(struct flow *corner, const double *x,
                          enum corner_verdict *verdict) MUST_CHECK;

/* How many surfaces remain, how many of these slide (they come first), and which they are. */
size_t corner_count(const struct flow *corner);
size_t corner_slides(const struct flow *corner);
size_t corner_surface(const struct flow *corner, size_t l);

/* The claim of the flow below that is conserved claim `claim`; SIZE_MAX: a surface. */
size_t corner_claim(const struct flow *corner, size_t claim);

/* The number l of the surface that switch `at` of the corner belongs to, and the side to which it
 * leaves; corner_count: `at` is another surface of the flow below.  Side 0: a push that ends. */
size_t corner_exit(const struct flow *corner, size_t at, signed char *side);

/* Do all surfaces hold wherever within `radius` of x, but for number `except`?  To first order, with
 * a factor of two in hand, (E29).  *margin: the least theta_k or 1 - theta_k. */
enum status corner_holds(const struct flow *corner, const double *x, double radius, size_t except,
                         bool *holds, double *margin) MUST_CHECK;

/* d theta_l/dt along the flow, over |grad theta_l| |f|, and the second derivative of g_l beyond,
 * G_ll d theta_l/dt. */
struct corner_rate {
    double relative, growth;
};
enum status corner_letting_go(const struct flow *corner, const double *x, size_t l,
                              struct corner_rate *rate) MUST_CHECK;

/* Moves x[dim] onto all surfaces by the least correction; and off those that are still, to the side
 * that does not move it, by `distance` and parts of it. */
void corner_to_surfaces(const struct flow *corner, double *x);
void corner_to_still_side(const struct flow *corner, double distance, double *x);

#endif
