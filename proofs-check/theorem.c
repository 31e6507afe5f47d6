/* The registry of theorems. */
#include "proofs-check/theorem.h"

#include <string.h>

#define X(name) &chapter_##name,
const struct chapter *const theorem_chapters[] = {CHAPTERS(X) NULL};
#undef X

const struct theorem *theorem_by_id(const char *id)
{
    for (size_t c = 0; theorem_chapters[c]; c++)
        for (size_t i = 0; i < theorem_chapters[c]->theorems; i++)
            if (strcmp(theorem_chapters[c]->theorem[i].id, id) == 0)
                return &theorem_chapters[c]->theorem[i];
    return NULL;
}
