/* settle prove SYSTEM --integrals ...: questions about what is conserved, and their answers.
 *
 * Everything happens in one symbolic ring: the unknowns, then the moments and the feedback weights
 * as parameters.  A polynomial that the user gives is proved there, for all parameters at once;
 * where that fails it is tried at the numbers given.  Discovery is at the numbers given, which can
 * be special, and beside them for almost all parameters; the laws that hold for all data are
 * counted for the feedback given.  What the words mean: (FI9). */
#include "cli/prove_integrals.h"

#include "cli/certificate_file.h"
#include "cli/columns.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/premise_from_options.h"
#include "cli/prove_folder.h"
#include "cli/terminal.h"
#include "exact/certificate_integral.h"
#include "exact/field_matrix.h"
#include "exact/integral_laws.h"
#include "exact/integral_search.h"
#include "exact/integral_text.h"
#include "proofs-check/equations_claims.h"
#include "proofs-check/equations_field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEGREE_STANDARD = 2,
    VARIABLES_MOST = 200, /* unknowns and parameters: symbolic fields of more take minutes */
    SHOWN_MOST = 40,      /* polynomials in print; --json has all */
    TEXT_SHOWN = 400,     /* characters of one */
    NOTE_MAX = 120,
    CERTIFICATES_MOST = 4
};

/* A polynomial that the user gives, p exp(q). */
struct claimed {
    fmpq_mpoly_t p, q, remainder;
    bool exponential, for_all, here; /* conserved: for all parameters, at the numbers given */
};

struct inquiry {
    const struct options *options;
    const struct problem_given *given;
    struct premise *premise;     /* NULL: equations of one's own, which are */
    struct equations_field *own; /* this field */
    struct field *field;         /* symbolic */
    fmpq *values;                /* [m]: the numbers given */
    fmpq_mpoly_struct *f;        /* [n]: the field there */
    struct integral_fields symbolic, here;
    struct claimed claimed;
    fmpq_mpoly_t cofactor;
    size_t degree;
    struct integral_search *search, *darboux; /* NULL: not asked for */
    struct integral_lift *lift;
    struct integral_laws *laws;
    struct integral_exponentials *exponentials; /* at the numbers given */
    struct integral_watch watch;
    double seconds;
    struct manifest *manifest; /* NULL: no --out */
    size_t certificates;
    struct certificate certificate[CERTIFICATES_MOST];
    const char *file[CERTIFICATES_MOST];
};

bool prove_integrals_is_asked(const struct options *options)
{
    return options_given(options, OPTION_integrals) || options_given(options, OPTION_integral) ||
           options_given(options, OPTION_cofactor) || options_given(options, OPTION_laws) ||
           options_given(options, OPTION_degree);
}

static bool asks(const struct inquiry *inquiry, enum option_word option)
{
    return options_given(inquiry->options, option);
}

/* ---- preparation ---- */

static enum status specialise(struct inquiry *w)
{
    const struct field *field = w->field;
    w->symbolic = w->here = integral_fields_of(field);
    w->symbolic.watch = w->here.watch = &w->watch;
    w->values = _fmpq_vec_init((slong)field->m);
    if (w->premise)
        field_parameters(w->premise, w->values);
    for (size_t k = 0; k < field->m && w->own; k++)
        fmpq_set(w->values + k, w->own->values + k);
    w->f = field_polynomials(field->n, field->ring);
    if (!w->f)
        return status_fail(NO_MEMORY, "a field of %zu unknowns", field->n);
    for (size_t i = 0; i < field->n; i++) {
        fmpq_mpoly_set(w->f + i, field->f + i, field->ring);
        integral_specialise(&w->symbolic, w->values, w->f + i);
    }
    w->here.f = w->f;
    fmpq_mpoly_init(w->claimed.p, field->ring);
    fmpq_mpoly_init(w->claimed.q, field->ring);
    fmpq_mpoly_init(w->claimed.remainder, field->ring);
    fmpq_mpoly_init(w->cofactor, field->ring);
    return OK;
}

