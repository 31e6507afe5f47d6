/* One hidden layer and the autoencoder: limits, laws and spectra against numbers from elsewhere.
 *
 * The reference numbers come from an independent program in another language (DOP853, relative
 * tolerance 1e-13, horizons of 40 to 200 time units); they stand here with the digits it gave.
 * Each case is followed by BDF, Adams and Prince-Dormand and compared with the numbers and with the
 * prediction, which never integrates.  The spectrum in closed form is compared with the eigenvalues
 * of the dense Jacobian. */
#include "linear/hidden.h"
#include "linear/matrix.h"
#include "tests/chains.h"

#include <float.h>
#include <stdlib.h>
#include <time.h>

enum { NUMBERS_MOST = 64 };

/* One case; counts 0 mean the identity. */
struct reference {
    const char *name;
    const struct system *system;
    size_t sizes[3];
    size_t sigma_count, W_count, c_count, limit_count, P_count;
    double sigma[16], W[9], c[9], x0[18];
    double limit[18]; /* of the weights */
    double P[9];      /* of the map */
    double digits;    /* how far the numbers are trusted */
    double horizon;
};

static const struct reference references[] = {
    {.name = "1a",
     .system = &system_autoencoder,
     .sizes = {3, 1, 3},
     .c_count = 3,
     .c = {1, -2, .5},
     .x0 = {.3, .1, -.4, .2, -.1, .6},
     .limit_count = 6,
     .limit = {0.625789263962871, -1.251578527925742, 0.312894631981436, 0.304377530017025,
               -0.608755060034049, 0.152188765008512},
     .digits = 1e-13,
     .horizon = 40},
    {.name = "1b",
     .system = &system_autoencoder,
     .sizes = {3, 1, 3},
     .sigma_count = 9,
     .sigma = {3, 0, 0, 0, 2, 0, 0, 0, 1},
     .c_count = 3,
     .c = {1, -2, .5},
     .x0 = {.3, .1, -.4, .2, -.1, .6},
     .limit_count = 6,
     .limit = {0.625789263962871, -1.251578527925742, 0.312894631981436, 0.426128542023834,
               -0.568171389365112, 0.071021423670639},
     .digits = 1e-13,
     .horizon = 40},
    {.name = "1c",
     .system = &system_autoencoder,
     .sizes = {3, 1, 3},
     .sigma_count = 9,
     .sigma = {2, .5, .3, .5, 1.5, -.2, .3, -.2, 1},
     .c_count = 3,
     .c = {1, -2, .5},
     .x0 = {.3, .1, -.4, .2, -.1, .6},
     .limit_count = 6,
     .limit = {0.625789263962871, -1.251578527925742, 0.312894631981436, 0.264414293162271,
               -0.597806228019048, 0.275910566778022},
     .digits = 1e-13,
     .horizon = 40},
    {.name = "1f",
     .system = &system_autoencoder,
     .sizes = {3, 1, 3},
     .c_count = 3,
     .c = {1, -2, .5},
     .x0 = {.3, .1, -.4, -3, 1, -1},
     .limit_count = 6,
     .limit = {1.546325227560307, 2 * -1.546325227560307, 1.546325227560307 / 2, 0.123179902313766,
               -0.246359804627532, 0.061589951156883},
     .digits = 1e-13,
     .horizon = 100},
    {.name = "1h",
     .system = &system_autoencoder,
     .sizes = {2, 1, 2},
     .c_count = 2,
     .c = {1, 0},
     .x0 = {-2, 0, -1, .7},
     .limit_count = 4,
     .limit = {-2.261802245259972, 0, 1 / -2.261802245259972, 0},
     .digits = 1e-13,
     .horizon = 40},
    {.name = "1h, moved off the line",
     .system = &system_autoencoder,
     .sizes = {2, 1, 2},
     .c_count = 2,
     .c = {1, 0},
     .x0 = {-2, 1e-8, -1, .7},
     .limit_count = 4,
     .limit = {2.6016791318831545, 0, 1 / 2.6016791318831545, 0},
     .digits = 1e-13,
     .horizon = 200},
    {.name = "R1",
     .system = &system_hidden,
     .sizes = {2, 2, 2},
     .x0 = {.5, -.2, .1, .3, .1, .4, -.3, .2},
     .limit_count = 8,
     .limit = {1.1731911396310648, -0.4607326087087173, 0.37985043531268614, 1.0847145719132927,
               0.7493259934181877, 0.3182762808393633, -0.26240249016748746, 0.810446027864137},
     .P_count = 4,
     .P = {1, 0, 0, 1},
     .digits = 1e-12,
     .horizon = 40},
    {.name = "R2",
     .system = &system_hidden,
     .sizes = {3, 2, 3},
     .sigma_count = 9,
     .sigma = {2, .5, 0, .5, 1, .25, 0, .25, 1.5},
     .W_count = 9,
     .W = {1, .5, 0, 0, 1, -.5, .3, 0, 2},
     .c_count = 6,
     .c = {1, 0, .5, -.5, 1, 0},
     .x0 = {.1, .2, -.1, 0, .3, .2, .2, 0, .1, -.2, 0, .3},
     .P_count = 9,
     .P = {0.6132289723416338, 0.6195555195068536, 0.5094492659583099, -0.1933855138291829,
           1.0597777597534264, -0.2452753670208448, 1.0735420553167325, -0.23911103901370692,
           0.9811014680833804},
     .digits = 2e-14,
     .horizon = 60},
    {.name = "R3",
     .system = &system_hidden,
     .sizes = {2, 3, 1},
     .sigma_count = 4,
     .sigma = {1.5, .4, .4, .8},
     .W_count = 2,
     .W = {.7, -1.2},
     .c_count = 3,
     .c = {1, -1, .5},
     .x0 = {.3, .1, -.2, .4, .5, -.3, .2, -.1, .3},
     .limit_count = 9,
     .limit = {0.4137818825219176, -0.5316251275254725, -0.31378188252191763, 1.0316251275254733,
               0.5568909412609585, -0.6158125637627366, 0.3769203612599271, -0.581354736770472,
               0.6493526341465498},
     .P_count = 2,
     .P = {.7, -1.2},
     .digits = 1e-12,
     .horizon = 60},
    {.name = "O7",
     .system = &system_hidden,
     .sizes = {3, 2, 2},
     .sigma_count = 9,
     .sigma = {2, 0, 0, 0, 1, 0, 0, 0, .5},
     .W_count = 6,
     .W = {1, .5, -.2, .3, -1, .8},
     .c_count = 4,
     .c = {.5, -1, 1, -2},
     .x0 = {.5, -.3, .2, .1, .4, -.6, .2, -.1, .3, .5},
     .P_count = 6,
     .P = {0.9958084745024602, 0.5241910900143708, -0.13652832818011584, 0.29790423725123016,
           -0.9879044549928144, 0.8317358359099419},
     .digits = 2e-14,
     .horizon = 400},
    {.name = "O1",
     .system = &system_hidden,
     .sizes = {3, 3, 3},
     .W_count = 9,
     .W = {1, .5, 0, 0, 1, -.5, .3, 0, 2},
     .c_count = 9,
     .c = {1, 0, .5, -.5, 1, 0, .2, .3, 1},
     .limit_count = 9,
     .limit = {1.185682161552231, 0.5262190421529603, 0.4295609230598808, -0.5021660092185782,
               1.0758711176926814, -0.3734019089363119, -0.012023262720674333, 0.2883818582886973,
               1.467652228282507},
     .P_count = 9,
     .P = {1, .5, 0, 0, 1, -.5, .3, 0, 2},
     .digits = 1e-13,
     .horizon = 40},
};

