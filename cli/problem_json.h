/* Everything that is needed to repeat a computation, as JSON: of manifests and of `settle run`.
 *
 * Memory: new references.  Errors: what there is no memory for is missing. */
#ifndef CLI_PROBLEM_JSON_H
#define CLI_PROBLEM_JSON_H

#include "cli/problem_from_options.h"

#include <jansson.h>

/* System, rule, coefficients, moments or samples, neurons and start. */
json_t *problem_json(const struct problem_given *given);

/* Method, tolerances, horizon. */
json_t *problem_json_plan(const struct plan *plan);

#endif
