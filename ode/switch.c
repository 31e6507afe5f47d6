/* Normal speeds on the neighbouring pieces, by a central difference of the switching functions
 * along the field.  With several switches at zero, the pieces that meet there are 2^n; looked at
 * are those with all sides as they are, all turned, and each one turned alone: all there are for
 * one or two, and all that matter where the speeds do not depend on the sides. */
#include "ode/switch.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double GRAZES = 1e-9; /* normal speed over |f|, below which it is none */

/* The work space of one decision. */
struct decision {
    const struct flow *flow;
    const int *at_zero;
    double *f, *probe, *up, *down;
    signed char *sign;         /* of the normal speed: 0 not yet known */
    signed char *kept;         /* the sides before */
    long differs, grazes;      /* the first switch whose speed changes its sign; that has none */
    bool pushes, parts, still; /* some piece moves towards the surfaces, from one; one is at rest */
};

static bool decision_begin(struct decision *decision, const struct flow *flow, const int *at_zero)
{
    const size_t n = flow->dim, m = flow->switches;
    double *storage =
        calloc(2 * n + 2 * m + (2 * m + sizeof(double) - 1) / sizeof(double), sizeof *storage);
    *decision = (struct decision){.flow = flow,
                                  .at_zero = at_zero,
                                  .f = storage,
                                  .differs = SWITCH_NONE,
                                  .grazes = SWITCH_NONE};
    if (!storage)
        return false;
    decision->probe = decision->f + n;
    decision->up = decision->probe + n;
    decision->down = decision->up + m;
    decision->sign = (signed char *)(decision->down + m);
    decision->kept = decision->sign + m;
    for (size_t k = 0; k < m; k++)
        decision->kept[k] = flow->side[k];
    return true;
}

/* Looks at the piece that flow->side names now; the first switches whose speed has no sign there,
 * or another than before, are kept, and the others are not looked at. */
static enum status look_at_piece(struct decision *decision, const double *x)
{
    const struct flow *flow = decision->flow;
    const size_t n = flow->dim;
    TRY(flow->field(flow, 1, x, decision->f));
    const double speed = vector_norm(n, decision->f);
    const double h = cbrt(DBL_EPSILON) * (1 + vector_norm(n, x)) / (speed > 0 ? speed : 1);
    for (size_t j = 0; j < n; j++)
        decision->probe[j] = x[j] + h * decision->f[j];
    flow->switching(flow, decision->probe, decision->up);
    for (size_t j = 0; j < n; j++)
        decision->probe[j] = x[j] - h * decision->f[j];
    flow->switching(flow, decision->probe, decision->down);
    decision->still = decision->still || speed == 0;
    for (size_t k = 0; k < flow->switches; k++) {
        if (!decision->at_zero[k])
            continue;
        const double normal = (decision->up[k] - decision->down[k]) / (2 * h);
        const signed char sign = normal > GRAZES * speed ? 1 : normal < -GRAZES * speed ? -1 : 0;
        decision->pushes = decision->pushes || sign * flow->side[k] < 0;
        decision->parts = decision->parts || sign * flow->side[k] > 0;
        if (sign == 0 && decision->grazes == SWITCH_NONE)
            decision->grazes = (long)k;
        if (decision->sign[k] * sign < 0 && decision->differs == SWITCH_NONE)
            decision->differs = (long)k;
        if (decision->sign[k] == 0) /* that of the piece with the sides as they are */
            decision->sign[k] = sign;
    }
    return OK;
}

/* All the pieces of the head of this file; the sides are restored. */
static enum status look_around(struct decision *decision, const double *x)
{
    const struct flow *flow = decision->flow;
    const size_t m = flow->switches;
    enum status status = look_at_piece(decision, x);
    for (size_t turned = 0; turned <= m && status == OK; turned++) {
        if (turned < m && !decision->at_zero[turned])
            continue;
        for (size_t k = 0; k < m; k++)
            if (decision->at_zero[k] && (turned == m || turned == k))
                flow->side[k] = (signed char)-decision->kept[k];
        status = look_at_piece(decision, x);
        for (size_t k = 0; k < m; k++)
            flow->side[k] = decision->kept[k];
    }
    return status;
}

