/* Which surfaces a state meets, and whether its error may change in which order. */
#include "ode/slide_work.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What an error may make of the order of surfaces, as in watch_switch.c */
static const double REACHES = 10;

/* The surfaces of a corner: k, those on which it was, and what is within a local error. */
size_t slide_mark_surfaces(struct course *c, size_t k)
{
    const double near = c->plan->rtol * vector_norm(c->flow->dim, c->x) + c->plan->atol;
    size_t count = 0;
    c->flow->switching(c->flow, c->x, c->up);
    for (size_t j = 0; j < c->flow->switches; j++) {
        const bool jumps = !c->flow->surface || c->flow->surface[j].kind == SWITCH_JUMPS;
        c->at_zero[j] = j == k || c->held[j] || (jumps && fabs(c->up[j]) <= near);
        count += c->at_zero[j] != 0;
    }
    return count;
}

/* No surface but k. */
void slide_mark_alone(struct course *c, size_t k)
{
    memset(c->at_zero, 0, c->flow->switches * sizeof *c->at_zero);
    c->at_zero[k] = 1;
}

/* The derivative of switching function k along v at c->x. */
double slide_derivative(struct course *c, size_t k, const double *v)
{
    const size_t n = c->flow->dim;
    const double size = vector_norm(n, v);
    const double h = cbrt(DBL_EPSILON) * (1 + vector_norm(n, c->x)) / (size > 0 ? size : 1);
    for (size_t j = 0; j < n; j++)
        c->point[j] = c->x[j] + h * v[j];
    c->flow->switching(c->flow, c->point, c->up);
    for (size_t j = 0; j < n; j++)
        c->point[j] = c->x[j] - h * v[j];
    c->flow->switching(c->flow, c->point, c->down);
    return (c->up[k] - c->down[k]) / (2 * h);
}

/* The flattest way with c->before to a surface there. */
void slide_look_at_slope(struct course *c)
{
    const double speed = vector_norm(c->flow->dim, c->before);
    c->slope = 1;
    for (size_t k = 0; k < c->flow->switches; k++)
        if (c->at_zero[k] && !c->held[k])
            c->slope = fmin(c->slope, fabs(slide_derivative(c, k, c->before)) / speed);
}

/* May the error change the order in which this surface and others are met?  An error d across it
 * delays the passage by d/|n.f|.  Where solutions are unique at the corner of all of them, the order
 * does not matter: they depend continuously on the start, (E27). */
static enum status error_decides(struct course *c, bool *decides)
{
    const size_t m = c->flow->switches;
    const double error = c->has_error ? REACHES * vector_norm(c->flow->dim, c->error) : 0;
    const double reach = fmax(slide_noise(c), error) * (1 + 1 / c->slope);
    size_t others = 0;
    c->flow->switching(c->flow, c->x, c->up);
    for (size_t k = 0; k < m; k++) {
        c->near[k] = c->at_zero[k] || fabs(c->up[k]) <= reach;
        others += c->near[k] && !c->at_zero[k];
    }
    *decides = false;
    if (others == 0 || c->plan->no_endings)
        return OK;
    enum corner_verdict verdict = CORNER_HARDLY;
    struct flow *corner = corner_create(c->flow, c->near, c->x);
    if (!corner)
        return status_fail(NO_MEMORY, "corner of %s", c->flow->title);
    memcpy(c->side, c->flow->side, m);
    const enum status status = corner_is_unique(corner, c->x, &verdict);
    memcpy(c->flow->side, c->side, m);
    flow_free(corner);
    *decides = verdict != CORNER_GOES_ON;
    return status;
}

enum status slide_ask_order(struct course *c, size_t k)
{
    bool decides = false;
    TRY(error_decides(c, &decides));
    if (decides)
        slide_end_at(c,
                     "its error decides whether it meets another surface before, at %s; try "
                     "smaller tolerances",
                     k);
    return OK;
}

/* Comes to surface k, and on which it slid it does no more as before. */
void slide_come_to_corner(struct course *c, size_t k, const char *format)
{
    char name[SURFACE_TEXT];
    slide_mark_surfaces(c, k);
    slide_look_at_slope(c);
    snprintf(c->why, sizeof c->why, format, switch_name(c->flow, k, name));
    c->fate = (struct switch_fate){.verdict = SWITCH_MEETS, .at = k};
}

/* ---- the error of the state, (E25) ---- */

/* How late the state comes to surface k for its error, with the field before[dim]; 0: unknown. */
double slide_delay(struct course *c, size_t k, const double *before)
{
    const double late = slide_derivative(c, k, c->error) / slide_derivative(c, k, before);
    return isfinite(late) ? late : 0;
}

/* The field changes from before[dim] to after[dim] while the state is late: d += (after - before)
 * late. */
void slide_jump_error(struct course *c, double late, const double *before, const double *after)
{
    for (size_t j = 0; j < c->flow->dim; j++)
        c->error[j] += (after[j] - before[j]) * late;
}
