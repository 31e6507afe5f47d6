/* The critical values by elimination: disc_s e(s, p) in Q[p], and its real zeros.
 *
 * e is built by the recursion of a chain in residual time, (C2), in Q[s, p]; the weights of the start are
 * polynomials in p, too, since a_(i+1) = (K_i + c_(i+1) a_i^2/2)/c_i follows from the constants of the leaf.
 * Rejected: to watch the number of zeros on a grid, which misses pairs that come and go between two values. */
#include "exact/zeros_family.h"

#include <stdlib.h>

enum { S, P, LETTERS };

/* Q[s, p] and what e is made of. */
struct ring {
    fmpq_mpoly_ctx_t context;
    fmpq_mpoly_t U, a, half, e, letter, room;
};

static void ring_begin(struct ring *ring)
{
    fmpq_mpoly_ctx_init(ring->context, LETTERS, ORD_LEX);
    fmpq_mpoly_init(ring->U, ring->context);
    fmpq_mpoly_init(ring->a, ring->context);
    fmpq_mpoly_init(ring->half, ring->context);
    fmpq_mpoly_init(ring->e, ring->context);
    fmpq_mpoly_init(ring->letter, ring->context);
    fmpq_mpoly_init(ring->room, ring->context);
}

static void ring_end(struct ring *ring)
{
    fmpq_mpoly_clear(ring->U, ring->context);
    fmpq_mpoly_clear(ring->a, ring->context);
    fmpq_mpoly_clear(ring->half, ring->context);
    fmpq_mpoly_clear(ring->e, ring->context);
    fmpq_mpoly_clear(ring->letter, ring->context);
    fmpq_mpoly_clear(ring->room, ring->context);
    fmpq_mpoly_ctx_clear(ring->context);
}

/* to := the number, or p where that is varied */
static void number_or_letter(struct ring *ring, bool varied, const fmpq *number, fmpq_mpoly_t to)
{
    if (varied)
        fmpq_mpoly_gen(to, P, ring->context);
    else
        fmpq_mpoly_set_fmpq(to, number, ring->context);
}

static bool varies(const struct zeros_family *family, enum zeros_letter letter, size_t index)
{
    return family->letter == letter && family->index == index;
}

/* K_i of the start, i from 0: c_i a_(i+1) - c_(i+1) a_i^2/2 */
static void level_of(const struct statement *statement, size_t i, fmpq_t K)
{
    fmpq_t square;
    fmpq_init(square);
    fmpq_mul(square, statement->x0 + i, statement->x0 + i);
    fmpq_mul(square, square, statement->c + i + 1);
    fmpq_div_2exp(square, square, 1);
    fmpq_mul(K, statement->c + i, statement->x0 + i + 1);
    fmpq_sub(K, K, square);
    fmpq_clear(square);
}

/* start := a_(i+1) from a_i, which `start` is, on the leaf of the family; c_i != 0 */
static void start_next(const struct zeros_family *family, struct ring *ring, size_t i,
                       fmpq_mpoly_t start)
{
    const struct statement *s = family->statement;
    fmpq_t K;
    fmpq_init(K);
    level_of(s, i, K);
    fmpq_mpoly_mul(start, start, start, ring->context);
    fmpq_mpoly_scalar_mul_fmpq(start, start, s->c + i + 1, ring->context);
    fmpq_mpoly_scalar_div_si(start, start, 2, ring->context);
    number_or_letter(ring, varies(family, ZEROS_LEVEL, i), K, ring->room);
    fmpq_mpoly_add(start, start, ring->room, ring->context);
    fmpq_mpoly_scalar_div_fmpq(start, start, s->c + i, ring->context);
    fmpq_clear(K);
}

/* a_i and the next U into the ring; e := e a_i */
static void layer(const struct zeros_family *family, struct ring *ring, size_t i,
                  const fmpq_mpoly_t start)
{
    number_or_letter(ring, varies(family, ZEROS_FEEDBACK, i), family->statement->c + i,
                     ring->letter);
    fmpq_mpoly_mul(ring->a, ring->letter, ring->U, ring->context);
    fmpq_mpoly_scalar_div_si(ring->half, ring->a, 2, ring->context);
    fmpq_mpoly_add(ring->a, ring->a, start, ring->context);
    fmpq_mpoly_add(ring->half, ring->half, start, ring->context);
    fmpq_mpoly_mul(ring->U, ring->U, ring->half, ring->context);
    fmpq_mpoly_mul(ring->e, ring->e, ring->a, ring->context);
}

