/* Any text as a number or a list of the command line: read or refused in one line.
 *
 * The first byte says as what: a number, a list, a whole number, an option's list with its words,
 * the same from a file.  A number is read by two independent readers, as a double and as a rational
 * of FLINT; where both accept, they must mean the same number, and what one takes for no number the
 * other must not take for one. */
#include "base/number.h"
#include "cli/options.h"
#include "exact/rational.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>

enum { LIST_MOST = 64, LENGTH_MOST = 4096 };

/* relative: what base/number.h promises, and the rounding of the test itself */
static const double SAME = 0x1p-50;

size_t fuzz_accepted, fuzz_refused;

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    return fuzz_folder_create();
}

static void same_number(double value, const fmpq_t exact)
{
    arb_t ball;
    arb_init(ball);
    enum { BITS = 64 };
    arb_set_fmpq(ball, exact, BITS);
    const double other = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
    arb_clear(ball);
    fuzz_must(isfinite(value) && fabs(value - other) <= SAME * fabs(other) + DBL_MIN);
}

static void read_number(const char *text)
{
    double value = NAN;
    fmpq_t exact;
    fmpq_init(exact);
    const enum status status = number_parse(text, &value);
    fuzz_judge(status);
    const enum status other = rational_read(text, exact);
    fuzz_judge(other);
    if (status == OK && other == OK)
        same_number(value, exact);
    if (status == OK) /* huge exponents alone are beyond the exact reader */
        fuzz_must(other != NOT_A_NUMBER);
    fuzz_must(status == OK || isnan(value));
    fmpq_clear(exact);
}

static void read_list(const char *text)
{
    double values[LIST_MOST];
    fmpq *exact = NULL;
    size_t count = 0, other = 0;
    const enum status status = number_parse_list(text, LIST_MOST, values, &count);
    fuzz_judge(status);
    if (status == OK)
        fuzz_must(count > 0 && count <= LIST_MOST && isfinite(values[count - 1]));
    if (rational_read_list(text, LIST_MOST, &exact, &other) == OK) {
        fuzz_must(status != OK || other == count);
        _fmpq_vec_clear(exact, (slong)other);
    }
}

static void read_whole(const char *text)
{
    enum { LEAST = 3, MOST = 1000000 };
    unsigned long long value = 0;
    const enum status status = number_parse_whole(text, LEAST, MOST, &value);
    fuzz_judge(status);
    fuzz_must(status == OK ? value >= LEAST && value <= MOST : value == 0);
}

static void read_option(const char *text)
{
    struct option_list list = {.count = LIST_MOST + 1};
    const enum status status =
        options_list_read(text, "diag identity random zero", LIST_MOST, &list);
    fuzz_judge(status);
    fuzz_must(status == OK ? list.count <= LIST_MOST : list.count == LIST_MOST + 1);
    for (size_t k = 0; status == OK && k < list.count; k++)
        fuzz_must(isfinite(list.value[k]));
    if (status == OK)
        free(list.value);
}

/* Texts that begin with @ name files of this machine: not here. */
static void read_option_text(const char *text)
{
    if (*text != '@')
        read_option(text);
}

static void (*const readers[])(const char *text) = {read_number, read_list, read_whole,
                                                    read_option_text};
enum { READERS = sizeof readers / sizeof *readers };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char text[LENGTH_MOST];
    if (length == 0 || length >= sizeof text)
        return 0;
    const size_t chosen = bytes[0] % (READERS + 1);
    memcpy(text, bytes + 1, length - 1);
    text[length - 1] = '\0';
    if (chosen < READERS) {
        readers[chosen](text);
        return 0;
    }
    char path[2 * FUZZ_PATH + 1];
    fuzz_file_write("list", bytes + 1, length - 1);
    snprintf(path, sizeof path, "@%s", fuzz_path("list"));
    read_option(path);
    remove(fuzz_path("list"));
    return 0;
}
