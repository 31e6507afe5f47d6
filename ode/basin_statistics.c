/* One pass over a map, in the order of its cells.
 *
 * A *slab* is what one step along the last axis adds: a cell of a line, a row of a plane, a layer
 * of a box.  The last EPS_MOST + 1 slabs are kept in a ring, which is all that pairs at distance
 * eps <= EPS_MOST, boxes of the entropy and neighbours of a cell ever ask for; so memory does not
 * grow with the number of slabs.  Counts are whole numbers: how the labels are cut into pieces
 * cannot change a bit.
 *
 * Cells are judged when the slab after theirs is complete.  Those at the edge of the window have
 * neighbours that nobody has seen, and are never inner, (T2); they are boundary cells only if a
 * neighbour that was seen has another class.  notes/basins.md, (T1)-(T4). */
#include "ode/basin_statistics.h"

#include "ode/binomial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cells; about half an octave from one to the next.  Beyond the last the ring would grow. */
static const size_t EPS[] = {1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64};
enum { EPS_COUNT = sizeof EPS / sizeof EPS[0], EPS_MOST = 64 };

/* A pair longer than this part of the window sees the window rather than the boundary. */
static const size_t WINDOW_PART = 8;

/* Of a class: inner cells, with neighbours that are decided or not, and of decided ones only. */
struct tally {
    size_t cells, inner, decided_inner;
};

struct basin_statistics {
    struct basin_lattice lattice;
    double confidence;
    size_t width, height,
        slab;          /* a slab has slab = width * height cells; height is 1 but of boxes */
    size_t ring;       /* slabs that are kept */
    size_t cells, all; /* seen; of the lattice */
    size_t undecided, boundary; /* cells with a decided neighbour of another class */
    struct basin_boxes boxes;
    struct basin_scale decided[EPS_COUNT], with_all[EPS_COUNT];
    struct tally *tally; /* [classes] */
    uint16_t *label;     /* [ring * slab] */
};

static size_t slabs_of(const struct basin_lattice *lattice)
{
    return lattice->axes == 0 ? 1 : lattice->size[lattice->axes - 1];
}

static size_t shortest_side(const struct basin_lattice *lattice)
{
    size_t least = SIZE_MAX;
    for (size_t d = 0; d < lattice->axes; d++)
        least = lattice->size[d] < least ? lattice->size[d] : least;
    return least;
}

static size_t ring_of(const struct basin_lattice *lattice)
{
    const size_t slabs = slabs_of(lattice);
    return slabs < EPS_MOST + 1 ? slabs : EPS_MOST + 1;
}

/* Of a random ensemble nothing is kept but counts. */
static enum status allocate(struct basin_statistics *s)
{
    s->tally = calloc(s->lattice.classes + 1, sizeof *s->tally);
    s->label = calloc(s->lattice.axes > 0 ? s->ring * s->slab : 1, sizeof *s->label);
    if (!s->tally || !s->label)
        return status_fail(NO_MEMORY, "%zu rows of %zu labels", s->ring, s->slab);
    return OK;
}

static enum status check_lattice(const struct basin_lattice *lattice, double confidence)
{
    if (lattice->axes > BASIN_AXES_MOST || lattice->classes >= BASIN_UNDECIDED)
        return status_fail(BAD_ARGUMENT, "statistics of %zu axes and %zu classes", lattice->axes,
                           lattice->classes);
    for (size_t d = 0; d < BASIN_AXES_MOST; d++)
        if (lattice->size[d] == 0)
            return status_fail(BAD_ARGUMENT, "axis %zu has no cells", d);
    if (!(confidence > 0 && confidence < 1))
        return status_fail(BAD_ARGUMENT, "a confidence of %g", confidence);
    return OK;
}

static void plan_scales(struct basin_statistics *s)
{
    for (size_t k = 0; k < EPS_COUNT; k++)
        s->decided[k].eps = s->with_all[k].eps = (double)EPS[k];
}

