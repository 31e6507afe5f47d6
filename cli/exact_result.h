/* An exact limit as text, as JSON, and against a trajectory that was integrated.
 *
 * Memory: JSON references are new.  Errors: those of the columns and of jansson, reported when they
 * are printed. */
#ifndef CLI_EXACT_RESULT_H
#define CLI_EXACT_RESULT_H

#include "cli/columns.h"
#include "cli/json.h"
#include "cli/problem_from_options.h"
#include "exact/limit.h"
#include "proofs-check/agreement.h"

struct exact_result {
    const struct problem_given *given;
    const struct statement *statement; /* NULL: no theorem covers the problem, see why_not */
    const char *why_not;
    const struct limit *limit;        /* NULL with the statement */
    slong digits, index;              /* index: limit_index() */
    double seconds, seconds_of_index; /* to decide the limit; to count the zeros before it */
    const char *certificate;          /* the file; NULL: none */
};

/* Decides, and counts the zeros of the leaf; *limit is the caller's. */
enum status exact_result_decide(struct exact_result *result, struct limit **limit) MUST_CHECK;

/* What was asked: parameters and start as rationals. */
void exact_result_question_lines(const struct exact_result *result, struct columns *columns);

/* Ending, limit, rate, zero, theorem. */
void exact_result_lines(const struct exact_result *result, struct columns *columns);

/* The same in a few lines, beside a trajectory that was integrated. */
void exact_result_run_lines(const struct exact_result *result, const struct outcome *outcome,
                            struct columns *columns);

/* The keys of the contract, and more. */
json_t *exact_result_json(const struct exact_result *result);

/* Does the outcome end there?  Doubles cannot tell numbers that differ in the twentieth digit, so a
 * NO may be the fault of either. */
struct agreement exact_result_agreement(const struct exact_result *result,
                                        const struct outcome *outcome);

#endif
