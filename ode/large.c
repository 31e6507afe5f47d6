/* Newton and GMRES; norms by random signs: E |M s|^2 is the square of the Frobenius norm of M for
 * independent signs s, so that a few products tell it to some ten per cent. */
#include "ode/large.h"

#include "base/stream.h"
#include "ode/krylov.h"
#include "ode/rightmost.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Products J v for fixed points, per step of the integrator, which takes about as many itself where
 * rates are spread over three decades */
enum { PRODUCTS_A_STEP = 8, PRODUCTS_FREE = 200 };
enum { EVIDENCE_MAX = 160 };
enum { NEWTON_MOST = 20, PATIENCE = 2, SAMPLES = 4 };
static const double FORCING = 1e-4; /* residual of GMRES over |f|: four digits an iteration */
/* of |f| in an iteration: near a fixed point it falls by FORCING, far from all it crawls */
static const double FALL = 0.1;
static const double EXPLAINED = 4;         /* |f_i| over the row of J times the resolution of x */
static const double LIPSCHITZ_STEP = 1e-4; /* smallest radius of sampling, relative */
/* The norm of the projection on the range, where no matrix tells it */
static const double SKEW = 10;

/* Continuation along the kernel, as in manifold.c: the longest step, relative to 1 + |x|, and its
 * share of the distance where the range may turn degenerate; steps h, h/2, ...; the deviation over
 * the step, and what of it may be linear in the step */
static const double STEP_MOST = 0.03, STEP_SHARE = 0.1, DEVIATION = 0.25, LINEAR = 1e-3;
enum { DIRECTIONS = 3, SHORTER = 5 };
/* Change of J over the rate within which an estimate is still good; and how much nearer to a fixed
 * point it is worth while to try another one */
static const double SAME = 0.01, NEARER = 0.01;

struct large {
    const struct flow *flow;
    struct flow dense;  /* the same with a Jacobian made of columns */
    size_t n, products; /* J v that Newton's iteration has taken so far */
    struct krylov *krylov;
    struct fixed_point_work *work;         /* of `dense`, for few enough unknowns */
    struct manifold_search *search;        /* likewise */
    struct rightmost_search *search_right; /* NULL until needed */
    struct rightmost right;                /* what it found, ... */
    bool known, explained; /* ... at `place`; is its kernel tangent to fixed points? */
    double tried;          /* how far from x the last one was that told nothing */
    char evidence[EVIDENCE_MAX];
    const double *at; /* where J is taken */
    double *place, *from, *to, *half, *whole;
    double *f, *d, *signs, *probe, *product, *other, *difference, *lambda;
    double storage[];
};

static enum status apply(void *data, const double *v, double *Jv)
{
    struct large *large = data;
    large->products++;
    return flow_jacobian_times(large->flow, large->at, v, Jv, large->difference);
}

struct large *large_create(const struct flow *flow)
{
    const size_t n = flow->dim;
    struct large *large = calloc(1, sizeof *large + 15 * n * sizeof(double));
    if (!large)
        return NULL;
    double **const arrays[] = {&large->f,         &large->d,     &large->signs,  &large->probe,
                               &large->product,   &large->other, &large->lambda, &large->place,
                               &large->from,      &large->to,    &large->half,   &large->whole,
                               &large->difference};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = large->storage + i * n; /* the last one has 3 n */
    large->flow = flow;
    large->n = n;
    large->tried = INFINITY;
    large->dense = *flow;
    large->dense.jacobian = flow_jacobian_by_columns;
    large->krylov = krylov_create(n, apply, large);
    if (large->krylov)
        return large;
    large_free(large);
    return NULL;
}

void large_free(struct large *large)
{
    if (!large)
        return;
    krylov_free(large->krylov);
    rightmost_free(large->search_right);
    manifold_search_free(large->search);
    fixed_point_work_free(large->work);
    free(large);
}

enum status large_set_leaf(struct large *large, const double *x0)
{
    if (large->n > LARGE_SPECTRUM)
        return OK;
    double *start = calloc(large->flow->conserved + 1, sizeof *start);
    large->work = start ? fixed_point_work_create(&large->dense) : NULL;
    if (large->work) {
        flow_integrals(large->flow, x0, start);
        fixed_point_set_leaf(large->work, x0, start);
        large->search = manifold_search_create(large->work, &large->dense);
    }
    free(start);
    return large->search ? OK : status_fail(NO_MEMORY, "spectrum of %s", large->flow->title);
}

