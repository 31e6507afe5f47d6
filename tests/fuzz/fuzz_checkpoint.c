/* Any bytes as the checkpoint of a training: loaded, or refused in one line, and then nothing has
 * changed.
 *
 * Two digests guard a checkpoint, so that bytes at random never get past them; the first byte of an
 * input says whether both are put right before it is read.  The layout is that of
 * networks/training_checkpoint.c, and the seeds are checkpoints of this very run. */
#include "networks/training.h"
#include "tests/fuzz/fuzz.h"
#include "tests/small_data.h"

enum {
    HEAD_TEXT = 24, /* where the head says how long the plan is */
    HEAD = 32,
    STEPS = 3,
    LENGTH_MOST = 32768
};

static const char NAME[] = "checkpoint";

size_t fuzz_accepted, fuzz_refused;

static struct dataset train, test;
static struct training *training;

static void free_all(void)
{
    training_free(training);
    small_free(train);
    small_free(test);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    train = small_data(SMALL_TRAIN);
    test = small_data(SMALL_TEST);
    struct training_plan plan = small_plan(learning_registry[0]);
    plan.momentum = 0.5;
    fuzz_must(training_create(&plan, &train, &test, &training) == OK);
    for (size_t k = 0; k < STEPS; k++)
        training_step(training);
    return fuzz_folder_create() + atexit(free_all);
}

/* As in training_checkpoint.c. */
static uint64_t digest(uint64_t h, const uint8_t *at, size_t count)
{
    static const uint64_t odd = 0x9E3779B97F4A7C15;
    enum { HALF = 32 };
    uint64_t word;
    for (; count >= sizeof word; count -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        h = (h ^ word) * odd;
        h ^= h >> HALF;
    }
    for (; count > 0; count--) {
        h = (h ^ *at++) * odd;
        h ^= h >> HALF;
    }
    return h;
}

/* Both digests, as far as the input is long enough to have them. */
static void put_right(uint8_t *bytes, size_t length)
{
    uint64_t text, so_far;
    memcpy(&text, bytes + HEAD_TEXT, sizeof text);
    if (text > length - HEAD || length - HEAD - text < 2 * sizeof so_far)
        return;
    uint8_t *const first = bytes + HEAD + text, *const last = bytes + length - sizeof so_far;
    so_far = digest(digest(0, bytes, HEAD), bytes + HEAD, text);
    memcpy(first, &so_far, sizeof so_far);
    so_far = digest(so_far, first, sizeof so_far);
    so_far = digest(so_far, first + sizeof so_far, (size_t)(last - first) - sizeof so_far);
    memcpy(last, &so_far, sizeof so_far);
}

static void load(void)
{
    static double before[LENGTH_MOST / sizeof(double)];
    const struct array *state = &training->learner->state;
    const size_t size = array_count(state) * state->arithmetic->bytes, steps = training->steps;
    fuzz_must(size <= sizeof before);
    memcpy(before, state->values, size);
    const enum status status = training_load(training, fuzz_folder, NAME);
    fuzz_judge(status);
    if (status != OK)
        fuzz_must(memcmp(before, state->values, size) == 0 && training->steps == steps);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static uint8_t copy[LENGTH_MOST];
    if (length == 0 || length > sizeof copy)
        return 0;
    memcpy(copy, bytes + 1, length - 1);
    if (bytes[0] % 2 == 1 && length - 1 >= HEAD)
        put_right(copy, length - 1);
    fuzz_file_write(NAME, copy, length - 1);
    load();
    remove(fuzz_path(NAME));
    return 0;
}
