/* What a run has measured, as a table of its own: RULE-SEED.history.
 *
 * One line a record, every number with 17 digits, so that reading it back gives the same bits and
 * the tables that are made of it are the same to the byte, whoever measured them.  Rejected: keeping
 * the records in the checkpoint (a user who looks at a long run wants to see them now, and to read
 * them without this program).
 *
 * The last line is the digest of all numbers, SHA-256 of each record after what stands for those before
 * it, so that a number that was changed is seen; it begins with the name of the file, so that two
 * histories cannot be exchanged.  A history may be ahead of its checkpoint, and is then whole, too:
 * both files are renamed as a whole. */
#include "cli/train.h"

#include "base/folder.h"
#include "base/table.h"
#include "cli/digest.h"

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

/* ---- the digest ---- */

static const char DIGEST_LINE[] = "# digest";

struct history_digest {
    char hex[DIGEST_TEXT];
};

static struct history_digest digest_begin(const char *name)
{
    struct history_digest digest;
    digest_bytes(name, strlen(name), digest.hex);
    return digest;
}

/* Of what is there and `count` numbers; what is not a number is the same however it came about. */
static void digest_add(struct history_digest *digest, size_t count, const double *number)
{
    char bytes[DIGEST_TEXT + NUMBERS_MAX * sizeof(double)];
    memcpy(bytes, digest->hex, DIGEST_TEXT);
    for (size_t k = 0; k < count; k++) {
        const double x = isnan(number[k]) ? NAN : number[k];
        memcpy(bytes + DIGEST_TEXT + k * sizeof x, &x, sizeof x);
    }
    digest_bytes(bytes, DIGEST_TEXT + count * sizeof *number, digest->hex);
}

/* ---- writing it ---- */

enum status train_history_save(const struct train *train, const struct train_run *run)
{
    const size_t layers = train->plan.learner.layers;
    char header[HEADER_MAX], name[TRAIN_NAME];
    double number[NUMBERS_MAX];
    struct table *table = NULL;
    header_write(layers, header);
    TRY(table_open(train->directory, train_file(run, train_history, name), header, &table));
    struct history_digest digest = digest_begin(name);
    for (size_t k = 0; k < run->records; k++) {
        record_write(&run->record[k], layers, number);
        table_row(table, COMMON + EACH * layers, number);
        digest_add(&digest, COMMON + EACH * layers, number);
    }
    table_text(table, DIGEST_LINE);
    table_text(table, digest.hex);
    table_end_row(table);
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

static enum status record_keep(const double *number, size_t layers, struct train_run *run)
{
    if (run->records == run->capacity) {
        const size_t capacity = 2 * run->capacity + 1;
        struct training_record *grown = realloc(run->record, capacity * sizeof *grown);
        if (!grown)
            return status_fail(NO_MEMORY, "%zu measurements", capacity);
        run->record = grown;
        run->capacity = capacity;
    }
    record_read(number, layers, &run->record[run->records++]);
    return OK;
}

/* Is `line` the digest of what was read, and the last one? */
static bool digest_ends(FILE *file, const char *line, const struct history_digest *digest)
{
    char wanted[LINE_MAX_];
    snprintf(wanted, sizeof wanted, "%s\t%s\n", DIGEST_LINE, digest->hex);
    return strcmp(line, wanted) == 0 && getc(file) == EOF;
}

/* The records up to a step; those beyond are of steps that the checkpoint does not know, and that are
 * taken again. */
static enum status lines_read(FILE *file, size_t layers, size_t most, struct history_digest digest,
                              struct train_run *run)
{
    char line[LINE_MAX_];
    double number[NUMBERS_MAX] = {0};
    for (size_t record = 1; fgets(line, sizeof line, file);) {
        if (strncmp(line, DIGEST_LINE, strlen(DIGEST_LINE)) == 0)
            return digest_ends(file, line, &digest)
                       ? OK
                       : status_fail(BAD_DATA,
                                     "it was changed: its digest is not that of its lines");
        if (line[0] == '#')
            continue;
        if (!line_parse(line, COMMON + EACH * layers, number))
            return status_fail(BAD_DATA, "record %zu is damaged", record);
        digest_add(&digest, COMMON + EACH * layers, number);
        if (number[1] <= (double)most)
            TRY(record_keep(number, layers, run));
        record++;
    }
    return status_fail(BAD_DATA, "it does not end in the digest of its lines");
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
    char name[TRAIN_NAME];
    FILE *file = fopen(path, "r");
    if (!file)
        return status_fail(CANNOT_READ, "%s", strerror(errno));
    const enum status status = lines_read(file, train->plan.learner.layers, most,
                                          digest_begin(train_file(run, train_history, name)), run);
    fclose(file);
    return status == OK ? history_check(train, most, run) : status;
}

enum status train_history_load(const struct train *train, size_t most, struct train_run *run)
{
    char name[TRAIN_NAME], path[FOLDER_PATH_MAX], message[STATUS_MESSAGE_MAX];
    struct train_run read = {.plan = run->plan};
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
