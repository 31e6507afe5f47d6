/* Any text as a first integral: p or p exp(q), in the names of a chain of three layers.
 *
 * What is accepted is written, and what was written must be read as the same polynomials: text ->
 * (p, q) -> text -> (p, q). */
#include "exact/integral_text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/integral_cases.h"

enum { LENGTH_MOST = 1024 };

size_t fuzz_accepted, fuzz_refused;

static struct field *field;

static void field_remove(void)
{
    field_free(field);
    flint_cleanup();
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    static const struct integral_case three = {.system = "chain", .rule = "srbp", .sizes = "3"};
    (void)count;
    (void)arguments;
    struct premise *premise = integral_cases_premise(&three);
    fuzz_must(field_create(premise, FIELD_SYMBOLIC, &field) == OK);
    premise_free(premise);
    return atexit(field_remove);
}

static void write_and_read(const fmpq_mpoly_t p, const fmpq_mpoly_t q)
{
    fmpq_mpoly_t p2, q2;
    char *text = integral_write_exponential(field, p, q);
    fuzz_must(text != NULL);
    fmpq_mpoly_init(p2, field->ring);
    fmpq_mpoly_init(q2, field->ring);
    if (strlen(text) < LENGTH_MOST) { /* longer ones may pass the reader's limits */
        fuzz_must(integral_read_exponential(field, text, p2, q2) == OK);
        fuzz_must(fmpq_mpoly_equal(p, p2, field->ring) && fmpq_mpoly_equal(q, q2, field->ring));
    }
    fmpq_mpoly_clear(p2, field->ring);
    fmpq_mpoly_clear(q2, field->ring);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char text[LENGTH_MOST];
    fmpq_mpoly_t p, q;
    if (length >= sizeof text)
        return 0;
    memcpy(text, bytes, length);
    text[length] = '\0';
    fmpq_mpoly_init(p, field->ring);
    fmpq_mpoly_init(q, field->ring);
    const enum status status = integral_read_exponential(field, text, p, q);
    fuzz_judge(status);
    if (status == OK)
        write_and_read(p, q);
    fmpq_mpoly_clear(p, field->ring);
    fmpq_mpoly_clear(q, field->ring);
    return 0;
}
