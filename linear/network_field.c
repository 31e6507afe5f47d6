/* The field of the generic network, its linearisation, and what both are made of.
 *
 * Two passes: forward, Q_i = A_i Q_(i-1) and E = Sigma_TI - A_L ... (A_1 Sigma_II), multiplied from
 * the input side so that a narrow first layer makes all products cheap; backward, S_i = C_i S_(i+1)
 * or C_i E.  Matrices of several states stand side by side, entry by entry, so that the innermost
 * loop runs over lanes; one state alone runs over columns.  Each entry of a product is summed in
 * the same order in both, so results do not depend on the number of lanes.  Transposed factors are
 * copied first: a product is then always a sum of scaled rows, which vectorises without changing
 * the order of a sum.
 * The linearisation differentiates the passes, one product rule at a time.  Rounding bounds come
 * from the same passes on moduli: a sum of products of k factors carries at most as many half
 * epsilons as it has operations. */
#include "linear/network_data.h"

#include "ode/lanes.h"

#include <math.h>
#include <string.h>

/* A factor of a product: the lanes of a state, or one constant for all of them (stride 1). */
struct factor {
    const double *at;
    size_t stride;
};

/* C = A B, or C += A B */
struct product {
    size_t rows, inner, columns;
    struct factor A, B;
    double *C;
};

/* The constants of one evaluation: as they are, or their moduli with E = |Sigma_TI| + |P Sigma|. */
struct constants {
    const double *sigma_ii, *sigma_ti, *c, *R;
    double sign; /* of P Sigma_II in E */
};

/* ---- products ---- */

/* row[columns] of one state: += a B_l */
static inline void add_row_single(const struct product *p, size_t i)
{
    double *row = p->C + i * p->columns;
    for (size_t l = 0; l < p->inner; l++) {
        const double a = p->A.at[i * p->inner + l], *b = p->B.at + l * p->columns;
        for (size_t j = 0; j < p->columns; j++)
            row[j] += a * b[j];
    }
}

static inline void add_row_lanes(const struct product *p, size_t i)
{
    const size_t of_a = p->A.stride > 1, of_b = p->B.stride > 1;
    for (size_t l = 0; l < p->inner; l++)
        for (size_t j = 0; j < p->columns; j++) {
            const double *a = p->A.at + (i * p->inner + l) * p->A.stride;
            const double *b = p->B.at + (l * p->columns + j) * p->B.stride;
            double *to = p->C + (i * p->columns + j) * LANES_BLOCK;
            for (size_t k = 0; k < LANES_BLOCK; k++)
                to[k] += a[k * of_a] * b[k * of_b];
        }
}

/* Not static: the compiler's resolvers for local clones would need relocations in the text
 * segment. */
void network_add_product(size_t lanes, const struct product *p);

LANES_CLONES
void network_add_product(size_t lanes, const struct product *p)
{
    for (size_t i = 0; i < p->rows; i++)
        if (lanes == 1)
            add_row_single(p, i);
        else
            add_row_lanes(p, i);
}

static void multiply(size_t lanes, const struct product *p)
{
    memset(p->C, 0, p->rows * p->columns * lanes * sizeof *p->C);
    network_add_product(lanes, p);
}

/* T[columns*rows] = M[rows*columns]' */
static const double *turn(size_t lanes, size_t rows, size_t columns, const double *M, double *T)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            for (size_t k = 0; k < lanes; k++)
                T[(j * rows + i) * lanes + k] = M[(i * columns + j) * lanes + k];
    return T;
}

/* ---- the passes ---- */

static size_t signal_size(const struct network_shape *shape, size_t i)
{
    return shape->sizes[i] * shape->sizes[0];
}

