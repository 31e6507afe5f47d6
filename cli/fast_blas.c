/* Starting the program again, once.
 *
 *   first start    OPENBLAS_CORETYPE is not set, kernels are narrow: set it, execv()
 *   second start   it is set, so nothing is done; the line of --verbose is printed here
 *
 * The second start knows from FOUND, which the first one set, what the library had taken the CPU
 * for.  A variable that is set is never changed, so that there is no third start, whatever the
 * library makes of it.
 * Rejected: to close the library, set the variable and open it again, which relies on every version
 * to end its threads and to give back all that it holds. */
#include "cli/fast_blas.h"

#include "networks/blas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const CORETYPE = "OPENBLAS_CORETYPE"; /* what OpenBLAS reads */
static const char *const FOUND = "SETTLE_BLAS_FOUND";    /* what the first start found */
static const char *const PROGRAM = "/proc/self/exe";

/* Comes back only if it fails. */
static void start_again(const struct options *options, const char *core)
{
    if (setenv(FOUND, blas_core(), 1) != 0)
        return;
    if (setenv(CORETYPE, core, 1) == 0)
        execv(PROGRAM, options->argv);
    unsetenv(FOUND);
    unsetenv(CORETYPE);
}

/* "OpenBLAS 0.3.21" of "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..." */
static int name_length(const char *version)
{
    const size_t name = strcspn(version, " "), gap = version[name] ? 1 : 0;
    return (int)(name + gap + strcspn(version + name + gap, " "));
}

static void report(const struct options *options, const char *wanted)
{
    const char *found = getenv(FOUND), *version = blas_version(), *core = blas_core();
    const bool narrow = blas_core_is_narrow(core, wanted);
    fprintf(stderr, "settle %s: %.*s with kernels for %s", options->command->name,
            name_length(version), version, core);
    if (found && getenv(CORETYPE))
        fprintf(stderr, "; it took this CPU for %s and was started again with %s=%s", found,
                CORETYPE, getenv(CORETYPE));
    else if (narrow)
        fprintf(stderr, "; %s would be faster here, but %s", wanted,
                getenv(CORETYPE) ? "OPENBLAS_CORETYPE is set" : "the program cannot start again");
    fputc('\n', stderr);
}

enum status fast_blas_start(const struct options *options)
{
    TRY(blas_open());
    const char *wanted = blas_core_of_cpu();
    if (blas_core_is_narrow(blas_core(), wanted) && !getenv(CORETYPE))
        start_again(options, wanted);
    if (options_given(options, OPTION_verbose))
        report(options, wanted);
    return OK;
}
