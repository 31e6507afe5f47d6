/* Which lane follows which start, and when one is looked at.
 *
 * After each step of all lanes the field is compared with the size of its Jacobian: only where it is
 * small can a fixed point be near, and only there a lane is looked at closer, sweep_rest.h.  All
 * lanes that need it are looked at together, sweep_curve.h, and so are the starts that take the
 * place of those that are through; where the flow has no callbacks for many states, or leaves are no
 * curves, one by one.  Idle lanes repeat their last state with h = 0.
 *
 * Measured on A[1,1,1] (bench/bench_sweep.c): see notes/sweeper.md, with the methods rejected. */
#include "ode/sweep_lanes.h"

#include "ode/sweep_curve.h"
#include "ode/sweep_path.h"
#include "ode/sweep_rest.h"
#include "ode/sweep_step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* times |J|: there the error, of order 5, is about the coarse tolerance */
static const double FIRST_STEP = 1;
static const double FINER = 1e-3; /* the next tolerances after a doubt */
static const double GROWN = 100;  /* |x| over 1 + |x0|: then the referee follows growth */
/* |f| below this times |J| (1 + |x|) is looked at: twice a hundredth, which bounds both the error of
 * a step at the coarsest tolerances and the distance from the leaf, (J1) */
static const double NEAR = 2e-2;
/* Where the way is observed, states are judged as if tolerances were so many times coarser, and so
 * settle at a distance where the way that is left is known, (J10) */
static const double JUDGED = 100;
static const double DIFFERENCE = 1e-7; /* step of the differences, relative to 1 + |x0| */

enum { BLOCK = SWEEP_BLOCK, WIDTH = SWEEP_WIDTH };
enum { NOBODY = -1, GIVEN_UP = -1 };

/* What begins a lane, for starts in the columns of a block. */
struct opening {
    sweep_row *f, *J;              /* [n], [n*n] at the start */
    sweep_row norm, h, far, rests; /* rests: 1, look; 0, go on; GIVEN_UP */
};

struct sweep_lanes {
    const struct flow *flow;
    const struct sweep_plan *plan;
    size_t n, lanes; /* unknowns; lanes in use */
    struct sweep_step *step;
    struct sweep_path *path;   /* NULL: not observed */
    struct sweep_curve *curve; /* NULL: one by one, with ... */
    struct sweep_rest **rest;  /* [lanes] */
    struct sweep_batch *batch;
    size_t next, end, active, attempts; /* starts in hand; busy lanes; tried steps */
    double *far, *go;                   /* [stride] |x|^2 at most; 1: nothing to look at */
    double *largest;             /* [stride] |x|^2 at its largest so far: what errors scale with */
    long *start;                 /* [lanes] of the batch; NOBODY */
    enum sweep_verdict *verdict; /* [lanes] */
    size_t *list, *near, *resting; /* [lanes] those concerned */
    double *one_x, *one_f, *one_J; /* [n], [n], [n*n]: a lane by itself */
    struct opening opening;
    sweep_row storage[];
};

/* ---- loops over lanes; not static: see linear/chain_lanes.c ---- */

void sweep_lanes_screen(struct sweep_lanes *s);
void sweep_lanes_open(const struct sweep_curve *c, struct opening *o);

LANES_INLINE void add_square(size_t width, const double *restrict v, double *restrict sum)
{
    for (size_t k = 0; k < width; k++)
        sum[k] += v[k] * v[k];
}

/* go = 1 where the lane has not moved, or |f|^2 is large beside the Jacobian */
LANES_INLINE void screen(const double *restrict norm, const double *restrict ff,
                         const double *restrict largest, const double *restrict accept,
                         double *restrict go)
{
    for (size_t k = 0; k < BLOCK; k++) {
        /* (1 + |x|)^2 <= 2 (1 + |x|^2) */
        const double reach = 2 * NEAR * NEAR * norm[k] * (1 + largest[k]);
        const double away = ff[k] > reach ? 1 : 0;
        go[k] = accept[k] > 0 ? away : 1;
    }
}

