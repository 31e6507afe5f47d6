/* Images as MNIST has them: four files in IDX, of ten classes.
 *
 * Both files of a part are read side by side to their end, whatever number of images is asked for:
 * a file that was cut, or holds more than its header says, is never used in part. */
#include "networks/dataset_parts.h"

#include "base/idx.h"

#include <stdlib.h>

enum { FILES = 2 }; /* of a part */

/* The images and the labels of each part. */
static const char *const NAMES[][FILES] = {
    [DATASET_TRAIN] = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte"},
    [DATASET_TEST] = {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}};

/* One part being read. */
struct reading {
    size_t most; /* images; 0: all */
    struct data_file *images, *labels;
    struct idx_images header;
    unsigned char *item;
    struct dataset_pile pile;
};

enum status dataset_idx_is(const char *folder, bool *is)
{
    char path[FOLDER_PATH_MAX];
    *is = false;
    for (size_t part = 0; part < 2; part++)
        for (size_t k = 0; k < FILES; k++) {
            TRY(dataset_find(folder, NAMES[part][k], path));
            *is = *is || *path;
        }
    return OK;
}

static enum status label_check(const struct reading *reading, size_t index, unsigned label)
{
    if (label < DATASET_CLASSES)
        return OK;
    return status_fail(BAD_DATA, "%s: label %zu is %u; expected labels 0 to %d",
                       data_file_path(reading->labels), index + 1, label, DATASET_CLASSES - 1);
}

static enum status items_read(struct reading *reading)
{
    const struct idx_images *header = &reading->header;
    unsigned char *label = reading->item + header->rows * header->columns;
    for (size_t k = 0; k < header->count; k++) {
        TRY(idx_image(reading->images, header, k, reading->item));
        TRY(idx_label(reading->labels, header, k, label));
        TRY(label_check(reading, k, *label));
        if (!reading->most || k < reading->most)
            TRY(dataset_pile_add(&reading->pile, data_file_path(reading->images), reading->item));
    }
    TRY(idx_end(reading->images));
    return idx_end(reading->labels);
}

static enum status files_read(struct reading *reading)
{
    struct idx_images *header = &reading->header;
    TRY(idx_images_header(reading->images, header));
    TRY(idx_labels_header(reading->labels, header, reading->images));
    if (reading->most > header->count)
        return status_fail(BAD_ARGUMENT, "%s has %zu images, %zu are asked for",
                           data_file_path(reading->images), header->count, reading->most);
    const size_t pixels = header->rows * header->columns;
    reading->pile.bytes = pixels + 1;
    reading->pile.numbers = pixels + DATASET_CLASSES;
    reading->item = calloc(pixels + 1, 1);
    if (!reading->item)
        return status_fail(NO_MEMORY, "%s: an image", data_file_path(reading->images));
    const enum status status = items_read(reading);
    free(reading->item);
    return status;
}

static enum status path_of(const char *folder, const char *name, char path[FOLDER_PATH_MAX])
{
    TRY(dataset_find(folder, name, path));
    if (*path)
        return OK;
    return status_fail(CANNOT_READ,
                       "%s/%s: no such file, plain or .gz; expected images and labels for training "
                       "(train-...) and for testing (t10k-...)",
                       folder, name);
}

static enum status part_read_with(struct reading *reading, const char *images, const char *labels)
{
    TRY(data_file_open(images, &reading->images));
    TRY(data_file_open(labels, &reading->labels));
    return files_read(reading);
}

static enum status part_read(const struct dataset_source *source, enum dataset_part part,
                             struct reading *reading)
{
    char images[FOLDER_PATH_MAX], labels[FOLDER_PATH_MAX];
    reading->most = source->most[part];
    TRY(path_of(source->path, NAMES[part][0], images));
    TRY(path_of(source->path, NAMES[part][1], labels));
    const enum status status = part_read_with(reading, images, labels);
    data_file_close(reading->images);
    data_file_close(reading->labels);
    return status;
}

static enum status parts_read(const struct dataset_source *source, struct reading reading[2],
                              struct dataset *train, struct dataset *test)
{
    const struct idx_images *header = &reading[DATASET_TRAIN].header,
                            *other = &reading[DATASET_TEST].header;
    TRY(part_read(source, DATASET_TRAIN, &reading[DATASET_TRAIN]));
    TRY(part_read(source, DATASET_TEST, &reading[DATASET_TEST]));
    if (header->rows != other->rows || header->columns != other->columns)
        return status_fail(
            BAD_DATA, "%s: the images for training are %zu x %zu, those for testing %zu x %zu",
            source->path, header->rows, header->columns, other->rows, other->columns);
    const struct dataset shape = {.format = "MNIST format",
                                  .inputs = header->rows * header->columns,
                                  .rows = header->rows,
                                  .columns = header->columns};
    TRY(dataset_from_images(&shape, &reading[DATASET_TRAIN].pile, train));
    return dataset_from_images(&shape, &reading[DATASET_TEST].pile, test);
}

enum status dataset_idx_read(const struct dataset_source *source, struct dataset *train,
                             struct dataset *test)
{
    struct reading reading[2] = {{.most = 0}, {.most = 0}};
    const enum status status = parts_read(source, reading, train, test);
    dataset_pile_free(&reading[DATASET_TRAIN].pile);
    dataset_pile_free(&reading[DATASET_TEST].pile);
    return status;
}
