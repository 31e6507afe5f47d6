/* The tables and figures of a verification, made from its store.
 *
 * Everything is read back from the store and not from memory, so theorems that an earlier run has
 * saved are treated like those of this one.  Seconds stay out of the tables: they are no result. */
#include "cli/verification_files.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "plots/verification.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { CAPTION_LENGTH = 256 };

static const double GOLDEN_RATIO = 0.61803398874989485;
static const double SHOWN_MOST = 80; /* dots per theorem: more only make the pictures heavy */

/* A rate is a number expected to be the transverse eigenvalue, to the polish of the limit. */
static const double RATE_IDENTITY = 1e-6;

static const double RATE_BOUND_LEAST = 1e-4;

/* The trials of one theorem. */
struct trials {
    size_t count, capacity;
    struct store_trial *trial; /* trial[count] */
};

static void trials_take(void *context, const struct store_trial *trial)
{
    struct trials *trials = context;
    if (trials->count < trials->capacity)
        trials->trial[trials->count++] = *trial;
}

static enum status trials_read(struct store *store, const struct summary *summary,
                               struct trials *trials)
{
    *trials = (struct trials){.capacity = summary->trials};
    trials->trial = calloc(summary->trials + 1, sizeof *trials->trial);
    if (!trials->trial)
        return status_fail(NO_MEMORY, "no memory for %zu trials", summary->trials);
    enum status status = store_trials(store, summary->theorem->id, trials_take, trials);
    if (status != OK)
        free(trials->trial);
    return status;
}

/* --- theorems.tsv ---------------------------------------------------------------------- */

static enum status theorems_save(const struct summaries *summaries, const char *directory)
{
    struct table *table;
    TRY(table_open(
        directory, "theorems.tsv",
        "id verdict recorded trials failures undecided trajectories worst bound "
        "failure_measure_below control swept settled both disagreements exact exact_disagree "
        "proved_by certificate witness",
        &table));
    for (size_t k = 0; k < summaries->count; k++) {
        const struct summary *summary = &summaries->summary[k];
        table_text(table, summary->theorem->id);
        table_text(table, verdict_name(summary->verdict));
        table_text(table, verdict_name(summary->theorem->recorded));
        const double numbers[] = {(double)summary->trials,
                                  (double)summary->failures,
                                  (double)summary->undecided,
                                  (double)summary->trajectories,
                                  summary->worst,
                                  summary->theorem->bound,
                                  summary->failure_measure_below};
        for (size_t j = 0; j < sizeof numbers / sizeof *numbers; j++)
            table_number(table, numbers[j]);
        table_text(table, verdict_name(summary->control));
        const struct verify_sample *sample = &summary->sample;
        table_number(table, (double)sample->starts);
        table_number(table, (double)sample->settled);
        table_number(table, (double)sample->both);
        table_number(table, (double)sample->disagreements);
        table_number(table, (double)summary->exact.asked);
        table_number(table, (double)summary->exact.disagree);
        table_text(table, summary_proved_by(summary) ? summary_proved_by(summary) : "-");
        table_text(table, *summary->certificate ? summary->certificate : "-");
        table_text(table, *summary->witness ? summary->witness : "-");
        table_end_row(table);
    }
    return table_close(table);
}

/* --- limits.tsv ------------------------------------------------------------------------ */

static size_t worst_of(const struct trials *trials)
{
    size_t worst = 0;
    for (size_t k = 0; k < trials->count; k++)
        if (!(trials->trial[k].deviation <= trials->trial[worst].deviation) &&
            !isnan(trials->trial[k].deviation))
            worst = k;
    return worst;
}

/* Is trial k one of the about SHOWN_MOST that are drawn?  Fractional parts of k times the golden
 * ratio, since samplers alternate kinds of instances with a period. */
static bool is_shown(size_t k, size_t count)
{
    double share = GOLDEN_RATIO * (double)k;
    return (share - floor(share)) * (double)count < SHOWN_MOST;
}

/* All deviations; about SHOWN_MOST, among them the worst, are marked to be drawn. */
static void limits_rows(struct table *table, const struct summary *summary, size_t order,
                        const struct trials *trials)
{
    size_t worst = worst_of(trials);
    for (size_t k = 0; k < trials->count; k++) {
        if (!isfinite(trials->trial[k].deviation))
            continue;
        table_number(table, (double)order);
        table_text(table, summary->theorem->id);
        table_number(table, trials->trial[k].deviation);
        table_number(table, summary->theorem->bound);
        table_number(table, is_shown(k, trials->count) || k == worst);
        table_end_row(table);
    }
}

/* A theorem with no bound asks a question of yes or no. */
static bool has_deviations(const struct summary *summary, const struct trials *trials)
{
    for (size_t k = 0; summary->theorem->bound > 0 && k < trials->count; k++)
        if (isfinite(trials->trial[k].deviation))
            return true;
    return false;
}

/* --- rates.tsv ------------------------------------------------------------------------- */

