/* Chains under fixed feedback: polynomial orbits, (EX2), by the recursion of curve_chain.h. */
#include "exact/curve_chain.h"
#include "exact/limit_line.h"

static void state(const void *self, const arb_t s, slong prec, arb_ptr x)
{
    curve_chain_state(self, s, prec, x);
}

enum status limit_chain_line(const struct statement *statement, limit_line_use *use, void *context)
{
    struct curve_chain *chain;
    TRY(curve_chain_create(statement, &chain));
    const struct limit_line line = {.curve = &chain->curve,
                                    .self = chain,
                                    .state = state,
                                    .fastest = chain->fastest,
                                    .statement = statement};
    const enum status status = use(&line, context);
    curve_chain_free(chain);
    return status;
}

enum status limit_chain_decide(const struct statement *statement, slong digits, struct limit *limit)
{
    struct limit_line_question question = {.digits = digits, .limit = limit};
    limit->theorem = "EX2";
    return limit_chain_line(statement, limit_line_answer, &question);
}

slong limit_chain_index(const struct statement *statement, const struct limit *limit)
{
    struct curve_chain *chain;
    if (curve_chain_create(statement, &chain) != OK)
        return 0;
    const slong index = limit_line_index(&chain->curve, limit->direction);
    curve_chain_free(chain);
    return index;
}
