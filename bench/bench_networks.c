/* What sweeps of networks cost, whose leaves are no curves, beside plain GSL loops with their
 * right-hand sides written out: one core, all in one run, ROUNDS times by turns.
 *
 *   sweep              endings with evidence
 *   plain GSL loop     rk8pd, until |f| < SMALL, or STEPS of them
 *
 * The reference is GSL at a tolerance of REFERENCE, until |f| < SMALL/10, and both kinds of limits
 * are compared with it: those that are off by more than CLOSE are counted. */
#include "base/stream.h"
#include "bench/timing.h"
#include "linear/registry.h"
#include "ode/lanes.h"
#include "ode/sweep.h"

#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIM_MOST = 32, STARTS = 2000, UNITS = 4, NARROW = 8, ROUNDS = 3 };
enum { STEPS = 5000 }; /* a user gives up */
static const double SMALL = 1e-9, TOLERANCE = 1e-10, REFERENCE = 1e-12, FAR = 1e6, CLOSE = 1e-8;
static const double SIDE = 3; /* of the cube of starts, whose middle is 0 */

/* Entries in (-1, 1) without a pattern. */
static double feedback_entry(size_t k)
{
    static const double TURN = 0.6180339887498949;
    const double turn = TURN * (double)((k + 1) * (k + 1));
    return 2 * (turn - floor(turn)) - 1;
}

static double fixed[UNITS * UNITS];

/* E = 1 - A2 A1 */
static void error_of_square(const double *x, double E[UNITS][UNITS])
{
    const double *A2 = x + UNITS * UNITS;
    for (size_t i = 0; i < UNITS; i++)
        for (size_t j = 0; j < UNITS; j++) {
            E[i][j] = i == j;
            for (size_t l = 0; l < UNITS; l++)
                E[i][j] -= A2[i * UNITS + l] * x[l * UNITS + j];
        }
}

/* A2' = E A1' */
static void change_second(const double *x, double E[UNITS][UNITS], double *dx)
{
    for (size_t i = 0; i < UNITS; i++)
        for (size_t j = 0; j < UNITS; j++) {
            double sum = 0;
            for (size_t l = 0; l < UNITS; l++)
                sum += E[i][l] * x[j * UNITS + l];
            dx[UNITS * UNITS + i * UNITS + j] = sum;
        }
}

/* Entry i, l of what feeds the errors back stands at i row + l column. */
struct strided {
    const double *at;
    size_t row, column;
};

/* A1' = C E; inline, so that strides are constants, as in a loop written out */
LANES_INLINE void change_first(struct strided C, double E[UNITS][UNITS], double *restrict dx)
{
    for (size_t i = 0; i < UNITS; i++)
        for (size_t j = 0; j < UNITS; j++) {
            dx[i * UNITS + j] = 0;
            for (size_t l = 0; l < UNITS; l++)
                dx[i * UNITS + j] += C.at[i * C.row + l * C.column] * E[l][j];
        }
}

static void square_rbp(const double *x, double *dx)
{
    double E[UNITS][UNITS];
    error_of_square(x, E);
    change_first((struct strided){.at = fixed, .row = UNITS, .column = 1}, E, dx);
    change_second(x, E, dx);
}

static void square_bp(const double *x, double *dx)
{
    double E[UNITS][UNITS];
    error_of_square(x, E);
    change_first((struct strided){.at = x + UNITS * UNITS, .row = 1, .column = UNITS}, E, dx);
    change_second(x, E, dx);
}

static void narrow_rbp(const double *x, double *dx)
{
    const double *b = x + NARROW;
    memset(dx, 0, 2 * NARROW * sizeof *dx);
    for (size_t i = 0; i < NARROW; i++)
        for (size_t j = 0; j < NARROW; j++) {
            const double E = (i == j) - b[i] * x[j];
            dx[j] += fixed[i] * E;
            dx[NARROW + i] += E * x[j];
        }
}

struct network {
    const char *name, *system, *rule;
    size_t sizes[3], dim, feedback;
    void (*field)(const double *x, double *dx);
};

/* Uniform in the cube, start by start. */
static void start_of_network(const void *context, size_t k, double *x)
{
    const size_t dim = *(const size_t *)context;
    struct stream stream = stream_at(1, stream_key("networks"), k);
    for (size_t i = 0; i < dim; i++)
        x[i] = stream_between(&stream, -SIDE / 2, SIDE / 2);
}

static int rhs(double t, const double x[], double dx[], void *user)
{
    (void)t;
    ((const struct network *)user)->field(x, dx);
    return 0;
}

static double speed_of(const struct network *network, const double *x)
{
    double dx[DIM_MOST], sum = 0;
    network->field(x, dx);
    for (size_t i = 0; i < network->dim; i++)
        sum += dx[i] * dx[i];
    return sqrt(sum);
}

