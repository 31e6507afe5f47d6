/* Flows with many unknowns: no matrix, the same endings.
 *
 * A model with n/2 curves of fixed points and a known phase in every one of them; deep networks
 * above and below the limit; products J v against differences; GMRES against its definition. */
#include "ode/krylov.h"
#include "ode/large.h"
#include "tests/chains.h"
#include "tests/deep_flows.h"

#include <stdlib.h>
#include <sys/resource.h>

/* v_i = y_i - z_i^2, v_i' = -k_i v_i, z_i' = s_i v_i: z_i tends to z_i + s_i v_i / k_i, y_i to its
 * square.  The state is y_1..y_m, z_1..z_m. */
struct curves {
    size_t m;
    double first; /* k_1; the others lie between 1/2 and 5/2 */
};

static double rate_of(const struct curves *p, size_t i)
{
    return i == 0 ? p->first : 0.5 + 2 * (double)i / (double)p->m;
}

static double slope_of(size_t i)
{
    return 0.7 * sin(2.385 * (double)(i + 1));
}

static enum status curves_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct curves *p = flow->data;
    (void)n;
    for (size_t i = 0; i < p->m; i++) {
        const double z = x[p->m + i], v = x[i] - z * z, dz = slope_of(i) * v;
        dx[i] = -rate_of(p, i) * v + 2 * z * dz;
        dx[p->m + i] = dz;
    }
    return OK;
}

static enum status curves_times(const struct flow *flow, const double *x, const double *w,
                                double *Jw)
{
    const struct curves *p = flow->data;
    for (size_t i = 0; i < p->m; i++) {
        const double z = x[p->m + i], v = x[i] - z * z, s = slope_of(i);
        const double wz = w[p->m + i], wv = w[i] - 2 * z * wz;
        Jw[i] = -rate_of(p, i) * wv + 2 * wz * s * v + 2 * z * s * wv;
        Jw[p->m + i] = s * wv;
    }
    return OK;
}

static int compare_decreasing(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static size_t curves_transverse(const struct flow *flow, const double *x, double *lambda)
{
    const struct curves *p = flow->data;
    (void)x;
    for (size_t i = 0; i < p->m; i++)
        lambda[i] = -rate_of(p, i);
    qsort(lambda, p->m, sizeof *lambda, compare_decreasing);
    return p->m;
}

enum { CURVES_MOST = 1000 };

static struct flow curves_flow(const struct curves *p)
{
    return (struct flow){.dim = 2 * p->m,
                         .title = "curves",
                         .names = deep_names,
                         .field = curves_field,
                         .jacobian_times = curves_times,
                         .transverse = curves_transverse,
                         .data = p};
}

static void start_of(const struct curves *p, double *x, double *limit)
{
    for (size_t i = 0; i < p->m; i++) {
        x[p->m + i] = cos(1.7 * (double)(i + 1));
        x[i] = x[p->m + i] * x[p->m + i] + 0.5 * sin((double)(i + 1));
        const double z = x[p->m + i] + slope_of(i) * 0.5 * sin((double)(i + 1)) / rate_of(p, i);
        limit[p->m + i] = z;
        limit[i] = z * z;
    }
}

static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};

static struct outcome *end_of(const struct flow *flow, enum method method, const double *x)
{
    struct plan plan = plan_defaults();
    plan.method = method;
    return outcome_of(flow, &plan, x);
}

