/* Exact limits in print.
 *
 * Digits are those of a ball around the exact number: all are right but the last, which may be off by
 * one.  Zeros that are proved to be zero are printed as 0. */
#include "cli/exact_result.h"

#include "base/progress.h"
#include "cli/decimal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RATE_DIGITS = 20,
    RADIUS_DIGITS = 2,
    RATIONAL_SHOWN = 60,
    LIST_SHOWN = 32,
    TEXT_MAX_HERE = 128
};

enum status exact_result_decide(struct exact_result *result, struct limit **limit)
{
    struct limit *decided = limit_create(result->statement);
    if (!decided)
        return status_fail(NO_MEMORY, "an exact limit");
    const double begun = progress_clock();
    const enum status status = limit_decide(result->statement, result->digits, decided);
    if (status != OK) {
        limit_free(decided);
        return status;
    }
    const double ended = progress_clock();
    result->seconds = ended - begun;
    result->index = limit_index(result->statement, decided);
    result->seconds_of_index = progress_clock() - ended;
    result->limit = *limit = decided;
    return OK;
}

/* ---- the question ---- */

/* A long rational is cut in the middle of nothing: its number of digits is said instead. */
static void rational_line(struct columns *columns, const char *name, const fmpq *value)
{
    enum { DECIMAL = 10 };
    char *text = fmpq_get_str(NULL, DECIMAL, value);
    columns_cell(columns, "%s", name);
    if (strlen(text) <= RATIONAL_SHOWN)
        columns_cell(columns, "%s", text);
    else
        columns_cell(columns, "about %.17g; exactly a quotient of integers, %zu characters",
                     fmpq_get_d(value), strlen(text));
    flint_free(text);
}

/* What lists beside each other are called: "c1", "start a1". */
static void list_line(struct columns *columns, const char *what, size_t i, const fmpq *list)
{
    char name[TEXT_MAX_HERE];
    snprintf(name, sizeof name, "%s%zu", what, i + 1);
    rational_line(columns, name, list + i);
}

static void start_lines(const struct exact_result *result, struct columns *columns)
{
    const struct statement *s = result->statement;
    char name[TEXT_MAX_HERE];
    for (size_t i = 0; i < s->dim && i < LIST_SHOWN; i++) {
        snprintf(name, sizeof name, "start %s", result->given->flow->names[i]);
        rational_line(columns, name, s->x0 + i);
    }
    if (s->dim > LIST_SHOWN) {
        columns_cell(columns, "...");
        columns_cell(columns, "%zu unknowns in all", s->dim);
    }
}

void exact_result_question_lines(const struct exact_result *result, struct columns *columns)
{
    const struct statement *s = result->statement;
    columns_cell(columns, "system");
    columns_cell(columns, "%s", result->given->flow->title);
    if (!s)
        return;
    if (s->family != STATEMENT_AUTOENCODER) {
        rational_line(columns, "alpha", &s->alpha);
        rational_line(columns, "beta", &s->beta);
    }
    const bool chain = s->family == STATEMENT_CHAIN || s->family == STATEMENT_POWER;
    for (size_t i = 0; i < s->size && i < LIST_SHOWN && s->rule == STATEMENT_DIRECT; i++)
        list_line(columns, chain ? "direct c" : "c", i, s->c);
    start_lines(result, columns);
}

/* ---- the answer ---- */

static void ball_cell(struct columns *columns, const arb_t value, slong digits)
{
    char *text = limit_text(value, digits);
    columns_cell(columns, "%s", text);
    flint_free(text);
}

static void place_lines(const struct exact_result *result, struct columns *columns)
{
    char text[DECIMAL_TEXT_MAX];
    const struct limit *limit = result->limit;
    for (size_t i = 0; i < limit->dim; i++) {
        columns_cell(columns, "limit %s", result->given->flow->names[i]);
        ball_cell(columns, limit->x + i, result->digits);
    }
    columns_cell(columns, "radius");
    columns_cell(columns, "at most %s, verified",
                 decimal_radius(limit->x, limit->dim, RADIUS_DIGITS, text));
    if (limit->direction != 0 && limit->multiplicity > 0) {
        columns_cell(columns, "zero of the error");
        if (result->index > 0)
            columns_cell(columns, "number %ld on its leaf; multiplicity %lu", (long)result->index,
                         (unsigned long)limit->multiplicity);
        else
            columns_cell(columns, "multiplicity %lu", (unsigned long)limit->multiplicity);
    }
    columns_cell(columns, "global minimum");
    columns_cell(columns, "%s", limit->minimum ? "yes" : "not by this theorem");
}

/* "-1/2"; text[TEXT_MAX_HERE] */
static const char *power_text(const struct limit *limit, char *text)
{
    const struct limit_exponent e = limit->exponent;
    if (e.denominator == 1)
        snprintf(text, TEXT_MAX_HERE, "%ld", (long)e.numerator);
    else
        snprintf(text, TEXT_MAX_HERE, "%ld/%ld", (long)e.numerator, (long)e.denominator);
    return text;
}

static void law_lines(const struct limit *limit, struct columns *columns)
{
    if (limit->has_rate) {
        columns_cell(columns, "rate");
        ball_cell(columns, limit->rate, RATE_DIGITS);
    }
    if (limit->exponent.exponential) {
        columns_cell(columns, "growth");
        columns_cell(columns, "exponential");
    } else if (limit->exponent.denominator) {
        char text[TEXT_MAX_HERE];
        columns_cell(columns, limit->exponent.numerator < 0 ? "approach" : "growth");
        columns_cell(columns, "like t^(%s)", power_text(limit, text));
    }
}

