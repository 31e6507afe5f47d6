/* Instances of chains and fans under any rule.
 *
 * The number of unknowns depends on whether the rule's channel learns; a start is one list of them
 * all, forward weights first. */
#include "proofs-check/sample_rule.h"

#include "linear/registry.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct instance sample_rule_chain(const struct rule *rule, size_t L, size_t dim, const double *x0)
{
    struct instance instance = {.problem = problem_defaults(&system_chain, rule), .dim = dim};
    instance.problem.depth = L;
    assert(dim <= INSTANCE_DIM_MAX);
    memcpy(instance.x0, x0, dim * sizeof *x0);
    return instance;
}

struct instance sample_rule_fan(const struct rule *rule, size_t N, const double *c, size_t dim,
                                const double *x0)
{
    struct instance instance = {.problem = problem_defaults(&system_fan, rule), .dim = dim};
    instance.problem.size_count = 3;
    instance.problem.sizes[0] = instance.problem.sizes[2] = 1;
    instance.problem.sizes[1] = N;
    instance.problem.c_count = c ? N : 0;
    for (size_t i = 0; i < instance.problem.c_count; i++)
        instance.problem.c[i] = c[i];
    memcpy(instance.x0, x0, dim * sizeof *x0);
    return instance;
}

static void draw_rest(struct stream *stream, double spread, struct instance *instance)
{
    for (size_t i = 0; i < instance->dim; i++)
        instance->x0[i] = spread * stream_normal(stream);
    instance->problem.alpha = stream_normal(stream);
    instance->problem.beta = sample_positive(stream);
}

struct instance sample_drawn_rule_chain(struct stream *stream, const struct rule *rule, size_t L,
                                        double spread)
{
    const double zero[INSTANCE_DIM_MAX] = {0};
    struct instance instance =
        sample_rule_chain(rule, L, problem_feedback_learns(rule) ? 2 * L - 1 : L, zero);
    draw_rest(stream, spread, &instance);
    return instance;
}

struct instance sample_drawn_rule_fan(struct stream *stream, const struct rule *rule, size_t N,
                                      double spread)
{
    const double zero[INSTANCE_DIM_MAX] = {0};
    double c[INSTANCE_DIM_MAX];
    for (size_t i = 0; i < N; i++)
        c[i] = sample_nonzero(stream);
    struct instance instance = sample_rule_fan(rule, N, rule->direct ? c : NULL,
                                               (problem_feedback_learns(rule) ? 3 : 2) * N, zero);
    draw_rest(stream, spread, &instance);
    return instance;
}

struct instance sample_trapped(struct stream *stream, size_t L, double spread)
{
    struct instance instance = sample_drawn_rule_chain(stream, &rule_arbp, L, spread);
    double *a = instance.x0, *c = instance.x0 + L;
    instance.problem.alpha = instance.problem.beta = 1;
    c[0] = copysign(fabs(c[0]) + sample_least * spread, c[0]);
    a[1] = copysign(fabs(a[1]) + sample_least * spread, -c[0]);
    a[0] = c[0] * stream_between(stream, -1, 1);
    c[1] = a[1] * stream_between(stream, -1, 1);
    return instance;
}
