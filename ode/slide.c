/* Both fields are evaluated with the side of the surface set to + and to -, and combined.
 *
 * The Jacobian is exact where those of the flow are:
 *     J_s = theta J+ + (1 - theta) J- + (f+ - f-) (grad theta)',
 *     grad theta = ((1 - theta) grad v- + theta grad v+)/(v- - v+),   grad v = J'n + H f,
 * with H the second derivative of g.  n and H f are differences; on a plane n is constant and
 * H = 0, and on a plane x_i = 0 component i of f_s is set to its exact value, zero: the state stays
 * on the surface to the last bit.
 * Rejected: the field stabilised by -g n, which has the surface as an attractor but is no longer
 * the field of a flow with g conserved, so that its spectrum has an eigenvalue of no meaning; and
 * switching to and fro in steps as short as the tolerance, which never ends. */
#include "ode/slide.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two gradients agree: rounding of both, with room */
static const double AGREES = 1e-9;
/* The same of differences at distant points */
static const double FLAT = 1e-10;
/* Second point where gradients are compared: x plus this times 1 + |x|, without symmetry */
static const double GENERIC = 0.1;
static const double GOLDEN = 0.6180339887498949;
/* Newton's iteration onto the surface: quadratic from a local error */
enum { CORRECTIONS = 4 };
/* Operations per component in a convex combination */
static const double COMBINATION = 4;
/* Sampling radius of the slopes of v, relative: curvature within it is covered by slide_holds */
static const double SAMPLING = 1e-6;

struct slide {
    struct flow flow;
    const struct flow *base;
    size_t k, kept_count;
    bool flat;    /* the surface is a plane, with this normal */
    size_t axis;  /* x_axis is constant on it; dim: none is */
    double scale; /* of the speeds, for the switching functions */
    double *plus, *minus, *normal, *probe, *sample, *work, *g; /* [dim], work[2*dim], g[switches] */
    double *J_plus, *J_minus, *v_plus, *v_minus, *plane;       /* [dim*dim], or none; [dim] */
    size_t *kept;                                              /* claims of the base */
    struct claim *claim;
    struct switch_surface *surface;
    double storage[];
};

/* The scratch is written to through the pointers of a constant struct: the block is the flow's. */
static const struct slide *slide_of(const struct flow *flow)
{
    return flow->data;
}

static double surface_value(const struct slide *s, const double *x)
{
    s->base->switching(s->base, x, s->g);
    return s->g[s->k];
}

/* Differences of fourth order, as in flow.c. */
static const struct {
    double steps, weight;
} STENCIL[] = {{1, 8.0 / 12.0}, {-1, -8.0 / 12.0}, {2, -1.0 / 12.0}, {-2, 1.0 / 12.0}};
enum { STENCIL_SIZE = sizeof STENCIL / sizeof *STENCIL };

/* The step of a difference, h^4 = eps/h; a power of two, so that x + h is exact near x = 0. */
static double power_of_two(double x)
{
    return exp2(round(log2(pow(DBL_EPSILON, 1.0 / 5.0) * fmax(1, fabs(x)))));
}

static void normal_by_differences(const struct slide *s, const double *x, double *normal)
{
    const size_t n = s->base->dim;
    memcpy(s->probe, x, n * sizeof *x);
    for (size_t j = 0; j < n; j++) {
        const double h = power_of_two(x[j]);
        normal[j] = 0;
        for (size_t i = 0; i < STENCIL_SIZE; i++) {
            s->probe[j] = x[j] + STENCIL[i].steps * h;
            normal[j] += STENCIL[i].weight * surface_value(s, s->probe) / h;
        }
        s->probe[j] = x[j];
    }
}

static void normal_at(const struct slide *s, const double *x, double *normal)
{
    if (s->flat)
        memcpy(normal, s->plane, s->base->dim * sizeof *normal);
    else
        normal_by_differences(s, x, normal);
}

/* plus, minus and normal at x; theta is meaningful where v- > v+. */
struct speeds {
    double plus, minus, theta;
};

static const struct speeds UNKNOWN = {NAN, NAN, NAN};

