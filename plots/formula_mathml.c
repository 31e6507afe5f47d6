/* A formula as MathML Core.
 *
 * Browsers do not break a formula over lines, so a long one is given as several, each but the first
 * beginning with a relation, a plus, a minus or a factor; brackets that carry no script are no obstacle, as
 * they are characters among others.  Spacing that depends on a character's place in its row is
 * therefore said (form=...). */
#include "plots/formula_parts.h"

#include <string.h>

/* Parts before a formula may be broken: before a sign, and before a factor. */
enum { PIECE_LEAST = 7, FACTORS_LEAST = 11 };

struct writer {
    FILE *file;
    const struct formula *formula;
    bool breakable;
    size_t pieces; /* operands since the formula was broken */
};

static void list_write(struct writer *writer, size_t first);

static void token_write(struct writer *writer, const char *tag, const struct formula_token *token)
{
    fprintf(writer->file, "<%s>%.*s</%s>", tag, (int)(token->length - token->digits),
            writer->formula->text + token->start, tag);
}

/* 1e-2 as a power of ten. */
static void number_write(struct writer *writer, const struct formula_token *token)
{
    const char *text = writer->formula->text + token->start;
    const size_t factor = formula_factor(text, token->length);
    if (factor == token->length) {
        token_write(writer, "mn", token);
        return;
    }
    const char *exponent = text + factor + 1;
    const bool negative = *exponent == '-', is_signed = negative || *exponent == '+';
    if (factor != 1 || *text != '1')
        fprintf(writer->file, "<mn>%.*s</mn><mo form=\"infix\" lspace=\"0\" rspace=\"0\">·</mo>",
                (int)factor, text);
    fprintf(writer->file, "<msup><mn>10</mn><mn>%s%.*s</mn></msup>", negative ? "−" : "",
            (int)(token->length - factor - 1 - is_signed), exponent + is_signed);
}

static void name_write(struct writer *writer, const struct formula_token *token)
{
    if (token->symbol)
        fprintf(writer->file, "<mi>%s</mi>", token->symbol->mathml);
    else
        token_write(writer, "mi", token);
}

static void sign_write(struct writer *writer, const struct formula_token *token, size_t before)
{
    const bool tight = strchr("/*", writer->formula->text[token->start]) != NULL;
    fprintf(writer->file, "<mo form=\"%s\"%s>%s</mo>",
            formula_is_prefix(writer->formula, before) && !token->symbol->relation ? "prefix"
                                                                                   : "infix",
            tight ? " lspace=\"0\" rspace=\"0\"" : "", token->symbol->mathml);
}

static void fence_write(struct writer *writer, const char *form, const char *character)
{
    fprintf(writer->file, "<mo form=\"%s\" stretchy=\"false\" lspace=\"0\" rspace=\"0\">%s</mo>",
            form, character);
}

/* In a part that must stay whole. */
static void whole_write(struct writer *writer, size_t first)
{
    const bool breakable = writer->breakable;
    writer->breakable = false;
    fputs("<mrow>", writer->file);
    list_write(writer, first);
    fputs("</mrow>", writer->file);
    writer->breakable = breakable;
}

static void brackets_write(struct writer *writer, const struct formula_node *node)
{
    const struct formula_token *token = writer->formula->token;
    fence_write(writer, "prefix", token[node->token].symbol->mathml);
    list_write(writer, node->inside);
    fence_write(writer, "postfix", token[node->closes].symbol->mathml);
}

/* Without its scripts. */
static void base_write(struct writer *writer, const struct formula_node *node, bool closes)
{
    const struct formula_token *token = &writer->formula->token[node->token];
    switch (node->kind) {
    case FORMULA_NUMBER:
        number_write(writer, token);
        break;
    case FORMULA_WORD:
        token_write(writer, "mtext", token);
        break;
    case FORMULA_NAME:
    case FORMULA_FUNCTION:
        name_write(writer, token);
        break;
    case FORMULA_ROOT:
        fputs("<msqrt>", writer->file);
        whole_write(writer, node->inside);
        fputs("</msqrt>", writer->file);
        break;
    case FORMULA_OPEN:
        brackets_write(writer, node);
        break;
    case FORMULA_BAR:
        fence_write(writer, closes ? "postfix" : "prefix", "|");
        break;
    default:
        fprintf(writer->file, "<mo>%s</mo>", token->symbol->mathml);
    }
}

