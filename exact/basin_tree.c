/* Level by level: the cells of a level are proved in parallel, and those that are not are cut.
 *
 * What is proved of a cell depends on its box alone, and cells are listed in their order, so that the
 * tree is the same for any number of threads.  Classes are numbered in the order of the first leaf.
 * Rejected: a recursion with tasks, whose list of leaves would have to be sorted afterwards. */
#include "exact/basin_tree.h"

#include "exact/tube.h"

#include <stdio.h>
#include <stdlib.h>

enum { CORNERS = 4, CHILDREN = 4, CLASSES_MOST = 4096 };

/* A cell of the level at work. */
struct cell {
    uint32_t i, j;
    size_t node;
    struct tube_verdict verdict;
};

struct work {
    const struct tube *tube;
    struct basin_tree *tree;
    const volatile sig_atomic_t *stop;
    struct progress *progress;
    size_t threads, count, breaks_room, leaves_room, nodes_room;
    struct cell *cell; /* [count] */
    unsigned level;
};

/* ---- boxes ---- */

/* x0 + i (x1 - x0)/2^level */
static void corner(const struct basin_tree *tree, size_t axis, uint32_t i, unsigned level,
                   fmpq_t value)
{
    const fmpq *low = tree->window + 2 * axis, *high = low + 1;
    fmpq_sub(value, high, low);
    fmpq_mul_ui(value, value, i);
    fmpq_div_2exp(value, value, level);
    fmpq_add(value, value, low);
}

void basin_tree_box(const struct basin_tree *tree, const struct basin_tree_leaf *leaf, fmpq *box)
{
    corner(tree, 0, leaf->i, leaf->level, box);
    corner(tree, 0, leaf->i + 1, leaf->level, box + 1);
    corner(tree, 1, leaf->j, leaf->level, box + 2);
    corner(tree, 1, leaf->j + 1, leaf->level, box + CORNERS - 1);
}

/* A ball with the whole side of a cell. */
static void side(const struct basin_tree *tree, size_t axis, uint32_t i, unsigned level, arb_t ball)
{
    fmpq_t end;
    arb_t low, high;
    fmpq_init(end);
    arb_init(low);
    arb_init(high);
    corner(tree, axis, i, level, end);
    arb_set_fmpq(low, end, TUBE_PREC);
    corner(tree, axis, i + 1, level, end);
    arb_set_fmpq(high, end, TUBE_PREC);
    arb_union(ball, low, high, TUBE_PREC);
    fmpq_clear(end);
    arb_clear(low);
    arb_clear(high);
}

static void cell_prove(const struct work *work, struct cell *cell)
{
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    side(work->tree, 0, cell->i, work->level, x);
    side(work->tree, 1, cell->j, work->level, y);
    tube_prove(work->tube, x, y, &cell->verdict);
    arb_clear(x);
    arb_clear(y);
}

static bool is_stopped(const struct work *work)
{
    return work->stop && *work->stop;
}

/* All cells, or what was begun before a stop. */
static void level_prove(struct work *work)
{
    enum { CHUNK = 8, WORDS = 32 };
    char words[WORDS];
    snprintf(words, sizeof words, "proving cells, level %u", work->level);
    progress_begin(work->progress, words, work->count);
#pragma omp parallel num_threads((int)work->threads)
    {
#pragma omp for schedule(dynamic, CHUNK)
        for (long k = 0; k < (long)work->count; k++) {
            if (is_stopped(work))
                continue;
            cell_prove(work, &work->cell[k]);
            progress_advance(work->progress, 1);
        }
        flint_cleanup();
    }
    progress_end(work->progress);
}

/* ---- lists ---- */

/* Room for one more, in an array that doubles. */
static enum status grow(void **array, size_t count, size_t *room, size_t size)
{
    enum { ROOM_FIRST = 256 };
    if (count < *room)
        return OK;
    const size_t more = *room ? 2 * *room : ROOM_FIRST;
    void *grown = realloc(*array, more * size);
    if (!grown)
        return status_fail(NO_MEMORY, "%zu cells of a certified map", more);
    *array = grown;
    *room = more;
    return OK;
}

static enum status node_add(struct work *work, size_t *node)
{
    struct basin_tree *tree = work->tree;
    void *array = tree->node;
    TRY(grow(&array, tree->nodes, &work->nodes_room, sizeof *tree->node));
    tree->node = array;
    tree->node[tree->nodes] = (struct basin_tree_node){0};
    *node = tree->nodes++;
    return OK;
}

