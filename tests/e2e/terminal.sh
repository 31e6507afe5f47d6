#!/usr/bin/env bash
# What is seen on a terminal and nowhere else: progress, erased at the end and never wider than the terminal; colours,
# honouring NO_COLOR and TERM.  Terminals are made by script(1).
# shellcheck disable=SC1091,SC2054,SC2154,SC2317 # tap: sourced, sets top, settle, out, err; check calls by name
. "$(dirname "$0")/tap"

unset NO_COLOR COLUMNS
export TERM=xterm
esc=$'\033'
seen=$top/seen

# COLUMNS COMMAND...: runs it on a terminal that wide; what it wrote is in $seen, a line a drawing.
on_terminal() {
    local columns=$1
    shift
    script -qec "stty cols $columns; $(printf '%q ' "$@")" /dev/null < /dev/null > "$top/raw"
    tr '\r' '\n' < "$top/raw" > "$seen"
}
# Drawings of the line: after an erasure, and before the next one.
drawings() { grep -a "^$esc\[K." "$seen" | sed "s/^$esc\[K//"; }
# PATTERN: is it in one of them?
draws() { drawings | grep -a -q -e "$1"; }
# RESULT PROGRESS: what follows the last erasure is the one and has nothing of the other
remains() {
    tr '\n' '\r' < "$seen" | sed "s/.*$esc\[K//" | tr '\r' '\n' > "$top/stays"
    grep -a -q -e "$1" "$top/stays" && ! grep -a -q -e "$2" "$top/stays"
}
fits() { # COLUMNS: every drawing but the last, which is the result
    drawings | sed '$d' | awk -v most="$1" 'length($0) >= most { print "# " length($0) ": " $0; bad = 1 } END { exit bad }'
}
plain() { ! grep -a -q "$esc" "$seen"; }
nothing_drawn() { ! grep -a -q "$esc\[K" "$seen"; }

# PROGRESS RESULT COMMAND...: drawn while it works, gone when the result is there; nothing in pipes, nothing with --quiet
long() {
    local progress=$1 result=$2 what=$4
    shift 2
    on_terminal 100 "$@"
    check "$what: progress is drawn" draws "$progress"
    check "$what: and erased: the result follows" remains "$result" "$progress"
    on_terminal 100 "$@" --quiet
    check "$what --quiet: none" nothing_drawn
    check "$what --quiet: the result all the same" grep -a -q -e "$result" "$seen"
    "$@" > "$out" 2> "$err" < /dev/null
    check "$what: nothing on stderr in a pipe" quiet
    check "$what: no escapes in a pipe" bash -c "! grep -a -q '$esc' '$out'"
    check "$what: the result in a pipe" prints "$result"
}

# Narrow terminals, and those that cannot erase.
other_terminals() {
    on_terminal 24 "$@"
    check "$2: it fits a narrow terminal" fits 24
    TERM=dumb on_terminal 100 "$@"
    check "$2: none on a terminal that cannot erase" nothing_drawn
}

tanh=(--activation tanh --inputs .61,3.21,3.91 --targets=-1.47,.86,-1.63)
long 'hidden A\[24,24,24\].*t = .* of 300' '^system ' "$settle" run hidden --sizes 24,24,24 --c random:1 --init random:2 --horizon 300
long 't2-rate   [0-9]*/400  .* %  .*/s  .* s left' '^theorem ' "$settle" verify t2-rate --trials 400 --sweep 0 --out verified
long ' [0-9]*/[0-9]*  .* s left' '^cells ' "$settle" basin chain --grid 500x500 --replace --out basin
long 's left' '^cells ' "$settle" basin chain --c 1 --window=-3,3,-3,3 --grid 96x96 --certified --levels 8
long 'chain L=3, kolen-pollack\|[0-9]*/[0-9]* .* s left' '^system ' \
    "$settle" sweep chain --depth 3 --rule kolen-pollack --lambda 1/5 --over lambda --from .05 --to .6 --out sweep
