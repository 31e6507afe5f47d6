/* Chains under fixed feedback: polynomial orbits, (EX2), by the recursion of curve_chain.h. */
#include "exact/curve_chain.h"
#include "exact/limit_line.h"

static void state(const void *self, const arb_t s, slong prec, arb_ptr x)
{
    curve_chain_state(self, s, prec, x);
}

enum status limit_chain_decide(const struct statement *statement, slong digits, struct limit *limit)
{
    struct curve_chain *chain;
    TRY(curve_chain_create(statement, &chain));
    const struct limit_line line = {.curve = &chain->curve,
                                    .self = chain,
                                    .state = state,
                                    .fastest = chain->fastest,
                                    .statement = statement,
                                    .digits = digits};
    limit->theorem = "EX2";
    limit_line_decide(&line, limit);
    curve_chain_free(chain);
    return OK;
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
