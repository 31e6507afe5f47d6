/* A certificate as text: lines of tokens, read once from top to bottom.
 *
 * text_open() tests the form of the whole file (characters, blanks, the first line, the hash); then
 * text_line() steps from line to line by the keywords that the grammar asks for, and the functions below it
 * take tokens off the line.  A line must be used up before the next one.  Comments are skipped.
 *
 * Errors: whatever is not as it must be is a rejection that names the line; no function returns then.
 * Memory: the text keeps pointers into the bytes, which the caller owns. */
#ifndef CHECKER_TEXT_H
#define CHECKER_TEXT_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

struct text {
    const char *at, *line_end; /* what is left of the current line */
    const char *next, *end;    /* the next line, the line `end` */
    size_t line, next_line;    /* their numbers, from 1 */
};

void text_open(struct text *text, size_t length, const char *bytes);

/* The next line, which must begin with the keyword; text_peek(): does it? */
void text_line(struct text *text, const char *keyword);
bool text_peek(struct text *text, const char *keyword);
void text_row(struct text *text);    /* the next line, which has no keyword */
void text_finish(struct text *text); /* no line is left but `end` */

bool text_more(const struct text *text); /* is a token left on the line? */

/* The next token, or the rest of the line, tokens and blanks: not terminated by 0. */
const char *text_token(struct text *text, size_t *length);
const char *text_rest(struct text *text, size_t *length);

bool text_accept(struct text *text, const char *word); /* takes the token if it is the word */
void text_expect(struct text *text, const char *word);
size_t text_choice(struct text *text, const char *const *words); /* words[..NULL]: its index */

/* Canonical numbers.  text_range(): a number, lo = hi, or an interval; is it an interval? */
size_t text_count(struct text *text, size_t least, size_t most);
void text_integer(struct text *text, mpz_t integer);
void text_number(struct text *text, mpq_t number);
void text_positive(struct text *text, mpq_t number);
void text_interval(struct text *text, mpq_t lo, mpq_t hi);
bool text_range(struct text *text, mpq_t lo, mpq_t hi);

/* A number in characters that are no token of their own, as in polynomials: p or p/q without sign. */
void text_unsigned(size_t length, const char *characters, mpq_t number);

#endif
