/* Steps: the problem, its flow with the integrals that are proved, the checks, the table.
 *
 * Nothing is known of such equations before, so there is no record to differ from: every check is
 * expected to be supported, and one that is refuted is an error, of this program or of the equations, with
 * a command that shows it. */
#include "cli/verify_equations.h"

#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/problem_from_options.h"
#include "cli/terminal.h"
#include "cli/verification_files.h"
#include "proofs-check/equations_check.h"

#include <stdlib.h>
#include <string.h>

enum { TRIALS_STANDARD = 50 };
static const double CONFIDENCE = 0.95;
static const char CHECKS[] = "checks.json";

struct asked {
    const struct options *options;
    const struct problem_given *given;
    struct manifest *manifest; /* NULL without --out */
};

bool verify_equations_is_asked(const struct options *options)
{
    return problem_is_file(options);
}

static enum status options_check(const struct options *options)
{
    static const enum option_word others[] = {OPTION_recheck, OPTION_resume, OPTION_sweep,
                                              OPTION_threads, OPTION_method};
    if (options->words > 1)
        return status_fail(BAD_ARGUMENT, "one file at a time; expected nothing behind %.200s",
                           options->word[0]);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (options_given(options, others[k]))
            return status_fail(BAD_ARGUMENT, "--%s is about theorems, not about %.200s",
                               options_name(others[k]), options->word[0]);
    return OK;
}

static void on_advance(void *context, size_t trials)
{
    progress_advance(context, trials);
}

/* "settle run FILE --par a=1 --init 1,2" */
static void witness_write(const struct options *options, const struct problem_given *given,
                          const double *x, char text[SUMMARY_COMMAND_MAX])
{
    size_t length =
        (size_t)snprintf(text, SUMMARY_COMMAND_MAX, "settle run %.4000s%s", options->word[0],
                         options_given(options, OPTION_plugin) ? " --plugin" : "");
    if (options_given(options, OPTION_par))
        length += (size_t)snprintf(text + length, SUMMARY_COMMAND_MAX - length, " --par %.8000s",
                                   options->text[OPTION_par]);
    length += (size_t)snprintf(text + length, SUMMARY_COMMAND_MAX - length, " --init=");
    for (size_t i = 0; i < given->dim; i++)
        length += (size_t)snprintf(text + length, SUMMARY_COMMAND_MAX - length, "%s%.17g",
                                   i ? "," : "", x[i]);
}

static void summary_take(const struct options *options, const struct problem_given *given,
                         const struct equations_check *check, struct summary *summary)
{
    *summary = (struct summary){.theorem = check->theorem,
                                .verdict = check->verdict,
                                .control = check->control,
                                .trials = check->trials,
                                .instances = check->trials,
                                .failures = check->failures,
                                .undecided = check->undecided,
                                .trajectories = check->trajectories,
                                .worst = check->worst,
                                .failure_measure_below = check->failure_measure_below,
                                .seconds = check->seconds,
                                .proof = {.verdict = VERDICT_UNDECIDED}};
    memcpy(summary->reason, check->reason, sizeof summary->reason);
    memcpy(summary->control_reason, check->control_reason, sizeof summary->control_reason);
    if (check->has_witness)
        witness_write(options, given, check->witness, summary->witness);
}

static enum status all_print(const struct asked *asked, const struct summaries *summaries)
{
    if (options_given(asked->options, OPTION_json))
        return summary_print_json(summaries, stdout);
    return summary_print_own(summaries, asked->given->flow, stdout);
}

/* The manifest stays open. */
static enum status all_save(const struct asked *asked, const struct equations_check_plan *plan,
                            const struct summaries *summaries)
{
    struct manifest *manifest = asked->manifest;
    manifest_parameter(manifest, "seed", json_seed(plan->seed));
    manifest_parameter(manifest, "trials", json_integer((json_int_t)plan->trials));
    manifest_parameter(manifest, "confidence", json_finite(plan->confidence));
    manifest_plan(manifest, &plan->plan);
    manifest_problem(manifest, asked->given);
    TRY(verification_files_verdicts(summaries, manifest));
    TRY(json_save(summary_json(summaries), manifest_directory(manifest), CHECKS));
    manifest_output(manifest, CHECKS);
    return OK;
}

/* Files first: what is printed is then also saved. */
static enum status checks_tell(const struct asked *asked, const struct equations_check_plan *plan,
                               const struct equations_check *check, struct summaries *summaries)
{
    summaries->summary = calloc(EQUATIONS_CHECKS, sizeof *summaries->summary);
    if (!summaries->summary)
        return status_fail(NO_MEMORY, "%d checks", EQUATIONS_CHECKS);
    for (size_t k = 0; k < EQUATIONS_CHECKS; k++)
        if (check[k].asked)
            summary_take(asked->options, asked->given, &check[k],
                         &summaries->summary[summaries->count++]);
    summaries->requested = summaries->count;
    if (asked->manifest)
        TRY(all_save(asked, plan, summaries));
    return all_print(asked, summaries);
}

static enum status checks_make(const struct asked *asked, struct progress *progress,
                               struct summaries *summaries)
{
    const struct options *options = asked->options;
    struct equations_check check[EQUATIONS_CHECKS];
    const size_t trials =
        options_given(options, OPTION_trials) ? (size_t)options->trials : TRIALS_STANDARD;
    const struct equations_check_plan plan = {.flow = asked->given->flow,
                                              .x0 = asked->given->x0,
                                              .plan = options_plan(options),
                                              .seed = options->seed,
                                              .trials = trials,
                                              .confidence = CONFIDENCE,
                                              .stop = interrupt_flag(),
                                              .advance = on_advance,
                                              .context = progress};
    const double begun = progress_clock();
    interrupt_watch();
    progress_begin(progress, asked->given->flow->title, EQUATIONS_CHECKS * trials);
    const enum status status = equations_check_run(&plan, check);
    progress_end(progress);
    summaries->seconds = progress_clock() - begun;
    return status == OK ? checks_tell(asked, &plan, check, summaries) : status;
}

static enum status check_given(const struct asked *asked, enum exit_code *exit_code)
{
    struct summaries summaries = {.confidence = CONFIDENCE};
    struct progress *progress = terminal_progress(asked->options);
    const enum status status = checks_make(asked, progress, &summaries);
    *exit_code = status == OK ? summary_exit(&summaries) : EXIT_FAILED;
    free(summaries.summary);
    progress_free(progress);
    return status;
}

static enum status check_in_folder(struct asked *asked, enum exit_code *exit_code)
{
    const struct options *options = asked->options;
    if (!options_given(options, OPTION_out))
        return check_given(asked, exit_code);
    TRY(manifest_create(options, options->text[OPTION_out], &asked->manifest));
    manifest_clear(asked->manifest);
    const enum status status = check_given(asked, exit_code);
    if (status == OK)
        return manifest_save(asked->manifest);
    manifest_free(asked->manifest);
    return status;
}

enum status verify_equations_run(const struct options *options, enum exit_code *exit_code)
{
    struct problem_given given;
    TRY(options_check(options));
    TRY(problem_from_options(options, &given));
    const enum status status =
        check_in_folder(&(struct asked){.options = options, .given = &given}, exit_code);
    problem_given_free(&given);
    return status;
}
