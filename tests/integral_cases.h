/* Networks whose polynomial first integrals are known: a table for the test and for the benchmark.
 *
 * Dimensions, generators and functional ranks of a first study of these systems, made with other code
 * (a dense kernel over Q, and a modular one); 0: that study does not say.  Data and feedback are
 * rationals of small height, different for each entry; the autoencoder has white inputs that are its
 * targets, as published.
 *
 * Shapes: sizes in digits, of a chain its depth.  Memory: integral_cases_premise() makes a premise.
 * Errors: the test fails; the benchmark ends. */
#ifndef TESTS_INTEGRAL_CASES_H
#define TESTS_INTEGRAL_CASES_H

#include "exact/premise.h"
#include "linear/registry.h"

#include <stdlib.h>
#include <string.h>

struct integral_case {
    const char *system, *rule, *sizes;
    size_t degree, dimension, generators, rank;
    bool quick; /* under a tenth of a second */
};

static const struct integral_case integral_cases[] = {
    {"chain", "rbp", "2", 2, 1, 1, 1, true},
    {"chain", "rbp", "3", 2, 2, 2, 2, true},
    {"chain", "rbp", "4", 2, 3, 3, 3, true},
    {"chain", "rbp", "5", 2, 4, 4, 4, true},
    {"chain", "rbp", "6", 2, 5, 5, 5, true},
    {"chain", "bp", "2", 2, 1, 1, 1, true},
    {"chain", "bp", "3", 2, 2, 2, 2, true},
    {"chain", "bp", "4", 2, 3, 3, 3, true},
    {"chain", "bp", "5", 2, 4, 4, 4, true},
    {"chain", "bp", "6", 2, 5, 5, 5, true},
    {"chain", "srbp", "2", 2, 1, 1, 1, true},
    {"chain", "srbp", "4", 2, 3, 3, 3, true},
    {"chain", "srbp", "6", 2, 5, 5, 5, true},
    {"chain", "rbp", "2", 4, 2, 1, 1, true},
    {"chain", "rbp", "3", 4, 5, 2, 2, true},
    {"chain", "rbp", "4", 4, 9, 3, 3, true},
    {"chain", "rbp", "5", 4, 14, 4, 4, true},
    {"chain", "rbp", "6", 4, 20, 5, 5, true},
    {"chain", "bp", "2", 4, 2, 1, 1, true},
    {"chain", "bp", "3", 4, 5, 2, 2, true},
    {"chain", "bp", "4", 4, 9, 3, 3, true},
    {"chain", "bp", "5", 4, 14, 4, 4, true},
    {"chain", "bp", "6", 4, 20, 5, 5, true},
    {"chain", "arbp", "2", 2, 3, 2, 2, true},
    {"chain", "arbp", "3", 2, 7, 4, 4, true},
    {"chain", "arbp", "4", 2, 12, 6, 6, true},
    {"chain", "asrbp", "2", 2, 0, 2, 2, true},
    {"chain", "asrbp", "3", 2, 0, 3, 3, true},
    {"chain", "asrbp", "4", 2, 0, 4, 4, true},
    {"chain", "asrbp", "2", 3, 0, 2, 2, true},
    {"chain", "asrbp", "3", 3, 0, 3, 3, true},
    {"chain", "asrbp", "4", 3, 0, 4, 4, true},
    {"chain", "asrbp", "2", 4, 0, 2, 2, true},
    {"chain", "asrbp", "3", 4, 0, 3, 3, true},
    {"chain", "asrbp", "4", 4, 0, 4, 4, false},
    {"fan", "rbp", "121", 1, 1, 1, 1, true},
    {"fan", "rbp", "131", 1, 2, 2, 2, true},
    {"fan", "rbp", "141", 1, 3, 3, 3, true},
    {"fan", "rbp", "151", 1, 4, 4, 4, true},
    {"fan", "rbp", "121", 2, 4, 0, 3, true},
    {"fan", "rbp", "131", 2, 9, 0, 5, true},
    {"fan", "rbp", "141", 2, 16, 0, 7, true},
    {"fan", "rbp", "151", 2, 25, 0, 9, true},
    {"fan", "bp", "121", 2, 4, 4, 3, true},
    {"fan", "bp", "131", 2, 9, 9, 5, true},
    {"fan", "bp", "141", 2, 16, 16, 7, true},
    {"fan", "bp", "151", 2, 25, 25, 9, true},
    {"autoencoder", "rbp", "212", 2, 1, 1, 1, true},
    {"autoencoder", "rbp", "313", 2, 1, 1, 1, true},
    {"autoencoder", "bp", "212", 2, 1, 1, 1, true},
    {"autoencoder", "bp", "313", 2, 1, 1, 1, true},
    {"autoencoder", "rbp", "212", 4, 2, 1, 1, true},
    {"autoencoder", "rbp", "313", 4, 2, 1, 1, true},
    {"autoencoder", "bp", "212", 4, 2, 1, 1, true},
    {"autoencoder", "bp", "313", 4, 2, 1, 1, true},
    {"hidden", "rbp", "222", 2, 3, 3, 3, true},
    {"hidden", "bp", "222", 2, 3, 3, 3, true},
    {"hidden", "rbp", "222", 4, 9, 3, 3, false},
    {"hidden", "bp", "222", 4, 9, 3, 3, false},
    {"hidden", "arbp", "222", 2, 17, 7, 7, true},
    {"hidden", "arbp", "222", 3, 49, 7, 7, false},
    {"hidden", "rbp", "323", 3, 3, 3, 3, false},
    {"hidden", "rbp", "232", 3, 24, 7, 7, false},
    {"hidden", "rbp", "333", 2, 6, 6, 6, true},
    {"hidden", "bp", "333", 2, 6, 6, 6, true}};

