/* Fixed points of A[1,1,1] by signs that are trusted.
 *
 * The function h = u M2 - v M1 of a1 is a difference of two products; its sign counts where it
 * exceeds the rounding of these.  Two neighbours of different sign enclose a root of odd order,
 * which Newton's method, kept inside, finds; the enclosure shrinks as far as signs can be trusted.
 * Where h turns between two neighbours of one sign, towards zero and back, the turning point of h
 * is found from h' in the same way: on the other side of zero it gives two roots, too close to zero
 * a doubt.  Under bp the zeros of M1 are searched for in the same way.
 *
 * Rejected: critical points of R itself (where M1 = 0, R has a minimum that is no fixed point), and
 * Newton's method from many starts, which cannot say what it has missed. */
#include "nonlinear/equilibria.h"

#include "nonlinear/equilibria_field.h"
#include "nonlinear/equilibria_planar.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { REFINEMENTS_MOST = 100, FIRST_CAPACITY = 8 };

/* At |a1| = gap, h is 1e-8 of the products that it is the difference of: eight digits are left. */
const double equilibria_gap = 1e-4;

/* The value of a function of a1, its slope, and what its rounding may be. */
struct value {
    double f, slope, floor, slope_floor;
};

struct search {
    const struct equilibria_field *field;
    bool crossing; /* the zeros of M1 with a2 = 0, not those of h */
    struct equilibria *found;
    size_t point_room, doubt_room;
    bool any_sign; /* a trusted one was seen */
};

static struct value value_at(const struct search *search, double a)
{
    struct equilibria_values s;
    equilibria_field_at(search->field, a, &s);
    if (search->crossing)
        return (struct value){s.m1[0], s.m1[1], s.error * fabs(s.m1[0]) + DBL_MIN,
                              s.error * fabs(s.m1[1]) + DBL_MIN};
    const double plus = s.u[0] * s.m2[0], minus = s.v[0] * s.m1[0];
    const double slopes[] = {s.u[1] * s.m2[0], s.u[0] * s.m2[1], -s.v[1] * s.m1[0],
                             -s.v[0] * s.m1[1]};
    struct value value = {.f = plus - minus,
                          .floor = s.error * (fabs(plus) + fabs(minus)) + DBL_MIN,
                          .slope_floor = DBL_MIN};
    for (size_t k = 0; k < sizeof slopes / sizeof *slopes; k++) {
        value.slope += slopes[k];
        value.slope_floor += s.error * fabs(slopes[k]);
    }
    return value;
}

static int sign_of(double f, double floor)
{
    return f > floor ? 1 : f < -floor ? -1 : 0;
}

/* ---- lists ---- */

static enum status grown(void *list, size_t *room, size_t count, size_t size)
{
    void **array = list;
    if (count < *room)
        return OK;
    const size_t wanted = *room ? 2 * *room : FIRST_CAPACITY;
    void *made = realloc(*array, wanted * size);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for %zu fixed points", wanted);
    *array = made;
    *room = wanted;
    return OK;
}

static enum status point_add(struct search *search, double a, double low, double high)
{
    struct equilibria *found = search->found;
    TRY(grown(&found->point, &search->point_room, found->count, sizeof *found->point));
    found->point[found->count++] = equilibria_planar_point(
        search->field,
        &(struct equilibria_root){.a = a, .low = low, .high = high, .crossing = search->crossing});
    return OK;
}

static enum status doubt_add(struct search *search, double low, double high)
{
    struct equilibria *found = search->found;
    TRY(grown(&found->doubt, &search->doubt_room, found->doubts, sizeof *found->doubt));
    found->doubt[found->doubts++] = (struct equilibria_doubt){low, high};
    return OK;
}

/* ---- roots ---- */

/* Newton's step where it stays between, else the middle. */
static double next_guess(double a, const struct value *value, double low, double high)
{
    const double newton = a - value->f / value->slope;
    return newton > low && newton < high ? newton : low + (high - low) / 2;
}

/* The nearest places beside a where the signs can be trusted: Newton's method comes from one side,
 * and leaves the other end where it was. */
static void enclosure_tighten(const struct search *search, double a, int sign_low, double *low,
                              double *high)
{
    for (int side = -1; side <= 1; side += 2) {
        double *const end = side < 0 ? low : high;
        for (int k = 1; k < DBL_MANT_DIG; k++) {
            const double d = ldexp(DBL_EPSILON * fabs(a) + DBL_MIN, k);
            if (!(d < fabs(*end - a)))
                break;
            const struct value value = value_at(search, a + side * d);
            if (sign_of(value.f, value.floor) == -side * sign_low) {
                *end = a + side * d;
                break;
            }
        }
    }
}

/* h has trusted signs, not the same, at low and high. */
static enum status root_between(struct search *search, double low, double high, int sign_low)
{
    double a = low + (high - low) / 2, last = high - low;
    for (int k = 0; k < REFINEMENTS_MOST; k++) {
        const struct value value = value_at(search, a);
        const int sign = sign_of(value.f, value.floor);
        double next = next_guess(a, &value, low, high);
        if (sign == 0) { /* the enclosure is as small as it can be; one step more, untrusted */
            a = fabs(next - a) <= last ? next : a;
            break;
        }
        *(sign == sign_low ? &low : &high) = a;
        if (!(next > low && next < high))
            next = low + (high - low) / 2;
        last = fabs(next - a);
        a = next;
        if (last <= DBL_EPSILON * fabs(a))
            break;
    }
    enclosure_tighten(search, a, sign_low, &low, &high);
    return point_add(search, a, low, high);
}

