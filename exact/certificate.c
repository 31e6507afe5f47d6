/* The premise in the words of the format.
 *
 * Whatever settle-check rebuilds the equations from stands here and nowhere else: the numbers of struct
 * premise, which are those that were typed, and never numbers derived from them, as direct weights or
 * alpha and beta with rates in them.  So a slip between the statement that was decided and the premise
 * makes a certificate that is rejected, and not one that says something else. */
#include "exact/certificate.h"

#include <stdlib.h>
#include <string.h>

enum { DECIMAL = 10 };

/* ---- cells ---- */

void certificate_line(struct certificate *c, const char *keyword)
{
    fputs(keyword, c->file);
}

void certificate_end_line(struct certificate *c)
{
    fputc('\n', c->file);
}

void certificate_word(struct certificate *c, const char *word)
{
    fprintf(c->file, " %s", word);
}

void certificate_count(struct certificate *c, ulong count)
{
    fprintf(c->file, " %lu", (unsigned long)count);
}

void certificate_integer(struct certificate *c, const fmpz_t integer)
{
    char *text = fmpz_get_str(NULL, DECIMAL, integer);
    certificate_word(c, text);
    flint_free(text);
}

/* p or p/q in lowest terms, which a canonical fmpq is. */
static void put_number(struct certificate *c, const fmpq_t number)
{
    char *text = fmpq_get_str(NULL, DECIMAL, number);
    const size_t marks = (*text == '-') + (strchr(text, '/') != NULL);
    if (strlen(text) - marks > CERTIFICATE_DIGITS_MOST)
        c->unfit = "a number has more than 20000 digits";
    fputs(text, c->file);
    flint_free(text);
}

void certificate_number(struct certificate *c, const fmpq_t number)
{
    fputc(' ', c->file);
    put_number(c, number);
}

static void put_dyadic(struct certificate *c, const arf_t number)
{
    fmpq_t exact;
    fmpq_init(exact);
    arf_get_fmpq(exact, number);
    put_number(c, exact);
    fmpq_clear(exact);
}

void certificate_dyadic(struct certificate *c, const arf_t number)
{
    fputc(' ', c->file);
    put_dyadic(c, number);
}

void certificate_interval(struct certificate *c, const arb_t ball, slong bits)
{
    arf_t end;
    arf_init(end);
    arb_get_lbound_arf(end, ball, bits);
    certificate_dyadic(c, end);
    fputc(':', c->file);
    arb_get_ubound_arf(end, ball, bits);
    put_dyadic(c, end);
    arf_clear(end);
}

/* ---- the premise ---- */

static void put_list(struct certificate *c, const char *keyword, const fmpq *list, size_t count)
{
    certificate_line(c, keyword);
    for (size_t k = 0; k < count; k++)
        certificate_number(c, list + k);
    certificate_end_line(c);
}

static void put_rates(struct certificate *c, const fmpq *rates, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (fmpq_sgn(rates + k) <= 0)
            c->unfit = "the format has positive learning rates only";
    put_list(c, "rates", rates, count);
}

static void put_sizes(struct certificate *c, const struct premise *p)
{
    certificate_line(c, "sizes");
    for (size_t k = 0; k <= p->layers; k++)
        certificate_count(c, p->sizes[k]);
    certificate_end_line(c);
}

static void put_feedback(struct certificate *c, const struct premise *p, bool any)
{
    if (p->feedback_count == 0)
        fputs("feedback none\n", c->file);
    else if (any)
        fputs("feedback any\n", c->file);
    else
        put_list(c, "feedback", p->feedback, p->feedback_count);
}

static void put_moments(struct certificate *c, const struct premise *p, bool any)
{
    const size_t inputs = p->sizes[0], outputs = p->sizes[p->layers];
    if (any) {
        fputs("sigma-ii any\nsigma-ti any\n", c->file);
        return;
    }
    put_list(c, "sigma-ii", p->sigma_ii, inputs * inputs);
    put_list(c, "sigma-ti", p->sigma_ti, outputs * inputs);
}

