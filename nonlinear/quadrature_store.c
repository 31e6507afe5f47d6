/* A short list, searched from its beginning: a ladder has some twenty rules, and two rules are one
 * if the nodes' formula has the same numbers.  When it is full, what is new is not kept: a family
 * whose every flow has other rules gains nothing and loses a search. */
#include "nonlinear/quadrature_store.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT_MOST = 64 }; /* two ladders and more */

struct kept {
    struct quadrature rule;
    double *nodes; /* node[count], weight[count] */
};

struct quadrature_store {
    size_t count;
    struct kept kept[KEPT_MOST];
};

struct quadrature_store *quadrature_store_create(void)
{
    return calloc(1, sizeof(struct quadrature_store));
}

void quadrature_store_free(struct quadrature_store *store)
{
    for (size_t k = 0; store && k < store->count; k++)
        free(store->kept[k].nodes);
    free(store);
}

size_t quadrature_store_count(const struct quadrature_store *store)
{
    return store->count;
}

/* What the nodes depend on. */
static bool is_same(const struct quadrature *a, const struct quadrature *b)
{
    return a->map == b->map && a->kappa == b->kappa && a->step == b->step && a->first == b->first &&
           a->last == b->last;
}

static const double *nodes_of(struct quadrature_store *store, const struct quadrature *rule)
{
    const size_t count = quadrature_count(rule);
    for (size_t k = 0; k < store->count; k++)
        if (is_same(&store->kept[k].rule, rule))
            return store->kept[k].nodes;
    double *nodes = store->count < KEPT_MOST ? calloc(2 * count, sizeof *nodes) : NULL;
    if (!nodes)
        return NULL;
    quadrature_fill(rule, nodes, nodes + count);
    store->kept[store->count++] = (struct kept){.rule = *rule, .nodes = nodes};
    return nodes;
}

void quadrature_store_fill(struct quadrature_store *store, const struct quadrature *rule,
                           double *node, double *weight)
{
    const size_t count = quadrature_count(rule);
    const double *nodes = store ? nodes_of(store, rule) : NULL;
    if (!nodes) {
        quadrature_fill(rule, node, weight);
        return;
    }
    memcpy(node, nodes, count * sizeof *node);
    memcpy(weight, nodes + count, count * sizeof *weight);
}
