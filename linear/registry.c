/* The registries, and look-up by name. */
#include "linear/registry.h"

#include <string.h>

#define X(name) &system_##name,
const struct system *const registry_systems[] = {SYSTEMS(X) NULL};
#undef X
#define X(name) &rule_##name,
const struct rule *const registry_rules[] = {RULES(X) NULL};
#undef X

const struct system *registry_system(const char *name)
{
    for (size_t i = 0; registry_systems[i]; i++)
        if (strcmp(registry_systems[i]->name, name) == 0)
            return registry_systems[i];
    return NULL;
}

/* Is `name` one of the words of `also`? */
static bool is_other_name(const char *also, const char *name)
{
    const size_t length = strlen(name);
    for (const char *word = also; word && *word; word += *word == ' ') {
        const size_t word_length = strcspn(word, " ");
        if (word_length == length && memcmp(word, name, length) == 0)
            return true;
        word += word_length;
    }
    return false;
}

const struct rule *registry_rule(const char *name)
{
    for (size_t i = 0; registry_rules[i]; i++)
        if (strcmp(registry_rules[i]->name, name) == 0 ||
            is_other_name(registry_rules[i]->also, name))
            return registry_rules[i];
    return NULL;
}

/* The record lists "--rule --depth ..."; strchr finds the end of the text, too. */
bool registry_system_reads(const struct system *system, const char *option)
{
    const size_t length = strlen(option);
    for (const char *at = system->options; (at = strstr(at, "--")); at += 2)
        if (strncmp(at + 2, option, length) == 0 && strchr(" ", at[2 + length]))
            return true;
    return false;
}
