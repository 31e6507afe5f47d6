/* Sweeps: the coefficients, the bits, and the endings.
 *
 * The tables must satisfy one order condition for each rooted tree, fail one beyond their order, and
 * fail one with any coefficient changed in its tenth digit; halving a step divides the error by 2^p.
 * Results must be the same to the last bit for any number of lanes and threads and any batch.  What
 * the lanes call settled must be what the prediction and the referee say, on random starts of several
 * systems and on the traps of the self-test. */
#include "selftest/selftest_chains.h"
#include "tests/chains.h"

#include "ode/doubt.h"
#include "ode/sweep.h"
#include "ode/sweep_table.h"

#include <stdlib.h>

/* ---- order conditions --------------------------------------------------------------------- */

enum { SEED = 2018, ORDER_MOST = 9, TREES_MOST = 800, CHILDREN_MOST = 8 };

/* A rooted tree: its subtrees, by number. */
struct tree {
    size_t order, count, child[CHILDREN_MOST];
    double density; /* gamma */
};

struct forest {
    size_t count, first[ORDER_MOST + 2]; /* of each order */
    struct tree tree[TREES_MOST];
};

/* All trees with `left` more vertices in subtrees numbered at most `most`. */
static void grow(struct forest *forest, struct tree *tree, size_t left, size_t most)
{
    if (left == 0) {
        struct tree *grown = &forest->tree[forest->count++];
        assert_true(forest->count < TREES_MOST);
        *grown = *tree;
        grown->density = (double)grown->order;
        for (size_t m = 0; m < grown->count; m++)
            grown->density *= forest->tree[grown->child[m]].density;
        return;
    }
    for (size_t t = 0; t <= most && t < forest->first[left + 1]; t++) {
        if (forest->tree[t].order > left)
            continue;
        tree->child[tree->count++] = t;
        grow(forest, tree, left - forest->tree[t].order, t);
        tree->count--;
    }
}

static void grow_forest(struct forest *forest)
{
    forest->count = 0;
    for (size_t order = 1; order <= ORDER_MOST; order++) {
        forest->first[order] = forest->count;
        forest->first[order + 1] = forest->count;
        struct tree tree = {.order = order};
        grow(forest, &tree, order - 1, forest->count > 0 ? forest->count - 1 : 0);
        forest->first[order + 1] = forest->count;
    }
}

static const struct {
    const struct sweep_table *table;
    size_t coefficients; /* that are not 0 */
} tables[] = {{&sweep_table_tsitouras, 34}, {&sweep_table_dormand_prince, 74}};

/* weight[t][i] = prod over the subtrees s of sum_j a_ij weight[s][j] */
static void weigh_trees(const struct forest *forest, const struct sweep_table *table,
                        double (*weight)[SWEEP_STAGES_MOST])
{
    for (size_t t = 0; t < forest->count; t++)
        for (size_t i = 0; i < SWEEP_STAGES_MOST; i++) {
            double product = 1;
            for (size_t m = 0; m < forest->tree[t].count; m++) {
                double sum = 0;
                for (size_t j = 0; j < i; j++)
                    sum += table->a[i][j] * weight[forest->tree[t].child[m]][j];
                product *= sum;
            }
            weight[t][i] = product;
        }
}

/* of[m][order]: the largest defect of the conditions of that order; m = 0: of the result, m > 0: of
 * the embedded solution m - 1, b less its estimate. */
struct defects {
    double of[SWEEP_ESTIMATES_MOST + 1][ORDER_MOST + 1];
};

static double worst_of_order(const struct forest *forest, double (*weight)[SWEEP_STAGES_MOST],
                             size_t order, const double *b)
{
    double worst = 0;
    for (size_t t = forest->first[order]; t < forest->first[order + 1]; t++) {
        double sum = -1 / forest->tree[t].density;
        for (size_t i = 0; i < SWEEP_STAGES_MOST; i++)
            sum += b[i] * weight[t][i];
        worst = fmax(worst, fabs(sum));
    }
    return worst;
}

static struct defects defects_of(const struct forest *forest, const struct sweep_table *table)
{
    static double weight[TREES_MOST][SWEEP_STAGES_MOST];
    struct defects defects;
    weigh_trees(forest, table, weight);
    for (size_t m = 0; m <= table->estimates; m++) {
        double b[SWEEP_STAGES_MOST];
        for (size_t i = 0; i < SWEEP_STAGES_MOST; i++)
            b[i] = table->b[i] - (m > 0 ? table->estimate[m - 1][i] : 0);
        for (size_t order = 1; order <= ORDER_MOST; order++)
            defects.of[m][order] = worst_of_order(forest, weight, order, b);
    }
    return defects;
}

static size_t order_of(const struct sweep_table *table, size_t m)
{
    return m > 0 ? table->embedded[m - 1] : table->order;
}

