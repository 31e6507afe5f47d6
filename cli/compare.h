/* What `settle compare` has in hand: the problem, its network, the plan, the results.
 *
 * Memory: compare_prepare() makes it, compare_free() frees it, also after a failure.
 * Errors: as problem_from_options() and comparison_run(). */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "base/progress.h"
#include "cli/manifest.h"
#include "cli/problem_from_options.h"
#include "proofs-check/comparison.h"
#include "proofs-check/comparison_ending.h"
#include "proofs-check/comparison_problem.h"

#include <stdio.h>

enum { COMPARE_ESCAPES = 3, COMPARE_LABEL_MAX = 160 };

struct compare {
    const struct options *options;
    struct problem_given given;
    struct comparison_problem *network;
    struct comparison_plan plan;
    enum comparison_row first; /* of --against: the order that --json names first */
    struct progress *progress;

    struct comparison_gap gap;
    struct comparison *result; /* NULL: the fields differ, or it was interrupted before */
    struct comparison_ending ending;
    size_t trap; /* the layer of the trap that the start lies in; 0: none */
    struct comparison_escape escape[COMPARE_ESCAPES]; /* out of it */
    size_t escapes;
    double seconds;
    size_t axis[2]; /* the plane in which paths are drawn */
};

enum status compare_prepare(const struct options *options, struct compare *compare) MUST_CHECK;
void compare_free(struct compare *compare);

/* The standard error of a row at an eta; NAN: there is none, or none worth the name. */
double compare_error(const struct comparison *result, const struct comparison_step *step,
                     enum comparison_row row);

const char *compare_sampling_name(enum sampling sampling);

/* "full batch from the flow: 1.016 (1)", slope fitted and expected; label[COMPARE_LABEL_MAX] */
const char *compare_label(const struct comparison_order *order, char label[COMPARE_LABEL_MAX]);

enum status compare_print(const struct compare *compare, FILE *file) MUST_CHECK;
enum status compare_print_json(const struct compare *compare, FILE *file) MUST_CHECK;
enum status compare_save(const struct compare *compare, struct manifest *manifest) MUST_CHECK;

/* paths.*: the flow and the steps themselves, in the plane of two unknowns; nothing where there is one. */
enum status compare_paths_save(const struct compare *compare, struct manifest *manifest) MUST_CHECK;

#endif
