/* settle prove THEOREM: what is proved, from which argument, and what fails without its hypothesis.
 *
 * Steps: find the record; run its proof and the control of the proof; print the steps.  No
 * trajectory is followed.  With --out the steps are saved as text; the record of the discriminant
 * draws its bifurcation curve besides. */
#include "cli/prove_theorem.h"

#include "base/draft.h"
#include "base/nearest.h"
#include "cli/certificate_file.h"
#include "cli/columns.h"
#include "cli/json.h"
#include "cli/prove_curve.h"
#include "cli/prove_folder.h"
#include "cli/terminal.h"
#include "equations/equations.h"
#include "exact/certificate_leading.h"
#include "exact/certificate_limit.h"
#include "exact/statement_problem.h"
#include "linear/registry.h"

#include <stdio.h>
#include <string.h>

enum { HINT_MAX = 120, DEPTH_MOST = 24, BLOW_UP_DIGITS = 30 };

/* What is asked and what is found. */
struct proving {
    const struct theorem *theorem;
    struct proof proof;
    struct verify_proof result;
    char file[PROVE_FILE_MAX]; /* "" without --out */
};

static bool is_proved(const struct proving *proving)
{
    return proving->result.verdict != VERDICT_UNDECIDED;
}

static const char *why_not(const struct proving *proving)
{
    return proving->theorem->proof ? proving->result.gap
                                   : "no exact proof is on record; settle verify tries it";
}

/* ---- names ---- */

bool prove_theorem_is_asked(const struct options *options)
{
    return !registry_system(options->word[0]) && !problem_is_file(options);
}

static enum status name_unknown(const char *name)
{
    struct nearest nearest = nearest_to(name);
    char hint[HINT_MAX];
    for (size_t k = 0; registry_systems[k]; k++)
        nearest_offer(&nearest, registry_systems[k]->name);
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++)
            nearest_offer(&nearest, theorem_chapters[k]->theorem[j].id);
    return status_fail(UNKNOWN_NAME,
                       "there is no system or theorem '%s'%s (settle list systems, settle list "
                       "theorems)",
                       name, nearest_hint(&nearest, sizeof hint, hint));
}

/* Data are those of a system; a theorem is about all of them. */
static enum status options_check(const struct options *options)
{
    for (int k = 0; k < OPTION_COUNT; k++) {
        const enum option_word word = (enum option_word)k;
        if (options_given(options, word) && word != OPTION_json && word != OPTION_out)
            return status_fail(BAD_ARGUMENT,
                               "--%s is for systems; a theorem takes --json and --out",
                               options_name(word));
    }
    return OK;
}

/* ---- print ---- */

static void step_lines(const struct proving *proving, struct columns *columns)
{
    for (size_t i = 0; i < proving->proof.steps; i++) {
        const struct proof_step *step = &proving->proof.step[i];
        columns_cell(columns, "%s", step->holds ? "  shown" : "  NOT SHOWN");
        columns_cell(columns, "%s", step->claim);
    }
}

static void result_lines(const struct proving *proving, struct columns *columns)
{
    const struct proof_method *method = proving->theorem->proof;
    columns_cell(columns, "theorem");
    columns_cell(columns, "%s: %s", proving->theorem->id, proving->theorem->statement);
    columns_cell(columns, "hypotheses");
    columns_cell(columns, "%s", proving->theorem->hypotheses);
    columns_cell(columns, "verdict");
    if (is_proved(proving))
        columns_cell(columns, "%s", verdict_name(proving->result.verdict));
    else
        columns_cell(columns, "undecided: %s", why_not(proving));
    columns_paint(columns, is_proved(proving) ? TERMINAL_GOOD : TERMINAL_DOUBT);
    if (!method)
        return;
    columns_cell(columns, "argument");
    columns_cell(columns, "notes/universal.md, (%s)", method->label);
    columns_cell(columns, "for");
    columns_cell(columns, "%s", method->scope);
    step_lines(proving, columns);
    columns_cell(columns, "control");
    columns_cell(columns, "%s (%s)", proving->result.control_fails ? "fails, as it must" : "HOLDS",
                 method->without);
    columns_cell(columns, "time");
    columns_seconds(columns, proving->result.seconds);
}

