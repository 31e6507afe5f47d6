/* Checkpoints of a run.
 *
 *   8 bytes     "settle\r\n", by which files that were changed as text are seen
 *   8           version of this form, 1
 *   8, 8        bytes of the whole file, and of the plan
 *   ...         the plan and the data as text, a line a thing: "rate 0.1"
 *   8           digest of all bytes so far
 *   8 x 5       steps (epoch and place in it follow), diverged; t, k, speed of k, (MB66)
 *   ...         state; velocity if there is momentum; K(0) of each layer that has one; feedback that
 *               is no part of the state, layer by layer
 *   8           digest of all bytes so far
 *
 * Whole numbers have 64 bits, the others are doubles or numbers of the run's arithmetic, all as the
 * machine has them: a file from a machine of the other byte order has a wrong version.  What a rule
 * draws for itself follows from the seed and is not kept; nor is the permutation of the epoch.
 *
 * A digest takes words of 64 bits through steps that are one-to-one, so a change of one word is always
 * seen; it finds damage, not forgery.  The plan is text, so that a refusal can say what differs.  Read
 * into memory of its own and copied when all of it is right: a run is never half of two, (MB64).
 * Rejected: the generator's state and the order of samples in the file, which are functions of the
 * seed; zlib's CRC of 32 bits, which misses one damaged file in 4e9 and costs more. */
#include "networks/training_work.h"

#include "base/draft.h"
#include "base/folder.h"
#include "base/number.h"
#include "networks/learning.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char MAGIC[] = "settle\r\n";
static const uint64_t VERSION = 1;

enum {
    MAGIC_BYTES = 8,
    TEXT_MAX = 8192,  /* of a plan: some 40 lines, and at most 33 sizes of 20 digits */
    LINE_SHOWN = 100, /* characters of a line of the plan in a message */
    PARTS_MAX = 4 * LEARNER_LAYERS_MAX
};

struct head {
    char magic[MAGIC_BYTES];
    uint64_t version, bytes, text;
};

struct place {
    uint64_t steps, diverged;
    double time, kept, kept_speed;
};

/* ---- digests ---- */

/* Whole words first, then the bytes that are left, each a step h -> g((h ^ word) odd), g one-to-one. */
static uint64_t digest(uint64_t h, const void *bytes, size_t count)
{
    static const uint64_t odd = 0x9E3779B97F4A7C15; /* 2^64 over the golden ratio */
    static const unsigned half = 32;                /* bits: high ones come down */
    const unsigned char *at = bytes;
    uint64_t word;
    for (; count >= sizeof word; count -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        h = (h ^ word) * odd;
        h ^= h >> half;
    }
    for (; count > 0; count--) {
        h = (h ^ *at++) * odd;
        h ^= h >> half;
    }
    return h;
}

static uint64_t digest_of_data(uint64_t h, const struct dataset *data)
{
    const size_t count = data ? data->count : 0;
    h = digest(h, &count, sizeof count);
    if (count == 0)
        return h;
    h = digest(h, data->input, count * data->inputs * sizeof *data->input);
    h = digest(h, data->target, count * data->outputs * sizeof *data->target);
    return data->label ? digest(h, data->label, count * sizeof *data->label) : h;
}

uint64_t training_digest_of_data(const struct dataset *train, const struct dataset *test)
{
    return digest_of_data(digest_of_data(VERSION, train), test);
}

/* ---- the plan as text ---- */

struct text {
    size_t length;
    char at[TEXT_MAX];
};

static void PRINTF_LIKE(2, 3) write_line(struct text *text, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const int length = vsnprintf(text->at + text->length, TEXT_MAX - text->length, format, list);
    va_end(list);
    assert(length >= 0 && text->length + (size_t)length < TEXT_MAX);
    text->length += (size_t)length;
}

static void write_number(struct text *text, const char *name, double value)
{
    char number[NUMBER_TEXT_MAX];
    write_line(text, "%s %s\n", name, number_shortest(value, number));
}

/* In a plan things are called by name. */
static const char *const rounding_names[] = {[ROUNDING_NONE] = "none",
                                             [ROUNDING_MID_RISE] = "mid-rise",
                                             [ROUNDING_MID_TREAD] = "mid-tread",
                                             [ROUNDING_STOCHASTIC] = "stochastic"};
