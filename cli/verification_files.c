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

enum { CAPTION_LENGTH = 256, FILE_LENGTH = 64 };

static const double GOLDEN_RATIO = 0.61803398874989485;
static const double SHOWN_MOST = 80; /* dots per theorem: more only make the pictures heavy */

/* A rate is a number expected to be the transverse eigenvalue, to the polish of the limit. */
static const double RATE_IDENTITY = 1e-6;

static const double SAME_VALUE = 1e-9; /* of exponents, which are fractions */

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

/* --- what trials measure ------------------------------------------------------------------ */

static bool is_rate(const struct store_trial *trial)
{
    return isfinite(trial->measured) && trial->measured != 0 && isfinite(trial->expected) &&
           trial->expected != 0 &&
           fabs(trial->expected - trial->transverse_rate) <= RATE_IDENTITY * fabs(trial->expected);
}

/* Rates are read off a tail and bounded loosely; a tight bound tells of a computed spectrum. */
static bool is_rate_of(const struct summary *summary, const struct store_trial *trial)
{
    return summary->theorem->bound >= RATE_BOUND_LEAST && is_rate(trial);
}

static bool is_exponent_of(const struct summary *summary, const struct store_trial *trial)
{
    return summary->theorem->measures == THEOREM_MEASURES_EXPONENTS && isfinite(trial->measured) &&
           isfinite(trial->expected);
}

/* --- pairs of predicted and measured numbers: rates.tsv, exponents.tsv --------------------- */

/* A table of pairs being written. */
struct pairs {
    const char *name, *title; /* of the figure */
    bool (*holds)(const struct summary *summary, const struct store_trial *trial);
    enum status (*draw)(const struct verification_pairs *pairs);
    bool relative; /* rates are compared by their ratio and shown by their moduli */
    struct table *table;
    const char **theorem; /* theorem[count]: ids, in the order of the blocks */
    size_t count;
    double predicted[2], difference[2]; /* ranges of what is drawn */
    size_t values;                      /* distinct predicted numbers, and the first of them */
    double value[VERIFICATION_VALUES_MOST];
};

static void range_extend(double range[2], double value)
{
    range[0] = fmin(range[0], value);
    range[1] = fmax(range[1], value);
}

/* Keeps the values in their order; of too many of them only how many there are. */
static void value_note(struct pairs *pairs, double value)
{
    size_t k = 0;
    const size_t kept =
        pairs->values < VERIFICATION_VALUES_MOST ? pairs->values : VERIFICATION_VALUES_MOST;
    while (k < kept && pairs->value[k] < value - SAME_VALUE)
        k++;
    if (k < kept && pairs->value[k] <= value + SAME_VALUE)
        return;
    if (pairs->values++ >= VERIFICATION_VALUES_MOST)
        return;
    for (size_t j = pairs->values - 1; j > k; j--)
        pairs->value[j] = pairs->value[j - 1];
    pairs->value[k] = value;
}

static void pair_note(struct pairs *pairs, const struct store_trial *trial)
{
    const double offset = fabs(trial->measured - trial->expected),
                 difference = pairs->relative ? offset / fabs(trial->expected) : offset;
    range_extend(pairs->predicted, pairs->relative ? fabs(trial->expected) : trial->expected);
    value_note(pairs, trial->expected);
    if (difference > verification_difference_least)
        range_extend(pairs->difference, difference);
}

static bool has_pairs(const struct pairs *pairs, const struct summary *summary,
                      const struct trials *trials)
{
    for (size_t k = 0; k < trials->count; k++)
        if (pairs->holds(summary, &trials->trial[k]))
            return true;
    return false;
}

static void pairs_rows(struct pairs *pairs, const struct summary *summary,
                       const struct trials *trials)
{
    if (!has_pairs(pairs, summary, trials))
        return;
    if (pairs->count) {
        table_blank(pairs->table);
        table_blank(pairs->table);
    }
    pairs->theorem[pairs->count++] = summary->theorem->id;
    for (size_t k = 0; k < trials->count; k++) {
        const struct store_trial *trial = &trials->trial[k];
        const bool shown = is_shown(k, trials->count);
        if (!pairs->holds(summary, trial))
            continue;
        if (shown)
            pair_note(pairs, trial);
        table_text(pairs->table, summary->theorem->id);
        table_number(pairs->table, trial->expected);
        table_number(pairs->table, trial->measured);
        table_number(pairs->table, shown);
        table_end_row(pairs->table);
    }
}

/* --- all tables, theorem by theorem -------------------------------------------------------- */

enum { PAIRS = 2 };

struct writing {
    const struct summaries *summaries;
    struct store *store;
    struct table *limits;
    const char **in_limits; /* ids of the theorems in it */
    size_t limits_count;
    struct pairs pairs[PAIRS];
};