/* ---- norms ---- */

static void draw_signs(struct large *large, uint64_t index)
{
    struct stream stream = stream_at(0, stream_key("signs"), index);
    for (size_t j = 0; j < large->n; j++)
        large->signs[j] = stream_below(&stream, 2) ? 1 : -1;
}

/* The norms of the rows of J(x), into other[n]. */
static enum status measure_rows(struct large *large, const double *x)
{
    const size_t n = large->n;
    large->at = x;
    memset(large->other, 0, n * sizeof *large->other);
    for (uint64_t k = 0; k < SAMPLES; k++) {
        draw_signs(large, k);
        TRY(apply(large, large->signs, large->product));
        for (size_t i = 0; i < n; i++)
            large->other[i] += large->product[i] * large->product[i] / SAMPLES;
    }
    for (size_t i = 0; i < n; i++)
        large->other[i] = sqrt(large->other[i]);
    return OK;
}

enum status large_norm(struct large *large, const double *x, double *norm)
{
    TRY(measure_rows(large, x));
    *norm = vector_norm(large->n, large->other);
    return OK;
}

/* Is every f_i explained by the resolution of the unknowns?  After large_norm at the same x. */
static bool is_explained(const struct large *large, double resolution)
{
    for (size_t i = 0; i < large->n; i++)
        if (!(fabs(large->f[i]) <= EXPLAINED * large->other[i] * resolution))
            return false;
    return true;
}

/* The terms J_ij x_j at x/2, x and 2x, as for few unknowns, summed in squares. */
static enum status measure_floor(struct large *large, const double *x, double *floor)
{
    static const double scales[] = {0.5, 1, 2};
    const size_t n = large->n;
    *floor = DBL_MIN;
    if (large->flow->rounding) {
        large->flow->rounding(large->flow, x, large->product);
        *floor += DBL_EPSILON * vector_norm(n, large->product);
        return OK;
    }
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
        double squares = 0;
        for (size_t j = 0; j < n; j++)
            large->probe[j] = scales[s] * x[j];
        large->at = large->probe;
        for (uint64_t k = 0; k < SAMPLES; k++) {
            draw_signs(large, k);
            for (size_t j = 0; j < n; j++)
                large->signs[j] *= x[j];
            TRY(apply(large, large->signs, large->product));
            squares += vector_dot(n, large->product, large->product);
        }
        *floor += DBL_EPSILON * sqrt(squares / SAMPLES);
    }
    return OK;
}

enum status large_residual(struct large *large, const double *x, double *residual, double *floor)
{
    TRY(measure_floor(large, x, floor));
    TRY(large->flow->field(large->flow, 1, x, large->f));
    *residual = vector_norm(large->n, large->f);
    return OK;
}

/* Largest |J(x + h v) - J(x)| / h over random directions v and the one to `from`. */
static enum status sample_lipschitz(struct large *large, const double *x, const double *from,
                                    double h, double *lipschitz)
{
    const size_t n = large->n;
    const double away = vector_distance(n, x, from);
    *lipschitz = 0;
    for (uint64_t k = 0; k < SAMPLES; k++) {
        double squares = 0;
        draw_signs(large, SAMPLES + k);
        for (size_t j = 0; j < n; j++)
            large->probe[j] = x[j] + h * (k == 0 && away > 0 ? (from[j] - x[j]) / away
                                                             : large->signs[j] / sqrt((double)n));
        for (uint64_t l = 0; l < SAMPLES; l++) {
            draw_signs(large, l);
            large->at = x;
            TRY(apply(large, large->signs, large->product));
            large->at = large->probe;
            TRY(apply(large, large->signs, large->other));
            const double change = vector_distance(n, large->product, large->other);
            squares += change * change;
        }
        *lipschitz = fmax(*lipschitz, sqrt(squares / SAMPLES) / h);
    }
    return OK;
}

/* ---- Newton's iteration ---- */

