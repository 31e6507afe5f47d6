/* The grammar of lines and numbers, notes/certificates.md.  There is exactly one way to write a number and one to
 * write a line, so that a file that differs in a byte differs in what it says. */
#include "checker/text.h"

#include "checker/memory.h"
#include "checker/reject.h"
#include "checker/sha256.h"

#include <string.h>

static const size_t text_most = (size_t)1 << 26; /* bytes of a file */
static const size_t digits_most = 20000;         /* of a number */
static const size_t count_digits = 9;            /* so that a count fits into 32 bits */
static const int decimal = 10;
static const char first_line[] = "rigor-certificate 1\n";
static const char last_word[] = "end ";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Form */

/* One line without its newline: printable ASCII, tokens separated by one blank (not in comments). */
static void form_of_line(size_t length, const char *line)
{
    bool comment = length && line[0] == '#';
    reject_unless(length > 0, "an empty line");
    reject_unless(line[0] != ' ', "a blank at the beginning of a line");
    reject_unless(line[length - 1] != ' ', "a blank at the end of a line");
    for (size_t k = 0; k < length; k++) {
        reject_unless(line[k] >= ' ' && line[k] <= '~', "a character that is not printable ASCII");
        reject_unless(comment || line[k] != ' ' || line[k - 1] != ' ', "two blanks");
    }
}

/* Returns the begin of the last line. */
static const char *form_of_text(size_t length, const char *bytes)
{
    const char *last = bytes, *end = bytes + length;
    size_t number = 0;
    for (const char *line = bytes; line < end;) {
        reject_line(++number);
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        if (!newline)
            reject("the last line has no newline");
        form_of_line((size_t)(newline - line), line);
        last = line;
        line = newline + 1;
    }
    return last;
}

static void hash_holds(size_t length, const char *bytes, const char *last)
{
    size_t word = strlen(last_word);
    size_t rest = (size_t)(bytes + length - last);
    reject_unless(rest == word + SHA256_DIGITS + 1 && !memcmp(last, last_word, word),
                  "the last line is not `end` and a SHA-256");
    char digits[SHA256_DIGITS + 1];
    sha256((size_t)(last - bytes), bytes, digits);
    reject_unless(!memcmp(last + word, digits, SHA256_DIGITS),
                  "the SHA-256 is not that of the text");
}

void text_open(struct text *text, size_t length, const char *bytes)
{
    reject_unless(length <= text_most, "the file is too long");
    size_t first = strlen(first_line);
    reject_line(1);
    reject_unless(length >= first && !memcmp(bytes, first_line, first),
                  "the first line is not `rigor-certificate 1`");
    const char *last = form_of_text(length, bytes);
    hash_holds(length, bytes, last);
    *text = (struct text){.next = bytes + first, .end = last, .line = 1, .next_line = 2};
    text->at = text->line_end = text->next - 1;
}

/* Lines */

static void skip_comments(struct text *text)
{
    while (text->next < text->end && *text->next == '#') {
        text->next = (const char *)memchr(text->next, '\n', (size_t)(text->end - text->next)) + 1;
        text->next_line++;
    }
}

static void line_is_used_up(const struct text *text)
{
    reject_unless(text->at == text->line_end, "more on the line than belongs there");
}

void text_row(struct text *text)
{
    line_is_used_up(text);
    skip_comments(text);
    reject_line(text->next_line);
    reject_unless(text->next < text->end, "a line is missing");
    text->at = text->next;
    text->line_end = memchr(text->next, '\n', (size_t)(text->end - text->next));
    text->next = text->line_end + 1;
    text->line = text->next_line++;
}

static size_t token_length(const char *at, const char *end)
{
    const char *blank = memchr(at, ' ', (size_t)(end - at));
    return (size_t)((blank ? blank : end) - at);
}

static bool is_word(size_t length, const char *token, const char *word)
{
    return length == strlen(word) && !memcmp(token, word, length);
}

bool text_peek(struct text *text, const char *keyword)
{
    skip_comments(text);
    if (text->next == text->end)
        return false;
    const char *end = memchr(text->next, '\n', (size_t)(text->end - text->next));
    return is_word(token_length(text->next, end), text->next, keyword);
}

void text_line(struct text *text, const char *keyword)
{
    bool found = text_peek(text, keyword);
    line_is_used_up(text);
    reject_line(text->next_line);
    if (!found)
        reject("no line `%s` where one must be", keyword);
    text_row(text);
    text_expect(text, keyword);
}

void text_finish(struct text *text)
{
    line_is_used_up(text);
    skip_comments(text);
    reject_line(text->next_line);
    reject_unless(text->next == text->end, "a line more than there must be");
    reject_line(0);
}

/* Tokens */

bool text_more(const struct text *text)
{
    return text->at < text->line_end;
}

