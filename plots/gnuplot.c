/* Runs gnuplot on a script, without a shell.
 *
 * The child starts in the directory of its script, so that scripts name their tables without a path
 * and can be run again by hand, anywhere.  Signals that this program ignores get their default
 * meaning back: a full disk then kills gnuplot instead of leaving a torn picture with status 0.
 * Rejected: popen() and system(), which pass paths through a shell. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* posix_spawn_file_actions_addchdir_np */
#endif
#include "plots/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_LENGTH = 200 };

/* Standard input and output from and to nowhere, complaints to the file. */
static int actions_prepare(posix_spawn_file_actions_t *actions, const char *directory,
                           FILE *complaints)
{
    static const char nowhere[] = "/dev/null";
    int error = posix_spawn_file_actions_addchdir_np(actions, directory);
    if (!error)
        error = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, nowhere, O_RDONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, nowhere, O_WRONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_adddup2(actions, fileno(complaints), STDERR_FILENO);
    return error;
}

static int attributes_prepare(posix_spawnattr_t *attributes)
{
    sigset_t ignored;
    sigemptyset(&ignored);
    sigaddset(&ignored, SIGPIPE);
    sigaddset(&ignored, SIGXFSZ);
    int error = posix_spawnattr_setsigdefault(attributes, &ignored);
    return error ? error : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF);
}

static int child_start(const char *directory, const char *script, FILE *complaints, pid_t *child)
{
    char program[] = "gnuplot", argument[LINE_LENGTH];
    char *const arguments[] = {program, argument, NULL};
    snprintf(argument, sizeof argument, "%s", script);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    int error = actions_prepare(&actions, directory, complaints);
    if (!error)
        error = attributes_prepare(&attributes);
    if (!error)
        error = posix_spawnp(child, program, &actions, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* The last non-empty line, which is where gnuplot says what was wrong. */
static void complaint_read(FILE *complaints, char text[LINE_LENGTH])
{
    char line[LINE_LENGTH];
    snprintf(text, LINE_LENGTH, "no reason given");
    rewind(complaints);
    while (fgets(line, sizeof line, complaints)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[strspn(line, " \t^")])
            snprintf(text, LINE_LENGTH, "%s", line + strspn(line, " \t"));
    }
}

static enum status child_wait(pid_t child, const char *script, FILE *complaints)
{
    int state;
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR)
            return status_fail(CANNOT_WRITE, "waiting for gnuplot: %s", strerror(errno));
    if (WIFEXITED(state) && WEXITSTATUS(state) == 0)
        return OK;
    char text[LINE_LENGTH];
    complaint_read(complaints, text);
    if (WIFSIGNALED(state))
        return status_fail(CANNOT_WRITE, "gnuplot %s: ended by signal %d", script, WTERMSIG(state));
    return status_fail(CANNOT_WRITE, "gnuplot %s: %s", script, text);
}

enum status gnuplot_run(const char *directory, const char *script)
{
    FILE *complaints = tmpfile();
    if (!complaints)
        return status_fail(CANNOT_WRITE, "a temporary file for gnuplot: %s", strerror(errno));
    pid_t child;
    int error = child_start(directory, script, complaints, &child);
    enum status status;
    if (error == ENOENT)
        status = status_fail(NO_PROGRAM, "gnuplot is not installed (Debian package gnuplot-nox)");
    else if (error)
        status = status_fail(CANNOT_WRITE, "cannot start gnuplot: %s", strerror(error));
    else
        status = child_wait(child, script, complaints);
    fclose(complaints);
    return status;
}
