/* Networks where stopping rules go wrong; the judge has no theory of them.
 *
 * The families are those of notes/networks.md and notes/adaptive.md where a symmetry, a center or a
 * missing rank leads a trajectory to a point that does not attract. */
#include "selftest/selftest_networks.h"

#include "linear/matrix.h"
#include "linear/network.h"
#include "linear/registry.h"
#include "selftest/selftest_chains.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { SEED = 1605, TRIALS = 6, STEPS_MOST = 20000, NEIGHBOURS = 2 };

static const double MOVED = 1e-6;     /* of the start */
static const double NEIGHBOUR = 1e-2; /* of the limit: MOVED times the growth of a transient */

static struct problem deep_of(const char *rule, size_t count, const size_t *sizes)
{
    struct problem problem = problem_defaults(&system_deep, registry_rule(rule));
    problem.size_count = count;
    memcpy(problem.sizes, sizes, count * sizeof *sizes);
    return problem;
}

/* The families state problems that are whole. */
static void finish(struct selftest_network *network)
{
    const enum status status = problem_dim(&network->problem, &network->dim);
    assert(status == OK && network->dim <= SELFTEST_DIM_MOST);
    (void)status;
}

static void start_anywhere(struct stream *stream, struct selftest_network *network)
{
    enum { MOST = 8 };
    finish(network);
    for (size_t i = 0; i < network->dim; i++)
        network->start[i] = selftest_chains_eighths(stream, MOST);
}

/* ---- families ---- */

/* Diagonal modes under gradient descent, one of them zero in two layers: it never starts. */
static void draw_zero_mode(struct stream *stream, struct selftest_network *network)
{
    enum { N = 3 };
    const size_t layers = 2 + stream_below(stream, 2), dead = stream_below(stream, N);
    network->problem = deep_of("bp", layers + 1, (size_t[]){N, N, N, N});
    network->problem.sigma_ti.count = N * N;
    for (size_t k = 0; k < N; k++)
        network->problem.sigma_ti.near[k * N + k] = 0.5 + (double)k;
    finish(network);
    for (size_t i = 0; i < layers; i++)
        for (size_t k = 0; k < N; k++)
            network->start[i * N * N + k * N + k] = k == dead ? 0 : 0.25 + 0.125 * (double)(k + i);
    network->never_settles = true;
}

/* The same with a small mode in the place of the dead one: it passes a saddle and grows. */
static void draw_near_saddle(struct stream *stream, struct selftest_network *network)
{
    enum { N = 3, LARGEST = 4, SIZES = 32 };
    draw_zero_mode(stream, network);
    const double size = ldexp(1, -LARGEST - (int)stream_below(stream, SIZES));
    for (size_t layer = 0; layer < network->dim; layer += N * N)
        for (size_t i = layer; i < layer + N * N; i += N + 1) /* the diagonal */
            if (network->start[i] == 0)
                network->start[i] = size;
    network->never_settles = false;
    network->never_rests = true;
}

/* a = -c in every unit of an adaptive A[1,N,1]: the sum u = a + c stays zero, bit for bit. */
static void draw_adaptive_saddle(struct stream *stream, struct selftest_network *network)
{
    const size_t N = 1 + stream_below(stream, 3);
    network->problem = deep_of(stream_below(stream, 2) ? "arbp" : "asrbp", 3, (size_t[]){1, N, 1});
    finish(network);
    /* (v_0, D) must not lead to the global minimum on u = 0: |D|^2 < 4 rho suffices */
    double square = 0;
    for (size_t k = 0; k < N; k++) {
        const double a = selftest_chains_eighths(stream, 8) + 0.0625,
                     b = selftest_chains_eighths(stream, 4) / 4;
        network->start[k] = a;
        network->start[N + k] = b;
        network->start[2 * N + k] = -a;
        square += (a + b) * (a + b);
    }
    network->never_settles = square < 4;
}

/* ARBP A[1,1,1,1] at rest on the center manifold a1 = c2 = 0, c1 a2 < 0, or near it. */
static void draw_center(struct stream *stream, struct selftest_network *network)
{
    network->problem = deep_of("arbp", 4, (size_t[]){1, 1, 1, 1});
    finish(network);
    const double a2 = 0.25 + fabs(selftest_chains_eighths(stream, 8)),
                 size = ldexp(1, -4 * (int)stream_below(stream, 8));
    network->start[1] = stream_below(stream, 2) ? a2 : -a2;
    network->start[2] = selftest_chains_eighths(stream, 4) / 8;
    network->start[3] = network->start[1] > 0 ? -0.5 : 0.5;
    network->start[4] = stream_below(stream, 3) ? 0.0625 * size : 0;
    network->never_settles = true;
}

