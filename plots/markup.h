/* Texts made harmless: what HTML or LaTeX would take for markup is escaped.
 *
 * HTML: also fit for attributes in double quotes.  What is no UTF-8, and control characters other
 * than blanks, become U+FFFD.  LaTeX: letters beyond ASCII that pdflatex does not know become their
 * code, [U+1F600].  Base64 is for pictures in the page.
 * Memory: none.  Errors: those of writing stay with the file (ferror). */
#ifndef PLOTS_MARKUP_H
#define PLOTS_MARKUP_H

#include <stddef.h>
#include <stdio.h>

void markup_html(FILE *file, const char *text);
void markup_html_part(FILE *file, const char *text, size_t length);
void markup_latex(FILE *file, const char *text);
void markup_latex_part(FILE *file, const char *text, size_t length);

/* For a typewriter font: a line may break behind blanks, commas and slashes. */
void markup_latex_code(FILE *file, const char *text);

void markup_base64(FILE *file, size_t length, const unsigned char *bytes);

enum { MARKUP_REPLACEMENT = 0xFFFD };

/* The code point that begins there and its length in bytes; MARKUP_REPLACEMENT and 1 if there is none. */
unsigned long markup_character(const char *text, size_t length, size_t *bytes);

#endif
