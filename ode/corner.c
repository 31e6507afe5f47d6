/* The field is evaluated with the sides of all surfaces at theta = 0, and with each one turned: so
 * f0 and the columns d_k, q and G, and f_s = f0 + sum theta_k d_k with G theta = -q over those that
 * slide.  With J_theta the same combination of Jacobians, and N the matrix of normals,
 *     grad theta = -G^(-1) N J_theta,    J_s = J_theta + sum_k d_k (grad theta_k)'.
 * A surface that is still keeps theta at the side whose piece does not move it, and is watched: the
 * other side must push.
 *
 * Which surface does what is found by trying all patterns of 0, 1 and between.  At most one of them
 * solves the problem, as C G is definite (Cottle, Pang, Stone 1992, chapter 3); one whose
 * inequalities are not strict is no answer, but for a surface that is still. */
#include "ode/corner.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Gradients, pieces and products agree: rounding of all, with room */
static const double AGREES = 1e-9;
/* theta, and normal speeds over |f|, nearer to the end of their range than this are at it */
static const double GRAZES = 1e-9;
/* Pivots of C G scaled to a unit diagonal: below it, it is not definite for certain */
static const double DEFINITE = 1e-6;
/* Other points where structure is looked at: x plus this times 1 + |x|, without symmetry */
static const double PROBES[] = {0.03, 0.015, 0.007};
enum { PROBE_COUNT = sizeof PROBES / sizeof *PROBES };
static const double GOLDEN = 0.6180339887498949;
/* Sampling radius of slopes, relative */
static const double SAMPLING = 1e-6;
/* Operations per component in a combination */
static const double COMBINATION = 4;
/* Of theta as a switching function: it has poles, and root finders want numbers */
static const double FAR = 2;
/* Corrections onto the planes: rounding of the first */
enum { CORRECTIONS = 3 };

enum { M = CORNER_MOST };

struct corner {
    struct flow flow;
    const struct flow *base;
    size_t m, slides, kept_count;
    enum corner_verdict made; /* CORNER_GOES_ON, or why it is none from the start */
    size_t k[M];
    signed char low[M]; /* the side that stands for theta = 0; of one that is still, its side */
    double push[M];     /* of surfaces that are still: the scale of the switching function */
    double q[M], G[M * M], inverse[M * M], theta[M];
    double *f0, *D, *N, *turned, *point, *work, *J_turned, *J_mix, *slope, *rough, *g;
    size_t *kept;
    struct claim *claim;
    struct switch_surface *surface;
    double storage[];
};

/* The scratch is written to through the pointers of a constant struct: the block is the flow's. */
static struct corner *corner_of(const struct flow *flow)
{
    return (struct corner *)flow->data;
}

/* ---- small matrices ---- */

