/* The field of a network with activations.
 *
 * Two passes over all samples at once: forward, u_i = A_i h_(i-1), h_i = f_i(u_i), E = T - u_L;
 * backward, R_i = C_i S_(i+1) and S_i = f_i' R_i.  The weight of a sample is multiplied into its E,
 * which carries it into every S_i, so that expectations are plain products S_i h_(i-1)'.  Matrices
 * of several states stand side by side, entry by entry; every sum is taken in the order of its
 * inner index whatever the number of lanes, and activations are functions of one number, so that
 * results do not depend on it.
 *
 * At a kink, f(u) = left u for u < 0 and right u for u > 0, the switch of that neuron and sample
 * names the piece: held, it is continued beyond zero, as an integrator that looks there needs; what
 * solutions do on one such surface, and on several, is (Y6), (Y7).
 * Rejected: to integrate through kinks unheld; the field jumps there, by the returned signal times
 * the input, and a step control that meets a jump wastes its steps or chatters. */
#include "nonlinear/nonlinear_network_data.h"

#include "linear/product.h"
#include "ode/lanes.h"

#include <math.h>
#include <string.h>

/* ---- products ---- */

LANES_CLONES
void nonlinear_network_multiply(size_t lanes, const struct nonlinear_product *p)
{
    if (lanes == 1)
        product_one(p->rows, p->inner, p->columns, p->A.at, p->B.at, p->C);
    else if (p->A.common)
        product_lanes_first_common(p->rows, p->inner, p->columns, p->A.at, p->B.at, p->C);
    else if (p->B.common)
        product_lanes_second_common(p->rows, p->inner, p->columns, p->A.at, p->B.at, p->C);
    else
        product_lanes(p->rows, p->inner, p->columns, p->A.at, p->B.at, p->C);
}

const double *nonlinear_network_turn(size_t lanes, const struct nonlinear_matrix *M, double *T)
{
    for (size_t i = 0; i < M->rows; i++)
        for (size_t j = 0; j < M->columns; j++)
            for (size_t k = 0; k < lanes; k++)
                T[(j * M->rows + i) * lanes + k] = M->at[(i * M->width + j) * lanes + k];
    return T;
}

static size_t signal_size(const struct nonlinear_data *d, size_t i)
{
    return d->shape.sizes[i] * d->samples;
}

/* ---- forward ---- */

/* The slope of a neuron with a kink, on the piece that is held or else by the sign of u. */
static double slope_at_kink(const struct nonlinear_kink *kink, signed char held, double u)
{
    const bool right = held ? held > 0 : u >= 0;
    return right ? kink->right : kink->left;
}

/* h_i and f_i' from u_i */
static void activate(const struct nonlinear_pass *pass, size_t i)
{
    const struct nonlinear_data *d = pass->d;
    const struct nonlinear_kink *kink = &d->kink[i];
    const struct activation *f = d->neurons[i].activation;
    const double parameter = d->neurons[i].parameter;
    const double *u = pass->s->drive[i];
    double *h = pass->s->output[i], *slope = pass->s->slope[i];
    const size_t lanes = pass->lanes, count = signal_size(d, i);
    if (kink->has) {
        for (size_t j = 0; j < count; j++)
            for (size_t k = j * lanes; k < (j + 1) * lanes; k++) {
                slope[k] = slope_at_kink(kink, d->side[kink->at + j], u[k]);
                h[k] = slope[k] * u[k];
            }
    } else {
        for (size_t k = 0; k < count * lanes; k++) {
            h[k] = f->value(parameter, u[k]);
            slope[k] = f->slope(parameter, u[k]);
        }
    }
    for (size_t k = 0; k < d->shape.bias * d->samples * lanes; k++)
        h[count * lanes + k] = 1;
}