/* Sigma_TI = W Sigma_II */
static void set_targets(size_t outputs, size_t inputs, const double *W, struct problem *problem)
{
    const bool given = problem->sigma_ii.count > 0;
    problem->sigma_ti.count = outputs * inputs;
    for (size_t i = 0; i < outputs; i++)
        for (size_t j = 0; j < inputs; j++) {
            double sum = given ? 0 : W[i * inputs + j];
            for (size_t l = 0; l < inputs && given; l++)
                sum += W[i * inputs + l] * problem->sigma_ii.near[l * inputs + j];
            problem->sigma_ti.near[i * inputs + j] = sum;
        }
}

static struct problem problem_of(const struct reference *r)
{
    struct problem problem = problem_defaults(r->system, &rule_rbp);
    problem.size_count = COUNT(r->sizes);
    memcpy(problem.sizes, r->sizes, sizeof r->sizes);
    problem.sigma_ii.count = r->sigma_count;
    memcpy(problem.sigma_ii.near, r->sigma, r->sigma_count * sizeof *r->sigma);
    if (r->W_count)
        set_targets(r->sizes[2], r->sizes[0], r->W, &problem);
    problem.c_count = r->c_count;
    memcpy(problem.c, r->c, r->c_count * sizeof *r->c);
    return problem;
}

static void compare(const char *name, const char *what, size_t count, const double *found,
                    const double *expected, double allowed)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs(found[i] - expected[i]) <= allowed))
            fail_msg("%s, %s[%zu]: %.17g, expected %.17g", name, what, i, found[i], expected[i]);
}

