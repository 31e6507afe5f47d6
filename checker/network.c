/* Matrices of elements, multiplied as the rules say; a transposed matrix is the same one with its steps exchanged. */
#include "checker/network.h"

#include "checker/memory.h"
#include "checker/reject.h"

/* Elements and matrices */

static char *elements(const struct ring *ring, size_t count)
{
    char *z = memory_new(count, ring->size);
    for (size_t k = 0; k < count; k++)
        ring->init(ring->context, z + k * ring->size);
    reject_work(count);
    return z;
}

static void set_integer(const struct ring *ring, void *z, long integer)
{
    mpq_t number;
    mpq_init(number);
    mpq_set_si(number, integer, 1);
    ring->set_number(ring->context, z, number);
    mpq_clear(number);
}

static struct network_matrix matrix_of(const struct ring *ring, size_t rows, size_t columns)
{
    return (struct network_matrix){.rows = rows,
                                   .columns = columns,
                                   .row_step = columns,
                                   .column_step = 1,
                                   .entries = elements(ring, rows * columns)};
}

static struct network_matrix transposed(const struct network_matrix *a)
{
    return (struct network_matrix){.rows = a->columns,
                                   .columns = a->rows,
                                   .row_step = a->column_step,
                                   .column_step = a->row_step,
                                   .entries = a->entries};
}

static void *entry(const struct ring *ring, const struct network_matrix *a, size_t row,
                   size_t column)
{
    return a->entries + (row * a->row_step + column * a->column_step) * ring->size;
}

/* z = sum_k a[row][k] b[k][column] */
static void set_row_times_column(const struct ring *ring, void *z, const struct network_matrix *a,
                                 size_t row, const struct network_matrix *b, size_t column)
{
    set_integer(ring, z, 0);
    for (size_t k = 0; k < a->columns; k++)
        ring->add_product(ring->context, z, entry(ring, a, row, k), entry(ring, b, k, column));
}

static void set_product(const struct ring *ring, const struct network_matrix *z,
                        const struct network_matrix *a, const struct network_matrix *b)
{
    for (size_t i = 0; i < z->rows; i++)
        for (size_t j = 0; j < z->columns; j++)
            set_row_times_column(ring, entry(ring, z, i, j), a, i, b, j);
}

/* Data */

static void set_datum(const struct network *network, enum premise_data data,
                      const struct premise_list *list, size_t at, void *z)
{
    const struct ring *ring = network->ring;
    if (list->any)
        ring->set_variable(ring->context, z, premise_parameter(network->premise, data, at));
    else
        ring->set_number(ring->context, z, list->lo[at]);
}

static void set_data(const struct network *network, enum premise_data data,
                     const struct premise_list *list, size_t first, const struct network_matrix *z)
{
    for (size_t k = 0; k < z->rows * z->columns; k++)
        set_datum(network, data, list, first + k, z->entries + k * network->ring->size);
}

static void make_moments(struct network *network)
{
    const struct premise *premise = network->premise;
    size_t inputs = premise->sizes[0], outputs = premise->sizes[premise->layers];
    network->sigma_ii = matrix_of(network->ring, inputs, inputs);
    network->sigma_ti = matrix_of(network->ring, outputs, inputs);
    set_data(network, DATA_SIGMA_II, &premise->sigma_ii, 0, &network->sigma_ii);
    set_data(network, DATA_SIGMA_TI, &premise->sigma_ti, 0, &network->sigma_ti);
}

static void set_identity(const struct ring *ring, const struct network_matrix *z)
{
    for (size_t i = 0; i < z->rows; i++)
        set_integer(ring, entry(ring, z, i, i), 1);
}

/* T_L: the identity, of a chain with fixed feedback c_L. */
static void set_top(const struct network *network, const struct network_matrix *top)
{
    const struct premise *premise = network->premise;
    set_identity(network->ring, top);
    if (premise->family == FAMILY_CHAIN && premise_feedback_is_fixed(premise))
        set_datum(network, DATA_FEEDBACK, &premise->feedback, premise->layers - 1, top->entries);
}

static void make_feedback(struct network *network)
{
    const struct premise *premise = network->premise;
    for (size_t i = 1; i < premise->layers && premise->rule != RULE_BP; i++) {
        network->C[i] =
            matrix_of(network->ring, premise->sizes[i], premise_feedback_columns(premise, i));
        if (premise_feedback_is_fixed(premise))
            set_data(network, DATA_FEEDBACK, &premise->feedback, premise_feedback_at(premise, i),
                     &network->C[i]);
    }
}

