/* Arrays of both arithmetics against plain loops in double, on odd shapes.
 *
 * Each array lies between guards, which no operation may touch: loops that work on whole registers
 * must stop where the array does.  Bounds are in units of the arithmetic's epsilon, with the number
 * of roundings that the formula has. */
#include "networks/array.h"

#include "base/stream.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEED = 2018, GUARD = 24 };
static const double GUARDED = 0.7853; /* no result of the tests */

enum { ARITHMETICS_COUNT = 2 };
static const struct arithmetic *const ARITHMETICS[ARITHMETICS_COUNT] = {&array_float,
                                                                        &array_double};
static const size_t SHAPES[][2] = {{1, 1},   {1, 7},  {7, 1},   {3, 5},    {2, 16},
                                   {16, 17}, {33, 4}, {19, 31}, {10, 100}, {65, 33}};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* An array between guards, full of numbers of size `scale`. */
static struct array drawn(const struct arithmetic *arithmetic, const size_t *shape, double scale)
{
    static uint64_t arrays = 0;
    const size_t count = shape[0] * shape[1];
    char *memory = calloc(count + 2 * GUARD, arithmetic->bytes);
    assert_non_null(memory);
    struct array all = array_view(arithmetic, 1, count + 2 * GUARD, memory);
    array_fill(GUARDED, &all);
    struct stream stream = stream_at(SEED, stream_key("arrays"), arrays++);
    for (size_t i = 0; i < count; i++)
        array_put(&all, GUARD + i, scale * stream_between(&stream, -1, 1));
    return array_view(arithmetic, shape[0], shape[1], memory + GUARD * arithmetic->bytes);
}

static void release(struct array *x)
{
    char *memory = (char *)x->values - GUARD * x->arithmetic->bytes;
    struct array all = array_view(x->arithmetic, 1, array_count(x) + 2 * GUARD, memory);
    struct array guard = array_view(x->arithmetic, 1, 1, (char[sizeof(double)]){0});
    array_put(&guard, 0, GUARDED);
    for (size_t i = 0; i < GUARD; i++) {
        assert_true(array_at(&all, i) == array_at(&guard, 0));
        assert_true(array_at(&all, array_count(&all) - 1 - i) == array_at(&guard, 0));
    }
    free(memory);
}

static double *listed(const struct array *x)
{
    double *list = calloc(array_count(x), sizeof *list);
    assert_non_null(list);
    array_store(x, list);
    return list;
}

/* |got - want| <= roundings epsilon size */
static void expect_near(const struct array *x, size_t i, double want, double roundings, double size)
{
    const double got = array_at(x, i), bound = roundings * x->arithmetic->epsilon * size;
    if (!(fabs(got - want) <= bound))
        fail_msg("%s %zux%zu [%zu]: %.17g, not %.17g (bound %g)", x->arithmetic->name, x->rows,
                 x->columns, i, got, want, bound);
}

typedef void check(const struct arithmetic *arithmetic, const size_t *shape);

static void everywhere(check *one)
{
    for (size_t a = 0; a < ARITHMETICS_COUNT; a++)
        for (size_t s = 0; s < COUNT(SHAPES); s++)
            one(ARITHMETICS[a], SHAPES[s]);
}

/* ---------------------------------------------------------------- products */

static double entry(const struct array_factor *a, size_t i, size_t j)
{
    return a->form == ARRAY_TRANSPOSED ? array_at(a->array, j * a->array->columns + i)
                                       : array_at(a->array, i * a->array->columns + j);
}

static void check_product(const struct arithmetic *arithmetic, const size_t *mn, size_t k,
                          const enum array_form *forms)
{
    const size_t mk[] = {mn[0], k}, km[] = {k, mn[0]}, kn[] = {k, mn[1]}, nk[] = {mn[1], k};
    struct array A = drawn(arithmetic, forms[0] == ARRAY_PLAIN ? mk : km, 1);
    struct array B = drawn(arithmetic, forms[1] == ARRAY_PLAIN ? kn : nk, 1);
    struct array C = drawn(arithmetic, mn, 1);
    static const double SCALE = 2.375, KEEP = -0.625; /* exact in both arithmetics */
    const struct array_factor a = {&A, forms[0]}, b = {&B, forms[1]};
    double *before = listed(&C);
    array_product(a, b, SCALE, KEEP, &C);
    for (size_t i = 0; i < mn[0]; i++)
        for (size_t j = 0; j < mn[1]; j++) {
            double sum = 0, size = 0;
            for (size_t l = 0; l < k; l++) {
                sum += entry(&a, i, l) * entry(&b, l, j);
                size += fabs(entry(&a, i, l) * entry(&b, l, j));
            }
            const double old = before[i * mn[1] + j];
            expect_near(&C, i * mn[1] + j, SCALE * sum + KEEP * old, (double)k + 4,
                        SCALE * size + fabs(KEEP * old));
        }
    free(before);
    release(&A);
    release(&B);
    release(&C);
}

