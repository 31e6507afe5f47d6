/* The activations as formulas: f and f', one line each, as notes/nonlinear.md has them.
 *
 * A derivative is written where it is needed, and not found from f: of heav and sign it would be that
 * off the jump, and 1 - tanh(u)^2 cancels where 1/cosh(u)^2 does not.  An activation that is registered, but
 * not known here, is refused: there is no formula behind a function of C. */
#include "export/export_parts.h"

#include "base/number.h"
#include "linear/channel_activation.h"
#include "nonlinear/activation.h"

#include <math.h>
#include <string.h>

static const char ROOT_TWO_OVER_PI[] = "0.79788456080286535588"; /* sqrt(2/pi) */

/* One neuron: where, its parameter as a node, and that less one. */
struct neuron {
    struct expressions *arena;
    uint32_t u, p, p_less;
    double parameter;
};

/* ---- words ---- */

static uint32_t call(const struct neuron *n, const struct function *function, uint32_t u)
{
    return expression_call(n->arena, function, u, 0);
}

static uint32_t whole(const struct neuron *n, long value)
{
    return expression_whole(n->arena, value);
}

static uint32_t times(const struct neuron *n, uint32_t u, uint32_t v)
{
    return expression_product(n->arena, u, v);
}

static uint32_t size(const struct neuron *n)
{
    return call(n, &function_abs, n->u);
}

static uint32_t half(const struct neuron *n)
{
    return expression_quotient(n->arena, n->u, whole(n, 2));
}

/* 1/cosh(v)^2 */
static uint32_t bell(const struct neuron *n, uint32_t v)
{
    const uint32_t cosine = call(n, &function_cosh, v);
    return expression_quotient(n->arena, whole(n, 1),
                               expression_power(n->arena, cosine, whole(n, 2)));
}

static bool is_whole(const struct neuron *n)
{
    return n->parameter == floor(n->parameter);
}

/* ---- activations ---- */

static struct export_neuron make_erf(const struct neuron *n)
{
    const uint32_t root = call(n, &function_sqrt, whole(n, 2));
    const uint32_t square = expression_power(n->arena, n->u, whole(n, 2));
    const uint32_t fall =
        expression_minus(n->arena, expression_quotient(n->arena, square, whole(n, 2)));
    return (struct export_neuron){
        .value = call(n, &function_erf, expression_quotient(n->arena, n->u, root)),
        .slope =
            times(n, expression_number(n->arena, ROOT_TWO_OVER_PI), call(n, &function_exp, fall))};
}

static struct export_neuron make_identity(const struct neuron *n)
{
    return (struct export_neuron){.value = n->u, .slope = whole(n, 1)};
}

static uint32_t larger(const struct neuron *n)
{
    return expression_call(n->arena, &function_max, n->u, whole(n, 0));
}

static struct export_neuron make_leaky_relu(const struct neuron *n)
{
    const uint32_t least = expression_call(n->arena, &function_min, n->u, whole(n, 0));
    const uint32_t rest = expression_difference(n->arena, whole(n, 1), n->p);
    return (struct export_neuron){
        .value = expression_sum(n->arena, larger(n), times(n, n->p, least)),
        .slope = expression_sum(n->arena, n->p, times(n, rest, call(n, &function_heav, n->u)))};
}

/* (1 + tanh(u/2))/2 = 1/(1 + exp(-u)), and no overflow */
static struct export_neuron make_logistic(const struct neuron *n)
{
    const uint32_t turned = call(n, &function_tanh, half(n));
    enum { QUARTER = 4 };
    return (struct export_neuron){
        .value = expression_quotient(n->arena, expression_sum(n->arena, whole(n, 1), turned),
                                     whole(n, 2)),
        .slope = expression_quotient(n->arena, bell(n, half(n)), whole(n, QUARTER))};
}