/* d = -J^-1 f at y, in the range of J. */
static enum status newton_step(struct large *large, const double *y, double residual)
{
    large->at = y;
    TRY(krylov_solve(large->krylov, large->f, FORCING * residual, large->d));
    for (size_t j = 0; j < large->n; j++)
        large->d[j] = -large->d[j];
    return OK;
}

bool large_is_affordable(const struct large *large, size_t steps)
{
    return large->products <= PRODUCTS_FREE + PRODUCTS_A_STEP * steps;
}

enum status large_polish(struct large *large, const double *x, double reach, double *limit,
                         struct fixed_point *point)
{
    const size_t n = large->n;
    double best = INFINITY, norm = 0;
    *point = (struct fixed_point){0};
    memcpy(limit, x, n * sizeof *x);
    for (size_t i = 0, stale = 0; i < NEWTON_MOST && stale < PATIENCE && !point->found; i++) {
        TRY(large_residual(large, limit, &point->residual, &point->residual_floor));
        TRY(newton_step(large, limit, point->residual));
        TRY(large_norm(large, limit, &norm));
        const double resolution = DBL_EPSILON * (1 + vector_norm(n, limit));
        const double correction = vector_norm(n, large->d);
        const bool stays = correction <= resolution && is_explained(large, resolution);
        point->found = point->residual <= point->residual_floor || stays;
        point->residual_floor += stays ? norm * resolution : 0;
        point->position_error = fmax(correction, resolution);
        point->iterations = i;
        stale = point->residual < FALL * best ? 0 : stale + 1;
        best = fmin(best, point->residual);
        for (size_t j = 0; j < n && !point->found; j++)
            limit[j] += large->d[j];
        if (!(vector_distance(n, x, limit) <= reach))
            return OK;
    }
    return OK;
}

/* ---- the spectrum ---- */

/* How many entries the flow knows in closed form; they are in large->lambda. */
static size_t closed_form(const struct large *large, const double *limit)
{
    const struct flow *flow = large->flow;
    return flow->transverse ? flow->transverse(flow, limit, large->lambda) : 0;
}

bool large_has_spectrum(const struct large *large, const double *limit)
{
    return large->search || (large->known && large->explained) || closed_form(large, limit) > 0;
}

const char *large_evidence(const struct large *large)
{
    return large->evidence;
}

static enum status spectrum_in_closed_form(struct large *large, const double *x,
                                           const double *limit, double *spectrum,
                                           struct fixed_point *point, struct manifold *manifold)
{
    const size_t n = large->n, claims = large->flow->conserved;
    const double away = vector_distance(n, x, limit);
    const double radius = fmax(away, LIPSCHITZ_STEP * (1 + vector_norm(n, limit)));
    TRY(sample_lipschitz(large, limit, x, radius, &point->lipschitz));
    TRY(large_norm(large, limit, &point->norm));
    memcpy(spectrum, large->lambda, n * sizeof *spectrum);
    point->rate = spectrum[0];
    point->leaf = n; /* the rank of the claims is not looked at */
    point->simple = fixed_point_is_simple(point);
    const size_t kernel = n - point->count;
    *manifold =
        (struct manifold){.reached = true,
                          .kernel = kernel,
                          .integrals = claims < kernel ? claims : kernel,
                          .fixed = claims < kernel ? kernel - claims : 0,
                          .phase_error = SKEW * point->lipschitz * away * away / fabs(point->rate) +
                                         point->position_error};
    return OK;
}

static enum status spectrum_from_columns(struct large *large, const double *x, double *limit,
                                         double *spectrum, struct fixed_point *point,
                                         struct manifold *manifold)
{
    struct fixed_point reached;
    bool confirmed = false;
    TRY(manifold_seek(large->search, x, limit, spectrum, &reached, manifold));
    if (manifold->regular) {
        const double away = vector_distance(large->n, x, limit);
        const double radius = fmax(away, LIPSCHITZ_STEP * (1 + vector_norm(large->n, limit)));
        return fixed_point_spectrum(large->work, limit, radius, spectrum, point);
    }
    if (!manifold->reached)
        return OK;
    *point = reached;
    TRY(manifold_confirm(large->search, limit, point, manifold, &confirmed));
    point->simple = point->simple && confirmed;
    return OK;
}

/* ---- the spectrum, estimated ---- */

