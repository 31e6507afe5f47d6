/* The waist of the project: one vector field, dx/dt = f(x), and what is claimed of it.
 *
 * Every system and rule is turned into a struct flow; integrators, endings, portraits and proofs
 * see nothing else.  The field is written once and evaluates n states at a time, in
 * structure-of-arrays form, so that the same code serves the referee (n = 1) and many-lane sweeps.
 *
 * Shapes:  x[i*n + k]  unknown i of lane k, i < dim, k < n;  J[i*dim + j] = d f_i / d x_j;
 *          gradient g[j] = d(observable)/d x_j.
 * Units:   t is the learning time of notes/conventions.md, (N2): learning rate times steps.
 * Memory:  a flow is one block, made by its system and freed by flow_free(); callbacks never
 * allocate.  A flow is used by one thread at a time (its block may hold scratch); make one each.
 * Errors:  a field may return RETRY_SHORTER (outside its domain); NaN is found by the integrators.
 * */
#ifndef ODE_FLOW_H
#define ODE_FLOW_H

#include "base/status.h"
#include "ode/ending.h"

#include <stdbool.h>
#include <stddef.h>

/* A claim is data: an observable that the flow conserves or changes in one direction only. */
enum claim_kind { CLAIM_CONSERVED, CLAIM_NEVER_INCREASES };

enum { CLAIM_NAME_MAX = 128, UNKNOWN_NAME_MAX = 40 };

/* What solutions do on a surface where the right-hand side is not smooth.
 *
 * SWITCH_JUMPS: it is smooth up to the surface on both sides, with limits that differ; solutions
 * cross, slide, or part there, as the normal speeds tell: notes/endings.md, (E16), (E20).
 * SWITCH_NOT_UNIQUE: it is continuous but not Lipschitz (|a|^(1/2) at a = 0): a solution that
 * reaches the surface may rest there for any time, whatever the normal speeds; runs end there as
 * undecided, (E24).
 * SWITCH_MAY_REST: it jumps, in unknowns in which it is regular, but in the weights resting on the
 * surface is a solution as well; what comes there is unique only where it cannot leave, (E24).
 * SWITCH_HANDS_OVER: the flow itself ends there, as sliding does where a side lets go; whoever made
 * it goes on with another one, slide_run.h. */
enum switch_kind { SWITCH_JUMPS, SWITCH_NOT_UNIQUE, SWITCH_MAY_REST, SWITCH_HANDS_OVER };

struct switch_surface {
    enum switch_kind kind;
    char name[UNKNOWN_NAME_MAX]; /* its equation, e.g. "a1 = 0" */
};

/* Above so many unknowns no dense Jacobian is formed: `jacobian_times` takes its place. */
enum { FLOW_DENSE_MOST = 64 };

struct claim {
    enum claim_kind kind;
    char name[CLAIM_NAME_MAX]; /* mathematical, e.g. "c1 a2 - c2 a1^2/2" */
    const char *label;         /* the statement in notes/ that proves it */
};

struct flow;

/* The callbacks of a flow for n states at once, in the layout of `field`, with the bits of those for
 * one state: J[(i*dim + j)*n + k], I[c*n + k], G[(c*dim + j)*n + k] for the conserved claims c, and
 * bound[i*n + k].  Only for flows without switches whose field exists everywhere. */
struct flow_lanes {
    void (*jacobian)(const struct flow *flow, size_t n, const double *x, double *J);
    void (*integrals)(const struct flow *flow, size_t n, const double *x, double *I, double *G);
    void (*rounding)(const struct flow *flow, size_t n, const double *x, double *bound);
};

struct flow {
    size_t dim;
    const char *title;                     /* e.g. "chain L=3, srbp" */
    const char (*names)[UNKNOWN_NAME_MAX]; /* names[dim] of the unknowns */

    /* dx/dt of n states. */
    enum status (*field)(const struct flow *flow, size_t n, const double *x, double *dx);
    enum status (*jacobian)(const struct flow *flow, const double *x, double *J);
    /* Jv = J(x) v; NULL: from `jacobian`, or from differences where that is NULL, too. */
    enum status (*jacobian_times)(const struct flow *flow, const double *x, const double *v,
                                  double *Jv);

