/* Learners of a system, and the question whether both ways mean the same equations.
 *
 * The two ways share nothing: one sums over samples by products of matrices, batch by batch, the
 * other has moments (linear/) or its own loops over samples (nonlinear/).  At random states their
 * difference is rounding, a few times sqrt(samples) units in the last place of the largest terms;
 * a wrong convention (a mean that is a sum, a transposed matrix, a derivative left out) is of the
 * size of the field. */
#include "proofs-check/comparison_system.h"

#include "base/stream.h"
#include "networks/learning.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GAP_STATES = 8 };

/* Rounding of sums over up to 10^5 samples with cancelling terms is 10^-12; any mistake is 1. */
static const double GAP_BOUND = 1e-9;
static const double GAP_SPREAD = 0.7; /* of the states round the start: off every symmetry */

/* ---- learners ---- */

/* Fixed matrices as given, one after the other. */
static void load_feedback(const struct comparison_system *system, struct learner *learner)
{
    const double *at = system->feedback;
    for (size_t l = 1; at && l < learner->plan.layers; l++) {
        array_load(at, &learner->feedback[l]);
        at += array_count(&learner->feedback[l]);
    }
}

static enum status learner_make(const struct comparison_system *system, size_t batch,
                                struct learner **learner)
{
    struct learner_plan plan = system->plan;
    plan.batch = batch ? batch : system->count;
    TRY(learner_create(&plan, learner));
    learner_initialise(*learner);
    if ((*learner)->dim != system->flow->dim) {
        const size_t dim = (*learner)->dim;
        learner_free(*learner);
        return status_fail(BAD_ARGUMENT, "the network has %zu unknowns, its flow %zu", dim,
                           system->flow->dim);
    }
    load_feedback(system, *learner);
    return OK;
}

enum status comparison_walker_create(const struct comparison_system *system, size_t batch,
                                     struct comparison_walker **walker)
{
    const size_t in = system->plan.sizes[0], out = system->plan.sizes[system->plan.layers];
    struct learner *learner = NULL;
    TRY(learner_make(system, batch, &learner));
    struct comparison_walker *made = malloc(sizeof *made + batch * (in + out) * sizeof(double));
    if (!made) {
        learner_free(learner);
        return status_fail(NO_MEMORY, "a batch of %zu samples", batch);
    }
    double *values = (double *)(void *)(made + 1);
    *made = (struct comparison_walker){
        .system = system,
        .learner = learner,
        .inputs = array_view(&array_double, batch, in, values),
        .targets = array_view(&array_double, batch, out, values + batch * in)};
    *walker = made;
    return OK;
}

void comparison_walker_free(struct comparison_walker *walker)
{
    if (walker)
        learner_free(walker->learner);
    free(walker);
}

/* ---- states and fields ---- */

static void gather(const struct comparison_system *system, const double *values, double *x)
{
    for (size_t i = 0; i < system->flow->dim; i++)
        x[i] = values[system->place ? system->place[i] : i];
}

void comparison_walker_place(struct comparison_walker *walker, const double *x)
{
    const struct comparison_system *system = walker->system;
    double *values = walker->learner->state.values;
    for (size_t i = 0; i < system->flow->dim; i++)
        values[system->place ? system->place[i] : i] = x[i];
}

void comparison_walker_state(const struct comparison_walker *walker, double *x)
{
    gather(walker->system, walker->learner->state.values, x);
}

void comparison_walker_field(const struct comparison_walker *walker, double *dx)
{
    gather(walker->system, walker->learner->field.values, dx);
}

void comparison_walker_whole(struct comparison_walker *walker)
{
    const struct comparison_system *system = walker->system;
    assert(walker->learner->plan.batch >= system->count);
    /* Views only read: the data are not changed through them. */
    const struct array inputs =
        array_view(&array_double, system->count, walker->inputs.columns, (void *)system->inputs);
    const struct array targets =
        array_view(&array_double, system->count, walker->targets.columns, (void *)system->targets);
    learner_field(walker->learner, &inputs, &targets);
}

void comparison_walker_batch(struct comparison_walker *walker, size_t count, const size_t *sample)
{
    const struct comparison_system *system = walker->system;
    const size_t in = walker->inputs.columns, out = walker->targets.columns;
    double *inputs = walker->inputs.values, *targets = walker->targets.values;
    for (size_t k = 0; k < count; k++) {
        memcpy(inputs + k * in, system->inputs + sample[k] * in, in * sizeof *inputs);
        memcpy(targets + k * out, system->targets + sample[k] * out, out * sizeof *targets);
    }
    const struct array first_inputs = array_rows(&walker->inputs, 0, count);
    const struct array first_targets = array_rows(&walker->targets, 0, count);
    learner_field(walker->learner, &first_inputs, &first_targets);
}

/* ---- do both have the same field? ---- */

static double distance(size_t n, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}

static double norm(size_t n, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

/* State number k: the start, then the start with every unknown moved. */
static void draw_state(const struct comparison_system *system, const double *x0, uint64_t seed,
                       size_t k, double *x)
{
    const size_t dim = system->flow->dim;
    struct stream stream = stream_at(seed, stream_key("comparison of fields"), k);
    stream_normals(&stream, dim, k ? GAP_SPREAD : 0, x);
    for (size_t i = 0; i < dim; i++)
        x[i] += x0[i];
}

/* work[3*dim] */
static enum status gap_measure(struct comparison_walker *walker, const double *x0, uint64_t seed,
                               double *work, struct comparison_gap *gap)
{
    assert(walker);
    const struct comparison_system *system = walker->system;
    const size_t dim = system->flow->dim;
    double *x = work, *f = work + dim, *F = work + 2 * dim, apart = 0, size = 0;
    for (size_t k = 0; k < GAP_STATES; k++) {
        draw_state(system, x0, seed, k, x);
        TRY(system->flow->field(system->flow, 1, x, f));
        comparison_walker_place(walker, x);
        comparison_walker_whole(walker);
        comparison_walker_field(walker, F);
        const double here = distance(dim, f, F);
        apart = here > apart || isnan(here) ? here : apart;
        size = fmax(size, norm(dim, f));
    }
    *gap = (struct comparison_gap){
        .states = GAP_STATES, .worst = apart == 0 ? 0 : apart / size, .bound = GAP_BOUND};
    return OK;
}

enum status comparison_system_gap(const struct comparison_system *system, const double *x0,
                                  uint64_t seed, struct comparison_gap *gap)
{
    struct comparison_walker *walker = NULL;
    double *work = malloc(3 * system->flow->dim * sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "%zu unknowns", system->flow->dim);
    enum status status = comparison_walker_create(system, 0, &walker);
    if (status == OK)
        status = gap_measure(walker, x0, seed, work, gap);
    comparison_walker_free(walker);
    free(work);
    return status;
}
