/* The comparison, as the protocol of notes/minibatch.md has it: (MB70) the learner is the flow at
 * full batch; (MB73) Euler; (MB74) independent batches; (MB75) epochs; (MB76) invariants; (MB77) the
 * regression and its bounds.
 *
 * Every eta has a path of its own on its own grid, so that nothing is interpolated and the number of
 * steps need not divide one another.  The bounds are those of a protocol that was measured: slopes of
 * deterministic distances come within 0.05 of their order over five octaves, the one of scatter has
 * a standard error of 0.02 with 48 trials. */
#include "proofs-check/comparison.h"

#include "networks/blas.h"
#include "ode/trajectory.h"
#include "proofs-check/comparison_modified.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_MAX = 120, NOISE_STEPS = 32 };

static const double RATIO = 1000;        /* of the smallest distance fitted to the error below it */
static const double ACCURATE = 1e-13;    /* local error of a smooth path: ten roundings */
static const double DIFFERENCED = 1e-12; /* where f' f is made of differences */
static const double KINKED = 1e-9;       /* where the right-hand side has kinks */
static const double CHECK_RTOL = 1e-13, CHECK_ATOL = 1e-15; /* of rk8pd */
static const double ROUNDINGS = 1e3;   /* drifts below so many roundings of their terms are none */
static const double BIAS_SHARE = 0.05; /* of bias^2 in rms^2, below which rms has its own order */
enum { TRIALS_LEAST = 3 };             /* of a scatter with an error of its own */
enum { TRIALS_SURE = 30 }; /* with fewer of them the scatter, and so its error, is a guess */
static const double SAMPLES_MOST = 4096; /* for which the equations of noise are worth their time */

/* Order and bound of a row, by how batches are drawn. */
static const struct comparison_expected full_expected[] = {
    [COMPARISON_FLOW] = {"full batch from the flow", 1, 0.05},
    [COMPARISON_MODIFIED] = {"full batch from the modified equation", 2, 0.07}};
static const struct comparison_expected independent_expected[] = {
    [COMPARISON_DEVIATION] = {"independent batches, deviation", 0.5, 0.06},
    [COMPARISON_BIAS] = {"independent batches, mean", 1, 0.1},
    [COMPARISON_RMS] = {"independent batches, rms distance", 0.5, 0.06}};
static const struct comparison_expected reshuffled_expected[] = {
    [COMPARISON_DEVIATION] = {"reshuffled epochs, deviation", 1.5, 0.1},
    [COMPARISON_BIAS] = {"reshuffled epochs, mean", 1, 0.1},
    [COMPARISON_RMS] = {"reshuffled epochs, rms distance", 1, 0.1}};
static const struct comparison_expected ordered_expected[] = {
    [COMPARISON_DEVIATION] = {"ordered epochs, deviation", 0, 0},
    [COMPARISON_BIAS] = {"ordered epochs, distance at the end", 1, 0.1},
    [COMPARISON_RMS] = {"ordered epochs, distance", 1, 0.1}};
static const struct comparison_expected drift_expected = {"drift", 1, 0.1};

const char *comparison_row_name(enum comparison_row row)
{
    static const char *const names[] = {[COMPARISON_FLOW] = "flow",
                                        [COMPARISON_MODIFIED] = "modified",
                                        [COMPARISON_DEVIATION] = "deviation",
                                        [COMPARISON_BIAS] = "bias",
                                        [COMPARISON_RMS] = "rms"};
    return names[row];
}

static const struct comparison_expected *expected_of(const struct comparison *c, size_t row)
{
    if (row <= COMPARISON_MODIFIED)
        return &full_expected[row];
    if (c->plan.trials.sampling == SAMPLING_INDEPENDENT)
        return &independent_expected[row];
    return c->plan.trials.sampling == SAMPLING_ORDERED ? &ordered_expected[row]
                                                       : &reshuffled_expected[row];
}

static void note(const struct comparison *c, const char *what, size_t steps)
{
    char text[NOTE_MAX];
    snprintf(text, sizeof text, "%s, %zu steps", what, steps);
    if (c->plan.note)
        c->plan.note(c->plan.context, text);
}

/* ---- one eta ---- */

static void keep_largest(double value, double *largest)
{
    *largest = value > *largest ? value : *largest;
}

static enum status modified_follow(struct comparison *c, const double *x0, size_t steps,
                                   struct comparison_path **path)
{
    const struct flow *flow = c->system->flow;
    struct flow *modified = NULL;
    const bool exact = flow->jacobian_times || flow->jacobian;
    const struct comparison_path_plan plan = {c->plan.horizon, steps,
                                              !c->smooth ? KINKED
                                              : exact    ? ACCURATE
                                                         : DIFFERENCED};
    TRY(comparison_modified_create(flow, c->plan.horizon / (double)steps, &modified));
    const enum status status = comparison_path_follow(modified, &plan, x0, path);
    flow_free(modified);
    if (status == OK)
        keep_largest((*path)->error, &c->reference_error);
    return status;
}