static size_t variables_of(const struct inquiry *w)
{
    const struct premise *p = w->premise;
    if (!p)
        return w->own->field->n + w->own->field->m;
    const size_t inputs = p->sizes[0], outputs = p->sizes[p->layers];
    return p->dim + inputs * outputs + inputs * (inputs + 1) / 2 + p->feedback_count;
}

static enum status prepare(struct inquiry *w)
{
    const size_t variables = variables_of(w);
    if (variables > VARIABLES_MOST)
        return status_fail(BAD_ARGUMENT,
                           "%zu unknowns and parameters; first integrals are looked for with up to "
                           "%d",
                           variables, VARIABLES_MOST);
    if (w->premise) {
        TRY(field_create(w->premise, FIELD_SYMBOLIC, &w->field));
    } else {
        w->field = w->own->field;
        w->own->field = NULL;
    }
    return specialise(w);
}

static void inquiry_clear(struct inquiry *w)
{
    if (w->f) {
        fmpq_mpoly_clear(w->claimed.p, w->field->ring);
        fmpq_mpoly_clear(w->claimed.q, w->field->ring);
        fmpq_mpoly_clear(w->claimed.remainder, w->field->ring);
        fmpq_mpoly_clear(w->cofactor, w->field->ring);
        field_polynomials_free(w->f, w->field->n, w->field->ring);
    }
    if (w->values)
        _fmpq_vec_clear(w->values, (slong)w->field->m);
    if (w->own && w->own->values && w->field)
        _fmpq_vec_clear(w->own->values, (slong)w->field->m);
    if (w->own && w->field)
        w->own->values = NULL;
    equations_field_free(w->own);
    integral_search_free(w->search);
    integral_search_free(w->darboux);
    integral_exponentials_free(w->exponentials);
    integral_lift_free(w->lift);
    integral_laws_free(w->laws);
    field_free(w->field);
    for (size_t k = 0; k < w->certificates; k++)
        certificate_free(w->certificate + k);
    premise_free(w->premise);
    progress_free(w->watch.progress);
}

/* ---- the questions ---- */

static bool holds(const struct integral_fields *fields, const struct claimed *c,
                  const fmpq_mpoly_t p, const fmpq_mpoly_t q, fmpq_mpoly_struct *remainder)
{
    return c->exponential ? integral_exponential_holds(fields, p, q, remainder)
                          : integral_holds(fields, p, remainder);
}

/* At the numbers given. */
static bool holds_here(struct inquiry *w)
{
    struct claimed *c = &w->claimed;
    const struct field *field = w->field;
    fmpq_mpoly_t p, q;
    fmpq_mpoly_init(p, field->ring);
    fmpq_mpoly_init(q, field->ring);
    fmpq_mpoly_set(p, c->p, field->ring);
    fmpq_mpoly_set(q, c->q, field->ring);
    integral_specialise(&w->symbolic, w->values, p);
    integral_specialise(&w->symbolic, w->values, q);
    const bool conserved = holds(&w->here, c, p, q, c->remainder);
    fmpq_mpoly_clear(p, field->ring);
    fmpq_mpoly_clear(q, field->ring);
    return conserved;
}

static enum status prove_claimed(struct inquiry *w)
{
    struct claimed *c = &w->claimed;
    const char *text = w->options->text[OPTION_integral];
    TRY(integral_read_exponential(w->field, text, c->p, c->q));
    c->exponential = !fmpq_mpoly_is_zero(c->q, w->field->ring);
    if (!integral_moves(&w->symbolic, c->p) && !integral_moves(&w->symbolic, c->q))
        return status_fail(BAD_ARGUMENT, "--integral: \"%.60s\" is a constant: no unknown is in it",
                           text);
    c->for_all = holds(&w->symbolic, c, c->p, c->q, c->remainder);
    c->here = c->for_all || holds_here(w);
    return OK;
}