static void products_of_all_forms(const struct arithmetic *arithmetic, const size_t *shape)
{
    static const enum array_form FORMS[][2] = {{ARRAY_PLAIN, ARRAY_PLAIN},
                                               {ARRAY_PLAIN, ARRAY_TRANSPOSED},
                                               {ARRAY_TRANSPOSED, ARRAY_PLAIN},
                                               {ARRAY_TRANSPOSED, ARRAY_TRANSPOSED}};
    static const size_t INNER[] = {1, 13, 64};
    for (size_t f = 0; f < COUNT(FORMS); f++)
        for (size_t k = 0; k < COUNT(INNER); k++)
            check_product(arithmetic, shape, INNER[k], FORMS[f]);
}

static void products_are_sums_of_products(void **state)
{
    (void)state;
    if (blas_open() != OK)
        fail_msg("%s", status_message());
    everywhere(products_of_all_forms);
}

/* The same bits each time, with one thread and with two (MB14). */
static void products_repeat_their_bits(void **state)
{
    (void)state;
    enum { TIMES = 20, M = 97, K = 784 };
    static const size_t MK[] = {M, K}, MM[] = {M, M};
    if (blas_open() != OK)
        fail_msg("%s", status_message());
    for (size_t a = 0; a < ARITHMETICS_COUNT; a++)
        for (size_t threads = 1; threads <= 2; threads++) {
            struct array A = drawn(ARITHMETICS[a], MK, 1), B = drawn(ARITHMETICS[a], MK, 1);
            struct array C = drawn(ARITHMETICS[a], MM, 1), first = drawn(ARITHMETICS[a], MM, 1);
            const struct array_factor left = {&A, ARRAY_PLAIN}, right = {&B, ARRAY_TRANSPOSED};
            blas_threads(threads);
            array_product(left, right, 1, 0, &first);
            for (size_t k = 0; k < TIMES; k++) {
                array_fill(NAN, &C);
                array_product(left, right, 1, 0, &C); /* keep = 0 reads nothing of C */
                assert_memory_equal(C.values, first.values, M * M * ARITHMETICS[a]->bytes);
            }
            release(&A);
            release(&B);
            release(&C);
            release(&first);
        }
    blas_threads(1);
}

/* A sum of no products: C = keep C. */
static void products_over_nothing_keep_their_share(void **state)
{
    (void)state;
    static const size_t NONE[] = {3, 0}, SHAPE[] = {3, 3};
    for (size_t a = 0; a < ARITHMETICS_COUNT; a++) {
        struct array A = drawn(ARITHMETICS[a], NONE, 1), C = drawn(ARITHMETICS[a], SHAPE, 1);
        double *before = listed(&C);
        array_product((struct array_factor){&A, ARRAY_PLAIN},
                      (struct array_factor){&A, ARRAY_TRANSPOSED}, 1, 2, &C);
        for (size_t i = 0; i < array_count(&C); i++)
            assert_true(array_at(&C, i) == 2 * before[i]);
        free(before);
        release(&A);
        release(&C);
    }
}

static void cores_are_compared_by_their_width(void **state)
{
    (void)state;
    static const struct {
        const char *core, *of_cpu;
        bool narrow;
    } CASES[] = {
        {"Prescott", "SANDYBRIDGE", true}, {"Prescott", "SKYLAKEX", true},
        {"Haswell", "SKYLAKEX", true},     {"zen", "SKYLAKEX", true},
        {"Sandybridge", "HASWELL", true},  {"Zen", "HASWELL", false},
        {"Haswell", "HASWELL", false},     {"Cooperlake", "SKYLAKEX", false},
        {"SkylakeX", "HASWELL", false},    {"A core to come", "SKYLAKEX", false},
        {"Prescott", NULL, false},
    };
    for (size_t k = 0; k < COUNT(CASES); k++)
        assert_true(blas_core_is_narrow(CASES[k].core, CASES[k].of_cpu) == CASES[k].narrow);
}

