/* From a kernel to generators, and from numbers to all parameters.
 *
 * Kernel vectors come in the order of their leading monomials, lowest degree first, so that one
 * elimination serves all degrees: vector by vector, what the products of the earlier ones do not
 * span is a generator.  The lift repeats this at drawn parameters, where the vectors are replaced
 * by symbolic ones: with the same monomials in the unknowns, whose coefficients are polynomials in
 * the feedback weights of as low a degree as suffices.  Their specialisations must span what was
 * found at the drawn point.
 *
 * Rejected: lifting by interpolation of numerical coefficients over many points; the symbolic
 * equations of one vector are few and are solved at once. */
#include "exact/integral_search.h"

#include "exact/field_matrix.h"
#include "exact/integral_algebra.h"

#include <stdlib.h>

enum {
    LIFT_COLUMNS_MOST = 1500, /* of one vector: a second */
    LIFT_EXTRA_MOST = 5,      /* degree in the feedback weights */
    DRAWN_MOST = 97
};

/* ---- lists ---- */

static void list_free(struct integral_list *list, const fmpq_mpoly_ctx_t ring)
{
    field_polynomials_free(list->generator, list->count, ring);
    free(list->degree);
}

static enum status list_add(struct integral_list *list, const fmpq_mpoly_t p, size_t degree,
                            const fmpq_mpoly_ctx_t ring)
{
    fmpq_mpoly_struct *more = realloc(list->generator, (list->count + 1) * sizeof *more);
    list->generator = more ? more : list->generator;
    size_t *degrees = realloc(list->degree, (list->count + 1) * sizeof *degrees);
    list->degree = degrees ? degrees : list->degree;
    if (!more || !degrees)
        return status_fail(NO_MEMORY, "%zu integrals", list->count + 1);
    fmpq_mpoly_init(more + list->count, ring);
    fmpq_mpoly_set(more + list->count, p, ring);
    integral_make_primitive(more + list->count, ring);
    degrees[list->count++] = degree;
    return OK;
}

/* ---- at given numbers ---- */

static enum status kernel_of(const struct integral_fields *fields, struct integral_shape shape,
                             struct integral_kernel **kernel)
{
    struct integral_monomials monomials;
    TRY(integral_monomials_create(&shape, &monomials));
    return integral_kernel_create(fields, &monomials, kernel);
}

/* Those that the products of the earlier ones do not span. */
static enum status pick(struct integral_search *s, struct integral_algebra *algebra)
{
    const struct integral_kernel *kernel = s->kernel;
    for (size_t k = 0; k < kernel->nullity && kernel->proved; k++) {
        const size_t degree = integral_kernel_degree(kernel, s->fields.unknowns, kernel->lead[k]);
        bool is_new = false;
        TRY(integral_algebra_add(algebra, kernel->basis + k, &is_new));
        if (is_new)
            TRY(list_add(&s->list, kernel->basis + k, degree, s->fields.ring));
    }
    s->dimension = integral_algebra_rank(algebra);
    return OK;
}

static enum status pick_generators(struct integral_search *s)
{
    struct integral_algebra *algebra = NULL;
    TRY(integral_algebra_create(s->kernel, s->fields.unknowns, s->degree, &algebra));
    const enum status status = pick(s, algebra);
    integral_algebra_free(algebra);
    TRY(status);
    s->rank = integral_rank(&s->fields, s->list.generator, NULL, s->list.count);
    return OK;
}

static enum status take_basis(struct integral_search *s)
{
    const struct integral_kernel *kernel = s->kernel;
    for (size_t k = 0; k < kernel->nullity && kernel->proved; k++)
        TRY(list_add(&s->list, kernel->basis + k,
                     integral_kernel_degree(kernel, s->fields.unknowns, kernel->lead[k]),
                     s->fields.ring));
    s->dimension = s->list.count;
    return OK;
}

static enum status search(struct integral_search *s)
{
    TRY(kernel_of(&s->fields,
                  (struct integral_shape){.variables = s->fields.variables,
                                          .unknowns = s->fields.unknowns,
                                          .least = s->fields.cofactor ? 0 : 1,
                                          .most = s->degree},
                  &s->kernel));
    TRY(s->fields.cofactor ? take_basis(s) : pick_generators(s));
    s->complete = s->kernel->proved && s->dimension == s->kernel->nullity;
    return OK;
}

enum status integral_search_create(const struct integral_fields *fields, size_t degree,
                                   struct integral_search **result)
{
    struct integral_search *s = calloc(1, sizeof *s);
    if (!s)
        return status_fail(NO_MEMORY, "a search for integrals");
    s->fields = *fields;
    s->degree = degree;
    const enum status status = search(s);
    if (status == OK)
        *result = s;
    else
        integral_search_free(s);
    return status;
}

void integral_search_free(struct integral_search *s)
{
    if (!s)
        return;
    list_free(&s->list, s->fields.ring);
    integral_kernel_free(s->kernel);
    free(s);
}

/* ---- for all parameters ---- */

struct lifting {
    struct integral_lift *lift;
    struct integral_algebra *algebra;
    struct integral_fields symbolic;
    size_t constants;
};

/* Small numbers, none of them 0, no two quotients alike. */
static void draw_parameters(struct integral_lift *lift)
{
    static const ulong STEP = UWORD(6364136223846793005); /* Knuth's MMIX generator */
    static const ulong HIGH = 33;
    ulong drawn = 1;
    for (size_t k = 0; k < lift->field->m; k++) {
        drawn = drawn * STEP + 2 * k + 1;
        const slong above = (slong)((drawn >> HIGH) % (2 * DRAWN_MOST)) - DRAWN_MOST;
        fmpq_set_si(lift->drawn + k, above == 0 ? DRAWN_MOST : above, 1);
    }
}

