/* Which problems have an exact statement, and how their numbers enter it.
 *
 * Covered are chains and fans under bp, rbp, srbp, arbp, asrbp, chains of whole powers under rbp, and
 * the autoencoder A[N,1,N] with white inputs under rbp; without weight decay, without neurons in the
 * learning channel.  Everything else is named and refused, never approximated. */
#include "exact/statement_problem.h"

#include "nonlinear/activation.h"

#include <math.h>
#include <string.h>

enum { PAIR = 2, SIZES_OF_FAN = 3, POWERS_MOST = 64 };

/* ---- numbers ---- */

static void set_double(fmpq_t to, double value)
{
    arf_t exact;
    arf_init(exact);
    arf_set_d(exact, value);
    arf_get_fmpq(to, exact);
    arf_clear(exact);
}

static fmpq *list_of(const double *values, size_t count)
{
    fmpq *list = _fmpq_vec_init((slong)count);
    for (size_t i = 0; i < count; i++)
        set_double(list + i, values[i]);
    return list;
}

void statement_problem_numbers(const struct problem *problem, const double *x0, size_t dim,
                               struct statement_numbers *n)
{
    *n = (struct statement_numbers){
        .c_count = problem->c_count, .rate_count = problem->rate_count, .dim = dim};
    n->c = list_of(problem_feedback(problem), n->c_count);
    n->rates = list_of(problem->rates, n->rate_count);
    n->x0 = list_of(x0, dim);
    fmpq_init(&n->alpha);
    fmpq_init(&n->beta);
    set_double(&n->alpha, problem->alpha);
    set_double(&n->beta, problem->beta);
}

void statement_problem_free(struct statement_numbers *n)
{
    _fmpq_vec_clear(n->c, (slong)n->c_count);
    _fmpq_vec_clear(n->rates, (slong)n->rate_count);
    _fmpq_vec_clear(n->x0, (slong)n->dim);
    fmpq_clear(&n->alpha);
    fmpq_clear(&n->beta);
}

void statement_problem_replace(fmpq **list, size_t *count, fmpq *by, size_t by_count)
{
    _fmpq_vec_clear(*list, (slong)*count);
    *list = by;
    *count = by_count;
}

/* ---- what is covered ---- */

static bool is_named(const struct problem *problem, const char *system)
{
    return strcmp(problem->system->name, system) == 0;
}

static bool has_rule(const struct problem *problem, const char *rule)
{
    return problem->rule && strcmp(problem->rule->name, rule) == 0;
}

static bool is_direct(const struct problem *problem)
{
    return has_rule(problem, "rbp") || has_rule(problem, "srbp");
}

/* NULL: covered, as far as rule and extras go. */
static const char *extras(const struct problem *problem)
{
    if (problem->lambda != 0 || problem->decay_count > 0)
        return "weight decay: the orbit depends on the data";
    if (problem->channel_activation)
        return "neurons in the learning channel: more than one error";
    if (!is_direct(problem) && !has_rule(problem, "bp") && !has_rule(problem, "arbp") &&
        !has_rule(problem, "asrbp"))
        return "exact limits are known under bp, rbp, srbp, arbp and asrbp";
    return NULL;
}

/* Whole powers under layered feedback, moments given. */
static const char *power_extras(const struct problem *problem)
{
    double degree = 1;
    for (size_t i = 0; i + 1 < problem->depth; i++)
        if (activation_of_layer(problem, i).activation != activation_named("power"))
            return "activations: exact limits are known for powers only";
    if (problem->inputs.count || problem->gaussian > 0 || problem->teacher.neurons.activation)
        return "powers: give --alpha and --beta, E[T I^m] and E[I^(2m)], in the place of samples";
    if (problem->no_derivative || problem->biases)
        return "powers: exact limits need the derivatives and have no biases";
    if (!has_rule(problem, "rbp") && !(has_rule(problem, "srbp") && problem->depth <= PAIR))
        return "powers: exact limits are known under rbp";
    for (size_t i = 0; i + 1 < problem->depth; i++) {
        const struct neurons neurons = activation_of_layer(problem, i);
        degree *= neurons.parameter;
        if (neurons.parameter != floor(neurons.parameter) || neurons.parameter < 1 ||
            !(degree <= POWERS_MOST))
            return "powers: exact limits need whole exponents that multiply to 64 at most";
    }
    return NULL;
}

static bool is_identity(const struct entries *entries, size_t n)
{
    const double *M = problem_entries(entries);
    for (size_t i = 0; i < entries->count; i++)
        if (M[i] != (i % (n + 1) == 0 ? 1 : 0))
            return false;
    return true;
}

/* Sizes N, 1, N, white inputs that are the targets, unit rates. */
static const char *autoencoder_extras(const struct problem *problem, size_t *N)
{
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    if (problem_sizes(problem, &count, sizes) != OK || count != SIZES_OF_FAN || sizes[1] != 1 ||
        sizes[0] != sizes[2])
        return "the autoencoder has an exact limit with one hidden unit, A[N,1,N]";
    *N = sizes[0];
    if (!is_identity(&problem->sigma_ii, *N) || !is_identity(&problem->sigma_ti, *N))
        return "the autoencoder has an exact limit for white inputs, Sigma_II = Sigma_TI = 1";
    if (!is_direct(problem))
        return "the autoencoder has an exact limit under rbp and srbp";
    return NULL;
}

