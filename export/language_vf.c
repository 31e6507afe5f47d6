/* The vector field file of VFGEN (Weckesser), XML, from which VFGEN writes AUTO, MATCONT, CVODE, GSL and others.
 *
 * Formulas are those of its algebra program GiNaC, which has no max, min and log10, said here in other
 * words; its step() is 1/2 where heav() is 1, at 0, and it has no error function.  The
 * derivatives are VFGEN's own. */
#include "base/number.h"
#include "export/listing.h"

#include <ctype.h>

/* Names of GiNaC, and words of the languages that VFGEN writes. */
static const char *const reserved[] = {
    "t",     "Pi",   "Euler", "Catalan", "Digits", "I",    "abs",    "acos",   "acosh",  "asin",
    "asinh", "atan", "atan2", "atanh",   "cos",    "cosh", "csgn",   "delay",  "exp",    "lgamma",
    "log",   "pow",  "sin",   "sinh",    "sqrt",   "step", "tan",    "tanh",   "lambda", "in",
    "if",    "for",  "while", "do",      "end",    "int",  "double", "return", NULL};

static const struct language_call calls[] = {
    {&function_erf, NULL},
    {&function_heav, "step"},
    {&function_ln, "log"},
    {&function_log10, "(log($1)/log(10))"},
    {&function_max, "((($1) + ($2) + abs(($1) - ($2)))/2)"},
    {&function_min, "((($1) + ($2) - abs(($1) - ($2)))/2)"},
    {&function_sign, "csgn"},
    {NULL, NULL}};

/* Text inside quotes. */
static void quoted(const char *text, FILE *file)
{
    static const struct {
        char letter;
        const char *entity;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}};
    for (; *text; text++) {
        const char *entity = NULL;
        for (size_t k = 0; k < sizeof entities / sizeof *entities; k++)
            entity = entities[k].letter == *text ? entities[k].entity : entity;
        if (entity)
            fputs(entity, file);
        else
            fputc(iscntrl((unsigned char)*text) ? '?' : *text, file);
    }
}

/* A name of letters, digits and underscores. */
static void identifier(const char *text, FILE *file)
{
    if (!isalpha((unsigned char)*text))
        fputc('v', file);
    for (; *text; text++)
        fputc(isalnum((unsigned char)*text) ? *text : '_', file);
}

static void head_write(const struct language_head *head, FILE *file)
{
    fputs("<?xml version=\"1.0\" ?>\n<VectorField\n    Name=\"", file);
    identifier(head->title, file);
    fputs("\"\n    Description=\"", file);
    quoted(head->title, file);
    fputs("; ", file);
    quoted(head->equation, file);
    fputs("; made by: ", file);
    quoted(head->command, file);
    fputs("\">\n", file);
}

static void numbers(const struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    for (size_t k = 0; k < e->parameters; k++) {
        const struct expression written = {.value = e->parameter[k].value,
                                           .text = e->parameter[k].text};
        fprintf(file, "<Parameter Name=\"%s\" DefaultValue=\"", listing_parameter(l, k));
        language_fraction(NULL, &written, file);
        fputs("\"/>\n", file);
    }
}

static void formulas(const struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    for (size_t k = 0; k < listing_parts(l); k++) {
        fprintf(file, "<Expression Name=\"%s\" Formula=\"", listing_part(l, k));
        listing_part_formula(l, k, file);
        fputs("\"/>\n", file);
    }
    for (size_t i = 0; i < e->unknowns; i++) {
        const struct expression start = {.value = e->unknown[i].value, .text = e->unknown[i].text};
        fprintf(file, "<StateVariable Name=\"%s\" Description=\"", listing_unknown(l, i));
        quoted(e->unknown[i].name, file);
        fputs("\" DefaultInitialCondition=\"", file);
        language_fraction(NULL, &start, file);
        fputs("\" Formula=\"", file);
        listing_formula(l, e->right[i], file);
        fputs("\"/>\n", file);
    }
    for (size_t k = 0; k < e->auxiliaries; k++) {
        fprintf(file, "<Function Name=\"%s\" Formula=\"", listing_auxiliary(l, k));
        listing_formula(l, e->auxiliary[k].node, file);
        fputs("\"/>\n", file);
    }
}

static enum status vf_write(struct listing *l, const struct language_head *head, FILE *file)
{
    TRY(listing_plan_all(l));
    head_write(head, file);
    numbers(l, file);
    formulas(l, file);
    fputs("</VectorField>\n", file);
    return OK;
}

const struct language language_vf = {.name = "vf",
                                     .title = "the vector field files of VFGEN",
                                     .power = "^",
                                     .reserved = reserved,
                                     .call = calls,
                                     .name_most = UNKNOWN_NAME_MAX - 2,
                                     .number = language_fraction,
                                     .write = vf_write};