void exact_result_lines(const struct exact_result *result, struct columns *columns)
{
    const struct limit *limit = result->limit;
    columns_cell(columns, "ending");
    if (!limit) {
        columns_cell(columns, "undecided: %s", result->why_not);
        return;
    }
    columns_cell(columns, "%s%s%s",
                 limit->ending == ENDING_HORIZON ? "undecided" : ending_name(limit->ending),
                 limit->reason ? ": " : ", proved", limit->reason ? limit->reason : "");
    if (limit->has_limit)
        place_lines(result, columns);
    law_lines(limit, columns);
    if (limit->has_time) {
        columns_cell(columns, "blow-up time");
        ball_cell(columns, limit->time, result->digits);
    }
    if (limit->theorem) {
        columns_cell(columns, "theorem");
        columns_cell(columns, "notes/exact.md, (%s)", limit->theorem);
    }
}

static void agreement_line(const struct agreement *agreement, struct columns *columns)
{
    const bool holds = agreement->kind == AGREEMENT_HOLDS;
    const char *reason = agreement->reason ? agreement->reason : "";
    columns_cell(columns, "  agreement");
    if (agreement->kind == AGREEMENT_NONE)
        columns_cell(columns, "nothing to compare: %s", reason);
    else if (isnan(agreement->deviation))
        columns_cell(columns, "%s%s", holds ? "yes" : "NO: ", reason);
    else
        columns_cell(columns, "%s%s; the limits differ by %.2g (%.2g allowed)",
                     holds ? "yes" : "NO: ", reason, agreement->deviation, agreement->allowed);
}

void exact_result_run_lines(const struct exact_result *result, const struct outcome *outcome,
                            struct columns *columns)
{
    const struct limit *limit = result->limit;
    columns_cell(columns, "exact");
    if (!limit || limit->ending == ENDING_HORIZON) {
        columns_cell(columns, "undecided: %s", limit ? limit->reason : result->why_not);
        return;
    }
    columns_cell(columns, "%s, proved [notes/exact.md, (%s)]", ending_name(limit->ending),
                 limit->theorem);
    for (size_t i = 0; i < limit->dim && limit->has_limit; i++) {
        columns_cell(columns, "  %s", result->given->flow->names[i]);
        ball_cell(columns, limit->x + i, result->digits);
    }
    if (limit->has_time) {
        columns_cell(columns, "  blow-up time");
        ball_cell(columns, limit->time, result->digits);
    }
    const struct agreement agreement = exact_result_agreement(result, outcome);
    agreement_line(&agreement, columns);
}

/* ---- JSON ---- */

static json_t *ball_text(const arb_t value, slong digits)
{
    char *text = limit_text(value, digits);
    json_t *json = json_text(text);
    flint_free(text);
    return json;
}

static json_t *limit_array(const struct exact_result *result)
{
    if (!result->limit || !result->limit->has_limit)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < result->limit->dim; i++)
        json_array_append_new(array, ball_text(result->limit->x + i, result->digits));
    return array;
}

/* "like t^exponent" as text, "exponential", or null. */
static json_t *exponent_text(const struct limit *limit)
{
    char text[TEXT_MAX_HERE];
    if (!limit || (!limit->exponent.denominator && !limit->exponent.exponential))
        return json_null();
    if (limit->exponent.exponential)
        return json_text("exponential");
    return json_text(power_text(limit, text));
}

static void contract_set(json_t *object, const struct exact_result *result)
{
    const struct limit *limit = result->limit;
    const bool rooted = limit && limit->has_limit && limit->multiplicity > 0;
    json_object_set_new(object, "integrals", json_null());
    json_object_set_new(object, "complete_to_degree", json_null());
    json_object_set_new(object, "limit", limit_array(result));
    json_object_set_new(object, "root_index",
                        result->index > 0 ? json_integer(result->index) : json_null());
    json_object_set_new(object, "multiplicity",
                        rooted ? json_integer((json_int_t)limit->multiplicity) : json_null());
    json_object_set_new(object, "rate",
                        limit && limit->has_rate ? ball_text(limit->rate, result->digits)
                                                 : json_null());
    json_object_set_new(object, "certificate", json_text(result->certificate));
    json_object_set_new(object, "seconds", json_finite(limit ? result->seconds : NAN));
}

json_t *exact_result_json(const struct exact_result *result)
{
    const struct limit *limit = result->limit;
    const struct problem *problem = &result->given->problem;
    json_t *object = json_object();
    json_object_set_new(object, "system", json_text(problem->system->name));
    json_object_set_new(object, "rule", json_text(problem->rule ? problem->rule->name : NULL));
    json_object_set_new(object, "ending",
                        limit && limit->ending != ENDING_HORIZON
                            ? json_text(ending_name(limit->ending))
                            : json_text("undecided"));
    contract_set(object, result);
    json_object_set_new(object, "radius",
                        json_finite(limit && limit->has_limit ? limit_radius(limit) : NAN));
    json_object_set_new(object, "direction", limit ? json_integer(limit->direction) : json_null());
    json_object_set_new(object, "exponent", exponent_text(limit));
    json_object_set_new(object, "blowup_time",
                        limit && limit->has_time ? ball_text(limit->time, result->digits)
                                                 : json_null());
    json_object_set_new(object, "global_minimum",
                        limit && limit->has_limit ? json_boolean(limit->minimum) : json_null());
    json_object_set_new(object, "theorem", json_text(limit ? limit->theorem : NULL));
    json_object_set_new(object, "reason", json_text(limit ? limit->reason : result->why_not));
    return object;
}

/* ---- against an integration ---- */

struct agreement exact_result_agreement(const struct exact_result *result,
                                        const struct outcome *outcome)
{
    if (!result->limit)
        return (struct agreement){.kind = AGREEMENT_NONE, .reason = result->why_not};
    return agreement_with_exact(result->limit, result->given->flow, outcome);
}
