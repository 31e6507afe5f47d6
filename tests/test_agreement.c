/* Agreement of a trajectory with a prediction, of states and of outputs.
 *
 * One trajectory of a network is run; predictions are planted beside its end: the same point,
 * points that differ by more or less than is allowed, another ending. */
#include "proofs-check/agreement.h"

#include "linear/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DIM = 8, OUTPUTS = 4 }; /* of A[2,2,2] */

struct ended {
    struct flow *flow;
    struct outcome *outcome;
    double output[OUTPUTS], output_last[OUTPUTS], predicted[DIM + OUTPUTS];
    struct prediction prediction;
    struct agreement_case pair;
};

/* A[2,2,2] under bp settles at P = I. */
static struct ended *ended_create(void)
{
    struct ended *ended = calloc(1, sizeof *ended);
    assert_non_null(ended);
    struct problem problem = problem_defaults(registry_system("deep"), registry_rule("bp"));
    problem.size_count = 3;
    problem.sizes[0] = problem.sizes[1] = problem.sizes[2] = 2;
    const double x0[] = {0.5, 0.1, -0.2, 0.7, 0.9, 0, 0.3, 0.4};
    assert_int_equal(problem_flow(&problem, &ended->flow), OK);
    assert_int_equal(ended->flow->outputs, OUTPUTS);
    ended->outcome = outcome_create(ended->flow);
    const struct plan plan = plan_defaults();
    assert_int_equal(trajectory_run(ended->flow, &plan, x0, ended->outcome), OK);
    assert_int_equal(ended->outcome->ending, ENDING_SETTLED);
    ended->flow->output(ended->flow, ended->outcome->limit, ended->output);
    ended->flow->output(ended->flow, ended->outcome->last, ended->output_last);
    ended->prediction = prediction_none("planted", NULL);
    ended->prediction.ending = ENDING_SETTLED;
    ended->prediction.error = 0;
    ended->pair = (struct agreement_case){.flow = ended->flow,
                                          .outcome = ended->outcome,
                                          .prediction = &ended->prediction,
                                          .predicted = ended->predicted,
                                          .output = ended->output,
                                          .output_last = ended->output_last};
    return ended;
}

static void ended_free(struct ended *ended)
{
    outcome_free(ended->outcome);
    flow_free(ended->flow);
    free(ended);
}

/* Planted predictions about `count` numbers near `reached`; `allowed` is what may be off. */
static void check_offsets(struct ended *ended, size_t count, const double *reached, double allowed)
{
    for (size_t k = 0; k < count; k++)
        for (int factor = 0; factor <= 2; factor++) {
            memcpy(ended->predicted, reached, count * sizeof *reached);
            ended->predicted[k] += 0.75 * factor * allowed;
            const struct agreement agreement = agreement_of(&ended->pair);
            assert_int_equal(agreement.kind, factor < 2 ? AGREEMENT_HOLDS : AGREEMENT_FAILS);
            assert_true(fabs(agreement.deviation - 0.75 * factor * allowed) <= 1e-15);
        }
}

static void states_are_compared(void **state)
{
    (void)state;
    struct ended *ended = ended_create();
    ended->outcome->distance_bound = 1e-3; /* planted: far above 1e-8 (1 + |x|) */
    check_offsets(ended, ended->flow->dim, ended->outcome->limit, 1e-3);
    ended_free(ended);
}

/* The state may be anywhere: only P counts, and what P still had to go. */
static void outputs_are_compared(void **state)
{
    (void)state;
    struct ended *ended = ended_create();
    ended->prediction.about = PREDICTION_OUTPUT;
    ended->outcome->distance_bound = 10; /* of the state: says nothing about P */
    for (size_t k = 0; k < OUTPUTS; k++) {
        assert_true(fabs(ended->output[k] - (k == 0 || k == 3)) <= 1e-9);
        ended->output_last[k] = ended->output[k] - 1e-3;
    }
    check_offsets(ended, OUTPUTS, ended->output, 1e-3);
    ended->prediction.ending = ENDING_SADDLE;
    assert_int_equal(agreement_of(&ended->pair).kind, AGREEMENT_FAILS);
    ended->prediction.ending = ENDING_HORIZON;
    assert_int_equal(agreement_of(&ended->pair).kind, AGREEMENT_NONE);
    ended_free(ended);
}

/* NaN is no agreement. */
static void nothing_agrees_with_nan(void **state)
{
    (void)state;
    struct ended *ended = ended_create();
    memcpy(ended->predicted, ended->outcome->limit, ended->flow->dim * sizeof(double));
    assert_int_equal(agreement_of(&ended->pair).kind, AGREEMENT_HOLDS);
    ended->predicted[1] = NAN;
    assert_int_equal(agreement_of(&ended->pair).kind, AGREEMENT_FAILS);
    ended_free(ended);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_are_compared),
        cmocka_unit_test(outputs_are_compared),
        cmocka_unit_test(nothing_agrees_with_nan),
    };
    return cmocka_run_group_tests_name("agreement", tests, NULL, NULL);
}
