/* The linearisation of a network with activations: the passes of the field, differentiated.
 *
 *   du_i = dA_i h_(i-1) + A_i dh_(i-1),   dh_i = f_i' du_i,
 *   dR_i = dC_i S_(i+1) + C_i dS_(i+1),   dS_i = f_i'' du_i R_i + f_i' dR_i,
 *
 * one product rule at a time.  A Jacobian is made of columns, for which the passes at the state are
 * made once; on a piece between kinks f'' = 0. */
#include "nonlinear/nonlinear_network_data.h"

#include <string.h>

/* to = first + second, two products of the same size, of one state. */
static void product_rule(const struct nonlinear_data *d, const struct nonlinear_product *first,
                         const struct nonlinear_product *second, double *to)
{
    struct nonlinear_product p = *first;
    p.C = to;
    nonlinear_network_multiply(1, &p);
    p = *second;
    p.C = d->extra;
    nonlinear_network_multiply(1, &p);
    for (size_t j = 0; j < p.rows * p.columns; j++)
        to[j] += d->extra[j];
}

/* Of one state, lanes do not matter. */
static struct nonlinear_factor one(const double *at)
{
    return (struct nonlinear_factor){at, false};
}

/* dh_i */
static void linearise_neurons(const struct nonlinear_data *d, size_t i)
{
    const size_t count = d->shape.sizes[i] * d->samples;
    const double *du = d->along.drive[i], *slope = d->at.slope[i];
    for (size_t j = 0; j < count; j++)
        d->along.output[i][j] = slope[j] * du[j];
    for (size_t j = 0; j < d->shape.bias * d->samples; j++)
        d->along.output[i][count + j] = 0;
}

static void linearise_forward(const struct nonlinear_data *d, const double *x, const double *v)
{
    const struct network_shape *shape = &d->shape;
    const size_t L = shape->layers;
    for (size_t i = 1; i <= L; i++) {
        const size_t at = shape->forward[i];
        struct nonlinear_product p = {.rows = shape->sizes[i],
                                      .inner = nonlinear_width(shape, i),
                                      .columns = d->samples,
                                      .A = one(v + at),
                                      .B = one(i > 1 ? d->at.output[i - 1] : d->input),
                                      .C = d->along.drive[i]};
        struct nonlinear_product below = p;
        if (i > 1) {
            below.A = one(x + at);
            below.B = one(d->along.output[i - 1]);
            product_rule(d, &p, &below, d->along.drive[i]);
        } else {
            nonlinear_network_multiply(1, &p);
        }
        if (i < L)
            linearise_neurons(d, i);
    }
    for (size_t j = 0; j < shape->sizes[L] * d->samples; j++)
        d->along.backward[L][j] = -d->weight[j % d->samples] * d->along.drive[L][j];
}

/* dR_i: dC_i S + C_i dS; signs and fixed feedback do not change. */
static void linearise_returned(const struct nonlinear_pass *at, const struct nonlinear_pass *along,
                               size_t i)
{
    const struct nonlinear_data *d = at->d;
    const bool varies =
        d->rule->feedback == FEEDBACK_TRANSPOSED || problem_feedback_learns(d->rule);
    struct nonlinear_product p = {.rows = d->shape.sizes[i],
                                  .inner = d->shape.columns[i],
                                  .columns = d->samples,
                                  .A = nonlinear_network_feedback(at, i),
                                  .B = one(nonlinear_network_carried(d, along->s, i)),
                                  .C = along->s->returned[i]};
    struct nonlinear_product other = p;
    if (!varies) {
        nonlinear_network_multiply(1, &p);
        return;
    }
    other.A = nonlinear_network_feedback(along, i);
    other.B = one(nonlinear_network_carried(d, at->s, i));
    product_rule(d, &p, &other, along->s->returned[i]);
}

static void linearise_backward(const struct nonlinear_pass *at, const struct nonlinear_pass *along)
{
    const struct nonlinear_data *d = at->d;
    const struct network_shape *shape = &d->shape;
    const size_t L = shape->layers;
    if (d->R)
        nonlinear_network_multiply(1, &(struct nonlinear_product){.rows = shape->product,
                                                                  .inner = shape->sizes[L],
                                                                  .columns = d->samples,
                                                                  .A = one(d->R),
                                                                  .B = one(along->s->backward[L]),
                                                                  .C = along->s->product});
    for (size_t i = L - 1; i > 0; i--) {
        linearise_returned(at, along, i);
        const struct nonlinear_signals *s = at->s, *ds = along->s;
        for (size_t j = 0; j < shape->sizes[i] * d->samples; j++)
            ds->backward[i][j] = d->no_derivative
                                     ? ds->returned[i][j]
                                     : s->bend[i][j] * ds->drive[i][j] * s->returned[i][j] +
                                           s->slope[i][j] * ds->returned[i][j];
    }
}

/* to = rate d(left right') - decay v over the matrix number k */
struct outer {
    size_t k, at, rows, columns;
    const double *left, *along_left;
    const double *right, *along_right; /* to be turned; along_right NULL: `right` is constant */
    const double *turned;              /* `right`, where it is known turned; else NULL */
};

