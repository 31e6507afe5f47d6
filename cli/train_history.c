/* What a run has measured, as a table of its own: RULE-SEED.history.
 *
 * One line a record, every number with 17 digits, so that reading it back gives the same bits and
 * the tables that are made of it are the same to the byte, whoever measured them.  Rejected: keeping
 * the records in the checkpoint (a user who looks at a long run wants to see them now, and to read
 * them without this program). */
#include "cli/train.h"

#include "base/folder.h"
#include "base/table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COMMON = 9, EACH = 9, NUMBERS_MAX = COMMON + EACH * LEARNER_LAYERS_MAX };
enum { NUMBER_LENGTH = 32, LINE_MAX_ = NUMBERS_MAX * NUMBER_LENGTH, HEADER_MAX = NUMBERS_MAX * 24 };

static const double COUNT_MOST = 9007199254740992; /* 2^53: beyond, doubles skip whole numbers */

static const char *const common_names[COMMON] = {
    "epoch",     "steps",          "time",          "rate",          "train_loss",
    "test_loss", "train_accuracy", "test_accuracy", "gradient_angle"};
static const char *const each_names[EACH] = {"weight_norm",      "feedback_norm",  "weight_angle",
                                             "delta_angle",      "gradient_angle", "norm_ratio",
                                             "sign_concordance", "saturated",      "invariant"};

static void record_write(const struct training_record *record, size_t layers, double *number)
{
    const double common[COMMON] = {(double)record->epoch,
                                   (double)record->steps,
                                   record->time,
                                   record->rate,
                                   record->loss[DATASET_TRAIN],
                                   record->loss[DATASET_TEST],
                                   record->accuracy[DATASET_TRAIN],
                                   record->accuracy[DATASET_TEST],
                                   record->total_gradient_angle};
    memcpy(number, common, sizeof common);
    for (size_t l = 1; l <= layers; l++) {
        const struct training_layer *layer = &record->layer[l];
        const double each[EACH] = {
            layer->weight_norm,      layer->feedback_norm,  layer->weight_angle,
            layer->delta_angle,      layer->gradient_angle, layer->norm_ratio,
            layer->sign_concordance, layer->saturated,      layer->invariant};
        memcpy(number + COMMON + EACH * (l - 1), each, sizeof each);
    }
}

static void record_read(const double *number, size_t layers, struct training_record *record)
{
    *record = (struct training_record){.epoch = (size_t)number[0],
                                       .steps = (size_t)number[1],
                                       .time = number[2],
                                       .rate = number[3],
                                       .loss = {number[4], number[5]},
                                       .accuracy = {number[6], number[7]},
                                       .total_gradient_angle = number[8]};
    for (size_t l = 1; l <= layers; l++) {
        const double *each = number + COMMON + EACH * (l - 1);
        record->layer[l] = (struct training_layer){.weight_norm = each[0],
                                                   .feedback_norm = each[1],
                                                   .weight_angle = each[2],
                                                   .delta_angle = each[3],
                                                   .gradient_angle = each[4],
                                                   .norm_ratio = each[5],
                                                   .sign_concordance = each[6],
                                                   .saturated = each[7],
                                                   .invariant = each[8]};
    }
}

static void header_write(size_t layers, char header[HEADER_MAX])
{
    size_t at = 0;
    for (size_t k = 0; k < COMMON; k++)
        at += (size_t)snprintf(header + at, HEADER_MAX - at, "%s%s", k ? " " : "", common_names[k]);
    for (size_t l = 1; l <= layers; l++)
        for (size_t k = 0; k < EACH; k++)
            at += (size_t)snprintf(header + at, HEADER_MAX - at, " %s_%zu", each_names[k], l);
}

