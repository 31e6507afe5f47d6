/* One construction for every linear network: the forward pass, the backward pass, and what each
 * matrix of weights receives, in matrices of polynomials.
 *
 *   Q_0 = I,  Q_i = A_i Q_(i-1),   E = Sigma_TI - Q_L Sigma_II,
 *   M_L = I (c_L I of a chain under rbp and srbp),
 *   M_i = A_(i+1)' M_(i+1)  bp,   C_i M_(i+1)  rbp and arbp,   C_i  srbp and asrbp,   i < L,
 *   A_i' = r_i M_i E Q_(i-1)',    C_i' = r_(L+i) Q_i E' M_(i+1)'  arbp,   r_(L+i) Q_i E'  asrbp.
 *
 * All of them are X' = r U E V' or r V E' U' with polynomials U and V of the state, so that the
 * entry (p, q) of X' has the coefficient r U_pu V_qv, or r V_pv U_qu, at E_uv: these are the rows
 * of S.  K = -Dy S is a sum of products of polynomials.  Rejected: one field for each family as in
 * linear/, which is faster in doubles and five chances of an error here. */
#include "exact/field.h"

#include "exact/field_matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD_NAME_MAX = 48 };

/* ---- names ---- */

/* How the entries of a matrix are called: a stem, and what of the indices follows it. */
struct naming {
    const char *stem;
    size_t rows, columns;
    bool scalar, vector; /* "c1": the stem alone; "A3": the stem and one index */
    bool symmetric;      /* no entries below the diagonal */
};

static void name_entries(struct field *f, size_t *at, const struct naming *naming)
{
    for (size_t p = 0; p < naming->rows; p++)
        for (size_t q = naming->symmetric ? p : 0; q < naming->columns; q++) {
            char *name = f->names[(*at)++];
            if (naming->scalar)
                snprintf(name, FIELD_NAME_MAX, "%s", naming->stem);
            else if (naming->vector) /* p or q is 0 */
                snprintf(name, FIELD_NAME_MAX, "%s%zu", naming->stem, p + q + 1);
            else
                snprintf(name, FIELD_NAME_MAX, "%s_%zu_%zu", naming->stem, p + 1, q + 1);
        }
}

/* Letters of A_1, A_2, C_1 where these are vectors, as in `settle run`; NULL: matrices. */
static const char *letters_of(const struct premise *p)
{
    if (strcmp(p->family, "fan") == 0)
        return "abc";
    return strcmp(p->family, "autoencoder") == 0 ? "ABC" : NULL;
}

/* One neuron in each layer is a1, a2, ..., c1, but under fixed feedback where one hidden layer has
 * a flow of its own. */
static bool has_scalar_names(const struct premise *p)
{
    const bool fixed = p->rule == PREMISE_RBP || p->rule == PREMISE_SRBP;
    const bool hidden = strcmp(p->family, "hidden") == 0 || letters_of(p);
    for (size_t i = 0; i <= p->layers; i++)
        if (p->sizes[i] != 1)
            return false;
    return !(fixed && hidden);
}

/* Weights number i with so many columns: `capital` where they are a matrix, `small` a number,
 * `letter`, or 0, a vector. */
struct weights {
    size_t i, columns;
    char capital, small, letter;
};

static void name_weights(const struct premise *p, struct field *f, size_t *at,
                         const struct weights *weights)
{
    char stem[FIELD_NAME_MAX];
    const bool scalar = has_scalar_names(p), vector = weights->letter && !scalar;
    if (vector)
        snprintf(stem, sizeof stem, "%c", weights->letter);
    else
        snprintf(stem, sizeof stem, "%c%zu", scalar ? weights->small : weights->capital,
                 weights->i);
    name_entries(f, at,
                 &(struct naming){.stem = stem,
                                  .rows = p->sizes[weights->i],
                                  .columns = weights->columns,
                                  .scalar = scalar,
                                  .vector = vector});
}

static void name_layers(const struct premise *p, struct field *f, size_t *at)
{
    const char *letters = letters_of(p);
    for (size_t i = 1; i <= p->layers; i++)
        name_weights(
            p, f, at,
            &(struct weights){i, p->sizes[i - 1], 'A', 'a', letters ? letters[i - 1] : '\0'});
}

