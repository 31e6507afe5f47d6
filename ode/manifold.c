/* Rank with a gap, continuation, asymptotic phase.
 *
 * On the leaf's tangent space K = T'JT = U S V'.  Its kernel N = T V_0 has to be tangent to the
 * fixed points, its range R = T U_+ is where the flow contracts or expands: the spectrum transverse
 * to the fixed points is that of R'JR.  Newton's iteration restricted to R, with R held fixed,
 * leads from a state to its phase, and from a step along the kernel back to the fixed points; it
 * cannot move along them, where f says nothing, as a least-squares step does once the small
 * singular values have come down to rounding.
 * Rejected: the nearest fixed point for the limit (wrong to first order where R and N are not
 * perpendicular); counting eigenvalues below a threshold (cannot tell slow from fixed). */
#include "ode/manifold.h"

#include "ode/dense.h"
#include "ode/vector.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    RELAX_MOST = 30, /* Newton iterations: quadratic, and a chord where R turns */
    ROUNDS = 2       /* of the phase: the first one turns R to the limit */
};
static const double ZERO = 1e-9; /* singular values below this share of the largest may be kernel */
static const double GAP = 1e3;   /* between the smallest value of the range and the kernel's */
static const double EXPLAINED = 4; /* |f| over |J| times the resolution of x, as in polishing */

/* Continuation: the longest step, relative to 1 + |x|; a root of order k along the kernel leaves a
 * residual of step^k, which must exceed rounding: 0.03^9 = 2e-14. */
static const double STEP_MOST = 0.03;
static const double STEP_SHARE = 0.1;  /* of the distance where the range may turn degenerate */
static const double DEVIATION = 0.25;  /* of the step, at most */
static const double RATIO_LEAST = 2.5; /* of the deviations of h and h/2: 4 is quadratic, ... */
static const double RATIO_MOST = 6.5;  /* ... 2 would be linear, 8 cubic */
static const double STRAIGHT = 1e-9;   /* deviation in units of the step that is none */
static const double KANTOROVICH = 1.0 / 16; /* (E2) */

/* J on the leaf at one point: its range and its kernel. */
struct frame {
    size_t leaf, rank;
    double *R, *N;  /* R[n*rank], N[n*(leaf - rank)] */
    double *M;      /* M[rank*rank] = R'JR */
    double largest; /* singular value of K */
    double least;   /* singular value of M */
    double skew;    /* norm of the projection on the range along the kernel */
};

struct seeker {
    struct fixed_point_work *work;
    const struct flow *flow;
    size_t n;
    struct frame here, there;
    double *J, *T, *K, *V, *product, *s, *f, *z, *y, *probe, *v, *limit, *spectrum;
    double storage[];
};

static struct seeker *seeker_create(struct fixed_point_work *work, const struct flow *flow)
{
    const size_t n = flow->dim, square = n * n;
    struct seeker *seeker = calloc(1, sizeof *seeker + (11 * square + 8 * n) * sizeof(double));
    if (!seeker)
        return NULL;
    double *next = seeker->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&seeker->here.R, square},
        {&seeker->here.N, square},
        {&seeker->here.M, square},
        {&seeker->there.R, square},
        {&seeker->there.N, square},
        {&seeker->there.M, square},
        {&seeker->J, square},
        {&seeker->T, square},
        {&seeker->K, square},
        {&seeker->V, square},
        {&seeker->product, square},
        {&seeker->s, n},
        {&seeker->f, n},
        {&seeker->z, n},
        {&seeker->y, n},
        {&seeker->probe, n},
        {&seeker->v, n},
        {&seeker->limit, n},
        {&seeker->spectrum, n},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    seeker->work = work;
    seeker->flow = flow;
    seeker->n = n;
    return seeker;
}

/* ---- frames ---- */

