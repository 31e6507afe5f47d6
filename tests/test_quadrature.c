/* Gaussian averages: rules, data and responses against references, bounds and closed forms.
 *
 * References: mpmath 1.3, quad() at 40 digits over pieces that halve towards zero, e.g.
 *     2*quad(lambda t: tanh(5*t)**2*exp(-t*t/2)/sqrt(2*pi), [0, .05, .1, .2, .4, .8, 2, 4, 20])
 * The rules' bound is tested at steps so wide that the error stands out of the rounding, and a bound
 * with too large an angle must be refuted. */
#include "nonlinear/data.h"
#include "nonlinear/quadrature_store.h"
#include "nonlinear/response.h"

#include "base/stream.h"
#include "nonlinear/activation.h"

#include <complex.h>
#include <float.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TRIALS = 200, SEED = 2018, LAYERS = 3 };
static const double ROUNDING = 20 * DBL_EPSILON; /* of a hundred terms, each of some roundings */
static const double PI = 3.14159265358979323846;

static struct neurons named(const char *name, double p)
{
    return (struct neurons){activation_named(name), p};
}

/* A chain with hidden layers of the given neurons over Gaussian inputs. */
static struct problem gaussian_problem(size_t layers, const struct neurons *neurons,
                                       struct neurons teacher, double argument)
{
    struct problem problem = problem_defaults(NULL, NULL);
    problem.depth = layers + 1;
    problem.neuron_count = layers;
    memcpy(problem.neurons, neurons, layers * sizeof *neurons);
    problem.gaussian = 1;
    problem.teacher = (struct teacher){teacher, argument, 1};
    return problem;
}

/* ---- references --------------------------------------------------------------------------- */

enum moment { TARGET, SQUARE, THIRD }; /* E[T O], E[O^2], d^3/da^3 E[f(aI)^2] */

struct reference {
    size_t layers;
    const char *names[LAYERS];
    double parameter, a[LAYERS];
    const char *teacher;
    double teacher_parameter, argument;
    enum moment moment;
    double value;
};

static const struct reference references[] = {
    {1, {"tanh"}, 0, {0.5}, "tanh", 0, 1, SQUARE, 0.1735161434323718509506},
    {1, {"tanh"}, 0, {0.5}, "tanh", 0, 1, THIRD, -2.257903471494589909201},
    {1, {"tanh"}, 0, {1}, "tanh", 0, 1, SQUARE, 0.3942944903978411744165},
    {1, {"tanh"}, 0, {1}, "sign", 0, 1, THIRD, 0.1768819313003572205764},
    {1, {"tanh"}, 0, {5}, "tanh", 0, 1, SQUARE, 0.8429617595625436923262},
    {1, {"tanh"}, 0, {5}, "tanh", 0, 1, THIRD, 0.00653532429032935958389},
    {1, {"tanh"}, 0, {50}, "tanh", 0, 1, SQUARE, 0.9840449328126576787955},
    {1, {"tanh"}, 0, {50}, "tanh", 0, 1, THIRD, 7.647107310110929001557e-7},
    {1, {"tanh"}, 0, {1e3}, "sign", 0, 1, SQUARE, 0.9992021157673137251551},
    {1, {"tanh"}, 0, {1e3}, "tanh", 0, 1, THIRD, 4.787287677864265097746e-12},
    {1, {"tanh"}, 0, {1e6}, "tanh", 0, 1, SQUARE, 0.9999992021154391974628},
    {1, {"tanh"}, 0, {1e6}, "tanh", 0, 1, THIRD, 4.787307364797505122847e-24},
    {1, {"tanh"}, 0, {1e6}, "sign", 0, 1, THIRD, 4.787307364797505122847e-24},
    {1, {"logistic"}, 0, {3}, "tanh", 0, 2, SQUARE, 0.3851620952260894572377},
    {1, {"logistic"}, 0, {3}, "tanh", 0, 2, TARGET, 0.2922728835675391876668},
    {1, {"tanh"}, 0, {3}, "sign", 0, 7, TARGET, 0.8217829611286747729969},
    {1, {"tanh"}, 0, {3}, "relu", 0, 1, TARGET, 0.3822499380098655248441},
    {1, {"tanh"}, 0, {3}, "odd-root", 3, 1, TARGET, 0.7651575124670517552504},
    {1, {"tanh"}, 0, {3}, "power", 3, 1, TARGET, 1.590344448318879291018},
    {1, {"power"}, 3, {1}, "tanh", 0, 3, TARGET, 1.590344448318879291018},
    {1, {"relu"}, 0, {1}, "tanh", 0, 3, TARGET, 0.3822499380098655248441},
    {1, {"odd-root"}, 3, {1}, "tanh", 0, 3, TARGET, 0.7651575124670517552504},
    {2, {"tanh", "tanh"}, 0, {2, 3}, "tanh", 0, 1, SQUARE, 0.8491358887846166216538},
    {2, {"tanh", "tanh"}, 0, {2, 3}, "sign", 0, 1, SQUARE, 0.8491358887846166216538},
    {3, {"erf", "tanh", "tanh"}, 0, {3, 40, 0.5}, "tanh", 0, 1, SQUARE, 0.2118653850499545569527},
    {2, {"logistic", "tanh"}, 0, {3, 2}, "tanh", 0, 1, SQUARE, 0.4957386718000492586145},
    {2, {"relu", "tanh"}, 0, {2, 3}, "tanh", 0, 1, SQUARE, 0.4342515575673898851223},
    {2, {"power", "tanh"}, 3, {1, 0.5}, "tanh", 0, 1, SQUARE, 0.2435169955715009720946},
    {2, {"odd-root", "tanh"}, 3, {2, 3}, "tanh", 0, 1, SQUARE, 0.9648601378243220685801},
    {2, {"power", "tanh"}, 3, {1, 0.5}, "sign", 0, 1, SQUARE, 0.2435169955715009720946},
};

