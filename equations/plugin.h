/* The interface of a plug-in: a vector field in C, compiled by its author into a shared object.
 *
 * The only header that a plug-in includes; it stands alone.  A plug-in defines one object,
 *
 *     const struct settle_plugin settle_plugin = {.version = SETTLE_PLUGIN_VERSION, ...};
 *
 * and is compiled by `cc -shared -fPIC -I DIR my.c -o my.so`, DIR being where this header's folder is.  It is
 * code, and is executed: unlike an .ode file it can do whatever its author wants.
 *
 * Shapes: x[unknowns], p[parameters], f[unknowns]; J[i*unknowns + j] = d f_i / d x_j.
 * Units: the author's.
 * Memory: all pointers must stay valid as long as the object is loaded; functions keep no state, since
 * several threads call them at the same time, and return the same for the same arguments.
 * Errors: functions return 0; anything else says that x lies outside the domain, and a shorter step is tried. */
#ifndef EQUATIONS_PLUGIN_H
#define EQUATIONS_PLUGIN_H

#include <stddef.h>

/* Changes whenever the struct does. */
#define SETTLE_PLUGIN_VERSION 1u

struct settle_plugin {
    unsigned version; /* SETTLE_PLUGIN_VERSION */
    const char *title;

    size_t unknowns;            /* 1 to 64 */
    const char *const *unknown; /* names[unknowns]: letters, digits, underscores, a letter first */
    const double *start;        /* [unknowns]; NULL: zeros */

    size_t parameters;            /* 0 to 128 */
    const char *const *parameter; /* names[parameters] */
    const double *value;          /* [parameters]; --par and sweeps replace them */

    int (*field)(const double *x, const double *p, double *f);
    int (*jacobian)(const double *x, const double *p, double *J); /* NULL: by differences */
};

#endif
