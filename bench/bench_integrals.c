/* What first integrals cost: eighty searches, most of them small, with their dimension, generators and
 * functional rank; those for all parameters are marked.  The cases are those of the test, powers, and
 * symbolic chains.  CPU seconds of one thread. */
#include "exact/field_matrix.h"
#include "exact/integral_search.h"
#include "exact/integral_text.h"
#include "tests/integral_cases.h"

#include <stdio.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

struct row {
    const char *system, *rule, *sizes, *mark;
    size_t n, degree, dimension, generators, rank;
    bool complete;
    const struct integral_kernel *kernel;
};

static void print(const struct row *row, double begun)
{
    printf("%-12s %-5s %-4s %2zu %6zu %6zu x %-5zu %3zu %5zu %4zu  %-8s %7.4f  %s\n", row->system,
           row->rule, row->sizes, row->n, row->degree, row->kernel->rows,
           row->kernel->monomials.columns, row->dimension, row->generators, row->rank,
           row->complete ? "complete" : "OPEN", seconds() - begun, row->mark);
}

static void check(enum status status)
{
    if (status == OK)
        return;
    fprintf(stderr, "%s\n", status_message());
    exit(EXIT_FAILURE);
}

static struct row row_of(const struct integral_case *it, const struct field *field)
{
    return (struct row){.system = it->system,
                        .rule = it->rule,
                        .sizes = it->sizes,
                        .mark = "",
                        .n = field->n,
                        .degree = it->degree};
}

static void search(const struct integral_case *it, const struct field *field)
{
    const struct integral_fields fields = integral_fields_of(field);
    struct integral_search *s = NULL;
    const double begun = seconds();
    check(integral_search_create(&fields, it->degree, &s));
    struct row row = row_of(it, field);
    row.dimension = s->dimension;
    row.generators = s->list.count;
    row.rank = s->rank;
    row.complete = s->complete;
    row.kernel = s->kernel;
    print(&row, begun);
    integral_search_free(s);
}

static void numbers(const struct integral_case *it)
{
    struct premise *premise = integral_cases_premise(it);
    struct field *field = NULL;
    check(field_create(premise, FIELD_NUMBERS, &field));
    search(it, field);
    field_free(field);
    premise_free(premise);
}

static void symbols(const struct integral_case *it)
{
    struct premise *premise = integral_cases_premise(it);
    struct field *field = NULL;
    struct integral_lift *lift = NULL;
    check(field_create(premise, FIELD_SYMBOLIC, &field));
    const double begun = seconds();
    check(integral_lift_create(field, premise->feedback_count, it->degree, NULL, &lift));
    struct row row = row_of(it, field);
    row.dimension = lift->dimension;
    row.generators = lift->list.count;
    row.rank = lift->rank;
    row.complete = lift->complete;
    row.kernel = lift->kernel;
    row.mark = "for all parameters";
    print(&row, begun);
    integral_lift_free(lift);
    field_free(field);
    premise_free(premise);
}

/* a1' = c1 mu a1^(mu-1) e, a2' = a1^mu e, e = alpha - beta a1^mu a2 */
static void power(const struct integral_case *it, int mu)
{
    enum { TEXT_MAX = 128 };
    static char a1[] = "a1", a2[] = "a2";
    char *names[] = {a1, a2}, text[2][TEXT_MAX];
    struct field field = {.n = 2, .names = names};
    snprintf(text[0], TEXT_MAX, "2/3*%d*a1^%d*(3/2 - 5/4*a1^%d*a2)", mu, mu - 1, mu);
    snprintf(text[1], TEXT_MAX, "a1^%d*(3/2 - 5/4*a1^%d*a2)", mu, mu);
    fmpq_mpoly_ctx_init(field.ring, 2, ORD_DEGLEX);
    field.f = field_polynomials(2, field.ring);
    for (size_t i = 0; i < 2; i++)
        check(integral_read(&field, text[i], field.f + i));
    search(it, &field);
    field_polynomials_free(field.f, 2, field.ring);
    fmpq_mpoly_ctx_clear(field.ring);
}

int main(void)
{
    static const struct integral_case powers[] = {
        {.system = "power", .rule = "rbp", .sizes = "2", .degree = 4},
        {.system = "power", .rule = "rbp", .sizes = "3", .degree = 4},
        {.system = "power", .rule = "rbp", .sizes = "4", .degree = 4}};
    static const char *const depths[] = {"2", "3", "4", "5", "6"}, *const rules[] = {"rbp", "srbp"};
    enum { POWERS = sizeof powers / sizeof *powers, DEPTHS = sizeof depths / sizeof *depths };
    const double begun = seconds();
    size_t runs = INTEGRAL_CASES + POWERS + 2 * DEPTHS + 2;
    printf("system       rule  size  n degree  equations     dim gener rank              CPU s\n");
    for (size_t k = 0; k < INTEGRAL_CASES; k++)
        numbers(integral_cases + k);
    for (size_t k = 0; k < POWERS; k++)
        power(powers + k, 2 + (int)k);
    for (size_t k = 0; k < 2 * DEPTHS; k++)
        symbols(&(struct integral_case){
            .system = "chain", .rule = rules[k % 2], .sizes = depths[k / 2], .degree = 2});
    symbols(
        &(struct integral_case){.system = "hidden", .rule = "rbp", .sizes = "222", .degree = 2});
    symbols(
        &(struct integral_case){.system = "hidden", .rule = "rbp", .sizes = "323", .degree = 2});
    printf("%zu runs: %.2f s (bar: 10 s)\n", runs, seconds() - begun);
    return 0;
}
