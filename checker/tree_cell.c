/* What a cell of a tree says, proved for all data in it.
 *
 * leaf: (CT1), and the signs of the state on the whole bracket, which contains the zero of every
 *       member.  Of a chain one sign may follow from the others: at the limit P = alpha/beta.
 * near: from x in the cell, as long as the state is in W, the cell widened by w: e' = -K e with
 *       K = -dG/ds at s = 0 from there, K >= mu > 0, and |x_i'| = |S_i| |e| is at most
 *       sup |S_i| sup |e| e^(-mu t), whose integral is below w_i: so the state never leaves W and
 *       converges to a zero of e there.
 * away: the error keeps its sign up to t_m, and from there on it grows, beyond.h. */
#include "checker/beyond.h"
#include "checker/memory.h"
#include "checker/tree.h"

/* ---- signs ----------------------------------------------------------------------------------- */

static bool has_sign(const struct ball *x, char sign)
{
    return sign == '?' || (sign == '+' ? ball_is_positive(x) : ball_is_negative(x));
}

/* Which unknown, and what its sign must be. */
struct sign_claim {
    size_t unknown;
    char sign;
};

static bool sign_holds(struct curve *curve, const void *data)
{
    const struct sign_claim *claim = data;
    return has_sign(curve_state(curve, claim->unknown), claim->sign);
}

/* The sign of [lo, hi], 0 if it contains 0. */
static int sign_of_range(const mpq_t lo, const mpq_t hi)
{
    return mpq_sgn(lo) > 0 ? 1 : mpq_sgn(hi) < 0 ? -1 : 0;
}

/* May the sign of the one weight that is open follow from the sign of P = alpha/beta? */
static bool follows_from_product(const struct tree *tree, const char *signs)
{
    int product = sign_of_range(tree->cell.lo[0], tree->cell.hi[0]) *
                  sign_of_range(tree->cell.lo[1], tree->cell.hi[1]);
    if (tree->premise->family != FAMILY_CHAIN)
        return false;
    for (size_t i = 0; i < tree->unknowns; i++)
        product *= signs[i] == '+' ? 1 : signs[i] == '-' ? -1 : 0;
    return product > 0;
}

static const char *fault_of_signs(struct tree *tree, struct tree_node *node, struct curve *curve)
{
    size_t open = 0;
    for (size_t i = 0; i < tree->unknowns; i++) {
        struct sign_claim claim = {i, node->signs[i]};
        if (!curve_prove(curve, node->crossing.direction, node->crossing.ends, sign_holds, &claim))
            open++;
        if (open > 1 || (open && !follows_from_product(tree, node->signs)))
            return "a sign at the limit is not proved";
    }
    return NULL;
}

/* ---- leaf ------------------------------------------------------------------------------------ */

const char *tree_cell_leaf(struct tree *tree, struct tree_node *node, struct curve *curve)
{
    struct crossing *crossing = &node->crossing;
    enum curve_direction direction = crossing->direction;
    const struct tree_demand *demand = &tree->demand;
    const char *fault = crossing_fault(curve, crossing);
    if (!fault)
        fault = fault_of_signs(tree, node, curve);
    if (fault)
        return fault;
    if (demand->box &&
        !curve_prove(curve, direction, crossing->ends, crossing_is_in_box, demand->box))
        return "the state on the bracket is not proved to be in the limit box";
    if (demand->rate &&
        !curve_prove(curve, direction, crossing->ends, crossing_is_faster, demand->rate))
        return "the rate is not proved";
    return NULL;
}

/* ---- near ------------------------------------------------------------------------------------ */

/* The cell, its unknowns widened by w. */
static struct curve_data widened(const struct tree *tree, struct tree_node *node)
{
    struct curve_data data = curve_data_of(tree->premise);
    size_t start = curve_data_start(tree->premise);
    curve_data_copy(&data, &tree->cell);
    for (size_t i = 0; i < tree->unknowns; i++) {
        mpq_sub(data.lo[start + i], data.lo[start + i], node->width[i]);
        mpq_add(data.hi[start + i], data.hi[start + i], node->width[i]);
    }
    return data;
}