/* To the horizon, whatever happens on the way. */
static struct outcome *followed(const struct flow *flow, enum method method, double horizon,
                                const double *x0)
{
    struct plan plan = plan_defaults();
    plan.method = method;
    plan.rtol = 1e-12; /* errors along the fixed points stay, and add up to some 100 tolerances */
    plan.atol = 1e-14;
    plan.horizon = horizon;
    plan.no_endings = true;
    return outcome_of(flow, &plan, x0);
}

static void trajectories_end_at_the_reference_limits(void **state)
{
    static const enum method methods[] = {METHOD_BDF, METHOD_ADAMS, METHOD_RK8PD};
    static const double FOLLOWED = 2e-9; /* 1e-12 per step, a few hundred steps, condition 10 */
    (void)state;
    for (size_t k = 0; k < COUNT(references); k++) {
        const struct reference *r = &references[k];
        const struct problem problem = problem_of(r);
        struct flow *flow = flow_of(&problem);
        for (size_t m = 0; m < COUNT(methods); m++) {
            double P[9];
            struct outcome *outcome = followed(flow, methods[m], r->horizon, r->x0);
            flow->output(flow, outcome->last, P);
            compare(r->name, "limit", r->limit_count, outcome->last, r->limit, FOLLOWED);
            compare(r->name, "P", r->P_count, P, r->P, FOLLOWED);
            outcome_free(outcome);
        }
        flow_free(flow);
    }
}

static void predictions_are_the_reference_limits(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(references); k++) {
        const struct reference *r = &references[k];
        const struct problem problem = problem_of(r);
        double limit[NUMBERS_MOST];
        const struct prediction p = prediction_of(&problem, r->x0, limit);
        if (p.ending == ENDING_HORIZON)
            fail_msg("%s: %s", r->name, p.reason);
        if (p.about == PREDICTION_OUTPUT)
            compare(r->name, "predicted P", r->P_count, limit, r->P, r->digits);
        else
            compare(r->name, "predicted limit", r->limit_count, limit, r->limit, r->digits);
        assert_true(p.about == PREDICTION_OUTPUT ? r->P_count > 0 : r->limit_count > 0);
        assert_true(p.ending == (strcmp(r->name, "1h") ? ENDING_SETTLED : ENDING_SADDLE));
    }
}

/* Losses: 1a at PCA, 1b and 1c above it, R2 1.80337010300917 - 0.229550077557201 above rank 2. */
static void losses_are_those_of_the_references(void **state)
{
    static const struct {
        size_t reference;
        double excess, global;
    } cases[] = {
        {0, 0, 1},
        {1, 1.877777777777778 - 1.5, 0},
        {2, 1.564928057553957 - 1.086359149051330, 0},
        {7, 1.80337010300917 - 0.229550077557201, 0},
        {10, 0, 1},
    };
    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        const struct problem problem = problem_of(&references[cases[k].reference]);
        double limit[NUMBERS_MOST];
        const struct prediction p =
            prediction_of(&problem, references[cases[k].reference].x0, limit);
        if (!(fabs(p.loss - cases[k].excess) <= 1e-13))
            fail_msg("%s: loss %.17g, expected %.17g", references[cases[k].reference].name, p.loss,
                     cases[k].excess);
        assert_true(p.global_minimum == cases[k].global);
    }
}

/* 1d: C in the top eigenspace gives PCA; 1e: in another one does not. */
static void only_the_top_eigenspace_is_pca(void **state)
{
    (void)state;
    struct reference r = references[1];
    double limit[NUMBERS_MOST];
    memcpy(r.c, (double[]){1.5, 0, 0}, 3 * sizeof(double));
    struct problem problem = problem_of(&r);
    struct prediction p = prediction_of(&problem, r.x0, limit);
    assert_true(fabs(limit[0] / 1.5 - 0.9091670689865725) < 1e-15 && p.global_minimum == 1);
    memcpy(r.c, (double[]){0, 1.5, 0}, 3 * sizeof(double));
    problem = problem_of(&r);
    p = prediction_of(&problem, r.x0, limit);
    assert_true(fabs(p.loss - (2 - 1.5)) < 1e-14 && p.global_minimum == 0);
}

