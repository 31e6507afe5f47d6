/* Numbers as text: what is read, what is refused, and what the refusal says.
 *
 * Good input is compared with the double that the C compiler makes of the same digits, and with
 * rationals built the other way round: random p and q are printed, read, and compared with their
 * quotient. */
#include "base/number.h"
#include "base/stream.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TRIALS = 20000, SEED = 2018, TEXT_MAX = 128, LIST_MOST = 4 };

static const double UNTOUCHED = 2.385;

struct good {
    const char *text;
    double value;
};

static const struct good good[] = {
    {"1", 1.0},
    {"-1", -1.0},
    {"+2", 2.0},
    {"0", 0.0},
    {"0.25", 0.25},
    {".5", 0.5},
    {"5.", 5.0},
    {"-.125", -0.125},
    {"1e-3", 1e-3},
    {"1E+3", 1e3},
    {"-2.5e2", -2.5e2},
    {"1.e2", 1.e2},
    {"1/3", 1.0 / 3.0},
    {"-1/2", -0.5},
    {"+3/4", 0.75},
    {"0/7", 0.0},
    {"1.5/2.5", 0.6},
    {".1/.2", 0.5},
    {"007/010", 0.7},
    {"0e5", 0.0},
    {"0e-999", 0.0},
    {"4.9e-324", 0x1p-1074},
    {"1.7976931348623157e308", 0x1.fffffffffffffp1023},
    {"0.1", 0.1},
    {"123456789012345678901234567890", 123456789012345678901234567890.0},
};

static const char *const bad[] = {
    "",      " ",      "1 ",   " 1",     "1\n",   "\t1",    ".",           "-",    "+",
    "-.",    "e3",     "1e",   "1e+",    "1e3.5", "1..2",   "1.2.3",       "--1",  "+-1",
    "1/0",   "-1/0.0", "0/0",  "3/-4",   "3/+4",  "1/",     "/2",          "1//2", "1/2/3",
    "1e3/2", "1/2e3",  "1 /2", "0x10",   "0x1p3", "1/0x3",  "inf",         "INF",  "infinity",
    "-inf",  "nan",    "NaN",  "nan(1)", "1e999", "-1e999", "1e-999",      "1,2",  "1/2,",
    "one",   "1f",     "1.0L", "1_000",  "½",     "−1",     "1e400/1e400",
};

static void good_numbers_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double value = UNTOUCHED;
        if (number_parse(good[i].text, &value) != OK || value != good[i].value)
            fail_msg("\"%s\" was read as %.17g", good[i].text, value);
    }
}

static void bad_numbers_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double value = UNTOUCHED;
        if (number_parse(bad[i], &value) != NOT_A_NUMBER || value != UNTOUCHED)
            fail_msg("\"%s\" was read as %.17g", bad[i], value);
        assert_null(strchr(status_message(), '\n'));
    }
}

/* Digits that strtod() would read as 0 or infinity although no exponent says so. */
static void long_decimals_are_refused(void **state)
{
    (void)state;
    char text[1024] = "0.";
    double value = UNTOUCHED;
    memset(text + 2, '0', 400);
    memcpy(text + 402, "1", 2);
    assert_int_equal(number_parse(text, &value), NOT_A_NUMBER);
    memmove(text + 2, text, strlen(text) + 1);
    memcpy(text, "1/", 2);
    assert_int_equal(number_parse(text, &value), NOT_A_NUMBER);
    snprintf(text, sizeof text, "0.%0300d/1%0100d", 1,
             0); /* p and q are doubles, p/q = 1e-400 is not */
    assert_int_equal(number_parse(text, &value), NOT_A_NUMBER);
    memset(text, '9', 400);
    text[400] = '\0';
    assert_int_equal(number_parse(text, &value), NOT_A_NUMBER);
    assert_true(value == UNTOUCHED);
    assert_true(strlen(status_message()) < 160); /* the quote is cut */
    assert_non_null(strstr(status_message(), "999...\""));
}

static void messages_quote_the_text(void **state)
{
    (void)state;
    double value;
    assert_int_equal(number_parse("1/0", &value), NOT_A_NUMBER);
    assert_string_equal(status_message(),
                        "\"1/0\" is not a finite number (write -1/2, 0.25 or 1e-3)");
    assert_int_equal(number_parse("1\n2", &value), NOT_A_NUMBER);
    assert_non_null(strstr(status_message(), "\"1?2\""));
    assert_int_equal(number_parse("", &value), NOT_A_NUMBER);
    assert_string_equal(status_message(), "a number is missing (write -1/2, 0.25 or 1e-3)");
}

static void random_rationals_are_quotients(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, 1, trial);
        const uint64_t range = (uint64_t)1 << (1 + stream_below(&stream, 53));
        const int64_t size = (int64_t)stream_below(&stream, range);
        const int64_t p = stream_below(&stream, 2) ? size : -size;
        const int64_t q = 1 + (int64_t)stream_below(&stream, range);
        char text[TEXT_MAX];
        double value;
        snprintf(text, sizeof text, "%lld/%lld", (long long)p, (long long)q);
        assert_int_equal(number_parse(text, &value), OK);
        assert_true(value == (double)p / (double)q);
    }
}

