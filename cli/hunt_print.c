/* A hunt in words. */
#include "cli/hunt_print.h"

#include "base/nearest.h"
#include "base/number.h"
#include "cli/columns.h"
#include "cli/json.h"
#include "equations/equations.h"
#include "linear/registry.h"

#include <math.h>
#include <string.h>

enum { COMMAND_MAX = 4096, RATIONAL_MAX = 64 };

static const double LARGEST_WHOLE = 9007199254740992.0; /* 2^53: above, p/q is no help to anybody */

enum exit_code hunt_print_exit(const struct hunted *hunted)
{
    static const enum exit_code codes[] = {[HUNT_NOTHING] = EXIT_HOLDS,
                                           [HUNT_FOUND] = EXIT_REFUTED,
                                           [HUNT_ONLY_CANDIDATES] = EXIT_UNDECIDED};
    return codes[hunted->verdict];
}

void hunt_print_offer(struct nearest *nearest)
{
    for (size_t k = 0; hunt_claim_chapters[k]; k++)
        for (size_t j = 0; j < hunt_claim_chapters[k]->claims; j++)
            nearest_offer(nearest, hunt_claim_chapters[k]->claim[j].id);
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++)
            nearest_offer(nearest, theorem_chapters[k]->theorem[j].id);
}

/* ---- words ---- */

static const char *verdict_word(const struct hunted *hunted)
{
    static const char *const words[] = {[HUNT_NOTHING] = "nothing found",
                                        [HUNT_FOUND] = "refuted",
                                        [HUNT_ONLY_CANDIDATES] = "undecided"};
    return words[hunted->verdict];
}

static const char *kind_word(enum hunt_kind kind)
{
    static const char *const words[] = {[HUNT_THEOREM] = "theorem",
                                        [HUNT_CONJECTURE] = "conjecture",
                                        [HUNT_PLANTED] = "planted",
                                        [HUNT_EQUATIONS] = "equations"};
    return words[kind];
}

static const char *exact_word(enum oracle_answer answer)
{
    static const char *const words[] = {[ORACLE_NOT_ASKED] = "not covered",
                                        [ORACLE_OPEN] = "undecided",
                                        [ORACLE_AGREES] = "agrees",
                                        [ORACLE_DISAGREES] = "disagrees"};
    return words[answer];
}

static const char *ending_word(const struct hunt_score *score)
{
    return score->integrated ? ending_name(score->ending) : "no trajectory is asked for";
}

/* The command, or why there is none: an instance that is too large for a line. */
static const char *command_of(const struct instance *instance, char text[COMMAND_MAX])
{
    return instance_command(instance, COMMAND_MAX, text) == OK ? text : "(too long for a line)";
}

/* Doubles are dyadic rationals: p/2^k; the shortest decimal where p or 2^k has more than 16 digits. */
static const char *rational_of(double value, char text[RATIONAL_MAX])
{
    double p = value, q = 1;
    while (p != floor(p) && q < LARGEST_WHOLE) {
        p *= 2;
        q *= 2;
    }
    if (p != floor(p) || fabs(p) > LARGEST_WHOLE)
        return number_shortest(value, text);
    const int length = snprintf(text, RATIONAL_MAX, "%.0f", p + 0.0);
    if (q > 1)
        snprintf(text + length, RATIONAL_MAX - (size_t)length, "/%.0f", q);
    return text;
}

/* ---- JSON ---- */

static json_t *rationals(size_t count, const double *value)
{
    json_t *list = json_array();
    char text[RATIONAL_MAX];
    for (size_t k = 0; k < count; k++)
        json_array_append_new(list, json_string(rational_of(value[k], text)));
    return list;
}

static void put_rationals(json_t *object, const char *name, size_t count, const double *value)
{
    if (count > 0)
        json_object_set_new(object, name, rationals(count, value));
}

static json_t *parameters_json(const struct problem *problem)
{
    json_t *object = json_object();
    char text[RATIONAL_MAX];
    for (size_t k = 0; k < problem->parameter_count; k++)
        json_object_set_new(object, problem->equations->parameter[k].name,
                            json_string(rational_of(problem->parameters[k], text)));
    return object;
}

static json_t *equations_json(const struct instance *instance)
{
    json_t *object = json_object();
    json_object_set_new(object, "system", json_string(instance->problem.system->name));
    json_object_set_new(object, "parameters", parameters_json(&instance->problem));
    put_rationals(object, "init", instance->dim, instance->x0);
    return object;
}

