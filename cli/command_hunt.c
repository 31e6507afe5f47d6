/* settle hunt: a search for a counterexample.
 *
 * Steps: find the claim, make the output directory, hunt (proofs-check/hunt.h), write the package,
 * print.  The exit status is the verdict: 1 a confirmed violation, 0 nothing found within the budget, 3
 * only candidates that could not be confirmed. */
#include "cli/command.h"

#include "base/nearest.h"
#include "cli/hunt_files.h"
#include "cli/hunt_own.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/terminal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { HINT_MAX = 120, NOTE_MAX = 80 };

/* What is hunted, and where it is saved. */
struct hunting {
    const struct options *options;
    struct hunt_plan plan;
    struct hunt_own *own;      /* equations of one's own; NULL: a claim by its name */
    struct manifest *manifest; /* NULL without --out */
    struct hunted *hunted;
};

/* What the terminal shows of the work. */
struct watching {
    struct progress *progress;
    _Atomic size_t instances;
};

static void on_enter(void *context, const char *phase)
{
    struct watching *watching = context;
    progress_end(watching->progress);
    progress_begin(watching->progress, phase, 0);
    atomic_store(&watching->instances, 0);
}

static void on_advance(void *context, size_t evaluations)
{
    struct watching *watching = context;
    char text[NOTE_MAX];
    const size_t now = atomic_fetch_add(&watching->instances, evaluations) + evaluations;
    if (!progress_is_visible(watching->progress))
        return;
    snprintf(text, sizeof text, "%zu instances", now);
    progress_note(watching->progress, text);
}

static struct hunt_plan plan_of(const struct options *options, struct watching *watching)
{
    struct hunt_plan plan = hunt_defaults();
    plan.seed = options->seed;
    if (options_given(options, OPTION_budget))
        plan.seconds = options->budget;
    plan.evaluations = (size_t)options->evaluations;
    if (options_given(options, OPTION_threads))
        plan.threads = (int)options->threads;
    plan.plan = options_plan(options);
    plan.stop = interrupt_flag();
    plan.enter = on_enter;
    plan.advance = on_advance;
    plan.context = watching;
    return plan;
}

static enum status claim_check(const char *id)
{
    struct hunt_claim made;
    enum hunt_kind kind;
    if (hunt_claim_named(id, &made, &kind))
        return OK;
    struct nearest nearest = nearest_to(id);
    char hint[HINT_MAX];
    hunt_print_offer(&nearest);
    return status_fail(UNKNOWN_NAME,
                       "there is no theorem or conjecture '%s'%s (settle list theorems, settle "
                       "hunt --help)",
                       id, nearest_hint(&nearest, sizeof hint, hint));
}

static void parameters_set(const struct hunting *hunting)
{
    const struct hunt_plan *plan = &hunting->plan;
    struct manifest *manifest = hunting->manifest;
    manifest_parameter(manifest, "claim", json_text(hunting->hunted->question.theorem.id));
    manifest_parameter(manifest, "seed", json_seed(plan->seed));
    if (plan->evaluations > 0)
        manifest_parameter(manifest, "evaluations", json_integer((json_int_t)plan->evaluations));
    else
        manifest_parameter(manifest, "budget", json_finite(plan->seconds));
    manifest_parameter(manifest, "confidence", json_finite(plan->confidence));
    manifest_plan(manifest, &plan->plan);
    if (!hunting->own)
        return;
    manifest_problem(manifest, &hunting->own->given);
    manifest_parameter(manifest, "free", json_text(hunting->own->equations.hypotheses));
}

static enum status files_save(struct hunting *hunting, struct hunt_result *result,
                              char name[CERTIFICATE_FILE_NAME])
{
    if (!hunting->manifest)
        return OK;
    parameters_set(hunting);
    TRY(hunt_files_save(result, hunting->manifest, name));
    struct manifest *closing = hunting->manifest;
    hunting->manifest = NULL;
    return manifest_save(closing);
}

static enum status result_print(const struct hunt_result *result, const struct options *options)
{
    return options_given(options, OPTION_json) ? hunt_print_json(result, stdout)
                                               : hunt_print(result, stdout);
}

static enum status search(struct hunting *hunting)
{
    if (!hunting->own)
        return hunt(hunting->options->word[0], &hunting->plan, hunting->hunted);
    hunting->hunted->kind = HUNT_EQUATIONS;
    return hunt_claim(&hunting->own->equations.claim, &hunting->plan, hunting->hunted);
}

