/* What the views of a portrait share.
 *
 * Which view: --view by name, else by how many unknowns --plane names, three for a box.  Options
 * that a view does not read are refused rather than ignored, before anything is written: whoever
 * gives one believes that it matters. */
#include "cli/view.h"

#include "base/nearest.h"
#include "cli/json.h"
#include "ode/trajectory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { HINT_MAX = 80, SEED_LENGTH = 32, ARROWS_MOST = 400 };

static const char DIRECTORY_STANDARD[] = "portrait-results";

/* Long enough for the slow passages that a picture can show; endings stop settled ones before. */
static const double HORIZON_STANDARD = 1e4;

#define X(name) &view_##name,
static const struct view *const views[] = {VIEWS(X) NULL};
#undef X

static size_t names_in(const char *text)
{
    size_t count = 1;
    for (; *text; text++)
        count += *text == ',';
    return count;
}

enum status view_chosen(const struct options *options, const struct view **view)
{
    enum { SPACE_NAMES = 3 };
    const char *name = options->text[OPTION_view];
    if (!name && options_given(options, OPTION_panels))
        name = view_panels.name;
    if (!name)
        name = options_given(options, OPTION_plane) &&
                       names_in(options->text[OPTION_plane]) == SPACE_NAMES
                   ? view_space.name
                   : view_plane.name;
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; views[k]; k++) {
        if (strcmp(views[k]->name, name) == 0) {
            *view = views[k];
            return OK;
        }
        nearest_offer(&nearest, views[k]->name);
    }
    char hint[HINT_MAX];
    return status_fail(
        UNKNOWN_NAME,
        "--view: there is no view '%s'%s (directions, eigenvalues, leaf, panels, plane, space)",
        name, nearest_hint(&nearest, sizeof hint, hint));
}

static enum status unknown_named(const struct flow *flow, const char *name, size_t length,
                                 size_t *unknown)
{
    char text[HINT_MAX], hint[HINT_MAX];
    snprintf(text, sizeof text, "%.*s", (int)(length < sizeof text ? length : sizeof text), name);
    struct nearest nearest = nearest_to(text);
    for (size_t k = 0; k < flow->dim; k++) {
        if (strcmp(flow->names[k], text) == 0) {
            *unknown = k;
            return OK;
        }
        nearest_offer(&nearest, flow->names[k]);
    }
    return status_fail(UNKNOWN_NAME, "--plane: there is no unknown '%s'%s (%s to %s)", text,
                       nearest_hint(&nearest, sizeof hint, hint), flow->names[0],
                       flow->names[flow->dim - 1]);
}

enum status view_unknowns(const struct options *options, const struct flow *flow, size_t count,
                          size_t *unknown)
{
    for (size_t k = 0; k < count; k++)
        unknown[k] = k;
    if (!options_given(options, OPTION_plane))
        return OK;
    const char *text = options->text[OPTION_plane], *at = text;
    if (names_in(text) != count)
        return status_fail(BAD_ARGUMENT, "--plane: '%s' has %zu name%s; expected %zu, e.g. %s,%s%s",
                           text, names_in(text), names_in(text) == 1 ? "" : "s", count,
                           flow->names[0], flow->names[1], count > 2 ? ",..." : "");
    for (size_t k = 0; k < count; k++) {
        const size_t length = strcspn(at, ",");
        TRY(unknown_named(flow, at, length, &unknown[k]));
        for (size_t j = 0; j < k; j++)
            if (unknown[j] == unknown[k])
                return status_fail(BAD_ARGUMENT, "--plane: '%s' names one unknown twice", text);
        at += length + 1;
    }
    return OK;
}

/* --grid allows maps of basins far more. */
static enum status arrows_check(const struct options *options)
{
    if (options->grid_sides != 2)
        return status_fail(BAD_ARGUMENT, "--grid: '%s' is not a grid of arrows; expected WxH",
                           options->text[OPTION_grid]);
    for (size_t k = 0; k < 2; k++)
        if (options->grid[k] > ARROWS_MOST)
            return status_fail(BAD_ARGUMENT, "--grid: '%s' has more than %d arrows along a side",
                               options->text[OPTION_grid], ARROWS_MOST);
    return OK;
}

enum status view_options_fit(const struct options *options, const char *name, const char *read)
{
    static const enum option_word own[] = {OPTION_grid,  OPTION_of,     OPTION_panels,
                                           OPTION_plane, OPTION_starts, OPTION_window};
    for (size_t k = 0; k < sizeof own / sizeof *own; k++)
        if (options_given(options, own[k]) && !strstr(read, options_name(own[k])))
            return status_fail(BAD_ARGUMENT, "the view %s has no --%s", name, options_name(own[k]));
    return options_given(options, OPTION_grid) ? arrows_check(options) : OK;
}

enum status view_in_folder(const struct options *options,
                           enum status (*make)(void *context, struct manifest *manifest),
                           void *context)
{
    struct manifest *manifest;
    const char *directory =
        options_given(options, OPTION_out) ? options->text[OPTION_out] : DIRECTORY_STANDARD;
    TRY(manifest_create(options, directory, &manifest));
    manifest_clear(manifest);
    const enum status status = make(context, manifest);
    if (status == OK)
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

void view_parameters(struct manifest *manifest, const struct problem_given *given,
                     const struct plan *plan, uint64_t seed, const char *name)
{
    char text[SEED_LENGTH];
    snprintf(text, sizeof text, "%" PRIu64, seed);
    manifest_problem(manifest, given);
    manifest_plan(manifest, plan);
    manifest_parameter(manifest, "seed", json_string(text));
    manifest_parameter(manifest, "view", json_string(name));
}

struct plan view_plan(const struct options *options)
{
    struct plan plan = options_plan(options);
    if (!options_given(options, OPTION_horizon))
        plan.horizon = HORIZON_STANDARD;
    return plan;
}

size_t view_starts(const struct options *options, size_t standard)
{
    return options_given(options, OPTION_starts) ? (size_t)options->starts : standard;
}

const char *view_numerics(const struct plan *plan, uint64_t seed, size_t size, char *text)
{
    snprintf(text, size, "%s, rtol %g, atol %g; seed %" PRIu64, options_method_title(plan->method),
             plan->rtol, plan->atol, seed);
    return text;
}
