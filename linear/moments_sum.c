/* Sums of products.
 *
 * Sums of decimals are compensated (Neumaier 1974): |error| <= 2u |sum| + O(n u^2) sum |terms|, so
 * the moments of a million samples have the accuracy of one product.  Sums of bytes are sums of
 * whole numbers, exact in doubles without that. */
#include "linear/moments_sum.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum status moments_sum_create(size_t inputs, size_t outputs, struct moments_sum **sum)
{
    static const size_t MOST = SIZE_MAX / 64; /* far above any memory, far below an overflow */
    const size_t square = inputs * inputs, product = outputs * inputs;
    struct moments_sum *made = NULL;
    if (inputs < UINT32_MAX / 2 && outputs < UINT32_MAX / 2 && square < MOST && product < MOST)
        made = calloc(1, sizeof *made +
                             (2 * square + 2 * product + inputs + outputs) * sizeof(double));
    if (!made)
        return status_fail(NO_MEMORY, "moments of %zu inputs and %zu targets", inputs, outputs);
    made->inputs = inputs;
    made->outputs = outputs;
    made->scale = 1;
    made->ii = (double *)(made + 1);
    made->ii_lost = made->ii + square;
    made->ti = made->ii_lost + square;
    made->ti_lost = made->ti + product;
    made->input = made->ti_lost + product;
    made->target = made->input + inputs;
    *sum = made;
    return OK;
}

/* value[k] + lost[k] += factor x[k], k < count */
static void row_add(size_t count, double factor, const double *x, double *value, double *lost)
{
    for (size_t k = 0; k < count; k++) {
        const double term = factor * x[k], total = value[k] + term;
        if (fabs(value[k]) >= fabs(term))
            lost[k] += (value[k] - total) + term;
        else
            lost[k] += (term - total) + value[k];
        value[k] = total;
    }
}

void moments_sum_add(struct moments_sum *sum)
{
    const size_t n = sum->inputs;
    for (size_t i = 0; i < n; i++)
        row_add(i + 1, sum->input[i], sum->input, sum->ii + i * n, sum->ii_lost + i * n);
    for (size_t i = 0; i < sum->outputs; i++)
        row_add(n, sum->target[i], sum->input, sum->ti + i * n, sum->ti_lost + i * n);
    sum->count++;
}

static void row_add_whole(size_t count, double factor, const double *x, double *value)
{
    if (factor == 0) /* four fifths of a digit's pixels */
        return;
    for (size_t k = 0; k < count; k++)
        value[k] += factor * x[k];
}

void moments_sum_add_whole(struct moments_sum *sum)
{
    const size_t n = sum->inputs;
    for (size_t i = 0; i < n; i++)
        row_add_whole(i + 1, sum->input[i], sum->input, sum->ii + i * n);
    for (size_t i = 0; i < sum->outputs; i++)
        row_add_whole(n, sum->target[i], sum->input, sum->ti + i * n);
    sum->count++;
}

/* By Cauchy and Schwarz the diagonal bounds Sigma_II. */
bool moments_sum_is_finite(const struct moments_sum *sum)
{
    for (size_t i = 0; i < sum->inputs; i++)
        if (!isfinite(sum->ii[i * sum->inputs + i]))
            return false;
    for (size_t i = 0; i < sum->outputs * sum->inputs; i++)
        if (!isfinite(sum->ti[i]))
            return false;
    return true;
}
