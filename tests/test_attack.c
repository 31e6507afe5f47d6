/* Starts beside the stable manifold of a saddle, where an exact law says which side is right.
 *
 * Under weight decay lambda, with rates equal, the sum u = x + y of two weights that drive each
 * other (bp: a1 and a2; one adaptive layer: a1 and c1) obeys u' = (e - lambda) u, so u never
 * changes sign; so does the difference.  With alpha > lambda > 0 the limits are x = y =
 * +-sqrt((alpha - lambda)/beta), so the sign of u at the start is the sign of the limit, however
 * small u is; only u = 0 ends at the saddle 0.  A matrix whose factors are diagonal in rotated
 * coordinates obeys the same mode by mode. A run may say `horizon`, and must not say `settled` on
 * the other side, nor `saddle`. In these problems the errors of steps of the size rtol exceed u by
 * any factor, and no first integral helps: where weights decay there is none.
 *
 * Linear methods keep linear invariant sets, so that these runs are flattered.  Where the stable
 * manifold is bent there is no law; it is found by bisection between two starts whose ends are
 * apart, and the judges are two tight integrations that know no endings, by Adams' and by Runge's
 * method: a start is judged only where they agree. */
#include "linear/network.h"
#include "tests/chains.h"

enum { SEED = 2718, SCALAR_TRIALS = 600, TRIALS = 80, LARGE_TRIALS = 4, BENT_TRIALS = 120 };
enum { MODES_MOST = 6, STEPS_MOST = 20000, TIGHT_STEPS = 5000, HALVINGS = 22, STARTS = 6 };
enum { DIM_MOST = 2 * MODES_MOST * MODES_MOST };

static const double ABOVE_ROUNDING = 1e2; /* of rotations, which is 1e-15: 1e-11 is seen */
static const double TIGHT = 1e-12;        /* rtol of the judge of bent separatrices */
static const double APART = 0.05;         /* of the ends of neighbours, relative: a separatrix */
static const double AGREE = 1e-3;         /* of two tight runs, relative */
static const double JUDGED_AT = 4;        /* times the time of the ending, ... */
static const double RELAXATIONS = 60;     /* ... and so many times 1/rate: e^-60 of the rest */

/* A start: u on one side, by an exact law. */
struct start {
    struct problem problem;
    double x[DIM_MOST], left[DIM_MOST], right[DIM_MOST]; /* rotations: hidden units, inputs */
    double u;
    size_t modes; /* 0: scalar */
};

static size_t counts[ENDING_COUNT], wrong;

static struct plan plan_of(struct stream *stream)
{
    struct plan plan = plan_defaults();
    plan.method = (enum method)stream_below(stream, METHOD_RK8PD + 1);
    plan.rtol = pow(10, -3 - (double)stream_below(stream, 10));
    plan.atol = stream_below(stream, 2) ? plan.rtol / 100 : plan.atol;
    plan.steps_most = STEPS_MOST;
    return plan;
}

/* 1e-3 ... 1e-13, of either sign */
static double small(struct stream *stream)
{
    const double size = pow(10, stream_between(stream, -13, -3));
    return stream_below(stream, 2) ? size : -size;
}

/* ---- one line that repeats a run ---- */

static void print_list(const char *option, size_t n, const double *x)
{
    printf(" %s ", option);
    for (size_t i = 0; i < n; i++)
        printf("%s%.17g", i > 0 ? "," : "", x[i]);
}

static void print_run(const struct start *start, const struct plan *plan, size_t dim)
{
    static const char *const methods[] = {"bdf", "adams", "rk8pd"};
    const struct problem *p = &start->problem;
    printf("settle run %s --rule %s --lambda %.17g", p->system->name, p->rule->name, p->lambda);
    if (p->c_count > 0)
        print_list("--c", p->c_count, p->c);
    if (p->size_count > 0) {
        printf(" --sizes %zu,%zu,%zu", p->sizes[0], p->sizes[1], p->sizes[2]);
        print_list("--sigma-ti", p->sigma_ti.count, problem_entries(&p->sigma_ti));
    } else {
        printf(" --depth 2 --alpha %.17g --beta %.17g", p->alpha, p->beta);
    }
    print_list("--init", dim, start->x);
    printf(" --method %s --rtol %g --atol %g\n", methods[plan->method], plan->rtol, plan->atol);
}

