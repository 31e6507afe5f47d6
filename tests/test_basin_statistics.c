/* Statistics of maps whose truth is known: half planes, discs, a Cantor set, Newton's fractal.
 *
 * Areas, entropies and dimensions are exact, but for Newton's fractal, whose dimension the test
 * computes itself from the preimages of a point, where no map and no box is used. */
#include "base/stream.h"
#include "ode/basin_refine.h"
#include "ode/basin_statistics.h"
#include "ode/binomial.h"

#include <complex.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double CONFIDENCE = 0.95;
static const double PI = 3.14159265358979323846;
static const double ROUNDING = 1e-12; /* of sums of some thousand terms of size 1 */

/* ---------------------------------------------------------------- maps with a known truth */

typedef uint16_t label_function(const double *x);

/* y < 0.3 + 0.37 x */
static uint16_t slanted(const double *x)
{
    return x[1] < 0.3 + 0.37 * x[0];
}

static uint16_t vertical(const double *x)
{
    return x[0] < 0.4287;
}

static uint16_t disc(const double *x)
{
    const double dx = x[0] - 0.507, dy = x[1] - 0.481;
    return dx * dx + dy * dy < 0.31 * 0.31;
}

static uint16_t ball(const double *x)
{
    const double dx = x[0] - 0.507, dy = x[1] - 0.481, dz = x[2] - 0.493;
    return dx * dx + dy * dy + dz * dz < 0.31 * 0.31;
}

/* Its only part in the unit square is a cap 0.0108 high, at the edge y = 0. */
static uint16_t grazing(const double *x)
{
    const double dx = x[0] - 0.5, dy = x[1] + 0.3;
    return dx * dx + dy * dy < 0.3108 * 0.3108;
}

/* A square with a whisker of width 0.0042 that leaves it to the right. */
static uint16_t whisker(const double *x)
{
    const bool square = x[0] > 0.2 && x[0] < 0.4 && x[1] > 0.3 && x[1] < 0.7;
    const bool thin = x[0] >= 0.4 && x[0] < 0.8 && fabs(x[1] - 0.5131) < 0.0021;
    return square || thin;
}
static const double WHISKER_AREA = 0.2 * 0.4 + 0.4 * 0.0042;

/* The gaps of Cantor's middle thirds, coloured by the parity of the level on which they were cut
 * out: each point of the Cantor set has gaps of both colours as near as one likes. */
static uint16_t cantor(const double *x)
{
    double r = x[0] - floor(x[0]);
    for (int level = 0; level < 40; level++) {
        r *= 3;
        const double digit = floor(r);
        if (digit == 1)
            return (uint16_t)(level % 2);
        r -= digit;
    }
    return 0;
}

/* Newton's method for z^3 = 1, from -1.5..1.5 squared. */
static uint16_t newton(const double *x)
{
    double complex z = 3 * (x[0] - 0.5) + 3 * (x[1] - 0.5) * I;
    for (int k = 0; k < 200; k++) {
        for (uint16_t root = 0; root < 3; root++)
            if (cabs(z - cexp(2 * PI * root * I / 3)) < 0.1) /* in its immediate basin */
                return root;
        z = (2 * z * z * z + 1) / (3 * z * z);
    }
    return BASIN_UNDECIDED;
}

/* ---------------------------------------------------------------- running them */

static void middle(const size_t *size, size_t number, double *x)
{
    for (size_t d = 0; d < BASIN_AXES_MOST; d++) {
        x[d] = ((double)(number % size[d]) + 0.5) / (double)size[d];
        number /= size[d];
    }
}

static size_t cells_of(const struct basin_lattice *lattice)
{
    return lattice->size[0] * lattice->size[1] * lattice->size[2];
}

/* The labels of the unit cube; freed by the caller. */
static uint16_t *labels(const struct basin_lattice *lattice, label_function *f)
{
    uint16_t *label = calloc(cells_of(lattice), sizeof *label);
    assert_non_null(label);
#pragma omp parallel for schedule(dynamic, 4096)
    for (size_t k = 0; k < cells_of(lattice); k++) {
        double x[BASIN_AXES_MOST];
        middle(lattice->size, k, x);
        label[k] = f(x);
    }
    return label;
}

enum { CLASSES_MOST = 8 };

struct known {
    struct basin_summary summary;
    struct basin_share share[CLASSES_MOST];
};

static struct known statistics(const struct basin_lattice *lattice, const uint16_t *label,
                               size_t piece)
{
    struct known known;
    struct basin_statistics *s = NULL;
    memset(&known, 0, sizeof known);
    assert_int_equal(basin_statistics_create(lattice, CONFIDENCE, &s), OK);
    for (size_t k = 0; k < cells_of(lattice); k += piece) {
        const size_t rest = cells_of(lattice) - k;
        assert_int_equal(basin_statistics_add(s, rest < piece ? rest : piece, label + k), OK);
    }
    assert_int_equal(basin_statistics_finish(s, &known.summary, known.share), OK);
    basin_statistics_free(s);
    return known;
}

static struct known plane(label_function *f, size_t width, size_t height)
{
    const struct basin_lattice lattice = {.axes = 2, .size = {width, height, 1}, .classes = 3};
    uint16_t *label = labels(&lattice, f);
    const struct known known = statistics(&lattice, label, BASIN_TILE_CELLS);
    free(label);
    return known;
}

static enum status label_all(void *context, size_t axes, size_t count, const double *point,
                             uint16_t *label)
{
    label_function *const *f = context;
    for (size_t k = 0; k < count; k++)
        label[k] = (*f)(point + axes * k);
    return OK;
}

static enum status label_plane(void *context, size_t count, const double *point, uint16_t *label)
{
    return label_all(context, 2, count, point, label);
}

static enum status label_box(void *context, size_t count, const double *point, uint16_t *label)
{
    return label_all(context, 3, count, point, label);
}

static void assert_within(double value, double low, double high)
{
    if (!(low <= value && value <= high))
        fail_msg("%.17g is not in [%.17g, %.17g]", value, low, high);
}

static void assert_about(double value, double expected, double error)
{
    assert_within(value, expected - error, expected + error);
}

/* ---------------------------------------------------------------- (T1) */

static double coverage(size_t n, double p, struct binomial_interval (*interval)(size_t, size_t))
{
    double sum = 0;
    for (size_t k = 0; k <= n; k++) {
        const struct binomial_interval i = interval(k, n);
        if (i.low <= p && p <= i.high)
            sum += gsl_ran_binomial_pdf((unsigned)k, p, (unsigned)n);
    }
    return sum;
}

static struct binomial_interval exact(size_t k, size_t n)
{
    return binomial_interval(k, n, CONFIDENCE);
}

/* Wald's interval, the control. */
static struct binomial_interval wald(size_t k, size_t n)
{
    const double p = (double)k / (double)n, e = 1.959964 * sqrt(p * (1 - p) / (double)n);
    return (struct binomial_interval){p - e, p + e};
}

static void interval_covers_whatever_the_probability(void **state)
{
    (void)state;
    double worst = 1, worst_wald = 1;
    for (size_t n = 1; n < 40; n += 6)
        for (int k = 0; k < 72; k++) {
            const double p = 0.003 + 0.0137 * k;
            worst = fmin(worst, coverage(n, p, exact));
            worst_wald = fmin(worst_wald, coverage(n, p, wald));
        }
    assert_within(worst, CONFIDENCE, 1);
    assert_within(worst_wald, 0, 0.5); /* the control covers far less than it says */
}