/* 1b: the spectrum at the limit; R1: real parts of two complex pairs; R2: the slowest. */
static void spectra_are_those_of_the_references(void **state)
{
    (void)state;
    double lambda[NUMBERS_MOST];
    struct problem problem = problem_of(&references[1]);
    struct flow *flow = flow_of(&problem);
    size_t count = 0;
    double limit[NUMBERS_MOST];
    prediction_of(&problem, references[1].x0, limit);
    count = flow->transverse(flow, limit, lambda);
    const double of_1b[] = {-1.627052063676002, -4.227545795737926, -4.40563728252591,
                            -4.40563728252591, -8.138931618648256};
    assert_int_equal(count, COUNT(of_1b));
    compare("1b", "eigenvalue", count, lambda, of_1b, 2e-13);
    flow_free(flow);

    problem = problem_of(&references[6]);
    struct hidden_terms *terms;
    assert_int_equal(hidden_terms_of(&problem, &terms), OK);
    const double of_R1[] = {-2.090250650834936, -2.090250650834936, -2.379065413012609,
                            -2.379065413012609};
    assert_int_equal(hidden_spectrum(terms, references[6].limit, lambda, &count), OK);
    assert_int_equal(count, COUNT(of_R1));
    compare("R1", "eigenvalue", count, lambda, of_R1, 1e-12);
    free(terms);
}

/* On the line of C, K = -6, three roots: the line is not kept where C is no eigenvector. */
static void only_eigenvectors_keep_their_line(void **state)
{
    const double x0[] = {-2, -2, -1, -1};
    double limit[NUMBERS_MOST];
    struct problem problem = problem_defaults(&system_autoencoder, &rule_rbp);
    (void)state;
    problem.size_count = 3;
    memcpy(problem.sizes, (size_t[]){2, 1, 2}, 3 * sizeof(size_t));
    problem.c_count = 2;
    problem.c[0] = problem.c[1] = 1;
    struct prediction p = prediction_of(&problem, x0, limit);
    assert_true(p.ending == ENDING_SADDLE && limit[0] < 0);
    problem.sigma_ii.count = 4;
    memcpy(problem.sigma_ii.near, (double[]){2, 0, 0, 1}, 4 * sizeof(double));
    p = prediction_of(&problem, x0, limit);
    assert_true(p.ending == ENDING_SETTLED && limit[0] > 0);
    struct flow *flow = flow_of(&problem);
    struct outcome *outcome = followed(flow, METHOD_BDF, 200, x0);
    compare("off the line", "limit", 4, outcome->last, limit, 1e-8);
    outcome_free(outcome);
    flow_free(flow);
}

/* ---- the closed spectrum against the eigenvalues of the dense Jacobian ---- */

