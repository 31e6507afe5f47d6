/* How the check of a file ends early: by a rejection, which never returns.
 *
 * A test that fails calls reject(), which jumps back to reject_catch() with the reason.  So no test
 * can be passed over because a caller forgot to look at a return value, which in a checker would be
 * worse than a jump.  Memory is no concern of the jump: memory.h frees all of a file's at once.
 *
 * GMP must not be jumped out of, which its manual leaves undefined: where it wants too much memory
 * the rejection waits for the next test, or the end of the check.
 * The reason is one line of ASCII text that ends with the line of the file that was being read. */
#ifndef CHECKER_REJECT_H
#define CHECKER_REJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REJECT_REASON_MAX = 512 };

_Noreturn void reject(const char *format, ...);
void reject_unless(bool holds, const char *reason);

/* Rejects at the next reject_unless() or reject_work(), at the latest when the check ends; the text
 * must stay. */
void reject_later(const char *reason);

/* The line that reasons name from now on; 0: none. */
void reject_line(size_t line);

/* Adds to the work done for this file, in products of machine words or the like, about a
 * nanosecond each; rejects when it is more than any certificate needs. */
void reject_work(uint64_t products);

/* check(data); false with the reason if it was rejected.  Does not nest. */
bool reject_catch(void (*check)(void *), void *data, char reason[REJECT_REASON_MAX]);

#endif
