/* Large flows: what a field costs, and what it takes until 2,048 unknowns have settled.
 *
 * The plain loop is what one would write otherwise: CVODE's BDF without a Jacobian matrix, stopped
 * where |f| is small, with no spectrum and no word on where it stopped.  Here it is the same
 * integrator with endings switched off, to the time at which the referee ended, so that the ratio
 * is the price of the evidence.  Times are of one run on one core. */
#include "base/stream.h"
#include "linear/hidden.h"
#include "linear/registry.h"
#include "ode/trajectory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SEED = 1, REPEATS = 20 };
static const double SPREAD = 0.5; /* of the weights at the start */

static double now(void)
{
    static const double NANOSECONDS = 1e9; /* in a second */
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / NANOSECONDS;
}

/* count normal numbers; the caller frees them */
static double *draw(uint64_t key, size_t count, double spread)
{
    struct stream stream = stream_at(SEED, key, 0);
    double *numbers = malloc(count * sizeof *numbers);
    for (size_t i = 0; numbers && i < count; i++)
        numbers[i] = spread * stream_normal(&stream);
    return numbers;
}

/* A covariance that is not the identity. */
static double *dense_covariance(size_t n)
{
    static const double COUPLING = 0.01; /* off the diagonal: positive definite by far */
    double *sigma = malloc(n * n * sizeof *sigma);
    for (size_t i = 0; sigma && i < n * n; i++)
        sigma[i] = i / n == i % n ? 1 : COUPLING;
    return sigma;
}

static void time_field(size_t inputs, size_t units)
{
    struct problem problem = problem_defaults(&system_hidden, &rule_rbp);
    const size_t count = inputs * units;
    double *c = draw(1, count, 1 / sqrt((double)inputs)), *x = draw(2, 2 * count, 0.01);
    double *sigma = dense_covariance(inputs), *dx = malloc(2 * count * sizeof *dx);
    struct flow *flow = NULL;
    problem.size_count = 3;
    memcpy(problem.sizes, (const size_t[]){inputs, units, inputs}, 3 * sizeof *problem.sizes);
    problem.c_count = count;
    problem.c_far = c;
    problem.sigma_ii.count = inputs * inputs;
    problem.sigma_ii.far = sigma;
    if (c && x && sigma && dx && problem_flow(&problem, &flow) == OK) {
        double begun = now();
        for (int k = 0; k < REPEATS; k++)
            (void)flow->field(flow, 1, x, dx);
        const double field = (now() - begun) / REPEATS;
        begun = now();
        for (int k = 0; k < REPEATS; k++)
            (void)flow->jacobian_times(flow, x, x, dx);
        printf("field of %zux%zux%zu, dense Sigma: %.3g ms; J v: %.3g ms\n", inputs, units, inputs,
               1e3 * field, 1e3 * (now() - begun) / REPEATS);
    }
    flow_free(flow);
    free(c);
    free(x);
    free(sigma);
    free(dx);
}

/* Seconds of one run. */
static double time_run(const struct flow *flow, const struct plan *plan, const double *x0,
                       struct outcome *outcome)
{
    const double begun = now();
    outcome_clear(flow, x0, outcome);
    if (trajectory_run(flow, plan, x0, outcome) != OK)
        printf("%s\n", status_message());
    return now() - begun;
}

/* A network of any sizes that has no closed form for its spectrum, and one that has, beside the same
 * run without endings. */
static void time_settling(const struct system *system, size_t layers, const size_t *sizes)
{
    struct problem problem = problem_defaults(system, &rule_rbp);
    size_t weights = sizes[0] * sizes[1], feedback = 0;
    for (size_t i = 1; i < layers; i++) {
        weights += sizes[i] * sizes[i + 1];
        feedback += sizes[i] * sizes[i + 1];
    }
    double *c = draw(3, feedback, 1 / sqrt((double)sizes[1])), *x0 = draw(4, weights, SPREAD);
    struct flow *flow = NULL;
    problem.size_count = layers + 1;
    memcpy(problem.sizes, sizes, (layers + 1) * sizeof *problem.sizes);
    problem.c_count = feedback;
    problem.c_far = c;
    struct outcome *outcome = NULL;
    if (c && x0 && problem_flow(&problem, &flow) == OK && (outcome = outcome_create(flow))) {
        struct plan plan = plan_defaults();
        const double referee = time_run(flow, &plan, x0, outcome);
        for (size_t i = 0; i <= layers; i++)
            printf("%s%zu", i > 0 ? "x" : "", sizes[i]);
        printf(", %zu unknowns: %s at t = %.4g, rate %.4g, %zu steps, %.3g s\n  %s\n", flow->dim,
               ending_name(outcome->ending), outcome->t, outcome->transverse_rate, outcome->steps,
               referee, outcome->reason);
        plan.horizon = outcome->t;
        plan.no_endings = true;
        printf("  the same way without endings: %.2f of the referee's time\n",
               time_run(flow, &plan, x0, outcome) / referee);
    }
    outcome_free(outcome);
    flow_free(flow);
    free(c);
    free(x0);
}

int main(void)
{
    time_field(784, 16);
    time_settling(&system_hidden, 2, (const size_t[]){16, 16, 16});
    time_settling(&system_hidden, 2, (const size_t[]){32, 32, 32});
    time_settling(&system_deep, 4, (const size_t[]){16, 16, 4, 16, 16});
    time_settling(&system_deep, 4, (const size_t[]){24, 24, 8, 24, 24});
    return 0;
}