/* 300 and 1000 unknowns with a closed form, 100 without one, 100 without J v, too. */
static void large_flows_settle_at_their_phase(void **state)
{
    (void)state;
    static const struct {
        size_t m;
        bool closed, times;
    } cases[] = {{150, true, true}, {500, true, true}, {50, false, true}, {50, false, false}};
    double x[CURVES_MOST], limit[CURVES_MOST];
    for (size_t k = 0; k < COUNT(cases); k++)
        for (size_t m = 0; m < COUNT(methods); m++) {
            const struct curves p = {.m = cases[k].m, .first = 0.4};
            struct flow flow = curves_flow(&p);
            if (!cases[k].closed)
                flow.transverse = NULL;
            if (!cases[k].times)
                flow.jacobian_times = NULL;
            start_of(&p, x, limit);
            struct outcome *outcome = end_of(&flow, methods[m], x);
            const double off = matrix_distance(flow.dim, outcome->limit, limit);
            assert_ending(outcome, ENDING_SETTLED, "%zu unknowns, %s", flow.dim,
                          method_name(methods[m]));
            print_message("# %zu unknowns, %s: off by %.2g, |x| = %.3g, %zu steps\n", flow.dim,
                          method_name(methods[m]), off, matrix_norm(flow.dim, limit),
                          outcome->steps);
            /* BDF's 500 local errors make 1e-10 */
            assert_true(off <= 1e-9 * matrix_norm(flow.dim, limit));
            assert_int_equal(outcome->transverse_count, p.m);
            /* differences know J to 1e-10 */
            assert_true(fabs(outcome->transverse_rate + 0.4) <= 1e-8);
            assert_int_equal(outcome->neutral_fixed, p.m);
            assert_int_equal(outcome->neutral_unexplained, 0);
            assert_true(matrix_distance(flow.dim, outcome->last, limit) <=
                        outcome->distance_bound + 1e-7 * matrix_norm(flow.dim, limit));
            outcome_free(outcome);
        }
}

/* The same with a repelling direction, from its stable manifold: never settled. */
static void large_saddles_are_not_settled(void **state)
{
    (void)state;
    double x[CURVES_MOST], limit[CURVES_MOST];
    for (int closed = 0; closed < 2; closed++) {
        const struct curves p = {.m = 50, .first = -0.4};
        struct flow flow = curves_flow(&p);
        if (!closed)
            flow.transverse = NULL;
        start_of(&p, x, limit);
        x[0] = x[p.m] * x[p.m];
        struct outcome *outcome = end_of(&flow, METHOD_BDF, x);
        assert_true(outcome->ending == ENDING_SADDLE || outcome->ending == ENDING_HORIZON);
        if (outcome->ending == ENDING_SADDLE)
            assert_true(fabs(outcome->transverse_rate - 0.4) <= 1e-8);
        outcome_free(outcome);
    }
}

/* Above 256 unknowns and without a closed form: the same limits, by an estimate that says so. */
static void estimated_spectra_decide(void **state)
{
    (void)state;
    double x[CURVES_MOST], limit[CURVES_MOST];
    static const size_t sizes[] = {150, 400};
    for (size_t k = 0; k < COUNT(sizes); k++)
        for (size_t m = 0; m < COUNT(methods); m++) {
            const struct curves p = {.m = sizes[k], .first = 0.4};
            struct flow flow = curves_flow(&p);
            flow.transverse = NULL;
            start_of(&p, x, limit);
            struct outcome *outcome = end_of(&flow, methods[m], x);
            assert_ending(outcome, ENDING_SETTLED, "%zu unknowns, estimated", flow.dim);
            assert_non_null(strstr(outcome->reason, "missed with probability < 1e-09"));
            assert_non_null(strstr(outcome->reason, "; the fixed set has "));
            assert_true(matrix_distance(flow.dim, outcome->limit, limit) <=
                        1e-9 * matrix_norm(flow.dim, limit));
            assert_true(fabs(outcome->transverse_rate + 0.4) <= 0.01);
            assert_int_equal(outcome->neutral_unexplained, 0);
            if (p.m <= 200) /* vectors enough to span the range */
                assert_int_equal(outcome->neutral_fixed, p.m);
            outcome_free(outcome);
        }
}

/* A repelling direction hidden among 400 curves, reached from its stable manifold. */
static void estimated_saddles_are_not_settled(void **state)
{
    (void)state;
    double x[CURVES_MOST], limit[CURVES_MOST];
    static const double first[] = {-0.4, -1e-2, -1e-4, 0};
    for (size_t k = 0; k < COUNT(first); k++)
        for (size_t m = 0; m < COUNT(methods); m += 2) {
            const struct curves p = {.m = 200, .first = first[k]};
            struct flow flow = curves_flow(&p);
            flow.transverse = NULL;
            start_of(&p, x, limit);
            x[0] = x[p.m] * x[p.m];
            struct plan plan = plan_defaults();
            plan.method = methods[m];
            plan.steps_most = 3000;
            struct outcome *outcome = outcome_of(&flow, &plan, x);
            print_message("# first rate %g: %s, %s\n", -first[k], ending_name(outcome->ending),
                          outcome->reason);
            assert_int_not_equal(outcome->ending, ENDING_SETTLED);
            assert_int_not_equal(outcome->ending, ENDING_CREEPING);
            if (outcome->ending == ENDING_HORIZON)
                assert_non_null(strstr(outcome->reason, "whose spectrum is not decided: "));
            outcome_free(outcome);
        }
}