static double output(const struct reference *r, const struct neurons *neurons, double x)
{
    for (size_t i = 0; i < r->layers; i++)
        x = activation_value(&neurons[i], r->a[i] * x);
    return x;
}

/* I^3 (f^2)''' */
static double third(const struct neurons *f, double a, double input)
{
    const double x = a * input;
    return 2 * input * input * input *
           (3 * activation_slope(f, x) * activation_curvature(f, x) +
            activation_value(f, x) * activation_third(f, x));
}

static double sum(const struct reference *r, const struct neurons *neurons, const struct samples *s)
{
    long double total = 0;
    for (size_t k = 0; k < s->count; k++) {
        const double o = output(r, neurons, s->input[k]);
        total += (long double)s->weight[k] * (r->moment == TARGET ? s->target[k] * o
                                              : r->moment == SQUARE
                                                  ? o * o
                                                  : third(neurons, r->a[0], s->input[k]));
    }
    return (double)total;
}

static void moments_are_those_of_forty_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        const struct reference *r = &references[i];
        struct neurons neurons[LAYERS];
        for (size_t k = 0; k < r->layers; k++)
            neurons[k] = named(r->names[k], r->parameter);
        const struct problem problem = gaussian_problem(
            r->layers, neurons, named(r->teacher, r->teacher_parameter), r->argument);
        struct data *data = NULL;
        assert_int_equal(data_create(&problem, 1, 1, &data), OK);
        const double steepness = data_steepness(data, r->a);
        assert_true(data_error(data, steepness) < 1e-15);
        const double found = sum(r, neurons, data_samples(data, steepness));
        if (!(fabs(found - r->value) <= ROUNDING * fabs(r->value)))
            fail_msg("reference %zu: %.17g, expected %.17g", i, found, r->value);
        data_free(data);
    }
}

/* ---- the bound ---------------------------------------------------------------------------- */

/* E[tanh(at)^2] by a rule, whatever its step. */
static double by_rule(const struct quadrature *rule, double a, size_t *count)
{
    *count = quadrature_count(rule);
    double *node = calloc(2 * *count, sizeof *node), *weight = node + *count;
    quadrature_fill(rule, node, weight);
    long double total = 0;
    for (size_t k = 0; k < *count; k++)
        total += (long double)weight[k] * tanh(a * node[k]) * tanh(a * node[k]);
    free(node);
    return (double)total;
}

static struct quadrature coarser(struct quadrature rule, double factor)
{
    rule.step *= factor;
    rule.first = (long)floor((double)rule.first / factor);
    rule.last = (long)ceil((double)rule.last / factor);
    return rule;
}

