/* What the fuzzer found worth keeping, read again: tests/fuzz/fuzz_dataset.c aborts where a data set
 * breaks a promise.  The control is an input that must be accepted, and one that must not: the number
 * of data sets that were read is known to lie between none and all. */
#include "networks/dataset.h"

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
static const char CORPUS[] = "tests/fuzz/dataset"; /* below the directory of the project */

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum status __real_dataset_read(const struct dataset_source *source, struct dataset *train,
                                struct dataset *test);
enum status __wrap_dataset_read(const struct dataset_source *source, struct dataset *train,
                                struct dataset *test);

static size_t accepted, refused;

enum status __wrap_dataset_read(const struct dataset_source *source, struct dataset *train,
                                struct dataset *test)
{
    const enum status status = __real_dataset_read(source, train, test);
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
    assert_int_equal(LLVMFuzzerInitialize(NULL, NULL), 0);
    for (const struct dirent *next; (next = readdir(directory));)
        if (next->d_name[0] != '.')
            one_input(next->d_name);
    closedir(directory);
    print_message("%zu read, %zu refused\n", accepted, refused);
    assert_true(accepted >= 8 && refused >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_corpus_is_read_or_refused)};
    return cmocka_run_group_tests_name("dataset corpus", tests, NULL, NULL);
}