static enum switch_kind kind_of(const struct flow *flow, size_t k)
{
    return flow->surface ? flow->surface[k].kind : SWITCH_JUMPS;
}

/* What the flow declares of the surfaces at zero, whatever its field; SWITCH_CROSSES: nothing. */
static struct switch_fate declared_fate(const struct flow *flow, const int *at_zero)
{
    struct switch_fate fate = {.verdict = SWITCH_CROSSES};
    size_t count = 0;
    for (size_t k = 0; k < flow->switches; k++) {
        if (!at_zero[k])
            continue;
        count++;
        if (kind_of(flow, k) == SWITCH_NOT_UNIQUE)
            return (struct switch_fate){.verdict = SWITCH_RESTS, .at = k};
        if (kind_of(flow, k) == SWITCH_HANDS_OVER)
            fate = (struct switch_fate){.verdict = SWITCH_LEAVES, .at = k};
    }
    if (count > 1 && fate.verdict == SWITCH_LEAVES)
        fate.verdict = SWITCH_MEETS;
    return fate;
}

/* From the normal speeds alone. */
static struct switch_fate fate_of_speeds(const struct decision *decision)
{
    const struct flow *flow = decision->flow;
    size_t count = 0;
    for (size_t k = 0; k < flow->switches; k++)
        count += decision->at_zero[k] != 0;
    const bool halts = count == 1 && decision->still && decision->pushes && !decision->parts;
    if (decision->grazes != SWITCH_NONE)
        return (struct switch_fate){.verdict = halts ? SWITCH_HALTS : SWITCH_GRAZES,
                                    .at = (size_t)decision->grazes};
    if (decision->differs == SWITCH_NONE)
        return (struct switch_fate){.verdict = SWITCH_CROSSES};
    const size_t k = (size_t)decision->differs;
    const bool inwards = decision->sign[k] * decision->kept[k] < 0;
    return (struct switch_fate){.verdict = count > 1 ? SWITCH_MEETS
                                           : inwards ? SWITCH_SLIDES
                                                     : SWITCH_PARTS,
                                .at = k};
}

/* Where resting is a solution as well, it is the only one if nothing leads away, (E24). */
static struct switch_fate fate_by_speeds(const struct decision *decision)
{
    const struct flow *flow = decision->flow;
    const struct switch_fate fate = fate_of_speeds(decision);
    if (fate.verdict == SWITCH_SLIDES || fate.verdict == SWITCH_HALTS)
        return fate;
    for (size_t k = 0; k < flow->switches; k++)
        if (decision->at_zero[k] && kind_of(flow, k) == SWITCH_MAY_REST)
            return (struct switch_fate){.verdict = SWITCH_RESTS, .at = k};
    return fate;
}

enum status switch_cross(const struct flow *flow, const double *x, const int *at_zero,
                         struct switch_fate *fate)
{
    struct decision decision;
    *fate = declared_fate(flow, at_zero);
    if (fate->verdict != SWITCH_CROSSES)
        return OK;
    if (!decision_begin(&decision, flow, at_zero))
        return status_fail(NO_MEMORY, "switches of %s", flow->title);
    const enum status status = look_around(&decision, x);
    if (status == OK)
        *fate = fate_by_speeds(&decision);
    for (size_t k = 0; k < flow->switches && status == OK && fate->verdict == SWITCH_CROSSES; k++)
        if (at_zero[k] && decision.sign[k] != flow->side[k]) {
            flow->side[k] = decision.sign[k];
            fate->crossed++;
        }
    free(decision.f);
    return status;
}

