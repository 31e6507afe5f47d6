/* The result of `settle run`: one trajectory with its evidence, as text and as JSON.
 *
 * Memory: points into objects of the caller.  Errors: NO_MEMORY, CANNOT_WRITE. */
#ifndef CLI_RUN_RESULT_H
#define CLI_RUN_RESULT_H

#include "cli/columns.h"
#include "cli/exact_result.h"
#include "cli/problem_from_options.h"
#include "ode/sweep.h"
#include "proofs-check/agreement.h"

#include <jansson.h>
#include <stdio.h>

struct run_result {
    const struct problem_given *given;
    const struct plan *plan;
    const struct outcome *outcome;
    const struct sweep_result *way; /* settling time and length, NAN where there are none */
    const struct prediction *prediction;
    const double *predicted_limit; /* [dim], or [outputs] where the prediction is about these */
    const double *output;          /* [outputs], of the limit or the last state; NULL: none */
    const double *auxiliary; /* of one's own equations, at the limit or the last state; or NULL */
    struct agreement agreement;
    bool has_sensitivity; /* chains: S = P'/e, notes/chains.md, (H2) */
    double start_sensitivity;
    size_t sign_changes; /* of S from step to step, so of dP/dt */
    double seconds;
    const struct exact_result *exact; /* NULL: not asked for */
};

enum status run_result_print(const struct run_result *result, FILE *file) MUST_CHECK;
/* The lines of the ending and its evidence, of what run_result_print() prints. */
void run_result_evidence(const struct run_result *result, struct columns *columns);

/* What run_result_print_json() prints, and its part about the prediction: new references. */
json_t *run_result_json(const struct run_result *result);
json_t *run_result_predicted(const struct run_result *result);
enum status run_result_print_json(const struct run_result *result, FILE *file) MUST_CHECK;

/* 1 yes, 0 no, NAN meaningless: is the limit a global minimum of the loss? */
double run_result_global_minimum(const struct run_result *result);

#endif
