#!/usr/bin/env bash
# What a machine does to a program: memory that ends, folders that cannot be written, clocks that jump, helpers
# and processes that are killed, two processes in one folder.  notes/hardening.md, (HD6), (HD7).
# HARDENING_ALL=1 lets every single allocation fail; else some of each command's.
# shellcheck disable=SC1091,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
source=$(cd "$(dirname "$0")" && pwd)
. "$source/tap"

plain=true # sanitizers bring their own allocation and want to be loaded first
[ "${BUILD:-build}" = build ] || plain=false
skip() { echo "ok - skipped: $*"; }
broken() { gives 4 "$@" && one_line; }

# --- memory: one allocation after the other fails -------------------------------------------------
shim=$top/faults.so
faulty() { # K COMMAND ...: without helpers, the K-th allocation fails
    local at=$1
    shift
    timeout 60 env PATH="$top/empty" LD_PRELOAD="$shim" FAULT_AT="$at" FAULT_REPORT="$top/count" OMP_NUM_THREADS=1 "$@"
}

# The K-th allocation of a command fails: one line and exit 4, or the command goes on without that memory and
# says what it always says; no signal, no manifest of half a result, no draft left.
survives() { # K NORMAL COMMAND ...
    local at=$1 normal=$2 status
    shift 2
    rm -rf memory
    faulty "$at" "$@" > "$out" 2> "$err" < /dev/null
    status=$?
    if [ -d memory ] && [ -n "$(find memory -name '.*' ! -name . -print -quit)" ]; then
        echo "# allocation $at: a draft is left: $(ls -A memory)"
        return 1
    fi
    if [ "$status" -eq "$normal" ]; then
        survived=$((survived + 1))
        return 0
    fi
    sed -i '/gnuplot is not installed/d' "$err"
    if [ "$status" -ne 4 ] || ! one_line || [ -e memory/manifest.json ]; then
        echo "# allocation $at: exit $status: $(head -c 300 "$err"); $(ls memory 2> /dev/null | tr '\n' ' ')"
        return 1
    fi
    failed=$((failed + 1))
}

starve() { # NORMAL COMMAND ...: all allocations, or about CAP of them, by turns
    local normal=$1 count step at
    shift
    survived=0 failed=0
    rm -rf memory
    faulty 0 "$@" > "$out" 2> "$err" < /dev/null
    count=$(cat "$top/count")
    [ "$count" -gt 0 ] || { echo "# no allocation was seen"; return 1; }
    step=$((HARDENING_ALL ? 1 : (count + CAP - 1) / CAP))
    for ((at = 1; at <= count; at += step)); do
        survives "$at" "$normal" "$settle" "${@:2}" || return 1
    done
    echo "# $count allocations: $failed failed in one line, $survived were done without"
    [ "$failed" -gt 0 ]
}

CAP=12
HARDENING_ALL=${HARDENING_ALL:-0}
mkdir "$top/empty"
if $plain; then
    # shellcheck disable=SC2086 # CC may be "ccache cc"
    check "the library of faults is built" ${CC:-cc} -shared -fPIC -O1 -o "$shim" "$source/faults/faults.c" -ldl
    check "a small map for a report" gives 0 "$settle" basin chain --grid 8x8 --out results
    while read -r normal words; do
        # shellcheck disable=SC2086 # words
        check "without memory: settle $words" starve "$normal" "$settle" $words
    done << 'COMMANDS'
0 run chain --init -2,1
0 run hidden --sizes 2,2,2 --init random:1 --out memory
0 run chain --activation erf --gaussian 1 --teacher erf,5/4,3/4 --init 1/2,1/2
0 basin chain --grid 8x8 --out memory
0 basin chain --certified --grid 8x8 --out memory
3 compare chain --trials 2
0 portrait chain --out memory
0 prove chain --depth 3
0 prove chain --integrals --degree 2
0 prove t2-sign-change --out memory
0 report results --out memory
0 selftest predictions
0 train --rule bp --trials 1 --epochs 1 --samples 50 --out memory
0 verify t2-rate --trials 3 --out memory
COMMANDS
fi
finish
