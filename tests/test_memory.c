/* Every allocation fails once: a flow, a prediction and a run answer NO_MEMORY, or come through;
 * they never crash, and give back what they took.
 *
 * The linker (--wrap) sends the calls that our own objects make to the functions below, which count
 * them and return nothing when it is their turn.  So the calls *of* GSL and SUNDIALS fail, but not
 * the allocations inside them: SUNDIALS 6.4 does not survive those itself. */
#include "networks/learning.h"
#include "networks/training.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "ode/basin_refine.h"
#include "ode/basin_statistics.h"
#include "ode/sweep.h"
#include "tests/chains.h"
#include "tests/model_flows.h"

#include <cvode/cvode.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_odeiv2.h>
#include <gsl/gsl_permutation.h>
#include <nvector/nvector_serial.h>
#include <stdlib.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

static long fails_at;      /* this allocation fails, counted from 1; 0: none */
static bool fails_onwards; /* and all that follow */
static long allocations;   /* since the last start */
static long live;          /* our blocks not given back */

static bool fails_now(void)
{
    allocations++;
    return fails_at > 0 && (fails_onwards ? allocations >= fails_at : allocations == fails_at);
}

/* A function that makes an object, NULL when it fails.  NOLINTBEGIN(bugprone-macro-parentheses) */
#define WRAP(type, name, parameters, arguments)                                                    \
    type *__real_##name parameters;                                                                \
    type *__wrap_##name parameters;                                                                \
    type *__wrap_##name parameters                                                                 \
    {                                                                                              \
        return fails_now() ? NULL : __real_##name arguments;                                       \
    }

WRAP(gsl_integration_workspace, gsl_integration_workspace_alloc, (size_t n), (n))
WRAP(gsl_eigen_nonsymm_workspace, gsl_eigen_nonsymm_alloc, (size_t n), (n))
WRAP(gsl_vector_complex, gsl_vector_complex_alloc, (size_t n), (n))
WRAP(gsl_eigen_nonsymmv_workspace, gsl_eigen_nonsymmv_alloc, (size_t n), (n))
WRAP(gsl_matrix_complex, gsl_matrix_complex_alloc, (size_t rows, size_t columns), (rows, columns))
WRAP(gsl_permutation, gsl_permutation_alloc, (size_t n), (n))
WRAP(gsl_vector, gsl_vector_alloc, (size_t n), (n))
WRAP(gsl_odeiv2_step, gsl_odeiv2_step_alloc, (const gsl_odeiv2_step_type *type, size_t dim),
     (type, dim))
WRAP(gsl_odeiv2_control, gsl_odeiv2_control_y_new, (double atol, double rtol), (atol, rtol))
WRAP(gsl_odeiv2_evolve, gsl_odeiv2_evolve_alloc, (size_t dim), (dim))
WRAP(void, CVodeCreate, (int method, SUNContext context), (method, context))
WRAP(struct _generic_N_Vector, N_VNew_Serial, (sunindextype n, SUNContext context), (n, context))
WRAP(struct _generic_SUNMatrix, SUNDenseMatrix,
     (sunindextype m, sunindextype n, SUNContext context), (m, n, context))
WRAP(struct _generic_SUNLinearSolver, SUNLinSol_Dense,
     (N_Vector x, SUNMatrix A, SUNContext context), (x, A, context))

WRAP(struct _generic_SUNLinearSolver, SUNLinSol_SPGMR,
     (N_Vector x, int side, int vectors, SUNContext context), (x, side, vectors, context))
WRAP(struct _generic_SUNNonlinearSolver, SUNNonlinSol_FixedPoint,
     (N_Vector x, int vectors, SUNContext context), (x, vectors, context))

int __real_SUNContext_Create(void *comm, SUNContext *context);
int __wrap_SUNContext_Create(void *comm, SUNContext *context);
int __wrap_SUNContext_Create(void *comm, SUNContext *context)
{
    return fails_now() ? -1 : __real_SUNContext_Create(comm, context);
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    void *block = fails_now() ? NULL : __real_calloc(count, size);
    live += block != NULL;
    return block;
}

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    void *block = fails_now() ? NULL : __real_malloc(size);
    live += block != NULL;
    return block;
}

void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    void *block = fails_now() ? NULL : __real_aligned_alloc(alignment, size);
    live += block != NULL;
    return block;
}

