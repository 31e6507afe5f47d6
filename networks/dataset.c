/* Data sets: which reader, and what all readers share.
 *
 * The format is told by what there is: a folder with the names of MNIST or of CIFAR-10, or a file of
 * text.  Readers collect bytes in piles that grow by what has been read, never by what a header
 * says, and only when every file has been read to its end are the data sets made of them, training
 * and testing together or neither: memory follows the bytes that are there, (MB5).  Rejected:
 * numbers of a header allocated at once, which lets eight damaged bytes ask for all memory; and
 * mapping the files, which gzip excludes. */
#include "networks/dataset.h"

#include "base/idx.h"
#include "networks/dataset_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const size_t NUMBERS_MOST = (size_t)1 << 30; /* of a part: 4 GiB; CIFAR-10 has 2^27.2 */

/* ---- piles ---- */

static enum status pile_grow(struct dataset_pile *pile, const char *path)
{
    const size_t room = pile->room ? 2 * pile->room : 1;
    unsigned char *items = realloc(pile->items, room * pile->bytes);
    if (!items)
        return status_fail(NO_MEMORY, "%s: %zu samples of %zu bytes", path, room, pile->bytes);
    pile->items = items;
    pile->room = room;
    return OK;
}

enum status dataset_pile_add(struct dataset_pile *pile, const char *path, const void *item)
{
    if (pile->count >= NUMBERS_MOST / pile->numbers)
        return status_fail(BAD_DATA,
                           "%s: more than %zu samples of %zu numbers; a data set has at most %zu "
                           "numbers",
                           path, pile->count, pile->numbers, NUMBERS_MOST);
    if (pile->count == pile->room)
        TRY(pile_grow(pile, path));
    memcpy(pile->items + pile->count * pile->bytes, item, pile->bytes);
    pile->count++;
    return OK;
}

void dataset_pile_free(struct dataset_pile *pile)
{
    free(pile->items);
    *pile = (struct dataset_pile){.count = 0};
}

/* ---- data sets ---- */

enum status dataset_create(const struct dataset *shape, struct dataset *dataset)
{
    const size_t numbers = shape->inputs + shape->outputs;
    float *block = NULL;
    if (shape->count > 0 && shape->count <= NUMBERS_MOST / numbers)
        block = calloc(shape->count, numbers * sizeof *block + 1);
    if (!block)
        return status_fail(NO_MEMORY, "a data set of %zu samples of %zu numbers", shape->count,
                           numbers);
    *dataset = *shape;
    dataset->input = block;
    dataset->target = block + shape->count * shape->inputs;
    dataset->label =
        shape->label ? (unsigned char *)(dataset->target + shape->count * shape->outputs) : NULL;
    return OK;
}

void dataset_free(struct dataset *dataset)
{
    free(dataset->input);
    *dataset = (struct dataset){.count = 0};
}

void dataset_put_image(struct dataset *dataset, size_t index, const unsigned char *item)
{
    float *input = dataset->input + index * dataset->inputs;
    for (size_t i = 0; i < dataset->inputs; i++)
        input[i] = (float)item[i] / (float)IDX_BYTE_MOST;
    dataset->label[index] = item[dataset->inputs];
    dataset->target[index * dataset->outputs + dataset->label[index]] = 1;
}

enum status dataset_from_images(const struct dataset *shape, const struct dataset_pile *pile,
                                struct dataset *dataset)
{
    unsigned char labelled = 0;
    struct dataset whole = *shape;
    whole.count = pile->count;
    whole.outputs = DATASET_CLASSES;
    whole.label = &labelled;
    TRY(dataset_create(&whole, dataset));
    for (size_t k = 0; k < pile->count; k++)
        dataset_put_image(dataset, k, pile->items + k * pile->bytes);
    return OK;
}

/* ---- files ---- */

