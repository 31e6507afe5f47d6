/* Checkpoints: a run that is resumed goes on with the same bits, and whatever is not the checkpoint of
 * this run is refused in one line and changes nothing.
 *
 * Every rule of the registry is stopped at every kind of moment: before the first step, amid noise,
 * between noise and data, amid an epoch, at its end, before a short last batch.  A damaged file is
 * made in every way of one byte, of one bit and of one length. */
#include "base/folder.h"
#include "networks/training_work.h"
#include "tests/small_data.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 512, NOISE = 3, STEPS = 19, BYTE_BITS = 8 };

static const char NAME[] = "run.checkpoint";

struct place {
    char folder[PATH_SIZE], path[PATH_SIZE + sizeof NAME + 1];
    struct dataset train, test;
};

static int place_create(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    const char *temporary = getenv("TMPDIR");
    if (!place)
        return -1;
    snprintf(place->folder, PATH_SIZE, "%s/settle-test-XXXXXX", temporary ? temporary : "/tmp");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/%s", place->folder, NAME);
    place->train = small_data(SMALL_TRAIN);
    place->test = small_data(SMALL_TEST);
    *state = place;
    return 0;
}

static int place_free(void **state)
{
    struct place *place = *state;
    (void)unlink(place->path);
    const int left = rmdir(place->folder); /* fails if a hidden draft was left */
    small_free(place->train);
    small_free(place->test);
    free(place);
    return left;
}

static struct training *made(const struct training_plan *plan, const struct place *place)
{
    struct training *training = NULL;
    assert_int_equal(training_create(plan, &place->train, &place->test, &training), OK);
    return training;
}

/* With something of everything, and the arithmetics by turns. */
static struct training_plan rich_plan(size_t r)
{
    struct training_plan plan = small_plan(learning_registry[r]);
    plan.learner.arithmetic = r % 2 ? &array_float : &array_double;
    plan.learner.channel_dropout = learning_registry[r]->weight_field ? 0 : 0.25;
    plan.learner.product_ratio = 3;
    plan.momentum = r % 3 ? 0.5 : 0;
    plan.noise_batches = NOISE;
    plan.sampling = r % 4 == 3 ? SAMPLING_INDEPENDENT : SAMPLING_RESHUFFLED;
    return plan;
}

static void walk(struct training *training, size_t steps)
{
    while (training->steps < steps && !training->diverged)
        training_step(training);
}

static bool same_number(double x, double y)
{
    return x == y || (isnan(x) && isnan(y));
}

static void assert_same_records(struct training *one, struct training *two)
{
    struct training_record a, b;
    training_measure(one, &a);
    training_measure(two, &b);
    assert_true(same_number(a.loss[0], b.loss[0]) && same_number(a.loss[1], b.loss[1]));
    assert_true(same_number(a.rate, b.rate) && same_number(a.time, b.time));
    assert_true(same_number(a.total_gradient_angle, b.total_gradient_angle));
    for (size_t l = 1; l <= one->plan.learner.layers; l++) {
        assert_true(same_number(a.layer[l].weight_angle, b.layer[l].weight_angle));
        assert_true(same_number(a.layer[l].delta_angle, b.layer[l].delta_angle));
        assert_true(same_number(a.layer[l].feedback_norm, b.layer[l].feedback_norm));
        assert_true(same_number(a.layer[l].invariant, b.layer[l].invariant));
        assert_true(same_number(a.layer[l].kept, b.layer[l].kept));
    }
}

/* ---- resuming ---- */

static void resume_at(const struct place *place, const struct training_plan *plan, size_t moment)
{
    struct training *whole = made(plan, place), *first = made(plan, place);
    walk(whole, STEPS);
    walk(first, moment);
    assert_int_equal(training_save(first, place->folder, NAME), OK);
    training_free(first);

    struct training *second = made(plan, place);
    walk(second, 5); /* what was before is gone */
    assert_int_equal(training_load(second, place->folder, NAME), OK);
    assert_int_equal(second->steps, moment);
    walk(second, STEPS);
    small_assert_same(whole, second);
    assert_same_records(whole, second);
    training_free(whole);
    training_free(second);
}

static void test_resume_of_every_rule_at_every_moment(void **state)
{
    const struct place *place = *state;
    size_t rules = 0;
    for (; learning_registry[rules]; rules++) {
        const struct training_plan plan = rich_plan(rules);
        for (size_t moment = 0; moment <= STEPS; moment++)
            resume_at(place, &plan, moment);
    }
    assert_true(rules >= 17);
}

