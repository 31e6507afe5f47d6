/* What a portrait shows: one record per view, chosen by --view or by the names in --plane.
 *
 * A view checks its options before anything is written, then makes tables and one figure in a
 * folder with a manifest.
 * Memory: plain data.  Errors: UNKNOWN_NAME, BAD_ARGUMENT, and those of drawing. */
#ifndef CLI_VIEW_H
#define CLI_VIEW_H

#include "cli/manifest.h"
#include "cli/orbit.h"
#include "cli/problem_from_options.h"
#include "cli/terminal.h"

struct view {
    const char *name, *title;
    /* A view may change parameters of the problem; it ends the progress before it prints. */
    enum status (*run)(const struct options *options, struct problem_given *given,
                       struct progress *progress);
};

/* One alphabetical list of words. */
#define VIEWS(X)                                                                                   \
    X(directions)                                                                                  \
    X(eigenvalues)                                                                                 \
    X(leaf)                                                                                        \
    X(panels)                                                                                      \
    X(plane)                                                                                       \
    X(space)

#define X(name) extern const struct view view_##name;
VIEWS(X)
#undef X

enum status view_chosen(const struct options *options, const struct view **view) MUST_CHECK;

/* The unknowns that --plane names, by index; BAD_ARGUMENT unless there are `count` different ones.
 * Without --plane: the first ones. */
enum status view_unknowns(const struct options *options, const struct flow *flow, size_t count,
                          size_t *unknown) MUST_CHECK;

/* BAD_ARGUMENT if an option was given that the view does not read; `read` has the words of those
 * of --of --plane --starts --window --grid that it does. */
enum status view_options_fit(const struct options *options, const char *name,
                             const char *read) MUST_CHECK;

/* Makes the folder (--out, or portrait-results) and its manifest round make(context, manifest). */
enum status view_in_folder(const struct options *options,
                           enum status (*make)(void *context, struct manifest *manifest),
                           void *context) MUST_CHECK;

/* Problem, plan, seed and the name of the view. */
void view_parameters(struct manifest *manifest, const struct problem_given *given,
                     const struct plan *plan, uint64_t seed, const char *name);

/* The plan of the options; its horizon is long enough for a picture. */
struct plan view_plan(const struct options *options);
size_t view_starts(const struct options *options, size_t standard);

/* "CVODE BDF, rtol 1e-10, atol 1e-12; seed 1"; text[size]. */
const char *view_numerics(const struct plan *plan, uint64_t seed, size_t size, char *text);

#endif
