/* The limit cycles that begin at the Hopf points of planar flows, followed over the parameter.
 *
 * Beside a subcritical Hopf point the cycle repels and surrounds the fixed point where that is
 * stable; beside a supercritical one it attracts, where the fixed point is not.  On that side the
 * cycle is found anew at each value, forwards or backwards in time, from a start inside it, and kept
 * if it is certified (ode/cycle.h; notes/cycles.md, (Z2)).  The steps grow like squares, as the
 * amplitude does like a root.  Close to the Hopf point a cycle may attract too weakly to be found;
 * then the row begins farther away.  Once it has begun, two values without a certified cycle end it,
 * as where it folds back or grows into a homoclinic orbit; the end is narrowed down by halving, and
 * what became of the search there is told. */
#include "cli/diagram.h"

#include "cli/interrupt.h"
#include "cli/orbit.h"
#include "ode/branch_curve.h"
#include "ode/cycle.h"
#include "ode/reverse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES = 24, PLANAR = 2, ARMS = 2, MISSES_MOST = 2, HALVINGS = 6 };

static const double FIRST_OFFSET = 1e-3; /* over 1 + |x|: where the first search begins */
static const double INSIDE = 0.6;        /* of the way to the cycle before: it grows */
/* Two measurements of the logarithm of the multiplier differ by no more than this share of 1 + it:
 * where the return map is the identity to rounding, a bracket may be accidental. */
static const double SAME_MULTIPLIER = 0.1;
static const double HORIZON = 1e5; /* spirals beside a Hopf point are slow */
/* Of the tolerance, where a cycle is seen no more: what repels strongly is lost to its errors first */
static const double FINER = 1e-2, RTOL_LEAST = 1e-13;

struct tracing {
    struct diagram *diagram;
    const struct branch_special *hopf;
    size_t number; /* of the special point in the set */
    struct branch_curve *curve;
    double y[PLANAR + 1];     /* the fixed point and q */
    double arm[ARMS][PLANAR]; /* from the fixed point to the starts */
    int misses;               /* values without a cycle since the last one */
    bool begun;
    double last, missed;   /* q of the last cycle, and of the first value without one since */
    double inside[PLANAR]; /* the fixed point within the last cycle */
    enum diagram_cycles_end search; /* how far the last search came, */
    enum diagram_cycles_end fate;   /* and the last one that found none */
    char ended[REASON_MAX];         /* how that trajectory ended */
    bool narrows;                   /* down to the end: with finer tolerances */
};

static enum status cycle_keep(struct diagram *diagram, const struct diagram_cycle *cycle)
{
    struct diagram_cycle *grown =
        realloc(diagram->cycle, (diagram->cycles + 1) * sizeof *diagram->cycle);
    if (!grown)
        return status_fail(NO_MEMORY, "no memory for %zu cycles", diagram->cycles + 1);
    diagram->cycle = grown;
    diagram->cycle[diagram->cycles++] = *cycle;
    return OK;
}

/* The extent of the ordinate once round, in the direction of time in which the cycle attracts. */
static enum status extent_measure(const struct diagram *diagram, const struct flow *flow,
                                  const struct cycle *cycle, struct diagram_cycle *row)
{
    struct plan plan = diagram->plan;
    struct orbit orbit;
    plan.no_endings = true;
    plan.horizon = cycle->period;
    struct outcome *outcome = outcome_create(flow);
    if (!outcome)
        return status_fail(NO_MEMORY, "no memory for a cycle");
    const enum status status = orbit_run(flow, &plan, cycle->point, &orbit, outcome);
    outcome_free(outcome);
    TRY(status);
    row->low = INFINITY;
    row->high = -INFINITY;
    for (size_t k = 0; k < orbit.count; k++) {
        row->low = fmin(row->low, orbit.x[k * PLANAR + diagram->unknown]);
        row->high = fmax(row->high, orbit.x[k * PLANAR + diagram->unknown]);
    }
    orbit_free(&orbit);
    return OK;
}

static enum status cycle_measure(const struct diagram *diagram, const struct flow *flow,
                                 const struct cycle *cycle, struct diagram_cycle *row)
{
    row->period = cycle->period;
    row->multiplier = cycle->multiplier;
    row->attracts = cycle->attracts;
    if (cycle->attracts)
        return extent_measure(diagram, flow, cycle, row);
    struct flow *backwards = reverse_create(flow);
    if (!backwards)
        return status_fail(NO_MEMORY, "no memory for a reversed flow");
    const enum status status = extent_measure(diagram, backwards, cycle, row);
    flow_free(backwards);
    return status;
}

