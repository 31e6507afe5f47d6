/* A trajectory that converges to a multiple zero of the error, where no enclosure can tell two
 * zeros from none.
 *
 * Over the rationals p^M divides G, and p changes its sign in (lo, hi): so G has a zero of
 * multiplicity M or more there.  G^(M) has none in [lo, hi], so by Rolle's theorem G has no more
 * than M zeros there with their multiplicities.  Before lo the error keeps its sign: it is the
 * first one.
 *
 * G has the degree 2^L - 1 and is never expanded: the recursion of the curve runs in Q[s]/(p^M),
 * where G must be 0. */
#include "checker/crossing.h"
#include "checker/kind.h"
#include "checker/memory.h"
#include "checker/rational.h"
#include "checker/reject.h"

#include <stdio.h>

enum { MULTIPLICITY_MOST = 64, RESIDUE_MOST = 1024 /* of M times the degree of p */ };

struct claim {
    struct crossing crossing; /* without a bracket */
    size_t multiplicity, degree;
    mpq_t *p; /* [degree + 1], of 1, s, ... */
    mpq_t zero[2];
    struct crossing_box box;
};

/* ---- polynomials modulo p^M ------------------------------------------------------------------ */

/* The ring Q[s]/(q), q = s^n + q[n-1] s^(n-1) + ...; residues have n coefficients. */
struct ring {
    size_t n;
    mpq_t *q, *product; /* [n], [2 n] */
    mpq_t term;
};

static void count_work(const mpq_t x, const mpq_t y)
{
    static const uint64_t OVERHEAD = 500, DIVISIONS = 8; /* a canonical product takes two gcds */
    uint64_t limbs = mpz_size(mpq_numref(x)) + mpz_size(mpq_denref(x)) + mpz_size(mpq_numref(y)) +
                     mpz_size(mpq_denref(y));
    reject_work(OVERHEAD + limbs * limbs * DIVISIONS);
}

/* z += x y or z -= x y */
static void add_product(struct ring *ring, mpq_t z, const mpq_t x, const mpq_t y)
{
    if (mpq_sgn(x) == 0 || mpq_sgn(y) == 0)
        return;
    count_work(x, y);
    mpq_mul(ring->term, x, y);
    rational_work(z, ring->term);
    mpq_add(z, z, ring->term);
}

static void subtract_product(struct ring *ring, mpq_t z, const mpq_t x, const mpq_t y)
{
    if (mpq_sgn(x) == 0 || mpq_sgn(y) == 0)
        return;
    count_work(x, y);
    mpq_mul(ring->term, x, y);
    rational_work(z, ring->term);
    mpq_sub(z, z, ring->term);
}

/* product[0 .. n-1] = product mod q; the rest of it becomes 0. */
static void reduce(struct ring *ring)
{
    for (size_t k = 2 * ring->n; k-- > ring->n;) {
        for (size_t j = 0; j < ring->n; j++)
            subtract_product(ring, ring->product[k - ring->n + j], ring->product[k], ring->q[j]);
        mpq_set_ui(ring->product[k], 0, 1);
    }
}

/* z = x y; z may be x or y. */
static void multiply(struct ring *ring, mpq_t *z, mpq_t *x, mpq_t *y)
{
    for (size_t k = 0; k < 2 * ring->n; k++)
        mpq_set_ui(ring->product[k], 0, 1);
    for (size_t i = 0; i < ring->n; i++)
        for (size_t j = 0; j < ring->n; j++)
            add_product(ring, ring->product[i + j], x[i], y[j]);
    reduce(ring);
    for (size_t i = 0; i < ring->n; i++)
        mpq_set(z[i], ring->product[i]);
}

/* z = f z + a, f and a numbers */
static void scale_and_shift(struct ring *ring, mpq_t *z, const mpq_t f, const mpq_t a)
{
    for (size_t i = 0; i < ring->n; i++) {
        rational_work(z[i], f);
        mpq_mul(z[i], z[i], f);
    }
    mpq_add(z[0], z[0], a);
}

