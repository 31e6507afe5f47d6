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

#include "linear/product.h"
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

/* One evaluation: where, with what, into which signals. */
struct pass {
    const struct network_data *d;
    const struct constants *constants;
    size_t lanes;
    const double *x; /* the state; in a linearisation, the direction */
    const struct network_signals *s;
};

/* ---- products ---- */

/* row[columns] of one state: += a B_l */
LANES_INLINE void add_row_single(const struct product *p, size_t i)
{
    double *row = p->C + i * p->columns;
    for (size_t l = 0; l < p->inner; l++) {
        const double a = p->A.at[i * p->inner + l], *b = p->B.at + l * p->columns;
        for (size_t j = 0; j < p->columns; j++)
            row[j] += a * b[j];
    }
}

/* LANES_BLOCK states; each kind of factors is a loop of its own */
LANES_INLINE void add_lanes(const struct product *p)
{
    const struct product_lanes_factor A = {p->A.at, 1, 0}, B = {p->B.at, 1, 0};
    const struct product_lanes_factor common_A = {p->A.at, 0, 0}, common_B = {p->B.at, 0, 0};
    if (p->A.stride == 1)
        product_lanes_add(p->rows, p->inner, p->columns, &common_A, &B, p->C);
    else if (p->B.stride == 1)
        product_lanes_add(p->rows, p->inner, p->columns, &A, &common_B, p->C);
    else
        product_lanes_add(p->rows, p->inner, p->columns, &A, &B, p->C);
}

LANES_INLINE void subtract_vector(double target, double sign, const double *restrict driven,
                                  double *restrict E)
{
    for (size_t k = 0; k < LANES_BLOCK; k++)
        E[k] = target + sign * driven[k];
}

/* Not static: the compiler's resolvers for local clones would need relocations in the text
 * segment. */
void network_add_product(size_t lanes, const struct product *p);

LANES_CLONES
void network_add_product(size_t lanes, const struct product *p)
{
    if (lanes == 1)
        for (size_t i = 0; i < p->rows; i++)
            add_row_single(p, i);
    else
        add_lanes(p);
}

/* E = Sigma_TI + sign Q Sigma_II */
struct error_parts {
    size_t count;
    const double *targets, *driven;
    double sign, *E;
};
void network_subtract(size_t lanes, const struct error_parts *p);

LANES_CLONES
void network_subtract(size_t lanes, const struct error_parts *p)
{
    for (size_t j = 0; j < p->count; j++)
        if (lanes == LANES_BLOCK)
            subtract_vector(p->targets[j], p->sign, p->driven + j * lanes, p->E + j * lanes);
        else
            for (size_t k = 0; k < lanes; k++)
                p->E[j * lanes + k] = p->targets[j] + p->sign * p->driven[j * lanes + k];
}

static void multiply(size_t lanes, const struct product *p)
{
    memset(p->C, 0, p->rows * p->columns * lanes * sizeof *p->C);
    network_add_product(lanes, p);
}

/* ---- the passes ---- */

static size_t signal_size(const struct network_shape *shape, size_t i)
{
    return shape->sizes[i] * shape->sizes[0];
}

/* Q_i, Q_i Sigma_II and E = S_L */
static void pass_forward(const struct pass *pass)
{
    const struct network_shape *shape = &pass->d->shape;
    const struct network_signals *s = pass->s;
    const size_t L = shape->layers, inputs = shape->sizes[0], lanes = pass->lanes;
    for (size_t i = 1; i <= L; i++) {
        const double *A = pass->x + shape->forward[i] * lanes;
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
        if (pass->d->white) /* driven[i] is forward[i] */
            continue;
        p.B = i > 1 ? (struct factor){s->driven[i - 1], lanes}
                    : (struct factor){pass->constants->sigma_ii, 1};
        p.C = s->driven[i];
        multiply(lanes, &p);
    }
    network_subtract(lanes, &(struct error_parts){.count = signal_size(shape, L),
                                                  .targets = pass->constants->sigma_ti,
                                                  .driven = s->driven[L],
                                                  .sign = pass->constants->sign,
                                                  .E = s->backward[L]});
}

