/* A hash table of numbers of entries; letters are folded to lower case, as XPP does. */
#include "equations/names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ENTRIES_FIRST = 64, TABLE_LOAD = 2 };

struct names {
    struct name *entry;
    size_t count, room;
    size_t *slot; /* [TABLE_LOAD*room]: 1 + the number of an entry, 0: empty */
};

enum status names_create(struct names **out)
{
    struct names *names = calloc(1, sizeof *names);
    if (!names)
        return status_fail(NO_MEMORY, "names");
    names->room = ENTRIES_FIRST;
    names->entry = calloc(names->room, sizeof *names->entry);
    names->slot = calloc(TABLE_LOAD * names->room, sizeof *names->slot);
    if (!names->entry || !names->slot) {
        names_free(names);
        return status_fail(NO_MEMORY, "names");
    }
    *out = names;
    return OK;
}

void names_free(struct names *names)
{
    if (!names)
        return;
    free(names->entry);
    free(names->slot);
    free(names);
}

/* Fowler, Noll and Vo's hash of 64 bits. */
static size_t hash_of(const char *text)
{
    static const uint64_t START = 0xcbf29ce484222325u, FACTOR = 0x100000001b3u;
    uint64_t hash = START;
    for (; *text; text++)
        hash = (hash ^ (uint64_t)tolower((unsigned char)*text)) * FACTOR;
    return (size_t)hash;
}

static size_t *slot_of(const struct names *names, const char *text)
{
    const size_t slots = TABLE_LOAD * names->room;
    size_t at = hash_of(text) % slots;
    while (names->slot[at] && strcasecmp(names->entry[names->slot[at] - 1].text, text) != 0)
        at = (at + 1) % slots;
    return names->slot + at;
}

struct name *names_find(const struct names *names, const char *text)
{
    const size_t *slot = slot_of(names, text);
    return *slot ? names->entry + *slot - 1 : NULL;
}

static enum status grow(struct names *names)
{
    const size_t room = 2 * names->room;
    struct name *entry = realloc(names->entry, room * sizeof *entry);
    if (entry)
        names->entry = entry;
    size_t *slot = entry ? calloc(TABLE_LOAD * room, sizeof *slot) : NULL;
    if (!slot)
        return status_fail(NO_MEMORY, "%zu names", room);
    free(names->slot);
    names->slot = slot;
    names->room = room;
    for (size_t k = 0; k < names->count; k++)
        *slot_of(names, names->entry[k].text) = k + 1;
    return OK;
}

enum status names_add(struct names *names, const struct name *name)
{
    if (names->count == names->room)
        TRY(grow(names));
    *slot_of(names, name->text) = names->count + 1;
    names->entry[names->count++] = *name;
    return OK;
}

void names_offer(const struct names *names, struct nearest *nearest)
{
    for (size_t k = 0; k < names->count; k++)
        nearest_offer(nearest, names->entry[k].text);
}

const char *names_alike(const struct names *names, const char *text)
{
    const size_t length = strlen(text);
    for (size_t k = 0; k < names->count; k++)
        if (strlen(names->entry[k].text) == length && length > 1 &&
            strncasecmp(names->entry[k].text, text, 1) == 0)
            return names->entry[k].text;
    return NULL;
}