/* ---------------------------------------------------------------- neurons */

static double truth(enum neuron_kind kind, double s)
{
    switch (kind) {
    case NEURON_IDENTITY:
        return s;
    case NEURON_LOGISTIC:
        return 1 / (1 + exp(-s));
    case NEURON_RELU:
        return s > 0 ? s : 0;
    case NEURON_SHIFTED_LOGISTIC:
        return tanh(s / 2) / 2;
    case NEURON_TANH:
        return tanh(s);
    }
    return NAN;
}

/* f' by central differences of f: 2^-17 ~ the cube root of an epsilon balances the two errors. */
static double slope(enum neuron_kind kind, double s)
{
    const double h = ldexp(1, -17);
    return (truth(kind, s + h) - truth(kind, s - h)) / (2 * h);
}

/* The sum has one rounding, which f passes on with a slope of at most 1; f has two of its own. */
static void activation_of(const struct neuron *neuron, const struct arithmetic *arithmetic,
                          const size_t *shape)
{
    static const double SPREAD = 4, ROUNDINGS = 4;
    const size_t row[] = {1, shape[1]};
    struct array x = drawn(arithmetic, shape, SPREAD), bias = drawn(arithmetic, row, 1);
    double *before = listed(&x);
    array_activate(neuron, &bias, &x);
    for (size_t i = 0; i < array_count(&x); i++) {
        const double s = before[i] + array_at(&bias, i % shape[1]);
        expect_near(&x, i, truth(neuron->kind, s), ROUNDINGS, fmax(1, fabs(s)));
    }
    array_load(before, &x);
    array_activate(neuron, NULL, &x);
    for (size_t i = 0; i < array_count(&x); i++)
        expect_near(&x, i, truth(neuron->kind, before[i]), ROUNDINGS, fmax(1, fabs(before[i])));
    free(before);
    release(&x);
    release(&bias);
}

static void activations_of_all_neurons(const struct arithmetic *arithmetic, const size_t *shape)
{
    for (const struct neuron *const *neuron = neuron_registry; *neuron; neuron++)
        activation_of(*neuron, arithmetic, shape);
}

static void activations_are_the_functions(void **state)
{
    (void)state;
    everywhere(activations_of_all_neurons);
}

/* Within `ulps` of the true value, in units of the last place of an arithmetic's `digits` there. */
static void expect_ulps(double got, long double want, double ulps, int digits)
{
    int exponent = 0;
    (void)frexpl(want, &exponent);
    const int least = digits == FLT_MANT_DIG ? FLT_MIN_EXP : DBL_MIN_EXP;
    const long double ulp = ldexpl(1, (exponent > least ? exponent : least) - digits);
    if (!(fabsl(got - want) <= ulps * ulp))
        fail_msg("%.17g, not %.20Lg: %.3Lg ulp", got, want, (got - want) / ulp);
}

enum { CHUNK = 4096 };

/* tanh of floats whose bits are `first`, `first` + `stride`, ..., against that of double, whose
 * error does not count. */
static void tanh_of_floats(uint32_t first, uint32_t stride)
{
    static float s[CHUNK], x[CHUNK];
    for (size_t i = 0; i < CHUNK; i++) {
        const uint32_t bits = first + (uint32_t)i * stride;
        memcpy(s + i, &bits, sizeof bits);
    }
    memcpy(x, s, sizeof s);
    struct array view = array_view(&array_float, 1, CHUNK, x);
    array_activate(neuron_named("tanh"), NULL, &view);
    for (size_t i = 0; i < CHUNK; i++)
        if (isnan(s[i]))
            assert_true(isnan(x[i]));
        else
            expect_ulps((double)x[i], tanh((double)s[i]), 2, FLT_MANT_DIG);
}

/* Floats of all exponents and both signs: subnormal numbers, infinities and NaN among them. (MB10) */
static void tanh_of_floats_is_within_two_ulps(void **state)
{
    (void)state;
    static const uint32_t STRIDE = 311; /* a prime: no pattern of bits is left out */
    for (uint64_t bits = 0; bits < UINT32_MAX; bits += (uint64_t)STRIDE * CHUNK)
        tanh_of_floats((uint32_t)bits, STRIDE);
    for (uint64_t high = 0; high <= UINT32_MAX; high += (uint64_t)1 << (FLT_MANT_DIG - 1))
        tanh_of_floats((uint32_t)high - CHUNK / 2, 1); /* about each power of two */
}

