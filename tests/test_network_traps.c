/* Traps for matrix systems: saddles that symmetry reaches bit for bit, centers, slow skew rotation,
 * feedback without full rank, degenerate starts.
 *
 * Nothing here knows the answer of a random case beforehand, so `settled` is judged by what it
 * means.  The limit must be a zero of the field; no eigenvalue of the whole Jacobian there,
 * computed by another library call than the referee's, may have a positive real part; and
 * trajectories from starts moved by a random 1e-6 must come to the neighbourhood of the same limit,
 * which is false wherever the start lies in the stable manifold of a saddle.  Families whose starts
 * lie there by construction must not settle at all. */
#include "linear/matrix.h"
#include "linear/network.h"
#include "tests/chains.h"

enum { SEED = 1605, TRIALS = 60, DIM_MOST = FLOW_DENSE_MOST, STEPS_MOST = 20000 };

static const double RESIDUAL = 1e-9;  /* of the field at a limit, relative to its terms */
static const double NEUTRAL = 1e-6;   /* real part, relative to |J|: zeros of a continuum, which
                                         have nilpotent blocks, are known to sqrt(eps) only */
static const double MOVED = 1e-6;     /* of the start */
static const double NEIGHBOUR = 1e-2; /* of the limit: MOVED times the growth of a transient */

struct trap {
    struct problem problem;
    double start[DIM_MOST];
    size_t dim;
    bool never_settles; /* by construction */
};

static struct problem deep_of(const char *rule, size_t count, const size_t *sizes)
{
    struct problem problem = problem_defaults(&system_deep, registry_rule(rule));
    problem.size_count = count;
    memcpy(problem.sizes, sizes, count * sizeof *sizes);
    return problem;
}

static void finish(struct trap *trap)
{
    if (problem_dim(&trap->problem, &trap->dim) != OK)
        fail_msg("%s", status_message());
    assert_true(trap->dim <= DIM_MOST);
}

static void start_anywhere(struct stream *stream, struct trap *trap)
{
    finish(trap);
    for (size_t i = 0; i < trap->dim; i++)
        trap->start[i] = eighths(stream, 8);
}

/* ---- families ----------------------------------------------------------------------------- */

/* Diagonal modes under gradient descent, one of them zero in two layers: it never starts. */
static void trap_zero_mode(struct stream *stream, struct trap *trap)
{
    enum { N = 3 };
    const size_t layers = 2 + stream_below(stream, 2), dead = stream_below(stream, N);
    trap->problem = deep_of("bp", layers + 1, (size_t[]){N, N, N, N});
    trap->problem.sigma_ti.count = N * N;
    for (size_t k = 0; k < N; k++)
        trap->problem.sigma_ti.near[k * N + k] = 0.5 + (double)k;
    finish(trap);
    for (size_t i = 0; i < layers; i++)
        for (size_t k = 0; k < N; k++)
            trap->start[i * N * N + k * N + k] = k == dead ? 0 : 0.25 + 0.125 * (double)(k + i);
    trap->never_settles = true;
}

/* a = -c in every unit of an adaptive A[1,N,1]: the sum u = a + c stays zero, bit for bit. */
static void trap_adaptive_saddle(struct stream *stream, struct trap *trap)
{
    const size_t N = 1 + stream_below(stream, 3);
    trap->problem = deep_of(stream_below(stream, 2) ? "arbp" : "asrbp", 3, (size_t[]){1, N, 1});
    finish(trap);
    /* (v_0, D) must not lead to the global minimum on u = 0: |D|^2 < 4 rho suffices */
    double square = 0;
    for (size_t k = 0; k < N; k++) {
        const double a = eighths(stream, 8) + 0.0625, b = eighths(stream, 4) / 4;
        trap->start[k] = a;
        trap->start[N + k] = b;
        trap->start[2 * N + k] = -a;
        square += (a + b) * (a + b);
    }
    trap->never_settles = square < 4;
}

/* ARBP A[1,1,1,1] at rest on the center manifold a1 = c2 = 0, c1 a2 < 0, or near it. */
static void trap_center(struct stream *stream, struct trap *trap)
{
    trap->problem = deep_of("arbp", 4, (size_t[]){1, 1, 1, 1});
    finish(trap);
    const double a2 = 0.25 + fabs(eighths(stream, 8)),
                 size = ldexp(1, -4 * (int)stream_below(stream, 8));
    trap->start[1] = stream_below(stream, 2) ? a2 : -a2;
    trap->start[2] = eighths(stream, 4) / 8;
    trap->start[3] = trap->start[1] > 0 ? -0.5 : 0.5;
    trap->start[4] = stream_below(stream, 3) ? 0.0625 * size : 0;
    trap->never_settles = true;
}