/* (I1), (I4), (I5): the error is below the bound, and not by magic: a bound that believes in twice
 * the angle is refuted. */
static void errors_are_below_their_bounds(void **state)
{
    (void)state;
    for (int map = QUADRATURE_UNIFORM; map <= QUADRATURE_HALVES; map++) {
        struct stream stream = stream_at(SEED, stream_key("bound"), (uint64_t)map);
        int visible = 0, refuted = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            const double steepest = map == QUADRATURE_UNIFORM ? 30 : 1e5;
            const double a = exp(stream_between(&stream, log(0.05), log(steepest)));
            const struct quadrature_need need = {(enum quadrature_map)map, 1, 1, a};
            const struct quadrature fine = quadrature_rule(&need);
            struct quadrature wide = coarser(fine, stream_between(&stream, 2, 8));
            size_t count;
            const double exact = by_rule(&fine, a, &count);
            const double error = fabs(by_rule(&wide, a, &count) / exact - 1);
            const double bound = quadrature_error(&wide);
            if (!(error <= bound + ROUNDING))
                fail_msg("map %d, a = %g: error %.2g above the bound %.2g", map, a, error, bound);
            wide.angle *= 2.5;
            visible += error > ROUNDING;
            refuted += error > quadrature_error(&wide) + ROUNDING;
        }
        assert_true(visible > TRIALS / 4);
        assert_true(refuted > TRIALS / 20);
    }
}

static void nodes_grow_like_the_logarithm_of_steepness(void **state)
{
    (void)state;
    const enum quadrature_map maps[] = {QUADRATURE_SINH, QUADRATURE_HALVES};
    for (size_t m = 0; m < 2; m++) {
        size_t last = 0;
        for (double a = 10; a < 1e9; a *= 10) {
            const struct quadrature_need need = {maps[m], 1, 1, a};
            const struct quadrature rule = quadrature_rule(&need);
            const size_t count = quadrature_count(&rule);
            assert_true(last == 0 ||
                        count - last < 60); /* 2 log(10) angle-steps, twice for halves */
            last = count;
        }
        const struct quadrature_need beyond = {maps[m], 1, 1, 1e10};
        const struct quadrature rule = quadrature_rule(&beyond);
        assert_true(isinf(quadrature_error(&rule)));
    }
}

/* (I3): iterated tan() and tanh() keep within the radius that is claimed, and tangents and sectors
 * do what the rules take for granted. */
static void discs_and_sectors_are_mapped_as_claimed(void **state)
{
    (void)state;
    assert_true(fabs(quadrature_radius(1) - PI / 4) < DBL_EPSILON);
    for (size_t n = 1; n < 40; n++) {
        double radius = quadrature_radius(n);
        for (size_t k = 0; k < n; k++)
            radius = tan(radius);
        assert_true(fabs(radius - 1) <
                    1e-11); /* the last tangent magnifies a rounding forty times */
    }
    struct stream stream = stream_at(SEED, stream_key("sector"), 0);
    for (int trial = 0; trial < 100 * TRIALS; trial++) {
        const double x = exp(stream_between(&stream, -8, 3)), slope = stream_uniform(&stream);
        const double y = slope * x, below = cosh(2 * x) + cos(2 * y);
        const double re = sinh(2 * x) / below, im = sin(2 * y) / below; /* tanh(x + iy) */
        assert_true(fabs(im) <= slope * re * (1 + 1e-14));
        assert_true(re * re + im * im <= 1.31);
        if (hypot(x, y) < PI / 2)
            assert_true(hypot(re, im) <= tan(hypot(x, y)) * (1 + 1e-14));
        if (y < PI / 2)
            assert_true(fabs(im) <= tan(y) * (1 + 1e-14));
    }
}

/* (I3) for erf: along rays within the sector, erf(z/sqrt 2) turns less than z and stays small. */
static void erf_keeps_sectors(void **state)
{
    (void)state;
    enum { STEPS = 4000 };
    for (int k = 1; k <= 20; k++) {
        const double angle = k * PI / 80, step = 8. / STEPS;
        const double complex direction = cos(angle) + I * sin(angle);
        double complex value = 0;
        for (int j = 0; j < STEPS; j++) {
            const double complex z = (j + 0.5) * step * direction;
            value += sqrt(2 / PI) * cexp(-z * z / 2) * direction * step;
            assert_true(fabs(carg(value)) <= angle * (1 + 1e-6)); /* the rule's step squared */
            assert_true(cabs(value) * cabs(value) < 1.81);
        }
    }
}