static void interval_ends_solve_their_equations(void **state)
{
    (void)state;
    const struct binomial_interval i = exact(7, 23);
    assert_about(gsl_cdf_binomial_P(7, i.high, 23), 0.025, 1e-9);
    assert_about(gsl_cdf_binomial_Q(6, i.low, 23), 0.025, 1e-9);
    assert_about(exact(0, 23).high, 1 - pow(0.025, 1.0 / 23), ROUNDING);
    assert_true(exact(0, 23).low == 0 && exact(23, 23).high == 1);
    assert_true(exact(0, 0).low == 0 && exact(0, 0).high == 1);
}

/* Where GSL's quantile has no number. */
static void interval_ends_are_numbers(void **state)
{
    (void)state;
    for (size_t n = 20000; n <= 1000000; n *= 50)
        for (size_t k = 0; k <= n; k += 1 + n / 3000) {
            const struct binomial_interval i = binomial_interval(k, n, CONFIDENCE);
            const double p = (double)k / (double)n;
            assert_true(0 <= i.low && i.low <= p && p <= i.high && i.high <= 1);
            if (k < n)
                assert_about(gsl_cdf_beta_P(i.high, (double)k + 1, (double)(n - k)),
                             1 - (1 - CONFIDENCE) / 2, 1e-9);
            if (k > 0)
                assert_about(gsl_cdf_beta_P(i.low, (double)k, (double)(n - k) + 1),
                             (1 - CONFIDENCE) / 2, 1e-9);
        }
}

static void random_starts_have_intervals_of_their_own(void **state)
{
    (void)state;
    const struct basin_lattice lattice = {.axes = 0, .size = {500, 1, 1}, .classes = 2};
    uint16_t label[500];
    for (size_t k = 0; k < 500; k++)
        label[k] = k % 10 == 0 ? BASIN_UNDECIDED : k % 7 == 0;
    const struct known known = statistics(&lattice, label, 33);
    const size_t ones = known.share[1].cells;
    assert_int_equal(known.summary.undecided, 50);
    assert_true(known.share[1].low == exact(ones, 500).low);
    assert_true(known.share[1].high == exact(ones + 50, 500).high);
    assert_true(known.share[1].decided_low == exact(ones, 450).low);
    assert_true(known.share[1].decided_high == exact(ones, 450).high);
    assert_true(isnan(known.summary.entropy.entropy) && isnan(known.summary.exponent.exponent));
    assert_int_equal(known.summary.boundary_cells, 0);
}

/* ---------------------------------------------------------------- (T2) */

static void areas_lie_within_their_bounds(void **state)
{
    (void)state;
    const double area = PI * 0.31 * 0.31, below = 0.3 + 0.37 / 2;
    for (size_t w = 23; w < 700; w = 2 * w + 5) {
        const struct known round = plane(disc, w, w + 4), half = plane(slanted, w, w - 3);
        assert_within(area, round.share[1].low, round.share[1].high);
        assert_within(1 - area, round.share[0].low, round.share[0].high);
        assert_within(below, half.share[1].low, half.share[1].high);
        /* two cells on either side of the circle, and the four edges */
        const double width = round.share[1].high - round.share[1].low;
        assert_within(width * (double)w, 4, 4 + 5 * 2 * PI * 0.31);
    }
}

static void cap_at_the_edge_is_not_missed(void **state)
{
    (void)state;
    const struct known cap = plane(grazing, 40, 40); /* half a cell is 0.0125 high */
    assert_int_equal(cap.share[1].cells, 0);         /* no start has seen it */
    const double half = acos(0.3 / 0.3108);
    const double area = 0.3108 * 0.3108 * (half - sin(half) * cos(half));
    assert_within(area, cap.share[1].low, cap.share[1].high);
    assert_within(1 - area, cap.share[0].low, cap.share[0].high);
}

static void inner_cells_of_a_line_and_a_box(void **state)
{
    (void)state;
    const struct basin_lattice line = {.axes = 1, .size = {200, 1, 1}, .classes = 2};
    uint16_t *label = labels(&line, vertical);
    const struct known known = statistics(&line, label, 7);
    free(label);
    assert_int_equal(known.share[1].cells, 86);             /* (k + 1/2)/200 < 0.4287 */
    assert_about(known.share[1].low, 84.0 / 200, ROUNDING); /* without the first and the last */
    assert_about(known.share[0].low, 112.0 / 200, ROUNDING);
    assert_about(known.share[1].high, 88.0 / 200, ROUNDING);

    const struct basin_lattice box = {.axes = 3, .size = {41, 43, 47}, .classes = 2};
    label = labels(&box, ball);
    const struct known solid = statistics(&box, label, 1000);
    free(label);
    assert_within(4 * PI / 3 * 0.31 * 0.31 * 0.31, solid.share[1].low, solid.share[1].high);
}

/* Does cell k of a lattice meet another class among its neighbours inside the window? */
static bool meets_another(const struct basin_lattice *lattice, const uint16_t *label, size_t k)
{
    const long w = (long)lattice->size[0], h = (long)lattice->size[1], d = (long)lattice->size[2];
    const long x = (long)k % w, y = (long)k / w % h, z = (long)k / w / h;
    for (long dz = -1; dz <= 1; dz++)
        for (long dy = -1; dy <= 1; dy++)
            for (long dx = -1; dx <= 1; dx++) {
                const long i = x + dx, j = y + dy, l = z + dz;
                if (i < 0 || i >= w || j < 0 || j >= h || l < 0 || l >= d)
                    continue;
                const uint16_t other = label[i + w * (j + h * l)];
                if (other != BASIN_UNDECIDED && label[k] != BASIN_UNDECIDED && other != label[k])
                    return true;
            }
    return false;
}

static void boundary_cells_are_those_that_meet(const struct basin_lattice *lattice, uint16_t *label)
{
    size_t want = 0;
    const size_t cells = lattice->size[0] * lattice->size[1] * lattice->size[2];
    for (size_t k = 0; k < cells; k++)
        want += meets_another(lattice, label, k);
    assert_int_equal(statistics(lattice, label, 100).summary.boundary_cells, want);
    for (size_t k = 0; k < cells; k++)
        label[k] = k % 13 == 0 ? BASIN_UNDECIDED : 1; /* no class meets another one */
    assert_int_equal(statistics(lattice, label, 100).summary.boundary_cells, 0);
    free(label);
}

static void edge_of_the_window_is_no_boundary(void **state)
{
    (void)state;
    const struct basin_lattice line = {.axes = 1, .size = {200, 1, 1}, .classes = 2},
                               plane = {.axes = 2, .size = {97, 83, 1}, .classes = 2},
                               box = {.axes = 3, .size = {41, 43, 47}, .classes = 2},
                               least = {.axes = 2, .size = {1, 1, 1}, .classes = 2};
    boundary_cells_are_those_that_meet(&line, labels(&line, vertical));
    boundary_cells_are_those_that_meet(&plane, labels(&plane, slanted));
    boundary_cells_are_those_that_meet(&box, labels(&box, ball));
    boundary_cells_are_those_that_meet(&least, labels(&least, slanted));
}

/* ---------------------------------------------------------------- (T3) */

static double binary_entropy(double p)
{
    return -p * log(p) - (1 - p) * log(1 - p);
}

