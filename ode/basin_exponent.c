/* A line through the logarithms of counts, weighted by what the counts are worth.
 *
 * m of n independent pairs uncertain: f = m/n has var(log f) = (1 - f)/m, and the slope of the
 * weighted line is alpha.  Where the scatter about the line is larger than the weights explain
 * (fractals answer to eps with waves, and no boundary is exactly a power law) its error is enlarged
 * to what the scatter says, never made smaller; and by what the finer half of the scales say
 * otherwise, as the exponent is that of small eps: boundaries that touch bend the line.  Scales with few uncertain pairs have no normal
 * error, scales where half of all pairs are uncertain no power law; both are left out.
 * notes/basins.md, (T4), (T5).  Rejected: a line without weights, which lets the smallest counts
 * speak as loud as the largest. */
#include "ode/basin_exponent.h"

#include "base/stream.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

static const double UNCERTAIN_LEAST = 10; /* below it log of a count is not near normal */
static const double SATURATED = 0.5;      /* no power law from here on */

enum {
    FITTED_LEAST = 3, /* two scales always lie on a line */
    TRIPLE = 3,       /* a start and its two neighbours */
};

/* One point of the line. */
struct abscissa {
    double x, y, weight;
};

static bool usable(const struct basin_scale *s, struct abscissa *point)
{
    if (s->pairs == 0)
        return false;
    const double f = (double)s->uncertain / (double)s->pairs, m = f * s->independent;
    if (m < UNCERTAIN_LEAST || f >= SATURATED)
        return false;
    *point = (struct abscissa){.x = log(s->eps), .y = log(f), .weight = m / (1 - f)};
    return true;
}

struct line {
    double slope, variance, misfit; /* of the slope; chi^2 about the line */
};

static struct line line_through(size_t count, const struct abscissa *point)
{
    double w = 0, x = 0, y = 0;
    for (size_t k = 0; k < count; k++) {
        w += point[k].weight;
        x += point[k].weight * point[k].x;
        y += point[k].weight * point[k].y;
    }
    x /= w;
    y /= w;
    double xx = 0, xy = 0, misfit = 0;
    for (size_t k = 0; k < count; k++) {
        xx += point[k].weight * (point[k].x - x) * (point[k].x - x);
        xy += point[k].weight * (point[k].x - x) * (point[k].y - y);
    }
    const double slope = xy / xx;
    for (size_t k = 0; k < count; k++) {
        const double off = point[k].y - y - slope * (point[k].x - x);
        misfit += point[k].weight * off * off;
    }
    return (struct line){.slope = slope, .variance = 1 / xx, .misfit = misfit};
}

struct basin_exponent basin_exponent_fit(size_t axes, size_t scales,
                                         const struct basin_scale *scale, double confidence)
{
    struct abscissa point[BASIN_SCALES_MOST];
    size_t count = 0;
    for (size_t k = 0; k < scales && count < BASIN_SCALES_MOST; k++)
        count += usable(&scale[k], &point[count]);
    if (count < FITTED_LEAST)
        return (struct basin_exponent){
            .exponent = NAN, .dimension = NAN, .error = NAN, .scales = count};
    const struct line line = line_through(count, point);
    const double freedom = (double)(count - 2);
    const double scatter = fmax(1, line.misfit / freedom);
    const double t = gsl_cdf_tdist_Pinv(1 - (1 - confidence) / 2, freedom);
    const double bend = fabs(line_through((count + 1) / 2, point).slope - line.slope);
    return (struct basin_exponent){
        .exponent = line.slope,
        .dimension = (double)axes - line.slope,
        .error = t * sqrt(line.variance * scatter) + bend,
        .scales = count,
    };
}

/* A direction that is uniform on the sphere. */
static void draw_direction(struct stream *stream, size_t axes, double *u)
{
    double square;
    do {
        square = 0;
        for (size_t d = 0; d < axes; d++) {
            u[d] = stream_normal(stream);
            square += u[d] * u[d];
        }
    } while (!(square > 0));
    for (size_t d = 0; d < axes; d++)
        u[d] /= sqrt(square);
}

/* The start, and its neighbours on either side: point[TRIPLE*axes]. */
static void draw_triple(const struct basin_probe *probe, size_t number, double eps, double *point)
{
    struct stream stream = stream_at(probe->seed, stream_key("uncertainty"), number);
    double direction[BASIN_AXES_MOST] = {0};
    for (size_t d = 0; d < probe->axes; d++)
        point[d] = stream_between(&stream, probe->window[2 * d], probe->window[2 * d + 1]);
    draw_direction(&stream, probe->axes, direction);
    for (size_t d = 0; d < probe->axes; d++) {
        const double side = probe->window[2 * d + 1] - probe->window[2 * d];
        point[probe->axes + d] = point[d] - eps * side * direction[d];
        point[2 * probe->axes + d] = point[d] + eps * side * direction[d];
    }
}