long 'tanh   .* s$' '^system ' "$settle" portrait chain "${tanh[@]}" --c .8 --window=-1.5,1.5,-1.5,1.5 --out portrait
long 'chain L=6.* s$' '^system ' "$settle" prove chain --depth 6 --within 1/20
long 't = .* pieces  .* s$' '^ending ' "$settle" prove hidden --sizes 2,2,2 --init 1/2,-1/5,1/10,3/10,1/10,2/5,-3/10,1/5 --radius 1/1000
long 'epoch .* images/s, .* s left' '^ending ' "$settle" train --rule bp --samples 3000 --epochs 5
long 'chain L=2, rbp   ' '^distance ' "$settle" compare chain --c 0.7 --init 0.3,-0.2
long '\(sweep\|boundary\|optimiser\).* instances  .* s$' '^least margin ' "$settle" hunt t2-rate --evaluations 400
long 'trajectories   [0-9]*/[0-9]*  .* s left' '^page.html: ' "$settle" explore chain --offline page.html --offline-values 2
long 'chains   [0-9.]* s$' '^1 of 1 tests pass' "$settle" selftest chains --trials 200
check "selftest: a line a test, where tests pass" gives 0 "$settle" selftest chains predictions --trials 5
check "both of them" test "$(grep -c '^ok ' "$out")" -eq 2
on_terminal 100 timeout -s INT 2 "$settle" explore chain
check "explore: the address, and nothing is drawn" bash -c "grep -a -q '^http://127.0.0.1:' '$seen' && [ \"\$(grep -a -c . '$seen')\" -eq 1 ]"
other_terminals "$settle" run hidden --sizes 16,16,16 --c random:1 --init random:2 --horizon 300
other_terminals "$settle" hunt t2-rate --evaluations 300
other_terminals "$settle" selftest chains --trials 60
other_terminals "$settle" explore chain --offline page.html --offline-values 2
other_terminals "$settle" verify t2-rate --trials 300 --sweep 0 --out verified
other_terminals "$settle" portrait autoencoder --sizes 2,1,2 --view directions --c 1,0 --init=-2,0,-1,0.7 --out portrait
check "report --quiet" gives 0 "$settle" report verified --quiet
check "report says nothing on stderr" quiet
check "and what it has written" prints '^verified/report.html'

# ---- terminals that do not say how wide they are ----
COLUMNS=30 on_terminal 0 "$settle" verify t2-rate --trials 300 --sweep 0 --out verified
check "COLUMNS, where the terminal does not say" fits 30

# ---- colours ----
few=("$settle" verify t1-always-iff t2-sign-change-published --trials 4 --sweep 0 --out few)
has() { grep -a -q -F -e "$1" "$seen"; }
on_terminal 100 "${few[@]}"
check "what is supported is green, and says so" has "${esc}[32msupported${esc}[0m"
check "what is refuted as recorded is yellow" has "${esc}[33mrefuted${esc}[0m"
check "nothing is red" bash -c "! grep -a -q '$esc\[1;31m' '$seen'"
tr -d '\r' < "$top/raw" | sed "s/.*$esc\[K//; s/$esc\[[0-9;]*m//g" | grep -a -A2 '^theorem' > "$top/unpainted"
"${few[@]}" 2> "$err" | sed -n 1,3p > "$top/piped"
check "paint takes no room: the table is that of a pipe" cmp "$top/unpainted" "$top/piped"
on_terminal 100 "$settle" verify kp-laws --trials 12 --rtol 1e-4 --atol 1e-5 --out loose
check "what is refuted against the record is red" has "${esc}[1;31mrefuted${esc}[0m"
check "and so is the word for it" has "${esc}[1;31mDIFFERS${esc}[0m"
on_terminal 100 "$settle" list theorems
check "list theorems" has "${esc}[32mproved${esc}[0m"
on_terminal 100 "$settle" prove t2-converges
check "prove THEOREM" has "${esc}[32mproved${esc}[0m"
on_terminal 100 "$settle" compare chain --c 0.7 --init 0.3,-0.2 --trials 4
check "compare" has "${esc}[32mholds${esc}[0m"
painted() { grep -a -q "$esc\[[0-9;]*m" "$seen"; }
NO_COLOR=1 on_terminal 100 "${few[@]}"
check "NO_COLOR" bash -c "! grep -a -q '$esc\[[0-9;]*m' '$seen'"
check "which is about colours only: progress stays" grep -a -q "$esc\[K" "$seen"
NO_COLOR='' on_terminal 100 "${few[@]}"
check "NO_COLOR that is empty says nothing" painted
TERM=dumb on_terminal 100 "${few[@]}"
check "a dumb terminal has none" plain
finish