enum status basin_statistics_create(const struct basin_lattice *lattice, double confidence,
                                    struct basin_statistics **statistics)
{
    TRY(check_lattice(lattice, confidence));
    struct basin_statistics *s = calloc(1, sizeof *s);
    if (!s)
        return status_fail(NO_MEMORY, "statistics of %zu classes", lattice->classes);
    s->lattice = *lattice;
    s->confidence = confidence;
    s->width = lattice->axes == 1 ? 1 : lattice->size[0];
    s->height = lattice->axes == BASIN_AXES_MOST ? lattice->size[1] : 1;
    s->slab = s->width * s->height;
    s->ring = ring_of(lattice);
    s->all = lattice->size[0] * lattice->size[1] * lattice->size[2];
    plan_scales(s);
    const enum status status = allocate(s);
    if (status == OK)
        *statistics = s;
    else
        basin_statistics_free(s);
    return status;
}

void basin_statistics_free(struct basin_statistics *statistics)
{
    if (!statistics)
        return;
    free(statistics->tally);
    free(statistics->label);
    free(statistics);
}

/* Slab number z while it is in the ring: label[width*y + x]. */
static const uint16_t *slab_at(const struct basin_statistics *s, size_t z)
{
    return s->label + z % s->ring * s->slab;
}

/* ---------------------------------------------------------------- inner cells, (T2) */

/* What stands round a cell. */
struct surroundings {
    bool all_same;     /* every neighbour has its class */
    bool decided_same; /* every decided neighbour has it */
};

static void look_at_row(const uint16_t *row, uint16_t own, size_t count,
                        struct surroundings *around)
{
    for (size_t k = 0; k < count; k++) {
        around->all_same = around->all_same && row[k] == own;
        around->decided_same = around->decided_same && (row[k] == own || row[k] == BASIN_UNDECIDED);
    }
}

/* The places at - 1, at, at + 1 of an axis so far as it has them: first, ..., end - 1. */
struct reach {
    size_t first, end;
};

static struct reach reach_of(size_t at, size_t size)
{
    return (struct reach){.first = at > 0 ? at - 1 : 0, .end = at + 2 < size ? at + 2 : size};
}

/* The neighbours of cell (x, y, z) and itself, 3^axes cells, or fewer at the edge. */
static struct surroundings look_around(const struct basin_statistics *s, size_t x, size_t y,
                                       size_t z)
{
    struct surroundings around = {.all_same = true, .decided_same = true};
    const uint16_t own = slab_at(s, z)[s->width * y + x];
    const struct reach across = reach_of(x, s->width), up = reach_of(y, s->height),
                       deep = reach_of(z, slabs_of(&s->lattice));
    for (size_t k = deep.first; k < deep.end; k++)
        for (size_t j = up.first; j < up.end; j++)
            look_at_row(slab_at(s, k) + s->width * j + across.first, own, across.end - across.first,
                        &around);
    return around;
}

static bool at_edge(const struct basin_statistics *s, size_t x, size_t y, size_t z)
{
    const bool plane = s->lattice.axes > 1, box = s->lattice.axes == BASIN_AXES_MOST;
    return (plane && (x == 0 || x + 1 == s->width)) || (box && (y == 0 || y + 1 == s->height)) ||
           z == 0 || z + 1 == slabs_of(&s->lattice);
}

/* Slab z, whose neighbours are in the ring. */
static void judge_slab(struct basin_statistics *s, size_t z)
{
    const uint16_t *label = slab_at(s, z);
    for (size_t y = 0; y < s->height; y++)
        for (size_t x = 0; x < s->width; x++) {
            const uint16_t own = label[s->width * y + x];
            if (own == BASIN_UNDECIDED)
                continue;
            const struct surroundings around = look_around(s, x, y, z);
            s->boundary += !around.decided_same;
            if (at_edge(s, x, y, z))
                continue;
            s->tally[own].inner += around.all_same;
            s->tally[own].decided_inner += around.decided_same;
        }
}

