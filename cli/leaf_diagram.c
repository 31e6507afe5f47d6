/* From critical values to curves: between two of them the zeros are followed by their order alone.
 *
 * Which zeros meet at a critical value is seen on either side of it: at the distances d and 4 d a pair that
 * meets in a fold is twice as far apart at 4 d, one that crosses four times, and others stay where they are.
 * Zeros are exact, so that d may be small.  Two folds that share a zero are a pitchfork: branches cross. */
#include "cli/leaf_diagram.h"

#include "base/nearest.h"
#include "cli/columns.h"
#include "cli/exact_from_options.h"
#include "cli/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS_LEAST = 40, POINTS_ALL = 400, HINT_MAX = 80, STATE_LENGTH = 512 };

static const double BESIDE =
    1e-10; /* of the interval: how near to a critical value zeros are looked at */
static const double FARTHER = 4; /* and how much farther */
static const double FOLDS_FROM = 1.5,
                    FOLDS_TO = 3; /* the ratio of two distances: 2 at folds, 4 at crossings */
static const double PI = 3.14159265358979323846;

const char *const leaf_event_name[LEAF_EVENTS] = {
    [LEAF_FOLD] = "fold", [LEAF_CROSSING] = "crossing"};

/* ---- what is asked ---- */

struct letter {
    enum zeros_letter letter;
    size_t index;
};

/* "c2" after the letter c: 1; "K" with two layers: 0; SIZE_MAX: none of 1..count */
static size_t index_after(const char *name, char letter, size_t count)
{
    char *end;
    if (name[0] != letter)
        return SIZE_MAX;
    if (name[1] == '\0')
        return count == 1 ? 0 : SIZE_MAX;
    const unsigned long index = strtoul(name + 1, &end, 10); /* decimal */
    return *end == '\0' && index >= 1 && index <= count ? index - 1 : SIZE_MAX;
}

static enum status letter_named(const struct leaf_diagram *diagram, const char *name,
                                struct letter *letter)
{
    const size_t constants = diagram->statement->size - 1;
    const size_t level = index_after(name, 'K', constants),
                 weight = index_after(name, 'c', constants);
    const bool layered = diagram->given.problem.rule && constants > 1 &&
                         strcmp(diagram->given.problem.rule->name, "rbp") == 0;
    if (strcmp(name, "alpha") == 0)
        *letter = (struct letter){ZEROS_ALPHA, 0};
    else if (strcmp(name, "beta") == 0)
        *letter = (struct letter){ZEROS_BETA, 0};
    else if (level != SIZE_MAX)
        *letter = (struct letter){ZEROS_LEVEL, level};
    else if (weight != SIZE_MAX && layered)
        return status_fail(BAD_ARGUMENT,
                           "under rbp %s is in the updates of several layers; a sweep "
                           "over leaves needs --rule srbp for that",
                           name);
    else if (weight != SIZE_MAX)
        *letter = (struct letter){ZEROS_FEEDBACK, weight};
    else
        return status_fail(UNKNOWN_NAME,
                           "--over: a leaf of %s has no '%s'; it has alpha, beta, c1 and K%s",
                           diagram->given.flow->title, name, constants > 1 ? "1, ..." : "");
    return OK;
}

static enum status unknown_choose(struct leaf_diagram *diagram)
{
    char hint[HINT_MAX];
    const char *name = diagram->options->text[OPTION_unknown];
    if (!name)
        return OK;
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; k < diagram->dim; k++) {
        if (strcmp(diagram->given.flow->names[k], name) == 0) {
            diagram->unknown = k;
            return OK;
        }
        nearest_offer(&nearest, diagram->given.flow->names[k]);
    }
    return status_fail(UNKNOWN_NAME, "--unknown: there is no unknown '%s'%s", name,
                       nearest_hint(&nearest, sizeof hint, hint));
}

static enum status options_check(const struct options *options)
{
    static const enum option_word needed[] = {OPTION_over, OPTION_from, OPTION_to};
    static const enum option_word unread[] = {OPTION_interval, OPTION_starts, OPTION_horizon,
                                              OPTION_steps,    OPTION_rtol,   OPTION_atol,
                                              OPTION_method,   OPTION_seed};
    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
        if (!options_given(options, needed[k]))
            return status_fail(BAD_ARGUMENT,
                               "--%s is missing; a sweep needs --over NAME --from X --to Y",
                               options_name(needed[k]));
    for (size_t k = 0; k < sizeof unread / sizeof *unread; k++)
        if (options_given(options, unread[k]))
            return status_fail(BAD_ARGUMENT, "a sweep over leaves is exact, and has no --%s",
                               options_name(unread[k]));
    if (!(options->from < options->to))
        return status_fail(BAD_ARGUMENT, "--from %g is not less than --to %g", options->from,
                           options->to);
    return OK;
}

