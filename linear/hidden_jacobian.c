/* The Jacobian of one hidden layer, and its errors as what drives it.
 *
 * The derivative along a direction takes products only, and serves layers of any size; the matrix is
 * written entry by entry, for few unknowns.  Without decay the field is B(x) E, and
 *   E' = -(eta_2 E A1' A1 + A2 C E) Sigma_II
 * along solutions, which is linear in E: notes/sweeper.md, (J6). */
#include "linear/hidden_data.h"

#include "linear/matrix.h"
#include "linear/product.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* to -= other */
static void subtract(size_t count, const double *other, double *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] -= other[i];
}

/* dE = -(dA2 X + A2 dA1 Sigma),  dA1' = C dE - lambda_1 dA1,
 * dA2' = eta_2 (dE A1' + E dA1') - lambda_2 dA2 */
enum status hidden_jacobian_times(const struct flow *flow, const double *x, const double *v,
                                  double *Jv)
{
    const struct hidden_data *d = hidden_data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1, N2 = t->N2, first = N1 * N0;
    const double *turned = hidden_error_at(d, x);
    double *dE = d->along.E, *part = d->along.x;
    hidden_multiply(N1, N0, N0, v, t->sigma, d->along.X);
    hidden_multiply(N2, N1, N0, x + first, d->along.X, part);
    memset(dE, 0, N2 * N0 * sizeof *dE);
    subtract(N2 * N0, part, dE);
    hidden_multiply(N2, N1, N0, v + first, d->at.X, part);
    subtract(N2 * N0, part, dE);
    hidden_multiply(N1, N2, N0, t->C, dE, Jv);
    hidden_multiply(N2, N0, N1, dE, turned, Jv + first);
    product_transposed(1, N1, N0, v, d->along.turned);
    hidden_multiply(N2, N0, N1, d->at.E, d->along.turned, part);
    for (size_t k = 0; k < N2 * N1; k++)
        Jv[first + k] += part[k];
    hidden_combine(first, 1, -t->decay[0], v, Jv);
    hidden_combine(N2 * N1, t->eta_2, -t->decay[1], v + first, Jv + first);
    return OK;
}

/* Rows of A1' = C E - lambda_1 A1: d/dA1_pk of entry ij is -(C A2)_ip Sigma_kj - lambda_1,
 * d/dA2_oq is -C_io X_qj. */
static void fill_first_rows(const struct hidden_data *d, const double *CA2, double *J)
{
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1, n = t->dim;
    for (size_t i = 0; i < N1; i++)
        for (size_t j = 0; j < N0; j++) {
            double *row = J + (i * N0 + j) * n, *second = row + N1 * N0;
            for (size_t p = 0; p < N1; p++)
                for (size_t k = 0; k < N0; k++)
                    row[p * N0 + k] = -(CA2[i * N1 + p] * t->sigma[k * N0 + j]);
            row[i * N0 + j] -= t->decay[0];
            for (size_t o = 0; o < t->N2; o++)
                for (size_t q = 0; q < N1; q++)
                    second[o * N1 + q] = -(t->C[i * t->N2 + o] * d->at.X[q * N0 + j]);
        }
}

/* Rows of A2' = eta_2 E A1' - lambda_2 A2: d/dA1_pk of entry oi is
 * eta_2 (E_ok [i = p] - A2_op (Sigma A1')_ki), d/dA2_oq is -eta_2 (X A1')_qi - lambda_2. */
static void fill_second_rows(const struct hidden_data *d, const double *A2, const double *SA,
                             const double *XA, double *J)
{
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1, n = t->dim;
    for (size_t o = 0; o < t->N2; o++)
        for (size_t i = 0; i < N1; i++) {
            double *row = J + (N1 * N0 + o * N1 + i) * n, *second = row + N1 * N0;
            for (size_t p = 0; p < N1; p++)
                for (size_t k = 0; k < N0; k++)
                    row[p * N0 + k] = -t->eta_2 * (A2[o * N1 + p] * SA[k * N1 + i]);
            for (size_t k = 0; k < N0; k++)
                row[i * N0 + k] += t->eta_2 * d->at.E[o * N0 + k];
            memset(second, 0, t->N2 * N1 * sizeof *second);
            for (size_t q = 0; q < N1; q++)
                second[o * N1 + q] = -t->eta_2 * XA[q * N1 + i];
            second[o * N1 + i] -= t->decay[1];
        }
}

