/* The registry of claims. */
#include "proofs-check/hunt_claim.h"

#include <string.h>

#define X(name) &hunt_chapter_##name,
const struct hunt_chapter *const hunt_claim_chapters[] = {HUNT_CHAPTERS(X) NULL};
#undef X

static const struct hunt_claim *stated(const char *id, enum hunt_kind *kind)
{
    for (size_t k = 0; hunt_claim_chapters[k]; k++)
        for (size_t j = 0; j < hunt_claim_chapters[k]->claims; j++)
            if (strcmp(hunt_claim_chapters[k]->claim[j].id, id) == 0) {
                *kind = hunt_claim_chapters[k]->kind;
                return &hunt_claim_chapters[k]->claim[j];
            }
    return NULL;
}

const struct hunt_claim *hunt_claim_named(const char *id, struct hunt_claim *made,
                                          enum hunt_kind *kind)
{
    const struct hunt_claim *claim = stated(id, kind);
    const struct theorem *theorem = claim ? NULL : theorem_by_id(id);
    if (claim || !theorem)
        return claim;
    *kind = HUNT_THEOREM;
    *made = (struct hunt_claim){.id = theorem->id, .swept = theorem->sweep > 0};
    return made;
}

/* All that the hunter is given of a record. */
struct theorem hunt_claim_question(const struct hunt_claim *claim)
{
    const struct theorem *record = claim->statement ? NULL : theorem_by_id(claim->id);
    if (!record)
        return (struct theorem){.id = claim->id,
                                .source = claim->source,
                                .hypotheses = claim->hypotheses,
                                .statement = claim->statement,
                                .label = claim->label,
                                .recorded = VERDICT_UNDECIDED,
                                .bound = claim->bound,
                                .conclude = claim->conclude};
    return (struct theorem){.id = record->id,
                            .source = record->source,
                            .hypotheses = record->hypotheses,
                            .statement = record->statement,
                            .label = record->label,
                            .recorded = record->recorded,
                            .bound = record->bound,
                            .conclude = claim->conclude ? claim->conclude : record->conclude};
}

sampler *hunt_claim_sampler(const struct hunt_claim *claim, size_t *corners)
{
    const struct theorem *record =
        claim->space.architectures == 0 ? theorem_by_id(claim->id) : NULL;
    *corners = record ? record->corners : 0;
    return record ? record->sample : NULL;
}
