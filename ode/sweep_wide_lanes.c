/* The lanes of one thread, where leaves are no curves.
 *
 * All lanes take their steps together.  Beside each the error that its steps gather is followed,
 * (E17); a lane whose error decides is undecided, as it would be with the referee, if it has come
 * near no fixed point; else the referee says what it is.  Where |f| over the rate of its fall says
 * that rest is near, evidence is sought, once as a rule: sweep_wide.h tells how much smaller |f| has
 * to be for the next look.  Lanes whose limits are points of their leaves begin with coarser
 * tolerances, since only the basin has to be kept; in doubt they begin again with the fine ones. */
#include "ode/sweep_wide_lanes.h"

#include "ode/sweep_error.h"
#include "ode/sweep_wide.h"
#include "ode/sweep_wide_step.h"
#include "ode/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = SWEEP_WIDE_LANES, NOBODY = -1 };

/* Times |J| along f: there the error, of order eight, is about the tolerance */
static const double FIRST_STEP = 0.5;
static const double DIFFERENCE = 1e-6; /* of the product J f, relative to 1 + |x| */
static const double GROWN = 100;       /* |x| over 1 + |x0|: then the referee follows growth */
/* Times the steps that a lane may try on curves: the referee costs as much as some thousands */
static const double ATTEMPTS = 10;
/* |f| over 1 + |x|: of a lane that stops at a saddle by symmetry |f| would have come down to this */
static const double PASSED = 3e-10;
/* The referee's: an error that begins to decide so near to a fixed point, relative, does not, (E17) */
static const double CAPTURE = 1e-6;
static const double LEFT = 10; /* |f| of a lane that leaves, over the least that it has had */

struct sweep_wide_lanes {
    const struct flow *flow;
    const struct sweep_plan *plan;
    struct sweep_tolerance first; /* of a start */
    size_t n, lanes, active;
    size_t next, end; /* of the starts that this thread has taken */
    struct sweep_batch *batch;
    size_t *attempts;
    struct sweep_wide_step *step;
    struct sweep_error *error;
    struct sweep_wide *wide;
    long start[LANES];                           /* which start; NOBODY */
    double far[LANES], go[LANES];                /* |x|^2 at most; 1: no look */
    double *one_x, *one_f, *one_y, *one_g, *one; /* [n] */
    double storage[];
};

/* The fine ones where the limit carries the error, (J8); else the mean of coarse and fine. */
static struct sweep_tolerance first_tolerance(const struct flow *flow,
                                              const struct sweep_plan *plan)
{
    if (flow->errors > 0)
        return plan->fine;
    return (struct sweep_tolerance){.rtol = sqrt(plan->coarse.rtol * plan->fine.rtol),
                                    .atol = sqrt(plan->coarse.atol * plan->fine.atol)};
}

struct sweep_wide_lanes *sweep_wide_lanes_create(const struct flow *flow,
                                                 const struct sweep_plan *plan)
{
    enum { VECTORS = 4 };
    const size_t n = flow->dim;
    struct sweep_wide_lanes *s = calloc(1, sizeof *s + VECTORS * n * sizeof(double));
    if (!s)
        return NULL;
    s->flow = flow;
    s->plan = plan;
    s->n = n;
    s->lanes = plan->lanes < LANES ? plan->lanes : LANES;
    s->first = first_tolerance(flow, plan);
    s->one_x = s->storage;
    s->one_f = s->one_x + n;
    s->one_y = s->one_f + n;
    s->one_g = s->one_y + n;
    s->step = sweep_wide_step_create(flow);
    s->error = sweep_error_create(n, LANES, sweep_wide_reach(flow));
    s->wide = sweep_wide_create(flow);
    if (s->step && s->error && s->wide)
        return s;
    sweep_wide_lanes_free(s);
    return NULL;
}

void sweep_wide_lanes_free(struct sweep_wide_lanes *s)
{
    if (!s)
        return;
    sweep_wide_step_free(s->step);
    sweep_error_free(s->error);
    sweep_wide_free(s->wide);
    free(s);
}

/* ---- one lane at a time ---- */

/* Does the field exist there? */
static enum status try_field(struct sweep_wide_lanes *s, const double *x, double *f, bool *exists)
{
    const enum status status = s->flow->field(s->flow, 1, x, f);
    *exists = status == OK;
    return status == RETRY_SHORTER ? OK : status;
}