/* inverse[n*n] of A, A[k*M + l]; false: singular to rounding. */
static bool invert(size_t n, const double *A, double *inverse)
{
    double B[M][2 * M] = {{0}};
    for (size_t i = 0; i < n; i++) {
        memcpy(B[i], A + i * M, n * sizeof *A);
        B[i][n + i] = 1;
    }
    for (size_t c = 0; c < n; c++) {
        size_t pivot = c;
        for (size_t i = c + 1; i < n; i++)
            pivot = fabs(B[i][c]) > fabs(B[pivot][c]) ? i : pivot;
        if (!(fabs(B[pivot][c]) > DBL_MIN))
            return false;
        for (size_t j = 0; j < 2 * n; j++) {
            const double swap = B[c][j];
            B[c][j] = B[pivot][j];
            B[pivot][j] = swap;
        }
        for (size_t i = 0; i < n; i++) {
            const double factor = i == c ? 0 : B[i][c] / B[c][c];
            for (size_t j = 0; j < 2 * n && i != c; j++)
                B[i][j] -= factor * B[c][j];
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            inverse[i * M + j] = B[i][n + j] / B[i][i];
    return true;
}

/* C, c[m], with C G symmetric; its entries may have any sign.  False: there is none. */
static bool find_scales(size_t m, const double *G, double *c)
{
    bool known[M] = {false};
    for (size_t first = 0; first < m; first++) {
        if (!known[first])
            c[first] = 1;
        known[first] = true;
        for (size_t round = 0; round < m; round++)
            for (size_t k = 0; k < m; k++)
                for (size_t l = 0; l < m; l++)
                    if (known[k] && !known[l] && G[k * M + l] != 0 && G[l * M + k] != 0) {
                        c[l] = c[k] * G[k * M + l] / G[l * M + k];
                        known[l] = true;
                    }
    }
    for (size_t k = 0; k < m; k++)
        for (size_t l = 0; l < k; l++) {
            const double a = c[k] * G[k * M + l], b = c[l] * G[l * M + k];
            const double size = sqrt(fabs(c[k] * G[k * M + k] * c[l] * G[l * M + l]));
            if (!(fabs(a - b) <= AGREES * size))
                return false;
        }
    return true;
}

/* Is -C G positive definite, by Cholesky with a unit diagonal? */
static bool is_definite(size_t m, const double *G, const double *c)
{
    double L[M][M] = {{0}};
    for (size_t k = 0; k < m; k++)
        if (!(c[k] > 0 && G[k * M + k] < 0))
            return false;
    for (size_t k = 0; k < m; k++)
        for (size_t l = 0; l <= k; l++) {
            const double size = sqrt(c[k] * G[k * M + k] * c[l] * G[l * M + l]);
            double sum = -c[k] * G[k * M + l] / size;
            for (size_t j = 0; j < l; j++)
                sum -= L[k][j] * L[l][j];
            if (k == l && !(sum > DEFINITE))
                return false;
            L[k][l] = k == l ? sqrt(sum) : sum / L[l][l];
        }
    return true;
}

/* ---- the parts of the field ---- */

static const double *normal(const struct corner *c, size_t l)
{
    return c->N + l * c->base->dim;
}

static void set_sides(const struct corner *c)
{
    for (size_t l = 0; l < c->m; l++)
        c->base->side[c->k[l]] = c->low[l];
}

/* f0, and d_l = f(+) - f(-) of the first `count` surfaces, with q and G. */
static enum status parts_at(struct corner *c, const double *x, size_t count)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    set_sides(c);
    TRY(base->field(base, 1, x, c->f0));
    for (size_t l = 0; l < count; l++) {
        double *d = c->D + l * n;
        base->side[c->k[l]] = (signed char)-c->low[l];
        const enum status status = base->field(base, 1, x, d);
        base->side[c->k[l]] = c->low[l];
        TRY(status);
        for (size_t j = 0; j < n; j++)
            d[j] = -c->low[l] * (d[j] - c->f0[j]);
    }
    for (size_t k = 0; k < count; k++) {
        c->q[k] = vector_dot(n, normal(c, k), c->f0);
        for (size_t l = 0; l < count; l++)
            c->G[k * M + l] = vector_dot(n, normal(c, k), c->D + l * n);
    }
    return OK;
}

/* parts_at, and theta and f[dim] of those that slide. */
static enum status velocity_at(struct corner *c, const double *x, size_t count, double *f)
{
    const size_t n = c->base->dim;
    TRY(parts_at(c, x, count));
    if (!invert(c->slides, c->G, c->inverse))
        return status_fail(RETRY_SHORTER, "sliding on %zu surfaces: no side pushes", c->slides);
    memcpy(f, c->f0, n * sizeof *f);
    for (size_t k = 0; k < c->slides; k++) {
        c->theta[k] = 0;
        for (size_t l = 0; l < c->slides; l++)
            c->theta[k] -= c->inverse[k * M + l] * c->q[l];
        for (size_t j = 0; j < n; j++)
            f[j] += c->theta[k] * c->D[k * n + j];
    }
    return OK;
}

static enum status corner_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    struct corner *c = corner_of(flow);
    double *one = c->work, *f = c->work + flow->dim;
    for (size_t lane = 0; lane < n; lane++) {
        for (size_t i = 0; i < flow->dim; i++)
            one[i] = x[i * n + lane];
        TRY(velocity_at(c, one, c->slides, f));
        for (size_t i = 0; i < flow->dim; i++)
            dx[i * n + lane] = f[i];
    }
    return OK;
}