static void name_channel(const struct premise *p, struct field *f, size_t *at)
{
    const char *letters = letters_of(p);
    for (size_t i = 1; i < p->layers; i++)
        name_weights(p, f, at,
                     &(struct weights){i, premise_feedback_columns(p, i), 'C', 'c',
                                       letters ? letters[2] : '\0'});
}

static void name_data(const struct premise *p, struct field *f, size_t *at)
{
    const size_t inputs = p->sizes[0], outputs = p->sizes[p->layers];
    const bool scalar = premise_is_scalar(p);
    name_entries(f, at,
                 &(struct naming){.stem = scalar ? "alpha" : "Sigma_TI",
                                  .rows = outputs,
                                  .columns = inputs,
                                  .scalar = scalar});
    name_entries(f, at,
                 &(struct naming){.stem = scalar ? "beta" : "Sigma_II",
                                  .rows = inputs,
                                  .columns = inputs,
                                  .scalar = scalar,
                                  .symmetric = true});
    if (p->feedback_count > 0)
        name_channel(p, f, at);
    if (premise_has_top(p))
        snprintf(f->names[(*at)++], FIELD_NAME_MAX, "c%zu", p->layers);
}

static void name_all(const struct premise *p, struct field *f)
{
    size_t at = 0;
    name_layers(p, f, &at);
    if (premise_rule_adapts(p->rule))
        name_channel(p, f, &at);
    if (f->m > 0)
        name_data(p, f, &at);
}

/* ---- the pieces ---- */

/* What the essay names, by layer; they live as long as the construction. */
struct pieces {
    const struct premise *premise;
    struct field *field;
    struct field_matrix A[PROBLEM_SIZES_MAX], C[PROBLEM_SIZES_MAX];
    struct field_matrix Q[PROBLEM_SIZES_MAX], M[PROBLEM_SIZES_MAX];
    struct field_matrix sigma_ii, sigma_ti;
    fmpq_mpoly_t top;         /* c_L, of a chain that has it */
    size_t unknown, constant; /* the next generators */
};

static void pieces_clear(struct pieces *w)
{
    for (size_t i = 0; i <= w->premise->layers; i++) {
        field_matrix_clear(&w->A[i]);
        field_matrix_clear(&w->C[i]);
        field_matrix_clear(&w->Q[i]);
        field_matrix_clear(&w->M[i]);
    }
    field_matrix_clear(&w->sigma_ii);
    field_matrix_clear(&w->sigma_ti);
    fmpq_mpoly_clear(w->top, w->field->ring);
}

/* A matrix of the next unknowns. */
static enum status take_unknowns(struct pieces *w, size_t rows, size_t columns,
                                 struct field_matrix *matrix)
{
    TRY(field_matrix_create(rows, columns, w->field->ring, matrix));
    for (size_t k = 0; k < rows * columns; k++)
        fmpq_mpoly_gen(matrix->at + k, (slong)w->unknown++, w->field->ring);
    return OK;
}

/* A constant: its number, or the next parameter. */
static void take_constant(struct pieces *w, const fmpq *number, fmpq_mpoly_struct *to)
{
    if (w->field->m > 0)
        fmpq_mpoly_gen(to, (slong)w->constant++, w->field->ring);
    else
        fmpq_mpoly_set_fmpq(to, number, w->field->ring);
}

static enum status take_constants(struct pieces *w, size_t rows, size_t columns,
                                  const fmpq *numbers, struct field_matrix *matrix)
{
    TRY(field_matrix_create(rows, columns, w->field->ring, matrix));
    for (size_t k = 0; k < rows * columns; k++)
        take_constant(w, numbers + k, matrix->at + k);
    return OK;
}

static enum status take_data(struct pieces *w)
{
    const struct premise *p = w->premise;
    const size_t inputs = p->sizes[0], outputs = p->sizes[p->layers];
    TRY(take_constants(w, outputs, inputs, p->sigma_ti, &w->sigma_ti));
    TRY(field_matrix_create(inputs, inputs, w->field->ring, &w->sigma_ii));
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = i; j < inputs; j++) {
            fmpq_mpoly_struct *entry = field_matrix_entry(&w->sigma_ii, i, j);
            take_constant(w, p->sigma_ii + i * inputs + j, entry);
            fmpq_mpoly_set(field_matrix_entry(&w->sigma_ii, j, i), entry, w->field->ring);
        }
    return OK;
}

