/* Are solutions unique at a corner?  The conditions of (E27) at points of the intersection.
 *
 * That f is affine in its switches is looked at on all combinations of the sides.  Where the
 * structure is looked for, and not only followed, three more points of the intersection are asked,
 * in general position, so that no accident at x passes for it; C need not be positive there.  What
 * holds at the start of a stretch of sliding need not hold later: it is asked again at every step,
 * and at the limit.  (See (E27): on the surfaces along which it slides is enough, since the solution
 * that is compared with all others runs there.) */
#include "ode/corner_work.h"

#include "ode/vector.h"

#include <math.h>
#include <string.h>

const double corner_agrees = 1e-9;

/* Into c->point: x itself, or point number i near it in general position. */
static void probe_point(struct corner *c, const double *x, size_t i)
{
    if (i == 0)
        memcpy(c->point, x, c->base->dim * sizeof *x);
    else
        vector_probe(c->base->dim, x, vector_probe_size[i - 1], i, c->point);
}

/* ---- the surfaces ---- */

/* d g_l/d x_j at `at`, where g is linear without an error but that of g. */
static double slope_along(const struct corner *c, size_t l, double *at, size_t j)
{
    const double kept = at[j], h = exp2(ceil(log2(1 + fabs(kept))));
    at[j] = kept + h;
    const double up = corner_value(c, l, at);
    at[j] = kept - h;
    const double down = corner_value(c, l, at);
    at[j] = kept;
    return (up - down) / (2 * h);
}

bool corner_find_normals(struct corner *c, const double *x)
{
    const size_t n = c->base->dim;
    for (size_t l = 0; l < c->m; l++) {
        double off = 0;
        for (size_t i = 0; i < 2; i++) {
            probe_point(c, x, i);
            for (size_t j = 0; j < n; j++) {
                const double slope = slope_along(c, l, c->point, j);
                if (i == 0)
                    c->N[l * n + j] = slope;
                else
                    off += fabs(slope - c->N[l * n + j]);
            }
        }
        if (!(off <= corner_agrees * vector_norm(n, corner_normal(c, l))))
            return false;
    }
    return true;
}

/* ---- the field ---- */

/* Is f at all combinations of sides what the parts say?  After corner_parts_at. */
static enum status is_affine(struct corner *c, const double *x, bool *affine)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    *affine = true;
    for (size_t pattern = 0; pattern < (size_t)1 << c->m && *affine; pattern++) {
        double size = vector_norm(n, c->f0);
        memcpy(c->work, c->f0, n * sizeof *c->work);
        for (size_t l = 0; l < c->m; l++) {
            const signed char side = pattern >> l & 1 ? 1 : -1;
            base->side[c->k[l]] = side;
            for (size_t j = 0; j < n && side != c->low[l]; j++)
                c->work[j] += side * c->D[l * n + j];
            size += vector_norm(n, c->D + l * n);
        }
        const enum status status = base->field(base, 1, x, c->turned);
        corner_set_sides(c);
        TRY(status);
        *affine = vector_distance(n, c->turned, c->work) <= corner_agrees * size;
    }
    return OK;
}

/* Parts of G that rounding makes are none. */
static void clean_products(struct corner *c)
{
    const size_t n = c->base->dim;
    for (size_t k = 0; k < c->m; k++)
        for (size_t l = 0; l < c->m; l++) {
            const double size = vector_norm(n, corner_normal(c, k)) * vector_norm(n, c->D + l * n);
            if (fabs(c->speeds.G[k * CORNER_ROW + l]) <= corner_agrees * size)
                c->speeds.G[k * CORNER_ROW + l] = 0;
        }
}

/* The conditions at c->point; that C > 0 and that C G is definite only if `there`, at the state. */
static enum status look_at_point(struct corner *c, bool there, enum corner_verdict *verdict)
{
    double scales[CORNER_MOST] = {0};
    bool affine = true;
    corner_to_surfaces(&c->flow, c->point);
    TRY(corner_parts_at(c, c->point, c->m));
    TRY(is_affine(c, c->point, &affine));
    clean_products(c);
    if (!affine)
        *verdict = CORNER_ENTANGLED;
    else if (!complementarity_scales(&c->speeds, scales) ||
             (there && !complementarity_is_definite(&c->speeds, scales)))
        *verdict = CORNER_NOT_UNIQUE;
    return OK;
}

/* At c->point: see corner_is_still. */
static enum status is_still_here(struct corner *c, const enum complementarity_role *role, size_t k,
                                 bool *still)
{
    const struct flow *base = c->base;
    *still = true;
    for (size_t turned = 0; turned <= c->m && *still; turned++) { /* one that slides; or none */
        if (turned < c->m && role[turned] != ROLE_SLIDES)
            continue;
        for (size_t l = 0; l < c->m; l++)
            base->side[c->k[l]] = role[l] == ROLE_ABOVE || l == turned ? 1 : -1;
        const enum status status = base->field(base, 1, c->point, c->turned);
        corner_set_sides(c);
        TRY(status);
        *still = vector_dot(base->dim, corner_normal(c, k), c->turned) == 0;
    }
    return OK;
}

enum status corner_is_still(struct corner *c, const double *x,
                            const enum complementarity_role *role, size_t k, bool *still)
{
    *still = true;
    for (size_t i = 0; i <= VECTOR_PROBES && *still; i++) {
        probe_point(c, x, i);
        TRY(is_still_here(c, role, k, still));
    }
    return OK;
}

/* Are those still that were? */
static enum status look_at_still(struct corner *c, size_t probes, const double *x,
                                 enum corner_verdict *verdict)
{
    enum complementarity_role role[CORNER_MOST] = {ROLE_BELOW};
    for (size_t l = 0; l < c->m; l++)
        role[l] = l < c->slides ? ROLE_SLIDES : c->low[l] > 0 ? ROLE_ABOVE : ROLE_BELOW;
    for (size_t l = c->slides; l < c->m && c->decided; l++)
        for (size_t i = 0; i <= probes; i++) {
            bool still = true;
            probe_point(c, x, i);
            TRY(is_still_here(c, role, l, &still));
            *verdict = still ? *verdict : CORNER_STIRS;
        }
    return OK;
}

/* At x last. */
static enum status look_at_structure(struct corner *c, size_t probes, const double *x,
                                     enum corner_verdict *verdict)
{
    *verdict = c->made;
    for (size_t i = probes + 1; i-- > 0 && *verdict == CORNER_GOES_ON;) {
        probe_point(c, x, i);
        TRY(look_at_point(c, i == 0, verdict));
    }
    return *verdict == CORNER_GOES_ON ? look_at_still(c, probes, x, verdict) : OK;
}

enum status corner_goes_on(const struct flow *corner, const double *x, enum corner_verdict *verdict)
{
    return look_at_structure(corner_of(corner), 0, x, verdict);
}

enum status corner_is_unique(const struct flow *corner, const double *x,
                             enum corner_verdict *verdict)
{
    return look_at_structure(corner_of(corner), VECTOR_PROBES, x, verdict);
}
