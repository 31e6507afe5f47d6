/* The defaults of a plan, with their reasons. */
#include "ode/plan.h"

struct plan plan_defaults(void)
{
    return (struct plan){
        .method = METHOD_BDF,
        .rtol = 1e-10, /* limits come from the polished leaf, so this only has to keep the basin */
        .atol = 1e-12,
        .horizon = 1e12,     /* BDF reaches it in a few hundred steps where nothing happens */
        .steps_most = 200000 /* about 0.2 s: an orbit that needs more is cycling or stiff */
    };
}
