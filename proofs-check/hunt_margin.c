/* Margins.
 *
 * All are between 0 and 1, up to sign, so that several can stand side by side and the least one
 * counts.  A product would hide the one that is nearly zero behind the others; a sum would, too. */
#include "proofs-check/hunt_margin.h"

#include "linear/chain.h"
#include "linear/matrix.h"
#include "linear/registry.h"
#include "ode/branch.h"
#include "proofs-check/theorem.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* ---- recurrence ---- */

static double distance(size_t dim, const double *x, const double *y)
{
    double sum = 0;
    for (size_t i = 0; i < dim; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}

void hunt_margin_watch(void *recurrence, double t, const double *x)
{
    static const double MOVES = 1e-3; /* excursions below this, relative, are the way to a limit */
    struct hunt_recurrence *r = recurrence;
    (void)t;
    const double d = distance(r->dim, x, r->reference), size = 1 + matrix_norm(r->dim, x);
    if (r->step > 0 && r->far > MOVES * size)
        r->least = fmin(r->least, d / r->far);
    r->far = fmax(r->far, d);
    if (r->step++ == r->next) {
        memcpy(r->reference, x, r->dim * sizeof *x);
        r->far = 0;
        r->next = r->next > 0 ? 2 * r->next : 1;
    }
}

/* ---- margins ---- */

static double deviation_of(const struct trial *trial, const struct hunt_recurrence *recurrence)
{
    (void)recurrence;
    const double bound = trial->theorem->bound;
    return bound > 0 && isfinite(trial->deviation) ? 1 - trial->deviation / bound : 1;
}

static double convergence_of(const struct trial *trial, const struct hunt_recurrence *recurrence)
{
    const struct outcome *outcome = trial->outcome;
    double margin = deviation_of(trial, recurrence);
    if (!outcome)
        return margin;
    const double rate = -outcome->transverse_rate;
    if (isfinite(rate))
        margin = fmin(margin, fmax(rate, 0) / (1 + fmax(rate, 0)));
    margin = fmin(margin, 1 / (1 + log1p(outcome->t)));
    return recurrence ? fmin(margin, recurrence->least) : margin;
}

/* |S| at points of the orbit between the start and the limit, by the clock, without integration. */
static double turns_of(const struct trial *trial, const struct hunt_recurrence *recurrence)
{
    enum { POINTS = 160 };
    (void)recurrence;
    struct chain_clock clock;
    double S[POINTS + 1], a[INSTANCE_DIM_MAX], error, most = 0, least = INFINITY;
    if (!trial->predicted || !isfinite(trial->prediction.clock))
        return 1;
    chain_clock_init(&clock, &trial->instance->problem, trial->flow, trial->instance->x0);
    for (int k = 0; k <= POINTS; k++) {
        chain_at_clock(&clock, ball_of(trial->prediction.clock * k / POINTS), a, &error);
        S[k] = chain_sensitivity(trial->flow, a);
        most = fmax(most, fabs(S[k]));
    }
    for (int k = 1; k < POINTS; k++)
        if (fabs(S[k]) < fabs(S[k - 1]) && fabs(S[k]) < fabs(S[k + 1]) && S[k] * S[k - 1] > 0 &&
            S[k] * S[k + 1] > 0)
            least = fmin(least, fabs(S[k]));
    return most > 0 && isfinite(least) ? least / most : 1;
}

static double sensitivity_of(const struct trial *trial, const struct hunt_recurrence *recurrence)
{
    (void)recurrence;
    const struct flow *flow = trial->flow;
    double positive[INSTANCE_DIM_MAX], size;
    const double *x = trial->instance->x0;
    for (size_t i = 0; i < flow->dim; i++)
        positive[i] = fabs(x[i]);
    struct problem problem = trial->instance->problem;
    for (size_t i = 0; i < problem.c_count; i++)
        problem.c[i] = fabs(problem.c[i]);
    struct flow *absolute = NULL;
    if (problem_flow(&problem, &absolute) != OK)
        return NAN;
    size = chain_sensitivity(absolute, positive); /* all terms with their moduli */
    flow_free(absolute);
    return size > 0 ? chain_sensitivity(flow, x) / size : 0;
}

double hunt_margin_descent_rate(const struct trial *trial, const double *x)
{
    double J[INSTANCE_DIM_MAX * INSTANCE_DIM_MAX], re[INSTANCE_DIM_MAX];
    struct problem descent = trial->instance->problem;
    struct flow *flow = NULL;
    descent.rule = &rule_bp;
    descent.c_count = 0;
    if (problem_flow(&descent, &flow) != OK)
        return NAN;
    const bool known = flow->dim <= INSTANCE_DIM_MAX && flow->jacobian &&
                       flow->jacobian(flow, x, J) == OK &&
                       matrix_eigenvalues(flow->dim, J, re, NULL) == OK;
    flow_free(flow);
    return known ? re[0] : NAN;
}

static double curvature_of(const struct trial *trial, const struct hunt_recurrence *recurrence)
{
    (void)recurrence;
    if (!trial->outcome || !trial->outcome->has_limit)
        return 1;
    const double rate = hunt_margin_descent_rate(trial, trial->outcome->limit);
    return isfinite(rate) ? fmin(1, -rate / (1 + fabs(rate))) : 1;
}

/* The least -(mu + nu)/(2 sqrt(mu nu)) of two eigenvalues of J at x: |Re|/|mu| for a conjugate pair,
 * at least 1 for two real ones of one sign; INFINITY where there are none. */
static double damping(const struct flow *flow, const double *x)
{
    double J[INSTANCE_DIM_MAX * INSTANCE_DIM_MAX], re[INSTANCE_DIM_MAX], im[INSTANCE_DIM_MAX];
    double least = INFINITY;
    if (!flow->jacobian || flow->jacobian(flow, x, J) != OK ||
        matrix_eigenvalues(flow->dim, J, re, im) != OK)
        return INFINITY;
    for (size_t i = 0; i < flow->dim; i++) {
        if (im[i] != 0)
            least = fmin(least, fabs(re[i]) / hypot(re[i], im[i]));
        for (size_t j = 0; j < i; j++) /* nodes: so that the optimiser sees where foci begin */
            if (im[i] == 0 && im[j] == 0 && re[i] * re[j] > 0)
                least = fmin(least, fabs(re[i] + re[j]) / (2 * sqrt(re[i] * re[j])));
    }
    return least;
}

/* The first Lyapunov coefficient over the moduli of its terms, if it is positive: between 0 and 1; 0: a
 * cycle born here attracts, or there is no such coefficient, as on continua of fixed points; 1: its sign
 * is in doubt. */
static double repulsion(const struct flow *flow, const double *x)
{
    double share, doubt;
    if (branch_lyapunov_share(flow, x, &share, &doubt) != OK)
        return 0;
    return doubt < fabs(share) / 2 ? fmax(share, 0) : 1;
}

/* Both must vanish where a cycle is born that attracts, so neither may hide the other: a sum, which at
 * the border between foci and nodes is that of nodes, 1/2. */
static double cycle_of(const struct trial *trial, const struct hunt_recurrence *recurrence)
{
    static const double BORDER = 0.5;
    (void)recurrence;
    const struct outcome *outcome = trial->outcome;
    if (!outcome || !outcome->has_limit || trial->flow->dim > FLOW_DENSE_MOST)
        return 1;
    const double ratio = damping(trial->flow, outcome->limit);
    const double damped = isfinite(ratio) ? ratio / (1 + ratio) : 1;
    if (damped >= BORDER)
        return damped;
    return damped + (BORDER - damped) * repulsion(trial->flow, outcome->limit);
}

/* Two eigenvalues mu, nu that stand for a pair. */
struct pair {
    size_t i, j;
    double past;   /* (mu + nu)/(2 sqrt(mu nu)): of a conjugate pair Re/|mu|, of a node at least 1;
                  * of a saddle NAN */
    double saddle; /* -mu nu/(mu^2 + nu^2) > 0 */
};

static struct pair pair_of(const double *re, const double *im, size_t i, size_t j)
{
    struct pair pair = {.i = i, .j = j, .past = NAN, .saddle = 0};
    if (im[i] != 0)
        pair.past = re[i] / hypot(re[i], im[i]);
    else if (re[i] * re[j] > 0)
        pair.past = (re[i] + re[j]) / (2 * sqrt(re[i] * re[j]));
    else
        pair.saddle = -re[i] * re[j] / (re[i] * re[i] + re[j] * re[j]);
    return pair;
}

/* How far a pair is from a small positive real part, between 0 and 2; below 1/2: it is complex. */
static double pair_value(const struct pair *pair)
{
    static const double PAST =
        0.01; /* Re/|mu|: the cycle is small, and l1 nearly that of the Hopf point */
    const double off = pair->past - PAST, square = off * off; /* smooth: valleys can be followed */
    return isfinite(pair->past) ? square / (1 + square) : 1 + pair->saddle;
}

/* The pair of eigenvalues that is nearest to giving birth to a cycle; past and saddle NAN: there is none. */
static struct pair nearest_pair(size_t n, const double *re, const double *im)
{
    struct pair nearest = {.past = NAN, .saddle = NAN};
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            const bool conjugate = im[i] != 0 && re[i] == re[j] && im[i] == -im[j];
            const struct pair pair = pair_of(re, im, i, j);
            if ((conjugate || (im[i] == 0 && im[j] == 0)) &&
                !(pair_value(&pair) >= pair_value(&nearest)))
                nearest = pair;
        }
    return nearest;
}

