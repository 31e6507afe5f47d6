/* What is known of one theorem after its verification: a row of the table, of the JSON and of the
 * store.
 *
 * Memory: plain data; texts are cut at their sizes.  Absent numbers are NAN. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "cli/command.h"
#include "proofs-check/verify.h"

#include <jansson.h>
#include <stdio.h>

enum { SUMMARY_FILE_MAX = 128 /* PROVE_FILE_MAX */ };
enum { SUMMARY_COMMAND_MAX = 32768 }; /* a witness with three full lists of 256 numbers */

struct summary {
    const struct theorem *theorem;
    enum verdict verdict, control;
    size_t trials, instances, failures, undecided, trajectories;
    double worst, failure_measure_below, seconds;
    char witness[SUMMARY_COMMAND_MAX]; /* the command that reproduces it; "" if there is none */
    char reason[REASON_MAX], control_reason[REASON_MAX];
    struct verify_sample sample; /* without its rows */
    struct verify_exact exact;
    struct verify_proof proof;
    char certificate[SUMMARY_FILE_MAX]; /* the file of the proof in the output directory, or "" */
};

/* All summaries of one verification. */
struct summaries {
    size_t count, requested; /* finished; asked for */
    struct summary *summary; /* summary[count] */
    double confidence, seconds;
};

enum status summary_of(const struct verified *verified, struct summary *summary) MUST_CHECK;

/* The label of the argument behind an exact verdict, or NULL. */
const char *summary_proved_by(const struct summary *summary);

/* The verdict is the one on record, and the control was refuted. */
bool summary_is_as_recorded(const struct summary *summary);

/* 0 all as recorded; 1 a verdict or control differs; 3 something is undecided or unfinished. */
enum exit_code summary_exit(const struct summaries *summaries);

enum status summary_print(const struct summaries *summaries, FILE *file) MUST_CHECK;
/* Of checks of one's own equations: no records. */
enum status summary_print_own(const struct summaries *summaries, const struct flow *flow,
                              FILE *file) MUST_CHECK;
enum status summary_print_json(const struct summaries *summaries, FILE *file) MUST_CHECK;

/* What is printed, to be saved; a new reference. */
json_t *summary_json(const struct summaries *summaries);

#endif
