/* Matrices of polynomials, multiplied as the rules say. */
#include "checker/field.h"

#include "checker/memory.h"
#include "checker/reject.h"

struct matrix {
    size_t rows, columns;
    struct polynomial *entries;
};

static struct polynomial *polynomials(size_t count, size_t variables)
{
    struct polynomial *p = memory_new(count, sizeof *p);
    for (size_t k = 0; k < count; k++)
        polynomial_init(&p[k], variables);
    reject_work(count);
    return p;
}

static struct matrix matrix_of(size_t rows, size_t columns, size_t variables)
{
    return (struct matrix){
        .rows = rows, .columns = columns, .entries = polynomials(rows * columns, variables)};
}

static struct polynomial *entry(const struct matrix *matrix, size_t row, size_t column)
{
    return &matrix->entries[row * matrix->columns + column];
}

/* A matrix whose entries are variables, one after the other from `first`. */
static struct matrix matrix_of_variables(size_t rows, size_t columns, size_t first,
                                         size_t variables)
{
    struct matrix matrix = matrix_of(rows, columns, variables);
    for (size_t k = 0; k < rows * columns; k++)
        polynomial_set_variable(&matrix.entries[k], first + k);
    return matrix;
}

static struct matrix matrix_identity(size_t size, const mpq_t scale, size_t variables)
{
    struct matrix matrix = matrix_of(size, size, variables);
    for (size_t i = 0; i < size; i++)
        polynomial_set_number(entry(&matrix, i, i), scale);
    return matrix;
}

static struct matrix transposed(const struct matrix *a, size_t variables)
{
    struct matrix matrix = matrix_of(a->columns, a->rows, variables);
    for (size_t i = 0; i < a->rows; i++)
        for (size_t j = 0; j < a->columns; j++)
            *entry(&matrix, j, i) = *entry(a, i, j);
    return matrix;
}

static struct matrix product(const struct matrix *a, const struct matrix *b, size_t variables)
{
    struct matrix matrix = matrix_of(a->rows, b->columns, variables);
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    for (size_t i = 0; i < a->rows; i++)
        for (size_t j = 0; j < b->columns; j++)
            for (size_t k = 0; k < a->columns; k++)
                polynomial_add_product(entry(&matrix, i, j), one, entry(a, i, k), entry(b, k, j));
    mpq_clear(one);
    return matrix;
}

/* The network */

struct network {
    const struct premise *premise;
    size_t variables;
    struct matrix A[PREMISE_SIZES_MAX]; /* A[1..L] */
    struct matrix C[PREMISE_SIZES_MAX]; /* C[1..L-1], of rules that have them */
    struct matrix Q[PREMISE_SIZES_MAX]; /* Q[0..L] */
    struct matrix T[PREMISE_SIZES_MAX]; /* T[1..L] */
};

/* An entry of a list: a number, or the variable that stands for it. */
static void set_datum(const struct network *network, enum premise_data data,
                      const struct premise_list *list, size_t at, struct polynomial *p)
{
    if (list->any)
        polynomial_set_variable(p, premise_parameter(network->premise, data, at));
    else
        polynomial_set_number(p, list->lo[at]);
}

static struct matrix matrix_of_data(const struct network *network, enum premise_data data,
                                    const struct premise_list *list, size_t rows, size_t columns,
                                    size_t first)
{
    struct matrix matrix = matrix_of(rows, columns, network->variables);
    for (size_t k = 0; k < rows * columns; k++)
        set_datum(network, data, list, first + k, &matrix.entries[k]);
    return matrix;
}

static struct matrix feedback_matrix(const struct network *network, size_t i)
{
    const struct premise *premise = network->premise;
    size_t rows = premise->sizes[i], columns = premise_feedback_columns(premise, i);
    size_t at = premise_feedback_at(premise, i);
    if (premise_feedback_is_adaptive(premise))
        return matrix_of_variables(rows, columns, at, network->variables);
    return matrix_of_data(network, DATA_FEEDBACK, &premise->feedback, rows, columns, at);
}

static void make_weights(struct network *network)
{
    const struct premise *premise = network->premise;
    for (size_t i = 1; i <= premise->layers; i++)
        network->A[i] = matrix_of_variables(premise->sizes[i], premise->sizes[i - 1],
                                            premise_weight_at(premise, i), network->variables);
    for (size_t i = 1; i < premise->layers && premise->rule != RULE_BP; i++)
        network->C[i] = feedback_matrix(network, i);
}

static void make_forward(struct network *network)
{
    const struct premise *premise = network->premise;
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    network->Q[0] = matrix_identity(premise->sizes[0], one, network->variables);
    for (size_t i = 1; i <= premise->layers; i++)
        network->Q[i] = product(&network->A[i], &network->Q[i - 1], network->variables);
    mpq_clear(one);
}

/* T_L: the identity, of a chain with fixed feedback c_L. */
static struct matrix top_signal(const struct network *network)
{
    const struct premise *premise = network->premise;
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    struct matrix top = matrix_identity(premise->sizes[premise->layers], one, network->variables);
    if (premise->family == FAMILY_CHAIN && premise_feedback_is_fixed(premise))
        set_datum(network, DATA_FEEDBACK, &premise->feedback, premise->layers - 1, top.entries);
    mpq_clear(one);
    return top;
}

