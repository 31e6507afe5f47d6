/* What the makers of graphs share.  Internal to export/.
 *
 * A graph is made with the sticky errors of equations/expression.h: composed like a formula, and asked
 * at the end.  Memory: none of its own. */
#ifndef EXPORT_EXPORT_PARTS_H
#define EXPORT_EXPORT_PARTS_H

#include "export/export.h"

/* What is being made, and from what. */
struct export_graph {
    const struct export_source *source;
    struct equations *equations;
    struct expressions *arena; /* of the equations */
};

/* A number of the problem: as it was typed, else the shortest decimal that reads back. */
uint32_t export_number(const struct export_graph *graph, double value);

/* A parameter, which whoever reads the file may change; a number where there are too many. */
enum status export_parameter(const struct export_graph *graph, const char *name, double value,
                             uint32_t *node) MUST_CHECK;

/* right[] of a network or chain: export_network.c. */
enum status export_network(const struct export_graph *graph) MUST_CHECK;

/* BAD_ARGUMENT where right[] is not the field of the flow: export_check.c. */
enum status export_check(const struct export_graph *graph) MUST_CHECK;

/* f(u) and f'(u), as formulas; BAD_ARGUMENT: none is known of f.  export_neurons.c */
struct export_neuron {
    uint32_t value, slope;
};
enum status export_neurons(struct expressions *arena, const struct neurons *neurons, uint32_t u,
                           struct export_neuron *neuron) MUST_CHECK;

/* g(u) of a neuron in the learning channel of a chain. */
enum status export_neurons_of_channel(struct expressions *arena, const struct channel_activation *g,
                                      uint32_t u, uint32_t *value) MUST_CHECK;

#endif
