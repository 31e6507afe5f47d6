/* One certificate: its text is read, its premise rebuilt, its claim proved. */
#ifndef CHECKER_CERTIFICATE_H
#define CHECKER_CERTIFICATE_H

#include "checker/kind.h"
#include "checker/reject.h"

enum {
    CERTIFICATE_CLAIM_MAX = PREMISE_SENTENCE_MAX + KIND_SENTENCE_MAX,
    CERTIFICATE_VERDICT_MAX = CERTIFICATE_CLAIM_MAX /* a reason is shorter */
};

/* Accepted?  The verdict is then the claim, else the reason.  Needs memory_take_over(). */
bool certificate_check(size_t length, const char *bytes, char verdict[CERTIFICATE_VERDICT_MAX]);

#endif
