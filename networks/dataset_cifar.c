/* CIFAR-10 in its binary form (Krizhevsky 2009): records without a header.
 *
 *     label, then 32 x 32 bytes of red, as many of green and of blue;     labels 0 to 9
 *
 * Without a header the length is the only thing to hold a file to: it must end where a record ends.
 * As published, each file has 10000 records; any number from one on is read.  The batches count from
 * 1 without a gap. */
#include "networks/dataset_parts.h"

#include <stdio.h>
#include <string.h>

enum { SIDE = 32, CHANNELS = 3, PIXELS = SIDE * SIDE * CHANNELS, RECORD = 1 + PIXELS };

static const char *const BATCHES[] = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                      "data_batch_4.bin", "data_batch_5.bin"};
enum { BATCH_COUNT = sizeof BATCHES / sizeof *BATCHES };
static const char TEST_BATCH[] = "test_batch.bin";

/* One part being read. */
struct reading {
    size_t most; /* images; 0: all */
    size_t seen;
    struct dataset_pile pile;
};

enum status dataset_cifar_is(const char *folder, bool *is)
{
    char path[FOLDER_PATH_MAX];
    TRY(dataset_find(folder, TEST_BATCH, path));
    *is = *path;
    for (size_t k = 0; k < BATCH_COUNT; k++) {
        TRY(dataset_find(folder, BATCHES[k], path));
        *is = *is || *path;
    }
    return OK;
}

static enum status record_take(struct reading *reading, const char *path, size_t index,
                               const unsigned char *record)
{
    unsigned char item[RECORD]; /* the label last */
    if (*record >= DATASET_CLASSES)
        return status_fail(BAD_DATA, "%s: record %zu has label %d; expected labels 0 to %d", path,
                           index + 1, *record, DATASET_CLASSES - 1);
    memcpy(item, record + 1, PIXELS);
    item[PIXELS] = *record;
    reading->seen++;
    if (reading->most && reading->seen > reading->most)
        return OK;
    return dataset_pile_add(&reading->pile, path, item);
}

static enum status records_read(struct reading *reading, struct data_file *file)
{
    unsigned char record[RECORD];
    const char *path = data_file_path(file);
    for (size_t k = 0;; k++) {
        const size_t got = data_file_bytes(file, RECORD, record);
        if (got == RECORD) {
            TRY(record_take(reading, path, k, record));
            continue;
        }
        TRY(data_file_check(file));
        if (got == 0 && k > 0)
            return OK;
        return status_fail(BAD_DATA,
                           "%s: %zu bytes after record %zu; expected records of %d bytes, a label "
                           "and %d x %d x %d pixels",
                           path, got, k, RECORD, CHANNELS, SIDE, SIDE);
    }
}

static enum status batch_read(struct reading *reading, const char *path)
{
    struct data_file *file = NULL;
    TRY(data_file_open(path, &file));
    const enum status status = records_read(reading, file);
    data_file_close(file);
    return status;
}

static enum status missing(const char *folder, const char *name)
{
    return status_fail(CANNOT_READ,
                       "%s/%s: no such file, plain or .gz; expected data_batch_1.bin and on, "
                       "without a gap, and %s",
                       folder, name, TEST_BATCH);
}

static enum status train_read(const struct dataset_source *source, struct reading *reading)
{
    char path[FOLDER_PATH_MAX];
    size_t gap = BATCH_COUNT;
    for (size_t k = 0; k < BATCH_COUNT; k++) {
        TRY(dataset_find(source->path, BATCHES[k], path));
        if (!*path) {
            gap = gap < k ? gap : k;
            continue;
        }
        if (gap < k)
            return missing(source->path, BATCHES[gap]);
        TRY(batch_read(reading, path));
    }
    return gap == 0 ? missing(source->path, BATCHES[0]) : OK;
}

static enum status test_read(const struct dataset_source *source, struct reading *reading)
{
    char path[FOLDER_PATH_MAX];
    TRY(dataset_find(source->path, TEST_BATCH, path));
    return *path ? batch_read(reading, path) : missing(source->path, TEST_BATCH);
}

static enum status enough_check(const struct dataset_source *source, const struct reading *reading,
                                const char *purpose)
{
    if (reading->most <= reading->seen)
        return OK;
    return status_fail(BAD_ARGUMENT, "%s has %zu images for %s, %zu are asked for", source->path,
                       reading->seen, purpose, reading->most);
}

static enum status parts_read(const struct dataset_source *source, struct reading reading[2],
                              struct dataset *train, struct dataset *test)
{
    static const struct dataset shape = {
        .format = "CIFAR-10 format", .inputs = PIXELS, .rows = SIDE, .columns = SIDE};
    TRY(train_read(source, &reading[DATASET_TRAIN]));
    TRY(test_read(source, &reading[DATASET_TEST]));
    TRY(enough_check(source, &reading[DATASET_TRAIN], "training"));
    TRY(enough_check(source, &reading[DATASET_TEST], "testing"));
    TRY(dataset_from_images(&shape, &reading[DATASET_TRAIN].pile, train));
    return dataset_from_images(&shape, &reading[DATASET_TEST].pile, test);
}

enum status dataset_cifar_read(const struct dataset_source *source, struct dataset *train,
                               struct dataset *test)
{
    struct reading reading[2];
    for (size_t part = 0; part < 2; part++)
        reading[part] =
            (struct reading){.most = source->most[part],
                             .pile = {.bytes = RECORD, .numbers = PIXELS + DATASET_CLASSES}};
    const enum status status = parts_read(source, reading, train, test);
    dataset_pile_free(&reading[DATASET_TRAIN].pile);
    dataset_pile_free(&reading[DATASET_TEST].pile);
    return status;
}