/* J_mix: the Jacobian at fixed theta; slope[l*dim]: grad theta_l.  After velocity_at. */
static enum status slopes_at(struct corner *c, const double *x)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    double rest = 1;
    for (size_t l = 0; l < c->slides; l++)
        rest -= c->theta[l];
    set_sides(c);
    TRY(base->jacobian(base, x, c->J_turned));
    for (size_t i = 0; i < n * n; i++)
        c->J_mix[i] = rest * c->J_turned[i];
    for (size_t l = 0; l < c->slides; l++) {
        base->side[c->k[l]] = (signed char)-c->low[l];
        const enum status status = base->jacobian(base, x, c->J_turned);
        base->side[c->k[l]] = c->low[l];
        TRY(status);
        for (size_t i = 0; i < n * n; i++)
            c->J_mix[i] += c->theta[l] * c->J_turned[i];
    }
    memset(c->slope, 0, M * n * sizeof *c->slope);
    for (size_t k = 0; k < c->slides; k++) /* N J_mix, row k, into all grad theta */
        for (size_t j = 0; j < n; j++) {
            double row = 0;
            for (size_t i = 0; i < n; i++)
                row += normal(c, k)[i] * c->J_mix[i * n + j];
            for (size_t l = 0; l < c->slides; l++)
                c->slope[l * n + j] -= c->inverse[l * M + k] * row;
        }
    return OK;
}

static enum status corner_jacobian(const struct flow *flow, const double *x, double *J)
{
    struct corner *c = corner_of(flow);
    const size_t n = flow->dim;
    TRY(velocity_at(c, x, c->slides, c->turned));
    TRY(slopes_at(c, x));
    memcpy(J, c->J_mix, n * n * sizeof *J);
    for (size_t l = 0; l < c->slides; l++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                J[i * n + j] += c->D[l * n + i] * c->slope[l * n + j];
    return OK;
}

/* Adds weight times the rounding of the field as the sides are, in epsilons, f[dim] its value. */
static void add_rounding(struct corner *c, const double *x, const double *f, double weight,
                         double *sum)
{
    const size_t n = c->base->dim;
    if (c->base->rounding)
        c->base->rounding(c->base, x, c->work);
    else if (c->base->jacobian(c->base, x, c->J_turned) == OK)
        for (size_t i = 0; i < n; i++) {
            c->work[i] = fabs(f[i]);
            for (size_t j = 0; j < n; j++)
                c->work[i] += fabs(c->J_turned[i * n + j] * x[j]);
        }
    else
        memset(c->work, 0, n * sizeof *c->work);
    for (size_t i = 0; i < n; i++)
        sum[i] += fabs(weight) * (c->work[i] + COMBINATION * fabs(f[i]));
}

/* That of the pieces, weighted; and of theta, |G^(-1)| |N| times that, times |d|. */
static void corner_rounding(const struct flow *flow, const double *x, double *bound)
{
    struct corner *c = corner_of(flow);
    const size_t n = flow->dim;
    memset(bound, 0, n * sizeof *bound);
    if (velocity_at(c, x, c->slides, c->turned) != OK)
        return;
    double rest = 1;
    memset(c->rough, 0, n * sizeof *c->rough);
    for (size_t l = 0; l < c->slides; l++) {
        rest -= c->theta[l];
        for (size_t j = 0; j < n; j++)
            c->turned[j] = c->f0[j] - c->low[l] * c->D[l * n + j];
        c->base->side[c->k[l]] = (signed char)-c->low[l];
        add_rounding(c, x, c->turned, c->theta[l], c->rough);
        c->base->side[c->k[l]] = c->low[l];
    }
    add_rounding(c, x, c->f0, fabs(rest) + (double)c->slides * DBL_EPSILON, c->rough);
    memcpy(bound, c->rough, n * sizeof *bound);
    for (size_t k = 0; k < c->slides; k++) {
        double of_speed = 0;
        for (size_t j = 0; j < n; j++)
            of_speed += fabs(normal(c, k)[j]) * c->rough[j];
        for (size_t l = 0; l < c->slides; l++)
            for (size_t i = 0; i < n; i++)
                bound[i] += fabs(c->inverse[l * M + k] * c->D[l * n + i]) * of_speed;
    }
}

/* theta_l in place of surfaces that slide, and 1 - theta_l behind them; the push onto those that are
 * still. */
static void corner_switching(const struct flow *flow, const double *x, double *switching)
{
    struct corner *c = corner_of(flow);
    const size_t behind = c->base->switches;
    c->base->switching(c->base, x, switching);
    const bool known = velocity_at(c, x, c->m, c->turned) == OK;
    for (size_t l = 0; l < c->m; l++)
        if (l < c->slides) {
            const bool finite = known && isfinite(c->theta[l]);
            switching[c->k[l]] = finite ? fmin(c->theta[l], FAR) : -1;
            switching[behind + l] = finite ? fmin(1 - c->theta[l], FAR) : -1;
        } else
            switching[c->k[l]] = known ? -c->G[l * M + l] / c->push[l] : -1;
}

static double surface_value(const struct corner *c, size_t l, const double *x)
{
    c->base->switching(c->base, x, c->g);
    return c->g[c->k[l]];
}

static double corner_observe(const struct flow *flow, size_t claim, const double *x)
{
    const struct corner *c = corner_of(flow);
    return claim < c->kept_count ? c->base->observe(c->base, c->kept[claim], x)
                                 : surface_value(c, claim - c->kept_count, x);
}

static void corner_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    const struct corner *c = corner_of(flow);
    if (claim < c->kept_count)
        c->base->gradient(c->base, c->kept[claim], x, g);
    else
        memcpy(g, normal(c, claim - c->kept_count), flow->dim * sizeof *g);
}

