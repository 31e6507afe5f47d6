/* Stable fixed points: y = 0 at the start, and a norm in which K contracts, in rationals.
 *
 * K is evaluated exactly.  A change of basis V is proposed in short floating point (trap_norm.h), its
 * entries are rounded to short dyadic numbers, and whether V^-1 K V + its transpose - 2 mu is positive
 * definite is decided by the pivots of Gauss's elimination over Q: the same question that the checker
 * asks.  mu is tried a little below the least real part of the eigenvalues, then further below. */
#include "exact/certificate_stability.h"

#include "exact/field.h"
#include "exact/trap_norm.h"

#include <math.h>
#include <stdlib.h>

enum {
    ERRORS_MOST = 36, /* entries of E: a Lyapunov equation of 36^2 unknowns, sparse fields */
    ENTRY_BITS = 24,  /* of V and mu */
    TRIES = 8
};

/* ---- y = 0 ---- */

static void take_matrix(fmpq_mat_t A, const fmpq *list)
{
    for (slong i = 0; i < fmpq_mat_nrows(A); i++)
        for (slong j = 0; j < fmpq_mat_ncols(A); j++)
            fmpq_set(fmpq_mat_entry(A, i, j), list + i * fmpq_mat_ncols(A) + j);
}

/* Q := A_L ... A_1 Sigma_II; created here */
static void propagate(const struct premise *p, fmpq_mat_t Q)
{
    const fmpq *list = p->x0;
    fmpq_mat_init(Q, (slong)p->sizes[0], (slong)p->sizes[0]);
    take_matrix(Q, p->sigma_ii);
    for (size_t k = 1; k <= p->layers; k++) {
        fmpq_mat_t A, next;
        fmpq_mat_init(A, (slong)p->sizes[k], (slong)p->sizes[k - 1]);
        fmpq_mat_init(next, (slong)p->sizes[k], (slong)p->sizes[0]);
        take_matrix(A, list);
        list += p->sizes[k] * p->sizes[k - 1];
        fmpq_mat_mul(next, A, Q);
        fmpq_mat_swap(Q, next);
        fmpq_mat_clear(A);
        fmpq_mat_clear(next);
    }
}

bool certificate_stability_is_asked(const struct premise *p)
{
    fmpq_mat_t Q, T;
    if (p->radius)
        return false;
    propagate(p, Q);
    fmpq_mat_init(T, fmpq_mat_nrows(Q), fmpq_mat_ncols(Q));
    take_matrix(T, p->sigma_ti);
    const bool asked = fmpq_mat_equal(Q, T) != 0;
    fmpq_mat_clear(Q);
    fmpq_mat_clear(T);
    return asked;
}

/* ---- K at the start ---- */

static enum status evaluate(const struct field *field, const struct premise *premise, fmpq_mat_t K)
{
    fmpq **values = calloc(field->n, sizeof(void *));
    if (!values)
        return status_fail(NO_MEMORY, "%zu unknowns", field->n);
    for (size_t j = 0; j < field->n; j++)
        values[j] = premise->x0 + j;
    for (size_t i = 0; i < field->k * field->k; i++)
        fmpq_mpoly_evaluate_all_fmpq(
            fmpq_mat_entry(K, (slong)(i / field->k), (slong)(i % field->k)), field->K + i, values,
            field->ring);
    free(values);
    return OK;
}

static enum status make_K(const struct premise *premise, fmpq_mat_t K)
{
    struct field *field = NULL;
    TRY(field_create(premise, FIELD_NUMBERS, &field));
    const enum status status = evaluate(field, premise, K);
    field_free(field);
    return status;
}

/* ---- the norm ---- */

/* Are all pivots of the symmetric matrix positive?  It is overwritten. */
static bool is_definite(fmpq_mat_t M)
{
    const slong k = fmpq_mat_nrows(M);
    bool definite = true;
    fmpq_t share;
    fmpq_init(share);
    for (slong p = 0; p < k && definite; p++) {
        definite = fmpq_sgn(fmpq_mat_entry(M, p, p)) > 0;
        for (slong i = p + 1; i < k && definite; i++) {
            fmpq_div(share, fmpq_mat_entry(M, i, p), fmpq_mat_entry(M, p, p));
            for (slong j = p; j < k; j++)
                fmpq_submul(fmpq_mat_entry(M, i, j), share, fmpq_mat_entry(M, p, j));
        }
    }
    fmpq_clear(share);
    return definite;
}

/* V^-1 K V + (V^-1 K V)' - 2 mu; false: V is singular. */
static bool set_form(const fmpq_mat_t K, const fmpq_mat_t V, const fmpq_t mu, fmpq_mat_t form)
{
    const slong k = fmpq_mat_nrows(K);
    fmpq_mat_t inverse, J;
    fmpq_t twice;
    fmpq_mat_init(inverse, k, k);
    fmpq_mat_init(J, k, k);
    fmpq_init(twice);
    const bool regular = fmpq_mat_inv(inverse, V) != 0;
    fmpq_mat_mul(J, inverse, K);
    fmpq_mat_mul(J, J, V);
    fmpq_mat_transpose(form, J);
    fmpq_mat_add(form, form, J);
    fmpq_mul_2exp(twice, mu, 1);
    for (slong i = 0; i < k; i++)
        fmpq_sub(fmpq_mat_entry(form, i, i), fmpq_mat_entry(form, i, i), twice);
    fmpq_mat_clear(inverse);
    fmpq_mat_clear(J);
    fmpq_clear(twice);
    return regular;
}

