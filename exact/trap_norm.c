/* With A = K - mu and A' P + P A = 1, P = L L', V = L'^-1 has V^-1 K V + (V^-1 K V)' >= 2 mu: bases of
 * eigenvectors would do the same, but not where eigenvalues are multiple.
 *
 * P is summed by Smith's method: with U = (q - A)(q + A)^-1 and R = 2 q (q + A)'^-1 (q + A)^-1,
 *
 *     P = sum_j U'^j R U^j,   P_(i+1) = P_i + U_i' P_i U_i,   U_(i+1) = U_i^2,
 *
 * which converges quadratically if all eigenvalues of A have positive real parts. */
#include "exact/trap_norm.h"

#include "exact/library.h"

#include <math.h>

enum { BITS = 64, DOUBLINGS = 40 };

static void read_matrix(size_t k, const double *K, double shift, arb_mat_t A)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            arb_set_d(arb_mat_entry(A, i, j), K[i * k + j] - (i == j ? shift : 0));
}

double trap_norm_least(size_t k, const double *K)
{
    acb_mat_t A;
    acb_ptr E = _acb_vec_init((slong)k);
    acb_mat_init(A, (slong)k, (slong)k);
    double least = INFINITY;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            acb_set_d(acb_mat_entry(A, i, j), K[i * k + j]);
    const int found = acb_mat_approx_eig_qr(E, NULL, NULL, A, NULL, 0, BITS);
    for (size_t i = 0; i < k; i++)
        least = fmin(least, arf_get_d(arb_midref(acb_realref(E + i)), ARF_RND_NEAR));
    _acb_vec_clear(E, (slong)k);
    acb_mat_clear(A);
    return found ? least : NAN;
}

/* U = (q - A)(q + A)^-1, P = 2 q (q + A)'^-1 (q + A)^-1 */
static bool begin_sum(const arb_mat_t A, double q, arb_mat_t U, arb_mat_t P)
{
    const slong k = arb_mat_nrows(A);
    arb_mat_t plus, minus;
    arb_t number;
    arb_mat_init(plus, k, k);
    arb_mat_init(minus, k, k);
    arb_init(number);
    arb_set_d(number, q);
    arb_mat_one(plus);
    arb_mat_scalar_mul_arb(plus, plus, number, BITS);
    arb_mat_sub(minus, plus, A, BITS);
    arb_mat_add(plus, plus, A, BITS);
    const bool good = arb_mat_approx_inv(plus, plus, BITS);
    arb_mat_approx_mul(U, minus, plus, BITS);
    arb_mat_transpose(minus, plus);
    arb_mat_approx_mul(P, minus, plus, BITS);
    arb_mul_2exp_si(number, number, 1);
    arb_mat_scalar_mul_arb(P, P, number, BITS);
    arb_mat_get_mid(P, P);
    arb_mat_get_mid(U, U);
    arb_mat_clear(plus);
    arb_mat_clear(minus);
    arb_clear(number);
    return good;
}

static void double_sum(arb_mat_t U, arb_mat_t P, arb_mat_t room, arb_mat_t turned)
{
    arb_mat_transpose(turned, U);
    arb_mat_approx_mul(room, P, U, BITS);
    arb_mat_approx_mul(turned, turned, room, BITS);
    arb_mat_add(P, P, turned, BITS);
    arb_mat_get_mid(P, P);
    arb_mat_approx_mul(room, U, U, BITS);
    arb_mat_set(U, room);
}

/* A scale of the eigenvalues: q between the least and the largest. */
static double scale_of(size_t k, const double *K, double mu)
{
    double sum = 0;
    for (size_t i = 0; i < k * k; i++)
        sum += K[i] * K[i];
    const double norm = sqrt(sum / (double)k);
    return sqrt(norm * fmax(norm * ldexp(1, -8), fabs(mu)));
}

static bool is_small(const arb_mat_t U)
{
    mag_t size;
    mag_init(size);
    arb_mat_bound_frobenius_norm(size, U);
    const bool small = mag_cmp_2exp_si(size, -BITS / 2) < 0;
    mag_clear(size);
    return small;
}

/* P = L L', V = L'^-1 */
static bool factor(const arb_mat_t P, arb_mat_t room, double *V)
{
    const slong k = arb_mat_nrows(P);
    arb_mat_t inverse;
    arb_mat_init(inverse, k, k);
    bool good = arb_mat_cho(room, P, 2 * BITS);
    arb_mat_transpose(room, room);
    arb_mat_get_mid(room, room);
    good = good && arb_mat_approx_inv(inverse, room, BITS);
    for (slong i = 0; i < k && good; i++)
        for (slong j = 0; j < k && good; j++) {
            V[i * k + j] = arf_get_d(arb_midref(arb_mat_entry(inverse, i, j)), ARF_RND_NEAR);
            good = isfinite(V[i * k + j]);
        }
    arb_mat_clear(inverse);
    return good;
}

bool trap_norm_propose(size_t k, const double *K, double mu, double *V)
{
    arb_mat_t A, U, P, room, turned;
    arb_mat_init(A, (slong)k, (slong)k);
    arb_mat_init(U, (slong)k, (slong)k);
    arb_mat_init(P, (slong)k, (slong)k);
    arb_mat_init(room, (slong)k, (slong)k);
    arb_mat_init(turned, (slong)k, (slong)k);
    read_matrix(k, K, mu, A);
    bool good = begin_sum(A, scale_of(k, K, mu), U, P);
    for (int i = 0; i < DOUBLINGS && good && !is_small(U); i++)
        double_sum(U, P, room, turned);
    good = good && is_small(U) && factor(P, room, V);
    arb_mat_clear(A);
    arb_mat_clear(U);
    arb_mat_clear(P);
    arb_mat_clear(room);
    arb_mat_clear(turned);
    return good;
}