/* The largest defect of the conditions that the table has to satisfy. */
static double defect_of(const struct forest *forest, const struct sweep_table *table)
{
    const struct defects defects = defects_of(forest, table);
    double worst = 0;
    for (size_t m = 0; m <= table->estimates; m++)
        for (size_t order = 1; order <= order_of(table, m); order++)
            worst = fmax(worst, defects.of[m][order]);
    return worst;
}

/* coefficients of up to 44 in size, given to rounding, in sums of a dozen products: 1e-14 */
static const double TABLE_ROUNDING = 3e-14;

static void the_tables_satisfy_the_order_conditions(void **state)
{
    (void)state;
    static struct forest forest;
    static const size_t rooted_trees[] = {0, 1, 1, 2, 4, 9, 20, 48, 115, 286}; /* OEIS A000081 */
    static const double MISSED = 1e-6;
    grow_forest(&forest);
    for (size_t order = 1; order <= ORDER_MOST; order++)
        assert_int_equal(forest.first[order + 1] - forest.first[order], rooted_trees[order]);
    for (size_t k = 0; k < COUNT(tables); k++) {
        const struct sweep_table *table = tables[k].table;
        const struct defects defects = defects_of(&forest, table);
        for (size_t m = 0; m <= table->estimates; m++) {
            const size_t p = order_of(table, m);
            for (size_t order = 1; order <= p; order++)
                if (!(defects.of[m][order] <= TABLE_ROUNDING))
                    fail_msg("table %zu, solution %zu: order %zu missed by %g", k, m, order,
                             defects.of[m][order]);
            assert_true(defects.of[m][p + 1] > MISSED); /* no more than promised */
        }
    }
    const struct sweep_table *t = &sweep_table_tsitouras; /* the last stage is the next first one */
    assert_memory_equal(t->b, t->a[t->stages - 1], sizeof t->b);
}

/* How many of row[SWEEP_STAGES_MOST], a part of the table, a change of the tenth digit leaves within
 * rounding; *tried: all but the zeros. */
static size_t count_unnoticed(const struct forest *forest, const struct sweep_table *table,
                              double *row, size_t *tried)
{
    static const double TENTH = -9; /* the first digit is that of 10^0 */
    size_t unnoticed = 0;
    for (size_t j = 0; j < SWEEP_STAGES_MOST; j++) {
        const double kept = row[j];
        if (kept == 0)
            continue;
        row[j] += pow(10, floor(log10(fabs(kept))) + TENTH);
        unnoticed += defect_of(forest, table) <= TABLE_ROUNDING;
        row[j] = kept;
        ++*tried;
    }
    return unnoticed;
}

static void the_conditions_notice_the_tenth_digit_of_each_coefficient(void **state)
{
    (void)state;
    static struct forest forest;
    grow_forest(&forest);
    for (size_t k = 0; k < COUNT(tables); k++) {
        struct sweep_table table = *tables[k].table;
        size_t unnoticed = 0, tried = 0;
        for (size_t i = 0; i < table.stages; i++)
            unnoticed += count_unnoticed(&forest, &table, table.a[i], &tried);
        unnoticed += count_unnoticed(&forest, &table, table.b, &tried);
        for (size_t m = 0; m < table.estimates; m++)
            unnoticed += count_unnoticed(&forest, &table, table.estimate[m], &tried);
        assert_int_equal(tried, tables[k].coefficients);
        assert_int_equal(unnoticed, 0);
    }
}

/* Of the state at t = 1, in steps of 1/count, of a flow that turns on a circle. */
static double error_of_steps(size_t count)
{
    const struct sweep_table *table = &sweep_table_tsitouras;
    const double h = 1 / (double)count;
    double x[2] = {0.7, -0.4}, k[SWEEP_STAGES_MOST][2];
    for (size_t s = 0; s < count; s++) {
        for (size_t i = 0; i < table->stages; i++) {
            double y[2] = {x[0], x[1]};
            for (size_t j = 0; j < i; j++)
                for (size_t d = 0; d < 2; d++)
                    y[d] += h * table->a[i][j] * k[j][d];
            k[i][0] = y[1] + y[0] * (0.65 - y[0] * y[0] - y[1] * y[1]);
            k[i][1] = -y[0] + y[1] * (0.65 - y[0] * y[0] - y[1] * y[1]);
        }
        for (size_t i = 0; i < table->stages; i++)
            for (size_t d = 0; d < 2; d++)
                x[d] += h * table->b[i] * k[i][d];
    }
    /* the circle x^2 + y^2 = 0.65 is a solution, turned by -t */
    return hypot(x[0] - (0.7 * cos(1) - 0.4 * sin(1)), x[1] - (-0.4 * cos(1) - 0.7 * sin(1)));
}

static void halving_the_step_divides_the_error_by_its_order(void **state)
{
    (void)state;
    const double slope = log2(error_of_steps(8) / error_of_steps(16));
    print_message("# slope %.2f\n", slope);
    assert_true(fabs(slope - (double)sweep_table_tsitouras.order) < 0.7);
}

