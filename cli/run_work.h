/* One run in memory: prediction, trajectory and agreement, of which run_result.h is the account.
 *
 *     struct run_work run = {.given = &given, .plan = plan};
 *     TRY(run_work_open(&run));   then run_work_compute(), run_work_result();   run_work_close(&run);
 *
 * The plan's `visit` and `stop`, with its `context`, are called on the way.
 * Shapes: limit[max(dim, outputs)], output[outputs], auxiliary[auxiliaries].  Memory: run_work_close(), also after a failure.
 * Errors: NO_MEMORY, those of predictions and of trajectory_run(). */
#ifndef CLI_RUN_WORK_H
#define CLI_RUN_WORK_H

#include "cli/run_result.h"
#include "equations/code.h"
#include "ode/sweep_path.h"

struct run_work {
    const struct problem_given *given;
    struct plan plan;
    struct outcome *outcome;
    struct sweep_trail *trail; /* of settling time and length, ... */
    struct sweep_result way;   /* ... which are all that is filled */
    struct prediction prediction;
    double *limit;               /* predicted */
    double *output, *output_end; /* at the limit or last state, and at the last state; or NULL */
    struct code *auxiliaries;    /* of one's own equations; NULL: there are none */
    double *auxiliary;           /* their values at the limit or last state */
    double last_sensitivity;     /* the last S that was not zero; chains */
    size_t sign_changes;         /* of S, from step to step */
    double seconds;
};

enum status run_work_open(struct run_work *run) MUST_CHECK;
enum status run_work_compute(struct run_work *run) MUST_CHECK;

/* Of what was computed; it points into `run`.  exact stays NULL. */
struct run_result run_work_result(const struct run_work *run);
struct agreement run_work_agreement(const struct run_work *run);
void run_work_close(struct run_work *run);

#endif
