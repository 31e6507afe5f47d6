/* The displacement of the return map along the segment, at starts whose distance from its beginning
 * grows as k^2, so that small cycles are resolved as well as large ones.
 *
 * Backwards as well as forwards: beyond a cycle that repels strongly nothing comes back forwards,
 * but backwards both sides do.  Two neighbours count only if they leave the segment to the same
 * side, and if a run at a hundredfold tolerance confirms both signs: round a centre the signs are
 * those of rounding.
 * Rejected: looking for what attracts from one start beside the fixed point, which finds the
 * innermost cycle only. */
#include "ode/section.h"

#include "ode/reverse.h"

#include <math.h>

static const double RTOL = 1e-9, COARSER = 100;
static const double SAFETY = 10;    /* on the estimated error of a displacement */
static const double LONGEST = 1e4;  /* a turn */
static const double SLOWEST = 1e-5; /* of the speed at the start: it comes to rest elsewhere */
static const double FARTHEST = 30;  /* of the segment */
enum { STEPS_MOST = 400, HALVINGS = 30 };

/* One direction of time along the segment. */
struct scan {
    const struct section *section;
    const struct flow *flow; /* forwards or backwards */
    double along[2], length; /* unit vector; of the segment */
};

struct displaced {
    double value; /* NAN: it does not come back */
    double period;
    int side; /* to which the flow leaves the segment, +1 or -1; 0: along it */
};

static enum status displaced_at(const struct scan *scan, double s, double rtol,
                                struct displaced *displaced)
{
    double f[2];
    const double *from = scan->section->from;
    const double x[2] = {from[0] + s * scan->along[0], from[1] + s * scan->along[1]};
    struct return_crossing crossing;
    *displaced = (struct displaced){.value = NAN};
    if (scan->flow->field(scan->flow, 1, x, f) != OK)
        return OK;
    const double across = f[0] * scan->along[1] - f[1] * scan->along[0];
    if (!(fabs(across) > 0) ||
        (scan->section->stop && scan->section->stop(scan->section->context, 0)))
        return OK;
    displaced->side = across > 0 ? 1 : -1;
    const struct return_map map = {
        .flow = scan->flow,
        .point = {from[0], from[1]},
        .tangent = {displaced->side * scan->along[0], displaced->side * scan->along[1]},
        .rtol = rtol,
        .longest = LONGEST,
        .steps = STEPS_MOST,
        .slowest = SLOWEST * hypot(f[0], f[1]),
        .farthest = FARTHEST * scan->length};
    const enum status status = return_map_at(&map, displaced->side * s, &crossing);
    if (status == SOLVER_FAILED) /* no return: an answer */
        return OK;
    TRY(status);
    if (displaced->side * crossing.s > 0)
        displaced->value = displaced->side * crossing.s - s;
    displaced->period = crossing.time;
    return OK;
}

static bool is_change(const struct displaced *low, const struct displaced *high)
{
    return low->side == high->side && low->value * high->value < 0;
}

/* Is the sign at s no matter of the tolerance? */
static enum status is_clear(const struct scan *scan, double s, const struct displaced *at,
                            bool *clear)
{
    struct displaced rough;
    TRY(displaced_at(scan, s, COARSER * RTOL, &rough));
    *clear = fabs(at->value) > SAFETY * fabs(rough.value - at->value);
    return OK;
}

/* Halves [low, high], where the displacement changes its sign. */
static enum status change_halve(const struct scan *scan, double s[2], struct displaced at[2])
{
    for (int k = 0; k < HALVINGS; k++) {
        struct displaced middle;
        const double half = s[0] + (s[1] - s[0]) / 2;
        TRY(displaced_at(scan, half, RTOL, &middle));
        if (middle.value == 0) {
            s[0] = s[1] = half;
            return OK;
        }
        if (!is_change(&at[0], &middle) && !is_change(&middle, &at[1]))
            return OK;
        const int end = is_change(&at[0], &middle);
        s[end] = half;
        at[end] = middle;
    }
    return OK;
}

/* The cycle between two neighbours, if there is one. */
static enum status change_examine(const struct scan *scan, double s[2], struct displaced at[2],
                                  section_taker *take, void *context)
{
    bool clear[2] = {false, false};
    struct cycle cycle;
    for (int k = 0; k < 2; k++) {
        TRY(is_clear(scan, s[k], &at[k], &clear[k]));
        if (!clear[k])
            return OK;
    }
    TRY(change_halve(scan, s, at));
    const double middle = s[0] + (s[1] - s[0]) / 2;
    const double point[2] = {scan->section->from[0] + middle * scan->along[0],
                             scan->section->from[1] + middle * scan->along[1]};
    TRY(cycle_near(scan->section->flow, point, at[0].period, &cycle));
    return cycle.certified ? take(context, &cycle) : OK;
}

static enum status scan_run(const struct scan *scan, section_taker *take, void *context)
{
    struct displaced before = {.value = NAN};
    double last = 0;
    for (int k = 1; k <= SECTION_STARTS; k++) {
        const double share = (double)k / SECTION_STARTS, s = share * share * scan->length;
        struct displaced here;
        TRY(displaced_at(scan, s, RTOL, &here));
        if (is_change(&before, &here)) {
            double ends[2] = {last, s};
            struct displaced at[2] = {before, here};
            TRY(change_examine(scan, ends, at, take, context));
        }
        before = here;
        last = s;
    }
    return OK;
}

enum status section_cycles(const struct section *section, section_taker *take, void *context)
{
    const double d[2] = {section->to[0] - section->from[0], section->to[1] - section->from[1]};
    const double length = hypot(d[0], d[1]);
    if (!(length > 0))
        return OK;
    struct flow *backwards = reverse_create(section->flow);
    if (!backwards)
        return status_fail(NO_MEMORY, "the cycles across a segment");
    struct scan scan = {.section = section,
                        .flow = section->flow,
                        .along = {d[0] / length, d[1] / length},
                        .length = length};
    enum status status = scan_run(&scan, take, context);
    scan.flow = backwards;
    if (status == OK)
        status = scan_run(&scan, take, context);
    flow_free(backwards);
    return status;
}
