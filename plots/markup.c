/* Texts made harmless.  UTF-8 is that of RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF.  The letters of the LaTeX table are those that the program itself prints. */
#include "plots/markup.h"

#include <string.h>

static const unsigned long LAST = 0x10FFFF;
static const unsigned long SURROGATES = 0xD800, SURROGATES_END = 0xE000, C1_END = 0xA0;

/* ---- UTF-8 ---- */

static const struct {
    unsigned char mask, lead;
    unsigned long least; /* smaller ones have a shorter form */
} forms[] = {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};

static const unsigned char TAIL_MASK = 0xC0, TAIL = 0x80, TAIL_BITS = 0x3F;
enum { FORMS = sizeof forms / sizeof *forms, TAIL_SHIFT = 6 };

unsigned long markup_character(const char *text, size_t length, size_t *bytes)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t form = 0;
    *bytes = 1;
    while (form < FORMS && (byte[0] & forms[form].mask) != forms[form].lead)
        form++;
    if (form == FORMS || form + 1 > length)
        return MARKUP_REPLACEMENT;
    unsigned long code = byte[0] & (unsigned char)~forms[form].mask;
    for (size_t k = 1; k <= form; k++) {
        if ((byte[k] & TAIL_MASK) != TAIL)
            return MARKUP_REPLACEMENT;
        code = code << TAIL_SHIFT | (byte[k] & TAIL_BITS);
    }
    if (code < forms[form].least || code > LAST || (code >= SURROGATES && code < SURROGATES_END))
        return MARKUP_REPLACEMENT;
    *bytes = form + 1;
    return code;
}

/* ---- HTML ---- */

static const char *html_entity(unsigned long code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static int is_control(unsigned long code)
{
    return (code < ' ' && code != '\n' && code != '\t') || (code >= 0x7F && code < C1_END);
}

void markup_html_part(FILE *file, const char *text, size_t length)
{
    size_t bytes;
    for (size_t k = 0; k < length; k += bytes) {
        const unsigned long code = markup_character(text + k, length - k, &bytes);
        const char *entity = html_entity(code);
        if (entity)
            fputs(entity, file);
        else if (code == MARKUP_REPLACEMENT || is_control(code))
            fputs("\xEF\xBF\xBD", file);
        else
            fwrite(text + k, 1, bytes, file);
    }
}

void markup_html(FILE *file, const char *text)
{
    markup_html_part(file, text, strlen(text));
}

/* ---- LaTeX ---- */

static const struct {
    unsigned long code;
    const char *latex;
} letters[] = {
    {'\\', "\\textbackslash{}"},
    {'{', "\\{"},
    {'}', "\\}"},
    {'$', "\\$"},
    {'&', "\\&"},
    {'#', "\\#"},
    {'%', "\\%"},
    {'_', "\\_"},
    {'^', "\\textasciicircum{}"},
    {'~', "\\textasciitilde{}"},
    {'<', "\\textless{}"},
    {'>', "\\textgreater{}"},
    {'|', "\\textbar{}"},
    {'"', "\\textquotedbl{}"},
    {'\'', "\\textquotesingle{}"},
    {'`', "\\textasciigrave{}"},
    {'-', "-{}"}, /* no dash is made of two */
    {0xB0, "\\textdegree{}"},
    {0xB1, "$\\pm$"},
    {0xB2, "$^{2}$"},
    {0xB7, "$\\cdot$"},
    {0xD7, "$\\times$"},
    {0xE4, "\\\"a"},
    {0xE9, "\\'e"},
    {0xF6, "\\\"o"},
    {0xFC, "\\\"u"},
    {0x3B1, "$\\alpha$"},
    {0x3B2, "$\\beta$"},
    {0x3BB, "$\\lambda$"},
    {0x3C1, "$\\rho$"},
    {0x2013, "--"},
    {0x2026, "\\ldots{}"},
    {0x2192, "$\\to$"},
    {0x2212, "$-$"},
    {0x2260, "$\\ne$"},
    {0x2264, "$\\le$"},
    {0x2265, "$\\ge$"},
};

static const unsigned long ASCII_END = 0x80;

static void latex_character(FILE *file, unsigned long code)
{
    for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
        if (letters[k].code == code) {
            fputs(letters[k].latex, file);
            return;
        }
    if (code == '\n' || code == '\t')
        fputc(' ', file);
    else if (code < ASCII_END && !is_control(code))
        fputc((int)code, file);
    else
        fprintf(file, "[U+%04lX]", code);
}

void markup_latex_part(FILE *file, const char *text, size_t length)
{
    size_t bytes;
    for (size_t k = 0; k < length; k += bytes)
        latex_character(file, markup_character(text + k, length - k, &bytes));
}

void markup_latex(FILE *file, const char *text)
{
    markup_latex_part(file, text, strlen(text));
}

void markup_latex_code(FILE *file, const char *text)
{
    size_t bytes;
    for (size_t length = strlen(text); length > 0; text += bytes, length -= bytes) {
        const unsigned long code = markup_character(text, length, &bytes);
        latex_character(file, code);
        if (code == ',' || code == '/' || code == ';')
            fputs("\\allowbreak{}", file);
    }
}

/* ---- base64, RFC 4648 ---- */

void markup_base64(FILE *file, size_t length, const unsigned char *bytes)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum { GROUP = 3, DIGITS = 4, BITS = 6, BYTE = 8 };
    for (size_t k = 0; k < length; k += GROUP) {
        unsigned long word = 0;
        const size_t count = length - k < GROUP ? length - k : GROUP;
        for (size_t j = 0; j < GROUP; j++)
            word = word << BYTE | (j < count ? bytes[k + j] : 0);
        for (size_t j = 0; j < DIGITS; j++)
            fputc(j <= count ? digit[word >> (BITS * (GROUP - j)) & TAIL_BITS] : '=', file);
    }
}
