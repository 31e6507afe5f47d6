/* A kind of claim: what a certificate can prove.
 *
 * A kind is a constant record at the bottom of its own file, kind_NAME.c; KINDS is the one list of
 * them.  `check` reads the lines of the body, proves everything that notes/certificates.md says under the kind's name, and
 * writes the sentence that it has proved; it returns only if all of it holds.  What the premise may be (families,
 * rules, lists that are `any` or intervals) is data, tested before.
 *
 * Errors: rejections.  Memory: memory.h. */
#ifndef CHECKER_KIND_H
#define CHECKER_KIND_H

#include "checker/premise.h"

enum { KIND_SENTENCE_MAX = 256 };

/* Unions of 1 << FAMILY_... and 1 << RULE_... */
enum {
    KIND_FAMILIES_ALL = (1 << FAMILY_CHAIN) | (1 << FAMILY_FAN) | (1 << FAMILY_AUTOENCODER) |
                        (1 << FAMILY_HIDDEN) | (1 << FAMILY_DEEP),
    KIND_FAMILIES_SCALAR = (1 << FAMILY_CHAIN) | (1 << FAMILY_FAN),
    KIND_RULES_ALL =
        (1 << RULE_BP) | (1 << RULE_RBP) | (1 << RULE_SRBP) | (1 << RULE_ARBP) | (1 << RULE_ASRBP),
    KIND_RULES_FIXED = (1 << RULE_RBP) | (1 << RULE_SRBP)
};

struct kind {
    const char *name;         /* as in the line `kind` */
    const char *label;        /* of the theorem in notes/, or NULL */
    unsigned families, rules; /* for which the kind is */
    struct premise_freedom freedom;
    void (*check)(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX]);
};

/* One alphabetical list of words. */
#define KINDS(X)                                                                                   \
    X(autoencoder_limit)                                                                           \
    X(basin)                                                                                       \
    X(blow_up)                                                                                     \
    X(box)                                                                                         \
    X(first_integral)                                                                              \
    X(leading_coefficient)                                                                         \
    X(limit)                                                                                       \
    X(multiple_zero)                                                                               \
    X(orbit_trap)                                                                                  \
    X(stability)
#define X(name) extern const struct kind kind_##name;
KINDS(X)
#undef X

/* The kind that the line `kind` names, fit for the premise. */
const struct kind *kind_read(struct text *text, const struct premise *premise);

#endif
