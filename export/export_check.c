/* Do the formulas say what the field computes?  Asked of each graph that is made, at the start and beside it.
 *
 * A system, a rule or an activation that was added elsewhere may mean something that the generator
 * does not know, and a wrong formula is worse than none.  Three states off every axis suffice: two
 * different analytic fields agree on a set without volume only.  States where the field does not exist, or on which a
 * neuron has its kink, do not count against it. */
#include "equations/code.h"
#include "export/export_parts.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { STATES = 3 };
static const double AGREE = 1e-9; /* of the largest: rounding of both, and room for cancellation */
static const double ASIDE = 0.0871; /* of the states; no number that anyone types */

/* x[dim] of state `k`: the start, and others off all its planes. */
static void state_at(const struct export_source *source, size_t k, double *x)
{
    for (size_t i = 0; i < source->flow->dim; i++)
        x[i] = source->x0[i] + (double)k * ASIDE * cos(1 + (double)i * (double)(k + 1));
}

/* Two right-hand sides, given bounds on the rounding of f in units of DBL_EPSILON. */
struct sides {
    double f[EQUATIONS_UNKNOWNS_MOST], g[EQUATIONS_UNKNOWNS_MOST], bound[EQUATIONS_UNKNOWNS_MOST];
};

static bool are_same(size_t dim, const struct sides *sides)
{
    double largest = 0;
    for (size_t i = 0; i < dim; i++)
        largest = fmax(largest, fabs(sides->f[i]));
    for (size_t i = 0; i < dim; i++)
        if (!(fabs(sides->f[i] - sides->g[i]) <=
              AGREE * (1 + largest) + 2 * DBL_EPSILON * sides->bound[i])) /* one for each side */
            return false;
    return true;
}

static bool is_finite(size_t dim, const double *f)
{
    for (size_t i = 0; i < dim; i++)
        if (!isfinite(f[i]))
            return false;
    return true;
}

/* At how many of the states they differ. */
static size_t disagreements(const struct export_source *source, const struct code *code)
{
    const struct flow *flow = source->flow;
    double x[EQUATIONS_UNKNOWNS_MOST];
    size_t differ = 0;
    for (size_t k = 0; k < STATES; k++) {
        struct sides sides = {.f = {0}};
        state_at(source, k, x);
        if (flow->field(flow, 1, x, sides.f) != OK || !is_finite(flow->dim, sides.f))
            continue;
        if (flow->rounding)
            flow->rounding(flow, x, sides.bound);
        code_run(code, 1, x, sides.g);
        differ += !are_same(flow->dim, &sides);
    }
    return differ;
}

enum status export_check(const struct export_graph *graph)
{
    const struct equations *e = graph->equations;
    double parameters[EQUATIONS_PARAMETERS_MOST] = {0};
    struct code *code = NULL;
    for (size_t k = 0; k < e->parameters; k++)
        parameters[k] = e->parameter[k].value;
    const struct code_plan plan = {.arena = e->arena,
                                   .parameters = parameters,
                                   .unknowns = e->unknowns,
                                   .roots = e->unknowns,
                                   .root = e->right};
    TRY(code_create(&plan, &code));
    const size_t differ = disagreements(graph->source, code);
    code_free(code);
    /* at the start alone a kink may be met */
    if (differ > 1)
        return status_fail(BAD_ARGUMENT,
                           "no formula is known of %s: what would be exported is not its field",
                           graph->source->flow->title);
    return OK;
}
