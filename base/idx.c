/* Images and labels in IDX.
 *
 * Every failure to read is asked of the stream first (a damaged gzip stream looks like the end of a
 * file), and only then blamed on the length.  Rejected: reading by what the header says at once,
 * which would allocate up to 2^52 bytes for a damaged header. */
#include "base/idx.h"

#include <inttypes.h>
#include <stdint.h>

enum { IDX_NUMBER = 4 /* bytes */, IDX_BYTE_BITS = 8 };
static const uint32_t MAGIC_IMAGES = 0x00000803, MAGIC_LABELS = 0x00000801;

static enum status number_read(struct data_file *file, const char *what, uint32_t *number)
{
    unsigned char byte[IDX_NUMBER];
    if (data_file_bytes(file, IDX_NUMBER, byte) != IDX_NUMBER) {
        TRY(data_file_check(file));
        return status_fail(BAD_DATA, "%s: the file ends in its header, before the %s",
                           data_file_path(file), what);
    }
    *number = 0;
    for (size_t k = 0; k < IDX_NUMBER; k++)
        *number = *number << IDX_BYTE_BITS | byte[k];
    return OK;
}

static enum status magic_read(struct data_file *file, uint32_t expected, const char *what)
{
    uint32_t magic = 0;
    TRY(number_read(file, "magic number", &magic));
    if (magic == expected)
        return OK;
    const char *hint = "";
    if (magic == MAGIC_LABELS)
        hint = "; these are labels";
    else if (magic == MAGIC_IMAGES)
        hint = "; these are images";
    return status_fail(
        BAD_DATA, "%s: magic number 0x%08" PRIx32 "; %s of unsigned bytes have 0x%08" PRIx32 "%s",
        data_file_path(file), magic, what, expected, hint);
}

enum status idx_images_header(struct data_file *file, struct idx_images *images)
{
    uint32_t count = 0, rows = 0, columns = 0;
    TRY(magic_read(file, MAGIC_IMAGES, "images"));
    TRY(number_read(file, "number of images", &count));
    TRY(number_read(file, "number of rows", &rows));
    TRY(number_read(file, "number of columns", &columns));
    if (count == 0 || rows == 0 || columns == 0 || (uint64_t)rows * columns > IDX_PIXELS_MOST)
        return status_fail(BAD_DATA,
                           "%s: the header says %" PRIu32 " images of %" PRIu32 " x %" PRIu32
                           " pixels; at least one and at most %d pixels are possible",
                           data_file_path(file), count, rows, columns, IDX_PIXELS_MOST);
    *images = (struct idx_images){.count = count, .rows = rows, .columns = columns};
    return OK;
}

enum status idx_labels_header(struct data_file *file, const struct idx_images *images,
                              const struct data_file *of)
{
    uint32_t count = 0;
    TRY(magic_read(file, MAGIC_LABELS, "labels"));
    TRY(number_read(file, "number of labels", &count));
    if (count != images->count)
        return status_fail(BAD_DATA, "%s has %" PRIu32 " labels for the %zu images of %s",
                           data_file_path(file), count, images->count, data_file_path(of));
    return OK;
}

enum status idx_image(struct data_file *file, const struct idx_images *images, size_t index,
                      unsigned char *pixel)
{
    const size_t pixels = images->rows * images->columns;
    if (data_file_bytes(file, pixels, pixel) == pixels)
        return OK;
    TRY(data_file_check(file));
    return status_fail(BAD_DATA, "%s: the file ends in image %zu of %zu", data_file_path(file),
                       index + 1, images->count);
}

enum status idx_label(struct data_file *file, const struct idx_images *images, size_t index,
                      unsigned char *label)
{
    if (data_file_bytes(file, 1, label) == 1)
        return OK;
    TRY(data_file_check(file));
    return status_fail(BAD_DATA, "%s: the file ends before label %zu of %zu", data_file_path(file),
                       index + 1, images->count);
}

enum status idx_end(struct data_file *file)
{
    if (data_file_byte(file) < 0)
        return data_file_check(file);
    return status_fail(BAD_DATA, "%s: bytes follow the last item that the header announces",
                       data_file_path(file));
}
