/* Samples of the algebraic law at doublings of 1/nu. */
#include "ode/creep.h"

#include <math.h>
#include <string.h>

enum { DOUBLINGS = 10 }; /* of 1/nu before the law can count */
/* Relative change of the exponent over CREEP_STEADY doublings */
static const double LAW_AGREES = 0.02;

/* The last exponents q agree, measured against q - 1. */
static bool is_steady(const struct creep *creep)
{
    if (creep->samples < DOUBLINGS || !(creep->q[0] > 1))
        return false;
    for (size_t i = 1; i < CREEP_STEADY; i++)
        if (!(fabs(creep->q[i] - creep->q[0]) <= LAW_AGREES * (creep->q[0] - 1)))
            return false;
    return true;
}

bool creep_step(struct creep *creep, double t, double u)
{
    if (!(u > 0) || u < creep->u / 2 ||
        creep->u == 0) { /* |f| grows, or decays faster again: anew */
        *creep = (struct creep){.t = t, .u = fmax(u, 0)};
        return false;
    }
    if (u < 2 * creep->u)
        return false;
    memmove(creep->q + 1, creep->q, (CREEP_STEADY - 1) * sizeof *creep->q);
    creep->q[0] = (t - creep->t) / (u - creep->u); /* slope of t against 1/nu */
    creep->t = t;
    creep->u = u;
    creep->samples++;
    return is_steady(creep);
}

double creep_exponent(const struct creep *creep)
{
    return -(creep->q[0] - 1);
}

double creep_distance(const struct creep *creep, double size_f)
{
    return size_f * creep->u * creep->q[0] / (creep->q[0] - 1);
}