/* S_L = w E */
static void compare(const struct nonlinear_pass *pass)
{
    const struct nonlinear_data *d = pass->d;
    const size_t L = d->shape.layers, m = d->samples, lanes = pass->lanes;
    const double *u = pass->s->drive[L];
    double *E = pass->s->backward[L];
    for (size_t j = 0; j < signal_size(d, L); j++)
        for (size_t k = 0; k < lanes; k++)
            E[j * lanes + k] = d->weight[j % m] * (d->target[j] - u[j * lanes + k]);
}

void nonlinear_network_forward(const struct nonlinear_pass *pass)
{
    const struct nonlinear_data *d = pass->d;
    const struct network_shape *shape = &d->shape;
    d->known->valid = false;
    for (size_t i = 1; i <= shape->layers; i++) {
        const struct nonlinear_factor h = {i > 1 ? pass->s->output[i - 1] : d->input, i == 1};
        nonlinear_network_multiply(
            pass->lanes,
            &(struct nonlinear_product){.rows = shape->sizes[i],
                                        .inner = nonlinear_width(shape, i),
                                        .columns = d->samples,
                                        .A = {pass->x + shape->forward[i] * pass->lanes, false},
                                        .B = h,
                                        .C = pass->s->drive[i]});
        if (i < shape->layers)
            activate(pass, i);
    }
    compare(pass);
}

/* ---- backward ---- */

/* A_(i+1) without its bias, or the signs that the channel takes for it, turned. */
static const double *turned_above(const struct nonlinear_pass *pass, size_t i)
{
    const struct nonlinear_data *d = pass->d;
    const struct network_shape *shape = &d->shape;
    const size_t lanes = pass->lanes, rows = shape->sizes[i + 1], columns = shape->sizes[i];
    double *T = pass->s->turned;
    nonlinear_network_turn(lanes,
                           &(struct nonlinear_matrix){rows, columns, nonlinear_width(shape, i + 1),
                                                      pass->x + shape->forward[i + 1] * lanes},
                           T);
    if (d->rule->feedback != FEEDBACK_SIGNS)
        return T;
    const signed char *side = d->side + (shape->channel[i] - shape->channel[1]);
    for (size_t j = 0; j < rows * columns; j++)
        for (size_t k = j * lanes; k < (j + 1) * lanes; k++)
            T[k] = side[j] ? side[j] : (T[k] > 0) - (T[k] < 0);
    return T;
}

struct nonlinear_factor nonlinear_network_feedback(const struct nonlinear_pass *pass, size_t i)
{
    const struct nonlinear_data *d = pass->d;
    switch (d->rule->feedback) {
    case FEEDBACK_TRANSPOSED:
    case FEEDBACK_SIGNS:
        return (struct nonlinear_factor){turned_above(pass, i), false};
    case FEEDBACK_ADAPTIVE:
    case FEEDBACK_MIRROR:
        return (struct nonlinear_factor){pass->x + d->shape.channel[i] * pass->lanes, false};
    case FEEDBACK_DIRECT:
    case FEEDBACK_FIXED:
        break;
    }
    return (struct nonlinear_factor){d->c + d->shape.channel[i], true};
}

double *nonlinear_network_carried(const struct nonlinear_data *d, const struct nonlinear_signals *s,
                                  size_t i)
{
    const size_t L = d->shape.layers;
    const bool layered = d->rule->channel == CHANNEL_LAYERED;
    if (i + 1 < L && layered)
        return s->backward[i + 1];
    if (i + 1 < L && d->rule->feedback == FEEDBACK_TRANSPOSED)
        return s->returned[i + 1]; /* sbp: by the weights, past the derivatives */
    return d->R ? s->product : s->backward[L];
}

/* S_i = f_i' R_i */
static void differentiate(const struct nonlinear_pass *pass, size_t i)
{
    const struct nonlinear_signals *s = pass->s;
    const size_t count = signal_size(pass->d, i) * pass->lanes;
    for (size_t k = 0; k < count; k++)
        s->backward[i][k] =
            pass->d->no_derivative ? s->returned[i][k] : s->slope[i][k] * s->returned[i][k];
}

