/* The hypotheses of (EX2), part 3, one test for each, and the degree, which must be at least 2.
 *
 * Why the coefficients of a chain have one sign: from the state at the place, with U_1 = q, all
 * coefficients of U_i have the sign of U_i at the place, by induction: d_i U_i has that of a_i there
 * by the hypothesis, so neither sum in U_(i+1) = U_i (a_i + d_i U_i / 2) cancels. */
#include "checker/beyond.h"

#include "checker/memory.h"

/* Is d_i not 0? */
static bool is_driven(const struct premise *premise, size_t i)
{
    bool driven = mpq_sgn(premise->feedback.lo[i]) != 0;
    bool layered = premise->family == FAMILY_CHAIN && premise_is_layered(premise);
    for (size_t k = i + 1; layered && k < premise->layers; k++)
        driven = driven && mpq_sgn(premise->feedback.lo[k]) != 0;
    return driven;
}

/* The sign of datum `number`, 0 where it may be 0. */
static int sign_of_datum(const struct beyond *beyond, size_t number)
{
    int sign = mpq_sgn(beyond->data->lo[number]);
    return sign == mpq_sgn(beyond->data->hi[number]) ? sign : 0;
}

/* -beta P has the sign of the direction?  P is the product of the layers, none of which is 0. */
static bool product_points_away(const struct beyond *beyond, const int *layer)
{
    int sign = -sign_of_datum(beyond, 0);
    for (size_t i = 0; i < beyond->premise->layers; i++)
        sign *= layer[i];
    return sign == (beyond->direction == CURVE_FORWARD ? 1 : -1);
}

static size_t number_of_layer(const struct beyond *beyond, size_t i)
{
    return curve_data_start(beyond->premise) + i;
}

/* Chains have the degree 2^r - 1, r the number of driven layers, if no other one is 0; fans 3. */
const char *beyond_degree_fault(const struct beyond *beyond)
{
    const struct premise *premise = beyond->premise;
    bool chain = premise->family == FAMILY_CHAIN;
    size_t driven = 0;
    for (size_t i = 0; i < premise->feedback.count; i++) {
        driven += is_driven(premise, i);
        if (chain && !is_driven(premise, i) && !sign_of_datum(beyond, number_of_layer(beyond, i)))
            return "a layer may be dead";
    }
    if (mpq_sgn(beyond->data->lo[0]) == 0 || driven < (chain ? 2 : 1))
        return "the degree of the error is below 2";
    return NULL;
}

/* layer[layers]: room for the signs of the layers from the place on. */
static const char *fault_of_layers(struct curve *curve, const struct beyond *beyond, int *layer)
{
    curve_growth(curve, layer);
    for (size_t i = 0; i < beyond->premise->layers; i++) {
        if (!is_driven(beyond->premise, i))
            layer[i] = sign_of_datum(beyond, number_of_layer(beyond, i));
        else if (!layer[i])
            return "a layer is not proved to grow from the last place on";
    }
    if (!product_points_away(beyond, layer))
        return "the product is not proved to grow on the side away from zero";
    return NULL;
}

static const char *fault_of_chain(struct curve *curve, const struct beyond *beyond)
{
    int *layer = memory_new(beyond->premise->layers, sizeof *layer);
    const char *fault = fault_of_layers(curve, beyond, layer);
    memory_free(layer);
    return fault;
}

/* The coefficients of delta G(delta t) are delta^(j+1) times those of G. */
static const char *fault_of_fan(struct curve *curve, enum curve_direction direction)
{
    for (size_t j = 1; j + 1 < BEYOND_FAN_ORDERS; j++) {
        const struct ball *x = curve_error(curve, j);
        bool turned = direction == CURVE_BACKWARD && j % 2 == 0;
        if (turned ? !ball_is_negative(x) : !ball_is_positive(x))
            return "the error is not proved to grow from the last place on";
    }
    return NULL;
}

const char *beyond_fault(struct curve *curve, const struct beyond *beyond, mpq_t t)
{
    const char *fault = beyond_degree_fault(beyond);
    if (fault)
        return fault;
    curve_enclose(curve, beyond->direction, t, t);
    if (beyond->premise->family == FAMILY_FAN)
        return fault_of_fan(curve, beyond->direction);
    return fault_of_chain(curve, beyond);
}
