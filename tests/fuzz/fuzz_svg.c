/* Any text as a figure: made fit for a page, or refused in one line, and nothing on the page that acts. */
#include "plots/svg.h"
#include "tests/fuzz/fuzz.h"

enum { LENGTH_MOST = 16384 };

size_t fuzz_accepted, fuzz_refused;

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char *const never[] = {"<script", "<style",   "<iframe",     "<foreignObject",
                                        " onload", " onclick", "javascript:", "</svg"};
    static char text[LENGTH_MOST];
    struct svg svg;
    if (length >= sizeof text)
        return 0;
    memcpy(text, bytes, length);
    text[length] = '\0';
    const enum status status = svg_read(text, "f1-", &svg);
    fuzz_judge(status);
    if (status != OK)
        return 0;
    for (size_t k = 0; k < sizeof never / sizeof *never; k++)
        fuzz_must(!strstr(svg.body, never[k]));
    fuzz_must(!strpbrk(svg.width, "<>\"") && !strpbrk(svg.box, "<>\""));
    svg_free(&svg);
    return 0;
}
