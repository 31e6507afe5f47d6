/* Instances for samplers. */
#include "proofs-check/sample.h"

#include "linear/registry.h"

#include <math.h>
#include <string.h>

const double sample_least = 0.05;

struct instance sample_chain(const struct rule *rule, size_t L, const double *c, const double *x0)
{
    struct instance instance = {.problem = problem_defaults(&system_chain, rule), .dim = L};
    instance.problem.depth = L;
    if (c) {
        instance.problem.c_count = L;
        memcpy(instance.problem.c, c, L * sizeof *c);
    }
    memcpy(instance.x0, x0, L * sizeof *x0);
    return instance;
}

struct instance sample_polynomial(size_t count, const double *q, double x0)
{
    struct instance instance = {.problem = problem_defaults(&system_polynomial, NULL), .dim = 1};
    instance.problem.q_count = count;
    memcpy(instance.problem.q, q, count * sizeof *q);
    instance.x0[0] = x0;
    return instance;
}

double sample_nonzero(struct stream *stream)
{
    const double x = stream_normal(stream);
    return copysign(fmax(fabs(x), sample_least), x);
}

double sample_positive(struct stream *stream)
{
    return fmax(fabs(stream_normal(stream)), sample_least);
}

struct instance sample_drawn_chain(struct stream *stream, size_t L)
{
    double c[INSTANCE_DIM_MAX], x0[INSTANCE_DIM_MAX];
    for (size_t i = 0; i < L; i++) {
        c[i] = i + 1 < L ? sample_nonzero(stream) : 1;
        x0[i] = stream_normal(stream);
    }
    struct instance instance = sample_chain(&rule_srbp, L, c, x0);
    instance.problem.alpha = stream_normal(stream);
    instance.problem.beta = sample_positive(stream);
    return instance;
}

struct instance sample_drawn_gradient(struct stream *stream, size_t L)
{
    struct instance instance = sample_drawn_chain(stream, L);
    instance.problem.rule = &rule_bp;
    instance.problem.c_count = 0;
    return instance;
}

struct instance sample_six_changes(void)
{
    const double x0[] = {-33.0 / 10, 489.0 / 200, 39121.0 / 80000};
    struct instance instance = sample_chain(&rule_srbp, 3, (double[]){1, 1, 1}, x0);
    instance.problem.alpha = 7;
    return instance;
}

struct instance sample_cycling_chain(void)
{
    enum { LAYERS = 10 };
    const double c[LAYERS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const double x0[LAYERS] = {1, 1, 1.2, 1, 1, 1, 1, 1, 1, 1};
    struct instance instance = sample_chain(&rule_srbp, LAYERS, c, x0);
    instance.problem.alpha = 31;
    instance.problem.lambda = 30;
    return instance;
}
