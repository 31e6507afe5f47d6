/* A zero of the error whose neighbours come back: y(start) = 0 exactly, and with the given matrix V the symmetric
 * part of V^-1 K V, K = -Dy S at the start, is at least mu, all in rationals.  So along every solution near by
 * z = V^-1 y obeys |z|' <= -(mu - o(1)) |z|: every direction across the zeros of the error decays at the rate mu. */
#include "checker/field.h"
#include "checker/kind.h"
#include "checker/memory.h"
#include "checker/rational.h"
#include "checker/reject.h"

#include <stdio.h>

/* V^-1 K V, K at the start. */
static mpq_t *response_in_norm(const struct premise *premise, struct field *field, mpq_t *V)
{
    size_t k = field->k;
    mpq_t *K = memory_numbers(k * k), *product = memory_numbers(k * k);
    field_response(field);
    for (size_t i = 0; i < k * k; i++)
        polynomial_value(&field->K[i], premise->start.lo, K[i]);
    rational_product(k, K, V, product);
    rational_solve(k, k, V, product);
    return product;
}

/* B + B' - 2 mu, in place. */
static void symmetric_part_less(size_t k, mpq_t *B, const mpq_t mu)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            mpq_add(B[i * k + j], B[i * k + j], B[j * k + i]);
            for (int twice = 0; twice < 2 && i == j; twice++)
                mpq_sub(B[i * k + j], B[i * k + j], mu);
            mpq_set(B[j * k + i], B[i * k + j]);
        }
}

static void start_is_fixed(const struct premise *premise, const struct field *field)
{
    mpq_t value;
    mpq_init(value);
    for (size_t i = 0; i < field->k; i++) {
        polynomial_value(&field->y[i], premise->start.lo, value);
        reject_unless(mpq_sgn(value) == 0, "the error is not zero at the start");
    }
    mpq_clear(value);
}

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    struct field field;
    mpq_t mu;
    mpq_init(mu);
    size_t k = premise->sizes[0] * premise->sizes[premise->layers];
    text_line(text, "norm");
    size_t norm_line = text->line;
    mpq_t *V = rational_read(text, k * k);
    text_line(text, "rate");
    size_t rate_line = text->line;
    text_positive(text, mu);
    reject_line(premise->start.line);
    field_build(premise, &field);
    start_is_fixed(premise, &field);
    reject_line(norm_line);
    mpq_t *B = response_in_norm(premise, &field, V);
    symmetric_part_less(k, B, mu);
    reject_line(rate_line);
    reject_unless(rational_is_positive_definite(k, B),
                  "the symmetric part of V^-1 K V is not above the rate");
    snprintf(sentence, KIND_SENTENCE_MAX,
             "the start is a fixed point, and every direction across the zeros of the error decays "
             "at the rate mu or faster");
}

const struct kind kind_stability = {
    .name = "stability",
    .families = KIND_FAMILIES_ALL,
    .rules = KIND_RULES_ALL,
    .check = check,
};
