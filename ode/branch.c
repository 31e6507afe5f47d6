/* Branches of fixed points by pseudo-arclength continuation (Keller 1977).
 *
 * A step is a prediction along the tangent, corrected in the hyperplane normal to it; its length
 * follows the number of degrees that the tangent turns.  A step is refused where the tangent turns
 * too far, where the correction is large (both mean that another branch may have been hit), and
 * where the number of unstable directions changes without a fold, a crossing or a Hopf point to
 * explain it; if the shortest step cannot explain it, the place is reported as unresolved.
 *
 * Where the bordered determinant changes sign another branch crosses; its direction is the part of
 * the kernel of [f_x f_p] that is not the tangent, and it is followed from a little beside the
 * crossing.  Seeds that lie on a branch that is known are left out, so that each branch is drawn
 * once. */
#include "ode/branch.h"

#include "ode/branch_curve.h"
#include "ode/branch_degenerate.h"
#include "ode/branch_locate.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64, CLOSED_LEAST = 10, SEED_STEPS = 100, SEED_HALVINGS = 30 };

const double branch_far = 1e3;
/* Lengths of steps, over 1 + |y|.  The longest makes a hundred points of an interval. */
static const double STEP_FIRST = 1e-3, STEP_MOST = 0.01, STEP_LEAST = 1e-9;
static const double STEP_GROWS = 1.5, STEP_SHRINKS = 0.5;
/* A change of stability is explained by steps as short as this, over 1 + |y|, or not at all. */
static const double STEP_EXPLAINS = 1e-6;
static const double TURN_MOST = 0.997, TURN_SMALL = 0.9994; /* cosines: 4.4 and 2 degrees */
static const double OFF_MOST = 0.2;    /* of a correction, over the length of the step */
static const double SAME = 1e-6;       /* distance over 1 + |y| of points that are one */
static const double BESIDE = 1e-3;     /* of a crossing, over 1 + |y|: where its branch begins */
static const double SEED_LEAST = 0.25; /* of |f|: what a damped step of Newton's method gains */

struct walk {
    struct branch_set *set;
    struct branch_curve *curve;
    size_t m; /* dim + 1 */
    struct branch_step here, next;
    double *seed, *kernel, *place, *direction, *probe;
    struct branch forth, back;
    double length;   /* of the next step */
    double made;     /* of the step that was tried: shorter at the end of the interval */
    bool leaves;     /* that step ends on it */
    bool near;       /* that step jumped to another branch */
    double *pending; /* pending[m * pendings]: seeds beside crossings */
    size_t pendings, pending_room, branch; /* the index that this branch will have */
    double storage[];
};

/* ---- memory ---- */

static enum status grown(void *list, size_t *room, size_t count, size_t size)
{
    void **array = list;
    if (count < *room)
        return OK;
    const size_t wanted = *room ? 2 * *room : FIRST_CAPACITY;
    void *made = realloc(*array, wanted * size);
    if (!made)
        return status_fail(NO_MEMORY, "branches: no memory for %zu entries", wanted);
    *array = made;
    *room = wanted;
    return OK;
}

static void branch_clear(struct branch *branch)
{
    free(branch->row);
    free(branch->x);
    *branch = (struct branch){.count = 0};
}

static enum status branch_append(struct branch *branch, size_t dim, const struct branch_row *row,
                                 const double *x)
{
    size_t room = branch->capacity;
    TRY(grown(&branch->row, &room, branch->count, sizeof *branch->row));
    TRY(grown(&branch->x, &branch->capacity, branch->count, dim * sizeof *branch->x));
    branch->row[branch->count] = *row;
    memcpy(branch->x + branch->count * dim, x, dim * sizeof *x);
    branch->count++;
    return OK;
}

enum status branch_set_create(const struct branch_family *family, struct branch_set **set)
{
    if (!(family->from < family->to) || !isfinite(family->to - family->from))
        return status_fail(BAD_ARGUMENT, "branches from %g to %g; expected from < to", family->from,
                           family->to);
    if (family->dim < 1 || family->dim > FLOW_DENSE_MOST)
        return status_fail(BAD_ARGUMENT, "%zu unknowns; branches of 1 to %d can be followed",
                           family->dim, FLOW_DENSE_MOST);
    struct branch_set *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for a set of branches");
    made->family = family;
    *set = made;
    return OK;
}