static void random_doubles_round_trip(void **state)
{
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, 2, trial);
        const int exponent = (int)stream_below(&stream, 2090) - 1070;
        const double x = ldexp(stream_between(&stream, -2, 2), exponent);
        char text[TEXT_MAX];
        double value;
        snprintf(text, sizeof text, "%.17g", x);
        assert_int_equal(number_parse(text, &value), OK);
        assert_true(value == x);
    }
}

static void lists_are_read(void **state)
{
    (void)state;
    double values[LIST_MOST] = {UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED};
    size_t count = 0;
    assert_int_equal(number_parse_list("-2,1/4,1e-1", LIST_MOST, values, &count), OK);
    assert_int_equal(count, 3);
    assert_true(values[0] == -2 && values[1] == 0.25 && values[2] == 0.1);
    assert_true(values[3] == UNTOUCHED);
    assert_int_equal(number_parse_list("1,2,3,4", LIST_MOST, values, &count), OK);
    assert_int_equal(count, 4);
    assert_int_equal(number_parse_list("7", 1, values, &count), OK);
    assert_int_equal(count, 1);
}

static void bad_lists_leave_everything_untouched(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum status status;
    } lists[] = {
        {"", NOT_A_NUMBER},      {",", NOT_A_NUMBER},         {"1,", NOT_A_NUMBER},
        {",1", NOT_A_NUMBER},    {"1,,2", NOT_A_NUMBER},      {"1, 2", NOT_A_NUMBER},
        {"1;2", NOT_A_NUMBER},   {"1,2,x", NOT_A_NUMBER},     {"1/2,3/0", NOT_A_NUMBER},
        {"1,nan", NOT_A_NUMBER}, {"1,2,3,4,5", BAD_ARGUMENT},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        double values[LIST_MOST] = {UNTOUCHED, UNTOUCHED, UNTOUCHED, UNTOUCHED};
        size_t count = 17;
        assert_int_equal(number_parse_list(lists[i].text, LIST_MOST, values, &count),
                         lists[i].status);
        assert_int_equal(count, 17);
        for (size_t k = 0; k < LIST_MOST; k++)
            assert_true(values[k] == UNTOUCHED);
    }
    double value;
    size_t count;
    assert_int_equal(number_parse_list("1,2,x", LIST_MOST, &value, &count), NOT_A_NUMBER);
    assert_non_null(strstr(status_message(), "\"x\""));
    assert_int_equal(number_parse_list("1", 0, &value, &count), BAD_ARGUMENT);
}

static void whole_numbers_are_checked(void **state)
{
    (void)state;
    unsigned long long value = 17;
    static const char *const not_whole[] = {"",   "-1",  "+1",  "1.0", "1e3", " 1",
                                            "1 ", "0x1", "one", "1/1", "1,2", "-0"};
    for (size_t i = 0; i < sizeof not_whole / sizeof *not_whole; i++)
        assert_int_equal(number_parse_whole(not_whole[i], 0, 99, &value), NOT_A_NUMBER);
    assert_int_equal(number_parse_whole("2", 3, 16, &value), BAD_ARGUMENT);
    assert_int_equal(number_parse_whole("17", 3, 16, &value), BAD_ARGUMENT);
    assert_string_equal(status_message(), "17 is outside 3 to 16");
    assert_int_equal(number_parse_whole("18446744073709551616", 0, UINT64_MAX, &value),
                     BAD_ARGUMENT);
    assert_true(value == 17);
    assert_int_equal(number_parse_whole("3", 3, 16, &value), OK);
    assert_true(value == 3);
    assert_int_equal(number_parse_whole("16", 3, 16, &value), OK);
    assert_true(value == 16);
    assert_int_equal(number_parse_whole("18446744073709551615", 0, UINT64_MAX, &value), OK);
    assert_true(value == UINT64_MAX);
}

static enum status fails_below(void)
{
    TRY(status_fail(BAD_DATA, "row %d has %g", 3, 2.385));
    return OK;
}

static void a_message_is_passed_on_and_may_be_wrapped(void **state)
{
    (void)state;
    assert_int_equal(fails_below(), BAD_DATA);
    assert_string_equal(status_message(), "row 3 has 2.385");
    assert_int_equal(status_fail(CANNOT_READ, "table t: %s", status_message()), CANNOT_READ);
    assert_string_equal(status_message(), "table t: row 3 has 2.385");
    char text[2 * STATUS_MESSAGE_MAX];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(status_fail(BAD_DATA, "%s", text), BAD_DATA);
    assert_int_equal(strlen(status_message()), STATUS_MESSAGE_MAX - 1);
}

static void every_status_has_a_sentence(void **state)
{
    (void)state;
    for (int code = 0; code < STATUS_COUNT; code++)
        assert_true(strlen(status_sentence((enum status)code)) > 0);
    assert_string_equal(status_sentence(NO_MEMORY), "out of memory");
    assert_string_equal(status_sentence(STATUS_COUNT), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_numbers_are_read),
        cmocka_unit_test(bad_numbers_are_refused),
        cmocka_unit_test(long_decimals_are_refused),
        cmocka_unit_test(messages_quote_the_text),
        cmocka_unit_test(random_rationals_are_quotients),
        cmocka_unit_test(random_doubles_round_trip),
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(bad_lists_leave_everything_untouched),
        cmocka_unit_test(whole_numbers_are_checked),
        cmocka_unit_test(a_message_is_passed_on_and_may_be_wrapped),
        cmocka_unit_test(every_status_has_a_sentence),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