void nonlinear_network_backward(const struct nonlinear_pass *pass)
{
    const struct nonlinear_data *d = pass->d;
    const struct network_shape *shape = &d->shape;
    const size_t L = shape->layers;
    if (d->R)
        nonlinear_network_multiply(pass->lanes,
                                   &(struct nonlinear_product){.rows = shape->product,
                                                               .inner = shape->sizes[L],
                                                               .columns = d->samples,
                                                               .A = {d->R, true},
                                                               .B = {pass->s->backward[L], false},
                                                               .C = pass->s->product});
    for (size_t i = L - 1; i > 0; i--) {
        nonlinear_network_multiply(
            pass->lanes,
            &(struct nonlinear_product){.rows = shape->sizes[i],
                                        .inner = shape->columns[i],
                                        .columns = d->samples,
                                        .A = nonlinear_network_feedback(pass, i),
                                        .B = {nonlinear_network_carried(d, pass->s, i), false},
                                        .C = pass->s->returned[i]});
        differentiate(pass, i);
    }
}

/* ---- changes ---- */

/* to = rate to - decay x over the matrix number k */
static void scale_and_decay(const struct nonlinear_pass *pass, size_t k, size_t count,
                            const double *x, double *to)
{
    const double rate = pass->d->rate[k], decay = pass->d->decay[k];
    for (size_t j = 0; j < count; j++)
        to[j] = rate * to[j] - decay * x[j];
}

/* S_i h_(i-1)' */
static void gradient_of_layer(const struct nonlinear_pass *pass, size_t i, double *to)
{
    const struct nonlinear_data *d = pass->d;
    const size_t columns = nonlinear_width(&d->shape, i), m = d->samples;
    struct nonlinear_factor turned = {d->input_turned, true};
    if (i > 1)
        turned = (struct nonlinear_factor){
            nonlinear_network_turn(
                pass->lanes, &(struct nonlinear_matrix){columns, m, m, pass->s->output[i - 1]},
                pass->s->turned),
            false};
    nonlinear_network_multiply(pass->lanes,
                               &(struct nonlinear_product){.rows = d->shape.sizes[i],
                                                           .inner = m,
                                                           .columns = columns,
                                                           .A = {pass->s->backward[i], false},
                                                           .B = turned,
                                                           .C = to});
}

void nonlinear_network_gradients(const struct nonlinear_pass *pass, double *to)
{
    for (size_t i = 1; i <= pass->d->shape.layers; i++)
        gradient_of_layer(pass, i, to + pass->d->shape.forward[i] * pass->lanes);
}

/* C_i', where it is an unknown */
static void change_channel(const struct nonlinear_pass *pass, size_t i, double *dx)
{
    const struct nonlinear_data *d = pass->d;
    const struct network_shape *shape = &d->shape;
    const size_t rows = shape->sizes[i], columns = shape->columns[i], m = d->samples;
    const size_t lanes = pass->lanes, at = shape->channel[i] * lanes;
    if (d->rule->feedback == FEEDBACK_MIRROR) {
        turned_above(pass, i);
        for (size_t j = 0; j < rows * columns * lanes; j++)
            dx[at + j] = d->mirror * pass->s->turned[j];
    } else {
        const double *turned = nonlinear_network_turn(
            lanes,
            &(struct nonlinear_matrix){columns, m, m, nonlinear_network_carried(d, pass->s, i)},
            pass->s->turned);
        nonlinear_network_multiply(lanes,
                                   &(struct nonlinear_product){.rows = rows,
                                                               .inner = m,
                                                               .columns = columns,
                                                               .A = {pass->s->output[i], false},
                                                               .B = {turned, false},
                                                               .C = dx + at});
    }
    scale_and_decay(pass, nonlinear_of_channel(shape, i), rows * columns * lanes, pass->x + at,
                    dx + at);
}