static enum status full_take(struct comparison *c, const struct comparison_path *path, size_t k)
{
    struct comparison_step *step = &c->step[k];
    struct comparison_path *modified = NULL;
    note(c, "full batch", step->steps);
    TRY(modified_follow(c, path->x, step->steps, &modified));
    step->full.drift = c->drift + k * c->invariants;
    const enum status status = comparison_steps_full(c->system, path, modified, &step->full);
    comparison_path_free(modified);
    step->value[COMPARISON_FLOW] = step->full.flow;
    step->value[COMPARISON_MODIFIED] = step->full.modified;
    return status;
}

static enum status spread_take(struct comparison *c, const struct comparison_path *path, size_t k)
{
    struct comparison_step *step = &c->step[k];
    struct comparison_spread *spread = &step->spread;
    struct comparison_trials trials = c->plan.trials;
    if (trials.sampling == SAMPLING_ORDERED)
        trials.trials = 1; /* nothing is random */
    note(c, "minibatches", step->steps);
    TRY(comparison_steps_trials(c->system, path, &trials, spread));
    step->value[COMPARISON_DEVIATION] = spread->deviation;
    step->error[COMPARISON_DEVIATION] = spread->deviation_error;
    step->value[COMPARISON_BIAS] = spread->bias;
    step->error[COMPARISON_BIAS] = spread->bias_error;
    step->value[COMPARISON_RMS] = spread->rms;
    step->error[COMPARISON_RMS] = spread->rms_error;
    return OK;
}

static enum status eta_measure(struct comparison *c, const double *x0, size_t k)
{
    struct comparison_path *path = NULL;
    const size_t steps = c->step[k].steps;
    if (c->plan.trials.stop && c->plan.trials.stop())
        return status_fail(INTERRUPTED, "interrupted");
    const struct comparison_path_plan plan = {c->plan.horizon, steps,
                                              c->smooth ? ACCURATE : KINKED};
    note(c, "flow", steps);
    TRY(comparison_path_follow(c->system->flow, &plan, x0, &path));
    keep_largest(path->error, &c->reference_error);
    enum status status = full_take(c, path, k);
    if (status == OK && c->plan.trials.sampling != SAMPLING_ALL)
        status = spread_take(c, path, k);
    comparison_path_free(path);
    return status;
}

/* ---- is the reference what it should be? ---- */

static double distance(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}

static double largest_size(size_t n, const double *x)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        keep_largest(fabs(x[i]), &most);
    return most;
}

/* Extrapolated end against GSL's rk8pd. */
static enum status reference_check(struct comparison *c, const double *x0)
{
    const struct flow *flow = c->system->flow;
    const struct comparison_path_plan plan = {c->plan.horizon, c->plan.steps[c->plan.etas - 1],
                                              c->smooth ? ACCURATE : KINKED};
    struct plan other = plan_defaults();
    struct comparison_path *path = NULL;
    struct outcome *outcome = outcome_create(flow);
    if (!outcome)
        return status_fail(NO_MEMORY, "%zu unknowns", flow->dim);
    other.method = METHOD_RK8PD;
    other.rtol = CHECK_RTOL;
    other.atol = CHECK_ATOL;
    other.horizon = c->plan.horizon;
    other.no_endings = other.free_integrals = true;
    enum status status = trajectory_run(flow, &other, x0, outcome);
    if (status == OK)
        status = comparison_path_follow(flow, &plan, x0, &path);
    if (status == OK) {
        const double *end = path->x + path->steps * flow->dim;
        c->reference_distance = distance(flow->dim, end, outcome->last);
        c->moved = distance(flow->dim, end, x0);
        keep_largest(DBL_EPSILON * fmax(1, largest_size(flow->dim, end)), &c->reference_error);
    }
    comparison_path_free(path);
    outcome_free(outcome);
    return status;
}

/* ---- orders ---- */

static struct comparison_order undecided(struct comparison_order order, const char *reason)
{
    order.verdict = COMPARISON_UNDECIDED;
    order.reason = reason;
    return order;
}

static struct comparison_order not_judged(struct comparison_order order, const char *reason)
{
    order.verdict = COMPARISON_NOT_JUDGED;
    order.reason = reason;
    return order;
}

static double smallest(size_t count, const double *list)
{
    double least = INFINITY;
    for (size_t k = 0; k < count; k++)
        least = fmin(least, list[k]);
    return least;
}

