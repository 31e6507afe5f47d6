/* Sums are collected by sorting: terms are appended in any order, sorted by their exponents, and those with the same
 * exponents are added. */
#include "checker/polynomial.h"

#include "checker/memory.h"
#include "checker/rational.h"
#include "checker/reject.h"

#include <stdlib.h>
#include <string.h>

static const size_t terms_most = (size_t)1 << 20;
static const size_t room_first = 4;

/* What a term costs in reject_work(), without its arithmetic. */
static const size_t term_work = 64;

void polynomial_init(struct polynomial *p, size_t variables)
{
    *p = (struct polynomial){.variables = variables};
}

void polynomial_clear(struct polynomial *p)
{
    memory_free_numbers(p->room, p->numbers);
    memory_free(p->exponents);
    polynomial_init(p, p->variables);
}

static unsigned char *exponents_of(const struct polynomial *p, size_t term)
{
    return p->exponents + term * p->variables;
}

static void make_room(struct polynomial *p)
{
    if (p->terms < p->room)
        return;
    reject_unless(p->terms < terms_most, "a polynomial with too many terms");
    struct polynomial larger = {.variables = p->variables, .terms = p->terms};
    larger.room = p->room ? 2 * p->room : room_first;
    larger.exponents = memory_new(larger.room, p->variables);
    larger.numbers = memory_numbers(larger.room);
    if (p->terms)
        memcpy(larger.exponents, p->exponents, p->terms * p->variables);
    for (size_t k = 0; k < p->terms; k++)
        mpq_swap(larger.numbers[k], p->numbers[k]);
    polynomial_clear(p);
    *p = larger;
}

void polynomial_append(struct polynomial *p, const mpq_t number, const unsigned char *exponents)
{
    make_room(p);
    memcpy(exponents_of(p, p->terms), exponents, p->variables);
    mpq_set(p->numbers[p->terms++], number);
}

/* Sorting */

struct place {
    const unsigned char *exponents;
    size_t variables, term;
};

static int order_of_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    return memcmp(a->exponents, b->exponents, a->variables);
}

static struct place *sorted_places(const struct polynomial *p)
{
    struct place *places = memory_new(p->terms, sizeof *places);
    for (size_t k = 0; k < p->terms; k++)
        places[k] =
            (struct place){.exponents = exponents_of(p, k), .variables = p->variables, .term = k};
    qsort(places, p->terms, sizeof *places, order_of_places);
    return places;
}

/* Adds the term to `sum`, whose last term has the same exponents or lower ones. */
static void collect_term(struct polynomial *sum, mpq_t number, const unsigned char *exponents)
{
    size_t last = sum->terms - 1;
    if (sum->terms && !memcmp(exponents_of(sum, last), exponents, sum->variables)) {
        rational_work(sum->numbers[last], number);
        mpq_add(sum->numbers[last], sum->numbers[last], number);
        return;
    }
    if (sum->terms && !mpq_sgn(sum->numbers[last]))
        sum->terms--; /* what was added up to zero */
    polynomial_append(sum, number, exponents);
}

void polynomial_collect(struct polynomial *p)
{
    struct polynomial sum;
    struct place *places = sorted_places(p);
    polynomial_init(&sum, p->variables);
    reject_work(p->terms * (term_work + p->variables));
    for (size_t k = 0; k < p->terms; k++)
        collect_term(&sum, p->numbers[places[k].term], places[k].exponents);
    if (sum.terms && !mpq_sgn(sum.numbers[sum.terms - 1]))
        sum.terms--;
    memory_free(places);
    polynomial_clear(p);
    *p = sum;
}

/* Simple polynomials */

static void append_constant(struct polynomial *p, const mpq_t number, size_t variable,
                            unsigned char exponent)
{
    unsigned char *exponents = memory_new(p->variables, 1);
    if (exponent)
        exponents[variable] = exponent;
    polynomial_append(p, number, exponents);
    memory_free(exponents);
}

