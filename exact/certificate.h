/* Certificates: texts that settle-check proves again, in the format of notes/certificates.md.
 *
 * A certificate is written line by line into memory: first line, claim and premise by
 * certificate_open(), then the lines of its kind, then certificate_close().  The last line, `end` and
 * the digest, belongs to the file (cli/certificate_file.h).  Numbers are in lowest terms; a list
 * follows its keyword on one line.  What has no kind in the format, or numbers that are too long for
 * it, is a certificate without text that says why.
 *
 * Shapes: text[length], ended by a zero byte that is not counted.  Memory: a zero-initialised struct;
 * certificate_free() after success and failure alike.  Errors: NO_MEMORY, from certificate_close(). */
#ifndef EXACT_CERTIFICATE_H
#define EXACT_CERTIFICATE_H

#include "exact/box.h"
#include "exact/premise.h"

#include <stdio.h>

enum { CERTIFICATE_DIGITS_MOST = 20000 }; /* of a number, by the format */

struct certificate {
    const char *kind;    /* "limit"; static */
    const char *why_not; /* NULL: there is a text */
    char *text;
    size_t length;
    FILE *file; /* open between certificate_open() and certificate_close(): for words of a line */
    const char *unfit; /* NULL: the format has words for all of it so far */
};

/* Of which data the claim speaks. */
enum certificate_data {
    CERTIFICATE_STATED,      /* those of the premise, intervals where it has radii */
    CERTIFICATE_ANY_START,   /* stated, but for all starts */
    CERTIFICATE_ANY_MOMENTS, /* all Sigma and starts */
    CERTIFICATE_ANY          /* all Sigma, feedback and starts */
};

/* The lines up to `kind`; `sentence` is the claim after "FAMILY A[...] under RULE: ". */
struct certificate_head {
    const struct premise *premise;
    const char *kind, *sentence;
    enum certificate_data data;
    const struct box_question *box; /* or NULL: the data in the place of those of the premise */
};
enum status certificate_open(const struct certificate_head *head,
                             struct certificate *certificate) MUST_CHECK;
enum status certificate_close(struct certificate *certificate) MUST_CHECK;
void certificate_free(struct certificate *certificate);

/* There is none, because ... */
void certificate_none(const char *why_not, struct certificate *certificate);

/* ---- lines of a kind: a keyword, cells with a blank before each, and an end ---- */

void certificate_line(struct certificate *certificate, const char *keyword);
void certificate_end_line(struct certificate *certificate);
void certificate_word(struct certificate *certificate, const char *word);
void certificate_count(struct certificate *certificate, ulong count);
void certificate_integer(struct certificate *certificate, const fmpz_t integer);
void certificate_number(struct certificate *certificate, const fmpq_t number);
void certificate_dyadic(struct certificate *certificate, const arf_t number); /* finite */

/* lo:hi of a ball of positive radius; the ends are rounded outwards to `bits` bits. */
void certificate_interval(struct certificate *certificate, const arb_t ball, slong bits);

/* The claim, without the keyword: claim[*length], not ended, inside the text. */
const char *certificate_claim(const struct certificate *certificate, int *length);

#endif
