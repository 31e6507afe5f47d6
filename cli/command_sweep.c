/* settle sweep: fixed points followed while a parameter varies, and where their stability changes.
 *
 * Steps: state the problem, find fixed points at some values of the parameter, follow each branch
 * both ways (ode/branch.h), print, save.  Fixed points that form continua are refused: there a
 * branch would be a surface. */
#include "cli/command.h"

#include "cli/interrupt.h"
#include "cli/nearest.h"
#include "cli/parameter.h"
#include "cli/sweep.h"

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

/* ---- the command ---- */

static enum status sweep_finish(struct sweep *sweep, struct manifest *manifest)
{
    TRY(sweep_compute(sweep));
    if (manifest)
        TRY(sweep_save(sweep, manifest));
    return options_given(sweep->options, OPTION_json) ? sweep_print_json(sweep, stdout)
                                                      : sweep_print(sweep, stdout);
}

static enum status sweep_with_manifest(struct sweep *sweep)
{
    struct manifest *manifest = NULL;
    if (!options_given(sweep->options, OPTION_out))
        return sweep_finish(sweep, NULL);
    TRY(manifest_create(sweep->options, sweep->options->text[OPTION_out], &manifest));
    manifest_clear(manifest);
    const enum status status = sweep_finish(sweep, manifest);
    if (status == OK)
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

static enum status sweep_run(const struct options *options, enum exit_code *exit_code)
{
    struct sweep sweep;
    TRY(sweep_prepare(options, &sweep));
    interrupt_watch();
    const enum status status = sweep_with_manifest(&sweep);
    const bool whole = *interrupt_flag() == 0 && sweep.set->branches > 0;
    *exit_code = whole ? EXIT_HOLDS : EXIT_UNDECIDED;
    sweep_free(&sweep);
    return status;
}

const struct command command_sweep = {
    .name = "sweep",
    .title = "fixed points followed while a parameter varies: folds, crossings, Hopf points",
    .arguments = "SYSTEM",
    .help =
        "Varies one parameter and follows the isolated fixed points of the flow by "
        "pseudo-arclength\n"
        "continuation, with their stability.  Folds, crossings of branches and Hopf points are\n"
        "located; a Hopf point is subcritical (an unstable cycle is born) or supercritical by its\n"
        "first Lyapunov coefficient.  In the plane its limit cycles are followed, too.  Branches "
        "begin at the fixed points that are found at five\n"
        "values of the parameter: all with a1 in --interval for A[1,1,1] with an activation, else\n"
        "by Newton's method and by trajectories from --init and from --starts random states\n"
        "(default 8).  A branch that meets none of the five values and crosses no other is "
        "missed.\n"
        "With --out: tables and the diagram as PDF, PNG and SVG with its gnuplot script.\n"
        "Exit status: 0 branches were found, 3 none, or interrupted.\n"
        "\n"
        "example: tanh, random backpropagation: a wrong fixed point that is stable for small c1\n"
        "  settle sweep chain --activation tanh --inputs 0.61,3.21,3.91 \\\n"
        "      --targets -1.47,0.86,-1.63 --over c1 --from 0.1 --to 2 --out hopf\n"
        "prints, beside the branches, the Hopf point c1 = 0.983283, omega = 0.455141, "
        "subcritical.\n"
        "\n"
        "example: Kolen-Pollack on three layers: the learned solution disappears in a fold\n"
        "  settle sweep chain --depth 3 --rule kolen-pollack --lambda 0.2 --init 1,1,1,1,1 \\\n"
        "      --over lambda --from 0.05 --to 0.6 --out fold\n"
        "prints the fold at lambda = 0.47247039371057...\n"
        "\n"
        "example: two layers: a pitchfork at lambda = |alpha|\n"
        "  settle sweep chain --rule kolen-pollack --lambda 0.2 --over lambda --from 0.1 --to "
        "1.5\n",
    .options = "activation alpha atol beta biases c channel-activation data depth downsample from "
               "gaussian horizon init inputs interval json labels lambda method mirror mu "
               "no-derivative out over principal q quiet rates rtol rule samples seed sigma-ii "
               "sigma-ti sizes starts steps targets teacher to unknown weights window",
    .least = 1,
    .most = 1,
    .run = sweep_run,
};
