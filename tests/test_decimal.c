/* Bounds in print: the decimal is on the side that is asked for, and the nearest one there. */
#include "cli/decimal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct sample {
    const char *x, *below, *above; /* three digits */
};

static void test_digits(void **state)
{
    (void)state;
    static const struct sample sample[] = {
        {"0", "0", "0"},
        {"1/8", "0.125", "0.125"},
        {"10417731/100000000", "0.104", "0.105"},
        {"1102908/1000000", "1.10", "1.11"},
        {"-1102908/1000000", "-1.11", "-1.10"},
        {"9999/10000", "0.999", "1.000"},
        {"123456", "1.23e+05", "1.24e+05"},
        {"999600000000", "9.99e+11", "1.00e+12"},
        {"1/300000000", "3.33e-09", "3.34e-09"},
        {"-1/300000000", "-3.34e-09", "-3.33e-09"},
    };
    char text[DECIMAL_TEXT_MAX];
    fmpq_t x;
    fmpq_init(x);
    for (size_t i = 0; i < sizeof sample / sizeof *sample; i++) {
        assert_int_equal(fmpq_set_str(x, sample[i].x, 10), 0);
        assert_string_equal(decimal_digits(x, 3, DECIMAL_BELOW, text), sample[i].below);
        assert_string_equal(decimal_digits(x, 3, DECIMAL_ABOVE, text), sample[i].above);
    }
    fmpq_clear(x);
}

static void test_places(void **state)
{
    (void)state;
    char text[DECIMAL_TEXT_MAX];
    fmpq_t x;
    fmpq_init(x);
    fmpq_set_si(x, -1, 3);
    assert_string_equal(decimal_places(x, 4, DECIMAL_BELOW, text), "-0.3334");
    assert_string_equal(decimal_places(x, 4, DECIMAL_ABOVE, text), "-0.3333");
    fmpq_set_si(x, 1605, 2048); /* nearest: 0.7837 */
    assert_string_equal(decimal_places(x, 6, DECIMAL_ABOVE, text), "0.783692");
    fmpz_ui_pow_ui(fmpq_numref(x), 10, 500);
    fmpz_one(fmpq_denref(x));
    assert_string_equal(decimal_places(x, 4, DECIMAL_BELOW, text), "-inf");
    assert_string_equal(decimal_places(x, 4, DECIMAL_ABOVE, text), "inf");
    fmpq_clear(x);
}

/* A radius that underflows as a double is not 0. */
static void test_radius(void **state)
{
    (void)state;
    char text[DECIMAL_TEXT_MAX];
    arb_struct x[2];
    arb_init(x);
    arb_init(x + 1);
    assert_string_equal(decimal_radius(x, 2, 2, text), "0");
    mag_set_ui_2exp_si(arb_radref(x + 1), 1, -4000); /* 7.58e-1205 */
    assert_string_equal(decimal_radius(x, 2, 2, text), "7.6e-1205");
    arb_clear(x);
    arb_clear(x + 1);
}

/* The decimals of random doubles are bounds as numbers, and differ by one unit at most. */
static void test_sides(void **state)
{
    (void)state;
    char below[DECIMAL_TEXT_MAX], above[DECIMAL_TEXT_MAX];
    uint64_t s = 2385;
    for (int i = 0; i < 2000; i++) {
        s = s * 6364136223846793005u + 1442695040888963407u;
        const double u = (double)(s >> 11) / 9007199254740992.0, x = 1e-9 / (u * u * u + 1e-15);
        decimal_digits_of_double(x, 5, DECIMAL_BELOW, below);
        decimal_digits_of_double(x, 5, DECIMAL_ABOVE, above);
        assert_true(strtod(below, NULL) <= x && x <= strtod(above, NULL));
        assert_true(strtod(above, NULL) - strtod(below, NULL) < 1.1e-4 * x);
    }
}

static void test_ends(void **state)
{
    (void)state;
    arb_t ball;
    arb_init(ball);
    arb_set_d(ball, -0.25);
    mag_set_d(arb_radref(ball), 0.5);
    const struct decimal_ends ends = decimal_ends(ball, 1);
    assert_string_equal(ends.low, "-0.8");
    assert_string_equal(ends.high, "0.3");
    arb_clear(ball);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digits), cmocka_unit_test(test_places), cmocka_unit_test(test_radius),
        cmocka_unit_test(test_sides),  cmocka_unit_test(test_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
