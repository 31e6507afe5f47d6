/* The portrait for the page: what `settle portrait` draws, computed by the same code.
 *
 * The tables of plots/portrait.h become lines; contours have fewer cells than on paper, since a
 * screen is coarser, and there are no trajectories but those that the page asks for.  Points carry
 * the eigenvalues of the flow where it has two unknowns. */
#include "cli/explore_line.h"

#include "cli/json.h"
#include "cli/plane_plan.h"
#include "linear/chain.h"

#include <math.h>
#include <string.h>

enum { ARROWS = 21, CELLS = 120, NOTE_LENGTH = 480 };

static const double SECONDS = 5;
static const double BASE = 10; /* of the logarithms of speeds */

/* ---- lines ---- */

/* The points of rows first..end-1, whose coordinates are the last two columns: [x,y,x,y,...] */
static json_t *line_json(const struct plane_sheet *sheet, size_t first, size_t end)
{
    json_t *line = json_array();
    for (size_t k = first; k < end; k++) {
        const double *at = sheet->value + (k + 1) * sheet->width - 2;
        json_array_append_new(line, json_finite(at[0]));
        json_array_append_new(line, json_finite(at[1]));
    }
    return line;
}

/* Calls take(array, kind, line) for each line of a sheet, if there is one of this name. */
typedef void line_taker(json_t *array, const char *kind, json_t *line);

static void lines_each(const struct plane_sheets *sheets, const char *name, line_taker *take,
                       json_t *array, const char *kind)
{
    const struct plane_sheet *sheet = plane_sheet_named(sheets, name);
    size_t first = 0;
    for (size_t k = 0; sheet && k <= sheet->cuts; k++) {
        const size_t end = k < sheet->cuts ? sheet->cut[k] : sheet->rows;
        if (end > first + 1) /* one point is no line */
            take(array, kind, line_json(sheet, first, end));
        first = end;
    }
}

static void line_plain(json_t *array, const char *kind, json_t *line)
{
    (void)kind;
    json_array_append_new(array, line);
}

static void line_kind(json_t *array, const char *kind, json_t *line)
{
    json_array_append_new(array, json_pack("{ss so}", "kind", kind, "line", line));
}

static void line_stability(json_t *array, const char *kind, json_t *line)
{
    json_array_append_new(array, json_pack("{ss so}", "stability", kind, "line", line));
}

static json_t *lines_json(const struct plane_sheets *sheets, const char *name)
{
    json_t *array = json_array();
    lines_each(sheets, name, line_plain, array, NULL);
    return array;
}

/* Of two sheets, which differ in kind. */
struct kinds {
    const char *sheet[2], *kind[2];
};

static json_t *kinds_json(const struct plane_sheets *sheets, line_taker *take,
                          const struct kinds *kinds)
{
    json_t *array = json_array();
    for (size_t k = 0; k < 2; k++)
        lines_each(sheets, kinds->sheet[k], take, array, kinds->kind[k]);
    return array;
}

/* ---- the parts ---- */

static json_t *field_json(const struct plane_view *view, const struct plane_plan *plan)
{
    static const char *const names[] = {"x", "y", "dx", "dy", "speed"};
    enum { NAMES = sizeof names / sizeof *names };
    const struct plane_sheet *sheet = plane_sheet_named(&view->sheets, "portrait-field.tsv");
    json_t *object = json_pack("{sI sI}", "w", (json_int_t)plan->arrows_across, "h",
                               (json_int_t)plan->arrows_up);
    for (size_t c = 0; c < NAMES; c++) {
        json_t *array = json_array();
        for (size_t k = 0; sheet && k < sheet->rows; k++) {
            const double value = sheet->value[k * sheet->width + c];
            json_array_append_new(array, json_finite(c + 1 < NAMES ? value : pow(BASE, value)));
        }
        json_object_set_new(object, names[c], array);
    }
    json_object_set_new(object, "decades", json_vector(2, view->figure.speed));
    return object;
}

static json_t *nullclines_json(const struct plane_view *view)
{
    static const char *const sheets[] = {"portrait-nullclines-0.tsv", "portrait-nullclines-1.tsv"};
    json_t *array = json_array();
    for (size_t k = 0; k < 2; k++) {
        json_t *lines = lines_json(&view->sheets, sheets[k]);
        if (json_array_size(lines) == 0) {
            json_decref(lines);
            continue;
        }
        json_array_append_new(array, json_pack("{so sI so}", "name",
                                               json_sprintf("%s' = 0", view->figure.axis[k]),
                                               "component", (json_int_t)k, "lines", lines));
    }
    return array;
}

static json_t *curves_json(const struct plane_sheets *sheets)
{
    json_t *array = json_array();
    lines_each(sheets, "portrait-attracting.tsv", line_stability, array, "attracts");
    lines_each(sheets, "portrait-repelling.tsv", line_stability, array, "repels");
    lines_each(sheets, "portrait-neutral.tsv", line_stability, array, "unknown");
    return array;
}

/* "eigenvalues -0.5, -2" or "-1 +- 2i", of a flow of two unknowns; else what the mark is called. */
static void note_write(const struct plane *plane, const struct portrait_point *point,
                       const char *title, char note[NOTE_LENGTH])
{
    static const double FOUR = 4; /* the discriminant of lambda^2 - tr lambda + det */
    const struct flow *flow = plane->given->flow;
    double J[2 * 2], *state = plane_row(plane, PLANE_ROW_CALLER);
    snprintf(note, NOTE_LENGTH, "%s", title);
    plane_state(plane, point->x, point->y, state);
    if (flow->dim != 2 || !flow->jacobian || flow->jacobian(flow, state, J) != OK)
        return;
    const double trace = J[0] + J[3], det = J[0] * J[3] - J[1] * J[2];
    const double root = sqrt(fabs(trace * trace - FOUR * det));
    const bool is_pair = trace * trace < FOUR * det;
    if (is_pair && (point->mark == PORTRAIT_CENTRE || point->mark == PORTRAIT_DEGENERATE))
        snprintf(note, NOTE_LENGTH, "%s; eigenvalues +-%.6gi", title, root / 2);
    else if (is_pair)
        snprintf(note, NOTE_LENGTH, "%s; eigenvalues %.6g +- %.6gi", title, trace / 2, root / 2);
    else
        snprintf(note, NOTE_LENGTH, "%s; eigenvalues %.6g, %.6g", title, (trace - root) / 2,
                 (trace + root) / 2);
}

