/* settle verify: every theorem against every trial.
 *
 * Steps: find the theorems (all names are checked before anything starts), open the store, verify
 * one theorem after the other and save each as it ends, write tables and figures from the store,
 * print. The work of one theorem is parallel (proofs-check/verify.h); theorems follow each other in
 * the order of the registry, so the ledger grows in a fixed order.
 *
 * An interrupt lets the trials in work finish; what is saved is whole theorems, and --resume goes
 * on after them.  Without --out nothing is written. */
#include "cli/command.h"

#include "base/nearest.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/prove_theorem.h"
#include "cli/terminal.h"
#include "cli/verification_files.h"
#include "cli/verify_equations.h"

#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 120 };

struct verification {
    const struct options *options;
    struct verify_plan plan;
    const struct theorem **theorem; /* theorem[summaries.requested] */
    struct summaries summaries;
    struct manifest *manifest; /* NULL without --out */
    struct store *store;       /* NULL without --out */
    struct progress *progress;
    bool interrupted;
};

/* --- which theorems -------------------------------------------------------------------- */

static enum status theorem_unknown(const char *id)
{
    struct nearest nearest = nearest_to(id);
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++)
            nearest_offer(&nearest, theorem_chapters[k]->theorem[j].id);
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "there is no theorem '%s'%s (settle list theorems)", id,
                       nearest_hint(&nearest, sizeof hint, hint));
}

/* Is this theorem asked for?  No names ask for all. */
static bool is_asked(const struct options *options, const struct theorem *theorem)
{
    for (size_t k = 0; k < options->words; k++)
        if (strcmp(options->word[k], theorem->id) == 0)
            return true;
    return options->words == 0;
}

static enum status words_check(const struct options *options)
{
    for (size_t k = 0; k < options->words; k++) {
        if (!theorem_by_id(options->word[k]))
            return theorem_unknown(options->word[k]);
        for (size_t j = 0; j < k; j++)
            if (strcmp(options->word[j], options->word[k]) == 0)
                return status_fail(BAD_ARGUMENT, "theorem %s is named twice", options->word[k]);
    }
    if (options_given(options, OPTION_resume) && !options_given(options, OPTION_out))
        return status_fail(BAD_ARGUMENT, "--resume needs --out, the folder with the store");
    return OK;
}

static size_t theorems_count(void)
{
    size_t count = 0;
    for (size_t k = 0; theorem_chapters[k]; k++)
        count += theorem_chapters[k]->theorems;
    return count;
}

/* In the order of the registry, whatever the order of the words. */
static enum status theorems_choose(struct verification *verification)
{
    TRY(words_check(verification->options));
    struct summaries *summaries = &verification->summaries;
    size_t count = theorems_count();
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    verification->theorem = calloc(count + 1, sizeof *verification->theorem);
    summaries->summary = calloc(count + 1, sizeof *summaries->summary);
    if (!verification->theorem || !summaries->summary)
        return status_fail(NO_MEMORY, "no memory for %zu theorems", count);
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++)
            if (is_asked(verification->options, &theorem_chapters[k]->theorem[j]))
                verification->theorem[summaries->requested++] = &theorem_chapters[k]->theorem[j];
    return OK;
}

/* --- the work -------------------------------------------------------------------------- */

static void on_advance(void *context, size_t trials)
{
    progress_advance(context, trials);
}

static struct verify_plan plan_of(const struct options *options, struct progress *progress)
{
    struct verify_plan plan = verify_defaults();
    plan.seed = options->seed;
    plan.trials = (size_t)options->trials;
    if (options_given(options, OPTION_sweep))
        plan.sweep = (size_t)options->sweep;
    if (options_given(options, OPTION_recheck))
        plan.recheck = options->recheck;
    plan.threads = (int)options->threads;
    plan.plan = options_plan(options);
    plan.stop = interrupt_flag();
    plan.advance = on_advance;
    plan.context = progress;
    return plan;
}

static enum status result_take(struct verification *verification, const struct verified *verified)
{
    struct summary *summary = &verification->summaries.summary[verification->summaries.count];
    TRY(summary_of(verified, summary));
    if (verification->manifest && verified->theorem->proof)
        TRY(prove_theorem_save(manifest_directory(verification->manifest), verified->theorem,
                               &verified->shown, summary->certificate));
    if (verification->store)
        TRY(store_save(verification->store, summary, verified));
    verification->summaries.count++;
    return OK;
}