enum { INTEGRAL_CASES = sizeof integral_cases / sizeof *integral_cases };

/* Not zero, of both signs, with denominators 2..5; different for each k. */
static inline void integral_cases_number(size_t k, fmpq *value)
{
    static const slong numerator[] = {7, -3, 5, 11, -9, 4, -5, 13, 3, -8, 17};
    enum { NUMERATORS = sizeof numerator / sizeof *numerator, DENOMINATORS = 4 };
    fmpq_set_si(value, numerator[k % NUMERATORS] + (slong)(k / NUMERATORS), 2 + k % DENOMINATORS);
}

static inline void integral_cases_draw(struct premise *p)
{
    const size_t inputs = p->sizes[0], outputs = p->sizes[p->layers];
    size_t k = 0;
    for (size_t i = 0; i < p->feedback_count; i++)
        integral_cases_number(k++, p->feedback + i);
    if (strcmp(p->family, "autoencoder") == 0)
        return;
    for (size_t i = 0; i < inputs * outputs; i++)
        integral_cases_number(k++, p->sigma_ti + i);
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = 0; j <= i; j++) {
            integral_cases_number(k++, p->sigma_ii + i * inputs + j);
            fmpq_set(p->sigma_ii + j * inputs + i, p->sigma_ii + i * inputs + j);
        }
}

static inline struct problem integral_cases_problem(const struct integral_case *it)
{
    struct problem problem = problem_defaults(registry_system(it->system), registry_rule(it->rule));
    const size_t digits = strlen(it->sizes);
    if (strcmp(it->system, "chain") == 0) {
        problem.depth = (size_t)(it->sizes[0] - '0');
        return problem;
    }
    problem.size_count = digits;
    for (size_t i = 0; i < digits; i++)
        problem.sizes[i] = (size_t)(it->sizes[i] - '0');
    return problem;
}

static inline struct premise *integral_cases_premise(const struct integral_case *it)
{
    const struct problem problem = integral_cases_problem(it);
    struct premise *premise = NULL;
    const char *why = NULL;
    if (premise_of_problem(&problem, NULL, &premise, &why) != OK || !premise)
        abort();
    integral_cases_draw(premise);
    return premise;
}

#endif
