/* What the files slide_*.c share of a run across pieces and surfaces: the course, and the questions
 * that each of them answers.  Internal to them.
 *
 * Shapes: x[dim], at_zero[switches].  Memory, errors: see slide_run.h. */
#ifndef ODE_SLIDE_WORK_H
#define ODE_SLIDE_WORK_H

#include "ode/corner.h"
#include "ode/slide.h"
#include "ode/slide_run.h"
#include "ode/switch.h"

/* "slides on a1 = 0 (normal speeds ... push onto it)" */
enum { SLIDING_TEXT = SURFACE_TEXT + 72 };
/* d v/dt where a side lets go, over |f| |grad v|: below it the way out is tangential */
static const double LETS_GO = 1e-6;
/* A state that leaves a surface begins this far from it, in roundings: on its side for certain */
static const double SLIDE_OFF_SURFACE = 64;

/* Callbacks of the plan, at the time of the whole run. */
struct relay {
    const struct plan *plan;
    double t;       /* when the stretch began */
    double visited; /* when the plan was last told */
    const struct flow
        *corner;              /* along which it slides, whose conditions are asked at every step, */
    enum corner_verdict lost; /* and the first that did not hold; CORNER_GOES_ON */
};

struct course {
    const struct flow *flow;
    const struct plan *plan;
    slide_integrator *integrate;
    struct outcome *total;
    struct switch_fate
        fate; /* of x: SWITCH_CROSSES, on the pieces of the sides; or SWITCH_SLIDES */
    struct relay relay;
    size_t idle;
    bool ended, has_error;
    double *x, *I0, *error, *f, *point, *gradient, *way; /* [dim]; I0[conserved]; way[2*dim] */
    double *up, *down;                                   /* [switches] */
    const struct flow *corner; /* the flow it slides along now, if that is a corner; or NULL */
    double growth;             /* of a surface that it has just left; 0: there is none */
    double *before;            /* [dim]: the field with which it came to a corner */
    double slope;              /* of the way to there: normal speed over speed */
    int *at_zero, *held;       /* [switches]: the surfaces there; those on which it was already, */
    int *near;                 /* and all that its error reaches */
    signed char *side;         /* [switches], kept */
    char why[REASON_MAX];      /* why it would end there, were it not for corner.h */
    double storage[];
};

/* ---- slide_course.c: the course and its stretches ---- */

struct course *slide_course_create(const struct flow *flow); /* NULL: out of memory; free() */

/* Of one surface or a corner: the claim of the flow that is its conserved claim k, SIZE_MAX: a
 * surface; onto the surfaces; the first of them, how many, and how many of which one side does not
 * move, so that the normal direction is neutral. */
size_t slide_claim_below(const struct course *c, const struct flow *slide, size_t k);
void slide_onto_surfaces(const struct course *c, const struct flow *slide, double *x,
                         double *gradient);
size_t slide_first_surface(const struct course *c, const struct flow *slide);
size_t slide_surfaces(const struct course *c, const struct flow *slide);
size_t slide_surfaces_still(const struct course *c, const struct flow *slide);

/* How far the state may be from the true one: by the noise, and by the error that was followed. */
double slide_noise(const struct course *c);
double slide_doubt_radius(const struct course *c);

/* A stretch: its plan, and what it adds to the run.  slide_visit tells the plan of the state. */
struct plan slide_stretch_plan(struct course *c);
void slide_visit(struct course *c);
void slide_merge_progress(struct course *c, const struct flow *flow, const struct outcome *part);
void slide_merge_ending(struct course *c, const struct outcome *part);

/* The run is over: undecided; with the name of surface k in the format. */
void slide_end_undecided(struct course *c, const char *reason);
void slide_end_at(struct course *c, const char *format, size_t k);

/* Puts the state on the surfaces, and on the leaf of the start as far as sliding keeps it; *rank: of
 * the claims there.  Claims that it does not keep have new values from here on. */
enum status slide_put_on_leaf(struct course *c, const struct flow *slide, size_t *rank) MUST_CHECK;
void slide_renew_claims(struct course *c, const struct flow *slide);

/* A state that leaves the surface of a claim begins beside it, on its side for certain. */
void slide_push_off(struct course *c, const struct flow *slide, size_t claim, signed char side);

/* On the tangent by which a solution leaves: on to where the surface is out of reach. */
void slide_launch(struct course *c, const struct flow *flow, double growth);

/* ---- slide_meet.c: which surfaces are met, and in which order ---- */

/* c->at_zero: k, those held, and what is within a local error; how many.  Or k alone. */
size_t slide_mark_surfaces(struct course *c, size_t k);
void slide_mark_alone(struct course *c, size_t k);

double slide_derivative(struct course *c, size_t k, const double *v); /* of g_k along v */
void slide_look_at_slope(struct course *c);                           /* c->slope */
/* The run is over if the error may change the order in which surface k and others are met, and this
 * matters.  Asked with at_zero, held and slope. */
enum status slide_ask_order(struct course *c, size_t k) MUST_CHECK;
/* Comes to surface k, and on which it slid it does no more as before; why it would end there. */
void slide_come_to_corner(struct course *c, size_t k, const char *format);

/* (E25): how late the state comes to surface k for its error, and what that makes of it. */
double slide_delay(struct course *c, size_t k, const double *before);
void slide_jump_error(struct course *c, double late, const double *before, const double *after);

/* ---- slide_rest.c: what is declared of rest on surfaces ---- */

/* At once, where nothing moves on the surface, or the claims leave a point of it. */
enum status slide_see_rest(struct course *c, const struct flow *slide, size_t rank,
                           const char *sliding) MUST_CHECK;
void slide_end_at_rest(struct course *c, const struct flow *slide, size_t rank,
                       const char *sliding);

/* The limit of a stretch: put onto the surfaces; how far round it they must hold; no evidence after
 * all; the end of the run. */
enum status slide_put_limit(struct course *c, const struct flow *slide,
                            struct outcome *part) MUST_CHECK;
double slide_reach(const struct course *c, const struct outcome *part);
void slide_withdraw(struct outcome *part, const char *reason);
void slide_conclude(struct course *c, const struct flow *slide, struct outcome *part, bool holds,
                    const char *sliding);

/* ---- slide_surface.c, slide_corner.c: a stretch on one surface, on several ---- */

enum status slide_follow_surface(struct course *c) MUST_CHECK;
enum status slide_follow_corner(struct course *c) MUST_CHECK;

#endif
