/* The message that goes with a failure.
 *
 * One buffer per thread holds the sentence that status_fail() formats, numbers included; the code
 * itself travels as the return value.  The buffer is the only mutable state of the project that is
 * not passed around: it is written on the way out of a failure and read by whoever reports it, so
 * it influences no result.  A caller that knows more than the callee may wrap the message:
 *
 *     return status_fail(code, "record t4: %s", status_message());
 *
 * which is why the new text is formed aside before it replaces the old.
 * Rejected: an error object passed through every call, which doubles the length of each signature.
 */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char message[STATUS_MESSAGE_MAX];

#define STATUS(name, sentence) [name] = (sentence),
static const char *const sentences[STATUS_COUNT] = {
#include "base/status.def"
};
#undef STATUS

enum status status_fail(enum status code, const char *format, ...)
{
    char text[STATUS_MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0) /* a broken format: the sentence of the code is better than nothing */
        (void)snprintf(text, sizeof text, "%s", status_sentence(code));
    memcpy(message, text, sizeof message);
    return code;
}

#ifdef SETTLE_TRACE
enum status status_pass(enum status code, const char *function, const char *file, int line)
{
    const size_t used = strlen(message);
    (void)snprintf(message + used, sizeof message - used, " <- %s (%s:%d)", function, file, line);
    return code;
}
#else
enum status status_pass(enum status code, const char *function, const char *file, int line)
{
    (void)function, (void)file, (void)line;
    return code;
}
#endif

const char *status_message(void)
{
    return message;
}

const char *status_sentence(enum status code)
{
    return (unsigned)code < STATUS_COUNT ? sentences[code] : "unknown status";
}
