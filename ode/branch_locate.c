/* Folds, crossings and Hopf points by bisection along the branch.
 *
 * All three are sign changes: of the last component of the tangent, of the bordered determinant,
 * and of the product of all sums of two eigenvalues (the determinant of the bialternate product 2J
 * . 1, Kuznetsov 2004, section 10.2).  Between two points the branch is the intersection with the
 * hyperplanes normal to the tangent at the first, and the sign is asked for there; bisection needs
 * nothing else, and loses no digits where the quantity itself is ill-conditioned.  It ends at the
 * resolution of the step, or where the corrector fails, as it may close to a crossing; the distance
 * of the last two points is reported.
 * Rejected: Newton's method on augmented systems, which converges to what is near and not to what
 * changed sign. */
#include "ode/branch_locate.h"

#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HALVINGS_MOST = 60 };

enum status branch_locate_measure(struct branch_curve *curve, const double *before,
                                  struct branch_step *step)
{
    TRY(branch_curve_tangent(curve, step->y, before, step->t, &step->sign));
    return branch_curve_spectrum(curve, step->y, &step->spectrum, &step->pairs);
}

bool branch_locate_crossing(const struct branch_step *a, const struct branch_step *b)
{
    return a->sign * b->sign < 0;
}

bool branch_locate_fold(const struct branch_curve *curve, const struct branch_step *a,
                        const struct branch_step *b)
{
    const size_t n = branch_curve_unknowns(curve);
    return a->t[n] * b->t[n] < 0;
}

bool branch_locate_pair(const struct branch_step *a, const struct branch_step *b)
{
    return a->pairs.sign * b->pairs.sign < 0;
}

/* Is what is looked for between a and b? */
static bool is_between(const struct branch_curve *curve, enum branch_kind kind,
                       const struct branch_step *a, const struct branch_step *b)
{
    if (kind == BRANCH_FOLD)
        return branch_locate_fold(curve, a, b);
    return kind == BRANCH_HOPF ? branch_locate_pair(a, b) : branch_locate_crossing(a, b);
}

/* The point of the branch at distance `along` of a->y on a->t. */
static bool step_at(struct branch_curve *curve, const struct branch_step *a, double along,
                    struct branch_step *step)
{
    const size_t m = branch_curve_unknowns(curve) + 1;
    for (size_t i = 0; i < m; i++)
        step->y[i] = a->y[i] + along * a->t[i];
    return branch_curve_correct(curve, a->t, step->y) &&
           branch_locate_measure(curve, a->t, step) == OK;
}

static void place_take(const struct branch_curve *curve, const struct branch_step *step,
                       double last, struct branch_place *place)
{
    const size_t n = branch_curve_unknowns(curve);
    memcpy(place->y, step->y, (n + 1) * sizeof(double));
    place->pairs = step->pairs;
    place->error = fabs(branch_curve_value(curve, step->y[n]) - last);
}

static void bisect(struct branch_curve *curve, enum branch_kind kind, const struct branch_step *a,
                   const struct branch_step *b, struct branch_step *middle,
                   struct branch_place *place)
{
    const size_t n = branch_curve_unknowns(curve);
    double low = 0, high = 0,
           value[2] = {branch_curve_value(curve, a->y[n]), branch_curve_value(curve, b->y[n])};
    for (size_t i = 0; i <= n; i++)
        high += (b->y[i] - a->y[i]) * a->t[i];
    const double resolution = DBL_EPSILON * (high + vector_norm(n + 1, a->y));
    place_take(curve, b, value[0], place);
    for (int k = 0; k < HALVINGS_MOST && high - low > resolution; k++) {
        const double along = low + (high - low) / 2;
        if (!step_at(curve, a, along, middle))
            break;
        const bool before = is_between(curve, kind, a, middle);
        *(before ? &high : &low) = along;
        value[before] = branch_curve_value(curve, middle->y[n]);
        place_take(curve, middle, value[!before], place);
    }
}

enum status branch_locate(struct branch_curve *curve, enum branch_kind kind,
                          const struct branch_step *a, const struct branch_step *b,
                          struct branch_place *place)
{
    const size_t m = branch_curve_unknowns(curve) + 1;
    double *storage = calloc(2 * m, sizeof *storage);
    if (!storage)
        return status_fail(NO_MEMORY, "branch: no memory for a point of %zu unknowns", m - 1);
    struct branch_step middle = {.y = storage, .t = storage + m};
    bisect(curve, kind, a, b, &middle, place);
    free(storage);
    return OK;
}
