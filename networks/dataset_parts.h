/* Parts of the reading of data sets.  Internal to the files dataset*.c.
 *
 * A pile holds items of one size, one behind the other, and grows with them; from piles whose
 * files were read to the end, and found good, data sets are made.
 * Shapes: an image item is pixel[inputs], label; pixels are bytes.
 * Memory: piles are freed by dataset_pile_free(), data sets by dataset_free().
 * Errors: as in dataset.h. */
#ifndef NETWORKS_DATASET_PARTS_H
#define NETWORKS_DATASET_PARTS_H

#include "base/data_file.h"
#include "base/folder.h"
#include "networks/dataset.h"

enum { DATASET_CLASSES = 10 }; /* of images */

struct dataset_pile {
    size_t bytes;   /* of an item */
    size_t numbers; /* that a data set will hold for it */
    size_t count, room;
    unsigned char *items;
};

/* Copies item[bytes]; BAD_DATA where the data set would be too large. */
enum status dataset_pile_add(struct dataset_pile *pile, const char *path,
                             const void *item) MUST_CHECK;
void dataset_pile_free(struct dataset_pile *pile);

/* Memory for the shapes that *shape names, its label not NULL (whatever it is) for labels; all of it
 * zero. */
enum status dataset_create(const struct dataset *shape, struct dataset *dataset) MUST_CHECK;

/* From the items of images; `shape` gives the format, rows, columns and inputs. */
enum status dataset_from_images(const struct dataset *shape, const struct dataset_pile *pile,
                                struct dataset *dataset) MUST_CHECK;
void dataset_put_image(struct dataset *dataset, size_t index, const unsigned char *item);

/* Finds folder/name, or the like with .gz or with .idx in place of -idx; path is "" if there is
 * none. */
enum status dataset_find(const char *folder, const char *name,
                         char path[FOLDER_PATH_MAX]) MUST_CHECK;

/* Does the folder hold any file of the format? */
enum status dataset_idx_is(const char *folder, bool *is) MUST_CHECK;
enum status dataset_cifar_is(const char *folder, bool *is) MUST_CHECK;

/* The readers, one for each format; source->path is a folder, a folder and a file. */
enum status dataset_idx_read(const struct dataset_source *source, struct dataset *train,
                             struct dataset *test) MUST_CHECK;
enum status dataset_cifar_read(const struct dataset_source *source, struct dataset *train,
                               struct dataset *test) MUST_CHECK;
enum status dataset_csv_read(const struct dataset_source *source, struct data_file *file,
                             struct dataset *train, struct dataset *test) MUST_CHECK;
enum status dataset_digits_draw(const struct dataset_source *source, struct dataset *train,
                                struct dataset *test) MUST_CHECK;

/* ---- drawn digits ---- */

enum { DATASET_SIDE = 28, DATASET_PIXELS = DATASET_SIDE * DATASET_SIDE };

/* A stroke goes through its points in a smooth curve; where a point is given twice, the curve arrives
 * along one side and leaves along the other: a corner.  Units: half the height of a digit, y
 * downwards, (0, 0) in its middle. */
enum { DATASET_STROKES_MAX = 3, DATASET_POINTS_MAX = 14 };
struct dataset_point {
    double x, y;
};
struct dataset_stroke {
    size_t count;
    struct dataset_point point[DATASET_POINTS_MAX];
};
struct dataset_style {
    unsigned char digit;
    size_t count; /* strokes */
    struct dataset_stroke stroke[DATASET_STROKES_MAX];
};

/* style[*count]: the ways of writing a digit. */
const struct dataset_style *dataset_styles(unsigned digit, size_t *count);

/* Image `index` of a part, which depends on nothing else: an item of DATASET_PIXELS + 1 bytes. */
void dataset_digit(uint64_t seed, enum dataset_part part, size_t index,
                   unsigned char item[DATASET_PIXELS + 1]);

#endif