/* Q_i, Q_i Sigma_II and E = S_L */
static void pass_forward(const struct network_data *d, const struct constants *constants,
                         size_t lanes, const double *x, const struct network_signals *s)
{
    const struct network_shape *shape = &d->shape;
    const size_t L = shape->layers, inputs = shape->sizes[0];
    for (size_t i = 1; i <= L; i++) {
        const double *A = x + shape->forward[i] * lanes;
        struct product p = {.rows = shape->sizes[i],
                            .inner = shape->sizes[i - 1],
                            .columns = inputs,
                            .A = {A, lanes},
                            .C = s->forward[i]};
        if (i > 1) {
            p.B = (struct factor){s->forward[i - 1], lanes};
            multiply(lanes, &p);
        } else {
            memcpy(s->forward[1], A, signal_size(shape, 1) * lanes * sizeof *A);
        }
        if (d->white) /* driven[i] is forward[i] */
            continue;
        p.B = i > 1 ? (struct factor){s->driven[i - 1], lanes}
                    : (struct factor){constants->sigma_ii, 1};
        p.C = s->driven[i];
        multiply(lanes, &p);
    }
    for (size_t j = 0; j < signal_size(shape, L); j++)
        for (size_t k = 0; k < lanes; k++)
            s->backward[L][j * lanes + k] =
                constants->sigma_ti[j] + constants->sign * s->driven[L][j * lanes + k];
}

/* The signs that the channel takes for those of A_(i+1), turned: T[N_i*N_(i+1)]. */
static const double *turned_signs(const struct network_data *d, const struct constants *constants,
                                  size_t i, size_t lanes, const double *x, double *T)
{
    const struct network_shape *shape = &d->shape;
    const size_t rows = shape->sizes[i + 1], columns = shape->sizes[i];
    const double *A = x + shape->forward[i + 1] * lanes;
    const signed char *side = d->side + (shape->forward[i + 1] - shape->forward[2]);
    for (size_t p = 0; p < rows; p++)
        for (size_t q = 0; q < columns; q++)
            for (size_t k = 0; k < lanes; k++) {
                const double a = A[(p * columns + q) * lanes + k];
                const signed char held = side[p * columns + q];
                const double sign = held ? held : (a > 0) - (a < 0);
                T[(q * rows + p) * lanes + k] = constants->sign > 0 ? 1 : sign;
            }
    return T;
}

/* C_i[N_i * columns] of the channel at the state x. */
static struct factor feedback_at(const struct network_data *d, const struct constants *constants,
                                 size_t i, size_t lanes, const double *x, double *turned)
{
    const struct network_shape *shape = &d->shape;
    switch (d->rule->feedback) {
    case FEEDBACK_TRANSPOSED:
        return (struct factor){turn(lanes, shape->sizes[i + 1], shape->sizes[i],
                                    x + shape->forward[i + 1] * lanes, turned),
                               lanes};
    case FEEDBACK_SIGNS:
        return (struct factor){turned_signs(d, constants, i, lanes, x, turned), lanes};
    case FEEDBACK_ADAPTIVE:
    case FEEDBACK_MIRROR:
        return (struct factor){x + shape->channel[i] * lanes, lanes};
    case FEEDBACK_DIRECT:
    case FEEDBACK_FIXED:
        break;
    }
    return (struct factor){constants->c + shape->channel[i], 1};
}

/* In a linear network a skipped channel of transposed weights is a layered one. */
static bool is_layered(const struct network_data *d)
{
    return d->rule->channel == CHANNEL_LAYERED || d->rule->feedback == FEEDBACK_TRANSPOSED;
}

/* What C_i carries down: S_(i+1), E or R E; columns[i] * N_0. */
static const double *carried(const struct network_data *d, const struct network_signals *s,
                             size_t i)
{
    const size_t L = d->shape.layers;
    if (is_layered(d) && i + 1 < L)
        return s->backward[i + 1];
    return d->R ? s->product : s->backward[L];
}

/* S_i below the top */
static void pass_backward(const struct network_data *d, const struct constants *constants,
                          size_t lanes, const double *x, const struct network_signals *s)
{
    const struct network_shape *shape = &d->shape;
    const size_t L = shape->layers, inputs = shape->sizes[0];
    if (d->R)
        multiply(lanes, &(struct product){.rows = shape->product,
                                          .inner = shape->sizes[L],
                                          .columns = inputs,
                                          .A = {constants->R, 1},
                                          .B = {s->backward[L], lanes},
                                          .C = s->product});
    for (size_t i = L - 1; i > 0; i--)
        multiply(lanes, &(struct product){.rows = shape->sizes[i],
                                          .inner = shape->columns[i],
                                          .columns = inputs,
                                          .A = feedback_at(d, constants, i, lanes, x, s->turned),
                                          .B = {carried(d, s, i), lanes},
                                          .C = s->backward[i]});
}

