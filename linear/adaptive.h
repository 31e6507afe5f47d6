/* Predictions where the learning channel learns, too: arbp, asrbp, Kolen and Pollack's rule and
 * their relatives, on chains A[1,...,1] and on A[1,N,1].
 *
 * Statements and proofs: notes/adaptive.md, and notes/rules.md for decay, mirrors and signs.  What
 * has no proof is predicted to be inconclusive, with the reason.
 * Shapes: a chain has x = a[L], c[L-1]; a fan a[N], b[N], c[N].  With L = 2 and N = 1 they are the
 * same.  Under bp and sign symmetry the c are missing.
 * Memory: freed before returning.  Errors: NO_MEMORY. */
#ifndef LINEAR_ADAPTIVE_H
#define LINEAR_ADAPTIVE_H

#include "linear/problem.h"

struct adaptive_network {
    const struct problem *problem;
    size_t layers; /* L */
    size_t width;  /* N; 1 unless there are two layers */
};

/* The rule of the problem decides which of the following applies. */
enum status adaptive_predict(const struct adaptive_network *network, const double *x0,
                             double *limit, struct prediction *prediction) MUST_CHECK;

/* Two layers, any width, without decay: the quartic of (G2).  Also bp. */
enum status adaptive_predict_pair(const struct adaptive_network *network, const double *x0,
                                  double *limit, struct prediction *prediction) MUST_CHECK;

/* asrbp, three layers or more: nested exponentials, (G9). */
enum status adaptive_predict_skipped(const struct adaptive_network *network, const double *x0,
                                     double *limit, struct prediction *prediction) MUST_CHECK;

/* arbp, three layers or more: the trap, (G5), (G6). */
enum status adaptive_predict_layered(const struct adaptive_network *network, const double *x0,
                                     double *limit, struct prediction *prediction) MUST_CHECK;

/* The same weight decay everywhere: (R10)-(R12). */
enum status adaptive_predict_decaying(const struct adaptive_network *network, const double *x0,
                                      double *limit, struct prediction *prediction) MUST_CHECK;

/* Sign symmetry: (R15). */
enum status adaptive_predict_signs(const struct adaptive_network *network, const double *x0,
                                   double *limit, struct prediction *prediction) MUST_CHECK;

/* Two layers where c learns against a, rates of opposite signs: (G12). */
enum status adaptive_predict_opposed(const struct adaptive_network *network, const double *x0,
                                     double *limit, struct prediction *prediction) MUST_CHECK;

/* The rate of layer i < L, or of channel i - L; 1 unless given. */
double adaptive_rate(const struct problem *problem, size_t i);

#endif