/* ---- making one ---- */

/* x itself, or point number i near it in general position. */
static void probe_point(const struct corner *c, const double *x, size_t i, double *point)
{
    const size_t n = c->base->dim;
    const double size = i == 0 ? 0 : PROBES[i - 1] * (1 + vector_norm(n, x));
    for (size_t j = 0; j < n; j++) {
        const double turn = GOLDEN * (double)(j + 1 + i * n);
        point[j] = x[j] + size * (2 * (turn - floor(turn)) - 1);
    }
}

/* d g_l/d x_j at `at`, where g is linear without an error but that of g. */
static double slope_along(const struct corner *c, size_t l, double *at, size_t j)
{
    const double kept = at[j], h = exp2(ceil(log2(1 + fabs(kept))));
    at[j] = kept + h;
    const double up = surface_value(c, l, at);
    at[j] = kept - h;
    const double down = surface_value(c, l, at);
    at[j] = kept;
    return (up - down) / (2 * h);
}

/* The normals, and whether all surfaces are planes. */
static bool find_normals(struct corner *c, const double *x)
{
    const size_t n = c->base->dim;
    for (size_t l = 0; l < c->m; l++) {
        double off = 0;
        for (size_t i = 0; i < 2; i++) {
            probe_point(c, x, i, c->point);
            for (size_t j = 0; j < n; j++) {
                const double slope = slope_along(c, l, c->point, j);
                if (i == 0)
                    c->N[l * n + j] = slope;
                else
                    off += fabs(slope - c->N[l * n + j]);
            }
        }
        if (!(off <= AGREES * vector_norm(n, normal(c, l))))
            return false;
    }
    return true;
}

static struct corner *allocate(const struct flow *base, size_t m)
{
    const size_t n = base->dim, r = base->conserved, s = base->switches + m;
    const size_t square = base->jacobian ? n * n : 0;
    const size_t doubles = /* of the table below */
        (6 + 2 * m + M) * n + base->switches + 2 * square;
    struct corner *c =
        calloc(1, sizeof *c + doubles * sizeof(double) + r * sizeof(size_t) +
                      (r + m) * sizeof(struct claim) + s * sizeof(struct switch_surface) + s);
    if (!c)
        return NULL;
    double *next = c->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&c->f0, n},         {&c->D, m * n},         {&c->N, m * n},          {&c->turned, n},
        {&c->point, n},      {&c->work, 2 * n},      {&c->rough, n},          {&c->slope, M * n},
        {&c->J_mix, square}, {&c->J_turned, square}, {&c->g, base->switches},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    c->kept = (size_t *)(void *)next;
    c->claim = (struct claim *)(void *)(c->kept + r);
    c->surface = (struct switch_surface *)(void *)(c->claim + r + m);
    c->flow.side = (signed char *)(c->surface + s);
    c->base = base;
    return c;
}

