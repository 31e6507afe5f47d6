/* Every registered activation against differences of itself, its own claims, and references.
 *
 * Each derivative is compared with Richardson's extrapolation of central differences of the one
 * below it, in the registry as it stands, so a new activation is tested by being registered.
 * References: mpmath 1.3 at 60 digits, f and its derivatives as written in the files' comments. */
#include "nonlinear/activation.h"

#include "base/stream.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { TRIALS = 400, ORDERS = 4, SEED = 2018 };

typedef double (*derivative)(double p, double x);

static derivative order(const struct activation *f, int k)
{
    const derivative all[ORDERS] = {f->value, f->slope, f->curvature, f->third};
    return all[k];
}

/* ---- derivatives -------------------------------------------------------------------------- */

/* (4 D(h/2) - D(h))/3, D the central difference: error of the order of h^4. */
static double by_differences(derivative f, double p, double x, double h)
{
    const double wide = (f(p, x + h) - f(p, x - h)) / (2 * h);
    const double narrow = (f(p, x + h / 2) - f(p, x - h / 2)) / h;
    return (4 * narrow - wide) / 3;
}

/* The standard parameter, and one drawn from a range where all are tame. */
static double random_parameter(const struct activation *f, struct stream *stream)
{
    if (!f->parameter || stream_below(stream, 3) == 0)
        return f->standard;
    const double drawn = stream_between(stream, fmax(f->least, 0.3), fmin(f->most, 6));
    return stream_below(stream, 2) ? fmax(round(drawn), fmax(f->least, 1)) : drawn;
}

static void each_derivative_is_that_of_the_one_below(void **state)
{
    (void)state;
    for (size_t i = 0; activation_registry[i]; i++) {
        const struct activation *f = activation_registry[i];
        struct stream stream = stream_at(SEED, stream_key(f->name), 0);
        for (int trial = 0; trial < TRIALS; trial++) {
            const double p = fmin(random_parameter(f, &stream), f->parameter ? f->most : 0);
            const double side = stream_below(&stream, 2) ? 1 : -1;
            const double x = side * stream_between(&stream, 0.4, 3); /* away from kinks at zero */
            const double h = 0.01; /* h^4/480 f'''' is about 1e-9 f here, roundings 1e-14 */
            for (int k = 1; k < ORDERS; k++) {
                const double exact = order(f, k)(p, x);
                const double scale = fabs(exact) + fabs(order(f, k - 1)(p, x)) +
                                     fabs(order(f, k - 1)(p, 1)) + fabs(order(f, k - 1)(p, -1));
                const double found = by_differences(order(f, k - 1), p, x, h);
                /* a wrong term would be of the size of the scale */
                if (!(fabs(found - exact) <= 3e-6 * scale))
                    fail_msg("%s:%g, order %d at %.17g: %.17g, by differences %.17g", f->name, p, k,
                             x, exact, found);
            }
        }
    }
}

/* ---- references --------------------------------------------------------------------------- */

struct reference {
    const char *name;
    double p, x, derivatives[ORDERS];
};

static const struct reference references[] = {
    {"erf",
     0,
     37.25,
     {1, 3.9497675597832657949e-302, -1.4712884160192665086e-300, 5.4765995821119844787e-299}},
    {"erf",
     0,
     -1.8125,
     {-0.93009102606353052115, 0.15437516887942142973, 0.27980499359395134139,
      0.35277138200961537654}},
    {"erf",
     0,
     33.7861328125,
     {1, 1.0660140416474131278e-248, -3.6016491991089406232e-247, 1.2157919678096418324e-245}},
    {"erf",
     0,
     36.1,
     {1, 8.1937777697664135691e-284, -2.9579537748856754149e-282,
      1.0670019349567522254e-280}}, /* x^2 is rounded */
    {"tanh",
     0,
     300.5,
     {1, 3.9001056112077714876e-261, -7.8002112224155429752e-261, 1.560042244483108595e-260}},
    {"tanh",
     0,
     -20.25,
     {-0.99999999999999999485, 1.0307028436619923739e-17, 2.0614056873239847373e-17,
      4.122811374647969432e-17}},
    {"tanh",
     0,
     0.0009765625,
     {0.00097656218955926021858, 0.99999904632628992322, -0.0019531225164751475618,
      -1.9999923706157763471}},
    {"logistic",
     0,
     -700.25,
     {7.6787238131108722116e-305, 7.6787238131108722116e-305, 7.6787238131108722116e-305,
      7.6787238131108722116e-305}},
    {"logistic",
     0,
     41.5,
     {0.99999999999999999905, 9.4793596535047559275e-19, -9.4793596535047559095e-19,
      9.4793596535047558735e-19}},
    {"logistic",
     0,
     -0.375,
     {0.40733340004593024123, 0.24141290125295239858, 0.044741825488317371894,
      -0.10826823209525407608}},
    {"odd-root",
     7,
     0x1p-300,
     {1.2552044537117266573e-13, 3.6527094712372319418e+76, -6.3777433748639650212e+166,
      2.4127429304506946368e+257}},
    {"odd-root",
     3,
     -0x1p-300,
     {-7.8886090522101180541e-31, 5.3564601475299675851e+59, 7.2742013508803152667e+149,
      2.4696349751406867682e+240}},
    {"odd-root",
     2,
     2.375,
     {1.5411035007422441126, 0.32444284226152507633, -0.068303756265584226596,
      0.043139214483526879955}},
    {"odd-power",
     2.5,
     -0.6875,
     {-0.39190585901660486498, 1.4251122146058358727, -3.1093357409581873585,
      2.2613350843332271699}},
    {"power",
     2.5,
     0.6875,
     {0.39190585901660486498, 1.4251122146058358727, 3.1093357409581873585, 2.2613350843332271699}},
    {"power", 5, -1.375, {-4.914886474609375, 17.872314453125, -51.9921875, 113.4375}},
};

