/* Every registered system under every rule, as a flow: its derivatives, its claims, its lanes.
 *
 * Newton's method forgives a wrong Jacobian and an endpoint forgives a wrong integral, so each is
 * compared with differences and with the field itself, at random states, for random data: unequal
 * rates, vanishing feedback weights, decay, a negative top weight.  Claims are data, and one
 * generic test holds every flow to them. */
#include "linear/network.h"
#include "tests/chains.h"
#include "tests/flow_checks.h"

#include <float.h>

enum {
    SEED = 2018,
    INSTANCES = 60,
    STATES = 5,
    DEPTH_MOST = 9,
    DIM_MOST = FLOW_DENSE_MOST,
    CLAIMS_MOST = 400
};

/* ---- random instances of every system and rule -------------------------------------------- */

static void draw_numbers(struct stream *stream, double *list, size_t count, double zeros)
{
    for (size_t i = 0; i < count; i++)
        list[i] = stream_uniform(stream) < zeros ? 0 : 2.385 * stream_normal(stream);
}

/* Any sizes that the system takes, not too many unknowns. */
static void draw_sizes(struct stream *stream, struct problem *problem)
{
    enum { LAYERS_MOST = 4, UNITS_MOST = 4, TRIES = 10000 };
    size_t dim = DIM_MOST + 1;
    enum status status = BAD_ARGUMENT;
    for (int k = 0; k < TRIES && (status != OK || dim > DIM_MOST); k++) {
        problem->size_count = 2 + stream_below(stream, LAYERS_MOST);
        for (size_t i = 0; i < problem->size_count; i++)
            problem->sizes[i] = 1 + stream_below(stream, UNITS_MOST);
        status = problem_dim(problem, &dim);
    }
    assert_int_equal(status, OK);
}

/* Sigma_II = M M' (singular now and then) or the identity, any Sigma_TI. */
static void draw_moments(struct stream *stream, struct problem *problem)
{
    double M[16] = {0};
    const size_t n = problem->sizes[0], outputs = problem->sizes[problem->size_count - 1];
    const size_t rank = stream_below(stream, 4) ? n : 1;
    if (n == 1 && outputs == 1)
        return;
    draw_numbers(stream, M, n * n, 0);
    problem->sigma_ii.count = stream_below(stream, 4) ? n * n : 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t l = 0; l < rank; l++)
                problem->sigma_ii.near[i * n + j] += M[i * n + l] * M[j * n + l] / 4;
    problem->sigma_ti.count = outputs * n;
    draw_numbers(stream, problem->sigma_ti.near, outputs * n, 0.1);
}

/* Feedback of any rank: sometimes one row of C_1 repeats another. */
static void draw_feedback(struct stream *stream, struct problem *problem)
{
    struct network_shape shape;
    assert_int_equal(network_shape_of(problem, &shape), OK);
    const size_t outputs = shape.sizes[shape.layers];
    if (problem->rule->feedback == FEEDBACK_FIXED)
        problem->c_count = shape.channel_count;
    if (problem->rule->product)
        problem->c_count = (1 + stream_below(stream, 3)) * outputs;
    draw_numbers(stream, problem->c, problem->c_count, 0.1);
    const size_t columns = shape.layers > 1 ? shape.columns[1] : 0;
    if (problem->c_count > 0 && shape.sizes[1] > 1 && stream_below(stream, 3) == 0)
        memcpy(problem->c, problem->c + columns, columns * sizeof *problem->c);
}

static void draw_network(struct stream *stream, struct problem *problem)
{
    if (problem->rule->needs_decay)
        problem->lambda += 0.385;
    problem->mirror = stream_between(stream, 0.3, 2.385);
    draw_sizes(stream, problem);
    draw_moments(stream, problem);
    draw_feedback(stream, problem);
    struct network_shape shape;
    assert_int_equal(network_shape_of(problem, &shape), OK);
    problem->rate_count = stream_below(stream, 2) ? shape.layers : 0;
    if (problem->rate_count && shape.dim > shape.forward_count)
        problem->rate_count = 2 * shape.layers - 1;
    for (size_t i = 0; i < problem->rate_count; i++)
        problem->rates[i] = stream_between(stream, 0.1, 3.1);
    problem->decay_count =
        problem->lambda != 0 && stream_below(stream, 2) ? problem->rate_count : 0;
    for (size_t i = 0; i < problem->decay_count; i++)
        problem->decays[i] = stream_between(stream, 0.1, 1.1);
}