/* (MB10) */
static void tanh_of_doubles_is_within_two_ulps(void **state)
{
    (void)state;
    enum { CHUNKS = 100 };
    static double s[CHUNK], x[CHUNK];
    struct stream stream = stream_at(SEED, stream_key("tanh"), 0);
    const double ulps = LDBL_MANT_DIG > DBL_MANT_DIG ? 2 : 3; /* one for a reference in double */
    for (size_t chunk = 0; chunk < CHUNKS; chunk++) {
        for (size_t i = 0; i < CHUNK; i++) {
            const int exponent = (int)stream_below(&stream, chunk % 8 ? 12 : 1080);
            s[i] = ldexp(stream_between(&stream, -1, 1), 5 - exponent);
        }
        memcpy(x, s, sizeof s);
        struct array view = array_view(&array_double, 1, CHUNK, x);
        array_activate(neuron_named("tanh"), NULL, &view);
        for (size_t i = 0; i < CHUNK; i++)
            expect_ulps(x[i], tanhl(s[i]), ulps, DBL_MANT_DIG);
    }
}

/* Where tanh ends: f(+-inf) = +-1, f(-0) = -0, and 0 and 1 are the ends of the logistic function. */
static void neurons_have_their_limits(void **state)
{
    (void)state;
    static const double AT[] = {INFINITY, -INFINITY, 0, -0.0, 1e5, -1e5};
    for (size_t a = 0; a < ARITHMETICS_COUNT; a++) {
        const size_t shape[] = {1, COUNT(AT)};
        struct array x = drawn(ARITHMETICS[a], shape, 1);
        array_load(AT, &x);
        array_activate(neuron_named("tanh"), NULL, &x);
        static const double TANH[] = {1, -1, 0, 0, 1, -1};
        for (size_t i = 0; i < COUNT(AT); i++)
            assert_true(array_at(&x, i) == TANH[i]);
        assert_true(signbit(array_at(&x, 3)) && !signbit(array_at(&x, 2)));
        array_load(AT, &x);
        array_activate(neuron_named("logistic"), NULL, &x);
        static const double LOGISTIC[] = {1, 0, 1 / 2.0, 1 / 2.0, 1, 0};
        for (size_t i = 0; i < COUNT(AT); i++)
            assert_true(fabs(array_at(&x, i) - LOGISTIC[i]) < 2e-38);
        release(&x);
    }
}

/* (MB13) */
static void gates_leave_nothing_subnormal(void **state)
{
    (void)state;
    static const double AT[] = {1e-31, -1e-31, 1e-30, -1e-30, 1e-300, 0};
    const size_t shape[] = {1, COUNT(AT)};
    struct array x = drawn(&array_float, shape, 0), d = drawn(&array_float, shape, 1);
    array_load(AT, &d);
    array_gate(neuron_named("tanh"), &x, &d);
    for (size_t i = 0; i < COUNT(AT); i++)
        assert_true(array_at(&d, i) == (fabs(AT[i]) == 1e-30 ? (double)(float)AT[i] : 0));
    release(&x);
    release(&d);
}

static void gate_of(const struct neuron *neuron, const struct arithmetic *arithmetic,
                    const size_t *shape)
{
    static const double SPREAD = 3, ROUNDINGS = 16, DIFFERENCES = 1e-9; /* ~ h^2 */
    struct array x = drawn(arithmetic, shape, SPREAD), d = drawn(arithmetic, shape, 1);
    double *s = listed(&x), *before = listed(&d);
    array_activate(neuron, NULL, &x);
    array_gate(neuron, &x, &d);
    for (size_t i = 0; i < array_count(&x); i++)
        expect_near(&d, i, before[i] * slope(neuron->kind, s[i]),
                    ROUNDINGS + DIFFERENCES / arithmetic->epsilon, 1);
    free(s);
    free(before);
    release(&x);
    release(&d);
}

static void gates_of_all_neurons(const struct arithmetic *arithmetic, const size_t *shape)
{
    for (const struct neuron *const *neuron = neuron_registry; *neuron; neuron++)
        gate_of(*neuron, arithmetic, shape);
}

