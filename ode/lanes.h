/* Function multi-versioning for loops over lanes: the one place with compiler extensions besides
 * base/status.h.  LANES_CLONES compiles a field for the baseline CPU, AVX2 and AVX-512 and lets the
 * dynamic loader choose; with -ffp-contract=off all versions give the same bits.  Off for compilers
 * and targets without ifunc, and for sanitizer builds (resolvers run before their runtimes).
 * LANES_INLINE is for what they call: a function of its own would be compiled for the baseline. */
#ifndef ODE_LANES_H
#define ODE_LANES_H

enum { LANES_BLOCK = 8 }; /* lanes handled together: one AVX-512 register of doubles */

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__) &&       \
    !defined(SETTLE_SANITIZE)
#define LANES_CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#define LANES_INLINE static inline __attribute__((always_inline))
#else
#define LANES_CLONES
#define LANES_INLINE static inline
#endif

#endif
