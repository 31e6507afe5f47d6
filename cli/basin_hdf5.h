/* A basin as one HDF5 file, for Python, Julia, MATLAB and Octave; its layout is notes/basins.md.
 *
 *   /x, /y, /z        [W], [H], [D]     middles of the cells along the axes; none of a random
 *                                       ensemble, which has
 *   /start            [N, dim]          the starts
 *   /ending           [(D,) H, W]       uint8; its attribute `names` says what the numbers mean
 *   /referee          [(D,) H, W]       uint8; 1: the referee decided
 *   /class            [(D,) H, W]       uint16; a row of the next three
 *   /class_label      [classes]         strings
 *   /class_paint      [classes]         strings: colour, grey, white or hatched
 *   /class_cells      [classes]         uint64
 *   /value/NAME       [(D,) H, W]       float64, NaN where absent; one for each value of the basin
 *   /refined/...      [cells]           of a refined map: basin_finer.h
 *
 * The same basin makes the same bytes: the file has no times.
 * Memory: that of a band of cells, whatever the size of the map.
 * Errors: CANNOT_WRITE with the path and the reason, NO_MEMORY, those of the reader of the basin;
 * then there is no file, or the old one. */
#ifndef CLI_BASIN_HDF5_H
#define CLI_BASIN_HDF5_H

#include "ode/basin.h"

/* What the file says of itself: a text, or a number where there is none. */
struct basin_hdf5_attribute {
    const char *name, *text;
    double number;
};

enum { BASIN_HDF5_COMPRESSION_MOST = 9, BASIN_HDF5_TEXT_MOST = 32768 }; /* longer texts are cut */

struct basin_hdf5 {
    const char *directory, *name;
    unsigned compression;                         /* of gzip, 1 to 9; 0: none */
    size_t attributes;                            /* system, rule, parameters, command, seed, ... */
    const struct basin_hdf5_attribute *attribute; /* [attributes] */
    enum status (*more)(void *context, int64_t file); /* adds to the file; or NULL */
    void *context;
};

enum status basin_hdf5_save(const struct basin *basin, const struct basin_hdf5 *file) MUST_CHECK;

#endif
