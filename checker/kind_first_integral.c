/* First integrals: L_f I = 0 as polynomials, and with `complete D p` that there are no others of degree at most D.
 *
 * Modulo p the Lie derivatives of the C monomials of degree 1..D have some rank r <= the rank over Q, so the
 * first integrals without constant term of degree at most D are a space of dimension at most C - r.
 * Products of powers of the listed ones, less their constants, lie in it; if C - r of those of degree at most
 * D are independent they span it.
 *
 * The matrix is taken by rows, one for each monomial that occurs in a Lie derivative, until its rank is as large as it
 * can be: C less the number of independent products. */
#include "checker/field.h"
#include "checker/kind.h"
#include "checker/memory.h"
#include "checker/modular.h"
#include "checker/names.h"
#include "checker/reject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t integrals_most = 4096;
static const size_t monomials_most = 8192;          /* columns */
static const size_t entries_most = (size_t)1 << 22; /* of the matrix, not 0 */
static const size_t products_most = (size_t)1 << 16;
static const size_t term_work = 64; /* in reject_work() */

struct integrals {
    size_t count;
    struct polynomial *I; /* I[count] */
    size_t *lines;        /* of the file */
};

/* L_f I = 0 */

static bool has_unknown(const struct polynomial *p, size_t n)
{
    for (size_t k = 0; k < p->terms; k++)
        for (size_t i = 0; i < n; i++)
            if (p->exponents[k * p->variables + i])
                return true;
    return false;
}

static void is_first_integral(const struct field *field, const struct polynomial *I)
{
    struct polynomial sum, derivative;
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    polynomial_init(&sum, field->variables);
    polynomial_init(&derivative, field->variables);
    reject_unless(has_unknown(I, field->n), "the integral depends on no unknown");
    for (size_t i = 0; i < field->n; i++) {
        polynomial_derivative(I, i, &derivative);
        polynomial_add_product(&sum, one, &derivative, &field->f[i]);
    }
    reject_unless(polynomial_is_zero(&sum), "not a first integral: its Lie derivative is not zero");
    polynomial_clear(&sum);
    polynomial_clear(&derivative);
    mpq_clear(one);
}

static struct integrals read_integrals(struct text *text, const struct premise *premise)
{
    struct names names;
    struct integrals integrals = {.I = memory_new(integrals_most, sizeof *integrals.I),
                                  .lines = memory_new(integrals_most, sizeof(size_t))};
    names_make(premise, &names);
    do {
        reject_unless(integrals.count < integrals_most, "too many integrals");
        text_line(text, "integral");
        struct polynomial *I = &integrals.I[integrals.count];
        polynomial_init(I, names.count);
        names_read_polynomial(&names, text, I);
        integrals.lines[integrals.count++] = text->line;
    } while (text_peek(text, "integral"));
    return integrals;
}

/* Monomials of degree 1..D, in lexicographic order of exponents */

struct monomials {
    size_t n, count;
    unsigned char *exponents; /* exponents[count * n] */
};

/* C(n + D, D) - 1, or more than the most. */
static size_t count_monomials(size_t n, size_t D)
{
    size_t count = 1;
    for (size_t k = 1; k <= D && count - 1 <= monomials_most; k++)
        count = count * (n + k) / k;
    return count - 1;
}

static size_t degree_of(size_t n, const unsigned char *exponents)
{
    size_t degree = 0;
    for (size_t i = 0; i < n; i++)
        degree += exponents[i];
    return degree;
}

/* The next in the order, of degree at most D: raises the last exponent if that is possible, else clears
 * the last that is not zero and raises the one before it. */
static void step(size_t n, size_t D, unsigned char *exponents)
{
    if (degree_of(n, exponents) < D) {
        exponents[n - 1]++;
        return;
    }
    size_t i = n - 1;
    while (i > 0 && !exponents[i])
        i--;
    exponents[i] = 0;
    if (i > 0)
        exponents[i - 1]++;
}

static struct monomials monomials_make(size_t n, size_t D)
{
    struct monomials all = {.n = n, .count = count_monomials(n, D)};
    reject_unless(all.count <= monomials_most, "too many monomials");
    reject_work(all.count * n);
    all.exponents = memory_new(all.count, n);
    unsigned char *current = memory_new(n, 1);
    for (size_t k = 0; k < all.count; k++) {
        step(n, D, current);
        memcpy(all.exponents + k * n, current, n);
    }
    memory_free(current);
    return all;
}

/* The number of a monomial, which must be one of them. */
static size_t monomial_number(const struct monomials *all, const unsigned char *exponents)
{
    size_t from = 0, to = all->count;
    while (to - from > 1) {
        size_t middle = from + (to - from) / 2;
        if (memcmp(all->exponents + middle * all->n, exponents, all->n) <= 0)
            from = middle;
        else
            to = middle;
    }
    reject_unless(from < all->count && !memcmp(all->exponents + from * all->n, exponents, all->n),
                  "a product of integrals has a monomial that is too high");
    return from;
}