static void entropy_of_a_straight_boundary_is_exact(void **state)
{
    (void)state;
    /* of 250 columns 107 have (k + 1/2)/250 < 0.4287: box 21 of a row of 50 is cut 2 : 3 */
    const struct basin_entropy e = plane(vertical, 250, 200).summary.entropy;
    assert_int_equal(e.boxes, 50 * 40);
    assert_int_equal(e.boundary_boxes, 40);
    assert_about(e.boundary, binary_entropy(0.4), ROUNDING);
    assert_about(e.entropy, binary_entropy(0.4) / 50, ROUNDING);
    assert_true(isnan(e.boundary_error)); /* all 40 are alike: the grid lies along the boundary */
    assert_true(e.low == e.high && fabs(e.low - e.entropy) < ROUNDING);
    assert_false(basin_entropy_is_fractal(&e));
    /* a share of 1/50 of n = 2000 boxes: its standard error is sqrt(p q / (n - 1)) */
    const double t = gsl_cdf_tdist_Pinv(0.975, 1999);
    const double expected = binary_entropy(0.4) * t * sqrt(0.02 * 0.98 / 1999);
    assert_about(e.error, expected, 1e-9 * expected);
}

/* Each cell of three classes at random: E S_bb is that of 25 draws, far beyond ln 2. */
static uint16_t noise(const double *x)
{
    struct stream s = stream_at(5, stream_key("noise"), (uint64_t)(x[0] * 1e9 + 1e9 * x[1] * 1e3));
    return (uint16_t)stream_below(&s, 3);
}

/* The mean of the entropy of n draws, of which a class has k with the binomial probability. */
static double expected_entropy(unsigned n, unsigned classes)
{
    double mean = 0;
    for (unsigned k = 1; k <= n; k++) {
        const double p = (double)k / n;
        mean -= classes * gsl_ran_binomial_pdf(k, 1.0 / classes, n) * p * log(p);
    }
    return mean;
}

static void ln_2_criterion_tells_noise_from_a_line(void **state)
{
    (void)state;
    const struct basin_entropy mixed = plane(noise, 400, 400).summary.entropy;
    assert_true(basin_entropy_is_fractal(&mixed));
    assert_about(mixed.boundary, expected_entropy(25, 3), 2 * mixed.boundary_error);
    assert_within(mixed.boundary_error, 1e-5, 0.01);
    const struct basin_entropy line = plane(slanted, 400, 400).summary.entropy;
    assert_false(basin_entropy_is_fractal(&line));
}

/* Errors that nothing is known about are no zeros. */
static void few_boxes_have_no_error(void **state)
{
    (void)state;
    const struct basin_entropy few = plane(slanted, 10, 10).summary.entropy;
    assert_true(few.boundary > 0 && few.boxes == 4);
    assert_true(isnan(few.error) && isnan(few.boundary_error));
    assert_false(basin_entropy_is_fractal(&few));
    const struct basin_entropy enough = plane(slanted, 200, 200).summary.entropy;
    assert_true(enough.error > 0 && enough.boundary_error > 0);
}

/* Counts of f = eps + 100 eps^2 bend the line: near eps = 0 the exponent is 1. */
static void a_bent_line_has_the_error_of_its_bend(void **state)
{
    (void)state;
    enum { SCALES = 8 };
    struct basin_scale scale[SCALES];
    for (size_t k = 0; k < SCALES; k++) {
        const double eps = 1e-3 * pow(2, (double)k / 2);
        scale[k] = (struct basin_scale){.eps = eps, .pairs = 100000000, .independent = 1e8};
        scale[k].uncertain = (size_t)(1e8 * (eps + 100 * eps * eps));
    }
    const struct basin_exponent e = basin_exponent_fit(2, SCALES, scale, 0.95);
    assert_int_equal(e.scales, SCALES);
    assert_true(e.exponent > 1.2); /* where 1.3 is the mean slope between the ends */
    const struct basin_exponent fine = basin_exponent_fit(2, SCALES / 2, scale, 0.95);
    assert_true(e.error > e.exponent - fine.exponent);
}

/* All ways to decide the undecided cells of a box, against the two extremes. */
static void entropies_of_undecided_cells_are_bounded(void **state)
{
    (void)state;
    enum { CELLS = 9, OPEN = 4, WAYS = 81, CLASSES = 3 };
    const uint16_t decided[CELLS - OPEN] = {0, 0, 2, 0, 2};
    uint16_t label[CELLS];
    double least = INFINITY, greatest = 0;
    for (int way = 0; way < WAYS; way++) {
        memcpy(label, decided, sizeof decided);
        for (int k = 0, rest = way; k < OPEN; k++, rest /= CLASSES)
            label[CELLS - OPEN + k] = (uint16_t)(rest % CLASSES);
        struct basin_boxes box = {0};
        basin_entropy_add(&box, CELLS, label, CLASSES);
        least = fmin(least, box.sum);
        greatest = fmax(greatest, box.sum);
    }
    memcpy(label, decided, sizeof decided);
    for (int k = 0; k < OPEN; k++)
        label[CELLS - OPEN + k] = BASIN_UNDECIDED;
    struct basin_boxes box = {0};
    basin_entropy_add(&box, CELLS, label, CLASSES);
    assert_about(box.low, least, ROUNDING);
    assert_about(box.high, greatest, ROUNDING);
    assert_about(box.sum, binary_entropy(0.4), ROUNDING);
    assert_true(least < greatest - 0.1);
}

/* ---------------------------------------------------------------- (T4) */

static void smooth_boundaries_have_dimension_1(void **state)
{
    (void)state;
    const struct basin_exponent line = plane(slanted, 640, 640).summary.exponent;
    assert_about(line.dimension, 1, line.error);
    assert_within(line.error, 0, 0.1);
    const struct basin_exponent circle = plane(disc, 640, 640).summary.exponent;
    assert_about(circle.dimension, 1, circle.error);
    assert_within(circle.error, 0, 0.1);

    const struct basin_lattice box = {.axes = 3, .size = {140, 140, 140}, .classes = 2};
    uint16_t *label = labels(&box, ball);
    const struct basin_exponent sphere = statistics(&box, label, 5000).summary.exponent;
    free(label);
    assert_about(sphere.dimension, 2, sphere.error);
    assert_within(sphere.error, 0, 0.3);
}

/* A line crosses the product of the Cantor set and a line in the Cantor set.  The grids are fine:
 * at long distances the two colours are mixed, and f is no power of eps. */
static void cantor_set_has_its_dimension(void **state)
{
    (void)state;
    const double expected = log(2) / log(3);
    const struct basin_exponent e = plane(cantor, 50021, 100).summary.exponent;
    print_message("cantor x line: %.4f +- %.4f\n", e.dimension, e.error);
    assert_about(e.dimension, 1 + expected, e.error);
    assert_within(e.error, 0, 0.1);
    assert_about(e.exponent, 2 - e.dimension, ROUNDING);

    const struct basin_lattice line = {.axes = 1, .size = {50021, 1, 1}, .classes = 2};
    uint16_t *label = labels(&line, cantor);
    const struct basin_exponent set = statistics(&line, label, 999).summary.exponent;
    free(label);
    print_message("cantor: %.4f +- %.4f\n", set.dimension, set.error);
    assert_about(set.dimension, expected, set.error);
    assert_within(set.error, 0, 0.1);
}

static uint16_t sparse_noise(const double *x)
{
    struct stream s = stream_at(6, stream_key("noise"), (uint64_t)(x[0] * 1e9 + 1e9 * x[1] * 1e3));
    return stream_below(&s, 20) == 0;
}

static void noise_fills_the_plane(void **state)
{
    (void)state;
    const struct basin_exponent e = plane(sparse_noise, 600, 600).summary.exponent;
    assert_about(e.dimension, 2, e.error);
    assert_within(e.error, 0, 0.1);
}

