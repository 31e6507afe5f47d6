/* u, v, M1 and M2 from responses, and the derivatives of the field that they make.
 *
 * Without the derivative of the neuron the lower layer sees E[(T - O) I] = E[TI] - a2 E[I f(a1 I)];
 * E[I f(aI)] is M1 of the same inputs with the targets T = I, and E[TI] is M1 at a = 1 of a linear
 * neuron, so that one engine, response.h, gives all of them, over finite data and Gaussian inputs.
 * Unequal learning rates multiply the two equations. */
#include "nonlinear/equilibria_field.h"

#include "linear/registry.h"
#include "nonlinear/activation.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the third derivative, over 1 + |a|: with Richardson an error of 1e-10 f^(8). */
static const double STEP = 4e-3;
static const double RICHARDSON = 4;
static const double ROUNDINGS = 16; /* of the sums behind a response, beside its own bound */

struct equilibria_field {
    struct response *response, *crossed; /* T as given; T = I, without the derivative only */
    double gamma;                        /* E[TI], without the derivative only */
    double rate[2], c;
    bool gradient;
};

/* ---- making one ---- */

static enum status problem_fits(const struct problem *problem)
{
    if (!problem->rule || problem->depth != 2 || problem->neuron_count == 0)
        return status_fail(BAD_ARGUMENT, "fixed points of this kind are those of A[1,1,1] with an "
                                         "activation");
    const enum feedback feedback = problem->rule->feedback;
    if (feedback != FEEDBACK_DIRECT && feedback != FEEDBACK_FIXED &&
        feedback != FEEDBACK_TRANSPOSED)
        return status_fail(BAD_ARGUMENT, "under %s the feedback weight is an unknown, too",
                           problem->rule->name);
    if (problem->lambda != 0 || problem->decay_count > 0)
        return status_fail(BAD_ARGUMENT, "with weight decay the fixed points are no critical "
                                         "points of R");
    return OK;
}

static bool is_transposed(const struct rule *rule)
{
    return rule == &rule_bp || rule == &rule_sbp || rule->feedback == FEEDBACK_TRANSPOSED;
}

/* The same inputs with the targets T = I. */
static void targets_from_inputs(struct problem *problem)
{
    static const struct teacher copy = {
        .neurons = {.activation = &activation_identity}, .argument = 1, .scale = 1};
    problem->targets.count = 0;
    problem->teacher = copy;
}

static enum status crossed_create(const struct problem *problem, struct equilibria_field *field)
{
    struct problem *other = malloc(sizeof *other); /* too large for a stack of callers */
    if (!other)
        return status_fail(NO_MEMORY, "no memory for a problem");
    struct response *linear = NULL;
    struct response_values values = {.error = 0};
    *other = *problem;
    other->neuron_count = 1;
    other->neurons[0] = (struct neurons){.activation = &activation_identity};
    enum status status = response_create(other, &linear);
    if (status == OK) {
        response_at(linear, 1, &values);
        field->gamma = values.m1[0];
        *other = *problem;
        targets_from_inputs(other);
        status = response_create(other, &field->crossed);
    }
    response_free(linear);
    free(other);
    return status;
}

static enum status responses_create(const struct problem *problem, struct equilibria_field *field)
{
    TRY(response_create(problem, &field->response));
    return problem->no_derivative ? crossed_create(problem, field) : OK;
}

enum status equilibria_field_create(const struct problem *problem, struct equilibria_field **field)
{
    TRY(problem_fits(problem));
    struct equilibria_field *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for a planar field");
    const double *c = problem_feedback(problem);
    made->gradient = is_transposed(problem->rule);
    made->c = problem->c_count > 0 ? c[0] : 1;
    for (size_t i = 0; i < 2; i++)
        made->rate[i] = problem->rate_count > i ? problem->rates[i] : 1;
    if (!made->gradient && problem->c_count > 1)
        made->rate[1] *= c[1];
    const enum status status = responses_create(problem, made);
    if (status == OK)
        *field = made;
    else
        equilibria_field_free(made);
    return status;
}