/* to[rows*columns] += left right' of signals with N_0 columns */
static void add_outer(const struct network_data *d, size_t lanes, size_t rows, size_t columns,
                      const double *const pair[2], double *turned, double *to)
{
    const size_t inputs = d->shape.sizes[0];
    network_add_product(
        lanes, &(struct product){.rows = rows,
                                 .inner = inputs,
                                 .columns = columns,
                                 .A = {pair[0], lanes},
                                 .B = {turn(lanes, columns, inputs, pair[1], turned), lanes},
                                 .C = to});
}

/* to = rate to - decay x over one matrix; all terms positive where moduli are evaluated */
static void scale_and_decay(const struct constants *constants, size_t count, double rate,
                            double decay, const double *x, double *to)
{
    const bool bounds = constants->sign > 0;
    const double factor = bounds ? fabs(rate) : rate, linear = bounds ? fabs(decay) : -decay;
    for (size_t j = 0; j < count; j++)
        to[j] = factor * to[j] + linear * x[j];
}

/* A_i' */
static void change_layer(const struct network_data *d, const struct constants *constants, size_t i,
                         size_t lanes, const double *x, const struct network_signals *s, double *dx)
{
    const struct network_shape *shape = &d->shape;
    const size_t rows = shape->sizes[i], columns = shape->sizes[i - 1];
    const size_t at = shape->forward[i] * lanes, count = rows * columns * lanes;
    const size_t k = network_of_layer(i);
    if (i == 1) {
        memcpy(dx + at, s->backward[1], count * sizeof *dx);
    } else {
        memset(dx + at, 0, count * sizeof *dx);
        add_outer(d, lanes, rows, columns,
                  (const double *const[2]){s->backward[i], s->forward[i - 1]}, s->turned, dx + at);
    }
    scale_and_decay(constants, count, d->rate[k], d->decay[k], x + at, dx + at);
}

/* C_i', where it is an unknown */
static void change_channel(const struct network_data *d, const struct constants *constants,
                           size_t i, size_t lanes, const double *x, const struct network_signals *s,
                           double *dx)
{
    const struct network_shape *shape = &d->shape;
    const size_t rows = shape->sizes[i], columns = shape->columns[i];
    const size_t at = shape->channel[i] * lanes, count = rows * columns * lanes;
    const size_t k = network_of_channel(shape, i);
    if (d->rule->feedback == FEEDBACK_MIRROR) {
        turn(lanes, columns, rows, x + shape->forward[i + 1] * lanes, dx + at);
        scale_and_decay(constants, count, d->rate[k] * d->mirror, d->decay[k], x + at, dx + at);
        return;
    }
    memset(dx + at, 0, count * sizeof *dx);
    add_outer(d, lanes, rows, columns, (const double *const[2]){s->forward[i], carried(d, s, i)},
              s->turned, dx + at);
    scale_and_decay(constants, count, d->rate[k], d->decay[k], x + at, dx + at);
}

static bool has_unknown_channel(const struct network_data *d)
{
    return d->rule->feedback == FEEDBACK_ADAPTIVE || d->rule->feedback == FEEDBACK_MIRROR;
}

static void evaluate(const struct network_data *d, const struct constants *constants, size_t lanes,
                     const double *x, double *dx)
{
    pass_forward(d, constants, lanes, x, &d->at);
    pass_backward(d, constants, lanes, x, &d->at);
    for (size_t i = 1; i <= d->shape.layers; i++)
        change_layer(d, constants, i, lanes, x, &d->at, dx);
    for (size_t i = 1; i < d->shape.layers && has_unknown_channel(d); i++)
        change_channel(d, constants, i, lanes, x, &d->at, dx);
}