/* ---------------------------------------------------------------- boxes, (T3) */

static void add_box(struct basin_statistics *s, size_t x0, size_t y0, size_t z0)
{
    uint16_t label[BASIN_BOX_CELLS_MOST];
    const size_t side = BASIN_BOX_SIDE, across = s->lattice.axes > 1 ? side : 1;
    const size_t deep = s->lattice.axes == BASIN_AXES_MOST ? side : 1;
    size_t count = 0;
    for (size_t z = z0; z < z0 + side; z++)
        for (size_t y = y0; y < y0 + deep; y++) {
            memcpy(label + count, slab_at(s, z) + s->width * y + x0, across * sizeof *label);
            count += across;
        }
    basin_entropy_add(&s->boxes, count, label, s->lattice.classes);
}

/* The boxes whose last slab is z; what does not fill a box at the far edges is left out. */
static void add_boxes(struct basin_statistics *s, size_t z)
{
    const size_t side = BASIN_BOX_SIDE, across = s->lattice.axes > 1 ? side : 1;
    const size_t deep = s->lattice.axes == BASIN_AXES_MOST ? side : 1;
    for (size_t y = 0; y + deep <= s->height; y += deep)
        for (size_t x = 0; x + across <= s->width; x += across)
            add_box(s, x, y, z + 1 - side);
}

/* ---------------------------------------------------------------- pairs, (T4) */

/* Two runs of cells, the one moved by eps from the other. */
static void count_pairs(struct basin_statistics *s, size_t scale, const uint16_t *here,
                        const uint16_t *there, size_t count)
{
    size_t known = 0, differ = 0;
    for (size_t k = 0; k < count; k++) {
        const bool both = here[k] != BASIN_UNDECIDED && there[k] != BASIN_UNDECIDED;
        known += both;
        differ += both && here[k] != there[k];
    }
    s->decided[scale].pairs += known;
    s->decided[scale].uncertain += differ;
    s->with_all[scale].pairs += count;
    s->with_all[scale].uncertain += differ + (count - known);
}

/* All pairs at distance EPS[scale] whose later end is in slab z, along each axis. */
static void add_pairs(struct basin_statistics *s, size_t scale, size_t z)
{
    const size_t eps = EPS[scale];
    const uint16_t *label = slab_at(s, z);
    if (z >= eps)
        count_pairs(s, scale, slab_at(s, z - eps), label, s->slab);
    for (size_t y = 0; s->lattice.axes > 1 && y < s->height; y++)
        count_pairs(s, scale, label + s->width * y, label + s->width * y + eps, s->width - eps);
    if (s->lattice.axes == BASIN_AXES_MOST)
        count_pairs(s, scale, label, label + s->width * eps, s->slab - s->width * eps);
}

static void complete_slab(struct basin_statistics *s, size_t z)
{
    const size_t side = shortest_side(&s->lattice);
    for (size_t k = 0; k < EPS_COUNT && EPS[k] * WINDOW_PART <= side; k++)
        add_pairs(s, k, z);
    if (z > 0)
        judge_slab(s, z - 1);
    if (z + 1 == slabs_of(&s->lattice))
        judge_slab(s, z);
    if ((z + 1) % BASIN_BOX_SIDE == 0)
        add_boxes(s, z);
}

/* ---------------------------------------------------------------- the pass */

static enum status add_cell(struct basin_statistics *s, uint16_t label)
{
    if (s->cells >= s->all)
        return status_fail(BAD_ARGUMENT, "more than %zu cells", s->all);
    if (label != BASIN_UNDECIDED && label >= s->lattice.classes)
        return status_fail(BAD_ARGUMENT, "label %u of cell %zu, of %zu classes", (unsigned)label,
                           s->cells, s->lattice.classes);
    const size_t number = s->cells++;
    if (label == BASIN_UNDECIDED)
        s->undecided++;
    else
        s->tally[label].cells++;
    if (s->lattice.axes == 0)
        return OK;
    s->label[number % (s->ring * s->slab)] = label;
    if (s->cells % s->slab == 0)
        complete_slab(s, number / s->slab);
    return OK;
}

