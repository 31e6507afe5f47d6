/* The table of verdicts.
 *
 * A published statement that is on record as false and is refuted as recorded is a result, not a
 * failure; what fails is a verdict that differs from the record.  A control that is not refuted
 * fails too: a check that cannot fail proves nothing. */
#include "cli/summary.h"

#include "cli/columns.h"
#include "cli/json.h"

#include <math.h>
#include <string.h>

static const double PERCENT = 100;

enum status summary_of(const struct verified *verified, struct summary *summary)
{
    *summary = (struct summary){.theorem = verified->theorem,
                                .verdict = verified->verdict,
                                .control = verified->control,
                                .trials = verified->trials,
                                .instances = verified->instances,
                                .failures = verified->failures,
                                .undecided = verified->undecided,
                                .trajectories = verified->trajectories,
                                .worst = verified->worst,
                                .failure_measure_below = verified->failure_measure_below,
                                .seconds = verified->seconds,
                                .sample = verified->sample,
                                .exact = verified->exact,
                                .proof = verified->proof};
    summary->sample.rows = 0;
    summary->sample.row = NULL;
    snprintf(summary->reason, sizeof summary->reason, "%s", verified->reason);
    snprintf(summary->control_reason, sizeof summary->control_reason, "%s",
             verified->control_reason);
    if (!verified->has_witness)
        return OK;
    return instance_command(&verified->witness, sizeof summary->witness, summary->witness);
}

const char *summary_proved_by(const struct summary *summary)
{
    return summary->proof.verdict == VERDICT_UNDECIDED || !summary->theorem->proof
               ? NULL
               : summary->theorem->proof->label;
}

bool summary_is_as_recorded(const struct summary *summary)
{
    return summary->verdict == summary->theorem->recorded && summary->control == VERDICT_REFUTED;
}

enum exit_code summary_exit(const struct summaries *summaries)
{
    bool differs = false, undecided = summaries->count < summaries->requested;
    for (size_t k = 0; k < summaries->count; k++) {
        const struct summary *summary = &summaries->summary[k];
        bool open = summary->verdict == VERDICT_UNDECIDED &&
                    summary->theorem->recorded != VERDICT_UNDECIDED;
        open |= summary->control == VERDICT_UNDECIDED;
        undecided |= open;
        differs |= !open && !summary_is_as_recorded(summary);
    }
    if (differs)
        return EXIT_REFUTED;
    return undecided ? EXIT_UNDECIDED : EXIT_HOLDS;
}

/* --- text ------------------------------------------------------------------------------ */

static void number_cell(struct columns *columns, const char *format, double value)
{
    char text[32];
    snprintf(text, sizeof text, format, value);
    columns_cell(columns, "%s", isfinite(value) ? text : "-");
}

/* "-" for a theorem without a sweep. */
static void count_cell(struct columns *columns, size_t starts, size_t count)
{
    if (starts > 0)
        columns_cell(columns, "%zu", count);
    else
        columns_cell(columns, "-");
}

/* Red is what is refuted against the record. */
static enum terminal_paint verdict_paint(const struct summary *summary)
{
    if (summary->verdict == VERDICT_REFUTED && summary->theorem->recorded != VERDICT_REFUTED)
        return TERMINAL_BAD;
    return terminal_paint_of(verdict_name(summary->verdict));
}

static void control_cell(struct columns *columns, const struct summary *summary)
{
    columns_cell(columns, "%s", verdict_name(summary->control));
    columns_paint(columns, summary->control == VERDICT_REFUTED     ? TERMINAL_PLAIN
                           : summary->control == VERDICT_UNDECIDED ? TERMINAL_DOUBT
                                                                   : TERMINAL_BAD);
}

static void row_cells(struct columns *columns, const struct summary *summary)
{
    const struct theorem *theorem = summary->theorem;
    columns_cell(columns, "%s", theorem->id);
    columns_cell(columns, "%s", verdict_name(summary->verdict));
    columns_paint(columns, verdict_paint(summary));
    columns_cell(columns, "%s", summary_proved_by(summary) ? summary_proved_by(summary) : "-");
    columns_cell(columns, "%s", summary_is_as_recorded(summary) ? "as recorded" : "DIFFERS");
    columns_paint(columns, summary_is_as_recorded(summary) ? TERMINAL_PLAIN : TERMINAL_BAD);
    columns_cell(columns, "%zu", summary->trials);
    count_cell(columns, summary->sample.starts, summary->sample.starts);
    count_cell(columns, summary->sample.starts, summary->sample.both);
    columns_cell(columns, "%zu", summary->failures);
    columns_cell(columns, "%zu", summary->undecided);
    number_cell(columns, "%.1e", summary->worst);
    number_cell(columns, "%.1e", theorem->bound > 0 ? theorem->bound : NAN); /* 0: a yes or no */
    number_cell(columns, "%.2g", summary->failure_measure_below);
    control_cell(columns, summary);
}