/* The signs that the channel takes for those of A_(i+1), turned: T[N_i*N_(i+1)]. */
static const double *turned_signs(const struct pass *pass, size_t i, double *T)
{
    const struct network_shape *shape = &pass->d->shape;
    const size_t rows = shape->sizes[i + 1], columns = shape->sizes[i], lanes = pass->lanes;
    const double *A = pass->x + shape->forward[i + 1] * lanes;
    const signed char *side = pass->d->side + (shape->forward[i + 1] - shape->forward[2]);
    for (size_t p = 0; p < rows; p++)
        for (size_t q = 0; q < columns; q++)
            for (size_t k = 0; k < lanes; k++) {
                const double a = A[(p * columns + q) * lanes + k];
                const signed char held = side[p * columns + q];
                const double sign = held ? held : (a > 0) - (a < 0);
                T[(q * rows + p) * lanes + k] = pass->constants->sign > 0 ? 1 : sign;
            }
    return T;
}

/* C_i[N_i * columns] of the channel. */
static struct factor feedback_at(const struct pass *pass, size_t i)
{
    const struct network_shape *shape = &pass->d->shape;
    const size_t lanes = pass->lanes;
    double *turned = pass->d->at.turned;
    switch (pass->d->rule->feedback) {
    case FEEDBACK_TRANSPOSED:
        return (struct factor){product_transposed(lanes, shape->sizes[i + 1], shape->sizes[i],
                                                  pass->x + shape->forward[i + 1] * lanes, turned),
                               lanes};
    case FEEDBACK_SIGNS:
        return (struct factor){turned_signs(pass, i, turned), lanes};
    case FEEDBACK_ADAPTIVE:
    case FEEDBACK_MIRROR:
        return (struct factor){pass->x + shape->channel[i] * lanes, lanes};
    case FEEDBACK_DIRECT:
    case FEEDBACK_FIXED:
        break;
    }
    return (struct factor){pass->constants->c + shape->channel[i], 1};
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

/* R E of a product channel */
static void pass_product(const struct pass *pass)
{
    const struct network_shape *shape = &pass->d->shape;
    multiply(pass->lanes, &(struct product){.rows = shape->product,
                                            .inner = shape->sizes[shape->layers],
                                            .columns = shape->sizes[0],
                                            .A = {pass->constants->R, 1},
                                            .B = {pass->s->backward[shape->layers], pass->lanes},
                                            .C = pass->s->product});
}

/* S_i below the top */
static void pass_backward(const struct pass *pass)
{
    const struct network_shape *shape = &pass->d->shape;
    if (pass->d->R)
        pass_product(pass);
    for (size_t i = shape->layers - 1; i > 0; i--)
        multiply(pass->lanes, &(struct product){.rows = shape->sizes[i],
                                                .inner = shape->columns[i],
                                                .columns = shape->sizes[0],
                                                .A = feedback_at(pass, i),
                                                .B = {carried(pass->d, pass->s, i), pass->lanes},
                                                .C = pass->s->backward[i]});
}

/* left right' of two signals with N_0 columns */
struct outer {
    size_t rows, columns;
    const double *left, *right;
};

/* to[rows*columns] += left right' */
static void add_outer(const struct network_data *d, size_t lanes, const struct outer *outer,
                      double *to)
{
    const size_t inputs = d->shape.sizes[0];
    const double *turned =
        product_transposed(lanes, outer->columns, inputs, outer->right, d->at.turned);
    network_add_product(lanes, &(struct product){.rows = outer->rows,
                                                 .inner = inputs,
                                                 .columns = outer->columns,
                                                 .A = {outer->left, lanes},
                                                 .B = {turned, lanes},
                                                 .C = to});
}

/* to = rate to - decay x over the matrix number k; all terms positive where moduli are evaluated */
static void scale_and_decay(const struct pass *pass, size_t k, size_t count, const double *x,
                            double *to)
{
    const bool bounds = pass->constants->sign > 0;
    const double rate = pass->d->rate[k], decay = pass->d->decay[k];
    const double factor = bounds ? fabs(rate) : rate, linear = bounds ? fabs(decay) : -decay;
    if (factor == 1 && linear == 0) /* no other bits, but for the sign of a zero */
        return;
    for (size_t j = 0; j < count; j++)
        to[j] = factor * to[j] + linear * x[j];
}

/* A_i' */
static void change_layer(const struct pass *pass, size_t i, double *dx)
{
    const struct network_shape *shape = &pass->d->shape;
    const size_t rows = shape->sizes[i], columns = shape->sizes[i - 1];
    const size_t at = shape->forward[i] * pass->lanes, count = rows * columns * pass->lanes;
    if (i == 1) {
        memcpy(dx + at, pass->s->backward[1], count * sizeof *dx);
    } else {
        memset(dx + at, 0, count * sizeof *dx);
        add_outer(pass->d, pass->lanes,
                  &(struct outer){rows, columns, pass->s->backward[i], pass->s->forward[i - 1]},
                  dx + at);
    }
    scale_and_decay(pass, network_of_layer(i), count, pass->x + at, dx + at);
}

/* C_i', where it is an unknown */
static void change_channel(const struct pass *pass, size_t i, double *dx)
{
    const struct network_shape *shape = &pass->d->shape;
    const size_t rows = shape->sizes[i], columns = shape->columns[i], lanes = pass->lanes;
    const size_t at = shape->channel[i] * lanes, count = rows * columns * lanes;
    if (pass->d->rule->feedback == FEEDBACK_MIRROR) {
        product_transposed(lanes, columns, rows, pass->x + shape->forward[i + 1] * lanes, dx + at);
        for (size_t j = 0; j < count; j++)
            dx[at + j] *= pass->d->mirror;
    } else {
        memset(dx + at, 0, count * sizeof *dx);
        add_outer(pass->d, lanes,
                  &(struct outer){rows, columns, pass->s->forward[i], carried(pass->d, pass->s, i)},
                  dx + at);
    }
    scale_and_decay(pass, network_of_channel(shape, i), count, pass->x + at, dx + at);
}

static void evaluate(const struct pass *pass, double *dx)
{
    pass_forward(pass);
    pass_backward(pass);
    for (size_t i = 1; i <= pass->d->shape.layers; i++)
        change_layer(pass, i, dx);
    for (size_t i = 1; i < pass->d->shape.layers && problem_feedback_learns(pass->d->rule); i++)
        change_channel(pass, i, dx);
}

static struct constants plain(const struct network_data *d)
{
    return (struct constants){
        .sigma_ii = d->sigma_ii, .sigma_ti = d->sigma_ti, .c = d->c, .R = d->R, .sign = -1};
}

/* Of one state; `constants` must outlive it. */
static struct pass pass_at(const struct network_data *d, const struct constants *constants,
                           const double *x)
{
    return (struct pass){.d = d, .constants = constants, .lanes = 1, .x = x, .s = &d->at};
}

/* A block of states beside each other in a wider array. */
struct block {
    size_t width, first, taken;
};

/* The states of the block, by way of scratch. */
static void evaluate_gathered(const struct network_data *d, const struct block *block,
                              const double *x, double *dx)
{
    const struct constants constants = plain(d);
    const size_t lanes = d->lanes, n = block->width;
    struct pass pass = pass_at(d, &constants, d->state);
    pass.lanes = lanes;
    for (size_t j = 0; j < d->shape.dim; j++)
        for (size_t k = 0; k < lanes; k++)
            d->state[j * lanes + k] = x[j * n + block->first + (k < block->taken ? k : 0)];
    evaluate(&pass, d->change);
    for (size_t j = 0; j < d->shape.dim; j++)
        for (size_t k = 0; k < block->taken; k++)
            dx[j * n + block->first + k] = d->change[j * lanes + k];
}

enum status network_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    struct pass pass = pass_at(d, &constants, x);
    pass.lanes = n;
    if (n == 1 || n == d->lanes) {
        evaluate(&pass, dx);
        return OK;
    }
    for (size_t k = 0; k < n; k += d->lanes)
        evaluate_gathered(d, &(struct block){n, k, n - k < d->lanes ? n - k : d->lanes}, x, dx);
    return OK;
}