static enum status find_integrals(struct inquiry *w)
{
    progress_begin(w->watch.progress, "integrals at these numbers", 0);
    TRY(integral_search_create(&w->here, w->degree, &w->search));
    progress_begin(w->watch.progress, "integrals for all parameters", 0);
    const size_t constants = w->premise ? w->premise->feedback_count : w->field->m;
    TRY(integral_lift_create(w->field, constants, w->degree, &w->watch, &w->lift));
    return integral_exponentials_create(&w->here, &w->search->list, &w->exponentials);
}

static enum status find_darboux(struct inquiry *w)
{
    struct integral_fields fields = w->here;
    progress_begin(w->watch.progress, "Darboux polynomials", 0);
    fields.cofactor = w->cofactor;
    return integral_search_create(&fields, w->degree, &w->darboux);
}

/* The texts first: what is wrong with them is told before anything is computed. */
static enum status read_texts(struct inquiry *w)
{
    if (asks(w, OPTION_cofactor)) {
        const char *text = w->options->text[OPTION_cofactor];
        TRY(integral_read(w->field, text, w->cofactor));
        integral_specialise(&w->symbolic, w->values, w->cofactor);
        if (fmpq_mpoly_is_zero(w->cofactor, w->field->ring))
            return status_fail(BAD_ARGUMENT,
                               "--cofactor: \"%.60s\" is 0, whose polynomials are the first "
                               "integrals: --integrals",
                               text);
    }
    return asks(w, OPTION_integral) ? prove_claimed(w) : OK;
}

static enum status answer(struct inquiry *w)
{
    TRY(read_texts(w));
    if (asks(w, OPTION_integrals))
        TRY(find_integrals(w));
    if (asks(w, OPTION_cofactor))
        TRY(find_darboux(w));
    if (asks(w, OPTION_laws)) {
        progress_begin(w->watch.progress, "laws for all data", 0);
        TRY(integral_laws_create(w->premise, w->field, w->degree, &w->watch, &w->laws));
    }
    return OK;
}

/* ---- certificates ---- */

static enum status certify(struct inquiry *w, const char *file,
                           const struct certificate_integrals *what)
{
    struct certificate *c = w->certificate + w->certificates;
    TRY(certificate_integral(what, c));
    if (!c->text)
        return OK;
    w->file[w->certificates++] = file;
    TRY(certificate_file_save_as(c, manifest_directory(w->manifest), file));
    manifest_output(w->manifest, file);
    return OK;
}

/* One that was given: for all parameters, or as it is at the numbers. */
static enum status certify_claimed(struct inquiry *w)
{
    const struct claimed *claimed = &w->claimed;
    fmpq_mpoly_t p;
    if (!asks(w, OPTION_integral) || claimed->exponential || !claimed->here)
        return OK;
    fmpq_mpoly_init(p, w->field->ring);
    fmpq_mpoly_set(p, claimed->p, w->field->ring);
    if (!claimed->for_all)
        integral_specialise(&w->symbolic, w->values, p);
    const enum status status =
        certify(w, "integral.certificate",
                &(struct certificate_integrals){.premise = w->premise,
                                                .field = w->field,
                                                .p = p,
                                                .count = 1,
                                                .data = claimed->for_all ? CERTIFICATE_ANY
                                                                         : CERTIFICATE_ANY_START});
    fmpq_mpoly_clear(p, w->field->ring);
    return status;
}

static enum status certify_list(struct inquiry *w, const char *file,
                                const struct integral_list *list, enum certificate_data data)
{
    const bool complete = data == CERTIFICATE_ANY_START && w->search->complete;
    return certify(
        w, file,
        &(struct certificate_integrals){.premise = w->premise,
                                        .field = w->field,
                                        .p = list->generator,
                                        .count = list->count,
                                        .data = data,
                                        .degree = w->degree,
                                        .prime = complete ? w->search->kernel->prime : 0});
}