/* Minibatch rows whose order is not that of the law alone. */
static struct comparison_order row_excuse(const struct comparison *c, size_t row,
                                          struct comparison_order order)
{
    const bool independent = c->plan.trials.sampling == SAMPLING_INDEPENDENT;
    double share = 0;
    for (size_t k = 0; k < c->plan.etas; k++) {
        const double ratio = c->step[k].value[COMPARISON_BIAS] / c->step[k].value[COMPARISON_RMS];
        share = fmax(share, ratio * ratio);
    }
    if (row == COMPARISON_MODIFIED && !c->smooth)
        return not_judged(order, "neurons with kinks: the modified equation needs f''");
    if (row == COMPARISON_BIAS && independent)
        return not_judged(order,
                          "the mean has order 1, seen where trials >> trace P / (eta |E + m|^2)");
    if (row == COMPARISON_RMS && independent && share > BIAS_SHARE)
        return not_judged(order, "crossing over from 1 to 1/2: the mean has its share");
    if (row == COMPARISON_RMS && c->plan.trials.sampling == SAMPLING_RESHUFFLED)
        return not_judged(order, "crossing over from 3/2 to 1: the scatter has its share");
    return order;
}

static void row_fit(struct comparison *c, size_t row)
{
    const size_t etas = c->plan.etas;
    double eta[COMPARISON_ETAS_MOST], value[COMPARISON_ETAS_MOST], error[COMPARISON_ETAS_MOST];
    for (size_t k = 0; k < etas; k++) {
        eta[k] = c->step[k].eta;
        value[k] = c->step[k].value[row];
        error[k] = c->step[k].error[row];
    }
    const bool exact = row <= COMPARISON_MODIFIED || isnan(c->step[0].error[row]);
    const struct comparison_points points = {etas, eta, value, exact ? NULL : error};
    struct comparison_order order = comparison_order_fit(&points, expected_of(c, row));
    const double accuracy = fmax(c->reference_error, c->reference_distance);
    if (smallest(etas, value) < RATIO * accuracy && order.reason == NULL)
        order = undecided(order, "the smallest distance is not far above the reference's error");
    if (row > COMPARISON_MODIFIED && c->plan.trials.sampling != SAMPLING_ORDERED &&
        c->plan.trials.trials < TRIALS_LEAST)
        order = undecided(order, "fewer than three trials: how much they scatter is not known");
    if (order.verdict == COMPARISON_REFUTED && !exact && c->plan.trials.trials < TRIALS_SURE)
        order = undecided(order, "too few trials to refute: how much they scatter is a guess");
    c->row[row] = row_excuse(c, row, order);
}

static void rows_fit(struct comparison *c)
{
    const bool batches = c->plan.trials.sampling != SAMPLING_ALL;
    const bool random = batches && c->plan.trials.sampling != SAMPLING_ORDERED;
    for (size_t row = 0; row < COMPARISON_ROWS; row++) {
        c->measured[row] =
            row <= COMPARISON_MODIFIED || (batches && row != COMPARISON_DEVIATION) || random;
        if (c->measured[row])
            row_fit(c, row);
    }
}

/* ---- invariants ---- */

/* A drift of a higher order is no fault: "at least 1". */
static void judge_drift(struct comparison_order *order)
{
    if (order->verdict == COMPARISON_REFUTED && order->order > order->expected.order)
        order->verdict = COMPARISON_HOLDS;
}

static void invariant_fit(struct comparison *c, size_t claim)
{
    const struct flow *flow = c->system->flow;
    const size_t etas = c->plan.etas;
    double eta[COMPARISON_ETAS_MOST], value[COMPARISON_ETAS_MOST];
    double rounding = 0;
    struct comparison_invariant *invariant = &c->invariant[claim];
    *invariant = (struct comparison_invariant){
        .name = flow->claim[claim].name, .label = flow->claim[claim].label, .exact = true};
    for (size_t k = 0; k < etas; k++) {
        const struct comparison_drift *drift = &c->drift[k * c->invariants + claim];
        eta[k] = c->step[k].eta;
        value[k] = drift->largest;
        keep_largest(ROUNDINGS * DBL_EPSILON * fmax(1, drift->scale), &rounding);
        invariant->exact &= drift->step <= ROUNDINGS * DBL_EPSILON * drift->scale;
        invariant->identity =
            isnan(drift->identity) ? NAN : fmax(invariant->identity, drift->identity);
    }
    const struct comparison_points points = {etas, eta, value, NULL};
    invariant->order = comparison_order_fit(&points, &drift_expected);
    judge_drift(&invariant->order);
    if (smallest(etas, value) < rounding && !invariant->order.reason)
        invariant->order = undecided(invariant->order, "the smallest drift may be rounding");
}

/* ---- the whole ---- */

