/* settle-check: is what a certificate claims proved?
 *
 *     settle-check [--quiet] FILE...
 *
 * One line for each file, `accepted FILE: CLAIM` or `rejected FILE: REASON`.  What a certificate is and what is proved of it
 * stands in notes/certificates.md; this file reads files, prints verdicts and makes the exit status. */
#include "checker/certificate.h"
#include "checker/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char version[] = "settle-check 1 (rigor-certificate 1), GMP";

static const char help[] =
    "settle-check - is what a certificate claims proved?\n"
    "\n"
    "usage: settle-check [--quiet] FILE...\n"
    "\n"
    "Proves the claim of each certificate again, in integers and rationals, from the learning rule "
    "that\n"
    "the file names, and prints a line for each file: `accepted FILE: CLAIM`, or `rejected FILE:\n"
    "REASON`.  What is rejected may still be true.\n"
    "\n"
    "  --quiet    print nothing for files that are accepted\n"
    "  --help     this text\n"
    "  --version  versions of this program and of GMP\n"
    "\n"
    "  settle prove chain --init -2,1 --out proofs\n"
    "  settle-check proofs/*.certificate\n"
    "\n"
    "exit status: 0 all accepted, 1 some rejected, 2 usage or a file that cannot be read\n";

enum exit_code { EXIT_ACCEPTED = 0, EXIT_REJECTED = 1, EXIT_TROUBLE = 2 };

/* A byte more than a certificate may have, so that longer ones are seen to be. */
static const size_t read_most = ((size_t)1 << 26) + 1;
static const size_t read_first = (size_t)1 << 16;

/* NULL if it cannot be read, for the reason in errno. */
static char *contents(FILE *file, size_t *length)
{
    size_t room = read_first;
    char *bytes = malloc(room);
    *length = 0;
    while (bytes) {
        *length += fread(bytes + *length, 1, room - *length, file);
        if (*length < room || room >= read_most)
            break;
        room *= 2;
        char *more = realloc(bytes, room);
        if (!more)
            free(bytes);
        bytes = more;
    }
    if (bytes && ferror(file)) {
        const int why = errno;
        free(bytes);
        errno = why;
        return NULL;
    }
    return bytes;
}

static char *contents_of(const char *name, size_t *length)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        return NULL;
    char *bytes = contents(file, length);
    const int why = errno;
    fclose(file);
    errno = why;
    return bytes;
}

static enum exit_code check_file(const char *name, bool quiet)
{
    char verdict[CERTIFICATE_VERDICT_MAX];
    size_t length;
    char *bytes = contents_of(name, &length);
    if (!bytes) {
        fprintf(stderr, "settle-check: %s cannot be read: %s\n", name, strerror(errno));
        return EXIT_TROUBLE;
    }
    bool accepted = certificate_check(length, bytes, verdict);
    free(bytes);
    if (!accepted || !quiet)
        printf("%s %s: %s\n", accepted ? "accepted" : "rejected", name, verdict);
    return accepted ? EXIT_ACCEPTED : EXIT_REJECTED;
}

static enum exit_code check_files(int count, char **names, bool quiet)
{
    enum exit_code worst = EXIT_ACCEPTED;
    for (int k = 0; k < count; k++) {
        enum exit_code code = check_file(names[k], quiet);
        worst = code > worst ? code : worst;
    }
    return worst;
}

/* A verdict that was not written is none. */
static enum exit_code finish(enum exit_code code)
{
    if (!fflush(stdout) && !ferror(stdout))
        return code;
    fputs("settle-check: the verdicts could not be written\n", stderr);
    return EXIT_TROUBLE;
}

static enum exit_code usage(void)
{
    fputs("settle-check: usage: settle-check [--quiet] FILE... (or --help, --version)\n", stderr);
    return EXIT_TROUBLE;
}

int main(int count, char **arguments)
{
    const char *first = count > 1 ? arguments[1] : "";
    if (!strcmp(first, "--help"))
        return fputs(help, stdout), finish(EXIT_ACCEPTED);
    if (!strcmp(first, "--version"))
        return printf("%s %s\n", version, gmp_version), finish(EXIT_ACCEPTED);
    bool quiet = !strcmp(first, "--quiet");
    int from = 1 + quiet;
    if (count > from && !strcmp(arguments[from], "--"))
        from++;
    else if (count > from && arguments[from][0] == '-')
        return usage();
    if (count <= from)
        return usage();
    memory_take_over();
    return finish(check_files(count - from, arguments + from, quiet));
}
