/* A plug-in as equations: names, numbers, a field, and no formulas.
 *
 * What .ode files are turned into (equations.h), with the arena empty: no derivatives, no first
 * integrals, no surfaces, nothing exact.  notes/own-flows.md, (OD42).
 *
 * Memory: equations_free() unloads it.
 * Errors: CANNOT_READ where it cannot be loaded; BAD_DATA with the file's name for one that is no
 * plug-in, of another version, or incomplete; NO_MEMORY. */
#ifndef EQUATIONS_PLUGIN_FILE_H
#define EQUATIONS_PLUGIN_FILE_H

#include "equations/equations.h"

/* Executes what the file holds. */
enum status plugin_file_load(const char *path, struct equations **equations) MUST_CHECK;

/* Does the word end in .so? */
bool plugin_file_is(const char *word);

/* Is the field finite at x[unknowns]?  BAD_DATA with what it is. */
enum status plugin_file_check(const struct flow *flow, const double *x) MUST_CHECK;

#endif
