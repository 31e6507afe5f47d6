/* The claims of a verification, into a report.
 *
 * Each fact of a claim is one function, so that what is told is read off `facts` below.  Systems and
 * rules are asked of the record's sampler, for the first instances of this very run, since records do
 * not name them. */
#include "cli/report_claims.h"

#include "base/number.h"
#include "cli/options.h"
#include "cli/store.h"
#include "cli/versions.h"
#include "plots/content.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ASKED_MOST = 24 /* instances, for the systems they are of */, SHOWN = 32 };

static const size_t PROOF_LARGE = 1000000; /* bytes */
static const double PERCENT = 100;

struct claims {
    const struct report_manifest *manifest;
    struct report *report;
    struct store *store;
    struct verify_plan plan;
    bool same_program; /* as the one that has written the store */
    struct instance *instance;
};

struct telling {
    struct claims *all;
    const struct store_row *row;
    const struct theorem *theorem; /* NULL: not known here */
    struct report_facts facts;
};

/* ---- texts ---- */

static const char *number_text(struct report *report, const char *format, double value)
{
    char text[SHOWN];
    snprintf(text, sizeof text, format, value);
    return isfinite(value) ? report_copy(report, text) : "-";
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void tell(struct telling *claim, const char *term, enum report_form form, const char *text)
{
    report_fact(claim->all->report, &claim->facts,
                (struct report_fact){.term = term, .form = form, .text = text});
}

/* The paper or the page that a source begins with: through the year in brackets, or up to a comma. */
static const char *work_text(struct report *report, const char *source)
{
    enum { YEAR = 6 /* "(2018)" */ };
    for (const char *at = strchr(source, '('); at; at = strchr(at + 1, '('))
        if (strspn(at + 1, "0123456789") == YEAR - 2 && at[YEAR - 1] == ')')
            return report_text(report, "%.*s", (int)(at + YEAR - source), source);
    size_t length = strcspn(source, ",;(");
    while (length > 0 && source[length - 1] == ' ')
        length--;
    return report_text(report, "%.*s", (int)length, source);
}

/* ---- what the sampler says ---- */

static const char *rule_name(const struct instance *instance)
{
    return instance->problem.rule ? instance->problem.rule->name : NULL;
}

static bool instance_at(const struct telling *claim, size_t index)
{
    struct claims *all = claim->all;
    struct stream stream = stream_at(all->plan.seed, stream_key(claim->theorem->id), index);
    memset(all->instance, 0, sizeof *all->instance);
    return claim->theorem->sample(&stream, index, all->instance) &&
           all->instance->problem.system != NULL;
}

/* "|chain|fan|": adds a name that is not there. */
static const char *name_add(struct report *report, const char *names, const char *name)
{
    const char *barred = report_text(report, "|%s|", name ? name : "");
    return !name || strstr(names, barred)
               ? names
               : report_text(report, "%s%s|", *names ? names : "|", name);
}

struct subjects {
    const char *systems, *rules;
};

static struct subjects subjects_of(const struct telling *claim)
{
    struct report *report = claim->all->report;
    struct subjects subjects = {"", ""};
    if (!claim->theorem)
        return subjects;
    for (size_t k = 0; k < claim->row->summary.trials && k < ASKED_MOST; k++) {
        if (!instance_at(claim, k))
            continue;
        const struct system *system = claim->all->instance->problem.system;
        subjects.systems = name_add(
            report, subjects.systems,
            report_text(report, "%s%s", system->name, system->linear ? " with neurons" : ""));
        subjects.rules = name_add(report, subjects.rules, rule_name(claim->all->instance));
    }
    return subjects;
}

/* "|a|b|" as "a, b" */
static const char *listed(struct report *report, const char *names)
{
    const char *text = "";
    for (const char *at = names; *at && at[1]; at += 1 + strcspn(at + 1, "|"))
        text = report_text(report, "%s%s%.*s", text, *text ? ", " : "", (int)strcspn(at + 1, "|"),
                           at + 1);
    return text;
}

/* ---- facts ---- */

static void source_tell(struct telling *claim)
{
    if (claim->theorem)
        tell(claim, "Source", REPORT_PLAIN, claim->theorem->source);
}

static void argument_tell(struct telling *claim)
{
    if (claim->theorem)
        tell(claim, "Argument", REPORT_PLAIN,
             report_text(claim->all->report, "(%s), in notes/", claim->theorem->label));
}

static void hypotheses_tell(struct telling *claim)
{
    if (claim->theorem)
        tell(claim, "Hypotheses", REPORT_FORMULA, claim->theorem->hypotheses);
}

static void subjects_tell(struct telling *claim, const struct subjects *subjects)
{
    struct report *report = claim->all->report;
    if (*subjects->systems)
        tell(claim, "Systems", REPORT_PLAIN,
             report_text(report, "%s%s%s", listed(report, subjects->systems),
                         *subjects->rules ? "; rules: " : "", listed(report, subjects->rules)));
}

static const char *sweep_text(const struct telling *claim)
{
    const struct verify_sample *sample = &claim->row->summary.sample;
    if (sample->starts == 0)
        return "";
    return report_text(claim->all->report,
                       " The sweeper followed %zu instances and settled %zu; the referee ran %zu "
                       "of these, too: %zu disagree.",
                       sample->starts, sample->settled, sample->both, sample->disagreements);
}

static const char *exact_text(const struct telling *claim)
{
    const struct verify_exact *exact = &claim->row->summary.exact;
    if (exact->asked == 0)
        return "";
    return report_text(claim->all->report,
                       " Exact algebra was asked where %zu trajectories go: %zu agree, %zu "
                       "disagree.",
                       exact->asked, exact->agree, exact->disagree);
}

static const char *measure_text(const struct telling *claim)
{
    const double measure = claim->row->summary.failure_measure_below;
    if (!(measure < 1))
        return ""; /* failures, or too few that were drawn */
    return report_text(claim->all->report,
                       " With %g %% confidence the conclusion fails on less than %.2g of the "
                       "sampled instances.",
                       PERCENT * claim->all->plan.confidence, measure);
}

static void evidence_tell(struct telling *claim)
{
    const struct summary *summary = &claim->row->summary;
    tell(claim, "Evidence", REPORT_PLAIN,
         report_text(claim->all->report,
                     "%zu trial%s (%s), %zu trajector%s: %zu failure%s, %zu undecided.%s%s%s",
                     summary->trials, plural(summary->trials),
                     options_method_title(claim->all->plan.plan.method), summary->trajectories,
                     summary->trajectories == 1 ? "y" : "ies", summary->failures,
                     plural(summary->failures), summary->undecided, sweep_text(claim),
                     exact_text(claim), measure_text(claim)));
}

static const char *allowed_text(const struct telling *claim)
{
    return claim->row->bound > 0
               ? report_text(claim->all->report, "; %.2g is allowed", claim->row->bound)
               : "";
}

/* The command that runs trial k again; NULL if this program cannot tell. */
static const char *trial_command(const struct telling *claim, size_t trial)
{
    if (!claim->theorem || !claim->all->same_program || !instance_at(claim, trial))
        return NULL;
    char *text = report_block(claim->all->report, SUMMARY_COMMAND_MAX);
    return text && instance_command(claim->all->instance, SUMMARY_COMMAND_MAX, text) == OK ? text
                                                                                           : NULL;
}

static enum status worst_tell(struct telling *claim)
{
    struct report *report = claim->all->report;
    const double worst = claim->row->summary.worst;
    const char *among = claim->row->summary.failures > 0 ? "among the instances that hold: " : "";
    struct store_worst trial;
    TRY(store_worst(claim->all->store, claim->row->id, &trial));
    if (!isfinite(worst))
        return OK;
    if (!trial.found || trial.deviation < worst) {
        tell(claim, "Worst case", REPORT_PLAIN,
             report_text(report, "%sa deviation of %.3g, of an instance of the sweep%s", among,
                         worst, allowed_text(claim)));
        return OK;
    }
    tell(claim, "Worst case", REPORT_PLAIN,
         report_text(report, "%sa deviation of %.3g in trial %zu%s%s%s", among, worst, trial.trial,
                     *trial.ending ? ", which ends as " : "", trial.ending, allowed_text(claim)));
    tell(claim, "Again", REPORT_COMMAND, trial_command(claim, trial.trial));
    return OK;
}

static void reason_tell(struct telling *claim)
{
    const struct summary *summary = &claim->row->summary;
    const bool refuted = summary->verdict == VERDICT_REFUTED;
    tell(claim, refuted ? "Refuted" : "Found", REPORT_FORMULA,
         report_copy(claim->all->report, summary->reason));
    tell(claim, "Witness", REPORT_COMMAND, report_copy(claim->all->report, summary->witness));
}

static void control_tell(struct telling *claim)
{
    const struct summary *summary = &claim->row->summary;
    struct report *report = claim->all->report;
    tell(claim, "Control", REPORT_FORMULA,
         report_text(report, "%s: %s%s%s.%s", claim->theorem ? claim->theorem->control.what : "",
                     verdict_name(summary->control), *summary->control_reason ? "; " : "",
                     summary->control_reason,
                     summary->control == VERDICT_REFUTED ? "" : "  It should have been refuted."));
}

static void proof_tell(struct telling *claim)
{
    const struct store_row *row = claim->row;
    const struct verify_proof *proof = &row->summary.proof;
    const struct proof_method *method = claim->theorem ? claim->theorem->proof : NULL;
    struct report *report = claim->all->report;
    if (!row->has_proof)
        return;
    tell(claim, "Exact proof", REPORT_FORMULA,
         report_text(report, "%s%s%s%s; %zu step%s hold%s%s%s.%s%s%s", verdict_name(proof->verdict),
                     *row->proved_by ? " by (" : "", row->proved_by, *row->proved_by ? ")" : "",
                     proof->steps, plural(proof->steps), proof->steps == 1 ? "s" : "",
                     *proof->gap ? "; the gap: " : "", proof->gap, method ? "  Scope: " : "",
                     method ? method->scope : "", method ? "." : ""));
    if (method)
        tell(claim, "Its control", REPORT_FORMULA,
             report_text(report, "without the hypothesis (%s) the proof %s", method->without,
                         proof->control_fails ? "fails, as it must" : "does not fail"));
}

/* ID-K.certificate or ID.certificate, K a number. */
static bool is_certificate_of(const char *id, const char *name)
{
    const size_t length = strlen(id);
    if (strncmp(name, id, length) != 0)
        return false;
    name += length;
    if (*name == '-')
        name += 1 + strspn(name + 1, "0123456789");
    return strcmp(name, ".certificate") == 0;
}

static void certificates_tell(struct telling *claim)
{
    const char *name, *command = "settle-check";
    json_t *value;
    size_t count = 0;
    json_object_foreach(claim->all->manifest->outputs, name, value)
    {
        if (!is_certificate_of(claim->row->id, name))
            continue;
        count++;
        command = report_text(claim->all->report, "%s %s", command, name);
    }
    if (count > 0)
        tell(claim, count == 1 ? "Certificate" : "Certificates", REPORT_COMMAND, command);
}

static const char *option_text(struct report *report, const char *text, const char *name,
                               const char *value)
{
    return report_text(report, "%s --%s %s", text, name, value);
}

static const char *number_option(struct report *report, const char *text, const char *name,
                                 double value, double standard)
{
    char digits[NUMBER_TEXT_MAX];
    return value == standard ? text
                             : option_text(report, text, name, number_shortest(value, digits));
}

/* The verification of this claim alone, with what differs from the defaults. */
static void command_tell(struct telling *claim)
{
    const struct verify_plan *plan = &claim->all->plan;
    const struct verify_plan standard = verify_defaults();
    struct report *report = claim->all->report;
    const char *text = report_text(report, "settle verify %s", claim->row->id);
    if (plan->seed != standard.seed)
        text = report_text(report, "%s --seed %llu", text, (unsigned long long)plan->seed);
    if (plan->trials > 0)
        text = report_text(report, "%s --trials %zu", text, plan->trials);
    if (plan->sweep != VERIFY_OWN)
        text = report_text(report, "%s --sweep %zu", text, plan->sweep);
    if (plan->plan.method != standard.plan.method)
        text = option_text(report, text, "method", options_method_name(plan->plan.method));
    if (plan->plan.steps_most != standard.plan.steps_most)
        text = report_text(report, "%s --steps %zu", text, plan->plan.steps_most);
    text = number_option(report, text, "recheck", plan->recheck, standard.recheck);
    text = number_option(report, text, "rtol", plan->plan.rtol, standard.plan.rtol);
    text = number_option(report, text, "atol", plan->plan.atol, standard.plan.atol);
    text = number_option(report, text, "horizon", plan->plan.horizon, standard.plan.horizon);
    tell(claim, "Verify again", REPORT_COMMAND, text);
}

static enum status facts_tell(struct telling *claim, const struct subjects *subjects)
{
    hypotheses_tell(claim);
    source_tell(claim);
    argument_tell(claim);
    subjects_tell(claim, subjects);
    evidence_tell(claim);
    reason_tell(claim);
    TRY(worst_tell(claim));
    control_tell(claim);
    proof_tell(claim);
    certificates_tell(claim);
    command_tell(claim);
    return OK;
}

/* ---- claims ---- */

static enum status steps_read(const struct telling *claim, const char **steps)
{
    const char *name = report_text(claim->all->report, "%s.proof", claim->row->id);
    struct content content;
    *steps = NULL;
    if (!report_manifest_lists(claim->all->manifest, name))
        return OK;
    TRY(content_read(claim->all->manifest->directory, name, PROOF_LARGE, &content));
    *steps = report_copy(claim->all->report, content.text);
    content_free(&content);
    return OK;
}

static const char *chapter_of(const struct theorem *theorem)
{
    for (size_t k = 0; theorem && theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++)
            if (&theorem_chapters[k]->theorem[j] == theorem)
                return theorem_chapters[k]->title;
    return "not in this program";
}

static bool is_as_recorded(const struct store_row *row)
{
    return row->summary.verdict == row->recorded && row->summary.control == VERDICT_REFUTED;
}

static enum status claim_add(struct telling *claim)
{
    struct report *report = claim->all->report;
    const struct store_row *row = claim->row;
    const struct theorem *theorem = claim->theorem;
    const struct subjects subjects = subjects_of(claim);
    const char *steps;
    TRY(facts_tell(claim, &subjects));
    TRY(steps_read(claim, &steps));
    struct report_claim *made = report_claim_add(report);
    if (!made)
        return report_status(report);
    *made = (struct report_claim){
        .id = report_copy(report, row->id),
        .verdict = verdict_name(row->summary.verdict),
        .recorded = verdict_name(row->recorded),
        .control = verdict_name(row->summary.control),
        .statement = theorem ? theorem->statement : "(this program has no theorem of that name)",
        .chapter = chapter_of(theorem),
        .source = theorem ? theorem->source : "",
        .work = theorem ? work_text(report, theorem->source) : "",
        .systems = subjects.systems,
        .by = *row->proved_by ? report_copy(report, row->proved_by) : "-",
        .trials = report_text(report, "%zu", row->summary.trials),
        .worst = number_text(report, "%.2g", row->summary.worst),
        .bound = number_text(report, "%.2g", row->bound > 0 ? row->bound : NAN),
        .measure = number_text(report, "%.2g", row->summary.failure_measure_below),
        .as_recorded = is_as_recorded(row),
        .facts = claim->facts,
        .steps = steps};
    return OK;
}

/* An id is a fragment of an address and half a file name. */
static bool is_id(const char *id)
{
    return islower((unsigned char)*id) &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id);
}