static void count_triple(const uint16_t *label, struct basin_scale *decided,
                         struct basin_scale *with_all)
{
    const bool known =
        label[0] != BASIN_UNDECIDED && label[1] != BASIN_UNDECIDED && label[2] != BASIN_UNDECIDED;
    const bool differ = label[1] != label[0] || label[2] != label[0];
    decided->pairs += known;
    decided->uncertain += known && differ;
    with_all->pairs++;
    with_all->uncertain += !known || differ;
}

/* One call of the labeller. */
struct batch {
    double *point;
    uint16_t *label;
};

static double eps_of(const struct basin_probe *probe, size_t scale)
{
    const double share = (double)scale / (double)(probe->scales - 1);
    return probe->eps_low * pow(probe->eps_high / probe->eps_low, share);
}

static enum status count_batch(const struct basin_probe *probe,
                               const struct basin_labeller *labeller, struct batch batch,
                               const size_t range[2], struct basin_scale *scale)
{
    const size_t count = range[1] - range[0];
    for (size_t k = 0; k < count; k++)
        draw_triple(probe, range[0] + k, eps_of(probe, (range[0] + k) / probe->starts),
                    &batch.point[k * TRIPLE * probe->axes]);
    TRY(labeller->label(labeller->context, TRIPLE * count, batch.point, batch.label));
    for (size_t k = 0; k < count; k++) {
        const size_t s = (range[0] + k) / probe->starts;
        count_triple(&batch.label[TRIPLE * k], &scale[s], &scale[BASIN_SCALES_MOST + s]);
    }
    return OK;
}

static enum status count_all(const struct basin_probe *probe, const struct basin_labeller *labeller,
                             struct batch batch, struct basin_scale *scale)
{
    const size_t all = probe->scales * probe->starts;
    for (size_t first = 0; first < all; first += probe->batch) {
        const size_t last = all - first < probe->batch ? all : first + probe->batch;
        TRY(count_batch(probe, labeller, batch, (size_t[]){first, last}, scale));
    }
    return OK;
}

static enum status check_probe(const struct basin_probe *probe)
{
    if (probe->axes == 0 || probe->axes > BASIN_AXES_MOST || probe->scales < 2 ||
        probe->scales > BASIN_SCALES_MOST || probe->starts == 0 || probe->batch == 0)
        return status_fail(BAD_ARGUMENT,
                           "an exponent of %zu axes, %zu scales, %zu starts, batch %zu",
                           probe->axes, probe->scales, probe->starts, probe->batch);
    if (!(probe->eps_low > 0 && probe->eps_high > probe->eps_low))
        return status_fail(BAD_ARGUMENT, "distances from %g to %g", probe->eps_low,
                           probe->eps_high);
    for (size_t d = 0; d < probe->axes; d++)
        if (!(probe->window[2 * d] < probe->window[2 * d + 1]))
            return status_fail(BAD_ARGUMENT, "a window from %g to %g", probe->window[2 * d],
                               probe->window[2 * d + 1]);
    return OK;
}

static struct basin_exponent fitted(const struct basin_probe *probe, struct basin_scale *scale)
{
    for (size_t s = 0; s < probe->scales; s++) {
        scale[s].eps = eps_of(probe, s);
        scale[s].independent = (double)scale[s].pairs;
    }
    return basin_exponent_fit(probe->axes, probe->scales, scale, probe->confidence);
}

enum status basin_exponent_sample(const struct basin_probe *probe,
                                  const struct basin_labeller *labeller,
                                  struct basin_exponent *decided, struct basin_exponent *with_all)
{
    TRY(check_probe(probe));
    struct basin_scale scale[2 * BASIN_SCALES_MOST] = {{0}};
    const size_t points = TRIPLE * probe->batch;
    struct batch batch = {.point = calloc(points * probe->axes, sizeof(double)),
                          .label = calloc(points, sizeof(uint16_t))};
    enum status status = batch.point && batch.label
                             ? count_all(probe, labeller, batch, scale)
                             : status_fail(NO_MEMORY, "%zu starts in a batch", probe->batch);
    free(batch.point);
    free(batch.label);
    TRY(status);
    *decided = fitted(probe, scale);
    *with_all = fitted(probe, scale + BASIN_SCALES_MOST);
    return OK;
}
