/* The controls: judges that are shown wrong endings must see them.
 *
 * A settled trajectory is judged with its own limit, then with the limit moved, the prediction
 * changed, the saddle of a reversed field in the place of the limit.  The first must pass and all
 * others fail; a judge that sees nothing would make every other test worthless. */
#include "linear/registry.h"
#include "selftest/selftest_run.h"

#include <string.h>

enum forgery {
    FORGERY_NONE,
    FORGERY_LIMIT,      /* moved */
    FORGERY_PREDICTION, /* another ending */
    FORGERY_RATE,       /* that does not fall */
    FORGERY_BOUND,      /* of the distance, too small */
    FORGERY_PLACE,      /* no zero of the field */
    FORGERY_SADDLE,     /* a zero beside a positive eigenvalue */
    FORGERIES
};

static void forge(enum forgery forgery, struct outcome *outcome, struct prediction *prediction)
{
    static const double MOVED = 1e-3, TINY = 1e-30;
    switch (forgery) {
    case FORGERY_LIMIT:
    case FORGERY_PLACE:
        outcome->limit[0] += MOVED;
        break;
    case FORGERY_PREDICTION:
        prediction->ending = ENDING_SADDLE;
        break;
    case FORGERY_RATE:
        outcome->transverse_rate = 0;
        break;
    case FORGERY_BOUND:
        outcome->last[0] = outcome->limit[0] + MOVED;
        outcome->distance_bound = TINY;
        break;
    case FORGERY_SADDLE: /* a1 a2 = 1 with a1 = 1, a2 = 1: S < 0 under the feedback -3 */
        outcome->limit[0] = outcome->limit[1] = 1;
        break;
    default:
        break;
    }
}

/* a1' = c e, a2' = a1 e, e = 1 - a1 a2; the zero (1, 1) repels if 1 + c < 0. */
static struct problem problem_of(enum forgery forgery)
{
    static const double REVERSED = -3;
    struct problem problem = problem_defaults(&system_chain, registry_rule("srbp"));
    problem.depth = 2;
    problem.c_count = 2;
    problem.c[0] = forgery == FORGERY_SADDLE ? REVERSED : 1;
    problem.c[1] = 1;
    return problem;
}

static enum status judge(enum forgery forgery, struct selftest_run *run, const double *x0,
                         struct selftest_finding *judged)
{
    const struct problem problem = problem_of(forgery);
    double limit[2];
    struct prediction prediction = prediction_none(NULL, NULL);
    TRY(problem_predict(&problem, x0, limit, &prediction));
    if (run->outcome->ending != ENDING_SETTLED)
        return OK; /* not what it should be: the caller sees that nothing was judged */
    forge(forgery, run->outcome, &prediction);
    if (forgery == FORGERY_PLACE || forgery == FORGERY_SADDLE)
        return selftest_run_judge_spectrum(run, judged);
    selftest_run_judge(run, &prediction, limit, judged);
    if (forgery == FORGERY_NONE)
        TRY(selftest_run_judge_spectrum(run, judged));
    return OK;
}

static enum status try_forgery(const void *context, uint64_t index,
                               struct selftest_finding *finding)
{
    static const double x0[] = {-2, 1};
    const enum forgery forgery = (enum forgery)index;
    const struct problem problem = problem_of(forgery);
    const struct plan plan = plan_defaults();
    struct selftest_finding judged = {.failed = false};
    struct selftest_run run;
    (void)context;
    enum status status = selftest_run_make(&problem, &plan, x0, &run);
    if (status == OK)
        status = judge(forgery, &run, x0, &judged);
    selftest_run_free(&run);
    if (!judged.judged)
        selftest_complain(finding, "case %d was not judged", (int)forgery);
    else if (judged.failed && forgery == FORGERY_NONE)
        selftest_complain(finding, "a right ending is called wrong: %s", judged.what);
    else if (!judged.failed && forgery != FORGERY_NONE)
        selftest_complain(finding, "wrong ending %d is not seen", (int)forgery);
    return status;
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    const struct selftest_work work = {.count = FORGERIES, .one = try_forgery};
    TRY(selftest_try(plan, &work, tally));
    selftest_tell(tally, "%d forged endings are seen, the true one passes", FORGERIES - 1);
    return OK;
}

const struct selftest selftest_judges = {
    .name = "judges",
    .title = "controls: the judges of what follows are shown wrong endings",
    .run = run,
};