static enum status row_take(void *context, const struct store_row *row)
{
    struct claims *all = context;
    struct telling claim = {.all = all, .row = row, .theorem = row->summary.theorem};
    if (!is_id(row->id))
        return status_fail(BAD_DATA, "%s/%s is damaged: '%s' is no name of a theorem",
                           all->manifest->directory, STORE_FILE, row->id);
    if (!claim.theorem)
        report_warn(all->report, report_text(all->report,
                                             "%s is a theorem that this settle does not have: what "
                                             "it says is not told",
                                             row->id));
    return claim_add(&claim);
}

/* ---- the whole ---- */

static void version_compare(struct claims *all)
{
    struct version version[VERSIONS_COUNT];
    versions_loaded(version);
    const char *made_by = json_string_value(json_object_get(all->manifest->versions, "settle"));
    all->same_program = made_by && strcmp(made_by, version[0].number) == 0;
    if (!all->same_program)
        report_warn(all->report,
                    report_text(all->report,
                                "the results are of settle %s, the statements of settle %s",
                                made_by ? made_by : "of an unknown version", version[0].number));
}

/* Published statements that are on record as false. */
static size_t refuted_as_recorded(const struct report *report)
{
    size_t count = 0;
    for (size_t k = 0; k < report->claims; k++)
        count += report->claim[k].as_recorded &&
                 strcmp(report->claim[k].verdict, verdict_name(VERDICT_REFUTED)) == 0;
    return count;
}

