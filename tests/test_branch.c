/* Branches of fixed points: folds, crossings and Hopf points where closed forms have them, and
 * nowhere else.
 *
 * Lorenz (1963) has its pitchfork at r = 1 and subcritical Hopf points at r = sigma (sigma + b +
 * 3)/(sigma - b - 1); the Brusselator a supercritical one at B = 1 + A^2; a normal form seen through
 * a change of coordinates has the Lyapunov coefficient of the normal form. */
#include "ode/branch.h"

#include "tests/chains.h"
#include "tests/model_flows.h"

#include <stdlib.h>

/* A model with a parameter: p is set before the flow is used. */
struct family {
    struct model model;
    double p;
};

static double parameter; /* of the model that is evaluated */

struct owned {
    struct flow flow;
    struct family family;
};

static enum status owned_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    parameter = ((const struct family *)flow->data)->p;
    return model_field(flow, n, x, dx);
}

static enum status owned_jacobian(const struct flow *flow, const double *x, double *J)
{
    parameter = ((const struct family *)flow->data)->p;
    return model_jacobian(flow, x, J);
}

static enum status model_at(void *context, double value, struct flow **flow)
{
    const struct model *model = context;
    struct owned *made = calloc(1, sizeof *made);
    assert_non_null(made);
    made->family = (struct family){*model, value};
    made->flow = model_flow(&made->family.model);
    made->flow.field = owned_field;
    made->flow.jacobian = owned_jacobian;
    *flow = &made->flow;
    return OK;
}

static struct branch_family family_of(struct model *model, double from, double to)
{
    return (struct branch_family){
        .dim = model->dim, .from = from, .to = to, .flow_at = model_at, .context = model};
}

static struct branch_set *followed(const struct branch_family *family, const double *x,
                                   double value, enum branch_seed expected)
{
    struct branch_set *set = NULL;
    enum branch_seed seed;
    assert_int_equal(branch_set_create(family, &set), OK);
    if (branch_set_follow(set, x, value, &seed) != OK)
        fail_msg("branch_set_follow: %s", status_message());
    assert_int_equal(seed, expected);
    return set;
}

static const struct branch_special *special_of(const struct branch_set *set, enum branch_kind kind,
                                               size_t number)
{
    for (size_t k = 0; k < set->specials; k++)
        if (set->special[k].kind == kind && number-- == 0)
            return &set->special[k];
    fail_msg("there is no %s of this number", branch_kind_name(kind));
    return NULL;
}

static size_t specials_of(const struct branch_set *set, enum branch_kind kind)
{
    size_t count = 0;
    for (size_t k = 0; k < set->specials; k++)
        count += set->special[k].kind == kind;
    return count;
}

static void assert_near(double measured, double expected, double allowed, const char *what)
{
    if (!(fabs(measured - expected) <= allowed * fmax(1, fabs(expected))))
        fail_msg("%s: %.17g, expected %.17g", what, measured, expected);
}

/* ---- folds ---- */

/* x' = (p - 0.3137) - (x - 0.7)^2, y' = x - 2 y: two rows of fixed points meet at p = 0.3137. */
static void parabola(const double *x, double *f, double *J)
{
    f[0] = parameter - 0.3137 - (x[0] - 0.7) * (x[0] - 0.7);
    f[1] = x[0] - 2 * x[1];
    J[0] = -2 * (x[0] - 0.7);
    J[2] = 1;
    J[3] = -2;
}

static void folds_are_found(void **state)
{
    (void)state;
    struct model model = {2, parabola};
    const struct branch_family family = family_of(&model, 0, 2.385);
    struct branch_set *set = followed(&family, (const double[]){2, 1}, 2, BRANCH_SEED_NEW);
    assert_int_equal(set->branches, 1);
    assert_int_equal(set->specials, 1);
    const struct branch_special *fold = special_of(set, BRANCH_FOLD, 0);
    assert_near(fold->value, 0.3137, 1e-13, "p of the fold");
    assert_near(fold->state[0], 0.7, 1e-7, "x of the fold"); /* a square root of rounding */
    assert_true(set->branch[0].end[0] == BRANCH_END_INTERVAL);
    assert_true(set->branch[0].end[1] == BRANCH_END_INTERVAL);
    const struct branch *branch = &set->branch[0];
    assert_true(branch->row[0].value == 2.385 && branch->row[branch->count - 1].value == 2.385);
    size_t stable = 0;
    for (size_t k = 0; k < branch->count; k++) {
        const double *x = branch->x + 2 * k, p = branch->row[k].value;
        assert_near((x[0] - 0.7) * (x[0] - 0.7), p - 0.3137, 1e-12, "a point of the branch");
        const size_t unstable = branch->row[k].spectrum.unstable;
        assert_int_equal(unstable, x[0] < 0.7);
        stable += unstable == 0;
    }
    assert_true(stable > 10 && stable + 10 < branch->count);
    branch_set_free(set);
}

