/* Reads the premise and says how its data are laid out. */
#include "checker/premise.h"

#include "checker/memory.h"
#include "checker/reject.h"

#include <stdio.h>
#include <string.h>

static const size_t size_most = 1024;
static const size_t dim_most = (size_t)1 << 24; /* more do not fit into a file */

/* In the order of the enumerations. */
static const char *const families[] = {"chain", "fan", "autoencoder", "hidden", "deep", NULL};
static const char *const rules[] = {"bp", "rbp", "srbp", "arbp", "asrbp", NULL};

bool premise_feedback_is_fixed(const struct premise *premise)
{
    return premise->rule == RULE_RBP || premise->rule == RULE_SRBP;
}

bool premise_feedback_is_adaptive(const struct premise *premise)
{
    return premise->rule == RULE_ARBP || premise->rule == RULE_ASRBP;
}

bool premise_is_layered(const struct premise *premise)
{
    return premise->rule == RULE_RBP || premise->rule == RULE_ARBP;
}

/* Layout */

size_t premise_feedback_columns(const struct premise *premise, size_t i)
{
    return premise->sizes[premise_is_layered(premise) ? i + 1 : premise->layers];
}

static size_t feedback_size(const struct premise *premise, size_t i)
{
    return premise->sizes[i] * premise_feedback_columns(premise, i);
}

size_t premise_weight_at(const struct premise *premise, size_t i)
{
    size_t at = 0;
    for (size_t k = 1; k < i; k++)
        at += premise->sizes[k] * premise->sizes[k - 1];
    return at;
}

size_t premise_feedback_at(const struct premise *premise, size_t i)
{
    size_t at = 0;
    if (premise_feedback_is_adaptive(premise))
        at = premise_weight_at(premise, premise->layers + 1);
    for (size_t k = 1; k < i; k++)
        at += feedback_size(premise, k);
    return at;
}

static size_t feedback_count(const struct premise *premise)
{
    if (!premise_feedback_is_fixed(premise))
        return 0;
    return premise_feedback_at(premise, premise->layers) + (premise->family == FAMILY_CHAIN);
}

static size_t dimension(const struct premise *premise)
{
    return premise_feedback_is_adaptive(premise) ? premise_feedback_at(premise, premise->layers)
                                                 : premise_weight_at(premise, premise->layers + 1);
}

/* Reading */

static bool sizes_fit_family(const struct premise *premise)
{
    const size_t *N = premise->sizes;
    bool two_layers = premise->layers == 2;
    switch (premise->family) {
    case FAMILY_CHAIN:
        for (size_t i = 0; i <= premise->layers; i++)
            if (N[i] != 1)
                return false;
        return true;
    case FAMILY_FAN:
        return two_layers && N[0] == 1 && N[2] == 1;
    case FAMILY_AUTOENCODER:
        return two_layers && N[1] == 1 && N[0] == N[2];
    case FAMILY_HIDDEN:
        return two_layers;
    case FAMILY_DEEP:
        return premise->layers >= 2;
    }
    return false;
}

static void read_sizes(struct text *text, struct premise *premise)
{
    size_t count = 0;
    text_line(text, "sizes");
    while (text_more(text)) {
        reject_unless(count < PREMISE_SIZES_MAX, "too many layers");
        premise->sizes[count++] = text_count(text, 1, size_most);
    }
    reject_unless(count >= 2, "too few layers");
    premise->layers = count - 1;
    reject_unless(sizes_fit_family(premise), "the sizes are not those of the family");
    premise->dim = dimension(premise);
    reject_unless(premise->dim <= dim_most, "too many unknowns");
}

static void read_entries(struct text *text, struct premise_list *list)
{
    list->lo = memory_numbers(list->count);
    list->hi = memory_numbers(list->count);
    for (size_t k = 0; k < list->count; k++)
        if (text_range(text, list->lo[k], list->hi[k]))
            list->interval = true;
}

static void read_list(struct text *text, const char *keyword, size_t count,
                      struct premise_list *list)
{
    text_line(text, keyword);
    *list = (struct premise_list){.count = count, .line = text->line};
    list->any = text_accept(text, "any");
    if (!list->any)
        read_entries(text, list);
}

static void read_feedback(struct text *text, struct premise *premise)
{
    if (premise_feedback_is_fixed(premise)) {
        read_list(text, "feedback", feedback_count(premise), &premise->feedback);
        return;
    }
    text_line(text, "feedback");
    text_expect(text, "none");
    premise->feedback = (struct premise_list){.line = text->line};
}