struct flow *corner_create(const struct flow *flow, const int *at_zero, const double *x)
{
    size_t m = 0;
    for (size_t k = 0; k < flow->switches; k++)
        m += at_zero[k] != 0;
    struct corner *c = allocate(flow, m);
    if (!c)
        return NULL;
    c->flow.data = c;
    c->flow.dim = flow->dim;
    c->made = m > M || !flow->jacobian ? CORNER_MANY : CORNER_GOES_ON;
    if (c->made != CORNER_GOES_ON)
        return &c->flow;
    for (size_t k = 0; k < flow->switches; k++) {
        if (!at_zero[k])
            continue;
        c->k[c->m] = k;
        c->low[c->m++] = -1;
        if (flow->surface && flow->surface[k].kind != SWITCH_JUMPS)
            c->made = CORNER_CURVED;
    }
    if (!find_normals(c, x))
        c->made = CORNER_CURVED;
    return &c->flow;
}

/* ---- deciding ---- */

/* Is f at all combinations of sides what the parts say? */
static enum status is_affine(struct corner *c, const double *x, bool *affine)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    for (size_t pattern = 0; pattern < (size_t)1 << c->m && *affine; pattern++) {
        double size = vector_norm(n, c->f0);
        memcpy(c->work, c->f0, n * sizeof *c->work);
        for (size_t l = 0; l < c->m; l++) {
            const bool on = pattern >> l & 1;
            base->side[c->k[l]] = on ? 1 : -1;
            for (size_t j = 0; j < n && on; j++)
                c->work[j] += c->D[l * n + j];
            size += vector_norm(n, c->D + l * n);
        }
        const enum status status = base->field(base, 1, x, c->turned);
        set_sides(c);
        TRY(status);
        *affine = vector_distance(n, c->turned, c->work) <= AGREES * size;
    }
    return OK;
}

/* Parts of G that rounding makes are none. */
static void clean_products(struct corner *c)
{
    const size_t n = c->base->dim;
    for (size_t k = 0; k < c->m; k++)
        for (size_t l = 0; l < c->m; l++) {
            const double size = vector_norm(n, normal(c, k)) * vector_norm(n, c->D + l * n);
            if (fabs(c->G[k * M + l]) <= AGREES * size)
                c->G[k * M + l] = 0;
        }
}

/* The conditions of (E27) at x and at the other points, where C need not be positive; x comes last.
 */
static enum status look_at_structure(struct corner *c, const double *x,
                                     enum corner_verdict *verdict)
{
    for (size_t i = PROBE_COUNT + 1; i-- > 0 && *verdict == CORNER_GOES_ON;) {
        double scales[M] = {0};
        bool affine = true;
        probe_point(c, x, i, c->point);
        if (i > 0)
            corner_to_surfaces(&c->flow, c->point);
        TRY(parts_at(c, c->point, c->m));
        TRY(is_affine(c, c->point, &affine));
        clean_products(c);
        if (!affine)
            *verdict = CORNER_ENTANGLED;
        else if (!find_scales(c->m, c->G, scales) || (i == 0 && !is_definite(c->m, c->G, scales)))
            *verdict = CORNER_NOT_UNIQUE;
    }
    return OK;
}

/* What each surface does: theta = 0, 1, or between. */
enum role { ROLE_BELOW, ROLE_ABOVE, ROLE_SLIDES, ROLES };

/* theta and w of a pattern; false: G is singular there. */
static bool solve_pattern(struct corner *c, const enum role *role, double *theta, double *w)
{
    size_t slides[M], count = 0;
    double A[M * M] = {0}, inverse[M * M], rest[M];
    for (size_t k = 0; k < c->m; k++) {
        theta[k] = role[k] == ROLE_ABOVE;
        if (role[k] == ROLE_SLIDES)
            slides[count++] = k;
    }
    for (size_t i = 0; i < count; i++) {
        rest[i] = c->q[slides[i]];
        for (size_t l = 0; l < c->m; l++)
            rest[i] += c->G[slides[i] * M + l] * theta[l];
        for (size_t j = 0; j < count; j++)
            A[i * M + j] = c->G[slides[i] * M + slides[j]];
    }
    if (!invert(count, A, inverse))
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            theta[slides[i]] -= inverse[i * M + j] * rest[j];
    for (size_t k = 0; k < c->m; k++) {
        w[k] = c->q[k];
        for (size_t l = 0; l < c->m; l++)
            w[k] += c->G[k * M + l] * theta[l];
    }
    return true;
}