/* |J f|/|f| at x0, whose f is in one_f. */
static enum status find_rate(struct sweep_wide_lanes *s, const double *x0, double *rate,
                             bool *exists)
{
    const size_t n = s->n;
    const double size = vector_norm(n, s->one_f);
    const double h = DIFFERENCE * (1 + vector_norm(n, x0)) / size;
    for (size_t i = 0; i < n; i++)
        s->one_y[i] = x0[i] + h * s->one_f[i];
    TRY(try_field(s, s->one_y, s->one_g, exists));
    *rate = vector_distance(n, s->one_g, s->one_f) / (h * size);
    return OK;
}

/* The start of lane k with the given tolerances; false: the lanes cannot follow it. */
static enum status begin(struct sweep_wide_lanes *s, size_t k,
                         const struct sweep_tolerance *tolerance, bool *begun)
{
    struct sweep_wide_step *step = s->step;
    const double *x0 = s->batch->x0 + (size_t)s->start[k] * s->n;
    double rate = NAN;
    TRY(try_field(s, x0, s->one_f, begun));
    if (*begun)
        TRY(find_rate(s, x0, &rate, begun));
    *begun = *begun && rate > 0 && isfinite(rate);
    if (!*begun)
        return OK;
    const double far = GROWN * (1 + vector_norm(s->n, x0));
    sweep_wide_step_scatter(step, x0, k, step->x);
    sweep_wide_step_scatter(step, s->one_f, k, step->k);
    step->h[k] = FIRST_STEP / rate;
    step->t[k] = step->tried[k] = step->taken[k] = 0;
    step->rtol[k] = tolerance->rtol;
    step->atol[k] = tolerance->atol;
    s->far[k] = far * far;
    sweep_error_begin(s->error, k, vector_norm(s->n, s->one_f), tolerance->rtol);
    return OK;
}

/* Of a lane whose error decides: it is lost when it leaves the place again, and has not been near a
 * fixed point; one that comes nearer may stop at a saddle, which the referee can tell. */
static enum sweep_wide_verdict see_passage(const struct sweep_wide_lanes *s, size_t k)
{
    const struct sweep_error *error = s->error;
    const double now = error->now[k] / (1 + vector_norm(s->n, s->one_x));
    if (!(error->lowest[k] > PASSED) ||
        !(s->step->tried[k] < ATTEMPTS * (double)s->plan->attempts_most))
        return SWEEP_WIDE_LEAVES;
    return now > LEFT * error->lowest[k] ? SWEEP_WIDE_LOST : SWEEP_WIDE_GOES_ON;
}

/* The same with the evidence at the state, which is in one_x: a limit that is as near as rounding when
 * the error begins to decide is one; later it has been decided by error. */
static enum sweep_wide_verdict see_decision(struct sweep_wide_lanes *s, size_t k,
                                            const double *limit, enum sweep_wide_verdict passage,
                                            enum sweep_wide_verdict evidence)
{
    const bool begins = s->error->decides[k] <= 1, settles = evidence == SWEEP_WIDE_SETTLES;
    s->error->decides[k] = 2;
    if (begins && settles &&
        vector_distance(s->n, limit, s->one_x) <= CAPTURE * (1 + vector_norm(s->n, limit)))
        return SWEEP_WIDE_SETTLES;
    return settles && passage == SWEEP_WIDE_LEAVES ? SWEEP_WIDE_LOST : passage;
}

/* Looks closer at lane k, whose f is known. */
static enum status judge(struct sweep_wide_lanes *s, size_t k, enum sweep_wide_verdict *verdict)
{
    const struct sweep_wide_step *step = s->step;
    const size_t start = (size_t)s->start[k];
    const bool fine = step->rtol[k] <= s->plan->fine.rtol;
    sweep_wide_step_gather(step, step->x, k, s->one_x);
    sweep_wide_step_gather(step, step->k, k, s->one_f);
    *verdict = SWEEP_WIDE_LEAVES;
    const bool followed = vector_dot(s->n, s->one_x, s->one_x) < s->far[k] &&
                          step->tried[k] < ATTEMPTS * (double)s->plan->attempts_most &&
                          isfinite(vector_norm(s->n, s->one_f)) &&
                          step->t[k] <= s->plan->referee.horizon;
    if (!followed)
        return OK;
    const struct sweep_wide_state state = {
        .x0 = s->batch->x0 + start * s->n,
        .x = s->one_x,
        .f = s->one_f,
        .error = sweep_error_of(s->error, k),
        .tolerance = {.rtol = step->rtol[k], .atol = step->atol[k]},
    };
    struct sweep_result found = s->batch->result[start];
    double *limit = s->batch->limit + start * s->n;
    const bool decides = s->error->decides[k] > 0;
    const enum sweep_wide_verdict passage = decides ? see_passage(s, k) : SWEEP_WIDE_GOES_ON;
    /* evidence is of use before an error decides, where it begins to, and at the end */
    if (s->error->decides[k] <= 1 || passage == SWEEP_WIDE_LEAVES)
        TRY(sweep_wide_judge(s->wide, &state, &found, limit, &s->error->wait[k], verdict));
    if (decides)
        *verdict = see_decision(s, k, limit, passage, *verdict);
    if (*verdict == SWEEP_WIDE_SETTLES)
        s->batch->result[start] = found;
    if ((*verdict == SWEEP_WIDE_LEAVES || *verdict == SWEEP_WIDE_LOST) && !fine)
        *verdict = SWEEP_WIDE_DOUBTS;
    return OK;
}

