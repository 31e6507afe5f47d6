/* The registry of theorems, and one trial of one instance. */
#include "proofs-check/theorem.h"

#include <math.h>
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

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_PROVED] = "proved",       [VERDICT_CERTIFIED] = "certified",
        [VERDICT_SUPPORTED] = "supported", [VERDICT_UNDECIDED] = "undecided",
        [VERDICT_REFUTED] = "refuted",
    };
    return names[verdict];
}

enum status trial_begin(struct trial *trial, const struct theorem *theorem,
                        const struct instance *instance, const struct plan *plan)
{
    *trial = (struct trial){.theorem = theorem,
                            .instance = instance,
                            .plan = *plan,
                            .deviation = NAN,
                            .measured = NAN,
                            .expected = NAN};
    return problem_flow(&instance->problem, &trial->flow);
}

void trial_end(struct trial *trial)
{
    outcome_free(trial->outcome);
    flow_free(trial->flow);
}

enum status trial_outcome(struct trial *trial, const struct outcome **outcome)
{
    if (!trial->outcome) {
        trial->outcome = outcome_create(trial->flow);
        if (!trial->outcome)
            return status_fail(NO_MEMORY, "trial of %s", trial->theorem->id);
        TRY(trajectory_run(trial->flow, &trial->plan, trial->instance->x0, trial->outcome));
    }
    *outcome = trial->outcome;
    return OK;
}

enum status trial_prediction(struct trial *trial, const struct prediction **prediction)
{
    if (!trial->predicted) {
        TRY(problem_predict(&trial->instance->problem, trial->instance->x0, trial->limit,
                            &trial->prediction));
        trial->predicted = true;
    }
    *prediction = &trial->prediction;
    return OK;
}
