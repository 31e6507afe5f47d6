/* Samples as text, of which a share is set apart for testing.
 *
 * The last columns are targets; or the last column holds labels, whole numbers from 0, and there
 * are as many classes as the largest of them says.  Which lines are set apart is drawn from the seed
 * by Algorithm S (Knuth, TAOCP 2, 3.4.2): exactly the number wanted, every choice as likely, (MB1);
 * both parts keep the order of the file.  Rejected: the last lines, since files are often sorted. */
#include "networks/dataset_parts.h"

#include "base/csv.h"
#include "base/stream.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double SHARE = 0.2; /* of the lines, for testing, where nothing is said */
enum { LABEL_MOST = 255, EXPECTED_MAX = 96 };

/* A file being read. */
struct reading {
    const struct dataset_source *source;
    const char *path;
    struct csv *csv;
    size_t inputs, targets; /* columns; targets = 1 for labels */
    bool labelled;
    unsigned label_most;      /* of those seen */
    double *value;            /* [CSV_COLUMNS_MOST], of the line at hand */
    float *row;               /* likewise; the items of the pile */
    struct dataset_pile pile; /* every line, for training and testing */
    size_t tests;             /* lines for testing */
};

/* ---- lines ---- */

static const char *expected(const struct reading *reading, char text[EXPECTED_MAX])
{
    if (reading->labelled)
        snprintf(text, EXPECTED_MAX, "the inputs, then a label 0, 1, ...");
    else
        snprintf(text, EXPECTED_MAX, "the inputs, then %zu target%s", reading->targets,
                 reading->targets == 1 ? "" : "s");
    return text;
}

/* The first line fixes the columns. */
static enum status columns_take(struct reading *reading)
{
    const size_t columns = csv_columns(reading->csv);
    char form[EXPECTED_MAX];
    if (columns <= reading->targets || columns > CSV_COLUMNS_MOST)
        return csv_fail_columns(reading->csv, expected(reading, form));
    reading->inputs = columns - reading->targets;
    reading->pile.bytes = columns * sizeof *reading->row;
    reading->pile.numbers = columns;
    return OK;
}

static enum status label_take(struct reading *reading)
{
    const double label = reading->value[reading->inputs];
    if (!(label >= 0 && label <= LABEL_MOST) || label != floor(label))
        return status_fail(BAD_DATA,
                           "%s:%zu: label %g; expected a whole number from 0 to %d (real targets: "
                           "say how many)",
                           reading->path, csv_line_number(reading->csv), label, LABEL_MOST);
    if (label > reading->label_most)
        reading->label_most = (unsigned)label;
    return OK;
}

static enum status sample_take(struct reading *reading)
{
    const size_t columns = reading->inputs + reading->targets;
    TRY(csv_numbers(reading->csv, 0, columns, reading->value));
    if (reading->labelled)
        TRY(label_take(reading));
    for (size_t k = 0; k < columns; k++) {
        if (!(fabs(reading->value[k]) <= FLT_MAX))
            return csv_fail(reading->csv, "a number above 3.4e38, the largest of single "
                                          "precision; scale the data");
        reading->row[k] = (float)reading->value[k];
    }
    return dataset_pile_add(&reading->pile, reading->path, reading->row);
}

static enum status lines_read(struct reading *reading)
{
    for (bool more = true;;) {
        TRY(csv_line(reading->csv, &more));
        if (!more)
            return OK;
        if (reading->inputs == 0)
            TRY(columns_take(reading));
        if (!csv_is_header(reading->csv))
            TRY(sample_take(reading));
    }
}

/* ---- parts ---- */

