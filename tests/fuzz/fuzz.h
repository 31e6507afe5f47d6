/* What the fuzzing targets share: a folder in memory, and bytes as files in it.
 *
 * A target defines LLVMFuzzerInitialize() and LLVMFuzzerTestOneInput() for libFuzzer, `make fuzz
 * TARGET=...`, and counts what it accepts and refuses; tests/test_corpus_*.c run its kept corpus
 * again: notes/hardening.md, (HD5).  An input may be several files, one behind the other, parted by FUZZ_MARK.
 * Memory: static.  Errors: a broken promise aborts. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/status.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FUZZ_PATH = 4096 };

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

extern size_t fuzz_accepted, fuzz_refused;

static const unsigned char FUZZ_MARK[] = {0xFE, 'n', 'e', 'x', 't', 0xFE};

static char fuzz_folder[FUZZ_PATH];

static inline void fuzz_must(int holds)
{
    if (!holds)
        abort();
}

static inline void fuzz_folder_remove(void)
{
    rmdir(fuzz_folder);
}

/* Makes the folder; it is removed at the end. */
static inline int fuzz_folder_create(void)
{
    snprintf(fuzz_folder, sizeof fuzz_folder, "/dev/shm/settle-fuzz-XXXXXX");
    if (!mkdtemp(fuzz_folder)) { /* there is no such memory */
        snprintf(fuzz_folder, sizeof fuzz_folder, "/tmp/settle-fuzz-XXXXXX");
        fuzz_must(mkdtemp(fuzz_folder) != NULL);
    }
    return atexit(fuzz_folder_remove);
}

static inline const char *fuzz_path(const char *name)
{
    static char path[2 * FUZZ_PATH];
    fuzz_must((size_t)snprintf(path, sizeof path, "%s/%s", fuzz_folder, name) < sizeof path);
    return path;
}

static inline void fuzz_file_write(const char *name, const uint8_t *bytes, size_t length)
{
    FILE *file = fopen(fuzz_path(name), "wb");
    fuzz_must(file != NULL);
    fuzz_must(fwrite(bytes, 1, length, file) == length);
    fuzz_must(fclose(file) == 0);
}

/* Where the mark is next, or the end. */
static inline const uint8_t *fuzz_mark(const uint8_t *bytes, const uint8_t *end)
{
    for (; bytes + sizeof FUZZ_MARK <= end; bytes++)
        if (!memcmp(bytes, FUZZ_MARK, sizeof FUZZ_MARK))
            return bytes;
    return end;
}

/* The parts of the input as the files name[0..most-1], until a name is NULL; what is missing is not
 * there. */
static inline void fuzz_files_write(size_t most, const char *const *name, const uint8_t *bytes,
                                    const uint8_t *end)
{
    for (size_t k = 0; k < most && name[k] && bytes <= end; k++) {
        const uint8_t *stop = fuzz_mark(bytes, end);
        fuzz_file_write(name[k], bytes, (size_t)(stop - bytes));
        bytes = stop + (stop < end ? sizeof FUZZ_MARK : 1);
    }
}

/* Counts, and holds a failure to its promise: something says why.  (main.c makes one line of it: a
 * message may quote what was typed.) */
static inline void fuzz_judge(enum status status)
{
    fuzz_accepted += status == OK;
    fuzz_refused += status != OK;
    fuzz_must(status == OK || *status_message());
}

#endif
