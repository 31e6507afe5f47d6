/* The equations L_V p = k p as a sparse matrix, its kernel modulo primes, and rationals from it.
 *
 *     L_V x^e = sum_v e_v x^(e - 1_v) V_v
 *
 * is a short sum over the terms of V, so that a column costs no polynomial arithmetic.  Rows are the
 * monomials that occur, one set for each field, numbered by a table of exact keys.  Where there are
 * many more rows than columns, they are replaced by random combinations, a few more than there are
 * columns: the rank can only fall, so that the bound on the dimension stays true, and it falls with
 * a probability of about 2^-61.  Several primes are joined by the Chinese remainder theorem until all
 * coefficients are quotients of small integers.
 *
 * Rejected: fmpz_mat_nullspace, as fast up to some five hundred columns and far slower above. */
#include "exact/integral_kernel.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    PRIMES_MOST = 48,   /* coefficients of up to some 1400 bits on either side of the bar */
    SPARE_ROWS = 8,     /* combinations beyond the number of columns */
    TABLE_LEAST = 1024, /* slots */
    PRIME_BITS = 61     /* primes between 2^61 and 2^62, as certificates want them */
};

/* ---- monomials ---- */

/* Does the next exponent vector of this degree exist?  From (d, 0, ..., 0) to (0, ..., 0, d). */
static bool next_of_degree(unsigned char *e, size_t n)
{
    size_t i = n - 1;
    const unsigned char last = e[n - 1];
    while (i-- > 0)
        if (e[i] > 0) {
            e[n - 1] = 0;
            e[i]--;
            e[i + 1] = (unsigned char)(last + 1);
            return true;
        }
    return false;
}

static void first_of_degree(unsigned char *e, size_t n, size_t degree)
{
    memset(e, 0, n);
    e[0] = (unsigned char)degree;
}

/* C(n - 1 + degree, degree), or INTEGRAL_COLUMNS_MOST + 1. */
static size_t count_of_degree(size_t n, size_t degree)
{
    size_t count = 1;
    if (n == 0)
        return degree == 0;
    for (size_t k = 1; k <= degree; k++) {
        count = count * (n - 1 + k) / k;
        if (count > INTEGRAL_COLUMNS_MOST)
            return INTEGRAL_COLUMNS_MOST + 1;
    }
    return count;
}

size_t integral_monomials_count(const struct integral_shape *shape)
{
    size_t count = 0;
    for (size_t d = shape->least; d <= shape->most; d++)
        for (size_t e = 0; e <= shape->extra; e++) {
            count += count_of_degree(shape->unknowns, d) * count_of_degree(shape->constants, e);
            if (count > INTEGRAL_COLUMNS_MOST)
                return INTEGRAL_COLUMNS_MOST + 1;
        }
    return count;
}

/* A monomial in the unknowns times all of degree e in the constants; returns where the next goes. */
static unsigned char *list_constants(const struct integral_shape *shape,
                                     const unsigned char *unknowns, size_t e, unsigned char *at)
{
    unsigned char constant[UCHAR_MAX + 1] = {0};
    const size_t c = shape->constants;
    if (c == 0 && e > 0)
        return at;
    first_of_degree(constant, c ? c : 1, e);
    do {
        memset(at, 0, shape->variables);
        memcpy(at, unknowns, shape->unknowns);
        memcpy(at + shape->variables - c, constant, c);
        at += shape->variables;
    } while (c > 0 && next_of_degree(constant, c));
    return at;
}

/* All products of degree d in the unknowns and e in the constants. */
static unsigned char *list_degrees(const struct integral_shape *shape, size_t d, size_t e,
                                   unsigned char *at)
{
    unsigned char unknowns[UCHAR_MAX + 1] = {0};
    first_of_degree(unknowns, shape->unknowns, d);
    do
        at = list_constants(shape, unknowns, e, at);
    while (next_of_degree(unknowns, shape->unknowns));
    return at;
}

static enum status too_many(const struct integral_shape *shape)
{
    return status_fail(BAD_ARGUMENT, "degree %zu in %zu unknowns needs more than %d monomials",
                       shape->most, shape->unknowns, INTEGRAL_COLUMNS_MOST);
}

