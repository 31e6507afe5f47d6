/* Signals: an interrupt is a wish to stop, and a full disk is a failed write.
 *
 * After interrupt_watch() the first SIGINT or SIGTERM sets the flag, and the second ends the
 * program at once with the shell's status for an interrupt.  interrupt_writes_fail() turns SIGXFSZ
 * into an error of write(); SIGPIPE keeps its meaning, so that `settle list | head` ends quietly
 * (files are complete before anything is printed).  Errors: none. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <signal.h>

void interrupt_watch(void);
void interrupt_writes_fail(void);

/* What a first signal does: for a stop that another process asks for. */
void interrupt_ask(void);

/* Not zero once a stop was asked for. */
const volatile sig_atomic_t *interrupt_flag(void);

#endif
