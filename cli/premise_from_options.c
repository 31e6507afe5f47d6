/* Lists that were typed take the place of their doubles.
 *
 * alpha and beta are lists of one number, the moments of a scalar network. */
#include "cli/premise_from_options.h"

#include "exact/rational.h"

#include <ctype.h>

enum { NUMBERS_MOST = 1 << 20 };

static const struct typed_list {
    enum option_word option;
    enum premise_list list;
} typed_lists[] = {
    {OPTION_c, PREMISE_FEEDBACK},        {OPTION_rates, PREMISE_RATES},
    {OPTION_sigma_ii, PREMISE_SIGMA_II}, {OPTION_sigma_ti, PREMISE_SIGMA_TI},
    {OPTION_alpha, PREMISE_SIGMA_TI},    {OPTION_beta, PREMISE_SIGMA_II},
    {OPTION_init, PREMISE_X0},
};

/* Numbers, and not @FILE, random:SEED or another word. */
static bool is_literal(const char *text)
{
    return text && *text && *text != '@' && !isalpha((unsigned char)*text);
}

static enum status replace(struct premise *premise, enum premise_list list, const char *text)
{
    fmpq *read = NULL;
    size_t count = 0;
    TRY(rational_read_list(text, NUMBERS_MOST, &read, &count));
    const enum status status = premise_replace(premise, list, read, count);
    _fmpq_vec_clear(read, (slong)count);
    return status;
}

static enum status take_texts(const struct options *options, struct premise *premise)
{
    for (size_t k = 0; k < sizeof typed_lists / sizeof *typed_lists; k++) {
        const char *text = options->text[typed_lists[k].option];
        if (is_literal(text))
            TRY(replace(premise, typed_lists[k].list, text));
    }
    return OK;
}

enum status premise_from_options(const struct options *options, const struct problem_given *given,
                                 struct premise **premise, const char **why_not)
{
    struct premise *made = NULL;
    *premise = NULL;
    TRY(premise_of_problem(&given->problem, given->x0, &made, why_not));
    if (!made)
        return OK;
    const enum status status = take_texts(options, made);
    if (status == OK)
        *premise = made;
    else
        premise_free(made);
    return status;
}