/* A caller's own state before the first step, and feedback that is no part of it, come back. */
static void test_own_start(void **state)
{
    const struct place *place = *state;
    const struct training_plan plan = small_plan(&learning_rbp);
    struct training *one = made(&plan, place), *two = made(&plan, place);
    array_scale(-0.75, &one->learner->state);
    array_scale(2.385, &one->learner->feedback[1]);
    walk(one, 4);
    assert_int_equal(training_save(one, place->folder, NAME), OK);
    assert_int_equal(training_load(two, place->folder, NAME), OK);
    small_assert_same_array(&one->learner->feedback[1], &two->learner->feedback[1]);
    walk(one, STEPS);
    walk(two, STEPS);
    small_assert_same(one, two);
    assert_same_records(one, two);
    training_free(one);
    training_free(two);
}

static void test_more_epochs_may_be_asked_for(void **state)
{
    const struct place *place = *state;
    struct training_plan plan = small_plan(&learning_rbp);
    struct training *one = made(&plan, place);
    walk(one, 4);
    assert_int_equal(training_save(one, place->folder, NAME), OK);
    plan.epochs += 10;
    plan.learner.batch += 3; /* room, not samples */
    struct training *two = made(&plan, place);
    assert_int_equal(training_load(two, place->folder, NAME), OK);
    small_assert_same(one, two);
    training_free(one);
    training_free(two);
}

static void test_diverged_stays_so(void **state)
{
    const struct place *place = *state;
    struct training_plan plan = small_plan(&learning_bp);
    plan.learner.loss = LOSS_SQUARED;
    plan.learner.neuron = neuron_named("identity");
    plan.rate = 1e10;
    struct training *one = made(&plan, place), *two = made(&plan, place);
    walk(one, 100);
    assert_true(one->diverged);
    assert_int_equal(training_save(one, place->folder, NAME), OK);
    assert_int_equal(training_load(two, place->folder, NAME), OK);
    assert_true(two->diverged && two->steps == one->steps);
    training_free(one);
    training_free(two);
}

/* ---- other runs ---- */

/* Refused, with this in the one line, and nothing has changed. */
static void assert_refused(struct training *training, const struct place *place,
                           enum status expected, const char *words)
{
    struct training *before = made(&training->plan, place);
    walk(before, training->steps);
    const enum status status = training_load(training, place->folder, NAME);
    assert_int_equal(status, expected);
    assert_non_null(strstr(status_message(), words));
    assert_null(strchr(status_message(), '\n'));
    small_assert_same(before, training);
    training_free(before);
}

static void refuse_plan(const struct place *place, struct training_plan plan, const char *words)
{
    struct training *training = made(&plan, place);
    walk(training, 1);
    assert_refused(training, place, BAD_DATA, words);
    training_free(training);
}

static void test_other_plans(void **state)
{
    const struct place *place = *state;
    const struct training_plan plan = small_plan(&learning_rbp);
    struct training *training = made(&plan, place);
    assert_int_equal(training_save(training, place->folder, NAME), OK);
    training_free(training);
    struct training_plan other;
#define WITH(field, value, words)                                                                  \
    other = plan;                                                                                  \
    other.field = (value);                                                                         \
    refuse_plan(place, other, words)
    WITH(learner.rule, &learning_srbp, "it has \"rule rbp\", here it is \"rule srbp\"");
    WITH(learner.arithmetic, &array_float, "arithmetic float");
    WITH(learner.sizes[1], SMALL_HIDDEN + 1, "sizes 5 6 4 3");
    WITH(learner.neuron, neuron_named("logistic"), "neurons tanh");
    WITH(learner.loss, LOSS_SQUARED, "loss cross-entropy");
    WITH(learner.biases, false, "biases 1");
    WITH(learner.seed, 7, "seed 7");
    WITH(learner.no_derivative, true, "no derivative 1");
    WITH(learner.law, FEEDBACK_ORTHOGONAL, "feedback law orthogonal");
    WITH(learner.sparse, 3, "sparse 3");
    WITH(learner.feedback_scale, 0.5, "feedback scale 0.5");
    WITH(learner.feedback_mean, 0.25, "feedback mean 0.25");
    WITH(learner.channel_neuron, neuron_named("tanh"), "channel neuron none");
    WITH(learner.channel_dropout, 0.1, "channel dropout 0.1");
    WITH(learner.channel_quantiser.rounding, ROUNDING_MID_RISE, "channel quantiser mid-rise");
    WITH(learner.update_quantiser.bits, 9, "update quantiser none 9");
    WITH(learner.normalisation, NORMALISATION_CAP, "normalisation cap");
    WITH(learner.rho, 1.5, "rho 1.5");
    WITH(learner.decay, 1e-4, "decay 0.0001");
    WITH(learner.mirror, 0.3, "mirror 0.3");
    WITH(learner.mirror_samples, 11, "mirror samples 11");
    WITH(learner.product_ratio, 2, "product ratio 2");
    WITH(batch, 9, "batch 8");
    WITH(sampling, SAMPLING_ORDERED, "sampling ordered");
    WITH(rate, nextafter(plan.rate, 1), "rate 0.1\"");
    WITH(schedule, SCHEDULE_HYPERBOLIC, "schedule hyperbolic");
    WITH(drop, 0, "drop 0\"");
    WITH(momentum, 0.9, "momentum 0.9");
    WITH(noise_batches, 1, "noise batches 1");
#undef WITH
}

