/* Classes of cells.
 *
 * Every cell is reduced to a key: an ending, what its limit is to the loss, or the branch.  Keys of
 * the first two kinds are small numbers; a branch is looked up among the limits and signs of those
 * that are known, and only a limit that fits none costs the rank of a Jacobian.  A limit of a
 * continuum whose signs are those of a branch already known is therefore not looked at again, which
 * is what makes millions of cells quick; an isolated one in the same orthant would be counted with
 * them, and the label, the signs, is true of it.
 * Rejected: clustering all limits at the end, which needs all of them in memory, and whose clusters
 * depend on the order. */
#include "ode/basin_classes.h"

#include "ode/vector.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Excess loss of a limit that is known to 1e-7 relative, e^2/(2 beta) with e of that size. */
enum { PROBED_MOST = 16 }; /* unknowns: beyond, only the start's loss is compared */
static const double EXCESS_OF_MINIMUM = 1e-13;
/* Two integrations of one limit differ by no more, relative to 1 + |x|: cli/agreement.c. */
static const double SAME_LIMIT = 1e-8;
/* A pivot below this share of the largest is zero: limits are known to 1e-8, and J with them. */
static const double RANK_SHARE = 1e-6;

enum { SIGNS_SHOWN = 8, NUMBER_ROOM = 32, KINDS = ENDING_COUNT + BASIN_MINIMUM_WRONG + 1 };
enum { NO_CLASS = -1 };

/* One per class, in the order of their first cells: what a cell must have to be in it. */
struct key {
    size_t number;        /* of the class, in its list */
    bool isolated;        /* its limit is kept */
    bool by_signs;        /* its signs are kept */
    unsigned root, roots; /* 0: it is none of its leaf's */
    double bound;         /* of an isolated limit */
    double *limit; /* [dim] a limit or signs; of a root the signs all its limits have; NULL */
};

/* Of a root whose limits differ in this sign. */
static const double SIGN_VARIES = 2;

struct basin_classes {
    const struct flow *flow;
    enum basin_colouring colouring;
    size_t signs, count, keyed; /* keyed: how many have a limit or signs */
    long of_kind[KINDS];        /* keys of endings, then of minima; NO_CLASS */
    long others;
    struct basin_class *class; /* [BASIN_CLASSES_MOST + 1] the list */
    struct key *key;           /* [the same] as they were found */
    double *J;                 /* [dim*dim]; NULL where it is never formed */
    double *sign;              /* [dim] of the cell at hand */
};

const char *basin_colouring_name(enum basin_colouring colouring)
{
    static const char *const names[] = {[BASIN_BY_BRANCH] = "branch",
                                        [BASIN_BY_COMPONENT] = "component",
                                        [BASIN_BY_ENDING] = "ending",
                                        [BASIN_BY_MINIMUM] = "minimum"};
    return names[colouring];
}

/* Is there a state of less than the given loss at x + step (e_i + side e_j), i = j included? */
static bool is_undercut(const struct flow *flow, const double *x, double step, double loss)
{
    double y[PROBED_MOST];
    const size_t n = flow->dim;
    memcpy(y, x, n * sizeof *y);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            for (int side = -1; side <= 1; side++) {
                y[i] += step;
                y[j] += side * step;
                const bool less = flow->loss(flow, y) < loss;
                y[i] = x[i];
                y[j] = x[j];
                if (less)
                    return true;
            }
    return false;
}

/* Where the least loss is not known: a state of less loss proves that the limit is no global minimum;
 * the start is one, or some beside a limit that is no minimum at all. */
static bool is_above_another(const struct flow *flow, double start, const double *limit)
{
    static const double STEP = 1e-2, LESS = 1e-9; /* far above rounding, far below STEP^2 */
    const double loss = flow->loss(flow, limit), bound = loss - LESS * (1 + loss);
    if (start < bound)
        return true;
    return flow->dim <= PROBED_MOST &&
           (is_undercut(flow, limit, STEP, bound) || is_undercut(flow, limit, -STEP, bound));
}