/* ---- the judge ---- */

/* The weight of the mode that u belongs to. */
static double weight_of_mode(const struct start *start, const double *x)
{
    if (start->modes == 0)
        return x[0];
    double sum = 0;
    for (size_t i = 0; i < start->modes; i++)
        for (size_t j = 0; j < start->modes; j++)
            sum += start->left[i * start->modes] * x[i * start->modes + j] *
                   start->right[j * start->modes];
    return sum;
}

static void judge(const struct start *start, const struct plan *plan)
{
    struct flow *flow = flow_of(&start->problem);
    struct outcome *outcome = outcome_of(flow, plan, start->x);
    counts[outcome->ending]++;
    const double end = outcome->has_limit ? weight_of_mode(start, outcome->limit) : start->u;
    const bool bad = outcome->ending != ENDING_HORIZON && outcome->ending != ENDING_FAILED &&
                     (outcome->ending != ENDING_SETTLED || !(end * start->u > 0));
    if (bad) {
        wrong++;
        printf("# %s with weight %.3g of the mode, but u = %.3g\n# ", ending_name(outcome->ending),
               end, start->u);
        print_run(start, plan, flow->dim);
    }
    outcome_free(outcome);
    flow_free(flow);
}

/* ---- families ---- */

static void make_scalar(struct stream *stream, struct start *start)
{
    static const char *const rules[] = {"bp", "kolen-pollack", "arbp", "asrbp"};
    const size_t rule = stream_below(stream, COUNT(rules));
    start->problem = chain_of(rules[rule], 2);
    start->problem.beta = stream_between(stream, 0.5, 2);
    start->problem.lambda = stream_between(stream, 0.03, 0.4);
    start->problem.alpha = stream_between(stream, 0.6, 2);
    const double a = stream_between(stream, -1.5, 1.5), twin = -a + small(stream);
    start->u = a + twin; /* exact: Sterbenz */
    start->x[0] = a;
    start->x[1] = rule == 0 ? twin : stream_between(stream, -1, 1);
    start->x[2] = twin;
}

/* The whole start is of the size of atol, default tolerances: the first steps see nothing else. */
static void make_tiny(struct stream *stream, struct start *start)
{
    make_scalar(stream, start);
    const double size = pow(10, stream_between(stream, -15, -10));
    for (size_t i = 0; i < 3; i++)
        start->x[i] = size * stream_between(stream, 0.1, 1);
    start->u = size; /* positive, as all the weights are: they stay so, whichever the twin is */
}

/* Q[n*n]: a product of reflections in random vectors */
static void rotate(struct stream *stream, size_t n, double *Q)
{
    for (size_t i = 0; i < n * n; i++)
        Q[i] = i % (n + 1) == 0;
    for (int k = 0; k < 2; k++) {
        double v[MODES_MOST], square = 0;
        for (size_t i = 0; i < n; i++) {
            v[i] = stream_normal(stream);
            square += v[i] * v[i];
        }
        for (size_t j = 0; j < n; j++) {
            double along = 0;
            for (size_t i = 0; i < n; i++)
                along += v[i] * Q[i * n + j];
            for (size_t i = 0; i < n; i++)
                Q[i * n + j] -= 2 * along / square * v[i];
        }
    }
}

/* M = P diag(d) Q' */
static void compose(size_t n, const double *P, const double *d, const double *Q, double *M)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            M[i * n + j] = 0;
            for (size_t k = 0; k < n; k++)
                M[i * n + j] += P[i * n + k] * d[k] * Q[j * n + k];
        }
}

/* The first mode, the weakest of the target (else other units take it over), beside its saddle. */
static void make_modes(struct stream *stream, size_t n, struct start *start)
{
    static double target[DIM_MOST];
    double first[MODES_MOST], second[MODES_MOST], strength[MODES_MOST];
    start->modes = n;
    start->problem = problem_defaults(registry_system("hidden"), registry_rule("bp"));
    start->problem.size_count = 3;
    for (size_t k = 0; k < n; k++) {
        strength[k] = 1 + 0.25 * (double)k;
        first[k] = stream_between(stream, 0.4, 1);
        second[k] = stream_between(stream, 0.4, 1);
    }
    start->u = small(stream) * ABOVE_ROUNDING;
    second[0] = -first[0] + start->u;
    for (size_t i = 0; i < 3; i++)
        start->problem.sizes[i] = n;
    start->problem.lambda = 0.125;
    rotate(stream, n, start->left);
    rotate(stream, n, start->right);
    compose(n, start->right, strength, start->right, target);
    start->problem.sigma_ti = (struct entries){.count = n * n, .far = target};
    if (n * n <= PROBLEM_LIST_MAX) {
        start->problem.sigma_ti.far = NULL;
        memcpy(start->problem.sigma_ti.near, target, n * n * sizeof *target);
    }
    compose(n, start->left, first, start->right, start->x);
    compose(n, start->right, second, start->left, start->x + n * n);
}