static enum status take_channel(struct pieces *w)
{
    const struct premise *p = w->premise;
    const fmpq *feedback = p->feedback;
    for (size_t i = 1; i < p->layers && p->rule != PREMISE_BP; i++) {
        const size_t rows = p->sizes[i], columns = premise_feedback_columns(p, i);
        if (premise_rule_adapts(p->rule)) {
            TRY(take_unknowns(w, rows, columns, &w->C[i]));
            continue;
        }
        TRY(take_constants(w, rows, columns, feedback, &w->C[i]));
        feedback += rows * columns;
    }
    if (premise_has_top(p))
        take_constant(w, feedback, w->top);
    return OK;
}

static enum status take_all(struct pieces *w)
{
    const struct premise *p = w->premise;
    w->constant = w->field->n;
    for (size_t i = 1; i <= p->layers; i++)
        TRY(take_unknowns(w, p->sizes[i], p->sizes[i - 1], &w->A[i]));
    TRY(take_data(w));
    return take_channel(w);
}

/* ---- both passes ---- */

static enum status pass_forward(struct pieces *w)
{
    const struct premise *p = w->premise;
    TRY(field_matrix_identity(p->sizes[0], w->field->ring, &w->Q[0]));
    for (size_t i = 1; i <= p->layers; i++)
        TRY(field_matrix_product(&w->A[i], &w->Q[i - 1], &w->Q[i]));
    return OK;
}

/* M_i from M_(i+1). */
static enum status pass_down(struct pieces *w, size_t i)
{
    const struct premise *p = w->premise;
    if (p->rule == PREMISE_BP)
        return field_matrix_product_first_transposed(&w->A[i + 1], &w->M[i + 1], &w->M[i]);
    if (!premise_rule_skips(p->rule))
        return field_matrix_product(&w->C[i], &w->M[i + 1], &w->M[i]);
    return field_matrix_copy(&w->C[i], &w->M[i]);
}

static enum status pass_backward(struct pieces *w)
{
    const size_t L = w->premise->layers;
    TRY(field_matrix_identity(w->premise->sizes[L], w->field->ring, &w->M[L]));
    if (premise_has_top(w->premise))
        fmpq_mpoly_set(w->M[L].at, w->top, w->field->ring);
    for (size_t i = L; i-- > 1;)
        TRY(pass_down(w, i));
    return OK;
}

/* ---- S, y, f, K ---- */

/* A row of S: += rate U_pu V_qv at E_uv. */
static void set_row(const struct pieces *w, const fmpq *rate, const fmpq_mpoly_struct *U,
                    const fmpq_mpoly_struct *V, fmpq_mpoly_struct *row)
{
    const struct field *f = w->field;
    const size_t outputs = w->premise->sizes[w->premise->layers];
    for (size_t c = 0; c < f->k; c++) {
        fmpq_mpoly_mul(row + c, U + c % outputs, V + c / outputs, f->ring);
        fmpq_mpoly_scalar_mul_fmpq(row + c, row + c, rate, f->ring);
    }
}

/* A_i' = r_i M_i E Q_(i-1)' */
static void set_layers(struct pieces *w)
{
    const struct premise *p = w->premise;
    const struct field *f = w->field;
    fmpq_mpoly_struct *row = f->S;
    for (size_t i = 1; i <= p->layers; i++)
        for (size_t k = 0; k < p->sizes[i]; k++)
            for (size_t j = 0; j < p->sizes[i - 1]; j++, row += f->k)
                set_row(w, p->rates + i - 1, field_matrix_entry(&w->M[i], k, 0),
                        field_matrix_entry(&w->Q[i - 1], j, 0), row);
}

