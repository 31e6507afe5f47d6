/* The premise of a certificate is read from the command line a second time, by a way that shares no
 * step with that of the exact statement: a slip in one of them is seen by settle-check.  Exact limits
 * that have no kind of their own, as those under bp, have one as the end of an orbit. */
#include "cli/prove_certificate.h"

#include "cli/interrupt.h"
#include "cli/premise_from_options.h"
#include "exact/certificate_limit.h"
#include "exact/certificate_stability.h"
#include "exact/certificate_trap.h"

enum { TRAP_DIGITS = 10 };
static const double TRAP_HORIZON = 1e3; /* in learning time */

static bool is_undecided(const struct exact_result *result)
{
    return !result->limit || result->limit->ending == ENDING_HORIZON;
}

static bool is_interrupted(void *data, double t, size_t pieces)
{
    (void)data;
    (void)t;
    (void)pieces;
    return *interrupt_flag() != 0;
}

static enum status make_from_trap(const struct premise *premise, struct certificate *certificate)
{
    const struct trap_options asked = {
        .digits = TRAP_DIGITS, .horizon = TRAP_HORIZON, .stop = is_interrupted};
    struct trap *trap = NULL;
    interrupt_watch();
    enum status status = trap_prove(premise, &asked, &trap);
    if (status == OK && trap->proved)
        status = certificate_trap(trap, certificate);
    else
        certificate_none("no trap was found on the way to the limit", certificate);
    trap_free(trap);
    return status;
}

/* An orbit with a trap at its end is a kind for every rule, of what settles on a zero of the error. */
static enum status make_of_limit(const struct certificate_question *question,
                                 struct certificate *certificate)
{
    TRY(certificate_limit(question, certificate));
    if (!certificate->text && question->limit->ending == ENDING_SETTLED &&
        question->limit->minimum && question->limit->direction != 0)
        return make_from_trap(question->premise, certificate);
    return OK;
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
        return make_of_limit(&question, certificate);
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

enum status prove_certificate_save(const struct exact_result *result, const struct options *options,
                                   struct manifest *manifest, struct prove_certificate *c)
{
    TRY(make_from(result, options, &c->certificate));
    manifest_problem_as_typed(manifest, result->given);
    manifest_parameter(manifest, "digits", json_integer(result->digits));
    if (!c->certificate.text)
        return OK;
    TRY(certificate_file_save(&c->certificate, manifest_directory(manifest), c->file));
    manifest_output(manifest, c->file);
    return OK;
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
