/* A comparison as text and as JSON. */
#include "cli/compare.h"

#include "cli/columns.h"
#include "cli/json.h"

#include <math.h>

enum { TEXT_LENGTH = 1024, INVARIANTS_SHOWN = 8, CELL_LENGTH = 64 };

static const double MANY_HALVES = 1e9; /* an interval wider than this says nothing */

/* ---- text ---- */

static void head_print(const struct compare *compare, FILE *file)
{
    char text[TEXT_LENGTH];
    const struct comparison_system *system = &compare->network->system;
    const struct comparison_trials *trials = &compare->plan.trials;
    fprintf(file, "%s\n  %s\n", compare->given.flow->title,
            problem_parameters(&compare->given, sizeof text, text));
    if (*problem_data(&compare->given, sizeof text, text))
        fprintf(file, "  %s\n", text);
    fprintf(file, "  %zu samples%s, T = %g", system->count,
            compare->network->made ? " made for the moments" : "", compare->plan.horizon);
    if (trials->sampling == SAMPLING_ALL)
        fprintf(file, ", full batches only\n");
    else
        fprintf(file, ", batches of %zu (%s), %zu trials with seed %llu\n", trials->batch,
                compare_sampling_name(trials->sampling), trials->trials,
                (unsigned long long)trials->seed);
    fprintf(file,
            "\nfields     the network's and the flow's differ by %.2g of their size at %zu "
            "states (bound %.1g): %s\n",
            compare->gap.worst, compare->gap.states, compare->gap.bound,
            compare->gap.worst <= compare->gap.bound ? "the same" : "not the same equations");
}

/* Trials one of which becomes infinite have no mean and no deviation either. */
static bool diverges(const struct comparison_step *step, enum comparison_row row)
{
    return isinf(step->value[row]) ||
           (row > COMPARISON_MODIFIED && isinf(step->value[COMPARISON_RMS]));
}

static void number_cell(struct columns *columns, const struct comparison *result,
                        const struct comparison_step *step, enum comparison_row row)
{
    const double value = step->value[row], error = compare_error(result, step, row);
    const bool random =
        row > COMPARISON_MODIFIED && result->plan.trials.sampling != SAMPLING_ORDERED && value > 0;
    if (diverges(step, row))
        columns_cell(columns, "diverges");
    else if (isnan(value))
        columns_cell(columns, "-");
    else if (error > 0)
        columns_cell(columns, "%.4g +- %.1g", value, error);
    else
        columns_cell(columns, random ? "%.4g +- -" : "%.4g", value);
}

static const char STEPS_LEGEND[] =
    "flow, modified: largest distance of full-batch steps from either, along the path\n";
static const char TRIALS_LEGEND[] = "deviation, bias: of the minibatch trials at T about their "
                                    "mean, and of that mean from the flow\n"
                                    "rms: of the largest distance from the flow along the path\n";

static enum status steps_print(const struct comparison *result, FILE *file)
{
    struct columns *columns = columns_create("rrlllll");
    columns_cell(columns, "eta");
    columns_cell(columns, "steps");
    for (size_t row = 0; row < COMPARISON_ROWS; row++)
        columns_cell(columns, "%s",
                     result->measured[row] ? comparison_row_name((enum comparison_row)row) : "");
    for (size_t k = 0; k < result->plan.etas; k++) {
        const struct comparison_step *step = &result->step[k];
        columns_cell(columns, "%.6g", step->eta);
        columns_cell(columns, "%zu", step->steps);
        for (size_t row = 0; row < COMPARISON_ROWS; row++)
            if (result->measured[row])
                number_cell(columns, result, step, (enum comparison_row)row);
            else
                columns_cell(columns, "%s", "");
    }
    fprintf(file, "\n");
    const enum status status = columns_print(columns, file);
    fputs(STEPS_LEGEND, file);
    if (result->plan.trials.sampling != SAMPLING_ALL)
        fputs(TRIALS_LEGEND, file);
    columns_free(columns);
    return status;
}

/* "1.016 [1.005, 1.027]" */
static void order_cells(struct columns *columns, const struct comparison_order *order)
{
    if (isnan(order->order))
        columns_cell(columns, "-");
    else if (order->high - order->low < MANY_HALVES)
        columns_cell(columns, "%.3f [%.3f, %.3f]", order->order, order->low, order->high);
    else
        columns_cell(columns, "%.3f", order->order);
}

static enum terminal_paint verdict_paint(enum comparison_verdict verdict)
{
    return verdict == COMPARISON_REFUTED ? TERMINAL_BAD
                                         : terminal_paint_of(comparison_order_verdict(verdict));
}