/* C_i' = r_(L+i) Q_i E' M_(i+1)'; skipped channels have M_L there. */
static void set_channel(struct pieces *w)
{
    const struct premise *p = w->premise;
    const struct field *f = w->field;
    const size_t L = p->layers;
    fmpq_mpoly_struct *row = f->S;
    for (size_t i = 1; i <= L; i++)
        row += p->sizes[i] * p->sizes[i - 1] * f->k;
    for (size_t i = 1; i < L && premise_rule_adapts(p->rule); i++) {
        const struct field_matrix *M = &w->M[premise_rule_skips(p->rule) ? L : i + 1];
        for (size_t k = 0; k < p->sizes[i]; k++)
            for (size_t j = 0; j < premise_feedback_columns(p, i); j++, row += f->k)
                set_row(w, p->rates + L + i - 1, field_matrix_entry(M, j, 0),
                        field_matrix_entry(&w->Q[i], k, 0), row);
    }
}

/* E = Sigma_TI - Q_L Sigma_II */
static enum status set_error(struct pieces *w)
{
    const struct field *f = w->field;
    const size_t L = w->premise->layers;
    struct field_matrix output;
    TRY(field_matrix_product(&w->Q[L], &w->sigma_ii, &output));
    for (size_t c = 0; c < f->k; c++) {
        const size_t i = c % output.rows, j = c / output.rows;
        fmpq_mpoly_sub(f->y + c, field_matrix_entry(&w->sigma_ti, i, j),
                       field_matrix_entry(&output, i, j), f->ring);
    }
    field_matrix_clear(&output);
    return OK;
}

/* to += factor1 factor2 */
static void add_product(const struct field *f, const fmpq_mpoly_t first, const fmpq_mpoly_t second,
                        fmpq_mpoly_t to, fmpq_mpoly_t scratch)
{
    fmpq_mpoly_mul(scratch, first, second, f->ring);
    fmpq_mpoly_add(to, to, scratch, f->ring);
}

static void set_field(struct field *f, fmpq_mpoly_t scratch)
{
    for (size_t i = 0; i < f->n; i++)
        for (size_t c = 0; c < f->k; c++)
            add_product(f, f->S + i * f->k + c, f->y + c, f->f + i, scratch);
}

static void set_decrease(struct field *f, fmpq_mpoly_t slope, fmpq_mpoly_t scratch)
{
    for (size_t i = 0; i < f->k; i++) {
        for (size_t v = 0; v < f->n; v++) {
            fmpq_mpoly_derivative(slope, f->y + i, (slong)v, f->ring);
            for (size_t j = 0; j < f->k && !fmpq_mpoly_is_zero(slope, f->ring); j++)
                add_product(f, slope, f->S + v * f->k + j, f->K + i * f->k + j, scratch);
        }
        for (size_t j = 0; j < f->k; j++)
            fmpq_mpoly_neg(f->K + i * f->k + j, f->K + i * f->k + j, f->ring);
    }
}

static enum status work(struct pieces *w)
{
    struct field *f = w->field;
    fmpq_mpoly_t slope, scratch;
    TRY(take_all(w));
    TRY(pass_forward(w));
    TRY(pass_backward(w));
    TRY(set_error(w));
    set_layers(w);
    set_channel(w);
    fmpq_mpoly_init(slope, f->ring);
    fmpq_mpoly_init(scratch, f->ring);
    set_field(f, scratch);
    set_decrease(f, slope, scratch);
    fmpq_mpoly_clear(slope, f->ring);
    fmpq_mpoly_clear(scratch, f->ring);
    return OK;
}

/* ---- memory ---- */

static size_t parameter_count(const struct premise *p)
{
    const size_t inputs = p->sizes[0], outputs = p->sizes[p->layers];
    return outputs * inputs + inputs * (inputs + 1) / 2 + p->feedback_count;
}

static struct field *field_alloc(const struct premise *p, enum field_data data)
{
    const size_t m = data == FIELD_SYMBOLIC ? parameter_count(p) : 0, count = p->dim + m;
    struct field *f = calloc(1, sizeof *f + count * (sizeof *f->names + FIELD_NAME_MAX));
    if (!f)
        return NULL;
    f->n = p->dim;
    f->m = m;
    f->k = p->sizes[0] * p->sizes[p->layers];
    f->names = (char **)(f + 1);
    for (size_t i = 0; i < count; i++)
        f->names[i] = (char *)(f->names + count) + i * FIELD_NAME_MAX;
    fmpq_mpoly_ctx_init(f->ring, (slong)count, ORD_DEGLEX);
    f->f = field_polynomials(f->n, f->ring);
    f->y = field_polynomials(f->k, f->ring);
    f->S = field_polynomials(f->n * f->k, f->ring);
    f->K = field_polynomials(f->k * f->k, f->ring);
    if (f->f && f->y && f->S && f->K)
        return f;
    field_free(f);
    return NULL;
}

