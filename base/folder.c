/* Directories for results.
 *
 * A directory is made with its parents, like `mkdir -p`, and then tried: permissions, read-only
 * mounts and quotas are too many to be asked about one by one, so a small file is written and
 * flushed to the disk. A run that cannot save its results must learn it before the work, not after.
 * The file loses its name before it is written, and a process that is killed between the two calls leaves the
 * name that the next one takes away: kill -9 and a second start end with the same files. Rejected:
 * access(W_OK), which answers for the real user and knows nothing of a full disk. */
#include "base/folder.h"
#include "base/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const mode_t FOLDER_MODE = S_IRWXU | S_IRWXG | S_IRWXO; /* less the user's umask */
static const char PROBE[] = ".settle-can-write";

enum status folder_join(const char *directory, const char *name, size_t size, char *path)
{
    char joined[FOLDER_PATH_MAX];
    const size_t end = strlen(directory);
    const char *slash = end > 0 && directory[end - 1] != '/' ? "/" : "";
    const int length = snprintf(joined, sizeof joined, "%s%s%s", directory, slash, name);
    if (length < 0 || (size_t)length >= sizeof joined || (size_t)length >= size)
        return status_fail(BAD_ARGUMENT, "the path of %s is longer than %zu bytes", name, size);
    memcpy(path, joined, (size_t)length + 1);
    return OK;
}

/* The directory itself is locked, so that nothing is left behind; not inherited by gnuplot. */
static enum status lock_take(const char *path, int kind, int *lock)
{
    *lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock == FOLDER_UNLOCKED || flock(*lock, kind | LOCK_NB) == 0)
        return OK;
    const bool taken = errno == EWOULDBLOCK;
    folder_unlock(*lock);
    *lock = FOLDER_UNLOCKED;
    return taken ? status_fail(BAD_ARGUMENT, "another process is at work in %s", path) : OK;
}

enum status folder_lock(const char *path, int *lock)
{
    return lock_take(path, LOCK_EX, lock);
}

enum status folder_lock_shared(const char *path, int *lock)
{
    return lock_take(path, LOCK_SH, lock);
}

void folder_unlock(int lock)
{
    if (lock != FOLDER_UNLOCKED)
        close(lock);
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static enum status make_one(const char *path)
{
    if (mkdir(path, FOLDER_MODE) == 0)
        return OK;
    const int reason = errno == EEXIST ? ENOTDIR : errno; /* exists, as something else */
    return is_folder(path) ? OK
                           : status_fail(CANNOT_WRITE, "cannot create the directory %s: %s", path,
                                         strerror(reason));
}

/* Makes every prefix of the path that ends before a slash, then the path. */
static enum status make_all(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        TRY(make_one(path));
        *slash = '/';
    }
    return make_one(path);
}

static enum status cannot_write(const char *directory, int reason)
{
    return status_fail(CANNOT_WRITE, "cannot write in %s: %s", directory, strerror(reason));
}

static enum status prove_writable(const char *directory)
{
    static const char TEXT[] = "writable\n";
    char path[FOLDER_PATH_MAX];
    TRY(folder_join(directory, PROBE, sizeof path, path));
    const int file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return cannot_write(directory, errno);
    const bool kept = (unlink(path) == 0 || errno == ENOENT) && /* another process took it away */
                      write(file, TEXT, sizeof TEXT) == (ssize_t)sizeof TEXT && fsync(file) == 0;
    const int reason = kept ? 0 : errno;
    close(file);
    return kept ? OK : cannot_write(directory, reason);
}

enum status folder_create(const char *path)
{
    char copy[FOLDER_PATH_MAX];
    const size_t length = strlen(path);
    if (length == 0 || length >= sizeof copy)
        return status_fail(BAD_ARGUMENT, "a directory's name has 1 to %d bytes, not %zu",
                           FOLDER_PATH_MAX - 1, length);
    memcpy(copy, path, length + 1);
    TRY(make_all(copy));
    return prove_writable(path);
}

enum status folder_write(const char *directory, const char *name, const char *text)
{
    struct draft *draft;
    TRY(draft_open(directory, name, &draft));
    if (fputs(text, draft_file(draft)) == EOF)
        draft_failed(draft);
    return draft_keep(draft);
}
