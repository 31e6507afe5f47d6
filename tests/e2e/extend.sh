#!/usr/bin/env bash
# shellcheck disable=SC1003,SC1091,SC2154,SC2317 # tap: sourced, sets top, out, err; check calls by name
# The promise of notes/extending.md: a rule, a system, an activation, a theorem and a learning rule of
# networks are one new file and one word each.  Builds a copy of the program with the five files of
# tests/examples/, and runs what they add.
source_tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$source_tree/tests/e2e/tap"
copy=$top/copy

mkdir "$copy"
# every folder of sources, whatever their names: a list here would miss the next one
tar -C "$source_tree" --exclude-vcs --exclude='./build*' --exclude='./*-results' --exclude=./notes/pictures -cf - . |
    tar -C "$copy" -xf -
cp "$copy/tests/examples/rule_rectified.c" "$copy/tests/examples/neuron.c" "$copy/linear/"
cp "$copy/tests/examples/activation_arctan.c" "$copy/nonlinear/"
cp "$copy/tests/examples/one_layer.c" "$copy/proofs-check/"
cp "$copy/tests/examples/learning_positive.c" "$copy/networks/"
# one word each: the lists have one a line
sed -i -e '/^#define RULES(X)/a\    X(rectified) \\' -e '/^#define SYSTEMS(X)/a\    X(neuron) \\' \
    "$copy/linear/registry.h"
sed -i -e '/^#define ACTIVATIONS(X)/a\    X(arctan) \\' "$copy/nonlinear/activation.h"
sed -i -e '/^#define CHAPTERS(X)/a\    X(one_layer) \\' "$copy/proofs-check/theorem.h"
sed -i -e '/^#define LEARNING_RULES(X)/a\    X(positive) \\' "$copy/networks/learning.h"

built() { env -u MAKEFLAGS -u MAKELEVEL -u SAN make -s -C "$copy" -j2 OPTIMISE=-O0 build/settle > "$out" 2> "$err"; }
prints() { grep -q -- "$1" "$out"; }

check 'it builds with one file and one word each' built
settle=$copy/build/settle
check 'the new rule is listed' gives 0 "$settle" list rules
check 'with its title' prints 'skipped random backpropagation through positive weights'
check 'the new rule runs' gives 0 "$settle" run chain --rule rectified --c -2 --init 1/2,-1
check 'and settles' prints 'settled'
check 'the new learning rule is listed' gives 0 "$settle" list rules
check 'with its equation' prints 'C_l fixed and positive'
check 'the new learning rule trains' gives 0 "$settle" train --rule positive --sizes 784,9,8,10 --samples 300 \
    --batch 20 --epochs 1
check 'to the end' prints '^ending *trained$'
check 'the new system runs, and agrees with its prediction' \
    gives 0 "$settle" run neuron --alpha 3 --beta 2 --init 1
check 'at alpha/beta' prints '1.5'
check 'the new activation is listed' gives 0 "$settle" list activations
check 'with its equation' prints 'f(x) = arctan x'
check 'the new activation learns' gives 0 "$settle" run chain --activation arctan --inputs 1/2,1,2 \
    --teacher arctan,3/2,2 --init 1/2,1/2
check 'what a teacher of its kind says' prints 'limit *a1 = 1.5, a2 = 2'
check 'from a Gaussian, too' gives 0 "$settle" run chain --activation arctan --gaussian 1 \
    --teacher arctan,3/2,2 --init 1/2,1/2
check 'the new theorem is verified, its control refuted' gives 0 "$settle" verify one-layer --out here
check 'as recorded' prints '1 of 1 theorems as recorded'

# the page shows these very files
shows() { awk -v RS='\0' -v file="$1" 'BEGIN { getline text < file } index($0, text) == 0 { exit 1 }' \
    "$source_tree/notes/extending.md"; }
for example in rule_rectified neuron activation_arctan one_layer learning_positive; do
    check "the page shows $example.c" shows "$source_tree/tests/examples/$example.c"
done
finish
