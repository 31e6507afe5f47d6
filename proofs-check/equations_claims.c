/* The search of exact/ at the numbers of the file, and for all parameters beside it.
 *
 * Those that hold for all parameters are preferred, as they stay when a sweep varies one; if they are
 * fewer than those at the numbers, the latter are taken, and flows with other parameters do without.
 * Of the generators, those are kept that are functionally independent of the earlier ones, (FI4): a
 * leaf needs no more. */
#include "proofs-check/equations_claims.h"

#include "exact/field_matrix.h"
#include "exact/integral_search.h"
#include "exact/integral_text.h"
#include "proofs-check/equations_field.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEGREE_FIRST = 4,
    COLUMNS_MOST = 130,  /* monomials: C(n + d, d); some milliseconds */
    VARIABLES_MOST = 40, /* with the parameters */
    TEXT_MOST = 4000     /* of one integral: longer ones cost more than they give */
};

struct search {
    struct equations *equations;
    struct equations_field *field;
    struct integral_fields symbolic, here;
    fmpq_mpoly_struct *f; /* at the numbers */
    struct integral_search *search;
    struct integral_lift *lift;
};

size_t equations_claims_degree(size_t unknowns)
{
    for (size_t degree = DEGREE_FIRST; degree > 0; degree--) {
        double columns = 1;
        for (size_t k = 1; k <= degree; k++)
            columns *= (double)(unknowns + k) / (double)k;
        if (columns <= COLUMNS_MOST)
            return degree;
    }
    return 0;
}

/* Independent ones, in their order. */
static enum status take(struct search *s, const struct integral_list *list, bool for_all)
{
    const struct field *field = s->field->field;
    size_t rank = 0;
    for (size_t k = 0; k < list->count; k++) {
        const size_t more = integral_rank(&s->symbolic, list->generator, NULL, k + 1);
        if (more <= rank)
            continue;
        rank = more;
        char *text = integral_write(field, list->generator + k);
        if (!text)
            return status_fail(NO_MEMORY, "a first integral");
        enum status status = OK;
        if (strlen(text) <= TEXT_MOST)
            status = equations_claim_add(s->equations, text, for_all);
        free(text);
        TRY(status);
    }
    return OK;
}

static enum status look(struct search *s, size_t degree)
{
    const struct field *field = s->field->field;
    s->symbolic = s->here = integral_fields_of(field);
    s->f = field_polynomials(field->n, field->ring);
    if (!s->f)
        return status_fail(NO_MEMORY, "a field of %zu unknowns", field->n);
    for (size_t i = 0; i < field->n; i++) {
        fmpq_mpoly_set(s->f + i, field->f + i, field->ring);
        integral_specialise(&s->symbolic, s->field->values, s->f + i);
    }
    s->here.f = s->f;
    TRY(integral_search_create(&s->here, degree, &s->search));
    if (s->search->list.count == 0)
        return OK;
    TRY(integral_lift_create(field, field->m, degree, NULL, &s->lift));
    const bool for_all = s->lift->rank >= s->search->rank;
    return take(s, for_all ? &s->lift->list : &s->search->list, for_all);
}

enum status equations_claims_find(struct equations *equations)
{
    struct search s = {.equations = equations};
    const size_t degree = equations_claims_degree(equations->unknowns);
    if (degree == 0 || equations->unknowns + equations->parameters > VARIABLES_MOST)
        return OK;
    TRY(equations_field_create(equations, &s.field));
    enum status status = OK;
    assert(s.field);
    if (s.field->field)
        status = look(&s, degree);
    integral_search_free(s.search);
    integral_lift_free(s.lift);
    if (s.f && s.field->field)
        field_polynomials_free(s.f, s.field->field->n, s.field->field->ring);
    equations_field_free(s.field);
    return status;
}
