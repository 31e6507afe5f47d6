/* The kept corpus of a fuzzing target, run again: the target aborts where a promise is broken.
 *
 * The controls are the numbers of inputs that were accepted and refused: both must be seen, so that
 * a target that looks at nothing fails.  Run below the directory of the project. */
#ifndef TESTS_CORPUS_H
#define TESTS_CORPUS_H

#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { CORPUS_BYTES = 65536, CORPUS_PATH = 4096 };

static inline void corpus_one(const char *folder, const char *name)
{
    static uint8_t bytes[CORPUS_BYTES];
    char path[CORPUS_PATH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t length = fread(bytes, 1, CORPUS_BYTES, file);
    fclose(file);
    assert_int_equal(LLVMFuzzerTestOneInput(bytes, length), 0);
}

/* At least `accepted` and `refused` of the inputs must be. */
static inline void corpus_run(const char *folder, size_t accepted, size_t refused)
{
    size_t inputs = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    assert_int_equal(LLVMFuzzerInitialize(NULL, NULL), 0);
    for (const struct dirent *next; (next = readdir(directory));)
        if (next->d_name[0] != '.') {
            corpus_one(folder, next->d_name);
            inputs++;
        }
    closedir(directory);
    print_message("# %zu inputs: %zu accepted, %zu refused\n", inputs, fuzz_accepted, fuzz_refused);
    assert_true(fuzz_accepted >= accepted && fuzz_refused >= refused);
}

#endif