/* What an earlier run has saved is not repeated. */
static enum status saved_take(struct verification *verification, const struct theorem *theorem,
                              bool *found)
{
    struct summaries *summaries = &verification->summaries;
    *found = false;
    if (!options_given(verification->options, OPTION_resume))
        return OK;
    TRY(store_find(verification->store, theorem, &summaries->summary[summaries->count], found));
    if (*found)
        summaries->count++;
    return OK;
}

static enum status theorem_verify(struct verification *verification, const struct theorem *theorem)
{
    bool found;
    TRY(saved_take(verification, theorem, &found));
    if (found)
        return OK;
    struct verified verified = {.theorem = theorem};
    progress_begin(verification->progress, theorem->id,
                   verify_instances(theorem, &verification->plan));
    enum status status = verify_theorem(theorem, &verification->plan, &verified);
    progress_end(verification->progress);
    TRY(status);
    if (*interrupt_flag()) /* trials are missing, here or in the control */
        status = status_fail(INTERRUPTED, "interrupted in %s", theorem->id);
    else
        status = result_take(verification, &verified);
    verify_free(&verified);
    return status;
}

static enum status theorems_verify(struct verification *verification)
{
    for (size_t k = 0; k < verification->summaries.requested; k++) {
        enum status status = INTERRUPTED;
        if (!*interrupt_flag())
            status = theorem_verify(verification, verification->theorem[k]);
        verification->interrupted = status == INTERRUPTED;
        if (verification->interrupted)
            return OK;
        TRY(status);
    }
    return OK;
}

/* --- files and printing ---------------------------------------------------------------- */

static enum status outputs_open(struct verification *verification)
{
    const struct options *options = verification->options;
    if (!options_given(options, OPTION_out))
        return OK;
    const char *directory = options->text[OPTION_out];
    TRY(manifest_create(options, directory, &verification->manifest));
    if (options_given(options, OPTION_resume))
        return store_resume(directory, &verification->plan, &verification->store);
    manifest_clear(verification->manifest);
    return store_create(directory, &verification->plan, &verification->store);
}

static void parameters_set(struct verification *verification)
{
    struct manifest *manifest = verification->manifest;
    char seed[HINT_MAX];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)verification->plan.seed);
    manifest_parameter(manifest, "seed", json_string(seed));
    manifest_parameter(manifest, "trials", json_integer((json_int_t)verification->plan.trials));
    if (verification->plan.sweep != VERIFY_OWN)
        manifest_parameter(manifest, "sweep", json_integer((json_int_t)verification->plan.sweep));
    manifest_parameter(manifest, "recheck", json_finite(verification->plan.recheck));
    manifest_parameter(manifest, "confidence", json_finite(verification->plan.confidence));
    manifest_plan(manifest, &verification->plan.plan);
}

/* The store is closed before it is listed, so that its digest is that of the whole file. */
static enum status outputs_save(struct verification *verification)
{
    TRY(verification_files_save(&verification->summaries, verification->store, &verification->plan,
                                verification->manifest));
    struct store *store = verification->store;
    verification->store = NULL;
    TRY(store_close(store));
    parameters_set(verification);
    manifest_output(verification->manifest, STORE_FILE);
    for (size_t k = 0; k < verification->summaries.count; k++)
        if (*verification->summaries.summary[k].certificate)
            prove_theorem_outputs(verification->manifest,
                                  verification->summaries.summary[k].theorem);
    struct manifest *manifest = verification->manifest;
    verification->manifest = NULL;
    return manifest_save(manifest);
}

static enum status results_print(const struct verification *verification)
{
    if (options_given(verification->options, OPTION_json))
        return summary_print_json(&verification->summaries, stdout);
    return summary_print(&verification->summaries, stdout);
}

static enum status interrupted_fail(const struct verification *verification)
{
    const struct summaries *summaries = &verification->summaries;
    if (!options_given(verification->options, OPTION_out))
        return status_fail(INTERRUPTED,
                           "interrupted; %zu of %zu theorems done, none saved "
                           "(no --out)",
                           summaries->count, summaries->requested);
    return status_fail(INTERRUPTED, "interrupted; %zu of %zu theorems saved; --resume goes on",
                       summaries->count, summaries->requested);
}