/* Are the signs, and the limit box, right on all of W? */
static const char *fault_of_place(const struct tree *tree, struct tree_node *node,
                                  const struct curve_data *data)
{
    size_t start = curve_data_start(tree->premise);
    for (size_t i = 0; i < tree->unknowns; i++) {
        mpq_t *lo = &data->lo[start + i], *hi = &data->hi[start + i];
        int sign = sign_of_range(*lo, *hi);
        if (node->signs[i] != '?' && sign != (node->signs[i] == '+' ? 1 : -1))
            return "a sign near the cell is not that of the word";
        if (tree->demand.box && (mpq_cmp(*lo, tree->demand.box->lo[i]) < 0 ||
                                 mpq_cmp(*hi, tree->demand.box->hi[i]) > 0))
            return "the widened cell is not in the limit box";
    }
    return NULL;
}

/* sup |S_i| sup |e| < w_i inf K for all i?  error: an upper bound of |e| on the cell. */
static const char *fault_of_widths(struct curve *curve, struct tree_node *node,
                                   const struct ball *error)
{
    struct ball_context *c = curve_context(curve);
    struct ball K, way;
    ball_init(&K);
    ball_init(&way);
    ball_neg(&K, curve_error(curve, 1));
    const char *fault =
        ball_is_positive(&K) ? NULL : "the error is not proved to decay near the cell";
    ball_lower(c, &K, &K);
    for (size_t i = 0; i < curve_unknowns(curve) && !fault; i++) {
        ball_magnitude(c, &way, curve_speed(curve, i));
        ball_mul(c, &way, &way, error);
        ball_div(c, &way, &way, &K);
        if (!ball_is_below(c, &way, node->width[i]))
            fault = "the way to the limit is not proved to be within the widths";
    }
    ball_clear(&K);
    ball_clear(&way);
    return fault;
}

static const char *fault_of_trap(struct tree *tree, struct tree_node *node, size_t precision,
                                 const struct curve_data *data)
{
    struct ball error;
    mpq_t zero;
    ball_init(&error);
    mpq_init(zero);
    struct curve *curve = tree_narrow(tree, precision);
    curve_enclose(curve, CURVE_FORWARD, zero, zero);
    ball_magnitude(curve_context(curve), &error, curve_error(curve, 0));
    curve = tree_wide(tree, precision, data);
    curve_enclose(curve, CURVE_FORWARD, zero, zero);
    const char *fault = fault_of_widths(curve, node, &error);
    if (!fault && tree->demand.rate && !crossing_is_faster(curve, tree->demand.rate))
        fault = "the rate is not proved";
    ball_clear(&error);
    mpq_clear(zero);
    return fault;
}

const char *tree_cell_near(struct tree *tree, struct tree_node *node, size_t precision)
{
    struct curve_data data = widened(tree, node);
    const char *fault = fault_of_place(tree, node, &data);
    if (!fault)
        fault = fault_of_trap(tree, node, precision, &data);
    memory_free_numbers(data.count, data.lo);
    memory_free_numbers(data.count, data.hi);
    return fault;
}

/* ---- away ------------------------------------------------------------------------------------ */

const char *tree_cell_away(struct tree *tree, struct tree_node *node, size_t precision)
{
    struct crossing *crossing = &node->crossing;
    bool fan = tree->premise->family == FAMILY_FAN;
    struct curve_make make = {.premise = tree->premise,
                              .bits = curve_precisions[precision],
                              .orders = BEYOND_FAN_ORDERS,
                              .parameters = tree->intervals,
                              .parameter = tree->number};
    struct curve *curve = fan ? curve_create(&make) : tree_narrow(tree, precision);
    if (fan)
        curve_set_data(curve, &tree->cell);
    const char *fault = crossing_fault_before(curve, crossing);
    if (!fault) {
        struct beyond beyond = {tree->premise, &tree->cell, crossing->direction};
        fault = beyond_fault(curve, &beyond, crossing->t[crossing->count - 1]);
    }
    if (fan)
        curve_free(curve);
    return fault;
}