static enum status table_print(const struct summaries *summaries, FILE *file)
{
    static const char *const heads[] = {"theorem", "verdict",   "by",       "record",    "trials",
                                        "swept",   "both",      "failures", "undecided", "worst",
                                        "bound",   "measure <", "control"};
    struct columns *columns = columns_create("llllrrrrrrrrl");
    for (size_t k = 0; k < sizeof heads / sizeof *heads; k++)
        columns_cell(columns, "%s", heads[k]);
    for (size_t k = 0; k < summaries->count; k++)
        row_cells(columns, &summaries->summary[k]);
    enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

/* A witness is one command; what differs from the record is explained. */
static void remarks_print(const struct summaries *summaries, FILE *file)
{
    for (size_t k = 0; k < summaries->count; k++) {
        const struct summary *summary = &summaries->summary[k];
        const struct theorem *theorem = summary->theorem;
        bool refuted = summary->verdict == VERDICT_REFUTED;
        bool differs = !summary_is_as_recorded(summary);
        if (!refuted && !differs)
            continue;
        fprintf(file, "\n%s: %s\n  hypotheses: %s\n", theorem->id, theorem->statement,
                theorem->hypotheses);
        if (differs)
            fprintf(file, "  on record: %s; control (%s): %s%s%s\n",
                    verdict_name(theorem->recorded), theorem->control.what,
                    verdict_name(summary->control), *summary->control_reason ? ", " : "",
                    summary->control_reason);
        if (*summary->reason)
            fprintf(file, "  %s: %s\n", refuted ? "refuted" : "found", summary->reason);
        if (*summary->witness)
            fprintf(file, "  witness: %s\n", summary->witness);
    }
}

static size_t trajectories_of(const struct summaries *summaries)
{
    size_t sum = 0;
    for (size_t k = 0; k < summaries->count; k++)
        sum += summaries->summary[k].trajectories;
    return sum;
}

/* The samples of all theorems as one. */
static struct verify_sample sample_of(const struct summaries *summaries)
{
    struct verify_sample sum = {.starts = 0};
    for (size_t k = 0; k < summaries->count; k++) {
        const struct verify_sample *sample = &summaries->summary[k].sample;
        sum.starts += sample->starts;
        sum.settled += sample->settled;
        sum.both += sample->both;
        sum.open += sample->open;
        sum.disagreements += sample->disagreements;
        sum.distance = fmax(sum.distance, sample->distance);
    }
    return sum;
}

static void sample_print(const struct summaries *summaries, FILE *file)
{
    const struct verify_sample sum = sample_of(summaries);
    if (sum.starts == 0)
        return;
    fprintf(file,
            "swept: %zu instances, %zu settled by the sweeper; both: %zu of these run by the "
            "referee, too: %zu disagree, %zu undecided for it; limits at most %.1e apart\n",
            sum.starts, sum.settled, sum.both, sum.disagreements, sum.open, sum.distance);
}

static void exact_print(const struct summaries *summaries, FILE *file)
{
    struct verify_exact sum = {.asked = 0};
    for (size_t k = 0; k < summaries->count; k++) {
        const struct verify_exact *exact = &summaries->summary[k].exact;
        sum.asked += exact->asked;
        sum.agree += exact->agree;
        sum.disagree += exact->disagree;
        sum.distance = fmax(sum.distance, exact->distance);
    }
    if (sum.asked == 0)
        return;
    fprintf(file,
            "exact: %zu trajectories of the referee decided in exact algebra, too: %zu agree, %zu "
            "disagree, %zu undecided for one of the two; limits at most %.1e apart\n",
            sum.asked, sum.agree, sum.disagree, sum.asked - sum.agree - sum.disagree, sum.distance);
}

static size_t as_recorded_of(const struct summaries *summaries)
{
    size_t sum = 0;
    for (size_t k = 0; k < summaries->count; k++)
        sum += summary_is_as_recorded(&summaries->summary[k]);
    return sum;
}

enum status summary_print(const struct summaries *summaries, FILE *file)
{
    TRY(table_print(summaries, file));
    remarks_print(summaries, file);
    fprintf(file,
            "\n%zu of %zu theorems as recorded, controls refuted; "
            "%zu trajectories in %.1f s\n",
            as_recorded_of(summaries), summaries->requested, trajectories_of(summaries),
            summaries->seconds);
    sample_print(summaries, file);
    exact_print(summaries, file);
    fprintf(file,
            "measure <: with %g %% confidence the conclusion fails on less than this share "
            "of the sampled instances; undecided ones are counted as if it failed there\n"
            "worst: of all trials and swept instances; limits.tsv and rates.tsv have the trials\n"
            "by: the argument of notes/universal.md that proves the statement for all parameters, "
            "refutes it, or encloses every instance; settle prove THEOREM shows its steps\n",
            PERCENT * summaries->confidence);
    return OK;
}

/* --- checks of one's own equations: nothing is on record of them --- */

static void own_row_cells(struct columns *columns, const struct summary *summary)
{
    columns_cell(columns, "%s", summary->theorem->id);
    columns_cell(columns, "%s", verdict_name(summary->verdict));
    columns_paint(columns, verdict_paint(summary));
    columns_cell(columns, "%zu", summary->trials);
    columns_cell(columns, "%zu", summary->failures);
    columns_cell(columns, "%zu", summary->undecided);
    number_cell(columns, "%.1e", summary->worst);
    number_cell(columns, "%.1e", summary->theorem->bound > 0 ? summary->theorem->bound : NAN);
    number_cell(columns, "%.2g", summary->failure_measure_below);
    control_cell(columns, summary);
}

static enum status own_table_print(const struct summaries *summaries, FILE *file)
{
    static const char *const heads[] = {"check", "verdict", "trials",    "failures", "undecided",
                                        "worst", "bound",   "measure <", "control"};
    struct columns *columns = columns_create("llrrrrrrl");
    for (size_t k = 0; k < sizeof heads / sizeof *heads; k++)
        columns_cell(columns, "%s", heads[k]);
    for (size_t k = 0; k < summaries->count; k++)
        own_row_cells(columns, &summaries->summary[k]);
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

/* What is not supported, or has a control that is not refuted. */
static void own_remark_print(const struct summary *summary, FILE *file)
{
    const struct theorem *check = summary->theorem;
    fprintf(file, "\n%s: %s\n", check->id, check->statement);
    if (summary->control != VERDICT_REFUTED)
        fprintf(file, "  control: %s, which must fail, is %s%s%s\n", check->control.what,
                verdict_name(summary->control), *summary->control_reason ? ": " : "",
                summary->control_reason);
    if (*summary->reason)
        fprintf(file, "  %s: %s\n", verdict_name(summary->verdict), summary->reason);
    if (*summary->witness)
        fprintf(file, "  witness: %s\n", summary->witness);
}

enum status summary_print_own(const struct summaries *summaries, const struct flow *flow,
                              FILE *file)
{
    TRY(own_table_print(summaries, file));
    for (size_t k = 0; k < summaries->count; k++)
        if (!summary_is_as_recorded(&summaries->summary[k]))
            own_remark_print(&summaries->summary[k], file);
    fprintf(file, "\n%zu of %zu checks supported, controls refuted; %zu trajectories in %.1f s\n",
            as_recorded_of(summaries), summaries->requested, trajectories_of(summaries),
            summaries->seconds);
    for (size_t k = 0; k < flow->conserved; k++)
        fprintf(file, "%s %s\n", k ? "               " : "conserved      ", flow->claim[k].name);
    fprintf(file,
            "measure <: with %g %% confidence a check fails on less than this share of the "
            "starts drawn; undecided ones are counted as if it failed there\n"
            "control: the same check of something that is false; it must be refuted\n",
            PERCENT * summaries->confidence);
    return OK;
}

/* --- JSON ------------------------------------------------------------------------------ */

static json_t *control_object(const struct summary *summary)
{
    json_t *object = json_object();
    json_object_set_new(object, "what", json_text(summary->theorem->control.what));
    json_object_set_new(object, "verdict", json_text(verdict_name(summary->control)));
    return object;
}

/* null: there is no exact proof. */
static json_t *proof_object(const struct summary *summary)
{
    const struct proof_method *method = summary->theorem->proof;
    if (!method)
        return json_null();
    const struct verify_proof *proof = &summary->proof;
    json_t *object = json_object();
    json_object_set_new(object, "verdict", json_text(verdict_name(proof->verdict)));
    json_object_set_new(object, "label", json_text(method->label));
    json_object_set_new(object, "scope", json_text(method->scope));
    json_object_set_new(object, "steps", json_integer((json_int_t)proof->steps));
    json_object_set_new(object, "gap", json_text(*proof->gap ? proof->gap : NULL));
    json_object_set_new(object, "without", json_text(method->without));
    json_object_set_new(object, "fails_without", json_boolean(proof->control_fails));
    json_object_set_new(object, "seconds", json_finite(proof->seconds));
    return object;
}

/* null: the sweeper was not asked. */
static json_t *sample_object(const struct verify_sample *sample)
{
    if (sample->starts == 0)
        return json_null();
    const struct {
        const char *name;
        size_t count;
    } counts[] = {{"instances", sample->starts},
                  {"settled", sample->settled},
                  {"left_to_referee", sample->starts - sample->settled},
                  {"both", sample->both},
                  {"disagreements", sample->disagreements},
                  {"undecided_for_referee", sample->open}};
    json_t *object = json_object();
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
        json_object_set_new(object, counts[k].name, json_integer((json_int_t)counts[k].count));
    json_object_set_new(object, "limits_apart", json_finite(sample->distance));
    json_object_set_new(object, "not_agreed_below", json_finite(sample->not_agreed_below));
    json_object_set_new(object, "control_fails", json_boolean(sample->control_fails));
    return object;
}

/* null: no trajectory of the referee is covered. */
static json_t *exact_object(const struct verify_exact *exact)
{
    if (exact->asked == 0)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "trajectories", json_integer((json_int_t)exact->asked));
    json_object_set_new(object, "agree", json_integer((json_int_t)exact->agree));
    json_object_set_new(object, "disagree", json_integer((json_int_t)exact->disagree));
    json_object_set_new(object, "limits_apart", json_finite(exact->distance));
    return object;
}

static json_t *theorem_object(const struct summary *summary, double confidence)
{
    const struct theorem *theorem = summary->theorem;
    json_t *object = json_object();
    json_object_set_new(object, "id", json_text(theorem->id));
    json_object_set_new(object, "source", json_text(theorem->source));
    json_object_set_new(object, "hypotheses", json_text(theorem->hypotheses));
    json_object_set_new(object, "statement", json_text(theorem->statement));
    json_object_set_new(object, "verdict", json_text(verdict_name(summary->verdict)));
    json_object_set_new(object, "trials", json_integer((json_int_t)summary->trials));
    json_object_set_new(object, "failures", json_integer((json_int_t)summary->failures));
    json_object_set_new(object, "undecided", json_integer((json_int_t)summary->undecided));
    json_object_set_new(object, "worst", json_finite(summary->worst));
    json_object_set_new(object, "bound", json_finite(theorem->bound));
    json_object_set_new(object, "failure_measure_below",
                        json_finite(summary->failure_measure_below));
    json_object_set_new(object, "confidence", json_finite(confidence));
    json_object_set_new(object, "control", control_object(summary));
    json_object_set_new(object, "witness", json_text(*summary->witness ? summary->witness : NULL));
    json_object_set_new(object, "seconds", json_finite(summary->seconds));
    json_object_set_new(object, "reason", json_text(*summary->reason ? summary->reason : NULL));
    json_object_set_new(object, "sweep", sample_object(&summary->sample));
    json_object_set_new(object, "exact", exact_object(&summary->exact));
    json_object_set_new(object, "proof", proof_object(summary));
    json_object_set_new(object, "certificate",
                        json_text(*summary->certificate ? summary->certificate : NULL));
    return object;
}

json_t *summary_json(const struct summaries *summaries)
{
    json_t *theorems = json_array();
    for (size_t k = 0; k < summaries->count; k++)
        json_array_append_new(theorems,
                              theorem_object(&summaries->summary[k], summaries->confidence));
    json_t *object = json_object();
    json_object_set_new(object, "theorems", theorems);
    json_object_set_new(object, "trajectories",
                        json_integer((json_int_t)trajectories_of(summaries)));
    json_object_set_new(object, "seconds", json_finite(summaries->seconds));
    json_object_set_new(object, "exit", json_integer(summary_exit(summaries)));
    return object;
}

enum status summary_print_json(const struct summaries *summaries, FILE *file)
{
    return json_print(summary_json(summaries), file);
}
