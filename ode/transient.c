/* Powers of S = 1 + hJ, h over the norm of J, by squaring, as in (J7): S^j is the flow map but for a
 * method of order one, which contracts where the flow does.  The powers 1, 2, 4, ... miss no
 * transient by more than a small factor, since they are smooth in the logarithm of j.  Eigenvalues
 * say nothing of this; a singular value decomposition of each power would say no more. */
#include "ode/transient.h"

#include "ode/dense.h"
#include "ode/vector.h"

#include <math.h>
#include <string.h>

enum { SQUARINGS_MOST = 40 };   /* 1e12 of the norm: beyond it rounding takes over */
static const double PASSED = 8; /* times 1/rate, until which transients are looked for */

struct transient transient_of(size_t n, const double *J, const double *v, double rate, double *work)
{
    double *here = work, *next = work + n * n, *moved = next + n * n;
    const double norm = vector_norm(n * n, J), size = vector_norm(n, v), own = sqrt((double)n);
    struct transient transient = {.detour = 1, .kappa = 1};
    for (size_t i = 0; i < n * n; i++)
        here[i] = J[i] / norm;
    for (size_t i = 0; i < n; i++)
        here[i * n + i] += 1;
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