LANES_INLINE void keep_largest(const double *restrict xx, double *restrict largest)
{
    for (size_t k = 0; k < BLOCK; k++)
        largest[k] = xx[k] > largest[k] ? xx[k] : largest[k];
}

/* go = GIVEN_UP where steps, time or space are used up, or the field is not a number */
LANES_INLINE void give_up(const struct sweep_lanes *s, size_t b, const double *restrict ff,
                          const double *restrict xx, double *restrict go)
{
    const double *restrict tried = s->step->tried + b, *restrict t = s->step->t + b;
    const double *restrict far = s->far + b;
    const double most = (double)s->plan->attempts_most, horizon = s->plan->referee.horizon;
    for (size_t k = 0; k < BLOCK; k++) {
        const double near = xx[k] < far[k] ? 1 : 0, young = tried[k] < most ? 1 : 0;
        const double early = t[k] <= horizon ? 1 : 0, finite = ff[k] < INFINITY ? 1 : 0;
        const double found = go[k];
        go[k] = near * young * early * finite > 0 ? found : GIVEN_UP;
    }
}

/* What each lane does: 1, go on; 0, the field is small beside its Jacobian; GIVEN_UP. */
LANES_CLONES
void sweep_lanes_screen(struct sweep_lanes *s)
{
    const struct sweep_step *step = s->step;
    for (size_t b = 0; b < step->stride; b += BLOCK) {
        double ff[BLOCK] = {0}, xx[BLOCK] = {0};
        for (size_t i = 0; i < s->n; i++) {
            add_square(BLOCK, step->k + i * step->stride + b, ff);
            add_square(BLOCK, step->x + i * step->stride + b, xx);
        }
        keep_largest(xx, s->largest + b);
        screen(step->norm + b, ff, s->largest + b, step->accept + b, s->go + b);
        give_up(s, b, ff, xx, s->go + b);
    }
}

LANES_INLINE void open_row(const double *restrict xx, const double *restrict ff,
                           const double *restrict norm, double *restrict h, double *restrict far,
                           double *restrict rests)
{
    for (size_t k = 0; k < WIDTH; k++) {
        const double size = 1 + sqrt(xx[k]);
        h[k] = FIRST_STEP / sqrt(norm[k]);
        far[k] = GROWN * GROWN * size * size;
        const double near = ff[k] > 2 * NEAR * NEAR * norm[k] * (1 + xx[k]) ? 0 : 1;
        const double moves = norm[k] > 0 ? 1 : 0, finite = norm[k] < INFINITY ? 1 : 0;
        const double bounded = ff[k] < INFINITY ? 1 : 0;
        rests[k] = moves * finite * bounded * (near - GIVEN_UP) + GIVEN_UP;
    }
}

/* From f and J at the starts of the block. */
LANES_CLONES
void sweep_lanes_open(const struct sweep_curve *c, struct opening *o)
{
    sweep_row xx = {0}, ff = {0}, norm = {0};
    for (size_t i = 0; i < c->n; i++) {
        add_square(WIDTH, c->x0[i], xx);
        add_square(WIDTH, o->f[i], ff);
    }
    for (size_t i = 0; i < c->n * c->n; i++)
        add_square(WIDTH, o->J[i], norm);
    memcpy(o->norm, norm, sizeof norm);
    open_row(xx, ff, norm, o->h, o->far, o->rests);
}

/* ---- one lane at a time ---- */

static void gather(const struct sweep_lanes *s, const double *from, size_t k, double *to)
{
    for (size_t i = 0; i < s->n; i++)
        to[i] = from[i * s->step->stride + k];
}

static void scatter(const struct sweep_lanes *s, const double *from, size_t k, double *to)
{
    for (size_t i = 0; i < s->n; i++)
        to[i * s->step->stride + k] = from[i];
}

static double square(size_t n, const double *v)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i] * v[i];
    return sum;
}

