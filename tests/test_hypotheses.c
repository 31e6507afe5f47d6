/* The hypotheses that a record prints against the instances that its sampler draws.
 *
 * Texts are written by hand; what can be read from them by a machine is asked of the first instances
 * of every record: the rule, the architecture, signs and values of data, of feedback, of decay and of
 * the start.  Generic sizes stand for any number, the same letter for the same number. */
#include "linear/registry.h"
#include "nonlinear/activation.h"
#include "proofs-check/theorem.h"

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEED = 2027, ASKED = 60, LETTERS = 128 };

/* What the claim assumes, without what of it is tried. */
static size_t claim_length(const char *text)
{
    const char *tried = strstr(text, "tried:");
    return tried ? (size_t)(tried - text) : strlen(text);
}

static bool is_word_at(const char *text, const char *at, size_t length)
{
    return (at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[length]) &&
           at[length] != '-';
}

static bool says_word(const char *text, const char *word)
{
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        if (is_word_at(text, at, strlen(word)))
            return true;
    return false;
}

/* "weight-mirror" is also written "weight mirror". */
static bool says_rule(const char *text, const char *name)
{
    char spaced[64];
    size_t i = 0;
    for (; name[i] && i + 1 < sizeof spaced; i++)
        spaced[i] = name[i] == '-' ? ' ' : name[i];
    spaced[i] = '\0';
    return says_word(text, name) || says_word(text, spaced);
}

static bool names_a_rule(const char *text)
{
    for (size_t k = 0; registry_rules[k]; k++)
        if (says_rule(text, registry_rules[k]->name))
            return true;
    return false;
}

/* ---- architectures ---- */

static size_t sizes_of(const struct problem *p, size_t sizes[PROBLEM_SIZES_MAX + 1])
{
    size_t count = p->size_count;
    for (size_t i = 0; i < count; i++)
        sizes[i] = p->sizes[i];
    if (count > 0)
        return count;
    for (count = 0; count <= p->depth && count <= PROBLEM_SIZES_MAX; count++)
        sizes[count] = 1;
    return count;
}

/* Does "N0,...,NL]" match? */
static bool matches(const char *at, size_t count, const size_t *sizes)
{
    size_t value[LETTERS] = {0}, i = 0;
    while (*at != ']') {
        if (strncmp(at, "...,", 4) == 0) { /* any number of layers, then the last */
            at += 4;
            i = count - 1;
            continue;
        }
        if (i >= count)
            return false;
        if (isdigit((unsigned char)*at)) {
            if (strtoul(at, NULL, 10) != sizes[i])
                return false;
        } else if (strcspn(at, ",]") == 1) { /* N, n; N0 and N_0 are free */
            size_t *known = &value[(unsigned char)*at % LETTERS];
            if (*known > 0 && *known != sizes[i])
                return false;
            *known = sizes[i];
        }
        i++;
        at += strcspn(at, ",]");
        at += *at == ',';
    }
    return i == count;
}

static bool fits_architecture(const char *text, const struct problem *p)
{
    size_t sizes[PROBLEM_SIZES_MAX + 1];
    const size_t count = sizes_of(p, sizes);
    const char *at = strstr(text, "A[");
    if (!at || strcmp(p->system->name, "polynomial") == 0)
        return true;
    for (; at; at = strstr(at + 1, "A["))
        if (matches(at + 2, count, sizes))
            return true;
    return false;
}

/* ---- numbers ---- */

static bool has_samples(const struct problem *p)
{
    return p->inputs.count > 0 || p->gaussian > 0;
}

static bool all_nonzero(size_t count, const double *x)
{
    for (size_t i = 0; i < count; i++)
        if (x[i] == 0)
            return false;
    return true;
}

static bool any_nonzero(size_t count, const double *x)
{
    for (size_t i = 0; i < count; i++)
        if (x[i] != 0)
            return true;
    return count == 0; /* not given: identities */
}

static bool is_white(const struct problem *p)
{
    const double *sigma = problem_entries(&p->sigma_ii);
    const size_t n = p->sizes[0];
    for (size_t k = 0; k < p->sigma_ii.count; k++)
        if (sigma[k] != (k % (n + 1) == 0))
            return false;
    return true;
}

