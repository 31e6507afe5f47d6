/* The limit of the autoencoder A[N,1,N] with white inputs, (EX9): A = x C and B = C' / (x |C|^2), x the one positive
 * zero of g(x) = |C|^2 x^3 / 2 + kappa x - 1, kappa = CB - |A|^2 / 2 a first integral, if A(0) is not
 * a multiple of C.  g(0) = -1 and g has one change of sign in its coefficients, so one positive zero. */
#include "checker/kind.h"
#include "checker/memory.h"
#include "checker/rational.h"
#include "checker/reject.h"

#include <stdio.h>

/* C[N], the start A[N], B[N], and c = |C|^2, kappa. */
struct autoencoder {
    size_t N;
    mpq_t *C, *A, *B;
    mpq_t c, kappa;
};

static void sum_of_products(size_t n, mpq_t *x, mpq_t *y, mpq_t sum)
{
    mpq_t product;
    mpq_init(product);
    mpq_set_ui(sum, 0, 1);
    for (size_t i = 0; i < n; i++) {
        rational_work(x[i], y[i]);
        mpq_mul(product, x[i], y[i]);
        rational_work(sum, product);
        mpq_add(sum, sum, product);
    }
    mpq_clear(product);
}

static void is_identity(const struct premise_list *sigma, size_t N)
{
    reject_line(sigma->line);
    for (size_t k = 0; k < N * N; k++)
        reject_unless(!mpq_cmp_ui(sigma->lo[k], k % (N + 1) == 0, 1),
                      "the moment is not the identity");
}

static void premise_fits(const struct premise *premise)
{
    is_identity(&premise->sigma_ii, premise->sizes[0]);
    is_identity(&premise->sigma_ti, premise->sizes[0]);
    reject_line(0);
    for (size_t k = 0; k < premise->rate_count; k++)
        reject_unless(!mpq_cmp_ui(premise->rates[k], 1, 1), "the rates are not all 1");
}

static struct autoencoder autoencoder_of(const struct premise *premise)
{
    size_t N = premise->sizes[0];
    struct autoencoder system = {.N = N, .C = premise->feedback.lo, .A = premise->start.lo};
    mpq_t half_square;
    system.B = premise->start.lo + N;
    mpq_inits(system.c, system.kappa, half_square, NULL);
    sum_of_products(N, system.C, system.C, system.c);
    sum_of_products(N, system.C, system.B, system.kappa);
    sum_of_products(N, system.A, system.A, half_square);
    mpq_div_2exp(half_square, half_square, 1);
    mpq_sub(system.kappa, system.kappa, half_square);
    mpq_clear(half_square);
    return system;
}

/* A(0) is not a multiple of C != 0: some A_i C_j - A_j C_i, with one j of C_j != 0, is not zero. */
static void starts_off_the_line(const struct autoencoder *system)
{
    size_t j = 0;
    bool off = false;
    mpq_t left, right;
    mpq_inits(left, right, NULL);
    reject_unless(mpq_sgn(system->c) > 0, "C is zero");
    while (!mpq_sgn(system->C[j]))
        j++;
    for (size_t i = 0; i < system->N; i++) {
        rational_work(system->A[i], system->C[j]);
        mpq_mul(left, system->A[i], system->C[j]);
        mpq_mul(right, system->A[j], system->C[i]);
        off = off || !mpq_equal(left, right);
    }
    reject_unless(off, "A is a multiple of C at the start");
    mpq_clears(left, right, NULL);
}

/* The sign of g(x) = (c x^2 / 2 + kappa) x - 1. */
static int sign_of_g(const struct autoencoder *system, const mpq_t x)
{
    mpq_t value, one;
    mpq_inits(value, one, NULL);
    mpq_set_ui(one, 1, 1);
    mpq_mul(value, system->c, x);
    mpq_mul(value, value, x);
    mpq_div_2exp(value, value, 1);
    mpq_add(value, value, system->kappa);
    mpq_mul(value, value, x);
    mpq_sub(value, value, one);
    int sign = mpq_sgn(value);
    mpq_clears(value, one, NULL);
    return sign;
}

static void entry_is_in(const mpq_t value, const mpq_t lo, const mpq_t hi)
{
    reject_unless(mpq_cmp(lo, value) <= 0 && mpq_cmp(value, hi) <= 0,
                  "the limit is not in its box");
}

/* x C and C' / (x c) are in the box; both are monotone in x. */
static void limit_is_in(const struct autoencoder *system, const mpq_t x, mpq_t *lo, mpq_t *hi)
{
    mpq_t value, scale;
    mpq_inits(value, scale, NULL);
    mpq_mul(scale, x, system->c);
    for (size_t i = 0; i < system->N; i++) {
        rational_work(x, system->C[i]);
        mpq_mul(value, x, system->C[i]);
        entry_is_in(value, lo[i], hi[i]);
        rational_work(scale, system->C[i]);
        mpq_div(value, system->C[i], scale);
        entry_is_in(value, lo[system->N + i], hi[system->N + i]);
    }
    mpq_clears(value, scale, NULL);
}

static void read_box(struct text *text, size_t count, mpq_t *lo, mpq_t *hi)
{
    text_line(text, "limit");
    for (size_t k = 0; k < count; k++)
        text_interval(text, lo[k], hi[k]);
}

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    mpq_t *lo = memory_numbers(premise->dim), *hi = memory_numbers(premise->dim), x_lo, x_hi;
    mpq_inits(x_lo, x_hi, NULL);
    text_line(text, "zero");
    size_t zero_line = text->line;
    text_positive(text, x_lo);
    text_positive(text, x_hi);
    read_box(text, premise->dim, lo, hi);
    size_t limit_line = text->line;
    premise_fits(premise);
    struct autoencoder system = autoencoder_of(premise);
    reject_line(premise->start.line);
    starts_off_the_line(&system);
    reject_line(zero_line);
    reject_unless(mpq_cmp(x_lo, x_hi) < 0, "the ends of the zero are not in order");
    reject_unless(sign_of_g(&system, x_lo) < 0, "g is not negative at the lower end");
    reject_unless(sign_of_g(&system, x_hi) > 0, "g is not positive at the upper end");
    reject_line(limit_line);
    limit_is_in(&system, x_lo, lo, hi);
    limit_is_in(&system, x_hi, lo, hi);
    snprintf(sentence, KIND_SENTENCE_MAX,
             "the trajectory from the start converges to the limit in the limit box");
}

const struct kind kind_autoencoder_limit = {
    .name = "autoencoder-limit",
    .label = "EX9",
    .families = 1 << FAMILY_AUTOENCODER,
    .rules = KIND_RULES_FIXED,
    .check = check,
};
