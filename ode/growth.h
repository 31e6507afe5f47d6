/* Does a trajectory blow up, or grow without bound?  A watcher of the growth law.
 *
 * With nu = x.f/|x|^2 and m = (d nu/dt)/nu^2 (both read off the field, no differences) a power law has m
 * constant: m > 0 is blow-up, |x| ~ (t* - t)^(-1/m) and t* - t = 1/(nu m); m = 0 is exponential growth;
 * m < 0 is |x| ~ t^(-1/m).  notes/endings.md, (E4).  A law counts only when it has held for many decades.
 * Shapes: none.  Memory: plain data.  Errors: none. */
#ifndef ODE_GROWTH_H
#define ODE_GROWTH_H

#include "ode/flow.h"

struct growth {
    size_t steps;
    double start_size;        /* 1 + |x0| */
    double m;                 /* the law at the last step; NAN if not growing */
    double tau;               /* estimated time to blow-up, INFINITY if none */
    double steady_tau;        /* tau when the present law set in */
    double steady_size;       /* |x| when the present law set in */
    double law;               /* m when the present law was last renewed */
    double decade_tau, decade_size; /* where the law was last renewed */
    double decade_time;       /* t + tau there */
    double spread;            /* largest mismatch of t + tau between decades, in units of tau */
    double blowup_time, blowup_error;
    double exponent;          /* of unbounded growth */
};

enum growth_verdict { GROWTH_NONE, GROWTH_ESCAPES, GROWTH_UNBOUNDED };

void growth_begin(struct growth *growth, double size);

/* After a step: x.f, f.f, x.Jf and |x|^2 at time t; rtol of the integrator. */
enum growth_verdict growth_step(struct growth *growth, double t, double xf, double ff, double xJf,
                                double xx, double rtol);

/* The integrator cannot go on: was it a blow-up?  Asks for fewer decades of the law. */
enum growth_verdict growth_stuck(struct growth *growth, double t, double rtol);

#endif