/* One step of the table from x[n], n <= 4: the result y, and the estimate per unit of tolerance. */
static double take_step(const struct flow *flow, double h, const double *x, double tolerance,
                        double *y)
{
    enum { DIM = 4 };
    const struct sweep_table *table = &sweep_table_tsitouras;
    const size_t n = flow->dim;
    double k[SWEEP_STAGES_MOST][DIM], largest = 0;
    for (size_t i = 0; i < table->stages; i++) {
        for (size_t d = 0; d < n; d++) {
            y[d] = x[d];
            for (size_t j = 0; j < i; j++)
                y[d] += h * table->a[i][j] * k[j][d];
        }
        assert_int_equal(flow->field(flow, 1, y, k[i]), OK);
    }
    for (size_t d = 0; d < n; d++) { /* y is where the last stage was taken */
        double error = 0;
        for (size_t i = 0; i < table->stages; i++)
            error += table->estimate[0][i] * k[i][d];
        largest = fmax(largest, fabs(error) / (tolerance * (0.01 + fabs(x[d]))));
    }
    return h * largest;
}

/* The exact solution after h: steps so short that their error does not count. */
static void follow(const struct flow *flow, double h, double *x)
{
    enum { PARTS = 256, DIM = 4 };
    double next[DIM];
    for (size_t part = 0; part < PARTS; part++) {
        take_step(flow, h / PARTS, x, 1, next);
        memcpy(x, next, flow->dim * sizeof *x);
    }
}

/* (E9) at x, as lanes have it: there they give up, and take no step. */
static bool is_in_doubt(const struct flow *flow, struct fixed_point_work *work, double tolerance,
                        const double *x)
{
    enum { DIM = 4 };
    const size_t n = flow->dim;
    double f[DIM], J[DIM * DIM], Jf[DIM], probe[DIM * DIM + DIM];
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    assert_int_equal(flow->jacobian(flow, x, J), OK);
    matrix_multiply(n, n, 1, J, f, Jf);
    const struct doubt_state state = {.x = x,
                                      .f = f,
                                      .Jf = Jf,
                                      .J_size = matrix_norm(n * n, J),
                                      .step_error = 2 * tolerance * (0.01 + matrix_norm(n, x)),
                                      .work = work};
    return doubt_applies(flow, &state, probe);
}

/* The largest error of the accepted steps of one lane, in tolerances, from x on. */
static double worst_error_of_lane(const struct flow *flow, double tolerance, double *x)
{
    enum { STEPS = 40, DIM = 4 };
    const size_t n = flow->dim;
    double y[DIM], exact[DIM] = {0}, J[DIM * DIM], I0[DIM], worst = 0, h = 0;
    struct fixed_point_work *work = fixed_point_work_create(flow);
    assert_non_null(work);
    flow_integrals(flow, x, I0);
    fixed_point_set_leaf(work, x, I0);
    assert_int_equal(flow->jacobian(flow, x, J), OK);
    h = 1 / matrix_norm(n * n, J);
    for (size_t step = 0; step < STEPS && !is_in_doubt(flow, work, tolerance, x); step++) {
        const double error = take_step(flow, h, x, tolerance, y);
        if (error <= 1) {
            memcpy(exact, x, n * sizeof *x);
            follow(flow, h, exact);
            const double off = matrix_distance(n, y, exact);
            worst = fmax(worst, off / (tolerance * (0.01 + matrix_norm(n, x))));
            memcpy(x, y, n * sizeof *x);
        }
        const double factor = 0.9 / pow(error, 0.1875);
        h *= factor > 0.2 ? fmin(factor, 6) : 0.2;
    }
    fixed_point_work_free(work);
    return worst;
}

/* (E9) and (J1) assume that the error of an accepted step is at most twenty tolerances. */
static void errors_of_steps_are_within_twenty_tolerances(void **state)
{
    (void)state;
    enum { LANES = 6000 };
    static const char *const rules[] = {"bp", "rbp", "srbp"};
    static const double coarse[] = {5e-4, 1e-4, 1e-6};
    double worst[COUNT(coarse)] = {0};
    for (uint64_t trial = 0; trial < LANES; trial++) {
        struct stream stream = stream_at(SEED, stream_key("steps"), trial);
        const struct problem problem = chain_of(rules[trial % 3], 1 + trial / 3 % 4);
        struct flow *flow = flow_of(&problem);
        double x[4];
        const size_t m = trial / 12 % COUNT(coarse);
        for (size_t i = 0; i < flow->dim; i++)
            x[i] = stream_between(&stream, -3, 3);
        worst[m] = fmax(worst[m], worst_error_of_lane(flow, coarse[m], x));
        flow_free(flow);
    }
    for (size_t m = 0; m < COUNT(coarse); m++)
        print_message("# at %g the worst step is off by %.2f tolerances\n", coarse[m], worst[m]);
    for (size_t m = 0; m < COUNT(coarse); m++)
        assert_true(worst[m] > 0.1 && worst[m] <= 20);
}

/* ---- sweeps ------------------------------------------------------------------------------- */

enum { DIM_MOST = 16 };

struct record {
    struct sweep_result result;
    double x0[DIM_MOST], limit[DIM_MOST];
};