/* Is w_k exactly zero in this pattern, whatever those that slide do, at x and near it? */
static enum status is_still(struct corner *c, const double *x, const enum role *role, size_t k,
                            bool *still)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    *still = true;
    for (size_t i = 0; i <= PROBE_COUNT && *still; i++) {
        probe_point(c, x, i, c->point);
        for (size_t turned = 0; turned <= c->m && *still; turned++) { /* one that slides; or none */
            if (turned < c->m && role[turned] != ROLE_SLIDES)
                continue;
            for (size_t l = 0; l < c->m; l++)
                base->side[c->k[l]] = role[l] == ROLE_ABOVE || l == turned ? 1 : -1;
            const enum status status = base->field(base, 1, c->point, c->turned);
            set_sides(c);
            TRY(status);
            *still = vector_dot(n, normal(c, k), c->turned) == 0;
        }
    }
    return OK;
}

/* Does this pattern solve the problem, strictly?  still[k]: that w_k = 0 is no accident. */
static enum status fits(struct corner *c, const double *x, const enum role *role, bool *still,
                        bool *fit)
{
    const size_t n = c->base->dim;
    double theta[M] = {0}, w[M] = {0};
    *fit = solve_pattern(c, role, theta, w);
    for (size_t k = 0; k < c->m && *fit; k++) {
        double least = vector_norm(n, c->f0);
        for (size_t l = 0; l < c->m; l++)
            least += vector_norm(n, c->D + l * n);
        least *= GRAZES * vector_norm(n, normal(c, k));
        still[k] = false;
        if (role[k] == ROLE_SLIDES)
            *fit = theta[k] > GRAZES && theta[k] < 1 - GRAZES;
        else if (fabs(w[k]) > least)
            *fit = (w[k] > 0) == (role[k] == ROLE_ABOVE);
        else {
            TRY(is_still(c, x, role, k, &still[k]));
            *fit = still[k];
        }
    }
    return OK;
}

/* Sets the sides of surfaces that are left, and puts those that slide first, the still ones last. */
static void sort_roles(struct corner *c, const enum role *role, const bool *still)
{
    const size_t n = c->base->dim;
    const struct corner was = *c;
    double *copy = c->D; /* as large as N, and evaluated anew */
    memcpy(copy, c->N, was.m * n * sizeof *copy);
    c->m = c->slides = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < was.m; k++) {
            const signed char side = role[k] == ROLE_ABOVE ? 1 : -1;
            if (role[k] != ROLE_SLIDES && !still[k]) {
                c->base->side[was.k[k]] = side;
                continue;
            }
            if ((role[k] == ROLE_SLIDES) != (pass == 0))
                continue;
            memcpy(c->N + c->m * n, copy + k * n, n * sizeof *copy);
            c->low[c->m] = side;
            c->k[c->m++] = was.k[k];
            c->slides += pass == 0;
        }
}

/* Is base claim number `claim` continued across all surfaces with one gradient? */
static bool is_kept(const struct corner *c, size_t claim, const double *point)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    set_sides(c);
    base->gradient(base, claim, point, c->turned);
    bool kept = true;
    for (size_t l = 0; l < c->m && kept; l++) {
        base->side[c->k[l]] = (signed char)-c->low[l];
        base->gradient(base, claim, point, c->work);
        base->side[c->k[l]] = c->low[l];
        kept = vector_distance(n, c->turned, c->work) <=
               AGREES * (vector_norm(n, c->turned) + vector_norm(n, c->work));
    }
    return kept;
}

static void keep_claims(struct corner *c, const double *x)
{
    const struct flow *base = c->base;
    c->kept_count = 0;
    for (size_t claim = 0; claim < base->conserved; claim++) {
        bool kept = true;
        for (size_t i = 0; i < 2 && kept; i++) {
            probe_point(c, x, i, c->point);
            corner_to_surfaces(&c->flow, c->point);
            kept = is_kept(c, claim, c->point);
        }
        if (kept) {
            c->claim[c->kept_count] = base->claim[claim];
            c->kept[c->kept_count++] = claim;
        }
    }
    for (size_t l = 0; l < c->m; l++) {
        struct claim *own = &c->claim[c->kept_count + l];
        *own = (struct claim){.kind = CLAIM_CONSERVED, .label = "E28"};
        snprintf(own->name, sizeof own->name, "%s", c->surface[c->k[l]].name);
    }
}

