/* Any bytes as files of data: they are read or refused in one line, within the limits of memory, and nothing
 * else.
 *
 * The first byte says what they are: a CSV file with labels, one with real targets, batches of CIFAR-10, the four
 * files of MNIST.  The others are the files, one behind the other, parted by the mark below; what
 * is missing is not there.  Run by `make fuzz TARGET=dataset`, with libFuzzer and the sanitizers of clang;
 * what it found worth keeping is run again by test_dataset_corpus. */
#include "networks/dataset.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 4, PATH = 4096 };

static const unsigned char MARK[] = {0xFE, 'n', 'e', 'x', 't', 0xFE};
static char folder[PATH];

/* What the first byte chooses, modulo their number. */
static const struct {
    size_t targets; /* of a CSV file */
    const char *file[FILES_MAX];
} KINDS[] = {
    {0, {"data.csv"}},
    {2, {"data.csv"}},
    {0, {"data_batch_1.bin", "test_batch.bin", "data_batch_2.bin.gz"}},
    {0,
     {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images.idx3-ubyte",
      "t10k-labels-idx1-ubyte.gz"}},
};
enum { KIND_COUNT = sizeof KINDS / sizeof *KINDS };

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void must(int holds)
{
    if (!holds)
        abort();
}

static void folder_remove(void)
{
    rmdir(folder);
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    snprintf(folder, sizeof folder, "/dev/shm/settle-fuzz-XXXXXX"); /* memory, where there is any */
    if (!mkdtemp(folder)) {
        snprintf(folder, sizeof folder, "/tmp/settle-fuzz-XXXXXX");
        must(mkdtemp(folder) != NULL);
    }
    return atexit(folder_remove);
}

static const char *path_of(const char *name)
{
    static char path[2 * PATH];
    must((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) < sizeof path);
    return path;
}

/* Where the mark is next, or the end. */
static const uint8_t *mark_of(const uint8_t *bytes, const uint8_t *end)
{
    for (; bytes + sizeof MARK <= end; bytes++)
        if (!memcmp(bytes, MARK, sizeof MARK))
            return bytes;
    return end;
}

static void files_write(const char *const *name, const uint8_t *bytes, const uint8_t *end)
{
    for (size_t k = 0; k < FILES_MAX && name[k] && bytes <= end; k++) {
        const uint8_t *stop = mark_of(bytes, end);
        FILE *file = fopen(path_of(name[k]), "wb");
        must(file != NULL);
        must(fwrite(bytes, 1, (size_t)(stop - bytes), file) == (size_t)(stop - bytes));
        must(fclose(file) == 0);
        bytes = stop + (stop < end ? sizeof MARK : 1);
    }
}

/* What every data set promises. */
static void dataset_look(const struct dataset *set)
{
    must(set->format && set->count > 0 && set->inputs > 0 && set->outputs > 0);
    for (size_t i = 0; i < set->count * set->inputs; i++)
        must(isfinite(set->input[i]));
    for (size_t k = 0; k < set->count; k++)
        for (size_t i = 0; i < set->outputs; i++) {
            const float target = set->target[k * set->outputs + i];
            must(set->label ? target == (float)(i == set->label[k]) : isfinite(target));
        }
    must(!set->label || set->label[set->count - 1] < set->outputs);
}

static void message_look(void)
{
    const char *message = status_message();
    must(*message && !strchr(message, '\n') && strstr(message, folder) == message);
}

static void read_all(const struct dataset_source *source)
{
    struct dataset train = {.count = 7}, test = {.count = 7};
    if (dataset_read(source, &train, &test) != OK) {
        must(train.count == 7 && test.count == 7 && !train.input && !test.input);
        message_look();
        return;
    }
    dataset_look(&train);
    dataset_look(&test);
    must(train.inputs == test.inputs && train.outputs == test.outputs);
    dataset_free(&train);
    dataset_free(&test);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    const size_t kind = bytes[0] % KIND_COUNT;
    const char *const *name = KINDS[kind].file;
    files_write(name, bytes + 1, bytes + length);
    char path[2 * PATH];
    snprintf(path, sizeof path, "%s", name[1] ? folder : path_of(name[0]));
    const struct dataset_source source = {
        .path = path, .outputs = KINDS[kind].targets, .most = {bytes[0] / 128, 0}, .seed = 1};
    read_all(&source);
    for (size_t k = 0; k < FILES_MAX && name[k]; k++)
        remove(path_of(name[k]));
    return 0;
}
