/* The documented subset of XPP's .ode files, read without executing anything: notes/own-flows.md.
 *
 * Errors: CANNOT_READ; BAD_DATA, UNKNOWN_NAME, NOT_A_NUMBER with "FILE:line:column: " in front; a file
 * is at most ODE_FILE_BYTES_MOST long.  Nothing else is opened.
 * Shapes, memory: equations.h. */
#ifndef EQUATIONS_ODE_FILE_H
#define EQUATIONS_ODE_FILE_H

#include "equations/equations.h"

enum { ODE_FILE_BYTES_MOST = 1 << 20 };

enum status ode_file_read(const char *path, struct equations **equations) MUST_CHECK;

/* The same from memory; `name` stands in messages. */
enum status ode_file_parse(const char *name, const char *text, size_t length,
                           struct equations **equations) MUST_CHECK;

#endif
