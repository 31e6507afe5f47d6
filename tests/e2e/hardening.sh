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

whole_if_any() { # DIRECTORY
    [ ! -e "$1/manifest.json" ] || { "$settle" report "$1" --out "$top/page" > /dev/null 2> "$top/page.err" && [ ! -s "$top/page.err" ]; }
}

# The K-th allocation of a command fails: one line and exit 4, or the command goes on without that memory and
# says what it always says; no signal, no manifest of half a result (where printing alone failed, it lists whole
# files), no draft left.
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
    if [ "$status" -ne 4 ] || ! one_line || ! whole_if_any memory; then
        echo "# allocation $at: exit $status: $(head -c 300 "$err")"
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
0 export hidden --sizes 2,2,2 --to python
0 prove chain --depth 3
0 prove chain --integrals --degree 2
0 prove t2-sign-change --out memory
0 report results --out memory
0 selftest predictions
0 train --rule bp --trials 1 --epochs 1 --samples 50 --out memory
0 verify t2-rate --trials 3 --out memory
COMMANDS
    # --- clocks ------------------------------------------------------------------------------------
    jumps() { env FAULT_CLOCK=1 LD_PRELOAD="$shim" "$@"; }
    check "clocks that jump by hours: run" gives 0 jumps "$settle" run chain --init -2,1 --json
    check "the seconds stay a number" says '.seconds | type == "number"'
    check "a map" gives 0 jumps "$settle" basin chain --grid 32x32 --out clock
    check "with the same cells" gives 0 "$settle" basin chain --grid 32x32 --out straight
    check "as under a good clock" cmp clock/basin.tsv straight/basin.tsv
    check "a verification" gives 0 jumps "$settle" verify t2-rate --trials 5
    check "the self-test" gives 0 jumps "$settle" selftest predictions clock
else
    skip "allocations that fail, clocks: this build is sanitized"
fi