static double least_decay(const struct problem *p)
{
    double least = p->decay_count > 0 ? INFINITY : p->lambda;
    for (size_t i = 0; i < p->decay_count; i++)
        least = fmin(least, p->decays[i]);
    return least;
}

static bool has_zero_weights(const struct instance *instance)
{
    for (size_t i = 0; i < instance->dim; i++)
        if (instance->x0[i] != 0)
            return false;
    return true;
}

struct reading {
    const char *text;
    bool (*holds)(const struct instance *instance);
};

static bool beta_positive(const struct instance *i)
{
    return i->problem.beta > 0;
}
static bool alpha_positive(const struct instance *i)
{
    return has_samples(&i->problem) || i->problem.alpha > 0;
}
static bool alpha_nonzero(const struct instance *i)
{
    return has_samples(&i->problem) || i->problem.alpha != 0;
}
static bool moments_one(const struct instance *i)
{
    return has_samples(&i->problem) || (i->problem.alpha == 1 && i->problem.beta == 1);
}
static bool c1_positive(const struct instance *i)
{
    return i->problem.c[0] > 0;
}
static bool c1_nonzero(const struct instance *i)
{
    return i->problem.c_count == 0 || i->problem.c[0] != 0;
}
static bool c_all_nonzero(const struct instance *i)
{
    return all_nonzero(i->problem.c_count, i->problem.c);
}
static bool c_any_nonzero(const struct instance *i)
{
    return any_nonzero(i->problem.c_count, i->problem.c);
}
static bool c_zero(const struct instance *i)
{
    return i->problem.c_count > 0 && !any_nonzero(i->problem.c_count, i->problem.c);
}
static bool decays(const struct instance *i)
{
    return least_decay(&i->problem) > 0;
}
static bool decays_not(const struct instance *i)
{
    return i->problem.lambda == 0 && i->problem.decay_count == 0;
}
static bool white(const struct instance *i)
{
    return is_white(&i->problem);
}
static bool unit_rates(const struct instance *i)
{
    return i->problem.rate_count == 0;
}
static bool a1_positive(const struct instance *i)
{
    return i->x0[0] > 0;
}
static bool a1_negative(const struct instance *i)
{
    return i->x0[0] < 0;
}
static bool a1_zero(const struct instance *i)
{
    return i->x0[0] == 0;
}
static bool a2_nonnegative(const struct instance *i)
{
    return i->x0[1] >= 0;
}
static bool at_least_two(const struct instance *i)
{
    return i->problem.depth >= 2;
}
static bool at_least_three(const struct instance *i)
{
    return i->problem.depth >= 3;
}
static bool underived(const struct instance *i)
{
    return i->problem.no_derivative;
}
static bool is_trapped(const struct instance *i)
{
    const double *a = i->x0, *c = i->x0 + i->problem.depth;
    return fabs(a[0]) < fabs(c[0]) && fabs(c[1]) < fabs(a[1]) && c[0] * a[1] < 0;
}
static bool inside_parabola_not(const struct instance *i)
{
    const struct problem *p = &i->problem;
    return p->c[0] * i->x0[1] > 0;
}
static bool positive_leaf(const struct instance *i)
{
    const double rounding = 1e-15 * (1 + i->x0[0] * i->x0[0]);
    return i->problem.c[0] * i->x0[1] - i->x0[0] * i->x0[0] / 2 >= -rounding;
}
static bool dominated(const struct instance *i)
{
    return fabs(i->problem.c[0] * i->x0[1]) < i->x0[0] * i->x0[0];
}

static const struct reading readings[] = {
    {"beta > 0", beta_positive},
    {", alpha > 0", alpha_positive},
    {", alpha != 0", alpha_nonzero},
    {"alpha = beta = 1", moments_one},
    {"c1 > 0", c1_positive},
    {"c1 != 0", c1_nonzero},
    {"all c_i != 0", c_all_nonzero},
    {", c != 0", c_any_nonzero},
    {", c = 0", c_zero},
    {"C != 0", c_any_nonzero},
    {"lambda > 0", decays},
    {"no decay", decays_not},
    {"Sigma_II = I", white},
    {"unit rates", unit_rates},
    {"a start with a1 > 0", a1_positive},
    {"a start with a1 < 0", a1_negative},
    {"a start with a1 = 0", a1_zero},
    {"a start with a1 >= 0, a2 >= 0", a2_nonnegative},
    {"L >= 2", at_least_two},
    {"L >= 3", at_least_three},
    {"zero weights at the start", has_zero_weights},
    {"a start with |a1| < |c1|, |c2| < |a2|, c1 a2 < 0", is_trapped},
    {"a state with c1 a2 > 0", inside_parabola_not},
    {"a start with K = c1 a2 - a1^2/2 >= 0", positive_leaf},
    {"a state with |c1 a2| < a1^2", dominated},
    {"under rbp without the derivative", underived},
};

