/* Any bytes as files of data for moments: CSV, images, images with labels; plain or compressed.
 *
 * The first byte says what is asked for: how many inputs and targets, whether there is a second
 * file, reductions.  What is accepted has finite moments, whose diagonal is no less than zero. */
#include "linear/moments.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>

enum { FILES = 2, LABELLED = 1, REDUCED = 2, PRINCIPAL = 4, SHAPE = 8, SHAPES = 4 };

static const char *const names[FILES] = {"data", "labels"};
/* inputs and outputs, before and after what halves the images */
static const size_t shapes[SHAPES][2] = {{1, 1}, {2, 1}, {4, 4}, {9, 10}};

size_t fuzz_accepted, fuzz_refused;

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    return fuzz_folder_create();
}

static enum status visit(void *context, const double *input, const double *target)
{
    const size_t *shape = context;
    fuzz_must(isfinite(input[shape[0] - 1]) && isfinite(target[shape[1] - 1]));
    return OK;
}

static void moments_look(const struct moments *moments)
{
    fuzz_must(moments->count > 0 && moments->inputs > 0 && moments->outputs > 0);
    for (size_t i = 0; i < moments->inputs; i++)
        fuzz_must(moments->sigma_ii[i * moments->inputs + i] >= 0);
    for (size_t i = 0; i < moments->inputs * moments->inputs; i++)
        fuzz_must(isfinite(moments->sigma_ii[i]));
    for (size_t i = 0; i < moments->inputs * moments->outputs; i++)
        fuzz_must(isfinite(moments->sigma_ti[i]));
}

static void read_files(uint8_t asked)
{
    char data[2 * FUZZ_PATH], labels[2 * FUZZ_PATH];
    size_t shape[2];
    memcpy(shape, shapes[asked / SHAPE % SHAPES], sizeof shape);
    snprintf(data, sizeof data, "%s", fuzz_path(names[0]));
    snprintf(labels, sizeof labels, "%s", fuzz_path(names[1]));
    const struct moments_source source = {.data = data,
                                          .labels = asked & LABELLED ? labels : NULL,
                                          .inputs = shape[0],
                                          .outputs = shape[1],
                                          .downsample = asked & REDUCED ? 2 : 0,
                                          .principal = asked & PRINCIPAL ? shape[0] : 0,
                                          .visit = asked & PRINCIPAL ? NULL : visit,
                                          .context = shape};
    struct moments moments = {.count = 0};
    const enum status status = moments_read(&source, &moments);
    fuzz_judge(status);
    if (status == OK)
        moments_look(&moments);
    else
        fuzz_must(moments.sigma_ii == NULL);
    moments_free(&moments);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return 0;
    fuzz_files_write(FILES, names, bytes + 1, bytes + length);
    read_files(bytes[0]);
    for (size_t k = 0; k < FILES; k++)
        remove(fuzz_path(names[k]));
    return 0;
}