enum status switch_begin(const struct flow *flow, const double *x0, struct switch_fate *fate)
{
    const size_t m = flow->switches;
    *fate = (struct switch_fate){.verdict = SWITCH_CROSSES};
    if (m == 0)
        return OK;
    double *g = calloc(m, sizeof *g + sizeof(int));
    if (!g)
        return status_fail(NO_MEMORY, "switches of %s", flow->title);
    int *at_zero = (int *)(void *)(g + m);
    bool any = false;
    memset(flow->side, 0, m); /* those of an earlier run: g of an upper layer depends on them */
    flow->switching(flow, x0, g);
    for (size_t k = 0; k < m; k++) {
        at_zero[k] = g[k] == 0;
        flow->side[k] = g[k] < 0 ? -1 : 1;
        any = any || at_zero[k];
    }
    const enum status status = any ? switch_cross(flow, x0, at_zero, fate) : OK;
    fate->crossed = 0; /* from a side that was only a guess */
    free(g);
    return status;
}

const char *switch_name(const struct flow *flow, size_t k, char text[SURFACE_TEXT])
{
    if (flow->surface)
        snprintf(text, SURFACE_TEXT, "%s", flow->surface[k].name);
    else
        snprintf(text, SURFACE_TEXT, "switch %zu", k);
    return text;
}

void switch_reason(const struct flow *flow, const struct switch_fate *fate, size_t size,
                   char *reason)
{
    static const char *const sentences[] = {
        [SWITCH_CROSSES] = "crosses %s",
        [SWITCH_SLIDES] = "slides on %s",
        [SWITCH_HALTS] = "halts at %s, beyond which the field is zero",
        [SWITCH_PARTS] = "solutions are not unique where %s: both sides push away from this "
                         "surface (Filippov point)",
        [SWITCH_GRAZES] = "Filippov point: the field is tangent to %s to rounding, on one side at "
                          "least",
        [SWITCH_MEETS] = "Filippov point: several surfaces meet, %s among them, and their pieces "
                         "disagree",
        [SWITCH_RESTS] = "solutions are not unique where %s: one that reaches it may rest there "
                         "for any time",
        [SWITCH_LEAVES] = "stops at %s",
    };
    char name[SURFACE_TEXT];
    /* the format is one of the list above */
    snprintf(reason, size, sentences[fate->verdict], switch_name(flow, fate->at, name));
}

bool switch_goes_on(const struct flow *flow, const struct switch_fate *fate)
{
    switch (fate->verdict) {
    case SWITCH_SLIDES:
    case SWITCH_HALTS:
    case SWITCH_LEAVES:
        return true;
    case SWITCH_MEETS:
    case SWITCH_GRAZES:
        return kind_of(flow, fate->at) == SWITCH_JUMPS;
    default:
        return false;
    }
}

/* Value of switch k times its side, read through a buffer of the caller. */
static size_t count_left(const struct flow *flow, const double *g, int *at_zero)
{
    size_t count = 0;
    for (size_t k = 0; k < flow->switches; k++) {
        const bool left = !(g[k] * flow->side[k] > 0);
        if (at_zero)
            at_zero[k] = left;
        count += left;
    }
    return count;
}

size_t switch_left(const struct flow *flow, const double *x, int *at_zero)
{
    if (flow->switches == 0)
        return 0;
    double *g = calloc(flow->switches, sizeof *g);
    if (!g) /* as if it had left all pieces: nothing is concluded */
        return flow->switches;
    flow->switching(flow, x, g);
    const size_t count = count_left(flow, g, at_zero);
    free(g);
    return count;
}

bool switch_holds(const struct flow *flow, const double *x)
{
    return switch_left(flow, x, NULL) == 0;
}

static bool may_rest(const struct flow *flow, size_t k)
{
    return kind_of(flow, k) == SWITCH_NOT_UNIQUE || kind_of(flow, k) == SWITCH_MAY_REST;
}

bool switch_holds_clear(const struct flow *flow, const double *x, double radius)
{
    if (!switch_holds(flow, x))
        return false;
    if (flow->switches == 0 || !flow->surface)
        return true;
    double *g = calloc(flow->switches, sizeof *g);
    if (!g)
        return false;
    flow->switching(flow, x, g);
    bool clear = true;
    for (size_t k = 0; k < flow->switches; k++)
        clear = clear && (!may_rest(flow, k) || fabs(g[k]) > radius);
    free(g);
    return clear;
}
