/* Steps: the premise as rationals; is the start a fixed point? else the trap; stability at the limit;
 * certificate; print.
 *
 * Digits are those of which the enclosure leaves no doubt, so that a component that is known less well
 * has fewer of them. */
#include "cli/prove_convergence.h"

#include "cli/certificate_file.h"
#include "cli/decimal.h"
#include "cli/interrupt.h"
#include "cli/premise_from_options.h"
#include "cli/prove_folder.h"
#include "cli/terminal.h"
#include "exact/certificate_stability.h"
#include "exact/certificate_trap.h"
#include "exact/rational.h"
#include "exact/stability.h"

#include <math.h>
#include <string.h>

enum {
    DIGITS_STANDARD = 10,
    DIGITS_MOST = 600, /* beyond them the pieces have no bits left */
    EIGENVALUE_DIGITS = 8,
    BOX_PLACES = 6,
    RADIUS_DIGITS = 2,
    RATE_DIGITS = 6,
    WAY_DIGITS = 3,
    EXACT_BITS = 64,
    NAMES_SHOWN = 64,
    NUMBER_SHOWN = 60,
    TEXT_LENGTH = DECIMAL_TEXT_MAX
};
static const double HORIZON_STANDARD = 200;
static const char THEOREM[] = "TR3";

struct convergence {
    const struct prove_convergence *question;
    struct premise *premise;
    const char *why_not;
    struct trap *trap;           /* NULL: the start is a fixed point */
    struct program *program;     /* of its own where there is no trap */
    struct stability *stability; /* at the start or at the limit; NULL: nothing is known */
    struct certificate certificate;
    char file[CERTIFICATE_FILE_NAME];
    double seconds;
    struct progress *progress;
};

/* ---- the proof ---- */

static bool is_over(void *data, double t, size_t pieces)
{
    struct convergence *c = data;
    char text[TEXT_LENGTH];
    if (progress_is_visible(c->progress)) {
        snprintf(text, sizeof text, "t = %.4g, %zu pieces", t, pieces);
        progress_note(c->progress, text);
    }
    return *interrupt_flag() != 0;
}

static enum status take_radius(const struct options *options, struct premise *premise)
{
    fmpq_t radius;
    if (!options_given(options, OPTION_radius))
        return OK;
    fmpq_init(radius);
    enum status status = rational_read(options->text[OPTION_radius], radius);
    fmpq *list = _fmpq_vec_init((slong)premise->dim);
    for (size_t i = 0; i < premise->dim; i++)
        fmpq_set(list + i, radius);
    if (status == OK)
        status = premise_replace(premise, PREMISE_RADIUS, list, premise->dim);
    _fmpq_vec_clear(list, (slong)premise->dim);
    fmpq_clear(radius);
    return status;
}

static enum status make_premise(struct convergence *c)
{
    const struct prove_convergence *q = c->question;
    TRY(premise_from_options(q->options, q->given, &c->premise, &c->why_not));
    return c->premise ? take_radius(q->options, c->premise) : OK;
}

static enum status find_trap(struct convergence *c)
{
    const struct options *options = c->question->options;
    struct trap_options asked = {
        .digits = DIGITS_STANDARD, .horizon = HORIZON_STANDARD, .stop = is_over, .data = c};
    if (options_given(options, OPTION_digits))
        asked.digits = (slong)options->digits;
    if (asked.digits > DIGITS_MOST)
        asked.digits = DIGITS_MOST;
    if (options_given(options, OPTION_horizon))
        asked.horizon = options->horizon;
    c->progress = terminal_progress(options);
    progress_begin(c->progress, c->question->given->flow->title, 0);
    const enum status status = trap_prove(c->premise, &asked, &c->trap);
    progress_end(c->progress);
    progress_free(c->progress);
    TRY(status);
    c->why_not = c->trap->reason;
    return c->trap->proved ? stability_at_limit(c->trap->program, c->trap->limit, &c->stability)
                           : OK;
}

static enum status prove(struct convergence *c)
{
    const double begun = progress_clock();
    TRY(make_premise(c));
    if (!c->premise)
        return OK;
    TRY(program_create(c->premise, &c->program));
    if (!c->premise->radius)
        TRY(stability_at_start(c->premise, c->program, &c->stability));
    if (!c->stability)
        TRY(find_trap(c));
    c->seconds = progress_clock() - begun;
    return OK;
}

static enum ending ending_of(const struct convergence *c)
{
    if (c->trap)
        return c->trap->proved ? ENDING_SETTLED : ENDING_HORIZON;
    if (!c->stability || c->stability->verdict == STABILITY_UNDECIDED)
        return ENDING_HORIZON;
    return c->stability->verdict == STABILITY_ATTRACTS ? ENDING_SETTLED : ENDING_SADDLE;
}

