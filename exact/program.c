/* A premise as a straight-line program.
 *
 * Forward, Q_0 = 1, Q_i = A_i Q_(i-1); backward, S_i = W_i E with
 *
 *     bp     W_i = A_(i+1)' W_(i+1)          rbp, arbp     W_i = C_i W_(i+1)
 *            W_L = 1                         srbp, asrbp   W_i = C_i
 *
 * and W_L = c_L of a chain under rbp; under srbp c_L is a rate of the top layer.  Then
 *
 *     A_i' = r_i W_i (E Q_(i-1)'),   C_i' = r (Q_i E') W_(i+1)'  (arbp),   C_i' = r Q_i E'  (asrbp).
 *
 * Sums of products are simplified as they are made: a zero factor is no product, products of
 * constants are constants, and one times a node is that node.  Derivatives are taken forwards, by the
 * product rule, from the same nodes: there is no second formula that could be wrong. */
#include "exact/program.h"

#include <stdlib.h>
#include <string.h>

/* ---- building ---- */

/* A matrix of nodes, row by row. */
struct grid {
    size_t rows, columns;
    uint32_t *at;
};

struct builder {
    struct program *p;
    const struct premise *premise;
    struct grid Q[PROBLEM_SIZES_MAX], W[PROBLEM_SIZES_MAX]; /* 0..L; 1..L */
    struct grid E;
    bool failed;
};

static void *grown(void *at, size_t *room, size_t used, size_t each, bool *failed)
{
    if (used < *room)
        return at;
    const size_t more = 2 * *room + 64; // NOLINT: any start will do
    void *bigger = realloc(at, more * each);
    if (!bigger) {
        *failed = true;
        return at;
    }
    *room = more;
    return bigger;
}

static uint32_t add_node(struct builder *b, enum program_kind kind, size_t first, size_t count)
{
    struct program *p = b->p;
    p->node = grown(p->node, &p->node_room, p->nodes, sizeof *p->node, &b->failed);
    if (b->failed)
        return 0;
    p->node[p->nodes] =
        (struct program_node){.kind = kind, .first = (uint32_t)first, .count = (uint32_t)count};
    return (uint32_t)p->nodes++;
}

static uint32_t add_constant(struct builder *b, const fmpq_t value)
{
    struct program *p = b->p;
    if (p->nodes > p->n && fmpq_is_zero(value))
        return p->zero;
    if (p->nodes > (size_t)p->zero + 1 && fmpq_is_one(value))
        return p->one;
    p->constant =
        grown(p->constant, &p->constant_room, p->constants, sizeof *p->constant, &b->failed);
    if (b->failed)
        return 0;
    fmpq_init(p->constant + p->constants);
    fmpq_set(p->constant + p->constants, value);
    return add_node(b, PROGRAM_CONSTANT, p->constants++, 0);
}

static const fmpq *constant_of(const struct program *p, uint32_t node)
{
    return p->node[node].kind == PROGRAM_CONSTANT ? p->constant + p->node[node].first : NULL;
}

static void add_product(struct builder *b, uint32_t x, uint32_t y)
{
    struct program *p = b->p;
    if (b->failed || x == p->zero || y == p->zero)
        return;
    p->product = grown(p->product, &p->product_room, p->products, sizeof *p->product, &b->failed);
    b->failed = b->failed || p->products >= PROGRAM_PRODUCTS_MOST;
    if (!b->failed)
        p->product[p->products++] = (struct program_product){x, y};
}

/* The sum of the products from `first` on as a constant; false: it is none. */
static bool fold(const struct program *p, size_t first, fmpq_t sum)
{
    fmpq_zero(sum);
    for (size_t q = first; q < p->products; q++) {
        const fmpq *x = constant_of(p, p->product[q].a), *y = constant_of(p, p->product[q].b);
        if (!x || !y)
            return false;
        fmpq_addmul(sum, x, y);
    }
    return true;
}