/* How many of s[m] belong to the range; m if none is small, 0 if there is no clear gap. */
static size_t rank_with_gap(size_t m, const double *s)
{
    size_t rank = 0;
    while (rank < m && s[rank] > ZERO * s[0])
        rank++;
    if (rank == 0 || rank == m)
        return rank;
    return s[rank - 1] >= GAP * fmax(s[rank], DBL_EPSILON * s[0]) ? rank : 0;
}

/* M = R' J R, with J at the point in question. */
static void restrict_to_range(struct seeker *seeker, const struct frame *frame, double *M)
{
    const size_t n = seeker->n, k = frame->rank;
    dense_multiply(n, n, k, seeker->J, frame->R, seeker->product);
    dense_multiply_transposed(k, n, k, frame->R, seeker->product, M);
}

/* to[n*count] = T from[leaf*leaf], columns first, first + 1, ... */
static void lift_columns(const struct seeker *seeker, size_t leaf, const double *from, size_t first,
                         size_t count, double *to)
{
    for (size_t i = 0; i < seeker->n; i++)
        for (size_t b = 0; b < count; b++) {
            double sum = 0;
            for (size_t a = 0; a < leaf; a++)
                sum += seeker->T[i * leaf + a] * from[a * leaf + first + b];
            to[i * count + b] = sum;
        }
}

/* The norm of the projection on the range along the kernel is 1/least singular value of V_+' U_+.
 */
static enum status measure_skew(struct seeker *seeker, struct frame *frame)
{
    const size_t m = frame->leaf, k = frame->rank;
    double *C = seeker->product;
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < k; b++) {
            double sum = 0;
            for (size_t i = 0; i < m; i++)
                sum += seeker->V[i * m + a] * seeker->K[i * m + b];
            C[a * k + b] = sum;
        }
    TRY(dense_singular_values(k, C, seeker->s, seeker->V));
    frame->skew = 1 / seeker->s[k - 1];
    return OK;
}

static enum status make_frame(struct seeker *seeker, const double *x, struct frame *frame)
{
    const size_t n = seeker->n;
    TRY(fixed_point_tangent(seeker->work, x, seeker->T, &frame->leaf));
    const size_t m = frame->leaf;
    TRY(seeker->flow->jacobian(seeker->flow, x, seeker->J));
    dense_multiply(n, n, m, seeker->J, seeker->T, seeker->product);
    dense_multiply_transposed(m, n, m, seeker->T, seeker->product, seeker->K);
    TRY(dense_singular_values(m, seeker->K, seeker->s, seeker->V));
    frame->largest = seeker->s[0];
    frame->rank = frame->largest > 0 ? rank_with_gap(m, seeker->s) : 0;
    if (frame->rank == 0)
        return OK;
    lift_columns(seeker, m, seeker->K, 0, frame->rank, frame->R);
    lift_columns(seeker, m, seeker->V, frame->rank, m - frame->rank, frame->N);
    TRY(measure_skew(seeker, frame));
    restrict_to_range(seeker, frame, frame->M);
    restrict_to_range(seeker, frame, seeker->K);
    TRY(dense_singular_values(frame->rank, seeker->K, seeker->s, seeker->V));
    frame->least = seeker->s[frame->rank - 1];
    return OK;
}

/* ---- Newton's iteration on the range ---- */

/* z = -(R'JR)^-1 R'f at y */
static enum status range_step(struct seeker *seeker, const struct frame *frame, const double *y)
{
    const size_t n = seeker->n, k = frame->rank;
    TRY(seeker->flow->field(seeker->flow, 1, y, seeker->f));
    TRY(seeker->flow->jacobian(seeker->flow, y, seeker->J));
    restrict_to_range(seeker, frame, seeker->K);
    dense_multiply_transposed(k, n, 1, frame->R, seeker->f, seeker->z);
    for (size_t a = 0; a < k; a++)
        seeker->z[a] = -seeker->z[a];
    return dense_solve(k, seeker->K, seeker->z);
}

