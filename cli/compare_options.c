/* From the command line to a plan of comparison.
 *
 * Learning rates are T/n with whole n, so that all runs end at the same time; epochs need whole
 * numbers of epochs, to which n is rounded up.  Without --eta six rates double from the largest one
 * at which eta times the speed at which the field changes along the flow, |f' f|/|f|, is a quarter,
 * and the noise of independent batches a tenth of the weights: above that the expansions in eta have
 * no reason to hold. */
#include "base/nearest.h"
#include "cli/compare.h"
#include "cli/view.h"

#include "linear/registry.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80, ETAS_STANDARD = 6, TRIALS_STANDARD = 100, STEPS_LEAST = 16, LOOKS = 32 };
enum { QUIET_UNKNOWNS = 8, QUIET_SAMPLES = 1024 };

static const double HORIZON_STANDARD = 2;
static const double FAST = 0.25;          /* eta |f' f|/|f| at the largest eta */
static const double QUIET = 0.1;          /* (eta trace P)^1/2 / |theta(T)| at the largest eta */
static const double QUIET_STEPS = 1024;   /* no more than these for its sake */
static const double STEPS_MOST = 1 << 22; /* of one run: a minute of the smallest network */
static const double WORK_MOST =
    1 << 26; /* steps of all runs and trials: half a minute of such a one */
static const double LOOK_ACCURACY = 1e-6; /* of the trajectory that is looked at for that speed */

static const char *const samplings[] = {[SAMPLING_RESHUFFLED] = "reshuffled",
                                        [SAMPLING_ORDERED] = "ordered",
                                        [SAMPLING_INDEPENDENT] = "independent",
                                        [SAMPLING_ALL] = "all"};

const char *compare_sampling_name(enum sampling sampling)
{
    return samplings[sampling];
}

static enum status sampling_take(const struct options *options, enum sampling *sampling)
{
    const char *text = options->text[OPTION_sampling];
    struct nearest nearest = nearest_to(text ? text : "");
    *sampling = SAMPLING_INDEPENDENT;
    for (size_t k = 0; text && k < sizeof samplings / sizeof *samplings; k++) {
        if (strcmp(text, samplings[k]) == 0) {
            *sampling = (enum sampling)k;
            return OK;
        }
        nearest_offer(&nearest, samplings[k]);
    }
    char hint[HINT_MAX];
    return text ? status_fail(UNKNOWN_NAME, "there is no sampling '%s'%s", text,
                              nearest_hint(&nearest, sizeof hint, hint))
                : OK;
}

static enum status against_take(const struct options *options, enum comparison_row *row)
{
    const char *text = options->text[OPTION_against];
    *row = COMPARISON_FLOW;
    if (!text || strcmp(text, "flow") == 0)
        return OK;
    if (strcmp(text, "modified") != 0)
        return status_fail(UNKNOWN_NAME, "--against %s: expected flow or modified", text);
    *row = COMPARISON_MODIFIED;
    return OK;
}

/* ---- numbers of steps ---- */

/* n whole epochs, keeping the list increasing; what is there already is left out. */
static void steps_add(struct comparison_plan *plan, size_t epoch, double steps)
{
    const size_t n = epoch * (size_t)ceil(steps / (double)epoch);
    size_t at = 0;
    while (at < plan->etas && plan->steps[at] < n)
        at++;
    if (at < plan->etas && plan->steps[at] == n)
        return;
    memmove(plan->steps + at + 1, plan->steps + at, (plan->etas - at) * sizeof *plan->steps);
    plan->steps[at] = n;
    plan->etas++;
}

static enum status eta_add(struct comparison_plan *plan, size_t epoch, double eta)
{
    const double steps = round(plan->horizon / eta);
    if (!(eta > 0) || !(steps >= 1) || steps > STEPS_MOST)
        return status_fail(BAD_ARGUMENT, "eta = %g is %g steps up to T = %g; expected 1 to %g", eta,
                           steps, plan->horizon, STEPS_MOST);
    if (plan->etas == COMPARISON_ETAS_MOST)
        return status_fail(BAD_ARGUMENT, "more than %d values of eta", COMPARISON_ETAS_MOST);
    steps_add(plan, epoch, steps);
    return OK;
}

static enum status etas_between(const struct options *options, size_t epoch,
                                struct comparison_plan *plan)
{
    const size_t count =
        options_given(options, OPTION_steps) ? (size_t)options->steps : ETAS_STANDARD;
    if (!options_given(options, OPTION_from) || !options_given(options, OPTION_to))
        return status_fail(BAD_ARGUMENT, "--from, --to: the least and the largest eta go together");
    if (!(options->from > 0 && options->from < options->to) || count < 2)
        return status_fail(BAD_ARGUMENT,
                           "eta from %g to %g in %zu values: expected 0 < from < to, "
                           "and at least two",
                           options->from, options->to, count);
    for (size_t k = 0; k < count; k++)
        TRY(eta_add(plan, epoch,
                    options->from *
                        pow(options->to / options->from, (double)k / (double)(count - 1))));
    return OK;
}