/* q = p^M, made monic; by products of plain polynomials. */
static void make_ring(struct ring *ring, struct claim *claim)
{
    size_t n = claim->multiplicity * claim->degree;
    mpq_t *power = memory_numbers(n + 1), *next = memory_numbers(n + 1);
    *ring = (struct ring){.n = n, .product = memory_numbers(2 * n)};
    mpq_init(ring->term);
    mpq_set_ui(power[0], 1, 1);
    for (size_t m = 0; m < claim->multiplicity; m++) {
        for (size_t i = 0; i <= m * claim->degree; i++)
            for (size_t j = 0; j <= claim->degree; j++)
                add_product(ring, next[i + j], power[i], claim->p[j]);
        for (size_t i = 0; i <= n; i++) {
            mpq_swap(power[i], next[i]);
            mpq_set_ui(next[i], 0, 1);
        }
    }
    for (size_t i = 0; i < n; i++)
        mpq_div(power[i], power[i], power[n]);
    ring->q = power;
}

/* ---- the curve in the ring ------------------------------------------------------------------- */

/* d_i, a number, of layer or branch i. */
static void drive(const struct premise *premise, size_t i, mpq_t d)
{
    bool chain = premise->family == FAMILY_CHAIN;
    mpq_mul(d, premise->feedback.lo[i], premise->rates[chain ? i : 0]);
    for (size_t k = i + 1; chain && premise_is_layered(premise) && k < premise->layers; k++)
        mpq_mul(d, d, premise->feedback.lo[k]);
}

/* x = a + d U and t = a + d U / 2 */
static void weights(struct ring *ring, mpq_t *x, mpq_t *t, mpq_t *U, mpq_t *numbers)
{
    mpq_t half;
    mpq_init(half);
    mpq_div_2exp(half, numbers[1], 1);
    for (size_t i = 0; i < ring->n; i++) {
        mpq_set(x[i], U[i]);
        mpq_set(t[i], U[i]);
    }
    scale_and_shift(ring, x, numbers[1], numbers[0]);
    scale_and_shift(ring, t, half, numbers[0]);
    mpq_clear(half);
}

static void product_of_chain(const struct premise *premise, struct ring *ring, mpq_t *U, mpq_t *P)
{
    mpq_t *x = memory_numbers(ring->n), *t = memory_numbers(ring->n), *numbers = memory_numbers(2);
    mpq_set_ui(P[0], 1, 1);
    for (size_t i = 0; i < premise->layers; i++) {
        mpq_set(numbers[0], premise->start.lo[i]);
        drive(premise, i, numbers[1]);
        weights(ring, x, t, U, numbers);
        multiply(ring, P, P, x);
        multiply(ring, U, U, t);
    }
}

static void product_of_fan(const struct premise *premise, struct ring *ring, mpq_t *U, mpq_t *P)
{
    mpq_t *x = memory_numbers(ring->n), *t = memory_numbers(ring->n), *numbers = memory_numbers(2);
    size_t N = premise->sizes[1];
    for (size_t i = 0; i < N; i++) {
        mpq_set(numbers[0], premise->start.lo[i]);
        drive(premise, i, numbers[1]);
        weights(ring, x, t, U, numbers);
        multiply(ring, t, t, U);
        scale_and_shift(ring, t, premise->rates[1], premise->start.lo[N + i]);
        multiply(ring, t, t, x);
        for (size_t k = 0; k < ring->n; k++) {
            rational_work(P[k], t[k]);
            mpq_add(P[k], P[k], t[k]);
        }
    }
}

/* Is alpha - beta P = 0 modulo p^M? */
static bool divides(const struct premise *premise, struct claim *claim)
{
    struct ring ring;
    make_ring(&ring, claim);
    mpq_t *U = memory_numbers(ring.n), *P = memory_numbers(ring.n);
    mpq_set_ui(U[1], 1, 1); /* s; n is at least 2 */
    if (premise->family == FAMILY_FAN)
        product_of_fan(premise, &ring, U, P);
    else
        product_of_chain(premise, &ring, U, P);
    mpq_mul(P[0], P[0], premise->sigma_ii.lo[0]);
    bool zero = mpq_equal(P[0], premise->sigma_ti.lo[0]);
    for (size_t k = 1; k < ring.n; k++) /* and beta is not 0 unless G is constant */
        zero = zero && (mpq_sgn(P[k]) == 0 || mpq_sgn(premise->sigma_ii.lo[0]) == 0);
    return zero;
}

