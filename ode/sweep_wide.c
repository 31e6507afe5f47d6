/* What drives a lane dies out.
 *
 * Let x' = B(x) e and e' = M(x) e along solutions.  If M contracts at a state in some norm, and does
 * not change by more than that in the ball that the rest of the way could reach, e falls
 * exponentially, the way is finite, and the solution converges within the ball to a point with
 * e = 0, (J6).  Two kinds of e:
 *
 *   errors  of a flow that declares them: a network's E, when its limit is without error;
 *   field   e = f, M = J less a multiple of the projection on the gradients of the first integrals,
 *           which nothing moves along: isolated fixed points of a regular leaf.
 *
 * The norm comes from powers of 1 + h M, by squaring, (J7): no eigenvalue is needed, and none is
 * trusted.  Limits on leaves that meet the fixed points in a point are polished on the leaf of the
 * start; others are the phase of the state, (J8), and carry the error that the steps have gathered.
 * Rejected: the singular values and the continuation of manifold.c, which cost as much as all steps;
 * logarithmic norms, which need a normal M. */
#include "ode/sweep_wide.h"

#include "ode/dense.h"
#include "ode/fixed_point.h"
#include "ode/sweep_matrix.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SQUARINGS = 13, /* of 1 + hM: rates down to 1e-3 of the norm, (J7) */
    POLISH_MOST = 8 /* chords, each 1e-3 of the last */
};
/* |(1 + hM)^N| where squaring ends: far enough for the rate to be known to a fifth; and what less is
 * taken for, so that a power that is 0 leaves kappa finite */
static const double CONTRACTED = 1.0 / 64, CONTRACTED_MOST = 1.0 / 4096;
/* Of the Lipschitz constants, which are sampled on the way to the limit */
static const double SAMPLED = 4;
static const double CONTRACTION = 0.01; /* change of M over the rate, as in watch_rest.c, (J6) */
static const double REMAINS = 0.5; /* the share of the rate that (J6) needs, in the norm of M */
static const double DIRECT = 4;    /* how far astray, over the way, a phase may lead, (J8) */
static const double PHASE_MOST = 1e-10; /* as in watch_rest.c, relative to 1 + |x|, (E12) */
static const double REACH_MOST = 3e-2; /* distance to the limit, relative: beyond it is no sample */
static const double REACH_LEAST = 1e-11; /* below it a difference of M is rounding */
static const double DEPENDENT = 1e-6;    /* pivot of the gradients of unit length */
static const double FARTHER = 0.8;       /* of the |f| that would have been enough */
static const double WAIT_MOST = 0.5;     /* of |f|, at least so much farther */
/* |f| over 1 + |x| and the tolerance: below it is the noise of the steps, (E6) */
static const double NOISE = 1e3;
static const double PASSING = 0.03; /* |f| over that of a look which has found no rest: the next */
static const double RESOLVED = 64;  /* a last correction, in resolutions of the state */
static const double ROUNDED = 16;   /* the error of a limit, in its rounding */

struct sweep_wide {
    const struct flow *flow;
    struct fixed_point_work *work;
    size_t most;                /* order of matrices, padded */
    double *M, *LU, *T, *moved; /* [most*most] */
    double *S;                  /* [2][most*most], powers of 1 + hM */
    double *e, *z, *spectrum;   /* [most] */
    double *to, *way, *g;       /* [dim] */
    double *I0, *I, *sizes;     /* [conserved]; sizes of gradients */
    double *G, *gram, *part;    /* [conserved*dim], [conserved^2], [conserved*dim] */
    size_t *pivot;              /* [most] */
    double storage[];
};

/* One look at a state. */
struct look {
    const struct sweep_wide_state *state;
    bool field;          /* e = f; else the errors of the flow */
    size_t m, order;     /* of M, and padded */
    double size;         /* |x| */
    double e_size;       /* |e|, with its rounding */
    double B_size;       /* |B| at most */
    double deflation;    /* the rate along the gradients, kind `field` */
    double h, rate;      /* e contracts at `rate`, as powers of 1 + hM tell, ... */
    double kappa;        /* ... in a norm that is at most so many times the Euclidean one */
    double away;         /* |way| */
    double astray;       /* |x(t) - x*| at most on the way, to first order; at least |way| */
    double change, bend; /* |M(to) - M(x)|, |(B(to) - B(x)) z| */
    double phase_error;
};