/* e(s, p) = alpha - beta P */
static void error_make(const struct zeros_family *family, struct ring *ring)
{
    const struct statement *s = family->statement;
    fmpq_mpoly_t start;
    fmpq_mpoly_init(start, ring->context);
    fmpq_mpoly_gen(ring->U, S, ring->context);
    fmpq_mpoly_one(ring->e, ring->context);
    fmpq_mpoly_set_fmpq(start, s->x0, ring->context);
    for (size_t i = 0; i < s->size; i++) {
        layer(family, ring, i, start);
        if (i + 1 < s->size && family->letter == ZEROS_LEVEL && i >= family->index)
            start_next(family, ring, i, start);
        else if (i + 1 < s->size)
            fmpq_mpoly_set_fmpq(start, s->x0 + i + 1, ring->context);
    }
    number_or_letter(ring, family->letter == ZEROS_BETA, &s->beta, ring->letter);
    fmpq_mpoly_mul(ring->e, ring->e, ring->letter, ring->context);
    number_or_letter(ring, family->letter == ZEROS_ALPHA, &s->alpha, ring->letter);
    fmpq_mpoly_sub(ring->e, ring->letter, ring->e, ring->context);
    fmpq_mpoly_clear(start, ring->context);
}

/* The polynomial in p alone, up to a factor. */
static void univariate(struct ring *ring, const fmpq_mpoly_t f, fmpq_poly_t to)
{
    fmpq_t coefficient;
    fmpq_init(coefficient);
    fmpq_poly_zero(to);
    for (slong k = 0; k < fmpq_mpoly_length(f, ring->context); k++) {
        fmpq_mpoly_get_term_coeff_fmpq(coefficient, f, k, ring->context);
        fmpq_poly_set_coeff_fmpq(to, (slong)fmpq_mpoly_get_term_var_exp_ui(f, k, P, ring->context),
                                 coefficient);
    }
    fmpq_clear(coefficient);
}

/* disc_s(e) times the leading coefficient, as a polynomial in p. */
static void critical_polynomial(struct ring *ring, fmpz_poly_t to)
{
    const slong S_letter[] = {S};
    fmpq_poly_t discriminant, leading;
    fmpq_poly_init(discriminant);
    fmpq_poly_init(leading);
    const ulong degree[] = {(ulong)fmpq_mpoly_degree_si(ring->e, S, ring->context)};
    fmpq_mpoly_get_coeff_vars_ui(ring->room, ring->e, S_letter, degree, 1, ring->context);
    univariate(ring, ring->room, leading);
    if (degree[0] > 1 && fmpq_mpoly_discriminant(ring->room, ring->e, S, ring->context)) {
        univariate(ring, ring->room, discriminant);
        fmpq_poly_mul(leading, leading, discriminant);
    }
    fmpq_poly_get_numerator(to, leading);
    fmpq_poly_clear(leading);
    fmpq_poly_clear(discriminant);
}

static enum status critical_find(struct zeros_family *family)
{
    struct ring ring;
    fmpz_poly_t polynomial;
    enum status status = OK;
    fmpz_poly_init(polynomial);
    ring_begin(&ring);
    error_make(family, &ring);
    critical_polynomial(&ring, polynomial);
    const slong degree = fmpz_poly_degree(polynomial);
    if (degree < 0)
        status = status_fail(BAD_ARGUMENT, "the error has a double zero for all values");
    else if (!(family->critical = calloc((size_t)degree + 1, sizeof *family->critical)))
        status = status_fail(NO_MEMORY, "no memory for %ld critical values", (long)degree);
    else
        family->count = zeros_real(polynomial, family->critical);
    ring_end(&ring);
    fmpz_poly_clear(polynomial);
    return status;
}

