/* Entropies of boxes, and of all ways to decide what is undecided in them.
 *
 * The entropy grows when a count is moved from a larger to a smaller class (Schur concavity), so of
 * all ways to decide u cells the least entropy gives them all to the largest class, and the
 * greatest gives each to the class that is smallest at that time, (T3).  Counts are sorted before
 * they are summed: the names of the classes do not enter, not even by rounding. */
#include "ode/basin_entropy.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

enum { BOXES_LEAST = 10 }; /* below it a standard error is itself off by a quarter */
enum {
    COUNTS_MOST = 2 * BASIN_BOX_CELLS_MOST
}; /* classes in a box, and those undecided ones fill */

static const double ALIKE = 1e-6; /* spread over mean, of rounding */

/* How many cells each class of a box has, largest first. */
struct counts {
    size_t classes, undecided;
    size_t of[COUNTS_MOST];
};

static int by_label(const void *a, const void *b)
{
    const uint16_t *p = a, *q = b;
    return (*p > *q) - (*p < *q);
}

static int larger_first(const void *a, const void *b)
{
    const size_t *p = a, *q = b;
    return (*p < *q) - (*p > *q);
}

static struct counts count_labels(size_t count, uint16_t *label)
{
    struct counts counts = {0};
    qsort(label, count, sizeof *label, by_label);
    for (size_t k = 0; k < count; k++)
        if (label[k] == BASIN_UNDECIDED)
            counts.undecided++;
        else if (k > 0 && label[k] == label[k - 1])
            counts.of[counts.classes - 1]++;
        else
            counts.of[counts.classes++] = 1;
    qsort(counts.of, counts.classes, sizeof *counts.of, larger_first);
    return counts;
}

/* log n - (sum m log m) / n */
static double entropy_of(const struct counts *counts)
{
    double n = 0, sum = 0;
    for (size_t j = 0; j < counts->classes; j++) {
        const double m = (double)counts->of[j];
        n += m;
        sum += m > 0 ? m * log(m) : 0;
    }
    return counts->classes > 1 ? log(n) - sum / n : 0;
}

static double least_entropy(struct counts counts)
{
    if (counts.classes == 0)
        return 0;
    counts.of[0] += counts.undecided;
    return entropy_of(&counts);
}

static double greatest_entropy(struct counts counts, size_t classes)
{
    for (size_t u = 0; u < counts.undecided && counts.classes < classes; u++)
        counts.of[counts.classes++] = 0;
    for (size_t u = 0; u < counts.undecided && counts.classes > 0; u++) {
        size_t smallest = 0;
        for (size_t j = 1; j < counts.classes; j++)
            if (counts.of[j] < counts.of[smallest])
                smallest = j;
        counts.of[smallest]++;
    }
    return entropy_of(&counts);
}

static bool all_equal(size_t count, const uint16_t *label)
{
    for (size_t k = 1; k < count; k++)
        if (label[k] != label[0])
            return false;
    return label[0] != BASIN_UNDECIDED;
}

void basin_entropy_add(struct basin_boxes *boxes, size_t count, uint16_t *label, size_t classes)
{
    boxes->all++;
    if (all_equal(count, label)) { /* most boxes of most maps */
        boxes->decided++;
        return;
    }
    const struct counts counts = count_labels(count, label);
    const double entropy = entropy_of(&counts);
    boxes->decided += counts.classes > 0;
    boxes->boundary += counts.classes > 1;
    boxes->sum += entropy;
    boxes->squares += entropy * entropy;
    boxes->low += counts.undecided > 0 ? least_entropy(counts) : entropy;
    boxes->high += counts.undecided > 0 ? greatest_entropy(counts, classes) : entropy;
}

/* Half the width of the interval for the mean of n numbers with these sums.  NAN where they are few,
 * or all alike: a boundary along the grid, of which boxes are no random sample. */
static double error_of_mean(size_t n, double sum, double squares, double confidence)
{
    if (n < BOXES_LEAST)
        return NAN;
    const double mean = sum / (double)n, freedom = (double)(n - 1);
    const double variance = fmax(0, squares - mean * sum) / freedom;
    if (variance <= ALIKE * ALIKE * mean * mean)
        return mean > 0 ? NAN : 0;
    return gsl_cdf_tdist_Pinv(1 - (1 - confidence) / 2, freedom) * sqrt(variance / (double)n);
}

struct basin_entropy basin_entropy_of(const struct basin_boxes *boxes, double confidence)
{
    return (struct basin_entropy){
        .boxes = boxes->decided,
        .boundary_boxes = boxes->boundary,
        .entropy = boxes->decided > 0 ? boxes->sum / (double)boxes->decided : NAN,
        .error = error_of_mean(boxes->decided, boxes->sum, boxes->squares, confidence),
        .boundary = boxes->boundary > 0 ? boxes->sum / (double)boxes->boundary : NAN,
        .boundary_error = error_of_mean(boxes->boundary, boxes->sum, boxes->squares, confidence),
        .low = boxes->all > 0 ? boxes->low / (double)boxes->all : NAN,
        .high = boxes->all > 0 ? boxes->high / (double)boxes->all : NAN,
    };
}

bool basin_entropy_is_fractal(const struct basin_entropy *entropy)
{
    return entropy->boundary - entropy->boundary_error > log(2); /* NAN: no */
}
