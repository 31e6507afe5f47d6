#!/usr/bin/env bash
# shellcheck disable=SC1003,SC1091,SC2154,SC2317 # tap: sourced, sets top, out, err; check calls by name
# The README's promise: a rule, a system and a theorem are one new file and one word each.  Builds a copy of
# the program with the three files of tests/examples/, and runs what they add.
source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$source_tree/tests/e2e/tap"
copy=$top/copy

mkdir "$copy"
(cd "$source_tree" && cp -r base ode linear proofs-check plots cli tests notes scripts Makefile "$copy")
for folder in nonlinear networks; do
    [ ! -d "$source_tree/$folder" ] || cp -r "$source_tree/$folder" "$copy"
done
cp "$copy/tests/examples/rule_rectified.c" "$copy/tests/examples/neuron.c" "$copy/linear/"
cp "$copy/tests/examples/one_layer.c" "$copy/proofs-check/"
# one word each: the lists have one a line
sed -i -e '/^#define RULES(X)/a\    X(rectified) \\' -e '/^#define SYSTEMS(X)/a\    X(neuron) \\' \
    "$copy/linear/registry.h"
sed -i -e '/^#define CHAPTERS(X)/a\    X(one_layer) \\' "$copy/proofs-check/theorem.h"

built() { env -u MAKEFLAGS -u MAKELEVEL -u SAN make -s -C "$copy" -j2 OPTIMISE=-O0 build/settle > "$out" 2> "$err"; }
prints() { grep -q -- "$1" "$out"; }

check 'it builds with one file and one word each' built
settle=$copy/build/settle
check 'the new rule is listed' gives 0 "$settle" list rules
check 'with its title' prints 'skipped random backpropagation through positive weights'
check 'the new rule runs' gives 0 "$settle" run chain --rule rectified --c -2 --init 1/2,-1
check 'and settles' prints 'settled'
check 'the new system runs, and agrees with its prediction' \
    gives 0 "$settle" run neuron --alpha 3 --beta 2 --init 1
check 'at alpha/beta' prints '1.5'
check 'the new theorem is verified, its control refuted' gives 0 "$settle" verify one-layer --out here
check 'as recorded' prints '1 of 1 theorems as recorded'

# the README shows these very files
shows() { awk -v RS='\0' -v file="$1" 'BEGIN { getline text < file } index($0, text) == 0 { exit 1 }' \
    "$source_tree/README.md"; }
for example in rule_rectified neuron one_layer; do
    check "the README shows $example.c" shows "$source_tree/tests/examples/$example.c"
done
finish