/* What errors made so far are relative to: tolerances are those of the largest state on the way, (J1). */
static double times_larger(const struct sweep_lanes *s, size_t k)
{
    double xx = 0;
    for (size_t i = 0; i < s->n; i++) {
        const double x = s->step->x[i * s->step->stride + k];
        xx += x * x;
    }
    return xx < s->largest[k] ? sqrt((1 + s->largest[k]) / (1 + xx)) : 1;
}

static struct sweep_tolerance judged_as(const struct sweep_lanes *s, size_t k)
{
    const double times = times_larger(s, k);
    struct sweep_tolerance tolerance = {.rtol = s->step->rtol[k] * times,
                                        .atol = s->step->atol[k] * times};
    if (s->path) {
        tolerance.rtol *= JUDGED;
        tolerance.atol *= JUDGED;
    }
    return tolerance;
}

/* Lane k is at its start, with the field in one_f and |J|^2 given. */
static void place(struct sweep_lanes *s, const double *x0, size_t k, double norm)
{
    struct sweep_step *step = s->step;
    const double size = 1 + sqrt(square(s->n, x0));
    scatter(s, x0, k, step->x);
    scatter(s, s->one_f, k, step->k);
    step->norm[k] = norm;
    step->shift[k] = DIFFERENCE * size;
    step->per[k] = 1 / (step->shift[k] * step->shift[k]);
    step->h[k] = FIRST_STEP / sqrt(norm);
    s->largest[k] = square(s->n, x0);
    s->far[k] = GROWN * GROWN * size * size;
}

/* Begins start[k], if lanes can follow it; rests: it has to be looked at. */
static enum status begin_one(struct sweep_lanes *s, size_t k, bool *rests)
{
    const double *x0 = s->batch->x0 + (size_t)s->start[k] * s->n;
    *rests = false;
    s->verdict[k] = SWEEP_LEAVES;
    if (!sweep_rest_begin(s->rest[k], x0))
        return OK;
    enum status status = s->flow->field(s->flow, 1, x0, s->one_f);
    if (status == OK)
        status = s->flow->jacobian(s->flow, x0, s->one_J);
    if (status != OK)
        return status == RETRY_SHORTER ? OK : status;
    const double norm = square(s->n * s->n, s->one_J);
    if (!(norm > 0) || !isfinite(norm) || !isfinite(square(s->n, s->one_f)))
        return OK;
    place(s, x0, k, norm);
    s->verdict[k] = SWEEP_GOES_ON;
    *rests = !(square(s->n, s->one_f) > 2 * NEAR * NEAR * norm * (1 + square(s->n, x0)));
    return OK;
}

/* Looks closer at lane k, whose field is known. */
static enum status judge_one(struct sweep_lanes *s, size_t k)
{
    const size_t at = (size_t)s->start[k];
    double *last = s->batch->last + at * s->n;
    struct sweep_result *result = &s->batch->result[at];
    gather(s, s->step->x, k, last);
    gather(s, s->step->k, k, s->one_f);
    const struct sweep_tolerance tolerance = judged_as(s, k);
    sweep_rest_tolerate(s->rest[k], &tolerance);
    return sweep_rest_judge(s->rest[k], last, s->one_f, result, s->batch->limit + at * s->n,
                            &s->verdict[k]);
}

/* ---- a block of lanes ---- */

/* Column m of a block from or to lane k. */
static void take_column(const struct sweep_lanes *s, const double *from, size_t k, sweep_row *to,
                        size_t m)
{
    for (size_t i = 0; i < s->n; i++)
        to[i][m] = from[i * s->step->stride + k];
}

static void take_start(const struct sweep_lanes *s, size_t k, size_t m)
{
    const double *x0 = s->batch->x0 + (size_t)s->start[k] * s->n;
    for (size_t i = 0; i < s->n; i++)
        s->curve->x0[i][m] = x0[i];
}