static struct constants plain(const struct network_data *d)
{
    return (struct constants){
        .sigma_ii = d->sigma_ii, .sigma_ti = d->sigma_ti, .c = d->c, .R = d->R, .sign = -1};
}

/* States first .. first + lanes - 1 of n, by way of scratch. */
static void evaluate_gathered(const struct network_data *d, size_t n, size_t first, size_t taken,
                              const double *x, double *dx)
{
    const struct constants constants = plain(d);
    const size_t lanes = d->lanes;
    for (size_t j = 0; j < d->shape.dim; j++)
        for (size_t k = 0; k < lanes; k++)
            d->state[j * lanes + k] = x[j * n + first + (k < taken ? k : 0)];
    evaluate(d, &constants, lanes, d->state, d->change);
    for (size_t j = 0; j < d->shape.dim; j++)
        for (size_t k = 0; k < taken; k++)
            dx[j * n + first + k] = d->change[j * lanes + k];
}

enum status network_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    if (n == 1 || n == d->lanes) {
        evaluate(d, &constants, n, x, dx);
        return OK;
    }
    for (size_t k = 0; k < n; k += d->lanes)
        evaluate_gathered(d, n, k, n - k < d->lanes ? n - k : d->lanes, x, dx);
    return OK;
}

void network_output(const struct flow *flow, const double *x, double *P)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    pass_forward(d, &constants, 1, x, &d->at);
    memcpy(P, d->at.forward[d->shape.layers], flow->outputs * sizeof *P);
}

const double *network_error(const struct flow *flow, const double *x)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    pass_forward(d, &constants, 1, x, &d->at);
    return d->at.backward[d->shape.layers];
}

void network_switching(const struct flow *flow, const double *x, double *switching)
{
    const struct network_shape *shape = &network_data_of(flow)->shape;
    memcpy(switching, x + shape->forward[2], flow->switches * sizeof *x);
}

/* The gradient of the loss: what backpropagation would do, with the other sign. */
void network_loss_gradient(const struct flow *flow, const double *x, double *g)
{
    static const struct rule descent = {.feedback = FEEDBACK_TRANSPOSED,
                                        .channel = CHANNEL_LAYERED};
    const struct network_data *d = network_data_of(flow);
    struct network_data plain_data = *d;
    plain_data.rule = &descent;
    plain_data.R = NULL;
    for (size_t i = 1; i < d->shape.layers; i++)
        plain_data.shape.columns[i] = d->shape.sizes[i + 1];
    const struct constants constants = plain(&plain_data);
    pass_forward(&plain_data, &constants, 1, x, &d->at);
    pass_backward(&plain_data, &constants, 1, x, &d->at);
    memset(g, 0, flow->dim * sizeof *g);
    for (size_t i = 1; i <= d->shape.layers; i++) {
        const size_t rows = d->shape.sizes[i], columns = d->shape.sizes[i - 1];
        double *to = g + d->shape.forward[i];
        if (i == 1)
            memcpy(to, d->at.backward[1], rows * columns * sizeof *to);
        else
            add_outer(d, 1, rows, columns,
                      (const double *const[2]){d->at.backward[i], d->at.forward[i - 1]},
                      d->at.turned, to);
        for (size_t j = 0; j < rows * columns; j++)
            to[j] = -to[j];
    }
}

/* ---- linearisation ---- */

/* to = left right + further, each rows x inner times inner x N_0: a product rule. */
static void product_rule(const struct network_data *d, size_t rows, size_t inner,
                         const struct factor of[4], double *to)
{
    struct product p = {.rows = rows,
                        .inner = inner,
                        .columns = d->shape.sizes[0],
                        .A = of[0],
                        .B = of[1],
                        .C = to};
    multiply(1, &p);
    p.A = of[2];
    p.B = of[3];
    network_add_product(1, &p);
}

static struct factor one(const double *at)
{
    return (struct factor){at, 1};
}