static void name_switches(struct corner *c)
{
    const struct flow *base = c->base;
    for (size_t j = 0; j < base->switches + c->slides; j++) {
        const size_t of = j < base->switches ? j : c->k[j - base->switches];
        c->surface[j].kind = SWITCH_HANDS_OVER;
        if (base->surface)
            snprintf(c->surface[j].name, sizeof c->surface[j].name, "%s", base->surface[of].name);
        else
            snprintf(c->surface[j].name, sizeof c->surface[j].name, "switch %zu", of);
        c->flow.side[j] = j < base->switches ? base->side[j] : 1;
    }
    for (size_t l = 0; l < c->m; l++)
        c->flow.side[c->k[l]] = 1;
}

static void fill_flow(struct corner *c)
{
    const struct flow *base = c->base;
    c->flow = (struct flow){.dim = base->dim,
                            .title = base->title,
                            .names = base->names,
                            .field = corner_field,
                            .jacobian = corner_jacobian,
                            .switches = base->switches + c->slides,
                            .surface = c->surface,
                            .switching = corner_switching,
                            .side = c->flow.side,
                            .rounding = corner_rounding,
                            .claims = c->kept_count + c->m,
                            .conserved = c->kept_count + c->m,
                            .claim = c->claim,
                            .observe = corner_observe,
                            .gradient = corner_gradient,
                            .data = c};
}

/* Once the roles are known. */
static enum status become_flow(struct corner *c, const double *x)
{
    TRY(parts_at(c, x, c->m));
    for (size_t l = 0; l < c->m; l++)
        c->push[l] = fabs(c->G[l * M + l]);
    name_switches(c);
    keep_claims(c, x);
    fill_flow(c);
    return OK;
}

enum status corner_decide(struct flow *corner, const double *x, enum corner_verdict *verdict)
{
    struct corner *c = corner_of(corner);
    enum role role[M] = {0};
    bool still[M] = {false}, fit = false;
    *verdict = c->made;
    if (c->made == CORNER_GOES_ON)
        TRY(look_at_structure(c, x, verdict));
    if (*verdict != CORNER_GOES_ON)
        return OK;
    size_t patterns = 1;
    for (size_t l = 0; l < c->m; l++)
        patterns *= ROLES;
    for (size_t pattern = 0; pattern < patterns && !fit; pattern++) {
        size_t digits = pattern;
        for (size_t l = 0; l < c->m; l++, digits /= ROLES)
            role[l] = (enum role)(digits % ROLES);
        TRY(fits(c, x, role, still, &fit));
    }
    if (!fit) {
        *verdict = CORNER_HARDLY;
        return OK;
    }
    sort_roles(c, role, still);
    return become_flow(c, x);
}

/* ---- questions ---- */

const char *corner_reason(enum corner_verdict verdict)
{
    static const char *const reasons[] = {
        [CORNER_GOES_ON] = "goes on",
        [CORNER_MANY] = "too many of them, or no Jacobian",
        [CORNER_CURVED] = "not all of them are planes across which the field jumps",
        [CORNER_ENTANGLED] = "the field is not affine in its switches",
        [CORNER_NOT_UNIQUE] = "solutions are not proved unique there",
        [CORNER_HARDLY] = "a side hardly pushes",
    };
    return reasons[verdict];
}

size_t corner_count(const struct flow *corner)
{
    return corner_of(corner)->m;
}

size_t corner_slides(const struct flow *corner)
{
    return corner_of(corner)->slides;
}

size_t corner_surface(const struct flow *corner, size_t l)
{
    return corner_of(corner)->k[l];
}

size_t corner_claim(const struct flow *corner, size_t claim)
{
    const struct corner *c = corner_of(corner);
    return claim < c->kept_count ? c->kept[claim] : SIZE_MAX;
}

size_t corner_exit(const struct flow *corner, size_t at, signed char *side)
{
    const struct corner *c = corner_of(corner);
    *side = 1;
    if (at >= c->base->switches)
        return at - c->base->switches;
    for (size_t l = 0; l < c->m; l++)
        if (c->k[l] == at) {
            *side = l < c->slides ? -1 : 0;
            return l;
        }
    return c->m;
}

