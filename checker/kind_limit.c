/* A trajectory that converges exponentially: the first zero of the error ahead of the start, by
 * (CT1), the state there, and the slope of the error, which is the rate by (EX1). */
#include "checker/crossing.h"
#include "checker/kind.h"
#include "checker/reject.h"

#include <stdio.h>

struct claim {
    struct crossing crossing;
    mpq_t zero[2];
    struct crossing_box box;
    mpq_t rate;
};

static void read_zero(struct text *text, struct claim *claim)
{
    text_line(text, "zero");
    for (size_t k = 0; k < 2; k++) {
        mpq_init(claim->zero[k]);
        text_number(text, claim->zero[k]);
    }
    reject_unless(mpq_cmp(claim->crossing.ends[0], claim->zero[0]) <= 0 &&
                      mpq_cmp(claim->zero[0], claim->zero[1]) < 0 &&
                      mpq_cmp(claim->zero[1], claim->crossing.ends[1]) <= 0,
                  "the zero is not an interval in the bracket");
}

static void read_claim(struct text *text, const struct premise *premise, struct claim *claim)
{
    text_line(text, "direction");
    claim->crossing.direction = crossing_read_direction(text);
    crossing_read_free(text, &claim->crossing);
    crossing_read_bracket(text, &claim->crossing);
    read_zero(text, claim);
    claim->box = crossing_read_box(text, premise->dim);
    text_line(text, "rate");
    mpq_init(claim->rate);
    text_positive(text, claim->rate);
}

/* Is the sign of G at the place t that of the direction, or the other one? */
static bool sign_at(struct curve *curve, struct claim *claim, size_t end,
                    curve_statement *statement)
{
    curve_enclose(curve, claim->crossing.direction, claim->zero[end], claim->zero[end]);
    return statement(curve, NULL);
}

static const char *attempt(struct curve *curve, void *data)
{
    struct claim *claim = data;
    enum curve_direction direction = claim->crossing.direction;
    const char *fault = crossing_fault(curve, &claim->crossing);
    if (fault)
        return fault;
    if (!sign_at(curve, claim, 0, curve_is_positive) ||
        !sign_at(curve, claim, 1, curve_is_negative))
        return "the error is not proved to change its sign between the ends of the zero";
    if (!curve_prove(curve, direction, claim->zero, crossing_is_in_box, &claim->box))
        return "the state at the zero is not proved to be in the limit box";
    if (!curve_prove(curve, direction, claim->zero, crossing_is_faster, &claim->rate))
        return "the rate is not proved";
    return NULL;
}

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    enum { ORDERS = 3 }; /* G, dG/ds and the remainder of both */
    struct claim claim;
    read_claim(text, premise, &claim);
    struct curve_make make = {.premise = premise, .orders = ORDERS};
    struct curve_data data = curve_data_of(premise);
    curve_decide(&make, &data, attempt, &claim);
    snprintf(sentence, KIND_SENTENCE_MAX,
             "the trajectory from the start converges exponentially to a zero of the error in the "
             "limit box");
}

const struct kind kind_limit = {
    .name = "limit",
    .label = "CT1",
    .families = KIND_FAMILIES_SCALAR,
    .rules = KIND_RULES_FIXED,
    .check = check,
};