static void linearise_forward(const struct network_data *d, const double *x, const double *v)
{
    const struct network_shape *shape = &d->shape;
    const struct network_signals *at = &d->at, *along = &d->along;
    const size_t L = shape->layers, inputs = shape->sizes[0];
    memcpy(along->forward[1], v + shape->forward[1], signal_size(shape, 1) * sizeof *v);
    if (!d->white)
        multiply(1, &(struct product){.rows = shape->sizes[1],
                                      .inner = inputs,
                                      .columns = inputs,
                                      .A = one(v + shape->forward[1]),
                                      .B = one(d->sigma_ii),
                                      .C = along->driven[1]});
    for (size_t i = 2; i <= L; i++) {
        const struct factor A = one(x + shape->forward[i]), dA = one(v + shape->forward[i]);
        product_rule(d, shape->sizes[i], shape->sizes[i - 1],
                     (struct factor[4]){dA, one(at->forward[i - 1]), A, one(along->forward[i - 1])},
                     along->forward[i]);
        if (!d->white)
            product_rule(
                d, shape->sizes[i], shape->sizes[i - 1],
                (struct factor[4]){dA, one(at->driven[i - 1]), A, one(along->driven[i - 1])},
                along->driven[i]);
    }
    for (size_t j = 0; j < signal_size(shape, L); j++)
        along->backward[L][j] = -along->driven[L][j];
}

/* dC_i S + C_i dS; signs and fixed feedback do not change. */
static void linearise_backward(const struct network_data *d, const double *x, const double *v)
{
    const struct network_shape *shape = &d->shape;
    const struct constants constants = plain(d);
    const size_t L = shape->layers, inputs = shape->sizes[0];
    const bool varies = d->rule->feedback == FEEDBACK_TRANSPOSED || has_unknown_channel(d);
    if (d->R)
        multiply(1, &(struct product){.rows = shape->product,
                                      .inner = shape->sizes[L],
                                      .columns = inputs,
                                      .A = one(d->R),
                                      .B = one(d->along.backward[L]),
                                      .C = d->along.product});
    for (size_t i = L - 1; i > 0; i--) {
        struct product p = {.rows = shape->sizes[i],
                            .inner = shape->columns[i],
                            .columns = inputs,
                            .A = feedback_at(d, &constants, i, 1, x, d->at.turned),
                            .B = one(carried(d, &d->along, i)),
                            .C = d->along.backward[i]};
        multiply(1, &p);
        if (!varies)
            continue;
        p.A = feedback_at(d, &constants, i, 1, v, d->at.turned);
        p.B = one(carried(d, &d->at, i));
        network_add_product(1, &p);
    }
}

/* to = d(left right'), then rate and decay */
static void linearise_outer(const struct network_data *d, size_t k, size_t rows, size_t columns,
                            const double *const of[4], const double *v, double *to)
{
    const struct constants constants = plain(d);
    memset(to, 0, rows * columns * sizeof *to);
    add_outer(d, 1, rows, columns, (const double *const[2]){of[0], of[1]}, d->at.turned, to);
    add_outer(d, 1, rows, columns, (const double *const[2]){of[2], of[3]}, d->at.turned, to);
    scale_and_decay(&constants, rows * columns, d->rate[k], d->decay[k], v, to);
}

static void linearise_channel(const struct network_data *d, size_t i, const double *v, double *Jv)
{
    const struct network_shape *shape = &d->shape;
    const struct network_signals *at = &d->at, *along = &d->along;
    const struct constants constants = plain(d);
    if (d->rule->feedback == FEEDBACK_MIRROR) {
        change_channel(d, &constants, i, 1, v, along, Jv); /* linear */
        return;
    }
    linearise_outer(d, network_of_channel(shape, i), shape->sizes[i], shape->columns[i],
                    (const double *const[4]){along->forward[i], carried(d, at, i), at->forward[i],
                                             carried(d, along, i)},
                    v + shape->channel[i], Jv + shape->channel[i]);
}