/* Certificates name a family of networks, which settle-check rebuilds: equations have none. */
static enum status certify_all(struct inquiry *w)
{
    manifest_problem(w->manifest, w->given);
    manifest_parameter(w->manifest, "degree", json_integer((json_int_t)w->degree));
    if (!w->premise)
        return OK;
    if (w->search)
        TRY(certify_list(w, "first-integral.certificate", &w->search->list, CERTIFICATE_ANY_START));
    TRY(certify_claimed(w));
    if (w->lift)
        TRY(certify_list(w, "first-integral-any.certificate", &w->lift->list, CERTIFICATE_ANY));
    if (w->laws)
        TRY(certify_list(w, "laws.certificate", &w->laws->search->list, CERTIFICATE_ANY_MOMENTS));
    return OK;
}

/* ---- text ---- */

/* One polynomial, cut where it is very long; frees the text. */
static void expression_cell(struct columns *columns, char *text)
{
    if (text && strlen(text) > TEXT_SHOWN)
        columns_cell(columns, "%.*s ... (%zu characters; --json has all)", TEXT_SHOWN, text,
                     strlen(text));
    else
        columns_cell(columns, "%s", text ? text : "(out of memory)");
    free(text);
}

static void list_lines(const struct inquiry *w, const struct integral_list *list,
                       struct columns *columns)
{
    for (size_t i = 0; i < list->count && i < SHOWN_MOST; i++) {
        columns_cell(columns, "  %zu", i + 1);
        expression_cell(columns, integral_write(w->field, list->generator + i));
    }
    if (list->count > SHOWN_MOST) {
        columns_cell(columns, "  ...");
        columns_cell(columns, "%zu in all; --json lists them", list->count);
    }
}

/* Numbered on from the polynomials. */
static void exponential_lines(const struct inquiry *w, const struct integral_exponentials *e,
                              size_t before, struct columns *columns)
{
    for (size_t i = 0; i < e->count && i < SHOWN_MOST; i++) {
        columns_cell(columns, "  %zu", before + i + 1);
        expression_cell(columns, integral_write_exponential(w->field, e->p + i, e->q + i));
    }
}

static const char *parameter_names(const struct inquiry *w, char text[NOTE_MAX])
{
    const struct field *f = w->field;
    size_t length = 0;
    text[0] = '\0';
    for (size_t k = 0; k < f->m && length + UNKNOWN_NAME_MAX < NOTE_MAX; k++)
        length += (size_t)snprintf(text + length, NOTE_MAX - length, "%s%s", k ? ", " : "",
                                   f->names[f->n + k]);
    if (length + UNKNOWN_NAME_MAX >= NOTE_MAX)
        snprintf(text, NOTE_MAX, "all %zu parameters", f->m);
    return text;
}

/* A rank modulo a prime is a lower bound; no rank is above the number of polynomials, nor, where
 * the field does not vanish, above n - 1. */
static bool rank_is_exact(const struct inquiry *w)
{
    const size_t rank = w->exponentials->rank;
    return rank == w->search->list.count + w->exponentials->count || rank + 1 == w->field->n;
}

/* Nothing was found, at a smaller degree than that of the claims of one's own equations. */
static bool looks_further_elsewhere(const struct inquiry *w)
{
    return w->own && w->search->dimension == 0 && w->exponentials->count == 0 &&
           w->degree < equations_claims_degree(w->field->n);
}