static int compare_decreasing(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Any sizes, Sigma_II, rank of C, at a fixed point reached by integration. */
static struct problem drawn_problem(struct stream *stream)
{
    struct problem p = problem_defaults(&system_hidden, &rule_rbp);
    double W[16] = {0}, M[16] = {0};
    p.size_count = 3;
    for (size_t i = 0; i < 3; i++)
        p.sizes[i] = 1 + stream_below(stream, 4);
    const size_t n = p.sizes[0];
    stream_normals(stream, p.sizes[2] * n, 1, W);
    stream_normals(stream, n * n, 1, M);
    p.sigma_ii.count = stream_below(stream, 2) ? n * n : 0;
    for (size_t i = 0; i < n && p.sigma_ii.count; i++)
        for (size_t j = 0; j < n; j++) {
            p.sigma_ii.near[i * n + j] = (i == j) * 0.385;
            for (size_t l = 0; l < n; l++)
                p.sigma_ii.near[i * n + j] += M[i * n + l] * M[j * n + l] / 4;
        }
    if (n == 1 && p.sizes[2] == 1)
        p.sigma_ii.count = 0;
    set_targets(p.sizes[2], n, W, &p);
    p.c_count = p.sizes[1] * p.sizes[2];
    stream_normals(stream, p.c_count, 1, p.c);
    if (p.sizes[1] > 1 && stream_below(stream, 3) == 0)
        memcpy(p.c, p.c + p.sizes[2], p.sizes[2] * sizeof *p.c);
    p.rate_count = stream_below(stream, 2) ? 2 : 0;
    p.rates[0] = 1.385;
    p.rates[1] = 0.77;
    return p;
}

/* The dense eigenvalues of largest modulus are those of the formula; the others are zeros. */
static void check_spectrum(const struct flow *flow, const struct hidden_terms *terms,
                           const double *x, size_t *compared)
{
    static const double SAME =
        1e-5; /* x is a fixed point to 1e-8 only; eigenvalues may be double */
    double J[NUMBERS_MOST * NUMBERS_MOST], dense[NUMBERS_MOST], lambda[NUMBERS_MOST];
    const size_t n = flow->dim;
    size_t count = 0;
    assert_int_equal(hidden_spectrum(terms, x, lambda, &count), OK);
    assert_int_equal(flow->jacobian(flow, x, J), OK);
    assert_int_equal(matrix_eigenvalues(n, J, dense, NULL), OK);
    for (size_t k = count; k < n; k++)
        lambda[k] = 0;
    qsort(lambda, n, sizeof *lambda, compare_decreasing);
    double size = 1;
    for (size_t k = 0; k < n; k++)
        size = fmax(size, fabs(dense[k]));
    for (size_t k = 0; k < n; k++)
        if (!(fabs(lambda[k] - dense[k]) <= SAME * size))
            fail_msg("%s: eigenvalue %zu is %.12g, dense %.12g", flow->title, k, lambda[k],
                     dense[k]);
    *compared += count;
}

static void closed_spectra_are_those_of_the_jacobian(void **state)
{
    enum { CASES = 120 };
    size_t compared = 0;
    (void)state;
    for (uint64_t k = 0; k < CASES; k++) {
        struct stream stream = stream_at(68, 7, k);
        const struct problem problem = drawn_problem(&stream);
        struct flow *flow = flow_of(&problem);
        struct hidden_terms *terms;
        assert_int_equal(hidden_terms_of(&problem, &terms), OK);
        double x0[NUMBERS_MOST], f[NUMBERS_MOST], size = 0;
        stream_normals(&stream, flow->dim, 1, x0);
        struct outcome *outcome = followed(flow, METHOD_BDF, 300, x0);
        assert_int_equal(flow->field(flow, 1, outcome->last, f), OK);
        for (size_t i = 0; i < flow->dim; i++)
            size = fmax(size, fabs(f[i]));
        if (size <= 1e-9) /* slow ones are not there yet */
            check_spectrum(flow, terms, outcome->last, &compared);
        free(terms);
        outcome_free(outcome);
        flow_free(flow);
    }
    print_message("# %zu eigenvalues compared\n", compared);
    assert_true(compared > 500);
}

/* 2,048 unknowns, complex M: well below a second. */
static void large_spectra_are_quick(void **state)
{
    enum { N = 32 };
    (void)state;
    struct problem problem = problem_defaults(&system_hidden, &rule_rbp);
    struct stream stream = stream_at(68, 8, 0);
    static double sigma[N * N], x[2 * N * N], lambda[2 * N * N];
    problem.size_count = 3;
    problem.sizes[0] = problem.sizes[1] = problem.sizes[2] = N;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            sigma[i * N + j] = (i == j) + 0.3 / (1 + fabs((double)i - (double)j));
    problem.sigma_ii.count = (size_t)N * N;
    problem.sigma_ii.far = sigma;
    stream_normals(&stream, COUNT(x), 1, x);
    struct hidden_terms *terms;
    assert_int_equal(hidden_terms_of(&problem, &terms), OK);
    const clock_t start = clock();
    size_t count = 0;
    assert_int_equal(hidden_spectrum(terms, x, lambda, &count), OK);
    assert_int_equal(count, N * N);
    const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    print_message("# spectrum of 32x32x32: %.3f s\n", seconds);
    assert_true(seconds < 1);
    free(terms);
}

/* ---- rounding ---- */

/* f[dim] in extended precision, sums in any order. */
static void field_extended(const struct hidden_terms *t, const double *x, long double *f)
{
    const size_t N0 = t->N0, N1 = t->N1, N2 = t->N2, first = N1 * N0;
    long double E[NUMBERS_MOST] = {0};
    for (size_t o = 0; o < N2; o++)
        for (size_t j = 0; j < N0; j++) {
            long double sum = t->targets[o * N0 + j];
            for (size_t i = 0; i < N1; i++)
                for (size_t l = 0; l < N0; l++)
                    sum -=
                        (long double)x[first + o * N1 + i] * x[i * N0 + l] * t->sigma[l * N0 + j];
            E[o * N0 + j] = sum;
        }
    for (size_t i = 0; i < N1; i++)
        for (size_t j = 0; j < N0; j++) {
            f[i * N0 + j] = -(long double)t->decay[0] * x[i * N0 + j];
            for (size_t o = 0; o < N2; o++)
                f[i * N0 + j] += (long double)t->C[i * N2 + o] * E[o * N0 + j];
        }
    for (size_t o = 0; o < N2; o++)
        for (size_t i = 0; i < N1; i++) {
            long double sum = 0;
            for (size_t j = 0; j < N0; j++)
                sum += E[o * N0 + j] * x[i * N0 + j];
            f[first + o * N1 + i] =
                t->eta_2 * sum - (long double)t->decay[1] * x[first + o * N1 + i];
        }
}

/* The rounding of the field is below its bound, and at most a thousand times so. */
static void rounding_stays_below_its_bound(void **state)
{
    enum { CASES = 400 };
    double closest = 0;
    (void)state;
    for (uint64_t k = 0; k < CASES; k++) {
        struct stream stream = stream_at(70, 7, k);
        struct problem problem = drawn_problem(&stream);
        problem.lambda = stream_below(&stream, 2) ? 0.385 : 0;
        struct flow *flow = flow_of(&problem);
        double x[NUMBERS_MOST], f[NUMBERS_MOST] = {0}, bound[NUMBERS_MOST];
        long double exact[NUMBERS_MOST] = {0};
        stream_normals(&stream, flow->dim, 1, x);
        assert_int_equal(flow->field(flow, 1, x, f), OK);
        flow->rounding(flow, x, bound);
        field_extended(hidden_terms_of_flow(flow), x, exact);
        for (size_t i = 0; i < flow->dim; i++) {
            const double error = (double)fabsl(f[i] - exact[i]) / (DBL_EPSILON * bound[i]);
            if (!(error <= 1))
                fail_msg("%s: rounding of f[%zu] is %g of its bound", flow->title, i, error);
            closest = fmax(closest, error);
        }
        flow_free(flow);
    }
    print_message("# rounding reaches %.2g of its bound\n", closest);
    assert_true(closest > 1e-3);
}

/* ---- laws ---- */

/* 1j: B_2(10^6) = 1466.66740, exactly 1466.667398833. */
static void the_critical_start_grows_like_a_square_root(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_autoencoder, &rule_rbp);
    const double W[] = {0, 0, 1, 2}, x0[] = {.6, .8, .5, .3};
    double limit[NUMBERS_MOST], P[4];
    problem.size_count = 3;
    memcpy(problem.sizes, (size_t[]){2, 1, 2}, 3 * sizeof(size_t));
    set_targets(2, 2, W, &problem);
    problem.c_count = 2;
    problem.c[0] = 1;
    const struct prediction p = prediction_of(&problem, x0, limit);
    assert_true(p.ending == ENDING_UNBOUNDED && p.exponent == 0.5);
    struct flow *flow = flow_of(&problem);
    struct outcome *outcome = followed(flow, METHOD_BDF, 1e6, x0);
    assert_true(fabs(outcome->last[3] / 1466.667398833 - 1) < 1e-7);
    flow->output(flow, outcome->last, P);
    compare("1j", "P", 2, P + 2, (double[]){0.88, 1.76 / 1.5}, 1e-5);
    outcome_free(outcome);
    flow_free(flow);
}

