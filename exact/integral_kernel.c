/* The kernel of the equations modulo primes, and rationals from it.
 *
 * Block by block; where one has many more rows than columns, they are replaced by random
 * combinations, a few more than there are columns: the rank can only fall, so that the bound on the
 * dimension stays true, and it falls with a probability of about 2^-61.  Several primes are joined
 * by the Chinese remainder theorem until all coefficients are quotients of small integers.
 *
 * Rejected: fmpz_mat_nullspace, as fast up to some five hundred columns and far slower above. */
#include "exact/integral_kernel.h"

#include "exact/integral_equations.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    PRIMES_MOST = 48, /* coefficients of up to some 1400 bits on either side of the bar */
    SPARE_ROWS = 8,   /* combinations beyond the number of columns */
    ROOM_LEAST = 16,  /* kernel vectors */
    PRIME_BITS = 61   /* primes between 2^61 and 2^62, as certificates want them */
};

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

static ulong value_of(const struct integral_equations *eq, const struct integral_entry *entry,
                      nmod_t modulus)
{
    const ulong times = entry->times < 0 ? modulus.n - (ulong)-entry->times : (ulong)entry->times;
    return nmod_mul(times, eq->residue[entry->term], modulus);
}

static void fill_plain(const struct integral_equations *eq, size_t b, nmod_mat_t M)
{
    for (size_t k = eq->first[b]; k < eq->first[b + 1]; k++) {
        const struct integral_entry *entry = eq->entry + k;
        ulong *at = M->rows[entry->row] + entry->column;
        *at = nmod_add(*at, value_of(eq, entry, M->mod), M->mod);
    }
}

/* Where it is interrupted the matrix is incomplete, and nobody uses it. */
static void fill_combined(const struct integral_equations *eq, size_t b, nmod_mat_t M)
{
    for (size_t k = eq->first[b]; k < eq->first[b + 1] && !integral_is_stopped(eq->fields); k++) {
        const struct integral_entry *entry = eq->entry + k;
        const ulong value = value_of(eq, entry, M->mod);
        integral_tell(eq->fields, "block", b + 1, eq->blocks, eq->rows[b]);
        for (slong i = 0; i < M->r; i++) {
            ulong *at = M->rows[i] + entry->column, weight;
            NMOD_RED(weight, drawn(entry->row, (ulong)i), M->mod);
            *at = nmod_add(*at, nmod_mul(value, weight, M->mod), M->mod);
        }
    }
}

/* A kernel modulo a prime: vector[nullity*columns], ordered by their leading monomials. */
struct residues {
    ulong prime;
    size_t columns, nullity, room;
    ulong *vector;
    size_t *lead; /* [nullity] */
};

static bool residues_grow(struct residues *x)
{
    const size_t room = x->room ? 2 * x->room : ROOM_LEAST;
    ulong *vector = realloc(x->vector, room * x->columns * sizeof *vector);
    x->vector = vector ? vector : x->vector;
    size_t *lead = realloc(x->lead, room * sizeof *lead);
    x->lead = lead ? lead : x->lead;
    if (vector && lead)
        x->room = room;
    return vector && lead;
}

/* Column k of X, the kernel of block b, whose columns stand in `column`; in its place by the
 * lead. */
static bool residues_add(struct residues *x, const nmod_mat_t X, slong k, const size_t *column)
{
    slong last = X->r - 1;
    if (x->nullity == x->room && !residues_grow(x))
        return false;
    while (last > 0 && nmod_mat_entry(X, last, k) == 0)
        last--;
    size_t at = x->nullity++;
    for (; at > 0 && x->lead[at - 1] > column[last]; at--) {
        x->lead[at] = x->lead[at - 1];
        memcpy(x->vector + at * x->columns, x->vector + (at - 1) * x->columns,
               x->columns * sizeof *x->vector);
    }
    x->lead[at] = column[last];
    ulong *vector = x->vector + at * x->columns;
    memset(vector, 0, x->columns * sizeof *vector);
    for (slong i = 0; i <= last; i++)
        vector[column[i]] = nmod_mat_entry(X, i, k);
    return true;
}

static void residues_free(struct residues *x)
{
    free(x->vector);
    free(x->lead);
}

