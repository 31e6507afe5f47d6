/* Any bytes as files of data: they are read or refused in one line, within the limits of memory, and nothing
 * else.
 *
 * The first byte says what they are: a CSV file with labels, one with real targets, batches of CIFAR-10, the four
 * files of MNIST.  The others are the files, one behind the other, parted by the mark below; what
 * is missing is not there.  Run by `make fuzz TARGET=dataset`, with libFuzzer and the sanitizers of clang;
 * what it found worth keeping is run again by test_corpus_dataset. */
#include "networks/dataset.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>

enum { FILES_MAX = 4 };

size_t fuzz_accepted, fuzz_refused;

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

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    return fuzz_folder_create();
}

/* What every data set promises. */
static void dataset_look(const struct dataset *set)
{
    fuzz_must(set->format && set->count > 0 && set->inputs > 0 && set->outputs > 0);
    for (size_t i = 0; i < set->count * set->inputs; i++)
        fuzz_must(isfinite(set->input[i]));
    for (size_t k = 0; k < set->count; k++)
        for (size_t i = 0; i < set->outputs; i++) {
            const float target = set->target[k * set->outputs + i];
            fuzz_must(set->label ? target == (float)(i == set->label[k]) : isfinite(target));
        }
    fuzz_must(!set->label || set->label[set->count - 1] < set->outputs);
}

static void read_all(const struct dataset_source *source)
{
    struct dataset train = {.count = 7}, test = {.count = 7};
    const enum status status = dataset_read(source, &train, &test);
    fuzz_judge(status);
    if (status != OK) {
        fuzz_must(train.count == 7 && test.count == 7 && !train.input && !test.input);
        fuzz_must(strstr(status_message(), fuzz_folder) == status_message());
        fuzz_must(!strchr(status_message(), '\n'));
        return;
    }
    dataset_look(&train);
    dataset_look(&test);
    fuzz_must(train.inputs == test.inputs && train.outputs == test.outputs);
    dataset_free(&train);
    dataset_free(&test);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    const size_t kind = bytes[0] % KIND_COUNT;
    const char *const *name = KINDS[kind].file;
    fuzz_files_write(FILES_MAX, name, bytes + 1, bytes + length);
    char path[2 * FUZZ_PATH];
    snprintf(path, sizeof path, "%s", name[1] ? fuzz_folder : fuzz_path(name[0]));
    const struct dataset_source source = {
        .path = path, .outputs = KINDS[kind].targets, .most = {bytes[0] / 128, 0}, .seed = 1};
    read_all(&source);
    for (size_t k = 0; k < FILES_MAX && name[k]; k++)
        remove(fuzz_path(name[k]));
    return 0;
}
