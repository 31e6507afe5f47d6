/* Polynomials as the field writes them: its names are those of the format.  That they are conserved,
 * and that there are no others, the checker finds by itself; the prime saves it the search for one
 * modulo which no solution appears that there is not over Q, (FI3). */
#include "exact/certificate_integral.h"

#include "exact/integral_text.h"

#include <stdlib.h>

enum { SENTENCE = 160 };

static enum status put_integral(const struct field *field, const fmpq_mpoly_t p,
                                struct certificate *c)
{
    char *text = integral_write(field, p);
    if (!text)
        return status_fail(NO_MEMORY, "a polynomial as text");
    certificate_line(c, "integral");
    certificate_word(c, text);
    certificate_end_line(c);
    free(text);
    return OK;
}

static void put_completeness(const struct certificate_integrals *what, struct certificate *c)
{
    certificate_line(c, "complete");
    if (what->prime) {
        certificate_count(c, what->degree);
        certificate_count(c, what->prime);
    } else {
        certificate_word(c, "none");
    }
    certificate_end_line(c);
}

static enum status put_body(const struct certificate_integrals *what, struct certificate *c)
{
    for (size_t k = 0; k < what->count; k++)
        TRY(put_integral(what->field, what->p + k, c));
    put_completeness(what, c);
    return OK;
}

/* Of which data it holds for all values: those that certificate.c writes as `any`. */
static const char *for_what(const struct certificate_integrals *what)
{
    if (what->data < CERTIFICATE_ANY_MOMENTS)
        return "";
    if (what->data < CERTIFICATE_ANY || what->premise->feedback_count == 0)
        return " for all sigma-ii and sigma-ti";
    return " for all sigma-ii and sigma-ti and feedback";
}

enum status certificate_integral(const struct certificate_integrals *what, struct certificate *c)
{
    char sentence[SENTENCE];
    const struct certificate_head head = {.premise = what->premise,
                                          .kind = "first-integral",
                                          .sentence = sentence,
                                          .data = what->data};
    if (what->count == 0) {
        certificate_none("the format lists at least one first integral", c);
        return OK;
    }
    if (what->prime)
        snprintf(sentence, sizeof sentence,
                 "the listed polynomials are first integrals, and every polynomial first integral "
                 "of degree at most %zu is a polynomial in them",
                 what->degree);
    else
        snprintf(sentence, sizeof sentence, "the listed polynomials are first integrals%s",
                 for_what(what));
    TRY(certificate_open(&head, c));
    TRY(put_body(what, c));
    return certificate_close(c);
}