enum basin_minimum basin_classes_minimum(const struct flow *flow, const double *x0,
                                         const double *limit)
{
    if (!limit || !flow->loss)
        return BASIN_MINIMUM_UNKNOWN;
    const double start = flow->loss(flow, x0);
    if (flow->loss(flow, limit) <= EXCESS_OF_MINIMUM * (1 + start))
        return BASIN_MINIMUM_GLOBAL;
    if (flow->whole_loss && !is_above_another(flow, start, limit))
        return BASIN_MINIMUM_UNKNOWN;
    return BASIN_MINIMUM_WRONG;
}

/* ---- memory ---- */

struct basin_classes *basin_classes_create(const struct flow *flow, enum basin_colouring colouring,
                                           size_t signs)
{
    struct basin_classes *classes = calloc(1, sizeof *classes);
    if (!classes)
        return NULL;
    const size_t room = BASIN_CLASSES_MOST + 1, n = flow->dim;
    classes->flow = flow;
    classes->colouring = colouring;
    classes->signs = signs < n ? signs : n;
    classes->others = NO_CLASS;
    for (size_t k = 0; k < KINDS; k++)
        classes->of_kind[k] = NO_CLASS;
    classes->class = calloc(room, sizeof *classes->class);
    classes->key = calloc(room, sizeof *classes->key);
    classes->sign = calloc(n, sizeof *classes->sign);
    const bool forms = flow->jacobian && !flow_is_large(flow);
    if (forms)
        classes->J = calloc(n * n, sizeof *classes->J);
    if (classes->class && classes->key && classes->sign && (classes->J || !forms))
        return classes;
    basin_classes_free(classes);
    return NULL;
}

void basin_classes_free(struct basin_classes *classes)
{
    if (!classes)
        return;
    for (size_t k = 0; k < classes->count; k++)
        free(classes->key[k].limit);
    free(classes->class);
    free(classes->key);
    free(classes->sign);
    free(classes->J);
    free(classes);
}

size_t basin_classes_count(const struct basin_classes *classes)
{
    return classes->count;
}

struct basin_class *basin_classes_list(struct basin_classes *classes)
{
    return classes->class;
}

/* ---- new classes ---- */

static enum basin_paint paint_of(enum ending ending)
{
    switch (ending) {
    case ENDING_SETTLED:
        return BASIN_PAINT_COLOUR;
    case ENDING_HORIZON:
    case ENDING_FAILED:
        return BASIN_PAINT_GREY;
    case ENDING_UNBOUNDED:
    case ENDING_ESCAPED:
        return BASIN_PAINT_WHITE;
    default:
        return BASIN_PAINT_HATCHED;
    }
}

static long class_add(struct basin_classes *classes, size_t number, enum ending ending,
                      const char *label)
{
    struct basin_class *class = &classes->class[classes->count];
    classes->key[classes->count].number = classes->count;
    *class = (struct basin_class){.paint = paint_of(ending), .ending = ending, .first = number};
    snprintf(class->label, sizeof class->label, "%s", label);
    return (long)classes->count++;
}

/* "a1 = 1.5, a2 = 0.25, ..." */
static void limit_label(const struct flow *flow, const double *limit, char label[BASIN_LABEL_MAX])
{
    size_t length = 0;
    label[0] = '\0';
    for (size_t i = 0; i < flow->dim; i++) {
        if (i == SIGNS_SHOWN || length + UNKNOWN_NAME_MAX + NUMBER_ROOM >= BASIN_LABEL_MAX) {
            snprintf(label + length, BASIN_LABEL_MAX - length, ", ...");
            return;
        }
        /* what is 0 within its error is not shown as 1e-17 */
        const double shown = fabs(limit[i]) <= SAME_LIMIT ? 0 : limit[i];
        length += (size_t)snprintf(label + length, BASIN_LABEL_MAX - length, "%s%s = %.6g",
                                   i ? ", " : "", flow->names[i], shown);
    }
}