/* Targets on an input that does not vary: |A1| = 20.02, 200.0 at t = 100, 1000; |A2| ~ t^2. */
static void inconsistent_targets_drive_the_weights_away(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_hidden, &rule_rbp);
    const double x0[8] = {.5, -.2, .1, .3, .1, .4, -.3, .2};
    double limit[NUMBERS_MOST], last[2];
    problem.size_count = 3;
    memcpy(problem.sizes, (size_t[]){2, 2, 2}, 3 * sizeof(size_t));
    problem.sigma_ii.count = problem.sigma_ti.count = 4;
    problem.sigma_ii.near[0] = 1;
    memcpy(problem.sigma_ti.near, (double[]){1, .2, .5, 0}, 4 * sizeof(double));
    const struct prediction p = prediction_of(&problem, x0, limit);
    assert_true(p.ending == ENDING_UNBOUNDED && p.exponent == 2);
    struct flow *flow = flow_of(&problem);
    for (int k = 0; k < 2; k++) {
        struct outcome *outcome = followed(flow, METHOD_BDF, k ? 1000 : 100, x0);
        double square = 0;
        for (size_t i = 0; i < 4; i++)
            square += outcome->last[i] * outcome->last[i];
        last[k] = sqrt(square);
        outcome_free(outcome);
    }
    print_message("# inconsistent targets: |A1| = %.5g, %.5g\n", last[0], last[1]);
    assert_true(fabs(last[1] / last[0] - 10) < 0.1 && fabs(last[1] - 200) < 1);
    flow_free(flow);
}

/* The fold: (a11 + 1) t -> -2/3, |E| t^2 -> 2/3. */
static void a_fold_is_approached_algebraically(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_hidden, &rule_rbp);
    const double x0[] = {-2, 0, 0, 1.2, .5, 0, 0, .6}, T = 1e4;
    double limit[NUMBERS_MOST];
    problem.size_count = 3;
    memcpy(problem.sizes, (size_t[]){2, 2, 2}, 3 * sizeof(size_t));
    const struct prediction p = prediction_of(&problem, x0, limit);
    assert_true(p.ending == ENDING_CREEPING && p.exponent == -1 && p.multiplicity == 2);
    assert_true(limit[0] == -1 && fabs(limit[3] * limit[7] - 1) < 1e-14);
    struct flow *flow = flow_of(&problem);
    struct outcome *outcome = followed(flow, METHOD_RK8PD, T, x0);
    const double a = outcome->last[0], e = 1 - a * outcome->last[4];
    assert_true(fabs((a + 1) * T + 2.0 / 3) < 2e-3 && fabs(e * T * T - 2.0 / 3) < 4e-3);
    outcome_free(outcome);
    flow_free(flow);
}