/* One step h along v from the fixed point and back to the fixed points: how far off, offset[n]. */
static enum status step_along(struct large *large, const double *limit, const double *v, double h,
                              double *offset, bool *found)
{
    const size_t n = large->n;
    struct fixed_point point;
    for (size_t j = 0; j < n; j++)
        large->from[j] = limit[j] + h * v[j];
    const enum status status = large_polish(large, large->from, h, large->to, &point);
    for (size_t j = 0; j < n; j++)
        offset[j] = large->to[j] - large->from[j];
    *found = status == OK && point.found;
    return status == SOLVER_FAILED || status == RETRY_SHORTER || status == NOT_FINITE ? OK : status;
}

/* Do the fixed points go on along the unit vector v?  offset(h) = s h + c h^2 + O(h^3), with s = 0
 * where v is tangent to them, (E44). */
static enum status continues(struct large *large, const double *limit, const double *v, double h,
                             bool *goes_on)
{
    bool found = true;
    *goes_on = false;
    for (int i = 0; i < SHORTER && found && !*goes_on; i++, h /= 2) {
        double squares = 0;
        TRY(step_along(large, limit, v, h / 2, large->half, &found));
        if (found)
            TRY(step_along(large, limit, v, h, large->whole, &found));
        for (size_t j = 0; j < large->n; j++) {
            const double linear = 2 * (2 * large->half[j]) - large->whole[j]; /* c h^2 cancels */
            squares += linear * linear;
        }
        *goes_on = found && vector_norm(large->n, large->half) <= DEVIATION * h / 2 &&
                   sqrt(squares) <= LINEAR * h;
    }
    return OK;
}

/* (E11) in a few directions of the kernel in general position. */
static enum status explain_kernel(struct large *large, double lipschitz)
{
    const size_t n = large->n;
    const double size = vector_norm(n, large->place);
    const double h = fmin(STEP_MOST * (1 + size), STEP_SHARE * large->right.slow / lipschitz);
    large->explained = true;
    for (size_t k = 0; k < DIRECTIONS && large->explained; k++) {
        const double *part = rightmost_kernel_vector(large->search_right, k);
        const double length = vector_norm(n, part);
        double *v = large->lambda; /* of the closed form, which there is none of */
        for (size_t j = 0; j < n; j++)
            v[j] = part[j] / length;
        TRY(continues(large, large->place, v, h, &large->explained));
    }
    return OK;
}

static void write_evidence(struct large *large)
{
    const struct rightmost *right = &large->right;
    char kernel[EVIDENCE_MAX / 2] = "";
    if (right->verdict == RIGHTMOST_UNKNOWN)
        snprintf(large->evidence, sizeof large->evidence,
                 "at a fixed point of %zu unknowns whose spectrum is not decided: %s", large->n,
                 right->doubt);
    else if (!large->explained)
        snprintf(large->evidence, sizeof large->evidence,
                 "at a fixed point; %s%.0f neutral directions are not explained",
                 right->rank > 0 ? "" : "about ", right->kernel_size);
    else if (right->kernel)
        snprintf(kernel, sizeof kernel, "; the fixed set has %s%.0f dimensions",
                 right->rank > 0 ? "" : "about ", right->kernel_size);
    if (right->verdict == RIGHTMOST_STABLE && large->explained)
        snprintf(large->evidence, sizeof large->evidence,
                 "stable fixed point by %zu products J v: a rate above %.2g missed with "
                 "probability < %.0e%s",
                 right->products, -right->slow, right->probability, kernel);
}

/* What is right of zero at the limit. */
static enum status estimate(struct large *large, const double *limit, double lipschitz)
{
    const size_t n = large->n, products = large->products;
    const struct ritz_matrix J = {.n = n, .apply = apply, .data = large};
    if (!large->search_right)
        large->search_right = rightmost_create(&J);
    if (!large->search_right)
        return status_fail(NO_MEMORY, "spectrum of %s", large->flow->title);
    memcpy(large->place, limit, n * sizeof *limit);
    large->at = large->place;
    enum status status = rightmost_find(large->search_right, &large->right);
    large->explained = !large->right.kernel;
    if (status == OK && large->right.verdict == RIGHTMOST_STABLE && large->right.kernel)
        status = explain_kernel(large, lipschitz);
    if (status == SOLVER_FAILED) {
        large->right = (struct rightmost){.doubt = "its Jacobian vanishes"};
        status = OK;
    }
    large->products = products; /* not of Newton's iteration */
    large->known = large->right.verdict != RIGHTMOST_UNKNOWN;
    write_evidence(large);
    return status;
}