static json_t *instance_json(const struct instance *instance)
{
    const struct problem *p = &instance->problem;
    if (p->equations)
        return equations_json(instance);
    json_t *object = json_object();
    json_object_set_new(object, "system", json_string(p->system->name));
    json_object_set_new(object, "rule", json_text(p->rule ? p->rule->name : NULL));
    if (registry_system_reads(p->system, "depth"))
        json_object_set_new(object, "depth", json_integer((json_int_t)p->depth));
    if (p->size_count > 0) {
        json_t *sizes = json_array();
        for (size_t k = 0; k < p->size_count; k++)
            json_array_append_new(sizes, json_integer((json_int_t)p->sizes[k]));
        json_object_set_new(object, "sizes", sizes);
    }
    put_rationals(object, "alpha", p->inputs.count == 0 && p->size_count == 0, &p->alpha);
    put_rationals(object, "beta", p->inputs.count == 0 && p->size_count == 0, &p->beta);
    put_rationals(object, "inputs", p->inputs.count, problem_entries(&p->inputs));
    put_rationals(object, "targets", p->targets.count, problem_entries(&p->targets));
    put_rationals(object, "sigma_ti", p->sigma_ti.count, problem_entries(&p->sigma_ti));
    put_rationals(object, "c", p->c_count, problem_feedback(p));
    put_rationals(object, "lambda", p->lambda != 0, &p->lambda);
    put_rationals(object, "decays", p->decay_count, p->decays);
    put_rationals(object, "init", instance->dim, instance->x0);
    return object;
}

static json_t *score_json(const struct hunt_score *score)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "ending",
                     json_text(score->integrated ? ending_name(score->ending) : NULL), "t",
                     json_finite(score->integrated ? score->t : NAN), "margin",
                     json_finite(score->margin), "deviation", json_finite(score->deviation),
                     "reason", json_text(score->reason));
}

static json_t *violation_json(const struct hunt_violation *violation)
{
    char text[COMMAND_MAX];
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:s}", "command", json_text(command_of(&violation->instance, text)),
        "instance", instance_json(&violation->instance), "bdf",
        score_json(&violation->confirmation.bdf), "rk8pd", score_json(&violation->confirmation.rk),
        "exact", exact_word(violation->confirmation.exact));
}

json_t *hunt_print_witness(const struct hunted *hunted, const struct hunt_plan *plan)
{
    if (hunted->verdict != HUNT_FOUND)
        return json_null();
    json_t *witness = violation_json(&hunted->violation);
    const struct hunt_margin *margin = hunted->claim->margin;
    json_object_set_new(witness, "claim", json_text(hunted->question.theorem.id));
    json_object_set_new(witness, "statement", json_text(hunted->question.theorem.statement));
    json_object_set_new(witness, "margin_is",
                        json_text(margin ? margin->says : hunt_margin_deviation.says));
    json_object_set_new(witness, "phase", json_text(hunt_phase_title(hunted->by)));
    json_object_set_new(witness, "found_after", json_integer((json_int_t)hunted->found_after));
    json_object_set_new(witness, "shrinking_steps",
                        json_integer((json_int_t)hunted->shrinking.steps));
    json_object_set_new(witness, "as_found", violation_json(&hunted->first));
    json_object_set_new(witness, "seed", json_seed(plan->seed));
    json_object_set_new(witness, "confirmed_at",
                        json_pack("{s:f, s:f}", "rtol", hunt_score_rtol, "atol", hunt_score_atol));
    return witness;
}

static json_t *phases_json(const struct hunted *hunted)
{
    json_t *list = json_array();
    for (int k = 0; k < HUNT_PHASES; k++)
        json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:I, s:o}", "phase",
                                              hunt_phase_title((enum hunt_phase_name)k),
                                              "instances", (json_int_t)hunted->phase[k].evaluations,
                                              "undecided", (json_int_t)hunted->phase[k].undecided,
                                              "candidates", (json_int_t)hunted->phase[k].candidates,
                                              "seconds", json_finite(hunted->phase[k].seconds)));
    return list;
}

static const char *searched_word(const struct hunted *hunted)
{
    return hunted->claim->space.box ? "the box"
           : hunted->drawn          ? "the record's sampler"
                                    : "the hypotheses";
}

