/* A driver of the HDF5 library, after its own example H5FDstdio.c, for one file that is written.
 *
 * The library keeps metadata in memory and writes them when the file is closed.  If that fails, as
 * on a full disk, it cannot close the file, keeps it, tries again when the program ends, and
 * crashes there (1.10).  Here a write never fails in its eyes: the system's reason is kept, the
 * rest is thrown away, and the caller removes the file.  Rejected: asking for the room before, for
 * others use the disk too. */
#include "cli/basin_hdf5_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

static const char NAME[] = "settle_remembering";

struct file {
    H5FD_t base; /* the library's; first */
    int descriptor;
    haddr_t allocated, end; /* what the library uses; what there is */
    dev_t device;
    ino_t inode;
    struct basin_hdf5_driver *driver;
};

static void remember(struct file *file)
{
    if (file->driver->reason == 0)
        file->driver->reason = errno ? errno : EIO;
}

static H5FD_t *file_open(const char *name, unsigned flags, hid_t access, haddr_t most)
{
    struct basin_hdf5_driver *const *driver = H5Pget_driver_info(access);
    struct stat about;
    struct file *file = calloc(1, sizeof *file);
    (void)most;
    if (!file || !driver) {
        free(file);
        return NULL;
    }
    file->driver = *driver;
    file->descriptor = open(name, O_RDWR | (flags & H5F_ACC_TRUNC ? O_TRUNC : 0));
    if (file->descriptor >= 0 && fstat(file->descriptor, &about) == 0) {
        file->end = (haddr_t)about.st_size;
        file->device = about.st_dev;
        file->inode = about.st_ino;
        return &file->base;
    }
    remember(file);
    if (file->descriptor >= 0)
        (void)close(file->descriptor);
    free(file);
    return NULL;
}

static herr_t file_close(H5FD_t *base)
{
    struct file *file = (struct file *)base;
    if (close(file->descriptor) != 0)
        remember(file);
    free(file);
    return 0;
}

static int file_compare(const H5FD_t *first, const H5FD_t *second)
{
    const struct file *a = (const struct file *)first, *b = (const struct file *)second;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    return (a->inode > b->inode) - (a->inode < b->inode);
}

static herr_t file_query(const H5FD_t *base, unsigned long *flags)
{
    (void)base;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA;
    return 0;
}

static haddr_t file_allocated(const H5FD_t *base, H5FD_mem_t type)
{
    (void)type;
    return ((const struct file *)base)->allocated;
}

static herr_t file_allocate(H5FD_t *base, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((struct file *)base)->allocated = address;
    return 0;
}

static haddr_t file_end(const H5FD_t *base, H5FD_mem_t type)
{
    (void)type;
    return ((const struct file *)base)->end;
}

/* What lies behind the end is zero. */
static herr_t file_read(H5FD_t *base, H5FD_mem_t type, hid_t transfer, haddr_t address, size_t size,
                        void *buffer)
{
    const struct file *file = (const struct file *)base;
    char *to = buffer;
    (void)type, (void)transfer;
    while (size > 0) {
        const ssize_t got = pread(file->descriptor, to, size, (off_t)address);
        if (got < 0 && errno != EINTR)
            return -1;
        if (got == 0) {
            memset(to, 0, size);
            return 0;
        }
        const size_t read = got > 0 ? (size_t)got : 0;
        to += read;
        address += read;
        size -= read;
    }
    return 0;
}

static herr_t file_write(H5FD_t *base, H5FD_mem_t type, hid_t transfer, haddr_t address,
                         size_t size, const void *buffer)
{
    struct file *file = (struct file *)base;
    const char *from = buffer;
    (void)type, (void)transfer;
    if (address + size > file->end)
        file->end = address + size;
    while (size > 0 && file->driver->reason == 0) {
        const ssize_t put = pwrite(file->descriptor, from, size, (off_t)address);
        if (put < 0 && errno != EINTR)
            remember(file);
        const size_t written = put > 0 ? (size_t)put : 0;
        from += written;
        address += written;
        size -= written;
    }
    return 0;
}

/* The file gets the length that the library uses. */
static herr_t file_truncate(H5FD_t *base, hid_t transfer, hbool_t closing)
{
    struct file *file = (struct file *)base;
    (void)transfer, (void)closing;
    if (file->driver->reason == 0 && ftruncate(file->descriptor, (off_t)file->allocated) != 0)
        remember(file);
    file->end = file->allocated;
    return 0;
}

static const H5FD_class_t functions = {
#if H5_VERSION_GE(1, 13, 0)
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)512, /* the first that the library leaves to others */
#endif
    .name = NAME,
    .maxaddr = HADDR_MAX / 2, /* fits off_t */
    .fc_degree = H5F_CLOSE_STRONG,
    .fapl_size = sizeof(struct basin_hdf5_driver *),
    .open = file_open,
    .close = file_close,
    .cmp = file_compare,
    .query = file_query,
    .get_eoa = file_allocated,
    .set_eoa = file_allocate,
    .get_eof = file_end,
    .read = file_read,
    .write = file_write,
    .truncate = file_truncate,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

int basin_hdf5_driver_set(int64_t access, struct basin_hdf5_driver *driver)
{
    *driver = (struct basin_hdf5_driver){.id = H5FDregister(&functions)};
    return driver->id < 0 || H5Pset_driver(access, driver->id, &driver) < 0 ? -1 : 0;
}

void basin_hdf5_driver_drop(const struct basin_hdf5_driver *driver)
{
    (void)H5FDunregister(driver->id);
}
