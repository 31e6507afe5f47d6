/* Steps of rk8pd until the side of the line changes from before to behind; the last step is then
 * halved to the crossing.  The integral of div f is a third unknown, with the divergence from the
 * flow's Jacobian.  Rejected: Henon's change of the independent variable, which saves the halving
 * but divides by the normal speed, which may vanish elsewhere on the orbit. */
#include "ode/return_map.h"

#include "ode/vector.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <string.h>

enum { PLANE = 2, UNKNOWNS = 3, HALVINGS = 200 };

static const double FIRST_STEP = 1e-6; /* far below the time scales of normalised problems */

static int rhs(double t, const double x[], double dx[], void *user)
{
    (void)t;
    const struct flow *flow = user;
    double J[PLANE * PLANE];
    if (flow->field(flow, 1, x, dx) != OK || flow->jacobian(flow, x, J) != OK)
        return GSL_FAILURE;
    dx[PLANE] = J[0] + J[PLANE * PLANE - 1];
    return isfinite(dx[0] + dx[1] + dx[PLANE]) ? GSL_SUCCESS : GSL_FAILURE;
}

enum status return_map_across(const struct flow *flow, const double *point, struct return_map *map)
{
    static const double RTOL = 1e-13, LONGEST = 1e4;
    double f[PLANE];
    if (flow->dim != PLANE || !flow->jacobian)
        return status_fail(BAD_ARGUMENT, "a return map needs two unknowns and a Jacobian");
    TRY(flow->field(flow, 1, point, f));
    const double speed = vector_norm(PLANE, f);
    if (!(speed > 0))
        return status_fail(BAD_ARGUMENT, "a return map needs a point that moves");
    *map = (struct return_map){.flow = flow, .rtol = RTOL, .longest = LONGEST};
    memcpy(map->point, point, sizeof map->point);
    map->tangent[0] = -f[1] / speed;
    map->tangent[1] = f[0] / speed;
    return OK;
}

/* Signed distance from the line, positive ahead; and the place along it. */
static double ahead(const struct return_map *map, const double *x)
{
    return (x[0] - map->point[0]) * map->tangent[1] - (x[1] - map->point[1]) * map->tangent[0];
}

static double along(const struct return_map *map, const double *x)
{
    return (x[0] - map->point[0]) * map->tangent[0] + (x[1] - map->point[1]) * map->tangent[1];
}

struct stepper {
    gsl_odeiv2_step *step;
    gsl_odeiv2_control *control;
    gsl_odeiv2_evolve *evolve;
    gsl_odeiv2_system system;
};

/* The step from `before` at t that crosses within h: halved until time has no place between. */
static enum status crossing_find(const struct return_map *map, const struct stepper *stepper,
                                 const double *before, double t, double h,
                                 struct return_crossing *crossing)
{
    double low = 0, high = h, x[UNKNOWNS], error[UNKNOWNS];
    memcpy(x, before, sizeof x);
    for (int k = 0; k < HALVINGS; k++) {
        const double middle = low + (high - low) / 2;
        if (!(middle > low && middle < high))
            break;
        memcpy(x, before, sizeof x);
        if (gsl_odeiv2_step_apply(stepper->step, t, middle, x, error, NULL, NULL,
                                  &stepper->system) != GSL_SUCCESS)
            return status_fail(SOLVER_FAILED, "GSL: no step to the section");
        if (ahead(map, x) < 0)
            low = middle;
        else
            high = middle;
    }
    crossing->s = along(map, x);
    crossing->time = t + high;
    crossing->divergence = x[PLANE];
    return OK;
}

static void box_extend(struct return_crossing *crossing, const double *x)
{
    for (int i = 0; i < PLANE; i++) {
        crossing->low[i] = fmin(crossing->low[i], x[i]);
        crossing->high[i] = fmax(crossing->high[i], x[i]);
    }
}

/* Is there no use in going on from x, after so many steps? */
static bool is_given_up(const struct return_map *map, size_t steps, const double *x)
{
    double f[PLANE];
    if (map->steps > 0 && steps >= map->steps)
        return true;
    if (map->farthest > 0 && hypot(x[0] - map->point[0], x[1] - map->point[1]) > map->farthest)
        return true;
    return map->slowest > 0 && map->flow->field(map->flow, 1, x, f) == OK &&
           vector_norm(PLANE, f) < map->slowest;
}

static enum status map_follow(const struct return_map *map, const struct stepper *stepper, double s,
                              struct return_crossing *crossing)
{
    double t = 0, h = FIRST_STEP, before[UNKNOWNS];
    double x[UNKNOWNS] = {map->point[0] + s * map->tangent[0], map->point[1] + s * map->tangent[1],
                          0};
    *crossing = (struct return_crossing){.low = {x[0], x[1]}, .high = {x[0], x[1]}};
    bool was_behind = false;
    for (size_t k = 0; t < map->longest && !is_given_up(map, k, x); k++) {
        const double begin = t;
        memcpy(before, x, sizeof x);
        if (gsl_odeiv2_evolve_apply(stepper->evolve, stepper->control, stepper->step,
                                    &stepper->system, &t, map->longest, &h, x) != GSL_SUCCESS)
            return status_fail(SOLVER_FAILED, "GSL: the return map cannot go on at t = %g", t);
        if (was_behind && ahead(map, x) >= 0)
            return crossing_find(map, stepper, before, begin, t - begin, crossing);
        was_behind = ahead(map, x) < 0;
        box_extend(crossing, x);
    }
    return status_fail(SOLVER_FAILED, "no return to the section until t = %g", t);
}

enum status return_map_at(const struct return_map *map, double s, struct return_crossing *crossing)
{
    struct stepper stepper = {
        .step = gsl_odeiv2_step_alloc(gsl_odeiv2_step_rk8pd, UNKNOWNS),
        .control = gsl_odeiv2_control_y_new(DBL_EPSILON, map->rtol),
        .evolve = gsl_odeiv2_evolve_alloc(UNKNOWNS),
        .system = {.function = rhs, .dimension = UNKNOWNS, .params = (void *)map->flow}};
    enum status status = stepper.step && stepper.control && stepper.evolve
                             ? map_follow(map, &stepper, s, crossing)
                             : status_fail(NO_MEMORY, "a return map");
    if (stepper.step)
        gsl_odeiv2_step_free(stepper.step);
    if (stepper.control)
        gsl_odeiv2_control_free(stepper.control);
    if (stepper.evolve)
        gsl_odeiv2_evolve_free(stepper.evolve);
    return status;
}