enum status integral_monomials_create(const struct integral_shape *shape,
                                      struct integral_monomials *monomials)
{
    const size_t columns = integral_monomials_count(shape);
    if (columns > INTEGRAL_COLUMNS_MOST || shape->variables > UCHAR_MAX)
        return too_many(shape);
    unsigned char *exponents = malloc(columns * shape->variables + 1);
    if (!exponents)
        return status_fail(NO_MEMORY, "%zu monomials", columns);
    unsigned char *at = exponents;
    for (size_t d = shape->least; d <= shape->most; d++)
        for (size_t e = 0; e <= shape->extra; e++)
            at = list_degrees(shape, d, e, at);
    *monomials = (struct integral_monomials){shape->variables, columns, exponents};
    return OK;
}

enum status integral_monomials_of(const struct integral_shape *shape, const fmpq_mpoly_t p,
                                  const fmpq_mpoly_ctx_t ring, struct integral_monomials *monomials)
{
    const size_t length = (size_t)fmpq_mpoly_length(p, ring);
    ulong exponents[UCHAR_MAX + 1];
    unsigned char unknowns[UCHAR_MAX + 1];
    size_t columns = 0;
    for (size_t e = 0; e <= shape->extra; e++)
        columns += length * count_of_degree(shape->constants, e);
    if (columns > INTEGRAL_COLUMNS_MOST || shape->variables > UCHAR_MAX)
        return too_many(shape);
    unsigned char *list = malloc(columns * shape->variables + 1), *at = list;
    if (!list)
        return status_fail(NO_MEMORY, "%zu monomials", columns);
    for (size_t i = length; i-- > 0;) { /* FLINT has the highest degree first */
        fmpq_mpoly_get_term_exp_ui(exponents, p, (slong)i, ring);
        for (size_t v = 0; v < shape->unknowns; v++)
            unknowns[v] = (unsigned char)exponents[v];
        for (size_t e = 0; e <= shape->extra; e++)
            at = list_constants(shape, unknowns, e, at);
    }
    *monomials = (struct integral_monomials){shape->variables, columns, list};
    return OK;
}

void integral_monomials_free(struct integral_monomials *monomials)
{
    free(monomials->exponents);
    monomials->exponents = NULL;
}

/* ---- terms of the fields ---- */

/* Terms of all components, and of the cofactors last: polynomial i has terms first[i]..first[i+1]. */
struct terms {
    size_t polynomials, count, variables;
    size_t *first;
    unsigned char *exponents;
    fmpq *coefficient;
    ulong *residue;
};

static const fmpq_mpoly_struct *polynomial_of(const struct integral_fields *fields, size_t i)
{
    const size_t components = fields->count * fields->unknowns;
    if (i < components)
        return fields->f + i;
    return fields->cofactor ? fields->cofactor + (i - components) : NULL;
}

static void terms_free(struct terms *t)
{
    if (t->coefficient)
        _fmpq_vec_clear(t->coefficient, (slong)t->count);
    free(t->first);
    free(t->exponents);
    free(t->residue);
}

static void take_term(const struct integral_fields *fields, const fmpq_mpoly_struct *p, slong i,
                      struct terms *t, size_t at)
{
    ulong exponents[UCHAR_MAX + 1];
    fmpq_mpoly_get_term_exp_ui(exponents, p, i, fields->ring);
    for (size_t v = 0; v < t->variables; v++)
        t->exponents[at * t->variables + v] = (unsigned char)exponents[v];
    fmpq_mpoly_get_term_coeff_fmpq(t->coefficient + at, p, i, fields->ring);
}

