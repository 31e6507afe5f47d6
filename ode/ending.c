/* Names of the endings, as in the JSON contract. */
#include "ode/ending.h"

const char *ending_name(enum ending ending)
{
    static const char *const names[ENDING_COUNT] = {
        [ENDING_SETTLED] = "settled",     [ENDING_SADDLE] = "saddle",
        [ENDING_CREEPING] = "creeping",   [ENDING_ESCAPED] = "escaped",
        [ENDING_UNBOUNDED] = "unbounded", [ENDING_CYCLING] = "cycling",
        [ENDING_HORIZON] = "horizon",     [ENDING_FAILED] = "failed",
    };
    return ending < ENDING_COUNT ? names[ending] : "unknown";
}
