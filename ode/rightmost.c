/* Rounds of Ritz values and tests.  A start that does not decay under its filter as the Ritz values
 * promise has by then become what they have missed, and is the start of the next round.
 *
 * Arnoldi's method alone converges to the outer parts of the spectrum first, be they right or left:
 * a rate of 1e-3 beside others of 1e3 would take thousands of vectors.  A filter takes the square
 * root of the condition number in products, and no memory; but it has to know where the spectrum
 * lies, and Ritz values say it.  Of a space that has been built longer than its rightmost value
 * took to converge a part is used: rounding grows into the kernel in the rest.
 * Rejected: (I - tau J)^-1 in the place of J, which takes fast oscillations for far eigenvalues and
 * needs inner iterations of the same cost; exp(tau J), by Runge-Kutta steps, which takes tau |J|
 * products in place of the root, and damps oscillations that it should not; the bound of Kuczynski
 * and Wozniakowski (1992) for Lanczos' method, which is (E41) for symmetric matrices and one
 * start, and says nothing of others. */
#include "ode/rightmost.h"

#include "ode/chebyshev.h"
#include "ode/dense.h"
#include "ode/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SPAN_MOST = 400,    /* vectors that may span the range: two seconds */
    VECTORS_MOST = 200, /* of a Krylov space: 0.2 s for its Ritz values */
    VECTORS_LEAST = 25, /* and twice as many, ... */
    ROUNDS_MOST = 6,
    PRODUCTS_MOST = 40000, /* of one search */
    LATER = 2,             /* degrees over those that the ellipse promises */
    PAIRS = 3              /* of vectors that tell symmetry */
};
static const double SYMMETRIC = 1e-9; /* |u'Jw - w'Ju| sqrt(n) over |Ju| + |Jw| */
static const double NEUTRAL = 1e-10;  /* |Ritz value| over the largest: what products resolve */
static const double GROWN = 1e8;      /* a start that an unstable direction fills */
static const double GOAL = 1e-9;      /* |J v| over the rate where the test is done */
static const double SLOWER = 4;       /* the test sees eigenvalues down to this share of the rate */
static const double SURE = 2;         /* the rate over the error of eigenvalues */
static const double MISSED = 1e-9;    /* probability of a miss, at most */
static const double EMPTY = 1e-6;     /* |v|: no kernel */
static const double NEUTRAL_MOST = 0.01; /* what is neutral, over the rate */
static const double PI = 3.14159265358979323846;

struct rightmost_search {
    struct ritz_matrix J, counted;
    struct ritz *ritz;
    size_t n, products, count;
    bool symmetric;
    struct ritz_value *values;          /* [count], without the neutral ones */
    size_t *index;                      /* of values[k] among all */
    double *v, *now, *before, *product; /* v[RIGHTMOST_STARTS*n] */
    double least[RIGHTMOST_STARTS], size[RIGHTMOST_STARTS], image[RIGHTMOST_STARTS];
    double storage[];
};

static enum status apply(void *data, const double *v, double *Jv)
{
    struct rightmost_search *search = data;
    search->products++;
    return search->J.apply(search->J.data, v, Jv);
}

struct rightmost_search *rightmost_create(const struct ritz_matrix *J)
{
    const size_t n = J->n, vectors = n < SPAN_MOST ? n : SPAN_MOST;
    struct rightmost_search *search =
        calloc(1, sizeof *search + (RIGHTMOST_STARTS + 3) * n * sizeof(double) +
                      vectors * (sizeof(struct ritz_value) + sizeof(size_t)));
    if (!search)
        return NULL;
    search->J = *J;
    search->counted = (struct ritz_matrix){.n = n, .apply = apply, .data = search};
    search->n = n;
    search->v = search->storage;
    search->now = search->v + RIGHTMOST_STARTS * n;
    search->before = search->now + n;
    search->product = search->before + n;
    search->values = (struct ritz_value *)(void *)(search->product + n);
    search->index = (size_t *)(void *)(search->values + vectors);
    search->ritz = ritz_create(&search->counted, vectors);
    if (search->ritz)
        return search;
    free(search);
    return NULL;
}

void rightmost_free(struct rightmost_search *search)
{
    if (!search)
        return;
    ritz_free(search->ritz);
    free(search);
}

/* An odd index: the even ones are drawn within Krylov spaces. */
static void draw(size_t which, size_t n, double *unit)
{
    ritz_draw(2 * which + 1, n, unit);
}

