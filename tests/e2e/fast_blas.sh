#!/usr/bin/env bash
# Which kernels of OpenBLAS the commands on networks run, and when they start again for others: with a
# library of our own in OpenBLAS' place, which takes every CPU for a Prescott as 0.3.21 takes young ones.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

mkdir "$top/library"
cat > "$top/fake.c" << 'END'
#include <stdio.h>
#include <stdlib.h>

/* Counts how often the program was started, in the file that STARTS names, and ends a loop. */
__attribute__((constructor)) static void count(void)
{
    FILE *file = fopen(getenv("STARTS"), "a");
    fputs("start\n", file);
    if (ftell(file) > 60)
        exit(9);
    fclose(file);
}

char *openblas_get_corename(void)
{
    char *core = getenv("OPENBLAS_CORETYPE");
    return core && !getenv("DEAF") ? core : getenv("TAKEN") ? getenv("TAKEN") : "Prescott";
}

char *openblas_get_config(void)
{
    return "OpenBLAS 0.3.0 of a test";
}

void openblas_set_num_threads(int threads)
{
    (void)threads;
}

#define GEMM(NAME, REAL)                                                                           \
    void NAME(int order, int ta, int tb, int m, int n, int k, REAL scale, const REAL *a, int ra,   \
              const REAL *b, int rb, REAL keep, REAL *c, int rc)                                   \
    {                                                                                              \
        for (int i = 0; order == 101 && i < m; i++)                                                \
            for (int j = 0; j < n; j++) {                                                          \
                REAL sum = 0;                                                                      \
                for (int l = 0; l < k; l++)                                                        \
                    sum += (ta == 112 ? a[l * ra + i] : a[i * ra + l]) *                           \
                           (tb == 112 ? b[j * rb + l] : b[l * rb + j]);                            \
                c[i * rc + j] = scale * sum + (keep == 0 ? 0 : keep * c[i * rc + j]);              \
            }                                                                                      \
    }
GEMM(cblas_sgemm, float)
GEMM(cblas_dgemm, double)
END
# shellcheck disable=SC2086 # "ccache cc" is two words
${CC:-cc} -O2 -shared -fPIC "$top/fake.c" -o "$top/library/libopenblas.so.0"

flags=" $(grep -m 1 '^flags' /proc/cpuinfo) "
best=
[[ $flags == *" avx "* ]] && best=SANDYBRIDGE
[[ $flags == *" avx2 "* && $flags == *" fma "* ]] && best=HASWELL
[[ $flags == *" avx512f "* && $flags == *" avx512bw "* && $flags == *" avx512dq "* && $flags == *" avx512vl "* ]] &&
    best=SKYLAKEX

export STARTS=$top/starts
unset OPENBLAS_CORETYPE SETTLE_BLAS_FOUND SETTLE_DATA
train() { : > "$STARTS" && "$settle" train --sizes 784,10 --samples 100 --epochs 1 --verbose; }
with_fake() { LD_LIBRARY_PATH=$top/library train; }
starts() { [ "$(wc -l < "$STARTS")" -eq "$1" ]; }
core_is() { complains "^settle train: OpenBLAS 0\.3\.0 with kernels for $1\(;\|\$\)"; }

if [ -n "$best" ]; then
    check "a library that takes the CPU for a Prescott" gives 0 with_fake
    check "is loaded by a second start" starts 2
    check "with the kernels of this CPU" core_is "$best"
    check "and one line says so" one_line
    check "what it was taken for" complains "took this CPU for Prescott and was started again with OPENBLAS_CORETYPE=$best"

    deaf() { DEAF=1 with_fake; }
    check "a library that does not listen" gives 0 deaf
    check "is started no third time" starts 2
    check "its kernels are named" core_is Prescott

    user() { OPENBLAS_CORETYPE=Prescott with_fake; }
    check "a core that the user has set" gives 0 user
    check "is left alone" starts 1
    check "its kernels run" core_is Prescott
    check "what would be faster is said" complains "$best would be faster here, but OPENBLAS_CORETYPE is set"
else
    echo "ok - skipped: this CPU has no AVX, every library suits it"
fi

wide() { TAKEN=SkylakeX with_fake; }
check "kernels as wide as the CPU" gives 0 wide
check "need no second start" starts 1
young() { TAKEN=Younger with_fake; }
check "a core that is not known" gives 0 young
check "is taken to be wide enough" starts 1
silent_run() { LD_LIBRARY_PATH=$top/library "$settle" train --sizes 784,10 --samples 100 --epochs 1; }
check "without --verbose" gives 0 silent_run
check "nothing is said" quiet

check "the library that is installed" gives 0 train
check "is named in one line" one_line
check "with its kernels" complains '^settle train: OpenBLAS [0-9.]* with kernels for [A-Za-z0-9]*'

printf 'no library\n' > "$top/library/libopenblas.so.0"
cp "$top/library/libopenblas.so.0" "$top/library/libopenblas.so"
none() { LD_LIBRARY_PATH=$top/library train; }
check "without OpenBLAS the command fails" gives 4 none
check "in one line" one_line
check "that names the package" complains 'Debian: libopenblas0'
finish
