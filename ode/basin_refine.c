/* A tree in a hash table.
 *
 * Cells of level l have whole-number places; the coarse map is shifted by one, so that the places
 * of level l inside the window are size * 2^l numbers from 2^l on, and a parent is the place
 * shifted right by a bit.  Coarse cells are read from the caller's array and enter the table only
 * when they lie at a boundary.  Each new cell is compared with whatever stands next to it, finer,
 * equal or coarser, and a difference marks both; marked cells above the last level are cut in the
 * next round.  So a boundary that the coarse map missed is followed into cells that looked inner.
 * Outside the window single cells are labelled at each level for the comparison, never cut.
 *
 * Rounds, cells and neighbours are gone through in a fixed order, and labels belong to starts:
 * batches and threads cannot change the result.  What is proved of an unmarked cell:
 * notes/basins.md, (T6).  Rejected: a full grid of the last level, 4^depth times the memory. */
#include "ode/basin_refine.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHILDREN_MOST = 1 << BASIN_AXES_MOST,
    FIRST_ROOM = 1024, /* cells; doubled when full */
    NOWHERE = -1,      /* of a cell that is not in the table */
};

static const uint64_t MIX = 0x9E3779B97F4A7C15u;  /* 2^64 / golden ratio, odd: Knuth's hash */
static const double CELLS_MOST = 1e15;            /* of the last level: counts stay exact doubles */
static const size_t TABLE_MOST = (size_t)1 << 24; /* cells in the table: a gigabyte */

/* Where a cell is. */
struct place {
    unsigned level;
    uint32_t at[BASIN_AXES_MOST];
};

struct cell {
    struct place place;
    uint16_t label;
    bool inside, marked, cut;
    size_t child; /* the first of its 2^axes children, if cut */
    size_t start; /* its number among the starts that were labelled, beyond level 0 */
};

struct basin_refine {
    struct basin_refine_plan plan;
    size_t count, room; /* cells in the table */
    struct cell *cell;
    size_t slots;    /* a power of two, at least twice `count` */
    size_t *slot;    /* the number of a cell plus one; 0: empty */
    size_t *waiting; /* [room]: marked cells to be cut, in order */
    size_t waiting_from, waiting_to;
    size_t *piece;           /* [whole.pieces]: numbers of cells */
    struct basin_area *area; /* [classes] */
    struct basin_refined whole;
};

/* ---------------------------------------------------------------- the table */

static uint64_t hash(const struct place *p)
{
    uint64_t h = p->level;
    for (int d = 0; d < BASIN_AXES_MOST; d++)
        h = (h ^ p->at[d]) * MIX + (h >> 32);
    return h ^ h >> 32;
}

static bool same_place(const struct place *p, const struct place *q)
{
    return p->level == q->level && memcmp(p->at, q->at, sizeof p->at) == 0;
}

/* The slot where a place is, or would be. */
static size_t slot_of(const struct basin_refine *r, const struct place *p)
{
    size_t k = hash(p) & (r->slots - 1);
    while (r->slot[k] != 0 && !same_place(&r->cell[r->slot[k] - 1].place, p))
        k = (k + 1) & (r->slots - 1);
    return k;
}

static ptrdiff_t find(const struct basin_refine *r, const struct place *p)
{
    return (ptrdiff_t)r->slot[slot_of(r, p)] - 1;
}

/* What the arrays of a table with so much room are, new and empty. */
struct storage {
    struct cell *cell;
    size_t *waiting, *slot;
};

static void storage_free(struct storage storage)
{
    free(storage.cell);
    free(storage.waiting);
    free(storage.slot);
}

static bool storage_make(size_t room, struct storage *storage)
{
    *storage = (struct storage){.cell = calloc(room, sizeof(struct cell)),
                                .waiting = calloc(room, sizeof(size_t)),
                                .slot = calloc(2 * room, sizeof(size_t))};
    return storage->cell && storage->waiting && storage->slot;
}

