/* Entries from terms, rows from a table of exact keys, blocks from columns that share a row.
 *
 * The table is open addressing with keys in full, so that no two monomials are taken for one. */
#include "exact/integral_equations.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_LEAST = 1024 }; /* slots */

/* ---- terms of the fields ---- */

/* Terms of all components, and of the cofactors last: polynomial i has terms
 * first[i]..first[i+1]. */
struct terms {
    size_t polynomials, count, variables;
    size_t *first;
    unsigned char *exponents;
    fmpq *coefficient;
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
    t->coefficient = _fmpq_vec_init((slong)t->count);
    if (!t->exponents)
        return status_fail(NO_MEMORY, "%zu terms", t->count);
    for (size_t i = 0; i < t->polynomials; i++)
        for (size_t k = t->first[i]; k < t->first[i + 1]; k++)
            take_term(fields, polynomial_of(fields, i), (slong)(k - t->first[i]), t, k);
    return OK;
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

/* ---- entries ---- */

/* While the entries are collected; rows and columns are those of the whole. */
struct collecting {
    struct integral_equations *eq;
    struct terms terms;
    struct table table;
    size_t room;
};

static bool add_entry(struct collecting *w, struct integral_entry entry)
{
    struct integral_equations *eq = w->eq;
    if (eq->entries == w->room) {
        const size_t room = w->room ? 2 * w->room : TABLE_LEAST;
        struct integral_entry *more = realloc(eq->entry, room * sizeof *more);
        if (!more)
            return false;
        eq->entry = more;
        w->room = room;
    }
    eq->entry[eq->entries++] = entry;
    return true;
}

/* times x^e (polynomial i) in the equations of field `number`; e is what is left of the
 * monomial. */
static bool add_polynomial(struct collecting *w, size_t number, size_t column, size_t i,
                           const unsigned char *e, slong times)
{
    const struct terms *t = &w->terms;
    unsigned char key[UCHAR_MAX + 1 + sizeof number];
    memcpy(key, &number, sizeof number);
    for (size_t k = t->first[i]; k < t->first[i + 1]; k++) {
        size_t row = 0;
        for (size_t v = 0; v < t->variables; v++)
            key[sizeof number + v] = (unsigned char)(e[v] + t->exponents[k * t->variables + v]);
        if (!table_row(&w->table, key, &row) ||
            !add_entry(w, (struct integral_entry){row, column, k, times}))
            return false;
    }
    return true;
}

static bool add_column(struct collecting *w, size_t column)
{
    const struct integral_fields *fields = w->eq->fields;
    unsigned char e[UCHAR_MAX + 1];
    memcpy(e, w->eq->monomials->exponents + column * fields->variables, fields->variables);
    for (size_t number = 0; number < fields->count; number++) {
        for (size_t v = 0; v < fields->unknowns; v++) {
            const slong times = e[v];
            if (times == 0)
                continue;
            e[v]--;
            if (!add_polynomial(w, number, column, number * fields->unknowns + v, e, times))
                return false;
            e[v]++;
        }
        if (!add_polynomial(w, number, column, fields->count * fields->unknowns + number, e, -1))
            return false;
    }
    return true;
}

static enum status collect(struct collecting *w)
{
    const struct integral_equations *eq = w->eq;
    TRY(terms_create(eq->fields, &w->terms));
    w->table.length = sizeof(size_t) + eq->fields->variables;
    for (size_t column = 0; column < eq->monomials->columns; column++) {
        if (integral_is_stopped(eq->fields))
            return status_fail(INTERRUPTED, "integrals: interrupted at monomial %zu of %zu", column,
                               eq->monomials->columns);
        integral_tell(eq->fields, "coefficient", column, eq->monomials->columns, w->table.rows);
        if (!add_column(w, column))
            return status_fail(NO_MEMORY, "%zu equations", w->table.rows);
    }
    return OK;
}

/* ---- blocks ---- */

/* Columns that hang together have one root. */
static size_t root_of(size_t *parent, size_t column)
{
    while (parent[column] != column) {
        parent[column] = parent[parent[column]];
        column = parent[column];
    }
    return column;
}

/* For sorting: of each column its block and its place there, of each row its place. */
struct places {
    size_t *parent, *block, *column, *row, *first_of_row;
};

/* The least column of a block is its root, so that blocks are numbered by their least columns. */
static void join_columns(const struct integral_equations *eq, struct places *at)
{
    for (size_t c = 0; c < eq->monomials->columns; c++)
        at->parent[c] = c;
    for (size_t r = 0; r < eq->total; r++)
        at->first_of_row[r] = eq->monomials->columns;
    for (size_t k = 0; k < eq->entries; k++) {
        size_t *first = at->first_of_row + eq->entry[k].row;
        if (*first == eq->monomials->columns)
            *first = eq->entry[k].column;
        const size_t a = root_of(at->parent, *first), b = root_of(at->parent, eq->entry[k].column);
        at->parent[a > b ? a : b] = a > b ? b : a;
    }
}

static void number_blocks(struct integral_equations *eq, struct places *at)
{
    for (size_t c = 0; c < eq->monomials->columns; c++) {
        const size_t root = root_of(at->parent, c);
        at->block[c] = root == c ? eq->blocks++ : at->block[root];
        at->column[c] = eq->columns[at->block[c]]++;
    }
    for (size_t r = 0; r < eq->total; r++)
        at->row[r] = eq->rows[at->block[at->first_of_row[r]]]++;
}

/* next[b] = where the entries of block b begin; the columns in the same order of blocks. */
static void count_entries(struct integral_equations *eq, const struct places *at, size_t *next)
{
    size_t before = 0;
    for (size_t b = 0; b < eq->blocks; b++) {
        next[b] = before;
        before += eq->columns[b];
    }
    for (size_t c = 0; c < eq->monomials->columns; c++)
        eq->column[next[at->block[c]]++] = c;
    for (size_t k = 0; k < eq->entries; k++)
        eq->first[at->block[eq->entry[k].column] + 1]++;
    for (size_t b = 0; b < eq->blocks; b++)
        eq->first[b + 1] += eq->first[b];
    memcpy(next, eq->first, eq->blocks * sizeof *next);
}

static void sort_entries(struct integral_equations *eq, const struct places *at, size_t *next,
                         struct integral_entry *sorted)
{
    for (size_t k = 0; k < eq->entries; k++) {
        struct integral_entry entry = eq->entry[k];
        const size_t b = at->block[entry.column];
        entry.row = at->row[entry.row];
        entry.column = at->column[entry.column];
        sorted[next[b]++] = entry;
    }
    free(eq->entry);
    eq->entry = sorted;
}

static enum status divide(struct integral_equations *eq)
{
    enum { LISTS = 4 }; /* of columns; and two of rows */
    const size_t columns = eq->monomials->columns, rows = eq->total;
    size_t *lists = calloc(LISTS * columns + 2 * rows + 1, sizeof *lists);
    struct integral_entry *sorted = malloc((eq->entries + 1) * sizeof *sorted);
    eq->first = calloc(columns + 2, sizeof *eq->first);
    eq->rows = calloc(columns + 1, sizeof *eq->rows);
    eq->columns = calloc(columns + 1, sizeof *eq->columns);
    eq->column = calloc(columns + 1, sizeof *eq->column);
    if (!lists || !sorted || !eq->first || !eq->rows || !eq->columns || !eq->column) {
        free(lists);
        free(sorted);
        return status_fail(NO_MEMORY, "%zu equations", rows);
    }
    size_t *next = lists + (LISTS - 1) * columns, *of_rows = next + columns;
    struct places at = {lists, lists + columns, lists + 2 * columns, of_rows, of_rows + rows};
    join_columns(eq, &at);
    number_blocks(eq, &at);
    count_entries(eq, &at, next);
    sort_entries(eq, &at, next, sorted);
    free(lists);
    return OK;
}

/* ---- all of it ---- */

/* The terms move to the equations. */
static enum status work(struct collecting *w)
{
    struct integral_equations *eq = w->eq;
    TRY(collect(w));
    eq->total = w->table.rows;
    eq->terms = w->terms.count;
    eq->coefficient = w->terms.coefficient;
    w->terms.coefficient = NULL;
    eq->residue = malloc((eq->terms + 1) * sizeof *eq->residue);
    if (!eq->residue)
        return status_fail(NO_MEMORY, "%zu terms", eq->terms);
    return divide(eq);
}

enum status integral_equations_create(const struct integral_fields *fields,
                                      const struct integral_monomials *monomials,
                                      struct integral_equations **equations)
{
    struct integral_equations *eq = calloc(1, sizeof *eq);
    if (!eq)
        return status_fail(NO_MEMORY, "equations");
    eq->fields = fields;
    eq->monomials = monomials;
    struct collecting w = {.eq = eq};
    const enum status status = work(&w);
    terms_free(&w.terms);
    free(w.table.key);
    free(w.table.slot);
    if (status == OK)
        *equations = eq;
    else
        integral_equations_free(eq);
    return status;
}

void integral_equations_free(struct integral_equations *eq)
{
    if (!eq)
        return;
    if (eq->coefficient)
        _fmpq_vec_clear(eq->coefficient, (slong)eq->terms);
    free(eq->residue);
    free(eq->entry);
    free(eq->first);
    free(eq->rows);
    free(eq->columns);
    free(eq->column);
    free(eq);
}

bool integral_equations_reduce(struct integral_equations *eq, nmod_t modulus)
{
    for (size_t k = 0; k < eq->terms; k++)
        if (!integral_residue(eq->coefficient + k, modulus, eq->residue + k))
            return false;
    return true;
}
