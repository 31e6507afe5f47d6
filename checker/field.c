/* Sparse polynomials as a ring, and K. */
#include "checker/field.h"

#include "checker/memory.h"
#include "checker/reject.h"

static void init(void *context, void *z)
{
    const size_t *variables = context;
    polynomial_init(z, *variables);
}

static void set_number(void *context, void *z, const mpq_t number)
{
    (void)context;
    polynomial_set_number(z, number);
}

static void set_variable(void *context, void *z, size_t variable)
{
    (void)context;
    polynomial_set_variable(z, variable);
}

static void add_product(void *context, void *z, const void *a, const void *b)
{
    (void)context;
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    polynomial_add_product(z, one, a, b);
    mpq_clear(one);
}

void field_build(const struct premise *premise, struct field *field)
{
    *field = (struct field){.variables = premise_variables(premise)};
    field->ring = (struct ring){.size = sizeof(struct polynomial),
                                .init = init,
                                .set_number = set_number,
                                .set_variable = set_variable,
                                .add_product = add_product,
                                .context = &field->variables};
    network_make(&field->network, premise, &field->ring);
    network_evaluate(&field->network);
    field->n = field->network.n;
    field->k = field->network.k;
    field->f = network_f(&field->network, 0);
    field->y = memory_new(field->k, sizeof *field->y);
    for (size_t u = 0; u < field->k; u++)
        field->y[u] = *(struct polynomial *)network_y(&field->network, u);
}

/* K[u][.] -= d y_u / d x_i S[i][.] */
static void subtract_row(struct field *field, size_t u, size_t i, const struct polynomial *slope)
{
    mpq_t minus_one;
    mpq_init(minus_one);
    mpq_set_si(minus_one, -1, 1);
    for (size_t v = 0; v < field->k; v++)
        polynomial_add_product(&field->K[u * field->k + v], minus_one, slope,
                               network_S(&field->network, i, v));
    mpq_clear(minus_one);
}

void field_response(struct field *field)
{
    size_t k = field->k;
    struct polynomial slope;
    polynomial_init(&slope, field->variables);
    network_evaluate_drive(&field->network);
    field->K = memory_new(k * k, sizeof *field->K);
    for (size_t entry = 0; entry < k * k; entry++)
        polynomial_init(&field->K[entry], field->variables);
    for (size_t u = 0; u < k; u++)
        for (size_t i = 0; i < field->n; i++) {
            polynomial_derivative(&field->y[u], i, &slope);
            subtract_row(field, u, i, &slope);
        }
    polynomial_clear(&slope);
}