/* Products of powers */

struct products {
    const struct integrals *integrals;
    const struct monomials *monomials;
    size_t D, *degrees; /* degrees[count] */
    size_t count;       /* products looked at */
    struct modular_echelon echelon;
};

static void add_product_vector(struct products *products, const struct polynomial *p)
{
    const struct monomials *all = products->monomials;
    const struct modular *field = products->echelon.field;
    uint64_t *vector = memory_new(all->count, sizeof *vector);
    for (size_t k = 0; k < p->terms; k++)
        vector[monomial_number(all, p->exponents + k * all->n)] = modular_of(field, p->numbers[k]);
    modular_echelon_add(&products->echelon, vector);
    memory_free(vector);
    reject_unless(++products->count <= products_most, "too many products of integrals");
}

/* All products of p, of the degree given, with integrals from `first` on; p itself is done. */
static void multiply_on(struct products *products, const struct polynomial *p, size_t degree,
                        size_t first)
{
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    for (size_t j = first; j < products->integrals->count; j++) {
        if (degree + products->degrees[j] > products->D)
            continue;
        struct polynomial product;
        polynomial_init(&product, p->variables);
        polynomial_add_product(&product, one, p, &products->integrals->I[j]);
        add_product_vector(products, &product);
        multiply_on(products, &product, degree + products->degrees[j], j);
        polynomial_clear(&product);
    }
    mpq_clear(one);
}

/* I less its constant; the constant is the first term, as its exponents are all 0. */
static void drop_constant(struct polynomial *I)
{
    mpq_t minus_constant;
    mpq_init(minus_constant);
    if (!degree_of(I->variables, I->exponents)) {
        struct polynomial constant;
        mpq_neg(minus_constant, I->numbers[0]);
        polynomial_init(&constant, I->variables);
        polynomial_set_number(&constant, minus_constant);
        mpq_set_ui(minus_constant, 1, 1);
        polynomial_add(I, minus_constant, &constant);
    }
    mpq_clear(minus_constant);
}

/* How many products of powers, of degree at most D, are independent modulo p. */
static size_t independent_products(const struct integrals *integrals,
                                   const struct monomials *monomials, const struct modular *modular,
                                   size_t D)
{
    struct products products = {.integrals = integrals, .monomials = monomials, .D = D};
    struct polynomial unit;
    mpq_t one;
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    modular_echelon_init(&products.echelon, modular, monomials->count);
    products.degrees = memory_new(integrals->count, sizeof *products.degrees);
    for (size_t j = 0; j < integrals->count; j++) {
        drop_constant(&integrals->I[j]);
        products.degrees[j] = polynomial_degree(&integrals->I[j]);
    }
    polynomial_init(&unit, monomials->n);
    polynomial_set_number(&unit, one);
    multiply_on(&products, &unit, 0, 0);
    mpq_clear(one);
    return products.echelon.rank;
}

/* The matrix of Lie derivatives */

/* value x^exponents in the Lie derivative of the monomial `column`. */
struct entry {
    unsigned char *exponents;
    size_t n, column;
    uint64_t value;
};

struct entries {
    size_t count, room;
    struct entry *entry;
};

static int order_of_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return memcmp(a->exponents, b->exponents, a->n);
}

static void push(struct entries *entries, const struct entry *entry)
{
    reject_unless(entries->count < entries->room, "too many terms in the Lie derivatives");
    entries->entry[entries->count++] = *entry;
}

/* The derivatives by unknown i: `values` are the coefficients of f_i modulo p. */
struct derivative {
    const struct field *field;
    const struct modular *modular;
    size_t i;
    uint64_t *values;
};

/* e_i x^m / x_i f_i of the monomial x^m, which is a column. */
static void push_terms(const struct derivative *by, const unsigned char *monomial, size_t column,
                       struct entries *entries)
{
    size_t n = by->field->n;
    const struct polynomial *f = &by->field->f[by->i];
    for (size_t k = 0; k < f->terms; k++) {
        struct entry entry = {.n = n, .column = column, .exponents = memory_new(n, 1)};
        for (size_t v = 0; v < n; v++) {
            unsigned total = (unsigned)monomial[v] + f->exponents[k * n + v] - (v == by->i);
            reject_unless(total <= POLYNOMIAL_EXPONENT_MAX, "an exponent that is too high");
            entry.exponents[v] = (unsigned char)total;
        }
        entry.value = modular_times(by->modular, by->values[k], monomial[by->i] % by->modular->p);
        push(entries, &entry);
    }
    reject_work(f->terms * (n + term_work));
}

