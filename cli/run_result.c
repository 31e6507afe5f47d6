/* The result of one trajectory, as text and as JSON.
 *
 * Text is for reading: one line per quantity, absent quantities left out.  JSON has every key of
 * the contract every time; what does not apply is null. */
#include "cli/run_result.h"

#include "cli/json.h"
#include "cli/problem_json.h"
#include "linear/matrix.h"
#include "ode/basin_classes.h"
#include "ode/switch.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    NUMBER_TEXT = 32, /* "%.15g" and what stands round it */
    LIST_TEXT = 1024,
    DIM_LONG = 32, /* unknowns of a state that is not printed whole */
    DIM_SHOWN = 6, /* of such a state */
    INTEGRALS_SHOWN = 16
};

double run_result_global_minimum(const struct run_result *result)
{
    const struct flow *flow = result->given->flow;
    const struct outcome *outcome = result->outcome;
    if (!outcome->has_limit || !flow->loss)
        return NAN;
    if (result->agreement.kind == AGREEMENT_HOLDS && !isnan(result->prediction->global_minimum))
        return result->prediction->global_minimum;
    const enum basin_minimum minimum =
        basin_classes_minimum(flow, result->given->x0, outcome->limit);
    return minimum == BASIN_MINIMUM_UNKNOWN ? NAN : minimum == BASIN_MINIMUM_GLOBAL;
}

/* --- text ------------------------------------------------------------------------------ */

/* Below the least normal number is rounding about 0. */
static double shown_value(double x)
{
    return fabs(x) < DBL_MIN ? 0 : x;
}

/* "a1 = 0.5, a2 = -1"; of many unknowns the first, their number and the norm of all. */
static const char *state_text(const struct problem_given *given, const double *x,
                              char text[LIST_TEXT])
{
    const size_t shown = given->dim > DIM_LONG ? DIM_SHOWN : given->dim;
    size_t length = 0;
    text[0] = '\0';
    for (size_t k = 0; k < shown && length + 2 * UNKNOWN_NAME_MAX + NUMBER_TEXT < LIST_TEXT; k++)
        length += (size_t)snprintf(text + length, LIST_TEXT - length, "%s%s = %.15g", k ? ", " : "",
                                   given->flow->names[k], shown_value(x[k]));
    if (shown < given->dim)
        snprintf(text + length, LIST_TEXT - length, ", ... (%zu unknowns, norm %.10g)", given->dim,
                 matrix_norm(given->dim, x));
    return text;
}

/* "(random:1:0.5) a1 = ..." */
static const char *start_text(const struct problem_given *given, char text[LIST_TEXT])
{
    char state[LIST_TEXT];
    if (!given->start_random)
        return state_text(given, given->x0, text);
    snprintf(text, LIST_TEXT, "random:%" PRIu64 ":%g: %.900s", given->start_seed,
             given->start_scale, state_text(given, given->x0, state));
    return text;
}

static void start_lines(struct columns *columns, const struct run_result *result)
{
    char text[LIST_TEXT];
    const struct problem_given *given = result->given;
    columns_cell(columns, "system");
    columns_cell(columns, "%s", given->flow->title);
    if (problem_parameters(given, sizeof text, text)[0]) {
        columns_cell(columns, "parameters");
        columns_cell(columns, "%s", text);
    }
    if (given->moments.count) {
        columns_cell(columns, "data");
        columns_cell(columns, "%s", problem_data(given, sizeof text, text));
    }
    columns_cell(columns, "start");
    columns_cell(columns, "%s", start_text(given, text));
}

/* `aux` of an .ode file, a line each. */
static void auxiliary_lines(struct columns *columns, const struct run_result *result)
{
    const struct equations *equations = result->given->equations;
    for (size_t k = 0; result->auxiliary && k < equations->auxiliaries; k++) {
        columns_cell(columns, k ? "" : "  auxiliary");
        if (isnan(result->auxiliary[k]))
            columns_cell(columns, "%s is undefined", equations->auxiliary[k].name);
        else
            columns_cell(columns, "%s = %.15g", equations->auxiliary[k].name, result->auxiliary[k]);
    }
}