void branch_set_free(struct branch_set *set)
{
    if (!set)
        return;
    for (size_t k = 0; k < set->branches; k++)
        branch_clear(&set->branch[k]);
    for (size_t k = 0; k < set->specials; k++)
        free(set->special[k].state);
    free(set->branch);
    free(set->special);
    free(set);
}

static struct walk *walk_create(struct branch_set *set)
{
    const size_t m = set->family->dim + 1;
    struct walk *walk = calloc(1, sizeof *walk + 11 * m * sizeof(double));
    if (!walk)
        return NULL;
    double *next = walk->storage;
    double **const arrays[] = {&walk->here.y,    &walk->here.t, &walk->next.y,
                               &walk->next.t,    &walk->seed,   &walk->place,
                               &walk->direction, &walk->probe,  &walk->kernel};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) {
        *arrays[k] = next;
        next += m;
    }
    walk->set = set;
    walk->m = m;
    walk->curve = branch_curve_create(set->family);
    if (walk->curve)
        return walk;
    free(walk);
    return NULL;
}

static void walk_free(struct walk *walk)
{
    branch_curve_free(walk->curve);
    branch_clear(&walk->forth);
    branch_clear(&walk->back);
    free(walk->pending);
    free(walk);
}

/* ---- special points ---- */

static bool is_known_special(const struct walk *walk, enum branch_kind kind, const double *y)
{
    const struct branch_set *set = walk->set;
    const double value = branch_curve_value(walk->curve, y[walk->m - 1]);
    const double near = SAME * (1 + vector_norm(walk->m, y));
    for (size_t k = 0; k < set->specials; k++)
        if (set->special[k].kind == kind && fabs(set->special[k].value - value) <= near &&
            (kind == BRANCH_CONTINUUM ||
             vector_distance(walk->m - 1, set->special[k].state, y) <= near))
            return true;
    return false;
}

static enum status special_fill(struct walk *walk, const struct branch_place *place,
                                struct branch_special *special)
{
    struct flow *flow;
    special->error = place->error;
    special->omega = special->lyapunov = special->doubt = NAN;
    special->branch = walk->branch;
    memcpy(special->state, place->y, (walk->m - 1) * sizeof(double));
    if (special->kind != BRANCH_HOPF)
        return OK;
    TRY(branch_curve_flow(walk->curve, place->y[walk->m - 1], &flow));
    special->omega = place->pairs.omega;
    if (branch_lyapunov(flow, place->y, &special->omega, &special->lyapunov, &special->doubt) != OK)
        special->lyapunov = NAN; /* not known: the point stays */
    flow_free(flow);
    return OK;
}

static enum status special_add(struct walk *walk, enum branch_kind kind,
                               const struct branch_place *place)
{
    struct branch_set *set = walk->set;
    if (is_known_special(walk, kind, place->y))
        return OK;
    TRY(grown(&set->special, &set->special_room, set->specials, sizeof *set->special));
    struct branch_special *special = &set->special[set->specials];
    *special = (struct branch_special){
        .kind = kind, .value = branch_curve_value(walk->curve, place->y[walk->m - 1])};
    special->state = calloc(walk->m, sizeof *special->state);
    if (!special->state)
        return status_fail(NO_MEMORY, "branches: no memory for a point");
    set->specials++;
    return special_fill(walk, place, special);
}

/* Seeds on the other branch, on both sides of the crossing at place->y. */
static enum status crossing_branch(struct walk *walk, const struct branch_place *place)
{
    const size_t m = walk->m;
    for (int side = -1; side <= 1; side += 2) {
        bool found = false;
        TRY(grown(&walk->pending, &walk->pending_room, walk->pendings, m * sizeof(double)));
        double *seed = walk->pending + walk->pendings * m;
        /* without a seed the crossing stays reported */
        const struct branch_step at = {.y = place->y, .t = walk->here.t};
        if (branch_degenerate_beside(walk->curve, &at, side, seed, &found) == OK)
            walk->pendings += found;
    }
    return OK;
}

static enum status event_add(struct walk *walk, enum branch_kind kind)
{
    struct branch_place place = {.y = walk->place};
    TRY(branch_locate(walk->curve, kind, &walk->here, &walk->next, &place));
    if (kind == BRANCH_HOPF && !place.pairs.imaginary)
        return OK; /* two real eigenvalues are opposite: nothing happens */
    const bool known = is_known_special(walk, kind, place.y);
    TRY(special_add(walk, kind, &place));
    return kind == BRANCH_CROSSING && !known ? crossing_branch(walk, &place) : OK;
}

