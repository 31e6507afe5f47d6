/* What certified convergence costs: systems from a fixed start, to ten digits and to fifty, and boxes of
 * starts; to find the proof, to check it, and the size of the certificate.  CPU seconds, one run each. */
#include "exact/certificate_trap.h"
#include "linear/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEN = 10, FIFTY = 50, HORIZON = 200, SIZES_HERE = 5 };

struct row {
    const char *system, *rule;
    size_t count, sizes[SIZES_HERE];
    slong digits;
    ulong inverse_radius; /* 0: a point */
};

static const struct row rows[] = {
    {"chain", "rbp", 4, {1, 1, 1, 1}, TEN, 0},  {"chain", "arbp", 5, {1, 1, 1, 1, 1}, TEN, 0},
    {"fan", "rbp", 3, {1, 3, 1}, TEN, 0},       {"hidden", "rbp", 3, {2, 2, 2}, TEN, 0},
    {"hidden", "rbp", 3, {2, 2, 2}, FIFTY, 0},  {"hidden", "rbp", 3, {2, 2, 2}, TEN, 10000},
    {"hidden", "rbp", 3, {2, 2, 2}, TEN, 1000}, {"hidden", "rbp", 3, {2, 2, 2}, TEN, 500},
    {"hidden", "rbp", 3, {2, 3, 2}, TEN, 0},    {"hidden", "rbp", 3, {3, 3, 3}, TEN, 0},
    {"deep", "rbp", 4, {2, 2, 2, 2}, TEN, 0},   {"hidden", "bp", 3, {2, 2, 2}, TEN, 0},
};

/* The start of the example of `settle prove --help`, and what follows it in larger networks. */
static const slong START[][2] = {{1, 2},   {-1, 5}, {1, 10}, {3, 10}, {1, 10}, {2, 5},
                                 {-3, 10}, {1, 5},  {1, 3},  {1, 4},  {1, 5},  {-1, 6},
                                 {1, 7},   {1, 3},  {-1, 3}, {1, 2},  {1, 9},  {1, 8}};
enum { START_COUNT = sizeof START / sizeof *START };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static struct premise *premise_of(const struct row *row)
{
    struct problem problem =
        problem_defaults(registry_system(row->system), registry_rule(row->rule));
    struct premise *premise = NULL;
    const char *why = NULL;
    problem.depth = row->count - 1;
    if (strcmp(row->system, "chain") != 0) {
        problem.size_count = row->count;
        memcpy(problem.sizes, row->sizes, sizeof row->sizes);
    }
    if (premise_of_problem(&problem, NULL, &premise, &why) != OK || !premise)
        abort();
    for (size_t i = 0; i < premise->dim; i++)
        fmpq_set_si(premise->x0 + i, START[i % START_COUNT][0], (ulong)START[i % START_COUNT][1]);
    if (row->inverse_radius > 0) {
        premise->radius = _fmpq_vec_init((slong)premise->dim);
        for (size_t i = 0; i < premise->dim; i++)
            fmpq_set_si(premise->radius + i, 1, row->inverse_radius);
    }
    return premise;
}

static void print_name(const struct row *row)
{
    printf("A[");
    for (size_t i = 0; i < row->count; i++)
        printf("%s%zu", i ? "," : "", row->sizes[i]);
    printf("] %s", row->rule);
    if (row->inverse_radius > 0)
        printf(", radius 1/%lu", row->inverse_radius);
    else
        printf(", %ld digits", (long)row->digits);
}

static void run(const struct row *row)
{
    struct premise *premise = premise_of(row);
    const struct trap_options options = {.digits = row->digits, .horizon = HORIZON};
    struct trap *trap = NULL;
    struct certificate certificate = {0};
    bool holds = false;
    double begun = seconds();
    if (trap_prove(premise, &options, &trap) != OK)
        abort();
    const double found = seconds() - begun;
    begun = seconds();
    if (trap_check(trap, &holds) != OK || certificate_trap(trap, &certificate) != OK)
        abort();
    print_name(row);
    printf(": %s; found in %.3f s, checked in %.3f s; trap at t = %.3g, %zu pieces, %zu bytes\n",
           trap->proved && holds ? "proved" : "undecided", found, seconds() - begun,
           trap->entry.time, trap->count, certificate.length);
    certificate_free(&certificate);
    trap_free(trap);
    premise_free(premise);
}

int main(void)
{
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        run(rows + k);
    flint_cleanup();
    return 0;
}
