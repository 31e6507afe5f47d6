/* The rules for names stand in notes/certificates.md; names that are different are made different, and one name is
 * read in one way only. */
#include "checker/names.h"

#include "checker/memory.h"
#include "checker/reject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t names_most = (size_t)1 << 16;
static const size_t exponent_digits = 3;
static const unsigned decimal = 10;
static const size_t term_most = 4096; /* characters of a term but its number */

/* Names */

/* How the entries of a matrix are called: a1, A2 and A1_2_1. */
enum style { STYLE_SCALAR, STYLE_VECTOR, STYLE_MATRIX };

enum { LETTER_MAX = 24 };

static bool has_scalar_names(const struct premise *premise)
{
    bool excepted = premise->family == FAMILY_FAN || premise->family == FAMILY_AUTOENCODER ||
                    premise->family == FAMILY_HIDDEN;
    for (size_t i = 0; i <= premise->layers; i++)
        if (premise->sizes[i] != 1)
            return false;
    return !(excepted && premise_feedback_is_fixed(premise));
}

static enum style style_of(const struct premise *premise)
{
    if (has_scalar_names(premise))
        return STYLE_SCALAR;
    return premise->family == FAMILY_FAN || premise->family == FAMILY_AUTOENCODER ? STYLE_VECTOR
                                                                                  : STYLE_MATRIX;
}

static void name_entries(enum style style, const char *stem, size_t rows, size_t columns,
                         char (*name)[PREMISE_NAME_MAX])
{
    for (size_t k = 0; k < rows * columns; k++)
        if (style == STYLE_SCALAR)
            snprintf(name[k], PREMISE_NAME_MAX, "%s", stem);
        else if (style == STYLE_VECTOR)
            snprintf(name[k], PREMISE_NAME_MAX, "%s%zu", stem, k + 1);
        else
            snprintf(name[k], PREMISE_NAME_MAX, "%s_%zu_%zu", stem, k / columns + 1,
                     k % columns + 1);
}

/* The entries of A_i or, with `letter` 'C', of C_i. */
static void name_matrix(const struct premise *premise, char letter, size_t i, size_t rows,
                        size_t columns, char (*name)[PREMISE_NAME_MAX])
{
    static const char small = 'a' - 'A';
    char stem[LETTER_MAX];
    enum style style = style_of(premise);
    if (style == STYLE_VECTOR) {
        char which = (char)(letter == 'A' && i == 2 ? 'B' : letter);
        char shown = (char)(premise->family == FAMILY_FAN ? which + small : which);
        snprintf(stem, sizeof stem, "%c", shown);
    } else {
        snprintf(stem, sizeof stem, "%c%zu", style == STYLE_SCALAR ? letter + small : letter, i);
    }
    name_entries(style, stem, rows, columns, name);
}

static void name_feedback(const struct premise *premise, char (*name)[PREMISE_NAME_MAX])
{
    for (size_t i = 1; i < premise->layers; i++) {
        size_t rows = premise->sizes[i], columns = premise_feedback_columns(premise, i);
        name_matrix(premise, 'C', i, rows, columns, name);
        name += rows * columns;
    }
    if (premise->family == FAMILY_CHAIN && premise_feedback_is_fixed(premise))
        name_matrix(premise, 'C', premise->layers, 1, 1, name);
}

static void name_unknowns(const struct premise *premise, char (*name)[PREMISE_NAME_MAX])
{
    for (size_t i = 1; i <= premise->layers; i++)
        name_matrix(premise, 'A', i, premise->sizes[i], premise->sizes[i - 1],
                    name + premise_weight_at(premise, i));
    if (premise_feedback_is_adaptive(premise))
        name_feedback(premise, name + premise_feedback_at(premise, 1));
}

/* The upper triangle of Sigma_II. */
static void name_triangle(const struct premise *premise, char (*name)[PREMISE_NAME_MAX])
{
    size_t N = premise->sizes[0];
    for (size_t i = 0; i < N; i++)
        for (size_t j = i; j < N; j++)
            snprintf(name[premise_parameter(premise, DATA_SIGMA_II, i * N + j)], PREMISE_NAME_MAX,
                     "Sigma_II_%zu_%zu", i + 1, j + 1);
}

static void name_parameters(const struct premise *premise, char (*name)[PREMISE_NAME_MAX])
{
    bool scalar = premise->sizes[0] == 1 && premise->sizes[premise->layers] == 1;
    enum style style = scalar ? STYLE_SCALAR : STYLE_MATRIX;
    if (premise->sigma_ii.any && !scalar)
        name_triangle(premise, name);
    if (premise->sigma_ii.any && scalar)
        name_entries(style, "beta", 1, 1, name + premise_parameter(premise, DATA_SIGMA_II, 0));
    if (premise->sigma_ti.any)
        name_entries(style, scalar ? "alpha" : "Sigma_TI", premise->sizes[premise->layers],
                     premise->sizes[0], name + premise_parameter(premise, DATA_SIGMA_TI, 0));
    if (premise->feedback.any)
        name_feedback(premise, name + premise_parameter(premise, DATA_FEEDBACK, 0));
}