/* O1 in time, notes/hidden.md, (S5):
 * t(x) = 2/a^2 [ln((1 + x + x^2)/(1 - x)^2)/6 + (atan((2 x + 1)/sqrt 3) - pi/6)/sqrt 3],
 * x = a(t)/a, a = (2 g)^(1/3), for each singular value g of C1 W. */
static void zero_starts_follow_their_clock(void **state)
{
    static const double TIMES[] = {0.2, 0.5, 1, 2};
    const struct reference *r = &references[10];
    const struct problem problem = problem_of(r);
    struct flow *flow = flow_of(&problem);
    double G[9] = {0}, g[3] = {0}, U[9] = {0}, V[9] = {0};
    (void)state;
    matrix_multiply(3, 3, 3, r->c, r->W, G);
    assert_int_equal(matrix_singular_values(3, 3, G, g, U, V), OK);
    compare("O1", "g", 3, g, (double[]){2.479695436928591, 0.9032421873528538, 0.7090585949423026},
            1e-14);
    for (size_t k = 0; k < COUNT(TIMES); k++) {
        struct outcome *outcome = followed(flow, METHOD_RK8PD, TIMES[k], r->x0);
        for (size_t i = 0; i < 3; i++) {
            const double end = cbrt(2 * g[i]);
            double a = 0;
            for (size_t p = 0; p < 3; p++)
                for (size_t q = 0; q < 3; q++)
                    a += U[p * 3 + i] * outcome->last[p * 3 + q] * V[q * 3 + i];
            const double x = a / end, root = sqrt(3);
            const double t = 2 / (end * end) *
                             (log((1 + x + x * x) / ((1 - x) * (1 - x))) / 6 +
                              (atan((2 * x + 1) / root) - atan(1 / root)) / root);
            if (!(fabs(t - TIMES[k]) <= 1e-9)) /* dt = dx / rate, 1e-12 per step */
                fail_msg("mode %zu: the clock says %.15g at t = %g", i, t, TIMES[k]);
        }
        outcome_free(outcome);
    }
    flow_free(flow);
}

/* R6: a spectral start ends at the cubic roots; control R5c: Sigma that is not aligned. */
static void spectral_starts_end_at_cubic_roots(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(&system_hidden, &rule_rbp);
    const double W[] = {1.4, 0, 0, .6}, s = 0.6, c = 0.8;
    /* A1 = diag(.5, -.3), M = diag(.2, .7), C1 a rotation: A2 = C1' M */
    const double x0[] = {.5, 0, 0, -.3, c * .2, s * .7, -s * .2, c * .7};
    double limit[NUMBERS_MOST];
    problem.size_count = 3;
    memcpy(problem.sizes, (size_t[]){2, 2, 2}, 3 * sizeof(size_t));
    problem.c_count = 4;
    memcpy(problem.c, (double[]){c, -s, s, c}, 4 * sizeof(double));
    const double turned[] = {c * W[0], s * W[3], -s * W[0], c * W[3]}; /* C1 W = diag */
    set_targets(2, 2, turned, &problem);
    const struct prediction p = prediction_of(&problem, x0, limit);
    assert_true(p.about == PREDICTION_STATE && p.ending == ENDING_SETTLED);
    struct flow *flow = flow_of(&problem);
    struct outcome *outcome = followed(flow, METHOD_BDF, 100, x0);
    compare("R6", "limit", 8, outcome->last, limit, 2e-9);
    for (size_t i = 0; i < 2; i++) {
        const double a0 = x0[3 * i], k = 2 * (i ? .7 : .2) - a0 * a0, a = limit[3 * i];
        assert_true(fabs(a * a * a + k * a - 2 * W[3 * i]) < 1e-14);
    }
    outcome_free(outcome);
    flow_free(flow);
    problem.sigma_ii.count = 4;
    memcpy(problem.sigma_ii.near, (double[]){1, .4, .4, 1}, 4 * sizeof(double));
    set_targets(2, 2, turned, &problem);
    assert_true(prediction_of(&problem, x0, limit).about == PREDICTION_OUTPUT);
}