static enum status terms_create(const struct integral_fields *fields, struct terms *t)
{
    *t = (struct terms){.polynomials = fields->count * (fields->unknowns + 1),
                        .variables = fields->variables};
    t->first = calloc(t->polynomials + 1, sizeof *t->first);
    if (!t->first)
        return status_fail(NO_MEMORY, "%zu components", t->polynomials);
    for (size_t i = 0; i < t->polynomials; i++) {
        const fmpq_mpoly_struct *p = polynomial_of(fields, i);
        t->first[i] = t->count;
        t->count += p ? (size_t)fmpq_mpoly_length(p, fields->ring) : 0;
    }
    t->first[t->polynomials] = t->count;
    t->exponents = malloc(t->count * t->variables + 1);
    t->residue = malloc((t->count + 1) * sizeof *t->residue);
    t->coefficient = _fmpq_vec_init((slong)t->count);
    if (!t->exponents || !t->residue)
        return status_fail(NO_MEMORY, "%zu terms", t->count);
    for (size_t i = 0; i < t->polynomials; i++)
        for (size_t k = t->first[i]; k < t->first[i + 1]; k++)
            take_term(fields, polynomial_of(fields, i), (slong)(k - t->first[i]), t, k);
    return OK;
}

/* false: the prime divides a denominator. */
static bool terms_reduce(struct terms *t, nmod_t modulus)
{
    for (size_t k = 0; k < t->count; k++)
        if (!integral_residue(t->coefficient + k, modulus, t->residue + k))
            return false;
    return true;
}

/* ---- rows: a table of keys ---- */

struct table {
    size_t length; /* of a key: the number of the field and the exponents */
    size_t rows, slots, room;
    unsigned char *key; /* [room*length] */
    size_t *slot;       /* row + 1, or 0 */
};

static size_t hash(const unsigned char *key, size_t length)
{
    static const ulong OFFSET = UWORD(14695981039346656037), PRIME = UWORD(1099511628211); /* FNV */
    ulong h = OFFSET;
    for (size_t i = 0; i < length; i++)
        h = (h ^ key[i]) * PRIME;
    return (size_t)(h ^ (h >> 29));
}

static size_t slot_of(const struct table *table, const unsigned char *key)
{
    size_t at = hash(key, table->length) & (table->slots - 1);
    while (table->slot[at] &&
           memcmp(table->key + (table->slot[at] - 1) * table->length, key, table->length) != 0)
        at = (at + 1) & (table->slots - 1);
    return at;
}

static bool table_grow(struct table *table)
{
    const size_t slots = table->slots ? 2 * table->slots : TABLE_LEAST;
    unsigned char *key = realloc(table->key, slots * table->length);
    size_t *slot = calloc(slots, sizeof *slot);
    if (key)
        table->key = key;
    if (!key || !slot) {
        free(slot);
        return false;
    }
    free(table->slot);
    table->slot = slot;
    table->slots = slots;
    for (size_t row = 0; row < table->rows; row++)
        slot[slot_of(table, key + row * table->length)] = row + 1;
    return true;
}

/* The row of a key, a new one if need be; false: no memory. */
static bool table_row(struct table *table, const unsigned char *key, size_t *row)
{
    if (2 * table->rows >= table->slots && !table_grow(table))
        return false;
    const size_t at = slot_of(table, key);
    if (!table->slot[at]) {
        memcpy(table->key + table->rows * table->length, key, table->length);
        table->slot[at] = ++table->rows;
    }
    *row = table->slot[at] - 1;
    return true;
}

/* ---- the matrix ---- */

/* At (row, column): times the coefficient of a term. */
struct entry {
    size_t row, column, term;
    slong times;
};

struct equations {
    const struct integral_fields *fields;
    const struct integral_monomials *monomials;
    struct terms terms;
    struct table table;
    struct entry *entry;
    size_t entries, room;
};

static bool add_entry(struct equations *eq, struct entry entry)
{
    if (eq->entries == eq->room) {
        const size_t room = eq->room ? 2 * eq->room : TABLE_LEAST;
        struct entry *more = realloc(eq->entry, room * sizeof *more);
        if (!more)
            return false;
        eq->entry = more;
        eq->room = room;
    }
    eq->entry[eq->entries++] = entry;
    return true;
}