struct ensemble {
    struct problem problem;
    const double *starts; /* NULL: random ones */
    double size;
    size_t dim, received, stop_at;
    struct record *record;
};

static enum status ensemble_flow(void *context, struct flow **flow)
{
    return problem_flow(&((struct ensemble *)context)->problem, flow);
}

static void ensemble_start(const void *context, size_t k, double *x0)
{
    const struct ensemble *e = context;
    struct stream stream = stream_at(SEED, stream_key("sweep"), k);
    for (size_t i = 0; i < e->dim; i++)
        x0[i] = e->starts ? e->starts[k * e->dim + i] : stream_between(&stream, -e->size, e->size);
}

static enum status ensemble_result(void *context, size_t k, const double *x0,
                                   const struct sweep_result *result)
{
    struct ensemble *e = context;
    if (e->stop_at > 0 && k == e->stop_at)
        return status_fail(NOT_FINITE, "enough");
    assert_int_equal(k, e->received++);
    struct record *record = &e->record[k];
    memset(record, 0, sizeof *record);
    record->result = *result;
    memcpy(record->x0, x0, e->dim * sizeof *x0);
    memcpy(record->limit, result->limit, e->dim * sizeof *x0);
    return OK;
}

static struct sweep_tally sweep_with_flow(struct ensemble *e, size_t count,
                                          const struct sweep_plan *plan,
                                          enum status (*flow)(void *, struct flow **))
{
    struct sweep_tally tally;
    const struct sweep_task task = {.count = count,
                                    .flow = flow,
                                    .start = ensemble_start,
                                    .result = ensemble_result,
                                    .context = e};
    e->received = 0;
    assert_int_equal(problem_dim(&e->problem, &e->dim), OK);
    assert_true(e->dim <= DIM_MOST);
    if (sweep_run(plan, &task, &tally) != OK)
        fail_msg("sweep_run: %s", status_message());
    assert_int_equal(e->received, count);
    return tally;
}