/* The node that is the sum of all products since `first`. */
static uint32_t close_sum(struct builder *b, size_t first)
{
    struct program *p = b->p;
    if (b->failed)
        return 0;
    fmpq_t sum;
    fmpq_init(sum);
    const bool constant = fold(p, first, sum);
    uint32_t node;
    if (constant) {
        p->products = first;
        node = add_constant(b, sum);
    } else if (p->products == first + 1 && p->product[first].a == p->one)
        node = p->product[p->products = first].b;
    else if (p->products == first + 1 && p->product[first].b == p->one)
        node = p->product[p->products = first].a;
    else
        node = add_node(b, PROGRAM_SUM, first, p->products - first);
    fmpq_clear(sum);
    return node;
}

static struct grid grid_make(struct builder *b, size_t rows, size_t columns)
{
    struct grid g = {rows, columns, calloc(rows * columns + 1, sizeof *g.at)};
    b->failed = b->failed || !g.at;
    return g;
}

static struct grid grid_of_unknowns(struct builder *b, size_t rows, size_t columns, size_t first)
{
    struct grid g = grid_make(b, rows, columns);
    for (size_t i = 0; i < rows * columns && !b->failed; i++)
        g.at[i] = (uint32_t)(first + i);
    return g;
}

static struct grid grid_of_numbers(struct builder *b, size_t rows, size_t columns,
                                   const fmpq *numbers)
{
    struct grid g = grid_make(b, rows, columns);
    for (size_t i = 0; i < rows * columns && !b->failed; i++)
        g.at[i] = add_constant(b, numbers + i);
    return g;
}

/* factor times the identity */
static struct grid grid_scalar(struct builder *b, size_t size, const fmpq_t factor)
{
    struct grid g = grid_make(b, size, size);
    const uint32_t node = add_constant(b, factor);
    for (size_t i = 0; i < size * size && !b->failed; i++)
        g.at[i] = i % (size + 1) == 0 ? node : b->p->zero;
    return g;
}

/* Y = X' */
static struct grid grid_turned(struct builder *b, const struct grid *X)
{
    struct grid Y = grid_make(b, X->columns, X->rows);
    for (size_t i = 0; i < X->rows && !b->failed; i++)
        for (size_t j = 0; j < X->columns; j++)
            Y.at[j * X->rows + i] = X->at[i * X->columns + j];
    return Y;
}

static struct grid grid_product(struct builder *b, const struct grid *X, const struct grid *Y)
{
    struct grid Z = grid_make(b, X->rows, Y->columns);
    for (size_t i = 0; i < Z.rows && !b->failed; i++)
        for (size_t j = 0; j < Z.columns && !b->failed; j++) {
            const size_t first = b->p->products;
            for (size_t l = 0; l < X->columns; l++)
                add_product(b, X->at[i * X->columns + l], Y->at[l * Y->columns + j]);
            Z.at[i * Z.columns + j] = close_sum(b, first);
        }
    return Z;
}

/* X Y' and then frees X if it is not wanted any more */
static struct grid product_turned(struct builder *b, const struct grid *X, const struct grid *Y)
{
    struct grid turned = grid_turned(b, Y), Z = {0};
    if (!b->failed)
        Z = grid_product(b, X, &turned);
    free(turned.at);
    return Z;
}

/* ---- the network ---- */

static size_t outputs(const struct premise *m)
{
    return m->sizes[m->layers];
}

/* Where A_i begins in the state. */
static size_t first_of_layer(const struct premise *m, size_t i)
{
    size_t first = 0;
    for (size_t l = 1; l < i; l++)
        first += m->sizes[l] * m->sizes[l - 1];
    return first;
}

/* Where C_i begins among fixed feedback, or, behind all layers, in the state. */
static size_t first_of_channel(const struct premise *m, size_t i)
{
    size_t first = 0;
    for (size_t l = 1; l < i; l++)
        first += m->sizes[l] * premise_feedback_columns(m, l);
    return first;
}

static struct grid layer(struct builder *b, size_t i)
{
    const struct premise *m = b->premise;
    return grid_of_unknowns(b, m->sizes[i], m->sizes[i - 1], first_of_layer(m, i));
}

