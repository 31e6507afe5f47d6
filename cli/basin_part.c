/* Parts of a map, and the join of their ledgers.
 *
 * Rejected: one interval of pieces for each part.  Near a separatrix cells take a thousand times as
 * long, so that the time of the slowest task would be that of the job. */
#include "cli/basin_part.h"

#include "base/folder.h"
#include "base/number.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCKS = 16, PARTS_MOST = 1000000, NUMBER_MAX = 24 };

static const char BEGIN[] = "basin-part-", END[] = ".sqlite";

/* ---- which pieces ---- */

static enum status number_read(const char *text, size_t length, size_t *number)
{
    char one[NUMBER_MAX];
    unsigned long long value;
    snprintf(one, sizeof one, "%.*s", (int)length, text);
    TRY(number_parse_whole(one, 1, PARTS_MOST, &value));
    *number = (size_t)value;
    return OK;
}

enum status basin_part_read(const char *text, size_t pieces, struct basin_part *part)
{
    struct basin_part read = {.parts = 1, .pieces = pieces};
    size_t number = 1;
    const char *slash = text ? strchr(text, '/') : NULL;
    if (text &&
        (!slash || number_read(text, (size_t)(slash - text), &number) != OK ||
         number_read(slash + 1, strlen(slash + 1), &read.parts) != OK || number > read.parts))
        return status_fail(BAD_ARGUMENT,
                           "--part: '%s' is not a part; expected K/N with 1 <= K <= N <= %d", text,
                           PARTS_MOST);
    read.number = number - 1;
    read.block = pieces / (BLOCKS * read.parts) > 0 ? pieces / (BLOCKS * read.parts) : 1;
    *part = read;
    return OK;
}

void basin_part_cut(const struct basin_part *part, struct ranks_run *run)
{
    if (part->parts == 1 || run->first >= run->end)
        return;
    size_t block = run->first / part->block;
    const size_t ahead = (part->number + part->parts - block % part->parts) % part->parts;
    if (ahead > 0)
        run->first = (block + ahead) * part->block;
    block += ahead;
    if ((block + 1) * part->block < run->end)
        run->end = (block + 1) * part->block;
    if (run->first > run->end)
        run->first = run->end;
}

size_t basin_part_count(const struct basin_part *part)
{
    if (part->parts == 1)
        return part->pieces;
    const size_t round = part->block * part->parts, begin = part->number * part->block;
    const size_t rest = part->pieces % round;
    const size_t last = rest <= begin ? 0 : rest - begin;
    return part->pieces / round * part->block + (last < part->block ? last : part->block);
}

/* ---- their ledgers ---- */

const char *basin_part_file(const struct basin_part *part, char name[BASIN_PART_NAME_MAX])
{
    if (part->parts == 1)
        return BASIN_LEDGER_FILE;
    snprintf(name, BASIN_PART_NAME_MAX, "%s%zu-of-%zu%s", BEGIN, part->number + 1, part->parts,
             END);
    return name;
}

static int is_part(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name), end = strlen(END);
    return strncmp(entry->d_name, BEGIN, strlen(BEGIN)) == 0 && length > strlen(BEGIN) + end &&
           strcmp(entry->d_name + length - end, END) == 0;
}

/* What is done with each of them. */
struct visit {
    const char *directory;
    json_t *parameters;
    struct basin_ledger *ledger; /* that takes over */
};

static enum status part_compare(const struct visit *visit, const char *file)
{
    struct basin_ledger *part = NULL;
    TRY(basin_ledger_resume(visit->directory, file, visit->parameters, &part));
    return basin_ledger_close(part);
}

static enum status part_take(const struct visit *visit, const char *file)
{
    return basin_ledger_join(visit->ledger, visit->directory, file, visit->parameters);
}

static enum status part_remove(const struct visit *visit, const char *file)
{
    char path[FOLDER_PATH_MAX];
    TRY(folder_join(visit->directory, file, sizeof path, path));
    unlink(path); /* one that stays is taken over once more */
    return OK;
}

/* All that the folder has, up to the first failure. */
static enum status parts_each(const struct visit *visit,
                              enum status (*act)(const struct visit *, const char *))
{
    struct dirent **entry = NULL;
    const int count = scandir(visit->directory, &entry, is_part, alphasort);
    if (count < 0)
        return status_fail(CANNOT_READ, "%s: cannot be listed", visit->directory);
    enum status status = OK;
    for (int k = 0; k < count; k++) {
        if (status == OK)
            status = act(visit, entry[k]->d_name);
        free(entry[k]);
    }
    free(entry);
    return status;
}

enum status basin_part_compare(const char *directory, json_t *parameters)
{
    return parts_each(&(struct visit){.directory = directory, .parameters = parameters},
                      part_compare);
}

enum status basin_part_join(const char *directory, json_t *parameters, struct basin_ledger *ledger)
{
    return parts_each(
        &(struct visit){.directory = directory, .parameters = parameters, .ledger = ledger},
        part_take);
}

enum status basin_part_clear(const char *directory)
{
    return parts_each(&(struct visit){.directory = directory}, part_remove);
}
