/* The subset of XPP's .ode format that settle reads itself, so that what it writes can be read back.
 *
 *     par c1=1            a parameter      q1=alpha-beta*a1    a part, computed first
 *     a1'=c1*q1           an equation      init a1=0.5         the start
 *     aux w=a1^2          a quantity to be looked at
 *
 * Fractions stay fractions in formulas, where both divide; in par and init they are decimals, since XPP
 * reads 1 where 1/2 stands.  XPP knows nine letters of a name. */
#include "base/number.h"
#include "export/listing.h"

static const char *const reserved[] = {
    "t",       "pi",     "if",      "then", "else", "sum",  "of",      "not",     "delay",
    "shift",   "ran",    "normal",  "mod",  "flr",  "int",  "besselj", "bessely", "erfc",
    "poisson", "lgamma", "hom_bcs", "arg1", "abs",  "acos", "asin",    "atan",    "atan2",
    "cos",     "cosh",   "erf",     "exp",  "heav", "ln",   "log",     "log10",   "max",
    "min",     "sign",   "sgn",     "sin",  "sinh", "sqrt", "tan",     "tanh",    "arccos",
    "arcsin",  "arctan", "done",    "d",    "p",    "par",  "param",   "init",    "i",
    "aux",     "number", "global",  NULL};

static void numbers(const struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    char text[NUMBER_TEXT_MAX];
    for (size_t k = 0; k < e->parameters; k++)
        fprintf(file, "par %s=%s\n", listing_parameter(l, k),
                number_shortest(e->parameter[k].value, text));
}

static void starts(const struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    char text[NUMBER_TEXT_MAX];
    for (size_t i = 0; i < e->unknowns; i++)
        fprintf(file, "init %s=%s\n", listing_unknown(l, i),
                number_shortest(e->unknown[i].value, text));
}

static void formulas(const struct listing *l, FILE *file)
{
    const struct equations *e = listing_equations(l);
    for (size_t k = 0; k < listing_parts(l); k++) {
        fprintf(file, "%s=", listing_part(l, k));
        listing_part_formula(l, k, file);
        fputc('\n', file);
    }
    for (size_t i = 0; i < e->unknowns; i++) {
        fprintf(file, "%s'=", listing_unknown(l, i));
        listing_formula(l, e->right[i], file);
        fputc('\n', file);
    }
    for (size_t k = 0; k < e->auxiliaries; k++) {
        fprintf(file, "aux %s=", listing_auxiliary(l, k));
        listing_formula(l, e->auxiliary[k].node, file);
        fputc('\n', file);
    }
}

static enum status ode_write(struct listing *l, const struct language_head *head, FILE *file)
{
    TRY(listing_plan_all(l));
    if (listing_parts(l) > EQUATIONS_NAMES_MOST)
        return status_fail(BAD_ARGUMENT,
                           "%zu parts to be computed first; an .ode file has at most %d",
                           listing_parts(l), EQUATIONS_NAMES_MOST);
    language_comment(l, head, "# ", file);
    numbers(l, file);
    formulas(l, file);
    starts(l, file);
    fputs("done\n", file);
    return OK;
}

const struct language language_ode = {.name = "ode",
                                      .title = "XPPAUT, and settle itself",
                                      .power = "^",
                                      .reserved = reserved,
                                      .name_most = 9,
                                      .lower_case = true,
                                      .write = ode_write};