/* C_i, or A_(i+1)' under bp */
static struct grid channel(struct builder *b, size_t i)
{
    const struct premise *m = b->premise;
    const size_t first = first_of_channel(m, i), columns = premise_feedback_columns(m, i);
    if (m->rule == PREMISE_BP) {
        struct grid A = layer(b, i + 1), turned = grid_turned(b, &A);
        free(A.at);
        return turned;
    }
    if (premise_rule_adapts(m->rule))
        return grid_of_unknowns(b, m->sizes[i], columns, first_of_layer(m, m->layers + 1) + first);
    return grid_of_numbers(b, m->sizes[i], columns, m->feedback + first);
}

/* c_L, or one */
static void top_factor(const struct premise *m, fmpq_t factor)
{
    fmpq_one(factor);
    if (premise_has_top(m))
        fmpq_set(factor, m->feedback + m->feedback_count - 1);
}

static void build_error(struct builder *b)
{
    const struct premise *m = b->premise;
    const size_t inputs = m->sizes[0], L = m->layers;
    struct grid sigma = grid_of_numbers(b, inputs, inputs, m->sigma_ii), driven = {0};
    fmpq_t minus;
    fmpq_init(minus);
    fmpq_set_si(minus, -1, 1);
    const uint32_t negative = add_constant(b, minus);
    if (!b->failed)
        driven = grid_product(b, &b->Q[L], &sigma);
    b->E = grid_make(b, outputs(m), inputs);
    for (size_t i = 0; i < outputs(m) * inputs && !b->failed; i++) {
        const uint32_t target = add_constant(b, m->sigma_ti + i);
        const size_t first = b->p->products;
        add_product(b, target, b->p->one);
        add_product(b, negative, driven.at[i]);
        b->E.at[i] = close_sum(b, first);
    }
    fmpq_clear(minus);
    free(sigma.at);
    free(driven.at);
}

static void build_forward(struct builder *b)
{
    const struct premise *m = b->premise;
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    b->Q[0] = grid_scalar(b, m->sizes[0], one);
    for (size_t i = 1; i <= m->layers && !b->failed; i++) {
        struct grid A = layer(b, i);
        if (!b->failed)
            b->Q[i] = grid_product(b, &A, &b->Q[i - 1]);
        free(A.at);
    }
    fmpq_clear(one);
}

static void build_channel(struct builder *b)
{
    const struct premise *m = b->premise;
    const size_t L = m->layers;
    fmpq_t factor;
    fmpq_init(factor);
    top_factor(m, factor);
    b->W[L] = grid_scalar(b, outputs(m), factor);
    fmpq_clear(factor);
    for (size_t i = L; i-- > 1 && !b->failed;) {
        struct grid C = channel(b, i);
        if (premise_rule_skips(m->rule)) {
            b->W[i] = C;
            continue;
        }
        if (!b->failed)
            b->W[i] = grid_product(b, &C, &b->W[i + 1]);
        free(C.at);
    }
}

/* f[first..] = rate X, row by row */
static void put_field(struct builder *b, size_t first, const fmpq_t rate, const struct grid *X)
{
    const uint32_t factor = add_constant(b, rate);
    for (size_t i = 0; i < X->rows * X->columns && !b->failed; i++) {
        const size_t start = b->p->products;
        add_product(b, factor, X->at[i]);
        b->p->f[first + i] = close_sum(b, start);
    }
}

/* S of the matrix that moves by rate X E Y' (turned: rate X E' Y'): for the entry (a, c), of E_pq
 * it is rate X_ap Y_cq, or rate X_aq Y_cp. */
struct motion {
    size_t first; /* unknown */
    const fmpq *rate;
    const struct grid *X, *Y;
    bool turned;
};

static uint32_t triple(struct builder *b, uint32_t rate, uint32_t x, uint32_t y)
{
    size_t first = b->p->products;
    add_product(b, x, y);
    const uint32_t xy = close_sum(b, first);
    first = b->p->products;
    add_product(b, rate, xy);
    return close_sum(b, first);
}

static void put_entry(struct builder *b, const struct motion *motion, size_t a, size_t c)
{
    const size_t NL = b->E.rows, N0 = b->E.columns;
    const struct grid *X = motion->X, *Y = motion->Y;
    const uint32_t rate = add_constant(b, motion->rate);
    uint32_t *row = b->p->S + (motion->first + a * Y->rows + c) * b->p->k;
    for (size_t p = 0; p < NL && !b->failed; p++)
        for (size_t q = 0; q < N0 && !b->failed; q++) {
            const size_t x = motion->turned ? q : p, y = motion->turned ? p : q;
            row[p + NL * q] = triple(b, rate, X->at[a * X->columns + x], Y->at[c * Y->columns + y]);
        }
}