/* "a1 > 0, a2 < 0"; of signs that vary nothing */
static void sign_label(const struct basin_classes *classes, const double *signs,
                       char label[BASIN_LABEL_MAX])
{
    size_t length = 0;
    label[0] = '\0';
    for (size_t i = 0; i < classes->signs; i++) {
        const double sign = signs[i];
        if (sign == SIGN_VARIES)
            continue;
        if (length + UNKNOWN_NAME_MAX + NUMBER_ROOM >= BASIN_LABEL_MAX) {
            snprintf(label + length, BASIN_LABEL_MAX - length, ", ...");
            return;
        }
        length += (size_t)snprintf(label + length, BASIN_LABEL_MAX - length, "%s%s %s 0",
                                   length ? ", " : "", classes->flow->names[i],
                                   sign > 0   ? ">"
                                   : sign < 0 ? "<"
                                              : "=");
    }
}

static enum status key_keep(struct basin_classes *classes, struct key key, const double *list)
{
    const size_t n = classes->flow->dim;
    key.number = classes->count - 1;
    key.limit = malloc(n * sizeof *key.limit);
    if (!key.limit)
        return status_fail(NO_MEMORY, "a class of %zu unknowns", n);
    memcpy(key.limit, list, n * sizeof *list);
    classes->key[classes->count - 1] = key;
    return OK;
}

static long of_others(struct basin_classes *classes, size_t number)
{
    if (classes->others == NO_CLASS)
        classes->others = class_add(classes, number, ENDING_SETTLED, "others");
    return classes->others;
}

static bool is_full(const struct basin_classes *classes)
{
    return classes->keyed == BASIN_CLASSES_MOST - KINDS;
}

/* ---- kinds: endings and minima ---- */

static const char *kind_label(enum ending ending, enum basin_minimum minimum,
                              enum basin_colouring colouring)
{
    if (colouring != BASIN_BY_ENDING && (ending == ENDING_HORIZON || ending == ENDING_FAILED))
        return "undecided";
    if (ending != ENDING_SETTLED || colouring == BASIN_BY_ENDING)
        return ending_name(ending);
    return minimum == BASIN_MINIMUM_GLOBAL  ? "global minimum"
           : minimum == BASIN_MINIMUM_WRONG ? "wrong minimum"
                                            : "settled";
}

static long of_kind(struct basin_classes *classes, size_t number, const struct basin_end *end)
{
    enum ending ending = end->ending;
    enum basin_minimum minimum = end->minimum;
    if (ending != ENDING_SETTLED || classes->colouring == BASIN_BY_ENDING)
        minimum = BASIN_MINIMUM_UNKNOWN;
    if (ending == ENDING_FAILED && classes->colouring != BASIN_BY_ENDING)
        ending = ENDING_HORIZON; /* both are undecided */
    const size_t kind = ending == ENDING_SETTLED ? ENDING_COUNT + minimum : (size_t)ending;
    if (classes->of_kind[kind] == NO_CLASS)
        classes->of_kind[kind] =
            class_add(classes, number, ending, kind_label(ending, minimum, classes->colouring));
    return classes->of_kind[kind];
}

/* ---- branches ---- */

static bool is_same_limit(const struct basin_classes *classes, const struct key *key,
                          const struct basin_end *end)
{
    const size_t n = classes->flow->dim;
    const double own = isnan(end->distance_bound) ? 0 : end->distance_bound;
    for (size_t i = 0; i < n; i++) {
        const double allowed = own + key->bound + SAME_LIMIT * (1 + fabs(key->limit[i]));
        if (!(fabs(end->limit[i] - key->limit[i]) <= allowed))
            return false;
    }
    return true;
}

static bool has_same_signs(const struct basin_classes *classes, const struct key *key)
{
    for (size_t i = 0; i < classes->signs; i++)
        if (key->limit[i] != classes->sign[i])
            return false;
    return true;
}

/* The first branch that the cell fits: later ones cannot take it away in a second pass. */
static long known_branch(const struct basin_classes *classes, const struct basin_end *end)
{
    for (size_t k = 0; k < classes->count; k++) {
        const struct key *key = &classes->key[k];
        if ((key->isolated && is_same_limit(classes, key, end)) ||
            (key->by_signs && has_same_signs(classes, key)))
            return (long)k;
    }
    return NO_CLASS;
}

/* The largest entry of rows and columns step, ..., n - 1. */
static void pivot_find(size_t n, const double *J, size_t step, size_t *row, size_t *column)
{
    *row = *column = step;
    for (size_t i = step; i < n; i++)
        for (size_t j = step; j < n; j++)
            if (fabs(J[i * n + j]) > fabs(J[*row * n + *column])) {
                *row = i;
                *column = j;
            }
}

