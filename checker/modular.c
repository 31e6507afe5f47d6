/* Montgomery's arithmetic (P. L. Montgomery, Modular multiplication without trial division, Math. Comp. 44, 1985) on
 * machine words, with products of 64 bits put together from halves, as C has no wider type. */
#include "checker/modular.h"

#include "checker/memory.h"
#include "checker/reject.h"

enum { HALF = 32, WORD = 64, BITS_MOST = 62 };
static const uint64_t half_mask = 0xffffffff;
static const int prime_tests =
    25; /* below 2^64 one test of GMP's, that of Baillie and others, is a proof */
static const uint64_t entry_work = 4; /* nanoseconds */

/* The upper word of a b. */
static uint64_t upper_product(uint64_t a, uint64_t b)
{
    uint64_t a0 = a & half_mask, a1 = a >> HALF, b0 = b & half_mask, b1 = b >> HALF;
    uint64_t low = a0 * b0, cross = a1 * b0 + (low >> HALF);
    uint64_t other = a0 * b1 + (cross & half_mask);
    return a1 * b1 + (cross >> HALF) + (other >> HALF);
}

/* a b / 2^64 modulo p. */
static uint64_t montgomery(const struct modular *field, uint64_t a, uint64_t b)
{
    uint64_t low = a * b;
    uint64_t m = low * field->inverse;
    uint64_t sum = upper_product(a, b) + upper_product(m, field->p) + (low != 0);
    return sum >= field->p ? sum - field->p : sum;
}

static uint64_t word_of(const mpz_t z)
{
    uint64_t word = 0;
    mpz_export(&word, NULL, 1, sizeof word, 0, 0, z);
    return word;
}

/* -1/p modulo 2^64, by Newton's iteration: p p = 1 modulo 8, and each step doubles the digits. */
static uint64_t negative_inverse(uint64_t p)
{
    uint64_t x = p;
    for (int digits = 3; digits < WORD; digits *= 2)
        x *= 2 - p * x;
    return 0 - x;
}

void modular_init(struct modular *field, const mpz_t prime)
{
    reject_unless(mpz_cmp_ui(prime, 2) > 0 && mpz_sizeinbase(prime, 2) <= BITS_MOST,
                  "the prime is not between 2 and 2^62");
    reject_unless(mpz_probab_prime_p(prime, prime_tests) > 0, "the modulus is not prime");
    mpz_init_set(field->prime, prime);
    field->p = word_of(prime);
    field->inverse = negative_inverse(field->p);
    mpz_t square;
    mpz_init_set_ui(square, 1);
    mpz_mul_2exp(square, square, 2 * WORD);
    mpz_mod(square, square, prime);
    field->square = word_of(square);
    mpz_clear(square);
}

uint64_t modular_of(const struct modular *field, const mpq_t number)
{
    mpz_t residue, inverse;
    mpz_inits(residue, inverse, NULL);
    reject_unless(mpz_invert(inverse, mpq_denref(number), field->prime) != 0,
                  "the prime divides a denominator");
    mpz_mul(residue, mpq_numref(number), inverse);
    mpz_mod(residue, residue, field->prime);
    uint64_t word = word_of(residue);
    mpz_clears(residue, inverse, NULL);
    return word;
}

uint64_t modular_add(const struct modular *field, uint64_t a, uint64_t b)
{
    uint64_t sum = a + b;
    return sum >= field->p ? sum - field->p : sum;
}

uint64_t modular_times(const struct modular *field, uint64_t a, uint64_t b)
{
    return montgomery(field, montgomery(field, a, field->square), b);
}

/* 1/a by a^(p-2). */
static uint64_t inverted(const struct modular *field, uint64_t a)
{
    uint64_t power = 1;
    for (uint64_t e = field->p - 2; e; e >>= 1) {
        if (e & 1)
            power = modular_times(field, power, a);
        a = modular_times(field, a, a);
    }
    return power;
}

void modular_echelon_init(struct modular_echelon *echelon, const struct modular *field,
                          size_t columns)
{
    *echelon = (struct modular_echelon){
        .field = field, .columns = columns, .rows = memory_new(columns, sizeof *echelon->rows)};
}

/* vector -= vector[first] row, row[first] = 1. */
static void reduce(const struct modular_echelon *echelon, size_t first, uint64_t *vector)
{
    const struct modular *field = echelon->field;
    const uint64_t *row = echelon->rows[first];
    uint64_t factor = montgomery(field, field->p - vector[first], field->square);
    reject_work(entry_work * (echelon->columns - first));
    for (size_t c = first; c < echelon->columns; c++)
        if (row[c])
            vector[c] = modular_add(field, vector[c], montgomery(field, factor, row[c]));
}

static void keep(struct modular_echelon *echelon, size_t first, const uint64_t *vector)
{
    uint64_t scale = inverted(echelon->field, vector[first]);
    uint64_t *row = memory_new(echelon->columns, sizeof *row);
    for (size_t c = first; c < echelon->columns; c++)
        row[c] = modular_times(echelon->field, scale, vector[c]);
    echelon->rows[first] = row;
    echelon->rank++;
}

bool modular_echelon_add(struct modular_echelon *echelon, uint64_t *vector)
{
    reject_work(echelon->columns);
    for (size_t c = 0; c < echelon->columns; c++) {
        if (!vector[c])
            continue;
        if (!echelon->rows[c]) {
            keep(echelon, c, vector);
            return true;
        }
        reduce(echelon, c, vector);
    }
    return false;
}
