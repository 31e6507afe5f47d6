/* The laws by which feedback matrices are drawn.
 *
 * normal      entries N(mean, (scale s)^2), s = sqrt(2 / (rows + columns))
 * sparse      entries scale times Bernoulli: 1 with probability ones / columns, else 0; `columns` is
 *             the fan-in of a unit of the channel
 * orthogonal  scale times a matrix with orthonormal rows (wide) or columns (tall), from normal
 *             entries: uniform among them, as Gram and Schmidt's map commutes with rotations
 * ones        all entries are `scale`
 * Source: Baldi, Sadowski, Lu, AIJ 260 (2018); notes/minibatch.md, (MB34). */
#include "networks/learner_parts.h"

#include <math.h>

/* ---- orthonormal rows or columns ---- */

/* Entry j of vector i: rows of a wide matrix, columns of a tall one. */
static size_t entry(const struct array *C, size_t i, size_t j)
{
    return C->rows <= C->columns ? i * C->columns + j : j * C->columns + i;
}

static double dot_of(const struct array *C, size_t i, size_t k, size_t length)
{
    double sum = 0;
    for (size_t j = 0; j < length; j++)
        sum += array_at(C, entry(C, i, j)) * array_at(C, entry(C, k, j));
    return sum;
}

/* vector i += factor times vector k */
static void add_vector(double factor, size_t k, size_t i, size_t length, struct array *C)
{
    for (size_t j = 0; j < length; j++)
        array_put(C, entry(C, i, j),
                  array_at(C, entry(C, i, j)) + factor * array_at(C, entry(C, k, j)));
}

/* Gram and Schmidt's method, twice: the first leaves errors of the condition times epsilon. */
void learner_orthonormalise(double scale, struct array *C)
{
    const bool wide = C->rows <= C->columns;
    const size_t count = wide ? C->rows : C->columns, length = wide ? C->columns : C->rows;
    for (size_t i = 0; i < count; i++) {
        for (int pass = 0; pass < 2; pass++)
            for (size_t k = 0; k < i; k++)
                add_vector(-dot_of(C, i, k, length), k, i, length, C);
        const double norm = sqrt(dot_of(C, i, i, length));
        add_vector(1 / norm - 1, i, i, length, C);
    }
    array_scale(scale, C);
}

/* ---- laws ---- */

static void draw_sparse(double scale, double ones, struct stream *stream, struct array *C)
{
    const double probability = ones / (double)C->columns;
    for (size_t k = 0; k < array_count(C); k++)
        array_put(C, k, stream_uniform(stream) < probability ? scale : 0);
}

void learner_draw(const struct learner_plan *plan, double deviation, struct stream *stream,
                  struct array *C)
{
    const double scale = plan->feedback_scale;
    switch (plan->law) {
    case FEEDBACK_NORMAL:
        array_normals(stream, scale * deviation, C);
        for (size_t k = 0; k < array_count(C) && plan->feedback_mean != 0; k++)
            array_put(C, k, array_at(C, k) + plan->feedback_mean);
        break;
    case FEEDBACK_SPARSE:
        draw_sparse(scale, plan->sparse, stream, C);
        break;
    case FEEDBACK_ORTHOGONAL:
        array_normals(stream, 1, C);
        learner_orthonormalise(scale, C);
        break;
    case FEEDBACK_ONES:
        array_fill(scale, C);
        break;
    }
}

void learner_draw_feedback(const struct learner *learner, size_t layer, struct stream *stream,
                           struct array *C)
{
    const double deviation =
        learner_deviation(learner->feedback[layer].rows, learner->feedback[layer].columns);
    learner_draw(&learner->plan, deviation, stream, C);
}

void learner_signs(const struct learner *learner, size_t layer, struct array *C)
{
    array_transpose(&learner->weight[layer + 1], C);
    array_signs(C, C);
}
