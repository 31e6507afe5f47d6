/* The result of a hunt, as text and as JSON.
 *
 * JSON: {"claim","kind","source","hypotheses","statement","verdict","witness":{...}|null,"search":{...},
 *  "dropped":[...],"candidates":[...],"seed","seconds","exit"}; verdict is "refuted", "nothing found" or
 * "undecided".  Numbers of instances and witnesses depend on the seed and the number of evaluations
 * alone, where that is the budget; seconds do not.
 * Memory: new references.  Errors: CANNOT_WRITE, NO_MEMORY. */
#ifndef CLI_HUNT_PRINT_H
#define CLI_HUNT_PRINT_H

#include "cli/command.h"
#include "proofs-check/hunt.h"

#include <jansson.h>
#include <stdio.h>

struct hunt_result {
    const struct hunted *hunted;
    const struct hunt_plan *plan;
    const char *directory;   /* of the package; NULL: none was written */
    const char *certificate; /* its file; "": there is none, because ... */
    const char *why_not;
};

enum exit_code hunt_print_exit(const struct hunted *hunted);
enum status hunt_print(const struct hunt_result *result, FILE *file) MUST_CHECK;
enum status hunt_print_json(const struct hunt_result *result, FILE *file) MUST_CHECK;

/* What hunt_print_json() prints, and hunt.json holds. */
json_t *hunt_print_object(const struct hunt_result *result);

/* The witness alone: what witness.json holds. */
json_t *hunt_print_witness(const struct hunted *hunted, const struct hunt_plan *plan);

/* The claims that are no records, for --help of those who mistype: all names offered to `nearest`. */
struct nearest;
void hunt_print_offer(struct nearest *nearest);

#endif
