/* Powers of the flow map over a time h, which is one over the norm of J, by squaring, as in (J7).
 *
 * The map is the polynomial of order four, which damps where J has imaginary eigenvalues: of order
 * one, 1 + hJ, it grows beside weakly damped oscillations.  The powers 1, 2, 4, ... miss no transient
 * by more than a small factor, since they are smooth in the logarithm of time.  Eigenvalues say
 * nothing of this. */
#include "ode/transient.h"

#include "ode/dense.h"
#include "ode/vector.h"

#include <math.h>
#include <string.h>

enum { ORDER = 4, SQUARINGS_MOST = 40 }; /* 1e12 of the norm: beyond it rounding takes over */
static const double PASSED = 8;          /* times 1/rate, until which transients are looked for */

/* map = 1 + Z (1 + Z/2 (1 + Z/3 (1 + Z/4))), Z = J/norm; next is overwritten. */
static void begin_map(size_t n, const double *J, double norm, double *map, double *next)
{
    memset(map, 0, n * n * sizeof *map);
    for (size_t i = 0; i < n; i++)
        map[i * n + i] = 1;
    for (int order = ORDER; order > 0; order--) {
        dense_multiply(n, n, n, J, map, next);
        for (size_t i = 0; i < n * n; i++)
            map[i] = next[i] / (norm * order);
        for (size_t i = 0; i < n; i++)
            map[i * n + i] += 1;
    }
}

struct transient transient_of(size_t n, const double *J, const double *v, double rate, double *work)
{
    double *here = work, *next = work + n * n, *moved = next + n * n;
    const double norm = vector_norm(n * n, J), size = vector_norm(n, v), own = sqrt((double)n);
    struct transient transient = {.detour = 1, .kappa = 1};
    begin_map(n, J, norm, here, next);
    double time = 1 / norm;
    for (int k = 0; k < SQUARINGS_MOST && time * rate < PASSED; k++, time *= 2) {
        for (size_t i = 0; i < n; i++)
            moved[i] = vector_dot(n, here + i * n, v);
        transient.detour = fmax(transient.detour, vector_norm(n, moved) / size);
        transient.kappa = fmax(transient.kappa, vector_norm(n * n, here) - own);
        dense_multiply(n, n, n, here, here, next);
        double *kept = here;
        here = next;
        next = kept;
    }
    return transient;
}