/* What lies between walk->here and walk->next. */
static enum status events_add(struct walk *walk, bool explained)
{
    struct branch_place here = {.y = walk->next.y};
    const bool crossing = branch_locate_crossing(&walk->here, &walk->next);
    if (crossing)
        TRY(event_add(walk, BRANCH_CROSSING));
    else if (branch_locate_fold(walk->curve, &walk->here, &walk->next))
        TRY(event_add(walk, BRANCH_FOLD));
    if (branch_locate_pair(&walk->here, &walk->next))
        TRY(event_add(walk, BRANCH_HOPF));
    return explained ? OK : special_add(walk, BRANCH_UNRESOLVED, &here);
}

/* ---- walking ---- */

/* Neutral eigenvalues may be counted on either side. */
static bool is_explained(const struct walk *walk)
{
    const struct branch_spectrum *a = &walk->here.spectrum, *b = &walk->next.spectrum;
    const size_t most = a->unstable + a->neutral, other = b->unstable + b->neutral;
    const bool one = branch_locate_crossing(&walk->here, &walk->next) ||
                     branch_locate_fold(walk->curve, &walk->here, &walk->next);
    const size_t change = (one ? 1 : 0) + (branch_locate_pair(&walk->here, &walk->next) ? 2 : 0);
    return b->unstable <= most + change && a->unstable <= other + change;
}

static bool is_smooth(const struct walk *walk)
{
    double off = 0;
    for (size_t i = 0; i < walk->m; i++) {
        const double d = walk->next.y[i] - walk->here.y[i] - walk->made * walk->here.t[i];
        off += d * d;
    }
    return sqrt(off) <= OFF_MOST * walk->made &&
           vector_dot(walk->m, walk->here.t, walk->next.t) >= TURN_MOST;
}

static bool is_outside(const struct walk *walk, const double *y)
{
    return y[walk->m - 1] < 0 || y[walk->m - 1] > 1;
}

/* walk->next.y along the tangent, no farther than the end of the interval; the vector of the
 * hyperplane in which it will be corrected. */
static const double *step_predict(struct walk *walk)
{
    const size_t n = walk->m - 1;
    const double q = walk->here.y[n], speed = walk->here.t[n];
    const double room = speed > 0 ? (1 - q) / speed : speed < 0 ? -q / speed : INFINITY;
    walk->leaves = room <= walk->length;
    walk->made = fmin(room, walk->length);
    for (size_t i = 0; i <= n; i++)
        walk->next.y[i] = walk->here.y[i] + walk->made * walk->here.t[i];
    if (!walk->leaves)
        return walk->here.t;
    walk->next.y[n] = speed > 0 ? 1 : 0;
    memset(walk->direction, 0, n * sizeof(double));
    walk->direction[n] = 1;
    return walk->direction;
}

static bool step_try(struct walk *walk)
{
    const double *normal = step_predict(walk);
    if (!branch_curve_correct(walk->curve, normal, walk->next.y))
        return false;
    if (walk->leaves)
        walk->next.y[walk->m - 1] = walk->here.t[walk->m - 1] > 0;
    return !is_outside(walk, walk->next.y) &&
           branch_locate_measure(walk->curve, walk->here.t, &walk->next) == OK && is_smooth(walk);
}

static enum status point_append(struct walk *walk, const struct branch_step *step,
                                struct branch *branch)
{
    const size_t n = walk->m - 1;
    const struct branch_row row = {.value = branch_curve_value(walk->curve, step->y[n]),
                                   .spectrum = step->spectrum};
    return branch_append(branch, n, &row, step->y);
}

/* Has the branch come back to its seed, going the same way? */
static bool is_closed(const struct walk *walk, const struct branch *branch)
{
    const double *seed = walk->seed;
    double along = 0;
    for (size_t i = 0; i < walk->m; i++)
        along += (seed[i] - walk->here.y[i]) * (walk->next.y[i] - walk->here.y[i]);
    const double step = vector_distance(walk->m, walk->here.y, walk->next.y);
    return branch->count > CLOSED_LEAST && along >= 0 && along <= step * step &&
           vector_distance(walk->m, seed, walk->here.y) <= step * STEP_GROWS;
}

static bool is_stopped(const struct walk *walk)
{
    return walk->set->stop && walk->set->stop(walk->set->context);
}

