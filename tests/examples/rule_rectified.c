/* Rectified feedback: skipped random backpropagation with the moduli of its weights. */
#include "linear/problem.h"

#include <math.h>

static enum status rectified_direct(const struct problem *problem, double *c)
{
    if (problem->c_count != 0 && problem->c_count + 1 != problem->depth)
        return status_fail(BAD_ARGUMENT, "--c has %zu numbers; rule rectified takes c1..c%zu",
                           problem->c_count, problem->depth - 1);
    for (size_t i = 0; i < problem->depth; i++)
        c[i] = i < problem->c_count ? fabs(problem->c[i]) : 1;
    return OK;
}

const struct rule rule_rectified = {
    .name = "rectified",
    .title = "skipped random backpropagation through positive weights",
    .equation = "a_i' = |c_i| (prod_{k<i} a_k) e,  c_L = 1",
    .source = "an example",
    .label = "L1",
    .direct = rectified_direct,
};