static void integrals_lines(const struct inquiry *w, struct columns *columns)
{
    const struct integral_search *s = w->search;
    const struct integral_lift *lift = w->lift;
    char names[NOTE_MAX];
    columns_cell(columns, "integrals");
    columns_cell(columns, "%zu of degree 1..%zu at these numbers, all proved, generated by %zu",
                 s->dimension, s->degree, s->list.count);
    list_lines(w, &s->list, columns);
    exponential_lines(w, w->exponentials, s->list.count, columns);
    columns_cell(columns, "complete");
    columns_cell(columns, "%s: %zu equations for %zu coefficients have a nullity of %zu modulo %lu",
                 s->complete ? "yes" : "not proved", s->kernel->rows, s->kernel->monomials.columns,
                 s->kernel->nullity, s->kernel->prime);
    columns_cell(columns, "independent");
    columns_cell(columns, "%s%zu at almost every point, of %zu unknowns",
                 rank_is_exact(w) ? "" : "at least ", w->exponentials->rank, w->field->n);
    if (looks_further_elsewhere(w)) {
        columns_cell(columns, "hint");
        columns_cell(columns, "settle run and verify look up to degree %zu: try --degree %zu",
                     equations_claims_degree(w->field->n), equations_claims_degree(w->field->n));
    }
    if (w->field->m == 0) /* no parameters: there is nothing else */
        return;
    columns_cell(columns, "for all");
    columns_cell(columns, "%s: %zu, all proved, generated by %zu", parameter_names(w, names),
                 lift->dimension, lift->list.count);
    list_lines(w, &lift->list, columns);
    columns_cell(columns, "complete");
    columns_cell(columns,
                 lift->complete ? "yes, for almost all parameters"
                                : "not proved: at most %zu for almost all parameters",
                 lift->kernel->nullity);
}

static void claimed_lines(const struct inquiry *w, struct columns *columns)
{
    const struct claimed *c = &w->claimed;
    char names[NOTE_MAX];
    columns_cell(columns, "integral");
    expression_cell(columns, c->exponential ? integral_write_exponential(w->field, c->p, c->q)
                                            : integral_write(w->field, c->p));
    columns_cell(columns, "verdict");
    if (c->for_all && w->field->m == 0)
        columns_cell(columns, "proved");
    else if (c->for_all)
        columns_cell(columns, "proved for all %s", parameter_names(w, names));
    else if (c->here)
        columns_cell(columns, "proved at these numbers, refuted for all parameters");
    else
        columns_cell(columns, "refuted: it changes at the rate%s",
                     c->exponential ? " of exp(...) times" : "");
    columns_paint(columns, c->here ? TERMINAL_GOOD : TERMINAL_DOUBT);
    if (c->here)
        return;
    columns_cell(columns, "%s", "");
    expression_cell(columns, integral_write(w->field, c->remainder));
}

static void darboux_lines(const struct inquiry *w, struct columns *columns)
{
    const struct integral_search *s = w->darboux;
    columns_cell(columns, "cofactor");
    expression_cell(columns, integral_write(w->field, w->cofactor));
    columns_cell(columns, "Darboux");
    columns_cell(columns, "%zu independent of degree 0..%zu, all proved; %s", s->dimension,
                 s->degree, s->complete ? "complete" : "completeness not proved");
    list_lines(w, &s->list, columns);
}

static void laws_lines(const struct inquiry *w, struct columns *columns)
{
    const struct integral_laws *laws = w->laws;
    const char *here = w->premise->feedback_count > 0 ? ", with this feedback" : "";
    columns_cell(columns, "laws");
    if (laws->lower == laws->upper)
        columns_cell(columns, "exactly %zu independent %s for all data%s", laws->lower,
                     laws->lower == 1 ? "one holds" : "ones hold", here);
    else
        columns_cell(columns, "%zu to %zu independent ones hold for all data%s", laws->lower,
                     laws->upper, here);
    columns_cell(columns, "  at least");
    columns_cell(columns, "%zu: rank of %zu polynomial%s of degree 1..%zu%s", laws->lower,
                 laws->search->list.count, laws->search->list.count == 1 ? "" : "s",
                 laws->search->degree, laws->exponentials->count ? " and others below" : "");
    list_lines(w, &laws->search->list, columns);
    exponential_lines(w, laws->exponentials, laws->search->list.count, columns);
    columns_cell(columns, "  at most");
    columns_cell(columns, "%zu = %zu - %zu, the rank of %zu field%s and %zu bracket%s", laws->upper,
                 laws->n, laws->rank, laws->moments, laws->moments == 1 ? "" : "s", laws->brackets,
                 laws->brackets == 1 ? "" : "s");
}

