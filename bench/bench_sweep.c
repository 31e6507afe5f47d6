/* What a sweep costs, beside the loops that one would write without it: A[1,1,1], c = alpha = beta
 * = 1, GRID x GRID starts on [-SIDE, SIDE]^2, one core, all in one run, ROUNDS times by turns, so
 * that the ratios hold on a noisy machine.
 *
 *   sweep              endings with evidence, limits polished on their leaves
 *   plain GSL loop     rk8pd, until |f| < SMALL
 *   plain CVODE loop   BDF with the analytic Jacobian, until |f| < SMALL
 *
 * The loops have the right-hand side written out for two weights, make their objects once, and run
 * at the loosest tolerances (powers of ten) with which limits are within CLOSE of the exact root;
 * their endings are a small derivative.  At 1e-8 the GSL loop never ends: its |f| stays above SMALL.
 * At 1e-9 one start is off, as at every tolerance down to 1e-13: (-3, 3) lies on the leaf of a
 * double root, where |f| < SMALL says no more than a distance of 1e-5.  The CVODE loop has four
 * limits of 2000 off at 1e-10 and 476 at 1e-9.  CVODE is timed on every CVODE_SHARE-th row only.
 *
 * The share of the peak: additions and multiplications (divisions and roots count one) of the steps
 * as tried, by the tables and the formulae of linear/chain_lanes.c and ode/sweep_step.c, and, for
 * the evidence, one judgement of each start, over those that a loop of multiplications and
 * additions, not fused, does in the same time in the same registers.
 *
 * Then the sweep on two threads, and what two threads of that loop, which share nothing, gain on
 * this machine by turns with it: more cannot be had.  Then sweeps of other systems beside the
 * referee; those of networks are in bench_networks.c. */
#include "bench/timing.h"
#include "linear/registry.h"
#include "ode/lanes.h"
#include "ode/sweep.h"
#include "ode/sweep_table.h"
#include "ode/trajectory.h"

#include <cvode/cvode.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>

enum { GRID = 200, STARTS = GRID * GRID, DIM = 2, ROUNDS = 5, CVODE_SHARE = 20 };
/* Of the race of threads: what one start of the referee takes is little beside it. */
enum { FINE_GRID = 500, THREAD_ROUNDS = 10 };
static const double SIDE = 3, SMALL = 1e-10, FAR = 1e6, CLOSE = 1e-8;
static const double GSL_TOLERANCE = 1e-9, CVODE_TOLERANCE = 1e-11; /* and a hundredth, absolute */

typedef double state[DIM];

static void start_on_grid(size_t side, size_t k, double *x)
{
    const size_t row = k / side;
    x[0] = SIDE * (2 * (double)(k % side) / (double)(side - 1) - 1);
    x[1] = SIDE * (2 * (double)row / (double)(side - 1) - 1);
}

static void start_of(const void *context, size_t k, double *x)
{
    (void)context;
    start_on_grid(GRID, k, x);
}

static void start_of_threads(const void *context, size_t k, double *x)
{
    (void)context;
    start_on_grid(FINE_GRID, k, x);
}

/* a1' = e, a2' = a1 e */
static void field(const double *x, double *dx)
{
    const double e = 1 - x[0] * x[1];
    dx[0] = e;
    dx[1] = x[0] * e;
}

static double size_of_field(const double *x)
{
    double f[DIM];
    field(x, f);
    return sqrt(f[0] * f[0] + f[1] * f[1]);
}

/* ---- the plain loops ---- */

static int gsl_rhs(double t, const double x[], double dx[], void *user)
{
    (void)t, (void)user;
    field(x, dx);
    return 0;
}

static void by_gsl(size_t share, state *limit)
{
    gsl_odeiv2_system system = {.function = gsl_rhs, .dimension = DIM};
    gsl_odeiv2_step *step = gsl_odeiv2_step_alloc(gsl_odeiv2_step_rk8pd, DIM);
    gsl_odeiv2_control *control = gsl_odeiv2_control_y_new(GSL_TOLERANCE / 100, GSL_TOLERANCE);
    gsl_odeiv2_evolve *evolve = gsl_odeiv2_evolve_alloc(DIM);
    for (size_t k = 0; k < STARTS; k++) {
        if (k / GRID % share != 0)
            continue;
        double t = 0, h = 1e-2;
        start_of(NULL, k, limit[k]);
        gsl_odeiv2_step_reset(step);
        gsl_odeiv2_evolve_reset(evolve);
        while (t < FAR && size_of_field(limit[k]) > SMALL)
            if (gsl_odeiv2_evolve_apply(evolve, control, step, &system, &t, FAR, &h, limit[k]))
                break;
    }
    gsl_odeiv2_evolve_free(evolve);
    gsl_odeiv2_control_free(control);
    gsl_odeiv2_step_free(step);
}

