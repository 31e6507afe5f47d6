/* The Lie algebra of the columns of S, level by level.
 *
 * S_k is what the entry k of Sigma_TI multiplies; the fields that Sigma_II multiplies are
 * combinations of them with functions as coefficients and add nothing, (FI7).  Level 0 are the V_k
 * = S_k; level j holds the brackets of the V_k with level j - 1, which together span the algebra.
 * Their values at one point, modulo a prime, are reduced to echelon form as they come.  The search
 * for the common integrals goes first, so that one knows when to stop: once the rank has reached n
 * minus the number of independent integrals, no bracket can raise it.  Else it goes on until two
 * levels have added nothing or the budget is spent, and the count stays open. */
#include "exact/integral_laws.h"

#include "exact/field_matrix.h"

#include <stdlib.h>
#include <string.h>

enum {
    BRACKETS_MOST = 4000,
    DEPTH_MOST = 12,
    IDLE_MOST = 2,      /* levels that add nothing before we stop */
    TERMS_MOST = 200000 /* of a level, so that memory stays bounded */
};

/* ---- the fields of the targets' moments ---- */

static struct integral_fields fields_of(const struct integral_laws *laws, const struct field *field,
                                        const struct integral_watch *watch)
{
    struct integral_fields fields = integral_fields_of(field);
    fields.count = laws->moments;
    fields.f = laws->V;
    fields.watch = watch;
    return fields;
}

/* d f / d Sigma_TI; then numbers for the feedback, the only parameters that are left. */
static enum status split(const struct premise *premise, const struct field *field,
                         struct integral_laws *laws)
{
    const struct integral_fields symbolic = integral_fields_of(field);
    laws->ring = field->ring;
    laws->n = field->n;
    laws->moments = field->k;
    laws->V = field_polynomials(laws->moments * laws->n, field->ring);
    if (!laws->V)
        return status_fail(NO_MEMORY, "%zu fields of %zu unknowns", laws->moments, laws->n);
    fmpq *values = _fmpq_vec_init((slong)field->m);
    field_parameters(premise, values);
    for (size_t k = 0; k < laws->moments; k++)
        for (size_t i = 0; i < laws->n; i++) {
            fmpq_mpoly_struct *V = laws->V + k * laws->n + i;
            fmpq_mpoly_derivative(V, field->f + i, (slong)(field->n + k), field->ring);
            integral_specialise(&symbolic, values, V);
        }
    _fmpq_vec_clear(values, (slong)field->m);
    return OK;
}

/* ---- brackets ---- */

struct level {
    size_t count;
    fmpq_mpoly_struct *W; /* [count*n] */
};

struct algebra {
    const struct integral_fields *fields;
    struct integral_laws *laws;
    struct integral_point point;
    size_t wanted; /* no more is possible */
    ulong *row;    /* [n*n]: echelon rows by pivot */
    bool *filled;  /* [n] */
    ulong *vector; /* [n] */
};

/* The values W(x) at the point; do they raise the rank? */
static bool raises(struct algebra *a, const fmpq_mpoly_struct *W)
{
    const size_t n = a->laws->n;
    const nmod_t mod = a->point.modulus;
    for (size_t i = 0; i < n; i++)
        if (!integral_point_residue(&a->point, a->fields, W + i, a->vector + i))
            return false;
    for (size_t i = 0; i < n; i++) {
        if (a->vector[i] == 0)
            continue;
        if (a->filled[i]) {
            const ulong factor = nmod_neg(a->vector[i], mod);
            _nmod_vec_scalar_addmul_nmod(a->vector, a->row + i * n, (slong)n, factor, mod);
            continue;
        }
        _nmod_vec_scalar_mul_nmod(a->row + i * n, a->vector, (slong)n, nmod_inv(a->vector[i], mod),
                                  mod);
        a->filled[i] = true;
        a->laws->rank++;
        return true;
    }
    return false;
}

/* [V, W]_i = L_V W_i - L_W V_i */
static void bracket(const struct algebra *a, const fmpq_mpoly_struct *V, const fmpq_mpoly_struct *W,
                    fmpq_mpoly_struct *to)
{
    const fmpq_mpoly_ctx_struct *ring = a->fields->ring;
    struct integral_fields one = *a->fields;
    fmpq_mpoly_t back;
    fmpq_mpoly_init(back, ring);
    for (size_t i = 0; i < a->laws->n; i++) {
        one.f = V;
        integral_derivative(&one, 0, W + i, to + i);
        one.f = W;
        integral_derivative(&one, 0, V + i, back);
        fmpq_mpoly_sub(to + i, to + i, back, ring);
    }
    fmpq_mpoly_clear(back, ring);
}

static void level_free(const struct algebra *a, struct level *level)
{
    field_polynomials_free(level->W, level->count * a->laws->n, a->fields->ring);
    *level = (struct level){.count = 0};
}

