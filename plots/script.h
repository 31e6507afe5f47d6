/* A gnuplot script being written in memory.
 *
 * Memory: an object owns its text; script_free(NULL) is allowed.
 * Errors: running out of memory is remembered; script_text() then returns NULL. */
#ifndef PLOTS_SCRIPT_H
#define PLOTS_SCRIPT_H

#include "base/status.h"

#include <stddef.h>

enum { SCRIPT_LABEL_MAX = 512 }; /* bytes of a label made by script_label() and script_symbol() */

struct script; /* opaque */

struct script *script_create(void); /* NULL (harmless below) if out of memory */
void script_add(struct script *script, const char *format, ...) PRINTF_LIKE(2, 3);
const char *script_text(const struct script *script);
void script_free(struct script *script);

/* Labels for double quotes, in gnuplot's enhanced text; label[SCRIPT_LABEL_MAX]. */

/* Plain text: what gnuplot would interpret is escaped. */
const char *script_label(const char *text, char *label);

/* Plain text with its mathematics set: a12 and single letters in italics with subscripts, alpha,
 * beta and lambda as Greek letters, ^2 as an exponent and |A|_1 with an index, 1e-10 as a power of ten, - as a minus sign.
 */
const char *script_formula(const char *text, char *label);

/* A name such as a12 as a mathematical symbol: a in italics with the subscript 12. */
const char *script_symbol(const char *name, char *label);

#endif
