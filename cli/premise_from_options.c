/* From the command line to an exact premise.
 *
 * The problem, made of doubles, has been checked; options->text keeps what was typed.  Standard
 * targets follow Sigma_II, so that it is replaced first. */
#include "cli/premise_from_options.h"

#include "exact/rational.h"

#include <ctype.h>
#include <string.h>

enum { NUMBERS_MOST = 1 << 16 };

/* Numbers, and not @FILE, random:SEED or another word. */
static bool is_literal(const char *text)
{
    return text && *text && *text != '@' && !isalpha((unsigned char)*text);
}

static enum status take_list(const char *text, enum premise_list list, struct premise *premise)
{
    fmpq *read = NULL;
    size_t count = 0;
    if (!is_literal(text))
        return OK;
    TRY(rational_read_list(text, NUMBERS_MOST, &read, &count));
    const enum status status = premise_replace(premise, list, read, count);
    _fmpq_vec_clear(read, (slong)count);
    return status;
}

/* diag:d1,d2,... as a matrix of rows x columns. */
static enum status take_diagonal(const char *numbers, enum premise_list list, size_t rows,
                                 struct premise *premise)
{
    fmpq *diagonal = NULL;
    size_t count = 0;
    const size_t columns = premise->sizes[0];
    TRY(rational_read_list(numbers, NUMBERS_MOST, &diagonal, &count));
    fmpq *matrix = _fmpq_vec_init((slong)(rows * columns));
    for (size_t i = 0; i < count && i < rows && i < columns; i++)
        fmpq_set(matrix + i * columns + i, diagonal + i);
    const enum status status = premise_replace(premise, list, matrix, rows * columns);
    _fmpq_vec_clear(matrix, (slong)(rows * columns));
    _fmpq_vec_clear(diagonal, (slong)count);
    return status;
}

static enum status take_matrix(const char *text, enum premise_list list, size_t rows,
                               struct premise *premise)
{
    static const char DIAGONAL[] = "diag:";
    if (text && strncmp(text, DIAGONAL, strlen(DIAGONAL)) == 0)
        return take_diagonal(text + strlen(DIAGONAL), list, rows, premise);
    return take_list(text, list, premise);
}

static enum status take_texts(const struct options *options, struct premise *p)
{
    if (premise_is_scalar(p)) {
        TRY(take_list(options->text[OPTION_beta], PREMISE_SIGMA_II, p));
        TRY(take_list(options->text[OPTION_alpha], PREMISE_SIGMA_TI, p));
    }
    TRY(take_matrix(options->text[OPTION_sigma_ii], PREMISE_SIGMA_II, p->sizes[0], p));
    TRY(take_matrix(options->text[OPTION_sigma_ti], PREMISE_SIGMA_TI, p->sizes[p->layers], p));
    TRY(take_list(options->text[OPTION_c], PREMISE_FEEDBACK, p));
    TRY(take_list(options->text[OPTION_rates], PREMISE_RATES, p));
    return take_list(options->text[OPTION_init], PREMISE_X0, p);
}

enum status premise_from_options(const struct options *options, const struct problem_given *given,
                                 struct premise **premise, const char **why_not)
{
    struct premise *p = NULL;
    TRY(premise_of_problem(&given->problem, given->x0, &p, why_not));
    const enum status status = p ? take_texts(options, p) : OK;
    if (status == OK)
        *premise = p;
    else
        premise_free(p);
    return status;
}
