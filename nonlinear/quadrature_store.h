/* Nodes and weights kept from one flow to the next: what a family of flows over a parameter shares.
 *
 * A flow of Gaussian inputs has a ladder of rules, whose nodes take longer to make than its field
 * to evaluate; a sweep makes a flow for each value of its parameter, most often with the same
 * rules.  The numbers are those of quadrature_fill(), bit by bit.
 *
 * Shapes: as in quadrature.h.  Memory: quadrature_store_free(NULL) is allowed; a store belongs to
 * one thread at a time.  Errors: none: what there is no memory to keep is made anew. */
#ifndef NONLINEAR_QUADRATURE_STORE_H
#define NONLINEAR_QUADRATURE_STORE_H

#include "nonlinear/quadrature.h"

struct quadrature_store; /* opaque */

struct quadrature_store *quadrature_store_create(void); /* NULL: no memory */
void quadrature_store_free(struct quadrature_store *store);

/* quadrature_fill(), with a store or without one. */
void quadrature_store_fill(struct quadrature_store *store, const struct quadrature *rule,
                           double *node, double *weight);

/* How many rules it keeps. */
size_t quadrature_store_count(const struct quadrature_store *store);

#endif
