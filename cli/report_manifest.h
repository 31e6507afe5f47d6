/* The manifest of a directory of results, read back and compared with the files that it lists.
 *
 * Memory: report_manifest_read() .. report_manifest_free(); texts are borrowed from the manifest.
 * Errors: CANNOT_READ (no manifest, or a file that it lists is missing or no file), BAD_DATA (it is
 * damaged), each with what was expected; NO_MEMORY. */
#ifndef CLI_REPORT_MANIFEST_H
#define CLI_REPORT_MANIFEST_H

#include "plots/report.h"

#include <jansson.h>

struct report_manifest {
    const char *directory;
    json_t *root;
    json_t *command, *parameters, *versions, *outputs; /* borrowed from root */
};

enum status report_manifest_read(const char *directory,
                                 struct report_manifest *manifest) MUST_CHECK;
void report_manifest_free(struct report_manifest *manifest);

/* The command that was run: "verify"; "" if the manifest does not say. */
const char *report_manifest_kind(const struct report_manifest *manifest);

bool report_manifest_lists(const struct report_manifest *manifest, const char *name);

/* Command line, environment, parameters and files into the report; a file whose hash is another one
 * is a warning. */
enum status report_manifest_tell(const struct report_manifest *manifest,
                                 struct report *report) MUST_CHECK;

#endif