static enum status family_check(const struct statement *s, enum zeros_letter letter, size_t index)
{
    if (s->family != STATEMENT_CHAIN || s->rule != STATEMENT_DIRECT)
        return status_fail(BAD_ARGUMENT, "leaves are those of chains under fixed feedback");
    if (s->size > ZEROS_FAMILY_LAYERS_MOST)
        return status_fail(BAD_ARGUMENT, "%zu layers; exact diagrams have at most %d", s->size,
                           ZEROS_FAMILY_LAYERS_MOST);
    for (size_t i = index; letter == ZEROS_LEVEL && i + 1 < s->size; i++)
        if (fmpq_is_zero(s->c + i))
            return status_fail(BAD_ARGUMENT, "c%zu = 0: the leaf does not determine a%zu", i + 1,
                               i + 2);
    return OK;
}

enum status zeros_family_create(const struct statement *statement, enum zeros_letter letter,
                                size_t index, struct zeros_family **out)
{
    TRY(family_check(statement, letter, index));
    struct zeros_family *family = calloc(1, sizeof *family);
    if (!family)
        return status_fail(NO_MEMORY, "no memory for a family of leaves");
    *family = (struct zeros_family){.statement = statement, .letter = letter, .index = index};
    const enum status status = critical_find(family);
    if (status == OK)
        *out = family;
    else
        zeros_family_free(family);
    return status;
}

void zeros_family_free(struct zeros_family *family)
{
    if (!family)
        return;
    free(family->critical);
    free(family);
}

/* ---- one member ---- */

/* The start on the leaf with K_index = value. */
static void level_set(const struct zeros_family *family, const fmpq_t value,
                      struct statement *member)
{
    const struct statement *s = family->statement;
    fmpq_t K, square;
    fmpq_init(K);
    fmpq_init(square);
    for (size_t i = family->index; i + 1 < s->size; i++) {
        level_of(s, i, K);
        fmpq_mul(square, member->x0 + i, member->x0 + i);
        fmpq_mul(square, square, s->c + i + 1);
        fmpq_div_2exp(square, square, 1);
        fmpq_add(square, square, i == family->index ? value : K);
        fmpq_div(member->x0 + i + 1, square, s->c + i);
    }
    fmpq_clear(K);
    fmpq_clear(square);
}

static void member_set(const struct zeros_family *family, const fmpq_t value,
                       struct statement *member)
{
    const struct statement *s = family->statement;
    for (size_t i = 0; i < s->size; i++) {
        fmpq_set(member->x0 + i, s->x0 + i);
        fmpq_set(member->c + i, s->c + i);
    }
    fmpq_set(&member->alpha, &s->alpha);
    fmpq_set(&member->beta, &s->beta);
    switch (family->letter) {
    case ZEROS_ALPHA:
        fmpq_set(&member->alpha, value);
        break;
    case ZEROS_BETA:
        fmpq_set(&member->beta, value);
        break;
    case ZEROS_FEEDBACK:
        fmpq_set(member->c + family->index, value);
        break;
    case ZEROS_LEVEL:
        level_set(family, value, member);
    }
}

enum status zeros_family_at(const struct zeros_family *family, double value, struct zeros **zeros)
{
    const struct statement *s = family->statement;
    struct statement *member;
    fmpq_t exact;
    arf_t number;
    TRY(statement_create(s->family, s->rule, s->size, &member));
    fmpq_init(exact);
    arf_init(number);
    arf_set_d(number, value);
    arf_get_fmpq(exact, number);
    member_set(family, exact, member);
    const enum status status = zeros_create(member, zeros);
    arf_clear(number);
    fmpq_clear(exact);
    statement_free(member);
    return status;
}

double zeros_family_standard(const struct zeros_family *family)
{
    const struct statement *s = family->statement;
    const fmpq *const place[] = {[ZEROS_ALPHA] = &s->alpha,
                                 [ZEROS_BETA] = &s->beta,
                                 [ZEROS_FEEDBACK] = s->c + family->index,
                                 [ZEROS_LEVEL] = NULL};
    if (place[family->letter])
        return fmpq_get_d(place[family->letter]);
    fmpq_t K;
    fmpq_init(K);
    level_of(s, family->index, K);
    const double value = fmpq_get_d(K);
    fmpq_clear(K);
    return value;
}
