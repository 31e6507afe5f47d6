/* Terminals.
 *
 * Green, yellow and bold red are told apart by their lightness, too, and the word that is painted
 * says the same.  The environment is read here and nowhere in the library. */
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DECIMAL = 10 };
static const unsigned long COLUMNS_MOST = 10000; /* wider is a mistake */

static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return !term || !*term || strcmp(term, "dumb") == 0;
}

/* COLUMNS, for terminals that do not say; 0: not set. */
static size_t columns_given(void)
{
    const char *text = getenv("COLUMNS");
    const unsigned long columns = text ? strtoul(text, NULL, DECIMAL) : 0;
    return columns <= COLUMNS_MOST ? columns : 0;
}

bool terminal_shows_progress(const struct options *options)
{
    return !options_given(options, OPTION_quiet) && !is_dumb();
}

struct progress *terminal_progress(const struct options *options)
{
    struct progress *progress = progress_create(terminal_shows_progress(options));
    progress_columns(progress, columns_given());
    return progress;
}

struct progress *terminal_progress_log(bool visible)
{
    struct progress *progress = progress_create_log(visible);
    progress_columns(progress, columns_given());
    return progress;
}

struct progress *terminal_wait_begin(const struct options *options, const char *what)
{
    struct progress *progress = terminal_progress(options);
    progress_begin(progress, what, 0);
    return progress;
}

void terminal_wait_end(struct progress *progress)
{
    progress_end(progress);
    progress_free(progress);
}

bool terminal_has_colours(FILE *file)
{
    const char *no_color = getenv("NO_COLOR");
    return isatty(fileno(file)) && !(no_color && *no_color) && !is_dumb();
}

enum terminal_paint terminal_paint_of(const char *verdict)
{
    static const struct {
        const char *word;
        enum terminal_paint paint;
    } paints[] = {
        {"certified", TERMINAL_GOOD},  {"fails", TERMINAL_BAD},     {"holds", TERMINAL_GOOD},
        {"proved", TERMINAL_GOOD},     {"refuted", TERMINAL_DOUBT}, {"supported", TERMINAL_GOOD},
        {"undecided", TERMINAL_DOUBT},
    };
    for (size_t k = 0; k < sizeof paints / sizeof *paints; k++)
        if (strncmp(verdict, paints[k].word, strlen(paints[k].word)) == 0)
            return paints[k].paint;
    return TERMINAL_PLAIN;
}

const char terminal_paint_end[] = "\033[0m";
const char terminal_erase[] = "\r\033[K";

const char *terminal_paint_begin(enum terminal_paint paint)
{
    static const char *const begin[] = {[TERMINAL_PLAIN] = "",
                                        [TERMINAL_GOOD] = "\033[32m",
                                        [TERMINAL_DOUBT] = "\033[33m",
                                        [TERMINAL_BAD] = "\033[1;31m"};
    return begin[paint];
}
