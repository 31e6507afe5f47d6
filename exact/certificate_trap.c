/* A trap line by line: what trap_check() walks through, and nothing else.
 *
 * Frames, norm, widths and growths are doubles, which are rationals; coefficients are the integers of
 * the pieces.  The limit box is x within its widths, more than the trap proves. */
#include "exact/certificate_trap.h"

enum { DECIMAL = 10, FILE_MOST = 1 << 26, LIMIT_GUARD = 32 };

static void put_double(struct certificate *c, double value)
{
    arf_t number;
    arf_init(number);
    arf_set_d(number, value);
    certificate_dyadic(c, number);
    arf_clear(number);
}

static void put_doubles(struct certificate *c, const char *keyword, const double *list,
                        size_t count)
{
    certificate_line(c, keyword);
    for (size_t i = 0; i < count; i++)
        put_double(c, list[i]);
    certificate_end_line(c);
}

static void put_count(struct certificate *c, const char *keyword, ulong count)
{
    certificate_line(c, keyword);
    certificate_count(c, count);
    certificate_end_line(c);
}

static void put_row(struct certificate *c, const fmpz *row, slong count)
{
    char *first = fmpz_get_str(NULL, DECIMAL, row);
    certificate_line(c, first);
    flint_free(first);
    for (slong j = 1; j < count; j++)
        certificate_integer(c, row + j);
    certificate_end_line(c);
}

static void put_piece(struct certificate *c, const struct trap *t, size_t j)
{
    const struct trap_piece *piece = t->piece + j;
    const size_t n = t->program->n;
    if (piece->frame)
        put_doubles(c, "frame", piece->frame, n * n);
    else {
        certificate_line(c, j == 0 ? "frame unit" : "frame same");
        certificate_end_line(c);
    }
    certificate_line(c, "piece");
    certificate_count(c, (ulong)piece->shift);
    certificate_dyadic(c, piece->tube);
    put_double(c, piece->growth);
    certificate_end_line(c);
    for (size_t i = 0; i < n; i++)
        put_row(c, piece->c + (slong)i * (t->order + 1), t->order + 1);
}

static void put_end(struct certificate *c, const struct trap *t)
{
    const size_t n = t->program->n, k = t->program->k;
    put_doubles(c, "width", t->end.width, n);
    put_doubles(c, "norm", t->end.V, k * k);
    put_doubles(c, "rate", &t->end.mu, 1);
    certificate_line(c, "limit");
    for (size_t i = 0; i < n; i++)
        certificate_interval(c, t->limit + i, t->scale + LIMIT_GUARD);
    certificate_end_line(c);
}

enum status certificate_trap(const struct trap *t, struct certificate *c)
{
    if (!t->proved) {
        certificate_none(t->reason, c);
        return OK;
    }
    const struct certificate_head head = {
        .premise = t->premise,
        .kind = "orbit-trap",
        .sentence =
            "every trajectory from the start converges exponentially to a zero of the error "
            "in the limit box",
        .data = CERTIFICATE_STATED};
    TRY(certificate_open(&head, c));
    put_count(c, "scale", (ulong)t->scale);
    put_count(c, "order", (ulong)t->order);
    put_count(c, "pieces", t->count);
    for (size_t j = 0; j < t->count; j++)
        put_piece(c, t, j);
    put_end(c, t);
    TRY(certificate_close(c));
    if (c->length >= FILE_MOST)
        certificate_none("the file would be longer than the format allows", c);
    return OK;
}
