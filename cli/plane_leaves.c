/* Leaves of a first integral in a portrait.
 *
 * A first integral that depends on the two unknowns alone, which its gradient tells, is drawn as
 * levels at equal quantiles over the window, so that leaves are spread evenly. */
#include "cli/plane_work.h"

#include "base/stream.h"

#include <stdlib.h>

enum {
    LEAVES = 14,
    QUANTILE_NODES = 41, /* along each side, for the levels */
    GRADIENT_TRIALS = 8, /* points at which a gradient is tested */
};

static double integral_of(const struct plane_level *level, const double *state)
{
    const struct flow *flow = level->plane->given->flow;
    return flow->observe(flow, level->claim, state) - level->value;
}

/* A random point near the window, the other unknowns included. */
static void state_draw(const struct plane *plane, struct stream *stream, double *state)
{
    for (size_t k = 0; k < plane->given->dim; k++)
        state[k] = stream_between(stream, plane->window[0], plane->window[1]);
    state[plane->axis[0]] = stream_between(stream, plane->window[0], plane->window[1]);
    state[plane->axis[1]] = stream_between(stream, plane->window[2], plane->window[3]);
}

/* Does a claim depend on the two unknowns and on no other? */
static bool lies_in_plane(const struct plane *plane, size_t claim)
{
    const struct flow *flow = plane->given->flow;
    struct stream stream = stream_at(0, stream_key("portrait leaves"), claim);
    double *state = plane_row(plane, PLANE_ROW_CALLER), *g = plane_row(plane, PLANE_ROW_GRADIENT);
    bool inside = false;
    for (int trial = 0; trial < GRADIENT_TRIALS; trial++) {
        state_draw(plane, &stream, state);
        flow->gradient(flow, claim, state, g);
        for (size_t k = 0; k < flow->dim; k++) {
            bool axis = k == plane->axis[0] || k == plane->axis[1];
            if (!axis && g[k] != 0)
                return false;
            inside |= axis && g[k] != 0;
        }
    }
    return inside;
}

/* Levels at equal quantiles of the integral over the window. */
static enum status levels_choose(const struct plane_level *level, double levels[LEAVES])
{
    const struct plane *plane = level->plane;
    enum { NODES = QUANTILE_NODES * QUANTILE_NODES, INTERVALS = QUANTILE_NODES - 1 };
    double *value = calloc(NODES, sizeof *value);
    if (!value)
        return status_fail(NO_MEMORY, "no memory for the levels of a first integral");
    for (int j = 0; j < QUANTILE_NODES; j++)
        for (int i = 0; i < QUANTILE_NODES; i++)
            value[j * QUANTILE_NODES + i] =
                plane_level_at(level, plane->window[0] + plane_width(plane) * i / INTERVALS,
                               plane->window[2] + plane_height(plane) * j / INTERVALS);
    qsort(value, NODES, sizeof *value, plane_by_value);
    for (int k = 0; k < LEAVES; k++)
        levels[k] = value[(2 * k + 1) * NODES / (2 * LEAVES)];
    free(value);
    return OK;
}

static enum status leaves_write(const struct plane_work *work, size_t claim,
                                struct plane_sheet *sheet)
{
    double levels[LEAVES] = {0};
    bool any;
    struct plane_level level = {.plane = work->plane, .of = integral_of, .claim = claim};
    TRY(levels_choose(&level, levels));
    for (int k = 0; k < LEAVES; k++) {
        level.value = levels[k];
        TRY(plane_level_write(&level, sheet, &any));
    }
    return OK;
}

enum status plane_leaves_sheet(const struct plane_work *work)
{
    const struct flow *flow = work->plane->given->flow;
    size_t claim = 0;
    while (claim < flow->conserved && !lies_in_plane(work->plane, claim))
        claim++;
    if (claim == flow->conserved)
        return OK;
    struct plane_sheet *sheet;
    TRY(plane_sheet_open(&work->view->sheets, "portrait-leaves.tsv", "x y", &sheet));
    TRY(leaves_write(work, claim, sheet));
    work->view->leaf = &flow->claim[claim];
    return plane_sheet_check(sheet);
}