static void swap(double *x, double *y)
{
    const double kept = *x;
    *x = *y;
    *y = kept;
}

/* Gaussian elimination with complete pivoting, in place: is the smallest pivot not nearly 0? */
static bool has_full_rank(size_t n, double *J)
{
    double largest = 0;
    for (size_t step = 0; step < n; step++) {
        size_t row, column;
        pivot_find(n, J, step, &row, &column);
        for (size_t j = 0; j < n; j++)
            swap(&J[step * n + j], &J[row * n + j]);
        for (size_t i = 0; i < n; i++)
            swap(&J[i * n + step], &J[i * n + column]);
        const double pivot = J[step * n + step];
        largest = step == 0 ? fabs(pivot) : largest;
        if (!(fabs(pivot) > RANK_SHARE * largest))
            return false;
        for (size_t i = step + 1; i < n; i++)
            for (size_t j = n; j-- > step;) /* the factor stands in column `step`, the last one */
                J[i * n + j] -= J[i * n + step] / pivot * J[step * n + j];
    }
    return true;
}

static enum status is_isolated(struct basin_classes *classes, const double *limit, bool *isolated)
{
    const struct flow *flow = classes->flow;
    *isolated = false;
    if (!classes->J)
        return OK;
    const enum status status = flow->jacobian(flow, limit, classes->J);
    if (status == RETRY_SHORTER || status == NOT_FINITE)
        return OK;
    TRY(status);
    *isolated = has_full_rank(flow->dim, classes->J);
    return OK;
}

static void signs_take(struct basin_classes *classes, const double *limit)
{
    for (size_t i = 0; i < classes->signs; i++) {
        const double zero = SAME_LIMIT * (1 + fabs(limit[i]));
        classes->sign[i] = limit[i] > zero ? 1 : limit[i] < -zero ? -1 : 0;
    }
}

static enum status branch_add(struct basin_classes *classes, size_t number,
                              const struct basin_end *end, long *class)
{
    bool isolated;
    char label[BASIN_LABEL_MAX];
    TRY(is_isolated(classes, end->limit, &isolated));
    if (!isolated && classes->signs == 0) {
        *class = of_kind(classes, number, end);
        return OK;
    }
    if (is_full(classes)) {
        *class = of_others(classes, number);
        return OK;
    }
    if (isolated)
        limit_label(classes->flow, end->limit, label);
    else
        sign_label(classes, classes->sign, label);
    *class = class_add(classes, number, ENDING_SETTLED, label);
    classes->keyed++;
    const double bound = isnan(end->distance_bound) ? 0 : end->distance_bound;
    const struct key key = {.isolated = isolated, .by_signs = !isolated, .bound = bound};
    return key_keep(classes, key, isolated ? end->limit : classes->sign);
}

static enum status branch_find(struct basin_classes *classes, size_t number,
                               const struct basin_end *end, long *class)
{
    signs_take(classes, end->limit);
    *class = known_branch(classes, end);
    return *class == NO_CLASS ? branch_add(classes, number, end, class) : OK;
}

/* ---- roots ---- */

static void root_label(const struct basin_classes *classes, const struct key *key)
{
    char signs[BASIN_LABEL_MAX], which[NUMBER_ROOM] = "the only root";
    struct basin_class *class = &classes->class[key->number];
    sign_label(classes, key->limit, signs);
    if (key->roots > 1)
        snprintf(which, sizeof which, "root %u of %u", key->root, key->roots);
    snprintf(class->label, sizeof class->label, "%s (stable%s%.*s)", which, signs[0] ? "; " : "",
             BASIN_LABEL_MAX - 2 * NUMBER_ROOM, signs);
}

/* Of all its limits the signs that they share. */
static void root_signs(const struct basin_classes *classes, struct key *key)
{
    for (size_t i = 0; i < classes->signs; i++)
        if (key->limit[i] != classes->sign[i])
            key->limit[i] = SIGN_VARIES;
}

