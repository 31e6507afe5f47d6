/* The law of one trajectory: how fast it comes to its limit, or grows.
 *
 * With y the distance |x - x*| from the limit, or the size |x|, the slope d ln y/dt = y.f/|y|^2 is read off
 * the field at each state that was visited, without differences.  From it
 *   settled    the local rate d ln y/dt, beside the transverse eigenvalue
 *   creeping   the local exponent t d ln y/dt, beside that of the multiplicity; unbounded likewise
 *   log t      the local slope t dy/dt
 *   escaped    the local exponent -(T - t) d ln y/dt at the time T - t before blow-up
 * What is drawn beside it is the prediction, which is made from the start alone; where theory is silent
 * it is what the run has found otherwise, and the legend says so. */
#include "cli/run_course.h"

#include "cli/drawing.h"
#include "ode/vector.h"
#include "plots/fraction.h"
#include "plots/law.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LENGTH = 256 };

static const double CLEAR = 100; /* a difference must exceed the error of its terms so many times */
static const double EARLY = 1e-2; /* a logarithmic axis begins where y has changed by this part */

/* A law being measured. */
struct measure {
    enum law_kind kind;
    const double *limit; /* [dim]; NULL: the size is |x| */
    double T;            /* of blow-up */
    double least;        /* below it y is rounding, or T - t is not known */
    double expected;
    const char *by; /* who expects it */
};

static bool is_predicted(const struct run_course *course)
{
    return course->prediction->ending == course->outcome->ending;
}

/* The predicted limit where the whole state is predicted: that of the run has the errors of integration,
 * which an algebraic approach magnifies. */
static const double *limit_of(const struct run_course *course)
{
    const bool creeps = course->outcome->ending == ENDING_CREEPING;
    if (creeps && is_predicted(course) && course->prediction->about == PREDICTION_STATE)
        return course->predicted;
    return course->outcome->limit;
}

static void expect(struct measure *measure, double predicted, double found)
{
    measure->expected = isnan(predicted) ? found : predicted;
    measure->by = isnan(predicted) ? "computed" : "predicted";
}

static void measure_growth(const struct run_course *course, struct measure *measure)
{
    const struct outcome *outcome = course->outcome;
    const double predicted = is_predicted(course) ? course->prediction->exponent : NAN,
                 exponent = isnan(predicted) ? outcome->exponent : predicted;
    measure->kind = exponent == 0 ? LAW_LOGARITHM : isinf(exponent) ? LAW_EXPONENTIAL : LAW_POWER;
    if (measure->kind == LAW_LOGARITHM)
        expect(measure, NAN, outcome->log_slope);
    else if (measure->kind == LAW_POWER)
        expect(measure, predicted, outcome->exponent);
}

/* What is to be measured; false: nothing. */
static bool measure_choose(const struct run_course *course, struct measure *measure)
{
    const struct outcome *outcome = course->outcome;
    const struct prediction *prediction = course->prediction;
    *measure = (struct measure){.expected = NAN, .by = "predicted"};
    switch (outcome->ending) {
    case ENDING_SETTLED:
        measure->kind = LAW_EXPONENTIAL;
        measure->limit = limit_of(course);
        expect(measure, is_predicted(course) ? prediction->rate : NAN, outcome->transverse_rate);
        return true;
    case ENDING_CREEPING:
        measure->kind = LAW_POWER;
        measure->limit = limit_of(course);
        expect(measure, is_predicted(course) ? prediction->exponent : NAN, outcome->exponent);
        return true;
    case ENDING_UNBOUNDED:
        measure_growth(course, measure);
        return true;
    case ENDING_ESCAPED:
        measure->kind = LAW_BLOW_UP;
        measure->T = is_predicted(course) && isfinite(prediction->escape_time)
                         ? prediction->escape_time
                         : outcome->blowup_time;
        measure->least =
            CLEAR * fmax(fabs(measure->T - outcome->blowup_time), outcome->blowup_error);
        measure->expected = is_predicted(course) ? prediction->exponent : NAN;
        return isfinite(measure->T);
    default:
        return false;
    }
}

/* --- rows ------------------------------------------------------------------------------------ */

/* y and d ln y/dt at a state. */
struct pace {
    double size, slope;
};

/* work[2*dim]; false where there is no slope. */
static bool pace_at(const struct flow *flow, const double *limit, const double *x, double *work,
                    struct pace *pace)
{
    double *y = work, *f = work + flow->dim;
    for (size_t i = 0; i < flow->dim; i++)
        y[i] = x[i] - (limit ? limit[i] : 0);
    if (flow->switches) /* the state itself tells on which smooth piece it is */
        memset(flow->side, 0, flow->switches);
    if (flow->field(flow, 1, x, f) != OK)
        return false;
    pace->size = vector_norm(flow->dim, y);
    pace->slope = vector_dot(flow->dim, y, f) / (pace->size * pace->size);
    return pace->size > 0 && isfinite(pace->slope);
}

static double local_of(const struct measure *measure, double t, const struct pace *pace)
{
    switch (measure->kind) {
    case LAW_POWER:
        return t * pace->slope;
    case LAW_LOGARITHM:
        return t * pace->slope * pace->size;
    case LAW_BLOW_UP:
        return -(measure->T - t) * pace->slope;
    default:
        return pace->slope;
    }
}

