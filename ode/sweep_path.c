/* Lengths and settling times of lanes.
 *
 * The length s is one more unknown, s' = |f(x)|, that no other depends on: its Runge-Kutta step is
 * h sum b_i |k_i|, of the order of the method, and the embedded solution estimates its error as it
 * does for the others.  The rest of the way to the limit, of a leaf that is nearly straight there, is
 * its chord, longer by a third of 1 - cos of the angle between chord and field.
 *
 * The lane stops at a distance d where a fixed point governs, well outside of the threshold.  There
 * y = |x - x*| obeys y' = -gamma y + kappa y^2, with kappa from the speed at d, and the rest of the
 * time is (log(d/threshold) + eps (1 - threshold/d))/gamma, eps = kappa d/gamma, up to eps^2/gamma.
 * On a curve an error along it is a delay, error/|f|, that stays as it is for ever.  One across it,
 * delta, leads to a leaf where time runs differently, by 2 |J| delta/|f| at most, for ever: that is
 * little but where the field is small on the way, between roots that have hardly vanished, (J11). */
#include "ode/sweep_path.h"

#include "ode/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = SWEEP_BLOCK, ROWS = 6 };

static const double ARC = 3;         /* arc - chord = chord (1 - cos)/3 */
static const double LEAST = 1e-300;  /* no speed is divided by 0 */
static const double VAGUE = 1e-2;    /* error of a time over the time, above which it is refined */
static const double STEP_ERROR = 10; /* tolerances, the errors of a step, (J1) */

void sweep_path_speeds(struct sweep_path *path, const struct sweep_step *step);
void sweep_path_blocks(struct sweep_path *path, const struct sweep_step *step);

struct sweep_path *sweep_path_create(const struct sweep_step *step)
{
    const size_t stride = step->stride;
    struct sweep_path *path = calloc(1, sizeof *path + ROWS * stride * sizeof(double));
    if (!path)
        return NULL;
    path->n = step->n;
    path->stride = stride;
    path->t = path->storage;
    path->length = path->t + stride;
    path->error = path->length + stride;
    path->delay = path->error + stride;
    path->aside = path->delay + stride;
    path->speed = path->aside + stride;
    return path;
}

void sweep_path_free(struct sweep_path *path)
{
    free(path);
}

void sweep_path_begin(struct sweep_path *path, size_t lane)
{
    path->t[lane] = path->length[lane] = path->error[lane] = 0;
    path->delay[lane] = path->aside[lane] = 0;
}

/* ---- loops over lanes; not static: see linear/chain_lanes.c ---- */

LANES_INLINE void add_square(const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < BLOCK; k++)
        sum[k] += v[k] * v[k];
}

/* |k_i| with the weights of the result and of the estimate. */
LANES_INLINE void add_stage(double b, double e, const double *restrict speed,
                            double *restrict length, double *restrict error)
{
    for (size_t k = 0; k < BLOCK; k++) {
        length[k] += b * speed[k];
        error[k] += e * speed[k];
    }
}

LANES_INLINE void root(const double *restrict square, double *restrict speed)
{
    for (size_t k = 0; k < BLOCK; k++)
        speed[k] = sqrt(square[k]);
}

LANES_INLINE void keep_slower(const double *restrict speed, double *restrict slowest)
{
    for (size_t k = 0; k < BLOCK; k++)
        slowest[k] = speed[k] < slowest[k] ? speed[k] : slowest[k];
}

/* Of the steps of a block: the length and its error per unit of time, the least speed, and a bound on
 * the error of the state. */
struct strides {
    double length[BLOCK], off[BLOCK], slowest[BLOCK], local[BLOCK];
};

/* The delays of a step, (J11): of its own error, and of the distance from the leaf; without bound
 * where that stops a solution of the leaf.  Only accepted steps have moved the time. */
LANES_INLINE void add_delay(const struct strides *s, const double *restrict norm,
                            const double *restrict now, size_t b, struct sweep_path *path)
{
    double *restrict delay = path->delay + b, *restrict aside = path->aside + b;
    const double *restrict t = path->t + b;
    for (size_t k = 0; k < BLOCK; k++) {
        const double h = now[k] - t[k], off = aside[k] + s->local[k];
        const double speed = s->slowest[k] + LEAST;
        const double share = 2 * sqrt(norm[k]) * off / speed;
        const double lag = share < 1 ? h * share / (1 - share) : INFINITY;
        delay[k] = h > 0 ? delay[k] + s->local[k] / speed + lag : delay[k];
        aside[k] = h > 0 ? off : aside[k];
    }
}