static struct problem draw_problem(struct stream *stream, const struct system *system,
                                   const struct rule *rule)
{
    struct problem problem = problem_defaults(system, rule);
    problem.depth = 1 + stream_below(stream, DEPTH_MOST);
    problem.alpha = stream_between(stream, -2.385, 2.385);
    problem.beta = stream_between(stream, 0.3, 2.385);
    problem.lambda = stream_below(stream, 2) ? 0 : stream_between(stream, 0, 1.7);
    problem.q_count = 1 + stream_below(stream, 8);
    draw_numbers(stream, problem.q, problem.q_count, 0.2);
    if (system != &system_chain && system->sizes) {
        draw_network(stream, &problem);
        return problem;
    }
    problem.lambda += rule && rule->needs_decay ? 0.385 : 0;
    if (rule && rule->direct) {
        problem.c_count = problem.depth;
        draw_numbers(stream, problem.c, problem.c_count, 0.25);
        problem.c[problem.depth - 1] += stream_below(stream, 4) ? 2.385 : -2.385;
        problem.c_count -= stream_below(stream, 2);
    }
    if (stream_below(stream, 2)) {
        problem.rate_count = problem.depth;
        for (size_t i = 0; i < problem.depth; i++)
            problem.rates[i] = stream_between(stream, 0.1, 3.1);
    }
    return problem;
}

/* Away from the surfaces where a field jumps. */
static void draw_state(struct stream *stream, size_t dim, double *x)
{
    for (size_t i = 0; i < dim; i++) {
        const double z = 1.3 * stream_normal(stream);
        x[i] = z + copysign(0.05, z);
    }
}

/* Calls `check` with INSTANCES flows of every system and rule. */
static void for_every_flow(void (*check)(struct stream *stream, const struct problem *problem,
                                         const struct flow *flow))
{
    size_t kinds = 0;
    for (size_t s = 0; registry_systems[s]; s++)
        for (size_t r = 0; registry_rules[r]; r++) {
            const struct system *system = registry_systems[s];
            if (!system->takes_rule && r > 0)
                break;
            kinds++;
            for (uint64_t i = 0; i < INSTANCES; i++) {
                struct stream stream = stream_at(SEED, stream_key(system->name) + r, i);
                const struct problem problem =
                    draw_problem(&stream, system, system->takes_rule ? registry_rules[r] : NULL);
                struct flow *flow = flow_of(&problem);
                check(&stream, &problem, flow);
                flow_free(flow);
            }
        }
    assert_true(kinds >= 4);
}

/* ---- derivatives -------------------------------------------------------------------------- */

/* Differences with h = eps^(1/5) have an error of eps^(4/5) = 3e-13 of the terms, times a constant
 * that the fifth derivatives of a polynomial of degree 2 L - 1 < 18 bring to 1e4. */
static const double DIFFERENCES = 1e-8;

static void check_jacobian(struct stream *stream, const struct problem *problem,
                           const struct flow *flow)
{
    (void)problem;
    double x[DIM_MOST];
    for (int k = 0; k < STATES; k++) {
        draw_state(stream, flow->dim, x);
        flow_checks_jacobian(flow, x, DIFFERENCES);
    }
}

static void jacobians_agree_with_differences(void **state)
{
    (void)state;
    for_every_flow(check_jacobian);
}

static void check_gradients(struct stream *stream, const struct problem *problem,
                            const struct flow *flow)
{
    (void)problem;
    double x[DIM_MOST];
    for (size_t c = 0; c < flow->claims; c++) {
        draw_state(stream, flow->dim, x);
        flow_checks_gradient(flow, c, x, DIFFERENCES);
    }
}

static void gradients_agree_with_differences(void **state)
{
    (void)state;
    for_every_flow(check_gradients);
}

/* ---- claims ------------------------------------------------------------------------------- */

static size_t claims_checked; /* of one test: zero trials is not a pass */

/* The roundings of f and of g themselves, of which there are none in the products of a chain. */
static void bound_inside(const struct flow *flow, const double *x, const double *f, double *bound)
{
    double sum = 0;
    memset(bound, 0, flow->dim * sizeof *bound);
    if (!flow->output)
        return;
    flow->rounding(flow, x, bound);
    for (size_t j = 0; j < flow->dim; j++)
        sum += fabs(f[j]);
    for (size_t j = 0; j < flow->dim; j++)
        bound[j] += sum;
}

