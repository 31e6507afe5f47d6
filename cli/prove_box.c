/* settle prove SYSTEM --within SHARE: one branch of limits for a whole box of data.
 *
 * Steps: the premise, in rationals as they were typed; every number of it varied by the share of
 * itself; the proof cell by cell; print.  Numbers are rounded outwards.  With --out the tree of
 * cells is saved as a certificate. */
#include "cli/prove_box.h"

#include "base/progress.h"
#include "cli/certificate_file.h"
#include "cli/columns.h"
#include "cli/decimal.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/premise_from_options.h"
#include "cli/prove_folder.h"
#include "cli/terminal.h"
#include "exact/certificate_box.h"
#include "exact/rational.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS_MOST = 20000, DECIMAL = 10, PLACES = 6, PLACES_MOST = 300 };

static const double PERCENT = 100;
static const char FILE_NAME[] = "box.certificate";

/* What is asked and what is found. */
struct boxing {
    const struct problem_given *given;
    struct premise *premise; /* NULL, or no question: why_not */
    struct box_question *question;
    struct box *box;
    fmpq_t within;
    const char *why_not;
    bool has_file;
    double seconds;
};

/* ---- numbers, rounded outwards ---- */

/* Not above the rate, and not zero. */
static const char *rate_text(const struct box *box, char *text)
{
    const double rate = arf_get_d(box->rate, ARF_RND_DOWN);
    const double small = rate > 0 && rate < 1 ? floor(-log10(rate)) : 0;
    const slong places = PLACES + (slong)fmin(small, PLACES_MOST - PLACES);
    fmpq_t exact;
    fmpq_init(exact);
    arf_get_fmpq(exact, box->rate);
    decimal_places(exact, places, DECIMAL_BELOW, text);
    fmpq_clear(exact);
    return text;
}

/* ---- print ---- */

static bool has_limits(const struct boxing *b)
{
    return b->box && b->box->leaves > 0;
}

static void data_lines(const struct boxing *b, struct columns *columns)
{
    const struct box_question *q = b->question;
    for (size_t i = 0; i < q->count; i++) {
        char name[BOX_NAME_MAX];
        char *low = fmpq_get_str(NULL, DECIMAL, q->low + i);
        char *high = fmpq_get_str(NULL, DECIMAL, q->high + i);
        columns_cell(columns, "%s", box_question_name(q, i, name));
        if (fmpq_equal(q->low + i, q->high + i))
            columns_cell(columns, "%s", low);
        else
            columns_cell(columns, "%s to %s", low, high);
        flint_free(low);
        flint_free(high);
    }
}

static void limit_lines(const struct boxing *b, struct columns *columns)
{
    char text[DECIMAL_TEXT_MAX];
    const char *of = b->box->complete ? "" : ", of what is decided";
    for (size_t i = 0; i < b->box->layers; i++) {
        const struct decimal_ends ends = decimal_ends(b->box->limit + i, PLACES);
        columns_cell(columns, "limit a%zu", i + 1);
        columns_cell(columns, "%s to %s%s", ends.low, ends.high, of);
    }
    columns_cell(columns, "rate");
    columns_cell(columns, "at least %s%s", rate_text(b->box, text), of);
}

static void box_lines(const struct boxing *b, struct columns *columns)
{
    data_lines(b, columns);
    columns_cell(columns, "ending");
    if (b->box->complete)
        columns_cell(columns, "settled, proved for all data in the box, on one branch");
    else if (b->box->leaves == 0)
        columns_cell(columns,
                     "undecided on the whole box: no cell was decided (try a smaller share)");
    else
        columns_cell(columns, "undecided on %.4g %% of the volume, settled elsewhere",
                     PERCENT * b->box->open_share);
    if (has_limits(b))
        limit_lines(b, columns);
    columns_cell(columns, "cells");
    columns_cell(columns, "%zu decided, %zu open; %zu data vary", b->box->leaves, b->box->open,
                 box_question_intervals(b->question));
    columns_cell(columns, "theorem");
    columns_cell(columns, "notes/universal.md, (UN9)");
    columns_cell(columns, "time");
    columns_seconds(columns, b->seconds);
}

