/* The certificate of a trap: kind orbit-trap of notes/certificates.md.
 *
 * Memory: *certificate is freed by certificate_free().  Errors: NO_MEMORY. */
#ifndef EXACT_CERTIFICATE_TRAP_H
#define EXACT_CERTIFICATE_TRAP_H

#include "exact/certificate.h"
#include "exact/trap.h"

enum status certificate_trap(const struct trap *trap, struct certificate *certificate) MUST_CHECK;

#endif
