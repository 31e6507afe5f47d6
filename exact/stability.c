/* Two proofs of stability.
 *
 * On a box: V from trap_norm.h, and V^-1 K V + its transpose - 2 mu positive definite for all K in the
 * enclosure.  Eigenvalues are enclosed by Arb, for show; multiple ones are clusters.
 *
 * At a rational point: the characteristic polynomial p of -K over Q, free of the factors x that
 * belong to neutral directions.  Routh's array has as many sign changes in its first column as p has
 * zeros with positive real part, if no entry of that column vanishes; so no change means that all
 * decay, and a change that one grows.  Where an entry vanishes, the array of p(x + 2^-20) may still
 * prove growth; otherwise nothing is decided. */
#include "exact/stability.h"

#include "exact/definite.h"
#include "exact/program_exact.h"
#include "exact/trap_norm.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { BITS = 128, SHIFT = 20 };

static const double MU_SHARES[] = {0.999, 0.98, 0.9, 0.7, 0.4, 0.1};
enum { MU_COUNT = sizeof MU_SHARES / sizeof *MU_SHARES };

static enum status create(size_t room, struct stability **stability)
{
    struct stability *s = calloc(1, sizeof *s);
    if (!s)
        return status_fail(NO_MEMORY, "stability");
    s->mu = NAN;
    s->count = room;
    s->eigenvalues = _acb_vec_init((slong)room);
    *stability = s;
    return OK;
}

void stability_free(struct stability *s)
{
    if (!s)
        return;
    _acb_vec_clear(s->eigenvalues, (slong)s->count);
    free(s);
}

/* ---- in balls ---- */

/* Enclosures of the eigenvalues of A; without them the count becomes 0. */
static void enclose(const arb_mat_t A, struct stability *s)
{
    const slong k = arb_mat_nrows(A);
    acb_mat_t complex, R;
    acb_ptr about = _acb_vec_init(k);
    acb_mat_init(complex, k, k);
    acb_mat_init(R, k, k);
    acb_mat_set_arb_mat(complex, A);
    acb_mat_approx_eig_qr(about, NULL, R, complex, NULL, 0, BITS);
    if (!acb_mat_eig_multiple(s->eigenvalues, complex, about, R, BITS)) {
        _acb_vec_clear(s->eigenvalues, (slong)s->count);
        s->count = 0;
        s->eigenvalues = NULL;
    }
    _acb_vec_clear(about, k);
    acb_mat_clear(complex);
    acb_mat_clear(R);
}

static bool some_grow(const struct stability *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (arb_is_positive(acb_realref(s->eigenvalues + i)))
            return true;
    return false;
}

/* The largest mu of the list that a norm proves; 0: none. */
static double proved_rate(const arb_mat_t K)
{
    const size_t k = (size_t)arb_mat_nrows(K);
    double *middle = calloc(2 * k * k, sizeof *middle), mu = 0;
    for (size_t i = 0; i < k * k && middle; i++)
        middle[i] =
            arf_get_d(arb_midref(arb_mat_entry(K, (slong)(i / k), (slong)(i % k))), ARF_RND_NEAR);
    const double least = middle ? trap_norm_least(k, middle) : NAN;
    arb_mat_t V, inverse;
    arb_mat_init(V, (slong)k, (slong)k);
    arb_mat_init(inverse, (slong)k, (slong)k);
    for (int j = 0; j < MU_COUNT && least > 0 && mu == 0; j++) {
        if (!trap_norm_propose(k, middle, MU_SHARES[j] * least, middle + k * k))
            continue;
        definite_read(V, middle + k * k);
        const double tried = MU_SHARES[j] * MU_SHARES[j] * least;
        if (arb_mat_inv(inverse, V, BITS) && definite_contracts(K, V, inverse, tried))
            mu = tried;
    }
    arb_mat_clear(V);
    arb_mat_clear(inverse);
    free(middle);
    return mu;
}

static void transverse(const struct program *p, arb_srcptr x, arb_mat_t K)
{
    const slong n = (slong)p->n, k = (slong)p->k, square = n * n, oblong = n * k;
    arb_ptr room = _arb_vec_init(square + 2 * oblong + k * k);
    const struct program_matrices m = {room, room + square, room + square + oblong,
                                       room + square + 2 * oblong};
    program_matrices_at(p, x, BITS, &m);
    for (slong i = 0; i < k; i++)
        for (slong j = 0; j < k; j++)
            arb_set(arb_mat_entry(K, i, j), m.K + i * k + j);
    _arb_vec_clear(room, square + 2 * oblong + k * k);
}

enum status stability_at_limit(const struct program *p, arb_srcptr x, struct stability **stability)
{
    TRY(create(p->k, stability));
    struct stability *s = *stability;
    assert(s);
    arb_mat_t K;
    arb_mat_init(K, (slong)p->k, (slong)p->k);
    transverse(p, x, K);
    s->on_zeros = true;
    const double mu = proved_rate(K);
    arb_mat_neg(K, K);
    enclose(K, s);
    if (mu > 0) {
        s->verdict = STABILITY_ATTRACTS;
        s->mu = mu;
    } else if (some_grow(s))
        s->verdict = STABILITY_REPELS;
    arb_mat_clear(K);
    return OK;
}

/* ---- over the rationals ---- */

static void divide_by_powers_of_x(fmpq_poly_t p)
{
    fmpq_t low;
    fmpq_init(low);
    for (;;) {
        fmpq_poly_get_coeff_fmpq(low, p, 0);
        if (!fmpq_is_zero(low) || fmpq_poly_degree(p) < 1)
            break;
        fmpq_poly_shift_right(p, p, 1);
    }
    fmpq_clear(low);
}

