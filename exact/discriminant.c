/* The discriminant is computed by FLINT from the field and compared with the closed form.
 *
 * Step by step: K is conserved; a_2 is eliminated between the error and the leaf, which gives the
 * cubic; its discriminant is the closed form; the closed form is -beta^2/4 times 8 beta^2 K^3 + 27
 * c_1^2 alpha^2, so that its sign is that of the published criterion; where it vanishes for alpha
 * != 0, the cubic is -beta/2 (x + h)^2 (x - 2h).  Rejected: a cubic's discriminant from a table. */
#include "exact/discriminant.h"

#include "exact/identity.h"

static const char LETTERS[] = "a1 a2 c1 alpha beta K x h";
static const char CUBIC[] = "c1*alpha - beta*K*x - 1/2*beta*x^3";
static const char CLOSED[] = "-2*beta^4*K^3 - 27/4*c1^2*alpha^2*beta^2";

/* coefficients of CLOSED */
static const slong CUBE = 8, SQUARE = 27;

static bool level_is_conserved(void)
{
    static const struct identity_field field = {
        .letters = LETTERS,
        .unknowns = 2,
        .rate = {"c1*(alpha - beta*a1*a2)", "a1*(alpha - beta*a1*a2)"}};
    return identity_along(&field, "c1*a2 - 1/2*a1^2", "0");
}

/* Res_a2(e, leaf) = c_1 e on the leaf, up to its sign: e has the coefficient -beta a_1, the leaf
 * c_1. */
static bool elimination_gives_cubic(void)
{
    static const struct identity pair = {
        .letters = LETTERS, .left = "alpha - beta*x*a2", .right = "c1*a2 - 1/2*x^2 - K"};
    return identity_resultant(&pair, "a2", "-c1*alpha + beta*K*x + 1/2*beta*x^3") ||
           identity_resultant(&pair, "a2", CUBIC);
}

static bool discriminant_is_closed(void)
{
    const struct identity_discriminant claim = {
        .letters = LETTERS, .polynomial = CUBIC, .letter = "x", .value = CLOSED};
    return identity_discriminant(&claim);
}

static bool sign_is_criterion(void)
{
    const struct identity claim = {.letters = LETTERS,
                                   .left = CLOSED,
                                   .right = "-1/4*beta^2*(8*beta^2*K^3 + 27*c1^2*alpha^2)"};
    return identity_holds(&claim);
}

/* K = -3 h^2/2, beta h^3 = c_1 alpha: the cubic with the double zero -h. */
static bool double_zero_is_there(void)
{
    static const struct identity claim = {.letters = LETTERS,
                                          .left = "beta*h^3 + 3/2*beta*h^2*x - 1/2*beta*x^3",
                                          .right = "-1/2*beta*(x + h)^2*(x - 2*h)"};
    return identity_holds(&claim);
}

void discriminant_prove(struct discriminant_step step[DISCRIMINANT_STEPS])
{
    const struct discriminant_step steps[DISCRIMINANT_STEPS] = {
        {"K = c1 a2 - a1^2/2 is conserved", level_is_conserved()},
        {"on a leaf a1' = Q(a1), Q(x) = c1 alpha - beta K x - beta x^3/2",
         elimination_gives_cubic()},
        {"disc Q = -2 beta^4 K^3 - (27/4) c1^2 alpha^2 beta^2", discriminant_is_closed()},
        {"disc Q = -(beta^2/4) (8 beta^2 K^3 + 27 c1^2 alpha^2)", sign_is_criterion()},
        {"on the curve Q = -(beta/2) (x + h)^2 (x - 2h), beta h^3 = c1 alpha",
         double_zero_is_there()},
    };
    for (size_t i = 0; i < DISCRIMINANT_STEPS; i++)
        step[i] = steps[i];
}

/* ---- at rational parameters ---- */

void discriminant_point_init(struct discriminant_point *point)
{
    fmpq_init(point->c1);
    fmpq_init(point->alpha);
    fmpq_init(point->beta);
    fmpq_init(point->K);
}

void discriminant_point_clear(struct discriminant_point *point)
{
    fmpq_clear(point->c1);
    fmpq_clear(point->alpha);
    fmpq_clear(point->beta);
    fmpq_clear(point->K);
}

int discriminant_sign(const struct discriminant_point *point)
{
    fmpq_t cube, square;
    fmpq_init(cube);
    fmpq_init(square);
    fmpq_pow_si(cube, point->K, 3);
    fmpq_mul(cube, cube, point->beta);
    fmpq_mul(cube, cube, point->beta);
    fmpq_mul_si(cube, cube, CUBE);
    fmpq_mul(square, point->c1, point->alpha);
    fmpq_mul(square, square, square);
    fmpq_mul_si(square, square, SQUARE);
    fmpq_add(cube, cube, square);
    const int sign = fmpq_is_zero(point->beta) ? 0 : -fmpq_sgn(cube);
    fmpq_clear(cube);
    fmpq_clear(square);
    return sign;
}

/* A triple zero has K = 0 = c_1 alpha. */
int discriminant_equilibria(const struct discriminant_point *point)
{
    enum { ALL = 3 };
    if (fmpq_is_zero(point->beta))
        return -1;
    const int sign = discriminant_sign(point);
    if (sign == 0)
        return fmpq_is_zero(point->K) ? 1 : 2;
    return sign > 0 ? ALL : 1;
}

/* 2 c_1 alpha - 2 beta K x - beta x^3 */
static void set_cubic(const struct discriminant_point *point, fmpq_poly_t Q)
{
    fmpq_t number;
    fmpq_init(number);
    fmpq_mul(number, point->c1, point->alpha);
    fmpq_mul_2exp(number, number, 1);
    fmpq_poly_set_coeff_fmpq(Q, 0, number);
    fmpq_mul(number, point->beta, point->K);
    fmpq_mul_2exp(number, number, 1);
    fmpq_neg(number, number);
    fmpq_poly_set_coeff_fmpq(Q, 1, number);
    fmpq_neg(number, point->beta);
    fmpq_poly_set_coeff_fmpq(Q, 3, number);
    fmpq_clear(number);
}

/* FLINT counts zeros of squarefree polynomials only, so Q is divided by gcd(Q, Q'). */
int discriminant_equilibria_by_zeros(const struct discriminant_point *point)
{
    if (fmpq_is_zero(point->beta))
        return -1;
    fmpq_poly_t Q, common;
    fmpz_poly_t whole;
    fmpq_poly_init(Q);
    fmpq_poly_init(common);
    fmpz_poly_init(whole);
    set_cubic(point, Q);
    fmpq_poly_derivative(common, Q);
    fmpq_poly_gcd(common, common, Q);
    fmpq_poly_div(Q, Q, common);
    fmpq_poly_get_numerator(whole, Q);
    const int zeros = (int)fmpz_poly_num_real_roots(whole);
    fmpz_poly_clear(whole);
    fmpq_poly_clear(common);
    fmpq_poly_clear(Q);
    return zeros;
}