static enum status both_fields(const struct slide *s, const double *x, struct speeds *v)
{
    const struct flow *base = s->base;
    const size_t n = base->dim;
    base->side[s->k] = 1;
    TRY(base->field(base, 1, x, s->plus));
    base->side[s->k] = -1;
    TRY(base->field(base, 1, x, s->minus));
    normal_at(s, x, s->normal);
    v->plus = vector_dot(n, s->normal, s->plus);
    v->minus = vector_dot(n, s->normal, s->minus);
    v->theta = v->minus / (v->minus - v->plus);
    return OK;
}

/* Both fields, where they can be combined. */
static enum status parts_at(const struct slide *s, const double *x, struct speeds *v)
{
    TRY(both_fields(s, x, v));
    if (!(v->minus > v->plus))
        return status_fail(RETRY_SHORTER, "sliding: normal speeds %g and %g", v->plus, v->minus);
    return OK;
}

static enum status slide_field_one(const struct slide *s, const double *x, double *dx)
{
    struct speeds v = UNKNOWN;
    TRY(parts_at(s, x, &v));
    for (size_t i = 0; i < s->base->dim; i++)
        dx[i] = i == s->axis ? 0 : v.theta * s->plus[i] + (1 - v.theta) * s->minus[i];
    return OK;
}

static enum status slide_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    const struct slide *s = slide_of(flow);
    double *one = s->work, *f = s->work + flow->dim;
    for (size_t lane = 0; lane < n; lane++) {
        for (size_t i = 0; i < flow->dim; i++)
            one[i] = x[i * n + lane];
        TRY(slide_field_one(s, one, f));
        for (size_t i = 0; i < flow->dim; i++)
            dx[i * n + lane] = f[i];
    }
    return OK;
}

/* grad v = J'n + H f, J and f on one side. */
static void normal_speed_gradient(const struct slide *s, const double *x, const double *J,
                                  const double *f, double *gradient)
{
    const size_t n = s->base->dim;
    for (size_t j = 0; j < n; j++) {
        gradient[j] = 0;
        for (size_t i = 0; i < n; i++)
            gradient[j] += J[i * n + j] * s->normal[i];
    }
    const double speed = vector_norm(n, f);
    if (s->flat || !(speed > 0))
        return;
    double *point = s->work, *normal = s->work + n;
    /* differences of differences: their error over h, against h^4 */
    const double h = pow(DBL_EPSILON, 1.0 / 6.0) * (1 + vector_norm(n, x)) / speed;
    for (size_t i = 0; i < STENCIL_SIZE; i++) {
        for (size_t j = 0; j < n; j++)
            point[j] = x[j] + STENCIL[i].steps * h * f[j];
        normal_by_differences(s, point, normal);
        for (size_t j = 0; j < n; j++)
            gradient[j] += STENCIL[i].weight * normal[j] / h;
    }
}

/* Both Jacobians and the gradients of v, after both_fields(). */
static enum status both_jacobians(const struct slide *s, const double *x)
{
    const struct flow *base = s->base;
    base->side[s->k] = 1;
    TRY(base->jacobian(base, x, s->J_plus));
    base->side[s->k] = -1;
    TRY(base->jacobian(base, x, s->J_minus));
    normal_speed_gradient(s, x, s->J_plus, s->plus, s->v_plus);
    normal_speed_gradient(s, x, s->J_minus, s->minus, s->v_minus);
    return OK;
}

static enum status slide_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct slide *s = slide_of(flow);
    const size_t n = flow->dim;
    struct speeds v = UNKNOWN;
    TRY(parts_at(s, x, &v));
    TRY(both_jacobians(s, x));
    for (size_t j = 0; j < n; j++) {
        const double theta_j =
            ((1 - v.theta) * s->v_minus[j] + v.theta * s->v_plus[j]) / (v.minus - v.plus);
        for (size_t i = 0; i < n; i++)
            J[i * n + j] = i == s->axis ? 0
                                        : v.theta * s->J_plus[i * n + j] +
                                              (1 - v.theta) * s->J_minus[i * n + j] +
                                              (s->plus[i] - s->minus[i]) * theta_j;
    }
    return OK;
}

