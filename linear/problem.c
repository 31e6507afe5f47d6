/* Problems: defaults and dispatch to their system. */
#include "linear/problem.h"

struct problem problem_defaults(const struct system *system, const struct rule *rule)
{
    return (struct problem){.system = system, .rule = rule, .depth = 2, .alpha = 1, .beta = 1};
}

enum status problem_dim(const struct problem *problem, size_t *dim)
{
    return problem->system->dim(problem, dim);
}

enum status problem_flow(const struct problem *problem, struct flow **flow)
{
    return problem->system->flow(problem, flow);
}

enum status problem_predict(const struct problem *problem, const double *x0, double *limit,
                            struct prediction *prediction)
{
    return problem->system->predict(problem, x0, limit, prediction);
}