/* row[j] := (head above[j + 1] - ...) of Routh's array, in place: above, row are two rows. */
static void next_row(fmpq *above, fmpq *row, slong length)
{
    fmpq_t factor, term;
    fmpq_init(factor);
    fmpq_init(term);
    fmpq_div(factor, above, row);
    for (slong j = 0; j + 1 < length; j++) {
        fmpq_mul(term, factor, row + j + 1);
        fmpq_sub(above + j, above + j + 1, term);
    }
    fmpq_zero(above + length - 1);
    fmpq_clear(factor);
    fmpq_clear(term);
}

enum routh { ROUTH_DECAY, ROUTH_GROWTH, ROUTH_SINGULAR };

/* p of degree at least 1 and with p(0) != 0. */
static enum routh routh_of(const fmpq_poly_t p)
{
    const slong degree = fmpq_poly_degree(p), length = degree / 2 + 2;
    fmpq *rows[2] = {_fmpq_vec_init(length), _fmpq_vec_init(length)};
    for (slong j = 0; j <= degree; j++)
        fmpq_poly_get_coeff_fmpq(rows[j % 2] + j / 2, p, degree - j);
    enum routh verdict = ROUTH_DECAY;
    for (slong r = 1; r <= degree && verdict != ROUTH_SINGULAR; r++) {
        fmpq *above = rows[(r - 1) % 2], *row = rows[r % 2];
        if (fmpq_is_zero(row))
            verdict = ROUTH_SINGULAR;
        else if (fmpq_sgn(row) != fmpq_sgn(above))
            verdict = ROUTH_GROWTH;
        if (verdict != ROUTH_SINGULAR)
            next_row(above, row, length);
    }
    _fmpq_vec_clear(rows[0], length);
    _fmpq_vec_clear(rows[1], length);
    return verdict;
}

/* Has p a zero with a real part above 2^-SHIFT?  Routh's array of p(x + 2^-SHIFT), which is regular
 * where zeros lie symmetrically to the imaginary axis. */
static bool grows_beyond_shift(const fmpq_poly_t p)
{
    fmpq_poly_t moved, x;
    fmpq_t shift;
    fmpq_poly_init(moved);
    fmpq_poly_init(x);
    fmpq_init(shift);
    fmpq_set_si(shift, 1, (ulong)1 << SHIFT);
    fmpq_poly_set_coeff_fmpq(x, 0, shift);
    fmpq_poly_set_coeff_ui(x, 1, 1);
    fmpq_poly_compose(moved, p, x);
    fmpq_poly_get_coeff_fmpq(shift, moved, 0);
    const bool grows = !fmpq_is_zero(shift) && routh_of(moved) == ROUTH_GROWTH;
    fmpq_poly_clear(moved);
    fmpq_poly_clear(x);
    fmpq_clear(shift);
    return grows;
}

/* Of -K (full) or Df: the verdict over Q. */
static void decide_exactly(const fmpq_mat_t A, struct stability *s)
{
    const slong size = fmpq_mat_nrows(A);
    fmpq_poly_t p;
    fmpq_poly_init(p);
    fmpq_mat_charpoly(p, A);
    divide_by_powers_of_x(p);
    const bool full = fmpq_poly_degree(p) == size;
    enum routh routh = fmpq_poly_degree(p) < 1 ? ROUTH_SINGULAR : routh_of(p);
    if (routh == ROUTH_SINGULAR && fmpq_poly_degree(p) >= 1 && grows_beyond_shift(p))
        routh = ROUTH_GROWTH;
    s->exact = true;
    if (routh == ROUTH_GROWTH)
        s->verdict = STABILITY_REPELS;
    else if (routh == ROUTH_DECAY && full && s->on_zeros)
        s->verdict = STABILITY_ATTRACTS;
    else
        s->exact = false;
    fmpq_poly_clear(p);
}

static void balls_of(const fmpq_mat_t A, arb_mat_t B)
{
    for (slong i = 0; i < fmpq_mat_nrows(A); i++)
        for (slong j = 0; j < fmpq_mat_ncols(A); j++)
            arb_set_fmpq(arb_mat_entry(B, i, j), fmpq_mat_entry(A, i, j), BITS);
}

static bool all_zero(const fmpq *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!fmpq_is_zero(list + i))
            return false;
    return true;
}

static enum status decide_at_rest(const struct program *p, const struct program_exact *at,
                                  struct stability **stability)
{
    const bool zeros = all_zero(at->y, p->k);
    const size_t size = zeros ? p->k : p->n;
    TRY(create(size, stability));
    struct stability *s = *stability;
    assert(s);
    arb_mat_t balls;
    fmpq_mat_t A;
    arb_mat_init(balls, (slong)size, (slong)size);
    fmpq_mat_init(A, (slong)size, (slong)size);
    program_exact_matrix(p, at, zeros ? PROGRAM_MINUS_K : PROGRAM_DF, A);
    balls_of(A, balls);
    s->on_zeros = zeros;
    enclose(balls, s);
    decide_exactly(A, s);
    arb_mat_neg(balls, balls);
    if (s->verdict == STABILITY_ATTRACTS) {
        const double mu = proved_rate(balls);
        s->mu = mu > 0 ? mu : NAN;
    }
    arb_mat_clear(balls);
    fmpq_mat_clear(A);
    return OK;
}

enum status stability_at_start(const struct premise *premise, const struct program *p,
                               struct stability **stability)
{
    struct program_exact at;
    *stability = NULL;
    program_exact_init(p, premise->x0, &at);
    enum status status = OK;
    if (all_zero(at.f, p->n))
        status = decide_at_rest(p, &at, stability);
    program_exact_clear(p, &at);
    return status;
}