/* The rounding of f_i on one side, in epsilons: the flow's own bound, or its terms. */
static void side_rounding(const struct slide *s, const double *x, const double *f, const double *J,
                          double *bound)
{
    const size_t n = s->base->dim;
    if (s->base->rounding) {
        s->base->rounding(s->base, x, bound);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        bound[i] = fabs(f[i]);
        for (size_t j = 0; j < n; j++)
            bound[i] += fabs(J[i * n + j] * x[j]);
    }
}

/* theta b+ + (1 - theta) b-, the rounding of the combination, and that of theta times f+ - f-. */
static void slide_rounding(const struct flow *flow, const double *x, double *bound)
{
    const struct slide *s = slide_of(flow);
    const size_t n = flow->dim;
    struct speeds v = UNKNOWN;
    double *plus = s->v_plus, *minus = s->v_minus;
    memset(bound, 0, n * sizeof *bound);
    if (both_fields(s, x, &v) != OK || (!s->base->rounding && both_jacobians(s, x) != OK))
        return;
    s->base->side[s->k] = 1;
    side_rounding(s, x, s->plus, s->J_plus, plus);
    s->base->side[s->k] = -1;
    side_rounding(s, x, s->minus, s->J_minus, minus);
    const double theta = fabs(v.theta), rest = fabs(1 - v.theta);
    double of_speeds = COMBINATION * (fabs(v.plus) + fabs(v.minus));
    for (size_t i = 0; i < n; i++)
        of_speeds += fabs(s->normal[i]) * (theta * plus[i] + rest * minus[i]);
    const double of_theta = of_speeds / (v.minus - v.plus);
    for (size_t i = 0; i < n; i++)
        bound[i] = i == s->axis
                       ? 0
                       : theta * plus[i] + rest * minus[i] +
                             fabs(s->plus[i] - s->minus[i]) * of_theta +
                             COMBINATION * (theta * fabs(s->plus[i]) + rest * fabs(s->minus[i]));
}

/* The other switches of the flow, v- in place of the surface, and -v+ behind them. */
static void slide_switching(const struct flow *flow, const double *x, double *switching)
{
    const struct slide *s = slide_of(flow);
    struct speeds v = UNKNOWN;
    s->base->switching(s->base, x, switching);
    if (both_fields(s, x, &v) != OK) /* holds nowhere, then: nothing is concluded */
        v.plus = v.minus = NAN;
    switching[s->k] = v.minus / s->scale;
    switching[s->base->switches] = -v.plus / s->scale;
}

static double slide_observe(const struct flow *flow, size_t claim, const double *x)
{
    const struct slide *s = slide_of(flow);
    return claim < s->kept_count ? s->base->observe(s->base, s->kept[claim], x)
                                 : surface_value(s, x);
}

static void slide_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    const struct slide *s = slide_of(flow);
    if (claim < s->kept_count)
        s->base->gradient(s->base, s->kept[claim], x, g);
    else
        normal_at(s, x, g);
}

/* ---- making one ---- */

/* A point of the surface near x, in general position. */
static void generic_point(const struct slide *s, const double *x, double *point, double *work)
{
    vector_probe(s->base->dim, x, GENERIC, 0, point);
    slide_to_surface(&s->flow, point, work);
}

/* d g/d x_j where g is linear: steps of the size of x, so that the error is that of g itself, and
 * none for g = x_j. */
static double slope_along(const struct slide *s, const double *x, size_t j)
{
    const double h = exp2(ceil(log2(1 + fabs(x[j]))));
    memcpy(s->probe, x, s->base->dim * sizeof *x);
    s->probe[j] = x[j] + h;
    const double up = surface_value(s, s->probe);
    s->probe[j] = x[j] - h;
    return (up - surface_value(s, s->probe)) / (2 * h);
}

/* Is the surface a plane, and one unknown constant on it?  Gradients at x and off the surface. */
static void find_plane(struct slide *s, const double *x)
{
    const size_t n = s->base->dim;
    double *here = s->plus, *there = s->minus, *point = s->sample;
    s->axis = n;
    normal_by_differences(s, x, here);
    for (size_t j = 0; j < n; j++)
        point[j] = x[j] + GENERIC * (1 + fabs(x[j])) * (1 + GOLDEN * (double)j);
    normal_by_differences(s, point, there);
    s->flat = vector_distance(n, here, there) <= FLAT * vector_norm(n, here);
    size_t count = 0;
    for (size_t j = 0; j < n && s->flat; j++) {
        s->plane[j] = slope_along(s, x, j);
        if (s->plane[j] != 0) {
            count++;
            s->axis = j;
        }
    }
    if (count != 1)
        s->axis = n;
}