static void totals_tell(struct report *report)
{
    size_t as_recorded = 0;
    for (size_t k = 0; k < report->claims; k++)
        as_recorded += report->claim[k].as_recorded;
    const char *verdicts = "";
    const size_t false_ones = refuted_as_recorded(report);
    for (size_t v = 0; v < REPORT_VERDICTS; v++) {
        size_t count = 0;
        for (size_t k = 0; k < report->claims; k++)
            count += strcmp(report->claim[k].verdict, report_verdicts[v]) == 0;
        const bool refuted = strcmp(report_verdicts[v], verdict_name(VERDICT_REFUTED)) == 0;
        if (count > 0)
            verdicts = report_text(
                report, "%s%s%zu %s%s", verdicts, *verdicts ? ", " : "", count, report_verdicts[v],
                !refuted ? ""
                : false_ones == count
                    ? " as recorded"
                    : report_text(report, ", %zu of them as recorded", false_ones));
    }
    report->title = report_text(report, "%zu claim%s checked: %s", report->claims,
                                plural(report->claims), verdicts);
    report->lead =
        report_text(report, "%zu of %zu verdicts as recorded", as_recorded, report->claims);
}

static void plan_tell(const struct claims *all)
{
    const struct verify_plan *plan = &all->plan;
    report_fact(
        all->report, &all->report->summary,
        (struct report_fact){"Method",
                             report_text(all->report, "%s, rtol %g, atol %g, seed %llu",
                                         options_method_title(plan->plan.method), plan->plan.rtol,
                                         plan->plan.atol, (unsigned long long)plan->seed),
                             REPORT_PLAIN});
    report_fact(
        all->report, &all->report->summary,
        (struct report_fact){
            "Verdicts",
            "proved: exact algebra, for all parameters of the statement; certified: a "
            "rigorous enclosure of every instance of the record; supported: no trial fails; "
            "undecided: why is said; refuted: a witness is given. Every claim has a control "
            "that must be refuted. A published statement may be on record as false.",
            REPORT_PLAIN});
}

static enum status claims_read(struct claims *all)
{
    TRY(store_plan(all->store, &all->plan));
    version_compare(all);
    plan_tell(all);
    TRY(store_theorems(all->store, row_take, all));
    if (all->report->claims == 0)
        return status_fail(BAD_DATA, "%s/%s has no theorem", all->manifest->directory, STORE_FILE);
    totals_tell(all->report);
    return OK;
}

/* What SQLite complains of is the file that was given. */
static enum status as_data(enum status status)
{
    char message[STATUS_MESSAGE_MAX];
    if (status != STORE_FAILED && status != BAD_ARGUMENT)
        return status;
    snprintf(message, sizeof message, "%s", status_message());
    return status_fail(BAD_DATA, "%s", message);
}

enum status report_claims(const struct report_manifest *manifest, struct report *report)
{
    struct claims all = {.manifest = manifest, .report = report};
    TRY(as_data(store_read(manifest->directory, &all.store)));
    all.instance = calloc(1, sizeof *all.instance);
    enum status status = all.instance ? as_data(claims_read(&all))
                                      : status_fail(NO_MEMORY, "no memory for an instance");
    free(all.instance);
    const enum status closed = store_close(all.store);
    return status == OK ? as_data(closed) : status;
}
