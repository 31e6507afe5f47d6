/* The versions of this program and of its libraries, as loaded.
 *
 * A result depends on the libraries that computed it, and those are found by the dynamic loader, so
 * each library is asked at run time. */
#include "cli/versions.h"

#include "exact/library.h"
#include "ode/referee.h"

#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <jansson.h>
#include <nettle/version.h>
#include <sqlite3.h>
#include <stdio.h>
#include <zlib.h>

static const char SETTLE_VERSION[] = "1.0";

static void version_set(struct version *version, const char *name, const char *number)
{
    version->name = name;
    snprintf(version->number, sizeof version->number, "%s", number);
}

void versions_loaded(struct version version[VERSIONS_COUNT])
{
    char nettle[VERSION_NUMBER_MAX], hdf5[VERSION_NUMBER_MAX];
    unsigned major = 0, minor = 0, release = 0;
    if (H5get_libversion(&major, &minor, &release) < 0)
        major = minor = release = 0;
    snprintf(hdf5, sizeof hdf5, "%u.%u.%u", major, minor, release);
    snprintf(nettle, sizeof nettle, "%d.%d", nettle_version_major(), nettle_version_minor());
    version_set(&version[0], "settle", SETTLE_VERSION);
    version_set(&version[1], "SUNDIALS", referee_version());
    version_set(&version[2], "GSL", gsl_version);
    version_set(&version[3], "SQLite", sqlite3_libversion());
    version_set(&version[4], "jansson", jansson_version_str());
    version_set(&version[5], "nettle", nettle);
    version_set(&version[6], "zlib", zlibVersion());
    version_set(&version[7], "HDF5", hdf5);
    version_set(&version[8], "FLINT", library_flint_version());
    version_set(&version[9], "Arb", library_arb_version());
}

void versions_built(struct version version[VERSIONS_COUNT])
{
    char nettle[VERSION_NUMBER_MAX], hdf5[VERSION_NUMBER_MAX];
    snprintf(hdf5, sizeof hdf5, "%d.%d.%d", H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE);
    snprintf(nettle, sizeof nettle, "%d.%d", NETTLE_VERSION_MAJOR, NETTLE_VERSION_MINOR);
    version_set(&version[0], "settle", SETTLE_VERSION);
    version_set(&version[1], "SUNDIALS", referee_version_built());
    version_set(&version[2], "GSL", GSL_VERSION);
    version_set(&version[3], "SQLite", SQLITE_VERSION);
    version_set(&version[4], "jansson", JANSSON_VERSION);
    version_set(&version[5], "nettle", nettle);
    version_set(&version[6], "zlib", ZLIB_VERSION);
    version_set(&version[7], "HDF5", hdf5);
    version_set(&version[8], "FLINT", FLINT_VERSION);
    version_set(&version[9], "Arb", library_arb_version_built());
}
