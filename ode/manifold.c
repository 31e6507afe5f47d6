/* Rank with a gap, continuation, asymptotic phase.
 *
 * J = U S V'.  Its kernel N = V_0 has to be tangent to the fixed points, its range R = U_+ is where
 * the flow contracts or expands: the spectrum transverse to the fixed points is that of R'JR.
 * Newton's iteration restricted to R, with R held fixed, leads from a state to its phase, and from
 * a step along the kernel back to the fixed points; it cannot move along them, where f says
 * nothing, as a least-squares step does once the small singular values have come down to rounding.
 * The residual map on the kernel is analytic: it vanishes identically if it does at points in
 * general position, so a few directions without symmetry stand for all.
 * Rejected: the nearest fixed point for the limit (wrong to first order where R and N are not
 * perpendicular); counting eigenvalues below a threshold (cannot tell slow from fixed); continuing
 * within the leaf (its curvature is unbounded near its singular points, which gradient descent from
 * small weights approaches). */
#include "ode/manifold.h"

#include "ode/dense.h"
#include "ode/switch.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RELAX_MOST = 30,   /* Newton iterations: quadratic, and a chord where R turns */
    APPROACH_MOST = 8, /* iterations with a rank of their own, to the first R */
    ROUNDS = 2,        /* of the phase: the first one turns R to the limit */
    SHORTER = 5,       /* steps h, h/2, ... where fixed points are found, but far off */
    DIRECTIONS = 3,    /* in general position, of the continuation */
    HALVINGS = 60,     /* of the part of the state along the kernel, far continuation */
    JUMPS = 40,        /* along the kernel, far continuation */
    WAYS = 3           /* of the far continuation */
};
static const double ZERO = 1e-9; /* singular values below this share of the largest may be kernel */
static const double GAP = 1e3;   /* between the smallest value of the range and the kernel's */
static const double LIPSCHITZ_STEP = 1e-4; /* smallest radius of sampling, relative */

/* Continuation: the longest step, relative to 1 + |x|; a root of order k along the kernel leaves a
 * residual of step^k, which must exceed rounding: 0.03^9 = 2e-14. */
static const double STEP_MOST = 0.03;
static const double STEP_SHARE = 0.1;  /* of the distance where the range may turn degenerate */
static const double DEVIATION = 0.25;  /* of the step, at most */
static const double RATIO_LEAST = 2.5; /* of the deviations of h and h/2: 2 would be linear */
static const double RATIO_MOST = 8;    /* 4, were there no cubes */
static const double STRAIGHT = 1e-9;   /* deviation in units of the step that is none */
static const double KANTOROVICH = 1.0 / 16; /* (E2) */
static const double GOLDEN =
    0.6180339887498949; /* fractional parts of its multiples: no symmetry */

/* Of the far continuation: the solution counts where a Newton correction is below so many
 * resolutions, and its residual is more than rounding above so many floors */
static const double SOLVED = 10, ABOVE = 100;
/* One jump after the other; most are near, and lead to FARTHEST sizes of the state */
static const double FARTHER = 4, NEARER = 1.0 / 32, FARTHEST = 1e6, LEAST_MOVE = 1e-4;

/* A step along the kernel: a share of the state's own part in it, and a length along search->v. */
struct move {
    double share, length;
};

struct travel {
    struct move move;
    int moves;
};

/* A step of the far continuation and how far the curve is then from where the kernel pointed; is
 * R'f = 0 solved there, and is f = 0? */
struct shrunk {
    double step, deviation;
    bool solved, zero;
};

/* J at one point: its range and its kernel. */
struct frame {
    size_t rank;
    double *R, *N; /* R[n*rank], N[n*(n - rank)] */
    double *M;     /* M[rank*rank] = R'JR */
    double least;  /* singular value of M */
    double skew;   /* norm of the projection on the range along the kernel */
};

struct manifold_search {
    struct fixed_point_work *work;
    const struct flow *flow;
    size_t n;
    struct frame here, there;
    double *J, *U, *V, *K, *product, *s, *f, *z, *y, *probe, *v, *far, *first;
    double storage[];
};