static bool is_there(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

/* folder/name with what `ending` adds. */
static enum status find_ending(const char *folder, const char *name, const char *ending,
                               char path[FOLDER_PATH_MAX])
{
    char with[FOLDER_PATH_MAX];
    snprintf(with, sizeof with, "%s%s", name, ending);
    TRY(folder_join(folder, with, FOLDER_PATH_MAX, path));
    if (!is_there(path))
        *path = '\0';
    return OK;
}

enum status dataset_find(const char *folder, const char *name, char path[FOLDER_PATH_MAX])
{
    char dotted[FOLDER_PATH_MAX];
    snprintf(dotted, sizeof dotted, "%s", name);
    char *dash = strstr(dotted, "-idx");
    if (dash)
        *dash = '.';
    const char *const names[] = {name, dotted};
    static const char *const endings[] = {"", ".gz"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t j = 0; j < sizeof endings / sizeof *endings; j++) {
            TRY(find_ending(folder, names[i], endings[j], path));
            if (*path)
                return OK;
        }
    return OK;
}

/* ---- reading ---- */

static enum status folder_read(const struct dataset_source *source, struct dataset *train,
                               struct dataset *test)
{
    static const char EXPECTED[] =
        "the files of MNIST (train-images-idx3-ubyte, ...) or of CIFAR-10 (data_batch_1.bin, ...)";
    bool idx = false, cifar = false;
    TRY(dataset_idx_is(source->path, &idx));
    TRY(dataset_cifar_is(source->path, &cifar));
    if (idx && cifar)
        return status_fail(BAD_DATA, "%s: the folder holds both; expected %s", source->path,
                           EXPECTED);
    if (!idx && !cifar)
        return status_fail(BAD_DATA, "%s: the folder holds no data; expected %s, plain or .gz",
                           source->path, EXPECTED);
    return idx ? dataset_idx_read(source, train, test) : dataset_cifar_read(source, train, test);
}

static enum status file_read_with(const struct dataset_source *source, struct data_file *file,
                                  struct dataset *train, struct dataset *test)
{
    const bool text = data_file_first(file) != 0; /* text has no zero byte */
    TRY(data_file_check(file));
    if (!text)
        return status_fail(BAD_DATA,
                           "%s: the file is no text; expected a CSV file, or the folder in which "
                           "images and labels lie",
                           source->path);
    return dataset_csv_read(source, file, train, test);
}

static enum status file_read(const struct dataset_source *source, struct dataset *train,
                             struct dataset *test)
{
    struct data_file *file = NULL;
    TRY(data_file_open(source->path, &file));
    const enum status status = file_read_with(source, file, train, test);
    data_file_close(file);
    return status;
}

static enum status source_read(const struct dataset_source *source, struct dataset *train,
                               struct dataset *test)
{
    struct stat about;
    if (!source->path)
        return dataset_digits_draw(source, train, test);
    errno = 0;
    if (stat(source->path, &about) != 0)
        return status_fail(CANNOT_READ, "%s: %s", source->path, strerror(errno));
    return S_ISDIR(about.st_mode) ? folder_read(source, train, test)
                                  : file_read(source, train, test);
}

enum status dataset_read(const struct dataset_source *source, struct dataset *train,
                         struct dataset *test)
{
    struct dataset part[2] = {{.count = 0}, {.count = 0}};
    const enum status status = source_read(source, &part[DATASET_TRAIN], &part[DATASET_TEST]);
    if (status != OK) {
        dataset_free(&part[DATASET_TRAIN]);
        dataset_free(&part[DATASET_TEST]);
        return status;
    }
    *train = part[DATASET_TRAIN];
    *test = part[DATASET_TEST];
    return OK;
}

const char *dataset_text(const struct dataset *train, const struct dataset *test, size_t size,
                         char *text)
{
    const size_t pixels = train->rows * train->columns;
    if (pixels == 0)
        snprintf(text, size, "%s, %zu + %zu samples, %zu input%s, %zu %s%s", train->format,
                 train->count, test->count, train->inputs, train->inputs == 1 ? "" : "s",
                 train->outputs, train->label ? "classe" : "target",
                 train->outputs == 1 ? "" : "s");
    else if (pixels == train->inputs)
        snprintf(text, size, "%s, %zu + %zu images %zu x %zu", train->format, train->count,
                 test->count, train->rows, train->columns);
    else
        snprintf(text, size, "%s, %zu + %zu images %zu x %zu x %zu", train->format, train->count,
                 test->count, train->inputs / pixels, train->rows, train->columns);
    return text;
}
