/* Names of the verdicts, as in the JSON contract. */
#include "proofs-check/verdict.h"

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_PROVED] = "proved",       [VERDICT_CERTIFIED] = "certified",
        [VERDICT_SUPPORTED] = "supported", [VERDICT_UNDECIDED] = "undecided",
        [VERDICT_REFUTED] = "refuted",
    };
    return names[verdict];
}
