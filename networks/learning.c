/* The registry of learning rules, and look-up by name. */
#include "networks/learning.h"

#include <string.h>

#define X(name) &learning_##name,
const struct learning_rule *const learning_registry[] = {LEARNING_RULES(X) NULL};
#undef X

const struct learning_rule *learning_named(const char *name)
{
    for (size_t k = 0; learning_registry[k]; k++) {
        const struct learning_rule *rule = learning_registry[k];
        if (strcmp(rule->name, name) == 0 || (rule->also && strcmp(rule->also, name) == 0))
            return rule;
    }
    return NULL;
}
