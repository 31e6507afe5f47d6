/* What a request to the explorer speaks of.
 *
 * A command line is put together and parsed, rather than a problem changed: then there is one way
 * only from words to numbers, and the command that the page shows is the one that was computed. */
#include "cli/explore_line.h"
#include "equations/ode_file.h"

#include <stdlib.h>
#include <string.h>

enum { PARAMETERS_LENGTH = 2 * EXPLORE_QUERY_MOST };

/* ---- argv ---- */

/* Strings one after the other in one block, of which first the size is counted. */
struct words {
    char *at; /* NULL: only counting */
    char **argv;
    int argc;
    size_t size;
};

static void word_put(struct words *words, const char *name, const char *value)
{
    const char *parts[] = {name ? "--" : "", name ? name : "", name && *value ? "=" : "", value};
    size_t length = 0;
    if (words->at)
        words->argv[words->argc] = words->at;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        if (words->at)
            memcpy(words->at + length, parts[k], strlen(parts[k]) + 1);
        length += strlen(parts[k]);
    }
    if (words->at)
        words->at += length + 1;
    words->argc++;
    words->size += length + 1;
}

/* Options that take no value have the text "". */
static bool is_flag(enum option_word option)
{
    return option == OPTION_biases || option == OPTION_no_derivative;
}

/* What stands for the option, NULL: nothing.  parameters: of --par, with names. */
static const char *text_of(const struct options *start, const struct explore_query *query,
                           const char *parameters, enum option_word option)
{
    const char *asked =
        explore_query_allows(option) ? explore_query_value(query, options_name(option)) : NULL;
    if (!asked)
        return start->text[option];
    if (*asked == '\0')
        return NULL;
    return is_flag(option) ? "" : option == OPTION_par ? parameters : asked;
}

static void words_put(const struct options *start, const struct explore_query *query,
                      const char *parameters, struct words *words)
{
    word_put(words, NULL, "settle");
    word_put(words, NULL, start->command->name);
    for (size_t k = 0; k < start->words; k++)
        word_put(words, NULL, start->word[k]);
    for (int k = 0; k < OPTION_COUNT; k++) {
        const char *text = text_of(start, query, parameters, (enum option_word)k);
        if (text)
            word_put(words, options_name((enum option_word)k), text);
    }
}

/* "1,2" to "a=1,b=2", in the order of the file with the equations; a name may have no number. */
static enum status parameters_name(const struct equations *equations, const char *list, size_t size,
                                   char *text)
{
    size_t length = 0;
    for (size_t k = 0; k < equations->parameters; k++) {
        const size_t span = strcspn(list, ",");
        if (length + UNKNOWN_NAME_MAX + span + 2 > size)
            return status_fail(BAD_ARGUMENT, "par: too long");
        length += (size_t)snprintf(text + length, size - length, "%s%s=%.*s", k ? "," : "",
                                   equations->parameter[k].name, (int)span, list);
        list += span;
        if (*list++ == '\0')
            return k + 1 == equations->parameters
                       ? OK
                       : status_fail(BAD_ARGUMENT, "par: %zu numbers; %s has %zu", k + 1,
                                     equations->path, equations->parameters);
    }
    return status_fail(BAD_ARGUMENT, "par: %s has %zu numbers", equations->path,
                       equations->parameters);
}

/* The names are in the file that the command line has, and no request. */
static enum status parameters_take(const struct options *start, const struct explore_query *query,
                                   char text[PARAMETERS_LENGTH])
{
    const char *list = explore_query_value(query, options_name(OPTION_par));
    struct equations *equations = NULL;
    text[0] = '\0';
    if (!list || *list == '\0')
        return OK;
    if (!equations_is_file(start->word[0]))
        return status_fail(BAD_ARGUMENT, "par: %s has no parameters of a file", start->word[0]);
    TRY(ode_file_read(start->word[0], &equations));
    const enum status status = parameters_name(equations, list, PARAMETERS_LENGTH, text);
    equations_free(equations);
    return status;
}

static enum status argv_make(const struct options *start, const struct explore_query *query,
                             struct explore_stated *stated)
{
    struct words words = {.at = NULL};
    char parameters[PARAMETERS_LENGTH];
    TRY(parameters_take(start, query, parameters));
    words_put(start, query, parameters, &words);
    stated->argc = words.argc;
    stated->argv = calloc((size_t)words.argc + 1, sizeof *stated->argv);
    stated->storage = malloc(words.size);
    if (!stated->argv || !stated->storage)
        return status_fail(NO_MEMORY, "no memory for %d words", words.argc);
    words = (struct words){.at = stated->storage, .argv = stated->argv};
    words_put(start, query, parameters, &words);
    return OK;
}

/* ---- bounds ---- */

