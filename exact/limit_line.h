/* Systems on a line: x' = e V, so that the orbit in residual time and e on it decide everything, (EX1).
 *
 * Plain chains, fans, and skipped adaptive chains differ by their curve and by the state on it.
 * Internal to exact/. */
#ifndef EXACT_LIMIT_LINE_H
#define EXACT_LIMIT_LINE_H

#include "exact/limit_parts.h"

struct limit_line {
    const struct curve *curve;
    const void *self;
    void (*state)(const void *self, const arb_t s, slong prec, arb_ptr x);
    slong fastest; /* the largest degree in s of an unknown; 0: nothing moves; -1: not polynomial */
    const struct statement *statement;
    slong digits;
};

/* What is done with a line while it is there. */
typedef enum status limit_line_use(const struct limit_line *line, void *context);

/* Makes the line of a statement of the family, fixed feedback, and calls `use` with it. */
enum status limit_chain_line(const struct statement *statement, limit_line_use *use,
                             void *context) MUST_CHECK;
enum status limit_fan_line(const struct statement *statement, limit_line_use *use,
                           void *context) MUST_CHECK;

/* Fills `limit`; its theorem is the caller's, but for multiple zeros. */
void limit_line_decide(const struct limit_line *line, struct limit *limit);

/* The same as a use of a line; line->digits is not read. */
struct limit_line_question {
    slong digits;
    struct limit *limit;
};
enum status limit_line_answer(const struct limit_line *line, void *question);

slong limit_line_index(const struct curve *curve, int direction);

#endif