static enum status etas_listed(const struct options *options, size_t epoch,
                               struct comparison_plan *plan)
{
    if (options_given(options, OPTION_from) || options_given(options, OPTION_to) ||
        options_given(options, OPTION_steps))
        return status_fail(BAD_ARGUMENT, "--eta and --from, --to, --steps exclude each other");
    for (size_t k = 0; k < options->eta.count; k++)
        TRY(eta_add(plan, epoch, options->eta.value[k]));
    return OK;
}

/* ---- how fast the field changes ---- */

static double norm(size_t n, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

/* The largest |f' f|/|f| on the path; scratch[5*dim]. */
static enum status speed_along(const struct flow *flow, const struct comparison_path *path,
                               double *scratch, double *speed)
{
    double *f = scratch, *Jf = scratch + flow->dim, *work = scratch + 2 * flow->dim;
    *speed = 0;
    for (size_t k = 0; k <= path->steps; k++) {
        const double *x = path->x + k * flow->dim;
        TRY(flow->field(flow, 1, x, f));
        const double size = norm(flow->dim, f);
        if (!(size > 0))
            continue;
        TRY(flow_jacobian_times(flow, x, f, Jf, work));
        *speed = fmax(*speed, norm(flow->dim, Jf) / size);
    }
    return OK;
}

static enum status speed_find(const struct flow *flow, const double *x0, double horizon,
                              double *speed)
{
    enum { SCRATCH = 5 };
    const struct comparison_path_plan plan = {horizon, LOOKS, LOOK_ACCURACY};
    struct comparison_path *path = NULL;
    double *scratch = malloc(SCRATCH * flow->dim * sizeof *scratch);
    if (!scratch)
        return status_fail(NO_MEMORY, "%zu unknowns", flow->dim);
    enum status status = comparison_path_follow(flow, &plan, x0, &path);
    if (status == OK)
        status = speed_along(flow, path, scratch, speed);
    comparison_path_free(path);
    free(scratch);
    return status;
}

/* Twice as many steps until the noise of independent batches is a small share of the weights: its law,
 * too, is one for small eta.  Few unknowns: where its equations cost less than the steps. */
static enum status quieten(const struct compare *compare, const struct comparison_plan *plan,
                           double *first)
{
    const struct comparison_system *system = &compare->network->system;
    const size_t dim = system->flow->dim;
    const struct comparison_noise_plan look = {plan->horizon, LOOKS, plan->trials.batch};
    struct comparison_noise *noise = NULL;
    double trace = 0;
    const bool kinks = system->plan.neuron->kind == NEURON_RELU || system->flow->switches > 0;
    if (kinks || plan->trials.sampling != SAMPLING_INDEPENDENT || dim > QUIET_UNKNOWNS ||
        system->count > QUIET_SAMPLES || !system->flow->jacobian)
        return OK;
    TRY(comparison_noise_create(system, &look, compare->given.x0, &noise));
    for (size_t i = 0; i < dim; i++)
        trace += noise->P[i * dim + i];
    const double quiet = QUIET * norm(dim, noise->mean);
    while (*first < QUIET_STEPS && sqrt(plan->horizon / *first * trace) > quiet)
        *first *= 2;
    comparison_noise_free(noise);
    return OK;
}

/* |f' f|/|f| at the start. */
static enum status speed_at(const struct flow *flow, const double *x0, double *speed)
{
    enum { SCRATCH = 5 };
    const struct comparison_path start = {.dim = flow->dim, .x = (double *)x0}; /* is only read */
    double *scratch = malloc(SCRATCH * flow->dim * sizeof *scratch);
    if (!scratch)
        return status_fail(NO_MEMORY, "%zu unknowns", flow->dim);
    const enum status status = speed_along(flow, &start, scratch, speed);
    free(scratch);
    return status;
}

/* The list that doubles from `first` steps on, which are not chosen by the user: what it costs. */
static enum status work_check(const struct comparison_plan *plan, double first)
{
    const double last = first * (1 << (ETAS_STANDARD - 1));
    const bool random = plan->trials.sampling == SAMPLING_INDEPENDENT ||
                        plan->trials.sampling == SAMPLING_RESHUFFLED;
    const double trials = random ? (double)plan->trials.trials : 1;
    if (last > STEPS_MOST)
        return status_fail(BAD_ARGUMENT,
                           "T = %g takes runs of %.2g steps, above %.0f; a shorter --horizon, or "
                           "--eta with what is wanted",
                           plan->horizon, last, STEPS_MOST);
    if (2 * last * trials > WORK_MOST)
        return status_fail(BAD_ARGUMENT,
                           "T = %g with %.0f trials takes %.2g steps, above %.2g; a shorter "
                           "--horizon, fewer --trials, or --eta with what is wanted",
                           plan->horizon, trials, 2 * last * trials, WORK_MOST);
    return OK;
}

/* The speed at the start first: a horizon that is far too long for it need not be followed. */
static enum status etas_standard(const struct compare *compare, size_t epoch,
                                 struct comparison_plan *plan)
{
    double speed = 0, first = STEPS_LEAST;
    TRY(speed_at(compare->given.flow, compare->given.x0, &speed));
    TRY(work_check(plan, plan->horizon * speed / FAST));
    TRY(speed_find(compare->given.flow, compare->given.x0, plan->horizon, &speed));
    while (first < plan->horizon * speed / FAST)
        first *= 2;
    TRY(quieten(compare, plan, &first));
    first = (double)epoch * ceil(first / (double)epoch);
    TRY(work_check(plan, first));
    for (size_t k = 0; k < ETAS_STANDARD; k++, first *= 2)
        TRY(eta_add(plan, epoch, plan->horizon / first));
    return OK;
}

static enum status etas_take(const struct compare *compare, struct comparison_plan *plan)
{
    const struct options *options = compare->options;
    const struct comparison_system *system = &compare->network->system;
    const struct comparison_trials *trials = &plan->trials;
    size_t epoch = 1;
    if (trials->sampling == SAMPLING_RESHUFFLED || trials->sampling == SAMPLING_ORDERED) {
        if (system->count % trials->batch != 0)
            return status_fail(BAD_ARGUMENT,
                               "--batch %zu does not divide the %zu samples; epochs need whole "
                               "batches",
                               trials->batch, system->count);
        epoch = comparison_steps_epoch(system, trials);
    }
    if (options_given(options, OPTION_eta))
        return etas_listed(options, epoch, plan);
    if (options_given(options, OPTION_from) || options_given(options, OPTION_to) ||
        options_given(options, OPTION_steps))
        return etas_between(options, epoch, plan);
    return etas_standard(compare, epoch, plan);
}

/* ---- the whole ---- */

static void note(void *context, const char *what)
{
    const struct compare *compare = context;
    progress_note(compare->progress, what);
}

static enum status plan_take(struct compare *compare)
{
    const struct options *options = compare->options;
    struct comparison_plan *plan = &compare->plan;
    plan->horizon = options_given(options, OPTION_horizon) ? options->horizon : HORIZON_STANDARD;
    plan->note = note;
    plan->context = compare;
    TRY(sampling_take(options, &plan->trials.sampling));
    TRY(against_take(options, &compare->first));
    plan->trials.batch = options_given(options, OPTION_batch) ? (size_t)options->batch : 1;
    plan->trials.trials =
        options_given(options, OPTION_trials) ? (size_t)options->trials : TRIALS_STANDARD;
    plan->trials.seed = options->seed;
    plan->trials.threads =
        options->threads ? (size_t)options->threads : (size_t)omp_get_max_threads();
    return etas_take(compare, plan);
}

/* Before the problem is made, which asks for what the rule needs. */
static enum status rule_check(const struct options *options)
{
    const char *name = options->text[OPTION_rule];
    const struct rule *rule = name ? registry_rule(name) : NULL;
    return rule ? comparison_problem_rule(rule) : OK; /* others are refused there */
}

/* The plane in which paths are drawn: --plane, or the first two unknowns. */
static enum status axes_take(struct compare *compare)
{
    const struct flow *flow = compare->given.flow;
    compare->axis[1] = flow->dim > 1;
    if (!options_given(compare->options, OPTION_plane))
        return OK;
    return view_unknowns(compare->options, flow, 2, compare->axis);
}

static enum status network_take(struct compare *compare)
{
    TRY(rule_check(compare->options));
    TRY(problem_from_options(compare->options, &compare->given));
    TRY(axes_take(compare));
    const struct comparison_problem_plan plan = {.problem = &compare->given.problem,
                                                 .flow = compare->given.flow,
                                                 .seed = compare->options->seed};
    TRY(comparison_problem_create(&plan, &compare->network));
    return plan_take(compare);
}

enum status compare_prepare(const struct options *options, struct compare *compare)
{
    *compare = (struct compare){.options = options};
    const enum status status = network_take(compare);
    if (status != OK)
        compare_free(compare);
    return status;
}

void compare_free(struct compare *compare)
{
    comparison_free(compare->result);
    comparison_problem_free(compare->network);
    problem_given_free(&compare->given);
    progress_free(compare->progress);
    *compare = (struct compare){.options = NULL};
}
