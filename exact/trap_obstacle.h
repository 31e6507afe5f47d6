/* Networks whose error vanishes nowhere, so that no trap exists: (TR8).
 *
 * Memory: none kept; the text is static. */
#ifndef EXACT_TRAP_OBSTACLE_H
#define EXACT_TRAP_OBSTACLE_H

#include "exact/premise.h"

/* Why y has no zero; NULL: the ranks do not forbid one. */
const char *trap_obstacle(const struct premise *premise);

#endif