/* The control: with the wrong distances the interval must not hold the dimension. */
static void wrong_distances_are_seen(void **state)
{
    (void)state;
    struct basin_scale right[6], wrong[6];
    for (size_t k = 0; k < 6; k++) {
        const double eps = ldexp(1, (int)k);
        right[k] = (struct basin_scale){.eps = eps,
                                        .pairs = 1000000,
                                        .uncertain = (size_t)(2000 * pow(eps, 0.7)),
                                        .independent = 1e6 / (eps * eps)};
        wrong[k] = right[k];
        wrong[k].eps = eps * eps;
    }
    const struct basin_exponent e = basin_exponent_fit(2, 6, right, CONFIDENCE);
    assert_about(e.exponent, 0.7, e.error);
    assert_about(e.exponent, 0.7, 0.001); /* counts were cut to whole numbers */
    const struct basin_exponent bad = basin_exponent_fit(2, 6, wrong, CONFIDENCE);
    assert_true(fabs(bad.exponent - 0.7) > 3 * bad.error);
    assert_int_equal(basin_exponent_fit(2, 2, right, CONFIDENCE).scales, 2);
    assert_true(isnan(basin_exponent_fit(2, 2, right, CONFIDENCE).dimension));
}

static struct basin_probe probe_of(uint64_t seed)
{
    return (struct basin_probe){.axes = 2,
                                .window = {0, 1, 0, 1},
                                .scales = 9,
                                .eps_low = 1e-5,
                                .eps_high = 1e-2,
                                .starts = 40000,
                                .batch = 1000,
                                .seed = seed,
                                .confidence = CONFIDENCE};
}

/* Where half of all pairs are uncertain there is no power law. */
static void saturated_scales_are_left_out(void **state)
{
    (void)state;
    struct basin_scale scale[4];
    for (size_t k = 0; k < 4; k++)
        scale[k] = (struct basin_scale){.eps = ldexp(1, (int)k),
                                        .pairs = 1000,
                                        .uncertain = (size_t)100 << k,
                                        .independent = 1000};
    assert_int_equal(basin_exponent_fit(2, 4, scale, CONFIDENCE).scales, 3);
}

/* One class and undecided cells: decided pairs have nothing uncertain, others have. */
static uint16_t one_and_undecided(const double *x)
{
    return x[0] < 0.25 ? BASIN_UNDECIDED : 1;
}

static void undecided_pairs_are_counted_on_one_side_only(void **state)
{
    (void)state;
    const struct basin_summary s = plane(one_and_undecided, 300, 300).summary;
    assert_int_equal(s.exponent.scales, 0);
    assert_true(s.exponent_with_all.scales >= 3);
    struct basin_exponent decided, with_all;
    struct basin_probe probe = probe_of(1);
    probe.eps_low = 1e-3;
    label_function *f = one_and_undecided;
    const struct basin_labeller labeller = {.label = label_plane, .context = &f};
    assert_int_equal(basin_exponent_sample(&probe, &labeller, &decided, &with_all), OK);
    assert_int_equal(decided.scales, 0);
    assert_true(with_all.scales >= 3);
}

/* The same box with its axes in another order has the same counts. */
static void axes_do_not_matter(void **state)
{
    (void)state;
    enum { SIDE = 30 };
    const struct basin_lattice box = {.axes = 3, .size = {SIDE, SIDE, SIDE}, .classes = 2};
    uint16_t *label = labels(&box, ball), *turned = labels(&box, ball);
    struct stream stream = stream_at(1, stream_key("specks"), 0);
    for (size_t k = 0; k < cells_of(&box); k++)
        label[k] = stream_below(&stream, 9) == 0 ? BASIN_UNDECIDED : label[k];
    for (size_t x = 0; x < SIDE; x++)
        for (size_t y = 0; y < SIDE; y++)
            for (size_t z = 0; z < SIDE; z++)
                turned[y + SIDE * (z + SIDE * x)] = label[x + SIDE * (y + SIDE * z)];
    const struct known a = statistics(&box, label, 77), b = statistics(&box, turned, 77);
    free(label);
    free(turned);
    assert_memory_equal(&a.summary.exponent, &b.summary.exponent, sizeof a.summary.exponent);
    assert_memory_equal(&a.summary.exponent_with_all, &b.summary.exponent_with_all,
                        sizeof a.summary.exponent);
    assert_true(a.summary.exponent.scales >= 3);
    assert_memory_equal(a.share, b.share, sizeof a.share);
}

/* Where f is no power of eps, the error is that of the scatter, not that of the counts. */
static void scatter_enlarges_the_error(void **state)
{
    (void)state;
    struct basin_scale smooth[6], waves[6];
    for (size_t k = 0; k < 6; k++) {
        const double eps = ldexp(1, (int)k), wave = k % 2 ? 1.3 : 1 / 1.3;
        smooth[k] = (struct basin_scale){.eps = eps,
                                         .pairs = 1000000,
                                         .uncertain = (size_t)(2000 * pow(eps, 0.7)),
                                         .independent = 1e6};
        waves[k] = smooth[k];
        waves[k].uncertain = (size_t)((double)smooth[k].uncertain * wave);
    }
    const struct basin_exponent a = basin_exponent_fit(2, 6, smooth, CONFIDENCE);
    const struct basin_exponent b = basin_exponent_fit(2, 6, waves, CONFIDENCE);
    assert_true(b.error > 5 * a.error);
    assert_about(b.exponent, 0.7, b.error);
}

static void no_boundary_has_no_dimension(void **state)
{
    (void)state;
    const struct basin_lattice lattice = {.axes = 2, .size = {100, 100, 1}, .classes = 1};
    uint16_t *label = calloc(100 * 100, sizeof *label);
    assert_non_null(label);
    const struct known known = statistics(&lattice, label, 999);
    free(label);
    assert_true(isnan(known.summary.exponent.dimension));
    assert_true(known.summary.entropy.entropy == 0 && isnan(known.summary.entropy.boundary));
    assert_false(basin_entropy_is_fractal(&known.summary.entropy));
    assert_about(known.share[0].low, 0.98 * 0.98, ROUNDING); /* but for the edge */
    assert_true(known.share[0].fraction == 1 && known.share[0].high == 1);
}

/* ---------------------------------------------------------------- (T5) */

static struct basin_exponent sampled(label_function *f, struct basin_probe probe)
{
    struct basin_exponent decided, with_all;
    const struct basin_labeller labeller = {.label = label_plane, .context = &f};
    assert_int_equal(basin_exponent_sample(&probe, &labeller, &decided, &with_all), OK);
    return decided;
}

static void random_starts_find_the_exponent(void **state)
{
    (void)state;
    struct basin_probe probe = probe_of(3);
    const struct basin_exponent e = sampled(cantor, probe);
    assert_about(e.dimension, 1 + log(2) / log(3), e.error);
    assert_within(e.error, 0, 0.05);
    probe.batch = 777;
    const struct basin_exponent again = sampled(cantor, probe);
    assert_memory_equal(&e, &again, sizeof e);
    probe.eps_low = 1e-3;
    probe.eps_high = 0.05;
    const struct basin_exponent line = sampled(slanted, probe);
    assert_about(line.dimension, 1, line.error);
}

/* The three starts of a triple: the neighbours are eps away, on either side. */
static enum status label_triples(void *context, size_t count, const double *point, uint16_t *label)
{
    double *eps = context;
    for (size_t k = 0; k + 2 < count; k += 3) {
        const double *x = point + 2 * k, *back = x + 2, *on = x + 4;
        assert_about((back[0] + on[0]) / 2, x[0], ROUNDING);
        assert_about((back[1] + on[1]) / 2, x[1], ROUNDING);
        *eps = fmax(*eps, hypot(on[0] - x[0], on[1] - x[1]));
    }
    memset(label, 0, count * sizeof *label);
    return OK;
}

