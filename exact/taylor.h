/* Validated Taylor integration in residual time, and the first zero of the error on the way: (EX11).
 *
 * A field says its Taylor coefficients on balls; a step has an a-priori enclosure, found by Picard's
 * theorem, and the remainder of the series over it.  On each step the march of march.h proves that e
 * has no zero, or finds the first one.
 *
 * Shapes: x[n]; coefficients of unknown j at series[j*(order + 2) + k].  Memory: taylor_create(),
 * taylor_free().  Errors: NO_MEMORY; see enum taylor_verdict. */
#ifndef EXACT_TAYLOR_H
#define EXACT_TAYLOR_H

#include "base/status.h"
#include "exact/curve.h"
#include "exact/root.h"

#include <stddef.h>

/* Where coefficients go: unknown j at at[j*stride + k], e at at[n*stride + k]. */
struct taylor_rows {
    slong stride, prec;
    arb_ptr at;
};

struct taylor_field {
    size_t n;
    /* Rows of the unknowns and then of e, rows->stride each, up to `order`, of x' = direction V(x)
     * from the ball x[n]. */
    void (*series)(const struct taylor_field *field, arb_srcptr x, slong order,
                   const struct taylor_rows *rows);
    int direction;
    const void *self;
};

enum taylor_verdict {
    TAYLOR_GOES_ON, /* a step without a zero */
    TAYLOR_ZERO,    /* the first zero is in this step */
    TAYLOR_STUCK    /* no step, or no decision, with this precision */
};

struct taylor {
    const struct taylor_field *field;
    slong order, prec, stride; /* stride = order + 2 */
    int sign;                  /* of e */
    arb_ptr x;                 /* [n] at the start of the step */
    arb_ptr series;            /* [(n + 1)*stride], the last row is e */
    arb_ptr over, hull;        /* the same over the enclosure hull[n] */
    arf_t h;
    arb_poly_t error; /* e on the step, with its remainder */
    struct curve curve;
    struct root root;
};

/* At the start x[n], e of this sign. */
enum status taylor_create(const struct taylor_field *field, slong prec, int sign, arb_srcptr x,
                          struct taylor **taylor) MUST_CHECK;
void taylor_free(struct taylor *taylor);

enum taylor_verdict taylor_step(struct taylor *taylor);

/* After TAYLOR_ZERO: the state at the zero, and de/ds there, to about `bits` bits; false: not so
 * many. */
bool taylor_at_zero(struct taylor *taylor, slong bits, arb_ptr x, arb_t slope);

#endif