static void gates_multiply_by_the_derivative(void **state)
{
    (void)state;
    everywhere(gates_of_all_neurons);
}

static void names_find_their_neurons(void **state)
{
    (void)state;
    size_t neurons = 0;
    for (const struct neuron *const *neuron = neuron_registry; *neuron; neuron++, neurons++)
        assert_ptr_equal(neuron_named((*neuron)->name), *neuron);
    assert_int_equal(neurons, NEURON_TANH + 1);
    assert_null(neuron_named("tan"));
    assert_null(neuron_named(""));
}

/* ---------------------------------------------------------------- losses */

static double loss_of(enum loss loss, size_t count, const double *t, const double *s)
{
    double sum = 0, exponentials = 0;
    for (size_t k = 0; k < count; k++)
        exponentials += exp(s[k]);
    for (size_t k = 0; k < count; k++) {
        const double o = 1 / (1 + exp(-s[k]));
        sum += loss == LOSS_CROSS_ENTROPY ? -t[k] * (s[k] - log(exponentials))
               : loss == LOSS_LOGISTIC    ? -t[k] * log(o) - (1 - t[k]) * log1p(-o)
                                          : (t[k] - s[k]) * (t[k] - s[k]) / 2;
    }
    return sum;
}

/* Targets in [0, 1] with sum 1 in each row. */
static struct array shares(const struct arithmetic *arithmetic, const size_t *shape)
{
    struct array t = drawn(arithmetic, shape, 1);
    for (size_t i = 0; i < shape[0]; i++) {
        double sum = 0;
        for (size_t k = 0; k < shape[1]; k++)
            sum += fabs(array_at(&t, i * shape[1] + k));
        for (size_t k = 0; k < shape[1]; k++)
            array_put(&t, i * shape[1] + k, fabs(array_at(&t, i * shape[1] + k)) / sum);
    }
    return t;
}

/* E against central differences of the loss: they are minus its derivative. */
static void error_is_minus_the_slope(enum loss loss, const struct array *t, const double *s,
                                     const struct array *e)
{
    static const double STEP = 1e-5, NEAR = 1e-8;
    const size_t n = t->columns;
    double *row = calloc(2 * n, sizeof *row), *target = row + n;
    for (size_t i = 0; i < array_count(t); i++) {
        const size_t first = i / n * n;
        for (size_t k = 0; k < n; k++) {
            row[k] = s[first + k];
            target[k] = array_at(t, first + k);
        }
        row[i % n] = s[i] + STEP;
        const double above = loss_of(loss, n, target, row);
        row[i % n] = s[i] - STEP;
        const double below = loss_of(loss, n, target, row);
        expect_near(e, i, (below - above) / (2 * STEP), 8 + NEAR / t->arithmetic->epsilon, 4);
    }
    free(row);
}

static void errors_of_all_losses(const struct arithmetic *arithmetic, const size_t *shape)
{
    static const double SPREAD = 3;
    for (enum loss loss = LOSS_CROSS_ENTROPY; loss <= LOSS_SQUARED; loss++) {
        struct array t = shares(arithmetic, shape), o = drawn(arithmetic, shape, SPREAD);
        struct array e = drawn(arithmetic, shape, 1);
        double *s = listed(&o), *target = listed(&t), sum = 0;
        const double got = array_error(loss, &t, &o, &e);
        for (size_t i = 0; i < shape[0]; i++)
            sum += loss_of(loss, shape[1], target + i * shape[1], s + i * shape[1]);
        const double size = (double)shape[0] + sum; /* log of a sum that is rounded */
        if (!(fabs(got - sum) <= 8 * arithmetic->epsilon * size))
            fail_msg("%s loss %d: %.17g, not %.17g", arithmetic->name, loss, got, sum);
        for (size_t i = 0; i < array_count(&e); i++)
            expect_near(&e, i, target[i] - array_at(&o, i), 1, 4);
        error_is_minus_the_slope(loss, &t, s, &e);
        free(s);
        free(target);
        release(&t);
        release(&o);
        release(&e);
    }
}

static void errors_are_minus_the_slopes_of_losses(void **state)
{
    (void)state;
    everywhere(errors_of_all_losses);
}