static void neighbours_are_as_far_as_they_should_be(void **state)
{
    (void)state;
    double eps = 0;
    const struct basin_labeller labeller = {.label = label_triples, .context = &eps};
    const struct basin_probe probe = probe_of(1);
    struct basin_exponent e;
    assert_int_equal(basin_exponent_sample(&probe, &labeller, &e, &e), OK);
    assert_about(eps, probe.eps_high, ROUNDING);
}

/* Of 40 intervals of 95 %, 33 or fewer hold the truth once in 10^3 times. */
static void intervals_hold_the_truth_as_often_as_they_say(void **state)
{
    (void)state;
    size_t held = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct basin_probe probe = probe_of(seed);
        probe.starts = 4000;
        probe.eps_low = 5e-3;
        probe.eps_high = 5e-2;
        const struct basin_exponent e = sampled(vertical, probe);
        held += fabs(e.dimension - 1) <= e.error;
    }
    assert_in_range(held, 34, 40);
}

static uint16_t half_known(const double *x)
{
    return x[0] < 0.25 ? BASIN_UNDECIDED : slanted(x);
}

static void undecided_starts_are_reported_with_and_without(void **state)
{
    (void)state;
    struct basin_exponent decided, with_all;
    struct basin_probe probe = probe_of(1);
    probe.eps_low = 1e-3;
    probe.eps_high = 0.05;
    label_function *f = half_known;
    const struct basin_labeller labeller = {.label = label_plane, .context = &f};
    assert_int_equal(basin_exponent_sample(&probe, &labeller, &decided, &with_all), OK);
    assert_about(decided.dimension, 1, decided.error);
    assert_about(with_all.dimension, 2, 0.1); /* a quarter of all starts is uncertain anyway */
}

/* ---------------------------------------------------------------- Newton's fractal */

/* log of the derivative of N(y) = (2 y^3 + 1)/(3 y^2) in the metric of the sphere */
static double log_stretch(double complex y)
{
    const double complex image = (2 * y * y * y + 1) / (3 * y * y);
    const double complex slope = 2 * (y * y * y - 1) / (3 * y * y * y);
    return log(cabs(slope) * (1 + cabs(y) * cabs(y)) / (1 + cabs(image) * cabs(image)));
}

/* The three y with N(y) = w: 1/y = s + w/s, s^3 = -1 -+ sqrt(1 - w^3), by Cardano. */
static void preimages(double complex w, double complex *y)
{
    const double complex root = csqrt(1 - w * w * w);
    const double complex cube = cabs(-1 + root) > cabs(-1 - root) ? -1 + root : -1 - root;
    for (int k = 0; k < 3; k++) {
        const double complex s = cpow(cube, 1.0 / 3) * cexp(2 * PI * k * I / 3);
        y[k] = 1 / (s + w / s);
    }
}

/* sum over the preimages of order n of |(N^n)'|^-delta */
static double poincare_sum(double complex w, unsigned n, double delta)
{
    if (n == 0)
        return 1;
    double complex y[3];
    double sum = 0;
    preimages(w, y);
    for (int k = 0; k < 3; k++)
        sum += exp(-delta * log_stretch(y[k])) * poincare_sum(y[k], n - 1, delta);
    return sum;
}

/* Where the sums of orders n and n - 1 are equal, by bisection. */
static double dimension_at_order(unsigned n)
{
    const double complex w = 0.3 + 0.4 * I; /* in no closure of a critical orbit */
    double low = 1.2, high = 1.6;
    while (high - low > 1e-5) {
        const double delta = (low + high) / 2;
        if (poincare_sum(w, n, delta) > poincare_sum(w, n - 1, delta))
            low = delta;
        else
            high = delta;
    }
    return (low + high) / 2;
}

/* Bowen's formula: the dimension is where the pressure is 0.  Aitken's extrapolation of the orders
 * 8, 9, 10, whose differences shrink by a factor of 0.6. */
static double newton_dimension(void)
{
    const double a = dimension_at_order(8), b = dimension_at_order(9), c = dimension_at_order(10);
    return c - (c - b) * (c - b) / (c - 2 * b + a);
}

static void newton_has_its_dimension(void **state)
{
    (void)state;
    const double expected = newton_dimension();
    assert_about(expected, 1.4445, 0.002);
    const struct known grid = plane(newton, 1000, 1000);
    print_message("newton: expected %.5f, grid %.4f +- %.4f, S_b %.4f +- %.4f, S_bb %.4f +- %.4f\n",
                  expected, grid.summary.exponent.dimension, grid.summary.exponent.error,
                  grid.summary.entropy.entropy, grid.summary.entropy.error,
                  grid.summary.entropy.boundary, grid.summary.entropy.boundary_error);
    assert_about(grid.summary.exponent.dimension, expected, grid.summary.exponent.error);
    assert_within(grid.summary.exponent.error, 0, 0.1);
    const struct basin_exponent random = sampled(newton, probe_of(2));
    print_message("newton: random %.4f +- %.4f\n", random.dimension, random.error);
    assert_about(random.dimension, expected, random.error);
    assert_within(random.error, 0, 0.05);
}

/* S_b of boxes of half the side is smaller by 2^alpha, if alpha is the uncertainty exponent. */
static void newton_entropy_scales_with_the_exponent(void **state)
{
    (void)state;
    const struct basin_entropy coarse = plane(newton, 400, 400).summary.entropy;
    const struct basin_entropy fine = plane(newton, 1600, 1600).summary.entropy;
    const double alpha = log(coarse.entropy / fine.entropy) / log(4);
    const double error = (coarse.error / coarse.entropy + fine.error / fine.entropy) / log(4);
    print_message("newton: alpha of S_b %.4f +- %.4f\n", alpha, error);
    assert_about(2 - alpha, newton_dimension(), error);
    assert_within(error, 0, 0.1);
}

/* ---------------------------------------------------------------- what must not matter */

static void names_and_pieces_do_not_matter(void **state)
{
    (void)state;
    const struct basin_lattice lattice = {.axes = 2, .size = {211, 197, 1}, .classes = 3};
    const uint16_t name[] = {2, 0, 1};
    uint16_t *label = labels(&lattice, newton);
    for (size_t k = 0; k < cells_of(&lattice); k += 97)
        label[k] = BASIN_UNDECIDED;
    const struct known known = statistics(&lattice, label, BASIN_TILE_CELLS);
    for (size_t piece = 1; piece < 100000; piece = 7 * piece + 3) {
        const struct known again = statistics(&lattice, label, piece);
        assert_memory_equal(&known, &again, sizeof known);
    }
    for (size_t k = 0; k < cells_of(&lattice); k++)
        label[k] = label[k] == BASIN_UNDECIDED ? label[k] : name[label[k]];
    const struct known renamed = statistics(&lattice, label, BASIN_TILE_CELLS);
    free(label);
    assert_memory_equal(&known.summary, &renamed.summary, sizeof known.summary);
    for (size_t k = 0; k < 3; k++)
        assert_memory_equal(&known.share[k], &renamed.share[name[k]], sizeof known.share[k]);
}