enum status basin_statistics_add(struct basin_statistics *statistics, size_t count,
                                 const uint16_t *label)
{
    for (size_t k = 0; k < count; k++)
        TRY(add_cell(statistics, label[k]));
    return OK;
}

/* ---------------------------------------------------------------- what it amounts to */

/* Whole numbers over a whole number; 0/0 is nothing known. */
static double ratio(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : NAN;
}

static struct basin_share random_share(const struct basin_statistics *s, size_t k)
{
    const size_t cells = s->tally[k].cells, decided = s->cells - s->undecided;
    const double each = 1 - (1 - s->confidence) / 2;
    const struct binomial_interval among = binomial_interval(cells, decided, s->confidence);
    return (struct basin_share){
        .cells = cells,
        .fraction = ratio(cells, s->cells),
        .low = binomial_lower_bound(cells, s->cells, each),
        .high = binomial_upper_bound(cells + s->undecided, s->cells, each),
        .decided_fraction = ratio(cells, decided),
        .decided_low = decided > 0 ? among.low : NAN,
        .decided_high = decided > 0 ? among.high : NAN,
    };
}

/* Of all classes together. */
static struct tally tally_of_all(const struct basin_statistics *s)
{
    struct tally all = {0};
    for (size_t k = 0; k < s->lattice.classes; k++) {
        all.cells += s->tally[k].cells;
        all.inner += s->tally[k].inner;
        all.decided_inner += s->tally[k].decided_inner;
    }
    return all;
}

static struct basin_share grid_share(const struct basin_statistics *s, size_t k)
{
    const struct tally own = s->tally[k], all = tally_of_all(s);
    const size_t decided = all.cells;
    return (struct basin_share){
        .cells = own.cells,
        .fraction = ratio(own.cells, s->cells),
        .low = ratio(own.inner, s->cells),
        .high = ratio(s->cells - (all.inner - own.inner), s->cells),
        .decided_fraction = ratio(own.cells, decided),
        .decided_low = ratio(own.decided_inner, decided),
        .decided_high = ratio(decided - (all.decided_inner - own.decided_inner), decided),
    };
}

/* Pairs in neighbouring rows see the same piece of a boundary: eps^axes cells count as one. */
static struct basin_exponent fit(const struct basin_statistics *s, const struct basin_scale *scale)
{
    struct basin_scale worth[EPS_COUNT];
    for (size_t k = 0; k < EPS_COUNT; k++) {
        worth[k] = scale[k];
        worth[k].independent = (double)scale[k].pairs / pow(scale[k].eps, (double)s->lattice.axes);
    }
    return basin_exponent_fit(s->lattice.axes, EPS_COUNT, worth, s->confidence);
}

enum status basin_statistics_finish(const struct basin_statistics *statistics,
                                    struct basin_summary *summary, struct basin_share *share)
{
    const struct basin_statistics *s = statistics;
    if (s->cells != s->all)
        return status_fail(BAD_ARGUMENT, "%zu of %zu cells have labels", s->cells, s->all);
    for (size_t k = 0; k < s->lattice.classes; k++)
        share[k] = s->lattice.axes == 0 ? random_share(s, k) : grid_share(s, k);
    *summary = (struct basin_summary){
        .cells = s->cells,
        .undecided = s->undecided,
        .boundary_cells = s->boundary,
        .entropy = basin_entropy_of(&s->boxes, s->confidence),
        .exponent = fit(s, s->decided),
        .exponent_with_all = fit(s, s->with_all),
    };
    return OK;
}