static void put_moving(struct builder *b, const struct motion *motion)
{
    for (size_t a = 0; a < motion->X->rows; a++)
        for (size_t c = 0; c < motion->Y->rows; c++)
            put_entry(b, motion, a, c);
}

/* f of the same: rate X (E Y'), or rate X (E' Y') */
static void put_motion_field(struct builder *b, const struct motion *motion)
{
    struct grid E = motion->turned ? grid_turned(b, &b->E) : b->E, EY = {0}, all = {0};
    if (!b->failed)
        EY = product_turned(b, &E, motion->Y);
    if (!b->failed)
        all = grid_product(b, motion->X, &EY);
    if (!b->failed)
        put_field(b, motion->first, motion->rate, &all);
    if (motion->turned)
        free(E.at);
    free(EY.at);
    free(all.at);
}

/* Calls `put` for every matrix that moves. */
static void for_motions(struct builder *b, void (*put)(struct builder *, const struct motion *))
{
    const struct premise *m = b->premise;
    const size_t L = m->layers;
    fmpq_t one, rate;
    fmpq_init(one);
    fmpq_init(rate);
    fmpq_one(one);
    struct grid identity = grid_scalar(b, outputs(m), one);
    for (size_t i = 1; i <= L && !b->failed; i++) {
        struct motion motion = {first_of_layer(m, i), m->rates + i - 1, &b->W[i], &b->Q[i - 1],
                                false};
        put(b, &motion);
    }
    for (size_t i = 1; i < L && premise_rule_adapts(m->rule) && !b->failed; i++) {
        const bool skips = premise_rule_skips(m->rule);
        struct motion motion = {first_of_layer(m, L + 1) + first_of_channel(m, i),
                                m->rates + L + i - 1, &b->Q[i], skips ? &identity : &b->W[i + 1],
                                true};
        put(b, &motion);
    }
    free(identity.at);
    fmpq_clear(one);
    fmpq_clear(rate);
}

static void put_errors(struct builder *b)
{
    for (size_t i = 0; i < b->E.rows && !b->failed; i++)
        for (size_t j = 0; j < b->E.columns; j++)
            b->p->y[i + b->E.rows * j] = b->E.at[i * b->E.columns + j];
}

static void add_first_nodes(struct builder *b)
{
    fmpq_t number;
    fmpq_init(number);
    for (size_t i = 0; i < b->p->n && !b->failed; i++)
        add_node(b, PROGRAM_UNKNOWN, i, 0);
    b->p->zero = UINT32_MAX;
    b->p->zero = add_constant(b, number);
    b->p->one = UINT32_MAX;
    fmpq_one(number);
    b->p->one = add_constant(b, number);
    fmpq_clear(number);
}

static void build(struct builder *b)
{
    add_first_nodes(b);
    build_forward(b);
    if (!b->failed)
        build_error(b);
    if (!b->failed)
        build_channel(b);
    if (!b->failed)
        for_motions(b, put_motion_field);
    put_errors(b);
    b->p->field_nodes = b->p->nodes;
    if (!b->failed)
        for_motions(b, put_moving);
}

static void builder_clear(struct builder *b)
{
    for (size_t i = 0; i < PROBLEM_SIZES_MAX; i++) {
        free(b->Q[i].at);
        free(b->W[i].at);
    }
    free(b->E.at);
}

