/* What settle train works on: one set of data, and a run for each rule and seed.
 *
 * Runs do not know of each other; each has one thread and one thread of BLAS, so that no result
 * depends on --threads.  A run with a folder has two files there, a checkpoint of its network and
 * the history of its measurements, from which a later process goes on with the same bits.
 * Shapes: run[rules*trials], rule by rule and seed by seed; set[2] of each enum dataset_part;
 * record[records] of a run in the order of its steps.
 * Memory: train_prepare() makes what train_free() frees, also after a failure.
 * Errors: BAD_ARGUMENT, UNKNOWN_NAME, NOT_A_NUMBER for options, CANNOT_READ, BAD_DATA for files,
 * CANNOT_WRITE, NO_MEMORY, NO_PROGRAM (no OpenBLAS).  A run that diverges is no error. */
#ifndef CLI_TRAIN_H
#define CLI_TRAIN_H

#include "cli/manifest.h"
#include "cli/options.h"
#include "networks/learning.h"
#include "networks/training.h"

#include <stdio.h>

enum { TRAIN_TEXT = 256, TRAIN_NAME = 96, TRAIN_RULES_MAX = 32 };

struct train_run {
    struct training_plan plan;      /* with the rule and the seed of the run */
    struct training_record *record; /* [records]: start, moments of epoch 1, ends of epochs */
    size_t records, capacity;
    bool finished, diverged;
    size_t steps;         /* taken, saved ones included */
    size_t seconds_steps; /* of them by this process, in `seconds` without those of measuring */
    double seconds;
};

struct train {
    const struct options *options;
    const char *profile;    /* its name */
    const char *path;       /* of the data; NULL: digits drawn here */
    struct dataset set[2];  /* of each enum dataset_part */
    char data[TRAIN_TEXT];  /* what they are */
    char scale[TRAIN_TEXT]; /* "784-100-10", sizes as a title has them */
    struct training_plan plan;
    size_t rules, trials, runs;
    const struct learning_rule *rule[TRAIN_RULES_MAX];
    struct train_run *run;
    size_t threads;
    const char *directory; /* of --out; NULL: none */
    bool interrupted;
    double seconds;
};

/* Reads options and data, and tries each plan once; nothing is written. */
enum status train_prepare(const struct options *options, struct train *train) MUST_CHECK;
void train_free(struct train *train);

/* Reads all that the runs have saved, and changes nothing. */
enum status train_saved_check(struct train *train) MUST_CHECK;

/* All runs, from what is saved on; an interrupt saves them and sets train->interrupted. */
enum status train_compute(struct train *train) MUST_CHECK;

/* How many batches an epoch has. */
size_t train_steps_of_epoch(const struct train *train);
/* Was the record taken at the end of an epoch, or at the start? */
bool train_is_whole(const struct train *train, const struct training_record *record);

/* The file of a run, e.g. rbp-1.history; name[TRAIN_NAME]. */
const char *train_file(const struct train_run *run, const char *extension, char *name);
extern const char train_checkpoint[], train_history[]; /* the extensions */

enum status train_history_save(const struct train *train, const struct train_run *run) MUST_CHECK;
/* The records up to the step `most`; untouched on failure.  The run has the one of its start, by which
 * it knows them.  BAD_DATA: damaged, or of another run. */
enum status train_history_load(const struct train *train, size_t most,
                               struct train_run *run) MUST_CHECK;

/* The parameters that decide every number, as manifest.json and train.json have them. */
void train_parameters_set(const struct train *train, struct manifest *manifest);

/* May work begin or go on in the folder?  BAD_ARGUMENT where it has that of another kind, and there is
 * no --replace.  Changes nothing. */
enum status train_folder_check(const struct train *train,
                               const struct manifest *manifest) MUST_CHECK;
/* Begins work in the folder, or goes on with it: after both checks, the first changes. */
enum status train_folder_open(const struct train *train, struct manifest *manifest) MUST_CHECK;

/* Tables and figures. */
enum status train_files_save(const struct train *train, struct manifest *manifest) MUST_CHECK;

/* A number of a record: of the network, or of one of its layers. */
typedef double train_number(const struct training_record *record, size_t layer);
train_number train_test_error, train_test_percent, train_percent, train_loss, train_test_loss,
    train_weight_angle, train_delta_angle;

/* Over the trials of a rule, of their records k, or of the last of those that have not diverged;
 * without what is not finite.  NAN: none, or no deviation of one. */
struct train_spread {
    size_t count;
    double mean, deviation, least, most;
};
static const size_t TRAIN_LAST = (size_t)-1;
struct train_spread train_spread(const struct train *train, size_t rule, size_t k,
                                 train_number *number, size_t layer);
size_t train_diverged(const struct train *train, size_t rule); /* how many trials have */

enum status train_print(const struct train *train, FILE *file) MUST_CHECK;
enum status train_print_json(const struct train *train, const struct manifest *manifest,
                             FILE *file) MUST_CHECK;

#endif
