/* What a sweep does: state the problem, find fixed points at some values of the parameter, follow each
 * branch both ways (ode/branch.h), then the limit cycles of planar flows.
 *
 * The problem is kept, and its parameter changed in place; a flow is made anew for each value.  Flows
 * that conserve something are refused: on each leaf there are fixed points, so that they form continua
 * and a branch would be a surface. */
#include "cli/sweep.h"

#include "cli/interrupt.h"
#include "cli/nearest.h"
#include "cli/parameter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80, STARTS_STANDARD = 8 };

/* Of a1: activations saturate well inside. */
static const double INTERVAL_STANDARD = 10;
static const double HORIZON_STANDARD = 1e4; /* of the trajectories that look for fixed points */

/* ---- the family ---- */

static enum status flow_at(void *context, double value, struct flow **flow)
{
    struct sweep *sweep = context;
    *sweep->place = value;
    return problem_flow(&sweep->given.problem, flow);
}

static bool is_stopped(void *context)
{
    (void)context;
    return *interrupt_flag() != 0;
}

/* ---- checks ---- */

static enum status bounds_check(const struct options *options)
{
    static const enum option_word needed[] = {OPTION_over, OPTION_from, OPTION_to};
    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
        if (!options_given(options, needed[k]))
            return status_fail(BAD_ARGUMENT,
                               "--%s is missing; a sweep needs --over NAME --from X --to Y",
                               options_name(needed[k]));
    if (!(options->from < options->to))
        return status_fail(BAD_ARGUMENT, "--from %g is not less than --to %g", options->from,
                           options->to);
    return OK;
}

static enum status unknown_choose(struct sweep *sweep)
{
    const char *name = sweep->options->text[OPTION_unknown];
    const struct flow *flow = sweep->given.flow;
    if (!name)
        return OK;
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; k < flow->dim; k++) {
        if (strcmp(flow->names[k], name) == 0) {
            sweep->unknown = k;
            return OK;
        }
        nearest_offer(&nearest, flow->names[k]);
    }
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "--unknown: there is no unknown '%s'%s (%s to %s)", name,
                       nearest_hint(&nearest, sizeof hint, hint), flow->names[0],
                       flow->names[flow->dim - 1]);
}

/* The problem exists at both ends, and no conserved quantity makes a continuum in the middle. */
static enum status family_check(struct sweep *sweep)
{
    const double values[] = {sweep->family.from, sweep->family.to,
                             (sweep->family.from + sweep->family.to) / 2};
    struct flow *flow = NULL;
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        flow_free(flow);
        flow = NULL;
        TRY(flow_at(sweep, values[k], &flow));
    }
    enum status status = OK;
    if (flow->conserved > 0)
        status = status_fail(BAD_ARGUMENT,
                             "%s conserves %s: its fixed points are no isolated points but one on "
                             "each leaf; a sweep needs a decay (--lambda) or an activation",
                             flow->title, flow->claim[0].name);
    flow_free(flow);
    return status;
}

/* ---- the work ---- */

static enum status sweep_fill(struct sweep *sweep)
{
    const struct options *options = sweep->options;
    TRY(parameter_named(&sweep->given, sweep->name, &sweep->place));
    sweep->standard = *sweep->place;
    sweep->family = (struct branch_family){.dim = sweep->given.dim,
                                           .from = options->from,
                                           .to = options->to,
                                           .flow_at = flow_at,
                                           .context = sweep};
    sweep->plan = options_plan(options);
    if (!options_given(options, OPTION_horizon))
        sweep->plan.horizon = HORIZON_STANDARD;
    sweep->starts = options_given(options, OPTION_starts) ? options->starts : STARTS_STANDARD;
    sweep->interval[0] = -INTERVAL_STANDARD;
    sweep->interval[1] = INTERVAL_STANDARD;
    if (options_given(options, OPTION_interval))
        memcpy(sweep->interval, options->interval, sizeof sweep->interval);
    TRY(unknown_choose(sweep));
    TRY(branch_set_create(&sweep->family, &sweep->set));
    sweep->set->stop = is_stopped;
    return family_check(sweep);
}

enum status sweep_prepare(const struct options *options, struct sweep *sweep)
{
    *sweep = (struct sweep){.options = options, .name = options->text[OPTION_over]};
    TRY(bounds_check(options));
    TRY(problem_from_options(options, &sweep->given));
    const enum status status = sweep_fill(sweep);
    if (status != OK)
        sweep_free(sweep);
    return status;
}

enum status sweep_compute(struct sweep *sweep)
{
    const double begun = progress_clock();
    sweep->progress = progress_create(!options_given(sweep->options, OPTION_quiet));
    enum status status = sweep_seeds(sweep);
    if (status == OK)
        status = sweep_trace_cycles(sweep);
    progress_free(sweep->progress);
    sweep->progress = NULL;
    *sweep->place = sweep->standard;
    sweep->seconds = progress_clock() - begun;
    TRY(status);
    if (*interrupt_flag() == 0 && sweep->set->branches == 0 && sweep->continua > 0)
        return status_fail(BAD_ARGUMENT,
                           "%s: the fixed points found are not isolated; a sweep follows isolated "
                           "ones only",
                           sweep->given.flow->title);
    return OK;
}

void sweep_free(struct sweep *sweep)
{
    branch_set_free(sweep->set);
    free(sweep->cycle);
    problem_given_free(&sweep->given);
    sweep->set = NULL;
    sweep->cycle = NULL;
}