static const char *const law_names[] = {[FEEDBACK_NORMAL] = "normal",
                                        [FEEDBACK_SPARSE] = "sparse",
                                        [FEEDBACK_ORTHOGONAL] = "orthogonal",
                                        [FEEDBACK_ONES] = "ones"};
static const char *const normalisation_names[] = {[NORMALISATION_NONE] = "none",
                                                  [NORMALISATION_CAP] = "cap",
                                                  [NORMALISATION_PROJECTION] = "projection"};
static const char *const loss_names[] = {[LOSS_CROSS_ENTROPY] = "cross-entropy",
                                         [LOSS_LOGISTIC] = "logistic",
                                         [LOSS_SQUARED] = "squared"};
static const char *const sampling_names[] = {[SAMPLING_RESHUFFLED] = "reshuffled",
                                             [SAMPLING_ORDERED] = "ordered",
                                             [SAMPLING_INDEPENDENT] = "independent",
                                             [SAMPLING_ALL] = "all"};
static const char *const schedule_names[] = {
    [SCHEDULE_GEOMETRIC] = "geometric", [SCHEDULE_HYPERBOLIC] = "hyperbolic"};

static void write_quantiser(struct text *text, const char *name, const struct quantiser *quantiser)
{
    char range[NUMBER_TEXT_MAX];
    write_line(text, "%s %s %u %s\n", name, rounding_names[quantiser->rounding], quantiser->bits,
               number_shortest(quantiser->range, range));
}

static void write_learner(struct text *text, const struct learner_plan *plan)
{
    write_line(text, "rule %s\narithmetic %s\nsizes", plan->rule->name, plan->arithmetic->name);
    for (size_t l = 0; l <= plan->layers; l++)
        write_line(text, " %zu", plan->sizes[l]);
    write_line(text, "\nneurons %s\nloss %s\nbiases %d\nseed %" PRIu64 "\n", plan->neuron->name,
               loss_names[plan->loss], plan->biases, plan->seed);
    write_line(text, "no derivative %d\nfeedback law %s\n", plan->no_derivative,
               law_names[plan->law]);
    write_number(text, "sparse", plan->sparse);
    write_number(text, "feedback scale", plan->feedback_scale);
    write_number(text, "feedback mean", plan->feedback_mean);
    write_line(text, "channel neuron %s\n",
               plan->channel_neuron ? plan->channel_neuron->name : "none");
    write_number(text, "channel dropout", plan->channel_dropout);
    write_quantiser(text, "channel quantiser", &plan->channel_quantiser);
    write_quantiser(text, "update quantiser", &plan->update_quantiser);
    write_line(text, "normalisation %s\n", normalisation_names[plan->normalisation]);
    write_number(text, "rho", plan->rho);
    write_number(text, "decay", plan->decay);
    write_number(text, "mirror", plan->mirror);
    write_line(text, "mirror samples %zu\nproduct ratio %zu\n", plan->mirror_samples,
               plan->product_ratio);
}

static void write_plan(const struct training *training, struct text *text)
{
    const struct training_plan *plan = &training->plan;
    struct training_work *work = training->work;
    if (work->data == 0)
        work->data = training_digest_of_data(training->train, training->test);
    text->length = 0;
    write_learner(text, &plan->learner);
    write_line(text, "batch %zu\nsampling %s\n", plan->batch, sampling_names[plan->sampling]);
    write_number(text, "rate", plan->rate);
    write_line(text, "schedule %s\n", schedule_names[plan->schedule]);
    write_number(text, "drop", plan->drop);
    write_number(text, "momentum", plan->momentum);
    write_line(text, "noise batches %zu\n", plan->noise_batches);
    write_line(text, "samples %zu %zu\ndata %016" PRIx64 "\n", training->train->count,
               training->test ? training->test->count : 0, work->data);
}

/* ---- the arrays ---- */

struct parts {
    size_t count;
    struct array *part[PARTS_MAX];
};

static void add_part(struct parts *parts, struct array *array)
{
    if (array->values)
        parts->part[parts->count++] = array;
}

