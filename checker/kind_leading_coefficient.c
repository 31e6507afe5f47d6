/* Convergence of chains for all data at once, from the leading term of P along the orbit in residual time.
 *
 * With U_1 = s, a_i = a_i(0) + d_i U_i, U_(i+1) = U_i (a_i(0) + d_i U_i / 2), all d_i != 0, the leading
 * terms multiply, as there are no zero divisors: that of a_i is d_i times that of U_i, and that of
 * U_(i+1) is d_i/2 times the square of that of U_i.  If deg P is odd, d_L has the exponent 1 and all
 * others even ones, then e = alpha - beta P with beta d_L > 0 changes its sign in both directions, and every trajectory
 * converges, (EX1).  The coefficient is a power of 2, so its exponent is what the file gives: written out it has five million
 * digits for 24 layers. */
#include "checker/kind.h"
#include "checker/reject.h"

#include <stdio.h>

/* 2^-halvings d_1^e[1] ... d_L^e[L] s^degree */
struct term {
    uint64_t halvings, degree, e[PREMISE_SIZES_MAX];
};

/* a *= b */
static void multiply(struct term *a, const struct term *b, size_t layers)
{
    a->halvings += b->halvings;
    a->degree += b->degree;
    for (size_t i = 1; i <= layers; i++)
        a->e[i] += b->e[i];
}

/* The leading term of P = a_1 ... a_L; with 32 layers, the most, all numbers are below 2^33. */
static struct term leading_term(size_t layers)
{
    struct term P = {0}, U = {.degree = 1};
    for (size_t i = 1; i <= layers; i++) {
        struct term a = U;
        a.e[i]++;
        multiply(&P, &a, layers);
        multiply(&U, &a, layers); /* U_i d_i U_i */
        U.halvings++;
    }
    return P;
}

static void read_and_compare(struct text *text, uint64_t proved, const char *reason)
{
    mpz_t given;
    mpz_init(given);
    text_integer(text, given);
    mpz_t value;
    mpz_init(value);
    mpz_import(value, 1, 1, sizeof proved, 0, 0, &proved);
    reject_unless(mpz_cmp(given, value) == 0, reason);
    mpz_clears(given, value, NULL);
}

/* Then beta P has zeros of alpha - beta P in both directions. */
static void term_decides(const struct term *P, size_t layers)
{
    reject_unless(P->degree % 2 == 1, "the degree is even");
    reject_unless(P->e[layers] == 1, "the leading weight is not linear");
    for (size_t i = 1; i < layers; i++)
        reject_unless(P->e[i] % 2 == 0, "a weight below the last has an odd exponent");
}

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    struct term P = leading_term(premise->layers);
    text_line(text, "degree");
    read_and_compare(text, P.degree, "the degree of P is another one");
    text_line(text, "coefficient");
    read_and_compare(text, P.halvings, "the power of 2 is another one");
    for (size_t i = 1; i <= premise->layers; i++)
        read_and_compare(text, P.e[i], "an exponent is another one");
    term_decides(&P, premise->layers);
    snprintf(sentence, KIND_SENTENCE_MAX,
             "for positive beta and a positive leading weight every trajectory with non-zero "
             "feedback converges");
}

const struct kind kind_leading_coefficient = {
    .name = "leading-coefficient",
    .label = "EX1",
    .families = 1 << FAMILY_CHAIN,
    .rules = KIND_RULES_FIXED,
    .freedom = {.any = DATA_SIGMA_II | DATA_SIGMA_TI | DATA_FEEDBACK | DATA_START,
                .must = DATA_SIGMA_II | DATA_SIGMA_TI | DATA_FEEDBACK | DATA_START},
    .check = check,
};
