/* The field is evaluated with the sides of all surfaces at theta = 0, and with each one turned: so
 * f0 and the columns d_k, q and G, and f_s = f0 + sum theta_k d_k with G theta = -q over those that
 * slide.  With J_theta the same combination of Jacobians, and N the matrix of normals,
 *     grad theta = -G^(-1) N J_theta,    J_s = J_theta + sum_k d_k (grad theta_k)'.
 * A surface that is still keeps theta at the side whose piece does not move it, and is watched: the
 * other side must push.
 *
 * Where a pivot of G is not negative, the surfaces do not attract and there is no field: a theta
 * that has run through a pole is back between 0 and 1 with surfaces that repel, and within one step
 * of an integrator nothing else would tell.
 * Rejected: G inverted wherever it is regular.  It settled on a surface that repels. */
#include "ode/corner_work.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Operations per component in a combination */
static const double COMBINATION = 4;
/* Of theta as a switching function: it has poles, and root finders want numbers */
static const double FAR = 2;

struct corner *corner_of(const struct flow *flow)
{
    return (struct corner *)flow->data;
}

const double *corner_normal(const struct corner *c, size_t l)
{
    return c->N + l * c->base->dim;
}

void corner_set_sides(const struct corner *c)
{
    for (size_t l = 0; l < c->m; l++)
        c->base->side[c->k[l]] = c->low[l];
}

enum status corner_parts_at(struct corner *c, const double *x, size_t count)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    corner_set_sides(c);
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
        c->speeds.q[k] = vector_dot(n, corner_normal(c, k), c->f0);
        for (size_t l = 0; l < count; l++)
            c->speeds.G[k * CORNER_ROW + l] = vector_dot(n, corner_normal(c, k), c->D + l * n);
    }
    return OK;
}

enum status corner_velocity_at(struct corner *c, const double *x, size_t count, double *f)
{
    const size_t n = c->base->dim;
    TRY(corner_parts_at(c, x, count));
    if (!complementarity_invert(c->slides, c->speeds.G, c->inverse))
        return status_fail(RETRY_SHORTER, "sliding on %zu surfaces: no side pushes", c->slides);
    memcpy(f, c->f0, n * sizeof *f);
    for (size_t k = 0; k < c->slides; k++) {
        c->theta[k] = 0;
        for (size_t l = 0; l < c->slides; l++)
            c->theta[k] -= c->inverse[k * CORNER_ROW + l] * c->speeds.q[l];
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
        TRY(corner_velocity_at(c, one, c->slides, f));
        for (size_t i = 0; i < flow->dim; i++)
            dx[i * n + lane] = f[i];
    }
    return OK;
}

enum status corner_slopes_at(struct corner *c, const double *x)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    double rest = 1;
    for (size_t l = 0; l < c->slides; l++)
        rest -= c->theta[l];
    corner_set_sides(c);
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
    memset(c->slope, 0, CORNER_MOST * n * sizeof *c->slope);
    for (size_t k = 0; k < c->slides; k++) /* N J_mix, row k, into all grad theta */
        for (size_t j = 0; j < n; j++) {
            double row = 0;
            for (size_t i = 0; i < n; i++)
                row += corner_normal(c, k)[i] * c->J_mix[i * n + j];
            for (size_t l = 0; l < c->slides; l++)
                c->slope[l * n + j] -= c->inverse[l * CORNER_ROW + k] * row;
        }
    return OK;
}

static enum status corner_jacobian(const struct flow *flow, const double *x, double *J)
{
    struct corner *c = corner_of(flow);
    const size_t n = flow->dim;
    TRY(corner_velocity_at(c, x, c->slides, c->turned));
    TRY(corner_slopes_at(c, x));
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
    if (corner_velocity_at(c, x, c->slides, c->turned) != OK)
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
            of_speed += fabs(corner_normal(c, k)[j]) * c->rough[j];
        for (size_t l = 0; l < c->slides; l++)
            for (size_t i = 0; i < n; i++)
                bound[i] += fabs(c->inverse[l * CORNER_ROW + k] * c->D[l * n + i]) * of_speed;
    }
}

/* theta_l in place of surfaces that slide, and 1 - theta_l behind them; the push onto those that are
 * still. */
static void corner_switching(const struct flow *flow, const double *x, double *switching)
{
    struct corner *c = corner_of(flow);
    const size_t behind = c->base->switches;
    c->base->switching(c->base, x, switching);
    const bool known = corner_velocity_at(c, x, c->m, c->turned) == OK;
    for (size_t l = 0; l < c->m; l++)
        if (l < c->slides) {
            const bool finite = known && isfinite(c->theta[l]);
            switching[c->k[l]] = finite ? fmin(c->theta[l], FAR) : -1;
            switching[behind + l] = finite ? fmin(1 - c->theta[l], FAR) : -1;
        } else
            switching[c->k[l]] = known ? -c->speeds.G[l * CORNER_ROW + l] / c->push[l] : -1;
}

double corner_value(const struct corner *c, size_t l, const double *x)
{
    c->base->switching(c->base, x, c->g);
    return c->g[c->k[l]];
}

static double corner_observe(const struct flow *flow, size_t claim, const double *x)
{
    const struct corner *c = corner_of(flow);
    return claim < c->kept_count ? c->base->observe(c->base, c->kept[claim], x)
                                 : corner_value(c, claim - c->kept_count, x);
}

static void corner_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    const struct corner *c = corner_of(flow);
    if (claim < c->kept_count)
        c->base->gradient(c->base, c->kept[claim], x, g);
    else
        memcpy(g, corner_normal(c, claim - c->kept_count), flow->dim * sizeof *g);
}

void corner_fill_flow(struct corner *c)
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