static enum status family_keep(struct diagram *diagram, const struct diagram_cycles *cycles)
{
    struct diagram_cycles *grown =
        realloc(diagram->family_of_cycles, (diagram->families + 1) * sizeof *grown);
    if (!grown)
        return status_fail(NO_MEMORY, "no memory for %zu families", diagram->families + 1);
    diagram->family_of_cycles = grown;
    grown[diagram->families++] = *cycles;
    return OK;
}

static bool is_consistent(const struct cycle *cycle)
{
    const double liouville = log(cycle->liouville);
    return fabs(log(cycle->multiplier) - liouville) <= SAME_MULTIPLIER * (1 + fabs(liouville));
}

/* From the fixed point plus arm[2]. */
static enum status cycle_seek(struct tracing *tracing, const struct flow *flow,
                              const double arm[PLANAR], struct cycle *cycle)
{
    struct plan plan = tracing->diagram->plan;
    const double start[PLANAR] = {tracing->y[0] + arm[0], tracing->y[1] + arm[1]};
    plan.horizon = HORIZON;
    if (tracing->narrows)
        plan.rtol = fmax(RTOL_LEAST, plan.rtol * FINER);
    for (int attempt = 0; attempt < 2; attempt++) {
        TRY(tracing->hopf->lyapunov > 0 ? cycle_behind(flow, &plan, start, cycle)
                                        : cycle_ahead(flow, &plan, start, cycle));
        if (cycle->found || plan.rtol <= RTOL_LEAST)
            break;
        plan.rtol = RTOL_LEAST; /* its errors may have decided */
    }
    const bool sure = cycle->found && cycle->certified && is_consistent(cycle);
    tracing->search = !cycle->found       ? DIAGRAM_CYCLES_UNSEEN
                      : !cycle->certified ? DIAGRAM_CYCLES_UNCERTAIN
                      : !sure             ? DIAGRAM_CYCLES_DISAGREE
                                          : DIAGRAM_CYCLES_ELSEWHERE;
    if (!cycle->found)
        memcpy(tracing->ended, cycle->ended, sizeof tracing->ended);
    cycle->found = sure;
    return OK;
}

/* Starts for the next value, inside the cycle that was found: a thin one is crossed nowhere at half
 * its extent, and a bent one not on the way to every point of it. */
static void arms_set(struct tracing *tracing, const struct cycle *cycle,
                     const struct diagram_cycle *row)
{
    const size_t unknown = tracing->diagram->unknown;
    memset(tracing->arm, 0, sizeof tracing->arm);
    for (size_t i = 0; i < PLANAR; i++)
        tracing->arm[0][i] = INSIDE * (cycle->point[i] - tracing->y[i]);
    tracing->arm[1][unknown] = INSIDE * (row->high - tracing->y[unknown]);
    memcpy(tracing->inside, tracing->y, sizeof tracing->inside);
}

static enum status cycle_at(struct tracing *tracing, const struct flow *flow,
                            struct diagram_cycle *row, bool *found)
{
    const struct diagram *diagram = tracing->diagram;
    struct cycle cycle = {.found = false};
    for (size_t k = 0; k < ARMS && !cycle.found; k++)
        TRY(cycle_seek(tracing, flow, tracing->arm[k], &cycle));
    *found = cycle.found;
    if (!*found)
        return OK;
    TRY(cycle_measure(diagram, flow, &cycle, row));
    *found = row->low < tracing->y[diagram->unknown] && tracing->y[diagram->unknown] < row->high;
    arms_set(tracing, &cycle, row);
    return OK;
}

/* One value of the parameter. */
static enum status trace_at(struct tracing *tracing, double q, bool *found)
{
    const bool joins = tracing->misses == 0;
    static const double hold[PLANAR + 1] = {[PLANAR] = 1};
    struct diagram *diagram = tracing->diagram;
    struct diagram_cycle row = {.hopf = tracing->number, .joins = joins};
    struct flow *flow;
    *found = false;
    const enum diagram_cycles_end before = tracing->fate;
    tracing->fate = DIAGRAM_CYCLES_POINT;
    tracing->y[PLANAR] = q;
    if (!branch_curve_correct(tracing->curve, hold, tracing->y))
        return OK;
    row.value = branch_curve_value(tracing->curve, q);
    TRY(branch_curve_flow(tracing->curve, q, &flow));
    const enum status status = cycle_at(tracing, flow, &row, found);
    flow_free(flow);
    TRY(status);
    tracing->fate = *found ? before : tracing->search;
    return *found ? cycle_keep(diagram, &row) : OK;
}