/* Scores of +-1000: exp() of them is no number, losses and errors are. */
static void losses_do_not_overflow(void **state)
{
    (void)state;
    static const double SCORES[] = {1000, -1000, 0, 999}, TARGETS[] = {0, 1, 0, 0};
    const double expected[] = {2000 + log1p(exp(-1)), 2999 + log(2)};
    for (size_t a = 0; a < ARITHMETICS_COUNT; a++)
        for (enum loss loss = LOSS_CROSS_ENTROPY; loss <= LOSS_LOGISTIC; loss++) {
            const size_t shape[] = {1, COUNT(SCORES)};
            struct array t = drawn(ARITHMETICS[a], shape, 1), o = drawn(ARITHMETICS[a], shape, 1);
            struct array e = drawn(ARITHMETICS[a], shape, 1);
            array_load(SCORES, &o);
            array_load(TARGETS, &t);
            const double got = array_error(loss, &t, &o, &e);
            assert_true(fabs(got - expected[loss]) <= ARITHMETICS[a]->epsilon * expected[loss]);
            for (size_t i = 0; i < shape[1]; i++)
                assert_true(isfinite(array_at(&e, i)) && isfinite(array_at(&o, i)));
            release(&t);
            release(&o);
            release(&e);
        }
}

static void nan_is_not_hidden(void **state)
{
    (void)state;
    const size_t shape[] = {3, 35};
    for (size_t a = 0; a < ARITHMETICS_COUNT; a++) {
        for (const struct neuron *const *neuron = neuron_registry; *neuron; neuron++) {
            struct array x = drawn(ARITHMETICS[a], shape, 1);
            array_put(&x, 40, NAN);
            array_activate(*neuron, NULL, &x);
            for (size_t i = 0; i < array_count(&x); i++)
                assert_true(isnan(array_at(&x, i)) == (i == 40));
            release(&x);
        }
        for (enum loss loss = LOSS_CROSS_ENTROPY; loss <= LOSS_SQUARED; loss++) {
            struct array t = drawn(ARITHMETICS[a], shape, 1), o = drawn(ARITHMETICS[a], shape, 1);
            struct array e = drawn(ARITHMETICS[a], shape, 1);
            array_put(&o, 40, NAN);
            assert_true(isnan(array_error(loss, &t, &o, &e)));
            assert_true(isnan(array_at(&e, 40)) && !isnan(array_at(&e, 0)));
            release(&t);
            release(&o);
            release(&e);
        }
    }
}

/* ---------------------------------------------------------------- the rest */

static double cube(const void *context, double x)
{
    return *(const double *)context * x * x * x;
}

static void entry_by_entry(const struct arithmetic *arithmetic, const size_t *shape)
{
    static const double FACTOR = -1.375; /* exact in both arithmetics */
    struct array x = drawn(arithmetic, shape, 2), y = drawn(arithmetic, shape, 2);
    double *u = listed(&x), *v = listed(&y);
    const size_t count = array_count(&x);
    array_add(FACTOR, &x, &y);
    for (size_t i = 0; i < count; i++)
        expect_near(&y, i, v[i] + FACTOR * u[i], 1, 4);
    array_load(v, &y);
    array_times(&x, &y);
    for (size_t i = 0; i < count; i++)
        expect_near(&y, i, v[i] * u[i], 1, fabs(v[i] * u[i]));
    array_scale(FACTOR, &x);
    for (size_t i = 0; i < count; i++)
        expect_near(&x, i, FACTOR * u[i], 1, fabs(u[i]) * 2);
    array_load(u, &x);
    array_map(cube, &FACTOR, &x);
    for (size_t i = 0; i < count; i++)
        expect_near(&x, i, FACTOR * u[i] * u[i] * u[i], 1, 16);
    free(u);
    free(v);
    release(&x);
    release(&y);
}

static void entries_are_worked_on_one_by_one(void **state)
{
    (void)state;
    everywhere(entry_by_entry);
}

static void moved(const struct arithmetic *arithmetic, const size_t *shape)
{
    static const double VALUE = 0.1;
    const size_t turned[] = {shape[1], shape[0]};
    struct array x = drawn(arithmetic, shape, 1), y = drawn(arithmetic, shape, 1);
    struct array z = drawn(arithmetic, turned, 1);
    array_put(&x, 0, 0);
    array_copy(&x, &y);
    array_transpose(&x, &z);
    for (size_t i = 0; i < shape[0]; i++)
        for (size_t j = 0; j < shape[1]; j++) {
            const double want = array_at(&x, i * shape[1] + j);
            assert_true(array_at(&y, i * shape[1] + j) == want);
            assert_true(array_at(&z, j * shape[0] + i) == want);
        }
    array_signs(&x, &y);
    for (size_t i = 0; i < array_count(&x); i++)
        assert_true(array_at(&y, i) == (array_at(&x, i) > 0) - (array_at(&x, i) < 0));
    array_fill(VALUE, &z);
    for (size_t i = 0; i < array_count(&z); i++)
        expect_near(&z, i, VALUE, 1, VALUE);
    release(&x);
    release(&y);
    release(&z);
}