static void ending_lines(struct columns *columns, const struct run_result *result)
{
    char text[LIST_TEXT];
    const struct outcome *outcome = result->outcome;
    columns_cell(columns, "ending");
    columns_cell(columns, "%s at t = %.6g%s%s", ending_name(outcome->ending), outcome->t,
                 *outcome->reason ? ": " : "", outcome->reason);
    if (outcome->has_limit) {
        columns_cell(columns, "limit");
        columns_cell(columns, "%s", state_text(result->given, outcome->limit, text));
    } else {
        columns_cell(columns, "last state");
        columns_cell(columns, "%s", state_text(result->given, outcome->last, text));
    }
    if (result->output) {
        columns_cell(columns, outcome->has_limit ? "  output P" : "  its output P");
        columns_cell(columns, "%s",
                     problem_list(result->given->flow->outputs, result->output, sizeof text, text));
    }
    auxiliary_lines(columns, result);
}

/* "3 by first integrals, 1 along the fixed set"; nothing where every direction moves. */
static void neutral_line(struct columns *columns, const struct outcome *outcome)
{
    const struct {
        size_t count;
        const char *of;
    } part[] = {{outcome->neutral_integrals, "by first integrals"},
                {outcome->neutral_fixed, "along the fixed set"},
                {outcome->neutral_unexplained, "unexplained"}};
    char text[LIST_TEXT] = "";
    for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
        const size_t length = strlen(text);
        if (part[k].count)
            snprintf(text + length, sizeof text - length, "%s%zu %s", length ? ", " : "",
                     part[k].count, part[k].of);
    }
    if (!*text)
        return;
    columns_cell(columns, "neutral directions");
    columns_cell(columns, "%s", text);
}

static void evidence_lines(struct columns *columns, const struct run_result *result)
{
    const struct outcome *outcome = result->outcome;
    if (outcome->has_limit) {
        columns_cell(columns, "residual");
        columns_cell(columns, "%.3g, recomputed at the limit (rounding %.2g)", outcome->residual,
                     outcome->residual_floor);
    }
    if (isfinite(outcome->transverse_rate)) {
        columns_cell(columns, "transverse rate");
        columns_cell(columns, "%.10g", outcome->transverse_rate);
    }
    neutral_line(columns, outcome);
    if (isfinite(outcome->measured_rate)) {
        columns_cell(columns, "measured rate");
        columns_cell(columns, "%.10g", outcome->measured_rate);
    }
    if (isfinite(outcome->distance_bound)) {
        columns_cell(columns, "still to go");
        columns_cell(columns, "at most %.3g", outcome->distance_bound);
    }
    if (outcome->has_limit && outcome->neutral_fixed > 0 && isfinite(outcome->integration_error)) {
        columns_cell(columns, "integration error");
        columns_cell(columns, "about %.2g along the fixed set", outcome->integration_error);
    }
    if (!isnan(outcome->exponent)) {
        columns_cell(columns, "growth or decay");
        if (isinf(outcome->exponent))
            columns_cell(columns, "exponential in time");
        else if (isfinite(outcome->log_slope))
            columns_cell(columns, "%.6g ln t: logarithmic", outcome->log_slope);
        else
            columns_cell(columns, "%.6g: a power of time", outcome->exponent);
    }
    if (isfinite(outcome->blowup_time)) {
        columns_cell(columns, "blow-up time");
        columns_cell(columns, "%.15g (error at most %.2g)", outcome->blowup_time,
                     outcome->blowup_error);
    }
    if (isfinite(outcome->period)) {
        columns_cell(columns, "period");
        columns_cell(columns, "%.15g (returns to within %.2g)", outcome->period,
                     outcome->return_distance);
    }
}

