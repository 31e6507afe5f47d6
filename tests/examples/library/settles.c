/* A program that uses the library: where does A[1,1,1] under random backpropagation go from (-2, 1)?
 *
 *     cc settles.c $(pkg-config --cflags --libs settle) -o settles */
#include "linear/registry.h"
#include "ode/trajectory.h"

#include <stdio.h>
#include <stdlib.h>

static enum status settle(const struct problem *problem, const double *start)
{
    struct flow *flow;
    TRY(problem_flow(problem, &flow));
    struct plan plan = plan_defaults();
    struct outcome *outcome = outcome_create(flow);
    enum status status = outcome ? trajectory_run(flow, &plan, start, outcome) : NO_MEMORY;
    if (status == OK)
        printf("%s: %s at t = %g, limit (%.12g, %.12g)\n", flow->title,
               ending_name(outcome->ending), outcome->t, outcome->limit[0], outcome->limit[1]);
    outcome_free(outcome);
    flow_free(flow);
    return status;
}

int main(void)
{
    const struct problem problem = problem_defaults(&system_chain, &rule_rbp);
    const double start[] = {-2, 1};
    if (settle(&problem, start) == OK)
        return EXIT_SUCCESS;
    fprintf(stderr, "settles: %s\n", status_message());
    return EXIT_FAILURE;
}
