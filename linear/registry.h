/* The registries of systems and rules: one alphabetical list of words each. */
#ifndef LINEAR_REGISTRY_H
#define LINEAR_REGISTRY_H

#include "linear/problem.h"

#define SYSTEMS(X)                                                                                 \
    X(autoencoder)                                                                                 \
    X(chain)                                                                                       \
    X(deep)                                                                                        \
    X(fan)                                                                                         \
    X(hidden)                                                                                      \
    X(polynomial)
#define RULES(X)                                                                                   \
    X(arbp)                                                                                        \
    X(asrbp)                                                                                       \
    X(bp)                                                                                          \
    X(kolen_pollack)                                                                               \
    X(noise_pretraining)                                                                           \
    X(pfa)                                                                                         \
    X(rbp)                                                                                         \
    X(sbp)                                                                                         \
    X(sign_symmetry)                                                                               \
    X(srbp)                                                                                        \
    X(weight_mirror)

#define X(name) extern const struct system system_##name;
SYSTEMS(X)
#undef X
#define X(name) extern const struct rule rule_##name;
RULES(X)
#undef X

/* NULL-terminated. */
extern const struct system *const registry_systems[];
extern const struct rule *const registry_rules[];

/* By name (rules also by their other names); NULL if unknown. */
const struct system *registry_system(const char *name);
const struct rule *registry_rule(const char *name);

/* Does the system read this option (its name without dashes)? */
bool registry_system_reads(const struct system *system, const char *option);

#endif
