/* The files of a comparison: the table of distances, the figure, and in the manifest what made them.
 *
 *   orders.tsv       eta, and each measured distance with its standard error (plots/orders.h)
 *   invariants.tsv   invariant, eta, the drift up to T
 *   verdicts.tsv     what was judged, its order and interval, the order expected, verdict, reason;
 *                    last the verdict on the whole */
#include "cli/compare.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "plots/orders.h"

#include <math.h>

enum { TEXT_LENGTH = 512 };

static const char INVARIANTS[] = "invariants.tsv", VERDICTS[] = "verdicts.tsv", FIGURE[] = "orders",
                  TABLE[] = "orders.tsv";

static const char
    FULL_CAPTION[] = "Distances are the largest along the path.",
    TRIALS_CAPTION[] =
        "Distances are the largest along the path; deviation and mean are at T.  Bars: "
        "standard errors.";

const char *compare_label(const struct comparison_order *order, char label[COMPARE_LABEL_MAX])
{
    if (isnan(order->order))
        snprintf(label, COMPARE_LABEL_MAX, "%s", order->expected.what);
    else
        snprintf(label, COMPARE_LABEL_MAX, "%s: %.3f (%g)", order->expected.what, order->order,
                 order->expected.order);
    return label;
}

double compare_error(const struct comparison *result, const struct comparison_step *step,
                     enum comparison_row row)
{
    const bool random = result->plan.trials.sampling != SAMPLING_ALL &&
                        result->plan.trials.sampling != SAMPLING_ORDERED &&
                        result->plan.trials.trials >= COMPARISON_TRIALS_LEAST;
    return row > COMPARISON_MODIFIED && random && isfinite(step->value[row]) ? step->error[row]
                                                                             : NAN;
}

static enum status drifts_save(const struct comparison *result, struct manifest *manifest)
{
    struct table *table = NULL;
    if (result->invariants == 0)
        return OK;
    TRY(table_open(manifest_directory(manifest), INVARIANTS, "invariant eta drift", &table));
    for (size_t claim = 0; claim < result->invariants; claim++)
        for (size_t k = 0; k < result->plan.etas; k++) {
            table_text(table, result->invariant[claim].name);
            table_number(table, result->step[k].eta);
            table_number(table, result->drift[k * result->invariants + claim].largest);
            table_end_row(table);
        }
    TRY(table_close(table));
    manifest_output(manifest, INVARIANTS);
    return OK;
}

static void verdict_row(struct table *table, const char *what, const struct comparison_order *order)
{
    table_text(table, what);
    table_number(table, order->order);
    table_number(table, order->low);
    table_number(table, order->high);
    table_number(table, order->expected.order);
    table_text(table, comparison_order_verdict(order->verdict));
    table_text(table, order->reason ? order->reason : "-");
    table_end_row(table);
}

/* A drift that is none has no order. */
static struct comparison_order order_of(const struct comparison_invariant *invariant)
{
    return invariant->exact ? (struct comparison_order){.expected = invariant->order.expected,
                                                        .order = NAN,
                                                        .low = NAN,
                                                        .high = NAN,
                                                        .verdict = COMPARISON_HOLDS,
                                                        .reason = "conserved by every step"}
                            : invariant->order;
}

static enum status verdicts_save(const struct comparison *result, struct manifest *manifest)
{
    struct table *table = NULL;
    char what[TEXT_LENGTH];
    TRY(table_open(manifest_directory(manifest), VERDICTS,
                   "distance order low high expected verdict reason", &table));
    for (size_t row = 0; row < COMPARISON_ROWS; row++)
        if (result->measured[row])
            verdict_row(table, result->row[row].expected.what, &result->row[row]);
    for (size_t k = 0; k < result->invariants; k++) {
        const struct comparison_order order = order_of(&result->invariant[k]);
        snprintf(what, sizeof what, "drift of %s", result->invariant[k].name);
        verdict_row(table, what, &order);
    }
    const struct comparison_order whole = {.expected = {.order = NAN},
                                           .order = NAN,
                                           .low = NAN,
                                           .high = NAN,
                                           .verdict = comparison_verdict(result)};
    verdict_row(table, "comparison", &whole);
    TRY(table_close(table));
    manifest_output(manifest, VERDICTS);
    return OK;
}

