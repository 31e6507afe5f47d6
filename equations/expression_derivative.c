/* Symbolic derivatives, one unknown at a time: forward through the nodes that the roots reach.
 *
 *   (u + v)' = u' + v',  (u v)' = u' v + u v',  (u/v)' = u'/v - (u/v) v'/v,
 *   (u^n)' = n u^(n-1) u' for exponents without unknowns, else u^v (v' ln u + v u'/u),
 *   f(u)' = f'(u) u',  |u|' = sign(u) u',  max(u, v)' = h u' + (1 - h) v' with h = heav(u - v).
 *
 * Every node of the derivative is made of nodes of the formula, so that for formulas without shared
 * parts there are a constant number of new nodes for each old one and unknown; with shared parts
 * they stay shared.  heav and sign have the derivative 0 off their jumps, where the flow has
 * switches. */
#include "equations/expression.h"

#include <stdlib.h>

typedef uint32_t derivative_rule(struct expressions *a, uint32_t node, uint32_t u);

/* 1/(1 - u^2)^(1/2) */
static uint32_t over_root(struct expressions *a, long numerator, uint32_t u)
{
    const uint32_t square = expression_power(a, u, expression_whole(a, 2));
    const uint32_t root = expression_call(
        a, &function_sqrt, expression_difference(a, expression_whole(a, 1), square), 0);
    return expression_quotient(a, expression_whole(a, numerator), root);
}

static uint32_t of_abs(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    return expression_call(a, &function_sign, u, 0);
}

static uint32_t of_acos(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    return over_root(a, -1, u);
}

static uint32_t of_asin(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    return over_root(a, 1, u);
}

static uint32_t of_atan(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    const uint32_t square = expression_power(a, u, expression_whole(a, 2));
    return expression_quotient(a, expression_whole(a, 1),
                               expression_sum(a, expression_whole(a, 1), square));
}

static uint32_t of_cos(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    return expression_minus(a, expression_call(a, &function_sin, u, 0));
}

static uint32_t of_cosh(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    return expression_call(a, &function_sinh, u, 0);
}

static uint32_t of_erf(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    const uint32_t square = expression_power(a, u, expression_whole(a, 2));
    return expression_product(a, expression_number(a, "1.12837916709551257390"), /* 2/sqrt(pi) */
                              expression_call(a, &function_exp, expression_minus(a, square), 0));
}

static uint32_t of_exp(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)a, (void)u;
    return node;
}

static uint32_t of_jump(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node, (void)u;
    return expression_whole(a, 0);
}

static uint32_t of_ln(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    return expression_quotient(a, expression_whole(a, 1), u);
}

static uint32_t of_log10(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    return expression_quotient(a, expression_number(a, "0.43429448190325182765"), u); /* 1/ln 10 */
}

static uint32_t of_sin(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    return expression_call(a, &function_cos, u, 0);
}

static uint32_t of_sinh(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)node;
    return expression_call(a, &function_cosh, u, 0);
}

static uint32_t of_sqrt(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)u;
    return expression_quotient(a, expression_whole(a, 1),
                               expression_product(a, expression_whole(a, 2), node));
}

static uint32_t of_tan(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)u;
    return expression_sum(a, expression_whole(a, 1),
                          expression_power(a, node, expression_whole(a, 2)));
}

static uint32_t of_tanh(struct expressions *a, uint32_t node, uint32_t u)
{
    (void)u;
    return expression_difference(a, expression_whole(a, 1),
                                 expression_power(a, node, expression_whole(a, 2)));
}

static const struct {
    const struct function *function;
    derivative_rule *rule;
} rules[] = {{&function_abs, of_abs},   {&function_acos, of_acos},   {&function_asin, of_asin},
             {&function_atan, of_atan}, {&function_cos, of_cos},     {&function_cosh, of_cosh},
             {&function_erf, of_erf},   {&function_exp, of_exp},     {&function_heav, of_jump},
             {&function_ln, of_ln},     {&function_log10, of_log10}, {&function_sign, of_jump},
             {&function_sin, of_sin},   {&function_sinh, of_sinh},   {&function_sqrt, of_sqrt},
             {&function_tan, of_tan},   {&function_tanh, of_tanh}};

/* ---- one node ---- */

/* u and v, and their derivatives. */
struct parts {
    uint32_t u, v, du, dv;
};