/* Has the corrector left the branch for another one? */
static bool has_jumped(struct walk *walk)
{
    bool crossing = false;
    if (!branch_locate_crossing(&walk->here, &walk->next))
        return false;
    return branch_degenerate_crossing(walk->curve, &walk->here, &walk->next, &crossing) == OK &&
           !crossing;
}

/* One step of at most walk->length that explains itself; false: the branch is lost. */
static bool step_make(struct walk *walk, bool *explained)
{
    const double size = 1 + vector_norm(walk->m, walk->here.y);
    walk->near = false;
    for (; walk->length >= STEP_LEAST * size; walk->length *= STEP_SHRINKS) {
        if (!step_try(walk))
            continue;
        walk->near = has_jumped(walk);
        if (walk->near && walk->made <= STEP_EXPLAINS * size)
            return false;
        if (walk->near)
            continue;
        *explained = is_explained(walk);
        if (*explained || walk->made <= STEP_EXPLAINS * size)
            return true;
    }
    return false;
}

/* Does the branch end with walk->next? */
static bool is_end(const struct walk *walk, const struct branch *branch, enum branch_end *end)
{
    const bool far = vector_norm(walk->m, walk->next.y) > branch_far;
    const bool longest = branch->count >= BRANCH_POINTS_MOST;
    *end = walk->leaves ? BRANCH_END_INTERVAL : far ? BRANCH_END_FAR : BRANCH_END_LONG;
    return walk->leaves || far || longest || is_stopped(walk);
}

/* After no step was made: the shortest one that was tried tells. */
static enum branch_end why_lost(struct walk *walk)
{
    if (walk->near)
        return BRANCH_END_NEAR;
    step_predict(walk);
    return branch_curve_is_kinked(walk->curve, walk->next.y) ? BRANCH_END_KINK : BRANCH_END_LOST;
}

static enum status walk_on(struct walk *walk, struct branch *branch, enum branch_end *end,
                           bool *ended)
{
    bool explained = true;
    *ended = true;
    walk->length = fmin(walk->length, STEP_MOST * (1 + vector_norm(walk->m, walk->here.y)));
    if (!step_make(walk, &explained)) {
        *end = why_lost(walk);
        return OK;
    }
    if (!walk->leaves && is_closed(walk, branch)) {
        *end = BRANCH_END_CLOSED;
        return branch_append(branch, walk->m - 1, &branch->row[0], branch->x);
    }
    TRY(events_add(walk, explained));
    TRY(point_append(walk, &walk->next, branch));
    *ended = is_end(walk, branch, end);
    if (vector_dot(walk->m, walk->here.t, walk->next.t) >= TURN_SMALL)
        walk->length *= STEP_GROWS;
    const struct branch_step swap = walk->here;
    walk->here = walk->next;
    walk->next = swap;
    return OK;
}

/* From the seed along the direction until the branch ends. */
static enum status walk_one_way(struct walk *walk, const double *direction, struct branch *branch,
                                enum branch_end *end)
{
    const size_t n = walk->m - 1;
    memcpy(walk->here.y, walk->seed, walk->m * sizeof(double));
    TRY(branch_locate_measure(walk->curve, direction, &walk->here));
    TRY(point_append(walk, &walk->here, branch));
    *end = BRANCH_END_INTERVAL;
    bool ended = (walk->seed[n] <= 0 && walk->here.t[n] < 0) ||
                 (walk->seed[n] >= 1 && walk->here.t[n] > 0); /* on its way out */
    walk->length = STEP_FIRST * (1 + vector_norm(walk->m, walk->seed));
    while (!ended)
        TRY(walk_on(walk, branch, end, &ended));
    return OK;
}

/* Both ways put together: the way back reversed, the seed, the way forth. */
static enum status branch_join(struct walk *walk, enum branch_end back_end,
                               enum branch_end forth_end)
{
    const size_t n = walk->m - 1;
    struct branch_set *set = walk->set;
    struct branch whole = {.end = {back_end, forth_end}};
    enum status status = OK;
    for (size_t k = walk->back.count; k-- > 1 && status == OK;)
        status = branch_append(&whole, n, &walk->back.row[k], walk->back.x + k * n);
    for (size_t k = 0; k < walk->forth.count && status == OK; k++)
        status = branch_append(&whole, n, &walk->forth.row[k], walk->forth.x + k * n);
    if (status == OK)
        status = grown(&set->branch, &set->branch_room, set->branches, sizeof *set->branch);
    if (status == OK)
        set->branch[set->branches++] = whole;
    else
        branch_clear(&whole);
    return status;
}

