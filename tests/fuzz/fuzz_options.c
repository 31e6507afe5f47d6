/* Any words as a command line: parsed or refused in one line, for every command.
 *
 * The first byte chooses the command; the rest are the words, parted by line ends.  Words that name
 * files are left to the targets that read them. */
#include "cli/options.h"
#include "tests/fuzz/fuzz.h"

enum { WORDS_MOST = 64, LENGTH_MOST = 4096 };

size_t fuzz_accepted, fuzz_refused;

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    return 0;
}

static const struct command *command_at(size_t index)
{
    size_t commands = 0;
    while (command_registry[commands])
        commands++;
    return command_registry[index % commands];
}

/* argv[0..1] are the program and the command. */
static int words_of(char *text, char **argv)
{
    int argc = 0;
    argv[argc++] = "settle";
    argv[argc++] = "command";
    for (char *next = text; next && argc < WORDS_MOST;) {
        argv[argc++] = next;
        next = strchr(next, '\n');
        if (next)
            *next++ = '\0';
    }
    argv[argc] = NULL;
    return argc;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct options options;
    char text[LENGTH_MOST], *argv[WORDS_MOST + 1];
    if (length == 0 || length >= sizeof text || memchr(bytes, '@', length))
        return 0;
    memcpy(text, bytes + 1, length - 1);
    text[length - 1] = '\0';
    const int argc = words_of(text, argv);
    fuzz_judge(options_parse(argc, argv, command_at(bytes[0]), &options));
    options_free(&options);
    return 0;
}
