/* Writing the package.  The certificate says where the witness goes, which is what can be certified:
 * that this contradicts the statement, a reader sees. */
#include "cli/hunt_files.h"

#include "base/draft.h"
#include "base/table.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "cli/orbit_view.h"
#include "exact/certificate_limit.h"
#include "exact/certificate_stability.h"
#include "exact/statement_problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_MAX = INSTANCE_DIM_MAX * (UNKNOWN_NAME_MAX + 1) + 64, COMMAND_MAX = 4096 };
enum { DIGITS = 30 };

static const char TABLE[] = "trajectory.tsv", FIGURE[] = "trajectory";
static const char WITNESS[] = "witness.json", SCRIPT[] = "reproduce.sh", SUMMARY[] = "summary.txt";
static const char RESULT[] = "hunt.json";

/* ---- texts ---- */

static enum status script_save(const struct instance *instance, struct manifest *manifest)
{
    struct draft *draft;
    char command[COMMAND_MAX];
    TRY(instance_command(instance, sizeof command, command));
    TRY(draft_open(manifest_directory(manifest), SCRIPT, &draft));
    fprintf(draft_file(draft), "#!/bin/sh\n%s \"$@\"\n", command);
    TRY(draft_keep(draft));
    manifest_output(manifest, SCRIPT);
    return OK;
}

static enum status summary_save(const struct hunt_result *result, struct manifest *manifest)
{
    struct draft *draft;
    TRY(draft_open(manifest_directory(manifest), SUMMARY, &draft));
    const enum status status = hunt_print(result, draft_file(draft));
    if (status != OK) {
        draft_discard(draft);
        return status;
    }
    TRY(draft_keep(draft));
    manifest_output(manifest, SUMMARY);
    return OK;
}

static enum status result_save(const struct hunt_result *result, struct manifest *manifest)
{
    TRY(json_save(hunt_print_object(result), manifest_directory(manifest), RESULT));
    manifest_output(manifest, RESULT);
    return OK;
}

static enum status witness_save(const struct hunt_result *result, struct manifest *manifest)
{
    TRY(json_save(hunt_print_witness(result->hunted, result->plan), manifest_directory(manifest),
                  WITNESS));
    manifest_output(manifest, WITNESS);
    return OK;
}

/* ---- trajectory ---- */

struct drawn {
    const struct instance *instance;
    struct flow *flow;
    struct outcome *outcome;
    struct orbit orbit;
};

static enum status table_save(const struct drawn *drawn, const char *directory)
{
    char header[HEADER_MAX];
    struct table *table;
    const struct flow *flow = drawn->flow;
    size_t length = (size_t)snprintf(header, sizeof header, "t");
    for (size_t i = 0; i < flow->dim; i++)
        length += (size_t)snprintf(header + length, sizeof header - length, " %s", flow->names[i]);
    snprintf(header + length, sizeof header - length, "%s", flow->loss ? " loss" : "");
    TRY(table_open(directory, TABLE, header, &table));
    for (size_t k = 0; k < drawn->orbit.count; k++) {
        const double *x = drawn->orbit.x + k * flow->dim;
        table_number(table, drawn->orbit.t[k]);
        for (size_t i = 0; i < flow->dim; i++)
            table_number(table, x[i]);
        if (flow->loss)
            table_number(table, flow->loss(flow, x));
        table_end_row(table);
    }
    return table_close(table);
}

static void loss_range(const struct drawn *drawn, double range[2])
{
    const struct flow *flow = drawn->flow;
    for (size_t k = 0; flow->loss && k < drawn->orbit.count; k++) {
        const double loss = flow->loss(flow, drawn->orbit.x + k * flow->dim);
        if (!(loss > trajectory_loss_least))
            continue;
        range[0] = range[1] > 0 ? fmin(range[0], loss) : loss;
        range[1] = fmax(range[1], loss);
    }
}

static enum status figure_save(const struct drawn *drawn, const struct hunted *hunted,
                               const char *directory)
{
    const struct flow *flow = drawn->flow;
    const struct outcome *outcome = drawn->outcome;
    const char *names[INSTANCE_DIM_MAX];
    char title[COMMAND_MAX], parameters[COMMAND_MAX];
    for (size_t i = 0; i < flow->dim; i++)
        names[i] = flow->names[i];
    const struct problem_given given = {
        .problem = drawn->instance->problem, .flow = drawn->flow, .dim = flow->dim};
    snprintf(title, sizeof title, "%s: %s", flow->title, ending_name(outcome->ending));
    struct trajectory_figure figure = {
        .directory = directory,
        .title = title,
        .caption = {problem_parameters(&given, sizeof parameters, parameters),
                    hunted->violation.confirmation.bdf.reason},
        .unknowns = flow->dim,
        .name = names,
        .what = drawn->instance->problem.equations ? "unknowns" : "weights",
        .has_loss = flow->loss != NULL,
        .whole_loss = flow->whole_loss,
        .limit = outcome->has_limit ? outcome->limit : NULL,
        .blowup_time = outcome->blowup_time};
    orbit_view(&drawn->orbit, outcome, flow->dim, &figure);
    loss_range(drawn, figure.loss);
    return trajectory_draw(&figure);
}

