/* Groups, data sets and attributes of an HDF5 file that has no times.
 *
 * The library writes the time of creation into objects unless it is told not to, for each object.
 * Data sets that are not compressed have their room from the beginning, so that their bytes do not
 * depend on the order in which blocks are written.  Texts have a fixed size, padded with zeros:
 * these are what every reader knows, and nothing of the heap gets into the file.
 * On a failure the library prints its whole stack of calls; here it is silent, and the innermost
 * reason goes into our message.  Any later call forgets it, so it is read before ids are closed. */
#include "cli/basin_hdf5_parts.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

_Static_assert(sizeof(hid_t) == sizeof(int64_t), "ids of HDF5 since 1.10 have 64 bits");

enum { REASON_MAX = 256, ASCII_LAST = 127 };

/* --- failures ------------------------------------------------------------------------------ */

/* The first of the walk. */
static herr_t reason_find(unsigned depth, const H5E_error2_t *error, void *context)
{
    if (depth == 0 && error->desc)
        snprintf(context, REASON_MAX, "%s", error->desc);
    return 0;
}

static enum status failed(const char *what)
{
    char reason[REASON_MAX] = "the HDF5 library gives no reason";
    (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, reason_find, reason);
    (void)H5Eclear2(H5E_DEFAULT);
    return status_fail(CANNOT_WRITE, "%s: %s", what, reason);
}

static enum status checked(int64_t answer, const char *what)
{
    return answer < 0 ? failed(what) : OK;
}

/* --- types and shapes ---------------------------------------------------------------------- */

/* In the file, and in memory. */
static hid_t file_type(enum basin_hdf5_type type)
{
    switch (type) {
    case BASIN_HDF5_BYTE:
        return H5T_STD_U8LE;
    case BASIN_HDF5_SHORT:
        return H5T_STD_U16LE;
    case BASIN_HDF5_LONG:
        return H5T_STD_U64LE;
    default:
        return H5T_IEEE_F64LE;
    }
}

static hid_t memory_type(enum basin_hdf5_type type)
{
    switch (type) {
    case BASIN_HDF5_BYTE:
        return H5T_NATIVE_UINT8;
    case BASIN_HDF5_SHORT:
        return H5T_NATIVE_UINT16;
    case BASIN_HDF5_LONG:
        return H5T_NATIVE_UINT64;
    default:
        return H5T_NATIVE_DOUBLE;
    }
}

static bool is_ascii(const struct basin_hdf5_texts *texts)
{
    for (size_t k = 0; k < texts->count * texts->size; k++)
        if ((unsigned char)texts->text[k] > ASCII_LAST)
            return false;
    return true;
}

/* Octave reads no data set that is called UTF-8, so only those that must be are. */
static hid_t text_type(const struct basin_hdf5_texts *texts)
{
    const H5T_cset_t letters = is_ascii(texts) ? H5T_CSET_ASCII : H5T_CSET_UTF8;
    const hid_t type = H5Tcopy(H5T_C_S1);
    if (type >= 0 && H5Tset_size(type, texts->size) >= 0 && H5Tset_cset(type, letters) >= 0 &&
        H5Tset_strpad(type, H5T_STR_NULLTERM) >= 0)
        return type;
    if (type >= 0)
        (void)H5Tclose(type);
    return H5I_INVALID_HID;
}

static void sizes_copy(size_t rank, const size_t *from, hsize_t *to)
{
    for (size_t d = 0; d < rank; d++)
        to[d] = from[d];
}

/* Chunks, compression, what stands where nothing was written; no times. */
static herr_t properties_fill(hid_t properties, const struct basin_hdf5_set *set)
{
    hsize_t chunk[BASIN_HDF5_RANK_MOST];
    const double none = NAN;
    herr_t answer = H5Pset_obj_track_times(properties, 0);
    if (answer >= 0)
        answer = H5Pset_alloc_time(properties,
                                   set->compression ? H5D_ALLOC_TIME_INCR : H5D_ALLOC_TIME_EARLY);
    if (answer >= 0 && set->type == BASIN_HDF5_DOUBLE)
        answer = H5Pset_fill_value(properties, H5T_NATIVE_DOUBLE, &none);
    if (answer < 0 || set->chunk[0] == 0)
        return answer;
    sizes_copy(set->rank, set->chunk, chunk);
    answer = H5Pset_chunk(properties, (int)set->rank, chunk);
    if (answer >= 0 && set->compression)
        answer = H5Pset_shuffle(properties);
    if (answer >= 0 && set->compression)
        answer = H5Pset_deflate(properties, set->compression);
    return answer;
}

/* --- objects ------------------------------------------------------------------------------- */

static hid_t file_made(const char *path, hid_t creation, hid_t access)
{
    if (H5Pset_obj_track_times(creation, 0) < 0)
        return H5I_INVALID_HID;
    return H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
}

enum status basin_hdf5_file_open(const char *path, struct basin_hdf5_driver *driver, int64_t *file)
{
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    const hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    const int set = basin_hdf5_driver_set(access, driver);
    const hid_t made = set < 0 ? H5I_INVALID_HID : file_made(path, creation, access);
    const enum status status = checked(made, "the file");
    (void)H5Pclose(creation);
    (void)H5Pclose(access);
    if (status == OK)
        *file = made;
    else if (driver->id >= 0)
        basin_hdf5_driver_drop(driver);
    return status;
}

enum status basin_hdf5_file_close(int64_t file)
{
    return checked(H5Fclose(file), "closing the file");
}

void basin_hdf5_file_drop(int64_t file)
{
    (void)H5Fclose(file);
    (void)H5Eclear2(H5E_DEFAULT);
}