static enum status see_symmetry(struct rightmost_search *search, bool *symmetric)
{
    const size_t n = search->n;
    double *u = search->v, *w = u + n, *Ju = search->now, *Jw = search->product;
    *symmetric = true;
    for (size_t k = 0; k < PAIRS && *symmetric; k++) {
        draw(RIGHTMOST_STARTS + 2 * k, n, u);
        draw(RIGHTMOST_STARTS + 2 * k + 1, n, w);
        TRY(apply(search, u, Ju));
        TRY(apply(search, w, Jw));
        const double skew = fabs(vector_dot(n, u, Jw) - vector_dot(n, w, Ju));
        *symmetric =
            skew * sqrt((double)n) <= SYMMETRIC * (vector_norm(n, Ju) + vector_norm(n, Jw));
    }
    return OK;
}

/* ---- filters ---- */

/* now = g(J) now, product = J now, until the product is down to `image`, `now` has grown, or so many
 * degrees are used up. */
static enum status filter(struct rightmost_search *search, struct chebyshev *g, double image,
                          size_t most)
{
    const size_t n = search->n;
    TRY(apply(search, search->now, search->product));
    while (g->degree < most && vector_norm(n, search->product) > image &&
           vector_norm(n, search->now) < GROWN) {
        chebyshev_step(g, n, search->product, search->now, search->before);
        TRY(apply(search, search->now, search->product));
    }
    return OK;
}

/* ---- Ritz values ---- */

static void drop_neutral(struct rightmost_search *search, struct rightmost *found)
{
    const struct ritz_value *all = ritz_values(search->ritz);
    found->size = 0;
    for (size_t k = 0; k < ritz_count(search->ritz); k++)
        found->size = fmax(found->size, hypot(all[k].re, all[k].im));
    search->count = 0;
    for (size_t k = 0; k < ritz_count(search->ritz); k++)
        if (hypot(all[k].re, all[k].im) > NEUTRAL * found->size) {
            search->index[search->count] = k;
            search->values[search->count++] = all[k];
        }
    found->rate = search->count > 0 ? search->values[0].re : 0;
    found->residual = search->count > 0 ? search->values[0].residual : INFINITY;
}

static enum status take_values(struct rightmost_search *search, size_t leading,
                               struct rightmost *found)
{
    TRY(ritz_diagonalise(search->ritz, leading, found->symmetric));
    drop_neutral(search, found);
    return OK;
}

/* J^2 of the present start: once into the range, and once more to clear it of the rounding of what
 * lies in the kernel, against which the range may have become small. */
static enum status start_in_range(struct rightmost_search *search)
{
    const size_t n = search->n;
    for (int k = 0; k < 2; k++) {
        TRY(apply(search, search->now, search->product));
        const double size = vector_norm(n, search->product);
        if (!(size > 0) || !isfinite(size))
            return status_fail(SOLVER_FAILED, "spectrum: a random vector is in the kernel");
        for (size_t j = 0; j < n; j++)
            search->now[j] = search->product[j] / size;
    }
    return OK;
}

/* Ritz values from `now`: of the whole range, or of so many vectors that the rightmost one is nearest
 * to an eigenvalue. */
static enum status propose(struct rightmost_search *search, size_t most, struct rightmost *found)
{
    TRY(start_in_range(search));
    TRY(ritz_build(search->ritz, search->now, most));
    const bool exhausted = ritz_is_exhausted(search->ritz);
    size_t best = exhausted ? SPAN_MOST : VECTORS_MOST;
    double least = INFINITY;
    for (size_t leading = VECTORS_LEAST; !exhausted && leading <= VECTORS_MOST; leading *= 2) {
        TRY(take_values(search, leading, found));
        const double unsettled = found->residual / fabs(found->rate);
        best = unsettled < least ? leading : best;
        least = fmin(unsettled, least);
    }
    TRY(take_values(search, best, found));
    found->rank = exhausted ? search->count : 0;
    return OK;
}

/* ---- the test, (E41), (E42) ---- */

/* Degrees until |J v| is down to the goal, by the promise of the ellipse. */
static double degrees_of_test(const struct chebyshev *g, const struct rightmost *found)
{
    return g->factor < 1 ? log(GOAL * fabs(found->rate) / found->size) / log(g->factor) : INFINITY;
}

/* One start: v = g(J) u, and the bound of g. */
static enum status test_start(struct rightmost_search *search, size_t which,
                              const struct rightmost *found, bool *decays)
{
    const size_t n = search->n;
    struct chebyshev g = chebyshev_around(search->count, search->values);
    const double image = GOAL * fabs(found->rate);
    draw(1 + which, n, search->now);
    TRY(filter(search, &g, image, 1 + LATER * (size_t)degrees_of_test(&g, found)));
    memcpy(search->v + which * n, search->now, n * sizeof(double));
    search->least[which] = chebyshev_least(&g, found->slow);
    search->size[which] = vector_norm(n, search->now);
    search->image[which] = vector_norm(n, search->product);
    *decays = search->image[which] <= image;
    return OK;
}