/* Just past the birth of a cycle: a pair with a small positive real part, all else decays, l1 < 0. */
static double birth_at(const struct flow *flow, const double *x)
{
    static const double BORDER = 0.5;
    double J[INSTANCE_DIM_MAX * INSTANCE_DIM_MAX], re[INSTANCE_DIM_MAX], im[INSTANCE_DIM_MAX];
    double others = 0;
    if (!flow->jacobian || flow->jacobian(flow, x, J) != OK ||
        matrix_eigenvalues(flow->dim, J, re, im) != OK)
        return NAN;
    const struct pair pair = nearest_pair(flow->dim, re, im);
    const double size = hypot(re[pair.i], im[pair.i]), value = pair_value(&pair);
    for (size_t i = 0; i < flow->dim; i++)
        if (i != pair.i && i != pair.j)
            others = fmax(others, re[i] / size);
    others /= 1 + others;
    if (!(value < BORDER))
        return value + others;
    return value + others + (BORDER - value) * repulsion(flow, x);
}

const struct hunt_margin hunt_margin_deviation = {.says = "1 - deviation/bound",
                                                  .of = deviation_of};
const struct hunt_margin hunt_margin_convergence = {
    .says = "least of transverse rate, settling time, deviation, recurrence",
    .recurs = true,
    .of = convergence_of};
const struct hunt_margin hunt_margin_turns = {.says = "least extremum of |S| over the largest",
                                              .of = turns_of};
const struct hunt_margin hunt_margin_sensitivity = {.says = "S over the sum of its terms",
                                                    .of = sensitivity_of};
const struct hunt_margin hunt_margin_curvature = {
    .says = "least curvature of the loss at the limit", .of = curvature_of};
const struct hunt_margin hunt_margin_cycle = {
    .says = "damping of the focus where it settles, and the sign of its first Lyapunov coefficient",
    .of = cycle_of,
    .at = birth_at};
