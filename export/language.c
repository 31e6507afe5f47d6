/* The table of languages, and what their writers share. */
#include "export/language.h"

#include "base/nearest.h"
#include "base/number.h"
#include "export/listing.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

const struct language *const language_table[] = {&language_julia, &language_ode, &language_python,
                                                 &language_vf, NULL};

enum status language_named(const char *name, const struct language **language)
{
    enum { HINT_MAX = 80 };
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; language_table[k]; k++) {
        if (strcmp(language_table[k]->name, name) == 0) {
            *language = language_table[k];
            return OK;
        }
        nearest_offer(&nearest, language_table[k]->name);
    }
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "nothing is exported to '%.40s'%s (julia, ode, python, vf)",
                       name, nearest_hint(&nearest, sizeof hint, hint));
}

enum status language_write(const struct language *language, const struct equations *equations,
                           const struct language_head *head, FILE *file)
{
    struct listing *listing = NULL;
    TRY(listing_create(equations, language, &listing));
    const enum status status = language->write(listing, head, file);
    listing_free(listing);
    TRY(status);
    errno = 0;
    if (fflush(file) != 0 || ferror(file))
        return status_fail(CANNOT_WRITE, "standard output: %s",
                           errno ? strerror(errno) : "not written");
    return OK;
}

/* A comment, whatever the text holds and however long it is: XPP cuts lines of a thousand characters. */
static void comment(const char *mark, const char *what, const char *text, FILE *file)
{
    enum { LONG = 500 };
    fprintf(file, "%s%s", mark, what);
    for (size_t k = 0; text[k]; k++) {
        if (k % LONG == 0 && k > 0)
            fprintf(file, "\n%s", mark);
        fputc(iscntrl((unsigned char)text[k]) ? '?' : text[k], file);
    }
    fputc('\n', file);
}

/* Which is which, some in a line. */
static void unknowns(const struct listing *listing, const char *mark, FILE *file)
{
    enum { IN_A_LINE = 8 };
    const struct equations *e = listing_equations(listing);
    fprintf(file, "%sunknowns, in this order:", mark);
    for (size_t i = 0; i < e->unknowns; i++) {
        const char *here = listing_unknown(listing, i), *name = e->unknown[i].name;
        if (i % IN_A_LINE == 0 && i > 0)
            fprintf(file, ",\n%s   ", mark);
        fprintf(file, "%s %s", i % IN_A_LINE ? "," : "", name);
        if (strcasecmp(here, name) != 0)
            fprintf(file, " (%s here)", here);
    }
    fputc('\n', file);
}

void language_comment(const struct listing *listing, const struct language_head *head,
                      const char *mark, FILE *file)
{
    const struct equations *e = listing_equations(listing);
    bool kinks = false;
    for (size_t k = 0; k < e->surfaces; k++)
        kinks = kinks || e->surface[k].jumps;
    comment(mark, "", head->title, file);
    comment(mark, "", head->equation, file);
    comment(mark, "made by: ", head->command, file);
    unknowns(listing, mark, file);
    if (kinks)
        comment(mark, "",
                "the right-hand side has kinks or jumps (abs, heav, max, min, sign): settle stops "
                "there and "
                "looks where solutions go on; most integrators step across",
                file);
}

/* The parts of p/q; false: there is no slash. */
static bool split(const char *text, double *p, double *q)
{
    char part[NUMBER_TEXT_MAX];
    const char *slash = strchr(text, '/');
    const size_t length = slash ? (size_t)(slash - text) : sizeof part;
    if (length >= sizeof part)
        return false;
    memcpy(part, text, length);
    part[length] = '\0';
    return number_parse(part, p) == OK && number_parse(slash + 1, q) == OK;
}

/* `whole` stands behind a number without point and exponent. */
static void write_number(const struct expression *number, const char *whole, FILE *file)
{
    char text[NUMBER_TEXT_MAX];
    double p = 0, q = 0;
    if (split(number->text, &p, &q)) {
        number_shortest(p, text);
        fprintf(file, "%s%s/", text, strpbrk(text, ".e") ? "" : whole);
        number_shortest(q, text);
    } else {
        number_shortest(number->value, text);
    }
    fprintf(file, "%s%s", text, strpbrk(text, ".e") ? "" : whole);
}

void language_fraction(const void *context, const struct expression *number, FILE *file)
{
    (void)context;
    write_number(number, "", file);
}

void language_real(const void *context, const struct expression *number, FILE *file)
{
    (void)context;
    write_number(number, ".0", file);
}