/* ---- Gauss-Hermite ------------------------------------------------------------------------ */

static double tanh_squared(double t, void *a)
{
    const double value = tanh(*(double *)a * t);
    return value * value / sqrt(2 * PI);
}

static double by_gauss_hermite(double a, size_t n)
{
    gsl_integration_fixed_workspace *w =
        gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, n, 0, 0.5, 0, 0);
    double value = NAN;
    gsl_function f = {tanh_squared, &a};
    gsl_integration_fixed(&f, &value, w);
    gsl_integration_fixed_free(w);
    return value;
}

/* (I9) */
static void gauss_hermite_is_wrong_where_ours_is_right(void **state)
{
    (void)state;
    const struct {
        double a, exact;
        size_t n;
        double least, most; /* of the error of Gauss-Hermite */
    } cases[] = {{1, 0.3942944903978411744165, 20, 3e-5, 3e-4},
                 {1, 0.3942944903978411744165, 40, 1e-7, 1e-6},
                 {1, 0.3942944903978411744165, 80, 5e-11, 5e-10},
                 {5, 0.8429617595625436923262, 20, 3e-2, 3e-1},
                 {5, 0.8429617595625436923262, 40, 1e-2, 1e-1},
                 {5, 0.8429617595625436923262, 80, 3e-3, 3e-2},
                 {5, 0.8429617595625436923262, 160, 5e-4, 5e-3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double error = fabs(by_gauss_hermite(cases[i].a, cases[i].n) - cases[i].exact);
        assert_true(error > cases[i].least && error < cases[i].most);
        const struct quadrature_need need = {QUADRATURE_SINH, 1, 1, cases[i].a};
        const struct quadrature rule = quadrature_rule(&need);
        size_t count;
        assert_true(fabs(by_rule(&rule, cases[i].a, &count) - cases[i].exact) < ROUNDING);
        assert_true(count < 110); /* for a = 5; Gauss-Hermite of 160 has three digits */
    }
}

/* ---- closed forms ------------------------------------------------------------------------- */

static struct response *response_of(const struct problem *problem)
{
    struct response *response = NULL;
    assert_int_equal(response_create(problem, &response), OK);
    return response;
}

/* M1, M2 and derivatives as sums, written once more. */
static void by_sums(const struct problem *problem, double a, long double m1[RESPONSE_ORDERS],
                    long double m2[RESPONSE_ORDERS])
{
    struct data *data = NULL;
    assert_int_equal(data_create(problem, 1, 1, &data), OK);
    const struct samples *s = data_samples(data, fabs(a));
    const struct neurons *f = &problem->neurons[0];
    memset(m1, 0, RESPONSE_ORDERS * sizeof *m1);
    memset(m2, 0, RESPONSE_ORDERS * sizeof *m2);
    for (size_t k = 0; k < s->count; k++) {
        const double input = s->input[k], x = a * input;
        const long double w = s->weight[k], T = s->target[k];
        const long double f0 = activation_value(f, x), f1 = activation_slope(f, x) * input,
                          f2 = activation_curvature(f, x) * input * input,
                          f3 = activation_third(f, x) * input * input * input;
        const long double jet[] = {f0, f1, f2, f3};
        const long double square[] = {f0 * f0, 2 * f0 * f1, 2 * f1 * f1 + 2 * f0 * f2,
                                      6 * f1 * f2 + 2 * f0 * f3};
        for (int j = 0; j < RESPONSE_ORDERS; j++) {
            m1[j] += w * T * jet[j];
            m2[j] += w * square[j];
        }
    }
    data_free(data);
}

/* (I6), (I7), (I8) */
static void closed_forms_agree_with_sums(void **state)
{
    (void)state;
    const struct {
        struct neurons f, g;
    } cases[] = {
        {named("erf", 0), named("erf", 0)},           {named("erf", 0), named("identity", 0)},
        {named("erf", 0), named("sign", 0)},          {named("erf", 0), named("tanh", 0)},
        {named("power", 3), named("identity", 0)},    {named("power", 2.5), named("relu", 0)},
        {named("relu", 0), named("leaky-relu", 0.3)}, {named("leaky-relu", 0.1), named("sign", 0)},
        {named("odd-power", 1.5), named("power", 3)}, {named("odd-root", 3), named("odd-root", 2)},
        {named("relu", 0), named("tanh", 0)},         {named("power", 2), named("logistic", 0)}};
    struct stream stream = stream_at(SEED, stream_key("closed"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int trial = 0; trial < 10; trial++) {
            struct problem problem =
                gaussian_problem(1, &cases[i].f, cases[i].g, stream_between(&stream, -3, 3));
            problem.gaussian = stream_between(&stream, 0.3, 2.5);
            problem.teacher.scale = stream_between(&stream, -2, 2);
            const double a = stream_between(&stream, 0.2, 4) * (trial % 2 ? -1 : 1);
            long double m1[RESPONSE_ORDERS], m2[RESPONSE_ORDERS];
            by_sums(&problem, a, m1, m2);
            struct response *response = response_of(&problem);
            struct response_values values;
            response_at(response, a, &values);
            for (int j = 0; j < RESPONSE_ORDERS; j++) {
                /* derivatives may cancel to less than what the orders below suggest */
                const double scale1 = fmax(fabs((double)m1[j]), fabs((double)m1[0] / pow(a, j)));
                const double scale2 = fmax(fabs((double)m2[j]), fabs((double)m2[0] / pow(a, j)));
                const double error1 = fabs((double)(values.m1[j] - m1[j]));
                const double error2 = fabs((double)(values.m2[j] - m2[j]));
                if (!(error1 <= 2 * ROUNDING * scale1 && error2 <= 2 * ROUNDING * scale2))
                    fail_msg("case %zu, order %d at %g: %.17g %.17Lg; %.17g %.17Lg", i, j, a,
                             values.m1[j], m1[j], values.m2[j], m2[j]);
            }
            assert_true(values.error > 0 && values.error < 1e-13);
            response_free(response);
        }
}

/* (I7): E|I|^p, against the double factorials, and E[I f(aI)] = a sigma^2 E[f'(aI)]. */
static void powers_and_stein(void **state)
{
    (void)state;
    double factorial = 1; /* (2p - 1)!! */
    for (int p = 1; p <= 12; factorial *= 2 * p + 1, p++) {
        struct neurons f = named("power", p);
        struct problem problem = gaussian_problem(1, &f, f, 1);
        problem.gaussian = 1.25;
        struct response *response = response_of(&problem);
        struct response_values values;
        response_at(response, -0.75, &values);
        const double exact = factorial * pow(0.9375, 2 * p);
        assert_true(fabs(values.m2[0] - exact) <= ROUNDING * exact);
        response_free(response);
    }
    const char *names[] = {"tanh", "erf", "logistic"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (double a = 0.03; a < 1e6; a *= 11) {
            struct neurons f = named(names[i], 0);
            struct problem linear = gaussian_problem(1, &f, named("identity", 0), 1);
            linear.gaussian = 1.25;
            struct response *response = response_of(&linear);
            struct response_values values;
            response_at(response, a, &values);
            struct data *data = NULL;
            assert_int_equal(data_create(&linear, 1, 1, &data), OK);
            const struct samples *s = data_samples(data, a);
            long double slope = 0;
            for (size_t k = 0; k < s->count; k++)
                slope += (long double)s->weight[k] * activation_slope(&f, a * s->input[k]);
            const double stein = (double)(a * 1.5625 * slope);
            assert_true(fabs(values.m1[0] - stein) <= ROUNDING * stein);
            data_free(data);
            response_free(response);
        }
}

/* ---- responses ---------------------------------------------------------------------------- */

/* Each order against Richardson's extrapolation of differences of the one below. */
static void derivatives_of_responses_are_derivatives(void **state)
{
    (void)state;
    struct stream stream = stream_at(SEED, stream_key("response"), 0);
    for (size_t i = 0; activation_registry[i]; i++) {
        const struct activation *f = activation_registry[i];
        if (f->teacher_only)
            continue;
        for (int trial = 0; trial < 20; trial++) {
            struct neurons neurons = {f, f->standard};
            struct problem problem =
                gaussian_problem(1, &neurons, named("tanh", 0), stream_between(&stream, 0.3, 2));
            if (trial % 2) { /* finite data instead */
                problem.gaussian = 0;
                problem.inputs.count = 4;
                stream_normals(&stream, 4, 1, problem.inputs.near);
            }
            struct response *response = response_of(&problem);
            const double a = stream_between(&stream, 0.3, 3) * (trial % 4 < 2 ? -1 : 1), h = 1e-3;
            struct response_values at, up, down, far_up, far_down;
            response_at(response, a, &at);
            response_at(response, a + h, &up);
            response_at(response, a - h, &down);
            response_at(response, a + 2 * h, &far_up);
            response_at(response, a - 2 * h, &far_down);
            for (int j = 0; j + 1 < RESPONSE_ORDERS; j++) {
                const double d1 =
                    (8 * (up.m1[j] - down.m1[j]) - (far_up.m1[j] - far_down.m1[j])) / (12 * h);
                const double d2 =
                    (8 * (up.m2[j] - down.m2[j]) - (far_up.m2[j] - far_down.m2[j])) / (12 * h);
                /* h^4/30 times the fifth derivative, and roundings over h */
                assert_true(fabs(d1 - at.m1[j + 1]) <= 1e-8 * (fabs(at.m1[j]) + fabs(d1) + 1));
                assert_true(fabs(d2 - at.m2[j + 1]) <= 1e-8 * (fabs(at.m2[j]) + fabs(d2) + 1));
            }
            response_free(response);
        }
    }
}

/* One sample I = 2, T = 1: M1' = 2/cosh(2a)^2 to all its digits, 1e-69 for a = 40. */
static void saturated_derivatives_keep_their_digits(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(NULL, NULL);
    problem.neuron_count = 1;
    problem.neurons[0] = named("tanh", 0);
    problem.inputs = (struct entries){.count = 2, .near = {2, -2}};
    problem.targets = (struct entries){.count = 2, .near = {1, -1}};
    struct response *response = response_of(&problem);
    for (double a = 10; a < 80; a += 7.5) {
        struct response_values values;
        response_at(response, a, &values);
        const double small = exp(-4 * a), slope = 8 * small / ((1 + small) * (1 + small));
        assert_true(fabs(values.m1[1] - slope) <= ROUNDING * slope);
        assert_true(fabs(values.m2[1] - 2 * slope * tanh(2 * a)) <= 2 * ROUNDING * slope);
        assert_true(values.m1[1] > 0 && values.error < 1e-14);
    }
    assert_true(response_target_square(response) == 1);
    response_free(response);
}

/* Where the ladder of node sets changes, moments do not: the sets on both sides of each change. */
static void no_step_shows_between_node_sets(void **state)
{
    (void)state;
    struct neurons f = named("tanh", 0);
    struct problem problem = gaussian_problem(1, &f, named("sign", 0), 1);
    struct response *response = response_of(&problem);
    struct data *data = NULL;
    assert_int_equal(data_create(&problem, 1, 1, &data), OK);
    int changes = 0;
    for (double a = 0.5; a < 1e8; a *= 2) {
        const double next = a * (1 + DBL_EPSILON);
        struct response_values at, above;
        response_at(response, a, &at);
        response_at(response, next, &above);
        for (int j = 0; j < RESPONSE_ORDERS; j++) {
            /* M2'' passes through zero, but its terms do not */
            const double terms = j > 0 ? fabs(at.m2[1]) / pow(a, j - 1) : 0;
            assert_true(fabs(above.m1[j] - at.m1[j]) <= ROUNDING * fabs(at.m1[j]));
            assert_true(fabs(above.m2[j] - at.m2[j]) <= ROUNDING * fmax(fabs(at.m2[j]), terms));
        }
        changes += data_samples(data, a) != data_samples(data, next);
    }
    assert_true(changes > 10);
    data_free(data);
    response_free(response);
}

/* ---- data --------------------------------------------------------------------------------- */

static void finite_data_are_what_was_given(void **state)
{
    (void)state;
    struct problem problem = problem_defaults(NULL, NULL);
    problem.inputs = (struct entries){.count = 4, .near = {1, 2, -3, 0.5}};
    problem.targets = (struct entries){.count = 2, .near = {7, 8}};
    problem.sample_weights = (struct entries){.count = 2, .near = {0.25, 3}};
    struct data *data = NULL;
    assert_int_equal(data_create(&problem, 2, 1, &data), OK);
    const struct samples *s = data_samples(data, 5);
    assert_true(s->count == 2 && s->inputs == 2 && s->outputs == 1 && !data_is_gaussian(data));
    assert_true(s->input[2] == -3 && s->target[1] == 8 && s->weight[1] == 3);
    assert_true(data_error(data, 1e30) == 0 && isnan(data_sigma(data)));
    data_free(data);

    problem.sample_weights.count = 0;
    problem.targets.count = 0;
    problem.teacher = (struct teacher){named("power", 2), 3, 0.5};
    assert_int_equal(data_create(&problem, 2, 2, &data), OK);
    s = data_samples(data, 0);
    assert_true(s->weight[0] == 0.5 && s->target[2] == 40.5 && s->outputs == 2);
    data_free(data);

    problem = problem_defaults(NULL, NULL);
    problem.alpha = 3;
    problem.beta = 2;
    assert_int_equal(data_create(&problem, 1, 1, &data), OK);
    s = data_samples(data, 0);
    assert_true(s->count == 1 && s->input[0] == 1 && s->target[0] == 1.5 && s->weight[0] == 2);
    data_free(data);
}

static void spoil_by_length(struct problem *p)
{
    p->inputs.count = 3;
}
static void spoil_by_targets(struct problem *p)
{
    p->targets.count = 1;
}
static void spoil_by_weight(struct problem *p)
{
    p->sample_weights.near[1] = 0;
}
static void spoil_by_weights(struct problem *p)
{
    p->sample_weights.count = 3;
}
static void spoil_by_nan(struct problem *p)
{
    p->inputs.near[1] = NAN;
}
static void spoil_by_teacher(struct problem *p)
{
    p->teacher.neurons = named("tanh", 0);
}
static void spoil_by_gaussian(struct problem *p)
{
    p->gaussian = 1;
}
static void spoil_by_no_inputs(struct problem *p)
{
    p->inputs.count = 0;
}
static void spoil_by_negative(struct problem *p)
{
    p->gaussian = -1;
}

static void bad_data_are_refused(void **state)
{
    (void)state;
    void (*const spoilers[])(struct problem *) = {
        NULL,         spoil_by_length,  spoil_by_targets,  spoil_by_weight,    spoil_by_weights,
        spoil_by_nan, spoil_by_teacher, spoil_by_gaussian, spoil_by_no_inputs, spoil_by_negative};
    for (size_t i = 0; i < sizeof spoilers / sizeof *spoilers; i++) {
        struct problem problem = problem_defaults(NULL, NULL);
        problem.inputs = (struct entries){.count = 4, .near = {1, 2, -3, 0.5}};
        problem.targets = (struct entries){.count = 4, .near = {7, 8, 9, 10}};
        problem.sample_weights = (struct entries){.count = 2, .near = {0.25, 3}};
        if (spoilers[i])
            spoilers[i](&problem);
        struct data *data = NULL;
        assert_int_equal(data_create(&problem, 2, 2, &data), spoilers[i] ? BAD_ARGUMENT : OK);
        assert_true((data == NULL) == (i > 0)); /* untouched on failure */
        data_free(data);
    }
}

static void kinks_that_wander_are_refused(void **state)
{
    (void)state;
    struct neurons relu = named("relu", 0), smooth = named("tanh", 0);
    struct problem problem = gaussian_problem(1, &relu, smooth, 1);
    problem.biases = true;
    struct data *data = NULL;
    assert_int_equal(data_create(&problem, 1, 1, &data), BAD_ARGUMENT);
    problem.neurons[0] = smooth; /* smooth neurons may, up to the steepness that is said */
    assert_int_equal(data_create(&problem, 1, 1, &data), OK);
    assert_true(data_error(data, 100) < 1e-15 && isinf(data_error(data, 1e3)));
    data_free(data);
    problem.biases = false;
    problem.neurons[0] = named("power", 33);
    assert_int_equal(data_create(&problem, 1, 1, &data), BAD_ARGUMENT);
}

/* Two rules that differ in one number. */
static void stored_rules_are_not_confused(void **state)
{
    (void)state;
    enum { VARIANTS = 6, NODES_MOST = 4096 };
    const struct quadrature_need need = {QUADRATURE_SINH, 1, 1, 3.7};
    struct quadrature rule[VARIANTS];
    struct quadrature_store *store = quadrature_store_create();
    double *kept = calloc(4 * NODES_MOST, sizeof *kept), *plain = kept + 2 * NODES_MOST;
    assert_non_null(kept);
    for (size_t k = 0; k < VARIANTS; k++)
        rule[k] = quadrature_rule(&need);
    rule[1].map = QUADRATURE_UNIFORM;
    rule[2].kappa *= 1.25;
    rule[3].step *= 0.75;
    rule[4].last++;
    rule[5].first--;
    for (size_t k = 0; k < VARIANTS; k++) {
        const size_t count = quadrature_count(&rule[k]);
        assert_true(count <= NODES_MOST);
        quadrature_store_fill(store, &rule[k], kept, kept + count);
        quadrature_fill(&rule[k], plain, plain + count);
        assert_memory_equal(kept, plain, 2 * count * sizeof *kept);
    }
    assert_int_equal(quadrature_store_count(store), VARIANTS);
    quadrature_store_free(store);
    free(kept);
}

/* Flows over a parameter share their nodes; those of other neurons are other nodes. */
static void nodes_are_kept_bit_by_bit(void **state)
{
    (void)state;
    struct quadrature_store *store = quadrature_store_create();
    assert_non_null(store);
    size_t kept[3] = {0, 0, 0};
    const char *const names[] = {"tanh", "tanh", "relu"};
    for (size_t trial = 0; trial < 3; trial++) {
        const struct neurons neurons = named(names[trial], 0);
        struct problem problem =
            gaussian_problem(1, &neurons, named("erf", 0), 0.7 + 0.1 * (double)trial);
        struct data *plain = NULL, *stored = NULL;
        assert_int_equal(data_create(&problem, 1, 1, &plain), OK);
        problem.nodes = store;
        assert_int_equal(data_create(&problem, 1, 1, &stored), OK);
        for (double steepness = 0.5; steepness < 1e4; steepness *= 7) {
            const struct samples *a = data_samples(plain, steepness);
            const struct samples *b = data_samples(stored, steepness);
            assert_int_equal(a->count, b->count);
            assert_memory_equal(a->input, b->input, a->count * sizeof *a->input);
            assert_memory_equal(a->weight, b->weight, a->count * sizeof *a->weight);
            assert_memory_equal(a->target, b->target, a->count * sizeof *a->target);
        }
        kept[trial] = quadrature_store_count(store);
        data_free(plain);
        data_free(stored);
    }
    assert_true(kept[0] > 1 && kept[1] == kept[0] && kept[2] > kept[1]);
    quadrature_store_free(store);
    quadrature_store_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_those_of_forty_digits),
        cmocka_unit_test(errors_are_below_their_bounds),
        cmocka_unit_test(nodes_grow_like_the_logarithm_of_steepness),
        cmocka_unit_test(discs_and_sectors_are_mapped_as_claimed),
        cmocka_unit_test(erf_keeps_sectors),
        cmocka_unit_test(gauss_hermite_is_wrong_where_ours_is_right),
        cmocka_unit_test(closed_forms_agree_with_sums),
        cmocka_unit_test(powers_and_stein),
        cmocka_unit_test(derivatives_of_responses_are_derivatives),
        cmocka_unit_test(saturated_derivatives_keep_their_digits),
        cmocka_unit_test(no_step_shows_between_node_sets),
        cmocka_unit_test(stored_rules_are_not_confused),
        cmocka_unit_test(nodes_are_kept_bit_by_bit),
        cmocka_unit_test(finite_data_are_what_was_given),
        cmocka_unit_test(bad_data_are_refused),
        cmocka_unit_test(kinks_that_wander_are_refused),
    };
    return cmocka_run_group_tests_name("quadrature", tests, NULL, NULL);
}