static enum status noise_take(struct comparison *c, const double *x0)
{
    const struct comparison_noise_plan plan = {
        .horizon = c->plan.horizon, .steps = NOISE_STEPS, .batch = c->plan.trials.batch};
    const bool affordable = c->system->flow->dim <= COMPARISON_NOISE_MOST &&
                            c->system->flow->jacobian && c->smooth &&
                            (double)c->system->count <= SAMPLES_MOST;
    if (c->plan.trials.sampling != SAMPLING_INDEPENDENT || !affordable)
        return OK;
    note(c, "equations of noise", plan.steps);
    return comparison_noise_create(c->system, &plan, x0, &c->noise);
}

static enum status measure(struct comparison *c, const double *x0)
{
    TRY(reference_check(c, x0));
    for (size_t k = 0; k < c->plan.etas; k++)
        TRY(eta_measure(c, x0, k));
    TRY(noise_take(c, x0));
    rows_fit(c);
    for (size_t claim = 0; claim < c->invariants; claim++)
        invariant_fit(c, claim);
    return OK;
}

static enum status check(const struct comparison_plan *plan)
{
    if (plan->etas == 0 || plan->etas > COMPARISON_ETAS_MOST)
        return status_fail(BAD_ARGUMENT, "%zu values of eta; between 1 and %d are possible",
                           plan->etas, COMPARISON_ETAS_MOST);
    for (size_t k = 0; k < plan->etas; k++)
        if (plan->steps[k] == 0 || (k > 0 && plan->steps[k] <= plan->steps[k - 1]))
            return status_fail(BAD_ARGUMENT, "numbers of steps must increase; found %zu",
                               plan->steps[k]);
    if (!(plan->horizon > 0))
        return status_fail(BAD_ARGUMENT, "horizon = %g (want > 0)", plan->horizon);
    if (plan->trials.sampling != SAMPLING_ALL && (!plan->trials.threads || !plan->trials.trials))
        return status_fail(BAD_ARGUMENT, "minibatches need trials and a thread");
    return OK;
}

void comparison_free(struct comparison *c)
{
    if (!c)
        return;
    for (size_t k = 0; c->step && k < c->plan.etas; k++)
        comparison_spread_clear(&c->step[k].spread);
    free(c->step);
    free(c->drift);
    free(c->invariant);
    comparison_noise_free(c->noise);
    free(c);
}

static enum status prepare(struct comparison *c)
{
    const size_t etas = c->plan.etas, claims = c->invariants;
    c->step = calloc(etas, sizeof *c->step);
    c->drift = calloc(etas * claims + 1, sizeof *c->drift);
    c->invariant = calloc(claims + 1, sizeof *c->invariant);
    if (!c->step || !c->drift || !c->invariant)
        return status_fail(NO_MEMORY, "%zu values of eta", etas);
    for (size_t k = 0; k < etas; k++) {
        c->step[k].steps = c->plan.steps[k];
        c->step[k].eta = c->plan.horizon / (double)c->plan.steps[k];
        for (size_t row = 0; row < COMPARISON_ROWS; row++)
            c->step[k].value[row] = c->step[k].error[row] = NAN;
    }
    TRY(blas_open());
    blas_threads(1); /* trials are the parallel part */
    return OK;
}

enum status comparison_run(const struct comparison_system *system,
                           const struct comparison_plan *plan, const double *x0,
                           struct comparison **comparison)
{
    TRY(check(plan));
    struct comparison *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "a comparison");
    made->system = system;
    made->plan = *plan;
    made->smooth = system->plan.neuron->kind != NEURON_RELU && system->flow->switches == 0;
    made->invariants = system->flow->conserved;
    enum status status = prepare(made);
    if (status == OK)
        status = measure(made, x0);
    if (status == OK)
        *comparison = made;
    else
        comparison_free(made);
    return status;
}

static enum comparison_verdict worse(enum comparison_verdict a, enum comparison_verdict b)
{
    if (a == COMPARISON_REFUTED || b == COMPARISON_REFUTED)
        return COMPARISON_REFUTED;
    return a == COMPARISON_UNDECIDED || b == COMPARISON_UNDECIDED ? COMPARISON_UNDECIDED
                                                                  : COMPARISON_HOLDS;
}

enum comparison_verdict comparison_verdict(const struct comparison *c)
{
    enum comparison_verdict verdict = COMPARISON_HOLDS;
    for (size_t row = 0; row < COMPARISON_ROWS; row++)
        if (c->measured[row])
            verdict = worse(verdict, c->row[row].verdict);
    for (size_t k = 0; k < c->invariants; k++)
        if (!c->invariant[k].exact)
            verdict = worse(verdict, c->invariant[k].order.verdict);
    return verdict;
}