static void above_write(struct writer *writer, const struct formula_node *node)
{
    fputs("<mrow>", writer->file);
    for (size_t k = 0; k < node->primes; k++)
        fputs("<mo lspace=\"0\" rspace=\"0\">′</mo>", writer->file);
    if (node->starred)
        fputs("<mo>∗</mo>", writer->file);
    list_write(writer, node->above);
    fputs("</mrow>", writer->file);
}

static void below_write(struct writer *writer, const struct formula_node *node)
{
    const struct formula_token *token = &writer->formula->token[node->token];
    if (node->below)
        whole_write(writer, node->below);
    else
        fprintf(writer->file, "<mn>%.*s</mn>", (int)token->digits,
                writer->formula->text + token->start + token->length - token->digits);
}

static void node_write(struct writer *writer, const struct formula_node *node, bool closes)
{
    const bool above = node->above || node->primes > 0 || node->starred;
    const bool below = node->below || writer->formula->token[node->token].digits > 0;
    const char *tag = above && below ? "msubsup" : above ? "msup" : "msub";
    const bool breakable = writer->breakable;
    if (!above && !below) {
        base_write(writer, node, closes);
        return;
    }
    writer->breakable = false;
    fprintf(writer->file, "<%s><mrow>", tag);
    base_write(writer, node, closes);
    fputs("</mrow>", writer->file);
    if (below)
        below_write(writer, node);
    if (above)
        above_write(writer, node);
    fprintf(writer->file, "</%s>", tag);
    writer->breakable = breakable;
}

static void gap_write(struct writer *writer, size_t before, size_t node)
{
    if (formula_is_apart(writer->formula, before, node))
        fprintf(writer->file, "<mspace width=\"%s\"/>",
                writer->formula->node[node].kind == FORMULA_NUMBER ? ".5em" : ".2em");
}

static bool may_break(const struct writer *writer, size_t before, size_t node)
{
    const struct formula_token *token = &writer->formula->token[writer->formula->node[node].token];
    const char sign = writer->formula->text[token->start];
    if (formula_is_apart(writer->formula, before, node))
        return writer->pieces >= FACTORS_LEAST;
    return token->kind == FORMULA_SIGN && !formula_is_prefix(writer->formula, before) &&
           sign != '/' && sign != '*' && writer->pieces >= PIECE_LEAST;
}

static void break_write(struct writer *writer, size_t before, size_t node)
{
    if (!writer->breakable || !may_break(writer, before, node))
        return;
    fputs("</math><wbr><math>", writer->file);
    writer->pieces = 0;
}

static void list_write(struct writer *writer, size_t first)
{
    const struct formula *formula = writer->formula;
    bool in_bars = false;
    for (size_t k = first, before = 0; k; before = k, k = formula->node[k].next) {
        const struct formula_node *node = &formula->node[k];
        if (!(node->kind == FORMULA_BAR && in_bars))
            break_write(writer, before, k);
        if (!(node->kind == FORMULA_BAR && in_bars))
            gap_write(writer, before, k);
        if (node->kind == FORMULA_SIGN)
            sign_write(writer, &formula->token[node->token], before);
        else
            node_write(writer, node, in_bars);
        if (node->kind == FORMULA_BAR)
            in_bars = !in_bars;
        writer->pieces++;
    }
}

void formula_mathml(FILE *file, const struct formula *formula, size_t first)
{
    struct writer writer = {.file = file, .formula = formula, .breakable = true};
    fputs("<math>", file);
    list_write(&writer, first);
    fputs("</math>", file);
}