static enum status solve_block(const struct integral_equations *eq, size_t b, const size_t *column,
                               struct residues *x)
{
    const size_t columns = eq->columns[b], few = columns + SPARE_ROWS;
    const bool combines = eq->rows[b] > 2 * few;
    bool stored = true;
    nmod_mat_t M, X;
    nmod_mat_init(M, (slong)(combines ? few : eq->rows[b]), (slong)columns, x->prime);
    nmod_mat_init(X, (slong)columns, (slong)columns, x->prime);
    if (combines)
        fill_combined(eq, b, M);
    else
        fill_plain(eq, b, M);
    const bool stopped = integral_is_stopped(eq->fields);
    const slong nullity = stopped ? 0 : nmod_mat_nullspace(X, M);
    for (slong k = 0; k < nullity && stored; k++)
        stored = residues_add(x, X, k, column);
    nmod_mat_clear(M);
    nmod_mat_clear(X);
    if (stopped)
        return status_fail(INTERRUPTED, "integrals: interrupted in block %zu of %zu", b + 1,
                           eq->blocks);
    return stored ? OK : status_fail(NO_MEMORY, "a kernel of dimension %zu", x->nullity);
}

static enum status solve_blocks(const struct integral_equations *eq, struct residues *x)
{
    const size_t *column = eq->column;
    for (size_t b = 0; b < eq->blocks; b++) {
        TRY(solve_block(eq, b, column, x));
        column += eq->columns[b];
    }
    return OK;
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

static bool joined_start(struct joined *j, const struct residues *x)
{
    joined_clear(j, x->columns);
    j->nullity = x->nullity;
    j->lead = malloc((x->nullity + 1) * sizeof *j->lead);
    j->value = _fmpz_vec_init((slong)(x->nullity * x->columns));
    if (!j->lead)
        return false;
    fmpz_set_ui(j->modulus, x->prime);
    for (size_t k = 0; k < x->nullity; k++)
        j->lead[k] = x->lead[k];
    for (size_t k = 0; k < x->nullity * x->columns; k++)
        fmpz_set_ui(j->value + k, x->vector[k]);
    return true;
}

/* Same leading monomials? */
static bool joined_fits(const struct joined *j, const struct residues *x)
{
    for (size_t k = 0; k < j->nullity; k++)
        if (j->lead[k] != x->lead[k])
            return false;
    return true;
}

static void joined_add(struct joined *j, const struct residues *x)
{
    for (size_t k = 0; k < j->nullity * x->columns; k++) {
        fmpz *value = j->value + k;
        if (x->vector[k] != 0 || !fmpz_is_zero(value))
            fmpz_CRT_ui(value, value, j->modulus, x->vector[k], x->prime, 0);
    }
    fmpz_mul_ui(j->modulus, j->modulus, x->prime);
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

static enum status join_residues(const struct integral_equations *eq, const struct residues *x,
                                 struct joined *j, struct integral_kernel *kernel)
{
    if (!j->value || x->nullity < j->nullity || (x->nullity == j->nullity && !joined_fits(j, x))) {
        kernel->prime = x->prime;
        if (!joined_start(j, x) || !make_basis(kernel, x->nullity))
            return status_fail(NO_MEMORY, "a kernel of dimension %zu", x->nullity);
    } else if (x->nullity == j->nullity) {
        joined_add(j, x);
    }
    kernel->proved = joined_reconstruct(j, kernel) && is_exact(eq->fields, kernel);
    return OK;
}

/* One more prime. */
static enum status join_prime(const struct integral_equations *eq, ulong prime, struct joined *j,
                              struct integral_kernel *kernel)
{
    struct residues x = {.prime = prime, .columns = eq->monomials->columns};
    enum status status = solve_blocks(eq, &x);
    if (status == OK)
        status = join_residues(eq, &x, j, kernel);
    residues_free(&x);
    return status;
}

static enum status join_primes(struct integral_equations *eq, struct joined *j,
                               struct integral_kernel *kernel)
{
    ulong prime = UWORD(1) << PRIME_BITS;
    for (size_t used = 0; used < PRIMES_MOST && !kernel->proved; used++) {
        nmod_t modulus;
        prime = n_nextprime(prime, 1);
        nmod_init(&modulus, prime);
        if (integral_is_stopped(eq->fields))
            return status_fail(INTERRUPTED, "integrals: %zu primes", used);
        if (integral_equations_reduce(eq, modulus))
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
    struct integral_equations *eq = NULL;
    struct joined j = {.nullity = 0};
    TRY(integral_equations_create(fields, &kernel->monomials, &eq));
    kernel->rows = eq->total;
    fmpz_init(j.modulus);
    const enum status status = join_primes(eq, &j, kernel);
    joined_clear(&j, kernel->monomials.columns);
    fmpz_clear(j.modulus);
    integral_equations_free(eq);
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