bool sweep_wide_takes(const struct flow *flow)
{
    return flow->conserved + 1 != flow->dim;
}

double sweep_wide_reach(const struct flow *flow)
{
    static const double BALL = 1e-5, PHASE = 4e-6; /* what most states need, of either kind */
    return flow->errors > 0 ? PHASE : BALL;
}

struct sweep_wide *sweep_wide_create(const struct flow *flow)
{
    const size_t n = flow->dim, r = flow->conserved, m = flow->errors > n ? flow->errors : n;
    const size_t most = sweep_matrix_order(m);
    struct sweep_wide *wide = calloc(
        1, sizeof *wide +
               (6 * most * most + 3 * most + 3 * n + 3 * r + 2 * r * n + r * r) * sizeof(double) +
               most * sizeof(size_t));
    if (!wide)
        return NULL;
    double *next = wide->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&wide->M, most * most},
        {&wide->LU, most * most},
        {&wide->T, most * most},
        {&wide->moved, most * most},
        {&wide->e, most},
        {&wide->z, most},
        {&wide->spectrum, most},
        {&wide->to, n},
        {&wide->way, n},
        {&wide->g, n},
        {&wide->I0, r},
        {&wide->I, r},
        {&wide->sizes, r},
        {&wide->G, r * n},
        {&wide->gram, r * r},
        {&wide->part, r * n},
        {&wide->S, 2 * most * most},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    wide->pivot = (size_t *)(void *)next;
    wide->flow = flow;
    wide->most = most;
    wide->work = fixed_point_work_create(flow);
    if (wide->work)
        return wide;
    free(wide);
    return NULL;
}

void sweep_wide_free(struct sweep_wide *wide)
{
    if (!wide)
        return;
    fixed_point_work_free(wide->work);
    free(wide);
}

/* ---- what drives the lane ---- */

/* Leaving the domain is an answer: no. */
static enum status forgive(enum status status, bool *done)
{
    *done = status == OK;
    return status == RETRY_SHORTER || status == NOT_FINITE ? OK : status;
}

/* The gradients at x, of unit length, and the factors of their Gram matrix, into G and gram: false
 * where they are dependent. */
static bool factor_gradients(struct sweep_wide *wide, const double *x)
{
    const size_t n = wide->flow->dim, r = wide->flow->conserved;
    for (size_t k = 0; k < r; k++) {
        double *g = wide->G + k * n;
        wide->flow->gradient(wide->flow, k, x, g);
        wide->sizes[k] = vector_norm(n, g);
        for (size_t j = 0; j < n; j++)
            g[j] /= wide->sizes[k];
    }
    for (size_t i = 0; i < r; i++) /* Cholesky: gram = L L', below the diagonal and on it */
        for (size_t j = 0; j <= i; j++) {
            double sum = vector_dot(n, wide->G + i * n, wide->G + j * n);
            for (size_t k = 0; k < j; k++)
                sum -= wide->gram[i * r + k] * wide->gram[j * r + k];
            if (i == j && !(sum > DEPENDENT * DEPENDENT))
                return false;
            wide->gram[i * r + j] = i == j ? sqrt(sum) : sum / wide->gram[j * r + j];
        }
    return true;
}

/* part[r*n] = (G G')^-1 right, right[r*n] in place. */
static void solve_gram(struct sweep_wide *wide, size_t columns, double *right)
{
    const size_t r = wide->flow->conserved;
    const double *L = wide->gram;
    for (size_t i = 0; i < r; i++)
        for (size_t j = 0; j < columns; j++) {
            for (size_t k = 0; k < i; k++)
                right[i * columns + j] -= L[i * r + k] * right[k * columns + j];
            right[i * columns + j] /= L[i * r + i];
        }
    for (size_t i = r; i-- > 0;)
        for (size_t j = 0; j < columns; j++) {
            for (size_t k = i + 1; k < r; k++)
                right[i * columns + j] -= L[k * r + i] * right[k * columns + j];
            right[i * columns + j] /= L[i * r + i];
        }
}