/* However undecided cells are decided, the shares and the entropy lie within their bounds. */
static void undecided_cells_could_be_anything(void **state)
{
    (void)state;
    const struct basin_lattice lattice = {.axes = 2, .size = {120, 110, 1}, .classes = 3};
    uint16_t *label = labels(&lattice, disc), *filled = labels(&lattice, disc);
    for (size_t k = 0; k < cells_of(&lattice); k++)
        if (k % 120 > 70 && k / 120 < 50)
            label[k] = BASIN_UNDECIDED;
    const struct known open = statistics(&lattice, label, 100);
    struct stream stream = stream_at(1, stream_key("fill"), 0);
    for (int trial = 0; trial < 8; trial++) {
        for (size_t k = 0; k < cells_of(&lattice); k++)
            filled[k] = label[k] != BASIN_UNDECIDED ? label[k]
                        : trial < 3                 ? (uint16_t)trial
                                                    : (uint16_t)stream_below(&stream, 3);
        const struct known known = statistics(&lattice, filled, 100);
        assert_within(known.summary.entropy.entropy, open.summary.entropy.low - ROUNDING,
                      open.summary.entropy.high + ROUNDING);
        for (size_t c = 0; c < 3; c++) {
            assert_within(known.share[c].fraction, open.share[c].low, open.share[c].high);
            assert_true(open.share[c].low <= known.share[c].low);
            assert_true(open.share[c].high >= known.share[c].high);
        }
    }
    assert_int_equal(open.summary.undecided, 49 * 50);
    assert_about(open.share[0].decided_fraction + open.share[1].decided_fraction, 1, ROUNDING);
    /* next to undecided cells: inner of the decided map, not of the whole one */
    assert_true(open.share[0].decided_low * (120 * 110 - 49 * 50) >
                open.share[0].low * 120 * 110 + 1);
    free(label);
    free(filled);
}

static void wrong_arguments_are_told(void **state)
{
    (void)state;
    struct basin_statistics *s = NULL;
    struct basin_summary summary;
    struct basin_share share[3];
    struct basin_lattice lattice = {.axes = 2, .size = {3, 2, 1}, .classes = 3};
    const uint16_t label[] = {0, 1, 2, 3};
    assert_int_equal(basin_statistics_create(&lattice, 1, &s), BAD_ARGUMENT);
    assert_int_equal(basin_statistics_create(&lattice, NAN, &s), BAD_ARGUMENT);
    lattice.size[2] = 0;
    assert_int_equal(basin_statistics_create(&lattice, CONFIDENCE, &s), BAD_ARGUMENT);
    lattice.size[2] = 1;
    assert_null(s);
    assert_int_equal(basin_statistics_create(&lattice, CONFIDENCE, &s), OK);
    assert_int_equal(basin_statistics_add(s, 4, label), BAD_ARGUMENT); /* no class 3 */
    assert_int_equal(basin_statistics_finish(s, &summary, share), BAD_ARGUMENT);
    assert_int_equal(basin_statistics_add(s, 3, label), OK);
    assert_int_equal(basin_statistics_finish(s, &summary, share), OK);
    assert_int_equal(basin_statistics_add(s, 1, label), BAD_ARGUMENT); /* there are six cells */
    basin_statistics_free(s);
    basin_statistics_free(NULL);

    struct basin_probe probe = probe_of(1);
    struct basin_exponent e;
    label_function *f = disc;
    const struct basin_labeller labeller = {.label = label_plane, .context = &f};
    probe.eps_low = 0;
    assert_int_equal(basin_exponent_sample(&probe, &labeller, &e, &e), BAD_ARGUMENT);
    probe = probe_of(1);
    probe.window[1] = -1;
    assert_int_equal(basin_exponent_sample(&probe, &labeller, &e, &e), BAD_ARGUMENT);
    probe = probe_of(1);
    probe.batch = 0;
    assert_int_equal(basin_exponent_sample(&probe, &labeller, &e, &e), BAD_ARGUMENT);
}

/* ---------------------------------------------------------------- (T6) */

struct refined {
    struct basin_refined whole;
    struct basin_area area[CLASSES_MOST];
    struct basin_piece *piece; /* [whole.pieces] */
};

static struct refined refined(label_function *f, const struct basin_lattice *lattice, size_t depth,
                              size_t batch)
{
    uint16_t *label = labels(lattice, f);
    const struct basin_refine_plan plan = {
        .axes = lattice->axes,
        .size = {lattice->size[0], lattice->size[1], lattice->size[2]},
        .window = {0, 1, 0, 1, 0, 1},
        .label = label,
        .classes = lattice->classes,
        .depth = depth,
        .batch = batch,
    };
    const struct basin_labeller labeller = {.label = lattice->axes == 3 ? label_box : label_plane,
                                            .context = &f};
    struct basin_refine *refine = NULL;
    struct refined result;
    memset(&result, 0, sizeof result);
    assert_int_equal(basin_refine_create(&plan, &labeller, &refine), OK);
    free(label);
    result.whole = basin_refine_areas(refine, result.area);
    result.piece = calloc(result.whole.pieces + 1, sizeof *result.piece);
    assert_non_null(result.piece);
    for (size_t k = 0; k < result.whole.pieces; k++)
        result.piece[k] = basin_refine_piece(refine, k);
    basin_refine_free(refine);
    return result;
}

static struct basin_lattice square(size_t side)
{
    return (struct basin_lattice){.axes = 2, .size = {side, side, 1}, .classes = 2};
}

static double width(struct basin_area area)
{
    return area.high - area.low;
}

/* Each halving halves the width of the bounds, and doubles the work, not more. */
static void disc_is_enclosed_ever_closer(void **state)
{
    (void)state;
    const struct basin_lattice lattice = square(24);
    const double area = PI * 0.31 * 0.31;
    struct basin_refined before = {0};
    double wide = 0;
    for (size_t depth = 0; depth <= 7; depth++) {
        struct refined r = refined(disc, &lattice, depth, 100);
        assert_within(area, r.area[1].low, r.area[1].high);
        assert_within(1 - area, r.area[0].low, r.area[0].high);
        assert_about(r.area[0].low + r.area[1].low + r.whole.boundary, 1, ROUNDING);
        if (depth > 2) {
            assert_within(wide / width(r.area[1]), 1.8, 2.2);
            assert_within((double)r.whole.labelled / (double)before.labelled, 1.5, 2.3);
        }
        wide = width(r.area[1]);
        before = r.whole;
        free(r.piece);
    }
    assert_within(wide, 0, 0.003);
}

/* Corners of the last pieces: the circle passes within a diagonal of each, and each part of the
 * circle is in one. */
static void pieces_cover_the_boundary(void **state)
{
    (void)state;
    const struct basin_lattice lattice = square(16);
    struct refined r = refined(disc, &lattice, 4, 1000);
    const double side = 1 / (16.0 * 16.0);
    double covered = 0;
    for (size_t k = 0; k < r.whole.pieces; k++) {
        const struct basin_piece *p = &r.piece[k];
        const double x = (p->low[0] + p->high[0]) / 2, y = (p->low[1] + p->high[1]) / 2;
        const double off = hypot(x - 0.507, y - 0.481) - 0.31;
        assert_about(p->high[0] - p->low[0], side, ROUNDING);
        assert_within(fabs(off), 0, 2 * side * sqrt(2));
        assert_int_equal(p->label, off < 0);
        covered += side * side;
    }
    assert_about(covered, r.whole.boundary, ROUNDING);
    for (int step = 0; step < 600; step++) {
        const double angle = PI / 300 * step;
        const double x = 0.507 + 0.31 * cos(angle), y = 0.481 + 0.31 * sin(angle);
        bool found = false;
        for (size_t k = 0; k < r.whole.pieces && !found; k++)
            found = r.piece[k].low[0] <= x && x <= r.piece[k].high[0] && r.piece[k].low[1] <= y &&
                    y <= r.piece[k].high[1];
        assert_true(found);
    }
    free(r.piece);
}

