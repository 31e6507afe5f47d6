/* Jets: products are Leibniz's rule, coefficient by coefficient:
 *
 *     (f g)_j = sum_i f_i g_(j-i),    d(f g)_j = sum_i (df_i g_(j-i) + f_i dg_(j-i)).
 *
 * Most entries of a jet are exactly zero (a weight does not depend on the data of other layers),
 * and products with them are left out. */
#include "checker/jet.h"

#include "checker/reject.h"

void jet_space_init(struct jet_space *space, struct ball_context *c, size_t orders,
                    size_t parameters)
{
    size_t mixed = orders > 1 ? orders - 1 : 1;
    *space = (struct jet_space){.c = c,
                                .orders = orders,
                                .parameters = parameters,
                                .mixed = mixed,
                                .size = orders + parameters * mixed};
    space->scratch = ball_vector(space->size);
}

void jet_space_clear(struct jet_space *space)
{
    ball_vector_clear(space->scratch, space->size);
}

struct ball *jet_vector(const struct jet_space *space, size_t count)
{
    return ball_vector(count * space->size);
}

struct ball *jet_mixed(const struct jet_space *space, struct ball *x, size_t k, size_t j)
{
    return &x[space->orders + k * space->mixed + j];
}

/* What it costs to touch every entry of a jet once. */
static void count_entries(const struct jet_space *space)
{
    static const uint64_t ENTRY = 20; /* nanoseconds */
    reject_work(ENTRY * space->size);
}

void jet_set_zero(const struct jet_space *space, struct ball *z)
{
    count_entries(space);
    for (size_t i = 0; i < space->size; i++)
        ball_set_integer(space->c, &z[i], 0);
}

void jet_set_constant(const struct jet_space *space, struct ball *z, const struct ball *value)
{
    jet_set_zero(space, z);
    ball_set(&z[0], value);
}

void jet_set_parameter(const struct jet_space *space, struct ball *z, const struct ball *value,
                       size_t k)
{
    jet_set_constant(space, z, value);
    ball_set_integer(space->c, jet_mixed(space, z, k, 0), 1);
}

void jet_set_time(const struct jet_space *space, struct ball *z, const struct ball *value)
{
    jet_set_constant(space, z, value);
    ball_set_integer(space->c, &z[1], 1);
}

void jet_set(const struct jet_space *space, struct ball *z, const struct ball *x)
{
    count_entries(space);
    for (size_t i = 0; i < space->size; i++)
        ball_set(&z[i], &x[i]);
}

void jet_lift(const struct jet_space *space, struct ball *z, const struct jet_space *from,
              const struct ball *x)
{
    jet_set_constant(space, z, &x[0]);
    for (size_t k = 0; k < space->parameters; k++)
        ball_set(jet_mixed(space, z, k, 0), &x[from->orders + k * from->mixed]);
}

void jet_add(const struct jet_space *space, struct ball *z, const struct ball *x,
             const struct ball *y)
{
    count_entries(space);
    for (size_t i = 0; i < space->size; i++)
        ball_add(space->c, &z[i], &x[i], &y[i]);
}

void jet_sub(const struct jet_space *space, struct ball *z, const struct ball *x,
             const struct ball *y)
{
    count_entries(space);
    for (size_t i = 0; i < space->size; i++)
        ball_sub(space->c, &z[i], &x[i], &y[i]);
}

void jet_half(const struct jet_space *space, struct ball *z, const struct ball *x)
{
    count_entries(space);
    for (size_t i = 0; i < space->size; i++)
        ball_scale(space->c, &z[i], &x[i], -1);
}

static bool is_zero(const struct ball *x)
{
    return mpz_sgn(x->m) == 0 && mpz_sgn(x->r) == 0;
}

/* z += x y, and what that costs: products of limbs, and a constant. */
static void add_product(const struct jet_space *space, struct ball *z, const struct ball *x,
                        const struct ball *y)
{
    static const uint64_t OVERHEAD = 100; /* nanoseconds of a product of short balls */
    if (is_zero(x) || is_zero(y))
        return;
    reject_work(OVERHEAD + mpz_size(x->m) * mpz_size(y->m));
    ball_addmul(space->c, z, x, y);
}

/* z_j = sum of x_i y_(j-i), all without parameters. */
static void convolve(const struct jet_space *space, struct ball *z, const struct ball *x,
                     const struct ball *y, size_t orders)
{
    for (size_t j = 0; j < orders; j++)
        for (size_t i = 0; i <= j; i++)
            add_product(space, &z[j], &x[i], &y[j - i]);
}

void jet_mul(const struct jet_space *space, struct ball *z, const struct ball *x,
             const struct ball *y)
{
    struct ball *product = space->scratch;
    jet_set_zero(space, product);
    convolve(space, product, x, y, space->orders);
    for (size_t k = 0; k < space->parameters; k++) {
        size_t at = space->orders + k * space->mixed;
        convolve(space, &product[at], &x[at], y, space->mixed);
        convolve(space, &product[at], x, &y[at], space->mixed);
    }
    for (size_t i = 0; i < space->size; i++)
        ball_swap(&z[i], &product[i]);
}

/* z_0 = 1/x_0, z_j = -(sum over i > 0 of x_i z_(j-i)) / x_0. */
void jet_inverse(const struct jet_space *space, struct ball *z, const struct ball *x)
{
    struct ball one;
    ball_init(&one);
    ball_set_integer(space->c, &one, 1);
    jet_set_zero(space, z);
    ball_div(space->c, &z[0], &one, &x[0]);
    for (size_t j = 1; j < space->orders; j++) {
        for (size_t i = 1; i <= j; i++)
            add_product(space, &z[j], &x[i], &z[j - i]);
        ball_neg(&z[j], &z[j]);
        ball_mul(space->c, &z[j], &z[j], &z[0]);
    }
    ball_clear(&one);
}

void jet_power(const struct jet_space *space, struct ball *z, const struct ball *x, unsigned long n)
{
    struct ball *base = jet_vector(space, 1);
    jet_set(space, base, x);
    jet_set_zero(space, z);
    ball_set_integer(space->c, &z[0], 1);
    for (; n; n >>= 1) {
        if (n & 1)
            jet_mul(space, z, z, base);
        if (n > 1)
            jet_mul(space, base, base, base);
    }
    ball_vector_clear(base, space->size);
}