void __real_free(void *block);
void __wrap_free(void *block);
void __wrap_free(void *block)
{
    live -= block != NULL;
    __real_free(block);
}

/* NOLINTEND(bugprone-macro-parentheses) */

/* ---- what is tried ------------------------------------------------------------------------ */

enum { ALLOCATIONS_MOST = 2500 }; /* of one call; vectors of a Krylov space are one each */

static const double settling[3] = {0.5, 0.5, 0.5}, escaping[3] = {1, 0.5, 0.125};

static enum status make_flow(void)
{
    const struct problem problem = chain_of("srbp", 3);
    struct flow *flow = NULL;
    const enum status status = problem_flow(&problem, &flow);
    flow_free(flow);
    return status;
}

static enum status make_polynomial(void)
{
    const struct problem problem = polynomial_of(LIST(1, 2.385));
    struct flow *flow = NULL;
    const enum status status = problem_flow(&problem, &flow);
    flow_free(flow);
    return status;
}

static enum status predict(void)
{
    const struct problem problem = chain_of("srbp", 3);
    struct prediction prediction;
    double limit[3];
    return problem_predict(&problem, settling, limit, &prediction);
}

/* The time of a blow-up takes a quadrature with a workspace. */
static enum status predict_escape(void)
{
    struct problem problem = chain_of("srbp", 3);
    struct prediction prediction;
    double limit[3];
    problem.alpha = 0;
    problem.beta = -1;
    return problem_predict(&problem, escaping, limit, &prediction);
}

static enum status run(const struct problem *problem, enum method method, const double *start)
{
    struct flow *flow = NULL;
    TRY(problem_flow(problem, &flow));
    struct outcome *outcome = outcome_create(flow);
    enum status status = NO_MEMORY;
    if (outcome) {
        struct plan plan = plan_defaults();
        plan.method = method;
        status = trajectory_run(flow, &plan, start, outcome);
    }
    outcome_free(outcome);
    flow_free(flow);
    return status;
}

static enum status run_bdf(void)
{
    const struct problem problem = chain_of("srbp", 3);
    return run(&problem, METHOD_BDF, settling);
}

static enum status run_adams(void)
{
    const struct problem problem = chain_of("srbp", 3);
    return run(&problem, METHOD_ADAMS, settling);
}

static enum status run_rk8pd(void)
{
    const struct problem problem = chain_of("srbp", 3);
    return run(&problem, METHOD_RK8PD, settling);
}

/* With decay the spectrum has more than one entry: GSL's eigenvalue workspace. */
static enum status run_spectrum(void)
{
    struct problem problem = chain_of("rbp", 2);
    problem.lambda = 0.125;
    return run(&problem, METHOD_BDF, settling);
}

static enum status run_escape(void)
{
    struct problem problem = chain_of("srbp", 3);
    problem.alpha = 0;
    problem.beta = -1;
    return run(&problem, METHOD_BDF, escaping);
}

/* y' = x - y, x' = 0 and w' = w: a plane of saddles, of which w = 0 is the stable manifold. */
static void plane(const double *x, double *f, double *J)
{
    f[0] = 0;
    f[1] = x[0] - x[1];
    f[2] = x[2];
    J[3] = 1;
    J[4] = -1;
    J[8] = 1;
}

static const struct model plane_model = {.dim = 3, .at = plane};

static enum status run_flow(const struct flow *flow, enum method method)
{
    struct outcome *outcome = outcome_create(flow);
    enum status status = NO_MEMORY;
    if (outcome) {
        struct plan plan = plan_defaults();
        plan.method = method;
        plan.horizon = 100;
        status = trajectory_run(flow, &plan, (double[]){0.5, 0.5 + 1e-3, 0}, outcome);
    }
    outcome_free(outcome);
    return status;
}

static enum status run_manifold(void)
{
    const struct flow flow = model_flow(&plane_model);
    return run_flow(&flow, METHOD_BDF);
}

static enum status run_large_bdf(void)
{
    struct flow flow = model_flow(&plane_model);
    flow.jacobian = NULL;
    return run_flow(&flow, METHOD_BDF);
}

static enum status run_large_adams(void)
{
    struct flow flow = model_flow(&plane_model);
    flow.jacobian = NULL;
    return run_flow(&flow, METHOD_ADAMS);
}

/* x' = -sgn g, y' = 1 - y, w' = -w with g = x + y^2/8: slides on g = 0 to rest. */
static signed char slide_side[1];