/* From y, in place, along the range, to f = 0 on the leaf; point->found tells. */
static enum status relax(struct seeker *seeker, const struct frame *frame, double *y,
                         struct fixed_point *point)
{
    const size_t n = seeker->n;
    double before = INFINITY;
    *point = (struct fixed_point){0};
    for (size_t i = 0; i < RELAX_MOST && !point->found; i++) {
        TRY(fixed_point_to_leaf(seeker->work, y));
        TRY(fixed_point_residual(seeker->work, y, &point->residual, &point->residual_floor));
        TRY(range_step(seeker, frame, y));
        const double resolution = DBL_EPSILON * (1 + vector_norm(n, y));
        const double resolved = vector_norm(n * n, seeker->J) * resolution;
        const double correction = vector_norm(frame->rank, seeker->z);
        const bool stays = correction <= resolution && point->residual <= EXPLAINED * resolved;
        point->found = (point->residual <= point->residual_floor || stays) &&
                       fixed_point_is_on_leaf(seeker->work, y);
        point->residual_floor += stays ? resolved : 0;
        point->position_error = fmax(correction, resolution);
        point->iterations = i;
        if (!(correction <= before) && !point->found) /* rounding, or nothing to find */
            return OK;
        before = fmax(correction, resolution);
        for (size_t j = 0; j < n && !point->found; j++)
            y[j] += vector_dot(frame->rank, frame->R + j * frame->rank, seeker->z);
    }
    return OK;
}

/* ---- continuation, (E11) ---- */

/* One step h along v from the fixed point x and back to the fixed points: how far it went. */
static enum status deviation_of(struct seeker *seeker, const double *x, const double *v, double h,
                                double *deviation, bool *found)
{
    const size_t n = seeker->n;
    struct fixed_point point;
    for (size_t j = 0; j < n; j++)
        seeker->y[j] = seeker->probe[j] = x[j] + h * v[j];
    TRY(relax(seeker, &seeker->here, seeker->y, &point));
    *deviation = vector_distance(n, seeker->y, seeker->probe);
    *found = point.found && *deviation <= DEVIATION * h;
    return OK;
}

/* Do the fixed points go on along v, as a curve tangent to it, with a kernel of the same dimension?
 */
static enum status continues(struct seeker *seeker, const double *x, const double *v, double h,
                             bool *fixed)
{
    double whole, half;
    TRY(deviation_of(seeker, x, v, h / 2, &half, fixed));
    if (*fixed)
        TRY(deviation_of(seeker, x, v, h, &whole, fixed));
    if (!*fixed)
        return OK;
    const bool straight = whole <= STRAIGHT * h;
    *fixed = straight || (whole >= RATIO_LEAST * half && whole <= RATIO_MOST * half);
    if (*fixed)
        TRY(make_frame(seeker, seeker->y, &seeker->there));
    *fixed = *fixed && seeker->there.rank == seeker->here.rank &&
             seeker->there.leaf == seeker->here.leaf;
    return OK;
}

/* How many directions of the kernel are tangent to fixed points; all of them only if their sum is,
 * too. */
static enum status count_fixed(struct seeker *seeker, const double *x, double lipschitz,
                               size_t *fixed)
{
    const struct frame *here = &seeker->here;
    const size_t n = seeker->n, d = here->leaf - here->rank;
    const double h =
        fmin(STEP_MOST * (1 + vector_norm(n, x)), STEP_SHARE * here->least / lipschitz);
    *fixed = 0;
    for (size_t b = 0; b <= d; b++) {
        bool goes_on;
        if (b == d && (d == 1 || *fixed < d))
            return OK;
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t a = 0; a < d; a++)
                sum += here->N[j * d + a];
            seeker->v[j] = b < d ? here->N[j * d + b] : sum / sqrt((double)d);
        }
        TRY(continues(seeker, x, seeker->v, h, &goes_on));
        if (b < d)
            *fixed += goes_on;
        else
            *fixed -= !goes_on;
    }
    return OK;
}