static json_t *search_json(const struct hunt_result *result)
{
    const struct hunted *hunted = result->hunted;
    char text[COMMAND_MAX];
    const bool found = hunted->verdict == HUNT_FOUND;
    json_t *nearest =
        hunted->has_nearest && !found ? json_text(command_of(&hunted->nearest, text)) : json_null();
    return json_pack("{s:I, s:o, s:s, s:I, s:I, s:o, s:f, s:o, s:o}", "instances",
                     (json_int_t)hunted->evaluations, "phases", phases_json(hunted), "space",
                     searched_word(hunted), "independent", (json_int_t)hunted->independent,
                     "resolved", (json_int_t)hunted->resolved, "failure_measure_below",
                     json_finite(found ? NAN : hunted->measure_below), "confidence",
                     result->plan->confidence, "least_margin",
                     json_finite(found ? NAN : hunted->least_margin), "nearest", nearest);
}

static json_t *dropped_json(const struct hunted *hunted)
{
    json_t *list = json_array();
    for (size_t k = 0; k < hunted->drops; k++) {
        const struct hunt_dropped *drop = &hunted->drop[k];
        json_array_append_new(
            list,
            json_pack("{s:s, s:I, s:I, s:o}", "hypothesis", drop->says, "instances",
                      (json_int_t)drop->evaluations, "undecided", (json_int_t)drop->undecided,
                      "fails_at", drop->found ? violation_json(&drop->violation) : json_null()));
    }
    return list;
}

static json_t *candidates_json(const struct hunted *hunted)
{
    json_t *list = json_array();
    char text[COMMAND_MAX];
    for (size_t k = 0; k < hunted->listed_count; k++)
        json_array_append_new(list,
                              json_pack("{s:o, s:s}", "command",
                                        json_text(command_of(&hunted->listed[k].instance, text)),
                                        "why", hunt_score_doubt(hunted->listed[k].doubt)));
    return list;
}

json_t *hunt_print_object(const struct hunt_result *result)
{
    const struct hunted *hunted = result->hunted;
    const struct theorem *theorem = &hunted->question.theorem;
    return json_pack(
        "{s:s, s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:i}", "claim",
        theorem->id, "kind", kind_word(hunted->kind), "source", theorem->source, "hypotheses",
        json_text(theorem->hypotheses), "statement", theorem->statement, "verdict",
        verdict_word(hunted), "witness", hunt_print_witness(hunted, result->plan), "search",
        search_json(result), "dropped", dropped_json(hunted), "open", (json_int_t)hunted->open,
        "candidates", candidates_json(hunted), "certificate",
        json_text(result->certificate && *result->certificate ? result->certificate : NULL), "seed",
        json_seed(result->plan->seed), "seconds", json_finite(hunted->seconds), "exit",
        (int)hunt_print_exit(hunted));
}

enum status hunt_print_json(const struct hunt_result *result, FILE *file)
{
    return json_print(hunt_print_object(result), file);
}

/* ---- text ---- */

static void found_lines(const struct hunt_result *result, struct columns *columns)
{
    const struct hunted *hunted = result->hunted;
    const struct hunt_confirmation *c = &hunted->violation.confirmation;
    char text[COMMAND_MAX];
    columns_cell(columns, "found by");
    columns_cell(columns, "%s, after %zu instances and %.2f s", hunt_phase_title(hunted->by),
                 hunted->found_after, hunted->found_seconds);
    columns_cell(columns, "as found");
    columns_cell(columns, "%s", command_of(&hunted->first.instance, text));
    columns_cell(columns, "smallest");
    columns_cell(columns, "%s", command_of(&hunted->violation.instance, text));
    columns_cell(columns, "  shrunk in");
    columns_cell(columns, "%zu steps, %zu trials", hunted->shrinking.steps,
                 hunted->shrinking.trials);
    columns_cell(columns, "what fails");
    columns_cell(columns, "%s", c->bdf.reason);
    columns_cell(columns, "ending");
    columns_cell(columns, "%s", ending_word(&c->bdf));
    columns_cell(columns, "confirmed by");
    columns_cell(columns, "CVODE BDF and GSL rk8pd at rtol %g; exact algebra: %s", hunt_score_rtol,
                 exact_word(c->exact));
    if (!result->directory)
        return;
    columns_cell(columns, "package");
    columns_cell(columns, "%s/: witness.json, reproduce.sh, trajectory.svg", result->directory);
    columns_cell(columns, "certificate");
    if (*result->certificate)
        columns_cell(columns, "%s/%s", result->directory, result->certificate);
    else
        columns_cell(columns, "none, because %s", result->why_not);
}

