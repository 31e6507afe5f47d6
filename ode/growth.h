/* Does a trajectory seem to blow up, or does it grow without bound?  A watcher of the growth law.
 *
 * With nu = x.f/|x|^2 and m = (d nu/dt)/nu^2 (both read off the field, no differences) a power law
 * has m constant: m > 0 is blow-up, |x| ~ (t* - t)^(-1/m) and t* - t = 1/(nu m); m = 0 is
 * exponential growth; m < 0 is |x| ~ t^(-1/m).  notes/endings.md, (E4).  A law counts only when it
 * has held for decades; a blow-up is only suspected here, and confirmed by escape.h.
 * Shapes: none.  Memory: plain data.  Errors: none. */
#ifndef ODE_GROWTH_H
#define ODE_GROWTH_H

#include "ode/flow.h"

struct growth {
    double start_size;              /* 1 + |x0| */
    double size;                    /* |x| at the last step */
    double m;                       /* the law at the last step; NAN if not growing */
    double tau;                     /* estimated time to blow-up, INFINITY if none */
    double steady_tau, steady_size; /* tau and |x| when the present law set in */
    double law;                     /* m when the present law was last renewed, ... */
    double decade_tau, decade_size; /* ... and where */
    /* The law where J cannot tell it, as |x| grows threefold again and again: |x| and nu when it
     * was last renewed, the slope m of log nu over log |x| then, and |x| since when it is steady */
    struct growth_slope {
        double size, rate, m, steady_size;
    } slope;
};

/* GROWTH_STIFF: by the slope only, so that an explicit method will hardly follow */
enum growth_verdict { GROWTH_NONE, GROWTH_SUSPICIOUS, GROWTH_STIFF };

void growth_begin(struct growth *growth, double size);

/* What the law is read off, at one state: nothing in it overflows before x or f do. */
struct growth_state {
    double size;    /* |x| */
    double speed;   /* |f| */
    double along;   /* cos of the angle between x and f */
    double stretch; /* (x/|x|) . J (f/|f|) */
};

enum growth_verdict growth_step(struct growth *growth, const struct growth_state *state);

/* nu and m of the state; m is NAN unless nu > 0. */
void growth_law(const struct growth_state *state, double *nu, double *m);

/* The suspicion was not confirmed: the next one needs as many decades again. */
void growth_dismiss(struct growth *growth);
void growth_dismiss_slope(struct growth *growth);

/* Has it grown at all beyond its start? */
bool growth_is_steep(const struct growth *growth);

#endif