struct manifold_search *manifold_search_create(struct fixed_point_work *work,
                                               const struct flow *flow)
{
    const size_t n = flow->dim, square = n * n;
    struct manifold_search *search =
        calloc(1, sizeof *search + (11 * square + 8 * n) * sizeof(double));
    if (!search)
        return NULL;
    double *next = search->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&search->here.R, square},
        {&search->here.N, square},
        {&search->here.M, square},
        {&search->there.R, square},
        {&search->there.N, square},
        {&search->there.M, square},
        {&search->J, square},
        {&search->U, square},
        {&search->V, square},
        {&search->K, square},
        {&search->product, square},
        {&search->s, n},
        {&search->f, n},
        {&search->z, n},
        {&search->y, n},
        {&search->probe, n},
        {&search->v, n},
        {&search->far, n},
        {&search->first, n},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    search->work = work;
    search->flow = flow;
    search->n = n;
    return search;
}

void manifold_search_free(struct manifold_search *search)
{
    free(search);
}

/* ---- frames ---- */

/* How many of s[n] belong to the range, if the rest is below `zero` of the largest; n if all do, 0
 * if there is no clear gap. */
static size_t rank_with_gap(size_t n, const double *s, double zero)
{
    size_t rank = 0;
    if (!(s[0] > 0))
        return 0;
    while (rank < n && s[rank] > zero * s[0])
        rank++;
    if (rank == n)
        return rank;
    return s[rank - 1] >= GAP * fmax(s[rank], DBL_EPSILON * s[0]) ? rank : 0;
}

/* M = R' J R, with J at the point in question. */
static void restrict_to_range(struct manifold_search *search, const struct frame *frame, double *M)
{
    const size_t n = search->n, k = frame->rank;
    dense_multiply(n, n, k, search->J, frame->R, search->product);
    dense_multiply_transposed(k, n, k, frame->R, search->product, M);
}

static void copy_columns(size_t n, const double *from, size_t first, size_t count, double *to)
{
    for (size_t i = 0; i < n; i++)
        memcpy(to + i * count, from + i * n + first, count * sizeof *to);
}

/* The norm of the projection on the range along the kernel is 1/least singular value of V_+' U_+.
 */
static enum status measure_skew(struct manifold_search *search, struct frame *frame)
{
    const size_t n = search->n, k = frame->rank;
    copy_columns(n, search->V, 0, k, search->K);
    dense_multiply_transposed(k, n, k, search->K, frame->R, search->product);
    TRY(dense_singular_values(k, search->product, search->s, search->V));
    frame->skew = 1 / search->s[k - 1];
    return OK;
}

/* Range and kernel of J(x), whose small singular values are below `zero`; rank 0 or n: no frame. */
static enum status split(struct manifold_search *search, const double *x, double zero,
                         struct frame *frame)
{
    const size_t n = search->n;
    TRY(search->flow->jacobian(search->flow, x, search->J));
    memcpy(search->U, search->J, n * n * sizeof(double));
    TRY(dense_singular_values(n, search->U, search->s, search->V));
    frame->rank = rank_with_gap(n, search->s, zero);
    copy_columns(n, search->U, 0, frame->rank, frame->R);
    copy_columns(n, search->V, frame->rank, n - frame->rank, frame->N);
    return OK;
}

static enum status make_frame(struct manifold_search *search, const double *x, struct frame *frame)
{
    TRY(split(search, x, ZERO, frame));
    if (frame->rank == 0 || frame->rank == search->n)
        return OK;
    TRY(measure_skew(search, frame));
    restrict_to_range(search, frame, frame->M);
    restrict_to_range(search, frame, search->K);
    TRY(dense_singular_values(frame->rank, search->K, search->s, search->V));
    frame->least = search->s[frame->rank - 1];
    return OK;
}

/* ---- Newton's iteration on the range ---- */

