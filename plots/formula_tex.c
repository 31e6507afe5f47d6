/* A formula in LaTeX's mathematics, between dollars.  What stands in it are letters, digits and the
 * signs of the table: nothing that needs escaping. */
#include "plots/formula_parts.h"

struct writer {
    FILE *file;
    const struct formula *formula;
};

static void list_write(const struct writer *writer, size_t first);

static void text_write(const struct writer *writer, const struct formula_token *token)
{
    fprintf(writer->file, "%.*s", (int)(token->length - token->digits),
            writer->formula->text + token->start);
}

/* 1e-2 as a power of ten. */
static void number_write(const struct writer *writer, const struct formula_token *token)
{
    const char *text = writer->formula->text + token->start;
    const size_t factor = formula_factor(text, token->length);
    if (factor == token->length) {
        text_write(writer, token);
        return;
    }
    const size_t plus = text[factor + 1] == '+';
    if (factor != 1 || *text != '1')
        fprintf(writer->file, "%.*s\\cdot ", (int)factor, text);
    fprintf(writer->file, "10^{%.*s}", (int)(token->length - factor - 1 - plus),
            text + factor + 1 + plus);
}

static void name_write(const struct writer *writer, const struct formula_token *token)
{
    if (token->symbol)
        fprintf(writer->file, "%s ", token->symbol->latex);
    else
        text_write(writer, token);
}

static void brackets_write(const struct writer *writer, const struct formula_node *node)
{
    const struct formula_token *token = writer->formula->token;
    fputs(token[node->token].symbol->latex, writer->file);
    list_write(writer, node->inside);
    fputs(token[node->closes].symbol->latex, writer->file);
}

static void base_write(const struct writer *writer, const struct formula_node *node)
{
    const struct formula_token *token = &writer->formula->token[node->token];
    switch (node->kind) {
    case FORMULA_NUMBER:
        number_write(writer, token);
        break;
    case FORMULA_WORD:
        fputs("\\mathrm{", writer->file);
        text_write(writer, token);
        fputs("}", writer->file);
        break;
    case FORMULA_ROOT:
        fputs("\\sqrt{", writer->file);
        list_write(writer, node->inside);
        fputs("}", writer->file);
        break;
    case FORMULA_OPEN:
        brackets_write(writer, node);
        break;
    case FORMULA_SIGN:
    case FORMULA_BAR:
    case FORMULA_COMMA:
    case FORMULA_DOTS:
        fputs(token->symbol->latex, writer->file);
        break;
    default:
        name_write(writer, token);
    }
}

static void node_write(const struct writer *writer, const struct formula_node *node)
{
    const struct formula_token *token = &writer->formula->token[node->token];
    base_write(writer, node);
    if (token->digits > 0 && node->kind == FORMULA_NAME)
        fprintf(writer->file, "_{%.*s}", (int)token->digits,
                writer->formula->text + token->start + token->length - token->digits);
    if (node->below) {
        fputs("_{", writer->file);
        list_write(writer, node->below);
        fputs("}", writer->file);
    }
    if (!node->above && node->primes == 0 && !node->starred)
        return;
    fputs("^{", writer->file);
    for (size_t k = 0; k < node->primes; k++)
        fputs("\\prime ", writer->file);
    fputs(node->starred ? "*" : "", writer->file);
    list_write(writer, node->above);
    fputs("}", writer->file);
}

static void list_write(const struct writer *writer, size_t first)
{
    const struct formula *formula = writer->formula;
    bool in_bars = false;
    for (size_t k = first, before = 0; k; before = k, k = formula->node[k].next) {
        const struct formula_node *node = &formula->node[k];
        const bool closes = node->kind == FORMULA_BAR && in_bars;
        if (formula_is_apart(formula, before, k) && !closes)
            fputs(node->kind == FORMULA_NUMBER ? "\\;" : "\\,", writer->file);
        node_write(writer, node);
        if (node->kind == FORMULA_BAR)
            in_bars = !in_bars;
    }
}

void formula_tex(FILE *file, const struct formula *formula, size_t first)
{
    const struct writer writer = {.file = file, .formula = formula};
    fputs("$", file);
    list_write(&writer, first);
    fputs("$", file);
}
