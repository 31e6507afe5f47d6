/* One jump buffer for the file that is being checked: static, as a jump goes past those who could
 * hand it on.  Work is counted rather than timed, so that a verdict is the same on every machine. */
#include "checker/reject.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* About half a minute; the largest certificates of the notes need a fiftieth of it.  Fuzzing is content with less. */
#ifndef REJECT_WORK_BITS
#define REJECT_WORK_BITS 35
#endif
static const uint64_t work_most = (uint64_t)1 << REJECT_WORK_BITS;

static struct {
    jmp_buf caught;
    char reason[REJECT_REASON_MAX];
    const char *later; /* NULL: nothing waits */
    size_t line;
    uint64_t work;
} state;

void reject(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(state.reason, sizeof state.reason, format, arguments);
    va_end(arguments);
    state.later = NULL;
    size_t length = strlen(state.reason);
    if (state.line)
        snprintf(state.reason + length, sizeof state.reason - length, ", line %zu", state.line);
    longjmp(state.caught, 1);
}

void reject_later(const char *reason)
{
    state.later = reason;
}

static void reject_what_waits(void)
{
    if (state.later)
        reject("%s", state.later);
}

void reject_unless(bool holds, const char *reason)
{
    reject_what_waits();
    if (!holds)
        reject("%s", reason);
}

void reject_line(size_t line)
{
    state.line = line;
}

void reject_work(uint64_t products)
{
    reject_what_waits();
    if (products > work_most - state.work)
        reject("the check takes too long");
    state.work += products;
}

bool reject_catch(void (*check)(void *), void *data, char reason[REJECT_REASON_MAX])
{
    state.later = NULL;
    state.line = 0;
    state.work = 0;
    if (setjmp(state.caught)) {
        memcpy(reason, state.reason, REJECT_REASON_MAX);
        return false;
    }
    check(data);
    reject_what_waits();
    return true;
}