static double chain_lambda_at(double lambda, size_t depth, struct flow **flow)
{
    struct problem problem = chain_of("kolen-pollack", depth);
    problem.lambda = lambda;
    assert_int_equal(problem_flow(&problem, flow), OK);
    return lambda;
}

static enum status kolen_pollack_at(void *context, double value, struct flow **flow)
{
    if (value <= 0)
        return status_fail(BAD_ARGUMENT, "no decay");
    chain_lambda_at(value, *(const size_t *)context, flow);
    return OK;
}

/* Three layers: lambda_c = 0.472470393710577437, (R12); zero attracts beside it. */
static void a_deep_chain_with_decay_folds(void **state)
{
    (void)state;
    size_t depth = 3;
    const struct branch_family family = {5, 0.1, 0.6, kolen_pollack_at, &depth};
    const double ones[5] = {1, 1, 1, 1, 1}, zero[5] = {0};
    struct branch_set *set = followed(&family, ones, 0.1, BRANCH_SEED_NEW);
    assert_near(special_of(set, BRANCH_FOLD, 0)->value, 0.472470393710577437, 1e-12, "lambda_c");
    assert_int_equal(specials_of(set, BRANCH_HOPF), 0);
    enum branch_seed seed;
    assert_int_equal(branch_set_follow(set, zero, 0.1, &seed), OK);
    assert_int_equal(seed, BRANCH_SEED_NEW);
    assert_int_equal(set->branches, 2);
    for (size_t k = 0; k < set->branch[1].count; k++) {
        assert_int_equal(set->branch[1].row[k].spectrum.unstable, 0);
        assert_near(set->branch[1].row[k].spectrum.rate, -set->branch[1].row[k].value, 1e-12,
                    "the rate of zero");
    }
    assert_int_equal(branch_set_follow(set, ones, 0.3, &seed), OK);
    assert_int_equal(seed, BRANCH_SEED_KNOWN);
    branch_set_free(set);
}

/* ---- crossings ---- */

/* Two layers: a pitchfork at lambda = 1, from zero, (R11). */
static void a_pitchfork_gives_its_other_branch(void **state)
{
    (void)state;
    size_t depth = 2;
    const struct branch_family family = {3, 0.125, 1.5, kolen_pollack_at, &depth};
    struct branch_set *set = followed(&family, (const double[3]){0}, 1.5, BRANCH_SEED_NEW);
    assert_int_equal(set->branches, 2);
    assert_int_equal(set->specials, 1);
    assert_near(special_of(set, BRANCH_CROSSING, 0)->value, 1, 1e-12, "the pitchfork");
    const struct branch *branch = &set->branch[1];
    for (size_t k = 0; k < branch->count; k++) {
        const double *x = branch->x + 3 * k, m2 = 1 - branch->row[k].value;
        for (size_t i = 0; i < 3; i++)
            assert_near(x[i] * x[i], m2, 1e-10, "m^2 = 1 - lambda");
    }
    assert_true(branch->x[0] * branch->x[3 * (branch->count - 1)] < 0);
    branch_set_free(set);
}

/* x' = (x - p/2) (x + 3 p - 1): two lines that cross at p = 2/7, neither of them upright. */
static void lines(const double *x, double *f, double *J)
{
    const double a = x[0] - parameter / 2, b = x[0] + 3 * parameter - 1;
    f[0] = a * b;
    f[1] = a - x[1];
    J[0] = a + b;
    J[2] = 1;
    J[3] = -1;
}

