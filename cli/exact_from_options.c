/* From the command line to an exact statement.
 *
 * options->text keeps what was typed, so that 0.1 is 1/10 here and 1 + 1e-40 is not 1.  The problem,
 * made of doubles, says what all the other numbers are. */
#include "cli/exact_from_options.h"

#include "exact/rational.h"
#include "exact/statement_problem.h"

#include <ctype.h>

/* Numbers, and not @FILE, random:SEED or another word. */
static bool is_literal(const char *text)
{
    return text && *text && *text != '@' && !isalpha((unsigned char)*text);
}

static enum status take_list(const char *text, fmpq **list, size_t *count)
{
    fmpq *read = NULL;
    size_t length = 0;
    if (!is_literal(text))
        return OK;
    TRY(rational_read_list(text, STATEMENT_SIZE_MOST, &read, &length));
    statement_problem_replace(list, count, read, length);
    return OK;
}

static enum status take_number(const char *text, fmpq *value)
{
    return is_literal(text) ? rational_read(text, value) : OK;
}

static enum status take_texts(const struct options *options, struct statement_numbers *numbers)
{
    TRY(take_list(options->text[OPTION_c], &numbers->c, &numbers->c_count));
    TRY(take_list(options->text[OPTION_rates], &numbers->rates, &numbers->rate_count));
    TRY(take_list(options->text[OPTION_init], &numbers->x0, &numbers->dim));
    TRY(take_number(options->text[OPTION_alpha], &numbers->alpha));
    return take_number(options->text[OPTION_beta], &numbers->beta);
}

enum status exact_from_options(const struct options *options, const struct problem_given *given,
                               struct statement **statement, const char **why_not)
{
    struct statement_numbers numbers;
    *statement = NULL;
    if (given->dim > STATEMENT_SIZE_MOST) {
        *why_not = "too many unknowns for an exact statement";
        return OK;
    }
    statement_problem_numbers(&given->problem, given->x0, given->dim, &numbers);
    enum status status = take_texts(options, &numbers);
    if (status == OK)
        status = statement_problem_make(&given->problem, &numbers, statement, why_not);
    statement_problem_free(&numbers);
    return status;
}
