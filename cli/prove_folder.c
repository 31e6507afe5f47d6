/* An answer without a certificate is one, too: a manifest that lists no file would leave the reader
 * with a command line and no result.  Rejected: no folder where nothing was certified, for it has to be
 * tried before the work and may have held the results of an earlier command. */
#include "cli/prove_folder.h"

#include "cli/json.h"

static const char ANSWER[] = "answer.json";

enum status prove_folder_open(const struct options *options, struct manifest **manifest)
{
    *manifest = NULL;
    if (!options_given(options, OPTION_out))
        return OK;
    TRY(manifest_create(options, options->text[OPTION_out], manifest));
    manifest_clear(*manifest);
    return OK;
}

enum status prove_folder_close(struct manifest *manifest, json_t *answer)
{
    const enum status status = json_save(answer, manifest_directory(manifest), ANSWER);
    if (status != OK) {
        manifest_free(manifest);
        return status;
    }
    manifest_output(manifest, ANSWER);
    return manifest_save(manifest);
}