/* ---- seeds ---- */

/* Damped Newton at fixed p: |f| falls, or the step is halved. */
static double residual_at(struct walk *walk, const double *y)
{
    struct flow *flow;
    if (branch_curve_flow(walk->curve, y[walk->m - 1], &flow) != OK)
        return INFINITY;
    double size = INFINITY;
    if (flow->field(flow, 1, y, walk->probe) == OK)
        size = vector_norm(walk->m - 1, walk->probe);
    flow_free(flow);
    return isfinite(size) ? size : INFINITY;
}

static bool seed_improve(struct walk *walk, double *y)
{
    const double size = residual_at(walk, y);
    if (!branch_curve_newton(walk->curve, y, walk->kernel))
        return false;
    for (int k = 0; k < SEED_HALVINGS; k++) {
        const double share = ldexp(1, -k);
        for (size_t i = 0; i + 1 < walk->m; i++)
            walk->place[i] = y[i] - share * walk->kernel[i];
        walk->place[walk->m - 1] = y[walk->m - 1];
        if (residual_at(walk, walk->place) <= (1 - SEED_LEAST * share) * size) {
            memcpy(y, walk->place, walk->m * sizeof(double));
            return true;
        }
    }
    return false;
}

/* walk->seed becomes a fixed point at its own p; false: none is found. */
static bool seed_polish(struct walk *walk)
{
    memset(walk->direction, 0, walk->m * sizeof(double));
    walk->direction[walk->m - 1] = 1;
    for (int k = 0; k < SEED_STEPS && seed_improve(walk, walk->seed); k++)
        if (!(vector_norm(walk->m, walk->seed) <= branch_far))
            return false;
    return branch_curve_correct(walk->curve, walk->direction, walk->seed) &&
           vector_norm(walk->m, walk->seed) <= branch_far;
}

/* Does the branch pass y?  Where it passes y's value of p, the point there is found and compared.
 */
static bool passes(struct walk *walk, const struct branch *branch, const double *y)
{
    const size_t n = walk->m - 1;
    const double value = branch_curve_value(walk->curve, y[n]);
    const double near = SAME * (1 + vector_norm(walk->m, y));
    memset(walk->direction, 0, walk->m * sizeof(double));
    walk->direction[n] = 1;
    for (size_t k = 0; k + 1 < branch->count; k++) {
        const double a = branch->row[k].value - value, b = branch->row[k + 1].value - value;
        const double *x = branch->x + k * n;
        if (a * b > 0)
            continue;
        const double share = a != b ? a / (a - b) : 0;
        for (size_t i = 0; i < n; i++)
            walk->place[i] = x[i] + share * (x[n + i] - x[i]);
        walk->place[n] = y[n];
        /* Newton's method is not asked to cross half the space */
        if (vector_distance(n, walk->place, y) > STEP_MOST * (1 + vector_norm(walk->m, y)))
            continue;
        if (vector_distance(n, walk->place, y) <= near ||
            (branch_curve_correct(walk->curve, walk->direction, walk->place) &&
             vector_distance(n, walk->place, y) <= near))
            return true;
    }
    return false;
}

static bool is_known(struct walk *walk, const double *y)
{
    for (size_t k = 0; k < walk->set->branches; k++)
        if (passes(walk, &walk->set->branch[k], y))
            return true;
    return false;
}

/* Is J singular here, and a little farther on the branch, too? */
static enum status is_continuum(struct walk *walk, bool *continuum)
{
    bool singular = false;
    TRY(branch_degenerate_singular(walk->curve, walk->seed, &singular));
    *continuum = false;
    if (!singular)
        return OK;
    memcpy(walk->place, walk->seed, walk->m * sizeof(double));
    walk->place[walk->m - 1] += walk->place[walk->m - 1] > 1.0 / 2 ? -BESIDE : BESIDE;
    for (int k = 0; k < SEED_STEPS && seed_improve(walk, walk->place); k++)
        ;
    return branch_degenerate_singular(walk->curve, walk->place, continuum);
}

/* Is walk->seed on a continuum at its own p?  If so, it is reported. */
static enum status is_level(struct walk *walk, bool *level)
{
    const struct branch_place place = {.y = walk->seed};
    TRY(branch_degenerate_level(walk->curve, walk->seed, level));
    return *level ? special_add(walk, BRANCH_CONTINUUM, &place) : OK;
}