/* Search */

struct place {
    const char *name;
    size_t variable;
};

static int order_of_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void sort_names(struct names *names)
{
    struct place *places = memory_new(names->count, sizeof *places);
    names->order = memory_new(names->count, sizeof *names->order);
    for (size_t k = 0; k < names->count; k++)
        places[k] = (struct place){.name = names->name[k], .variable = k};
    qsort(places, names->count, sizeof *places, order_of_places);
    for (size_t k = 0; k < names->count; k++)
        names->order[k] = places[k].variable;
    memory_free(places);
}

void names_make(const struct premise *premise, struct names *names)
{
    names->count = premise_variables(premise);
    reject_unless(names->count <= names_most, "too many unknowns and parameters");
    names->name = memory_new(names->count, sizeof *names->name);
    name_unknowns(premise, names->name);
    name_parameters(premise, names->name);
    sort_names(names);
}

/* Bisection in the sorted names. */
static size_t variable_called(const struct names *names, const char *name)
{
    size_t from = 0, to = names->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strcmp(name, names->name[names->order[middle]]);
        if (!order)
            return names->order[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    reject("a name that the system does not have");
}

/* Polynomials */

/* An exponent, 2 to 255 without leading zeros, after the ^. */
static unsigned char exponent_of(const char *digits)
{
    unsigned exponent = 0;
    size_t length = strspn(digits, "0123456789");
    reject_unless(length && length <= exponent_digits && !digits[length] && digits[0] != '0',
                  "an exponent that is no number of 2 to 255");
    for (size_t k = 0; k < length; k++)
        exponent = exponent * decimal + (unsigned)(digits[k] - '0');
    reject_unless(exponent >= 2 && exponent <= POLYNOMIAL_EXPONENT_MAX,
                  "an exponent that is no number of 2 to 255");
    return (unsigned char)exponent;
}

/* name or name^k; the string is cut at the ^. */
static void read_power(const struct names *names, char *power, unsigned char *exponents)
{
    char *caret = strchr(power, '^');
    if (caret)
        *caret = 0;
    size_t variable = variable_called(names, power);
    reject_unless(!exponents[variable], "a name that is twice in a term");
    exponents[variable] = caret ? exponent_of(caret + 1) : 1;
}

/* The powers after the number, separated by *. */
static void read_powers(const struct names *names, size_t length, const char *factors,
                        unsigned char *exponents)
{
    reject_unless(length <= term_most, "a term that is too long");
    char *copy = memory_new(length + 1, 1);
    memcpy(copy, factors, length);
    for (char *power = copy, *star; power; power = star) {
        star = strchr(power, '*');
        if (star)
            *star++ = 0;
        read_power(names, power, exponents);
    }
    memory_free(copy);
}

/* The number before the first *, or 1 if the term begins with a name. */
static void read_term(const struct names *names, size_t length, const char *term, bool minus,
                      struct polynomial *p)
{
    mpq_t number;
    mpq_init(number);
    mpq_set_ui(number, 1, 1);
    unsigned char *exponents = memory_new(names->count, 1);
    const char *powers = term;
    if (term[0] >= '0' && term[0] <= '9') {
        const char *star = memchr(term, '*', length);
        size_t digits = star ? (size_t)(star - term) : length;
        text_unsigned(digits, term, number);
        reject_unless(mpq_sgn(number) != 0, "a term that is zero");
        reject_unless(!star || mpq_cmp_ui(number, 1, 1) != 0,
                      "a factor 1 that must not be written");
        powers = star ? star + 1 : NULL;
    }
    if (powers)
        read_powers(names, length - (size_t)(powers - term), powers, exponents);
    if (minus)
        mpq_neg(number, number);
    polynomial_append(p, number, exponents);
    memory_free(exponents);
    mpq_clear(number);
}

void names_read_polynomial(const struct names *names, struct text *text, struct polynomial *p)
{
    static const char *const signs[] = {"+", "-", NULL};
    bool minus = false;
    for (bool first = true; first || text_more(text); first = false) {
        size_t length;
        if (!first)
            minus = text_choice(text, signs) == 1;
        const char *term = text_token(text, &length);
        bool sign = first && term[0] == '-';
        reject_work(names->count);
        reject_unless(length > sign, "a sign without a term");
        read_term(names, length - sign, term + sign, minus || sign, p);
    }
    size_t terms = p->terms;
    polynomial_collect(p);
    reject_unless(p->terms == terms, "a monomial that is there twice");
}
