/* What certified maps cost: the share of the area that is proved, the time, and that of a cell.
 *
 * Chains of two to four layers under fixed feedback, two layers under bp and arbp, a fan; on the grids that
 * 2^levels cells make of the window.  The least of a few runs on one thread is printed. */
#include "exact/basin_tree.h"
#include "exact/rational.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RUNS = 3, LIST_MOST = 16, CORNERS = 4 };

static const struct subject {
    const char *name;
    enum statement_family family;
    enum statement_rule rule;
    size_t size;
    const char *c, *x0;
    size_t axis[2];
    unsigned levels;
} subjects[] = {
    {"A[1,1,1]", STATEMENT_CHAIN, STATEMENT_DIRECT, 2, "1,1", "0,0", {0, 1}, 8},
    {"A[1,1,1]", STATEMENT_CHAIN, STATEMENT_DIRECT, 2, "1,1", "0,0", {0, 1}, 10},
    {"A[1,1,1], c1 = -3/2", STATEMENT_CHAIN, STATEMENT_DIRECT, 2, "-3/2,1", "0,0", {0, 1}, 8},
    {"L = 3", STATEMENT_CHAIN, STATEMENT_DIRECT, 3, "1,1,1", "0,0,1", {0, 1}, 8},
    {"L = 4", STATEMENT_CHAIN, STATEMENT_DIRECT, 4, "1,1,1,1", "0,0,1,1", {0, 1}, 8},
    {"bp, L = 2", STATEMENT_CHAIN, STATEMENT_BP, 2, "1,1", "0,0", {0, 1}, 8},
    {"arbp, L = 2", STATEMENT_CHAIN, STATEMENT_ARBP, 2, "1,1", "0,0,1/2", {0, 1}, 8},
    {"fan, N = 2", STATEMENT_FAN, STATEMENT_DIRECT, 2, "1,1/2,1", "1/2,0,1,1/3", {0, 2}, 8},
};

/* Processor seconds: other programs on the machine do not count. */
static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void put(const char *text, fmpq *to)
{
    fmpq *list;
    size_t count;
    if (rational_read_list(text, LIST_MOST, &list, &count) != OK)
        abort();
    for (size_t i = 0; i < count; i++)
        fmpq_set(to + i, list + i);
    _fmpq_vec_clear(list, (slong)count);
}

static struct basin_tree *grow(const struct subject *s, const struct statement *statement,
                               const fmpq *window)
{
    const char *why = NULL;
    struct basin_tree *tree = NULL;
    const struct basin_tree_question question = {.statement = statement,
                                                 .axis = {s->axis[0], s->axis[1]},
                                                 .window = window,
                                                 .levels = s->levels,
                                                 .threads = 1};
    if (basin_tree_create(&question, &tree, &why) != OK || !tree)
        abort();
    return tree;
}

static double least(const struct subject *s, const struct statement *statement, const fmpq *window)
{
    double best = 0;
    for (int run = 0; run < RUNS; run++) {
        const double begun = now();
        basin_tree_free(grow(s, statement, window));
        const double took = now() - begun;
        best = run == 0 || took < best ? took : best;
    }
    return best;
}

static void report(const struct subject *s)
{
    struct statement *statement;
    fmpq *window = _fmpq_vec_init(CORNERS);
    if (statement_create(s->family, s->rule, s->size, &statement) != OK)
        abort();
    put(s->c, statement->c);
    put(s->x0, statement->x0);
    fmpq_one(&statement->alpha);
    fmpq_one(&statement->beta);
    put("-3,3,-3,3", window);
    struct basin_tree *tree = grow(s, statement, window);
    const double side = (double)(1u << s->levels), one = least(s, statement, window);
    printf("%-20s %5.0f^2 %8.3f %% %7zu %7zu %7.3f %7.2f %8.2f\n", s->name, side,
           100 * (1 - (double)tree->undecided / (side * side)), tree->cells, tree->undecided, one,
           1e6 * one / (side * side), 1e6 * one / (double)tree->cells);
    basin_tree_free(tree);
    statement_free(statement);
    _fmpq_vec_clear(window, CORNERS);
}

int main(void)
{
    printf("%-20s %7s %10s %7s %7s %7s %7s %8s\n", "plane", "grid", "proved", "tried", "grey", "s",
           "us/cell", "us/tried");
    for (size_t k = 0; k < sizeof subjects / sizeof *subjects; k++)
        report(&subjects[k]);
    return 0;
}
