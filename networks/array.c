/* Operations on arrays: shapes are checked here, the loops are those of the arithmetic.
 *
 * The loops exist twice, for float and for double, and are written once: array_body.inc is included
 * by array_float.c and array_double.c with REAL defined.  Training needs float, at twice the speed;
 * orders of agreement with a flow need double, below the noise of float.  Two copies by hand would
 * come apart, and a macro of that size could be neither read nor debugged. */
#include "networks/array.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double DEGREES = 57.29577951308232088; /* of a radian: 180/pi */

struct array array_view(const struct arithmetic *arithmetic, size_t rows, size_t columns,
                        void *values)
{
    return (struct array){
        .arithmetic = arithmetic, .rows = rows, .columns = columns, .values = values};
}

struct array array_rows(const struct array *x, size_t first, size_t count)
{
    assert(first <= x->rows && count <= x->rows - first);
    char *bytes = x->values;
    return array_view(x->arithmetic, count, x->columns,
                      bytes + first * x->columns * x->arithmetic->bytes);
}

size_t array_count(const struct array *x)
{
    return x->rows * x->columns;
}

static bool same_shape(const struct array *x, const struct array *y)
{
    return x->arithmetic == y->arithmetic && x->rows == y->rows && x->columns == y->columns;
}

static bool same_count(const struct array *x, const struct array *y)
{
    return x->arithmetic == y->arithmetic && array_count(x) == array_count(y);
}

/* A row of no numbers has a distance of 1 to the next: BLAS wants one. */
static size_t row_distance(const struct array *x)
{
    return x->columns > 0 ? x->columns : 1;
}

void array_product(struct array_factor a, struct array_factor b, double scale, double keep,
                   struct array *c)
{
    const struct array *A = a.array, *B = b.array;
    const bool turn_a = a.form == ARRAY_TRANSPOSED, turn_b = b.form == ARRAY_TRANSPOSED;
    const struct blas_product product = {
        .transpose_a = turn_a,
        .transpose_b = turn_b,
        .m = turn_a ? A->columns : A->rows,
        .n = turn_b ? B->rows : B->columns,
        .k = turn_a ? A->rows : A->columns,
        .row_a = row_distance(A),
        .row_b = row_distance(B),
        .row_c = row_distance(c),
    };
    assert(A->arithmetic == c->arithmetic && B->arithmetic == c->arithmetic);
    assert(product.m == c->rows && product.n == c->columns);
    assert(product.k == (turn_b ? B->columns : B->rows));
    if (product.m > 0 && product.n > 0)
        c->arithmetic->product(&product, scale, A->values, B->values, keep, c->values);
}

void array_activate(const struct neuron *neuron, const struct array *bias, struct array *x)
{
    assert(!bias || (bias->arithmetic == x->arithmetic && array_count(bias) == x->columns));
    x->arithmetic->activate(neuron, bias, x);
}

void array_gate(const struct neuron *neuron, const struct array *x, struct array *d)
{
    assert(same_shape(x, d));
    d->arithmetic->gate(neuron, x, d);
}

double array_error(enum loss loss, const struct array *target, struct array *output,
                   struct array *e)
{
    assert(same_shape(target, output) && same_shape(output, e));
    return e->arithmetic->error(loss, target, output, e);
}

void array_add(double scale, const struct array *x, struct array *y)
{
    assert(same_count(x, y));
    y->arithmetic->add(scale, x, y);
}

void array_scale(double factor, struct array *x)
{
    x->arithmetic->scale(factor, x);
}

void array_times(const struct array *x, struct array *y)
{
    assert(same_count(x, y));
    y->arithmetic->times(x, y);
}

void array_column_sums(double scale, const struct array *x, struct array *sums)
{
    assert(sums->arithmetic == x->arithmetic && array_count(sums) == x->columns);
    x->arithmetic->column_sums(scale, x, sums);
}

void array_map(double (*function)(const void *context, double x), const void *context,
               struct array *x)
{
    x->arithmetic->map(function, context, x);
}

void array_fill(double value, struct array *x)
{
    x->arithmetic->fill(value, x);
}

void array_copy(const struct array *x, struct array *y)
{
    assert(same_count(x, y));
    if (array_count(x) > 0)
        memmove(y->values, x->values, array_count(x) * x->arithmetic->bytes);
}

void array_transpose(const struct array *x, struct array *y)
{
    assert(x->arithmetic == y->arithmetic && x->values != y->values);
    assert(x->rows == y->columns && x->columns == y->rows);
    y->arithmetic->transpose(x, y);
}

void array_signs(const struct array *x, struct array *y)
{
    assert(same_count(x, y));
    y->arithmetic->signs(x, y);
}

double array_dot(const struct array *x, const struct array *y)
{
    assert(same_count(x, y));
    return x->arithmetic->dot(x, y);
}

double array_norm(const struct array *x)
{
    return sqrt(array_dot(x, x));
}

double array_angle(const struct array *x, const struct array *y)
{
    const double x_norm = array_norm(x), y_norm = array_norm(y);
    if (!(x_norm > 0 && y_norm > 0))
        return NAN;
    const double cosine = array_dot(x, y) / x_norm / y_norm;
    return DEGREES * acos(cosine > 1 ? 1 : cosine < -1 ? -1 : cosine);
}

double array_at(const struct array *x, size_t i)
{
    assert(i < array_count(x));
    return x->arithmetic->at(x, i);
}

void array_put(struct array *x, size_t i, double value)
{
    assert(i < array_count(x));
    x->arithmetic->put(x, i, value);
}

void array_load(const double *list, struct array *x)
{
    x->arithmetic->load(0, array_count(x), 1, list, x);
}

void array_store(const struct array *x, double *list)
{
    for (size_t i = 0; i < array_count(x); i++)
        list[i] = x->arithmetic->at(x, i);
}