/* ---- hidden directions ---- */

/* x = H z with a reflection H = 1 - 2 w w', and z_i' = rate_i z_i + above_i z_(i+1) - cubic_i z_i^3.
 */
enum { HIDDEN_MOST = 1200 };
struct hidden_flow {
    size_t n;
    double rate[HIDDEN_MOST], above[HIDDEN_MOST], cubic[HIDDEN_MOST], w[HIDDEN_MOST];
};

static void reflect(const struct hidden_flow *p, const double *x, double *z)
{
    double along = 0;
    for (size_t i = 0; i < p->n; i++)
        along += 2 * p->w[i] * x[i];
    for (size_t i = 0; i < p->n; i++)
        z[i] = x[i] - along * p->w[i];
}

/* B(u) v: u = z gives the Jacobian with cubes 3 z^2, and a third of them the field. */
static enum status hidden_apply(const struct flow *flow, const double *x, const double *v,
                                double factor, double *out)
{
    const struct hidden_flow *p = flow->data;
    static double z[HIDDEN_MOST], y[HIDDEN_MOST], Bv[HIDDEN_MOST];
    reflect(p, x, z);
    reflect(p, v, y);
    for (size_t i = 0; i < p->n; i++) {
        Bv[i] = (p->rate[i] - factor * p->cubic[i] * z[i] * z[i]) * y[i];
        Bv[i] += i + 1 < p->n ? p->above[i] * y[i + 1] : 0;
    }
    reflect(p, Bv, out);
    return OK;
}

static enum status hidden_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    (void)n;
    return hidden_apply(flow, x, x, 1, dx);
}

static enum status hidden_times(const struct flow *flow, const double *x, const double *v,
                                double *Jv)
{
    return hidden_apply(flow, x, v, 3, Jv);
}

static struct hidden_flow hidden;

/* Rates from -1 to -10^decades. */
static struct flow hidden_of(size_t n, double decades)
{
    memset(&hidden, 0, sizeof hidden);
    hidden.n = n;
    double size = 0;
    for (size_t i = 0; i < n; i++) {
        hidden.rate[i] = -pow(10, decades * (double)i / (double)(n - 1));
        hidden.w[i] = sin(2.385 * (double)(i * i + 1));
        size += hidden.w[i] * hidden.w[i];
    }
    for (size_t i = 0; i < n; i++)
        hidden.w[i] /= sqrt(size);
    return (struct flow){.dim = n,
                         .title = "hidden directions",
                         .names = deep_names,
                         .field = hidden_field,
                         .jacobian_times = hidden_times,
                         .data = &hidden};
}

/* x = H z, z_i = sin i but for z_place. */
static void hidden_start(size_t place, double value, double *x)
{
    static double z[HIDDEN_MOST];
    for (size_t i = 0; i < hidden.n; i++)
        z[i] = i == place ? value : 0.5 * sin((double)(i + 1));
    reflect(&hidden, z, x);
}

/* Nothing hidden: settled at zero.  One weak instability, with the orbit on its stable manifold or
 * near it, alone, beside a kernel, or coupled: never settled at zero; at rest there it is proved if
 * J is symmetric.  Last what hides in a kernel: a cubic root, and a rate that
 * is no more than the rounding of the fastest. */