static void edge_of_the_window_is_judged_like_the_rest(void **state)
{
    (void)state;
    const struct basin_lattice lattice = square(40);
    const double half = acos(0.3 / 0.3108);
    const double area = 0.3108 * 0.3108 * (half - sin(half) * cos(half));
    for (size_t depth = 0; depth <= 6; depth += 2) {
        struct refined r = refined(grazing, &lattice, depth, 4096);
        assert_within(area, r.area[1].low, r.area[1].high);
        /* the cap is 0.161 wide and crosses the edge; the other edges cost nothing */
        assert_within(width(r.area[1]) * 40 * pow(2, (double)depth), 0, 4 * (0.161 + 2.0 / 40));
        free(r.piece);
    }
}

/* The coarse map sees no whisker, and its bounds are false, as a basin thinner than a cell allows;
 * the tree follows it from the square through cells that looked inner. */
static void thin_basin_is_followed(void **state)
{
    (void)state;
    const struct basin_lattice lattice = square(50);
    const struct known coarse = plane(whisker, 50, 50);
    struct refined shallow = refined(whisker, &lattice, 0, 64);
    struct refined deep = refined(whisker, &lattice, 5, 64);
    assert_within(coarse.share[1].cells, 10 * 20, 10 * 20);
    double leaves = 0; /* on the whisker, right of where the coarse map could know of it */
    for (size_t k = 0; k < deep.whole.pieces; k++)
        leaves += deep.piece[k].label == 1 && deep.piece[k].low[0] > 0.5;
    assert_true(leaves > 100);
    assert_within(WHISKER_AREA, deep.area[1].low, deep.area[1].high);
    assert_within(width(deep.area[1]), 0, width(shallow.area[1]) / 4);
    free(shallow.piece);
    free(deep.piece);
}

/* The same with a whisker hardly wider than a cell of the last level: it is seen late, from cells of
 * all levels, and each point of its edges is in a piece. */
static uint16_t hair(const double *x)
{
    const bool square = x[0] > 0.2 && x[0] < 0.4 && x[1] > 0.3 && x[1] < 0.7;
    return square || (x[0] >= 0.4 && x[0] < 0.8 && fabs(x[1] - 0.5131 - (x[0] - 0.4) / 5) < 4e-4);
}

static void hair_is_followed_through_all_levels(void **state)
{
    (void)state;
    const struct basin_lattice lattice = square(50);
    struct refined r = refined(hair, &lattice, 5, 64);
    for (int step = 0; step < 800; step++) {
        const double x = 0.4002 + 0.0004997 * step;
        const double y = 0.5131 + (x - 0.4) / 5 + (step % 2 ? 4e-4 : -4e-4);
        bool found = false;
        for (size_t k = 0; k < r.whole.pieces && !found; k++)
            found = r.piece[k].low[0] <= x && x <= r.piece[k].high[0] && r.piece[k].low[1] <= y &&
                    y <= r.piece[k].high[1];
        assert_true(found);
    }
    assert_within(0.08 + 0.4 * 8e-4, r.area[1].low, r.area[1].high);
    free(r.piece);
}

static void ball_is_enclosed(void **state)
{
    (void)state;
    const struct basin_lattice box = {.axes = 3, .size = {12, 13, 14}, .classes = 2};
    const double volume = 4 * PI / 3 * 0.31 * 0.31 * 0.31;
    double wide[3];
    for (size_t depth = 0; depth < 3; depth++) {
        struct refined r = refined(ball, &box, depth, 500);
        assert_within(volume, r.area[1].low, r.area[1].high);
        wide[depth] = width(r.area[1]);
        free(r.piece);
    }
    assert_within(wide[1] / wide[2], 1.7, 2.3);
}

/* The same bytes for any batch; other names change nothing but names. */
static uint16_t other_disc(const double *x)
{
    return (uint16_t)(1 - disc(x));
}

static void batches_do_not_matter(void **state)
{
    (void)state;
    const struct basin_lattice lattice = square(20);
    struct refined a = refined(disc, &lattice, 4, 1), b = refined(disc, &lattice, 4, 333);
    struct refined c = refined(other_disc, &lattice, 4, 10000);
    assert_memory_equal(&a.whole, &b.whole, sizeof a.whole);
    assert_memory_equal(a.area, b.area, sizeof a.area);
    assert_memory_equal(a.piece, b.piece, a.whole.pieces * sizeof *a.piece);
    assert_memory_equal(&a.whole, &c.whole, sizeof a.whole);
    assert_memory_equal(&a.area[0], &c.area[1], sizeof a.area[0]);
    free(a.piece);
    free(b.piece);
    free(c.piece);
}

/* Undecided on the left of x = 0.31; the rest a half plane. */
static uint16_t partly_decided(const double *x)
{
    return x[0] < 0.31 ? BASIN_UNDECIDED : slanted(x);
}

static void undecided_area_belongs_to_no_class(void **state)
{
    (void)state;
    const struct basin_lattice lattice = square(30);
    struct refined r = refined(partly_decided, &lattice, 5, 4000);
    assert_within(0.31, r.whole.undecided, r.whole.undecided + r.whole.boundary);
    assert_about(r.area[0].low + r.area[1].low + r.whole.boundary + r.whole.undecided, 1, ROUNDING);
    const double right = 0.69 * (0.3 + 0.37 * (1 + 0.31) / 2); /* below the line, x > 0.31 */
    assert_within(right, r.area[1].low, r.area[1].low + r.whole.boundary);
    assert_true(r.area[1].high > right + 0.3);
    assert_within((double)r.whole.labelled, 0, 20000); /* the inside of the grey is not cut */
    free(r.piece);
}

static enum status label_none(void *context, size_t count, const double *point, uint16_t *label)
{
    (void)context;
    (void)point;
    memset(label, 0, count * sizeof *label);
    return status_fail(CANNOT_READ, "no labels today");
}

/* What a visit of leaves adds up. */
struct leaves {
    label_function *f;
    double area[CLASSES_MOST], boundary;
    size_t count, last; /* the start of the last one */
};

static enum status leaf_add(void *context, const struct basin_leaf *leaf)
{
    struct leaves *sum = context;
    const double x[2] = {(leaf->low[0] + leaf->high[0]) / 2, (leaf->low[1] + leaf->high[1]) / 2};
    const double area = (leaf->high[0] - leaf->low[0]) * (leaf->high[1] - leaf->low[1]);
    assert_true(leaf->level > 0 && !leaf->cut);
    assert_int_equal(leaf->label, sum->f(x));
    assert_true(sum->count == 0 || leaf->start > sum->last);
    sum->area[leaf->label] += area;
    sum->boundary += leaf->boundary ? area : 0;
    sum->last = leaf->start;
    sum->count++;
    return OK;
}