static void push_derivatives(const struct field *field, const struct modular *modular, size_t i,
                             const struct monomials *monomials, struct entries *entries)
{
    const struct polynomial *f = &field->f[i];
    struct derivative by = {.field = field,
                            .modular = modular,
                            .i = i,
                            .values = memory_new(f->terms, sizeof *by.values)};
    for (size_t k = 0; k < f->terms; k++)
        by.values[k] = modular_of(modular, f->numbers[k]);
    for (size_t m = 0; m < monomials->count; m++)
        if (monomials->exponents[m * field->n + i])
            push_terms(&by, monomials->exponents + m * field->n, m, entries);
    memory_free(by.values);
}

/* At most so many entries: each monomial times each term of f. */
static size_t entries_bound(const struct field *field, const struct monomials *monomials)
{
    size_t terms = 0;
    for (size_t i = 0; i < field->n; i++)
        terms += field->f[i].terms;
    reject_unless(terms <= entries_most / (monomials->count + 1), "too many monomials");
    return terms * monomials->count;
}

/* The rank of the Lie derivatives is at least `wanted`. */
static bool rank_reaches(const struct entries *entries, const struct modular *modular,
                         size_t columns, size_t wanted)
{
    struct modular_echelon echelon;
    uint64_t *row = memory_new(columns, sizeof *row);
    modular_echelon_init(&echelon, modular, columns);
    for (size_t k = 0; k < entries->count && echelon.rank < wanted;) {
        const struct entry *first = &entries->entry[k];
        memset(row, 0, columns * sizeof *row);
        for (; k < entries->count && !order_of_entries(first, &entries->entry[k]); k++) {
            uint64_t *at = &row[entries->entry[k].column];
            *at = modular_add(modular, *at, entries->entry[k].value);
        }
        modular_echelon_add(&echelon, row);
    }
    memory_free(row);
    return echelon.rank >= wanted;
}

static void is_complete(const struct field *field, const struct integrals *integrals, size_t D,
                        const mpz_t prime)
{
    struct modular modular;
    modular_init(&modular, prime);
    struct monomials monomials = monomials_make(field->n, D);
    struct entries entries = {.room = entries_bound(field, &monomials)};
    entries.entry = memory_new(entries.room, sizeof *entries.entry);
    for (size_t i = 0; i < field->n; i++)
        push_derivatives(field, &modular, i, &monomials, &entries);
    qsort(entries.entry, entries.count, sizeof *entries.entry, order_of_entries);
    size_t products = independent_products(integrals, &monomials, &modular, D);
    reject_unless(rank_reaches(&entries, &modular, monomials.count, monomials.count - products),
                  "not complete: there are more first integrals than products of those listed");
}

/* The kind */

static void all_are_numbers(const struct premise *premise)
{
    const struct premise_freedom numbers = {.any = DATA_START};
    premise_demand(premise, &numbers);
}

static void check_complete(struct text *text, const struct premise *premise,
                           const struct field *field, const struct integrals *integrals,
                           char sentence[KIND_SENTENCE_MAX])
{
    mpz_t prime;
    mpz_init(prime);
    size_t D = text_count(text, 1, POLYNOMIAL_EXPONENT_MAX), line = text->line;
    text_integer(text, prime);
    all_are_numbers(premise);
    reject_line(line);
    is_complete(field, integrals, D, prime);
    snprintf(sentence, KIND_SENTENCE_MAX,
             "the listed polynomials are first integrals, and every polynomial first integral of "
             "degree at most %zu is a polynomial in them",
             D);
}

/* For all values of the data that are `any`; the start always is. */
static void say_for_what(const struct premise *premise, char sentence[KIND_SENTENCE_MAX])
{
    const struct {
        const struct premise_list *list;
        const char *words;
    } data[] = {{&premise->sigma_ii, "sigma-ii"},
                {&premise->sigma_ti, "sigma-ti"},
                {&premise->feedback, "feedback"}};
    const char *link = "for all";
    int at = snprintf(sentence, KIND_SENTENCE_MAX, "the listed polynomials are first integrals");
    for (size_t k = 0; k < sizeof data / sizeof *data; k++)
        if (data[k].list->any) {
            at += snprintf(sentence + at, KIND_SENTENCE_MAX - (size_t)at, " %s %s", link,
                           data[k].words);
            link = "and";
        }
}

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    struct field field;
    field_build(premise, &field);
    struct integrals integrals = read_integrals(text, premise);
    for (size_t k = 0; k < integrals.count; k++) {
        reject_line(integrals.lines[k]);
        is_first_integral(&field, &integrals.I[k]);
    }
    text_line(text, "complete");
    if (!text_accept(text, "none"))
        check_complete(text, premise, &field, &integrals, sentence);
    else
        say_for_what(premise, sentence);
}

const struct kind kind_first_integral = {
    .name = "first-integral",
    .families = KIND_FAMILIES_ALL,
    .rules = KIND_RULES_ALL,
    .freedom = {.any = DATA_SIGMA_II | DATA_SIGMA_TI | DATA_FEEDBACK | DATA_START,
                .must = DATA_START},
    .check = check,
};
