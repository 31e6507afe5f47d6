/* settle train: minibatch networks on data, under one learning rule or several, with their angles.
 *
 * Steps: options and data, the folder, the runs, tables and figures, what is printed.  Results are
 * functions of the histories of the runs, which is why an interrupted training ends with the same
 * bytes. */
#include "cli/command.h"

#include "cli/fast_blas.h"
#include "cli/interrupt.h"
#include "cli/train.h"

#include <stdio.h>

static enum status interrupted_fail(const struct train *train)
{
    size_t done = 0;
    for (size_t k = 0; k < train->runs; k++)
        done += train->run[k].finished;
    if (!train->directory)
        return status_fail(INTERRUPTED, "interrupted; %zu of %zu runs done, none saved (no --out)",
                           done, train->runs);
    return status_fail(INTERRUPTED,
                       "interrupted; %zu of %zu runs done, all saved; --resume goes on", done,
                       train->runs);
}

static enum status train_make(struct train *train, struct manifest *manifest)
{
    TRY(train_compute(train));
    if (train->interrupted)
        return interrupted_fail(train);
    if (manifest)
        TRY(train_files_save(train, manifest));
    return options_given(train->options, OPTION_json) ? train_print_json(train, manifest, stdout)
                                                      : train_print(train, stdout);
}

static enum status train_in_folder(struct train *train, struct manifest *manifest)
{
    train_parameters_set(train, manifest);
    TRY(train_folder_check(train, manifest));
    TRY(train_saved_check(train));
    TRY(train_folder_open(train, manifest));
    return train_make(train, manifest);
}

static enum status train_lead(struct train *train)
{
    struct manifest *manifest = NULL;
    if (!train->directory)
        return train_make(train, NULL);
    TRY(manifest_create(train->options, train->directory, &manifest));
    const enum status status = train_in_folder(train, manifest);
    if (status == OK)
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

static enum exit_code verdict(const struct train *train)
{
    for (size_t k = 0; k < train->runs; k++)
        if (train->run[k].diverged)
            return EXIT_UNDECIDED;
    return EXIT_HOLDS;
}

static enum status train_run(const struct options *options, enum exit_code *exit_code)
{
    struct train train;
    TRY(fast_blas_start(options));
    enum status status = train_prepare(options, &train);
    interrupt_watch();
    if (status == OK)
        status = train_lead(&train);
    if (status == OK) /* else there may be no runs to look at */
        *exit_code = verdict(&train);
    train_free(&train);
    return status;
}

const struct command command_train = {
    .name = "train",
    .title = "minibatch networks on data, under any learning rule, with alignment angles",
    .arguments = "",
    .help =
        "Trains a network by minibatch steps and measures, at the end of each epoch, loss and\n"
        "accuracy on training and test data, for each hidden layer the angle between its "
        "feedback and\n"
        "what backpropagation has there, and that between the error signals of both.\n"
        "--rule takes one rule, a list (bp,rbp,srbp) or all; --trials N repeats each with the "
        "seeds\n"
        "seed, ..., seed + N - 1, and means and standard deviations are printed.  All rules start "
        "from\n"
        "the same weights and see the same batches.  --threads runs stand side by side, each on "
        "one.\n"
        "Data: --data, else the environment variable SETTLE_DATA: a folder in MNIST format "
        "(IDX, plain or\n"
        ".gz) or CIFAR-10 format (binary), or a CSV file whose last column is a label 0, 1, ... "
        "(with\n"
        "--loss squared the last columns are targets, as many as --sizes ends in; a fifth of the "
        "lines is\n"
        "for testing).  Without them digits are drawn: strokes under random affine maps, with "
        "noise.\n"
        "Profiles: smoke is 10 epochs of the first 10000 training samples, short 10 of all, paper "
        "100 of\n"
        "all; --epochs and --samples change them.  --sizes not given: four hidden layers of 100.\n"
        "With --out: epochs.tsv (a line a measurement), layers.tsv (a line for each of its "
        "layers),\n"
        "learning curves and alignment angles as tables and figures (PDF, PNG, SVG, with their "
        "gnuplot\n"
        "scripts), for each run RULE-SEED.history and RULE-SEED.checkpoint, train.json and "
        "manifest.json;\n"
        "angles are then also measured within the first epoch.  A kill loses some quarter of a "
        "second of\n"
        "work, and --resume goes on with the same bits; --replace begins anew.\n"
        "JSON: the keys of the first run, all runs in `runs`, means over seeds in `summary`.\n"
        "Exit status: 0 trained, 3 a run diverged (its loss is not finite), or interrupted.\n"
        "\n"
        "example: random backpropagation on digits that are drawn here, in seconds\n"
        "  settle train\n"
        "example: three rules on MNIST, three seeds each, with figures\n"
        "  settle train --data mnist --rule bp,rbp,srbp --trials 3 --out learning\n"
        "example: all rules without derivatives in the learning channel, as JSON\n"
        "  settle train --data mnist --rule all --no-derivative --json\n",
    .options =
        "activation batch bits channel-activation channel-dropout data drop epochs eta json "
        "lambda loss momentum no-biases no-derivative noise-pretraining out precision "
        "profile quiet replace resume rounding rule samples seed sizes sparse threads trials "
        "update-bits verbose weight-norm",
    .least = 0,
    .most = 0,
    .run = train_run,
};