const char *text_token(struct text *text, size_t *length)
{
    reject_unless(text_more(text), "the line is too short");
    const char *token = text->at;
    *length = token_length(token, text->line_end);
    text->at += *length;
    if (text->at < text->line_end)
        text->at++; /* the blank */
    return token;
}

const char *text_rest(struct text *text, size_t *length)
{
    reject_unless(text_more(text), "the line is too short");
    const char *rest = text->at;
    *length = (size_t)(text->line_end - rest);
    text->at = text->line_end;
    return rest;
}

bool text_accept(struct text *text, const char *word)
{
    if (!text_more(text) || !is_word(token_length(text->at, text->line_end), text->at, word))
        return false;
    size_t length;
    text_token(text, &length);
    return true;
}

void text_expect(struct text *text, const char *word)
{
    if (!text_accept(text, word))
        reject("`%s` is missing", word);
}

size_t text_choice(struct text *text, const char *const *words)
{
    for (size_t k = 0; words[k]; k++)
        if (text_accept(text, words[k]))
            return k;
    reject("a word that is not known here");
}

/* Numbers */

/* The digits, without leading zeros, into z. */
static void parse_digits(size_t length, const char *digits, mpz_t z)
{
    reject_unless(length > 0, "a number without digits");
    reject_unless(length <= digits_most, "a number with too many digits");
    for (size_t k = 0; k < length; k++)
        reject_unless(is_digit(digits[k]), "a character that does not belong to a number");
    reject_unless(digits[0] != '0' || length == 1, "a number with a leading zero");
    char *copy = memory_new(length + 1, 1);
    memcpy(copy, digits, length);
    mpz_set_str(z, copy, decimal);
    memory_free(copy);
}

static void parse_integer(size_t length, const char *token, mpz_t z)
{
    bool minus = length && token[0] == '-';
    parse_digits(length - minus, token + minus, z);
    reject_unless(!minus || mpz_sgn(z), "the number -0");
    if (minus)
        mpz_neg(z, z);
}

static void is_in_lowest_terms(const mpq_t number)
{
    mpz_t common;
    mpz_init(common);
    mpz_gcd(common, mpq_numref(number), mpq_denref(number));
    reject_unless(!mpz_cmp_ui(common, 1), "a fraction that is not in lowest terms");
    mpz_clear(common);
}

static void parse_number(size_t length, const char *token, mpq_t number)
{
    const char *slash = memchr(token, '/', length);
    size_t before = slash ? (size_t)(slash - token) : length;
    size_t marks = (size_t)(length && token[0] == '-') + (slash != NULL);
    reject_unless(length <= digits_most + marks, "a number with too many digits");
    parse_integer(before, token, mpq_numref(number));
    mpz_set_ui(mpq_denref(number), 1);
    if (!slash)
        return;
    parse_digits(length - before - 1, slash + 1, mpq_denref(number));
    reject_unless(mpz_cmp_ui(mpq_denref(number), 1) > 0, "a denominator that is not above 1");
    is_in_lowest_terms(number);
}

void text_unsigned(size_t length, const char *characters, mpq_t number)
{
    reject_unless(length && is_digit(characters[0]), "a number does not begin with a digit");
    parse_number(length, characters, number);
}

size_t text_count(struct text *text, size_t least, size_t most)
{
    size_t length, count = 0;
    const char *token = text_token(text, &length);
    reject_unless(length <= count_digits, "a count that is too large");
    for (size_t k = 0; k < length; k++) {
        reject_unless(is_digit(token[k]), "a count with a character that is no digit");
        count = count * (size_t)decimal + (size_t)(token[k] - '0');
    }
    reject_unless(token[0] != '0' || length == 1, "a number with a leading zero");
    if (count < least || count > most)
        reject("a count that is not between %zu and %zu", least, most);
    return count;
}

void text_integer(struct text *text, mpz_t integer)
{
    size_t length;
    const char *token = text_token(text, &length);
    parse_integer(length, token, integer);
}

void text_number(struct text *text, mpq_t number)
{
    size_t length;
    const char *token = text_token(text, &length);
    parse_number(length, token, number);
}

void text_positive(struct text *text, mpq_t number)
{
    text_number(text, number);
    reject_unless(mpq_sgn(number) > 0, "a number that is not positive");
}

bool text_range(struct text *text, mpq_t lo, mpq_t hi)
{
    size_t length;
    const char *token = text_token(text, &length);
    const char *colon = memchr(token, ':', length);
    if (!colon) {
        parse_number(length, token, lo);
        mpq_set(hi, lo);
        return false;
    }
    size_t before = (size_t)(colon - token);
    parse_number(before, token, lo);
    parse_number(length - before - 1, colon + 1, hi);
    reject_unless(mpq_cmp(lo, hi) < 0, "an interval whose ends are not in order");
    return true;
}

void text_interval(struct text *text, mpq_t lo, mpq_t hi)
{
    reject_unless(text_range(text, lo, hi), "a number where an interval must be");
}