static struct sweep_tally sweep_of(struct ensemble *e, size_t count, const struct sweep_plan *plan)
{
    return sweep_with_flow(e, count, plan, ensemble_flow);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static bool has_same_bits(const struct record *a, const struct record *b)
{
    const struct sweep_result *p = &a->result, *q = &b->result;
    for (size_t i = 0; i < DIM_MOST; i++)
        if (bits_of(a->limit[i]) != bits_of(b->limit[i]))
            return false;
    return p->ending == q->ending && p->steps == q->steps && p->by_referee == q->by_referee &&
           bits_of(p->t) == bits_of(q->t) &&
           bits_of(p->distance_bound) == bits_of(q->distance_bound) &&
           bits_of(p->transverse_rate) == bits_of(q->transverse_rate);
}

static void assert_same_bits(const struct record *a, const struct record *b, size_t count,
                             const char *what)
{
    for (size_t k = 0; k < count; k++)
        if (!has_same_bits(&a[k], &b[k]))
            fail_msg("%s: start %zu differs", what, k);
}

/* Any lanes, threads and batches: the same bits. */
static void results_do_not_depend_on_who_made_them(void **state)
{
    (void)state;
    enum { STARTS = 3000 };
    static struct record reference[STARTS], other[STARTS];
    static const struct {
        size_t lanes, threads, batch;
    } ways[] = {{1, 1, 16384}, {3, 1, 16384}, {16, 1, 7},    {16, 2, 100},
                {16, 4, 1000}, {8, 3, 2999},  {40, 2, 3000}, {64, 2, 300}};
    for (size_t depth = 2; depth <= 3; depth++) {
        struct ensemble e = {.problem = chain_of("rbp", depth), .size = 3, .record = reference};
        struct sweep_plan plan = sweep_plan_defaults();
        plan.lanes = 8;
        plan.threads = 1;
        sweep_of(&e, STARTS, &plan);
        e.record = other;
        for (size_t w = 0; w < COUNT(ways); w++) {
            char name[80];
            plan.lanes = ways[w].lanes;
            plan.threads = ways[w].threads;
            plan.batch = ways[w].batch;
            sweep_of(&e, STARTS, &plan);
            snprintf(name, sizeof name, "depth %zu, %zu lanes, %zu threads, batches of %zu", depth,
                     plan.lanes, plan.threads, plan.batch);
            assert_same_bits(reference, other, STARTS, name);
        }
    }
}

/* The field of a lane is the field of one state. */
static void fields_of_many_lanes_have_the_bits_of_one(void **state)
{
    (void)state;
    static const char *const rules[] = {"bp", "rbp", "srbp"};
    enum { LANES = 19, DEPTH = 5 };
    double x[DEPTH * LANES], dx[DEPTH * LANES], one[DEPTH], df[DEPTH];
    struct stream stream = stream_at(SEED, stream_key("fields"), 0);
    for (size_t r = 0; r < COUNT(rules); r++)
        for (size_t depth = 1; depth <= DEPTH; depth++) {
            struct problem problem = chain_of(rules[r], depth);
            problem.lambda = depth % 2 ? 0.3 : 0;
            problem.alpha = 0.7;
            struct flow *flow = flow_of(&problem);
            stream_normals(&stream, depth * LANES, 1, x);
            assert_int_equal(flow->field(flow, LANES, x, dx), OK);
            for (size_t k = 0; k < LANES; k++) {
                for (size_t i = 0; i < depth; i++)
                    one[i] = x[i * LANES + k];
                assert_int_equal(flow->field(flow, 1, one, df), OK);
                for (size_t i = 0; i < depth; i++)
                    assert_memory_equal(&df[i], &dx[i * LANES + k], sizeof df[i]);
            }
            flow_free(flow);
        }
}

/* A chain with numbers of all kinds: zeros among the feedback weights, unequal rates, decay. */
static struct problem any_chain(struct stream *stream, size_t depth)
{
    static const char *const rules[] = {"bp", "rbp", "srbp"};
    const size_t rule = stream_below(stream, COUNT(rules));
    struct problem problem = chain_of(rules[rule], depth);
    problem.alpha = 2.385 * stream_normal(stream);
    problem.beta = 0.5 + stream_uniform(stream);
    problem.lambda = stream_below(stream, 4) ? 0 : stream_uniform(stream);
    problem.c_count = rule == 0 ? 0 : depth;
    for (size_t i = 0; i < problem.c_count; i++)
        problem.c[i] = stream_below(stream, 4) ? stream_normal(stream) : 0;
    problem.rate_count = stream_below(stream, 2) ? depth : 0;
    for (size_t i = 0; i < problem.rate_count; i++)
        problem.rates[i] = 0.5 + stream_uniform(stream);
    return problem;
}

enum { MANY = 19, DEPTH_MOST = 5 }; /* two blocks of lanes, and a rest */

/* Row `row` of all lanes against one number of one lane, to the last bit. */
static void assert_bit(const double *rows, size_t row, size_t lane, double one, const char *what)
{
    if (bits_of(rows[row * MANY + lane]) != bits_of(one))
        fail_msg("%s: row %zu of lane %zu is %.17g, alone %.17g", what, row, lane,
                 rows[row * MANY + lane], one);
}

static void compare_lanes_with_one(const struct flow *flow, const double *x)
{
    enum { L = DEPTH_MOST };
    const size_t n = flow->dim;
    double J[L * L * MANY], I[L * MANY], G[L * L * MANY], bound[L * MANY];
    double one[L], J_one[L * L], g[L], bound_one[L];
    flow->lanes->jacobian(flow, MANY, x, J);
    flow->lanes->integrals(flow, MANY, x, I, G);
    flow->lanes->rounding(flow, MANY, x, bound);
    for (size_t k = 0; k < MANY; k++) {
        for (size_t i = 0; i < n; i++)
            one[i] = x[i * MANY + k];
        assert_int_equal(flow->jacobian(flow, one, J_one), OK);
        flow->rounding(flow, one, bound_one);
        for (size_t i = 0; i < n * n; i++)
            assert_bit(J, i, k, J_one[i], "Jacobian");
        for (size_t i = 0; i < n; i++)
            assert_bit(bound, i, k, bound_one[i], "rounding");
        for (size_t c = 0; c < flow->conserved; c++) {
            flow->gradient(flow, c, one, g);
            assert_bit(I, c, k, flow->observe(flow, c, one), "integral");
            for (size_t i = 0; i < n; i++)
                assert_bit(G, c * n + i, k, g[i], "gradient");
        }
    }
}

/* The callbacks for many states have the bits of those for one. */
static void callbacks_of_many_lanes_have_the_bits_of_one(void **state)
{
    (void)state;
    enum { TRIALS = 400 };
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, stream_key("callbacks"), trial);
        const struct problem problem = any_chain(&stream, 1 + trial % DEPTH_MOST);
        struct flow *flow = flow_of(&problem);
        double x[DEPTH_MOST * MANY];
        assert_non_null(flow->lanes);
        stream_normals(&stream, flow->dim * MANY, 1, x);
        compare_lanes_with_one(flow, x);
        flow_free(flow);
    }
}

static enum status flow_without_lanes(void *context, struct flow **flow)
{
    TRY(ensemble_flow(context, flow));
    (*flow)->lanes = NULL;
    return OK;
}

