/* How functions fail.
 *
 * A function that can fail returns `enum status`, marked MUST_CHECK; its results go through
 * pointers and are untouched on failure.  The one-line message, with the numbers in it, is kept per
 * thread: status_fail() starts it, TRY() passes it on, the command line prints it.  Outcomes of a
 * trajectory (settled, escaped, ...) are not failures; see ode/flow.h.
 *
 * Memory: none allocated; messages are cut at STATUS_MESSAGE_MAX bytes.  Thread-safe. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#define MUST_CHECK               __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

#define STATUS(name, sentence) name,
enum status {
#include "base/status.def"
    STATUS_COUNT
};
#undef STATUS

enum { STATUS_MESSAGE_MAX = 512 }; /* bytes of the message kept per thread */

/* Sets this thread's message (printf format) and returns `code`. */
enum status status_fail(enum status code, const char *format, ...) MUST_CHECK PRINTF_LIKE(2, 3);

/* Passes a failure on; in builds with SETTLE_TRACE defined the path is appended to the message. */
enum status status_pass(enum status code, const char *function, const char *file,
                        int line) MUST_CHECK;

/* This thread's last message (without a newline); "" if there was none. */
const char *status_message(void);

/* The sentence of status.def. */
const char *status_sentence(enum status code);

/* Pass a failure on.  The only macro in the project that returns. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status status_ = (call);                                                              \
        if (status_ != OK)                                                                         \
            return status_pass(status_, __func__, __FILE__, __LINE__);                             \
    } while (0)

#endif