static const char *reason_of(const struct convergence *c)
{
    if (c->stability && c->stability->verdict == STABILITY_UNDECIDED && !c->trap)
        return "the start is a fixed point, whose linearisation does not decide";
    return ending_of(c) == ENDING_HORIZON ? c->why_not : NULL;
}

/* ---- the certificate ---- */

static enum status make_certificate(struct convergence *c)
{
    if (c->trap && c->trap->proved)
        return certificate_trap(c->trap, &c->certificate);
    if (!c->trap && c->premise && certificate_stability_is_asked(c->premise))
        return certificate_stability(c->premise, &c->certificate);
    certificate_none("nothing was proved", &c->certificate);
    return OK;
}

static enum status write_certificate(struct convergence *c)
{
    struct manifest *manifest = c->question->manifest;
    TRY(make_certificate(c));
    manifest_problem_as_typed(manifest, c->question->given);
    if (!c->certificate.text)
        return OK;
    TRY(certificate_file_save(&c->certificate, manifest_directory(manifest), c->file));
    manifest_output(manifest, c->file);
    return OK;
}

/* ---- numbers as text ---- */

static const char *rate_text(double rate, char *text)
{
    return decimal_digits_of_double(rate, RATE_DIGITS, DECIMAL_BELOW, text);
}

/* Of a real matrix: an enclosure that meets the real line belongs to a real eigenvalue, or to a
 * cluster around it. */
static const char *eigenvalue_text(const acb_t value, char *text)
{
    char *real = arb_get_str(acb_realref(value), EIGENVALUE_DIGITS, ARB_STR_NO_RADIUS);
    char *imaginary = arb_get_str(acb_imagref(value), EIGENVALUE_DIGITS, ARB_STR_NO_RADIUS);
    const char *sign = *imaginary == '-' ? " - " : " + ";
    if (arb_contains_zero(acb_imagref(value)))
        snprintf(text, TEXT_LENGTH, "%s", real);
    else
        snprintf(text, TEXT_LENGTH, "%s%s%si", real, sign, imaginary + (*imaginary == '-'));
    flint_free(real);
    flint_free(imaginary);
    return text;
}

static double limit_width(const struct trap *trap)
{
    double most = 0;
    for (size_t i = 0; i < trap->program->n; i++)
        most = fmax(most, mag_get_d(arb_radref(trap->limit + i)));
    return most;
}

/* The rate that is proved: at the limit, if it is better there. */
static double rate_of(const struct convergence *c)
{
    const double at_limit = c->stability ? c->stability->mu : NAN;
    return c->trap && c->trap->proved ? fmax(c->trap->end.mu, at_limit) : at_limit;
}

static char *limit_digits(const struct convergence *c, size_t i)
{
    enum { DECIMAL = 10 };
    if (!c->trap)
        return fmpq_get_str(NULL, DECIMAL, c->premise->x0 + i);
    return arb_get_str(c->trap->limit + i, DIGITS_MOST, ARB_STR_NO_RADIUS);
}

/* ---- text ---- */

static void question_lines(const struct convergence *c, struct columns *columns)
{
    columns_cell(columns, "system");
    columns_cell(columns, "%s", c->question->given->flow->title);
    for (size_t i = 0; c->premise && i < c->premise->dim && i < NAMES_SHOWN; i++) {
        enum { DECIMAL = 10 };
        char *text = fmpq_get_str(NULL, DECIMAL, c->premise->x0 + i);
        columns_cell(columns, "start %s", c->question->given->flow->names[i]);
        columns_cell(columns, "%.*s%s", NUMBER_SHOWN, text,
                     strlen(text) > NUMBER_SHOWN ? "..." : "");
        flint_free(text);
    }
    if (c->premise && c->premise->radius) {
        columns_cell(columns, "starts within");
        columns_cell(columns, "%s, in every coordinate", c->question->options->text[OPTION_radius]);
    }
}

static void ending_line(const struct convergence *c, struct columns *columns)
{
    const enum ending ending = ending_of(c);
    const char *reason = reason_of(c), *exact = c->question->why_not_exact;
    columns_cell(columns, "ending");
    if (ending != ENDING_HORIZON)
        columns_cell(columns, "%s, certified", ending_name(ending));
    else if (exact)
        columns_cell(columns, "undecided: %s (no exact limit: %s)", reason, exact);
    else
        columns_cell(columns, "undecided: %s", reason);
}