/* Random feedback of any rank, any sizes. */
static void draw_low_rank(struct stream *stream, struct selftest_network *network)
{
    enum { WIDEST = 3 };
    const size_t sizes[] = {1 + stream_below(stream, WIDEST), 1 + stream_below(stream, WIDEST),
                            1 + stream_below(stream, WIDEST)};
    network->problem = deep_of("rbp", sizeof sizes / sizeof *sizes, sizes);
    const size_t rows = sizes[1], columns = sizes[2], rank = stream_below(stream, 3);
    network->problem.c_count = rows * columns;
    for (size_t r = 0; r < rank; r++) {
        double u[WIDEST], v[WIDEST];
        for (size_t i = 0; i < WIDEST; i++) {
            u[i] = selftest_chains_eighths(stream, 8);
            v[i] = selftest_chains_eighths(stream, 8);
        }
        for (size_t i = 0; i < WIDEST && i < rows; i++)
            for (size_t j = 0; j < WIDEST && j < columns; j++)
                network->problem.c[i * columns + j] += u[i] * v[j];
    }
    start_anywhere(stream, network);
}

/* A_2 C_1 near a rotation: eigenvalues -(s^2 + nu) that turn faster than they fall. */
static void draw_skew(struct stream *stream, struct selftest_network *network)
{
    enum { N = 2 };
    network->problem = deep_of("rbp", 3, (size_t[]){N, N, N});
    network->problem.c_count = N * N;
    const double turn = 1 + fabs(selftest_chains_eighths(stream, 16)),
                 fall = ldexp(1, -2 - (int)stream_below(stream, 6));
    network->problem.c[0] = network->problem.c[3] = 1;
    finish(network);
    const double A1[] = {fall, 0, 0, fall}, A2[] = {-fall * fall, turn, -turn, -fall * fall};
    memcpy(network->start, A1, sizeof A1);
    memcpy(network->start + N * N, A2, sizeof A2);
    for (size_t i = 0; i < 2 * N * N; i++)
        network->start[i] += selftest_chains_eighths(stream, 1) / 64;
}

/* The fold of two spectral modes, and its neighbours. */
static void draw_fold(struct stream *stream, struct selftest_network *network)
{
    network->problem = deep_of("rbp", 3, (size_t[]){2, 2, 2});
    finish(network);
    const double start[] = {-2, 0, 0, 1.2, 0.5, 0, 0, 0.6};
    memcpy(network->start, start, sizeof start);
    if (stream_below(stream, 2) == 0) { /* just above the fold the mode passes, slowly */
        network->start[4] += ldexp(1, -4 - (int)stream_below(stream, 10));
        return;
    }
    network->never_settles = true;
}

/* Skipped adaptive chain on a_2 = -c_2: P -> 0 although the error stays. */
static void draw_diverging(struct stream *stream, struct selftest_network *network)
{
    network->problem = deep_of("asrbp", 4, (size_t[]){1, 1, 1, 1});
    finish(network);
    const double a2 = 0.25 + fabs(selftest_chains_eighths(stream, 4));
    const double start[] = {a2, a2, -a2, a2, -a2};
    memcpy(network->start, start, sizeof start);
    network->never_settles = true;
}

/* Kolen and Pollack at the pitchfork, lambda = |alpha|: everything creeps to 0. */
static void draw_pitchfork(struct stream *stream, struct selftest_network *network)
{
    network->problem = deep_of("kolen-pollack", 3, (size_t[]){1, 1, 1});
    network->problem.lambda = 1;
    start_anywhere(stream, network);
    network->start[0] = network->start[2] =
        0.25 + fabs(network->start[0]); /* off the stable plane u = 0 */
    network->never_settles = true;
}

/* Kolen and Pollack on the unstable set a = -c, which steps keep only if they are symmetric, too:
 * the exact solution decays to 0, and the least error leads to the minimum. */
static void draw_unstable_set(struct stream *stream, struct selftest_network *network)
{
    const size_t N = 1 + stream_below(stream, 2);
    network->problem = deep_of("kolen-pollack", 3, (size_t[]){1, N, 1});
    network->problem.lambda = 0.125;
    finish(network);
    for (size_t k = 0; k < N; k++) {
        const double a = selftest_chains_eighths(stream, 4) + 0.0625;
        network->start[k] = a;
        network->start[N + k] = selftest_chains_eighths(stream, 4) / 4;
        network->start[2 * N + k] = -a;
    }
    network->never_settles = true;
}

/* Wide and narrow networks under every rule from small dyadic starts. */
static void draw_any(struct stream *stream, struct selftest_network *network)
{
    static const char *const rules[] = {"bp",    "rbp",           "srbp", "arbp",
                                        "asrbp", "kolen-pollack", "pfa",  "noise-pretraining"};
    const size_t layers = 1 + stream_below(stream, 3);
    size_t sizes[4];
    for (size_t i = 0; i <= layers; i++)
        sizes[i] = 1 + stream_below(stream, 3);
    network->problem = deep_of(rules[stream_below(stream, COUNT(rules))], layers + 1, sizes);
    if (network->problem.rule->needs_decay)
        network->problem.lambda = 0.125;
    start_anywhere(stream, network);
    for (size_t i = 0; i < network->dim; i++) /* a plateau first */
        network->start[i] /= 16;
}