/* limit[STARTS*dim]; returns how many were given up. */
static size_t run_gsl(const struct network *network, double tolerance, double small, double *limit)
{
    gsl_odeiv2_system system = {
        .function = rhs, .dimension = network->dim, .params = (void *)network};
    gsl_odeiv2_step *step = gsl_odeiv2_step_alloc(gsl_odeiv2_step_rk8pd, network->dim);
    gsl_odeiv2_control *control = gsl_odeiv2_control_y_new(tolerance / 100, tolerance);
    gsl_odeiv2_evolve *evolve = gsl_odeiv2_evolve_alloc(network->dim);
    size_t given_up = 0;
    for (size_t k = 0; k < STARTS; k++) {
        double t = 0, h = 1e-2, *x = limit + k * network->dim;
        size_t steps = 0;
        start_of_network(&network->dim, k, x);
        gsl_odeiv2_step_reset(step);
        gsl_odeiv2_evolve_reset(evolve);
        while (steps++ < STEPS && speed_of(network, x) > small)
            if (gsl_odeiv2_evolve_apply(evolve, control, step, &system, &t, FAR, &h, x))
                break;
        given_up += steps > STEPS;
    }
    gsl_odeiv2_evolve_free(evolve);
    gsl_odeiv2_control_free(control);
    gsl_odeiv2_step_free(step);
    return given_up;
}

struct sweep_context {
    size_t dim; /* first: start_of_network */
    const struct problem *problem;
    double *limit;
};

static enum status new_flow(void *context, struct flow **flow)
{
    return problem_flow(((const struct sweep_context *)context)->problem, flow);
}

static enum status keep_limit(void *context, size_t k, const double *x0,
                              const struct sweep_result *result)
{
    (void)x0;
    const struct sweep_context *network = context;
    memcpy(network->limit + k * network->dim, result->limit, network->dim * sizeof(double));
    return OK;
}

static void run_sweep(const struct network *network, double *limit, struct sweep_tally *tally)
{
    struct problem problem =
        problem_defaults(registry_system(network->system), registry_rule(network->rule));
    struct sweep_context context = {network->dim, &problem, limit};
    struct sweep_plan plan = sweep_plan_defaults();
    plan.threads = 1;
    problem.size_count = sizeof network->sizes / sizeof *network->sizes;
    memcpy(problem.sizes, network->sizes, sizeof network->sizes);
    problem.c_count = network->feedback;
    memcpy(problem.c, fixed, network->feedback * sizeof *fixed);
    const struct sweep_task task = {.count = STARTS,
                                    .flow = new_flow,
                                    .start = start_of_network,
                                    .result = keep_limit,
                                    .context = &context};
    if (sweep_run(&plan, &task, tally) != OK)
        fprintf(stderr, "%s\n", status_message());
}

/* Limits that are off by more than CLOSE, NaN left out. */
static size_t count_off(size_t dim, const double *limit, const double *truth)
{
    size_t off = 0;
    for (size_t k = 0; k < STARTS; k++) {
        double sum = 0;
        for (size_t i = 0; i < dim; i++)
            sum += pow(limit[k * dim + i] - truth[k * dim + i], 2);
        off += sqrt(sum) > CLOSE;
    }
    return off;
}

static void race(const struct network *network, double *limit, double *truth)
{
    double ratio[ROUNDS], by_sweep[ROUNDS], by_gsl[ROUNDS];
    struct sweep_tally tally = {0};
    size_t off[2] = {0}, given_up = 0;
    run_gsl(network, REFERENCE, SMALL / 10, truth);
    for (size_t round = 0; round < ROUNDS; round++) {
        const double begin = timing_seconds(CLOCK_PROCESS_CPUTIME_ID);
        run_sweep(network, limit, &tally);
        const double middle = timing_seconds(CLOCK_PROCESS_CPUTIME_ID);
        off[0] = count_off(network->dim, limit, truth);
        const double again = timing_seconds(CLOCK_PROCESS_CPUTIME_ID);
        given_up = run_gsl(network, TOLERANCE, SMALL, limit);
        by_gsl[round] = timing_seconds(CLOCK_PROCESS_CPUTIME_ID) - again;
        by_sweep[round] = middle - begin;
        off[1] = count_off(network->dim, limit, truth);
        ratio[round] = by_gsl[round] / by_sweep[round];
    }
    const double each = 1e6 / STARTS;
    printf("%-16s %10.1f %10.1f %8.2f %10zu %10zu %10zu %10zu %10zu\n", network->name,
           each * timing_median(ROUNDS, by_sweep), each * timing_median(ROUNDS, by_gsl),
           timing_median(ROUNDS, ratio), off[0], off[1], given_up,
           tally.starts - tally.endings[ENDING_SETTLED], tally.by_referee);
}

int main(void)
{
    static double limit[STARTS * DIM_MOST], truth[STARTS * DIM_MOST];
    static const struct network networks[] = {
        {"A[8,1,8] rbp", "autoencoder", "rbp", {8, 1, 8}, 2 * NARROW, NARROW, narrow_rbp},
        {"A[4,4,4] rbp", "hidden", "rbp", {4, 4, 4}, DIM_MOST, UNITS * UNITS, square_rbp},
        {"A[4,4,4] bp", "hidden", "bp", {4, 4, 4}, DIM_MOST, 0, square_bp}};
    for (size_t k = 0; k < UNITS * UNITS; k++)
        fixed[k] = feedback_entry(k);
    printf("%-16s %10s %10s %8s %10s %10s %10s %10s %10s\n", "networks", "sweep, us", "GSL, us",
           "ratio", "off sweep", "off GSL", "GSL stops", "undecided", "to referee");
    for (size_t k = 0; k < sizeof networks / sizeof *networks; k++)
        race(&networks[k], limit, truth);
    return EXIT_SUCCESS;
}