/* sgn(u) |u|^p, which is u^p for odd p */
static struct export_neuron make_odd_power(const struct neuron *n)
{
    if (is_whole(n) && fmod(n->parameter, 2) != 0)
        return (struct export_neuron){
            .value = expression_power(n->arena, n->u, n->p),
            .slope = times(n, n->p, expression_power(n->arena, n->u, n->p_less))};
    return (struct export_neuron){
        .value = times(n, call(n, &function_sign, n->u), expression_power(n->arena, size(n), n->p)),
        .slope = times(n, n->p, expression_power(n->arena, size(n), n->p_less))};
}

/* sgn(u) |u|^(1/p) */
static struct export_neuron make_odd_root(const struct neuron *n)
{
    const uint32_t one = whole(n, 1);
    const uint32_t root = expression_quotient(n->arena, one, n->p);
    const uint32_t rest = expression_difference(n->arena, root, one);
    if (n->parameter == 1)
        return make_identity(n);
    return (struct export_neuron){
        .value = times(n, call(n, &function_sign, n->u), expression_power(n->arena, size(n), root)),
        .slope = times(n, root, expression_power(n->arena, size(n), rest))};
}

/* u^p; max(u, 0)^p where p is not whole, without a quotient by 0 left of 0 */
static struct export_neuron make_power(const struct neuron *n)
{
    const uint32_t right = call(n, &function_heav, n->u);
    if (is_whole(n))
        return (struct export_neuron){
            .value = expression_power(n->arena, n->u, n->p),
            .slope = times(n, n->p, expression_power(n->arena, n->u, n->p_less))};
    return (struct export_neuron){
        .value = times(n, right, expression_power(n->arena, size(n), n->p)),
        .slope = times(n, times(n, right, n->p), expression_power(n->arena, size(n), n->p_less))};
}

static struct export_neuron make_relu(const struct neuron *n)
{
    return (struct export_neuron){.value = larger(n), .slope = call(n, &function_heav, n->u)};
}

static struct export_neuron make_tanh(const struct neuron *n)
{
    return (struct export_neuron){.value = call(n, &function_tanh, n->u), .slope = bell(n, n->u)};
}

static const struct {
    const struct activation *activation;
    struct export_neuron (*make)(const struct neuron *neuron);
} known[] = {{&activation_erf, make_erf},
             {&activation_identity, make_identity},
             {&activation_leaky_relu, make_leaky_relu},
             {&activation_logistic, make_logistic},
             {&activation_odd_power, make_odd_power},
             {&activation_odd_root, make_odd_root},
             {&activation_power, make_power},
             {&activation_relu, make_relu},
             {&activation_tanh, make_tanh}};

enum status export_neurons(struct expressions *arena, const struct neurons *neurons, uint32_t u,
                           struct export_neuron *neuron)
{
    char text[NUMBER_TEXT_MAX], less[NUMBER_TEXT_MAX];
    const struct neuron n = {
        .arena = arena,
        .u = u,
        .p = expression_number(arena, number_shortest(neurons->parameter, text)),
        .p_less = expression_number(arena, number_shortest(neurons->parameter - 1, less)),
        .parameter = neurons->parameter};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (known[k].activation == neurons->activation) {
            *neuron = known[k].make(&n);
            return OK;
        }
    return status_fail(BAD_ARGUMENT, "no formula is known of the activation %s",
                       neurons->activation->name);
}

/* ---- the learning channel ---- */

static uint32_t make_softsign(const struct neuron *n)
{
    return expression_quotient(n->arena, n->u, expression_sum(n->arena, whole(n, 1), size(n)));
}

enum status export_neurons_of_channel(struct expressions *arena, const struct channel_activation *g,
                                      uint32_t u, uint32_t *value)
{
    static const struct {
        const char *name;
        const struct function *function; /* NULL: softsign */
    } channels[] = {{"arctan", &function_atan},
                    {"erf", &function_erf},
                    {"softsign", NULL},
                    {"tanh", &function_tanh}};
    const struct neuron n = {.arena = arena, .u = u};
    for (size_t k = 0; k < sizeof channels / sizeof *channels; k++)
        if (strcmp(channels[k].name, g->name) == 0) {
            *value = channels[k].function ? call(&n, channels[k].function, u) : make_softsign(&n);
            return OK;
        }
    return status_fail(BAD_ARGUMENT, "no formula is known of the channel's activation %s", g->name);
}