/* times x^e (polynomial i) in the equations of field `number`; e is what is left of the monomial. */
static bool add_polynomial(struct equations *eq, size_t number, size_t column, size_t i,
                           const unsigned char *e, slong times)
{
    const struct terms *t = &eq->terms;
    unsigned char key[UCHAR_MAX + 1 + sizeof number];
    memcpy(key, &number, sizeof number);
    for (size_t k = t->first[i]; k < t->first[i + 1]; k++) {
        size_t row = 0;
        for (size_t v = 0; v < t->variables; v++)
            key[sizeof number + v] = (unsigned char)(e[v] + t->exponents[k * t->variables + v]);
        if (!table_row(&eq->table, key, &row) ||
            !add_entry(eq, (struct entry){row, column, k, times}))
            return false;
    }
    return true;
}

static bool add_column(struct equations *eq, size_t column)
{
    const struct integral_fields *fields = eq->fields;
    unsigned char e[UCHAR_MAX + 1];
    memcpy(e, eq->monomials->exponents + column * fields->variables, fields->variables);
    for (size_t number = 0; number < fields->count; number++) {
        for (size_t v = 0; v < fields->unknowns; v++) {
            const slong times = e[v];
            if (times == 0)
                continue;
            e[v]--;
            if (!add_polynomial(eq, number, column, number * fields->unknowns + v, e, times))
                return false;
            e[v]++;
        }
        if (!add_polynomial(eq, number, column, fields->count * fields->unknowns + number, e, -1))
            return false;
    }
    return true;
}

static enum status equations_fill(struct equations *eq)
{
    TRY(terms_create(eq->fields, &eq->terms));
    eq->table.length = sizeof(size_t) + eq->fields->variables;
    for (size_t column = 0; column < eq->monomials->columns; column++) {
        if (integral_is_stopped(eq->fields))
            return status_fail(INTERRUPTED, "integrals: column %zu of %zu", column,
                               eq->monomials->columns);
        if (!add_column(eq, column))
            return status_fail(NO_MEMORY, "%zu equations", eq->table.rows);
    }
    return OK;
}

static void equations_free(struct equations *eq)
{
    terms_free(&eq->terms);
    free(eq->table.key);
    free(eq->table.slot);
    free(eq->entry);
}

/* ---- modulo a prime ---- */

/* A number that looks drawn, of two counters: splitmix64, which is one to one. */
static ulong drawn(ulong row, ulong combination)
{
    static const ulong STEP = UWORD(0x9E3779B97F4A7C15), ONE = UWORD(0xBF58476D1CE4E5B9),
                       TWO = UWORD(0x94D049BB133111EB);
    ulong z = (row * UWORD(0x100000001B3) + combination + 1) * STEP;
    z = (z ^ (z >> 30)) * ONE;
    z = (z ^ (z >> 27)) * TWO;
    return z ^ (z >> 31);
}

static ulong value_of(const struct equations *eq, const struct entry *entry, nmod_t modulus)
{
    const ulong times = entry->times < 0 ? modulus.n - (ulong)-entry->times : (ulong)entry->times;
    return nmod_mul(times, eq->terms.residue[entry->term], modulus);
}

static void fill_plain(const struct equations *eq, nmod_mat_t M)
{
    for (size_t k = 0; k < eq->entries; k++) {
        const struct entry *entry = eq->entry + k;
        ulong *at = M->rows[entry->row] + entry->column;
        *at = nmod_add(*at, value_of(eq, entry, M->mod), M->mod);
    }
}

static void fill_combined(const struct equations *eq, nmod_mat_t M)
{
    for (size_t k = 0; k < eq->entries; k++) {
        const struct entry *entry = eq->entry + k;
        const ulong value = value_of(eq, entry, M->mod);
        for (slong i = 0; i < M->r; i++) {
            ulong *at = M->rows[i] + entry->column, weight;
            NMOD_RED(weight, drawn(entry->row, (ulong)i), M->mod);
            *at = nmod_add(*at, nmod_mul(value, weight, M->mod), M->mod);
        }
    }
}

/* The kernel as columns of X[columns*columns]; returns the nullity. */
static slong kernel_modulo(const struct equations *eq, ulong prime, nmod_mat_t X)
{
    nmod_mat_t M;
    const size_t columns = eq->monomials->columns, few = columns + SPARE_ROWS;
    const bool combines = eq->table.rows > 2 * few;
    nmod_mat_init(M, (slong)(combines ? few : eq->table.rows), (slong)columns, prime);
    if (combines)
        fill_combined(eq, M);
    else
        fill_plain(eq, M);
    const slong nullity = nmod_mat_nullspace(X, M);
    nmod_mat_clear(M);
    return nullity;
}