/* Of the trajectory, not of the steps: what `settle basin --values time,path` has. */
static void way_lines(struct columns *columns, const struct sweep_result *way)
{
    if (isfinite(way->settling)) {
        columns_cell(columns, "settling time");
        columns_cell(columns, "%.10g +- %.2g (from then on |x - limit| < 1e-6 (1 + |limit|))",
                     way->settling, way->settling_error);
    }
    if (isfinite(way->path)) {
        columns_cell(columns, "path length");
        columns_cell(columns, "%.10g +- %.2g", way->path, way->path_error);
    }
}

static void prediction_lines(struct columns *columns, const struct run_result *result)
{
    char text[LIST_TEXT];
    const struct prediction *prediction = result->prediction;
    columns_cell(columns, "predicted");
    if (!agreement_is_conclusive(prediction)) {
        columns_cell(columns, "inconclusive: %s [%s]",
                     prediction->reason ? prediction->reason : "no reason given",
                     prediction->source ? prediction->source : "no source");
        return;
    }
    columns_cell(columns, "%s [%s]", ending_name(prediction->ending),
                 prediction->source ? prediction->source : "no source");
    if (agreement_has_limit(prediction)) {
        const bool of_output = prediction->about == PREDICTION_OUTPUT;
        columns_cell(columns, of_output ? "  output P" : "  limit");
        columns_cell(columns, "%s",
                     of_output ? problem_list(result->given->flow->outputs, result->predicted_limit,
                                              sizeof text, text)
                               : state_text(result->given, result->predicted_limit, text));
        columns_cell(columns, isnan(prediction->rate) ? "  error" : "  rate");
        if (!isnan(prediction->rate))
            columns_cell(columns, "%.10g; multiplicity %u; error at most %.2g", prediction->rate,
                         prediction->multiplicity, prediction->error);
        else
            columns_cell(columns, "at most %.2g", prediction->error);
    }
    if (isfinite(prediction->period)) {
        columns_cell(columns, "  period");
        columns_cell(columns, "%.15g", prediction->period);
    }
    if (prediction->reason) {
        columns_cell(columns, "  note");
        columns_cell(columns, "%s", prediction->reason);
    }
    if (isfinite(prediction->escape_time)) {
        columns_cell(columns, "  blow-up time");
        columns_cell(columns, "%.15g", prediction->escape_time);
    }
}

static void agreement_lines(struct columns *columns, const struct run_result *result)
{
    const struct agreement *agreement = &result->agreement;
    columns_cell(columns, "agreement");
    if (agreement->kind == AGREEMENT_NONE)
        columns_cell(columns, "nothing to compare: %s", agreement->reason);
    else if (isnan(agreement->deviation))
        columns_cell(columns, "%s%s", agreement->kind == AGREEMENT_HOLDS ? "yes" : "NO: ",
                     agreement->reason ? agreement->reason : "");
    else
        columns_cell(columns, "%s%s; the %s differ by %.2g (%.2g allowed)",
                     agreement->kind == AGREEMENT_HOLDS ? "yes" : "NO: ",
                     agreement->reason ? agreement->reason : "",
                     result->prediction->about == PREDICTION_OUTPUT ? "outputs" : "limits",
                     agreement->deviation, agreement->allowed);
}

/* Of many first integrals the one that drifts most. */
static void integral_lines(struct columns *columns, const struct run_result *result)
{
    const struct flow *flow = result->given->flow;
    if (flow->conserved > INTEGRALS_SHOWN) {
        size_t worst = 0;
        for (size_t k = 1; k < flow->conserved; k++)
            if (result->outcome->drift[k] > result->outcome->drift[worst])
                worst = k;
        columns_cell(columns, "first integrals");
        columns_cell(columns, "%zu; the largest drift is %.2g, of %s", flow->conserved,
                     result->outcome->drift[worst], flow->claim[worst].name);
        return;
    }
    for (size_t k = 0; k < flow->conserved; k++) {
        columns_cell(columns, k ? "" : "first integrals");
        columns_cell(columns, "%s: drift %.2g", flow->claim[k].name, result->outcome->drift[k]);
    }
}