void polynomial_set_number(struct polynomial *p, const mpq_t number)
{
    p->terms = 0;
    if (mpq_sgn(number))
        append_constant(p, number, 0, 0);
}

void polynomial_set_variable(struct polynomial *p, size_t variable)
{
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    p->terms = 0;
    append_constant(p, one, variable, 1);
    mpq_clear(one);
}

/* Arithmetic */

void polynomial_add(struct polynomial *sum, const mpq_t number, const struct polynomial *a)
{
    mpq_t product;
    mpq_init(product);
    for (size_t k = 0; k < a->terms && mpq_sgn(number); k++) {
        rational_work(number, a->numbers[k]);
        mpq_mul(product, number, a->numbers[k]);
        polynomial_append(sum, product, exponents_of(a, k));
    }
    mpq_clear(product);
    polynomial_collect(sum);
}

/* sum += number x^exponents b, not collected; room[variables] */
static void append_products(struct polynomial *sum, const mpq_t number,
                            const unsigned char *exponents, const struct polynomial *b,
                            unsigned char *room)
{
    mpq_t product;
    mpq_init(product);
    for (size_t k = 0; k < b->terms; k++) {
        const unsigned char *factor = exponents_of(b, k);
        for (size_t i = 0; i < b->variables; i++) {
            unsigned total = (unsigned)exponents[i] + factor[i];
            reject_unless(total <= POLYNOMIAL_EXPONENT_MAX, "an exponent that is too high");
            room[i] = (unsigned char)total;
        }
        rational_work(number, b->numbers[k]);
        mpq_mul(product, number, b->numbers[k]);
        polynomial_append(sum, product, room);
    }
    mpq_clear(product);
}

void polynomial_add_product(struct polynomial *sum, const mpq_t number, const struct polynomial *a,
                            const struct polynomial *b)
{
    mpq_t factor;
    mpq_init(factor);
    unsigned char *room = memory_new(sum->variables, 1);
    for (size_t k = 0; k < a->terms && mpq_sgn(number); k++) {
        rational_work(number, a->numbers[k]);
        mpq_mul(factor, number, a->numbers[k]);
        append_products(sum, factor, exponents_of(a, k), b, room);
    }
    memory_free(room);
    mpq_clear(factor);
    polynomial_collect(sum);
}

void polynomial_derivative(const struct polynomial *p, size_t variable,
                           struct polynomial *derivative)
{
    mpq_t exponent;
    mpq_init(exponent);
    unsigned char *lowered = memory_new(p->variables, 1);
    derivative->terms = 0;
    for (size_t k = 0; k < p->terms; k++) {
        memcpy(lowered, exponents_of(p, k), p->variables);
        if (!lowered[variable])
            continue;
        mpq_set_ui(exponent, lowered[variable]--, 1);
        mpq_mul(exponent, exponent, p->numbers[k]);
        polynomial_append(derivative, exponent, lowered);
    }
    memory_free(lowered);
    mpq_clear(exponent);
    polynomial_collect(derivative);
}

bool polynomial_is_zero(const struct polynomial *p)
{
    return !p->terms;
}

size_t polynomial_degree(const struct polynomial *p)
{
    size_t most = 0;
    for (size_t k = 0; k < p->terms; k++) {
        size_t degree = 0;
        for (size_t i = 0; i < p->variables; i++)
            degree += exponents_of(p, k)[i];
        most = degree > most ? degree : most;
    }
    return most;
}

void polynomial_value(const struct polynomial *p, mpq_t *x, mpq_t value)
{
    mpq_t product;
    mpq_init(product);
    mpq_set_ui(value, 0, 1);
    for (size_t k = 0; k < p->terms; k++) {
        mpq_set(product, p->numbers[k]);
        for (size_t i = 0; i < p->variables; i++)
            for (size_t e = exponents_of(p, k)[i]; e > 0; e--) {
                rational_work(product, x[i]);
                mpq_mul(product, product, x[i]);
            }
        rational_work(value, product);
        mpq_add(value, value, product);
    }
    mpq_clear(product);
}