/* ---- bent separatrices ---- */

static double norm(size_t n, const double *x)
{
    double square = 0;
    for (size_t i = 0; i < n; i++)
        square += x[i] * x[i];
    return sqrt(square);
}

static double apart(size_t n, const double *x, const double *y)
{
    double d[DIM_MOST];
    for (size_t i = 0; i < n; i++)
        d[i] = x[i] - y[i];
    return norm(n, d) / (1 + norm(n, x));
}

/* Where the start is at time t, by no ending. */
static bool tight_run(const struct flow *flow, enum method method, double t, const double *x,
                      double *end)
{
    struct plan plan = plan_defaults();
    plan.method = method;
    plan.rtol = TIGHT;
    plan.atol = TIGHT / 100;
    plan.horizon = t;
    plan.no_endings = true;
    plan.steps_most = TIGHT_STEPS;
    struct outcome *outcome = outcome_of(flow, &plan, x);
    const bool reached = outcome->ending == ENDING_HORIZON && outcome->t >= t;
    memcpy(end, outcome->last, flow->dim * sizeof *end);
    outcome_free(outcome);
    return reached;
}

/* Moves a[dim] to the separatrix between a and b, if there is one. */
static bool bisect(const struct flow *flow, double *a, double *b)
{
    static const double long_enough = 300; /* decays are 1/16 at least, passages last some tens */
    const size_t n = flow->dim;
    double to_a[DIM_MOST], to_b[DIM_MOST], m[DIM_MOST], to_m[DIM_MOST];
    if (!tight_run(flow, METHOD_BDF, long_enough, a, to_a) ||
        !tight_run(flow, METHOD_BDF, long_enough, b, to_b))
        return false;
    for (int k = 0; k < HALVINGS; k++) {
        if (apart(n, to_a, to_b) < APART)
            return false;
        for (size_t i = 0; i < n; i++)
            m[i] = (a[i] + b[i]) / 2;
        if (!tight_run(flow, METHOD_BDF, long_enough, m, to_m))
            return false;
        const bool nearer_to_b = apart(n, to_m, to_b) < apart(n, to_m, to_a);
        memcpy(nearer_to_b ? b : a, m, n * sizeof *m);
        memcpy(nearer_to_b ? to_b : to_a, to_m, n * sizeof *m);
    }
    return true;
}

static bool truth(const struct flow *flow, double t, const double *x, double *end)
{
    double other[DIM_MOST];
    return tight_run(flow, METHOD_ADAMS, t, x, end) && tight_run(flow, METHOD_RK8PD, t, x, other) &&
           apart(flow->dim, end, other) < AGREE;
}

static size_t judged;

static void judge_bent(const struct start *start, const struct flow *flow, const struct plan *plan)
{
    double end[DIM_MOST];
    struct outcome *outcome = outcome_of(flow, plan, start->x);
    counts[outcome->ending]++;
    const double t = JUDGED_AT * outcome->t + RELAXATIONS / fabs(outcome->transverse_rate);
    if (outcome->has_limit && truth(flow, t, start->x, end)) {
        judged++;
        if (apart(flow->dim, outcome->limit, end) > APART) {
            wrong++;
            printf("# %s %.3g from the limit\n# ", ending_name(outcome->ending),
                   apart(flow->dim, outcome->limit, end));
            print_run(start, plan, flow->dim);
        }
    }
    outcome_free(outcome);
}