static void copies_transposes_and_signs_are_exact(void **state)
{
    (void)state;
    everywhere(moved);
}

static void summed(const struct arithmetic *arithmetic, const size_t *shape)
{
    static const double SCALE = 0.375;
    const size_t row[] = {1, shape[1]};
    struct array x = drawn(arithmetic, shape, 1), y = drawn(arithmetic, shape, 1);
    struct array sums = drawn(arithmetic, row, 1);
    double product = 0, squares = 0;
    array_column_sums(SCALE, &x, &sums);
    for (size_t j = 0; j < shape[1]; j++) {
        double sum = 0;
        for (size_t i = 0; i < shape[0]; i++)
            sum += array_at(&x, i * shape[1] + j);
        expect_near(&sums, j, SCALE * sum, (double)shape[0], SCALE * (double)shape[0]);
    }
    for (size_t i = 0; i < array_count(&x); i++) {
        product += array_at(&x, i) * array_at(&y, i);
        squares += array_at(&x, i) * array_at(&x, i);
    }
    const double bound = (double)array_count(&x) * DBL_EPSILON;
    assert_true(fabs(array_dot(&x, &y) - product) <= bound * (double)array_count(&x));
    assert_true(fabs(array_norm(&x) - sqrt(squares)) <= bound * sqrt(squares));
    release(&x);
    release(&y);
    release(&sums);
}

/* (MB11) */
static void sums_are_those_of_double(void **state)
{
    (void)state;
    everywhere(summed);
}

/* A unit vector turned by an angle in the plane of two others; 0, 180 and NaN at the ends. */
static void angles_are_degrees(void **state)
{
    (void)state;
    static const double ANGLE = 37.25, NEAR = 1e-4, RADIAN = 57.29577951308232;
    const size_t shape[] = {1, 2};
    for (size_t a = 0; a < ARITHMETICS_COUNT; a++) {
        struct array x = drawn(ARITHMETICS[a], shape, 1), y = drawn(ARITHMETICS[a], shape, 1);
        array_load((const double[]){2.385, 0}, &x);
        array_load((const double[]){cos(ANGLE / RADIAN), sin(ANGLE / RADIAN)}, &y);
        assert_true(fabs(array_angle(&x, &y) - ANGLE) < NEAR);
        array_load((const double[]){-3, 0}, &y);
        assert_true(array_angle(&x, &x) == 0 && array_angle(&x, &y) == 180);
        array_load((const double[]){0, 0}, &y);
        assert_true(isnan(array_angle(&x, &y)) && isnan(array_angle(&y, &x)));
        array_load((const double[]){NAN, 1}, &y);
        assert_true(isnan(array_angle(&x, &y)));
        array_load((const double[]){1, INFINITY}, &y);
        assert_true(isnan(array_angle(&x, &y)));
        release(&x);
        release(&y);
    }
}

static void views_are_the_rows_themselves(void **state)
{
    (void)state;
    const size_t shape[] = {9, 5};
    for (size_t a = 0; a < ARITHMETICS_COUNT; a++) {
        struct array x = drawn(ARITHMETICS[a], shape, 1);
        double *before = listed(&x);
        struct array rows = array_rows(&x, 3, 2), none = array_rows(&x, 9, 0);
        assert_true(rows.rows == 2 && rows.columns == 5 && array_count(&none) == 0);
        array_fill(2, &rows);
        array_fill(3, &none);
        assert_true(array_norm(&none) == 0);
        for (size_t i = 0; i < array_count(&x); i++)
            assert_true(array_at(&x, i) == (i / 5 == 3 || i / 5 == 4 ? 2 : before[i]));
        free(before);
        release(&x);
    }
}