/* The forward pass at one state, in the flow's scratch. */
static const struct network_signals *signals_at(const struct network_data *d, const double *x)
{
    const struct constants constants = plain(d);
    const struct pass pass = pass_at(d, &constants, x);
    pass_forward(&pass);
    return &d->at;
}

void network_output(const struct flow *flow, const double *x, double *P)
{
    const struct network_data *d = network_data_of(flow);
    memcpy(P, signals_at(d, x)->forward[d->shape.layers], flow->outputs * sizeof *P);
}

const double *network_error(const struct flow *flow, const double *x)
{
    const struct network_data *d = network_data_of(flow);
    return signals_at(d, x)->backward[d->shape.layers];
}

void network_switching(const struct flow *flow, const double *x, double *switching)
{
    const struct network_shape *shape = &network_data_of(flow)->shape;
    memcpy(switching, x + shape->forward[2], flow->switches * sizeof *x);
}

/* Backpropagation of the same network. */
static struct network_data descent_of(const struct network_data *d)
{
    static const struct rule descent = {.feedback = FEEDBACK_TRANSPOSED,
                                        .channel = CHANNEL_LAYERED};
    struct network_data other = *d;
    other.rule = &descent;
    other.R = NULL;
    for (size_t i = 1; i < d->shape.layers; i++)
        other.shape.columns[i] = d->shape.sizes[i + 1];
    return other;
}