static enum status text_print(const struct boxing *b, const char *directory)
{
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s", b->given->flow->title);
    if (b->box) {
        box_lines(b, columns);
    } else {
        columns_cell(columns, "ending");
        columns_cell(columns, "undecided: %s", b->why_not);
    }
    if (b->has_file) {
        columns_cell(columns, "certificate");
        columns_cell(columns, "%s/%s", directory, FILE_NAME);
    }
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static json_t *data_array(const struct box_question *q)
{
    json_t *array = json_array();
    for (size_t i = 0; i < q->count; i++) {
        char name[BOX_NAME_MAX];
        char *low = fmpq_get_str(NULL, DECIMAL, q->low + i);
        char *high = fmpq_get_str(NULL, DECIMAL, q->high + i);
        json_t *datum = json_object();
        json_object_set_new(datum, "name", json_text(box_question_name(q, i, name)));
        json_object_set_new(datum, "low", json_text(low));
        json_object_set_new(datum, "high", json_text(high));
        json_array_append_new(array, datum);
        flint_free(low);
        flint_free(high);
    }
    return array;
}

static json_t *limit_array(const struct boxing *b)
{
    json_t *array = json_array();
    for (size_t i = 0; i < b->box->layers; i++) {
        const struct decimal_ends ends = decimal_ends(b->box->limit + i, PLACES);
        json_t *interval = json_array();
        json_array_append_new(interval, json_text(ends.low));
        json_array_append_new(interval, json_text(ends.high));
        json_array_append_new(array, interval);
    }
    return array;
}

static json_t *count_json(const struct boxing *b, size_t count)
{
    return b->box ? json_integer((json_int_t)count) : json_null();
}

/* Keys of the other questions. */
static void others_null(json_t *object)
{
    static const char *const other[] = {"integrals", "complete_to_degree", "limit", "root_index",
                                        "multiplicity"};
    for (size_t k = 0; k < sizeof other / sizeof *other; k++)
        json_object_set_new(object, other[k], json_null());
}

static json_t *boxing_json(const struct boxing *b)
{
    const struct problem *problem = &b->given->problem;
    char rate[DECIMAL_TEXT_MAX];
    const struct box none = {.layers = 0}, *box = b->box ? b->box : &none;
    json_t *object = json_object();
    json_object_set_new(object, "system", json_text(problem->system->name));
    json_object_set_new(object, "rule", json_text(problem->rule ? problem->rule->name : NULL));
    json_object_set_new(object, "ending", json_text(box->complete ? "settled" : "undecided"));
    others_null(object);
    json_object_set_new(object, "data", b->question ? data_array(b->question) : json_null());
    json_object_set_new(object, "limit_box", has_limits(b) ? limit_array(b) : json_null());
    json_object_set_new(object, "rate", json_text(has_limits(b) ? rate_text(box, rate) : NULL));
    json_object_set_new(object, "cells", count_json(b, box->leaves));
    json_object_set_new(object, "open_cells", count_json(b, box->open));
    json_object_set_new(object, "undecided_share", json_finite(b->box ? box->open_share : NAN));
    json_object_set_new(object, "certificate", json_text(b->has_file ? FILE_NAME : NULL));
    json_object_set_new(object, "theorem", json_text(b->box ? "UN9" : NULL));
    json_object_set_new(object, "reason", json_text(b->why_not));
    json_object_set_new(object, "seconds", json_finite(b->box ? b->seconds : NAN));
    return object;
}

/* ---- work ---- */

static enum status within_read(const struct options *options, fmpq_t within)
{
    fmpq_t one;
    TRY(rational_read(options->text[OPTION_within], within));
    fmpq_init(one);
    fmpq_one(one);
    const bool good = fmpq_sgn(within) > 0 && fmpq_cmp(within, one) < 0;
    fmpq_clear(one);
    return good ? OK
                : status_fail(BAD_ARGUMENT,
                              "--within: '%s' is no share; expected a number above 0 "
                              "and below 1, e.g. 1/5",
                              options->text[OPTION_within]);
}

/* c_1..c_L, and not only those below the top. */
static bool top_is_given(const struct boxing *b)
{
    return b->given->problem.c_count == b->given->problem.depth;
}

static enum status decide(const struct options *options, struct boxing *b)
{
    TRY(within_read(options, b->within));
    TRY(premise_from_options(options, b->given, &b->premise, &b->why_not));
    if (!b->premise)
        return OK;
    const struct box_variation variation = {
        .premise = b->premise, .within = b->within, .top_is_given = top_is_given(b)};
    TRY(box_question_of_premise(&variation, &b->question, &b->why_not));
    if (!b->question)
        return OK;
    const double begun = progress_clock();
    TRY(box_decide(b->question, CELLS_MOST, &b->box));
    b->seconds = progress_clock() - begun;
    return OK;
}

static enum status certificate_make(const struct boxing *b, struct certificate *certificate)
{
    if (!b->box) {
        certificate_none(b->why_not, certificate);
        return OK;
    }
    return certificate_box(&(struct certificate_box_question){.premise = b->premise,
                                                              .question = b->question,
                                                              .box = b->box},
                           certificate);
}

static enum status certificate_save(struct manifest *manifest, struct boxing *b)
{
    struct certificate certificate = {.text = NULL};
    enum status status = certificate_make(b, &certificate);
    if (status == OK && certificate.text) {
        status = certificate_file_save_as(&certificate, manifest_directory(manifest), FILE_NAME);
        manifest_output(manifest, FILE_NAME);
        b->has_file = true;
    }
    certificate_free(&certificate);
    return status;
}

/* Closes the manifest. */
static enum status out_save(struct manifest *manifest, struct boxing *b)
{
    manifest_problem_as_typed(manifest, b->given);
    const enum status status = certificate_save(manifest, b);
    if (status == OK)
        return prove_folder_close(manifest, boxing_json(b));
    manifest_free(manifest);
    return status;
}

static enum status decide_and_save(const struct options *options, struct boxing *b)
{
    struct manifest *manifest;
    TRY(prove_folder_open(options, &manifest));
    const enum status status = decide(options, b);
    if (status == OK && manifest)
        return out_save(manifest, b);
    manifest_free(manifest);
    return status;
}

static enum status run(const struct options *options, struct boxing *b, enum exit_code *exit_code)
{
    struct progress *progress = terminal_wait_begin(options, b->given->flow->title);
    const enum status status = decide_and_save(options, b);
    terminal_wait_end(progress);
    TRY(status);
    *exit_code = b->box && b->box->complete ? EXIT_HOLDS : EXIT_UNDECIDED;
    return options_given(options, OPTION_json) ? json_print(boxing_json(b), stdout)
                                               : text_print(b, options->text[OPTION_out]);
}

/* Options of the other questions, which would be ignored here. */
static enum status check_options(const struct options *options)
{
    static const enum option_word other[] = {OPTION_digits, OPTION_horizon, OPTION_radius};
    for (size_t k = 0; k < sizeof other / sizeof *other; k++)
        if (options_given(options, other[k]))
            return status_fail(BAD_ARGUMENT,
                               "--%s is about the limit of one problem, not about a box of data "
                               "(--within): ask one question at a time",
                               options_name(other[k]));
    return OK;
}

enum status prove_box_run(const struct options *options, const struct problem_given *given,
                          enum exit_code *exit_code)
{
    struct boxing b = {.given = given};
    TRY(check_options(options));
    fmpq_init(b.within);
    const enum status status = run(options, &b, exit_code);
    fmpq_clear(b.within);
    box_free(b.box);
    box_question_free(b.question);
    premise_free(b.premise);
    return status;
}
