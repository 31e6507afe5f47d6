/* Ghosts: places from which Newton's iteration leads to another zero than the trajectory.
 *
 * In v = u / scale, v' = (v^2 + epsilon) (x1 - v) (v - x2) (v - x3) with x1 < x2 < x3: a start
 * below x1 goes up through the ghost of a double root at 0, where |f| has fallen far, and on to x1.
 * From the ghost a step of Newton's iteration goes by v^2 + epsilon over 2 |v|, as far as one
 * likes: to the other stable zero x3 too, beyond the unstable x2.  Lanes, which leave to the
 * referee what finds an unstable zero, have v' = v (1 - v^2) from about 1/2, where the step leads
 * to -1.  The scale is so small that all zeros lie within the capture radius of each other; all
 * coefficients are exact.  That the linearisation at the zero governs where the state is, (E1), is
 * then all that tells the right zero from the wrong one: without that test one case in three ends
 * falsely, and no other case of the self-test sees that it is gone, notes/hardening.md, (HD2).  The
 * limit is known without any theory. */
#include "base/stream.h"
#include "linear/problem.h"
#include "linear/registry.h"
#include "ode/sweep.h"
#include "selftest/selftest.h"
#include "selftest/selftest_run.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { SEED = 1729, TRIALS = 240, DEGREE = 5, UNIT = 8 /* of dyadic numbers */ };

static const double RIGHT = 1.0 / 64; /* of the scale: no other zero is nearer than 1/4 */

/* (v - zero) times what is there, of `degree`. */
static void factor(double *q, size_t degree, double zero)
{
    q[degree + 1] = 0;
    for (size_t k = degree + 1; k > 0; k--)
        q[k] = q[k - 1] - zero * q[k];
    q[0] *= -zero;
}

struct ghost {
    struct problem problem;
    double start, limit, scale;
};

static double eighths(struct stream *stream, uint64_t least, uint64_t most)
{
    return (double)(least + stream_below(stream, most - least + 1)) / UNIT;
}

/* From v to u, and one in two turned round: u' = s F(u / s), s = +-scale. */
static void fill(struct ghost *ghost, const double *F, double s, double v0, double x1)
{
    struct problem *problem = &ghost->problem;
    *problem = problem_defaults(&system_polynomial, NULL);
    problem->q_count = DEGREE + 1;
    for (size_t k = 0; k <= DEGREE; k++)
        problem->q[k] = F[k] * pow(s, 1 - (double)k); /* s is a power of two: exact */
    ghost->scale = fabs(s);
    ghost->start = s * v0;
    ghost->limit = s * x1;
}

static void draw(struct stream *stream, struct ghost *ghost)
{
    enum { SMALL = 3, SIZES = 7, SCALE = 22 }; /* epsilon = 2^-3 ... 2^-9 */
    const double epsilon = ldexp(1, -SMALL - (int)stream_below(stream, SIZES));
    const double x1 = eighths(stream, 2, UNIT), x2 = x1 + eighths(stream, 2, UNIT / 2),
                 x3 = x2 + eighths(stream, UNIT / 2, UNIT);
    double F[DEGREE + 1] = {epsilon, 0, 1};
    factor(F, 2, x1);
    factor(F, 2 + 1, x2);
    factor(F, DEGREE - 1, x3);
    for (size_t k = 0; k <= DEGREE; k++)
        F[k] = -F[k]; /* x1 - v */
    const double scale = ldexp(1, -SCALE - (int)stream_below(stream, 2));
    const double v0 = -eighths(stream, 2, 2 * UNIT);
    fill(ghost, F, stream_below(stream, 2) ? scale : -scale, v0, x1);
}

/* v' = v (1 - v^2) from about 1/2, which Newton's iteration sends to about -1 at once. */
static void draw_jump(struct stream *stream, struct ghost *ghost)
{
    static const double F[DEGREE + 1] = {0, 1, 0, -1};
    enum { SCALE = 22, MIDDLE = 16, FINE = 512 };
    const double scale = ldexp(1, -SCALE - (int)stream_below(stream, 2));
    const double shift = ((double)stream_below(stream, 2 * MIDDLE + 1) - MIDDLE) / FINE;
    fill(ghost, F, stream_below(stream, 2) ? scale : -scale, 1.0 / 2 + shift, 1);
}

/* ---- judging ---- */

