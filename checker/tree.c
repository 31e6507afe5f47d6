/* Reading a tree, and the walk through its cells. */
#include "checker/tree.h"

#include "checker/memory.h"
#include "checker/rational.h"
#include "checker/reject.h"

#include <string.h>

enum { DEPTH_MOST = 256, ORDERS = 3 /* G, dG/ds and the remainder of both */ };

/* ---- reading --------------------------------------------------------------------------------- */

static const char *read_signs(struct text *text, size_t unknowns)
{
    size_t length;
    const char *signs = text_token(text, &length);
    reject_unless(length == unknowns, "not one sign for each unknown");
    for (size_t i = 0; i < length; i++)
        reject_unless(signs[i] == '+' || signs[i] == '-' || signs[i] == '?',
                      "a sign that is none of + - ?");
    return signs;
}

static void read_widths(struct text *text, struct tree_node *node, size_t unknowns)
{
    node->width = memory_numbers(unknowns);
    for (size_t i = 0; i < unknowns; i++)
        text_positive(text, node->width[i]);
}

static enum tree_word read_word(struct text *text, enum tree_words words)
{
    static const char *const names[] = {"split", "leaf", "near", "away", "open", NULL};
    text_row(text);
    enum tree_word word = (enum tree_word)text_choice(text, names);
    reject_unless(words == TREE_WORDS_ALL || (word != TREE_AWAY && word != TREE_OPEN),
                  "a cell that does not settle");
    return word;
}

static struct tree_node *read_node(struct text *text, const struct tree *tree,
                                   enum tree_words words, size_t depth)
{
    struct tree_node *node = memory_new(1, sizeof *node);
    reject_unless(depth <= DEPTH_MOST, "the tree is too deep");
    node->word = read_word(text, words);
    node->line = text->line;
    if (node->word == TREE_SPLIT) {
        node->coordinate = text_count(text, 1, tree->intervals) - 1;
        for (size_t k = 0; k < 2; k++)
            node->half[k] = read_node(text, tree, words, depth + 1);
    } else if (node->word == TREE_LEAF) {
        node->crossing.direction = crossing_read_direction(text);
        node->signs = read_signs(text, tree->unknowns);
        crossing_read_leaf(text, &node->crossing);
    } else if (node->word == TREE_NEAR) {
        node->signs = read_signs(text, tree->unknowns);
        read_widths(text, node, tree->unknowns);
    } else if (node->word == TREE_AWAY) {
        node->crossing.direction = crossing_read_direction(text);
        crossing_read_away(text, &node->crossing);
    }
    return node;
}

/* The data that are intervals, numbered in their order. */
static void number_intervals(struct tree *tree)
{
    tree->number = memory_new(tree->cell.count, sizeof *tree->number);
    for (size_t k = 0; k < tree->cell.count; k++)
        if (!mpq_equal(tree->cell.lo[k], tree->cell.hi[k]))
            tree->number[tree->intervals++] = k;
}

void tree_read(struct text *text, const struct premise *premise, enum tree_words words,
               struct tree *tree)
{
    *tree = (struct tree){.premise = premise, .unknowns = premise->dim};
    tree->cell = curve_data_of(premise);
    number_intervals(tree);
    mpq_init(tree->away);
    text_line(text, "tree");
    reject_unless(tree->intervals > 0, "no datum is an interval");
    tree->root = read_node(text, tree, words, 0);
}

/* ---- curves ---------------------------------------------------------------------------------- */

struct curve *tree_narrow(struct tree *tree, size_t precision)
{
    struct curve **curve = &tree->narrow[precision];
    if (!*curve) {
        struct curve_make make = {.premise = tree->premise,
                                  .bits = curve_precisions[precision],
                                  .orders = ORDERS,
                                  .parameters = tree->intervals,
                                  .parameter = tree->number};
        *curve = curve_create(&make);
    }
    curve_set_data(*curve, &tree->cell);
    return *curve;
}