/* z = -(R'JR)^-1 R'f at y */
static enum status range_step(struct manifold_search *search, const struct frame *frame,
                              const double *y)
{
    const size_t n = search->n, k = frame->rank;
    TRY(search->flow->field(search->flow, 1, y, search->f));
    TRY(search->flow->jacobian(search->flow, y, search->J));
    restrict_to_range(search, frame, search->K);
    dense_multiply_transposed(k, n, 1, frame->R, search->f, search->z);
    for (size_t a = 0; a < k; a++)
        search->z[a] = -search->z[a];
    return dense_solve(k, search->K, search->z);
}

/* From y, in place, along the range, to f = 0; point->found tells. */
static enum status relax(struct manifold_search *search, const struct frame *frame, double *y,
                         struct fixed_point *point)
{
    const size_t n = search->n;
    double before = INFINITY;
    *point = (struct fixed_point){0};
    for (size_t i = 0; i < RELAX_MOST && !point->found; i++) {
        TRY(fixed_point_residual(search->work, y, &point->residual, &point->residual_floor));
        TRY(range_step(search, frame, y));
        const double resolution = DBL_EPSILON * (1 + vector_norm(n, y));
        const double resolved = vector_norm(n * n, search->J) * resolution;
        const double correction = vector_norm(frame->rank, search->z);
        if (i == 0)
            memcpy(search->first, search->f, n * sizeof(double));
        const bool stays = correction <= resolution &&
                           fixed_point_has_fallen(search->work, search->first, y) &&
                           fixed_point_is_explained(n, search->f, search->J, resolution);
        point->found = fixed_point_is_zero(search->work, y) || stays;
        point->residual_floor += stays ? resolved : 0;
        point->position_error = fmax(correction, resolution);
        point->iterations = i;
        if (!(correction <= before) && !point->found) /* rounding, or nothing to find */
            return OK;
        before = fmax(correction, resolution);
        for (size_t j = 0; j < n && !point->found; j++)
            y[j] += vector_dot(frame->rank, frame->R + j * frame->rank, search->z);
    }
    return OK;
}

/* ---- continuation, (E11) ---- */

/* One step h along v from the fixed point x and back to the fixed points: how far it went. */
static enum status deviation_of(struct manifold_search *search, const double *x, double h,
                                double *deviation, bool *found)
{
    const size_t n = search->n;
    struct fixed_point point;
    for (size_t j = 0; j < n; j++)
        search->y[j] = search->probe[j] = x[j] + h * search->v[j];
    TRY(relax(search, &search->here, search->y, &point));
    *deviation = vector_distance(n, search->y, search->probe);
    *found = point.found;
    return OK;
}

/* Do the fixed points go on along v, as a curve tangent to it, with a kernel of the same dimension?
 */
static enum status continues(struct manifold_search *search, const double *x, double h, bool *fixed)
{
    double whole = INFINITY, half = INFINITY;
    *fixed = true;
    for (int i = 0; i < SHORTER && *fixed && !(half <= DEVIATION * h / 2); i++) {
        h /= i > 0 ? 2 : 1; /* fixed points, but far off: their manifold is curved */
        TRY(deviation_of(search, x, h / 2, &half, fixed));
    }
    if (*fixed)
        TRY(deviation_of(search, x, h, &whole, fixed));
    *fixed = *fixed && half <= DEVIATION * h / 2 &&
             (whole <= STRAIGHT * h || whole >= RATIO_LEAST * half);
    if (*fixed)
        TRY(make_frame(search, search->y, &search->there));
    *fixed = *fixed && search->there.rank == search->here.rank;
    return OK;
}