static struct parts parts_of(const struct training *training)
{
    struct learner *learner = training->learner;
    struct parts parts = {0};
    add_part(&parts, &learner->state);
    add_part(&parts, &training->work->velocity);
    for (size_t l = 1; l < learner->plan.layers; l++)
        add_part(&parts, &training->work->first[l]);
    for (size_t l = 1; l < learner->plan.layers && !learner->plan.rule->feedback_learns; l++)
        add_part(&parts, &learner->feedback[l]);
    return parts;
}

static size_t bytes_of(const struct array *array)
{
    return array_count(array) * array->arithmetic->bytes;
}

static size_t bytes_of_parts(const struct parts *parts)
{
    size_t bytes = 0;
    for (size_t i = 0; i < parts->count; i++)
        bytes += bytes_of(parts->part[i]);
    return bytes;
}

static struct head head_of(const struct text *text, const struct parts *parts)
{
    struct head head = {.version = VERSION, .text = text->length};
    memcpy(head.magic, MAGIC, MAGIC_BYTES);
    head.bytes = sizeof head + text->length + sizeof(uint64_t) + sizeof(struct place) +
                 bytes_of_parts(parts) + sizeof(uint64_t);
    return head;
}

/* ---- writing ---- */

struct writer {
    struct draft *draft;
    uint64_t digest;
};

static void write_bytes(struct writer *writer, const void *bytes, size_t count)
{
    writer->digest = digest(writer->digest, bytes, count);
    errno = 0;
    if (fwrite(bytes, 1, count, draft_file(writer->draft)) != count)
        draft_failed(writer->draft);
}

static void write_digest(struct writer *writer)
{
    const uint64_t so_far = writer->digest;
    write_bytes(writer, &so_far, sizeof so_far);
}

static void write_all(const struct training *training, struct writer *writer)
{
    struct text text;
    write_plan(training, &text);
    const struct parts parts = parts_of(training);
    const struct head head = head_of(&text, &parts);
    const struct place place = {.steps = training->steps,
                                .diverged = training->diverged,
                                .time = training->time,
                                .kept = training->work->kept,
                                .kept_speed = training->work->kept_speed};
    write_bytes(writer, &head, sizeof head);
    write_bytes(writer, text.at, text.length);
    write_digest(writer);
    write_bytes(writer, &place, sizeof place);
    for (size_t i = 0; i < parts.count; i++)
        write_bytes(writer, parts.part[i]->values, bytes_of(parts.part[i]));
    write_digest(writer);
}

enum status training_save(const struct training *training, const char *directory, const char *name)
{
    struct writer writer = {0};
    TRY(draft_open(directory, name, &writer.draft));
    write_all(training, &writer);
    return draft_keep(writer.draft);
}

/* ---- reading ---- */

struct reader {
    FILE *file;
    const char *path;
    uint64_t digest;
};

static enum status damaged(const struct reader *reader, const char *how)
{
    return status_fail(BAD_DATA, "%s: a damaged checkpoint: %s", reader->path, how);
}

static enum status read_bytes(struct reader *reader, void *bytes, size_t count)
{
    if (fread(bytes, 1, count, reader->file) != count)
        return damaged(reader, "it is shorter than it says");
    reader->digest = digest(reader->digest, bytes, count);
    return OK;
}

/* What is not text is not shown. */
static enum status check_text(const struct reader *reader, const struct text *text)
{
    for (size_t i = 0; i < text->length; i++)
        if (!isprint((unsigned char)text->at[i]) && text->at[i] != '\n')
            return damaged(reader, "its plan is not text");
    return OK;
}

static enum status check_digest(struct reader *reader)
{
    const uint64_t so_far = reader->digest;
    uint64_t written;
    TRY(read_bytes(reader, &written, sizeof written));
    return written == so_far ? OK : damaged(reader, "its digest does not fit its bytes");
}