static enum status slide_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    (void)n;
    dx[0] = -flow->side[0];
    dx[1] = 1 - x[1];
    dx[2] = -x[2];
    return OK;
}

static enum status slide_jacobian(const struct flow *flow, const double *x, double *J)
{
    (void)x;
    memset(J, 0, flow->dim * flow->dim * sizeof *J);
    J[4] = J[8] = -1;
    return OK;
}

static void slide_switching(const struct flow *flow, const double *x, double *g)
{
    (void)flow;
    g[0] = x[0] + x[1] * x[1] / 8;
}

static enum status run_sliding(enum method method)
{
    const struct flow flow = {.dim = 3,
                              .title = "sliding",
                              .names = model_names,
                              .field = slide_field,
                              .jacobian = slide_jacobian,
                              .switches = 1,
                              .switching = slide_switching,
                              .side = slide_side};
    return run_flow(&flow, method);
}

static enum status run_sliding_bdf(void)
{
    return run_sliding(METHOD_BDF);
}

static enum status run_sliding_rk8pd(void)
{
    return run_sliding(METHOD_RK8PD);
}

/* An odd power below 2: its run is in a chart. */
static struct problem charted(void)
{
    struct problem problem = problem_defaults(&system_nonlinear_chain, &rule_rbp);
    problem.neuron_count = 1;
    problem.neurons[0] = (struct neurons){&activation_odd_power, 1.5};
    return problem;
}

static enum status make_activations(void)
{
    const struct problem problem = charted();
    struct flow *flow = NULL;
    const enum status status = problem_flow(&problem, &flow);
    flow_free(flow);
    return status;
}

static enum status run_charted(void)
{
    const struct problem problem = charted();
    return run(&problem, METHOD_BDF, settling);
}

static enum status label_disc(void *context, size_t count, const double *point, uint16_t *label)
{
    (void)context;
    for (size_t k = 0; k < count; k++)
        label[k] = point[2 * k] * point[2 * k] + point[2 * k + 1] * point[2 * k + 1] < 0.5;
    return OK;
}

static const struct basin_labeller disc = {.label = label_disc};

static enum status refine_basin(void)
{
    static const uint16_t label[4] = {1, 0, 0, 0};
    const struct basin_refine_plan plan = {.axes = 2,
                                           .size = {2, 2, 1},
                                           .window = {0, 1, 0, 1},
                                           .label = label,
                                           .classes = 2,
                                           .depth = 7,
                                           .batch = 100};
    struct basin_refine *refine = NULL;
    const enum status status = basin_refine_create(&plan, &disc, &refine);
    basin_refine_free(refine);
    return status;
}

static enum status sum_basin(void)
{
    const struct basin_lattice lattice = {.axes = 2, .size = {9, 9, 1}, .classes = 2};
    struct basin_statistics *statistics = NULL;
    const enum status status = basin_statistics_create(&lattice, 0.5, &statistics);
    basin_statistics_free(statistics);
    return status;
}

static enum status sample_basin(void)
{
    const struct basin_probe probe = {.axes = 2,
                                      .window = {0, 1, 0, 1},
                                      .scales = 2,
                                      .eps_low = 0.1,
                                      .eps_high = 0.2,
                                      .starts = 3,
                                      .batch = 2,
                                      .confidence = 0.5};
    struct basin_exponent decided, with_all;
    return basin_exponent_sample(&probe, &disc, &decided, &with_all);
}

static enum status sweep_flow(void *context, struct flow **flow)
{
    return problem_flow(context, flow);
}

static void sweep_start(const void *context, size_t k, double *x0)
{
    (void)context;
    x0[0] = 0.5 + (double)k;
    x0[1] = 0.7;
}

static enum status sweep_result(void *context, size_t k, const double *x0,
                                const struct sweep_result *result)
{
    (void)context, (void)k, (void)x0;
    return result->ending == ENDING_SETTLED ? OK
                                            : status_fail(BAD_ARGUMENT, "%zu is not settled", k);
}

/* With decay the leaf is no curve, and the referee has them all. */
static enum status sweep_chain(double lambda)
{
    struct problem problem = chain_of("rbp", 2);
    struct sweep_plan plan = sweep_plan_defaults();
    const struct sweep_task task = {.count = 3,
                                    .flow = sweep_flow,
                                    .start = sweep_start,
                                    .result = sweep_result,
                                    .context = &problem};
    problem.lambda = lambda;
    plan.threads = 1; /* the counters are not shared */
    plan.lanes = 2;
    return sweep_run(&plan, &task, NULL);
}