static const char *fan_extras(const struct problem *problem, size_t *N)
{
    size_t count = 0, sizes[PROBLEM_SIZES_MAX] = {0};
    if (problem_sizes(problem, &count, sizes) != OK || count != SIZES_OF_FAN)
        return "a fan has three sizes";
    *N = sizes[1];
    return NULL;
}

/* Family and size, or why not. */
static const char *family_of(const struct problem *problem, enum statement_family *family,
                             size_t *size)
{
    const char *why = extras(problem);
    *size = problem->depth;
    *family = problem->neuron_count ? STATEMENT_POWER : STATEMENT_CHAIN;
    if (why)
        return why;
    if (is_named(problem, "chain"))
        return problem->neuron_count ? power_extras(problem) : NULL;
    if (problem->neuron_count)
        return "activations: exact limits are known for chains of powers only";
    if (is_named(problem, "fan")) {
        *family = STATEMENT_FAN;
        return fan_extras(problem, size);
    }
    if (is_named(problem, "autoencoder")) {
        *family = STATEMENT_AUTOENCODER;
        return autoencoder_extras(problem, size);
    }
    return "exact limits are known for chain, fan and autoencoder";
}

static enum statement_rule rule_of(const struct problem *problem)
{
    if (is_direct(problem))
        return STATEMENT_DIRECT;
    if (has_rule(problem, "bp"))
        return STATEMENT_BP;
    return has_rule(problem, "arbp") ? STATEMENT_ARBP : STATEMENT_ASRBP;
}

/* ---- feedback and rates ---- */

static void multiply_rate(const struct statement_numbers *n, size_t layer, fmpq *c)
{
    if (layer < n->rate_count)
        fmpq_mul(c, c, n->rates + layer);
}

/* All ones, but what is given. */
static void put_given(const struct statement_numbers *n, struct statement *s)
{
    for (size_t i = 0; i < s->c_count; i++)
        if (i < n->c_count)
            fmpq_set(s->c + i, n->c + i);
        else
            fmpq_one(s->c + i);
}

static void put_feedback(const struct problem *problem, const struct statement_numbers *n,
                         struct statement *s)
{
    const bool chain = s->family == STATEMENT_CHAIN || s->family == STATEMENT_POWER;
    put_given(n, s);
    if (chain && has_rule(problem, "rbp"))
        statement_direct_of_layered(s->c, s->size);
    for (size_t i = 0; i < s->size && chain; i++)
        multiply_rate(n, i, s->c + i);
    for (size_t i = 0; i < s->size && s->family == STATEMENT_FAN; i++)
        multiply_rate(n, 0, s->c + i);
    if (s->family == STATEMENT_FAN) {
        fmpq_one(s->c + s->size);
        multiply_rate(n, 1, s->c + s->size);
    }
    for (size_t i = 1; i < s->size && s->family == STATEMENT_AUTOENCODER && n->c_count == 0; i++)
        fmpq_zero(s->c + i); /* the identity's first row */
}

/* Rules with unknown feedback, and the autoencoder, are stated for unit rates. */
static bool needs_unit_rates(const struct statement *s)
{
    return s->family == STATEMENT_AUTOENCODER || s->rule == STATEMENT_ARBP ||
           s->rule == STATEMENT_ASRBP || (s->family == STATEMENT_FAN && s->rule == STATEMENT_BP);
}

static const char *why_rates(const struct statement *s, const struct statement_numbers *n)
{
    bool ones = true;
    for (size_t i = 0; i < n->rate_count; i++)
        ones = ones && fmpq_is_one(n->rates + i);
    return needs_unit_rates(s) && !ones ? "exact limits of this system are for unit learning rates"
                                        : NULL;
}

enum status statement_problem_make(const struct problem *problem, const struct statement_numbers *n,
                                   struct statement **statement, const char **why_not)
{
    enum statement_family family;
    size_t size = 0;
    struct statement *s;
    *statement = NULL;
    *why_not = family_of(problem, &family, &size);
    if (*why_not)
        return OK;
    TRY(statement_create(family, rule_of(problem), size, &s));
    *why_not = why_rates(s, n);
    if (*why_not || s->dim != n->dim || n->c_count > s->c_count) {
        *why_not =
            *why_not ? *why_not : "the start does not have the unknowns of an exact statement";
        statement_free(s);
        return OK;
    }
    for (size_t i = 0; i < s->dim; i++)
        fmpq_set(s->x0 + i, n->x0 + i);
    fmpq_set(&s->alpha, &n->alpha);
    fmpq_set(&s->beta, &n->beta);
    put_feedback(problem, n, s);
    for (size_t i = 0; i + 1 < size && family == STATEMENT_POWER; i++)
        s->mu[i] = (ulong)activation_of_layer(problem, i).parameter;
    *statement = s;
    return OK;
}
