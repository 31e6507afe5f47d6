/* Conclusions of conjectures and of planted statements. */
#include "proofs-check/hunt_conclude.h"

#include "linear/matrix.h"
#include "nonlinear/equilibria.h"
#include "proofs-check/hunt_margin.h"
#include "proofs-check/sample_neurons.h"

#include <math.h>

enum status hunt_conclude_turns(struct trial *trial, enum finding *finding)
{
    TRY(conclude_sign_changes_bounded(trial, finding));
    const struct outcome *outcome = trial->outcome;
    if (*finding == FINDING_UNDECIDED && outcome && outcome->ending == ENDING_SADDLE &&
        sample_neurons_unmoved(trial, outcome->limit)) /* nothing moves */
        return conclude_holds(finding);
    if (*finding != FINDING_UNDECIDED || !isfinite(trial->measured))
        return OK;
    if (fmax(trial->measured, trial->expected) <= trial->theorem->bound)
        return conclude_holds(finding);
    return OK;
}

enum status hunt_conclude_minimum(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending != ENDING_SETTLED) /* nothing is said of those */
        return conclude_holds(finding);
    trial->deviation = hunt_margin_descent_rate(trial, outcome->limit);
    if (trial->deviation > trial->theorem->bound)
        return conclude_fails(trial, finding,
                              "settles at a saddle of the loss: gradient descent leaves it at the "
                              "rate %.6g",
                              trial->deviation);
    return conclude_holds(finding);
}

/* ---- equilibria of tanh neurons ---- */

/* Real parts both negative, by the flow's own Jacobian. */
static bool attracts(const struct flow *flow, const struct equilibria_point *point)
{
    enum { PLANAR = 2 };
    const double x[PLANAR] = {point->a1, point->a2};
    double J[PLANAR * PLANAR], re[PLANAR];
    return flow->jacobian(flow, x, J) == OK && matrix_eigenvalues(PLANAR, J, re, NULL) == OK &&
           re[0] < 0;
}

enum status hunt_conclude_one_wrong(struct trial *trial, enum finding *finding)
{
    enum { CELLS = 300 };
    static const double INTERVAL[] = {-8, 8}, CLEAR = 1e-3; /* of a1; of (log R)'' */
    struct equilibria *equilibria = NULL;
    size_t wrong = 0;
    TRY(equilibria_find(&trial->instance->problem, INTERVAL, CELLS, &equilibria));
    for (size_t k = 0; k < equilibria->count; k++)
        wrong +=
            equilibria->point[k].curvature > CLEAR && attracts(trial->flow, &equilibria->point[k]);
    equilibria_free(equilibria);
    trial->deviation = (double)wrong;
    if (wrong > 1)
        return conclude_fails(trial, finding, "%zu wrong fixed points attract", wrong);
    return conclude_holds(finding);
}

/* ---- bonds ---- */

/* |a_p| <= |c_p|, |c_q| <= |a_q|, prod_(p<=j<q) c_j a_(j+1) < 0 for a pair below the top, at most
 * `reach` apart. */
static bool has_bond(const struct instance *instance, size_t reach)
{
    const size_t L = instance->problem.depth;
    const double *a = instance->x0, *c = instance->x0 + L;
    for (size_t p = 0; p + 1 < L; p++) {
        double product = 1;
        for (size_t q = p + 1; q + 1 < L && q <= p + reach; q++) {
            product *= c[q - 1] * a[q];
            if (fabs(a[p]) <= fabs(c[p]) && fabs(c[q]) <= fabs(a[q]) && product < 0)
                return true;
        }
    }
    return false;
}

enum status hunt_conclude_bonded(struct trial *trial, enum finding *finding)
{
    if (has_bond(trial->instance, 1)) /* nothing is said of those */
        return conclude_holds(finding);
    return conclude_no_cycle(trial, finding);
}

enum status hunt_conclude_long_bonded(struct trial *trial, enum finding *finding)
{
    if (has_bond(trial->instance, trial->instance->problem.depth))
        return conclude_holds(finding);
    return conclude_no_cycle(trial, finding);
}

/* ---- growth ---- */

enum status hunt_conclude_growth_laws(struct trial *trial, enum finding *finding)
{
    static const double LAWS[] = {0, 1.0 / 6, 0.25}; /* exponents of t; 0: a logarithm */
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending == ENDING_ESCAPED)
        return conclude_fails(trial, finding, "blows up");
    if (outcome->ending != ENDING_UNBOUNDED) /* nothing is said of those */
        return conclude_holds(finding);
    trial->deviation = INFINITY;
    for (size_t k = 0; k < sizeof LAWS / sizeof *LAWS; k++)
        trial->deviation = fmin(trial->deviation, fabs(outcome->exponent - LAWS[k]));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "grows like t^%.4g", outcome->exponent);
    return conclude_holds(finding);
}

/* ---- planted ---- */

enum status hunt_conclude_linear_growth(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    trial->deviation = outcome->ending == ENDING_UNBOUNDED ? outcome->exponent : 0;
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "grows like t^%.4g", trial->deviation);
    return conclude_holds(finding);
}

enum status hunt_conclude_off_window(struct trial *trial, enum finding *finding)
{
    /* |a1 - 17/16| and |c1 + 3/4| both below these: a thousandth of what is tried */
    static const double PLACE[] = {1.0625, -0.75}, HALF_WIDTH[] = {0.045, 0.045};
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const double off = fmax(fabs(trial->outcome->limit[0] - PLACE[0]) / HALF_WIDTH[0],
                            fabs(trial->instance->problem.c[0] - PLACE[1]) / HALF_WIDTH[1]);
    trial->deviation = 1 / off;
    if (!(off > 1))
        return conclude_fails(trial, finding, "a1 -> %.6g with c1 = %.6g", trial->outcome->limit[0],
                              trial->instance->problem.c[0]);
    return conclude_holds(finding);
}
