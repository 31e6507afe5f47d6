/* Decade by decade of the time, with escape_implicit.h.
 *
 * A displacement counts while its speed exceeds the rounding of the field in the unknown that moves
 * most: below, the field is no evidence of anything, neither of rest nor of growth, (E30).  The law
 * must have been one and the same for the last decades before that, and the displacements parallel:
 * else a slow rotation, with |D_k| constant, would pass for a logarithm.
 * Rejected: exponents from x.f/|x|^2 as in escape_stiff.c: with |x| ~ t^(1/6) the decades of |x| end
 * at the rounding of the field before there are three of them. */
#include "ode/escape_slow.h"

#include "ode/escape_implicit.h"
#include "ode/fixed_point.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEPT = 6,        /* exponents, each from two decades, that must agree, */
    KEPT_SHORT = 10, /* or so many where no step succeeds before the field is lost in rounding */
    STEPS_MOST = 50000
};
static const double DECADE = 10;
static const double LATE = 1e250;       /* of t */
static const double TOLERANCE = 1e-9;   /* relative: displacements are larger by far */
static const double RESOLVED = 10;      /* speed in units of the rounding of the field */
static const double PARALLEL = 0.99;    /* least cosine between displacements */
static const double SAME_POWER = 0.03;  /* of the exponents, relative to the last */
static const double LEAST_POWER = 0.03; /* a logarithm to some power has 0.4/k after k decades */
static const double LOGARITHM = 0.004;  /* |p| below, at each of the decades */

struct slow_way {
    size_t n;
    struct escape_patience *patience;
    double t;             /* of x */
    double size;          /* |D|, of the last displacement */
    double p[KEPT_SHORT]; /* the last exponents, the newest first */
    size_t displacements; /* so far; of these, since one turned against the one before: */
    size_t parallel;
    double *x, *next, *D, *E; /* E: the displacement before */
};

/* Is the speed D/time of the unknown that moves most above the rounding of the field? */
static enum status is_resolved(struct fixed_point_work *work, const struct slow_way *way,
                               double time, bool *resolved)
{
    double residual, floor;
    size_t most = 0;
    for (size_t i = 1; i < way->n; i++)
        most = fabs(way->D[i]) > fabs(way->D[most]) ? i : most;
    TRY(fixed_point_residual(work, way->next, &residual, &floor));
    *resolved =
        fabs(way->D[most]) / time >= RESOLVED * fixed_point_row_rounding(work, way->next, most);
    return OK;
}

/* The displacement from x to next, after `time`, if it counts. */
static void note(struct slow_way *way)
{
    const size_t n = way->n;
    const double size = vector_norm(n, way->D);
    if (way->displacements > 0) {
        memmove(way->p + 1, way->p, (KEPT_SHORT - 1) * sizeof *way->p);
        way->p[0] = log10(size / way->size);
        const double cosine = vector_dot(n, way->D, way->E) / (size * way->size);
        way->parallel = cosine >= PARALLEL ? way->parallel + 1 : 0;
    }
    way->displacements++;
    way->size = size;
    memcpy(way->E, way->D, n * sizeof(double));
    memcpy(way->x, way->next, n * sizeof(double));
}

/* Steps to t = `until` and on, and x there. */
static bool reach(struct escape_implicit *implicit, double until, double scale, int *steps,
                  double *x)
{
    bool broken;
    while (escape_implicit_time(implicit) < until)
        if (++*steps > STEPS_MOST || !escape_implicit_step(implicit, scale, &broken))
            return false;
    return escape_implicit_at(implicit, until, x);
}

/* Follows x to where the field is not resolved; *whole: it got there. */
static enum status follow(struct escape_implicit *implicit, struct fixed_point_work *work, double t,
                          struct slow_way *way, bool *whole)
{
    int steps = 0;
    *whole = false;
    for (way->t = t; way->t < LATE; way->t *= DECADE) {
        const double until = DECADE * way->t;
        bool resolved = false;
        if (!reach(implicit, until - t, t, &steps, way->next))
            return OK;
        for (size_t i = 0; i < way->n; i++)
            way->D[i] = way->next[i] - way->x[i];
        TRY(is_resolved(work, way, until - way->t, &resolved));
        if (!resolved)
            break;
        note(way);
    }
    *whole = true;
    return OK;
}

/* Do the last exponents, `kept` of them, lie within `most` of `power`? */
static bool keeps(const struct slow_way *way, size_t kept, double power, double most)
{
    for (size_t k = 0; k < kept; k++)
        if (!(fabs(way->p[k] - power) <= most))
            return false;
    return way->displacements > kept && way->parallel >= kept;
}

/* A logarithm only counts where it was followed to the rounding of the field: activations that
 * saturate hide finite limits behind the last decades. */
static void conclude(const struct slow_way *way, bool whole, struct escape *escape)
{
    const double p = way->p[0];
    const bool logarithm = whole && keeps(way, KEPT, 0, LOGARITHM);
    if (!logarithm &&
        !(p >= LEAST_POWER && keeps(way, whole ? KEPT : KEPT_SHORT, p, SAME_POWER * p)))
        return;
    *escape = (struct escape){.verdict = ESCAPE_GROWS,
                              .time_to_go = NAN,
                              .error = NAN,
                              .exponent = logarithm ? 0 : p,
                              .log_slope = logarithm ? way->size / log(DECADE) : NAN};
}

static enum status confirm(const struct flow *flow, const double *x, struct slow_way *way,
                           struct fixed_point_work *work, struct escape *escape)
{
    struct escape_implicit *implicit;
    bool whole = false;
    TRY(escape_implicit_create(flow, 0, way->patience, &implicit));
    memcpy(way->x, x, flow->dim * sizeof *x);
    enum status status = escape_implicit_start(implicit, x, TOLERANCE);
    if (status == OK)
        status = follow(implicit, work, way->t, way, &whole);
    if (status == OK && !way->patience->over)
        conclude(way, whole, escape);
    escape_implicit_free(implicit);
    return status;
}

enum status escape_slow_confirm(const struct flow *flow, const double *x, double t,
                                struct escape_patience *patience, struct escape *escape)
{
    const size_t n = flow->dim;
    *escape = (struct escape){.verdict = ESCAPE_NEITHER};
    if (flow_is_large(flow))
        return OK;
    double *storage = calloc(4 * n, sizeof *storage);
    struct fixed_point_work *work = fixed_point_work_create(flow);
    enum status status = NO_MEMORY;
    if (storage && work) {
        struct slow_way way = {.n = n,
                               .patience = patience,
                               .t = t,
                               .x = storage,
                               .next = storage + n,
                               .D = storage + 2 * n,
                               .E = storage + 3 * n};
        status = confirm(flow, x, &way, work, escape);
        status = status == RETRY_SHORTER || status == NOT_FINITE ? OK : status;
    }
    fixed_point_work_free(work);
    free(storage);
    return status == NO_MEMORY ? status_fail(NO_MEMORY, "growth of %s", flow->title) : status;
}