static enum status theorem_write(struct writing *writing, const struct summary *summary)
{
    struct trials trials;
    TRY(trials_read(writing->store, summary, &trials));
    if (has_deviations(summary, &trials)) {
        writing->in_limits[writing->limits_count++] = summary->theorem->id;
        limits_rows(writing->limits, summary, writing->limits_count, &trials);
    }
    for (size_t k = 0; k < PAIRS; k++)
        pairs_rows(&writing->pairs[k], summary, &trials);
    free(trials.trial);
    return OK;
}

static enum status theorems_write(struct writing *writing)
{
    for (size_t k = 0; k < writing->summaries->count; k++)
        TRY(theorem_write(writing, &writing->summaries->summary[k]));
    return OK;
}

static enum status tables_open(struct writing *writing, const char *directory)
{
    char file[FILE_LENGTH];
    TRY(table_open(directory, "limits.tsv", "order theorem deviation bound shown",
                   &writing->limits));
    for (size_t k = 0; k < PAIRS; k++) {
        snprintf(file, sizeof file, "%s.tsv", writing->pairs[k].name);
        TRY(table_open(directory, file, "theorem predicted measured shown",
                       &writing->pairs[k].table));
    }
    return OK;
}

/* Closed tables are NULL. */
static enum status table_finish(struct table **table)
{
    struct table *open = *table;
    *table = NULL;
    return table_close(open);
}

static enum status tables_finish(struct writing *writing)
{
    TRY(table_finish(&writing->limits));
    for (size_t k = 0; k < PAIRS; k++)
        TRY(table_finish(&writing->pairs[k].table));
    return OK;
}

static enum status tables_write(struct writing *writing, const char *directory)
{
    enum status status = tables_open(writing, directory);
    if (status == OK)
        status = theorems_write(writing);
    if (status == OK)
        status = tables_finish(writing);
    table_discard(writing->limits);
    for (size_t k = 0; k < PAIRS; k++)
        table_discard(writing->pairs[k].table);
    return status;
}

/* --- figures --------------------------------------------------------------------------- */

static enum status pairs_figure(const struct pairs *pairs, const struct verification_figure *figure,
                                struct manifest *manifest)
{
    struct verification_pairs all = {.figure = *figure};
    if (!(pairs->predicted[1] > -INFINITY))
        return OK;
    all.figure.title = pairs->title;
    all.figure.theorems = pairs->count;
    all.figure.theorem = pairs->theorem;
    for (size_t k = 0; k < 2; k++) {
        all.predicted[k] = pairs->predicted[k];
        all.difference[k] = pairs->difference[1] > 0 ? pairs->difference[k] : 0;
    }
    all.values = pairs->values <= VERIFICATION_VALUES_MOST ? pairs->values : 0;
    for (size_t k = 0; k < all.values; k++)
        all.value[k] = pairs->value[k];
    return drawing_finish(manifest, pairs->name, pairs->draw(&all));
}

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
    for (size_t k = 0; k < PAIRS; k++)
        TRY(pairs_figure(&writing->pairs[k], &figure, manifest));
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
    manifest_output(manifest, "exponents.tsv");
    return figures_draw(writing, plan, manifest);
}

static const struct pairs pairs_kinds[PAIRS] = {
    {.name = "rates",
     .title = "measured against predicted rates",
     .holds = is_rate_of,
     .draw = verification_rates_draw,
     .relative = true,
     .predicted = {INFINITY, -INFINITY},
     .difference = {INFINITY, -INFINITY}},
    {.name = "exponents",
     .title = "measured against predicted exponents",
     .holds = is_exponent_of,
     .draw = verification_exponents_draw,
     .predicted = {INFINITY, -INFINITY},
     .difference = {INFINITY, -INFINITY}},
};

enum status verification_files_save(const struct summaries *summaries, struct store *store,
                                    const struct verify_plan *plan, struct manifest *manifest)
{
    struct writing writing = {.summaries = summaries, .store = store};
    const size_t room = summaries->count + 1;
    writing.in_limits = calloc((PAIRS + 1) * room, sizeof *writing.in_limits);
    if (!writing.in_limits)
        return status_fail(NO_MEMORY, "no memory for %zu theorems", summaries->count);
    for (size_t k = 0; k < PAIRS; k++) {
        writing.pairs[k] = pairs_kinds[k];
        writing.pairs[k].theorem = writing.in_limits + (k + 1) * room;
    }
    const enum status status = files_write(&writing, plan, manifest);
    free(writing.in_limits);
    return status;
}

enum status verification_files_verdicts(const struct summaries *summaries,
                                        struct manifest *manifest)
{
    TRY(theorems_save(summaries, manifest_directory(manifest)));
    manifest_output(manifest, "theorems.tsv");
    return OK;
}