/* M -= deflation G^+ G, with the gradients as they were factored */
static void deflate(struct sweep_wide *wide, double deflation, double *M)
{
    const size_t n = wide->flow->dim, r = wide->flow->conserved;
    memcpy(wide->part, wide->G, r * n * sizeof(double));
    solve_gram(wide, n, wide->part);
    for (size_t k = 0; k < r; k++)
        for (size_t i = 0; i < n; i++) {
            const double factor = deflation * wide->G[k * n + i];
            for (size_t j = 0; j < n; j++)
                M[i * n + j] -= factor * wide->part[k * n + j];
        }
}

/* M at x into to[order*order], by way of T; *done: it could be had. */
static enum status respond(struct sweep_wide *wide, struct look *look, const double *x, double *to,
                           bool *done)
{
    const struct flow *flow = wide->flow;
    const size_t n = flow->dim, r = flow->conserved;
    if (!look->field) {
        look->B_size = flow->response(flow, x, wide->T);
        *done = true;
    } else {
        TRY(forgive(flow->jacobian(flow, x, wide->T), done));
        *done = *done && factor_gradients(wide, x);
        if (!*done)
            return OK;
        double trace = 0;
        for (size_t i = 0; i < n; i++)
            trace += wide->T[i * n + i];
        look->B_size = 1;
        if (!(look->deflation > 0)) /* the mean rate: then no rate is to the left of all others */
            look->deflation = n > r ? -trace / (double)(n - r) : 0;
        *done = look->deflation > 0 || r == 0;
        deflate(wide, look->deflation, wide->T);
    }
    sweep_matrix_pad(look->m, look->order, wide->T, to);
    return OK;
}

/* e at x into z, padded: f, less what leads back to the leaf of the start; its rounding. */
static enum status drive_at(struct sweep_wide *wide, const struct look *look, const double *x,
                            double *rounding, bool *done)
{
    const struct flow *flow = wide->flow;
    const size_t n = flow->dim, r = flow->conserved;
    memset(wide->z, 0, look->order * sizeof *wide->z);
    *done = true;
    if (!look->field) {
        *rounding = flow->error(flow, x, wide->z);
        return OK;
    }
    *rounding = 0; /* known only where it is needed: see_rest() */
    TRY(forgive(flow->field(flow, 1, x, wide->z), done));
    if (!*done || r == 0)
        return OK;
    flow_integrals(flow, x, wide->I);
    for (size_t k = 0; k < r; k++)
        wide->I[k] = look->deflation * (wide->I[k] - wide->I0[k]) / wide->sizes[k];
    solve_gram(wide, 1, wide->I);
    for (size_t k = 0; k < r; k++)
        for (size_t i = 0; i < n; i++)
            wide->z[i] -= wide->I[k] * wide->G[k * n + i];
    return OK;
}

/* to += B(at) z; to and at may be one. */
static void go(struct sweep_wide *wide, const struct look *look, const double *at, double *to)
{
    const size_t n = wide->flow->dim;
    const double *step = wide->z;
    if (!look->field) {
        wide->flow->drive(wide->flow, at, wide->z, wide->g);
        step = wide->g;
    }
    for (size_t i = 0; i < n; i++)
        to[i] += step[i];
}

/* z = -M^-1 z */
static void invert(struct sweep_wide *wide, const struct look *look)
{
    sweep_matrix_solve(look->order, wide->LU, wide->pivot, wide->z);
    for (size_t i = 0; i < look->order; i++)
        wide->z[i] = -wide->z[i];
}

/* ---- the norm in which M contracts, (J7) ---- */

/* S[0] = 1 + hM, h over the norm of M; the padding stays 0. */
static bool begin_powers(struct sweep_wide *wide, struct look *look)
{
    const size_t order = look->order;
    const double norm = sweep_matrix_bound(order, wide->M, wide->z);
    if (!(norm > 0) || !isfinite(norm))
        return false;
    look->h = 1 / norm;
    for (size_t i = 0; i < order * order; i++)
        wide->S[i] = look->h * wide->M[i];
    for (size_t i = 0; i < look->m; i++)
        wide->S[i * order + i] += 1;
    return true;
}