/* The passes at x must stand in d->at. */
static void linearise(const struct network_data *d, const double *x, const double *v, double *Jv)
{
    const struct network_shape *shape = &d->shape;
    const struct network_signals *at = &d->at, *along = &d->along;
    const struct constants constants = plain(d);
    linearise_forward(d, x, v);
    linearise_backward(d, x, v);
    change_layer(d, &constants, 1, 1, v, along, Jv);
    for (size_t i = 2; i <= shape->layers; i++)
        linearise_outer(d, network_of_layer(i), shape->sizes[i], shape->sizes[i - 1],
                        (const double *const[4]){along->backward[i], at->forward[i - 1],
                                                 at->backward[i], along->forward[i - 1]},
                        v + shape->forward[i], Jv + shape->forward[i]);
    for (size_t i = 1; i < shape->layers && has_unknown_channel(d); i++)
        linearise_channel(d, i, v, Jv);
}

enum status network_jacobian_times(const struct flow *flow, const double *x, const double *v,
                                   double *Jv)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    pass_forward(d, &constants, 1, x, &d->at);
    pass_backward(d, &constants, 1, x, &d->at);
    linearise(d, x, v, Jv);
    return OK;
}

enum status network_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    double *unit = d->state, *column = d->change;
    const size_t n = flow->dim;
    pass_forward(d, &constants, 1, x, &d->at);
    pass_backward(d, &constants, 1, x, &d->at);
    memset(unit, 0, n * sizeof *unit);
    for (size_t j = 0; j < n; j++) {
        unit[j] = 1;
        linearise(d, x, unit, column);
        unit[j] = 0;
        for (size_t i = 0; i < n; i++)
            J[i * n + j] = column[i];
    }
    return OK;
}

void network_change_by_error(const struct flow *flow, const double *x, size_t j, double *dx)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    const size_t L = d->shape.layers;
    pass_forward(d, &constants, 1, x, &d->at);
    memset(d->at.backward[L], 0, signal_size(&d->shape, L) * sizeof(double));
    d->at.backward[L][j] = 1;
    pass_backward(d, &constants, 1, x, &d->at);
    memset(dx, 0, flow->dim * sizeof *dx);
    for (size_t i = 1; i <= L; i++)
        change_layer(d, &constants, i, 1, x, &d->at, dx);
}

const double *network_error_change(const struct flow *flow, const double *x, const double *v)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    pass_forward(d, &constants, 1, x, &d->at);
    linearise_forward(d, x, v);
    return d->along.backward[d->shape.layers];
}

/* ---- rounding ---- */

/* |from|, one matrix after the other; returns where the next one goes */
static double *moduli(size_t count, const double *from, double *to)
{
    for (size_t j = 0; j < count; j++)
        to[j] = fabs(from[j]);
    return to + count;
}

/* Half epsilons that an entry of the field collects: the longest way through both passes. */
static double roundings(const struct network_shape *shape)
{
    static const double PASSES = 3; /* a layer's sums are met in Q, in Q Sigma and in S */
    double count = 2 * (double)shape->sizes[0] + 2;
    for (size_t i = 1; i <= shape->layers; i++)
        count += PASSES * (double)(shape->sizes[i] + 1);
    return count / 2;
}

void network_rounding(const struct flow *flow, const double *x, double *bound)
{
    const struct network_data *d = network_data_of(flow);
    const struct network_shape *shape = &d->shape;
    const size_t inputs = shape->sizes[0];
    struct constants constants = {.sign = 1};
    double *next = d->magnitude;
    const double *state = next;
    next = moduli(flow->dim, x, next);
    constants.sigma_ii = next;
    next = moduli(inputs * inputs, d->sigma_ii, next);
    constants.sigma_ti = next;
    next = moduli(signal_size(shape, shape->layers), d->sigma_ti, next);
    constants.c = next;
    next = moduli(d->c ? shape->channel_count : 0, d->c, next);
    constants.R = next;
    moduli(d->R ? shape->product * shape->sizes[shape->layers] : 0, d->R, next);
    evaluate(d, &constants, 1, state, bound);
    const double count = roundings(shape);
    for (size_t i = 0; i < flow->dim; i++)
        bound[i] *= count;
}