static void check_claims_pointwise(struct stream *stream, const struct problem *problem,
                                   const struct flow *flow)
{
    double x[DIM_MOST], f[DIM_MOST], bound[DIM_MOST];
    assert_true(flow->conserved <= flow->claims);
    if (problem->system == &system_chain && problem->lambda == 0 && chain_is_special(problem->rule))
        assert_true(flow->conserved >= flow->dim - 1);
    for (size_t c = 0; c < flow->claims; c++)
        for (int k = 0; k < STATES; k++) {
            draw_state(stream, flow->dim, x);
            assert_int_equal(flow->field(flow, 1, x, f), OK);
            bound_inside(flow, x, f, bound);
            /* each term has at most 2 L + 4 roundings of half an epsilon, and those in f and g */
            flow_checks_claim(flow, c, x,
                              &(struct flow_checks_claim){f, bound, 2 * (double)flow->dim + 4});
            claims_checked++;
        }
}

static void claims_hold_at_every_state(void **state)
{
    (void)state;
    claims_checked = 0;
    for_every_flow(check_claims_pointwise);
    assert_true(claims_checked > 1000);
}

/* Along a trajectory: the largest change of each conserved claim, the largest rise of the others.
 */
struct record {
    const struct flow *flow;
    size_t visits;
    double first[CLAIMS_MOST], last[CLAIMS_MOST], scale[CLAIMS_MOST], worst;
};

static void record_claims(void *context, double t, const double *x)
{
    (void)t;
    struct record *record = context;
    double g[DIM_MOST];
    for (size_t c = 0; c < record->flow->claims; c++) {
        const double value = record->flow->observe(record->flow, c, x);
        if (record->visits == 0)
            record->first[c] = record->last[c] = value;
        record->flow->gradient(record->flow, c, x, g);
        record->scale[c] = fmax(record->scale[c], 1 + fabs(value));
        for (size_t j = 0; j < record->flow->dim; j++)
            record->scale[c] = fmax(record->scale[c], fabs(g[j] * x[j]));
        const double change = record->flow->claim[c].kind == CLAIM_CONSERVED
                                  ? fabs(value - record->first[c])
                                  : value - record->last[c];
        record->worst = fmax(record->worst, change / record->scale[c]);
        record->last[c] = value;
    }
    record->visits++;
}

static double worst_drift, least_free_drift;

static void check_claims_along_the_flow(struct stream *stream, const struct problem *problem,
                                        const struct flow *flow)
{
    (void)problem;
    double x[DIM_MOST];
    if (flow->claims == 0 || flow->switches > 0)
        return;
    draw_state(stream, flow->dim, x);
    for (int free_integrals = 0; free_integrals < 2; free_integrals++) {
        struct record record = {.flow = flow};
        struct plan plan = plan_defaults();
        plan.horizon = 3;
        plan.steps_most = 3000;
        plan.no_endings = true;
        plan.free_integrals = free_integrals;
        plan.visit = record_claims;
        plan.context = &record;
        struct outcome *outcome = outcome_of(flow, &plan, x);
        assert_true(record.visits == outcome->steps + 1);
        /* free: local errors of 1e-10 add up over the steps; projected: rounding */
        const double allowed = free_integrals ? 1e-7 : 1e-11;
        if (!(record.worst <= allowed))
            fail_msg("%s: claims drift by %g", flow->title, record.worst);
        *(free_integrals ? &least_free_drift : &worst_drift) =
            fmax(free_integrals ? least_free_drift : worst_drift, record.worst);
        claims_checked++;
        outcome_free(outcome);
    }
}

static void claims_hold_along_the_flow(void **state)
{
    (void)state;
    claims_checked = 0;
    worst_drift = least_free_drift = 0;
    for_every_flow(check_claims_along_the_flow);
    print_message("# claims along the flow: worst drift %.2g projected, %.2g free\n", worst_drift,
                  least_free_drift);
    assert_true(claims_checked > 100);
    assert_true(least_free_drift >
                worst_drift); /* the control: without projection there is a drift */
}

/* ---- lanes -------------------------------------------------------------------------------- */

static void check_lanes(struct stream *stream, const struct problem *problem,
                        const struct flow *flow)
{
    (void)problem;
    flow_checks_lanes(stream, flow);
}

static void lanes_give_the_bits_of_one(void **state)
{
    (void)state;
    for_every_flow(check_lanes);
}

/* ---- one network, two systems -------------------------------------------------------------- */

