/* Bounds on the rounding errors of the field of a network with activations.
 *
 * First order in epsilon, carried through the passes: if h is known up to e_h, then u = A h up to
 * |A| (e_h + k |h|), where an inner index of n terms costs k = (n + 1)/2 epsilons; f(u) up to
 * |f'| e_u and the error of the library; f'(u) up to |f''| e_u and that error; and so on down.
 * Saturated neurons thus lose what they have forgotten of u, which a bound by moduli alone, as for
 * linear networks, would not see: it would be larger by orders where every f' is small. */
#include "nonlinear/nonlinear_network_data.h"

#include <math.h>

/* Epsilons of an activation or its slope, relative: the libraries' functions have one or two ulp,
 * and up to three operations follow. */
static const double FUNCTION = 4;

static double *moduli(size_t count, const double *from, double *to)
{
    for (size_t j = 0; j < count; j++)
        to[j] = fabs(from[j]);
    return to;
}

/* to = error + k |value|, where error may be NULL */
static double *widened(size_t count, const double *error, const double *value, double k, double *to)
{
    for (size_t j = 0; j < count; j++)
        to[j] = (error ? error[j] : 0) + k * fabs(value[j]);
    return to;
}

/* Epsilons of a sum of products. */
static double roundings(size_t inner)
{
    return ((double)inner + 1) / 2;
}

/* What a product A B of an exact A and an inexact B costs; into p->C. */
static void bound_product(const struct nonlinear_data *d, const struct nonlinear_product *p,
                          const double *error)
{
    struct nonlinear_product of = *p;
    of.A.at = moduli(p->rows * p->inner, p->A.at, d->modulus);
    of.B.at = widened(p->inner * p->columns, error, p->B.at, roundings(p->inner), d->modulus_other);
    nonlinear_network_multiply(1, &of);
}

static void bound_neurons(const struct nonlinear_data *d, size_t i)
{
    const size_t count = d->shape.sizes[i] * d->samples;
    const struct activation *f = d->neurons[i].activation;
    const double *u = d->at.drive[i], *e = d->bound.drive[i];
    for (size_t j = 0; j < count; j++) {
        const double slope = d->at.slope[i][j];
        const double bend = d->kink[i].has ? 0 : fabs(f->curvature(d->neurons[i].parameter, u[j]));
        d->bound.output[i][j] = fabs(slope) * e[j] + FUNCTION * fabs(d->at.output[i][j]);
        d->bound.slope[i][j] = bend * e[j] + FUNCTION * fabs(slope);
    }
    for (size_t j = 0; j < d->shape.bias * d->samples; j++)
        d->bound.output[i][count + j] = 0;
}

static void bound_forward(const struct nonlinear_pass *at)
{
    const struct nonlinear_data *d = at->d;
    const struct network_shape *shape = &d->shape;
    const size_t L = shape->layers;
    for (size_t i = 1; i <= L; i++) {
        const struct nonlinear_product p = {.rows = shape->sizes[i],
                                            .inner = nonlinear_width(shape, i),
                                            .columns = d->samples,
                                            .A = {at->x + shape->forward[i], false},
                                            .B = {i > 1 ? d->at.output[i - 1] : d->input, false},
                                            .C = d->bound.drive[i]};
        bound_product(d, &p, i > 1 ? d->bound.output[i - 1] : NULL);
        if (i < L)
            bound_neurons(d, i);
    }
    for (size_t j = 0; j < shape->sizes[L] * d->samples; j++)
        d->bound.backward[L][j] =
            d->weight[j % d->samples] * d->bound.drive[L][j] + fabs(d->at.backward[L][j]);
}

static void bound_signals_back(const struct nonlinear_pass *at, size_t i)
{
    const struct nonlinear_data *d = at->d;
    const struct nonlinear_product p = {.rows = d->shape.sizes[i],
                                        .inner = d->shape.columns[i],
                                        .columns = d->samples,
                                        .A = nonlinear_network_feedback(at, i),
                                        .B = {nonlinear_network_carried(d, &d->at, i), false},
                                        .C = d->bound.returned[i]};
    bound_product(d, &p, nonlinear_network_carried(d, &d->bound, i));
    for (size_t j = 0; j < p.rows * p.columns; j++) {
        const double e = d->bound.returned[i][j];
        d->bound.backward[i][j] = d->no_derivative
                                      ? e
                                      : fabs(d->at.slope[i][j]) * e +
                                            d->bound.slope[i][j] * fabs(d->at.returned[i][j]) +
                                            fabs(d->at.backward[i][j]);
    }
}

