/* The second integrator: GSL's explicit Prince-Dormand 8(9), independent of the referee. */
#ifndef ODE_RK8PD_H
#define ODE_RK8PD_H

#include "ode/trajectory.h"

enum status rk8pd_run(const struct flow *flow, const struct plan *plan, const double *x0,
                      struct outcome *outcome) MUST_CHECK;

#endif
