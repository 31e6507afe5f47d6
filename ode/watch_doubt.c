/* Doubt: when a trajectory is given up, because what follows may belong to another one.
 *
 * Where the error of a step could have carried the state across a fixed point, (E9), a trajectory
 * that goes on from there is given up; on leaves of more than one dimension the errors gathered are
 * followed instead, (E17).  So is one that has drifted off its first integrals. */
#include "ode/watch_work.h"

#include "ode/doubt.h"
#include "ode/vector.h"

#include <string.h>

enum { DOUBT_PATIENCE = 3000 }; /* steps: creeping needs a thousand to show its law */
/* Beyond so many errors of a step, where doubt applies no more, the state has gone on: under coarse
 * tolerances the capture radius spans other fixed points */
static const double LEAVES = 20;
static const double DRIFT_MOST = 1e-2; /* of a first integral, relative: no run is of use beyond */

bool watch_leaves_doubt(struct watch *watch, struct outcome *outcome)
{
    if (watch->error) /* (E17) takes its place */
        return false;
    const size_t n = watch->flow->dim;
    const double size = vector_norm(n, watch->x);
    const struct doubt_state state = {.x = watch->x,
                                      .f = watch->f,
                                      .Jf = watch->Jf,
                                      .J_size = watch->large ? watch->J_size
                                                             : vector_norm(n * n, watch->J),
                                      .step_error = watch_local_error(watch, size),
                                      .work = watch->work};
    const bool applies = doubt_applies(watch->flow, &state, watch->probe);
    if (applies) {
        watch->doubtful += watch->doubtful == 0;
        memcpy(watch->doubt, watch->x, n * sizeof(double));
    }
    if (watch->doubtful == 0)
        return false;
    const double way = vector_distance(n, watch->x, watch->doubt);
    const bool away =
        way > watch_capture_radius(watch, size) || (!applies && way > LEAVES * state.step_error);
    if (!away && ++watch->doubtful <= DOUBT_PATIENCE)
        return false;
    watch_close(watch, ENDING_HORIZON,
                away ? "passed within its error of a fixed point; try smaller tolerances" : LOST,
                outcome);
    return true;
}

bool watch_has_lost_leaf(struct watch *watch, struct outcome *outcome)
{
    for (size_t k = 0; k < watch->flow->conserved; k++)
        if (!(outcome->drift[k] <= DRIFT_MOST)) {
            watch_close(watch, ENDING_HORIZON,
                        "has drifted off its first integrals; try smaller tolerances", outcome);
            return true;
        }
    return false;
}