static int cvode_rhs(realtype t, N_Vector x, N_Vector dx, void *user)
{
    (void)t, (void)user;
    field(N_VGetArrayPointer(x), N_VGetArrayPointer(dx));
    return 0;
}

/* CVODE's signature.  NOLINTNEXTLINE(readability-function-size) */
static int cvode_jacobian(realtype t, N_Vector x, N_Vector fx, SUNMatrix J, void *user, N_Vector a,
                          N_Vector b, N_Vector c)
{
    (void)t, (void)fx, (void)user, (void)a, (void)b, (void)c;
    const double *w = N_VGetArrayPointer(x);
    SM_ELEMENT_D(J, 0, 0) = -w[1];
    SM_ELEMENT_D(J, 0, 1) = -w[0];
    SM_ELEMENT_D(J, 1, 0) = 1 - 2 * w[0] * w[1];
    SM_ELEMENT_D(J, 1, 1) = -w[0] * w[0];
    return 0;
}

static void by_cvode(size_t share, state *limit)
{
    SUNContext context;
    SUNContext_Create(NULL, &context);
    N_Vector x = N_VNew_Serial(DIM, context);
    SUNMatrix matrix = SUNDenseMatrix(DIM, DIM, context);
    SUNLinearSolver solver = SUNLinSol_Dense(x, matrix, context);
    void *cvode = CVodeCreate(CV_BDF, context);
    N_VConst(1, x);
    CVodeInit(cvode, cvode_rhs, 0, x);
    CVodeSStolerances(cvode, CVODE_TOLERANCE, CVODE_TOLERANCE / 100);
    CVodeSetLinearSolver(cvode, solver, matrix);
    CVodeSetJacFn(cvode, cvode_jacobian);
    double *w = N_VGetArrayPointer(x);
    for (size_t k = 0; k < STARTS; k++) {
        if (k / GRID % share != 0)
            continue;
        start_of(NULL, k, w);
        CVodeReInit(cvode, 0, x);
        for (double t = 0; t < FAR && size_of_field(w) > SMALL;)
            if (CVode(cvode, FAR, x, &t, CV_ONE_STEP) < 0)
                break;
        memcpy(limit[k], w, sizeof limit[k]);
    }
    CVodeFree(&cvode);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(x);
    SUNContext_Free(&context);
}

/* ---- the sweep ---- */

struct sweep_of_grid {
    const struct problem *problem;
    state *limit;
};

static enum status new_flow(void *context, struct flow **flow)
{
    const struct sweep_of_grid *sweep = context;
    return problem_flow(sweep->problem, flow);
}

static enum status keep_limit(void *context, size_t k, const double *x0,
                              const struct sweep_result *result)
{
    (void)x0;
    const struct sweep_of_grid *sweep = context;
    memcpy(sweep->limit[k], result->limit, sizeof sweep->limit[k]);
    return OK;
}

static void sweep_with(size_t threads, state *limit, struct sweep_tally *tally)
{
    const struct problem problem = problem_defaults(&system_chain, &rule_rbp);
    struct sweep_of_grid context = {&problem, limit};
    struct sweep_plan plan = sweep_plan_defaults();
    plan.threads = threads;
    const struct sweep_task task = {.count = STARTS,
                                    .flow = new_flow,
                                    .start = start_of,
                                    .result = keep_limit,
                                    .context = &context};
    if (sweep_run(&plan, &task, tally) != OK)
        fprintf(stderr, "%s\n", status_message());
}

static double attempts_of_sweep; /* for each start, of the last one */

static void by_sweep(size_t share, state *limit)
{
    (void)share;
    struct sweep_tally tally = {0};
    sweep_with(1, limit, &tally);
    attempts_of_sweep = (double)tally.attempts / STARTS;
}

/* ---- the peak ---- */

enum { WIDTH = 4 * LANES_BLOCK, TURNS = 1000000 };

