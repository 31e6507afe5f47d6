/* Conclusions on networks: where P goes, and what holds along the way.
 *
 * Everything is computed from the problem as it is stated, not from the flow's own parameters, so
 * that a fault there cannot hide.  What holds along the way is watched at every step of the
 * explicit integrator, without projection on first integrals: the referee would enforce some of
 * the statements under test. */
#include "proofs-check/conclude_network.h"

#include "linear/matrix.h"

#include <math.h>
#include <string.h>

static const double ALONG_RTOL = 1e-12; /* of the explicit integrator: five digits below a bound */
static const double ALONG_ATOL = 1e-14;

static void fill_rates(const struct instance *instance, struct conclude_matrices *m)
{
    const struct problem *p = &instance->problem;
    for (size_t i = 1; i <= m->layers; i++) {
        const size_t of_channel = m->layers + i - 1;
        m->rate[i] = p->rate_count > 0 ? p->rates[i - 1] : 1;
        m->channel_rate[i] = of_channel < p->rate_count ? p->rates[of_channel] : 1;
    }
}

enum status conclude_matrices_at(const struct instance *instance, const double *x,
                                 struct conclude_matrices *m)
{
    double inverse[INSTANCE_DIM_MAX];
    size_t rank;
    TRY(network_shape_of(&instance->problem, &m->shape));
    m->layers = m->shape.layers;
    m->inputs = m->shape.sizes[0];
    m->outputs = m->shape.sizes[m->layers];
    TRY(problem_moments(&instance->problem, m->sigma_ii, m->sigma_ti));
    TRY(matrix_pseudo_inverse(m->inputs, m->inputs, m->sigma_ii, inverse, &rank));
    matrix_multiply(m->outputs, m->inputs, m->inputs, m->sigma_ti, inverse, m->W);
    TRY(network_feedback(&instance->problem, &m->shape, m->feedback));
    const bool adapts = m->shape.dim > m->shape.forward_count;
    for (size_t i = 1; i <= m->layers; i++) {
        m->A[i] = x + m->shape.forward[i];
        m->C[i] = (adapts ? x : m->feedback) + m->shape.channel[i];
    }
    fill_rates(instance, m);
    return OK;
}

void conclude_network_product(const struct conclude_matrices *m, size_t first, size_t last,
                              double *Q)
{
    double next[INSTANCE_DIM_MAX];
    const size_t columns = m->shape.sizes[first - 1];
    memset(Q, 0, columns * columns * sizeof *Q);
    for (size_t k = 0; k < columns; k++)
        Q[k * columns + k] = 1;
    for (size_t i = first; i <= last; i++) {
        matrix_multiply(m->shape.sizes[i], m->shape.sizes[i - 1], columns, m->A[i], Q, next);
        memcpy(Q, next, m->shape.sizes[i] * columns * sizeof *Q);
    }
}

void conclude_network_error(const struct conclude_matrices *m, double *E, double *P)
{
    double product[INSTANCE_DIM_MAX];
    conclude_network_product(m, 1, m->layers, product);
    matrix_multiply(m->outputs, m->inputs, m->inputs, product, m->sigma_ii, E);
    for (size_t k = 0; k < m->outputs * m->inputs; k++)
        E[k] = m->sigma_ti[k] - E[k];
    if (P)
        memcpy(P, product, m->outputs * m->inputs * sizeof *P);
}

double conclude_network_distance(size_t count, const double *a, const double *b)
{
    double off = 0, size = 1;
    for (size_t k = 0; k < count; k++) {
        const double here = fabs(a[k] - b[k]);
        off = here <= off ? off : here; /* NaN goes through */
        size = fmax(size, fabs(b[k]));
    }
    return off / size;
}

/* ---- along the way ---- */

struct along {
    const struct trial *trial;
    conclude_offset *offset;
    double worst, t_worst;
    size_t states;
};

static void watch_along(void *context, double t, const double *x)
{
    struct along *along = context;
    const double here = along->offset(along->trial, t, x);
    if (!(here <= along->worst)) { /* NaN is the worst */
        along->worst = isnan(along->worst) ? along->worst : here;
        along->t_worst = t;
    }
    along->states++;
}

enum status conclude_network_along(struct trial *trial, double horizon, conclude_offset *offset,
                                   const char *what, enum finding *finding)
{
    struct along along = {.trial = trial, .offset = offset};
    const struct outcome *outcome;
    trial->plan.method = METHOD_RK8PD;
    trial->plan.rtol = ALONG_RTOL;
    trial->plan.atol = ALONG_ATOL;
    trial->plan.horizon = horizon;
    trial->plan.no_endings = trial->plan.free_integrals = true;
    trial->plan.visit = watch_along;
    trial->plan.context = &along;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = along.worst;
    if (!(along.worst <= trial->theorem->bound))
        return conclude_fails(trial, finding, "%s: off by %.3g at t = %.4g", what, along.worst,
                              along.t_worst);
    if (!(outcome->t >= horizon) || along.states < 2)
        return conclude_undecided(trial, finding, "stopped at t = %.4g: %s", outcome->t,
                                  outcome->reason);
    return conclude_holds(finding);
}

/* ---- the limit ---- */

enum status conclude_network_reaches(struct trial *trial, const double *P, enum finding *finding)
{
    double at_limit[INSTANCE_DIM_MAX];
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->flow->output(trial->flow, trial->outcome->limit, at_limit);
    trial->deviation = conclude_network_distance(trial->flow->outputs, at_limit, P);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "ends %s, and P is off by %.3g (relative)",
                              ending_name(trial->outcome->ending), trial->deviation);
    return conclude_holds(finding);
}

enum status conclude_network_output(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    if (prediction->ending == ENDING_HORIZON)
        return conclude_undecided(trial, finding, "prediction: %s", prediction->reason);
    if (prediction->ending == ENDING_UNBOUNDED)
        return conclude_fails(trial, finding, "no fixed point: %s", prediction->source);
    if (prediction->about == PREDICTION_OUTPUT)
        return conclude_network_reaches(trial, trial->limit, finding);
    double P[INSTANCE_DIM_MAX];
    trial->flow->output(trial->flow, trial->limit, P);
    return conclude_network_reaches(trial, P, finding);
}

enum status conclude_network_optimum(struct trial *trial, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    trial->deviation = fabs(trial->flow->loss(trial->flow, trial->outcome->limit));
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "ends %s with an excess loss of %.6g",
                              ending_name(trial->outcome->ending), trial->deviation);
    return conclude_holds(finding);
}