static enum status grow(struct basin_refine *r)
{
    const size_t room = r->room > 0 ? 2 * r->room : FIRST_ROOM;
    struct storage storage;
    if (room > TABLE_MOST)
        return status_fail(BAD_ARGUMENT,
                           "the boundary has more than %zu cells at depth %zu; refine less deeply, "
                           "or a smaller window",
                           TABLE_MOST, r->plan.depth);
    if (!storage_make(room, &storage)) {
        storage_free(storage);
        return status_fail(NO_MEMORY, "%zu cells at boundaries", room);
    }
    if (r->room > 0) {
        memcpy(storage.cell, r->cell, r->count * sizeof *r->cell);
        memcpy(storage.waiting, r->waiting, r->waiting_to * sizeof *r->waiting);
    }
    storage_free((struct storage){r->cell, r->waiting, r->slot});
    r->cell = storage.cell;
    r->waiting = storage.waiting;
    r->slot = storage.slot;
    r->slots = 2 * room;
    r->room = room;
    for (size_t k = 0; k < r->count; k++)
        r->slot[slot_of(r, &r->cell[k].place)] = k + 1;
    return OK;
}

/* Puts a cell into the table, where it is not yet; it gets the number count - 1. */
static enum status append(struct basin_refine *r, struct cell cell)
{
    if (r->count == r->room)
        TRY(grow(r));
    r->cell[r->count] = cell;
    r->slot[slot_of(r, &cell.place)] = ++r->count;
    return OK;
}

/* ---------------------------------------------------------------- places */

static bool is_inside(const struct basin_refine *r, const struct place *p)
{
    for (size_t d = 0; d < r->plan.axes; d++)
        if (p->at[d] >> p->level == 0 || p->at[d] >> p->level > r->plan.size[d])
            return false;
    return true;
}

static struct place place_above(const struct place *p, unsigned level)
{
    struct place above = {.level = level};
    for (int d = 0; d < BASIN_AXES_MOST; d++)
        above.at[d] = p->at[d] >> (p->level - level);
    return above;
}

static uint16_t coarse_label(const struct basin_refine *r, const struct place *p)
{
    size_t number = 0;
    for (size_t d = r->plan.axes; d-- > 0;)
        number = number * r->plan.size[d] + p->at[d] - 1;
    return r->plan.label[number];
}

/* Neighbour number k < 3^axes of a place; the middle one is the place itself. */
static struct place neighbour(const struct basin_refine *r, const struct place *p, size_t k)
{
    enum { STEPS = 3 }; /* back, stay, on */
    struct place next = *p;
    for (size_t d = 0; d < r->plan.axes; d++) {
        next.at[d] = next.at[d] + (uint32_t)(k % STEPS) - 1;
        k /= STEPS;
    }
    return next;
}

static size_t neighbours(const struct basin_refine *r)
{
    static const size_t COUNT[] = {1, 3, 9, 27}; /* 3^axes */
    return COUNT[r->plan.axes];
}

