/* A whole file in memory.  It is read until its end and not by its size, which for special files is
 * no size at all. */
#include "plots/content.h"

#include "base/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t ROOM_FIRST = 65536; /* bytes; doubled as needed */

static enum status room_double(struct content *content, size_t *room)
{
    char *larger = realloc(content->text, 2 * *room);
    if (!larger)
        return status_fail(NO_MEMORY, "no memory for %zu bytes", 2 * *room);
    content->text = larger;
    *room *= 2;
    return OK;
}

static enum status file_read(FILE *file, const char *path, size_t most, struct content *content)
{
    size_t room = ROOM_FIRST, count;
    content->text = malloc(room);
    if (!content->text)
        return status_fail(NO_MEMORY, "no memory for %s", path);
    while ((count = fread(content->text + content->length, 1, room - content->length - 1, file)) >
           0) {
        content->length += count;
        if (content->length > most)
            return status_fail(BAD_DATA, "%s is larger than %zu bytes", path, most);
        if (room - content->length == 1)
            TRY(room_double(content, &room));
    }
    content->text[content->length] = '\0';
    return ferror(file) ? status_fail(CANNOT_READ, "%s: %s", path, strerror(errno)) : OK;
}

enum status content_read(const char *directory, const char *name, size_t most,
                         struct content *content)
{
    char path[FOLDER_PATH_MAX];
    struct content made = {.length = 0};
    TRY(folder_join(directory, name, sizeof path, path));
    FILE *file = fopen(path, "rb");
    if (!file)
        return status_fail(CANNOT_READ, "%s: %s", path, strerror(errno));
    const enum status status = file_read(file, path, most, &made);
    (void)fclose(file);
    if (status == OK)
        *content = made;
    else
        content_free(&made);
    return status;
}

void content_free(struct content *content)
{
    free(content->text);
    *content = (struct content){.length = 0};
}
