/* What part of an orbit its picture shows.
 *
 * What happens early and what happens late are both to be seen, and neither is to be a vertical line: the
 * lengths of the path decide, not the times. */
#include "cli/orbit_view.h"

#include <math.h>

enum { FEW_STEPS = 60 }; /* lines between fewer states than these may mislead */

static const double LOG_TIME_RATIO = 100; /* half of the path in the first hundredth of the time */
static const double EARLY_SHARE = 1e-2;   /* of the path: before that nothing is to be seen */
static const double PERIODS_SHOWN = 4;    /* of a cycle */
static const double ESCAPE_VIEW = 20;     /* a blow-up is drawn up to 20 (1 + |x0|) */
static const double END_ROOM = 1.02;      /* the blow-up line stands inside the plot */

void orbit_range(const struct orbit *orbit, const size_t column[2], double least, double range[2])
{
    range[0] = INFINITY;
    range[1] = -INFINITY;
    for (size_t k = 0; k < orbit->count; k++)
        for (size_t i = column[0]; i < column[1]; i++) {
            const double value = orbit->x[k * orbit->dim + i],
                         shown = least < 0 ? value : fabs(value);
            if (!(shown > least))
                continue;
            range[0] = fmin(range[0], shown);
            range[1] = fmax(range[1], shown);
        }
    if (!(range[0] <= range[1]))
        range[0] = range[1] = 0;
}

static void times_choose(const struct orbit *orbit, const struct outcome *outcome, size_t unknowns,
                         struct trajectory_figure *figure)
{
    const double end = orbit->count ? orbit->t[orbit->count - 1] : 0,
                 half = orbit_share_time(orbit, unknowns, 1.0 / 2);
    figure->end_time = end > 0 ? end : 1;
    figure->log_size = outcome->ending == ENDING_UNBOUNDED && orbit->count > 1;
    figure->log_time = figure->log_size || (half > 0 && end > LOG_TIME_RATIO * half);
    figure->points = orbit->count < FEW_STEPS;
    figure->first_time = half / LOG_TIME_RATIO;
    if (figure->log_size)
        figure->first_time =
            figure->points ? orbit->t[1] : orbit_share_time(orbit, unknowns, EARLY_SHARE);
    if (outcome->ending == ENDING_CYCLING && outcome->period > 0)
        figure->end_time = fmin(figure->end_time, PERIODS_SHOWN * outcome->period);
    if (outcome->ending == ENDING_ESCAPED && isfinite(outcome->blowup_time))
        figure->end_time = outcome->blowup_time * END_ROOM;
}

void orbit_view(const struct orbit *orbit, const struct outcome *outcome, size_t unknowns,
                struct trajectory_figure *figure)
{
    double size = 0;
    const size_t column[2] = {0, unknowns};
    times_choose(orbit, outcome, unknowns, figure);
    orbit_range(orbit, column, figure->log_size ? 0 : -INFINITY, figure->y);
    if (outcome->ending != ENDING_ESCAPED)
        return;
    for (size_t i = 0; i < unknowns && orbit->count; i++)
        size = fmax(size, fabs(orbit->x[i]));
    figure->y[0] = fmax(fmin(figure->y[0], 0), -ESCAPE_VIEW * (1 + size));
    figure->y[1] = fmin(fmax(figure->y[1], 0), ESCAPE_VIEW * (1 + size));
}
