/* One exact limit, to the digits of a double, compared as everywhere in the project. */
#include "proofs-check/oracle.h"

#include "exact/limit.h"
#include "exact/statement_problem.h"
#include "proofs-check/agreement.h"

#include <math.h>

enum { DIGITS = 17 };

static enum status statement_of(const struct instance *instance, struct statement **statement)
{
    struct statement_numbers numbers;
    const char *why_not;
    *statement = NULL;
    if (!instance->problem.rule) /* polynomials have their own theorems, (P1) */
        return OK;
    statement_problem_numbers(&instance->problem, instance->x0, instance->dim, &numbers);
    const enum status status =
        statement_problem_make(&instance->problem, &numbers, statement, &why_not);
    statement_problem_free(&numbers);
    return status;
}

static enum status compare(const struct statement *statement, const struct trial *trial,
                           struct oracle_finding *finding)
{
    struct limit *limit = limit_create(statement);
    if (!limit)
        return status_fail(NO_MEMORY, "an exact limit");
    const enum status status = limit_decide(statement, DIGITS, limit);
    if (status == OK) {
        const struct agreement agreement = agreement_with_exact(limit, trial->flow, trial->outcome);
        finding->ending = limit->ending;
        finding->distance = agreement.deviation;
        finding->answer = agreement.kind == AGREEMENT_NONE    ? ORACLE_OPEN
                          : agreement.kind == AGREEMENT_HOLDS ? ORACLE_AGREES
                                                              : ORACLE_DISAGREES;
    }
    limit_free(limit);
    return status;
}

enum status oracle_ask(const struct trial *trial, struct oracle_finding *finding)
{
    struct statement *statement;
    *finding = (struct oracle_finding){
        .answer = ORACLE_NOT_ASKED, .ending = ENDING_HORIZON, .distance = NAN};
    if (!trial->outcome)
        return OK;
    TRY(statement_of(trial->instance, &statement));
    const bool quick = statement && limit_has_formula(statement);
    const enum status status = quick ? compare(statement, trial, finding) : OK;
    statement_free(statement);
    return status;
}
