/* One node of a graph of formulas in long double: an evaluator that knows nothing of the compiler of
 * equations/code.h, for tests to hold others against.
 *
 * Shapes: x[unknowns].  Units: those of the equations.  Memory: none.  Errors: a function that it does not
 * know fails the test. */
#ifndef TESTS_GRAPH_VALUES_H
#define TESTS_GRAPH_VALUES_H

#include "equations/equations.h"
#include "tests/flow_checks.h"

#include <math.h>
#include <string.h>

static inline long double graph_call_value(const struct function *f, long double u, long double v)
{
    static const struct {
        const char *name;
        long double (*value)(long double);
    } functions[] = {{"acos", acosl},   {"asin", asinl}, {"atan", atanl}, {"cos", cosl},
                     {"cosh", coshl},   {"erf", erfl},   {"exp", expl},   {"ln", logl},
                     {"log10", log10l}, {"sin", sinl},   {"sinh", sinhl}, {"sqrt", sqrtl},
                     {"tan", tanl},     {"tanh", tanhl}, {"abs", fabsl}};
    for (size_t k = 0; k < COUNT(functions); k++)
        if (strcmp(f->name, functions[k].name) == 0)
            return functions[k].value(u);
    if (strcmp(f->name, "sign") == 0)
        return (u > 0) - (u < 0);
    if (strcmp(f->name, "heav") == 0)
        return u >= 0;
    if (strcmp(f->name, "max") == 0)
        return u > v ? u : v;
    assert_string_equal(f->name, "min");
    return u < v ? u : v;
}

/* From the values u and v of its operands. */
static inline long double graph_node_value(const struct equations *e, const struct expression *n,
                                           long double u, long double v, const double *x)
{
    switch (n->kind) {
    case EXPRESSION_NUMBER:
        return n->value;
    case EXPRESSION_UNKNOWN:
        return x[n->index];
    case EXPRESSION_PARAMETER:
        return e->parameter[n->index].value;
    case EXPRESSION_MINUS:
        return -u;
    case EXPRESSION_SUM:
        return u + v;
    case EXPRESSION_DIFFERENCE:
        return u - v;
    case EXPRESSION_PRODUCT:
        return u * v;
    case EXPRESSION_QUOTIENT:
        return u / v;
    case EXPRESSION_POWER:
        return powl(u, v);
    default:
        assert_int_equal(n->kind, EXPRESSION_CALL);
        return graph_call_value(n->function, u, v);
    }
}

#endif