static void weak_instabilities_are_seen(void **state)
{
    (void)state;
    static const size_t sizes[] = {300, 1200};
    double x[HIDDEN_MOST];
    for (size_t a = 0; a < COUNT(sizes); a++)
        for (int kind = 0; kind < 7; kind++) {
            const size_t n = sizes[a], place = n / 3;
            struct flow flow = hidden_of(n, a == 0 ? 3 : 2);
            for (size_t i = 0; i < n; i++) {
                hidden.cubic[i] = 1;
                hidden.rate[i] *= kind % 4 == 2 && i % 2 != place % 2 ? 0 : 1;
                hidden.cubic[i] *= hidden.rate[i] != 0;
                hidden.above[i] = kind == 3 ? 0.3 * fabs(hidden.rate[i]) : 0;
            }
            if (kind == 5) /* a continuum, and one direction that looks like it */
                for (size_t i = 0; i < n; i += 2)
                    hidden.rate[i + (place + 1) % 2] = hidden.cubic[i + (place + 1) % 2] = 0;
            hidden.rate[place] = kind == 0   ? hidden.rate[place]
                                 : kind == 5 ? 0
                                 : kind == 6 ? 1e-8
                                             : 1e-3;
            hidden.cubic[place] = kind != 6; /* linear, so that Newton's iteration ends */
            hidden_start(place, kind == 4 ? 1e-13 : 0, x);
            struct plan plan = plan_defaults();
            plan.steps_most = 4000;
            plan.horizon = kind == 4 ? 3000 : 200;
            struct outcome *outcome = outcome_of(&flow, &plan, x);
            print_message("# %zu unknowns, kind %d: %s at t = %.4g, %s\n", n, kind,
                          ending_name(outcome->ending), outcome->t, outcome->reason);
            if (kind == 0)
                assert_ending(outcome, ENDING_SETTLED, "nothing hidden");
            else
                assert_int_not_equal(outcome->ending, ENDING_SETTLED);
            outcome_free(outcome);
            static const enum ending at_rest[] = {ENDING_SETTLED, ENDING_SADDLE, ENDING_SADDLE,
                                                  ENDING_HORIZON, ENDING_SADDLE, ENDING_HORIZON,
                                                  ENDING_HORIZON};
            memset(x, 0, sizeof x);
            outcome = outcome_of(&flow, &plan, x);
            if (kind == 3) /* the range of 300 unknowns is spanned */
                assert_int_not_equal(outcome->ending, ENDING_SETTLED);
            else
                assert_ending(outcome, at_rest[kind], "%zu unknowns at rest, kind %d", n, kind);
            outcome_free(outcome);
        }
}

/* One network on both paths: 60 unknowns, with its Jacobian and without. */
static void both_paths_end_alike(void **state)
{
    (void)state;
    struct deep deep = deep_network(DEEP_RBP, 2, (const size_t[]){4, 4, 4});
    struct flow flow = deep_flow(&deep);
    double start[FLOW_DENSE_MOST];
    struct stream stream = stream_at(2018, stream_key("both paths"), 0);
    for (size_t j = 0; j < flow.dim; j++)
        start[j] = 0.4 * stream_normal(&stream);
    assert_false(flow_is_large(&flow));
    struct outcome *dense = end_of(&flow, METHOD_RK8PD, start);
    flow.jacobian = NULL;
    assert_true(flow_is_large(&flow));
    struct outcome *large = end_of(&flow, METHOD_RK8PD, start);
    assert_ending(dense, ENDING_SETTLED, "dense");
    assert_ending(large, ENDING_SETTLED, "large");
    assert_true(matrix_distance(flow.dim, dense->limit, large->limit) <= 1e-9);
    assert_int_equal(dense->transverse_count, large->transverse_count);
    assert_int_equal(dense->neutral_integrals, large->neutral_integrals);
    assert_true(matrix_largest_difference(dense->transverse_count, dense->spectrum,
                                          large->spectrum) <= 1e-8);
    outcome_free(dense);
    outcome_free(large);
}