static void slanted_lines_cross(void **state)
{
    (void)state;
    struct model model = {2, lines};
    const struct branch_family family = family_of(&model, 0, 1);
    struct branch_set *set = followed(&family, (const double[]){0, 0}, 0, BRANCH_SEED_NEW);
    assert_int_equal(set->branches, 2);
    assert_int_equal(set->specials, 1);
    assert_near(special_of(set, BRANCH_CROSSING, 0)->value, 2.0 / 7, 1e-12, "the crossing");
    for (size_t b = 0; b < 2; b++)
        for (size_t k = 0; k < set->branch[b].count; k++) {
            const double x = set->branch[b].x[2 * k], p = set->branch[b].row[k].value;
            assert_near(x, b == 0 ? p / 2 : 1 - 3 * p, 1e-11, "a line");
            assert_int_equal(set->branch[b].end[k > 0], BRANCH_END_INTERVAL);
        }
    branch_set_free(set);
}

/* x' = p (x - 1/3): at p = 0 nothing moves x. */
static void upright(const double *x, double *f, double *J)
{
    f[0] = parameter * (x[0] - 1.0 / 3);
    f[1] = x[0] - 2 * x[1];
    J[0] = parameter;
    J[2] = 1;
    J[3] = -2;
}

static void a_continuum_at_one_value_is_no_branch(void **state)
{
    (void)state;
    struct model model = {2, upright};
    const struct branch_family family = family_of(&model, -1, 2.385); /* 0 is not met exactly */
    struct branch_set *set = followed(&family, (const double[]){0.3, 0.1}, -1, BRANCH_SEED_NEW);
    assert_int_equal(set->branches, 1);
    assert_int_equal(set->specials, 2);
    assert_near(special_of(set, BRANCH_CROSSING, 0)->value, 0, 1e-12, "the crossing");
    assert_near(special_of(set, BRANCH_CONTINUUM, 0)->value, 0, 1e-12, "the continuum");
    branch_set_free(set);
}

/* x' = x (2 max(x, 0)^p - 1): x = 2^(-1/p) comes to zero, and nearer than rounding, but stays another
 * fixed point for all p > 0. */
static void flat(const double *x, double *f, double *J)
{
    const double power = 2 * pow(fmax(x[0], 0), parameter);
    f[0] = x[0] * (power - 1);
    J[0] = (1 + parameter) * power - 1;
}

static void branches_that_only_come_near_do_not_cross(void **state)
{
    (void)state;
    struct model model = {1, flat};
    const struct branch_family family = family_of(&model, 0.01, 1);
    struct branch_set *set = followed(&family, (const double[]){0.5}, 1, BRANCH_SEED_NEW);
    assert_int_equal(set->specials, 0);
    assert_int_equal(set->branches, 1);
    const struct branch *branch = &set->branch[0];
    for (size_t k = 0; k < branch->count; k++)
        assert_near(branch->x[k], exp2(-1 / branch->row[k].value), 1e-9, "the branch");
    branch_set_free(set);
}

/* x' = d^2 - (x - sin 6p)^2: two branches side by side, of opposite determinants, nearer than a step
 * of the usual length strays from a bend. */
static const double APART = 0x1p-9;

static void beside_each_other(const double *x, double *f, double *J)
{
    const double off = x[0] - sin(6 * parameter);
    f[0] = APART * APART - off * off;
    J[0] = -2 * off;
}

static void branches_side_by_side_do_not_cross(void **state)
{
    (void)state;
    struct model model = {1, beside_each_other};
    const struct branch_family family = family_of(&model, 0, 2.385);
    struct branch_set *set = followed(&family, &APART, 0, BRANCH_SEED_NEW);
    assert_int_equal(set->specials, 0);
    assert_int_equal(set->branches, 1);
    const struct branch *branch = &set->branch[0];
    assert_true(branch->row[branch->count - 1].value == 2.385);
    for (size_t k = 0; k < branch->count; k++)
        assert_near(branch->x[k], sin(6 * branch->row[k].value) + APART, 1e-9, "the upper branch");
    branch_set_free(set);
}

/* ---- Hopf points ---- */

static const double SIGMA = 10, B = 8.0 / 3;

static void lorenz(const double *x, double *f, double *J)
{
    f[0] = SIGMA * (x[1] - x[0]);
    f[1] = x[0] * (parameter - x[2]) - x[1];
    f[2] = x[0] * x[1] - B * x[2];
    J[0] = -SIGMA;
    J[1] = SIGMA;
    J[3] = parameter - x[2];
    J[4] = -1;
    J[5] = -x[0];
    J[6] = x[1];
    J[7] = x[0];
    J[8] = -B;
}

