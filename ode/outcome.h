/* The outcome of a trajectory: how it ended, and the evidence.
 *
 * Shapes: last[dim], limit[dim], drift[conserved], spectrum[dim], error[dim].  Absent numbers are
 * NAN.
 * Memory: one block from outcome_create(), freed by outcome_free(), reusable. */
#ifndef ODE_OUTCOME_H
#define ODE_OUTCOME_H

#include "ode/flow.h"

enum { REASON_MAX = 240 };

struct outcome {
    enum ending ending;
    double t;                /* when it ended */
    double residual;         /* |f(limit)|, recomputed at the limit */
    double residual_floor;   /* rounding error of that f: what "zero" means there */
    double transverse_rate;  /* largest real part of the transverse spectrum at the limit */
    size_t transverse_count; /* entries of the spectrum */
    /* Zero real parts at the limit, or where one was last sought: explained by first integrals,
     * by the dimension of the fixed points within the leaf, and not at all */
    size_t neutral_integrals, neutral_fixed, neutral_unexplained;
    double distance_bound; /* bound on |x(t) - limit| when it stopped */
    /* |error of the state| across the trajectory that integration has gathered, to first order,
     * (E17): of the limit, too, where it is one of a continuum; NAN on leaves that are curves,
     * where the limit does not depend on it */
    double integration_error;
    double measured_rate; /* exponential rate of |f| seen along the tail */
    /* creeping: |x - limit| ~ t^exponent; unbounded: |x| ~ t^exponent (INFINITY: exponential; 0:
     * |x| ~ log_slope ln t) */
    double exponent, log_slope;
    double blowup_time, blowup_error; /* escaped: estimate, and a bound on its error */
    double period, return_distance;   /* cycling */
    size_t steps, evaluations, events,
        crossings; /* accepted steps; states evaluated; sign changes of the event; passages
                            * from one smooth piece of the field to the next */
    size_t slides; /* how often it began to slide on a surface, (E20) */
    long sliding;  /* the switch on whose surface it slides at its end; SWITCH_NONE */
    long stop;     /* the switch at which an integrator handed over to slide_run.h; SWITCH_NONE */
    double *error; /* [dim] there: the error that was gathered, (E17), where it was followed */
    double *last;  /* [dim] state when it stopped */
    double *limit; /* [dim] the limit, if there is one */
    double *drift; /* [conserved] largest |I(x(t)) - I(x0)| seen, relative to the
                            * largest of its terms where that exceeds 1 */
    double *spectrum; /* [dim] real parts of the transverse spectrum, decreasing */
    bool has_limit;
    char reason[REASON_MAX]; /* one clause: why this ending */
};

struct outcome *outcome_create(const struct flow *flow); /* NULL: out of memory */
void outcome_free(struct outcome *outcome);

/* Back to nothing known, at x0[dim]; the arrays keep their places. */
void outcome_clear(const struct flow *flow, const double *x0, struct outcome *outcome);

#endif
