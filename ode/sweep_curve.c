/* What sweep_rest.c and, for curves, fixed_point.c and doubt.c do, row by row for a block of states.
 *
 * Every state takes part in as many iterations as the slowest of its block needs, but moves only as
 * long as it would by itself: nothing that is decided about a state depends on its neighbours, (J3).
 *
 * A loop over k is one or two instructions; `restrict` throughout, and no function of the
 * mathematical library but the square root: see linear/chain_lanes.c.  Masks are 1 or 0. */
#include "ode/sweep_curve.h"

#include "ode/fixed_point.h"
#include "ode/sweep_curve_parts.h"

#include <stdlib.h>

enum { POLISH_MOST = 6, EXAMINED_MOST = 2 }; /* as fixed_point_polish_curve() */

static bool any(const double *mask)
{
    for (size_t k = 0; k < WIDTH; k++)
        if (mask[k] > 0)
            return true;
    return false;
}

/* ---- a block of states ---- */

static void evaluate_leaf(struct sweep_curve *c, sweep_row *x)
{
    c->flow->lanes->integrals(c->flow, WIDTH, x[0], (double *)c->I, (double *)c->G);
}

static void evaluate_jacobian(struct sweep_curve *c, sweep_row *x, sweep_row *J)
{
    c->flow->lanes->jacobian(c->flow, WIDTH, x[0], J[0]);
}

static enum status evaluate_root(struct sweep_curve *c)
{
    sweep_row *root = c->root;
    TRY(c->flow->field(c->flow, WIDTH, root[0], c->f_root[0]));
    evaluate_jacobian(c, root, c->J);
    evaluate_leaf(c, root);
    return OK;
}

/* The leaf of the start, and the state on it. */
static void open_block(struct sweep_curve *c)
{
    evaluate_leaf(c, c->x0);
    memcpy(c->I0, c->I, c->r * sizeof *c->I0);
    sweep_curve_open(c);
    evaluate_leaf(c, c->x);
    evaluate_jacobian(c, c->x, c->K);
    sweep_curve_measure_state(c);
}

/* Newton's iteration from x to the root; done = 1 where it has arrived. */
static enum status polish(struct sweep_curve *c)
{
    sweep_curve_solve(c, c->K, c->f);
    sweep_curve_move(c);
    for (int i = 1; i < POLISH_MOST && any(c->going); i++) {
        TRY(evaluate_root(c));
        sweep_curve_solve(c, c->J, c->f_root);
        sweep_curve_move(c);
    }
    return OK;
}

/* found = 1 where the root holds; one more step is tried where it does not. */
static enum status examine(struct sweep_curve *c)
{
    for (int i = 0; i < EXAMINED_MOST; i++) {
        TRY(evaluate_root(c));
        c->flow->lanes->rounding(c->flow, WIDTH, c->root[0], c->rounding[0]);
        sweep_curve_examine(c);
        sweep_curve_solve(c, c->J, c->f_root);
        sweep_curve_correct(c);
        if (!any(c->going) || i + 1 == EXAMINED_MOST)
            return OK;
        for (size_t j = 0; j < c->n; j++)
            sweep_curve_shift(c, j);
    }
    return OK;
}

static void certify(struct sweep_curve *c)
{
    sweep_curve_certify(c);
    if (any(c->going)) {
        sweep_curve_along(c);
        evaluate_jacobian(c, c->probe, c->A);
        sweep_curve_compare_sample(c);
    }
    sweep_curve_settle(c);
}

static void look_for_doubt(struct sweep_curve *c)
{
    evaluate_leaf(c, c->x);
    sweep_curve_reach(c);
    sweep_curve_steepen(c, c->K);
    for (int side = -1; side <= 1; side += 2) {
        sweep_curve_aside(c, side);
        evaluate_jacobian(c, c->probe, c->A);
        sweep_curve_steepen(c, c->A);
    }
    sweep_curve_doubt(c);
}

enum status sweep_curve_judge(struct sweep_curve *c)
{
    open_block(c);
    TRY(polish(c));
    TRY(examine(c));
    certify(c);
    bool all = true;
    for (size_t k = 0; k < WIDTH; k++)
        all = all && c->settled[k] > 0;
    if (!all)
        look_for_doubt(c);
    for (size_t k = 0; k < WIDTH; k++) {
        const bool excluded =
            c->kept[k] > 0 && !(c->found[k] > 0 && !(c->rate[k] < 0)) && !(c->doubtful[k] > 0);
        c->verdict[k] = c->settled[k] > 0 ? SWEEP_SETTLES : excluded ? SWEEP_GOES_ON : SWEEP_DOUBTS;
    }
    return OK;
}

/* ---- making and freeing ---- */

/* Are the leaves of the flow curves? */
static enum status look_at_leaf(const struct flow *flow, bool *curve)
{
    double *origin = calloc(flow->dim + flow->conserved, sizeof *origin);
    struct fixed_point_work *work = fixed_point_work_create(flow);
    const bool made = origin && work;
    if (made) {
        flow_integrals(flow, origin, origin + flow->dim);
        fixed_point_set_leaf(work, origin, origin + flow->dim); /* looks at a point beside it */
        *curve = fixed_point_has_curve(work);
    }
    fixed_point_work_free(work);
    free(origin);
    return made ? OK : status_fail(NO_MEMORY, "sweep of %s", flow->title);
}

static struct sweep_curve *make(const struct flow *flow)
{
    const size_t n = flow->dim, r = flow->conserved;
    const size_t rows = 8 * n + 3 * n * n + 4 * r + r * n;
    struct sweep_curve *c = calloc(1, sizeof *c + rows * sizeof(sweep_row));
    if (!c)
        return NULL;
    c->flow = flow;
    c->n = n;
    c->r = r;
    struct {
        sweep_row **row;
        size_t count;
    } const arrays[] = {
        {&c->x0, n},       {&c->x, n},     {&c->f, n},     {&c->root, n},  {&c->f_root, n},
        {&c->rounding, n}, {&c->probe, n}, {&c->b, n},     {&c->K, n * n}, {&c->J, n * n},
        {&c->A, n * n},    {&c->I0, r},    {&c->terms, r}, {&c->I, r},     {&c->per_gradient, r},
        {&c->G, r * n}};
    sweep_row *next = c->storage;
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].row = next;
        next += arrays[i].count;
    }
    return c;
}

enum status sweep_curve_create(const struct flow *flow, struct sweep_curve **curve)
{
    bool applies = false;
    *curve = NULL;
    if (!flow->lanes || flow->dim > FLOW_DENSE_MOST)
        return OK;
    TRY(look_at_leaf(flow, &applies));
    if (applies && !(*curve = make(flow)))
        return status_fail(NO_MEMORY, "sweep of %s", flow->title);
    return OK;
}

void sweep_curve_free(struct sweep_curve *curve)
{
    free(curve);
}