static void lorenz_is_subcritical(void **state)
{
    (void)state;
    struct model model = {3, lorenz};
    const struct branch_family family = family_of(&model, 0, 30);
    struct branch_set *set = followed(&family, (const double[3]){0}, 0, BRANCH_SEED_NEW);
    assert_int_equal(set->branches, 2);
    assert_int_equal(specials_of(set, BRANCH_CROSSING), 1);
    assert_int_equal(specials_of(set, BRANCH_HOPF), 2);
    assert_int_equal(set->specials, 3);
    assert_near(special_of(set, BRANCH_CROSSING, 0)->value, 1, 1e-11, "the pitchfork");
    for (size_t k = 0; k < 2; k++) {
        const struct branch_special *hopf = special_of(set, BRANCH_HOPF, k);
        assert_near(hopf->value, SIGMA * (SIGMA + B + 3) / (SIGMA - B - 1), 1e-11, "r of Hopf");
        assert_near(hopf->omega * hopf->omega, 2 * B * SIGMA * (SIGMA + 1) / (SIGMA - B - 1), 1e-10,
                    "omega^2");
        assert_true(hopf->lyapunov > 0 && hopf->doubt < 1e-6 * hopf->lyapunov);
    }
    branch_set_free(set);
}

static const double BRUSSELS = 1.3;

static void brusselator(const double *x, double *f, double *J)
{
    f[0] = BRUSSELS - (parameter + 1) * x[0] + x[0] * x[0] * x[1];
    f[1] = parameter * x[0] - x[0] * x[0] * x[1];
    J[0] = -(parameter + 1) + 2 * x[0] * x[1];
    J[1] = x[0] * x[0];
    J[2] = parameter - 2 * x[0] * x[1];
    J[3] = -x[0] * x[0];
}

static void brusselator_is_supercritical(void **state)
{
    (void)state;
    struct model model = {2, brusselator};
    const struct branch_family family = family_of(&model, 0.5, 5);
    struct branch_set *set = followed(&family, (const double[]){1, 1}, 1, BRANCH_SEED_NEW);
    assert_int_equal(set->specials, 1);
    const struct branch_special *hopf = special_of(set, BRANCH_HOPF, 0);
    assert_near(hopf->value, 1 + BRUSSELS * BRUSSELS, 1e-13, "B of Hopf");
    assert_near(hopf->omega, BRUSSELS, 1e-10, "omega");
    assert_true(hopf->lyapunov < 0);
    assert_string_equal(branch_stability(&set->branch[0].row[0].spectrum, 2), "stable focus");
    branch_set_free(set);
}

/* w = u + i v, w' = (p + 1.7 i) w + (a + 0.4 i) w |w|^2, a = -0.6, in coordinates x = u + 0.8 u^2 -
 * 0.5 u v, y = v + 0.3 u^2 + 0.9 v^2, z' = -2 z + x^2: l1 = 2 a / omega at p = 0. */
static const double REAL = -0.6, IMAGINARY = 0.4, OMEGA = 1.7;

static void bent(const double *x, double *f, double *J)
{
    double u = x[0], v = x[1]; /* Newton's method for (u, v) */
    for (int k = 0; k < 50; k++) {
        const double g = u + 0.8 * u * u - 0.5 * u * v - x[0];
        const double h = v + 0.3 * u * u + 0.9 * v * v - x[1];
        const double gu = 1 + 1.6 * u - 0.5 * v, gv = -0.5 * u, hu = 0.6 * u, hv = 1 + 1.8 * v;
        const double det = gu * hv - gv * hu;
        u -= (g * hv - gv * h) / det;
        v -= (gu * h - g * hu) / det;
    }
    const double s = u * u + v * v;
    const double du = parameter * u - OMEGA * v + (REAL * u - IMAGINARY * v) * s;
    const double dv = OMEGA * u + parameter * v + (IMAGINARY * u + REAL * v) * s;
    f[0] = (1 + 1.6 * u - 0.5 * v) * du - 0.5 * u * dv;
    f[1] = 0.6 * u * du + (1 + 1.8 * v) * dv;
    f[2] = -2 * x[2] + x[0] * x[0];
    (void)J;
}

static enum status bent_jacobian(const struct flow *flow, const double *x, double *J)
{
    double work[9];
    return flow_jacobian_by_differences(flow, x, J, work);
}