/* The turning point of h between low and high, where h' has trusted signs that differ. */
static double turning_point(const struct search *search, double low, double high, int sign_low)
{
    double a = low + (high - low) / 2;
    for (int k = 0; k < REFINEMENTS_MOST && a > low && a < high; k++) {
        const struct value value = value_at(search, a);
        const int sign = sign_of(value.slope, value.slope_floor);
        if (sign == 0)
            break;
        *(sign == sign_low ? &low : &high) = a;
        a = low + (high - low) / 2;
    }
    return a;
}

/* h has one trusted sign at both ends: does it come to zero between them? */
static enum status turn_between(struct search *search, double low, double high, int sign)
{
    const struct value at_low = value_at(search, low), at_high = value_at(search, high);
    const int down = sign_of(at_low.slope, at_low.slope_floor);
    if (down != -sign || sign_of(at_high.slope, at_high.slope_floor) != sign)
        return OK;
    const double turn = turning_point(search, low, high, down);
    const struct value value = value_at(search, turn);
    const int there = sign_of(value.f, value.floor);
    if (there == sign)
        return OK;
    if (there == 0)
        return doubt_add(search, low, high);
    TRY(root_between(search, low, turn, sign));
    return root_between(search, turn, high, there);
}

/* Untrusted signs at the ends of cells are skipped: the next trusted one decides. */
static enum status search_piece(struct search *search, double low, double high, size_t cells)
{
    double before = NAN;
    int sign_before = 0;
    for (size_t k = 0; k <= cells; k++) {
        const double a = k == cells ? high : low + (high - low) * ((double)k / (double)cells);
        const struct value value = value_at(search, a);
        const int sign = sign_of(value.f, value.floor);
        if (sign == 0)
            continue;
        search->any_sign = true;
        if (sign_before != 0 && sign != sign_before)
            TRY(root_between(search, before, a, sign_before));
        else if (sign_before != 0)
            TRY(turn_between(search, before, a, sign));
        before = a;
        sign_before = sign;
    }
    return OK;
}

/* Both sides of a gap round zero, where M2 vanishes there. */
static enum status search_all(struct search *search, const double interval[2], size_t cells)
{
    struct equilibria_values zero;
    equilibria_field_at(search->field, 0, &zero);
    const double low = interval[0], high = interval[1];
    if (zero.m2[0] > 0 || low >= 0 || high <= 0) {
        const double from = zero.m2[0] == 0 && low == 0 ? equilibria_gap : low;
        const double to = zero.m2[0] == 0 && high == 0 ? -equilibria_gap : high;
        return from < to ? search_piece(search, from, to, cells) : OK;
    }
    const size_t left = (size_t)((double)cells * (-low / (high - low)));
    if (low < -equilibria_gap)
        TRY(search_piece(search, low, -equilibria_gap, left + 1));
    return high > equilibria_gap ? search_piece(search, equilibria_gap, high, cells - left + 1)
                                 : OK;
}

/* f(0) = 0: with M2(0) = M1(0) = v(0) = 0 the whole line a1 = 0 is fixed if u(0) = 0. */
static bool has_line(const struct equilibria_field *field)
{
    struct equilibria_values zero, one;
    equilibria_field_at(field, 0, &zero);
    equilibria_field_at(field, 1, &one);
    return zero.m2[0] == 0 && fabs(zero.u[0]) <= zero.error * fabs(one.u[0]);
}

static int compare_points(const void *a, const void *b)
{
    const struct equilibria_point *p = a, *q = b;
    return (p->a1 > q->a1) - (p->a1 < q->a1);
}

static enum status search_field(const struct equilibria_field *field, const double interval[2],
                                size_t cells, struct equilibria *found)
{
    struct search search = {.field = field, .found = found};
    found->line = has_line(field);
    TRY(search_all(&search, interval, cells));
    found->constant = !search.any_sign;
    if (equilibria_field_is_gradient(field)) {
        search.crossing = true;
        TRY(search_all(&search, interval, cells));
    }
    if (found->count > 0)
        qsort(found->point, found->count, sizeof *found->point, compare_points);
    return OK;
}

enum status equilibria_find(const struct problem *problem, const double interval[2], size_t cells,
                            struct equilibria **equilibria)
{
    if (!(interval[0] < interval[1]) || !isfinite(interval[1] - interval[0]) || cells < 2)
        return status_fail(BAD_ARGUMENT, "fixed points with a1 from %g to %g in %zu cells",
                           interval[0], interval[1], cells);
    struct equilibria_field *field = NULL;
    TRY(equilibria_field_create(problem, &field));
    struct equilibria *found = calloc(1, sizeof *found);
    enum status status = found ? search_field(field, interval, cells, found)
                               : status_fail(NO_MEMORY, "no memory for fixed points");
    equilibria_field_free(field);
    if (status == OK)
        *equilibria = found;
    else
        equilibria_free(found);
    return status;
}

void equilibria_free(struct equilibria *equilibria)
{
    if (!equilibria)
        return;
    free(equilibria->point);
    free(equilibria->doubt);
    free(equilibria);
}
