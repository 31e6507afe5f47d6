/* Blow-ups at known times.
 *
 * An escape needs its time with a bound, and the bound must hold and say something.  Learning against
 * the gradient is e -> -e, that is alpha, beta -> -alpha, -beta. */
#include "selftest/selftest_escapes.h"

#include "linear/polynomial.h"
#include "linear/registry.h"
#include "selftest/selftest_run.h"

#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* relative, global error: about a thousand steps at rtol 1e-10 */
static const double TIME_RELATIVE = 1e-6;
static const double BOUND_RELATIVE = 1e-5; /* what a bound must say at least */
static const double PREDICTED = 1e-10;     /* relative, of the quadrature */

struct blowup {
    const char *rule; /* NULL: polynomial */
    size_t depth, count;
    double list[6]; /* coefficients, or feedback weights */
    double alpha, beta, start[4], time;
};

/* Closed forms and partial fractions, 18 digits: notes/chains.md, (P3), (P5), (L12). */
static const struct blowup blowups[] = {
    {.count = 3, .list = {0, 0, 1}, .start = {0.5}, .time = 2},
    {.count = 4, .list = {0, 0, 0, 1}, .start = {2}, .time = 0.125},
    {.count = 4, .list = {0, 0, 0, 1}, .start = {-2}, .time = 0.125},
    {.count = 6, .list = {0, 0, 0, 0, 0, 1}, .start = {1.25}, .time = 0.1024}, /* (4/5)^4 / 4 */
    {.count = 3, .list = {1, 0, 1}, .start = {-1}, .time = 2.35619449019234492885},
    {.count = 3, .list = {-1, 0, -1}, .start = {0}, .time = 1.57079632679489661923},
    {.count = 3, .list = {-1, 0, 1}, .start = {2}, .time = 0.549306144334054845698},
    {.rule = "srbp",
     .depth = 2,
     .count = 2,
     .list = {1, -1},
     .alpha = 1,
     .beta = 1,
     .start = {2, -1},
     .time = 0.296121920232544084},
    {.rule = "srbp", .depth = 2, .alpha = 0, .beta = -1, .start = {1, 0.5}, .time = 1},
    /* learning against the gradient, e -> -e: alpha, beta -> -alpha, -beta */
    {.rule = "srbp",
     .depth = 2,
     .alpha = -1,
     .beta = -1,
     .start = {2, 1},
     .time = 0.443491217324399441},
    {.rule = "srbp", .depth = 3, .alpha = 0, .beta = -1, .start = {1, 0.5, 0.125}, .time = 8.0 / 3},
    {.rule = "srbp",
     .depth = 4,
     .alpha = 0,
     .beta = -1,
     .start = {1, 0.5, 0.125, 1.0 / 128},
     .time = 1024.0 / 7},
    {.rule = "bp", .depth = 2, .alpha = 0, .beta = -1, .start = {1, 1}, .time = 0.5},
};

enum { CASES = COUNT(blowups), METHODS = 3, DEPTH_MOST = 4 };

size_t selftest_escapes_count(void)
{
    return CASES;
}

static struct problem problem_of(const struct blowup *blowup)
{
    struct problem problem;
    if (!blowup->rule) {
        problem = problem_defaults(&system_polynomial, NULL);
        memcpy(problem.q, blowup->list, sizeof blowup->list);
        problem.q_count = blowup->count;
        return problem;
    }
    problem = problem_defaults(&system_chain, registry_rule(blowup->rule));
    problem.depth = blowup->depth;
    memcpy(problem.c, blowup->list, blowup->count * sizeof *blowup->list);
    problem.c_count = blowup->count;
    problem.alpha = blowup->alpha;
    problem.beta = blowup->beta;
    return problem;
}

static void check_run(const struct blowup *blowup, const struct selftest_run *run,
                      struct selftest_finding *finding)
{
    const struct outcome *outcome = run->outcome;
    const double off = fabs(outcome->blowup_time - blowup->time);
    selftest_run_record(run, finding);
    if (outcome->ending != ENDING_ESCAPED)
        selftest_complain(finding, "%s: %s at t = %g (%s), but it blows up at %g", run->flow->title,
                          ending_name(outcome->ending), outcome->t, outcome->reason, blowup->time);
    else if (!(off <= outcome->blowup_error && off <= TIME_RELATIVE * blowup->time))
        selftest_complain(finding, "%s: blow-up at %.12g, off by %g, bound %g", run->flow->title,
                          outcome->blowup_time, off, outcome->blowup_error);
    else if (!(outcome->blowup_error <= BOUND_RELATIVE * blowup->time) || outcome->has_limit)
        selftest_complain(finding, "%s: bound %g, limit %d", run->flow->title,
                          outcome->blowup_error, outcome->has_limit);
    finding->worst = off / blowup->time;
}

/* There is no prediction for bp with beta < 0. */
static enum status check_prediction(const struct blowup *blowup, const struct problem *problem,
                                    struct selftest_finding *finding)
{
    double limit[DEPTH_MOST];
    struct prediction prediction = prediction_none(NULL, NULL);
    if (blowup->rule && strcmp(blowup->rule, "bp") == 0)
        return OK;
    TRY(problem_predict(problem, blowup->start, limit, &prediction));
    if (prediction.ending != ENDING_ESCAPED ||
        !(fabs(prediction.escape_time / blowup->time - 1) <= PREDICTED))
        selftest_complain(finding, "predicted %s at %.17g, but it blows up at %.17g",
                          ending_name(prediction.ending), prediction.escape_time, blowup->time);
    return OK;
}

enum status selftest_escapes_try(size_t index, const struct plan *plan,
                                 struct selftest_finding *finding)
{
    const struct blowup *blowup = &blowups[index];
    const struct problem problem = problem_of(blowup);
    struct selftest_run run;
    enum status status = selftest_run_make(&problem, plan, blowup->start, &run);
    if (status == OK) {
        check_run(blowup, &run, finding);
        status = check_prediction(blowup, &problem, finding);
    }
    selftest_run_free(&run);
    return status;
}

static enum status try_escape(const void *context, uint64_t index, struct selftest_finding *finding)
{
    struct plan plan = plan_defaults();
    (void)context;
    plan.method = (enum method)(index % METHODS);
    return selftest_escapes_try(index / METHODS, &plan, finding);
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    const struct selftest_work work = {.count = CASES * METHODS, .one = try_escape};
    TRY(selftest_try(plan, &work, tally));
    selftest_tell(tally, "all blow up, times at most %.1e off, relatively", tally->worst);
    return OK;
}

const struct selftest selftest_escapes = {
    .name = "escapes",
    .title = "systems that must not converge: blow-up times, by three methods and by algebra",
    .run = run,
};