/* ---- the claim ------------------------------------------------------------------------------- */

static void read_factor(struct text *text, struct claim *claim)
{
    mpz_t k;
    mpz_init(k);
    text_line(text, "factor");
    claim->multiplicity = text_count(text, 2, MULTIPLICITY_MOST);
    size_t most = RESIDUE_MOST / claim->multiplicity;
    claim->p = memory_numbers(most + 1);
    size_t count = 0;
    for (; text_more(text); count++) {
        reject_unless(count <= most, "the degree of the factor is too large");
        text_integer(text, k);
        mpq_set_z(claim->p[count], k);
    }
    reject_unless(count >= 2, "the factor is a number");
    claim->degree = count - 1;
    reject_unless(mpq_sgn(claim->p[claim->degree]) != 0,
                  "the leading coefficient of the factor is 0");
    mpz_clear(k);
}

static void read_zero(struct text *text, struct claim *claim)
{
    const struct crossing *crossing = &claim->crossing;
    text_line(text, "zero");
    for (size_t k = 0; k < 2; k++) {
        mpq_init(claim->zero[k]);
        text_number(text, claim->zero[k]);
    }
    bool begins = crossing->count ? mpq_equal(claim->zero[0], crossing->t[crossing->count - 1])
                                  : mpq_sgn(claim->zero[0]) == 0;
    reject_unless(begins, "the zero does not begin where the free part ends");
    reject_unless(mpq_cmp(claim->zero[0], claim->zero[1]) < 0, "the zero is not an interval");
}

static void read_claim(struct text *text, const struct premise *premise, struct claim *claim)
{
    text_line(text, "direction");
    claim->crossing.direction = crossing_read_direction(text);
    crossing_read_free(text, &claim->crossing);
    read_factor(text, claim);
    read_zero(text, claim);
    claim->box = crossing_read_box(text, premise->dim);
}

/* The sign of p at delta t, by Horner's rule. */
static int sign_of_factor(struct claim *claim, const mpq_t t)
{
    mpq_t value, s;
    mpq_init(value);
    mpq_init(s);
    mpq_set(s, t);
    if (claim->crossing.direction == CURVE_BACKWARD)
        mpq_neg(s, s);
    for (size_t k = claim->degree + 1; k-- > 0;) {
        count_work(value, s);
        mpq_mul(value, value, s);
        mpq_add(value, value, claim->p[k]);
    }
    int sign = mpq_sgn(value);
    mpq_clear(value);
    mpq_clear(s);
    return sign;
}

static bool derivative_has_no_zero(struct curve *curve, const void *data)
{
    const struct claim *claim = data;
    return !ball_contains_zero(curve_error(curve, claim->multiplicity));
}

static const char *attempt(struct curve *curve, void *data)
{
    struct claim *claim = data;
    enum curve_direction direction = claim->crossing.direction;
    const char *fault = crossing_fault_before(curve, &claim->crossing);
    if (fault)
        return fault;
    if (!curve_prove(curve, direction, claim->zero, derivative_has_no_zero, claim))
        return "the derivative of the order of the multiplicity is not proved to have no zero";
    if (!curve_prove(curve, direction, claim->zero, crossing_is_in_box, &claim->box))
        return "the state at the zero is not proved to be in the limit box";
    return NULL;
}

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    struct claim claim;
    read_claim(text, premise, &claim);
    reject_unless(sign_of_factor(&claim, claim.zero[0]) * sign_of_factor(&claim, claim.zero[1]) < 0,
                  "the factor has no opposite signs at the ends of the zero");
    reject_unless(divides(premise, &claim), "the power of the factor does not divide the error");
    struct curve_make make = {.premise = premise, .orders = claim.multiplicity + 2};
    struct curve_data data = curve_data_of(premise);
    curve_decide(&make, &data, attempt, &claim);
    snprintf(sentence, KIND_SENTENCE_MAX,
             "the trajectory from the start converges to a zero of the error of multiplicity %zu "
             "in the limit box",
             claim.multiplicity);
}

const struct kind kind_multiple_zero = {
    .name = "multiple-zero",
    .label = "CT1",
    .families = KIND_FAMILIES_SCALAR,
    .rules = KIND_RULES_FIXED,
    .check = check,
};