/* Where a search for a limit cycle round this focus has found none, it is said. */
static void note_missed(const struct plane_view *view, const struct portrait_point *point,
                        char note[NOTE_LENGTH])
{
    for (size_t k = 0; k < view->misses; k++) {
        const size_t length = strlen(note);
        if (view->miss[k].x == point->x && view->miss[k].y == point->y)
            snprintf(note + length, NOTE_LENGTH - length, "; no limit cycle found round it: %s",
                     view->miss[k].reason);
    }
}

static json_t *points_json(const struct plane *plane, const struct plane_view *view)
{
    static const char *const kinds[PORTRAIT_MARKS] = {
        [PORTRAIT_ATTRACTOR] = "stable", [PORTRAIT_REPELLER] = "unstable",
        [PORTRAIT_SADDLE] = "saddle",    [PORTRAIT_SEMISTABLE] = "semistable",
        [PORTRAIT_CENTRE] = "centre",    [PORTRAIT_DEGENERATE] = "degenerate",
        [PORTRAIT_CHANGE] = "change",    [PORTRAIT_START] = "start"};
    json_t *array = json_array();
    for (size_t k = 0; k < view->figure.points; k++) {
        const struct portrait_point *point = &view->mark[k];
        char note[NOTE_LENGTH];
        note_write(plane, point, plane_plan_mark(point->mark), note);
        note_missed(view, point, note);
        json_array_append_new(array,
                              json_pack("{sf sf ss so}", "x", point->x, "y", point->y, "kind",
                                        kinds[point->mark], "note", json_text(note)));
    }
    return array;
}

static json_t *leaves_json(const struct plane_view *view)
{
    if (!view->leaf)
        return json_null();
    return json_pack("{ss so}", "name", view->leaf->name, "lines",
                     lines_json(&view->sheets, "portrait-leaves.tsv"));
}

/* S = 0, where the product of a chain's weights turns. */
static json_t *critical_json(const struct plane_view *view)
{
    if (!view->figure.critical)
        return json_null();
    return json_pack("{ss so}", "name", "S = 0, where dP/dt changes sign", "lines",
                     lines_json(&view->sheets, "portrait-critical.tsv"));
}

static json_t *portrait_json(const struct plane *plane, const struct plane_plan *plan,
                             const struct plane_view *view)
{
    static const struct kinds cycles = {{"portrait-cycles.tsv", "portrait-unstable-cycles.tsv"},
                                        {"attracts", "repels"}};
    static const struct kinds manifolds = {{"portrait-separatrices.tsv", "portrait-unstable.tsv"},
                                           {"stable", "unstable"}};
    static const struct kinds switches = {{"portrait-slides.tsv", "portrait-parts.tsv"},
                                          {"slides", "parts"}};
    json_t *object = json_object();
    json_object_set_new(object, "field", field_json(view, plan));
    json_object_set_new(object, "nullclines", nullclines_json(view));
    json_object_set_new(object, "curves", curves_json(&view->sheets));
    json_object_set_new(object, "points", points_json(plane, view));
    json_object_set_new(object, "leaves", leaves_json(view));
    json_object_set_new(object, "critical", critical_json(view));
    json_object_set_new(object, "cycles", kinds_json(&view->sheets, line_stability, &cycles));
    json_object_set_new(object, "manifolds", kinds_json(&view->sheets, line_kind, &manifolds));
    json_object_set_new(object, "switches", kinds_json(&view->sheets, line_kind, &switches));
    return object;
}

/* ---- the answer ---- */

static enum status answer_finish(const struct explore_question *question, json_t *object,
                                 json_t **answer)
{
    json_object_set_new(object, "milliseconds",
                        json_finite(explore_clock_milliseconds(question->clock)));
    *answer = object;
    return object ? OK : status_fail(NO_MEMORY, "no memory for an answer");
}

static enum status portrait_answer(const struct explore_question *question, json_t **answer)
{
    struct plane plane = question->stated->plane;
    struct plane_plan plan = plane_plan_from(&question->stated->options, &plane);
    struct plane_view view;
    if (explore_line_is(plane.given))
        return answer_finish(question, explore_line_portrait(&plane), answer);
    plan.arrows_across = ARROWS;
    plan.arrows_up = (size_t)(ARROWS * portrait_aspect(plane.window) + 0.5);
    plan.starts = 0;
    plan.from_init = false;
    plan.plan.stop = explore_clock_stop;
    plan.plan.context = question->clock;
    plane.cells = CELLS;
    plane.stop = explore_clock_stop;
    plane.context = question->clock;
    TRY(plane_compute(&plane, &plan, &view));
    if (explore_clock_is_over(question->clock)) {
        plane_view_free(&view);
        return status_fail(BAD_ARGUMENT, "a portrait of this takes more than %g s", SECONDS);
    }
    json_t *object = portrait_json(&plane, &plan, &view);
    plane_view_free(&view);
    return answer_finish(question, object, answer);
}

const struct explore_kind explore_kind_portrait = {
    .name = "portrait", .own = "", .seconds = SECONDS, .answer = portrait_answer};
