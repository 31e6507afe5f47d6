/* The registry of kinds. */
#include "checker/kind.h"

#include "checker/reject.h"

#define X(name) &kind_##name,
static const struct kind *const kinds[] = {KINDS(X) NULL};
#undef X

const struct kind *kind_read(struct text *text, const struct premise *premise)
{
    const struct kind *const *kind = kinds;
    text_line(text, "kind");
    while (*kind && !text_accept(text, (*kind)->name))
        kind++;
    if (!*kind)
        reject("a kind that is not known");
    reject_unless((*kind)->families >> premise->family & 1, "the kind is not for this family");
    reject_unless((*kind)->rules >> premise->rule & 1, "the kind is not for this rule");
    size_t line = text->line;
    premise_demand(premise, &(*kind)->freedom);
    reject_line(line);
    return *kind;
}
