/* How the HDF5 library reaches the disk: a driver that remembers a failed write.
 *
 * After the first write that fails the driver says yes to all further ones and writes nothing, so
 * that the library closes the file in good order; who asked for the file must ask for the failure.
 * Units: bytes.  Memory: the caller's; a driver outlives its file.  Errors: none of its own. */
#ifndef CLI_BASIN_HDF5_DRIVER_H
#define CLI_BASIN_HDF5_DRIVER_H

#include <stdint.h>

struct basin_hdf5_driver {
    int reason; /* errno of the first write that failed; 0: none */
    int64_t id; /* of the library */
};

/* The properties of access (a hid_t) reach the disk by this driver, which begins without a failure;
 * negative: they do not. */
int basin_hdf5_driver_set(int64_t access, struct basin_hdf5_driver *driver);

/* After the file is closed: the library calls the driver's code until then, and frees it here. */
void basin_hdf5_driver_drop(const struct basin_hdf5_driver *driver);

#endif