static void test_other_data(void **state)
{
    struct place *place = *state;
    const struct training_plan plan = small_plan(&learning_rbp);
    struct training *training = made(&plan, place);
    assert_int_equal(training_save(training, place->folder, NAME), OK);
    training_free(training);
    float *numbers[] = {place->train.input, place->test.input, place->train.target, NULL};
    for (size_t k = 0; numbers[k]; k++) {
        const float kept = numbers[k][4];
        numbers[k][4] = kept + 0.5F;
        refuse_plan(place, plan, "here it is \"data ");
        numbers[k][4] = kept;
    }
    place->test.label[3] ^= 1;
    refuse_plan(place, plan, "data ");
    place->test.label[3] ^= 1;
    place->test.count--;
    refuse_plan(place, plan, "samples 37 23");
    place->test.count++;
}

/* ---- damage ---- */

static size_t file_read(const struct place *place, char **bytes)
{
    struct stat about;
    assert_int_equal(stat(place->path, &about), 0);
    *bytes = calloc((size_t)about.st_size + 1, 1);
    FILE *file = fopen(place->path, "rb");
    assert_true(*bytes && file);
    assert_int_equal(fread(*bytes, 1, (size_t)about.st_size, file), about.st_size);
    assert_int_equal(fclose(file), 0);
    return (size_t)about.st_size;
}