/* v = m v + a: two operations for each of WIDTH numbers. */
LANES_INLINE void turn(double m, double a, double *restrict v)
{
    for (size_t k = 0; k < WIDTH; k++)
        v[k] = v[k] * m + a;
}

double bench_sweep_peak(size_t turns, double m, double a);

/* Three independent sequences of four registers each hide the latency. */
LANES_CLONES
double bench_sweep_peak(size_t turns, double m, double a)
{
    double u[WIDTH], v[WIDTH], w[WIDTH], sum = 0;
    for (size_t k = 0; k < WIDTH; k++)
        u[k] = v[k] = w[k] = (double)k;
    for (size_t i = 0; i < turns; i++) {
        turn(m, a, u);
        turn(m, a, v);
        turn(m, a, w);
    }
    for (size_t k = 0; k < WIDTH; k++)
        sum += u[k] + v[k] + w[k];
    return sum;
}

/* Operations per second; the best of ROUNDS. */
static double peak(void)
{
    enum { SEQUENCES = 3 };
    static const double m = 0.999, a = 0.001, AT_MOST = 1e9; /* the sum: it has to be used */
    double best = INFINITY;
    for (size_t round = 0; round < ROUNDS; round++) {
        const double begin = timing_seconds(CLOCK_PROCESS_CPUTIME_ID);
        const double sum = bench_sweep_peak(TURNS, m, a);
        const double seconds = timing_seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
        best = sum < AT_MOST ? fmin(best, seconds) : best;
    }
    return 2.0 * SEQUENCES * WIDTH * TURNS / best;
}

/* Operations of one evaluation at two weights: the field; the Jacobian; the integral and its
 * gradient. */
enum { FIELD = 12, JACOBIAN = 25, INTEGRAL = 10 };
/* Of a step: the weight and the comparison of an error; the factor and the counters; |J|^2, |f|^2,
 * |x|^2 and what they are compared with. */
enum { ERROR = 4, CONTROL = 12, SCREEN = 20 };
/* Of a judgement: iterations and the examination, each with (J2)'s system; floors; certificates. */
enum { EVALUATIONS = 5, SYSTEM = 25, FLOORS = 60, CERTIFICATES = 40 };

static double operations_of_step(void)
{
    const struct sweep_table *table = &sweep_table_tsitouras;
    size_t terms = 0;
    for (size_t i = 0; i < table->stages; i++)
        for (size_t j = 0; j < table->stages; j++)
            terms += table->a[i][j] != 0;
    for (size_t i = 0; i < table->stages; i++)
        terms += table->estimate[0][i] != 0;
    const size_t evaluations = table->stages - 1; /* the last one is the first of the next step */
    return (double)(DIM * (2 * terms + 2 * evaluations + ERROR) + evaluations * FIELD + JACOBIAN +
                    CONTROL + SCREEN);
}

static double operations_of_evidence(void)
{
    return EVALUATIONS * (FIELD + JACOBIAN + INTEGRAL + SYSTEM) + INTEGRAL + FLOORS + CERTIFICATES;
}

static void print_share_of_peak(double seconds, double attempts)
{
    const double most = peak(), steps = attempts * operations_of_step();
    const double all = steps + operations_of_evidence();
    static const double GIGA = 1e9;
    printf(
        "peak of x and + in turn, not fused: %.1f Gflop/s; a start has %.0f of steps and %.0f of "
        "evidence: %.1f Gflop/s, %.0f %% of the peak\n",
        most / GIGA, steps, all - steps, all / seconds / GIGA, 100 * all / seconds / most);
}

/* ---- the race ---- */

struct contender {
    const char *name;
    size_t share; /* rows: every one, or every share-th */
    void (*run)(size_t share, state *limit);
};

static void find_truth(state *truth)
{
    const struct problem problem = problem_defaults(&system_chain, &rule_rbp);
    for (size_t k = 0; k < STARTS; k++) {
        struct prediction prediction;
        double x0[DIM];
        start_of(NULL, k, x0);
        if (problem_predict(&problem, x0, truth[k], &prediction) != OK)
            fprintf(stderr, "%s\n", status_message());
    }
}

/* How many limits are off by more than CLOSE, and the worst of the others. */
static size_t count_off(size_t share, const state *limit, const state *truth, double *worst)
{
    size_t off = 0;
    *worst = 0;
    for (size_t k = 0; k < STARTS; k++) {
        if (k / GRID % share != 0)
            continue;
        const double error = hypot(limit[k][0] - truth[k][0], limit[k][1] - truth[k][1]);
        off += !(error <= CLOSE);
        *worst = error <= CLOSE ? fmax(*worst, error) : *worst;
    }
    return off;
}