/* Random feedback of any rank, any sizes. */
static void trap_low_rank(struct stream *stream, struct trap *trap)
{
    enum { WIDEST = 3 };
    const size_t sizes[] = {1 + stream_below(stream, WIDEST), 1 + stream_below(stream, WIDEST),
                            1 + stream_below(stream, WIDEST)};
    trap->problem = deep_of("rbp", sizeof sizes / sizeof *sizes, sizes);
    const size_t rows = sizes[1], columns = sizes[2], rank = stream_below(stream, 3);
    trap->problem.c_count = rows * columns;
    for (size_t r = 0; r < rank; r++) {
        double u[WIDEST], v[WIDEST];
        for (size_t i = 0; i < WIDEST; i++) {
            u[i] = eighths(stream, 8);
            v[i] = eighths(stream, 8);
        }
        for (size_t i = 0; i < WIDEST && i < rows; i++)
            for (size_t j = 0; j < WIDEST && j < columns; j++)
                trap->problem.c[i * columns + j] += u[i] * v[j];
    }
    start_anywhere(stream, trap);
}

/* A_2 C_1 near a rotation: eigenvalues -(s^2 + nu) that turn faster than they fall. */
static void trap_skew(struct stream *stream, struct trap *trap)
{
    enum { N = 2 };
    trap->problem = deep_of("rbp", 3, (size_t[]){N, N, N});
    trap->problem.c_count = N * N;
    const double turn = 1 + fabs(eighths(stream, 16)),
                 fall = ldexp(1, -2 - (int)stream_below(stream, 6));
    trap->problem.c[0] = trap->problem.c[3] = 1;
    finish(trap);
    const double A1[] = {fall, 0, 0, fall}, A2[] = {-fall * fall, turn, -turn, -fall * fall};
    memcpy(trap->start, A1, sizeof A1);
    memcpy(trap->start + N * N, A2, sizeof A2);
    for (size_t i = 0; i < 2 * N * N; i++)
        trap->start[i] += eighths(stream, 1) / 64;
}

/* The fold of two spectral modes, and its neighbours. */
static void trap_fold(struct stream *stream, struct trap *trap)
{
    trap->problem = deep_of("rbp", 3, (size_t[]){2, 2, 2});
    finish(trap);
    const double start[] = {-2, 0, 0, 1.2, 0.5, 0, 0, 0.6};
    memcpy(trap->start, start, sizeof start);
    if (stream_below(stream, 2) == 0) { /* just above the fold the mode passes, slowly */
        trap->start[4] += ldexp(1, -4 - (int)stream_below(stream, 10));
        return;
    }
    trap->never_settles = true;
}

/* Skipped adaptive chain on a_2 = -c_2: P -> 0 although the error stays. */
static void trap_diverging(struct stream *stream, struct trap *trap)
{
    trap->problem = deep_of("asrbp", 4, (size_t[]){1, 1, 1, 1});
    finish(trap);
    const double a2 = 0.25 + fabs(eighths(stream, 4));
    const double start[] = {a2, a2, -a2, a2, -a2};
    memcpy(trap->start, start, sizeof start);
    trap->never_settles = true;
}

/* Kolen and Pollack at the pitchfork, lambda = |alpha|: everything creeps to 0. */
static void trap_pitchfork(struct stream *stream, struct trap *trap)
{
    trap->problem = deep_of("kolen-pollack", 3, (size_t[]){1, 1, 1});
    trap->problem.lambda = 1;
    start_anywhere(stream, trap);
    trap->start[0] = trap->start[2] = 0.25 + fabs(trap->start[0]); /* off the stable plane u = 0 */
    trap->never_settles = true;
}

/* Kolen and Pollack on the unstable set a = -c, which steps keep only if they are symmetric, too:
 * the exact solution decays to 0, and the least error leads to the minimum. */
static void trap_unstable_set(struct stream *stream, struct trap *trap)
{
    const size_t N = 1 + stream_below(stream, 2);
    trap->problem = deep_of("kolen-pollack", 3, (size_t[]){1, N, 1});
    trap->problem.lambda = 0.125;
    finish(trap);
    for (size_t k = 0; k < N; k++) {
        const double a = eighths(stream, 4) + 0.0625;
        trap->start[k] = a;
        trap->start[N + k] = eighths(stream, 4) / 4;
        trap->start[2 * N + k] = -a;
    }
    trap->never_settles = true;
}

/* Wide and narrow networks under every rule from small dyadic starts. */
static void trap_any(struct stream *stream, struct trap *trap)
{
    static const char *const rules[] = {"bp",    "rbp",           "srbp", "arbp",
                                        "asrbp", "kolen-pollack", "pfa",  "noise-pretraining"};
    const size_t layers = 1 + stream_below(stream, 3);
    size_t sizes[4];
    for (size_t i = 0; i <= layers; i++)
        sizes[i] = 1 + stream_below(stream, 3);
    trap->problem = deep_of(rules[stream_below(stream, COUNT(rules))], layers + 1, sizes);
    if (trap->problem.rule->needs_decay)
        trap->problem.lambda = 0.125;
    start_anywhere(stream, trap);
    for (size_t i = 0; i < trap->dim; i++) /* a plateau first */
        trap->start[i] /= 16;
}