/* z = power e, the rest of int e where powers of 1 + hM have passed, and how far from the limit that
 * is: where M is not normal it can be much farther than where the way begins. */
static void stray(struct sweep_wide *wide, struct look *look, const double *power)
{
    const size_t n = wide->flow->dim, order = look->order;
    for (size_t i = 0; i < order; i++)
        wide->z[i] = vector_dot(order, power + i * order, wide->e);
    memset(wide->g, 0, n * sizeof *wide->g);
    if (look->field)
        memcpy(wide->g, wide->z, n * sizeof *wide->g);
    else
        wide->flow->drive(wide->flow, look->state->x, wide->z, wide->g);
    look->astray = fmax(look->astray, vector_norm(n, wide->g));
}

/* rate and kappa, from the norms of `count` powers, the last one of exponent `power`, (J7). */
static void take_norm(struct look *look, const double *sizes, size_t count, double power)
{
    const double last = log(fmax(sizes[count - 1], CONTRACTED_MOST)) / power; /* log rho */
    look->rate = -expm1(last) / look->h;
    look->kappa = 1;
    double exponent = 1;
    for (size_t k = 0; k + 1 < count; k++, exponent *= 2)
        look->kappa = fmax(look->kappa, sizes[k] * exp(-last * exponent));
}

/* rate, kappa, astray, from M and int e = e[]; false: 1 + hM is not seen to contract, so that M may
 * not be stable, or too slow beside its norm. */
static bool certify(struct sweep_wide *wide, struct look *look)
{
    const size_t order = look->order, square = order * order;
    double *here = wide->S, *next = wide->S + square, power = 1, sizes[SQUARINGS + 1];
    if (!begin_powers(wide, look))
        return false;
    size_t count = 0;
    sizes[count++] = sweep_matrix_bound(order, here, wide->z);
    look->astray = look->away;
    stray(wide, look, here);
    while (count <= SQUARINGS && sizes[count - 1] > CONTRACTED) {
        sweep_matrix_square(order, here, next);
        double *kept = here;
        here = next;
        next = kept;
        power *= 2;
        stray(wide, look, here);
        sizes[count++] = sweep_matrix_size(order, here);
    }
    take_norm(look, sizes, count, power);
    return sizes[count - 1] <= CONTRACTED && look->rate > 0;
}

/* ---- the way to the limit ---- */

/* The way to first order, B M^-1 e, into way[] and to[] = x + way. */
static enum status find_way(struct sweep_wide *wide, struct look *look, bool *done)
{
    const size_t n = wide->flow->dim;
    const double *x = look->state->x;
    double rounding;
    TRY(respond(wide, look, x, wide->M, done));
    if (!*done)
        return OK;
    TRY(drive_at(wide, look, x, &rounding, done));
    look->e_size = vector_norm(look->order, wide->z) + rounding;
    memcpy(wide->LU, wide->M, look->order * look->order * sizeof(double));
    for (size_t i = look->m; i < look->order; i++)
        wide->LU[i * look->order + i] = 1;
    *done = *done && sweep_matrix_factor(look->order, wide->LU, wide->pivot);
    if (!*done)
        return OK;
    invert(wide, look);
    memset(wide->way, 0, n * sizeof(double));
    go(wide, look, x, wide->way);
    for (size_t i = 0; i < n; i++)
        wide->to[i] = x[i] + wide->way[i];
    look->away = vector_norm(n, wide->way);
    *done = isfinite(look->away);
    return OK;
}

/* What M and B do between x and to[]. */
static enum status sample(struct sweep_wide *wide, struct look *look, bool *done)
{
    const size_t n = wide->flow->dim;
    const double B = look->B_size;
    TRY(respond(wide, look, wide->to, wide->moved, done));
    if (!*done)
        return OK;
    look->B_size = fmax(B, look->B_size);
    look->change = vector_distance(look->order * look->order, wide->moved, wide->M);
    look->bend = 0;
    if (!look->field) {
        wide->flow->drive(wide->flow, wide->to, wide->e, wide->g);
        look->bend = vector_distance(n, wide->g, wide->way);
    }
    return OK;
}

