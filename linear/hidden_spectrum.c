/* The spectrum transverse to the fixed points of A[N0,N1,N2], notes/hidden.md, (S6).
 *
 * At a fixed point, with M = Q' C A2 Q on the range of C (rank r) and Sigma_II = F F', the
 * eigenvalues of the Jacobian that are not zero on the whole leaf are
 *
 *   -spec F' (mu I + eta_2 A1' A1) F   for each mu of spec M,
 *   -spec eta_2 A1 Sigma_II A1'        N2 - r times;
 *
 * a complex pair mu = a +- i b gives the spectrum of the real matrix of twice the order with blocks
 * H(a), -b F'F, b F'F, H(a).  Zeros along linear families of fixed points are left out: dim ker M
 * times dim ker A1 F of the first kind, and those of ker F'A1' of the second. */
#include "linear/hidden.h"

#include "linear/matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Singular values of M and of A1 F below this share of their scale are zero: rounding of a polished
 * point, whose errors are some eps of the scale. */
static const double KERNEL = 1e-10;

/* The parts of one evaluation, in one block. */
struct spectrum_work {
    double *M, *half, *re, *im, *sM; /* [r*r], [r*N2 or N2*N1], [r] each */
    double *AF, *s;                  /* A1 F [N1*n], its singular values [min(N1, n)] */
    double *gram, *big, *values;     /* [n*n], [4 n n], [2 n] */
};