void equilibria_field_free(struct equilibria_field *field)
{
    if (!field)
        return;
    response_free(field->response);
    response_free(field->crossed);
    free(field);
}

bool equilibria_field_is_gradient(const struct equilibria_field *field)
{
    return field->gradient;
}

double equilibria_field_feedback(const struct equilibria_field *field)
{
    return field->c;
}

double equilibria_field_target_square(const struct equilibria_field *field)
{
    return response_target_square(field->response);
}

/* ---- values ---- */

void equilibria_field_at(const struct equilibria_field *field, double a,
                         struct equilibria_values *values)
{
    struct response_values response, crossed;
    *values = (struct equilibria_values){.error = 0};
    response_at(field->response, a, &response);
    memcpy(values->m1, response.m1, sizeof values->m1);
    memcpy(values->m2, response.m2, sizeof values->m2);
    values->error = response.error + ROUNDINGS * DBL_EPSILON;
    if (field->crossed) {
        response_at(field->crossed, a, &crossed);
        memcpy(values->v, crossed.m1, sizeof values->v);
        values->u[0] = field->gamma;
        values->error = fmax(values->error, crossed.error + ROUNDINGS * DBL_EPSILON);
        return;
    }
    for (size_t k = 0; k + 1 < EQUILIBRIA_ORDERS; k++) {
        values->u[k] = response.m1[k + 1];
        values->v[k] = response.m2[k + 1] / 2;
    }
}

void equilibria_field_all(const struct equilibria_field *field, double a,
                          struct equilibria_values *values)
{
    static const double weight[] = {RICHARDSON / (RICHARDSON - 1), -1 / (RICHARDSON - 1)};
    equilibria_field_at(field, a, values);
    if (field->crossed)
        return;
    for (int k = 0; k < 2; k++) {
        struct response_values before, after;
        const double h = STEP * (1 + fabs(a)) * (k == 0 ? 1.0 / 2 : 1);
        response_at(field->response, a - h, &before);
        response_at(field->response, a + h, &after);
        values->u[3] += weight[k] * (after.m1[3] - before.m1[3]) / (2 * h);
        values->v[3] += weight[k] * (after.m2[3] - before.m2[3]) / (2 * 2 * h);
    }
}

/* ---- the field ---- */

/* F = k (u - b v), k = c: polynomials of degree one in b; k = b: of degree two. */
static void lower_derivatives(const struct equilibria_field *field,
                              const struct equilibria_values *s, double b, double c,
                              struct equilibria_derivatives *d)
{
    const double rate = field->rate[0];
    for (size_t i = 0; i < EQUILIBRIA_ORDERS; i++) {
        const double u = rate * s->u[i], v = rate * s->v[i];
        const double by_b[] = {field->gradient ? b * (u - b * v) : c * (u - b * v),
                               field->gradient ? u - 2 * b * v : -c * v,
                               field->gradient ? -2 * v : 0};
        for (size_t j = 0; j < sizeof by_b / sizeof *by_b && i + j < EQUILIBRIA_ORDERS; j++)
            d->F[i][j] = by_b[j];
    }
}

void equilibria_field_derivatives(const struct equilibria_field *field,
                                  const struct equilibria_values *values, double b, double c,
                                  struct equilibria_derivatives *d)
{
    *d = (struct equilibria_derivatives){.F = {{0}}};
    lower_derivatives(field, values, b, c, d);
    for (size_t i = 0; i < EQUILIBRIA_ORDERS; i++) {
        d->G[i][0] = field->rate[1] * (values->m1[i] - b * values->m2[i]);
        if (i + 1 < EQUILIBRIA_ORDERS)
            d->G[i][1] = -field->rate[1] * values->m2[i];
    }
}
