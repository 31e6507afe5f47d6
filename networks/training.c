/* The loop: a batch, the field on it, a step.
 *
 * Steps count from 0, through the noise of a pretraining and then through the epochs, and everything
 * that is random is keyed by their number or by the epoch's.  So the place in the run is one number:
 * epoch and position follow from it, a run that is resumed needs no generator's state, and measuring
 * on the way cannot change what comes after.
 *
 * Heavy ball as v <- mu v + F, state <- state + eta v, from v = 0: decay is inside F, hence inside v,
 * and laws of equal increments survive it, (MB66).  For small eta it follows the flow at the time
 * n eta/(1 - mu).
 *
 * Numbers below the smallest normal one are left as they are: (MB68). */
#include "networks/training_work.h"

#include <math.h>
#include <stdlib.h>

/* Samples in one product of the evaluation: wide enough for BLAS, small enough for the caches. */
static const size_t EVALUATION = 500;
static const size_t PROBE = 100; /* samples of the batch on which angles are measured */

const size_t training_measures[TRAINING_MEASURES] = {1, 2, 5, 10, 20, 50, 100, 200, 500};

struct training_plan training_defaults(const struct learning_rule *rule)
{
    static const size_t epochs = 10, batch = 100; /* Baldi, Sadowski, Lu (2018) */
    static const double rate = 0.1, drop = 1e-6;
    return (struct training_plan){.learner = learner_defaults(rule),
                                  .epochs = epochs,
                                  .batch = batch,
                                  .sampling = SAMPLING_RESHUFFLED,
                                  .rate = rate,
                                  .schedule = SCHEDULE_GEOMETRIC,
                                  .drop = drop};
}

/* ---- plans ---- */

static enum status check_data(const struct learner_plan *plan, const struct dataset *data)
{
    if (!data || data->count == 0)
        return OK;
    if (data->inputs != plan->sizes[0] || data->outputs != plan->sizes[plan->layers])
        return status_fail(BAD_ARGUMENT,
                           "data of %zu inputs and %zu outputs for a network of %zu and %zu",
                           data->inputs, data->outputs, plan->sizes[0], plan->sizes[plan->layers]);
    return OK;
}