/* ---- the phase ---- */

/* (E12): from x along the range of its own limit, into limit[]. */
static enum status find_phase(struct seeker *seeker, const double *x, double *limit,
                              struct fixed_point *point, bool *reached)
{
    const size_t n = seeker->n, rank = seeker->here.rank;
    *reached = false;
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(limit, x, n * sizeof *x);
        TRY(relax(seeker, &seeker->here, limit, point));
        if (!point->found)
            return OK;
        TRY(make_frame(seeker, limit, &seeker->here));
        if (seeker->here.rank != rank)
            return OK;
    }
    *reached = true;
    return OK;
}

/* The spectrum of R'JR, or in closed form where the flow has one of that many entries. */
static enum status take_spectrum(struct seeker *seeker, const double *limit, double *spectrum,
                                 struct fixed_point *point)
{
    const struct frame *here = &seeker->here;
    const size_t k = here->rank;
    memcpy(seeker->K, here->M, k * k * sizeof(double));
    point->norm = vector_norm(k * k, here->M);
    const struct flow *flow = seeker->flow;
    if (!flow->transverse || flow->transverse(flow, limit, spectrum) != k)
        TRY(dense_real_parts(k, seeker->K, point->norm, spectrum));
    point->count = k;
    point->leaf = here->leaf;
    point->rate = spectrum[0];
    return OK;
}

/* (E2) on the range, where 1/least is the norm of the inverse. */
static bool is_certified(const struct frame *frame, const struct fixed_point *point)
{
    return fixed_point_is_simple(point) &&
           point->residual_floor * point->lipschitz <= KANTOROVICH * frame->least * frame->least;
}

static enum status seek(struct seeker *seeker, const double *x, struct fixed_point *point,
                        struct manifold *manifold)
{
    const double lipschitz = point->lipschitz;
    bool reached;
    TRY(make_frame(seeker, seeker->limit, &seeker->here));
    manifold->regular = seeker->here.rank == seeker->here.leaf;
    if (seeker->here.rank == 0 || manifold->regular)
        return OK;
    manifold->kernel = seeker->here.leaf - seeker->here.rank;
    TRY(find_phase(seeker, x, seeker->limit, point, &reached));
    if (!reached)
        return OK;
    point->lipschitz = lipschitz;
    TRY(take_spectrum(seeker, seeker->limit, seeker->spectrum, point));
    point->simple = is_certified(&seeker->here, point);
    const double away = vector_distance(seeker->n, x, seeker->limit);
    manifold->phase_error =
        seeker->here.skew * lipschitz * away * away / fabs(point->rate) + point->position_error;
    TRY(count_fixed(seeker, seeker->limit, lipschitz, &manifold->fixed));
    manifold->attained = manifold->fixed == manifold->kernel;
    return OK;
}

enum status manifold_seek(struct fixed_point_work *work, const struct flow *flow, const double *x,
                          double *limit, double *spectrum, struct fixed_point *point,
                          struct manifold *manifold)
{
    const size_t n = flow->dim;
    struct fixed_point reached = *point;
    *manifold = (struct manifold){0};
    struct seeker *seeker = seeker_create(work, flow);
    if (!seeker)
        return status_fail(NO_MEMORY, "manifold of fixed points of %s", flow->title);
    memcpy(seeker->limit, limit, n * sizeof *limit);
    const enum status status = seek(seeker, x, &reached, manifold);
    if (status == OK && manifold->attained) {
        memcpy(limit, seeker->limit, n * sizeof *limit);
        memcpy(spectrum, seeker->spectrum, n * sizeof *spectrum);
        *point = reached;
    }
    free(seeker);
    /* an iteration that does not end, as on a matrix of rounding errors, has found no manifold */
    return status == SOLVER_FAILED ? OK : status;
}
