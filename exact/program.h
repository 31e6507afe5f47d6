/* The field of a premise as a straight-line program: never expanded, for every depth and size.
 *
 *     f(x) = S(x) y(x),   S_(A_i) = r_i W_i (x) Q_(i-1),   y = E entry by entry,
 *
 * with the forward products Q_i = A_i ... A_1 and the channel W_i, E |-> S_i = W_i E; (TR1) of
 * notes/trap.md.  A node is an unknown, a constant, or a sum of products of two earlier nodes, so that
 * whoever can add and multiply can evaluate it: balls, polynomials of balls, Taylor coefficients.
 *
 * Shapes: nodes 0..n-1 are the unknowns in the order of the state vector; y[k], y[i + NL*j] = E_ij;
 * f[n]; S[i*k + j].  Memory: one create, one free.  Errors: NO_MEMORY; BAD_ARGUMENT beyond
 * PROGRAM_PRODUCTS_MOST. */
#ifndef EXACT_PROGRAM_H
#define EXACT_PROGRAM_H

#include "exact/premise.h"

#include <stdint.h>

/* More products are refused: a step would take seconds. */
enum { PROGRAM_PRODUCTS_MOST = 1 << 20 };

enum program_kind { PROGRAM_UNKNOWN, PROGRAM_CONSTANT, PROGRAM_SUM };

/* Of PROGRAM_SUM: products[first .. first + count); of PROGRAM_CONSTANT: constants[first]. */
struct program_node {
    enum program_kind kind;
    uint32_t first, count;
};

struct program_product {
    uint32_t a, b;
};

struct program {
    size_t n, k;
    size_t nodes, products, constants; /* used */
    size_t field_nodes;                /* nodes that f and y need: the first ones */
    struct program_node *node;
    struct program_product *product;
    fmpq *constant;
    uint32_t *y, *f, *S;
    uint32_t zero, one; /* constants */
    size_t node_room, product_room, constant_room;
};

enum status program_create(const struct premise *premise, struct program **program) MUST_CHECK;
void program_free(struct program *program);

/* values[nodes] at x[n]; of the first `count` nodes. */
void program_values(const struct program *program, size_t count, arb_srcptr x, slong prec,
                    arb_ptr values);

/* The derivatives of the first `count` nodes, row by row: slopes[node*n + j] = d node / d x_j, from
 * their values. */
void program_slopes(const struct program *program, size_t count, arb_srcptr values, slong prec,
                    arb_ptr slopes);

/* From values and slopes of all nodes: Df[n*n]; Dy[k*n]; S[n*k]; K = -Dy S, K[k*k]. */
struct program_matrices {
    arb_ptr Df, Dy, S, K;
};
void program_matrices_at(const struct program *program, arb_srcptr x, slong prec,
                         const struct program_matrices *matrices);

#endif