/* max: h u' + (1 - h) v'; min: (1 - h) u' + h v'. */
static uint32_t of_choice(struct expressions *a, const struct parts *p, bool larger)
{
    const uint32_t h = expression_call(a, &function_heav, expression_difference(a, p->u, p->v), 0);
    const uint32_t rest = expression_difference(a, expression_whole(a, 1), h);
    return expression_sum(a, expression_product(a, larger ? h : rest, p->du),
                          expression_product(a, larger ? rest : h, p->dv));
}

static uint32_t of_call(struct expressions *a, uint32_t node, const struct parts *p)
{
    const struct function *function = expression_at(a, node)->function;
    if (function == &function_max || function == &function_min)
        return of_choice(a, p, function == &function_max);
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
        if (rules[k].function == function)
            return expression_product(a, rules[k].rule(a, node, p->u), p->du);
    return 0;
}

static uint32_t of_quotient(struct expressions *a, uint32_t node, const struct parts *p)
{
    const uint32_t first = expression_quotient(a, p->du, p->v);
    if (expression_is(a, p->dv, 0))
        return first;
    return expression_difference(a, first,
                                 expression_quotient(a, expression_product(a, node, p->dv), p->v));
}

/* An exponent one smaller. */
static uint32_t lowered(struct expressions *a, uint32_t node, const struct parts *p)
{
    long exponent;
    if (expression_whole_power(a, node, &exponent))
        return expression_power(a, p->u, expression_whole(a, exponent - 1));
    return expression_power(a, p->u, expression_difference(a, p->v, expression_whole(a, 1)));
}

static uint32_t of_power(struct expressions *a, uint32_t node, const struct parts *p)
{
    if (expression_is(a, p->dv, 0))
        return expression_product(a, expression_product(a, p->v, lowered(a, node, p)), p->du);
    const uint32_t log = expression_call(a, &function_ln, p->u, 0);
    const uint32_t rest = expression_quotient(a, expression_product(a, p->v, p->du), p->u);
    return expression_product(a, node, expression_sum(a, expression_product(a, p->dv, log), rest));
}

static uint32_t derivative_of(struct expressions *a, uint32_t node, const struct parts *p)
{
    switch (expression_at(a, node)->kind) {
    case EXPRESSION_MINUS:
        return expression_minus(a, p->du);
    case EXPRESSION_SUM:
        return expression_sum(a, p->du, p->dv);
    case EXPRESSION_DIFFERENCE:
        return expression_difference(a, p->du, p->dv);
    case EXPRESSION_PRODUCT:
        return expression_sum(a, expression_product(a, p->du, p->v),
                              expression_product(a, p->u, p->dv));
    case EXPRESSION_QUOTIENT:
        return of_quotient(a, node, p);
    case EXPRESSION_POWER:
        return of_power(a, node, p);
    case EXPRESSION_CALL:
        return of_call(a, node, p);
    default:
        return expression_whole(a, 0);
    }
}

/* ---- all of them ---- */

/* Work space, of the nodes there are before. */
struct walk {
    size_t nodes;
    bool *reached;
    uint32_t *d;
};

static enum status differentiate(struct expressions *a, struct walk *walk, size_t unknown)
{
    const uint32_t zero = expression_whole(a, 0), one = expression_whole(a, 1);
    for (uint32_t node = 1; node < walk->nodes; node++) {
        if (!walk->reached[node])
            continue;
        const struct expression e = *expression_at(a, node);
        if (e.kind == EXPRESSION_UNKNOWN)
            walk->d[node] = e.index == unknown ? one : zero;
        else if (!e.moves)
            walk->d[node] = zero;
        else
            walk->d[node] = derivative_of(
                a, node, &(struct parts){e.left, e.right, walk->d[e.left], walk->d[e.right]});
    }
    return expression_arena_status(a);
}

enum status expression_derivatives(struct expressions *arena, size_t count, const uint32_t *root,
                                   size_t unknown, uint32_t *derivative)
{
    TRY(expression_arena_status(arena));
    struct walk walk = {.nodes = expression_count(arena)};
    walk.reached = calloc(walk.nodes, sizeof *walk.reached);
    walk.d = calloc(walk.nodes, sizeof *walk.d);
    if (!walk.reached || !walk.d) {
        free(walk.reached);
        free(walk.d);
        return status_fail(NO_MEMORY, "derivatives");
    }
    expression_reach(arena, count, root, walk.reached);
    const enum status status = differentiate(arena, &walk, unknown);
    for (size_t k = 0; k < count && status == OK; k++)
        derivative[k] = walk.d[root[k]];
    free(walk.reached);
    free(walk.d);
    return status;
}
