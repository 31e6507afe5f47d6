/* The functions that formulas may call: one table.
 *
 * Names are those of XPP; `log` is the natural logarithm, as `ln`.  What each is, its derivative,
 * where it is not smooth or not defined, and how large it can get, is one record, so that the
 * parser, the derivatives, the compiled code and the ranges cannot disagree.
 *
 * Shapes: scalars.  Memory: constants.  Errors: none. */
#ifndef EQUATIONS_FUNCTION_H
#define EQUATIONS_FUNCTION_H

#include <stddef.h>

/* Where a function of u is not smooth, notes/own-flows.md, (OD5). */
enum function_shape {
    FUNCTION_SMOOTH, /* everywhere */
    FUNCTION_SIDED,  /* depends on the side of u = 0 (of u = v): abs, heav, max, min, sign */
    FUNCTION_ROOT,   /* defined for u >= 0, not Lipschitz at u = 0, or u > 0: sqrt, ln, log10 */
    FUNCTION_ARC,    /* defined for |u| <= 1, not Lipschitz at the ends: acos, asin */
    FUNCTION_POLES   /* where cos(u) = 0: tan */
};

struct function {
    const char *name;
    const char *also; /* another name, or NULL */
    size_t arguments; /* 1 or 2 */
    enum function_shape shape;
    double (*value)(double u); /* of one argument, smooth pieces aside */
    double (*slope)(double u); /* its derivative; for bounds on errors */
    double least, most;        /* of all its values */
};

/* By name, in any case; NULL: there is none. */
const struct function *function_named(const char *name);
extern const struct function *const function_table[]; /* NULL-terminated, alphabetical */

extern const struct function function_abs, function_acos, function_asin, function_atan,
    function_cos, function_cosh, function_erf, function_exp, function_heav, function_ln,
    function_log10, function_max, function_min, function_sign, function_sin, function_sinh,
    function_sqrt, function_tan, function_tanh;

#endif