static void row_line(struct columns *columns, const struct comparison *result, size_t row)
{
    const struct comparison_order *order = &result->row[row];
    columns_cell(columns, "%s", order->expected.what);
    order_cells(columns, order);
    columns_cell(columns, "%g", order->expected.order);
    columns_cell(columns, "%zu of %zu", order->used, result->plan.etas);
    columns_cell(columns, "%s%s%s", comparison_order_verdict(order->verdict),
                 order->reason ? ": " : "", order->reason ? order->reason : "");
    columns_paint(columns, verdict_paint(order->verdict));
}

static enum status orders_print(const struct comparison *result, FILE *file)
{
    struct columns *columns = columns_create("llrrl");
    columns_cell(columns, "distance");
    columns_cell(columns, "order, 95 %% interval");
    columns_cell(columns, "expected");
    columns_cell(columns, "fitted");
    columns_cell(columns, "verdict");
    for (size_t row = 0; row < COMPARISON_ROWS; row++)
        if (result->measured[row])
            row_line(columns, result, row);
    fprintf(file, "\n");
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

static void invariant_line(struct columns *columns, const struct comparison_invariant *invariant)
{
    columns_cell(columns, "%s", invariant->name);
    if (invariant->exact)
        columns_cell(columns, "conserved by every step, to rounding");
    else
        order_cells(columns, &invariant->order);
    const enum comparison_verdict verdict =
        invariant->exact ? COMPARISON_HOLDS : invariant->order.verdict;
    columns_cell(columns, "%s", comparison_order_verdict(verdict));
    columns_paint(columns, verdict_paint(verdict));
    if (isnan(invariant->identity))
        columns_cell(columns, "%s", "");
    else
        columns_cell(columns, "each step adds eta^2 Q(f), to %.1g", invariant->identity);
}

static enum status invariants_print(const struct comparison *result, FILE *file)
{
    if (result->invariants == 0)
        return OK;
    struct columns *columns = columns_create("llll");
    columns_cell(columns, "conserved by the flow");
    columns_cell(columns, "order of its drift");
    columns_cell(columns, "verdict");
    columns_cell(columns, "%s", "");
    for (size_t k = 0; k < result->invariants && k < INVARIANTS_SHOWN; k++)
        invariant_line(columns, &result->invariant[k]);
    fprintf(file, "\n");
    const enum status status = columns_print(columns, file);
    if (result->invariants > INVARIANTS_SHOWN)
        fprintf(file, "... and %zu more\n", result->invariants - INVARIANTS_SHOWN);
    columns_free(columns);
    return status;
}

static double trace_of(const struct comparison_noise *noise)
{
    double trace = 0;
    for (size_t i = 0; i < noise->dim; i++)
        trace += noise->P[i * noise->dim + i];
    return trace;
}

static double length(size_t n, const double *x)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

static void theory_print(const struct comparison *result, FILE *file)
{
    const struct comparison_noise *noise = result->noise;
    const struct comparison_step *last = &result->step[result->plan.etas - 1];
    if (!noise || !isfinite(last->spread.deviation))
        return;
    fprintf(file, "theory     deviation/eta^(1/2) -> %.4g, measured %.4g", sqrt(trace_of(noise)),
            last->spread.deviation / sqrt(last->eta));
    if (last->spread.deviation_error > 0)
        fprintf(file, " +- %.1g", last->spread.deviation_error / sqrt(last->eta));
    fprintf(file, " at the smallest eta; full batch at T: distance/eta -> %.4g\n",
            length(noise->dim, noise->E));
}

/* Power iteration finds no lambda where the fastest direction turns. */
static void boundary_print(const struct comparison_ending *ending, FILE *file)
{
    fprintf(file, "; steps end there up to eta = %.6g", ending->largest);
    if (!isnan(ending->linear))
        fprintf(file, " (2/|lambda| at the limit: %.6g)", ending->linear);
    fprintf(file, ", where the rest is moved by %.2g\n", ending->shift);
}

static void escapes_print(const struct compare *compare, FILE *file)
{
    const size_t i = compare->trap;
    if (compare->escapes > 0)
        fprintf(file,
                "trap       the start lies in |a%zu| < |c%zu|, |c%zu| < |a%zu|, c%zu a%zu < 0, "
                "which the flow never leaves\n",
                i, i, i + 1, i + 1, i, i + 1);
    for (size_t k = 0; k < compare->escapes; k++) {
        const struct comparison_escape *escape = &compare->escape[k];
        if (escape->diverged)
            fprintf(file, "           eta = %g: the steps diverge after %zu of them\n", escape->eta,
                    escape->steps);
        else if (escape->steps < escape->most)
            fprintf(file,
                    "           eta = %g: rounding lets the steps out after %zu of them, "
                    "%.3g/eta^2\n",
                    escape->eta, escape->steps, (double)escape->steps * escape->eta * escape->eta);
        else
            fprintf(file, "           eta = %g: the steps have not learned after %zu of them\n",
                    escape->eta, escape->most);
    }
}

static void ending_print(const struct compare *compare, FILE *file)
{
    const struct comparison_ending *ending = &compare->ending;
    if (isnan(ending->largest) && ending->flow == ENDING_HORIZON) {
        fprintf(file, "ending     %s\n", ending->reason);
        return;
    }
    fprintf(file, "ending     of the flow: %s", ending_name(ending->flow));
    if (isnan(ending->largest))
        fprintf(file, " (%s)\n", ending->reason);
    else if (ending->reason)
        fprintf(file, "; %s, up to eta = %.6g\n", ending->reason, ending->largest);
    else
        boundary_print(ending, file);
    escapes_print(compare, file);
}

enum status compare_print(const struct compare *compare, FILE *file)
{
    const struct comparison *result = compare->result;
    head_print(compare, file);
    if (!result)
        return OK;
    fprintf(file,
            "reference  local errors sum up to %.2g, rk8pd differs by %.2g at T; the weights "
            "move by %.4g\n",
            result->reference_error, result->reference_distance, result->moved);
    TRY(steps_print(result, file));
    TRY(orders_print(result, file));
    TRY(invariants_print(result, file));
    fprintf(file, "\n");
    theory_print(result, file);
    ending_print(compare, file);
    fprintf(file, "verdict    %s (%.2g s)\n", comparison_order_verdict(comparison_verdict(result)),
            compare->seconds);
    return OK;
}

/* ---- JSON ---- */

static json_t *order_json(const struct comparison_order *order)
{
    json_t *json = json_object();
    json_object_set_new(json, "order", json_finite(order->order));
    json_object_set_new(json, "order_low", json_finite(order->low));
    json_object_set_new(json, "order_high", json_finite(order->high));
    json_object_set_new(json, "expected_order", json_finite(order->expected.order));
    json_object_set_new(json, "bound", json_finite(order->expected.bound));
    json_object_set_new(json, "constant", json_finite(order->constant));
    json_object_set_new(json, "fitted", json_integer((json_int_t)order->used));
    json_object_set_new(json, "verdict", json_text(comparison_order_verdict(order->verdict)));
    json_object_set_new(json, "reason", json_text(order->reason));
    return json;
}

static json_t *step_json(const struct compare *compare, const struct comparison_step *step)
{
    char error[CELL_LENGTH];
    json_t *json = json_object();
    json_object_set_new(json, "eta", json_finite(step->eta));
    json_object_set_new(json, "n", json_integer((json_int_t)step->steps));
    json_object_set_new(json, "sup_distance", json_finite(step->value[compare->first]));
    for (size_t row = 0; row < COMPARISON_ROWS; row++) {
        const char *name = comparison_row_name((enum comparison_row)row);
        json_object_set_new(json, name, json_finite(step->value[row]));
        snprintf(error, sizeof error, "%s_error", name);
        if (row > COMPARISON_MODIFIED)
            json_object_set_new(
                json, error,
                json_finite(compare_error(compare->result, step, (enum comparison_row)row)));
    }
    return json;
}

static json_t *rows_json(const struct comparison *result)
{
    json_t *json = json_object();
    for (size_t row = 0; row < COMPARISON_ROWS; row++)
        if (result->measured[row])
            json_object_set_new(json, comparison_row_name((enum comparison_row)row),
                                order_json(&result->row[row]));
    return json;
}

static json_t *invariants_json(const struct comparison *result)
{
    json_t *list = json_array();
    for (size_t k = 0; k < result->invariants; k++) {
        const struct comparison_invariant *invariant = &result->invariant[k];
        json_t *json = invariant->exact ? json_object() : order_json(&invariant->order);
        json_object_set_new(json, "name", json_text(invariant->name));
        json_object_set_new(json, "exact", json_boolean(invariant->exact));
        json_object_set_new(json, "step_identity", json_finite(invariant->identity));
        json_array_append_new(list, json);
    }
    return list;
}

static json_t *theory_json(const struct comparison_noise *noise)
{
    if (!noise)
        return json_null();
    json_t *json = json_object();
    json_object_set_new(json, "mean", json_vector(noise->dim, noise->mean));
    json_object_set_new(json, "covariance", json_vector(noise->dim * noise->dim, noise->P));
    json_object_set_new(json, "full_batch", json_vector(noise->dim, noise->E));
    json_object_set_new(json, "drift", json_vector(noise->dim, noise->m));
    return json;
}

static json_t *ending_json(const struct compare *compare)
{
    const struct comparison_ending *ending = &compare->ending;
    json_t *json = json_object(), *escapes = json_array();
    json_object_set_new(json, "flow", json_text(ending_name(ending->flow)));
    json_object_set_new(json, "largest_eta", json_finite(ending->largest));
    json_object_set_new(json, "fails_at", json_finite(ending->fails));
    json_object_set_new(json, "linear_bound", json_finite(ending->linear));
    json_object_set_new(json, "shift", json_finite(ending->shift));
    json_object_set_new(json, "reason", json_text(ending->reason));
    for (size_t k = 0; k < compare->escapes; k++) {
        const struct comparison_escape *escape = &compare->escape[k];
        json_t *one = json_object();
        json_object_set_new(one, "eta", json_finite(escape->eta));
        json_object_set_new(one, "steps",
                            escape->steps < escape->most ? json_integer((json_int_t)escape->steps)
                                                         : json_null());
        json_object_set_new(one, "diverged", json_boolean(escape->diverged));
        json_array_append_new(escapes, one);
    }
    json_object_set_new(json, "escapes", escapes);
    return json;
}

static json_t *head_json(const struct compare *compare)
{
    const struct comparison_trials *trials = &compare->plan.trials;
    const struct problem *problem = &compare->given.problem;
    json_t *json = json_object(), *fields = json_object();
    json_object_set_new(json, "system", json_text(problem->system->name));
    json_object_set_new(json, "rule", json_text(problem->rule->name));
    json_object_set_new(json, "samples", json_integer((json_int_t)compare->network->system.count));
    json_object_set_new(json, "samples_made", json_boolean(compare->network->made));
    json_object_set_new(json, "horizon", json_finite(compare->plan.horizon));
    json_object_set_new(json, "sampling", json_text(compare_sampling_name(trials->sampling)));
    json_object_set_new(json, "batch", json_integer((json_int_t)trials->batch));
    json_object_set_new(json, "trials", json_integer((json_int_t)trials->trials));
    json_object_set_new(json, "seed", json_seed(trials->seed));
    json_object_set_new(fields, "states", json_integer((json_int_t)compare->gap.states));
    json_object_set_new(fields, "worst", json_finite(compare->gap.worst));
    json_object_set_new(fields, "bound", json_finite(compare->gap.bound));
    json_object_set_new(fields, "same", json_boolean(compare->gap.worst <= compare->gap.bound));
    json_object_set_new(json, "fields", fields);
    return json;
}

static void result_add(const struct compare *compare, json_t *json)
{
    const struct comparison *result = compare->result;
    const struct comparison_order *first = &result->row[compare->first];
    json_t *steps = json_array();
    for (size_t k = 0; k < result->plan.etas; k++)
        json_array_append_new(steps, step_json(compare, &result->step[k]));
    json_object_set_new(json, "steps", steps);
    json_object_set_new(json, "against", json_text(comparison_row_name(compare->first)));
    json_object_set_new(json, "order", json_finite(first->order));
    json_object_set_new(json, "order_low", json_finite(first->low));
    json_object_set_new(json, "order_high", json_finite(first->high));
    json_object_set_new(json, "expected_order", json_finite(first->expected.order));
    json_object_set_new(json, "orders", rows_json(result));
    json_object_set_new(json, "reference_error",
                        json_finite(fmax(result->reference_error, result->reference_distance)));
    json_object_set_new(json, "moved", json_finite(result->moved));
    json_object_set_new(json, "invariants", invariants_json(result));
    json_object_set_new(json, "theory", theory_json(result->noise));
    json_object_set_new(json, "ending", ending_json(compare));
    json_object_set_new(json, "verdict",
                        json_text(comparison_order_verdict(comparison_verdict(result))));
}

enum status compare_print_json(const struct compare *compare, FILE *file)
{
    json_t *json = head_json(compare);
    if (compare->result)
        result_add(compare, json);
    else
        json_object_set_new(json, "verdict", json_text("refuted"));
    json_object_set_new(json, "seconds", json_finite(compare->seconds));
    return json_print(json, file);
}