static void every_digit_is_right_in_saturation_too(void **state)
{
    (void)state;
    static const double ULPS = 8; /* "a few": a product of three values, each within two */
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        const struct reference *r = &references[i];
        const struct activation *f = activation_named(r->name);
        assert_non_null(f);
        for (int k = 0; k < ORDERS; k++) {
            const double found = order(f, k)(r->p, r->x), exact = r->derivatives[k];
            if (!(fabs(found - exact) <= ULPS * DBL_EPSILON / 2 * fabs(exact)))
                fail_msg("%s:%g, order %d at %g: %.17g, expected %.17g", r->name, r->p, k, r->x,
                         found, exact);
        }
    }
}

static void nothing_overflows_far_out(void **state)
{
    (void)state;
    const char *bounded[] = {"erf", "tanh", "logistic"};
    for (size_t i = 0; i < sizeof bounded / sizeof *bounded; i++) {
        const struct activation *f = activation_named(bounded[i]);
        for (double x = 500; x < 1e300; x *= 7) {
            assert_true(f->value(0, x) == 1);
            assert_true(f->value(0, -x) == (f->odd ? -1 : exp(-x)));
            for (int k = 1; k < ORDERS; k++)
                assert_true(fabs(order(f, k)(0, x)) < 1e-200);
        }
    }
}

/* ---- claims ------------------------------------------------------------------------------- */

static void oddness_and_degree_are_as_claimed(void **state)
{
    (void)state;
    for (size_t i = 0; activation_registry[i]; i++) {
        const struct activation *f = activation_registry[i];
        struct stream stream = stream_at(SEED, stream_key(f->name), 1);
        bool odd = true, homogeneous = true;
        for (int trial = 0; trial < TRIALS; trial++) {
            const double p = fmin(random_parameter(f, &stream), f->parameter ? f->most : 0);
            const double x = stream_normal(&stream), a = stream_between(&stream, 0.2, 5);
            odd &= f->value(p, -x) == -f->value(p, x);
            if (f->degree) {
                const double scaled = pow(a, f->degree(p)) * f->value(p, x);
                assert_true(fabs(f->value(p, a * x) - scaled) <= 40 * DBL_EPSILON * fabs(scaled));
            } else {
                const double m = log(fabs(f->value(p, 4.) / f->value(p, 2.))) / log(2.);
                homogeneous &= fabs(f->value(p, 2.) - pow(2, m) * f->value(p, 1.)) < 0.001;
            }
        }
        assert_int_equal(odd, f->odd);
        if (!f->degree)
            assert_false(homogeneous); /* the control: not to be homogeneous shows */
    }
}

/* f' on both sides of zero, near and nearer. */
static enum activation_regularity seen_at_zero(const struct activation *f, double p)
{
    const double near = 1e-10, nearer = 1e-14;
    const double slope = f->slope(p, nearer), back = f->slope(p, -nearer);
    const double up = fabs(slope - f->slope(p, 0)), growth = fabs(f->slope(p, near)) + 1e-300;
    if (fabs(slope) > 2 * growth || fabs(back) > 2 * growth)
        return ACTIVATION_SINGULAR;
    if (fabs(slope - back) > 0.01)
        return ACTIVATION_KINK;
    if (up > 1e3 * nearer || fabs(back - f->slope(p, 0)) > 1e3 * nearer)
        return ACTIVATION_NOT_LIPSCHITZ;
    return ACTIVATION_LIPSCHITZ;
}