static void read_rates(struct text *text, struct premise *premise)
{
    size_t adaptive = premise_feedback_is_adaptive(premise) ? premise->layers - 1 : 0;
    premise->rate_count = premise->layers + adaptive;
    premise->rates = memory_numbers(premise->rate_count);
    text_line(text, "rates");
    for (size_t k = 0; k < premise->rate_count; k++)
        text_positive(text, premise->rates[k]);
}

static void moment_is_symmetric(const struct premise *premise)
{
    const struct premise_list *sigma = &premise->sigma_ii;
    size_t N = premise->sizes[0];
    for (size_t i = 0; i < N && !sigma->any; i++)
        for (size_t j = 0; j < i; j++)
            reject_unless(mpq_equal(sigma->lo[i * N + j], sigma->lo[j * N + i]) &&
                              mpq_equal(sigma->hi[i * N + j], sigma->hi[j * N + i]),
                          "sigma-ii is not symmetric");
}

void premise_read(struct text *text, struct premise *premise)
{
    *premise = (struct premise){0};
    text_line(text, "family");
    premise->family = (enum premise_family)text_choice(text, families);
    text_line(text, "rule");
    premise->rule = (enum premise_rule)text_choice(text, rules);
    read_sizes(text, premise);
    size_t inputs = premise->sizes[0], outputs = premise->sizes[premise->layers];
    read_list(text, "sigma-ii", inputs * inputs, &premise->sigma_ii);
    moment_is_symmetric(premise);
    read_list(text, "sigma-ti", outputs * inputs, &premise->sigma_ti);
    read_feedback(text, premise);
    read_rates(text, premise);
    read_list(text, "start", premise->dim, &premise->start);
}

/* Freedom */

struct named_list {
    const char *name;
    enum premise_data data;
    const struct premise_list *list;
};

static void demand_of_list(const struct named_list *named, const struct premise_freedom *freedom)
{
    const struct premise_list *list = named->list;
    reject_line(list->line);
    if (list->any && !(freedom->any & named->data))
        reject("%s must be numbers here", named->name);
    if (!list->any && list->count && (freedom->must & named->data))
        reject("%s must be `any` here", named->name);
    if (list->interval && !(freedom->intervals & named->data))
        reject("%s must not be intervals here", named->name);
}

void premise_demand(const struct premise *premise, const struct premise_freedom *freedom)
{
    const struct named_list lists[] = {
        {.name = "sigma-ii", .data = DATA_SIGMA_II, .list = &premise->sigma_ii},
        {.name = "sigma-ti", .data = DATA_SIGMA_TI, .list = &premise->sigma_ti},
        {.name = "feedback", .data = DATA_FEEDBACK, .list = &premise->feedback},
        {.name = "start", .data = DATA_START, .list = &premise->start},
    };
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        demand_of_list(&lists[k], freedom);
}

/* Parameters */

static size_t parameters_of_moment(const struct premise *premise)
{
    size_t N = premise->sizes[0];
    return premise->sigma_ii.any ? N * (N + 1) / 2 : 0;
}

static size_t parameters_of(const struct premise_list *list)
{
    return list->any ? list->count : 0;
}

size_t premise_variables(const struct premise *premise)
{
    return premise->dim + parameters_of_moment(premise) + parameters_of(&premise->sigma_ti) +
           parameters_of(&premise->feedback);
}

/* The upper triangle row by row: row i begins after N + (N-1) + ... + (N-i+1) entries. */
static size_t place_in_triangle(size_t N, size_t entry)
{
    size_t i = entry / N, j = entry % N;
    size_t row = i < j ? i : j, column = i < j ? j : i;
    return row * (2 * N - row + 1) / 2 + column - row;
}

size_t premise_parameter(const struct premise *premise, enum premise_data list, size_t entry)
{
    size_t at = premise->dim;
    if (list == DATA_SIGMA_II)
        return at + place_in_triangle(premise->sizes[0], entry);
    at += parameters_of_moment(premise);
    if (list == DATA_SIGMA_TI)
        return at + entry;
    return at + parameters_of(&premise->sigma_ti) + entry;
}

/* Words */

void premise_sentence(const struct premise *premise, char sentence[PREMISE_SENTENCE_MAX])
{
    int at = snprintf(sentence, PREMISE_SENTENCE_MAX, "%s A[%zu", families[premise->family],
                      premise->sizes[0]);
    for (size_t i = 1; i <= premise->layers; i++)
        at += snprintf(sentence + at, PREMISE_SENTENCE_MAX - (size_t)at, ",%zu", premise->sizes[i]);
    snprintf(sentence + at, PREMISE_SENTENCE_MAX - (size_t)at,
             "] under %s: ", rules[premise->rule]);
}