static void nothing_lines(const struct hunt_result *result, struct columns *columns)
{
    enum { PERCENT = 100 };
    const struct hunted *hunted = result->hunted;
    char text[COMMAND_MAX];
    columns_cell(columns, "that means");
    if (hunted->independent > 0)
        columns_cell(columns,
                     "%zu instances, of which %zu drawn independently: violations have measure "
                     "below %.3g (confidence %.0f %%) among what is drawn",
                     hunted->evaluations, hunted->independent, hunted->measure_below,
                     PERCENT * result->plan->confidence);
    else
        columns_cell(columns, "%zu instances", hunted->evaluations);
    if (hunted->resolved > 0) {
        columns_cell(columns, "candidates");
        columns_cell(columns, "%zu, none a violation when looked at closely", hunted->resolved);
    }
    if (!hunted->has_nearest)
        return;
    columns_cell(columns, "least margin");
    columns_cell(columns, "%.3g at %s", hunted->least_margin, command_of(&hunted->nearest, text));
}

static void candidate_lines(const struct hunted *hunted, struct columns *columns)
{
    char text[COMMAND_MAX];
    if (hunted->open == 0 || hunted->verdict == HUNT_FOUND)
        return;
    columns_cell(columns, "undecided");
    columns_cell(columns, "%zu candidates, %zu of them here", hunted->open, hunted->listed_count);
    for (size_t k = 0; k < hunted->listed_count; k++) {
        columns_cell(columns, "  %s", hunt_score_doubt(hunted->listed[k].doubt));
        columns_cell(columns, "%s", command_of(&hunted->listed[k].instance, text));
    }
}

static void dropped_lines(const struct hunted *hunted, struct columns *columns)
{
    char text[COMMAND_MAX];
    for (size_t k = 0; k < hunted->drops; k++) {
        const struct hunt_dropped *drop = &hunted->drop[k];
        columns_cell(columns, "without");
        if (drop->found)
            columns_cell(columns, "%s it fails at %s (%s)", drop->says,
                         command_of(&drop->violation.instance, text),
                         drop->violation.confirmation.bdf.reason);
        else if (drop->evaluations > 0)
            columns_cell(columns, "%s nothing is found either, in %zu instances, %zu undecided",
                         drop->says, drop->evaluations, drop->undecided);
        else
            columns_cell(columns, "%s there is no instance", drop->says);
    }
}

static void phase_lines(const struct hunted *hunted, struct columns *columns)
{
    for (int k = 0; k < HUNT_PHASES; k++) {
        const struct hunt_phase *phase = &hunted->phase[k];
        if (phase->evaluations == 0)
            continue;
        columns_cell(columns, "%s", hunt_phase_title((enum hunt_phase_name)k));
        columns_cell(columns, "%zu instances, %zu undecided, %zu candidates, %.2f s",
                     phase->evaluations, phase->undecided, phase->candidates, phase->seconds);
    }
}

enum status hunt_print(const struct hunt_result *result, FILE *file)
{
    const struct hunted *hunted = result->hunted;
    const struct theorem *theorem = &hunted->question.theorem;
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "%s", kind_word(hunted->kind));
    columns_cell(columns, "%s: %s", theorem->id, theorem->statement);
    if (theorem->hypotheses) {
        columns_cell(columns, "hypotheses");
        columns_cell(columns, "%s", theorem->hypotheses);
    }
    columns_cell(columns, "source");
    columns_cell(columns, "%s; note %s", theorem->source, theorem->label);
    columns_cell(columns, "searched");
    columns_cell(columns, "%s",
                 hunted->claim->space.box ? "this box, evenly"
                 : hunted->drawn          ? "what the record's own sampler draws"
                                          : "the space of its hypotheses");
    phase_lines(hunted, columns);
    columns_cell(columns, "verdict");
    columns_cell(columns, "%s", verdict_word(hunted));
    if (hunted->verdict == HUNT_FOUND)
        found_lines(result, columns);
    else
        nothing_lines(result, columns);
    candidate_lines(hunted, columns);
    dropped_lines(hunted, columns);
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}
