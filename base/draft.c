/* Files that appear whole or not at all.
 *
 * POSIX rename() replaces a name in one step on one file system, so the draft lives in the
 * directory of its target, under a hidden name that carries the process id.  Before the rename the
 * bytes are forced out with fsync(): a full disk is reported then, while the old file still stands,
 * and not after it is lost. The reason of the *first* failed write is kept, since later ones only
 * repeat it, or less. Rejected: mkstemp(), whose files are private (0600) whatever the user's umask
 * says. */
#include "base/draft.h"
#include "base/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DECIMAL = 10 };
enum { NAME_SIZE = 256 }; /* bytes of a file name with its end, as on Linux */

static const mode_t FILE_MODE =
    S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH; /* umask */

struct draft {
    FILE *file;
    int reason; /* errno of the first failed write, 0 if none */
    char path[FOLDER_PATH_MAX];
    char beside[FOLDER_PATH_MAX];
};

static enum status cannot_write(const char *path, int reason)
{
    return status_fail(CANNOT_WRITE, "cannot write %s: %s", path, strerror(reason));
}

static enum status name_draft(const char *directory, const char *name, struct draft *draft)
{
    char hidden[NAME_SIZE];
    const int length = snprintf(hidden, sizeof hidden, ".%s.%ld", name, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof hidden)
        return status_fail(BAD_ARGUMENT, "the file name %s is too long", name);
    TRY(folder_join(directory, name, sizeof draft->path, draft->path));
    return folder_join(directory, hidden, sizeof draft->beside, draft->beside);
}

static enum status open_file(struct draft *draft)
{
    (void)unlink(draft->beside); /* of a killed process with our id; O_EXCL refuses anything else */
    const int descriptor = open(draft->beside, O_WRONLY | O_CREAT | O_EXCL, FILE_MODE);
    if (descriptor < 0)
        return cannot_write(draft->path, errno);
    draft->file = fdopen(descriptor, "w");
    if (draft->file)
        return OK;
    const int reason = errno;
    (void)close(descriptor);
    (void)unlink(draft->beside);
    return cannot_write(draft->path, reason);
}

enum status draft_open(const char *directory, const char *name, struct draft **draft)
{
    struct draft *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "out of memory for a draft of %s", name);
    enum status status = name_draft(directory, name, made);
    if (status == OK)
        status = open_file(made);
    if (status == OK)
        *draft = made;
    else
        free(made);
    return status;
}

FILE *draft_file(struct draft *draft)
{
    return draft->file;
}

void draft_failed(struct draft *draft)
{
    if (draft->reason == 0)
        draft->reason = errno ? errno : EIO;
}

const char *draft_path(const struct draft *draft)
{
    return draft->beside;
}

/* Special files (/dev/full, pipes) have nothing to sync and say EINVAL. */
static bool is_synced(FILE *file)
{
    return fsync(fileno(file)) == 0 || errno == EINVAL;
}

enum status draft_keep(struct draft *draft)
{
    errno = 0;
    if (fflush(draft->file) != 0 || ferror(draft->file) || !is_synced(draft->file))
        draft_failed(draft);
    if (fclose(draft->file) != 0)
        draft_failed(draft);
    if (draft->reason == 0 && rename(draft->beside, draft->path) != 0)
        draft_failed(draft);
    const enum status status = draft->reason ? cannot_write(draft->path, draft->reason) : OK;
    if (status != OK)
        (void)unlink(draft->beside);
    free(draft);
    return status;
}

void draft_discard(struct draft *draft)
{
    if (!draft)
        return;
    (void)fclose(draft->file); /* its bytes are not wanted */
    (void)unlink(draft->beside);
    free(draft);
}

/* ".NAME.PID" of a process that is no more, NAME beginning with `begin` */
static bool is_left_over(const char *entry, const char *begin)
{
    const char *number = strrchr(entry, '.');
    if (entry[0] != '.' || strncmp(entry + 1, begin, strlen(begin)) != 0 || number == entry)
        return false;
    number++;
    if (!isdigit((unsigned char)*number) || number[strspn(number, "0123456789")] != '\0')
        return false;
    return kill((pid_t)strtol(number, NULL, DECIMAL), 0) != 0 && errno == ESRCH;
}

void draft_clear(const char *directory, const char *begin)
{
    char path[FOLDER_PATH_MAX];
    DIR *folder = opendir(directory);
    if (!folder)
        return;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
        if (is_left_over(entry->d_name, begin) &&
            folder_join(directory, entry->d_name, sizeof path, path) == OK)
            (void)unlink(path); /* one that stays does no harm */
    (void)closedir(folder);
}
