/* Non-linear learning flows that diverge slowly or stiffly, with their laws, for the tests of
 * endings.
 *
 * tanh chain   a1' = c1 E[(T - a2 f) f' I], a2' = E[(T - a2 f) f], f = tanh(a1 I), finite data.
 *              T = sgn I: a1 ~ ln t/(4 min |I|).
 * erf chain    f = erf(x/sqrt 2), I ~ N(0,1), T = rho I: a1' = g (M1' - a2 M2'/2),
 *              a2' = M1 - a2 M2, g = c1 or, for gradient descent, a2; M1 = rho k a/sqrt(1+a^2),
 *              M2 = (2/pi) asin(a^2/(1+a^2)), k = sqrt(2/pi).  c1 > 0: a2 ~ t^(1/6).
 * square chain O = a2 (a1 I)^2 learned without the derivative: a1' = c1 (gamma - delta P),
 *              a2' = a1^2 (alpha - beta P), P = a2 a1^2; |x| ~ t or t^(1/2).
 * power chain  O = a3 (a2 (a1 I)^mu1)^mu2, each layer with its own derivative only:
 *              a1' = c1 mu1 a1^(mu1-1) (alpha1 - beta1 P), a2' = c2 mu2 a2^(mu2-1) a1^m q,
 *              a3' = a2^mu2 a1^m q, m = mu1 mu2, P = a3 a2^mu2 a1^m, q = alpha - beta P: to leading
 *              order a1' = kappa a1^(mu1-1), kappa = c1 mu1 (alpha1 - beta1 alpha/beta).
 *
 * Shapes: x[dim].  Memory: the caller's structs; the flow points at them. */
#ifndef TESTS_DIVERGENT_FLOWS_H
#define TESTS_DIVERGENT_FLOWS_H

#include "ode/flow.h"

#include <math.h>
#include <string.h>

enum { DIVERGENT_MOST = 3, DATA_MOST = 6 };

static const double DIVERGENT_PI = 3.14159265358979323846;
static const char divergent_names[DIVERGENT_MOST][UNKNOWN_NAME_MAX] = {"a1", "a2", "a3"};

/* f and J of one state; J comes zeroed. */
typedef void divergent_at(const void *data, const double *a, double *f, double *J);

struct divergent {
    divergent_at *at; /* first: what the callbacks of the flow look up */
};

static inline enum status divergent_field(const struct flow *flow, size_t n, const double *x,
                                          double *dx)
{
    const struct divergent *kind = flow->data;
    double J[DIVERGENT_MOST * DIVERGENT_MOST] = {0}, a[DIVERGENT_MOST], f[DIVERGENT_MOST];
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < flow->dim; i++)
            a[i] = x[i * n + k];
        kind->at(flow->data, a, f, J);
        for (size_t i = 0; i < flow->dim; i++)
            dx[i * n + k] = f[i];
    }
    return OK;
}

static inline enum status divergent_jacobian(const struct flow *flow, const double *x, double *J)
{
    const struct divergent *kind = flow->data;
    double f[DIVERGENT_MOST];
    memset(J, 0, flow->dim * flow->dim * sizeof *J);
    kind->at(flow->data, x, f, J);
    return OK;
}

static inline struct flow divergent_flow(const void *data, size_t dim, const char *title)
{
    return (struct flow){.dim = dim,
                         .title = title,
                         .names = divergent_names,
                         .field = divergent_field,
                         .jacobian = divergent_jacobian,
                         .data = data};
}

/* ---- tanh ---- */

/* f' as 1/cosh^2, to all digits, or as 1 - f^2, which is 0 from a1 I = 19 on */
enum slope { SLOPE_EXACT, SLOPE_CANCELS };

struct tanh_chain {
    struct divergent kind;
    double c1;
    size_t count;
    double I[DATA_MOST], T[DATA_MOST]; /* equal weights */
    enum slope slope;
};

static inline void tanh_chain_at(const void *data, const double *a, double *f, double *J)
{
    const struct tanh_chain *chain = data;
    const double w = 1 / (double)chain->count, c = chain->c1;
    f[0] = f[1] = 0;
    for (size_t i = 0; i < chain->count; i++) {
        const double I = chain->I[i], o = tanh(a[0] * I), e = chain->T[i] - a[1] * o;
        const double cosh_inverse = 1 / cosh(a[0] * I);
        const double d = chain->slope == SLOPE_EXACT ? cosh_inverse * cosh_inverse : 1 - o * o;
        f[0] += c * w * e * d * I;
        f[1] += w * e * o;
        J[0] += c * w * I * I * d * (-a[1] * d - 2 * e * o);
        J[1] -= c * w * o * d * I;
        J[2] += w * d * I * (e - a[1] * o);
        J[3] -= w * o * o;
    }
}

/* Of tanh and of the sums, a few roundings each; products of two errors are counted, too. */
static inline void tanh_chain_rounding(const struct flow *flow, const double *a, double *bound)
{
    static const double FEW = 4;
    const struct tanh_chain *chain = flow->data;
    const double w = 1 / (double)chain->count;
    bound[0] = bound[1] = 0;
    for (size_t i = 0; i < chain->count; i++) {
        const double I = fabs(chain->I[i]), o = tanh(a[0] * chain->I[i]);
        const double terms = fabs(chain->T[i]) + fabs(a[1] * o), e = fabs(chain->T[i] - a[1] * o);
        const double cosh_inverse = 1 / cosh(a[0] * I), d = cosh_inverse * cosh_inverse;
        const double d_error = FEW * (chain->slope == SLOPE_EXACT ? (1 + fabs(a[0]) * I) * d : 1);
        bound[0] += fabs(chain->c1) * w * I *
                    (FEW * terms * d + e * d_error + FEW * terms * d_error * 0x1p-52);
        bound[1] += FEW * w * terms;
    }
}