const struct selftest_networks_family selftest_networks_families[] = {
    {"zero_mode", draw_zero_mode},
    {"near_saddle", draw_near_saddle},
    {"adaptive_saddle", draw_adaptive_saddle},
    {"center", draw_center},
    {"low_rank", draw_low_rank},
    {"skew", draw_skew},
    {"fold", draw_fold},
    {"diverging", draw_diverging},
    {"pitchfork", draw_pitchfork},
    {"unstable_set", draw_unstable_set},
    {"any", draw_any},
    {NULL, NULL},
};

/* ---- the judge ---- */

static struct plan plan_of_traps(void)
{
    struct plan plan = plan_defaults();
    plan.steps_most = STEPS_MOST;
    return plan;
}

/* Does a moved start come to the same place, too? */
static enum status judge_neighbour(struct stream *stream, const struct selftest_network *network,
                                   const struct selftest_run *run, struct selftest_finding *finding)
{
    double x[SELFTEST_DIM_MOST];
    const double *limit = run->outcome->limit;
    const struct plan plan = plan_of_traps();
    for (size_t i = 0; i < network->dim; i++)
        x[i] = network->start[i] + MOVED * stream_normal(stream);
    struct selftest_run moved = {.flow = run->flow};
    const enum status status = selftest_run_again(&plan, x, &moved);
    if (status == OK && moved.outcome->ending != ENDING_FAILED) {
        const double *end = moved.outcome->has_limit ? moved.outcome->limit : moved.outcome->last;
        const double off = matrix_distance(network->dim, end, limit);
        if (!(off <= NEIGHBOUR * (1 + matrix_norm(network->dim, limit))))
            selftest_complain(finding,
                              "FALSE SETTLED: %s: a start %g away ends (%s) %g from the limit",
                              run->flow->title, MOVED, ending_name(moved.outcome->ending), off);
    }
    outcome_free(moved.outcome);
    return status;
}

static enum status judge(struct stream *stream, const struct selftest_network *network,
                         const struct selftest_run *run, struct selftest_finding *finding)
{
    selftest_run_record(run, finding);
    finding->judged =
        network->never_settles || network->never_rests || run->outcome->ending == ENDING_SETTLED;
    if (network->never_rests &&
        (run->outcome->ending == ENDING_SADDLE || run->outcome->ending == ENDING_CREEPING))
        selftest_complain(finding, "%s: %s at t = %g, beside a saddle that it passes",
                          run->flow->title, ending_name(run->outcome->ending), run->outcome->t);
    if (run->outcome->ending != ENDING_SETTLED)
        return OK;
    if (network->never_settles)
        selftest_complain(finding, "FALSE SETTLED: %s, where nothing can", run->flow->title);
    TRY(selftest_run_judge_spectrum(run, finding));
    for (int k = 0; k < NEIGHBOURS && !network->never_rests; k++) /* those pass elsewhere */
        TRY(judge_neighbour(stream, network, run, finding));
    return OK;
}

enum status selftest_networks_try(const struct selftest_networks_family *family, uint64_t t,
                                  struct selftest_finding *finding)
{
    struct stream stream = stream_at(SEED, stream_key(family->name), t);
    struct selftest_network network = {.never_settles = false};
    struct selftest_run run;
    const struct plan plan = plan_of_traps();
    family->make(&stream, &network);
    enum status status = selftest_run_make(&network.problem, &plan, network.start, &run);
    if (status == OK)
        status = judge(&stream, &network, &run, finding);
    selftest_run_free(&run);
    return status;
}

/* ---- the test ---- */

/* The families by turns: some take much longer than others. */
static enum status try_network(const void *context, uint64_t index,
                               struct selftest_finding *finding)
{
    const size_t families = *(const size_t *)context;
    return selftest_networks_try(&selftest_networks_families[index % families], index / families,
                                 finding);
}

static enum status run(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    size_t families = 0;
    char endings[SELFTEST_TEXT_MAX];
    while (selftest_networks_families[families].name)
        families++;
    const struct selftest_work work = {.count = families * selftest_trials(plan, TRIALS),
                                       .one = try_network,
                                       .context = &families};
    TRY(selftest_try(plan, &work, tally));
    if (tally->judged < tally->tried / 2)
        selftest_blame(tally, "only %zu of %zu could be judged", tally->judged, tally->tried);
    selftest_tell(tally, "%zu judged, none false: %s", tally->judged,
                  selftest_endings(tally, sizeof endings, endings));
    return OK;
}

const struct selftest selftest_networks = {
    .name = "networks",
    .title = "matrix systems at saddles, centers, folds, continua; neighbours must agree",
    .run = run,
};