/* v = N w / |w|: column `which` of N, or from d on a combination without symmetry. */
static void choose_direction(struct manifold_search *search, size_t which)
{
    const size_t n = search->n, d = n - search->here.rank;
    for (size_t j = 0; j < n; j++)
        search->v[j] = which < d ? search->here.N[j * d + which] : 0;
    for (size_t a = 0; a < d && which >= d; a++) {
        const double turn = GOLDEN * (double)((a + 1) * (which - d + 1));
        const double weight = 2 * (turn - floor(turn)) - 1;
        for (size_t j = 0; j < n; j++)
            search->v[j] += weight * search->here.N[j * d + a];
    }
    const double size = vector_norm(n, search->v);
    for (size_t j = 0; j < n; j++)
        search->v[j] /= size;
}

static enum status count_fixed(struct manifold_search *search, const double *x, double h,
                               size_t *fixed)
{
    const size_t d = search->n - search->here.rank;
    bool goes_on = true;
    for (size_t k = 0; k < DIRECTIONS && goes_on; k++) {
        choose_direction(search, d + k);
        TRY(continues(search, x, h, &goes_on));
    }
    *fixed = d;
    if (goes_on)
        return OK;
    *fixed = 0; /* which of them, for the record */
    for (size_t k = 0; k < d; k++) {
        choose_direction(search, k);
        TRY(continues(search, x, h, &goes_on));
        *fixed += goes_on && *fixed + 1 < d;
    }
    return OK;
}

/* ---- far continuation, (E31) ---- */

/* y[] = x plus `part` of its part along the kernel at x and of that of search->v, back along the range
 * at x. */
static enum status displace(struct manifold_search *search, const double *x, struct move move,
                            struct shrunk *shrunk)
{
    const struct frame *frame = &search->there;
    const size_t n = search->n, d = n - frame->rank;
    double *y = search->y;
    memcpy(y, x, n * sizeof *y);
    for (size_t a = 0; a < d; a++) {
        double along = 0;
        for (size_t j = 0; j < n; j++)
            along += frame->N[j * d + a] * (move.share * x[j] + move.length * search->v[j]);
        for (size_t j = 0; j < n; j++)
            y[j] += along * frame->N[j * d + a];
    }
    shrunk->step = vector_distance(n, x, y);
    memcpy(search->probe, y, n * sizeof *y);
    struct fixed_point point;
    TRY(relax(search, frame, y, &point));
    TRY(fixed_point_residual(search->work, y, &point.residual, &point.residual_floor));
    TRY(range_step(search, frame, y));
    const double resolution = DBL_EPSILON * (1 + vector_norm(n, y));
    shrunk->deviation = vector_distance(n, y, search->probe);
    shrunk->solved = vector_norm(frame->rank, search->z) <= SOLVED * resolution;
    shrunk->zero = point.residual <= ABOVE * point.residual_floor ||
                   fixed_point_is_explained(n, search->f, search->J, ABOVE * resolution);
    return OK;
}

/* The longest half, quarter, ... of the move that stays on the curve, into y: off its tangent like
 * the square of the step, else R'f = 0 may have led to another curve. */
static enum status displace_near(struct manifold_search *search, const double *x, struct move move,
                                 bool *near, bool *zero)
{
    *near = false;
    for (int k = 0; k < SHORTER && !*near; k++) {
        struct shrunk half = {0}, whole = {0};
        move.share /= 2;
        move.length /= 2;
        const struct move shorter = {move.share / 2, move.length / 2};
        TRY(displace(search, x, shorter, &half));
        TRY(displace(search, x, move, &whole));
        *near = half.solved && whole.solved && whole.deviation <= DEVIATION * whole.step &&
                (whole.deviation <= STRAIGHT * whole.step ||
                 (whole.deviation >= RATIO_LEAST * half.deviation &&
                  whole.deviation <= RATIO_MOST * half.deviation));
        *zero = whole.zero;
    }
    return OK;
}

/* Follows the fixed points from x by moves that grow, and shrink where the curve turns, as far as
 * they can be followed: *ends tells that the residual on the way is more than rounding, so that it
 * was rounding at x. */
