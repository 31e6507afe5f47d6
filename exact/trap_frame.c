/* The frame is the norm of trap_norm.h for -Df: in it the growth is near the largest real part of the
 * eigenvalues, and not that of the symmetric part, which is larger where Df is far from normal.  A
 * change of frames multiplies the radius by |B_+^-1 B|; that and the way back are paid for by the
 * lower growth within a time of PAYBACK, or the frame stays. */
#include "exact/trap_frame.h"

#include "exact/library.h"
#include "exact/trap_norm.h"

#include <math.h>
#include <stdlib.h>

enum { BITS = 64 };
static const double ABOVE_SPECTRUM = 0.5; /* 1/time: nearer to it the norms are far from round */
static const double PAYBACK = 2;          /* time */

static void read_square(size_t n, const double *entries, arb_mat_t A)
{
    arb_mat_one(A);
    for (size_t i = 0; i < n && entries; i++)
        for (size_t j = 0; j < n; j++)
            arb_set_d(arb_mat_entry(A, (slong)i, (slong)j), entries[i * n + j]);
}

static double frobenius(const arb_mat_t A)
{
    mag_t bound;
    mag_init(bound);
    arb_mat_bound_frobenius_norm(bound, A);
    const double number = mag_get_d(bound);
    mag_clear(bound);
    return number;
}

/* |A^-1 B| |B^-1 A| / n, 1 for equal frames; INFINITY: singular. */
static double change_factor(size_t n, const double *a, const double *b)
{
    arb_mat_t A, B, X, Y;
    arb_mat_init(A, (slong)n, (slong)n);
    arb_mat_init(B, (slong)n, (slong)n);
    arb_mat_init(X, (slong)n, (slong)n);
    arb_mat_init(Y, (slong)n, (slong)n);
    read_square(n, a, A);
    read_square(n, b, B);
    double factor = INFINITY;
    if (arb_mat_solve(X, A, B, BITS) && arb_mat_solve(Y, B, A, BITS))
        factor = frobenius(X) * frobenius(Y) / (double)n;
    arb_mat_clear(A);
    arb_mat_clear(B);
    arb_mat_clear(X);
    arb_mat_clear(Y);
    return factor;
}

/* Of size one, with short entries: any frame will do that is near the one that was meant. */
static void shorten(size_t n, double *frame)
{
    double sum = 0;
    int exponent;
    for (size_t i = 0; i < n * n; i++)
        sum += frame[i] * frame[i];
    frexp(sqrt(sum / (double)n), &exponent);
    for (size_t i = 0; i < n * n; i++)
        frame[i] = (float)ldexp(frame[i], -exponent);
}

bool trap_frame_propose(const struct trap_frame_question *q, double *frame)
{
    double *minus = malloc(q->n * q->n * sizeof *minus);
    if (!minus)
        return false;
    for (size_t i = 0; i < q->n * q->n; i++)
        minus[i] = -q->J[i];
    const double mu = trap_norm_least(q->n, minus) - ABOVE_SPECTRUM;
    const double gain = q->growth + mu;
    const bool found = gain > 0 && trap_norm_propose(q->n, minus, mu, frame);
    free(minus);
    if (!found)
        return false;
    shorten(q->n, frame);
    return gain * PAYBACK > log(change_factor(q->n, frame, q->B));
}
