/* The ledger of a proof: claims and whether they hold. */
#include "proofs-check/proof.h"

#include "proofs-check/theorem.h"

#include <stdarg.h>
#include <stdio.h>

void proof_step(struct proof *proof, bool holds, const char *format, ...)
{
    if (proof->steps == PROOF_STEPS_MOST) {
        proof->failed++;
        return;
    }
    struct proof_step *step = &proof->step[proof->steps++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(step->claim, sizeof step->claim, format, arguments);
    va_end(arguments);
    step->holds = holds;
    proof->failed += !holds;
}

bool proof_holds(const struct proof *proof)
{
    return proof->steps > 0 && proof->failed == 0;
}

const char *proof_gap(const struct proof *proof)
{
    for (size_t i = 0; i < proof->steps; i++)
        if (!proof->step[i].holds)
            return proof->step[i].claim;
    if (proof->failed > 0)
        return "more steps than there is room for";
    return proof->steps == 0 ? "there is no step" : NULL;
}

/* ---- facts ---- */

static bool fact_holds(const struct proof_fact *fact)
{
    const struct identity identity = {
        .letters = fact->letters, .left = fact->left, .right = fact->right};
    return fact->field ? identity_along(fact->field, fact->left, fact->right)
                       : identity_holds(&identity);
}

void proof_facts(struct proof *proof, size_t facts, const struct proof_fact *fact)
{
    for (size_t i = 0; i < facts; i++)
        proof_step(proof, fact_holds(&fact[i]), "%s", fact[i].claim);
}

enum status proof_by_facts(const struct theorem *theorem, struct proof *proof)
{
    proof_facts(proof, theorem->proof->facts, theorem->proof->fact);
    return OK;
}

enum status proof_without_facts(const struct theorem *theorem, struct proof *proof)
{
    proof_facts(proof, theorem->proof->without_facts, theorem->proof->without_fact);
    return OK;
}