static enum status verification_run(struct verification *verification)
{
    double begun = progress_clock();
    TRY(theorems_choose(verification));
    TRY(outputs_open(verification));
    interrupt_watch();
    TRY(theorems_verify(verification));
    verification->summaries.seconds = progress_clock() - begun;
    if (verification->manifest && !verification->interrupted)
        TRY(outputs_save(verification));
    TRY(results_print(verification));
    return verification->interrupted ? interrupted_fail(verification) : OK;
}

static void verification_close(struct verification *verification)
{
    enum status ignored =
        store_close(verification->store); /* closed and checked before, if whole */
    (void)ignored;
    manifest_free(verification->manifest);
    progress_free(verification->progress);
    free(verification->summaries.summary);
    free(verification->theorem);
}

static enum status verify_run(const struct options *options, enum exit_code *exit_code)
{
    if (verify_equations_is_asked(options))
        return verify_equations_run(options, exit_code);
    if (options_given(options, OPTION_par) || options_given(options, OPTION_init))
        return status_fail(BAD_ARGUMENT, "--par and --init go with an .ode file");
    struct verification verification = {.options = options};
    verification.progress = terminal_progress(options);
    verification.plan = plan_of(options, verification.progress);
    verification.summaries.confidence = verification.plan.confidence;
    enum status status = verification_run(&verification);
    if (status == OK)
        *exit_code = summary_exit(&verification.summaries);
    verification_close(&verification);
    return status;
}

const struct command command_verify = {
    .name = "verify",
    .title = "checks theorems on sampled instances, with controls and verdicts",
    .arguments = "[THEOREM ...|FILE.ode|FILE.so]",
    .help =
        "Verifies the theorems named, or all: samples instances that meet the hypotheses,\n"
        "integrates, compares with the prediction, and gives a verdict with the exact bound on\n"
        "the share of instances that could fail.  Every theorem has a control that must fail.\n"
        "Where a record has an exact proof (column by), it is run, too, and gives the verdict "
        "proved,\n"
        "for all parameters, or certified, for every instance of the record, if no trial "
        "contradicts\n"
        "it and it fails without its hypothesis; settle prove THEOREM shows its steps.\n"
        "A refuted statement comes with a witness: one command that reproduces it.\n"
        "Where a theorem is about the limits of flows that the sweeper can follow, it follows\n"
        "many instances more (column swept), from the same sampler, in a fiftieth of the time.\n"
        "The referee, which runs the trials with all evidence, also runs what the sweeper leaves,\n"
        "what fails, and a share of the rest (column both: two verdicts).  If the methods\n"
        "disagree on one instance the theorem is undecided; all verdicts are in the store.\n"
        "With --out DIR: store.sqlite, theorems.tsv, limits.tsv, rates.tsv, exponents.tsv, "
        "figures,\n"
        "the steps of exact proofs (ID.proof), certificates (for settle-check) and manifest.json;\n"
        "without it nothing is written.  An old store in DIR is replaced, unless --resume.\n"
        "Ctrl-C saves what is finished; a second one stops at once.\n"
        "Exit status: 0 every verdict is the one on record, 1 one differs, 3 undecided or\n"
        "interrupted, 4 the computation failed.\n"
        "\n"
        "example: all theorems, results in verify-results/\n"
        "  settle verify --out verify-results\n"
        "then: which published statements are false, and how is that seen?\n"
        "  sqlite3 verify-results/store.sqlite \\\n"
        "      \"select id, witness from theorem where verdict = 'refuted'\"\n"
        "one's own equations: derivatives, first integrals, two integrators, limits\n"
        "  settle verify my.ode --trials 100 --out checked\n"
        "a hundred thousand instances of Theorem 2, one in a hundred by both methods\n"
        "  settle verify t2-converges --sweep 100000 --recheck 0.01\n",
    .options = "atol horizon init json method out par plugin quiet recheck resume rtol "
               "seed steps sweep threads trials",
    .least = 0,
    .most = OPTIONS_WORDS_MAX,
    .run = verify_run,
};
