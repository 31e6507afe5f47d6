/* settle compare: steps of learning against the differential equation that they should follow.
 *
 * Steps: state the problem and its network; ask whether both have the same field; follow flow and
 * steps for every eta, and regress; ask for how large an eta the ending survives; files, then print.
 * The exit status is the verdict on the orders. */
#include "cli/command.h"

#include "cli/compare.h"
#include "cli/fast_blas.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"

#include <math.h>

/* Steps out of a trap: about 100/eta^2, looked for up to ten times as many. */
static const double ESCAPE_ETAS[COMPARE_ESCAPES] = {0.2, 0.1, 0.05};
static const double ESCAPE_MOST = 1000;

static bool is_interrupted(void)
{
    return *interrupt_flag() != 0;
}

static enum status escapes_measure(struct compare *compare)
{
    for (size_t k = 0; k < COMPARE_ESCAPES; k++) {
        struct comparison_escape *escape = &compare->escape[k];
        escape->eta = ESCAPE_ETAS[k];
        escape->most = (size_t)(ESCAPE_MOST / (escape->eta * escape->eta));
        TRY(comparison_ending_escape(&compare->network->system, compare->given.x0, escape));
        compare->escapes++;
    }
    return OK;
}

static enum status endings_measure(struct compare *compare)
{
    const struct comparison_system *system = &compare->network->system;
    progress_note(compare->progress, "ending");
    TRY(comparison_ending_find(system, compare->given.x0, is_interrupted, &compare->ending));
    compare->trap = comparison_ending_trap(system, compare->given.x0);
    const bool trapped = compare->trap > 0 && compare->ending.flow == ENDING_CYCLING;
    return trapped && system->flow->loss ? escapes_measure(compare) : OK;
}

/* Fields first: if they differ, nothing else means anything. */
static enum status measure(struct compare *compare)
{
    const struct comparison_system *system = &compare->network->system;
    TRY(comparison_system_gap(system, compare->given.x0, compare->options->seed, &compare->gap));
    if (!(compare->gap.worst <= compare->gap.bound))
        return OK;
    compare->plan.trials.stop = is_interrupted;
    TRY(comparison_run(system, &compare->plan, compare->given.x0, &compare->result));
    TRY(endings_measure(compare));
    return is_interrupted() ? status_fail(INTERRUPTED, "interrupted") : OK;
}

static enum status compute(struct compare *compare)
{
    const double begun = progress_clock();
    compare->progress = terminal_progress(compare->options);
    progress_begin(compare->progress, compare->given.flow->title, 0);
    const enum status status = measure(compare);
    progress_end(compare->progress);
    compare->seconds = progress_clock() - begun;
    return status;
}

static enum status finish(struct compare *compare, struct manifest *manifest)
{
    TRY(compute(compare));
    if (manifest)
        TRY(compare_save(compare, manifest));
    return options_given(compare->options, OPTION_json) ? compare_print_json(compare, stdout)
                                                        : compare_print(compare, stdout);
}

static enum status finish_with_manifest(struct compare *compare)
{
    struct manifest *manifest = NULL;
    if (!options_given(compare->options, OPTION_out))
        return finish(compare, NULL);
    TRY(manifest_create(compare->options, compare->options->text[OPTION_out], &manifest));
    manifest_clear(manifest);
    const enum status status = finish(compare, manifest);
    if (status == OK)
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

static enum exit_code verdict_of(const struct compare *compare)
{
    if (!compare->result)
        return EXIT_REFUTED;
    switch (comparison_verdict(compare->result)) {
    case COMPARISON_HOLDS:
        return EXIT_HOLDS;
    case COMPARISON_REFUTED:
        return EXIT_REFUTED;
    default:
        return EXIT_UNDECIDED;
    }
}

static enum status compare_run(const struct options *options, enum exit_code *exit_code)
{
    struct compare compare;
    TRY(fast_blas_start(options));
    TRY(compare_prepare(options, &compare));
    interrupt_watch();
    const enum status status = finish_with_manifest(&compare);
    *exit_code = status == OK ? verdict_of(&compare) : EXIT_FAILED;
    compare_free(&compare);
    return status;
}

const struct command command_compare = {
    .name = "compare",
    .title = "steps of learning against their flow: at which order in eta they agree",
    .arguments = "SYSTEM",
    .help =
        "Follows one network from one start up to time T = --horizon in three ways: by its\n"
        "differential equation, by full-batch steps, and by minibatch steps with --trials seeds.\n"
        "First the field of the network, summed over its samples, must be that of the flow.  Then\n"
        "the largest distances are regressed on eta = T/n: full batches come within O(eta) of the\n"
        "flow and within O(eta^2) of f - (eta/2) f'f; minibatches that are drawn anew scatter by\n"
        "O(eta^1/2), in reshuffled epochs by O(eta^3/2) about a mean that is O(eta) away.  Also:\n"
        "the drift of what the flow conserves, and the largest eta for which steps end where the\n"
        "flow ends.  In the tables flow, modified and rms are the largest distances along the\n"
        "path; deviation and bias, the scatter of the trials and the distance of their mean from\n"
        "the flow, are those at T.  Where only moments are given, the network learns from 32\n"
        "samples (more where it has more inputs and outputs) that have them.  Rules: arbp, asrbp,\n"
        "bp, kolen-pollack, noise-pretraining, rbp, sbp, srbp; feedback reaches hidden layers, so\n"
        "that in --c the weight of a top layer, if given, is 1: two layers take --c 0.7 or\n"
        "--c 0.7,1, and not --c 1,-1.  With --out: tables, verdicts, the log-log figure, and "
        "paths,\n"
        "the flow and the steps themselves in a plane of two unknowns (--plane).\n"
        "Exit status: 0 every order is as expected, 1 one is not, or the fields differ,\n"
        "3 undecided.\n"
        "\n"
        "example: two layers, four samples, one in each batch\n"
        "  settle compare chain --c 0.7 --init 0.3,-0.2 --inputs 1,0.5,-1,1.5 \\\n"
        "      --targets 1.2,0.1,-0.7,2 --out orders\n"
        "prints the orders 1.008, 2.013 and about 1/2, and leaves orders.tsv and its figure, and "
        "verdicts.tsv.\n"
        "\n"
        "example: the same in reshuffled epochs of two batches\n"
        "  settle compare chain --c 0.7 --init 0.3,-0.2 --inputs 1,0.5,-1,1.5 \\\n"
        "      --targets 1.2,0.1,-0.7,2 --sampling reshuffled --batch 2\n"
        "\n"
        "example: an autoencoder of images; its flow knows their moments only\n"
        "  settle compare autoencoder --sizes 49,1,49 --init random:1:0.1 --c random:2 \\\n"
        "      --data mnist/train-images-idx3-ubyte.gz --samples 2000 --downsample 4 \\\n"
        "      --batch 20 --trials 50\n",
    .options =
        "activation against alpha batch beta biases c data depth downsample eta from horizon "
        "init inputs json labels lambda no-derivative out plane quiet rule samples sampling "
        "seed sigma-ii sigma-ti sizes steps targets teacher threads to trials verbose",
    .least = 1,
    .most = 1,
    .keeps_samples = true,
    .run = compare_run,
};
