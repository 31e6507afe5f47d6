/* One trajectory for the page, with what `settle run` says of it, and the prediction alone.
 *
 * Forwards it is run_work.h, the run of `settle run`.  Backwards the flow is reversed (ode/reverse.h):
 * what matters there is where the trajectory comes from, so it is followed until it rests, blows up,
 * or is far out of sight.  Of the states that the integrator visits the page gets the two unknowns of
 * its plane, thinned to what can be seen. */
#include "cli/explore_answer.h"

#include "cli/json.h"
#include "cli/orbit.h"
#include "cli/run_work.h"
#include "ode/reverse.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS_MOST = 2000 };

static const double SECONDS = 5;
static const double DISTANCE = 0.0005; /* of the window: closer points are not sent */
static const double FAR = 100;         /* half windows: farther points are drawn there */
static const double OUT_OF_SIGHT = 20; /* half windows: where a trajectory is not followed back */

/* A trajectory while it is computed. */
struct track {
    const struct plane *plane;
    struct explore_clock *clock;
    struct orbit orbit; /* of the two unknowns */
    bool is_out;        /* backwards: out of sight */
    bool is_late;
};

static double middle(const struct plane *plane, size_t axis)
{
    return (plane->window[2 * axis] + plane->window[2 * axis + 1]) / 2;
}

static double half(const struct plane *plane, size_t axis)
{
    return (plane->window[2 * axis + 1] - plane->window[2 * axis]) / 2;
}

/* Struct plan's `visit`. */
static void track_visit(void *context, double t, const double *x)
{
    struct track *track = context;
    const struct plane *plane = track->plane;
    double at[2];
    for (size_t k = 0; k < 2; k++) {
        const double value = plane->axis[k] < plane->given->dim ? x[plane->axis[k]] : 0;
        const double offset = (value - middle(plane, k)) / half(plane, k);
        track->is_out |= !(fabs(offset) < OUT_OF_SIGHT);
        at[k] = middle(plane, k) + half(plane, k) * fmin(fmax(offset, -FAR), FAR);
    }
    /* of the other unknowns, as far from 0 as the window is wide */
    for (size_t k = 0; k < plane->given->dim; k++)
        track->is_out |= !(fabs(x[k]) < OUT_OF_SIGHT * 2 * fmax(half(plane, 0), half(plane, 1)) +
                                            fabs(plane->given->x0[k]));
    orbit_visit(&track->orbit, t, at);
}

/* Struct plan's `stop`. */
static bool track_stop(void *context, double t)
{
    struct track *track = context;
    track->is_late = explore_clock_stop(track->clock, t);
    return track->is_late;
}

static bool track_stop_back(void *context, double t)
{
    const struct track *track = context;
    return track_stop(context, t) || track->is_out;
}

/* ---- the line ---- */

static double distance(const struct track *track, size_t j, size_t k)
{
    const double *x = track->orbit.x;
    return hypot((x[2 * k] - x[2 * j]) / half(track->plane, 0),
                 (x[2 * k + 1] - x[2 * j + 1]) / half(track->plane, 1)) /
           2;
}

/* How far out is a state, in half windows? */
static double remoteness(const struct track *track, size_t k)
{
    double most = 0;
    for (size_t axis = 0; axis < 2; axis++)
        most = fmax(most, fabs(track->orbit.x[2 * k + axis] - middle(track->plane, axis)) /
                              half(track->plane, axis));
    return most;
}

/* Which states are sent: the ends, and those farther than `least` from the last one, out of the window
 * more; their number. */
static size_t states_pick(const struct track *track, double least, size_t most, size_t *picked)
{
    size_t count = 0;
    for (size_t k = 0; k < track->orbit.count; k++) {
        const bool ends = k == 0 || k + 1 == track->orbit.count;
        const double r = fmax(1, remoteness(track, k));
        if (!ends && distance(track, picked[count - 1], k) < least * r * r)
            continue;
        if (count == most)
            return most + 1;
        picked[count++] = k;
    }
    return count;
}