# --- disks ----------------------------------------------------------------------------------------
mkdir "$top/disk"
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=48k tmpfs "$top/disk" 2> /dev/null; then
    trap 'umount "$top/disk" 2> /dev/null; chmod -R u+w "$top"; rm -rf "$top"' EXIT
    small=$top/disk
    for words in "run chain --init -2,1" "basin chain --grid 100x100" "portrait chain" "verify t2-rate --trials 50" \
        "train --rule bp --trials 1 --epochs 1 --samples 50" "basin chain --certified --grid 64x64"; do
        rm -rf "${small:?}"/*
        # shellcheck disable=SC2086 # words
        check "a disk of 48 kB is full: settle $words" broken "$settle" $words --out "$small/full"
        check "leaves no manifest" test ! -e "$small/full/manifest.json"
        check "and no draft" test -z "$(find "$small" -name '.*' ! -name '.' ! -name '*.lock' -type f -print -quit)"
    done
    rm -rf "${small:?}"/*
    check "results are there before it is read only" gives 0 "$settle" run chain --init -2,1 --out "$top/held"
    mkdir "$small/results"
    mount -o remount,ro "$small"
    for words in "run chain" "basin chain --grid 8x8" "train --rule bp" "verify t2-rate" "portrait chain" "report $top/held"; do
        # shellcheck disable=SC2086 # words
        check "a disk that is read only: settle $words" gives 2 "$settle" $words --out "$small/results"
        check "is told in one line" one_line
        check "before anything was computed" silent
    done
    umount "$small"
else
    skip "small and read-only disks: no right to mount"
fi

# --- helpers --------------------------------------------------------------------------------------
mkdir "$top/dies" "$top/sleeps"
# shellcheck disable=SC2016 # for the helper's own shell
printf '#!/bin/sh\nkill -9 $$\n' > "$top/dies/gnuplot"
chmod +x "$top/dies/gnuplot"
killed_helper() { PATH=$top/dies:$PATH "$@"; }
check "gnuplot is killed" broken killed_helper "$settle" run chain --out dead-run
check "is told" complains 'gnuplot'
check "the table is there" test -s dead-run/trajectory.tsv
check "and no manifest" test ! -e dead-run/manifest.json

# --- two processes in one folder ------------------------------------------------------------------
two() { # STATUS ARGUMENT ...: the second one is refused, or begins after the first; the results are whole
    local normal=$1 first second status
    shift
    "$settle" "$@" --out shared > "$top/first" 2>&1 &
    first=$!
    "$settle" "$@" --out shared > "$out" 2> "$err"
    second=$?
    wait "$first"
    status=$?
    echo "# exits $status, $second: $(cat "$top/first" "$err" | grep -a '^settle' | head -c 200)"
    case "$status $second" in
    "$normal $normal" | "$normal 2" | "2 $normal") ;;
    *) return 1 ;;
    esac
    [ -s shared/manifest.json ] && "$settle" report shared > "$out" 2> "$err" && quiet
}

# A folder in which another process is at work: one line, exit 2, before anything is computed or written.
refused() { # ARGUMENT ...
    mkdir -p taken
    gives 2 flock taken "$settle" "$@" --out taken && one_line && silent && nothing_in taken &&
        complains ': another process is at work in taken; '
}
nothing_in() { [ -z "$(ls -A "$1")" ]; }

printf "x' = -x\ny' = x - 2*y\ninit x=1, y=2\ndone\n" > own.ode
check "results for a report" gives 0 "$settle" run chain --init -2,1 --out results
while read -r normal words; do
    # shellcheck disable=SC2086 # words
    check "a folder that is taken: settle $words" refused $words
    case $words in
    *--part* | report*) continue ;; # parts share a folder; a report is no result
    esac
    rm -rf shared
    # shellcheck disable=SC2086 # words
    check "two of settle $words in one folder" two "$normal" $words
    check "no draft is left" test -z "$(find shared -name '.*' ! -name . -type f ! -name '*.lock' -print -quit)"
done << 'COMMANDS'
0 basin chain --grid 200x200
0 basin chain --grid 32x32 --certified
0 basin chain --grid 32x32 --part 1/2
3 compare chain --trials 2
0 hunt planted-window --evaluations 300
0 portrait chain
0 prove chain --init -2,1
0 prove chain --integrals --degree 2
3 prove chain --lambda 1/8 --horizon 1
0 prove chain --within 1/10
0 prove t4-converges
3 prove t4-rate
0 report results
0 run chain --init -2,1
0 run own.ode
0 sweep chain --depth 3 --rule srbp --alpha 1/10 --init=-3,3/2,-11/8 --over alpha --from -10 --to 10
0 sweep chain --depth 2 --lambda 1/8 --over alpha --from 0 --to 1
0 train --rule bp --trials 2 --epochs 2 --samples 200
0 verify own.ode --trials 20
0 verify t2-rate --trials 200
COMMANDS
check "a report of a folder that is taken" gives 2 flock results "$settle" report results
check "is told to write elsewhere" complains 'another process is at work in results; --out DIR writes elsewhere'
check "which it does" gives 0 flock results "$settle" report results --out page
check "the first part of a map" gives 0 "$settle" basin chain --grid 32x32 --part 1/2 --out parts
shared_by() { gives "$1" flock --shared parts "$settle" "${@:2}" --out parts; }
check "the second part beside a process at the first" shared_by 0 basin chain --grid 32x32 --part 2/2
check "the whole map waits for both" shared_by 2 basin chain --grid 32x32 --resume
check "and takes them over" gives 0 "$settle" basin chain --grid 32x32 --resume --out parts

# A page to be sent is a file, not a folder: it is whole, whoever comes last.
pages() {
    "$settle" explore chain --offline page.html --offline-values 2 > "$top/first" 2>&1 &
    local first=$!
    gives 0 "$settle" explore chain --offline page.html --offline-values 2 || return 1
    wait "$first" && tail -c 20 page.html | grep -q '</html>'
}
check "two pages of the explorer under one name" pages
check "leave one" test -z "$(find . -maxdepth 1 -name '.page*' -print -quit)"

# --- signals --------------------------------------------------------------------------------------
check "a closed standard output" gives 4 sh -c "exec '$settle' run chain >&-"
check "is told in one line" one_line
check "a closed standard error" gives 2 sh -c "exec '$settle' run nothing 2>&-"
check "closed standard input" gives 0 sh -c "exec '$settle' run chain --init -2,1 <&-"
left_early() { "$settle" "$@" 2> "$err" | head -c 10 > /dev/null; [ ! -s "$err" ]; }
check "a reader that leaves after ten bytes" left_early list theorems
check "of JSON, too" left_early list --json

# SIGTERM at random moments: the end is one of the documented ones, and what is there can be gone on with.
terminated() { # SECONDS ARGUMENT ...
    local delay=$1 victim status
    shift
    "$settle" "$@" > "$out" 2> "$err" &
    victim=$!
    sleep "$delay"
    kill -TERM "$victim" 2> /dev/null
    wait "$victim"
    status=$?
    case "$status" in
    0) return 0 ;;
    3 | 4) one_line ;;
    143) return 0 ;; # before it watches, or a second signal: nothing was begun, or nothing half is left
    *) echo "# exit $status"; return 1 ;;
    esac
}
for k in 1 2 3 4 5 6; do
    delay=0.$((RANDOM % 9))$((RANDOM % 10))
    check "SIGTERM after $delay s: a map" terminated "$delay" basin chain --grid 300x300 --method rk8pd --rtol 1e-12 --out "term$k" --resume
    [ -e "term$k/manifest.json" ] || check "no table without a manifest" test ! -e "term$k/basin.tsv"
    check "SIGTERM after $delay s: a training" terminated "$delay" train --rule bp --trials 2 --epochs 3 --samples 500 --out "train$k"
done
# --- memory of a billion cells: (HD10) -------------------------------------------------------------
peak() { awk '/^VmHWM/ { print $2 }' "/proc/$1/status"; } # kB
billion() { # the peak at two moments: it must not grow with the cells that are done
    (ulimit -v "$1" && exec "$settle" basin chain --grid 32000x32000 --out billion --quiet) > "$out" 2> "$err" &
    local victim=$! early late
    sleep 3
    early=$(peak "$victim")
    sleep 4
    late=$(peak "$victim")
    kill -INT "$victim"
    wait "$victim"
    [ $? -eq 3 ] || { echo "# $(cat "$err")"; return 1; }
    echo "# $early kB after 3 s, $late kB after 7 s: $(cat "$err")"
    [ "$late" -le $((early + 8000)) ] && [ "$late" -le 200000 ]
}
if $plain; then
    check "a billion cells are begun in bounded memory" billion 4000000
    check "and what is done is saved" complains ' of 1024000000 cells saved; --resume goes on'
fi

check "a terminated map goes on" gives 0 "$settle" basin chain --grid 300x300 --method rk8pd --rtol 1e-12 --out term1 --resume
finish