/* Is the fixed point at q on the side of the Hopf point where the cycles are? */
static bool is_side(struct tracing *tracing, double q)
{
    struct branch_spectrum spectrum = {0};
    struct branch_pairs pairs;
    static const double hold[PLANAR + 1] = {[PLANAR] = 1};
    memcpy(tracing->y, tracing->hopf->state, PLANAR * sizeof(double));
    tracing->y[PLANAR] = q;
    return branch_curve_correct(tracing->curve, hold, tracing->y) &&
           branch_curve_spectrum(tracing->curve, tracing->y, &spectrum, &pairs) == OK &&
           spectrum.neutral == 0 && (spectrum.unstable == 0) == (tracing->hopf->lyapunov > 0);
}

/* The steps away from the Hopf point at q0. */
static enum status trace_values(struct tracing *tracing, double q0, double end)
{
    const double first = 1.0 / (VALUES * VALUES);
    bool found = false;
    for (int k = 1; k <= VALUES && *interrupt_flag() == 0; k++) {
        const double q = q0 + (end - q0) * first * k * k;
        TRY(trace_at(tracing, q, &found));
        tracing->missed = found || tracing->misses == 0 ? q : tracing->missed;
        tracing->last = found ? q : tracing->last;
        tracing->misses = found ? 0 : tracing->misses + 1;
        tracing->begun = tracing->begun || found;
        if (tracing->begun && tracing->misses >= MISSES_MOST)
            break;
        progress_advance(tracing->diagram->progress, 1);
    }
    return OK;
}

/* Between the last cycle and the first value without one. */
static enum status trace_end(struct tracing *tracing)
{
    bool found = false;
    tracing->misses = 0; /* what is found here joins the last cycle */
    tracing->narrows = true;
    for (int k = 0; k < HALVINGS && *interrupt_flag() == 0; k++) {
        const double q = tracing->last + (tracing->missed - tracing->last) / 2;
        memcpy(tracing->y, tracing->inside, PLANAR * sizeof(double));
        TRY(trace_at(tracing, q, &found));
        *(found ? &tracing->last : &tracing->missed) = q;
    }
    return OK;
}

static enum status trace_from(struct tracing *tracing)
{
    const struct branch_special *hopf = tracing->hopf;
    const struct branch_family *family = &tracing->diagram->family;
    const struct diagram_cycle born = {.value = hopf->value,
                                       .low = hopf->state[tracing->diagram->unknown],
                                       .high = hopf->state[tracing->diagram->unknown],
                                       .period = 2 * acos(-1) / hopf->omega,
                                       .multiplier = 1,
                                       .attracts = hopf->lyapunov < 0,
                                       .hopf = tracing->number};
    const double q0 = (hopf->value - family->from) / (family->to - family->from);
    const double first = 1.0 / (VALUES * VALUES);
    const double end = is_side(tracing, q0 + first * (1 - q0)) ? 1
                       : is_side(tracing, q0 - first * q0)     ? 0
                                                               : q0;
    if (end == q0)
        return OK;
    TRY(cycle_keep(tracing->diagram, &born));
    tracing->arm[0][tracing->diagram->unknown] = tracing->arm[1][tracing->diagram->unknown] =
        FIRST_OFFSET * (1 + hypot(hopf->state[0], hopf->state[1]));
    tracing->last = tracing->missed = q0;
    const size_t before = tracing->diagram->cycles;
    TRY(trace_values(tracing, q0, end));
    const bool lost = tracing->misses > 0;
    if (lost && tracing->begun)
        TRY(trace_end(tracing));
    struct diagram_cycles cycles = {.hopf = tracing->number,
                                    .count = tracing->diagram->cycles - before,
                                    .end = *interrupt_flag() != 0 ? DIAGRAM_CYCLES_STOPPED
                                           : lost                 ? tracing->fate
                                                                  : DIAGRAM_CYCLES_INTERVAL,
                                    .tried = branch_curve_value(tracing->curve, tracing->missed)};
    if (cycles.end == DIAGRAM_CYCLES_UNSEEN)
        memcpy(cycles.search, tracing->ended, sizeof cycles.search);
    return family_keep(tracing->diagram, &cycles);
}

enum status diagram_trace_cycles(struct diagram *diagram)
{
    const struct branch_set *set = diagram->set;
    if (diagram->given.dim != PLANAR || diagram->given.flow->switches > 0)
        return OK;
    struct branch_curve *curve = branch_curve_create(&diagram->family);
    enum status status = curve ? OK : status_fail(NO_MEMORY, "no memory for a branch");
    progress_begin(diagram->progress, "limit cycles", VALUES * set->specials);
    for (size_t k = 0; k < set->specials && status == OK; k++) {
        struct tracing tracing = {
            .diagram = diagram, .hopf = &set->special[k], .number = k, .curve = curve};
        if (set->special[k].kind == BRANCH_HOPF &&
            strcmp(diagram_hopf_kind(&set->special[k]), "undecided") != 0)
            status = trace_from(&tracing);
    }
    progress_end(diagram->progress);
    branch_curve_free(curve);
    return status;
}