static bool contracts(const fmpq_mat_t K, const fmpq_mat_t V, const fmpq_t mu)
{
    fmpq_mat_t form;
    fmpq_mat_init(form, fmpq_mat_nrows(K), fmpq_mat_nrows(K));
    const bool good = set_form(K, V, mu, form) && is_definite(form);
    fmpq_mat_clear(form);
    return good;
}

/* To ENTRY_BITS bits, towards 0. */
static void take_short(fmpq_t to, double value)
{
    arf_t number;
    arf_init(number);
    arf_set_d(number, value);
    arf_set_round(number, number, ENTRY_BITS, ARF_RND_DOWN);
    arf_get_fmpq(to, number);
    arf_clear(number);
}

struct norm {
    fmpq_mat_t V;
    fmpq_t mu;
    double *K, *proposal; /* [k*k] */
};

/* mu a share below the least real part; V for half of that share, its largest entry +-1. */
static bool try_share(const fmpq_mat_t K, double least, double share, struct norm *norm)
{
    const size_t k = (size_t)fmpq_mat_nrows(K);
    if (!trap_norm_propose(k, norm->K, least * (1 - share / 2), norm->proposal))
        return false;
    double largest = 0;
    for (size_t i = 0; i < k * k; i++)
        largest = fmax(largest, fabs(norm->proposal[i]));
    for (size_t i = 0; i < k * k; i++)
        take_short(fmpq_mat_entry(norm->V, (slong)(i / k), (slong)(i % k)),
                   norm->proposal[i] / largest);
    take_short(norm->mu, least * (1 - share));
    return contracts(K, norm->V, norm->mu);
}

static bool find_norm(const fmpq_mat_t K, struct norm *norm)
{
    static const double SHARE_FIRST = 1.0 / 1024, SHARE_GROWTH = 2.5;
    const size_t k = (size_t)fmpq_mat_nrows(K);
    for (size_t i = 0; i < k * k; i++)
        norm->K[i] = fmpq_get_d(fmpq_mat_entry(K, (slong)(i / k), (slong)(i % k)));
    const double least = trap_norm_least(k, norm->K);
    double share = SHARE_FIRST;
    if (!(least > 0) || !isfinite(least))
        return false;
    for (int j = 0; j < TRIES; j++, share *= SHARE_GROWTH)
        if (try_share(K, least, share, norm))
            return true;
    return false;
}

/* ---- the file ---- */

static enum status write_norm(const struct premise *premise, const struct norm *norm,
                              struct certificate *c)
{
    const struct certificate_head head = {
        .premise = premise,
        .kind = "stability",
        .sentence = "the start is a fixed point, and every direction across the zeros of the error "
                    "decays at the rate mu or faster",
        .data = CERTIFICATE_STATED};
    TRY(certificate_open(&head, c));
    certificate_line(c, "norm");
    for (slong i = 0; i < fmpq_mat_nrows(norm->V); i++)
        for (slong j = 0; j < fmpq_mat_ncols(norm->V); j++)
            certificate_number(c, fmpq_mat_entry(norm->V, i, j));
    certificate_end_line(c);
    certificate_line(c, "rate");
    certificate_number(c, norm->mu);
    certificate_end_line(c);
    return certificate_close(c);
}

static enum status write_with_norm(const struct premise *premise, const fmpq_mat_t K,
                                   struct norm *norm, struct certificate *c)
{
    if (!norm->K || !norm->proposal)
        return status_fail(NO_MEMORY, "a norm of %ld errors", (long)fmpq_mat_nrows(K));
    if (find_norm(K, norm))
        return write_norm(premise, norm, c);
    certificate_none("the start is a fixed point, but no norm was found in which all directions "
                     "across the zeros of the error decay",
                     c);
    return OK;
}

static enum status write_with_matrix(const struct premise *premise, fmpq_mat_t K,
                                     struct certificate *c)
{
    const size_t k = (size_t)fmpq_mat_nrows(K);
    struct norm norm = {.K = calloc(k * k, sizeof *norm.K),
                        .proposal = calloc(k * k, sizeof *norm.proposal)};
    fmpq_mat_init(norm.V, (slong)k, (slong)k);
    fmpq_init(norm.mu);
    enum status status = make_K(premise, K);
    if (status == OK)
        status = write_with_norm(premise, K, &norm, c);
    fmpq_mat_clear(norm.V);
    fmpq_clear(norm.mu);
    free(norm.K);
    free(norm.proposal);
    return status;
}

enum status certificate_stability(const struct premise *premise, struct certificate *c)
{
    const size_t k = premise->sizes[0] * premise->sizes[premise->layers];
    fmpq_mat_t K;
    if (k > ERRORS_MOST) {
        certificate_none("the start is a fixed point, but its error has more than 36 entries", c);
        return OK;
    }
    fmpq_mat_init(K, (slong)k, (slong)k);
    const enum status status = write_with_matrix(premise, K, c);
    fmpq_mat_clear(K);
    return status;
}