static enum status lines_print(const struct proving *proving, const char *directory)
{
    struct columns *columns = columns_create("ll");
    result_lines(proving, columns);
    if (*proving->file) {
        columns_cell(columns, "files");
        columns_cell(columns, "in %s: %s.proof%s", directory, proving->theorem->id,
                     proving->theorem->proof == &proof_pair_leaf         ? ", discriminant.png, ..."
                     : proving->theorem->proof == &proof_chain_converges ? ", certificates"
                                                                         : "");
    }
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static json_t *steps_array(const struct proof *proof)
{
    json_t *array = json_array();
    for (size_t i = 0; i < proof->steps; i++) {
        json_t *step = json_object();
        json_object_set_new(step, "claim", json_text(proof->step[i].claim));
        json_object_set_new(step, "holds", json_boolean(proof->step[i].holds));
        json_array_append_new(array, step);
    }
    return array;
}

static json_t *proving_json(const struct proving *proving)
{
    const struct theorem *theorem = proving->theorem;
    const struct proof_method *method = theorem->proof;
    json_t *object = json_object();
    json_object_set_new(object, "id", json_text(theorem->id));
    json_object_set_new(object, "statement", json_text(theorem->statement));
    json_object_set_new(object, "verdict", json_text(verdict_name(proving->result.verdict)));
    json_object_set_new(object, "label", json_text(method ? method->label : NULL));
    json_object_set_new(object, "scope", json_text(method ? method->scope : NULL));
    json_object_set_new(object, "steps", steps_array(&proving->proof));
    json_object_set_new(object, "reason", json_text(is_proved(proving) ? NULL : why_not(proving)));
    json_object_set_new(object, "without", json_text(method ? method->without : NULL));
    json_object_set_new(object, "fails_without",
                        method ? json_boolean(proving->result.control_fails) : json_null());
    json_object_set_new(object, "certificate", json_text(*proving->file ? proving->file : NULL));
    json_object_set_new(object, "seconds", json_finite(proving->result.seconds));
    return object;
}

/* ---- files ---- */

static void steps_write(FILE *file, const struct theorem *theorem, const struct proof *proof)
{
    const struct proof_method *method = theorem->proof;
    fprintf(file, "theorem %s\nstatement %s\nargument notes/universal.md, (%s)\nfor %s\n",
            theorem->id, theorem->statement, method->label, method->scope);
    for (size_t i = 0; i < proof->steps; i++)
        fprintf(file, "%s %s\n", proof->step[i].holds ? "shown" : "not-shown",
                proof->step[i].claim);
    fprintf(file, "%s %s; fails without: %s\n", proof_holds(proof) ? "verdict" : "undecided",
            proof_holds(proof) ? verdict_name(method->gives) : "", method->without);
}

static enum status text_save(const char *directory, const struct theorem *theorem,
                             const struct proof *proof, char *file)
{
    struct draft *draft;
    snprintf(file, PROVE_FILE_MAX, "%s.proof", theorem->id);
    TRY(draft_open(directory, file, &draft));
    steps_write(draft_file(draft), theorem, proof);
    return draft_keep(draft);
}

/* The depth of all instances of a record about chains; 0: they differ. */
static size_t depth_of(const struct theorem *theorem)
{
    enum { INSTANCES = 8 };
    size_t depth = 0;
    for (size_t i = 0; i < INSTANCES; i++) {
        struct stream stream = stream_at(0, stream_key(theorem->id), i);
        struct instance instance;
        if (!theorem->sample(&stream, i, &instance) || (depth > 0 && instance.dim != depth))
            return 0;
        depth = instance.dim;
    }
    return depth;
}

static const char *certificate_name(const struct theorem *theorem, size_t L, char *file)
{
    snprintf(file, PROVE_FILE_MAX, "%s-%zu.certificate", theorem->id, L);
    return file;
}

/* Theorem 4 for one depth. */
static enum status depth_save(const char *directory, const char *file, size_t L)
{
    static const enum leading_layer layer[DEPTH_MOST] = {LEADING_MOVES};
    struct certificate certificate = {.text = NULL};
    struct leading *P;
    TRY(leading_create(L, &P));
    enum status status = leading_of_weights(layer, P);
    if (status == OK)
        status = certificate_leading(P, &certificate);
    leading_free(P);
    if (status == OK && certificate.text)
        status = certificate_file_save_as(&certificate, directory, file);
    certificate_free(&certificate);
    return status;
}

/* The certificate of an exact blow-up; without text for everything else. */
static enum status blow_up_make(const struct statement *statement, const struct premise *premise,
                                struct certificate *certificate)
{
    struct limit *limit = limit_create(statement);
    if (!limit)
        return status_fail(NO_MEMORY, "an exact limit");
    enum status status = limit_decide(statement, BLOW_UP_DIGITS, limit);
    if (status == OK && limit->ending == ENDING_ESCAPED)
        status = certificate_limit(&(struct certificate_question){.premise = premise,
                                                                  .statement = statement,
                                                                  .limit = limit,
                                                                  .digits = BLOW_UP_DIGITS},
                                   certificate);
    limit_free(limit);
    return status;
}

static enum status instance_make(const struct instance *instance, struct certificate *certificate)
{
    struct statement_numbers numbers;
    struct statement *statement = NULL;
    struct premise *premise = NULL;
    const char *unasked;
    if (!instance->problem.rule)
        return OK;
    statement_problem_numbers(&instance->problem, instance->x0, instance->dim, &numbers);
    enum status status = statement_problem_make(&instance->problem, &numbers, &statement, &unasked);
    statement_problem_free(&numbers);
    if (status == OK)
        status = premise_of_problem(&instance->problem, instance->x0, &premise, &unasked);
    if (status == OK && statement && premise)
        status = blow_up_make(statement, premise, certificate);
    statement_free(statement);
    premise_free(premise);
    return status;
}

/* Of a record about finitely many instances: one certificate for each that blows up. */
static enum status instances_save(const char *directory, const struct theorem *theorem, char *file)
{
    enum status status = OK;
    for (size_t i = 0; status == OK && i < theorem->corners; i++) {
        struct stream stream = stream_at(0, stream_key(theorem->id), i);
        struct instance instance = {.dim = 0};
        struct certificate certificate = {.text = NULL};
        if (!theorem->sample(&stream, i, &instance))
            break;
        status = instance_make(&instance, &certificate);
        if (status == OK && certificate.text)
            status = certificate_file_save_as(&certificate, directory,
                                              certificate_name(theorem, i + 1, file));
        certificate_free(&certificate);
    }
    return status;
}

enum status prove_theorem_save(const char *directory, const struct theorem *theorem,
                               const struct proof *proof, char *file)
{
    TRY(text_save(directory, theorem, proof, file));
    if (!proof_holds(proof))
        return OK;
    if (theorem->proof->gives == VERDICT_CERTIFIED)
        return instances_save(directory, theorem, file);
    if (theorem->proof != &proof_chain_converges)
        return OK;
    const size_t depth = depth_of(theorem);
    for (size_t L = 1; L <= DEPTH_MOST; L++)
        if (depth == 0 || L == depth)
            TRY(depth_save(directory, certificate_name(theorem, L, file), L));
    return OK;
}

void prove_theorem_outputs(struct manifest *manifest, const struct theorem *theorem)
{
    char file[PROVE_FILE_MAX];
    snprintf(file, sizeof file, "%s.proof", theorem->id);
    manifest_output(manifest, file);
    for (size_t L = 1; L <= DEPTH_MOST && theorem->proof; L++) /* those that are there */
        manifest_output(manifest, certificate_name(theorem, L, file));
}

static enum status files_save(struct manifest *manifest, struct proving *proving)
{
    if (!proving->theorem->proof)
        return OK;
    TRY(prove_theorem_save(manifest_directory(manifest), proving->theorem, &proving->proof,
                           proving->file));
    prove_theorem_outputs(manifest, proving->theorem);
    if (proving->theorem->proof == &proof_pair_leaf)
        return prove_curve_save(manifest);
    return OK;
}

static enum status prove_and_save(const struct options *options, struct proving *proving)
{
    struct manifest *manifest;
    TRY(prove_folder_open(options, &manifest));
    enum status status = verify_proof(proving->theorem, &proving->proof, &proving->result);
    if (status == OK && manifest)
        status = files_save(manifest, proving);
    if (status == OK && manifest)
        return prove_folder_close(manifest, proving_json(proving));
    manifest_free(manifest);
    return status;
}

enum status prove_theorem_run(const struct options *options, enum exit_code *exit_code)
{
    struct proving proving = {.theorem = theorem_by_id(options->word[0])};
    if (!proving.theorem)
        return name_unknown(options->word[0]);
    TRY(options_check(options));
    struct progress *progress = terminal_wait_begin(options, proving.theorem->id);
    const enum status status = prove_and_save(options, &proving);
    terminal_wait_end(progress);
    TRY(status);
    *exit_code = is_proved(&proving) ? EXIT_HOLDS : EXIT_UNDECIDED;
    return options_given(options, OPTION_json) ? json_print(proving_json(&proving), stdout)
                                               : lines_print(&proving, options->text[OPTION_out]);
}