static void regularity_at_zero_is_what_is_seen(void **state)
{
    (void)state;
    const struct {
        const char *name;
        double p;
        enum activation_regularity expected;
    } cases[] = {{"power", 3, ACTIVATION_SMOOTH},
                 {"power", 0.5, ACTIVATION_SINGULAR},
                 {"power", 1.5, ACTIVATION_NOT_LIPSCHITZ},
                 {"power", 2.5, ACTIVATION_LIPSCHITZ},
                 {"odd-power", 2, ACTIVATION_LIPSCHITZ},
                 {"odd-power", 3, ACTIVATION_SMOOTH},
                 {"odd-power", 0.5, ACTIVATION_SINGULAR},
                 {"odd-power", 1, ACTIVATION_SMOOTH},
                 {"odd-root", 3, ACTIVATION_SINGULAR},
                 {"odd-root", 1, ACTIVATION_SMOOTH},
                 {"relu", 0, ACTIVATION_KINK},
                 {"leaky-relu", 0.1, ACTIVATION_KINK},
                 {"leaky-relu", 1, ACTIVATION_SMOOTH},
                 {"tanh", 0, ACTIVATION_SMOOTH},
                 {"erf", 0, ACTIVATION_SMOOTH},
                 {"logistic", 0, ACTIVATION_SMOOTH},
                 {"identity", 0, ACTIVATION_SMOOTH}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct activation *f = activation_named(cases[i].name);
        assert_int_equal(f->at_zero(cases[i].p), cases[i].expected);
        const enum activation_regularity seen = seen_at_zero(f, cases[i].p);
        /* differences cannot tell analytic from Lipschitz */
        if (cases[i].expected == ACTIVATION_SMOOTH)
            assert_int_equal(seen, ACTIVATION_LIPSCHITZ);
        else
            assert_int_equal(seen, cases[i].expected);
    }
}

static void powers_mean_what_their_equations_say(void **state)
{
    (void)state;
    const struct activation *power = activation_named("power"),
                            *odd = activation_named("odd-power");
    assert_true(power->value(2, -1.5) == 2.25 && odd->value(2, -1.5) == -2.25);
    assert_true(power->value(3, -1.5) == -3.375 && odd->value(3, -1.5) == -3.375);
    assert_true(power->value(2.5, -1.5) == 0 && power->slope(2.5, -1.5) == 0);
    assert_true(odd->value(2.5, -1.5) == -pow(1.5, 2.5));
    assert_true(power->slope(1, 0) == 1 && power->curvature(1, 0) == 0 && power->third(2, 0) == 0);
}

static void learning_is_refused_where_it_cannot_be(void **state)
{
    (void)state;
    struct neurons neurons = {activation_named("sign"), 0};
    assert_int_equal(activation_check(&neurons), BAD_ARGUMENT);
    const struct {
        const char *name;
        double good, bad;
    } cases[] = {
        {"power", 2, 0}, {"odd-power", 0.5, NAN}, {"odd-root", 3, 0.5}, {"leaky-relu", 0.1, 1.5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        neurons = (struct neurons){activation_named(cases[i].name), cases[i].good};
        assert_int_equal(activation_check(&neurons), OK);
        neurons.parameter = cases[i].bad;
        assert_int_equal(activation_check(&neurons), BAD_ARGUMENT);
    }
    assert_null(activation_named("tanhh"));
}

static void the_registry_is_alphabetical(void **state)
{
    (void)state;
    for (size_t i = 1; activation_registry[i]; i++)
        assert_true(strcmp(activation_registry[i - 1]->name, activation_registry[i]->name) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_derivative_is_that_of_the_one_below),
        cmocka_unit_test(every_digit_is_right_in_saturation_too),
        cmocka_unit_test(nothing_overflows_far_out),
        cmocka_unit_test(oddness_and_degree_are_as_claimed),
        cmocka_unit_test(regularity_at_zero_is_what_is_seen),
        cmocka_unit_test(powers_mean_what_their_equations_say),
        cmocka_unit_test(learning_is_refused_where_it_cannot_be),
        cmocka_unit_test(the_registry_is_alphabetical),
    };
    return cmocka_run_group_tests_name("activation", tests, NULL, NULL);
}