/* n times the mean of u'v: the trace of the projection on the kernel, to first order. */
static double dimension_of_kernel(struct rightmost_search *search)
{
    double sum = 0;
    for (size_t k = 0; k < RIGHTMOST_STARTS; k++) {
        draw(1 + k, search->n, search->now);
        sum += vector_dot(search->n, search->now, search->v + k * search->n);
    }
    return sum * (double)search->n / RIGHTMOST_STARTS;
}

/* The share of u along a left eigenvector that all starts fall short of with the probability MISSED.
 */
static double share_missed(size_t n)
{
    return pow(MISSED, 1.0 / RIGHTMOST_STARTS) / (2 * sqrt((double)n / PI));
}

/* From the sizes of v, or where there is a kernel of J v. */
static void judge(struct rightmost_search *search, struct rightmost *found)
{
    double size = 0, image = 0, largest = 0;
    for (size_t k = 0; k < RIGHTMOST_STARTS; k++) {
        size = fmax(size, search->size[k] / search->least[k]);
        image = fmax(image, search->image[k] / search->least[k]);
        largest = fmax(largest, search->size[k]);
    }
    const double share = share_missed(search->n);
    found->kernel = !(largest <= EMPTY);
    found->neutral = found->kernel ? image / share : 0;
    const bool sharp =
        found->kernel ? found->neutral <= NEUTRAL_MOST * fabs(found->rate) : size <= share;
    found->verdict = sharp ? RIGHTMOST_STABLE : RIGHTMOST_UNKNOWN;
    found->probability = sharp ? MISSED : 1;
    found->doubt = "a random vector does not decay as the Ritz values promise";
}

/* What the kernel is, where the whole range was seen. */
static void compare_ranks(struct rightmost_search *search, struct rightmost *found)
{
    found->kernel_size = found->kernel ? dimension_of_kernel(search) : 0;
    if (found->rank == 0)
        return;
    found->kernel_size = (double)(search->n - found->rank);
    if (found->verdict == RIGHTMOST_STABLE && found->kernel != (found->rank < search->n)) {
        found->verdict = RIGHTMOST_UNKNOWN;
        found->doubt = "its kernel and its rank do not agree";
    }
}

/* H = U diag(s) V' of the spanned range: Q may contain a few directions of the kernel, that rounding
 * has brought in, besides. */
struct range {
    size_t m;
    double *U, *s, *V, *c;
};

/* c = H^+ c, without the singular values that are rounding. */
static void solve_in_range(const struct range *range)
{
    const size_t m = range->m;
    double *along = range->c + m;
    for (size_t k = 0; k < m; k++) {
        along[k] = 0;
        for (size_t i = 0; i < m; i++)
            along[k] += range->U[i * m + k] * range->c[i];
        along[k] = range->s[k] > NEUTRAL * range->s[0] ? along[k] / range->s[k] : 0;
    }
    for (size_t i = 0; i < m; i++)
        range->c[i] = vector_dot(m, range->V + i * m, along);
}

/* The test where the range is spanned, (E43): J u = Q c + w, and v = u - Q H^+ c in the kernel. */
static enum status test_range(struct rightmost_search *search, size_t which,
                              const struct range *range)
{
    const size_t n = search->n;
    double *v = search->v + which * n, *w = search->product;
    draw(1 + which, n, v);
    TRY(apply(search, v, w));
    ritz_split(search->ritz, w, range->c);
    solve_in_range(range);
    for (size_t i = 0; i < range->m; i++)
        range->c[i] = -range->c[i];
    ritz_add(search->ritz, range->c, v);
    search->least[which] = 1;
    search->size[which] = vector_norm(n, v);
    search->image[which] = vector_norm(n, w);
    TRY(apply(search, v, w));
    search->image[which] = fmax(search->image[which], vector_norm(n, w));
    return OK;
}

static enum status test_all_of_range(struct rightmost_search *search, struct range *range,
                                     struct rightmost *found)
{
    ritz_restrict(search->ritz, range->U);
    TRY(dense_singular_values(range->m, range->U, range->s, range->V));
    for (size_t k = 0; k < RIGHTMOST_STARTS; k++)
        TRY(test_range(search, k, range));
    found->slow = fabs(found->rate) / SLOWER;
    judge(search, found);
    compare_ranks(search, found);
    return OK;
}

static enum status test_exhausted(struct rightmost_search *search, struct rightmost *found)
{
    const size_t m = ritz_count(search->ritz);
    double *block = malloc((2 * m * m + 3 * m) * sizeof *block);
    if (!block)
        return status_fail(NO_MEMORY, "range of %zu directions", m);
    struct range range = {.m = m, .U = block, .V = block + m * m, .s = block + 2 * m * m};
    range.c = range.s + m;
    const enum status status = test_all_of_range(search, &range, found);
    free(block);
    return status;
}

