/* Rest on surfaces, (E22), (E29).
 *
 * A stretch of sliding that has nowhere to go, since f_s vanishes near the state, is never
 * integrated: the state rests where it came to the surface.  Whatever else ends a stretch of sliding
 * is believed only if all sides push onto the surfaces farther round than the state may be wrong. */
#include "ode/slide_work.h"

#include "ode/fixed_point.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* f_s at c->point, against its rounding. */
static enum status vanishes(struct course *c, const struct flow *slide, double *residual,
                            double *rounding)
{
    const size_t n = slide->dim;
    slide->rounding(slide, c->point, c->gradient);
    *rounding = DBL_EPSILON * vector_norm(n, c->gradient) + DBL_MIN;
    TRY(slide->field(slide, 1, c->point, c->f));
    *residual = vector_norm(n, c->f);
    return OK;
}

/* Does f_s vanish at c->point? */
static enum status rests_at(struct course *c, const struct flow *slide, bool *rests)
{
    double residual = NAN, rounding = NAN;
    TRY(vanishes(c, slide, &residual, &rounding));
    *rests = residual <= rounding;
    return OK;
}

/* Does f_s vanish on the whole surface near the state, and beyond what is still?  At points in
 * general position. */
static enum status vanishes_around(struct course *c, const struct flow *slide, bool *everywhere)
{
    const size_t n = slide->dim;
    *everywhere = true;
    for (size_t i = 0; i < VECTOR_PROBES && *everywhere; i++) {
        vector_probe(n, c->x, vector_probe_size[i], i, c->point);
        slide_onto_surfaces(c, slide, c->point, c->gradient);
        TRY(rests_at(c, slide, everywhere));
        if (!*everywhere || slide_surfaces_still(c, slide) == 0)
            continue;
        corner_to_still_side(slide, vector_probe_size[i] * (1 + vector_norm(n, c->x)), c->point);
        TRY(rests_at(c, slide, everywhere));
    }
    return OK;
}

void slide_end_at_rest(struct course *c, const struct flow *slide, size_t rank, const char *sliding)
{
    struct outcome *total = c->total;
    const size_t n = slide->dim;
    const double size = vector_norm(n, c->x);
    total->ending = ENDING_SETTLED;
    total->has_limit = true;
    memcpy(total->last, c->x, n * sizeof(double));
    memcpy(total->limit, c->x, n * sizeof(double));
    const size_t surfaces = slide_surfaces(c, slide);
    total->neutral_integrals = rank > surfaces ? rank - surfaces : 0; /* these are reached */
    total->neutral_fixed = n - rank + slide_surfaces_still(c, slide);
    total->integration_error = c->has_error && rank < n ? vector_norm(n, c->error) : NAN;
    total->distance_bound = rank == n      ? SLIDE_OFF_SURFACE * DBL_EPSILON * (1 + size)
                            : c->has_error ? total->integration_error
                                           : slide_noise(c);
    total->sliding = (long)slide_first_surface(c, slide);
    snprintf(total->reason, sizeof total->reason, "%.*s; there it rests", SLIDING_TEXT, sliding);
    c->ended = true;
}

/* At once, where nothing moves on the surface, or the claims leave a point of it. */
enum status slide_see_rest(struct course *c, const struct flow *slide, size_t rank,
                           const char *sliding)
{
    double residual = NAN, rounding = NAN;
    bool rests = rank == slide->dim && slide_surfaces_still(c, slide) == 0;
    if (c->plan->no_endings || !slide->rounding)
        return OK;
    memcpy(c->point, c->x, slide->dim * sizeof(double));
    TRY(vanishes(c, slide, &residual, &rounding));
    if (!(residual <= rounding))
        return OK;
    if (!rests)
        TRY(vanishes_around(c, slide, &rests));
    if (!rests)
        return OK;
    slide_visit(c);
    c->total->residual = residual;
    c->total->residual_floor = rounding;
    slide_end_at_rest(c, slide, rank, sliding);
    return OK;
}

/* ---- the end of a stretch of sliding ---- */

/* The limit of the stretch is no evidence. */
void slide_withdraw(struct outcome *part, const char *reason)
{
    part->ending = ENDING_HORIZON;
    part->has_limit = false;
    snprintf(part->reason, sizeof part->reason, "%s", reason);
}

/* On leaves that are no curves a limit is the phase of the state as it was integrated, (E12), off
 * the surface by the error of that.  Polished onto leaf and surface, if that moves it by no more
 * than it may be wrong. */
static enum status polish_limit(struct course *c, const struct flow *slide,
                                struct fixed_point_work *work, struct outcome *part)
{
    const size_t n = slide->dim;
    struct fixed_point point = {.found = false};
    double *I0 = c->way; /* [conserved], at most 2*dim */
    for (size_t k = 0; k < slide->conserved; k++) {
        const size_t claim = slide_claim_below(c, slide, k);
        I0[k] = claim == SIZE_MAX ? 0 : c->I0[claim];
    }
    fixed_point_set_leaf(work, c->x, I0);
    memcpy(c->point, part->limit, n * sizeof(double));
    TRY(fixed_point_polish(work, c->point, &point));
    const double moved = vector_distance(n, c->point, part->limit);
    if (!point.found || !(moved <= slide_doubt_radius(c)))
        return OK;
    memcpy(part->limit, c->point, n * sizeof(double));
    part->residual = point.residual;
    part->residual_floor = point.residual_floor;
    part->distance_bound += moved;
    return OK;
}

enum status slide_put_limit(struct course *c, const struct flow *slide, struct outcome *part)
{
    const bool told = part->ending == ENDING_SETTLED || part->ending == ENDING_SADDLE;
    if (!told || !part->has_limit || flow_is_large(slide) || slide->conserved > 2 * slide->dim)
        return OK;
    struct fixed_point_work *work = fixed_point_work_create(slide);
    if (!work)
        return status_fail(NO_MEMORY, "limit of %s", slide->title);
    const enum status status = polish_limit(c, slide, work, part);
    fixed_point_work_free(work);
    return status;
}

/* How far round its end the surfaces must hold for it to be evidence. */
double slide_reach(const struct course *c, const struct outcome *part)
{
    return fmax(slide_doubt_radius(c), isfinite(part->distance_bound) ? part->distance_bound : 0);
}

/* The stretch ended on the surfaces; what it says of its limit needs all their sides there. */
void slide_conclude(struct course *c, const struct flow *slide, struct outcome *part, bool holds,
                    const char *sliding)
{
    const size_t surfaces = slide_surfaces(c, slide), still = slide_surfaces_still(c, slide);
    if (part->has_limit && !holds)
        slide_withdraw(part, "near its limit a side hardly pushes: undecided");
    else if (part->ending == ENDING_SADDLE && !(part->transverse_rate > 0))
        slide_withdraw(part, "at a degenerate fixed point: undecided");
    else if (part->ending == ENDING_FAILED && !holds)
        slide_withdraw(part, "the normal speeds fall to what they may be wrong by: undecided");
    slide_merge_ending(c, part);
    snprintf(c->total->reason, sizeof c->total->reason, "%.*s; %.100s", SLIDING_TEXT, sliding,
             part->reason);
    c->total->sliding = (long)slide_first_surface(c, slide);
    const size_t neutral = c->total->neutral_integrals; /* the surfaces are reached */
    c->total->neutral_integrals = neutral > surfaces ? neutral - surfaces : 0;
    c->total->neutral_fixed += part->has_limit ? still : 0;
}