static enum status class_of(struct basin_tree *tree, const struct tube_verdict *verdict,
                            uint16_t *class)
{
    for (size_t k = 0; k < tree->classes; k++)
        if (tree->class[k].ending == verdict->ending &&
            tree->class[k].positive == verdict->positive &&
            tree->class[k].negative == verdict->negative) {
            *class = (uint16_t)k;
            return OK;
        }
    if (tree->classes == CLASSES_MOST)
        return status_fail(BAD_ARGUMENT, "more than %d classes of certified cells", CLASSES_MOST);
    *class = (uint16_t)tree->classes++;
    tree->class[*class].ending = verdict->ending;
    tree->class[*class].positive = verdict->positive;
    tree->class[*class].negative = verdict->negative;
    return OK;
}

static enum status breaks_keep(struct work *work, const struct tube_verdict *verdict)
{
    struct basin_tree *tree = work->tree;
    for (size_t k = 0; k < verdict->breaks; k++) {
        void *array = tree->at;
        TRY(grow(&array, tree->breaks, &work->breaks_room, sizeof *tree->at));
        tree->at = array;
        tree->at[tree->breaks++] = verdict->at[k];
    }
    return OK;
}

static enum status leaf_add(struct work *work, const struct cell *cell)
{
    struct basin_tree *tree = work->tree;
    void *array = tree->leaf;
    TRY(grow(&array, tree->leaves, &work->leaves_room, sizeof *tree->leaf));
    tree->leaf = array;
    struct basin_tree_leaf leaf = {.i = cell->i,
                                   .j = cell->j,
                                   .level = work->level,
                                   .class = BASIN_TREE_UNDECIDED,
                                   .first_break = tree->breaks};
    if (cell->verdict.ending == ENDING_HORIZON) {
        tree->undecided++;
    } else {
        TRY(class_of(tree, &cell->verdict, &leaf.class));
        TRY(breaks_keep(work, &cell->verdict));
        leaf.direction = cell->verdict.direction;
        leaf.breaks = cell->verdict.breaks;
        leaf.near = cell->verdict.near;
        leaf.far = cell->verdict.far;
        tree->class[leaf.class].leaves++;
        fmpq_t share;
        fmpq_init(share);
        fmpq_one(share);
        fmpq_div_2exp(share, share, 2 * work->level);
        fmpq_add(&tree->class[leaf.class].area, &tree->class[leaf.class].area, share);
        fmpq_clear(share);
    }
    tree->node[cell->node].leaf = tree->leaves;
    tree->leaf[tree->leaves++] = leaf;
    return OK;
}

/* ---- levels ---- */

static enum status cell_cut(struct work *work, const struct cell *cell, struct cell *child)
{
    size_t node = 0;
    for (uint32_t k = 0; k < CHILDREN; k++) {
        TRY(node_add(work, &node));
        if (k == 0)
            work->tree->node[cell->node].child = node;
        child[k] =
            (struct cell){.i = 2 * cell->i + (k & 1), .j = 2 * cell->j + (k >> 1), .node = node};
    }
    return OK;
}

/* Leaves of what is proved, and of what is not, once it is small enough; next[4*undecided] else. */
static enum status level_sort(struct work *work, struct cell *next, size_t *undecided)
{
    const bool last = work->level == work->tree->levels;
    *undecided = 0;
    for (size_t k = 0; k < work->count; k++) {
        const struct cell *cell = &work->cell[k];
        const bool open = cell->verdict.ending == ENDING_HORIZON;
        work->tree->looks += cell->verdict.looks;
        if (open && !last)
            TRY(cell_cut(work, cell, next + CHILDREN * *undecided));
        else
            TRY(leaf_add(work, cell));
        *undecided += open;
    }
    work->tree->undecided_at[work->level] = *undecided;
    work->tree->cells += work->count;
    return OK;
}

static enum status level_do(struct work *work)
{
    size_t undecided = 0;
    level_prove(work);
    if (is_stopped(work))
        return status_fail(INTERRUPTED, "proved cells: interrupted in level %u", work->level);
    for (size_t k = 0; k < work->count; k++)
        undecided += work->cell[k].verdict.ending == ENDING_HORIZON;
    struct cell *next = calloc(CHILDREN * undecided + 1, sizeof *next);
    if (!next)
        return status_fail(NO_MEMORY, "%zu cells of a certified map", CHILDREN * undecided);
    const enum status status = level_sort(work, next, &undecided);
    free(work->cell);
    work->cell = next;
    work->count = CHILDREN * undecided;
    return status;
}

static enum status tree_grow(struct work *work)
{
    size_t root;
    TRY(node_add(work, &root));
    work->cell = calloc(1, sizeof *work->cell);
    if (!work->cell)
        return status_fail(NO_MEMORY, "the first cell");
    work->count = 1;
    enum status status = OK;
    for (; status == OK && work->level <= work->tree->levels && work->count > 0; work->level++)
        status = level_do(work);
    free(work->cell);
    return status;
}

/* ---- the whole ---- */

