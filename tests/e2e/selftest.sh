#!/usr/bin/env bash
# settle selftest: its lines, its JSON, its verdicts, and that it fails where it must.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

check "all tests pass" gives 0 "$settle" selftest
check "without a complaint" quiet
check "fifteen of them" prints '^15 of 15 tests pass'
check "libraries are named" prints '^ok   libraries .*SUNDIALS [0-9]'
check "traps are counted" prints '^ok   chains  *[0-9][0-9][0-9]* tried, 0 failed'
check "and nothing is written" nothing_here

check "one test" gives 0 "$settle" selftest arithmetic
check "is one" prints '^1 of 1 tests pass'
check "--quiet" gives 0 "$settle" selftest --quiet arithmetic predictions
check "leaves the sum" test "$(wc -l < "$out")" -eq 1
check "--trials" gives 0 "$settle" selftest neurons --trials 33
check "is how many are tried" prints ' 33 tried'
check "--json" gives 0 "$settle" selftest --json integrators escapes
check "is JSON" says '.passes and (.tests | length == 2) and all(.tests[]; .passes and .failed == 0)'
check "with endings" says '.tests[] | select(.name == "escapes") | .endings.escaped == .tried'
check "another test than there is" gives 2 "$settle" selftest arithmetik
check "names those that there are" complains 'there are libraries, arithmetic, .*, threads$'
check "is told the nearest" complains 'arithmetic'
check "a closed disk" gives 4 sh -c "exec '$settle' selftest arithmetic > /dev/full"

same() { # the same states whatever the threads: all but the seconds
    "$settle" selftest --json chains --trials 20 --threads 1 | jq 'del(..|.seconds?)' > "$out.1" &&
        "$settle" selftest --json chains --trials 20 --threads 3 | jq 'del(..|.seconds?)' > "$out.3" &&
        cmp "$out.1" "$out.3"
}
check "one thread and three say the same" same

# A library that changes the floating-point environment of the process: the controls of `arithmetic`.
spoil() { # NAME FLAGS: makes the library NAME of the program on standard input
    local name=$1
    shift
    # shellcheck disable=SC2086 # CC may be "ccache cc"
    ${CC:-cc} -shared -fPIC "$@" -x c -o "$top/$name.so" - -lm
}
spoiled() { LD_PRELOAD=$top/$1.so "$settle" selftest "${@:2}"; }
if [ "${BUILD:-build}" = build ]; then # sanitizers want to be loaded first
    check "a library that rounds upwards" spoil upwards <<'C'
#include <fenv.h>
__attribute__((constructor)) static void spoil(void) { fesetround(FE_UPWARD); }
C
    check "fails" gives 1 spoiled upwards arithmetic
    check "with the reason" prints '^FAIL arithmetic .*rounding is not to nearest'
    check "a library that flushes denormal numbers" spoil flushes <<'C'
#if defined(__SSE2__)
#include <immintrin.h>
__attribute__((constructor)) static void spoil(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }
#endif
C
    if [ "$(uname -m)" = x86_64 ]; then
        check "fails, too" gives 1 spoiled flushes arithmetic
        check "with its reason" prints '^FAIL arithmetic .*denormal'
    fi
    check "of JSON" gives 1 spoiled upwards --json arithmetic
    check "the verdict is in it" says '(.passes | not) and (.tests[0].says | test("rounding"))'
fi
finish
