/* From a problem to a premise: which networks there are, and their numbers as rationals.
 *
 * The problem is plain data of doubles that its system has already accepted; a premise says the
 * same in the one form that all proofs share, a network of sizes N0, ..., NL.  A chain is the only
 * system with a number of its own, c_L, which multiplies the error where it enters (rbp) or the top
 * layer (srbp), notes/conventions.md, (N3).  What a premise cannot say (decay, neurons, other
 * rules) is named and refused. */
#include "exact/premise.h"

#include <stdlib.h>
#include <string.h>

static const char *const rule_names[] = {"bp", "rbp", "srbp", "arbp", "asrbp"};
static const char *const families[] = {"autoencoder", "chain", "deep", "fan", "hidden"};

enum {
    RULES_HERE = sizeof rule_names / sizeof *rule_names,
    FAMILIES_HERE = sizeof families / sizeof *families
};

const char *premise_rule_name(enum premise_rule rule)
{
    return rule_names[rule];
}

bool premise_rule_adapts(enum premise_rule rule)
{
    return rule == PREMISE_ARBP || rule == PREMISE_ASRBP;
}

bool premise_rule_skips(enum premise_rule rule)
{
    return rule == PREMISE_SRBP || rule == PREMISE_ASRBP;
}

size_t premise_feedback_columns(const struct premise *premise, size_t i)
{
    return premise->sizes[premise_rule_skips(premise->rule) ? premise->layers : i + 1];
}

bool premise_has_top(const struct premise *premise)
{
    return (premise->rule == PREMISE_RBP || premise->rule == PREMISE_SRBP) &&
           strcmp(premise->family, "chain") == 0;
}

bool premise_is_scalar(const struct premise *premise)
{
    return premise->sizes[0] == 1 && premise->sizes[premise->layers] == 1;
}

/* ---- what is covered ---- */

static const char *extras(const struct problem *problem)
{
    if (problem->neuron_count > 0)
        return "activations: the neurons are not linear";
    if (problem->channel_activation)
        return "neurons in the learning channel: the field is not linear in the error";
    if (problem->lambda != 0 || problem->decay_count > 0)
        return "weight decay: the field does not vanish with the error";
    if (strcmp(problem->system->name, "chain") == 0 && problem->depth >= PROBLEM_SIZES_MAX)
        return "a chain of more than 32 layers";
    return NULL;
}

/* Family and rule, or why not. */
static const char *kind_of(const struct problem *problem, const char **family,
                           enum premise_rule *rule)
{
    size_t k = 0, r = 0;
    while (k < FAMILIES_HERE && strcmp(problem->system->name, families[k]) != 0)
        k++;
    if (k == FAMILIES_HERE)
        return "the system is no network of linear neurons";
    while (r < RULES_HERE && strcmp(problem->rule->name, rule_names[r]) != 0)
        r++;
    if (r == RULES_HERE)
        return "the rule is none of bp, rbp, srbp, arbp and asrbp";
    *family = families[k];
    *rule = (enum premise_rule)r;
    return extras(problem);
}

/* ---- memory ---- */

static void count_numbers(struct premise *p)
{
    const bool adapts = premise_rule_adapts(p->rule);
    size_t channel = 0;
    for (size_t i = 1; i <= p->layers; i++)
        p->dim += p->sizes[i] * p->sizes[i - 1];
    for (size_t i = 1; i < p->layers; i++)
        channel += p->sizes[i] * premise_feedback_columns(p, i);
    p->rate_count = p->layers + (adapts ? p->layers - 1 : 0);
    p->dim += adapts ? channel : 0;
    p->feedback_count = adapts || p->rule == PREMISE_BP ? 0 : channel + premise_has_top(p);
}

static size_t inputs(const struct premise *p)
{
    return p->sizes[0];
}

static size_t outputs(const struct premise *p)
{
    return p->sizes[p->layers];
}

static void make_lists(struct premise *p)
{
    p->sigma_ii = _fmpq_vec_init((slong)(inputs(p) * inputs(p)));
    p->sigma_ti = _fmpq_vec_init((slong)(outputs(p) * inputs(p)));
    p->feedback = _fmpq_vec_init((slong)p->feedback_count);
    p->rates = _fmpq_vec_init((slong)p->rate_count);
    p->x0 = _fmpq_vec_init((slong)p->dim);
}

void premise_free(struct premise *p)
{
    if (!p)
        return;
    _fmpq_vec_clear(p->sigma_ii, (slong)(inputs(p) * inputs(p)));
    _fmpq_vec_clear(p->sigma_ti, (slong)(outputs(p) * inputs(p)));
    _fmpq_vec_clear(p->feedback, (slong)p->feedback_count);
    _fmpq_vec_clear(p->rates, (slong)p->rate_count);
    _fmpq_vec_clear(p->x0, (slong)p->dim);
    if (p->radius)
        _fmpq_vec_clear(p->radius, (slong)p->dim);
    free(p);
}

/* ---- numbers ---- */

static void set_doubles(fmpq *to, const double *from, size_t count)
{
    arf_t exact;
    arf_init(exact);
    for (size_t k = 0; k < count; k++) {
        arf_set_d(exact, from[k]);
        arf_get_fmpq(to + k, exact);
    }
    arf_clear(exact);
}

static void fill_ones(fmpq *list, size_t from, size_t count)
{
    for (size_t k = from; k < count; k++)
        fmpq_one(list + k);
}

static void set_identity(fmpq *C, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows && i < columns; i++)
        fmpq_one(C + i * columns + i);
}

