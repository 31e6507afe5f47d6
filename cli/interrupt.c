/* Signals.
 *
 * A handler can reach nothing but static storage, so this file holds the program's only
 * mutable globals.  The handler does what POSIX allows there: it sets a flag, or calls _exit(). */
#include "cli/interrupt.h"

#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

enum { INTERRUPTED_EXIT = 130 }; /* 128 + SIGINT, what a shell reports for an interrupted program */

static volatile sig_atomic_t flag;
static atomic_flag asked = ATOMIC_FLAG_INIT; /* two threads may handle two signals at once */

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    if (atomic_flag_test_and_set(&asked))
        _exit(INTERRUPTED_EXIT);
    flag = 1;
}

void interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void interrupt_writes_fail(void)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigemptyset(&action.sa_mask);
    sigaction(SIGXFSZ, &action, NULL);
}

void interrupt_ask(void)
{
    flag = 1;
}

const volatile sig_atomic_t *interrupt_flag(void)
{
    return &flag;
}