static enum status sweep_curves(void)
{
    return sweep_chain(0);
}

static enum status sweep_others(void)
{
    static const double LAMBDA = 0.1;
    return sweep_chain(LAMBDA);
}

/* Product feedback has memory of its own; momentum has, too. */
static enum status train(void)
{
    static float input[] = {1, -2, 0.5F, 2.385F}, target[] = {1, 0, 0, 1};
    const struct dataset data = {
        .count = 2, .inputs = 2, .outputs = 2, .input = input, .target = target};
    struct training_plan plan = training_defaults(&learning_pfa);
    struct training *training = NULL;
    struct training_record record;
    plan.learner.layers = 3;
    for (size_t l = 0; l <= plan.learner.layers; l++)
        plan.learner.sizes[l] = 2;
    plan.momentum = 0.5;
    TRY(training_create(&plan, &data, NULL, &training));
    const enum status status = training_epoch(training, NULL);
    training_measure(training, &record);
    training_free(training);
    return status;
}

struct attempt {
    const char *name;
    enum status (*call)(void);
    long least; /* allocations it makes at least */
};
static const struct attempt attempts[] = {
    {"basin_exponent_sample", sample_basin, 2},
    {"basin_refine_create", refine_basin, 22},
    {"basin_statistics_create", sum_basin, 3},
    {"problem_flow, chain", make_flow, 1},
    {"problem_flow, activations", make_activations, 2},
    {"problem_flow, polynomial", make_polynomial, 1},
    {"sweep_run, curves", sweep_curves, 10},
    {"sweep_run, others", sweep_others, 10},
    {"problem_predict", predict, 1},
    {"problem_predict, escape", predict_escape, 2},
    {"training_create", train, 15},
    {"trajectory_run, bdf", run_bdf, 11},
    {"trajectory_run, adams", run_adams, 11},
    {"trajectory_run, rk8pd", run_rk8pd, 9},
    {"trajectory_run, chart", run_charted, 13},
    {"trajectory_run, decay", run_spectrum, 13},
    {"trajectory_run, escape", run_escape, 11},
    {"trajectory_run, manifold", run_manifold, 20},
    {"trajectory_run, large, bdf", run_large_bdf, 20},
    {"trajectory_run, large, adams", run_large_adams, 20},
    {"trajectory_run, sliding, bdf", run_sliding_bdf, 40},
    {"trajectory_run, sliding, rk8pd", run_sliding_rk8pd, 40},
};

/* One call with the k-th allocation failing; returns how many it made. */
static long try_once(const struct attempt *attempt, long k, bool onwards)
{
    const long before = live;
    allocations = 0;
    fails_onwards = onwards;
    fails_at = k;
    const enum status status = attempt->call();
    fails_at = 0;
    const long made = allocations, lost = live - before;
    if (status != OK && status != NO_MEMORY)
        fail_msg("%s, allocation %ld: %s (%s)", attempt->name, k, status_sentence(status),
                 status_message());
    if (k == 0)
        assert_int_equal(status, OK);
    if (lost != 0)
        fail_msg("%s, allocation %ld: %ld blocks not given back", attempt->name, k, lost);
    if (status == NO_MEMORY && strlen(status_message()) == 0)
        fail_msg("%s, allocation %ld: no message", attempt->name, k);
    return made;
}

static void try_all(bool onwards)
{
    for (size_t i = 0; i < COUNT(attempts); i++) {
        const long made = try_once(&attempts[i], 0, onwards);
        if (made < attempts[i].least || made > ALLOCATIONS_MOST)
            fail_msg("%s: %ld allocations, not %ld to %d", attempts[i].name, made,
                     attempts[i].least, ALLOCATIONS_MOST);
        for (long k = 1; k <= made; k++)
            try_once(&attempts[i], k, onwards);
    }
}

static void one_failing_allocation_is_survived(void **state)
{
    (void)state;
    try_all(false);
}

static void no_memory_from_some_point_on_is_survived(void **state)
{
    (void)state;
    try_all(true);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    flow_free(NULL);
    outcome_free(NULL);
    training_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_failing_allocation_is_survived),
        cmocka_unit_test(no_memory_from_some_point_on_is_survived),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
