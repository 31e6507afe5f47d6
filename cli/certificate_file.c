/* The digest protects a certificate from accidents, not from forgers: who alters a file can write a new
 * digest.  What protects the claim is that settle-check proves it again. */
#include "cli/certificate_file.h"

#include "base/draft.h"
#include "cli/digest.h"

enum status certificate_file_save_as(const struct certificate *certificate, const char *directory,
                                     const char *name)
{
    char hex[DIGEST_TEXT];
    struct draft *draft;
    digest_bytes(certificate->text, certificate->length, hex);
    TRY(draft_open(directory, name, &draft));
    if (fwrite(certificate->text, 1, certificate->length, draft_file(draft)) !=
            certificate->length ||
        fprintf(draft_file(draft), "end %s\n", hex) < 0)
        draft_failed(draft);
    return draft_keep(draft);
}

enum status certificate_file_save(const struct certificate *certificate, const char *directory,
                                  char name[CERTIFICATE_FILE_NAME])
{
    snprintf(name, CERTIFICATE_FILE_NAME, "%s.certificate", certificate->kind);
    return certificate_file_save_as(certificate, directory, name);
}