static enum status diagram_fill(struct leaf_diagram *diagram)
{
    const char *why_not = NULL;
    struct letter letter = {ZEROS_ALPHA, 0};
    TRY(exact_from_options(diagram->options, &diagram->given, &diagram->statement, &why_not));
    const struct statement *s = diagram->statement;
    if (!s || s->family != STATEMENT_CHAIN || s->rule != STATEMENT_DIRECT || s->size < 2) {
        statement_free(diagram->statement);
        diagram->statement = NULL;
        return OK;
    }
    diagram->dim = s->size;
    TRY(options_check(diagram->options));
    TRY(letter_named(diagram, diagram->options->text[OPTION_over], &letter));
    TRY(unknown_choose(diagram));
    return zeros_family_create(s, letter.letter, letter.index, &diagram->family);
}

enum status leaf_diagram_prepare(const struct options *options, struct leaf_diagram *diagram)
{
    *diagram = (struct leaf_diagram){.options = options};
    TRY(problem_from_options(options, &diagram->given));
    const enum status status = diagram_fill(diagram);
    if (status != OK || !diagram->statement)
        leaf_diagram_free(diagram);
    return status;
}

/* ---- where zeros meet ---- */

static double width_of(const struct leaf_diagram *diagram)
{
    return diagram->options->to - diagram->options->from;
}

/* Two folds that share zero j meet there, all three. */
static void special_shares(struct leaf_diagram *diagram, const struct zeros *zeros, size_t j)
{
    struct leaf_special *special = &diagram->special[diagram->specials - 1];
    special->event = LEAF_CROSSING;
    special->s = zeros->zero[j].s;
    zeros_state(zeros, special->s, special->state);
}

/* Appends where zeros j and j + 1 meet. */
static enum status special_add(struct leaf_diagram *diagram, const struct zeros *zeros, size_t j,
                               struct leaf_special special)
{
    if (diagram->specials == diagram->special_room) {
        const size_t room = 2 * diagram->special_room + 1;
        struct leaf_special *more = realloc(diagram->special, room * sizeof *more);
        if (!more)
            return status_fail(NO_MEMORY, "no memory for %zu folds", room);
        diagram->special = more;
        diagram->special_room = room;
    }
    special.s = (zeros->zero[j].s + zeros->zero[j + 1].s) / 2;
    special.state = calloc(diagram->dim, sizeof *special.state);
    if (!special.state)
        return status_fail(NO_MEMORY, "no memory for a fold");
    zeros_state(zeros, special.s, special.state);
    diagram->special[diagram->specials++] = special;
    return OK;
}

/* Zeros at two distances on one side of a critical value. */
static enum status meetings_on(struct leaf_diagram *diagram, const struct zeros *near,
                               const struct zeros *far, struct leaf_special special)
{
    bool folded = false; /* the pair before */
    for (size_t j = 0; j + 1 < near->count && near->count == far->count; j++) {
        const double ratio =
            (far->zero[j + 1].s - far->zero[j].s) / (near->zero[j + 1].s - near->zero[j].s);
        const bool folds = ratio > FOLDS_FROM && ratio < FOLDS_TO;
        special.event = folds ? LEAF_FOLD : LEAF_CROSSING;
        if (folds && folded)
            special_shares(diagram, near, j);
        else if (folds || ratio >= FOLDS_TO)
            TRY(special_add(diagram, near, j, special));
        folded = folds;
    }
    return OK;
}

/* On the side that has more zeros. */
static enum status meetings_at(struct leaf_diagram *diagram, double value)
{
    struct zeros *zeros[2][2] = {{NULL}};
    const double d = BESIDE * width_of(diagram);
    enum status status = OK;
    for (int side = 0; side < 2; side++)
        for (int far = 0; far < 2 && status == OK; far++)
            status = zeros_family_at(diagram->family, value + (side ? d : -d) * (far ? FARTHER : 1),
                                     &zeros[side][far]);
    if (status == OK) {
        const int side = zeros[1][0]->count > zeros[0][0]->count;
        status = meetings_on(diagram, zeros[side][0], zeros[side][1],
                             (struct leaf_special){.value = value});
    }
    for (int side = 0; side < 2; side++)
        for (int far = 0; far < 2; far++)
            zeros_free(zeros[side][far]);
    return status;
}