static enum status split_check(struct reading *reading)
{
    const struct dataset_source *source = reading->source;
    const size_t count = reading->pile.count;
    const double share = source->test_share != 0 ? source->test_share : SHARE;
    char form[EXPECTED_MAX];
    if (!(share > 0 && share < 1))
        return status_fail(BAD_ARGUMENT, "the share for testing is %g; expected 0 to 1", share);
    if (count < 2)
        return status_fail(BAD_DATA, "%s: %zu samples; expected at least 2 lines of %s",
                           reading->path, count, expected(reading, form));
    if (reading->labelled && reading->label_most == 0)
        return status_fail(BAD_DATA, "%s: every label is 0; expected at least 2 classes",
                           reading->path);
    reading->tests = (size_t)fmax(1, fmin(floor(share * (double)count + 0.5), (double)count - 1));
    const size_t have[] = {
        [DATASET_TRAIN] = count - reading->tests, [DATASET_TEST] = reading->tests};
    for (size_t part = 0; part < 2; part++)
        if (source->most[part] > have[part])
            return status_fail(BAD_ARGUMENT, "%s has %zu samples for %s, %zu are asked for",
                               reading->path, have[part],
                               part == DATASET_TRAIN ? "training" : "testing", source->most[part]);
    return OK;
}

static enum status part_create(const struct reading *reading, enum dataset_part part,
                               struct dataset *dataset)
{
    unsigned char labelled = 0;
    const size_t most = reading->source->most[part], tests = reading->tests;
    const struct dataset shape = {.format = "CSV",
                                  .count = most                    ? most
                                           : part == DATASET_TRAIN ? reading->pile.count - tests
                                                                   : tests,
                                  .inputs = reading->inputs,
                                  .outputs = reading->labelled ? reading->label_most + 1
                                                               : reading->targets,
                                  .label = reading->labelled ? &labelled : NULL};
    return dataset_create(&shape, dataset);
}

static void put_sample(struct dataset *dataset, size_t index, const float *row)
{
    for (size_t i = 0; i < dataset->inputs; i++)
        dataset->input[index * dataset->inputs + i] = row[i];
    float *target = dataset->target + index * dataset->outputs;
    if (dataset->label) {
        dataset->label[index] = (unsigned char)row[dataset->inputs];
        target[dataset->label[index]] = 1;
        return;
    }
    for (size_t i = 0; i < dataset->outputs; i++)
        target[i] = row[dataset->inputs + i];
}

/* Line k is for testing with probability (tests still wanted) / (lines still to come). */
static void split(const struct reading *reading, struct dataset *const part[2])
{
    struct stream stream = stream_at(reading->source->seed, stream_key("dataset lines"), 0);
    const size_t count = reading->pile.count, width = reading->inputs + reading->targets;
    const float *rows = (const float *)(const void *)reading->pile.items;
    size_t taken[2] = {0, 0};
    for (size_t k = 0; k < count; k++) {
        const bool test = stream_below(&stream, count - k) < reading->tests - taken[DATASET_TEST];
        const enum dataset_part which = test ? DATASET_TEST : DATASET_TRAIN;
        if (taken[which] < part[which]->count)
            put_sample(part[which], taken[which], rows + k * width);
        taken[which]++;
    }
}

static enum status read_with(struct reading *reading, struct data_file *file, struct dataset *train,
                             struct dataset *test)
{
    TRY(csv_create(file, CSV_COLUMNS_MOST, &reading->csv));
    TRY(lines_read(reading));
    TRY(split_check(reading));
    TRY(part_create(reading, DATASET_TRAIN, train));
    TRY(part_create(reading, DATASET_TEST, test));
    struct dataset *const part[] = {[DATASET_TRAIN] = train, [DATASET_TEST] = test};
    split(reading, part);
    return OK;
}

enum status dataset_csv_read(const struct dataset_source *source, struct data_file *file,
                             struct dataset *train, struct dataset *test)
{
    struct reading reading = {.source = source,
                              .path = data_file_path(file),
                              .labelled = source->outputs == 0,
                              .targets = source->outputs ? source->outputs : 1};
    enum status status = status_fail(NO_MEMORY, "%s: a line", reading.path);
    reading.value = calloc(CSV_COLUMNS_MOST, sizeof *reading.value);
    reading.row = calloc(CSV_COLUMNS_MOST, sizeof *reading.row);
    if (reading.value && reading.row)
        status = read_with(&reading, file, train, test);
    csv_free(reading.csv);
    free(reading.value);
    free(reading.row);
    dataset_pile_free(&reading.pile);
    return status;
}