static void make_bent(struct stream *stream, struct start *start)
{
    static const char *const rules[] = {"kolen-pollack", "weight-mirror", "pfa"};
    const size_t n = 1 + stream_below(stream, 2), rule = stream_below(stream, COUNT(rules));
    start->problem = problem_defaults(registry_system("hidden"), registry_rule(rules[rule]));
    struct problem *problem = &start->problem;
    problem->size_count = 3;
    problem->sizes[0] = problem->sizes[2] = n;
    problem->sizes[1] = 1;
    problem->sigma_ti.count = n * n;
    for (size_t i = 0; i < n * n; i++)
        problem->sigma_ti.near[i] = stream_normal(stream);
    problem->lambda = ldexp(1, -2 - (int)stream_below(stream, 3));
}

/* Starts beside a separatrix, at 1e-4 ... 1e-6 from it. */
static void run_bent(struct stream *stream, struct start *start)
{
    struct flow *flow = flow_of(&start->problem);
    double a[DIM_MOST], b[DIM_MOST];
    for (size_t i = 0; i < flow->dim; i++) {
        a[i] = stream_normal(stream);
        b[i] = stream_normal(stream);
    }
    const bool found = bisect(flow, a, b);
    for (int k = 0; found && k < STARTS; k++) {
        const double off = pow(10, stream_between(stream, -6, -4));
        for (size_t i = 0; i < flow->dim; i++)
            start->x[i] = a[i] + off * stream_normal(stream);
        struct plan plan = plan_of(stream);
        plan.rtol = stream_below(stream, 2) ? 1e-3 : 1e-4; /* an error well above `off` */
        judge_bent(start, flow, &plan);
    }
    flow_free(flow);
}

/* ---- runs ---- */

static void report(const char *name)
{
    char text[256] = "";
    for (int k = 0; k < ENDING_COUNT; k++)
        if (counts[k])
            snprintf(text + strlen(text), sizeof text - strlen(text), " %s %zu",
                     ending_name((enum ending)k), counts[k]);
    print_message("# %s:%s\n", name, text);
    assert_true(counts[ENDING_SETTLED] > 0);
    if (wrong > 0)
        fail_msg("%s: %zu endings on the wrong side", name, wrong);
}

static void scalar(void **state)
{
    (void)state;
    memset(counts, 0, sizeof counts);
    wrong = 0;
    for (uint64_t t = 0; t < SCALAR_TRIALS; t++) {
        struct stream stream = stream_at(SEED, stream_key("scalar"), t);
        struct start start = {.modes = 0};
        make_scalar(&stream, &start);
        const struct plan plan = plan_of(&stream);
        judge(&start, &plan);
    }
    report("scalar");
}

static void tiny(void **state)
{
    (void)state;
    memset(counts, 0, sizeof counts);
    wrong = 0;
    for (uint64_t t = 0; t < SCALAR_TRIALS; t++) {
        struct stream stream = stream_at(SEED, stream_key("tiny"), t);
        struct start start = {.modes = 0};
        make_tiny(&stream, &start);
        struct plan plan = plan_defaults();
        plan.method = (enum method)stream_below(&stream, METHOD_RK8PD + 1);
        plan.steps_most = STEPS_MOST;
        judge(&start, &plan);
    }
    report("tiny");
}

static void modes_of(const char *name, size_t n, uint64_t trials)
{
    memset(counts, 0, sizeof counts);
    wrong = 0;
    for (uint64_t t = 0; t < trials; t++) {
        struct stream stream = stream_at(SEED, stream_key(name), t);
        struct start start = {.modes = 0};
        make_modes(&stream, n, &start);
        const struct plan plan = plan_of(&stream);
        judge(&start, &plan);
    }
    report(name);
}

static void modes(void **state)
{
    (void)state;
    modes_of("modes", 2, TRIALS);
}

static void large(void **state)
{
    (void)state;
    modes_of("large", MODES_MOST, LARGE_TRIALS);
}

static void bent(void **state)
{
    (void)state;
    memset(counts, 0, sizeof counts);
    wrong = judged = 0;
    for (uint64_t t = 0; t < BENT_TRIALS; t++) {
        struct stream stream = stream_at(SEED, stream_key("bent"), t);
        struct start start = {.modes = 0};
        make_bent(&stream, &start);
        run_bent(&stream, &start);
    }
    print_message("# %zu judged\n", judged);
    report("bent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(scalar), cmocka_unit_test(tiny),
                                       cmocka_unit_test(modes), cmocka_unit_test(large),
                                       cmocka_unit_test(bent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