static enum status walk_both_ways(struct walk *walk)
{
    enum branch_end back = BRANCH_END_CLOSED, forth = BRANCH_END_CLOSED;
    double share[2];
    double *two = calloc(3 * walk->m, sizeof *two);
    if (!two)
        return status_fail(NO_MEMORY, "branches: no memory for a kernel");
    walk->forth.count = walk->back.count = 0;
    walk->branch = walk->set->branches;
    enum status status = branch_curve_kernel(walk->curve, walk->seed, two, share);
    if (status == OK)
        status = walk_one_way(walk, two, &walk->forth, &forth);
    for (size_t i = 0; i < walk->m; i++)
        two[2 * walk->m + i] = -two[i];
    if (status == OK && forth != BRANCH_END_CLOSED)
        status = walk_one_way(walk, two + 2 * walk->m, &walk->back, &back);
    free(two);
    const bool alone = walk->forth.count < 2 && walk->back.count < 2;
    return status == OK && !alone ? branch_join(walk, back, forth) : status;
}

/* The branch of the seed, then those that cross it, one after the other. */
static enum status follow(struct walk *walk, enum branch_seed *seed)
{
    bool continuum = false;
    *seed = BRANCH_SEED_NONE;
    if (!seed_polish(walk))
        return OK;
    *seed = BRANCH_SEED_KNOWN;
    if (is_known(walk, walk->seed))
        return OK;
    walk->branch = walk->set->branches;
    TRY(is_continuum(walk, &continuum));
    if (!continuum)
        TRY(is_level(walk, &continuum));
    *seed = continuum ? BRANCH_SEED_CONTINUUM : BRANCH_SEED_NEW;
    if (continuum)
        return OK;
    TRY(walk_both_ways(walk));
    if (walk->set->branches == walk->branch)
        *seed = BRANCH_SEED_ALONE;
    while (walk->pendings > 0 && !is_stopped(walk)) {
        walk->pendings--;
        memcpy(walk->seed, walk->pending + walk->pendings * walk->m, walk->m * sizeof(double));
        if (is_outside(walk, walk->seed) || is_known(walk, walk->seed))
            continue;
        TRY(is_level(walk, &continuum));
        if (!continuum)
            TRY(walk_both_ways(walk));
    }
    return OK;
}

enum status branch_set_follow(struct branch_set *set, const double *state, double value,
                              enum branch_seed *seed)
{
    const struct branch_family *family = set->family;
    struct walk *walk = walk_create(set);
    if (!walk)
        return status_fail(NO_MEMORY, "branches: no memory for %zu unknowns", family->dim);
    memcpy(walk->seed, state, family->dim * sizeof *state);
    walk->seed[family->dim] = (value - family->from) / (family->to - family->from);
    const enum status status = follow(walk, seed);
    walk_free(walk);
    return status;
}

/* ---- words ---- */

const char *branch_stability(const struct branch_spectrum *spectrum, size_t dim)
{
    const bool turns = spectrum->frequency > 0;
    if (spectrum->unstable > 0 && spectrum->unstable < dim)
        return "saddle";
    if (spectrum->neutral > 0)
        return "undecided";
    if (spectrum->unstable == 0)
        return turns ? "stable focus" : "stable node";
    return turns ? "unstable focus" : "unstable node";
}

const char *branch_kind_name(enum branch_kind kind)
{
    static const char *const names[BRANCH_KINDS] = {[BRANCH_FOLD] = "fold",
                                                    [BRANCH_HOPF] = "Hopf point",
                                                    [BRANCH_CROSSING] = "crossing",
                                                    [BRANCH_UNRESOLVED] = "unresolved change",
                                                    [BRANCH_CONTINUUM] = "continuum"};
    return names[kind];
}

const char *branch_end_reason(enum branch_end end)
{
    static const char *const reasons[BRANCH_ENDS] = {
        [BRANCH_END_INTERVAL] = "end of the interval",
        [BRANCH_END_CLOSED] = "closed curve",
        [BRANCH_END_FAR] = "the state grows beyond 1000",
        [BRANCH_END_LOST] = "lost: no step converges",
        [BRANCH_END_KINK] = "the field is not smooth there",
        [BRANCH_END_NEAR] = "nearer to another branch than can be told apart",
        [BRANCH_END_LONG] = "stopped: too many points"};
    return reasons[end];
}
