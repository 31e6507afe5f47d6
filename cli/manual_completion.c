/* The completion function for bash.
 *
 * It is one table that the shell looks into, "what may follow this option of this command", printed
 * from the registries; the function itself is a few lines of bash and calls no program.  bash splits
 * words at `=`, so that --rule=bp comes as three of them.  Where a value is a list the last item is
 * completed. */
#include "cli/manual.h"

#include "cli/command.h"
#include "cli/options.h"
#include "linear/channel_activation.h"
#include "linear/registry.h"
#include "networks/learning.h"
#include "nonlinear/activation.h"
#include "proofs-check/theorem.h"

#include <stdbool.h>
#include <string.h>

static void rules_print(FILE *file)
{
    for (size_t k = 0; registry_rules[k]; k++)
        fprintf(file, " %s", registry_rules[k]->name);
    for (size_t k = 0; learning_registry[k]; k++)
        if (!registry_rule(learning_registry[k]->name))
            fprintf(file, " %s", learning_registry[k]->name);
}

static void activations_print(FILE *file)
{
    for (size_t k = 0; activation_registry[k]; k++)
        if (!activation_registry[k]->teacher_only)
            fprintf(file, " %s", activation_registry[k]->name);
}

static void channel_activations_print(FILE *file)
{
    for (size_t k = 0; channel_activations[k]; k++)
        fprintf(file, " %s", channel_activations[k]->name);
}

static void systems_print(FILE *file)
{
    for (size_t k = 0; registry_systems[k]; k++)
        fprintf(file, " %s", registry_systems[k]->name);
}

static void theorems_print(FILE *file)
{
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++)
            fprintf(file, " %s", theorem_chapters[k]->theorem[j].id);
}

/* Values that come from a registry. */
static const struct {
    enum option_word option;
    void (*print)(FILE *file);
} registered[] = {{OPTION_rule, rules_print},
                  {OPTION_activation, activations_print},
                  {OPTION_channel_activation, channel_activations_print}};

/* "bdf|adams|rk8pd": the words themselves. */
static bool is_choice(const char *metavar)
{
    return strchr(metavar, '|') && !strpbrk(metavar, " [");
}

static void choice_print(const char *metavar, FILE *file)
{
    for (const char *at = metavar; *at; at += strcspn(at, "|") + (at[strcspn(at, "|")] == '|'))
        fprintf(file, " %.*s", (int)strcspn(at, "|"), at);
}

static void values_print(enum option_word option, const char *metavar, FILE *file)
{
    for (size_t k = 0; k < sizeof registered / sizeof *registered; k++)
        if (registered[k].option == option) {
            registered[k].print(file);
            return;
        }
    if (is_choice(metavar))
        choice_print(metavar, file);
    else if (strcmp(metavar, "FILE") == 0 || strcmp(metavar, "DIR") == 0)
        fprintf(file, " <%s>", metavar);
}

/* What follows the command itself: its arguments, and after them its options. */
static void arguments_print(const struct command *command, FILE *file)
{
    if (strstr(command->arguments, "SYSTEM"))
        systems_print(file);
    if (strstr(command->arguments, "THEOREM"))
        theorems_print(file);
    if (strstr(command->arguments, "DIR"))
        fputs(" <DIR>", file);
    if (*command->arguments == '[' && is_choice(command->arguments + 1)) {
        char words[OPTIONS_WORDS_MAX];
        snprintf(words, sizeof words, "%.*s", (int)strcspn(command->arguments + 1, "]"),
                 command->arguments + 1);
        choice_print(words, file);
    }
}

static void command_print(const struct command *command, FILE *file)
{
    struct option_text text;
    fprintf(file, "    [%s]='", command->name);
    arguments_print(command, file);
    fprintf(file, "'\n    [%s --]='", command->name);
    for (size_t k = 0; k < OPTION_COUNT; k++)
        if (options_describe(command, (enum option_word)k, &text))
            fprintf(file, " --%s", text.name);
    fputs(" --help'\n", file);
    for (size_t k = 0; k < OPTION_COUNT; k++)
        if (options_describe(command, (enum option_word)k, &text) && text.metavar) {
            fprintf(file, "    [%s --%s]='", command->name, text.name);
            values_print((enum option_word)k, text.metavar, file);
            fputs("'\n", file);
        }
}

static const char completion[] =
    "\n"
    "# The words of the table that continue $1; <FILE> and <DIR> stand for names of files.\n"
    "_settle_offer() { # WORD WORDS\n"
    "    local last=${1##*,} head=\n"
    "    [[ $1 == *,* ]] && head=${1%,*},\n"
    "    case $2 in\n"
    "    *'<DIR>'*) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$1\") ;;\n"
    "    *'<FILE>'*) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$1\") ;;\n"
    "    *) mapfile -t COMPREPLY < <(compgen -P \"$head\" -W \"$2\" -- \"$last\") ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "_settle() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} "
    "command=${COMP_WORDS[1]}\n"
    "    COMPREPLY=()\n"
    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
    "        _settle_offer \"$word\" \"${_settle_words[-]}\"\n"
    "        return\n"
    "    fi\n"
    "    [ \"$word\" = = ] && word=\n"
    "    [ \"$before\" = = ] && before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    if [[ $before == --* && -v _settle_words[\"$command $before\"] ]]; then\n"
    "        _settle_offer \"$word\" \"${_settle_words[\"$command $before\"]}\"\n"
    "    elif [[ $word == -* ]]; then\n"
    "        _settle_offer \"$word\" \"${_settle_words[\"$command --\"]-}\"\n"
    "    else\n"
    "        _settle_offer \"$word\" \"${_settle_words[$command]-}\"\n"
    "    fi\n"
    "}\n"
    "complete -F _settle settle\n";

void manual_completion_print(FILE *file)
{
    fputs("# bash completion for settle; printed by `settle list commands --bash`\n"
          "# shellcheck shell=bash\n\n"
          "declare -gA _settle_words=(\n    [-]='",
          file);
    for (size_t k = 0; command_registry[k]; k++)
        fprintf(file, " %s", command_registry[k]->name);
    fputs(" --help --version'\n", file);
    for (size_t k = 0; command_registry[k]; k++)
        command_print(command_registry[k], file);
    fputs(")\n", file);
    fputs(completion, file);
}