static struct matrix hidden_signal(const struct network *network, size_t i)
{
    if (network->premise->rule == RULE_BP) {
        struct matrix back = transposed(&network->A[i + 1], network->variables);
        return product(&back, &network->T[i + 1], network->variables);
    }
    if (premise_is_layered(network->premise))
        return product(&network->C[i], &network->T[i + 1], network->variables);
    return network->C[i];
}

static void make_backward(struct network *network)
{
    size_t L = network->premise->layers;
    network->T[L] = top_signal(network);
    for (size_t i = L - 1; i >= 1; i--)
        network->T[i] = hidden_signal(network, i);
}

/* The field */

/* y = Sigma_TI - Q_L Sigma_II, column by column. */
static void make_error(const struct network *network, struct polynomial *y)
{
    const struct premise *premise = network->premise;
    size_t inputs = premise->sizes[0], outputs = premise->sizes[premise->layers];
    struct matrix sigma =
        matrix_of_data(network, DATA_SIGMA_II, &premise->sigma_ii, inputs, inputs, 0);
    struct matrix map = product(&network->Q[premise->layers], &sigma, network->variables);
    mpq_t minus_one;
    mpq_init(minus_one);
    mpq_set_si(minus_one, -1, 1);
    for (size_t a = 0; a < outputs; a++)
        for (size_t b = 0; b < inputs; b++) {
            struct polynomial *error = &y[a + outputs * b];
            set_datum(network, DATA_SIGMA_TI, &premise->sigma_ti, a * inputs + b, error);
            polynomial_add(error, minus_one, entry(&map, a, b));
        }
    mpq_clear(minus_one);
}

/* S of A_i: d A_i[r][c]' / d E_ab = r_i T_i[r][a] Q_(i-1)[c][b]. */
static void make_weight_rows(const struct network *network, size_t i, struct field *field)
{
    const struct matrix *T = &network->T[i], *Q = &network->Q[i - 1];
    struct polynomial *S = field->S + premise_weight_at(network->premise, i) * field->k;
    for (size_t r = 0; r < T->rows; r++)
        for (size_t c = 0; c < Q->rows; c++)
            for (size_t b = 0; b < Q->columns; b++)
                for (size_t a = 0; a < T->columns; a++)
                    polynomial_add_product(S++, network->premise->rates[i - 1], entry(T, r, a),
                                           entry(Q, c, b));
}

/* S of the adaptive C_i: d C_i[r][c]' / d E_ab = r_(L+i) Q_i[r][b] T[c][a]. */
static void make_feedback_rows(const struct network *network, size_t i, struct field *field)
{
    const struct premise *premise = network->premise;
    const struct matrix *Q = &network->Q[i];
    const struct matrix *T = &network->T[premise_is_layered(premise) ? i + 1 : premise->layers];
    struct polynomial *S = field->S + premise_feedback_at(premise, i) * field->k;
    for (size_t r = 0; r < Q->rows; r++)
        for (size_t c = 0; c < T->rows; c++)
            for (size_t b = 0; b < Q->columns; b++)
                for (size_t a = 0; a < T->columns; a++)
                    polynomial_add_product(S++, premise->rates[premise->layers + i - 1],
                                           entry(Q, r, b), entry(T, c, a));
}

static void make_drive(const struct network *network, struct field *field)
{
    const struct premise *premise = network->premise;
    for (size_t i = 1; i <= premise->layers; i++)
        make_weight_rows(network, i, field);
    for (size_t i = 1; i < premise->layers && premise_feedback_is_adaptive(premise); i++)
        make_feedback_rows(network, i, field);
}

/* The product of two matrices of polynomials that are given as arrays, times `number`. */
static struct polynomial *times(const struct matrix *a, const struct matrix *b, int number,
                                size_t variables)
{
    mpq_t scale;
    mpq_init(scale);
    mpq_set_si(scale, number, 1);
    struct matrix result = matrix_of(a->rows, b->columns, variables);
    for (size_t i = 0; i < a->rows; i++)
        for (size_t j = 0; j < b->columns; j++)
            for (size_t k = 0; k < a->columns; k++)
                polynomial_add_product(entry(&result, i, j), scale, entry(a, i, k), entry(b, k, j));
    mpq_clear(scale);
    return result.entries;
}

void field_build(const struct premise *premise, struct field *field)
{
    size_t L = premise->layers, variables = premise_variables(premise);
    struct network network = {.premise = premise, .variables = variables};
    *field = (struct field){
        .n = premise->dim, .k = premise->sizes[0] * premise->sizes[L], .variables = variables};
    make_weights(&network);
    make_forward(&network);
    make_backward(&network);
    field->y = polynomials(field->k, variables);
    make_error(&network, field->y);
    field->S = polynomials(field->n * field->k, variables);
    make_drive(&network, field);
    struct matrix S = {.rows = field->n, .columns = field->k, .entries = field->S};
    struct matrix y = {.rows = field->k, .columns = 1, .entries = field->y};
    field->f = times(&S, &y, 1, variables);
}

void field_response(struct field *field)
{
    size_t n = field->n, k = field->k;
    struct matrix S = {.rows = n, .columns = k, .entries = field->S};
    struct matrix Dy = {.rows = k, .columns = n, .entries = polynomials(k * n, field->variables)};
    for (size_t u = 0; u < k; u++)
        for (size_t i = 0; i < n; i++)
            polynomial_derivative(&field->y[u], i, entry(&Dy, u, i));
    field->Dy = Dy.entries;
    field->K = times(&Dy, &S, -1, field->variables);
}
