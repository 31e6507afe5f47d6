/* From the command line to a claim about equations of one's own. */
#include "cli/hunt_own.h"

#include "base/number.h"

#include <stdlib.h>
#include <string.h>

bool hunt_own_is_asked(const struct options *options)
{
    return problem_is_file(options);
}

enum status hunt_own_refuse(const struct options *options)
{
    static const enum option_word about_files[] = {OPTION_init, OPTION_over, OPTION_par,
                                                   OPTION_window};
    for (size_t k = 0; k < sizeof about_files / sizeof *about_files; k++)
        if (options_given(options, about_files[k]))
            return status_fail(BAD_ARGUMENT, "--%s goes with an .ode file, not with %.200s",
                               options_name(about_files[k]), options->word[0]);
    return OK;
}

/* ---- intervals ---- */

static enum status window_take(const struct options *options, struct hunt_own *own)
{
    const size_t sides = options->window_sides, dim = own->given.dim;
    if (sides != 2 && sides != 2 * dim)
        return status_fail(BAD_ARGUMENT,
                           "--window has %zu numbers; expected two, for all unknowns, or two for "
                           "each of %zu (--over NAME=FROM:TO for one)",
                           sides, dim);
    for (size_t i = 0; i < dim; i++) {
        const double *side = options->window + (sides == 2 ? 0 : 2 * i);
        hunt_equations_window(&own->equations, i, side[0], side[1]);
    }
    return OK;
}

/* One of x=-1:1,a=0:2: the text of this one, cut at its signs. */
static enum status over_one(struct hunt_own *own, char *one)
{
    char *equals = strchr(one, '='), *colon = equals ? strchr(equals, ':') : NULL;
    double from = 0, to = 0;
    if (!colon)
        return status_fail(BAD_ARGUMENT, "'%.80s' is no interval; expected NAME=FROM:TO,...", one);
    *equals = *colon = '\0';
    TRY(number_parse(equals + 1, &from));
    TRY(number_parse(colon + 1, &to));
    if (!(from < to))
        return status_fail(BAD_ARGUMENT, "the interval of %.40s is empty: %g to %g", one, from, to);
    return hunt_equations_over(&own->equations, one, from, to);
}

static enum status over_take(const char *list, struct hunt_own *own)
{
    char *copy = strdup(list);
    if (!copy)
        return status_fail(NO_MEMORY, "intervals");
    enum status status = OK;
    for (char *one = copy, *next; one && status == OK; one = next) {
        next = strchr(one, ',');
        if (next)
            *next++ = '\0';
        status = over_one(own, one);
    }
    free(copy);
    return status;
}

/* ---- the claim ---- */

static enum status own_take(const struct options *options, struct hunt_own *own)
{
    TRY(problem_from_options(options, &own->given));
    TRY(hunt_equations_init(&own->given.problem, own->given.x0, own->given.dim, &own->equations));
    if (options_given(options, OPTION_window))
        TRY(window_take(options, own));
    if (options_given(options, OPTION_over))
        TRY(over_take(options->text[OPTION_over], own));
    hunt_equations_state(&own->equations);
    return OK;
}

enum status hunt_own_create(const struct options *options, struct hunt_own **out)
{
    struct hunt_own *own = calloc(1, sizeof *own);
    if (!own)
        return status_fail(NO_MEMORY, "a hunt for %.200s", options->word[0]);
    const enum status status = own_take(options, own);
    if (status != OK)
        hunt_own_free(own);
    else
        *out = own;
    return status;
}

void hunt_own_free(struct hunt_own *own)
{
    if (own)
        problem_given_free(&own->given);
    free(own);
}
