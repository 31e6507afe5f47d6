/* The premise of a certificate is read from the command line a second time, by a way that shares no
 * step with that of the exact statement: a slip in one of them is seen by settle-check. */
#include "cli/prove_certificate.h"

#include "cli/premise_from_options.h"
#include "exact/certificate_limit.h"
#include "exact/certificate_stability.h"

enum status prove_certificate_prepare(const struct options *options, struct manifest **manifest)
{
    *manifest = NULL;
    if (!options_given(options, OPTION_out))
        return OK;
    TRY(manifest_create(options, options->text[OPTION_out], manifest));
    manifest_clear(*manifest);
    return OK;
}

static bool is_undecided(const struct exact_result *result)
{
    return !result->limit || result->limit->ending == ENDING_HORIZON;
}

/* A start at rest has a kind of its own, whatever the system. */
static enum status make(const struct exact_result *result, const struct premise *premise,
                        struct certificate *certificate)
{
    const struct certificate_question question = {.premise = premise,
                                                  .statement = result->statement,
                                                  .limit = result->limit,
                                                  .digits = result->digits};
    if (certificate_stability_is_asked(premise))
        return certificate_stability(premise, certificate);
    if (!is_undecided(result))
        return certificate_limit(&question, certificate);
    certificate_none("nothing was decided", certificate);
    return OK;
}

static enum status make_from(const struct exact_result *result, const struct options *options,
                             struct certificate *certificate)
{
    struct premise *premise = NULL;
    const char *why_not = NULL;
    TRY(premise_from_options(options, result->given, &premise, &why_not));
    if (!premise) {
        certificate_none(why_not, certificate);
        return OK;
    }
    const enum status status = make(result, premise, certificate);
    premise_free(premise);
    return status;
}

static enum status save(const struct exact_result *result, const struct options *options,
                        struct manifest *manifest, struct prove_certificate *c)
{
    TRY(make_from(result, options, &c->certificate));
    manifest_problem(manifest, result->given);
    manifest_parameter(manifest, "digits", json_integer(result->digits));
    if (!c->certificate.text)
        return OK;
    TRY(certificate_file_save(&c->certificate, manifest_directory(manifest), c->file));
    manifest_output(manifest, c->file);
    return OK;
}

enum status prove_certificate_save(const struct exact_result *result, const struct options *options,
                                   struct manifest *manifest, struct prove_certificate *c)
{
    const enum status status = save(result, options, manifest, c);
    if (status == OK)
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

void prove_certificate_free(struct prove_certificate *c)
{
    certificate_free(&c->certificate);
}

void prove_certificate_lines(const struct prove_certificate *c, const char *directory,
                             struct columns *columns)
{
    columns_cell(columns, "certificate");
    if (!c->certificate.text) {
        columns_cell(columns, "none, because %s", c->certificate.why_not);
        return;
    }
    int length = 0;
    const char *claim = certificate_claim(&c->certificate, &length);
    columns_cell(columns, "%s/%s", directory, c->file);
    columns_cell(columns, "claim");
    columns_cell(columns, "%.*s", length, claim);
}
