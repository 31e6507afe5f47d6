/* What exact limits cost: chains of up to 24 layers (degree 2^24 - 1), to 15 and to 50 digits, double
 * zeros and near ones, fans, autoencoders, and blow-up times to 40 digits.  Data are random rationals
 * with denominators of 8, keyed by their number; the median and the largest of several are printed. */
#include "base/stream.h"
#include "exact/limit.h"
#include "tests/planted_zeros.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CASES = 51, FEW = 15, MANY = 50, BLOWUP_DIGITS = 40, EIGHT = 8 };

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static slong eighths(struct stream *stream, int most)
{
    return (slong)stream_below(stream, 2 * (uint64_t)most + 1) - most;
}

static struct statement *make(enum statement_family family, enum statement_rule rule, size_t size)
{
    struct statement *s = NULL;
    if (statement_create(family, rule, size, &s) != OK)
        abort();
    for (size_t i = 0; i < s->c_count; i++)
        fmpq_one(s->c + i);
    fmpq_one(&s->alpha);
    fmpq_one(&s->beta);
    return s;
}

/* c in +-[1/2, 3/2], c_L = 1, start in [-3/2, 3/2]. */
static struct statement *draw(enum statement_family family, size_t size, uint64_t number)
{
    enum { START = 12, FEEDBACK = 4 };
    struct stream stream = stream_at(1, stream_key("bench exact"), number);
    struct statement *s = make(family, STATEMENT_DIRECT, size);
    for (size_t i = 0; i < s->dim; i++)
        fmpq_set_si(s->x0 + i, eighths(&stream, START), EIGHT);
    for (size_t i = 0; i < size; i++) {
        const slong c = FEEDBACK + (slong)stream_below(&stream, 2 * FEEDBACK + 1);
        fmpq_set_si(s->c + i, stream_below(&stream, 2) ? c : -c, EIGHT);
    }
    if (family == STATEMENT_CHAIN)
        fmpq_one(s->c + size - 1);
    fmpq_set_si(&s->alpha, eighths(&stream, 2 * EIGHT), EIGHT);
    return s;
}

/* Milliseconds; decided is counted. */
static double time_of(const struct statement *s, slong digits, size_t *decided)
{
    struct limit *limit = limit_create(s);
    const double begun = seconds();
    if (!limit || limit_decide(s, digits, limit) != OK)
        abort();
    const double spent = 1e3 * (seconds() - begun);
    *decided += limit->ending != ENDING_HORIZON;
    limit_free(limit);
    return spent;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void row(const char *name, enum statement_family family, size_t size)
{
    double few[CASES], many[CASES];
    size_t decided = 0, again = 0;
    for (uint64_t k = 0; k < CASES; k++) {
        struct statement *s = draw(family, size, k);
        few[k] = time_of(s, FEW, &again);
        many[k] = time_of(s, MANY, &decided);
        statement_free(s);
    }
    qsort(few, CASES, sizeof *few, ascending);
    qsort(many, CASES, sizeof *many, ascending);
    printf("%-24s %10.2f %10.2f %10.2f %10.2f %6zu/%d\n", name, few[CASES / 2], few[CASES - 1],
           many[CASES / 2], many[CASES - 1], decided, CASES);
}

/* Both sides of the planted zero; alpha (1 + nudge). */
static void planted_row(size_t L, const char *nudge)
{
    static const ulong NEAR = 4096;
    double worst = 0;
    size_t decided = 0;
    fmpq_t time;
    fmpq_init(time);
    for (slong side = -1; side <= 1; side += 2) {
        struct statement *s = draw(STATEMENT_CHAIN, L, L);
        if (planted_zeros_set(s)) {
            if (planted_zeros_part(s, nudge) != OK)
                abort();
            fmpq_set_si(time, side, NEAR);
            planted_zeros_move(s, time);
            const double spent = time_of(s, MANY, &decided);
            worst = spent > worst ? spent : worst;
        }
        statement_free(s);
    }
    printf("L = %2zu, alpha (1 + %-6s)  %10.1f ms at worst, %zu/2 decided\n", L, nudge, worst,
           decided);
    fmpq_clear(time);
}

/* c = (1, ..., 1, -1), start (1, 1/2, ..., 1/2, -1). */
static void blowup_row(size_t L)
{
    struct statement *s = make(STATEMENT_CHAIN, STATEMENT_DIRECT, L);
    for (size_t i = 0; i < L; i++)
        fmpq_set_si(s->x0 + i, 1, i ? 2 : 1);
    fmpq_set_si(s->c + L - 1, -1, 1);
    fmpq_set_si(s->x0 + L - 1, -1, 1);
    struct limit *limit = limit_create(s);
    const double begun = seconds();
    if (!limit || limit_decide(s, BLOWUP_DIGITS, limit) != OK)
        abort();
    const double spent = 1e3 * (seconds() - begun);
    char *text = limit_text(limit->time, BLOWUP_DIGITS);
    printf("L = %zu, degree %3u  %-48s %8.1f ms\n", L, (1U << L) - 1,
           limit->has_time ? text : ending_name(limit->ending), spent);
    flint_free(text);
    limit_free(limit);
    statement_free(s);
}

int main(void)
{
    static const size_t depths[] = {2, 4, 6, 8, 10, 16, 24};
    char name[64];
    printf("%-24s %10s %10s %10s %10s %9s\n", "milliseconds", "15 digits", "at worst", "50 digits",
           "at worst", "decided");
    for (size_t k = 0; k < sizeof depths / sizeof *depths; k++) {
        snprintf(name, sizeof name, "chain, L = %zu", depths[k]);
        row(name, STATEMENT_CHAIN, depths[k]);
    }
    row("fan, N = 256", STATEMENT_FAN, 256);
    row("autoencoder, N = 64", STATEMENT_AUTOENCODER, 64);
    printf("\ndouble zeros, and zeros 1e-20 apart\n");
    for (size_t L = 2; L <= 10; L += 2) {
        planted_row(L, "0");
        planted_row(L, "1e-40");
        planted_row(L, "-1e-40");
    }
    printf("\nblow-up times, c_L = -1\n");
    for (size_t L = 2; L <= 7; L++)
        blowup_row(L);
    return EXIT_SUCCESS;
}