static enum status follow_far(struct manifold_search *search, const double *x, struct travel travel,
                              bool *ends)
{
    const size_t n = search->n, rank = search->here.rank;
    const double size = 1 + vector_norm(n, x), first = fabs(travel.move.length);
    double *at = search->far;
    memcpy(at, x, n * sizeof *x);
    for (int i = 0; i < travel.moves && !*ends; i++) {
        bool near = false, zero = true;
        TRY(make_frame(search, at, &search->there));
        if (search->there.rank != rank || vector_norm(n, at) > FARTHEST * size)
            return OK;
        TRY(displace_near(search, at, travel.move, &near, &zero));
        near = near && switch_holds(search->flow, search->y);
        travel.move.length *= near ? FARTHER : NEARER;
        if (!near && !(fabs(travel.move.length) > LEAST_MOVE * first))
            return OK;
        if (!near)
            continue;
        *ends = !zero;
        memcpy(at, search->y, n * sizeof *at);
    }
    return OK;
}

/* An iteration that does not end, as on a matrix of rounding errors, and a step out of the field's
 * domain have found no manifold. */
static enum status as_answer(enum status status)
{
    return status == SOLVER_FAILED || status == RETRY_SHORTER || status == NOT_FINITE ? OK : status;
}

/* Towards the origin, and if formulas saturate away from x to both sides. */
static enum status look_far(struct manifold_search *search, const double *x, bool *ends)
{
    const double size = 1 + vector_norm(search->n, x);
    const size_t ways = search->flow->saturates ? WAYS : 1;
    const struct travel travels[WAYS] = {
        {{.share = -1}, HALVINGS}, {{.length = size}, JUMPS}, {{.length = -size}, JUMPS}};
    *ends = false;
    for (size_t k = 0; k < ways && !*ends; k++) {
        choose_direction(search, search->n - search->here.rank);
        TRY(as_answer(follow_far(search, x, travels[k], ends)));
    }
    return OK;
}

enum status manifold_confirm(struct manifold_search *search, const double *limit,
                             const struct fixed_point *point, struct manifold *manifold,
                             bool *confirmed)
{
    const double h = fmin(STEP_MOST * (1 + vector_norm(search->n, limit)),
                          STEP_SHARE * search->here.least / point->lipschitz);
    size_t fixed = 0;
    enum status status = count_fixed(search, limit, h, &fixed);
    *confirmed = status == OK && fixed == manifold->kernel;
    bool ends = false;
    if (*confirmed) /* a failure on the way is the end of what can be followed */
        status = look_far(search, limit, &ends);
    *confirmed = *confirmed && !ends;
    fixed = ends ? 0 : fixed;
    manifold->fixed = fixed > manifold->integrals ? fixed - manifold->integrals : 0;
    return as_answer(status);
}

/* ---- the phase ---- */

/* y[] += the least step to f = 0 with R and N as they are at y: U_+ S_+ V_+' d = -f. */
static void least_step(struct manifold_search *search, double *y)
{
    const size_t n = search->n;
    for (size_t a = 0; a < search->here.rank; a++) {
        double along = 0;
        for (size_t i = 0; i < n; i++)
            along += search->U[i * n + a] * search->f[i];
        for (size_t j = 0; j < n; j++)
            y[j] -= along / search->s[a] * search->V[j * n + a];
    }
}

/* The first frame: near x, where the small singular values are still of the order of the distance
 * to the fixed points, they fall to rounding as y approaches. */
static enum status approach(struct manifold_search *search, const double *x, struct frame *frame)
{
    static const double NEAR = 1e-4; /* of the largest singular value: kernel, or not near enough */
    memcpy(search->y, x, search->n * sizeof *x);
    for (int i = 0; i < APPROACH_MOST; i++) {
        TRY(split(search, search->y, NEAR, frame));
        if (frame->rank == 0 || (frame->rank == search->n && i == 0))
            TRY(split(search, search->y, ZERO, frame)); /* slow directions are no kernel */
        const bool small = frame->rank < search->n && search->s[frame->rank] <= ZERO * search->s[0];
        if (frame->rank == 0 || frame->rank == search->n || small)
            break;
        TRY(search->flow->field(search->flow, 1, search->y, search->f));
        least_step(search, search->y);
    }
    return make_frame(search, search->y, frame);
}