/* Blocks of states are judged as one state is: the same endings and, to rounding, limits. */
static void blocks_are_judged_as_states_are_one_by_one(void **state)
{
    (void)state;
    enum { TRIALS = 60, STARTS = 100 };
    static const double ROUNDING = 1e-11; /* of a limit, over its condition, at most 100 here */
    static struct record together[STARTS], alone[STARTS];
    size_t settled = 0, left = 0, differ = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, stream_key("blocks"), trial);
        struct ensemble e = {.problem = any_chain(&stream, 1 + trial % 4), .size = 2};
        struct sweep_plan plan = sweep_plan_defaults();
        plan.threads = 1;
        plan.referee.steps_most = 1; /* only the lanes are compared */
        e.record = together;
        sweep_of(&e, STARTS, &plan);
        e.record = alone;
        sweep_with_flow(&e, STARTS, &plan, flow_without_lanes);
        for (size_t k = 0; k < STARTS; k++) {
            const struct sweep_result *a = &together[k].result, *b = &alone[k].result;
            if (a->by_referee != b->by_referee)
                fail_msg("trial %zu, start %zu: %d in blocks, %d alone", (size_t)trial, k,
                         a->by_referee, b->by_referee);
            left += a->by_referee;
            if (a->by_referee)
                continue;
            settled++;
            differ += a->steps != b->steps; /* a bound of (E9) is a sum here, a root there */
            const double off = matrix_distance(e.dim, together[k].limit, alone[k].limit);
            assert_true(a->ending == b->ending);
            assert_true(off <= ROUNDING * (1 + matrix_norm(e.dim, alone[k].limit)));
            assert_true(fabs(a->transverse_rate - b->transverse_rate) <=
                        ROUNDING * fabs(b->transverse_rate));
        }
    }
    print_message("# %zu settled, %zu of them after other steps, %zu left to the referee\n",
                  settled, differ, left);
    assert_true(settled > TRIALS * STARTS / 4 && left > 0 && differ <= settled / 100);
}

/* ---- agreement ---------------------------------------------------------------------------- */

static const double SAME_LIMIT = 1e-8; /* relative to 1 + |x|, beside the referee's own bound */

/* Against the prediction; returns how many were predicted. */
static size_t compare_with_prediction(const struct ensemble *e, size_t count)
{
    size_t predicted = 0;
    for (size_t k = 0; k < count; k++) {
        const struct record *record = &e->record[k];
        double limit[DIM_MOST];
        const struct prediction p = prediction_of(&e->problem, record->x0, limit);
        if (p.ending == ENDING_HORIZON || p.about != PREDICTION_STATE)
            continue;
        predicted++;
        if (record->result.ending != ENDING_SETTLED)
            continue;
        const double off = matrix_distance(e->dim, record->limit, limit);
        if (p.ending != ENDING_SETTLED ||
            !(off <= SAME_LIMIT * (1 + matrix_norm(e->dim, limit)) + p.error))
            fail_msg("%s: FALSE SETTLED at start %zu, off by %g, predicted %s",
                     e->problem.system->name, k, off, ending_name(p.ending));
        assert_true(record->result.transverse_rate < 0);
    }
    return predicted;
}

/* Against the referee at its own tolerances, on every `stride`-th start. */
static void compare_with_referee(const struct ensemble *e, size_t count, size_t stride)
{
    const struct plan plan = plan_defaults();
    for (size_t k = 0; k < count; k += stride) {
        const struct record *record = &e->record[k];
        struct trial trial = trial_run(&e->problem, &plan, record->x0);
        const struct outcome *o = trial.outcome;
        if (o->ending != record->result.ending &&
            (record->result.by_referee || o->ending != ENDING_HORIZON))
            fail_msg("%s, start %zu: %s, the referee says %s (%s)", e->problem.system->name, k,
                     ending_name(record->result.ending), ending_name(o->ending), o->reason);
        if (o->ending == ENDING_SETTLED) {
            const double off = matrix_distance(e->dim, o->limit, record->limit);
            if (!(off <= SAME_LIMIT * (1 + matrix_norm(e->dim, o->limit))))
                fail_msg("%s, start %zu: limits differ by %g", e->problem.system->name, k, off);
        }
        trial_free(&trial);
    }
}

struct family {
    const char *name;
    const char *system, *rule;
    size_t depth, size_count, sizes[3];
    double size;
    size_t starts, stride;
    double share_most; /* of the referee; lanes take only leaves that are curves */
};

static const struct family families[] = {
    {"chain 2", "chain", "rbp", 2, 0, {0}, 3, 4000, 40, 0.01},
    {"chain 3", "chain", "srbp", 3, 0, {0}, 2, 4000, 40, 0.05},
    {"chain 4", "chain", "rbp", 4, 0, {0}, 1.5, 2000, 40, 0.05},
    {"chain 3 bp", "chain", "bp", 3, 0, {0}, 2, 4000, 40, 0.05},
    {"fan", "fan", "rbp", 0, 3, {1, 2, 1}, 2, 60, 3, 1},
    {"autoencoder", "autoencoder", "rbp", 0, 3, {2, 1, 2}, 2, 60, 3, 1},
    {"hidden", "hidden", "rbp", 0, 3, {2, 2, 2}, 1, 40, 4, 1},
    {"arbp", "chain", "arbp", 2, 0, {0}, 1, 40, 4, 1},
};

