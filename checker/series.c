/* Products coefficient by coefficient. */
#include "checker/series.h"

#include "checker/frame.h"
#include "checker/memory.h"

static void init(void *context, void *z)
{
    (void)context;
    *(struct series *)z = (struct series){0};
}

/* Coefficients from z->length on become 0, up to `length`. */
static void lengthen(struct series *z, size_t length)
{
    if (length > z->room) {
        struct ball *c = memory_new(length, sizeof *c);
        for (size_t j = 0; j < length; j++)
            ball_init(&c[j]);
        for (size_t j = 0; j < z->room; j++) {
            ball_swap(&c[j], &z->c[j]);
            ball_clear(&z->c[j]);
        }
        memory_free(z->c);
        z->c = c;
        z->room = length;
    }
    for (; z->length < length; z->length++) {
        mpz_set_ui(z->c[z->length].m, 0);
        mpz_set_ui(z->c[z->length].r, 0);
    }
}

static void set_number(void *context, void *z, const mpq_t number)
{
    struct series_context *along = context;
    struct series *series = z;
    series->length = 0;
    if (!mpq_sgn(number))
        return;
    lengthen(series, 1);
    ball_set_rational(along->balls, &series->c[0], number);
}

void series_coefficient(const struct series_context *context, struct ball *z, const mpz_t c)
{
    mpz_mul_2exp(z->m, c, context->balls->bits - context->scale);
    mpz_set_ui(z->r, 0);
}

static void set_variable(void *context, void *z, size_t variable)
{
    struct series_context *along = context;
    struct series *series = z;
    size_t length = along->order + 1;
    series->length = 0;
    lengthen(series, length);
    for (size_t j = 0; j < length; j++)
        series_coefficient(along, &series->c[j], along->piece[variable * length + j]);
}

static void add_product(void *context, void *z, const void *a, const void *b)
{
    struct series_context *along = context;
    struct series *sum = z;
    const struct series *p = a, *q = b;
    if (!p->length || !q->length)
        return;
    frame_work(along->balls, p->length * q->length);
    if (p->length + q->length - 1 > sum->length)
        lengthen(sum, p->length + q->length - 1);
    for (size_t i = 0; i < p->length; i++)
        for (size_t j = 0; j < q->length; j++)
            ball_addmul(along->balls, &sum->c[i + j], &p->c[i], &q->c[j]);
}

struct ring series_ring(struct series_context *context)
{
    return (struct ring){.size = sizeof(struct series),
                         .init = init,
                         .set_number = set_number,
                         .set_variable = set_variable,
                         .add_product = add_product,
                         .context = context};
}