/* Of a box of starts the limits fill an interval; of one start there are digits. */
static void limit_cell(const struct convergence *c, size_t i, struct columns *columns)
{
    if (c->premise->radius) {
        const struct decimal_ends ends = decimal_ends(c->trap->limit + i, BOX_PLACES);
        columns_cell(columns, "%s to %s", ends.low, ends.high);
        return;
    }
    char *text = limit_digits(c, i);
    columns_cell(columns, "%s", text);
    flint_free(text);
}

static void limit_lines(const struct convergence *c, struct columns *columns)
{
    char text[DECIMAL_TEXT_MAX];
    for (size_t i = 0; i < c->premise->dim; i++) {
        columns_cell(columns, "limit %s", c->question->given->flow->names[i]);
        limit_cell(c, i, columns);
    }
    if (!c->trap)
        return;
    columns_cell(columns, "radius");
    columns_cell(columns, "at most %s, verified",
                 decimal_radius(c->trap->limit, c->premise->dim, RADIUS_DIGITS, text));
    columns_cell(columns, "error in the limit");
    columns_cell(columns, "0");
}

static void trap_lines(const struct convergence *c, struct columns *columns)
{
    char text[TEXT_LENGTH];
    const struct trap *t = c->trap;
    columns_cell(columns, "trap");
    columns_cell(columns, "closed at t = %.6g, after %zu pieces", t->entry.time, t->entry.pieces);
    columns_cell(columns, "  rate there");
    columns_cell(columns, "at least %s", rate_text(t->entry.rate, text));
    columns_cell(columns, "  way to go");
    columns_cell(columns, "at most %s",
                 decimal_digits_of_double(t->entry.way, WAY_DIGITS, DECIMAL_ABOVE, text));
    columns_cell(columns, "orbit");
    columns_cell(columns, "followed to t = %.6g: %zu pieces of order %ld, %ld bits", t->time,
                 t->count, (long)t->order, (long)t->scale);
}

static void stability_lines(const struct stability *s, struct columns *columns)
{
    char text[TEXT_LENGTH];
    for (size_t i = 0; i < s->count && i < NAMES_SHOWN; i++) {
        columns_cell(columns, i == 0 ? "eigenvalues of %s" : "", s->on_zeros ? "-K" : "Df");
        columns_cell(columns, "%s", eigenvalue_text(s->eigenvalues + i, text));
    }
    if (s->count == 0) {
        columns_cell(columns, "eigenvalues");
        columns_cell(columns, "not enclosed");
    }
    columns_cell(columns, "stability");
    columns_cell(columns, "%s%s",
                 s->verdict == STABILITY_ATTRACTS ? "attracts across the zeros of the error"
                 : s->verdict == STABILITY_REPELS ? "an eigenvalue has a positive real part"
                                                  : "undecided",
                 s->exact ? ", decided over the rationals" : "");
}

static void certificate_lines(const struct convergence *c, struct columns *columns)
{
    if (!c->question->manifest)
        return;
    columns_cell(columns, "certificate");
    if (!*c->file) {
        columns_cell(columns, "none, because %s", c->certificate.why_not);
        return;
    }
    int length = 0;
    const char *claim = certificate_claim(&c->certificate, &length);
    columns_cell(columns, "%s/%s", c->question->options->text[OPTION_out], c->file);
    columns_cell(columns, "claim");
    columns_cell(columns, "%.*s", length, claim);
}

static void lines(const struct convergence *c, struct columns *columns)
{
    char text[TEXT_LENGTH];
    question_lines(c, columns);
    ending_line(c, columns);
    if (c->stability)
        limit_lines(c, columns);
    if (isfinite(rate_of(c))) {
        columns_cell(columns, "rate");
        columns_cell(columns, "at least %s", rate_text(rate_of(c), text));
    }
    if (c->trap && c->trap->proved)
        trap_lines(c, columns);
    if (c->stability)
        stability_lines(c->stability, columns);
    if (ending_of(c) != ENDING_HORIZON) {
        columns_cell(columns, "theorem");
        columns_cell(columns, "notes/trap.md, (%s)", c->trap ? THEOREM : "TR7");
    }
    certificate_lines(c, columns);
    columns_cell(columns, "time");
    columns_seconds(columns, c->seconds);
}

static enum status print_text(const struct convergence *c)
{
    struct columns *columns = columns_create("ll");
    lines(c, columns);
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

/* ---- JSON ---- */

static json_t *limit_json(const struct convergence *c)
{
    if (!c->stability || c->premise->radius) /* of a box: limit_box */
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < c->premise->dim; i++) {
        char *text = limit_digits(c, i);
        json_array_append_new(array, json_text(text));
        flint_free(text);
    }
    return array;
}

