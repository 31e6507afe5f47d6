/* Sweeps against exact limits: a start that settles in lanes must settle there by exact arithmetic.
 *
 * The engine of exact/ integrates nothing and shares no code with the sweeper.  Data and starts are
 * multiples of 1/8, of which many lie on separatrices and at multiple roots; doubles hold them
 * exactly, so that both programs see the same numbers.  SETTLE_EXACT_STARTS=100000 in the
 * environment asks for so many starts of each kind. */
#include "exact/limit.h"
#include "exact/statement_problem.h"
#include "ode/sweep.h"
#include "tests/chains.h"

#include <stdlib.h>

enum { SEED = 2027, PROBLEMS = 8, STARTS = 480, DIGITS = 20, DIM_MAX = 12, EIGHTHS = 8, SIDE = 3 };

static const double CLOSE = 1e-10; /* the promise of the project for limits, relative to 1 + |x| */

/* A number k/8 with |k/8| <= SIDE; and one that is not zero. */
static double draw_eighths(struct stream *stream)
{
    return (double)stream_below(stream, 2 * SIDE * EIGHTHS + 1) / EIGHTHS - SIDE;
}

static double draw_nonzero(struct stream *stream)
{
    const double size = (double)(1 + stream_below(stream, SIDE * EIGHTHS)) / EIGHTHS;
    return stream_below(stream, 2) ? size : -size;
}

struct kind {
    const char *name, *system, *rule;
    size_t depth, coefficients; /* of c */
    size_t size_count, sizes[3];
    size_t settled_least; /* per cent of the starts: the test has something to say */
};

struct ensemble {
    const struct kind *kind;
    struct problem problem;
    size_t dim, number; /* of the problem */
    size_t settled, undecided;
};

static void draw_problem(struct ensemble *e)
{
    struct stream stream = stream_at(SEED, stream_key(e->kind->name), e->number);
    struct problem *p = &e->problem;
    *p = problem_defaults(registry_system(e->kind->system), registry_rule(e->kind->rule));
    p->depth = e->kind->depth;
    p->size_count = e->kind->size_count;
    memcpy(p->sizes, e->kind->sizes, sizeof e->kind->sizes);
    p->c_count = e->kind->coefficients;
    for (size_t k = 0; k < p->c_count; k++)
        p->c[k] = draw_nonzero(&stream);
    p->alpha = draw_nonzero(&stream);
    p->beta = fabs(draw_nonzero(&stream));
    assert_int_equal(problem_dim(p, &e->dim), OK);
    assert_true(e->dim <= DIM_MAX);
}

static enum status new_flow(void *context, struct flow **flow)
{
    return problem_flow(&((struct ensemble *)context)->problem, flow);
}

static void draw_start(const void *context, size_t k, double *x0)
{
    const struct ensemble *e = context;
    struct stream stream = stream_at(SEED + 1 + e->number, stream_key(e->kind->name), k);
    for (size_t i = 0; i < e->dim; i++)
        x0[i] = draw_eighths(&stream);
}

static struct limit *exact_limit(const struct problem *problem, const double *x0, size_t dim)
{
    struct statement_numbers numbers;
    struct statement *statement = NULL;
    const char *why = NULL;
    statement_problem_numbers(problem, x0, dim, &numbers);
    assert_int_equal(statement_problem_make(problem, &numbers, &statement, &why), OK);
    statement_problem_free(&numbers);
    assert_non_null(statement);
    struct limit *limit = limit_create(statement);
    assert_non_null(limit);
    assert_int_equal(limit_decide(statement, DIGITS, limit), OK);
    statement_free(statement);
    return limit;
}

static void check_limit(const struct ensemble *e, size_t k, const struct limit *exact,
                        const struct sweep_result *result)
{
    double size = 1, away = 0;
    for (size_t i = 0; i < e->dim; i++) {
        const double x = arf_get_d(arb_midref(exact->x + i), ARF_RND_NEAR);
        size = fmax(size, 1 + fabs(x));
        away = fmax(away, fabs(x - result->limit[i]));
    }
    const double carried = isnan(result->integration_error) ? 0 : result->integration_error;
    if (!(away <= CLOSE * size + carried))
        fail_msg("%s, problem %zu, start %zu: off by %g", e->kind->name, e->number, k, away);
}

static enum status compare(void *context, size_t k, const double *x0,
                           const struct sweep_result *result)
{
    struct ensemble *e = context;
    if (result->by_referee || result->ending != ENDING_SETTLED)
        return OK;
    struct limit *exact = exact_limit(&e->problem, x0, e->dim);
    e->settled++;
    if (exact->ending == ENDING_HORIZON)
        e->undecided++;
    else if (exact->ending != ENDING_SETTLED)
        fail_msg("%s, problem %zu, start %zu: settled in lanes, %s exactly", e->kind->name,
                 e->number, k, ending_name(exact->ending));
    else
        check_limit(e, k, exact, result);
    limit_free(exact);
    return OK;
}

static size_t starts_of_a_problem(void)
{
    const char *asked = getenv("SETTLE_EXACT_STARTS");
    const size_t starts = asked ? (size_t)strtoul(asked, NULL, 10) : STARTS;
    return (starts + PROBLEMS - 1) / PROBLEMS;
}

static void sweep_kind(const struct kind *kind)
{
    const size_t starts = starts_of_a_problem();
    struct ensemble e = {.kind = kind};
    for (e.number = 0; e.number < PROBLEMS; e.number++) {
        draw_problem(&e);
        struct sweep_plan plan = sweep_plan_defaults();
        plan.referee.steps_most = 1; /* it is not asked here */
        const struct sweep_task task = {.count = starts,
                                        .flow = new_flow,
                                        .start = draw_start,
                                        .result = compare,
                                        .context = &e};
        if (sweep_run(&plan, &task, NULL) != OK)
            fail_msg("%s: %s", kind->name, status_message());
    }
    print_message("# %s: %zu of %zu starts settled in lanes, %zu not decided exactly\n", kind->name,
                  e.settled, PROBLEMS * starts, e.undecided);
    assert_true(100 * e.settled >= kind->settled_least * PROBLEMS * starts);
    assert_true(100 * e.undecided <= e.settled);
}

static void what_settles_in_lanes_settles_there_exactly(void **state)
{
    (void)state;
    static const struct kind kinds[] = {
        {"chain 2 rbp", "chain", "rbp", 2, 1, 0, {0}, 50},
        {"chain 3 srbp", "chain", "srbp", 3, 2, 0, {0}, 50},
        {"chain 4 rbp", "chain", "rbp", 4, 3, 0, {0}, 50},
        {"chain 5 srbp", "chain", "srbp", 5, 4, 0, {0}, 50},
        {"chain 3 bp", "chain", "bp", 3, 0, 0, {0}, 50},
        {"chain 2 arbp", "chain", "arbp", 2, 0, 0, {0}, 20},
        {"fan 3 rbp", "fan", "rbp", 0, 3, 3, {1, 3, 1}, 50},
        {"autoencoder 2", "autoencoder", "rbp", 0, 2, 3, {2, 1, 2}, 50},
    };
    for (size_t k = 0; k < COUNT(kinds); k++)
        sweep_kind(&kinds[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_settles_in_lanes_settles_there_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
