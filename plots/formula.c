/* Plain mathematics in running text.
 *
 * The text between formulas is copied, escaped.  A text of more than TEXT_MOST bytes is copied
 * whole: no statement is that long, and the parser, which begins anew at every bracket that is never
 * closed, is quadratic in a text that means harm. */
#include "plots/formula.h"

#include "plots/formula_parts.h"
#include "plots/markup.h"

#include <string.h>

static const size_t TEXT_MOST = 4096;

struct language {
    void (*text)(FILE *file, const char *text, size_t length);
    void (*formula)(FILE *file, const struct formula *formula, size_t first);
};

static void text_write(FILE *file, const struct language *language, struct formula *formula)
{
    size_t written = 0, end;
    for (size_t k = 0; k < formula->tokens;) {
        const size_t first = formula_parse(formula, k, &end);
        if (!first) {
            k++;
            continue;
        }
        const size_t start = formula->token[k].start;
        const struct formula_token *last = &formula->token[end - 1];
        language->text(file, formula->text + written, start - written);
        language->formula(file, formula, first);
        written = last->start + last->length;
        k = end;
    }
    language->text(file, formula->text + written, strlen(formula->text) - written);
}

static enum status write(FILE *file, const char *text, const struct language *language)
{
    struct formula formula;
    if (strlen(text) > TEXT_MOST) {
        language->text(file, text, strlen(text));
        return OK;
    }
    TRY(formula_read(text, &formula));
    text_write(file, language, &formula);
    formula_free(&formula);
    return OK;
}

enum status formula_html(FILE *file, const char *text)
{
    return write(file, text,
                 &(struct language){.text = markup_html_part, .formula = formula_mathml});
}

enum status formula_latex(FILE *file, const char *text)
{
    return write(file, text, &(struct language){.text = markup_latex_part, .formula = formula_tex});
}