/* [[low, high], ...], rounded outwards. */
static json_t *box_json(const struct trap *trap)
{
    if (!trap)
        return json_null();
    json_t *array = json_array();
    arf_t end;
    arf_init(end);
    for (size_t i = 0; i < trap->program->n; i++) {
        double ends[2];
        arb_get_lbound_arf(end, trap->limit + i, EXACT_BITS);
        ends[0] = arf_get_d(end, ARF_RND_FLOOR);
        arb_get_ubound_arf(end, trap->limit + i, EXACT_BITS);
        ends[1] = arf_get_d(end, ARF_RND_CEIL);
        json_array_append_new(array, json_vector(2, ends));
    }
    arf_clear(end);
    return array;
}

static json_t *eigenvalues_json(const struct convergence *c)
{
    char text[TEXT_LENGTH];
    if (!c->stability || c->stability->count == 0)
        return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < c->stability->count; i++)
        json_array_append_new(array,
                              json_text(eigenvalue_text(c->stability->eigenvalues + i, text)));
    return array;
}

static void contract_set(json_t *object, const struct convergence *c)
{
    char text[TEXT_LENGTH];
    json_object_set_new(object, "integrals", json_null());
    json_object_set_new(object, "complete_to_degree", json_null());
    json_object_set_new(object, "limit", limit_json(c));
    json_object_set_new(object, "root_index", json_null());
    json_object_set_new(object, "multiplicity", json_null());
    json_object_set_new(object, "rate",
                        isfinite(rate_of(c)) ? json_text(rate_text(rate_of(c), text))
                                             : json_null());
    json_object_set_new(object, "certificate", json_text(*c->file ? c->file : NULL));
    json_object_set_new(object, "seconds", json_finite(c->seconds));
}

static json_t *result_json(const struct convergence *c)
{
    const struct problem *problem = &c->question->given->problem;
    const struct trap *t = c->trap && c->trap->proved ? c->trap : NULL;
    const enum ending ending = ending_of(c);
    json_t *object = json_object();
    json_object_set_new(object, "system", json_text(problem->system->name));
    json_object_set_new(object, "rule", json_text(problem->rule ? problem->rule->name : NULL));
    json_object_set_new(object, "ending",
                        json_text(ending == ENDING_HORIZON ? "undecided" : ending_name(ending)));
    contract_set(object, c);
    json_object_set_new(object, "limit_box", box_json(t));
    json_object_set_new(object, "radius", json_finite(t ? limit_width(t) : NAN));
    json_object_set_new(object, "entry_time", json_finite(t ? t->entry.time : NAN));
    json_object_set_new(object, "entry_rate", json_finite(t ? t->entry.rate : NAN));
    json_object_set_new(object, "way_to_go", json_finite(t ? t->entry.way : NAN));
    json_object_set_new(object, "t", json_finite(t ? t->time : NAN));
    json_object_set_new(object, "pieces", t ? json_integer((json_int_t)t->count) : json_null());
    json_object_set_new(object, "eigenvalues", eigenvalues_json(c));
    json_object_set_new(object, "theorem",
                        json_text(ending == ENDING_HORIZON ? NULL
                                  : t                      ? THEOREM
                                                           : "TR7"));
    json_object_set_new(object, "reason", json_text(reason_of(c)));
    return object;
}

/* ---- from begin to end ---- */

static void convergence_clear(struct convergence *c)
{
    certificate_free(&c->certificate);
    stability_free(c->stability);
    trap_free(c->trap);
    program_free(c->program);
    premise_free(c->premise);
}

/* Closes the manifest. */
static enum status save(struct convergence *c)
{
    struct manifest *manifest = c->question->manifest;
    if (!manifest)
        return OK;
    const enum status status = write_certificate(c);
    if (status == OK)
        return prove_folder_close(manifest, result_json(c));
    manifest_free(manifest);
    return status;
}

static enum status report(struct convergence *c)
{
    TRY(save(c));
    return options_given(c->question->options, OPTION_json) ? json_print(result_json(c), stdout)
                                                            : print_text(c);
}

enum status prove_convergence_run(const struct prove_convergence *question,
                                  enum exit_code *exit_code)
{
    struct convergence c = {.question = question};
    enum status status = prove(&c);
    if (status != OK)
        manifest_free(question->manifest);
    else
        status = report(&c);
    *exit_code = ending_of(&c) == ENDING_HORIZON ? EXIT_UNDECIDED : EXIT_HOLDS;
    convergence_clear(&c);
    return status;
}