/* Is claim c continued across the surface with one gradient? */
static bool is_kept_at(const struct slide *s, size_t c, const double *point)
{
    const struct flow *base = s->base;
    const size_t n = base->dim;
    base->side[s->k] = 1;
    base->gradient(base, c, point, s->plus);
    base->side[s->k] = -1;
    base->gradient(base, c, point, s->minus);
    return vector_distance(n, s->plus, s->minus) <=
           AGREES * (vector_norm(n, s->plus) + vector_norm(n, s->minus));
}

static void keep_claims(struct slide *s, const double *x)
{
    double *point = s->work;
    generic_point(s, x, point, s->work + s->base->dim);
    for (size_t c = 0; c < s->base->conserved; c++)
        if (is_kept_at(s, c, x) && is_kept_at(s, c, point)) {
            s->claim[s->kept_count] = s->base->claim[c];
            s->kept[s->kept_count++] = c;
        }
    struct claim *own = &s->claim[s->kept_count];
    *own = (struct claim){.kind = CLAIM_CONSERVED, .label = "E20"};
    snprintf(own->name, sizeof own->name, "%s", s->surface[s->k].name);
}

/* The sides as they are; all switches end this flow. */
static void copy_switches(struct slide *s, signed char *side)
{
    const struct flow *base = s->base;
    for (size_t j = 0; j <= base->switches; j++) {
        struct switch_surface *surface = &s->surface[j];
        surface->kind = SWITCH_HANDS_OVER;
        const size_t of = j < base->switches ? j : s->k;
        if (base->surface)
            snprintf(surface->name, sizeof surface->name, "%s", base->surface[of].name);
        else
            snprintf(surface->name, sizeof surface->name, "switch %zu", of);
        side[j] = j == s->k || j == base->switches ? 1 : base->side[j];
    }
}

static struct slide *slide_allocate(const struct flow *base)
{
    const size_t n = base->dim, m = base->switches, r = base->conserved;
    const size_t square = base->jacobian ? n * n : 0;
    const size_t doubles = 10 * n + m + 2 * square;
    struct slide *s =
        calloc(1, sizeof *s + doubles * sizeof(double) + r * sizeof(size_t) +
                      (r + 1) * sizeof(struct claim) + (m + 1) * sizeof(struct switch_surface) +
                      (m + 1) * sizeof(signed char));
    if (!s)
        return NULL;
    double *next = s->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&s->plus, n},   {&s->minus, n},    {&s->normal, n},      {&s->probe, n},
        {&s->sample, n}, {&s->work, 2 * n}, {&s->v_plus, n},      {&s->v_minus, n},
        {&s->g, m},      {&s->plane, n},    {&s->J_plus, square}, {&s->J_minus, square},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    s->kept = (size_t *)(void *)next;
    s->claim = (struct claim *)(void *)(s->kept + r);
    s->surface = (struct switch_surface *)(void *)(s->claim + r + 1);
    s->flow.side = (signed char *)(s->surface + m + 1);
    s->base = base;
    return s;
}

/* The record, once the claims are known. */
static void fill_flow(struct slide *s)
{
    const struct flow *base = s->base;
    s->flow = (struct flow){.dim = base->dim,
                            .title = base->title,
                            .names = base->names,
                            .field = slide_field,
                            .jacobian = base->jacobian ? slide_jacobian : NULL,
                            .switches = base->switches + 1,
                            .surface = s->surface,
                            .switching = slide_switching,
                            .side = s->flow.side,
                            .rounding = base->jacobian || base->rounding ? slide_rounding : NULL,
                            .claims = s->kept_count + 1,
                            .conserved = s->kept_count + 1,
                            .claim = s->claim,
                            .observe = slide_observe,
                            .gradient = slide_gradient,
                            .data = s};
}