enum status basin_hdf5_group_add(int64_t parent, const char *name, int64_t *group)
{
    const hid_t properties = H5Pcreate(H5P_GROUP_CREATE);
    hid_t made = H5I_INVALID_HID;
    if (H5Pset_obj_track_times(properties, 0) >= 0)
        made = H5Gcreate2(parent, name, H5P_DEFAULT, properties, H5P_DEFAULT);
    const enum status status = checked(made, name);
    (void)H5Pclose(properties);
    if (status == OK)
        *group = made;
    return status;
}

static enum status set_make(int64_t parent, const struct basin_hdf5_set *set, hid_t type,
                            int64_t *made)
{
    hsize_t size[BASIN_HDF5_RANK_MOST];
    sizes_copy(set->rank, set->size, size);
    hid_t id = H5I_INVALID_HID;
    const hid_t space = H5Screate_simple((int)set->rank, size, NULL);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (space >= 0 && properties >= 0 && properties_fill(properties, set) >= 0)
        id = H5Dcreate2(parent, set->name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    const enum status status = checked(id, set->name);
    (void)H5Pclose(properties);
    (void)H5Sclose(space);
    if (status == OK)
        *made = id;
    return status;
}

enum status basin_hdf5_set_add(int64_t parent, const struct basin_hdf5_set *set, int64_t *made)
{
    return set_make(parent, set, file_type(set->type), made);
}

static enum status texts_write(int64_t set, hid_t type, const struct basin_hdf5_texts *texts)
{
    if (texts->count == 0)
        return OK;
    return checked(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts->text), texts->name);
}

enum status basin_hdf5_texts_add(int64_t parent, const struct basin_hdf5_texts *texts)
{
    const struct basin_hdf5_set set = {
        .name = texts->name, .type = BASIN_HDF5_BYTE, .rank = 1, .size = {texts->count}};
    const hid_t type = text_type(texts);
    int64_t made;
    TRY(checked(type, texts->name));
    enum status status = set_make(parent, &set, type, &made);
    if (status == OK)
        status = texts_write(made, type, texts);
    (void)H5Tclose(type);
    return status;
}

/* --- blocks -------------------------------------------------------------------------------- */

static herr_t block_put(hid_t set, hid_t space, hid_t memory, const struct basin_hdf5_block *block)
{
    hsize_t from[BASIN_HDF5_RANK_MOST], count[BASIN_HDF5_RANK_MOST];
    sizes_copy(block->rank, block->from, from);
    sizes_copy(block->rank, block->count, count);
    if (space < 0 || memory < 0 ||
        H5Sselect_hyperslab(space, H5S_SELECT_SET, from, NULL, count, NULL) < 0)
        return -1;
    return H5Dwrite(set, memory_type(block->type), memory, space, H5P_DEFAULT, block->values);
}

enum status basin_hdf5_block_write(int64_t set, const struct basin_hdf5_block *block)
{
    hsize_t count[BASIN_HDF5_RANK_MOST];
    sizes_copy(block->rank, block->count, count);
    const hid_t space = H5Dget_space(set);
    const hid_t memory = H5Screate_simple((int)block->rank, count, NULL);
    const enum status status = checked(block_put(set, space, memory, block), "cells");
    (void)H5Sclose(space);
    (void)H5Sclose(memory);
    return status;
}

/* --- attributes ---------------------------------------------------------------------------- */

struct attribute {
    const char *name;
    hid_t type, memory, space;
    const void *values;
};

static enum status attribute_put(int64_t object, const struct attribute *given)
{
    const hid_t made =
        H5Acreate2(object, given->name, given->type, given->space, H5P_DEFAULT, H5P_DEFAULT);
    TRY(checked(made, given->name));
    const enum status status = checked(H5Awrite(made, given->memory, given->values), given->name);
    (void)H5Aclose(made);
    return status;
}

/* An attribute of one piece, or of a list. */
static enum status texts_put(int64_t object, const struct basin_hdf5_texts *texts, hid_t space)
{
    const hid_t type = text_type(texts);
    enum status status = checked(type < 0 || space < 0 ? -1 : 0, texts->name);
    if (status == OK)
        status = attribute_put(object, &(struct attribute){.name = texts->name,
                                                           .type = type,
                                                           .memory = type,
                                                           .space = space,
                                                           .values = texts->text});
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    return status;
}

enum status basin_hdf5_text_set(int64_t object, const char *name, const char *text)
{
    const struct basin_hdf5_texts one = {
        .name = name, .count = 1, .size = strlen(text) + 1, .text = text};
    return texts_put(object, &one, H5Screate(H5S_SCALAR));
}

enum status basin_hdf5_text_list_set(int64_t object, const struct basin_hdf5_texts *texts)
{
    const hsize_t count = texts->count;
    return texts_put(object, texts, H5Screate_simple(1, &count, NULL));
}

enum status basin_hdf5_numbers_set(int64_t object, const char *name, size_t count,
                                   const double *number)
{
    const hsize_t size = count;
    const hid_t space = count == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, NULL);
    TRY(checked(space, name));
    const enum status status =
        attribute_put(object, &(struct attribute){.name = name,
                                                  .type = H5T_IEEE_F64LE,
                                                  .memory = H5T_NATIVE_DOUBLE,
                                                  .space = space,
                                                  .values = number});
    (void)H5Sclose(space);
    return status;
}

/* --- axes ---------------------------------------------------------------------------------- */

enum status basin_hdf5_axis_name(int64_t axis, const char *name)
{
    return checked(H5DSset_scale(axis, name), name);
}

enum status basin_hdf5_axis_attach(int64_t set, int64_t axis, size_t dimension)
{
    return checked(H5DSattach_scale(set, axis, (unsigned)dimension), "an axis");
}