/* What is known of lane k after its last verdict. */
static void close(struct sweep_wide_lanes *s, size_t k, enum sweep_wide_verdict verdict)
{
    const size_t start = (size_t)s->start[k];
    struct sweep_result *result = &s->batch->result[start];
    sweep_wide_step_gather(s->step, s->step->x, k, s->batch->last + start * s->n);
    if (verdict != SWEEP_WIDE_SETTLES && verdict != SWEEP_WIDE_LOST)
        return;
    result->by_referee = false;
    result->t = s->step->t[k];
    result->steps = (size_t)s->step->taken[k];
}

/* The next start for lane k; false: there is none. */
static bool take_next(struct sweep_wide_lanes *s, size_t k)
{
    s->start[k] = NOBODY;
    if (s->next == s->end && !s->batch->take(s->batch, &s->next, &s->end)) {
        s->step->h[k] = 0;
        s->active--;
        return false;
    }
    s->start[k] = (long)s->next;
    s->batch->result[s->next++] = sweep_result_unknown;
    return true;
}

/* What lane k does after a verdict: the same start with fine tolerances, or the next one that can be
 * followed. */
static enum status proceed(struct sweep_wide_lanes *s, size_t k, enum sweep_wide_verdict verdict)
{
    bool begun = verdict == SWEEP_WIDE_GOES_ON;
    if (begun)
        return OK;
    if (s->start[k] != NOBODY)
        *s->attempts += (size_t)s->step->tried[k];
    if (s->start[k] != NOBODY && verdict == SWEEP_WIDE_DOUBTS)
        return begin(s, k, &s->plan->fine, &begun);
    if (s->start[k] != NOBODY)
        close(s, k, verdict);
    while (!begun && take_next(s, k))
        TRY(begin(s, k, &s->first, &begun));
    return OK;
}

/* ---- all lanes ---- */

/* The error over the step just taken, and |f| against the rate at which it falls. */
static enum status look(struct sweep_wide_lanes *s)
{
    struct sweep_wide_step *step = s->step;
    struct sweep_error *error = s->error;
    TRY(sweep_wide_step_field(step, step->x, step->k));
    sweep_error_note(error, step->last, step->accept);
    sweep_error_shift(error, step->x, error->d, step->y);
    TRY(sweep_wide_step_field(step, step->y, step->f));
    sweep_error_multiply(error, step->f, step->k, error->first);
    sweep_error_shift(error, step->x, error->first, step->y);
    TRY(sweep_wide_step_field(step, step->y, step->f));
    sweep_error_multiply(error, step->f, step->k, error->second);
    sweep_error_carry(error, step->x, step->rtol, step->atol);
    sweep_error_screen(error, step->x, step->k, s->far, s->go);
    for (size_t k = 0; k < s->lanes; k++) {
        const bool young = step->tried[k] < ATTEMPTS * (double)s->plan->attempts_most;
        if (s->start[k] == NOBODY || (s->go[k] > 0 && young))
            continue;
        enum sweep_wide_verdict verdict;
        TRY(judge(s, k, &verdict));
        TRY(proceed(s, k, verdict));
    }
    return OK;
}

enum status sweep_wide_lanes_run(struct sweep_wide_lanes *s, struct sweep_batch *batch,
                                 size_t *attempts)
{
    s->batch = batch;
    s->attempts = attempts;
    s->next = s->end = 0;
    if (!batch->take(batch, &s->next, &s->end))
        return OK;
    for (size_t k = 0; k < LANES; k++) { /* a state that the field can be evaluated at */
        sweep_wide_step_scatter(s->step, batch->x0 + s->next * s->n, k, s->step->x);
        s->step->h[k] = s->far[k] = 0;
        s->start[k] = NOBODY;
    }
    s->active = s->lanes;
    for (size_t k = 0; k < s->lanes; k++)
        TRY(proceed(s, k, SWEEP_WIDE_LEAVES));
    while (s->active > 0) {
        TRY(sweep_wide_step_take(s->step));
        TRY(look(s));
    }
    return OK;
}