/* What backpropagation would do, with the other sign. */
void network_loss_gradient(const struct flow *flow, const double *x, double *g)
{
    const struct network_data d = descent_of(network_data_of(flow));
    const struct network_shape *shape = &d.shape;
    const struct constants constants = plain(&d);
    const struct pass pass = pass_at(&d, &constants, x);
    pass_forward(&pass);
    pass_backward(&pass);
    memset(g, 0, flow->dim * sizeof *g);
    memcpy(g, d.at.backward[1], signal_size(shape, 1) * sizeof *g);
    for (size_t i = 2; i <= shape->layers; i++)
        add_outer(&d, 1,
                  &(struct outer){shape->sizes[i], shape->sizes[i - 1], d.at.backward[i],
                                  d.at.forward[i - 1]},
                  g + shape->forward[i]);
    for (size_t j = 0; j < shape->forward_count; j++)
        g[j] = -g[j];
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
static void linearise_backward(const struct pass *at, const struct pass *along)
{
    const struct network_data *d = at->d;
    const struct network_shape *shape = &d->shape;
    const bool varies =
        d->rule->feedback == FEEDBACK_TRANSPOSED || problem_feedback_learns(d->rule);
    if (d->R)
        pass_product(along);
    for (size_t i = shape->layers - 1; i > 0; i--) {
        struct product p = {.rows = shape->sizes[i],
                            .inner = shape->columns[i],
                            .columns = shape->sizes[0],
                            .A = feedback_at(at, i),
                            .B = one(carried(d, along->s, i)),
                            .C = along->s->backward[i]};
        multiply(1, &p);
        if (!varies)
            continue;
        p.A = feedback_at(along, i);
        p.B = one(carried(d, at->s, i));
        network_add_product(1, &p);
    }
}

/* d(S_i Q_(i-1)'), then rate and decay */
static void linearise_layer(const struct pass *at, const struct pass *along, size_t i, double *Jv)
{
    const struct network_shape *shape = &at->d->shape;
    const size_t rows = shape->sizes[i], columns = shape->sizes[i - 1], k = shape->forward[i];
    memset(Jv + k, 0, rows * columns * sizeof *Jv);
    add_outer(at->d, 1,
              &(struct outer){rows, columns, along->s->backward[i], at->s->forward[i - 1]}, Jv + k);
    add_outer(at->d, 1,
              &(struct outer){rows, columns, at->s->backward[i], along->s->forward[i - 1]}, Jv + k);
    scale_and_decay(along, network_of_layer(i), rows * columns, along->x + k, Jv + k);
}

/* d(Q_i S_(i+1)'), then rate and decay */
static void linearise_channel(const struct pass *at, const struct pass *along, size_t i, double *Jv)
{
    const struct network_data *d = at->d;
    const size_t rows = d->shape.sizes[i], columns = d->shape.columns[i];
    const size_t k = d->shape.channel[i];
    if (d->rule->feedback == FEEDBACK_MIRROR) {
        change_channel(along, i, Jv); /* linear */
        return;
    }
    memset(Jv + k, 0, rows * columns * sizeof *Jv);
    add_outer(d, 1, &(struct outer){rows, columns, along->s->forward[i], carried(d, at->s, i)},
              Jv + k);
    add_outer(d, 1, &(struct outer){rows, columns, at->s->forward[i], carried(d, along->s, i)},
              Jv + k);
    scale_and_decay(along, network_of_channel(&d->shape, i), rows * columns, along->x + k, Jv + k);
}

/* Jv along v; the passes at x must stand in d->at. */
static void linearise(const struct pass *at, const double *v, double *Jv)
{
    const struct network_data *d = at->d;
    struct pass along = *at;
    along.x = v;
    along.s = &d->along;
    linearise_forward(d, at->x, v);
    linearise_backward(at, &along);
    change_layer(&along, 1, Jv);
    for (size_t i = 2; i <= d->shape.layers; i++)
        linearise_layer(at, &along, i, Jv);
    for (size_t i = 1; i < d->shape.layers && problem_feedback_learns(d->rule); i++)
        linearise_channel(at, &along, i, Jv);
}

enum status network_jacobian_times(const struct flow *flow, const double *x, const double *v,
                                   double *Jv)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    const struct pass at = pass_at(d, &constants, x);
    pass_forward(&at);
    pass_backward(&at);
    linearise(&at, v, Jv);
    return OK;
}