static void line_set(json_t *object, const struct track *track, double least)
{
    size_t picked[POINTS_MOST];
    size_t count = states_pick(track, least, POINTS_MOST, picked);
    while (count > POINTS_MOST)
        count = states_pick(track, least *= 2, POINTS_MOST, picked);
    json_t *line = json_array(), *times = json_array();
    for (size_t k = 0; k < count; k++) {
        json_array_append_new(line, json_finite(track->orbit.x[2 * picked[k]]));
        json_array_append_new(line, json_finite(track->orbit.x[2 * picked[k] + 1]));
        json_array_append_new(times, json_finite(track->orbit.t[picked[k]]));
    }
    json_object_set_new(object, "line", line);
    json_object_set_new(object, "t", times);
}

/* ---- forwards ---- */

static json_t *evidence_json(const struct run_result *result)
{
    struct columns *columns = columns_create("ll");
    json_t *array = json_array();
    run_result_evidence(result, columns);
    for (size_t k = 0; columns_text(columns, k + 1); k += 2)
        json_array_append_new(array,
                              json_pack("{so so}", "name", json_text(columns_text(columns, k)),
                                        "value", json_text(columns_text(columns, k + 1))));
    columns_free(columns);
    return array;
}

static const char *agreement_word(const struct run_result *result)
{
    if (result->agreement.kind != AGREEMENT_NONE)
        return result->agreement.kind == AGREEMENT_HOLDS ? "yes" : "no";
    return result->outcome->ending == ENDING_HORIZON ? "undecided" : "none";
}

static json_t *command_json(const struct explore_question *question)
{
    char *text = explore_stated_command(question->stated, &command_run, OPTION_COUNT);
    json_t *string = text ? json_text(text) : NULL;
    free(text);
    return string;
}

static void forward_set(json_t *object, const struct explore_question *question,
                        const struct run_work *run)
{
    const struct outcome *outcome = run->outcome;
    const struct run_result result = run_work_result(run);
    json_object_set_new(object, "ending", json_text(ending_name(outcome->ending)));
    json_object_set_new(object, "reason", json_text(outcome->reason));
    json_object_set_new(object, "evidence", evidence_json(&result));
    json_object_set_new(object, "limit",
                        outcome->has_limit ? json_vector(run->given->dim, outcome->limit)
                                           : json_null());
    json_object_set_new(object, "time", json_finite(outcome->t));
    json_object_set_new(object, "predicted", run_result_predicted(&result));
    json_object_set_new(object, "agreement", json_text(agreement_word(&result)));
    json_object_set_new(object, "agreement_reason", json_text(result.agreement.reason));
    json_object_set_new(object, "command", command_json(question));
}

/* A time limit is the explorer's, and no property of the trajectory. */
static void reason_late(struct outcome *outcome)
{
    snprintf(outcome->reason, sizeof outcome->reason,
             "the explorer stops after %g s; the command does not", SECONDS);
}

static enum status forward_answer(const struct explore_question *question, struct track *track,
                                  json_t *object)
{
    const struct explore_stated *stated = question->stated;
    struct run_work run = {.given = &stated->given, .plan = options_plan(&stated->options)};
    run.plan.visit = track_visit;
    run.plan.stop = track_stop;
    run.plan.context = track;
    enum status status = run_work_open(&run);
    if (status == OK)
        status = run_work_compute(&run);
    if (status == OK)
        status = orbit_check(&track->orbit);
    if (status == OK) {
        if (track->is_late && run.outcome->ending == ENDING_HORIZON)
            reason_late(run.outcome);
        forward_set(object, question, &run);
    }
    run_work_close(&run);
    return status;
}

/* ---- backwards ---- */

