/* Plain mathematics in running text, typeset: "c1 a2 - c2 a1^2/2 is conserved" as MathML or LaTeX.
 *
 * Words stay words.  Formulas are found between them: names of one letter or a Greek letter's, with
 * digits as their index; ^ and _ with a name, a number or brackets; primes; sqrt; <=, >=, !=, ->, +-;
 * sums, products and integrals.  A quotient stays a slash.  What is not understood stays as it was
 * written, so that a statement is at worst plain and never wrong.  Everything that the language
 * could take for markup is escaped; what is no UTF-8 becomes U+FFFD.
 *
 * Memory: none kept.  Errors: NO_MEMORY; those of writing stay with the file (ferror). */
#ifndef PLOTS_FORMULA_H
#define PLOTS_FORMULA_H

#include "base/status.h"

#include <stdio.h>

enum status formula_html(FILE *file, const char *text) MUST_CHECK;
enum status formula_latex(FILE *file, const char *text) MUST_CHECK;

#endif