/* Is it to be shown?  Not the time before anything happens, on a logarithmic axis, and not where the
 * error of T is not small beside T - t. */
static bool is_shown(const struct measure *measure, double start_size, double time, double size)
{
    if (measure->kind == LAW_EXPONENTIAL)
        return true;
    if (measure->kind == LAW_BLOW_UP)
        return time > measure->least;
    return time > 0 && fabs(size / start_size - 1) > EARLY;
}

/* row[orbit->count]; returns how many are filled. */
static size_t rows_fill(const struct run_course *course, const struct measure *measure,
                        double *work, struct law_row *row)
{
    size_t rows = 0;
    const struct orbit *orbit = course->orbit;
    struct pace start = {.size = NAN};
    for (size_t k = 0; k < orbit->count; k++) {
        struct pace pace;
        const double t = orbit->t[k], time = measure->kind == LAW_BLOW_UP ? measure->T - t : t;
        if (!pace_at(course->given->flow, measure->limit, orbit->x + k * orbit->dim, work, &pace))
            continue;
        start = isnan(start.size) ? pace : start;
        if (is_shown(measure, start.size, time, pace.size))
            row[rows++] = (struct law_row){
                .time = time, .size = pace.size, .local = local_of(measure, t, &pace)};
    }
    return rows;
}

/* --- texts ----------------------------------------------------------------------------------- */

struct law_texts {
    char measured[2 * TEXT_LENGTH], expected[2 * TEXT_LENGTH];
};

static void expected_write(const struct measure *measure, char text[2 * TEXT_LENGTH])
{
    static const char *const laws[] = {
        [LAW_POWER] = "exponent", [LAW_EXPONENTIAL] = "rate", [LAW_BLOW_UP] = "exponent"};
    char fraction[FRACTION_TEXT];
    fraction_write(measure->expected, fraction);
    if (measure->kind == LAW_LOGARITHM)
        snprintf(text, 2 * TEXT_LENGTH, "%s ln t, as it continues; through the last point",
                 fraction);
    else
        snprintf(text, 2 * TEXT_LENGTH, "%s %s %s, through the last point", measure->by,
                 laws[measure->kind], fraction);
}

static void texts_write(const struct measure *measure, const struct law_row *last,
                        struct law_figure *figure, struct law_texts *texts)
{
    static const char *const locals[] = {[LAW_POWER] = "local exponent",
                                         [LAW_EXPONENTIAL] = "local rate",
                                         [LAW_LOGARITHM] = "local slope in ln t",
                                         [LAW_BLOW_UP] = "local exponent"};
    figure->size = measure->limit ? "distance |x - x*|" : "size |x|";
    figure->local = locals[measure->kind];
    snprintf(texts->measured, sizeof texts->measured, "the trajectory; %s %.5g at its end",
             locals[measure->kind], last->local);
    expected_write(measure, texts->expected);
    figure->legend[0] = texts->measured;
    figure->legend[1] = texts->expected;
}

/* What has been measured. */
struct measured {
    size_t rows;
    struct law_row *row;
    double *work;
};

static enum status figure_save(const struct run_course *course, const struct measure *measure,
                               const struct measured *measured, const char *directory)
{
    const struct law_row *last = &measured->row[measured->rows - 1];
    struct law_texts texts;
    char blowup[TEXT_LENGTH] = "";
    struct law_figure figure = {.directory = directory,
                                .title = course->title,
                                .caption = {course->parameters, course->numerics, NULL},
                                .kind = measure->kind,
                                .expected = measure->expected,
                                .rows = measured->rows,
                                .row = measured->row,
                                .points = course->points};
    texts_write(measure, last, &figure, &texts);
    if (measure->kind == LAW_BLOW_UP) {
        snprintf(blowup, sizeof blowup, "T = %.10g", measure->T);
        figure.caption[2] = blowup;
    }
    return law_draw(&figure);
}

static enum status law_save(const struct run_course *course, const struct measure *measure,
                            struct measured *measured, struct manifest *manifest)
{
    enum { ROWS_LEAST = 3 };
    measured->rows = rows_fill(course, measure, measured->work, measured->row);
    if (measured->rows < ROWS_LEAST)
        return OK;
    const enum status drawn = figure_save(course, measure, measured, manifest_directory(manifest));
    manifest_output(manifest, "law.tsv");
    return drawing_finish(manifest, "law", drawn);
}

enum status run_law_save(const struct run_course *course, struct manifest *manifest)
{
    struct measure measure;
    if (!measure_choose(course, &measure))
        return OK;
    struct measured measured = {.row = calloc(course->orbit->count + 1, sizeof *measured.row),
                                .work =
                                    calloc(2 * course->given->flow->dim, sizeof *measured.work)};
    enum status status = status_fail(NO_MEMORY, "no memory for the law of a trajectory");
    if (measured.row && measured.work)
        status = law_save(course, &measure, &measured, manifest);
    free(measured.row);
    free(measured.work);
    return status;
}