static void file_write(const struct place *place, const char *bytes, size_t count)
{
    FILE *file = fopen(place->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

/* Refused without a look at the message, but for its being there. */
static void assert_damaged(struct training *training, const struct place *place)
{
    assert_int_equal(training_load(training, place->folder, NAME), BAD_DATA);
    assert_non_null(strstr(status_message(), NAME));
    assert_null(strchr(status_message(), '\n'));
    for (const char *c = status_message(); *c; c++)
        assert_true(*c >= ' ' && *c <= '~');
}

static void test_damage(void **state)
{
    const struct place *place = *state;
    struct training_plan plan = small_plan(&learning_kolen_pollack);
    plan.momentum = 0.5;
    plan.learner.arithmetic = &array_float; /* odd numbers of 4 bytes */
    struct training *training = made(&plan, place), *before = made(&plan, place);
    walk(training, 7);
    assert_int_equal(training_save(training, place->folder, NAME), OK);
    walk(training, 9);
    walk(before, 9);
    char *bytes;
    const size_t count = file_read(place, &bytes);
    assert_true(count > 1500 && count < 10000);
    for (size_t i = 0; i < count; i++) {
        const char kept = bytes[i];
        bytes[i] ^= (char)(1 << i % BYTE_BITS);
        file_write(place, bytes, count);
        assert_damaged(training, place);
        bytes[i] = (char)~kept;
        file_write(place, bytes, count);
        assert_damaged(training, place);
        bytes[i] = kept;
    }
    for (size_t length = 0; length < count; length++) {
        file_write(place, bytes, length);
        assert_damaged(training, place);
    }
    file_write(place, bytes, count + 1); /* one byte more: the zero behind */
    assert_damaged(training, place);
    small_assert_same(before, training);
    assert_same_records(before, training);
    file_write(place, bytes, count); /* and the whole one is taken */
    assert_int_equal(training_load(training, place->folder, NAME), OK);
    assert_int_equal(training->steps, 7);
    free(bytes);
    training_free(training);
    training_free(before);
}

/* Pairs of equal changes in two words: sums and parities would not see them. */
static void test_damage_in_pairs(void **state)
{
    const struct place *place = *state;
    const struct training_plan plan = small_plan(&learning_rbp);
    struct training *training = made(&plan, place);
    assert_int_equal(training_save(training, place->folder, NAME), OK);
    char *bytes;
    const size_t count = file_read(place, &bytes);
    struct stream stream = stream_at(SMALL_SEED, stream_key("damage"), 0);
    for (size_t trial = 0; trial < 3000; trial++) {
        const size_t word = sizeof(double);
        const size_t i = stream_below(&stream, count),
                     jump = word * (1 + stream_below(&stream, 60));
        const size_t j = (i + jump) % count;
        const char flip = (char)(1 << stream_below(&stream, BYTE_BITS));
        bytes[i] ^= flip;
        bytes[j] ^= flip;
        file_write(place, bytes, count);
        assert_damaged(training, place);
        bytes[i] ^= flip;
        bytes[j] ^= flip;
    }
    free(bytes);
    training_free(training);
}

static void test_no_checkpoint(void **state)
{
    const struct place *place = *state;
    const struct training_plan plan = small_plan(&learning_rbp);
    struct training *training = made(&plan, place);
    (void)unlink(place->path);
    assert_refused(training, place, CANNOT_READ, strerror(ENOENT));
    file_write(place, "settle,theorem,verdict\nnot this\n", 32);
    assert_refused(training, place, BAD_DATA, "not a checkpoint of training");
    file_write(place, "", 0);
    assert_refused(training, place, BAD_DATA, "not a checkpoint of training");
    assert_int_equal(training_load(training, place->folder, "."), BAD_DATA); /* a directory */
    training_free(training);
}

/* ---- forgeries: files whose digests are right ---- */

/* The digest as networks/training_checkpoint.c describes it, of whole words and then bytes. */
static uint64_t digest_of(uint64_t h, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count;) {
        const size_t step = count - i >= sizeof h ? sizeof h : 1;
        uint64_t word = 0;
        memcpy(&word, bytes + i, step);
        h = (h ^ word) * 0x9E3779B97F4A7C15;
        h ^= h >> 32;
        i += step;
    }
    return h;
}

/* Signs head and plan again. */
static void sign(char *bytes)
{
    enum { HEAD = 32 }; /* magic, version, bytes, bytes of the plan */
    uint64_t text, digest;
    memcpy(&text, bytes + HEAD - sizeof text, sizeof text);
    digest = digest_of(digest_of(0, bytes, HEAD), bytes + HEAD, text);
    memcpy(bytes + HEAD + text, &digest, sizeof digest);
}

/* What a plan says is shown only if it is text, and read only if there is room. */
static void test_forged_plans(void **state)
{
    enum { HEAD = 32, HUGE_PLAN = 1 << 20 };
    const struct place *place = *state;
    const struct training_plan plan = small_plan(&learning_rbp);
    struct training *training = made(&plan, place);
    assert_int_equal(training_save(training, place->folder, NAME), OK);
    char *bytes;
    const size_t count = file_read(place, &bytes);
    bytes[HEAD] = 'R';
    sign(bytes);
    file_write(place, bytes, count);
    assert_refused(training, place, BAD_DATA, "it has \"Rule rbp\", here it is \"rule rbp\"");
    bytes[HEAD] = '\033';
    sign(bytes);
    file_write(place, bytes, count);
    assert_damaged(training, place);
    const uint64_t length = HUGE_PLAN;
    char *huge = calloc(HUGE_PLAN + count, 1);
    assert_non_null(huge);
    memcpy(huge, bytes, HEAD);
    memcpy(huge + HEAD - sizeof length, &length, sizeof length);
    memset(huge + HEAD, 'a', HUGE_PLAN);
    sign(huge);
    file_write(place, huge, HUGE_PLAN + count);
    assert_refused(training, place, BAD_DATA, "its plan is too long");
    free(huge);
    free(bytes);
    training_free(training);
}

/* ---- writing ---- */

static void test_old_one_stays_where_a_new_one_fails(void **state)
{
    const struct place *place = *state;
    struct training_plan plan = small_plan(&learning_rbp);
    plan.learner.sizes[1] = 200; /* more than a buffer holds: the write itself fails */
    struct training *training = made(&plan, place), *other = made(&plan, place);
    walk(training, 3);
    assert_int_equal(training_save(training, place->folder, NAME), OK);
    walk(training, 6);
    struct rlimit kept, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    small = kept;
    small.rlim_cur = 1000; /* bytes, less than the state has */
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const enum status status = training_save(training, place->folder, NAME);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, CANNOT_WRITE);
    assert_non_null(strstr(status_message(), strerror(EFBIG)));
    assert_int_equal(training_load(other, place->folder, NAME), OK);
    assert_int_equal(other->steps, 3);
    assert_int_equal(training_save(training, "/nowhere/at/all", NAME), CANNOT_WRITE);
    training_free(training);
    training_free(other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_create, place_free)
    const struct CMUnitTest tests[] = {
        TEST(test_resume_of_every_rule_at_every_moment),
        TEST(test_own_start),
        TEST(test_more_epochs_may_be_asked_for),
        TEST(test_diverged_stays_so),
        TEST(test_other_plans),
        TEST(test_other_data),
        TEST(test_damage),
        TEST(test_damage_in_pairs),
        TEST(test_no_checkpoint),
        TEST(test_forged_plans),
        TEST(test_old_one_stays_where_a_new_one_fails),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
