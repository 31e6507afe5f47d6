/* Chains with activations, and data of one input. */
#include "proofs-check/sample_neurons.h"

#include "linear/registry.h"
#include "nonlinear/system.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct instance sample_neurons_deep(const struct activation *f, const double *parameter, size_t L,
                                    const double *x0)
{
    struct instance instance = sample_chain(&rule_rbp, L, NULL, x0);
    assert(L >= 2 && L <= PROBLEM_SIZES_MAX);
    instance.problem.system = &system_nonlinear_chain;
    instance.problem.neuron_count = L - 1;
    for (size_t i = 0; i + 1 < L; i++)
        instance.problem.neurons[i] =
            (struct neurons){.activation = f, .parameter = parameter ? parameter[i] : 0};
    return instance;
}

struct instance sample_neurons(const struct activation *f, double parameter, double c1,
                               const double x0[2])
{
    struct instance instance = sample_neurons_deep(f, &parameter, 2, x0);
    instance.problem.c_count = 1;
    instance.problem.c[0] = c1;
    return instance;
}

void sample_neurons_data(struct problem *problem, size_t count, const double *input,
                         const double *target)
{
    assert(count <= PROBLEM_LIST_MAX);
    problem->alpha = problem->beta = 1; /* not read; as a problem that is read has them */
    problem->inputs.count = problem->targets.count = count;
    memcpy(problem->inputs.near, input, count * sizeof *input);
    memcpy(problem->targets.near, target, count * sizeof *target);
}

void sample_neurons_drawn_data(struct stream *stream, struct problem *problem)
{
    enum { LEAST = 3, KINDS = 4 };
    static const double FAR = 0.25; /* powers of smaller inputs do not matter, and cost time */
    const size_t count = LEAST + stream_below(stream, KINDS);
    double input[LEAST + KINDS], target[LEAST + KINDS];
    for (size_t k = 0; k < count; k++) {
        const double x = stream_normal(stream);
        input[k] = copysign(fmax(fabs(x), FAR), x);
        target[k] = stream_normal(stream);
    }
    sample_neurons_data(problem, count, input, target);
}

void sample_neurons_teacher(struct problem *problem, const struct activation *g, double argument,
                            double scale)
{
    problem->teacher =
        (struct teacher){.neurons = {.activation = g}, .argument = argument, .scale = scale};
    problem->targets.count = 0;
    problem->gaussian = problem->inputs.count == 0 ? 1 : 0;
}

bool sample_neurons_unmoved(const struct trial *trial, const double *x)
{
    bool same = true;
    for (size_t i = 0; i < trial->flow->dim; i++)
        same = same && x[i] == trial->instance->x0[i];
    return same;
}

enum status sample_neurons_learns(struct trial *trial, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    if (!trial->flow->loss)
        return conclude_undecided(trial, finding, "there is no loss");
    const double excess = trial->flow->loss(trial->flow, trial->outcome->limit);
    trial->deviation = sqrt(fmax(0, 2 * excess));
    if (trial->outcome->ending == ENDING_SADDLE || !(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "ends %s with an excess loss of %.6g",
                              ending_name(trial->outcome->ending), excess);
    return conclude_holds(finding);
}