static int compare_decreasing(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static int compare_modulus(const void *a, const void *b)
{
    const double x = fabs(*(const double *)a), y = fabs(*(const double *)b);
    return (x < y) - (x > y);
}

static struct spectrum_work *work_create(const struct hidden_terms *t)
{
    const size_t n = t->N0, m = t->N1, k = t->N2;
    struct spectrum_work *w =
        calloc(1, sizeof *w +
                      (m * m + m * k + k * m + 4 * m + m * n + 5 * n * n + 2 * n) * sizeof(double));
    if (!w)
        return NULL;
    w->M = (double *)(w + 1);
    w->half = w->M + m * m;
    w->re = w->half + m * k + k * m;
    w->im = w->re + m;
    w->sM = w->im + m;
    w->s = w->sM + m;
    w->AF = w->s + m;
    w->gram = w->AF + m * n;
    w->big = w->gram + n * n;
    w->values = w->big + 4 * n * n;
    return w;
}

/* M = Q_r' C A2 Q_r, its eigenvalues and singular values. */
static enum status spectrum_of_coupling(const struct hidden_terms *t, const double *A2,
                                        struct spectrum_work *w)
{
    const size_t r = t->rank;
    double *left = w->half, *right = w->half + t->N1 * t->N2;
    if (r == 0)
        return OK;
    for (size_t p = 0; p < r; p++)
        for (size_t o = 0; o < t->N2; o++) {
            double of_C = 0, of_A2 = 0;
            for (size_t i = 0; i < t->N1; i++) {
                of_C += t->Q[i * t->N1 + p] * t->C[i * t->N2 + o];
                of_A2 += A2[o * t->N1 + i] * t->Q[i * t->N1 + p];
            }
            left[p * t->N2 + o] = of_C;
            right[o * r + p] = of_A2;
        }
    matrix_multiply(r, t->N2, r, left, right, w->M);
    TRY(matrix_eigenvalues(r, w->M, w->re, w->im));
    return matrix_singular_values(r, r, w->M, w->sM, NULL, NULL);
}

/* A1 F scaled by sqrt(eta_2), its singular values, and (A1 F)' A1 F. */
static enum status spectrum_of_features(const struct hidden_terms *t, const double *A1,
                                        struct spectrum_work *w)
{
    const size_t n = t->inputs;
    for (size_t i = 0; i < t->N1; i++)
        for (size_t k = 0; k < n; k++) {
            double sum = 0;
            for (size_t j = 0; j < t->N0; j++)
                sum += A1[i * t->N0 + j] * t->F[j * t->N0 + k];
            w->AF[i * n + k] = sqrt(t->eta_2) * sum;
        }
    matrix_multiply_first_transposed(n, t->N1, n, w->AF, w->AF, w->gram);
    return matrix_singular_values(t->N1, n, w->AF, w->s, NULL, NULL);
}

/* |f_k|^2: F'F is diagonal */
static double weight_of_input(const struct hidden_terms *t, size_t k)
{
    double square = 0;
    for (size_t j = 0; j < t->N0; j++)
        square += t->F[j * t->N0 + k] * t->F[j * t->N0 + k];
    return square;
}

/* Sigma_II = sphere I: sphere mu + s_i^2, without any decomposition. */
static size_t add_spherical(const struct hidden_terms *t, double re, const struct spectrum_work *w,
                            double *lambda)
{
    const size_t n = t->inputs, k = t->N1 < n ? t->N1 : n;
    for (size_t i = 0; i < n; i++)
        lambda[i] = -(t->sphere * re + (i < k ? w->s[i] * w->s[i] : 0));
    return n;
}

static enum status add_real(const struct hidden_terms *t, double mu, struct spectrum_work *w,
                            double *lambda)
{
    const size_t n = t->inputs;
    memcpy(w->big, w->gram, n * n * sizeof *w->big);
    for (size_t k = 0; k < n; k++)
        w->big[k * n + k] += mu * weight_of_input(t, k);
    TRY(matrix_symmetric_eigenvalues(n, w->big, w->values, NULL));
    for (size_t k = 0; k < n; k++)
        lambda[k] = -w->values[k];
    return OK;
}

static enum status add_pair(const struct hidden_terms *t, double re, double im,
                            struct spectrum_work *w, double *lambda)
{
    const size_t n = t->inputs, m = 2 * n;
    memset(w->big, 0, m * m * sizeof *w->big);
    for (size_t i = 0; i < n; i++) {
        const double weight = weight_of_input(t, i);
        for (size_t j = 0; j < n; j++) {
            const double entry = w->gram[i * n + j] + (i == j ? re * weight : 0);
            w->big[i * m + j] = w->big[(n + i) * m + n + j] = entry;
        }
        w->big[i * m + n + i] = -im * weight;
        w->big[(n + i) * m + i] = im * weight;
    }
    TRY(matrix_eigenvalues(m, w->big, w->values, NULL));
    for (size_t k = 0; k < m; k++)
        lambda[k] = -w->values[k];
    return OK;
}

/* All eigenvalues of the first kind: rank * inputs. */
static enum status add_horizontal(const struct hidden_terms *t, struct spectrum_work *w,
                                  double *lambda, size_t *count)
{
    for (size_t p = 0; p < t->rank; p++) {
        if (t->spherical) {
            *count += add_spherical(t, w->re[p], w, lambda + *count);
        } else if (w->im[p] == 0) {
            TRY(add_real(t, w->re[p], w, lambda + *count));
            *count += t->inputs;
        } else { /* eigenvalues come in neighbouring pairs */
            TRY(add_pair(t, w->re[p], w->im[p], w, lambda + *count));
            *count += 2 * t->inputs;
            p++;
        }
    }
    return OK;
}

static size_t count_above(size_t count, const double *s, double floor)
{
    size_t above = 0;
    while (above < count && s[above] > floor)
        above++;
    return above;
}

static enum status fill_spectrum(const struct hidden_terms *t, const double *x,
                                 struct spectrum_work *w, double *lambda, size_t *count)
{
    const double *A1 = x, *A2 = x + t->N1 * t->N0;
    const size_t least = t->N1 < t->inputs ? t->N1 : t->inputs;
    TRY(spectrum_of_coupling(t, A2, w));
    TRY(spectrum_of_features(t, A1, w));
    const double reach = matrix_norm(t->N1 * t->N2, t->C) * matrix_norm(t->N2 * t->N1, A2);
    const double size = matrix_norm(t->N1 * t->N0, A1), scale = reach + t->eta_2 * size * size;
    const size_t rank_M = count_above(t->rank, w->sM, KERNEL * scale);
    const size_t rank_A =
        count_above(least, w->s, KERNEL * sqrt(scale * matrix_norm(t->N0 * t->N0, t->sigma)));
    TRY(add_horizontal(t, w, lambda, count));
    qsort(lambda, *count, sizeof *lambda, compare_modulus);
    *count -= (t->rank - rank_M) * (t->inputs - rank_A);
    for (size_t o = t->rank; o < t->N2; o++)
        for (size_t k = 0; k < rank_A; k++)
            lambda[(*count)++] = -w->s[k] * w->s[k];
    qsort(lambda, *count, sizeof *lambda, compare_decreasing);
    return OK;
}

enum status hidden_spectrum(const struct hidden_terms *t, const double *x, double *lambda,
                            size_t *count)
{
    *count = 0;
    if (!t->decomposed || t->decay[0] != 0 || t->decay[1] != 0 || !(t->eta_2 > 0) ||
        !t->kernel_frozen)
        return OK;
    struct spectrum_work *w = work_create(t);
    if (!w)
        return status_fail(NO_MEMORY, "the spectrum of %zu unknowns", t->dim);
    size_t written = 0;
    const enum status status = fill_spectrum(t, x, w, lambda, &written);
    free(w);
    *count = status == OK ? written : 0;
    return status;
}