static enum status sizes_check(const struct options *options)
{
    size_t unknowns = 0;
    for (size_t k = 0; k < options->size_count; k++) {
        if (options->sizes[k] > EXPLORE_WIDTH_MOST)
            return status_fail(BAD_ARGUMENT,
                               "--sizes: %zu units in a layer; the explorer has at most %d",
                               options->sizes[k], EXPLORE_WIDTH_MOST);
        unknowns += k ? options->sizes[k] * options->sizes[k - 1] : 0;
    }
    if (unknowns > EXPLORE_UNKNOWNS_MOST)
        return status_fail(BAD_ARGUMENT, "--sizes: %zu unknowns; the explorer has at most %d",
                           unknowns, EXPLORE_UNKNOWNS_MOST);
    return OK;
}

/* Before anything is made of the options, which could be large. */
static enum status bounds_check(const struct options *options)
{
    TRY(sizes_check(options));
    if (options_given(options, OPTION_depth) && options->depth > EXPLORE_DEPTH_MOST)
        return status_fail(BAD_ARGUMENT, "--depth: the explorer has at most %d layers",
                           EXPLORE_DEPTH_MOST);
    for (size_t k = 0; k < options->grid_sides; k++)
        if (options->grid[k] > EXPLORE_SIDE_MOST)
            return status_fail(BAD_ARGUMENT, "--grid: at most %d cells along a side",
                               EXPLORE_SIDE_MOST);
    if (options->grid_sides && options->grid_sides != 2)
        return status_fail(BAD_ARGUMENT, "--grid: '%s' is not a grid of a plane; expected WxH",
                           options->text[OPTION_grid]);
    return OK;
}

/* ---- the whole ---- */

static enum status stated_fill(const struct options *start, const struct explore_query *query,
                               struct explore_stated *stated)
{
    TRY(argv_make(start, query, stated));
    TRY(options_parse(stated->argc, stated->argv, start->command, &stated->options));
    TRY(bounds_check(&stated->options));
    TRY(problem_from_options(&stated->options, &stated->given));
    if (stated->given.dim > EXPLORE_UNKNOWNS_MOST)
        return status_fail(BAD_ARGUMENT, "%zu unknowns; the explorer has at most %d",
                           stated->given.dim, EXPLORE_UNKNOWNS_MOST);
    if (explore_line_is(&stated->given))
        TRY(explore_line_plane(&stated->options, &stated->given, &stated->plane));
    else
        TRY(plane_from_options(&stated->options, &stated->given, &stated->plane));
    stated->width = stated->height = EXPLORE_SIDE_STANDARD;
    if (stated->options.grid_sides) {
        stated->width = (size_t)stated->options.grid[0];
        stated->height = (size_t)stated->options.grid[1];
    }
    return OK;
}

enum status explore_stated_make(const struct options *start, const struct explore_query *query,
                                struct explore_stated *stated)
{
    *stated = (struct explore_stated){.argc = 0};
    const enum status status = stated_fill(start, query, stated);
    if (status != OK)
        explore_stated_free(stated);
    return status;
}

void explore_stated_free(struct explore_stated *stated)
{
    plane_free(&stated->plane);
    problem_given_free(&stated->given);
    options_free(&stated->options);
    free(stated->argv);
    free(stated->storage);
    *stated = (struct explore_stated){.argc = 0};
}

/* ---- as a shell reads it ---- */

static bool is_plain(const char *text)
{
    return *text && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                 ".,+-/:_@%=") == strlen(text);
}

static void word_print(FILE *file, const char *text)
{
    if (is_plain(text)) {
        fprintf(file, " %s", text);
        return;
    }
    fputs(" '", file);
    for (; *text; text++)
        fputs(*text == '\'' ? "'\\''" : (const char[]){*text, '\0'}, file);
    fputc('\'', file);
}

static void command_print(const struct explore_stated *stated, const struct command *command,
                          enum option_word without, FILE *file)
{
    const struct options *options = &stated->options;
    fprintf(file, "settle %s", command->name);
    for (size_t k = 0; k < options->words; k++)
        word_print(file, options->word[k]);
    for (int k = 0; k < OPTION_COUNT; k++) {
        const enum option_word option = (enum option_word)k;
        const char *name = options_name(option);
        if (!options->text[k] || !options_are_taken(command, option) || option == without ||
            option == OPTION_quiet)
            continue;
        fprintf(file, " --%s", name);
        if (*options->text[k])
            word_print(file, options->text[k]);
    }
}

char *explore_stated_command(const struct explore_stated *stated, const struct command *command,
                             enum option_word without)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (!file)
        return NULL;
    command_print(stated, command, without, file);
    const bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed) {
        free(text);
        return NULL;
    }
    return text;
}