static enum status read_head(struct reader *reader, struct head *head)
{
    if (fread(head, 1, sizeof *head, reader->file) != sizeof *head ||
        memcmp(head->magic, MAGIC, MAGIC_BYTES) != 0)
        return status_fail(BAD_DATA, "%s: not a checkpoint of training", reader->path);
    reader->digest = digest(reader->digest, head, sizeof *head);
    if (head->version != VERSION)
        return status_fail(BAD_DATA, "%s: a checkpoint of version %" PRIu64 ", here it is %" PRIu64,
                           reader->path, head->version, VERSION);
    if (head->text >= TEXT_MAX)
        return damaged(reader, "its plan is too long");
    return OK;
}

static size_t line_length(const char *line)
{
    return strcspn(line, "\n");
}

/* Says the first line that differs. */
static enum status compare_plans(const struct reader *reader, const char *there, const char *here)
{
    while (*here && line_length(here) == line_length(there) &&
           strncmp(here, there, line_length(here)) == 0) {
        here += line_length(here) + (here[line_length(here)] == '\n');
        there += line_length(there) + (there[line_length(there)] == '\n');
    }
    if (!*here && !*there)
        return OK;
    const size_t of_here = line_length(here), of_there = line_length(there);
    return status_fail(BAD_DATA,
                       "%s: a checkpoint of another run: it has \"%.*s\", here it is \"%.*s\"",
                       reader->path, (int)(of_there < LINE_SHOWN ? of_there : LINE_SHOWN), there,
                       (int)(of_here < LINE_SHOWN ? of_here : LINE_SHOWN), here);
}

/* Head and plan; the rest has then the size that is expected here, or the file is damaged. */
static enum status read_plan(struct reader *reader, const struct training *training)
{
    struct head head;
    struct text here, there = {0};
    TRY(read_head(reader, &head));
    there.length = head.text;
    TRY(read_bytes(reader, there.at, there.length));
    TRY(check_digest(reader));
    TRY(check_text(reader, &there));
    write_plan(training, &here);
    TRY(compare_plans(reader, there.at, here.at));
    const struct parts parts = parts_of(training);
    if (head.bytes != head_of(&here, &parts).bytes)
        return damaged(reader, "its length is not that of its plan");
    return OK;
}

/* The numbers of all parts, one after the other, into `values`. */
static enum status read_state(struct reader *reader, const struct parts *parts, struct place *place,
                              char *values)
{
    TRY(read_bytes(reader, place, sizeof *place));
    for (size_t i = 0; i < parts->count; i++) {
        TRY(read_bytes(reader, values, bytes_of(parts->part[i])));
        values += bytes_of(parts->part[i]);
    }
    TRY(check_digest(reader));
    if (getc(reader->file) != EOF)
        return damaged(reader, "it is longer than it says");
    return OK;
}

static void take_parts(const struct parts *parts, const char *values)
{
    for (size_t i = 0; i < parts->count; i++) {
        memcpy(parts->part[i]->values, values, bytes_of(parts->part[i]));
        values += bytes_of(parts->part[i]);
    }
}

static void take_place(struct training *training, const struct place *place)
{
    const size_t noise = training->plan.noise_batches;
    training->steps = training->learner->step = place->steps;
    training->diverged = place->diverged != 0;
    training->epoch =
        place->steps > noise ? (place->steps - noise) / training_batches(training) : 0;
    training->time = place->time;
    training->work->kept = place->kept;
    training->work->kept_speed = place->kept_speed;
    training->last = (struct training_record){0};
}

static enum status read_run(struct reader *reader, struct training *training)
{
    TRY(read_plan(reader, training));
    const struct parts parts = parts_of(training);
    struct place place;
    char *values = calloc(bytes_of_parts(&parts), 1);
    if (!values)
        return status_fail(NO_MEMORY, "out of memory for %s", reader->path);
    const enum status status = read_state(reader, &parts, &place, values);
    if (status == OK) {
        take_parts(&parts, values);
        take_place(training, &place);
    }
    free(values);
    return status;
}

enum status training_load(struct training *training, const char *directory, const char *name)
{
    char path[FOLDER_PATH_MAX];
    TRY(folder_join(directory, name, sizeof path, path));
    struct reader reader = {.file = fopen(path, "rb"), .path = path};
    if (!reader.file)
        return status_fail(CANNOT_READ, "cannot read %s: %s", path, strerror(errno));
    const enum status status = read_run(&reader, training);
    (void)fclose(reader.file);
    return status;
}
