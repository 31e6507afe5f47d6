/* What basin_hdf5.c asks of the HDF5 library, with our way to fail.  Internal to basin_hdf5*.c.
 *
 * Ids are the library's hid_t.  A parent is a file or a group, an object also a data set.  Ids of
 * objects live until their file is closed; all others are closed here.
 * Shapes: text[count], of one size each.  Errors: CANNOT_WRITE with the library's own reason. */
#ifndef CLI_BASIN_HDF5_PARTS_H
#define CLI_BASIN_HDF5_PARTS_H

#include "base/status.h"
#include "cli/basin_hdf5_driver.h"

#include <stddef.h>
#include <stdint.h>

enum { BASIN_HDF5_RANK_MOST = 3 };

/* A data set to be made: its chunks are the runs of cells that are written at once. */
struct basin_hdf5_set {
    const char *name;
    enum basin_hdf5_type {
        BASIN_HDF5_BYTE,
        BASIN_HDF5_SHORT,
        BASIN_HDF5_LONG,
        BASIN_HDF5_DOUBLE
    } type;
    size_t rank;
    size_t size[BASIN_HDF5_RANK_MOST], chunk[BASIN_HDF5_RANK_MOST]; /* chunk[0] = 0: in one piece */
    unsigned compression;
};

struct basin_hdf5_texts {
    const char *name;
    size_t count, size; /* bytes of each, with its end */
    const char *text;   /* [count * size], zeros behind each text */
};

/* A file that is there already and loses what it holds.  Writes that fail are told in `driver`
 * alone, which must outlive the file. */
enum status basin_hdf5_file_open(const char *path, struct basin_hdf5_driver *driver,
                                 int64_t *file) MUST_CHECK;
enum status basin_hdf5_file_close(int64_t file) MUST_CHECK; /* and all objects in it */
void basin_hdf5_file_drop(int64_t file);                    /* the same after an error */

enum status basin_hdf5_group_add(int64_t parent, const char *name, int64_t *group) MUST_CHECK;
enum status basin_hdf5_set_add(int64_t parent, const struct basin_hdf5_set *set,
                               int64_t *made) MUST_CHECK;
enum status basin_hdf5_texts_add(int64_t parent, const struct basin_hdf5_texts *texts) MUST_CHECK;

/* A block of a data set, from `from` and of the size `count`. */
struct basin_hdf5_block {
    size_t rank;
    size_t from[BASIN_HDF5_RANK_MOST], count[BASIN_HDF5_RANK_MOST];
    enum basin_hdf5_type type;
    const void *values;
};
enum status basin_hdf5_block_write(int64_t set, const struct basin_hdf5_block *block) MUST_CHECK;

/* Attributes of an object. */
enum status basin_hdf5_text_set(int64_t object, const char *name, const char *text) MUST_CHECK;
enum status basin_hdf5_text_list_set(int64_t object,
                                     const struct basin_hdf5_texts *texts) MUST_CHECK;
enum status basin_hdf5_numbers_set(int64_t object, const char *name, size_t count,
                                   const double *number) MUST_CHECK;

/* The data set `axis` is the scale of a dimension of `set`. */
enum status basin_hdf5_axis_name(int64_t axis, const char *name) MUST_CHECK;
enum status basin_hdf5_axis_attach(int64_t set, int64_t axis, size_t dimension) MUST_CHECK;

#endif
