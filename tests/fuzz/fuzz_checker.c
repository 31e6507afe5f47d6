/* Any bytes for settle-check: they are accepted or rejected, within the limits of memory and work, and nothing else.
 *
 * The last line of the input is replaced by one with the right hash, so that what is mutated is what stands
 * in the file.  Run by `make fuzz`, with libFuzzer and the sanitizers of clang. */
#include "checker/certificate.h"
#include "checker/memory.h"
#include "checker/sha256.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { END_LINE = SHA256_DIGITS + 8 };

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    memory_take_over();
    return 0;
}

/* Up to and with the last newline but one, or what there is. */
static size_t body_length(const uint8_t *bytes, size_t length)
{
    size_t end = length && bytes[length - 1] == '\n' ? length - 1 : length;
    while (end && bytes[end - 1] != '\n')
        end--;
    return end;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char digits[SHA256_DIGITS + 1], verdict[CERTIFICATE_VERDICT_MAX];
    size_t body = body_length(bytes, length);
    char *text = malloc(body + END_LINE);
    if (!text)
        return 0;
    memcpy(text, bytes, body);
    sha256(body, text, digits);
    int end = snprintf(text + body, END_LINE, "end %s\n", digits);
    certificate_check(body + (size_t)end, text, verdict);
    if (length != body + (size_t)end || memcmp(bytes, text, length) != 0)
        certificate_check(length, (const char *)bytes, verdict);
    free(text);
    return 0;
}