/* Closed cells that have a point in common. */
static bool touch(const struct basin_refine *r, const struct place *p, const struct place *q)
{
    const unsigned deepest = p->level > q->level ? p->level : q->level;
    for (size_t d = 0; d < r->plan.axes; d++) {
        const unsigned up = deepest - p->level, uq = deepest - q->level;
        const uint64_t p0 = (uint64_t)p->at[d] << up, p1 = (uint64_t)(p->at[d] + 1) << up;
        const uint64_t q0 = (uint64_t)q->at[d] << uq, q1 = (uint64_t)(q->at[d] + 1) << uq;
        if (p1 < q0 || q1 < p0)
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------- marks */

static void mark(struct basin_refine *r, size_t k)
{
    if (r->cell[k].marked || !r->cell[k].inside)
        return;
    r->cell[k].marked = true;
    r->waiting[r->waiting_to++] = k;
}

/* Marks a coarse cell that may not be in the table yet. */
static enum status mark_coarse(struct basin_refine *r, const struct place *p)
{
    const ptrdiff_t k = find(r, p);
    if (k == NOWHERE)
        TRY(append(r, (struct cell){.place = *p, .label = coarse_label(r, p), .inside = true}));
    mark(r, k == NOWHERE ? r->count - 1 : (size_t)k);
    return OK;
}

static bool is_undecided(const struct basin_refine *r, uint16_t label)
{
    return label == BASIN_UNDECIDED || (r->plan.undecided && r->plan.undecided[label]);
}

static bool differ(const struct basin_refine *r, uint16_t a, uint16_t b)
{
    return a != b && !(is_undecided(r, a) && is_undecided(r, b));
}

/* Marks cell k and whatever of cell b and its descendants touches it and has another label. */
static void compare(struct basin_refine *r, size_t k, size_t b)
{
    if (!touch(r, &r->cell[k].place, &r->cell[b].place))
        return;
    if (differ(r, r->cell[k].label, r->cell[b].label)) {
        mark(r, k);
        mark(r, b);
    }
    if (r->cell[b].cut)
        for (size_t c = 0; c < (size_t)1 << r->plan.axes; c++)
            compare(r, k, r->cell[b].child + c); /* at most BASIN_DEPTH_MOST deep */
}

/* Compares cell k with what stands at a place of its level. */
static enum status compare_at(struct basin_refine *r, size_t k, const struct place *p)
{
    for (unsigned level = p->level + 1; level-- > 0;) {
        const struct place above = place_above(p, level);
        const ptrdiff_t b = find(r, &above);
        if (b != NOWHERE) {
            compare(r, k, (size_t)b);
            return OK;
        }
        if (level == 0 && differ(r, coarse_label(r, &above), r->cell[k].label)) {
            mark(r, k);
            return mark_coarse(r, &above);
        }
    }
    return OK;
}

static enum status compare_cell(struct basin_refine *r, size_t k)
{
    for (size_t n = 0; n < neighbours(r); n++) {
        const struct place place = r->cell[k].place, p = neighbour(r, &place, n);
        if (!same_place(&place, &p))
            TRY(compare_at(r, k, &p));
    }
    return OK;
}

/* ---------------------------------------------------------------- labels */

/* The middle of a cell, or the corner at its end: halves 1 or 2, as basin_grid_middle() has it. */
static double coordinate(const struct basin_refine *r, const struct place *p, size_t d,
                         unsigned halves)
{
    const double low = r->plan.window[2 * d], high = r->plan.window[2 * d + 1];
    const double pieces = (double)r->plan.size[d] * (double)((uint64_t)1 << p->level);
    const double at = (double)p->at[d] - (double)((uint64_t)1 << p->level);
    const double after = 2 * at + halves, before = 2 * pieces - after;
    return (low * before + high * after) / (2 * pieces);
}

/* Labels the cells from number `first` on. */
static enum status label_cells(struct basin_refine *r, const struct basin_labeller *labeller,
                               size_t first, double *point, uint16_t *label)
{
    while (first < r->count) {
        const size_t rest = r->count - first;
        const size_t count = rest < r->plan.batch ? rest : r->plan.batch;
        for (size_t k = 0; k < count; k++)
            for (size_t d = 0; d < r->plan.axes; d++)
                point[k * r->plan.axes + d] = coordinate(r, &r->cell[first + k].place, d, 1);
        TRY(labeller->label(labeller->context, count, point, label));
        for (size_t k = 0; k < count; k++) {
            if (label[k] != BASIN_UNDECIDED && label[k] >= r->plan.classes)
                return status_fail(BAD_ARGUMENT, "label %u of %zu classes", (unsigned)label[k],
                                   r->plan.classes);
            r->cell[first + k].label = label[k];
            r->cell[first + k].start = r->whole.labelled + k;
        }
        r->whole.labelled += count;
        first += count;
    }
    return OK;
}

static enum status label_new(struct basin_refine *r, const struct basin_labeller *labeller,
                             size_t first)
{
    double *point = calloc(r->plan.batch * r->plan.axes, sizeof *point);
    uint16_t *label = calloc(r->plan.batch, sizeof *label);
    const enum status status = point && label
                                   ? label_cells(r, labeller, first, point, label)
                                   : status_fail(NO_MEMORY, "%zu starts in a batch", r->plan.batch);
    free(point);
    free(label);
    return status;
}

/* ---------------------------------------------------------------- rounds */

/* The neighbours of a place that lie outside the window, as cells without labels. */
static enum status append_outside(struct basin_refine *r, const struct place *place)
{
    for (size_t n = 0; n < neighbours(r); n++) {
        const struct place p = neighbour(r, place, n);
        if (!is_inside(r, &p) && find(r, &p) == NOWHERE)
            TRY(append(r, (struct cell){.place = p}));
    }
    return OK;
}

/* The next cell of the coarse map in the order of the cells; false after the last. */
static bool advance(const struct basin_refine *r, struct place *p)
{
    for (size_t d = 0; d < r->plan.axes; d++) {
        if (p->at[d]++ < r->plan.size[d])
            return true;
        p->at[d] = 1;
    }
    return false;
}

static struct place first_place(const struct basin_refine *r)
{
    struct place p = {.level = 0};
    for (size_t d = 0; d < r->plan.axes; d++)
        p.at[d] = 1;
    return p;
}

/* A coarse cell and a place next to it. */
static bool coarse_differ(const struct basin_refine *r, const struct place *p,
                          const struct place *q)
{
    const uint16_t label =
        is_inside(r, q) ? coarse_label(r, q) : r->cell[find(r, q)].label; /* it was labelled */
    return differ(r, label, coarse_label(r, p));
}

static bool coarse_boundary(const struct basin_refine *r, const struct place *p)
{
    for (size_t n = 0; n < neighbours(r); n++) {
        const struct place q = neighbour(r, p, n);
        if (coarse_differ(r, p, &q))
            return true;
    }
    return false;
}

/* Only cells at the edge of the window have neighbours outside. */
static enum status label_rim(struct basin_refine *r, const struct basin_labeller *labeller)
{
    struct place p = first_place(r);
    bool more = true;
    while (more) {
        TRY(append_outside(r, &p));
        more = advance(r, &p);
    }
    return label_new(r, labeller, 0);
}

static enum status mark_coarse_boundary(struct basin_refine *r)
{
    struct place p = first_place(r);
    bool more = true;
    while (more) {
        if (coarse_boundary(r, &p))
            TRY(mark_coarse(r, &p));
        more = advance(r, &p);
    }
    return OK;
}

static enum status cut(struct basin_refine *r, size_t k)
{
    const struct place parent = r->cell[k].place;
    const size_t child = r->count, children = (size_t)1 << r->plan.axes;
    for (size_t c = 0; c < children; c++) {
        struct cell cell = {.place = parent, .inside = true};
        cell.place.level++;
        for (size_t d = 0; d < r->plan.axes; d++)
            cell.place.at[d] = 2 * parent.at[d] + (uint32_t)(c >> d & 1);
        TRY(append(r, cell));
    }
    r->cell[k].cut = true;
    r->cell[k].child = child;
    for (size_t c = 0; c < children; c++) {
        const struct place place = r->cell[child + c].place;
        TRY(append_outside(r, &place));
    }
    return OK;
}

/* Cuts what waits now; what the comparison marks waits for the next round. */
static enum status round_of_cuts(struct basin_refine *r, const struct basin_labeller *labeller)
{
    const size_t first = r->count, until = r->waiting_to;
    for (; r->waiting_from < until; r->waiting_from++) {
        const size_t k = r->waiting[r->waiting_from];
        if (r->cell[k].place.level < r->plan.depth)
            TRY(cut(r, k));
    }
    TRY(label_new(r, labeller, first));
    const size_t end = r->count;
    for (size_t k = first; k < end; k++)
        if (r->cell[k].inside)
            TRY(compare_cell(r, k));
    return OK;
}

/* ---------------------------------------------------------------- areas */

/* Cells of the last level in one of a level. */
static double weight(const struct basin_refine *r, unsigned level)
{
    return (double)((uint64_t)1 << (r->plan.axes * (r->plan.depth - level)));
}

/* What is inner counts for its class, or as undecided; what is left at the end is boundary. */
static void add_cells(struct basin_refine *r, uint16_t label, bool marked, double cells)
{
    if (label != BASIN_UNDECIDED)
        r->area[label].fraction += cells;
    if (marked)
        return;
    if (is_undecided(r, label))
        r->whole.undecided += cells;
    else
        r->area[label].low += cells;
}

static void add_all_cells(struct basin_refine *r)
{
    struct place p = first_place(r);
    bool more = true;
    while (more) {
        if (find(r, &p) == NOWHERE)
            add_cells(r, coarse_label(r, &p), false, weight(r, 0));
        more = advance(r, &p);
    }
    for (size_t k = 0; k < r->count; k++) {
        const struct cell *cell = &r->cell[k];
        if (cell->inside && !cell->cut)
            add_cells(r, cell->label, cell->marked, weight(r, cell->place.level));
    }
}

/* Counts are whole numbers below CELLS_MOST until they are divided: no order can change them. */
static enum status measure(struct basin_refine *r)
{
    const double all = (double)(r->plan.size[0] * r->plan.size[1] * r->plan.size[2]) * weight(r, 0);
    double inner = 0;
    r->area = calloc(r->plan.classes + 1, sizeof *r->area);
    if (!r->area)
        return status_fail(NO_MEMORY, "areas of %zu classes", r->plan.classes);
    add_all_cells(r);
    for (size_t j = 0; j < r->plan.classes; j++)
        inner += r->area[j].low;
    for (size_t j = 0; j < r->plan.classes; j++) {
        const bool open = is_undecided(r, (uint16_t)j);
        r->area[j].high = open ? 1 : (all - (inner - r->area[j].low)) / all;
        r->area[j].low /= all;
        r->area[j].fraction /= all;
    }
    r->whole.boundary = (all - inner - r->whole.undecided) / all;
    r->whole.undecided /= all;
    return OK;
}

static enum status list_pieces(struct basin_refine *r)
{
    r->piece = calloc(r->count + 1, sizeof *r->piece);
    if (!r->piece)
        return status_fail(NO_MEMORY, "%zu pieces of boundaries", r->count);
    for (size_t k = 0; k < r->count; k++)
        if (r->cell[k].marked && !r->cell[k].cut)
            r->piece[r->whole.pieces++] = k;
    return OK;
}

static enum status refine_all(struct basin_refine *r, const struct basin_labeller *labeller)
{
    TRY(grow(r));
    TRY(label_rim(r, labeller));
    TRY(mark_coarse_boundary(r));
    while (r->waiting_from < r->waiting_to)
        TRY(round_of_cuts(r, labeller));
    TRY(list_pieces(r));
    return measure(r);
}

/* ---------------------------------------------------------------- from outside */

static enum status check_plan(const struct basin_refine_plan *plan)
{
    if (plan->axes == 0 || plan->axes > BASIN_AXES_MOST || plan->depth > BASIN_DEPTH_MOST ||
        plan->batch == 0 || plan->classes >= BASIN_UNDECIDED)
        return status_fail(BAD_ARGUMENT, "refinement of %zu axes to depth %zu in batches of %zu",
                           plan->axes, plan->depth, plan->batch);
    double cells = 1;
    for (size_t d = 0; d < BASIN_AXES_MOST; d++) {
        const bool varies = d < plan->axes;
        cells *= (double)plan->size[d] * (varies ? (double)(1u << plan->depth) : 1);
        if (plan->size[d] == 0 || plan->size[d] > BASIN_SIDE_MOST ||
            (!varies && plan->size[d] > 1) ||
            (varies && !(plan->window[2 * d] < plan->window[2 * d + 1])))
            return status_fail(BAD_ARGUMENT, "axis %zu: %zu cells from %g to %g", d, plan->size[d],
                               plan->window[2 * d], plan->window[2 * d + 1]);
    }
    if (cells > CELLS_MOST)
        return status_fail(BAD_ARGUMENT, "%g cells at depth %zu, at most %g", cells, plan->depth,
                           CELLS_MOST);
    return OK;
}

enum status basin_refine_create(const struct basin_refine_plan *plan,
                                const struct basin_labeller *labeller, struct basin_refine **refine)
{
    TRY(check_plan(plan));
    struct basin_refine *r = calloc(1, sizeof *r);
    if (!r)
        return status_fail(NO_MEMORY, "a refinement");
    r->plan = *plan;
    const enum status status = refine_all(r, labeller);
    if (status == OK)
        *refine = r;
    else
        basin_refine_free(r);
    return status;
}

void basin_refine_free(struct basin_refine *refine)
{
    if (!refine)
        return;
    free(refine->cell);
    free(refine->slot);
    free(refine->waiting);
    free(refine->piece);
    free(refine->area);
    free(refine);
}

struct basin_refined basin_refine_areas(const struct basin_refine *refine, struct basin_area *area)
{
    if (refine->plan.classes > 0)
        memcpy(area, refine->area, refine->plan.classes * sizeof *area);
    return refine->whole;
}

static struct basin_leaf leaf_of(const struct basin_refine *refine, const struct cell *cell)
{
    struct basin_leaf leaf = {.level = cell->place.level,
                              .label = cell->label,
                              .cut = cell->cut,
                              .boundary = cell->marked,
                              .start = cell->start};
    for (size_t d = 0; d < refine->plan.axes; d++) {
        leaf.low[d] = coordinate(refine, &cell->place, d, 0);
        leaf.high[d] = coordinate(refine, &cell->place, d, 2);
    }
    return leaf;
}

enum status basin_refine_each(const struct basin_refine *refine,
                              enum status (*visit)(void *context, const struct basin_leaf *leaf),
                              void *context)
{
    for (size_t k = 0; k < refine->count; k++) {
        const struct cell *cell = &refine->cell[k];
        if (!cell->inside || cell->cut || cell->place.level == 0)
            continue;
        const struct basin_leaf leaf = leaf_of(refine, cell);
        TRY(visit(context, &leaf));
    }
    return OK;
}

bool basin_refine_at(const struct basin_refine *refine, size_t level, const size_t *at,
                     struct basin_leaf *leaf)
{
    struct place place = {.level = (unsigned)level};
    for (size_t d = 0; d < refine->plan.axes; d++)
        place.at[d] = (uint32_t)(at[d] + ((size_t)1 << level));
    for (unsigned up = place.level; up > 0; up--) {
        const struct place above = place_above(&place, up);
        const ptrdiff_t k = find(refine, &above);
        if (k != NOWHERE) {
            *leaf = leaf_of(refine, &refine->cell[k]);
            return true;
        }
    }
    return false;
}

struct basin_piece basin_refine_piece(const struct basin_refine *refine, size_t k)
{
    const struct cell *cell = &refine->cell[refine->piece[k]];
    const struct basin_leaf leaf = leaf_of(refine, cell);
    struct basin_piece piece = {.label = cell->label};
    memcpy(piece.low, leaf.low, sizeof piece.low);
    memcpy(piece.high, leaf.high, sizeof piece.high);
    return piece;
}
