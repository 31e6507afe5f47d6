/* The registry of the systems with activations. */
#include "nonlinear/system.h"

#define X(name) &system_##name,
const struct system *const system_registry[] = {NONLINEAR_SYSTEMS(X) NULL};
#undef X

const struct system *system_with_activation(const struct system *linear)
{
    for (size_t i = 0; system_registry[i]; i++)
        if (system_registry[i]->linear == linear)
            return system_registry[i];
    return NULL;
}