static void linearise_outer(const struct nonlinear_pass *along, const struct outer *o, double *Jv)
{
    const struct nonlinear_data *d = along->d;
    const size_t m = d->samples;
    double *to = Jv + o->at, *other = d->along.turned;
    const struct nonlinear_matrix right = {o->columns, m, m, o->right};
    struct nonlinear_product p = {
        .rows = o->rows, .inner = m, .columns = o->columns, .A = one(o->along_left), .C = to};
    p.B = one(o->turned ? o->turned : nonlinear_network_turn(1, &right, d->at.turned));
    if (o->along_right) {
        struct nonlinear_product q = p;
        q.A = one(o->left);
        q.B = one(nonlinear_network_turn(
            1, &(struct nonlinear_matrix){o->columns, m, m, o->along_right}, other));
        product_rule(d, &p, &q, to);
    } else {
        nonlinear_network_multiply(1, &p);
    }
    for (size_t j = 0; j < o->rows * o->columns; j++)
        to[j] = d->rate[o->k] * to[j] - d->decay[o->k] * along->x[o->at + j];
}

static void linearise_layer(const struct nonlinear_pass *at, const struct nonlinear_pass *along,
                            size_t i, double *Jv)
{
    const struct nonlinear_data *d = at->d;
    linearise_outer(along,
                    &(struct outer){.k = nonlinear_of_layer(i),
                                    .at = d->shape.forward[i],
                                    .rows = d->shape.sizes[i],
                                    .columns = nonlinear_width(&d->shape, i),
                                    .left = at->s->backward[i],
                                    .right = i > 1 ? at->s->output[i - 1] : d->input,
                                    .along_left = along->s->backward[i],
                                    .along_right = i > 1 ? along->s->output[i - 1] : NULL,
                                    .turned = i > 1 ? NULL : d->input_turned},
                    Jv);
}

static void linearise_channel(const struct nonlinear_pass *at, const struct nonlinear_pass *along,
                              size_t i, double *Jv)
{
    const struct nonlinear_data *d = at->d;
    const struct network_shape *shape = &d->shape;
    const size_t rows = shape->sizes[i], columns = shape->columns[i], start = shape->channel[i];
    if (d->rule->feedback != FEEDBACK_MIRROR) {
        linearise_outer(along,
                        &(struct outer){.k = nonlinear_of_channel(shape, i),
                                        .at = start,
                                        .rows = rows,
                                        .columns = columns,
                                        .left = at->s->output[i],
                                        .right = nonlinear_network_carried(d, at->s, i),
                                        .along_left = along->s->output[i],
                                        .along_right = nonlinear_network_carried(d, along->s, i)},
                        Jv);
        return;
    }
    const double decay = d->decay[nonlinear_of_channel(shape, i)];
    const double rate = d->rate[nonlinear_of_channel(shape, i)] * d->mirror;
    nonlinear_network_turn(1,
                           &(struct nonlinear_matrix){columns, rows, nonlinear_width(shape, i + 1),
                                                      along->x + shape->forward[i + 1]},
                           Jv + start);
    for (size_t j = 0; j < rows * columns; j++)
        Jv[start + j] = rate * Jv[start + j] - decay * along->x[start + j];
}

/* Jv along v; the passes at x must stand in d->at. */
static void linearise(const struct nonlinear_pass *at, const double *v, double *Jv)
{
    const struct nonlinear_data *d = at->d;
    struct nonlinear_pass along = *at;
    along.x = v;
    along.s = &d->along;
    linearise_forward(d, at->x, v);
    linearise_backward(at, &along);
    for (size_t i = 1; i <= d->shape.layers; i++)
        linearise_layer(at, &along, i, Jv);
    for (size_t i = 1; i < d->shape.layers && problem_feedback_learns(d->rule); i++)
        linearise_channel(at, &along, i, Jv);
}

/* ---- at a state ---- */

static bool is_known(const struct nonlinear_data *d, const double *x)
{
    const struct nonlinear_known *known = d->known;
    return known->valid && memcmp(known->x, x, d->shape.dim * sizeof *x) == 0 &&
           memcmp(known->side, d->side, known->switches) == 0;
}

/* The passes at x and the bends of their neurons, into d->at. */
static struct nonlinear_pass passes_at(const struct nonlinear_data *d, const double *x)
{
    const struct nonlinear_pass at = nonlinear_network_pass(d, x);
    struct nonlinear_known *known = d->known;
    if (is_known(d, x))
        return at;
    nonlinear_network_forward(&at);
    nonlinear_network_backward(&at);
    for (size_t i = 1; i < d->shape.layers; i++) {
        const struct activation *f = d->neurons[i].activation;
        for (size_t j = 0; j < d->shape.sizes[i] * d->samples; j++)
            d->at.bend[i][j] =
                d->kink[i].has ? 0 : f->curvature(d->neurons[i].parameter, d->at.drive[i][j]);
    }
    memcpy(known->x, x, d->shape.dim * sizeof *x);
    memcpy(known->side, d->side, known->switches);
    known->valid = true;
    return at;
}

enum status nonlinear_network_jacobian_times(const struct flow *flow, const double *x,
                                             const double *v, double *Jv)
{
    const struct nonlinear_pass at = passes_at(nonlinear_data_of(flow), x);
    linearise(&at, v, Jv);
    return OK;
}

enum status nonlinear_network_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct nonlinear_data *d = nonlinear_data_of(flow);
    const struct nonlinear_pass at = passes_at(d, x);
    double *unit = d->state, *column = d->change;
    const size_t n = flow->dim;
    memset(unit, 0, n * sizeof *unit);
    for (size_t j = 0; j < n; j++) {
        unit[j] = 1;
        linearise(&at, unit, column);
        unit[j] = 0;
        for (size_t i = 0; i < n; i++)
            J[i * n + j] = column[i];
    }
    return OK;
}

const double *nonlinear_network_output_change(const struct nonlinear_data *d, const double *x,
                                              const double *v)
{
    linearise_forward(d, x, v);
    return d->along.drive[d->shape.layers];
}