/* (T7): leaves and uncut cells cover the window; each point is in the one that says so. */
static void leaves_cover_the_window(void **state)
{
    (void)state;
    enum { SIDE = 24, DEPTH = 4, FINE = SIDE << DEPTH };
    const struct basin_lattice lattice = square(SIDE);
    label_function *f = disc;
    uint16_t *label = labels(&lattice, f);
    const struct basin_refine_plan plan = {.axes = 2,
                                           .size = {SIDE, SIDE, 1},
                                           .window = {0, 1, 0, 1},
                                           .label = label,
                                           .classes = 2,
                                           .depth = DEPTH,
                                           .batch = 100};
    const struct basin_labeller labeller = {.label = label_plane, .context = &f};
    struct basin_refine *refine = NULL;
    struct basin_area area[2];
    struct leaves sum = {.f = f};
    assert_int_equal(basin_refine_create(&plan, &labeller, &refine), OK);
    const struct basin_refined whole = basin_refine_areas(refine, area);
    assert_int_equal(basin_refine_each(refine, leaf_add, &sum), OK);
    assert_about(sum.boundary, whole.boundary, ROUNDING);
    assert_in_range(sum.last, 1, whole.labelled - 1);
    /* class 1 is finer than its bounds: errors on either side of the circle cancel */
    assert_about(area[0].fraction + area[1].fraction, 1, ROUNDING);
    assert_within(area[1].fraction, area[1].low, area[1].high);
    assert_about(area[1].fraction, PI * 0.31 * 0.31, (area[1].high - area[1].low) / 5);
    double seen[2] = {0}, uncut[2] = {0};
    for (size_t k = 0; k < (size_t)FINE * FINE; k++) {
        const size_t at[2] = {k % FINE, k / FINE};
        const size_t coarse = (at[0] >> DEPTH) + SIDE * (at[1] >> DEPTH);
        struct basin_leaf leaf;
        if (!basin_refine_at(refine, DEPTH, at, &leaf)) {
            uncut[label[coarse]] += 1;
            seen[label[coarse]] += 1;
            continue;
        }
        for (size_t d = 0; d < 2; d++)
            assert_within(((double)at[d] + 0.5) / FINE, leaf.low[d], leaf.high[d]);
        assert_false(leaf.cut);
        seen[leaf.label] += 1;
    }
    for (size_t c = 0; c < 2; c++) {
        assert_about(seen[c] / FINE / FINE, area[c].fraction, ROUNDING);
        assert_about(uncut[c] / FINE / FINE + sum.area[c], area[c].fraction, ROUNDING);
    }
    /* at a lower level a cell that is cut stands for its parts */
    size_t cut = 0;
    for (size_t k = 0; k < (size_t)4 * SIDE * SIDE; k++) {
        struct basin_leaf leaf;
        const size_t at[2] = {k % (2 * SIDE), k / (2 * SIDE)};
        if (basin_refine_at(refine, 1, at, &leaf)) {
            assert_int_equal(leaf.level, 1);
            cut += leaf.cut;
        }
    }
    assert_true(cut > SIDE);
    basin_refine_free(refine);
    free(label);
}

/* Two classes that are both undecided have no boundary between them, and no bounds. */
static uint16_t half_open(const double *x)
{
    return x[0] < 0.35 ? 0 : x[1] < 0.415 ? 1 : 2;
}

static void undecided_classes_are_not_told_apart(void **state)
{
    (void)state;
    const struct basin_lattice lattice = {.axes = 2, .size = {20, 20, 1}, .classes = 3};
    const bool undecided[3] = {false, true, true};
    label_function *f = half_open;
    uint16_t *label = labels(&lattice, f);
    struct basin_refine_plan plan = {.axes = 2,
                                     .size = {20, 20, 1},
                                     .window = {0, 1, 0, 1},
                                     .label = label,
                                     .classes = 3,
                                     .undecided = undecided,
                                     .depth = 3,
                                     .batch = 64};
    const struct basin_labeller labeller = {.label = label_plane, .context = &f};
    for (int open = 0; open < 2; open++, plan.undecided = NULL) {
        struct basin_refine *refine = NULL;
        struct basin_area area[3];
        assert_int_equal(basin_refine_create(&plan, &labeller, &refine), OK);
        const struct basin_refined whole = basin_refine_areas(refine, area);
        double rightmost = 0;
        for (size_t k = 0; k < whole.pieces; k++)
            rightmost = fmax(rightmost, basin_refine_piece(refine, k).low[0]);
        assert_within(rightmost, open ? 0.9 : 0.3, open ? 1 : 0.4);
        assert_about(area[0].fraction + area[1].fraction + area[2].fraction, 1, ROUNDING);
        assert_within(0.35, area[0].low, area[0].high);
        assert_true((area[1].low == 0 && area[1].high == 1) == !open);
        assert_within(whole.undecided, open ? 0 : 0.6, open ? 0 : 0.65);
        basin_refine_free(refine);
    }
    free(label);
}

static void failures_of_a_refinement_are_told(void **state)
{
    (void)state;
    uint16_t label[16] = {0, 1};
    label_function *f = disc;
    const struct basin_labeller none = {.label = label_none}, good = {label_plane, &f};
    struct basin_refine_plan plan = {.axes = 2,
                                     .size = {4, 4, 1},
                                     .window = {0, 1, 0, 1},
                                     .label = label,
                                     .classes = 2,
                                     .depth = 2,
                                     .batch = 10};
    struct basin_refine *refine = NULL;
    assert_int_equal(basin_refine_create(&plan, &none, &refine), CANNOT_READ);
    plan.classes = 1;
    assert_int_equal(basin_refine_create(&plan, &good, &refine), BAD_ARGUMENT);
    plan.classes = 2;
    plan.depth = BASIN_DEPTH_MOST + 1;
    assert_int_equal(basin_refine_create(&plan, &good, &refine), BAD_ARGUMENT);
    plan.depth = 2;
    plan.window[1] = NAN;
    assert_int_equal(basin_refine_create(&plan, &good, &refine), BAD_ARGUMENT);
    assert_null(refine);
    basin_refine_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interval_covers_whatever_the_probability),
        cmocka_unit_test(interval_ends_solve_their_equations),
        cmocka_unit_test(interval_ends_are_numbers),
        cmocka_unit_test(random_starts_have_intervals_of_their_own),
        cmocka_unit_test(areas_lie_within_their_bounds),
        cmocka_unit_test(cap_at_the_edge_is_not_missed),
        cmocka_unit_test(inner_cells_of_a_line_and_a_box),
        cmocka_unit_test(edge_of_the_window_is_no_boundary),
        cmocka_unit_test(entropy_of_a_straight_boundary_is_exact),
        cmocka_unit_test(ln_2_criterion_tells_noise_from_a_line),
        cmocka_unit_test(few_boxes_have_no_error),
        cmocka_unit_test(a_bent_line_has_the_error_of_its_bend),
        cmocka_unit_test(entropies_of_undecided_cells_are_bounded),
        cmocka_unit_test(smooth_boundaries_have_dimension_1),
        cmocka_unit_test(cantor_set_has_its_dimension),
        cmocka_unit_test(noise_fills_the_plane),
        cmocka_unit_test(wrong_distances_are_seen),
        cmocka_unit_test(scatter_enlarges_the_error),
        cmocka_unit_test(saturated_scales_are_left_out),
        cmocka_unit_test(undecided_pairs_are_counted_on_one_side_only),
        cmocka_unit_test(axes_do_not_matter),
        cmocka_unit_test(no_boundary_has_no_dimension),
        cmocka_unit_test(random_starts_find_the_exponent),
        cmocka_unit_test(neighbours_are_as_far_as_they_should_be),
        cmocka_unit_test(intervals_hold_the_truth_as_often_as_they_say),
        cmocka_unit_test(undecided_starts_are_reported_with_and_without),
        cmocka_unit_test(newton_has_its_dimension),
        cmocka_unit_test(newton_entropy_scales_with_the_exponent),
        cmocka_unit_test(names_and_pieces_do_not_matter),
        cmocka_unit_test(undecided_cells_could_be_anything),
        cmocka_unit_test(wrong_arguments_are_told),
        cmocka_unit_test(disc_is_enclosed_ever_closer),
        cmocka_unit_test(pieces_cover_the_boundary),
        cmocka_unit_test(edge_of_the_window_is_judged_like_the_rest),
        cmocka_unit_test(thin_basin_is_followed),
        cmocka_unit_test(hair_is_followed_through_all_levels),
        cmocka_unit_test(ball_is_enclosed),
        cmocka_unit_test(batches_do_not_matter),
        cmocka_unit_test(undecided_area_belongs_to_no_class),
        cmocka_unit_test(leaves_cover_the_window),
        cmocka_unit_test(undecided_classes_are_not_told_apart),
        cmocka_unit_test(failures_of_a_refinement_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
