/* (a + a')(b + b') = a b + a b' + a' b: forward differentiation. */
#include "checker/dual.h"

#include "checker/frame.h"
#include "checker/memory.h"

static void set_zero(struct ball *z)
{
    mpz_set_ui(z->m, 0);
    mpz_set_ui(z->r, 0);
}

static bool is_zero(const struct ball *x)
{
    return !mpz_sgn(x->m) && !mpz_sgn(x->r);
}

static void init(void *context, void *z)
{
    (void)context;
    struct dual *x = z;
    *x = (struct dual){0};
    ball_init(&x->value);
}

static void set_number(void *context, void *z, const mpq_t number)
{
    struct dual_context *around = context;
    struct dual *x = z;
    x->varies = false;
    ball_set_rational(around->balls, &x->value, number);
}

static void begin_to_vary(const struct dual_context *around, struct dual *x)
{
    if (!x->slope) {
        x->slope = memory_new(around->n, sizeof *x->slope);
        for (size_t j = 0; j < around->n; j++)
            ball_init(&x->slope[j]);
    }
    for (size_t j = 0; j < around->n && !x->varies; j++)
        set_zero(&x->slope[j]);
    x->varies = true;
}

static void set_variable(void *context, void *z, size_t variable)
{
    struct dual_context *around = context;
    struct dual *x = z;
    ball_set(&x->value, &around->box[variable]);
    x->varies = false;
    begin_to_vary(around, x);
    ball_set_integer(around->balls, &x->slope[variable], 1);
}

/* z' += a b' */
static void add_slopes(const struct dual_context *around, struct dual *z, const struct ball *a,
                       const struct dual *b)
{
    if (!b->varies || is_zero(a))
        return;
    begin_to_vary(around, z);
    for (size_t j = 0; j < around->n; j++)
        if (!is_zero(&b->slope[j]))
            ball_addmul(around->balls, &z->slope[j], a, &b->slope[j]);
}

static void add_product(void *context, void *z, const void *a, const void *b)
{
    struct dual_context *around = context;
    struct dual *sum = z;
    const struct dual *p = a, *q = b;
    frame_work(around->balls, 2 * around->n + 1);
    ball_addmul(around->balls, &sum->value, &p->value, &q->value);
    add_slopes(around, sum, &p->value, q);
    add_slopes(around, sum, &q->value, p);
}

struct ring dual_ring(struct dual_context *context)
{
    return (struct ring){.size = sizeof(struct dual),
                         .init = init,
                         .set_number = set_number,
                         .set_variable = set_variable,
                         .add_product = add_product,
                         .context = context};
}

void dual_slope(const struct dual *x, size_t j, struct ball *slope)
{
    if (x->varies)
        ball_set(slope, &x->slope[j]);
    else
        set_zero(slope);
}