enum status network_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    const struct pass at = pass_at(d, &constants, x);
    double *unit = d->state, *column = d->change;
    const size_t n = flow->dim;
    pass_forward(&at);
    pass_backward(&at);
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

void network_change_by(const struct flow *flow, const double *x, const double *z, double *dx)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    const struct pass pass = pass_at(d, &constants, x);
    const size_t L = d->shape.layers;
    pass_forward(&pass);
    memcpy(d->at.backward[L], z, signal_size(&d->shape, L) * sizeof *z);
    pass_backward(&pass);
    memset(dx, 0, flow->dim * sizeof *dx);
    for (size_t i = 1; i <= L; i++)
        change_layer(&pass, i, dx);
    for (size_t i = 1; i < L && problem_feedback_learns(d->rule); i++)
        change_channel(&pass, i, dx);
}

void network_map_errors(const struct flow *flow, const double *x, double *M)
{
    const struct network_data *d = network_data_of(flow);
    const struct constants constants = plain(d);
    const struct pass pass = pass_at(d, &constants, x);
    const size_t L = d->shape.layers, m = flow->outputs;
    pass_forward(&pass);
    memset(d->change, 0, flow->dim * sizeof *d->change);
    for (size_t j = 0; j < m; j++) {
        memset(d->at.backward[L], 0, m * sizeof(double));
        d->at.backward[L][j] = 1;
        pass_backward(&pass);
        for (size_t i = 1; i <= L; i++)
            change_layer(&pass, i, d->change);
        linearise_forward(d, x, d->change);
        for (size_t i = 0; i < m; i++)
            M[i * m + j] = d->along.backward[L][i];
    }
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
    const struct pass pass = pass_at(d, &constants, state);
    evaluate(&pass, bound);
    const double count = roundings(shape);
    for (size_t i = 0; i < flow->dim; i++)
        bound[i] *= count;
}