static void certificate_lines(const struct inquiry *w, struct columns *columns)
{
    int length = 0;
    for (size_t k = 0; k < w->certificates; k++) {
        const char *claim = certificate_claim(w->certificate + k, &length);
        columns_cell(columns, "certificate");
        columns_cell(columns, "%s/%s", w->options->text[OPTION_out], w->file[k]);
        columns_cell(columns, "  claim");
        columns_cell(columns, "%.*s", length, claim);
    }
    if (options_given(w->options, OPTION_out) && w->certificates == 0) {
        columns_cell(columns, "certificate");
        columns_cell(columns, w->premise ? "none, because no polynomial first integral was proved"
                                         : "none, because certificates are about networks");
    }
}

static enum status print_text(const struct inquiry *w)
{
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s", w->given->flow->title);
    if (w->own && w->own->divided) {
        columns_cell(columns, "field");
        columns_cell(columns, "times its common denominator, which has the same first integrals");
    }
    if (asks(w, OPTION_integral))
        claimed_lines(w, columns);
    if (w->search)
        integrals_lines(w, columns);
    if (w->darboux)
        darboux_lines(w, columns);
    if (w->laws)
        laws_lines(w, columns);
    certificate_lines(w, columns);
    columns_cell(columns, "proofs");
    columns_cell(columns, "notes/integrals.md");
    columns_cell(columns, "time");
    columns_seconds(columns, w->seconds);
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

/* ---- JSON ---- */

static json_t *text_taken(char *text)
{
    json_t *json = json_text(text);
    free(text);
    return json;
}

static json_t *integral_object(char *text, json_t *degree)
{
    json_t *object = json_object();
    json_object_set_new(object, "expression", text_taken(text));
    json_object_set_new(object, "proved", json_true());
    json_object_set_new(object, "degree", degree);
    return object;
}

static json_t *count_json(size_t count)
{
    return json_integer((json_int_t)count);
}

static json_t *list_array(const struct inquiry *w, const struct integral_list *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, integral_object(integral_write(w->field, list->generator + i),
                                                     count_json(list->degree[i])));
    return array;
}

static void append_exponentials(const struct inquiry *w, const struct integral_exponentials *e,
                                json_t *array)
{
    for (size_t i = 0; i < e->count; i++)
        json_array_append_new(
            array,
            integral_object(integral_write_exponential(w->field, e->p + i, e->q + i), json_null()));
}

static json_t *claimed_array(const struct inquiry *w)
{
    const struct claimed *c = &w->claimed;
    json_t *array = json_array(), *object = json_object();
    json_object_set_new(object, "expression",
                        text_taken(c->exponential ? integral_write_exponential(w->field, c->p, c->q)
                                                  : integral_write(w->field, c->p)));
    json_object_set_new(object, "proved", json_boolean(c->here));
    json_object_set_new(object, "for_all_parameters", json_boolean(c->for_all));
    json_object_set_new(object, "remainder",
                        c->here ? json_null() : text_taken(integral_write(w->field, c->remainder)));
    json_array_append_new(array, object);
    return array;
}

static json_t *integrals_array(const struct inquiry *w)
{
    json_t *array = asks(w, OPTION_integral) ? claimed_array(w)
                    : w->search              ? json_array()
                                             : json_null();
    if (!w->search)
        return array;
    json_t *found = list_array(w, &w->search->list);
    append_exponentials(w, w->exponentials, found);
    json_array_extend(array, found);
    json_decref(found);
    return array;
}

static json_t *search_object(const struct integral_search *s)
{
    json_t *object = json_object();
    json_object_set_new(object, "dimension", count_json(s->dimension));
    json_object_set_new(object, "complete", json_boolean(s->complete));
    json_object_set_new(object, "equations", count_json(s->kernel->rows));
    json_object_set_new(object, "coefficients", count_json(s->kernel->monomials.columns));
    json_object_set_new(object, "nullity", count_json(s->kernel->nullity));
    char prime[NOTE_MAX]; /* beyond 2^53, where readers take numbers for doubles */
    snprintf(prime, sizeof prime, "%lu", s->kernel->prime);
    json_object_set_new(object, "prime", json_text(prime));
    return object;
}

