/* Matrices of float or double, and the operations of which learning rules are made.
 *
 * A rule is written once, over arrays; each array carries the arithmetic (float or double) that
 * works on it.  All arrays of one operation have the same arithmetic.  Sums that are reported
 * (norms, dots, losses) are accumulated in double in a fixed order.
 * Shapes: values[rows*columns], row by row; a batch has one sample in each row.
 * Memory: an array is a view; who makes it says whose memory it is.  Nothing here allocates.
 * Errors: none; shapes that do not fit are a mistake of the caller (asserted). */
#ifndef NETWORKS_ARRAY_H
#define NETWORKS_ARRAY_H

#include "base/stream.h"
#include "networks/blas.h"
#include "networks/neuron.h"

#include <stdbool.h>
#include <stddef.h>

struct array;

/* One kind of numbers and the loops over them; all of it is called through the functions below. */
struct arithmetic {
    const char *name; /* "float", "double" */
    size_t bytes;     /* of a number */
    double epsilon;
    void (*product)(const struct blas_product *product, double scale, const void *a, const void *b,
                    double keep, void *c);
    void (*activate)(const struct neuron *neuron, const struct array *bias, struct array *x);
    void (*gate)(const struct neuron *neuron, const struct array *x, struct array *d);
    double (*error)(enum loss loss, const struct array *target, struct array *output,
                    struct array *e);
    void (*add)(double scale, const struct array *x, struct array *y);
    void (*scale)(double factor, struct array *x);
    void (*times)(const struct array *x, struct array *y);
    void (*column_sums)(double scale, const struct array *x, struct array *sums);
    void (*map)(double (*function)(const void *context, double x), const void *context,
                struct array *x);
    double (*dot)(const struct array *x, const struct array *y);
    void (*fill)(double value, struct array *x);
    void (*transpose)(const struct array *x, struct array *y);
    void (*signs)(const struct array *x, struct array *y);
    void (*load)(size_t first, size_t count, double scale, const double *list, struct array *x);
    double (*at)(const struct array *x, size_t i);
    void (*put)(struct array *x, size_t i, double value);
};

extern const struct arithmetic array_float, array_double;

struct array {
    const struct arithmetic *arithmetic;
    size_t rows, columns;
    void *values;
};

struct array array_view(const struct arithmetic *arithmetic, size_t rows, size_t columns,
                        void *values);
struct array array_rows(const struct array *x, size_t first,
                        size_t count);     /* a view of some rows */
size_t array_count(const struct array *x); /* rows*columns */

/* C = scale op(A) op(B) + keep C by BLAS, where op transposes if said so; blas_open() comes first. */
enum array_form { ARRAY_PLAIN, ARRAY_TRANSPOSED };
struct array_factor {
    const struct array *array;
    enum array_form form;
};
void array_product(struct array_factor a, struct array_factor b, double scale, double keep,
                   struct array *c);

/* In one pass: x = f(x + 1 bias'); bias NULL: none. */
void array_activate(const struct neuron *neuron, const struct array *bias, struct array *x);
/* In one pass: d = d .* f', with f' from the outputs x. */
void array_gate(const struct neuron *neuron, const struct array *x, struct array *d);
/* Top layer, from S_L + bias in `output`: output = O, e = T - O; returns the loss summed over the
 * batch. target and e have the shape of output. */
double array_error(enum loss loss, const struct array *target, struct array *output,
                   struct array *e);

void array_add(double scale, const struct array *x, struct array *y); /* y += scale x */
void array_scale(double factor, struct array *x);                     /* x = factor x */
void array_times(const struct array *x, struct array *y);             /* y = x .* y */
void array_column_sums(double scale, const struct array *x,
                       struct array *sums); /* sums[columns] = scale 1'x */
void array_map(double (*function)(const void *context, double x), const void *context,
               struct array *x); /* slow: for quantisers, signs and the like */
void array_fill(double value, struct array *x);
void array_copy(const struct array *x, struct array *y);      /* y = x */
void array_transpose(const struct array *x, struct array *y); /* y = x' */
void array_signs(const struct array *x, struct array *y);     /* y = sgn x, sgn 0 = 0 */
/* x_i = deviation times standard normal numbers, the same for float and double up to rounding.  Each
 * 128 of them, or what is left, use up 64 words of the stream: the first numbers of 64 pairs, then
 * the second ones. */
void array_normals(struct stream *stream, double deviation, struct array *x);

double array_dot(const struct array *x, const struct array *y); /* sum x_i y_i */
double array_norm(const struct array *x);                       /* Frobenius */
/* Degrees between x and y as vectors, from a clipped cosine; NAN where one of them is zero. */
double array_angle(const struct array *x, const struct array *y);

double array_at(const struct array *x, size_t i);
void array_put(struct array *x, size_t i, double value);
void array_load(const double *list, struct array *x);  /* list[rows*columns] */
void array_store(const struct array *x, double *list); /* likewise */

#endif