static enum status check_plan(const struct training_plan *plan)
{
    const double drop_most = plan->schedule == SCHEDULE_GEOMETRIC ? 1 : INFINITY;
    if (plan->batch == 0)
        return status_fail(BAD_ARGUMENT, "batches of no samples");
    if (!(plan->rate > 0 && isfinite(plan->rate)))
        return status_fail(BAD_ARGUMENT, "eta = %g; a positive number", plan->rate);
    if (!(plan->drop >= 0 && plan->drop < drop_most))
        return status_fail(BAD_ARGUMENT, "eta drops by %g a step; at least 0, below %g", plan->drop,
                           drop_most);
    if (!(plan->momentum >= 0 && plan->momentum < 1))
        return status_fail(BAD_ARGUMENT, "momentum = %g; at least 0, below 1", plan->momentum);
    if (plan->learner.layers < 1 || plan->learner.layers > LEARNER_LAYERS_MAX)
        return status_fail(BAD_ARGUMENT, "%zu layers of weights; 1 to %d", plan->learner.layers,
                           LEARNER_LAYERS_MAX);
    return OK;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t largest(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Samples in a whole batch. */
static size_t batch_of(const struct training_plan *plan, size_t count)
{
    if (plan->sampling == SAMPLING_ALL)
        return count;
    return plan->sampling == SAMPLING_INDEPENDENT ? plan->batch : least(plan->batch, count);
}

/* ---- memory ---- */

/* An array of its own, or the mark of failure. */
static struct array acquire(const struct arithmetic *arithmetic, size_t rows, size_t columns,
                            bool *failed)
{
    void *values = NULL;
    if (rows > 0 && columns > 0) {
        values = calloc(rows * columns, arithmetic->bytes);
        *failed = *failed || !values;
    }
    return array_view(arithmetic, rows, columns, values);
}

static void acquire_invariants(const struct learner *learner, struct training_work *work,
                               bool *failed)
{
    size_t most = 0;
    for (size_t l = 1; l <= learner->plan.layers; l++) {
        const struct array shape = training_invariant_shape(learner, l);
        work->first[l] = acquire(shape.arithmetic, shape.rows, shape.columns, failed);
        most = largest(most, array_count(&shape));
    }
    work->now = acquire(learner->plan.arithmetic, most, 1, failed);
}

static enum status acquire_work(const struct training *training, struct training_work *work)
{
    const struct learner *learner = training->learner;
    const struct learner_plan *plan = &learner->plan;
    bool failed = false;
    work->capacity = plan->batch;
    work->ordered = SIZE_MAX;
    work->kept = 1;
    work->inputs = acquire(plan->arithmetic, work->capacity, plan->sizes[0], &failed);
    work->targets = acquire(plan->arithmetic, work->capacity, plan->sizes[plan->layers], &failed);
    work->velocity =
        acquire(plan->arithmetic, training->plan.momentum > 0 ? learner->dim : 0, 1, &failed);
    work->index = calloc(work->capacity, sizeof *work->index);
    work->order = calloc(training->train->count, sizeof *work->order);
    acquire_invariants(learner, work, &failed);
    if (failed || !work->index || !work->order)
        return status_fail(NO_MEMORY, "out of memory for training on batches of %zu",
                           work->capacity);
    work->probe = least(PROBE, training->train->count);
    return alignment_create(learner, work->probe, &work->alignment);
}

static void free_work(struct training_work *work)
{
    if (!work)
        return;
    for (size_t l = 0; l <= LEARNER_LAYERS_MAX; l++)
        free(work->first[l].values);
    free(work->now.values);
    free(work->inputs.values);
    free(work->targets.values);
    free(work->velocity.values);
    free(work->index);
    free(work->order);
    alignment_free(work->alignment);
    free(work);
}

static enum status fill(struct training *training)
{
    struct learner_plan plan = training->plan.learner;
    const size_t test = training->test ? training->test->count : 0;
    const size_t whole = batch_of(&training->plan, training->train->count);
    plan.batch = largest(whole, least(EVALUATION, largest(training->train->count, test)));
    if (training->plan.noise_batches > 0)
        plan.batch = largest(plan.batch, training->plan.batch);
    TRY(learner_create(&plan, &training->learner));
    learner_initialise(training->learner);
    training->plan.learner.batch = plan.batch;
    training->work = calloc(1, sizeof *training->work);
    if (!training->work)
        return status_fail(NO_MEMORY, "out of memory for training");
    return acquire_work(training, training->work);
}

enum status training_create(const struct training_plan *plan, const struct dataset *train,
                            const struct dataset *test, struct training **training)
{
    TRY(check_plan(plan));
    if (!train || train->count == 0)
        return status_fail(BAD_ARGUMENT, "no samples to train on");
    TRY(check_data(&plan->learner, train));
    TRY(check_data(&plan->learner, test));
    struct training *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "out of memory for training");
    *made = (struct training){.plan = *plan, .train = train, .test = test};
    const enum status status = fill(made);
    if (status == OK)
        *training = made;
    else
        training_free(made);
    return status;
}

void training_free(struct training *training)
{
    if (!training)
        return;
    free_work(training->work);
    learner_free(training->learner);
    free(training);
}

/* ---- steps ---- */

/* The last batch of an epoch may be smaller. */
size_t training_batches(const struct training *training)
{
    const size_t count = training->train->count;
    const size_t batch = least(batch_of(&training->plan, count), count);
    return count / batch + (count % batch > 0);
}

double training_rate(const struct training_plan *plan, uint64_t step)
{
    const double n = (double)step;
    if (plan->schedule == SCHEDULE_GEOMETRIC)
        return plan->rate * exp(n * log1p(-plan->drop));
    return plan->rate / (1 + plan->drop * n);
}

/* v = mu v + F, to be found where the step looks for F. */
static void roll(struct training *training)
{
    struct array *velocity = &training->work->velocity;
    if (!velocity->values)
        return;
    array_scale(training->plan.momentum, velocity);
    array_add(1, &training->learner->field, velocity);
    array_copy(velocity, &training->learner->field);
}

static bool is_finite(const struct learner *learner)
{
    return isfinite(array_norm(&learner->state));
}

/* Neurons that saturate hide infinite weights from the loss, so the state is looked at, too. */
static void advance(struct training *training, double rate)
{
    training->time += rate;
    training->steps++;
    const size_t noise = training->plan.noise_batches, batches = training_batches(training);
    if (training->steps > noise && (training->steps - noise) % batches == 0) {
        training->epoch++;
        training->diverged = !is_finite(training->learner);
    }
}

void training_step(struct training *training)
{
    if (training->diverged)
        return;
    if (training->steps == 0)
        training_invariant_start(training);
    const struct training_batch batch = training_batch_next(training);
    if (!isfinite(learner_field(training->learner, &batch.inputs, &batch.targets))) {
        training->diverged = true;
        return;
    }
    const double rate = training_rate(&training->plan, training->steps);
    roll(training);
    training_invariant_step(training, rate);
    learner_step(training->learner, rate);
    advance(training, rate);
}

enum status training_epoch(struct training *training, bool (*stop)(void))
{
    const size_t epoch = training->epoch;
    while (training->epoch == epoch && !training->diverged) {
        if (stop && stop())
            return status_fail(INTERRUPTED, "interrupted after %zu steps", training->steps);
        training_step(training);
    }
    return OK;
}