enum status train_history_save(const struct train *train, const struct train_run *run)
{
    const size_t layers = train->plan.learner.layers;
    char header[HEADER_MAX], name[TRAIN_NAME];
    double number[NUMBERS_MAX];
    struct table *table = NULL;
    header_write(layers, header);
    TRY(table_open(train->directory, train_file(run, train_history, name), header, &table));
    for (size_t k = 0; k < run->records; k++) {
        record_write(&run->record[k], layers, number);
        table_row(table, COMMON + EACH * layers, number);
    }
    return table_close(table);
}

/* --- reading it ---------------------------------------------------------------------------- */

static bool line_parse(const char *line, size_t count, double *number)
{
    char *end;
    for (size_t k = 0; k < count; k++, line = end) {
        number[k] = strtod(line, &end);
        if (end == line)
            return false;
    }
    for (size_t k = 0; k < 2; k++) /* epoch and steps are counts */
        if (!(number[k] >= 0 && number[k] <= COUNT_MOST))
            return false;
    return strcmp(line, "\n") == 0;
}

/* The records up to a step into record[*count]; room for all lines. */
static enum status lines_read(FILE *file, size_t layers, size_t most, struct train_run *run)
{
    char line[LINE_MAX_];
    double number[NUMBERS_MAX] = {0};
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#')
            continue;
        if (!line_parse(line, COMMON + EACH * layers, number))
            return status_fail(BAD_DATA, "record %zu is damaged", run->records + 1);
        if (number[1] > (double)most)
            break; /* steps that the checkpoint does not know: they are taken again */
        if (run->records == run->capacity) {
            const size_t capacity = 2 * run->capacity + 1;
            struct training_record *grown = realloc(run->record, capacity * sizeof *grown);
            if (!grown)
                return status_fail(NO_MEMORY, "%zu measurements", capacity);
            run->record = grown;
            run->capacity = capacity;
        }
        record_read(number, layers, &run->record[run->records++]);
    }
    return OK;
}

/* A history that ends before the last whole epoch of its checkpoint is not the one beside it. */
static enum status history_check(const struct train *train, size_t most,
                                 const struct train_run *run)
{
    const size_t noise = train->plan.noise_batches, steps = train_steps_of_epoch(train);
    const size_t whole = most > noise ? noise + (most - noise) / steps * steps : 0;
    if (run->records > 0 && run->record[run->records - 1].steps >= whole)
        return OK;
    return status_fail(BAD_DATA, "it ends before its checkpoint");
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* Norms at the start tell seeds and rules apart, and are the same with every BLAS, (MB11). */
static enum status start_check(size_t layers, const struct training_record *start,
                               const struct train_run *run)
{
    const struct training_record *first = &run->record[0];
    bool is_start = first->steps == 0;
    for (size_t l = 1; l <= layers; l++)
        is_start = is_start && same(first->layer[l].weight_norm, start->layer[l].weight_norm) &&
                   same(first->layer[l].feedback_norm, start->layer[l].feedback_norm);
    return is_start ? OK : status_fail(BAD_DATA, "it is of another run");
}

static enum status file_read(const struct train *train, size_t most, const char *path,
                             struct train_run *run)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return status_fail(CANNOT_READ, "%s", strerror(errno));
    const enum status status = lines_read(file, train->plan.learner.layers, most, run);
    fclose(file);
    return status == OK ? history_check(train, most, run) : status;
}

enum status train_history_load(const struct train *train, size_t most, struct train_run *run)
{
    char name[TRAIN_NAME], path[FOLDER_PATH_MAX], message[STATUS_MESSAGE_MAX];
    struct train_run read = {.records = 0};
    TRY(folder_join(train->directory, train_file(run, train_history, name), sizeof path, path));
    enum status status = file_read(train, most, path, &read);
    if (status == OK)
        status = start_check(train->plan.learner.layers, &run->record[0], &read);
    if (status == OK) {
        free(run->record);
        run->record = read.record;
        run->records = read.records;
        run->capacity = read.capacity;
        return OK;
    }
    free(read.record);
    snprintf(message, sizeof message, "%s", status_message());
    return status_fail(status, "%s: %s; --replace begins anew", path, message);
}