/* A special flow and the generic one, from the same problem. */
static void compare_with_deep(struct stream *stream, const struct problem *problem,
                              const struct flow *flow)
{
    static const double SAME = 1e-13; /* rounding of other orders of the same products */
    struct problem generic = *problem;
    double x[DIM_MOST], f[DIM_MOST], g[DIM_MOST], bound[DIM_MOST];
    if (!flow->output && problem->system != &system_chain)
        return;
    if (problem->rule->direct && problem->system == &system_chain) { /* skipped: C_i is c_i */
        generic.rule = &rule_srbp;
        assert_int_equal(problem->rule->direct(problem, generic.c), OK);
        if (generic.c[problem->depth - 1] != 1)
            return; /* a feedback weight of the top is a rate */
        generic.c_count = problem->depth - 1;
    }
    generic.system = &system_deep;
    assert_int_equal(problem_sizes(problem, &generic.size_count, generic.sizes), OK);
    struct flow *deep = flow_of(&generic);
    assert_int_equal(deep->dim, flow->dim);
    draw_state(stream, flow->dim, x);
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    assert_int_equal(deep->field(deep, 1, x, g), OK);
    deep->rounding(deep, x, bound);
    for (size_t i = 0; i < flow->dim; i++)
        if (!(fabs(f[i] - g[i]) <= SAME * bound[i] + DBL_MIN))
            fail_msg("%s: f[%zu] = %.17g, as a deep network %.17g", flow->title, i, f[i], g[i]);
    claims_checked++;
    flow_free(deep);
}

static void special_flows_are_the_generic_one(void **state)
{
    (void)state;
    claims_checked = 0;
    for_every_flow(compare_with_deep);
    assert_true(claims_checked > 500);
}

/* ---- the rest of the record --------------------------------------------------------------- */

/* The rounding bound is one: the field in doubles against the field in double-double balls. */
static void check_rounding(struct stream *stream, const struct problem *problem,
                           const struct flow *flow)
{
    double x[DIM_MOST], f[DIM_MOST], bound[DIM_MOST];
    assert_non_null(flow->rounding);
    if (problem->system != &system_chain || flow->dim < 2 || !chain_is_special(problem->rule))
        return;
    draw_state(stream, flow->dim, x);
    assert_int_equal(flow->field(flow, 1, x, f), OK);
    flow->rounding(flow, x, bound);
    const double *c = chain_direct_weights(flow);
    struct ball P = ball_of(1);
    for (size_t i = 0; i < flow->dim; i++)
        P = ball_mul(P, ball_of(x[i]));
    const struct ball e = ball_sub(ball_of(problem->alpha), ball_mul(ball_of(problem->beta), P));
    for (size_t i = 0; i < flow->dim; i++) {
        struct ball V = ball_mul(ball_of(c[i]), e);
        for (size_t k = 0; k < (chain_is_gradient(flow) ? flow->dim : i); k++)
            V = k == i ? V : ball_mul(V, ball_of(x[k]));
        V = ball_sub(V, ball_mul(ball_of(problem->lambda), ball_of(x[i])));
        const double error = ball_magnitude(ball_sub(V, ball_of(f[i])));
        if (!(error <= DBL_EPSILON * bound[i] + DBL_MIN))
            fail_msg("%s: rounding of f[%zu] is %g, its bound %g", flow->title, i, error,
                     DBL_EPSILON * bound[i]);
    }
}

static void rounding_stays_below_its_bound(void **state)
{
    (void)state;
    for_every_flow(check_rounding);
}

static void check_names(struct stream *stream, const struct problem *problem,
                        const struct flow *flow)
{
    (void)stream;
    size_t dim = 0;
    assert_int_equal(problem_dim(problem, &dim), OK);
    assert_int_equal(dim, flow->dim);
    assert_true(strlen(flow->title) > 0);
    for (size_t i = 0; i < dim; i++)
        assert_true(strlen(flow->names[i]) > 0);
    for (size_t c = 0; c < flow->claims; c++)
        assert_true(strlen(flow->claim[c].name) > 0 && strlen(flow->claim[c].label) > 0);
}

static void flows_name_what_they_have(void **state)
{
    (void)state;
    for_every_flow(check_names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jacobians_agree_with_differences),
        cmocka_unit_test(gradients_agree_with_differences),
        cmocka_unit_test(claims_hold_at_every_state),
        cmocka_unit_test(claims_hold_along_the_flow),
        cmocka_unit_test(lanes_give_the_bits_of_one),
        cmocka_unit_test(special_flows_are_the_generic_one),
        cmocka_unit_test(rounding_stays_below_its_bound),
        cmocka_unit_test(flows_name_what_they_have),
    };
    return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