/* |d G|, over all that slide, and |grad G_ll| of one that is still; after velocity_at. */
static enum status change_of_products(struct corner *c, const double *x, double *change)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    memset(change, 0, M * sizeof *change);
    set_sides(c);
    TRY(base->jacobian(base, x, c->J_mix));
    for (size_t l = 0; l < c->m; l++) {
        base->side[c->k[l]] = (signed char)-c->low[l];
        const enum status status = base->jacobian(base, x, c->J_turned);
        base->side[c->k[l]] = c->low[l];
        TRY(status);
        for (size_t k = 0; k < c->m; k++) {
            if (l >= c->slides ? k != l : k >= c->slides)
                continue;
            for (size_t j = 0; j < n; j++) {
                double slope = 0;
                for (size_t i = 0; i < n; i++)
                    slope += normal(c, k)[i] * (c->J_turned[i * n + j] - c->J_mix[i * n + j]);
                change[l] += slope * slope;
            }
        }
    }
    return OK;
}

/* The inequalities of corner_holds at one point. */
static enum status holds_at(struct corner *c, const double *x, double radius, size_t except,
                            bool *holds, double *margin)
{
    const size_t n = c->base->dim;
    double change[M], of_inverse = 0, of_products = 0;
    TRY(velocity_at(c, x, c->m, c->turned));
    TRY(slopes_at(c, x));
    TRY(change_of_products(c, x, change));
    for (size_t l = 0; l < c->slides; l++) {
        const double inside = fmin(c->theta[l], 1 - c->theta[l]);
        of_products += change[l];
        for (size_t k = 0; k < c->slides; k++)
            of_inverse += c->inverse[l * M + k] * c->inverse[l * M + k];
        if (l == except)
            continue;
        *margin = fmin(*margin, inside);
        *holds = *holds && inside > 2 * radius * vector_norm(n, c->slope + l * n);
    }
    *holds = *holds && 2 * radius * sqrt(of_inverse * of_products) < 1;
    for (size_t l = c->slides; l < c->m; l++)
        *holds = *holds && -c->G[l * M + l] > 2 * radius * sqrt(change[l]);
    return OK;
}

enum status corner_holds(const struct flow *corner, const double *x, double radius, size_t except,
                         bool *holds, double *margin)
{
    struct corner *c = corner_of(corner);
    const size_t n = corner->dim;
    double *point = c->work; /* not used by the parts of the field */
    *holds = true;
    *margin = 1;
    for (int sample = 0; sample < 2; sample++) {
        for (size_t j = 0; j < n; j++)
            point[j] = x[j] + (sample ? SAMPLING * (1 + vector_norm(n, x)) : 0);
        TRY(holds_at(c, point, radius, except, holds, margin));
    }
    return OK;
}

enum status corner_letting_go(const struct flow *corner, const double *x, size_t l,
                              struct corner_rate *rate)
{
    struct corner *c = corner_of(corner);
    const size_t n = corner->dim;
    TRY(velocity_at(c, x, c->slides, c->turned));
    TRY(slopes_at(c, x));
    const double change = vector_dot(n, c->slope + l * n, c->turned);
    *rate = (struct corner_rate){
        .relative = change / (vector_norm(n, c->slope + l * n) * vector_norm(n, c->turned)),
        .growth = change / fabs(c->inverse[l * M + l]) / vector_norm(n, normal(c, l))};
    return OK;
}

/* By least corrections: N N' is solved once, the rest is rounding. */
void corner_to_surfaces(const struct flow *corner, double *x)
{
    struct corner *c = corner_of(corner);
    const size_t n = c->base->dim;
    double A[M * M] = {0}, inverse[M * M];
    for (size_t k = 0; k < c->m; k++)
        for (size_t l = 0; l < c->m; l++)
            A[k * M + l] = vector_dot(n, normal(c, k), normal(c, l));
    if (!invert(c->m, A, inverse))
        return;
    for (int i = 0; i < CORRECTIONS; i++) {
        c->base->switching(c->base, x, c->g);
        for (size_t k = 0; k < c->m; k++)
            for (size_t l = 0; l < c->m; l++)
                for (size_t j = 0; j < n; j++)
                    x[j] -= normal(c, k)[j] * inverse[k * M + l] * c->g[c->k[l]];
    }
}