void nonlinear_network_changes(const struct nonlinear_pass *pass, double *dx)
{
    const struct network_shape *shape = &pass->d->shape;
    nonlinear_network_gradients(pass, dx);
    for (size_t i = 1; i <= shape->layers; i++) {
        const size_t at = shape->forward[i] * pass->lanes;
        const size_t count = shape->sizes[i] * nonlinear_width(shape, i) * pass->lanes;
        scale_and_decay(pass, nonlinear_of_layer(i), count, pass->x + at, dx + at);
    }
    for (size_t i = 1; i < shape->layers && problem_feedback_learns(pass->d->rule); i++)
        change_channel(pass, i, dx);
}

/* ---- states ---- */

static void evaluate(const struct nonlinear_pass *pass, double *dx)
{
    nonlinear_network_forward(pass);
    nonlinear_network_backward(pass);
    nonlinear_network_changes(pass, dx);
}

struct nonlinear_pass nonlinear_network_pass(const struct nonlinear_data *d, const double *x)
{
    return (struct nonlinear_pass){.d = d, .lanes = 1, .x = x, .s = &d->at};
}

/* A block of states beside each other in a wider array. */
struct block {
    size_t width, first, taken;
};

/* The states of the block, by way of scratch. */
static void evaluate_gathered(const struct nonlinear_data *d, const struct block *block,
                              const double *x, double *dx)
{
    const size_t lanes = d->lanes, n = block->width;
    struct nonlinear_pass pass = nonlinear_network_pass(d, d->state);
    pass.lanes = lanes;
    for (size_t j = 0; j < d->shape.dim; j++)
        for (size_t k = 0; k < lanes; k++)
            d->state[j * lanes + k] = x[j * n + block->first + (k < block->taken ? k : 0)];
    evaluate(&pass, d->change);
    for (size_t j = 0; j < d->shape.dim; j++)
        for (size_t k = 0; k < block->taken; k++)
            dx[j * n + block->first + k] = d->change[j * lanes + k];
}

enum status nonlinear_network_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct nonlinear_data *d = nonlinear_data_of(flow);
    struct nonlinear_pass pass = nonlinear_network_pass(d, x);
    pass.lanes = n;
    if (n == 1 || n == d->lanes) {
        evaluate(&pass, dx);
        return OK;
    }
    for (size_t k = 0; k < n; k += d->lanes)
        evaluate_gathered(d, &(struct block){n, k, n - k < d->lanes ? n - k : d->lanes}, x, dx);
    return OK;
}

/* ---- switches ---- */

/* Of neuron and sample: u over the length of its input, |grad u| = 1 in the first layer; where
 * that is zero u = 0 for all weights, and no switch. */
static void switch_kinks(const struct nonlinear_data *d, size_t i, double *switching)
{
    const size_t m = d->samples;
    for (size_t j = 0; j < signal_size(d, i); j++) {
        const double size = i > 1 ? 1 : d->input_size[j % m];
        switching[j] = size > 0 ? d->at.drive[i][j] / size : 1;
    }
}

void nonlinear_network_switching(const struct flow *flow, const double *x, double *switching)
{
    const struct nonlinear_data *d = nonlinear_data_of(flow);
    const struct network_shape *shape = &d->shape;
    const struct nonlinear_pass pass = nonlinear_network_pass(d, x);
    for (size_t i = 1; i < shape->layers && d->signs; i++)
        nonlinear_network_turn(1,
                               &(struct nonlinear_matrix){shape->sizes[i + 1], shape->sizes[i],
                                                          nonlinear_width(shape, i + 1),
                                                          x + shape->forward[i + 1]},
                               switching + (shape->channel[i] - shape->channel[1]));
    if (flow->switches == d->signs)
        return;
    nonlinear_network_forward(&pass);
    for (size_t i = 1; i < shape->layers; i++)
        if (d->kink[i].has)
            switch_kinks(d, i, switching + d->kink[i].at);
}