/* ---- the curves ---- */

static enum status piece_allocate(struct leaf_piece *piece, size_t dim)
{
    const size_t all = piece->points * piece->count;
    piece->value = calloc(piece->points, sizeof *piece->value);
    piece->s = calloc(all + 1, sizeof *piece->s);
    piece->state = calloc(all * dim + 1, sizeof *piece->state);
    piece->attracts = calloc(piece->count + 1, sizeof *piece->attracts);
    if (!piece->value || !piece->s || !piece->state || !piece->attracts)
        return status_fail(NO_MEMORY, "no memory for %zu fixed points", all);
    return OK;
}

static enum status piece_take(const struct leaf_diagram *diagram, struct leaf_piece *piece,
                              size_t k, const struct zeros *zeros)
{
    if (zeros->count != piece->count)
        return status_fail(SOLVER_FAILED, "%zu fixed points at %.17g, %zu beside it", zeros->count,
                           piece->value[k], piece->count);
    for (size_t j = 0; j < zeros->count; j++) {
        const struct zeros_zero *zero = &zeros->zero[j];
        piece->s[k * piece->count + j] = zero->s;
        piece->attracts[j] = zero->before > 0 && zero->after < 0;
        zeros_state(zeros, zero->s, piece->state + (k * piece->count + j) * diagram->dim);
    }
    return OK;
}

/* Denser to the ends, where a fold bends like a square root. */
static double node(const struct leaf_piece *piece, size_t k)
{
    const double from = piece->from + piece->margin[0], to = piece->to - piece->margin[1];
    const double middle = (from + to) / 2, half = (to - from) / 2;
    return middle - half * cos(PI * (double)k / (double)(piece->points - 1));
}

static enum status piece_compute(struct leaf_diagram *diagram, struct leaf_piece *piece)
{
    struct zeros *zeros = NULL;
    const double share = (piece->to - piece->from) / width_of(diagram);
    piece->points = POINTS_LEAST + (size_t)(POINTS_ALL * share);
    TRY(zeros_family_at(diagram->family, (piece->from + piece->to) / 2, &zeros));
    piece->count = zeros->count;
    zeros_free(zeros);
    TRY(piece_allocate(piece, diagram->dim));
    for (size_t k = 0; k < piece->points; k++) {
        piece->value[k] = node(piece, k);
        TRY(zeros_family_at(diagram->family, piece->value[k], &zeros));
        const enum status status = piece_take(diagram, piece, k, zeros);
        zeros_free(zeros);
        TRY(status);
    }
    return OK;
}

/* A piece from `at` to the next critical value, or to the end. */
static enum status piece_add(struct leaf_diagram *diagram, const struct leaf_piece *bounds)
{
    struct leaf_piece *piece = &diagram->piece[diagram->pieces++];
    *piece = *bounds;
    if (diagram->pieces > 1) {
        piece->first_event[0] = piece[-1].first_event[1];
        piece->events[0] = piece[-1].events[1];
    }
    piece->first_event[1] = diagram->specials;
    if (piece->to < diagram->options->to)
        TRY(meetings_at(diagram, piece->to));
    piece->events[1] = diagram->specials - piece->first_event[1];
    return piece_compute(diagram, piece);
}

/* Cuts the interval at its critical values; zeros are looked at just beside them, also where an end of the
 * interval is one. */
enum status leaf_diagram_compute(struct leaf_diagram *diagram)
{
    const struct zeros_family *family = diagram->family;
    const double from = diagram->options->from, end = diagram->options->to;
    const double beside = BESIDE * width_of(diagram), least = 2 * FARTHER * beside;
    struct leaf_piece bounds = {.from = from};
    diagram->piece = calloc(family->count + 1, sizeof *diagram->piece);
    if (!diagram->piece)
        return status_fail(NO_MEMORY, "no memory for %zu pieces", family->count + 1);
    for (size_t k = 0; k < family->count; k++) {
        const double cut = family->critical[k];
        if (cut > end - least) {
            bounds.margin[1] = cut < end + least ? least : 0;
            break;
        }
        if (cut < from + least) {
            bounds.margin[0] = cut > from - least ? least : 0;
            continue;
        }
        if (cut < bounds.from + least)
            return status_fail(SOLVER_FAILED, "the critical values %.17g and %.17g are too near",
                               bounds.from, cut);
        bounds.to = cut;
        bounds.margin[1] = beside;
        TRY(piece_add(diagram, &bounds));
        bounds = (struct leaf_piece){.from = cut, .margin = {beside, 0}};
    }
    bounds.to = end;
    return piece_add(diagram, &bounds);
}