/* Only accepted steps have moved the time. */
LANES_INLINE void add_step(const struct strides *s, const double *restrict now, size_t b,
                           struct sweep_path *path)
{
    double *restrict t = path->t + b, *restrict length = path->length + b;
    double *restrict error = path->error + b;
    for (size_t k = 0; k < BLOCK; k++) {
        const double h = now[k] - t[k];
        length[k] = h > 0 ? length[k] + h * s->length[k] : length[k];
        error[k] = h > 0 ? error[k] + h * fabs(s->off[k]) : error[k];
        t[k] = h > 0 ? now[k] : t[k];
    }
}

/* |k_i| of a block. */
LANES_INLINE void speed_of(const struct sweep_step *step, size_t i, size_t b, double *speed)
{
    double square[BLOCK] = {0};
    for (size_t j = 0; j < step->n; j++)
        add_square(step->k + (i * step->n + j) * step->stride + b, square);
    root(square, speed);
}

LANES_CLONES
void sweep_path_speeds(struct sweep_path *path, const struct sweep_step *step)
{
    for (size_t b = 0; b < step->stride; b += BLOCK)
        speed_of(step, 0, b, path->speed + b);
}

LANES_CLONES
void sweep_path_blocks(struct sweep_path *path, const struct sweep_step *step)
{
    const struct sweep_table *table = &sweep_table_tsitouras;
    for (size_t b = 0; b < step->stride; b += BLOCK) {
        struct strides s = {{0}, {0}, {0}, {0}};
        double speed[BLOCK], xx[BLOCK] = {0};
        memcpy(s.slowest, path->speed + b, sizeof s.slowest);
        add_stage(table->b[0], table->estimate[0][0], path->speed + b, s.length, s.off);
        for (size_t i = 1; i < table->stages; i++) {
            speed_of(step, i, b, speed);
            keep_slower(speed, s.slowest);
            add_stage(table->b[i], table->estimate[0][i], speed, s.length, s.off);
        }
        speed_of(step, 0, b, speed); /* where the step has ended */
        keep_slower(speed, s.slowest);
        for (size_t j = 0; j < step->n; j++)
            add_square(step->x + j * step->stride + b, xx);
        for (size_t k = 0; k < BLOCK; k++)
            s.local[k] = STEP_ERROR * (step->rtol[b + k] * sqrt(xx[k]) + step->atol[b + k]);
        add_delay(&s, step->norm + b, step->t + b, b, path);
        add_step(&s, step->t + b, b, path);
    }
}

void sweep_path_prepare(struct sweep_path *path, const struct sweep_step *step)
{
    sweep_path_speeds(path, step);
}

void sweep_path_follow(struct sweep_path *path, const struct sweep_step *step)
{
    sweep_path_blocks(path, step);
}

/* ---- one lane ---- */

/* 1 - cos of the angle between the field and the way to the limit; 0 at the limit. */
static double bend(size_t n, const struct sweep_path_end *end, double away, double speed)
{
    double along = 0;
    for (size_t i = 0; i < n; i++)
        along += end->f[i] * (end->limit[i] - end->x[i]);
    return away > 0 && speed > 0 ? fmax(0, 1 - along / (speed * away)) : 0;
}

void sweep_path_finish(const struct sweep_path *path, size_t lane, const struct sweep_path_end *end,
                       struct sweep_result *result)
{
    const size_t n = path->n;
    const double away = vector_distance(n, end->x, end->limit), speed = vector_norm(n, end->f);
    const double size = vector_norm(n, end->limit), gamma = fabs(end->rate);
    const double threshold = SWEEP_SETTLED * (1 + size), turn = bend(n, end, away, speed);
    const double local = STEP_ERROR * (end->tolerance.rtol * size + end->tolerance.atol);
    result->path = path->length[lane] + away * (1 + turn / ARC);
    result->path_error = path->error[lane] + away * turn + (end->t > 0 ? local : 0);
    result->settling = result->settling_error = 0;
    if (end->t == 0 && away <= threshold)
        return;
    const double eps = 1 - speed / (gamma * away), closer = away / (1 + size);
    const double rest = (log(away / threshold) + eps * (1 - threshold / away)) / gamma;
    result->settling = fmax(0, end->t + rest);
    result->settling_error = path->delay[lane] + (path->aside[lane] + local) / speed +
                             (2 * eps * eps + closer * closer) / gamma;
}

bool sweep_path_is_vague(const struct sweep_result *result)
{
    return !(result->settling_error <= VAGUE * result->settling || result->settling == 0);
}