/* All starts; at the first that does not decay `now` is what has been missed. */
static enum status test(struct rightmost_search *search, struct rightmost *found, bool *again)
{
    const struct chebyshev g = chebyshev_around(search->count, search->values);
    const double left = (double)PRODUCTS_MOST - (double)search->products;
    bool decays = true;
    size_t tested = 0;
    *again = false;
    found->slow = fabs(found->rate) / SLOWER;
    found->doubt = "its rates are spread too far for a test";
    if (!(RIGHTMOST_STARTS * degrees_of_test(&g, found) <= left))
        return OK;
    for (; tested < RIGHTMOST_STARTS && decays; tested++)
        TRY(test_start(search, tested, found, &decays));
    if (tested == RIGHTMOST_STARTS) {
        judge(search, found);
        compare_ranks(search, found);
    } else {
        found->doubt = "a random vector does not decay as the Ritz values promise";
    }
    *again = !decays && found->verdict == RIGHTMOST_UNKNOWN;
    if (*again)
        memcpy(search->now, search->v + (tested - 1) * search->n, search->n * sizeof(double));
    return OK;
}

/* Is the range spanned, and every eigenvalue there known well enough to be on its side? */
static bool knows_spectrum(const struct rightmost_search *search, const struct rightmost *found)
{
    return found->rank > 0 && SURE * ritz_error(search->ritz) <= fabs(found->rate);
}

/* A positive Ritz value: of a symmetric matrix it is a Rayleigh quotient, below the largest
 * eigenvalue; of others it is an eigenvalue where the whole range was spanned. */
static void prove_unstable(const struct rightmost_search *search, struct rightmost *found)
{
    const bool resolved = found->rate > SYMMETRIC * found->size;
    if (resolved && (found->symmetric || knows_spectrum(search, found)))
        found->verdict = RIGHTMOST_UNSTABLE;
    else
        found->doubt = "a Ritz value has a positive real part, which is no proof";
}

enum status rightmost_find(struct rightmost_search *search, struct rightmost *found)
{
    bool again = true;
    *found = (struct rightmost){.verdict = RIGHTMOST_UNKNOWN, .rate = NAN, .probability = 1};
    search->products = 0;
    TRY(see_symmetry(search, &found->symmetric));
    search->symmetric = found->symmetric;
    draw(0, search->n, search->now);
    for (size_t round = 0; round < ROUNDS_MOST && again; round++) {
        TRY(propose(search, round == 0 ? SPAN_MOST : VECTORS_MOST, found));
        const bool spanned = knows_spectrum(search, found);
        if (found->rate < 0 && spanned)
            TRY(test_exhausted(search, found));
        else if (found->rate < 0)
            TRY(test(search, found, &again));
        else
            prove_unstable(search, found);
        again = again && found->rate < 0 && !spanned;
    }
    found->products = search->products;
    if (found->verdict != RIGHTMOST_UNKNOWN)
        found->doubt = NULL;
    return OK;
}

size_t rightmost_count(const struct rightmost_search *search)
{
    return search->count;
}

double rightmost_real_part(const struct rightmost_search *search, size_t which)
{
    return search->values[which].re;
}

const double *rightmost_kernel_vector(const struct rightmost_search *search, size_t which)
{
    return search->v + which * search->n;
}

/* Ritz vectors are the left eigenvectors, too; the largest is below the root of the squares. */
static double part_symmetric(struct rightmost_search *search, const double *v)
{
    double squares = 0;
    for (size_t k = 0; k < search->count && search->values[k].re > 0; k++) {
        ritz_vector(search->ritz, search->index[k], search->now);
        const double along = vector_dot(search->n, search->now, v);
        squares += along * along;
    }
    return sqrt(squares);
}

/* With Q the basis of the range, J Q = Q H and s = Q'y: y'v = y'J v/lambda = s'(Q'J v)/lambda, and
 * |y| >= |s|. */
static enum status part_within_range(struct rightmost_search *search, const double *v, double *part)
{
    const size_t m = ritz_count(search->ritz);
    double *H = malloc((m * m + m) * sizeof *H), least = INFINITY;
    if (!H)
        return status_fail(NO_MEMORY, "unstable part of %zu directions", m);
    enum status status = apply(search, v, search->product);
    ritz_split(search->ritz, search->product, H + m * m);
    ritz_restrict(search->ritz, H);
    for (size_t k = 0; k < search->count && search->values[k].re > 0; k++)
        least = fmin(least, hypot(search->values[k].re, search->values[k].im));
    if (status == OK)
        status = dense_unstable_part(m, H, H + m * m, part);
    *part /= least;
    free(H);
    return status;
}

enum status rightmost_unstable_part(struct rightmost_search *search, const double *v, double *part)
{
    if (!search->symmetric)
        return part_within_range(search, v, part);
    *part = part_symmetric(search, v);
    return OK;
}