/* Lane k begins with column m of the opening. */
static void place_column(struct sweep_lanes *s, size_t k, size_t m)
{
    struct sweep_step *step = s->step;
    const struct opening *o = &s->opening;
    s->largest[k] = 0;
    for (size_t i = 0; i < s->n; i++) {
        const double x = s->curve->x0[i][m];
        s->largest[k] += x * x;
        step->x[i * step->stride + k] = x;
        step->k[i * step->stride + k] = o->f[i][m];
    }
    step->norm[k] = o->norm[m];
    step->h[k] = o->h[m];
    s->far[k] = o->far[m];
}

/* Begins list[0..count), at most a block, together. */
static enum status begin_block(struct sweep_lanes *s, const size_t *list, size_t count, bool *rests)
{
    struct opening *o = &s->opening;
    struct sweep_curve *c = s->curve;
    for (size_t m = 0; m < WIDTH; m++)
        take_start(s, list[m < count ? m : 0], m);
    TRY(s->flow->field(s->flow, WIDTH, c->x0[0], o->f[0]));
    s->flow->lanes->jacobian(s->flow, WIDTH, c->x0[0], o->J[0]);
    sweep_lanes_open(c, o);
    for (size_t m = 0; m < count; m++) {
        const bool placed = o->rests[m] >= 0;
        s->verdict[list[m]] = placed ? SWEEP_GOES_ON : SWEEP_LEAVES;
        rests[m] = placed && o->rests[m] > 0;
        if (placed)
            place_column(s, list[m], m);
    }
    return OK;
}

static void settle_column(struct sweep_lanes *s, size_t k, size_t m)
{
    const struct sweep_curve *c = s->curve;
    const size_t at = (size_t)s->start[k];
    struct sweep_result *result = &s->batch->result[at];
    for (size_t i = 0; i < s->n; i++) {
        s->batch->limit[at * s->n + i] = c->root[i][m];
        s->batch->last[at * s->n + i] = c->x[i][m];
    }
    result->ending = ENDING_SETTLED;
    result->has_limit = true;
    result->transverse_rate = c->rate[m];
    result->distance_bound = c->bound[m];
}

/* Judges list[0..count), at most a block, together. */
static enum status judge_block(struct sweep_lanes *s, const size_t *list, size_t count)
{
    struct sweep_curve *c = s->curve;
    for (size_t m = 0; m < WIDTH; m++) {
        const size_t k = list[m < count ? m : 0];
        take_start(s, k, m);
        take_column(s, s->step->x, k, c->x, m);
        take_column(s, s->step->k, k, c->f, m);
        const struct sweep_tolerance tolerance = judged_as(s, k);
        c->rtol[m] = tolerance.rtol;
        c->atol[m] = tolerance.atol;
    }
    TRY(sweep_curve_judge(c));
    for (size_t m = 0; m < count; m++) {
        s->verdict[list[m]] = c->verdict[m];
        if (c->verdict[m] == SWEEP_SETTLES)
            settle_column(s, list[m], m);
    }
    return OK;
}

/* ---- lists of lanes ---- */

/* Looks closer at list[0..count), whose fields are known. */
static enum status judge(struct sweep_lanes *s, const size_t *list, size_t count)
{
    for (size_t m = 0; m < count; m += s->curve ? WIDTH : 1)
        if (s->curve)
            TRY(judge_block(s, list + m, count - m < WIDTH ? count - m : WIDTH));
        else
            TRY(judge_one(s, list[m]));
    return OK;
}

/* Begins list[0..count); those that may be through at once are left in the list, and their number
 * in count. */
static enum status begin(struct sweep_lanes *s, size_t *list, size_t *count)
{
    size_t left = 0;
    for (size_t m = 0; m < *count; m += WIDTH) {
        const size_t size = *count - m < WIDTH ? *count - m : WIDTH;
        bool rests[WIDTH];
        if (s->curve)
            TRY(begin_block(s, list + m, size, rests));
        for (size_t i = 0; i < size && !s->curve; i++)
            TRY(begin_one(s, list[m + i], &rests[i]));
        for (size_t i = 0; i < size; i++)
            if (rests[i] || s->verdict[list[m + i]] != SWEEP_GOES_ON)
                list[left++] = list[m + i];
    }
    *count = left;
    size_t near = 0;
    for (size_t m = 0; m < left; m++)
        if (s->verdict[list[m]] == SWEEP_GOES_ON)
            s->near[near++] = list[m];
    return judge(s, s->near, near);
}