/* Mean, variance and fourth moment within five standard errors; the same stream, the same bits. */
static void normals_are_normal(void **state)
{
    (void)state;
    static const double DEVIATION = 0.35;
    const size_t shape[] = {501, 97};
    for (size_t a = 0; a < ARITHMETICS_COUNT; a++) {
        struct array x = drawn(ARITHMETICS[a], shape, 1), y = drawn(ARITHMETICS[a], shape, 1);
        struct stream one = stream_at(SEED, stream_key("normals"), 7), same = one;
        array_normals(&one, DEVIATION, &x);
        array_normals(&same, DEVIATION, &y);
        double m1 = 0, m2 = 0, m4 = 0, lag = 0;
        const double n = (double)array_count(&x);
        for (size_t i = 0; i < array_count(&x); i++) {
            const double z = array_at(&x, i) / DEVIATION;
            assert_true(array_at(&x, i) == array_at(&y, i));
            m1 += z / n;
            m2 += z * z / n;
            m4 += z * z * z * z / n;
            lag += i > 0 ? z * array_at(&x, i - 1) / DEVIATION / n : 0;
        }
        assert_true(fabs(m1) < 5 / sqrt(n) && fabs(lag) < 5 / sqrt(n));
        assert_true(fabs(m2 - 1) < 5 * sqrt(2 / n) && fabs(m4 - 3) < 5 * sqrt(96 / n));
        array_normals(&one, DEVIATION, &y);
        assert_true(fabs(array_dot(&x, &y)) < 5 * sqrt(n) * DEVIATION * DEVIATION);
        release(&x);
        release(&y);
    }
}

/* (MB15) written out: word i of 64 gives numbers i and 64 + i, from its upper and its lower half. */
static void normals_are_those_of_the_definition(void **state)
{
    (void)state;
    enum { PAIRS = 64, HALF = 32 };
    static const double TWO_PI = 6.283185307179586, DEVIATION = 1.25, NEAR = 4e-15;
    const size_t shape[] = {13, 59}; /* six times 128, short of one */
    struct array x = drawn(&array_double, shape, 1);
    struct stream stream = stream_at(SEED, stream_key("definition"), 3), words = stream;
    array_normals(&stream, DEVIATION, &x);
    for (size_t first = 0; first < array_count(&x); first += 2 * PAIRS)
        for (size_t i = first; i < first + PAIRS && i < array_count(&x); i++) {
            const uint64_t word = stream_word(&words);
            const double u = ldexp((double)(word >> HALF) + 0.5, -HALF);
            const double v = ldexp((double)(word & UINT32_MAX) + 0.5, -HALF);
            const double size = DEVIATION * sqrt(-2 * log(u));
            assert_true(fabs(array_at(&x, i) - size * cos(TWO_PI * v)) <= NEAR * (1 + size));
            if (i + PAIRS < array_count(&x))
                assert_true(fabs(array_at(&x, i + PAIRS) - size * sin(TWO_PI * v)) <=
                            NEAR * (1 + size));
        }
    assert_true(stream_word(&stream) == stream_word(&words));
    release(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_sums_of_products),
        cmocka_unit_test(products_repeat_their_bits),
        cmocka_unit_test(products_over_nothing_keep_their_share),
        cmocka_unit_test(cores_are_compared_by_their_width),
        cmocka_unit_test(activations_are_the_functions),
        cmocka_unit_test(tanh_of_floats_is_within_two_ulps),
        cmocka_unit_test(tanh_of_doubles_is_within_two_ulps),
        cmocka_unit_test(neurons_have_their_limits),
        cmocka_unit_test(gates_leave_nothing_subnormal),
        cmocka_unit_test(gates_multiply_by_the_derivative),
        cmocka_unit_test(names_find_their_neurons),
        cmocka_unit_test(errors_are_minus_the_slopes_of_losses),
        cmocka_unit_test(losses_do_not_overflow),
        cmocka_unit_test(nan_is_not_hidden),
        cmocka_unit_test(entries_are_worked_on_one_by_one),
        cmocka_unit_test(copies_transposes_and_signs_are_exact),
        cmocka_unit_test(sums_are_those_of_double),
        cmocka_unit_test(angles_are_degrees),
        cmocka_unit_test(views_are_the_rows_themselves),
        cmocka_unit_test(normals_are_normal),
        cmocka_unit_test(normals_are_those_of_the_definition),
    };
    return cmocka_run_group_tests_name("array", tests, NULL, NULL);
}