/* The first limits that are off. */
static void print_off(const char *name, size_t share, const state *limit, const state *truth)
{
    enum { SHOWN = 3 };
    size_t shown = 0;
    for (size_t k = 0; k < STARTS && shown < SHOWN; k++) {
        const double error = hypot(limit[k][0] - truth[k][0], limit[k][1] - truth[k][1]);
        double x0[DIM];
        start_of(NULL, k, x0);
        if (k / GRID % share != 0 || error <= CLOSE)
            continue;
        printf("%s: (%g, %g) is off by %.1e\n", name, x0[0], x0[1], error);
        shown++;
    }
}

static void race(state *limit, state *truth)
{
    static const struct contender contenders[] = {{"sweep", 1, by_sweep},
                                                  {"plain GSL loop", 1, by_gsl},
                                                  {"plain CVODE loop", CVODE_SHARE, by_cvode}};
    enum { CONTENDERS = sizeof contenders / sizeof *contenders };
    double seconds[CONTENDERS][ROUNDS], worst[CONTENDERS];
    size_t off[CONTENDERS];
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t c = 0; c < CONTENDERS; c++) {
            const double begin = timing_seconds(CLOCK_PROCESS_CPUTIME_ID);
            contenders[c].run(contenders[c].share, limit);
            seconds[c][round] = timing_seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
            off[c] = count_off(contenders[c].share, (const state *)limit, (const state *)truth,
                               &worst[c]);
            if (round == 0)
                print_off(contenders[c].name, contenders[c].share, (const state *)limit,
                          (const state *)truth);
        }
    printf("%-18s %14s %12s %16s %12s\n", "", "us/trajectory", "time/sweep", "off by > 1e-8",
           "worst else");
    const double sweep = timing_median(ROUNDS, seconds[0]) / STARTS;
    for (size_t c = 0; c < CONTENDERS; c++) {
        const double each =
            timing_median(ROUNDS, seconds[c]) * (double)contenders[c].share / STARTS;
        printf("%-18s %14.2f %12.1f %16zu %12.1e\n", contenders[c].name, 1e6 * each, each / sweep,
               off[c], worst[c]);
    }
    print_share_of_peak(sweep, attempts_of_sweep);
}

static enum status forget(void *context, size_t k, const double *x0,
                          const struct sweep_result *result)
{
    (void)context, (void)k, (void)x0, (void)result;
    return OK;
}

static double seconds_with(size_t threads, struct sweep_tally *tally)
{
    const struct problem problem = problem_defaults(&system_chain, &rule_rbp);
    struct sweep_of_grid context = {&problem, NULL};
    struct sweep_plan plan = sweep_plan_defaults();
    plan.threads = threads;
    const struct sweep_task task = {.count = (size_t)FINE_GRID * FINE_GRID,
                                    .flow = new_flow,
                                    .start = start_of_threads,
                                    .result = forget,
                                    .context = &context};
    const double begin = timing_seconds(CLOCK_MONOTONIC);
    if (sweep_run(&plan, &task, tally) != OK)
        fprintf(stderr, "%s\n", status_message());
    return timing_seconds(CLOCK_MONOTONIC) - begin;
}

/* The loop of the peak, its turns shared by so many threads. */
static double seconds_of_peak(size_t threads)
{
    static const double m = 0.999, a = 0.001;
    const double begin = timing_seconds(CLOCK_MONOTONIC);
    double sum = 0;
#pragma omp parallel for num_threads((int)threads) reduction(+ : sum)
    for (size_t k = 0; k < threads; k++)
        sum += bench_sweep_peak(2 * TURNS / threads, m, a);
    return isfinite(sum) ? timing_seconds(CLOCK_MONOTONIC) - begin : INFINITY;
}

