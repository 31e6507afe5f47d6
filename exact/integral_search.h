/* Discovery: all polynomial first integrals up to a degree, generators, and their independence.
 *
 * At given numbers (integral_search): the kernel of the equations with its certified dimension,
 * (FI3); generators, modulo products of those found before, (FI5); their functional rank, (FI4).
 * For all parameters (integral_lift): a symbolic field at drawn parameters bounds the dimension for
 * almost all parameters from above; integrals with coefficients that are polynomials in the
 * feedback, found by the same linear algebra and proved in the symbolic ring, bound it from below,
 * (FI6).
 *
 * Shapes: generator[count], primitive, in the ring of the fields; degree[count].
 * Memory: one create, one free; fields and rings are borrowed.
 * Errors: NO_MEMORY, INTERRUPTED, BAD_ARGUMENT for too large a degree. */
#ifndef EXACT_INTEGRAL_SEARCH_H
#define EXACT_INTEGRAL_SEARCH_H

#include "exact/integral_kernel.h"

struct integral_list {
    size_t count;
    fmpq_mpoly_struct *generator;
    size_t *degree;
};

struct integral_search {
    struct integral_fields fields;
    size_t degree; /* asked for */
    struct integral_kernel *kernel;
    struct integral_list list; /* with a cofactor: a basis, not modulo products */
    size_t dimension;          /* of the space that is spanned by products of the list */
    size_t rank;               /* functional; 0 with a cofactor */
    bool complete;             /* dimension = nullity modulo the prime: there are no others */
};

enum status integral_search_create(const struct integral_fields *fields, size_t degree,
                                   struct integral_search **search) MUST_CHECK;
void integral_search_free(struct integral_search *search);

struct integral_lift {
    const struct field *field;
    size_t degree;
    fmpq *drawn;          /* [m]: the parameters at which the bound was taken */
    fmpq_mpoly_struct *f; /* [n]: the field there */
    struct integral_kernel *kernel;
    struct integral_list list; /* proved for all parameters */
    size_t dimension, rank;
    bool complete; /* for almost all parameters there are no others */
};

/* Of a symbolic field whose last `constants` parameters are the feedback. */
enum status integral_lift_create(const struct field *field, size_t constants, size_t degree,
                                 const struct integral_watch *watch,
                                 struct integral_lift **lift) MUST_CHECK;
void integral_lift_free(struct integral_lift *lift);

#endif
