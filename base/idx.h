/* IDX, the format of the MNIST files (LeCun, Cortes, Burges 1998).
 *
 *     images: 00 00 08 03, count, rows, columns, then rows*columns bytes an image
 *     labels: 00 00 08 01, count, then a byte a label;        numbers of 32 bits, big-endian
 *
 * A header is believed only as far as the bytes that follow: items are read one by one, so that a
 * caller need allocate nothing by what a header says beyond one image, of IDX_PIXELS_MOST at most.
 * Shapes: pixel[rows*columns].  Memory: none allocated.
 * Errors: BAD_DATA with the file and the place, CANNOT_READ, NO_MEMORY. */
#ifndef BASE_IDX_H
#define BASE_IDX_H

#include "base/data_file.h"

enum {
    IDX_BYTE_MOST = 255,
    IDX_PIXELS_MOST = 1 << 20 /* of an image: a header that says more is taken for damage */
};

struct idx_images {
    size_t count, rows, columns;
};

enum status idx_images_header(struct data_file *file, struct idx_images *images) MUST_CHECK;

/* `images`: the header of the file `of`, whose images these labels are of. */
enum status idx_labels_header(struct data_file *file, const struct idx_images *images,
                              const struct data_file *of) MUST_CHECK;

/* The next item, whose number from 0 is `index`. */
enum status idx_image(struct data_file *file, const struct idx_images *images, size_t index,
                      unsigned char *pixel) MUST_CHECK;
enum status idx_label(struct data_file *file, const struct idx_images *images, size_t index,
                      unsigned char *label) MUST_CHECK;

/* What follows the last item belongs to nothing: BAD_DATA. */
enum status idx_end(struct data_file *file) MUST_CHECK;

#endif
