/* Monomials through the recursion of a chain, in integers alone.
 *
 * A term is 2^-h times a product of powers; multiplication adds exponents, and nothing can cancel,
 * because the product of two leading coefficients that are not zero is not zero.  All factors of P
 * have degrees and coefficients that are powers of two: the derivative of a term of the degree 2^k
 * multiplies its coefficient by 2^k.  So the work is L^2 additions, and 24 layers (degree 2^24 - 1)
 * cost no more than a few microseconds; the polynomials themselves are never written down. */
#include "exact/leading.h"

#include <stdlib.h>
#include <string.h>

enum { BASE_TEN = 10, SHOWN_BITS = 63, TEXT_PER_LAYER = 48, TEXT_TAIL = 96 };

/* NULL: no memory */
static struct leading *term_create(size_t L)
{
    struct leading *term = calloc(1, sizeof *term);
    if (!term)
        return NULL;
    term->L = L;
    fmpz_init(term->degree);
    fmpz_init(term->halvings);
    term->exponent = _fmpz_vec_init((slong)L);
    return term;
}

static enum status no_memory(size_t L)
{
    return status_fail(NO_MEMORY, "a leading term of %zu layers", L);
}

enum status leading_create(size_t L, struct leading **out)
{
    if (L == 0)
        return status_fail(BAD_ARGUMENT, "a chain without layers has no leading term");
    struct leading *term = term_create(L);
    if (!term)
        return no_memory(L);
    *out = term;
    return OK;
}

void leading_free(struct leading *leading)
{
    if (!leading)
        return;
    _fmpz_vec_clear(leading->exponent, (slong)leading->L);
    fmpz_clear(leading->degree);
    fmpz_clear(leading->halvings);
    free(leading);
}

static void set_one(struct leading *term)
{
    term->is_zero = false;
    fmpz_zero(term->degree);
    fmpz_zero(term->halvings);
    _fmpz_vec_zero(term->exponent, (slong)term->L);
}

static void multiply_in(struct leading *term, const struct leading *factor)
{
    term->is_zero = term->is_zero || factor->is_zero;
    fmpz_add(term->degree, term->degree, factor->degree);
    fmpz_add(term->halvings, term->halvings, factor->halvings);
    _fmpz_vec_add(term->exponent, term->exponent, factor->exponent, (slong)term->L);
}

/* a := the leading term of a_i(0) + c_i U, U of a positive degree; v_i alone if it is silent. */
static void weight_of(enum leading_layer layer, size_t i, const struct leading *U,
                      struct leading *a)
{
    set_one(a);
    if (layer == LEADING_MOVES)
        multiply_in(a, U);
    a->is_zero = a->is_zero || layer == LEADING_DEAD;
    fmpz_add_ui(a->exponent + i, a->exponent + i, 1);
}

/* U := that of U (a_i(0) + c_i U/2). */
static void clock_pass(enum leading_layer layer, const struct leading *a, struct leading *U)
{
    multiply_in(U, a);
    if (layer == LEADING_MOVES)
        fmpz_add_ui(U->halvings, U->halvings, 1);
}

/* P := the product of all a_i; U := U_(L+1) */
static void run(const enum leading_layer *layer, struct leading *a, struct leading *U,
                struct leading *P)
{
    set_one(P);
    set_one(U);
    fmpz_one(U->degree);
    for (size_t i = 0; i < P->L; i++) {
        weight_of(layer[i], i, U, a);
        multiply_in(P, a);
        clock_pass(layer[i], a, U);
    }
}

enum status leading_of_weights(const enum leading_layer *layer, struct leading *P)
{
    struct leading *a = term_create(P->L), *U = term_create(P->L);
    const bool room = a && U;
    if (room)
        run(layer, a, U, P);
    leading_free(a);
    leading_free(U);
    return room ? OK : no_memory(P->L);
}

/* The degree of U_(L+1) is a power of two, which the coefficient is multiplied by. */
enum status leading_of_clock(const enum leading_layer *layer, struct leading *P)
{
    struct leading *a = term_create(P->L), *weights = term_create(P->L);
    const bool room = a && weights;
    if (room)
        run(layer, a, P, weights);
    leading_free(a);
    leading_free(weights);
    if (!room)
        return no_memory(P->L);
    if (fmpz_popcnt(P->degree) != 1)
        return status_fail(BAD_ARGUMENT, "a clock whose degree is no power of two");
    fmpz_sub_ui(P->halvings, P->halvings, fmpz_flog_ui(P->degree, 2));
    fmpz_sub_ui(P->degree, P->degree, 1);
    return OK;
}

