/* The order of a certificate: first line, claim, premise, kind, body, end; notes/certificates.md. */
#include "checker/certificate.h"

#include "checker/memory.h"

#include <stdio.h>
#include <string.h>

struct certificate {
    size_t length;
    const char *bytes;
    char claim[CERTIFICATE_CLAIM_MAX];
};

static void check(void *data)
{
    struct certificate *certificate = data;
    struct text text;
    struct premise premise;
    char premise_words[PREMISE_SENTENCE_MAX], kind_words[KIND_SENTENCE_MAX];
    size_t length;
    text_open(&text, certificate->length, certificate->bytes);
    text_line(&text, "claim");
    size_t claim_line = text.line;
    const char *claim = text_rest(&text, &length);
    premise_read(&text, &premise);
    const struct kind *kind = kind_read(&text, &premise);
    kind->check(&text, &premise, kind_words);
    text_finish(&text);
    premise_sentence(&premise, premise_words);
    snprintf(certificate->claim, sizeof certificate->claim, "%s%s", premise_words, kind_words);
    reject_line(claim_line);
    reject_unless(length == strlen(certificate->claim) &&
                      !memcmp(claim, certificate->claim, length),
                  "the claim is not what the certificate proves");
}

bool certificate_check(size_t length, const char *bytes, char verdict[CERTIFICATE_VERDICT_MAX])
{
    struct certificate certificate = {.length = length, .bytes = bytes};
    char reason[REJECT_REASON_MAX];
    bool accepted = reject_catch(check, &certificate, reason);
    memory_release();
    snprintf(verdict, CERTIFICATE_VERDICT_MAX, "%s", accepted ? certificate.claim : reason);
    return accepted;
}
