/* Data moments of a scalar regression problem, read from a file.
 *
 * A data file is text in UTF-8 with one sample per line, `input,target`:
 *   - the first line may be a header (two titles; nan, inf and 1.2.3 are not titles);
 *   - numbers are written as on the command line (base/number.h: 0.25, 1e-3, -1/2);
 *   - blanks around a number, CR LF line ends, a byte-order mark and blank lines at the end are
 * allowed;
 *   - quotes, comments, blank lines between samples and any other number of columns are not.
 * Everything else is refused with the line where it was found.
 *
 * Units: those of the data.  Memory: none kept; lines longer than MOMENTS_LINE_MAX are refused.
 * Errors: CANNOT_READ (no such file, a folder, no permission), BAD_DATA with file:line. */
#ifndef LINEAR_MOMENTS_H
#define LINEAR_MOMENTS_H

#include "base/status.h"

#include <stddef.h>

enum { MOMENTS_LINE_MAX = 4096 }; /* bytes of one line; two numbers need fifty */

struct moments {
    double alpha; /* E[TI], mean of target times input */
    double beta;  /* E[I^2] */
    size_t count; /* samples */
};

enum status moments_read(const char *path, struct moments *moments) MUST_CHECK;

#endif
