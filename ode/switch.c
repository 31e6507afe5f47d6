/* Normal speeds on the neighbouring pieces, by a central difference of the switching functions
 * along the field.  With several switches at zero, the pieces that meet there are 2^n; looked at
 * are those with all sides as they are, all turned, and each one turned alone: all there are for
 * one or two, and all that matter where the speeds do not depend on the sides. */
#include "ode/switch.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static const double GRAZES = 1e-9; /* normal speed over |f|, below which it is none */

/* The work space of one decision. */
struct decision {
    const struct flow *flow;
    const int *at_zero;
    double *f, *probe, *up, *down;
    signed char *sign; /* of the normal speed: 0 not yet known */
    signed char *kept; /* the sides before */
};

static bool decision_begin(struct decision *decision, const struct flow *flow, const int *at_zero)
{
    const size_t n = flow->dim, m = flow->switches;
    double *storage =
        calloc(2 * n + 2 * m + (2 * m + sizeof(double) - 1) / sizeof(double), sizeof *storage);
    *decision = (struct decision){.flow = flow, .at_zero = at_zero, .f = storage};
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

/* Looks at the piece that flow->side names now; the first switch whose speed has no sign there, or
 * another than before, goes to *filippov. */
static enum status look_at_piece(struct decision *decision, const double *x, long *filippov)
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
    for (size_t k = 0; k < flow->switches && *filippov == SWITCH_NONE; k++) {
        if (!decision->at_zero[k])
            continue;
        const double normal = (decision->up[k] - decision->down[k]) / (2 * h);
        const signed char sign = normal > GRAZES * speed ? 1 : normal < -GRAZES * speed ? -1 : 0;
        if (sign == 0 || decision->sign[k] * sign < 0)
            *filippov = (long)k;
        decision->sign[k] = sign;
    }
    return OK;
}

/* All the pieces of the head of this file; the sides are restored. */
static enum status look_around(struct decision *decision, const double *x, long *filippov)
{
    const struct flow *flow = decision->flow;
    const size_t m = flow->switches;
    enum status status = look_at_piece(decision, x, filippov);
    for (size_t turned = 0; turned <= m && status == OK; turned++) {
        if (turned < m && !decision->at_zero[turned])
            continue;
        for (size_t k = 0; k < m; k++)
            if (decision->at_zero[k] && (turned == m || turned == k))
                flow->side[k] = (signed char)-decision->kept[k];
        status = look_at_piece(decision, x, filippov);
        for (size_t k = 0; k < m; k++)
            flow->side[k] = decision->kept[k];
    }
    return status;
}

enum status switch_cross(const struct flow *flow, const double *x, const int *at_zero,
                         size_t *crossed, long *filippov)
{
    struct decision decision;
    *filippov = SWITCH_NONE;
    if (!decision_begin(&decision, flow, at_zero))
        return status_fail(NO_MEMORY, "switches of %s", flow->title);
    const enum status status = look_around(&decision, x, filippov);
    for (size_t k = 0; k < flow->switches && status == OK && *filippov == SWITCH_NONE; k++)
        if (at_zero[k] && decision.sign[k] != flow->side[k]) {
            flow->side[k] = decision.sign[k];
            ++*crossed;
        }
    free(decision.f);
    return status;
}

enum status switch_begin(const struct flow *flow, const double *x0, long *filippov)
{
    const size_t m = flow->switches;
    *filippov = SWITCH_NONE;
    if (m == 0)
        return OK;
    double *g = calloc(m, sizeof *g + sizeof(int));
    if (!g)
        return status_fail(NO_MEMORY, "switches of %s", flow->title);
    int *at_zero = (int *)(void *)(g + m);
    bool any = false;
    flow->switching(flow, x0, g);
    for (size_t k = 0; k < m; k++) {
        at_zero[k] = g[k] == 0;
        flow->side[k] = g[k] < 0 ? -1 : 1;
        any = any || at_zero[k];
    }
    size_t crossed = 0; /* from a side that was only a guess: not counted */
    const enum status status = any ? switch_cross(flow, x0, at_zero, &crossed, filippov) : OK;
    free(g);
    return status;
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