static json_t *here_object(const struct inquiry *w)
{
    json_t *object = search_object(w->search);
    json_object_set_new(object, "independent", count_json(w->exponentials->rank));
    return object;
}

static json_t *lift_object(const struct inquiry *w)
{
    const struct integral_lift *lift = w->lift;
    json_t *object = json_object();
    json_object_set_new(object, "integrals", list_array(w, &lift->list));
    json_object_set_new(object, "dimension", count_json(lift->dimension));
    json_object_set_new(object, "dimension_most", count_json(lift->kernel->nullity));
    json_object_set_new(object, "complete", json_boolean(lift->complete));
    json_object_set_new(object, "independent", count_json(lift->rank));
    return object;
}

static json_t *darboux_object(const struct inquiry *w)
{
    json_t *object = search_object(w->darboux);
    json_object_set_new(object, "cofactor", text_taken(integral_write(w->field, w->cofactor)));
    json_object_set_new(object, "polynomials", list_array(w, &w->darboux->list));
    return object;
}

static json_t *laws_object(const struct inquiry *w)
{
    const struct integral_laws *laws = w->laws;
    json_t *object = json_object(), *array = list_array(w, &laws->search->list);
    append_exponentials(w, laws->exponentials, array);
    json_object_set_new(object, "at_least", count_json(laws->lower));
    json_object_set_new(object, "at_most", count_json(laws->upper));
    json_object_set_new(object, "certified", json_boolean(laws->lower == laws->upper));
    json_object_set_new(object, "rank", count_json(laws->rank));
    json_object_set_new(object, "brackets", count_json(laws->brackets));
    json_object_set_new(object, "laws", array);
    return object;
}

static json_t *inquiry_json(const struct inquiry *w)
{
    json_t *object = json_object();
    const bool complete = w->search && w->search->complete;
    json_object_set_new(object, "system", json_text(w->given->problem.system->name));
    json_object_set_new(object, "rule",
                        json_text(w->premise ? premise_rule_name(w->premise->rule) : NULL));
    json_object_set_new(object, "integrals", integrals_array(w));
    json_object_set_new(object, "complete_to_degree",
                        complete ? count_json(w->degree) : json_null());
    json_object_set_new(object, "limit", json_null());
    json_object_set_new(object, "root_index", json_null());
    json_object_set_new(object, "multiplicity", json_null());
    json_object_set_new(object, "rate", json_null());
    json_object_set_new(object, "certificate", json_text(w->certificates ? w->file[0] : NULL));
    json_object_set_new(object, "seconds", json_finite(w->seconds));
    json_object_set_new(object, "here", w->search ? here_object(w) : json_null());
    json_object_set_new(object, "for_all_parameters", w->lift ? lift_object(w) : json_null());
    json_object_set_new(object, "darboux", w->darboux ? darboux_object(w) : json_null());
    json_object_set_new(object, "laws", w->laws ? laws_object(w) : json_null());
    json_object_set_new(object, "reason", json_null());
    return object;
}

/* ---- all of it ---- */

/* Closes the manifest, which is still needed to build the answer. */
static enum status save(struct inquiry *w)
{
    if (!w->manifest)
        return OK;
    TRY(certify_all(w));
    struct manifest *manifest = w->manifest;
    json_t *answer = inquiry_json(w);
    w->manifest = NULL;
    return prove_folder_close(manifest, answer);
}

/* The worst of the answers. */
static enum exit_code verdict_of(const struct inquiry *w)
{
    if (asks(w, OPTION_integral) && !w->claimed.here)
        return EXIT_REFUTED;
    const bool open = (w->search && !w->search->complete) ||
                      (w->darboux && !w->darboux->complete) ||
                      (w->laws && w->laws->lower != w->laws->upper);
    return open ? EXIT_UNDECIDED : EXIT_HOLDS;
}