void leaf_diagram_free(struct leaf_diagram *diagram)
{
    for (size_t k = 0; k < diagram->pieces; k++) {
        free(diagram->piece[k].value);
        free(diagram->piece[k].s);
        free(diagram->piece[k].state);
        free(diagram->piece[k].attracts);
    }
    for (size_t k = 0; k < diagram->specials; k++)
        free(diagram->special[k].state);
    free(diagram->piece);
    free(diagram->special);
    zeros_family_free(diagram->family);
    statement_free(diagram->statement);
    problem_given_free(&diagram->given);
    *diagram = (struct leaf_diagram){.options = diagram->options};
}

/* ---- results ---- */

static const char *state_text(const struct leaf_diagram *diagram, const double *x,
                              char text[STATE_LENGTH])
{
    size_t length = 0;
    for (size_t k = 0; k < diagram->dim && length < STATE_LENGTH; k++)
        length += (size_t)snprintf(text + length, STATE_LENGTH - length, "%s%s = %.10g",
                                   k ? ", " : "", diagram->given.flow->names[k], x[k]);
    return text;
}

static size_t attracting(const struct leaf_piece *piece)
{
    size_t count = 0;
    for (size_t j = 0; j < piece->count; j++)
        count += piece->attracts[j];
    return count;
}

enum status leaf_diagram_print(const struct leaf_diagram *diagram, FILE *file)
{
    char text[STATE_LENGTH];
    const char *name = diagram->options->text[OPTION_over];
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s, on the leaf of its start", diagram->given.flow->title);
    columns_cell(columns, "varied");
    columns_cell(columns, "%s from %.10g to %.10g; here it is %.10g", name, diagram->options->from,
                 diagram->options->to, zeros_family_standard(diagram->family));
    for (size_t k = 0; k < diagram->pieces; k++) {
        const struct leaf_piece *piece = &diagram->piece[k];
        columns_cell(columns, "fixed points");
        columns_cell(columns, "%zu for %s from %.10g to %.10g; %zu of them attract", piece->count,
                     name, piece->from, piece->to, attracting(piece));
    }
    for (size_t k = 0; k < diagram->specials; k++) {
        const struct leaf_special *special = &diagram->special[k];
        columns_cell(columns, "%s", leaf_event_name[special->event]);
        columns_cell(columns, "%s = %.15g; %s", name, special->value,
                     state_text(diagram, special->state, text));
    }
    if (options_given(diagram->options, OPTION_out)) {
        columns_cell(columns, "files");
        columns_cell(columns, "%s/sweep.gp, .pdf, .png, .svg, tables, manifest.json",
                     diagram->options->text[OPTION_out]);
    }
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

enum status leaf_diagram_print_json(const struct leaf_diagram *diagram, FILE *file)
{
    json_t *pieces = json_array(), *events[LEAF_EVENTS];
    for (size_t k = 0; k < diagram->pieces; k++) {
        const struct leaf_piece *piece = &diagram->piece[k];
        json_array_append_new(pieces, json_pack("{so so sI sI}", "from", json_finite(piece->from),
                                                "to", json_finite(piece->to), "fixed_points",
                                                (json_int_t)piece->count, "attracting",
                                                (json_int_t)attracting(piece)));
    }
    for (int event = 0; event < LEAF_EVENTS; event++)
        events[event] = json_array();
    for (size_t k = 0; k < diagram->specials; k++) {
        const struct leaf_special *special = &diagram->special[k];
        json_array_append_new(events[special->event],
                              json_pack("{so so}", "value", json_finite(special->value), "state",
                                        json_vector(diagram->dim, special->state)));
    }
    return json_print(json_pack("{ss ss so so so so so}", "system",
                                diagram->given.problem.system->name, "parameter",
                                diagram->options->text[OPTION_over], "from",
                                json_finite(diagram->options->from), "to",
                                json_finite(diagram->options->to), "intervals", pieces, "folds",
                                events[LEAF_FOLD], "crossings", events[LEAF_CROSSING]),
                      file);
}