static void sensitivity_line(struct columns *columns, const struct run_result *result)
{
    if (!result->has_sensitivity)
        return;
    columns_cell(columns, "dP/dt");
    columns_cell(columns, "changes sign %zu time%s; S = %.6g at the start, dP/dt = S e",
                 result->sign_changes, result->sign_changes == 1 ? "" : "s",
                 result->start_sensitivity);
}

/* At the limit, or where the run was left: there it says nothing of what the loss tends to. */
static void loss_line(struct columns *columns, const struct run_result *result)
{
    const struct outcome *outcome = result->outcome;
    const struct flow *flow = result->given->flow;
    const double minimum = run_result_global_minimum(result);
    if (!flow->loss)
        return;
    columns_cell(columns, flow->whole_loss ? "loss" : "excess loss");
    if (outcome->has_limit)
        columns_cell(columns, "%.3g at the limit%s", flow->loss(flow, outcome->limit),
                     minimum == 1   ? ", a global minimum"
                     : minimum == 0 ? ", not a global minimum"
                                    : "");
    else
        columns_cell(columns, "%.6g at the last state", flow->loss(flow, outcome->last));
}

static void work_lines(struct columns *columns, const struct run_result *result)
{
    const struct outcome *outcome = result->outcome;
    loss_line(columns, result);
    columns_cell(columns, "work");
    columns_cell(columns, "%s, rtol %g, atol %g: %zu steps, %zu evaluations, %.2g s",
                 options_method_title(result->plan->method), result->plan->rtol, result->plan->atol,
                 outcome->steps, outcome->evaluations, result->seconds);
}

void run_result_evidence(const struct run_result *result, struct columns *columns)
{
    ending_lines(columns, result);
    evidence_lines(columns, result);
    way_lines(columns, result->way);
}