static json_t *refusal_json(const struct inquiry *w, const char *why)
{
    json_t *object = json_object();
    json_object_set_new(object, "system", json_text(w->given->problem.system->name));
    json_object_set_new(object, "integrals", json_null());
    json_object_set_new(object, "complete_to_degree", json_null());
    json_object_set_new(object, "reason", json_text(why));
    return object;
}

/* Nothing was asked of a premise: the reason alone. */
static enum status refusal_save(struct inquiry *w, const char *why)
{
    struct manifest *manifest = w->manifest;
    w->manifest = NULL;
    if (!manifest)
        return OK;
    manifest_problem_as_typed(manifest, w->given);
    return prove_folder_close(manifest, refusal_json(w, why));
}

static enum status refuse(struct inquiry *w, const char *why)
{
    TRY(refusal_save(w, why));
    if (asks(w, OPTION_json))
        return json_print(refusal_json(w, why), stdout);
    struct columns *columns = columns_create("ll");
    columns_cell(columns, "system");
    columns_cell(columns, "%s", w->given->flow->title);
    columns_cell(columns, "integrals");
    columns_cell(columns, "undecided: %s", why);
    const enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

/* Of a network, or of equations of one's own; *why: there is no polynomial field. */
static enum status field_find(struct inquiry *w, const char **why)
{
    if (!w->given->equations) {
        TRY(premise_from_options(w->options, w->given, &w->premise, why));
        *why = w->premise ? NULL : *why;
        return OK;
    }
    if (asks(w, OPTION_laws))
        return status_fail(BAD_ARGUMENT, "--laws counts over all data of a network; an .ode file "
                                         "has none: --integrals tells what holds for all "
                                         "parameters");
    TRY(equations_field_create(w->given->equations, &w->own));
    if (!w->own->field)
        *why = w->own->reason;
    else if (w->own->divided && asks(w, OPTION_cofactor))
        *why = "cofactors depend on time, which quotients change: only fields of polynomials have "
               "them here";
    return OK;
}

static enum status inquire(struct inquiry *w, enum exit_code *exit_code)
{
    const char *why = NULL;
    TRY(field_find(w, &why));
    *exit_code = EXIT_UNDECIDED;
    if (why)
        return refuse(w, why);
    const double begun = progress_clock();
    TRY(prepare(w));
    const enum status status = answer(w);
    progress_end(w->watch.progress);
    TRY(status);
    w->seconds = progress_clock() - begun;
    *exit_code = verdict_of(w);
    TRY(save(w));
    return asks(w, OPTION_json) ? json_print(inquiry_json(w), stdout) : print_text(w);
}

/* Options of the other questions, which would be ignored here. */
static enum status check_options(const struct options *options)
{
    static const enum option_word other[] = {OPTION_digits, OPTION_horizon, OPTION_radius,
                                             OPTION_within};
    for (size_t k = 0; k < sizeof other / sizeof *other; k++)
        if (options_given(options, other[k]))
            return status_fail(BAD_ARGUMENT,
                               "--%s is about limits, not about what is conserved: ask one "
                               "question at a time",
                               options_name(other[k]));
    if (options_given(options, OPTION_degree) && !options_given(options, OPTION_integrals) &&
        !options_given(options, OPTION_laws) && !options_given(options, OPTION_cofactor))
        return status_fail(BAD_ARGUMENT,
                           "--degree bounds a search: give --integrals, --laws or --cofactor");
    return OK;
}

enum status prove_integrals_run(const struct options *options, const struct problem_given *given,
                                enum exit_code *exit_code)
{
    struct inquiry w = {.options = options, .given = given, .degree = DEGREE_STANDARD};
    TRY(check_options(options));
    if (options_given(options, OPTION_degree))
        w.degree = (size_t)options->degree;
    interrupt_watch();
    TRY(prove_folder_open(options, &w.manifest));
    w.watch.stop = interrupt_flag();
    w.watch.progress = terminal_progress(options);
    const enum status status = inquire(&w, exit_code);
    manifest_free(w.manifest); /* of what failed on the way */
    inquiry_clear(&w);
    return status;
}