struct curve *tree_wide(struct tree *tree, size_t precision, const struct curve_data *data)
{
    struct curve **curve = &tree->wide[precision];
    if (!*curve) {
        size_t start = curve_data_start(tree->premise), count = 0;
        size_t *number = memory_new(data->count, sizeof *number);
        for (size_t k = 0; k < data->count; k++)
            if (k >= start || !mpq_equal(data->lo[k], data->hi[k]))
                number[count++] = k;
        struct curve_make make = {.premise = tree->premise,
                                  .bits = curve_precisions[precision],
                                  .orders = ORDERS,
                                  .parameters = count,
                                  .parameter = number};
        *curve = curve_create(&make);
        memory_free(number);
    }
    curve_set_data(*curve, data);
    return *curve;
}

/* ---- shares ---------------------------------------------------------------------------------- */

static void make_room(struct tree *tree)
{
    if (tree->shares < tree->room)
        return;
    struct tree_share *share = memory_new(2 * tree->room + 1, sizeof *share);
    if (tree->shares)
        memcpy(share, tree->share, tree->shares * sizeof *share); /* the old ones are only freed */
    memory_free(tree->share);
    tree->share = share;
    tree->room = 2 * tree->room + 1;
}

/* Adds 2^-depth to the volume of a word. */
static void add_share(struct tree *tree, const char *signs, const mpq_t volume)
{
    size_t k = 0;
    int order = -1;
    for (; k < tree->shares; k++) {
        reject_work(tree->unknowns);
        order = memcmp(tree->share[k].signs, signs, tree->unknowns);
        if (order >= 0)
            break;
    }
    if (k == tree->shares || order) {
        make_room(tree);
        memmove(&tree->share[k + 1], &tree->share[k], (tree->shares - k) * sizeof *tree->share);
        tree->share[k].signs = signs;
        mpq_init(tree->share[k].volume);
        tree->shares++;
    }
    mpq_add(tree->share[k].volume, tree->share[k].volume, volume);
}

/* ---- the walk -------------------------------------------------------------------------------- */

static const char *attempt(struct tree *tree, struct tree_node *node, size_t precision)
{
    switch (node->word) {
    case TREE_LEAF:
        return tree_cell_leaf(tree, node, tree_narrow(tree, precision));
    case TREE_NEAR:
        return tree_cell_near(tree, node, precision);
    case TREE_AWAY:
        return tree_cell_away(tree, node, precision);
    case TREE_SPLIT:
    case TREE_OPEN:
        break;
    }
    return NULL;
}

static void prove_cell(struct tree *tree, struct tree_node *node)
{
    const char *fault = NULL;
    reject_line(node->line);
    for (size_t k = 0; k < CURVE_PRECISIONS; k++) {
        fault = attempt(tree, node, k);
        if (!fault)
            return;
    }
    reject("%s", fault);
}

static void count_cell(struct tree *tree, struct tree_node *node, const mpq_t volume)
{
    if (node->word == TREE_LEAF || node->word == TREE_NEAR)
        add_share(tree, node->signs, volume);
    if (node->word == TREE_AWAY)
        mpq_add(tree->away, tree->away, volume);
}

static void visit(struct tree *tree, struct tree_node *node, size_t depth)
{
    mpq_t number;
    mpq_init(number);
    if (node->word == TREE_SPLIT) {
        mpq_t *lo = &tree->cell.lo[tree->number[node->coordinate]];
        mpq_t *hi = &tree->cell.hi[tree->number[node->coordinate]];
        rational_work(*lo, *hi);
        mpq_add(number, *lo, *hi); /* the middle */
        mpq_div_2exp(number, number, 1);
        mpq_swap(*hi, number); /* [lo, middle], number = hi */
        visit(tree, node->half[0], depth + 1);
        mpq_swap(*lo, *hi);    /* [middle, lo] for a moment */
        mpq_swap(*hi, number); /* [middle, hi], number = lo */
        visit(tree, node->half[1], depth + 1);
        mpq_swap(*lo, number); /* [lo, hi] */
    } else {
        prove_cell(tree, node);
        mpq_set_ui(number, 1, 1);
        mpq_div_2exp(number, number, depth);
        count_cell(tree, node, number);
    }
    mpq_clear(number);
}

void tree_prove(struct tree *tree, const struct tree_demand *demand)
{
    tree->demand = *demand;
    visit(tree, tree->root, 0);
}