void field_free(struct field *f)
{
    if (!f)
        return;
    field_polynomials_free(f->f, f->n, f->ring);
    field_polynomials_free(f->y, f->k, f->ring);
    field_polynomials_free(f->S, f->n * f->k, f->ring);
    field_polynomials_free(f->K, f->k * f->k, f->ring);
    fmpq_mpoly_ctx_clear(f->ring);
    free(f);
}

enum status field_create(const struct premise *premise, enum field_data data, struct field **field)
{
    struct field *f = field_alloc(premise, data);
    struct pieces *w = calloc(1, sizeof *w);
    if (!f || !w) {
        field_free(f);
        free(w);
        return status_fail(NO_MEMORY, "the field of %zu unknowns", premise->dim);
    }
    w->premise = premise;
    w->field = f;
    name_all(premise, f);
    fmpq_mpoly_init(w->top, f->ring);
    const enum status status = work(w);
    pieces_clear(w);
    free(w);
    if (status == OK)
        *field = f;
    else
        field_free(f);
    return status;
}

/* ---- what follows from it ---- */

void field_derivative(const struct field *f, const fmpq_mpoly_t p, fmpq_mpoly_t derivative)
{
    fmpq_mpoly_t slope, scratch, sum;
    fmpq_mpoly_init(slope, f->ring);
    fmpq_mpoly_init(scratch, f->ring);
    fmpq_mpoly_init(sum, f->ring);
    for (size_t v = 0; v < f->n; v++) {
        fmpq_mpoly_derivative(slope, p, (slong)v, f->ring);
        if (!fmpq_mpoly_is_zero(slope, f->ring))
            add_product(f, slope, f->f + v, sum, scratch);
    }
    fmpq_mpoly_swap(derivative, sum, f->ring);
    fmpq_mpoly_clear(slope, f->ring);
    fmpq_mpoly_clear(scratch, f->ring);
    fmpq_mpoly_clear(sum, f->ring);
}

/* sum_j row_j y_j = to ? */
static bool is_combination(const struct field *f, const fmpq_mpoly_struct *row,
                           const fmpq_mpoly_t to)
{
    fmpq_mpoly_t sum, term;
    fmpq_mpoly_init(sum, f->ring);
    fmpq_mpoly_init(term, f->ring);
    for (size_t j = 0; j < f->k; j++)
        add_product(f, row + j, f->y + j, sum, term);
    const bool equal = fmpq_mpoly_equal(sum, to, f->ring);
    fmpq_mpoly_clear(sum, f->ring);
    fmpq_mpoly_clear(term, f->ring);
    return equal;
}

bool field_identities_hold(const struct field *f)
{
    fmpq_mpoly_t fall;
    bool hold = true;
    fmpq_mpoly_init(fall, f->ring);
    for (size_t i = 0; i < f->n && hold; i++)
        hold = is_combination(f, f->S + i * f->k, f->f + i);
    for (size_t i = 0; i < f->k && hold; i++) {
        field_derivative(f, f->y + i, fall);
        fmpq_mpoly_neg(fall, fall, f->ring);
        hold = is_combination(f, f->K + i * f->k, fall);
    }
    fmpq_mpoly_clear(fall, f->ring);
    return hold;
}

void field_parameters(const struct premise *p, fmpq *values)
{
    const size_t inputs = p->sizes[0], outputs = p->sizes[p->layers];
    for (size_t k = 0; k < outputs * inputs; k++)
        fmpq_set(values++, p->sigma_ti + k);
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = i; j < inputs; j++)
            fmpq_set(values++, p->sigma_ii + i * inputs + j);
    for (size_t k = 0; k < p->feedback_count; k++)
        fmpq_set(values++, p->feedback + k);
}