/* ---- joining primes ---- */

/* A kernel modulo the product of the primes so far. */
struct joined {
    size_t nullity;
    fmpz_t modulus;
    fmpz *value;  /* [nullity*columns] */
    size_t *lead; /* [nullity] */
};

static void joined_clear(struct joined *j, size_t columns)
{
    if (j->value)
        _fmpz_vec_clear(j->value, (slong)(j->nullity * columns));
    free(j->lead);
    j->value = NULL;
    j->lead = NULL;
}

/* The last monomial of kernel vector k. */
static size_t lead_of(const nmod_mat_t X, slong k)
{
    slong row = X->r - 1;
    while (row > 0 && nmod_mat_entry(X, row, k) == 0)
        row--;
    return (size_t)row;
}

static bool joined_start(struct joined *j, const nmod_mat_t X, size_t nullity)
{
    const size_t columns = (size_t)X->r;
    joined_clear(j, columns);
    j->nullity = nullity;
    j->lead = malloc((nullity + 1) * sizeof *j->lead);
    j->value = _fmpz_vec_init((slong)(nullity * columns));
    if (!j->lead)
        return false;
    fmpz_set_ui(j->modulus, X->mod.n);
    for (size_t k = 0; k < nullity; k++) {
        j->lead[k] = lead_of(X, (slong)k);
        for (size_t i = 0; i < columns; i++)
            fmpz_set_ui(j->value + k * columns + i, nmod_mat_entry(X, i, k));
    }
    return true;
}

/* Same leading monomials? */
static bool joined_fits(const struct joined *j, const nmod_mat_t X)
{
    for (size_t k = 0; k < j->nullity; k++)
        if (j->lead[k] != lead_of(X, (slong)k))
            return false;
    return true;
}

static void joined_add(struct joined *j, const nmod_mat_t X)
{
    const size_t columns = (size_t)X->r;
    for (size_t k = 0; k < j->nullity; k++)
        for (size_t i = 0; i < columns; i++) {
            fmpz *value = j->value + k * columns + i;
            fmpz_CRT_ui(value, value, j->modulus, nmod_mat_entry(X, i, k), X->mod.n, 0);
        }
    fmpz_mul_ui(j->modulus, j->modulus, X->mod.n);
}

/* Kernel vector k as a polynomial; false: its coefficients are not small quotients yet. */
static bool joined_polynomial(const struct joined *j, const struct integral_kernel *kernel,
                              size_t k)
{
    const size_t columns = kernel->monomials.columns, variables = kernel->monomials.variables;
    ulong exponents[UCHAR_MAX + 1];
    fmpq_mpoly_struct *p = kernel->basis + k;
    fmpq_t value;
    bool small = true;
    fmpq_init(value);
    fmpq_mpoly_zero(p, kernel->ring);
    for (size_t i = 0; i < columns && small; i++) {
        const fmpz *residue = j->value + k * columns + i;
        if (fmpz_is_zero(residue))
            continue;
        small = fmpq_reconstruct_fmpz(value, residue, j->modulus);
        for (size_t v = 0; v < variables; v++)
            exponents[v] = kernel->monomials.exponents[i * variables + v];
        if (small)
            fmpq_mpoly_push_term_fmpq_ui(p, value, exponents, kernel->ring);
    }
    fmpq_mpoly_sort_terms(p, kernel->ring);
    fmpq_mpoly_reduce(p, kernel->ring);
    fmpq_clear(value);
    return small;
}

/* A proposal: the exact verification has the last word. */
static bool joined_reconstruct(const struct joined *j, struct integral_kernel *kernel)
{
    for (size_t k = 0; k < j->nullity; k++)
        if (!joined_polynomial(j, kernel, k))
            return false;
    return true;
}

static void drop_basis(struct integral_kernel *kernel)
{
    for (size_t k = 0; k < kernel->nullity && kernel->basis; k++)
        fmpq_mpoly_clear(kernel->basis + k, kernel->ring);
    free(kernel->basis);
    kernel->basis = NULL;
}