static void sweeps_agree_with_the_referee_and_with_theory(void **state)
{
    (void)state;
    static struct record record[4000];
    const struct sweep_plan plan = sweep_plan_defaults();
    for (size_t f = 0; f < COUNT(families); f++) {
        const struct family *family = &families[f];
        struct ensemble e = {.size = family->size, .record = record};
        e.problem = problem_defaults(registry_system(family->system), registry_rule(family->rule));
        e.problem.depth = family->depth > 0 ? family->depth : e.problem.depth;
        e.problem.size_count = family->size_count;
        memcpy(e.problem.sizes, family->sizes, sizeof family->sizes);
        const struct sweep_tally tally = sweep_of(&e, family->starts, &plan);
        const size_t predicted = compare_with_prediction(&e, family->starts);
        compare_with_referee(&e, family->starts, family->stride);
        print_message("# %s: %zu starts, %zu settled, %zu predicted, %zu to the referee\n",
                      family->name, tally.starts, tally.endings[ENDING_SETTLED], predicted,
                      tally.by_referee);
        assert_true((double)tally.by_referee <= family->share_most * (double)tally.starts);
        assert_true(tally.endings[ENDING_SETTLED] > 0);
    }
}

/* ---- traps -------------------------------------------------------------------------------- */

static void nothing_settles_in_lanes_where_it_should_not(void **state)
{
    (void)state;
    enum { TRAPS = 3000 };
    size_t settled = 0, left = 0;
    static const struct sweep_tolerance coarse[] = {
        {5e-4, 5e-6}, {5e-4, 5e-4}, {1e-4, 1e-6}, {1e-6, 1e-8}};
    for (uint64_t i = 0; i < TRAPS; i++) {
        struct selftest_chain draw;
        struct record record;
        assert_int_equal(selftest_chains_draw(i, &draw), OK);
        struct ensemble e = {.problem = draw.problem, .starts = draw.start, .record = &record};
        struct sweep_plan plan = sweep_plan_defaults();
        plan.lanes = plan.threads = 1;
        plan.coarse = coarse[i / CHAIN_KINDS % COUNT(coarse)];
        plan.referee.steps_most = 1; /* only the lanes are on trial */
        sweep_of(&e, 1, &plan);
        settled += !record.result.by_referee;
        left += record.result.by_referee;
        if (!record.result.by_referee)
            compare_with_prediction(&e, 1);
    }
    print_message("# %zu settled in lanes, %zu left to the referee\n", settled, left);
    assert_true(settled > TRAPS / 3 && left > TRAPS / 20);
}

/* From a thousand away onto the leaf of a double zero at (1, 2, -1, -1), where the solution stops: the errors
 * of the first steps, small beside the start, are large beside the zero. */
static void errors_from_far_away_are_remembered(void **state)
{
    (void)state;
    static const double c[] = {-3, -2, 1, 3};
    static const double x0[] = {5.5, 11.75, -34.515625, 1784.4925537109375};
    struct record record;
    struct ensemble e = {.problem = chain_of("srbp", COUNT(c)), .starts = x0, .record = &record};
    e.problem.c_count = COUNT(c);
    memcpy(e.problem.c, c, sizeof c);
    e.problem.alpha = 6;
    e.problem.beta = 3;
    struct sweep_plan plan = sweep_plan_defaults();
    plan.lanes = plan.threads = 1;
    plan.referee.steps_most = 1; /* only the lanes are on trial */
    sweep_of(&e, 1, &plan);
    assert_true(record.result.by_referee);
}

/* a1' = c1 e, a2' = c2 a1 e on the leaf c1 a2 - c2 a1^2/2 = I, with an unstable root at a1 = u:
 * P' < 0 there, for P = a1 (I + c2 a1^2/2)/c1. */
static double draw_separatrix(struct stream *stream, struct problem *problem, double *I)
{
    double u, slope;
    *problem = chain_of("srbp", 2);
    problem->c_count = 2;
    do {
        for (size_t i = 0; i < 2; i++)
            problem->c[i] = stream_between(stream, -2, 2);
        problem->beta = stream_between(stream, 0.3, 3);
        u = stream_between(stream, -2, 2);
        *I = stream_between(stream, -4, 4);
        slope = *I + 1.5 * problem->c[1] * u * u;
    } while (!(fabs(problem->c[0]) > 0.2) || !(fabs(problem->c[1]) > 0.2) || !(slope < -0.05));
    problem->alpha = problem->beta * u * (*I + problem->c[1] * u * u / 2) / problem->c[0];
    return u;
}

/* Starts beside an unstable root, by 1 to 1/8^16: none is settled on the wrong side, and those that
 * are plainly on one side are settled in lanes. */