static inline struct flow tanh_chain_flow(struct tanh_chain *chain)
{
    chain->kind.at = tanh_chain_at;
    return divergent_flow(chain, 2, "tanh chain");
}

/* ---- erf ---- */

enum erf_feedback { ERF_FIXED, ERF_OWN }; /* c1, or a2: gradient descent */

struct erf_chain {
    struct divergent kind;
    double c1, rho;
    enum erf_feedback feedback;
};

static inline void erf_chain_at(const void *data, const double *a, double *f, double *J)
{
    const struct erf_chain *chain = data;
    const double x = a[0], y = a[1], s = 1 + x * x, r = 1 + 2 * x * x;
    const double k = chain->rho * sqrt(2 / DIVERGENT_PI);
    const double M1 = k * x / sqrt(s), dM1 = k / (s * sqrt(s)), ddM1 = -3 * x * dM1 / s;
    const double M2 = 2 / DIVERGENT_PI * asin(x * x / s);
    const double slope = 4 / DIVERGENT_PI / (s * sqrt(r)); /* M2'/a */
    const double dM2 = slope * x, ddM2 = slope * (1 - 2 * x * x / s - 2 * x * x / r);
    const bool own = chain->feedback == ERF_OWN;
    const double g = own ? y : chain->c1, along = dM1 - y * dM2 / 2;
    f[0] = g * along;
    f[1] = M1 - y * M2;
    J[0] = g * (ddM1 - y * ddM2 / 2);
    J[1] = -g * dM2 / 2 + (own ? along : 0);
    J[2] = dM1 - y * dM2;
    J[3] = -M2;
}

static inline struct flow erf_chain_flow(struct erf_chain *chain)
{
    chain->kind.at = erf_chain_at;
    return divergent_flow(chain, 2, "erf chain");
}

/* ---- squares, without the derivative ---- */

struct square_chain {
    struct divergent kind;
    double c1, gamma, delta, alpha, beta;
};

static inline void square_chain_at(const void *data, const double *a, double *f, double *J)
{
    const struct square_chain *chain = data;
    const double x = a[0], y = a[1], P = y * x * x;
    const double q = chain->alpha - chain->beta * P;
    f[0] = chain->c1 * (chain->gamma - chain->delta * P);
    f[1] = x * x * q;
    J[0] = -chain->c1 * chain->delta * 2 * x * y;
    J[1] = -chain->c1 * chain->delta * x * x;
    J[2] = 2 * x * q - x * x * chain->beta * 2 * x * y;
    J[3] = -x * x * chain->beta * x * x;
}

/* Inputs 1 and 2 with equal weights. */
static inline struct flow square_chain_flow(double c1, double T1, double T2,
                                            struct square_chain *chain)
{
    *chain = (struct square_chain){.kind = {square_chain_at},
                                   .c1 = c1,
                                   .gamma = (T1 + 2 * T2) / 2,
                                   .delta = (1 + 8) / 2.0,
                                   .alpha = (T1 + 4 * T2) / 2,
                                   .beta = (1 + 16) / 2.0};
    return divergent_flow(chain, 2, "square chain");
}

/* ---- powers, each with its own derivative ---- */

struct power_chain {
    struct divergent kind;
    double c1, c2, mu1, mu2, alpha1, beta1, alpha, beta;
};

static inline void power_chain_at(const void *data, const double *a, double *f, double *J)
{
    const struct power_chain *chain = data;
    const double m1 = chain->mu1, m2 = chain->mu2, m = m1 * m2;
    const double h = pow(a[1], m2) * pow(a[0], m), P = a[2] * h;
    const double below = chain->alpha1 - chain->beta1 * P, q = chain->alpha - chain->beta * P;
    const double g1 = chain->c1 * m1 * pow(a[0], m1 - 1);
    const double g2 = chain->c2 * m2 * pow(a[1], m2 - 1) * pow(a[0], m);
    const double dP[] = {m * P / a[0], m2 * P / a[1], h};
    f[0] = g1 * below;
    f[1] = g2 * q;
    f[2] = h * q;
    for (size_t j = 0; j < 3; j++) {
        J[j] = -g1 * chain->beta1 * dP[j];
        J[3 + j] = -g2 * chain->beta * dP[j];
        J[6 + j] = -h * chain->beta * dP[j];
    }
    J[0] += g1 * (m1 - 1) / a[0] * below;
    J[3] += g2 * m / a[0] * q;
    J[4] += g2 * (m2 - 1) / a[1] * q;
    J[6] += h * m / a[0] * q;
    J[7] += h * m2 / a[1] * q;
}

/* mu, c1 and c2 as given; inputs 1 and 2 with equal weights. */
static inline struct flow power_chain_flow(double T1, double T2, struct power_chain *chain)
{
    const double m = chain->mu1 * chain->mu2;
    chain->kind.at = power_chain_at;
    chain->alpha1 = (T1 + T2 * pow(2, chain->mu1)) / 2;
    chain->beta1 = (1 + pow(2, chain->mu1 + m)) / 2;
    chain->alpha = (T1 + T2 * pow(2, m)) / 2;
    chain->beta = (1 + pow(2, 2 * m)) / 2;
    return divergent_flow(chain, 3, "power chain");
}

/* The rate of a1' = kappa a1^(mu1-1) far out. */
static inline double power_chain_kappa(const struct power_chain *chain)
{
    return chain->c1 * chain->mu1 * (chain->alpha1 - chain->beta1 * chain->alpha / chain->beta);
}

#endif