static bool make_basis(struct integral_kernel *kernel, size_t nullity)
{
    drop_basis(kernel);
    kernel->nullity = nullity;
    kernel->basis = malloc((nullity + 1) * sizeof *kernel->basis);
    for (size_t k = 0; k < nullity && kernel->basis; k++)
        fmpq_mpoly_init(kernel->basis + k, kernel->ring);
    return kernel->basis;
}

/* L_V p = k p for all kernel vectors?  Exactly. */
static bool is_exact(const struct integral_fields *fields, const struct integral_kernel *kernel)
{
    for (size_t k = 0; k < kernel->nullity; k++)
        if (!integral_holds(fields, kernel->basis + k, NULL))
            return false;
    return true;
}

/* One more prime. */
static enum status join_prime(const struct equations *eq, ulong prime, struct joined *j,
                              struct integral_kernel *kernel)
{
    nmod_mat_t X;
    const size_t columns = eq->monomials->columns;
    nmod_mat_init(X, (slong)columns, (slong)columns, prime);
    const size_t nullity = (size_t)kernel_modulo(eq, prime, X);
    enum status status = OK;
    if (!j->value || nullity < j->nullity || (nullity == j->nullity && !joined_fits(j, X))) {
        kernel->prime = prime;
        if (!joined_start(j, X, nullity) || !make_basis(kernel, nullity))
            status = status_fail(NO_MEMORY, "a kernel of dimension %zu", nullity);
    } else if (nullity == j->nullity) {
        joined_add(j, X);
    }
    nmod_mat_clear(X);
    if (status == OK)
        kernel->proved = joined_reconstruct(j, kernel) && is_exact(eq->fields, kernel);
    return status;
}

static enum status join_primes(struct equations *eq, struct joined *j,
                               struct integral_kernel *kernel)
{
    ulong prime = UWORD(1) << PRIME_BITS;
    for (size_t used = 0; used < PRIMES_MOST && !kernel->proved; used++) {
        nmod_t modulus;
        prime = n_nextprime(prime, 1);
        nmod_init(&modulus, prime);
        if (integral_is_stopped(eq->fields))
            return status_fail(INTERRUPTED, "integrals: %zu primes", used);
        if (terms_reduce(&eq->terms, modulus))
            TRY(join_prime(eq, prime, j, kernel));
    }
    kernel->lead = j->lead;
    j->lead = NULL;
    return OK;
}

void integral_kernel_free(struct integral_kernel *kernel)
{
    if (!kernel)
        return;
    drop_basis(kernel);
    integral_monomials_free(&kernel->monomials);
    free(kernel->lead);
    free(kernel);
}

static enum status work(const struct integral_fields *fields, struct integral_kernel *kernel)
{
    struct equations eq = {.fields = fields, .monomials = &kernel->monomials};
    struct joined j = {.nullity = 0};
    fmpz_init(j.modulus);
    enum status status = equations_fill(&eq);
    kernel->rows = eq.table.rows;
    if (status == OK)
        status = join_primes(&eq, &j, kernel);
    joined_clear(&j, kernel->monomials.columns);
    fmpz_clear(j.modulus);
    equations_free(&eq);
    return status;
}

enum status integral_kernel_create(const struct integral_fields *fields,
                                   struct integral_monomials *monomials,
                                   struct integral_kernel **kernel)
{
    struct integral_kernel *k = calloc(1, sizeof *k);
    if (!k) {
        integral_monomials_free(monomials);
        return status_fail(NO_MEMORY, "a kernel");
    }
    k->ring = fields->ring;
    k->monomials = *monomials;
    monomials->exponents = NULL;
    const enum status status = work(fields, k);
    if (status == OK)
        *kernel = k;
    else
        integral_kernel_free(k);
    return status;
}

size_t integral_kernel_degree(const struct integral_kernel *kernel, size_t unknowns, size_t column)
{
    const unsigned char *e = kernel->monomials.exponents + column * kernel->monomials.variables;
    size_t degree = 0;
    for (size_t v = 0; v < unknowns; v++)
        degree += e[v];
    return degree;
}