/* Two threads beside one, by the clock on the wall, by turns; the best of each. */
static void race_threads(void)
{
    double best[2] = {INFINITY, INFINITY}, peaks[2] = {INFINITY, INFINITY};
    struct sweep_tally tally = {0};
    for (size_t round = 0; round < 2 * THREAD_ROUNDS; round++) {
        best[round % 2] = fmin(best[round % 2], seconds_with(1 + round % 2, &tally));
        peaks[round % 2] = fmin(peaks[round % 2], seconds_of_peak(1 + round % 2));
    }
    printf("two threads: %.2f times one, where registers alone gain %.2f; %zu of %zu starts to the "
           "referee, %.1f steps each\n",
           best[0] / best[1], peaks[0] / peaks[1], tally.by_referee, tally.starts,
           (double)tally.attempts / (double)tally.starts);
}

/* ---- other systems, beside the referee ---- */

enum { UNKNOWNS_MOST = 8 };

struct other {
    const char *name, *system;
    size_t depth, size_count, sizes[3];
    size_t starts, referee_starts;
};

/* Golden sections of the cube [-1.5, 1.5]^8: the same for everybody. */
static void start_in_cube(const void *context, size_t k, double *x)
{
    static const double TURN = 0.6180339887498949;
    const size_t dim = *(const size_t *)context;
    for (size_t i = 0; i < dim; i++) {
        const double turn = TURN * (double)((k + 1) * (i + 1)) + (double)(k * i * i) / 7;
        x[i] = SIDE * (turn - floor(turn)) - SIDE / 2;
    }
}

struct other_context {
    size_t dim; /* first: start_in_cube */
    const struct problem *problem;
};

static enum status other_flow(void *context, struct flow **flow)
{
    const struct other_context *other = context;
    return problem_flow(other->problem, flow);
}

static double referee_seconds(const struct problem *problem, size_t dim, size_t starts)
{
    const struct plan plan = plan_defaults();
    struct flow *flow = NULL;
    if (problem_flow(problem, &flow) != OK)
        return NAN;
    struct outcome *outcome = outcome_create(flow);
    const double begin = timing_seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t k = 0; k < starts; k++) {
        double x[UNKNOWNS_MOST];
        start_in_cube(&dim, k, x);
        if (trajectory_run(flow, &plan, x, outcome) != OK)
            fprintf(stderr, "%s\n", status_message());
    }
    const double seconds = timing_seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
    outcome_free(outcome);
    flow_free(flow);
    return seconds / (double)starts;
}

static void race_other(const struct other *other)
{
    struct problem problem = problem_defaults(registry_system(other->system), &rule_rbp);
    struct other_context context = {.problem = &problem};
    struct sweep_plan plan = sweep_plan_defaults();
    struct sweep_tally tally = {0};
    problem.depth = other->depth > 0 ? other->depth : problem.depth;
    problem.size_count = other->size_count;
    memcpy(problem.sizes, other->sizes, sizeof other->sizes);
    plan.threads = 1;
    const struct sweep_task task = {.count = other->starts,
                                    .flow = other_flow,
                                    .start = start_in_cube,
                                    .result = forget,
                                    .context = &context};
    const double begin = timing_seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (problem_dim(&problem, &context.dim) != OK || sweep_run(&plan, &task, &tally) != OK)
        fprintf(stderr, "%s\n", status_message());
    const double each = (timing_seconds(CLOCK_PROCESS_CPUTIME_ID) - begin) / (double)other->starts;
    const double referee = referee_seconds(&problem, context.dim, other->referee_starts);
    printf("%-24s %12.2f %14.1f %12.1f %14.2f %%\n", other->name, 1e6 * each, 1e6 * referee,
           referee / each, 100 * (double)tally.by_referee / (double)tally.starts);
}

static void race_others(void)
{
    static const struct other others[] = {
        {"A[1,1,1,1]", "chain", 3, 0, {0}, 20000, 200},
        {"A[1,1,1,1,1]", "chain", 4, 0, {0}, 20000, 200},
        {"fan A[1,2,1]", "fan", 0, 3, {1, 2, 1}, 20000, 200},
        {"autoencoder A[2,1,2]", "autoencoder", 0, 3, {2, 1, 2}, 200, 200},
    };
    printf("\n%-24s %12s %14s %12s %16s\n", "starts in [-1.5,1.5]^n", "sweep, us", "referee, us",
           "ratio", "to the referee");
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        race_other(&others[k]);
}

int main(void)
{
    static state truth[STARTS], limit[STARTS];
    find_truth(truth);
    printf("A[1,1,1], %d starts on [-3,3]^2; medians of %d rounds\n", STARTS, ROUNDS);
    race(limit, truth);
    race_threads();
    race_others();
    return EXIT_SUCCESS;
}