/* Where no feedback is given: ones of a fan, else identities. */
static void set_standard_feedback(struct premise *p)
{
    fmpq *C = p->feedback;
    if (strcmp(p->family, "fan") == 0) {
        fill_ones(C, 0, p->feedback_count);
        return;
    }
    for (size_t i = 1; i < p->layers; i++) {
        set_identity(C, p->sizes[i], premise_feedback_columns(p, i));
        C += p->sizes[i] * premise_feedback_columns(p, i);
    }
    if (premise_has_top(p))
        fmpq_one(C);
}

static enum status set_feedback(const struct problem *problem, struct premise *p)
{
    const size_t given = problem->c_count;
    if (p->feedback_count == 0)
        return OK;
    if (given == 0)
        set_standard_feedback(p);
    else if (given == p->feedback_count || given + premise_has_top(p) == p->feedback_count) {
        set_doubles(p->feedback, problem_feedback(problem), given);
        fill_ones(p->feedback, given, p->feedback_count);
    } else
        return status_fail(BAD_ARGUMENT, "--c has %zu numbers, not %zu", given, p->feedback_count);
    return OK;
}

static enum status set_rates(const struct problem *problem, struct premise *p)
{
    if (problem->rate_count != 0 && problem->rate_count != p->layers &&
        problem->rate_count != p->rate_count)
        return status_fail(BAD_ARGUMENT, "--rates has %zu numbers, not %zu", problem->rate_count,
                           p->rate_count);
    set_doubles(p->rates, problem->rates, problem->rate_count);
    fill_ones(p->rates, problem->rate_count, p->rate_count);
    return OK;
}

static enum status set_moments(const struct problem *problem, struct premise *p)
{
    const size_t square = inputs(p) * inputs(p), across = outputs(p) * inputs(p);
    double *moments = calloc(square + across, sizeof *moments);
    if (!moments)
        return status_fail(NO_MEMORY, "moments of %zu inputs", inputs(p));
    const enum status status = problem_moments(problem, moments, moments + square);
    if (status == OK) {
        set_doubles(p->sigma_ii, moments, square);
        set_doubles(p->sigma_ti, moments + square, across);
        p->standard_targets = !premise_is_scalar(p) && problem->sigma_ti.count == 0;
    }
    free(moments);
    return status;
}

static bool is_symmetric(const struct premise *p, const fmpq *sigma)
{
    const size_t n = inputs(p);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (!fmpq_equal(sigma + i * n + j, sigma + j * n + i))
                return false;
    return true;
}

static enum status fill(const struct problem *problem, const double *x0, struct premise *p)
{
    TRY(set_moments(problem, p));
    TRY(set_feedback(problem, p));
    TRY(set_rates(problem, p));
    if (x0)
        set_doubles(p->x0, x0, p->dim);
    return OK;
}

enum status premise_of_problem(const struct problem *problem, const double *x0,
                               struct premise **premise, const char **why_not)
{
    size_t count = 0;
    *premise = NULL;
    struct premise *p = calloc(1, sizeof *p);
    if (!p)
        return status_fail(NO_MEMORY, "a premise");
    *why_not = kind_of(problem, &p->family, &p->rule);
    enum status status = *why_not ? OK : problem_sizes(problem, &count, p->sizes);
    if (*why_not || status != OK) {
        free(p);
        return status;
    }
    p->layers = count - 1;
    count_numbers(p);
    make_lists(p);
    status = fill(problem, x0, p);
    if (status == OK && !is_symmetric(p, p->sigma_ii))
        *why_not = "Sigma_II is not symmetric to its last digit";
    if (status != OK || *why_not)
        premise_free(p);
    else
        *premise = p;
    return status;
}

/* ---- lists that were typed ---- */

/* A list, how many numbers it has, and how few of them may be given. */
struct typed {
    const char *name;
    fmpq *list;
    size_t count, least;
};

static struct typed typed_of(const struct premise *p, enum premise_list list)
{
    const struct typed all[] = {
        [PREMISE_SIGMA_II] = {"sigma-ii", p->sigma_ii, inputs(p) * inputs(p),
                              inputs(p) * inputs(p)},
        [PREMISE_SIGMA_TI] = {"sigma-ti", p->sigma_ti, outputs(p) * inputs(p),
                              outputs(p) * inputs(p)},
        [PREMISE_FEEDBACK] = {"c", p->feedback, p->feedback_count,
                              p->feedback_count - premise_has_top(p)},
        [PREMISE_RATES] = {"rates", p->rates, p->rate_count, p->layers},
        [PREMISE_X0] = {"init", p->x0, p->dim, p->dim},
        [PREMISE_RADIUS] = {"radius", p->radius, p->dim, p->dim},
    };
    return all[list];
}

static void follow_targets(struct premise *p)
{
    for (size_t i = 0; i < outputs(p) && i < inputs(p); i++)
        for (size_t j = 0; j < inputs(p); j++)
            fmpq_set(p->sigma_ti + i * inputs(p) + j, p->sigma_ii + i * inputs(p) + j);
}

enum status premise_replace(struct premise *p, enum premise_list list, const fmpq *by, size_t count)
{
    struct typed typed = typed_of(p, list);
    if (count != typed.count && count != typed.least)
        return status_fail(BAD_ARGUMENT, "--%s has %zu numbers, not %zu", typed.name, count,
                           typed.count);
    if (list == PREMISE_SIGMA_II && !is_symmetric(p, by))
        return status_fail(BAD_ARGUMENT, "--sigma-ii is not symmetric");
    if (list == PREMISE_RADIUS && !p->radius)
        typed.list = p->radius = _fmpq_vec_init((slong)p->dim);
    for (size_t k = 0; k < count; k++)
        fmpq_set(typed.list + k, by + k);
    fill_ones(typed.list, count, typed.count);
    if (list == PREMISE_SIGMA_TI)
        p->standard_targets = false;
    if (list == PREMISE_SIGMA_II && p->standard_targets)
        follow_targets(p);
    return OK;
}
