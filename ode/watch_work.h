/* What the parts of the watch share: its state, and the questions that each part answers.  Internal
 * to the files watch*.c.
 *
 * Shapes: x[dim], f[dim], J[dim*dim] (work[4*dim] for a large flow), Jf[dim], candidate[dim],
 * spectrum[dim], gradient[dim], I0[conserved], anchor[dim], normal[dim], first[dim],
 * previous[dim], doubt[dim],
 * probe[dim*dim + dim] ([5*dim]).  Memory, errors: see watch.h. */
#ifndef ODE_WATCH_WORK_H
#define ODE_WATCH_WORK_H

#include "ode/watch.h"

#include "ode/creep.h"
#include "ode/escape.h"
#include "ode/fixed_point.h"
#include "ode/global_error.h"
#include "ode/growth.h"
#include "ode/large.h"
#include "ode/manifold.h"
#include "ode/slow.h"
#include "ode/tail.h"

static const double CAPTURE = 1e-6; /* radius relative to 1 + |x|: sqrt(eps) with room, (E5) */
static const double NOISE = 1e3;    /* capture radius in units of the local error, (E6) */
static const double LIPSCHITZ_STEP = 1e-4; /* smallest radius of sampling, relative */

static const char ASTRAY[] = "its errors have grown to where they decide; try smaller tolerances";
static const char STOPPED[] = "stopped by the user";
static const char NEAR_SADDLE[] = "so near to a saddle that rounding decides whether it stays";
static const char LOST[] = "lost in its error near a fixed point; try smaller tolerances";

/* Returns to a section through `anchor` with normal f(anchor). */
struct section {
    size_t steps, anchored; /* steps in all, and when the anchor was set */
    size_t events, wait, returns;
    double t, first_return, last_return, worst;
    double extent; /* the longest distance from the anchor */
    double way;    /* from return to return, summed up: these are first[] and previous[] */
    bool armed;    /* has been far from the anchor */
};

struct watch {
    const struct flow *flow;
    const struct plan *plan;
    struct fixed_point_work *work;
    struct manifold_search *search; /* NULL until needed */
    struct large *large;            /* of a large flow, without work and search; else NULL */
    double J_size;                  /* Frobenius norm of J, */
    size_t looks;                   /* for large flows every LOOKS steps, with the drift */
    struct growth growth;
    struct slow slow;
    struct escape_patience patience; /* with all growth of this run */
    struct creep creep;
    struct section section;
    struct fixed_point point;  /* the last one found, ... */
    struct manifold manifold;  /* ... and the manifold through it; kernel 0: none */
    double t, h, next_attempt; /* h: the last step */
    double least_start;        /* the least |x_i| at the start that is not zero */
    double time_error; /* the local errors so far, as errors of the time: sum of error/|f| */
    struct global_error *error; /* where the leaf is no curve; else NULL */
    size_t doubtful; /* steps since the state was first in doubt, last at `doubt`, (E9) */
    double *x, *f, *J, *Jf, *candidate, *spectrum, *gradient, *I0, *anchor, *normal, *doubt, *probe;
    double *first, *previous; /* returns to the section */
    double *powers;           /* for transient.h, and the way to the candidate */
    double *g, *g_speed; /* [switches] the switching functions and their speeds at the last step */
    bool has_g;          /* on this piece */
    struct tail tail;
    double storage[];
};

/* ---- the state, watch.c ---- */

/* f, J f and the drift of the conserved claims at the present state. */
enum status watch_look(struct watch *watch, struct outcome *outcome) MUST_CHECK;

/* ---- closing, watch_close.c ---- */

/* Of one step, at a state of norm `size`. */
double watch_local_error(const struct watch *watch, double size);

/* How near counts as "there": never below the integrator's own noise. */
double watch_capture_radius(const struct watch *watch, double size);

void watch_close(struct watch *watch, enum ending ending, const char *reason,
                 struct outcome *outcome);
/* With the candidate as the limit. */
void watch_close_at(struct watch *watch, enum ending ending, const struct fixed_point *point,
                    const char *reason, struct outcome *outcome);

/* ---- rest, watch_rest.c: the candidate nearest to the state, into watch->candidate ---- */

/* The manifold that the state would reach, if there is one: then watch->manifold.reached. */
enum status watch_seek_manifold(struct watch *watch, struct fixed_point *point) MUST_CHECK;
/* The phase by GMRES, and its spectrum where that can be had. */
enum status watch_seek_large(struct watch *watch, struct fixed_point *point,
                             double *away) MUST_CHECK;

/* Does it settle here, or stop at a saddle? */
enum status watch_attempt(struct watch *watch, struct outcome *outcome, bool *ended) MUST_CHECK;
/* Does it creep? */
enum status watch_attempt_creeping(struct watch *watch, double size_f, struct outcome *outcome,
                                   bool *ended) MUST_CHECK;

/* ---- at rest from the start, watch_start.c ---- */
enum status watch_end_at_rest(struct watch *watch, double residual, double floor,
                              struct outcome *outcome) MUST_CHECK;

/* ---- doubt, watch_doubt.c ---- */

/* Notes where the error could have carried the state across a fixed point, and ends the run if the
 * trajectory goes on from there: what follows may belong to another one.  (E9) */
bool watch_leaves_doubt(struct watch *watch, struct outcome *outcome);
/* The integrator no longer knows its leaf: what it follows may belong to another start. */
bool watch_has_lost_leaf(struct watch *watch, struct outcome *outcome);

/* ---- surfaces, watch_switch.c: after every step ---- */
/* Has it passed a surface, without crossing it, within its error?  Then the run ends. */
enum status watch_has_grazed(struct watch *watch, struct outcome *outcome, bool *ended) MUST_CHECK;

/* ---- growth, watch_growth.c ---- */
/* Does it seem to grow?  Ends the run if that is confirmed. */
enum status watch_check_growth(struct watch *watch, struct outcome *outcome,
                               bool *ended) MUST_CHECK;
/* At the end of the run's patience: what growth there is, is followed once. */
enum status watch_last_look(struct watch *watch, struct outcome *outcome, bool *ended) MUST_CHECK;
/* Follows the suspicion of growth in its own time. */
enum status watch_check_escape(struct watch *watch, struct outcome *outcome,
                               bool *ended) MUST_CHECK;

/* ---- cycling, watch_section.c: after every step ---- */
void watch_section_step(struct watch *watch);

#endif