enum status hidden_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct hidden_data *d = hidden_data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1;
    const double *A2 = x + N1 * N0, *turned = hidden_error_at(d, x);
    double *SA = d->along.X;
    hidden_multiply(N0, N0, N1, t->sigma, turned, SA);
    hidden_multiply(N1, t->N2, N1, t->C, A2, d->product);
    fill_first_rows(d, d->product, J);
    hidden_multiply(N1, N0, N1, d->at.X, turned, d->product);
    fill_second_rows(d, A2, SA, d->product, J);
    return OK;
}

/* ---- what drives the flow: the errors E ---- */

/* The sums of E round like those of the field. */
double hidden_error(const struct flow *flow, const double *x, double *e)
{
    const struct hidden_data *d = hidden_data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t count = t->N2 * t->N0;
    hidden_error_at(d, x);
    memcpy(e, d->at.E, count * sizeof *e);
    const double weights = matrix_norm(t->N1 * t->N0, x) *
                           matrix_norm(t->N2 * t->N1, x + t->N1 * t->N0) *
                           matrix_norm(t->N0 * t->N0, t->sigma);
    return DBL_EPSILON * (double)(t->N0 + t->N1) * (weights + matrix_norm(count, t->targets));
}

void hidden_drive(const struct flow *flow, const double *x, const double *z, double *dx)
{
    const struct hidden_data *d = hidden_data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t first = t->N1 * t->N0;
    product_transposed(1, t->N1, t->N0, x, d->at.turned);
    hidden_multiply(t->N1, t->N2, t->N0, t->C, z, dx);
    hidden_multiply(t->N2, t->N0, t->N1, z, d->at.turned, dx + first);
    for (size_t k = 0; k < t->N2 * t->N1; k++)
        dx[first + k] *= t->eta_2;
}

/* E' = -(eta_2 E A1' A1 + A2 C E) Sigma_II; |B z|^2 <= (|C|^2 + |eta_2 A1|^2) |z|^2 */
double hidden_response(const struct flow *flow, const double *x, double *M)
{
    const struct hidden_data *d = hidden_data_of(flow);
    const struct hidden_terms *t = &d->terms;
    const size_t N0 = t->N0, N1 = t->N1, N2 = t->N2, m = N2 * N0;
    double *right = d->at.dx, *left = d->along.x;
    product_transposed(1, N1, N0, x, d->at.turned);
    hidden_multiply(N1, N0, N0, x, t->sigma, d->at.X);
    hidden_multiply(N0, N1, N0, d->at.turned, d->at.X, right);
    hidden_multiply(N2, N1, N2, x + N1 * N0, t->C, left);
    for (size_t o = 0; o < N2; o++)
        for (size_t j = 0; j < N0; j++) {
            double *row = M + (o * N0 + j) * m;
            for (size_t p = 0; p < N2; p++)
                for (size_t k = 0; k < N0; k++)
                    row[p * N0 + k] = -(left[o * N2 + p] * t->sigma[k * N0 + j]);
            for (size_t k = 0; k < N0; k++)
                row[o * N0 + k] -= t->eta_2 * right[k * N0 + j];
        }
    return hypot(matrix_norm(N1 * N2, t->C), t->eta_2 * matrix_norm(N1 * N0, x));
}

/* None where weights decay, where a narrow layer keeps E from vanishing, or where the two factors of
 * the response have no room in the scratch. */
size_t hidden_errors(const struct hidden_terms *t)
{
    const size_t least = t->N0 < t->N2 ? t->N0 : t->N2, count = t->N2 * t->N0;
    const bool driven = t->decay[0] == 0 && t->decay[1] == 0 && t->N1 >= least;
    const bool fits = t->N0 * t->N0 <= t->dim && t->N2 * t->N2 <= t->dim && count <= t->dim;
    return driven && fits ? count : 0;
}