/* Of what is observed too vaguely, the verdict is doubt; in the end the referee's, who holds states to
 * their leaf. */
static void settle(struct sweep_lanes *s, size_t k)
{
    struct sweep_result *result = &s->batch->result[s->start[k]];
    result->by_referee = false;
    result->t = s->step->t[k];
    result->steps = (size_t)s->step->taken[k];
    if (!s->path)
        return;
    const size_t at = (size_t)s->start[k] * s->n;
    gather(s, s->step->k, k, s->one_f);
    const struct sweep_path_end end = {.x = s->batch->last + at,
                                       .f = s->one_f,
                                       .limit = s->batch->limit + at,
                                       .t = result->t,
                                       .rate = result->transverse_rate,
                                       .tolerance = {s->step->rtol[k], s->step->atol[k]}};
    sweep_path_finish(s->path, k, &end, result);
    if (!sweep_path_is_vague(result))
        return;
    s->verdict[k] = SWEEP_DOUBTS;
    *result = sweep_result_unknown;
}

static void set_tolerance(struct sweep_lanes *s, size_t k, const struct sweep_tolerance *tolerance)
{
    s->step->rtol[k] = tolerance->rtol;
    s->step->atol[k] = tolerance->atol;
    s->step->t[k] = s->step->tried[k] = s->step->taken[k] = 0;
    if (s->path)
        sweep_path_begin(s->path, k);
}

/* Lane k after a verdict: the same start with finer tolerances, the next one, or none: false. */
static bool reassign(struct sweep_lanes *s, size_t k)
{
    s->attempts += (size_t)s->step->tried[k];
    if (s->start[k] != NOBODY && s->verdict[k] == SWEEP_DOUBTS &&
        s->step->rtol[k] > s->plan->fine.rtol) {
        const struct sweep_tolerance *fine = &s->plan->fine;
        const struct sweep_tolerance next = {.rtol = fmax(FINER * s->step->rtol[k], fine->rtol),
                                             .atol = fmax(FINER * s->step->atol[k], fine->atol)};
        set_tolerance(s, k, &next);
        return true;
    }
    s->start[k] = NOBODY;
    if (s->next == s->end && !s->batch->take(s->batch, &s->next, &s->end)) {
        s->step->h[k] = 0;
        s->active--;
        return false;
    }
    s->start[k] = (long)s->next;
    s->batch->result[s->next++] = sweep_result_unknown;
    set_tolerance(s, k, s->path ? &s->plan->observed : &s->plan->coarse);
    return true;
}

/* What the lanes of list[0..count) do after their verdicts, until each has to be integrated. */
static enum status proceed(struct sweep_lanes *s, size_t *list, size_t count)
{
    while (count > 0) {
        size_t begun = 0;
        for (size_t m = 0; m < count; m++) {
            const size_t k = list[m];
            if (s->verdict[k] == SWEEP_GOES_ON)
                continue;
            if (s->verdict[k] == SWEEP_SETTLES)
                settle(s, k);
            if (reassign(s, k))
                list[begun++] = k;
        }
        count = begun;
        TRY(begin(s, list, &count));
    }
    return OK;
}

/* ---- all lanes ---- */

/* Puts a state that the field can be evaluated at into the lanes that nobody uses. */
static void pad(struct sweep_lanes *s, const double *x0)
{
    memset(s->step->h, 0, s->step->stride * sizeof(double));
    memset(s->step->tried, 0, s->step->stride * sizeof(double));
    for (size_t k = 0; k < s->step->stride; k++)
        scatter(s, x0, k, s->step->x);
    for (size_t k = 0; k < s->lanes; k++) {
        s->start[k] = NOBODY;
        s->verdict[k] = SWEEP_LEAVES;
        s->list[k] = k;
    }
}