/* Every shape and rank, Sigma_II and rates: the predicted map or state against the trajectory. */
static void predictions_hold_for_drawn_networks(void **state)
{
    enum { CASES = 150 };
    size_t compared = 0;
    (void)state;
    for (uint64_t k = 0; k < CASES; k++) {
        struct stream stream = stream_at(69, 7, k);
        const struct problem problem = drawn_problem(&stream);
        struct flow *flow = flow_of(&problem);
        double x0[NUMBERS_MOST], limit[NUMBERS_MOST], f[NUMBERS_MOST], P[NUMBERS_MOST], size = 0;
        stream_normals(&stream, flow->dim, 1, x0);
        const struct prediction p = prediction_of(&problem, x0, limit);
        struct outcome *outcome = followed(flow, METHOD_BDF, 300, x0);
        assert_int_equal(flow->field(flow, 1, outcome->last, f), OK);
        for (size_t i = 0; i < flow->dim; i++)
            size = fmax(size, fabs(f[i]));
        flow->output(flow, outcome->last, P);
        if (size <= 1e-9 && p.ending == ENDING_SETTLED) {
            const bool map = p.about == PREDICTION_OUTPUT;
            compare(flow->title, map ? "P" : "limit", map ? flow->outputs : flow->dim,
                    map ? P : outcome->last, limit, 1e-6);
            compared++;
        }
        outcome_free(outcome);
        flow_free(flow);
    }
    print_message("# %zu of %d limits compared\n", compared, (int)CASES);
    assert_true(compared > CASES / 2);
}

/* C W = 0 with one unit: A vanishes, or ends on a sphere; C = 0: only B learns. */
static void without_drive_the_sign_of_K_decides(void **state)
{
    static const struct {
        double c, x0[4], sigma[4];
    } cases[] = {
        {1, {.6, .8, .9, .3}, {1, 0, 0, 1}},     {1, {.6, .8, -.9, .3}, {1, 0, 0, 1}},
        {1, {.6, .8, -.9, .3}, {2, .3, .3, 1}},  {1, {.3, .2, -.9, .3}, {2, .3, .3, 1}},
        {0, {.6, .8, -.9, .3}, {2, .3, .3, 1}},  {1, {.6, .8, .9, .3}, {2, .3, .3, 1}},
        {1, {.6, -.8, -.9, .3}, {1, -1, -1, 1}}, {.7, {.6, .8, .9, -.3}, {2, 0, 0, 2}},
    };
    const double W[] = {0, 0, 1, 2};
    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct problem problem = problem_defaults(&system_autoencoder, &rule_rbp);
        double limit[NUMBERS_MOST], P[4];
        problem.size_count = 3;
        memcpy(problem.sizes, (size_t[]){2, 1, 2}, 3 * sizeof(size_t));
        problem.sigma_ii.count = 4;
        memcpy(problem.sigma_ii.near, cases[k].sigma, sizeof cases[k].sigma);
        set_targets(2, 2, W, &problem);
        problem.c_count = 2;
        problem.c[0] = cases[k].c;
        const struct prediction p = prediction_of(&problem, cases[k].x0, limit);
        assert_true(p.ending == ENDING_SETTLED);
        struct flow *flow = flow_of(&problem);
        struct outcome *outcome = followed(flow, METHOD_RK8PD, 100, cases[k].x0);
        flow->output(flow, outcome->last, P);
        if (p.about == PREDICTION_STATE)
            compare("C W = 0", "limit", 4, outcome->last, limit, 1e-9);
        else
            compare("C W = 0", "P", 4, P, limit, 1e-9);
        outcome_free(outcome);
        flow_free(flow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trajectories_end_at_the_reference_limits),
        cmocka_unit_test(predictions_are_the_reference_limits),
        cmocka_unit_test(losses_are_those_of_the_references),
        cmocka_unit_test(only_the_top_eigenspace_is_pca),
        cmocka_unit_test(spectra_are_those_of_the_references),
        cmocka_unit_test(only_eigenvectors_keep_their_line),
        cmocka_unit_test(closed_spectra_are_those_of_the_jacobian),
        cmocka_unit_test(rounding_stays_below_its_bound),
        cmocka_unit_test(large_spectra_are_quick),
        cmocka_unit_test(the_critical_start_grows_like_a_square_root),
        cmocka_unit_test(inconsistent_targets_drive_the_weights_away),
        cmocka_unit_test(a_fold_is_approached_algebraically),
        cmocka_unit_test(zero_starts_follow_their_clock),
        cmocka_unit_test(spectral_starts_end_at_cubic_roots),
        cmocka_unit_test(predictions_hold_for_drawn_networks),
        cmocka_unit_test(without_drive_the_sign_of_K_decides),
    };
    return cmocka_run_group_tests_name("hidden", tests, NULL, NULL);
}
