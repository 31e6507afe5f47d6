/* Newton and GMRES; norms by random signs: E |M s|^2 is the square of the Frobenius norm of M for
 * independent signs s, so that a few products tell it to some ten per cent. */
#include "ode/large.h"

#include "base/stream.h"
#include "ode/krylov.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Products J v for fixed points, per step of the integrator, which takes about as many itself */
enum { PRODUCTS_A_STEP = 2, PRODUCTS_FREE = 200 };
enum { NEWTON_MOST = 20, PATIENCE = 2, SAMPLES = 4 };
static const double FORCING = 1e-4; /* residual of GMRES over |f|: four digits an iteration */
/* of |f| in an iteration: near a fixed point it falls by FORCING, far from all it crawls */
static const double FALL = 0.1;
static const double EXPLAINED = 4;         /* |f_i| over the row of J times the resolution of x */
static const double LIPSCHITZ_STEP = 1e-4; /* smallest radius of sampling, relative */
/* The norm of the projection on the range, where no matrix tells it */
static const double SKEW = 10;

struct large {
    const struct flow *flow;
    struct flow dense;  /* the same with a Jacobian made of columns */
    size_t n, products; /* J v that Newton's iteration has taken so far */
    struct krylov *krylov;
    struct fixed_point_work *work;  /* of `dense`, for few enough unknowns */
    struct manifold_search *search; /* likewise */
    const double *at;               /* where J is taken */
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
    struct large *large = calloc(1, sizeof *large + 10 * n * sizeof(double));
    if (!large)
        return NULL;
    double **const arrays[] = {&large->f,       &large->d,     &large->signs,  &large->probe,
                               &large->product, &large->other, &large->lambda, &large->difference};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = large->storage + i * n; /* the last one has 3 n */
    large->flow = flow;
    large->n = n;
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
    return large->search || closed_form(large, limit) > 0;
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

enum status large_spectrum(struct large *large, const double *x, double *limit, double *spectrum,
                           struct fixed_point *point, struct manifold *manifold)
{
    *manifold = (struct manifold){0};
    point->count = closed_form(large, limit);
    if (point->count > 0)
        return spectrum_in_closed_form(large, x, limit, spectrum, point, manifold);
    return large->search ? spectrum_from_columns(large, x, limit, spectrum, point, manifold) : OK;
}

enum status large_unstable_part(struct large *large, const double *x, const double *limit,
                                double *part)
{
    *part = INFINITY;
    return large->work ? fixed_point_unstable_part(large->work, x, limit, part) : OK;
}