/* limit: NULL where there is none. */
static void judge(const struct ghost *ghost, enum ending ending, const double *limit,
                  const char *method, struct selftest_finding *finding)
{
    finding->ending = ending;
    finding->judged = ending != ENDING_HORIZON;
    finding->agreed =
        ending == ENDING_SETTLED && limit && fabs(limit[0] - ghost->limit) <= RIGHT * ghost->scale;
    if (finding->judged && !finding->agreed)
        selftest_complain(finding, "FALSE %s by %s from %g: limit %g, not %g", ending_name(ending),
                          method, ghost->start, limit ? limit[0] : NAN, ghost->limit);
}

static enum status try_referee(const struct ghost *ghost, const struct plan *plan,
                               struct selftest_finding *finding)
{
    struct selftest_run run;
    const enum status status = selftest_run_make(&ghost->problem, plan, &ghost->start, &run);
    if (status == OK) {
        const struct outcome *outcome = run.outcome;
        selftest_run_record(&run, finding);
        judge(ghost, outcome->ending, outcome->has_limit ? outcome->limit : NULL,
              selftest_run_method(plan->method), finding);
    }
    selftest_run_free(&run);
    return status;
}

/* ---- the lanes of a sweep ---- */

struct swept {
    const struct ghost *ghost;
    struct selftest_finding *finding;
};

static enum status swept_flow(void *context, struct flow **flow)
{
    const struct swept *swept = context;
    return problem_flow(&swept->ghost->problem, flow);
}

static void swept_start(const void *context, size_t k, double *x0)
{
    const struct swept *swept = context;
    (void)k;
    *x0 = swept->ghost->start;
}

static enum status swept_result(void *context, size_t k, const double *x0,
                                const struct sweep_result *result)
{
    const struct swept *swept = context;
    (void)k, (void)x0;
    judge(swept->ghost, result->ending, result->has_limit ? result->limit : NULL, "lanes",
          swept->finding);
    return OK;
}

static enum status try_lanes(const struct ghost *ghost, const struct plan *plan,
                             struct selftest_finding *finding)
{
    struct swept swept = {.ghost = ghost, .finding = finding};
    struct sweep_plan lanes = sweep_plan_defaults();
    lanes.threads = 1;
    lanes.coarse = lanes.fine = (struct sweep_tolerance){plan->rtol, plan->atol};
    lanes.referee.steps_most = 1; /* only the lanes are on trial */
    const struct sweep_task task = {.count = 1,
                                    .flow = swept_flow,
                                    .start = swept_start,
                                    .result = swept_result,
                                    .context = &swept};
    return sweep_run(&lanes, &task, NULL);
}

/* ---- the test ---- */

static enum status try_ghost(const void *context, uint64_t index, struct selftest_finding *finding)
{
    static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};
    static const double tolerances[] = {1e-10, 1e-12};
    struct stream stream = stream_at(SEED, stream_key("ghosts"), index);
    struct ghost ghost;
    const uint64_t way = index % (COUNT(methods) + 1);
    (void)context;
    if (way < COUNT(methods))
        draw(&stream, &ghost);
    else
        draw_jump(&stream, &ghost);
    struct plan plan = selftest_run_plan(methods[way % COUNT(methods)],
                                         tolerances[stream_below(&stream, COUNT(tolerances))]);
    plan.atol = plan.rtol * ghost.scale; /* what is small here is not noise */
    return way < COUNT(methods) ? try_referee(&ghost, &plan, finding)
                                : try_lanes(&ghost, &plan, finding);
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    enum { CAUTION = 90 }; /* per cent that must settle: caution must not be silence */
    static const size_t HUNDRED = 100;
    char endings[SELFTEST_TEXT_MAX];
    const struct selftest_work work = {.count = selftest_trials(plan, TRIALS), .one = try_ghost};
    TRY(selftest_try(plan, &work, tally));
    if (tally->agreed * HUNDRED < tally->tried * CAUTION)
        selftest_blame(tally, "%zu of %zu settle: the others are undecided", tally->agreed,
                       tally->tried);
    selftest_tell(tally, "none at another zero than the next: %s",
                  selftest_endings(tally, sizeof endings, endings));
    return OK;
}

const struct selftest selftest_ghosts = {
    .name = "ghosts",
    .title = "places from which Newton's iteration leads to another stable zero",
    .run = run,
};