static slong terms_of(const struct algebra *a, const fmpq_mpoly_struct *W)
{
    slong terms = 0;
    for (size_t i = 0; i < a->laws->n; i++)
        terms += fmpq_mpoly_length(W + i, a->fields->ring);
    return terms;
}

/* All brackets of the V_k with a level, as far as the budget reaches; *raised: is the rank
 * higher? */
static enum status next_level(struct algebra *a, const struct level *from, struct level *to,
                              bool *raised)
{
    const size_t n = a->laws->n, most = a->laws->moments * from->count;
    slong terms = 0;
    size_t made = 0;
    to->W = field_polynomials(most * n, a->fields->ring);
    if (!to->W)
        return status_fail(NO_MEMORY, "%zu brackets", most);
    to->count = most;
    *raised = false;
    for (size_t w = 0; w < from->count; w++)
        for (size_t k = 0; k < a->laws->moments; k++) {
            fmpq_mpoly_struct *W = to->W + made * n;
            if (integral_is_stopped(a->fields))
                return status_fail(INTERRUPTED, "%zu brackets", a->laws->brackets);
            if (a->laws->rank == a->wanted || a->laws->brackets >= BRACKETS_MOST ||
                terms > TERMS_MOST)
                continue;
            integral_tell(a->fields, "brackets: rank", a->laws->rank, a->wanted, a->laws->brackets);
            bracket(a, a->laws->V + k * n, from->W + w * n, W);
            a->laws->brackets++;
            terms += terms_of(a, W);
            *raised = raises(a, W) || *raised;
            made += terms_of(a, W) > 0;
        }
    for (size_t i = made * n; i < most * n; i++)
        fmpq_mpoly_clear(to->W + i, a->fields->ring);
    to->count = made;
    return OK;
}

static enum status start_level(struct algebra *a, struct level *level)
{
    const size_t n = a->laws->n, count = a->laws->moments;
    level->W = field_polynomials(count * n, a->fields->ring);
    if (!level->W)
        return status_fail(NO_MEMORY, "%zu fields", count);
    level->count = count;
    for (size_t i = 0; i < count * n; i++)
        fmpq_mpoly_set(level->W + i, a->laws->V + i, a->fields->ring);
    for (size_t k = 0; k < count; k++)
        raises(a, a->laws->V + k * n);
    return OK;
}

static enum status climb(struct algebra *a, struct level *level)
{
    size_t idle = 0;
    TRY(start_level(a, level));
    while (a->laws->rank < a->wanted && idle < IDLE_MOST && level->count > 0 &&
           a->laws->depth < DEPTH_MOST && a->laws->brackets < BRACKETS_MOST) {
        struct level next = {.count = 0};
        bool raised = false;
        const enum status status = next_level(a, level, &next, &raised);
        level_free(a, level);
        *level = next;
        TRY(status);
        a->laws->depth++;
        idle = raised ? 0 : idle + 1;
    }
    return OK;
}

static enum status bound_above(const struct integral_fields *fields, struct integral_laws *laws)
{
    const size_t n = laws->n;
    struct algebra a = {.fields = fields,
                        .laws = laws,
                        .wanted = n - laws->lower,
                        .row = calloc(n * n + 1, sizeof *a.row),
                        .filled = calloc(n + 1, sizeof *a.filled),
                        .vector = calloc(n + 1, sizeof *a.vector)};
    struct level level = {.count = 0};
    enum status status = status_fail(NO_MEMORY, "brackets of %zu unknowns", n);
    if (a.row && a.filled && a.vector) {
        a.point = integral_point_create(fields->variables);
        status = climb(&a, &level);
        level_free(&a, &level);
        integral_point_clear(&a.point);
    }
    free(a.row);
    free(a.filled);
    free(a.vector);
    laws->upper = n - laws->rank;
    return status;
}

/* ---- all of it ---- */

static enum status work(const struct premise *premise, const struct field *field, size_t degree,
                        const struct integral_watch *watch, struct integral_laws *laws)
{
    TRY(split(premise, field, laws));
    const struct integral_fields fields = fields_of(laws, field, watch);
    TRY(integral_search_create(&fields, degree, &laws->search));
    TRY(integral_exponentials_create(&fields, &laws->search->list, &laws->exponentials));
    laws->lower = laws->exponentials->rank;
    return bound_above(&fields, laws);
}

void integral_laws_free(struct integral_laws *laws)
{
    if (!laws)
        return;
    field_polynomials_free(laws->V, laws->moments * laws->n, laws->ring);
    integral_exponentials_free(laws->exponentials);
    integral_search_free(laws->search);
    free(laws);
}

enum status integral_laws_create(const struct premise *premise, const struct field *field,
                                 size_t degree, const struct integral_watch *watch,
                                 struct integral_laws **result)
{
    struct integral_laws *laws = calloc(1, sizeof *laws);
    if (!laws)
        return status_fail(NO_MEMORY, "conservation laws");
    const enum status status = work(premise, field, degree, watch, laws);
    if (status == OK)
        *result = laws;
    else
        integral_laws_free(laws);
    return status;
}