/* ---- the judge ---------------------------------------------------------------------------- */

static struct plan plan_of_traps(void)
{
    struct plan plan = plan_defaults();
    plan.steps_most = STEPS_MOST;
    return plan;
}

static void judge_spectrum(const struct flow *flow, const double *limit)
{
    double f[DIM_MOST], re[DIM_MOST];
    static double J[DIM_MOST * DIM_MOST];
    assert_int_equal(flow->field(flow, 1, limit, f), OK);
    if (!(matrix_norm(flow->dim, f) <= RESIDUAL * (1 + matrix_norm(flow->dim, limit))))
        fail_msg("%s: settled where |f| = %g", flow->title, matrix_norm(flow->dim, f));
    assert_int_equal(flow->jacobian(flow, limit, J), OK);
    assert_int_equal(matrix_eigenvalues(flow->dim, J, re, NULL), OK);
    if (!(re[0] <= NEUTRAL * matrix_norm(flow->dim * flow->dim, J)))
        fail_msg("%s: settled beside an eigenvalue %g", flow->title, re[0]);
}

/* Do moved starts come to the same place, too? */
static void judge_neighbours(struct stream *stream, const struct trap *trap,
                             const struct flow *flow, const double *limit)
{
    enum { NEIGHBOURS = 2 };
    const struct plan plan = plan_of_traps();
    for (int k = 0; k < NEIGHBOURS; k++) {
        double x[DIM_MOST];
        for (size_t i = 0; i < trap->dim; i++)
            x[i] = trap->start[i] + MOVED * stream_normal(stream);
        struct outcome *outcome = outcome_of(flow, &plan, x);
        const double *end = outcome->has_limit ? outcome->limit : outcome->last;
        const double off = matrix_distance(trap->dim, end, limit);
        if (outcome->ending != ENDING_FAILED &&
            !(off <= NEIGHBOUR * (1 + matrix_norm(trap->dim, limit))))
            fail_msg("%s: settled, but a start %g away ends (%s) %g away", flow->title, MOVED,
                     ending_name(outcome->ending), off);
        outcome_free(outcome);
    }
}

static size_t counts[ENDING_COUNT];
static size_t judged; /* trials in which `settled` came up, or must not */

static void run_trap(uint64_t key, uint64_t t, void (*make)(struct stream *, struct trap *))
{
    struct stream stream = stream_at(SEED, key, t);
    struct trap trap = {.never_settles = false};
    make(&stream, &trap);
    struct flow *flow = flow_of(&trap.problem);
    const struct plan plan = plan_of_traps();
    struct outcome *outcome = outcome_of(flow, &plan, trap.start);
    counts[outcome->ending]++;
    judged += trap.never_settles || outcome->ending == ENDING_SETTLED;
    if (outcome->ending == ENDING_SETTLED) {
        if (trap.never_settles)
            fail_msg("%s, trial %u: settled where nothing can", flow->title, (unsigned)t);
        judge_spectrum(flow, outcome->limit);
        judge_neighbours(&stream, &trap, flow, outcome->limit);
    }
    outcome_free(outcome);
    flow_free(flow);
}

static void run_family(const char *name, void (*make)(struct stream *, struct trap *))
{
    memset(counts, 0, sizeof counts);
    judged = 0;
    for (uint64_t t = 0; t < TRIALS; t++)
        run_trap(stream_key(name), t, make);
    char text[256] = "";
    for (int k = 0; k < ENDING_COUNT; k++)
        if (counts[k])
            snprintf(text + strlen(text), sizeof text - strlen(text), " %s %zu",
                     ending_name((enum ending)k), counts[k]);
    print_message("# %s:%s\n", name, text);
    assert_true(judged >= TRIALS / 10);
}

#define FAMILY(name)                                                                               \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        run_family(#name, trap_##name);                                                            \
    }
FAMILY(zero_mode)
FAMILY(adaptive_saddle)
FAMILY(center)
FAMILY(low_rank)
FAMILY(skew)
FAMILY(fold)
FAMILY(diverging)
FAMILY(pitchfork)
FAMILY(unstable_set)
FAMILY(any)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zero_mode),    cmocka_unit_test(adaptive_saddle),
        cmocka_unit_test(center),       cmocka_unit_test(low_rank),
        cmocka_unit_test(skew),         cmocka_unit_test(fold),
        cmocka_unit_test(diverging),    cmocka_unit_test(pitchfork),
        cmocka_unit_test(unstable_set), cmocka_unit_test(any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