static void bound_backward(const struct nonlinear_pass *at)
{
    const struct nonlinear_data *d = at->d;
    const size_t L = d->shape.layers;
    if (d->R)
        bound_product(d,
                      &(struct nonlinear_product){.rows = d->shape.product,
                                                  .inner = d->shape.sizes[L],
                                                  .columns = d->samples,
                                                  .A = {d->R, false},
                                                  .B = {d->at.backward[L], false},
                                                  .C = d->bound.product},
                      d->bound.backward[L]);
    for (size_t i = L - 1; i > 0; i--)
        bound_signals_back(at, i);
}

/* bound[rows*columns] of rate left right' - decay x, matrix number k */
struct outer {
    size_t k, at, rows, columns;
    const double *left, *left_error, *right, *right_error; /* right_error NULL: exact */
};

static void bound_outer(const struct nonlinear_pass *pass, const struct outer *o, double *bound)
{
    const struct nonlinear_data *d = pass->d;
    const size_t m = d->samples, count = o->rows * o->columns;
    const double rate = fabs(d->rate[o->k]), decay = fabs(d->decay[o->k]);
    double *turned = d->at.turned;
    struct nonlinear_product p = {.rows = o->rows, .inner = m, .columns = o->columns};
    const double k = roundings(m) + 1; /* the rate, and the difference with the decay */
    const struct nonlinear_matrix right = {
        o->columns, m, m, widened(o->columns * m, o->right_error, o->right, k, d->modulus_other)};
    p.A.at = moduli(o->rows * m, o->left, d->modulus);
    p.B.at = nonlinear_network_turn(1, &right, turned);
    p.C = bound + o->at;
    nonlinear_network_multiply(1, &p);
    moduli(o->columns * m, o->right, d->modulus_other);
    p.A.at = o->left_error;
    p.B.at = nonlinear_network_turn(1, &right, turned);
    p.C = d->extra;
    nonlinear_network_multiply(1, &p);
    for (size_t j = 0; j < count; j++)
        bound[o->at + j] =
            rate * (bound[o->at + j] + d->extra[j]) + decay * fabs(pass->x[o->at + j]);
}

static void bound_layer(const struct nonlinear_pass *at, size_t i, double *bound)
{
    const struct nonlinear_data *d = at->d;
    bound_outer(at,
                &(struct outer){.k = nonlinear_of_layer(i),
                                .at = d->shape.forward[i],
                                .rows = d->shape.sizes[i],
                                .columns = nonlinear_width(&d->shape, i),
                                .left = d->at.backward[i],
                                .left_error = d->bound.backward[i],
                                .right = i > 1 ? d->at.output[i - 1] : d->input,
                                .right_error = i > 1 ? d->bound.output[i - 1] : NULL},
                bound);
}

static void bound_channel(const struct nonlinear_pass *at, size_t i, double *bound)
{
    const struct nonlinear_data *d = at->d;
    const struct network_shape *shape = &d->shape;
    const size_t k = nonlinear_of_channel(shape, i), rows = shape->sizes[i];
    if (d->rule->feedback != FEEDBACK_MIRROR) {
        bound_outer(at,
                    &(struct outer){.k = k,
                                    .at = shape->channel[i],
                                    .rows = rows,
                                    .columns = shape->columns[i],
                                    .left = d->at.output[i],
                                    .left_error = d->bound.output[i],
                                    .right = nonlinear_network_carried(d, &d->at, i),
                                    .right_error = nonlinear_network_carried(d, &d->bound, i)},
                    bound);
        return;
    }
    const struct nonlinear_matrix above = {shape->columns[i], rows, nonlinear_width(shape, i + 1),
                                           at->x + shape->forward[i + 1]};
    const double *turned = nonlinear_network_turn(1, &above, d->at.turned);
    for (size_t j = 0; j < rows * shape->columns[i]; j++)
        bound[shape->channel[i] + j] = 2 * fabs(d->rate[k] * d->mirror * turned[j]) +
                                       fabs(d->decay[k] * at->x[shape->channel[i] + j]);
}

void nonlinear_network_rounding(const struct flow *flow, const double *x, double *bound)
{
    const struct nonlinear_data *d = nonlinear_data_of(flow);
    const struct nonlinear_pass at = nonlinear_network_pass(d, x);
    nonlinear_network_forward(&at);
    nonlinear_network_backward(&at);
    bound_forward(&at);
    bound_backward(&at);
    for (size_t i = 1; i <= d->shape.layers; i++)
        bound_layer(&at, i, bound);
    for (size_t i = 1; i < d->shape.layers && problem_feedback_learns(d->rule); i++)
        bound_channel(&at, i, bound);
}

const double *nonlinear_network_error_bound(const struct nonlinear_data *d, const double *x)
{
    const struct nonlinear_pass at = nonlinear_network_pass(d, x);
    nonlinear_network_forward(&at);
    bound_forward(&at);
    return d->bound.backward[d->shape.layers];
}