/* The numbers of one row, [etas]. */
struct column {
    double value[COMPARISON_ETAS_MOST], error[COMPARISON_ETAS_MOST];
};

static void series_fill(const struct comparison *result, size_t row, struct column *column,
                        struct orders_series *series)
{
    const struct comparison_order *order = &result->row[row];
    for (size_t k = 0; k < result->plan.etas; k++) {
        column->value[k] = result->step[k].value[row];
        column->error[k] = row <= COMPARISON_MODIFIED
                               ? 0
                               : compare_error(result, &result->step[k], (enum comparison_row)row);
    }
    *series = (struct orders_series){.column = comparison_row_name((enum comparison_row)row),
                                     .value = column->value,
                                     .error = column->error,
                                     .slope = order->order,
                                     .constant = order->constant,
                                     .first = order->first,
                                     .used = order->used,
                                     .expected = order->expected.order};
}

static enum status figure_save(const struct compare *compare, const char *directory)
{
    const struct comparison *result = compare->result;
    struct column column[COMPARISON_ROWS];
    char label[COMPARISON_ROWS][COMPARE_LABEL_MAX], batches[TEXT_LENGTH], parameters[TEXT_LENGTH];
    double eta[COMPARISON_ETAS_MOST];
    const struct comparison_trials *trials = &result->plan.trials;
    for (size_t k = 0; k < result->plan.etas; k++)
        eta[k] = result->step[k].eta;
    snprintf(batches, sizeof batches, "T = %g, %zu samples, batches of %zu, %zu trials",
             result->plan.horizon, result->system->count, trials->batch, trials->trials);
    if (trials->sampling == SAMPLING_ALL)
        snprintf(batches, sizeof batches, "T = %g, %zu samples, full batches", result->plan.horizon,
                 result->system->count);
    struct orders_figure figure = {
        .directory = directory,
        .name = FIGURE,
        .title = result->system->flow->title,
        .caption = {problem_parameters(&compare->given, sizeof parameters, parameters), batches,
                    trials->sampling == SAMPLING_ALL ? FULL_CAPTION : TRIALS_CAPTION},
        .count = result->plan.etas,
        .eta = eta};
    for (size_t row = 0; row < COMPARISON_ROWS; row++)
        if (result->measured[row]) {
            struct orders_series *series = &figure.list[figure.series++];
            series_fill(result, row, &column[row], series);
            series->label = compare_label(&result->row[row], label[row]);
        }
    return orders_draw(&figure);
}

enum status compare_save(const struct compare *compare, struct manifest *manifest)
{
    const struct comparison_trials *trials = &compare->plan.trials;
    manifest_problem(manifest, &compare->given);
    manifest_parameter(manifest, "sampling", json_string(compare_sampling_name(trials->sampling)));
    manifest_parameter(manifest, "batch", json_integer((json_int_t)trials->batch));
    manifest_parameter(manifest, "trials", json_integer((json_int_t)trials->trials));
    manifest_parameter(manifest, "seed", json_seed(trials->seed));
    manifest_parameter(manifest, "horizon", json_real(compare->plan.horizon));
    if (!compare->result)
        return OK;
    TRY(verdicts_save(compare->result, manifest));
    TRY(drifts_save(compare->result, manifest));
    const enum status drawn = figure_save(compare, manifest_directory(manifest));
    manifest_output(manifest, TABLE);
    TRY(drawing_finish(manifest, FIGURE, drawn));
    return compare_paths_save(compare, manifest);
}