    /* A right-hand side that jumps where one of switching[switches] is zero.  It is evaluated on
     * the smooth piece that side[switches] names (+1, -1; 0: by the signs at x), which whoever
     * integrates sets; a state moves from one piece to the next where the field points the same way
     * on both, and slides where the fields on both sides push it onto the surface, (E20).  Each
     * switching function is scaled like an unknown: its gradient is about 1 and does not vanish on
     * the surface. */
    size_t switches;
    const struct switch_surface *surface; /* surface[switches]; NULL: all jump, named by number */
    void (*switching)(const struct flow *flow, const double *x, double *switching);
    signed char *side;

    /* A bound on the rounding error of each f_i as `field` evaluates it, in units of DBL_EPSILON:
     * tells a zero of f from a small value.  NULL: estimated from the Jacobian near x, which a
     * field whose Jacobian cancels everywhere would defeat. */
    void (*rounding)(const struct flow *flow, const double *x, double *bound);

    /* Formulas that are constant to rounding over long ways without being constant, tanh and exp:
     * zeros of f are looked at far away, too, (E31). */
    bool saturates;

    /* For sweeps; NULL: there are none, and one state is looked at after the other. */
    const struct flow_lanes *lanes;

    /* Claims; the conserved ones come first.  `observe` and `gradient` take the claim's index. */
    size_t claims, conserved;
    const struct claim *claim; /* claim[claims] */
    double (*observe)(const struct flow *flow, size_t claim, const double *x);
    void (*gradient)(const struct flow *flow, size_t claim, const double *x, double *g);

    /* The excess over the global minimum, or, if `whole_loss`, over a lower bound like 0 for want
     * of the minimum: then only 0 tells whether a state is one.  NULL: there is none. */
    double (*loss)(const struct flow *flow, const double *x);
    bool whole_loss;

    /* The eigenvalues of the Jacobian transverse to the fixed-point set, in closed form, at the
     * fixed point x: writes at most dim reals to lambda and returns how many, 0 if the formula
     * does not apply there.  NULL if there is none. */
    size_t (*transverse)(const struct flow *flow, const double *x, double *lambda);

    /* Where errors e[errors] drive all that moves: f(x) = B(x) e(x), so that nothing moves where
     * e = 0, and e' = M(x) e along solutions, wherever they are; notes/sweeper.md, (J6).
     * error: e, returns a bound on the rounding of |e|.  drive: dx[dim] = B(x) z.  response:
     * M[errors*errors], returns a bound on the norm of B.  0 and NULL: none are known. */
    size_t errors;
    double (*error)(const struct flow *flow, const double *x, double *e);
    void (*drive)(const struct flow *flow, const double *x, const double *z, double *dx);
    double (*response)(const struct flow *flow, const double *x, double *M);

    /* What the system computes: for a network the map P = A_L ... A_1, P[N_L*N_0] row by row.
     * NULL, and outputs = 0, if there is none. */
    size_t outputs;
    void (*output)(const struct flow *flow, const double *x, double *P);

    /* Where the field is not Lipschitz in the weights, x here, the same flow in unknowns y in which
     * it is regular, a chart, and the maps between both; w[dim] and y[dim] may be one array.
     * trajectory_run() integrates `regular` and reports weights, so that nobody else need know.
     * NULL: the weights are as good as any. */
    const struct flow *regular;
    void (*weights)(const struct flow *flow, const double *y, double *w);
    void (*unknowns)(const struct flow *flow, const double *w, double *y);

    void (*release)(struct flow *flow); /* frees what the block does not hold; or NULL */
    const void *data;                   /* the parameters, inside the same block */
};

void flow_free(struct flow *flow); /* NULL is allowed */

/* Central differences of the field with Richardson extrapolation; error O(h^4).
 * J[dim*dim], work[3*dim].  For tests and for flows without a Jacobian. */
enum status flow_jacobian_by_differences(const struct flow *flow, const double *x, double *J,
                                         double *work) MUST_CHECK;

/* Is J never formed: more than FLOW_DENSE_MOST unknowns, or no `jacobian`? */
bool flow_is_large(const struct flow *flow);

/* Jv = J(x) v: by `jacobian_times`, or by a central difference along v, with a relative error of
 * about 1e-10.  work[3*dim]. */
enum status flow_jacobian_times(const struct flow *flow, const double *x, const double *v,
                                double *Jv, double *work) MUST_CHECK;

/* J[dim*dim], column by column from flow_jacobian_times; allocates its work. */
enum status flow_jacobian_by_columns(const struct flow *flow, const double *x,
                                     double *J) MUST_CHECK;

/* Values of the conserved claims: I[flow->conserved]. */
void flow_integrals(const struct flow *flow, const double *x, double *I);

#endif