static void no_start_crosses_a_separatrix(void **state)
{
    (void)state;
    enum { TRIALS = 150, SIDES = 2 * 17 };
    static struct record record[SIDES];
    size_t plain = 0, plainly_settled = 0, close = 0, closely_settled = 0;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(SEED, stream_key("separatrix"), trial);
        struct ensemble e = {.record = record};
        double I, starts[2 * SIDES];
        const double u = draw_separatrix(&stream, &e.problem, &I);
        const double *c = e.problem.c;
        for (size_t k = 0; k < SIDES; k++) {
            const double x = u + (k % 2 ? -1 : 1) * ldexp(1, -3 * (int)(k / 2));
            starts[2 * k] = x;
            starts[2 * k + 1] = (I + c[1] * x * x / 2) / c[0];
        }
        struct sweep_plan plan = sweep_plan_defaults();
        e.starts = starts;
        plan.threads = 1;
        plan.referee.steps_most = 1; /* only the lanes are on trial */
        sweep_of(&e, SIDES, &plan);
        compare_with_prediction(&e, SIDES);
        for (size_t k = 0; k < SIDES; k++) {
            const bool settled = !record[k].result.by_referee;
            plain += k / 2 == 1 && c[1] > 0; /* else they may be unbounded */
            plainly_settled += k / 2 == 1 && c[1] > 0 && settled;
            close += k / 2 >= 13;
            closely_settled += k / 2 >= 13 && settled;
        }
    }
    print_message("# by 1/8: %zu of %zu settled; by 2e-12 and less: %zu of %zu\n", plainly_settled,
                  plain, closely_settled, close);
    assert_true(plainly_settled > plain / 2 && closely_settled < close / 2);
}

/* x' = -K u (u^2 - d^2), u = x - 1 - d: Newton's iteration from u = d/2 lands on u = -d at once, but
 * the limit is u = d.  Only the contraction tells, (E1). */
static void the_fixed_point_that_newton_finds_is_not_always_the_limit(void **state)
{
    (void)state;
    static const double K = 4096, d = 1.0 / 64, ROUNDING = 1e-11;  /* of coefficients over K d^2 */
    static const double u[] = {0.5, 0.49, 0.51, 0.3, -0.5, -0.51}; /* over d */
    const double m = 1 + d;
    const double q[] = {K * (m * m * m - d * d * m), -K * (3 * m * m - d * d), 3 * K * m, -K};
    double starts[COUNT(u)];
    struct record record[COUNT(u)];
    for (size_t k = 0; k < COUNT(u); k++)
        starts[k] = m + d * u[k];
    struct ensemble e = {.problem = polynomial_of(q, 4), .starts = starts, .record = record};
    const struct sweep_plan plan = sweep_plan_defaults();
    sweep_of(&e, COUNT(u), &plan);
    for (size_t k = 0; k < COUNT(u); k++) {
        assert_int_equal(record[k].result.ending, ENDING_SETTLED);
        if (!(fabs(record[k].limit[0] - (u[k] > 0 ? m + d : m - d)) <= ROUNDING))
            fail_msg("u = %g d ended at %.17g", u[k], record[k].limit[0]);
    }
    assert_false(record[0].result.by_referee);
}

/* ---- errors ------------------------------------------------------------------------------- */

static void bad_plans_and_callbacks_end_the_sweep(void **state)
{
    (void)state;
    static struct record record[10];
    struct ensemble e = {.problem = chain_of("rbp", 2), .dim = 2, .size = 1, .record = record};
    const struct sweep_task task = {.count = 10,
                                    .flow = ensemble_flow,
                                    .start = ensemble_start,
                                    .result = ensemble_result,
                                    .context = &e};
    struct sweep_plan plan = sweep_plan_defaults();
    plan.lanes = 0;
    assert_int_equal(sweep_run(&plan, &task, NULL), BAD_ARGUMENT);
    plan = sweep_plan_defaults();
    plan.coarse.rtol = NAN;
    assert_int_equal(sweep_run(&plan, &task, NULL), BAD_ARGUMENT);
    plan = sweep_plan_defaults();
    plan.coarse.rtol = 0.01;
    assert_int_equal(sweep_run(&plan, &task, NULL), BAD_ARGUMENT);
    plan = sweep_plan_defaults();
    e.stop_at = 4;
    assert_int_equal(sweep_run(&plan, &task, NULL), NOT_FINITE);
    assert_int_equal(e.received, 4);
    e.problem.depth = 0;
    assert_int_equal(sweep_run(&plan, &task, NULL), BAD_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_satisfy_the_order_conditions),
        cmocka_unit_test(the_conditions_notice_the_tenth_digit_of_each_coefficient),
        cmocka_unit_test(halving_the_step_divides_the_error_by_its_order),
        cmocka_unit_test(errors_of_steps_are_within_twenty_tolerances),
        cmocka_unit_test(fields_of_many_lanes_have_the_bits_of_one),
        cmocka_unit_test(results_do_not_depend_on_who_made_them),
        cmocka_unit_test(callbacks_of_many_lanes_have_the_bits_of_one),
        cmocka_unit_test(blocks_are_judged_as_states_are_one_by_one),
        cmocka_unit_test(sweeps_agree_with_the_referee_and_with_theory),
        cmocka_unit_test(nothing_settles_in_lanes_where_it_should_not),
        cmocka_unit_test(errors_from_far_away_are_remembered),
        cmocka_unit_test(no_start_crosses_a_separatrix),
        cmocka_unit_test(the_fixed_point_that_newton_finds_is_not_always_the_limit),
        cmocka_unit_test(bad_plans_and_callbacks_end_the_sweep),
    };
    return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
