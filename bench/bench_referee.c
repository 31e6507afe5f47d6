/* What endings with evidence cost, and what prediction saves: A[1,1,1], c = alpha = beta = 1, GRID
 * x GRID starts on [-3,3]^2, one core, all in one run, so that the ratios hold on a noisy machine.
 *
 *   settle referee     BDF, projection on the first integral, ending with evidence
 *   plain CVODE loop   BDF with the analytic Jacobian at the same tolerances, until |f| < SMALL
 *   plain GSL loop     rk8pd at the same tolerances, until |f| < SMALL
 *   prediction         the clock polynomial's next root in double-double balls
 *
 * The plain loops are what one would write without this program; their "converged" is a small
 * derivative, so the table also counts the starts where their last state is not within 1e-7 of the
 * true limit. */
#include "linear/registry.h"
#include "ode/trajectory.h"

#include <cvode/cvode.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <time.h>

enum { GRID = 40, DIM = 2 };
static const double SIDE = 3, SMALL = 1e-10, FAR = 1e6;
static const double CLOSE =
    1e-7; /* one start lies on the leaf of the double root, known to sqrt(eps) */

struct contender {
    const char *name;
    /* The limit that is claimed for the start x[DIM]. */
    void (*limit)(const struct flow *flow, const struct problem *problem, double *x);
};

static double size_of_field(const struct flow *flow, const double *x)
{
    double f[DIM];
    return flow->field(flow, 1, x, f) == OK ? hypot(f[0], f[1]) : INFINITY;
}

static void by_referee(const struct flow *flow, const struct problem *problem, double *x)
{
    (void)problem;
    const struct plan plan = plan_defaults();
    struct outcome *outcome = outcome_create(flow);
    if (outcome && trajectory_run(flow, &plan, x, outcome) == OK)
        for (size_t i = 0; i < DIM; i++)
            x[i] = outcome->limit[i];
    outcome_free(outcome);
}

static int cvode_rhs(realtype t, N_Vector x, N_Vector dx, void *user)
{
    (void)t;
    const struct flow *flow = user;
    return flow->field(flow, 1, N_VGetArrayPointer(x), N_VGetArrayPointer(dx)) == OK ? 0 : -1;
}

/* CVODE's signature.  NOLINTNEXTLINE(readability-function-size) */
static int cvode_jacobian(realtype t, N_Vector x, N_Vector fx, SUNMatrix J, void *user, N_Vector a,
                          N_Vector b, N_Vector c)
{
    (void)t, (void)fx, (void)a, (void)b, (void)c;
    const struct flow *flow = user;
    double rows[DIM * DIM];
    if (flow->jacobian(flow, N_VGetArrayPointer(x), rows) != OK)
        return -1;
    for (int i = 0; i < DIM; i++)
        for (int j = 0; j < DIM; j++)
            SM_ELEMENT_D(J, i, j) = rows[i * DIM + j];
    return 0;
}

static void by_cvode(const struct flow *flow, const struct problem *problem, double *x)
{
    (void)problem;
    const struct plan plan = plan_defaults();
    SUNContext context;
    SUNContext_Create(NULL, &context);
    N_Vector state = N_VMake_Serial(DIM, x, context);
    SUNMatrix matrix = SUNDenseMatrix(DIM, DIM, context);
    SUNLinearSolver solver = SUNLinSol_Dense(state, matrix, context);
    void *cvode = CVodeCreate(CV_BDF, context);
    CVodeInit(cvode, cvode_rhs, 0, state);
    CVodeSStolerances(cvode, plan.rtol, plan.atol);
    CVodeSetUserData(cvode, (void *)flow);
    CVodeSetLinearSolver(cvode, solver, matrix);
    CVodeSetJacFn(cvode, cvode_jacobian);
    for (double t = 0; t < FAR && size_of_field(flow, x) > SMALL;)
        if (CVode(cvode, FAR, state, &t, CV_ONE_STEP) < 0)
            break;
    CVodeFree(&cvode);
    SUNLinSolFree(solver);
    SUNMatDestroy(matrix);
    N_VDestroy(state);
    SUNContext_Free(&context);
}