/* 2304 unknowns: a Jacobian would take 42 MB, and each of the old workspaces several of them. */
static void large_flows_need_no_matrix(void **state)
{
    (void)state;
    enum { UNITS = 24, STEPS = 12 };
    static double start[DEEP_DIM];
    static const long MEGABYTES = 30; /* the Jacobian alone: 42 at 2304 unknowns */
    struct deep deep =
        deep_network(DEEP_RBP, 4, (const size_t[]){UNITS, UNITS, UNITS, UNITS, UNITS});
    struct flow flow = deep_flow(&deep);
    assert_int_equal(flow.dim, 4 * UNITS * UNITS);
    struct stream stream = stream_at(2018, stream_key("large"), 0);
    for (size_t j = 0; j < flow.dim; j++)
        start[j] = 0.1 * stream_normal(&stream);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    for (size_t m = 0; m < COUNT(methods); m++) {
        struct plan plan = plan_defaults();
        plan.method = methods[m];
        plan.steps_most = STEPS;
        flow.conserved = flow.claims = 0; /* 900 gradients a look are not what is measured */
        struct outcome *outcome = outcome_of(&flow, &plan, start);
        assert_true(outcome->steps > 0);
        outcome_free(outcome);
    }
    getrusage(RUSAGE_SELF, &after);
    print_message("# 2304 unknowns: %ld kB more\n", after.ru_maxrss - before.ru_maxrss);
    assert_true(after.ru_maxrss - before.ru_maxrss <= MEGABYTES * 1024);
}

/* J v by hand and by differences, and columns. */
static void products_agree_with_differences(void **state)
{
    (void)state;
    enum { N = 24 };
    double x[N], limit[N], v[N], Jv[N], by_differences[N], work[3 * N], J[N * N], D[N * N];
    const struct curves p = {.m = N / 2, .first = 0.4};
    struct flow flow = curves_flow(&p);
    start_of(&p, x, limit);
    for (size_t j = 0; j < N; j++)
        v[j] = 2.385 * sin(3.1 * (double)(j + 1));
    assert_int_equal(flow_jacobian_times(&flow, x, v, Jv, work), OK);
    assert_int_equal(flow_jacobian_by_columns(&flow, x, J), OK);
    assert_int_equal(flow_jacobian_by_differences(&flow, x, D, work), OK);
    flow.jacobian_times = NULL;
    assert_int_equal(flow_jacobian_times(&flow, x, v, by_differences, work), OK);
    assert_true(matrix_largest_difference(N, Jv, by_differences) <= 1e-9);
    assert_true(matrix_largest_difference((size_t)N * N, J, D) <= 1e-9);
}

/* A = diag(0, 1, 2, ...) is singular: from b in its range the solution in the range. */
static enum status diagonal(void *data, const double *v, double *Av)
{
    const size_t *n = data;
    for (size_t j = 0; j < *n; j++)
        Av[j] = (double)j * v[j];
    return OK;
}

static void gmres_solves_in_the_range(void **state)
{
    (void)state;
    enum { N = 40 };
    size_t n = N;
    double b[N], d[N];
    for (size_t j = 0; j < N; j++)
        b[j] = j == 0 ? 0 : cos((double)j);
    struct krylov *krylov = krylov_create(N, diagonal, &n);
    assert_non_null(krylov);
    assert_int_equal(krylov_solve(krylov, b, 1e-11, d), OK);
    assert_true(d[0] == 0);
    for (size_t j = 1; j < N; j++)
        assert_true(fabs(d[j] - b[j] / (double)j) <= 1e-10);
    b[0] = 1; /* the control: not in the range, so that the residual stays at 1 */
    if (krylov_solve(krylov, b, 1e-11, d) != OK)
        memset(d, 0, sizeof d);
    double residual = 0;
    for (size_t j = 0; j < N; j++)
        residual = fmax(residual, fabs((double)j * d[j] - b[j]));
    assert_true(residual >= 0.9);
    krylov_free(krylov);
    krylov_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_flows_need_no_matrix), /* first: it looks at the peak of memory */
        cmocka_unit_test(large_flows_settle_at_their_phase),
        cmocka_unit_test(large_saddles_are_not_settled),
        cmocka_unit_test(estimated_spectra_decide),
        cmocka_unit_test(estimated_saddles_are_not_settled),
        cmocka_unit_test(weak_instabilities_are_seen),
        cmocka_unit_test(both_paths_end_alike),
        cmocka_unit_test(products_agree_with_differences),
        cmocka_unit_test(gmres_solves_in_the_range),
    };
    return cmocka_run_group_tests_name("large", tests, NULL, NULL);
}