static bool is_rate(const struct store_trial *trial)
{
    return isfinite(trial->measured) && trial->measured != 0 && isfinite(trial->expected) &&
           trial->expected != 0 &&
           fabs(trial->expected - trial->transverse_rate) <= RATE_IDENTITY * fabs(trial->expected);
}

/* Rates are read off a tail and bounded loosely; a tight bound tells of a computed spectrum. */
static bool has_rates(const struct summary *summary, const struct trials *trials)
{
    for (size_t k = 0; summary->theorem->bound >= RATE_BOUND_LEAST && k < trials->count; k++)
        if (is_rate(&trials->trial[k]))
            return true;
    return false;
}

static void rates_rows(struct table *table, const struct summary *summary,
                       const struct trials *trials)
{
    for (size_t k = 0; k < trials->count; k++) {
        if (!is_rate(&trials->trial[k]))
            continue;
        table_text(table, summary->theorem->id);
        table_number(table, trials->trial[k].expected);
        table_number(table, trials->trial[k].measured);
        table_number(table, is_shown(k, trials->count));
        table_end_row(table);
    }
}

/* --- both tables, theorem by theorem ---------------------------------------------------- */

struct writing {
    const struct summaries *summaries;
    struct store *store;
    struct table *limits, *rates;
    const char **in_limits, **in_rates; /* ids of the theorems in each */
    size_t limits_count, rates_count;
};

static enum status theorem_write(struct writing *writing, const struct summary *summary)
{
    struct trials trials;
    TRY(trials_read(writing->store, summary, &trials));
    if (has_deviations(summary, &trials)) {
        writing->in_limits[writing->limits_count++] = summary->theorem->id;
        limits_rows(writing->limits, summary, writing->limits_count, &trials);
    }
    if (has_rates(summary, &trials)) {
        if (writing->rates_count) {
            table_blank(writing->rates);
            table_blank(writing->rates);
        }
        writing->in_rates[writing->rates_count++] = summary->theorem->id;
        rates_rows(writing->rates, summary, &trials);
    }
    free(trials.trial);
    return OK;
}

static enum status theorems_write(struct writing *writing)
{
    for (size_t k = 0; k < writing->summaries->count; k++)
        TRY(theorem_write(writing, &writing->summaries->summary[k]));
    return OK;
}

static enum status tables_write(struct writing *writing, const char *directory)
{
    TRY(table_open(directory, "limits.tsv", "order theorem deviation bound shown",
                   &writing->limits));
    enum status status =
        table_open(directory, "rates.tsv", "theorem predicted measured shown", &writing->rates);
    if (status == OK)
        status = theorems_write(writing);
    if (status != OK) {
        table_discard(writing->limits);
        table_discard(writing->rates);
        return status;
    }
    status = table_close(writing->limits);
    if (status != OK) {
        table_discard(writing->rates);
        return status;
    }
    return table_close(writing->rates);
}

/* --- figures --------------------------------------------------------------------------- */

static enum status figures_draw(const struct writing *writing, const struct verify_plan *plan,
                                struct manifest *manifest)
{
    char caption[CAPTION_LENGTH];
    snprintf(caption, sizeof caption, "%s, rtol %g, atol %g; seed %" PRIu64,
             options_method_title(plan->plan.method), plan->plan.rtol, plan->plan.atol, plan->seed);
    struct verification_figure figure = {.directory = manifest_directory(manifest),
                                         .caption = caption};
    if (writing->limits_count) {
        figure.title = "deviation of the trials from the prediction";
        figure.theorems = writing->limits_count;
        figure.theorem = writing->in_limits;
        TRY(drawing_finish(manifest, "limits", verification_limits_draw(&figure)));
    }
    if (writing->rates_count) {
        figure.title = "measured against predicted rates";
        figure.theorems = writing->rates_count;
        figure.theorem = writing->in_rates;
        TRY(drawing_finish(manifest, "rates", verification_rates_draw(&figure)));
    }
    return OK;
}

static enum status files_write(struct writing *writing, const struct verify_plan *plan,
                               struct manifest *manifest)
{
    TRY(theorems_save(writing->summaries, manifest_directory(manifest)));
    TRY(tables_write(writing, manifest_directory(manifest)));
    manifest_output(manifest, "theorems.tsv");
    manifest_output(manifest, "limits.tsv");
    manifest_output(manifest, "rates.tsv");
    return figures_draw(writing, plan, manifest);
}

enum status verification_files_save(const struct summaries *summaries, struct store *store,
                                    const struct verify_plan *plan, struct manifest *manifest)
{
    struct writing writing = {.summaries = summaries, .store = store};
    writing.in_limits = calloc(summaries->count + 1, sizeof *writing.in_limits);
    writing.in_rates = calloc(summaries->count + 1, sizeof *writing.in_rates);
    enum status status;
    if (writing.in_limits && writing.in_rates)
        status = files_write(&writing, plan, manifest);
    else
        status = status_fail(NO_MEMORY, "no memory for %zu theorems", summaries->count);
    free(writing.in_limits);
    free(writing.in_rates);
    return status;
}