static enum status hunt_and_tell(struct hunting *hunting)
{
    char name[CERTIFICATE_FILE_NAME] = "";
    const struct hunted *hunted = hunting->hunted;
    struct hunt_result result = {.hunted = hunted, .plan = &hunting->plan, .certificate = name};
    const struct watching *watching = hunting->plan.context;
    const enum status status = search(hunting);
    progress_end(watching->progress);
    TRY(status);
    TRY(files_save(hunting, &result, name));
    TRY(result_print(&result, hunting->options));
    if (*interrupt_flag() && hunted->verdict != HUNT_FOUND)
        return status_fail(INTERRUPTED, "interrupted after %zu instances", hunted->evaluations);
    return OK;
}

static enum status directory_prepare(const struct options *options, struct manifest **manifest)
{
    if (!options_given(options, OPTION_out))
        return OK;
    TRY(manifest_create(options, options->text[OPTION_out], manifest));
    manifest_clear(*manifest);
    return OK;
}

static enum status claim_find(struct hunting *hunting)
{
    const struct options *options = hunting->options;
    if (hunt_own_is_asked(options))
        return hunt_own_create(options, &hunting->own);
    TRY(claim_check(options->word[0]));
    return hunt_own_refuse(options);
}

static enum status hunting_run(struct hunting *hunting, enum exit_code *exit_code)
{
    const struct options *options = hunting->options;
    TRY(claim_find(hunting));
    if (options_given(options, OPTION_budget) && options_given(options, OPTION_evaluations))
        return status_fail(BAD_ARGUMENT, "--budget and --evaluations: one of them");
    TRY(directory_prepare(options, &hunting->manifest));
    hunting->hunted = hunt_create();
    if (!hunting->hunted)
        return status_fail(NO_MEMORY, "no memory for a hunt");
    interrupt_watch();
    TRY(hunt_and_tell(hunting));
    *exit_code = hunt_print_exit(hunting->hunted);
    return OK;
}

static enum status hunt_run(const struct options *options, enum exit_code *exit_code)
{
    struct watching watching = {.progress = terminal_progress(options)};
    struct hunting hunting = {.options = options, .plan = plan_of(options, &watching)};
    const enum status status = hunting_run(&hunting, exit_code);
    hunt_free(hunting.hunted);
    manifest_free(hunting.manifest);
    hunt_own_free(hunting.own);
    progress_free(watching.progress);
    return status;
}

const struct command command_hunt = {
    .name = "hunt",
    .title = "searches for a counterexample, and shrinks it to small rationals",
    .arguments = "THEOREM|FILE.ode|FILE.so",
    .help =
        "Searches the space of a statement's hypotheses (rule, depth, data, feedback, activation,\n"
        "start) for an instance on which its conclusion fails: a sweep, boundary cases, one\n"
        "hypothesis dropped at a time, and an optimiser that makes the margin small.  A candidate\n"
        "counts only if both integrators confirm it at tighter tolerance and exact algebra, where\n"
        "it knows the system, does not contradict; an ending `horizon` is never a violation.  "
        "What\n"
        "is found is shrunk to the fewest layers and the simplest numbers.\n"
        "The published records are hunted from their words alone: no witness on record is read.\n"
        "\n"
        "Conjectures: o1-wide-arbp o2-only-bonds o2-long-bonds o3-no-stable-cycle o3-one-wrong\n"
        "  o5-ten-layers o6-unequal-decays o8-growth-laws o9-deep-tanh o11-same-branch\n"
        "  o11-stay-far m1-hidden-weights m2-adaptive-hidden m3-mirror m3-signs tanh-minimum\n"
        "  tanh-minimum-two (found so far: notes/open-questions.md)\n"
        "Planted, false on purpose: planted-window planted-sign planted-depth\n"
        "\n"
        "Of a file with equations of one's own: does every start converge?  Starts are drawn\n"
        "evenly from --window (default: about the start of the file), parameters from --over.  A\n"
        "start refutes it if it surely cycles, escapes or grows without bound; one that is merely\n"
        "not seen to settle, as in chaos, is undecided.\n"
        "\n"
        "With --out DIR: witness.json, reproduce.sh, trajectory.svg, a certificate for\n"
        "settle-check where one exists, summary.txt, hunt.json and manifest.json.\n"
        "Exit status: 1 a violation was found and confirmed, 0 nothing was found within the "
        "budget\n"
        "(which is no proof: see the bound that is printed), 3 only candidates that stay\n"
        "undecided, 4 the computation failed.\n"
        "\n"
        "example: the published Theorem 3 calls c2 = 0 a trivial case; is it?\n"
        "  settle hunt t3-published --evaluations 2000 --out t3\n"
        "  sh t3/reproduce.sh\n"
        "does every start of my equations converge, whatever the parameter mu is in [0, 2]?\n"
        "  settle hunt my.ode --window=-2,2 --over mu=0:2 --budget 10 --out mine\n",
    .options =
        "atol budget evaluations horizon init json out over par plugin quiet rtol seed steps "
        "threads window",
    .least = 1,
    .most = 1,
    .run = hunt_run,
};
