/* The drift of first integrals along one trajectory.
 *
 * |I(x(t)) - I(x0)| at every state that was visited, in units of its largest term where that exceeds 1,
 * as the outcome has the largest of them.  Where a flow has more first integrals than a picture can show,
 * the largest of their drifts stands for all. */
#include "cli/run_course.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "plots/drift.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_LENGTH = 256, HEADER_LENGTH = 256 };

struct drifts {
    const struct run_course *course;
    size_t claims, shown; /* shown: the claims, or 1 for the largest */
    double *I0, *gradient, *drift;
    double largest;
};

static double drift_of(const struct drifts *drifts, size_t claim, const double *x)
{
    const struct flow *flow = drifts->course->given->flow;
    double terms = 1;
    flow->gradient(flow, claim, x, drifts->gradient);
    for (size_t i = 0; i < flow->dim; i++)
        terms = fmax(terms, fabs(drifts->gradient[i] * x[i]));
    return fabs(flow->observe(flow, claim, x) - drifts->I0[claim]) / terms;
}

static void row_write(struct drifts *drifts, struct table *table, double t, const double *x)
{
    double most = 0;
    for (size_t k = 0; k < drifts->claims; k++) {
        drifts->drift[k] = drift_of(drifts, k, x);
        most = fmax(most, drifts->drift[k]);
    }
    if (drifts->shown == 1)
        drifts->drift[0] = most;
    drifts->largest = fmax(drifts->largest, most);
    table_number(table, t);
    for (size_t k = 0; k < drifts->shown; k++)
        table_number(table, drifts->drift[k]);
    table_end_row(table);
}

static enum status table_save(struct drifts *drifts, const char *directory)
{
    char header[HEADER_LENGTH];
    struct table *table = NULL;
    const struct orbit *orbit = drifts->course->orbit;
    size_t length = (size_t)snprintf(header, sizeof header, "t");
    for (size_t k = 0; k < drifts->shown; k++)
        length += (size_t)snprintf(header + length, sizeof header - length, " drift%zu", k + 1);
    TRY(table_open(directory, "drift.tsv", header, &table));
    for (size_t k = 0; k < orbit->count; k++)
        row_write(drifts, table, orbit->t[k], orbit->x + k * orbit->dim);
    return table_close(table);
}

/* --- figure ------------------------------------------------------------------------------------ */

static const char *manner_of(const struct run_course *course)
{
    return course->plan->method == METHOD_BDF && !flow_is_large(course->given->flow)
               ? "; each step is projected on the first integrals"
               : "";
}

static enum status figure_save(const struct drifts *drifts, const char *directory)
{
    char all[TEXT_LENGTH], numerics[TEXT_LENGTH];
    const char *name[DRIFT_MOST];
    const struct run_course *course = drifts->course;
    const struct orbit *orbit = course->orbit;
    snprintf(all, sizeof all, "the largest of %zu first integrals", drifts->claims);
    snprintf(numerics, sizeof numerics, "%s%s", course->numerics, manner_of(course));
    name[0] = all;
    for (size_t k = 0; k < drifts->shown && drifts->claims <= DRIFT_MOST; k++)
        name[k] = course->given->flow->claim[k].name;
    const struct drift_figure figure = {
        .directory = directory,
        .title = course->title,
        .caption =
            {course->parameters, numerics,
             "In units of the largest term where that exceeds 1; below 1e-17: at the bottom."},
        .count = drifts->shown,
        .name = name,
        .largest = drifts->largest,
        .time = {isnan(course->first_time) ? 0 : course->first_time, orbit->t[orbit->count - 1]},
        .tolerance = course->plan->rtol};
    return drift_draw(&figure);
}

static enum status drifts_save(struct drifts *drifts, struct manifest *manifest)
{
    const char *directory = manifest_directory(manifest);
    flow_integrals(drifts->course->given->flow, drifts->course->orbit->x, drifts->I0);
    TRY(table_save(drifts, directory));
    manifest_output(manifest, "drift.tsv");
    return drawing_finish(manifest, "drift", figure_save(drifts, directory));
}

enum status run_drift_save(const struct run_course *course, struct manifest *manifest)
{
    enum { ROWS_LEAST = 3 };
    const struct flow *flow = course->given->flow;
    if (flow->conserved == 0 || course->orbit->count < ROWS_LEAST)
        return OK;
    struct drifts drifts = {.course = course,
                            .claims = flow->conserved,
                            .shown = flow->conserved <= DRIFT_MOST ? flow->conserved : 1};
    drifts.I0 = calloc(2 * drifts.claims + flow->dim, sizeof *drifts.I0);
    if (!drifts.I0)
        return status_fail(NO_MEMORY, "no memory for %zu first integrals", drifts.claims);
    drifts.drift = drifts.I0 + drifts.claims;
    drifts.gradient = drifts.drift + drifts.claims;
    const enum status status = drifts_save(&drifts, manifest);
    free(drifts.I0);
    return status;
}