/* (E12): from x along the range of its own limit, into limit[]. */
static enum status find_phase(struct manifold_search *search, const double *x, double *limit,
                              struct fixed_point *point, bool *reached)
{
    const size_t n = search->n, rank = search->here.rank;
    *reached = false;
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(limit, x, n * sizeof *x);
        TRY(relax(search, &search->here, limit, point));
        if (!point->found)
            return OK;
        TRY(make_frame(search, limit, &search->here));
        if (search->here.rank != rank)
            return OK;
    }
    *reached = true;
    return OK;
}

/* Largest |J(x + h r) - J(x)| / h over the directions r of the range; J(x) is in U. */
static enum status sample_lipschitz(struct manifold_search *search, const double *x, double h,
                                    double *lipschitz)
{
    const size_t n = search->n, k = search->here.rank;
    TRY(search->flow->jacobian(search->flow, x, search->U));
    *lipschitz = 0;
    for (size_t b = 0; b < k; b++) {
        for (size_t j = 0; j < n; j++)
            search->probe[j] = x[j] + h * search->here.R[j * k + b];
        TRY(search->flow->jacobian(search->flow, search->probe, search->J));
        *lipschitz = fmax(*lipschitz, vector_distance(n * n, search->J, search->U) / h);
    }
    return OK;
}

/* The spectrum of R'JR, or in closed form where the flow has one of that many entries. */
static enum status take_spectrum(struct manifold_search *search, const double *limit,
                                 double *spectrum, struct fixed_point *point)
{
    const struct frame *here = &search->here;
    const size_t k = here->rank;
    const struct flow *flow = search->flow;
    memcpy(search->K, here->M, k * k * sizeof(double));
    point->norm = vector_norm(k * k, here->M);
    if (!flow->transverse || flow->transverse(flow, limit, spectrum) != k)
        TRY(dense_real_parts(k, search->K, point->norm, spectrum));
    point->count = k;
    point->rate = spectrum[0];
    return OK;
}

/* (E2) on the range, where 1/least is the norm of the inverse. */
static bool is_certified(const struct frame *frame, const struct fixed_point *point)
{
    return fixed_point_is_simple(point) &&
           point->residual_floor * point->lipschitz <= KANTOROVICH * frame->least * frame->least;
}

static enum status seek(struct manifold_search *search, const double *x, double *limit,
                        double *spectrum, struct fixed_point *point, struct manifold *manifold)
{
    const size_t n = search->n;
    TRY(approach(search, x, &search->here));
    manifold->regular = search->here.rank == n;
    if (search->here.rank == 0 || manifold->regular)
        return OK;
    bool reached;
    manifold->kernel = n - search->here.rank;
    TRY(find_phase(search, x, limit, point, &reached));
    if (!reached)
        return OK;
    TRY(take_spectrum(search, limit, spectrum, point));
    const double away = vector_distance(n, x, limit);
    TRY(sample_lipschitz(search, limit, fmax(away, LIPSCHITZ_STEP * (1 + vector_norm(n, limit))),
                         &point->lipschitz));
    point->simple = is_certified(&search->here, point);
    manifold->phase_error = search->here.skew * point->lipschitz * away * away / fabs(point->rate) +
                            point->position_error;
    TRY(fixed_point_tangent(search->work, limit, search->K, &point->leaf));
    manifold->integrals = n - point->leaf < manifold->kernel ? n - point->leaf : manifold->kernel;
    manifold->reached = true;
    return OK;
}

enum status manifold_seek(struct manifold_search *search, const double *x, double *limit,
                          double *spectrum, struct fixed_point *point, struct manifold *manifold)
{
    *manifold = (struct manifold){0};
    *point = (struct fixed_point){0};
    const enum status status = seek(search, x, limit, spectrum, point, manifold);
    if (status != OK)
        *manifold = (struct manifold){0};
    return as_answer(status);
}