enum status program_create(const struct premise *premise, struct program **program)
{
    struct builder b = {.premise = premise, .p = calloc(1, sizeof *b.p)};
    if (!b.p)
        return status_fail(NO_MEMORY, "a program");
    b.p->n = premise->dim;
    b.p->k = outputs(premise) * premise->sizes[0];
    b.p->y = calloc(b.p->k, sizeof *b.p->y);
    b.p->f = calloc(b.p->n, sizeof *b.p->f);
    b.p->S = calloc(b.p->n * b.p->k, sizeof *b.p->S);
    b.failed = !b.p->y || !b.p->f || !b.p->S;
    if (!b.failed)
        build(&b);
    builder_clear(&b);
    if (b.failed) {
        const size_t products = b.p->products;
        program_free(b.p);
        return products >= PROGRAM_PRODUCTS_MOST
                   ? status_fail(BAD_ARGUMENT, "more than %d products in the field",
                                 PROGRAM_PRODUCTS_MOST)
                   : status_fail(NO_MEMORY, "a program of %zu unknowns", premise->dim);
    }
    *program = b.p;
    return OK;
}

void program_free(struct program *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->constants; i++)
        fmpq_clear(p->constant + i);
    free(p->constant);
    free(p->node);
    free(p->product);
    free(p->y);
    free(p->f);
    free(p->S);
    free(p);
}

/* ---- balls ---- */

static void value_of(const struct program *p, size_t i, slong prec, arb_ptr values)
{
    const struct program_node node = p->node[i];
    if (node.kind == PROGRAM_CONSTANT) {
        arb_set_fmpq(values + i, p->constant + node.first, prec);
        return;
    }
    arb_zero(values + i);
    for (size_t q = node.first; q < node.first + node.count; q++)
        arb_addmul(values + i, values + p->product[q].a, values + p->product[q].b, prec);
}

void program_values(const struct program *p, size_t count, arb_srcptr x, slong prec, arb_ptr values)
{
    for (size_t i = 0; i < count; i++)
        if (p->node[i].kind == PROGRAM_UNKNOWN)
            arb_set(values + i, x + i);
        else
            value_of(p, i, prec, values);
}

/* row += factor other, if there is anything */
static void add_slope(size_t n, const arb_t factor, arb_srcptr other, slong prec, arb_ptr row)
{
    for (size_t j = 0; j < n; j++)
        if (!arb_is_zero(other + j))
            arb_addmul(row + j, factor, other + j, prec);
}

void program_slopes(const struct program *p, size_t count, arb_srcptr values, slong prec,
                    arb_ptr slopes)
{
    const size_t n = p->n;
    for (size_t i = 0; i < count; i++) {
        const struct program_node node = p->node[i];
        _arb_vec_zero(slopes + i * n, (slong)n);
        if (node.kind == PROGRAM_UNKNOWN)
            arb_one(slopes + i * n + i);
        for (size_t q = node.first; node.kind == PROGRAM_SUM && q < node.first + node.count; q++) {
            const struct program_product at = p->product[q];
            add_slope(n, values + at.a, slopes + at.b * n, prec, slopes + i * n);
            add_slope(n, values + at.b, slopes + at.a * n, prec, slopes + i * n);
        }
    }
}

static void copy_rows(const uint32_t *node, size_t count, size_t n, arb_srcptr slopes, arb_ptr to)
{
    for (size_t i = 0; i < count; i++)
        _arb_vec_set(to + i * n, slopes + node[i] * n, (slong)n);
}

static void transverse(const struct program *p, const struct program_matrices *m, slong prec)
{
    const size_t n = p->n, k = p->k;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            arb_ptr entry = m->K + i * k + j;
            arb_zero(entry);
            for (size_t l = 0; l < n; l++)
                arb_submul(entry, m->Dy + i * n + l, m->S + l * k + j, prec);
        }
}

void program_matrices_at(const struct program *p, arb_srcptr x, slong prec,
                         const struct program_matrices *m)
{
    const size_t slopes_count = p->field_nodes * p->n;
    arb_ptr values = _arb_vec_init((slong)p->nodes), slopes = _arb_vec_init((slong)slopes_count);
    program_values(p, p->nodes, x, prec, values);
    program_slopes(p, p->field_nodes, values, prec, slopes);
    copy_rows(p->f, p->n, p->n, slopes, m->Df);
    copy_rows(p->y, p->k, p->n, slopes, m->Dy);
    for (size_t i = 0; i < p->n * p->k; i++)
        arb_set(m->S + i, values + p->S[i]);
    transverse(p, m, prec);
    _arb_vec_clear(values, (slong)p->nodes);
    _arb_vec_clear(slopes, (slong)slopes_count);
}