static enum status root_add(struct basin_classes *classes, size_t number,
                            const struct basin_end *end, long *class)
{
    if (is_full(classes)) {
        *class = of_others(classes, number);
        return OK;
    }
    classes->keyed++;
    *class = class_add(classes, number, ENDING_SETTLED, "");
    const struct key key = {.root = end->root, .roots = end->roots};
    TRY(key_keep(classes, key, classes->sign));
    root_label(classes, &classes->key[*class]);
    return OK;
}

static enum status root_find(struct basin_classes *classes, size_t number,
                             const struct basin_end *end, long *class)
{
    signs_take(classes, end->limit);
    for (size_t k = 0; k < classes->count; k++)
        if (classes->key[k].root == end->root && classes->key[k].roots == end->roots) {
            *class = (long)k;
            root_signs(classes, &classes->key[k]);
            return OK;
        }
    return root_add(classes, number, end, class);
}

enum status basin_classes_find(struct basin_classes *classes, size_t number,
                               const struct basin_end *end, uint16_t *found)
{
    long class = NO_CLASS;
    const bool limited = end->ending == ENDING_SETTLED && end->limit;
    if (classes->colouring == BASIN_BY_BRANCH && limited && end->roots > 0)
        TRY(root_find(classes, number, end, &class));
    else if (classes->colouring <= BASIN_BY_COMPONENT && limited)
        TRY(branch_find(classes, number, end, &class));
    else
        class = of_kind(classes, number, end);
    *found = (uint16_t)classes->key[class].number;
    return OK;
}

/* ---- the order of the list ---- */

/* Branches with signs or limits, roots, minima, other endings, and what is no class of its own. */
enum place { PLACE_SIGNS, PLACE_ROOTS, PLACE_KINDS };

static enum place place_of(const struct key *key)
{
    return key->roots > 0 ? PLACE_ROOTS : key->limit ? PLACE_SIGNS : PLACE_KINDS;
}

/* Among endings and minima: as the enums have them, settled ones first; then what has no room. */
static size_t kind_of(const struct basin_classes *classes, size_t k)
{
    size_t kind = 0;
    while (kind < KINDS && classes->of_kind[kind] != (long)k)
        kind++;
    return kind < KINDS ? (kind + KINDS - ENDING_COUNT) % KINDS : KINDS;
}

static int compare_limits(const struct basin_classes *classes, const double *x, const double *y)
{
    for (size_t i = 0; i < classes->flow->dim; i++)
        if (fabs(x[i] - y[i]) > SAME_LIMIT * (1 + fabs(x[i]) + fabs(y[i])))
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

/* Does class j, as found, stand before class k? */
static bool stands_before(const struct basin_classes *classes, size_t j, size_t k)
{
    const struct key *a = &classes->key[j], *b = &classes->key[k];
    const enum place place = place_of(a);
    if (place != place_of(b))
        return place < place_of(b);
    if (place == PLACE_ROOTS)
        return a->roots != b->roots ? a->roots < b->roots : a->root < b->root;
    if (place == PLACE_SIGNS)
        return a->isolated != b->isolated ? a->isolated
                                          : compare_limits(classes, a->limit, b->limit) < 0;
    return kind_of(classes, j) < kind_of(classes, k);
}

enum status basin_classes_sort(struct basin_classes *classes)
{
    const size_t count = classes->count;
    struct basin_class *sorted = calloc(BASIN_CLASSES_MOST + 1, sizeof *sorted);
    size_t *order = calloc(count + 1, sizeof *order); /* keys, as they stand in the list */
    const bool have = sorted && order;
    for (size_t k = 0; have && k < count; k++) {
        size_t at = k;
        for (; at > 0 && stands_before(classes, k, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
    for (size_t at = 0; have && at < count; at++)
        sorted[at] = classes->class[classes->key[order[at]].number];
    for (size_t at = 0; have && at < count; at++)
        classes->key[order[at]].number = at;
    if (have) {
        free(classes->class);
        classes->class = sorted;
    } else {
        free(sorted);
    }
    free(order);
    return have ? OK : status_fail(NO_MEMORY, "the order of %zu classes", count);
}

void basin_classes_describe(struct basin_classes *classes)
{
    for (size_t k = 0; k < classes->count; k++)
        if (classes->key[k].roots > 0)
            root_label(classes, &classes->key[k]);
}
