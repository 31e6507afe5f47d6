/* Pictures of one trajectory beside that of its weights: the law of its approach or growth, the drift of its
 * first integrals, and its path in a plane.
 *
 * Each writes a table and a figure into the folder of the manifest, or nothing where there is nothing to
 * be seen.  Only runs whose states are kept whole (orbit->dim >= flow->dim) have them.
 * Memory: points into objects of the caller.  Errors: NO_MEMORY, those of tables and figures. */
#ifndef CLI_RUN_COURSE_H
#define CLI_RUN_COURSE_H

#include "cli/manifest.h"
#include "cli/orbit.h"
#include "cli/problem_from_options.h"

struct run_course {
    const struct problem_given *given;
    const struct plan *plan;
    const struct outcome *outcome;
    const struct prediction *prediction;
    const double *predicted;                   /* its limit */
    const struct orbit *orbit;                 /* the first dim numbers of a row are the state */
    const char *title, *parameters, *numerics; /* texts of the figures */
    bool points;                               /* states are few and far between */
    double first_time; /* of a logarithmic axis of the time; NAN: it is linear */
    size_t axis[2];    /* the plane of --plane; both 0: not given */
};

/* law.*: of trajectories that settle, creep, escape or are unbounded. */
enum status run_law_save(const struct run_course *course, struct manifest *manifest) MUST_CHECK;

/* drift.*: of flows with first integrals. */
enum status run_drift_save(const struct run_course *course, struct manifest *manifest) MUST_CHECK;

/* orbit.*: of trajectories that cycle, and where a plane is given. */
enum status run_orbit_save(const struct run_course *course, struct manifest *manifest) MUST_CHECK;

#endif
