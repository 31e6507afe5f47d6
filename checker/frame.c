/* Gauss and Jordan's elimination, with balls around the entries. */
#include "checker/frame.h"

#include "checker/reject.h"

enum { WORD = 64 };

void frame_work(const struct ball_context *c, size_t products)
{
    static const size_t ball_work = 100; /* of a product of balls, but its words */
    size_t words = c->bits / WORD;
    reject_work(products * (ball_work + words * words));
}

void frame_init(struct frame *frame, size_t n)
{
    frame->n = n;
    ball_matrix_init(&frame->B, n, n);
    ball_matrix_init(&frame->inverse, n, n);
}

/* Inversion */

static size_t largest_pivot(const struct ball_matrix *A, size_t p)
{
    size_t row = p;
    for (size_t i = p + 1; i < A->rows; i++)
        if (mpz_cmpabs(ball_matrix_entry(A, i, p)->m, ball_matrix_entry(A, row, p)->m) > 0)
            row = i;
    return row;
}

static void swap_rows(struct ball_matrix *A, size_t i, size_t j)
{
    for (size_t c = 0; c < A->columns && i != j; c++)
        ball_swap(ball_matrix_entry(A, i, c), ball_matrix_entry(A, j, c));
}

/* row p is divided by `pivot`, and row i loses `factor` times row p. */
static void divide_row(struct ball_context *c, struct ball_matrix *A, size_t p,
                       const struct ball *pivot)
{
    for (size_t j = 0; j < A->columns; j++)
        ball_div(c, ball_matrix_entry(A, p, j), ball_matrix_entry(A, p, j), pivot);
}

static void subtract_row(struct ball_context *c, struct ball_matrix *A, size_t i, size_t p,
                         const struct ball *factor)
{
    struct ball product;
    ball_init(&product);
    for (size_t j = 0; j < A->columns; j++) {
        ball_mul(c, &product, factor, ball_matrix_entry(A, p, j));
        ball_sub(c, ball_matrix_entry(A, i, j), ball_matrix_entry(A, i, j), &product);
    }
    ball_clear(&product);
}

static bool eliminate(struct ball_context *c, struct ball_matrix *A, struct ball_matrix *X,
                      size_t p)
{
    struct ball factor;
    size_t row = largest_pivot(A, p);
    swap_rows(A, p, row);
    swap_rows(X, p, row);
    if (ball_contains_zero(ball_matrix_entry(A, p, p)))
        return false;
    ball_init(&factor);
    ball_set(&factor, ball_matrix_entry(A, p, p));
    divide_row(c, A, p, &factor);
    divide_row(c, X, p, &factor);
    for (size_t i = 0; i < A->rows; i++) {
        if (i == p)
            continue;
        ball_set(&factor, ball_matrix_entry(A, i, p));
        subtract_row(c, A, i, p, &factor);
        subtract_row(c, X, i, p, &factor);
    }
    ball_clear(&factor);
    return true;
}

bool frame_invert(struct ball_context *c, struct frame *frame)
{
    struct ball_matrix A;
    bool regular = true;
    frame_work(c, 2 * frame->n * frame->n * frame->n);
    ball_matrix_init(&A, frame->n, frame->n);
    for (size_t k = 0; k < frame->n * frame->n; k++) {
        ball_set(&A.x[k], &frame->B.x[k]);
        ball_set_integer(c, &frame->inverse.x[k], k % (frame->n + 1) == 0);
    }
    for (size_t p = 0; p < frame->n && regular; p++)
        regular = eliminate(c, &A, &frame->inverse, p);
    ball_matrix_clear(&A);
    return regular;
}

/* Norms */

/* Squares are not rounded, as those of small numbers would vanish behind the point. */
void frame_length(struct ball_context *c, size_t n, const struct ball *x, struct ball *norm)
{
    struct ball modulus;
    ball_init(&modulus);
    ball_set_integer(c, norm, 0);
    for (size_t i = 0; i < n && ball_is_bounded(norm); i++) {
        ball_magnitude(c, &modulus, &x[i]);
        if (ball_is_bounded(&modulus))
            mpz_addmul(norm->m, modulus.m, modulus.m);
        else
            ball_set_unbounded(norm);
    }
    if (ball_is_bounded(norm) && mpz_sgn(norm->m) > 0) { /* the root, rounded up */
        mpz_sub_ui(norm->m, norm->m, 1);
        mpz_sqrt(norm->m, norm->m);
        mpz_add_ui(norm->m, norm->m, 1);
    }
    ball_clear(&modulus);
}

void frame_norm(struct ball_context *c, const struct frame *frame, const struct ball *x,
                struct ball *norm)
{
    struct ball *z = ball_vector(frame->n);
    frame_work(c, frame->n * frame->n);
    for (size_t i = 0; i < frame->n; i++)
        for (size_t j = 0; j < frame->n; j++)
            ball_addmul(c, &z[i], ball_matrix_entry(&frame->inverse, i, j), &x[j]);
    frame_length(c, frame->n, z, norm);
    ball_vector_clear(z, frame->n);
}

void frame_row_norm(struct ball_context *c, const struct frame *frame, size_t i, struct ball *norm)
{
    frame_length(c, frame->n, ball_matrix_entry(&frame->B, i, 0), norm);
}

/* Definiteness */

/* The largest row sum of the radii, in units of the context. */
static void largest_radius(const struct ball_matrix *A, mpz_t largest)
{
    mpz_t sum;
    mpz_init(sum);
    mpz_set_ui(largest, 0);
    for (size_t i = 0; i < A->rows; i++) {
        mpz_set_ui(sum, 0);
        for (size_t j = 0; j < A->columns; j++)
            mpz_add(sum, sum, ball_matrix_entry(A, i, j)->r);
        if (mpz_cmp(sum, largest) > 0)
            mpz_set(largest, sum);
    }
    mpz_clear(sum);
}

static bool all_bounded(const struct ball_matrix *A)
{
    for (size_t k = 0; k < A->rows * A->columns; k++)
        if (!ball_is_bounded(&A->x[k]))
            return false;
    return true;
}

bool frame_is_definite(struct ball_context *c, struct ball_matrix *A)
{
    mpz_t reach;
    if (!all_bounded(A))
        return false;
    frame_work(c, A->rows * A->rows * A->rows / 2);
    mpz_init(reach);
    largest_radius(A, reach);
    for (size_t k = 0; k < A->rows * A->columns; k++)
        mpz_set_ui(A->x[k].r, 0);
    for (size_t i = 0; i < A->rows; i++) {
        struct ball *diagonal = ball_matrix_entry(A, i, i);
        mpz_sub(diagonal->m, diagonal->m, reach);
    }
    mpz_clear(reach);
    return ball_matrix_is_positive(c, A);
}