static void lyapunov_coefficients_do_not_depend_on_coordinates(void **state)
{
    (void)state;
    struct model model = {3, bent};
    struct flow *flow;
    double omega, lyapunov, doubt;
    const double zero[3] = {0};
    assert_int_equal(model_at(&model, 0, &flow), OK);
    flow->jacobian = bent_jacobian;
    assert_int_equal(branch_lyapunov(flow, zero, &omega, &lyapunov, &doubt), OK);
    assert_near(omega, OMEGA, 1e-9, "omega");
    assert_near(lyapunov, 2 * REAL / OMEGA, 1e-3, "l1"); /* J is by differences, too */
    assert_true(fabs(lyapunov - 2 * REAL / OMEGA) <= 10 * doubt + 1e-6);
    flow_free(flow);
}

/* ---- what there is not ---- */

/* x' = -(x - p), y' = 2 (y - p): opposite eigenvalues at 2, real: nothing happens. */
static void neutral(const double *x, double *f, double *J)
{
    f[0] = -(1 + parameter) * (x[0] - parameter);
    f[1] = 2 * (x[1] - parameter);
    J[0] = -(1 + parameter);
    J[3] = 2;
}

static void neutral_saddles_are_no_hopf_points(void **state)
{
    (void)state;
    struct model model = {2, neutral};
    const struct branch_family family = family_of(&model, 0, 2.385);
    struct branch_set *set = followed(&family, (const double[]){0, 0}, 0, BRANCH_SEED_NEW);
    assert_int_equal(set->branches, 1);
    assert_int_equal(set->specials, 0);
    assert_string_equal(branch_stability(&set->branch[0].row[0].spectrum, 2), "saddle");
    branch_set_free(set);
}

/* An unknown that is ten orders slower than the other is no continuum. */
static void slow(const double *x, double *f, double *J)
{
    static const double SLOW = 1e-10;
    f[0] = SLOW * (parameter - 2 * x[0] + x[1]);
    f[1] = x[0] - 2 * x[1];
    J[0] = -2 * SLOW;
    J[1] = SLOW;
    J[2] = 1;
    J[3] = -2;
}

static void slow_unknowns_are_no_continua(void **state)
{
    (void)state;
    struct model model = {2, slow};
    const struct branch_family family = family_of(&model, 0, 1);
    struct branch_set *set = followed(&family, (const double[]){0.3, 0.3}, 0.5, BRANCH_SEED_NEW);
    assert_int_equal(set->branches, 1);
    assert_int_equal(set->specials, 0);
    assert_string_equal(branch_stability(&set->branch[0].row[0].spectrum, 2), "stable node");
    branch_set_free(set);
}

static enum status rbp_at(void *context, double value, struct flow **flow)
{
    (void)context;
    struct problem problem = chain_with("rbp", 2, &value, 1);
    return problem_flow(&problem, flow);
}

/* a1 a2 = 1 is a curve of fixed points for every c1; with decay they are isolated. */
static void continua_are_told(void **state)
{
    (void)state;
    const struct branch_family family = {2, 0.5, 2, rbp_at, NULL};
    branch_set_free(followed(&family, (const double[]){1.2, 0.9}, 0.5, BRANCH_SEED_CONTINUUM));
}

static void arguments_are_checked(void **state)
{
    (void)state;
    struct branch_set *set = NULL;
    struct branch_family family = {2, 1, 1, rbp_at, NULL};
    assert_int_equal(branch_set_create(&family, &set), BAD_ARGUMENT);
    family.to = NAN;
    assert_int_equal(branch_set_create(&family, &set), BAD_ARGUMENT);
    family.to = 2;
    family.dim = FLOW_DENSE_MOST + 1;
    assert_int_equal(branch_set_create(&family, &set), BAD_ARGUMENT);
    assert_null(set);
    branch_set_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_are_found),
        cmocka_unit_test(a_deep_chain_with_decay_folds),
        cmocka_unit_test(a_pitchfork_gives_its_other_branch),
        cmocka_unit_test(slanted_lines_cross),
        cmocka_unit_test(a_continuum_at_one_value_is_no_branch),
        cmocka_unit_test(branches_that_only_come_near_do_not_cross),
        cmocka_unit_test(branches_side_by_side_do_not_cross),
        cmocka_unit_test(lorenz_is_subcritical),
        cmocka_unit_test(brusselator_is_supercritical),
        cmocka_unit_test(lyapunov_coefficients_do_not_depend_on_coordinates),
        cmocka_unit_test(neutral_saddles_are_no_hopf_points),
        cmocka_unit_test(slow_unknowns_are_no_continua),
        cmocka_unit_test(continua_are_told),
        cmocka_unit_test(arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
