/* Explicit steps of A[1,1,1] beside its flow.
 *
 * The flow conserves K = c1 a2 - a1^2/2; a step changes it by -(eta c1 e)^2/2, exactly.  So steps drift
 * towards leaves with more fixed points, K < K* = -(3/2) g^(2/3), and a start beyond the semistable point
 * that the flow leads past it may be caught there.  The flow's end is the integrator's; the steps are
 * taken here, in doubles: rounding moves K by 1e-16 a step, the drift by far more wherever it matters.
 * Rejected: a step size that is drawn, too, since every statement is false for large ones. */
#include "proofs-check/hunt_steps.h"

#include <math.h>

enum { STEPS_MOST = 1000000 };

static const double SHARE = 0.1;     /* of the largest stable step */
static const double ARRIVED = 1e-10; /* |e| over |alpha| + |beta P| */

struct walk {
    double alpha, beta, c, eta;
    double root; /* g^(1/3) */
    double a1, a2;
    double K; /* at the passage of a1 = -g^(1/3), or at the end */
};

enum branch { BRANCH_FAR = -1, BRANCH_NONE, BRANCH_NEAR };

static enum branch branch_of(const struct walk *walk, double a1)
{
    const double place = a1 / walk->root;
    return place < -1 ? BRANCH_FAR : place > 0 ? BRANCH_NEAR : BRANCH_NONE;
}

static double leaf_of(const struct walk *walk)
{
    return walk->c * walk->a2 - walk->a1 * walk->a1 / 2;
}

/* With x = a1, x' = Q(x) and |Q'| = beta |3 x^2/2 + K| on the way to a1 = `end`. */
static struct walk walk_begin(const struct trial *trial, double end)
{
    static const double SLOPE = 1.5;
    const struct problem *p = &trial->instance->problem;
    struct walk walk = {.alpha = p->alpha,
                        .beta = p->beta,
                        .c = p->c[0],
                        .root = cbrt(p->c[0] * p->alpha / p->beta),
                        .a1 = trial->instance->x0[0],
                        .a2 = trial->instance->x0[1]};
    const double most = fmax(fabs(walk.a1), fabs(end));
    walk.K = leaf_of(&walk);
    walk.eta = SHARE / (walk.beta * (SLOPE * most * most + fabs(walk.K)));
    return walk;
}

/* False: it has not arrived. */
static bool walk_on(struct walk *walk)
{
    bool passed = branch_of(walk, walk->a1) != BRANCH_FAR;
    for (long k = 0; k < STEPS_MOST; k++) {
        const double P = walk->a1 * walk->a2, e = walk->alpha - walk->beta * P;
        if (!passed)
            walk->K = leaf_of(walk);
        if (fabs(e) <= ARRIVED * (fabs(walk->alpha) + fabs(walk->beta * P)))
            return true;
        walk->a2 += walk->eta * walk->a1 * e;
        walk->a1 += walk->eta * walk->c * e;
        passed |= branch_of(walk, walk->a1) != BRANCH_FAR;
    }
    return false;
}

/* The branches of the flow and of the steps; *said = false: the statement does not speak of it. */
static enum status both_walk(struct trial *trial, enum branch *flow, enum branch *steps, bool *said,
                             enum finding *finding)
{
    static const double CRITICAL = -1.5; /* K* / g^(2/3) */
    const struct outcome *outcome;
    *said = false;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending != ENDING_SETTLED || trial->instance->problem.alpha == 0)
        return conclude_holds(finding);
    struct walk walk = walk_begin(trial, outcome->limit[0]);
    const bool from_far = branch_of(&walk, walk.a1) == BRANCH_FAR, arrived = walk_on(&walk);
    *flow = branch_of(&walk, outcome->limit[0]);
    *steps = branch_of(&walk, walk.a1);
    if (!arrived || *flow == BRANCH_NONE || *steps == BRANCH_NONE)
        return conclude_undecided(trial, finding, "the steps have not arrived, or not on a branch");
    if (from_far) {
        trial->measured = walk.K;
        trial->expected = CRITICAL * walk.root * walk.root;
    }
    *said = true;
    return OK;
}

static const char *branch_name(enum branch branch)
{
    return branch == BRANCH_FAR ? "far" : "near";
}

enum status hunt_steps_same_branch(struct trial *trial, enum finding *finding)
{
    enum branch flow = BRANCH_NONE, steps = BRANCH_NONE;
    bool said;
    TRY(both_walk(trial, &flow, &steps, &said, finding));
    if (!said)
        return OK;
    if (flow != steps)
        return conclude_fails(trial, finding,
                              "the flow leads to the %s branch, steps to the %s one",
                              branch_name(flow), branch_name(steps));
    return conclude_holds(finding);
}

enum status hunt_steps_stay_far(struct trial *trial, enum finding *finding)
{
    enum branch flow = BRANCH_NONE, steps = BRANCH_NONE;
    bool said;
    TRY(both_walk(trial, &flow, &steps, &said, finding));
    if (!said)
        return OK;
    if (flow == BRANCH_FAR && steps != BRANCH_FAR)
        return conclude_fails(trial, finding, "the flow leads to the far branch, steps do not");
    return conclude_holds(finding);
}

static double distance_of(const struct trial *trial, const struct hunt_recurrence *recurrence)
{
    (void)recurrence;
    const double K = trial->measured, critical = trial->expected;
    if (!isfinite(K) || !isfinite(critical))
        return 1;
    return fabs(K - critical) / (fabs(K) + fabs(critical));
}

const struct hunt_margin hunt_steps_margin = {
    .says = "distance of K from the leaf on which the branches part", .of = distance_of};
