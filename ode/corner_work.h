/* The inside of a corner, for the files corner*.c alone. */
#ifndef ODE_CORNER_WORK_H
#define ODE_CORNER_WORK_H

#include "ode/complementarity.h"
#include "ode/corner.h"

enum { CORNER_ROW = COMPLEMENTARITY_MOST }; /* of G and its inverse */

struct corner {
    struct flow flow;
    const struct flow *base;
    size_t m, slides, kept_count;
    bool decided;             /* the roles are known */
    enum corner_verdict made; /* CORNER_GOES_ON, or why it is none from the start */
    size_t k[CORNER_MOST];
    signed char low[CORNER_MOST]; /* the side that stands for theta = 0; of one still, its side */
    double push[CORNER_MOST]; /* of surfaces that are still: the scale of the switching function */
    struct complementarity speeds; /* q and G; m is that of the last evaluation */
    double inverse[CORNER_ROW * CORNER_ROW], theta[CORNER_MOST]; /* of those that slide */
    double *f0, *D, *N;                        /* [dim], [m*dim] columns d_k, rows n_k */
    double *turned, *point, *work, *rough, *g; /* [dim], work[2*dim], g[switches] */
    double *J_turned, *J_mix, *slope;          /* [dim*dim], slope[CORNER_MOST*dim] */
    size_t *kept;                              /* claims of the base */
    struct claim *claim;
    struct switch_surface *surface;
    double storage[];
};

/* The scratch is written to through the pointers of a constant struct: the block is the flow's. */
struct corner *corner_of(const struct flow *flow);

const double *corner_normal(const struct corner *c, size_t l);
double corner_value(const struct corner *c, size_t l, const double *x); /* g_l */

/* All sides to those that stand for theta = 0. */
void corner_set_sides(const struct corner *c);

/* f0, and d_l = f(+) - f(-) of the first `count` surfaces, with q and G. */
enum status corner_parts_at(struct corner *c, const double *x, size_t count) MUST_CHECK;

/* corner_parts_at, and theta and f[dim] of those that slide; RETRY_SHORTER where G is definite for
 * no C. */
enum status corner_velocity_at(struct corner *c, const double *x, size_t count,
                               double *f) MUST_CHECK;

/* J_mix: the Jacobian at fixed theta; slope[l*dim]: grad theta_l.  After corner_velocity_at. */
enum status corner_slopes_at(struct corner *c, const double *x) MUST_CHECK;

/* The flow of a corner whose roles are known. */
void corner_fill_flow(struct corner *c);

/* Gradients, pieces and products of the same corner agree: rounding of all, with room. */
extern const double corner_agrees;

/* The normals, and whether all surfaces are planes. */
bool corner_find_normals(struct corner *c, const double *x);

/* Is w_k exactly zero with these roles, whatever those that slide do, at x and near it? */
enum status corner_is_still(struct corner *c, const double *x,
                            const enum complementarity_role *role, size_t k,
                            bool *still) MUST_CHECK;

#endif
