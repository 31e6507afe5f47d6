/* How a diagram of branches is made: state the problem, find fixed points at some values of the parameter, follow each
 * branch both ways (ode/branch.h), then the limit cycles of planar flows.
 *
 * The problem is kept, and its parameter changed in place; a flow is made anew for each value.  Flows
 * that conserve something are refused: on each leaf there are fixed points, so that they form continua
 * and a branch would be a surface. */
#include "cli/diagram.h"

#include "base/nearest.h"
#include "cli/interrupt.h"
#include "cli/parameter.h"
#include "cli/terminal.h"
#include "nonlinear/quadrature_store.h"

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
    struct diagram *diagram = context;
    *diagram->place = value;
    return problem_flow(&diagram->given.problem, flow);
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

static enum status unknown_choose(struct diagram *diagram)
{
    const char *name = diagram->options->text[OPTION_unknown];
    const struct flow *flow = diagram->given.flow;
    if (!name)
        return OK;
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; k < flow->dim; k++) {
        if (strcmp(flow->names[k], name) == 0) {
            diagram->unknown = k;
            return OK;
        }
        nearest_offer(&nearest, flow->names[k]);
    }
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "--unknown: there is no unknown '%s'%s (%s to %s)", name,
                       nearest_hint(&nearest, sizeof hint, hint), flow->names[0],
                       flow->names[flow->dim - 1]);
}

/* The problem exists at both ends, and no conserved quantity makes a continuum everywhere: at one
 * value, as with c1 = 0, branches may pass it. */
static enum status family_check(struct diagram *diagram)
{
    const double values[] = {diagram->family.from, diagram->family.to,
                             (diagram->family.from + diagram->family.to) / 2};
    struct flow *flow = NULL;
    bool conserves = true;
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        flow_free(flow);
        flow = NULL;
        TRY(flow_at(diagram, values[k], &flow));
        conserves = conserves && flow->conserved > 0;
    }
    enum status status = OK;
    if (conserves)
        status = status_fail(
            BAD_ARGUMENT,
            "%s conserves %s: its fixed points are no isolated points but one on "
            "each leaf; a sweep needs isolated ones: of networks, a decay (--lambda) or an "
            "activation",
            flow->title, flow->claim[0].name);
    flow_free(flow);
    return status;
}

/* ---- the work ---- */

static enum status diagram_fill(struct diagram *diagram)
{
    const struct options *options = diagram->options;
    TRY(parameter_named(&diagram->given, diagram->name, &diagram->place));
    diagram->standard = *diagram->place;
    diagram->family = (struct branch_family){.dim = diagram->given.dim,
                                             .from = options->from,
                                             .to = options->to,
                                             .flow_at = flow_at,
                                             .context = diagram};
    diagram->plan = options_plan(options);
    if (!options_given(options, OPTION_horizon))
        diagram->plan.horizon = HORIZON_STANDARD;
    diagram->starts = options_given(options, OPTION_starts) ? options->starts : STARTS_STANDARD;
    diagram->interval[0] = -INTERVAL_STANDARD;
    diagram->interval[1] = INTERVAL_STANDARD;
    if (options_given(options, OPTION_interval))
        memcpy(diagram->interval, options->interval, sizeof diagram->interval);
    TRY(unknown_choose(diagram));
    diagram->given.problem.nodes = quadrature_store_create(); /* NULL: slower */
    TRY(branch_set_create(&diagram->family, &diagram->set));
    diagram->set->stop = is_stopped;
    return family_check(diagram);
}

enum status diagram_prepare(const struct options *options, struct diagram *diagram)
{
    *diagram = (struct diagram){.options = options, .name = options->text[OPTION_over]};
    TRY(bounds_check(options));
    TRY(problem_from_options(options, &diagram->given));
    const enum status status = diagram_fill(diagram);
    if (status != OK)
        diagram_free(diagram);
    return status;
}

enum status diagram_compute(struct diagram *diagram)
{
    const double begun = progress_clock();
    diagram->progress = terminal_progress(diagram->options);
    enum status status = diagram_seeds(diagram);
    if (status == OK)
        status = diagram_trace_cycles(diagram);
    progress_free(diagram->progress);
    diagram->progress = NULL;
    *diagram->place = diagram->standard;
    diagram->seconds = progress_clock() - begun;
    TRY(status);
    if (*interrupt_flag() == 0 && diagram->set->branches == 0 && diagram->continua > 0)
        return status_fail(BAD_ARGUMENT,
                           "%s: the fixed points found are not isolated; a sweep follows isolated "
                           "ones only",
                           diagram->given.flow->title);
    return OK;
}

void diagram_free(struct diagram *diagram)
{
    branch_set_free(diagram->set);
    free(diagram->cycle);
    free(diagram->family_of_cycles);
    quadrature_store_free(diagram->given.problem.nodes);
    problem_given_free(&diagram->given);
    diagram->set = NULL;
    diagram->cycle = NULL;
}
