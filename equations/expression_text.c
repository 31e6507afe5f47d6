/* Formulas as text, with as few parentheses as reading them back allows.
 *
 * XPP reads a^b^c from the left and takes a sign only where an operand may begin, so a power of a
 * power, and what is negative, stand in parentheses.  Sums and products are printed as they nest:
 * a - (b + c) keeps its parentheses, (a + b) + c loses them. */
#include "equations/expression.h"

#include <string.h>

enum rank { RANK_SUM = 1, RANK_PRODUCT, RANK_POWER, RANK_ATOM };

struct printer {
    const struct expressions *arena;
    const struct expression_style *style;
    FILE *file;
};

static bool is_negative(const struct expression *e)
{
    return e->kind == EXPRESSION_MINUS || (e->kind == EXPRESSION_NUMBER && e->text[0] == '-');
}

static enum rank rank_of(const struct expression *e)
{
    switch (e->kind) {
    case EXPRESSION_SUM:
    case EXPRESSION_DIFFERENCE:
    case EXPRESSION_MINUS:
        return RANK_SUM;
    case EXPRESSION_PRODUCT:
    case EXPRESSION_QUOTIENT:
        return RANK_PRODUCT;
    case EXPRESSION_POWER:
        return RANK_POWER;
    case EXPRESSION_NUMBER:
        return e->text[0] == '-' ? RANK_SUM : strchr(e->text, '/') ? RANK_PRODUCT : RANK_ATOM;
    default:
        return RANK_ATOM;
    }
}

static void print_node(const struct printer *p, uint32_t node);

static const char *name_of(const struct printer *p, uint32_t node)
{
    return p->style->part ? p->style->part(p->style->context, node) : NULL;
}

/* In parentheses, if it binds more weakly than `least`. */
static void print_part(const struct printer *p, uint32_t node, enum rank least)
{
    const bool closed = !name_of(p, node) && rank_of(expression_at(p->arena, node)) < least;
    fputs(closed ? "(" : "", p->file);
    print_node(p, node);
    fputs(closed ? ")" : "", p->file);
}

/* What one operation writes between its parts, and what it asks of them. */
static void print_operation(const struct printer *p, const struct expression *e)
{
    static const struct {
        const char *sign;
        enum rank left, right;
    } operations[] = {[EXPRESSION_SUM] = {" + ", RANK_SUM, RANK_PRODUCT},
                      [EXPRESSION_DIFFERENCE] = {" - ", RANK_SUM, RANK_PRODUCT},
                      [EXPRESSION_PRODUCT] = {"*", RANK_PRODUCT, RANK_POWER},
                      [EXPRESSION_QUOTIENT] = {"/", RANK_PRODUCT, RANK_POWER},
                      [EXPRESSION_POWER] = {NULL, RANK_ATOM, RANK_ATOM}};
    const char *sign = operations[e->kind].sign;
    print_part(p, e->left, operations[e->kind].left);
    fputs(sign ? sign : p->style->power, p->file);
    print_part(p, e->right, operations[e->kind].right);
}

/* "($1 + abs($2))": a call in other words. */
static void print_template(const struct printer *p, const struct expression *e, const char *text)
{
    for (const char *at = text; *at; at++)
        if (*at == '$')
            print_node(p, *++at == '1' ? e->left : e->right);
        else
            fputc(*at, p->file);
}

static void print_call(const struct printer *p, const struct expression *e)
{
    const char *name = e->function->name;
    if (p->style->function)
        name = p->style->function(p->style->context, e->function);
    if (name && strchr(name, '$')) {
        print_template(p, e, name);
        return;
    }
    fprintf(p->file, "%s(", name ? name : e->function->name);
    print_node(p, e->left);
    if (e->function->arguments > 1) {
        fputs(",", p->file);
        print_node(p, e->right);
    }
    fputs(")", p->file);
}

static void print_number(const struct printer *p, const struct expression *e)
{
    if (p->style->number)
        p->style->number(p->style->context, e, p->file);
    else
        fputs(e->text, p->file);
}

static void print_meaning(const struct printer *p, uint32_t node)
{
    const struct expression *e = expression_at(p->arena, node);
    if (e->size > EXPRESSION_PRINTED_MOST && !p->style->part) {
        fputs("...", p->file);
        return;
    }
    switch (e->kind) {
    case EXPRESSION_NONE:
        fputs("?", p->file);
        break;
    case EXPRESSION_NUMBER:
        print_number(p, e);
        break;
    case EXPRESSION_UNKNOWN:
        fputs(p->style->unknown(p->style->context, e->index), p->file);
        break;
    case EXPRESSION_PARAMETER:
        fputs(p->style->parameter(p->style->context, e->index), p->file);
        break;
    case EXPRESSION_ARGUMENT:
        fprintf(p->file, "arg%u", e->index + 1);
        break;
    case EXPRESSION_MINUS:
        fputs("-", p->file);
        print_part(p, e->left,
                   is_negative(expression_at(p->arena, e->left)) ? RANK_ATOM : RANK_PRODUCT);
        break;
    case EXPRESSION_CALL:
        print_call(p, e);
        break;
    default:
        print_operation(p, e);
        break;
    }
}

static void print_node(const struct printer *p, uint32_t node)
{
    const char *name = name_of(p, node);
    if (name)
        fputs(name, p->file);
    else
        print_meaning(p, node);
}

void expression_print(const struct expressions *arena, uint32_t node,
                      const struct expression_style *style, FILE *file)
{
    print_node(&(struct printer){.arena = arena, .style = style, .file = file}, node);
}

void expression_print_meaning(const struct expressions *arena, uint32_t node,
                              const struct expression_style *style, FILE *file)
{
    print_meaning(&(struct printer){.arena = arena, .style = style, .file = file}, node);
}