static int gsl_rhs(double t, const double x[], double dx[], void *user)
{
    (void)t;
    const struct flow *flow = user;
    return flow->field(flow, 1, x, dx) == OK ? 0 : -1;
}

static void by_gsl(const struct flow *flow, const struct problem *problem, double *x)
{
    enum { STEPS_MOST = 100000 };
    (void)problem;
    const struct plan plan = plan_defaults();
    gsl_odeiv2_system system = {.function = gsl_rhs, .dimension = DIM, .params = (void *)flow};
    gsl_odeiv2_driver *driver =
        gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rk8pd, 1e-3, plan.atol, plan.rtol);
    double t = 0, h = 1e-3;
    for (int i = 0; i < STEPS_MOST && size_of_field(flow, x) > SMALL; i++)
        if (gsl_odeiv2_evolve_apply(driver->e, driver->c, driver->s, &system, &t, FAR, &h, x))
            break;
    gsl_odeiv2_driver_free(driver);
}

static void by_prediction(const struct flow *flow, const struct problem *problem, double *x)
{
    (void)flow;
    double limit[DIM] = {NAN, NAN};
    struct prediction prediction;
    if (problem_predict(problem, x, limit, &prediction) != OK)
        fprintf(stderr, "%s\n", status_message());
    x[0] = limit[0];
    x[1] = limit[1];
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Time of all starts; *wrong counts limits that are not within CLOSE of truth[][DIM] (NULL: none
 * known). */
static double run(const struct contender *contender, const struct flow *flow,
                  const struct problem *problem, double (*limit)[DIM], double (*truth)[DIM],
                  size_t *wrong)
{
    const double start = seconds_now();
    for (size_t i = 0; i < GRID * GRID; i++) {
        const size_t row = i / GRID;
        limit[i][0] = SIDE * (2 * (double)(i % GRID) / (GRID - 1) - 1);
        limit[i][1] = SIDE * (2 * (double)row / (GRID - 1) - 1);
        contender->limit(flow, problem, limit[i]);
    }
    const double seconds = seconds_now() - start;
    *wrong = 0;
    for (size_t i = 0; truth && i < GRID * GRID; i++)
        *wrong += !(hypot(limit[i][0] - truth[i][0], limit[i][1] - truth[i][1]) <= CLOSE);
    return seconds;
}

int main(void)
{
    static const struct contender contenders[] = {{"prediction", by_prediction},
                                                  {"settle referee", by_referee},
                                                  {"plain CVODE loop", by_cvode},
                                                  {"plain GSL loop", by_gsl}};
    static double truth[GRID * GRID][DIM], limit[GRID * GRID][DIM];
    const struct problem problem = problem_defaults(&system_chain, &rule_rbp);
    struct flow *flow;
    size_t wrong;
    if (problem_flow(&problem, &flow) != OK) {
        fprintf(stderr, "%s\n", status_message());
        return EXIT_FAILURE;
    }
    run(&contenders[0], flow, &problem, truth, NULL, &wrong);
    const double unit = run(&contenders[1], flow, &problem, limit, truth, &wrong);
    printf("A[1,1,1], %d starts on [-3,3]^2, rtol 1e-10, atol 1e-12\n", GRID * GRID);
    printf("%-18s %14s %14s %20s\n", "", "us/trajectory", "time/referee", "limits off by > 1e-7");
    for (size_t k = 0; k < sizeof contenders / sizeof *contenders; k++) {
        const double seconds = run(&contenders[k], flow, &problem, limit, truth, &wrong);
        printf("%-18s %14.1f %14.2f %20zu\n", contenders[k].name, 1e6 * seconds / (GRID * GRID),
               seconds / unit, wrong);
    }
    flow_free(flow);
    return EXIT_SUCCESS;
}