enum status run_result_print(const struct run_result *result, FILE *file)
{
    struct columns *columns = columns_create("ll");
    start_lines(columns, result);
    run_result_evidence(result, columns);
    prediction_lines(columns, result);
    agreement_lines(columns, result);
    if (result->exact)
        exact_result_run_lines(result->exact, result->outcome, columns);
    integral_lines(columns, result);
    sensitivity_line(columns, result);
    work_lines(columns, result);
    enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

/* --- JSON ------------------------------------------------------------------------------ */

static json_t *names_array(const struct flow *flow)
{
    json_t *array = json_array();
    for (size_t k = 0; k < flow->dim; k++)
        json_array_append_new(array, json_string(flow->names[k]));
    return array;
}

static json_t *limit_array(size_t dim, const double *limit)
{
    return limit ? json_vector(dim, limit) : json_null();
}

/* An inconclusive prediction has a source, which then tells why. */
json_t *run_result_predicted(const struct run_result *result)
{
    const struct prediction *prediction = result->prediction;
    bool conclusive = agreement_is_conclusive(prediction);
    bool limited = conclusive && agreement_has_limit(prediction);
    bool of_output = prediction->about == PREDICTION_OUTPUT;
    size_t count = of_output ? result->given->flow->outputs : result->given->dim;
    char source[LIST_TEXT];
    snprintf(source, sizeof source, "%s%s%s", prediction->source ? prediction->source : "",
             conclusive ? "" : "; inconclusive: ",
             conclusive || !prediction->reason ? "" : prediction->reason);
    json_t *object = json_object();
    json_object_set_new(object, "about", json_text(of_output ? "output" : "state"));
    json_object_set_new(object, "ending",
                        json_text(conclusive ? ending_name(prediction->ending) : NULL));
    json_object_set_new(object, "limit",
                        limit_array(count, limited ? result->predicted_limit : NULL));
    json_object_set_new(object, "rate", json_finite(prediction->rate));
    json_object_set_new(object, "multiplicity",
                        limited ? json_integer(prediction->multiplicity) : json_null());
    json_object_set_new(object, "source", json_text(source));
    json_object_set_new(object, "reason", json_text(prediction->reason));
    return object;
}

static json_t *integrals_array(const struct run_result *result)
{
    const struct flow *flow = result->given->flow;
    json_t *array = json_array();
    for (size_t k = 0; k < flow->conserved; k++) {
        json_t *object = json_object();
        json_object_set_new(object, "name", json_text(flow->claim[k].name));
        json_object_set_new(object, "drift", json_finite(result->outcome->drift[k]));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *truth(double value)
{
    return isnan(value) ? json_null() : json_boolean(value != 0);
}

/* Only what has a limit has evidence about it. */
static double of_limit(const struct outcome *outcome, double value)
{
    return outcome->has_limit ? value : NAN;
}

/* N0, ..., NL; null where there are none. */
static json_t *sizes_array(const struct problem *problem)
{
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    if (!problem_is_network(problem) || problem_sizes(problem, &count, sizes) != OK)
        return json_null();
    json_t *array = json_array();
    for (size_t k = 0; k < count; k++)
        json_array_append_new(array, json_integer((json_int_t)sizes[k]));
    return array;
}

static json_t *data_text(const struct problem_given *given)
{
    char text[LIST_TEXT];
    return given->moments.count ? json_text(problem_data(given, sizeof text, text)) : json_null();
}

static void statement_set(json_t *object, const struct run_result *result)
{
    const struct problem_given *given = result->given;
    const struct rule *rule = given->problem.rule;
    json_object_set_new(object, "system", json_text(given->problem.system->name));
    json_object_set_new(object, "rule", json_text(rule ? rule->name : NULL));
    json_object_set_new(object, "sizes", sizes_array(&given->problem));
    json_object_set_new(object, "data", data_text(given));
    json_object_set_new(object, "names", names_array(given->flow));
    json_object_set_new(object, "init", json_vector(given->dim, given->x0));
    json_t *parameters = problem_json(given), *plan = problem_json_plan(result->plan);
    json_object_update(parameters, plan);
    json_decref(plan);
    json_object_set_new(object, "parameters", parameters);
}

/* How many zero eigenvalues there are, and why. */
static json_t *neutral_object(const struct outcome *outcome)
{
    return json_pack("{s:I, s:I, s:I}", "integrals", (json_int_t)outcome->neutral_integrals,
                     "fixed", (json_int_t)outcome->neutral_fixed, "unexplained",
                     (json_int_t)outcome->neutral_unexplained);
}

/* The surface on which the run slides at its end, or null. */
static json_t *surface_text(const struct flow *flow, long k)
{
    char name[SURFACE_TEXT];
    return json_text(k == SWITCH_NONE ? NULL : switch_name(flow, (size_t)k, name));
}

/* The law of an algebraic approach or of growth; NULL: none is known. */
static const char *growth_word(const struct outcome *outcome)
{
    if (isnan(outcome->exponent))
        return NULL;
    if (isinf(outcome->exponent))
        return "exponential";
    return isfinite(outcome->log_slope) ? "logarithm" : "power";
}

/* The loss where the run ended; null where the flow has none. */
static json_t *loss_object(const struct run_result *result)
{
    const struct flow *flow = result->given->flow;
    const struct outcome *outcome = result->outcome;
    if (!flow->loss)
        return json_null();
    const double *x = outcome->has_limit ? outcome->limit : outcome->last;
    return json_pack("{so ss ss}", "value", json_finite(flow->loss(flow, x)), "at",
                     outcome->has_limit ? "limit" : "last", "of",
                     flow->whole_loss ? "whole" : "excess");
}

/* `aux` of an .ode file, where the run ended. */
static json_t *auxiliary_array(const struct run_result *result)
{
    const struct equations *equations = result->given->equations;
    json_t *array = json_array();
    for (size_t k = 0; result->auxiliary && k < equations->auxiliaries; k++)
        json_array_append_new(array, json_pack("{ss so ss}", "name", equations->auxiliary[k].name,
                                               "value", json_finite(result->auxiliary[k]), "at",
                                               result->outcome->has_limit ? "limit" : "last"));
    return array;
}

static void evidence_set(json_t *object, const struct run_result *result)
{
    const struct outcome *outcome = result->outcome;
    size_t dim = result->given->dim;
    json_object_set_new(object, "ending", json_text(ending_name(outcome->ending)));
    json_object_set_new(object, "t", json_finite(outcome->t));
    json_object_set_new(object, "limit",
                        limit_array(dim, outcome->has_limit ? outcome->limit : NULL));
    json_object_set_new(
        object, "output_limit",
        limit_array(result->given->flow->outputs, outcome->has_limit ? result->output : NULL));
    json_object_set_new(object, "last", json_vector(dim, outcome->last));
    if (result->given->equations)
        json_object_set_new(object, "auxiliary", auxiliary_array(result));
    json_object_set_new(object, "residual", json_finite(of_limit(outcome, outcome->residual)));
    json_object_set_new(object, "transverse_rate",
                        json_finite(of_limit(outcome, outcome->transverse_rate)));
    json_object_set_new(object, "neutral", neutral_object(outcome));
    json_object_set_new(object, "distance_bound",
                        json_finite(of_limit(outcome, outcome->distance_bound)));
    json_object_set_new(object, "integration_error", json_finite(outcome->integration_error));
    json_object_set_new(object, "predicted", run_result_predicted(result));
    json_object_set_new(object, "prediction_error", json_finite(result->agreement.deviation));
    json_object_set_new(object, "integrals", integrals_array(result));
    json_object_set_new(object, "global_minimum", truth(run_result_global_minimum(result)));
    json_object_set_new(object, "loss", loss_object(result));
    json_object_set_new(object, "period", json_finite(outcome->period));
    json_object_set_new(object, "blowup_time", json_finite(outcome->blowup_time));
    json_object_set_new(object, "growth", json_text(growth_word(outcome)));
    json_object_set_new(object, "exponent", json_finite(outcome->exponent));
    json_object_set_new(object, "log_slope", json_finite(outcome->log_slope));
    json_object_set_new(object, "sliding", surface_text(result->given->flow, outcome->sliding));
}

static void way_set(json_t *object, const struct sweep_result *way)
{
    json_object_set_new(object, "settling_time", json_finite(way->settling));
    json_object_set_new(object, "settling_time_error", json_finite(way->settling_error));
    json_object_set_new(object, "path_length", json_finite(way->path));
    json_object_set_new(object, "path_length_error", json_finite(way->path_error));
}

/* Only where --digits asks for it: what `settle prove` prints, and whether they agree. */
static json_t *exact_object(const struct run_result *result)
{
    const struct agreement agreement = exact_result_agreement(result->exact, result->outcome);
    json_t *object = exact_result_json(result->exact);
    json_object_set_new(object, "agrees",
                        agreement.kind == AGREEMENT_NONE
                            ? json_null()
                            : json_boolean(agreement.kind == AGREEMENT_HOLDS));
    return object;
}

json_t *run_result_json(const struct run_result *result)
{
    json_t *object = json_object();
    statement_set(object, result);
    evidence_set(object, result);
    way_set(object, result->way);
    json_object_set_new(object, "steps", json_integer((json_int_t)result->outcome->steps));
    json_object_set_new(object, "evaluations",
                        json_integer((json_int_t)result->outcome->evaluations));
    json_object_set_new(object, "seconds", json_finite(result->seconds));
    if (result->exact)
        json_object_set_new(object, "exact", exact_object(result));
    return object;
}

enum status run_result_print_json(const struct run_result *result, FILE *file)
{
    return json_print(run_result_json(result), file);
}
