/* What the fuzzer found worth keeping, read again: tests/fuzz/fuzz_ode.c aborts where a promise is
 * broken.  The control is the count of files that were read, which is known to lie between none and
 * all. */
#include "equations/ode_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BYTES = 65536, PATH = 4096 };
static const char CORPUS[] = "tests/fuzz/ode"; /* below the directory of the project */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum status __real_ode_file_parse(const char *name, const char *text, size_t length,
                                  struct equations **equations);
enum status __wrap_ode_file_parse(const char *name, const char *text, size_t length,
                                  struct equations **equations);

static size_t accepted, refused;

enum status __wrap_ode_file_parse(const char *name, const char *text, size_t length,
                                  struct equations **equations)
{
    const enum status status = __real_ode_file_parse(name, text, length, equations);
    accepted += status == OK;
    refused += status != OK;
    return status;
}

static void one_input(const char *name)
{
    static uint8_t bytes[BYTES];
    char path[PATH];
    snprintf(path, sizeof path, "%s/%s", CORPUS, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t length = fread(bytes, 1, BYTES, file);
    fclose(file);
    assert_int_equal(LLVMFuzzerTestOneInput(bytes, length), 0);
}

static void the_corpus_is_read_or_refused(void **state)
{
    (void)state;
    DIR *directory = opendir(CORPUS);
    assert_non_null(directory);
    for (const struct dirent *next; (next = readdir(directory));)
        if (next->d_name[0] != '.')
            one_input(next->d_name);
    closedir(directory);
    print_message("%zu read, %zu refused\n", accepted, refused);
    assert_true(accepted >= 4 && refused >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_corpus_is_read_or_refused)};
    return cmocka_run_group_tests_name("ode corpus", tests, NULL, NULL);
}