static void backward_set(json_t *object, const struct track *track, struct outcome *outcome)
{
    if (track->is_late)
        reason_late(outcome);
    else if (track->is_out)
        snprintf(outcome->reason, sizeof outcome->reason, "followed back until out of sight");
    json_object_set_new(object, "ending", json_text(ending_name(outcome->ending)));
    json_object_set_new(object, "reason", json_text(outcome->reason));
    json_object_set_new(object, "limit",
                        outcome->has_limit ? json_vector(track->plane->given->dim, outcome->limit)
                                           : json_null());
    json_object_set_new(object, "time", json_finite(-outcome->t));
}

static enum status reversed_run(const struct explore_question *question, const struct flow *flow,
                                struct track *track, json_t *object)
{
    const struct explore_stated *stated = question->stated;
    struct plan plan = options_plan(&stated->options);
    struct outcome *outcome = outcome_create(flow);
    if (!outcome)
        return status_fail(NO_MEMORY, "no memory for %zu unknowns", flow->dim);
    plan.visit = track_visit;
    plan.stop = track_stop_back;
    plan.context = track;
    enum status status = trajectory_run(flow, &plan, stated->given.x0, outcome);
    if (status == OK)
        status = orbit_check(&track->orbit);
    if (status == OK)
        backward_set(object, track, outcome);
    outcome_free(outcome);
    return status;
}

static enum status backward_answer(const struct explore_question *question, struct track *track,
                                   json_t *object)
{
    const struct flow *forwards = question->stated->given.flow;
    if (forwards->switches > 0) {
        json_object_set_new(object, "ending", json_text("none"));
        json_object_set_new(object, "reason",
                            json_text("the field jumps: what slid together parts again backwards, "
                                      "and there is no one way back"));
        return OK;
    }
    struct flow *flow = reverse_create(forwards);
    if (!flow)
        return status_fail(NO_MEMORY, "no memory for a reversed flow");
    const enum status status = reversed_run(question, flow, track, object);
    flow_free(flow);
    return status;
}

/* ---- the answers ---- */

static enum status direction_read(const struct explore_question *question, bool *backwards)
{
    const char *text = explore_query_value(question->query, "direction");
    *backwards = text && strcmp(text, "backward") == 0;
    if (text && !*backwards && strcmp(text, "forward") != 0)
        return status_fail(BAD_ARGUMENT, "direction is forward or backward");
    return OK;
}

static enum status trajectory_answer(const struct explore_question *question, json_t **answer)
{
    struct track track = {
        .plane = &question->stated->plane, .clock = question->clock, .orbit = {.dim = 2}};
    bool backwards = false;
    TRY(direction_read(question, &backwards));
    json_t *object = json_object();
    if (!object)
        return status_fail(NO_MEMORY, "no memory for an answer");
    const enum status status = backwards ? backward_answer(question, &track, object)
                                         : forward_answer(question, &track, object);
    line_set(object, &track, question->distance > 0 ? question->distance : DISTANCE);
    json_object_set_new(object, "milliseconds",
                        json_finite(explore_clock_milliseconds(question->clock)));
    orbit_free(&track.orbit);
    if (status == OK)
        *answer = object;
    else
        json_decref(object);
    return status;
}

static enum status predict_answer(const struct explore_question *question, json_t **answer)
{
    const struct problem_given *given = &question->stated->given;
    const size_t outputs = given->flow->outputs;
    struct prediction prediction;
    double *limit = calloc(outputs > given->dim ? outputs : given->dim, sizeof *limit);
    if (!limit)
        return status_fail(NO_MEMORY, "no memory for %zu unknowns", given->dim);
    const enum status status = problem_predict(&given->problem, given->x0, limit, &prediction);
    if (status == OK) {
        const struct run_result result = {
            .given = given, .prediction = &prediction, .predicted_limit = limit};
        *answer = run_result_predicted(&result);
    }
    free(limit);
    return status;
}

const struct explore_kind explore_kind_predict = {
    .name = "predict", .own = "", .seconds = SECONDS, .answer = predict_answer};

const struct explore_kind explore_kind_trajectory = {
    .name = "trajectory", .own = "direction", .seconds = SECONDS, .answer = trajectory_answer};