enum status leading_of_weight(const enum leading_layer *layer, size_t which, struct leading *a)
{
    if (which >= a->L)
        return status_fail(BAD_ARGUMENT, "weight %zu of %zu", which + 1, a->L);
    struct leading *U = term_create(a->L);
    if (!U)
        return no_memory(a->L);
    set_one(U);
    fmpz_one(U->degree);
    for (size_t i = 0; i <= which; i++) {
        weight_of(layer[i], i, U, a);
        clock_pass(layer[i], a, U);
    }
    leading_free(U);
    return OK;
}

bool leading_equal(const struct leading *a, const struct leading *b)
{
    if (a->L != b->L || a->is_zero != b->is_zero)
        return false;
    return a->is_zero ||
           (fmpz_equal(a->degree, b->degree) && fmpz_equal(a->halvings, b->halvings) &&
            _fmpz_vec_equal(a->exponent, b->exponent, (slong)a->L));
}

bool leading_is_top_times_square(const enum leading_layer *layer, const struct leading *P)
{
    const size_t top = P->L - 1;
    if (P->is_zero || layer[top] != LEADING_MOVES || fmpz_is_even(P->degree) ||
        !fmpz_is_one(P->exponent + top))
        return false;
    for (size_t i = 0; i < top; i++)
        if (fmpz_is_odd(P->exponent + i))
            return false;
    return true;
}

bool leading_is_closed_form(const struct leading *P)
{
    fmpz_t power, halvings;
    fmpz_init_set_ui(power, 1);
    fmpz_init(halvings);
    bool holds = !P->is_zero;
    for (size_t i = P->L; i-- > 0;) {
        holds = holds && fmpz_equal(P->exponent + i, power); /* 2^(L - i), i from 1 */
        fmpz_mul_2exp(power, power, 1);
    }
    fmpz_sub_ui(power, power, 1); /* 2^L - 1 */
    fmpz_sub_ui(halvings, power, P->L);
    holds = holds && fmpz_equal(P->degree, power) && fmpz_equal(P->halvings, halvings);
    fmpz_clear(power);
    fmpz_clear(halvings);
    return holds;
}

/* Appends "name^exponent" to text, with a "*" between factors. */
static char *append_power(char *at, const char *name, const fmpz_t exponent)
{
    if (fmpz_is_zero(exponent))
        return at;
    at += strlen(at);
    char *power = fmpz_get_str(NULL, BASE_TEN, exponent);
    at += snprintf(at, TEXT_PER_LAYER, "%s%s%s", name, fmpz_is_one(exponent) ? "" : "^",
                   fmpz_is_one(exponent) ? "" : power);
    flint_free(power);
    return at;
}

static void append_rational(char *at, const struct leading *P)
{
    char *halvings = fmpz_get_str(NULL, BASE_TEN, P->halvings);
    if (fmpz_sgn(P->halvings) > 0 && fmpz_cmp_ui(P->halvings, SHOWN_BITS) <= 0)
        snprintf(at, TEXT_TAIL, "/%llu", 1ULL << fmpz_get_ui(P->halvings));
    else if (!fmpz_is_zero(P->halvings))
        snprintf(at, TEXT_TAIL, "/2^(%s)", halvings);
    flint_free(halvings);
}

char *leading_text(const enum leading_layer *layer, const struct leading *P)
{
    const size_t size = P->L * TEXT_PER_LAYER + TEXT_TAIL;
    char *text = flint_malloc(size), name[TEXT_PER_LAYER];
    snprintf(text, size, "%s", P->is_zero ? "0" : "");
    if (P->is_zero)
        return text;
    char *at = text;
    for (size_t i = 0; i < P->L; i++) {
        const char *format = layer[i] == LEADING_SILENT ? "%sa%zu(0)" : "%sc%zu";
        snprintf(name, sizeof name, format, at == text ? "" : "*", i + 1);
        at = append_power(at, name, P->exponent + i);
    }
    append_rational(at, P);
    return text;
}