static enum status look(struct sweep_lanes *s)
{
    size_t count = 0, near = 0;
    TRY(sweep_step_measure(s->step));
    sweep_lanes_screen(s);
    for (size_t k = 0; k < s->lanes; k++) { /* no branch: there is no telling which way */
        const bool concerned = (s->start[k] != NOBODY) & !(s->go[k] > 0);
        s->verdict[k] = SWEEP_LEAVES;
        s->list[count] = s->near[near] = k;
        count += concerned;
        near += concerned & (s->go[k] == 0);
    }
    TRY(judge(s, s->near, near));
    return proceed(s, s->list, count);
}

static enum status run(struct sweep_lanes *s)
{
    pad(s, s->batch->x0 + s->next * s->n);
    s->active = s->lanes;
    TRY(proceed(s, s->list, s->lanes));
    while (s->active > 0) {
        if (s->path)
            sweep_path_prepare(s->path, s->step);
        TRY(sweep_step_take(s->step));
        if (s->path)
            sweep_path_follow(s->path, s->step);
        TRY(look(s));
    }
    return OK;
}

enum status sweep_lanes_run(struct sweep_lanes *s, struct sweep_batch *batch, size_t *attempts)
{
    s->batch = batch;
    s->attempts = 0;
    if (!batch->take(batch, &s->next, &s->end))
        return OK;
    TRY(run(s));
    *attempts += s->attempts;
    return OK;
}

/* ---- making and freeing ---- */

static void lay_out(struct sweep_lanes *s, sweep_row *rows, double *numbers)
{
    const size_t n = s->n, stride = s->step->stride;
    s->opening.f = rows;
    s->opening.J = rows + n;
    s->far = numbers;
    s->go = s->far + stride;
    s->largest = s->go + stride;
    s->one_x = s->largest + stride;
    s->one_f = s->one_x + n;
    s->one_J = s->one_f + n;
    s->rest = (struct sweep_rest **)(void *)(s->one_J + n * n);
    s->start = (long *)(void *)(s->rest + s->lanes);
    s->list = (size_t *)(void *)(s->start + s->lanes);
    s->near = s->list + s->lanes;
    s->verdict = (enum sweep_verdict *)(void *)(s->near + s->lanes);
}

static bool open_evidence(struct sweep_lanes *s)
{
    if (s->plan->observes && !(s->path = sweep_path_create(s->step)))
        return false;
    if (sweep_curve_create(s->flow, &s->curve) != OK)
        return false;
    for (size_t k = 0; k < s->lanes && !s->curve; k++)
        if (!(s->rest[k] = sweep_rest_create(s->flow)))
            return false;
    return true;
}

struct sweep_lanes *sweep_lanes_create(const struct flow *flow, const struct sweep_plan *plan)
{
    const size_t n = flow->dim, lanes = plan->lanes;
    struct sweep_step *step = sweep_step_create(flow, lanes);
    if (!step)
        return NULL;
    const size_t rows = n + n * n, numbers = 3 * step->stride + 2 * n + n * n;
    const size_t each = sizeof(struct sweep_rest *) + sizeof(long) + 2 * sizeof(size_t) +
                        sizeof(enum sweep_verdict);
    struct sweep_lanes *s =
        calloc(1, sizeof *s + rows * sizeof(sweep_row) + numbers * sizeof(double) + lanes * each);
    if (!s) {
        sweep_step_free(step);
        return NULL;
    }
    s->flow = flow;
    s->plan = plan;
    s->n = n;
    s->lanes = lanes;
    s->step = step;
    lay_out(s, s->storage, (double *)(void *)(s->storage + rows));
    if (open_evidence(s))
        return s;
    sweep_lanes_free(s);
    return NULL;
}

void sweep_lanes_free(struct sweep_lanes *s)
{
    if (!s)
        return;
    for (size_t k = 0; k < s->lanes; k++)
        sweep_rest_free(s->rest[k]);
    sweep_curve_free(s->curve);
    sweep_path_free(s->path);
    sweep_step_free(s->step);
    free(s);
}