/* Is what is known of another fixed point good here, too?  Or not worth another try? */
static bool is_known(const struct large *large, const double *limit, double lipschitz, double away)
{
    if (!large->known || !large->explained)
        return away > NEARER * large->tried;
    return lipschitz * vector_distance(large->n, limit, large->place) <=
           SAME * fabs(large->right.rate);
}

static void count_kernel(const struct large *large, struct manifold *manifold)
{
    const size_t claims = large->flow->conserved, rank = large->right.rank;
    const bool seen = rank > 0 && large->right.kernel;
    manifold->kernel = seen ? large->n - rank : 0;
    manifold->integrals = claims < manifold->kernel ? claims : manifold->kernel;
    manifold->fixed = manifold->kernel - manifold->integrals;
}

/* GMRES answers a residual that is rounding by a step along the kernel; to the zero of f as it is
 * computed it is |f|/rate.  The rounding of f counts beside it. */
static void sharpen_position(const struct large *large, const double *limit, double rate,
                             struct fixed_point *point)
{
    const double resolution = DBL_EPSILON * (1 + vector_norm(large->n, limit));
    const double distance = fmax(2 * point->residual / fabs(rate), resolution);
    point->position_error = fmin(point->position_error, distance);
}

static enum status spectrum_by_estimate(struct large *large, const double *x, const double *limit,
                                        double *spectrum, struct fixed_point *point,
                                        struct manifold *manifold)
{
    const double away = vector_distance(large->n, x, limit);
    const double radius = fmax(away, LIPSCHITZ_STEP * (1 + vector_norm(large->n, limit)));
    TRY(sample_lipschitz(large, limit, x, radius, &point->lipschitz));
    TRY(large_norm(large, limit, &point->norm));
    if (!is_known(large, limit, point->lipschitz, away))
        TRY(estimate(large, limit, point->lipschitz));
    const bool stable = large->right.verdict == RIGHTMOST_STABLE;
    const double skew = large->right.symmetric ? 1 : SKEW;
    point->leaf = large->n;
    large->tried = large->known && large->explained ? INFINITY : fmin(away, large->tried);
    if (!large->known || !large->explained)
        return OK;
    point->count = rightmost_count(large->search_right);
    for (size_t k = 0; k < point->count; k++)
        spectrum[k] = rightmost_real_part(large->search_right, k);
    struct fixed_point sure = *point; /* the rate that is beyond doubt */
    sure.rate = stable ? -large->right.slow : large->right.rate;
    sharpen_position(large, limit, sure.rate, point);
    sure.position_error = point->position_error;
    point->simple = fixed_point_is_simple(&sure);
    point->rate = large->right.rate;
    count_kernel(large, manifold);
    manifold->reached = large->right.kernel;
    manifold->phase_error =
        skew * point->lipschitz * away * away / fabs(sure.rate) + point->position_error;
    return OK;
}

enum status large_spectrum(struct large *large, const double *x, double *limit, double *spectrum,
                           struct fixed_point *point, struct manifold *manifold)
{
    *manifold = (struct manifold){0};
    point->count = closed_form(large, limit);
    if (point->count > 0)
        return spectrum_in_closed_form(large, x, limit, spectrum, point, manifold);
    return large->search ? spectrum_from_columns(large, x, limit, spectrum, point, manifold)
                         : spectrum_by_estimate(large, x, limit, spectrum, point, manifold);
}

enum status large_unstable_part(struct large *large, const double *x, const double *limit,
                                double *part)
{
    *part = INFINITY;
    if (large->work)
        return fixed_point_unstable_part(large->work, x, limit, part);
    if (!large->known || large->right.verdict != RIGHTMOST_UNSTABLE)
        return OK;
    for (size_t j = 0; j < large->n; j++)
        large->from[j] = x[j] - limit[j];
    large->at = large->place;
    return rightmost_unstable_part(large->search_right, large->from, part);
}