static enum status specialise_field(struct integral_lift *lift,
                                    const struct integral_fields *symbolic)
{
    const struct field *field = lift->field;
    lift->drawn = _fmpq_vec_init((slong)field->m);
    lift->f = field_polynomials(field->n, field->ring);
    if (!lift->f)
        return status_fail(NO_MEMORY, "a field of %zu unknowns", field->n);
    draw_parameters(lift);
    for (size_t i = 0; i < field->n; i++) {
        fmpq_mpoly_set(lift->f + i, field->f + i, field->ring);
        integral_specialise(symbolic, lift->drawn, lift->f + i);
    }
    return OK;
}

/* Symbolic p, if its specialisation is new. */
static enum status try_symbolic(struct lifting *w, const fmpq_mpoly_t p, size_t degree)
{
    struct integral_lift *lift = w->lift;
    fmpq_mpoly_t special;
    bool is_new = false;
    fmpq_mpoly_init(special, lift->field->ring);
    fmpq_mpoly_set(special, p, lift->field->ring);
    integral_specialise(&w->symbolic, lift->drawn, special);
    enum status status = integral_algebra_add(w->algebra, special, &is_new);
    if (status == OK && is_new)
        status = list_add(&lift->list, p, degree, lift->field->ring);
    fmpq_mpoly_clear(special, lift->field->ring);
    return status;
}

static enum status try_kernel(struct lifting *w, struct integral_monomials *monomials)
{
    struct integral_kernel *kernel = NULL;
    const size_t n = w->symbolic.unknowns;
    TRY(integral_kernel_create(&w->symbolic, monomials, &kernel));
    enum status status = OK;
    for (size_t k = 0; k < kernel->nullity && kernel->proved && status == OK; k++)
        status =
            try_symbolic(w, kernel->basis + k, integral_kernel_degree(kernel, n, kernel->lead[k]));
    integral_kernel_free(kernel);
    return status;
}

/* Vector k of the drawn kernel, with as few feedback weights in its coefficients as suffice. */
static enum status lift_vector(struct lifting *w, size_t k)
{
    const struct integral_kernel *kernel = w->lift->kernel;
    const fmpq_mpoly_struct *p = kernel->basis + k;
    struct integral_shape shape = {.variables = w->symbolic.variables,
                                   .unknowns = w->symbolic.unknowns,
                                   .constants = w->constants};
    const size_t most = w->constants > 0 ? LIFT_EXTRA_MOST : 0;
    for (shape.extra = 0; shape.extra <= most; shape.extra++) {
        struct integral_monomials monomials;
        size_t columns = (size_t)fmpq_mpoly_length(p, kernel->ring);
        columns *= integral_monomials_count(&(struct integral_shape){
            .unknowns = w->constants, .constants = 0, .most = shape.extra});
        if (columns > LIFT_COLUMNS_MOST || integral_algebra_spans(w->algebra, k))
            return OK;
        TRY(integral_monomials_of(&shape, p, kernel->ring, &monomials));
        TRY(try_kernel(w, &monomials));
    }
    return OK;
}

static enum status lift_all(struct lifting *w)
{
    struct integral_lift *lift = w->lift;
    for (size_t k = 0; k < lift->kernel->nullity && lift->kernel->proved; k++)
        TRY(lift_vector(w, k));
    lift->dimension = integral_algebra_rank(w->algebra);
    lift->rank = integral_rank(&w->symbolic, lift->list.generator, NULL, lift->list.count);
    lift->complete = lift->kernel->proved && lift->dimension == lift->kernel->nullity;
    return OK;
}

static enum status lift_work(struct lifting *w)
{
    struct integral_lift *lift = w->lift;
    struct integral_fields special = w->symbolic;
    TRY(specialise_field(lift, &w->symbolic));
    special.f = lift->f;
    TRY(kernel_of(&special,
                  (struct integral_shape){.variables = special.variables,
                                          .unknowns = special.unknowns,
                                          .least = 1,
                                          .most = lift->degree},
                  &lift->kernel));
    TRY(integral_algebra_create(lift->kernel, special.unknowns, lift->degree, &w->algebra));
    return lift_all(w);
}

enum status integral_lift_create(const struct field *field, size_t constants, size_t degree,
                                 const struct integral_watch *watch, struct integral_lift **result)
{
    struct integral_lift *lift = calloc(1, sizeof *lift);
    if (!lift)
        return status_fail(NO_MEMORY, "a search for integrals");
    lift->field = field;
    lift->degree = degree;
    struct lifting w = {
        .lift = lift, .symbolic = integral_fields_of(field), .constants = constants};
    w.symbolic.watch = watch;
    const enum status status = lift_work(&w);
    integral_algebra_free(w.algebra);
    if (status == OK)
        *result = lift;
    else
        integral_lift_free(lift);
    return status;
}

void integral_lift_free(struct integral_lift *lift)
{
    if (!lift)
        return;
    if (lift->drawn)
        _fmpq_vec_clear(lift->drawn, (slong)lift->field->m);
    field_polynomials_free(lift->f, lift->field->n, lift->field->ring);
    list_free(&lift->list, lift->field->ring);
    integral_kernel_free(lift->kernel);
    free(lift);
}
