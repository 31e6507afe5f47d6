/* What the deciding files of limit_*.c share.  Internal to exact/.
 *
 * Each decides one family: it fills `limit`, which says undecided at first.  Errors: NO_MEMORY. */
#ifndef EXACT_LIMIT_PARTS_H
#define EXACT_LIMIT_PARTS_H

#include "exact/limit.h"
#include "exact/root.h"

/* Bits for so many decimal digits, with a guard. */
slong limit_bits(slong digits);

/* ---- families and rules; an index is of a limit that has been decided ---- */

enum status limit_chain_decide(const struct statement *statement, slong digits,
                               struct limit *limit) MUST_CHECK;
enum status limit_power_decide(const struct statement *statement, slong digits,
                               struct limit *limit) MUST_CHECK;
enum status limit_fan_decide(const struct statement *statement, slong digits,
                             struct limit *limit) MUST_CHECK;
enum status limit_pair_decide(const struct statement *statement, slong digits,
                              struct limit *limit) MUST_CHECK;
enum status limit_autoencoder_decide(const struct statement *statement, slong digits,
                                     struct limit *limit) MUST_CHECK;
enum status limit_gradient_decide(const struct statement *statement, slong digits,
                                  struct limit *limit) MUST_CHECK;
enum status limit_skipped_decide(const struct statement *statement, slong digits,
                                 struct limit *limit) MUST_CHECK;
enum status limit_layered_decide(const struct statement *statement, slong digits,
                                 struct limit *limit) MUST_CHECK;

slong limit_chain_index(const struct statement *statement, const struct limit *limit);
slong limit_power_index(const struct statement *statement, const struct limit *limit);
slong limit_fan_index(const struct statement *statement, const struct limit *limit);
slong limit_pair_index(const struct statement *statement, const struct limit *limit);
slong limit_autoencoder_index(const struct statement *statement, const struct limit *limit);

/* ---- endings ---- */

void limit_undecided(const char *reason, struct limit *limit);

/* The start is the limit. */
void limit_at_start(const struct statement *statement, struct limit *limit);

/* At rest on a zero of this order, `sign` that of the first coefficient that does not vanish. */
void limit_rest(slong order, int sign, struct limit *limit);

/* A zero of this multiplicity is approached. */
void limit_approach(ulong multiplicity, struct limit *limit);

/* Are all components known to `bits` bits, or, where they may be 0, to that share of the largest? */
bool limit_is_accurate(const struct limit *limit, slong bits);

#endif