/* How many times smaller e would have to be for M to change by no more than a share of its rate on
 * the way to the limit, (J6); the share is the referee's, and less where the norm is no Euclidean
 * one by far. */
static double excess_of_change(const struct look *look)
{
    const double lipschitz = SAMPLED * look->change / look->away;
    const double share = fmin(CONTRACTION, REMAINS / look->kappa);
    return lipschitz * (look->astray + look->state->error) / (share * look->rate);
}

/* z = (M(to) - M(x)) e */
static void multiply_change(struct sweep_wide *wide, const struct look *look)
{
    const size_t order = look->order;
    for (size_t i = 0; i < order; i++) {
        double sum = 0;
        for (size_t j = 0; j < order; j++)
            sum += (wide->moved[i * order + j] - wide->M[i * order + j]) * wide->e[j];
        wide->z[i] = sum;
    }
}

/* The same for the way to be one along which M and B have been looked at. */
static double excess_of_detour(const struct look *look)
{
    return look->astray / (DIRECT * look->away);
}

/* The same for the phase to be known, (J8): what the changes of M and B on the way do to it. */
static double excess_of_phase(struct sweep_wide *wide, struct look *look)
{
    const size_t n = wide->flow->dim;
    const double local = look->state->tolerance.rtol * look->size + look->state->tolerance.atol;
    if (look->field)
        return 0;
    multiply_change(wide, look);
    invert(wide, look);
    wide->flow->drive(wide->flow, look->state->x, wide->z, wide->g);
    look->phase_error = SAMPLED * (look->bend + vector_norm(n, wide->g));
    return sqrt(look->phase_error / fmax(PHASE_MOST * (1 + look->size), local));
}

/* From to[] to where e is rounding, into limit[], by chords; *done: it is. */
static enum status polish(struct sweep_wide *wide, const struct look *look, double *limit,
                          double *left, bool *done)
{
    const size_t n = wide->flow->dim;
    const double resolution = RESOLVED * DBL_EPSILON * (1 + look->size);
    double step = INFINITY, before = INFINITY;
    memcpy(limit, wide->to, n * sizeof *limit);
    *done = true;
    for (size_t i = 0; i < POLISH_MOST && *done && step > resolution; i++) {
        double rounding;
        TRY(drive_at(wide, look, limit, &rounding, done));
        invert(wide, look);
        step = look->field ? vector_norm(look->order, wide->z)
                           : look->B_size * vector_norm(look->order, wide->z);
        *done = *done && step <= before;
        go(wide, look, limit, limit);
        before = step;
    }
    *done = *done && step <= resolution;
    *left = step;
    return OK;
}

/* Is f zero at the limit to its rounding?  *left: what that leaves open. */
static enum status see_rest(struct sweep_wide *wide, const struct look *look, const double *limit,
                            double *left, bool *done)
{
    double residual = INFINITY, floor = 0;
    if (!look->field) { /* without e nothing moves */
        TRY(drive_at(wide, look, limit, &floor, done));
        *done = *done && vector_norm(look->order, wide->z) <= ROUNDED * floor;
        *left += look->B_size * ROUNDED * floor / look->rate;
        return OK;
    }
    TRY(forgive(fixed_point_residual(wide->work, limit, &residual, &floor), done));
    const double resolved =
        vector_norm(look->order * look->order, wide->M) * DBL_EPSILON * (1 + look->size);
    *done = *done && residual <= floor + ROUNDED * resolved;
    *left += ROUNDED * (floor + resolved) / look->rate;
    return OK;
}