static void make_rates(struct network *network)
{
    const struct ring *ring = network->ring;
    network->rates = elements(ring, network->premise->rate_count);
    for (size_t k = 0; k < network->premise->rate_count; k++)
        ring->set_number(ring->context, network->rates + k * ring->size,
                         network->premise->rates[k]);
    network->minus_one = elements(ring, 1);
    set_integer(ring, network->minus_one, -1);
    network->room = elements(ring, 1);
}

/* Are the T_i below the top products, not the C_i? */
static bool has_layered_channel(const struct premise *premise)
{
    return premise->rule == RULE_BP || premise_is_layered(premise);
}

static void make_products(struct network *network)
{
    const struct premise *premise = network->premise;
    const struct ring *ring = network->ring;
    size_t L = premise->layers, inputs = premise->sizes[0], outputs = premise->sizes[L];
    network->Q[0] = matrix_of(ring, inputs, inputs);
    set_identity(ring, &network->Q[0]);
    for (size_t i = 1; i <= L; i++) {
        network->A[i] = matrix_of(ring, premise->sizes[i], premise->sizes[i - 1]);
        network->Q[i] = matrix_of(ring, premise->sizes[i], inputs);
        network->T[i] = i < L && !has_layered_channel(premise)
                            ? network->C[i]
                            : matrix_of(ring, premise->sizes[i], outputs);
        network->G[i] = matrix_of(ring, premise->sizes[i], inputs);
    }
    set_top(network, &network->T[L]);
    network->map = matrix_of(ring, outputs, inputs);
    network->E = matrix_of(ring, outputs, inputs);
}

void network_make(struct network *network, const struct premise *premise, const struct ring *ring)
{
    *network = (struct network){.premise = premise,
                                .ring = ring,
                                .n = premise->dim,
                                .k = premise->sizes[0] * premise->sizes[premise->layers]};
    make_moments(network);
    make_feedback(network);
    make_rates(network);
    make_products(network);
    network->f = elements(ring, network->n);
}

/* Evaluation */

static void set_variables(const struct ring *ring, const struct network_matrix *z, size_t first)
{
    for (size_t k = 0; k < z->rows * z->columns; k++)
        ring->set_variable(ring->context, z->entries + k * ring->size, first + k);
}

static void evaluate_weights(const struct network *network)
{
    const struct premise *premise = network->premise;
    for (size_t i = 1; i <= premise->layers; i++)
        set_variables(network->ring, &network->A[i], premise_weight_at(premise, i));
    for (size_t i = 1; i < premise->layers && premise_feedback_is_adaptive(premise); i++)
        set_variables(network->ring, &network->C[i], premise_feedback_at(premise, i));
}

static void evaluate_channel(const struct network *network)
{
    const struct premise *premise = network->premise;
    for (size_t i = premise->layers - 1; i >= 1 && has_layered_channel(premise); i--) {
        struct network_matrix back =
            premise->rule == RULE_BP ? transposed(&network->A[i + 1]) : network->C[i];
        set_product(network->ring, &network->T[i], &back, &network->T[i + 1]);
    }
}

/* E = Sigma_TI - Q_L Sigma_II */
static void evaluate_error(const struct network *network)
{
    const struct premise *premise = network->premise;
    const struct ring *ring = network->ring;
    const struct network_matrix *E = &network->E;
    set_product(ring, &network->map, &network->Q[premise->layers], &network->sigma_ii);
    for (size_t k = 0; k < E->rows * E->columns; k++) {
        char *z = E->entries + k * ring->size;
        set_datum(network, DATA_SIGMA_TI, &premise->sigma_ti, k, z);
        ring->add_product(ring->context, z, network->minus_one,
                          network->map.entries + k * ring->size);
    }
}

/* The equations of one matrix of unknowns from `first` on: rate number `rate` times left right. */
struct equation {
    size_t first, rate;
    struct network_matrix left, right;
};

static struct equation weight_equation(const struct network *network, size_t i)
{
    return (struct equation){.first = premise_weight_at(network->premise, i),
                             .rate = i - 1,
                             .left = network->G[i],
                             .right = transposed(&network->Q[i - 1])};
}

static struct equation feedback_equation(const struct network *network, size_t i)
{
    const struct premise *premise = network->premise;
    const struct network_matrix *signal =
        premise_is_layered(premise) ? &network->G[i + 1] : &network->E;
    return (struct equation){.first = premise_feedback_at(premise, i),
                             .rate = premise->layers + i - 1,
                             .left = network->Q[i],
                             .right = transposed(signal)};
}

