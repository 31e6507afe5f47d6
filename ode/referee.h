/* The referee: SUNDIALS CVODE (BDF or Adams) on a flow, with the endings of watch.h.
 * Other users of SUNDIALS: escape_stiff.c, krylov.c. */
#ifndef ODE_REFEREE_H
#define ODE_REFEREE_H

#include "ode/trajectory.h"

enum status referee_run(const struct flow *flow, const struct plan *plan, const double *x0,
                        struct outcome *outcome) MUST_CHECK;

const char *referee_version(void);       /* of the SUNDIALS library as loaded */
const char *referee_version_built(void); /* and as compiled against */

#endif