/* The largest real part at the limit: in closed form, or of M, which is known next to it. */
static enum status take_rate(struct sweep_wide *wide, const struct look *look, const double *limit,
                             double *rate, bool *done)
{
    const struct flow *flow = wide->flow;
    const size_t transverse = look->field ? flow->dim - flow->conserved : look->m;
    size_t count = flow->transverse ? flow->transverse(flow, limit, wide->spectrum) : 0;
    *done = true;
    if (count == 0) {
        for (size_t i = 0; i < look->m; i++)
            memcpy(wide->T + i * look->m, wide->moved + i * look->order, look->m * sizeof(double));
        const double size = vector_norm(look->m * look->m, wide->T);
        TRY(forgive(dense_real_parts(look->m, wide->T, size, wide->spectrum), done));
        count = transverse;
    }
    *rate = wide->spectrum[0];
    *done = *done && *rate < 0 && count == transverse;
    return OK;
}

/* ---- the verdict ---- */

static enum status conclude(struct sweep_wide *wide, struct look *look, struct sweep_result *result,
                            double *limit, enum sweep_wide_verdict *verdict)
{
    double left = 0, rate = NAN;
    bool done;
    TRY(polish(wide, look, limit, &left, &done));
    if (done)
        TRY(see_rest(wide, look, limit, &left, &done));
    if (done)
        TRY(take_rate(wide, look, limit, &rate, &done));
    if (!done)
        return OK;
    *verdict = SWEEP_WIDE_SETTLES;
    result->ending = ENDING_SETTLED;
    result->has_limit = true;
    result->transverse_rate = rate;
    result->distance_bound =
        vector_distance(wide->flow->dim, look->state->x, limit) + look->phase_error + left;
    result->integration_error = look->field ? NAN : look->state->error;
    return OK;
}

static enum status judge_kind(struct sweep_wide *wide, struct look *look,
                              struct sweep_result *result, double *limit, double *wait,
                              enum sweep_wide_verdict *verdict)
{
    const size_t n = wide->flow->dim;
    bool done;
    look->m = look->field ? n : wide->flow->errors;
    look->order = sweep_matrix_order(look->m);
    look->deflation = 0;
    TRY(find_way(wide, look, &done));
    if (!done || !(look->away <= REACH_MOST * (1 + look->size)) ||
        !(look->away > REACH_LEAST * (1 + look->size)))
        return OK;
    double *kept = wide->e;
    memcpy(kept, wide->z, look->order * sizeof *kept);
    done = certify(wide, look);
    memcpy(wide->z, kept, look->order * sizeof *kept);
    if (!done)
        return OK;
    TRY(sample(wide, look, &done));
    if (!done)
        return OK;
    const double still = fmax(excess_of_phase(wide, look), excess_of_change(look));
    const double more = fmax(still, excess_of_detour(look));
    if (more <= 1)
        return conclude(wide, look, result, limit, verdict);
    /* |f| does not fall below the noise of the steps, (E6) */
    const double local = look->state->tolerance.rtol * look->size + look->state->tolerance.atol;
    *wait = vector_norm(n, look->state->f) * fmin(WAIT_MOST, FARTHER / more);
    if (*wait > local / look->h)
        *verdict = SWEEP_WIDE_GOES_ON;
    return OK;
}

enum status sweep_wide_judge(struct sweep_wide *wide, const struct sweep_wide_state *state,
                             struct sweep_result *result, double *limit, double *wait,
                             enum sweep_wide_verdict *verdict)
{
    const struct flow *flow = wide->flow;
    struct look look = {.state = state, .size = vector_norm(flow->dim, state->x)};
    *verdict = SWEEP_WIDE_LEAVES;
    if (flow->errors > 0)
        TRY(judge_kind(wide, &look, result, limit, wait, verdict));
    look.field = true;
    flow_integrals(flow, state->x0, wide->I0);
    if (*verdict == SWEEP_WIDE_LEAVES && flow->conserved < flow->dim)
        TRY(judge_kind(wide, &look, result, limit, wait, verdict));
    const double f = vector_norm(flow->dim, state->f);
    const double noise = NOISE * (state->tolerance.rtol * look.size + state->tolerance.atol);
    if (*verdict == SWEEP_WIDE_LEAVES && f > noise) { /* perhaps a saddle, and it passes */
        *verdict = SWEEP_WIDE_GOES_ON;
        *wait = PASSING * f;
    }
    return OK;
}