static struct basin_tree *tree_open(const struct basin_tree_question *question,
                                    const struct tube *tube)
{
    struct basin_tree *tree = calloc(1, sizeof *tree);
    if (!tree)
        return NULL;
    for (size_t k = 0; k < CORNERS; k++) {
        fmpq_init(tree->window + k);
        fmpq_set(tree->window + k, question->window + k);
    }
    tree->levels = question->levels;
    tree->signs = tube->signs;
    tree->class = calloc(CLASSES_MOST, sizeof *tree->class);
    tree->undecided_at = calloc(question->levels + 1, sizeof *tree->undecided_at);
    for (size_t k = 0; tree->class && k < CLASSES_MOST; k++)
        fmpq_init(&tree->class[k].area);
    if (tree->class && tree->undecided_at)
        return tree;
    basin_tree_free(tree);
    return NULL;
}

void basin_tree_free(struct basin_tree *tree)
{
    if (!tree)
        return;
    for (size_t k = 0; k < CORNERS; k++)
        fmpq_clear(tree->window + k);
    for (size_t k = 0; tree->class && k < CLASSES_MOST; k++)
        fmpq_clear(&tree->class[k].area);
    free(tree->class);
    free(tree->leaf);
    free(tree->node);
    free(tree->at);
    free(tree->undecided_at);
    free(tree);
}

static enum status tree_make(const struct basin_tree_question *question, const struct tube *tube,
                             struct basin_tree **out)
{
    struct basin_tree *tree = tree_open(question, tube);
    if (!tree)
        return status_fail(NO_MEMORY, "a certified map");
    struct work work = {.tube = tube,
                        .tree = tree,
                        .stop = question->stop,
                        .progress = question->progress,
                        .threads = question->threads};
    const enum status status = tree_grow(&work);
    if (status == OK)
        *out = tree;
    else
        basin_tree_free(tree);
    return status;
}

enum status basin_tree_create(const struct basin_tree_question *question, struct basin_tree **tree,
                              const char **why_not)
{
    const fmpq *w = question->window;
    struct tube *tube = NULL;
    *tree = NULL;
    if (question->levels > BASIN_TREE_LEVELS_MOST)
        return status_fail(BAD_ARGUMENT, "at most %d levels of cells", BASIN_TREE_LEVELS_MOST);
    if (fmpq_cmp(w, w + 1) >= 0 || fmpq_cmp(w + 2, w + CORNERS - 1) >= 0)
        return status_fail(BAD_ARGUMENT, "the window is empty");
    TRY(tube_create(question->statement, question->axis, &tube, why_not));
    if (!tube)
        return OK;
    const enum status status = tree_make(question, tube, tree);
    tube_free(tube);
    return status;
}

/* ---- questions ---- */

uint32_t basin_tree_index(const struct basin_tree *tree, size_t axis, const fmpq_t coordinate)
{
    const fmpq *low = tree->window + 2 * axis;
    fmpq_t share, width;
    fmpz_t whole;
    fmpq_init(share);
    fmpq_init(width);
    fmpz_init(whole);
    fmpq_sub(share, coordinate, low);
    fmpq_sub(width, low + 1, low);
    fmpq_div(share, share, width);
    fmpq_mul_2exp(share, share, tree->levels);
    fmpz_fdiv_q(whole, fmpq_numref(share), fmpq_denref(share));
    const slong last = ((slong)1 << tree->levels) - 1;
    const slong index = fmpz_sgn(whole) < 0            ? 0
                        : fmpz_cmp_si(whole, last) > 0 ? last
                                                       : fmpz_get_si(whole);
    fmpq_clear(share);
    fmpq_clear(width);
    fmpz_clear(whole);
    return (uint32_t)index;
}

uint32_t basin_tree_index_of_double(const struct basin_tree *tree, size_t axis, double coordinate)
{
    arf_t exact;
    fmpq_t value;
    arf_init(exact);
    fmpq_init(value);
    arf_set_d(exact, coordinate);
    arf_get_fmpq(value, exact);
    const uint32_t index = basin_tree_index(tree, axis, value);
    arf_clear(exact);
    fmpq_clear(value);
    return index;
}

const struct basin_tree_leaf *basin_tree_find(const struct basin_tree *tree, uint32_t i, uint32_t j)
{
    const struct basin_tree_node *node = tree->node;
    for (unsigned level = tree->levels; node->child != 0; level--)
        node = tree->node + node->child + (i >> (level - 1) & 1) + 2 * (j >> (level - 1) & 1);
    return tree->leaf + node->leaf;
}

void basin_tree_undecided(const struct basin_tree *tree, fmpq_t area)
{
    fmpq_one(area);
    for (size_t k = 0; k < tree->classes; k++)
        fmpq_sub(area, area, &tree->class[k].area);
}

void basin_tree_most(const struct basin_tree *tree, size_t class, fmpq_t area)
{
    basin_tree_undecided(tree, area);
    fmpq_add(area, area, &tree->class[class].area);
}