struct flow *slide_create(const struct flow *flow, size_t k, const double *x)
{
    struct slide *s = slide_allocate(flow);
    if (!s)
        return NULL;
    s->k = k;
    s->flow.data = s;
    copy_switches(s, s->flow.side);
    find_plane(s, x);
    keep_claims(s, x);
    fill_flow(s);
    struct speeds v = UNKNOWN;
    const bool known = both_fields(s, x, &v) == OK;
    const double scale = vector_norm(flow->dim, s->plus) + vector_norm(flow->dim, s->minus);
    s->scale = known && scale > 0 && isfinite(scale) ? scale : 1;
    return &s->flow;
}

/* ---- questions ---- */

/* Largest |grad v| on each side, at x and at a point near it; where the flow has no Jacobian, the
 * speeds over 1 + |x| stand for it. */
static enum status sample_slopes(const struct slide *s, const double *x, struct slide_grip *grip)
{
    const size_t n = s->base->dim;
    const double size = 1 + vector_norm(n, x);
    double *point = s->sample;
    grip->plus_slope = grip->plus_speed / size;
    grip->minus_slope = grip->minus_speed / size;
    for (int sample = 0; sample < 2 && s->base->jacobian; sample++) {
        struct speeds v = UNKNOWN;
        for (size_t j = 0; j < n; j++)
            point[j] = x[j] + (sample ? SAMPLING * size : 0);
        TRY(both_fields(s, point, &v));
        TRY(both_jacobians(s, point));
        const double slope = vector_norm(n, s->normal);
        grip->plus_slope = fmax(grip->plus_slope, vector_norm(n, s->v_plus) / slope);
        grip->minus_slope = fmax(grip->minus_slope, vector_norm(n, s->v_minus) / slope);
    }
    return OK;
}

enum status slide_grip_at(const struct flow *slide, const double *x, struct slide_grip *grip)
{
    const struct slide *s = slide_of(slide);
    const size_t n = slide->dim;
    struct speeds v = UNKNOWN;
    TRY(both_fields(s, x, &v));
    const double slope = vector_norm(n, s->normal);
    *grip = (struct slide_grip){.plus = v.plus / slope,
                                .minus = v.minus / slope,
                                .plus_speed = vector_norm(n, s->plus),
                                .minus_speed = vector_norm(n, s->minus)};
    return sample_slopes(s, x, grip);
}

bool slide_holds(const struct slide_grip *grip, double radius)
{
    return -grip->plus > 2 * radius * grip->plus_slope &&
           grip->minus > 2 * radius * grip->minus_slope;
}

enum status slide_letting_go(const struct flow *slide, const double *x, double *plus, double *minus)
{
    const struct slide *s = slide_of(slide);
    const size_t n = slide->dim;
    double *point = s->v_plus, *f = s->v_minus;
    TRY(slide_field(slide, 1, x, f));
    const double speed = vector_norm(n, f);
    const double h = cbrt(DBL_EPSILON) * (1 + vector_norm(n, x)) / (speed > 0 ? speed : 1);
    struct speeds v[] = {UNKNOWN, UNKNOWN};
    for (int end = 0; end < 2; end++) {
        for (size_t j = 0; j < n; j++)
            point[j] = x[j] + (end ? h : -h) * f[j];
        TRY(both_fields(s, point, &v[end]));
    }
    const double slope = vector_norm(n, s->normal);
    *plus = (v[1].plus - v[0].plus) / (2 * h * slope);
    *minus = (v[1].minus - v[0].minus) / (2 * h * slope);
    return OK;
}

size_t slide_surface(const struct flow *slide)
{
    return slide_of(slide)->k;
}

size_t slide_exit_to_plus(const struct flow *slide)
{
    return slide->switches - 1;
}

size_t slide_claim(const struct flow *slide, size_t claim)
{
    const struct slide *s = slide_of(slide);
    return claim < s->kept_count ? s->kept[claim] : SIZE_MAX;
}

void slide_to_surface(const struct flow *slide, double *x, double *gradient)
{
    const struct slide *s = slide_of(slide);
    const size_t n = s->base->dim;
    for (int i = 0; i < CORRECTIONS; i++) {
        const double g = surface_value(s, x);
        if (g == 0)
            return;
        normal_at(s, x, gradient);
        const double square = vector_dot(n, gradient, gradient);
        for (size_t j = 0; j < n; j++)
            x[j] -= g * gradient[j] / square;
    }
}
