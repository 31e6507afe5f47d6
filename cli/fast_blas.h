/* OpenBLAS with the kernels that this CPU can run, for the commands that train networks.
 *
 * OpenBLAS 0.3.21, of Debian 12, takes CPUs that are younger than itself for a Prescott, whose
 * kernels have a fifth of the speed.  Kernels are chosen when the library is loaded, so where they
 * are narrower than the CPU the program starts itself again, once, with OPENBLAS_CORETYPE set.  It
 * is left alone where the user has set OPENBLAS_CORETYPE.
 * Errors: NO_PROGRAM without OpenBLAS.  Memory: none. */
#ifndef CLI_FAST_BLAS_H
#define CLI_FAST_BLAS_H

#include "cli/options.h"

/* To be called before anything is read, written or printed: it may start the program anew.  With
 * --verbose one line on stderr says what runs. */
enum status fast_blas_start(const struct options *options) MUST_CHECK;

#endif
