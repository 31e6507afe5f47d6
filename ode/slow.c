/* Samples at quadruplings of the time.
 *
 * Every trajectory begins as a straight line, p = 1, so that exponents near one are no suspicion;
 * growth like t is for growth.h. */
#include "ode/slow.h"

#include "ode/vector.h"

#include <math.h>
#include <string.h>

static const double QUADRUPLE = 4;
static const double STEADY = 0.05;             /* of the exponents */
static const double LEAST = -0.02, MOST = 0.9; /* exponents */
static const double PARALLEL = 0.9;            /* least cosine */
static const double DISMISSED = 1e3;           /* of the time */

void slow_begin(struct slow *slow, size_t n, const double *x)
{
    *slow = (struct slow){.before = slow->before, .moved = slow->moved};
    memcpy(slow->before, x, n * sizeof *x);
    memset(slow->moved, 0, n * sizeof *x);
}

bool slow_is_steady(const struct slow *slow)
{
    for (size_t k = 0; k < SLOW_KEPT; k++)
        if (!(fabs(slow->p[k] - slow->p[0]) <= STEADY))
            return false;
    return slow->parallel >= SLOW_KEPT && slow->p[0] >= LEAST && slow->p[0] <= MOST;
}

bool slow_step(struct slow *slow, size_t n, double t, const double *x)
{
    if (t < slow->next)
        return false;
    const double size = vector_distance(n, x, slow->before);
    double along = 0;
    for (size_t i = 0; i < n; i++) {
        const double moved = x[i] - slow->before[i];
        along += moved * slow->moved[i];
        slow->moved[i] = moved;
        slow->before[i] = x[i];
    }
    memmove(slow->p + 1, slow->p, (SLOW_KEPT - 1) * sizeof *slow->p);
    /* steps are longer than a quadrupling now and then: by the times themselves */
    slow->p[0] = log(size / slow->size) / log(t / slow->t);
    slow->parallel = along >= PARALLEL * size * slow->size ? slow->parallel + 1 : 0;
    slow->size = size;
    slow->t = t;
    slow->next = QUADRUPLE * t;
    return slow_is_steady(slow) && t >= slow->dismissed;
}

void slow_dismiss(struct slow *slow)
{
    slow->dismissed = DISMISSED * slow->t;
}