/* x0, or x0 - r : x0 + r */
static void put_coordinate(struct certificate *c, const struct premise *p, size_t k)
{
    if (!p->radius || fmpq_is_zero(p->radius + k)) {
        certificate_number(c, p->x0 + k);
        return;
    }
    fmpq_t end;
    fmpq_init(end);
    fmpq_sub(end, p->x0 + k, p->radius + k);
    certificate_number(c, end);
    fputc(':', c->file);
    fmpq_add(end, p->x0 + k, p->radius + k);
    put_number(c, end);
    fmpq_clear(end);
}

static void put_start(struct certificate *c, const struct premise *p, bool any)
{
    certificate_line(c, "start");
    if (any)
        certificate_word(c, "any");
    for (size_t k = 0; k < p->dim && !any; k++)
        put_coordinate(c, p, k);
    certificate_end_line(c);
}

/* Data `from` to `to` of a box: lo:hi where they are intervals. */
struct box_part {
    const char *keyword;
    size_t from, to;
};

static void put_part(struct certificate *c, const struct box_question *q, struct box_part part)
{
    certificate_line(c, part.keyword);
    for (size_t i = part.from; i < part.to; i++) {
        certificate_number(c, q->low + i);
        if (fmpq_equal(q->low + i, q->high + i))
            continue;
        fputc(':', c->file);
        put_number(c, q->high + i);
    }
    certificate_end_line(c);
}

static void put_box(struct certificate *c, const struct box_question *q)
{
    const size_t start = BOX_FEEDBACK + q->c_count;
    put_part(c, q, (struct box_part){"sigma-ii", BOX_BETA, BOX_ALPHA});
    put_part(c, q, (struct box_part){"sigma-ti", BOX_ALPHA, BOX_FEEDBACK});
    put_part(c, q, (struct box_part){"feedback", BOX_FEEDBACK, start});
    put_rates(c, q->rates, q->layers);
    put_part(c, q, (struct box_part){"start", start, q->count});
}

static void put_claim(struct certificate *c, const struct certificate_head *head)
{
    const struct premise *p = head->premise;
    fprintf(c->file, "claim %s A[", p->family);
    for (size_t k = 0; k <= p->layers; k++)
        fprintf(c->file, "%s%zu", k ? "," : "", p->sizes[k]);
    fprintf(c->file, "] under %s: %s\n", premise_rule_name(p->rule), head->sentence);
}

static void put_premise(struct certificate *c, const struct certificate_head *head)
{
    const struct premise *p = head->premise;
    fprintf(c->file, "family %s\nrule %s\n", p->family, premise_rule_name(p->rule));
    put_sizes(c, p);
    if (head->box) {
        put_box(c, head->box);
        return;
    }
    put_moments(c, p, head->data >= CERTIFICATE_ANY_MOMENTS);
    put_feedback(c, p, head->data == CERTIFICATE_ANY);
    put_rates(c, p->rates, p->rate_count);
    put_start(c, p, head->data != CERTIFICATE_STATED);
}

/* ---- from begin to end ---- */

enum status certificate_open(const struct certificate_head *head, struct certificate *c)
{
    certificate_free(c);
    c->kind = head->kind;
    c->file = open_memstream(&c->text, &c->length);
    if (!c->file)
        return status_fail(NO_MEMORY, "a certificate");
    fputs("rigor-certificate 1\n", c->file);
    put_claim(c, head);
    put_premise(c, head);
    fprintf(c->file, "kind %s\n", head->kind);
    return OK;
}

enum status certificate_close(struct certificate *c)
{
    const bool failed = ferror(c->file) != 0;
    const bool closed = fclose(c->file) == 0;
    c->file = NULL;
    if (failed || !closed)
        return status_fail(NO_MEMORY, "a certificate of kind %s", c->kind);
    if (c->unfit)
        certificate_none(c->unfit, c);
    return OK;
}

void certificate_free(struct certificate *c)
{
    if (c->file)
        fclose(c->file);
    free(c->text);
    *c = (struct certificate){0};
}

void certificate_none(const char *why_not, struct certificate *c)
{
    certificate_free(c);
    c->why_not = why_not;
}

const char *certificate_claim(const struct certificate *c, int *length)
{
    static const char KEYWORD[] = "\nclaim ";
    const char *claim = strstr(c->text, KEYWORD) + strlen(KEYWORD);
    *length = (int)strcspn(claim, "\n");
    return claim;
}
