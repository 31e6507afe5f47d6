/* The watch: sees every accepted step of an integrator and says when, and how, the trajectory ends.
 *
 * It knows nothing of the integrator but its tolerances, so both integrators end trajectories
 * alike.  An ending needs evidence: a fixed point polished on the trajectory's own leaf, its
 * transverse spectrum, a contraction condition, a law that held for decades.  A small derivative
 * only triggers the search for evidence.  Statements: notes/endings.md, (E1)-(E14).
 *
 * Memory: one block per trajectory.  Errors: those of the field and of GSL; they end the run as
 * failed. */
#ifndef ODE_WATCH_H
#define ODE_WATCH_H

#include "ode/trajectory.h"

struct watch; /* opaque */

struct watch *watch_create(const struct flow *flow, const struct plan *plan);
void watch_free(struct watch *watch);

/* The start; *ended tells whether x0 is already an ending.  outcome is filled when it is. */
enum status watch_begin(struct watch *watch, const double *x0, struct outcome *outcome,
                        bool *ended) MUST_CHECK;

/* One accepted step, to x[dim] at time t. */
enum status watch_step(struct watch *watch, double t, const double *x, struct outcome *outcome,
                       bool *ended) MUST_CHECK;

/* The integrator stands at x[dim], where the switches k with at_zero[k] vanish: goes over to the
 * next smooth piece, or ends the run there; outcome->stop tells whether it slides, or leaves, and
 * slide_run.h is to go on. */
enum status watch_switch(struct watch *watch, double t, const double *x, const int *at_zero,
                         struct outcome *outcome, bool *ended) MUST_CHECK;

/* The integrator cannot go on from the last step: escaped, or failed with `reason`. */
void watch_stuck(struct watch *watch, const char *reason, struct outcome *outcome);

/* Time or steps are used up. */
void watch_horizon(struct watch *watch, const char *reason, struct outcome *outcome);

/* ---- the section of cycling, (E7): crossings from negative to positive values ---- */
bool watch_wants_section(const struct watch *watch);
double watch_section(const struct watch *watch, const double *x); /* zero on the section */
enum status watch_crossing(struct watch *watch, double t, const double *x, struct outcome *outcome,
                           bool *ended) MUST_CHECK;

#endif