/* A word that is met in some of the cases that the text lists, not in all. */
static bool is_partial(const struct theorem *theorem, const char *text)
{
    static const struct {
        const char *id, *text;
    } partial[] = {
        {"relu-dead", "a start with a1 < 0"}, /* "or A[1,1,1] ..." */
        {"power-deep-limit", "alpha != 0"},
        {"networks-kolen-pollack-top-pair", "lambda > 0"}, /* "on a_2 and c_1 only" */
    };
    for (size_t k = 0; k < sizeof partial / sizeof *partial; k++)
        if (strcmp(partial[k].id, theorem->id) == 0 && strcmp(partial[k].text, text) == 0)
            return true;
    return false;
}

static size_t failures(const struct theorem *theorem, const struct instance *instance, size_t index)
{
    char text[4096];
    size_t count = 0;
    snprintf(text, sizeof text, "%.*s", (int)claim_length(theorem->hypotheses),
             theorem->hypotheses);
    const struct problem *p = &instance->problem;
    if (p->rule && names_a_rule(text) && !says_rule(text, p->rule->name)) {
        print_error("%s, instance %zu is under %s: %s\n", theorem->id, index, p->rule->name, text);
        count++;
    }
    if (!fits_architecture(text, p)) {
        print_error("%s, instance %zu is of other sizes: %s\n", theorem->id, index, text);
        count++;
    }
    for (size_t k = 0; k < sizeof readings / sizeof *readings; k++)
        if (strstr(text, readings[k].text) && !is_partial(theorem, readings[k].text) &&
            !readings[k].holds(instance)) {
            print_error("%s, instance %zu: not %s\n", theorem->id, index, readings[k].text);
            count++;
        }
    return count;
}

static size_t failures_of(const struct theorem *theorem)
{
    static struct instance instance;
    size_t count = 0;
    for (size_t index = 0; index < ASKED && index < theorem->trials && count == 0; index++) {
        struct stream stream = stream_at(SEED, stream_key(theorem->id), index);
        memset(&instance, 0, sizeof instance);
        if (theorem->sample(&stream, index, &instance))
            count += failures(theorem, &instance, index);
    }
    return count;
}

static void test_samplers_meet_hypotheses(void **state)
{
    size_t count = 0;
    (void)state;
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++)
            count += failures_of(&theorem_chapters[k]->theorem[j]);
    assert_int_equal(count, 0);
}

/* Each reading is found in some text: a text that changes its words does not escape unseen. */
static void test_every_reading_is_used(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof readings / sizeof *readings; r++) {
        size_t found = 0;
        for (size_t k = 0; theorem_chapters[k]; k++)
            for (size_t j = 0; j < theorem_chapters[k]->theorems; j++)
                found +=
                    strstr(theorem_chapters[k]->theorem[j].hypotheses, readings[r].text) != NULL;
        if (found == 0)
            fail_msg("no record says '%s'", readings[r].text);
    }
}

static void test_every_record_has_hypotheses(void **state)
{
    static const char none[] = "none", open[] = "none: holds for all ";
    (void)state;
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++) {
            const struct theorem *theorem = &theorem_chapters[k]->theorem[j];
            const char *text = theorem->hypotheses;
            if (!text || strlen(text) < 4 || isspace((unsigned char)*text) ||
                text[strlen(text) - 1] == '.')
                fail_msg("%s: hypotheses '%s'", theorem->id, text ? text : "");
            if (strncmp(text, none, strlen(none)) == 0 && strncmp(text, open, strlen(open)) != 0)
                fail_msg("%s does not say for all of what", theorem->id);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_record_has_hypotheses),
        cmocka_unit_test(test_every_reading_is_used),
        cmocka_unit_test(test_samplers_meet_hypotheses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