static void evaluate_equation(const struct network *network, const struct equation *equation)
{
    const struct ring *ring = network->ring;
    char *f = network->f + equation->first * ring->size;
    for (size_t r = 0; r < equation->left.rows; r++)
        for (size_t c = 0; c < equation->right.columns; c++, f += ring->size) {
            set_row_times_column(ring, network->room, &equation->left, r, &equation->right, c);
            set_integer(ring, f, 0);
            ring->add_product(ring->context, f, network->rates + equation->rate * ring->size,
                              network->room);
        }
}

static void evaluate_f(const struct network *network)
{
    size_t L = network->premise->layers;
    for (size_t i = 1; i <= L; i++) {
        struct equation equation = weight_equation(network, i);
        evaluate_equation(network, &equation);
    }
    for (size_t i = 1; i < L && premise_feedback_is_adaptive(network->premise); i++) {
        struct equation equation = feedback_equation(network, i);
        evaluate_equation(network, &equation);
    }
}

void network_evaluate(struct network *network)
{
    evaluate_weights(network);
    for (size_t i = 1; i <= network->premise->layers; i++)
        set_product(network->ring, &network->Q[i], &network->A[i], &network->Q[i - 1]);
    evaluate_channel(network);
    evaluate_error(network);
    for (size_t i = 1; i <= network->premise->layers; i++)
        set_product(network->ring, &network->G[i], &network->T[i], &network->E);
    evaluate_f(network);
}

/* The coefficient of E_ab in unknown (r, c): rate P[r][.] R[c][.] with P = T, R = Q or the other way round. */
struct drive {
    size_t first, rate;
    const struct network_matrix *T, *Q;
};

static void set_drive(const struct network *network, const struct drive *drive, void *z,
                      const void *t, const void *q)
{
    const struct ring *ring = network->ring;
    set_integer(ring, network->room, 0);
    ring->add_product(ring->context, network->room, t, q);
    set_integer(ring, z, 0);
    ring->add_product(ring->context, z, network->rates + drive->rate * ring->size, network->room);
}

/* A_i: unknown (r, c) has T[r][a] Q[c][b]. */
static void evaluate_weight_drive(struct network *network, const struct drive *drive)
{
    const struct ring *ring = network->ring;
    const struct network_matrix *T = drive->T, *Q = drive->Q;
    for (size_t r = 0; r < T->rows; r++)
        for (size_t c = 0; c < Q->rows; c++)
            for (size_t a = 0; a < T->columns; a++)
                for (size_t b = 0; b < Q->columns; b++)
                    set_drive(
                        network, drive,
                        network_S(network, drive->first + r * Q->rows + c, a + T->columns * b),
                        entry(ring, T, r, a), entry(ring, Q, c, b));
}

/* C_i: unknown (r, c) has Q[r][b] T[c][a]. */
static void evaluate_feedback_drive(struct network *network, const struct drive *drive)
{
    const struct ring *ring = network->ring;
    const struct network_matrix *T = drive->T, *Q = drive->Q;
    for (size_t r = 0; r < Q->rows; r++)
        for (size_t c = 0; c < T->rows; c++)
            for (size_t a = 0; a < T->columns; a++)
                for (size_t b = 0; b < Q->columns; b++)
                    set_drive(
                        network, drive,
                        network_S(network, drive->first + r * T->rows + c, a + T->columns * b),
                        entry(ring, T, c, a), entry(ring, Q, r, b));
}

void network_evaluate_drive(struct network *network)
{
    const struct premise *premise = network->premise;
    size_t L = premise->layers;
    if (!network->S)
        network->S = elements(network->ring, network->n * network->k);
    for (size_t i = 1; i <= L; i++)
        evaluate_weight_drive(network, &(struct drive){.first = premise_weight_at(premise, i),
                                                       .rate = i - 1,
                                                       .T = &network->T[i],
                                                       .Q = &network->Q[i - 1]});
    for (size_t i = 1; i < L && premise_feedback_is_adaptive(premise); i++)
        evaluate_feedback_drive(
            network, &(struct drive){.first = premise_feedback_at(premise, i),
                                     .rate = L + i - 1,
                                     .T = &network->T[premise_is_layered(premise) ? i + 1 : L],
                                     .Q = &network->Q[i]});
}

void *network_f(const struct network *network, size_t i)
{
    return network->f + i * network->ring->size;
}

void *network_y(const struct network *network, size_t u)
{
    return entry(network->ring, &network->E, u % network->E.rows, u / network->E.rows);
}

void *network_S(const struct network *network, size_t i, size_t u)
{
    return network->S + (i * network->k + u) * network->ring->size;
}