static enum status drawn_save(struct drawn *drawn, const struct hunt_result *result,
                              struct manifest *manifest)
{
    drawn->outcome = outcome_create(drawn->flow);
    if (!drawn->outcome)
        return status_fail(NO_MEMORY, "the trajectory of a witness");
    TRY(orbit_run(drawn->flow, &result->plan->plan, drawn->instance->x0, &drawn->orbit,
                  drawn->outcome));
    TRY(table_save(drawn, manifest_directory(manifest)));
    manifest_output(manifest, TABLE);
    return drawing_finish(manifest, FIGURE,
                          figure_save(drawn, result->hunted, manifest_directory(manifest)));
}

static enum status trajectory_save(const struct hunt_result *result, struct manifest *manifest)
{
    struct drawn drawn = {.instance = &result->hunted->violation.instance};
    TRY(problem_flow(&drawn.instance->problem, &drawn.flow));
    const enum status status = drawn_save(&drawn, result, manifest);
    orbit_free(&drawn.orbit);
    outcome_free(drawn.outcome);
    flow_free(drawn.flow);
    return status;
}

/* ---- certificate ---- */

static enum status certificate_of_limit(const struct premise *premise,
                                        const struct statement *statement,
                                        struct certificate *certificate)
{
    struct limit *limit = limit_create(statement);
    if (!limit)
        return status_fail(NO_MEMORY, "an exact limit");
    enum status status = limit_decide(statement, DIGITS, limit);
    if (status == OK && limit->ending != ENDING_HORIZON)
        status = certificate_limit(
            &(struct certificate_question){
                .premise = premise, .statement = statement, .limit = limit, .digits = DIGITS},
            certificate);
    else
        certificate_none("its limit is not decided", certificate);
    limit_free(limit);
    return status;
}

static enum status certificate_make(const struct premise *premise,
                                    const struct statement *statement, const char *why_not,
                                    struct certificate *certificate)
{
    if (premise && certificate_stability_is_asked(premise))
        return certificate_stability(premise, certificate);
    if (premise && statement && limit_has_formula(statement))
        return certificate_of_limit(premise, statement, certificate);
    certificate_none(why_not ? why_not : "no formula is known for its orbit", certificate);
    return OK;
}

static enum status certificate_of(const struct instance *instance, struct certificate *certificate)
{
    struct statement_numbers numbers;
    struct statement *statement = NULL;
    struct premise *premise = NULL;
    const char *why_not = NULL, *no_premise = NULL;
    statement_problem_numbers(&instance->problem, instance->x0, instance->dim, &numbers);
    enum status status = statement_problem_make(&instance->problem, &numbers, &statement, &why_not);
    statement_problem_free(&numbers);
    if (status == OK)
        status = premise_of_problem(&instance->problem, instance->x0, &premise, &no_premise);
    if (status == OK)
        status =
            certificate_make(premise, statement, no_premise ? no_premise : why_not, certificate);
    statement_free(statement);
    premise_free(premise);
    return status;
}

static enum status certificate_save(struct hunt_result *result, struct manifest *manifest,
                                    char name[CERTIFICATE_FILE_NAME])
{
    struct certificate certificate = {.text = NULL};
    enum status status = certificate_of(&result->hunted->violation.instance, &certificate);
    if (status == OK && certificate.text)
        status = certificate_file_save(&certificate, manifest_directory(manifest), name);
    if (status == OK && certificate.text)
        manifest_output(manifest, name);
    result->certificate = name;
    result->why_not = certificate.why_not;
    certificate_free(&certificate);
    return status;
}

enum status hunt_files_save(struct hunt_result *result, struct manifest *manifest,
                            char name[CERTIFICATE_FILE_NAME])
{
    name[0] = '\0';
    result->directory = manifest_directory(manifest);
    result->certificate = name;
    if (result->hunted->verdict == HUNT_FOUND) {
        TRY(witness_save(result, manifest));
        TRY(script_save(&result->hunted->violation.instance, manifest));
        TRY(trajectory_save(result, manifest));
        TRY(certificate_save(result, manifest, name));
    }
    TRY(result_save(result, manifest));
    return summary_save(result, manifest);
}
